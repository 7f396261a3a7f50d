// SPDX-License-Identifier: GPL-2.0
/*
 * The first two exchanges between two engines, RFC 7296 section 1.2: on a good network,
 * on a bad one, and with somebody who interferes.
 *
 * lab: native
 */
#include "kselftest_harness.h"
#include "pair_unit.h"

/* The datagrams of a peer: the first, number 0 and on. */
struct script {
	unsigned int number;
	enum pair_verdict verdict;
	uint8_t data[2048];
	size_t len;
	struct ike_endpoint src, dst;
};

/* One datagram meets its fate, and is kept. */
static enum pair_verdict by_script(struct pair *p, const struct pair_datagram *d)
{
	struct script *s = p->context;

	if (d->number != s->number)
		return PAIR_PASS;
	s->len = d->len < sizeof(s->data) ? d->len : sizeof(s->data);
	memcpy(s->data, d->data, s->len);
	s->src = d->src;
	s->dst = d->dst;
	return s->verdict;
}

static void watch(struct pair *p, struct script *s, unsigned int number,
		  enum pair_verdict verdict)
{
	memset(s, 0, sizeof(*s));
	s->number = number;
	s->verdict = verdict;
	p->context = s;
	p->filter = by_script;
}

static size_t reply(uint8_t *data, size_t size, const struct script *request, uint16_t type,
		    struct ike_chunk body)
{
	struct ike_header h = {
		.exchange = IKE_EXCHANGE_IKE_SA_INIT,
		.flags = IKE_FLAG_RESPONSE,
	};
	struct ike_writer w;

	memcpy(h.spi_i, request->data, 8);
	ike_message_start(&w, data, size, &h);
	ike_write_notify(&w, type, body);
	return ike_message_end(&w);
}

/* Somebody who has seen A's first message answers it before B does. */
static void forge(struct pair *p, const struct script *request, uint16_t type,
		  struct ike_chunk body)
{
	uint8_t data[128];
	size_t len = reply(data, sizeof(data), request, type, body);

	pair_inject(p, PAIR_A, &request->dst, &request->src, data, len);
}

TEST_F(pair, comes_up)
{
	ASSERT_NE(NULL, pair_initiate(self->p, PAIR_A, false));
	pair_settle(self->p);
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(1, self->p->side[PAIR_A].established);
	EXPECT_EQ(1, self->p->side[PAIR_B].established);
	EXPECT_EQ(0, self->p->side[PAIR_B].initial_contacts);
	EXPECT_EQ(4, self->p->n_sent);
	EXPECT_EQ(500, ike_sa_path(pair_sa(self->p, PAIR_A))->local.port);
}

TEST_F(pair, initial_contact)
{
	pair_initiate(self->p, PAIR_A, true);
	pair_settle(self->p);
	EXPECT_EQ(1, self->p->side[PAIR_B].initial_contacts);
	EXPECT_EQ(0, self->p->side[PAIR_A].initial_contacts);
}

/* "initial-contact force": said always, and obeyed though nobody says so */
TEST_F(pair, initial_contact_forced)
{
	pair_profile(self->p, PAIR_A)->initial_contact = true;
	pair_initiate(self->p, PAIR_A, false);
	pair_settle(self->p);
	EXPECT_EQ(1, self->p->side[PAIR_A].initial_contacts);
	EXPECT_EQ(1, self->p->side[PAIR_B].initial_contacts);
	pair_initiate(self->p, PAIR_B, false);
	pair_settle(self->p);
	EXPECT_EQ(2, self->p->side[PAIR_A].initial_contacts);
	EXPECT_EQ(1, self->p->side[PAIR_B].initial_contacts);
}

