// SPDX-License-Identifier: GPL-2.0
// lab: native
/* The language of IKEv2: its model, its lines, and what counts for a peer. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "ike/alg.h"
#include "lib/config.h"
#include "lib/ikev2_words.h"
#include "lib/text.h"
#include "text_of.h"

#define ROUNDS		2000
#define SECRET		"this-is-the-secret-of-the-test"

/* What released memory held: the linker puts this in the place of free(). */
static const void *watched;
static bool seen;

void __real_free(void *p);
void __wrap_free(void *p);

void __wrap_free(void *p)
{
	if (p && p == watched)
		seen |= memchr(p, SECRET[0], 1) != NULL;
	__real_free(p);
}

static bool parse(struct ikev2_config *c, const char *text, struct ikev2_error *e)
{
	return ikev2_config_parse(c, text, strlen(text), e);
}

/* The lines of @c, the caller's. */
static char *written(const struct ikev2_config *c, bool keys)
{
	struct text_of t;

	ikev2_config_write(text_begin(&t), c, keys, NULL);
	text_end(&t);
	return t.text;
}

static struct address address(const char *s)
{
	struct address a;

	address_parse(&a, s);
	return a;
}

static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static const char *pick(uint32_t *state, const char *const *list, size_t n)
{
	return list[next(state) % n];
}

#define PICK(list)	pick(&state, list, sizeof(list) / sizeof(*(list)))

static const char *const names[] = { "A", "b.c", "default", "exactly-thirty-one-characters-x" };
static const char *const networks[] = {
	"10.0.0.1", "10.1.2.3 255.255.0.0", "10.0.0.0/8", "0.0.0.0 0.0.0.0", "2001:db8::1",
	"2001:db8::/32", "::/0",
};
static const char *const addresses[] = { "192.0.2.1", "2001:db8::9" };
static const char *const secrets[] = {
	"x", "0 file", "0 0", "hex 00", "hex 0x21ff00", "hex 6865", "hex 216162", "file /etc/key",
	"a!b#c", "0 local", "6x", "<remove>",
};
static const char *const identities[] = {
	"address 192.0.2.7", "address 2001:db8::7", "fqdn gw.example.com", "email a@b.example",
	"key-id any!thing", "key-id domain",
};
static const char *const matches[] = {
	"any", "fqdn gw.example.com", "fqdn domain example.com", "email a@b.example",
	"email domain b.example", "key-id x",
};
static const char *const encryptions[] = {
	"aes-gcm-256", "aes-cbc-128 aes-gcm-128-icv-96", "chacha20-poly1305 aes-cbc-256",
};
static const char *const hashes[] = { "sha256", "sha512 sha384", "sha1" };
static const char *const groups[] = { "14", "31 19", "21 20 16" };
static const char *const methods[] = { "rsa-sig", "ecdsa-sig", "eddsa-sig", "pre-share" };
static const char *const revocations[] = { "none", "crl", "ocsp none", "crl ocsp" };
static const char *const limits[] = {
	"crypto ikev2 dpd 10 2 periodic", "crypto ikev2 nat keepalive 20",
	"crypto ikev2 limit max-sa 7", "crypto ikev2 limit max-in-negotation-sa 3",
	"crypto ikev2 cookie-challenge 0", "no crypto ikev2 fragmentation",
	"crypto ikev2 fragmentation mtu 600", "no crypto ikev2 cookie-challenge",
	"no crypto ikev2 dpd", "crypto ikev2 fragmentation",
};

static uint32_t state;

static void random_profile(FILE *out)
{
	fprintf(out, "crypto ikev2 profile %s\n", PICK(names));
	for (size_t n = next(&state) % 12; n--;) {
		switch (next(&state) % 12) {
		case 0:
			fprintf(out, " match identity remote %s\n", PICK(matches));
			break;
		case 1:
			fprintf(out, " match identity remote address %s\n", PICK(networks));
			break;
		case 2:
			fprintf(out, " identity local %s\n", PICK(identities));
			break;
		case 3:
			fprintf(out, " authentication remote %s\n", PICK(methods));
			break;
		case 4:
			fprintf(out, " authentication %s pre-share key %s\n",
				next(&state) % 2 ? "local" : "remote", PICK(secrets));
			break;
		case 5:
			fprintf(out, " authentication local %s\n", PICK(methods));
			break;
		case 6:
			fprintf(out, " keyring %s %s\n", next(&state) % 2 ? "local" : "ppk",
				PICK(names));
			break;
		case 7:
			fprintf(out, " pki trustpoint %s\n dpd 5 2 on-demand\n", PICK(names));
			break;
		case 8:
			fprintf(out, " lifetime 3600\n nat keepalive 5\n initial-contact force\n"
				" connect auto\n");
			break;
		case 9:
			fprintf(out, " description of  %s\n identity local dn\n", PICK(names));
			break;
		case 10:
			fprintf(out, " match address local %s\n", PICK(addresses));
			break;
		default:
			fprintf(out, " no %s\n", next(&state) % 2 ? "authentication remote pre-share" :
				"match identity remote");
			break;
		}
	}
}

