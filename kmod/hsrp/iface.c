// SPDX-License-Identifier: GPL-2.0
/*
 * Interfaces: to which device they are bound, whether their groups can run,
 * and why not.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/rtnetlink.h>

#include "core/clock.h"
#include "core/net.h"
#include "core/rtnl.h"
#include "hsrp/ipv6.h"
#include "hsrp/object.h"
#include "hsrp/upcall.h"

#define ADVERTISE_MS		60000
#define RETRY_MS		1000

/* The log has a line of an interface for every so many jiffies. */
#define COMPLAINTS_EVERY	(10 * HZ)

/* Something was refused for want of resources: housekeeping tries again. */
static void retry_soon(struct hsrp_iface *iface)
{
	iface->retry = true;
	mod_delayed_work(vpnha_wq, &iface->hn->housekeeping,
			 msecs_to_jiffies(RETRY_MS));
}

static struct net_device *bound_dev(const struct hsrp_iface *iface)
{
	return rtnl_dereference(iface->dev);
}

static bool is_of_kind(const struct net_device *dev, const char *kind)
{
	return dev->rtnl_link_ops && !strcmp(dev->rtnl_link_ops->kind, kind);
}

/**
 * hsrp_dev_why_not() - can HSRP run on such a device?
 * @dev: device
 *
 * Context: RTNL. Return: VPNHA_INIT_REASON_NONE for Ethernet and what looks like
 * it, otherwise why not.
 */
enum vpnha_init_reason hsrp_dev_why_not(const struct net_device *dev)
{
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN ||
	    (dev->flags & (IFF_LOOPBACK | IFF_NOARP)))
		return VPNHA_INIT_REASON_WRONG_DEVICE;
	/* Packets are given to it by their IP address. */
	if (is_of_kind(dev, "ipvlan") || is_of_kind(dev, "ipvtap"))
		return VPNHA_INIT_REASON_SHARED_MAC;
	return VPNHA_INIT_REASON_NONE;
}

/**
 * hsrp_iface_find() - find an interface by name
 * @hn: namespace
 * @name: name
 *
 * Context: RTNL. Return: the interface or NULL.
 */
struct hsrp_iface *hsrp_iface_find(struct hsrp_net *hn, const char *name)
{
	struct hsrp_iface *iface;

	list_for_each_entry(iface, &hn->ifaces, list)
		if (!strcmp(iface->name, name))
			return iface;
	return NULL;
}

/**
 * hsrp_iface_by_dev() - find the interface that is bound to a device
 * @hn: namespace
 * @dev: device
 *
 * Context: RTNL or RCU. Return: the interface or NULL.
 */
struct hsrp_iface *hsrp_iface_by_dev(struct hsrp_net *hn,
				     const struct net_device *dev)
{
	struct hsrp_iface *iface;

	list_for_each_entry_rcu(iface, &hn->ifaces, list,
				lockdep_rtnl_is_held())
		if (rcu_access_pointer(iface->dev) == dev)
			return iface;
	return NULL;
}

/**
 * hsrp_iface_alloc() - make an interface that is bound to nothing
 * @hn: namespace
 * @name: name
 *
 * Context: RTNL. Return: the interface with one reference, or NULL.
 */
struct hsrp_iface *hsrp_iface_alloc(struct hsrp_net *hn, const char *name)
{
	struct hsrp_iface *iface;

	iface = kzalloc(sizeof(*iface), GFP_KERNEL);
	if (!iface)
		return NULL;
	kref_init(&iface->ref);
	iface->hn = hn;
	xa_init(&iface->groups);
	strscpy(iface->name, name, sizeof(iface->name));
	iface->version = HSRP_DEFAULT_VERSION;
	iface->delays.min_s = HSRP_DEFAULT_DELAY_S;
	iface->garp.count = HSRP_DEFAULT_GARP_COUNT;
	iface->garp.interval_s = HSRP_DEFAULT_GARP_S;
	iface->link = VPNHA_LINK_STATE_ABSENT;
	atomic_set(&iface->adv_state, HSRP_ADV_DORMANT);
	spin_lock_init(&iface->offender_lock);
	ratelimit_state_init(&iface->complaints, COMPLAINTS_EVERY, 1);
	ratelimit_set_flags(&iface->complaints, RATELIMIT_MSG_ON_RELEASE);
	INIT_LIST_HEAD(&iface->txn_list);
	list_add_tail_rcu(&iface->list, &hn->ifaces);
	return iface;
}

