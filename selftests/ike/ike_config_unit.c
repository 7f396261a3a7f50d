// SPDX-License-Identifier: GPL-2.0
/*
 * Which part of a configuration is meant: by addresses, by identities, and by how
 * closely; and which parts of two are the same.
 *
 * lab: native
 */
#include "kselftest_harness.h"
#include "pair_unit.h"

static struct ike_match prefix_of(const char *address, uint8_t bits)
{
	const struct ike_endpoint e = pair_endpoint(address, 0);
	struct ike_match m = { .kind = IKE_MATCH_PREFIX, .bits = bits };

	ike_identity_of_address(&m.id, &e);
	return m;
}

static struct ike_match name_of(enum ike_match_kind kind, uint8_t type, const char *name)
{
	struct ike_match m = { .kind = kind };

	pair_set_id(&m.id, name);
	m.id.type = type;
	return m;
}

static bool meets(struct ike_match m, uint8_t type, const char *text)
{
	struct ike_identity id;
	struct ike_endpoint e;

	if (type == IKE_ID_IPV4_ADDR) {
		e = pair_endpoint(text, 0);
		ike_identity_of_address(&id, &e);
	} else {
		pair_set_id(&id, text);
		id.type = type;
	}
	return ike_match_identity(&m, &id);
}

TEST(identities)
{
	const struct ike_match any = { .kind = IKE_MATCH_ANY };

	EXPECT_TRUE(meets(any, IKE_ID_FQDN, "gw.example"));
	EXPECT_TRUE(meets(any, IKE_ID_KEY_ID, ""));

	EXPECT_TRUE(meets(prefix_of("192.0.2.128", 25), IKE_ID_IPV4_ADDR, "192.0.2.255"));
	EXPECT_FALSE(meets(prefix_of("192.0.2.128", 25), IKE_ID_IPV4_ADDR, "192.0.2.127"));
	EXPECT_TRUE(meets(prefix_of("192.0.2.1", 32), IKE_ID_IPV4_ADDR, "192.0.2.1"));
	EXPECT_FALSE(meets(prefix_of("192.0.2.1", 32), IKE_ID_IPV4_ADDR, "192.0.2.0"));
	EXPECT_TRUE(meets(prefix_of("192.0.2.1", 0), IKE_ID_IPV4_ADDR, "10.0.0.0"));
	/* a name of four letters is no address, and there is no 33rd bit */
	EXPECT_FALSE(meets(prefix_of("0.0.0.0", 0), IKE_ID_FQDN, "abcd"));
	EXPECT_FALSE(meets(prefix_of("192.0.2.1", 33), IKE_ID_IPV4_ADDR, "192.0.2.1"));

#define DOMAIN(type, name)	name_of(IKE_MATCH_DOMAIN, type, name)
	EXPECT_TRUE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "gw.EXAMPLE.org"));
	EXPECT_TRUE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "Example.org"));
	EXPECT_TRUE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "a.b.example.org"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "gw.xexample.org"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "gw.example.or"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_FQDN, "nodot"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_FQDN, "example.org"), IKE_ID_RFC822_ADDR,
			   "u@example.org"));
	EXPECT_TRUE(meets(DOMAIN(IKE_ID_RFC822_ADDR, "example.org"), IKE_ID_RFC822_ADDR,
			  "user.name@example.org"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_RFC822_ADDR, "example.org"), IKE_ID_RFC822_ADDR,
			   "user@gw.example.org"));
	EXPECT_FALSE(meets(DOMAIN(IKE_ID_RFC822_ADDR, "example.org"), IKE_ID_RFC822_ADDR,
			   "example.org"));

#define EQUAL(type, name)	name_of(IKE_MATCH_EQUAL, type, name)
	EXPECT_TRUE(meets(EQUAL(IKE_ID_FQDN, "gw.example"), IKE_ID_FQDN, "GW.example"));
	EXPECT_FALSE(meets(EQUAL(IKE_ID_FQDN, "gw.example"), IKE_ID_KEY_ID, "gw.example"));
	EXPECT_FALSE(meets(EQUAL(IKE_ID_KEY_ID, "gw"), IKE_ID_KEY_ID, "GW"));
}

static void add_address(struct ike_preshared *k, struct ike_match m)
{
	k->by_address = true;
	k->address = m;
}

static void add_identity(struct ike_preshared *k, struct ike_match m)
{
	k->by_identity = true;
	k->identity = m;
}

static const struct ike_preshared *key_of(const struct ike_profile *p,
					  const struct ike_endpoint *remote,
					  const struct ike_identity *id)
{
	return ike_profile_key(p, remote, id, IKE_KEY_LOCAL);
}

