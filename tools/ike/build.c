// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "ike/build.h"

#define LENGTH_AT	24	/* in the IKE header */
#define NEXT_AT		16	/* likewise */

/* @len octets more, or NULL. */
static uint8_t *extend(struct ike_writer *w, size_t len)
{
	uint8_t *at;

	if (w->failed || w->closed || len > w->size - w->len) {
		w->failed = true;
		return NULL;
	}
	at = w->data + w->len;
	w->len += len;
	return at;
}

/* @len octets more of the payload that is open, or NULL. */
static uint8_t *room(struct ike_writer *w, size_t len)
{
	if (!w->open)
		w->failed = true;
	return extend(w, len);
}

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, size_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/**
 * ike_write8() - Write an octet of the payload that is open.
 * @w: writer
 * @value: number
 */
void ike_write8(struct ike_writer *w, uint8_t value)
{
	uint8_t *at = room(w, 1);

	if (at)
		*at = value;
}

/**
 * ike_write16() - Write two octets of the payload that is open.
 * @w: writer
 * @value: number
 */
void ike_write16(struct ike_writer *w, uint16_t value)
{
	uint8_t *at = room(w, 2);

	if (at)
		put16(at, value);
}

/**
 * ike_write32() - Write four octets of the payload that is open.
 * @w: writer
 * @value: number
 */
void ike_write32(struct ike_writer *w, uint32_t value)
{
	uint8_t *at = room(w, 4);

	if (at)
		put32(at, value);
}

/**
 * ike_write_octets() - Write octets of the payload that is open.
 * @w: writer
 * @data: octets; not NULL unless there are none
 * @len: number of them
 */
void ike_write_octets(struct ike_writer *w, const void *data, size_t len)
{
	uint8_t *at = room(w, len);

	if (at && len)
		memcpy(at, data, len);
}

static void write_chunk(struct ike_writer *w, struct ike_chunk data)
{
	ike_write_octets(w, data.data, data.len);
}

static void start(struct ike_writer *w, uint8_t *data, size_t size, bool is_chain)
{
	memset(w, 0, sizeof(*w));
	w->data = data;
	w->size = size;
	w->is_chain = is_chain;
}

/**
 * ike_message_start() - Begin a message, RFC 7296 section 3.1.
 * @w: writer
 * @data: where to
 * @size: room there
 * @h: header; next payload, version and length are filled in, whatever it has
 */
void ike_message_start(struct ike_writer *w, uint8_t *data, size_t size,
		       const struct ike_header *h)
{
	uint8_t *at;

	start(w, data, size, false);
	at = extend(w, IKE_HEADER_LEN);
	if (!at)
		return;
	memset(at, 0, IKE_HEADER_LEN);
	memcpy(at, h->spi_i, sizeof(h->spi_i));
	memcpy(at + 8, h->spi_r, sizeof(h->spi_r));
	at[17] = IKE_MAJOR_VERSION << 4;
	at[18] = h->exchange;
	/* who speaks version 2 must not say that it knows a higher one */
	at[19] = h->flags & (IKE_FLAG_INITIATOR | IKE_FLAG_RESPONSE);
	put32(at + 20, h->message_id);
	w->next_at = NEXT_AT;
}

/**
 * ike_message_end() - End a message.
 * @w: writer
 *
 * Return: octets of it; 0 if it failed or has no payload.
 */
size_t ike_message_end(struct ike_writer *w)
{
	if (w->failed || w->open || w->is_chain || !w->any)
		return 0;
	put32(w->data + LENGTH_AT, w->len);
	w->closed = true;
	return w->len;
}

/**
 * ike_chain_start() - Begin payloads that will be encrypted.
 * @w: writer
 * @data: where to
 * @size: room there
 */
void ike_chain_start(struct ike_writer *w, uint8_t *data, size_t size)
{
	start(w, data, size, true);
}

/**
 * ike_chain_end() - End payloads that will be encrypted.
 * @w: writer
 * @first: where to put the type of the first one, IKE_PAYLOAD_NONE if there is none
 * @chain: where to put all of them
 *
 * Return: whether they could be written.
 */
