// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a transaction: what it staged is checked as a whole, and takes
 * effect or is dropped.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "core/net.h"
#include "core/refuse.h"
#include "hsrp/config.h"
#include "hsrp/ipv6.h"
#include "hsrp/object.h"
#include "hsrp/upcall.h"

static unsigned int n_vips(const struct hsrp_group_cfg *cfg)
{
	return cfg->enabled && !hsrp_addr_any(&cfg->vip) ?
	       1 + cfg->n_secondary : 0;
}

static const struct in6_addr *nth_vip(const struct hsrp_group_cfg *cfg,
				      unsigned int n)
{
	return n ? &cfg->secondary[n - 1] : &cfg->vip;
}

/* Configured values by which duplicates are found; RTNL. */
static void index_add(struct hsrp_group *g, const struct hsrp_group_cfg *cfg)
{
	struct hsrp_net *hn = g->iface->hn;
	unsigned int i;

	for (i = 0; i < n_vips(cfg); i++)
		hash_add(hn->by_vip, &g->vips[i].cfg_node,
			 ipv6_addr_hash(nth_vip(cfg, i)));
	if (cfg->name[0])
		hash_add(hn->by_name, &g->cfg_name_node,
			 hsrp_name_hash(cfg->name));
	if (cfg->follow[0])
		hash_add(hn->by_follow, &g->cfg_follow_node,
			 hsrp_name_hash(cfg->follow));
}

static void index_del(struct hsrp_group *g)
{
	unsigned int i;

	for (i = 0; i < HSRP_VIPS_MAX; i++)
		if (!hlist_unhashed(&g->vips[i].cfg_node))
			hash_del(&g->vips[i].cfg_node);
	if (!hlist_unhashed(&g->cfg_name_node))
		hash_del(&g->cfg_name_node);
	if (!hlist_unhashed(&g->cfg_follow_node))
		hash_del(&g->cfg_follow_node);
}

static const struct hsrp_group_cfg *final_cfg(const struct hsrp_group *g)
{
	return g->txn ? &g->next : &g->cfg;
}

/* Who keeps what it had is not at fault: the check of the other finds it. */
static bool keeps_vip(const struct hsrp_group *g, unsigned int n)
{
	const struct in6_addr *vip = nth_vip(&g->next, n);
	unsigned int i;

	if (g->txn != HSRP_TXN_SET || !g->cfg.enabled)
		return false;
	if (!n)
		return hsrp_addr_equal(&g->cfg.vip, vip);
	for (i = 1; i < n_vips(&g->cfg); i++)
		if (hsrp_addr_equal(nth_vip(&g->cfg, i), vip))
			return true;
	return false;
}

static bool keeps_name(const struct hsrp_group *g)
{
	return g->txn == HSRP_TXN_SET && !strcmp(g->cfg.name, g->next.name);
}

static bool is_of(const struct nlattr *attr, const struct in6_addr *addr)
{
	if (nla_type(attr) == VPNHA_A_GROUP_SECONDARY)
		return nla_get_in_addr(attr) == hsrp_addr_ip4(addr);
	attr = nla_find_nested(attr, VPNHA_A_GLOBAL_ADDRESS);
	return attr && !memcmp(nla_data(attr), addr, sizeof(*addr));
}

/* The attribute that gave a secondary virtual IP. */
static const struct nlattr *secondary_attr(const struct hsrp_group *g,
					   const struct in6_addr *addr)
{
	const int type = hsrp_secondary_type(g->next.ipv6);
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, g->txn_attrs, g->txn_attrs_len, rem)
		if (nla_type(attr) == type && is_of(attr, addr))
			return attr;
	return g->txn_key;
}

static int check_vip(struct hsrp_txn *txn, struct hsrp_group *g, unsigned int n)
{
	const struct in6_addr *vip = nth_vip(&g->next, n);
	const struct nlattr *attr;
	struct hsrp_vip *v;

	if (keeps_vip(g, n))
		return 0;
	attr = n ? secondary_attr(g, vip) : g->txn_vip ?: g->txn_key;
	hash_for_each_possible(txn->hn->by_vip, v, cfg_node,
			       ipv6_addr_hash(vip)) {
		struct hsrp_group *other = hsrp_vip_group(v);

		if (v == &g->vips[n] ||
		    !hsrp_addr_equal(nth_vip(final_cfg(other), v->index), vip))
			continue;
		/* Links have link-local addresses of their own. */
		if (hsrp_addr_is_link_local(vip) && other->iface != g->iface)
			continue;
		/* Of two in one group the secondary one is at fault. */
		if (other == g && !n && !keeps_vip(g, v->index))
			continue;
		return vpnha_refuse(txn->extack, attr, -EADDRINUSE,
				    other == g ? "the group has this virtual IP twice" :
						 "virtual IP is used by another group");
	}
	if (hsrp_addr_is_foreign(g->iface, vip))
		return vpnha_refuse(txn->extack, attr, -EADDRINUSE,
				    "virtual IP is an address of this machine");
	return 0;
}

