// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that look at the same bits of a packet share a hash table: of each
 * table a search looks at one group, the rules that want the same values there.
 *
 * The first matching permit rule decides, unless a deny rule of its entry
 * matches before it. The deny rules are therefore a tuple space of their own,
 * with the entry as a part of the key: what they cost does not grow with the
 * entries that leave the same packets alone.
 */
#include "esp/class.h"

#define WORDS_V4	1
#define WORDS_V6	4

/* Odd, with about as many ones as zeros in no order: the golden ratio and pi. */
#define HASH_A		0x9e3779b97f4a7c15ULL
#define HASH_B		0x243f6a8885a308d3ULL

/**
 * struct kept_rule - a rule as it was given
 * @rule: less the bits of its addresses that do not count
 * @denied: index of the first deny rule of its entry up to it, its own index if
 *	there is none
 * @next: index of the first rule of the next entry
 */
struct kept_rule {
	struct esp_rule rule;
	u32 denied;
	u32 next;
};

/**
 * struct item - a place in a table
 * @rule: index of the rule
 * @end: where in the table the rules with the same key end; they stand together,
 *	in their order
 */
struct item {
	u32 rule;
	u32 end;
};

/**
 * struct table - the rules that look at the same bits
 * @src_mask: bits of the source address
 * @dst_mask: bits of the destination address
 * @lowest: its first rule
 * @highest: its last rule
 * @slot_mask: size of the hash table, less 1
 * @protocol: bits of the protocol that count, all or none
 * @items: its rules
 * @keys: of the items, addresses in as many words as the IP version takes
 * @slots: the hash table
 *
 * A slot holds the first item of a group, plus 1; 0 is an empty one.
 */
struct table {
	__be32 src_mask[WORDS_V6], dst_mask[WORDS_V6];
	u32 lowest, highest;
	u32 slot_mask;
	u8 protocol;
	struct item *items;
	u64 *keys;
	u32 *slots;
};

/**
 * struct list - tables of permit or of deny rules of an IP version
 * @tables: by their lowest rule
 * @n: how many
 */
struct list {
	struct table *tables;
	u32 n;
};

/**
 * struct esp_class - the rules of a crypto map
 * @n: number of rules
 * @wants_ports: some rule looks at ports
 * @permit: tables of permit rules, of IPv4 and IPv6
 * @deny: tables of deny rules, likewise
 * @rules: the rules, as given
 * @items: rules by table and key
 * @keys: of the items
 * @slots: of the tables
 * @tables: of the lists
 */
struct esp_class {
	u32 n;
	bool wants_ports;
	struct list permit[2], deny[2];
	struct kept_rule *rules;
	struct item *items;
	u64 *keys;
	u32 *slots;
	struct table *tables;
};

static __always_inline bool is_v6(u8 family)
{
	return family == AF_INET6;
}

static __always_inline u32 words_of(bool v6)
{
	return v6 ? WORDS_V6 : WORDS_V4;
}

static __always_inline u64 key_word(__be32 src, __be32 dst)
{
	return (u64)(__force u32)src << 32 | (__force u32)dst;
}

/* Consecutive networks or hosts, on either side or both, spread well. */
static __always_inline u32 hash(const u64 *key, u32 words, u8 protocol, u32 entry)
{
	u64 h = ((u64)entry << 8 | protocol) * HASH_B;
	u32 i;

	for (i = 0; i < words; i++) {
		h ^= key[i];
		h *= HASH_A;
		h ^= h >> 32;
	}
	return (h * HASH_B) >> 32;
}

static __always_inline bool equal(const u64 *a, const u64 *b, u32 words)
{
	u64 differ = 0;
	u32 i;

	for (i = 0; i < words; i++)
		differ |= a[i] ^ b[i];
	return !differ;
}

static __always_inline bool within(u16 port, u16 min, u16 max)
{
	return port >= min && port <= max;
}

static bool any_port(const struct esp_rule *r)
{
	return !r->sport_min && !r->dport_min && r->sport_max == 0xffff &&
	       r->dport_max == 0xffff;
}

/*
 * Ports that are not known could be any. What could be meant is protected, and
 * only what is meant for certain is left alone.
 */
static __always_inline bool ports_match(const struct esp_rule *r, const struct esp_tuple *t)
{
	if (!t->has_ports)
		return r->permit || any_port(r);
	return within(t->sport, r->sport_min, r->sport_max) &&
	       within(t->dport, r->dport_min, r->dport_max);
}