static void release(struct kref *ref)
{
	struct hsrp_iface *iface = container_of(ref, struct hsrp_iface, ref);

	xa_destroy(&iface->groups);
	kfree_rcu(iface, rcu);
}

/**
 * hsrp_iface_put() - drop a reference
 * @iface: interface
 *
 * Context: any.
 */
void hsrp_iface_put(struct hsrp_iface *iface)
{
	kref_put(&iface->ref, release);
}

/**
 * hsrp_group_unfilter() - take the virtual MAC address out of the device's filter
 * @g: group that does not run
 *
 * Context: RTNL.
 */
void hsrp_group_unfilter(struct hsrp_group *g)
{
	struct net_device *dev = bound_dev(g->iface);
	u8 mac[ETH_ALEN];

	u64_to_ether_addr(g->uc_mac, mac);
	if (g->uc_mac && dev)
		dev_uc_del(dev, mac);
	g->uc_mac = 0;
}

/* The device's own address goes through by itself. */
static int filter_add(struct hsrp_group *g, struct net_device *dev)
{
	const u64 want = g->iface->use_bia ? 0 : g->mac;
	u8 mac[ETH_ALEN];
	int err = 0;

	if (g->uc_mac == want)
		return 0;
	u64_to_ether_addr(want, mac);
	if (want)
		err = dev_uc_add(dev, mac);
	if (err)
		return err;
	hsrp_group_unfilter(g);
	g->uc_mac = want;
	return 0;
}

static enum vpnha_init_reason why_unbound(const struct hsrp_iface *iface)
{
	const struct net_device *dev;

	dev = __dev_get_by_name(iface->hn->net, iface->name);
	if (!dev)
		return VPNHA_INIT_REASON_INTERFACE_ABSENT;
	return iface->retry ? VPNHA_INIT_REASON_NO_RESOURCES :
			      hsrp_dev_why_not(dev);
}

static enum vpnha_init_reason own_link_local(struct hsrp_iface *iface,
					     const struct net_device *dev,
					     struct in6_addr *addr)
{
	enum vpnha_init_reason reason;
	bool dad = false;

	reason = hsrp_own_link_local(dev, addr, &dad);
	if (reason && dad) {
		WRITE_ONCE(iface->hn->recheck6, true);
		mod_delayed_work(vpnha_wq, &iface->hn->housekeeping,
				 msecs_to_jiffies(HSRP_RECHECK6_MS));
	}
	return reason;
}

/**
 * hsrp_group_why_not() - can a group run, as far as this machine is concerned?
 * @g: group; if it can the device's filter lets its virtual MAC address through
 * @addr: takes our address on the interface
 *
 * Context: RTNL. Return: VPNHA_INIT_REASON_NONE, otherwise why not.
 */
enum vpnha_init_reason hsrp_group_why_not(struct hsrp_group *g,
					  struct in6_addr *addr)
{
	struct hsrp_iface *iface = g->iface;
	struct net_device *dev = bound_dev(iface);
	enum vpnha_init_reason reason;

	if (!g->cfg.enabled)
		return VPNHA_INIT_REASON_DISABLED;
	if (hsrp_track_shuts(g))
		return VPNHA_INIT_REASON_TRACKED_OBJECT;
	if (!dev)
		return why_unbound(iface);
	reason = hsrp_dev_why_not(dev);
	if (reason)
		return reason;
	if (iface->port)
		return VPNHA_INIT_REASON_INTERFACE_PORT;
	if (iface->link == VPNHA_LINK_STATE_DELAY)
		return VPNHA_INIT_REASON_INTERFACE_DELAY;
	if (iface->link != VPNHA_LINK_STATE_UP)
		return VPNHA_INIT_REASON_INTERFACE_DOWN;
	reason = g->cfg.ipv6 ? own_link_local(iface, dev, addr) :
			       hsrp_own_address(dev, &g->cfg.vip, addr);
	if (reason)
		return reason;
	if (hsrp_group_has_foreign(g))
		return VPNHA_INIT_REASON_ADDRESS_CONFLICT;
	if (g->holders)
		return VPNHA_INIT_REASON_BUNDLE;
	if (filter_add(g, dev) || (g->cfg.ipv6 && hsrp_ipv6_join(iface))) {
		retry_soon(iface);
		return VPNHA_INIT_REASON_NO_RESOURCES;
	}
	return VPNHA_INIT_REASON_NONE;
}