static const struct {
	uint16_t encr, bits, prf, integ, group;
} suites[] = {
	{ IKE_ENCR_AES_CBC, 128, IKE_PRF_HMAC_SHA2_256, IKE_INTEG_HMAC_SHA2_256_128,
	  IKE_DH_ECP_256 },
	{ IKE_ENCR_AES_CBC, 256, IKE_PRF_HMAC_SHA2_512, IKE_INTEG_HMAC_SHA2_512_256,
	  IKE_DH_ECP_521 },
	{ IKE_ENCR_AES_CBC, 192, IKE_PRF_HMAC_SHA2_384, IKE_INTEG_HMAC_SHA2_384_192,
	  IKE_DH_ECP_384 },
	{ IKE_ENCR_AES_GCM_16, 128, IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_MODP_2048 },
	{ IKE_ENCR_CHACHA20_POLY1305, 0, IKE_PRF_HMAC_SHA2_512, 0, IKE_DH_X25519 },
};

TEST_F(pair, suites)
{
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
		struct pair *p = pair_new(i);

		for (unsigned int side = 0; side < 2; side++)
			pair_proposal(pair_policy(p, side)->proposals, 1, IKE_PROTOCOL_IKE,
				      suites[i].encr, suites[i].bits, suites[i].prf,
				      suites[i].integ, suites[i].group);
		pair_initiate(p, PAIR_A, false);
		pair_settle(p);
		EXPECT_TRUE(pair_up(p)) TH_LOG("suite %zu: %s", i, p->side[PAIR_A].log);
		EXPECT_FINE(pair_traffic(p, 1));
		pair_free(p);
	}
}

/* Retransmission: whichever datagram is lost or comes twice, there is one SA. */
TEST_F(pair, each_datagram_lost_or_twice)
{
	for (unsigned int n = 0; n < 4; n++)
		for (enum pair_verdict v = PAIR_DROP; v <= PAIR_TWICE; v++) {
			struct pair *p = pair_new(n);
			struct script s;

			watch(p, &s, n, v);
			pair_initiate(p, PAIR_A, false);
			pair_run(p, 5000);
			EXPECT_TRUE(pair_up(p)) TH_LOG("datagram %u, %d", n, v);
			EXPECT_FINE(pair_traffic(p, 1));
			EXPECT_EQ(1, p->side[PAIR_A].established);
			EXPECT_EQ(1, p->side[PAIR_B].established);
			EXPECT_EQ(1, p->side[PAIR_A].n_sas);
			EXPECT_EQ(1, p->side[PAIR_B].n_sas);
			/* what is sent again is the same, and so is what answers it */
			EXPECT_EQ(v == PAIR_TWICE ? (n % 2 ? 4 : 5) : (n % 2 ? 6 : 5),
				  p->n_sent) TH_LOG("datagram %u, %d", n, v);
			pair_free(p);
		}
}

/* Every pattern of losses of the first twelve datagrams. */
TEST_F(pair, patterns_of_loss)
{
	for (unsigned int seed = 0; seed < 150; seed++) {
		struct pair *p = pair_new(1000 + seed);

		p->loss = 300;
		p->twice = 300;
		p->delay_min = 0;
		p->delay_max = 1500;
		pair_initiate(p, PAIR_A, false);
		pair_run(p, 300000);
		EXPECT_STREQ("", p->fault);
		if (pair_sa(p, PAIR_A)) {
			EXPECT_FINE(pair_traffic(p, 1));
			EXPECT_EQ(1, p->side[PAIR_A].established);
			EXPECT_EQ(1, p->side[PAIR_B].established);
		} else {
			EXPECT_EQ(0, p->side[PAIR_A].n_sas);
			EXPECT_EQ(0, p->side[PAIR_A].n_kernel);
			EXPECT_NE(NULL, strstr(p->side[PAIR_A].error, "no answer from"))
				TH_LOG("%s", p->side[PAIR_A].error);
		}
		pair_free(p);
	}
}

