// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ike/alg.h"
#include "ike/cert.h"
#include "ike/number.h"
#include "lib/alloc.h"
#include "lib/ikev2_words.h"
#include "vpnhad/kernel_sa.h"
#include "vpnhad/resolve.h"

/**
 * resolve_fail() - Say why a configuration cannot be carried out.
 * @e: where to
 * @at: line that is at fault
 * @format: as of printf; without secrets
 *
 * Return: false.
 */
bool resolve_fail(struct ikev2_error *e, struct model_pos at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	free(e->message);
	e->message = xvasprintf(format, ap);
	e->line = at.line;
	e->column = at.column;
	va_end(ap);
	return false;
}

static void add_transform(struct ike_proposal *p, const struct ike_alg *alg)
{
	if (alg && p->n < IKE_TRANSFORMS_MAX)
		p->transforms[p->n++] = ike_alg_transform(alg);
}

static void add_words(struct ike_proposal *to, const struct ikev2_proposal *from,
		      enum ikev2_alg kind, uint8_t type)
{
	for (size_t n = 0; n < from->n_words[kind]; n++)
		add_transform(to, ike_alg_of_word(type, from->words[kind][n]));
}

/* The PRF that goes with an HMAC where no PRF is named. */
static void add_prfs(struct ike_proposal *to, const struct ikev2_proposal *from)
{
	enum ikev2_alg kind = from->n_words[IKEV2_PRF] ? IKEV2_PRF : IKEV2_INTEGRITY;

	add_words(to, from, kind, IKE_TRANSFORM_PRF);
}

/* Of one of the two kinds of ciphers; false: it has none. */
static bool add_proposal(struct ike_policy *policy, const struct ikev2_proposal *from, bool aead)
{
	struct ike_proposal p = { .protocol = IKE_PROTOCOL_IKE };

	for (size_t n = 0; n < from->n_words[IKEV2_ENCRYPTION]; n++)
		if (ikev2_word_is_aead(from->words[IKEV2_ENCRYPTION][n]) == aead)
			add_transform(&p, ike_alg_of_word(IKE_TRANSFORM_ENCR,
							  from->words[IKEV2_ENCRYPTION][n]));
	if (!p.n)
		return false;
	if (!aead)
		add_words(&p, from, IKEV2_INTEGRITY, IKE_TRANSFORM_INTEG);
	add_prfs(&p, from);
	add_words(&p, from, IKEV2_GROUP, IKE_TRANSFORM_DH);
	policy->proposals = array_grow(policy->proposals, policy->n_proposals,
				       sizeof(*policy->proposals));
	p.number = (uint8_t)(policy->n_proposals + 1);
	policy->proposals[policy->n_proposals++] = p;
	return true;
}

static bool add_proposals(struct ike_policy *to, const struct ikev2_config *c,
			  const struct ikev2_ref *ref, struct ikev2_error *e)
{
	const struct ikev2_proposal *p = ikev2_proposal_find(c, ref->name);
	const char *problem = p ? ikev2_proposal_problem(p) : NULL;
	bool aead_first;

	if (!p)
		return resolve_fail(e, ref->at, "there is no crypto ikev2 proposal %s", ref->name);
	if (problem)
		return resolve_fail(e, p->at, "crypto ikev2 proposal %s has %s", p->name, problem);
	if (to->n_proposals + 2 > IKE_PROPOSALS_MAX)
		return resolve_fail(e, ref->at,
				    "crypto ikev2 policy %s has more proposals than a message takes",
				    to->name);
	aead_first = ikev2_word_is_aead(p->words[IKEV2_ENCRYPTION][0]);
	add_proposal(to, p, aead_first);
	add_proposal(to, p, !aead_first);
	return true;
}

static bool add_policy(struct ike_config *to, const struct ikev2_config *c,
		       const struct ikev2_policy *from, struct ikev2_error *e)
{
	struct ike_policy *p;

	to->policies = array_grow(to->policies, to->n_policies, sizeof(*to->policies));
	p = &to->policies[to->n_policies++];
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", from->name);
	p->match_local = xcalloc(from->n_locals, sizeof(*p->match_local));
	for (size_t n = 0; n < from->n_locals; n++)
		kernel_endpoint(&p->match_local[p->n_match_local++], &from->locals[n].address, 0);
	for (size_t n = 0; n < from->n_proposals; n++)
		if (!add_proposals(p, c, &from->proposals[n], e))
			return false;
	return true;
}

