// SPDX-License-Identifier: GPL-2.0-or-later
/* Fragments of messages: RFC 7383. */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "ike/sa_int.h"

/* Generic header of SKF with its two numbers. */
#define SKF_HEADER_LEN	(IKE_PAYLOAD_HEADER_LEN + 4)

static const struct ike_sa_keys *keys_out(const struct ike_sa *sa)
{
	return sa->initiator ? &sa->keys.i : &sa->keys.r;
}

static size_t icv_len(const struct ike_suite *s)
{
	return s->encr->aead ? s->encr->icv_len : s->integ->icv_len;
}

static bool seal_one(struct ike_sa *sa, const struct ike_header *h, uint8_t first,
		     struct ike_chunk part, uint16_t number, uint16_t total,
		     struct ike_datagrams *out)
{
	const struct ike_suite *s = &sa->suite;
	const size_t around = s->encr->iv_len + icv_len(s);
	const size_t text_len = ike_seal_len(s, part.len) - around;
	const size_t size = IKE_HEADER_LEN + SKF_HEADER_LEN + text_len + around;
	uint8_t *data = malloc(size);
	struct ike_writer w;
	struct ike_room at;
	size_t len;

	if (!data)
		return false;
	ike_message_start(&w, data, size, h);
	if (total)
		len = ike_leave_fragment(&w, first, number, total, s->encr->iv_len, text_len,
					 icv_len(s), &at);
	else
		len = ike_leave_encrypted(&w, first, s->encr->iv_len, text_len, icv_len(s), &at);
	if (len) {
		if (part.len)
			memcpy(data + at.text, part.data, part.len);
		if (!ike_seal(sa->env->crypt, s, keys_out(sa), sa->seal_counter++, data, at.iv,
			      part.len))
			len = 0;
	}
	if (!len) {
		free(data);
		return false;
	}
	out->item[out->n].data = data;
	out->item[out->n++].len = len;
	return true;
}

/**
 * ike_sa_seal() - Write an encrypted message, in fragments where it has to be.
 * @sa: IKE SA, which has keys
 * @h: header
 * @first: of ike_chain_end()
 * @chain: likewise
 * @room: octets that a datagram may have; SIZE_MAX: it is not fragmented
 * @out: the message; empty before, and left so when it fails
 *
 * Return: whether it could be done.
 */
bool ike_sa_seal(struct ike_sa *sa, const struct ike_header *h, uint8_t first,
		 struct ike_chunk chain, size_t room, struct ike_datagrams *out)
{
	const size_t whole = IKE_HEADER_LEN + IKE_PAYLOAD_HEADER_LEN +
			     ike_seal_len(&sa->suite, chain.len);
	size_t part, total;
	bool ok = true;

	if (whole <= room)
		return whole <= IKE_DATAGRAM_MAX && seal_one(sa, h, first, chain, 0, 0, out);
	part = ike_seal_room(&sa->suite, room - IKE_HEADER_LEN - SKF_HEADER_LEN);
	total = part ? (chain.len + part - 1) / part : SIZE_MAX;
	if (total > IKE_FRAGMENTS_MAX)
		return false;
	for (size_t i = 0; ok && i < total; i++) {
		const size_t at = i * part;
		const size_t len = chain.len - at < part ? chain.len - at : part;

		ok = seal_one(sa, h, first, ike_chunk(chain.data + at, len), (uint16_t)(i + 1),
			      (uint16_t)total, out);
	}
	if (!ok)
		ike_datagrams_free(out);
	return ok;
}

/**
 * ike_reassembly_free() - Forget fragments.
 * @r: reassembly
 */
void ike_reassembly_free(struct ike_reassembly *r)
{
	for (size_t i = 0; i < r->n && i < IKE_FRAGMENTS_MAX; i++) {
		if (r->item[i].data)
			OPENSSL_cleanse(r->item[i].data, r->item[i].len);
		free(r->item[i].data);
	}
	memset(r, 0, sizeof(*r));
}

static struct ike_reassembly *reassembly_of(struct ike_sa *sa, const struct ike_header *h)
{
	return &sa->reassembly[!!(h->flags & IKE_FLAG_RESPONSE)];
}

static bool is_other(const struct ike_reassembly *r, const struct ike_header *h)
{
	return !r->active || r->id != h->message_id || r->exchange != h->exchange;
}

/**
 * ike_sa_wants_fragment() - Tell whether it is worth decrypting.
 * @sa: IKE SA
 * @h: header of the message
 * @skf: its payload
 *
 * Nothing changes here: it may be forged. Fewer fragments than there were are old ones;
 * the peer makes them only smaller, section 2.5.2.
 */
bool ike_sa_wants_fragment(struct ike_sa *sa, const struct ike_header *h,
			   const struct ike_payload *skf)
{
	const struct ike_reassembly *r = reassembly_of(sa, h);

	if (!sa->fragmentation || skf->encrypted.n_fragments > IKE_FRAGMENTS_MAX)
		return false;
	if (is_other(r, h) || skf->encrypted.n_fragments > r->n)
		return true;
	return skf->encrypted.n_fragments == r->n && !r->item[skf->encrypted.fragment - 1].data;
}

/**
 * ike_sa_reassemble() - Take an authentic fragment that is wanted.
 * @sa: IKE SA
 * @h: header of the message
 * @skf: its payload
 * @plain: what was in it
 * @whole: contents of all, malloc()ed, when it was the last one that was missing
 * @len: octets of @whole
 * @first: type of the first payload of @whole
 *
 * Return: whether it was.
 */
bool ike_sa_reassemble(struct ike_sa *sa, const struct ike_header *h,
		       const struct ike_payload *skf, struct ike_chunk plain,
		       uint8_t **whole, size_t *len, uint8_t *first)
{
	struct ike_reassembly *r = reassembly_of(sa, h);
	const unsigned int i = skf->encrypted.fragment - 1U;
	size_t at = 0;

	if (is_other(r, h) || skf->encrypted.n_fragments > r->n) {
		ike_reassembly_free(r);
		r->active = true;
		r->response = h->flags & IKE_FLAG_RESPONSE;
		r->id = h->message_id;
		r->exchange = h->exchange;
		r->n = skf->encrypted.n_fragments;
	}
	/* one octet more, so that an empty one is there, too */
	r->item[i].data = malloc(plain.len + 1);
	if (!r->item[i].data || r->len + plain.len > IKE_REASSEMBLY_MAX) {
		ike_reassembly_free(r);
		return false;
	}
	if (plain.len)
		memcpy(r->item[i].data, plain.data, plain.len);
	r->item[i].len = plain.len;
	r->len += plain.len;
	if (!i)
		r->first = skf->encrypted.first;
	if (++r->have < r->n)
		return false;

	*whole = malloc(r->len + 1);
	*len = r->len;
	*first = r->first;
	for (unsigned int k = 0; *whole && k < r->n; k++) {
		memcpy(*whole + at, r->item[k].data, r->item[k].len);
		at += r->item[k].len;
	}
	ike_reassembly_free(r);
	return *whole;
}
