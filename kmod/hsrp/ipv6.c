// SPDX-License-Identifier: GPL-2.0
/*
 * What IPv6 is to HSRP on an interface: whether there is any, our own
 * link-local address, membership in the group of routers, addresses of others.
 */
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ipv6.h>

#include "core/net.h"
#include "core/rtnl.h"
#include "hsrp/ipv6.h"
#include "hsrp/upcall.h"

/* FF02::66 */
const struct in6_addr hsrp_mcast6 = { { { 0xff, 0x02, [15] = 0x66 } } };

static bool is_ours(const struct inet6_ifaddr *ifa)
{
	return ifa->ifa_proto == VPNHA_IFAPROT;
}

static bool is_usable(const struct inet6_dev *idev)
{
	return !READ_ONCE(idev->cnf.disable_ipv6) && !READ_ONCE(idev->dead);
}

/**
 * hsrp_own_link_local() - find our own link-local address on an interface
 * @dev: its device
 * @addr: takes the address
 * @dad: takes whether the reason is one that goes away without a word; may be
 *	NULL
 *
 * The oldest one, as the stack does for what it sends itself. Context: RTNL or
 * RCU. Return: why there is none.
 */
enum vpnha_init_reason hsrp_own_link_local(const struct net_device *dev,
					   struct in6_addr *addr, bool *dad)
{
	enum vpnha_init_reason reason = VPNHA_INIT_REASON_NO_ADDRESS;
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!idev || !is_usable(idev))
		return VPNHA_INIT_REASON_NO_IPV6;
	read_lock_bh(&idev->lock);
	list_for_each_entry_reverse(ifa, &idev->addr_list, if_list) {
		if (!(ifa->scope & IFA_LINK) || is_ours(ifa))
			continue;
		if (ifa->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) {
			reason = VPNHA_INIT_REASON_TENTATIVE_ADDRESS;
			if (dad)
				*dad |= !(ifa->flags & IFA_F_DADFAILED);
			continue;
		}
		*addr = ifa->addr;
		reason = VPNHA_INIT_REASON_NONE;
		break;
	}
	read_unlock_bh(&idev->lock);
	return reason;
}

/**
 * hsrp_ipv6_join() - become a member of the group of routers
 * @iface: interface, bound to a device with IPv6
 *
 * Switches that listen to MLD learn of it. A device that lost IPv6 meanwhile
 * has lost the membership with it. Context: RTNL. Return: 0 or a negative
 * errno.
 */
int hsrp_ipv6_join(struct hsrp_iface *iface)
{
	struct net_device *dev = rtnl_dereference(iface->dev);
	struct inet6_dev *idev = __in6_dev_get(dev);
	int err;

	if (iface->member == idev)
		return 0;
	hsrp_ipv6_leave(iface);
	err = ipv6_dev_mc_inc(dev, &hsrp_mcast6);
	if (err)
		return err;
	in6_dev_hold(idev);
	iface->member = idev;
	return 0;
}

/**
 * hsrp_ipv6_leave() - be a member no more
 * @iface: interface
 *
 * Context: RTNL.
 */
void hsrp_ipv6_leave(struct hsrp_iface *iface)
{
	struct inet6_dev *idev = iface->member;

	if (!idev)
		return;
	iface->member = NULL;
	if (idev == __in6_dev_get(idev->dev))
		ipv6_dev_mc_dec(idev->dev, &hsrp_mcast6);
	in6_dev_put(idev);
}

/**
 * hsrp_ipv6_count() - a group becomes one of IPv6, or is no more
 * @iface: its interface
 * @change: 1 or -1, or 0 for neither
 *
 * Context: RTNL.
 */
void hsrp_ipv6_count(struct hsrp_iface *iface, int change)
{
	WRITE_ONCE(iface->ngroups6, iface->ngroups6 + change);
	WRITE_ONCE(iface->hn->ngroups6, iface->hn->ngroups6 + change);
	if (!iface->ngroups6)
		hsrp_ipv6_leave(iface);
}

static bool has_foreign(const struct net_device *dev,
			const struct in6_addr *addr)
{
	struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;
	bool found = false;

	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list)
		found |= hsrp_addr_equal(&ifa->addr, addr) && !is_ours(ifa);
	read_unlock_bh(&idev->lock);
	return found;
}

/**
 * hsrp_addr6_is_foreign() - is it an address of this machine, but not our work?
 * @iface: interface that it is to be on; a link-local one counts there only
 * @addr: address of IPv6
 *
 * Context: RTNL. Return: true when it was put by somebody else.
 */
