// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ike/payload.h"

/**
 * ike_wire_error_text() - Say what is wrong with a message.
 * @error: enum ike_wire_error
 */
const char *ike_wire_error_text(enum ike_wire_error error)
{
	switch (error) {
	case IKE_WIRE_OK:
		return "nothing is wrong";
	case IKE_WIRE_SHORT:
		return "it is shorter than an IKE header";
	case IKE_WIRE_LENGTH:
		return "its header tells another length than it has";
	case IKE_WIRE_VERSION:
		return "its major version is not 2";
	case IKE_WIRE_SPI:
		return "the initiator's SPI is zero";
	case IKE_WIRE_EMPTY:
		return "it has no payload";
	case IKE_WIRE_PAYLOAD_MISSING:
		return "a payload is announced that is not there";
	case IKE_WIRE_PAYLOAD_LENGTH:
		return "a payload's length cannot be";
	case IKE_WIRE_TRAILING:
		return "something follows the last payload";
	case IKE_WIRE_NESTED:
		return "an encrypted payload is inside of another one";
	case IKE_WIRE_CRITICAL:
		return "a critical payload is unknown";
	case IKE_WIRE_TWICE:
		return "a payload stands twice that can stand once";
	case IKE_WIRE_TOO_MANY:
		return "it has too many payloads";
	case IKE_WIRE_BODY:
		return "a payload is too short for its fields";
	case IKE_WIRE_NONCE:
		return "a nonce is shorter than 16 or longer than 256 octets";
	case IKE_WIRE_PROPOSAL_NONE:
		return "an SA payload has no proposal";
	case IKE_WIRE_PROPOSAL_LENGTH:
		return "the lengths in a proposal do not add up";
	case IKE_WIRE_PROPOSAL_MARK:
		return "a proposal's mark of the last one is wrong";
	case IKE_WIRE_PROPOSAL_NUMBER:
		return "proposals are not numbered one by one";
	case IKE_WIRE_SPI_SIZE:
		return "an SPI has not the size of its protocol's";
	case IKE_WIRE_TRANSFORM_COUNT:
		return "a proposal has not as many transforms as it counts";
	case IKE_WIRE_TRANSFORM_LENGTH:
		return "the lengths in a transform do not add up";
	case IKE_WIRE_TRANSFORM_MARK:
		return "a transform's mark of the last one is wrong";
	case IKE_WIRE_ATTRIBUTE_LENGTH:
		return "an attribute of a transform is cut off";
	case IKE_WIRE_ATTRIBUTE_FORMAT:
		return "a key length is not in the short format";
	case IKE_WIRE_ATTRIBUTE_TWICE:
		return "a transform has two key lengths";
	case IKE_WIRE_SELECTOR_COUNT:
		return "there are not as many traffic selectors as are counted";
	case IKE_WIRE_SELECTOR_LENGTH:
		return "a traffic selector has not the length of its type's";
	case IKE_WIRE_SELECTOR_RANGE:
		return "a traffic selector ends before it begins";
	case IKE_WIRE_ID_LENGTH:
		return "an identity has not the length of an address";
	case IKE_WIRE_DELETE_COUNT:
		return "there are not as many SPIs to delete as are counted";
	case IKE_WIRE_CONFIGURATION:
		return "a configuration attribute is cut off";
	case IKE_WIRE_FRAGMENT:
		return "a fragment's number cannot be";
	}
	return "unknown";
}

/**
 * ike_header_parse() - Parse the header of a message, RFC 7296 section 3.1.
 * @h: where to; filled in whatever is wrong, unless it is IKE_WIRE_SHORT
 * @data: datagram
 * @len: octets of it
 * @fault: where to say what is wrong
 *
 * Reserved flags and the minor version are of no consequence (section 2.5).
 *
 * Return: whether it is one of version 2 and of all of the datagram.
 */
bool ike_header_parse(struct ike_header *h, const uint8_t *data, size_t len,
		      struct ike_fault *fault)
{
	static const uint8_t zero[IKE_SPI_LEN_MAX];
	struct ike_parse parse = { .base = data, .fault = fault };

