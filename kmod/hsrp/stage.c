// SPDX-License-Identifier: GPL-2.0
/*
 * Staging: what a transaction asks for is written beside the objects, and new
 * objects are linked without any effect, until hsrp_txn_end() has checked all
 * of it. RTNL is held throughout, so nobody sees anything in between; packets
 * find new groups in the initial state.
 */
#include <linux/ctype.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "hsrp/config.h"
#include "hsrp/upcall.h"

/**
 * hsrp_txn_after() - what an operation makes of an object's state
 * @txn: state in the transaction
 * @verb: the operation
 *
 * Context: RTNL. Return: state afterwards.
 */
enum hsrp_txn_state hsrp_txn_after(enum hsrp_txn_state txn,
				   enum vpnha_verb verb)
{
	if (verb == VERB_DEL)
		return txn == HSRP_TXN_NEW ? HSRP_TXN_VOID : HSRP_TXN_DEL;
	if (txn == HSRP_TXN_NEW || txn == HSRP_TXN_VOID)
		return HSRP_TXN_NEW;
	return HSRP_TXN_SET;
}

/* What a new interface begins with. */
static void next_defaults(struct hsrp_iface *iface)
{
	iface->next_version = HSRP_DEFAULT_VERSION;
	iface->next_use_bia = false;
	iface->next_redirect = false;
	iface->next_delays = (struct hsrp_delays){
		.min_s = HSRP_DEFAULT_DELAY_S,
	};
	iface->next_garp = (struct hsrp_garp){
		.count = HSRP_DEFAULT_GARP_COUNT,
		.interval_s = HSRP_DEFAULT_GARP_S,
	};
}

static void touch_iface(struct hsrp_txn *txn, struct hsrp_iface *iface,
			enum vpnha_verb verb)
{
	if (list_empty(&iface->txn_list)) {
		list_add_tail(&iface->txn_list, &txn->ifaces);
		iface->next_version = iface->version;
		iface->next_use_bia = iface->use_bia;
		iface->next_redirect = iface->redirect;
		iface->next_delays = iface->delays;
		iface->next_garp = iface->garp;
	}
	iface->txn = hsrp_txn_after(iface->txn, verb);
}

static void touch_track(struct hsrp_txn *txn, struct hsrp_track *t,
			enum vpnha_verb verb)
{
	if (list_empty(&t->txn_list)) {
		list_add_tail(&t->txn_list, &txn->tracks);
		t->next_decrement = t->decrement;
		t->next_shutdown = t->shutdown;
	}
	t->txn = hsrp_txn_after(t->txn, verb);
}

static void touch_group(struct hsrp_txn *txn, struct hsrp_group *g,
			enum vpnha_verb verb)
{
	if (list_empty(&g->txn_list)) {
		list_add_tail(&g->txn_list, &txn->groups);
		g->next = g->cfg;
	}
	g->txn = hsrp_txn_after(g->txn, verb);
}

static const char *name_of(const struct nlattr *attr)
{
	return nla_data(attr);
}

static int missing(struct hsrp_txn *txn, int type)
{
	NL_SET_ERR_ATTR_MISS(txn->extack, NULL, type);
	return -EINVAL;
}

static int need_group(struct hsrp_txn *txn, struct nlattr **attrs, int ifname,
		      int number)
{
	if (!attrs[ifname]) {
		NL_SET_ERR_MSG(txn->extack, "interface name is missing");
		return missing(txn, ifname);
	}
	if (!attrs[number]) {
		NL_SET_ERR_MSG(txn->extack, "group number is missing");
		return missing(txn, number);
	}
	return 0;
}

static struct hsrp_iface *find_iface(struct hsrp_txn *txn,
				     const struct nlattr *name)
{
	struct hsrp_iface *iface = hsrp_iface_find(txn->hn, name_of(name));

	return iface && hsrp_txn_exists(iface->txn) ? iface : NULL;
}

