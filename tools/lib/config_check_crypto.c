// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold between the lines about crypto maps. */
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"
#include "lib/text.h"

static bool is_somewhere(struct model_pos at)
{
	return at.line != 0;
}

/**
 * config_check_df() - Find interfaces that have a DF bit and no crypto map.
 * @c: configuration
 */
void config_check_df(struct config *c)
{
	for (size_t n = 0; n < c->model.crypto.n_bindings; n++) {
		const struct crypto_binding *b = c->model.crypto.bindings[n];

		if (!b->map[0] && b->df != VPNHA_DF_BIT_COPY)
			diag_add(&c->diags, DIAG_ERROR, b->at[CRYPTO_BINDING_DF],
				 "interface %s has no crypto map, and so no tunnel whose DF bit could be set",
				 b->ifname);
	}
}

/* A position of the entry that was read now. */
static struct model_pos map_pos(const struct crypto_map *m, enum crypto_map_field field)
{
	return is_somewhere(m->at[field]) ? m->at[field] : m->at[CRYPTO_MAP_NUMBER];
}

static void check_key_length(struct config *c, struct model_pos at, const char *what,
			     size_t length, size_t expected, const struct crypto_set *set)
{
	char buf[TRANSFORM_TEXT_LEN];
	const char *transform = transform_text(buf, &set->transform);

	if (length == expected)
		return;
	if (!expected)
		diag_add(&c->diags, DIAG_ERROR, at, "%s takes no %s key", transform, what);
	else if (!length)
		diag_add(&c->diags, DIAG_ERROR, at, "%s needs %s key of %zu bytes", transform,
			 what[0] == 'a' ? "an authenticator" : "a cipher", expected);
	else
		diag_add(&c->diags, DIAG_ERROR, at,
			 "%s key of %zu bytes, and %s takes one of %zu%s", what, length,
			 transform, expected,
			 what[0] == 'c' && transform_cipher(set->transform.cipher)->salt ?
				 ", its salt included" : "");
}

static void check_key(struct config *c, const struct crypto_map *m, uint32_t direction,
		      const struct crypto_set *set)
{
	const struct crypto_key *key = &m->keys[direction];
	struct model_pos at = key->at;

	/* A set that changes makes keys wrong that were right. */
	if (!is_somewhere(at))
		at = set->at[CRYPTO_SET_TRANSFORM];
	if (!is_somewhere(at))
		at = m->at[CRYPTO_MAP_SET];
	if (!key->given || key->hidden || !is_somewhere(at))
		return;
	check_key_length(c, is_somewhere(key->at_cipher) ? key->at_cipher : at, "cipher",
			 key->n_cipher, transform_cipher_key(&set->transform), set);
	check_key_length(c, is_somewhere(key->at_auth) ? key->at_auth : at, "authenticator",
			 key->n_auth, transform_auth_key(&set->transform), set);
}

static void check_manual(struct config *c, const struct crypto_map *m,
			 const struct crypto_set *set)
{
	if (m->n_peers > 1)
		diag_add(&c->diags, DIAG_ERROR,
			 is_somewhere(m->peers[1].at) ? m->peers[1].at :
							map_pos(m, CRYPTO_MAP_PEER),
			 "a manual entry has one peer: its keys are those of one");
	if (m->n_sets > 1)
		diag_add(&c->diags, DIAG_ERROR, map_pos(m, CRYPTO_MAP_SET),
			 "a manual entry has one transform set: there is nobody to agree with");
	for (uint32_t d = 0; set && d < 2; d++)
		check_key(c, m, d, set);
}

/* What an entry lacks; NULL: nothing. */
static const char *map_lacks(const struct crypto_map *m)
{
	if (m->dynamic[0])
		return NULL;
	if (m->is_dynamic)
		return m->n_sets ? NULL : "'set transform-set'";
	if (!m->n_peers)
		return "'set peer'";
	if (!m->acl[0])
		return "'match address'";
	if (!m->n_sets)
		return "'set transform-set'";
	if (m->kind != VPNHA_MAP_KIND_MANUAL)
		return NULL;
	if (!m->keys[VPNHA_ESP_DIRECTION_IN].given)
		return "'set session-key inbound'";
	return m->keys[VPNHA_ESP_DIRECTION_OUT].given ? NULL : "'set session-key outbound'";
}

