// SPDX-License-Identifier: GPL-2.0
/*
 * Proofs of identity: preshared keys by answers that Python computed from the
 * formula of RFC 7296 section 2.15, signatures of RFC 4754 and RFC 8032, those that
 * libcrypto makes and checks without our code, and all that has to be refused.
 *
 * lab: native
 */
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypt_unit.h"
#include "ike/auth.h"
#include "ike/auth_scheme.h"

#define SHA2	(IKE_HASH_BIT(IKE_HASH_SHA2_256) | IKE_HASH_BIT(IKE_HASH_SHA2_384) |	\
		 IKE_HASH_BIT(IKE_HASH_SHA2_512))

static const struct ike_chunk id = { (const uint8_t *)"\2\0\0\0gw.example.org", 18 };

static const struct ike_alg *prf_of(uint16_t number)
{
	return ike_alg_find(IKE_TRANSFORM_PRF, number, 0);
}

struct signed_octets {
	uint8_t message[200], nonce[64];
	struct ike_auth_octets octets;
};

static void make_octets(const struct ike_crypt *c, const struct ike_alg *prf,
			struct signed_octets *s)
{
	uint8_t sk_p[IKE_PRF_LEN_MAX];

	memset(sk_p, 0x77, sizeof(sk_p));
	count_up(s->message, sizeof(s->message), 0);
	count_up(s->nonce, sizeof(s->nonce), 0x60);
	if (!ike_auth_octets(c, prf, sk_p, CHUNK(s->message, sizeof(s->message)),
			     CHUNK(s->nonce, sizeof(s->nonce)), id, &s->octets))
		abort();
}

TEST_F(crypt, preshared_keys)
{
	static const struct {
		uint16_t prf;
		const char *auth;
	} cases[] = {
		{ IKE_PRF_HMAC_SHA2_256,
		  "c10200f1480d6c18d3647f60e54241348dadd27fa4be799ed32d0dcd6d8eb903" },
		{ IKE_PRF_HMAC_SHA2_384,
		  "3150daa156745a80d9a1a121b8dd35592d5a1859b8108a995e4d2335c1c5f1a7"
		  "7490ca9425591eada09191a366447318" },
		{ IKE_PRF_HMAC_SHA2_512,
		  "9e4d9be5d3b0d4c4337e0308023699f9d0771501ccddac0cf0d73999b1be2dbb"
		  "312b177e92e6dcbac13e8a0d3ad9d40c34b236a201085735493783cda6999f4b" },
		{ IKE_PRF_HMAC_SHA1, "a56ae988e4f7a8dd0a62ecf674b201433d037275" },
	};
	const struct ike_chunk secret = CHUNK("secret of both", 14);

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct ike_alg *prf = prf_of(cases[i].prf);
		struct signed_octets s;
		struct ike_auth auth;
		char text[129];

		make_octets(self->c, prf, &s);
		EXPECT_TRUE(ike_auth_psk_make(self->c, prf, secret, &s.octets, &auth));
		EXPECT_EQ(IKE_AUTH_PSK, auth.method);
		EXPECT_STREQ(cases[i].auth, hex(text, auth.data, auth.len));
		EXPECT_EQ(NULL, ike_auth_psk_check(self->c, prf, secret, &s.octets,
						   CHUNK(auth.data, auth.len)));
		for (size_t byte = 0; byte < auth.len; byte++) {
			auth.data[byte] ^= 1;
			EXPECT_STREQ("the preshared keys differ",
				     ike_auth_psk_check(self->c, prf, secret, &s.octets,
							CHUNK(auth.data, auth.len)));
			auth.data[byte] ^= 1;
		}
		for (size_t len = 0; len <= auth.len + 1; len++)
			EXPECT_EQ(len == auth.len,
				  !ike_auth_psk_check(self->c, prf, secret, &s.octets,
						      CHUNK(auth.data, len)));
		EXPECT_NE(NULL, ike_auth_psk_check(self->c, prf, CHUNK("secret of bath", 14),
						   &s.octets, CHUNK(auth.data, auth.len)));
		EXPECT_FALSE(ike_auth_psk_make(self->c, prf, CHUNK("", 0), &s.octets, &auth));
	}
}

