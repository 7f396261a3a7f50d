// SPDX-License-Identifier: GPL-2.0
/*
 * Groups that follow another one, their leader: they have its state, in the
 * same moment, and no protocol of their own. Those that are bundled with it can
 * keep it from running, and so all of them: it resigns when the last of them has
 * left, for its resign waits for its lock.
 */
#include <linux/rtnetlink.h>

#include "hsrp/upcall.h"

/* Context: RTNL, by which links are what they are. */
static void lock(struct hsrp_group *g)
	__acquires(&g->leader->lock)
	__acquires(&g->lock)
{
	local_bh_disable();
	if (g->leader)
		spin_lock(&g->leader->lock);
	else
		__acquire(&g->leader->lock);	/* for sparse */
	spin_lock_nested(&g->lock, SINGLE_DEPTH_NESTING);
}

static void unlock(struct hsrp_group *g, struct hsrp_group *leader)
	__releases(&g->lock)
	__releases(&leader->lock)
{
	spin_unlock(&g->lock);
	if (leader)
		spin_unlock(&leader->lock);
	else
		__release(&leader->lock);
	local_bh_enable();
}

/* The state that a group is to have now; it and its leader are locked. */
static enum vpnha_state wanted(const struct hsrp_group *g,
			       enum vpnha_init_reason *reason)
{
	const struct hsrp_group *leader = g->leader;

	*reason = g->unable;
	if (*reason)
		return VPNHA_STATE_INITIAL;
	if (!leader || !hsrp_fsm_runs(leader->state)) {
		*reason = VPNHA_INIT_REASON_FOLLOW;
		return VPNHA_STATE_INITIAL;
	}
	return leader->state;
}

static void settle(struct hsrp_group *g, enum vpnha_event event,
		   struct hsrp_ctx *ctx)
{
	const enum vpnha_init_reason old = g->reason;
	enum vpnha_state state;

	if (g->halted)
		return;
	state = wanted(g, &g->reason);
	if (state != g->state) {
		hsrp_group_set_state(g, state, event, ctx);
		hsrp_group_announce(g, ctx);
	} else if (g->reason != old) {
		hsrp_group_tell(g);
	}
}

static void settle_now(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	enum vpnha_init_reason reason;

	settle(g, hsrp_fsm_runs(wanted(g, &reason)) ? VPNHA_EVENT_ENABLED :
						      VPNHA_EVENT_DISABLED,
	       ctx);
}

/**
 * hsrp_follow_all() - take those that follow a group along
 * @g: group, locked, in its new state
 * @event: why
 * @ctx: takes the packets to be sent
 *
 * Context: any, bottom halves off.
 */
void hsrp_follow_all(struct hsrp_group *g, enum vpnha_event event,
		     struct hsrp_ctx *ctx)
{
	struct hsrp_group *f;

	lockdep_assert_held(&g->lock);
	list_for_each_entry(f, &g->followers, follower_list) {
		spin_lock_nested(&f->lock, SINGLE_DEPTH_NESTING);
		settle(f, event, ctx);
		spin_unlock(&f->lock);
	}
}

/**
 * hsrp_follow_announce_again() - tell the hosts anew where the virtual IPs are
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * Those of what follows it. Context: any, bottom halves off.
 */
void hsrp_follow_announce_again(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_group *f;

	list_for_each_entry(f, &g->followers, follower_list) {
		spin_lock_nested(&f->lock, SINGLE_DEPTH_NESTING);
		hsrp_group_announce_again(f, ctx);
		spin_unlock(&f->lock);
	}
}

/**
 * hsrp_follow_sync_pending() - is something of the active router not here yet?
 * @g: group, locked
 *
 * Context: any. Return: whether it, or one that follows it, waits for that.
 */
bool hsrp_follow_sync_pending(const struct hsrp_group *g)
{
	const struct hsrp_group *f;

	list_for_each_entry(f, &g->followers, follower_list)
		if (READ_ONCE(f->cfg.sync_pending))
			return true;
	return g->cfg.sync_pending;
}

