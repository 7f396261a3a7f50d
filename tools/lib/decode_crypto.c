// SPDX-License-Identifier: GPL-2.0-or-later
/* Transform sets, access lists, crypto maps and SAs of the kernel. */
#include <string.h>

#include "lib/alloc.h"
#include "lib/decode.h"
#include "lib/text.h"

/**
 * decode_address() - Address of an attribute.
 * @a: attribute; NULL: none
 * @address: result
 *
 * Return: whether it is one.
 */
bool decode_address(const struct nlattr *a, struct address *address)
{
	return address_set(address, a ? nla_data(a) : NULL, a ? (size_t)nla_len(a) : 0);
}

/* Names are keys: none is empty. */
static bool get_name(const struct nlattr *a, char buf[CRYPTO_NAME_SIZE])
{
	decode_string(a, buf, CRYPTO_NAME_SIZE);
	return buf[0];
}

/**
 * decode_set() - Enter a transform set into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_set(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_TRANSFORM_SET_MAX + 1];
	char name[CRYPTO_NAME_SIZE];
	struct crypto_set *s;
	int ret = nla_parse(tb, VPNHA_A_TRANSFORM_SET_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!get_name(tb[VPNHA_A_TRANSFORM_SET_NAME], name))
		return -NLE_MISSING_ATTR;
	s = crypto_set_get(&m->crypto, name);
	s->transform = (struct transform){
		.cipher = decode_u32(tb[VPNHA_A_TRANSFORM_SET_CIPHER]),
		.key_bits = decode_u32(tb[VPNHA_A_TRANSFORM_SET_KEY_BITS]),
		.icv_bits = decode_u32(tb[VPNHA_A_TRANSFORM_SET_ICV_BITS]),
		.auth = decode_u32(tb[VPNHA_A_TRANSFORM_SET_AUTH]),
	};
	transform_settle(&s->transform);
	s->mode = decode_u32(tb[VPNHA_A_TRANSFORM_SET_MODE]);
	s->allow_weak = decode_u8(tb[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK]);
	return 0;
}

static void get_ports(const struct nlattr *min, const struct nlattr *max, uint16_t ports[2])
{
	ports[0] = decode_u16(min);
	ports[1] = max ? decode_u16(max) : UINT16_MAX;
}

static bool get_pair(const struct nlattr *address, const struct nlattr *mask, struct address *a,
		     struct address *a_mask)
{
	if (!decode_address(address, a) || !decode_address(mask, a_mask) ||
	    a->family != a_mask->family)
		return false;
	address_apply(a, a_mask);
	return true;
}

/**
 * decode_line() - Enter a line of an access list into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_line(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_ACL_MAX + 1];
	char name[CRYPTO_NAME_SIZE];
	struct crypto_line *line;
	struct crypto_selector s;
	int ret = nla_parse(tb, VPNHA_A_ACL_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!get_name(tb[VPNHA_A_ACL_NAME], name) || !tb[VPNHA_A_ACL_NUMBER] ||
	    !get_pair(tb[VPNHA_A_ACL_SRC], tb[VPNHA_A_ACL_SRC_MASK], &s.src, &s.src_mask) ||
	    !get_pair(tb[VPNHA_A_ACL_DST], tb[VPNHA_A_ACL_DST_MASK], &s.dst, &s.dst_mask))
		return -NLE_MISSING_ATTR;
	s.protocol = decode_u32(tb[VPNHA_A_ACL_PROTOCOL]);
	get_ports(tb[VPNHA_A_ACL_SRC_PORT_MIN], tb[VPNHA_A_ACL_SRC_PORT_MAX], s.src_port);
	get_ports(tb[VPNHA_A_ACL_DST_PORT_MIN], tb[VPNHA_A_ACL_DST_PORT_MAX], s.dst_port);
	if (!crypto_has_ports(s.protocol)) {
		get_ports(NULL, NULL, s.src_port);
		get_ports(NULL, NULL, s.dst_port);
	}
	line = crypto_line_get(crypto_acl_get(&m->crypto, name),
			       decode_u32(tb[VPNHA_A_ACL_NUMBER]));
	line->action = decode_u32(tb[VPNHA_A_ACL_ACTION]);
	line->match = s;
	return 0;
}

static size_t get_key_bytes(const struct nlattr *a, uint8_t key[CRYPTO_KEY_MAX])
{
	size_t n = a ? (size_t)nla_len(a) : 0;

	if (n > CRYPTO_KEY_MAX)
		n = CRYPTO_KEY_MAX;
	if (n)
		memcpy(key, nla_data(a), n);
	return n;
}

static void get_key(struct nlattr *a, struct crypto_key *key)
{
	struct nlattr *tb[VPNHA_A_SESSION_KEY_MAX + 1];

	explicit_bzero(key, sizeof(*key));
	if (!a || nla_parse_nested(tb, VPNHA_A_SESSION_KEY_MAX, a, NULL) < 0 ||
	    !tb[VPNHA_A_SESSION_KEY_SPI])
		return;
	key->given = true;
	key->spi = decode_u32(tb[VPNHA_A_SESSION_KEY_SPI]);
	key->n_cipher = get_key_bytes(tb[VPNHA_A_SESSION_KEY_CIPHER_KEY], key->cipher);
	key->n_auth = get_key_bytes(tb[VPNHA_A_SESSION_KEY_AUTH_KEY], key->auth);
	key->hidden = !key->n_cipher && !key->n_auth;
}

static void get_peers(struct crypto_map *map, struct nlattr *attrs, int length)
{
	struct crypto_peer peer = {};
	struct nlattr *a;
	int rest;

	map->n_peers = 0;
	nla_for_each_attr(a, attrs, length, rest) {
		if (nla_type(a) != VPNHA_A_MAP_PEER || !decode_address(a, &peer.address))
			continue;
		map->peers = array_grow(map->peers, map->n_peers, sizeof(*map->peers));
		map->peers[map->n_peers++] = peer;
	}
}

static void get_sets(struct crypto_map *map, struct nlattr *attrs, int length)
{
	struct nlattr *a;
	int rest;

	map->n_sets = 0;
	nla_for_each_attr(a, attrs, length, rest)
		if (nla_type(a) == VPNHA_A_MAP_TRANSFORM_SET &&
		    map->n_sets < VPNHA_TRANSFORM_SETS_MAX && get_name(a, map->sets[map->n_sets]))
			map->n_sets++;
}

static void get_keying(struct nlattr **tb, struct crypto_keying *k)
{
	k->pfs = decode_u32(tb[VPNHA_A_MAP_PFS]);
	k->seconds = decode_u32(tb[VPNHA_A_MAP_LIFETIME_SECONDS]);
	k->kilobytes = decode_u32(tb[VPNHA_A_MAP_LIFETIME_KILOBYTES]);
	k->idle_time = decode_u32(tb[VPNHA_A_MAP_IDLE_TIME]);
	decode_string(tb[VPNHA_A_MAP_IKEV2_PROFILE], k->profile, sizeof(k->profile));
}

static void get_reverse(struct nlattr **tb, struct crypto_reverse *r)
{
	r->kind = decode_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE]);
	decode_address(tb[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY], &r->gateway);
	r->tag = decode_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_TAG]);
	r->distance = tb[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] ?
		decode_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE]) : CRYPTO_DISTANCE;
}

static int get_map(struct nlattr **tb, struct nlattr *attrs, int length, struct model *m,
		   struct crypto_map *(*get)(struct crypto *c, const char *name, uint32_t number),
		   struct crypto_map **map)
{
	char name[CRYPTO_NAME_SIZE];
	int ret = nla_parse(tb, VPNHA_A_MAP_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!get_name(tb[VPNHA_A_MAP_NAME], name) || !tb[VPNHA_A_MAP_NUMBER])
		return -NLE_MISSING_ATTR;
	*map = get(&m->crypto, name, decode_u32(tb[VPNHA_A_MAP_NUMBER]));
	get_peers(*map, attrs, length);
	get_sets(*map, attrs, length);
	decode_string(tb[VPNHA_A_MAP_ACL], (*map)->acl, sizeof((*map)->acl));
	get_keying(tb, &(*map)->keying);
	get_reverse(tb, &(*map)->reverse);
	(*map)->problem = decode_u32(tb[VPNHA_A_MAP_PROBLEM]);
	return 0;
}

/**
 * decode_map() - Enter an entry of a crypto map into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_map(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_MAP_MAX + 1];
	struct crypto_map *map;
	int ret = get_map(tb, attrs, length, m, crypto_map_get, &map);

	if (ret < 0)
		return ret;
	map->kind = decode_u32(tb[VPNHA_A_MAP_KIND]);
	decode_string(tb[VPNHA_A_MAP_DYNAMIC], map->dynamic, sizeof(map->dynamic));
	get_key(tb[VPNHA_A_MAP_SESSION_KEY_IN], &map->keys[VPNHA_ESP_DIRECTION_IN]);
	get_key(tb[VPNHA_A_MAP_SESSION_KEY_OUT], &map->keys[VPNHA_ESP_DIRECTION_OUT]);
	return 0;
}

/**
 * decode_dynamic_map() - Enter an entry of a dynamic map into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_dynamic_map(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_MAP_MAX + 1];
	struct crypto_map *map;

	return get_map(tb, attrs, length, m, crypto_dynamic_get, &map);
}

/**
 * decode_binding() - Enter a crypto map on an interface into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_binding(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_BINDING_MAX + 1];
	struct crypto_binding *b;
	char ifname[IFNAMSIZ];
	int ret = nla_parse(tb, VPNHA_A_BINDING_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!decode_ifname(tb[VPNHA_A_BINDING_IFNAME], ifname))
		return -NLE_MISSING_ATTR;
	b = crypto_binding_get(&m->crypto, ifname);
	b->known = true;
	decode_string(tb[VPNHA_A_BINDING_MAP], b->map, sizeof(b->map));
	decode_string(tb[VPNHA_A_BINDING_REDUNDANCY], b->redundancy, sizeof(b->redundancy));
	b->df = decode_u32(tb[VPNHA_A_BINDING_DF]);
	decode_string(tb[VPNHA_A_BINDING_DEVICE], b->state.device, sizeof(b->state.device));
	decode_address(tb[VPNHA_A_BINDING_LOCAL], &b->state.local);
	decode_address(tb[VPNHA_A_BINDING_LOCAL6], &b->state.local6);
	b->state.role = decode_u32(tb[VPNHA_A_BINDING_ROLE]);
	b->state.problem = decode_u32(tb[VPNHA_A_BINDING_PROBLEM]);
	return 0;
}

static void get_drop(struct nlattr *a, uint64_t drops[CRYPTO_DROP_REASONS])
{
	struct nlattr *tb[VPNHA_A_ESP_DROP_MAX + 1];
	uint32_t reason;

	if (nla_parse_nested(tb, VPNHA_A_ESP_DROP_MAX, a, NULL) < 0)
		return;
	reason = decode_u32(tb[VPNHA_A_ESP_DROP_REASON]);
	if (tb[VPNHA_A_ESP_DROP_REASON] && reason < CRYPTO_DROP_REASONS)
		drops[reason] = decode_u64(tb[VPNHA_A_ESP_DROP_PACKETS]);
}

/**
 * decode_esp_stats() - Enter the counters of a namespace into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0.
 */
