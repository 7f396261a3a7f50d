// SPDX-License-Identifier: GPL-2.0-or-later
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "ike/cert.h"
#include "ike/config.h"
#include "ike/number.h"

/* A profile of this name is for those that no other one is for. */
#define IKE_PROFILE_DEFAULT	"default"

/* Closer than any prefix and any domain. */
#define MEANT_ALONE		1000

/**
 * ike_config_new() - Make an empty configuration.
 *
 * Return: it, with one reference, or NULL without memory. Whoever fills it does so
 * before anybody else sees it.
 */
struct ike_config *ike_config_new(void)
{
	struct ike_config *c = calloc(1, sizeof(*c));

	if (c)
		atomic_init(&c->refs, 1);
	return c;
}

/**
 * ike_config_get() - Take a reference.
 * @c: configuration
 *
 * Return: @c.
 */
const struct ike_config *ike_config_get(const struct ike_config *c)
{
	/* the count is no part of what is only read */
	atomic_fetch_add_explicit(&((struct ike_config *)c)->refs, 1, memory_order_relaxed);
	return c;
}

static void free_secret(uint8_t *data, size_t len)
{
	if (data)
		OPENSSL_cleanse(data, len);
	free(data);
}

static void free_profile(struct ike_profile *p)
{
	for (size_t i = 0; i < p->n_keys; i++) {
		struct ike_preshared *k = &p->keys[i];

		free_secret(k->local, k->local_len);
		free_secret(k->remote, k->remote_len);
		free_secret(k->ppk, k->ppk_len);
		free(k->ppk_id);
	}
	free(p->keys);
	free(p->match);
	free(p->match_local);
}

static void free_child(struct ike_child_policy *p)
{
	free(p->peers);
	free(p->proposals);
	free(p->pairs);
	free(p->lines);
}

/**
 * ike_config_put() - Give a reference back.
 * @c: configuration, or NULL
 *
 * With the last one it goes, and its secrets are wiped.
 */
