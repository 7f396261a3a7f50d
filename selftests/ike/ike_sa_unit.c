// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of an IKE SA between two engines: their numbers, what is repeated, what is
 * forged, what is wrong though it is authentic, and fragments (RFC 7383).
 *
 * lab: native
 */
#include "kselftest_harness.h"
#include "pair_unit.h"

/* All that went from one side to the other. */
struct recorder {
	unsigned int from, n;
	struct {
		uint8_t data[1500];
		size_t len;
		struct ike_endpoint src, dst;
	} item[64];
};

static enum pair_verdict record(struct pair *p, const struct pair_datagram *d)
{
	struct recorder *r = p->context;

	if (d->from != r->from || r->n == ARRAY_SIZE(r->item) || d->len > sizeof(r->item->data))
		return PAIR_PASS;
	memcpy(r->item[r->n].data, d->data, d->len);
	r->item[r->n].len = d->len;
	r->item[r->n].src = d->src;
	r->item[r->n++].dst = d->dst;
	return PAIR_PASS;
}

static struct recorder *start_recorder(struct pair *p, unsigned int from)
{
	struct recorder *r = calloc(1, sizeof(*r));

	r->from = from;
	p->context = r;
	p->filter = record;
	return r;
}

static bool come_up(struct pair *p)
{
	pair_initiate(p, PAIR_A, false);
	pair_settle(p);
	return pair_up(p) && !pair_traffic(p, 1);
}

/* A message that A's SA writes for B without A's engine having a part in it. */
static void say(struct pair *p, uint8_t exchange, uint8_t flags, uint32_t id, uint8_t first,
		struct ike_chunk chain)
{
	const struct ike_header h = { .exchange = exchange, .flags = flags, .message_id = id };
	struct ike_sa *a = pair_sa(p, PAIR_A);
	struct ike_datagrams d = {};

	if (!ike_sa_write(a, &h, first, chain, &d))
		abort();
	for (size_t i = 0; i < d.n; i++)
		pair_inject(p, PAIR_B, &a->path.local, &a->path.remote, d.item[i].data,
			    d.item[i].len);
	ike_datagrams_free(&d);
}

/* What B said last, read with A's keys. */
static bool hear(struct pair *p, struct recorder *r, struct ike_header *h,
		 struct ike_payloads *payloads)
{
	struct ike_sa *a = pair_sa(p, PAIR_A);
	struct ike_payloads outer;
	const struct ike_payload *sk;
	struct ike_chunk plain;
	struct ike_fault fault;
	uint8_t *data = r->item[r->n - 1].data;

	if (!r->n || !ike_message_parse(h, &outer, data, r->item[r->n - 1].len, &fault))
		return false;
	sk = &outer.items[outer.n - 1];
	return ike_open(p->crypt, &a->suite, &a->keys.r, data, r->item[r->n - 1].len,
			(size_t)(sk->encrypted.content.data - data), &plain) == IKE_OPEN_OK &&
	       ike_payloads_parse(payloads, sk->encrypted.first, plain.data, plain.len, &fault);
}

static bool heard(struct pair *p, struct recorder *r, uint16_t type)
{
	struct ike_payloads payloads;
	struct ike_header h;

	return hear(p, r, &h, &payloads) && h.flags & IKE_FLAG_RESPONSE &&
	       ike_payload_find_notify(&payloads, type);
}

TEST_F(pair, repeated_requests)
{
	struct pair *p = self->p;
	struct recorder *r = start_recorder(p, PAIR_B);
	unsigned int sent;

	ASSERT_TRUE(come_up(p));
	r->n = 0;
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 2, 0, CHUNK("", 0));
	ASSERT_EQ(1, r->n);
	/* the same again, and as it would be if it had been sealed anew */
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 2, 0, CHUNK("", 0));
	ASSERT_EQ(2, r->n);
	EXPECT_EQ(r->item[0].len, r->item[1].len);
	EXPECT_EQ(0, memcmp(r->item[0].data, r->item[1].data, r->item[0].len));
	sent = p->n_sent;
	/* older ones, one that is too new */
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 1, 0, CHUNK("", 0));
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 0, 0, CHUNK("", 0));
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 4, 0, CHUNK("", 0));
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, UINT32_MAX, 0, CHUNK("", 0));
	/* responses that nobody has asked for */
	say(p, IKE_EXCHANGE_INFORMATIONAL, IKE_FLAG_RESPONSE, 0, 0, CHUNK("", 0));
	say(p, IKE_EXCHANGE_INFORMATIONAL, IKE_FLAG_RESPONSE, 3, 0, CHUNK("", 0));
	EXPECT_EQ(sent, p->n_sent);
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 3, 0, CHUNK("", 0));
	EXPECT_EQ(sent + 1, p->n_sent);
	free(r);
	p->filter = NULL;
}

