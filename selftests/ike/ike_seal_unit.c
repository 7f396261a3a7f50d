// SPDX-License-Identifier: GPL-2.0
/*
 * Messages with an encrypted payload: the one of RFC 7634 appendix B, and the same
 * with other algorithms as Python computed it; every length, every flipped bit.
 *
 * lab: native
 */
#include "crypt_unit.h"

/* Of the IKE header and the header of the encrypted payload. */
#define BODY	32

/* A Notify payload, SET_WINDOW_SIZE. */
static const uint8_t notify[12] = { 0, 0, 0, 12, 0, 0, 0x40, 1, 0, 0, 0, 10 };

struct message {
	uint16_t encr, bits, integ;
	const char *hex;
};

/* Salt and key count from 0x80 and 0xa0 on, the IV from 0x10. */
static const struct message aead[] = {
	{ IKE_ENCR_CHACHA20_POLY1305, 0, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"
	  "1011121314151617610394701f8d017f7c129248896b71bfe25236efd7cdc670"
	  "66906315b2" },
	{ IKE_ENCR_AES_GCM_16, 128, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"
	  "10111213141516179146c4ffacb89c2bc9f175a7fa300a7cc3736a7d6febaa1c"
	  "de9ff2970d" },
	{ IKE_ENCR_AES_GCM_12, 128, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004129000025"
	  "10111213141516179146c4ffacb89c2bc9f175a7fa58cd133297416bd1d4c3cf"
	  "e2" },
	{ IKE_ENCR_AES_GCM_8, 128, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000003d29000021"
	  "10111213141516179146c4ffacb89c2bc9f175a7fa8349f272543398c9" },
	{ IKE_ENCR_AES_GCM_16, 192, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"
	  "1011121314151617d5494373b78235a26210ae6e03b1114922ac43ca8547a2f5"
	  "fc2b3eee34" },
	{ IKE_ENCR_AES_GCM_12, 192, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004129000025"
	  "1011121314151617d5494373b78235a26210ae6e0315d4bed07fb875fbb17cbb"
	  "c2" },
	{ IKE_ENCR_AES_GCM_8, 192, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000003d29000021"
	  "1011121314151617d5494373b78235a26210ae6e036b5902ec776f762d" },
	{ IKE_ENCR_AES_GCM_16, 256, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029"
	  "10111213141516179440c4dcb893200cfb55f6fdcc30045d78376cd938f8f24d"
	  "89b4ab48f2" },
	{ IKE_ENCR_AES_GCM_12, 256, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004129000025"
	  "10111213141516179440c4dcb893200cfb55f6fdccb36388f75150c5e441e898"
	  "da" },
	{ IKE_ENCR_AES_GCM_8, 256, 0,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000003d29000021"
	  "10111213141516179440c4dcb893200cfb55f6fdcc0cc6958f024d4ada" },
};

/* The first of each two has the least padding, the other one 16 octets more. */
static const struct message cbc[] = {
	{ IKE_ENCR_AES_CBC, 128, IKE_INTEG_HMAC_SHA2_256_128,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000005029000034"
	  "101112131415161718191a1b1c1d1e1f838892d1342bcb1060d986ea4aaa7d48"
	  "67cf4d8ed5fb4bb2e06eaca3b13c948b" },
	{ IKE_ENCR_AES_CBC, 128, IKE_INTEG_HMAC_SHA2_256_128,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000006029000044"
	  "101112131415161718191a1b1c1d1e1f13d7e37e9302a2c00c61f9003e2b6998"
	  "b116eca16ee0ebd0cc32ecb3d6de3a1afee0bfb8594400b7bdbd4edb12906b3b" },
	{ IKE_ENCR_AES_CBC, 192, IKE_INTEG_HMAC_SHA1_96,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004c29000030"
	  "101112131415161718191a1b1c1d1e1fc6cc3c685d22ea8a911736f0961cdafb"
	  "33b8f89360db87614df3fad9" },
	{ IKE_ENCR_AES_CBC, 192, IKE_INTEG_HMAC_SHA1_96,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000005c29000040"
	  "101112131415161718191a1b1c1d1e1faa2aee2916127a02e95d9fe1c63b04d0"
	  "2aa5ac0b563abeef772f11d8a0e4e7b51838bd06ead46c034fcfdbd0" },
	{ IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_384_192,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e20250000000009000000582900003c"
	  "101112131415161718191a1b1c1d1e1fff358910c4ce1f6d32de005f7783314e"
	  "41ae81e8691cb05cf922d6705648613b46d3ddaa8378d595" },
	{ IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_384_192,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e20250000000009000000682900004c"
	  "101112131415161718191a1b1c1d1e1f0197836808cf479641682f1f1642ce7d"
	  "343782d3361759c00373b7e9b003bffa43d9db7b723024b8a006fc9738453263"
	  "35a56aabf5fd2c20" },
	{ IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_512_256,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000006029000044"
	  "101112131415161718191a1b1c1d1e1fff358910c4ce1f6d32de005f7783314e"
	  "2b77f1352d5e036e81c4253c6a70c91bb7e80f2d656525fa8a2c5c65536bd5b9" },
	{ IKE_ENCR_AES_CBC, 256, IKE_INTEG_HMAC_SHA2_512_256,
	  "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000007029000054"
	  "101112131415161718191a1b1c1d1e1f0197836808cf479641682f1f1642ce7d"
	  "343782d3361759c00373b7e9b003bffadec2d5fc5bf80f9469d0f94282ed13d7"
	  "b8e9f15ff1033dc910af2fe426a3ae70" },
};