static void random_keyring(FILE *out)
{
	fprintf(out, "crypto ikev2 keyring %s\n", PICK(names));
	for (size_t n = next(&state) % 4; n--;) {
		fprintf(out, " peer %s\n", PICK(names));
		if (next(&state) % 2)
			fprintf(out, "  address %s\n", PICK(networks));
		if (next(&state) % 2)
			fprintf(out, "  identity %s\n", PICK(identities));
		if (next(&state) % 2)
			fprintf(out, "  pre-shared-key %s\n", PICK(secrets));
		if (next(&state) % 3 == 0)
			fprintf(out, "  pre-shared-key %s %s\n",
				next(&state) % 2 ? "local" : "remote", PICK(secrets));
		if (next(&state) % 3 == 0)
			fprintf(out, "  ppk manual id %s key %s%s\n", PICK(names), PICK(secrets),
				next(&state) % 2 ? " required" : "");
		if (next(&state) % 8 == 0)
			fprintf(out, " no peer %s\n", PICK(names));
	}
}

static void random_trustpoint(FILE *out)
{
	fprintf(out, "crypto pki trustpoint %s\n", PICK(names));
	for (size_t n = next(&state) % 3; n--;)
		fprintf(out, " ca /ca%u\n", next(&state) % 3);
	if (next(&state) % 2)
		fprintf(out, " certificate /c\n private-key /k\n");
	if (next(&state) % 2)
		fprintf(out, " crl /crl\n ocsp /o\n revocation-check %s\n", PICK(revocations));
}

static void random_proposal(FILE *out)
{
	fprintf(out, "crypto ikev2 proposal %s\n", PICK(names));
	if (next(&state) % 2)
		fprintf(out, " encryption %s\n", PICK(encryptions));
	if (next(&state) % 2)
		fprintf(out, " %sintegrity %s\n", next(&state) % 4 ? "" : "no ", PICK(hashes));
	if (next(&state) % 2)
		fprintf(out, " prf %s\n", PICK(hashes));
	if (next(&state) % 2)
		fprintf(out, " group %s\n", PICK(groups));
}

static void random_policy(FILE *out)
{
	fprintf(out, "crypto ikev2 policy %s\n match fvrf any\n", PICK(names));
	for (size_t n = next(&state) % 3; n--;)
		fprintf(out, " proposal %s\n match address local %s\n", PICK(names),
			PICK(addresses));
}

static char *random_config(void)
{
	static void (*const parts[])(FILE *out) = {
		random_profile, random_keyring, random_trustpoint, random_proposal, random_policy,
	};
	struct text_of t;
	FILE *out = text_begin(&t);

	for (size_t n = next(&state) % 8; n--;) {
		size_t part = next(&state) % 6;

		if (part < 5)
			parts[part](out);
		else
			fprintf(out, "%s\n", PICK(limits));
	}
	text_end(&t);
	return t.text;
}

TEST(round_trips)
{
	state = 1;
	for (int n = 0; n < ROUNDS; n++) {
		struct ikev2_config c, again, copy;
		char *text = random_config(), *first, *second;
		struct ikev2_error e;

		ASSERT_TRUE(parse(&c, text, &e)) TH_LOG("%u: %s in\n%s", e.line, e.message, text);
		first = written(&c, true);
		ASSERT_TRUE(parse(&again, first, &e))
			TH_LOG("%u: %s in\n%s", e.line, e.message, first);
		second = written(&again, true);
		ASSERT_STREQ(first, second);
		ASSERT_TRUE(ikev2_config_equal(&c, &again)) TH_LOG("%s", first);
		EXPECT_EQ(0, ikev2_config_diff(NULL, &c, &again));
		ikev2_config_copy(&copy, &c);
		ikev2_config_free(&c);
		ASSERT_TRUE(ikev2_config_equal(&copy, &again));
		EXPECT_EQ(ikev2_config_is_empty(&again), !*first);
		ikev2_config_free(&copy);
		ikev2_config_free(&again);
		free(text);
		free(first);
		free(second);
	}
}

