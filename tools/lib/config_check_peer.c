// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold between the configurations of a gateway and of a peer. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"

/**
 * struct entry - An entry of a crypto map on an interface.
 * @b: where the map is applied
 * @m: entry
 */
struct entry {
	const struct crypto_binding *b;
	const struct crypto_map *m;
};

/**
 * struct tunnel - Entries of one gateway that lead to another.
 * @c: configuration of the gateway
 * @entries: entries
 * @n_entries: how many
 */
struct tunnel {
	struct config *c;
	struct entry *entries;
	size_t n_entries;
};

/* Where tunnels end that follow a group. */
static struct address endpoint(const struct model_group *g)
{
	return g->n_global ? g->global[0].address : address_of_ipv4(g->vip);
}

/* Whether tunnels of a map on an interface end at the address. */
static bool ends_at(const struct config *c, const struct crypto_binding *b,
		    const struct address *address)
{
	const struct model_interface *i = model_interface_find(&c->model, b->ifname);
	struct address a;

	for (size_t n = 0; b->redundancy[0] && i && n < i->n_groups; n++) {
		a = endpoint(i->groups[n]);
		if (!strcmp(i->groups[n]->name, b->redundancy) && address_equal(&a, address))
			return true;
	}
	for (size_t n = 0; !b->redundancy[0] && n < c->n_addresses; n++) {
		a = address_of_ipv4(c->addresses[n].address);
		if (!strcmp(c->addresses[n].ifname, b->ifname) && address_equal(&a, address))
			return true;
	}
	return false;
}

static bool leads_to(const struct crypto_map *m, const struct config *other,
		     const struct crypto_binding *b)
{
	for (size_t n = 0; n < m->n_peers; n++)
		if (ends_at(other, b, &m->peers[n].address))
			return true;
	return false;
}

/* The entries of a gateway whose peer is the other. */
static void find_tunnel(struct tunnel *t, struct config *c, const struct config *other)
{
	const struct crypto *here = &c->model.crypto, *there = &other->model.crypto;

	*t = (struct tunnel){ .c = c };
	for (size_t n = 0; n < here->n_bindings; n++) {
		const struct crypto_binding *b = here->bindings[n];

		for (size_t k = crypto_map_first(here, b->map);
		     k < here->n_maps && !strcmp(here->maps[k]->name, b->map); k++) {
			bool found = false;

			for (size_t j = 0; j < there->n_bindings && !found; j++)
				found = leads_to(here->maps[k], other, there->bindings[j]);
			if (!found)
				continue;
			t->entries = array_grow(t->entries, t->n_entries, sizeof(*t->entries));
			t->entries[t->n_entries++] = (struct entry){ b, here->maps[k] };
		}
	}
}

static bool is_mirrored(const struct crypto_line *a, const struct crypto_line *b)
{
	struct crypto_line mirror = *a;

	mirror.match.src = a->match.dst;
	mirror.match.src_mask = a->match.dst_mask;
	mirror.match.dst = a->match.src;
	mirror.match.dst_mask = a->match.src_mask;
	memcpy(mirror.match.src_port, a->match.dst_port, sizeof(mirror.match.src_port));
	memcpy(mirror.match.dst_port, a->match.src_port, sizeof(mirror.match.dst_port));
	return crypto_line_equal(&mirror, b);
}

static bool has_mirror(const struct tunnel *t, const struct crypto_line *line)
{
	const struct crypto *crypto = &t->c->model.crypto;

	for (size_t n = 0; n < t->n_entries; n++) {
		const struct crypto_acl *a = crypto_acl_find(crypto, t->entries[n].m->acl);

		for (size_t k = 0; a && k < a->n_lines; k++)
			if (is_mirrored(line, &a->lines[k]))
				return true;
	}
	return false;
}

/* Each line once, however many entries use the list. */
static bool is_first_use(const struct tunnel *t, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (!strcmp(t->entries[k].m->acl, t->entries[n].m->acl))
			return false;
	return true;
}

static void check_lists(struct tunnel *here, const struct tunnel *there)
{
	for (size_t n = 0; n < here->n_entries; n++) {
		const struct crypto_acl *a = crypto_acl_find(&here->c->model.crypto,
							     here->entries[n].m->acl);

		for (size_t k = 0; a && is_first_use(here, n) && k < a->n_lines; k++)
			if (!has_mirror(there, &a->lines[k]))
				diag_add(&here->c->diags, DIAG_WARNING, a->lines[k].at,
					 "no line of %s mirrors this one, source and destination exchanged",
					 config_source_name(there->c));
	}
}

/* Whether an entry of the other gateway protects in the same manner. */
static bool has_set(const struct tunnel *t, const struct crypto_set *set)
{
	for (size_t n = 0; n < t->n_entries; n++) {
		const struct crypto_map *m = t->entries[n].m;

		for (size_t k = 0; k < m->n_sets; k++) {
			const struct crypto_set *s = crypto_set_find(&t->c->model.crypto,
								     m->sets[k]);

			if (s && s->mode == set->mode &&
			    transform_equal(&s->transform, &set->transform))
				return true;
		}
	}
	return false;
}

/* They agree on one of them. */
static bool shares_set(const struct tunnel *here, const struct crypto_map *m,
		       const struct tunnel *there)
{
	const struct crypto *c = &here->c->model.crypto;

	for (size_t n = 0; n < m->n_sets; n++) {
		const struct crypto_set *s = crypto_set_find(c, m->sets[n]);

		if (s && has_set(there, s))
			return true;
	}
	return !crypto_map_set(c, m);
}

static void check_sets(struct tunnel *here, const struct tunnel *there)
{
	for (size_t n = 0; n < here->n_entries; n++) {
		const struct crypto_map *m = here->entries[n].m;

		if (!shares_set(here, m, there))
			diag_add(&here->c->diags, DIAG_WARNING, m->at[CRYPTO_MAP_SET],
				 "no entry of %s has such a transform set",
				 config_source_name(there->c));
	}
}

static void check_way_back(struct tunnel *here, const struct config *other)
{
	for (size_t n = 0; n < here->n_entries; n++)
		diag_add(&here->c->diags, DIAG_WARNING,
			 here->entries[n].m->at[CRYPTO_MAP_PEER],
			 "the peer is that of %s, which has no entry whose peer is this gateway",
			 config_source_name(other));
}

/**
 * config_check_peer() - Check what must hold between a gateway and a peer.
 * @c: configuration of the one
 * @other: that of the other
 *
 * Return: whether an entry of one has the other for a peer.
 */
bool config_check_peer(struct config *c, struct config *other)
{
	struct tunnel here, there;
	bool found;

	find_tunnel(&here, c, other);
	find_tunnel(&there, other, c);
	found = here.n_entries || there.n_entries;
	if (!there.n_entries) {
		check_way_back(&here, other);
	} else if (!here.n_entries) {
		check_way_back(&there, c);
	} else {
		check_lists(&here, &there);
		check_lists(&there, &here);
		check_sets(&here, &there);
		check_sets(&there, &here);
	}
	free(here.entries);
	free(there.entries);
	return found;
}

/**
 * config_check_pair() - Check what must hold between two configurations.
 * @c: one, to which most messages are added
 * @other: the other; both checked by config_finish()
 */
void config_check_pair(struct config *c, struct config *other)
{
	struct model_pos nowhere = {};

	if (!config_check_partner(c, other) && !config_check_peer(c, other))
		diag_add(&c->diags, DIAG_NOTE, nowhere,
			 "nothing to do with %s: no virtual IP in common, and neither is a peer of the other",
			 config_source_name(other));
}