static struct ike_suite suite(const struct message *m)
{
	return (struct ike_suite){
		.encr = ike_alg_find(IKE_TRANSFORM_ENCR, m->encr, m->bits),
		.integ = ike_alg_find(IKE_TRANSFORM_INTEG, m->integ, 0),
	};
}

static void set_keys(struct ike_sa_keys *k, const struct ike_suite *s)
{
	const size_t salt = s->encr->salt_len, len = s->encr->key_len;

	memset(k, 0, sizeof(*k));
	count_up(k->encr, len - salt, 0x80);
	count_up(k->encr + len - salt, salt, 0xa0);
	if (s->integ)
		count_up(k->integ, s->integ->key_len, 0x40);
}

TEST_F(crypt, aead_as_published)
{
	for (size_t i = 0; i < ARRAY_SIZE(aead); i++) {
		struct ike_suite s = suite(&aead[i]);
		struct ike_sa_keys keys;
		struct ike_chunk plain;
		uint8_t *wanted, *msg;
		size_t len;

		ASSERT_NE(NULL, s.encr);
		set_keys(&keys, &s);
		wanted = unhex(aead[i].hex, &len);
		msg = malloc(len);
		memcpy(msg, wanted, BODY);
		memcpy(msg + BODY + 8, notify, sizeof(notify));
		EXPECT_EQ(len, BODY + ike_seal_len(&s, sizeof(notify)));
		EXPECT_TRUE(ike_seal(self->c, &s, &keys, 0x1011121314151617, msg, BODY,
				     sizeof(notify)));
		EXPECT_EQ(0, memcmp(wanted, msg, len));
		EXPECT_EQ(IKE_OPEN_OK, ike_open(self->c, &s, &keys, msg, len, BODY, &plain));
		EXPECT_EQ(sizeof(notify), plain.len);
		EXPECT_EQ(0, memcmp(notify, plain.data, sizeof(notify)));
		free(wanted);
		free(msg);
	}
}

TEST_F(crypt, cbc_as_computed)
{
	for (size_t i = 0; i < ARRAY_SIZE(cbc); i++) {
		struct ike_suite s = suite(&cbc[i]);
		struct ike_sa_keys keys;
		struct ike_chunk plain;
		uint8_t *msg;
		size_t len;

		set_keys(&keys, &s);
		msg = unhex(cbc[i].hex, &len);
		EXPECT_EQ(IKE_OPEN_OK, ike_open(self->c, &s, &keys, msg, len, BODY, &plain));
		ASSERT_EQ(sizeof(notify), plain.len);
		EXPECT_EQ(0, memcmp(notify, plain.data, sizeof(notify)));
		free(msg);
	}
}

static const struct message *kinds(size_t i)
{
	return i < ARRAY_SIZE(aead) ? &aead[i] : &cbc[i - ARRAY_SIZE(aead)];
}

#define KINDS	(ARRAY_SIZE(aead) + ARRAY_SIZE(cbc))

/* Also behind a longer header, as that of a fragment is (RFC 7383). */
TEST_F(crypt, every_length_there_and_back)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));
		struct ike_sa_keys keys;

		set_keys(&keys, &s);
		for (size_t n = 0; n < 300; n = n < 80 ? n + 1 : n + 37) {
			const size_t body = BODY + 4 * (n & 1), len = body + ike_seal_len(&s, n);
			uint8_t *msg = malloc(len), *text = malloc(n + 1);
			struct ike_chunk plain;

			count_up(msg, len, 3);
			memcpy(text, msg + body + s.encr->iv_len, n);
			EXPECT_TRUE(ike_seal(self->c, &s, &keys, n, msg, body, n));
			if (n > 8)
				EXPECT_NE(0, memcmp(text, msg + body + s.encr->iv_len, n));
			EXPECT_EQ(IKE_OPEN_OK,
				  ike_open(self->c, &s, &keys, msg, len, body, &plain));
			EXPECT_EQ(n, plain.len);
			EXPECT_EQ(0, memcmp(text, plain.data, n));
			free(msg);
			free(text);
		}
	}
}

