// SPDX-License-Identifier: GPL-2.0
/*
 * States of tracked objects. Whatever may have changed one, all are looked at,
 * what lists are made of before the lists: so that no list is ever seen that
 * goes by the old state of one member and the new one of another.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/clock.h"
#include "core/net.h"
#include "hsrp/object.h"
#include "hsrp/upcall.h"

/* Nobody tells of a device that forwards no longer. */
#define POLL_MS		1000

static bool line_protocol(const struct net_device *dev)
{
	return dev && hsrp_dev_is_up(dev);
}

static bool ip_routing(struct net_device *dev)
{
	struct in6_addr addr;

	return line_protocol(dev) &&
	       hsrp_own_address(dev, &in6addr_any, &addr) == VPNHA_INIT_REASON_NONE &&
	       IN_DEV_FORWARD(__in_dev_get_rtnl(dev));
}

static bool is_interface(const struct hsrp_object *object)
{
	return object->cfg.kind == VPNHA_OBJECT_KIND_LINE_PROTOCOL ||
	       object->cfg.kind == VPNHA_OBJECT_KIND_IP_ROUTING;
}

/**
 * hsrp_object_find() - find an object by the administrator's number
 * @hn: namespace
 * @id: number
 *
 * Context: RTNL. Return: the object, which need not be configured, or NULL.
 */
struct hsrp_object *hsrp_object_find(struct hsrp_net *hn, u32 id)
{
	return xa_load(&hn->numbered, id);
}

/* That which groups share that track an interface directly. */
static struct hsrp_object *find_direct(struct hsrp_net *hn, const char *ifname)
{
	struct hsrp_object *object;

	list_for_each_entry(object, &hn->objects, list)
		if (!object->numbered && !strcmp(object->cfg.ifname, ifname))
			return object;
	return NULL;
}

/* Who has a number by chance gives way to who was given it. */
static int take_number(struct hsrp_net *hn, struct hsrp_object *object, u32 id)
{
	struct hsrp_object *other;
	int other_id;

	object->id = id;
	if (ida_alloc_range(&hn->object_ids, id, id, GFP_KERNEL) >= 0)
		return 0;
	list_for_each_entry(other, &hn->objects, list) {
		if (other->id != id)
			continue;
		other_id = ida_alloc_min(&hn->object_ids, 1, GFP_KERNEL);
		if (other_id < 0)
			return other_id;
		other->id = other_id;
		return 0;
	}
	return -ENOMEM;
}

static int number(struct hsrp_net *hn, struct hsrp_object *object, u32 id)
{
	int err;

	if (!id) {
		err = ida_alloc_min(&hn->object_ids, 1, GFP_KERNEL);
		if (err < 0)
			return err;
		object->id = err;
		return 0;
	}
	object->numbered = true;
	err = xa_insert(&hn->numbered, id, object, GFP_KERNEL);
	if (err)
		return err;
	err = take_number(hn, object, id);
	if (err)
		xa_erase(&hn->numbered, id);
	return err;
}

/**
 * hsrp_object_get() - find what is to be tracked, or make it
 * @hn: namespace
 * @target: what it is
 *
 * One with a number is made without being configured: it does not exist but
 * for who refers to it. Context: RTNL. Return: the object or NULL.
 */
struct hsrp_object *hsrp_object_get(struct hsrp_net *hn,
				    const struct hsrp_target *target)
{
	const struct net_device *dev;
	struct hsrp_object *object;

	object = target->object ? hsrp_object_find(hn, target->object) :
				  find_direct(hn, target->ifname);
	if (object)
		return object;
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NULL;
	if (number(hn, object, target->object)) {
		kfree(object);
		return NULL;
	}
	object->hn = hn;
	INIT_LIST_HEAD(&object->users);
	INIT_LIST_HEAD(&object->txn_list);
	object->changed = ktime_get_boottime();
	if (!target->object) {
		strscpy(object->cfg.ifname, target->ifname, IFNAMSIZ);
		dev = __dev_get_by_name(hn->net, target->ifname);
		object->ifindex = dev ? dev->ifindex : 0;
		object->up = line_protocol(dev);
		object->configured = true;
	}
	list_add_tail(&object->list, &hn->objects);
	return object;
}

/**
 * hsrp_object_release() - free an object that nobody needs
 * @object: the object
 *
 * One that the administrator made, or that groups track, is left alone.
 * Context: RTNL.
 */