/* Each of the three parts counts. */
TEST_F(crypt, signed_octets)
{
	const struct ike_alg *prf = prf_of(IKE_PRF_HMAC_SHA2_256);
	const struct ike_chunk secret = CHUNK("secret", 6);
	struct signed_octets s;
	uint8_t *const parts[] = { &s.message[0], &s.message[199], &s.nonce[0], &s.nonce[63],
				   &s.octets.id[0], &s.octets.id[31] };
	struct ike_auth auth;

	make_octets(self->c, prf, &s);
	EXPECT_TRUE(ike_auth_psk_make(self->c, prf, secret, &s.octets, &auth));

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		*parts[i] ^= 1;
		EXPECT_NE(NULL, ike_auth_psk_check(self->c, prf, secret, &s.octets,
						   CHUNK(auth.data, auth.len)));
		*parts[i] ^= 1;
	}
	EXPECT_EQ(NULL, ike_auth_psk_check(self->c, prf, secret, &s.octets,
					   CHUNK(auth.data, auth.len)));
}

/* RFC 7427 appendix A, RFC 8420 appendix A.1; those of RSASSA-PSS by the same rules. */
static const struct {
	enum ike_scheme_kind kind;
	enum ike_hash hash;
	const char *id;
} ids[] = {
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_256, "300d06092a864886f70d01010b0500" },
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_384, "300d06092a864886f70d01010c0500" },
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_512, "300d06092a864886f70d01010d0500" },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_256, "300a06082a8648ce3d040302" },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_384, "300a06082a8648ce3d040303" },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_512, "300a06082a8648ce3d040304" },
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_256,
	  "304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
	  "a11c301a06092a864886f70d010108300d06096086480165030402010500a203"
	  "020120" },
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_384,
	  "304106092a864886f70d01010a3034a00f300d06096086480165030402020500"
	  "a11c301a06092a864886f70d010108300d06096086480165030402020500a203"
	  "020130" },
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_512,
	  "304106092a864886f70d01010a3034a00f300d06096086480165030402030500"
	  "a11c301a06092a864886f70d010108300d06096086480165030402030500a203"
	  "020140" },
	{ IKE_SCHEME_ED25519, IKE_HASH_IDENTITY, "300506032b6570" },
};

