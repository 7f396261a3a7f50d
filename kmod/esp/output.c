// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that leave: from the SA to the outer header (RFC 4303 section 3.3).
 *
 * A packet becomes linear and ours alone before it is encrypted: a single
 * piece of memory is what ciphers are fastest with, and copying it is cheaper
 * than the scatterlist that would save the copy.
 */
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_tunnel.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "compat/gso.h"
#include "esp/upcall.h"

/**
 * struct esp_cb - what is kept of a packet while it is encrypted
 * @dst: route to the peer, referenced
 * @len: length of the packet inside
 * @tos: traffic class outside
 * @df: outer DF bit, network byte order
 * @hdr_len: transport mode: bytes of IP headers in front
 */
struct esp_cb {
	struct dst_entry *dst;
	u32 len;
	u8 tos;
	__be16 df;
	u16 hdr_len;
};

static struct esp_cb *esp_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct esp_cb) > sizeof(skb->cb));
	return (struct esp_cb *)skb->cb;
}

/* A referenced route to the peer, or NULL. */
static struct dst_entry *route(struct esp_sa *sa)
{
	struct esp_ends *ends = esp_sa_ends(sa);
	struct dst_entry *dst = dst_cache_get(&ends->route);
	struct in6_addr src;

	if (likely(dst))
		return dst;
	dst = esp_way(sa->entry->bind, &ends->src, &ends->dst,
		      sa->encap ? IPPROTO_UDP : IPPROTO_ESP);
	if (!dst)
		return NULL;
	if (sa->family == AF_INET) {
		dst_cache_set_ip4(&ends->route, dst, ends->src.ip[0]);
	} else {
		memcpy(&src, ends->src.ip, sizeof(src));
		dst_cache_set_ip6(&ends->route, dst, &src);
	}
	return dst;
}

/**
 * esp_shape_mtu() - largest packet that fits a path
 * @shape: how a transform's packets look
 * @outer: bytes of headers in front of ESP
 * @path_mtu: of the path, bytes
 *
 * In transport mode the result lacks the packet's own IP header.
 * Context: any. Return: bytes, 0 when nothing fits.
 */
u32 esp_shape_mtu(const struct esp_shape *shape, u32 outer, u32 path_mtu)
{
	u32 fixed = outer + ESP_HDR_LEN + shape->iv_len + shape->icv_len;

	if (path_mtu < fixed + shape->block)
		return 0;
	return ALIGN_DOWN(path_mtu - fixed, shape->block) - 2;
}

static u32 outer_len(const struct esp_sa *sa)
{
	return (sa->family == AF_INET ? sizeof(struct iphdr) :
					    sizeof(struct ipv6hdr)) +
	       (sa->encap ? sizeof(struct udphdr) : 0);
}

/* @hdr: in transport mode, bytes of the packet's own IP headers */
static u32 mtu_of(const struct esp_sa *sa, u32 path_mtu, u32 hdr)
{
	u32 udp = sa->encap ? sizeof(struct udphdr) : 0;

	if (sa->mode == VPNHA_ESP_MODE_TUNNEL)
		return esp_shape_mtu(&sa->shape, outer_len(sa), path_mtu);
	return hdr + esp_shape_mtu(&sa->shape, hdr + udp, path_mtu);
}

/* Does what is inside go where the SA goes, and so by the same route? */
static bool shares_route(const struct esp_sa *sa, const struct sk_buff *skb)
{
	const struct esp_addr *dst = &esp_sa_ends(sa)->dst;

	if (sa->mode == VPNHA_ESP_MODE_TRANSPORT)
		return true;
	if (ip_hdr(skb)->version == 4)
		return sa->family == AF_INET &&
		       ip_hdr(skb)->daddr == dst->ip[0];
	return sa->family == AF_INET6 &&
	       !memcmp(&ipv6_hdr(skb)->daddr, dst->ip, sizeof(dst->ip));
}

/*
 * A path MTU that is known of a shared route is that of what is inside, for
 * the sender finds it there: taken for that of the path it would shrink with
 * each packet.
 */
static u32 shared_mtu(const struct esp_sa *sa, const struct dst_entry *dst,
		      u32 hdr)
{
	return min(dst_mtu(dst), mtu_of(sa, READ_ONCE(dst->dev->mtu), hdr));
}