/* Nothing that is not authentic does anything, whatever octet of it is wrong. */
TEST_F(pair, forged_requests)
{
	const struct ike_header h = { .exchange = IKE_EXCHANGE_INFORMATIONAL, .message_id = 2 };
	struct pair *p = self->p;
	struct ike_datagrams d = {};
	struct ike_sa *a, *b;
	uint64_t heard_at;
	unsigned int sent;

	ASSERT_TRUE(come_up(p));
	a = pair_sa(p, PAIR_A);
	b = pair_sa(p, PAIR_B);
	heard_at = b->heard_at;
	sent = p->n_sent;
	pair_run(p, 1000);
	ASSERT_TRUE(ike_sa_write(a, &h, 0, CHUNK("", 0), &d));
	for (size_t i = 0; i < d.item[0].len; i++)
		for (int bit = 0; bit < 8; bit++) {
			d.item[0].data[i] ^= 1 << bit;
			pair_inject(p, PAIR_B, &a->path.local, &a->path.remote, d.item[0].data,
				    d.item[0].len);
			d.item[0].data[i] ^= 1 << bit;
		}
	for (size_t len = 0; len < d.item[0].len; len++)
		pair_inject(p, PAIR_B, &a->path.local, &a->path.remote, d.item[0].data, len);
	EXPECT_EQ(sent, p->n_sent);
	EXPECT_EQ(heard_at, b->heard_at);
	EXPECT_EQ(2, b->recv_id);
	pair_inject(p, PAIR_B, &a->path.local, &a->path.remote, d.item[0].data, d.item[0].len);
	EXPECT_EQ(3, b->recv_id);
	ike_datagrams_free(&d);
}

/* RFC 7296 section 2.5: it is refused, and nothing else. */
TEST_F(pair, critical_payload)
{
	static const uint8_t chain[] = { 0, 0x80, 0, 4 };
	struct pair *p = self->p;
	struct recorder *r = start_recorder(p, PAIR_B);

	ASSERT_TRUE(come_up(p));
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 2, 201, CHUNK(chain, sizeof(chain)));
	EXPECT_TRUE(heard(p, r, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD));
	EXPECT_TRUE(pair_up(p));
	EXPECT_FINE(pair_traffic(p, 1));
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 3, 0, CHUNK("", 0));
	EXPECT_EQ(4, pair_sa(p, PAIR_B)->recv_id);
	free(r);
	p->filter = NULL;
}

