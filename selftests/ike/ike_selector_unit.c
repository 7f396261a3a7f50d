// SPDX-License-Identifier: GPL-2.0
/*
 * Traffic selectors: narrowing by the cases of RFC 7296 section 2.9, and by random
 * ones of which every packet is tried; ranges and prefixes; what is written.
 *
 * lab: native
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike/selector.h"
#include "kselftest_harness.h"

static uint32_t seed = 1;

static unsigned int any(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

/* "10.0.0.0-10.0.0.255 6 80 90": addresses, protocol and ports; the last three may lack. */
static struct ike_selector selector(const char *text)
{
	char first[48], last[48], *dash;
	unsigned int protocol = 0, low = 0, high = 65535;
	struct ike_selector s = {};

	if (sscanf(text, "%47s %u %u %u", first, &protocol, &low, &high) < 1)
		abort();
	dash = strchr(first, '-');
	snprintf(last, sizeof(last), "%s", dash ? dash + 1 : first);
	if (dash)
		*dash = '\0';
	s.family = strchr(first, ':') ? AF_INET6 : AF_INET;
	s.protocol = (uint8_t)protocol;
	s.first_port = (uint16_t)low;
	s.last_port = (uint16_t)high;
	if (inet_pton(s.family, first, s.first) != 1 || inet_pton(s.family, last, s.last) != 1)
		abort();
	return s;
}

/* Several, with ", " between them. */
static struct ike_selectors selectors(const char *text)
{
	char copy[512], *rest = copy, *one;
	struct ike_selectors list = {};

	snprintf(copy, sizeof(copy), "%s", text);
	while ((one = strtok_r(rest, ",", &rest)))
		list.list[list.n++] = selector(one);
	return list;
}

static const char *text_of(char *to, const struct ike_selectors *list)
{
	char one[IKE_SELECTOR_TEXT_LEN];

	*to = '\0';
	for (unsigned int i = 0; i < list->n; i++)
		sprintf(to + strlen(to), "%s%s", i ? ", " : "",
			ike_selector_text(one, &list->list[i]));
	return to;
}

#define NET_A	"198.51.100.0-198.51.100.255"
#define NET_B	"192.0.2.0-192.0.2.255"
#define ALL	"0.0.0.0-255.255.255.255"
#define ALL_6	"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