	memset(h, 0, sizeof(*h));
	memset(fault, 0, sizeof(*fault));
	if (len < IKE_HEADER_LEN) {
		fault->error = IKE_WIRE_SHORT;
		fault->offset = len;
		return false;
	}
	memcpy(h->spi_i, data, sizeof(h->spi_i));
	memcpy(h->spi_r, data + 8, sizeof(h->spi_r));
	h->next = data[16];
	h->major = data[17] >> 4;
	h->minor = data[17] & 0x0f;
	h->exchange = data[18];
	h->flags = data[19] & (IKE_FLAG_INITIATOR | IKE_FLAG_VERSION | IKE_FLAG_RESPONSE);
	h->message_id = ike_get32(data + 20);
	h->length = ike_get32(data + 24);

	/* Another version may mean something else by all the rest. */
	if (h->major != IKE_MAJOR_VERSION)
		return ike_parse_fail(&parse, IKE_WIRE_VERSION, data + 17);
	if (h->length != len)
		return ike_parse_fail(&parse, IKE_WIRE_LENGTH, data + 24);
	if (!memcmp(h->spi_i, zero, sizeof(zero)))
		return ike_parse_fail(&parse, IKE_WIRE_SPI, data);
	return true;
}

static bool is_known(uint8_t type)
{
	return (type >= IKE_PAYLOAD_SA && type <= IKE_PAYLOAD_EAP) || type == IKE_PAYLOAD_SKF;
}

static bool is_encrypted(uint8_t type)
{
	return type == IKE_PAYLOAD_SK || type == IKE_PAYLOAD_SKF;
}

static bool is_repeatable(uint8_t type)
{
	switch (type) {
	case IKE_PAYLOAD_CERT:
	case IKE_PAYLOAD_CERTREQ:
	case IKE_PAYLOAD_NOTIFY:
	case IKE_PAYLOAD_DELETE:
	case IKE_PAYLOAD_VENDOR:
		return true;
	default:
		return false;
	}
}

/* A payload of a known type, whose body has been found. */
static bool take(struct ike_payloads *payloads, const struct ike_parse *parse, uint8_t next,
		 const uint8_t *at, struct ike_chunk body)
{
	uint8_t type = parse->payload;
	struct ike_payload *p;

	if (!is_repeatable(type) && ike_payload_find(payloads, type))
		return ike_parse_fail(parse, IKE_WIRE_TWICE, at);
	if (payloads->n == IKE_PAYLOADS_MAX)
		return ike_parse_fail(parse, IKE_WIRE_TOO_MANY, at);
	p = &payloads->items[payloads->n];
	memset(p, 0, sizeof(*p));
	p->type = type;
	p->offset = (uint32_t)(at - parse->base);
	p->body = body;
	if (!ike_parse_body(parse, p, next))
		return false;
	payloads->n++;
	return true;
}

/*
 * The payloads from @at to @end, RFC 7296 section 3.2. @type is that of the first
 * one, @inside tells that they were encrypted.
 */
static bool parse_chain(struct ike_payloads *payloads, struct ike_parse *parse, uint8_t type,
			const uint8_t *at, const uint8_t *end, bool inside)
{
	struct ike_chunk body;
	size_t length;
	uint8_t next;

	while (type != IKE_PAYLOAD_NONE) {
		parse->payload = type;
		if (at == end)
			return ike_parse_fail(parse, IKE_WIRE_PAYLOAD_MISSING, at);
		if (end - at < IKE_PAYLOAD_HEADER_LEN)
			return ike_parse_fail(parse, IKE_WIRE_PAYLOAD_LENGTH, at);
		length = ike_get16(at + 2);
		if (length < IKE_PAYLOAD_HEADER_LEN || length > (size_t)(end - at))
			return ike_parse_fail(parse, IKE_WIRE_PAYLOAD_LENGTH, at + 2);
		next = at[0];
		body.data = at + IKE_PAYLOAD_HEADER_LEN;
		body.len = length - IKE_PAYLOAD_HEADER_LEN;

		if (is_known(type)) {
			if (inside && is_encrypted(type))
				return ike_parse_fail(parse, IKE_WIRE_NESTED, at);
			if (!take(payloads, parse, next, at, body))
				return false;
		} else {
			/* the bit is for what is not known, section 2.5 */
			if (at[1] & 0x80)
				return ike_parse_fail(parse, IKE_WIRE_CRITICAL, at);
			payloads->n_skipped++;
		}
		at += length;
		/* it tells what is inside: nothing may follow it */
		if (is_encrypted(type))
			break;
		type = next;
	}
	return at == end || ike_parse_fail(parse, IKE_WIRE_TRAILING, at);
}

