// SPDX-License-Identifier: GPL-2.0
/*
 * Keys of IKE: PRF, prf+, key derivation and Diffie-Hellman, by answers that are
 * in RFCs, or that Python computed from the formulas of RFC 7296, RFC 8784, RFC
 * 3526 (with primes made from pi) and of elliptic curves.
 *
 * lab: native
 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

#include "crypt_unit.h"

static const struct ike_alg *prf_of(uint16_t id)
{
	return ike_alg_find(IKE_TRANSFORM_PRF, id, 0);
}

/* RFC 4868 section 2.7.1, cases 1 and 2; RFC 2202 section 3, cases 1 and 2. */
TEST_F(crypt, prf_as_published)
{
	static const struct {
		uint16_t prf;
		const char *key, *data, *out;
	} cases[] = {
		{ IKE_PRF_HMAC_SHA2_256, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ IKE_PRF_HMAC_SHA2_384, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
		  "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
		  "faea9ea9076ede7f4af152e8b2fa9cb6" },
		{ IKE_PRF_HMAC_SHA2_512, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
		  "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		  "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
		{ IKE_PRF_HMAC_SHA2_256, "4a656665", "what do ya want for nothing?",
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ IKE_PRF_HMAC_SHA1, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
		  "b617318655057264e28bc0b6fb378c8ef146be00" },
		{ IKE_PRF_HMAC_SHA1, "4a656665", "what do ya want for nothing?",
		  "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct ike_alg *prf = prf_of(cases[i].prf);
		size_t key_len, half = strlen(cases[i].data) / 2;
		uint8_t *key = unhex(cases[i].key, &key_len);
		/* In parts, one of them empty: they are one string. */
		const struct ike_chunk in[] = {
			CHUNK(cases[i].data, half), CHUNK(NULL, 0),
			CHUNK(cases[i].data + half, strlen(cases[i].data) - half),
		};
		uint8_t out[IKE_PRF_LEN_MAX];
		char text[2 * IKE_PRF_LEN_MAX + 1];

		EXPECT_TRUE(ike_prf(self->c, prf, CHUNK(key, key_len), in, 3, out));
		EXPECT_STREQ(cases[i].out, hex(text, out, prf->key_len));
		free(key);
	}
}

/* A second key may not leave anything of the first in what was fetched. */
TEST_F(crypt, prf_has_no_memory)
{
	const struct ike_alg *prf = prf_of(IKE_PRF_HMAC_SHA2_256);
	const struct ike_chunk in = CHUNK("data", 4);
	uint8_t a[32], b[32], other[32];

	EXPECT_TRUE(ike_prf(self->c, prf, CHUNK("key", 3), &in, 1, a));
	EXPECT_TRUE(ike_prf(self->c, prf, CHUNK("another", 7), &in, 1, other));
	EXPECT_TRUE(ike_prf(self->c, prf, CHUNK("key", 3), &in, 1, b));
	EXPECT_EQ(0, memcmp(a, b, sizeof(a)));
	EXPECT_NE(0, memcmp(a, other, sizeof(a)));
}

TEST_F(crypt, prf_needs_a_key)
{
	const struct ike_chunk in = CHUNK("data", 4);
	uint8_t out[32];

	memset(out, 1, sizeof(out));
	EXPECT_FALSE(ike_prf(self->c, prf_of(IKE_PRF_HMAC_SHA2_256), CHUNK(NULL, 0), &in, 1, out));
	EXPECT_TRUE(is_zero(out, sizeof(out)));
}

TEST_F(crypt, prf_plus)
{
	const struct ike_alg *sha1 = prf_of(IKE_PRF_HMAC_SHA1);
	const struct ike_alg *sha2 = prf_of(IKE_PRF_HMAC_SHA2_256);
	const struct ike_chunk seed[] = { CHUNK("se", 2), CHUNK("ed", 2) };
	static uint8_t out[255 * 32 + 1];
	char text[128];

	/* Ends within a round; and all the rounds that one octet can count. */
	EXPECT_TRUE(ike_prf_plus(self->c, sha1, CHUNK("key", 3), seed, 2, out, 50));
	EXPECT_STREQ("0a4dd4d286ae93c5e1d24f24f3756216b533dd67ad15d19c"
		     "ef25f483bcc5300fd5487404a2c5000664d807a67dba048c69ac", hex(text, out, 50));
	EXPECT_TRUE(ike_prf_plus(self->c, sha2, CHUNK("key", 3), seed, 2, out, 255 * 32));
	EXPECT_STREQ("45391ddaa546d923aa71a6772953bc3c8421b2c69eea3c14fe9873a9bc24b53c",
		     sha256(text, out, 255 * 32));
	EXPECT_FALSE(ike_prf_plus(self->c, sha2, CHUNK("key", 3), seed, 2, out, 255 * 32 + 1));
	EXPECT_TRUE(is_zero(out, sizeof(out)));
}

static const struct {
	uint16_t encr, bits, integ, prf;
	size_t len;
	const char *initial, *rekeyed, *ppk, *child, *child_dh;
} suites[] = {
	{ IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_256_128, IKE_PRF_HMAC_SHA2_256, 224,
	  "5b7d45697a588229722faadf133972b7fc6bd050c1d527c7d06fabb41bf357e6",
	  "59d2017563b2a40f0f67785bc6c56b31c3023667efa8c4222493580ee9ef39f8",
	  "4051f1edc500ad0318add892ceaec0ce16b2e2ce9daa9fb9bb616871c3c327f0",
	  "d47cc661af73e57168868300b70207b838f3f9896509a4966b5fd90a3238ad76",
	  "1ec01685334db142b4a67d00fbdc0811b0bede7e2e9597d46a4f2f5f86704c9c" },
	{ IKE_ENCR_AES_GCM_16, 256, 0, IKE_PRF_HMAC_SHA2_384, 216,
	  "e7cfb7b352876071539838843c1326c88ff50ada0488ff65be99baadfbf59d4b",
	  "14ea1cd800a099947bfab3dbd8ce5bc96bc6ccb14eb32bb2c6628b008b9e24f8",
	  "4cc21eb626cc7158a0fc00f6d25b940f58b3fa167a7ee92d3129aaf392aa6b0a",
	  "3ed99bebce5056bfb9211f2b4be4f3a665bd3c02d8f45e1c72d5d94fa7cff944",
	  "9ce33e59bc7e3973670f3ab16c6f2bd278c28e669ac7e70573bd927e7da98f6b" },
	{ IKE_ENCR_AES_CBC, 128, IKE_INTEG_HMAC_SHA2_512_256, IKE_PRF_HMAC_SHA2_512, 352,
	  "68ecb7a10a747c237899458913a78cc5ff37c010ca1f5eff8c6a61feddc102cf",
	  "a708c1b33c873ba93be24a19417232165c227c99f3434a7e46caa641a4726d8f",
	  "cfef04db5eda1be0079a59b02c070ff654b986a9cc48e7932682bf1d4480393c",
	  "a738dcabbffcc622aeb3330022451d7b6c2f374060e518adf3598682f363ff00",
	  "e37506a4d0129e01f224a4a2c502592f28f324a96f5709d8e2e69b4d4c1c8dd4" },
	{ IKE_ENCR_AES_CBC, 192, IKE_INTEG_HMAC_SHA1_96, IKE_PRF_HMAC_SHA1, 148,
	  "cad50586a7713ce3aa747edb9879a7f97b8d314016e20be81d9b402c46873522",
	  "57240927aa652b988043a7c40cae71e424a5e1f0864b932cb42dfe6109bb17f2",
	  "478530db00e7784597ae0255c9709ee7817ecafe917eff5369f032776e03f7cd",
	  "889f75c1f11e076492aee2fb8b228a777a364306f8bd2a04798e56bb35b202a0",
	  "a481aafb6e998bb9e405b6894eb673628e3e679267cd448fd6ce82c21439d40e" },
	{ IKE_ENCR_AES_GCM_16, 128, 0, IKE_PRF_HMAC_SHA2_256, 136,
	  "554b4e46f7e24543cae2e5c3fc908241db133bec0dadf453b5b6961fbfdf89f0",
	  "8721db1649ed6fd553811c30d696304a6d2c24f04f018290f27cf50ee1d21879",
	  "231b62e8df98e1bfe80fcc2b921fbbf40eb165a7fcfbfb5567477d225e7e918c",
	  "d47cc661af73e57168868300b70207b838f3f9896509a4966b5fd90a3238ad76",
	  "1ec01685334db142b4a67d00fbdc0811b0bede7e2e9597d46a4f2f5f86704c9c" },
};

struct inputs {
	uint8_t ni[32], nr[64], spi_i[8], spi_r[8], secret[256], old_d[32], ppk[32];
	struct ike_key_input x;
};

static void fill(struct inputs *in)
{
	count_up(in->ni, sizeof(in->ni), 0x10);
	count_up(in->nr, sizeof(in->nr), 0x60);
	count_up(in->spi_i, 8, 0xc0);
	count_up(in->spi_r, 8, 0xd0);
	for (size_t i = 0; i < sizeof(in->secret); i++)
		in->secret[i] = (uint8_t)(7 * i + 3);
	memset(in->old_d, 0x33, sizeof(in->old_d));
	memset(in->ppk, 0x5a, sizeof(in->ppk));
	in->x = (struct ike_key_input){
		.secret = CHUNK(in->secret, sizeof(in->secret)),
		.ni = CHUNK(in->ni, sizeof(in->ni)), .nr = CHUNK(in->nr, sizeof(in->nr)),
		.spi_i = in->spi_i, .spi_r = in->spi_r,
	};
}

static struct ike_suite suite(size_t i)
{
	return (struct ike_suite){
		.encr = ike_alg_find(IKE_TRANSFORM_ENCR, suites[i].encr, suites[i].bits),
		.integ = ike_alg_find(IKE_TRANSFORM_INTEG, suites[i].integ, 0),
		.prf = prf_of(suites[i].prf),
	};
}

static uint8_t *put(uint8_t *to, const uint8_t *from, size_t len)
{
	memcpy(to, from, len);
	return to + len;
}

/* In the order of RFC 7296 section 2.14. */
static const char *digest(char to[65], const struct ike_suite *s, const struct ike_keys *k,
			  size_t len)
{
	const size_t p = s->prf->key_len, e = s->encr->key_len, a = s->integ ? s->integ->key_len : 0;
	uint8_t all[512], *next = all;

	next = put(next, k->d, p);
	next = put(next, k->i.integ, a);
	next = put(next, k->r.integ, a);
	next = put(next, k->i.encr, e);
	next = put(next, k->r.encr, e);
	next = put(next, k->pi, p);
	next = put(next, k->pr, p);
	return (size_t)(next - all) == len ? sha256(to, all, len) : "another length";
}

TEST_F(crypt, keys_of_an_ike_sa)
{
	struct inputs in;
	char text[65];

	fill(&in);
	for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
		struct ike_suite s = suite(i);
		struct ike_keys keys;
		uint8_t three[3 * IKE_PRF_LEN_MAX], *end;

		EXPECT_TRUE(ike_keys_initial(self->c, &s, &in.x, &keys));
		EXPECT_STREQ(suites[i].initial, digest(text, &s, &keys, suites[i].len));
		EXPECT_TRUE(ike_keys_mix_ppk(self->c, s.prf, CHUNK(in.ppk, sizeof(in.ppk)), &keys));
		end = put(three, keys.d, s.prf->key_len);
		end = put(end, keys.pi, s.prf->key_len);
		end = put(end, keys.pr, s.prf->key_len);
		EXPECT_STREQ(suites[i].ppk, sha256(text, three, (size_t)(end - three)));
		EXPECT_TRUE(ike_keys_rekeyed(self->c, &s, prf_of(IKE_PRF_HMAC_SHA2_256), in.old_d,
					     &in.x, &keys));
		EXPECT_STREQ(suites[i].rekeyed, digest(text, &s, &keys, suites[i].len));
		ike_keys_wipe(&keys);
		EXPECT_TRUE(is_zero(&keys, sizeof(keys)));
	}
}

TEST_F(crypt, ppk_leaves_the_keys_of_messages_alone)
{
	struct ike_suite s = suite(0);
	struct ike_keys before, after;
	struct inputs in;

	fill(&in);
	EXPECT_TRUE(ike_keys_initial(self->c, &s, &in.x, &before));
	after = before;
	EXPECT_TRUE(ike_keys_mix_ppk(self->c, s.prf, CHUNK(in.ppk, sizeof(in.ppk)), &after));
	EXPECT_EQ(0, memcmp(&before.i, &after.i, sizeof(before.i)));
	EXPECT_EQ(0, memcmp(&before.r, &after.r, sizeof(before.r)));
	EXPECT_NE(0, memcmp(before.d, after.d, sizeof(before.d)));
	EXPECT_FALSE(ike_keys_mix_ppk(self->c, s.prf, CHUNK(in.ppk, 0), &after));
	EXPECT_TRUE(is_zero(after.d, sizeof(after.d)));
	EXPECT_TRUE(is_zero(after.pi, sizeof(after.pi)));
	EXPECT_TRUE(is_zero(after.pr, sizeof(after.pr)));
}

TEST_F(crypt, nonces_longer_than_they_may_be)
{
	static const uint8_t nonce[IKE_NONCE_MAX + 1];
	struct ike_suite s = suite(0);
	struct ike_keys keys;
	struct inputs in;

	fill(&in);
	in.x.ni = CHUNK(nonce, IKE_NONCE_MAX);
	in.x.nr = CHUNK(nonce, IKE_NONCE_MAX);
	EXPECT_TRUE(ike_keys_initial(self->c, &s, &in.x, &keys));
	in.x.nr = CHUNK(nonce, IKE_NONCE_MAX + 1);
	EXPECT_FALSE(ike_keys_initial(self->c, &s, &in.x, &keys));
	EXPECT_TRUE(is_zero(&keys, sizeof(keys)));
}

TEST_F(crypt, keys_of_a_child_sa)
{
	const struct ike_suite gcm = {
		.encr = ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_AES_GCM_16, 256),
	};
	const struct ike_suite cbc = {
		.encr = ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_AES_CBC, 128),
		.integ = ike_alg_find(IKE_TRANSFORM_INTEG, IKE_INTEG_HMAC_SHA2_256_128, 0),
	};
	struct inputs in;
	char text[65];

	for (size_t i = 0; i < ARRAY_SIZE(suites); i++) {
		struct ike_suite s = suite(i);
		struct ike_child_keys child;
		uint8_t all[256], *end;
		struct ike_keys keys;

		fill(&in);
		EXPECT_TRUE(ike_keys_initial(self->c, &s, &in.x, &keys));
		EXPECT_TRUE(ike_keys_child(self->c, s.prf, keys.d, &cbc, &in.x, &child));
		end = put(all, child.i.encr, 16);
		end = put(end, child.i.integ, 32);
		end = put(end, child.r.encr, 16);
		end = put(end, child.r.integ, 32);
		EXPECT_STREQ(suites[i].child_dh, sha256(text, all, (size_t)(end - all)));

		in.x.secret = CHUNK(NULL, 0);
		EXPECT_TRUE(ike_keys_child(self->c, s.prf, keys.d, &gcm, &in.x, &child));
		end = put(all, child.i.encr, 36);
		end = put(end, child.r.encr, 36);
		EXPECT_STREQ(suites[i].child, sha256(text, all, (size_t)(end - all)));
		ike_child_keys_wipe(&child);
		EXPECT_TRUE(is_zero(&child, sizeof(child)));
	}
}

