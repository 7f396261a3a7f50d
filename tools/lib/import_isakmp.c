// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a router says about IKEv1 becomes IKEv2: its policies a policy with their
 * proposals, its preshared keys a keyring and a profile for each, its keepalives
 * dead peer detection. What is weak becomes what is not, the same on both ends.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"
#include "lib/ikev2_words.h"
#include "lib/import.h"
#include "lib/text.h"

#define WHOSE		"vpnha's, as IKEv2"
/* Name of the policy and of the keyring, and beginning of those of others. */
#define NAME		"isakmp"

/* As routers have it where nothing else is said. */
#define RETRY_DEFAULT	2

/* A word of IKEv1, and what becomes of it. */
struct becomes {
	const char *word, *word2;
	const char *ikev2;
	bool weak;
};

static const struct becomes encryptions[] = {
	{ "aes", "192", IKEV2_WORD_AES_CBC_192, false },
	{ "aes", "256", IKEV2_WORD_AES_CBC_256, false },
	{ "aes", NULL, IKEV2_WORD_AES_CBC_128, false },
	{ "3des", NULL, IKEV2_WORD_AES_CBC_128, true },
	{ "des", NULL, IKEV2_WORD_AES_CBC_128, true },
	{}
};

static const struct becomes hashes[] = {
	{ "sha256", NULL, IKEV2_WORD_SHA256, false },
	{ "sha384", NULL, IKEV2_WORD_SHA384, false },
	{ "sha512", NULL, IKEV2_WORD_SHA512, false },
	{ "sha", NULL, IKEV2_WORD_SHA256, true },
	{ "md5", NULL, IKEV2_WORD_SHA256, true },
	{}
};

static const struct becomes groups[] = {
	{ "1", NULL, IKEV2_WORD_GROUP_14, true },
	{ "2", NULL, IKEV2_WORD_GROUP_14, true },
	{ "5", NULL, IKEV2_WORD_GROUP_14, true },
	{ "24", NULL, IKEV2_WORD_GROUP_14, true },
	{}
};

/**
 * import_isakmp_free() - Release what is known of IKEv1, keys wiped.
 * @im: configuration
 */
void import_isakmp_free(struct import *im)
{
	struct import_isakmp *i = &im->isakmp;

	for (size_t n = 0; n < i->n_keys; n++) {
		free_wiped(i->keys[n].secret);
		free(i->keys[n].hostname);
	}
	free(i->keys);
	free(i->policies);
}

static const struct becomes *find(const struct becomes *table, const struct grammar_line *line)
{
	for (; table->word; table++)
		if (!strcmp(line->words[1].text, table->word) &&
		    (!table->word2 || (line->n_words > 2 &&
				       !strcmp(line->words[2].text, table->word2))))
			return table;
	return NULL;
}

/* Take what a line of a policy says. Returns whether it is understood. */
static bool translate(struct import *im, const struct grammar_line *line, const char *what,
		      const struct becomes *table, const char **word)
{
	const struct becomes *b = find(table, line);
	char *becomes, *why;

	if (!b)
		return false;
	*word = b->ikev2;
	becomes = xasprintf("%s %s", what, b->ikev2);
	if (b->weak) {
		why = xasprintf("%s is weak, and no part of IKEv2 here: %s stands for it",
				b->word, b->ikev2);
		import_warn(im, line, why);
		free(why);
	}
	import_note(im, line, WHOSE, becomes);
	free(becomes);
	return true;
}

static bool read_group(struct import *im, const struct grammar_line *line,
		       struct import_policy *p)
{
	const char *same = ikev2_word(IKEV2_GROUP, line->words[1].text);

	if (!same)
		return translate(im, line, "group", groups, &p->group);
	p->group = same;
	import_note(im, line, WHOSE, NULL);
	return true;
}

static bool read_lifetime(struct import *im, const struct grammar_line *line,
			  struct import_policy *p)
{
	uint32_t seconds;
	char *becomes;

	if (!text_parse_number(line->words[line->n_words - 1].text, &seconds))
		return false;
	p->lifetime = seconds < IKEV2_LIFETIME_MIN ? IKEV2_LIFETIME_MIN :
		      seconds > IKEV2_LIFETIME_MAX ? IKEV2_LIFETIME_MAX : seconds;
	becomes = xasprintf("lifetime %u", p->lifetime);
	import_note(im, line, WHOSE, becomes);
	free(becomes);
	return true;
}

