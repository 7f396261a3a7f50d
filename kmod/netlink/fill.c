// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "core/clock.h"
#include "hsrp/object.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

static void *start(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr)
{
	return genlmsg_put(skb, hdr->portid, hdr->seq, &vpnha_nl_family,
			   hdr->flags, hdr->cmd);
}

static u64 age_ms(ktime_t changed)
{
	return ktime_ms_delta(ktime_get_boottime(), changed);
}

static int fill_drops(struct sk_buff *skb, const struct hsrp_iface *iface)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(iface->drops); i++) {
		u64 packets = atomic64_read(&iface->drops[i]);
		struct nlattr *nest;

		if (!packets)
			continue;
		nest = nla_nest_start(skb, VPNHA_A_INTERFACE_DROP);
		if (!nest)
			return -EMSGSIZE;
		if (nla_put_u32(skb, VPNHA_A_DROP_REASON, i) ||
		    nla_put_u64_64bit(skb, VPNHA_A_DROP_PACKETS, packets,
				      VPNHA_A_DROP_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_addr(struct sk_buff *skb, int type4, int type6,
		    const struct in6_addr *addr)
{
	if (hsrp_addr_any(addr) || hsrp_addr_is4(addr))
		return nla_put_in_addr(skb, type4, hsrp_addr_ip4(addr));
	return nla_put_in6_addr(skb, type6, addr);
}

static int fill_offender(struct sk_buff *skb, struct hsrp_iface *iface)
{
	struct hsrp_offender o;
	struct nlattr *nest;
	s64 age;

	spin_lock_bh(&iface->offender_lock);
	o = iface->offender;
	spin_unlock_bh(&iface->offender_lock);
	if (!o.reason)
		return 0;
	age = age_ms(o.at);
	nest = nla_nest_start(skb, VPNHA_A_INTERFACE_OFFENDER);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_OFFENDER_REASON, o.reason) ||
	    put_addr(skb, VPNHA_A_OFFENDER_ADDRESS,
		     VPNHA_A_OFFENDER_ADDRESS6, &o.addr) ||
	    nla_put(skb, VPNHA_A_OFFENDER_MAC, ETH_ALEN, o.mac) ||
	    nla_put_u64_64bit(skb, VPNHA_A_OFFENDER_AGE_MS, age,
			      VPNHA_A_OFFENDER_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_delays(struct sk_buff *skb, const struct hsrp_iface *iface)
{
	u32 left = hsrp_iface_delay_left_ms(iface);

	if (nla_put_u32(skb, VPNHA_A_INTERFACE_DELAY_MIN,
			iface->delays.min_s) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_DELAY_RELOAD,
			iface->delays.reload_s) ||
	    (left &&
	     nla_put_u32(skb, VPNHA_A_INTERFACE_DELAY_LEFT_MS, left)))
		return -EMSGSIZE;
	return 0;
}

static int fill_garp(struct sk_buff *skb, const struct hsrp_garp *garp)
{
	if (nla_put_u32(skb, VPNHA_A_INTERFACE_GARP_COUNT, garp->count) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_GARP_INTERVAL,
			garp->interval_s) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_MAC_REFRESH, garp->refresh_s))
		return -EMSGSIZE;
	return 0;
}

/**
 * vpnha_nl_fill_iface() - write an interface into a message
 * @skb: message
 * @hdr: its header
 * @iface: interface
 *
 * Context: RTNL. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_iface(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_iface *iface)
{
	const struct net_device *dev = rtnl_dereference(iface->dev);
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (nla_put_string(skb, VPNHA_A_INTERFACE_IFNAME, iface->name) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_VERSION, iface->version) ||
	    nla_put_u8(skb, VPNHA_A_INTERFACE_USE_BIA, iface->use_bia) ||
	    nla_put_u8(skb, VPNHA_A_INTERFACE_REDIRECT, iface->redirect) ||
	    (dev && nla_put_u32(skb, VPNHA_A_INTERFACE_IFINDEX,
				dev->ifindex)) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_LINK, iface->link) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_GROUPS, iface->ngroups) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_ACTIVE_GROUPS,
			atomic_read(&iface->active)) ||
	    nla_put_u32(skb, VPNHA_A_INTERFACE_PASSIVE_GROUPS,
			atomic_read(&iface->passive)) ||
	    nla_put_u64_64bit(skb, VPNHA_A_INTERFACE_ADVERTISE_RX,
			      atomic64_read(&iface->adv_rx),
			      VPNHA_A_INTERFACE_PAD) ||
	    nla_put_u64_64bit(skb, VPNHA_A_INTERFACE_ADVERTISE_TX,
			      atomic64_read(&iface->adv_tx),
			      VPNHA_A_INTERFACE_PAD) ||
	    fill_drops(skb, iface) || fill_delays(skb, iface) ||
	    fill_garp(skb, &iface->garp) || fill_offender(skb, iface)) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

/* None is not told. */
static int put_mac(struct sk_buff *skb, int type, u64 mac)
{
	u8 addr[ETH_ALEN];

	u64_to_ether_addr(mac, addr);
	return mac ? nla_put(skb, type, ETH_ALEN, addr) : 0;
}

static int fill_router(struct sk_buff *skb, int type,
		       const struct hsrp_router *router, u32 expires_ms)
{
	struct nlattr *nest;

	if (!router->known)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	if ((router->local && nla_put_flag(skb, VPNHA_A_ROUTER_LOCAL)) ||
	    put_addr(skb, VPNHA_A_ROUTER_ADDRESS, VPNHA_A_ROUTER_ADDRESS6,
		     &router->addr) ||
	    nla_put_u32(skb, VPNHA_A_ROUTER_PRIORITY, router->priority) ||
	    put_mac(skb, VPNHA_A_ROUTER_MAC, router->mac) ||
	    (!router->local &&
	     nla_put_u32(skb, VPNHA_A_ROUTER_EXPIRES_MS, expires_ms)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counter(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, VPNHA_A_COUNTERS_PAD);
}

static int fill_counters(struct sk_buff *skb, const struct hsrp_group *g)
{
	const struct hsrp_counters *c = &g->counters;
	const bool ipv6 = g->cfg.ipv6;
	struct nlattr *nest;

	nest = nla_nest_start(skb, VPNHA_A_GROUP_COUNTERS);
	if (!nest)
		return -EMSGSIZE;
	if (put_counter(skb, VPNHA_A_COUNTERS_HELLO_RX,
			c->rx[VPNHA_OPCODE_HELLO]) ||
	    put_counter(skb, VPNHA_A_COUNTERS_HELLO_TX,
			c->tx[VPNHA_OPCODE_HELLO]) ||
	    put_counter(skb, VPNHA_A_COUNTERS_COUP_RX,
			c->rx[VPNHA_OPCODE_COUP]) ||
	    put_counter(skb, VPNHA_A_COUNTERS_COUP_TX,
			c->tx[VPNHA_OPCODE_COUP]) ||
	    put_counter(skb, VPNHA_A_COUNTERS_RESIGN_RX,
			c->rx[VPNHA_OPCODE_RESIGN]) ||
	    put_counter(skb, VPNHA_A_COUNTERS_RESIGN_TX,
			c->tx[VPNHA_OPCODE_RESIGN]) ||
	    put_counter(skb, ipv6 ? VPNHA_A_COUNTERS_NA_TX :
				    VPNHA_A_COUNTERS_GARP_TX, c->garp) ||
	    put_counter(skb, ipv6 ? VPNHA_A_COUNTERS_NA_REPLY_TX :
				    VPNHA_A_COUNTERS_ARP_REPLY_TX,
			atomic64_read(&g->arp_replies)) ||
	    put_counter(skb, VPNHA_A_COUNTERS_TX_ERROR, c->tx_error))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_group_preempt(struct sk_buff *skb, const struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->cfg;
	u32 left = hsrp_preempt_left_ms(g);

	if (nla_put_u8(skb, VPNHA_A_GROUP_PREEMPT, cfg->preempt) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_PREEMPT_MIN, cfg->preempt_min_s) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_PREEMPT_RELOAD,
			cfg->preempt_reload_s) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_PREEMPT_SYNC,
			cfg->preempt_sync_s) ||
	    nla_put_u8(skb, VPNHA_A_GROUP_SYNC_PENDING, cfg->sync_pending) ||
	    (left && nla_put_u32(skb, VPNHA_A_GROUP_PREEMPT_LEFT_MS, left)))
		return -EMSGSIZE;
	return 0;
}

static int fill_vips4(struct sk_buff *skb, const struct hsrp_group_cfg *cfg)
{
	unsigned int i;

	for (i = 0; i < cfg->n_secondary; i++)
		if (nla_put_in_addr(skb, VPNHA_A_GROUP_SECONDARY,
				    hsrp_addr_ip4(&cfg->secondary[i])))
			return -EMSGSIZE;
	if (hsrp_addr_any(&cfg->vip))
		return 0;
	return nla_put_in_addr(skb, VPNHA_A_GROUP_VIP, hsrp_addr_ip4(&cfg->vip));
}

static int fill_vips6(struct sk_buff *skb, const struct hsrp_group_cfg *cfg)
{
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < cfg->n_secondary; i++) {
		nest = nla_nest_start(skb, VPNHA_A_GROUP_GLOBAL6);
		if (!nest ||
		    nla_put_in6_addr(skb, VPNHA_A_GLOBAL_ADDRESS,
				     &cfg->secondary[i]) ||
		    nla_put_u32(skb, VPNHA_A_GLOBAL_PREFIX_LEN, cfg->plens[i]))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	if (nla_put_u8(skb, VPNHA_A_GROUP_AUTOCONFIG, cfg->autoconfig))
		return -EMSGSIZE;
	if (cfg->made || hsrp_addr_any(&cfg->vip))
		return 0;
	return nla_put_in6_addr(skb, VPNHA_A_GROUP_VIP6, &cfg->vip);
}

static int fill_group_config(struct sk_buff *skb, const struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->cfg;

	if (nla_put_string(skb, VPNHA_A_GROUP_IFNAME, g->iface->name) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_NUMBER, g->number) ||
	    nla_put_u8(skb, VPNHA_A_GROUP_ENABLED, cfg->enabled) ||
	    nla_put_u8(skb, VPNHA_A_GROUP_IPV6, cfg->ipv6) ||
	    (cfg->ipv6 ? fill_vips6(skb, cfg) : fill_vips4(skb, cfg)) ||
	    put_mac(skb, VPNHA_A_GROUP_MAC_ADDRESS, cfg->mac) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_PRIORITY, cfg->priority) ||
	    fill_group_preempt(skb, g))
		return -EMSGSIZE;
	if (cfg->hello_ms &&
	    (nla_put_u32(skb, VPNHA_A_GROUP_HELLO_MS, cfg->hello_ms) ||
	     nla_put_u32(skb, VPNHA_A_GROUP_HOLD_MS, cfg->hold_ms)))
		return -EMSGSIZE;
	if (cfg->name[0] &&
	    nla_put_string(skb, VPNHA_A_GROUP_NAME, cfg->name))
		return -EMSGSIZE;
	if ((cfg->follow[0] &&
	     nla_put_string(skb, VPNHA_A_GROUP_FOLLOW, cfg->follow)) ||
	    nla_put_u8(skb, VPNHA_A_GROUP_BUNDLE, cfg->bundle))
		return -EMSGSIZE;
	return 0;
}