/* Private keys 01 02 ... 28 and 81 82 ... a8 + @more, which makes a secret that begins with 0. */
static const struct {
	uint16_t group;
	unsigned int more;
	const char *ours, *theirs, *secret;
} modp[] = {
	{ 14, 729,
	  "3ae26e14ac54744ba175a8b2c76205eebfc4fdb8314c4c40ae2ea47b3c0e28a3",
	  "8939b3acba1971ff1010251104e9c090e3c2cbaae99a0bed9fd953d74fd45cda",
	  "b790fc1b888aa42875e30678a2158ffe30e7179bce694946d8275e1cc0f73122" },
	{ 15, 255,
	  "71cd9b27251732586c6a41ac0f0a75656b6a8230b1ec2452d3bca7a4da036034",
	  "5e8544ae0eb309a55236d001c0c92d990dff17c97909e000b8f63cea4773b03f",
	  "1440d9a4961ee02845e611b7acfd79b7775c6ce29b664e0a63d71d1a0a3f97d6" },
	{ 16, 114,
	  "fc916cbbbf2d65c638734f4328faf64611b7f43fc26016c21cb8024c5eeac22d",
	  "8526729f8aa63d5d1fd919c39a7054be36145e4b064f7a070fee4a1c28aa9841",
	  "d1c9c304e2a7fe3fb92962ff70a367071d1036fc8f4ecd7205f2d007756589a4" },
	{ 17, 789,
	  "c79aed77ca88bde65362fb328d6d13f3ea3b4326eea1670556ba701a97d3e7db",
	  "b185e50c96a8f3eed818dce104c4409a969479055a30435afbbb5ecc1b1d079c",
	  "783848ab5f3be840f2518b319303f370bc05d0a505313ea5582a8eb26bcbb346" },
	{ 18, 171,
	  "5ef5dc578cd147cba4a5fe00c93a39a9653c70d0d72e08662f2175054646a75b",
	  "8f4258b9a438ee110f643416d2adbd40ee422310fcbb37a424d4e2d4a5054e2e",
	  "84bfaf2515d343aaa05e536a6662f4a05540dcc49e09c3331bbeb2c488577b13" },
};