static bool is_followed(struct hsrp_net *hn, const char *name)
{
	struct hsrp_group *g;

	hash_for_each_possible(hn->by_follow, g, cfg_follow_node,
			       hsrp_name_hash(name))
		if (!strcmp(final_cfg(g)->follow, name))
			return true;
	return false;
}

static bool follows(struct hsrp_net *hn, const char *name)
{
	struct hsrp_group *g;

	hash_for_each_possible(hn->by_name, g, cfg_name_node,
			       hsrp_name_hash(name))
		if (!strcmp(final_cfg(g)->name, name))
			return final_cfg(g)->follow[0];
	return false;
}

/* Who is followed follows none: no circles, and none that wait for each other. */
static int check_follow(struct hsrp_txn *txn, struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->next;
	const struct nlattr *attr = g->txn_follow ?: g->txn_name ?: g->txn_key;

	if (!cfg->follow[0]) {
		if (cfg->bundle)
			return vpnha_refuse(txn->extack,
					    g->txn_bundle ?: g->txn_key,
					    -EINVAL,
					    "only a group that follows another one can be bundled with it");
		return 0;
	}
	if (!strcmp(cfg->follow, cfg->name))
		return vpnha_refuse(txn->extack, attr, -ELOOP,
				    "a group cannot follow itself");
	if (follows(txn->hn, cfg->follow))
		return vpnha_refuse(txn->extack, attr, -ELOOP,
				    "the group to follow follows another one itself");
	if (cfg->name[0] && is_followed(txn->hn, cfg->name))
		return vpnha_refuse(txn->extack, attr, -ELOOP,
				    "a group that others follow cannot follow another one");
	if (cfg->enabled && hsrp_addr_any(&cfg->vip))
		return vpnha_refuse(txn->extack, g->txn_vip ?: attr, -EINVAL,
				    "a group that follows another one learns no virtual IP: it needs one");
	return 0;
}

static int check_group(struct hsrp_txn *txn, struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->next;
	struct hsrp_net *hn = txn->hn;
	struct hsrp_group *other;
	unsigned int i;
	int err;

	if (cfg->n_secondary && !n_vips(cfg))
		return vpnha_refuse(txn->extack,
				    hsrp_staged_attr(g, hsrp_secondary_type(cfg->ipv6)),
				    -EINVAL, "a secondary virtual IP needs a primary one");
	for (i = 0; i < n_vips(cfg); i++) {
		err = check_vip(txn, g, i);
		if (err)
			return err;
	}
	err = check_follow(txn, g);
	if (err || !cfg->name[0] || keeps_name(g))
		return err;
	hash_for_each_possible(hn->by_name, other, cfg_name_node,
			       hsrp_name_hash(cfg->name)) {
		if (other == g || strcmp(final_cfg(other)->name, cfg->name))
			continue;
		NL_SET_ERR_MSG_ATTR(txn->extack, g->txn_name ?: g->txn_key,
				    "name is used by another group");
		return -EEXIST;
	}
	return 0;
}

static int check_version(struct hsrp_txn *txn, struct hsrp_iface *iface,
			 u8 version)
{
	struct hsrp_group *g;
	unsigned long number;

	if (version != 1)
		return 0;
	xa_for_each(&iface->groups, number, g) {
		if (!hsrp_txn_exists(g->txn))
			continue;
		if (number > HSRP_V1_GROUP_MAX)
			return vpnha_refuse(txn->extack,
					    g->txn_key ?: iface->txn_version,
					    -ERANGE,
					    "group numbers end at 255 in version 1");
		/* One that it touches is looked at itself. */
		if (!g->txn && g->cfg.ipv6)
			return vpnha_refuse(txn->extack, iface->txn_version,
					    -EINVAL,
					    "IPv6 needs HSRP version 2");
	}
	return 0;
}

static u8 final_version(const struct hsrp_iface *iface)
{
	return iface->txn ? iface->next_version : iface->version;
}

static bool final_use_bia(const struct hsrp_iface *iface)
{
	return iface->txn ? iface->next_use_bia : iface->use_bia;
}