/**
 * hsrp_group_halt() - stop a group, whatever its interface says
 * @g: group
 * @reason: why
 * @ctx: takes the packets to be sent
 *
 * Context: RTNL.
 */
void hsrp_group_halt(struct hsrp_group *g, enum vpnha_init_reason reason,
		     struct hsrp_ctx *ctx)
{
	spin_lock_bh(&g->lock);
	hsrp_group_stop(g, reason, ctx);
	spin_unlock_bh(&g->lock);
	hsrp_group_unfilter(g);
}

/**
 * hsrp_group_evaluate() - start or stop a group as its interface asks for
 * @g: group
 * @ctx: takes the packets to be sent
 *
 * Context: RTNL.
 */
void hsrp_group_evaluate(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	enum vpnha_init_reason reason;
	struct in6_addr addr;

	if (hsrp_group_follows(g)) {
		hsrp_follow_evaluate(g, ctx);
		return;
	}
	reason = hsrp_group_why_not(g, &addr);
	if (reason) {
		hsrp_group_halt(g, reason, ctx);
		return;
	}
	spin_lock_bh(&g->lock);
	if (!hsrp_fsm_runs(g->state)) {
		hsrp_group_start(g, &addr, ctx);
	} else if (!hsrp_addr_equal(&g->addr, &addr)) {
		g->addr = addr;
		hsrp_group_tell(g);
	}
	spin_unlock_bh(&g->lock);
}

/**
 * hsrp_iface_evaluate() - start or stop all groups of an interface
 * @iface: interface
 *
 * Context: RTNL.
 */
void hsrp_iface_evaluate(struct hsrp_iface *iface)
{
	struct hsrp_group *g;
	unsigned long number;
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	xa_for_each(&iface->groups, number, g)
		hsrp_group_evaluate(g, &ctx);
	hsrp_tx_flush(&ctx);
}

static void announce(struct hsrp_iface *iface, struct hsrp_ctx *ctx)
{
	struct hsrp_group *g;
	unsigned long number;

	xa_for_each(&iface->groups, number, g) {
		spin_lock_bh(&g->lock);
		hsrp_group_announce(g, ctx);
		spin_unlock_bh(&g->lock);
	}
}

/**
 * hsrp_iface_announce() - what a device leads to has changed
 * @iface: interface
 *
 * Its active groups tell the new switch where they are. Context: RTNL.
 */
void hsrp_iface_announce(struct hsrp_iface *iface)
{
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	announce(iface, &ctx);
	hsrp_tx_flush(&ctx);
}

static void note_port(struct hsrp_iface *iface, struct net_device *dev)
{
	bool port = netdev_master_upper_dev_get(dev) && !netif_is_l3_slave(dev);

	WRITE_ONCE(iface->port, port);
}

/**
 * hsrp_iface_master() - a device became a port of another one, or is no more
 * @iface: interface, bound
 *
 * What comes in by a port is the bridge's or the bond's. In a VRF it is still the
 * interface's. Context: RTNL.
 */
void hsrp_iface_master(struct hsrp_iface *iface)
{
	note_port(iface, bound_dev(iface));
	hsrp_iface_evaluate(iface);
}

/**
 * hsrp_dev_is_up() - is the line protocol of a device up?
 * @dev: device
 *
 * Context: RTNL. Return: whether it is open and operational.
 */
bool hsrp_dev_is_up(const struct net_device *dev)
{
	return netif_running(dev) && netif_oper_up(dev);
}