void hsrp_object_release(struct hsrp_object *object)
{
	struct hsrp_net *hn = object->hn;

	if (!list_empty(&object->users) || !list_empty(&object->txn_list) ||
	    (object->numbered && object->configured))
		return;
	list_del(&object->list);
	if (object->numbered)
		xa_erase(&hn->numbered, object->id);
	ida_free(&hn->object_ids, object->id);
	hsrp_reach_free(object->reach);
	kfree(object);
}

static u32 members_up(const struct hsrp_object *object)
{
	const struct hsrp_list *list = &object->cfg.list;
	const struct hsrp_object *member;
	u32 up = 0;
	u8 n;

	for (n = 0; n < list->count; n++) {
		member = hsrp_object_find(object->hn, list->members[n].id);
		if (member && member->up)
			up |= BIT(n);
	}
	return up;
}

/**
 * hsrp_object_value() - what a list with a threshold compares
 * @object: the list
 *
 * Context: RTNL. Return: the value now.
 */
u32 hsrp_object_value(const struct hsrp_object *object)
{
	return hsrp_list_value(&object->cfg.list, object->cfg.kind,
			       members_up(object));
}

/* What it would be if there were no delay. */
static bool sense(const struct hsrp_object *object)
{
	const struct hsrp_object_cfg *cfg = &object->cfg;
	struct net_device *dev = NULL;

	if (object->ifindex)
		dev = __dev_get_by_index(object->hn->net, object->ifindex);
	switch (cfg->kind) {
	case VPNHA_OBJECT_KIND_LINE_PROTOCOL:
		return line_protocol(dev);
	case VPNHA_OBJECT_KIND_IP_ROUTING:
		return ip_routing(dev);
	case VPNHA_OBJECT_KIND_IP_ROUTE:
		/* until the table has been looked at it is what it was */
		if (!hsrp_reach_is_known(object->reach))
			return object->fresh || object->up;
		return hsrp_reach_is_up(object->reach);
	case VPNHA_OBJECT_KIND_STUB:
		return object->set_up;
	default:
		return hsrp_list_is_up(&cfg->list, cfg->kind,
				       members_up(object), object->up);
	}
}

static void tell_track(struct hsrp_track *t)
{
	const struct hsrp_object *object = t->object;
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_TRACK,
		.mask = HSRP_D(TRACK_ID) | HSRP_D(UP),
		.track_id = object->id,
		.up = object->up,
	};

	if (is_interface(object)) {
		d.mask |= HSRP_D(TARGET);
		d.target = object->cfg.ifname;
	}
	hsrp_debug_group(t->group, &d);
	hsrp_up->track_changed(t);
}

/* ESP makes devices in the middle of a transaction, whose end tells of it. */
static bool is_staged(const struct hsrp_track *t)
{
	return t->txn == HSRP_TXN_NEW || t->txn == HSRP_TXN_VOID;
}

/* The one place where an object changes its state. */
static void set_up(struct hsrp_object *object, bool up, struct hsrp_ctx *ctx)
{
	struct hsrp_track *t;

	object->due = 0;
	if (object->fresh) {
		object->fresh = false;
		object->up = up;
		return;
	}
	if (object->up == up)
		return;
	object->up = up;
	object->changes++;
	object->changed = ktime_get_boottime();
	if (object->numbered)
		hsrp_up->object_changed(object);

	list_for_each_entry(t, &object->users, object_list) {
		if (is_staged(t))
			continue;
		tell_track(t);
		spin_lock_bh(&t->group->lock);
		hsrp_track_apply(t->group, ctx);
		spin_unlock_bh(&t->group->lock);
		if (t->shutdown)
			hsrp_group_evaluate(t->group, ctx);
	}
}

static void update(struct hsrp_object *object, struct hsrp_ctx *ctx)
{
	bool up = sense(object);
	u32 delay_s = up ? object->cfg.delay_up_s : object->cfg.delay_down_s;

	if (object->fresh || up == object->up || !delay_s) {
		set_up(object, up, ctx);
		return;
	}
	if (!object->due) {
		object->due = ktime_add_ms(ktime_get(), delay_s * MSEC_PER_SEC);
		mod_delayed_work(vpnha_wq, &object->hn->housekeeping, 0);
	} else if (ktime_compare(ktime_get(), object->due) >= 0) {
		set_up(object, up, ctx);
	}
}

/**
 * hsrp_objects_update() - look at all objects
 * @hn: namespace
 *
 * Groups act on what has changed. Context: RTNL.
 */
