// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier of kmod/esp/class.c with random rules and packets, the same on
 * every run, beside a search rule by rule.
 *
 * lab: native
 */
#include <netinet/in.h>

#include "class_unit.h"
#include "kselftest_harness.h"

#define MAPS		1000
#define LOOKUPS		300
#define RULES_MAX	2000

/* xorshift64*: the same numbers on every machine. */
static u64 seed;

static u32 number(u32 below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (u32)((seed * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

/* Of few values, so that rules overlap and packets hit. */
static __be32 random_word(void)
{
	return htonl(0x0a000000 | number(4) << 16 | number(4) << 8 | number(4));
}

static __be32 random_mask(void)
{
	switch (number(8)) {
	case 0:
		return 0;
	case 1:
		return prefix(number(33));
	case 2:		/* no prefix */
		return htonl(0xff000000 | number(4) << 16 | number(4) << 8 | number(4));
	case 3:
		return prefix(32);
	case 4:
		return prefix(8);
	default:
		return prefix(16 + 8 * number(2));
	}
}

static u8 random_protocol(void)
{
	static const u8 protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP };

	return protocols[number(ARRAY_SIZE(protocols))];
}

static void random_range(u16 *min, u16 *max)
{
	*min = number(10);
	*max = number(3) ? *min + number(4) : *min;
}

static void random_rule(struct esp_rule *r, u32 entry)
{
	int i;

	*r = rule4(entry, number(3), number(2) ? random_protocol() : 0, random_word(),
		   random_mask(), random_word(), random_mask());
	/* of IPv4 they do not count, whatever they are */
	for (i = 1; i < 4; i++) {
		r->src[i] = random_word();
		r->dst[i] = random_word();
		r->src_mask[i] = random_mask();
		r->dst_mask[i] = random_mask();
	}
	if (!number(4)) {
		r->family = AF_INET6;
		/* so much that has to match seldom does */
		i = number(4);
		r->src_mask[i] = 0;
		r->dst_mask[3 - i] = 0;
		r->src_mask[(i + 1) % 4] = 0;
		r->dst_mask[(i + 2) % 4] = 0;
	}
	if (r->protocol == IPPROTO_TCP || r->protocol == IPPROTO_UDP) {
		if (!number(3))
			random_range(&r->sport_min, &r->sport_max);
		if (!number(2))
			random_range(&r->dport_min, &r->dport_max);
	}
}

/* A few rules are those of earlier entries again. */
static void random_map(struct esp_rule *rules, u32 n)
{
	u32 entry = number(3), i;

	for (i = 0; i < n; i++) {
		if (!number(4))
			entry += 1 + number(3);
		if (i && !number(5)) {
			rules[i] = rules[number(i)];
			rules[i].entry = entry;
			rules[i].permit = number(2);
		} else {
			random_rule(&rules[i], entry);
		}
	}
}

/* Most packets are such that some rule matches, within the bits that count. */
static void random_tuple(struct esp_tuple *t, const struct esp_rule *rules, u32 n)
{
	const struct esp_rule *r = &rules[number(n)];
	int i;

	*t = tuple4(random_protocol(), 0, 0, number(14), number(14));
	t->has_ports = t->protocol != IPPROTO_ICMP && number(8);
	t->family = number(16) ? r->family : (number(2) ? AF_INET : AF_INET6);
	for (i = 0; i < 4; i++) {
		t->src[i] = random_word();
		t->dst[i] = random_word();
	}
	if (!number(6))
		return;
	if (r->protocol)
		t->protocol = r->protocol;
	t->sport = r->sport_min + number(3);
	t->dport = r->dport_min + number(3);
	for (i = 0; i < 4; i++) {
		t->src[i] = (t->src[i] & ~r->src_mask[i]) | (r->src[i] & r->src_mask[i]);
		t->dst[i] = (t->dst[i] & ~r->dst_mask[i]) | (r->dst[i] & r->dst_mask[i]);
	}
}

FIXTURE(random) {
	struct esp_rule rules[RULES_MAX];
};

FIXTURE_SETUP(random)
{
}

FIXTURE_TEARDOWN(random)
{
	EXPECT_EQ(0UL, pure_allocated);
}

TEST_F_TIMEOUT(random, lookups, 3600)
{
	unsigned int hits = 0, passed_over = 0, matches = 0;
	struct esp_tuple t;
	struct esp_class *c;
	int map, i, want;
	u32 n, first, at;

	seed = 4301;
	for (map = 0; map < MAPS; map++) {
		n = 1 + number(map % 50 ? 60 : RULES_MAX);
		random_map(self->rules, n);
		c = esp_class_build(self->rules, n);
		ASSERT_FALSE(IS_ERR(c));
		for (i = 0; i < LOOKUPS; i++) {
			random_tuple(&t, self->rules, n);
			want = linear_lookup(self->rules, n, &t);
			ASSERT_EQ(want, esp_class_lookup(c, &t))
				TH_LOG("map %d of %u rules, lookup %d", map, n, i);
			hits += want >= 0;

			/* some deny rule was before it */
			for (first = 0; first < n && !linear_matches(&self->rules[first], &t);)
				first++;
			passed_over += first < n && !self->rules[first].permit && want >= 0;

			at = number(n);
			ASSERT_EQ(linear_matches(&self->rules[at], &t),
				  esp_rule_matches(&self->rules[at], &t))
				TH_LOG("map %d of %u rules, rule %u", map, n, at);
			ASSERT_EQ(esp_rule_matches(&self->rules[at], &t),
				  esp_rule_matches(esp_class_rule(c, at), &t));
			matches += linear_matches(&self->rules[at], &t);
		}
		esp_class_free(c);
	}
	TH_LOG("of %d lookups %u found a rule, %u of them behind a deny; %u single matches",
	       MAPS * LOOKUPS, hits, passed_over, matches);
	/* too few or too many would mean that nothing was tried */
	EXPECT_TRUE(hits > MAPS * LOOKUPS / 4 && hits < MAPS * LOOKUPS * 9 / 10);
	EXPECT_LT(MAPS * LOOKUPS / 20, passed_over);
	EXPECT_LT(MAPS * LOOKUPS / 50, matches);
}

TEST_HARNESS_MAIN
