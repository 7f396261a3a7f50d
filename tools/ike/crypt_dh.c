// SPDX-License-Identifier: GPL-2.0-or-later
/* Diffie-Hellman: key pairs, the checks of RFC 6989, shared secrets. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/dh.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

#include "ike/crypt.h"

/* What a KE payload leaves out of a point: that it is not compressed. */
#define UNCOMPRESSED	0x04

static const char *family(const struct ike_alg *group)
{
	switch (group->kind) {
	case IKE_DH_KIND_MODP:
		return "DH";
	case IKE_DH_KIND_ECP:
		return "EC";
	default:
		return group->openssl;
	}
}

static EVP_PKEY *generate(const struct ike_alg *group)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, family(group), NULL);
	char *name = OPENSSL_strdup(group->openssl);
	int bits = group->private_bits;
	OSSL_PARAM params[3], *p = params;
	EVP_PKEY *key = NULL;
	bool ok = ctx && name && EVP_PKEY_keygen_init(ctx) == 1;

	if (ok && group->kind != IKE_DH_KIND_X25519) {
		*p++ = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name, 0);
		if (bits)
			*p++ = OSSL_PARAM_construct_int(OSSL_PKEY_PARAM_DH_PRIV_LEN, &bits);
		*p = OSSL_PARAM_construct_end();
		ok = EVP_PKEY_CTX_set_params(ctx, params) == 1;
	}
	if (!ok || EVP_PKEY_generate(ctx, &key) != 1)
		key = NULL;
	OPENSSL_free(name);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* The value that goes into a KE payload: RFC 7296 3.4, RFC 5903 7, RFC 8031 3.1. */
static bool write_value(struct ike_dh *dh)
{
	const size_t skip = dh->group->kind == IKE_DH_KIND_ECP;
	unsigned char *encoded = NULL;
	size_t len = EVP_PKEY_get1_encoded_public_key(dh->key, &encoded);
	bool ok = encoded && len == dh->group->value_len + skip &&
		  (!skip || encoded[0] == UNCOMPRESSED);

	if (ok)
		memcpy(dh->value, encoded + skip, dh->group->value_len);
	OPENSSL_free(encoded);
	return ok;
}

/**
 * ike_dh_new() - Make a key pair.
 * @group: one of the table
 *
 * Return: it, to be released by ike_dh_free(), or NULL when it cannot be made.
 */
struct ike_dh *ike_dh_new(const struct ike_alg *group)
{
	struct ike_dh *dh = calloc(1, sizeof(*dh));

	if (!dh)
		return NULL;
	dh->group = group;
	dh->key = generate(group);
	if (!dh->key || !write_value(dh)) {
		ERR_clear_error();
		ike_dh_free(dh);
		return NULL;
	}
	return dh;
}

/**
 * ike_dh_free() - Forget a key pair.
 * @dh: of ike_dh_new(), or NULL
 */
void ike_dh_free(struct ike_dh *dh)
{
	if (!dh)
		return;
	EVP_PKEY_free(dh->key);
	free(dh);
}

/**
 * ike_secret_wipe() - Forget a shared secret.
 * @s: secret
 */
void ike_secret_wipe(struct ike_secret *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}

/* RFC 6989 section 2.1: 1 < value < p - 1; these primes are safe ones. */
static bool in_range(const EVP_PKEY *key, const BIGNUM *value)
{
	BIGNUM *p = NULL;
	bool ok;

	ok = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_P, &p) == 1 &&
	     BN_sub_word(p, 1) && !BN_is_zero(value) && !BN_is_one(value) &&
	     BN_cmp(value, p) < 0;
	BN_free(p);
	return ok;
}

static EVP_PKEY *make_peer(const struct ike_alg *group, OSSL_PARAM_BLD *build)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, family(group), NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY *peer = NULL;

	if (!ctx || !params || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &peer, EVP_PKEY_PUBLIC_KEY, params) != 1)
		peer = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return peer;
}