bool ike_chain_end(const struct ike_writer *w, uint8_t *first, struct ike_chunk *chain)
{
	if (w->failed || w->open || !w->is_chain)
		return false;
	*first = w->first;
	chain->data = w->data;
	chain->len = w->len;
	return true;
}

/**
 * ike_write_chain() - Write payloads that have been written as a chain, in clear.
 * @w: writer of a message that has no payload yet; nothing may follow
 * @first: of ike_chain_end()
 * @chain: likewise
 */
void ike_write_chain(struct ike_writer *w, uint8_t first, struct ike_chunk chain)
{
	uint8_t *at;

	if (w->is_chain || w->any || first == IKE_PAYLOAD_NONE)
		w->failed = true;
	at = extend(w, chain.len);
	if (!at)
		return;
	memcpy(at, chain.data, chain.len);
	w->data[w->next_at] = first;
	w->any = true;
	w->closed = true;
}

/**
 * ike_payload_start() - Begin a payload, RFC 7296 section 3.2.
 * @w: writer
 * @type: enum ike_payload_type
 */
void ike_payload_start(struct ike_writer *w, uint8_t type)
{
	size_t at = w->len;
	uint8_t *header;

	if (w->open || type == IKE_PAYLOAD_NONE)
		w->failed = true;
	header = extend(w, IKE_PAYLOAD_HEADER_LEN);
	if (!header)
		return;
	memset(header, 0, IKE_PAYLOAD_HEADER_LEN);
	if (!w->any)
		w->first = type;
	if (w->any || !w->is_chain)
		w->data[w->next_at] = type;
	w->payload_at = at;
	w->next_at = at;
	w->any = true;
	w->open = true;
}

/**
 * ike_payload_end() - End a payload.
 * @w: writer
 */
void ike_payload_end(struct ike_writer *w)
{
	size_t length = w->len - w->payload_at;

	if (!w->open || length > UINT16_MAX)
		w->failed = true;
	if (w->failed)
		return;
	put16(w->data + w->payload_at + 2, length);
	w->open = false;
}

/**
 * ike_payload_last() - What follows the generic header of the payload written last.
 * @w: writer
 *
 * Of an identity this is what AUTH signs (RFC 7296 section 2.15).
 *
 * Return: it; nothing if the writer failed or no payload has been ended.
 */
struct ike_chunk ike_payload_last(const struct ike_writer *w)
{
	struct ike_chunk body = {};

	if (w->any && !w->open && !w->failed) {
		body.data = w->data + w->payload_at + IKE_PAYLOAD_HEADER_LEN;
		body.len = w->len - w->payload_at - IKE_PAYLOAD_HEADER_LEN;
	}
	return body;
}

/* The length of a substructure from @at to here, whose field is 2 octets behind @at. */
static void fix_length(struct ike_writer *w, size_t at)
{
	if (w->failed)
		return;
	if (w->len - at > UINT16_MAX)
		w->failed = true;
	else
		put16(w->data + at + 2, w->len - at);
}

/* RFC 7296 section 3.3.2 */
static void write_transform(struct ike_writer *w, const struct ike_transform *t, bool last)
{
	size_t at = w->len;

	ike_write8(w, last ? 0 : 3);
	ike_write8(w, 0);
	ike_write16(w, 0);
	ike_write8(w, t->type);
	ike_write8(w, 0);
	ike_write16(w, t->id);
	if (t->key_bits) {
		ike_write16(w, 0x8000 | IKE_ATTRIBUTE_KEY_LENGTH);
		ike_write16(w, t->key_bits);
	}
	fix_length(w, at);
	/* its other attributes are lost: it would not be the same transform */
	if (t->unknown)
		w->failed = true;
}

