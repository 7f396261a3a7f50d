// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "ike/payload.h"

#define PROPOSAL_HEADER_LEN	8
#define TRANSFORM_HEADER_LEN	8
#define ATTRIBUTE_HEADER_LEN	4
#define SELECTOR_HEADER_LEN	8
#define TS_HEADER_LEN		4

/* RFC 7296 sections 3.3.1 and 3.3.2: more of them follow. */
#define MORE_PROPOSALS		2
#define MORE_TRANSFORMS		3

#define ATTRIBUTE_SHORT		0x8000

static struct ike_chunk after(struct ike_chunk body, size_t n)
{
	return (struct ike_chunk){ .data = body.data + n, .len = body.len - n };
}

/* Section 3.3.5; @end is that of the transform. */
static bool parse_attributes(const struct ike_parse *parse, const uint8_t *at, const uint8_t *end,
			     struct ike_transform *t)
{
	bool has_key_bits = false;
	uint16_t type, value;
	size_t length;

	while (at < end) {
		if (end - at < ATTRIBUTE_HEADER_LEN)
			return ike_parse_fail(parse, IKE_WIRE_ATTRIBUTE_LENGTH, at);
		type = ike_get16(at);
		value = ike_get16(at + 2);
		length = ATTRIBUTE_HEADER_LEN + (type & ATTRIBUTE_SHORT ? 0 : value);
		if (length > (size_t)(end - at))
			return ike_parse_fail(parse, IKE_WIRE_ATTRIBUTE_LENGTH, at + 2);
		at += length;
		if ((type & ~ATTRIBUTE_SHORT) != IKE_ATTRIBUTE_KEY_LENGTH) {
			t->unknown = true;
			continue;
		}
		if (!(type & ATTRIBUTE_SHORT))
			return ike_parse_fail(parse, IKE_WIRE_ATTRIBUTE_FORMAT, at - length);
		if (has_key_bits)
			return ike_parse_fail(parse, IKE_WIRE_ATTRIBUTE_TWICE, at - length);
		has_key_bits = true;
		t->key_bits = value;
		/* not the same as no length, which is written as 0, too */
		if (!value)
			t->unknown = true;
	}
	return true;
}

/*
 * Section 3.3.2. @pos begins @left octets with at least one transform; then it is
 * behind it.
 */
static bool parse_transform(const struct ike_parse *parse, const uint8_t **pos, size_t left,
			    bool last, struct ike_transform *t)
{
	const uint8_t *at = *pos;
	size_t length;

	if (left < TRANSFORM_HEADER_LEN)
		return ike_parse_fail(parse, IKE_WIRE_TRANSFORM_LENGTH, at);
	length = ike_get16(at + 2);
	if (length < TRANSFORM_HEADER_LEN || length > left)
		return ike_parse_fail(parse, IKE_WIRE_TRANSFORM_LENGTH, at + 2);
	if (at[0] != (last ? 0 : MORE_TRANSFORMS))
		return ike_parse_fail(parse, IKE_WIRE_TRANSFORM_MARK, at);
	memset(t, 0, sizeof(*t));
	t->type = at[4];
	t->id = ike_get16(at + 6);
	*pos = at + length;
	return parse_attributes(parse, at + TRANSFORM_HEADER_LEN, *pos, t);
}

static bool is_spi_len(uint8_t protocol, size_t len)
{
	switch (protocol) {
	case IKE_PROTOCOL_IKE:
		/* the one in the message's header, or that of a new SA */
		return !len || len == 8;
	case IKE_PROTOCOL_AH:
	case IKE_PROTOCOL_ESP:
		return len == 4;
	default:
		return true;
	}
}

/*
 * Section 3.3.1: the proposal of @length octets. @fits tells whether it is all in
 * @proposal.
 */
static bool parse_proposal(const struct ike_parse *parse, const uint8_t *at, size_t length,
			   struct ike_proposal *proposal, bool *fits)
{
	const uint8_t *end = at + length, *counted = at + 7;
	unsigned int i, n = at[7];
	struct ike_transform t;
	size_t spi_len = at[6];

