// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "meaning.h"

/* Parsed octets never mean more than they are: not even a shorter header is written. */
#define ROOM	(1 << 17)

/*
 * Read what is inside of payloads that were parsed. What the reader leaves out and
 * what the writer does not write is taken off: proposals are numbered anew then, and
 * attributes that are not known are forgotten.
 */
bool meaning_read(struct meaning *m)
{
	const struct ike_payload *sa = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	const struct ike_payload *tsi = ike_payload_find(&m->payloads, IKE_PAYLOAD_TSI);
	const struct ike_payload *tsr = ike_payload_find(&m->payloads, IKE_PAYLOAD_TSR);
	struct ike_proposal *p;
	unsigned int i, j;

	memset(&m->sa, 0, sizeof(m->sa));
	memset(&m->tsi, 0, sizeof(m->tsi));
	memset(&m->tsr, 0, sizeof(m->tsr));
	if ((sa && !ike_sa_read(sa, &m->sa)) || (tsi && !ike_ts_read(tsi, &m->tsi)) ||
	    (tsr && !ike_ts_read(tsr, &m->tsr)))
		return false;
	for (i = 0; i < m->sa.n; i++) {
		p = &m->sa.proposals[i];
		if (m->sa.n_left_out)
			p->number = i + 1;
		for (j = 0; j < p->n; j++)
			p->transforms[j].unknown = 0;
	}
	return true;
}

/* Nothing of it may be left, when all proposals or selectors were left out. */
static bool is_written(const struct meaning *m, const struct ike_payload *p)
{
	switch (p->type) {
	case IKE_PAYLOAD_SA:
		return m->sa.n;
	case IKE_PAYLOAD_TSI:
		return m->tsi.n;
	case IKE_PAYLOAD_TSR:
		return m->tsr.n;
	default:
		return true;
	}
}

/* Of a protocol that has no SAs of ours nothing is deleted: the writer has no word for it. */
static void write_delete(const struct ike_payload *p, struct ike_writer *w)
{
	if (p->del.protocol >= IKE_PROTOCOL_IKE && p->del.protocol <= IKE_PROTOCOL_ESP) {
		ike_write_delete(w, p->del.protocol, p->del.spis);
		return;
	}
	ike_payload_start(w, IKE_PAYLOAD_DELETE);
	ike_write8(w, p->del.protocol);
	ike_write8(w, p->del.spi_len);
	ike_write16(w, p->del.n);
	ike_write_octets(w, p->del.spis.data, p->del.spis.len);
	ike_payload_end(w);
}

static void write_encrypted(const struct ike_payload *p, struct ike_writer *w)
{
	const struct ike_chunk *content = &p->encrypted.content;
	struct ike_room seal;
	size_t len;

	if (p->type == IKE_PAYLOAD_SK)
		len = ike_leave_encrypted(w, p->encrypted.first, 0, content->len, 0, &seal);
	else
		len = ike_leave_fragment(w, p->encrypted.first, p->encrypted.fragment,
					p->encrypted.n_fragments, 0, content->len, 0, &seal);
	if (len)
		memcpy(w->data + seal.text, content->data, content->len);
}

