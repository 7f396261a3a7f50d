// SPDX-License-Identifier: GPL-2.0
/*
 * The table of algorithms, and agreeing on some: what is chosen, what is refused
 * and why, what an operator reads; and random proposals, whose answers are looked
 * for by trying all there are.
 *
 * lab: native
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vpnha.h>

#include "ike/alg.h"
#include "ike/proposal.h"
#include "kselftest_harness.h"

/*
 * A proposal in few words: "ike 1 e:aes-cbc-256 i:sha256 p:sha256 g:14 x:1". Also
 * "1/20/128", any transform by its numbers, and "!" behind one: an unknown attribute.
 */
static struct ike_proposal proposal(const char *text)
{
	char copy[512], *word, *rest = copy;
	struct ike_proposal p = {};

	snprintf(copy, sizeof(copy), "%s", text);
	p.protocol = !strcmp(strtok_r(rest, " ", &rest), "ike") ? IKE_PROTOCOL_IKE :
								 IKE_PROTOCOL_ESP;
	p.number = (uint8_t)atoi(strtok_r(rest, " ", &rest));
	p.spi_len = 4;
	p.spi[0] = p.number;
	while ((word = strtok_r(rest, " ", &rest))) {
		static const char letters[] = " epigx";
		struct ike_transform t = {};
		const struct ike_alg *alg;
		unsigned int type, id, bits;
		char *end = word + strlen(word) - 1;

		if (*end == '!') {
			t.unknown = 1;
			*end = '\0';
		}
		if (word[1] != ':') {
			if (sscanf(word, "%u/%u/%u", &type, &id, &bits) != 3)
				abort();
			t.type = (uint8_t)type;
			t.id = (uint16_t)id;
			t.key_bits = (uint16_t)bits;
		} else {
			t.type = (uint8_t)(strchr(letters, *word) - letters);
			alg = ike_alg_of_word(t.type, word + 2);
			if (alg) {
				t.id = alg->id;
				t.key_bits = alg->key_bits;
			} else {
				t.id = (uint16_t)atoi(word + 2);
			}
		}
		p.transforms[p.n++] = t;
	}
	return p;
}

static const char *text_of(const struct ike_proposal *p)
{
	static char buf[IKE_PROPOSAL_TEXT_LEN];

	ike_proposal_text(buf, sizeof(buf), p);
	return buf;
}

TEST(table)
{
	char word[IKE_ALG_TEXT_LEN];
	size_t n = 0;

	for (const struct ike_alg *a = ike_alg_next(NULL); a; a = ike_alg_next(a), n++) {
		struct ike_transform t = ike_alg_transform(a);

		EXPECT_EQ(n, ike_alg_index(a));
		EXPECT_EQ(a, ike_alg_find(a->type, a->id, a->key_bits));
		EXPECT_EQ(a, ike_alg_of_transform(&t));
		t.unknown = 1;
		EXPECT_EQ(NULL, ike_alg_of_transform(&t));
		EXPECT_EQ(!!(a->uses & IKE_FOR_IKE), !!a->word);
		if (a->word) {
			EXPECT_EQ(a, ike_alg_of_word(a->type, a->word));
			EXPECT_NE(NULL, a->openssl);
			EXPECT_STREQ(a->word, ike_alg_text(word, a, IKE_PROTOCOL_IKE));
		}
		EXPECT_EQ(0, a->weak & ~a->uses);
		EXPECT_LE(a->type == IKE_TRANSFORM_ENCR ? a->key_len : 0, IKE_ENCR_KEY_MAX);
		EXPECT_LE(a->type == IKE_TRANSFORM_INTEG ? a->key_len : 0, IKE_INTEG_KEY_MAX);
		EXPECT_LE(a->icv_len, IKE_ICV_MAX);
		EXPECT_LE(a->value_len, IKE_DH_LEN_MAX);
	}
	EXPECT_EQ(n, ike_alg_count());
	/* A length where there is none, none where there has to be one. */
	EXPECT_EQ(NULL, ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_AES_CBC, 0));
	EXPECT_EQ(NULL, ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_AES_CBC, 160));
	EXPECT_EQ(NULL, ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_CHACHA20_POLY1305, 256));
	EXPECT_EQ(NULL, ike_alg_find(IKE_TRANSFORM_INTEG, IKE_INTEG_NONE, 0));
	EXPECT_EQ(NULL, ike_alg_find(IKE_TRANSFORM_DH, 2, 0));
	EXPECT_EQ(NULL, ike_alg_of_word(IKE_TRANSFORM_ENCR, "sha256"));
	EXPECT_NE(NULL, ike_alg_of_word(IKE_TRANSFORM_DH, "31"));
}