TEST(closest_key)
{
	struct ike_preshared keys[7] = {};
	const struct ike_profile p = { .keys = keys, .n_keys = 7 };
	const struct ike_endpoint near = pair_endpoint("192.0.2.1", 500);
	const struct ike_endpoint far = pair_endpoint("198.51.100.1", 500);
	struct ike_identity gw, other, stranger;

	pair_set_id(&gw, "gw.example");
	pair_set_id(&other, "other.example");
	pair_set_id(&stranger, "gw.stranger");
	add_address(&keys[0], (struct ike_match){ .kind = IKE_MATCH_ANY });
	add_address(&keys[1], prefix_of("192.0.2.0", 24));
	add_address(&keys[2], prefix_of("192.0.2.1", 32));
	add_address(&keys[3], prefix_of("192.0.2.1", 32));
	add_identity(&keys[4], name_of(IKE_MATCH_DOMAIN, IKE_ID_FQDN, "example"));
	add_identity(&keys[5], name_of(IKE_MATCH_EQUAL, IKE_ID_FQDN, "gw.example"));
	add_address(&keys[6], prefix_of("192.0.2.0", 24));
	add_identity(&keys[6], name_of(IKE_MATCH_EQUAL, IKE_ID_FQDN, "third.stranger"));
	for (size_t n = 0; n < 7; n++) {
		keys[n].local_len = 1;
		keys[n].remote_len = n != 2;
	}
	keys[1].ppk_len = 1;

	/* who is not known yet is meant by its address, and the first of equals counts */
	EXPECT_EQ(&keys[2], key_of(&p, &near, NULL));
	EXPECT_EQ(&keys[0], key_of(&p, &far, NULL));
	EXPECT_EQ(&keys[5], key_of(&p, &near, &gw));
	EXPECT_EQ(&keys[4], key_of(&p, &far, &other));
	EXPECT_EQ(&keys[2], key_of(&p, &near, &stranger));
	pair_set_id(&stranger, "third.stranger");
	EXPECT_EQ(&keys[6], key_of(&p, &far, &stranger));
	/* the closest that has what is wanted */
	EXPECT_EQ(&keys[3], ike_profile_key(&p, &near, NULL, IKE_KEY_REMOTE));
	EXPECT_EQ(&keys[1], ike_profile_key(&p, &near, &gw, IKE_KEY_PPK));
	EXPECT_EQ(NULL, ike_profile_key(&p, &far, &gw, IKE_KEY_PPK));
	/* a keyring that has nobody */
	keys[0].by_address = false;
	EXPECT_EQ(NULL, key_of(&p, &far, NULL));
}

static const char *profile_of(const struct ike_config *c, const struct ike_endpoint *local,
			      const char *name)
{
	const struct ike_profile *p;
	struct ike_identity id;

	pair_set_id(&id, name);
	p = ike_config_profile_for(c, local, &id);
	return p ? p->name : "";
}

TEST(closest_profile)
{
	struct ike_match any[] = {
		name_of(IKE_MATCH_EQUAL, IKE_ID_FQDN, "nobody"), { .kind = IKE_MATCH_ANY },
	};
	struct ike_match short_domain = name_of(IKE_MATCH_DOMAIN, IKE_ID_FQDN, "example");
	struct ike_match long_domain = name_of(IKE_MATCH_DOMAIN, IKE_ID_FQDN, "a.example");
	struct ike_match one = name_of(IKE_MATCH_EQUAL, IKE_ID_FQDN, "gw.a.example");
	struct ike_endpoint here[] = {
		pair_endpoint("192.0.2.1", 0), pair_endpoint("192.0.2.2", 0),
	};
	const struct ike_endpoint there = pair_endpoint("192.0.2.3", 500);
	struct ike_profile profiles[] = {
		/* a match of another peer's makes nobody else any closer */
		{ .name = "any", .match = any, .n_match = 2 },
		{ .name = "default" },
		{ .name = "long", .match = &long_domain, .n_match = 1 },
		{ .name = "long-too", .match = &long_domain, .n_match = 1 },
		{ .name = "one", .match = &one, .n_match = 1, .match_local = here,
		  .n_match_local = 2 },
		{ .name = "short", .match = &short_domain, .n_match = 1 },
	};
	struct ike_config c = { .profiles = profiles, .n_profiles = 6 };

	EXPECT_STREQ("one", profile_of(&c, &here[0], "gw.a.example"));
	EXPECT_STREQ("one", profile_of(&c, &here[1], "gw.a.example"));
	EXPECT_STREQ("long", profile_of(&c, &there, "gw.a.example"));
	EXPECT_STREQ("long", profile_of(&c, &here[0], "x.gw.a.example"));
	EXPECT_STREQ("short", profile_of(&c, &here[0], "gw.b.example"));
	EXPECT_STREQ("any", profile_of(&c, &here[0], "gw.stranger"));
	profiles[0].n_match = 1;
	EXPECT_STREQ("any", profile_of(&c, &here[0], "nobody"));
	EXPECT_STREQ("default", profile_of(&c, &here[0], "gw.stranger"));
	profiles[1].name[0]++;
	EXPECT_STREQ("", profile_of(&c, &here[0], "gw.stranger"));
}

