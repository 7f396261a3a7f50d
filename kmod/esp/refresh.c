// SPDX-License-Identifier: GPL-2.0
/*
 * What changes without a request: roles, at once and wherever the group
 * decides; endpoints, a moment later, for manual SAs are made anew then.
 */
#include <linux/rtnetlink.h>

#include "core/net.h"
#include "esp/config.h"
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

/**
 * esp_refresh() - look at endpoints and roles again
 * @en: namespace
 *
 * Context: RTNL, outside of a transaction.
 */
void esp_refresh(struct esp_net *en)
{
	struct esp_bind *bind;
	bool moved = false;
	struct esp_txn txn;
	int err;

	list_for_each_entry(bind, &en->binds, list) {
		esp_bind_attach(bind);
		esp_bind_locate(bind, bind->redundancy);
		if (!esp_addr_equal(&bind->local[0], &bind->next_local[0]) ||
		    !esp_addr_equal(&bind->local[1], &bind->next_local[1]))
			moved = true;
	}
	if (moved) {
		esp_txn_begin(&txn, en, NULL);
		err = esp_manual_sync(&txn);
		esp_txn_end(&txn, err);
		if (err)
			pr_warn("vpnha: manual SAs of a new endpoint cannot be made: error %d\n",
				-err);
	}
	list_for_each_entry(bind, &en->binds, list) {
		esp_bind_settle(bind);
		esp_bind_tell(bind);
	}
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