/**
 * esp_path_mtu() - what a sender has to be told of a path
 * @sa: outbound SA
 * @path_mtu: MTU of the path of its packets
 *
 * Context: any. Return: what has to be known of the route, bytes.
 */
u32 esp_path_mtu(const struct esp_sa *sa, u32 path_mtu)
{
	if (sa->mode == VPNHA_ESP_MODE_TUNNEL)
		return path_mtu;
	return mtu_of(sa, path_mtu, sa->family == AF_INET ?
		      sizeof(struct iphdr) : sizeof(struct ipv6hdr));
}

/**
 * esp_sa_mtu() - largest packet that an SA passes unfragmented at present
 * @sa: outbound SA
 *
 * Context: any. Return: bytes, 0 when there is no route.
 */
u32 esp_sa_mtu(struct esp_sa *sa)
{
	const u32 hdr = sa->family == AF_INET ? sizeof(struct iphdr) :
						    sizeof(struct ipv6hdr);
	struct dst_entry *dst;
	u32 mtu = 0;

	rcu_read_lock();
	/* What caches the route is of this processor. */
	local_bh_disable();
	dst = route(sa);
	if (dst)
		mtu = sa->mode == VPNHA_ESP_MODE_TUNNEL ?
		      mtu_of(sa, dst_mtu(dst), hdr) : shared_mtu(sa, dst, hdr);
	dst_release(dst);
	local_bh_enable();
	rcu_read_unlock();
	return mtu;
}

static void drop(struct esp_sa *sa, struct sk_buff *skb,
		 enum vpnha_esp_drop_reason reason)
{
	dst_release(esp_cb(skb)->dst);
	esp_drop(sa->en, sa, skb, reason);
}

static void udp6_checksum(const struct esp_ends *ends, struct sk_buff *skb,
			  int offset)
{
	struct udphdr *uh = (struct udphdr *)(skb->data + offset);
	u32 len = skb->len - offset;

	uh->check = udp_v6_check(len, (struct in6_addr *)ends->src.ip,
				 (struct in6_addr *)ends->dst.ip,
				 skb_checksum(skb, offset, len, 0));
	if (!uh->check)
		uh->check = CSUM_MANGLED_0;
}

static void send_tunnel(struct esp_sa *sa, struct sk_buff *skb,
			struct net_device *vdev, u8 proto)
{
	const struct esp_ends *ends = esp_sa_ends(sa);
	const struct esp_cb cb = *esp_cb(skb);
	struct ipv6hdr *ip6;

	skb->dev = vdev;
	skb->encapsulation = 0;
	skb_reset_inner_network_header(skb);
	skb_set_transport_header(skb, 0);
	if (sa->family == AF_INET) {
		iptunnel_xmit(NULL, (struct rtable *)cb.dst, skb,
			      ends->src.ip[0], ends->dst.ip[0], proto, cb.tos,
			      ip4_dst_hoplimit(cb.dst), cb.df, false);
		return;
	}
	if (proto == IPPROTO_UDP)
		udp6_checksum(ends, skb, 0);
	skb_scrub_packet(skb, false);
	/* What was let through although it is larger is fragmented here. */
	skb->ignore_df = 1;
	skb_clear_hash_if_not_l4(skb);
	skb_dst_set(skb, cb.dst);
	skb_push(skb, sizeof(*ip6));
	skb_reset_network_header(skb);
	ip6 = ipv6_hdr(skb);
	ip6_flow_hdr(ip6, cb.tos, 0);
	ip6->nexthdr = proto;
	ip6->hop_limit = ip6_dst_hoplimit(cb.dst);
	memcpy(&ip6->saddr, ends->src.ip, sizeof(ip6->saddr));
	memcpy(&ip6->daddr, ends->dst.ip, sizeof(ip6->daddr));
	skb->protocol = htons(ETH_P_IPV6);
	ip6tunnel_xmit(NULL, skb, vdev);
}

static void send_transport(struct esp_sa *sa, struct sk_buff *skb,
			   struct net_device *vdev, u8 proto)
{
	const struct esp_cb cb = *esp_cb(skb);
	struct net *net = sa->en->net;
	int err;

