// SPDX-License-Identifier: GPL-2.0
/* Requests of the family. */
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat/genl.h"
#include "core/refuse.h"
#include "hsrp/config.h"
#include "hsrp/object.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

/**
 * struct txn - a transaction on all there is
 * @hsrp: its part in HSRP
 * @esp: its part in ESP
 */
struct txn {
	struct hsrp_txn hsrp;
	struct esp_txn esp;
};

typedef int (*hsrp_stage_fn)(struct hsrp_txn *txn, enum vpnha_verb verb,
			     struct nlattr **attrs);
typedef int (*esp_stage_fn)(struct esp_txn *txn, enum vpnha_verb verb,
			    struct nlattr **attrs);

/**
 * struct object - what requests are about
 * @hsrp: stages an operation on it, where it is HSRP's
 * @esp: where it is ESP's
 */
struct object {
	hsrp_stage_fn hsrp;
	esp_stage_fn esp;
};

/**
 * vpnha_nl_lock() - take RTNL, only when requests are served
 * @extack: takes the reason of a refusal
 *
 * Context: process. Return: false, without RTNL, while the module goes.
 */
bool vpnha_nl_lock(struct netlink_ext_ack *extack)
{
	rtnl_lock();
	if (hsrp_open())
		return true;
	rtnl_unlock();
	NL_SET_ERR_MSG(extack, "the module is being loaded or removed");
	return false;
}

static void txn_begin(struct txn *txn, struct net *net,
		      struct netlink_ext_ack *extack)
{
	hsrp_txn_begin(&txn->hsrp, net, extack);
	esp_txn_begin(&txn->esp, esp_net(net), extack);
}

/* Both parts are checked before either takes effect. */
static int txn_end(struct txn *txn, int err)
{
	if (!err)
		err = hsrp_txn_check(&txn->hsrp);
	if (!err)
		err = esp_txn_check(&txn->esp);
	hsrp_txn_end(&txn->hsrp, err);
	esp_txn_end(&txn->esp, err);
	/* A group may have come, gone or moved that an endpoint follows. */
	if (!err)
		esp_refresh(txn->esp.en);
	return err;
}

static void set_raw(struct txn *txn, const struct nlattr *head, int len)
{
	txn->hsrp.raw = head;
	txn->hsrp.raw_len = len;
	txn->esp.raw = head;
	txn->esp.raw_len = len;
}

static int stage(struct txn *txn, const struct object *o, enum vpnha_verb verb,
		 struct nlattr **attrs)
{
	return o->hsrp ? o->hsrp(&txn->hsrp, verb, attrs) :
			 o->esp(&txn->esp, verb, attrs);
}

static void wipe(const struct nlattr *attr)
{
	memzero_explicit(nla_data(attr), nla_len(attr));
}

/* Whatever came of a request: also keys that nobody has read are wiped. */
static void wipe_keys(const struct object *o, const struct nlattr *head, int len)
{
	const struct nlattr *attr, *key;
	int rem, rem_nest, type;

	nla_for_each_attr(attr, head, len, rem) {
		type = nla_type(attr);
		if (o->hsrp == hsrp_txn_group && type == VPNHA_A_GROUP_KEY)
			wipe(attr);
		if (o->esp == esp_txn_sa && (type == VPNHA_A_SA_CIPHER_KEY ||
					     type == VPNHA_A_SA_AUTH_KEY))
			wipe(attr);
		if (o->esp != esp_txn_map ||
		    (type != VPNHA_A_MAP_SESSION_KEY_IN &&
		     type != VPNHA_A_MAP_SESSION_KEY_OUT))
			continue;
		nla_for_each_nested(key, attr, rem_nest) {
			type = nla_type(key);
			if (type == VPNHA_A_SESSION_KEY_CIPHER_KEY ||
			    type == VPNHA_A_SESSION_KEY_AUTH_KEY)
				wipe(key);
		}
	}
}

static int change(struct genl_info *info, const struct object *o,
		  enum vpnha_verb verb)
{
	struct txn txn;
	int err;

