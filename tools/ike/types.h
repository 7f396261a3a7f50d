/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pure parts of IKE have in common. Nothing here knows a socket, a
 * clock or a file: messages, selectors and keys only.
 */
#ifndef VPNHA_IKE_TYPES_H
#define VPNHA_IKE_TYPES_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct ike_chunk - octets that belong to somebody else
 * @data: the octets
 * @len: their number
 */
struct ike_chunk {
	const uint8_t *data;
	size_t len;
};

/* RFC 7296 section 3.3.1 */
enum ike_protocol {
	IKE_PROTOCOL_NONE = 0,
	IKE_PROTOCOL_IKE = 1,
	IKE_PROTOCOL_AH = 2,
	IKE_PROTOCOL_ESP = 3,
};

/* RFC 7296 section 3.3.2 */
enum ike_transform_type {
	IKE_TRANSFORM_ENCR = 1,
	IKE_TRANSFORM_PRF = 2,
	IKE_TRANSFORM_INTEG = 3,
	IKE_TRANSFORM_DH = 4,
	IKE_TRANSFORM_ESN = 5,
};

/**
 * struct ike_transform - one transform of a proposal, RFC 7296 section 3.3.2
 * @type: enum ike_transform_type, or one that we do not know
 * @id: IANA's number
 * @key_bits: attribute 14, 0 where there is none
 * @unknown: it has an attribute that we do not know, so that nothing may be
 *	chosen of it
 */
struct ike_transform {
	uint8_t type;
	uint16_t id;
	uint16_t key_bits;
	uint8_t unknown;
};

/* Octets of a nonce, RFC 7296 section 3.9 */
#define IKE_NONCE_MIN		16
#define IKE_NONCE_MAX		256

#define IKE_SPI_LEN_MAX		8
#define IKE_TRANSFORMS_MAX	48
#define IKE_PROPOSALS_MAX	16
#define IKE_SELECTORS_MAX	32

/**
 * struct ike_proposal - RFC 7296 section 3.3.1
 * @number: its number, from 1
 * @protocol: enum ike_protocol
 * @spi_len: octets of @spi: 0, 4 or 8
 * @spi: SPI of the proposer's
 * @n: number of transforms
 * @transforms: in the order of preference
 */
struct ike_proposal {
	uint8_t number;
	uint8_t protocol;
	uint8_t spi_len;
	uint8_t spi[IKE_SPI_LEN_MAX];
	unsigned int n;
	struct ike_transform transforms[IKE_TRANSFORMS_MAX];
};

/**
 * struct ike_selector - traffic selector, RFC 7296 section 3.13.1
 * @family: AF_INET or AF_INET6
 * @protocol: of IP, 0 for any
 * @first_port: lowest port, host order; for ICMP type * 256 + code
 * @last_port: highest port; @first_port > @last_port (65535, 0) is OPAQUE
 * @first: lowest address, 4 or 16 octets
 * @last: highest address
 */
struct ike_selector {
	int family;
	uint8_t protocol;
	uint16_t first_port;
	uint16_t last_port;
	uint8_t first[16];
	uint8_t last[16];
};

#endif /* VPNHA_IKE_TYPES_H */