static bool read_authentication(struct import *im, const struct grammar_line *line,
				struct import_policy *p)
{
	p->preshared = !strcmp(line->words[1].text, "pre-share");
	if (!p->preshared)
		return false;
	import_note(im, line, WHOSE, "authentication local and remote pre-share");
	return true;
}

static bool read_policy_line(struct import *im, const struct grammar_line *line)
{
	struct import_policy *p = &im->isakmp.policies[im->isakmp.n_policies - 1];

	if (line->n_words < 2)
		return false;
	if (!strncmp(line->words[0].text, "encryption", strlen(line->words[0].text)))
		return translate(im, line, "encryption", encryptions, &p->encryption);
	if (!strcmp(line->words[0].text, "hash"))
		return translate(im, line, "integrity", hashes, &p->integrity);
	if (!strcmp(line->words[0].text, "group"))
		return read_group(im, line, p);
	if (!strcmp(line->words[0].text, "lifetime"))
		return read_lifetime(im, line, p);
	if (!strcmp(line->words[0].text, "authentication"))
		return read_authentication(im, line, p);
	return false;
}

static bool read_policy(struct import *im, const struct grammar_line *line)
{
	struct import_isakmp *i = &im->isakmp;
	struct import_policy *p;
	uint32_t number;
	char *becomes;

	if (!text_parse_number(line->words[3].text, &number))
		return false;
	i->policies = array_grow(i->policies, i->n_policies, sizeof(*i->policies));
	p = &i->policies[i->n_policies++];
	/* What a router's policy says where nothing is said: DES, SHA-1 and group 1. */
	*p = (struct import_policy){
		.number = number, .line = im->config.line,
		.encryption = IKEV2_WORD_AES_CBC_128, .integrity = IKEV2_WORD_SHA256,
		.group = IKEV2_WORD_GROUP_14,
	};
	i->policy = true;
	becomes = xasprintf("crypto ikev2 proposal " NAME "-%u", number);
	import_note(im, line, WHOSE, becomes);
	free(becomes);
	return true;
}

/* "crypto isakmp key [0] SECRET address ADDRESS [MASK] [no-xauth]" and its like. */
static bool read_key(struct import *im, const struct grammar_line *line)
{
	size_t n = grammar_line_begins(line, 3, "0") && line->n_words > 6 ? 4 : 3;
	struct import_isakmp *i = &im->isakmp;
	struct import_key key = { .line = im->config.line };
	const char *what, *value, *mask;

	if (line->n_words < n + 3 || (grammar_line_begins(line, 3, "6") && line->n_words > 6))
		return false;
	what = line->words[n + 1].text;
	value = line->words[n + 2].text;
	mask = line->n_words > n + 3 ? line->words[n + 3].text : "";
	if (!strcmp(what, "hostname")) {
		key.hostname = xstrdup(value);
	} else if (strcmp(what, "address") ||
		   (strcmp(value, "ipv6") ? !address_parse(&key.address, value) :
					    !address_parse_prefix(&key.address, &key.mask, mask))) {
		return false;
	}
	if (key.address.family && !key.mask.family && !address_parse(&key.mask, mask))
		address_mask_all(&key.mask, key.address.family, true);
	if (key.address.family)
		address_apply(&key.address, &key.mask);
	key.secret = xstrdup(line->words[n].text);
	i->keys = array_grow(i->keys, i->n_keys, sizeof(*i->keys));
	i->keys[i->n_keys++] = key;
	import_note(im, line, WHOSE, "crypto ikev2 keyring " NAME " and a profile");
	return true;
}

static bool read_keepalive(struct import *im, const struct grammar_line *line)
{
	struct ikev2_dpd *d = &im->isakmp.dpd;
	uint32_t interval, retry = RETRY_DEFAULT;
	char *becomes;

	if (line->n_words < 4 || !text_parse_number(line->words[3].text, &interval) ||
	    interval < IKEV2_DPD_INTERVAL_MIN || interval > IKEV2_DPD_INTERVAL_MAX)
		return false;
	if (line->n_words > 4 && (!text_parse_number(line->words[4].text, &retry) ||
				  retry > IKEV2_DPD_RETRY_MAX || !retry))
		retry = RETRY_DEFAULT;
	*d = (struct ikev2_dpd){
		.given = true, .interval = interval, .retry = retry,
		.periodic = !strcmp(line->words[line->n_words - 1].text, "periodic"),
		.at = config_pos(&im->config, 1),
	};
	becomes = xasprintf("crypto ikev2 dpd %u %u %s", interval, retry,
			    d->periodic ? "periodic" : "on-demand");
	import_note(im, line, WHOSE, becomes);
	free(becomes);
	return true;
}

