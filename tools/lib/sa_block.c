// SPDX-License-Identifier: GPL-2.0-or-later
/* Which SAs belong to what a crypto map protects. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/show_crypto.h"

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* Where an SA belongs, then by direction and age. */
static int compare_sas(const void *a, const void *b)
{
	const struct crypto_sa *x = *(const struct crypto_sa *const *)a;
	const struct crypto_sa *y = *(const struct crypto_sa *const *)b;
	int order = strcmp(x->ifname, y->ifname);

	if (!order)
		order = strcmp(x->map, y->map);
	if (!order)
		order = compare_numbers(x->number, y->number);
	if (!order)
		order = compare_numbers(x->direction, y->direction);
	return order ? order : compare_numbers(x->id, y->id);
}

static int compare_owner(const struct crypto_sa *sa, const struct crypto_binding *b,
			 const struct crypto_map *m)
{
	int order = strcmp(sa->ifname, b->ifname);

	if (!order)
		order = strcmp(sa->map, m->name);
	return order ? order : compare_numbers(sa->number, m->number);
}

/* First of the sorted @sas that belongs to the entry or behind it. */
static size_t first_of(const struct crypto_sa **sas, size_t n_sas, const struct crypto_binding *b,
		       const struct crypto_map *m)
{
	size_t low = 0, high = n_sas;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_owner(sas[middle], b, m) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct address *peer_of(const struct crypto_sa *sa)
{
	return sa->direction == VPNHA_ESP_DIRECTION_IN ? &sa->src : &sa->dst;
}

static bool covers(const struct crypto_sa *sa, const struct crypto_selector *match)
{
	for (size_t n = 0; n < sa->n_selectors; n++)
		if (crypto_selector_within(&sa->selectors[n], match) ||
		    crypto_selector_within(match, &sa->selectors[n]))
			return true;
	return !sa->n_selectors;
}

static bool wants_binding(const struct crypto_binding *b, const struct show_sa *what)
{
	if (what->ifname && strcmp(what->ifname, b->ifname))
		return false;
	if (what->map && strcmp(what->map, b->map))
		return false;
	if (what->kind == SHOW_SA_ACTIVE)
		return b->state.role == VPNHA_ROLE_ACTIVE;
	return what->kind != SHOW_SA_STANDBY || b->state.role == VPNHA_ROLE_STANDBY;
}

static struct sa_block *add(struct sa_blocks *b, const struct crypto_binding *binding,
			    const struct crypto_map *map)
{
	b->items = array_grow(b->items, b->n_items, sizeof(*b->items));
	b->items[b->n_items] = (struct sa_block){ .binding = binding, .map = map };
	return &b->items[b->n_items++];
}

static void add_sa(struct sa_block *b, const struct crypto_sa *sa)
{
	b->sas = array_grow(b->sas, b->n_sas, sizeof(*b->sas));
	b->sas[b->n_sas++] = sa;
}

/* Both directions, and those that replace them. */
static bool is_same_tunnel(const struct crypto_sa *a, const struct crypto_sa *b)
{
	return b->n_selectors && address_equal(peer_of(a), peer_of(b)) &&
	       crypto_selector_within(&a->selectors[0], &b->selectors[0]) &&
	       crypto_selector_within(&b->selectors[0], &a->selectors[0]);
}

static void add_entry(struct sa_blocks *b, const struct crypto *c,
		      const struct crypto_binding *binding, const struct crypto_map *map,
		      const struct crypto_sa **sas, size_t n_sas)
{
	const struct crypto_acl *acl = crypto_acl_find(c, map->acl);
	bool *shown = xcalloc(n_sas, sizeof(*shown));

	for (size_t n = 0; acl && n < acl->n_lines; n++) {
		const struct crypto_line *line = &acl->lines[n];
		struct sa_block *block;

		if (line->action != VPNHA_ACL_ACTION_PERMIT)
			continue;
		block = add(b, binding, map);
		block->line = line;
		block->match = &line->match;
		for (size_t k = 0; k < n_sas; k++) {
			if (!covers(sas[k], &line->match))
				continue;
			add_sa(block, sas[k]);
			shown[k] = true;
		}
	}
	/*
	 * Those of a dynamic map, which may have no access list; and one may have changed below
	 * SAs that a daemon made.
	 */
	for (size_t k = 0; k < n_sas; k++) {
		struct sa_block *block;

		if (shown[k] || !sas[k]->n_selectors)
			continue;
		block = add(b, binding, map);
		block->match = &sas[k]->selectors[0];
		for (size_t j = k; j < n_sas; j++) {
			if (shown[j] || !is_same_tunnel(sas[k], sas[j]))
				continue;
			add_sa(block, sas[j]);
			shown[j] = true;
		}
	}
	free(shown);
}

static bool wants_entry(const struct crypto_map *m, const struct crypto_sa **sas, size_t n_sas,
			const struct show_sa *what)
{
	if (!what->peer.family || crypto_map_has_peer(m, &what->peer))
		return true;
	for (size_t n = 0; n < n_sas; n++)
		if (address_equal(peer_of(sas[n]), &what->peer))
			return true;
	return false;
}

static const struct crypto_sa **sort(const struct crypto *c,
				     int (*compare)(const void *a, const void *b))
{
	const struct crypto_sa **sas = xcalloc(c->n_sas, sizeof(*sas));

	for (size_t n = 0; n < c->n_sas; n++)
		sas[n] = c->sas[n];
	if (c->n_sas)
		qsort(sas, c->n_sas, sizeof(*sas), compare);
	return sas;
}

/**
 * sa_blocks_find() - Find what is protected, and by which SAs.
 * @b: result; refers to @c
 * @c: with the kernel's state
 * @what: what is to be shown
 */
void sa_blocks_find(struct sa_blocks *b, const struct crypto *c, const struct show_sa *what)
{
	const struct crypto_sa **sas = sort(c, compare_sas);

	memset(b, 0, sizeof(*b));
	for (size_t n = 0; n < c->n_bindings; n++) {
		const struct crypto_binding *binding = c->bindings[n];

		if (!wants_binding(binding, what))
			continue;
		for (size_t k = crypto_map_first(c, binding->map);
		     k < c->n_maps && !strcmp(c->maps[k]->name, binding->map); k++) {
			const struct crypto_map *map = c->maps[k];
			size_t from = first_of(sas, c->n_sas, binding, map), to = from;

			while (to < c->n_sas && !compare_owner(sas[to], binding, map))
				to++;
			if (wants_entry(map, sas + from, to - from, what))
				add_entry(b, c, binding, map, sas + from, to - from);
		}
	}
	free(sas);
}

/**
 * sa_blocks_free() - Release what was found.
 * @b: what was found
 */
void sa_blocks_free(struct sa_blocks *b)
{
	for (size_t n = 0; n < b->n_items; n++)
		free(b->items[n].sas);
	free(b->items);
	memset(b, 0, sizeof(*b));
}

/**
 * sa_is_shown() - Tell whether an SA is one that is to be shown.
 * @c: with the kernel's state
 * @sa: SA
 * @what: what is to be shown
 */
bool sa_is_shown(const struct crypto *c, const struct crypto_sa *sa, const struct show_sa *what)
{
	const struct crypto_binding *b = crypto_binding_find(c, sa->ifname);

	return b && wants_binding(b, what) &&
	       (!what->peer.family || address_equal(peer_of(sa), &what->peer));
}

static int compare_addresses(const void *a, const void *b)
{
	const struct crypto_sa *x = *(const struct crypto_sa *const *)a;
	const struct crypto_sa *y = *(const struct crypto_sa *const *)b;
	int order = address_compare(&x->dst, &y->dst);

	return order ? order : compare_numbers(x->spi, y->spi);
}

/**
 * sa_by_address() - SAs that are to be shown, by destination.
 * @c: with the kernel's state
 * @what: what is to be shown
 * @n_sas: how many
 *
 * Return: a list owned by the caller.
 */
const struct crypto_sa **sa_by_address(const struct crypto *c, const struct show_sa *what,
				       size_t *n_sas)
{
	const struct crypto_sa **sas = sort(c, compare_addresses);

	*n_sas = 0;
	for (size_t n = 0; n < c->n_sas; n++)
		if (sa_is_shown(c, sas[n], what))
			sas[(*n_sas)++] = sas[n];
	return sas;
}

/**
 * sa_block_packets() - Packets that passed the SAs of one direction.
 * @b: what they protect
 * @direction: enum vpnha_esp_direction
 */
uint64_t sa_block_packets(const struct sa_block *b, uint32_t direction)
{
	uint64_t sum = 0;

	for (size_t n = 0; n < b->n_sas; n++)
		if (b->sas[n]->direction == direction)
			sum += b->sas[n]->packets;
	return sum;
}

/**
 * sa_block_drops() - Packets that the SAs of one direction dropped.
 * @b: what they protect
 * @direction: enum vpnha_esp_direction
 */
uint64_t sa_block_drops(const struct sa_block *b, uint32_t direction)
{
	uint64_t sum = 0;

	for (size_t n = 0; n < b->n_sas; n++)
		for (size_t reason = 0; reason < CRYPTO_DROP_REASONS; reason++)
			if (b->sas[n]->direction == direction)
				sum += b->sas[n]->drops[reason];
	return sum;
}

/**
 * sa_block_current() - The SA that packets leave by.
 * @b: what is protected
 *
 * Return: the newest that is alive, or NULL.
 */
const struct crypto_sa *sa_block_current(const struct sa_block *b)
{
	const struct crypto_sa *current = NULL;

	for (size_t n = 0; n < b->n_sas; n++)
		if (b->sas[n]->direction == VPNHA_ESP_DIRECTION_OUT &&
		    (b->sas[n]->state == VPNHA_SA_STATE_MATURE ||
		     b->sas[n]->state == VPNHA_SA_STATE_DYING))
			current = b->sas[n];
	return current;
}

/**
 * sa_block_remote() - The other end of the tunnel.
 * @b: what is protected
 *
 * Return: its address; without a family when there is none.
 */
const struct address *sa_block_remote(const struct sa_block *b)
{
	static const struct address none;
	const struct crypto_sa *current = sa_block_current(b);

	if (current)
		return &current->dst;
	return b->map->n_peers ? &b->map->peers[0].address : &none;
}

/**
 * sa_block_local() - This end of the tunnel.
 * @b: what is protected
 *
 * Return: its address; without a family when there is none.
 */
const struct address *sa_block_local(const struct sa_block *b)
{
	const struct crypto_sa *current = sa_block_current(b);

	if (current)
		return &current->src;
	return sa_block_remote(b)->family == AF_INET6 ? &b->binding->state.local6 :
							&b->binding->state.local;
}
