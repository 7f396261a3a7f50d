// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What time brings to an established IKE SA: rekeys, dead peer detection, NAT keepalives,
 * and child SAs that nobody uses.
 */
#include "ike/child.h"

/* How often it is looked at whether packets go out and none come in: a part of DPD's time. */
#define LOOK_PART	4
#define LOOK_MIN_MS	1000

/* How often what has been idle is looked at, in parts of the time that it may be. */
#define IDLE_PART	4

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* For how long no child SA has passed a packet in a direction. */
static uint64_t idle_of(struct ike_sa *sa, enum ike_direction direction)
{
	const bool in = direction == IKE_IN;
	const struct ike_child *child;
	uint64_t least = IKE_NEVER;

	TAILQ_FOREACH(child, &sa->children, list)
		if (in ? child->has_in : child->has_out)
			least = earlier(least, sa->env->ops->idle(sa->env->ctx, sa,
								  in ? &child->in : &child->out));
	return least;
}

static uint64_t ago(uint64_t idle, const struct ike_moment *at)
{
	return idle < at->ms ? at->ms - idle : 0;
}

/**
 * ike_sa_lived_at() - When the peer last showed a sign of life, by IKE or by ESP.
 * @sa: IKE SA
 * @at: now
 *
 * RFC 7296 section 2.4.
 */
uint64_t ike_sa_lived_at(struct ike_sa *sa, const struct ike_moment *at)
{
	uint64_t in = ago(idle_of(sa, IKE_IN), at);

	return in > sa->heard_at ? in : sa->heard_at;
}

/*
 * Dead peer detection asks when nothing has been heard for its time: periodic, whatever
 * happens; on demand, if packets went out since and none came back. Whatever is
 * outstanding asks as well.
 */
static void probe(struct ike_sa *sa, const struct ike_moment *at)
{
	const struct ike_profile *profile = sa->profile;
	uint64_t heard = sa->heard_at, look;

	if (!profile->dpd_ms) {
		sa->probe_at = IKE_NEVER;
		return;
	}
	if (sa->asking)
		return;
	if (!profile->dpd_periodic && heard + profile->dpd_ms <= at->ms)
		heard = ike_sa_lived_at(sa, at);
	sa->probe_at = heard + profile->dpd_ms;
	if (sa->probe_at > at->ms)
		return;
	if (profile->dpd_periodic || ago(idle_of(sa, IKE_OUT), at) > heard) {
		sa->probe_at = at->ms + profile->dpd_ms;
		ike_sa_probe(sa, at);
		return;
	}
	look = profile->dpd_ms / LOOK_PART;
	sa->probe_at = at->ms + (look > LOOK_MIN_MS ? look : LOOK_MIN_MS);
}

/* A NAT forgets us if it sees nothing for a while (RFC 3948 section 4). */
static uint64_t keepalive_at(const struct ike_sa *sa)
{
	if (!sa->nat_local || !sa->profile->nat_keepalive_ms)
		return IKE_NEVER;
	return sa->said_at + sa->profile->nat_keepalive_ms;
}

static void keep_alive(struct ike_sa *sa, const struct ike_moment *at)
{
	uint64_t out = ago(idle_of(sa, IKE_OUT), at);

	if (out > sa->said_at)
		sa->said_at = out;
	if (keepalive_at(sa) > at->ms)
		return;
	sa->env->ops->send(sa->env->ctx, sa, &sa->path, NULL, 0);
	sa->said_at = at->ms;
}

static uint64_t idle_ms(const struct ike_child *child)
{
	return child->state == IKE_CHILD_INSTALLED ? child->policy->idle_ms : 0;
}

static void close_if_idle(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	const struct ike_ops *ops = sa->env->ops;
	uint64_t idle = earlier(ops->idle(sa->env->ctx, sa, &child->in),
				ops->idle(sa->env->ctx, sa, &child->out));
	uint64_t since = at->ms - child->since;

	if (earlier(idle, since) >= idle_ms(child))
		ike_child_delete(sa, child, "nothing has passed it for its idle time");
}

/**
 * ike_child_watch_idle() - Look at whether a child SA is idle, in a part of the time it may be.
 * @sa: IKE SA
 * @child: child SA of it
 * @at: now
 */
