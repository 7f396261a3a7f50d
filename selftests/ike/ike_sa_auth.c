// SPDX-License-Identifier: GPL-2.0
/*
 * IKE_AUTH between two engines: every way to prove an identity, each that has to be
 * refused with what an operator gets to read of it, post-quantum keys (RFC 8784), and
 * first child SAs that fail.
 *
 * lab: native
 */
#include "cert_make.h"
#include "kselftest_harness.h"
#include "pair_unit.h"

#define A	(&self->p->side[PAIR_A])
#define B	(&self->p->side[PAIR_B])

static void go(struct pair *p)
{
	pair_initiate(p, PAIR_A, false);
	pair_settle(p);
}

#define EXPECT_HAS(text, part)							\
	EXPECT_NE(NULL, strstr((text), (part))) TH_LOG("%s", (text))

/* Both have said why, and nothing is left. */
#define EXPECT_REFUSED(a, b)							\
	do {									\
		pair_run(self->p, 100000);					\
		EXPECT_FINE(pair_nothing(self->p));				\
		EXPECT_HAS(A->error, (a));					\
		EXPECT_HAS(B->error, (b));					\
	} while (0)

#define REFUSED_BY_B	"the peer refuses IKE_AUTH: AUTHENTICATION_FAILED; we are a.example"

TEST_F(pair, wrong_key)
{
	pair_set_key(self->p, PAIR_B, "another secret");
	go(self->p);
	EXPECT_EQ(0, A->established + B->established);
	EXPECT_REFUSED(REFUSED_BY_B,
		       "the peer has not proved who it is (profile to-a): the preshared keys differ");
	EXPECT_STREQ("a.example", B->error_theirs);
	/* keys are nobody's business */
	EXPECT_FALSE(pair_logged(self->p, PAIR_A, "a secret of both"));
	EXPECT_FALSE(pair_logged(self->p, PAIR_B, "another secret"));
}

static enum pair_verdict lose_4th(struct pair *p, const struct pair_datagram *d)
{
	(void)p;
	return d->number == 3 ? PAIR_DROP : PAIR_PASS;
}

/* What tells of the failure may be lost, too. */
TEST_F(pair, lost_refusal)
{
	pair_set_key(self->p, PAIR_B, "another secret");
	self->p->filter = lose_4th;
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B, "the preshared keys differ");
}

/* Only A finds out: B is told, and its SA goes. */
TEST_F(pair, wrong_key_of_responder)
{
	struct ike_preshared *k = pair_profile(self->p, PAIR_A)->keys;

	k->remote[0] ^= 1;
	go(self->p);
	EXPECT_EQ(0, A->established);
	EXPECT_EQ(1, B->established);
	EXPECT_EQ(0, B->n_kernel);
	EXPECT_REFUSED("the peer has not proved who it is (profile to-b): the preshared keys differ",
		       "the peer does not believe who we are");
}

TEST_F(pair, a_key_for_each_direction)
{
	struct ike_preshared *a = pair_profile(self->p, PAIR_A)->keys;
	struct ike_preshared *b = pair_profile(self->p, PAIR_B)->keys;

	a->local[0] = b->remote[0] = 1;
	a->remote[0] = b->local[0] = 2;
	go(self->p);
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(pair, no_key)
{
	pair_profile(self->p, PAIR_B)->n_keys = 0;
	go(self->p);
	/* given back, to be freed */
	pair_profile(self->p, PAIR_B)->n_keys = 1;
	EXPECT_REFUSED(REFUSED_BY_B, "the keyring has no key of the peer's");
}

TEST_F(pair, no_key_of_ours)
{
	pair_profile(self->p, PAIR_A)->keys->local_len = 0;
	go(self->p);
	pair_run(self->p, 100000);
	EXPECT_FINE(pair_nothing(self->p));
	EXPECT_STREQ("we cannot prove who we are: the keyring has no key of ours for the peer",
		     A->error);
}

TEST_F(pair, unknown_initiator)
{
	pair_set_id(&pair_profile(self->p, PAIR_A)->local, "c.example");
	go(self->p);
	EXPECT_REFUSED("the peer refuses IKE_AUTH: AUTHENTICATION_FAILED; we are c.example",
		       "the peer has not proved who it is: no profile is for this identity at this address");
	EXPECT_STREQ("c.example", B->error_theirs);
}

TEST_F(pair, another_responder)
{
	pair_set_id(&pair_profile(self->p, PAIR_B)->local, "c.example");
	go(self->p);
	EXPECT_REFUSED("(profile to-b): the profile is not for this identity",
		       "the peer does not believe who we are");
	EXPECT_STREQ("c.example", A->error_theirs);
	EXPECT_STREQ("b.example", A->error_ours);
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the peer wanted b.example, and we are c.example"));
}

TEST_F(pair, profile_of_another_address)
{
	pair_profile(self->p, PAIR_B)->match_local = calloc(1, sizeof(struct ike_endpoint));
	pair_profile(self->p, PAIR_B)->match_local[0] = A->address;
	pair_profile(self->p, PAIR_B)->n_match_local = 1;
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B, "no profile is for this identity at this address");
}

