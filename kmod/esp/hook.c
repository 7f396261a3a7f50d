// SPDX-License-Identifier: GPL-2.0
/*
 * Where ESP meets packets, and the guard.
 *
 * Ingress of a bound interface: ESP of ours is taken before the stack has paid
 * for it; what the map protects and comes in clear is dropped. Fragments of
 * ESP are none of ours there: the stack puts them together and hands the whole
 * to the handler of the protocol, which passes on what belongs to others.
 *
 * Behind everything else that looks at packets which leave: what the map
 * protects and would leave by the bound interface goes to the output path.
 *
 * Exempt is what protection itself needs: ESP, AH and IKE of the endpoint,
 * neighbour discovery, and multicast that does not leave the link.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ipv6_frag.h>
#include <net/ndisc.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "esp/esp.h"

#define PORT_IKE	500
#define PORT_IKE_NATT	4500

static bool is_ike(const struct esp_tuple *t)
{
	return t->protocol == IPPROTO_UDP &&
	       (!t->has_ports || t->sport == PORT_IKE ||
		t->dport == PORT_IKE || t->sport == PORT_IKE_NATT ||
		t->dport == PORT_IKE_NATT);
}

static bool is_local_multicast(const struct esp_tuple *t)
{
	if (t->family == AF_INET)
		return ipv4_is_local_multicast(t->dst[0]) ||
		       ipv4_is_lbcast(t->dst[0]);
	return (t->dst[0] & htonl(0xffff0000)) == htonl(0xff020000);
}

static bool is_neighbour_discovery(const struct sk_buff *skb)
{
	u8 nexthdr, buf, *type;
	__be16 frag_off;
	int l4;

	nexthdr = ipv6_hdr(skb)->nexthdr;
	l4 = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
			      sizeof(struct ipv6hdr), &nexthdr, &frag_off);
	if (l4 < 0 || nexthdr != IPPROTO_ICMPV6)
		return false;
	type = skb_header_pointer(skb, l4, 1, &buf);
	return type && *type >= NDISC_ROUTER_SOLICITATION &&
	       *type <= NDISC_REDIRECT;
}

static bool is_exempt(const struct esp_bind *bind, const struct sk_buff *skb,
		      const struct esp_tuple *t)
{
	const struct esp_addr *local = &bind->local[t->family == AF_INET6];

	if (t->protocol == IPPROTO_ICMPV6 && t->family == AF_INET6 &&
	    is_neighbour_discovery(skb))
		return true;
	if (is_local_multicast(t))
		return true;
	if (t->protocol != IPPROTO_ESP && t->protocol != IPPROTO_AH &&
	    !is_ike(t))
		return false;
	return local->family == t->family &&
	       !memcmp(local->ip, t->src, esp_addr_len(t->family));
}

/* An entry of a dynamic map in front of another one that has such an SA. */
static const struct esp_policy_entry *
dynamic_entry(const struct esp_policy *policy, const struct esp_tuple *t,
	      u32 before)
{
	const struct esp_policy_entry *e;
	bool dead = false;
	u32 i;

	for (i = 0; i < policy->ndynamic; i++) {
		if (policy->dynamic[i] >= before)
			break;
		e = &policy->entries[policy->dynamic[i]];
		/* What has ended and is still there must not pass in clear. */
		if (esp_selectors_find(e->entry, t, &dead) || dead)
			return e;
	}
	return NULL;
}

/**
 * esp_guard_selects() - does a crypto map protect a packet?
 * @bind: binding
 * @skb: packet; its network header is set
 * @t: what selectors see of it, as it leaves
 * @m: takes what protects it
 *
 * Context: RCU. Return: true when it must not pass in clear.
 */
bool esp_guard_selects(const struct esp_bind *bind, struct sk_buff *skb,
		       const struct esp_tuple *t, struct esp_match *m)
{
	const struct esp_policy *policy = rcu_dereference(bind->policy);
	const struct esp_policy_entry *e = NULL, *dynamic = NULL;
	u32 before;
	int rule;

	if (!policy)
		return false;
	rule = esp_class_lookup(policy->class, t);
	before = policy->nentries;
	if (rule >= 0) {
		before = esp_class_rule(policy->class, rule)->entry;
		e = &policy->entries[before];
	}
	if (unlikely(policy->ndynamic))
		dynamic = dynamic_entry(policy, t, before);
	if ((!e && !dynamic) || is_exempt(bind, skb, t))
		return false;
	m->line = dynamic ? 0 : policy->lines[rule];
	m->acquired = dynamic ? NULL : &policy->acquired[rule];
	e = dynamic ?: e;
	m->keyed = e->keyed;
	m->entry = e->entry;
	m->peer = &e->peer;
	return true;
}

