// SPDX-License-Identifier: GPL-2.0
/* Tracked objects in a transaction: staged, checked as a whole, put in place. */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "hsrp/config.h"
#include "hsrp/object.h"
#include "hsrp/upcall.h"

#define DEFAULT_WEIGHT	10

#define HAS(attr)	BIT(VPNHA_A_OBJECT_##attr)

/* What only some kinds have, and which. */
static const u32 only_some = HAS(IFNAME) | HAS(PREFIX) | HAS(PREFIX_LEN) |
			     HAS(MEMBER) | HAS(THRESHOLD_UP) |
			     HAS(THRESHOLD_DOWN) | HAS(DEFAULT_UP) | HAS(UP);

static u32 kind_has(enum vpnha_object_kind kind)
{
	switch (kind) {
	case VPNHA_OBJECT_KIND_LINE_PROTOCOL:
	case VPNHA_OBJECT_KIND_IP_ROUTING:
		return HAS(IFNAME);
	case VPNHA_OBJECT_KIND_IP_ROUTE:
		return HAS(PREFIX) | HAS(PREFIX_LEN);
	case VPNHA_OBJECT_KIND_STUB:
		return HAS(DEFAULT_UP) | HAS(UP);
	default:
		return HAS(MEMBER) | (hsrp_kind_has_threshold(kind) ?
				      HAS(THRESHOLD_UP) | HAS(THRESHOLD_DOWN) :
				      0);
	}
}

/* After the transaction. */
static bool exists(const struct hsrp_object *object)
{
	return object->txn ? hsrp_txn_exists(object->txn) : object->configured;
}

static const struct hsrp_object_cfg *final_cfg(const struct hsrp_object *object)
{
	return object->txn ? &object->next : &object->cfg;
}

static void touch(struct hsrp_txn *txn, struct hsrp_object *object,
		  enum vpnha_verb verb, const struct nlattr *key)
{
	if (list_empty(&object->txn_list)) {
		list_add_tail(&object->txn_list, &txn->objects);
		object->next = object->cfg;
		object->next_set_up = object->set_up;
		if (!object->configured)
			object->txn = HSRP_TXN_VOID;
	}
	object->txn = hsrp_txn_after(object->txn, verb);
	object->txn_key = key;
}

static void untouch(struct hsrp_object *object)
{
	list_del_init(&object->txn_list);
	object->txn = HSRP_TXN_NONE;
	object->txn_key = NULL;
	hsrp_reach_free(object->next_reach);
	object->next_reach = NULL;
}

static int stage_member(struct hsrp_txn *txn, struct hsrp_object_cfg *cfg,
			const struct nlattr *nest)
{
	struct nlattr *attrs[VPNHA_A_OBJECT_MEMBER_MAX + 1];
	const struct nlattr *id, *weight;
	struct hsrp_list *list = &cfg->list;
	struct hsrp_member *member;
	u8 n;
	int err;

	/* the policy has been gone by already */
	err = nla_parse_nested(attrs, VPNHA_A_OBJECT_MEMBER_MAX, nest, NULL,
			       txn->extack);
	if (err)
		return err;
	id = attrs[VPNHA_A_OBJECT_MEMBER_OBJECT];
	weight = attrs[VPNHA_A_OBJECT_MEMBER_WEIGHT];
	if (!id)
		return vpnha_refuse(txn->extack, nest, -EINVAL,
				    "the number of the member is missing");
	if (list->count == VPNHA_OBJECT_MEMBERS_MAX)
		return vpnha_refuse(txn->extack, nest, -E2BIG,
				    "a list has 32 members at most");
	for (n = 0; n < list->count; n++)
		if (list->members[n].id == nla_get_u32(id))
			return vpnha_refuse(txn->extack, id, -EEXIST,
					    "the object is in the list already");
	if (weight && cfg->kind != VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT)
		return vpnha_refuse(txn->extack, weight, -EINVAL,
				    "only a list with a threshold of weight has weights");
	member = &list->members[list->count++];
	member->id = nla_get_u32(id);
	member->weight = weight ? nla_get_u32(weight) : DEFAULT_WEIGHT;
	member->negated = nla_get_flag(attrs[VPNHA_A_OBJECT_MEMBER_NEGATED]);
	if (member->negated && hsrp_kind_has_threshold(cfg->kind))
		return vpnha_refuse(txn->extack,
				    attrs[VPNHA_A_OBJECT_MEMBER_NEGATED],
				    -EINVAL,
				    "only members of a boolean list are negated");
	return 0;
}