static void tell(struct hsrp_iface *iface, enum vpnha_debug_kind kind)
{
	struct hsrp_debug d = { .kind = kind };

	hsrp_debug_iface(iface, &d);
}

static bool is_reload(const struct hsrp_iface *iface)
{
	return iface->first_up && iface->delays.reload_s;
}

/* Whoever comes up is given time to see the others' hellos. */
static u32 delay_ms(const struct hsrp_iface *iface)
{
	return MSEC_PER_SEC * (is_reload(iface) ? iface->delays.reload_s :
						  iface->delays.min_s);
}

static ktime_t delay_until(const struct hsrp_iface *iface)
{
	return ktime_add_ms(iface->up_since, delay_ms(iface));
}

static void tell_delay(struct hsrp_iface *iface)
{
	struct hsrp_debug d = {
		.kind = is_reload(iface) ? VPNHA_DEBUG_KIND_RELOAD_DELAY_START :
					   VPNHA_DEBUG_KIND_DELAY_START,
		.mask = HSRP_D(DELAY_MS),
		.delay_ms = delay_ms(iface),
	};

	hsrp_debug_iface(iface, &d);
}

/**
 * hsrp_iface_delay_left_ms() - time until the groups of an interface may run
 * @iface: interface
 *
 * Context: RTNL. Return: milliseconds, 0 when it does not wait.
 */
u32 hsrp_iface_delay_left_ms(const struct hsrp_iface *iface)
{
	return iface->link == VPNHA_LINK_STATE_DELAY ?
		       vpnha_ms_until(delay_until(iface)) : 0;
}

static void note_up(struct hsrp_iface *iface)
{
	ktime_t now = ktime_get();

	iface->first_up = iface->up_since ? 0 : now;
	iface->up_since = now;
}

/* The one place where an interface changes its link state. */
static void set_link(struct hsrp_iface *iface, enum vpnha_link_state link)
{
	enum vpnha_link_state old = iface->link;

	if (old == link)
		return;
	if (old < VPNHA_LINK_STATE_DELAY && link >= VPNHA_LINK_STATE_DELAY)
		note_up(iface);
	iface->link = link;
	switch (link) {
	case VPNHA_LINK_STATE_DELAY:
		tell(iface, VPNHA_DEBUG_KIND_INTERFACE_UP);
		tell_delay(iface);
		mod_delayed_work(vpnha_wq, &iface->hn->housekeeping, 0);
		break;
	case VPNHA_LINK_STATE_UP:
		if (old == VPNHA_LINK_STATE_DELAY)
			tell(iface, VPNHA_DEBUG_KIND_DELAY_END);
		break;
	default:
		if (old > VPNHA_LINK_STATE_DOWN)
			tell(iface, VPNHA_DEBUG_KIND_INTERFACE_DOWN);
	}
	hsrp_up->iface_changed(iface);
}

static void end_delay(struct hsrp_iface *iface)
{
	if (iface->link == VPNHA_LINK_STATE_DELAY &&
	    !ktime_before(ktime_get(), delay_until(iface)))
		set_link(iface, VPNHA_LINK_STATE_UP);
}

/**
 * hsrp_iface_link() - follow the link of a device
 * @iface: interface, bound
 * @going_down: it is about to be shut, but still sends
 *
 * Context: RTNL.
 */
void hsrp_iface_link(struct hsrp_iface *iface, bool going_down)
{
	const struct net_device *dev = bound_dev(iface);
	bool up = dev && !going_down && hsrp_dev_is_up(dev);

	if (!dev)
		set_link(iface, VPNHA_LINK_STATE_ABSENT);
	else if (!up)
		set_link(iface, VPNHA_LINK_STATE_DOWN);
	else if (iface->link < VPNHA_LINK_STATE_DELAY)
		set_link(iface, VPNHA_LINK_STATE_DELAY);
	end_delay(iface);
	hsrp_iface_evaluate(iface);
}