void ike_config_put(const struct ike_config *c)
{
	struct ike_config *gone = (struct ike_config *)c;

	if (!gone || atomic_fetch_sub_explicit(&gone->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < gone->n_policies; i++) {
		free(gone->policies[i].match_local);
		free(gone->policies[i].proposals);
	}
	for (size_t i = 0; i < gone->n_profiles; i++)
		free_profile(&gone->profiles[i]);
	for (size_t i = 0; i < gone->n_children; i++)
		free_child(&gone->children[i]);
	for (size_t i = 0; i < gone->n_trusts; i++)
		ike_trust_unref(gone->trusts[i]);
	free(gone->policies);
	free(gone->profiles);
	free(gone->children);
	free(gone->trusts);
	free(gone);
}

static size_t address_len(int family)
{
	switch (family) {
	case AF_INET:
		return 4;
	case AF_INET6:
		return 16;
	default:
		return 0;
	}
}

/**
 * ike_endpoint_same_address() - Compare two addresses, whatever their ports.
 * @a: one
 * @b: the other
 */
bool ike_endpoint_same_address(const struct ike_endpoint *a, const struct ike_endpoint *b)
{
	return a->family == b->family &&
	       !memcmp(a->address, b->address, address_len(a->family));
}

/**
 * ike_endpoint_equal() - Compare two addresses with their ports.
 * @a: one
 * @b: the other
 */
bool ike_endpoint_equal(const struct ike_endpoint *a, const struct ike_endpoint *b)
{
	return ike_endpoint_same_address(a, b) && a->port == b->port;
}

/**
 * ike_identity_of_address() - The identity that an address is.
 * @id: where to
 * @e: address
 */
void ike_identity_of_address(struct ike_identity *id, const struct ike_endpoint *e)
{
	memset(id, 0, sizeof(*id));
	id->len = (uint16_t)address_len(e->family);
	if (!id->len)
		return;
	id->type = e->family == AF_INET ? IKE_ID_IPV4_ADDR : IKE_ID_IPV6_ADDR;
	memcpy(id->data, e->address, id->len);
}

static struct ike_chunk octets(const struct ike_identity *id)
{
	return (struct ike_chunk){ .data = id->data, .len = id->len };
}

/**
 * ike_identity_equal() - Compare two identities.
 * @a: one
 * @b: the other
 */
bool ike_identity_equal(const struct ike_identity *a, const struct ike_identity *b)
{
	return a->type == b->type && ike_id_equal(a->type, octets(a), octets(b));
}

static bool prefix_equal(const uint8_t *a, const uint8_t *b, size_t bits)
{
	const uint8_t mask = (uint8_t)(0xff00 >> (bits % 8));

	return !memcmp(a, b, bits / 8) &&
	       (!(bits % 8) || !((a[bits / 8] ^ b[bits / 8]) & mask));
}

/* Whether what separates a name from its domain stands in front of that. */
static bool in_domain(const struct ike_match *m, const struct ike_identity *id)
{
	const uint8_t separator = id->type == IKE_ID_FQDN ? '.' : '@';
	const uint8_t *tail;

	if ((id->type != IKE_ID_FQDN && id->type != IKE_ID_RFC822_ADDR) || id->len < m->id.len)
		return false;
	tail = id->data + id->len - m->id.len;
	if (strncasecmp((const char *)tail, (const char *)m->id.data, m->id.len))
		return false;
	/* the domain itself is a name of it, and nobody's mail address */
	if (tail == id->data)
		return id->type == IKE_ID_FQDN;
	return tail[-1] == separator;
}

/**
 * ike_match_identity() - Tell whether an identity is meant.
 * @m: what is meant
 * @id: identity
 */
bool ike_match_identity(const struct ike_match *m, const struct ike_identity *id)
{
	switch (m->kind) {
	case IKE_MATCH_ANY:
		return true;
	case IKE_MATCH_EQUAL:
		return ike_identity_equal(&m->id, id);
	case IKE_MATCH_PREFIX:
		return m->id.type == id->type && m->id.len == id->len &&
		       m->bits <= 8 * id->len && prefix_equal(m->id.data, id->data, m->bits);
	case IKE_MATCH_DOMAIN:
		return m->id.type == id->type && in_domain(m, id);
	}
	return false;
}

/**
 * ike_match_text() - What is meant, for logs and "show".
 * @buf: room for it
 * @size: of it
 * @m: what is meant
 *
 * Return: @buf
 */
const char *ike_match_text(char *buf, size_t size, const struct ike_match *m)
{
	char id[IKE_ID_TEXT_LEN] = "";

	if (m->kind != IKE_MATCH_ANY)
		ike_id_text(id, m->id.type, octets(&m->id));
	switch (m->kind) {
	case IKE_MATCH_ANY:
		snprintf(buf, size, "any");
		break;
	case IKE_MATCH_EQUAL:
		snprintf(buf, size, "%s", id);
		break;
	case IKE_MATCH_PREFIX:
		if (m->bits < 8 * m->id.len)
			snprintf(buf, size, "%s/%u", id, m->bits);
		else
			snprintf(buf, size, "%s", id);
		break;
	case IKE_MATCH_DOMAIN:
		snprintf(buf, size, "%s%s", m->id.type == IKE_ID_FQDN ? "*." : "*@", id);
		break;
	}
	return buf;
}

/**
 * ike_config_policy() - Find what is offered and accepted at an address of ours.
 * @c: configuration
 * @local: our address
 *
 * Return: the first policy that is for it, or NULL.
 */
const struct ike_policy *ike_config_policy(const struct ike_config *c,
					   const struct ike_endpoint *local)
{
	for (size_t i = 0; i < c->n_policies; i++) {
		const struct ike_policy *p = &c->policies[i];

		if (!p->n_match_local)
			return p;
		for (size_t k = 0; k < p->n_match_local; k++)
			if (ike_endpoint_same_address(&p->match_local[k], local))
				return p;
	}
	return NULL;
}

/**
 * ike_config_profile() - Find a profile by its name.
 * @c: configuration
 * @name: name
 *
 * Return: it, or NULL.
 */
const struct ike_profile *ike_config_profile(const struct ike_config *c, const char *name)
{
	for (size_t i = 0; i < c->n_profiles; i++)
		if (!strcmp(c->profiles[i].name, name))
			return &c->profiles[i];
	return NULL;
}

/**
 * ike_profile_is_for() - Tell whether a profile counts at an address of ours.
 * @p: profile
 * @local: our address
 */
bool ike_profile_is_for(const struct ike_profile *p, const struct ike_endpoint *local)
{
	for (size_t i = 0; i < p->n_match_local; i++)
		if (ike_endpoint_same_address(&p->match_local[i], local))
			return true;
	return !p->n_match_local;
}

/*
 * How closely a peer is meant; 0: not at all. What is said of one goes before what is
 * said of many, and this before what is said of more.
 */
static unsigned int closeness(const struct ike_match *m, const struct ike_identity *id)
{
	if (!ike_match_identity(m, id))
		return 0;
	switch (m->kind) {
	case IKE_MATCH_ANY:
		return 1;
	case IKE_MATCH_PREFIX:
		return m->bits == 8 * id->len ? MEANT_ALONE : 2U + m->bits;
	case IKE_MATCH_DOMAIN:
		return 2U + m->id.len;
	case IKE_MATCH_EQUAL:
		return MEANT_ALONE;
	}
	return 0;
}

/**
 * ike_config_profile_for() - Find the profile for a peer.
 * @c: configuration
 * @local: our address
 * @remote: who the peer says it is
 *
 * Return: the one that means @remote most closely, of equals the first; or else the one
 * that is called "default"; or NULL.
 */
const struct ike_profile *ike_config_profile_for(const struct ike_config *c,
						 const struct ike_endpoint *local,
						 const struct ike_identity *remote)
{
	const struct ike_profile *best = NULL;
	unsigned int closest = 0;

	for (size_t i = 0; i < c->n_profiles; i++) {
		const struct ike_profile *p = &c->profiles[i];

		if (!ike_profile_is_for(p, local))
			continue;
		if (!best && !strcmp(p->name, IKE_PROFILE_DEFAULT))
			best = p;
		for (size_t k = 0; k < p->n_match; k++) {
			unsigned int close = closeness(&p->match[k], remote);

			if (close <= closest)
				continue;
			closest = close;
			best = p;
		}
	}
	return best;
}

static bool has_use(const struct ike_preshared *k, enum ike_key_use use)
{
	switch (use) {
	case IKE_KEY_LOCAL:
		return k->local_len;
	case IKE_KEY_REMOTE:
		return k->remote_len;
	case IKE_KEY_PPK:
		return k->ppk_len;
	}
	return false;
}

/**
 * ike_profile_key() - Find the keys that are shared with a peer.
 * @p: profile
 * @remote: the peer's address
 * @id: the peer's identity; NULL: not known yet
 * @use: what for; those that have no such key do not count
 *
 * Who is named by an identity is meant more closely than by an address, and a long
 * prefix of an address more closely than a short one. Of equals the first counts.
 *
 * Return: the closest, or NULL.
 */
const struct ike_preshared *ike_profile_key(const struct ike_profile *p,
					    const struct ike_endpoint *remote,
					    const struct ike_identity *id,
					    enum ike_key_use use)
{
	const struct ike_preshared *best = NULL;
	struct ike_identity address;
	unsigned int closest = 0;

	ike_identity_of_address(&address, remote);
	for (size_t i = 0; i < p->n_keys; i++) {
		const struct ike_preshared *k = &p->keys[i];
		unsigned int close = 0;

		if (!has_use(k, use))
			continue;
		if (k->by_address)
			close = closeness(&k->address, &address);
		if (id && k->by_identity && closeness(&k->identity, id))
			close = MEANT_ALONE + closeness(&k->identity, id);
		if (close > closest) {
			closest = close;
			best = k;
		}
	}
	return best;
}

/**
 * ike_config_child() - Find an entry of a crypto map on an interface.
 * @c: configuration
 * @ifname: interface
 * @map: name of the map
 * @number: sequence number of the entry
 * @dynamic_number: that of the dynamic map's entry; 0 without one
 *
 * Return: it, or NULL.
 */
const struct ike_child_policy *ike_config_child(const struct ike_config *c, const char *ifname,
						const char *map, uint32_t number,
						uint32_t dynamic_number)
{
	for (size_t i = 0; i < c->n_children; i++) {
		const struct ike_child_policy *p = &c->children[i];

		if (p->number == number && p->dynamic_number == dynamic_number &&
		    !strcmp(p->ifname, ifname) && !strcmp(p->map, map))
			return p;
	}
	return NULL;
}

static bool same_octets(const void *a, size_t a_len, const void *b, size_t b_len)
{
	return a_len == b_len && (!a_len || !CRYPTO_memcmp(a, b, a_len));
}

static bool same_identity(const struct ike_identity *a, const struct ike_identity *b)
{
	return a->type == b->type && same_octets(a->data, a->len, b->data, b->len);
}

static bool same_match(const struct ike_match *a, const struct ike_match *b)
{
	return a->kind == b->kind &&
	       (a->kind == IKE_MATCH_ANY ||
		(same_identity(&a->id, &b->id) &&
		 (a->kind != IKE_MATCH_PREFIX || a->bits == b->bits)));
}

static bool same_key(const struct ike_preshared *a, const struct ike_preshared *b,
		     enum ike_key_use use)
{
	if (!a || !b)
		return a == b;
	switch (use) {
	case IKE_KEY_LOCAL:
		return same_octets(a->local, a->local_len, b->local, b->local_len);
	case IKE_KEY_REMOTE:
		return same_octets(a->remote, a->remote_len, b->remote, b->remote_len);
	case IKE_KEY_PPK:
		return same_octets(a->ppk_id, a->ppk_id_len, b->ppk_id, b->ppk_id_len) &&
		       same_octets(a->ppk, a->ppk_len, b->ppk, b->ppk_len) &&
		       a->ppk_required == b->ppk_required;
	}
	return false;
}

static bool same_endpoints(const struct ike_endpoint *a, size_t n_a, const struct ike_endpoint *b,
			   size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (!ike_endpoint_equal(&a[i], &b[i]))
			return false;
	return true;
}

/**
 * ike_profile_same() - Tell whether an IKE SA may stay under another configuration.
 * @a: profile of one configuration
 * @b: profile of another one
 * @remote: the peer's address
 * @id: the peer's identity; NULL: not known yet
 *
 * Keys of other peers do not count. What certificates are trusted is not compared but for
 * whether there are any: it is read anew with each configuration, and counts when an SA is made.
 */
bool ike_profile_same(const struct ike_profile *a, const struct ike_profile *b,
		      const struct ike_endpoint *remote, const struct ike_identity *id)
{
	if (strcmp(a->name, b->name) || a->n_match != b->n_match)
		return false;
	for (size_t i = 0; i < a->n_match; i++)
		if (!same_match(&a->match[i], &b->match[i]))
			return false;
	for (enum ike_key_use use = IKE_KEY_LOCAL; use <= IKE_KEY_PPK; use++)
		if (!same_key(ike_profile_key(a, remote, id, use),
			      ike_profile_key(b, remote, id, use), use))
			return false;
	return same_endpoints(a->match_local, a->n_match_local, b->match_local,
			      b->n_match_local) &&
	       same_identity(&a->local, &b->local) && a->local_dn == b->local_dn &&
	       a->prove_local == b->prove_local && a->prove_remote == b->prove_remote &&
	       !a->trust == !b->trust && a->dpd_ms == b->dpd_ms &&
	       a->dpd_retry_ms == b->dpd_retry_ms && a->dpd_periodic == b->dpd_periodic &&
	       a->nat_keepalive_ms == b->nat_keepalive_ms &&
	       a->lifetime_ms == b->lifetime_ms && a->fragment == b->fragment &&
	       a->initial_contact == b->initial_contact;
}

static bool same_proposal(const struct ike_proposal *a, const struct ike_proposal *b)
{
	if (a->number != b->number || a->protocol != b->protocol || a->n != b->n)
		return false;
	for (unsigned int i = 0; i < a->n; i++) {
		const struct ike_transform *s = &a->transforms[i], *t = &b->transforms[i];

		if (s->type != t->type || s->id != t->id || s->key_bits != t->key_bits)
			return false;
	}
	return true;
}

/**
 * ike_policy_same() - Tell whether two policies offer and accept the same.
 * @a: policy of one configuration
 * @b: policy of another one
 */
bool ike_policy_same(const struct ike_policy *a, const struct ike_policy *b)
{
	if (a->n_proposals != b->n_proposals)
		return false;
	for (size_t i = 0; i < a->n_proposals; i++)
		if (!same_proposal(&a->proposals[i], &b->proposals[i]))
			return false;
	return true;
}

static bool same_selector(const struct ike_selector *a, const struct ike_selector *b)
{
	const size_t len = address_len(a->family);

	return a->family == b->family && a->protocol == b->protocol &&
	       a->first_port == b->first_port && a->last_port == b->last_port &&
	       !memcmp(a->first, b->first, len) && !memcmp(a->last, b->last, len);
}

static bool same_lines(const struct ike_child_policy *a, const struct ike_child_policy *b)
{
	if (a->n_pairs != b->n_pairs)
		return false;
	for (size_t i = 0; i < a->n_pairs; i++)
		if (a->lines[i] != b->lines[i] ||
		    !same_selector(&a->pairs[i].local, &b->pairs[i].local) ||
		    !same_selector(&a->pairs[i].remote, &b->pairs[i].remote))
			return false;
	return true;
}

/**
 * ike_child_policy_same() - Tell whether a child SA may stay under another configuration.
 * @a: entry of one configuration
 * @b: entry of another one
 */
bool ike_child_policy_same(const struct ike_child_policy *a, const struct ike_child_policy *b)
{
	if (a->n_proposals != b->n_proposals)
		return false;
	for (size_t i = 0; i < a->n_proposals; i++)
		if (!same_proposal(&a->proposals[i], &b->proposals[i]))
			return false;
	return !strcmp(a->ifname, b->ifname) && !strcmp(a->map, b->map) &&
	       !strcmp(a->dynamic_map, b->dynamic_map) && !strcmp(a->profile, b->profile) &&
	       a->number == b->number && a->dynamic_number == b->dynamic_number &&
	       same_endpoints(a->local, 2, b->local, 2) &&
	       same_endpoints(a->peers, a->n_peers, b->peers, b->n_peers) &&
	       a->transport == b->transport && a->pfs == b->pfs && same_lines(a, b) &&
	       a->life_ms == b->life_ms && a->life_bytes == b->life_bytes &&
	       a->idle_ms == b->idle_ms && a->replay_window == b->replay_window;
}
