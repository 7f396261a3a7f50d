// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Messages with random values, and with random damage, the same on every run. What
 * is written is read as it was meant; whatever is accepted of the damaged ones means
 * the same when it is written anew; no octet behind a message is looked at (the
 * sanitizers see to that).
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "meaning.h"

#define ROUND_TRIPS	10000
#define MUTATED		4000
#define MUTATIONS	40
#define MESSAGE_MAX	(1 << 17)
#define POOL		(1 << 16)

/* xorshift64*: the same numbers on every machine. */
static uint64_t seed;

static uint32_t number(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

static void octets(void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len--)
		*p++ = number(256);
}

/* Octets that chunks are cut from; what a payload says is of no consequence. */
static uint8_t pool[POOL];

static struct ike_chunk chunk(size_t min, size_t max)
{
	size_t len = min + number(max - min + 1);

	return (struct ike_chunk){ .data = pool + number(POOL - len), .len = len };
}

static void random_sa(struct ike_sa_list *sa)
{
	static const uint8_t spi_lens[] = { 0, 0, 4, 4, 8 };
	struct ike_proposal *p;
	unsigned int i, j;

	sa->n = 1 + number(number(4) ? 3 : IKE_PROPOSALS_MAX);
	for (i = 0; i < sa->n; i++) {
		p = &sa->proposals[i];
		p->number = i + 1;
		p->protocol = number(5);
		p->spi_len = spi_lens[p->protocol];
		if (p->protocol == IKE_PROTOCOL_IKE && number(2))
			p->spi_len = 8;
		octets(p->spi, p->spi_len);
		p->n = 1 + number(number(4) ? 6 : IKE_TRANSFORMS_MAX);
		for (j = 0; j < p->n; j++) {
			p->transforms[j].type = 1 + number(6);
			p->transforms[j].id = number(0x10000);
			p->transforms[j].key_bits = number(2) ? 1 + number(0xffff) : 0;
		}
	}
	/* a responder's one proposal has the number of what it chose */
	if (sa->n == 1)
		sa->proposals[0].number = 1 + number(255);
}

static void random_ts(struct ike_ts_list *ts)
{
	struct ike_selector *s;
	uint8_t swap[16];
	unsigned int i;
	size_t size;

	ts->n = 1 + number(number(4) ? 4 : IKE_SELECTORS_MAX);
	for (i = 0; i < ts->n; i++) {
		s = &ts->selectors[i];
		s->family = number(2) ? AF_INET : AF_INET6;
		size = s->family == AF_INET ? 4 : 16;
		s->protocol = number(256);
		s->first_port = number(0x10000);
		s->last_port = s->first_port + number(0x10000 - s->first_port);
		if (!number(4)) {
			s->first_port = 65535;
			s->last_port = 0;
		}
		octets(s->first, size);
		octets(s->last, size);
		if (memcmp(s->first, s->last, size) > 0) {
			memcpy(swap, s->first, size);
			memcpy(s->first, s->last, size);
			memcpy(s->last, swap, size);
		}
	}
}

static struct ike_chunk random_cp(void)
{
	static uint8_t attributes[64 * 20];
	struct ike_chunk value, all = { .data = attributes };
	unsigned int n = number(6);

	while (n--) {
		value = chunk(0, 20);
		attributes[all.len] = number(128);
		attributes[all.len + 1] = number(256);
		attributes[all.len + 2] = 0;
		attributes[all.len + 3] = value.len;
		memcpy(attributes + all.len + 4, value.data, value.len);
		all.len += 4 + value.len;
	}
	return all;
}

static void random_delete(struct ike_payload *p)
{
	p->del.protocol = IKE_PROTOCOL_IKE + number(3);
	if (p->del.protocol != IKE_PROTOCOL_IKE) {
		p->del.spi_len = 4;
		p->del.n = number(10);
	}
	p->del.spis = chunk((size_t)p->del.spi_len * p->del.n,
			    (size_t)p->del.spi_len * p->del.n);
}

