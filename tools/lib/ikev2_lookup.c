// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a configuration counts for a peer. */
#include <string.h>
#include <strings.h>

#include "lib/ikev2.h"
#include "lib/ikev2_words.h"

/* How well something fits: what is said of one peer goes before what is said of many. */
#define FITS_NOT	(-1)
#define FITS_ANY	0
#define FITS_SOME	1	/* and more, the fewer it is said of */
#define FITS_ONE	1000

/**
 * ikev2_proposal_problem() - Say what a proposal lacks.
 * @p: proposal
 *
 * Return: text, or NULL when it is complete.
 */
const char *ikev2_proposal_problem(const struct ikev2_proposal *p)
{
	bool has_aead = false, has_other = false;

	for (size_t n = 0; n < p->n_words[IKEV2_ENCRYPTION]; n++) {
		if (ikev2_word_is_aead(p->words[IKEV2_ENCRYPTION][n]))
			has_aead = true;
		else
			has_other = true;
	}
	if (!has_aead && !has_other)
		return "no 'encryption'";
	if (has_other && !p->n_words[IKEV2_INTEGRITY])
		return "no 'integrity', which aes-cbc needs";
	if (!p->n_words[IKEV2_PRF] && !p->n_words[IKEV2_INTEGRITY])
		return "no 'prf'";
	return p->n_words[IKEV2_GROUP] ? NULL : "no 'group'";
}

/* Whether a local address is among those; none means all. */
static bool is_local(const struct ikev2_address *list, size_t n_list, const struct address *local)
{
	if (!local)
		return true;
	for (size_t n = 0; n < n_list; n++)
		if (address_equal(&list[n].address, local))
			return true;
	return !n_list;
}

/**
 * ikev2_policy_for() - Find the policy of a local address.
 * @c: configuration
 * @local: address; NULL: any
 *
 * Return: one that names the address, or else one that names none, or else the default one.
 */
const struct ikev2_policy *ikev2_policy_for(const struct ikev2_config *c,
					    const struct address *local)
{
	static const struct ikev2_config empty;
	const struct ikev2_policy *best = NULL;

	for (size_t n = 0; n < c->n_policies; n++) {
		const struct ikev2_policy *p = c->policies[n];

		if (!p->n_proposals || !is_local(p->locals, p->n_locals, local))
			continue;
		if (p->n_locals)
			return p;
		/* The default one is for those that no other is for. */
		if (!best || !strcmp(best->name, IKEV2_DEFAULT))
			best = p;
	}
	return best ? best : ikev2_policy_find(&empty, IKEV2_DEFAULT);
}

static int address_fits(const struct address *net, const struct address *mask,
			const struct address *a)
{
	struct address all;
	int bits = 0;

	address_mask_all(&all, a->family, true);
	if (!address_within(a, &all, net, mask))
		return FITS_NOT;
	for (size_t n = 0; n < address_size(mask); n++)
		bits += __builtin_popcount(mask->bytes[n]);
	return bits == (int)address_size(mask) * 8 ? FITS_ONE : FITS_SOME + bits;
}

/* Whether a name is in a domain. What separates both stands in front of the domain. */
static int domain_fits(const char *domain, const char *name, char separator)
{
	size_t length = strlen(name), domain_length = strlen(domain);

	if (length == domain_length && separator == '.' && !strcasecmp(name, domain))
		return FITS_SOME + (int)domain_length;
	if (length <= domain_length || name[length - domain_length - 1] != separator ||
	    strcasecmp(name + length - domain_length, domain))
		return FITS_NOT;
	return FITS_SOME + (int)domain_length;
}