TEST_F(pair, identity_is_the_address)
{
	struct ike_profile *a = pair_profile(self->p, PAIR_A);
	struct ike_match *m = pair_profile(self->p, PAIR_B)->match;

	a->local.type = 0;
	m->kind = IKE_MATCH_PREFIX;
	m->bits = 24;
	ike_identity_of_address(&m->id, &A->address);
	m->id.data[3] = 77;
	go(self->p);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(IKE_ID_IPV4_ADDR, pair_sa(self->p, PAIR_B)->remote_id.type);
}

/* Children that fail leave the IKE SA alone: section 1.2. */

TEST_F(pair, no_traffic_in_common)
{
	pair_child_policy(self->p, PAIR_B)->pairs->remote.first[1] = 99;
	pair_child_policy(self->p, PAIR_B)->pairs->remote.last[1] = 99;
	go(self->p);
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "TS_UNACCEPTABLE"));
}

TEST_F(pair, no_proposal_of_esp_in_common)
{
	pair_proposal(pair_child_policy(self->p, PAIR_B)->proposals, 1, IKE_PROTOCOL_ESP,
		      IKE_ENCR_AES_GCM_16, 256, 0, 0, 0);
	go(self->p);
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "NO_PROPOSAL_CHOSEN"));
}

TEST_F(pair, kernel_refuses)
{
	for (unsigned int side = 0; side < 2; side++)
		for (unsigned int n = 1; n <= 2; n++) {
			struct pair *p = pair_new(side);

			p->side[side].refuse_install = n;
			go(p);
			pair_run(p, 10000);
			EXPECT_TRUE(pair_up(p)) TH_LOG("%u %u", side, n);
			EXPECT_FINE(pair_kernels(p));
			EXPECT_TRUE(pair_logged(p, side, "the test says no"));
			pair_free(p);
		}
}

TEST_F(pair, childless)
{
	A->config->n_children = 0;
	go(self->p);
	A->config->n_children = 1;
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_EQ(4, self->p->n_sent);
}

/* A message that asks for other things is changed on its way. */
struct change {
	uint8_t drop, add_notify_hi, add_notify_lo;
	bool response;
};

static void change(struct pair *p, struct ike_sa *to, const struct ike_header *h,
		   uint8_t *first, uint8_t *chain, size_t *len)
{
	const struct change *c = p->context;
	uint8_t *at = chain, *next = first;
	uint8_t type = *first;

	(void)to;
	if (h->exchange != IKE_EXCHANGE_IKE_AUTH ||
	    !!(h->flags & IKE_FLAG_RESPONSE) != c->response)
		return;
	while (type) {
		const size_t size = (size_t)at[2] << 8 | at[3];
		const uint8_t after = at[0];

		if (type == c->drop) {
			*next = after;
			*len -= size;
			memmove(at, at + size, (size_t)(chain + *len - at));
		} else {
			next = at;
			at += size;
		}
		type = after;
	}
	if (c->add_notify_lo) {
		const uint8_t n[8] = { 0, 0, 0, 8, 0, 0, c->add_notify_hi, c->add_notify_lo };

		*next = IKE_PAYLOAD_NOTIFY;
		memcpy(at, n, sizeof(n));
		*len += sizeof(n);
	}
}

static void go_changed(struct pair *p, const struct change *c)
{
	p->context = (void *)c;
	p->mutate = change;
	go(p);
	p->mutate = NULL;
}

TEST_F(pair, eap)
{
	go_changed(self->p, &(struct change){ .drop = IKE_PAYLOAD_AUTH });
	EXPECT_REFUSED(REFUSED_BY_B, "the peer wants EAP, which is not supported");
}

TEST_F(pair, no_identity)
{
	go_changed(self->p, &(struct change){ .drop = IKE_PAYLOAD_IDI });
	EXPECT_REFUSED(REFUSED_BY_B, "the request has no identity");
}