static void mcast_add(struct hsrp_iface *iface, struct net_device *dev)
{
	u8 mac[ETH_ALEN];

	if (iface->mcast_added)
		return;
	hsrp_mcast_mac(iface->version, mac);
	iface->mcast_added = !dev_mc_add(dev, mac);
	if (!iface->mcast_added)
		retry_soon(iface);
}

static void mcast_del(struct hsrp_iface *iface, struct net_device *dev)
{
	u8 mac[ETH_ALEN];

	if (!iface->mcast_added)
		return;
	hsrp_mcast_mac(iface->version, mac);
	dev_mc_del(dev, mac);
	iface->mcast_added = false;
}

/**
 * hsrp_iface_set_garp() - announce virtual IPs in another way
 * @iface: interface
 * @garp: which way
 * @ctx: takes the packets to be sent
 *
 * Those of active groups are announced anew. Context: RTNL.
 */
void hsrp_iface_set_garp(struct hsrp_iface *iface,
			 const struct hsrp_garp *garp, struct hsrp_ctx *ctx)
{
	if (!memcmp(&iface->garp, garp, sizeof(*garp)))
		return;
	WRITE_ONCE(iface->garp.count, garp->count);
	WRITE_ONCE(iface->garp.interval_s, garp->interval_s);
	WRITE_ONCE(iface->garp.refresh_s, garp->refresh_s);
	announce(iface, ctx);
}

/**
 * hsrp_iface_use_macs() - have all groups take the right virtual MAC address into use
 * @iface: interface; it, its device or its MAC address have changed
 * @ctx: takes the packets to be sent
 *
 * Context: RTNL.
 */
void hsrp_iface_use_macs(struct hsrp_iface *iface, struct hsrp_ctx *ctx)
{
	struct hsrp_group *g;
	unsigned long number;

	xa_for_each(&iface->groups, number, g) {
		spin_lock_bh(&g->lock);
		hsrp_group_use_mac(g, ctx);
		spin_unlock_bh(&g->lock);
	}
}

/**
 * hsrp_iface_bind() - bind an interface to the device of its name
 * @iface: interface, not bound
 *
 * Nothing happens when there is none, or one that HSRP cannot use. One that is
 * up already is made to wait after a reload only. Context: RTNL.
 */
void hsrp_iface_bind(struct hsrp_iface *iface)
{
	struct net_device *dev = __dev_get_by_name(iface->hn->net, iface->name);

	iface->retry = false;
	if (!dev || hsrp_dev_why_not(dev))
		return;
	if (hsrp_net_hooks_add(iface->hn) || hsrp_hook_add(iface, dev)) {
		retry_soon(iface);
		return;
	}
	netdev_hold(dev, &iface->tracker, GFP_KERNEL);
	mcast_add(iface, dev);
	note_port(iface, dev);
	rcu_assign_pointer(iface->dev, dev);
	/* Its groups do not run yet: nothing is sent. */
	hsrp_iface_use_macs(iface, NULL);
	if (!hsrp_dev_is_up(dev))
		set_link(iface, VPNHA_LINK_STATE_DOWN);
	else if (!iface->up_since && iface->delays.reload_s)
		set_link(iface, VPNHA_LINK_STATE_DELAY);
	else
		set_link(iface, VPNHA_LINK_STATE_UP);
}

/**
 * hsrp_iface_release() - let go of the device
 * @iface: interface without running groups
 *
 * Nothing happens when it is bound to none. Context: RTNL.
 */
void hsrp_iface_release(struct hsrp_iface *iface)
{
	struct net_device *dev = bound_dev(iface);

	if (!dev)
		return;
	mcast_del(iface, dev);
	hsrp_ipv6_leave(iface);
	hsrp_hook_del(iface);
	RCU_INIT_POINTER(iface->dev, NULL);
	netdev_put(dev, &iface->tracker);
	hsrp_iface_use_macs(iface, NULL);
}

/**
 * hsrp_iface_unbind() - let go of a device that goes away
 * @iface: interface, bound
 *
 * Its groups stop, and wait for another one. Context: RTNL.
 */
