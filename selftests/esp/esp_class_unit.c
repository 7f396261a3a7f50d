// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier of kmod/esp/class.c: what each part of a rule means, the order
 * of rules and entries, and what a search costs.
 *
 * lab: native
 */
#include <netinet/in.h>

#include "class_unit.h"
#include "kselftest_harness.h"

#define PERMIT	true
#define DENY	false
#define HOST	prefix(32)
#define ANY	0, 0
#define MANY	10000

#define NET_A	IP(10, 1, 0, 0)
#define NET_B	IP(10, 2, 0, 0)
#define IN_A	IP(10, 1, 2, 3)
#define IN_B	IP(10, 2, 4, 5)
#define OUTSIDE	IP(192, 0, 2, 1)

FIXTURE(class) {
	struct esp_class *c;
	struct esp_rule *rules;
};

FIXTURE_SETUP(class)
{
	self->c = NULL;
	self->rules = calloc(2 * MANY, sizeof(*self->rules));
	if (!self->rules)
		abort();
}

FIXTURE_TEARDOWN(class)
{
	esp_class_free(self->c);
	free(self->rules);
	EXPECT_EQ(0UL, pure_allocated);
}

static void build(FIXTURE_DATA(class) *self, const struct esp_rule *rules, u32 n)
{
	esp_class_free(self->c);
	self->c = esp_class_build(rules, n);
	if (IS_ERR(self->c))
		abort();
}

static int find(FIXTURE_DATA(class) *self, struct esp_tuple t)
{
	return esp_class_lookup(self->c, &t);
}

static int tcp(FIXTURE_DATA(class) *self, __be32 src, __be32 dst, u16 sport, u16 dport)
{
	return find(self, tuple4(IPPROTO_TCP, src, dst, sport, dport));
}

TEST_F(class, no_rules)
{
	build(self, NULL, 0);
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_FALSE(esp_class_wants_ports(self->c));
}

TEST_F(class, addresses)
{
	struct esp_rule r = rule4(0, PERMIT, 0, NET_A, prefix(16), NET_B, prefix(16));

	build(self, &r, 1);
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(0, tcp(self, IP(10, 1, 0, 0), IP(10, 2, 255, 255), 1, 2));
	EXPECT_EQ(-1, tcp(self, IN_B, IN_A, 1, 2));
	EXPECT_EQ(-1, tcp(self, IN_A, OUTSIDE, 1, 2));
	EXPECT_EQ(-1, tcp(self, OUTSIDE, IN_B, 1, 2));
	EXPECT_EQ(-1, tcp(self, IP(10, 0, 255, 255), IN_B, 1, 2));
	EXPECT_EQ(-1, tcp(self, IN_A, IP(10, 3, 0, 0), 1, 2));
}