/* Has the leader to stop, or to start, because of those bundled with it? */
static bool is_due(const struct hsrp_group *leader)
{
	return leader->holders ? hsrp_fsm_runs(READ_ONCE(leader->state)) :
				 leader->reason == VPNHA_INIT_REASON_BUNDLE;
}

/* One that is not enabled yet, or no more, is no part of the bundle. */
static bool holds(const struct hsrp_group *g)
{
	return g->cfg.bundle && g->unable &&
	       g->unable != VPNHA_INIT_REASON_DISABLED;
}

static void note(struct hsrp_group *g)
{
	enum vpnha_init_reason reason;
	struct in6_addr addr = g->addr;
	bool held;

	reason = hsrp_group_why_not(g, &addr);
	lock(g);
	held = holds(g);
	g->unable = reason;
	if (g->leader)
		g->leader->holders += holds(g) - held;
	if (!hsrp_addr_equal(&g->addr, &addr)) {
		g->addr = addr;
		if (hsrp_fsm_runs(g->state))
			hsrp_group_tell(g);
	}
	unlock(g, g->leader);
}

/**
 * hsrp_follow_evaluate() - start or stop a group that follows another one
 * @g: group
 * @ctx: takes the packets to be sent
 *
 * And that one with it, where they are bundled. Context: RTNL.
 */
void hsrp_follow_evaluate(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	note(g);
	lock(g);
	g->halted = false;
	unlock(g, g->leader);
	/* All leave, or take, in the same moment as the leader. */
	if (g->leader && is_due(g->leader))
		hsrp_group_evaluate(g->leader, ctx);
	lock(g);
	settle_now(g, ctx);
	unlock(g, g->leader);
	if (g->unable)
		hsrp_group_unfilter(g);
}

static void part(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_group *leader = g->leader;

	if (!leader)
		return;
	lock(g);
	leader->holders -= holds(g);
	list_del_init(&g->follower_list);
	g->leader = NULL;
	settle_now(g, ctx);
	unlock(g, leader);
	if (is_due(leader))
		hsrp_group_evaluate(leader, ctx);
}

/**
 * hsrp_follow_leave() - undo what links a group to others
 * @g: group
 * @ctx: takes the packets to be sent
 *
 * It follows none any more, and none follows it: these wait for one of the name.
 * Context: RTNL.
 */
void hsrp_follow_leave(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_group *f, *next;

	part(g, ctx);
	list_for_each_entry_safe(f, next, &g->followers, follower_list)
		part(f, ctx);
}

static void link(struct hsrp_group *g, struct hsrp_group *leader,
		 struct hsrp_ctx *ctx)
{
	/* Nobody else finds the leader by it before it is locked. */
	g->leader = leader;
	lock(g);
	list_add_tail(&g->follower_list, &leader->followers);
	leader->holders += holds(g);
	settle_now(g, ctx);
	unlock(g, leader);
}

/**
 * hsrp_follow_join() - link a group to those of the names that are configured
 * @g: group that a transaction made or changed
 * @ctx: takes the packets to be sent
 *
 * Both it and the one that it follows are to be evaluated afterwards.
 * Context: RTNL.
 */
void hsrp_follow_join(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	struct hsrp_net *hn = g->iface->hn;
	struct hsrp_group *other;

	if (hsrp_group_follows(g)) {
		note(g);
		other = hsrp_group_by_name(hn, g->cfg.follow);
		if (other && !g->leader)
			link(g, other, ctx);
	}
	if (!g->cfg.name[0])
		return;
	hash_for_each_possible(hn->by_follow, other, cfg_follow_node,
			       hsrp_name_hash(g->cfg.name))
		if (!other->leader && !strcmp(other->cfg.follow, g->cfg.name))
			link(other, g, ctx);
}