	proposal->number = at[4];
	proposal->protocol = at[5];
	proposal->n = 0;
	if (!is_spi_len(proposal->protocol, spi_len))
		return ike_parse_fail(parse, IKE_WIRE_SPI_SIZE, at + 6);
	if (spi_len > length - PROPOSAL_HEADER_LEN)
		return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_LENGTH, at + 6);
	*fits = spi_len <= IKE_SPI_LEN_MAX && n <= IKE_TRANSFORMS_MAX;
	memset(proposal->spi, 0, sizeof(proposal->spi));
	proposal->spi_len = *fits ? (uint8_t)spi_len : 0;
	memcpy(proposal->spi, at + PROPOSAL_HEADER_LEN, proposal->spi_len);
	at += PROPOSAL_HEADER_LEN + spi_len;

	if (!n)
		return ike_parse_fail(parse, IKE_WIRE_TRANSFORM_COUNT, counted);
	for (i = 0; i < n; i++) {
		if (at == end)
			return ike_parse_fail(parse, IKE_WIRE_TRANSFORM_COUNT, counted);
		if (!parse_transform(parse, &at, (size_t)(end - at), i + 1 == n, &t))
			return false;
		if (*fits)
			proposal->transforms[proposal->n++] = t;
	}
	return at == end || ike_parse_fail(parse, IKE_WIRE_PROPOSAL_LENGTH, at);
}

/**
 * ike_parse_sa() - Parse an SA payload, RFC 7296 section 3.3.
 * @parse: what it is part of
 * @body: what follows its generic header
 * @list: where to, NULL for nowhere
 *
 * What comes from a responder is one proposal with any number; several are an
 * initiator's, which begin with 1.
 */
bool ike_parse_sa(const struct ike_parse *parse, struct ike_chunk body, struct ike_sa_list *list)
{
	const uint8_t *at = body.data, *end = body.data + body.len;
	struct ike_proposal spare, *proposal;
	unsigned int number = 0;
	bool fits, last;
	size_t length;

	if (list) {
		list->n = 0;
		list->n_left_out = 0;
	}
	if (at == end)
		return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_NONE, at);
	for (; at < end; at += length) {
		if (end - at < PROPOSAL_HEADER_LEN)
			return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_LENGTH, at);
		length = ike_get16(at + 2);
		if (length < PROPOSAL_HEADER_LEN || length > (size_t)(end - at))
			return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_LENGTH, at + 2);
		last = length == (size_t)(end - at);
		if (at[0] != (last ? 0 : MORE_PROPOSALS))
			return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_MARK, at);
		if (at == body.data && last ? !at[4] : at[4] != number + 1)
			return ike_parse_fail(parse, IKE_WIRE_PROPOSAL_NUMBER, at + 4);
		number = at[4];

		proposal = &spare;
		if (list && list->n < IKE_PROPOSALS_MAX)
			proposal = &list->proposals[list->n];
		if (!parse_proposal(parse, at, length, proposal, &fits))
			return false;
		if (!list)
			continue;
		if (fits && proposal != &spare)
			list->n++;
		else
			list->n_left_out++;
	}
	return true;
}

/* Section 3.13.1: the selector at @at, whose addresses have @size octets. */
static bool parse_selector(const struct ike_parse *parse, const uint8_t *at, size_t size,
			   struct ike_selector *s)
{
	memset(s, 0, sizeof(*s));
	s->family = size == 4 ? AF_INET : AF_INET6;
	s->protocol = at[1];
	s->first_port = ike_get16(at + 4);
	s->last_port = ike_get16(at + 6);
	memcpy(s->first, at + SELECTOR_HEADER_LEN, size);
	memcpy(s->last, at + SELECTOR_HEADER_LEN + size, size);
	/* from 65535 to 0 is OPAQUE */
	if (s->first_port > s->last_port && (s->first_port != 65535 || s->last_port))
		return ike_parse_fail(parse, IKE_WIRE_SELECTOR_RANGE, at + 4);
	if (memcmp(s->first, s->last, size) > 0)
		return ike_parse_fail(parse, IKE_WIRE_SELECTOR_RANGE, at + SELECTOR_HEADER_LEN);
	return true;
}

/**
 * ike_parse_ts() - Parse a TS payload, RFC 7296 section 3.13.
 * @parse: what it is part of
 * @body: what follows its generic header
 * @list: where to, NULL for nowhere
 */
bool ike_parse_ts(const struct ike_parse *parse, struct ike_chunk body, struct ike_ts_list *list)
{
	const uint8_t *at = body.data, *end = body.data + body.len;
	struct ike_selector s;
	unsigned int i, n;
	size_t length, size;

	if (list) {
		list->n = 0;
		list->n_left_out = 0;
	}
	if (body.len < TS_HEADER_LEN)
		return ike_parse_fail(parse, IKE_WIRE_BODY, at);
	n = at[0];
	if (!n)
		return ike_parse_fail(parse, IKE_WIRE_SELECTOR_COUNT, at);
	at += TS_HEADER_LEN;
	for (i = 0; i < n; i++, at += length) {
		if (at == end)
			return ike_parse_fail(parse, IKE_WIRE_SELECTOR_COUNT, body.data);
		/* type, protocol and length are all that is common to the types */
		if (end - at < 4)
			return ike_parse_fail(parse, IKE_WIRE_SELECTOR_LENGTH, at);
		length = ike_get16(at + 2);
		if (length < 4 || length > (size_t)(end - at))
			return ike_parse_fail(parse, IKE_WIRE_SELECTOR_LENGTH, at + 2);
		size = at[0] == IKE_TS_IPV4_ADDR_RANGE ? 4 :
		       at[0] == IKE_TS_IPV6_ADDR_RANGE ? 16 : 0;
		if (size) {
			if (length != SELECTOR_HEADER_LEN + 2 * size)
				return ike_parse_fail(parse, IKE_WIRE_SELECTOR_LENGTH, at + 2);
			if (!parse_selector(parse, at, size, &s))
				return false;
		}
		if (!list)
			continue;
		if (size && list->n < IKE_SELECTORS_MAX)
			list->selectors[list->n++] = s;
		else
			list->n_left_out++;
	}
	return at == end || ike_parse_fail(parse, IKE_WIRE_SELECTOR_COUNT, at);
}