static bool read_nat(struct import *im, const struct grammar_line *line)
{
	uint32_t seconds;

	if (!text_parse_number(line->words[4].text, &seconds) ||
	    seconds < IKEV2_NAT_KEEPALIVE_MIN || seconds > IKEV2_NAT_KEEPALIVE_MAX)
		return false;
	im->isakmp.nat_keepalive = seconds;
	im->isakmp.nat_line = im->config.line;
	import_note(im, line, WHOSE, "crypto ikev2 nat keepalive");
	return true;
}

/**
 * import_isakmp() - Take a line about IKEv1.
 * @im: configuration
 * @line: its words
 * @below: it stands below a heading
 *
 * Return: whether it is one that becomes IKEv2.
 */
bool import_isakmp(struct import *im, const struct grammar_line *line, bool below)
{
	if (!below)
		im->isakmp.policy = false;
	if (im->surveying)
		return grammar_line_begins(line, 0, "crypto isakmp");
	if (below)
		return im->isakmp.policy && read_policy_line(im, line);
	if (grammar_line_begins(line, 0, "crypto isakmp policy *"))
		return read_policy(im, line);
	if (grammar_line_begins(line, 0, "crypto isakmp key *"))
		return read_key(im, line);
	if (grammar_line_begins(line, 0, "crypto isakmp keepalive *"))
		return read_keepalive(im, line);
	if (grammar_line_begins(line, 0, "crypto isakmp nat keepalive *"))
		return read_nat(im, line);
	return false;
}

