// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_sched.h>
#include <linux/udp.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/if_inet6.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "core/trace.h"
#include "hsrp/ipv6.h"
#include "hsrp/upcall.h"

/* Internetwork control, as routing protocols have it. */
#define HSRP_TOS	0xc0
#define HSRP_TTL	1
#define HSRP_HOP_LIMIT	255

#define MCAST_V1	0xe0000002	/* 224.0.0.2 */
#define MCAST_V2	0xe0000066	/* 224.0.0.102 */

/**
 * hsrp_mcast_addr() - where packets are sent to
 * @version: HSRP version, 1 or 2
 *
 * RFC 2281 section 5.1. Context: any. Return: address, network byte order.
 */
__be32 hsrp_mcast_addr(unsigned int version)
{
	return htonl(version == 2 ? MCAST_V2 : MCAST_V1);
}

/**
 * hsrp_mcast_mac() - MAC address of that destination
 * @version: HSRP version, 1 or 2
 * @mac: six bytes to write to
 *
 * Context: any.
 */
void hsrp_mcast_mac(unsigned int version, u8 *mac)
{
	ip_eth_mc_map(hsrp_mcast_addr(version), mac);
}

static bool can_send(const struct net_device *dev)
{
	return dev && netif_running(dev) && netif_carrier_ok(dev);
}

/* The same port at both ends. Return: what is to be folded with the addresses. */
static __wsum ports_sum(struct udphdr *uh, size_t udp_len)
{
	uh->dest = uh->source;
	return csum_partial(uh, udp_len, 0);
}

static void ip_fill(struct sk_buff *skb, struct udphdr *uh,
		    unsigned int version, __be32 src, size_t udp_len)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = HSRP_TOS;
	iph->tot_len = htons(skb->len);
	iph->frag_off = htons(IP_DF);
	iph->ttl = HSRP_TTL;
	iph->protocol = IPPROTO_UDP;
	iph->saddr = src;
	iph->daddr = hsrp_mcast_addr(version);
	ip_send_check(iph);
	uh->source = htons(HSRP_UDP_PORT);
	uh->check = csum_tcpudp_magic(iph->saddr, iph->daddr, udp_len,
				      IPPROTO_UDP, ports_sum(uh, udp_len));
}

static void ip6_fill(struct sk_buff *skb, struct udphdr *uh,
		     const struct in6_addr *src, size_t udp_len)
{
	struct ipv6hdr *ip6 = ipv6_hdr(skb);

	ip6_flow_hdr(ip6, HSRP_TOS, 0);
	ip6->payload_len = htons(udp_len);
	ip6->nexthdr = IPPROTO_UDP;
	ip6->hop_limit = HSRP_HOP_LIMIT;
	ip6->saddr = *src;
	ip6->daddr = hsrp_mcast6;
	uh->source = htons(HSRP_UDP_PORT6);
	uh->check = csum_ipv6_magic(&ip6->saddr, &ip6->daddr, udp_len,
				    IPPROTO_UDP, ports_sum(uh, udp_len));
}