TEST_F(pair, nobody_answers)
{
	const uint64_t begin = self->p->now.ms;

	self->p->side[PAIR_B].deaf = true;
	pair_initiate(self->p, PAIR_A, false);
	while (pair_step(self->p, begin + 1000000))
		;
	EXPECT_EQ(6, self->p->n_sent);
	EXPECT_EQ(63000, self->p->now.ms - begin);
	EXPECT_STREQ("no answer from 203.0.113.2 to IKE_SA_INIT after 6 tries (63 s)",
		     self->p->side[PAIR_A].error);
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(pair, half_open)
{
	pair_initiate(self->p, PAIR_A, false);
	self->p->side[PAIR_A].deaf = true;
	pair_run(self->p, 25000);
	EXPECT_EQ(1, pair_count(self->p, PAIR_B, IKE_STATE_HALF_OPEN));
	pair_run(self->p, 100000);
	EXPECT_EQ(0, self->p->side[PAIR_A].n_sas);
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "error: no IKE_AUTH within 30 s"));
	/* A went on asking when the first of B's had gone */
	pair_run(self->p, 100000);
	EXPECT_FINE(pair_nothing(self->p));
}

/* Only what was answered is answered again. */
TEST_F(pair, other_first_message)
{
	struct pair *p = self->p;
	unsigned int sent;
	struct script s;

	watch(p, &s, 0, PAIR_PASS);
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 15);
	sent = p->n_sent;
	pair_inject(p, PAIR_B, &s.src, &s.dst, s.data, s.len);
	EXPECT_EQ(sent + 1, p->n_sent);
	s.data[s.len - 1] ^= 1;
	pair_inject(p, PAIR_B, &s.src, &s.dst, s.data, s.len);
	EXPECT_EQ(sent + 1, p->n_sent);
	EXPECT_TRUE(pair_logged(p, PAIR_B, "it is not the one that was answered"));
	pair_settle(p);
	EXPECT_FINE(pair_traffic(p, 1));
}

TEST_F(pair, another_group)
{
	struct ike_proposal *a = pair_policy(self->p, PAIR_A)->proposals;

	pair_add_group(a, IKE_DH_ECP_384);
	pair_add_group(a, IKE_DH_ECP_256);
	pair_proposal(pair_policy(self->p, PAIR_B)->proposals, 1, IKE_PROTOCOL_IKE,
		      IKE_ENCR_AES_GCM_16, 256, IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_ECP_256);
	pair_initiate(self->p, PAIR_A, false);
	pair_settle(self->p);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(6, self->p->n_sent);
	EXPECT_EQ(IKE_DH_ECP_256, pair_sa(self->p, PAIR_A)->suite.dh->id);
	EXPECT_EQ(1, pair_sa(self->p, PAIR_B)->recv_id - 1);
}

/* A group that the responder likes better, but has been sent no value of, is no reason. */
TEST_F(pair, guess_is_kept)
{
	pair_add_group(pair_policy(self->p, PAIR_A)->proposals, IKE_DH_ECP_256);
	pair_proposal(pair_policy(self->p, PAIR_B)->proposals, 1, IKE_PROTOCOL_IKE,
		      IKE_ENCR_AES_GCM_16, 256, IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_ECP_256);
	pair_add_group(pair_policy(self->p, PAIR_B)->proposals, IKE_DH_X25519);
	pair_initiate(self->p, PAIR_A, false);
	pair_settle(self->p);
	EXPECT_EQ(4, self->p->n_sent);
	EXPECT_EQ(IKE_DH_X25519, pair_sa(self->p, PAIR_A)->suite.dh->id);
}

