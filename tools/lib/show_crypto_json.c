// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/json_set.h"
#include "lib/show_crypto.h"
#include "lib/text.h"

static void set_address(json_t *o, const char *key, const struct address *a)
{
	char buf[ADDRESS_LEN];

	set(o, key, a->family ? json_string(address_text(buf, a)) : json_null());
}

static void set_transform(json_t *o, const struct transform *t)
{
	char buf[TRANSFORM_TEXT_LEN];

	set_string_or_null(o, "transform", transform_text(buf, t));
}

static json_t *end_json(const struct address *a, const struct address *mask,
			const uint16_t ports[2])
{
	int length = address_mask_length(mask);
	json_t *o = json_object();

	set_address(o, "address", a);
	set_address(o, "mask", mask);
	set(o, "prefix_length", length >= 0 ? json_integer(length) : json_null());
	set_number(o, "port_min", ports[0]);
	set_number(o, "port_max", ports[1]);
	return o;
}

static void set_selector(json_t *o, const struct crypto_selector *s, const char *src,
			 const char *dst)
{
	set_number(o, "protocol", s->protocol);
	set(o, src, end_json(&s->src, &s->src_mask, s->src_port));
	set(o, dst, end_json(&s->dst, &s->dst_mask, s->dst_port));
}

static json_t *acl_json(const struct crypto_acl *a)
{
	json_t *o = json_object(), *lines = json_array();

	for (size_t n = 0; n < a->n_lines; n++) {
		const struct crypto_line *line = &a->lines[n];
		json_t *l = json_object();

		set_number(l, "line", line->number);
		set_string_or_null(l, "action",
				   line->action == VPNHA_ACL_ACTION_PERMIT ? "permit" : "deny");
		set_number(l, "ip_version", line->match.src.family == AF_INET6 ? 6 : 4);
		set_selector(l, &line->match, "source", "destination");
		json_array_append_new(lines, l);
	}
	set_string_or_null(o, "name", a->name);
	set(o, "lines", lines);
	return o;
}

/**
 * show_acls_json() - Access lists.
 * @c: what there is
 * @name: only this one; NULL: all
 *
 * Return: an array, owned by the caller.
 */
json_t *show_acls_json(const struct crypto *c, const char *name)
{
	json_t *list = json_array();

	for (size_t n = 0; n < c->n_acls; n++)
		if (!name || !strcmp(name, c->acls[n]->name))
			json_array_append_new(list, acl_json(c->acls[n]));
	return list;
}

/**
 * show_sets_json() - Transform sets.
 * @c: what there is
 * @name: only this one; NULL: all
 *
 * Return: an array, owned by the caller.
 */
json_t *show_sets_json(const struct crypto *c, const char *name)
{
	json_t *list = json_array();

	for (size_t n = 0; n < c->n_sets; n++) {
		const struct crypto_set *s = c->sets[n];
		json_t *o;

		if (name && strcmp(name, s->name))
			continue;
		o = json_object();
		set_string_or_null(o, "name", s->name);
		set_transform(o, &s->transform);
		set_number(o, "key_bits", s->transform.key_bits);
		set_number_or_null(o, "icv_bits", s->transform.icv_bits);
		set_string_or_null(o, "mode", text_esp_mode_key(s->mode));
		set_bool(o, "allow_weak", s->allow_weak);
		json_array_append_new(list, o);
	}
	return list;
}

static void set_hex(json_t *o, const char *name, const uint8_t *key, size_t length)
{
	char hex[2 * CRYPTO_KEY_MAX + 1];

	for (size_t n = 0; n < length; n++)
		snprintf(hex + 2 * n, 3, "%02x", key[n]);
	set(o, name, length ? json_string(hex) : json_null());
	explicit_bzero(hex, sizeof(hex));
}

static json_t *key_json(const struct crypto_key *key, bool keys)
{
	json_t *o;

	if (!key->given)
		return json_null();
	o = json_object();
	set_number(o, "spi", key->spi);
	if (keys && !key->hidden) {
		set_hex(o, "cipher", key->cipher, key->n_cipher);
		set_hex(o, "authenticator", key->auth, key->n_auth);
	}
	return o;
}

static json_t *reverse_json(const struct crypto_reverse *r)
{
	json_t *o;

	if (r->kind == VPNHA_REVERSE_ROUTE_NONE)
		return json_null();
	o = json_object();
	set_string_or_null(o, "kind", text_reverse_route_key(r->kind));
	set_address(o, "gateway", &r->gateway);
	set_number_or_null(o, "tag", r->tag);
	set_number(o, "distance", r->distance);
	return o;
}