int decode_esp_stats(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *a;
	int rest;

	nla_for_each_attr(a, attrs, length, rest)
		if (nla_type(a) == VPNHA_A_ESP_STATS_DROP)
			get_drop(a, m->crypto.drops);
	return 0;
}

static void get_selector(struct crypto_sa *sa, struct nlattr *a)
{
	struct nlattr *tb[VPNHA_A_SELECTOR_MAX + 1];
	struct crypto_selector s = {};

	if (nla_parse_nested(tb, VPNHA_A_SELECTOR_MAX, a, NULL) < 0 ||
	    !get_pair(tb[VPNHA_A_SELECTOR_SRC], tb[VPNHA_A_SELECTOR_SRC_MASK], &s.src,
		      &s.src_mask) ||
	    !get_pair(tb[VPNHA_A_SELECTOR_DST], tb[VPNHA_A_SELECTOR_DST_MASK], &s.dst,
		      &s.dst_mask))
		return;
	s.protocol = decode_u32(tb[VPNHA_A_SELECTOR_PROTOCOL]);
	get_ports(tb[VPNHA_A_SELECTOR_SRC_PORT_MIN], tb[VPNHA_A_SELECTOR_SRC_PORT_MAX],
		  s.src_port);
	get_ports(tb[VPNHA_A_SELECTOR_DST_PORT_MIN], tb[VPNHA_A_SELECTOR_DST_PORT_MAX],
		  s.dst_port);
	sa->selectors = array_grow(sa->selectors, sa->n_selectors, sizeof(*sa->selectors));
	sa->selectors[sa->n_selectors++] = s;
}