	skb_reset_network_header(skb);
	skb_set_transport_header(skb, cb.hdr_len);
	skb_dst_drop(skb);
	skb_dst_set(skb, cb.dst);
	nf_reset_ct(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	if (sa->family == AF_INET) {
		ip_hdr(skb)->protocol = proto;
		/* The route's MTU is that of what is inside: see shared_mtu(). */
		IPCB(skb)->flags = IPSKB_FORWARDED;
		err = ip_local_out(net, NULL, skb);
	} else {
		if (proto == IPPROTO_UDP)
			udp6_checksum(esp_sa_ends(sa), skb, cb.hdr_len);
		/* Likewise, and here only a fragment can be larger. */
		skb->ignore_df = 1;
		err = ip6_local_out(net, NULL, skb);
	}
	iptunnel_xmit_stats(vdev, net_xmit_eval(err) ? -1 : cb.len);
}

static void encrypted(struct esp_sa *sa, struct sk_buff *skb, int err)
{
	u8 proto = sa->encap ? IPPROTO_UDP : IPPROTO_ESP;
	struct net_device *vdev;

	if (unlikely(err)) {
		drop(sa, skb, err == -ENOMEM ?
		     VPNHA_ESP_DROP_REASON_NO_MEMORY :
		     VPNHA_ESP_DROP_REASON_CRYPTO_ERROR);
		return;
	}
	/* Until then the entry and its device stay, for it is still linked. */
	if (unlikely(READ_ONCE(sa->removed))) {
		drop(sa, skb, VPNHA_ESP_DROP_REASON_EXPIRED);
		return;
	}
	vdev = sa->entry->bind->vdev;
	if (sa->mode == VPNHA_ESP_MODE_TUNNEL)
		send_tunnel(sa, skb, vdev, proto);
	else
		send_transport(sa, skb, vdev, proto);
}

/*
 * Room in front and behind, in memory that is linear and nobody else's. The
 * device asks for no headroom: where that is missing so is room for the
 * trailer, and the packet would be copied twice.
 */
static int make_room(struct sk_buff *skb, u32 head, u32 tail)
{
	int headroom = skb_headroom(skb), tailroom = skb_tailroom(skb);
	int err;

	if (likely(!skb_cloned(skb) && !skb_is_nonlinear(skb) &&
		   headroom >= (int)head && tailroom >= (int)tail))
		return 0;
	err = pskb_expand_head(skb, headroom < (int)head ? head - headroom : 0,
			       tail + skb->data_len, GFP_ATOMIC);
	return err ?: skb_linearize(skb);
}

static void put_iv(const struct esp_sa *sa, u8 *iv, u64 seq)
{
	if (sa->shape.counter) {
		u64 counter = (sa->iv_base + seq) | (u64)sa->node << 63;

		put_unaligned_be64(counter, iv);
	} else if (sa->shape.iv_len) {
		get_random_bytes(iv, sa->shape.iv_len);
	}
}

static void put_udp(const struct esp_sa *sa, u8 *at, u32 len)
{
	const struct esp_ends *ends = esp_sa_ends(sa);
	struct udphdr *uh = (struct udphdr *)at;

	uh->source = ends->sport;
	uh->dest = ends->dport;
	uh->len = htons(len);
	uh->check = 0;
}

/*
 * Write what ESP adds. @hdr_len: bytes of IP headers that stay in front in
 * transport mode, with the next header field at @nexthdr_at.
 */
static void protect(struct esp_sa *sa, struct sk_buff *skb, u64 seq,
		    u32 hdr_len, u32 nexthdr_at)
{
	const struct esp_shape *shape = &sa->shape;
	u32 udp = sa->encap ? sizeof(struct udphdr) : 0;
	u32 front = udp + ESP_HDR_LEN + shape->iv_len;
	u32 payload = skb->len - hdr_len;
	u32 pad, i;
	u8 nexthdr;
	u8 *p;

	if (sa->mode == VPNHA_ESP_MODE_TUNNEL)
		nexthdr = ip_hdr(skb)->version == 4 ? IPPROTO_IPIP :
						      IPPROTO_IPV6;
	else
		nexthdr = skb->data[nexthdr_at];

	pad = ALIGN(payload + 2, shape->block) - payload - 2;
	p = skb_put(skb, pad + 2 + shape->icv_len);
	for (i = 1; i <= pad; i++)
		*p++ = i;
	*p++ = pad;
	*p = nexthdr;

	p = skb_push(skb, front);
	if (hdr_len) {
		memmove(p, p + front, hdr_len);
		p[nexthdr_at] = udp ? IPPROTO_UDP : IPPROTO_ESP;
		p += hdr_len;
	}
	if (udp) {
		put_udp(sa, p, skb->len - hdr_len);
		p += udp;
	}
	put_unaligned_be32(ntohl(sa->spi), p);
	put_unaligned_be32(lower_32_bits(seq), p + 4);
	put_iv(sa, p + ESP_HDR_LEN, seq);
	skb->ip_summed = CHECKSUM_NONE;
	esp_encrypt(sa, skb, hdr_len + udp, seq, encrypted);
}

/* Length of the IP headers that stay in clear in transport mode, or 0. */
static u32 clear_headers(struct sk_buff *skb, u32 *nexthdr_at)
{
	u8 *prev;
	int len;

	if (ip_hdr(skb)->version == 4) {
		*nexthdr_at = offsetof(struct iphdr, protocol);
		return ip_is_fragment(ip_hdr(skb)) ? 0 : ip_hdrlen(skb);
	}
	len = ip6_find_1stfragopt(skb, &prev);
	if (len < 0 || *prev == NEXTHDR_FRAGMENT)
		return 0;
	*nexthdr_at = prev - skb->data;
	return len;
}

/* RFC 6040 section 4.1, normal mode; RFC 4301 section 5.1.2. */
static void note_inner(struct esp_sa *sa, struct esp_cb *cb,
		       struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	bool df = true;
	u8 tos;

	if (iph->version == 4) {
		tos = iph->tos;
		df = iph->frag_off & htons(IP_DF);
	} else {
		tos = ipv6_get_dsfield(ipv6_hdr(skb));
	}
	switch (READ_ONCE(sa->entry->bind->df)) {
	case VPNHA_DF_BIT_SET:
		df = true;
		break;
	case VPNHA_DF_BIT_CLEAR:
		df = false;
		break;
	case VPNHA_DF_BIT_COPY:
		break;
	}
	cb->tos = tos;
	cb->df = df ? htons(IP_DF) : 0;
}

static void output_one(struct esp_sa *sa, struct sk_buff *skb,
		       struct dst_entry *dst, u64 seq, bool fragment_outside)
{
	struct esp_cb *cb = esp_cb(skb);
	u32 hdr_len = 0, nexthdr_at = 0;
	u32 head, tail;