/* Who asks for a group that was not offered, or the same again, is not followed. */
TEST_F(pair, forged_groups)
{
	static const struct {
		uint16_t group;
		size_t len;
		const char *why;
	} cases[] = {
		{ IKE_DH_MODP_2048, 2, "the peer asks for a group that was not offered" },
		{ IKE_DH_X25519, 2, "the peer asks for group 31 again" },
		{ 1, 2, "the peer asks for a group that was not offered" },
		{ 0xffff, 2, "the peer asks for a group that was not offered" },
		{ IKE_DH_X25519, 1, "the peer asks for a group that was not offered" },
		{ IKE_DH_X25519, 0, "the peer asks for a group that was not offered" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const uint8_t group[2] = { cases[i].group >> 8, cases[i].group };
		struct pair *p = pair_new(i);
		struct script s;

		pair_add_group(pair_policy(p, PAIR_A)->proposals, IKE_DH_ECP_256);
		watch(p, &s, 0, PAIR_PASS);
		pair_initiate(p, PAIR_A, false);
		forge(p, &s, IKE_NOTIFY_INVALID_KE_PAYLOAD, CHUNK(group, cases[i].len));
		EXPECT_TRUE(pair_logged(p, PAIR_A, cases[i].why)) TH_LOG("case %zu", i);
		/* the genuine answer still counts */
		pair_settle(p);
		EXPECT_FINE(pair_traffic(p, 1));
		EXPECT_EQ(4, p->n_sent);
		pair_free(p);
	}
}

/* Each group once, in whatever order somebody asks for them. */
TEST_F(pair, groups_in_a_circle)
{
	const uint8_t x25519[] = { 0, IKE_DH_X25519 }, ecp[] = { 0, IKE_DH_ECP_256 };
	struct pair *p = self->p;
	struct script s;

	pair_add_group(pair_policy(p, PAIR_A)->proposals, IKE_DH_ECP_256);
	p->side[PAIR_B].deaf = true;
	watch(p, &s, 0, PAIR_PASS);
	pair_initiate(p, PAIR_A, false);
	for (int i = 0; i < 10; i++) {
		forge(p, &s, IKE_NOTIFY_INVALID_KE_PAYLOAD, CHUNK(ecp, 2));
		forge(p, &s, IKE_NOTIFY_INVALID_KE_PAYLOAD, CHUNK(x25519, 2));
	}
	EXPECT_EQ(2, p->n_sent);
	pair_run(p, IKE_REFUSED_MS);
	EXPECT_FINE(pair_nothing(p));
	EXPECT_STREQ("the peer asks for group 31 again", p->side[PAIR_A].error);
}

TEST_F(pair, cookie)
{
	struct pair *p = self->p;
	struct script s;

	p->side[PAIR_B].ask_cookie = true;
	watch(p, &s, 1, PAIR_PASS);
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 10);
	/* nothing is kept of who has not shown that it is there */
	EXPECT_EQ(0, p->side[PAIR_B].n_sas);
	pair_settle(p);
	EXPECT_FINE(pair_traffic(p, 1));
	EXPECT_EQ(6, p->n_sent);
	/* header, notification, version and HMAC */
	EXPECT_EQ(28 + 8 + 33, s.len);
}

TEST_F(pair, cookie_and_another_group)
{
	struct pair *p = self->p;

	p->side[PAIR_B].ask_cookie = true;
	pair_add_group(pair_policy(p, PAIR_A)->proposals, IKE_DH_ECP_256);
	pair_proposal(pair_policy(p, PAIR_B)->proposals, 1, IKE_PROTOCOL_IKE,
		      IKE_ENCR_AES_GCM_16, 256, IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_ECP_256);
	pair_initiate(p, PAIR_A, false);
	pair_settle(p);
	EXPECT_FINE(pair_traffic(p, 1));
	/* the cookie is shown again with the other group: section 2.6.1 */
	EXPECT_EQ(8, p->n_sent);
}

/* The last secret still counts, the one before does not. */
TEST_F(pair, cookie_secrets)
{
	for (unsigned int turns = 0; turns < 3; turns++) {
		struct pair *p = pair_new(turns);
		struct ike_cookie_secrets *s = &p->side[PAIR_B].secrets;

		p->side[PAIR_B].ask_cookie = true;
		pair_initiate(p, PAIR_A, false);
		pair_run(p, 20);
		for (unsigned int i = 0; i < turns; i++) {
			memcpy(s->last, s->now, sizeof(s->last));
			s->now[0] ^= 0x55;
			s->now[1] += 1;
			s->version++;
		}
		pair_settle(p);
		EXPECT_FINE(pair_traffic(p, 1));
		EXPECT_EQ(turns < 2 ? 6 : 8, p->n_sent);
		pair_free(p);
	}
}