TEST(algorithm_identifiers)
{
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct ike_scheme *s = ike_scheme_find(ids[i].kind, ids[i].hash);
		uint8_t out[IKE_SCHEME_ID_MAX], *der;
		char text[2 * IKE_SCHEME_ID_MAX + 1];
		size_t len;

		ASSERT_NE(NULL, s);
		EXPECT_STREQ(ids[i].id, hex(text, out, ike_scheme_id(s, out)));
		der = unhex(ids[i].id, &len);
		EXPECT_EQ(s, ike_scheme_of_id(CHUNK(der, len)));
		for (size_t n = 0; n < len; n++)
			EXPECT_EQ(NULL, ike_scheme_of_id(CHUNK(der, n)));
		/* A flipped bit may make another one of them, never the same. */
		for (size_t bit = 0; bit < 8 * len; bit++) {
			der[bit / 8] ^= (uint8_t)(1 << bit % 8);
			EXPECT_NE(s, ike_scheme_of_id(CHUNK(der, len)));
			der[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		free(der);
	}
}

/* NULLs left out (RFC 4055), and the trailer field not (RFC 7427 appendix A.4.3). */
TEST(algorithm_identifiers_in_other_encodings)
{
	static const struct {
		const char *id;
		enum ike_scheme_kind kind;
	} good[] = {
		{ "300b06092a864886f70d01010b", IKE_SCHEME_PKCS1 },
		{ "304606092a864886f70d01010a3039a00f300d06096086480165030402010500"
		  "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120a303020101",
		  IKE_SCHEME_PSS },
		{ "303d06092a864886f70d01010a3030a00d300b0609608648016503040201"
		  "a11a301806092a864886f70d010108300b0609608648016503040201a203020120",
		  IKE_SCHEME_PSS },
		{ "304206092a864886f70d01010a3035a00d300b0609608648016503040201"
		  "a11a301806092a864886f70d010108300b0609608648016503040201a203020120a303020101",
		  IKE_SCHEME_PSS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		size_t len;
		uint8_t *der = unhex(good[i].id, &len);
		const struct ike_scheme *s = ike_scheme_of_id(CHUNK(der, len));

		ASSERT_NE(NULL, s);
		EXPECT_EQ(good[i].kind, s->kind);
		EXPECT_EQ(IKE_HASH_SHA2_256, s->hash);
		free(der);
	}
}

/* SHA-1 by any name: RFC 7427 appendix A, RFC 8247 section 3.2; DSA; two hashes in one PSS. */
TEST(algorithm_identifiers_that_are_refused)
{
	static const char *const bad[] = {
		"", "00", "3000",
		"300d06092a864886f70d0101050500",
		"300906072a8648ce3d0401",
		"300906072a8648ce380403",
		"300b0609608648016503040302",
		"300d06092a864886f70d01010a3000",
		"303e06092a864886f70d01010a3031a00b300906052b0e03021a0500a118301606092a864886f7"
		"0d010108300906052b0e03021a0500a203020114a303020101",
		"304606092a864886f70d01010a3039a00f300d06096086480165030402010500"
		"a11c301a06092a864886f70d010108300d06096086480165030402020500a203020120a303020101",
		"300506032b6571",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		size_t len;
		uint8_t *der = unhex(bad[i], &len);

		EXPECT_EQ(NULL, ike_scheme_of_id(CHUNK(der, len)));
		free(der);
	}
	EXPECT_EQ(NULL, ike_scheme_find(IKE_SCHEME_PKCS1, IKE_HASH_SHA1));
}

enum { RSA_2048, RSA_4096, RSA_PSS, EC_256, EC_384, EC_521, ED25519, RSA_1024, EC_K1, X, KEYS };

static EVP_PKEY *make_key(int kind)
{
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *key = NULL;

	switch (kind) {
	case RSA_2048: return EVP_RSA_gen(2048);
	case RSA_4096: return EVP_RSA_gen(4096);
	case RSA_1024: return EVP_RSA_gen(1024);
	case EC_256: return EVP_EC_gen("P-256");
	case EC_384: return EVP_EC_gen("P-384");
	case EC_521: return EVP_EC_gen("P-521");
	case EC_K1: return EVP_EC_gen("secp256k1");
	case ED25519: return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case X: return EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	}
	ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY_keygen_init(ctx);
	EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048);
	EVP_PKEY_generate(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* What is signed with, for what the peer knows; 0: nothing of RFC 7427. */
static const struct {
	int key;
	unsigned int hashes;
	bool pkcs1;
	int method;
	enum ike_scheme_kind kind;
	enum ike_hash hash;
} signatures[] = {
	{ RSA_2048, SHA2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_PSS, IKE_HASH_SHA2_256 },
	{ RSA_2048, SHA2, true, IKE_AUTH_SIGNATURE, IKE_SCHEME_PKCS1, IKE_HASH_SHA2_256 },
	{ RSA_2048, 1 << 3, true, IKE_AUTH_SIGNATURE, IKE_SCHEME_PKCS1, IKE_HASH_SHA2_384 },
	{ RSA_2048, 1 << 4 | 1 << 1, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_PSS,
	  IKE_HASH_SHA2_512 },
	{ RSA_2048, 0, false, IKE_AUTH_RSA, IKE_SCHEME_PKCS1, IKE_HASH_SHA2_256 },
	{ RSA_4096, SHA2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_PSS, IKE_HASH_SHA2_384 },
	{ RSA_4096, 1 << 2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_PSS, IKE_HASH_SHA2_256 },
	{ RSA_PSS, SHA2, true, IKE_AUTH_SIGNATURE, IKE_SCHEME_PSS, IKE_HASH_SHA2_256 },
	{ EC_256, IKE_HASHES_ALL, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ECDSA,
	  IKE_HASH_SHA2_256 },
	{ EC_256, 1 << 3 | 1 << 4, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ECDSA,
	  IKE_HASH_SHA2_384 },
	{ EC_256, 0, false, IKE_AUTH_ECDSA_256, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_256 },
	{ EC_384, SHA2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_384 },
	{ EC_384, 0, false, IKE_AUTH_ECDSA_384, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_384 },
	{ EC_521, SHA2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_512 },
	{ EC_521, 1 << 2, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_256 },
	{ EC_521, 0, false, IKE_AUTH_ECDSA_521, IKE_SCHEME_ECDSA, IKE_HASH_SHA2_512 },
	{ ED25519, IKE_HASHES_ALL, false, IKE_AUTH_SIGNATURE, IKE_SCHEME_ED25519,
	  IKE_HASH_IDENTITY },
};

TEST_F(crypt, signatures)
{
	EVP_PKEY *other = NULL, *keys[KEYS] = {};
	struct signed_octets s;

	make_octets(self->c, prf_of(IKE_PRF_HMAC_SHA2_512), &s);
	for (size_t i = 0; i < ARRAY_SIZE(signatures); i++) {
		EVP_PKEY **key = &keys[signatures[i].key];
		struct ike_auth auth;
		size_t first = 0;

		if (!*key)
			*key = make_key(signatures[i].key);
		ASSERT_NE(NULL, *key);
		ASSERT_EQ(NULL, ike_auth_sign(self->c, *key, signatures[i].hashes,
					      signatures[i].pkcs1, &s.octets, &auth));
		EXPECT_EQ(signatures[i].method, auth.method);
		if (auth.method == IKE_AUTH_SIGNATURE) {
			const struct ike_scheme *scheme;

			first = 1 + auth.data[0];
			scheme = ike_scheme_of_id(CHUNK(auth.data + 1, auth.data[0]));
			ASSERT_NE(NULL, scheme);
			EXPECT_EQ(signatures[i].kind, scheme->kind);
			EXPECT_EQ(signatures[i].hash, scheme->hash);
		}
		EXPECT_EQ(NULL, ike_auth_verify(self->c, *key, IKE_HASHES_ALL, auth.method,
						CHUNK(auth.data, auth.len), &s.octets));
		/* The hash that was used may not be. */
		EXPECT_NE(NULL, ike_auth_verify(self->c, *key,
						IKE_HASHES_ALL & ~(1U << signatures[i].hash),
						auth.method, CHUNK(auth.data, auth.len),
						&s.octets));
		for (size_t byte = 0; byte < auth.len; byte += byte < first ? 1 : 7) {
			auth.data[byte] ^= 4;
			EXPECT_NE(NULL, ike_auth_verify(self->c, *key, IKE_HASHES_ALL, auth.method,
							CHUNK(auth.data, auth.len), &s.octets));
			auth.data[byte] ^= 4;
		}
		for (size_t len = 0; len < auth.len; len += len < first ? 1 : 7) {
			uint8_t *part = malloc(len ? len : 1);

			memcpy(part, auth.data, len);
			EXPECT_NE(NULL, ike_auth_verify(self->c, *key, IKE_HASHES_ALL, auth.method,
							CHUNK(part, len), &s.octets));
			free(part);
		}
		for (unsigned int method = 0; method < 256; method++)
			EXPECT_EQ(method == auth.method,
				  !ike_auth_verify(self->c, *key, IKE_HASHES_ALL, (uint8_t)method,
						   CHUNK(auth.data, auth.len), &s.octets));
		s.nonce[3] ^= 1;
		EXPECT_STREQ(auth.method == IKE_AUTH_RSA ?
			     "the signature is wrong, or made with SHA-1" :
			     "the signature is wrong",
			     ike_auth_verify(self->c, *key, IKE_HASHES_ALL, auth.method,
					     CHUNK(auth.data, auth.len), &s.octets));
		s.nonce[3] ^= 1;
		other = signatures[i].key == RSA_4096 ? NULL : make_key(signatures[i].key);
		if (other)
			EXPECT_NE(NULL, ike_auth_verify(self->c, other, IKE_HASHES_ALL,
							auth.method, CHUNK(auth.data, auth.len),
							&s.octets));
		EVP_PKEY_free(other);
	}
	for (size_t i = 0; i < KEYS; i++)
		EVP_PKEY_free(keys[i]);
}

TEST_F(crypt, keys_that_are_refused)
{
	static const struct {
		int key;
		const char *error;
	} cases[] = {
		{ RSA_1024, "RSA key of fewer than 2048 bits" },
		{ EC_K1, "EC key of an unsupported curve" },
		{ X, "key of an unsupported type" },
	};
	struct signed_octets s;
	struct ike_auth auth;
	EVP_PKEY *key;

	make_octets(self->c, prf_of(IKE_PRF_HMAC_SHA2_256), &s);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		key = make_key(cases[i].key);
		EXPECT_STREQ(cases[i].error,
			     ike_auth_sign(self->c, key, SHA2, false, &s.octets, &auth));
		for (unsigned int method = 0; method < 16; method++)
			EXPECT_STREQ(cases[i].error,
				     ike_auth_verify(self->c, key, IKE_HASHES_ALL, (uint8_t)method,
						     CHUNK("12345678", 8), &s.octets));
		EVP_PKEY_free(key);
	}
}

/* A peer that knows SHA-1 only, one that does not know RFC 8420, one of before RFC 7427. */
TEST_F(crypt, peers_that_know_too_little)
{
	EVP_PKEY *ed = make_key(ED25519), *ec = make_key(EC_256), *pss = make_key(RSA_PSS);
	struct signed_octets s;
	struct ike_auth auth;

	make_octets(self->c, prf_of(IKE_PRF_HMAC_SHA2_256), &s);
	EXPECT_STREQ("the peer knows no hash that this key may sign with",
		     ike_auth_sign(self->c, ec, 1 << IKE_HASH_SHA1, false, &s.octets, &auth));
	EXPECT_STREQ("the peer knows no hash that this key may sign with",
		     ike_auth_sign(self->c, ed, SHA2, false, &s.octets, &auth));
	EXPECT_STREQ("the peer does not know RFC 7427, which this key needs",
		     ike_auth_sign(self->c, ed, 0, false, &s.octets, &auth));
	EXPECT_STREQ("the peer does not know RFC 7427, which this key needs",
		     ike_auth_sign(self->c, pss, 0, false, &s.octets, &auth));
	EVP_PKEY_free(ed);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(pss);
}

/* What libcrypto signs by itself, with the AlgorithmIdentifier before it. */
static void sign_raw(EVP_PKEY *key, const EVP_MD *md, int padding, int salt, const char *der,
		     const struct ike_auth_octets *o, struct ike_auth *auth)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx;
	size_t len = 0;
	uint8_t *alg = unhex(der, &len);

	auth->data[0] = (uint8_t)len;
	memcpy(auth->data + 1, alg, len);
	free(alg);
	auth->len = sizeof(auth->data) - 1 - len;
	EVP_DigestSignInit(ctx, &pctx, md, NULL, key);
	if (padding)
		EVP_PKEY_CTX_set_rsa_padding(pctx, padding);
	if (salt)
		EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, salt);
	EVP_DigestSignUpdate(ctx, o->message.data, o->message.len);
	EVP_DigestSignUpdate(ctx, o->nonce.data, o->nonce.len);
	EVP_DigestSignUpdate(ctx, o->id, o->id_len);
	if (EVP_DigestSignFinal(ctx, auth->data + 1 + len, &auth->len) != 1)
		abort();
	auth->len += 1 + len;
	EVP_MD_CTX_free(ctx);
}

