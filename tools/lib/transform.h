/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transforms of ESP: their words, sizes and keys, in one table. */
#ifndef VPNHA_TRANSFORM_H
#define VPNHA_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vpnha.h>

/* The longest: "esp-aes-ctr 256 esp-sha512-hmac" and its like. */
#define TRANSFORM_TEXT_LEN	64

/*
 * X(word, cipher, salt, iv, shortest key, longest key, sizes that the word takes, weak, help):
 * bytes of the salt or nonce that ends the key, bytes of the IV in a packet, bits of the key.
 * Ciphers that authenticate, too.
 */
#define TRANSFORM_AEADS(X)								\
	X("esp-gcm", AES_GCM, 4, 8, 128, 256, bits_icv, false, "AES-GCM (RFC 4106)")	\
	X("esp-gmac", AES_GMAC, 4, 8, 128, 256, bits, false,				\
	  "AES-GMAC, which does not encrypt (RFC 4543)")				\
	X("esp-ccm", AES_CCM, 3, 8, 128, 256, bits_icv, false, "AES-CCM (RFC 4309)")	\
	X("esp-chacha20-poly1305", CHACHA20_POLY1305, 4, 8, 256, 256, none, false,	\
	  "ChaCha20-Poly1305 (RFC 7634)")

/* Ciphers that need a transform that authenticates. */
#define TRANSFORM_CIPHERS(X)								\
	X("esp-aes", AES_CBC, 0, 16, 128, 256, bits, false, "AES-CBC (RFC 3602)")	\
	X("esp-aes-ctr", AES_CTR, 4, 8, 128, 256, bits, false, "AES-CTR (RFC 3686)")	\
	X("esp-3des", 3DES, 0, 8, 192, 192, none, true, "3DES-CBC; weak")		\
	X("esp-des", DES, 0, 8, 64, 64, none, true, "DES-CBC; weak")			\
	X("esp-null", NULL, 0, 0, 0, 0, none, false, "No encryption (RFC 2410)")

/* X(word, auth, bytes of the key, weak, help) */
#define TRANSFORM_AUTHS(X)								\
	X("esp-md5-hmac", MD5, 16, true, "HMAC-MD5-96; weak")				\
	X("esp-sha-hmac", SHA1, 20, false, "HMAC-SHA-1-96 (RFC 2404)")			\
	X("esp-sha256-hmac", SHA256, 32, false, "HMAC-SHA-256-128 (RFC 4868)")		\
	X("esp-sha384-hmac", SHA384, 48, false, "HMAC-SHA-384-192 (RFC 4868)")		\
	X("esp-sha512-hmac", SHA512, 64, false, "HMAC-SHA-512-256 (RFC 4868)")

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