/* The first item of a group from a rule on. */
static noinline const struct item *seek(const struct item *item, const struct item *end,
					u32 from)
{
	const struct item *mid;

	while (item < end) {
		mid = item + (end - item) / 2;
		if (mid->rule < from)
			item = mid + 1;
		else
			end = mid;
	}
	return item;
}

/* The first rule of a table, @from <= rule < @below, that matches; else @below. */
static __always_inline u32 table_find(const struct kept_rule *rules, const struct table *tab,
				      const struct esp_tuple *t, u32 from, u32 below,
				      u32 entry, const bool v6, const bool deny)
{
	const u32 words = words_of(v6);
	const struct item *item, *end;
	u8 protocol = t->protocol & tab->protocol;
	const struct esp_rule *r;
	u64 key[WORDS_V6];
	u32 slot, at, i;

	for (i = 0; i < words; i++)
		key[i] = key_word(t->src[i] & tab->src_mask[i],
				  t->dst[i] & tab->dst_mask[i]);

	for (slot = hash(key, words, protocol, entry);; slot++) {
		at = tab->slots[slot & tab->slot_mask];
		if (!at--)
			return below;
		pure_looked_at();
		if (!equal(tab->keys + at * words, key, words))
			continue;
		item = &tab->items[at];
		r = &rules[item->rule].rule;
		if (r->protocol == protocol && (!deny || r->entry == entry))
			break;
	}

	end = &tab->items[item->end];
	if (item->rule < from)
		item = seek(item, end, from);
	for (; item < end && item->rule < below; item++) {
		pure_looked_at();
		if (ports_match(&rules[item->rule].rule, t))
			return item->rule;
	}
	return below;
}

/* The same for all tables of a list. */
static __always_inline u32 list_find(const struct esp_class *c, const struct list *list,
				     const struct esp_tuple *t, u32 from, u32 below,
				     u32 entry, const bool v6, const bool deny)
{
	const struct table *tab, *end = list->tables + list->n;

	for (tab = list->tables; tab < end && tab->lowest < below; tab++) {
		pure_looked_at();
		if (tab->highest >= from)
			below = table_find(c->rules, tab, t, from, below, entry, v6, deny);
	}
	return below;
}

/* What protects the packet, if the entry of this permit rule may deny it first. */
static __always_inline int settle(const struct esp_class *c, const struct esp_tuple *t,
				  u32 found, const bool v6)
{
	const struct kept_rule *kept;

	for (; found < c->n; found = list_find(c, &c->permit[v6], t, kept->next, c->n, 0, v6,
					       false)) {
		kept = &c->rules[found];
		if (list_find(c, &c->deny[v6], t, kept->denied, found, kept->rule.entry, v6,
			      true) == found)
			return found;
	}
	return -1;
}

/* Apart: a compiler that puts these where they are called runs out of registers. */
static noinline int settle_v4(const struct esp_class *c, const struct esp_tuple *t, u32 found)
{
	return settle(c, t, found, false);
}

static noinline int settle_v6(const struct esp_class *c, const struct esp_tuple *t, u32 found)
{
	return settle(c, t, found, true);
}

static __always_inline int lookup(const struct esp_class *c, const struct esp_tuple *t,
				  const bool v6)
{
	u32 found = list_find(c, &c->permit[v6], t, 0, c->n, 0, v6, false);

	if (found == c->n)
		return -1;
	if (c->rules[found].denied == found)
		return found;
	return v6 ? settle_v6(c, t, found) : settle_v4(c, t, found);
}

static noinline int lookup_v6(const struct esp_class *c, const struct esp_tuple *t)
{
	return lookup(c, t, true);
}

/**
 * esp_class_lookup() - find what protects a packet
 * @c: the rules
 * @t: the packet
 *
 * Entries in their order; the first rule of an entry that matches decides for
 * that entry. A packet without ports is protected if it were with some ports: it
 * matches permit rules whatever they say of ports, and no deny rule that looks
 * at them.
 * Context: any, @c kept by RCU or by the caller. Return: index of the permit
 * rule that protects the packet, -1 if none does.
 */
int esp_class_lookup(const struct esp_class *c, const struct esp_tuple *t)
{
	return is_v6(t->family) ? lookup_v6(c, t) : lookup(c, t, false);
}

