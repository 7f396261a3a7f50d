// SPDX-License-Identifier: GPL-2.0
/* Operations on configuration objects: from attributes to an object. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

/**
 * struct object_key - how a kind of object is named
 * @kind: kind of object
 * @size: of the object
 * @name: attribute of the first part of the key
 * @number: attribute of the second part, 0 if there is none
 * @no_name: message when it is missing
 * @exists: message when it exists already
 * @absent: message when it does not exist
 */
struct object_key {
	enum esp_kind kind;
	size_t size;
	int name;
	int number;
	const char *no_name;
	const char *exists;
	const char *absent;
};

/*
 * What all operations have in common: returns the object to be filled, a copy
 * of the present one or an empty one; NULL when it is to be removed, which is
 * done then; or an ERR_PTR. @old takes the present one.
 */
static struct esp_object *begin(struct esp_txn *txn, enum vpnha_verb verb,
				struct nlattr **attrs, const struct object_key *key,
				struct esp_object **old)
{
	const struct nlattr *name = attrs[key->name];
	struct esp_object *new;
	u32 number = 0;
	int err;

	if (!name)
		return ERR_PTR(esp_missing(txn->extack, key->name,
					   key->no_name));
	if (!nla_len(name) || !*(const char *)nla_data(name))
		return ERR_PTR(vpnha_refuse(txn->extack, name, -EINVAL,
					    key->no_name));
	if (key->number && !attrs[key->number])
		return ERR_PTR(esp_missing(txn->extack, key->number,
					   "sequence number is missing"));
	if (key->number)
		number = nla_get_u32(attrs[key->number]);

	*old = esp_object_find(txn->en, key->kind, nla_data(name), number);
	if (verb == VERB_NEW && *old)
		return ERR_PTR(vpnha_refuse(txn->extack, name, -EEXIST,
					    key->exists));
	if (verb != VERB_NEW && !*old)
		return ERR_PTR(vpnha_refuse(txn->extack, name, -ENOENT,
					    key->absent));
	if (verb == VERB_DEL) {
		err = esp_object_replace(txn, key->kind, *old, NULL, name);
		return err ? ERR_PTR(err) : NULL;
	}
	new = *old ? kmemdup(*old, key->size, GFP_KERNEL) :
		     kzalloc(key->size, GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->number = number;
	err = esp_read_name(name, new->name, sizeof(new->name), txn->extack);
	if (err) {
		kfree_sensitive(new);
		return ERR_PTR(err);
	}
	return new;
}

/* @where: attribute to name when it does not go with other objects */
static int finish(struct esp_txn *txn, const struct object_key *key,
		  struct esp_object *old, struct esp_object *new, int err,
		  const struct nlattr *where)
{
	if (!err)
		return esp_object_replace(txn, key->kind, old, new, where);
	kfree_sensitive(new);
	return err;
}

static int read_enum(const struct nlattr *attr, u32 max, u32 *value,
		     struct netlink_ext_ack *extack, const char *why)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) > max)
		return vpnha_refuse(extack, attr, -EINVAL, why);
	*value = nla_get_u32(attr);
	return 0;
}

/* No algorithm has as many that the rest of the number would matter. */
static void read_bits(const struct nlattr *attr, u16 *bits)
{
	if (attr)
		*bits = min_t(u32, U16_MAX, nla_get_u32(attr));
}

static int fill_tset(struct esp_txn *txn, struct nlattr **attrs,
		     struct esp_tset *t)
{
	u32 mode = t->mode;
	int err;

	if (attrs[VPNHA_A_TRANSFORM_SET_CIPHER]) {
		t->t.cipher = nla_get_u32(attrs[VPNHA_A_TRANSFORM_SET_CIPHER]);
		/* Lengths are the cipher's own, unless given with it. */
		t->t.key_bits = 0;
		t->t.icv_bits = 0;
		t->t.auth = VPNHA_ESP_AUTH_NONE;
	}
	if (attrs[VPNHA_A_TRANSFORM_SET_AUTH])
		t->t.auth = nla_get_u32(attrs[VPNHA_A_TRANSFORM_SET_AUTH]);
	read_bits(attrs[VPNHA_A_TRANSFORM_SET_KEY_BITS], &t->t.key_bits);
	read_bits(attrs[VPNHA_A_TRANSFORM_SET_ICV_BITS], &t->t.icv_bits);
	if (attrs[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK])
		t->t.allow_weak =
			nla_get_u8(attrs[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK]);
	err = read_enum(attrs[VPNHA_A_TRANSFORM_SET_MODE],
			VPNHA_ESP_MODE_TRANSPORT, &mode, txn->extack,
			"mode is tunnel or transport");
	t->mode = mode;
	return err ?: esp_transform_check(&t->t, false, txn->extack,
					  attrs[VPNHA_A_TRANSFORM_SET_CIPHER] ?:
					  attrs[VPNHA_A_TRANSFORM_SET_AUTH] ?:
					  attrs[VPNHA_A_TRANSFORM_SET_KEY_BITS] ?:
					  attrs[VPNHA_A_TRANSFORM_SET_ICV_BITS] ?:
					  attrs[VPNHA_A_TRANSFORM_SET_NAME]);
}