static struct hsrp_iface *make_iface(struct hsrp_txn *txn,
				     const struct nlattr *name)
{
	struct hsrp_iface *iface = hsrp_iface_find(txn->hn, name_of(name));
	const struct net_device *dev;

	if (iface) {
		/* Removed by this transaction: starts again from defaults. */
		touch_iface(txn, iface, VERB_NEW);
		next_defaults(iface);
		return iface;
	}
	if (!dev_valid_name(name_of(name))) {
		NL_SET_ERR_MSG_ATTR(txn->extack, name,
				    "not a valid interface name");
		return ERR_PTR(-EINVAL);
	}
	dev = __dev_get_by_name(txn->hn->net, name_of(name));
	if (dev && hsrp_dev_why_not(dev) == VPNHA_INIT_REASON_SHARED_MAC) {
		NL_SET_ERR_MSG_ATTR(txn->extack, name,
				    "HSRP needs a MAC address of its own, an ipvlan has none");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (dev && hsrp_dev_why_not(dev)) {
		NL_SET_ERR_MSG_ATTR(txn->extack, name,
				    "HSRP needs an Ethernet-like interface with ARP");
		return ERR_PTR(-EOPNOTSUPP);
	}
	iface = hsrp_iface_alloc(txn->hn, name_of(name));
	if (!iface)
		return ERR_PTR(-ENOMEM);
	list_add_tail(&iface->txn_list, &txn->ifaces);
	next_defaults(iface);
	iface->txn = HSRP_TXN_NEW;
	return iface;
}

static void stage_group_del(struct hsrp_txn *txn, struct hsrp_group *g)
{
	struct hsrp_track *t;

	list_for_each_entry(t, &g->tracks, group_list)
		if (hsrp_txn_exists(t->txn))
			touch_track(txn, t, VERB_DEL);
	touch_group(txn, g, VERB_DEL);
}

/**
 * hsrp_txn_iface() - stage an operation on an interface
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_INTERFACE_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_txn_iface(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs)
{
	const struct nlattr *name = attrs[VPNHA_A_INTERFACE_IFNAME];
	struct hsrp_iface *iface;
	struct hsrp_group *g;
	unsigned long number;

	if (!name) {
		NL_SET_ERR_MSG(txn->extack, "interface name is missing");
		return missing(txn, VPNHA_A_INTERFACE_IFNAME);
	}
	iface = find_iface(txn, name);
	if (verb == VERB_NEW && iface) {
		NL_SET_ERR_MSG_ATTR(txn->extack, name,
				    "HSRP is configured on the interface already");
		return -EEXIST;
	}
	if (verb != VERB_NEW && !iface) {
		NL_SET_ERR_MSG_ATTR(txn->extack, name,
				    "HSRP is not configured on the interface");
		return -ENOENT;
	}

	if (verb == VERB_DEL) {
		xa_for_each(&iface->groups, number, g)
			if (hsrp_txn_exists(g->txn))
				stage_group_del(txn, g);
		touch_iface(txn, iface, VERB_DEL);
		return 0;
	}
	if (verb == VERB_NEW) {
		iface = make_iface(txn, name);
		if (IS_ERR(iface))
			return PTR_ERR(iface);
	} else {
		touch_iface(txn, iface, VERB_SET);
	}
	if (attrs[VPNHA_A_INTERFACE_VERSION]) {
		iface->txn_version = attrs[VPNHA_A_INTERFACE_VERSION];
		iface->next_version = nla_get_u32(iface->txn_version);
	}
	iface->txn_use_bia = attrs[VPNHA_A_INTERFACE_USE_BIA] ?:
			     iface->txn_use_bia;
	hsrp_take_bool(&iface->next_use_bia, attrs[VPNHA_A_INTERFACE_USE_BIA]);
	hsrp_take_bool(&iface->next_redirect, attrs[VPNHA_A_INTERFACE_REDIRECT]);
	hsrp_take_u32(&iface->next_delays.min_s,
		      attrs[VPNHA_A_INTERFACE_DELAY_MIN]);
	hsrp_take_u32(&iface->next_delays.reload_s,
		      attrs[VPNHA_A_INTERFACE_DELAY_RELOAD]);
	hsrp_take_u32(&iface->next_garp.count, attrs[VPNHA_A_INTERFACE_GARP_COUNT]);
	hsrp_take_u32(&iface->next_garp.interval_s,
		      attrs[VPNHA_A_INTERFACE_GARP_INTERVAL]);
	hsrp_take_u32(&iface->next_garp.refresh_s,
		      attrs[VPNHA_A_INTERFACE_MAC_REFRESH]);
	return 0;
}

static struct hsrp_group *make_group(struct hsrp_txn *txn,
				     struct nlattr **attrs)
{
	const struct nlattr *name = attrs[VPNHA_A_GROUP_IFNAME];
	u32 number = nla_get_u32(attrs[VPNHA_A_GROUP_NUMBER]);
	const struct hsrp_group_cfg defaults = {
		.priority = HSRP_DEFAULT_PRIORITY,
		.auth = hsrp_auth_cisco,
	};
	struct hsrp_iface *iface;
	struct hsrp_group *g;
	int err;

	iface = find_iface(txn, name);
	if (!iface)
		iface = make_iface(txn, name);
	if (IS_ERR(iface))
		return ERR_CAST(iface);

	g = xa_load(&iface->groups, number);
	if (g && hsrp_txn_exists(g->txn)) {
		NL_SET_ERR_MSG_ATTR(txn->extack, attrs[VPNHA_A_GROUP_NUMBER],
				    "the group exists already");
		return ERR_PTR(-EEXIST);
	}
	if (g) {
		/* Removed by this transaction: starts again from defaults. */
		touch_group(txn, g, VERB_NEW);
		g->next = defaults;
		g->txn_reset = true;
		return g;
	}

	g = hsrp_group_alloc(iface, number);
	if (!g)
		return ERR_PTR(-ENOMEM);
	err = xa_insert(&iface->groups, number, g, GFP_KERNEL);
	if (err) {
		hsrp_group_put(g);
		return ERR_PTR(err);
	}
	list_add_tail(&g->txn_list, &txn->groups);
	g->next = defaults;
	g->txn = HSRP_TXN_NEW;
	return g;
}