TEST_F(crypt, signatures_of_others)
{
	EVP_PKEY *rsa = make_key(RSA_2048), *ec = make_key(EC_384);
	struct signed_octets s;
	struct ike_auth auth;
	struct ike_chunk data;

	make_octets(self->c, prf_of(IKE_PRF_HMAC_SHA2_256), &s);
	sign_raw(rsa, EVP_sha384(), RSA_PKCS1_PSS_PADDING, 48, ids[7].id, &s.octets, &auth);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, rsa, SHA2, 14, CHUNK(auth.data, auth.len),
					&s.octets));
	/* A salt of another length than is said. */
	sign_raw(rsa, EVP_sha384(), RSA_PKCS1_PSS_PADDING, 32, ids[7].id, &s.octets, &auth);
	EXPECT_STREQ("the signature is wrong",
		     ike_auth_verify(self->c, rsa, SHA2, 14, CHUNK(auth.data, auth.len),
				     &s.octets));
	sign_raw(rsa, EVP_sha512(), RSA_PKCS1_PADDING, 0, ids[2].id, &s.octets, &auth);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, rsa, SHA2, 14, CHUNK(auth.data, auth.len),
					&s.octets));
	EXPECT_STREQ("signature algorithm does not fit the key",
		     ike_auth_verify(self->c, ec, SHA2, 14, CHUNK(auth.data, auth.len), &s.octets));
	/* The same bare is method 1. */
	data = CHUNK(auth.data + 16, auth.len - 16);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, rsa, SHA2, 1, data, &s.octets));
	sign_raw(ec, EVP_sha256(), 0, 0, ids[3].id, &s.octets, &auth);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, ec, SHA2, 14, CHUNK(auth.data, auth.len),
					&s.octets));
	EXPECT_STREQ("signature with a hash that is not allowed",
		     ike_auth_verify(self->c, ec, 1 << IKE_HASH_SHA2_384, 14,
				     CHUNK(auth.data, auth.len), &s.octets));

	/* SHA-1, which is good and refused all the same. */
	sign_raw(rsa, EVP_sha1(), RSA_PKCS1_PADDING, 0, "300d06092a864886f70d0101050500",
		 &s.octets, &auth);
	EXPECT_STREQ("signature algorithm not supported",
		     ike_auth_verify(self->c, rsa, ~0U, 14, CHUNK(auth.data, auth.len), &s.octets));
	data = CHUNK(auth.data + 16, auth.len - 16);
	EXPECT_STREQ("the signature is wrong, or made with SHA-1",
		     ike_auth_verify(self->c, rsa, ~0U, 1, data, &s.octets));
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
}