/* Both places that have words of algorithms agree. */
TEST(words_of_algorithms)
{
	static const uint8_t types[IKEV2_ALGS] = {
		[IKEV2_ENCRYPTION]	= IKE_TRANSFORM_ENCR,
		[IKEV2_INTEGRITY]	= IKE_TRANSFORM_INTEG,
		[IKEV2_PRF]		= IKE_TRANSFORM_PRF,
		[IKEV2_GROUP]		= IKE_TRANSFORM_DH,
	};
	size_t n_words = 0, n_algs = 0;

	for (enum ikev2_alg kind = 0; kind < IKEV2_ALGS; kind++) {
		const char *word = NULL;

		while ((word = ikev2_word_next(kind, word))) {
			const struct ike_alg *alg = ike_alg_of_word(types[kind], word);

			ASSERT_NE(NULL, alg) TH_LOG("no %s", word);
			EXPECT_EQ(!!(alg->weak & IKE_FOR_IKE), ikev2_word_is_weak(word));
			if (kind == IKEV2_ENCRYPTION) {
				EXPECT_EQ(alg->aead, ikev2_word_is_aead(word));
			}
			n_words++;
		}
	}
	for (const struct ike_alg *a = ike_alg_next(NULL); a; a = ike_alg_next(a))
		n_algs += a->word != NULL;
	EXPECT_EQ(n_algs, n_words);
}

TEST(default_proposal_and_policy)
{
	static const struct ikev2_config empty;
	struct address local = address("192.0.2.1");
	const struct ikev2_policy *policy = ikev2_policy_for(&empty, &local);
	struct ikev2_config c;
	struct ikev2_error e;

	ASSERT_EQ(1, policy->n_proposals);
	EXPECT_STREQ("default", policy->proposals[0].name);
	EXPECT_EQ(NULL, ikev2_proposal_problem(ikev2_proposal_find(&empty, "default")));
	EXPECT_EQ(NULL, ikev2_proposal_find(&empty, "P"));

	/* A change and the way back. */
	ASSERT_TRUE(parse(&c, "crypto ikev2 proposal default\n group 19\n"
			      "no crypto ikev2 proposal default\n", &e));
	EXPECT_TRUE(ikev2_config_is_empty(&c));
	ikev2_config_free(&c);

	ASSERT_TRUE(parse(&c, "crypto ikev2 policy default\n proposal P\n"
			      "crypto ikev2 policy L\n match address local 192.0.2.1\n"
			      " proposal Q\n", &e));
	EXPECT_STREQ("L", ikev2_policy_for(&c, &local)->name);
	local = address("192.0.2.2");
	EXPECT_STREQ("P", ikev2_policy_for(&c, &local)->proposals[0].name);
	ikev2_config_free(&c);
}

TEST(proposals_that_lack_something)
{
	static const char *const lines[][2] = {
		{ "", "no 'encryption'" },
		{ " encryption aes-cbc-256\n prf sha256\n group 14\n",
		  "no 'integrity', which aes-cbc needs" },
		{ " encryption aes-gcm-256\n group 14\n", "no 'prf'" },
		{ " encryption aes-cbc-256\n integrity sha256\n", "no 'group'" },
		{ " encryption aes-cbc-256\n integrity sha256\n group 14\n", NULL },
		{ " encryption aes-gcm-256\n prf sha256\n group 14\n", NULL },
	};

	for (size_t n = 0; n < sizeof(lines) / sizeof(*lines); n++) {
		struct ikev2_config c;
		struct ikev2_error e;
		char text[200];

		snprintf(text, sizeof(text), "crypto ikev2 proposal P\n%s", lines[n][0]);
		ASSERT_TRUE(parse(&c, text, &e));
		if (lines[n][1]) {
			EXPECT_STREQ(lines[n][1], ikev2_proposal_problem(c.proposals[0]));
		} else {
			EXPECT_EQ(NULL, ikev2_proposal_problem(c.proposals[0]));
		}
		ikev2_config_free(&c);
	}
}

