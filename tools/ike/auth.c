// SPDX-License-Identifier: GPL-2.0-or-later
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "ike/auth.h"
#include "ike/auth_scheme.h"

#define CHUNK(p, n)	((struct ike_chunk){ .data = (p), .len = (n) })

static const char pad[] = "Key Pad for IKEv2";

/* Curves, and what signs with them where RFC 7427 is not in use: RFC 4754. */
static const struct curve {
	const char *name;
	uint8_t method;
	enum ike_hash hash;
	uint8_t bytes;
} curves[] = {
	{ "prime256v1", IKE_AUTH_ECDSA_256, IKE_HASH_SHA2_256, 32 },
	{ "secp384r1", IKE_AUTH_ECDSA_384, IKE_HASH_SHA2_384, 48 },
	{ "secp521r1", IKE_AUTH_ECDSA_521, IKE_HASH_SHA2_512, 66 },
};

/**
 * ike_auth_octets() - Collect what one end signs, RFC 7296 section 2.15.
 * @c: of ike_crypt_new()
 * @prf: of the IKE SA
 * @sk_p: SK_pi for the initiator's, SK_pr for the responder's
 * @message: first message of that end, the last time it was sent
 * @nonce: contents of the other end's nonce payload
 * @id: contents of that end's ID payload, from the type of the ID on
 * @octets: refer to @message and @nonce
 *
 * Return: whether it could be done.
 */
bool ike_auth_octets(const struct ike_crypt *c, const struct ike_alg *prf, const uint8_t *sk_p,
		     struct ike_chunk message, struct ike_chunk nonce, struct ike_chunk id,
		     struct ike_auth_octets *octets)
{
	*octets = (struct ike_auth_octets){
		.message = message, .nonce = nonce, .id_len = prf->key_len,
	};
	return ike_prf(c, prf, CHUNK(sk_p, prf->key_len), &id, 1, octets->id);
}

static bool psk(const struct ike_crypt *c, const struct ike_alg *prf, struct ike_chunk secret,
		const struct ike_auth_octets *o, uint8_t out[IKE_PRF_LEN_MAX])
{
	const struct ike_chunk in[] = { o->message, o->nonce, CHUNK(o->id, o->id_len) };
	uint8_t key[IKE_PRF_LEN_MAX];
	bool ok;

	ok = secret.len &&
	     ike_prf(c, prf, secret, &CHUNK((const uint8_t *)pad, sizeof(pad) - 1), 1, key) &&
	     ike_prf(c, prf, CHUNK(key, prf->key_len), in, 3, out);
	OPENSSL_cleanse(key, sizeof(key));
	return ok;
}

/**
 * ike_auth_psk_make() - Prove to know a preshared key.
 * @c: of ike_crypt_new()
 * @prf: of the IKE SA
 * @secret: the key, which may not be empty
 * @octets: of ourselves
 * @auth: what to send
 *
 * Return: whether it could be done.
 */
bool ike_auth_psk_make(const struct ike_crypt *c, const struct ike_alg *prf,
		       struct ike_chunk secret, const struct ike_auth_octets *octets,
		       struct ike_auth *auth)
{
	auth->method = IKE_AUTH_PSK;
	auth->len = prf->key_len;
	return psk(c, prf, secret, octets, auth->data);
}

/**
 * ike_auth_psk_check() - Check that the peer knows a preshared key.
 * @c: of ike_crypt_new()
 * @prf: of the IKE SA
 * @secret: the key
 * @octets: of the peer
 * @data: authentication data that it sent
 *
 * Return: NULL, or why it is not proven.
 */
const char *ike_auth_psk_check(const struct ike_crypt *c, const struct ike_alg *prf,
			       struct ike_chunk secret, const struct ike_auth_octets *octets,
			       struct ike_chunk data)
{
	uint8_t right[IKE_PRF_LEN_MAX];
	const char *error = NULL;

	if (data.len != prf->key_len)
		error = "authentication data of the wrong length";
	else if (!psk(c, prf, secret, octets, right))
		error = "libcrypto failed";
	else if (CRYPTO_memcmp(right, data.data, data.len))
		error = "the preshared keys differ";
	OPENSSL_cleanse(right, sizeof(right));
	return error;
}

