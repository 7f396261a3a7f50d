// SPDX-License-Identifier: GPL-2.0
/*
 * What changes without a request: roles, at once and wherever the group
 * decides; endpoints, a moment later, for manual SAs are made anew then.
 */
#include <linux/rtnetlink.h>

#include "core/net.h"
#include "esp/config.h"
#include "esp/upcall.h"
#include "hsrp/hsrp.h"

/**
 * esp_group_role() - a standby group becomes active or ceases to be
 * @g: the group, locked, with its new state
 *
 * One store for each binding, however many SAs there are.
 * Context: any, bottom halves off.
 */
void esp_group_role(struct hsrp_group *g)
{
	const bool active = g->state == VPNHA_STATE_ACTIVE;
	struct esp_bind *bind;
	bool follow = false;
	struct esp_net *en;

	if (!READ_ONCE(esp_running) || !g->cfg.name[0])
		return;
	en = esp_net(g->iface->hn->net);
	rcu_read_lock();
	spin_lock(&en->role_lock);
	list_for_each_entry_rcu(bind, &en->binds, list) {
		if (strcmp(bind->redundancy, g->cfg.name))
			continue;
		WRITE_ONCE(bind->active, active);
		follow = true;
	}
	spin_unlock(&en->role_lock);
	/*
	 * The endpoint may have moved; and the role is told. Still under RCU:
	 * the namespace ends the work a grace period after the bindings.
	 */
	if (follow)
		queue_work(vpnha_wq, &en->refresh);
	rcu_read_unlock();
}

/* SAs of an endpoint that has gone, or of all. */
static void doom(struct esp_txn *txn, struct esp_bind *bind,
		 const struct esp_addr *local)
{
	struct esp_entry *entry;
	struct esp_sa *sa;

	list_for_each_entry(entry, &bind->entries, list)
		list_for_each_entry(sa, &entry->sas, sibling)
			if (!local ||
			    esp_addr_equal(local, esp_sa_local(sa)))
				esp_txn_sa_doom(txn, sa);
}

/* Return: an endpoint is another one than it was. */
static bool has_moved(struct esp_txn *txn, struct esp_bind *bind)
{
	const struct esp_addr *now = bind->local, *next = bind->next_local;

	/* Another virtual address: the SAs of the one before are no use. */
	if (bind->redundancy[0] && now[0].family && next[0].family &&
	    !esp_addr_equal(&now[0], &next[0])) {
		pr_warn("vpnha: %s: the address of standby group %s is now %pI4, was %pI4: SAs of crypto map %s are removed\n",
			bind->ifname, bind->redundancy, next[0].ip, now[0].ip,
			bind->map);
		doom(txn, bind, &now[0]);
	}
	return !esp_addr_equal(&now[0], &next[0]) ||
	       !esp_addr_equal(&now[1], &next[1]);
}

/**
 * esp_refresh() - look at endpoints and roles again
 * @en: namespace
 *
 * Follows every transaction, role, device and address that may matter.
 * Context: RTNL, outside of a transaction.
 */
void esp_refresh(struct esp_net *en)
{
	struct esp_bind *bind;
	bool moved = false;
	struct esp_txn txn;
	int err;

	esp_txn_begin(&txn, en, NULL);
	list_for_each_entry(bind, &en->binds, list) {
		esp_bind_attach(bind);
		if (esp_bind_drift(bind))
			doom(&txn, bind, NULL);
		esp_bind_locate(bind, bind->redundancy);
		moved = has_moved(&txn, bind) || moved;
	}
	if (moved || !list_empty(&txn.sas)) {
		err = esp_manual_sync(&txn);
		esp_txn_end(&txn, err);
		if (err)
			pr_warn("vpnha: manual SAs of a new endpoint cannot be made: error %d\n",
				-err);
	}
	list_for_each_entry(bind, &en->binds, list) {
		esp_bind_settle(bind);
		if (!READ_ONCE(bind->active))
			esp_hold_purge(bind);
		esp_bind_tell(bind);
	}
	esp_up->changed(en);
}

/**
 * esp_refresh_work() - esp_refresh() for those who have no RTNL
 * @work: esp_net.refresh
 *
 * Context: work queue.
 */
void esp_refresh_work(struct work_struct *work)
{
	struct esp_net *en = container_of(work, struct esp_net, refresh);

	rtnl_lock();
	esp_refresh(en);
	rtnl_unlock();
}
