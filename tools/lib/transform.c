// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/transform.h"

#define DEFAULT_ICV_BITS	128

/* Whether a word takes a size of the integrity check value. */
#define HAS_ICV_bits_icv	true
#define HAS_ICV_bits		false
#define HAS_ICV_none		false

static const struct transform_cipher ciphers[] = {
#define TRANSFORM_AEAD(w, tag, sizes, salt_bytes, iv_bytes, lo, hi, is_weak)	\
	[VPNHA_ESP_CIPHER_ ## tag] = {						\
		.word = (w), .salt = (salt_bytes), .iv = (iv_bytes),		\
		.min_bits = (lo), .max_bits = (hi), .aead = true,		\
		.has_icv = HAS_ICV_ ## sizes, .weak = (is_weak)			\
	},
#define TRANSFORM_CIPHER(w, tag, sizes, salt_bytes, iv_bytes, lo, hi, is_weak)	\
	[VPNHA_ESP_CIPHER_ ## tag] = {						\
		.word = (w), .salt = (salt_bytes), .iv = (iv_bytes),		\
		.min_bits = (lo), .max_bits = (hi),				\
		.has_icv = HAS_ICV_ ## sizes, .weak = (is_weak)			\
	},
#include "lib/transform_table.h"
};

static const struct transform_auth auths[] = {
#define TRANSFORM_AUTH(w, tag, bytes, is_weak) \
	[VPNHA_ESP_AUTH_ ## tag] = { .word = (w), .key = (bytes), .weak = (is_weak) },
#include "lib/transform_table.h"
};

/* A newer kernel may know what these tables do not. */
static const struct transform_cipher unknown_cipher = { .word = "unknown", .aead = true };
static const struct transform_auth unknown_auth = { .word = "unknown" };

/**
 * transform_cipher() - Look up a cipher.
 * @cipher: enum vpnha_esp_cipher
 */
const struct transform_cipher *transform_cipher(uint32_t cipher)
{
	if (cipher < sizeof(ciphers) / sizeof(*ciphers) && ciphers[cipher].word)
		return &ciphers[cipher];
	return &unknown_cipher;
}

/**
 * transform_auth() - Look up what authenticates.
 * @auth: enum vpnha_esp_auth
 *
 * Return: it, or NULL when the cipher does it.
 */
const struct transform_auth *transform_auth(uint32_t auth)
{
	if (auth == VPNHA_ESP_AUTH_NONE)
		return NULL;
	if (auth < sizeof(auths) / sizeof(*auths) && auths[auth].word)
		return &auths[auth];
	return &unknown_auth;
}

/**
 * transform_settle() - Fill in what was not said, and drop what is no choice.
 * @t: transform; 0 for sizes that were not said
 */
void transform_settle(struct transform *t)
{
	const struct transform_cipher *c = transform_cipher(t->cipher);

	if (!t->key_bits || c->min_bits == c->max_bits)
		t->key_bits = c->min_bits;
	if (!c->has_icv)
		t->icv_bits = 0;
	else if (!t->icv_bits)
		t->icv_bits = DEFAULT_ICV_BITS;
}

/**
 * transform_equal() - Tell whether two transforms are the same.
 * @a: a settled one
 * @b: likewise
 */
bool transform_equal(const struct transform *a, const struct transform *b)
{
	return a->cipher == b->cipher && a->key_bits == b->key_bits &&
	       a->icv_bits == b->icv_bits && a->auth == b->auth;
}

/**
 * transform_weak() - Find what of a transform is weak.
 * @t: transform
 *
 * Return: its word or NULL.
 */
const char *transform_weak(const struct transform *t)
{
	const struct transform_cipher *c = transform_cipher(t->cipher);
	const struct transform_auth *a = transform_auth(t->auth);

	if (c->weak)
		return c->word;
	return a && a->weak ? a->word : NULL;
}

/**
 * transform_cipher_key() - Bytes of the cipher's key with its salt.
 * @t: a settled transform
 */
size_t transform_cipher_key(const struct transform *t)
{
	return t->key_bits / 8 + transform_cipher(t->cipher)->salt;
}

/**
 * transform_auth_key() - Bytes of the key that authenticates.
 * @t: transform
 */
size_t transform_auth_key(const struct transform *t)
{
	const struct transform_auth *a = transform_auth(t->auth);

	return a ? a->key : 0;
}

/**
 * transform_text() - Write a transform in the words of the language.
 * @buf: where to
 * @t: transform; no size is written that is 0
 *
 * Return: @buf.
 */
const char *transform_text(char buf[TRANSFORM_TEXT_LEN], const struct transform *t)
{
	const struct transform_cipher *c = transform_cipher(t->cipher);
	const struct transform_auth *a = transform_auth(t->auth);
	char bits[16] = "", icv[16] = "";

	if (t->key_bits && c->min_bits != c->max_bits)
		snprintf(bits, sizeof(bits), " %u", t->key_bits);
	if (t->icv_bits && c->has_icv && t->icv_bits != DEFAULT_ICV_BITS)
		snprintf(icv, sizeof(icv), " icv %u", t->icv_bits);
	snprintf(buf, TRANSFORM_TEXT_LEN, "%s%s%s%s%s", c->word, bits, icv, a ? " " : "",
		 a ? a->word : "");
	return buf;
}