static unsigned int guard_in(struct esp_bind *bind, struct sk_buff *skb)
{
	struct esp_match m;
	struct esp_tuple t;

	if (!esp_packet_tuple(skb, 0, &t))
		return NF_ACCEPT;
	esp_tuple_reverse(&t);
	if (!esp_guard_selects(bind, skb, &t, &m))
		return NF_ACCEPT;
	esp_drop(bind->en, NULL, skb, VPNHA_ESP_DROP_REASON_CLEAR_IN);
	return NF_STOLEN;
}

static bool is_endpoint(const struct esp_bind *bind, const struct sk_buff *skb)
{
	if (ip_hdr(skb)->version == 4)
		return bind->local[0].family &&
		       bind->local[0].ip[0] == ip_hdr(skb)->daddr;
	return bind->local[1].family &&
	       !memcmp(bind->local[1].ip, &ipv6_hdr(skb)->daddr, 16);
}

/* 0 when consumed. @offset is that of the UDP header. */
static int encap_rx(struct esp_net *en, struct sk_buff *skb, int offset)
{
	const u32 esp = offset + sizeof(struct udphdr);
	const struct udphdr *uh;
	u32 end;

	if (!pskb_may_pull(skb, esp + 1))
		return -ENOENT;
	uh = (const struct udphdr *)(skb->data + offset);
	end = offset + ntohs(uh->len);
	if (end > skb->len || end < esp + ESP_HDR_LEN ||
	    !pskb_may_pull(skb, esp + ESP_HDR_LEN))
		return -ENOENT;
	/* The non-ESP marker: IKE (RFC 3948 section 2.2). */
	if (!get_unaligned((__be32 *)(skb->data + esp)))
		return -ENOENT;
	if (pskb_trim_rcsum(skb, end))
		return -ENOENT;
	return esp_input(en, skb, esp, true);
}

static unsigned int rx4(struct esp_bind *bind, struct sk_buff *skb)
{
	const struct iphdr *iph;
	u32 len, ihl;

	if (!pskb_may_pull(skb, sizeof(*iph)))
		return NF_ACCEPT;
	iph = ip_hdr(skb);
	ihl = iph->ihl * 4;
	len = ntohs(iph->tot_len);
	if (iph->version != 4 || ihl < sizeof(*iph) || len < ihl ||
	    len > skb->len || ip_is_fragment(iph))
		return guard_in(bind, skb);
	switch (iph->protocol) {
	case IPPROTO_ESP:
		if (len < ihl + ESP_HDR_LEN ||
		    !pskb_may_pull(skb, ihl + ESP_HDR_LEN) ||
		    pskb_trim_rcsum(skb, len))
			break;
		if (!esp_input(bind->en, skb, ihl, false))
			return NF_STOLEN;
		if (is_endpoint(bind, skb))
			esp_count(bind->en, NULL,
				  VPNHA_ESP_DROP_REASON_UNKNOWN_SPI);
		break;
	case IPPROTO_UDP:
		if (READ_ONCE(bind->en->encap) &&
		    !encap_rx(bind->en, skb, ihl))
			return NF_STOLEN;
		break;
	}
	return guard_in(bind, skb);
}

static unsigned int rx6(struct esp_bind *bind, struct sk_buff *skb)
{
	const struct ipv6hdr *ip6;
	__be16 frag_off;
	u8 nexthdr;
	int offset;
	u32 len;

	if (!pskb_may_pull(skb, sizeof(*ip6)))
		return NF_ACCEPT;
	ip6 = ipv6_hdr(skb);
	len = sizeof(*ip6) + ntohs(ip6->payload_len);
	nexthdr = ip6->nexthdr;
	if (ip6->version != 6 || len > skb->len)
		return guard_in(bind, skb);
	offset = ipv6_skip_exthdr(skb, sizeof(*ip6), &nexthdr, &frag_off);
	if (offset < 0 || frag_off || nexthdr == NEXTHDR_FRAGMENT)
		return guard_in(bind, skb);
	switch (nexthdr) {
	case IPPROTO_ESP:
		if (len < offset + ESP_HDR_LEN ||
		    !pskb_may_pull(skb, offset + ESP_HDR_LEN) ||
		    pskb_trim_rcsum(skb, len))
			break;
		if (!esp_input(bind->en, skb, offset, false))
			return NF_STOLEN;
		if (is_endpoint(bind, skb))
			esp_count(bind->en, NULL,
				  VPNHA_ESP_DROP_REASON_UNKNOWN_SPI);
		break;
	case IPPROTO_UDP:
		if (READ_ONCE(bind->en->encap) &&
		    !encap_rx(bind->en, skb, offset))
			return NF_STOLEN;
		break;
	}
	return guard_in(bind, skb);
}