/* Section 3.5: type and three reserved octets. */
static bool parse_id(const struct ike_parse *parse, struct ike_payload *p)
{
	size_t want = 0;

	if (p->body.len < 4)
		return ike_parse_fail(parse, IKE_WIRE_BODY, p->body.data);
	p->id.type = p->body.data[0];
	p->id.data = after(p->body, 4);
	if (p->id.type == IKE_ID_IPV4_ADDR)
		want = 4;
	else if (p->id.type == IKE_ID_IPV6_ADDR)
		want = 16;
	if (want && p->id.data.len != want)
		return ike_parse_fail(parse, IKE_WIRE_ID_LENGTH, p->id.data.data);
	return true;
}

/* Section 3.10 */
static bool parse_notify(const struct ike_parse *parse, struct ike_payload *p)
{
	const uint8_t *at = p->body.data;

	if (p->body.len < 4)
		return ike_parse_fail(parse, IKE_WIRE_BODY, at);
	p->notify.type = ike_get16(at + 2);
	if (at[1] > p->body.len - 4)
		return ike_parse_fail(parse, IKE_WIRE_BODY, at + 1);
	p->notify.spi = (struct ike_chunk){ .data = at + 4, .len = at[1] };
	p->notify.data = after(p->body, 4 + (size_t)at[1]);
	/* without an SPI the protocol is to be ignored */
	if (!p->notify.spi.len)
		return true;
	p->notify.protocol = at[0];
	return is_spi_len(at[0], at[1]) || ike_parse_fail(parse, IKE_WIRE_SPI_SIZE, at + 1);
}

/* Section 3.11 */
static bool parse_delete(const struct ike_parse *parse, struct ike_payload *p)
{
	const uint8_t *at = p->body.data;

	if (p->body.len < 4)
		return ike_parse_fail(parse, IKE_WIRE_BODY, at);
	p->del.protocol = at[0];
	p->del.spi_len = at[1];
	p->del.n = ike_get16(at + 2);
	p->del.spis = after(p->body, 4);
	/* an IKE SA's SPI is in the header of the message */
	if (at[0] == IKE_PROTOCOL_IKE ? at[1] : !is_spi_len(at[0], at[1]))
		return ike_parse_fail(parse, IKE_WIRE_SPI_SIZE, at + 1);
	if ((at[0] == IKE_PROTOCOL_IKE && p->del.n) ||
	    p->del.spis.len != (size_t)p->del.spi_len * p->del.n)
		return ike_parse_fail(parse, IKE_WIRE_DELETE_COUNT, at + 2);
	return true;
}

/* Section 3.15 */
static bool parse_cp(const struct ike_parse *parse, struct ike_payload *p)
{
	struct ike_chunk rest, value;
	uint16_t type;

	if (p->body.len < 4)
		return ike_parse_fail(parse, IKE_WIRE_BODY, p->body.data);
	p->cp.type = p->body.data[0];
	p->cp.attributes = after(p->body, 4);
	rest = p->cp.attributes;
	while (ike_cp_next(&rest, &type, &value))
		;
	return !rest.len || ike_parse_fail(parse, IKE_WIRE_CONFIGURATION, rest.data);
}

/* Section 3.14 and RFC 7383 section 2.5 */
static bool parse_encrypted(const struct ike_parse *parse, struct ike_payload *p, uint8_t next)
{
	size_t header = 0;

	p->encrypted.first = next;
	if (p->type == IKE_PAYLOAD_SKF) {
		header = 4;
		if (p->body.len < header)
			return ike_parse_fail(parse, IKE_WIRE_BODY, p->body.data);
		p->encrypted.fragment = ike_get16(p->body.data);
		p->encrypted.n_fragments = ike_get16(p->body.data + 2);
		if (!p->encrypted.fragment || p->encrypted.fragment > p->encrypted.n_fragments)
			return ike_parse_fail(parse, IKE_WIRE_FRAGMENT, p->body.data);
	}
	p->encrypted.content = after(p->body, header);
	/* whatever the cipher, there is an octet that tells the length of the padding */
	if (!p->encrypted.content.len)
		return ike_parse_fail(parse, IKE_WIRE_BODY, p->encrypted.content.data);
	p->encrypted.clear.data = parse->base;
	p->encrypted.clear.len = (size_t)(p->encrypted.content.data - parse->base);
	return true;
}

