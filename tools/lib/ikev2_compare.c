// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether two parts of a configuration mean the same, wherever they were configured. */
#include <string.h>

#include "lib/ikev2.h"

static bool text_equal(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/**
 * ikev2_id_equal() - Compare identities.
 * @a: identity
 * @b: another
 */
bool ikev2_id_equal(const struct ikev2_id *a, const struct ikev2_id *b)
{
	return a->kind == b->kind && address_equal(&a->address, &b->address) &&
	       text_equal(a->text, b->text);
}

/**
 * ikev2_secret_equal() - Compare secrets.
 * @a: secret
 * @b: another
 *
 * Those in files are the same if the files have the same name.
 */
bool ikev2_secret_equal(const struct ikev2_secret *a, const struct ikev2_secret *b)
{
	return a->len == b->len && !a->data == !b->data &&
	       (!a->data || !memcmp(a->data, b->data, a->len)) && text_equal(a->file, b->file);
}

/**
 * ikev2_proposal_equal() - Compare proposals.
 * @a: proposal
 * @b: another
 */
bool ikev2_proposal_equal(const struct ikev2_proposal *a, const struct ikev2_proposal *b)
{
	if (strcmp(a->name, b->name))
		return false;
	for (size_t kind = 0; kind < IKEV2_ALGS; kind++) {
		if (a->n_words[kind] != b->n_words[kind])
			return false;
		for (size_t n = 0; n < a->n_words[kind]; n++)
			if (a->words[kind][n] != b->words[kind][n])
				return false;
	}
	return true;
}

static bool addresses_equal(const struct ikev2_address *a, size_t n_a,
			    const struct ikev2_address *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t n = 0; n < n_a; n++)
		if (!address_equal(&a[n].address, &b[n].address))
			return false;
	return true;
}

/**
 * ikev2_policy_equal() - Compare policies.
 * @a: policy
 * @b: another
 */
bool ikev2_policy_equal(const struct ikev2_policy *a, const struct ikev2_policy *b)
{
	if (strcmp(a->name, b->name) || a->n_proposals != b->n_proposals ||
	    !addresses_equal(a->locals, a->n_locals, b->locals, b->n_locals))
		return false;
	for (size_t n = 0; n < a->n_proposals; n++)
		if (strcmp(a->proposals[n].name, b->proposals[n].name))
			return false;
	return true;
}

/**
 * ikev2_peer_equal() - Compare peers of keyrings.
 * @a: peer
 * @b: another
 */
bool ikev2_peer_equal(const struct ikev2_peer *a, const struct ikev2_peer *b)
{
	return !strcmp(a->name, b->name) && text_equal(a->description, b->description) &&
	       address_equal(&a->address, &b->address) && address_equal(&a->mask, &b->mask) &&
	       ikev2_id_equal(&a->identity, &b->identity) &&
	       ikev2_secret_equal(&a->local, &b->local) &&
	       ikev2_secret_equal(&a->remote, &b->remote) &&
	       text_equal(a->ppk_id, b->ppk_id) && ikev2_secret_equal(&a->ppk, &b->ppk) &&
	       a->ppk_required == b->ppk_required;
}

/**
 * ikev2_keyring_equal() - Compare keyrings with their peers.
 * @a: keyring
 * @b: another
 */
bool ikev2_keyring_equal(const struct ikev2_keyring *a, const struct ikev2_keyring *b)
{
	if (strcmp(a->name, b->name) || a->n_peers != b->n_peers)
		return false;
	for (size_t n = 0; n < a->n_peers; n++)
		if (!ikev2_peer_equal(a->peers[n], b->peers[n]))
			return false;
	return true;
}

static bool match_equal(const struct ikev2_match *a, const struct ikev2_match *b)
{
	return a->kind == b->kind && address_equal(&a->address, &b->address) &&
	       address_equal(&a->mask, &b->mask) && text_equal(a->text, b->text);
}

static bool dpd_equal(const struct ikev2_dpd *a, const struct ikev2_dpd *b)
{
	return a->given == b->given && a->interval == b->interval && a->retry == b->retry &&
	       a->periodic == b->periodic;
}