/**
 * esp_hook_ingress() - a frame comes in by a bound interface
 * @priv: binding
 * @skb: frame, from its network header on
 * @state: of the hook
 *
 * Context: softirq, RCU. Return: verdict.
 */
unsigned int esp_hook_ingress(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct esp_bind *bind = priv;

	if (skb->pkt_type == PACKET_OTHERHOST)
		return NF_ACCEPT;
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return rx4(bind, skb);
	case htons(ETH_P_IPV6):
		return rx6(bind, skb);
	}
	return NF_ACCEPT;
}

/* What we send ourselves, before anything is looked up for it. */
static bool is_own_esp(const struct esp_bind *bind, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	return iph->version == 4 && iph->protocol == IPPROTO_ESP &&
	       iph->saddr == bind->local[0].ip[0] && bind->local[0].family;
}

/*
 * A connection counts as seen once its first packet has left. That is here, for
 * the kernel's own hook for it comes at the end of a chain that ends with us.
 */
static unsigned int confirm(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct = nf_ct_get(skb, &ctinfo);
	const struct nf_ct_hook *hook;

	if (!ct || nf_ct_is_confirmed(ct))
		return NF_ACCEPT;
	hook = rcu_dereference(nf_ct_hook);
	if (hook)
		return hook->confirm(skb);
#endif
	return NF_ACCEPT;
}

static unsigned int hook_output(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct esp_net *en = priv;
	struct esp_bind *bind;
	unsigned int verdict;
	struct esp_match m;
	struct esp_tuple t;

	bind = esp_bind_by_dev(en, state->out);
	if (!bind || is_own_esp(bind, skb) || !esp_packet_tuple(skb, skb_network_offset(skb), &t) ||
	    !esp_guard_selects(bind, skb, &t, &m))
		return NF_ACCEPT;
	verdict = confirm(skb);
	if (verdict != NF_ACCEPT)
		return verdict;
	local_bh_disable();
	esp_output(bind, &m, skb, &t);
	local_bh_enable();
	return NF_STOLEN;
}

/* Encapsulated packets that the stack had to put together. */
static unsigned int hook_local_in(void *priv, struct sk_buff *skb,
				  const struct nf_hook_state *state)
{
	struct esp_net *en = priv;

	if (!READ_ONCE(en->encap) || ip_hdr(skb)->protocol != IPPROTO_UDP)
		return NF_ACCEPT;
	return encap_rx(en, skb, ip_hdrlen(skb)) ? NF_ACCEPT : NF_STOLEN;
}

/* Likewise; but IPv6 puts fragments together only after this hook. */
static unsigned int hook_local_in6(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	struct esp_net *en = priv;
	__be16 frag_off = 0;
	u8 nexthdr;
	int offset;
	int err;

	if (!READ_ONCE(en->encap))
		return NF_ACCEPT;
	nexthdr = ipv6_hdr(skb)->nexthdr;
	offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr), &nexthdr,
				  &frag_off);
	if (offset >= 0 && frag_off) {
		err = nf_ct_frag6_gather(en->net, skb,
					 IP6_DEFRAG_LOCAL_DELIVER);
		if (err)
			return err == -EINPROGRESS ? NF_STOLEN : NF_DROP;
		nexthdr = ipv6_hdr(skb)->nexthdr;
		offset = ipv6_skip_exthdr(skb, sizeof(struct ipv6hdr),
					  &nexthdr, &frag_off);
	}
	if (offset < 0 || frag_off || nexthdr != IPPROTO_UDP)
		return NF_ACCEPT;
	return encap_rx(en, skb, offset) ? NF_ACCEPT : NF_STOLEN;
}

/**
 * esp_hooks_add() - watch what a namespace sends
 * @en: namespace
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int esp_hooks_add(struct esp_net *en)
{
	static const struct nf_hook_ops ops[] = {
		{
			.hook = hook_output,
			.pf = NFPROTO_IPV4,
			.hooknum = NF_INET_POST_ROUTING,
			.priority = NF_IP_PRI_LAST,
		},
		{
			.hook = hook_output,
			.pf = NFPROTO_IPV6,
			.hooknum = NF_INET_POST_ROUTING,
			.priority = NF_IP6_PRI_LAST,
		},
		{
			.hook = hook_local_in,
			.pf = NFPROTO_IPV4,
			.hooknum = NF_INET_LOCAL_IN,
			.priority = NF_IP_PRI_FIRST,
		},
		{
			.hook = hook_local_in6,
			.pf = NFPROTO_IPV6,
			.hooknum = NF_INET_LOCAL_IN,
			.priority = NF_IP6_PRI_FIRST,
		},
	};
	int i, err;

	BUILD_BUG_ON(ARRAY_SIZE(ops) != ARRAY_SIZE(en->hooks));
	if (en->hooked)
		return 0;
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		en->hooks[i] = ops[i];
		en->hooks[i].priv = en;
	}
	err = nf_register_net_hooks(en->net, en->hooks, ARRAY_SIZE(en->hooks));
	en->hooked = !err;
	return err;
}

/**
 * esp_hooks_del() - undo esp_hooks_add()
 * @en: namespace
 *
 * Context: RTNL.
 */