static int fill_group_auth(struct sk_buff *skb, const struct hsrp_group *g,
			   bool keys)
{
	const struct hsrp_group_cfg *cfg = &g->cfg;
	u32 left = hsrp_auth_old_left_ms(&g->old_auth);

	/* What everybody has by default is no secret, and not told. */
	if (!hsrp_auth_equal(&cfg->auth, &hsrp_auth_cisco) &&
	    (nla_put_u32(skb, VPNHA_A_GROUP_AUTHENTICATION, cfg->auth.kind) ||
	     (keys && nla_put(skb, VPNHA_A_GROUP_KEY, cfg->auth.len,
			      cfg->auth.key))))
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_GROUP_KEY_TIMEOUT, cfg->key_timeout) ||
	    (left && nla_put_u32(skb, VPNHA_A_GROUP_KEY_OLD_LEFT_MS, left)))
		return -EMSGSIZE;
	return 0;
}

static int fill_group_state(struct sk_buff *skb, struct hsrp_group *g)
{
	u64 age = age_ms(g->changed);
	const struct net_device *dev;
	int ifindex;

	rcu_read_lock();
	dev = rcu_dereference(g->iface->dev);
	ifindex = dev ? dev->ifindex : 0;
	rcu_read_unlock();

	if ((ifindex && nla_put_u32(skb, VPNHA_A_GROUP_IFINDEX, ifindex)) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_VERSION, g->iface->version) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_STATE, g->state) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_INIT_REASON, g->reason) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_STATE_CHANGES, g->changes) ||
	    nla_put_u64_64bit(skb, VPNHA_A_GROUP_STATE_AGE_MS, age,
			      VPNHA_A_GROUP_PAD) ||
	    (hsrp_fsm_runs(g->state) &&
	     put_addr(skb, VPNHA_A_GROUP_ADDRESS, VPNHA_A_GROUP_ADDRESS6,
		      &g->addr)) ||
	    (!hsrp_addr_any(&g->vip) &&
	     put_addr(skb, VPNHA_A_GROUP_VIP_USED, VPNHA_A_GROUP_VIP6_USED,
		      &g->vip)) ||
	    put_mac(skb, VPNHA_A_GROUP_MAC, g->mac) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_PRIORITY_USED, g->priority) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_HELLO_USED_MS, g->hello_ms) ||
	    nla_put_u32(skb, VPNHA_A_GROUP_HOLD_USED_MS, g->hold_ms))
		return -EMSGSIZE;
	if (hsrp_fsm_speaks(g->state) && !hsrp_group_follows(g) &&
	    nla_put_u32(skb, VPNHA_A_GROUP_HELLO_NEXT_MS,
			hsrp_timer_left_ms(g, HSRP_TIMER_HELLO)))
		return -EMSGSIZE;
	if (g->timers[HSRP_TIMER_GARP].deadline &&
	    nla_put_u32(skb, VPNHA_A_GROUP_GARP_NEXT_MS,
			hsrp_timer_left_ms(g, HSRP_TIMER_GARP)))
		return -EMSGSIZE;
	if (fill_router(skb, VPNHA_A_GROUP_ACTIVE_ROUTER, &g->active,
			hsrp_timer_left_ms(g, HSRP_TIMER_ACTIVE)) ||
	    fill_router(skb, VPNHA_A_GROUP_STANDBY_ROUTER, &g->standby,
			hsrp_timer_left_ms(g, HSRP_TIMER_STANDBY)))
		return -EMSGSIZE;
	return fill_counters(skb, g);
}