/* RFC 4754 section 8.1 and RFC 8032 section 7.1, test 2 */
TEST_F(crypt, signatures_as_published)
{
	struct ike_auth_octets abc = { .message = CHUNK("abc", 3) };
	struct ike_auth_octets r = { .message = CHUNK("r", 1) };
	uint8_t *bytes, *sig;
	EVP_PKEY *key = NULL;
	size_t len;

	bytes = unhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"
		      "2442a5cc0ecd015fa3ca31dc8e2bbc70bf42d60cbca20085e0822cb04235e970"
		      "6fc98bd7e50211a4a27102fa3549df79ebcb4bf246b80945cddfe7d509bbfd7d", &len);
	key = d2i_PUBKEY(NULL, &(const unsigned char *){ bytes }, (long)len);
	ASSERT_NE(NULL, key);
	sig = unhex("cb28e0999b9c7715fd0a80d8e47a77079716cbbf917dd72e97566ea1c066957c"
		    "86fa3bb4e26cad5bf90b7f81899256ce7594bb1ea0c89212748bff3b3d5b0315", &len);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, key, SHA2, IKE_AUTH_ECDSA_256, CHUNK(sig, len),
					&abc));
	EXPECT_STREQ("the signature is wrong",
		     ike_auth_verify(self->c, key, SHA2, IKE_AUTH_ECDSA_256, CHUNK(sig, len), &r));
	EVP_PKEY_free(key);
	free(bytes);
	free(sig);

	bytes = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", &len);
	key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, len);
	sig = unhex("07300506032b6570"
		    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00", &len);
	EXPECT_EQ(NULL, ike_auth_verify(self->c, key, IKE_HASHES_ALL, 14, CHUNK(sig, len), &r));
	EXPECT_STREQ("the signature is wrong",
		     ike_auth_verify(self->c, key, IKE_HASHES_ALL, 14, CHUNK(sig, len), &abc));
	EVP_PKEY_free(key);
	free(bytes);
	free(sig);
}

/* Numbers that begin with zeros are as long as others. */
TEST_F(crypt, numbers_of_ecdsa_are_padded)
{
	EVP_PKEY *key = make_key(EC_521);
	struct signed_octets s;
	struct ike_auth auth;

	make_octets(self->c, prf_of(IKE_PRF_HMAC_SHA2_256), &s);
	for (int i = 0; i < 16; i++) {
		/* Of 66 octets with 521 bits in them the first is 0 every other time. */
		ASSERT_EQ(NULL, ike_auth_sign(self->c, key, 0, false, &s.octets, &auth));
		EXPECT_EQ(132, auth.len);
		EXPECT_EQ(NULL, ike_auth_verify(self->c, key, SHA2, auth.method,
						CHUNK(auth.data, auth.len), &s.octets));
	}
	EVP_PKEY_free(key);
}

TEST_HARNESS_MAIN
