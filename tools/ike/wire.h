/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of IKEv2, RFC 7296 section 3 and RFC 7383: octets in, references to
 * them out. Nothing is allocated and nothing copied but numbers, so what was
 * parsed lives as long as the octets do.
 *
 * A datagram is parsed by ike_message_parse(), and what its encrypted payload
 * held, when decrypted, by ike_payloads_parse(). Both check everything that can
 * be seen without knowing the exchange: all of a payload's inner lengths, counts
 * and marks. What may stand in which exchange is not theirs to say. The four
 * octets before a message on port 4500 are the caller's.
 */
#ifndef VPNHA_IKE_WIRE_H
#define VPNHA_IKE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/number.h"
#include "ike/types.h"

#define IKE_HEADER_LEN		28
#define IKE_PAYLOAD_HEADER_LEN	4
#define IKE_MAJOR_VERSION	2

/* Enough for a gateway's chain of certificates or its many addresses (RFC 4555). */
#define IKE_PAYLOADS_MAX	128

/**
 * enum ike_wire_error - what is wrong with a message
 * @IKE_WIRE_OK: nothing
 * @IKE_WIRE_SHORT: there is no whole IKE header
 * @IKE_WIRE_LENGTH: the header tells another length than the datagram has
 * @IKE_WIRE_VERSION: the major version is not 2
 * @IKE_WIRE_SPI: the initiator's SPI is zero
 * @IKE_WIRE_EMPTY: there is no payload
 * @IKE_WIRE_PAYLOAD_MISSING: a payload is announced, and there is none
 * @IKE_WIRE_PAYLOAD_LENGTH: a payload is too short for its header, or longer than what is left
 * @IKE_WIRE_TRAILING: something follows the last payload
 * @IKE_WIRE_NESTED: an encrypted payload is inside of one
 * @IKE_WIRE_CRITICAL: an unknown payload is critical
 * @IKE_WIRE_TWICE: a payload that can stand once stands twice
 * @IKE_WIRE_TOO_MANY: there are more than IKE_PAYLOADS_MAX
 * @IKE_WIRE_BODY: a payload is too short for its fields
 * @IKE_WIRE_NONCE: a nonce is shorter than 16 or longer than 256 octets
 * @IKE_WIRE_PROPOSAL_NONE: an SA payload has no proposal
 * @IKE_WIRE_PROPOSAL_LENGTH: lengths of a proposal do not add up
 * @IKE_WIRE_PROPOSAL_MARK: a proposal is wrongly marked as the last or not the last one
 * @IKE_WIRE_PROPOSAL_NUMBER: proposals are not numbered one by one
 * @IKE_WIRE_SPI_SIZE: an SPI does not have the size of its protocol's
 * @IKE_WIRE_TRANSFORM_COUNT: there are fewer or more transforms than were counted, or none
 * @IKE_WIRE_TRANSFORM_LENGTH: lengths of a transform do not add up
 * @IKE_WIRE_TRANSFORM_MARK: a transform is wrongly marked as the last or not the last one
 * @IKE_WIRE_ATTRIBUTE_LENGTH: an attribute is cut off
 * @IKE_WIRE_ATTRIBUTE_FORMAT: a key length has a length
 * @IKE_WIRE_ATTRIBUTE_TWICE: a transform has two key lengths
 * @IKE_WIRE_SELECTOR_COUNT: there are fewer or more selectors than were counted, or none
 * @IKE_WIRE_SELECTOR_LENGTH: a selector does not have the length of its type's
 * @IKE_WIRE_SELECTOR_RANGE: a selector's first address or port is above the last one
 * @IKE_WIRE_ID_LENGTH: an address that identifies does not have an address's length
 * @IKE_WIRE_DELETE_COUNT: there are fewer or more SPIs to delete than were counted
 * @IKE_WIRE_CONFIGURATION: a configuration attribute is cut off
 * @IKE_WIRE_FRAGMENT: a fragment is not one of 1 to their number
 */
