// SPDX-License-Identifier: GPL-2.0
/* What groups make of the states of the objects that they track. */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "hsrp/object.h"
#include "hsrp/upcall.h"

static bool is_target(const struct hsrp_object *object,
		      const struct hsrp_target *target)
{
	if (target->object)
		return object->numbered && object->id == target->object;
	return !object->numbered && !strcmp(object->cfg.ifname, target->ifname);
}

/**
 * hsrp_track_find() - find what a group tracks
 * @g: group
 * @target: what is tracked
 *
 * Context: RTNL. Return: the track or NULL.
 */
struct hsrp_track *hsrp_track_find(struct hsrp_group *g,
				   const struct hsrp_target *target)
{
	struct hsrp_track *t;

	list_for_each_entry(t, &g->tracks, group_list)
		if (is_target(t->object, target))
			return t;
	return NULL;
}

/**
 * hsrp_track_alloc() - make a group track something
 * @g: group
 * @target: what it is; it need not exist
 *
 * Has no effect on the priority before hsrp_track_apply(). Context: RTNL.
 * Return: the track or NULL.
 */
struct hsrp_track *hsrp_track_alloc(struct hsrp_group *g,
				    const struct hsrp_target *target)
{
	struct hsrp_object *object;
	struct hsrp_track *t;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return NULL;
	object = hsrp_object_get(g->iface->hn, target);
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
 * hsrp_track_free() - make a group track something no longer
 * @t: the track
 *
 * Has no effect on the priority before hsrp_track_apply(). Context: RTNL.
 */
void hsrp_track_free(struct hsrp_track *t)
{
	list_del(&t->group_list);
	list_del(&t->object_list);
	hsrp_object_release(t->object);
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
		if (!t->object->up && !t->shutdown)
			priority -= min(priority, t->decrement);
	hsrp_group_use_priority(g, priority, ctx);
}

/**
 * hsrp_track_shuts() - is something down that shuts a group down?
 * @g: group
 *
 * Context: RTNL. Return: whether there is.
 */
bool hsrp_track_shuts(const struct hsrp_group *g)
{
	const struct hsrp_track *t;

	list_for_each_entry(t, &g->tracks, group_list)
		if (t->shutdown && !t->object->up)
			return true;
	return false;
}