TEST_F(pair, no_identity_of_responder)
{
	go_changed(self->p, &(struct change){ .drop = IKE_PAYLOAD_IDR, .response = true });
	EXPECT_REFUSED("the answer has no identity", "the peer does not believe who we are");
}

TEST_F(pair, no_proof_of_responder)
{
	go_changed(self->p, &(struct change){ .drop = IKE_PAYLOAD_AUTH, .response = true });
	EXPECT_REFUSED("the answer has no proof of identity", "the peer does not believe who we are");
}

TEST_F(pair, redirect)
{
	go_changed(self->p, &(struct change){
		.drop = IKE_PAYLOAD_AUTH, .response = true,
		.add_notify_hi = IKE_NOTIFY_REDIRECT >> 8,
		.add_notify_lo = IKE_NOTIFY_REDIRECT & 0xff });
	EXPECT_EQ(0, A->n_sas);
	EXPECT_HAS(A->error, "REDIRECT to somewhere, which we have not announced");
}

TEST_F(pair, unknown_notifications)
{
	go_changed(self->p, &(struct change){ .add_notify_hi = 0xa0, .add_notify_lo = 1 });
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(pair, child_is_refused_by_an_unknown_error)
{
	go_changed(self->p, &(struct change){
		.drop = IKE_PAYLOAD_SA, .response = true, .add_notify_hi = 0x10,
		.add_notify_lo = 1 });
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_EQ(0, A->n_kernel);
}

/* Post-quantum keys */

#define PPK	"a key that no quantum computer finds"

static const struct {
	/* "" : none */
	const char *a_id, *a_key, *b_id, *b_key;
	bool a_required, b_required;
	/* it is used; NULL: it comes up */
	bool used;
	const char *a_error, *b_error;
} ppks[] = {
	{ "q", PPK, "q", PPK, false, false, true, NULL, NULL },
	{ "q", PPK, "q", PPK, true, true, true, NULL, NULL },
	/* one has none */
	{ "q", PPK, "", "", false, false, false, NULL, NULL },
	{ "", "", "q", PPK, false, false, false, NULL, NULL },
	{ "q", PPK, "", "", true, false, false, "a PPK is required, and the peer does not use any",
	  "" },
	{ "", "", "q", PPK, false, true, false, REFUSED_BY_B,
	  "a PPK is required, and the peer uses none" },
	/* each has another one */
	{ "q", PPK, "r", PPK, false, false, false, NULL, NULL },
	{ "q", PPK, "r", PPK, true, false, false, REFUSED_BY_B,
	  "the peer requires a PPK that we do not have" },
	{ "q", PPK, "r", PPK, false, true, false, REFUSED_BY_B,
	  "a PPK is required, and the peer names another one" },
	{ "q", PPK, "q", "another key by the same name", false, false, false, REFUSED_BY_B,
	  "the preshared keys differ" },
};

TEST_F(pair, post_quantum_keys)
{
	for (size_t i = 0; i < ARRAY_SIZE(ppks); i++) {
		struct pair *p = pair_new(i);

		if (*ppks[i].a_id)
			pair_set_ppk(p, PAIR_A, ppks[i].a_id, ppks[i].a_key, ppks[i].a_required);
		if (*ppks[i].b_id)
			pair_set_ppk(p, PAIR_B, ppks[i].b_id, ppks[i].b_key, ppks[i].b_required);
		go(p);
		if (!ppks[i].a_error) {
			EXPECT_FINE(pair_traffic(p, 1)) ;
			ASSERT_TRUE(pair_up(p)) TH_LOG("case %zu: %s", i, p->side[0].log);
			EXPECT_EQ(ppks[i].used, pair_sa(p, PAIR_A)->ppk) TH_LOG("case %zu", i);
			EXPECT_EQ(ppks[i].used, pair_sa(p, PAIR_B)->ppk);
		} else {
			pair_run(p, 100000);
			EXPECT_FINE(pair_nothing(p));
			EXPECT_HAS(p->side[PAIR_A].error, ppks[i].a_error);
			EXPECT_TRUE(pair_logged(p, PAIR_B, ppks[i].b_error))
				TH_LOG("case %zu: %s", i, p->side[PAIR_B].log);
		}
		pair_free(p);
	}
}

/* It is in all that is made of the IKE SA's keys. */
TEST_F(pair, post_quantum_key_is_used)
{
	struct ike_sa *a;

	pair_set_ppk(self->p, PAIR_A, "q", PPK, false);
	pair_set_ppk(self->p, PAIR_B, "q", PPK, false);
	pair_initiate(self->p, PAIR_A, false);
	pair_run(self->p, 25);
	a = A->sas[0];
	ASSERT_NE(NULL, a->init);
	EXPECT_NE(0, memcmp(a->init->plain_keys.d, a->keys.d, 32));
	EXPECT_NE(0, memcmp(a->init->plain_keys.pi, a->keys.pi, 32));
	EXPECT_NE(0, memcmp(a->init->plain_keys.pr, a->keys.pr, 32));
	EXPECT_EQ(0, memcmp(&a->init->plain_keys.i, &a->keys.i, sizeof(a->keys.i)));
	pair_settle(self->p);
	ASSERT_TRUE(pair_up(self->p));
	EXPECT_EQ(0, memcmp(pair_sa(self->p, PAIR_B)->keys.d, a->keys.d, 32));
}

/* Certificates */

/* A trustpoint of @side, which trusts @root and proves itself by @own. */
static void set_trust(struct pair *p, unsigned int side, const struct made *root,
		      const struct made *own, unsigned int local, unsigned int remote)
{
	struct ike_profile *profile = pair_profile(p, side);
	struct ike_config *c = p->side[side].config;
	struct ike_trust *t = ike_trust_new(&(struct ike_revocation){});
	char reason[IKE_REASON_LEN] = "";
	struct octets certs, key;
	bool ok;

	ok = t && ike_trust_add_cas(t, made_chunk(root), reason);
	if (own) {
		certs = pem_of(&own, 1);
		key = key_pem(own->key, NULL);
		ok = ok && ike_trust_set_certs(t, octets_chunk(&certs), reason) &&
		     ike_trust_set_key(t, octets_chunk(&key), reason);
		OPENSSL_free(certs.data);
		OPENSSL_free(key.data);
	}
	if (!ok || !ike_trust_finish(t, reason)) {
		fprintf(stderr, "# %s\n", reason);
		abort();
	}
	c->trusts = malloc(sizeof(*c->trusts));
	c->trusts[0] = t;
	c->n_trusts = 1;
	profile->trust = t;
	profile->prove_local = local;
	profile->prove_remote = remote;
}

#define ALL	(IKE_PROVE_RSA | IKE_PROVE_ECDSA | IKE_PROVE_EDDSA)

static const struct {
	const char *type;
	size_t bits;
	unsigned int prove;
} kinds[] = {
	{ "RSA", 2048, IKE_PROVE_RSA },
	{ "P-256", 0, IKE_PROVE_ECDSA },
	{ "P-384", 0, IKE_PROVE_ECDSA },
	{ "P-521", 0, IKE_PROVE_ECDSA },
	{ "ED25519", 0, IKE_PROVE_EDDSA },
};

/* Both have a certificate of the same root. */
struct two {
	struct made root, a, b;
};

static void two_make(struct two *t, size_t kind)
{
	t->root = CA(.subject = "/O=Example/CN=root");
	t->a = CERT(.subject = "/O=Example/CN=a", .issuer = &t->root,
		    .names = "DNS:a.example",
		    .key = make_key(kinds[kind].type, kinds[kind].bits));
	t->b = CERT(.subject = "/O=Example/CN=b", .issuer = &t->root,
		    .names = "DNS:b.example",
		    .key = make_key(kinds[kind].type, kinds[kind].bits));
}

static void two_free(struct two *t)
{
	made_free(&t->root);
	made_free(&t->a);
	made_free(&t->b);
}

TEST_F(pair, certificates)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (unsigned int old = 0; old < 2; old++) {
			struct pair *p = pair_new(i);
			struct two t;

			/* Ed25519 has no method of before RFC 7427 */
			two_make(&t, i);
			set_trust(p, PAIR_A, &t.root, &t.a, ALL, ALL);
			set_trust(p, PAIR_B, &t.root, &t.b, ALL, ALL);
			pair_initiate(p, PAIR_A, false);
			pair_run(p, 20);
			if (old)
				p->side[PAIR_B].sas[0]->peer_hashes = 0;
			pair_settle(p);
			if (old && kinds[i].prove == IKE_PROVE_EDDSA) {
				EXPECT_TRUE(pair_logged(p, PAIR_B, "we cannot prove who we are"));
			} else {
				EXPECT_FINE(pair_traffic(p, 1));
				ASSERT_TRUE(pair_up(p)) TH_LOG("%zu: %s", i, p->side[PAIR_B].log);
				EXPECT_EQ(kinds[i].prove, pair_sa(p, PAIR_A)->proved_local);
				EXPECT_EQ(kinds[i].prove, pair_sa(p, PAIR_A)->proved_remote);
				EXPECT_EQ(kinds[i].prove, pair_sa(p, PAIR_B)->proved_remote);
			}
			pair_free(p);
			two_free(&t);
		}
}