/* Section 2.21.3: what is malformed though it is authentic ends the SA. */
TEST_F(pair, malformed)
{
	static const uint8_t cut[] = { 0, 0, 0, 40 };
	static const struct {
		uint8_t exchange, first;
		struct ike_chunk chain;
	} cases[] = {
		{ IKE_EXCHANGE_INFORMATIONAL, IKE_PAYLOAD_NOTIFY, { cut, 4 } },
		{ IKE_EXCHANGE_INFORMATIONAL, IKE_PAYLOAD_SA, { cut, 3 } },
		{ IKE_EXCHANGE_CREATE_CHILD_SA, IKE_PAYLOAD_DELETE, { cut, 4 } },
		{ IKE_EXCHANGE_IKE_AUTH, IKE_PAYLOAD_NONE, { cut, 0 } },
		{ 99, IKE_PAYLOAD_NONE, { cut, 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pair *p = pair_new(i);
		struct recorder *r = start_recorder(p, PAIR_B);
		unsigned int sent;

		ASSERT_TRUE(come_up(p));
		say(p, cases[i].exchange, 0, 2, cases[i].first, cases[i].chain);
		EXPECT_TRUE(heard(p, r, IKE_NOTIFY_INVALID_SYNTAX)) TH_LOG("case %zu", i);
		EXPECT_EQ(NULL, pair_sa(p, PAIR_B));
		EXPECT_EQ(0, p->side[PAIR_B].n_kernel);
		/* the answer may be lost */
		sent = p->n_sent;
		say(p, cases[i].exchange, 0, 2, cases[i].first, cases[i].chain);
		EXPECT_EQ(sent + 1, p->n_sent);
		say(p, IKE_EXCHANGE_INFORMATIONAL, 0, 3, 0, CHUNK("", 0));
		EXPECT_EQ(sent + 1, p->n_sent);
		pair_run(p, IKE_LINGER_MS);
		EXPECT_EQ(0, p->side[PAIR_B].n_sas);
		EXPECT_NE(NULL, strstr(p->side[PAIR_B].error, "cannot be read"));
		free(r);
		pair_free(p);
	}
}

static void spoil(struct pair *p, struct ike_sa *to, const struct ike_header *h,
		  uint8_t *first, uint8_t *chain, size_t *len)
{
	(void)to;
	if (!(h->flags & IKE_FLAG_RESPONSE) || h->exchange != *(uint8_t *)p->context)
		return;
	*first = IKE_PAYLOAD_NOTIFY;
	memset(chain, 0, 4);
	*len = 3;
}

TEST_F(pair, malformed_responses)
{
	static uint8_t exchanges[] = { IKE_EXCHANGE_IKE_AUTH, IKE_EXCHANGE_INFORMATIONAL };

	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct pair *p = pair_new(i);

		p->context = &exchanges[i];
		p->mutate = spoil;
		pair_initiate(p, PAIR_A, false);
		pair_settle(p);
		if (pair_sa(p, PAIR_A))
			ike_sa_probe(pair_sa(p, PAIR_A), &p->now);
		pair_settle(p);
		EXPECT_EQ(0, p->side[PAIR_A].n_sas);
		EXPECT_EQ(0, p->side[PAIR_A].n_kernel);
		EXPECT_NE(NULL, strstr(p->side[PAIR_A].error, "response cannot be read"));
		pair_free(p);
	}
}

TEST_F(pair, not_yet)
{
	const struct ike_header h = { .exchange = IKE_EXCHANGE_INFORMATIONAL, .message_id = 1 };
	const struct ike_header zero = { .exchange = IKE_EXCHANGE_INFORMATIONAL };
	struct pair *p = self->p;
	struct ike_datagrams d = {};
	struct ike_sa *a, *b;
	unsigned int sent;

	pair_initiate(p, PAIR_A, false);
	pair_run(p, 20);
	a = p->side[PAIR_A].sas[0];
	b = p->side[PAIR_B].sas[0];
	ASSERT_EQ(IKE_STATE_AUTH, ike_sa_state(a));
	ASSERT_EQ(IKE_STATE_HALF_OPEN, ike_sa_state(b));
	sent = p->n_sent;
	/* who has not proved who it is asks for something else */
	ASSERT_TRUE(ike_sa_write(a, &h, 0, CHUNK("", 0), &d));
	pair_inject(p, PAIR_B, &a->path.local, &a->path.remote, d.item[0].data, d.item[0].len);
	/* and the responder asks before it has answered */
	ASSERT_TRUE(ike_sa_write(b, &zero, 0, CHUNK("", 0), &d));
	pair_inject(p, PAIR_A, &b->path.local, &b->path.remote, d.item[0].data, d.item[0].len);
	ike_datagrams_free(&d);
	EXPECT_EQ(sent, p->n_sent);
	EXPECT_EQ(1, b->recv_id);
	pair_settle(p);
	EXPECT_FINE(pair_traffic(p, 1));
}

TEST_F(pair, high_message_ids)
{
	struct pair *p = self->p;
	struct ike_sa *b;

	ASSERT_TRUE(come_up(p));
	b = pair_sa(p, PAIR_B);
	b->recv_id = IKE_MESSAGE_ID_HIGH - 1;
	EXPECT_GT(b->rekey_at, p->now.ms);
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, IKE_MESSAGE_ID_HIGH - 1, 0, CHUNK("", 0));
	EXPECT_EQ(IKE_MESSAGE_ID_HIGH, b->recv_id);
	EXPECT_LE(b->rekey_at, p->now.ms);
	/* there is no other */
	b->recv_id = UINT32_MAX;
	say(p, IKE_EXCHANGE_INFORMATIONAL, 0, UINT32_MAX, 0, CHUNK("", 0));
	EXPECT_EQ(UINT32_MAX, b->recv_id);
}