/* Each transform of transform sets has its algorithm, of the same sizes. */
TEST(transform_sets)
{
	static const struct {
		const char *word;
		uint32_t cipher, salt, iv, lo, hi;
		bool aead, weak;
	} ciphers[] = {
#define TRANSFORM_AEAD(w, tag, sizes, salt, iv, lo, hi, weak) \
		{ w, VPNHA_ESP_CIPHER_ ## tag, salt, iv, lo, hi, true, weak },
#define TRANSFORM_CIPHER(w, tag, sizes, salt, iv, lo, hi, weak) \
		{ w, VPNHA_ESP_CIPHER_ ## tag, salt, iv, lo, hi, false, weak },
#include "lib/transform_table.h"
	};
	static const struct {
		const char *word;
		uint32_t auth, key;
		bool weak;
	} auths[] = {
#define TRANSFORM_AUTH(w, tag, key, weak) { w, VPNHA_ESP_AUTH_ ## tag, key, weak },
#include "lib/transform_table.h"
	};
	static const uint32_t icvs[] = { 128, 96, 64 };
	char word[IKE_ALG_TEXT_LEN], wanted[IKE_ALG_TEXT_LEN];

	for (size_t i = 0; i < ARRAY_SIZE(ciphers); i++) {
		for (uint32_t bits = ciphers[i].lo; bits <= ciphers[i].hi; bits += 64) {
			for (size_t k = 0; k < ARRAY_SIZE(icvs); k++) {
				const struct ike_alg *a =
					ike_alg_of_esp_cipher(ciphers[i].cipher, bits, icvs[k]);

				ASSERT_NE(NULL, a);
				EXPECT_EQ(bits / 8 + ciphers[i].salt, a->key_len);
				EXPECT_EQ(ciphers[i].salt, a->salt_len);
				EXPECT_EQ(ciphers[i].iv, a->iv_len);
				EXPECT_EQ(ciphers[i].aead, a->aead);
				EXPECT_EQ(ciphers[i].weak, !!(a->weak & IKE_FOR_ESP));
				EXPECT_NE(0, a->uses & IKE_FOR_ESP);
				snprintf(wanted, sizeof(wanted), "%s", ciphers[i].word);
				if (ciphers[i].lo != ciphers[i].hi)
					sprintf(wanted + strlen(wanted), " %u", bits);
				if (a->icv_len && a->icv_len < 16)
					sprintf(wanted + strlen(wanted), " icv %u", icvs[k]);
				EXPECT_STREQ(wanted, ike_alg_text(word, a, IKE_PROTOCOL_ESP));
			}
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(auths); i++) {
		const struct ike_alg *a = ike_alg_of_esp_auth(auths[i].auth);

		ASSERT_NE(NULL, a);
		EXPECT_EQ(auths[i].key, a->key_len);
		EXPECT_EQ(auths[i].weak, !!(a->weak & IKE_FOR_ESP));
		EXPECT_STREQ(auths[i].word, ike_alg_text(word, a, IKE_PROTOCOL_ESP));
	}
	EXPECT_EQ(NULL, ike_alg_of_esp_auth(VPNHA_ESP_AUTH_NONE));
	EXPECT_EQ(NULL, ike_alg_of_esp_cipher(VPNHA_ESP_CIPHER_AES_GCM, 128, 32));
	EXPECT_EQ(NULL, ike_alg_of_esp_cipher(VPNHA_ESP_CIPHER_AES_CBC, 512, 0));
}

TEST(weak_ones_have_to_be_asked_for)
{
	struct ike_proposal ike = proposal("ike 1 e:aes-cbc-128 i:sha1 p:sha256 g:14");
	struct ike_proposal prf = proposal("ike 1 e:aes-cbc-128 i:sha256 p:sha1 g:14");
	struct ike_proposal des = proposal("esp 1 1/2/0 i:sha256 x:0");
	struct ike_proposal sha1 = proposal("esp 1 e:aes-cbc-128 i:sha1 x:0");

	EXPECT_STREQ("a weak algorithm has to be allowed", ike_proposal_error(&ike, false));
	EXPECT_STREQ("a weak algorithm has to be allowed", ike_proposal_error(&prf, false));
	EXPECT_STREQ("a weak algorithm has to be allowed", ike_proposal_error(&des, false));
	EXPECT_EQ(NULL, ike_proposal_error(&ike, true));
	EXPECT_EQ(NULL, ike_proposal_error(&prf, true));
	EXPECT_EQ(NULL, ike_proposal_error(&des, true));
	EXPECT_EQ(NULL, ike_proposal_error(&sha1, false));
}

TEST(configured_proposals)
{
	static const struct {
		const char *proposal, *error;
	} cases[] = {
		{ "ike 1 e:aes-gcm-256 p:sha256 g:19", NULL },
		{ "ike 1 e:chacha20-poly1305 p:sha512 g:31 g:21", NULL },
		{ "ike 1 e:aes-cbc-256 i:sha512 p:sha512 g:18", NULL },
		{ "esp 1 e:aes-gcm-256 x:0", NULL },
		{ "esp 1 e:aes-gcm-256 x:1 x:0 g:14 4/0/0", NULL },
		{ "esp 1 1/11/0 i:sha256 x:0", NULL },
		{ "ike 1 e:aes-gcm-256 e:aes-cbc-256 i:sha256 p:sha256 g:19",
		  "a cipher that authenticates needs a proposal of its own" },
		{ "ike 1 e:aes-gcm-256 i:sha256 p:sha256 g:19",
		  "a cipher that authenticates takes no integrity algorithm" },
		{ "ike 1 e:aes-cbc-256 p:sha256 g:19", "no integrity algorithm" },
		{ "ike 1 e:aes-cbc-256 i:sha256 3/0/0 p:sha256 g:19", "no integrity algorithm" },
		{ "ike 1 e:aes-gcm-256 g:19", "no PRF" },
		{ "ike 1 e:aes-gcm-256 p:sha256", "no Diffie-Hellman group" },
		{ "ike 1 e:aes-gcm-256 p:sha256 g:19 4/0/0", "no Diffie-Hellman group" },
		{ "ike 1 p:sha256 g:19", "no encryption algorithm" },
		{ "esp 1 e:aes-gcm-256", "nothing said about extended sequence numbers" },
		{ "ike 1 1/3/0 i:sha256 p:sha256 g:19", "an algorithm is not supported" },
		{ "ike 1 1/12/0 i:sha256 p:sha256 g:19", "an algorithm is not supported" },
		{ "esp 1 e:aes-gcm-256 p:sha256 x:0", "an algorithm is not supported" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ike_proposal p = proposal(cases[i].proposal);

		EXPECT_STREQ(cases[i].error ? cases[i].error : "none",
			     ike_proposal_error(&p, false) ? ike_proposal_error(&p, false) :
							     "none");
	}
}

#define OURS	"ike 1 e:aes-gcm-256 e:aes-gcm-128 p:sha384 p:sha256 g:19 g:14"
#define OURS_2	"ike 2 e:aes-cbc-256 i:sha256 p:sha256 g:14"
#define ESP	"esp 1 e:aes-gcm-256 e:aes-gcm-128 x:0"
#define PFS	"esp 1 e:aes-gcm-256 g:19 g:14 x:0"
#define MAYBE	"esp 1 e:aes-gcm-256 g:19 g:14 4/0/0 x:1 x:0"

#define OF	IKE_CHOOSE_OURS_FIRST
#define KE	IKE_CHOOSE_KEEP_KE
#define NODH	IKE_CHOOSE_NO_DH

/* Theirs and ours; then the answer as it is written, or why there is none. */
static const struct {
	const char *theirs[3], *ours[2];
	unsigned int how;
	uint16_t ke;
	unsigned int number;
	const char *answer;
	bool wrong_ke;
} choices[] = {
	/* Order of preference: theirs, ours; of transforms, of proposals. */
	{ { "ike 1 e:aes-gcm-128 e:aes-gcm-256 p:sha256 p:sha384 g:14 g:19" }, { OURS, OURS_2 },
	  0, 14, 1, "encryption aes-gcm-128 prf sha256 group 14" },
	{ { "ike 1 e:aes-gcm-128 e:aes-gcm-256 p:sha256 p:sha384 g:14 g:19" }, { OURS, OURS_2 },
	  OF, 19, 1, "encryption aes-gcm-256 prf sha384 group 19" },
	{ { "ike 1 e:aes-cbc-256 i:sha256 p:sha256 g:14", "ike 2 e:aes-gcm-256 p:sha256 g:19" },
	  { OURS, OURS_2 }, 0, 14, 1,
	  "encryption aes-cbc-256 integrity sha256 prf sha256 group 14" },
	{ { "ike 1 e:aes-cbc-256 i:sha256 p:sha256 g:14", "ike 2 e:aes-gcm-256 p:sha256 g:19" },
	  { OURS, OURS_2 }, OF, 19, 2, "encryption aes-gcm-256 prf sha256 group 19" },
	/* The KE payload is of another group; of that which is kept. */
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:14 g:19" }, { OURS }, OF, 14, 1,
	  "encryption aes-gcm-256 prf sha256 group 19", true },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:14 g:19" }, { OURS }, OF | KE, 14, 1,
	  "encryption aes-gcm-256 prf sha256 group 14" },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:15 g:19" }, { OURS }, OF | KE, 15, 1,
	  "encryption aes-gcm-256 prf sha256 group 19", true },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:15 g:19" }, { OURS }, OF | KE, 20, 1,
	  "encryption aes-gcm-256 prf sha256 group 19", true },
	/* Lengths of keys are part of the algorithm. */
	{ { "ike 1 e:aes-gcm-192 p:sha256 g:19" }, { OURS }, 0, 19, 0,
	  "no encryption algorithm in common" },
	{ { "ike 1 1/20/0 p:sha256 g:19" }, { OURS }, 0, 19, 0,
	  "no encryption algorithm in common" },
	/* What is not known is passed over: a transform, or a proposal with the type. */
	{ { "ike 1 1/99/0 e:aes-gcm-256! e:aes-gcm-128 2/99/0 p:sha256 4/99/0 g:14" }, { OURS },
	  OF, 14, 1, "encryption aes-gcm-128 prf sha256 group 14" },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:14 6/35/0", "ike 2 e:aes-gcm-128 p:sha256 g:14" },
	  { OURS }, OF, 14, 2, "encryption aes-gcm-128 prf sha256 group 14" },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:14 6/0/0" }, { OURS }, OF, 14, 0,
	  "transforms of an unknown type in all proposals" },
	/* Each type that is missing, and why. */
	{ { "ike 1 e:aes-gcm-256 g:14" }, { OURS }, 0, 14, 0, "no PRF in common" },
	{ { "ike 1 e:aes-gcm-256 p:sha256" }, { OURS }, 0, 14, 0,
	  "no Diffie-Hellman group in common" },
	{ { "ike 1 e:aes-gcm-256 p:sha256 4/0/0" }, { OURS }, 0, 0, 0,
	  "no Diffie-Hellman group in common" },
	{ { "ike 1 e:aes-cbc-256 p:sha256 g:14" }, { OURS_2 }, 0, 14, 0,
	  "no integrity algorithm in common" },
	{ { "ike 1 e:aes-cbc-256 i:sha256 3/0/0 p:sha256 g:14" }, { OURS_2 }, 0, 14, 1,
	  "encryption aes-cbc-256 integrity sha256 prf sha256 group 14" },
	{ { "ike 1 p:sha256 g:14" }, { OURS }, 0, 14, 0, "no encryption algorithm in common" },
	{ { NULL }, { OURS }, 0, 14, 0, "no proposals" },
	{ { "esp 1 e:aes-gcm-256 x:0" }, { OURS }, 0, 14, 0, "no proposal for this protocol" },
	{ { "ike 1 e:aes-gcm-256 p:sha256 g:14 x:0" }, { OURS }, 0, 14, 0,
	  "no agreement on extended sequence numbers" },
	/* The one that went furthest says why. */
	{ { "ike 1 e:aes-cbc-128 i:sha1 p:sha256 g:14", "ike 2 e:aes-gcm-256 p:sha256 g:15" },
	  { OURS, OURS_2 }, OF, 14, 0, "no Diffie-Hellman group in common" },
	/* A cipher that authenticates and an integrity algorithm. */
	{ { "ike 1 e:aes-gcm-256 i:sha256 p:sha256 g:14" }, { OURS }, 0, 14, 0,
	  "no integrity algorithm in common" },
	{ { "ike 1 e:aes-gcm-256 3/0/0 p:sha256 g:14" }, { OURS }, 0, 14, 1,
	  "encryption aes-gcm-256 integrity none prf sha256 group 14" },
	{ { "ike 1 e:aes-gcm-256 e:aes-cbc-256 i:sha256 p:sha256 g:14" }, { OURS, OURS_2 },
	  OF, 14, 1, "encryption aes-cbc-256 integrity sha256 prf sha256 group 14" },
	/* ESP, in IKE_AUTH and with a key exchange of its own. */
	{ { "esp 7 e:aes-gcm-128 x:0" }, { ESP }, NODH, 0, 7, "encryption esp-gcm 128 esn no" },
	{ { "esp 1 e:aes-gcm-128 x:1 x:0" }, { ESP }, NODH, 0, 1,
	  "encryption esp-gcm 128 esn no" },
	{ { "esp 1 e:aes-gcm-128 x:1" }, { ESP }, NODH, 0, 0,
	  "no agreement on extended sequence numbers" },
	{ { "esp 1 e:aes-gcm-128" }, { ESP }, NODH, 0, 0,
	  "no agreement on extended sequence numbers" },
	{ { "esp 1 e:aes-gcm-256 x:0" }, { PFS }, NODH, 0, 1, "encryption esp-gcm 256 esn no" },
	{ { "esp 1 e:aes-gcm-256 x:0" }, { PFS }, 0, 0, 0, "no Diffie-Hellman group in common" },
	{ { "esp 1 e:aes-gcm-256 g:14 x:0" }, { PFS }, 0, 14, 1,
	  "encryption esp-gcm 256 pfs group14 esn no" },
	{ { "esp 1 e:aes-gcm-256 g:14 x:0" }, { PFS }, 0, 0, 1,
	  "encryption esp-gcm 256 pfs group14 esn no", true },
	{ { "esp 1 e:aes-gcm-256 g:14 x:0" }, { ESP }, 0, 14, 0,
	  "no Diffie-Hellman group in common" },
	{ { "esp 1 e:aes-gcm-256 g:14 4/0/0 x:0" }, { ESP }, 0, 14, 1,
	  "encryption esp-gcm 256 pfs none esn no" },
	{ { "esp 1 e:aes-gcm-256 g:14 x:0" }, { PFS }, NODH, 0, 0,
	  "no Diffie-Hellman group in common" },
	{ { "esp 1 e:aes-gcm-256 4/0/0 g:14 x:0" }, { PFS }, NODH, 0, 1,
	  "encryption esp-gcm 256 pfs none esn no" },
	{ { "esp 1 e:aes-gcm-256 x:0 x:1" }, { MAYBE }, OF, 0, 1,
	  "encryption esp-gcm 256 esn yes" },
	{ { "esp 1 e:aes-gcm-256 g:14 x:0" }, { MAYBE }, OF, 14, 1,
	  "encryption esp-gcm 256 pfs group14 esn no" },
	{ { "esp 1 e:aes-cbc-128 i:sha256 i:sha1 x:0" }, { "esp 1 e:aes-cbc-128 i:sha1 x:0" },
	  NODH, 0, 1, "encryption esp-aes 128 integrity esp-sha-hmac esn no" },
	{ { "esp 1 1/11/0 i:sha256 x:0" }, { "esp 1 1/11/0 i:sha256 x:0" }, NODH, 0, 1,
	  "encryption esp-null integrity esp-sha256-hmac esn no" },
	{ { "esp 1 1/12/128 3/0/0 x:0" }, { "esp 1 e:aes-cbc-128 i:sha1 x:0" }, NODH, 0, 0,
	  "no integrity algorithm in common" },
	{ { "esp 1 e:aes-gcm-256 p:sha256 x:0" }, { ESP }, NODH, 0, 0, "no PRF in common" },
};