/**
 * vpnha_nl_fill_group() - write a group into a message
 * @skb: message
 * @hdr: its header
 * @g: group, locked
 * @keys: with what authenticates its packets
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_group(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_group *g, bool keys)
{
	void *msg = start(skb, hdr);

	lockdep_assert_held(&g->lock);
	if (!msg)
		return -EMSGSIZE;
	if (fill_group_config(skb, g) || fill_group_state(skb, g) ||
	    fill_group_auth(skb, g, keys)) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

/**
 * vpnha_nl_fill_track() - write what a group tracks into a message
 * @skb: message
 * @hdr: its header
 * @t: the track
 *
 * Context: RTNL. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_track(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_track *t)
{
	const struct hsrp_object *object = t->object;
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (nla_put_string(skb, VPNHA_A_TRACK_IFNAME, t->group->iface->name) ||
	    nla_put_u32(skb, VPNHA_A_TRACK_NUMBER, t->group->number) ||
	    (object->numbered ?
	     nla_put_u32(skb, VPNHA_A_TRACK_OBJECT, object->id) :
	     nla_put_string(skb, VPNHA_A_TRACK_TARGET, object->cfg.ifname)) ||
	    nla_put_u32(skb, VPNHA_A_TRACK_DECREMENT, t->decrement) ||
	    nla_put_u8(skb, VPNHA_A_TRACK_SHUTDOWN, t->shutdown) ||
	    nla_put_u32(skb, VPNHA_A_TRACK_ID, object->id) ||
	    (object->ifindex && nla_put_u32(skb, VPNHA_A_TRACK_TARGET_IFINDEX,
					    object->ifindex)) ||
	    nla_put_u8(skb, VPNHA_A_TRACK_UP, object->up) ||
	    nla_put_u32(skb, VPNHA_A_TRACK_CHANGES, object->changes) ||
	    nla_put_u64_64bit(skb, VPNHA_A_TRACK_CHANGE_AGE_MS,
			      age_ms(object->changed), VPNHA_A_TRACK_PAD)) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

static int fill_members(struct sk_buff *skb, const struct hsrp_object_cfg *cfg)
{
	const struct hsrp_member *member = cfg->list.members;
	bool weighs = cfg->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT;
	struct nlattr *nest;

	for (; member < cfg->list.members + cfg->list.count; member++) {
		nest = nla_nest_start(skb, VPNHA_A_OBJECT_MEMBER);
		if (!nest ||
		    nla_put_u32(skb, VPNHA_A_OBJECT_MEMBER_OBJECT, member->id) ||
		    (member->negated &&
		     nla_put_flag(skb, VPNHA_A_OBJECT_MEMBER_NEGATED)) ||
		    (weighs && nla_put_u32(skb, VPNHA_A_OBJECT_MEMBER_WEIGHT,
					   member->weight)))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* What only some kinds have. */