static const struct curve *curve_of(const EVP_PKEY *key)
{
	char name[32];
	size_t len;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), &len) == 1)
		for (size_t i = 0; i < sizeof(curves) / sizeof(*curves); i++)
			if (!strcmp(curves[i].name, name))
				return &curves[i];
	return NULL;
}

static bool is_rsa(const EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
}

static const char *key_error(const EVP_PKEY *key)
{
	if (is_rsa(key))
		return EVP_PKEY_get_bits(key) < IKE_RSA_BITS_MIN ?
		       "RSA key of fewer than 2048 bits" : NULL;
	if (EVP_PKEY_is_a(key, "EC"))
		return curve_of(key) ? NULL : "EC key of an unsupported curve";
	return EVP_PKEY_is_a(key, "ED25519") ? NULL : "key of an unsupported type";
}

static bool fits(const EVP_PKEY *key, enum ike_scheme_kind kind)
{
	switch (kind) {
	case IKE_SCHEME_PKCS1:
		return EVP_PKEY_is_a(key, "RSA");
	case IKE_SCHEME_PSS:
		return is_rsa(key);
	case IKE_SCHEME_ECDSA:
		return EVP_PKEY_is_a(key, "EC");
	case IKE_SCHEME_ED25519:
		return EVP_PKEY_is_a(key, "ED25519");
	}
	return false;
}

/* The hash as strong as the key, or the next stronger or weaker one that the peer knows. */
static enum ike_hash choose_hash(const EVP_PKEY *key, unsigned int hashes)
{
	enum ike_hash best = IKE_HASH_SHA2_256;

	if (EVP_PKEY_is_a(key, "ED25519"))
		return hashes & IKE_HASH_BIT(IKE_HASH_IDENTITY) ? IKE_HASH_IDENTITY : 0;
	if (!is_rsa(key))
		best = curve_of(key)->hash;
	else if (EVP_PKEY_get_bits(key) > 3072)
		best = EVP_PKEY_get_bits(key) > 7680 ? IKE_HASH_SHA2_512 : IKE_HASH_SHA2_384;
	for (unsigned int h = best; h <= IKE_HASH_SHA2_512; h++)
		if (hashes & IKE_HASH_BIT(h))
			return h;
	for (unsigned int h = best; h >= IKE_HASH_SHA2_256; h--)
		if (hashes & IKE_HASH_BIT(h))
			return h;
	return 0;
}

/* libcrypto hashes by name; that the name is known was seen by ike_crypt_new(). */
static EVP_MD_CTX *start(const struct ike_crypt *c, EVP_PKEY *key, const struct ike_scheme *s,
			 bool sign)
{
	const EVP_MD *md = c->hashes[s->hash];
	const char *name = md ? EVP_MD_get0_name(md) : NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	bool ok;

	ok = ctx && (sign ? EVP_DigestSignInit_ex(ctx, &pctx, name, NULL, NULL, key, NULL) :
			    EVP_DigestVerifyInit_ex(ctx, &pctx, name, NULL, NULL, key, NULL)) == 1;
	if (ok && s->kind == IKE_SCHEME_PKCS1)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PADDING) == 1;
	else if (ok && s->kind == IKE_SCHEME_PSS)
		ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_rsa_mgf1_md(pctx, md) == 1 &&
		     EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, s->salt) == 1;
	if (ok)
		return ctx;
	EVP_MD_CTX_free(ctx);
	return NULL;
}

/* In one piece, because Ed25519 reads it twice. */
static uint8_t *join(const struct ike_auth_octets *o, size_t *len)
{
	const struct ike_chunk parts[] = { o->message, o->nonce, CHUNK(o->id, o->id_len) };
	uint8_t *all = malloc(o->message.len + o->nonce.len + o->id_len);

	*len = 0;
	for (size_t i = 0; all && i < sizeof(parts) / sizeof(*parts); i++) {
		if (parts[i].len)
			memcpy(all + *len, parts[i].data, parts[i].len);
		*len += parts[i].len;
	}
	return all;
}