static const char profiles[] =
	"crypto ikev2 profile default\n"
	"crypto ikev2 profile any\n match identity remote any\n"
	" match address local 192.0.2.99\n"
	"crypto ikev2 profile net\n match identity remote address 10.0.0.0 255.0.0.0\n"
	"crypto ikev2 profile one\n match identity remote address 10.0.0.1\n"
	"crypto ikev2 profile six\n match identity remote address 2001:db8::/32\n"
	"crypto ikev2 profile domain\n match identity remote fqdn domain example.com\n"
	" match identity remote email domain example.com\n"
	"crypto ikev2 profile name\n match identity remote fqdn GW.example.com\n"
	"crypto ikev2 profile id\n match identity remote key-id K\n";

TEST(profiles_of_addresses)
{
	static const char *const wanted[][3] = {
		{ "10.0.0.1", "192.0.2.1", "one" },
		{ "10.0.0.2", "192.0.2.1", "net" },
		{ "11.0.0.1", "192.0.2.1", "default" },
		{ "11.0.0.1", "192.0.2.99", "any" },
		{ "10.0.0.1", "192.0.2.99", "one" },
		{ "2001:db8:1::1", "2001:db8::1", "six" },
		{ "2001:db9::1", "2001:db8::1", "default" },
	};
	struct ikev2_config c;
	struct ikev2_error e;

	ASSERT_TRUE(parse(&c, profiles, &e));
	for (size_t n = 0; n < sizeof(wanted) / sizeof(*wanted); n++) {
		struct address remote = address(wanted[n][0]), local = address(wanted[n][1]);

		EXPECT_STREQ(wanted[n][2], ikev2_profile_for_address(&c, &remote, &local)->name);
	}
	ikev2_config_free(&c);
}

TEST(profiles_of_identities)
{
	static const struct {
		enum ikev2_id_kind kind;
		const char *text, *profile;
	} wanted[] = {
		{ IKEV2_ID_FQDN, "gw.example.com", "name" },
		{ IKEV2_ID_FQDN, "other.example.com", "domain" },
		{ IKEV2_ID_FQDN, "example.com", "domain" },
		{ IKEV2_ID_FQDN, "notexample.com", "default" },
		{ IKEV2_ID_EMAIL, "gw@EXAMPLE.com", "domain" },
		{ IKEV2_ID_EMAIL, "gw@sub.example.com", "default" },
		{ IKEV2_ID_KEY_ID, "K", "id" },
		{ IKEV2_ID_KEY_ID, "k", "default" },
		{ IKEV2_ID_KEY_ID, "gw.example.com", "default" },
	};
	struct address local = address("192.0.2.1");
	struct ikev2_config c;
	struct ikev2_error e;

	ASSERT_TRUE(parse(&c, profiles, &e));
	for (size_t n = 0; n < sizeof(wanted) / sizeof(*wanted); n++) {
		struct ikev2_id id = {
			.kind = wanted[n].kind, .text = (char *)(uintptr_t)wanted[n].text
		};

		EXPECT_STREQ(wanted[n].profile, ikev2_profile_for_identity(&c, &id, &local)->name)
			TH_LOG("%s", wanted[n].text);
	}
	ikev2_profile_remove(&c, "default");
	EXPECT_EQ(NULL, ikev2_profile_for_identity(&c, &(struct ikev2_id){
		.kind = IKEV2_ID_KEY_ID, .text = (char *)(uintptr_t)"k" }, &local));
	ikev2_config_free(&c);
}

static bool is_secret(const struct ikev2_secret *s, const char *text)
{
	return s && s->len == strlen(text) && !memcmp(s->data, text, s->len);
}