static json_t *names_json(const char (*names)[CRYPTO_NAME_SIZE], size_t n_names)
{
	json_t *list = json_array();

	for (size_t n = 0; n < n_names; n++) {
		char *copy = xstrdup(names[n]);

		text_sanitize(copy);
		json_array_append_new(list, json_string(copy));
		free(copy);
	}
	return list;
}

static void set_keying(json_t *o, const struct crypto_keying *k)
{
	set_number_or_null(o, "pfs_group", k->pfs);
	set_number_or_null(o, "lifetime_seconds", k->seconds);
	set_number_or_null(o, "lifetime_kilobytes",
			   k->kilobytes == VPNHA_LIFETIME_DISABLED ? 0 : k->kilobytes);
	set_bool(o, "lifetime_kilobytes_disabled", k->kilobytes == VPNHA_LIFETIME_DISABLED);
	set_number_or_null(o, "idle_time", k->idle_time);
	set_string_or_null(o, "ikev2_profile", k->profile);
}

/**
 * show_map_json() - An entry of a crypto map.
 * @m: entry
 * @keys: it is a configuration: with keys, if they are known, and without state
 *
 * Return: an object, owned by the caller.
 */
json_t *show_map_json(const struct crypto_map *m, bool keys)
{
	json_t *o = json_object(), *peers = json_array();
	char buf[ADDRESS_LEN];

	set_string_or_null(o, m->is_dynamic ? "dynamic_map" : "map", m->name);
	set_number(o, "entry", m->number);
	if (!m->is_dynamic) {
		set_string_or_null(o, "kind", text_map_kind(m->kind));
		set_string_or_null(o, "dynamic_map", m->dynamic);
	}
	for (size_t n = 0; n < m->n_peers; n++)
		json_array_append_new(peers,
				      json_string(address_text(buf, &m->peers[n].address)));
	set(o, "peers", peers);
	set(o, "transform_sets", names_json(m->sets, m->n_sets));
	set_string_or_null(o, "access_list", m->acl);
	if (!m->is_dynamic) {
		set(o, "session_key_in", key_json(&m->keys[VPNHA_ESP_DIRECTION_IN], keys));
		set(o, "session_key_out", key_json(&m->keys[VPNHA_ESP_DIRECTION_OUT], keys));
	}
	set_keying(o, &m->keying);
	set(o, "reverse_route", reverse_json(&m->reverse));
	if (!keys)
		set_string_or_null(o, "problem", text_map_problem_key(m->problem));
	return o;
}

/**
 * show_binding_json() - A crypto map on an interface.
 * @b: crypto map on an interface
 * @state: with what the kernel tells about it
 *
 * Return: an object, owned by the caller.
 */
json_t *show_binding_json(const struct crypto_binding *b, bool state)
{
	json_t *o = json_object();

	set_string_or_null(o, "interface", b->ifname);
	set_string_or_null(o, "map", b->map);
	set_string_or_null(o, "redundancy", b->redundancy);
	set_string_or_null(o, "df_bit", text_df_bit(b->df));
	if (!state)
		return o;
	set_string_or_null(o, "device", b->state.device);
	set_address(o, "local", &b->state.local);
	set_address(o, "local6", &b->state.local6);
	set_string_or_null(o, "role", text_role_key(b->state.role));
	set_string_or_null(o, "problem", text_binding_problem_key(b->state.problem));
	return o;
}

/**
 * show_maps_json() - Crypto maps and where they are applied.
 * @c: what there is
 * @name: only this one; NULL: all
 *
 * Return: an object, owned by the caller.
 */
json_t *show_maps_json(const struct crypto *c, const char *name)
{
	json_t *o = json_object(), *entries = json_array(), *interfaces = json_array();

	for (size_t n = 0; n < c->n_maps; n++)
		if (!name || !strcmp(name, c->maps[n]->name))
			json_array_append_new(entries, show_map_json(c->maps[n], false));
	for (size_t n = 0; n < c->n_bindings; n++)
		if (!name || !strcmp(name, c->bindings[n]->map))
			json_array_append_new(interfaces,
					      show_binding_json(c->bindings[n], true));
	set(o, "entries", entries);
	set(o, "interfaces", interfaces);
	return o;
}

/**
 * show_dynamic_maps_json() - Dynamic crypto maps.
 * @c: what there is
 * @name: only this one; NULL: all
 *
 * Return: an array, owned by the caller.
 */
json_t *show_dynamic_maps_json(const struct crypto *c, const char *name)
{
	json_t *list = json_array();

	for (size_t n = 0; n < c->n_dynamics; n++)
		if (!name || !strcmp(name, c->dynamics[n]->name))
			json_array_append_new(list, show_map_json(c->dynamics[n], false));
	return list;
}