/* Those that are for an address first, then the others, and the default one last. */
static bool add_policies(struct ike_config *to, const struct ikev2_config *c,
			 struct ikev2_error *e)
{
	for (int round = 0; round < 2; round++) {
		for (size_t n = 0; n < c->n_policies; n++) {
			const struct ikev2_policy *p = c->policies[n];

			if (!p->n_proposals || !!p->n_locals == !!round ||
			    !strcmp(p->name, IKEV2_DEFAULT))
				continue;
			if (!add_policy(to, c, p, e))
				return false;
		}
	}
	return add_policy(to, c, ikev2_policy_find(c, IKEV2_DEFAULT), e);
}

static void set_text_id(struct ike_identity *id, uint8_t type, const char *text)
{
	size_t len = strlen(text);

	id->type = type;
	id->len = (uint16_t)(len > IKE_IDENTITY_MAX ? IKE_IDENTITY_MAX : len);
	memcpy(id->data, text, id->len);
}

static void set_address_id(struct ike_identity *id, const struct address *address)
{
	struct ike_endpoint e;

	kernel_endpoint(&e, address, 0);
	ike_identity_of_address(id, &e);
}

static void set_id(struct ike_identity *to, const struct ikev2_id *from)
{
	memset(to, 0, sizeof(*to));
	switch (from->kind) {
	case IKEV2_ID_ADDRESS:
		set_address_id(to, &from->address);
		break;
	case IKEV2_ID_FQDN:
		set_text_id(to, IKE_ID_FQDN, from->text);
		break;
	case IKEV2_ID_EMAIL:
		set_text_id(to, IKE_ID_RFC822_ADDR, from->text);
		break;
	case IKEV2_ID_KEY_ID:
		set_text_id(to, IKE_ID_KEY_ID, from->text);
		break;
	default:
		break;
	}
}

static void set_prefix(struct ike_match *to, const struct address *address,
		       const struct address *mask)
{
	int bits = address_mask_length(mask);

	to->kind = IKE_MATCH_PREFIX;
	to->bits = (uint8_t)(bits < 0 ? 8 * address_size(address) : (size_t)bits);
	set_address_id(&to->id, address);
}

static void set_match(struct ike_match *to, const struct ikev2_match *from)
{
	static const uint8_t types[] = {
		[IKEV2_MATCH_FQDN]		= IKE_ID_FQDN,
		[IKEV2_MATCH_FQDN_DOMAIN]	= IKE_ID_FQDN,
		[IKEV2_MATCH_EMAIL]		= IKE_ID_RFC822_ADDR,
		[IKEV2_MATCH_EMAIL_DOMAIN]	= IKE_ID_RFC822_ADDR,
		[IKEV2_MATCH_KEY_ID]		= IKE_ID_KEY_ID,
	};

	memset(to, 0, sizeof(*to));
	switch (from->kind) {
	case IKEV2_MATCH_ANY:
		to->kind = IKE_MATCH_ANY;
		break;
	case IKEV2_MATCH_ADDRESS:
		set_prefix(to, &from->address, &from->mask);
		break;
	case IKEV2_MATCH_FQDN_DOMAIN:
	case IKEV2_MATCH_EMAIL_DOMAIN:
		to->kind = IKE_MATCH_DOMAIN;
		set_text_id(&to->id, types[from->kind], from->text);
		break;
	default:
		to->kind = IKE_MATCH_EQUAL;
		set_text_id(&to->id, types[from->kind], from->text);
		break;
	}
}

static bool is_given(const struct ikev2_secret *s)
{
	return s->data || s->file;
}

/* Put a secret, if it is given, in the place of what was there. */
static bool set_secret(uint8_t **data, size_t *len, const struct ikev2_secret *from,
		       const char *what, struct ikev2_error *e)
{
	char *why = NULL;
	bool ok = true;

	if (!is_given(from))
		return true;
	if (*data)
		explicit_bzero(*data, *len);
	free(*data);
	*data = NULL;
	*len = 0;
	if (ikev2_secret_read(from, data, len, &why))
		ok = resolve_fail(e, from->at, "%s: %s", what, why);
	free(why);
	return ok;
}

static struct ike_preshared *new_key(struct ike_profile *to, const char *name)
{
	struct ike_preshared *k;

	to->keys = array_grow(to->keys, to->n_keys, sizeof(*to->keys));
	k = &to->keys[to->n_keys++];
	memset(k, 0, sizeof(*k));
	snprintf(k->name, sizeof(k->name), "%s", name);
	return k;
}

static void set_key_matches(struct ike_preshared *k, const struct ikev2_peer *from)
{
	if (from->address.family) {
		k->by_address = true;
		set_prefix(&k->address, &from->address, &from->mask);
	}
	if (from->identity.kind != IKEV2_ID_NONE) {
		k->by_identity = true;
		k->identity.kind = IKE_MATCH_EQUAL;
		set_id(&k->identity.id, &from->identity);
	}
}

