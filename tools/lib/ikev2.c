// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of what the lines of IKEv2 say. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/ikev2.h"
#include "lib/ikev2_words.h"

/* What every proposal says that is not configured: strong, and what peers have. */
static const struct ikev2_proposal default_proposal = {
	.name = IKEV2_DEFAULT,
	.words = {
		[IKEV2_ENCRYPTION] = {
			IKEV2_WORD_AES_GCM_256, IKEV2_WORD_AES_GCM_128,
			IKEV2_WORD_CHACHA20_POLY1305, IKEV2_WORD_AES_CBC_256,
			IKEV2_WORD_AES_CBC_128,
		},
		[IKEV2_INTEGRITY] = {
			IKEV2_WORD_SHA512, IKEV2_WORD_SHA384, IKEV2_WORD_SHA256,
		},
		[IKEV2_PRF] = { IKEV2_WORD_SHA512, IKEV2_WORD_SHA384, IKEV2_WORD_SHA256 },
		[IKEV2_GROUP] = {
			IKEV2_WORD_GROUP_31, IKEV2_WORD_GROUP_19, IKEV2_WORD_GROUP_20,
			IKEV2_WORD_GROUP_21, IKEV2_WORD_GROUP_16, IKEV2_WORD_GROUP_15,
			IKEV2_WORD_GROUP_14,
		},
	},
	.n_words = {
		[IKEV2_ENCRYPTION] = 5, [IKEV2_INTEGRITY] = 3, [IKEV2_PRF] = 3,
		[IKEV2_GROUP] = 7,
	},
};

static struct ikev2_ref default_refs[] = { { .name = IKEV2_DEFAULT } };

static const struct ikev2_policy default_policy = {
	.name = IKEV2_DEFAULT, .proposals = default_refs, .n_proposals = 1,
};

static void secret_free(struct ikev2_secret *s)
{
	if (s->data)
		explicit_bzero(s->data, s->len);
	free(s->data);
	free(s->file);
	memset(s, 0, sizeof(*s));
}

static struct ikev2_secret secret_copy(const struct ikev2_secret *from)
{
	struct ikev2_secret to = *from;

	if (from->data)
		to.data = memcpy(xcalloc(from->len, 1), from->data, from->len);
	to.file = from->file ? xstrdup(from->file) : NULL;
	return to;
}

static char *text_copy(const char *text)
{
	return text ? xstrdup(text) : NULL;
}

/**
 * ikev2_secret_set() - Put another secret in the place of one.
 * @s: secret
 * @data: its octets; NULL: none
 * @len: how many
 * @file: the file that holds it; NULL: none
 * @at: where it was configured
 */
void ikev2_secret_set(struct ikev2_secret *s, const uint8_t *data, size_t len, const char *file,
		      struct model_pos at)
{
	secret_free(s);
	if (data)
		s->data = memcpy(xcalloc(len, 1), data, len);
	s->len = len;
	s->file = text_copy(file);
	s->at = at;
}

/**
 * ikev2_id_set() - Put another identity in the place of one.
 * @id: identity
 * @kind: what it becomes
 * @address: of IKEV2_ID_ADDRESS
 * @text: of the others; NULL: none
 * @at: where it was configured
 */
void ikev2_id_set(struct ikev2_id *id, enum ikev2_id_kind kind, const struct address *address,
		  const char *text, struct model_pos at)
{
	free(id->text);
	memset(id, 0, sizeof(*id));
	id->kind = kind;
	if (kind == IKEV2_ID_ADDRESS)
		id->address = *address;
	else
		id->text = text_copy(text);
	id->at = at;
}

/**
 * ikev2_text_set() - Put another text in the place of one.
 * @text: text
 * @to: what it becomes; NULL: none
 */
void ikev2_text_set(char **text, const char *to)
{
	free(*text);
	*text = text_copy(to);
}

static void proposal_free(struct ikev2_proposal *p)
{
	free(p);
}