TEST_F(class, any_and_host)
{
	struct esp_rule rules[] = {
		rule4(0, PERMIT, 0, IN_A, HOST, IN_B, HOST),
		rule4(0, PERMIT, 0, IN_A, HOST, ANY),
		rule4(0, PERMIT, 0, ANY, IN_B, HOST),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(1, tcp(self, IN_A, OUTSIDE, 1, 2));
	EXPECT_EQ(2, tcp(self, OUTSIDE, IN_B, 1, 2));
	EXPECT_EQ(-1, tcp(self, OUTSIDE, IN_A, 1, 2));
}

/* Bits that do not count may be anything in the rule, too. */
TEST_F(class, masks_are_not_prefixes)
{
	struct esp_rule r = rule4(0, PERMIT, 0, IP(10, 99, 0, 1), IP(255, 0, 255, 1),
				  IP(1, 2, 3, 77), prefix(24));

	build(self, &r, 1);
	EXPECT_EQ(0, tcp(self, IP(10, 1, 0, 3), IP(1, 2, 3, 4), 1, 2));
	EXPECT_EQ(0, tcp(self, IP(10, 200, 0, 255), IP(1, 2, 3, 255), 1, 2));
	EXPECT_EQ(-1, tcp(self, IP(10, 1, 0, 2), IP(1, 2, 3, 4), 1, 2));
	EXPECT_EQ(-1, tcp(self, IP(10, 1, 1, 3), IP(1, 2, 3, 4), 1, 2));
	EXPECT_EQ(IP(10, 0, 0, 1), esp_class_rule(self->c, 0)->src[0]);
	EXPECT_EQ(IP(1, 2, 3, 0), esp_class_rule(self->c, 0)->dst[0]);
}

TEST_F(class, protocols)
{
	struct esp_rule rules[] = {
		rule4(0, PERMIT, IPPROTO_TCP, ANY, IN_B, HOST),
		rule4(1, PERMIT, IPPROTO_ICMP, ANY, IN_B, HOST),
		rule4(2, PERMIT, 0, IN_A, HOST, ANY),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(0, find(self, tuple4(IPPROTO_TCP, IN_A, IN_B, 1, 2)));
	EXPECT_EQ(1, find(self, tuple4(IPPROTO_ICMP, IN_A, IN_B, 0, 0)));
	EXPECT_EQ(2, find(self, tuple4(IPPROTO_UDP, IN_A, IN_B, 1, 2)));
	EXPECT_EQ(2, find(self, tuple4(0, IN_A, IN_B, 0, 0)));
	EXPECT_EQ(-1, find(self, tuple4(IPPROTO_UDP, OUTSIDE, IN_B, 1, 2)));
	EXPECT_EQ(-1, find(self, tuple4(0, OUTSIDE, IN_B, 0, 0)));
}

TEST_F(class, ports)
{
	struct esp_rule any = rule4(0, PERMIT, IPPROTO_TCP, ANY, ANY);
	struct esp_rule rules[] = {
		with_ports(any, ANY_PORT, 80, 80),
		with_ports(any, ANY_PORT, 100, 200),
		with_ports(any, 1024, 65535, 0, 22),
		with_ports(any, 53, 53, ANY_PORT),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_TRUE(esp_class_wants_ports(self->c));
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 53, 80));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 79));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 81));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 99));
	EXPECT_EQ(1, tcp(self, IN_A, IN_B, 1, 100));
	EXPECT_EQ(1, tcp(self, IN_A, IN_B, 1, 200));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 201));
	EXPECT_EQ(2, tcp(self, IN_A, IN_B, 1024, 22));
	EXPECT_EQ(2, tcp(self, IN_A, IN_B, 65535, 0));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1023, 22));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1024, 23));
	EXPECT_EQ(3, tcp(self, IN_A, IN_B, 53, 65535));
	EXPECT_EQ(-1, find(self, tuple4(IPPROTO_UDP, IN_A, IN_B, 53, 80)));
}

TEST_F(class, who_wants_ports)
{
	struct esp_rule r = rule4(0, PERMIT, IPPROTO_TCP, ANY, ANY), bound;
	int i;

	build(self, &r, 1);
	EXPECT_FALSE(esp_class_wants_ports(self->c));
	for (i = 0; i < 4; i++) {
		bound = with_ports(r, i == 0 ? 1 : 0, i == 1 ? 65534 : 65535,
				   i == 2 ? 1 : 0, i == 3 ? 65534 : 65535);
		build(self, &bound, 1);
		EXPECT_TRUE(esp_class_wants_ports(self->c)) TH_LOG("bound %d", i);
	}
	r.permit = DENY;
	bound = with_ports(r, ANY_PORT, 22, 22);
	build(self, &bound, 1);
	EXPECT_TRUE(esp_class_wants_ports(self->c));
}

/* Whatever its ports might be, a fragment that could be meant is. */
TEST_F(class, without_ports)
{
	struct esp_rule all = rule4(0, PERMIT, IPPROTO_UDP, NET_A, prefix(16), ANY);
	struct esp_rule rules[] = { with_ports(all, ANY_PORT, 53, 53) };
	struct esp_tuple t = tuple4(IPPROTO_UDP, IN_A, IN_B, 0, 0);

	build(self, rules, 1);
	EXPECT_EQ(-1, find(self, t));
	t.has_ports = false;
	EXPECT_EQ(0, find(self, t));
	t.protocol = IPPROTO_TCP;
	EXPECT_EQ(-1, find(self, t));
	t.protocol = IPPROTO_UDP;
	t.src[0] = OUTSIDE;
	EXPECT_EQ(-1, find(self, t));
}