static bool is_same(struct pair *a, const struct ike_profile *p)
{
	return ike_profile_same(pair_profile(a, PAIR_A), p, &a->side[PAIR_B].address,
				&pair_profile(a, PAIR_A)->match->id);
}

TEST(same)
{
	struct pair *a = pair_new(1), *b = pair_new(1);
	struct ike_profile *p = pair_profile(b, PAIR_A);
	struct ike_child_policy *c = pair_child_policy(b, PAIR_A);

#define DIFFERS(what)								\
	do {									\
		what;								\
		EXPECT_FALSE(is_same(a, p)) TH_LOG(#what);			\
		pair_free(b);							\
		b = pair_new(1);						\
		p = pair_profile(b, PAIR_A);					\
		EXPECT_TRUE(is_same(a, p));					\
	} while (0)

	DIFFERS(p->name[0]++);
	DIFFERS(p->match->id.data[0]++);
	DIFFERS(p->match->kind = IKE_MATCH_ANY);
	DIFFERS(p->match_local = calloc(1, sizeof(struct ike_endpoint)); p->n_match_local = 1);
	DIFFERS(p->initial_contact = true);
	DIFFERS(p->local.data[0]++);
	DIFFERS(p->local_dn = true);
	DIFFERS(p->prove_local = IKE_PROVE_RSA);
	DIFFERS(p->prove_remote |= IKE_PROVE_RSA);
	DIFFERS(p->keys->local[0]++);
	DIFFERS(p->keys->remote_len--);
	DIFFERS(p->n_keys = 0);
	/* a key of somebody else does not count */
	p->keys = realloc(p->keys, (p->n_keys + 1) * sizeof(*p->keys));
	memset(&p->keys[p->n_keys], 0, sizeof(*p->keys));
	add_address(&p->keys[p->n_keys], prefix_of("203.0.113.1", 32));
	p->keys[p->n_keys].local = pair_copy("x", 1);
	p->keys[p->n_keys++].local_len = 1;
	EXPECT_TRUE(is_same(a, p));
	DIFFERS(pair_set_ppk(b, PAIR_A, "q", "ppk", false));
	DIFFERS(p->dpd_ms++);
	DIFFERS(p->dpd_retry_ms++);
	DIFFERS(p->dpd_periodic = true);
	DIFFERS(p->nat_keepalive_ms++);
	DIFFERS(p->lifetime_ms++);
	DIFFERS(p->fragment++);

#undef DIFFERS
#define DIFFERS(what)								\
	do {									\
		c = pair_child_policy(b, PAIR_A);				\
		EXPECT_TRUE(ike_child_policy_same(pair_child_policy(a, PAIR_A), c));	\
		what;								\
		EXPECT_FALSE(ike_child_policy_same(pair_child_policy(a, PAIR_A), c))	\
			TH_LOG(#what);						\
		pair_free(b);							\
		b = pair_new(1);						\
	} while (0)

	DIFFERS(c->ifname[0]++);
	DIFFERS(c->map[0]++);
	DIFFERS(c->number++);
	DIFFERS(c->dynamic_map[0] = 'd');
	DIFFERS(c->dynamic_number++);
	DIFFERS(c->local[1] = c->local[0]);
	DIFFERS(c->peers[0].address[0]++);
	DIFFERS(c->n_peers = 0);
	DIFFERS(c->profile[0] = 'p');
	DIFFERS(c->proposals->transforms[0].key_bits = 256);
	DIFFERS(c->transport = true);
	DIFFERS(c->pfs = ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_X25519, 0));
	DIFFERS(c->pairs->remote.last[3]--);
	DIFFERS(c->lines[0]++);
	DIFFERS(c->n_pairs = 0);
	DIFFERS(c->life_ms++);
	DIFFERS(c->life_bytes++);
	DIFFERS(c->idle_ms++);
	DIFFERS(c->replay_window++);
	pair_free(a);
	pair_free(b);
}

TEST_HARNESS_MAIN