bool hsrp_addr6_is_foreign(const struct hsrp_iface *iface,
			   const struct in6_addr *addr)
{
	const struct net_device *own = rtnl_dereference(iface->dev);
	struct net *net = iface->hn->net;
	const struct net_device *dev;

	if (hsrp_addr_is_link_local(addr))
		return own && has_foreign(own, addr);
	/* Without IPv6 in the kernel there is no table to look into. */
	if (!ipv6_mod_enabled())
		return false;
	/* Most are of nobody, and not to be looked for. */
	if (!ipv6_chk_addr_and_flags(net, addr, own, true, 0, 0))
		return false;
	for_each_netdev(net, dev)
		if (has_foreign(dev, addr))
			return true;
	return false;
}

/**
 * hsrp_addr6_is_global() - can it be a global virtual IP?
 * @addr: address of IPv6
 *
 * Context: any. Return: true for a unicast address beyond the link.
 */
bool hsrp_addr6_is_global(const struct in6_addr *addr)
{
	int type = ipv6_addr_type(addr);

	return type & IPV6_ADDR_UNICAST &&
	       !(type & (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL |
			 IPV6_ADDR_MAPPED | IPV6_ADDR_COMPATv4));
}

static void evaluate(struct hsrp_iface *iface, struct hsrp_ctx *ctx)
{
	struct hsrp_group *g;
	unsigned long number;

	xa_for_each(&iface->groups, number, g)
		if (g->cfg.ipv6)
			hsrp_group_evaluate(g, ctx);
}

/**
 * hsrp_ipv6_housekeep() - look at what has become of addresses of IPv6
 * @hn: namespace
 *
 * Context: RTNL. Return: when it has to be done again: nobody tells that an
 * address has been found to be unique.
 */
ktime_t hsrp_ipv6_housekeep(struct hsrp_net *hn)
{
	ktime_t next = KTIME_MAX;
	struct hsrp_iface *iface;
	struct hsrp_ctx ctx;

	if (!xchg(&hn->recheck6, false))
		return next;
	hsrp_ctx_init(&ctx);
	list_for_each_entry(iface, &hn->ifaces, list)
		if (iface->ngroups6)
			evaluate(iface, &ctx);
	hsrp_tx_flush(&ctx);
	if (READ_ONCE(hn->recheck6))
		next = ktime_add_ms(ktime_get(), HSRP_RECHECK6_MS);
	return next;
}

/* A virtual IP that somebody removed by hand while it is in use comes back. */
static void addr_lost(struct hsrp_iface *iface, const struct inet6_ifaddr *ifa)
{
	struct hsrp_group *g;

	g = hsrp_group_by_vip(iface->hn, &ifa->addr, iface);
	if (g && READ_ONCE(g->state) == VPNHA_STATE_ACTIVE &&
	    hsrp_vaddr_lost(g, &ifa->addr) && is_usable(ifa->idev))
		hsrp_vaddr_kick(g);
}

/* Context: RCU; when an address goes, RTNL too. Only a work item may look at groups. */
static int inet6addr_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;
	const struct net_device *dev = ifa->idev->dev;
	struct hsrp_net *hn = hsrp_net(dev_net(dev));
	struct hsrp_iface *iface;

	if (!hn || !READ_ONCE(hn->ngroups6))
		return NOTIFY_DONE;
	if (!is_ours(ifa)) {
		WRITE_ONCE(hn->recheck6, true);
		mod_delayed_work(vpnha_wq, &hn->housekeeping, 0);
		return NOTIFY_DONE;
	}
	if (event != NETDEV_DOWN)
		return NOTIFY_DONE;
	iface = hsrp_iface_by_dev(hn, dev);
	if (iface)
		addr_lost(iface, ifa);
	return NOTIFY_DONE;
}

static struct notifier_block inet6addr_nb = {
	.notifier_call = inet6addr_event,
};

/**
 * hsrp_ipv6_init() - begin to hear of addresses of IPv6
 *
 * Context: module initialisation. Return: 0 or a negative errno.
 */
int hsrp_ipv6_init(void)
{
	return register_inet6addr_notifier(&inet6addr_nb);
}

/**
 * hsrp_ipv6_exit() - the reverse of hsrp_ipv6_init()
 *
 * Context: module exit.
 */
void hsrp_ipv6_exit(void)
{
	unregister_inet6addr_notifier(&inet6addr_nb);
}
