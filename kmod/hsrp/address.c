// SPDX-License-Identifier: GPL-2.0
/* Addresses of this machine: our own, virtual ones, and those of others. */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "core/rtnl.h"
#include "hsrp/ipv6.h"
#include "hsrp/upcall.h"

static bool is_ours(const struct in_ifaddr *ifa)
{
	return ifa->ifa_proto == VPNHA_IFAPROT;
}

/**
 * hsrp_addr_is_foreign() - is it an address of this machine, but not our work?
 * @iface: interface that it is to be on
 * @addr: address
 *
 * Context: RTNL. Return: true when it was put by somebody else.
 */
bool hsrp_addr_is_foreign(const struct hsrp_iface *iface,
			  const struct in6_addr *addr)
{
	const __be32 ip = hsrp_addr_ip4(addr);
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;

	if (!hsrp_addr_is4(addr))
		return hsrp_addr6_is_foreign(iface, addr);
	dev = __ip_dev_find(iface->hn->net, ip, false);
	in_dev = dev ? __in_dev_get_rtnl(dev) : NULL;
	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rtnl(ifa, in_dev)
		if (ifa->ifa_local == ip && !is_ours(ifa))
			return true;
	return false;
}

/**
 * hsrp_addr_is_unicast() - can it be a virtual IP at all?
 * @addr: address
 *
 * Context: any. Return: true for a unicast address of a network.
 */
bool hsrp_addr_is_unicast(const struct in6_addr *addr)
{
	const __be32 ip = hsrp_addr_ip4(addr);

	/* All of 0.0.0.0/8 is "this network" (RFC 1122 section 3.2.1.3). */
	return ntohl(ip) >> 24 && !ipv4_is_loopback(ip) &&
	       !ipv4_is_multicast(ip) && !ipv4_is_lbcast(ip);
}

/**
 * hsrp_addr_is_local_net() - is it in a subnet of the interface?
 * @iface: interface
 * @addr: address
 *
 * Context: any. Return: false also while the interface has no address.
 */
bool hsrp_addr_is_local_net(struct hsrp_iface *iface,
			    const struct in6_addr *addr)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;
	bool found = false;

	rcu_read_lock();
	dev = rcu_dereference(iface->dev);
	in_dev = dev ? __in_dev_get_rcu(dev) : NULL;
	if (in_dev) {
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			found |= !is_ours(ifa) && inet_ifa_match(hsrp_addr_ip4(addr), ifa);
	}
	rcu_read_unlock();
	return found;
}

/**
 * hsrp_own_address() - find our own address on an interface
 * @dev: its device
 * @vip: virtual IP: the address is one of its subnet; :: while it is not known
 * @addr: takes the address
 *
 * Context: RTNL. Return: why there is none.
 */
enum vpnha_init_reason hsrp_own_address(struct net_device *dev,
					const struct in6_addr *vip,
					struct in6_addr *addr)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;
	bool any = false;

	if (!in_dev)
		return VPNHA_INIT_REASON_NO_ADDRESS;
	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		if (is_ours(ifa))
			continue;
		any = true;
		if (!hsrp_addr_any(vip) &&
		    !inet_ifa_match(hsrp_addr_ip4(vip), ifa))
			continue;
		*addr = hsrp_addr4(ifa->ifa_local);
		return VPNHA_INIT_REASON_NONE;
	}
	return any ? VPNHA_INIT_REASON_WRONG_SUBNET :
		     VPNHA_INIT_REASON_NO_ADDRESS;
}

/**
 * hsrp_group_has_foreign() - has somebody else a virtual IP of a group?
 * @g: group
 *
 * Context: RTNL. Return: whether one is an address of this machine that we did
 * not put there.
 */
bool hsrp_group_has_foreign(const struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->cfg;
	unsigned int i;

	if (!hsrp_addr_any(&cfg->vip) &&
	    hsrp_addr_is_foreign(g->iface, &cfg->vip))
		return true;
	for (i = 0; i < cfg->n_secondary; i++)
		if (hsrp_addr_is_foreign(g->iface, &cfg->secondary[i]))
			return true;
	return false;
}

/* That of a group that runs and does not look at what else may have changed; of IPv4. */
static bool keeps_address(const struct hsrp_group *g)
{
	struct in6_addr addr;

	if (g->cfg.ipv6)
		return true;
	return hsrp_fsm_runs(READ_ONCE(g->state)) &&
	       !hsrp_own_address(rtnl_dereference(g->iface->dev), &g->cfg.vip,
				 &addr) &&
	       hsrp_addr_equal(&addr, &g->addr);
}

/**
 * hsrp_iface_address() - an address that is not ours came or went
 * @hn: namespace
 * @dev: on this device
 * @addr: address
 *
 * It may be a virtual IP's twin on any interface, and the own address of groups
 * of its own. Context: RTNL.
 */
void hsrp_iface_address(struct hsrp_net *hn, const struct net_device *dev,
			const struct in6_addr *addr)
{
	struct hsrp_iface *iface = hsrp_iface_by_dev(hn, dev);
	struct hsrp_group *g;
	struct hsrp_vip *v;
	unsigned long number;
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	hash_for_each_possible(hn->by_vip, v, cfg_node, ipv6_addr_hash(addr))
		hsrp_group_evaluate(hsrp_vip_group(v), &ctx);
	if (iface)
		xa_for_each(&iface->groups, number, g)
			if (!keeps_address(g))
				hsrp_group_evaluate(g, &ctx);
	hsrp_tx_flush(&ctx);
}