static int refuse_mac(struct hsrp_txn *txn, const struct nlattr *attr)
{
	return vpnha_refuse(txn->extack, attr, -EINVAL,
			    "the interface's own MAC address is used: a group cannot have another one");
}

static int check_use_bia(struct hsrp_txn *txn, struct hsrp_iface *iface)
{
	struct hsrp_group *g;
	unsigned long number;

	if (!iface->next_use_bia)
		return 0;
	xa_for_each(&iface->groups, number, g)
		if (hsrp_txn_exists(g->txn) && final_cfg(g)->mac)
			return refuse_mac(txn, iface->txn_use_bia ?: g->txn_mac);
	return 0;
}

static int check(struct hsrp_txn *txn)
{
	struct hsrp_iface *iface;
	struct hsrp_group *g;
	int err;

	err = hsrp_objects_check(txn);
	if (err)
		return err;
	list_for_each_entry(iface, &txn->ifaces, txn_list) {
		if (!hsrp_txn_exists(iface->txn))
			continue;
		err = check_version(txn, iface, iface->next_version);
		if (err)
			return err;
		err = check_use_bia(txn, iface);
		if (err)
			return err;
	}
	list_for_each_entry(g, &txn->groups, txn_list) {
		if (!hsrp_txn_exists(g->txn))
			continue;
		if (g->number > HSRP_V1_GROUP_MAX && !g->iface->txn) {
			err = check_version(txn, g->iface, g->iface->version);
			if (err)
				return err;
		}
		err = hsrp_check_family(txn, g, final_version(g->iface));
		if (err)
			return err;
		if (g->next.mac && final_use_bia(g->iface))
			return refuse_mac(txn, g->txn_mac ?: g->txn_key);
		err = check_group(txn, g);
		if (err)
			return err;
	}
	return 0;
}

/* Index what is to be, so that duplicates within the transaction show too. */
static void index_next(struct hsrp_txn *txn)
{
	struct hsrp_group *g;

	list_for_each_entry(g, &txn->groups, txn_list) {
		index_del(g);
		if (hsrp_txn_exists(g->txn))
			index_add(g, &g->next);
	}
}

static void index_restore(struct hsrp_txn *txn)
{
	struct hsrp_group *g;

	list_for_each_entry(g, &txn->groups, txn_list) {
		index_del(g);
		if (g->txn == HSRP_TXN_SET || g->txn == HSRP_TXN_DEL)
			index_add(g, &g->cfg);
	}
}

static void untouch_group(struct hsrp_group *g)
{
	list_del_init(&g->txn_list);
	g->txn = HSRP_TXN_NONE;
	g->txn_reset = false;
	memzero_explicit(&g->next.auth, sizeof(g->next.auth));
	g->txn_key = NULL;
	g->txn_vip = NULL;
	g->txn_attrs = NULL;
	g->txn_attrs_len = 0;
	g->txn_name = NULL;
	g->txn_mac = NULL;
	g->txn_follow = NULL;
	g->txn_bundle = NULL;
}

static void untouch_iface(struct hsrp_iface *iface)
{
	list_del_init(&iface->txn_list);
	iface->txn = HSRP_TXN_NONE;
	iface->txn_version = NULL;
	iface->txn_use_bia = NULL;
}

static void untouch_track(struct hsrp_track *t)
{
	list_del_init(&t->txn_list);
	t->txn = HSRP_TXN_NONE;
	t->txn_key = NULL;
}

/* Unlink an object that never took effect. */
static void discard_group(struct hsrp_group *g)
{
	struct hsrp_track *t, *next;

	list_for_each_entry_safe(t, next, &g->tracks, group_list) {
		list_del(&t->txn_list);
		hsrp_track_free(t);
	}
	index_del(g);
	xa_erase(&g->iface->groups, g->number);
	list_del(&g->txn_list);
	hsrp_group_put(g);
}

static void discard_iface(struct hsrp_iface *iface)
{
	list_del(&iface->txn_list);
	list_del_rcu(&iface->list);
	hsrp_iface_put(iface);
}

static bool never_was(enum hsrp_txn_state txn)
{
	return txn == HSRP_TXN_NEW || txn == HSRP_TXN_VOID;
}