static struct hsrp_group *find_group(struct hsrp_txn *txn,
				     const struct nlattr *ifname,
				     const struct nlattr *number)
{
	struct hsrp_iface *iface = find_iface(txn, ifname);
	struct hsrp_group *g;

	if (!iface) {
		NL_SET_ERR_MSG_ATTR(txn->extack, ifname,
				    "HSRP is not configured on the interface");
		return ERR_PTR(-ENOENT);
	}
	g = xa_load(&iface->groups, nla_get_u32(number));
	if (!g || !hsrp_txn_exists(g->txn)) {
		NL_SET_ERR_MSG_ATTR(txn->extack, number,
				    "no such group on the interface");
		return ERR_PTR(-ENOENT);
	}
	return g;
}

static int stage_mac(struct hsrp_txn *txn, struct hsrp_group *g,
		     const struct nlattr *attr)
{
	const u8 *mac = nla_data(attr);

	if (is_multicast_ether_addr(mac))
		return vpnha_refuse(txn->extack, attr, -EADDRNOTAVAIL,
				    "virtual MAC address must be a unicast address");
	g->next.mac = ether_addr_to_u64(mac);
	g->txn_mac = attr;
	return 0;
}

static bool is_printable(const char *c, int len)
{
	while (len--)
		if (!isascii(*c) || !isgraph(*c++))
			return false;
	return true;
}