/* The peer's side and ours of the policy; of the proposal; of the answer. */
static const struct {
	const char *policy[3][2], *proposed[2], *answer[2];
	enum ike_narrow how;
} cases[] = {
	/* The example of the RFC: all of it is taken, with and without a packet. */
	{ { { NET_A, NET_B } }, { NET_A, NET_B }, { "198.51.100.0/24", "192.0.2.0/24" },
	  IKE_NARROW_ALL },
	{ { { NET_A, NET_B } },
	  { "198.51.100.43 6 1024 1024, " NET_A, "192.0.2.7 6 80 80, " NET_B },
	  { "198.51.100.0/24", "192.0.2.0/24" }, IKE_NARROW_ALL },
	/* Only that host is allowed, which is the first choice. */
	{ { { "198.51.100.43", NET_B } },
	  { "198.51.100.43 6 1024 1024, " NET_A, "192.0.2.7 6 80 80, " NET_B },
	  { "198.51.100.43/32", "192.0.2.0/24" }, IKE_NARROW_SOME },
	/* The line of the first choice is not the first line. */
	{ { { "198.51.100.0-198.51.100.31", NET_B }, { "198.51.100.32-198.51.100.63", NET_B } },
	  { "198.51.100.43 6 1024 1024, " NET_A, "192.0.2.7 6 80 80, " NET_B },
	  { "198.51.100.32/27", "192.0.2.0/24" }, IKE_NARROW_MORE },
	/* No first choice: any line. */
	{ { { "198.51.100.0-198.51.100.31", NET_B }, { "198.51.100.32-198.51.100.63", NET_B } },
	  { NET_A, NET_B }, { "198.51.100.0/27", "192.0.2.0/24" }, IKE_NARROW_MORE },
	/* The first choice is not allowed: what else is. */
	{ { { "198.51.100.64-198.51.100.95", NET_B } },
	  { "198.51.100.43 6 1024 1024, " NET_A, "192.0.2.7 6 80 80, " NET_B },
	  { "198.51.100.64/27", "192.0.2.0/24" }, IKE_NARROW_SOME },
	/* A part of the first choice counts for more than none. */
	{ { { "203.0.113.1", NET_B }, { "198.51.100.0-198.51.100.7", NET_B } },
	  { NET_A ", 203.0.113.1", NET_B }, { "198.51.100.0/29", "192.0.2.0/24" },
	  IKE_NARROW_MORE },
	{ { { "203.0.113.1", NET_B } }, { NET_A, NET_B }, { "", "" }, IKE_NARROW_NONE },
	{ { { NET_A, NET_A } }, { NET_A, NET_B }, { "", "" }, IKE_NARROW_NONE },
	{ { { NULL, NULL } }, { NET_A, NET_B }, { "", "" }, IKE_NARROW_NONE },
	/* Two lines allow all combinations of what is proposed, or not all of them. */
	{ { { "10.0.0.1", NET_B }, { "10.0.0.2", NET_B } }, { "10.0.0.1, 10.0.0.2", NET_B },
	  { "10.0.0.1/32, 10.0.0.2/32", "192.0.2.0/24" }, IKE_NARROW_ALL },
	{ { { "10.0.0.1", "192.0.2.1" }, { "10.0.0.2", "192.0.2.2" } },
	  { "10.0.0.1, 10.0.0.2", "192.0.2.1, 192.0.2.2" },
	  { "10.0.0.1/32", "192.0.2.1/32" }, IKE_NARROW_MORE },
	/* Protocols and ports: wider, narrower, others, none to be seen. */
	{ { { ALL " 6", ALL " 6 80 80" } }, { NET_A, NET_B },
	  { "198.51.100.0/24 tcp", "192.0.2.0/24 tcp port 80" }, IKE_NARROW_SOME },
	{ { { ALL, ALL } }, { NET_A " 6 1 9", NET_B " 6 80 90" },
	  { "198.51.100.0/24 tcp ports 1-9", "192.0.2.0/24 tcp ports 80-90" },
	  IKE_NARROW_ALL },
	{ { { ALL " 6", ALL " 6 80 85" } }, { NET_A " 6", NET_B " 6 83 90" },
	  { "198.51.100.0/24 tcp", "192.0.2.0/24 tcp ports 83-85" }, IKE_NARROW_SOME },
	{ { { ALL " 6", ALL " 6" } }, { NET_A " 17", NET_B " 17" }, { "", "" },
	  IKE_NARROW_NONE },
	{ { { ALL " 6", ALL " 6 80 80" } }, { NET_A " 6", NET_B " 6 81 81" }, { "", "" },
	  IKE_NARROW_NONE },
	{ { { ALL, ALL } }, { NET_A " 6 65535 0", NET_B " 6 65535 0" },
	  { "198.51.100.0/24 tcp port opaque", "192.0.2.0/24 tcp port opaque" },
	  IKE_NARROW_ALL },
	{ { { ALL " 6 80 80", ALL " 6" } }, { NET_A " 6 65535 0", NET_B " 6 65535 0" },
	  { "", "" }, IKE_NARROW_NONE },
	/* What can have no packet is left out: no protocol, no family in common, turned round. */
	{ { { ALL, ALL } }, { NET_A " 6, 10.0.0.1 17", NET_B " 6" },
	  { "198.51.100.0/24 tcp", "192.0.2.0/24 tcp" }, IKE_NARROW_SOME },
	{ { { ALL, ALL } }, { NET_A " 6", NET_B " 17" }, { "", "" }, IKE_NARROW_NONE },
	{ { { ALL, ALL }, { ALL_6, ALL_6 } }, { NET_A ", 2001:db8::1", NET_B ", 2001:db8::2" },
	  { "198.51.100.0/24, 2001:db8::1/128", "192.0.2.0/24, 2001:db8::2/128" },
	  IKE_NARROW_ALL },
	{ { { ALL, ALL } }, { NET_A ", 2001:db8::1", NET_B ", 2001:db8::2" },
	  { "198.51.100.0/24", "192.0.2.0/24" }, IKE_NARROW_SOME },
	{ { { ALL, ALL } }, { NET_A, "2001:db8::2" }, { "", "" }, IKE_NARROW_NONE },
	{ { { ALL, ALL } }, { "10.0.0.9-10.0.0.1, 10.0.0.5", NET_B },
	  { "10.0.0.5/32", "192.0.2.0/24" }, IKE_NARROW_SOME },
	{ { { ALL, ALL } }, { "10.0.0.9-10.0.0.1", NET_B }, { "", "" }, IKE_NARROW_NONE },
	/* IPv6, and ranges that are no prefix. */
	{ { { "2001:db8::-2001:db8::ffff", ALL_6 } },
	  { "2001:db8::fff0-2001:db8::1:5", "2001:db8:1::1-2001:db8:1::3" },
	  { "2001:db8::fff0/124", "2001:db8:1::1-2001:db8:1::3" }, IKE_NARROW_SOME },
};