TEST_F(pair, certificate_and_key)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, NULL, IKE_PROVE_PSK, ALL);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, IKE_PROVE_PSK);
	go(self->p);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(IKE_PROVE_PSK, pair_sa(self->p, PAIR_A)->proved_local);
	EXPECT_EQ(IKE_PROVE_ECDSA, pair_sa(self->p, PAIR_A)->proved_remote);
	two_free(&t);
}

TEST_F(pair, subject_is_the_identity)
{
	const struct ike_trust *trust;
	struct ike_match *m = pair_profile(self->p, PAIR_B)->match;
	struct ike_chunk subject;
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, ALL);
	trust = pair_profile(self->p, PAIR_A)->trust;
	subject = ike_trust_subject(trust);
	pair_profile(self->p, PAIR_A)->local_dn = true;
	m->id.type = IKE_ID_DER_ASN1_DN;
	m->id.len = (uint16_t)subject.len;
	memcpy(m->id.data, subject.data, subject.len);
	go(self->p);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the peer is CN=a,O=Example"))
		TH_LOG("%s", B->log);
	two_free(&t);
}

/* With a post-quantum key there are two signatures. */
TEST_F(pair, certificates_and_post_quantum_keys)
{
	for (int other = 0; other < 2; other++) {
		struct pair *p = pair_new(other);
		struct two t;

		two_make(&t, 1);
		set_trust(p, PAIR_A, &t.root, &t.a, ALL, ALL);
		set_trust(p, PAIR_B, &t.root, &t.b, ALL, ALL);
		pair_set_ppk(p, PAIR_A, "q", PPK, false);
		pair_set_ppk(p, PAIR_B, other ? "r" : "q", PPK, false);
		go(p);
		EXPECT_FINE(pair_traffic(p, 1));
		ASSERT_TRUE(pair_up(p));
		EXPECT_EQ(!other, pair_sa(p, PAIR_A)->ppk);
		pair_free(p);
		two_free(&t);
	}
}