static void random_id(struct ike_payload *p)
{
	p->id.type = number(16);
	p->id.data = chunk(0, 100);
	if (p->id.type == IKE_ID_IPV4_ADDR)
		p->id.data.len = 4;
	if (p->id.type == IKE_ID_IPV6_ADDR)
		p->id.data.len = 16;
	/* which may be more than it was */
	p->id.data.data = pool;
}

static void random_notify(struct ike_payload *p)
{
	static const uint8_t spi_lens[] = { 0, 8, 4, 4, 255 };

	p->notify.type = number(2) ? number(50) : 16384 + number(70);
	p->notify.data = chunk(0, 64);
	p->notify.spi = chunk(0, 0);
	if (number(2))
		return;
	p->notify.protocol = 1 + number(4);
	p->notify.spi = chunk(spi_lens[p->notify.protocol], spi_lens[p->notify.protocol]);
}

static void random_encrypted(struct ike_payload *p)
{
	p->encrypted.content = chunk(1, number(10) ? 1500 : 60000);
	if (p->type == IKE_PAYLOAD_SKF) {
		p->encrypted.n_fragments = 1 + number(0xffff);
		p->encrypted.fragment = 1 + number(number(2) ? 1 : p->encrypted.n_fragments);
	}
	if (p->encrypted.fragment <= 1)
		p->encrypted.first = number(256);
}

static const uint8_t inside[] = {
	IKE_PAYLOAD_SA, IKE_PAYLOAD_KE, IKE_PAYLOAD_IDI, IKE_PAYLOAD_IDR, IKE_PAYLOAD_CERT,
	IKE_PAYLOAD_CERTREQ, IKE_PAYLOAD_AUTH, IKE_PAYLOAD_NONCE, IKE_PAYLOAD_NOTIFY,
	IKE_PAYLOAD_DELETE, IKE_PAYLOAD_VENDOR, IKE_PAYLOAD_TSI, IKE_PAYLOAD_TSR,
	IKE_PAYLOAD_SK, IKE_PAYLOAD_CP, IKE_PAYLOAD_EAP, IKE_PAYLOAD_SKF,
};

/* Returns whether it can stand here. */
static bool random_payload(struct meaning *m, uint8_t type)
{
	struct ike_payload *p = &m->payloads.items[m->payloads.n];

	switch (type) {
	case IKE_PAYLOAD_SK:
	case IKE_PAYLOAD_SKF:
		return false;
	case IKE_PAYLOAD_CERT:
	case IKE_PAYLOAD_CERTREQ:
	case IKE_PAYLOAD_NOTIFY:
	case IKE_PAYLOAD_DELETE:
	case IKE_PAYLOAD_VENDOR:
		break;
	default:
		if (ike_payload_find(&m->payloads, type))
			return false;
	}
	memset(p, 0, sizeof(*p));
	p->type = type;
	switch (type) {
	case IKE_PAYLOAD_SA:
		random_sa(&m->sa);
		break;
	case IKE_PAYLOAD_KE:
		p->ke.group = number(0x10000);
		p->ke.data = chunk(1, 1024);
		break;
	case IKE_PAYLOAD_IDI:
	case IKE_PAYLOAD_IDR:
		random_id(p);
		break;
	case IKE_PAYLOAD_CERT:
	case IKE_PAYLOAD_CERTREQ:
		p->cert.encoding = number(16);
		p->cert.data = chunk(type == IKE_PAYLOAD_CERT ? 1 : 0, 600);
		break;
	case IKE_PAYLOAD_AUTH:
		p->auth.method = number(16);
		p->auth.data = chunk(1, 512);
		break;
	case IKE_PAYLOAD_NONCE:
		p->body = chunk(IKE_NONCE_MIN, IKE_NONCE_MAX);
		break;
	case IKE_PAYLOAD_NOTIFY:
		random_notify(p);
		break;
	case IKE_PAYLOAD_DELETE:
		random_delete(p);
		break;
	case IKE_PAYLOAD_TSI:
		random_ts(&m->tsi);
		break;
	case IKE_PAYLOAD_TSR:
		random_ts(&m->tsr);
		break;
	case IKE_PAYLOAD_CP:
		p->cp.type = number(256);
		p->cp.attributes = random_cp();
		break;
	default:
		p->body = chunk(0, 200);
		break;
	}
	m->payloads.n++;
	return true;
}