/* The first one that matches, whichever table it is in. */
TEST_F(class, order_of_rules)
{
	struct esp_rule narrow = rule4(0, PERMIT, 0, NET_A, prefix(16), ANY);
	struct esp_rule wide = rule4(0, PERMIT, 0, ANY, ANY);
	struct esp_rule exact = rule4(0, PERMIT, IPPROTO_TCP, NET_A, prefix(16), ANY);
	struct esp_rule first[] = { narrow, wide, exact };
	struct esp_rule second[] = { exact, narrow, wide };
	struct esp_rule third[] = { wide, exact, narrow };

	build(self, first, 3);
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(1, tcp(self, IN_B, IN_B, 1, 2));
	build(self, second, 3);
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(1, find(self, tuple4(IPPROTO_UDP, IN_A, IN_B, 1, 2)));
	EXPECT_EQ(2, tcp(self, IN_B, IN_B, 1, 2));
	build(self, third, 3);
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
}

TEST_F(class, deny_goes_on_with_the_next_entry)
{
	struct esp_rule rules[] = {
		rule4(5, DENY, 0, IN_A, HOST, ANY),
		rule4(5, PERMIT, 0, NET_A, prefix(16), ANY),
		rule4(5, PERMIT, 0, IN_A, HOST, IN_B, HOST),
		rule4(9, PERMIT, 0, IN_A, HOST, IN_B, HOST),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(1, tcp(self, IP(10, 1, 9, 9), IN_B, 1, 2));
	EXPECT_EQ(3, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(-1, tcp(self, IN_A, OUTSIDE, 1, 2));
}

TEST_F(class, deny_counts_in_its_order_only)
{
	struct esp_rule rules[] = {
		rule4(0, PERMIT, IPPROTO_TCP, IN_A, HOST, ANY),
		rule4(0, DENY, 0, IN_A, HOST, ANY),
		rule4(0, PERMIT, 0, ANY, ANY),
		rule4(1, DENY, IPPROTO_ICMP, ANY, ANY),
		rule4(1, PERMIT, 0, IN_A, HOST, ANY),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(4, find(self, tuple4(IPPROTO_UDP, IN_A, IN_B, 1, 2)));
	EXPECT_EQ(-1, find(self, tuple4(IPPROTO_ICMP, IN_A, IN_B, 0, 0)));
	EXPECT_EQ(2, find(self, tuple4(IPPROTO_ICMP, IN_B, IN_B, 0, 0)));
}

/* A deny is of its own entry, and does not reach into the others. */
TEST_F(class, deny_of_another_entry)
{
	struct esp_rule rules[] = {
		rule4(0, PERMIT, 0, IN_B, HOST, ANY),
		rule4(1, DENY, 0, IN_A, HOST, ANY),
		rule4(2, PERMIT, 0, IN_A, HOST, ANY),
		rule4(3, DENY, 0, IN_A, HOST, ANY),
		rule4(3, PERMIT, 0, ANY, ANY),
	};

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(2, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(0, tcp(self, IN_B, IN_A, 1, 2));
	EXPECT_EQ(4, tcp(self, OUTSIDE, IN_A, 1, 2));
	build(self, rules, 2);
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 1, 2));
}

TEST_F(class, deny_of_ports)
{
	struct esp_rule any = rule4(0, PERMIT, IPPROTO_TCP, ANY, ANY);
	struct esp_rule none = rule4(0, DENY, IPPROTO_TCP, ANY, ANY);
	struct esp_rule rules[] = {
		with_ports(none, ANY_PORT, 22, 22),
		with_ports(none, ANY_PORT, 179, 179),
		any,
	};
	struct esp_tuple t = tuple4(IPPROTO_TCP, IN_A, IN_B, 0, 0);

	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 5, 22));
	EXPECT_EQ(-1, tcp(self, IN_A, IN_B, 5, 179));
	EXPECT_EQ(2, tcp(self, IN_A, IN_B, 5, 23));

	/* that it might be one of these is no reason to let it leave in clear */
	t.has_ports = false;
	EXPECT_EQ(2, find(self, t));
	rules[1] = none;
	build(self, rules, ARRAY_SIZE(rules));
	EXPECT_EQ(-1, find(self, t));
}

TEST_F(class, versions)
{
	struct esp_rule rules[2] = { rule4(0, PERMIT, 0, ANY, ANY), rule4(1, PERMIT, 0, ANY, ANY) };
	struct esp_tuple t = tuple4(IPPROTO_TCP, IN_A, IN_B, 1, 2);

	rules[1].family = AF_INET6;
	build(self, rules, 2);
	EXPECT_EQ(0, find(self, t));
	t.family = AF_INET6;
	EXPECT_EQ(1, find(self, t));
	build(self, rules, 1);
	EXPECT_EQ(-1, find(self, t));
	build(self, rules + 1, 1);
	EXPECT_EQ(0, find(self, t));
	t.family = AF_INET;
	EXPECT_EQ(-1, find(self, t));
}