	if (!vpnha_nl_lock(info->extack))
		return -ESHUTDOWN;
	txn_begin(&txn, genl_info_net(info), info->extack);
	set_raw(&txn, genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr));
	err = stage(&txn, o, verb, info->attrs);
	wipe_keys(o, txn.hsrp.raw, txn.hsrp.raw_len);
	err = txn_end(&txn, err);
	rtnl_unlock();
	return err;
}

#define CHANGES(what, ...)						\
static const struct object what##_object = { __VA_ARGS__ };		\
									\
int vpnha_nl_##what##_new_doit(struct sk_buff *skb, struct genl_info *info) \
{									\
	return change(info, &what##_object, VERB_NEW);			\
}									\
									\
int vpnha_nl_##what##_set_doit(struct sk_buff *skb, struct genl_info *info) \
{									\
	return change(info, &what##_object, VERB_SET);			\
}									\
									\
int vpnha_nl_##what##_del_doit(struct sk_buff *skb, struct genl_info *info) \
{									\
	return change(info, &what##_object, VERB_DEL);			\
}

CHANGES(interface, .hsrp = hsrp_txn_iface)
CHANGES(group, .hsrp = hsrp_txn_group)
CHANGES(track, .hsrp = hsrp_txn_track)
CHANGES(object, .hsrp = hsrp_txn_object)
CHANGES(transform_set, .esp = esp_txn_tset)
CHANGES(acl, .esp = esp_txn_acl)
CHANGES(map, .esp = esp_txn_map)
CHANGES(dynamic_map, .esp = esp_txn_dynamic_map)
CHANGES(binding, .esp = esp_txn_binding)
CHANGES(sa, .esp = esp_txn_sa)

static int stage_clear(struct esp_txn *txn, enum vpnha_verb verb,
		       struct nlattr **attrs)
{
	return esp_clear(txn, attrs);
}

int vpnha_nl_esp_clear_doit(struct sk_buff *skb, struct genl_info *info)
{
	static const struct object clear = { .esp = stage_clear };

	return change(info, &clear, VERB_DEL);
}

/* Each operation of a batch: what it is about, and how its nest is laid out. */
static const struct batch_op {
	const struct object *object;
	enum vpnha_verb verb;
	const struct nla_policy *policy;
	int max;
} batch_ops[VPNHA_A_BATCH_MAX + 1] = {
#define DO(what, verb_) {						\
	.object = &what##_object,					\
	.verb = verb_,							\
	.policy = vpnha_##what##_config_nl_policy,			\
	.max = ARRAY_SIZE(vpnha_##what##_config_nl_policy) - 1,		\
}

#define OP(WHAT, what)							\
	[VPNHA_A_BATCH_##WHAT##_NEW] = DO(what, VERB_NEW),		\
	[VPNHA_A_BATCH_##WHAT##_SET] = DO(what, VERB_SET),		\
	[VPNHA_A_BATCH_##WHAT##_DEL] = DO(what, VERB_DEL)
	OP(INTERFACE, interface),
	OP(GROUP, group),
	OP(TRACK, track),
	OP(OBJECT, object),
	OP(TRANSFORM_SET, transform_set),
	OP(ACL, acl),
	OP(MAP, map),
	OP(DYNAMIC_MAP, dynamic_map),
	OP(BINDING, binding),
	OP(SA, sa),
#undef OP
#undef DO
};

/* The largest of the attribute spaces above. */
#define BATCH_MAX_ATTRS		VPNHA_A_SA_MAX

static int stage_one(struct txn *txn, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	const struct batch_op *op = &batch_ops[nla_type(nest)];
	struct nlattr *attrs[BATCH_MAX_ATTRS + 1];
	int err;

	memset(attrs, 0, sizeof(attrs));
	err = nla_parse_nested(attrs, op->max, nest, op->policy, extack);
	if (err)
		return err;
	set_raw(txn, nla_data(nest), nla_len(nest));
	err = stage(txn, op->object, op->verb, attrs);
	/* What is missing is missing in here; other refusals are about it. */
	if (err && extack && extack->miss_type && !extack->miss_nest)
		extack->miss_nest = nest;
	else if (err && extack && !extack->bad_attr)
		NL_SET_BAD_ATTR(extack, nest);
	return err;
}

int vpnha_nl_batch_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest;
	struct txn txn;
	int rem, err = 0;

	if (!vpnha_nl_lock(info->extack))
		return -ESHUTDOWN;
	txn_begin(&txn, genl_info_net(info), info->extack);
	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem) {
		err = stage_one(&txn, nest, info->extack);
		if (err)
			break;
	}
	nlmsg_for_each_attr(nest, info->nlhdr, GENL_HDRLEN, rem)
		wipe_keys(batch_ops[nla_type(nest)].object, nla_data(nest),
			  nla_len(nest));
	err = txn_end(&txn, err);
	rtnl_unlock();
	return err;
}

static struct hsrp_iface *get_iface(struct genl_info *info,
				    const struct nlattr *name, int type)
{
	struct hsrp_net *hn = hsrp_net(genl_info_net(info));
	struct hsrp_iface *iface;

	if (!name) {
		NL_SET_ERR_MSG(info->extack, "interface name is missing");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, type);
		return ERR_PTR(-EINVAL);
	}
	iface = hsrp_iface_find(hn, nla_data(name));
	if (!iface) {
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "HSRP is not configured on the interface");
		return ERR_PTR(-ENOENT);
	}
	return iface;
}

static struct hsrp_group *get_group(struct genl_info *info, int ifname_type,
				    int number_type)
{
	const struct nlattr *number = info->attrs[number_type];
	struct hsrp_iface *iface;
	struct hsrp_group *g;

	iface = get_iface(info, info->attrs[ifname_type], ifname_type);
	if (IS_ERR(iface))
		return ERR_CAST(iface);
	if (!number) {
		NL_SET_ERR_MSG(info->extack, "group number is missing");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, number_type);
		return ERR_PTR(-EINVAL);
	}
	g = xa_load(&iface->groups, nla_get_u32(number));
	if (!g) {
		NL_SET_ERR_MSG_ATTR(info->extack, number,
				    "no such group on the interface");
		return ERR_PTR(-ENOENT);
	}
	return g;
}

static int fill_group(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
		      struct hsrp_group *g)
{
	int err;

	spin_lock_bh(&g->lock);
	err = vpnha_nl_fill_group(skb, hdr, g,
				  hdr->cmd == VPNHA_CMD_GROUP_KEY_GET);
	spin_unlock_bh(&g->lock);
	return err;
}

static int reply_iface(struct genl_info *info, struct sk_buff *skb,
		       const struct vpnha_nl_hdr *hdr)
{
	struct hsrp_iface *iface;

	iface = get_iface(info, info->attrs[VPNHA_A_INTERFACE_IFNAME],
			  VPNHA_A_INTERFACE_IFNAME);
	if (IS_ERR(iface))
		return PTR_ERR(iface);
	return vpnha_nl_fill_iface(skb, hdr, iface);
}

static int reply_group(struct genl_info *info, struct sk_buff *skb,
		       const struct vpnha_nl_hdr *hdr)
{
	struct hsrp_group *g;

	g = get_group(info, VPNHA_A_GROUP_IFNAME, VPNHA_A_GROUP_NUMBER);
	if (IS_ERR(g))
		return PTR_ERR(g);
	return fill_group(skb, hdr, g);
}

static int reply_track(struct genl_info *info, struct sk_buff *skb,
		       const struct vpnha_nl_hdr *hdr)
{
	const struct nlattr *key;
	struct hsrp_target target;
	struct hsrp_track *t;
	struct hsrp_group *g;

	g = get_group(info, VPNHA_A_TRACK_IFNAME, VPNHA_A_TRACK_NUMBER);
	if (IS_ERR(g))
		return PTR_ERR(g);
	key = hsrp_target_read(&target, info->attrs, info->extack);
	if (!key)
		return -EINVAL;
	t = hsrp_track_find(g, &target);
	if (!t)
		return vpnha_refuse(info->extack, key, -ENOENT,
				    target.object ?
				    "the group does not track the object" :
				    "the group does not track the interface");
	return vpnha_nl_fill_track(skb, hdr, t);
}

static int reply_object(struct genl_info *info, struct sk_buff *skb,
			const struct vpnha_nl_hdr *hdr)
{
	const struct nlattr *id = info->attrs[VPNHA_A_OBJECT_ID];
	struct hsrp_object *object;

	if (!id) {
		NL_SET_ERR_MSG(info->extack,
			       "the number of the object is missing");
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, VPNHA_A_OBJECT_ID);
		return -EINVAL;
	}
	object = hsrp_object_find(hsrp_net(genl_info_net(info)),
				  nla_get_u32(id));
	if (!object)
		return vpnha_refuse(info->extack, id, -ENOENT,
				    "there is no such object");
	return vpnha_nl_fill_tracked(skb, hdr, object);
}