/**
 * esp_txn_tset() - stage an operation on a transform set
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_TRANSFORM_SET_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_tset(struct esp_txn *txn, enum vpnha_verb verb,
		 struct nlattr **attrs)
{
	static const struct object_key key = {
		.kind = ESP_TSET,
		.size = sizeof(struct esp_tset),
		.name = VPNHA_A_TRANSFORM_SET_NAME,
		.no_name = "name of the transform set is missing",
		.exists = "the transform set exists already",
		.absent = "no such transform set",
	};
	struct esp_object *old, *new = begin(txn, verb, attrs, &key, &old);
	int err;

	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	if (verb == VERB_NEW && !attrs[VPNHA_A_TRANSFORM_SET_CIPHER])
		err = esp_missing(txn->extack, VPNHA_A_TRANSFORM_SET_CIPHER,
				  "cipher is missing");
	else
		err = fill_tset(txn, attrs,
				container_of(new, struct esp_tset, o));
	return finish(txn, &key, old, new, err, attrs[key.name]);
}

/**
 * esp_txn_acl() - stage an operation on a line of an access list
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_ACL_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_acl(struct esp_txn *txn, enum vpnha_verb verb,
		struct nlattr **attrs)
{
	static const struct object_key key = {
		.kind = ESP_ACL,
		.size = sizeof(struct esp_acl),
		.name = VPNHA_A_ACL_NAME,
		.number = VPNHA_A_ACL_NUMBER,
		.no_name = "name of the access list is missing",
		.exists = "the access list has such a line already",
		.absent = "the access list has no such line",
	};
	struct esp_object *old, *new = begin(txn, verb, attrs, &key, &old);
	struct esp_acl *acl;
	u32 action;
	int err;

	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	acl = container_of(new, struct esp_acl, o);
	action = acl->rule.permit;
	if (verb == VERB_NEW && !attrs[VPNHA_A_ACL_ACTION])
		err = esp_missing(txn->extack, VPNHA_A_ACL_ACTION,
				  "permit or deny is missing");
	else
		err = read_enum(attrs[VPNHA_A_ACL_ACTION],
				VPNHA_ACL_ACTION_PERMIT, &action, txn->extack,
				"action is permit or deny");
	acl->rule.permit = action == VPNHA_ACL_ACTION_PERMIT;
	if (!err)
		err = esp_read_rule(attrs, VPNHA_A_ACL_PROTOCOL, NULL,
				    &acl->rule, txn->extack);
	return finish(txn, &key, old, new, err,
		      attrs[VPNHA_A_ACL_DST] ?: attrs[key.name]);
}

static int read_peers(struct esp_txn *txn, struct esp_map *map)
{
	const struct nlattr *attr;
	struct esp_addr peer;
	int rem, err;

	map->npeers = 0;
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

static int fill_map(struct esp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs, struct esp_map *map)
{
	u32 kind = map->kind;
	int err;

	if (map->o.number > VPNHA_CRYPTO_NUMBER_MAX)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_MAP_NUMBER],
				    -ERANGE, "sequence number is too high");
	if (verb == VERB_NEW && !attrs[VPNHA_A_MAP_KIND])
		return esp_missing(txn->extack, VPNHA_A_MAP_KIND,
				   "ipsec-manual or ipsec-isakmp is missing");
	err = read_enum(attrs[VPNHA_A_MAP_KIND], VPNHA_MAP_KIND_ISAKMP, &kind,
			txn->extack, "unknown kind of entry");
	map->kind = kind;
	if (!err && attrs[VPNHA_A_MAP_PEER])
		err = read_peers(txn, map);
	if (!err && attrs[VPNHA_A_MAP_TRANSFORM_SET])
		err = esp_read_name(attrs[VPNHA_A_MAP_TRANSFORM_SET],
				    map->tset, sizeof(map->tset), txn->extack);
	if (!err && attrs[VPNHA_A_MAP_ACL])
		err = esp_read_name(attrs[VPNHA_A_MAP_ACL], map->acl,
				    sizeof(map->acl), txn->extack);
	if (!err)
		err = read_session(txn, attrs[VPNHA_A_MAP_SESSION_KEY_IN],
				   &map->session[VPNHA_ESP_DIRECTION_IN]);
	if (!err)
		err = read_session(txn, attrs[VPNHA_A_MAP_SESSION_KEY_OUT],
				   &map->session[VPNHA_ESP_DIRECTION_OUT]);
	if (!err)
		err = esp_read_reverse(txn, attrs, map);
	if (err)
		return err;
	if (map->kind != VPNHA_MAP_KIND_MANUAL &&
	    (map->session[0].spi || map->session[1].spi))
		return vpnha_refuse(txn->extack,
				    attrs[VPNHA_A_MAP_SESSION_KEY_IN] ?:
				    attrs[VPNHA_A_MAP_SESSION_KEY_OUT] ?:
				    attrs[VPNHA_A_MAP_KIND], -EINVAL,
				    "only manual entries have session keys");
	return 0;
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
	static const struct object_key key = {
		.kind = ESP_MAP,
		.size = sizeof(struct esp_map),
		.name = VPNHA_A_MAP_NAME,
		.number = VPNHA_A_MAP_NUMBER,
		.no_name = "name of the crypto map is missing",
		.exists = "the crypto map has such an entry already",
		.absent = "the crypto map has no such entry",
	};
	struct esp_object *old, *new = begin(txn, verb, attrs, &key, &old);

	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	return finish(txn, &key, old, new,
		      fill_map(txn, verb, attrs,
			       container_of(new, struct esp_map, o)),
		      attrs[VPNHA_A_MAP_REVERSE_ROUTE] ?:
		      attrs[VPNHA_A_MAP_ACL] ?: attrs[key.name]);
}

static int fill_binding(struct esp_txn *txn, enum vpnha_verb verb,
			struct nlattr **attrs, struct esp_binding *b)
{
	u32 df = b->df;
	int err;

	if (!dev_valid_name(b->o.name))
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_BINDING_IFNAME],
				    -EINVAL, "not a valid interface name");
	if (verb == VERB_NEW && !attrs[VPNHA_A_BINDING_MAP])
		return esp_missing(txn->extack, VPNHA_A_BINDING_MAP,
				   "name of the crypto map is missing");
	err = read_enum(attrs[VPNHA_A_BINDING_DF], VPNHA_DF_BIT_SET, &df,
			txn->extack, "DF bit is copied, cleared or set");
	b->df = df;
	if (!err && attrs[VPNHA_A_BINDING_MAP])
		err = esp_read_name(attrs[VPNHA_A_BINDING_MAP], b->map,
				    sizeof(b->map), txn->extack);
	if (!err && !b->map[0])
		err = vpnha_refuse(txn->extack, attrs[VPNHA_A_BINDING_MAP],
				   -EINVAL,
				   "name of the crypto map is missing");
	if (!err && attrs[VPNHA_A_BINDING_REDUNDANCY])
		err = esp_read_name(attrs[VPNHA_A_BINDING_REDUNDANCY],
				    b->redundancy, sizeof(b->redundancy),
				    txn->extack);
	b->applied = ++txn->en->applied;
	return err;
}

/**
 * esp_txn_binding() - stage an operation on a crypto map of an interface
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_BINDING_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_binding(struct esp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs)
{
	static const struct object_key key = {
		.kind = ESP_BINDING,
		.size = sizeof(struct esp_binding),
		.name = VPNHA_A_BINDING_IFNAME,
		.no_name = "interface name is missing",
		.exists = "the interface has a crypto map already",
		.absent = "the interface has no crypto map",
	};
	struct esp_object *old, *new = begin(txn, verb, attrs, &key, &old);
	struct esp_binding *b;
	int err;

	if (IS_ERR(new))
		return PTR_ERR(new);
	/* SAs of one map are not those of another, though numbers agree. */
	if (!new) {
		esp_txn_sa_forget(txn, old->name);
		return 0;
	}
	b = container_of(new, struct esp_binding, o);
	err = fill_binding(txn, verb, attrs, b);
	if (old && strcmp(b->map, container_of(old, struct esp_binding, o)->map))
		esp_txn_sa_forget(txn, old->name);
	return finish(txn, &key, old, new, err, attrs[key.name]);
}