/**
 * esp_class_wants_ports() - whether ports matter
 * @c: the rules
 *
 * Context: any. Return: true if some rule looks at ports, and a fragment's
 * verdict may therefore differ from the whole packet's.
 */
bool esp_class_wants_ports(const struct esp_class *c)
{
	return c->wants_ports;
}

/**
 * esp_class_rule() - a rule by its index
 * @c: the rules
 * @index: below the number of rules
 *
 * Context: any. Return: the rule, valid as long as @c. Bits of its addresses
 * that do not count are 0.
 */
const struct esp_rule *esp_class_rule(const struct esp_class *c, u32 index)
{
	return &c->rules[index].rule;
}

/**
 * esp_rule_matches() - whether a rule is about a packet
 * @r: permit or deny
 * @t: the packet
 *
 * A packet without ports: see esp_class_lookup().
 * Context: any. Return: true if it is, whatever rules come before.
 */
bool esp_rule_matches(const struct esp_rule *r, const struct esp_tuple *t)
{
	u32 words = words_of(is_v6(r->family)), i;

	if (r->family != t->family || (r->protocol && r->protocol != t->protocol))
		return false;
	for (i = 0; i < words; i++) {
		if ((r->src[i] ^ t->src[i]) & r->src_mask[i] ||
		    (r->dst[i] ^ t->dst[i]) & r->dst_mask[i])
			return false;
	}
	return ports_match(r, t);
}

/**
 * esp_rule_within() - whether a rule is about all that another one is about
 * @a: the one that may be narrower
 * @b: the other
 *
 * Bits of addresses that do not count are 0 in both.
 * Context: any. Return: true if each packet that @a matches is one of @b's.
 */
bool esp_rule_within(const struct esp_rule *a, const struct esp_rule *b)
{
	u32 words = words_of(is_v6(a->family)), i;

	if (a->family != b->family || (b->protocol && a->protocol != b->protocol))
		return false;
	for (i = 0; i < words; i++) {
		if (b->src_mask[i] & ~a->src_mask[i] || b->dst_mask[i] & ~a->dst_mask[i] ||
		    (a->src[i] ^ b->src[i]) & b->src_mask[i] ||
		    (a->dst[i] ^ b->dst[i]) & b->dst_mask[i])
			return false;
	}
	return a->sport_min >= b->sport_min && a->sport_max <= b->sport_max &&
	       a->dport_min >= b->dport_min && a->dport_max <= b->dport_max;
}

/**
 * esp_rule_overlaps() - whether two rules can be about one packet
 * @a: rule
 * @b: rule
 *
 * Context: any. Return: true if there is a packet that both match.
 */
bool esp_rule_overlaps(const struct esp_rule *a, const struct esp_rule *b)
{
	u32 words = words_of(is_v6(a->family)), i;

	if (a->family != b->family ||
	    (a->protocol && b->protocol && a->protocol != b->protocol))
		return false;
	for (i = 0; i < words; i++) {
		if ((a->src[i] ^ b->src[i]) & a->src_mask[i] & b->src_mask[i] ||
		    (a->dst[i] ^ b->dst[i]) & a->dst_mask[i] & b->dst_mask[i])
			return false;
	}
	return a->sport_min <= b->sport_max && b->sport_min <= a->sport_max &&
	       a->dport_min <= b->dport_max && b->dport_min <= a->dport_max;
}

/**
 * esp_tuple_reverse() - the packet that answers a packet
 * @t: source and destination change places
 *
 * Context: any.
 */
void esp_tuple_reverse(struct esp_tuple *t)
{
	__be32 address;
	u16 port = t->sport;
	u32 i;

	for (i = 0; i < WORDS_V6; i++) {
		address = t->src[i];
		t->src[i] = t->dst[i];
		t->dst[i] = address;
	}
	t->sport = t->dport;
	t->dport = port;
}

static int compare_u32(u32 a, u32 b)
{
	return a < b ? -1 : a > b;
}

/* Rules that compare equal are of one table. */
static int compare_tables(const struct esp_rule *a, const struct esp_rule *b)
{
	return compare_u32(a->permit, b->permit) ?:
	       compare_u32(is_v6(a->family), is_v6(b->family)) ?:
	       compare_u32(!a->protocol, !b->protocol) ?:
	       memcmp(a->src_mask, b->src_mask, sizeof(a->src_mask)) ?:
	       memcmp(a->dst_mask, b->dst_mask, sizeof(a->dst_mask));
}