/* RFC 7296 section 3.3.1 */
static void write_proposal(struct ike_writer *w, const struct ike_proposal *p, bool last)
{
	size_t at = w->len;
	unsigned int i;

	if (!p->n || p->n > IKE_TRANSFORMS_MAX || p->spi_len > IKE_SPI_LEN_MAX) {
		w->failed = true;
		return;
	}
	ike_write8(w, last ? 0 : 2);
	ike_write8(w, 0);
	ike_write16(w, 0);
	ike_write8(w, p->number);
	ike_write8(w, p->protocol);
	ike_write8(w, p->spi_len);
	ike_write8(w, (uint8_t)p->n);
	ike_write_octets(w, p->spi, p->spi_len);
	for (i = 0; i < p->n; i++)
		write_transform(w, &p->transforms[i], i + 1 == p->n);
	fix_length(w, at);
}

/**
 * ike_write_sa() - Write an SA payload, RFC 7296 section 3.3.
 * @w: writer
 * @proposals: proposals as they are, numbers included
 * @n: number of them, at least 1
 */
void ike_write_sa(struct ike_writer *w, const struct ike_proposal *proposals, unsigned int n)
{
	unsigned int i;

	if (!n)
		w->failed = true;
	ike_payload_start(w, IKE_PAYLOAD_SA);
	for (i = 0; i < n; i++)
		write_proposal(w, &proposals[i], i + 1 == n);
	ike_payload_end(w);
}

/**
 * ike_write_ke() - Write a KE payload, RFC 7296 section 3.4.
 * @w: writer
 * @group: number of the group
 * @data: public value, as long as the group wants it
 */
void ike_write_ke(struct ike_writer *w, uint16_t group, struct ike_chunk data)
{
	ike_payload_start(w, IKE_PAYLOAD_KE);
	ike_write16(w, group);
	ike_write16(w, 0);
	write_chunk(w, data);
	ike_payload_end(w);
}

/* A payload that begins with one octet and three reserved ones. */
static void write_kind(struct ike_writer *w, uint8_t type, uint8_t kind, struct ike_chunk data)
{
	static const uint8_t reserved[3];

	ike_payload_start(w, type);
	ike_write8(w, kind);
	ike_write_octets(w, reserved, sizeof(reserved));
	write_chunk(w, data);
	ike_payload_end(w);
}

/**
 * ike_write_id() - Write an IDi or IDr payload, RFC 7296 section 3.5.
 * @w: writer
 * @type: IKE_PAYLOAD_IDI or IKE_PAYLOAD_IDR
 * @id_type: enum ike_id_type
 * @data: identity
 */
void ike_write_id(struct ike_writer *w, uint8_t type, uint8_t id_type, struct ike_chunk data)
{
	write_kind(w, type, id_type, data);
}

static void write_encoded(struct ike_writer *w, uint8_t type, uint8_t encoding,
			  struct ike_chunk data)
{
	ike_payload_start(w, type);
	ike_write8(w, encoding);
	write_chunk(w, data);
	ike_payload_end(w);
}

/**
 * ike_write_cert() - Write a CERT payload, RFC 7296 section 3.6.
 * @w: writer
 * @encoding: enum ike_cert_encoding
 * @data: certificate
 */
void ike_write_cert(struct ike_writer *w, uint8_t encoding, struct ike_chunk data)
{
	write_encoded(w, IKE_PAYLOAD_CERT, encoding, data);
}

/**
 * ike_write_certreq() - Write a CERTREQ payload, RFC 7296 section 3.7.
 * @w: writer
 * @encoding: enum ike_cert_encoding
 * @data: SHA-1 hashes of the authorities' public keys
 */
void ike_write_certreq(struct ike_writer *w, uint8_t encoding, struct ike_chunk data)
{
	write_encoded(w, IKE_PAYLOAD_CERTREQ, encoding, data);
}

/**
 * ike_write_auth() - Write an AUTH payload, RFC 7296 section 3.8.
 * @w: writer
 * @method: enum ike_auth_method
 * @data: what authenticates
 */
void ike_write_auth(struct ike_writer *w, uint8_t method, struct ike_chunk data)
{
	write_kind(w, IKE_PAYLOAD_AUTH, method, data);
}