/**
 * ikev2_profile_equal() - Compare profiles.
 * @a: profile
 * @b: another
 *
 * What they refer to may differ all the same.
 */
bool ikev2_profile_equal(const struct ikev2_profile *a, const struct ikev2_profile *b)
{
	if (strcmp(a->name, b->name) || a->n_matches != b->n_matches ||
	    !addresses_equal(a->locals, a->n_locals, b->locals, b->n_locals))
		return false;
	for (size_t n = 0; n < a->n_matches; n++)
		if (!match_equal(&a->matches[n], &b->matches[n]))
			return false;
	return text_equal(a->description, b->description) &&
	       ikev2_id_equal(&a->local_id, &b->local_id) && a->auth_local == b->auth_local &&
	       a->auth_remote == b->auth_remote &&
	       ikev2_secret_equal(&a->key_local, &b->key_local) &&
	       ikev2_secret_equal(&a->key_remote, &b->key_remote) &&
	       !strcmp(a->keyring.name, b->keyring.name) &&
	       !strcmp(a->keyring_ppk.name, b->keyring_ppk.name) &&
	       !strcmp(a->trustpoint.name, b->trustpoint.name) && dpd_equal(&a->dpd, &b->dpd) &&
	       a->nat_keepalive == b->nat_keepalive && a->lifetime == b->lifetime &&
	       a->initial_contact == b->initial_contact && a->connect == b->connect;
}

/**
 * ikev2_trustpoint_equal() - Compare trustpoints.
 * @a: trustpoint
 * @b: another
 *
 * What their files hold may differ all the same.
 */
bool ikev2_trustpoint_equal(const struct ikev2_trustpoint *a, const struct ikev2_trustpoint *b)
{
	if (strcmp(a->name, b->name) || a->n_cas != b->n_cas ||
	    a->n_revocation != b->n_revocation ||
	    memcmp(a->revocation, b->revocation, a->n_revocation * sizeof(*a->revocation)))
		return false;
	for (size_t n = 0; n < a->n_cas; n++)
		if (!text_equal(a->cas[n].path, b->cas[n].path))
			return false;
	return text_equal(a->certificate.path, b->certificate.path) &&
	       text_equal(a->private_key.path, b->private_key.path) &&
	       text_equal(a->crl.path, b->crl.path) && text_equal(a->ocsp.path, b->ocsp.path);
}

/**
 * ikev2_limits_equal() - Compare what is said of all IKE SAs.
 * @a: limits
 * @b: others
 */
bool ikev2_limits_equal(const struct ikev2_limits *a, const struct ikev2_limits *b)
{
	return dpd_equal(&a->dpd, &b->dpd) && a->nat_keepalive == b->nat_keepalive &&
	       a->max_in_negotiation == b->max_in_negotiation && a->max_sa == b->max_sa &&
	       a->has_cookie_challenge == b->has_cookie_challenge &&
	       a->cookie_challenge == b->cookie_challenge &&
	       a->no_fragmentation == b->no_fragmentation && a->fragment_mtu == b->fragment_mtu;
}

#define EQUAL_LISTS(what, list)								\
	do {										\
		if (a->n_ ## list != b->n_ ## list)					\
			return false;							\
		for (size_t n = 0; n < a->n_ ## list; n++)				\
			if (!ikev2_ ## what ## _equal(a->list[n], b->list[n]))		\
				return false;						\
	} while (0)

/**
 * ikev2_config_equal() - Compare whole configurations.
 * @a: configuration
 * @b: another
 */
bool ikev2_config_equal(const struct ikev2_config *a, const struct ikev2_config *b)
{
	EQUAL_LISTS(proposal, proposals);
	EQUAL_LISTS(policy, policies);
	EQUAL_LISTS(keyring, keyrings);
	EQUAL_LISTS(profile, profiles);
	EQUAL_LISTS(trustpoint, trustpoints);
	return ikev2_limits_equal(&a->limits, &b->limits);
}
