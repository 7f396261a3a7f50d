// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include <linux/vpnha.h>

#include "ike/alg.h"

#define BOTH	(IKE_FOR_IKE | IKE_FOR_ESP)

/* Ciphers with a length of AES's keys, in bits and octets. */
#define CBC(bits, bytes)								\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_AES_CBC,		\
		.key_bits = (bits), .uses = BOTH, .key_len = (bytes),		\
		.iv_len = 16, .block_len = 16, .esp = VPNHA_ESP_CIPHER_AES_CBC,	\
		.word = "aes-cbc-" #bits, .name = "ENCR_AES_CBC",		\
		.openssl = "AES-" #bits "-CBC"					\
	},

#define CTR(bits, bytes)								\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_AES_CTR,		\
		.key_bits = (bits), .uses = IKE_FOR_ESP, .key_len = (bytes) + 4,\
		.salt_len = 4, .iv_len = 8, .block_len = 1,			\
		.esp = VPNHA_ESP_CIPHER_AES_CTR, .name = "ENCR_AES_CTR"		\
	},

/* The ICV of 16 octets is meant where a word names none. */
#define GCM(bits, bytes, icv, suffix)						\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_AES_GCM_ ## icv,	\
		.key_bits = (bits), .uses = BOTH, .aead = true,			\
		.key_len = (bytes) + 4, .salt_len = 4, .iv_len = 8,		\
		.block_len = 1, .icv_len = (icv),				\
		.esp = VPNHA_ESP_CIPHER_AES_GCM,				\
		.word = "aes-gcm-" #bits suffix, .name = "ENCR_AES_GCM_" #icv,	\
		.openssl = "AES-" #bits "-GCM"					\
	},

#define CCM(bits, bytes, icv)							\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_AES_CCM_ ## icv,	\
		.key_bits = (bits), .uses = IKE_FOR_ESP, .aead = true,		\
		.key_len = (bytes) + 3, .salt_len = 3, .iv_len = 8,		\
		.block_len = 1, .icv_len = (icv),				\
		.esp = VPNHA_ESP_CIPHER_AES_CCM, .name = "ENCR_AES_CCM_" #icv	\
	},

#define GMAC(bits, bytes)								\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_NULL_AES_GMAC,	\
		.key_bits = (bits), .uses = IKE_FOR_ESP, .aead = true,		\
		.key_len = (bytes) + 4, .salt_len = 4, .iv_len = 8,		\
		.block_len = 1, .icv_len = 16,					\
		.esp = VPNHA_ESP_CIPHER_AES_GMAC,				\
		.name = "ENCR_NULL_AUTH_AES_GMAC"				\
	},

/* DES and its like: without authentication, for ESP with peers of old. */
#define OLD(tag, n, bytes, iv, block, is_weak)					\
	{									\
		.type = IKE_TRANSFORM_ENCR, .id = (n), .uses = IKE_FOR_ESP,	\
		.weak = (is_weak) ? IKE_FOR_ESP : 0, .key_len = (bytes),	\
		.iv_len = (iv), .block_len = (block),				\
		.esp = VPNHA_ESP_CIPHER_ ## tag, .name = "ENCR_" #tag		\
	},

#define PRF(tag, n, bytes, is_weak, w, hash)					\
	{									\
		.type = IKE_TRANSFORM_PRF, .id = (n), .uses = IKE_FOR_IKE,	\
		.weak = (is_weak) ? IKE_FOR_IKE : 0, .key_len = (bytes),	\
		.word = (w), .name = "PRF_HMAC_" #tag, .openssl = (hash)	\
	},

#define INTEG(tag, n, e, bytes, icv, use, is_weak, w, hash)			\
	{									\
		.type = IKE_TRANSFORM_INTEG, .id = (n), .uses = (use),		\
		.weak = (is_weak), .key_len = (bytes), .icv_len = (icv),	\
		.esp = VPNHA_ESP_AUTH_ ## e,					\
		.word = (w), .name = "AUTH_HMAC_" #tag, .openssl = (hash)	\
	},