static int stage_members(struct hsrp_txn *txn, struct hsrp_object_cfg *cfg)
{
	const struct nlattr *attr;
	int rem, err;

	cfg->list.count = 0;
	nla_for_each_attr(attr, txn->raw, txn->raw_len, rem) {
		if (nla_type(attr) != VPNHA_A_OBJECT_MEMBER)
			continue;
		err = stage_member(txn, cfg, attr);
		if (err)
			return err;
	}
	return 0;
}

static int stage_route(struct hsrp_txn *txn, struct hsrp_object *object,
		       struct nlattr **attrs)
{
	const struct nlattr *prefix = attrs[VPNHA_A_OBJECT_PREFIX];
	const struct nlattr *len = attrs[VPNHA_A_OBJECT_PREFIX_LEN];
	struct hsrp_object_cfg *cfg = &object->next;

	if (!prefix && !len)
		return 0;
	if (!prefix || !len)
		return vpnha_refuse(txn->extack, prefix ?: len, -EINVAL,
				    "a prefix and its length go together");
	cfg->prefix = nla_get_in_addr(prefix);
	cfg->prefix_len = nla_get_u32(len);
	if (cfg->prefix & ~inet_make_mask(cfg->prefix_len))
		return vpnha_refuse(txn->extack, prefix, -EINVAL,
				    "the prefix has bits beyond its length");
	hsrp_reach_free(object->next_reach);
	object->next_reach = hsrp_reach_alloc(txn->hn, cfg->prefix,
					      cfg->prefix_len);
	return object->next_reach ? 0 : -ENOMEM;
}

static int stage_attrs(struct hsrp_txn *txn, struct hsrp_object *object,
		       struct nlattr **attrs)
{
	const struct nlattr *ifname = attrs[VPNHA_A_OBJECT_IFNAME];
	struct hsrp_object_cfg *cfg = &object->next;
	u32 allowed = kind_has(cfg->kind) | ~only_some;
	int n, err;

	for (n = 1; n <= VPNHA_A_OBJECT_UP; n++)
		if (attrs[n] && !(allowed & BIT(n)))
			return vpnha_refuse(txn->extack, attrs[n], -EINVAL,
					    "an object of this kind has no such thing");
	if (ifname && !dev_valid_name(nla_data(ifname)))
		return vpnha_refuse(txn->extack, ifname, -EINVAL,
				    "not a valid interface name");
	if (ifname)
		nla_strscpy(cfg->ifname, ifname, sizeof(cfg->ifname));
	err = stage_route(txn, object, attrs);
	if (!err && attrs[VPNHA_A_OBJECT_MEMBER])
		err = stage_members(txn, cfg);
	if (err)
		return err;
	hsrp_take_u32(&cfg->list.up_at, attrs[VPNHA_A_OBJECT_THRESHOLD_UP]);
	hsrp_take_u32(&cfg->list.down_at, attrs[VPNHA_A_OBJECT_THRESHOLD_DOWN]);
	hsrp_take_u32(&cfg->delay_up_s, attrs[VPNHA_A_OBJECT_DELAY_UP]);
	hsrp_take_u32(&cfg->delay_down_s, attrs[VPNHA_A_OBJECT_DELAY_DOWN]);
	hsrp_take_bool(&cfg->default_up, attrs[VPNHA_A_OBJECT_DEFAULT_UP]);
	if (attrs[VPNHA_A_OBJECT_UP])
		object->next_set_up = nla_get_u8(attrs[VPNHA_A_OBJECT_UP]);
	else if (object->txn == HSRP_TXN_NEW)
		object->next_set_up = cfg->default_up;
	return 0;
}

