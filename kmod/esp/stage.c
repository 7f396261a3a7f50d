// SPDX-License-Identifier: GPL-2.0
/* Operations on configuration objects: from attributes to an object. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

/**
 * esp_stage_begin() - what all operations on objects begin with
 * @txn: open transaction
 * @verb: what to do
 * @attrs: attributes
 * @key: how the kind of object is named
 * @old: takes the present object, NULL if there is none
 *
 * Context: RTNL. Return: the object to be filled, a copy of the present one or
 * an empty one; NULL when it was to be removed, which is done then; or an
 * ERR_PTR, with a message.
 */
struct esp_object *esp_stage_begin(struct esp_txn *txn, enum vpnha_verb verb,
				   struct nlattr **attrs,
				   const struct esp_stage_key *key,
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
	new = *old ? kmemdup(*old, key->size, GFP_KERNEL_ACCOUNT) :
		     kzalloc(key->size, GFP_KERNEL_ACCOUNT);
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

/**
 * esp_stage_finish() - put an object that was filled into its place
 * @txn: open transaction
 * @key: how the kind of object is named
 * @old: what esp_stage_begin() found
 * @new: what it returned; freed if it cannot
 * @err: 0, or why it cannot
 * @where: attribute to name when it does not go with other objects
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int esp_stage_finish(struct esp_txn *txn, const struct esp_stage_key *key,
		     struct esp_object *old, struct esp_object *new, int err,
		     const struct nlattr *where)
{
	if (!err)
		return esp_object_replace(txn, key->kind, old, new, where);
	kfree_sensitive(new);
	return err;
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
	err = esp_read_enum(attrs[VPNHA_A_TRANSFORM_SET_MODE],
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
	static const struct esp_stage_key key = {
		.kind = ESP_TSET,
		.size = sizeof(struct esp_tset),
		.name = VPNHA_A_TRANSFORM_SET_NAME,
		.no_name = "name of the transform set is missing",
		.exists = "the transform set exists already",
		.absent = "no such transform set",
	};
	struct esp_object *old, *new = esp_stage_begin(txn, verb, attrs,
							 &key, &old);
	int err;

	if (IS_ERR_OR_NULL(new))
		return PTR_ERR_OR_ZERO(new);
	if (verb == VERB_NEW && !attrs[VPNHA_A_TRANSFORM_SET_CIPHER])
		err = esp_missing(txn->extack, VPNHA_A_TRANSFORM_SET_CIPHER,
				  "cipher is missing");
	else
		err = fill_tset(txn, attrs,
				container_of(new, struct esp_tset, o));
	return esp_stage_finish(txn, &key, old, new, err, attrs[key.name]);
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
	static const struct esp_stage_key key = {
		.kind = ESP_ACL,
		.size = sizeof(struct esp_acl),
		.name = VPNHA_A_ACL_NAME,
		.number = VPNHA_A_ACL_NUMBER,
		.no_name = "name of the access list is missing",
		.exists = "the access list has such a line already",
		.absent = "the access list has no such line",
	};
	struct esp_object *old, *new = esp_stage_begin(txn, verb, attrs,
							 &key, &old);
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
		err = esp_read_enum(attrs[VPNHA_A_ACL_ACTION],
				    VPNHA_ACL_ACTION_PERMIT, &action, txn->extack,
				    "action is permit or deny");
	acl->rule.permit = action == VPNHA_ACL_ACTION_PERMIT;
	if (!err)
		err = esp_read_rule(attrs, VPNHA_A_ACL_PROTOCOL, NULL,
				    &acl->rule, txn->extack);
	return esp_stage_finish(txn, &key, old, new, err,
		      attrs[VPNHA_A_ACL_DST] ?: attrs[key.name]);
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
	err = esp_read_enum(attrs[VPNHA_A_BINDING_DF], VPNHA_DF_BIT_SET, &df,
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
	static const struct esp_stage_key key = {
		.kind = ESP_BINDING,
		.size = sizeof(struct esp_binding),
		.name = VPNHA_A_BINDING_IFNAME,
		.no_name = "interface name is missing",
		.exists = "the interface has a crypto map already",
		.absent = "the interface has no crypto map",
	};
	struct esp_object *old, *new = esp_stage_begin(txn, verb, attrs,
							 &key, &old);
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
	return esp_stage_finish(txn, &key, old, new, err, attrs[key.name]);
}