static enum pair_verdict forget_secrets(struct pair *p, const struct pair_datagram *d)
{
	if (d->from == PAIR_A)
		p->side[PAIR_B].secrets.now[0]++;
	return PAIR_PASS;
}

TEST_F(pair, cookies_without_end)
{
	struct pair *p = self->p;

	p->side[PAIR_B].ask_cookie = true;
	p->filter = forget_secrets;
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 60000);
	EXPECT_FINE(pair_nothing(p));
	EXPECT_STREQ("the peer asks for one cookie after the other", p->side[PAIR_A].error);
	EXPECT_GT(2 * (IKE_INIT_TRIES + 4), p->n_sent);
}

/* What a cookie is made of: each of them changes it. */
TEST_F(pair, cookie_binds)
{
	struct pair *p = self->p;
	struct ike_path path;
	uint8_t answer[IKE_GREETING_MAX], other[IKE_GREETING_MAX];
	size_t len, other_len;
	const char *why;
	struct script s;

	p->side[PAIR_B].deaf = true;
	watch(p, &s, 0, PAIR_PASS);
	pair_initiate(p, PAIR_A, false);
	path = (struct ike_path){ .local = s.dst, .remote = s.src };
#define GREET(to, to_len)							\
	ike_greet(&p->side[PAIR_B].env, &p->side[PAIR_B].secrets, true, &path, s.data,	\
		  s.len, to, &to_len, &why)
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(answer, len));
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(other, other_len));
	EXPECT_EQ(0, memcmp(answer, other, len));
	path.remote.port++;
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(other, other_len));
	EXPECT_NE(0, memcmp(answer + 36, other + 36, len - 36));
	path.remote.port--;
	path.remote.address[3]++;
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(other, other_len));
	EXPECT_NE(0, memcmp(answer + 36, other + 36, len - 36));
	path.remote.address[3]--;
	s.data[0] ^= 1;
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(other, other_len));
	EXPECT_NE(0, memcmp(answer + 36, other + 36, len - 36));
	s.data[0] ^= 1;
	/* the nonce is the first payload of its length behind SA and KE */
	s.data[28 + 44 + 40 + 4] ^= 1;
	ASSERT_EQ(IKE_GREET_ANSWER, GREET(other, other_len));
	EXPECT_NE(0, memcmp(answer + 36, other + 36, len - 36));
	EXPECT_STREQ("it has no cookie", why);
}

TEST_F(pair, nat)
{
	struct pair *p = self->p;
	const struct ike_sa *a, *b;

	p->nat = true;
	pair_initiate(p, PAIR_A, false);
	pair_settle(p);
	ASSERT_TRUE(pair_up(p));
	a = pair_sa(p, PAIR_A);
	b = pair_sa(p, PAIR_B);
	EXPECT_TRUE(a->nat_local);
	EXPECT_FALSE(a->nat_remote);
	EXPECT_FALSE(b->nat_local);
	EXPECT_TRUE(b->nat_remote);
	EXPECT_EQ(4500, a->path.local.port);
	EXPECT_EQ(4500, a->path.remote.port);
	EXPECT_EQ(4500, b->path.local.port);
	EXPECT_EQ(p->nat_from + 1, b->path.remote.port);
	EXPECT_FINE(pair_traffic(p, 1));
	EXPECT_TRUE(p->side[PAIR_A].kernel[0].k.encap);
}