TEST(narrowing)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ike_selectors remote = selectors(cases[i].proposed[0]), remote_out;
		struct ike_selectors local = selectors(cases[i].proposed[1]), local_out;
		struct ike_selector_pair policy[3];
		char text[1024];
		size_t n;

		for (n = 0; n < 3 && cases[i].policy[n][0]; n++) {
			policy[n].remote = selector(cases[i].policy[n][0]);
			policy[n].local = selector(cases[i].policy[n][1]);
		}
		EXPECT_EQ(cases[i].how, ike_selectors_narrow(policy, n, &remote, &local,
							     &remote_out, &local_out)) {
			TH_LOG("case %zu", i);
		}
		if (cases[i].how == IKE_NARROW_NONE)
			continue;
		EXPECT_STREQ(cases[i].answer[0], text_of(text, &remote_out));
		EXPECT_STREQ(cases[i].answer[1], text_of(text, &local_out));
		EXPECT_TRUE(ike_selectors_within(&remote_out, &remote));
		EXPECT_TRUE(ike_selectors_within(&local_out, &local));
	}
}

TEST(nothing_proposed)
{
	struct ike_selectors none = {}, some = selectors(NET_A), a, b;
	struct ike_selector_pair all = { selector(ALL), selector(ALL) };

	EXPECT_EQ(IKE_NARROW_NONE, ike_selectors_narrow(&all, 1, &none, &none, &a, &b));
	EXPECT_EQ(IKE_NARROW_NONE, ike_selectors_narrow(&all, 1, &some, &none, &a, &b));
	EXPECT_EQ(IKE_NARROW_NONE, ike_selectors_narrow(&all, 1, &none, &some, &a, &b));
}

TEST(as_many_as_there_may_be)
{
	struct ike_selectors remote = {}, local = {}, a, b;
	struct ike_selector_pair all = { selector(ALL), selector(ALL) };

	for (unsigned int i = 0; i < IKE_SELECTORS_MAX; i++) {
		char text[32];

		sprintf(text, "10.0.%u.1", i);
		remote.list[remote.n++] = selector(text);
		local.list[local.n++] = selector(text);
	}
	EXPECT_EQ(IKE_NARROW_ALL, ike_selectors_narrow(&all, 1, &remote, &local, &a, &b));
	EXPECT_EQ(IKE_SELECTORS_MAX, a.n);
	EXPECT_EQ(IKE_SELECTORS_MAX, b.n);
}

/* A small world: hosts 0 to 7, two protocols, some ports and packets that show none. */
#define HOSTS	8
#define NO_PORT	(-1)

static const uint8_t world_protocols[] = { 6, 17 };
static const int world_ports[] = { 0, 1, 2, 3, 65535, NO_PORT };

struct packet {
	int remote, local, protocol, remote_port, local_port;
};

static struct ike_selector random_selector(uint8_t protocol)
{
	static const char *const ports[] = { "0 65535", "0 65535", "1 2", "2 3", "2 2", "65535 0" };
	unsigned int a = any(HOSTS), b = any(HOSTS);
	char text[64];

	sprintf(text, "10.0.0.%u-10.0.0.%u %u %s", a < b ? a : b, a < b ? b : a, protocol,
		ports[any(ARRAY_SIZE(ports))]);
	return selector(text);
}

static uint8_t random_protocol(void)
{
	static const uint8_t choices[] = { 0, 0, 6, 17 };

	return choices[any(4)];
}