TEST(secrets_of_peers)
{
	struct address one = address("10.0.0.1"), two = address("10.0.0.2");
	struct ikev2_id id = { .kind = IKEV2_ID_FQDN, .text = (char *)(uintptr_t)"gw.EXAMPLE" };
	const struct ikev2_profile *p;
	struct ikev2_config c;
	struct ikev2_error e;

	ASSERT_TRUE(parse(&c, "crypto ikev2 keyring K\n"
			      " peer all\n  address 0.0.0.0 0.0.0.0\n  pre-shared-key wide\n"
			      "  ppk manual id q key pq required\n"
			      " peer one\n  address 10.0.0.1\n  pre-shared-key local mine\n"
			      "  pre-shared-key remote theirs\n"
			      " peer named\n  identity fqdn gw.example\n  pre-shared-key named\n"
			      "crypto ikev2 profile P\n keyring local K\n"
			      "crypto ikev2 profile Q\n keyring local K\n"
			      " authentication local pre-share key own\n", &e));
	p = ikev2_profile_find(&c, "P");
	EXPECT_TRUE(is_secret(ikev2_secret_local(&c, p, &one, NULL), "mine"));
	EXPECT_TRUE(is_secret(ikev2_secret_remote(&c, p, &one, NULL), "theirs"));
	EXPECT_TRUE(is_secret(ikev2_secret_local(&c, p, &two, NULL), "wide"));
	EXPECT_TRUE(is_secret(ikev2_secret_remote(&c, p, &one, &id), "named"));
	ASSERT_NE(NULL, ikev2_ppk_for(&c, p, &one, &id));
	EXPECT_STREQ("q", ikev2_ppk_for(&c, p, &one, &id)->ppk_id);
	p = ikev2_profile_find(&c, "Q");
	EXPECT_TRUE(is_secret(ikev2_secret_local(&c, p, &one, NULL), "own"));
	EXPECT_TRUE(is_secret(ikev2_secret_remote(&c, p, &one, NULL), "theirs"));
	EXPECT_EQ(NULL, ikev2_dpd_of(&c, p));
	EXPECT_EQ(IKEV2_DEFAULT_LIFETIME, ikev2_lifetime_of(p));
	EXPECT_EQ(IKEV2_DEFAULT_NAT_KEEPALIVE, ikev2_nat_keepalive_of(&c, p));
	ikev2_config_free(&c);
}

TEST(secrets_are_wiped)
{
	struct ikev2_config c;
	struct ikev2_error e;

	ASSERT_TRUE(parse(&c, "crypto ikev2 keyring K\n peer A\n  pre-shared-key " SECRET "\n",
			  &e));
	watched = c.keyrings[0]->peers[0]->local.data;
	ASSERT_EQ(SECRET[0], *(const char *)watched);
	seen = false;
	ikev2_config_free(&c);
	watched = NULL;
	EXPECT_FALSE(seen);
}

TEST(secrets_are_not_shown)
{
	struct ikev2_config c;
	struct ikev2_error e;
	char *text;

	ASSERT_TRUE(parse(&c, "crypto ikev2 keyring K\n peer A\n  pre-shared-key " SECRET "\n"
			      "  ppk manual id i key " SECRET "\ncrypto ikev2 profile P\n"
			      " authentication local pre-share key " SECRET "\n", &e));
	EXPECT_TRUE(ikev2_config_has_secrets(&c));
	text = written(&c, false);
	EXPECT_EQ(NULL, strstr(text, SECRET));
	EXPECT_NE(NULL, strstr(text, "  pre-shared-key <removed>\n"));
	EXPECT_NE(NULL, strstr(text, "  ppk manual id i key <removed>\n"));
	EXPECT_NE(NULL, strstr(text, " authentication local pre-share key <removed>\n"));
	ikev2_config_free(&c);
	/* Nor is it taken for a secret. */
	EXPECT_FALSE(parse(&c, text, &e));
	EXPECT_EQ(3, e.line);
	EXPECT_EQ(18, e.column);
	free(e.message);
	free(text);
}

static bool reads(const char *path, uint8_t **data, size_t *len, char **why)
{
	const struct ikev2_secret s = { .file = (char *)(uintptr_t)path };

	return !ikev2_secret_read(&s, data, len, why);
}