static BIGNUM *modp_prime(uint16_t group)
{
	switch (group) {
	case IKE_DH_MODP_2048: return BN_get_rfc3526_prime_2048(NULL);
	case IKE_DH_MODP_3072: return BN_get_rfc3526_prime_3072(NULL);
	case IKE_DH_MODP_4096: return BN_get_rfc3526_prime_4096(NULL);
	case IKE_DH_MODP_6144: return BN_get_rfc3526_prime_6144(NULL);
	default: return BN_get_rfc3526_prime_8192(NULL);
	}
}

static EVP_PKEY *key_of(const char *type, OSSL_PARAM_BLD *build)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	EVP_PKEY *key = NULL;

	EVP_PKEY_fromdata_init(ctx);
	EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

TEST_F(crypt, modp_as_computed)
{
	for (size_t i = 0; i < ARRAY_SIZE(modp); i++) {
		const struct ike_alg *group = ike_alg_find(IKE_TRANSFORM_DH, modp[i].group, 0);
		BIGNUM *p = modp_prime(modp[i].group), *two = BN_new(), *ours = BN_new();
		BIGNUM *theirs = BN_new(), *x, *y;
		OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
		struct ike_dh dh = { .group = group };
		BN_CTX *ctx = BN_CTX_new();
		static uint8_t value[IKE_DH_LEN_MAX];
		struct ike_secret secret;
		uint8_t bytes[40];
		char text[65];

		count_up(bytes, sizeof(bytes), 1);
		x = BN_bin2bn(bytes, sizeof(bytes), NULL);
		count_up(bytes, sizeof(bytes), 0x81);
		y = BN_bin2bn(bytes, sizeof(bytes), NULL);
		BN_add_word(y, modp[i].more);
		BN_set_word(two, 2);
		BN_mod_exp(ours, two, x, p, ctx);
		BN_mod_exp(theirs, two, y, p, ctx);
		ASSERT_EQ(group->value_len, BN_bn2binpad(ours, value, group->value_len));
		EXPECT_STREQ(modp[i].ours, sha256(text, value, group->value_len));
		ASSERT_EQ(group->value_len, BN_bn2binpad(theirs, value, group->value_len));
		EXPECT_STREQ(modp[i].theirs, sha256(text, value, group->value_len));

		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
						group->openssl, 0);
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, x);
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PUB_KEY, ours);
		dh.key = key_of("DH", build);
		ASSERT_NE(NULL, dh.key);
		EXPECT_EQ(NULL, ike_dh_derive(&dh, CHUNK(value, group->value_len), &secret));
		EXPECT_EQ(group->secret_len, secret.len);
		EXPECT_EQ(0, secret.data[0]);
		EXPECT_STREQ(modp[i].secret, sha256(text, secret.data, secret.len));
		ike_secret_wipe(&secret);
		EXPECT_TRUE(is_zero(&secret, sizeof(secret)));

		EVP_PKEY_free(dh.key);
		BN_CTX_free(ctx);
		BN_free(p);
		BN_free(two);
		BN_free(x);
		BN_free(y);
		BN_free(ours);
		BN_free(theirs);
	}
}

