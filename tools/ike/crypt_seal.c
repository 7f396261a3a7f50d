// SPDX-License-Identifier: GPL-2.0-or-later
/* Protection of the payloads SK and SKF: RFC 7296 section 3.14, RFC 5282, RFC 7383. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "ike/crypt.h"

#define NONCE_LEN	12

/* Of a UDP datagram; that of libcrypto's functions is an int. */
#define MESSAGE_MAX	65535

#define CHUNK(p, n)	((struct ike_chunk){ .data = (p), .len = (n) })

static size_t icv_len(const struct ike_suite *s)
{
	return s->encr->aead ? s->encr->icv_len : s->integ->icv_len;
}

/* Octets of the plaintext with its padding and the pad length. */
static size_t padded(const struct ike_suite *s, size_t len)
{
	const size_t block = s->encr->block_len;

	return (len + 1 + block - 1) / block * block;
}

/**
 * ike_seal_len() - Octets of a protected payload behind its header.
 * @s: of the IKE SA
 * @len: octets of the payloads in it
 */
size_t ike_seal_len(const struct ike_suite *s, size_t len)
{
	return s->encr->iv_len + padded(s, len) + icv_len(s);
}

/**
 * ike_seal_room() - The most octets of payloads that can be protected in a given space.
 * @s: of the IKE SA
 * @room: octets behind the header of the payload
 *
 * Return: the largest for which ike_seal_len() is not more than @room, 0 if there is none.
 */
size_t ike_seal_room(const struct ike_suite *s, size_t room)
{
	const size_t around = s->encr->iv_len + icv_len(s), block = s->encr->block_len;

	if (room < around + block)
		return 0;
	return (room - around) / block * block - 1;
}

/* The salt, which is never sent, and the IV: RFC 5282 section 4. */
static void make_nonce(uint8_t nonce[NONCE_LEN], const struct ike_suite *s,
		       const struct ike_sa_keys *keys, const uint8_t *iv)
{
	const size_t salt = s->encr->salt_len;

	memcpy(nonce, keys->encr + s->encr->key_len - salt, salt);
	memcpy(nonce + salt, iv, s->encr->iv_len);
}

static EVP_CIPHER *cipher_of(const struct ike_crypt *c, const struct ike_suite *s)
{
	return c->algs[ike_alg_index(s->encr)].cipher;
}

static bool aead_seal(const struct ike_crypt *c, const struct ike_suite *s,
		      const struct ike_sa_keys *keys, uint8_t *msg, size_t body, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = msg + body + s->encr->iv_len;
	uint8_t nonce[NONCE_LEN];
	int n = 0, rest = 0;
	bool ok;

	make_nonce(nonce, s, keys, msg + body);
	ok = ctx && EVP_EncryptInit_ex2(ctx, cipher_of(c, s), keys->encr, nonce, NULL) &&
	     EVP_EncryptUpdate(ctx, NULL, &n, msg, (int)body) &&
	     EVP_EncryptUpdate(ctx, text, &n, text, (int)len) &&
	     EVP_EncryptFinal_ex(ctx, text + n, &rest) && (size_t)n + (size_t)rest == len &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, s->encr->icv_len, text + len) == 1;
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(nonce, sizeof(nonce));
	return ok;
}

static enum ike_open_error aead_open(const struct ike_crypt *c, const struct ike_suite *s,
				     const struct ike_sa_keys *keys, uint8_t *msg, size_t body,
				     size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = msg + body + s->encr->iv_len;
	enum ike_open_error error = IKE_OPEN_CRYPTO;
	uint8_t nonce[NONCE_LEN];
	int n = 0, rest = 0;

	make_nonce(nonce, s, keys, msg + body);
	if (ctx && EVP_DecryptInit_ex2(ctx, cipher_of(c, s), keys->encr, nonce, NULL) &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, s->encr->icv_len, text + len) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, msg, (int)body) &&
	    EVP_DecryptUpdate(ctx, text, &n, text, (int)len))
		error = EVP_DecryptFinal_ex(ctx, text + n, &rest) ? IKE_OPEN_OK :
								    IKE_OPEN_INTEGRITY;
	EVP_CIPHER_CTX_free(ctx);
	OPENSSL_cleanse(nonce, sizeof(nonce));
	return error;
}

static bool cbc(const struct ike_crypt *c, const struct ike_suite *s,
		const struct ike_sa_keys *keys, uint8_t *msg, size_t body, size_t len, bool encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t *text = msg + body + s->encr->iv_len;
	int n = 0, rest = 0;
	bool ok;

	ok = ctx && EVP_CipherInit_ex2(ctx, cipher_of(c, s), keys->encr, msg + body, encrypt,
				       NULL) &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) &&
	     EVP_CipherUpdate(ctx, text, &n, text, (int)len) &&
	     EVP_CipherFinal_ex(ctx, text + n, &rest) && (size_t)n + (size_t)rest == len;
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

static bool checksum(const struct ike_crypt *c, const struct ike_suite *s,
		     const struct ike_sa_keys *keys, const uint8_t *msg, size_t len,
		     uint8_t sum[IKE_PRF_LEN_MAX])
{
	return ike_prf(c, s->integ, CHUNK(keys->integ, s->integ->key_len), &CHUNK(msg, len), 1,
		       sum);
}