static const char *read_modp(const struct ike_dh *dh, struct ike_chunk value,
			     OSSL_PARAM_BLD *build, EVP_PKEY **peer)
{
	BIGNUM *y = BN_bin2bn(value.data, (int)value.len, NULL);
	const char *error = NULL;

	if (!y || !OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PUB_KEY, y))
		error = "out of memory";
	else if (!in_range(dh->key, y))
		error = "public value out of range";
	else
		*peer = make_peer(dh->group, build);
	BN_free(y);
	return error;
}

/*
 * RFC 6989 section 2.3: the point is on the curve, which libcrypto finds out when
 * it reads it, and is not the one at infinity, which has no such form. All groups
 * have the cofactor 1, so no order has to be checked.
 */
static const char *read_ecp(const struct ike_dh *dh, struct ike_chunk value,
			    OSSL_PARAM_BLD *build, EVP_PKEY **peer)
{
	uint8_t point[1 + 2 * 66];

	if (value.len > sizeof(point) - 1)
		return "public value of the wrong length";
	point[0] = UNCOMPRESSED;
	memcpy(point + 1, value.data, value.len);
	if (!OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
					      1 + value.len))
		return "out of memory";
	*peer = make_peer(dh->group, build);
	return *peer ? NULL : "public value is not a point of the curve";
}

static const char *read_peer(const struct ike_dh *dh, struct ike_chunk value, EVP_PKEY **peer)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	const char *error = NULL;

	if (!build || (dh->group->kind != IKE_DH_KIND_X25519 &&
		       !OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
							dh->group->openssl, 0)))
		error = "out of memory";
	else if (dh->group->kind == IKE_DH_KIND_MODP)
		error = read_modp(dh, value, build, peer);
	else if (dh->group->kind == IKE_DH_KIND_ECP)
		error = read_ecp(dh, value, build, peer);
	else if (OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, value.data,
						  value.len))
		*peer = make_peer(dh->group, build);
	OSSL_PARAM_BLD_free(build);
	if (!error && !*peer)
		error = "public value is refused by libcrypto";
	return error;
}

static bool derive(const struct ike_dh *dh, EVP_PKEY *peer, struct ike_secret *secret)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, dh->key, NULL);
	size_t len = sizeof(secret->data);
	bool ok;

	/* What libcrypto would validate has been: for MODP it costs as much as the secret. */
	ok = ctx && EVP_PKEY_derive_init(ctx) == 1 &&
	     (dh->group->kind != IKE_DH_KIND_MODP || EVP_PKEY_CTX_set_dh_pad(ctx, 1) == 1) &&
	     EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) == 1 &&
	     EVP_PKEY_derive(ctx, secret->data, &len) == 1;
	EVP_PKEY_CTX_free(ctx);
	secret->len = len;
	return ok && len == dh->group->secret_len;
}

static bool is_zero(const struct ike_secret *s)
{
	uint8_t any = 0;

	for (size_t i = 0; i < s->len; i++)
		any |= s->data[i];
	return !any;
}

/**
 * ike_dh_derive() - Compute the shared secret.
 * @dh: our key pair
 * @value: the peer's public value, as it stands in its KE payload
 * @secret: to be wiped by ike_secret_wipe(); with leading zeros, RFC 7296 section 2.14
 *
 * The value is checked as RFC 6989 asks for; with X25519 a secret of zeros, which
 * points of small order make, is refused (RFC 7748 section 6.1).
 *
 * Return: NULL, or why there is none; then @secret is empty.
 */
const char *ike_dh_derive(const struct ike_dh *dh, struct ike_chunk value,
			  struct ike_secret *secret)
{
	EVP_PKEY *peer = NULL;
	const char *error;

	memset(secret, 0, sizeof(*secret));
	if (value.len != dh->group->value_len)
		return "public value of the wrong length";
	error = read_peer(dh, value, &peer);
	if (!error && (!derive(dh, peer, secret) || is_zero(secret)))
		error = dh->group->kind == IKE_DH_KIND_X25519 ?
			"public value of small order" : "no shared secret of this public value";
	EVP_PKEY_free(peer);
	if (error) {
		ike_secret_wipe(secret);
		ERR_clear_error();
	}
	return error;
}