/* Private key 01 02 ... 20; with the peer's value the secret begins with 0. */
static const struct {
	uint16_t group;
	const char *name, *ours, *theirs, *secret;
} ecp[] = {
	{ 19, "P-256",
	  "ca5f30154a8f7c61be95000c3842be20363b9ac6a7708c3a1e8239b42ba64335",
	  "13da0a86e0316bc1dafa3373b83f2907c2fc5d1e90b6d64e74cdab0473931672"
	  "e1cf7f86e4595550bb158d48a642a37268d4dbe7e00adfc2d2a1cef09f847b72",
	  "00ac3ec559769cb37564a9375040c120b5934e03f16a6b22294ab0d39c8e6b45" },
	{ 20, "P-384",
	  "db7fccc247cce37b3df15dd8cb1873cfc9ed72479befbce057d44760d07f025a",
	  "a1cfab503d2d39e05a6a432b95d244403bd05e708b2686b17180df4a1f2db9c4"
	  "5c7ec4a3b8ab826bb22f82774e137180ccef9229b6e5c365903de7d06ba31bdc"
	  "e7fb7b7ddb993448677b10a0403428ceebaf871d99f166b4b785a5b5240a9695",
	  "00fa757bb8c1c8baa2320bd7f707fcd506892bc8452d0924678636db20cdf9de"
	  "eb79d26c16f3cdbfee7bc888e0adb456" },
	{ 21, "P-521",
	  "37fd98cdf9e70aec69145ee3e3ef8834a8446c4b5da7898e5faec614420d5cc3",
	  "002db5d023d18df74c15a2b50adc34a824213dc0823502335fa2c4f3d6e049a2"
	  "1b734a2cf55db99e4d98fcd67a54981e946b353df6b015ef7c7e7aa8d90ed1d4"
	  "e7d501dbac32aca07729ad41912e75ca5cc2207191cfd121da0ad86c135397c5"
	  "f21fb5185e5f53c14df5f3501c156ece916bc9c2cf28dc9fb9f4bb5f4f924f42"
	  "a71dcc99",
	  "00008bcba1b6493ad5edbce4ae2e5d08d8d366c56f7aa84693ccf14e38d74e5f"
	  "7064456fb2e307a1c6baf79e327bb97ea0a685b80fff7022eac14f82bb1275f6"
	  "be78" },
};