static size_t proposals(struct ike_proposal *to, const char *const *from, size_t n)
{
	size_t i;

	for (i = 0; i < n && from[i]; i++)
		to[i] = proposal(from[i]);
	return i;
}

TEST(what_is_chosen)
{
	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		struct ike_proposal theirs[3], ours[2];
		struct ike_choice c;
		size_t nt = proposals(theirs, choices[i].theirs, 3);
		size_t no = proposals(ours, choices[i].ours, 2);
		bool found = ike_proposal_choose(theirs, nt, ours, no, choices[i].how,
						 choices[i].ke, &c);

		EXPECT_EQ(choices[i].number != 0, found);
		EXPECT_EQ(choices[i].number, c.answer.number);
		EXPECT_STREQ(choices[i].answer, found ? text_of(&c.answer) : c.error) {
			TH_LOG("choice %zu", i);
		}
		EXPECT_EQ(choices[i].wrong_ke, c.wrong_ke);
		if (!found)
			continue;
		EXPECT_EQ(NULL, c.error);
		EXPECT_EQ(c.answer.protocol, ours->protocol);
		EXPECT_EQ(choices[i].number, c.theirs->spi[0]);
		EXPECT_EQ(0, c.answer.spi_len);
	}
}

TEST(the_suite_is_what_the_answer_says)
{
	struct ike_proposal theirs = proposal("ike 1 e:aes-cbc-192 i:sha384 p:sha512 g:31");
	struct ike_choice c;

	ASSERT_TRUE(ike_proposal_choose(&theirs, 1, &theirs, 1, 0, 31, &c));
	EXPECT_EQ(ike_alg_find(IKE_TRANSFORM_ENCR, IKE_ENCR_AES_CBC, 192), c.suite.encr);
	EXPECT_EQ(ike_alg_find(IKE_TRANSFORM_INTEG, IKE_INTEG_HMAC_SHA2_384_192, 0),
		  c.suite.integ);
	EXPECT_EQ(ike_alg_find(IKE_TRANSFORM_PRF, IKE_PRF_HMAC_SHA2_512, 0), c.suite.prf);
	EXPECT_EQ(ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_X25519, 0), c.suite.dh);
}

