// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that come in: from the outer header to the tunnel device (RFC 4303
 * section 3.4).
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "esp/upcall.h"

/**
 * struct esp_rx - what is kept of a packet while it is decrypted
 * @seq: sequence number, both halves
 * @offset: of the ESP header
 * @hdr_len: bytes of IP headers in front
 */
struct esp_rx {
	u64 seq;
	u16 offset;
	u16 hdr_len;
};

static struct esp_rx *esp_rx(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct esp_rx) > sizeof(skb->cb));
	return (struct esp_rx *)skb->cb;
}

static int commit_seq(struct esp_sa *sa, u64 seq)
{
	int why;

	spin_lock(&sa->lock);
	why = esp_replay_commit(&sa->replay, seq);
	if (!why)
		esp_sa_received(sa, seq);
	spin_unlock(&sa->lock);
	return why;
}

/* Default padding is 1, 2, 3 ... (RFC 4303 section 2.4). */
static bool padding_ok(const u8 *pad, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (pad[i] != i + 1)
			return false;
	return true;
}

/*
 * Cut the trailer off. Returns 0 with the offset and the kind of what is left,
 * or why not.
 */
static int strip(struct esp_sa *sa, struct sk_buff *skb, u32 *payload,
		 u8 *nexthdr)
{
	u32 end = skb->len - sa->shape.icv_len;
	u32 pad;

	*payload = esp_rx(skb)->offset + ESP_HDR_LEN + sa->shape.iv_len;
	*nexthdr = skb->data[end - 1];
	pad = skb->data[end - 2];
	if (*payload + pad + 2 > end ||
	    !padding_ok(skb->data + end - 2 - pad, pad))
		return VPNHA_ESP_DROP_REASON_BAD_PADDING;
	if (*nexthdr == IPPROTO_NONE)
		return VPNHA_ESP_DROP_REASON_DUMMY;
	return pskb_trim(skb, end - 2 - pad) ?
	       VPNHA_ESP_DROP_REASON_NO_MEMORY : 0;
}

static int check_inner4(struct sk_buff *skb)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	u32 len;

	if (skb->len < sizeof(*iph) || iph->version != 4 || iph->ihl < 5)
		return VPNHA_ESP_DROP_REASON_BAD_INNER;
	len = ntohs(iph->tot_len);
	if (len < iph->ihl * 4 || len > skb->len)
		return VPNHA_ESP_DROP_REASON_BAD_INNER;
	/* What is behind is there to hide the length (section 2.7). */
	return pskb_trim(skb, len) ? VPNHA_ESP_DROP_REASON_NO_MEMORY : 0;
}

static int check_inner6(struct sk_buff *skb)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	u32 len;

	if (skb->len < sizeof(*ip6) || ip6->version != 6)
		return VPNHA_ESP_DROP_REASON_BAD_INNER;
	len = sizeof(*ip6) + ntohs(ip6->payload_len);
	if (len > skb->len)
		return VPNHA_ESP_DROP_REASON_BAD_INNER;
	return pskb_trim(skb, len) ? VPNHA_ESP_DROP_REASON_NO_MEMORY : 0;
}

static u8 traffic_class(const void *ip)
{
	const struct iphdr *iph = ip;

	return iph->version == 4 ? iph->tos : ipv6_get_dsfield(ip);
}

static int open_tunnel(struct sk_buff *skb, u32 payload, u8 nexthdr)
{
	u8 outer = traffic_class(skb->data);
	int why;

	skb_pull(skb, payload);
	skb_reset_network_header(skb);
	switch (nexthdr) {
	case IPPROTO_IPIP:
		skb->protocol = htons(ETH_P_IP);
		why = check_inner4(skb);
		break;
	case IPPROTO_IPV6:
		skb->protocol = htons(ETH_P_IPV6);
		why = check_inner6(skb);
		break;
	default:
		why = VPNHA_ESP_DROP_REASON_BAD_NEXT_HEADER;
	}
	if (why)
		return why;
	if (INET_ECN_decapsulate(skb, outer, traffic_class(skb->data)) > 1)
		return VPNHA_ESP_DROP_REASON_BAD_ECN;
	return 0;
}