	cb->dst = dst;
	cb->len = skb->len;
	note_inner(sa, cb, skb);
	if (fragment_outside) {
		cb->df = 0;
		skb->ignore_df = 1;
	}
	head = LL_RESERVED_SPACE(dst->dev) + outer_len(sa) + ESP_HDR_LEN +
	       sa->shape.iv_len;
	tail = sa->shape.block + 1 + sa->shape.icv_len;
	if (unlikely(make_room(skb, head, tail))) {
		drop(sa, skb, VPNHA_ESP_DROP_REASON_NO_MEMORY);
		return;
	}
	if (sa->mode == VPNHA_ESP_MODE_TRANSPORT) {
		hdr_len = clear_headers(skb, &nexthdr_at);
		if (!hdr_len) {
			drop(sa, skb, VPNHA_ESP_DROP_REASON_BAD_INNER);
			return;
		}
		cb->hdr_len = hdr_len;
	}
	protect(sa, skb, seq, hdr_len, nexthdr_at);
}

/* All segments of a packet, each with a sequence number of its own. */
static void output_segments(struct esp_sa *sa, struct sk_buff *skb,
			    struct dst_entry *dst)
{
	struct sk_buff *segs, *seg, *next;
	u32 n = 0, bytes = 0;
	u64 seq;

	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		dst_release(dst);
		esp_drop(sa->en, sa, skb, VPNHA_ESP_DROP_REASON_NO_MEMORY);
		return;
	}
	consume_skb(skb);
	for (seg = segs; seg; seg = seg->next) {
		n++;
		bytes += seg->len;
	}
	seq = esp_sa_take_seq(sa, n);
	if (unlikely(!seq || !esp_sa_charge(sa, n, bytes))) {
		skb_list_walk_safe(segs, seg, next) {
			skb_mark_not_on_list(seg);
			esp_drop(sa->en, sa, seg, seq ?
				 VPNHA_ESP_DROP_REASON_EXPIRED :
				 VPNHA_ESP_DROP_REASON_SEQUENCE_EXHAUSTED);
		}
		dst_release(dst);
		return;
	}
	seq -= n;
	skb_list_walk_safe(segs, seg, next) {
		skb_mark_not_on_list(seg);
		dst_hold(dst);
		output_one(sa, seg, dst, ++seq, false);
	}
	dst_release(dst);
}