/**
 * hsrp_txn_object() - stage an operation on a tracked object
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_OBJECT_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_txn_object(struct hsrp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs)
{
	const struct nlattr *id = attrs[VPNHA_A_OBJECT_ID];
	struct hsrp_target target = {};
	struct hsrp_object *object;
	const struct nlattr *kind;

	if (!id) {
		NL_SET_ERR_ATTR_MISS(txn->extack, NULL, VPNHA_A_OBJECT_ID);
		return vpnha_refuse(txn->extack, NULL, -EINVAL,
				    "the number of the object is missing");
	}
	target.object = nla_get_u32(id);
	object = hsrp_object_find(txn->hn, target.object);
	if (verb == VERB_NEW && object && exists(object))
		return vpnha_refuse(txn->extack, id, -EEXIST,
				    "the object exists already");
	if (verb != VERB_NEW && (!object || !exists(object)))
		return vpnha_refuse(txn->extack, id, -ENOENT,
				    "there is no such object");
	if (verb == VERB_DEL) {
		touch(txn, object, verb, id);
		return 0;
	}
	kind = attrs[VPNHA_A_OBJECT_KIND];
	if (verb == VERB_NEW && !kind) {
		NL_SET_ERR_ATTR_MISS(txn->extack, NULL, VPNHA_A_OBJECT_KIND);
		return vpnha_refuse(txn->extack, NULL, -EINVAL,
				    "what the object stands for is missing");
	}
	object = hsrp_object_get(txn->hn, &target);
	if (!object)
		return -ENOMEM;
	touch(txn, object, verb, id);
	if (kind)
		object->next = (struct hsrp_object_cfg){
			.kind = nla_get_u32(kind),
			.list.up_at = 1,
		};
	return stage_attrs(txn, object, attrs);
}

static int check_cfg(struct hsrp_txn *txn, const struct hsrp_object *object)
{
	const struct hsrp_object_cfg *cfg = &object->next;
	const char *why = NULL;

	if (kind_has(cfg->kind) & HAS(IFNAME) && !cfg->ifname[0])
		why = "the interface is missing";
	if (cfg->kind == VPNHA_OBJECT_KIND_IP_ROUTE && !object->next_reach &&
	    !object->reach)
		why = "the prefix is missing";
	if (hsrp_kind_has_threshold(cfg->kind) &&
	    cfg->list.up_at <= cfg->list.down_at)
		why = "a list must come up above where it goes down";
	if (cfg->kind == VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE &&
	    cfg->list.up_at > 100)
		why = "a percentage is 100 at most";
	return why ? vpnha_refuse(txn->extack, object->txn_key, -EINVAL, why) :
		     0;
}

/* Return: whether it has changed, or a negative errno. */
static int measure(struct hsrp_txn *txn, struct hsrp_object *object)
{
	const struct hsrp_object_cfg *cfg = final_cfg(object);
	const struct hsrp_object *member;
	u8 n, depth = 0;

	if (!exists(object) || !hsrp_kind_is_list(cfg->kind))
		return 0;
	for (n = 0; n < cfg->list.count; n++) {
		member = hsrp_object_find(txn->hn, cfg->list.members[n].id);
		if (!member)
			return vpnha_refuse(txn->extack, object->txn_key,
					    -ENOENT,
					    "a member of the list does not exist");
		if (!exists(member))
			return vpnha_refuse(txn->extack, member->txn_key ?:
					    object->txn_key, -EBUSY,
					    "the object is a member of a list");
		depth = max_t(u8, depth, member->next_depth);
	}
	if (depth == VPNHA_OBJECT_DEPTH_MAX)
		return vpnha_refuse(txn->extack, object->txn_key, -ELOOP,
				    "lists contain each other, or more than 8 one another");
	depth++;
	if (object->next_depth == depth)
		return 0;
	object->next_depth = depth;
	return 1;
}