/* Each of the eight words counts. */
TEST_F(class, ipv6_words)
{
	struct esp_rule r = rule4(0, PERMIT, 0, ANY, ANY);
	struct esp_tuple t = tuple4(IPPROTO_TCP, 0, 0, 1, 2), other;
	int i;

	r.family = AF_INET6;
	t.family = AF_INET6;
	for (i = 0; i < 4; i++) {
		r.src[i] = htonl(0x20010db8 + i);
		r.dst[i] = htonl(0x20010db9 + i);
		r.src_mask[i] = prefix(32);
		r.dst_mask[i] = prefix(32);
		t.src[i] = r.src[i];
		t.dst[i] = r.dst[i];
	}
	build(self, &r, 1);
	EXPECT_EQ(0, find(self, t));
	for (i = 0; i < 8; i++) {
		other = t;
		*(i < 4 ? &other.src[i] : &other.dst[i - 4]) ^= htonl(1);
		EXPECT_EQ(-1, find(self, other)) TH_LOG("word %d", i);
		EXPECT_FALSE(esp_rule_matches(&r, &other)) TH_LOG("word %d", i);
	}
	r.src_mask[3] = prefix(24);
	build(self, &r, 1);
	other = t;
	other.src[3] ^= htonl(0xff);
	EXPECT_EQ(0, find(self, other));
	other.src[3] ^= htonl(0x100);
	EXPECT_EQ(-1, find(self, other));
}

TEST_F(class, rule_alone)
{
	struct esp_rule r = with_ports(rule4(0, PERMIT, IPPROTO_UDP, IP(10, 1, 7, 7), prefix(16),
					     NET_B, prefix(16)), 5, 10, 20, 30);
	struct esp_tuple t = tuple4(IPPROTO_UDP, IN_A, IN_B, 5, 30), other;

	EXPECT_TRUE(esp_rule_matches(&r, &t));
	other = t;
	other.sport = 11;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	other.has_ports = false;
	EXPECT_TRUE(esp_rule_matches(&r, &other));
	r.permit = DENY;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	EXPECT_TRUE(esp_rule_matches(&r, &t));
	other = t;
	other.dport = 19;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	other = t;
	other.protocol = IPPROTO_TCP;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	other = t;
	other.family = AF_INET6;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	other = t;
	other.src[0] = OUTSIDE;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
	other = t;
	other.dst[0] = OUTSIDE;
	EXPECT_FALSE(esp_rule_matches(&r, &other));
}

/* Of small rules all pairs, against what they say of all packets of a small world. */
TEST_F(class, within_and_overlaps)
{
	static const u8 protocols[] = { 0, IPPROTO_UDP, IPPROTO_TCP };
	static const u16 ports[][2] = { { 0, 65535 }, { 1, 1 }, { 1, 2 } };
	struct esp_rule rules[3 * 3 * 3 * 3];
	unsigned int n = 0, i, j, p, a, b, k, within, shared;

	for (p = 0; p < 3; p++)
		for (a = 30; a <= 32; a++)
			for (b = 30; b <= 32; b++)
				for (k = 0; k < (p ? 3 : 1); k++)
					rules[n++] = with_ports(
						rule4(0, PERMIT, protocols[p],
						      IP(10, 0, 0, a & 2) & prefix(a), prefix(a),
						      IP(20, 0, 0, b & 1) & prefix(b), prefix(b)),
						0, 65535, ports[k][0], ports[k][1]);
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			within = 1;
			shared = 0;
			for (k = 0; k < 4 * 4 * 3 * 4; k++) {
				struct esp_tuple t = tuple4(protocols[k / 16 % 3] ?: IPPROTO_TCP,
							    IP(10, 0, 0, k % 4),
							    IP(20, 0, 0, k / 4 % 4), 7, k / 48);
				bool x = esp_rule_matches(&rules[i], &t);
				bool y = esp_rule_matches(&rules[j], &t);

				if (!protocols[k / 16 % 3]) {
					/* one that has no ports */
					t.protocol = IPPROTO_ICMP;
					t.has_ports = false;
					x = esp_rule_matches(&rules[i], &t);
					y = esp_rule_matches(&rules[j], &t);
				}
				within &= !x || y;
				shared |= x && y;
			}
			EXPECT_EQ(within, esp_rule_within(&rules[i], &rules[j]))
				TH_LOG("%u within %u", i, j);
			EXPECT_EQ(shared, esp_rule_overlaps(&rules[i], &rules[j]))
				TH_LOG("%u overlaps %u", i, j);
		}
	}
}