static bool cbc_seal(const struct ike_crypt *c, const struct ike_suite *s,
		     const struct ike_sa_keys *keys, uint8_t *msg, size_t body, size_t len)
{
	const size_t covered = body + s->encr->iv_len + len;
	uint8_t sum[IKE_PRF_LEN_MAX];
	bool ok;

	ok = RAND_bytes(msg + body, s->encr->iv_len) == 1 &&
	     cbc(c, s, keys, msg, body, len, true) &&
	     checksum(c, s, keys, msg, covered, sum);
	if (ok)
		memcpy(msg + covered, sum, s->integ->icv_len);
	OPENSSL_cleanse(sum, sizeof(sum));
	return ok;
}

static enum ike_open_error cbc_open(const struct ike_crypt *c, const struct ike_suite *s,
				    const struct ike_sa_keys *keys, uint8_t *msg, size_t body,
				    size_t len)
{
	const size_t covered = body + s->encr->iv_len + len;
	uint8_t sum[IKE_PRF_LEN_MAX];
	bool same;

	if (!checksum(c, s, keys, msg, covered, sum))
		return IKE_OPEN_CRYPTO;
	same = !CRYPTO_memcmp(sum, msg + covered, s->integ->icv_len);
	OPENSSL_cleanse(sum, sizeof(sum));
	if (!same)
		return IKE_OPEN_INTEGRITY;
	if (len % s->encr->block_len)
		return IKE_OPEN_LENGTH;
	return cbc(c, s, keys, msg, body, len, false) ? IKE_OPEN_OK : IKE_OPEN_CRYPTO;
}

static void put_counter(uint8_t *iv, uint64_t counter)
{
	for (int i = 7; i >= 0; i--, counter >>= 8)
		iv[i] = (uint8_t)counter;
}

/**
 * ike_seal() - Protect what is in an SK or SKF payload, in place.
 * @c: of ike_crypt_new()
 * @s: of the IKE SA
 * @keys: of our direction
 * @counter: IV for a cipher that authenticates; never twice with the same keys.
 *	CBC takes an unpredictable one (RFC 7296 section 3.14) instead
 * @msg: message from the first octet of the IKE header; all lengths in it are final
 * @body: offset in @msg of what follows the header of the payload. The payloads to
 *	be protected begin s->encr->iv_len octets further
 * @len: octets of these payloads. From @body on @msg has ike_seal_len() octets
 *
 * Return: whether it could be done; if not, nothing of the plaintext is left in @msg.
 */
bool ike_seal(const struct ike_crypt *c, const struct ike_suite *s,
	      const struct ike_sa_keys *keys, uint64_t counter, uint8_t *msg, size_t body,
	      size_t len)
{
	uint8_t *text = msg + body + s->encr->iv_len;
	size_t all;
	bool ok;

	if (len > MESSAGE_MAX || body > MESSAGE_MAX ||
	    body + ike_seal_len(s, len) > MESSAGE_MAX)
		return false;
	all = padded(s, len);
	memset(text + len, 0, all - len);
	text[all - 1] = (uint8_t)(all - len - 1);

	if (s->encr->aead) {
		put_counter(msg + body, counter);
		ok = aead_seal(c, s, keys, msg, body, all);
	} else {
		ok = cbc_seal(c, s, keys, msg, body, all);
	}
	if (!ok) {
		OPENSSL_cleanse(text, all);
		ERR_clear_error();
	}
	return ok;
}

/**
 * ike_open() - Verify and decrypt an SK or SKF payload, in place.
 * @c: of ike_crypt_new()
 * @s: of the IKE SA
 * @keys: of the peer's direction
 * @msg: message from the first octet of the IKE header
 * @msg_len: its length; the payload is the last one
 * @body: offset in @msg of what follows the header of the payload
 * @plain: the payloads, in @msg
 *
 * Nothing but the message's length is looked at before the checksum is known to
 * be right, and nothing of what was decrypted with a wrong one is left.
 *
 * Return: %IKE_OPEN_OK, or what is wrong; %IKE_OPEN_PADDING and, with CBC,
 * %IKE_OPEN_LENGTH of an authentic message are the peer's own fault.
 */
enum ike_open_error ike_open(const struct ike_crypt *c, const struct ike_suite *s,
			     const struct ike_sa_keys *keys, uint8_t *msg, size_t msg_len,
			     size_t body, struct ike_chunk *plain)
{
	const size_t around = s->encr->iv_len + icv_len(s);
	enum ike_open_error error;
	uint8_t *text;
	size_t len;

	*plain = CHUNK(NULL, 0);
	if (msg_len > MESSAGE_MAX || body > msg_len ||
	    msg_len - body < around + s->encr->block_len)
		return IKE_OPEN_LENGTH;
	len = msg_len - body - around;
	text = msg + body + s->encr->iv_len;

	error = s->encr->aead ? aead_open(c, s, keys, msg, body, len) :
				cbc_open(c, s, keys, msg, body, len);
	if (error == IKE_OPEN_OK && text[len - 1] >= len)
		error = IKE_OPEN_PADDING;
	if (error != IKE_OPEN_OK) {
		OPENSSL_cleanse(text, len);
		ERR_clear_error();
		return error;
	}
	*plain = CHUNK(text, len - 1 - text[len - 1]);
	return IKE_OPEN_OK;
}

/**
 * ike_open_text() - Say what is wrong with a protected payload.
 * @error: of ike_open()
 */
const char *ike_open_text(enum ike_open_error error)
{
	switch (error) {
	case IKE_OPEN_OK:
		return "nothing";
	case IKE_OPEN_LENGTH:
		return "encrypted payload of the wrong length";
	case IKE_OPEN_INTEGRITY:
		return "integrity check failed";
	case IKE_OPEN_PADDING:
		return "bad padding";
	case IKE_OPEN_CRYPTO:
		return "libcrypto failed";
	}
	return "unknown";
}
