// SPDX-License-Identifier: GPL-2.0
/* Operations on entries of crypto maps: from attributes to an object. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

static int read_peers(struct esp_txn *txn, struct esp_map *map)
{
	const struct nlattr *attr;
	struct esp_addr peer;
	int rem, err;

	map->npeers = 0;
	memset(map->peers, 0, sizeof(map->peers));
	nla_for_each_attr(attr, txn->raw, txn->raw_len, rem) {
		if (nla_type(attr) != VPNHA_A_MAP_PEER || !nla_len(attr))
			continue;
		if (map->npeers == ESP_PEERS_MAX)
			return vpnha_refuse(txn->extack, attr, -E2BIG,
					    "too many peers");
		err = esp_read_addr(attr, &peer, txn->extack);
		if (err)
			return err;
		map->peers[map->npeers++] = peer;
	}
	return 0;
}

static int read_tsets(struct esp_txn *txn, struct esp_map *map)
{
	char name[VPNHA_CRYPTO_NAME_MAX + 1];
	const struct nlattr *attr;
	int rem, err;

	map->ntsets = 0;
	nla_for_each_attr(attr, txn->raw, txn->raw_len, rem) {
		if (nla_type(attr) != VPNHA_A_MAP_TRANSFORM_SET)
			continue;
		/* The policy of what may come more than once leaves it to us. */
		if (strnlen(nla_data(attr), nla_len(attr)) == nla_len(attr))
			return vpnha_refuse(txn->extack, attr, -EINVAL,
					    "name does not end in a NUL");
		err = esp_read_name(attr, name, sizeof(name), txn->extack);
		if (err)
			return err;
		if (!name[0])
			continue;
		if (esp_map_offers(map, name))
			return vpnha_refuse(txn->extack, attr, -EEXIST,
					    "the transform set is named twice");
		if (map->ntsets == VPNHA_TRANSFORM_SETS_MAX)
			return vpnha_refuse(txn->extack, attr, -E2BIG,
					    "too many transform sets");
		memcpy(map->tsets[map->ntsets++], name, sizeof(name));
	}
	memset(map->tsets[map->ntsets], 0,
	       sizeof(map->tsets) - sizeof(name) * map->ntsets);
	return 0;
}

static bool is_group(u32 group)
{
	return !group || (group >= 14 && group <= 21) || group == 31;
}

/* 0 is the value that stands for none, or for that of the definitions. */
static int read_range(const struct nlattr *attr, u32 min, u32 max, u32 *value,
		      struct netlink_ext_ack *extack, const char *why)
{
	u32 v;

	if (!attr)
		return 0;
	v = nla_get_u32(attr);
	if (v && (v < min || v > max))
		return vpnha_refuse(extack, attr, -ERANGE, why);
	*value = v;
	return 0;
}

/* What only the keying daemon acts on. */
static int read_keying(struct esp_txn *txn, struct nlattr **attrs,
		       struct esp_keying *k)
{
	const struct nlattr *pfs = attrs[VPNHA_A_MAP_PFS];
	const struct nlattr *profile = attrs[VPNHA_A_MAP_IKEV2_PROFILE];
	int err;

	if (pfs && !is_group(nla_get_u32(pfs)))
		return vpnha_refuse(txn->extack, pfs, -EINVAL,
				    "group is 14 to 21 or 31");
	if (pfs)
		k->pfs = nla_get_u32(pfs);
	err = read_range(attrs[VPNHA_A_MAP_LIFETIME_SECONDS], 120, 2592000,
			 &k->seconds, txn->extack,
			 "lifetime is 120 to 2592000 seconds");
	if (!err)
		err = read_range(attrs[VPNHA_A_MAP_LIFETIME_KILOBYTES], 2560,
				 U32_MAX, &k->kilobytes, txn->extack,
				 "lifetime is 2560 kilobytes at least");
	if (!err)
		err = read_range(attrs[VPNHA_A_MAP_IDLE_TIME], 60, 86400,
				 &k->idle, txn->extack,
				 "idle time is 60 to 86400 seconds");
	if (!err && profile)
		err = esp_read_name(profile, k->profile, sizeof(k->profile),
				    txn->extack);
	return err;
}

