// SPDX-License-Identifier: GPL-2.0
/*
 * Where the protocol meets frames.
 *
 * Ingress of each interface: HSRP packets are taken out, ARP requests and
 * neighbour solicitations for a virtual IP are answered with the virtual MAC
 * address or by nobody, and frames to the virtual MAC address of an active
 * group, which the stack would drop as another host's, become ours. First in
 * line, so that everybody else on this hook sees them as ours too.
 *
 * Ingress of the device below a macvlan, which gets only what is sent to its
 * own MAC address: frames to the virtual one of an active group are its, too.
 *
 * IP output of the namespace: ICMP redirects would give our own address to the
 * hosts (RFC 2281 section 6.3), and do not leave by an interface that has
 * running groups; where they are asked for, those that lead to a router which a
 * group knows do not.
 *
 * IPv6 output of the namespace: the same for ICMPv6, and neighbour discovery.
 *
 * ARP output of the namespace: what the stack itself says of a virtual IP, a
 * request of a local process that uses it as its source above all, must not
 * teach the hosts our own MAC address.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/if_macvlan.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_arp.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netfilter_netdev.h>
#include <linux/udp.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "hsrp/ipv6.h"
#include "hsrp/upcall.h"

/* ARP for IPv4 over Ethernet, behind struct arphdr. */
struct arp_body {
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed;

static bool is_active(const struct hsrp_group *g)
{
	return READ_ONCE(g->state) == VPNHA_STATE_ACTIVE;
}

static bool arp_is_inet(const struct arphdr *arp)
{
	return arp->ar_hrd == htons(ARPHRD_ETHER) &&
	       arp->ar_pro == htons(ETH_P_IP) && arp->ar_hln == ETH_ALEN &&
	       arp->ar_pln == sizeof(__be32);
}

static unsigned int arp_rx(struct hsrp_iface *iface, struct sk_buff *skb)
{
	struct {
		struct arphdr hdr;
		struct arp_body body;
	} __packed buf, *arp;
	struct hsrp_group *g;
	struct sk_buff *reply;
	struct in6_addr tpa;
	u8 mac[ETH_ALEN];

	arp = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!arp || !arp_is_inet(&arp->hdr) ||
	    arp->hdr.ar_op != htons(ARPOP_REQUEST))
		return NF_ACCEPT;
	tpa = hsrp_addr4(arp->body.tpa);
	g = hsrp_group_by_vip(iface->hn, &tpa, iface);
	if (!g)
		return NF_ACCEPT;

	if (!is_active(g)) {
		/* Until the address is gone the stack would answer for it. */
		return hsrp_vaddr_has(g, &tpa) ? NF_DROP : NF_ACCEPT;
	}

	hsrp_group_mac(g, mac);
	reply = arp_create(ARPOP_REPLY, ETH_P_ARP, arp->body.spa, skb->dev,
			   arp->body.tpa, arp->body.sha, mac, arp->body.sha);
	if (reply) {
		arp_xmit(reply);
		atomic64_inc(&g->arp_replies);
	}
	consume_skb(skb);
	return NF_STOLEN;
}

/* UDP with what HSRP has to say at most. */
struct hsrp_udp {
	struct udphdr hdr;
	u8 payload[HSRP_WIRE_MAX];
} __packed;

static bool checksum_ok(const struct sk_buff *skb, const struct hsrp_udp *udp)
{
	const size_t len = ntohs(udp->hdr.len);
	const bool ipv6 = skb->protocol == htons(ETH_P_IPV6);
	const struct ipv6hdr *ip6;
	const struct iphdr *iph;
	struct ipv6hdr buf6;
	struct iphdr buf;
	__wsum sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return true;
	/* None is good enough for IPv4 only. */
	if (!udp->hdr.check)
		return !ipv6;
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		return true;
	sum = csum_partial(udp, len, 0);
	if (ipv6) {
		ip6 = skb_header_pointer(skb, 0, sizeof(buf6), &buf6);
		return !csum_ipv6_magic(&ip6->saddr, &ip6->daddr, len,
					IPPROTO_UDP, sum);
	}
	iph = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	return !csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_UDP,
				  sum);
}

/*
 * A packet to HSRP's addresses, behind an IP header of @at bytes, is obeyed or
 * counted; @end is where IP says that it ends.
 */