/* Rules of one table that compare equal are of one group. */
static int compare_keys(const struct esp_rule *a, const struct esp_rule *b)
{
	return memcmp(a->src, b->src, sizeof(a->src)) ?:
	       memcmp(a->dst, b->dst, sizeof(a->dst)) ?:
	       compare_u32(a->protocol, b->protocol) ?:
	       (a->permit ? 0 : compare_u32(a->entry, b->entry));
}

static int compare_rules(const void *a, const void *b)
{
	const struct kept_rule *x = *(const struct kept_rule * const *)a;
	const struct kept_rule *y = *(const struct kept_rule * const *)b;

	return compare_tables(&x->rule, &y->rule) ?: compare_keys(&x->rule, &y->rule) ?:
	       (x < y ? -1 : x > y);
}

static int compare_lowest(const void *a, const void *b)
{
	return compare_u32(((const struct table *)a)->lowest,
			   ((const struct table *)b)->lowest);
}

/* What does not count is made equal, so that rules compare by what does. */
static void normalise(struct esp_rule *r)
{
	u32 words = words_of(is_v6(r->family)), i;

	for (i = 0; i < WORDS_V6; i++) {
		if (i >= words) {
			r->src_mask[i] = 0;
			r->dst_mask[i] = 0;
		}
		r->src[i] &= r->src_mask[i];
		r->dst[i] &= r->dst_mask[i];
	}
}

static void keep_rules(struct esp_class *c, const struct esp_rule *rules)
{
	struct kept_rule *kept;
	u32 i, denied = 0;

	for (i = 0; i < c->n; i++) {
		kept = &c->rules[i];
		kept->rule = rules[i];
		normalise(&kept->rule);
		if (!any_port(&kept->rule))
			c->wants_ports = true;

		if (!i || rules[i].entry != rules[i - 1].entry)
			denied = c->n;
		if (!rules[i].permit && denied == c->n)
			denied = i;
		kept->denied = denied < i ? denied : i;
	}
	for (i = c->n; i--;) {
		if (i + 1 == c->n || rules[i].entry != rules[i + 1].entry)
			c->rules[i].next = i + 1;
		else
			c->rules[i].next = c->rules[i + 1].next;
	}
}

/* At most half full, so that a search ends soon, and always at an empty slot. */
static u32 slots_for(u32 groups)
{
	return roundup_pow_of_two(2 * (unsigned long)groups);
}

/**
 * struct extent - a table's part of the sorted rules, and what it takes
 * @end: the first rule that is not its own
 * @slots: of its hash table
 * @keys: words of its keys
 */
struct extent {
	u32 end;
	u32 slots;
	u32 keys;
};

static struct extent measure(struct kept_rule * const *order, u32 begin, u32 n)
{
	const struct esp_rule *first = &order[begin]->rule;
	struct extent extent;
	u32 groups = 1, i;

	for (i = begin + 1; i < n; i++) {
		if (compare_tables(first, &order[i]->rule))
			break;
		if (compare_keys(&order[i - 1]->rule, &order[i]->rule))
			groups++;
	}
	extent.end = i;
	extent.slots = slots_for(groups);
	extent.keys = (i - begin) * words_of(is_v6(first->family));
	return extent;
}

static void insert(struct table *tab, const struct esp_rule *r, u32 at)
{
	u32 words = words_of(is_v6(r->family));
	u32 slot = hash(tab->keys + at * words, words, r->protocol, r->permit ? 0 : r->entry);

	while (tab->slots[slot & tab->slot_mask])
		slot++;
	tab->slots[slot & tab->slot_mask] = at + 1;
}

static void fill(const struct esp_class *c, struct table *tab,
		 struct kept_rule * const *order, u32 n)
{
	const struct esp_rule *r = &order[0]->rule;
	u32 words = words_of(is_v6(r->family)), i, w;
	struct item *items = tab->items;
	u64 *key = tab->keys;

	memcpy(tab->src_mask, r->src_mask, sizeof(tab->src_mask));
	memcpy(tab->dst_mask, r->dst_mask, sizeof(tab->dst_mask));
	tab->protocol = r->protocol ? 0xff : 0;
	tab->lowest = c->n;
	tab->highest = 0;