/**
 * vpnha_nl_get() - answer a request for one object
 * @info: request
 * @cmd: command of the answer
 * @reply: writes the answer; RTNL
 *
 * Context: doit. Return: 0 or a negative errno.
 */
int vpnha_nl_get(struct genl_info *info, u8 cmd, vpnha_nl_reply_fn reply)
{
	const struct vpnha_nl_hdr hdr = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = cmd,
	};
	struct sk_buff *skb;
	int err;

	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	if (!vpnha_nl_lock(info->extack)) {
		nlmsg_free(skb);
		return -ESHUTDOWN;
	}
	err = reply(info, skb, &hdr);
	rtnl_unlock();
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	return genlmsg_reply(skb, info);
}

/**
 * vpnha_nl_dump_begin() - begin a part of a dump
 * @cb: dump
 * @hdr: header of its messages, whose command is there already
 * @generation: count of the changes of what is dumped
 *
 * Context: RTNL.
 */
void vpnha_nl_dump_begin(struct netlink_callback *cb, struct vpnha_nl_hdr *hdr,
			 unsigned int generation)
{
	/* 0 stands for a dump that does not tell. */
	cb->seq = generation + 1;
	hdr->portid = NETLINK_CB(cb->skb).portid;
	hdr->seq = cb->nlh->nlmsg_seq;
	hdr->flags = NLM_F_MULTI;
}