static int udp_read(const struct sk_buff *skb, unsigned int at,
		    unsigned int end, u8 ttl, struct hsrp_udp *udp)
{
	const unsigned int len = ntohs(udp->hdr.len);

	if (len < sizeof(udp->hdr) || end < at + len || skb->len < at + len)
		return VPNHA_DROP_REASON_TRUNCATED;
	if (len > sizeof(*udp) || skb_copy_bits(skb, at, udp, len))
		return VPNHA_DROP_REASON_BAD_LENGTH;
	if (!checksum_ok(skb, udp))
		return VPNHA_DROP_REASON_BAD_CHECKSUM;
	/* 1 as the RFC says; 255 is what others send to the same end. */
	if (ttl != 1 && ttl != 255)
		return VPNHA_DROP_REASON_BAD_TTL;
	return 0;
}

static unsigned int take(struct hsrp_iface *iface, struct sk_buff *skb,
			 const struct in6_addr *from,
			 const struct hsrp_udp *udp, int reason)
{
	const u8 *from_mac = eth_hdr(skb)->h_source;

	if (reason)
		hsrp_rx_drop(iface, from, from_mac, reason);
	else
		hsrp_rx(iface, udp->payload,
			ntohs(udp->hdr.len) - sizeof(udp->hdr), from, from_mac);
	consume_skb(skb);
	return NF_STOLEN;
}

/* NF_ACCEPT for what is not HSRP; all else is consumed, obeyed or counted. */
static unsigned int ip_rx(struct hsrp_iface *iface, struct sk_buff *skb)
{
	struct iphdr buf, *iph;
	struct hsrp_udp udp;
	struct in6_addr from;
	unsigned int ihl;
	int reason;

	iph = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5 ||
	    iph->protocol != IPPROTO_UDP || ip_is_fragment(iph) ||
	    (iph->daddr != hsrp_mcast_addr(1) &&
	     iph->daddr != hsrp_mcast_addr(2)))
		return NF_ACCEPT;
	ihl = iph->ihl * 4;
	if (skb_copy_bits(skb, ihl, &udp.hdr, sizeof(udp.hdr)) ||
	    udp.hdr.dest != htons(HSRP_UDP_PORT))
		return NF_ACCEPT;

	from = hsrp_addr4(iph->saddr);
	reason = udp_read(skb, ihl, ntohs(iph->tot_len), iph->ttl, &udp);
	if (!reason &&
	    iph->daddr != hsrp_mcast_addr(READ_ONCE(iface->version)))
		reason = VPNHA_DROP_REASON_BAD_VERSION;
	return take(iface, skb, &from, &udp, reason);
}

/* The same of IPv6. */
static unsigned int ip6_rx(struct hsrp_iface *iface, struct sk_buff *skb)
{
	struct ipv6hdr buf, *ip6;
	struct hsrp_udp udp;
	struct in6_addr from;
	int reason;

	ip6 = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (!ip6 || ip6->version != 6)
		return NF_ACCEPT;
	if (ip6->nexthdr == IPPROTO_ICMPV6)
		return hsrp_nd_rx(iface, skb, ip6);
	if (ip6->nexthdr != IPPROTO_UDP ||
	    !hsrp_addr_equal(&ip6->daddr, &hsrp_mcast6) ||
	    skb_copy_bits(skb, sizeof(*ip6), &udp.hdr, sizeof(udp.hdr)) ||
	    udp.hdr.dest != htons(HSRP_UDP_PORT6))
		return NF_ACCEPT;

	from = ip6->saddr;
	reason = udp_read(skb, sizeof(*ip6),
			  sizeof(*ip6) + ntohs(ip6->payload_len),
			  ip6->hop_limit, &udp);
	if (!reason && !hsrp_addr_is_link_local(&from))
		reason = VPNHA_DROP_REASON_BAD_SOURCE;
	/* Version 1 knows IPv4 only. */
	if (!reason && READ_ONCE(iface->version) != 2)
		reason = VPNHA_DROP_REASON_BAD_FAMILY;
	return take(iface, skb, &from, &udp, reason);
}

/* Whose virtual MAC address it is: of several groups one that is active. */
static struct hsrp_group *group_by_mac(const struct hsrp_iface *iface,
				       const u8 *addr)
{
	const u64 mac = ether_addr_to_u64(addr);
	struct hsrp_group *g, *found = NULL;

	hash_for_each_possible_rcu(iface->hn->macs, g, mac_node, mac) {
		if (g->iface != iface || READ_ONCE(g->mac) != mac)
			continue;
		found = g;
		if (is_active(g))
			break;
	}
	return found;
}

/*
 * Of a VLAN, which has an interface and perhaps a hook of its own. A tag that
 * has but a priority is none, unless somebody made a device for VLAN 0.
 */
static bool is_of_vlan(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) &&
	       (skb_vlan_tag_get_id(skb) ||
		__vlan_find_dev_deep_rcu(skb->dev, skb->vlan_proto, 0));
}