/* What a line says of an entry that says nothing of its own. */
static void check_dynamic(struct config *c, const struct crypto_map *m)
{
	static const enum crypto_map_field fields[] = {
		CRYPTO_MAP_PEER, CRYPTO_MAP_SET, CRYPTO_MAP_ACL, CRYPTO_MAP_PFS,
		CRYPTO_MAP_SECONDS, CRYPTO_MAP_KILOBYTES, CRYPTO_MAP_IDLE_TIME,
		CRYPTO_MAP_PROFILE, CRYPTO_MAP_REVERSE,
	};
	const struct crypto_keying *k = &m->keying;
	const bool has[] = {
		m->n_peers, m->n_sets, m->acl[0], k->pfs, k->seconds, k->kilobytes, k->idle_time,
		k->profile[0], m->reverse.kind != VPNHA_REVERSE_ROUTE_NONE,
	};

	for (size_t n = 0; n < sizeof(has) / sizeof(*has); n++)
		if (has[n])
			diag_add(&c->diags, DIAG_ERROR, map_pos(m, fields[n]),
				 "dynamic crypto map %s says all of entry %u of crypto map %s",
				 m->dynamic, m->number, m->name);
	if (is_somewhere(m->at[CRYPTO_MAP_DYNAMIC]) &&
	    crypto_dynamic_first(&c->model.crypto, m->dynamic) == c->model.crypto.n_dynamics)
		diag_add(&c->diags, DIAG_WARNING, m->at[CRYPTO_MAP_DYNAMIC],
			 "there is no dynamic crypto map %s", m->dynamic);
}

static void check_map(struct config *c, const struct crypto_map *m)
{
	const struct crypto *crypto = &c->model.crypto;
	const struct crypto_set *set = crypto_map_set(crypto, m);
	const char *lacks = map_lacks(m);
	char number[16];

	if (m->kind == VPNHA_MAP_KIND_MANUAL)
		check_manual(c, m, set);
	if (is_somewhere(m->at[CRYPTO_MAP_NUMBER]) && lacks)
		diag_add(&c->diags, DIAG_WARNING, m->at[CRYPTO_MAP_NUMBER],
			 "entry %u of %scrypto map %s is incomplete and protects nothing: no %s",
			 m->number, m->is_dynamic ? "dynamic " : "", m->name, lacks);
	if (m->dynamic[0])
		check_dynamic(c, m);
	for (size_t n = 0; is_somewhere(m->at[CRYPTO_MAP_SET]) && n < m->n_sets; n++)
		if (!crypto_set_find(crypto, m->sets[n]))
			diag_add(&c->diags, DIAG_WARNING, m->at[CRYPTO_MAP_SET],
				 "there is no transform set %s", m->sets[n]);
	if (!is_somewhere(m->at[CRYPTO_MAP_ACL]) || !m->acl[0] || crypto_acl_find(crypto, m->acl))
		return;
	for (size_t n = 0; n < c->n_standard; n++) {
		snprintf(number, sizeof(number), "%u", c->standard[n]);
		if (!strcmp(number, m->acl)) {
			diag_add(&c->diags, DIAG_ERROR, m->at[CRYPTO_MAP_ACL],
				 "access list %s is not an extended one (100-199, 2000-2699 or a name)",
				 m->acl);
			return;
		}
	}
	diag_add(&c->diags, DIAG_WARNING, m->at[CRYPTO_MAP_ACL], "there is no access list %s",
		 m->acl);
}

struct spi_ref {
	const struct crypto_map *map;
	const struct crypto_key *key;
};

static int compare_spis(const void *a, const void *b)
{
	const struct spi_ref *x = a, *y = b;
	struct model_pos p = x->key->at, q = y->key->at;

	if (x->key->spi != y->key->spi)
		return x->key->spi < y->key->spi ? -1 : 1;
	if (p.line != q.line)
		return p.line < q.line ? -1 : 1;
	return p.column < q.column ? -1 : p.column > q.column;
}

/* An SPI names an SA at the one who receives. What the kernel has already comes first. */
static void check_spis(struct config *c)
{
	const struct crypto *crypto = &c->model.crypto;
	struct spi_ref *refs = NULL;
	size_t n_refs = 0;

	for (size_t n = 0; n < crypto->n_maps; n++) {
		const struct crypto_map *m = crypto->maps[n];

		if (m->kind != VPNHA_MAP_KIND_MANUAL || !m->keys[VPNHA_ESP_DIRECTION_IN].given)
			continue;
		refs = array_grow(refs, n_refs, sizeof(*refs));
		refs[n_refs++] = (struct spi_ref){ m, &m->keys[VPNHA_ESP_DIRECTION_IN] };
	}
	if (n_refs)
		qsort(refs, n_refs, sizeof(*refs), compare_spis);
	for (size_t n = 1; n < n_refs; n++)
		if (refs[n].key->spi == refs[n - 1].key->spi && is_somewhere(refs[n].key->at))
			diag_add(&c->diags, DIAG_ERROR, refs[n].key->at,
				 "inbound SPI %u belongs to entry %u of crypto map %s already",
				 refs[n].key->spi, refs[n - 1].map->number,
				 refs[n - 1].map->name);
	free(refs);
}