static void write_payload(const struct meaning *m, const struct ike_payload *p,
			  struct ike_writer *w)
{
	switch (p->type) {
	case IKE_PAYLOAD_SA:
		ike_write_sa(w, m->sa.proposals, m->sa.n);
		break;
	case IKE_PAYLOAD_KE:
		ike_write_ke(w, p->ke.group, p->ke.data);
		break;
	case IKE_PAYLOAD_IDI:
	case IKE_PAYLOAD_IDR:
		ike_write_id(w, p->type, p->id.type, p->id.data);
		break;
	case IKE_PAYLOAD_CERT:
		ike_write_cert(w, p->cert.encoding, p->cert.data);
		break;
	case IKE_PAYLOAD_CERTREQ:
		ike_write_certreq(w, p->cert.encoding, p->cert.data);
		break;
	case IKE_PAYLOAD_AUTH:
		ike_write_auth(w, p->auth.method, p->auth.data);
		break;
	case IKE_PAYLOAD_NONCE:
		ike_write_nonce(w, p->body);
		break;
	case IKE_PAYLOAD_NOTIFY:
		if (p->notify.spi.len)
			ike_write_notify_sa(w, p->notify.type, p->notify.protocol, p->notify.spi,
					    p->notify.data);
		else
			ike_write_notify(w, p->notify.type, p->notify.data);
		break;
	case IKE_PAYLOAD_DELETE:
		write_delete(p, w);
		break;
	case IKE_PAYLOAD_VENDOR:
		ike_write_vendor(w, p->body);
		break;
	case IKE_PAYLOAD_TSI:
		ike_write_ts(w, p->type, m->tsi.selectors, m->tsi.n);
		break;
	case IKE_PAYLOAD_TSR:
		ike_write_ts(w, p->type, m->tsr.selectors, m->tsr.n);
		break;
	case IKE_PAYLOAD_CP:
		ike_write_cp(w, p->cp.type, p->cp.attributes);
		break;
	case IKE_PAYLOAD_EAP:
		ike_write_eap(w, p->body);
		break;
	case IKE_PAYLOAD_SK:
	case IKE_PAYLOAD_SKF:
		write_encrypted(p, w);
		break;
	default:
		w->failed = true;
		break;
	}
}

/* Write all payloads; an encrypted one ends the message. Returns whether there was one. */
bool meaning_write(const struct meaning *m, struct ike_writer *w)
{
	const struct ike_payload *p;
	bool any = false;

	for (p = m->payloads.items; p < m->payloads.items + m->payloads.n; p++) {
		if (!is_written(m, p))
			continue;
		write_payload(m, p, w);
		any = true;
	}
	return any;
}

static bool same_chunk(struct ike_chunk a, struct ike_chunk b)
{
	return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

static bool same_sa(const struct ike_sa_list *a, const struct ike_sa_list *b)
{
	const struct ike_proposal *p, *q;
	unsigned int i, j;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		p = &a->proposals[i];
		q = &b->proposals[i];
		if (p->number != q->number || p->protocol != q->protocol ||
		    p->spi_len != q->spi_len || memcmp(p->spi, q->spi, p->spi_len) ||
		    p->n != q->n)
			return false;
		for (j = 0; j < p->n; j++)
			if (p->transforms[j].type != q->transforms[j].type ||
			    p->transforms[j].id != q->transforms[j].id ||
			    p->transforms[j].key_bits != q->transforms[j].key_bits ||
			    p->transforms[j].unknown != q->transforms[j].unknown)
				return false;
	}
	return true;
}

static bool same_ts(const struct ike_ts_list *a, const struct ike_ts_list *b)
{
	const struct ike_selector *s, *t;
	unsigned int i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++) {
		s = &a->selectors[i];
		t = &b->selectors[i];
		if (s->family != t->family || s->protocol != t->protocol ||
		    s->first_port != t->first_port || s->last_port != t->last_port ||
		    memcmp(s->first, t->first, sizeof(s->first)) ||
		    memcmp(s->last, t->last, sizeof(s->last)))
			return false;
	}
	return true;
}