void hsrp_objects_update(struct hsrp_net *hn)
{
	struct hsrp_object *object;
	struct hsrp_ctx ctx;
	u8 depth, deepest = 0;

	hsrp_ctx_init(&ctx);
	for (depth = 0; depth <= deepest; depth++) {
		list_for_each_entry(object, &hn->objects, list) {
			if (object->depth == depth && object->configured)
				update(object, &ctx);
			deepest = max(deepest, object->depth);
		}
	}
	hsrp_tx_flush(&ctx);
}

/**
 * hsrp_objects_housekeep() - end delays, and see what nobody tells of
 * @hn: namespace
 * @now: ktime_get()
 *
 * Context: RTNL. Return: when they want to be looked at again.
 */
ktime_t hsrp_objects_housekeep(struct hsrp_net *hn, ktime_t now)
{
	struct hsrp_object *object;
	ktime_t next = KTIME_MAX;

	hsrp_objects_update(hn);
	list_for_each_entry(object, &hn->objects, list) {
		if (object->due)
			next = min(next, object->due);
		if (object->cfg.kind == VPNHA_OBJECT_KIND_IP_ROUTING)
			next = min(next, ktime_add_ms(now, POLL_MS));
	}
	return next;
}

static void tell_users(struct hsrp_object *object)
{
	struct hsrp_track *t;

	if (object->numbered)
		hsrp_up->object_changed(object);
	list_for_each_entry(t, &object->users, object_list)
		if (!is_staged(t))
			hsrp_up->track_changed(t);
}

/*
 * A device took the name that another object waits for: its users go over,
 * except those that track the device already.
 */
static void merge(struct hsrp_object *from, struct hsrp_object *to)
{
	const struct hsrp_target target = { .ifname = to->cfg.ifname };
	struct hsrp_track *t, *next;

	list_for_each_entry_safe(t, next, &from->users, object_list) {
		if (hsrp_track_find(t->group, &target) != t) {
			hsrp_up->track_removed(t);
			list_del(&t->group_list);
			list_del(&t->object_list);
			kfree(t);
			continue;
		}
		t->object = to;
		list_move_tail(&t->object_list, &to->users);
	}
	hsrp_object_release(from);
}

static void rename(struct hsrp_object *object, const char *name)
{
	struct hsrp_object *other = NULL;

	if (!object->numbered)
		other = find_direct(object->hn, name);
	strscpy(object->cfg.ifname, name, IFNAMSIZ);
	if (other && other != object)
		merge(other, object);
	tell_users(object);
}

static void follow_dev(struct hsrp_object *object,
		       const struct net_device *dev, bool gone)
{
	int ifindex = gone ? 0 : dev->ifindex;
	bool same = object->ifindex == dev->ifindex;

	if (!is_interface(object))
		return;
	/* one that was renamed keeps its object, one that comes is waited for */
	if (!same && (gone || object->ifindex ||
		      strcmp(object->cfg.ifname, dev->name)))
		return;
	if (!gone && strcmp(object->cfg.ifname, dev->name))
		rename(object, dev->name);
	if (object->ifindex != ifindex) {
		object->ifindex = ifindex;
		tell_users(object);
	}
}

/**
 * hsrp_objects_dev_event() - follow a device
 * @hn: namespace
 * @dev: device that changed its state or name, appeared or went away
 * @gone: it went away
 *
 * Context: RTNL.
 */
void hsrp_objects_dev_event(struct hsrp_net *hn, struct net_device *dev,
			    bool gone)
{
	struct hsrp_object *object, *direct = NULL;

	/* its own comes first: what waits for its name is merged into that */
	list_for_each_entry(object, &hn->objects, list)
		if (object->ifindex == dev->ifindex && !object->numbered)
			direct = object;
	if (direct)
		follow_dev(direct, dev, gone);
	list_for_each_entry(object, &hn->objects, list)
		if (object->numbered || !direct)
			follow_dev(object, dev, gone);
	hsrp_objects_update(hn);
}

/**
 * hsrp_objects_exit() - remove all objects of a namespace
 * @hn: namespace, without interfaces
 *
 * Context: RTNL.
 */
void hsrp_objects_exit(struct hsrp_net *hn)
{
	struct hsrp_object *object, *next;

	list_for_each_entry_safe(object, next, &hn->objects, list) {
		object->configured = false;
		hsrp_object_release(object);
	}
}