#define MODP(n, bits, exponent)							\
	{									\
		.type = IKE_TRANSFORM_DH, .id = (n), .uses = BOTH,		\
		.kind = IKE_DH_KIND_MODP, .value_len = (bits) / 8,		\
		.secret_len = (bits) / 8, .private_bits = (exponent),		\
		.word = #n, .name = #bits "-bit MODP", .openssl = "modp_" #bits	\
	},

#define ECP(n, bits, bytes)							\
	{									\
		.type = IKE_TRANSFORM_DH, .id = (n), .uses = BOTH,		\
		.kind = IKE_DH_KIND_ECP, .value_len = 2 * (bytes),		\
		.secret_len = (bytes),						\
		.word = #n, .name = #bits "-bit ECP", .openssl = "P-" #bits	\
	},

static const struct ike_alg algs[] = {
	CBC(128, 16)
	CBC(192, 24)
	CBC(256, 32)
	GCM(128, 16, 16, "")
	GCM(192, 24, 16, "")
	GCM(256, 32, 16, "")
	GCM(128, 16, 12, "-icv-96")
	GCM(192, 24, 12, "-icv-96")
	GCM(256, 32, 12, "-icv-96")
	GCM(128, 16, 8, "-icv-64")
	GCM(192, 24, 8, "-icv-64")
	GCM(256, 32, 8, "-icv-64")
	{
		.type = IKE_TRANSFORM_ENCR, .id = IKE_ENCR_CHACHA20_POLY1305,
		.uses = BOTH, .aead = true, .key_len = 36, .salt_len = 4,
		.iv_len = 8, .block_len = 1, .icv_len = 16,
		.esp = VPNHA_ESP_CIPHER_CHACHA20_POLY1305,
		.word = "chacha20-poly1305", .name = "ENCR_CHACHA20_POLY1305",
		.openssl = "ChaCha20-Poly1305"
	},
	CTR(128, 16)
	CTR(192, 24)
	CTR(256, 32)
	CCM(128, 16, 16)
	CCM(192, 24, 16)
	CCM(256, 32, 16)
	CCM(128, 16, 12)
	CCM(192, 24, 12)
	CCM(256, 32, 12)
	CCM(128, 16, 8)
	CCM(192, 24, 8)
	CCM(256, 32, 8)
	GMAC(128, 16)
	GMAC(192, 24)
	GMAC(256, 32)
	OLD(3DES, IKE_ENCR_3DES, 24, 8, 8, true)
	OLD(DES, IKE_ENCR_DES, 8, 8, 8, true)
	OLD(NULL, IKE_ENCR_NULL, 0, 0, 1, false)

	PRF(SHA2_256, IKE_PRF_HMAC_SHA2_256, 32, false, "sha256", "SHA2-256")
	PRF(SHA2_384, IKE_PRF_HMAC_SHA2_384, 48, false, "sha384", "SHA2-384")
	PRF(SHA2_512, IKE_PRF_HMAC_SHA2_512, 64, false, "sha512", "SHA2-512")
	PRF(SHA1, IKE_PRF_HMAC_SHA1, 20, true, "sha1", "SHA1")

	INTEG(SHA2_256_128, IKE_INTEG_HMAC_SHA2_256_128, SHA256, 32, 16, BOTH, 0,
	      "sha256", "SHA2-256")
	INTEG(SHA2_384_192, IKE_INTEG_HMAC_SHA2_384_192, SHA384, 48, 24, BOTH, 0,
	      "sha384", "SHA2-384")
	INTEG(SHA2_512_256, IKE_INTEG_HMAC_SHA2_512_256, SHA512, 64, 32, BOTH, 0,
	      "sha512", "SHA2-512")
	INTEG(SHA1_96, IKE_INTEG_HMAC_SHA1_96, SHA1, 20, 12, BOTH, IKE_FOR_IKE,
	      "sha1", "SHA1")
	INTEG(MD5_96, IKE_INTEG_HMAC_MD5_96, MD5, 16, 12, IKE_FOR_ESP, IKE_FOR_ESP,
	      NULL, NULL)

	MODP(14, 2048, 320)
	MODP(15, 3072, 420)
	MODP(16, 4096, 480)
	MODP(17, 6144, 540)
	MODP(18, 8192, 620)
	ECP(19, 256, 32)
	ECP(20, 384, 48)
	ECP(21, 521, 66)
	{
		.type = IKE_TRANSFORM_DH, .id = IKE_DH_X25519, .uses = BOTH,
		.kind = IKE_DH_KIND_X25519, .value_len = 32, .secret_len = 32,
		.word = "31", .name = "Curve25519", .openssl = "X25519"
	},

	{
		.type = IKE_TRANSFORM_ESN, .id = IKE_ESN_NO, .uses = IKE_FOR_ESP,
		.name = "No Extended Sequence Numbers"
	},
	{
		.type = IKE_TRANSFORM_ESN, .id = IKE_ESN_YES, .uses = IKE_FOR_ESP,
		.name = "Extended Sequence Numbers"
	},
};