static bool same_payload(const struct ike_payload *a, const struct ike_payload *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case IKE_PAYLOAD_SA:
	case IKE_PAYLOAD_TSI:
	case IKE_PAYLOAD_TSR:
		return true;
	case IKE_PAYLOAD_KE:
		return a->ke.group == b->ke.group && same_chunk(a->ke.data, b->ke.data);
	case IKE_PAYLOAD_IDI:
	case IKE_PAYLOAD_IDR:
		return a->id.type == b->id.type && same_chunk(a->id.data, b->id.data);
	case IKE_PAYLOAD_CERT:
	case IKE_PAYLOAD_CERTREQ:
		return a->cert.encoding == b->cert.encoding &&
		       same_chunk(a->cert.data, b->cert.data);
	case IKE_PAYLOAD_AUTH:
		return a->auth.method == b->auth.method && same_chunk(a->auth.data, b->auth.data);
	case IKE_PAYLOAD_NOTIFY:
		return a->notify.protocol == b->notify.protocol &&
		       a->notify.type == b->notify.type &&
		       same_chunk(a->notify.spi, b->notify.spi) &&
		       same_chunk(a->notify.data, b->notify.data);
	case IKE_PAYLOAD_DELETE:
		return a->del.protocol == b->del.protocol && a->del.spi_len == b->del.spi_len &&
		       a->del.n == b->del.n && same_chunk(a->del.spis, b->del.spis);
	case IKE_PAYLOAD_CP:
		return a->cp.type == b->cp.type && same_chunk(a->cp.attributes, b->cp.attributes);
	case IKE_PAYLOAD_SK:
	case IKE_PAYLOAD_SKF:
		/* only the first fragment tells what is inside */
		return (a->encrypted.fragment > 1 ||
			a->encrypted.first == b->encrypted.first) &&
		       a->encrypted.fragment == b->encrypted.fragment &&
		       a->encrypted.n_fragments == b->encrypted.n_fragments &&
		       same_chunk(a->encrypted.content, b->encrypted.content);
	default:
		return same_chunk(a->body, b->body);
	}
}

bool meaning_same(const struct meaning *a, const struct meaning *b)
{
	const struct ike_payload *p = a->payloads.items, *q = b->payloads.items;
	const struct ike_payload *p_end = p + a->payloads.n, *q_end = q + b->payloads.n;

	for (; p < p_end; p++) {
		if (!is_written(a, p))
			continue;
		if (q == q_end || !same_payload(p, q))
			return false;
		q++;
	}
	return q == q_end && same_sa(&a->sa, &b->sa) && same_ts(&a->tsi, &b->tsi) &&
	       same_ts(&a->tsr, &b->tsr);
}

/*
 * Write payloads that were parsed, and parse that. @h is that of a message; NULL for
 * what an encrypted payload held.
 */
static bool survives(const struct ike_header *h, const struct ike_payloads *payloads)
{
	struct meaning *a = calloc(2, sizeof(*a)), *b = a + 1;
	uint8_t *buf = malloc(ROOM);
	struct ike_chunk chain;
	struct ike_header again;
	struct ike_fault fault;
	struct ike_writer w;
	bool good = false;
	uint8_t first;
	size_t len;

	a->payloads = *payloads;
	if (!meaning_read(a))
		goto out;
	if (h) {
		ike_message_start(&w, buf, ROOM, h);
		if (!meaning_write(a, &w)) {
			good = true;
			goto out;
		}
		len = ike_message_end(&w);
		good = len && ike_message_parse(&again, &b->payloads, buf, len, &fault) &&
		       !memcmp(again.spi_i, h->spi_i, sizeof(h->spi_i)) &&
		       !memcmp(again.spi_r, h->spi_r, sizeof(h->spi_r)) &&
		       again.exchange == h->exchange && again.message_id == h->message_id &&
		       again.flags == (h->flags & ~IKE_FLAG_VERSION);
	} else {
		ike_chain_start(&w, buf, ROOM);
		meaning_write(a, &w);
		good = ike_chain_end(&w, &first, &chain) &&
		       ike_payloads_parse(&b->payloads, first, chain.data, chain.len, &fault);
	}
	good = good && meaning_read(b) && meaning_same(a, b);
out:
	free(buf);
	free(a);
	return good;
}

/* Whether a message that was parsed means the same when it is written anew. */
bool message_survives(const struct ike_header *h, const struct ike_payloads *payloads)
{
	return survives(h, payloads);
}

/* Likewise, what was encrypted. */
bool chain_survives(const struct ike_payloads *payloads)
{
	return survives(NULL, payloads);
}