static int check_manual(struct esp_txn *txn, struct nlattr **attrs,
			const struct esp_map *map)
{
	static const struct esp_keying none;
	static const int types[] = {
		VPNHA_A_MAP_PFS, VPNHA_A_MAP_LIFETIME_SECONDS,
		VPNHA_A_MAP_LIFETIME_KILOBYTES, VPNHA_A_MAP_IDLE_TIME,
		VPNHA_A_MAP_IKEV2_PROFILE, VPNHA_A_MAP_KIND,
	};
	int i;

	if (map->dynamic[0])
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_MAP_DYNAMIC] ?:
				    attrs[VPNHA_A_MAP_KIND], -EINVAL,
				    "session keys are those of one peer");
	if (map->ntsets > 1)
		return vpnha_refuse(txn->extack,
				    attrs[VPNHA_A_MAP_TRANSFORM_SET] ?:
				    attrs[VPNHA_A_MAP_KIND], -EINVAL,
				    "a manual entry has one transform set");
	if (!memcmp(&map->keying, &none, sizeof(none)))
		return 0;
	for (i = 0; i < ARRAY_SIZE(types) - 1 && !attrs[types[i]]; i++)
		;
	return vpnha_refuse(txn->extack, attrs[types[i]], -EINVAL,
			    "nothing is negotiated for a manual entry");
}

static int read_session(struct esp_txn *txn, const struct nlattr *nest,
			struct esp_session *session)
{
	struct nlattr *attrs[VPNHA_A_SESSION_KEY_MAX + 1];
	u32 spi = 0;
	int err;

	if (!nest)
		return 0;
	/* Its attributes have been checked with those around it. */
	err = nla_parse_nested(attrs, VPNHA_A_SESSION_KEY_MAX, nest, NULL,
			       txn->extack);
	if (err)
		return err;
	if (attrs[VPNHA_A_SESSION_KEY_SPI])
		spi = nla_get_u32(attrs[VPNHA_A_SESSION_KEY_SPI]);
	else if (nla_len(nest))
		return esp_missing_in(txn->extack, nest,
				      VPNHA_A_SESSION_KEY_SPI,
				      "SPI is missing");
	/* 0 without the attribute: they are removed. */
	if (attrs[VPNHA_A_SESSION_KEY_SPI] && spi < VPNHA_SPI_MIN)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SESSION_KEY_SPI],
				    -ERANGE, "SPIs below 256 are reserved");
	session->spi = htonl(spi);
	return esp_read_secret(attrs[VPNHA_A_SESSION_KEY_CIPHER_KEY],
			       attrs[VPNHA_A_SESSION_KEY_AUTH_KEY],
			       &session->secret, txn->extack);
}

/* What entries of crypto maps and of dynamic ones have in common. */
static int fill_common(struct esp_txn *txn, struct nlattr **attrs,
		       struct esp_map *map)
{
	int err = 0;

	if (map->o.number > VPNHA_CRYPTO_NUMBER_MAX)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_MAP_NUMBER],
				    -ERANGE, "sequence number is too high");
	if (attrs[VPNHA_A_MAP_PEER])
		err = read_peers(txn, map);
	if (!err && attrs[VPNHA_A_MAP_TRANSFORM_SET])
		err = read_tsets(txn, map);
	if (!err && attrs[VPNHA_A_MAP_ACL])
		err = esp_read_name(attrs[VPNHA_A_MAP_ACL], map->acl,
				    sizeof(map->acl), txn->extack);
	if (!err)
		err = esp_read_reverse(txn, attrs, map);
	return err ?: read_keying(txn, attrs, &map->keying);
}

/* An entry that a dynamic map stands in the place of is nothing by itself. */
static int check_dynamic(struct esp_txn *txn, struct nlattr **attrs,
			 const struct esp_map *map)
{
	static const struct esp_keying none;
	static const int types[] = {
		VPNHA_A_MAP_PEER, VPNHA_A_MAP_TRANSFORM_SET, VPNHA_A_MAP_ACL,
		VPNHA_A_MAP_REVERSE_ROUTE, VPNHA_A_MAP_PFS,
		VPNHA_A_MAP_LIFETIME_SECONDS, VPNHA_A_MAP_LIFETIME_KILOBYTES,
		VPNHA_A_MAP_IDLE_TIME, VPNHA_A_MAP_IKEV2_PROFILE,
		VPNHA_A_MAP_DYNAMIC,
	};
	int i;

	if (!map->npeers && !map->ntsets && !map->acl[0] &&
	    map->reverse.kind == VPNHA_REVERSE_ROUTE_NONE &&
	    !memcmp(&map->keying, &none, sizeof(none)))
		return 0;
	for (i = 0; i < ARRAY_SIZE(types) - 1 && !attrs[types[i]]; i++)
		;
	return vpnha_refuse(txn->extack, attrs[types[i]], -EINVAL,
			    "the dynamic crypto map says all of such an entry");
}

