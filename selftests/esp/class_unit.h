/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unit tests of the classifier share: rules and packets in few words,
 * and the same question answered rule by rule.
 */
#ifndef _VPNHA_CLASS_UNIT_H
#define _VPNHA_CLASS_UNIT_H

#include "esp/class.h"

#define IP(a, b, c, d)	htonl((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define ANY_PORT	0, 65535

static inline __be32 prefix(unsigned int bits)
{
	return bits ? htonl(~0U << (32 - bits)) : 0;
}

/* A rule of IPv4; masks are of bits that count. */
static inline struct esp_rule rule4(u32 entry, bool permit, u8 protocol, __be32 src,
				    __be32 src_mask, __be32 dst, __be32 dst_mask)
{
	struct esp_rule r = {
		.family = AF_INET,
		.protocol = protocol,
		.permit = permit,
		.entry = entry,
		.src = { src },
		.src_mask = { src_mask },
		.dst = { dst },
		.dst_mask = { dst_mask },
		.sport_max = 65535,
		.dport_max = 65535,
	};

	return r;
}

static inline struct esp_rule with_ports(struct esp_rule r, u16 sport_min, u16 sport_max,
					 u16 dport_min, u16 dport_max)
{
	r.sport_min = sport_min;
	r.sport_max = sport_max;
	r.dport_min = dport_min;
	r.dport_max = dport_max;
	return r;
}

static inline struct esp_tuple tuple4(u8 protocol, __be32 src, __be32 dst, u16 sport,
				      u16 dport)
{
	struct esp_tuple t = {
		.family = AF_INET,
		.protocol = protocol,
		.has_ports = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP,
		.src = { src, 0xaaaaaaaa, 0xbbbbbbbb, 0xcccccccc },
		.dst = { dst, 0xdddddddd, 0xeeeeeeee, 0x99999999 },
		.sport = sport,
		.dport = dport,
	};

	return t;
}

/* Not of the file that is tested: a rule's words, one after the other. */
static inline bool linear_matches(const struct esp_rule *r, const struct esp_tuple *t)
{
	int i, words = r->family == AF_INET ? 1 : 4;

	if (r->family != t->family)
		return false;
	if (r->protocol != 0 && r->protocol != t->protocol)
		return false;
	for (i = 0; i < words; i++) {
		if ((r->src[i] & r->src_mask[i]) != (t->src[i] & r->src_mask[i]))
			return false;
		if ((r->dst[i] & r->dst_mask[i]) != (t->dst[i] & r->dst_mask[i]))
			return false;
	}
	if (!t->has_ports)
		return r->permit || (r->sport_min == 0 && r->sport_max == 65535 &&
				     r->dport_min == 0 && r->dport_max == 65535);
	if (t->sport < r->sport_min || t->sport > r->sport_max)
		return false;
	return t->dport >= r->dport_min && t->dport <= r->dport_max;
}

static inline int linear_lookup(const struct esp_rule *rules, int n, const struct esp_tuple *t)
{
	int i = 0;
	u32 entry;

	while (i < n) {
		if (!linear_matches(&rules[i], t)) {
			i++;
			continue;
		}
		if (rules[i].permit)
			return i;
		entry = rules[i].entry;
		while (i < n && rules[i].entry == entry)
			i++;
	}
	return -1;
}

#endif /* _VPNHA_CLASS_UNIT_H */