/* The promise of dead peer detection holds for all that is outstanding. */
TEST_F(pair, dead_peer)
{
	static const struct {
		uint64_t retry, takes;
	} cases[] = { { 2000, 12000 }, { 5000, 30000 }, { 60000, 63000 } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct pair *p = pair_new(i);
		uint64_t begin;

		pair_profile(p, PAIR_A)->dpd_ms = 10000;
		pair_profile(p, PAIR_A)->dpd_retry_ms = cases[i].retry;
		ASSERT_TRUE(come_up(p));
		p->side[PAIR_B].deaf = true;
		p->side[PAIR_A].idle_ms = IKE_NEVER;
		begin = p->now.ms;
		ike_sa_rekey(pair_sa(p, PAIR_A), &p->now);
		while (p->side[PAIR_A].n_sas && pair_step(p, begin + 1000000))
			;
		EXPECT_EQ(cases[i].takes, p->now.ms - begin);
		EXPECT_NE(NULL, strstr(p->side[PAIR_A].error, "no answer from 203.0.113.2"))
			TH_LOG("%s", p->side[PAIR_A].error);
		EXPECT_EQ(0, p->side[PAIR_A].n_kernel);
		pair_free(p);
	}
}

/* The address behind a NAT changes: only what is new and authentic is followed. */
TEST_F(pair, nat_forgets)
{
	struct pair *p = self->p;
	struct recorder *r = start_recorder(p, PAIR_A);
	struct ike_endpoint other;
	struct ike_sa *b;

	p->nat = true;
	ASSERT_TRUE(come_up(p));
	b = pair_sa(p, PAIR_B);
	EXPECT_EQ(10001, b->path.remote.port);
	/* a replay from elsewhere, and a forgery */
	other = b->path.remote;
	other.port = 7777;
	pair_inject(p, PAIR_B, &other, &b->path.local, r->item[1].data, r->item[1].len);
	EXPECT_EQ(10001, b->path.remote.port);
	EXPECT_TRUE(pair_logged(p, PAIR_B, "answered again"));
	r->item[1].data[23]++;
	pair_inject(p, PAIR_B, &other, &b->path.local, r->item[1].data, r->item[1].len);
	EXPECT_EQ(10001, b->path.remote.port);

	p->nat_from = 20000;
	ike_sa_probe(pair_sa(p, PAIR_A), &p->now);
	pair_settle(p);
	EXPECT_EQ(20001, b->path.remote.port);
	EXPECT_TRUE(pair_logged(p, PAIR_B, "notice: the peer has moved from 198.51.100.7 port 10001 to 198.51.100.7 port 20001"));
	for (unsigned int i = 0; i < p->side[PAIR_B].n_kernel; i++) {
		const struct ike_kernel_sa *k = &p->side[PAIR_B].kernel[i].k;

		EXPECT_EQ(20001, k->direction == IKE_OUT ? k->dst.port : k->src.port);
	}
	EXPECT_FINE(pair_traffic(p, 1));
	free(r);
	p->filter = NULL;
}

/* ESP tells of it before IKE does: what is sent to the old translation reaches nobody. */
TEST_F(pair, nat_forgets_and_esp_tells)
{
	struct ike_endpoint other;
	struct pair *p = self->p;
	struct ike_sa *b;

	p->nat = true;
	ASSERT_TRUE(come_up(p));
	b = pair_sa(p, PAIR_B);
	p->nat_from = 20000;
	other = b->path.remote;
	other.port = 20001;
	ike_sa_moved(b, &p->now, &other);
	EXPECT_EQ(20001, b->path.remote.port);
	for (unsigned int i = 0; i < p->side[PAIR_B].n_kernel; i++) {
		const struct ike_kernel_sa *k = &p->side[PAIR_B].kernel[i].k;

		EXPECT_EQ(20001, k->direction == IKE_OUT ? k->dst.port : k->src.port);
	}
	pair_settle(p);
	EXPECT_EQ(NULL, b->asking);
	EXPECT_EQ(20001, b->path.remote.port);
	EXPECT_FINE(pair_traffic(p, 1));

	/* somebody on the way has written another source: the peer's next message counts */
	other.port = 7777;
	ike_sa_moved(b, &p->now, &other);
	EXPECT_EQ(7777, b->path.remote.port);
	ike_sa_probe(pair_sa(p, PAIR_A), &p->now);
	pair_settle(p);
	EXPECT_EQ(20001, b->path.remote.port);
	pair_run(p, 60000);
	EXPECT_EQ(NULL, b->asking);
	EXPECT_EQ(IKE_STATE_ESTABLISHED, ike_sa_state(b));

	/* who is behind a NAT keeps to the address that it knows */
	other = pair_sa(p, PAIR_A)->path.remote;
	other.port = 7777;
	ike_sa_moved(pair_sa(p, PAIR_A), &p->now, &other);
	EXPECT_EQ(4500, pair_sa(p, PAIR_A)->path.remote.port);
}

