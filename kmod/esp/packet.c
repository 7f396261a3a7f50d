// SPDX-License-Identifier: GPL-2.0
/* What selectors look at in a packet. */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "esp/esp.h"

static void ports(struct sk_buff *skb, int offset, struct esp_tuple *t)
{
	const __be16 *p;
	__be16 buf[2];

	switch (t->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
		p = skb_header_pointer(skb, offset, sizeof(buf), buf);
		if (!p)
			return;
		t->sport = ntohs(p[0]);
		t->dport = ntohs(p[1]);
		t->has_ports = true;
	}
}

/**
 * esp_packet_tuple() - read what selectors look at
 * @skb: packet
 * @offset: of its IP header from the packet's data
 * @t: to be filled; without ports for later fragments and other protocols
 *
 * Context: any. Return: false when it is neither IPv4 nor IPv6.
 */
bool esp_packet_tuple(struct sk_buff *skb, int offset, struct esp_tuple *t)
{
	union {
		struct iphdr v4;
		struct ipv6hdr v6;
	} buf;
	const struct ipv6hdr *ip6;
	const struct iphdr *iph;
	__be16 frag_off;
	u8 nexthdr;
	int l4;

	iph = skb_header_pointer(skb, offset, sizeof(buf.v4), &buf);
	if (!iph)
		return false;
	t->has_ports = false;
	t->sport = 0;
	t->dport = 0;
	if (iph->version == 4) {
		t->family = AF_INET;
		t->protocol = iph->protocol;
		t->src[0] = iph->saddr;
		t->dst[0] = iph->daddr;
		if (iph->ihl < 5)
			return false;
		if (!(iph->frag_off & htons(IP_OFFSET)))
			ports(skb, offset + iph->ihl * 4, t);
		return true;
	}
	if (iph->version != 6)
		return false;
	ip6 = skb_header_pointer(skb, offset, sizeof(buf.v6), &buf);
	if (!ip6)
		return false;
	t->family = AF_INET6;
	memcpy(t->src, &ip6->saddr, sizeof(t->src));
	memcpy(t->dst, &ip6->daddr, sizeof(t->dst));
	nexthdr = ip6->nexthdr;
	l4 = ipv6_skip_exthdr(skb, offset + sizeof(*ip6), &nexthdr, &frag_off);
	t->protocol = nexthdr;
	if (l4 < 0)
		return true;
	if (nexthdr == NEXTHDR_FRAGMENT) {
		/* A later fragment: behind its header nothing can be read. */
		u8 buf_nexthdr, *of = skb_header_pointer(skb, l4, 1,
							 &buf_nexthdr);

		if (of)
			t->protocol = *of;
		return true;
	}
	ports(skb, l4, t);
	return true;
}