#define OFFER	"ike 1 e:aes-gcm-256 e:aes-gcm-128 p:sha384 p:sha256 g:19 g:14"
#define OFFER_2	"ike 2 e:aes-cbc-256 e:aes-cbc-128 i:sha256 p:sha256 g:14"

static const struct {
	const char *answers[2];
	uint16_t ke;
	const char *error;
} answers[] = {
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14" }, 14, NULL },
	{ { "ike 1 g:19 p:sha384 e:aes-gcm-256" }, 19, NULL },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14 3/0/0" }, 14, NULL },
	{ { "ike 2 e:aes-cbc-128 i:sha256 p:sha256 g:14" }, 14, NULL },
	{ { NULL }, 14, "the answer is not one proposal" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14", "ike 2 e:aes-cbc-128 i:sha256 p:sha256 g:14" },
	  14, "the answer is not one proposal" },
	{ { "ike 3 e:aes-gcm-128 p:sha256 g:14" }, 14,
	  "the answer has the number or protocol of no proposal of ours" },
	{ { "esp 1 e:aes-gcm-128 x:0" }, 14,
	  "the answer has the number or protocol of no proposal of ours" },
	/* Of the other proposal; with another length; unknown; an attribute added. */
	{ { "ike 1 e:aes-cbc-128 i:sha256 p:sha256 g:14" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-192 p:sha256 g:14" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 1/20/0 p:sha256 g:14" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-128! p:sha256 g:14" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14 x:0" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14 i:sha256" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 2 e:aes-cbc-128 3/0/0 p:sha256 g:14" }, 14,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 4/0/0" }, 0,
	  "the answer has a transform that was not offered" },
	{ { "ike 1 e:aes-gcm-128 e:aes-gcm-256 p:sha256 g:14" }, 14,
	  "the answer has several transforms of a type" },
	{ { "ike 1 e:aes-gcm-128 e:aes-gcm-128 p:sha256 g:14" }, 14,
	  "the answer has several transforms of a type" },
	{ { "ike 1 e:aes-gcm-128 p:sha256" }, 0, "the answer lacks a transform" },
	{ { "ike 1 p:sha256 g:14" }, 14, "the answer lacks a transform" },
	{ { "ike 2 e:aes-cbc-128 p:sha256 g:14" }, 14, "the answer lacks a transform" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14" }, 19,
	  "the answer's group is not that of its KE payload" },
	{ { "ike 1 e:aes-gcm-128 p:sha256 g:14" }, 0,
	  "the answer's group is not that of its KE payload" },
};

