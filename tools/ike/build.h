/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing messages of IKEv2, RFC 7296 section 3 and RFC 7383, into a buffer of the
 * caller's. The writer chains the payloads and fills in lengths. What does not fit
 * or cannot be written makes it fail for good, so that only the end need be looked
 * at: ike_message_end(), ike_chain_end(), ike_leave_encrypted() tell.
 *
 * A message in clear is ike_message_start(), payloads, ike_message_end(). What is
 * to be encrypted is written on its own first, because only its size tells whether
 * it is to be fragmented: ike_chain_start(), payloads, ike_chain_end(). Then, for
 * the whole or for each fragment, come ike_message_start(), ike_leave_encrypted() or
 * ike_leave_fragment() with a length, and the caller's encryption at the offsets of
 * struct ike_room.
 */
#ifndef VPNHA_IKE_BUILD_H
#define VPNHA_IKE_BUILD_H

#include "ike/wire.h"

/**
 * struct ike_writer - where a message is written to
 * @data: buffer
 * @size: octets of it
 * @len: octets that have been written
 * @next_at: offset of the octet that gets the type of the next payload, if it is not
 *	@first that does
 * @payload_at: offset of the payload that has been started last
 * @first: type of the first payload
 * @is_chain: there is no header
 * @any: there is a payload
 * @open: the last payload has not been ended
 * @closed: nothing may follow
 * @failed: it did not fit, or could not be written
 */
struct ike_writer {
	uint8_t *data;
	size_t size;
	size_t len;
	size_t next_at;
	size_t payload_at;
	uint8_t first;
	bool is_chain;
	bool any;
	bool open;
	bool closed;
	bool failed;
};

/**
 * struct ike_room - where the parts of an encrypted payload are: offsets in the message
 * @iv: IV; all before it is authenticated but not encrypted (RFC 5282 section 5.1)
 * @text: what is to be encrypted: payloads, padding, and the octet of its length
 * @icv: integrity check value
 * @end: end of that and of the message
 */
struct ike_room {
	size_t iv;
	size_t text;
	size_t icv;
	size_t end;
};

void ike_message_start(struct ike_writer *w, uint8_t *data, size_t size,
		       const struct ike_header *h);
size_t ike_message_end(struct ike_writer *w);
void ike_chain_start(struct ike_writer *w, uint8_t *data, size_t size);
bool ike_chain_end(const struct ike_writer *w, uint8_t *first, struct ike_chunk *chain);

void ike_write_chain(struct ike_writer *w, uint8_t first, struct ike_chunk chain);

void ike_payload_start(struct ike_writer *w, uint8_t type);
void ike_payload_end(struct ike_writer *w);
struct ike_chunk ike_payload_last(const struct ike_writer *w);

void ike_write8(struct ike_writer *w, uint8_t value);
void ike_write16(struct ike_writer *w, uint16_t value);
void ike_write32(struct ike_writer *w, uint32_t value);
void ike_write_octets(struct ike_writer *w, const void *data, size_t len);

void ike_write_sa(struct ike_writer *w, const struct ike_proposal *proposals, unsigned int n);
void ike_write_ke(struct ike_writer *w, uint16_t group, struct ike_chunk data);
void ike_write_id(struct ike_writer *w, uint8_t type, uint8_t id_type, struct ike_chunk data);
void ike_write_cert(struct ike_writer *w, uint8_t encoding, struct ike_chunk data);
void ike_write_certreq(struct ike_writer *w, uint8_t encoding, struct ike_chunk data);
void ike_write_auth(struct ike_writer *w, uint8_t method, struct ike_chunk data);
void ike_write_nonce(struct ike_writer *w, struct ike_chunk data);
void ike_write_notify(struct ike_writer *w, uint16_t type, struct ike_chunk data);
void ike_write_notify_sa(struct ike_writer *w, uint16_t type, uint8_t protocol,
			 struct ike_chunk spi, struct ike_chunk data);
void ike_write_delete(struct ike_writer *w, uint8_t protocol, struct ike_chunk spis);
void ike_write_vendor(struct ike_writer *w, struct ike_chunk data);
void ike_write_ts(struct ike_writer *w, uint8_t type, const struct ike_selector *selectors,
		  unsigned int n);
void ike_write_cp(struct ike_writer *w, uint8_t cp_type, struct ike_chunk attributes);
void ike_write_eap(struct ike_writer *w, struct ike_chunk data);

size_t ike_leave_encrypted(struct ike_writer *w, uint8_t first, size_t iv_len, size_t text_len,
			   size_t icv_len, struct ike_room *seal);
size_t ike_leave_fragment(struct ike_writer *w, uint8_t first, uint16_t fragment,
			  uint16_t n_fragments, size_t iv_len, size_t text_len, size_t icv_len,
			  struct ike_room *seal);

#endif /* VPNHA_IKE_BUILD_H */
