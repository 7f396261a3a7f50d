// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour discovery (RFC 4861) of virtual IPs: what ARP is to those of IPv4.
 * Solicitations are answered with the virtual MAC address or by nobody, and what
 * the stack itself says of a virtual IP does not tell another one.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/pkt_sched.h>
#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "hsrp/ipv6.h"

/* RFC 4861: what has another one was forwarded. */
#define ND_HOP_LIMIT	255
/* An option of an Ethernet address: its length in units of eight bytes. */
#define LLADDR_UNITS	1

/* An advertisement with the target's link-layer address behind it. */
struct advert {
	struct ipv6hdr ip;
	struct icmp6hdr icmp;
	struct in6_addr target;
	struct nd_opt_hdr opt;
	u8 mac[ETH_ALEN];
} __packed;

#define ADVERT_PAYLOAD	(sizeof(struct advert) - sizeof(struct ipv6hdr))

/* An answer to @to, or to nobody in particular where that is NULL. */
static struct sk_buff *advert_build(struct net_device *dev, const u8 *mac,
				    const struct in6_addr *addr,
				    const struct in6_addr *to,
				    const u8 *to_mac)
{
	u8 all_nodes[ETH_ALEN];
	struct sk_buff *skb;
	struct advert *na;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + sizeof(*na) +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(na->ip));
	na = skb_put_zero(skb, sizeof(*na));

	ip6_flow_hdr(&na->ip, 0, 0);
	na->ip.payload_len = htons(ADVERT_PAYLOAD);
	na->ip.nexthdr = IPPROTO_ICMPV6;
	na->ip.hop_limit = ND_HOP_LIMIT;
	na->ip.saddr = *addr;
	na->ip.daddr = to ? *to : in6addr_linklocal_allnodes;
	na->icmp.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	na->icmp.icmp6_router = 1;
	na->icmp.icmp6_solicited = !!to;
	na->icmp.icmp6_override = 1;
	na->target = *addr;
	na->opt.nd_opt_type = ND_OPT_TARGET_LL_ADDR;
	na->opt.nd_opt_len = LLADDR_UNITS;
	ether_addr_copy(na->mac, mac);
	na->icmp.icmp6_cksum =
		csum_ipv6_magic(&na->ip.saddr, &na->ip.daddr, ADVERT_PAYLOAD,
				IPPROTO_ICMPV6,
				csum_partial(&na->icmp, ADVERT_PAYLOAD, 0));

	skb->dev = dev;
	skb->protocol = htons(ETH_P_IPV6);
	skb->priority = TC_PRIO_CONTROL;
	ipv6_eth_mc_map(&in6addr_linklocal_allnodes, all_nodes);
	if (dev_hard_header(skb, dev, ETH_P_IPV6, to ? to_mac : all_nodes, mac,
			    skb->len) < 0) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

/**
 * hsrp_nd_advertise() - make an unsolicited neighbour advertisement
 * @dev: device that it leaves by
 * @mac: virtual MAC address
 * @addr: virtual IP
 *
 * RFC 4861 section 7.2.6; with the override flag, for it tells what is new.
 * Context: any. Return: the packet, or NULL.
 */
struct sk_buff *hsrp_nd_advertise(struct net_device *dev, const u8 *mac,
				  const struct in6_addr *addr)
{
	return advert_build(dev, mac, addr, NULL, NULL);
}

/*
 * Looks for an option that holds a MAC address. Return: where that is, 0 when
 * there is none, negative when the options are no options.
 */
static int find_lladdr(const struct sk_buff *skb, unsigned int at,
		       unsigned int end, u8 type)
{
	const struct nd_opt_hdr *opt;
	struct nd_opt_hdr buf;
	int found = 0;

	for (; at < end; at += opt->nd_opt_len * 8) {
		opt = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!opt || !opt->nd_opt_len || at + opt->nd_opt_len * 8 > end)
			return -EINVAL;
		if (opt->nd_opt_type == type && opt->nd_opt_len == LLADDR_UNITS)
			found = at + sizeof(*opt);
	}
	return found;
}

static bool checksum_ok(const struct sk_buff *skb, const struct ipv6hdr *ip6,
			unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL ||
	    skb->ip_summed == CHECKSUM_UNNECESSARY)
		return true;
	return !csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len, IPPROTO_ICMPV6,
				skb_checksum(skb, sizeof(*ip6), len, 0));
}

/* RFC 4861 section 7.1.1. */
static bool solicit_ok(const struct sk_buff *skb, const struct ipv6hdr *ip6)
{
	const unsigned int len = ntohs(ip6->payload_len);
	const unsigned int end = sizeof(*ip6) + len;
	int lladdr;

	if (len < sizeof(struct nd_msg) || skb->len < end ||
	    ipv6_addr_is_multicast(&ip6->saddr) || !checksum_ok(skb, ip6, len))
		return false;
	lladdr = find_lladdr(skb, sizeof(*ip6) + sizeof(struct nd_msg), end,
			     ND_OPT_SOURCE_LL_ADDR);
	if (!ipv6_addr_any(&ip6->saddr))
		return lladdr >= 0;
	return !lladdr && ipv6_addr_is_solict_mult(&ip6->daddr);
}