TEST(what_is_answered)
{
	const struct ike_proposal offers[] = { proposal(OFFER), proposal(OFFER_2) };
	struct ike_suite suite;

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct ike_proposal got[2];
		size_t n = proposals(got, answers[i].answers, 2);
		const char *error = ike_proposal_check_answer(offers, 2, got, n, answers[i].ke,
							      &suite);

		EXPECT_STREQ(answers[i].error ? answers[i].error : "none",
			     error ? error : "none") {
			TH_LOG("answer %zu", i);
		}
		EXPECT_EQ(!error, suite.encr && suite.prf && suite.dh);
	}
}

/* A group that may be left out may be answered so, or by NONE; not with a KE payload. */
TEST(answers_of_child_sas)
{
	const struct ike_proposal offer = proposal(MAYBE);
	struct ike_proposal plain = proposal("esp 1 e:aes-gcm-256 x:1");
	struct ike_proposal none = proposal("esp 1 e:aes-gcm-256 4/0/0 x:0");
	struct ike_proposal pfs = proposal("esp 1 e:aes-gcm-256 g:14 x:0");
	struct ike_suite suite;

	EXPECT_EQ(NULL, ike_proposal_check_answer(&offer, 1, &plain, 1, 0, &suite));
	EXPECT_TRUE(suite.esn);
	EXPECT_EQ(NULL, suite.dh);
	EXPECT_EQ(NULL, ike_proposal_check_answer(&offer, 1, &none, 1, 0, &suite));
	EXPECT_FALSE(suite.esn);
	EXPECT_NE(NULL, ike_proposal_check_answer(&offer, 1, &none, 1, 14, &suite));
	EXPECT_EQ(NULL, ike_proposal_check_answer(&offer, 1, &pfs, 1, 14, &suite));
	EXPECT_EQ(14, suite.dh->id);
	EXPECT_NE(NULL, ike_proposal_check_answer(&offer, 1, &pfs, 1, 0, &suite));
}