static void get_lifetimes(struct nlattr **tb, struct crypto_sa *sa)
{
	sa->soft_bytes = decode_u64(tb[VPNHA_A_SA_SOFT_BYTES]);
	sa->hard_bytes = decode_u64(tb[VPNHA_A_SA_HARD_BYTES]);
	sa->soft_packets = decode_u64(tb[VPNHA_A_SA_SOFT_PACKETS]);
	sa->hard_packets = decode_u64(tb[VPNHA_A_SA_HARD_PACKETS]);
	sa->soft_seconds = decode_u64(tb[VPNHA_A_SA_SOFT_SECONDS]);
	sa->hard_seconds = decode_u64(tb[VPNHA_A_SA_HARD_SECONDS]);
	sa->seq = decode_u64(tb[VPNHA_A_SA_SEQ]);
	sa->ceiling = decode_u64(tb[VPNHA_A_SA_CEILING]);
	sa->ceiling_margin = decode_u64(tb[VPNHA_A_SA_CEILING_MARGIN]);
	sa->replay_notify = decode_u32(tb[VPNHA_A_SA_REPLAY_NOTIFY]);
}

static void get_sa(struct nlattr **tb, struct crypto_sa *sa)
{
	decode_string(tb[VPNHA_A_SA_IFNAME], sa->ifname, sizeof(sa->ifname));
	decode_string(tb[VPNHA_A_SA_MAP], sa->map, sizeof(sa->map));
	sa->number = decode_u32(tb[VPNHA_A_SA_NUMBER]);
	sa->direction = decode_u32(tb[VPNHA_A_SA_DIRECTION]);
	sa->spi = decode_u32(tb[VPNHA_A_SA_SPI]);
	decode_address(tb[VPNHA_A_SA_SRC], &sa->src);
	decode_address(tb[VPNHA_A_SA_DST], &sa->dst);
	sa->mode = decode_u32(tb[VPNHA_A_SA_MODE]);
	sa->transform.cipher = decode_u32(tb[VPNHA_A_SA_CIPHER]);
	sa->transform.key_bits = decode_u32(tb[VPNHA_A_SA_KEY_BITS]);
	sa->transform.auth = decode_u32(tb[VPNHA_A_SA_AUTH]);
	sa->transform.icv_bits = decode_u32(tb[VPNHA_A_SA_ICV_BITS]);
	sa->allow_weak = decode_u8(tb[VPNHA_A_SA_ALLOW_WEAK]);
	sa->esn = decode_u8(tb[VPNHA_A_SA_ESN]);
	sa->replay_window = decode_u32(tb[VPNHA_A_SA_REPLAY_WINDOW]);
	sa->encap_sport = decode_u16(tb[VPNHA_A_SA_ENCAP_SPORT]);
	sa->encap_dport = decode_u16(tb[VPNHA_A_SA_ENCAP_DPORT]);
	get_lifetimes(tb, sa);
	sa->state = decode_u32(tb[VPNHA_A_SA_STATE]);
	sa->manual = decode_u8(tb[VPNHA_A_SA_MANUAL]);
	sa->id = decode_u32(tb[VPNHA_A_SA_ID]);
	sa->packets = decode_u64(tb[VPNHA_A_SA_PACKETS]);
	sa->bytes = decode_u64(tb[VPNHA_A_SA_BYTES]);
	sa->lifetime_packets = decode_u64(tb[VPNHA_A_SA_LIFETIME_PACKETS]);
	sa->lifetime_bytes = decode_u64(tb[VPNHA_A_SA_LIFETIME_BYTES]);
	sa->age_ms = decode_u64(tb[VPNHA_A_SA_AGE_MS]);
	sa->used = tb[VPNHA_A_SA_LAST_USED_MS];
	sa->last_used_ms = decode_u64(tb[VPNHA_A_SA_LAST_USED_MS]);
	sa->mtu = decode_u32(tb[VPNHA_A_SA_MTU]);
	decode_string(tb[VPNHA_A_SA_DYNAMIC_MAP], sa->dynamic_map, sizeof(sa->dynamic_map));
	sa->dynamic_number = decode_u32(tb[VPNHA_A_SA_DYNAMIC_NUMBER]);
}