static int fill_kind(struct sk_buff *skb, const struct hsrp_object *object)
{
	const struct hsrp_object_cfg *cfg = &object->cfg;

	switch (cfg->kind) {
	case VPNHA_OBJECT_KIND_LINE_PROTOCOL:
	case VPNHA_OBJECT_KIND_IP_ROUTING:
		return nla_put_string(skb, VPNHA_A_OBJECT_IFNAME, cfg->ifname) ||
		       (object->ifindex && nla_put_u32(skb, VPNHA_A_OBJECT_IFINDEX,
						       object->ifindex));
	case VPNHA_OBJECT_KIND_IP_ROUTE:
		return nla_put_in_addr(skb, VPNHA_A_OBJECT_PREFIX, cfg->prefix) ||
		       nla_put_u32(skb, VPNHA_A_OBJECT_PREFIX_LEN,
				   cfg->prefix_len);
	case VPNHA_OBJECT_KIND_STUB:
		return nla_put_u8(skb, VPNHA_A_OBJECT_DEFAULT_UP,
				  cfg->default_up);
	default:
		return fill_members(skb, cfg) ||
		       (hsrp_kind_has_threshold(cfg->kind) &&
			(nla_put_u32(skb, VPNHA_A_OBJECT_THRESHOLD_UP,
				     cfg->list.up_at) ||
			 nla_put_u32(skb, VPNHA_A_OBJECT_THRESHOLD_DOWN,
				     cfg->list.down_at) ||
			 nla_put_u32(skb, VPNHA_A_OBJECT_VALUE,
				     hsrp_object_value(object))));
	}
}