void ike_child_watch_idle(struct ike_sa *sa, const struct ike_child *child,
			  const struct ike_moment *at)
{
	const uint64_t part = idle_ms(child) / IDLE_PART;

	if (idle_ms(child))
		sa->idle_at = earlier(sa->idle_at,
				      at->ms + (part > LOOK_MIN_MS ? part : LOOK_MIN_MS));
}

static void close_idle(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_child *child;

	sa->idle_at = IKE_NEVER;
	TAILQ_FOREACH(child, &sa->children, list) {
		if (idle_ms(child))
			close_if_idle(sa, child, at);
		ike_child_watch_idle(sa, child, at);
	}
}

/*
 * The peer sends by what we have only inbound: it has our answer. If it says nothing at
 * all, it has it too, or has given up asking for it.
 */
static void look_at_new(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	const bool used = sa->env->ops->idle(sa->env->ctx, sa, &child->in) != IKE_NEVER;

	if (!ike_child_is_contested(sa, child) &&
	    (used || at->ms >= child->since + IKE_REPLACED_MS)) {
		if (!ike_child_install_out(sa, child, at))
			ike_child_retire(sa, child);
		return;
	}
	child->switch_at = at->ms + IKE_CHILD_SWITCH_MS;
}

static void child_timer(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	switch (child->state) {
	case IKE_CHILD_INBOUND:
		if (child->switch_at <= at->ms)
			look_at_new(sa, child, at);
		break;
	case IKE_CHILD_INSTALLED:
		if (child->rekey <= at->ms)
			ike_child_rekey(sa, child, at);
		break;
	case IKE_CHILD_REPLACED:
		if (child->dies_at <= at->ms)
			ike_child_retire(sa, child);
		break;
	case IKE_CHILD_LINGERING:
		if (child->dies_at <= at->ms)
			ike_child_remove(sa, child);
		break;
	default:
		break;
	}
}

static void children_timer(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_child *child, *next;

	for (child = TAILQ_FIRST(&sa->children); child; child = next) {
		next = TAILQ_NEXT(child, list);
		child_timer(sa, child, at);
	}
	ike_children_ask_delete(sa);
}

void ike_sa_start_clocks(struct ike_sa *sa, const struct ike_moment *at)
{
	const uint64_t life = sa->profile->lifetime_ms;

	sa->rekey_at = life ? at->ms + ike_soften(sa, life, IKE_MARGIN_MS) : IKE_NEVER;
	sa->probe_at = sa->profile->dpd_ms ? at->ms + sa->profile->dpd_ms : IKE_NEVER;
}

void ike_sa_established_timer(struct ike_sa *sa, const struct ike_moment *at)
{
	if (sa->state != IKE_STATE_ESTABLISHED)
		return;
	if (ike_sa_hard_end(sa) <= at->ms) {
		ike_sa_close(sa, at, "its lifetime is over", true);
		return;
	}
	if (sa->rekey_at <= at->ms)
		ike_sa_rekey(sa, at);
	children_timer(sa, at);
	if (sa->idle_at <= at->ms)
		close_idle(sa, at);
	if (sa->probe_at <= at->ms)
		probe(sa, at);
	if (keepalive_at(sa) <= at->ms)
		keep_alive(sa, at);
}

static uint64_t child_deadline(const struct ike_child *child)
{
	switch (child->state) {
	case IKE_CHILD_INBOUND:
		return child->switch_at;
	case IKE_CHILD_INSTALLED:
		return child->rekey;
	case IKE_CHILD_REPLACED:
	case IKE_CHILD_LINGERING:
		return child->dies_at;
	default:
		return IKE_NEVER;
	}
}

uint64_t ike_sa_established_deadline(const struct ike_sa *sa)
{
	const struct ike_child *child;
	uint64_t next;

	if (sa->state != IKE_STATE_ESTABLISHED)
		return IKE_NEVER;
	next = earlier(sa->rekey_at, ike_sa_hard_end(sa));
	TAILQ_FOREACH(child, &sa->children, list)
		next = earlier(next, child_deadline(child));
	/* What is outstanding asks whether the peer lives, and has a deadline of its own. */
	if (!sa->asking)
		next = earlier(next, sa->probe_at);
	next = earlier(next, sa->idle_at);
	return earlier(next, keepalive_at(sa));
}