static bool matches(const struct ike_selector *s, int host, int protocol, int port)
{
	if (host < s->first[3] || host > s->last[3] || (s->protocol && s->protocol != protocol))
		return false;
	if (s->first_port == 0 && s->last_port == 65535)
		return true;
	if (s->first_port == 65535 && s->last_port == 0)
		return port == NO_PORT;
	return port >= s->first_port && port <= s->last_port;
}

static bool any_matches(const struct ike_selectors *list, int host, int protocol, int port)
{
	for (unsigned int i = 0; i < list->n; i++)
		if (matches(&list->list[i], host, protocol, port))
			return true;
	return false;
}

static bool selected(const struct ike_selectors *remote, const struct ike_selectors *local,
		     const struct packet *p)
{
	return any_matches(remote, p->remote, p->protocol, p->remote_port) &&
	       any_matches(local, p->local, p->protocol, p->local_port);
}

static bool allowed(const struct ike_selector_pair *policy, size_t n, const struct packet *p)
{
	for (size_t i = 0; i < n; i++)
		if (matches(&policy[i].remote, p->remote, p->protocol, p->remote_port) &&
		    matches(&policy[i].local, p->local, p->protocol, p->local_port))
			return true;
	return false;
}

/* The packets one after the other; false when there are no more. */
static bool next_packet(unsigned int *n, struct packet *p)
{
	unsigned int i = (*n)++;

	p->remote = (int)(i % HOSTS);
	i /= HOSTS;
	p->local = (int)(i % HOSTS);
	i /= HOSTS;
	p->protocol = world_protocols[i % 2];
	i /= 2;
	p->remote_port = world_ports[i % ARRAY_SIZE(world_ports)];
	i /= ARRAY_SIZE(world_ports);
	p->local_port = world_ports[i % ARRAY_SIZE(world_ports)];
	return i < ARRAY_SIZE(world_ports);
}

static void random_selectors(struct ike_selectors *list)
{
	list->n = 1 + any(3);
	for (unsigned int i = 0; i < list->n; i++)
		list->list[i] = random_selector(random_protocol());
}

TEST(random_narrowing)
{
	unsigned int hows[4] = {}, first_kept = 0;

	for (unsigned int round = 0; round < 8000; round++) {
		struct ike_selectors remote, local, remote_out, local_out, first_r, first_l;
		struct ike_selector_pair policy[3];
		unsigned int n = 1 + any(3), i = 0;
		bool first_allowed = false, some = false, lost = false;
		enum ike_narrow how;
		struct packet p;

		random_selectors(&remote);
		random_selectors(&local);
		for (unsigned int k = 0; k < n; k++) {
			uint8_t protocol = random_protocol();

			policy[k].remote = random_selector(protocol);
			policy[k].local = random_selector(protocol);
			first_allowed |= ike_selector_within(&remote.list[0], &policy[k].remote) &&
					 ike_selector_within(&local.list[0], &policy[k].local);
		}
		first_r = (struct ike_selectors){ .n = 1, .list = { remote.list[0] } };
		first_l = (struct ike_selectors){ .n = 1, .list = { local.list[0] } };
		how = ike_selectors_narrow(policy, n, &remote, &local, &remote_out, &local_out);
		hows[how]++;
		while (next_packet(&i, &p)) {
			bool in = how != IKE_NARROW_NONE && selected(&remote_out, &local_out, &p);
			bool proposed = selected(&remote, &local, &p);

			if (in) {
				ASSERT_TRUE(proposed);
				ASSERT_TRUE(allowed(policy, n, &p));
			}
			some |= proposed && allowed(policy, n, &p);
			lost |= proposed && !in;
			if (first_allowed && selected(&first_r, &first_l, &p)) {
				ASSERT_TRUE(in);
				first_kept++;
			}
		}
		ASSERT_EQ(some, how != IKE_NARROW_NONE);
		if (how == IKE_NARROW_ALL)
			ASSERT_FALSE(lost);
	}
	for (size_t i = 0; i < ARRAY_SIZE(hows); i++)
		EXPECT_GT(hows[i], 10);
	EXPECT_GT(first_kept, 50);
}