enum ike_wire_error {
	IKE_WIRE_OK,
	IKE_WIRE_SHORT,
	IKE_WIRE_LENGTH,
	IKE_WIRE_VERSION,
	IKE_WIRE_SPI,
	IKE_WIRE_EMPTY,
	IKE_WIRE_PAYLOAD_MISSING,
	IKE_WIRE_PAYLOAD_LENGTH,
	IKE_WIRE_TRAILING,
	IKE_WIRE_NESTED,
	IKE_WIRE_CRITICAL,
	IKE_WIRE_TWICE,
	IKE_WIRE_TOO_MANY,
	IKE_WIRE_BODY,
	IKE_WIRE_NONCE,
	IKE_WIRE_PROPOSAL_NONE,
	IKE_WIRE_PROPOSAL_LENGTH,
	IKE_WIRE_PROPOSAL_MARK,
	IKE_WIRE_PROPOSAL_NUMBER,
	IKE_WIRE_SPI_SIZE,
	IKE_WIRE_TRANSFORM_COUNT,
	IKE_WIRE_TRANSFORM_LENGTH,
	IKE_WIRE_TRANSFORM_MARK,
	IKE_WIRE_ATTRIBUTE_LENGTH,
	IKE_WIRE_ATTRIBUTE_FORMAT,
	IKE_WIRE_ATTRIBUTE_TWICE,
	IKE_WIRE_SELECTOR_COUNT,
	IKE_WIRE_SELECTOR_LENGTH,
	IKE_WIRE_SELECTOR_RANGE,
	IKE_WIRE_ID_LENGTH,
	IKE_WIRE_DELETE_COUNT,
	IKE_WIRE_CONFIGURATION,
	IKE_WIRE_FRAGMENT,
};

/**
 * struct ike_fault - why something was not parsed
 * @error: enum ike_wire_error
 * @payload: type of the payload that is at fault, 0 for the header; the octet that
 *	UNSUPPORTED_CRITICAL_PAYLOAD answers (RFC 7296 section 2.5)
 * @offset: of the octet that is at fault, from the first one that was given
 */
struct ike_fault {
	enum ike_wire_error error;
	uint8_t payload;
	size_t offset;
};

/* RFC 7296 section 3.1; other bits mean nothing. */
enum ike_flag {
	IKE_FLAG_INITIATOR = 0x08,
	IKE_FLAG_VERSION = 0x10,
	IKE_FLAG_RESPONSE = 0x20,
};

/**
 * struct ike_header - header of a message, RFC 7296 section 3.1
 * @spi_i: SPI of the initiator's
 * @spi_r: SPI of the responder's, zero in a first message
 * @next: type of the first payload
 * @major: major version
 * @minor: minor version, of no consequence
 * @exchange: enum ike_exchange, or any other number
 * @flags: of enum ike_flag
 * @message_id: number of the request or response
 * @length: octets of the message
 */
struct ike_header {
	uint8_t spi_i[IKE_SPI_LEN_MAX];
	uint8_t spi_r[IKE_SPI_LEN_MAX];
	uint8_t next;
	uint8_t major;
	uint8_t minor;
	uint8_t exchange;
	uint8_t flags;
	uint32_t message_id;
	uint32_t length;
};

/**
 * struct ike_payload - a payload of a type that is known
 * @type: enum ike_payload_type
 * @offset: of its generic header from the first octet that was given
 * @body: all that follows the generic header. SA, TSi and TSr are read from it by
 *	ike_sa_read() and ike_ts_read(); a nonce, a vendor ID and an EAP message are
 *	nothing but this; of IDi and IDr it is what AUTH signs (section 2.15)
 * @ke: KE, section 3.4: number of the group, public value; whether that has the
 *	length of the group's is not looked at
 * @id: IDi and IDr, section 3.5: enum ike_id_type or any other number, value
 * @cert: CERT and CERTREQ, sections 3.6 and 3.7: enum ike_cert_encoding or any other
 *	number, value
 * @auth: AUTH, section 3.8: enum ike_auth_method or any other number, value
 * @notify: N, section 3.10: enum ike_protocol or any other number, 0 where there is
 *	no SPI; enum ike_notify_type or any other number; SPI; data
 * @del: D, section 3.11: enum ike_protocol or any other number, octets of an SPI,
 *	number of SPIs, all of them
 * @cp: CP, section 3.15: enum ike_cp_type or any other number, what ike_cp_next() walks
 * @encrypted: SK, section 3.14, and SKF, RFC 7383 section 2.5: type of the first
 *	payload inside, number of this fragment from 1 and of all of them (0 and 0 in
 *	SK), what is authenticated but not encrypted (RFC 5282 section 5.1), and IV,
 *	ciphertext and ICV, which ike_encrypted_split() tells apart
 */