static void random_payloads(struct meaning *m)
{
	unsigned int n = number(number(20) ? 12 : IKE_PAYLOADS_MAX);

	memset(m, 0, sizeof(*m));
	while (m->payloads.n < n)
		if (!random_payload(m, inside[number(sizeof(inside))]) && !number(50))
			break;
}

static void random_header(struct ike_header *h)
{
	memset(h, 0, sizeof(*h));
	octets(h->spi_i, sizeof(h->spi_i));
	h->spi_i[number(8)] = 1 + number(255);
	if (number(2))
		octets(h->spi_r, sizeof(h->spi_r));
	h->exchange = number(256);
	h->flags = number(256) & (IKE_FLAG_INITIATOR | IKE_FLAG_RESPONSE);
	octets(&h->message_id, sizeof(h->message_id));
}

static void random_message(struct ike_header *h, struct meaning *m)
{
	struct ike_payload *p;

	random_header(h);
	do
		random_payloads(m);
	while (m->payloads.n == IKE_PAYLOADS_MAX);
	if (m->payloads.n && number(2))
		return;
	p = &m->payloads.items[m->payloads.n++];
	memset(p, 0, sizeof(*p));
	p->type = number(2) ? IKE_PAYLOAD_SK : IKE_PAYLOAD_SKF;
	random_encrypted(p);
}

FIXTURE(random) {
	struct meaning want, got;
	struct ike_header h, again;
	struct ike_writer w;
	struct ike_fault fault;
	uint8_t *buf;
};

FIXTURE_SETUP(random)
{
	seed = 7296;
	octets(pool, sizeof(pool));
	self->buf = malloc(MESSAGE_MAX);
}

FIXTURE_TEARDOWN(random)
{
	free(self->buf);
}

static size_t build(FIXTURE_DATA(random) *self)
{
	size_t len;

	ike_message_start(&self->w, self->buf, MESSAGE_MAX, &self->h);
	if (!meaning_write(&self->want, &self->w))
		return 0;
	/* an encrypted payload has done so already */
	len = ike_message_end(&self->w);
	return len;
}

TEST_F_TIMEOUT(random, messages, 3600)
{
	size_t len;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		random_message(&self->h, &self->want);
		len = build(self);
		ASSERT_LT(0, len)
			TH_LOG("message %d was not written", i);
		ASSERT_TRUE(ike_message_parse(&self->again, &self->got.payloads, self->buf, len,
					      &self->fault))
			TH_LOG("message %d, octet %zu: %s", i, self->fault.offset,
			       ike_wire_error_text(self->fault.error));
		ASSERT_TRUE(meaning_read(&self->got));
		ASSERT_TRUE(meaning_same(&self->want, &self->got))
			TH_LOG("message %d means something else", i);
		ASSERT_EQ(0, self->got.payloads.n_skipped);
		ASSERT_EQ(len, self->again.length);
		ASSERT_EQ(self->h.message_id, self->again.message_id);
		ASSERT_EQ(self->h.flags, self->again.flags);
		ASSERT_EQ(self->h.exchange, self->again.exchange);
		ASSERT_EQ(0, memcmp(self->h.spi_i, self->again.spi_i, 8));
		ASSERT_EQ(0, memcmp(self->h.spi_r, self->again.spi_r, 8));
	}
}