/* Within, by one and by several; what two have in common. */
TEST(random_sets)
{
	unsigned int withins = 0, shared = 0;

	for (unsigned int round = 0; round < 20000; round++) {
		struct ike_selectors a, b;
		struct ike_selector both;
		bool within, missing = false, common = false, has;

		random_selectors(&a);
		random_selectors(&b);
		a.n = 1;
		within = ike_selectors_within(&a, &b);
		has = ike_selector_intersect(&a.list[0], &b.list[0], &both);
		for (int host = 0; host < HOSTS; host++) {
			for (unsigned int i = 0; i < 2 * ARRAY_SIZE(world_ports); i++) {
				int protocol = world_protocols[i & 1], port = world_ports[i / 2];
				bool in = matches(&a.list[0], host, protocol, port);
				bool first = matches(&b.list[0], host, protocol, port);

				missing |= in && !any_matches(&b, host, protocol, port);
				common |= in && first;
				if (has)
					ASSERT_EQ(in && first,
						  matches(&both, host, protocol, port));
			}
		}
		ASSERT_EQ(common, has);
		if (within)
			ASSERT_FALSE(missing);
		/* Several that share the addresses, but not the ports or protocols, between them. */
		if (!missing && b.n == 1 && a.list[0].protocol == b.list[0].protocol)
			ASSERT_TRUE(within);
		withins += within;
		shared += has;
	}
	EXPECT_GT(withins, 500);
	EXPECT_GT(shared, 500);
}

