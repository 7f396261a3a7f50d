// SPDX-License-Identifier: GPL-2.0
/*
 * Which SA of an entry is for a packet. There may be thousands, one for each
 * peer of a dynamic map or each line of an access list: selectors that look at
 * the same bits of a packet make a pattern, and one look into a hash table is
 * enough for all of a pattern. Peers that have prefixes of one length each take
 * one look, however many they are.
 */
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "esp/esp.h"

static const struct rhashtable_params selector_params = {
	.key_len = sizeof_field(struct esp_selector, key),
	.key_offset = offsetof(struct esp_selector, key),
	.head_offset = offsetof(struct esp_selector, hash),
	.automatic_shrinking = true,
};

/**
 * esp_selectors_net_init() - make the table of selectors
 * @en: namespace
 *
 * Context: process. Return: 0 or a negative errno.
 */
int esp_selectors_net_init(struct esp_net *en)
{
	return rhltable_init(&en->selectors, &selector_params);
}

/**
 * esp_selectors_net_exit() - undo esp_selectors_net_init()
 * @en: namespace, with no SA linked any more
 *
 * Context: process.
 */
void esp_selectors_net_exit(struct esp_net *en)
{
	rhltable_destroy(&en->selectors);
}

static bool is_of(const struct esp_pattern *p, const struct esp_rule *r)
{
	return p->family == r->family && p->protocol == !!r->protocol &&
	       !memcmp(p->src_mask, r->src_mask, sizeof(p->src_mask)) &&
	       !memcmp(p->dst_mask, r->dst_mask, sizeof(p->dst_mask));
}

static u32 count_bits(const struct esp_rule *r)
{
	u32 bits = r->protocol ? 8 : 0;
	int i;

	for (i = 0; i < 4; i++)
		bits += hweight32((__force u32)r->src_mask[i]) +
			hweight32((__force u32)r->dst_mask[i]);
	return bits;
}

/* The narrowest first: what it finds is meant rather than all else. */
static void insert_pattern(struct esp_entry *entry, struct esp_pattern *new)
{
	struct list_head *pos;

	list_for_each(pos, &entry->patterns)
		if (list_entry(pos, struct esp_pattern, list)->bits < new->bits)
			break;
	list_add_tail_rcu(&new->list, pos);
}

static struct esp_pattern *get_pattern(struct esp_entry *entry,
				       const struct esp_rule *r)
{
	struct esp_pattern *p;

	list_for_each_entry(p, &entry->patterns, list) {
		if (!is_of(p, r))
			continue;
		p->uses++;
		return p;
	}
	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	if (!p)
		return NULL;
	p->family = r->family;
	p->protocol = r->protocol;
	memcpy(p->src_mask, r->src_mask, sizeof(p->src_mask));
	memcpy(p->dst_mask, r->dst_mask, sizeof(p->dst_mask));
	p->bits = count_bits(r);
	p->uses = 1;
	insert_pattern(entry, p);
	return p;
}

static void put_pattern(struct esp_pattern *p)
{
	if (--p->uses)
		return;
	list_del_rcu(&p->list);
	kfree_rcu(p, rcu);
}

static u64 count_ports(const struct esp_rule *r)
{
	return (u64)(r->sport_max - r->sport_min + 1) *
	       (r->dport_max - r->dport_min + 1);
}

static int add(struct esp_selector *s, struct esp_sa *sa,
	       const struct esp_rule *r)
{
	struct esp_pattern *p = get_pattern(sa->entry, r);
	int err;

	if (!p)
		return -ENOMEM;
	s->sa = sa;
	s->rule = r;
	s->nports = count_ports(r);
	s->key.pattern = p;
	s->key.protocol = r->protocol;
	memcpy(s->key.src, r->src, sizeof(s->key.src));
	memcpy(s->key.dst, r->dst, sizeof(s->key.dst));
	err = rhltable_insert(&sa->en->selectors, &s->hash, selector_params);
	if (err)
		put_pattern(p);
	return err;
}

static void del(struct esp_selector *s)
{
	struct esp_pattern *p = (struct esp_pattern *)s->key.pattern;

	rhltable_remove(&s->sa->en->selectors, &s->hash, selector_params);
	put_pattern(p);
}

/**
 * esp_selectors_add() - let an SA be found by its selectors
 * @sa: outbound SA with selectors and an entry
 *
 * Context: RTNL. Return: 0, or a negative errno: it must not be freed before a
 * grace period is over then.
 */
int esp_selectors_add(struct esp_sa *sa)
{
	int err;
	u32 i;

	sa->selectors = kcalloc(sa->nrules, sizeof(*sa->selectors),
				GFP_KERNEL_ACCOUNT);
	if (!sa->selectors)
		return -ENOMEM;
	for (i = 0; i < sa->nrules; i++) {
		err = add(&sa->selectors[i], sa, &sa->rule[i]);
		if (err)
			goto err_del;
	}
	return 0;

err_del:
	while (i--)
		del(&sa->selectors[i]);
	return err;
}

/**
 * esp_selectors_del() - let an SA not be found any more
 * @sa: SA for which esp_selectors_add() has succeeded
 *
 * Context: RTNL; it may be freed after a grace period.
 */
void esp_selectors_del(struct esp_sa *sa)
{
	u32 i;

	for (i = 0; i < sa->nrules; i++)
		del(&sa->selectors[i]);
}

/*
 * The fewest ports, since these are none of a pattern's bits; of several the
 * newest, which comes first, for the table puts it there.
 */
static struct esp_sa *find_in(struct esp_net *en, const struct esp_pattern *p,
			      const struct esp_tuple *t, bool *dead)
{
	struct esp_selector_key key = {
		.pattern = p,
		.protocol = p->protocol ? t->protocol : 0,
	};
	const struct esp_selector *s, *best = NULL;
	struct rhlist_head *list, *pos;
	int i;

	for (i = 0; i < (p->family == AF_INET ? 1 : 4); i++) {
		key.src[i] = t->src[i] & p->src_mask[i];
		key.dst[i] = t->dst[i] & p->dst_mask[i];
	}
	list = rhltable_lookup(&en->selectors, &key, selector_params);
	rhl_for_each_entry_rcu(s, pos, list, hash) {
		const u8 state = READ_ONCE(s->sa->state);

		if (state == VPNHA_SA_STATE_LARVAL ||
		    !esp_rule_matches(s->rule, t))
			continue;
		if (state == VPNHA_SA_STATE_DEAD)
			*dead = true;
		else if (!best || s->nports < best->nports)
			best = s;
	}
	return best ? best->sa : NULL;
}

/**
 * esp_selectors_find() - find the SA of an entry that a packet is for
 * @entry: entry
 * @t: the packet, as it leaves
 * @dead: set to true when there is one that has ended
 *
 * Context: RCU. Return: outbound SA whose selectors are the narrowest that match,
 * of several the newest; NULL if there is none that passes packets.
 */
struct esp_sa *esp_selectors_find(const struct esp_entry *entry,
				  const struct esp_tuple *t, bool *dead)
{
	struct esp_net *en = entry->bind->en;
	const struct esp_pattern *p;
	struct esp_sa *sa;

	list_for_each_entry_rcu(p, &entry->patterns, list) {
		if (p->family != t->family)
			continue;
		sa = find_in(en, p, t, dead);
		if (sa)
			return sa;
	}
	return NULL;
}
