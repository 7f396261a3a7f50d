// SPDX-License-Identifier: GPL-2.0
/* The virtual IPs and the virtual MAC address in use, by which packets find a group. */
#include <linux/rtnetlink.h>
#include <net/ipv6.h>

#include "hsrp/upcall.h"

/**
 * hsrp_group_by_vip() - find the group that uses a virtual IP
 * @hn: namespace
 * @vip: address
 * @iface: its interface, NULL for any
 *
 * Context: RCU. Return: the group or NULL.
 */
struct hsrp_group *hsrp_group_by_vip(struct hsrp_net *hn,
				     const struct in6_addr *vip,
				     const struct hsrp_iface *iface)
{
	struct hsrp_group *g, *found;
	struct hsrp_vip *v;
	unsigned int seq;

	do {
		found = NULL;
		seq = read_seqcount_begin(&hn->vip_seq);
		hash_for_each_possible_rcu(hn->vips, v, node,
					   ipv6_addr_hash(vip)) {
			g = hsrp_vip_group(v);
			if (hsrp_addr_equal(&v->addr, vip) &&
			    (!iface || g->iface == iface))
				found = g;
		}
	} while (read_seqcount_retry(&hn->vip_seq, seq));
	return found;
}

static void use_addr(struct hsrp_group *g, struct hsrp_vip *v,
		     const struct in6_addr *addr)
{
	struct hsrp_net *hn = g->iface->hn;

	lockdep_assert_held(&g->lock);
	if (hsrp_addr_equal(&v->addr, addr))
		return;
	spin_lock(&hn->vip_lock);
	write_seqcount_begin(&hn->vip_seq);
	if (!hsrp_addr_any(&v->addr))
		hash_del_rcu(&v->node);
	v->addr = *addr;
	if (!hsrp_addr_any(addr))
		hash_add_rcu(hn->vips, &v->node, ipv6_addr_hash(addr));
	write_seqcount_end(&hn->vip_seq);
	spin_unlock(&hn->vip_lock);
}

/**
 * hsrp_group_use_vip() - take a virtual IP into use
 * @g: group, locked
 * @vip: address, :: for none
 *
 * Context: any.
 */
void hsrp_group_use_vip(struct hsrp_group *g, const struct in6_addr *vip)
{
	use_addr(g, &g->vips[0], vip);
	g->vip = *vip;
}

/**
 * hsrp_group_use_secondary() - take the configured secondary virtual IPs into use
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * An active router puts them on the interface and tells the hosts of them.
 * Context: any.
 */
void hsrp_group_use_secondary(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	unsigned int i;

	for (i = 0; i < VPNHA_SECONDARY_MAX; i++)
		use_addr(g, &g->vips[1 + i],
			 i < g->cfg.n_secondary ? &g->cfg.secondary[i] :
						  &in6addr_any);
	if (g->state != VPNHA_STATE_ACTIVE)
		return;
	hsrp_vaddr_kick(g);
	hsrp_group_announce(g, ctx);
}

static void set_mac(struct hsrp_group *g, u64 mac, bool findable)
{
	struct hsrp_net *hn = g->iface->hn;

	lockdep_assert_held(&g->lock);
	spin_lock(&hn->vip_lock);
	if (!hlist_unhashed(&g->mac_node))
		hash_del_rcu(&g->mac_node);
	WRITE_ONCE(g->mac, mac);
	if (findable)
		hash_add_rcu(hn->macs, &g->mac_node, mac);
	spin_unlock(&hn->vip_lock);
}

/* RFC 2281 section 6.1 for version 1. */
static u64 default_mac(const struct hsrp_group *g)
{
	if (g->cfg.ipv6)
		return 0x000573a00000 | g->number;
	return g->iface->version == 2 ? 0x00000c9ff000 | g->number :
					0x00000c07ac00 | g->number;
}

static u64 own_mac(const struct hsrp_iface *iface)
{
	const struct net_device *dev = rtnl_dereference(iface->dev);

	return dev ? ether_addr_to_u64(dev->dev_addr) : 0;
}

/**
 * hsrp_group_use_mac() - take the virtual MAC address into use that is to be
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * What is configured, the interface's own, or by default that of RFC 2281. An
 * active router tells hosts and bridges of another one at once; the filter of
 * the device follows with hsrp_group_evaluate(). Context: RTNL.
 */
void hsrp_group_use_mac(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_iface *iface = g->iface;
	const u64 mac = iface->use_bia ? own_mac(iface) :
					 g->cfg.mac ?: default_mac(g);

	if (g->mac == mac)
		return;
	/* Frames to the device's own address need not be looked for. */
	set_mac(g, mac, !iface->use_bia);
	if (g->state != VPNHA_STATE_ACTIVE)
		return;
	hsrp_tx_packet(g, VPNHA_OPCODE_HELLO, ctx);
	hsrp_group_announce(g, ctx);
}

/**
 * hsrp_group_use_nothing() - let no packet find a group any more
 * @g: group, locked
 *
 * Context: any.
 */
void hsrp_group_use_nothing(struct hsrp_group *g)
{
	unsigned int i;

	for (i = 0; i < HSRP_VIPS_MAX; i++)
		use_addr(g, &g->vips[i], &in6addr_any);
	g->vip = in6addr_any;
	set_mac(g, g->mac, false);
}