/**
 * show_route_json() - A route of reverse route injection.
 * @r: route
 *
 * Return: an object, owned by the caller.
 */
json_t *show_route_json(const struct crypto_route *r)
{
	json_t *o = json_object();

	set_number(o, "table", r->table);
	set_string_or_null(o, "vrf", r->vrf);
	set_address(o, "destination", &r->dst);
	set_number(o, "prefix_length", r->prefix_len);
	set_number(o, "distance", r->distance);
	set_number_or_null(o, "tag", r->tag);
	set_string_or_null(o, "interface", r->ifname);
	set_string_or_null(o, "map", r->map);
	set_number(o, "entry", r->number);
	set_string_or_null(o, "kind", text_reverse_route_key(r->kind));
	set_bool(o, "to_peer", r->to_peer);
	set_address(o, "peer", &r->peer);
	set_string_or_null(o, "device", r->device);
	set_address(o, "next_hop", &r->next_hop);
	set_string_or_null(o, "next_hop_device", r->next_hop_device);
	set_number(o, "uses", r->uses);
	set_string_or_null(o, "state", text_route_state_key(r->state));
	set(o, "error", r->error ? json_integer(r->error) : json_null());
	return o;
}

/**
 * show_routes_json() - Routes of reverse route injection.
 * @c: what there is
 * @map: those of this crypto map; NULL: all
 *
 * Return: an array in the order of show_routes(), owned by the caller.
 */
json_t *show_routes_json(const struct crypto *c, const char *map)
{
	const struct crypto_route **routes = routes_sorted(c);
	json_t *list = json_array();

	for (size_t n = 0; n < c->n_routes; n++)
		if (!map || !strcmp(map, routes[n]->map))
			json_array_append_new(list, show_route_json(routes[n]));
	free(routes);
	return list;
}

/**
 * show_drops_json() - Packets that were dropped.
 * @drops: by enum vpnha_esp_drop_reason
 *
 * Return: an object, owned by the caller.
 */
json_t *show_drops_json(const uint64_t drops[CRYPTO_DROP_REASONS])
{
	json_t *o = json_object();

	for (uint32_t reason = 0; reason < CRYPTO_DROP_REASONS; reason++)
		if (drops[reason])
			set_number(o, text_esp_drop_reason_key(reason), drops[reason]);
	return o;
}

static void set_lifetimes(json_t *o, const struct crypto_sa *sa)
{
	set_number_or_null(o, "soft_bytes", sa->soft_bytes);
	set_number_or_null(o, "hard_bytes", sa->hard_bytes);
	set_number_or_null(o, "soft_packets", sa->soft_packets);
	set_number_or_null(o, "hard_packets", sa->hard_packets);
	set_number_or_null(o, "soft_seconds", sa->soft_seconds);
	set_number_or_null(o, "hard_seconds", sa->hard_seconds);
}

/**
 * show_sa_json() - An SA.
 * @sa: SA
 *
 * Return: an object, owned by the caller.
 */
json_t *show_sa_json(const struct crypto_sa *sa)
{
	json_t *o = json_object(), *selectors = json_array();

	set_string_or_null(o, "interface", sa->ifname);
	set_string_or_null(o, "map", sa->map);
	set_number(o, "entry", sa->number);
	set_string_or_null(o, "dynamic_map", sa->dynamic_map);
	set_number_or_null(o, "dynamic_entry", sa->dynamic_number);
	set_string_or_null(o, "direction", text_direction_key(sa->direction));
	set_number(o, "spi", sa->spi);
	set_address(o, "source", &sa->src);
	set_address(o, "destination", &sa->dst);
	set_string_or_null(o, "mode", text_esp_mode_key(sa->mode));
	set_transform(o, &sa->transform);
	set_number(o, "key_bits", sa->transform.key_bits);
	set_number(o, "icv_bits", sa->transform.icv_bits);
	set_bool(o, "esn", sa->esn);
	set_number(o, "replay_window", sa->replay_window);
	set_number_or_null(o, "encap_source_port", sa->encap_sport);
	set_number_or_null(o, "encap_destination_port", sa->encap_dport);
	set_lifetimes(o, sa);
	set_number(o, "sequence", sa->seq);
	set_number_or_null(o, "ceiling", sa->ceiling);
	set_number_or_null(o, "ceiling_margin", sa->ceiling_margin);
	set_number_or_null(o, "replay_notify", sa->replay_notify);
	for (size_t n = 0; n < sa->n_selectors; n++) {
		json_t *s = json_object();

		set_selector(s, &sa->selectors[n], "source", "destination");
		json_array_append_new(selectors, s);
	}
	set(o, "selectors", selectors);
	set_string_or_null(o, "state", text_sa_state_key(sa->state));
	set_bool(o, "manual", sa->manual);
	set_number(o, "id", sa->id);
	set_number(o, "packets", sa->packets);
	set_number(o, "bytes", sa->bytes);
	set_number(o, "lifetime_packets", sa->lifetime_packets);
	set_number(o, "lifetime_bytes", sa->lifetime_bytes);
	set_number(o, "age_ms", sa->age_ms);
	set(o, "last_used_ms", sa->used ? json_integer((json_int_t)sa->last_used_ms) :
					  json_null());
	set_number_or_null(o, "mtu", sa->mtu);
	set_number_or_null(o, "path_mtu", sa->path_mtu);
	set(o, "drops", show_drops_json(sa->drops));
	return o;
}