/* Where the headers say that ESP follows. */
static u32 nexthdr_offset(const struct sk_buff *skb, u32 hdr_len)
{
	u32 at = offsetof(struct ipv6hdr, nexthdr), ext = sizeof(struct ipv6hdr);

	while (ext < hdr_len) {
		at = ext;
		ext += ipv6_optlen((struct ipv6_opt_hdr *)(skb->data + ext));
	}
	return at;
}

static int open_transport(struct esp_sa *sa, struct sk_buff *skb, u32 payload,
			  u8 nexthdr)
{
	const u32 hdr_len = esp_rx(skb)->hdr_len;
	struct iphdr *iph;

	memmove(skb->data + payload - hdr_len, skb->data, hdr_len);
	skb_pull(skb, payload - hdr_len);
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	if (iph->version == 4) {
		iph->protocol = nexthdr;
		iph->tot_len = htons(skb->len);
		ip_send_check(iph);
	} else {
		skb->data[nexthdr_offset(skb, hdr_len)] = nexthdr;
		ipv6_hdr(skb)->payload_len = htons(skb->len -
						   sizeof(struct ipv6hdr));
	}
	/* A NAT has changed addresses that it covers (RFC 3948 section 3.1.2). */
	if (sa->encap)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	return 0;
}

/* RFC 4301 section 5.2: is it what the SA protects? */
static bool selected(struct esp_sa *sa, struct sk_buff *skb)
{
	const struct esp_policy *policy;
	struct esp_tuple t;
	u32 i;
	int rule;

	if (!esp_packet_tuple(skb, 0, &t))
		return false;
	esp_tuple_reverse(&t);
	for (i = 0; i < sa->nrules; i++)
		if (esp_rule_matches(&sa->rule[i], &t))
			return true;
	if (sa->nrules)
		return false;
	policy = rcu_dereference(sa->entry->policy);
	rule = policy ? esp_class_lookup(policy->class, &t) : -1;
	return rule >= 0 &&
	       policy->entries[esp_class_rule(policy->class, rule)->entry].entry ==
		       sa->entry;
}

/*
 * A NAT has given the peer another address or port (RFC 7296 section 2.23). What
 * was overtaken on its way says nothing of where the peer is now.
 */
static void check_source(struct esp_sa *sa, struct sk_buff *skb)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct esp_ends *ends = esp_sa_ends(sa);
	unsigned long last = READ_ONCE(sa->mapped);
	struct esp_addr src = { .family = sa->family };
	const struct udphdr *uh;

	uh = (const struct udphdr *)(skb->data + esp_rx(skb)->hdr_len);
	if (sa->family == AF_INET)
		src.ip[0] = iph->saddr;
	else
		memcpy(src.ip, &((const struct ipv6hdr *)iph)->saddr,
		       sizeof(src.ip));
	if (likely(uh->source == ends->sport &&
		   esp_addr_equal(&src, &ends->src)))
		return;
	if (esp_rx(skb)->seq != READ_ONCE(sa->replay.top) ||
	    (last && time_before(jiffies, last + HZ)))
		return;
	if (cmpxchg(&sa->mapped, last, jiffies ?: 1) == last)
		esp_up->mapping(sa, &src, ntohs(uh->source));
}