static void write_plain(struct ike_writer *w, uint8_t type, struct ike_chunk data)
{
	ike_payload_start(w, type);
	write_chunk(w, data);
	ike_payload_end(w);
}

/**
 * ike_write_nonce() - Write a nonce payload, RFC 7296 section 3.9.
 * @w: writer
 * @data: nonce
 */
void ike_write_nonce(struct ike_writer *w, struct ike_chunk data)
{
	if (data.len < IKE_NONCE_MIN || data.len > IKE_NONCE_MAX)
		w->failed = true;
	write_plain(w, IKE_PAYLOAD_NONCE, data);
}

/**
 * ike_write_notify_sa() - Write an N payload about an SA, RFC 7296 section 3.10.
 * @w: writer
 * @type: enum ike_notify_type
 * @protocol: enum ike_protocol
 * @spi: SPI of the SA
 * @data: what the type wants
 */
void ike_write_notify_sa(struct ike_writer *w, uint16_t type, uint8_t protocol,
			 struct ike_chunk spi, struct ike_chunk data)
{
	if (spi.len > UINT8_MAX)
		w->failed = true;
	ike_payload_start(w, IKE_PAYLOAD_NOTIFY);
	ike_write8(w, protocol);
	ike_write8(w, (uint8_t)spi.len);
	ike_write16(w, type);
	write_chunk(w, spi);
	write_chunk(w, data);
	ike_payload_end(w);
}

/**
 * ike_write_notify() - Write an N payload, RFC 7296 section 3.10.
 * @w: writer
 * @type: enum ike_notify_type
 * @data: what the type wants
 */
void ike_write_notify(struct ike_writer *w, uint16_t type, struct ike_chunk data)
{
	ike_write_notify_sa(w, type, IKE_PROTOCOL_NONE, (struct ike_chunk){}, data);
}

/**
 * ike_write_delete() - Write a D payload, RFC 7296 section 3.11.
 * @w: writer
 * @protocol: enum ike_protocol
 * @spis: for AH and ESP all SPIs, of four octets each; for IKE nothing
 */
void ike_write_delete(struct ike_writer *w, uint8_t protocol, struct ike_chunk spis)
{
	const size_t spi_len = protocol == IKE_PROTOCOL_IKE ? 0 : 4;

	if (spi_len ? spis.len % spi_len || spis.len / spi_len > UINT16_MAX : spis.len)
		w->failed = true;
	ike_payload_start(w, IKE_PAYLOAD_DELETE);
	ike_write8(w, protocol);
	ike_write8(w, (uint8_t)spi_len);
	ike_write16(w, spi_len ? (uint16_t)(spis.len / spi_len) : 0);
	write_chunk(w, spis);
	ike_payload_end(w);
}

/**
 * ike_write_vendor() - Write a V payload, RFC 7296 section 3.12.
 * @w: writer
 * @data: vendor ID
 */
void ike_write_vendor(struct ike_writer *w, struct ike_chunk data)
{
	write_plain(w, IKE_PAYLOAD_VENDOR, data);
}

/**
 * ike_write_ts() - Write a TSi or TSr payload, RFC 7296 section 3.13.
 * @w: writer
 * @type: IKE_PAYLOAD_TSI or IKE_PAYLOAD_TSR
 * @selectors: selectors
 * @n: number of them, 1 to 255
 */
void ike_write_ts(struct ike_writer *w, uint8_t type, const struct ike_selector *selectors,
		  unsigned int n)
{
	static const uint8_t reserved[3];
	const struct ike_selector *s;
	size_t size;

	if (!n || n > UINT8_MAX)
		w->failed = true;
	ike_payload_start(w, type);
	ike_write8(w, (uint8_t)n);
	ike_write_octets(w, reserved, sizeof(reserved));
	for (s = selectors; s < selectors + n; s++) {
		size = s->family == AF_INET ? 4 : 16;
		ike_write8(w, size == 4 ? IKE_TS_IPV4_ADDR_RANGE : IKE_TS_IPV6_ADDR_RANGE);
		ike_write8(w, s->protocol);
		ike_write16(w, (uint16_t)(8 + 2 * size));
		ike_write16(w, s->first_port);
		ike_write16(w, s->last_port);
		ike_write_octets(w, s->first, size);
		ike_write_octets(w, s->last, size);
	}
	ike_payload_end(w);
}