static struct ikev2_proposal *proposal_copy(const struct ikev2_proposal *from)
{
	return memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));
}

static void policy_free(struct ikev2_policy *p)
{
	if (!p)
		return;
	free(p->locals);
	free(p->proposals);
	free(p);
}

static struct ikev2_policy *policy_copy(const struct ikev2_policy *from)
{
	struct ikev2_policy *to = memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));

	to->locals = array_copy(from->locals, from->n_locals, sizeof(*from->locals));
	to->proposals = array_copy(from->proposals, from->n_proposals, sizeof(*from->proposals));
	return to;
}

static void peer_free(struct ikev2_peer *p)
{
	if (!p)
		return;
	free(p->description);
	free(p->identity.text);
	secret_free(&p->local);
	secret_free(&p->remote);
	free(p->ppk_id);
	secret_free(&p->ppk);
	free(p);
}

static struct ikev2_peer *peer_copy(const struct ikev2_peer *from)
{
	struct ikev2_peer *to = memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));

	to->description = text_copy(from->description);
	to->identity.text = text_copy(from->identity.text);
	to->local = secret_copy(&from->local);
	to->remote = secret_copy(&from->remote);
	to->ppk_id = text_copy(from->ppk_id);
	to->ppk = secret_copy(&from->ppk);
	return to;
}

static void keyring_free(struct ikev2_keyring *k)
{
	if (!k)
		return;
	for (size_t n = 0; n < k->n_peers; n++)
		peer_free(k->peers[n]);
	free(k->peers);
	free(k);
}

static struct ikev2_keyring *keyring_copy(const struct ikev2_keyring *from)
{
	struct ikev2_keyring *to = memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));

	to->peers = array_copy(from->peers, from->n_peers, sizeof(*from->peers));
	for (size_t n = 0; n < to->n_peers; n++)
		to->peers[n] = peer_copy(from->peers[n]);
	return to;
}

static void profile_free(struct ikev2_profile *p)
{
	if (!p)
		return;
	free(p->description);
	for (size_t n = 0; n < p->n_matches; n++)
		free(p->matches[n].text);
	free(p->matches);
	free(p->locals);
	free(p->local_id.text);
	secret_free(&p->key_local);
	secret_free(&p->key_remote);
	free(p);
}

static struct ikev2_profile *profile_copy(const struct ikev2_profile *from)
{
	struct ikev2_profile *to = memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));

	to->description = text_copy(from->description);
	to->matches = array_copy(from->matches, from->n_matches, sizeof(*from->matches));
	for (size_t n = 0; n < to->n_matches; n++)
		to->matches[n].text = text_copy(from->matches[n].text);
	to->locals = array_copy(from->locals, from->n_locals, sizeof(*from->locals));
	to->local_id.text = text_copy(from->local_id.text);
	to->key_local = secret_copy(&from->key_local);
	to->key_remote = secret_copy(&from->key_remote);
	return to;
}

static void trustpoint_free(struct ikev2_trustpoint *t)
{
	if (!t)
		return;
	for (size_t n = 0; n < t->n_cas; n++)
		free(t->cas[n].path);
	free(t->cas);
	free(t->certificate.path);
	free(t->private_key.path);
	free(t->crl.path);
	free(t->ocsp.path);
	free(t);
}

static struct ikev2_trustpoint *trustpoint_copy(const struct ikev2_trustpoint *from)
{
	struct ikev2_trustpoint *to = memcpy(xcalloc(1, sizeof(*from)), from, sizeof(*from));

	to->cas = array_copy(from->cas, from->n_cas, sizeof(*from->cas));
	for (size_t n = 0; n < to->n_cas; n++)
		to->cas[n].path = text_copy(from->cas[n].path);
	to->certificate.path = text_copy(from->certificate.path);
	to->private_key.path = text_copy(from->private_key.path);
	to->crl.path = text_copy(from->crl.path);
	to->ocsp.path = text_copy(from->ocsp.path);
	return to;
}

