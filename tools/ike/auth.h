/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each end of an IKE SA proves who it is: RFC 7296 section 2.15, RFC 7427. */
#ifndef VPNHA_IKE_AUTH_H
#define VPNHA_IKE_AUTH_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/crypt.h"
#include "ike/number.h"

/* The largest contents of an AUTH payload: a signature of RSA with 16384 bits. */
#define IKE_AUTH_MAX	(1 + 255 + 2048)

/* The shortest key of RSA, RFC 8247. */
#define IKE_RSA_BITS_MIN	2048

/* A set of enum ike_hash, as SIGNATURE_HASH_ALGORITHMS tells it. */
#define IKE_HASH_BIT(hash)	(1U << (hash))
#define IKE_HASHES_ALL		(IKE_HASH_BIT(IKE_HASH_SHA2_256) |	\
				 IKE_HASH_BIT(IKE_HASH_SHA2_384) |	\
				 IKE_HASH_BIT(IKE_HASH_SHA2_512) |	\
				 IKE_HASH_BIT(IKE_HASH_IDENTITY))

/**
 * struct ike_auth_octets - what one end signs, RFC 7296 section 2.15
 * @message: the first message that it sent, from its IKE header on
 * @nonce: of the other end
 * @id: the MACed identity, prf->key_len octets of it
 * @id_len: number of these
 */
struct ike_auth_octets {
	struct ike_chunk message, nonce;
	uint8_t id[IKE_PRF_LEN_MAX];
	size_t id_len;
};

/**
 * struct ike_auth - contents of an AUTH payload
 * @method: enum ike_auth_method
 * @data: authentication data
 * @len: octets of @data
 */
struct ike_auth {
	uint8_t method;
	uint8_t data[IKE_AUTH_MAX];
	size_t len;
};

bool ike_auth_octets(const struct ike_crypt *c, const struct ike_alg *prf, const uint8_t *sk_p,
		     struct ike_chunk message, struct ike_chunk nonce, struct ike_chunk id,
		     struct ike_auth_octets *octets);
bool ike_auth_psk_make(const struct ike_crypt *c, const struct ike_alg *prf,
		       struct ike_chunk secret, const struct ike_auth_octets *octets,
		       struct ike_auth *auth);
const char *ike_auth_psk_check(const struct ike_crypt *c, const struct ike_alg *prf,
			       struct ike_chunk secret, const struct ike_auth_octets *octets,
			       struct ike_chunk data);

const char *ike_auth_sign(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			  bool pkcs1, const struct ike_auth_octets *octets,
			  struct ike_auth *auth);
const char *ike_auth_verify(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			    uint8_t method, struct ike_chunk data,
			    const struct ike_auth_octets *octets);

#endif /* VPNHA_IKE_AUTH_H */