#define ALGS	(sizeof(algs) / sizeof(*algs))

/* Words of transform sets, of the table that has them. */
static const char *const esp_ciphers[] = {
#define TRANSFORM_AEAD(w, tag, ...) \
	[VPNHA_ESP_CIPHER_ ## tag] = (w),
#define TRANSFORM_CIPHER(w, tag, ...) \
	[VPNHA_ESP_CIPHER_ ## tag] = (w),
#include "lib/transform_table.h"
};

static const char *const esp_auths[] = {
#define TRANSFORM_AUTH(w, tag, ...) \
	[VPNHA_ESP_AUTH_ ## tag] = (w),
#include "lib/transform_table.h"
};

/**
 * ike_alg_next() - Go through all algorithms, better ones of a type first.
 * @previous: one of the table, or NULL for the first
 *
 * Return: the next one, NULL after the last.
 */
const struct ike_alg *ike_alg_next(const struct ike_alg *previous)
{
	if (!previous)
		return algs;
	return previous + 1 < algs + ALGS ? previous + 1 : NULL;
}

/**
 * ike_alg_count() - Number of algorithms.
 */
size_t ike_alg_count(void)
{
	return ALGS;
}

/**
 * ike_alg_index() - Number an algorithm, from 0 to ike_alg_count() - 1.
 * @alg: one of the table
 */
size_t ike_alg_index(const struct ike_alg *alg)
{
	return (size_t)(alg - algs);
}

/**
 * ike_alg_find() - Look up an algorithm by what stands in a message.
 * @type: enum ike_transform_type
 * @id: IANA's number
 * @key_bits: its Key Length attribute, 0 without one
 *
 * A length for a cipher that has but one, or none for a cipher with several,
 * is no algorithm (RFC 7296 section 3.3.5). Nor is NONE.
 *
 * Return: it, or NULL.
 */
const struct ike_alg *ike_alg_find(uint8_t type, uint16_t id, uint16_t key_bits)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].type == type && algs[i].id == id && algs[i].key_bits == key_bits)
			return &algs[i];
	return NULL;
}

/**
 * ike_alg_of_transform() - Look up the algorithm of a transform.
 * @t: transform, anybody's
 *
 * Return: it, or NULL.
 */
const struct ike_alg *ike_alg_of_transform(const struct ike_transform *t)
{
	return t->unknown ? NULL : ike_alg_find(t->type, t->id, t->key_bits);
}

/**
 * ike_alg_of_word() - Look up an algorithm for IKE by its word.
 * @type: enum ike_transform_type, which says whose words are meant
 * @word: in "crypto ikev2 proposal"; a group's is its number
 *
 * Return: it, or NULL.
 */
const struct ike_alg *ike_alg_of_word(uint8_t type, const char *word)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].type == type && algs[i].word && !strcmp(algs[i].word, word))
			return &algs[i];
	return NULL;
}