static EVP_PKEY *ecp_key(const char *name, const uint8_t *private, size_t len, uint8_t *value,
			 size_t value_len)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(EC_curve_nist2nid(name));
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *d = BN_bin2bn(private, (int)len, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	uint8_t *public = malloc(1 + value_len);
	EVP_PKEY *key;

	EC_POINT_mul(group, point, d, NULL, NULL, NULL);
	EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, public, 1 + value_len,
			   NULL);
	memcpy(value, public + 1, value_len);
	OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, name, 0);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d);
	OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public, 1 + value_len);
	key = key_of("EC", build);
	free(public);
	BN_free(d);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return key;
}

TEST_F(crypt, ecp_as_computed)
{
	for (size_t i = 0; i < ARRAY_SIZE(ecp); i++) {
		const struct ike_alg *group = ike_alg_find(IKE_TRANSFORM_DH, ecp[i].group, 0);
		struct ike_dh dh = { .group = group };
		struct ike_secret secret;
		uint8_t private[32], *theirs;
		char text[2 * 66 + 1];
		size_t len;

		count_up(private, sizeof(private), 1);
		theirs = unhex(ecp[i].theirs, &len);
		ASSERT_EQ(group->value_len, len);
		dh.key = ecp_key(ecp[i].name, private, sizeof(private), dh.value, len);
		ASSERT_NE(NULL, dh.key);
		EXPECT_STREQ(ecp[i].ours, sha256(text, dh.value, len));
		EXPECT_EQ(NULL, ike_dh_derive(&dh, CHUNK(theirs, len), &secret));
		EXPECT_STREQ(ecp[i].secret, hex(text, secret.data, secret.len));
		EVP_PKEY_free(dh.key);
		free(theirs);
	}
}