TEST(groups_that_were_offered)
{
	const struct ike_proposal offers[] = { proposal(OFFER), proposal(OFFER_2) };

	EXPECT_TRUE(ike_proposal_offers(offers, 2, IKE_TRANSFORM_DH, 14));
	EXPECT_TRUE(ike_proposal_offers(offers, 2, IKE_TRANSFORM_DH, 19));
	EXPECT_FALSE(ike_proposal_offers(offers, 2, IKE_TRANSFORM_DH, 2));
	EXPECT_FALSE(ike_proposal_offers(offers, 2, IKE_TRANSFORM_DH, 0));
}

TEST(texts)
{
	static const char *const cases[][2] = {
		{ OFFER, "encryption aes-gcm-256 aes-gcm-128 prf sha384 sha256 group 19 14" },
		{ "ike 1 p:sha256 g:14 i:sha1 e:aes-cbc-128 i:sha256",
		  "encryption aes-cbc-128 integrity sha1 sha256 prf sha256 group 14" },
		{ "ike 1 1/3/0 1/12/0 1/99/128 3/1/0 2/4/0 g:2 4/0/0 6/35/0",
		  "encryption ENCR_3DES 12 99(128 bits) integrity AUTH_HMAC_MD5_96 prf 4 "
		  "group 2 none type 6 35" },
		{ "ike 1 e:aes-gcm-256! e:aes-gcm-256-icv-96",
		  "encryption aes-gcm-256(unknown attribute) aes-gcm-256-icv-96" },
		{ "esp 1 e:aes-gcm-256-icv-64 1/3/0 i:sha512 3/0/0 g:31 x:1 x:0 5/7/0",
		  "encryption esp-gcm 256 icv 64 esp-3des integrity esp-sha512-hmac none "
		  "pfs group31 esn yes no 7" },
		{ "ike 1", "" },
	};
	char small[20];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ike_proposal p = proposal(cases[i][0]);

		EXPECT_STREQ(cases[i][1], text_of(&p));
		EXPECT_EQ(strlen(cases[i][1]), ike_proposal_text(NULL, 0, &p));
		ike_proposal_text(small, sizeof(small), &p);
		EXPECT_EQ(0, strncmp(cases[i][1], small, sizeof(small) - 1));
	}
}