	for (i = n; i--;) {
		items[i].rule = order[i] - c->rules;
		if (i + 1 == n || compare_keys(&order[i]->rule, &order[i + 1]->rule))
			items[i].end = i + 1;
		else
			items[i].end = items[i + 1].end;
	}
	for (i = 0; i < n; i++) {
		r = &order[i]->rule;
		if (items[i].rule < tab->lowest)
			tab->lowest = items[i].rule;
		if (items[i].rule > tab->highest)
			tab->highest = items[i].rule;
		for (w = 0; w < words; w++)
			*key++ = key_word(r->src[w], r->dst[w]);
		if (!i || compare_keys(&order[i - 1]->rule, r))
			insert(tab, r, i);
	}
}

static int make_tables(struct esp_class *c, struct kept_rule **order)
{
	u32 ntables = 0, nslots = 0, nkeys = 0, i;
	const struct esp_rule *first;
	struct extent extent;
	struct table *tab;
	struct list *list;

	for (i = 0; i < c->n; i = extent.end) {
		extent = measure(order, i, c->n);
		nslots += extent.slots;
		nkeys += extent.keys;
		ntables++;
	}

	c->items = kvcalloc(c->n, sizeof(*c->items), GFP_KERNEL_ACCOUNT);
	c->keys = kvcalloc(nkeys, sizeof(*c->keys), GFP_KERNEL_ACCOUNT);
	c->slots = kvcalloc(nslots, sizeof(*c->slots), GFP_KERNEL_ACCOUNT);
	c->tables = kvcalloc(ntables, sizeof(*c->tables), GFP_KERNEL_ACCOUNT);
	if (!c->items || !c->keys || !c->slots || !c->tables)
		return -ENOMEM;

	nslots = 0;
	nkeys = 0;
	tab = c->tables;
	for (i = 0; i < c->n; i = extent.end) {
		extent = measure(order, i, c->n);
		first = &order[i]->rule;
		list = first->permit ? c->permit : c->deny;
		list += is_v6(first->family);
		if (!list->n++)
			list->tables = tab;

		tab->items = c->items + i;
		tab->keys = c->keys + nkeys;
		tab->slots = c->slots + nslots;
		tab->slot_mask = extent.slots - 1;
		fill(c, tab, order + i, extent.end - i);
		nslots += extent.slots;
		nkeys += extent.keys;
		tab++;
	}

	for (i = 0; i < 2; i++) {
		sort(c->permit[i].tables, c->permit[i].n, sizeof(*tab), compare_lowest, NULL);
		sort(c->deny[i].tables, c->deny[i].n, sizeof(*tab), compare_lowest, NULL);
	}
	return 0;
}

/**
 * esp_class_build() - make rules ready to be searched
 * @rules: of all entries of a crypto map: those of an entry together, and all
 *	in the order in which they are tried; copied
 * @n: how many, may be 0
 *
 * Takes memory of about 130 bytes for each rule, and time of n log n.
 * Context: process, may sleep. Return: the rules, to be freed with
 * esp_class_free(); ERR_PTR(-ENOMEM).
 */
struct esp_class *esp_class_build(const struct esp_rule *rules, u32 n)
{
	struct kept_rule **order = NULL;
	struct esp_class *c;
	int err = -ENOMEM;
	u32 i;

	c = kvcalloc(1, sizeof(*c), GFP_KERNEL_ACCOUNT);
	if (!c)
		return ERR_PTR(-ENOMEM);
	c->n = n;
	if (!n)
		return c;

	c->rules = kvcalloc(n, sizeof(*c->rules), GFP_KERNEL_ACCOUNT);
	order = kvcalloc(n, sizeof(*order), GFP_KERNEL_ACCOUNT);
	if (!c->rules || !order)
		goto out;
	keep_rules(c, rules);
	for (i = 0; i < n; i++)
		order[i] = &c->rules[i];
	sort(order, n, sizeof(*order), compare_rules, NULL);
	err = make_tables(c, order);
out:
	kvfree(order);
	if (err) {
		esp_class_free(c);
		return ERR_PTR(err);
	}
	return c;
}

/**
 * esp_class_free() - free what esp_class_build() made
 * @c: rules that nobody searches any more; NULL and errors do nothing
 *
 * Context: process, may sleep.
 */
void esp_class_free(struct esp_class *c)
{
	if (IS_ERR_OR_NULL(c))
		return;
	kvfree(c->rules);
	kvfree(c->items);
	kvfree(c->keys);
	kvfree(c->slots);
	kvfree(c->tables);
	kvfree(c);
}