/* Tell the sender, or let IPv4 fragment it where that is allowed. */
static void too_big(struct esp_sa *sa, struct sk_buff *skb, u32 mtu)
{
	skb_dst_update_pmtu_no_confirm(skb, mtu);
	if (ip_hdr(skb)->version == 4)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(mtu));
	else
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	esp_drop(sa->en, sa, skb, VPNHA_ESP_DROP_REASON_TOO_BIG);
}

/* Must a packet that does not fit be refused rather than fragmented? */
static bool may_not_fragment(const struct sk_buff *skb)
{
	if (ip_hdr(skb)->version == 4)
		return ip_hdr(skb)->frag_off & htons(IP_DF) &&
		       !skb->ignore_df;
	/*
	 * What IPv6 guarantees has to pass, however narrow the path is, and
	 * what comes from a socket here was to be fragmented later.
	 */
	return skb->len > IPV6_MIN_MTU && !skb->ignore_df;
}

static u32 own_headers(const struct sk_buff *skb)
{
	return ip_hdr(skb)->version == 4 ? ip_hdrlen(skb) :
					   sizeof(struct ipv6hdr);
}

static void output_whole(struct esp_sa *sa, struct sk_buff *skb)
{
	struct dst_entry *dst = route(sa);
	bool fits, outside = false;
	u64 seq;
	u32 mtu;

	if (unlikely(!dst)) {
		esp_drop(sa->en, sa, skb, VPNHA_ESP_DROP_REASON_NO_ROUTE);
		return;
	}
	if (unlikely(dst->dev == sa->entry->bind->vdev)) {
		dst_release(dst);
		esp_drop(sa->en, sa, skb, VPNHA_ESP_DROP_REASON_LOOP);
		return;
	}
	mtu = mtu_of(sa, dst_mtu(dst), own_headers(skb));
	if (unlikely(shares_route(sa, skb))) {
		outside = skb->len > mtu && !skb_is_gso(skb);
		mtu = shared_mtu(sa, dst, own_headers(skb));
	}
	if (skb_is_gso(skb))
		fits = skb_gso_validate_network_len(skb, mtu);
	else
		fits = skb->len <= mtu;
	if (unlikely(!fits)) {
		if (skb_is_gso(skb) || may_not_fragment(skb)) {
			dst_release(dst);
			if (ip_hdr(skb)->version != 4)
				mtu = max_t(u32, mtu, IPV6_MIN_MTU);
			too_big(sa, skb, mtu);
			return;
		}
		outside = true;
	}
	if (skb_is_gso(skb)) {
		output_segments(sa, skb, dst);
		return;
	}
	if (unlikely(skb->ip_summed == CHECKSUM_PARTIAL &&
		     skb_checksum_help(skb))) {
		dst_release(dst);
		esp_drop(sa->en, sa, skb, VPNHA_ESP_DROP_REASON_NO_MEMORY);
		return;
	}
	seq = esp_sa_take_seq(sa, 1);
	if (unlikely(!seq || !esp_sa_charge(sa, 1, skb->len))) {
		dst_release(dst);
		esp_drop(sa->en, sa, skb, seq ? VPNHA_ESP_DROP_REASON_EXPIRED :
			 VPNHA_ESP_DROP_REASON_SEQUENCE_EXHAUSTED);
		return;
	}
	output_one(sa, skb, dst, seq, outside);
}