/* Of the IP version that the source is of. */
static struct sk_buff *udp_build(struct net_device *dev, unsigned int version,
				 const u8 *src_mac, const struct in6_addr *src,
				 const u8 *data, size_t len)
{
	const bool ipv6 = !hsrp_addr_is4(src);
	const size_t ip_len = ipv6 ? sizeof(struct ipv6hdr) :
				     sizeof(struct iphdr);
	const u16 proto = ipv6 ? ETH_P_IPV6 : ETH_P_IP;
	size_t udp_len = sizeof(struct udphdr) + len;
	u8 dst_mac[ETH_ALEN];
	struct sk_buff *skb;
	struct udphdr *uh;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + ip_len + udp_len +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;

	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb_put_zero(skb, ip_len);
	skb_set_transport_header(skb, ip_len);
	uh = skb_put_zero(skb, sizeof(*uh));
	skb_put_data(skb, data, len);
	uh->len = htons(udp_len);
	if (ipv6)
		ip6_fill(skb, uh, src, udp_len);
	else
		ip_fill(skb, uh, version, hsrp_addr_ip4(src), udp_len);
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;

	skb->dev = dev;
	skb->protocol = htons(proto);
	skb->priority = TC_PRIO_CONTROL;
	if (ipv6)
		ipv6_eth_mc_map(&hsrp_mcast6, dst_mac);
	else
		hsrp_mcast_mac(version, dst_mac);
	if (dev_hard_header(skb, dev, proto, dst_mac, src_mac, skb->len) < 0) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/**
 * hsrp_tx_packet() - send a hello, coup or resign
 * @g: group, locked, with an address
 * @opcode: which of them
 * @ctx: takes the packet
 *
 * RFC 2281 sections 5.1 and 6.1: the active router's packets come from the
 * virtual MAC address, so that bridges learn where it is; a resign, which
 * gives it up, does not. One that follows another group says nothing.
 * Context: any.
 */
void hsrp_tx_packet(struct hsrp_group *g, enum vpnha_opcode opcode,
		    struct hsrp_ctx *ctx)
{
	struct hsrp_iface *iface = g->iface;
	struct hsrp_pkt pkt = {
		.version = iface->version,
		.opcode = opcode,
		.state = g->state,
		.group = g->number,
		.ipv6 = g->cfg.ipv6,
		.priority = g->priority,
		.hello_ms = g->hello_ms,
		.hold_ms = g->hold_ms,
		.vip = g->vip,
	};
	u8 payload[HSRP_WIRE_MAX];
	struct net_device *dev;
	struct sk_buff *skb;
	const u8 *src_mac;
	u8 mac[ETH_ALEN];
	size_t len;

	lockdep_assert_held(&g->lock);
	if (hsrp_group_follows(g))
		return;
	rcu_read_lock();
	dev = rcu_dereference(iface->dev);
	if (!can_send(dev))
		goto unlock;

	ether_addr_copy(pkt.id, dev->dev_addr);
	src_mac = dev->dev_addr;
	hsrp_group_mac(g, mac);
	if (g->state == VPNHA_STATE_ACTIVE && opcode != VPNHA_OPCODE_RESIGN)
		src_mac = mac;

	len = hsrp_auth_build(&g->cfg.auth, &g->old_auth, &pkt, &g->addr,
			      payload, sizeof(payload));
	skb = len ? udp_build(dev, iface->version, src_mac, &g->addr, payload,
			      len) : NULL;
	if (!skb) {
		g->counters.tx_error++;
		goto unlock;
	}
	__skb_queue_tail(&ctx->txq, skb);
	g->counters.tx[opcode]++;
	trace_vpnha_hsrp_tx(iface->name, g->number, opcode, g->state,
			    g->priority, &g->addr);
	hsrp_debug_packet(iface, VPNHA_DEBUG_KIND_PACKET_OUT, &pkt, &g->addr,
			  iface->version == 2 ? pkt.id : src_mac);
unlock:
	rcu_read_unlock();
}

static void advertise(struct hsrp_iface *iface, struct net_device *dev,
		      const struct in6_addr *src, struct hsrp_ctx *ctx)
{
	struct hsrp_pkt pkt = {
		.version = iface->version,
		.opcode = VPNHA_OPCODE_ADVERTISE,
		.active_groups = atomic_read(&iface->active),
		.passive_groups = atomic_read(&iface->passive),
	};
	u8 payload[HSRP_WIRE_MAX];
	struct sk_buff *skb;
	size_t len;

	len = hsrp_wire_build(&pkt, payload, sizeof(payload));
	skb = udp_build(dev, iface->version, dev->dev_addr, src, payload, len);
	if (!skb)
		return;
	__skb_queue_tail(&ctx->txq, skb);
	atomic64_inc(&iface->adv_tx);
	hsrp_debug_packet(iface, VPNHA_DEBUG_KIND_PACKET_OUT, &pkt, src,
			  dev->dev_addr);
}

/**
 * hsrp_tx_advertise() - tell how many groups are active and passive
 * @iface: interface
 * @ctx: takes the packets
 *
 * Advertisements are IOS's, not the RFC's. They go over each IP version that
 * has groups, with the numbers of all. Context: any, under any group lock.
 */
void hsrp_tx_advertise(struct hsrp_iface *iface, struct hsrp_ctx *ctx)
{
	const u32 ngroups6 = READ_ONCE(iface->ngroups6);
	struct net_device *dev;
	struct in6_addr src;

	rcu_read_lock();
	dev = rcu_dereference(iface->dev);
	if (!can_send(dev))
		goto unlock;
	src = hsrp_addr4(inet_select_addr(dev, 0, RT_SCOPE_LINK));
	if (READ_ONCE(iface->ngroups) > ngroups6 && !hsrp_addr_any(&src))
		advertise(iface, dev, &src, ctx);
	if (ngroups6 && !hsrp_own_link_local(dev, &src, NULL))
		advertise(iface, dev, &src, ctx);
unlock:
	rcu_read_unlock();
}

/* Gratuitous ARP, or an unsolicited neighbour advertisement. */
static struct sk_buff *announcement(const struct hsrp_group *g,
				    struct net_device *dev,
				    const struct in6_addr *addr)
{
	const __be32 vip = hsrp_addr_ip4(addr);
	struct sk_buff *skb;
	u8 mac[ETH_ALEN];

	hsrp_group_mac(g, mac);
	if (g->cfg.ipv6)
		return hsrp_nd_advertise(dev, mac, addr);
	skb = arp_create(ARPOP_REPLY, ETH_P_ARP, vip, dev, vip, NULL, mac, mac);
	if (skb)
		skb->priority = TC_PRIO_CONTROL;
	return skb;
}

static void tx_garp(struct hsrp_group *g, struct net_device *dev,
		    const struct in6_addr *addr, struct hsrp_ctx *ctx)
{
	struct sk_buff *skb = announcement(g, dev, addr);

	if (!skb) {
		g->counters.tx_error++;
		return;
	}
	__skb_queue_tail(&ctx->txq, skb);
	g->counters.garp++;
}

/**
 * hsrp_tx_garp() - announce each virtual IP
 * @g: group, locked, active
 * @ctx: takes the packets
 *
 * By a gratuitous ARP response, RFC 2281 section 5.6, action I, or an
 * unsolicited neighbour advertisement. Context: any.
 */
void hsrp_tx_garp(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct net_device *dev;
	unsigned int i;

	lockdep_assert_held(&g->lock);
	rcu_read_lock();
	dev = rcu_dereference(g->iface->dev);
	if (can_send(dev))
		for (i = 0; i < HSRP_VIPS_MAX; i++)
			if (!hsrp_addr_any(&g->vips[i].addr))
				tx_garp(g, dev, &g->vips[i].addr, ctx);
	rcu_read_unlock();
}

/**
 * hsrp_tx_flush() - send what was queued
 * @ctx: its queue is empty afterwards
 *
 * Context: any, without group locks; in the RCU read section, or under RTNL,
 * in which the packets were made, so that their device is still there.
 */
void hsrp_tx_flush(struct hsrp_ctx *ctx)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&ctx->txq)))
		dev_queue_xmit(skb);
}