static int match_fits(const struct ikev2_match *m, const struct ikev2_id *id)
{
	static const enum ikev2_id_kind kinds[] = {
		[IKEV2_MATCH_ADDRESS]		= IKEV2_ID_ADDRESS,
		[IKEV2_MATCH_FQDN]		= IKEV2_ID_FQDN,
		[IKEV2_MATCH_FQDN_DOMAIN]	= IKEV2_ID_FQDN,
		[IKEV2_MATCH_EMAIL]		= IKEV2_ID_EMAIL,
		[IKEV2_MATCH_EMAIL_DOMAIN]	= IKEV2_ID_EMAIL,
		[IKEV2_MATCH_KEY_ID]		= IKEV2_ID_KEY_ID,
	};

	if (m->kind == IKEV2_MATCH_ANY)
		return FITS_ANY;
	if (kinds[m->kind] != id->kind)
		return FITS_NOT;
	if (m->kind == IKEV2_MATCH_ADDRESS)
		return address_fits(&m->address, &m->mask, &id->address);
	if (!id->text)
		return FITS_NOT;
	switch (m->kind) {
	case IKEV2_MATCH_FQDN_DOMAIN:
		return domain_fits(m->text, id->text, '.');
	case IKEV2_MATCH_EMAIL_DOMAIN:
		return domain_fits(m->text, id->text, '@');
	case IKEV2_MATCH_KEY_ID:
		return strcmp(m->text, id->text) ? FITS_NOT : FITS_ONE;
	default:
		return strcasecmp(m->text, id->text) ? FITS_NOT : FITS_ONE;
	}
}

/**
 * ikev2_match_covers() - Tell whether an identity is one of those that a line is about.
 * @m: line
 * @id: identity
 */
bool ikev2_match_covers(const struct ikev2_match *m, const struct ikev2_id *id)
{
	return match_fits(m, id) != FITS_NOT;
}

/**
 * ikev2_profile_for_identity() - Find the profile of a peer that has told its identity.
 * @c: configuration
 * @remote: identity
 * @local: our address; NULL: any
 *
 * Return: the one that matches it most closely, of several the first by name; or else the one of
 * the name "default"; or NULL.
 */
const struct ikev2_profile *ikev2_profile_for_identity(const struct ikev2_config *c,
						       const struct ikev2_id *remote,
						       const struct address *local)
{
	const struct ikev2_profile *best = NULL;
	int best_fits = FITS_NOT;

	for (size_t n = 0; n < c->n_profiles; n++) {
		const struct ikev2_profile *p = c->profiles[n];

		if (!is_local(p->locals, p->n_locals, local))
			continue;
		if (!best && !strcmp(p->name, IKEV2_DEFAULT))
			best = p;
		for (size_t k = 0; k < p->n_matches; k++) {
			int fits = match_fits(&p->matches[k], remote);

			if (fits <= best_fits)
				continue;
			best = p;
			best_fits = fits;
		}
	}
	return best;
}

/**
 * ikev2_profile_for_address() - Find the profile of a peer of which only the address is known.
 * @c: configuration
 * @remote: its address
 * @local: our address; NULL: any
 *
 * An entry of a crypto map that names no profile has this one.
 *
 * Return: as ikev2_profile_for_identity().
 */
const struct ikev2_profile *ikev2_profile_for_address(const struct ikev2_config *c,
						      const struct address *remote,
						      const struct address *local)
{
	const struct ikev2_id id = { .kind = IKEV2_ID_ADDRESS, .address = *remote };

	return ikev2_profile_for_identity(c, &id, local);
}

static int peer_fits(const struct ikev2_peer *p, const struct address *remote,
		     const struct ikev2_id *identity)
{
	/* What somebody says he is counts more than where he is. */
	if (identity && identity->kind != IKEV2_ID_NONE && p->identity.kind == identity->kind) {
		const struct ikev2_match exact = {
			.kind = identity->kind == IKEV2_ID_KEY_ID ? IKEV2_MATCH_KEY_ID :
								    IKEV2_MATCH_FQDN,
			.text = p->identity.text,
		};
		const struct ikev2_id named = {
			.kind = exact.kind == IKEV2_MATCH_KEY_ID ? IKEV2_ID_KEY_ID : IKEV2_ID_FQDN,
			.text = identity->text,
		};

		if (identity->kind == IKEV2_ID_ADDRESS ?
		    address_equal(&p->identity.address, &identity->address) :
		    p->identity.text && identity->text && match_fits(&exact, &named) != FITS_NOT)
			return FITS_ONE + 1;
	}
	if (!p->address.family || !remote)
		return FITS_NOT;
	return address_fits(&p->address, &p->mask, remote);
}

static const struct ikev2_peer *best_peer(const struct ikev2_keyring *k,
					  const struct address *remote,
					  const struct ikev2_id *identity,
					  bool (*has)(const struct ikev2_peer *p))
{
	const struct ikev2_peer *best = NULL;
	int best_fits = FITS_NOT;

	for (size_t n = 0; k && n < k->n_peers; n++) {
		int fits = peer_fits(k->peers[n], remote, identity);

		if (fits <= best_fits || (has && !has(k->peers[n])))
			continue;
		best = k->peers[n];
		best_fits = fits;
	}
	return best;
}