static int fill_map(struct esp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs, struct esp_map *map)
{
	u32 kind = map->kind;
	int err;

	if (verb == VERB_NEW && !attrs[VPNHA_A_MAP_KIND])
		return esp_missing(txn->extack, VPNHA_A_MAP_KIND,
				   "ipsec-manual or ipsec-isakmp is missing");
	err = esp_read_enum(attrs[VPNHA_A_MAP_KIND], VPNHA_MAP_KIND_ISAKMP,
			    &kind, txn->extack, "unknown kind of entry");
	map->kind = kind;
	if (!err)
		err = fill_common(txn, attrs, map);
	if (!err && attrs[VPNHA_A_MAP_DYNAMIC])
		err = esp_read_name(attrs[VPNHA_A_MAP_DYNAMIC], map->dynamic,
				    sizeof(map->dynamic), txn->extack);
	if (!err)
		err = read_session(txn, attrs[VPNHA_A_MAP_SESSION_KEY_IN],
				   &map->session[VPNHA_ESP_DIRECTION_IN]);
	if (!err)
		err = read_session(txn, attrs[VPNHA_A_MAP_SESSION_KEY_OUT],
				   &map->session[VPNHA_ESP_DIRECTION_OUT]);
	if (err)
		return err;
	if (map->kind == VPNHA_MAP_KIND_MANUAL)
		return check_manual(txn, attrs, map);
	if (map->session[0].spi || map->session[1].spi)
		return vpnha_refuse(txn->extack,
				    attrs[VPNHA_A_MAP_SESSION_KEY_IN] ?:
				    attrs[VPNHA_A_MAP_SESSION_KEY_OUT] ?:
				    attrs[VPNHA_A_MAP_KIND], -EINVAL,
				    "only manual entries have session keys");
	return map->dynamic[0] ? check_dynamic(txn, attrs, map) : 0;
}

static int fill_dynamic(struct esp_txn *txn, struct nlattr **attrs,
			struct esp_map *map)
{
	int err = fill_common(txn, attrs, map);

	map->kind = VPNHA_MAP_KIND_ISAKMP;
	if (!err && map->reverse.kind == VPNHA_REVERSE_ROUTE_STATIC)
		err = vpnha_refuse(txn->extack,
				   attrs[VPNHA_A_MAP_REVERSE_ROUTE], -EINVAL,
				   "routes of a dynamic crypto map come with its SAs");
	return err;
}

/**
 * esp_txn_map() - stage an operation on an entry of a crypto map
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_MAP_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_map(struct esp_txn *txn, enum vpnha_verb verb,
		struct nlattr **attrs)
{
	static const struct esp_stage_key key = {
		.kind = ESP_MAP,
		.size = sizeof(struct esp_map),
		.name = VPNHA_A_MAP_NAME,
		.number = VPNHA_A_MAP_NUMBER,
		.no_name = "name of the crypto map is missing",
		.exists = "the crypto map has such an entry already",
		.absent = "the crypto map has no such entry",
	};
	struct esp_object *old, *new;
	int err;

	new = esp_stage_begin(txn, verb, attrs, &key, &old);
	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	err = fill_map(txn, verb, attrs, container_of(new, struct esp_map, o));
	return esp_stage_finish(txn, &key, old, new, err,
				attrs[VPNHA_A_MAP_REVERSE_ROUTE] ?:
				attrs[VPNHA_A_MAP_ACL] ?: attrs[key.name]);
}

/**
 * esp_txn_dynamic_map() - stage an operation on an entry of a dynamic map
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_MAP_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_dynamic_map(struct esp_txn *txn, enum vpnha_verb verb,
			struct nlattr **attrs)
{
	static const struct esp_stage_key key = {
		.kind = ESP_DYNAMIC,
		.size = sizeof(struct esp_map),
		.name = VPNHA_A_MAP_NAME,
		.number = VPNHA_A_MAP_NUMBER,
		.no_name = "name of the dynamic crypto map is missing",
		.exists = "the dynamic crypto map has such an entry already",
		.absent = "the dynamic crypto map has no such entry",
	};
	struct esp_object *old, *new;
	int err;

	new = esp_stage_begin(txn, verb, attrs, &key, &old);
	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	err = fill_dynamic(txn, attrs, container_of(new, struct esp_map, o));
	return esp_stage_finish(txn, &key, old, new, err, attrs[key.name]);
}