TEST_F(class, versions_are_apart)
{
	struct esp_rule a = rule4(0, PERMIT, 0, ANY, ANY), b = a;

	b.family = AF_INET6;
	EXPECT_FALSE(esp_rule_within(&a, &b));
	EXPECT_FALSE(esp_rule_overlaps(&a, &b));
}

TEST_F(class, reverse)
{
	struct esp_tuple t = tuple4(IPPROTO_UDP, IN_A, IN_B, 5, 30), was = t;
	int i;

	esp_tuple_reverse(&t);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(was.src[i], t.dst[i]);
		EXPECT_EQ(was.dst[i], t.src[i]);
	}
	EXPECT_EQ(30, t.sport);
	EXPECT_EQ(5, t.dport);
	esp_tuple_reverse(&t);
	EXPECT_EQ(0, memcmp(&was, &t, sizeof(t)));
}

/* The rules may be gone or others afterwards. */
TEST_F(class, rules_are_copied)
{
	struct esp_rule rules[2] = {
		rule4(3, PERMIT, 6, IN_A, HOST, ANY), rule4(4, PERMIT, 0, IN_A, HOST, ANY),
	};

	build(self, rules, 2);
	memset(rules, 0xff, sizeof(rules));
	EXPECT_EQ(0, tcp(self, IN_A, IN_B, 1, 2));
	EXPECT_EQ(3, esp_class_rule(self->c, 0)->entry);
	EXPECT_EQ(6, esp_class_rule(self->c, 0)->protocol);
	EXPECT_EQ(4, esp_class_rule(self->c, 1)->entry);
}

/* Whichever allocation fails, nothing remains of the others. */
TEST_F(class, out_of_memory)
{
	struct esp_rule r = rule4(0, PERMIT, 0, ANY, ANY);
	struct esp_class *c;
	int after = 0;

	for (;; after++) {
		pure_allocations_left = after;
		c = esp_class_build(&r, 1);
		if (!IS_ERR(c))
			break;
		ASSERT_EQ(-ENOMEM, PTR_ERR(c));
		ASSERT_EQ(0UL, pure_allocated) TH_LOG("after %d", after);
	}
	EXPECT_LT(4, after);
	esp_class_free(c);
	esp_class_free(NULL);
	esp_class_free(ERR_PTR(-ENOMEM));
	pure_allocations_left = -1;
}

/*
 * What a search looks at: tables, keys and rules. Entries protect a network
 * each, behind a deny of what stays at home; that they are many must not show.
 */
enum shape { NETWORKS, HOSTS, BOTH_SIDES, PORTS, DENIED_ALL, IPV6_HOSTS, SHAPES };

static struct esp_rule *add_entry(struct esp_rule *r, enum shape shape, u32 i)
{
	__be32 net = htonl(0x0a000000 + (i << 8));
	__be32 home = IP(172, 16, 0, 0);

	switch (shape) {
	case NETWORKS:
		*r++ = rule4(i, DENY, 0, home, prefix(12), home, prefix(12));
		*r++ = rule4(i, PERMIT, 0, home, prefix(12), net, prefix(24));
		break;
	case HOSTS:
		*r++ = rule4(i, PERMIT, 0, home, prefix(12), htonl(0x0a000000 + i), HOST);
		break;
	case BOTH_SIDES:
		*r++ = rule4(i, PERMIT, 0, htonl(0xac100000 + (i << 8)), prefix(24), net,
			     prefix(24));
		break;
	case PORTS:
		*r++ = with_ports(rule4(i, DENY, IPPROTO_TCP, home, prefix(12), net, prefix(24)),
				  ANY_PORT, 22, 22);
		*r++ = rule4(i, PERMIT, IPPROTO_TCP, home, prefix(12), net, prefix(24));
		break;
	case DENIED_ALL:	/* every entry refuses the packet that is looked for */
		*r++ = rule4(i, DENY, 0, ANY, IP(9, 9, 9, 9), HOST);
		*r++ = rule4(i, PERMIT, 0, home, prefix(12), net, prefix(24));
		break;
	default:
		*r = rule4(i, PERMIT, 0, ANY, ANY);
		r->family = AF_INET6;
		r->dst[0] = htonl(0x20010db8);
		r->dst[3] = htonl(i);
		memset(r->dst_mask, 0xff, sizeof(r->dst_mask));
		r++;
	}
	return r;
}