static void no_payloads(struct ike_payloads *payloads, struct ike_fault *fault)
{
	payloads->n = 0;
	payloads->n_skipped = 0;
	memset(fault, 0, sizeof(*fault));
}

/**
 * ike_message_parse() - Parse a datagram as it was received.
 * @h: where to put its header, as ike_header_parse() does
 * @payloads: where to put the payloads, the last of which may be an encrypted one
 * @data: datagram
 * @len: octets of it
 * @fault: where to say what is wrong
 *
 * Return: whether it is a message. If not, @payloads has those before the fault.
 */
bool ike_message_parse(struct ike_header *h, struct ike_payloads *payloads, const uint8_t *data,
		       size_t len, struct ike_fault *fault)
{
	struct ike_parse parse = { .base = data, .fault = fault };

	no_payloads(payloads, fault);
	if (!ike_header_parse(h, data, len, fault))
		return false;
	if (h->next == IKE_PAYLOAD_NONE)
		return ike_parse_fail(&parse, IKE_WIRE_EMPTY, data + 16);
	return parse_chain(payloads, &parse, h->next, data + IKE_HEADER_LEN, data + len, false);
}

/**
 * ike_payloads_parse() - Parse what an encrypted payload held, RFC 7296 section 3.14.
 * @payloads: where to
 * @first: type of the first payload, IKE_PAYLOAD_NONE for none
 * @data: payloads, without padding
 * @len: octets of them
 * @fault: where to say what is wrong
 *
 * Return: whether it is a chain of payloads, or nothing. If not, @payloads has those
 * before the fault.
 */
bool ike_payloads_parse(struct ike_payloads *payloads, uint8_t first, const uint8_t *data,
			size_t len, struct ike_fault *fault)
{
	struct ike_parse parse = { .base = data, .fault = fault };

	no_payloads(payloads, fault);
	if (!len) {
		parse.payload = first;
		return first == IKE_PAYLOAD_NONE ||
		       ike_parse_fail(&parse, IKE_WIRE_PAYLOAD_MISSING, data);
	}
	return parse_chain(payloads, &parse, first, data, data + len, true);
}

/**
 * ike_payload_find() - Find the first payload of a type.
 * @payloads: payloads of a message
 * @type: enum ike_payload_type
 *
 * Others of the type follow it in the array.
 *
 * Return: it, or NULL.
 */
const struct ike_payload *ike_payload_find(const struct ike_payloads *payloads, uint8_t type)
{
	unsigned int i;

	for (i = 0; i < payloads->n; i++)
		if (payloads->items[i].type == type)
			return &payloads->items[i];
	return NULL;
}

/**
 * ike_payload_find_notify() - Find the first notification of a type.
 * @payloads: payloads of a message
 * @type: enum ike_notify_type
 *
 * Return: its payload, or NULL.
 */
const struct ike_payload *ike_payload_find_notify(const struct ike_payloads *payloads,
						  uint16_t type)
{
	unsigned int i;

	for (i = 0; i < payloads->n; i++)
		if (payloads->items[i].type == IKE_PAYLOAD_NOTIFY &&
		    payloads->items[i].notify.type == type)
			return &payloads->items[i];
	return NULL;
}

/**
 * ike_encrypted_split() - Tell the parts of an encrypted payload apart.
 * @p: an SK or SKF payload
 * @iv_len: octets of the IV
 * @icv_len: octets of the integrity check value
 * @iv: where to put the IV
 * @ciphertext: where to put what is between, padding and its length included
 * @icv: where to put the integrity check value
 *
 * Return: whether there is room for them, and for the one octet at least that tells
 * the length of the padding.
 */
bool ike_encrypted_split(const struct ike_payload *p, size_t iv_len, size_t icv_len,
			 struct ike_chunk *iv, struct ike_chunk *ciphertext,
			 struct ike_chunk *icv)
{
	const struct ike_chunk *all = &p->encrypted.content;

	if (!is_encrypted(p->type) || all->len <= iv_len || all->len - iv_len <= icv_len)
		return false;
	iv->data = all->data;
	iv->len = iv_len;
	ciphertext->data = all->data + iv_len;
	ciphertext->len = all->len - iv_len - icv_len;
	icv->data = ciphertext->data + ciphertext->len;
	icv->len = icv_len;
	return true;
}