/* It is printed between quotes and read back as a word. */
static int stage_name(struct hsrp_txn *txn, const struct nlattr *attr,
		      char to[VPNHA_NAME_MAX + 1])
{
	const char *name = name_of(attr);

	if (*name == '!' || *name == '#') {
		NL_SET_ERR_MSG_ATTR(txn->extack, attr,
				    "name must not begin like a comment");
		return -EINVAL;
	}
	if (!is_printable(name, strlen(name)) || strchr(name, '"')) {
		NL_SET_ERR_MSG_ATTR(txn->extack, attr,
				    "name must be printable, without spaces and quotes");
		return -EINVAL;
	}
	nla_strscpy(to, attr, VPNHA_NAME_MAX + 1);
	return 0;
}

/* Who follows none is bundled with none. */
static int stage_follow(struct hsrp_txn *txn, struct hsrp_group *g,
			struct nlattr **attrs)
{
	const struct nlattr *attr = attrs[VPNHA_A_GROUP_FOLLOW];
	struct hsrp_group_cfg *next = &g->next;
	int err;

	if (attr) {
		err = stage_name(txn, attr, next->follow);
		if (err)
			return err;
		g->txn_follow = attr;
		if (!next->follow[0])
			next->bundle = false;
	}
	g->txn_bundle = attrs[VPNHA_A_GROUP_BUNDLE] ?: g->txn_bundle;
	hsrp_take_bool(&next->bundle, attrs[VPNHA_A_GROUP_BUNDLE]);
	return 0;
}

static int stage_timers(struct hsrp_txn *txn, struct hsrp_group *g,
			const struct nlattr *hello_attr,
			const struct nlattr *hold_attr)
{
	u32 hello, hold;

	if (!hello_attr && !hold_attr)
		return 0;
	if (!hello_attr || !hold_attr) {
		NL_SET_ERR_MSG_ATTR(txn->extack, hello_attr ?: hold_attr,
				    "hello and hold time go together");
		return -EINVAL;
	}
	hello = nla_get_u32(hello_attr);
	hold = nla_get_u32(hold_attr);
	if ((hello || hold) &&
	    (hello < HSRP_HELLO_MIN_MS || hello > VPNHA_TIMER_MAX_MS - 1000)) {
		NL_SET_ERR_MSG_ATTR(txn->extack, hello_attr,
				    "hello time must be 15 ms to 254 s");
		return -ERANGE;
	}
	if ((hello || hold) &&
	    (hold < HSRP_HOLD_MIN_MS || hold > VPNHA_TIMER_MAX_MS)) {
		NL_SET_ERR_MSG_ATTR(txn->extack, hold_attr,
				    "hold time must be 50 ms to 255 s");
		return -ERANGE;
	}
	if (hello && hold <= hello) {
		NL_SET_ERR_MSG_ATTR(txn->extack, hold_attr,
				    "hold time must be greater than hello time");
		return -EINVAL;
	}
	g->next.hello_ms = hello;
	g->next.hold_ms = hold;
	return 0;
}

/* It is read back as one, unless it begins like a comment or what is hidden. */
static bool is_word(const char *c, int len)
{
	return *c != '!' && *c != '<' && is_printable(c, len);
}