/*
 * The functions of objects that have a name, one after the other in an array: sorted by name, but
 * for the peers of a keyring, whose order is the user's.
 */
#define NAMED(what, list, in, sorted)							\
static size_t what ## _index(const struct in *c, const char *name, bool *found)		\
{											\
	size_t n;									\
											\
	*found = false;									\
	for (n = 0; n < c->n_ ## list; n++) {						\
		int order = strcmp(c->list[n]->name, name);				\
											\
		*found = !order;							\
		if (*found || ((sorted) && order > 0))					\
			break;								\
	}										\
	return n;									\
}											\
											\
static struct ikev2_ ## what *what ## _insert(struct in *c, size_t n,			\
					      struct ikev2_ ## what *item)		\
{											\
	c->list = array_grow(c->list, c->n_ ## list, sizeof(*c->list));			\
	memmove(&c->list[n + 1], &c->list[n],						\
		(c->n_ ## list - n) * sizeof(*c->list));				\
	c->list[n] = item;								\
	c->n_ ## list++;								\
	return item;									\
}											\
											\
void ikev2_ ## what ## _remove(struct in *c, const char *name)				\
{											\
	bool found;									\
	size_t n = what ## _index(c, name, &found);					\
											\
	if (!found)									\
		return;									\
	what ## _free(c->list[n]);							\
	c->n_ ## list--;								\
	memmove(&c->list[n], &c->list[n + 1],						\
		(c->n_ ## list - n) * sizeof(*c->list));				\
}

NAMED(proposal, proposals, ikev2_config, true)
NAMED(policy, policies, ikev2_config, true)
NAMED(keyring, keyrings, ikev2_config, true)
NAMED(peer, peers, ikev2_keyring, false)
NAMED(profile, profiles, ikev2_config, true)
NAMED(trustpoint, trustpoints, ikev2_config, true)

/* To look one up, and to make it when it is missing. */
#define FIND(what, list, in)								\
struct ikev2_ ## what *ikev2_ ## what ## _find(const struct in *c, const char *name)	\
{											\
	bool found;									\
	size_t n = what ## _index(c, name, &found);					\
											\
	return found ? c->list[n] : NULL;						\
}											\
											\
struct ikev2_ ## what *ikev2_ ## what ## _get(struct in *c, const char *name)		\
{											\
	struct ikev2_ ## what *item;							\
	bool found;									\
	size_t n = what ## _index(c, name, &found);					\
											\
	if (found)									\
		return c->list[n];							\
	item = xcalloc(1, sizeof(*item));						\
	snprintf(item->name, sizeof(item->name), "%s", name);				\
	return what ## _insert(c, n, item);						\
}

FIND(keyring, keyrings, ikev2_config)
FIND(peer, peers, ikev2_keyring)
FIND(profile, profiles, ikev2_config)
FIND(trustpoint, trustpoints, ikev2_config)

/* Who changes the default proposal changes parts of it, */
static struct ikev2_proposal *proposal_begin(void)
{
	return proposal_copy(&default_proposal);
}

/* and the default policy is another one as soon as it has a proposal. */
static struct ikev2_policy *policy_begin(void)
{
	return xcalloc(1, sizeof(struct ikev2_policy));
}

/* Likewise of those of which one is there without being configured. */
#define FIND_DEFAULT(what, list)							\
const struct ikev2_ ## what *ikev2_ ## what ## _find(const struct ikev2_config *c,	\
						     const char *name)			\
{											\
	bool found;									\
	size_t n = what ## _index(c, name, &found);					\
											\
	if (found)									\
		return c->list[n];							\
	return strcmp(name, IKEV2_DEFAULT) ? NULL : &default_ ## what;			\
}											\
											\
struct ikev2_ ## what *ikev2_ ## what ## _get(struct ikev2_config *c, const char *name)	\
{											\
	struct ikev2_ ## what *item;							\
	bool found;									\
	size_t n = what ## _index(c, name, &found);					\
											\
	if (found)									\
		return c->list[n];							\
	item = strcmp(name, IKEV2_DEFAULT) ? xcalloc(1, sizeof(*item)) :		\
					     what ## _begin();				\
	snprintf(item->name, sizeof(item->name), "%s", name);				\
	return what ## _insert(c, n, item);						\
}

FIND_DEFAULT(proposal, proposals)
FIND_DEFAULT(policy, policies)

/**
 * ikev2_config_settle() - Drop a default proposal or policy that says what it says anyway.
 * @c: configuration
 */
void ikev2_config_settle(struct ikev2_config *c)
{
	const struct ikev2_policy *policy;

	if (ikev2_proposal_equal(ikev2_proposal_find(c, IKEV2_DEFAULT), &default_proposal))
		ikev2_proposal_remove(c, IKEV2_DEFAULT);
	policy = ikev2_policy_find(c, IKEV2_DEFAULT);
	if (ikev2_policy_equal(policy, &default_policy) ||
	    (!policy->n_proposals && !policy->n_locals))
		ikev2_policy_remove(c, IKEV2_DEFAULT);
}

/**
 * ikev2_config_free() - Release what a configuration holds, secrets wiped, and make it empty.
 * @c: configuration
 */
void ikev2_config_free(struct ikev2_config *c)
{
	for (size_t n = 0; n < c->n_proposals; n++)
		proposal_free(c->proposals[n]);
	for (size_t n = 0; n < c->n_policies; n++)
		policy_free(c->policies[n]);
	for (size_t n = 0; n < c->n_keyrings; n++)
		keyring_free(c->keyrings[n]);
	for (size_t n = 0; n < c->n_profiles; n++)
		profile_free(c->profiles[n]);
	for (size_t n = 0; n < c->n_trustpoints; n++)
		trustpoint_free(c->trustpoints[n]);
	free(c->proposals);
	free(c->policies);
	free(c->keyrings);
	free(c->profiles);
	free(c->trustpoints);
	memset(c, 0, sizeof(*c));
}

#define COPY_LIST(what, list)								\
	do {										\
		to->list = array_copy(from->list, from->n_ ## list, sizeof(*from->list));\
		for (size_t n = 0; n < to->n_ ## list; n++)				\
			to->list[n] = what ## _copy(from->list[n]);			\
	} while (0)

/**
 * ikev2_config_copy() - Make an independent copy.
 * @to: result; anything it held before is forgotten
 * @from: configuration
 */
void ikev2_config_copy(struct ikev2_config *to, const struct ikev2_config *from)
{
	*to = *from;
	COPY_LIST(proposal, proposals);
	COPY_LIST(policy, policies);
	COPY_LIST(keyring, keyrings);
	COPY_LIST(profile, profiles);
	COPY_LIST(trustpoint, trustpoints);
}

/**
 * ikev2_config_is_empty() - Tell whether no line is needed to say what a configuration says.
 * @c: configuration
 */
bool ikev2_config_is_empty(const struct ikev2_config *c)
{
	static const struct ikev2_config empty;

	return ikev2_config_equal(c, &empty);
}

static bool is_secret(const struct ikev2_secret *s)
{
	return s->data;
}

/**
 * ikev2_config_has_secrets() - Tell whether writing a configuration writes secrets.
 * @c: configuration
 */
bool ikev2_config_has_secrets(const struct ikev2_config *c)
{
	for (size_t n = 0; n < c->n_profiles; n++)
		if (is_secret(&c->profiles[n]->key_local) || is_secret(&c->profiles[n]->key_remote))
			return true;
	for (size_t n = 0; n < c->n_keyrings; n++)
		for (size_t k = 0; k < c->keyrings[n]->n_peers; k++) {
			const struct ikev2_peer *p = c->keyrings[n]->peers[k];

			if (is_secret(&p->local) || is_secret(&p->remote) || is_secret(&p->ppk))
				return true;
		}
	return false;
}