/**
 * esp_output_sa() - find the SA that a packet is to leave by
 * @entry: what protects it
 * @t: what selectors see of it
 * @why: takes why there is none
 *
 * Context: RCU. Return: the SA that is most particular about the packet, of
 * several the newest; NULL if there is none that passes packets.
 */
struct esp_sa *esp_output_sa(struct esp_entry *entry,
			     const struct esp_tuple *t,
			     enum vpnha_esp_drop_reason *why)
{
	bool dead = false;
	struct esp_sa *sa;

	sa = esp_selectors_find(entry, t, &dead);
	if (sa)
		return sa;
	*why = dead ? VPNHA_ESP_DROP_REASON_EXPIRED :
		      VPNHA_ESP_DROP_REASON_NO_SA;
	list_for_each_entry_rcu(sa, &entry->out, entry_list) {
		switch (READ_ONCE(sa->state)) {
		case VPNHA_SA_STATE_MATURE:
		case VPNHA_SA_STATE_DYING:
			return sa;
		case VPNHA_SA_STATE_DEAD:
			*why = VPNHA_ESP_DROP_REASON_EXPIRED;
			break;
		}
	}
	return NULL;
}

static void acquire(struct esp_bind *bind, const struct esp_match *m,
		    const struct esp_tuple *t)
{
	const struct esp_acquire a = {
		.match = m,
		.ifname = bind->ifname,
		.tuple = t,
	};
	unsigned long last = READ_ONCE(*m->acquired);

	/* What it was last asked for has come, and has gone again since. */
	if (last && time_before(jiffies, last + HZ) &&
	    time_before(READ_ONCE(m->entry->supplied), last))
		return;
	if (cmpxchg(m->acquired, last, jiffies ?: 1) == last)
		esp_up->acquire(bind->en, &a);
}

/**
 * esp_output_by() - protect a packet by an SA and send it
 * @sa: outbound SA
 * @skb: packet from its IP header on, consumed; may be a GSO packet
 *
 * Context: RCU, bottom halves off.
 */
void esp_output_by(struct esp_sa *sa, struct sk_buff *skb)
{
	output_whole(sa, skb);
}

/* Ask for an SA, and keep the packet until it is there, or drop it. */
static void no_sa(struct esp_bind *bind, const struct esp_match *m,
		  struct sk_buff *skb, const struct esp_tuple *t,
		  enum vpnha_esp_drop_reason why)
{
	struct esp_sa *sa;
	int err;

	/* Peers of a dynamic map come, and nobody knows where they are. */
	if (m->entry->dynamic_number) {
		esp_drop(bind->en, NULL, skb, why);
		return;
	}
	acquire(bind, m, t);
	if (!bind->local[m->peer->family == AF_INET6].family) {
		esp_drop(bind->en, NULL, skb,
			 VPNHA_ESP_DROP_REASON_NO_ENDPOINT);
		return;
	}
	err = m->keyed ? esp_hold(bind, m, skb, t) : -EPERM;
	if (!err)
		return;
	/* It has come in between. */
	sa = err == -EEXIST ? esp_output_sa(m->entry, t, &why) : NULL;
	if (sa)
		output_whole(sa, skb);
	else
		esp_drop(bind->en, NULL, skb, why);
}

/**
 * esp_output() - protect a packet and send it
 * @bind: binding of the crypto map
 * @m: what protects it
 * @skb: packet from its IP header on, consumed; may be a GSO packet
 * @t: what selectors see of it
 *
 * Context: RCU, bottom halves off.
 */
void esp_output(struct esp_bind *bind, const struct esp_match *m,
		struct sk_buff *skb, const struct esp_tuple *t)
{
	enum vpnha_esp_drop_reason why;
	struct esp_sa *sa;

	if (!READ_ONCE(bind->active)) {
		esp_drop(bind->en, NULL, skb, VPNHA_ESP_DROP_REASON_STANDBY);
		return;
	}
	sa = esp_output_sa(m->entry, t, &why);
	if (likely(sa))
		output_whole(sa, skb);
	else
		no_sa(bind, m, skb, t, why);
}