/**
 * vpnha_nl_dump_end() - end a part of a dump
 * @skb: its messages
 * @cb: dump
 * @err: of the last object: 0, or why it did not go in
 *
 * Marks the messages when something changed since the last part.
 * Context: process. Return: what dumpit returns.
 */
int vpnha_nl_dump_end(struct sk_buff *skb, struct netlink_callback *cb,
		      int err)
{
	if (skb->len)
		nl_dump_check_consistent(cb, nlmsg_hdr(skb));
	return skb->len ?: err;
}

int vpnha_nl_interface_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_INTERFACE_GET, reply_iface);
}

int vpnha_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_GROUP_GET, reply_group);
}

int vpnha_nl_group_key_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_GROUP_KEY_GET, reply_group);
}

int vpnha_nl_track_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_TRACK_GET, reply_track);
}

int vpnha_nl_object_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_OBJECT_GET, reply_object);
}

/**
 * struct dump - a dump on its way through the objects
 * @skb: message under construction
 * @hdr: header of each object's message
 * @ifname: only this interface
 * @number: only groups of this number
 * @target: only tracks of this interface
 * @object: only tracks of this object
 * @index: number of objects seen in this pass
 * @done: number of objects dealt with in earlier passes
 */
struct dump {
	struct sk_buff *skb;
	struct vpnha_nl_hdr hdr;
	const struct nlattr *ifname;
	const struct nlattr *number;
	const struct nlattr *target;
	const struct nlattr *object;
	long index;
	long done;
};

typedef int (*dump_fn)(struct dump *d, struct hsrp_iface *iface);

static bool skip(struct dump *d)
{
	return d->index++ < d->done;
}

static int dump_iface(struct dump *d, struct hsrp_iface *iface)
{
	if (skip(d))
		return 0;
	return vpnha_nl_fill_iface(d->skb, &d->hdr, iface);
}

static bool wanted(const struct dump *d, const struct hsrp_group *g)
{
	return !d->number || nla_get_u32(d->number) == g->number;
}