TEST_F(crypt, every_flipped_bit_is_refused)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));
		struct ike_sa_keys keys;
		struct ike_chunk plain;
		uint8_t *good, *msg;
		size_t len;

		set_keys(&keys, &s);
		good = unhex(kinds(i)->hex, &len);
		msg = malloc(len);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			memcpy(msg, good, len);
			msg[bit / 8] ^= (uint8_t)(1 << bit % 8);
			EXPECT_EQ(IKE_OPEN_INTEGRITY,
				  ike_open(self->c, &s, &keys, msg, len, BODY, &plain));
			EXPECT_EQ(NULL, plain.data);
			EXPECT_TRUE(is_zero(msg + BODY + s.encr->iv_len,
					    len - BODY - ike_seal_len(&s, 0) + 1));
		}
		free(good);
		free(msg);
	}
}

TEST_F(crypt, every_shorter_message_is_refused)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));
		struct ike_sa_keys keys;
		struct ike_chunk plain;
		uint8_t *good;
		size_t len;

		set_keys(&keys, &s);
		good = unhex(kinds(i)->hex, &len);
		for (size_t n = 0; n < len; n++) {
			uint8_t *msg = malloc(n ? n : 1);
			enum ike_open_error error;

			memcpy(msg, good, n);
			error = ike_open(self->c, &s, &keys, msg, n, BODY, &plain);
			EXPECT_EQ(n < BODY + ike_seal_len(&s, 0) ? IKE_OPEN_LENGTH :
								   IKE_OPEN_INTEGRITY, error);
			free(msg);
		}
		free(good);
	}
}

TEST_F(crypt, keys_of_the_other_direction_are_refused)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));
		const size_t n = s.encr->key_len + (s.integ ? s.integ->key_len : 0);

		/* One octet of a key or salt that differs is enough. */
		for (size_t byte = 0; byte < n; byte++) {
			struct ike_sa_keys keys;
			struct ike_chunk plain;
			enum ike_open_error error;
			uint8_t *msg;
			size_t len;

			set_keys(&keys, &s);
			if (byte < s.encr->key_len)
				keys.encr[byte] ^= 0x80;
			else
				keys.integ[byte - s.encr->key_len] ^= 0x80;
			msg = unhex(kinds(i)->hex, &len);
			error = ike_open(self->c, &s, &keys, msg, len, BODY, &plain);
			/* CBC's checksum is by a key of its own. */
			if (s.encr->aead || byte >= s.encr->key_len) {
				EXPECT_EQ(IKE_OPEN_INTEGRITY, error);
			} else if (error == IKE_OPEN_OK) {
				EXPECT_FALSE(plain.len == sizeof(notify) &&
					     !memcmp(notify, plain.data, sizeof(notify)));
			}
			free(msg);
		}
	}
}

/* Plaintext that ike_seal() would not make: it is there with the pad length that we want. */
static uint8_t *seal_raw(struct ike_crypt *c, const struct ike_suite *s,
			 const struct ike_sa_keys *keys, const uint8_t *text, size_t len,
			 size_t *msg_len)
{
	uint8_t *msg = calloc(1, BODY + s->encr->iv_len + len + IKE_ICV_MAX);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[16], sum[IKE_PRF_LEN_MAX];
	const size_t at = BODY + s->encr->iv_len;
	int n;

	count_up(msg + BODY, s->encr->iv_len, 0x10);
	memcpy(nonce, keys->encr + s->encr->key_len - s->encr->salt_len, s->encr->salt_len);
	memcpy(nonce + s->encr->salt_len, msg + BODY, s->encr->iv_len);
	EVP_EncryptInit_ex(ctx, EVP_get_cipherbyname(s->encr->openssl), NULL, keys->encr, nonce);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	if (s->encr->aead)
		EVP_EncryptUpdate(ctx, NULL, &n, msg, BODY);
	EVP_EncryptUpdate(ctx, msg + at, &n, text, (int)len);
	EVP_EncryptFinal_ex(ctx, msg + at + n, &n);
	if (s->encr->aead) {
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, s->encr->icv_len, msg + at + len);
		*msg_len = at + len + s->encr->icv_len;
	} else {
		ike_prf(c, s->integ, CHUNK(keys->integ, s->integ->key_len), &CHUNK(msg, at + len),
			1, sum);
		memcpy(msg + at + len, sum, s->integ->icv_len);
		*msg_len = at + len + s->integ->icv_len;
	}
	EVP_CIPHER_CTX_free(ctx);
	return msg;
}