static bool sign(const struct ike_crypt *c, EVP_PKEY *key, const struct ike_scheme *s,
		 const struct ike_auth_octets *o, uint8_t *out, size_t *len)
{
	EVP_MD_CTX *ctx = start(c, key, s, true);
	size_t size;
	uint8_t *all = join(o, &size);
	bool ok;

	ok = ctx && all && EVP_DigestSign(ctx, out, len, all, size) == 1;
	free(all);
	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool verify(const struct ike_crypt *c, EVP_PKEY *key, const struct ike_scheme *s,
		   const struct ike_auth_octets *o, struct ike_chunk signature)
{
	EVP_MD_CTX *ctx = start(c, key, s, false);
	size_t size;
	uint8_t *all = join(o, &size);
	bool ok;

	ok = ctx && all && EVP_DigestVerify(ctx, signature.data, signature.len, all, size) == 1;
	free(all);
	EVP_MD_CTX_free(ctx);
	return ok;
}

/* RFC 4754 section 7: the two numbers of a signature, one after the other. */
static bool ecdsa_to_raw(uint8_t *data, size_t *len, const struct curve *curve)
{
	const unsigned char *in = data;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &in, (long)*len);
	bool ok;

	ok = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), data, curve->bytes) == curve->bytes &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(sig), data + curve->bytes, curve->bytes) ==
	     curve->bytes;
	*len = 2UL * curve->bytes;
	ECDSA_SIG_free(sig);
	return ok;
}

static unsigned char *ecdsa_of_raw(struct ike_chunk raw, int *len)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	const int half = (int)(raw.len / 2);
	BIGNUM *r = BN_bin2bn(raw.data, half, NULL);
	BIGNUM *s = BN_bin2bn(raw.data + half, half, NULL);
	unsigned char *der = NULL;

	if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
		*len = i2d_ECDSA_SIG(sig, &der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(sig);
	return der;
}

/* Method 14: the AlgorithmIdentifier with its length, and the signature. */
static const char *sign_named(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			      bool pkcs1, const struct ike_auth_octets *o, struct ike_auth *auth)
{
	enum ike_hash hash = choose_hash(key, hashes);
	enum ike_scheme_kind kind = IKE_SCHEME_ECDSA;
	const struct ike_scheme *s;
	size_t id;

	if (is_rsa(key))
		kind = pkcs1 && fits(key, IKE_SCHEME_PKCS1) ? IKE_SCHEME_PKCS1 : IKE_SCHEME_PSS;
	else if (EVP_PKEY_is_a(key, "ED25519"))
		kind = IKE_SCHEME_ED25519;
	s = ike_scheme_find(kind, hash);
	if (!s)
		return "the peer knows no hash that this key may sign with";

	id = ike_scheme_id(s, auth->data + 1);
	auth->data[0] = (uint8_t)id;
	auth->len = sizeof(auth->data) - 1 - id;
	auth->method = IKE_AUTH_SIGNATURE;
	if (!sign(c, key, s, o, auth->data + 1 + id, &auth->len))
		return "libcrypto cannot sign with this key";
	auth->len += 1 + id;
	return NULL;
}

/* The methods of before RFC 7427. */
static const char *sign_plain(const struct ike_crypt *c, EVP_PKEY *key,
			      const struct ike_auth_octets *o, struct ike_auth *auth)
{
	const struct curve *curve = NULL;
	const struct ike_scheme *s;

	if (fits(key, IKE_SCHEME_PKCS1)) {
		s = ike_scheme_find(IKE_SCHEME_PKCS1, IKE_HASH_SHA2_256);
		auth->method = IKE_AUTH_RSA;
	} else if (fits(key, IKE_SCHEME_ECDSA)) {
		curve = curve_of(key);
		s = ike_scheme_find(IKE_SCHEME_ECDSA, curve->hash);
		auth->method = curve->method;
	} else {
		return "the peer does not know RFC 7427, which this key needs";
	}
	auth->len = sizeof(auth->data);
	if (!sign(c, key, s, o, auth->data, &auth->len) ||
	    (curve && !ecdsa_to_raw(auth->data, &auth->len, curve)))
		return "libcrypto cannot sign with this key";
	return NULL;
}

/**
 * ike_auth_sign() - Prove to have a private key.
 * @c: of ike_crypt_new()
 * @key: with its private half
 * @hashes: what the peer's SIGNATURE_HASH_ALGORITHMS named; 0: it sent none, or we
 *	did not, so that a method of before RFC 7427 is used
 * @pkcs1: sign with RSASSA-PKCS1-v1_5, for a peer that lacks RSASSA-PSS
 * @octets: of ourselves
 * @auth: what to send
 *
 * SHA-1 is never used; method 1 signs with SHA-256.
 *
 * Return: NULL, or why it cannot be done.
 */