TEST_F(pair, certificate_of_nobody)
{
	struct made other = CA(.subject = "/O=Example/CN=other");
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	set_trust(self->p, PAIR_B, &other, NULL, IKE_PROVE_PSK, ALL);
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B, "(profile to-a): ");
	EXPECT_HAS(B->error, "CN=a");
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "certificates of other authorities"));
	two_free(&t);
	made_free(&other);
}

TEST_F(pair, certificate_of_another)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	/* B shows A's certificate, and has its key */
	set_trust(self->p, PAIR_B, &t.root, &t.a, ALL, ALL);
	go(self->p);
	EXPECT_REFUSED("not issued to fqdn \"b.example\"", "the peer does not believe who we are");
	two_free(&t);
}

TEST_F(pair, certificate_has_expired)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, ALL);
	self->p->now.wall += 2 * 365LL * DAY;
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B, "expired");
	two_free(&t);
}

TEST_F(pair, key_instead_of_certificate)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, ALL);
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B,
		       "the peer proves itself by a key, which the profile does not allow");
	two_free(&t);
}

TEST_F(pair, certificate_instead_of_key)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B,
		       "the peer proves itself by a signature, which the profile does not allow");
	two_free(&t);
}

TEST_F(pair, key_of_another_kind)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, IKE_PROVE_RSA);
	go(self->p);
	EXPECT_REFUSED(REFUSED_BY_B,
		       "the peer's certificate has a key of a kind that the profile does not name");
	two_free(&t);
}

TEST_F(pair, no_certificate)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, &t.a, ALL, ALL);
	set_trust(self->p, PAIR_B, &t.root, &t.b, ALL, ALL);
	go_changed(self->p, &(struct change){ .drop = IKE_PAYLOAD_CERT });
	EXPECT_REFUSED(REFUSED_BY_B, "the peer has sent no certificate");
	two_free(&t);
}

TEST_F(pair, no_certificate_of_ours)
{
	struct two t;

	two_make(&t, 1);
	set_trust(self->p, PAIR_A, &t.root, NULL, ALL, ALL);
	go(self->p);
	pair_run(self->p, 100000);
	EXPECT_FINE(pair_nothing(self->p));
	EXPECT_STREQ("we cannot prove who we are: there is no certificate of ours with its key",
		     A->error);
	two_free(&t);
}

TEST_HARNESS_MAIN