/**
 * ike_parse_body() - Parse a payload of a known type.
 * @parse: what it is part of
 * @p: payload, of which @type and @body are set and the rest is zero
 * @next: type of the next payload, as the generic header has it
 */
bool ike_parse_body(const struct ike_parse *parse, struct ike_payload *p, uint8_t next)
{
	const struct ike_chunk body = p->body;

	switch (p->type) {
	case IKE_PAYLOAD_SA:
		return ike_parse_sa(parse, body, NULL);
	case IKE_PAYLOAD_KE:
		if (body.len <= 4)
			break;
		p->ke.group = ike_get16(body.data);
		p->ke.data = after(body, 4);
		return true;
	case IKE_PAYLOAD_IDI:
	case IKE_PAYLOAD_IDR:
		return parse_id(parse, p);
	case IKE_PAYLOAD_CERT:
		if (body.len <= 1)
			break;
		p->cert.encoding = body.data[0];
		p->cert.data = after(body, 1);
		return true;
	case IKE_PAYLOAD_CERTREQ:
		/* no authority at all is sent, and asks for any */
		if (!body.len)
			break;
		p->cert.encoding = body.data[0];
		p->cert.data = after(body, 1);
		return true;
	case IKE_PAYLOAD_AUTH:
		if (body.len <= 4)
			break;
		p->auth.method = body.data[0];
		p->auth.data = after(body, 4);
		return true;
	case IKE_PAYLOAD_NONCE:
		if (body.len < IKE_NONCE_MIN || body.len > IKE_NONCE_MAX)
			return ike_parse_fail(parse, IKE_WIRE_NONCE, body.data);
		return true;
	case IKE_PAYLOAD_NOTIFY:
		return parse_notify(parse, p);
	case IKE_PAYLOAD_DELETE:
		return parse_delete(parse, p);
	case IKE_PAYLOAD_TSI:
	case IKE_PAYLOAD_TSR:
		return ike_parse_ts(parse, body, NULL);
	case IKE_PAYLOAD_CP:
		return parse_cp(parse, p);
	case IKE_PAYLOAD_SK:
	case IKE_PAYLOAD_SKF:
		return parse_encrypted(parse, p, next);
	default:
		/* a vendor ID and an EAP message are for those who know them */
		return true;
	}
	return ike_parse_fail(parse, IKE_WIRE_BODY, body.data);
}

/**
 * ike_sa_read() - Read the proposals of an SA payload.
 * @p: payload
 * @list: where to
 *
 * Return: whether it is an SA payload that was parsed.
 */
bool ike_sa_read(const struct ike_payload *p, struct ike_sa_list *list)
{
	struct ike_fault fault;
	const struct ike_parse parse = {
		.base = p->body.data, .fault = &fault, .payload = p->type
	};

	list->n = 0;
	list->n_left_out = 0;
	return p->type == IKE_PAYLOAD_SA && ike_parse_sa(&parse, p->body, list);
}

/**
 * ike_ts_read() - Read the selectors of a TSi or TSr payload.
 * @p: payload
 * @list: where to
 *
 * Return: whether it is a TS payload that was parsed.
 */
bool ike_ts_read(const struct ike_payload *p, struct ike_ts_list *list)
{
	struct ike_fault fault;
	const struct ike_parse parse = {
		.base = p->body.data, .fault = &fault, .payload = p->type
	};

	list->n = 0;
	list->n_left_out = 0;
	return (p->type == IKE_PAYLOAD_TSI || p->type == IKE_PAYLOAD_TSR) &&
	       ike_parse_ts(&parse, p->body, list);
}

/**
 * ike_cp_next() - Take a configuration attribute, RFC 7296 section 3.15.1.
 * @attributes: those that are left, the taken one is cut off
 * @type: where to put its type
 * @value: where to put its value
 *
 * Return: whether there was one.
 */
bool ike_cp_next(struct ike_chunk *attributes, uint16_t *type, struct ike_chunk *value)
{
	size_t length;

	if (attributes->len < 4)
		return false;
	length = ike_get16(attributes->data + 2);
	if (length > attributes->len - 4)
		return false;
	*type = ike_get16(attributes->data) & 0x7fff;
	value->data = attributes->data + 4;
	value->len = length;
	*attributes = after(*attributes, 4 + length);
	return true;
}