static int dump_groups(struct dump *d, struct hsrp_iface *iface)
{
	struct hsrp_group *g;
	unsigned long number;
	int err;

	xa_for_each(&iface->groups, number, g) {
		if (!wanted(d, g) || skip(d))
			continue;
		err = fill_group(d->skb, &d->hdr, g);
		if (err)
			return err;
	}
	return 0;
}

static bool tracks_wanted(const struct dump *d,
			  const struct hsrp_object *object)
{
	if (d->object && (!object->numbered ||
			  object->id != nla_get_u32(d->object)))
		return false;
	return !d->target || (!object->numbered &&
			      !strcmp(nla_data(d->target), object->cfg.ifname));
}

static int dump_tracks(struct dump *d, struct hsrp_iface *iface)
{
	struct hsrp_track *t;
	struct hsrp_group *g;
	unsigned long number;
	int err;

	xa_for_each(&iface->groups, number, g) {
		if (!wanted(d, g))
			continue;
		list_for_each_entry(t, &g->tracks, group_list) {
			if (!tracks_wanted(d, t->object) || skip(d))
				continue;
			err = vpnha_nl_fill_track(d->skb, &d->hdr, t);
			if (err)
				return err;
		}
	}
	return 0;
}

static int dump(struct netlink_callback *cb, struct dump *d, dump_fn fn)
{
	struct hsrp_iface *iface;
	struct hsrp_net *hn;
	int err = 0;

	if (!vpnha_nl_lock(cb->extack))
		return -ESHUTDOWN;
	hn = hsrp_net(sock_net(cb->skb->sk));
	vpnha_nl_dump_begin(cb, &d->hdr, hn->generation);
	d->done = cb->args[0];

	list_for_each_entry(iface, &hn->ifaces, list) {
		if (d->ifname && strcmp(nla_data(d->ifname), iface->name))
			continue;
		err = fn(d, iface);
		if (err)
			break;
	}
	/* The one that did not fit has been counted. */
	cb->args[0] = err ? d->index - 1 : d->index;
	rtnl_unlock();
	return vpnha_nl_dump_end(d->skb, cb, err);
}

int vpnha_nl_interface_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	struct dump d = {
		.skb = skb,
		.hdr.cmd = VPNHA_CMD_INTERFACE_GET,
		.ifname = attrs[VPNHA_A_INTERFACE_IFNAME],
	};

	return dump(cb, &d, dump_iface);
}

static int dump_all_groups(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	struct dump d = {
		.skb = skb,
		.hdr.cmd = cmd,
		.ifname = attrs[VPNHA_A_GROUP_IFNAME],
		.number = attrs[VPNHA_A_GROUP_NUMBER],
	};

	return dump(cb, &d, dump_groups);
}

int vpnha_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_all_groups(skb, cb, VPNHA_CMD_GROUP_GET);
}

int vpnha_nl_group_key_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb)
{
	return dump_all_groups(skb, cb, VPNHA_CMD_GROUP_KEY_GET);
}

int vpnha_nl_track_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	struct dump d = {
		.skb = skb,
		.hdr.cmd = VPNHA_CMD_TRACK_GET,
		.ifname = attrs[VPNHA_A_TRACK_IFNAME],
		.number = attrs[VPNHA_A_TRACK_NUMBER],
		.target = attrs[VPNHA_A_TRACK_TARGET],
		.object = attrs[VPNHA_A_TRACK_OBJECT],
	};

	return dump(cb, &d, dump_tracks);
}

int vpnha_nl_object_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_OBJECT_GET };
	struct hsrp_object *object;
	struct hsrp_net *hn;
	unsigned long id = cb->args[0];
	int err = 0;

	if (!vpnha_nl_lock(cb->extack))
		return -ESHUTDOWN;
	hn = hsrp_net(sock_net(cb->skb->sk));
	vpnha_nl_dump_begin(cb, &hdr, hn->generation);
	xa_for_each_start(&hn->numbered, id, object, id) {
		err = vpnha_nl_fill_tracked(skb, &hdr, object);
		if (err)
			break;
	}
	cb->args[0] = err ? id : VPNHA_OBJECT_MAX + 1;
	rtnl_unlock();
	return vpnha_nl_dump_end(skb, cb, err);
}