/**
 * decode_sa() - Enter an SA into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_sa(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *a, *tb[VPNHA_A_SA_MAX + 1];
	struct crypto_sa *sa;
	int rest, ret = nla_parse(tb, VPNHA_A_SA_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!tb[VPNHA_A_SA_SPI] || !tb[VPNHA_A_SA_DIRECTION])
		return -NLE_MISSING_ATTR;
	sa = crypto_sa_add(&m->crypto);
	get_sa(tb, sa);
	nla_for_each_attr(a, attrs, length, rest) {
		if (nla_type(a) == VPNHA_A_SA_DROP)
			get_drop(a, sa->drops);
		else if (nla_type(a) == VPNHA_A_SA_SELECTOR)
			get_selector(sa, a);
	}
	return 0;
}

/**
 * decode_route() - Enter a route of reverse route injection into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_route(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_ROUTE_MAX + 1];
	struct crypto_route *r;
	struct address dst;
	int ret = nla_parse(tb, VPNHA_A_ROUTE_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!tb[VPNHA_A_ROUTE_TABLE] || !decode_address(tb[VPNHA_A_ROUTE_DST], &dst))
		return -NLE_MISSING_ATTR;
	if (decode_u8(tb[VPNHA_A_ROUTE_PREFIX_LEN]) > 8 * address_size(&dst))
		return -NLE_RANGE;
	r = crypto_route_add(&m->crypto);
	r->table = decode_u32(tb[VPNHA_A_ROUTE_TABLE]);
	r->dst = dst;
	r->prefix_len = decode_u8(tb[VPNHA_A_ROUTE_PREFIX_LEN]);
	r->distance = decode_u32(tb[VPNHA_A_ROUTE_DISTANCE]);
	r->tag = decode_u32(tb[VPNHA_A_ROUTE_TAG]);
	decode_string(tb[VPNHA_A_ROUTE_IFNAME], r->ifname, sizeof(r->ifname));
	decode_string(tb[VPNHA_A_ROUTE_MAP], r->map, sizeof(r->map));
	r->number = decode_u32(tb[VPNHA_A_ROUTE_NUMBER]);
	r->kind = decode_u32(tb[VPNHA_A_ROUTE_KIND]);
	r->to_peer = decode_u8(tb[VPNHA_A_ROUTE_TO_PEER]);
	decode_address(tb[VPNHA_A_ROUTE_PEER], &r->peer);
	decode_string(tb[VPNHA_A_ROUTE_DEVICE], r->device, sizeof(r->device));
	decode_address(tb[VPNHA_A_ROUTE_NEXT_HOP], &r->next_hop);
	decode_string(tb[VPNHA_A_ROUTE_NEXT_HOP_DEVICE], r->next_hop_device,
		      sizeof(r->next_hop_device));
	r->uses = decode_u32(tb[VPNHA_A_ROUTE_USES]);
	r->state = decode_u32(tb[VPNHA_A_ROUTE_STATE]);
	r->error = (int32_t)decode_u32(tb[VPNHA_A_ROUTE_ERROR]);
	return 0;
}