/**
 * ike_alg_of_esp_cipher() - Look up the cipher of a transform set.
 * @cipher: enum vpnha_esp_cipher
 * @key_bits: of the key without its salt; no matter where there is no choice
 * @icv_bits: of the integrity check value; no matter where there is no choice
 *
 * Return: it, or NULL when there is none with these sizes.
 */
const struct ike_alg *ike_alg_of_esp_cipher(uint32_t cipher, uint32_t key_bits,
					    uint32_t icv_bits)
{
	bool has_icv = cipher == VPNHA_ESP_CIPHER_AES_GCM || cipher == VPNHA_ESP_CIPHER_AES_CCM;

	for (size_t i = 0; i < ALGS; i++) {
		const struct ike_alg *a = &algs[i];

		if (a->type == IKE_TRANSFORM_ENCR && a->esp == cipher &&
		    (!a->key_bits || a->key_bits == key_bits) &&
		    (!has_icv || a->icv_len * 8U == icv_bits))
			return a;
	}
	return NULL;
}

/**
 * ike_alg_of_esp_auth() - Look up what authenticates in a transform set.
 * @auth: enum vpnha_esp_auth
 *
 * Return: it, or NULL when it is the cipher.
 */
const struct ike_alg *ike_alg_of_esp_auth(uint32_t auth)
{
	for (size_t i = 0; i < ALGS; i++)
		if (algs[i].type == IKE_TRANSFORM_INTEG && algs[i].esp == auth)
			return &algs[i];
	return NULL;
}

/**
 * ike_alg_transform() - Make the transform that proposes an algorithm.
 * @alg: algorithm
 */
struct ike_transform ike_alg_transform(const struct ike_alg *alg)
{
	return (struct ike_transform){
		.type = alg->type, .id = alg->id, .key_bits = alg->key_bits,
	};
}

/* As "crypto ipsec transform-set" has them. */
static void esp_text(char buf[IKE_ALG_TEXT_LEN], const struct ike_alg *alg)
{
	char bits[16] = "", icv[16] = "";

	if (alg->type == IKE_TRANSFORM_INTEG) {
		snprintf(buf, IKE_ALG_TEXT_LEN, "%s", esp_auths[alg->esp]);
		return;
	}
	if (alg->key_bits)
		snprintf(bits, sizeof(bits), " %u", alg->key_bits);
	if (alg->icv_len && alg->icv_len != 16)
		snprintf(icv, sizeof(icv), " icv %u", alg->icv_len * 8U);
	snprintf(buf, IKE_ALG_TEXT_LEN, "%s%s%s", esp_ciphers[alg->esp], bits, icv);
}

/**
 * ike_alg_text() - Write an algorithm in the words of the language.
 * @buf: where to
 * @alg: algorithm
 * @protocol: %IKE_PROTOCOL_IKE for those of "crypto ikev2 proposal", otherwise
 *	those of "crypto ipsec transform-set" and of "set pfs"
 *
 * What the language has no word for is named as IANA does.
 *
 * Return: @buf.
 */
const char *ike_alg_text(char buf[IKE_ALG_TEXT_LEN], const struct ike_alg *alg,
			 enum ike_protocol protocol)
{
	bool ike = protocol == IKE_PROTOCOL_IKE;

	if (!ike && (alg->type == IKE_TRANSFORM_ENCR || alg->type == IKE_TRANSFORM_INTEG))
		esp_text(buf, alg);
	else if (!ike && alg->type == IKE_TRANSFORM_DH)
		snprintf(buf, IKE_ALG_TEXT_LEN, "group%s", alg->word);
	else if (!alg->word && alg->key_bits)
		snprintf(buf, IKE_ALG_TEXT_LEN, "%s-%u", alg->name, alg->key_bits);
	else
		snprintf(buf, IKE_ALG_TEXT_LEN, "%s", alg->word ? alg->word : alg->name);
	return buf;
}