TEST(the_longest_text_has_room)
{
	static const uint16_t bits[] = { 0, 256, 65535 };

	for (unsigned int type = 0; type < 256; type++) {
		for (unsigned int id = 0; id <= 65535; id = id < 40 ? id + 1 : id * 2 + 1) {
			for (size_t k = 0; k < ARRAY_SIZE(bits); k++) {
				struct ike_proposal p = { .protocol = id & 1 ? 1 : 3 };

				for (p.n = 0; p.n < IKE_TRANSFORMS_MAX; p.n++)
					p.transforms[p.n] = (struct ike_transform){
						(uint8_t)type, (uint16_t)id, bits[k], 1 };
				EXPECT_LT(ike_proposal_text(NULL, 0, &p), IKE_PROPOSAL_TEXT_LEN);
			}
		}
	}
}

static uint32_t seed = 1;

static unsigned int any(unsigned int n)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % n;
}

static const char *const pool[2][14] = {
	{ "e:aes-gcm-256", "e:aes-cbc-256", "e:aes-cbc-128", "i:sha256", "i:sha1", "3/0/0",
	  "p:sha256", "p:sha512", "g:14", "g:19", "4/0/0", "1/99/0", "e:aes-gcm-128!", "6/0/0" },
	{ "e:aes-gcm-256", "e:aes-cbc-256", "1/2/0", "i:sha256", "3/1/0", "3/0/0",
	  "x:0", "x:1", "g:14", "g:19", "4/0/0", "1/99/0", "5/9/0", "6/0/0" },
};

