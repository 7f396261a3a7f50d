// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold between the lines about IKE, and what hardly should. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"

/* Octets of a preshared key that nobody can guess. */
#define STRONG_KEY	16

static bool is_somewhere(struct model_pos at)
{
	return at.line != 0;
}

static void warn(struct config *c, struct model_pos at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Say something about lines that were read now; what was there before is no fault of theirs. */
static void warn(struct config *c, struct model_pos at, const char *format, ...)
{
	char *message;
	va_list ap;

	if (!is_somewhere(at))
		return;
	va_start(ap, format);
	message = xvasprintf(format, ap);
	va_end(ap);
	diag_add(&c->diags, DIAG_WARNING, at, "%s", message);
	free(message);
}

static bool is_given(const struct ikev2_secret *s)
{
	return s->data || s->file;
}

static void check_proposal(struct config *c, const struct ikev2_proposal *p)
{
	const char *problem = ikev2_proposal_problem(p);

	if (problem)
		warn(c, p->at, "proposal %s is incomplete and is not used: %s", p->name, problem);
}

static void check_policy(struct config *c, const struct ikev2_policy *p)
{
	if (!p->n_proposals)
		warn(c, p->at, "policy %s is incomplete and is not used: no 'proposal'", p->name);
	for (size_t n = 0; n < p->n_proposals; n++)
		if (!ikev2_proposal_find(&c->model.ikev2, p->proposals[n].name))
			warn(c, p->proposals[n].at, "there is no proposal %s",
			     p->proposals[n].name);
}

static bool is_same_peer(const struct ikev2_peer *a, const struct ikev2_peer *b)
{
	if (a->address.family && address_equal(&a->address, &b->address) &&
	    address_equal(&a->mask, &b->mask))
		return true;
	return a->identity.kind != IKEV2_ID_NONE && ikev2_id_equal(&a->identity, &b->identity);
}

static void check_peer(struct config *c, const struct ikev2_keyring *k, size_t index)
{
	const struct ikev2_peer *p = k->peers[index];

	if (!p->address.family && p->identity.kind == IKEV2_ID_NONE)
		warn(c, p->at, "peer %s is for nobody: no 'address' and no 'identity'", p->name);
	if (!is_given(&p->local) && !is_given(&p->remote) && !p->ppk_id)
		warn(c, p->at, "peer %s has no key: no 'pre-shared-key'", p->name);
	else if (is_given(&p->local) != is_given(&p->remote))
		warn(c, p->at, "peer %s has no %s key", p->name,
		     is_given(&p->local) ? "remote" : "local");
	for (size_t n = 0; n < index; n++)
		if (is_same_peer(p, k->peers[n]))
			warn(c, p->at, "peer %s is the same as peer %s, whose keys are used",
			     p->name, k->peers[n]->name);
}

static void check_keyring(struct config *c, const struct ikev2_keyring *k)
{
	if (!k->n_peers)
		warn(c, k->at, "keyring %s has no 'peer'", k->name);
	for (size_t n = 0; n < k->n_peers; n++)
		check_peer(c, k, n);
}

/* Where the methods of the peer were configured. */
static struct model_pos remote_pos(const struct ikev2_profile *p, unsigned int methods)
{
	for (enum ikev2_auth auth = IKEV2_AUTH_PSK; auth < IKEV2_AUTHS; auth++)
		if (methods & p->auth_remote & IKEV2_AUTH_BIT(auth))
			return p->at_auth_remote[auth];
	return p->at;
}

static void check_preshared(struct config *c, const struct ikev2_profile *p)
{
	const struct ikev2_config *ike = &c->model.ikev2;
	bool local = p->auth_local == IKEV2_AUTH_PSK && !is_given(&p->key_local);
	bool remote = p->auth_remote & IKEV2_AUTH_BIT(IKEV2_AUTH_PSK) && !is_given(&p->key_remote);
	struct model_pos at = local ? p->at_auth_local :
				      p->at_auth_remote[IKEV2_AUTH_PSK];

	if ((local || remote) && !p->keyring.name[0])
		warn(c, is_somewhere(at) ? at : p->at,
		     "profile %s has no preshared keys: no 'keyring local'", p->name);
	if (p->keyring.name[0] && !ikev2_keyring_find(ike, p->keyring.name))
		warn(c, p->keyring.at, "there is no keyring %s", p->keyring.name);
	if (p->keyring_ppk.name[0] && !ikev2_keyring_find(ike, p->keyring_ppk.name))
		warn(c, p->keyring_ppk.at, "there is no keyring %s", p->keyring_ppk.name);
}

static void check_signatures(struct config *c, const struct ikev2_profile *p)
{
	bool local = p->auth_local != IKEV2_AUTH_NONE &&
		     IKEV2_AUTH_BIT(p->auth_local) & IKEV2_AUTH_SIGNATURES;
	bool remote = p->auth_remote & IKEV2_AUTH_SIGNATURES;
	struct model_pos at = local ? p->at_auth_local : remote_pos(p, IKEV2_AUTH_SIGNATURES);
	const struct ikev2_trustpoint *t = ikev2_trustpoint_find(&c->model.ikev2,
								  p->trustpoint.name);

	if (p->trustpoint.name[0] && !t)
		warn(c, p->trustpoint.at, "there is no trustpoint %s", p->trustpoint.name);
	if ((local || remote) && !p->trustpoint.name[0])
		warn(c, is_somewhere(at) ? at : p->at,
		     "profile %s has no certificates: no 'pki trustpoint'", p->name);
	if (local && t && (!t->certificate.path || !t->private_key.path))
		warn(c, p->trustpoint.at, "trustpoint %s has no %s, so nothing can be signed",
		     t->name, t->certificate.path ? "'private-key'" : "'certificate'");
	if (remote && t && !t->n_cas)
		warn(c, p->trustpoint.at, "trustpoint %s has no 'ca', so no peer is believed",
		     t->name);
	if (p->local_id.kind == IKEV2_ID_DN && !local)
		warn(c, p->local_id.at, "without a certificate there is no subject");
}

static void check_profile(struct config *c, const struct ikev2_profile *p)
{
	if (!p->n_matches && strcmp(p->name, IKEV2_DEFAULT))
		warn(c, p->at, "profile %s is for nobody: no 'match identity remote'", p->name);
	if (p->auth_local == IKEV2_AUTH_NONE)
		warn(c, p->at, "profile %s has no way to authenticate: no 'authentication local'",
		     p->name);
	if (!p->auth_remote)
		warn(c, p->at, "profile %s has no way to authenticate: no 'authentication remote'",
		     p->name);
	check_preshared(c, p);
	check_signatures(c, p);
}

static bool is_revoked_by(const struct ikev2_trustpoint *t, enum ikev2_revocation r)
{
	for (size_t n = 0; n < t->n_revocation; n++)
		if (t->revocation[n] == r)
			return true;
	return false;
}

static void check_trustpoint(struct config *c, const struct ikev2_trustpoint *t)
{
	if (!t->n_cas && !t->certificate.path)
		warn(c, t->at, "trustpoint %s has neither 'ca' nor 'certificate'", t->name);
	if (t->certificate.path && !t->private_key.path)
		warn(c, t->certificate.at, "trustpoint %s has no 'private-key'", t->name);
	if (t->private_key.path && !t->certificate.path)
		warn(c, t->private_key.at, "trustpoint %s has no 'certificate'", t->name);
	if (is_revoked_by(t, IKEV2_REVOCATION_CRL) && !t->crl.path)
		warn(c, t->at_revocation, "trustpoint %s has no 'crl'", t->name);
	if (is_revoked_by(t, IKEV2_REVOCATION_OCSP) && !t->ocsp.path)
		warn(c, t->at_revocation, "trustpoint %s has no 'ocsp'", t->name);
}

/* A peer may have a key by its identity, which is not known before it says so. */
static bool has_identities(const struct ikev2_keyring *k)
{
	for (size_t n = 0; k && n < k->n_peers; n++)
		if (k->peers[n]->identity.kind != IKEV2_ID_NONE)
			return true;
	return false;
}

static void check_map_peer(struct config *c, const struct crypto_map *m,
			   const struct crypto_peer *peer, const struct ikev2_profile *named)
{
	const struct ikev2_config *ike = &c->model.ikev2;
	const struct ikev2_profile *p = named ? named :
			ikev2_profile_for_address(ike, &peer->address, NULL);
	struct model_pos at = is_somewhere(peer->at) ? peer->at : m->at[CRYPTO_MAP_NUMBER];
	char buf[ADDRESS_LEN];

	if (!p) {
		warn(c, at, "no profile of crypto ikev2 is for peer %s",
		     address_text(buf, &peer->address));
		return;
	}
	if (p->auth_local == IKEV2_AUTH_PSK && p->keyring.name[0] &&
	    ikev2_keyring_find(ike, p->keyring.name) &&
	    !has_identities(ikev2_keyring_find(ike, p->keyring.name)) &&
	    !ikev2_secret_local(ike, p, &peer->address, NULL))
		warn(c, at, "keyring %s of profile %s has no key for peer %s", p->keyring.name,
		     p->name, address_text(buf, &peer->address));
}

static void check_map(struct config *c, const struct crypto_map *m)
{
	const struct ikev2_config *ike = &c->model.ikev2;
	const struct ikev2_profile *p = ikev2_profile_find(ike, m->keying.profile);

	if (m->kind == VPNHA_MAP_KIND_MANUAL)
		return;
	if (m->keying.profile[0] && !p) {
		warn(c, m->at[CRYPTO_MAP_PROFILE], "there is no profile %s of crypto ikev2",
		     m->keying.profile);
		return;
	}
	/* A file without any profile may be one for keys that somebody else makes. */
	for (size_t n = 0; ike->n_profiles && n < m->n_peers; n++)
		check_map_peer(c, m, &m->peers[n], p);
}

/**
 * config_check_ikev2() - Check what must hold between the lines about IKE, once all are read.
 * @c: configuration
 * @flags: CONFIG_*
 */
void config_check_ikev2(struct config *c, unsigned int flags)
{
	const struct ikev2_config *ike = &c->model.ikev2;
	const struct crypto *crypto = &c->model.crypto;

	for (size_t n = 0; n < ike->n_proposals; n++)
		check_proposal(c, ike->proposals[n]);
	for (size_t n = 0; n < ike->n_policies; n++)
		check_policy(c, ike->policies[n]);
	for (size_t n = 0; n < ike->n_keyrings; n++)
		check_keyring(c, ike->keyrings[n]);
	for (size_t n = 0; n < ike->n_profiles; n++)
		check_profile(c, ike->profiles[n]);
	for (size_t n = 0; n < ike->n_trustpoints; n++)
		check_trustpoint(c, ike->trustpoints[n]);
	for (size_t n = 0; !(flags & CONFIG_NO_IKEV2) && n < crypto->n_maps; n++)
		check_map(c, crypto->maps[n]);
}

static void hint_key(struct config *c, const struct ikev2_secret *s)
{
	if (s->data && s->len < STRONG_KEY && is_somewhere(s->at))
		diag_add(&c->diags, DIAG_NOTE, s->at,
			 "a preshared key of %zu octets can be guessed by who talks to the other end: %d random ones cannot",
			 s->len, STRONG_KEY);
}

/**
 * config_check_ikev2_hints() - Find what can be meant, but hardly should.
 * @c: configuration
 */
void config_check_ikev2_hints(struct config *c)
{
	const struct ikev2_config *ike = &c->model.ikev2;

	for (size_t n = 0; n < ike->n_keyrings; n++)
		for (size_t k = 0; k < ike->keyrings[n]->n_peers; k++) {
			const struct ikev2_peer *p = ike->keyrings[n]->peers[k];

			hint_key(c, &p->local);
			if (!ikev2_secret_equal(&p->local, &p->remote))
				hint_key(c, &p->remote);
		}
	for (size_t n = 0; n < ike->n_profiles; n++) {
		hint_key(c, &ike->profiles[n]->key_local);
		hint_key(c, &ike->profiles[n]->key_remote);
	}
}
