/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transforms of ESP: their words, sizes and keys. */
#ifndef VPNHA_TRANSFORM_H
#define VPNHA_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vpnha.h>

/* The longest: "esp-aes-ctr 256 esp-sha512-hmac" and its like. */
#define TRANSFORM_TEXT_LEN	64

/* What is said to the user of those in transform_table.h. */
#define TRANSFORM_HELP_AES_GCM			"AES-GCM (RFC 4106)"
#define TRANSFORM_HELP_AES_GMAC			"AES-GMAC, which does not encrypt (RFC 4543)"
#define TRANSFORM_HELP_AES_CCM			"AES-CCM (RFC 4309)"
#define TRANSFORM_HELP_CHACHA20_POLY1305	"ChaCha20-Poly1305 (RFC 7634)"
#define TRANSFORM_HELP_AES_CBC			"AES-CBC (RFC 3602)"
#define TRANSFORM_HELP_AES_CTR			"AES-CTR (RFC 3686)"
#define TRANSFORM_HELP_3DES			"3DES-CBC; weak"
#define TRANSFORM_HELP_DES			"DES-CBC; weak"
#define TRANSFORM_HELP_NULL			"No encryption (RFC 2410)"
#define TRANSFORM_HELP_MD5			"HMAC-MD5-96; weak"
#define TRANSFORM_HELP_SHA1			"HMAC-SHA-1-96 (RFC 2404)"
#define TRANSFORM_HELP_SHA256			"HMAC-SHA-256-128 (RFC 4868)"
#define TRANSFORM_HELP_SHA384			"HMAC-SHA-384-192 (RFC 4868)"
#define TRANSFORM_HELP_SHA512			"HMAC-SHA-512-256 (RFC 4868)"

/**
 * struct transform - What an SA encrypts and authenticates with.
 * @cipher: enum vpnha_esp_cipher
 * @key_bits: length of the cipher's key without its salt
 * @icv_bits: length of the integrity check value where that is a choice; else 0
 * @auth: enum vpnha_esp_auth
 */
struct transform {
	uint32_t cipher;
	uint32_t key_bits;
	uint32_t icv_bits;
	uint32_t auth;
};

/**
 * struct transform_cipher - A cipher.
 * @word: its name in the language
 * @salt: bytes of the salt or nonce that ends its key
 * @iv: bytes of the IV in a packet
 * @min_bits: shortest key
 * @max_bits: longest key
 * @aead: it authenticates
 * @has_icv: the length of its integrity check value is a choice
 * @weak: it needs "allow-weak"
 */
struct transform_cipher {
	const char *word;
	uint32_t salt, iv;
	uint32_t min_bits, max_bits;
	bool aead, has_icv, weak;
};

/**
 * struct transform_auth - What authenticates.
 * @word: its name in the language
 * @key: bytes of its key
 * @weak: it needs "allow-weak"
 */
struct transform_auth {
	const char *word;
	uint32_t key;
	bool weak;
};

const struct transform_cipher *transform_cipher(uint32_t cipher);
const struct transform_auth *transform_auth(uint32_t auth);
void transform_settle(struct transform *t);
bool transform_equal(const struct transform *a, const struct transform *b);
const char *transform_weak(const struct transform *t);
size_t transform_cipher_key(const struct transform *t);
size_t transform_auth_key(const struct transform *t);
const char *transform_text(char buf[TRANSFORM_TEXT_LEN], const struct transform *t);

#endif