static struct ike_proposal random_proposal(int esp, unsigned int number, bool valid)
{
	struct ike_proposal p;

	do {
		char text[512];

		sprintf(text, "%s %u", esp ? "esp" : "ike", number);
		for (size_t i = 0; i < ARRAY_SIZE(pool[0]); i++)
			if (any(i < 11 ? 2 : 12) == 0)
				sprintf(text + strlen(text), " %s", pool[esp][i]);
		p = proposal(text);
	} while (valid && ike_proposal_error(&p, true));
	/* Theirs is in no particular order. */
	for (unsigned int i = p.n; i > 1; i--) {
		unsigned int k = any(i);
		struct ike_transform t = p.transforms[k];

		p.transforms[k] = p.transforms[i - 1];
		p.transforms[i - 1] = t;
	}
	return p;
}

/* One or no transform of each type of theirs: is there such an answer that ours accepts? */
static bool exists(const struct ike_proposal *theirs, const struct ike_proposal *ours)
{
	unsigned int pick[7] = {};

	for (;;) {
		struct ike_proposal answer = { .number = 1, .protocol = ours->protocol };
		struct ike_proposal offer = *ours;
		struct ike_suite suite;
		unsigned int at[7] = {}, type, dh = 0;

		for (unsigned int i = 0; i < theirs->n; i++) {
			const struct ike_transform *t = &theirs->transforms[i];

			if (at[t->type]++ == pick[t->type]) {
				answer.transforms[answer.n++] = *t;
				if (t->type == IKE_TRANSFORM_DH)
					dh = t->id;
			}
		}
		offer.number = 1;
		/* With all of their types, and only types that we know. */
		if (!at[6] && !ike_proposal_check_answer(&offer, 1, &answer, 1, (uint16_t)dh,
							 &suite))
			return true;
		for (type = 1; type < 7; type++) {
			if (++pick[type] < at[type])
				break;
			pick[type] = 0;
		}
		if (type == 7)
			return false;
	}
}

TEST(random_proposals)
{
	unsigned int agreed = 0, rounds = 20000;

	for (unsigned int i = 0; i < rounds; i++) {
		int esp = (int)any(2);
		struct ike_proposal theirs[2], ours[2];
		static const uint16_t kes[] = { 0, 14, 19, 20 };
		uint16_t ke = kes[any(4)];
		unsigned int how = any(4);
		struct ike_suite suite;
		struct ike_choice c;
		bool found, wanted = false;

		for (unsigned int k = 0; k < 2; k++) {
			theirs[k] = random_proposal(esp, k + 1, false);
			ours[k] = random_proposal(esp, k + 1, true);
		}
		found = ike_proposal_choose(theirs, 2, ours, 2, how, ke, &c);
		for (unsigned int k = 0; k < 4; k++)
			wanted |= exists(&theirs[k & 1], &ours[k >> 1]);
		ASSERT_EQ(wanted, found) {
			for (unsigned int k = 0; k < 2; k++) {
				TH_LOG("theirs: %s", text_of(&theirs[k]));
				TH_LOG("ours: %s", text_of(&ours[k]));
			}
		}
		if (!found) {
			EXPECT_NE(NULL, c.error);
			continue;
		}
		agreed++;
		/* The peer takes it for one of what it has offered. */
		ASSERT_EQ(NULL, ike_proposal_check_answer(theirs, 2, &c.answer, 1,
							  c.suite.dh ? c.suite.dh->id : 0,
							  &suite));
		EXPECT_EQ(0, memcmp(&suite, &c.suite, sizeof(suite)));
		EXPECT_EQ(c.wrong_ke, c.suite.dh && c.suite.dh->id != ke);
	}
	EXPECT_GT(agreed, rounds / 10);
	EXPECT_LT(agreed, rounds - rounds / 10);
}

TEST_HARNESS_MAIN