/**
 * ikev2_peer_for() - Find the peer of a keyring.
 * @k: keyring; may be NULL
 * @remote: address of the peer; NULL: any
 * @identity: its identity, once it is known; NULL: it is not
 *
 * Return: the one of its identity, or else the one whose address fits most closely, or NULL.
 */
const struct ikev2_peer *ikev2_peer_for(const struct ikev2_keyring *k,
					const struct address *remote,
					const struct ikev2_id *identity)
{
	return best_peer(k, remote, identity, NULL);
}

static bool is_given(const struct ikev2_secret *s)
{
	return s->data || s->file;
}

static bool has_local(const struct ikev2_peer *p)
{
	return is_given(&p->local);
}

static bool has_remote(const struct ikev2_peer *p)
{
	return is_given(&p->remote);
}

static bool has_ppk(const struct ikev2_peer *p)
{
	return p->ppk_id;
}

/**
 * ikev2_secret_local() - Find the preshared key that we prove to have.
 * @c: configuration
 * @p: profile of the peer
 * @remote: its address; NULL: any
 * @identity: its identity; NULL: not known
 *
 * Return: it, or NULL.
 */
const struct ikev2_secret *ikev2_secret_local(const struct ikev2_config *c,
					      const struct ikev2_profile *p,
					      const struct address *remote,
					      const struct ikev2_id *identity)
{
	const struct ikev2_peer *peer;

	if (is_given(&p->key_local))
		return &p->key_local;
	peer = best_peer(ikev2_keyring_find(c, p->keyring.name), remote, identity, has_local);
	return peer ? &peer->local : NULL;
}

/**
 * ikev2_secret_remote() - Find the preshared key that a peer proves to have.
 * @c: configuration
 * @p: profile of the peer
 * @remote: its address; NULL: any
 * @identity: its identity; NULL: not known
 *
 * Return: it, or NULL.
 */
const struct ikev2_secret *ikev2_secret_remote(const struct ikev2_config *c,
					       const struct ikev2_profile *p,
					       const struct address *remote,
					       const struct ikev2_id *identity)
{
	const struct ikev2_peer *peer;

	if (is_given(&p->key_remote))
		return &p->key_remote;
	peer = best_peer(ikev2_keyring_find(c, p->keyring.name), remote, identity, has_remote);
	return peer ? &peer->remote : NULL;
}

/**
 * ikev2_ppk_for() - Find the postquantum preshared key of a peer.
 * @c: configuration
 * @p: profile of the peer
 * @remote: its address; NULL: any
 * @identity: its identity; NULL: not known
 *
 * Return: the peer of the keyring that has it, or NULL.
 */
const struct ikev2_peer *ikev2_ppk_for(const struct ikev2_config *c,
				       const struct ikev2_profile *p,
				       const struct address *remote,
				       const struct ikev2_id *identity)
{
	const char *name = p->keyring_ppk.name[0] ? p->keyring_ppk.name : p->keyring.name;

	return best_peer(ikev2_keyring_find(c, name), remote, identity, has_ppk);
}

/**
 * ikev2_dpd_of() - Find how the peers of a profile are watched.
 * @c: configuration
 * @p: profile
 *
 * Return: it, or NULL: not at all.
 */
const struct ikev2_dpd *ikev2_dpd_of(const struct ikev2_config *c, const struct ikev2_profile *p)
{
	if (p->dpd.given)
		return &p->dpd;
	return c->limits.dpd.given ? &c->limits.dpd : NULL;
}

/**
 * ikev2_lifetime_of() - How long an IKE SA of a profile lives, in seconds.
 * @p: profile
 */
uint32_t ikev2_lifetime_of(const struct ikev2_profile *p)
{
	return p->lifetime ? p->lifetime : IKEV2_DEFAULT_LIFETIME;
}

/**
 * ikev2_nat_keepalive_of() - Seconds between keepalives behind a NAT.
 * @c: configuration
 * @p: profile
 */
uint32_t ikev2_nat_keepalive_of(const struct ikev2_config *c, const struct ikev2_profile *p)
{
	if (p->nat_keepalive)
		return p->nat_keepalive;
	return c->limits.nat_keepalive ? c->limits.nat_keepalive : IKEV2_DEFAULT_NAT_KEEPALIVE;
}