/* Who asks whether anybody has the address, and wants it for itself, is told, too. */
static void answer(struct hsrp_group *g, const struct sk_buff *skb,
		   const struct ipv6hdr *ip6, const struct in6_addr *target)
{
	bool dad = ipv6_addr_any(&ip6->saddr);
	struct sk_buff *reply;
	u8 mac[ETH_ALEN];

	hsrp_group_mac(g, mac);
	reply = advert_build(skb->dev, mac, target, dad ? NULL : &ip6->saddr,
			     eth_hdr(skb)->h_source);
	if (!reply)
		return;
	dev_queue_xmit(reply);
	atomic64_inc(&g->arp_replies);
}

/**
 * hsrp_nd_rx() - see neighbour discovery that comes in by an interface
 * @iface: interface
 * @skb: packet of ICMPv6, without extension headers
 * @ip6: its IPv6 header
 *
 * Context: netfilter hook. Return: verdict.
 */
unsigned int hsrp_nd_rx(struct hsrp_iface *iface, struct sk_buff *skb,
			const struct ipv6hdr *ip6)
{
	struct hsrp_group *g;
	struct nd_msg buf, *nd;

	if (ip6->hop_limit != ND_HOP_LIMIT)
		return NF_ACCEPT;
	nd = skb_header_pointer(skb, sizeof(*ip6), sizeof(buf), &buf);
	if (!nd || nd->icmph.icmp6_code ||
	    (nd->icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION &&
	     nd->icmph.icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT))
		return NF_ACCEPT;
	g = hsrp_group_by_vip(iface->hn, &nd->target, iface);
	if (!g)
		return NF_ACCEPT;

	/*
	 * Until the address is gone the stack would answer for it; and it would
	 * complain of another router that says that it has it.
	 */
	if (nd->icmph.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT ||
	    READ_ONCE(g->state) != VPNHA_STATE_ACTIVE)
		return hsrp_vaddr_has(g, &nd->target) ? NF_DROP : NF_ACCEPT;

	if (solicit_ok(skb, ip6))
		answer(g, skb, ip6, &nd->target);
	consume_skb(skb);
	return NF_STOLEN;
}

/* Return: which option tells a MAC address, of @addr; 0 for none. */
static u8 which_option(const struct sk_buff *skb, unsigned int at,
		       struct in6_addr *addr, unsigned int *options)
{
	const struct nd_msg *nd;
	struct nd_msg buf;
	u8 type;

	if (skb_copy_bits(skb, at, &type, sizeof(type)))
		return 0;
	*addr = ipv6_hdr(skb)->saddr;
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
		*options = at + sizeof(struct rs_msg);
		return ND_OPT_SOURCE_LL_ADDR;
	case NDISC_ROUTER_ADVERTISEMENT:
		*options = at + sizeof(struct ra_msg);
		return ND_OPT_SOURCE_LL_ADDR;
	case NDISC_NEIGHBOUR_SOLICITATION:
		*options = at + sizeof(struct nd_msg);
		return ND_OPT_SOURCE_LL_ADDR;
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		nd = skb_header_pointer(skb, at, sizeof(buf), &buf);
		if (!nd)
			return 0;
		*addr = nd->target;
		*options = at + sizeof(struct nd_msg);
		return ND_OPT_TARGET_LL_ADDR;
	default:
		return 0;
	}
}

static void set_lladdr(struct icmp6hdr *icmp, u8 *lladdr, const u8 *mac)
{
	int i;

	for (i = 0; i < ETH_ALEN; i += sizeof(__be16))
		csum_replace2(&icmp->icmp6_cksum, *(__be16 *)(lladdr + i),
			      *(__be16 *)(mac + i));
	ether_addr_copy(lladdr, mac);
}

/**
 * hsrp_nd_out() - see neighbour discovery that the stack sends
 * @iface: interface that it leaves by
 * @skb: packet of ICMPv6, without extension headers
 *
 * Of a virtual IP it must not tell our own MAC address. Context: netfilter hook.
 * Return: verdict.
 */
unsigned int hsrp_nd_out(struct hsrp_iface *iface, struct sk_buff *skb)
{
	const unsigned int at = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	unsigned int options, end;
	struct in6_addr addr;
	struct hsrp_group *g;
	u8 mac[ETH_ALEN], type;
	int lladdr;

	type = which_option(skb, at, &addr, &options);
	if (!type)
		return NF_ACCEPT;
	g = hsrp_group_by_vip(iface->hn, &addr, iface);
	if (!g || !hsrp_vaddr_has(g, &addr))
		return NF_ACCEPT;
	/* It is about to go: nobody is to believe that it lives here. */
	if (READ_ONCE(g->state) != VPNHA_STATE_ACTIVE)
		return NF_DROP;

	end = at + ntohs(ipv6_hdr(skb)->payload_len);
	lladdr = find_lladdr(skb, options, end, type);
	if (!lladdr)
		return NF_ACCEPT;
	if (lladdr < 0 || skb_ensure_writable(skb, end))
		return NF_DROP;
	hsrp_group_mac(g, mac);
	set_lladdr((void *)(skb->data + at), skb->data + lladdr, mac);
	return NF_ACCEPT;
}