TEST_F(pair, no_proposal)
{
	const uint64_t begin = self->p->now.ms;
	struct pair *p = self->p;

	pair_proposal(pair_policy(p, PAIR_B)->proposals, 1, IKE_PROTOCOL_IKE,
		      IKE_ENCR_AES_CBC, 256, IKE_PRF_HMAC_SHA2_256, IKE_INTEG_HMAC_SHA2_256_128,
		      IKE_DH_X25519);
	pair_initiate(p, PAIR_A, false);
	while (pair_step(p, begin + 1000000))
		;
	EXPECT_FINE(pair_nothing(p));
	EXPECT_STREQ("the peer refuses IKE_SA_INIT: NO_PROPOSAL_CHOSEN", p->side[PAIR_A].error);
	EXPECT_NE(NULL, strstr(p->side[PAIR_A].error_ours, "aes-gcm-256"))
		TH_LOG("%s", p->side[PAIR_A].error_ours);
	EXPECT_EQ(IKE_REFUSED_MS + 20, p->now.ms - begin);
	EXPECT_STREQ("no proposal chosen: no encryption algorithm in common",
		     p->side[PAIR_B].error);
	EXPECT_NE(NULL, strstr(p->side[PAIR_B].error_theirs, "aes-gcm-256"));
	EXPECT_NE(NULL, strstr(p->side[PAIR_B].error_ours, "aes-cbc-256"));
}

TEST_F(pair, no_policy)
{
	struct pair *p = self->p;

	pair_policy(p, PAIR_B)->match_local = calloc(1, sizeof(struct ike_endpoint));
	pair_policy(p, PAIR_B)->match_local[0] = p->side[PAIR_A].address;
	pair_policy(p, PAIR_B)->n_match_local = 1;
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 10000);
	EXPECT_FINE(pair_nothing(p));
	EXPECT_STREQ("no policy for the address of ours", p->side[PAIR_B].error);
	EXPECT_EQ(NULL, pair_initiate(p, PAIR_B, false));
	EXPECT_FINE(pair_nothing(p));
}

/* What anybody may have said does not end an attempt that the peer answers. */
TEST_F(pair, forged_errors)
{
	static const uint16_t types[] = {
		IKE_NOTIFY_NO_PROPOSAL_CHOSEN, IKE_NOTIFY_INVALID_SYNTAX,
		IKE_NOTIFY_INVALID_MAJOR_VERSION, IKE_NOTIFY_AUTHENTICATION_FAILED,
		IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD, IKE_NOTIFY_REDIRECT, 8191,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct pair *p = pair_new(i);
		struct script s;

		watch(p, &s, 0, PAIR_PASS);
		pair_initiate(p, PAIR_A, false);
		forge(p, &s, types[i], CHUNK("\1\4\xc0\0\2\x63", 6));
		EXPECT_TRUE(pair_logged(p, PAIR_A, types[i] == IKE_NOTIFY_REDIRECT ?
					"REDIRECT to 192.0.2.99" :
					"error: the peer refuses IKE_SA_INIT"));
		pair_run(p, 10000);
		EXPECT_FINE(pair_traffic(p, 1));
		pair_free(p);

		/* nothing better comes */
		p = pair_new(i);
		p->side[PAIR_B].deaf = true;
		watch(p, &s, 0, PAIR_PASS);
		pair_initiate(p, PAIR_A, false);
		forge(p, &s, types[i], CHUNK("\1\4\xc0\0\2\x63", 6));
		EXPECT_EQ(1, p->side[PAIR_A].n_sas);
		pair_run(p, IKE_REFUSED_MS);
		EXPECT_FINE(pair_nothing(p));
		pair_free(p);
	}
}

