/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cryptography of IKE, done by libcrypto. A struct ike_crypt is made once
 * and only read from then on, so that any number of threads may use it.
 */
#ifndef VPNHA_IKE_CRYPT_H
#define VPNHA_IKE_CRYPT_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/alg.h"
#include "ike/types.h"

/* IANA's IKEv2 Hash Algorithms, RFC 7427 section 4 and RFC 8420. */
enum ike_hash {
	IKE_HASH_SHA1 = 1,
	IKE_HASH_SHA2_256 = 2,
	IKE_HASH_SHA2_384 = 3,
	IKE_HASH_SHA2_512 = 4,
	IKE_HASH_IDENTITY = 5,
	IKE_HASHES
};

/**
 * struct ike_crypt_alg - what libcrypto has for one of the algorithms
 * @cipher: of a cipher
 * @mac: HMAC with its hash and any key, to be copied: of a PRF or integrity algorithm
 */
struct ike_crypt_alg {
	EVP_CIPHER *cipher;
	EVP_MAC_CTX *mac;
};

/**
 * struct ike_crypt - what was fetched from libcrypto
 * @algs: by ike_alg_index()
 * @hashes: by enum ike_hash, those that signatures may use
 */
struct ike_crypt {
	struct ike_crypt_alg *algs;
	EVP_MD *hashes[IKE_HASHES];
};

struct ike_crypt *ike_crypt_new(void);
void ike_crypt_free(struct ike_crypt *c);

/**
 * struct ike_secret - a secret of Diffie-Hellman
 * @data: the octets
 * @len: their number
 */
struct ike_secret {
	uint8_t data[IKE_DH_LEN_MAX];
	size_t len;
};

/**
 * struct ike_dh - a key pair of Diffie-Hellman
 * @group: algorithm
 * @key: both halves
 * @value: the public one as it stands in a KE payload, group->value_len octets
 */
struct ike_dh {
	const struct ike_alg *group;
	EVP_PKEY *key;
	uint8_t value[IKE_DH_LEN_MAX];
};

struct ike_dh *ike_dh_new(const struct ike_alg *group);
void ike_dh_free(struct ike_dh *dh);
const char *ike_dh_derive(const struct ike_dh *dh, struct ike_chunk value,
			  struct ike_secret *secret);
void ike_secret_wipe(struct ike_secret *s);

/**
 * struct ike_sa_keys - keys of one direction
 * @encr: of the cipher with its salt, encr->key_len octets
 * @integ: integ->key_len octets, none with a cipher that authenticates
 */
struct ike_sa_keys {
	uint8_t encr[IKE_ENCR_KEY_MAX];
	uint8_t integ[IKE_INTEG_KEY_MAX];
};

/**
 * struct ike_child_keys - keys of a child SA, RFC 7296 section 2.17
 * @i: from the initiator of the exchange that makes it to the responder
 * @r: from the responder to the initiator
 */
struct ike_child_keys {
	struct ike_sa_keys i, r;
};

/**
 * struct ike_keys - keys of an IKE SA, RFC 7296 section 2.14
 * @d: SK_d, prf->key_len octets as @pi and @pr
 * @pi: SK_pi
 * @pr: SK_pr
 * @i: SK_ei and SK_ai
 * @r: SK_er and SK_ar
 */
struct ike_keys {
	uint8_t d[IKE_PRF_LEN_MAX];
	uint8_t pi[IKE_PRF_LEN_MAX], pr[IKE_PRF_LEN_MAX];
	struct ike_sa_keys i, r;
};

/**
 * struct ike_key_input - what keys are made of
 * @secret: g^ir; none for a child SA without it
 * @ni: nonce of the initiator of the exchange
 * @nr: nonce of its responder
 * @spi_i: 8 octets, SPI of the initiator of a (new) IKE SA
 * @spi_r: likewise of its responder
 */
struct ike_key_input {
	struct ike_chunk secret, ni, nr;
	const uint8_t *spi_i, *spi_r;
};

bool ike_prf(const struct ike_crypt *c, const struct ike_alg *prf, struct ike_chunk key,
	     const struct ike_chunk *in, size_t n, uint8_t *out);
bool ike_prf_plus(const struct ike_crypt *c, const struct ike_alg *prf, struct ike_chunk key,
		  const struct ike_chunk *seed, size_t n, uint8_t *out, size_t len);

bool ike_keys_initial(const struct ike_crypt *c, const struct ike_suite *s,
		      const struct ike_key_input *x, struct ike_keys *keys);
bool ike_keys_rekeyed(const struct ike_crypt *c, const struct ike_suite *s,
		      const struct ike_alg *old_prf, const uint8_t *old_d,
		      const struct ike_key_input *x, struct ike_keys *keys);
bool ike_keys_mix_ppk(const struct ike_crypt *c, const struct ike_alg *prf,
		      struct ike_chunk ppk, struct ike_keys *keys);
bool ike_keys_child(const struct ike_crypt *c, const struct ike_alg *prf, const uint8_t *d,
		    const struct ike_suite *s, const struct ike_key_input *x,
		    struct ike_child_keys *keys);
void ike_keys_wipe(struct ike_keys *keys);
void ike_child_keys_wipe(struct ike_child_keys *keys);

/* Why a protected payload cannot be read. */
enum ike_open_error {
	IKE_OPEN_OK,
	IKE_OPEN_LENGTH,
	IKE_OPEN_INTEGRITY,
	IKE_OPEN_PADDING,
	IKE_OPEN_CRYPTO,
};

size_t ike_seal_len(const struct ike_suite *s, size_t len);
size_t ike_seal_room(const struct ike_suite *s, size_t room);
bool ike_seal(const struct ike_crypt *c, const struct ike_suite *s,
	      const struct ike_sa_keys *keys, uint64_t counter, uint8_t *msg, size_t body,
	      size_t len);
enum ike_open_error ike_open(const struct ike_crypt *c, const struct ike_suite *s,
			     const struct ike_sa_keys *keys, uint8_t *msg, size_t msg_len,
			     size_t body, struct ike_chunk *plain);
const char *ike_open_text(enum ike_open_error error);

#endif /* VPNHA_IKE_CRYPT_H */