/* Without a NAT nobody moves, even with an authentic message from elsewhere. */
TEST_F(pair, nobody_moves)
{
	const struct ike_header h = { .exchange = IKE_EXCHANGE_INFORMATIONAL, .message_id = 2 };
	struct pair *p = self->p;
	struct ike_datagrams d = {};
	struct ike_endpoint other;
	struct ike_sa *a;

	ASSERT_TRUE(come_up(p));
	a = pair_sa(p, PAIR_A);
	other = a->path.local;
	other.port = 4500;
	ASSERT_TRUE(ike_sa_write(a, &h, 0, CHUNK("", 0), &d));
	pair_inject(p, PAIR_B, &other, &a->path.remote, d.item[0].data, d.item[0].len);
	ike_datagrams_free(&d);
	EXPECT_EQ(3, pair_sa(p, PAIR_B)->recv_id);
	EXPECT_EQ(500, pair_sa(p, PAIR_B)->path.remote.port);
}

/* Fragments */

static void fragment_by(struct pair *p, unsigned int packet)
{
	pair_profile(p, PAIR_A)->fragment = packet;
	pair_profile(p, PAIR_B)->fragment = packet;
}

static size_t largest(const struct recorder *r, unsigned int from)
{
	size_t len = 0;

	for (unsigned int i = from; i < r->n; i++)
		if (r->item[i].len > len)
			len = r->item[i].len;
	return len;
}

TEST_F(pair, fragments)
{
	struct pair *p = self->p;
	struct recorder *r = start_recorder(p, PAIR_A);

	fragment_by(p, 200);
	ASSERT_TRUE(come_up(p));
	EXPECT_TRUE(pair_sa(p, PAIR_A)->fragmentation);
	EXPECT_TRUE(pair_sa(p, PAIR_B)->fragmentation);
	EXPECT_EQ(3, r->n);
	EXPECT_LE(largest(r, 1), 200 - 20 - 8);
	free(r);
	p->filter = NULL;
}

TEST_F(pair, no_fragments)
{
	for (unsigned int side = 0; side < 2; side++) {
		struct pair *p = pair_new(side);

		pair_profile(p, side)->fragment = 0;
		pair_profile(p, !side)->fragment = 200;
		EXPECT_TRUE(come_up(p));
		EXPECT_EQ(4, p->n_sent);
		EXPECT_FALSE(pair_sa(p, PAIR_A)->fragmentation);
		EXPECT_FALSE(pair_sa(p, PAIR_B)->fragmentation);
		pair_free(p);
	}
}

struct one {
	unsigned int number;
	enum pair_verdict verdict;
};

static enum pair_verdict one(struct pair *p, const struct pair_datagram *d)
{
	const struct one *o = p->context;

	return d->number == o->number ? o->verdict : PAIR_PASS;
}

TEST_F(pair, each_fragment_lost_or_twice)
{
	/* two of IKE_SA_INIT, two or three of each of IKE_AUTH */
	for (unsigned int n = 0; n < 8; n++)
		for (enum pair_verdict v = PAIR_DROP; v <= PAIR_TWICE; v++) {
			struct pair *p = pair_new(n);
			struct one o = { n, v };

			fragment_by(p, 200);
			p->context = &o;
			p->filter = one;
			p->delay_min = 0;
			p->delay_max = 50;
			pair_initiate(p, PAIR_A, false);
			pair_run(p, 5000);
			EXPECT_TRUE(pair_up(p)) TH_LOG("datagram %u, %d", n, v);
			EXPECT_FINE(pair_traffic(p, 1));
			EXPECT_EQ(1, p->side[PAIR_B].established);
			pair_free(p);
		}
}