const char *ike_auth_sign(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			  bool pkcs1, const struct ike_auth_octets *octets,
			  struct ike_auth *auth)
{
	const char *error = key_error(key);

	if (!error && hashes)
		error = sign_named(c, key, hashes, pkcs1, octets, auth);
	else if (!error)
		error = sign_plain(c, key, octets, auth);
	if (error)
		ERR_clear_error();
	return error;
}

static const char *verify_named(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
				struct ike_chunk data, const struct ike_auth_octets *o)
{
	const struct ike_scheme *s;
	size_t id;

	if (!data.len || data.len - 1 < data.data[0])
		return "authentication data of the wrong length";
	id = data.data[0];
	s = ike_scheme_of_id(CHUNK(data.data + 1, id));
	if (!s)
		return "signature algorithm not supported";
	if (!(hashes & IKE_HASH_BIT(s->hash)))
		return "signature with a hash that is not allowed";
	if (!fits(key, s->kind))
		return "signature algorithm does not fit the key";
	if (!verify(c, key, s, o, CHUNK(data.data + 1 + id, data.len - 1 - id)))
		return "the signature is wrong";
	return NULL;
}

/* Nothing says with which hash, so each may have been it. */
static const char *verify_rsa(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			      struct ike_chunk data, const struct ike_auth_octets *o)
{
	if (!fits(key, IKE_SCHEME_PKCS1))
		return "authentication method does not fit the key";
	for (unsigned int h = IKE_HASH_SHA2_256; h <= IKE_HASH_SHA2_512; h++)
		if (hashes & IKE_HASH_BIT(h) &&
		    verify(c, key, ike_scheme_find(IKE_SCHEME_PKCS1, h), o, data))
			return NULL;
	return "the signature is wrong, or made with SHA-1";
}

static const char *verify_ecdsa(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
				uint8_t method, struct ike_chunk data,
				const struct ike_auth_octets *o)
{
	const struct curve *curve = fits(key, IKE_SCHEME_ECDSA) ? curve_of(key) : NULL;
	unsigned char *der;
	int len = 0;
	bool ok;

	if (!curve || curve->method != method)
		return "authentication method does not fit the key";
	if (!(hashes & IKE_HASH_BIT(curve->hash)))
		return "signature with a hash that is not allowed";
	if (data.len != 2UL * curve->bytes)
		return "authentication data of the wrong length";
	der = ecdsa_of_raw(data, &len);
	ok = der && len > 0 && verify(c, key, ike_scheme_find(IKE_SCHEME_ECDSA, curve->hash), o,
				      CHUNK(der, (size_t)len));
	OPENSSL_free(der);
	return ok ? NULL : "the signature is wrong";
}

/**
 * ike_auth_verify() - Check that the peer has a private key.
 * @c: of ike_crypt_new()
 * @key: public key, of a certificate that is trusted
 * @hashes: which hashes it may have signed with; those of our own
 *	SIGNATURE_HASH_ALGORITHMS, or %IKE_HASHES_ALL
 * @method: authentication method that it sent
 * @data: authentication data that it sent
 * @octets: of the peer
 *
 * Return: NULL, or why it is not proven.
 */
const char *ike_auth_verify(const struct ike_crypt *c, EVP_PKEY *key, unsigned int hashes,
			    uint8_t method, struct ike_chunk data,
			    const struct ike_auth_octets *octets)
{
	const char *error = key_error(key);

	if (error)
		return error;
	switch (method) {
	case IKE_AUTH_RSA:
		error = verify_rsa(c, key, hashes, data, octets);
		break;
	case IKE_AUTH_ECDSA_256:
	case IKE_AUTH_ECDSA_384:
	case IKE_AUTH_ECDSA_521:
		error = verify_ecdsa(c, key, hashes, method, data, octets);
		break;
	case IKE_AUTH_SIGNATURE:
		error = verify_named(c, key, hashes, data, octets);
		break;
	default:
		return "authentication method not supported";
	}
	/* A hash that was tried in vain has left something, too. */
	ERR_clear_error();
	return error;
}