static void abort_all(struct hsrp_txn *txn)
{
	struct hsrp_iface *iface, *next_iface;
	struct hsrp_group *g, *next_group;
	struct hsrp_track *t, *next_track;

	list_for_each_entry_safe(g, next_group, &txn->groups, txn_list) {
		if (never_was(g->txn))
			discard_group(g);
		else
			untouch_group(g);
	}
	list_for_each_entry_safe(t, next_track, &txn->tracks, txn_list) {
		bool made = never_was(t->txn);

		untouch_track(t);
		if (made)
			hsrp_track_free(t);
	}
	hsrp_objects_abort(txn);
	list_for_each_entry_safe(iface, next_iface, &txn->ifaces, txn_list) {
		if (never_was(iface->txn))
			discard_iface(iface);
		else
			untouch_iface(iface);
	}
}

static void remove_group(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_iface *iface = g->iface;

	hsrp_group_halt(g, VPNHA_INIT_REASON_DISABLED, ctx);
	hsrp_follow_leave(g, ctx);
	hsrp_track_free_all(g);
	index_del(g);
	xa_erase(&iface->groups, g->number);
	iface->ngroups--;
	hsrp_ipv6_count(iface, -g->cfg.ipv6);
	hsrp_group_kill(g);
}

/**
 * hsrp_remove_iface() - remove an interface and its groups
 * @iface: interface
 *
 * Context: RTNL, outside of a transaction.
 */
void hsrp_remove_iface(struct hsrp_iface *iface)
{
	struct hsrp_net *hn = iface->hn;
	struct hsrp_group *g;
	unsigned long number;
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	xa_for_each(&iface->groups, number, g)
		remove_group(g, &ctx);
	hsrp_tx_flush(&ctx);
	hsrp_iface_release(iface);
	list_del_rcu(&iface->list);
	hsrp_up->iface_removed(iface);
	hsrp_iface_put(iface);
	if (list_empty(&hn->ifaces))
		hsrp_net_hooks_del(hn);
	hn->generation++;
}

/* What it has, and what it is to have, lead to the same groups. */
static bool keeps_links(const struct hsrp_group *g)
{
	return !strcmp(g->cfg.name, g->next.name) &&
	       !strcmp(g->cfg.follow, g->next.follow) &&
	       g->cfg.bundle == g->next.bundle;
}

static void apply_group(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	const struct hsrp_group_cfg *next = &g->next;
	bool restart, secondary;
	int change6;

	spin_lock_bh(&g->lock);
	g->quiet = true;
	restart = g->txn_reset || g->cfg.enabled != next->enabled ||
		  g->cfg.ipv6 != next->ipv6 ||
		  !hsrp_addr_equal(&g->cfg.vip, &next->vip) ||
		  strcmp(g->cfg.follow, next->follow);
	if (restart)
		hsrp_group_stop(g, VPNHA_INIT_REASON_DISABLED, ctx);
	if (g->cfg.hello_ms != next->hello_ms ||
	    g->cfg.hold_ms != next->hold_ms)
		hsrp_group_use_timers(g, next->hello_ms ?: HSRP_DEFAULT_HELLO_MS,
				      next->hold_ms ?: HSRP_DEFAULT_HOLD_MS);
	if (hsrp_fsm_runs(g->state))
		hsrp_auth_change(&g->old_auth, &g->cfg.auth, &next->auth,
				 next->key_timeout);
	if (!next->preempt)
		g->could_preempt = 0;
	secondary = g->cfg.n_secondary != next->n_secondary ||
		    memcmp(g->cfg.secondary, next->secondary,
			   next->n_secondary * sizeof(*next->secondary)) ||
		    memcmp(g->cfg.plens, next->plens, next->n_secondary);
	change6 = next->ipv6 - g->cfg.ipv6;
	g->cfg = *next;
	if (secondary)
		hsrp_group_use_secondary(g, ctx);
	hsrp_group_use_mac(g, ctx);
	if (!hsrp_fsm_runs(g->state))
		hsrp_group_use_vip(g, &g->cfg.vip);
	hsrp_track_apply(g, ctx);
	spin_unlock_bh(&g->lock);
	hsrp_ipv6_count(g->iface, change6);
}

static void commit_ifaces(struct hsrp_txn *txn, struct hsrp_ctx *ctx)
{
	struct hsrp_iface *iface, *next;

	list_for_each_entry_safe(iface, next, &txn->ifaces, txn_list) {
		enum hsrp_txn_state what = iface->txn;

		if (what == HSRP_TXN_VOID) {
			discard_iface(iface);
			continue;
		}
		untouch_iface(iface);
		if (what == HSRP_TXN_DEL) {
			hsrp_remove_iface(iface);
			continue;
		}
		hsrp_iface_set_version(iface, iface->next_version, ctx);
		iface->use_bia = iface->next_use_bia;
		WRITE_ONCE(iface->redirect, iface->next_redirect);
		hsrp_iface_use_macs(iface, ctx);
		hsrp_iface_set_garp(iface, &iface->next_garp, ctx);
		/* one that waits is looked at by the housekeeping below */
		iface->delays = iface->next_delays;
		if (what == HSRP_TXN_NEW)
			hsrp_iface_bind(iface);
		else
			hsrp_iface_evaluate(iface);
		hsrp_up->iface_changed(iface);
	}
}