struct ike_payload {
	uint8_t type;
	uint32_t offset;
	struct ike_chunk body;
	union {
		struct {
			uint16_t group;
			struct ike_chunk data;
		} ke;
		struct {
			uint8_t type;
			struct ike_chunk data;
		} id;
		struct {
			uint8_t encoding;
			struct ike_chunk data;
		} cert;
		struct {
			uint8_t method;
			struct ike_chunk data;
		} auth;
		struct {
			uint8_t protocol;
			uint16_t type;
			struct ike_chunk spi;
			struct ike_chunk data;
		} notify;
		struct {
			uint8_t protocol;
			uint8_t spi_len;
			uint16_t n;
			struct ike_chunk spis;
		} del;
		struct {
			uint8_t type;
			struct ike_chunk attributes;
		} cp;
		struct {
			uint8_t first;
			uint16_t fragment;
			uint16_t n_fragments;
			struct ike_chunk clear;
			struct ike_chunk content;
		} encrypted;
	};
};

/**
 * struct ike_payloads - payloads of a message, or of an encrypted payload
 * @n: number of those in @items
 * @n_skipped: number of unknown ones, which were not critical
 * @items: in their order, which means nothing (RFC 7296 section 2.5) but for those
 *	that may stand more than once
 */
struct ike_payloads {
	unsigned int n;
	unsigned int n_skipped;
	struct ike_payload items[IKE_PAYLOADS_MAX];
};

/**
 * struct ike_sa_list - proposals of an SA payload
 * @n: number of those in @proposals
 * @n_left_out: those that do not fit, none of them in part: their octets are in order,
 *	but they cannot be chosen
 * @proposals: in their order
 */
struct ike_sa_list {
	unsigned int n;
	unsigned int n_left_out;
	struct ike_proposal proposals[IKE_PROPOSALS_MAX];
};

/**
 * struct ike_ts_list - selectors of a TS payload
 * @n: number of those in @selectors
 * @n_left_out: those that do not fit or are of an unknown type; leaving them out
 *	narrows
 * @selectors: in their order
 */
struct ike_ts_list {
	unsigned int n;
	unsigned int n_left_out;
	struct ike_selector selectors[IKE_SELECTORS_MAX];
};

const char *ike_wire_error_text(enum ike_wire_error error);

bool ike_header_parse(struct ike_header *h, const uint8_t *data, size_t len,
		      struct ike_fault *fault);
bool ike_message_parse(struct ike_header *h, struct ike_payloads *payloads, const uint8_t *data,
		       size_t len, struct ike_fault *fault);
bool ike_payloads_parse(struct ike_payloads *payloads, uint8_t first, const uint8_t *data,
			size_t len, struct ike_fault *fault);

const struct ike_payload *ike_payload_find(const struct ike_payloads *payloads, uint8_t type);
const struct ike_payload *ike_payload_find_notify(const struct ike_payloads *payloads,
						  uint16_t type);

bool ike_sa_read(const struct ike_payload *p, struct ike_sa_list *list);
bool ike_ts_read(const struct ike_payload *p, struct ike_ts_list *list);
bool ike_cp_next(struct ike_chunk *attributes, uint16_t *type, struct ike_chunk *value);
bool ike_encrypted_split(const struct ike_payload *p, size_t iv_len, size_t icv_len,
			 struct ike_chunk *iv, struct ike_chunk *ciphertext,
			 struct ike_chunk *icv);

#endif /* VPNHA_IKE_WIRE_H */