/* A frame to a virtual MAC address is ours exactly while the group is active. */
static void claim(struct hsrp_iface *iface, struct sk_buff *skb)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct hsrp_group *g;

	/* The usual frame; but macvlan in mode passthru calls all its own. */
	if (skb->pkt_type == PACKET_HOST &&
	    ether_addr_equal(mac, skb->dev->dev_addr))
		return;
	g = group_by_mac(iface, mac);
	if (g)
		skb->pkt_type = is_active(g) ? PACKET_HOST : PACKET_OTHERHOST;
}

static unsigned int ingress(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct hsrp_iface *iface = priv;

	if (!skb_mac_header_was_set(skb) || is_of_vlan(skb) ||
	    READ_ONCE(iface->port))
		return NF_ACCEPT;
	if (skb->pkt_type == PACKET_OTHERHOST || skb->pkt_type == PACKET_HOST)
		claim(iface, skb);
	if (skb->pkt_type == PACKET_OTHERHOST)
		return NF_ACCEPT;

	switch (skb->protocol) {
	case htons(ETH_P_ARP):
		return arp_rx(iface, skb);
	case htons(ETH_P_IP):
		if (skb->pkt_type == PACKET_MULTICAST)
			return ip_rx(iface, skb);
		return NF_ACCEPT;
	case htons(ETH_P_IPV6):
		return ip6_rx(iface, skb);
	default:
		return NF_ACCEPT;
	}
}

/* Ingress of the device below a macvlan. */
static unsigned int below(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	struct hsrp_iface *iface = priv;
	struct net_device *dev;
	struct hsrp_group *g;
	unsigned int len;

	if (skb->pkt_type != PACKET_OTHERHOST ||
	    !skb_mac_header_was_set(skb) || is_of_vlan(skb))
		return NF_ACCEPT;
	dev = rcu_dereference(iface->dev);
	if (!dev || !(dev->flags & IFF_UP) || !macvlan_supports_dest_filter(dev))
		return NF_ACCEPT;
	g = group_by_mac(iface, eth_hdr(skb)->h_dest);
	if (!g || !is_active(g))
		return NF_ACCEPT;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NF_STOLEN;

	len = skb->len + ETH_HLEN;
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	macvlan_count_rx(netdev_priv(dev), len,
			 netif_rx(skb) == NET_RX_SUCCESS, false);
	return NF_STOLEN;
}

static unsigned int arp_out(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct hsrp_net *hn = priv;
	struct arp_body *body;
	struct in6_addr spa;
	struct hsrp_group *g;
	struct ethhdr *eth;
	struct arphdr *arp;
	u8 mac[ETH_ALEN];
	int offset;

	offset = skb_network_offset(skb);
	if (offset < ETH_HLEN ||
	    skb_ensure_writable(skb, offset + sizeof(*arp) + sizeof(*body)))
		return NF_ACCEPT;
	arp = arp_hdr(skb);
	if (!arp_is_inet(arp))
		return NF_ACCEPT;
	body = (void *)(arp + 1);
	spa = hsrp_addr4(body->spa);
	g = hsrp_group_by_vip(hn, &spa, NULL);
	if (!g || !hsrp_vaddr_has(g, &spa))
		return NF_ACCEPT;

	if (rcu_access_pointer(g->iface->dev) != state->out || !is_active(g)) {
		/*
		 * On another wire, or when the address is about to go, nobody
		 * is to believe that it lives here.
		 */
		return arp->ar_op == htons(ARPOP_REPLY) ? NF_DROP : NF_ACCEPT;
	}
	hsrp_group_mac(g, mac);
	if (ether_addr_equal(body->sha, mac))
		return NF_ACCEPT;

	ether_addr_copy(body->sha, mac);
	eth = (void *)skb->data;
	ether_addr_copy(eth->h_source, mac);
	return NF_ACCEPT;
}

static bool is_router(const struct hsrp_router *router,
		      const struct in6_addr *addr)
{
	return router->known && hsrp_addr_equal(&router->addr, addr);
}

/* Is it the address of a router that a group knows? */
static bool is_known(struct hsrp_iface *iface, const struct in6_addr *addr)
{
	struct hsrp_group *g;
	unsigned long number;
	bool known = false;

	xa_for_each(&iface->groups, number, g) {
		spin_lock_bh(&g->lock);
		known |= is_router(&g->active, addr) ||
			 is_router(&g->standby, addr);
		spin_unlock_bh(&g->lock);
	}
	return known;
}