/* Lists must end somewhere. */
static int check_depths(struct hsrp_txn *txn)
{
	struct hsrp_object *object;
	unsigned long id;
	bool changed;
	int err;

	xa_for_each(&txn->hn->numbered, id, object)
		object->next_depth = 0;
	do {
		changed = false;
		xa_for_each(&txn->hn->numbered, id, object) {
			err = measure(txn, object);
			if (err < 0)
				return err;
			changed |= err;
		}
	} while (changed);
	return 0;
}

/**
 * hsrp_objects_check() - check what a transaction does to tracked objects
 * @txn: open transaction
 *
 * Context: RTNL. Return: 0, or a negative errno with a message.
 */
int hsrp_objects_check(struct hsrp_txn *txn)
{
	struct hsrp_object *object;
	struct hsrp_track *t;
	int err;

	list_for_each_entry(object, &txn->objects, txn_list) {
		if (exists(object)) {
			err = check_cfg(txn, object);
			if (err)
				return err;
			continue;
		}
		list_for_each_entry(t, &object->users, object_list)
			if (hsrp_txn_exists(t->txn))
				return vpnha_refuse(txn->extack, t->txn_key ?:
						    object->txn_key, -EBUSY,
						    "a group tracks the object");
	}
	list_for_each_entry(t, &txn->tracks, txn_list)
		if (hsrp_txn_exists(t->txn) && !exists(t->object))
			return vpnha_refuse(txn->extack, t->txn_key, -ENOENT,
					    "there is no such object");
	return list_empty(&txn->objects) ? 0 : check_depths(txn);
}

static void put_in_place(struct hsrp_object *object)
{
	const struct net_device *dev;

	if (!object->configured) {
		object->configured = true;
		object->fresh = true;
	}
	object->cfg = object->next;
	object->set_up = object->next_set_up;
	object->due = 0;
	dev = __dev_get_by_name(object->hn->net, object->cfg.ifname);
	object->ifindex = dev ? dev->ifindex : 0;
	if (object->next_reach || object->cfg.kind != VPNHA_OBJECT_KIND_IP_ROUTE) {
		hsrp_reach_free(object->reach);
		object->reach = object->next_reach;
		object->next_reach = NULL;
	}
}

/**
 * hsrp_objects_commit() - let a transaction's tracked objects take effect
 * @txn: checked transaction
 *
 * Groups that tracked them before act on their states. Context: RTNL.
 */
void hsrp_objects_commit(struct hsrp_txn *txn)
{
	struct hsrp_object *object;
	unsigned long id;

	if (list_empty(&txn->objects))
		return;
	list_for_each_entry(object, &txn->objects, txn_list) {
		if (hsrp_txn_exists(object->txn)) {
			put_in_place(object);
			continue;
		}
		if (object->configured)
			hsrp_up->object_removed(object);
		object->configured = false;
	}
	xa_for_each(&txn->hn->numbered, id, object)
		object->depth = object->next_depth;
	hsrp_objects_update(txn->hn);
}

/**
 * hsrp_objects_settle() - end what a transaction does to tracked objects
 * @txn: transaction whose groups track what they are to track
 *
 * Context: RTNL.
 */
void hsrp_objects_settle(struct hsrp_txn *txn)
{
	struct hsrp_object *object, *next;

	list_for_each_entry_safe(object, next, &txn->objects, txn_list) {
		untouch(object);
		if (object->configured)
			hsrp_up->object_changed(object);
		hsrp_object_release(object);
	}
}

/**
 * hsrp_objects_abort() - drop what a transaction has staged of tracked objects
 * @txn: transaction
 *
 * Context: RTNL.
 */
void hsrp_objects_abort(struct hsrp_txn *txn)
{
	struct hsrp_object *object, *next;

	list_for_each_entry_safe(object, next, &txn->objects, txn_list) {
		untouch(object);
		hsrp_object_release(object);
	}
}