TEST_F(pair, fragments_on_a_bad_network)
{
	for (unsigned int seed = 0; seed < 100; seed++) {
		struct pair *p = pair_new(5000 + seed);

		fragment_by(p, 200);
		p->loss = 150;
		p->twice = 300;
		p->delay_min = 0;
		p->delay_max = 1500;
		pair_initiate(p, PAIR_A, false);
		pair_run(p, 300000);
		EXPECT_STREQ("", p->fault);
		if (pair_sa(p, PAIR_A))
			EXPECT_FINE(pair_traffic(p, 1));
		else
			EXPECT_EQ(0, p->side[PAIR_A].n_kernel);
		pair_free(p);
	}
}

/* A request in fragments is answered again upon its first one only: section 2.6.1. */
TEST_F(pair, repeated_fragments)
{
	struct pair *p = self->p;
	struct recorder *r = start_recorder(p, PAIR_A);
	unsigned int sent;

	fragment_by(p, 200);
	ASSERT_TRUE(come_up(p));
	ASSERT_EQ(3, r->n);
	sent = p->n_sent;
	pair_inject(p, PAIR_B, &r->item[2].src, &r->item[2].dst, r->item[2].data, r->item[2].len);
	EXPECT_EQ(sent, p->n_sent);
	pair_inject(p, PAIR_B, &r->item[1].src, &r->item[1].dst, r->item[1].data, r->item[1].len);
	EXPECT_EQ(sent + 2, p->n_sent);
	free(r);
	p->filter = NULL;
}

static bool feed(struct ike_sa *sa, uint16_t number, uint16_t total, struct ike_chunk part,
		 uint8_t **whole, size_t *len)
{
	const struct ike_header h = { .exchange = IKE_EXCHANGE_INFORMATIONAL, .message_id = 9 };
	struct ike_payload skf = { .type = IKE_PAYLOAD_SKF };
	uint8_t first;

	skf.encrypted.fragment = number;
	skf.encrypted.n_fragments = total;
	skf.encrypted.first = number == 1 ? IKE_PAYLOAD_NOTIFY : 0;
	if (!ike_sa_wants_fragment(sa, &h, &skf) ||
	    !ike_sa_reassemble(sa, &h, &skf, part, whole, len, &first))
		return false;
	if (first != IKE_PAYLOAD_NOTIFY)
		abort();
	return true;
}

TEST_F(pair, reassembly)
{
	static uint8_t big[40000];
	struct pair *p = self->p;
	struct ike_sa *sa;
	uint8_t *whole = NULL;
	size_t len = 0;

	ASSERT_TRUE(come_up(p));
	sa = pair_sa(p, PAIR_A);
	EXPECT_FALSE(feed(sa, 2, 2, CHUNK("cd", 2), &whole, &len));
	/* again, and one of fewer */
	EXPECT_FALSE(feed(sa, 2, 2, CHUNK("xx", 2), &whole, &len));
	EXPECT_FALSE(feed(sa, 1, 1, CHUNK("xx", 2), &whole, &len));
	/* more of them begin anew: the sender makes smaller ones */
	EXPECT_FALSE(feed(sa, 3, 3, CHUNK("ef", 2), &whole, &len));
	EXPECT_FALSE(feed(sa, 1, 2, CHUNK("xx", 2), &whole, &len));
	EXPECT_FALSE(feed(sa, 2, 3, CHUNK("", 0), &whole, &len));
	ASSERT_TRUE(feed(sa, 1, 3, CHUNK("ab", 2), &whole, &len));
	ASSERT_EQ(4, len);
	EXPECT_EQ(0, memcmp(whole, "abef", 4));
	free(whole);
	/* too many, too much */
	EXPECT_FALSE(feed(sa, 1, IKE_FRAGMENTS_MAX + 1, CHUNK("ab", 2), &whole, &len));
	EXPECT_FALSE(sa->reassembly[0].active);
	EXPECT_FALSE(feed(sa, 1, 2, CHUNK(big, sizeof(big)), &whole, &len));
	EXPECT_TRUE(sa->reassembly[0].active);
	EXPECT_FALSE(feed(sa, 2, 2, CHUNK(big, sizeof(big)), &whole, &len));
	EXPECT_FALSE(sa->reassembly[0].active);
	/* an SA that has not agreed on it takes none */
	sa->fragmentation = false;
	EXPECT_FALSE(feed(sa, 1, 1, CHUNK("ab", 2), &whole, &len));
}