/* May a redirect to a gateway leave by a device? */
static bool may_redirect(struct hsrp_net *hn, const struct net_device *dev,
			 const struct in6_addr *gateway)
{
	struct hsrp_iface *iface = hsrp_iface_by_dev(hn, dev);

	if (!iface || (!atomic_read(&iface->active) &&
		       !atomic_read(&iface->passive)))
		return true;
	return READ_ONCE(iface->redirect) && !is_known(iface, gateway);
}

static unsigned int ip_out(void *priv, struct sk_buff *skb,
			   const struct nf_hook_state *state)
{
	struct icmphdr buf, *icmp;
	struct in6_addr gateway;

	if (ip_hdr(skb)->protocol != IPPROTO_ICMP || ip_is_fragment(ip_hdr(skb)))
		return NF_ACCEPT;
	icmp = skb_header_pointer(skb, skb_network_offset(skb) +
				  ip_hdrlen(skb), sizeof(buf), &buf);
	if (!icmp || icmp->type != ICMP_REDIRECT)
		return NF_ACCEPT;
	gateway = hsrp_addr4(icmp->un.gateway);
	return may_redirect(priv, state->out, &gateway) ? NF_ACCEPT : NF_DROP;
}

static unsigned int ip6_out(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	const int at = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	struct hsrp_iface *iface;
	struct rd_msg buf, *rd;
	u8 type;

	if (ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6 ||
	    skb_copy_bits(skb, at, &type, sizeof(type)) ||
	    type < NDISC_ROUTER_SOLICITATION || type > NDISC_REDIRECT)
		return NF_ACCEPT;
	if (type == NDISC_REDIRECT) {
		rd = skb_header_pointer(skb, at, sizeof(buf), &buf);
		return !rd || may_redirect(priv, state->out, &rd->target) ?
		       NF_ACCEPT : NF_DROP;
	}
	iface = hsrp_iface_by_dev(priv, state->out);
	return iface ? hsrp_nd_out(iface, skb) : NF_ACCEPT;
}

static const struct nf_hook_ops net_hooks[HSRP_NET_HOOKS] = {
	{
		.hook = arp_out,
		.pf = NFPROTO_ARP,
		.hooknum = NF_ARP_OUT,
		.priority = NF_IP_PRI_LAST,
	}, {
		.hook = ip_out,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_LAST,
	}, {
		.hook = ip6_out,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_LAST,
	},
};

static int add(struct nf_hook_ops *ops, struct hsrp_iface *iface,
	       struct net_device *dev, nf_hookfn *fn)
{
	*ops = (struct nf_hook_ops) {
		.hook = fn,
		.priv = iface,
		.dev = dev,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = NF_IP_PRI_FIRST,
	};
	return nf_register_net_hook(dev_net(dev), ops);
}

/* The device below may be in another namespace, and have moved to it since. */
static void del(struct nf_hook_ops *ops)
{
	nf_unregister_net_hook(dev_net(ops->dev), ops);
	ops->dev = NULL;
}

/**
 * hsrp_hook_add() - begin to see the frames of a device
 * @iface: interface, gets the frames
 * @dev: the device
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int hsrp_hook_add(struct hsrp_iface *iface, struct net_device *dev)
{
	int err;

	err = add(&iface->hook, iface, dev, ingress);
	if (err || !netif_is_macvlan(dev))
		return err;
	err = add(&iface->below, iface, macvlan_dev_real_dev(dev), below);
	if (err) {
		iface->below.dev = NULL;
		del(&iface->hook);
	}
	return err;
}

/**
 * hsrp_hook_del() - see the frames of a device no more
 * @iface: interface; stays valid for an RCU grace period
 *
 * Context: RTNL.
 */
void hsrp_hook_del(struct hsrp_iface *iface)
{
	if (iface->below.dev)
		del(&iface->below);
	del(&iface->hook);
}

/**
 * hsrp_net_hooks_add() - begin to see what the stack sends of its own
 * @hn: namespace
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int hsrp_net_hooks_add(struct hsrp_net *hn)
{
	int err, i;

	if (hn->hooked)
		return 0;
	for (i = 0; i < HSRP_NET_HOOKS; i++) {
		hn->hooks[i] = net_hooks[i];
		hn->hooks[i].priv = hn;
	}
	err = nf_register_net_hooks(hn->net, hn->hooks, HSRP_NET_HOOKS);
	hn->hooked = !err;
	return err;
}

/**
 * hsrp_net_hooks_del() - undo hsrp_net_hooks_add()
 * @hn: namespace
 *
 * Context: RTNL.
 */
void hsrp_net_hooks_del(struct hsrp_net *hn)
{
	if (!hn->hooked)
		return;
	nf_unregister_net_hooks(hn->net, hn->hooks, HSRP_NET_HOOKS);
	hn->hooked = false;
}