TEST(covered_by_several)
{
	struct ike_selectors whole = selectors("10.0.0.0-10.0.0.255");
	struct ike_selectors end = selectors("255.255.255.0-255.255.255.255");

	struct {
		const char *in;
		bool covered;
	} tries[] = {
		{ "10.0.0.128-10.0.0.255, 10.0.0.0-10.0.0.127", true },
		{ "10.0.0.0-10.0.0.100, 10.0.0.50-10.0.1.0", true },
		{ "10.0.0.0-10.0.0.126, 10.0.0.128-10.0.0.255", false },
		{ "10.0.0.0-10.0.0.127, 10.0.0.128-10.0.0.254", false },
		{ "10.0.0.0-10.0.0.127, 10.0.0.128-10.0.0.255 6", false },
		{ "::-ffff::", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		struct ike_selectors in = selectors(tries[i].in);

		EXPECT_EQ(tries[i].covered, ike_selectors_within(&whole, &in));
	}
	/* There is no address behind the last one. */
	EXPECT_TRUE(ike_selectors_within(&end, &end));
	EXPECT_FALSE(ike_selectors_within(&end, &whole));
	whole.n = 0;
	EXPECT_TRUE(ike_selectors_within(&whole, &end));
	EXPECT_FALSE(ike_selectors_within(&end, &whole));
}

TEST(prefixes_as_selectors)
{
	static const struct {
		const char *address, *first, *last;
		unsigned int bits;
	} tries[] = {
		{ "10.1.2.3", "0.0.0.0", "255.255.255.255", 0 },
		{ "10.1.2.3", "10.0.0.0", "10.255.255.255", 8 },
		{ "10.1.2.3", "10.1.2.2", "10.1.2.3", 31 },
		{ "10.1.2.3", "10.1.2.3", "10.1.2.3", 32 },
		{ "10.1.255.3", "10.1.240.0", "10.1.255.255", 20 },
		{ "2001:db8::1", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 32 },
		{ "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0 },
		{ "2001:db8::1", "2001:db8::1", "2001:db8::1", 128 },
		{ "2001:db8::5", "2001:db8::4", "2001:db8::5", 127 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		int family = strchr(tries[i].address, ':') ? AF_INET6 : AF_INET;
		uint8_t address[16], first[16] = {}, last[16] = {};
		struct ike_selector s;
		unsigned int bits;

		inet_pton(family, tries[i].address, address);
		inet_pton(family, tries[i].first, first);
		inet_pton(family, tries[i].last, last);
		ike_selector_of_prefix(&s, family, address, tries[i].bits);
		EXPECT_TRUE(ike_selector_valid(&s));
		EXPECT_EQ(0, memcmp(first, s.first, 16));
		EXPECT_EQ(0, memcmp(last, s.last, 16));
		EXPECT_EQ(0, s.first_port);
		EXPECT_EQ(65535, s.last_port);
		EXPECT_TRUE(ike_selector_prefix(&s, &bits));
		EXPECT_EQ(tries[i].bits, bits);
	}
}

static uint32_t number(const uint8_t *address)
{
	return (uint32_t)address[0] << 24 | address[1] << 16 | address[2] << 8 | address[3];
}

/* They follow each other from the first address to the last, and no two make one. */
TEST(ranges_as_prefixes)
{
	struct ike_prefix out[IKE_PREFIXES_MAX];
	struct ike_selector s;
	size_t n;

	for (unsigned int round = 0; round < 5000; round++) {
		unsigned int shift = any(32), bits;
		uint32_t a = seed >> shift, b = a + (any(~0U) >> any(32));
		uint64_t next;

		if (b < a)
			b = ~0U;
		memset(&s, 0, sizeof(s));
		s.family = AF_INET;
		for (int i = 0; i < 4; i++) {
			s.first[i] = (uint8_t)(a >> (24 - 8 * i));
			s.last[i] = (uint8_t)(b >> (24 - 8 * i));
		}
		n = ike_selector_prefixes(&s, out);
		EXPECT_EQ(n == 1, ike_selector_prefix(&s, &bits));
		next = a;
		for (size_t i = 0; i < n; i++) {
			uint64_t size = 1ULL << (32 - out[i].bits);

			ASSERT_EQ(next, number(out[i].first));
			ASSERT_EQ(0, next % size);
			if (i && out[i].bits == out[i - 1].bits)
				ASSERT_NE(0, (next - size) % (2 * size));
			next += size;
		}
		ASSERT_EQ((uint64_t)b + 1, next);
	}
	s = selector("0.0.0.1-255.255.255.254");
	EXPECT_EQ(62, ike_selector_prefixes(&s, out));
	s = selector("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
	EXPECT_EQ(IKE_PREFIXES_MAX, ike_selector_prefixes(&s, out));
	EXPECT_EQ(128, out[253].bits);
	s = selector(ALL_6);
	EXPECT_EQ(1, ike_selector_prefixes(&s, out));
	EXPECT_EQ(0, out[0].bits);
}

TEST(texts)
{
	static const char *const tries[][2] = {
		{ ALL, "0.0.0.0/0" },
		{ "10.1.1.5", "10.1.1.5/32" },
		{ "10.1.1.5-10.1.1.9 6 80 80", "10.1.1.5-10.1.1.9 tcp port 80" },
		{ NET_B " 17 1000 2000", "192.0.2.0/24 udp ports 1000-2000" },
		{ NET_B " 47", "192.0.2.0/24 gre" },
		{ NET_B " 200 5 5", "192.0.2.0/24 protocol 200 port 5" },
		{ NET_B " 1 2048 2048", "192.0.2.0/24 icmp type 8 code 0" },
		{ NET_B " 1 768 1023", "192.0.2.0/24 icmp type 3" },
		{ NET_B " 1 769 2048", "192.0.2.0/24 icmp type 3 code 1 to type 8 code 0" },
		{ "2001:db8::-2001:db8::ffff 58 34560 34560",
		  "2001:db8::/112 icmp6 type 135 code 0" },
		{ NET_B " 132 65535 0", "192.0.2.0/24 sctp port opaque" },
		{ "1111:1111:1111:1111:1111:1111:1111:1111-"
		  "fff1:1111:1111:1111:1111:1111:1111:1111 200 10000 20000",
		  "1111:1111:1111:1111:1111:1111:1111:1111-"
		  "fff1:1111:1111:1111:1111:1111:1111:1111 protocol 200 ports 10000-20000" },
	};
	char text[IKE_SELECTOR_TEXT_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		struct ike_selector s;

		if (strlen(tries[i][0]) < 47) {
			s = selector(tries[i][0]);
		} else {
			s = selector("1111:1111:1111:1111:1111:1111:1111:1111 200 10000 20000");
			memcpy(s.last, s.first, 16);
			s.last[0] = 0xff;
			s.last[1] = 0xf1;
		}
		EXPECT_STREQ(tries[i][1], ike_selector_text(text, &s));
	}
}

TEST_HARNESS_MAIN