static struct esp_tuple entry_packet(enum shape shape, u32 i)
{
	struct esp_tuple t = tuple4(IPPROTO_TCP, IP(172, 16, 0, 9),
				    htonl(0x0a000000 + (i << 8) + 7), 1000, 80);

	if (shape == HOSTS)
		t.dst[0] = htonl(0x0a000000 + i);
	if (shape == BOTH_SIDES)
		t.src[0] = htonl(0xac100000 + (i << 8) + 5);
	if (shape == IPV6_HOSTS) {
		t.family = AF_INET6;
		memset(t.dst, 0, sizeof(t.dst));
		t.dst[0] = htonl(0x20010db8);
		t.dst[3] = htonl(i);
	}
	return t;
}

struct cost {
	unsigned long mean_100, most, miss;
	size_t bytes_per_rule;
};

static struct cost measure(FIXTURE_DATA(class) *self, struct __test_metadata *_metadata,
			   enum shape shape, u32 entries)
{
	struct esp_tuple t, outside = tuple4(IPPROTO_TCP, IP(172, 16, 0, 9), IP(9, 9, 9, 9), 1, 2);
	struct esp_rule *end = self->rules;
	unsigned long before, all = 0;
	struct cost cost = {};
	u32 i, n;
	int found;

	for (i = 0; i < entries; i++)
		end = add_entry(end, shape, i);
	n = end - self->rules;
	build(self, self->rules, n);
	cost.bytes_per_rule = pure_allocated / n;

	for (i = 0; i < entries; i++) {
		t = entry_packet(shape, i);
		before = pure_looked;
		found = esp_class_lookup(self->c, &t);
		ASSERT_EQ((int)((i + 1) * (n / entries) - 1), found) TH_LOG("entry %u", i);
		all += pure_looked - before;
		if (pure_looked - before > cost.most)
			cost.most = pure_looked - before;
	}
	before = pure_looked;
	ASSERT_EQ(-1, esp_class_lookup(self->c, &outside));
	cost.miss = pure_looked - before;
	cost.mean_100 = all * 100 / entries;
	return cost;
}

TEST_F(class, cost_does_not_grow_with_entries)
{
	struct cost few, many;
	enum shape shape;

	for (shape = 0; shape < SHAPES; shape++) {
		few = measure(self, _metadata, shape, 10);
		many = measure(self, _metadata, shape, MANY);
		TH_LOG("shape %d: mean of 10 entries %lu.%02lu, of %d %lu.%02lu (most %lu, miss %lu), %zu bytes per rule",
		       shape, few.mean_100 / 100, few.mean_100 % 100, MANY,
		       many.mean_100 / 100, many.mean_100 % 100, many.most, many.miss,
		       many.bytes_per_rule);
		/* the same, but for what shares a hash table's slots by chance */
		EXPECT_LT(0UL, few.mean_100);
		EXPECT_GT(few.mean_100 + 150, many.mean_100);
		EXPECT_GT(few.most + 30, many.most);
		EXPECT_GT(few.miss + 30, many.miss);
		EXPECT_GT(150UL, many.bytes_per_rule);
	}
}

/* As many tables as rules: no quicker than rule by rule, but right, and built. */
TEST_F(class, every_rule_a_mask_of_its_own)
{
	struct esp_tuple t;
	u32 i;

	for (i = 0; i < MANY; i++)
		self->rules[i] = rule4(i, PERMIT, 0, ANY, htonl(0xffffffff), htonl(0xffff0000 + i));
	for (i = 0; i < MANY; i++)
		self->rules[i].dst[0] = htonl(0x0a000000 + i);
	build(self, self->rules, MANY);
	EXPECT_GT(200UL, pure_allocated / MANY);
	for (i = 0; i < MANY; i += 97) {
		t = tuple4(IPPROTO_TCP, IN_A, htonl(0x0a000000 + i), 1, 2);
		ASSERT_EQ(linear_lookup(self->rules, MANY, &t), find(self, t));
	}
}

TEST_HARNESS_MAIN
