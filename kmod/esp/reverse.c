// SPDX-License-Identifier: GPL-2.0
/* Reverse route injection as it is configured; the routes themselves are rri/'s. */
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

static int read_gateway(struct esp_txn *txn, const struct nlattr *attr,
			struct esp_addr *gateway)
{
	if (!attr)
		return 0;
	if (nla_len(attr))
		return esp_read_addr(attr, gateway, txn->extack);
	memset(gateway, 0, sizeof(*gateway));
	return 0;
}

/**
 * esp_read_reverse() - read which routes an entry injects
 * @txn: open transaction
 * @attrs: indexed by VPNHA_A_MAP_*
 * @map: entry, with its peers; keeps what is not given
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_read_reverse(struct esp_txn *txn, struct nlattr **attrs,
		     struct esp_map *map)
{
	const struct nlattr *kind = attrs[VPNHA_A_MAP_REVERSE_ROUTE];
	const struct nlattr *gateway = attrs[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY];
	const struct nlattr *tag = attrs[VPNHA_A_MAP_REVERSE_ROUTE_TAG];
	const struct nlattr *distance =
		attrs[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE];
	struct esp_reverse *r = &map->reverse;
	int err;

	if (kind && nla_get_u32(kind) > VPNHA_REVERSE_ROUTE_DYNAMIC)
		return vpnha_refuse(txn->extack, kind, -EINVAL,
				    "unknown kind of reverse route");
	if (kind) {
		memset(r, 0, sizeof(*r));
		r->kind = nla_get_u32(kind);
		r->distance = ESP_DISTANCE;
	}
	if (r->kind == VPNHA_REVERSE_ROUTE_NONE) {
		memset(r, 0, sizeof(*r));
		/* What is the same as without may be said. */
		if (gateway && !nla_len(gateway))
			gateway = NULL;
		if (tag && !nla_get_u32(tag))
			tag = NULL;
		if (distance && nla_get_u32(distance) == ESP_DISTANCE)
			distance = NULL;
		if (!gateway && !tag && !distance)
			return 0;
		return vpnha_refuse(txn->extack, gateway ?: tag ?: distance,
				    -EINVAL, "the entry injects no routes");
	}
	err = read_gateway(txn, gateway, &r->gateway);
	if (err)
		return err;
	if (r->gateway.family && map->npeers &&
	    r->gateway.family != map->peers[0].family)
		return vpnha_refuse(txn->extack,
				    gateway ?: attrs[VPNHA_A_MAP_PEER], -EINVAL,
				    "gateway and peer are not of one family");
	if (tag)
		r->tag = nla_get_u32(tag);
	if (distance)
		r->distance = nla_get_u32(distance);
	if (!r->distance || r->distance > ESP_DISTANCE_MAX)
		return vpnha_refuse(txn->extack, distance, -ERANGE,
				    "distance is 1 to 255");
	return 0;
}

/**
 * esp_mask_len() - length of the prefix that a mask stands for
 * @mask: bits that count; of these four only the first is used for IPv4
 * @family: AF_INET or AF_INET6
 *
 * Context: any. Return: bits, or -EINVAL when they are no prefix.
 */
int esp_mask_len(const __be32 *mask, u8 family)
{
	const int words = family == AF_INET ? 1 : 4;
	int i, len = 0;

	for (i = 0; i < words; i++) {
		u32 word = ntohl(mask[i]);

		if (word && len < i * 32)
			return -EINVAL;
		if (word & (~word >> 1))
			return -EINVAL;
		len += hweight32(word);
	}
	return len;
}

static const char *problem_of(const struct esp_rule *r)
{
	if (!r->permit)
		return NULL;
	if (!esp_mask_len(r->src_mask, r->family) ||
	    !esp_mask_len(r->dst_mask, r->family))
		return "any is not possible in an access list with reverse-route";
	if (esp_mask_len(r->dst_mask, r->family) < 0)
		return "destination is not a prefix, which reverse-route needs";
	return NULL;
}

/* What the request said of either of two objects, the first rather. */
static const struct nlattr *where_of(const struct esp_txn *txn,
				     const struct esp_object *o,
				     const struct esp_object *other)
{
	const struct nlattr *where = NULL;
	const struct esp_undo *undo;

	list_for_each_entry(undo, &txn->undo, list) {
		if (undo->new == o)
			return undo->where;
		if (undo->new == other)
			where = undo->where;
	}
	return where;
}

/**
 * esp_reverse_check() - can there be routes to what is protected?
 * @txn: open transaction, with all of its objects in place
 *
 * Context: RTNL. Return: 0 or -EINVAL, with a message.
 */
int esp_reverse_check(struct esp_txn *txn)
{
	struct esp_object *o, *line;
	const struct esp_map *map;
	const char *why;

	if (list_empty(&txn->undo))
		return 0;
	esp_for_each_object(o, txn->en, ESP_MAP) {
		map = container_of(o, struct esp_map, o);
		if (map->reverse.kind != VPNHA_REVERSE_ROUTE_STATIC ||
		    !map->acl[0])
			continue;
		esp_for_each_named(line, txn->en, ESP_ACL, map->acl) {
			why = problem_of(&container_of(line, struct esp_acl,
						       o)->rule);
			if (why)
				return vpnha_refuse(txn->extack,
						    where_of(txn, line, o),
						    -EINVAL, why);
		}
	}
	return 0;
}