void hsrp_iface_unbind(struct hsrp_iface *iface)
{
	set_link(iface, VPNHA_LINK_STATE_DOWN);
	hsrp_iface_evaluate(iface);
	hsrp_iface_release(iface);
	set_link(iface, VPNHA_LINK_STATE_ABSENT);
	hsrp_iface_evaluate(iface);
}

/**
 * hsrp_iface_set_version() - speak another HSRP version
 * @iface: interface
 * @version: 1 or 2
 * @ctx: takes the packets to be sent
 *
 * Its groups stop, in the old version, and are to be evaluated afterwards.
 * Context: RTNL.
 */
void hsrp_iface_set_version(struct hsrp_iface *iface, u8 version,
			    struct hsrp_ctx *ctx)
{
	struct net_device *dev = bound_dev(iface);
	struct hsrp_group *g;
	unsigned long number;

	if (iface->version == version)
		return;
	xa_for_each(&iface->groups, number, g)
		hsrp_group_halt(g, g->reason, ctx);
	if (dev)
		mcast_del(iface, dev);
	WRITE_ONCE(iface->version, version);
	if (dev)
		mcast_add(iface, dev);
	hsrp_iface_use_macs(iface, ctx);
	xa_for_each(&iface->groups, number, g) {
		spin_lock_bh(&g->lock);
		hsrp_group_tell(g);
		spin_unlock_bh(&g->lock);
	}
}

static void advertise(struct hsrp_iface *iface)
{
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	hsrp_tx_advertise(iface, &ctx);
	hsrp_tx_flush(&ctx);
}

/* Returns when the interface wants to be looked at again. */
static ktime_t housekeep(struct hsrp_iface *iface, ktime_t now)
{
	ktime_t next = KTIME_MAX;

	if (iface->retry) {
		struct net_device *dev = bound_dev(iface);

		iface->retry = false;
		if (dev)
			mcast_add(iface, dev);
		else
			hsrp_iface_bind(iface);
		hsrp_iface_evaluate(iface);
	}
	if (iface->link == VPNHA_LINK_STATE_DELAY) {
		end_delay(iface);
		if (iface->link == VPNHA_LINK_STATE_DELAY)
			next = delay_until(iface);
		else
			hsrp_iface_evaluate(iface);
	}
	if (atomic_read(&iface->adv_state) == HSRP_ADV_PASSIVE) {
		if (!iface->adv_next) {
			iface->adv_next = ktime_add_ms(now, ADVERTISE_MS);
		} else if (!ktime_before(now, iface->adv_next)) {
			advertise(iface);
			iface->adv_next = ktime_add_ms(now, ADVERTISE_MS);
		}
		next = min(next, iface->adv_next);
	} else {
		iface->adv_next = 0;
	}
	if (iface->retry)
		next = min(next, ktime_add_ms(now, RETRY_MS));
	return next;
}

/**
 * hsrp_housekeeping() - what is neither a packet's nor a timer's business
 * @work: hsrp_net.housekeeping
 *
 * Ends delays of interfaces and tracked objects, sends the periodic
 * advertisements of passive interfaces, retries what failed for want of
 * resources. Context: work item.
 */
void hsrp_housekeeping(struct work_struct *work)
{
	struct hsrp_net *hn = container_of(to_delayed_work(work),
					   struct hsrp_net, housekeeping);
	ktime_t now = ktime_get(), next = ktime_add_ms(now, ADVERTISE_MS);
	struct hsrp_iface *iface;
	bool any;
	s64 ms;

	if (!hsrp_reach_listen(hn))
		next = ktime_add_ms(now, RETRY_MS);
	rtnl_lock();
	any = !list_empty(&hn->ifaces) || !list_empty(&hn->objects);
	next = min(next, hsrp_objects_housekeep(hn, now));
	next = min(next, hsrp_ipv6_housekeep(hn));
	list_for_each_entry(iface, &hn->ifaces, list)
		next = min(next, housekeep(iface, now));
	ms = max_t(s64, ktime_ms_delta(next, now), 0);
	if (any)
		queue_delayed_work(vpnha_wq, &hn->housekeeping,
				   msecs_to_jiffies(ms) + 1);
	rtnl_unlock();
}