/* Read a line of IKEv2, as if it stood where that of IKEv1 does, and write it. */
static void put(struct import *im, unsigned int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put(struct import *im, unsigned int number, const char *format, ...)
{
	struct grammar_line words;
	char *text;
	va_list ap;

	va_start(ap, format);
	text = xvasprintf(format, ap);
	va_end(ap);
	im->config.line = number;
	grammar_split(&words, text, strlen(text));
	config_words(&im->config, &words);
	grammar_line_free(&words);
	import_add(&im->ikev2, "%s", text);
	free_wiped(text);
}

static void comment(struct import *im, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void comment(struct import *im, const char *format, ...)
{
	char *text;
	va_list ap;

	va_start(ap, format);
	text = xvasprintf(format, ap);
	va_end(ap);
	import_add(&im->ikev2, "! %s", text);
	free(text);
}

static int compare_policies(const void *a, const void *b)
{
	const struct import_policy *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static void put_policies(struct import *im)
{
	struct import_isakmp *i = &im->isakmp;

	if (!i->n_policies)
		return;
	qsort(i->policies, i->n_policies, sizeof(*i->policies), compare_policies);
	for (size_t n = 0; n < i->n_policies; n++) {
		const struct import_policy *p = &i->policies[n];

		comment(im, "crypto isakmp policy %u", p->number);
		put(im, p->line, "crypto ikev2 proposal " NAME "-%u", p->number);
		put(im, p->line, " encryption %s", p->encryption);
		put(im, p->line, " integrity %s", p->integrity);
		put(im, p->line, " group %s", p->group);
		import_add(&im->ikev2, "!");
	}
	put(im, i->policies[0].line, "crypto ikev2 policy " NAME);
	for (size_t n = 0; n < i->n_policies; n++)
		put(im, i->policies[n].line, " proposal " NAME "-%u", i->policies[n].number);
	import_add(&im->ikev2, "!");
}

/* What a key is of, as a part of a name. */
static const char *name_of(char buf[IKEV2_NAME_SIZE], const struct import_key *k, size_t n)
{
	char address[ADDRESS_LEN];

	snprintf(buf, IKEV2_NAME_SIZE, "peer-%zu", n + 1);
	if (k->address.family == AF_INET)
		snprintf(buf, IKEV2_NAME_SIZE, "%s", address_text(address, &k->address));
	return buf;
}

/* An address and what counts of it. */
static char *network_of(const struct import_key *k)
{
	char address[ADDRESS_LEN], mask[ADDRESS_LEN];
	int length = address_mask_length(&k->mask);

	if (length == (int)address_size(&k->mask) * 8)
		return xstrdup(address_text(address, &k->address));
	if (k->address.family == AF_INET6)
		return xasprintf("%s/%d", address_text(address, &k->address), length);
	return xasprintf("%s %s", address_text(address, &k->address),
			 address_text(mask, &k->mask));
}

/* A key may be written as a router would read it, and not be read so here. */
static void put_secret(struct import *im, const struct import_key *k)
{
	size_t length = strlen(k->secret);
	char *hex = xcalloc(2 * length + 1, 1);

	for (size_t n = 0; n < length; n++)
		sprintf(hex + 2 * n, "%02x", (unsigned char)k->secret[n]);
	if (k->secret[0] == '!')
		put(im, k->line, "  pre-shared-key hex %s", hex);
	else
		put(im, k->line, "  pre-shared-key 0 %s", k->secret);
	free_wiped(hex);
}

static void put_keyring(struct import *im)
{
	const struct import_isakmp *i = &im->isakmp;
	char name[IKEV2_NAME_SIZE];

	if (!i->n_keys)
		return;
	comment(im, "crypto isakmp key");
	put(im, i->keys[0].line, "crypto ikev2 keyring " NAME);
	for (size_t n = 0; n < i->n_keys; n++) {
		const struct import_key *k = &i->keys[n];
		char *network;

		put(im, k->line, " peer %s", name_of(name, k, n));
		if (k->hostname) {
			put(im, k->line, "  identity fqdn %s", k->hostname);
		} else {
			network = network_of(k);
			put(im, k->line, "  address %s", network);
			free(network);
		}
		put_secret(im, k);
	}
	import_add(&im->ikev2, "!");
}

/* The lifetime that a router proposes first. */
static uint32_t lifetime(const struct import_isakmp *i)
{
	return i->n_policies ? i->policies[0].lifetime : 0;
}

static bool is_for_all(const struct import_key *k)
{
	return k->address.family && address_is_zero(&k->mask);
}

static void put_profile(struct import *im, const struct import_key *k, size_t n)
{
	char name[IKEV2_NAME_SIZE];
	char *network;

	if (is_for_all(k)) {
		put(im, k->line, "crypto ikev2 profile " IKEV2_DEFAULT);
		put(im, k->line, " match identity remote any");
	} else if (k->hostname) {
		put(im, k->line, "crypto ikev2 profile " NAME "-%s", name_of(name, k, n));
		put(im, k->line, " match identity remote fqdn %s", k->hostname);
	} else {
		network = network_of(k);
		put(im, k->line, "crypto ikev2 profile " NAME "-%s", name_of(name, k, n));
		put(im, k->line, " match identity remote address %s", network);
		free(network);
	}
	put(im, k->line, " authentication remote pre-share");
	put(im, k->line, " authentication local pre-share");
	put(im, k->line, " keyring local " NAME);
	if (lifetime(&im->isakmp))
		put(im, k->line, " lifetime %u", lifetime(&im->isakmp));
	import_add(&im->ikev2, "!");
}

static void put_keepalives(struct import *im)
{
	const struct import_isakmp *i = &im->isakmp;

	if (i->dpd.given) {
		comment(im, "crypto isakmp keepalive");
		put(im, i->dpd.at.line, "crypto ikev2 dpd %u %u %s", i->dpd.interval, i->dpd.retry,
		    i->dpd.periodic ? "periodic" : "on-demand");
	}
	if (i->nat_keepalive)
		put(im, i->nat_line, "crypto ikev2 nat keepalive %u", i->nat_keepalive);
	if (i->dpd.given || i->nat_keepalive)
		import_add(&im->ikev2, "!");
}

/**
 * import_isakmp_finish() - Write what was said about IKEv1 as IKEv2, once all lines are read.
 * @im: configuration
 */
void import_isakmp_finish(struct import *im)
{
	im->config.in.mode = CONFIG_GLOBAL;
	if (im->isakmp.n_policies || im->isakmp.n_keys)
		comment(im, "What crypto isakmp says of IKEv1, as IKEv2:");
	put_policies(im);
	put_keyring(im);
	for (size_t n = 0; n < im->isakmp.n_keys; n++)
		put_profile(im, &im->isakmp.keys[n], n);
	put_keepalives(im);
}