TEST_F_TIMEOUT(random, chains, 3600)
{
	struct ike_chunk chain;
	uint8_t first;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		random_payloads(&self->want);
		ike_chain_start(&self->w, self->buf, MESSAGE_MAX);
		meaning_write(&self->want, &self->w);
		ASSERT_TRUE(ike_chain_end(&self->w, &first, &chain))
			TH_LOG("chain %d was not written", i);
		ASSERT_TRUE(ike_payloads_parse(&self->got.payloads, first, chain.data, chain.len,
					       &self->fault))
			TH_LOG("chain %d, octet %zu: %s", i, self->fault.offset,
			       ike_wire_error_text(self->fault.error));
		ASSERT_TRUE(meaning_read(&self->got));
		ASSERT_TRUE(meaning_same(&self->want, &self->got))
			TH_LOG("chain %d means something else", i);
	}
}

/* Wherever the room ends, nothing is written behind it, and no message is had. */
TEST_F_TIMEOUT(random, no_room, 3600)
{
	size_t len, size;
	uint8_t *small;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++) {
		random_message(&self->h, &self->want);
		len = build(self);
		ASSERT_LT(0, len);
		size = number(len);
		small = malloc(size);
		ike_message_start(&self->w, small, size, &self->h);
		meaning_write(&self->want, &self->w);
		EXPECT_TRUE(self->w.failed);
		EXPECT_EQ(0, ike_message_end(&self->w));
		free(small);
	}
}

static void put32(uint8_t *at, size_t value)
{
	at[0] = value >> 24;
	at[1] = value >> 16;
	at[2] = value >> 8;
	at[3] = value;
}

static size_t mutate(uint8_t *data, size_t len)
{
	unsigned int times = 1 + number(3);
	size_t at, n;

	while (times-- && len > IKE_HEADER_LEN) {
		/* most of what is checked is near the beginning */
		at = number(4) ? number(len) : number(len < 100 ? len : 100);
		switch (number(6)) {
		case 0:		/* a bit */
			data[at] ^= 1 << number(8);
			break;
		case 1:		/* another octet */
			data[at] = number(256);
			break;
		case 2:		/* a length more or less */
			data[at] += number(2) ? 1 : -1;
			break;
		case 3:		/* the type of a payload */
			data[at] = inside[number(sizeof(inside))];
			break;
		case 4:		/* cut out */
			n = number(len - at < 64 ? len - at : 64);
			memmove(data + at, data + at + n, len - at - n);
			len -= n;
			break;
		default:	/* cut off */
			len -= number(len < 32 ? len : 32);
			break;
		}
	}
	return len;
}

/* Damaged, but of the length that it says, or nothing else would be looked at. */
TEST_F_TIMEOUT(random, damage, 3600)
{
	unsigned int accepted = 0, refused = 0;
	size_t len, n;
	uint8_t *data;
	int i, j;

	for (i = 0; i < MUTATED; i++) {
		do {
			random_message(&self->h, &self->want);
			len = build(self);
		} while (len > 4000);
		for (j = 0; j < MUTATIONS; j++) {
			data = malloc(len);
			memcpy(data, self->buf, len);
			n = mutate(data, len);
			data = realloc(data, n ? n : 1);
			if (n >= IKE_HEADER_LEN && number(100))
				put32(data + 24, n);
			if (ike_message_parse(&self->again, &self->got.payloads, data, n,
					      &self->fault)) {
				accepted++;
				EXPECT_TRUE(message_survives(&self->again, &self->got.payloads))
					TH_LOG("message %d, damage %d", i, j);
			} else {
				refused++;
				EXPECT_NE(IKE_WIRE_OK, self->fault.error);
				EXPECT_LE(self->fault.offset, n);
			}
			/* as if it had been encrypted */
			if (n > IKE_HEADER_LEN &&
			    ike_payloads_parse(&self->got.payloads, data[16],
					       data + IKE_HEADER_LEN, n - IKE_HEADER_LEN,
					       &self->fault))
				EXPECT_TRUE(chain_survives(&self->got.payloads))
					TH_LOG("chain %d, damage %d", i, j);
			free(data);
		}
	}
	/* both are tried */
	EXPECT_LT(MUTATED, accepted);
	EXPECT_LT(MUTATED, refused);
}

TEST_HARNESS_MAIN