/**
 * ike_write_cp() - Write a CP payload, RFC 7296 section 3.15.
 * @w: writer
 * @cp_type: enum ike_cp_type
 * @attributes: attributes as section 3.15.1 has them
 */
void ike_write_cp(struct ike_writer *w, uint8_t cp_type, struct ike_chunk attributes)
{
	write_kind(w, IKE_PAYLOAD_CP, cp_type, attributes);
}

/**
 * ike_write_eap() - Write an EAP payload, RFC 7296 section 3.16.
 * @w: writer
 * @data: EAP message
 */
void ike_write_eap(struct ike_writer *w, struct ike_chunk data)
{
	write_plain(w, IKE_PAYLOAD_EAP, data);
}

/* All but the generic header and what SKF has behind it. */
static size_t end_sealed(struct ike_writer *w, uint8_t first, size_t iv_len, size_t text_len,
			 size_t icv_len, struct ike_room *seal)
{
	size_t sealed_at = w->payload_at;
	uint8_t *at;

	memset(seal, 0, sizeof(*seal));
	/* so that the sum cannot wrap */
	if (iv_len > UINT16_MAX || text_len > UINT16_MAX || icv_len > UINT16_MAX)
		w->failed = true;
	/* a payload like this cannot be inside of one, and the padding has a length */
	if (w->is_chain || !text_len)
		w->failed = true;
	seal->iv = w->len;
	seal->text = seal->iv + iv_len;
	seal->icv = seal->text + text_len;
	seal->end = seal->icv + icv_len;
	at = room(w, iv_len + text_len + icv_len);
	if (at)
		memset(at, 0, iv_len + text_len + icv_len);
	ike_payload_end(w);
	if (!w->failed)
		w->data[sealed_at] = first;
	return ike_message_end(w);
}

/**
 * ike_leave_encrypted() - End a message with an SK payload, RFC 7296 section 3.14.
 * @w: writer of a message
 * @first: type of the first payload inside, IKE_PAYLOAD_NONE for none
 * @iv_len: octets of the IV
 * @text_len: octets of the payloads, the padding and its length
 * @icv_len: octets of the integrity check value
 * @seal: where to put where these are; they are zero until the caller fills them in
 *
 * Return: octets of the message, or 0 if it failed.
 */
size_t ike_leave_encrypted(struct ike_writer *w, uint8_t first, size_t iv_len, size_t text_len,
			   size_t icv_len, struct ike_room *seal)
{
	ike_payload_start(w, IKE_PAYLOAD_SK);
	return end_sealed(w, first, iv_len, text_len, icv_len, seal);
}

/**
 * ike_leave_fragment() - End a message with an SKF payload, RFC 7383 section 2.5.
 * @w: writer of a message
 * @first: type of the first payload inside; only the first fragment tells it
 * @fragment: number of the fragment, from 1
 * @n_fragments: number of fragments
 * @iv_len: octets of the IV
 * @text_len: octets of the part of the payloads, the padding and its length
 * @icv_len: octets of the integrity check value
 * @seal: where to put where these are; they are zero until the caller fills them in
 *
 * Return: octets of the message, or 0 if it failed.
 */
size_t ike_leave_fragment(struct ike_writer *w, uint8_t first, uint16_t fragment,
			  uint16_t n_fragments, size_t iv_len, size_t text_len, size_t icv_len,
			  struct ike_room *seal)
{
	if (!fragment || fragment > n_fragments)
		w->failed = true;
	ike_payload_start(w, IKE_PAYLOAD_SKF);
	ike_write16(w, fragment);
	ike_write16(w, n_fragments);
	return end_sealed(w, fragment == 1 ? first : IKE_PAYLOAD_NONE, iv_len, text_len, icv_len,
			  seal);
}