static int stage_auth(struct hsrp_txn *txn, struct hsrp_group *g,
		      const struct nlattr *kind_attr, const struct nlattr *key)
{
	struct hsrp_auth *auth = &g->next.auth;
	enum vpnha_authentication kind;
	int len = key ? nla_len(key) : 0;

	if (!kind_attr && !key)
		return 0;
	if (!kind_attr)
		return vpnha_refuse(txn->extack, key, -EINVAL,
				    "it must be said how the key is used");
	kind = nla_get_u32(kind_attr);
	if (kind == VPNHA_AUTHENTICATION_TEXT && !key) {
		*auth = hsrp_auth_cisco;
		return 0;
	}
	if (kind == VPNHA_AUTHENTICATION_TEXT &&
	    (!len || len > VPNHA_TEXT_MAX || !is_word(nla_data(key), len)))
		return vpnha_refuse(txn->extack, key, -EINVAL,
				    "text must be 1 to 8 printable characters, the first no ! or <");
	if (kind == VPNHA_AUTHENTICATION_MD5 && !hsrp_auth_has_md5())
		return vpnha_refuse(txn->extack, kind_attr, -EOPNOTSUPP,
				    "this kernel has no MD5");
	if (kind == VPNHA_AUTHENTICATION_MD5 && (!len || len > VPNHA_KEY_MAX))
		return vpnha_refuse(txn->extack, key ?: kind_attr, -EINVAL,
				    "key must be 1 to 55 bytes");
	memset(auth, 0, sizeof(*auth));
	auth->kind = kind;
	auth->len = len;
	memcpy(auth->key, nla_data(key), len);
	return 0;
}

static int stage_group_set(struct hsrp_txn *txn, struct hsrp_group *g,
			   struct nlattr **attrs)
{
	struct hsrp_group_cfg *next = &g->next;
	const struct nlattr *attr;
	int err;

	g->txn_key = attrs[VPNHA_A_GROUP_NUMBER];
	hsrp_take_bool(&next->enabled, attrs[VPNHA_A_GROUP_ENABLED]);
	hsrp_take_u32(&next->priority, attrs[VPNHA_A_GROUP_PRIORITY]);
	hsrp_take_bool(&next->preempt, attrs[VPNHA_A_GROUP_PREEMPT]);
	hsrp_take_u32(&next->preempt_min_s, attrs[VPNHA_A_GROUP_PREEMPT_MIN]);
	hsrp_take_u32(&next->preempt_reload_s, attrs[VPNHA_A_GROUP_PREEMPT_RELOAD]);
	hsrp_take_u32(&next->preempt_sync_s, attrs[VPNHA_A_GROUP_PREEMPT_SYNC]);
	hsrp_take_bool(&next->sync_pending, attrs[VPNHA_A_GROUP_SYNC_PENDING]);
	hsrp_take_u32(&next->key_timeout, attrs[VPNHA_A_GROUP_KEY_TIMEOUT]);
	attr = attrs[VPNHA_A_GROUP_NAME];
	if (attr) {
		err = stage_name(txn, attr, next->name);
		if (err)
			return err;
		g->txn_name = attr;
	}
	err = stage_follow(txn, g, attrs);
	if (err)
		return err;
	err = hsrp_stage_addresses(txn, g, attrs);
	if (err)
		return err;
	attr = attrs[VPNHA_A_GROUP_MAC_ADDRESS];
	if (attr) {
		err = stage_mac(txn, g, attr);
		if (err)
			return err;
	}
	err = stage_auth(txn, g, attrs[VPNHA_A_GROUP_AUTHENTICATION],
			 attrs[VPNHA_A_GROUP_KEY]);
	if (err)
		return err;
	return stage_timers(txn, g, attrs[VPNHA_A_GROUP_HELLO_MS],
			    attrs[VPNHA_A_GROUP_HOLD_MS]);
}

/**
 * hsrp_txn_group() - stage an operation on a group
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_GROUP_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_txn_group(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs)
{
	struct hsrp_group *g;
	int err;

	err = need_group(txn, attrs, VPNHA_A_GROUP_IFNAME,
			 VPNHA_A_GROUP_NUMBER);
	if (err)
		return err;
	if (verb == VERB_NEW) {
		g = make_group(txn, attrs);
		if (IS_ERR(g))
			return PTR_ERR(g);
		return stage_group_set(txn, g, attrs);
	}
	g = find_group(txn, attrs[VPNHA_A_GROUP_IFNAME],
		       attrs[VPNHA_A_GROUP_NUMBER]);
	if (IS_ERR(g))
		return PTR_ERR(g);
	if (verb == VERB_DEL) {
		stage_group_del(txn, g);
		return 0;
	}
	touch_group(txn, g, VERB_SET);
	return stage_group_set(txn, g, attrs);
}

/**
 * hsrp_target_read() - read from a request what a group tracks
 * @target: result
 * @attrs: indexed by VPNHA_A_TRACK_*
 * @extack: takes the reason of a refusal
 *
 * Context: any. Return: the attribute that says it, NULL when none does.
 */