/* What show prints, and other configurations */

TEST_F(pair, info)
{
	struct pair *p = self->p;
	struct ike_sa_info info;
	struct ike_sa *sa;

	sa = pair_initiate(p, PAIR_A, false);
	ASSERT_TRUE(ike_sa_info(sa, &info));
	EXPECT_EQ(IKE_STATE_INIT, info.state);
	EXPECT_EQ(NULL, info.suite);
	ike_sa_info_free(&info);
	pair_settle(p);
	ASSERT_TRUE(ike_sa_info(sa, &info));
	EXPECT_EQ(IKE_STATE_ESTABLISHED, info.state);
	EXPECT_EQ(2, info.sent);
	EXPECT_EQ(0, info.received);
	EXPECT_EQ(1, info.n_children);
	EXPECT_STREQ("to-b", info.profile->name);
	EXPECT_EQ(IKE_PROVE_PSK, info.proved_local);
	EXPECT_EQ(IKE_PROVE_PSK, info.proved_remote);
	EXPECT_EQ(pair_child_policy(p, PAIR_A), info.children->policy);
	EXPECT_EQ(p->now.ms, info.since_ms);
	ike_sa_info_free(&info);
}

/* Another configuration that is written the same. */
static struct ike_config *twin(struct pair *p, struct pair **owner)
{
	struct ike_config *c;

	*owner = pair_new(99);
	c = (*owner)->side[PAIR_A].config;
	(void)p;
	return c;
}

TEST_F(pair, same_configuration)
{
	struct pair *p = self->p, *other;
	struct ike_config *c = twin(p, &other);
	struct ike_sa *a;

	ASSERT_TRUE(come_up(p));
	a = pair_sa(p, PAIR_A);
	ike_sa_configure(a, &p->now, c);
	pair_settle(p);
	EXPECT_EQ(c->profiles, a->profile);
	EXPECT_EQ(c->children, TAILQ_FIRST(&a->children)->policy);
	EXPECT_TRUE(pair_up(p));
	EXPECT_FINE(pair_traffic(p, 1));
	/* the new one is all that is needed from now on */
	ike_config_put(p->side[PAIR_A].config);
	p->side[PAIR_A].config = (struct ike_config *)ike_config_get(c);
	pair_free(other);
	ike_sa_probe(a, &p->now);
	pair_settle(p);
	EXPECT_FINE(pair_traffic(p, 1));
}

TEST_F(pair, other_key)
{
	struct pair *p = self->p, *other;
	struct ike_config *c = twin(p, &other);

	ASSERT_TRUE(come_up(p));
	pair_set_key(other, PAIR_A, "another secret");
	ike_sa_configure(pair_sa(p, PAIR_A), &p->now, c);
	pair_run(p, 30000);
	EXPECT_FINE(pair_nothing(p));
	pair_free(other);
}

/* What is offered is not changed under way, only afterwards. */
TEST_F(pair, other_policy)
{
	for (unsigned int up = 0; up < 2; up++) {
		struct pair *p = pair_new(up), *other;
		struct ike_config *c = twin(p, &other);
		struct ike_sa *a;

		pair_add_group(c->policies->proposals, IKE_DH_ECP_256);
		a = pair_initiate(p, PAIR_A, false);
		if (up)
			pair_settle(p);
		ike_sa_configure(a, &p->now, c);
		pair_reap(p);
		pair_run(p, 100000);
		EXPECT_EQ(up, pair_up(p));
		if (up)
			EXPECT_FINE(pair_traffic(p, 1));
		else
			EXPECT_FINE(pair_nothing(p));
		pair_free(p);
		pair_free(other);
	}
}

TEST_F(pair, other_entry)
{
	struct pair *p = self->p, *other;
	struct ike_config *c = twin(p, &other);

	ASSERT_TRUE(come_up(p));
	c->children->life_ms++;
	ike_sa_configure(pair_sa(p, PAIR_A), &p->now, c);
	pair_run(p, 30000);
	EXPECT_TRUE(pair_up(p));
	EXPECT_FINE(pair_traffic(p, 0));
	EXPECT_EQ(0, p->side[PAIR_A].n_kernel);
	EXPECT_EQ(0, p->side[PAIR_B].n_kernel);
	pair_free(other);
}

TEST_HARNESS_MAIN