static void commit_tracks(struct hsrp_txn *txn)
{
	struct hsrp_track *t, *next;

	list_for_each_entry_safe(t, next, &txn->tracks, txn_list) {
		enum hsrp_txn_state what = t->txn;

		untouch_track(t);
		if (hsrp_txn_exists(what)) {
			t->decrement = t->next_decrement;
			t->shutdown = t->next_shutdown;
			hsrp_up->track_changed(t);
			continue;
		}
		if (what == HSRP_TXN_DEL)
			hsrp_up->track_removed(t);
		hsrp_track_free(t);
	}
}

static void commit_groups(struct hsrp_txn *txn, struct hsrp_ctx *ctx)
{
	struct hsrp_group *g, *next;

	/* What goes makes room for what comes: addresses, above all. */
	list_for_each_entry_safe(g, next, &txn->groups, txn_list) {
		enum hsrp_txn_state what = g->txn;

		if (hsrp_txn_exists(what))
			continue;
		if (what == HSRP_TXN_VOID) {
			discard_group(g);
			continue;
		}
		untouch_group(g);
		remove_group(g, ctx);
	}
	list_for_each_entry(g, &txn->groups, txn_list)
		if (!keeps_links(g))
			hsrp_follow_leave(g, ctx);
	list_for_each_entry(g, &txn->groups, txn_list) {
		if (g->txn == HSRP_TXN_NEW)
			g->iface->ngroups++;
		apply_group(g, ctx);
	}
}

static void commit(struct hsrp_txn *txn)
{
	struct hsrp_group *g, *next;
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	hsrp_objects_commit(txn);
	commit_tracks(txn);
	hsrp_objects_settle(txn);
	commit_groups(txn, &ctx);
	hsrp_tx_flush(&ctx);
	commit_ifaces(txn, &ctx);
	list_for_each_entry(g, &txn->groups, txn_list)
		hsrp_follow_join(g, &ctx);
	list_for_each_entry_safe(g, next, &txn->groups, txn_list) {
		untouch_group(g);
		hsrp_group_evaluate(g, &ctx);
		spin_lock_bh(&g->lock);
		g->quiet = false;
		hsrp_group_tell(g);
		spin_unlock_bh(&g->lock);
	}
	hsrp_tx_flush(&ctx);
	txn->hn->generation++;
	mod_delayed_work(vpnha_wq, &txn->hn->housekeeping, 0);
}

/**
 * hsrp_txn_begin() - open a transaction
 * @txn: to be filled
 * @net: namespace
 * @extack: takes the reason of a refusal
 *
 * Context: RTNL, which has to be held until hsrp_txn_end().
 */
void hsrp_txn_begin(struct hsrp_txn *txn, struct net *net,
		    struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	txn->hn = hsrp_net(net);
	txn->extack = extack;
	txn->checked = false;
	INIT_LIST_HEAD(&txn->ifaces);
	INIT_LIST_HEAD(&txn->groups);
	INIT_LIST_HEAD(&txn->tracks);
	INIT_LIST_HEAD(&txn->objects);
}

/**
 * hsrp_txn_check() - check all that a transaction asks for
 * @txn: open transaction
 *
 * Context: RTNL. Return: 0, or a negative errno with a message. Only
 * hsrp_txn_end() may follow.
 */
int hsrp_txn_check(struct hsrp_txn *txn)
{
	int err;

	index_next(txn);
	err = check(txn);
	if (err)
		index_restore(txn);
	txn->checked = !err;
	return err;
}

/**
 * hsrp_txn_end() - let a transaction take effect, or drop it
 * @txn: open transaction, checked if it is to take effect
 * @err: 0, or why it is to be dropped
 *
 * Context: RTNL. Nothing has changed when it was dropped.
 */
void hsrp_txn_end(struct hsrp_txn *txn, int err)
{
	if (!err) {
		commit(txn);
		return;
	}
	if (txn->checked)
		index_restore(txn);
	abort_all(txn);
}