static void set_sas(json_t *o, const char *key, const struct sa_block *b, uint32_t direction)
{
	json_t *list = json_array();

	for (size_t n = 0; n < b->n_sas; n++)
		if (b->sas[n]->direction == direction)
			json_array_append_new(list, show_sa_json(b->sas[n]));
	set(o, key, list);
}

static json_t *block_json(const struct sa_block *b, const struct show_sa *what)
{
	const struct crypto_sa *current = sa_block_current(b);
	json_t *o = json_object();

	set_string_or_null(o, "interface", b->binding->ifname);
	set_string_or_null(o, "map", b->binding->map);
	set_number(o, "entry", b->map->number);
	set(o, "line", b->line ? json_integer(b->line->number) : json_null());
	set_string_or_null(o, "role", text_role_key(b->binding->state.role));
	set_selector(o, b->match, "local_ident", "remote_ident");
	set_address(o, "local", sa_block_local(b));
	set_address(o, "peer", sa_block_remote(b));
	set_number(o, "encaps", sa_block_packets(b, VPNHA_ESP_DIRECTION_OUT));
	set_number(o, "decaps", sa_block_packets(b, VPNHA_ESP_DIRECTION_IN));
	set_number(o, "send_errors", sa_block_drops(b, VPNHA_ESP_DIRECTION_OUT));
	set_number(o, "recv_errors", sa_block_drops(b, VPNHA_ESP_DIRECTION_IN));
	if (what->kind == SHOW_SA_IDENTITY)
		return o;
	set_number_or_null(o, "media_mtu", b->binding->state.media_mtu);
	set_number_or_null(o, "outbound_spi", current ? current->spi : 0);
	set_sas(o, "inbound", b, VPNHA_ESP_DIRECTION_IN);
	set_sas(o, "outbound", b, VPNHA_ESP_DIRECTION_OUT);
	return o;
}

/**
 * show_sas_json() - What is protected, and by which SAs; with SHOW_SA_ADDRESS only these.
 * @c: with the kernel's state
 * @what: what is to be shown
 *
 * Return: an array, owned by the caller.
 */
json_t *show_sas_json(const struct crypto *c, const struct show_sa *what)
{
	json_t *list = json_array();
	struct sa_blocks blocks;

	if (what->kind == SHOW_SA_ADDRESS) {
		size_t n_sas;
		const struct crypto_sa **sas = sa_by_address(c, what, &n_sas);

		for (size_t n = 0; n < n_sas; n++)
			json_array_append_new(list, show_sa_json(sas[n]));
		free(sas);
		return list;
	}
	sa_blocks_find(&blocks, c, what);
	for (size_t n = 0; n < blocks.n_items; n++)
		json_array_append_new(list, block_json(&blocks.items[n], what));
	sa_blocks_free(&blocks);
	return list;
}

/**
 * show_crypto_config_json() - What is configured.
 * @c: configuration, with keys if they are known
 *
 * Return: an object, owned by the caller.
 */
json_t *show_crypto_config_json(const struct crypto *c)
{
	json_t *o = json_object(), *maps = json_array(), *interfaces = json_array();
	json_t *dynamics = json_array();

	for (size_t n = 0; n < c->n_dynamics; n++)
		json_array_append_new(dynamics, show_map_json(c->dynamics[n], true));
	set(o, "transform_sets", show_sets_json(c, NULL));
	set(o, "access_lists", show_acls_json(c, NULL));
	for (size_t n = 0; n < c->n_maps; n++)
		json_array_append_new(maps, show_map_json(c->maps[n], true));
	for (size_t n = 0; n < c->n_bindings; n++)
		json_array_append_new(interfaces, show_binding_json(c->bindings[n], false));
	set(o, "dynamic_maps", dynamics);
	set(o, "maps", maps);
	set(o, "interfaces", interfaces);
	return o;
}