/* A map that follows a group that is not there. */
static void check_group(struct config *c, const struct crypto_binding *b)
{
	const struct model_interface *i = model_interface_find(&c->model, b->ifname);
	const struct model_group *nameless = NULL;
	char hint[48] = "";

	for (size_t n = 0; i && n < i->n_groups; n++) {
		if (!strcmp(i->groups[n]->name, b->redundancy))
			return;
		if (!nameless && !i->groups[n]->name[0])
			nameless = i->groups[n];
	}
	if (nameless)
		snprintf(hint, sizeof(hint), "; group %u has no name", nameless->number);
	diag_add(&c->diags, DIAG_WARNING, b->at[CRYPTO_BINDING_REDUNDANCY],
		 "no standby group of %s has the name %s%s", b->ifname, b->redundancy, hint);
}

static bool has_address(const struct ifaddrs *list, const char *ifname, int family)
{
	for (; list; list = list->ifa_next)
		if (list->ifa_addr && list->ifa_addr->sa_family == family &&
		    !strcmp(list->ifa_name, ifname))
			return true;
	return false;
}

/* Whether a map that follows a group gets an endpoint of this IP version from it. */
static bool has_virtual(const struct config *c, const struct crypto_binding *b, int family)
{
	const struct model_interface *i = model_interface_find(&c->model, b->ifname);
	bool ipv6 = false;

	for (size_t n = 0; i && n < i->n_groups; n++)
		if (!strcmp(i->groups[n]->name, b->redundancy))
			ipv6 = i->groups[n]->ipv6;
	return family == (ipv6 ? AF_INET6 : AF_INET);
}

/* Whether an endpoint of this IP version is to be expected. */
static bool has_local(const struct config *c, const struct crypto_binding *b,
		      const struct ifaddrs *list, int family)
{
	if (b->redundancy[0])
		return has_virtual(c, b, family);
	return !if_nametoindex(b->ifname) || has_address(list, b->ifname, family);
}

static void check_peers(struct config *c, const struct crypto_binding *b,
			const struct ifaddrs *list)
{
	const struct crypto *crypto = &c->model.crypto;

	for (size_t n = crypto_map_first(crypto, b->map);
	     n < crypto->n_maps && !strcmp(crypto->maps[n]->name, b->map); n++) {
		const struct crypto_map *m = crypto->maps[n];

		for (size_t k = 0; k < m->n_peers; k++) {
			const struct crypto_peer *p = &m->peers[k];

			if ((is_somewhere(p->at) || is_somewhere(b->at[CRYPTO_BINDING_MAP])) &&
			    !has_local(c, b, list, p->address.family))
				diag_add(&c->diags, DIAG_WARNING,
					 is_somewhere(p->at) ? p->at : b->at[CRYPTO_BINDING_MAP],
					 "peer of IPv%d, and %s%s has no address of IPv%d",
					 p->address.family == AF_INET ? 4 : 6,
					 b->redundancy[0] ? "a standby group of " : "", b->ifname,
					 p->address.family == AF_INET ? 4 : 6);
		}
	}
}

static void check_binding(struct config *c, const struct crypto_binding *b, unsigned int flags,
			  const struct ifaddrs *list)
{
	const struct crypto *crypto = &c->model.crypto;
	const struct model_interface *i = model_interface_find(&c->model, b->ifname);
	bool named = i && is_somewhere(i->at);

	/* One message is enough where the interface has standby groups, too. */
	if (!(flags & CONFIG_ELSEWHERE) && !named && !b->known &&
	    is_somewhere(b->at[CRYPTO_BINDING_IFNAME]) && !if_nametoindex(b->ifname))
		diag_add(&c->diags, flags & CONFIG_NEED_INTERFACES ? DIAG_ERROR : DIAG_WARNING,
			 b->at[CRYPTO_BINDING_IFNAME], "interface %s does not exist", b->ifname);
	if (is_somewhere(b->at[CRYPTO_BINDING_MAP]) &&
	    crypto_map_first(crypto, b->map) == crypto->n_maps)
		diag_add(&c->diags, DIAG_WARNING, b->at[CRYPTO_BINDING_MAP],
			 "there is no crypto map %s", b->map);
	if (is_somewhere(b->at[CRYPTO_BINDING_REDUNDANCY]) && b->redundancy[0])
		check_group(c, b);
	if (!(flags & CONFIG_ELSEWHERE))
		check_peers(c, b, list);
}

/**
 * config_check_crypto() - Check what must hold between the lines, once all are read.
 * @c: configuration
 * @flags: CONFIG_*
 */
void config_check_crypto(struct config *c, unsigned int flags)
{
	const struct crypto *crypto = &c->model.crypto;
	struct ifaddrs *list = NULL;

	for (size_t n = 0; n < crypto->n_maps; n++)
		check_map(c, crypto->maps[n]);
	for (size_t n = 0; n < crypto->n_dynamics; n++)
		check_map(c, crypto->dynamics[n]);
	check_spis(c);
	config_check_reverse(c);
	if (!crypto->n_bindings || getifaddrs(&list))
		list = NULL;
	for (size_t n = 0; n < crypto->n_bindings; n++)
		check_binding(c, crypto->bindings[n], flags, list);
	if (list)
		freeifaddrs(list);
}
