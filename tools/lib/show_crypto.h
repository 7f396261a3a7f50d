/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crypto maps and SAs, for people and as JSON. */
#ifndef VPNHA_SHOW_CRYPTO_H
#define VPNHA_SHOW_CRYPTO_H

#include <jansson.h>
#include <stdio.h>

#include "lib/model.h"

enum show_sa_kind {
	SHOW_SA_ALL,
	SHOW_SA_ACTIVE,
	SHOW_SA_STANDBY,
	SHOW_SA_IDENTITY,
	SHOW_SA_ADDRESS,
};

/**
 * struct show_sa - What "show crypto ipsec sa" is to show.
 * @kind: which SAs, or how
 * @map: those of this crypto map; NULL: of all
 * @ifname: those of this interface; NULL: of all
 * @peer: those of this peer; without a family: of all
 * @detail: with drops, windows and lifetimes
 */
struct show_sa {
	enum show_sa_kind kind;
	const char *map;
	const char *ifname;
	struct address peer;
	bool detail;
};

/**
 * struct sa_block - What an entry of a crypto map protects, and its SAs.
 * @binding: crypto map on an interface
 * @map: entry
 * @line: line of the access list; NULL: the SAs' own selector, which is in none
 * @match: packets that are protected
 * @sas: SAs, those towards this gateway first
 * @n_sas: how many
 */
struct sa_block {
	const struct crypto_binding *binding;
	const struct crypto_map *map;
	const struct crypto_line *line;
	const struct crypto_selector *match;
	const struct crypto_sa **sas;
	size_t n_sas;
};

/**
 * struct sa_blocks - All that "show crypto ipsec sa" shows.
 * @items: by interface, entry and line
 * @n_items: how many
 */
struct sa_blocks {
	struct sa_block *items;
	size_t n_items;
};

void sa_blocks_find(struct sa_blocks *b, const struct crypto *c, const struct show_sa *what);
void sa_blocks_free(struct sa_blocks *b);
bool sa_is_shown(const struct crypto *c, const struct crypto_sa *sa, const struct show_sa *what);
const struct crypto_sa **sa_by_address(const struct crypto *c, const struct show_sa *what,
				       size_t *n_sas);
uint64_t sa_block_packets(const struct sa_block *b, uint32_t direction);
uint64_t sa_block_drops(const struct sa_block *b, uint32_t direction);
const struct crypto_sa *sa_block_current(const struct sa_block *b);
const struct address *sa_block_local(const struct sa_block *b);
const struct address *sa_block_remote(const struct sa_block *b);

const struct crypto_route **routes_sorted(const struct crypto *c);
const struct address *route_via(const struct crypto_route *r);
const char *route_destination(char buf[ADDRESS_PAIR_LEN], const struct crypto_route *r,
			      char separator);
const char *route_error(const struct crypto_route *r);

void show_sas(FILE *out, const struct crypto *c, const struct show_sa *what);
json_t *show_sas_json(const struct crypto *c, const struct show_sa *what);
void show_maps(FILE *out, const struct crypto *c, const char *name);
void show_dynamic_maps(FILE *out, const struct crypto *c, const char *name);
json_t *show_maps_json(const struct crypto *c, const char *name);
json_t *show_dynamic_maps_json(const struct crypto *c, const char *name);
void show_routes(FILE *out, const struct crypto *c, const char *map);
json_t *show_routes_json(const struct crypto *c, const char *map);
void show_sets(FILE *out, const struct crypto *c, const char *name);
json_t *show_sets_json(const struct crypto *c, const char *name);
void show_acls(FILE *out, const struct crypto *c, const char *name);
json_t *show_acls_json(const struct crypto *c, const char *name);
void show_drops(FILE *out, const uint64_t drops[CRYPTO_DROP_REASONS]);
json_t *show_drops_json(const uint64_t drops[CRYPTO_DROP_REASONS]);

/* One object each. */
json_t *show_sa_json(const struct crypto_sa *sa);
json_t *show_map_json(const struct crypto_map *m, bool keys);
json_t *show_route_json(const struct crypto_route *r);
json_t *show_binding_json(const struct crypto_binding *b, bool state);
json_t *show_crypto_config_json(const struct crypto *c);

#endif