/* An answer whose value of Diffie-Hellman cannot be is not the peer's. */
TEST_F(pair, forged_value)
{
	struct pair *p = self->p;
	struct ike_payloads payloads;
	const struct ike_payload *ke;
	struct ike_fault fault;
	struct ike_header h;
	struct script s;

	watch(p, &s, 1, PAIR_DROP);
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 20);
	ASSERT_TRUE(ike_message_parse(&h, &payloads, s.data, s.len, &fault));
	ke = ike_payload_find(&payloads, IKE_PAYLOAD_KE);
	memset((uint8_t *)ke->ke.data.data, 0, ke->ke.data.len);
	pair_inject(p, PAIR_A, &s.src, &s.dst, s.data, s.len);
	EXPECT_TRUE(pair_logged(p, PAIR_A, "error: the peer's KE payload: public value of small order"));
	EXPECT_EQ(NULL, pair_sa(p, PAIR_A));
	pair_run(p, 2000);
	EXPECT_FINE(pair_traffic(p, 1));
}

TEST_F(pair, invalid_value)
{
	struct pair *p = self->p;
	struct ike_payloads payloads;
	const struct ike_payload *ke;
	struct ike_fault fault;
	struct ike_header h;
	struct script s;

	watch(p, &s, 0, PAIR_DROP);
	pair_initiate(p, PAIR_A, false);
	ASSERT_TRUE(ike_message_parse(&h, &payloads, s.data, s.len, &fault));
	ke = ike_payload_find(&payloads, IKE_PAYLOAD_KE);
	memset((uint8_t *)ke->ke.data.data, 0, ke->ke.data.len);
	s.number = 1;
	s.verdict = PAIR_PASS;
	pair_inject(p, PAIR_B, &s.src, &s.dst, s.data, s.len);
	EXPECT_EQ(0, p->side[PAIR_B].n_sas);
	/* INVALID_SYNTAX */
	EXPECT_EQ(28 + 8, s.len);
	EXPECT_EQ(IKE_NOTIFY_INVALID_SYNTAX, s.data[35]);
}

/* What we send comes back to us. */
TEST_F(pair, reflection)
{
	for (unsigned int n = 0; n < 4; n++) {
		struct pair *p = pair_new(n);
		struct ike_path back;
		struct script s;

		watch(p, &s, n, PAIR_PASS);
		pair_initiate(p, PAIR_A, false);
		while (!s.len)
			pair_step(p, UINT64_MAX);
		back = (struct ike_path){ .local = s.src, .remote = s.dst };
		pair_inject(p, n % 2, &s.dst, &s.src, s.data, s.len);
		/* and if the host finds the SA by one of the SPIs */
		ike_sa_receive(p->side[n % 2].sas[0], &p->now, &back, s.data, s.len);
		EXPECT_TRUE(pair_logged(p, n % 2, "dropped: it is not of this SA"));
		pair_settle(p);
		EXPECT_FINE(pair_traffic(p, 1));
		EXPECT_EQ(1, p->side[PAIR_A].established);
		EXPECT_EQ(1, p->side[PAIR_B].established);
		pair_inject(p, n % 2, &s.dst, &s.src, s.data, s.len);
		EXPECT_FINE(pair_traffic(p, 1));
		EXPECT_TRUE(pair_up(p));
		pair_free(p);
	}
}

/* Each octet of each datagram, wrong: nothing comes of it but what would have come. */
TEST_F(pair, every_octet_wrong)
{
	struct script s;

	for (unsigned int n = 0; n < 4; n++) {
		struct pair *p = pair_new(n);

		watch(p, &s, n, PAIR_DROP);
		pair_initiate(p, PAIR_A, false);
		while (!s.len)
			pair_step(p, UINT64_MAX);
		for (size_t i = 0; i < s.len; i++) {
			/* in clear it is another first message, and as good as another peer's */
			if (n < 2 && i >= IKE_HEADER_LEN)
				break;
			/*
			 * who sees A's message can give A another SPI, and either of
			 * them a flag that means nothing but is signed
			 */
			if ((n == 1 && i >= 8 && i < 16) || (n < 2 && i == 19))
				continue;
			s.data[i] ^= 0x10;
			pair_inject(p, !(n % 2), &s.src, &s.dst, s.data, s.len);
			s.data[i] ^= 0x10;
		}
		pair_run(p, 40000);
		EXPECT_FINE(pair_traffic(p, 1));
		EXPECT_EQ(1, p->side[PAIR_A].established) TH_LOG("%u", n);
		EXPECT_EQ(1, p->side[PAIR_B].established) TH_LOG("%u", n);
		pair_free(p);
	}
}