/* Any length of padding is accepted that fits; more of it than there is text is not. */
TEST_F(crypt, padding)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));
		struct ike_sa_keys keys;

		set_keys(&keys, &s);
		for (size_t len = 16; len <= 256; len += 48) {
			for (unsigned int pad = 0; pad < 256; pad++) {
				uint8_t text[256], *msg;
				struct ike_chunk plain;
				enum ike_open_error error;
				size_t n;

				memset(text, 0xaa, sizeof(text));
				text[len - 1] = (uint8_t)pad;
				msg = seal_raw(self->c, &s, &keys, text, len, &n);
				error = ike_open(self->c, &s, &keys, msg, n, BODY, &plain);
				EXPECT_EQ(pad < len ? IKE_OPEN_OK : IKE_OPEN_PADDING, error);
				EXPECT_EQ(pad < len ? len - 1 - pad : 0, plain.len);
				free(msg);
			}
		}
	}
}

/* Authentic, but not whole blocks. */
TEST_F(crypt, cbc_of_a_part_of_a_block)
{
	struct ike_suite s = suite(&cbc[0]);
	struct ike_sa_keys keys;
	uint8_t sum[32];

	set_keys(&keys, &s);
	for (size_t len = 16; len <= 48; len++) {
		const size_t at = BODY + 16;
		uint8_t *msg = calloc(1, at + len + 16);
		struct ike_chunk plain;
		enum ike_open_error error;

		ike_prf(self->c, s.integ, CHUNK(keys.integ, 32), &CHUNK(msg, at + len), 1, sum);
		memcpy(msg + at + len, sum, 16);
		error = ike_open(self->c, &s, &keys, msg, at + len + 16, BODY, &plain);
		EXPECT_EQ(len % 16 != 0, error == IKE_OPEN_LENGTH);
		free(msg);
	}
}

/* That of CBC is never the same, that of the others is what the caller counted. */
TEST_F(crypt, initialization_vectors)
{
	struct ike_suite s = suite(&cbc[0]);
	uint8_t one[BODY + 64] = {}, other[BODY + 64] = {};
	struct ike_sa_keys keys;

	set_keys(&keys, &s);
	EXPECT_TRUE(ike_seal(self->c, &s, &keys, 7, one, BODY, 10));
	EXPECT_TRUE(ike_seal(self->c, &s, &keys, 7, other, BODY, 10));
	EXPECT_NE(0, memcmp(one + BODY, other + BODY, 16));

	s = suite(&aead[0]);
	set_keys(&keys, &s);
	EXPECT_TRUE(ike_seal(self->c, &s, &keys, 0x8000000000000001, one, BODY, 10));
	EXPECT_EQ(0, memcmp(one + BODY, "\x80\0\0\0\0\0\0\1", 8));
}

TEST_F(crypt, room)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct ike_suite s = suite(kinds(i));

		for (size_t room = 0; room < 200; room++) {
			size_t len = ike_seal_room(&s, room);

			if (room >= ike_seal_len(&s, 0)) {
				EXPECT_LE(ike_seal_len(&s, len), room);
			} else {
				EXPECT_EQ(0, len);
			}
			EXPECT_GT(ike_seal_len(&s, len + 1), room);
		}
	}
}

TEST_F(crypt, longer_than_a_datagram)
{
	struct ike_suite s = suite(&aead[0]);
	uint8_t *msg = calloc(1, 70000);
	struct ike_sa_keys keys;
	struct ike_chunk plain;

	set_keys(&keys, &s);
	EXPECT_FALSE(ike_seal(self->c, &s, &keys, 1, msg, BODY, 65535));
	EXPECT_FALSE(ike_seal(self->c, &s, &keys, 1, msg, BODY, (size_t)-20));
	EXPECT_FALSE(ike_seal(self->c, &s, &keys, 1, msg, 65535, 0));
	EXPECT_EQ(IKE_OPEN_LENGTH, ike_open(self->c, &s, &keys, msg, 65536, BODY, &plain));
	EXPECT_EQ(IKE_OPEN_LENGTH, ike_open(self->c, &s, &keys, msg, 30, BODY, &plain));
	free(msg);
}

TEST_F(crypt, errors_have_names)
{
	for (enum ike_open_error e = IKE_OPEN_LENGTH; e <= IKE_OPEN_CRYPTO; e++)
		for (enum ike_open_error f = IKE_OPEN_OK; f < e; f++)
			EXPECT_STRNE(ike_open_text(e), ike_open_text(f));
}

TEST_HARNESS_MAIN
