/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The algorithms of IKE and of the SAs that it makes: numbers, sizes and words. */
#ifndef VPNHA_IKE_ALG_H
#define VPNHA_IKE_ALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/types.h"

/* IANA's numbers of those that code has to name. */
#define IKE_ENCR_DES			2
#define IKE_ENCR_3DES			3
#define IKE_ENCR_NULL			11
#define IKE_ENCR_AES_CBC		12
#define IKE_ENCR_AES_CTR		13
#define IKE_ENCR_AES_CCM_8		14
#define IKE_ENCR_AES_CCM_12		15
#define IKE_ENCR_AES_CCM_16		16
#define IKE_ENCR_AES_GCM_8		18
#define IKE_ENCR_AES_GCM_12		19
#define IKE_ENCR_AES_GCM_16		20
#define IKE_ENCR_NULL_AES_GMAC		21
#define IKE_ENCR_CHACHA20_POLY1305	28

#define IKE_PRF_HMAC_SHA1		2
#define IKE_PRF_HMAC_SHA2_256		5
#define IKE_PRF_HMAC_SHA2_384		6
#define IKE_PRF_HMAC_SHA2_512		7

#define IKE_INTEG_NONE			0
#define IKE_INTEG_HMAC_MD5_96		1
#define IKE_INTEG_HMAC_SHA1_96		2
#define IKE_INTEG_HMAC_SHA2_256_128	12
#define IKE_INTEG_HMAC_SHA2_384_192	13
#define IKE_INTEG_HMAC_SHA2_512_256	14

#define IKE_DH_NONE			0
#define IKE_DH_MODP_2048		14
#define IKE_DH_MODP_3072		15
#define IKE_DH_MODP_4096		16
#define IKE_DH_MODP_6144		17
#define IKE_DH_MODP_8192		18
#define IKE_DH_ECP_256			19
#define IKE_DH_ECP_384			20
#define IKE_DH_ECP_521			21
#define IKE_DH_X25519			31

#define IKE_ESN_NO			0
#define IKE_ESN_YES			1

/* The most that any of them takes, in octets. */
#define IKE_PRF_LEN_MAX		64
#define IKE_ENCR_KEY_MAX	36
#define IKE_INTEG_KEY_MAX	64
#define IKE_ICV_MAX		32
#define IKE_DH_LEN_MAX		1024

/* Bits of struct ike_alg's @uses and @weak. */
#define IKE_FOR_IKE	1
#define IKE_FOR_ESP	2

/* The longest of ike_alg_text(): "esp-gcm 256 icv 96" and its like. */
#define IKE_ALG_TEXT_LEN	48

/* How values of a Diffie-Hellman group are made and written. */
enum ike_dh_kind {
	IKE_DH_KIND_NONE,
	IKE_DH_KIND_MODP,
	IKE_DH_KIND_ECP,
	IKE_DH_KIND_X25519,
};

/**
 * struct ike_alg - one algorithm, with one length of key
 * @type: enum ike_transform_type
 * @id: IANA's number
 * @key_bits: the Key Length attribute, 0 where RFC 7296 section 3.3.5 has none
 * @uses: whether an IKE SA, an SA of ESP or both may use it
 * @weak: those of @uses for which it has to be asked for by name
 * @aead: a cipher that authenticates
 * @kind: of a Diffie-Hellman group
 * @key_len: octets of keying material, with the salt; of a PRF the preferred
 *	length, which is that of its output, too
 * @salt_len: octets of @key_len that are the salt or nonce at its end
 * @iv_len: octets of the IV in a packet or message
 * @block_len: what the plaintext is padded to a multiple of
 * @icv_len: octets of the integrity check value
 * @value_len: octets of the public value of a Diffie-Hellman group
 * @secret_len: octets of its shared secret
 * @private_bits: length of the private exponent for it, RFC 3526 section 8
 * @esp: enum vpnha_esp_cipher or enum vpnha_esp_auth
 * @word: in "crypto ikev2 proposal"; NULL: not for IKE
 * @name: as IANA writes it
 * @openssl: as libcrypto names the cipher, hash or group; NULL: not for IKE
 */
struct ike_alg {
	uint8_t type;
	uint16_t id;
	uint16_t key_bits;
	uint8_t uses, weak;
	bool aead;
	enum ike_dh_kind kind;
	uint16_t key_len;
	uint8_t salt_len, iv_len, block_len, icv_len;
	uint16_t value_len, secret_len, private_bits;
	uint32_t esp;
	const char *word, *name, *openssl;
};

/**
 * struct ike_suite - what two ends have agreed on
 * @encr: cipher
 * @integ: what authenticates; NULL: the cipher does
 * @prf: of an IKE SA
 * @dh: group; NULL: none
 * @esn: an SA of ESP has extended sequence numbers
 */
struct ike_suite {
	const struct ike_alg *encr, *integ, *prf, *dh;
	bool esn;
};

const struct ike_alg *ike_alg_next(const struct ike_alg *previous);
size_t ike_alg_index(const struct ike_alg *alg);
size_t ike_alg_count(void);
const struct ike_alg *ike_alg_find(uint8_t type, uint16_t id, uint16_t key_bits);
const struct ike_alg *ike_alg_of_transform(const struct ike_transform *t);
const struct ike_alg *ike_alg_of_word(uint8_t type, const char *word);
const struct ike_alg *ike_alg_of_esp_cipher(uint32_t cipher, uint32_t key_bits,
					    uint32_t icv_bits);
const struct ike_alg *ike_alg_of_esp_auth(uint32_t auth);
struct ike_transform ike_alg_transform(const struct ike_alg *alg);
const char *ike_alg_text(char buf[IKE_ALG_TEXT_LEN], const struct ike_alg *alg,
			 enum ike_protocol protocol);

#endif /* VPNHA_IKE_ALG_H */