static enum ike_greeting greet(struct pair *p, const uint8_t *data, size_t len,
			       struct ike_payloads *answered)
{
	static uint8_t answer[IKE_GREETING_MAX];
	struct ike_path path = {
		.local = p->side[PAIR_B].address,
		.remote = p->side[PAIR_A].address,
	};
	enum ike_greeting what;
	struct ike_fault fault;
	struct ike_header h;
	const char *why;
	size_t n;

	what = ike_greet(&p->side[PAIR_B].env, &p->side[PAIR_B].secrets, false, &path, data, len,
			 answer, &n, &why);
	if ((what == IKE_GREET_ACCEPT) != !why || (what == IKE_GREET_ANSWER) != !!n)
		abort();
	if (n && (!ike_message_parse(&h, answered, answer, n, &fault) ||
		  !(h.flags & IKE_FLAG_RESPONSE) || n > len + 33))
		abort();
	return what;
}

static bool says(const struct ike_payloads *payloads, uint16_t type)
{
	return ike_payload_find_notify(payloads, type);
}

TEST_F(pair, greetings)
{
	struct pair *p = self->p;
	struct ike_payloads answer;
	struct script s;

	watch(p, &s, 0, PAIR_DROP);
	pair_initiate(p, PAIR_A, false);
	EXPECT_EQ(IKE_GREET_ACCEPT, greet(p, s.data, s.len, &answer));
	for (size_t len = 0; len < s.len; len++)
		EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, len, &answer));

	/* version 3 is told which one we speak, version 1 is not */
	s.data[17] = 0x30;
	ASSERT_EQ(IKE_GREET_ANSWER, greet(p, s.data, s.len, &answer));
	EXPECT_TRUE(says(&answer, IKE_NOTIFY_INVALID_MAJOR_VERSION));
	s.data[19] |= IKE_FLAG_RESPONSE;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[19] &= ~IKE_FLAG_RESPONSE;
	s.data[17] = 0x10;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[17] = 0x20;

	/* SPI of the responder's, exchange, flags, message ID */
	for (size_t i = 8; i < 16; i++) {
		s.data[i] = 1;
		EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
		s.data[i] = 0;
	}
	s.data[18]++;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[18]--;
	s.data[19] ^= IKE_FLAG_INITIATOR;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[19] ^= IKE_FLAG_INITIATOR | IKE_FLAG_RESPONSE;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[19] ^= IKE_FLAG_RESPONSE;
	s.data[23]++;
	EXPECT_EQ(IKE_GREET_DROP, greet(p, s.data, s.len, &answer));
	s.data[23]--;

	/* an unknown payload that is critical; then one that is not */
	s.data[16] = 200;
	s.data[29] = 0x80;
	ASSERT_EQ(IKE_GREET_ANSWER, greet(p, s.data, s.len, &answer));
	ASSERT_TRUE(says(&answer, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD));
	EXPECT_EQ(200, *ike_payload_find_notify(&answer, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD)
			->notify.data.data);
	s.data[29] = 0;
	/* now it has no SA payload */
	ASSERT_EQ(IKE_GREET_ANSWER, greet(p, s.data, s.len, &answer));
	EXPECT_TRUE(says(&answer, IKE_NOTIFY_INVALID_SYNTAX));
	s.data[16] = IKE_PAYLOAD_SA;
	EXPECT_EQ(IKE_GREET_ACCEPT, greet(p, s.data, s.len, &answer));
}

TEST_HARNESS_MAIN