const struct nlattr *hsrp_target_read(struct hsrp_target *target,
				      struct nlattr **attrs,
				      struct netlink_ext_ack *extack)
{
	const struct nlattr *ifname = attrs[VPNHA_A_TRACK_TARGET];
	const struct nlattr *object = attrs[VPNHA_A_TRACK_OBJECT];

	if (!ifname && !object) {
		NL_SET_ERR_MSG(extack, "tracked interface is missing");
		NL_SET_ERR_ATTR_MISS(extack, NULL, VPNHA_A_TRACK_TARGET);
		return NULL;
	}
	*target = (struct hsrp_target){};
	if (object)
		target->object = nla_get_u32(object);
	else
		target->ifname = name_of(ifname);
	return object ?: ifname;
}

static int check_target(struct hsrp_txn *txn, struct nlattr **attrs,
			const struct hsrp_target *target)
{
	const struct nlattr *ifname = attrs[VPNHA_A_TRACK_TARGET];

	if (target->object && ifname)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_TRACK_OBJECT],
				    -EINVAL,
				    "an interface or an object is tracked, not both");
	if (ifname && !dev_valid_name(target->ifname))
		return vpnha_refuse(txn->extack, ifname, -EINVAL,
				    "not a valid interface name");
	return 0;
}

/**
 * hsrp_txn_track() - stage an operation on what a group tracks
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_TRACK_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_txn_track(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs)
{
	const struct nlattr *key;
	struct hsrp_target target;
	struct hsrp_track *t, *old;
	struct hsrp_group *g;
	int err;

	err = need_group(txn, attrs, VPNHA_A_TRACK_IFNAME,
			 VPNHA_A_TRACK_NUMBER);
	if (err)
		return err;
	key = hsrp_target_read(&target, attrs, txn->extack);
	err = key ? check_target(txn, attrs, &target) : -EINVAL;
	if (err)
		return err;
	g = find_group(txn, attrs[VPNHA_A_TRACK_IFNAME],
		       attrs[VPNHA_A_TRACK_NUMBER]);
	if (IS_ERR(g))
		return PTR_ERR(g);

	old = hsrp_track_find(g, &target);
	t = old && hsrp_txn_exists(old->txn) ? old : NULL;
	if (verb == VERB_NEW && t)
		return vpnha_refuse(txn->extack, key, -EEXIST,
				    target.object ?
				    "the group tracks the object already" :
				    "the group tracks the interface already");
	if (verb != VERB_NEW && !t)
		return vpnha_refuse(txn->extack, key, -ENOENT,
				    target.object ?
				    "the group does not track the object" :
				    "the group does not track the interface");

	if (verb == VERB_NEW && !old) {
		t = hsrp_track_alloc(g, &target);
		if (!t)
			return -ENOMEM;
		list_add_tail(&t->txn_list, &txn->tracks);
		t->txn = HSRP_TXN_NEW;
	} else {
		t = old;
		touch_track(txn, t, verb);
	}
	t->txn_key = key;
	if (verb == VERB_NEW) {
		t->next_decrement = HSRP_DEFAULT_DECREMENT;
		t->next_shutdown = false;
	}
	if (verb != VERB_DEL) {
		hsrp_take_u32(&t->next_decrement, attrs[VPNHA_A_TRACK_DECREMENT]);
		hsrp_take_bool(&t->next_shutdown, attrs[VPNHA_A_TRACK_SHUTDOWN]);
	}
	/* Its priority has to be computed anew. */
	touch_group(txn, g, VERB_SET);
	return 0;
}
