/* SPDX-License-Identifier: GPL-2.0 */
/* What ESP can protect packets with, and what the crypto API calls it. */
#ifndef _VPNHA_ESP_ALG_H
#define _VPNHA_ESP_ALG_H

#include <linux/netlink.h>
#include <linux/types.h>

#include <linux/vpnha.h>

struct crypto_aead;

#define ESP_KEY_MAX	64	/* bytes: HMAC-SHA-512 */
#define ESP_IV_MAX	16

/**
 * struct esp_transform - a cipher and what authenticates
 * @cipher: cipher
 * @auth: HMAC, or none
 * @key_bits: length of the cipher's key, 0 for its shortest
 * @icv_bits: length of the integrity check value, 0 for the longest
 * @allow_weak: DES, 3DES and MD5 are allowed
 */
struct esp_transform {
	enum vpnha_esp_cipher cipher;
	enum vpnha_esp_auth auth;
	u16 key_bits;
	u16 icv_bits;
	bool allow_weak;
};

/**
 * struct esp_secret - keys of an SA; wiped after use
 * @cipher_len: bytes of @cipher
 * @auth_len: bytes of @auth
 * @cipher: key of the cipher with nonce or salt
 * @auth: key of the HMAC
 */
struct esp_secret {
	u8 cipher_len;
	u8 auth_len;
	u8 cipher[ESP_KEY_MAX];
	u8 auth[ESP_KEY_MAX];
};

/**
 * struct esp_shape - how a transform's packets look
 * @iv_len: bytes of the IV in a packet
 * @icv_len: bytes of the integrity check value
 * @block: what payload and trailer are padded to, bytes
 * @counter: an IV must not be used twice; otherwise it must be random
 */
struct esp_shape {
	u8 iv_len;
	u8 icv_len;
	u8 block;
	bool counter;
};

int esp_transform_check(struct esp_transform *t, bool key_len_is_free,
			struct netlink_ext_ack *extack,
			const struct nlattr *where);
u16 esp_key_bits(const struct esp_transform *t, const struct esp_secret *secret);
int esp_secret_check(const struct esp_transform *t,
		     const struct esp_secret *secret,
		     struct netlink_ext_ack *extack,
		     const struct nlattr *where);
void esp_transform_shape(const struct esp_transform *t,
			 struct esp_shape *shape);
struct crypto_aead *esp_transform_tfm(const struct esp_transform *t,
				      const struct esp_secret *secret,
				      bool esn);

#endif /* _VPNHA_ESP_ALG_H */