/* RFC 5903 section 8.1 */
TEST_F(crypt, ecp_as_published)
{
	struct ike_dh dh = { .group = ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_ECP_256, 0) };
	struct ike_secret secret;
	uint8_t *private, *theirs;
	char text[129];
	size_t len;

	private = unhex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433", &len);
	dh.key = ecp_key("P-256", private, len, dh.value, 64);
	EXPECT_STREQ("dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"
		     "5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3",
		     hex(text, dh.value, 64));
	theirs = unhex("d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"
		       "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab", &len);
	EXPECT_EQ(NULL, ike_dh_derive(&dh, CHUNK(theirs, len), &secret));
	EXPECT_STREQ("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de",
		     hex(text, secret.data, secret.len));
	EVP_PKEY_free(dh.key);
	free(private);
	free(theirs);
}

/* RFC 8031 appendix A */
TEST_F(crypt, x25519_as_published)
{
	struct ike_dh dh = { .group = ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_X25519, 0) };
	struct ike_secret secret;
	uint8_t *private, *theirs;
	char text[65];
	size_t len;

	private = unhex("701fb4308655b476b6789b7325f9ea8cddd16a58533ff6d9e60009464a5f9d54", &len);
	theirs = unhex("0be7c1f5aad87d7e448662673298a443478b859745179eaf564c79c0ef6eee25", &len);
	dh.key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private, len);
	ASSERT_NE(NULL, dh.key);
	EXPECT_EQ(NULL, ike_dh_derive(&dh, CHUNK(theirs, len), &secret));
	EXPECT_STREQ("c74950607a12327f3204d94b6825bfb068b7f8319a9e3708ed3d43ce8130c950",
		     hex(text, secret.data, secret.len));
	EVP_PKEY_free(dh.key);
	free(private);
	free(theirs);
}