static bool set_ppk(struct ike_preshared *k, const struct ikev2_peer *from, struct ikev2_error *e)
{
	free(k->ppk_id);
	k->ppk_id_len = strlen(from->ppk_id);
	k->ppk_id = (uint8_t *)xstrdup(from->ppk_id);
	k->ppk_required = from->ppk_required;
	return set_secret(&k->ppk, &k->ppk_len, &from->ppk, from->name, e);
}

static bool add_key(struct ike_profile *to, const struct ikev2_peer *from, bool secrets, bool ppk,
		    struct ikev2_error *e)
{
	struct ike_preshared *k = NULL;

	/* Of two keyrings, peers of one name are the same peer. */
	for (size_t n = 0; !secrets && n < to->n_keys; n++)
		if (!strcmp(to->keys[n].name, from->name))
			k = &to->keys[n];
	if (!secrets && !from->ppk_id)
		return true;
	if (!k) {
		k = new_key(to, from->name);
		set_key_matches(k, from);
	}
	if (secrets && (!set_secret(&k->local, &k->local_len, &from->local, from->name, e) ||
			!set_secret(&k->remote, &k->remote_len, &from->remote, from->name, e)))
		return false;
	return !ppk || !from->ppk_id || set_ppk(k, from, e);
}

static bool add_keyring(struct ike_profile *to, const struct ikev2_config *c,
			const struct ikev2_ref *ref, bool secrets, bool ppk, struct ikev2_error *e)
{
	const struct ikev2_keyring *k = ikev2_keyring_find(c, ref->name);

	if (!ref->name[0])
		return true;
	if (!k)
		return resolve_fail(e, ref->at, "there is no crypto ikev2 keyring %s", ref->name);
	for (size_t n = 0; n < k->n_peers; n++)
		if (!add_key(to, k->peers[n], secrets, ppk, e))
			return false;
	return true;
}

/* "authentication ... pre-share key" stands for a keyring that is for everybody. */
static bool add_own_key(struct ike_profile *to, const struct ikev2_profile *from,
			struct ikev2_error *e)
{
	struct ike_preshared *k;

	if (!is_given(&from->key_local) && !is_given(&from->key_remote))
		return true;
	for (size_t n = 0; n < to->n_keys; n++) {
		k = &to->keys[n];
		if (is_given(&from->key_local) &&
		    !set_secret(&k->local, &k->local_len, &from->key_local, from->name, e))
			return false;
		if (is_given(&from->key_remote) &&
		    !set_secret(&k->remote, &k->remote_len, &from->key_remote, from->name, e))
			return false;
	}
	k = new_key(to, from->name);
	k->by_address = true;
	k->by_identity = true;
	k->address.kind = IKE_MATCH_ANY;
	k->identity.kind = IKE_MATCH_ANY;
	return set_secret(&k->local, &k->local_len, &from->key_local, from->name, e) &&
	       set_secret(&k->remote, &k->remote_len, &from->key_remote, from->name, e);
}

static bool add_keys(struct ike_profile *to, const struct ikev2_config *c,
		     const struct ikev2_profile *from, struct ikev2_error *e)
{
	bool other = from->keyring_ppk.name[0];

	return add_keyring(to, c, &from->keyring, true, !other, e) &&
	       add_keyring(to, c, &from->keyring_ppk, false, true, e) &&
	       add_own_key(to, from, e);
}

static unsigned int prove_of(enum ikev2_auth auth)
{
	switch (auth) {
	case IKEV2_AUTH_PSK:
		return IKE_PROVE_PSK;
	case IKEV2_AUTH_RSA:
		return IKE_PROVE_RSA;
	case IKEV2_AUTH_ECDSA:
		return IKE_PROVE_ECDSA;
	case IKEV2_AUTH_EDDSA:
		return IKE_PROVE_EDDSA;
	default:
		return 0;
	}
}

static void set_times(struct ike_profile *to, const struct ikev2_config *c,
		      const struct ikev2_profile *from)
{
	const struct ikev2_dpd *dpd = ikev2_dpd_of(c, from);
	const struct ikev2_limits *limits = &c->limits;

	if (dpd) {
		to->dpd_ms = 1000ULL * dpd->interval;
		to->dpd_retry_ms = 1000ULL * dpd->retry;
		to->dpd_periodic = dpd->periodic;
	}
	to->nat_keepalive_ms = 1000ULL * ikev2_nat_keepalive_of(c, from);
	to->lifetime_ms = 1000ULL * ikev2_lifetime_of(from);
	to->connect = from->connect;
	if (!limits->no_fragmentation)
		to->fragment = limits->fragment_mtu ? limits->fragment_mtu :
						      IKEV2_DEFAULT_FRAGMENT_MTU;
}