void esp_hooks_del(struct esp_net *en)
{
	if (en->hooked)
		nf_unregister_net_hooks(en->net, en->hooks,
					ARRAY_SIZE(en->hooks));
	en->hooked = false;
}

/* A packet that the stack put together, from its ESP header on. */
static int proto_rx(struct sk_buff *skb)
{
	struct esp_net *en = esp_net(dev_net(skb->dev));
	int offset = -skb_network_offset(skb);

	if (READ_ONCE(en->ended) || !pskb_may_pull(skb, ESP_HDR_LEN))
		return -EINVAL;
	__skb_push(skb, offset);
	if (!esp_input(en, skb, offset, false))
		return 0;
	__skb_pull(skb, offset);
	return -EINVAL;
}

/*
 * A packet that the kernel's own IPsec has taken out of UDP, at a socket of
 * its own. Ours never get that far.
 */
static int proto_encap_rx(struct sk_buff *skb, int nexthdr, __be32 spi,
			  int encap_type)
{
	return -EINVAL;
}

static int proto_cb(struct sk_buff *skb, int err)
{
	return 0;
}

static struct esp_sa *sa_of_error(struct net *net, const void *esp, u8 family,
				  const __be32 *dst)
{
	struct esp_net *en = esp_net(net);

	if (READ_ONCE(en->ended))
		return NULL;
	return esp_sa_lookup(en, true, get_unaligned((const __be32 *)esp),
			     family, dst);
}

/* A router could not pass a packet of ours: later ones have to be smaller. */
static int err4(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct net *net = dev_net(skb->dev);
	struct esp_sa *sa;

	sa = sa_of_error(net, skb->data + iph->ihl * 4, AF_INET, &iph->daddr);
	if (!sa)
		return -ENOENT;
	if (icmp_hdr(skb)->type == ICMP_DEST_UNREACH &&
	    icmp_hdr(skb)->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, net, esp_path_mtu(sa, info), 0,
				 IPPROTO_ESP);
	return 0;
}

static int err6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		u8 code, int offset, __be32 info)
{
	const struct ipv6hdr *ip6 = (const struct ipv6hdr *)skb->data;
	struct net *net = dev_net(skb->dev);
	struct esp_sa *sa;

	sa = sa_of_error(net, skb->data + offset, AF_INET6,
			 (const __be32 *)&ip6->daddr);
	if (!sa)
		return -ENOENT;
	if (type == ICMPV6_PKT_TOOBIG)
		ip6_update_pmtu(skb, net,
				htonl(esp_path_mtu(sa, ntohl(info))), 0, 0,
				sock_net_uid(net, NULL));
	return 0;
}

/* Before the kernel's own, which would not know our SPIs. */
#define PROTO_PRIORITY	10

static struct xfrm4_protocol proto4 = {
	.handler = proto_rx,
	.input_handler = proto_encap_rx,
	.cb_handler = proto_cb,
	.err_handler = err4,
	.priority = PROTO_PRIORITY,
};

static struct xfrm6_protocol proto6 = {
	.handler = proto_rx,
	.input_handler = proto_encap_rx,
	.cb_handler = proto_cb,
	.err_handler = err6,
	.priority = PROTO_PRIORITY,
};

/**
 * esp_proto_init() - get the ESP that the stack receives, and errors about it
 *
 * Context: module initialisation. Return: 0 or a negative errno.
 */
int esp_proto_init(void)
{
	int err;

	err = xfrm4_protocol_register(&proto4, IPPROTO_ESP);
	if (err)
		return err;
	err = xfrm6_protocol_register(&proto6, IPPROTO_ESP);
	if (err)
		xfrm4_protocol_deregister(&proto4, IPPROTO_ESP);
	return err;
}

/**
 * esp_proto_exit() - undo esp_proto_init()
 *
 * Context: module exit.
 */
void esp_proto_exit(void)
{
	xfrm6_protocol_deregister(&proto6, IPPROTO_ESP);
	xfrm4_protocol_deregister(&proto4, IPPROTO_ESP);
}