TEST_F(crypt, both_ends_have_the_same_secret)
{
	for (const struct ike_alg *a = ike_alg_next(NULL); a; a = ike_alg_next(a)) {
		struct ike_secret one, other;
		struct ike_dh *i, *r, *again;

		if (a->type != IKE_TRANSFORM_DH)
			continue;
		i = ike_dh_new(a);
		r = ike_dh_new(a);
		again = ike_dh_new(a);
		ASSERT_NE(NULL, i);
		ASSERT_NE(NULL, r);
		ASSERT_NE(NULL, again);
		EXPECT_EQ(NULL, ike_dh_derive(i, CHUNK(r->value, a->value_len), &one));
		EXPECT_EQ(NULL, ike_dh_derive(r, CHUNK(i->value, a->value_len), &other));
		EXPECT_EQ(a->secret_len, one.len);
		EXPECT_EQ(0, memcmp(&one, &other, sizeof(one)));
		EXPECT_EQ(NULL, ike_dh_derive(again, CHUNK(i->value, a->value_len), &other));
		EXPECT_NE(0, memcmp(&one, &other, sizeof(one)));
		ike_dh_free(i);
		ike_dh_free(r);
		ike_dh_free(again);
	}
}

/* The exponent is as long as RFC 3526 wants it, not as the modulus. */
TEST_F(crypt, modp_exponents_are_short)
{
	struct ike_dh *dh = ike_dh_new(ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_MODP_4096, 0));
	BIGNUM *x = NULL;

	ASSERT_NE(NULL, dh);
	ASSERT_EQ(1, EVP_PKEY_get_bn_param(dh->key, OSSL_PKEY_PARAM_PRIV_KEY, &x));
	EXPECT_LE(BN_num_bits(x), 480);
	EXPECT_GT(BN_num_bits(x), 400);
	BN_clear_free(x);
	ike_dh_free(dh);
}

TEST_F(crypt, values_of_the_wrong_length)
{
	static const uint8_t long_one[IKE_DH_LEN_MAX + 1] = { 2 };

	for (const struct ike_alg *a = ike_alg_next(NULL); a; a = ike_alg_next(a)) {
		const size_t lens[] = { 0, 1, a->value_len - 1, a->value_len + 1 };
		struct ike_secret secret;
		struct ike_dh *dh;

		if (a->type != IKE_TRANSFORM_DH)
			continue;
		dh = ike_dh_new(a);
		ASSERT_NE(NULL, dh);
		for (size_t i = 0; i < ARRAY_SIZE(lens); i++) {
			EXPECT_STREQ("public value of the wrong length",
				     ike_dh_derive(dh, CHUNK(long_one, lens[i]), &secret));
			EXPECT_EQ(0, secret.len);
		}
		ike_dh_free(dh);
	}
}