static void decrypted(struct esp_sa *sa, struct sk_buff *skb, int err)
{
	u32 payload;
	u8 nexthdr;
	int why;

	if (unlikely(err)) {
		why = err == -EBADMSG ? VPNHA_ESP_DROP_REASON_BAD_ICV :
		      err == -ENOMEM ? VPNHA_ESP_DROP_REASON_NO_MEMORY :
				       VPNHA_ESP_DROP_REASON_CRYPTO_ERROR;
		goto drop;
	}
	/* Until then the entry and its device stay, for it is still linked. */
	if (unlikely(READ_ONCE(sa->removed))) {
		why = VPNHA_ESP_DROP_REASON_EXPIRED;
		goto drop;
	}
	why = commit_seq(sa, esp_rx(skb)->seq);
	if (unlikely(why))
		goto drop;
	if (sa->encap)
		check_source(sa, skb);
	why = strip(sa, skb, &payload, &nexthdr);
	if (unlikely(why))
		goto drop;
	skb->ip_summed = CHECKSUM_NONE;
	if (sa->mode == VPNHA_ESP_MODE_TUNNEL)
		why = open_tunnel(skb, payload, nexthdr);
	else
		why = open_transport(sa, skb, payload, nexthdr);
	if (unlikely(why))
		goto drop;
	if (unlikely(!selected(sa, skb))) {
		why = VPNHA_ESP_DROP_REASON_WRONG_SELECTOR;
		goto drop;
	}
	if (unlikely(!esp_sa_charge(sa, 1, skb->len))) {
		why = VPNHA_ESP_DROP_REASON_EXPIRED;
		goto drop;
	}
	esp_vdev_receive(sa->entry->bind->vdev, skb);
	return;
drop:
	esp_drop(sa->en, sa, skb, why);
}

/* Why a packet is not even decrypted, or 0. */
static int check(struct esp_sa *sa, struct sk_buff *skb, int offset, bool encap)
{
	const struct esp_shape *shape = &sa->shape;
	int len = skb->len - offset - ESP_HDR_LEN - shape->iv_len -
		  shape->icv_len;

	if (!READ_ONCE(sa->entry->bind->active))
		return VPNHA_ESP_DROP_REASON_STANDBY;
	if (READ_ONCE(sa->state) == VPNHA_SA_STATE_DEAD)
		return VPNHA_ESP_DROP_REASON_EXPIRED;
	if (encap != sa->encap)
		return VPNHA_ESP_DROP_REASON_WRONG_ENCAPSULATION;
	if (len < 2 || len % shape->block)
		return VPNHA_ESP_DROP_REASON_TRUNCATED;
	return esp_replay_check(&sa->replay, esp_rx(skb)->seq);
}

static bool own_and_linear(struct sk_buff *skb)
{
	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return false;
	return !skb_linearize(skb);
}

/**
 * esp_input() - take a packet if it belongs to one of our SAs
 * @en: namespace
 * @skb: packet from its IP header on, as long as that says; not a fragment.
 *	SPI and sequence number can be read
 * @offset: of the ESP header
 * @encap: it is in UDP
 *
 * Context: softirq, RCU.
 * Return: 0 when the packet was consumed, -ENOENT when it is not ours.
 */
int esp_input(struct esp_net *en, struct sk_buff *skb, int offset, bool encap)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const __be32 *dst;
	struct esp_sa *sa;
	__be32 spi;
	u32 low;
	u8 family;
	int why;

	if (iph->version == 4) {
		family = AF_INET;
		dst = &iph->daddr;
	} else {
		family = AF_INET6;
		dst = (const __be32 *)
			&((const struct ipv6hdr *)skb->data)->daddr;
	}
	spi = get_unaligned((__be32 *)(skb->data + offset));
	sa = esp_sa_lookup(en, false, spi, family, dst);
	if (!sa)
		return -ENOENT;

	low = get_unaligned_be32(skb->data + offset + 4);
	esp_rx(skb)->seq = esp_replay_seq(&sa->replay, low);
	esp_rx(skb)->offset = offset;
	esp_rx(skb)->hdr_len = offset - (encap ? sizeof(struct udphdr) : 0);
	why = check(sa, skb, offset, encap);
	if (unlikely(why)) {
		esp_drop(en, sa, skb, why);
		return 0;
	}
	if (unlikely(!own_and_linear(skb))) {
		esp_drop(en, sa, skb, VPNHA_ESP_DROP_REASON_NO_MEMORY);
		return 0;
	}
	esp_decrypt(sa, skb, offset, esp_rx(skb)->seq, decrypted);
	return 0;
}