/**
 * vpnha_nl_fill_tracked() - write a tracked object into a message
 * @skb: message
 * @hdr: its header
 * @object: the object, which is configured
 *
 * Context: RTNL. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_tracked(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  const struct hsrp_object *object)
{
	const struct hsrp_object_cfg *cfg = &object->cfg;
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_OBJECT_ID, object->id) ||
	    nla_put_u32(skb, VPNHA_A_OBJECT_KIND, cfg->kind) ||
	    fill_kind(skb, object) ||
	    nla_put_u32(skb, VPNHA_A_OBJECT_DELAY_UP, cfg->delay_up_s) ||
	    nla_put_u32(skb, VPNHA_A_OBJECT_DELAY_DOWN, cfg->delay_down_s) ||
	    nla_put_u8(skb, VPNHA_A_OBJECT_UP, object->up) ||
	    nla_put_u32(skb, VPNHA_A_OBJECT_CHANGES, object->changes) ||
	    nla_put_u64_64bit(skb, VPNHA_A_OBJECT_CHANGE_AGE_MS,
			      age_ms(object->changed), VPNHA_A_OBJECT_PAD) ||
	    (object->due && nla_put_u32(skb, VPNHA_A_OBJECT_DELAY_LEFT_MS,
					vpnha_ms_until(object->due)))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

#define PUT(what, attr, value)						\
	(d->mask & HSRP_D(attr) &&					\
	 nla_put_##what(skb, VPNHA_A_DEBUG_##attr, value))

#define PUT_ADDR(attr, attr6, addr)					\
	(d->mask & HSRP_D(attr) &&					\
	 put_addr(skb, VPNHA_A_DEBUG_##attr, VPNHA_A_DEBUG_##attr6, addr))

/**
 * vpnha_nl_fill_debug() - write a debug event into a message
 * @skb: message
 * @hdr: its header
 * @d: the event
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_debug(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			const struct hsrp_debug *d)
{
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_DEBUG_KIND, d->kind) ||
	    PUT(string, IFNAME, d->ifname) ||
	    PUT(u32, NUMBER, d->number) ||
	    PUT(string, NAME, d->name) ||
	    PUT(u32, EVENT, d->event) ||
	    PUT(u32, STATE, d->state) ||
	    PUT(u32, STATE_OLD, d->state_old) ||
	    PUT_ADDR(ADDRESS, ADDRESS6, &d->addr) ||
	    PUT_ADDR(ADDRESS_OLD, ADDRESS6_OLD, &d->addr_old) ||
	    (d->mask & HSRP_D(LOCAL) &&
	     nla_put_flag(skb, VPNHA_A_DEBUG_LOCAL)) ||
	    (d->mask & HSRP_D(LOCAL_OLD) &&
	     nla_put_flag(skb, VPNHA_A_DEBUG_LOCAL_OLD)) ||
	    PUT(u32, PRIORITY, d->priority) ||
	    PUT(u32, PRIORITY_OLD, d->priority_old) ||
	    PUT(u32, ACTIVE_GROUPS, d->active) ||
	    PUT(u32, ACTIVE_GROUPS_OLD, d->active_old) ||
	    PUT(u32, PASSIVE_GROUPS, d->passive) ||
	    PUT(u32, PASSIVE_GROUPS_OLD, d->passive_old) ||
	    PUT(u32, OPCODE, d->opcode) ||
	    PUT_ADDR(VIP, VIP6, &d->vip) ||
	    PUT(u32, HELLO_MS, d->hello_ms) ||
	    PUT(u32, HOLD_MS, d->hold_ms) ||
	    (d->mask & HSRP_D(IDENTIFIER) &&
	     nla_put(skb, VPNHA_A_DEBUG_IDENTIFIER, ETH_ALEN, d->identifier)) ||
	    PUT(u32, DROP_REASON, d->drop_reason) ||
	    PUT(u32, TRACK_ID, d->track_id) ||
	    PUT(string, TARGET, d->target) ||
	    PUT(u8, UP, d->up) ||
	    PUT(u32, DELAY_MS, d->delay_ms) ||
	    PUT(s32, ERROR, d->error)) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}