static const char *error_of(const struct ike_dh *dh, const uint8_t *value,
			    struct ike_secret *secret)
{
	const char *error = ike_dh_derive(dh, CHUNK(value, dh->group->value_len), secret);

	return error ? error : "none";
}

/* RFC 6989 section 2.1: 0, 1, p - 1, p, p + 1 and more; 2 and p - 2 are good. */
TEST_F(crypt, modp_values_out_of_range)
{
	for (size_t i = 0; i < ARRAY_SIZE(modp); i++) {
		const struct ike_alg *a = ike_alg_find(IKE_TRANSFORM_DH, modp[i].group, 0);
		static uint8_t value[IKE_DH_LEN_MAX];
		struct ike_dh *dh = ike_dh_new(a);
		struct ike_secret secret;
		BIGNUM *p = modp_prime(modp[i].group);

		ASSERT_NE(NULL, dh);
		for (int offset = -2; offset <= 2; offset++) {
			BIGNUM *n = BN_dup(p);

			if (offset < 0)
				BN_sub_word(n, (BN_ULONG)-offset);
			else
				BN_add_word(n, (BN_ULONG)offset);
			BN_bn2binpad(n, value, a->value_len);
			BN_free(n);
			EXPECT_STREQ(offset == -2 ? "none" : "public value out of range",
				     error_of(dh, value, &secret));
			EXPECT_EQ(offset != -2, is_zero(&secret, sizeof(secret)));
		}
		memset(value, 0, sizeof(value));
		for (uint8_t n = 0; n <= 2; n++) {
			value[a->value_len - 1] = n;
			EXPECT_STREQ(n == 2 ? "none" : "public value out of range",
				     error_of(dh, value, &secret));
		}
		memset(value, 0xff, sizeof(value));
		EXPECT_STREQ("public value out of range",
			     ike_dh_derive(dh, CHUNK(value, a->value_len), &secret));
		BN_free(p);
		ike_dh_free(dh);
	}
}

TEST_F(crypt, ecp_values_off_the_curve)
{
	for (size_t i = 0; i < ARRAY_SIZE(ecp); i++) {
		const struct ike_alg *a = ike_alg_find(IKE_TRANSFORM_DH, ecp[i].group, 0);
		struct ike_dh *dh = ike_dh_new(a);
		struct ike_secret secret;
		uint8_t *value;
		size_t len;

		ASSERT_NE(NULL, dh);
		value = unhex(ecp[i].theirs, &len);
		for (size_t byte = 0; byte < len; byte++) {
			value[byte] ^= 1;
			EXPECT_STREQ("public value is not a point of the curve",
				     ike_dh_derive(dh, CHUNK(value, len), &secret));
			EXPECT_EQ(0, secret.len);
			value[byte] ^= 1;
		}
		EXPECT_EQ(NULL, ike_dh_derive(dh, CHUNK(value, len), &secret));
		memset(value, 0, len);
		EXPECT_NE(NULL, ike_dh_derive(dh, CHUNK(value, len), &secret));
		memset(value, 0xff, len);
		EXPECT_NE(NULL, ike_dh_derive(dh, CHUNK(value, len), &secret));
		free(value);
		ike_dh_free(dh);
	}
}

/* The points of order 1, 2, 4 and 8, and other writings of them. */
TEST_F(crypt, x25519_values_of_small_order)
{
	static const char *const values[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	struct ike_dh *dh = ike_dh_new(ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_X25519, 0));

	ASSERT_NE(NULL, dh);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct ike_secret secret;
		uint8_t *value;
		size_t len;

		value = unhex(values[i], &len);
		EXPECT_STREQ("public value of small order",
			     ike_dh_derive(dh, CHUNK(value, len), &secret));
		EXPECT_TRUE(is_zero(&secret, sizeof(secret)));
		free(value);
	}
	ike_dh_free(dh);
}

TEST_HARNESS_MAIN
