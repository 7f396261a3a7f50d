// SPDX-License-Identifier: GPL-2.0
/*
 * Tracked interfaces. Groups that track the same one share an object, which
 * has the number that "show track" prints.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "hsrp/upcall.h"

static bool line_protocol(const struct net_device *dev)
{
	return dev && netif_running(dev) && netif_oper_up(dev);
}

static struct hsrp_object *object_find(struct hsrp_net *hn, const char *name)
{
	struct hsrp_object *object;

	list_for_each_entry(object, &hn->objects, list)
		if (!strcmp(object->name, name))
			return object;
	return NULL;
}

static struct hsrp_object *object_alloc(struct hsrp_net *hn, const char *name)
{
	const struct net_device *dev = __dev_get_by_name(hn->net, name);
	struct hsrp_object *object;
	int id;

	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NULL;
	id = ida_alloc_min(&hn->object_ids, 1, GFP_KERNEL);
	if (id < 0) {
		kfree(object);
		return NULL;
	}
	object->id = id;
	INIT_LIST_HEAD(&object->users);
	strscpy(object->name, name, sizeof(object->name));
	object->ifindex = dev ? dev->ifindex : 0;
	object->up = line_protocol(dev);
	object->changed = ktime_get_boottime();
	list_add_tail(&object->list, &hn->objects);
	return object;
}

static void object_release(struct hsrp_net *hn, struct hsrp_object *object)
{
	if (!list_empty(&object->users))
		return;
	list_del(&object->list);
	ida_free(&hn->object_ids, object->id);
	kfree(object);
}

/**
 * hsrp_track_find() - find what a group tracks
 * @g: group
 * @target: name of the tracked interface
 *
 * Context: RTNL. Return: the track or NULL.
 */
struct hsrp_track *hsrp_track_find(struct hsrp_group *g, const char *target)
{
	struct hsrp_track *t;

	list_for_each_entry(t, &g->tracks, group_list)
		if (!strcmp(t->object->name, target))
			return t;
	return NULL;
}

/**
 * hsrp_track_alloc() - make a group track an interface
 * @g: group
 * @target: name of the interface, which need not exist
 *
 * Has no effect on the priority before hsrp_track_apply(). Context: RTNL.
 * Return: the track or NULL.
 */
struct hsrp_track *hsrp_track_alloc(struct hsrp_group *g, const char *target)
{
	struct hsrp_net *hn = g->iface->hn;
	struct hsrp_object *object;
	struct hsrp_track *t;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return NULL;
	object = object_find(hn, target);
	if (!object)
		object = object_alloc(hn, target);
	if (!object) {
		kfree(t);
		return NULL;
	}
	t->group = g;
	t->object = object;
	t->decrement = HSRP_DEFAULT_DECREMENT;
	INIT_LIST_HEAD(&t->txn_list);
	list_add_tail(&t->group_list, &g->tracks);
	list_add_tail(&t->object_list, &object->users);
	return t;
}

/**
 * hsrp_track_free() - make a group track an interface no longer
 * @t: the track
 *
 * Has no effect on the priority before hsrp_track_apply(). Context: RTNL.
 */
void hsrp_track_free(struct hsrp_track *t)
{
	list_del(&t->group_list);
	list_del(&t->object_list);
	object_release(t->group->iface->hn, t->object);
	kfree(t);
}

/**
 * hsrp_track_free_all() - free all that a group tracks
 * @g: group that is being removed
 *
 * Context: RTNL.
 */
void hsrp_track_free_all(struct hsrp_group *g)
{
	struct hsrp_track *t, *next;

	list_for_each_entry_safe(t, next, &g->tracks, group_list) {
		hsrp_up->track_removed(t);
		hsrp_track_free(t);
	}
}

/**
 * hsrp_track_apply() - compute the priority of a group anew
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * The configured priority less the decrements of what is down, added up, but
 * not below 0. Context: RTNL.
 */
void hsrp_track_apply(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	u32 priority = g->cfg.priority;
	struct hsrp_track *t;

	list_for_each_entry(t, &g->tracks, group_list)
		if (!t->object->up)
			priority -= min(priority, t->decrement);
	hsrp_group_use_priority(g, priority, ctx);
}

static void tell_track(struct hsrp_track *t)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_TRACK,
		.mask = HSRP_D(TRACK_ID) | HSRP_D(TARGET) | HSRP_D(UP),
		.track_id = t->object->id,
		.target = t->object->name,
		.up = t->object->up,
	};

	hsrp_debug_group(t->group, &d);
	hsrp_up->track_changed(t);
}

/* ESP makes devices in the middle of a transaction, whose end tells of it. */
static bool is_staged(const struct hsrp_track *t)
{
	return t->txn == HSRP_TXN_NEW || t->txn == HSRP_TXN_VOID;
}

static void object_set(struct hsrp_object *object, bool up)
{
	struct hsrp_track *t;
	struct hsrp_ctx ctx;

	if (object->up == up)
		return;
	object->up = up;
	object->changes++;
	object->changed = ktime_get_boottime();

	hsrp_ctx_init(&ctx);
	list_for_each_entry(t, &object->users, object_list) {
		if (is_staged(t))
			continue;
		tell_track(t);
		spin_lock_bh(&t->group->lock);
		hsrp_track_apply(t->group, &ctx);
		spin_unlock_bh(&t->group->lock);
	}
	hsrp_tx_flush(&ctx);
}

/*
 * A device took the name that another object waits for: its users go over,
 * except those that track the device already.
 */
static void object_merge(struct hsrp_net *hn, struct hsrp_object *from,
			 struct hsrp_object *to)
{
	struct hsrp_track *t, *next;

	list_for_each_entry_safe(t, next, &from->users, object_list) {
		if (hsrp_track_find(t->group, to->name) != t) {
			hsrp_up->track_removed(t);
			list_del(&t->group_list);
			list_del(&t->object_list);
			kfree(t);
			continue;
		}
		t->object = to;
		list_move_tail(&t->object_list, &to->users);
	}
	object_release(hn, from);
}

static void object_rename(struct hsrp_net *hn, struct hsrp_object *object,
			  const char *name)
{
	struct hsrp_object *other = object_find(hn, name);
	struct hsrp_track *t;

	strscpy(object->name, name, sizeof(object->name));
	if (other && other != object)
		object_merge(hn, other, object);
	list_for_each_entry(t, &object->users, object_list)
		hsrp_up->track_changed(t);
}

/**
 * hsrp_track_dev_event() - follow a device
 * @hn: namespace
 * @dev: device that changed its state or name, appeared or went away
 * @gone: it went away
 *
 * Context: RTNL.
 */
void hsrp_track_dev_event(struct hsrp_net *hn, struct net_device *dev,
			  bool gone)
{
	int ifindex = gone ? 0 : dev->ifindex;
	struct hsrp_object *object;
	struct hsrp_track *t;

	list_for_each_entry(object, &hn->objects, list)
		if (object->ifindex == dev->ifindex)
			goto found;
	if (gone)
		return;
	object = object_find(hn, dev->name);
	if (!object || object->ifindex)
		return;
found:
	if (!gone && strcmp(object->name, dev->name))
		object_rename(hn, object, dev->name);
	if (object->ifindex != ifindex) {
		object->ifindex = ifindex;
		list_for_each_entry(t, &object->users, object_list)
			if (!is_staged(t))
				hsrp_up->track_changed(t);
	}
	object_set(object, !gone && line_protocol(dev));
}