static bool set_auth(struct ike_profile *to, struct ike_config *config,
		     const struct ikev2_config *c, const struct ikev2_profile *from,
		     struct ikev2_error *e)
{
	const struct ikev2_trustpoint *t = ikev2_trustpoint_find(c, from->trustpoint.name);

	to->prove_local = prove_of(from->auth_local);
	for (enum ikev2_auth auth = IKEV2_AUTH_PSK; auth < IKEV2_AUTHS; auth++)
		if (from->auth_remote & IKEV2_AUTH_BIT(auth))
			to->prove_remote |= prove_of(auth);
	if (!to->prove_local)
		return resolve_fail(e, from->at,
				    "crypto ikev2 profile %s has no 'authentication local'",
				    from->name);
	if (!to->prove_remote)
		return resolve_fail(e, from->at,
				    "crypto ikev2 profile %s has no 'authentication remote'",
				    from->name);
	if (from->trustpoint.name[0]) {
		if (!t)
			return resolve_fail(e, from->trustpoint.at,
					    "there is no crypto pki trustpoint %s",
					    from->trustpoint.name);
		to->trust = resolve_trust(t, e);
		if (!to->trust)
			return false;
		config->trusts = array_grow(config->trusts, config->n_trusts,
					    sizeof(struct ike_trust *));
		config->trusts[config->n_trusts++] = to->trust;
	}
	if (!to->trust && (to->prove_local | to->prove_remote) & ~(unsigned int)IKE_PROVE_PSK)
		return resolve_fail(e, from->at,
				    "crypto ikev2 profile %s has signatures and no 'pki trustpoint'",
				    from->name);
	return true;
}

static bool add_profile(struct ike_config *config, const struct ikev2_config *c,
			const struct ikev2_profile *from, struct ikev2_error *e)
{
	struct ike_profile *p;

	config->profiles = array_grow(config->profiles, config->n_profiles,
				      sizeof(*config->profiles));
	p = &config->profiles[config->n_profiles++];
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", from->name);
	p->match = xcalloc(from->n_matches, sizeof(*p->match));
	for (size_t n = 0; n < from->n_matches; n++)
		set_match(&p->match[p->n_match++], &from->matches[n]);
	p->match_local = xcalloc(from->n_locals, sizeof(*p->match_local));
	for (size_t n = 0; n < from->n_locals; n++)
		kernel_endpoint(&p->match_local[p->n_match_local++], &from->locals[n].address, 0);
	p->initial_contact = from->initial_contact;
	p->local_dn = from->local_id.kind == IKEV2_ID_DN ||
		      (from->local_id.kind == IKEV2_ID_NONE &&
		       IKEV2_AUTH_BIT(from->auth_local) & IKEV2_AUTH_SIGNATURES);
	set_id(&p->local, &from->local_id);
	set_times(p, c, from);
	return set_auth(p, config, c, from, e) && add_keys(p, c, from, e);
}

static bool add_profiles(struct ike_config *to, const struct ikev2_config *c,
			 struct ikev2_error *e)
{
	for (size_t n = 0; n < c->n_profiles; n++)
		if (!add_profile(to, c, c->profiles[n], e))
			return false;
	return true;
}

static void set_limits(struct ike_config *to, const struct ikev2_limits *limits)
{
	to->cookie_above = limits->has_cookie_challenge ? limits->cookie_challenge :
							  IKEV2_DEFAULT_COOKIE_CHALLENGE;
	to->max_half_open = limits->max_in_negotiation ? limits->max_in_negotiation :
							 IKEV2_DEFAULT_MAX_IN_NEGOTIATION;
	to->max_sas = limits->max_sa;
}

/**
 * resolve() - Carry out what a configuration refers to.
 * @c: lines
 * @e: why it cannot be: a file that cannot be read, a name that nothing has
 *
 * Keys and certificates are read from their files now.
 *
 * Return: policies, profiles and limits without crypto maps, with one reference; or NULL.
 */
struct ike_config *resolve(const struct ikev2_config *c, struct ikev2_error *e)
{
	struct ike_config *to = ike_config_new();

	if (!to) {
		resolve_fail(e, (struct model_pos){}, "out of memory");
		return NULL;
	}
	set_limits(to, &c->limits);
	if (add_policies(to, c, e) && add_profiles(to, c, e))
		return to;
	ike_config_put(to);
	return NULL;
}