TEST(secrets_in_files)
{
	char dir[] = "/tmp/tools_ikev2.XXXXXX", path[64], link_path[64];
	uint8_t *data;
	size_t len;
	char *why;
	int fd;

	ASSERT_NE(NULL, mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/key", dir);
	snprintf(link_path, sizeof(link_path), "%s/link", dir);
	EXPECT_FALSE(reads(path, &data, &len, &why));
	EXPECT_NE(NULL, strstr(why, "No such file"));
	free(why);

	fd = open(path, O_WRONLY | O_CREAT, 0600);
	ASSERT_EQ(7, write(fd, "s\0cret\n", 7));
	ASSERT_TRUE(reads(path, &data, &len, &why));
	EXPECT_EQ(6, len);
	EXPECT_EQ(0, memcmp(data, "s\0cret", 6));
	free(data);

	ASSERT_EQ(0, symlink(path, link_path));
	EXPECT_FALSE(reads(link_path, &data, &len, &why));
	free(why);
	ASSERT_EQ(0, fchmod(fd, 0644));
	EXPECT_FALSE(reads(path, &data, &len, &why));
	EXPECT_NE(NULL, strstr(why, "its mode must be 0600"));
	free(why);
	ASSERT_EQ(0, fchmod(fd, 0600));
	ASSERT_EQ(0, ftruncate(fd, 0));
	EXPECT_FALSE(reads(path, &data, &len, &why));
	EXPECT_NE(NULL, strstr(why, "is empty"));
	free(why);
	ASSERT_EQ(0, ftruncate(fd, IKEV2_SECRET_MAX + 1));
	EXPECT_FALSE(reads(path, &data, &len, &why));
	EXPECT_NE(NULL, strstr(why, "more than 256 octets"));
	free(why);
	EXPECT_FALSE(reads(dir, &data, &len, &why));
	EXPECT_NE(NULL, strstr(why, "no regular file"));
	free(why);
	close(fd);
	unlink(path);
	unlink(link_path);
	rmdir(dir);
}

TEST(origins_of_lines)
{
	static const char text[] = "crypto ikev2 profile P\n description d\n! comment\n lifetime 300\n";
	struct ikev2_origins origins = {};
	struct ikev2_config c;
	struct ikev2_error e;
	struct text_of t;

	ASSERT_TRUE(parse(&c, text, &e));
	ikev2_config_write(text_begin(&t), &c, true, &origins);
	text_end(&t);
	ASSERT_EQ(4, origins.n_items);
	EXPECT_EQ(1, origins.items[0].line);
	EXPECT_EQ(2, origins.items[1].line);
	EXPECT_EQ(4, origins.items[2].line);
	EXPECT_EQ(11, origins.items[2].column);
	EXPECT_EQ(0, origins.items[3].line);
	ikev2_origins_free(&origins);
	ikev2_config_free(&c);
	free(t.text);
}

TEST(difference)
{
	struct ikev2_config a, b;
	struct ikev2_error e;
	struct text_of t;

	ASSERT_TRUE(parse(&a, "crypto ikev2 keyring K\n peer A\n  pre-shared-key x\n"
			      "crypto ikev2 proposal P\n group 14\ncrypto ikev2 policy Q\n", &e));
	ASSERT_TRUE(parse(&b, "crypto ikev2 keyring K\n peer A\n  pre-shared-key y\n"
			      "crypto ikev2 proposal P\n group 14\ncrypto ikev2 dpd 9 3 periodic\n",
			  &e));
	EXPECT_EQ(3, ikev2_config_diff(text_begin(&t), &a, &b));
	EXPECT_STREQ("no crypto ikev2 policy Q\n"
		     "crypto ikev2 keyring K\n"
		     " peer A\n"
		     "  pre-shared-key <removed>\n"
		     "!\n"
		     "crypto ikev2 dpd 9 3 periodic\n"
		     "!\n", text_end(&t));
	ikev2_config_free(&a);
	ikev2_config_free(&b);
	free(t.text);
}

TEST(masks_of_preshared_keys)
{
	static const char *const masked[][2] = {
		{ "  pre-shared-key secret", "  pre-shared-key ******" },
		{ "  pre-shared-key local 0 local", "  pre-shared-key local 0 *****" },
		{ "  pre-shared-key remote hex 00ff", "  pre-shared-key remote hex ****" },
		{ "  pre-shared-key file /etc/key", "  pre-shared-key file /etc/key" },
		{ "  pre-s l secret", "  pre-s * ******" },
		{ "  ppk manual id key key secret required",
		  "  ppk manual id key key ****** required" },
		{ " authentication local pre-share key hex 00ff",
		  " authentication local pre-share key hex ****" },
		{ " authentication local pre-share k secret",
		  " authentication local pre-share * ******" },
		{ " pre-shared-key address 1.2.3.4 key secret",
		  " pre-shared-key address 1.2.3.4 key ******" },
	};

	for (size_t n = 0; n < sizeof(masked) / sizeof(*masked); n++) {
		char *line = strdup(masked[n][0]);

		text_mask_secrets(line);
		EXPECT_STREQ(masked[n][1], line);
		free(line);
	}
}

TEST_HARNESS_MAIN
