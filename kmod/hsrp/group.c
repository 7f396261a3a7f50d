// SPDX-License-Identifier: GPL-2.0
#include <linux/random.h>
#include <linux/slab.h>

#include "core/clock.h"
#include "core/trace.h"
#include "hsrp/upcall.h"

/* Not more often than that because of what others say. */
#define GARP_AGAIN_MS		2000

/* Hellos come up to an eighth early, never late: hold times count on it. */
#define JITTER_SHIFT		3

static void timer_start_ns(struct hsrp_group *g, enum hsrp_timer_id id, u64 ns)
{
	struct hsrp_timer *timer = &g->timers[id];

	lockdep_assert_held(&g->lock);
	if (g->dead || (hsrp_group_follows(g) && id != HSRP_TIMER_GARP))
		return;
	timer->deadline = ktime_add_ns(ktime_get(), ns);
	hrtimer_start(&timer->timer, timer->deadline, HRTIMER_MODE_ABS_SOFT);
}

static void timer_start(struct hsrp_group *g, enum hsrp_timer_id id, u32 ms)
{
	timer_start_ns(g, id, (u64)ms * NSEC_PER_MSEC);
}

/* A callback that cannot be stopped any more sees the deadline gone. */
static void timer_stop(struct hsrp_group *g, enum hsrp_timer_id id)
{
	lockdep_assert_held(&g->lock);
	g->timers[id].deadline = 0;
	hrtimer_try_to_cancel(&g->timers[id].timer);
}

static bool timer_runs(const struct hsrp_group *g, enum hsrp_timer_id id)
{
	return g->timers[id].deadline;
}

/**
 * hsrp_timer_left_ms() - time that a timer has left
 * @g: group, locked
 * @id: timer
 *
 * Context: any. Return: milliseconds, 0 when it is due or stopped.
 */
u32 hsrp_timer_left_ms(const struct hsrp_group *g, enum hsrp_timer_id id)
{
	return timer_runs(g, id) ? vpnha_ms_until(g->timers[id].deadline) : 0;
}

/* When it takes over from an active router of lower priority. */
static ktime_t preempts_at(const struct hsrp_group *g)
{
	const struct hsrp_group_cfg *cfg = &g->cfg;
	u32 after_s = cfg->preempt_min_s;
	ktime_t at;

	if (cfg->preempt_sync_s && hsrp_follow_sync_pending(g))
		after_s = max(after_s, cfg->preempt_sync_s);
	at = ktime_add_ms(g->could_preempt, after_s * MSEC_PER_SEC);
	if (g->first_up)
		at = max(at, ktime_add_ms(g->first_up, cfg->preempt_reload_s *
						       MSEC_PER_SEC));
	return at;
}

/**
 * hsrp_preempt_left_ms() - time until a group takes over
 * @g: group, locked
 *
 * Context: any. Return: milliseconds that "standby preempt delay" has it wait
 * yet, 0 when it does not wait.
 */
u32 hsrp_preempt_left_ms(const struct hsrp_group *g)
{
	s64 left;

	if (!g->could_preempt)
		return 0;
	left = ktime_to_ns(ktime_sub(preempts_at(g), ktime_get()));
	return left > 0 ? DIV_ROUND_UP_ULL(left, NSEC_PER_MSEC) : 0;
}

static void cannot_preempt(struct hsrp_group *g)
{
	g->could_preempt = 0;
}

/* A hello of an active router of lower priority: may it be overthrown? */
static bool may_preempt(struct hsrp_group *g)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_PREEMPT_DELAY,
		.mask = HSRP_D(DELAY_MS),
	};

	if (!g->cfg.preempt || g->state == VPNHA_STATE_ACTIVE)
		return g->cfg.preempt;
	if (!g->could_preempt) {
		g->could_preempt = ktime_get();
		d.delay_ms = hsrp_preempt_left_ms(g);
		if (d.delay_ms)
			hsrp_debug_group(g, &d);
	}
	return !hsrp_preempt_left_ms(g);
}

static u64 jittered_ns(u32 hello_ms)
{
	u64 ns = (u64)hello_ms * NSEC_PER_MSEC;
	u32 span_us = hello_ms * (USEC_PER_MSEC >> JITTER_SHIFT);

	return ns - (u64)reciprocal_scale(get_random_u32(), span_us + 1) *
	       NSEC_PER_USEC;
}

static void hello_timer_start(struct hsrp_group *g)
{
	timer_start_ns(g, HSRP_TIMER_HELLO, jittered_ns(g->hello_ms));
}

/* The first hello of a new speaker comes soon, but not with everybody else's. */
static void hello_timer_start_soon(struct hsrp_group *g)
{
	u64 ns = (u64)g->hello_ms * NSEC_PER_MSEC - jittered_ns(g->hello_ms);

	timer_start_ns(g, HSRP_TIMER_HELLO, ns);
}

static void send_hello(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	hsrp_tx_packet(g, VPNHA_OPCODE_HELLO, ctx);
	hello_timer_start(g);
}

static bool is_active(enum vpnha_state state)
{
	return state == VPNHA_STATE_ACTIVE;
}

/* Who follows another one sends no hellos by which switches know where it is. */
static u32 refresh_s(const struct hsrp_group *g)
{
	u32 refresh_s = READ_ONCE(g->iface->garp.refresh_s);

	return refresh_s || !hsrp_group_follows(g) ? refresh_s :
						     HSRP_FOLLOW_REFRESH_S;
}

static void send_garp(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	const struct hsrp_garp *garp = &g->iface->garp;
	u32 next_s = g->garp_left == 1 ? refresh_s(g) :
					 READ_ONCE(garp->interval_s);

	hsrp_tx_garp(g, ctx);
	g->garp_at = ktime_get();
	if (g->garp_left > 1)
		g->garp_left--;
	/* Of many that follow one not all come at the same time. */
	if (next_s && hsrp_group_follows(g))
		timer_start_ns(g, HSRP_TIMER_GARP,
			       jittered_ns(next_s * MSEC_PER_SEC));
	else if (next_s)
		timer_start(g, HSRP_TIMER_GARP, next_s * MSEC_PER_SEC);
	else
		timer_stop(g, HSRP_TIMER_GARP);
}

/**
 * hsrp_group_announce() - tell the hosts where the virtual IPs are
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * As when it has become active, RFC 2281 section 5.6, action I; one that is
 * not sends nothing. Context: any.
 */
void hsrp_group_announce(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	lockdep_assert_held(&g->lock);
	if (!is_active(g->state))
		return;
	g->garp_left = READ_ONCE(g->iface->garp.count);
	send_garp(g, ctx);
}

/**
 * hsrp_group_announce_again() - the same because of what another router says
 * @g: group, locked
 * @ctx: takes the packets to be sent
 *
 * That one was active, too, perhaps in a part of the network that was cut off:
 * at once, unless that was done a moment ago. Who pretends to be active all the
 * time makes no flood of them. Context: any.
 */
void hsrp_group_announce_again(struct hsrp_group *g, struct hsrp_ctx *ctx)
{
	s64 left_ms = GARP_AGAIN_MS - ktime_ms_delta(ktime_get(), g->garp_at);

	if (left_ms <= 0)
		hsrp_group_announce(g, ctx);
	else if (!timer_runs(g, HSRP_TIMER_GARP) ||
		 hsrp_timer_left_ms(g, HSRP_TIMER_GARP) > left_ms)
		timer_start(g, HSRP_TIMER_GARP, left_ms);
	hsrp_follow_announce_again(g, ctx);
}

/**
 * hsrp_group_set_router() - note who is the active or standby router
 * @g: group, locked
 * @router: &g->active or &g->standby
 * @now: who it is from now on
 *
 * Context: any.
 */
void hsrp_group_set_router(struct hsrp_group *g, struct hsrp_router *router,
			   const struct hsrp_router *now)
{
	const struct hsrp_router old = *router;
	struct hsrp_debug d = {
		.kind = router == &g->active ? VPNHA_DEBUG_KIND_ACTIVE_ROUTER :
					       VPNHA_DEBUG_KIND_STANDBY_ROUTER,
		.addr = now->addr,
		.addr_old = old.addr,
	};

	lockdep_assert_held(&g->lock);
	*router = *now;
	if (old.known == now->known && old.local == now->local &&
	    (!now->known || now->local || hsrp_addr_equal(&old.addr, &now->addr)))
		return;

	if (now->local)
		d.mask |= HSRP_D(LOCAL);
	else if (now->known)
		d.mask |= HSRP_D(ADDRESS);
	if (old.local)
		d.mask |= HSRP_D(LOCAL_OLD);
	else if (old.known)
		d.mask |= HSRP_D(ADDRESS_OLD);
	hsrp_debug_group(g, &d);
}

static void set_unknown(struct hsrp_group *g, struct hsrp_router *router)
{
	static const struct hsrp_router unknown;

	hsrp_group_set_router(g, router, &unknown);
}

static void set_local(struct hsrp_group *g, struct hsrp_router *router)
{
	const struct hsrp_router local = {
		.known = true,
		.local = true,
		.addr = g->addr,
		.priority = g->priority,
	};

	hsrp_group_set_router(g, router, &local);
}

/**
 * hsrp_group_by_name() - find the group of a redundancy name
 * @hn: namespace
 * @name: redundancy name
 *
 * Context: RTNL, outside of a transaction. Return: the group or NULL.
 */
struct hsrp_group *hsrp_group_by_name(struct hsrp_net *hn, const char *name)
{
	struct hsrp_group *g;

	hash_for_each_possible(hn->by_name, g, cfg_name_node,
			       hsrp_name_hash(name))
		if (!strcmp(g->cfg.name, name))
			return g;
	return NULL;
}

/**
 * hsrp_group_tell() - tell the listeners that a group changed
 * @g: group, locked
 *
 * Not in the middle of a commit, whose end tells of all groups that it
 * touched. Context: any.
 */
void hsrp_group_tell(struct hsrp_group *g)
{
	lockdep_assert_held(&g->lock);
	if (!g->quiet)
		hsrp_up->group_changed(g);
}

/* Who holds which part follows from our own state as far as it is ours. */
static void update_routers(struct hsrp_group *g, enum vpnha_state state)
{
	switch (state) {
	case VPNHA_STATE_INITIAL:
		set_unknown(g, &g->active);
		set_unknown(g, &g->standby);
		break;
	case VPNHA_STATE_ACTIVE:
		set_local(g, &g->active);
		if (g->standby.local)
			set_unknown(g, &g->standby);
		break;
	case VPNHA_STATE_STANDBY:
		if (g->active.local)
			set_unknown(g, &g->active);
		set_local(g, &g->standby);
		break;
	default:
		if (g->active.local)
			set_unknown(g, &g->active);
		if (g->standby.local)
			set_unknown(g, &g->standby);
	}
}

static bool is_passive(enum vpnha_state state)
{
	return hsrp_fsm_runs(state) && !is_active(state);
}

static void count_state(struct hsrp_group *g, enum vpnha_state old,
			enum vpnha_state state, struct hsrp_debug *d,
			struct hsrp_ctx *ctx)
{
	struct hsrp_iface *iface = g->iface;
	int active = is_active(state) - is_active(old);
	int passive = is_passive(state) - is_passive(old);
	enum hsrp_adv_state adv;

	d->active = atomic_add_return(active, &iface->active);
	d->active_old = d->active - active;
	d->passive = atomic_add_return(passive, &iface->passive);
	d->passive_old = d->passive - passive;

	adv = d->active ? HSRP_ADV_ACTIVE :
	      d->passive ? HSRP_ADV_PASSIVE : HSRP_ADV_DORMANT;
	if (atomic_xchg(&iface->adv_state, adv) != adv)
		hsrp_tx_advertise(iface, ctx);
}

/**
 * hsrp_group_set_state() - the one place where a group changes state
 * @g: group, locked
 * @state: another state than it has
 * @event: why
 * @ctx: takes the packets to be sent
 *
 * Those that follow it change with it. Context: any, bottom halves off.
 */
void hsrp_group_set_state(struct hsrp_group *g, enum vpnha_state state,
			  enum vpnha_event event, struct hsrp_ctx *ctx)
{
	const enum vpnha_state old = g->state;
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_STATE_CHANGE,
		.mask = HSRP_D(STATE) | HSRP_D(STATE_OLD) |
			HSRP_D(ACTIVE_GROUPS) | HSRP_D(ACTIVE_GROUPS_OLD) |
			HSRP_D(PASSIVE_GROUPS) | HSRP_D(PASSIVE_GROUPS_OLD),
		.state_old = old,
		.state = state,
		.name = g->cfg.name,
	};

	lockdep_assert_held(&g->lock);
	if (WARN_ON_ONCE(state < VPNHA_STATE_INITIAL ||
			 state > VPNHA_STATE_ACTIVE || state == old))
		return;

	update_routers(g, state);
	if (is_active(state) || !hsrp_fsm_runs(state))
		cannot_preempt(g);
	WRITE_ONCE(g->state, state);
	if (is_active(old) || is_active(state))
		hsrp_up->group_role(g);
	g->changes++;
	g->changed = ktime_get_boottime();

	count_state(g, old, state, &d, ctx);
	trace_vpnha_hsrp_state(g->iface->name, g->number, old, state, event);
	hsrp_debug_group(g, &d);
	if (g->cfg.name[0]) {
		d.kind = VPNHA_DEBUG_KIND_REDUNDANCY;
		d.mask = HSRP_D(NAME) | HSRP_D(STATE) | HSRP_D(STATE_OLD);
		hsrp_debug_group(g, &d);
	}

	if (!hsrp_fsm_speaks(state))
		timer_stop(g, HSRP_TIMER_HELLO);
	else if (!timer_runs(g, HSRP_TIMER_HELLO))
		hello_timer_start_soon(g);

	/*
	 * RFC 2281 leaves c in Speak blank, so the active timer may be gone by
	 * now. The new standby then is heard as such once, and takes over.
	 */
	if (state == VPNHA_STATE_STANDBY && !timer_runs(g, HSRP_TIMER_ACTIVE))
		timer_start(g, HSRP_TIMER_ACTIVE, g->hello_ms);

	if (is_active(old))
		timer_stop(g, HSRP_TIMER_GARP);
	if (is_active(old) || is_active(state))
		hsrp_vaddr_kick(g);
	hsrp_group_tell(g);
	hsrp_follow_all(g, event, ctx);
}

static bool can_learn_vip(const struct hsrp_group *g,
			  const struct in6_addr *vip)
{
	if (hsrp_addr_equal(vip, &g->addr))
		return false;
	if (g->cfg.ipv6)
		return hsrp_addr_is_link_local(vip);
	return hsrp_addr_is_unicast(vip) &&
	       hsrp_addr_is_local_net(g->iface, vip);
}

/* RFC 2281 section 5.6, action E; only what is not configured is learned. */
static void learn(struct hsrp_group *g, const struct hsrp_pkt *pkt)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_LEARNED,
		.mask = HSRP_D(VIP) | HSRP_D(HELLO_MS) | HSRP_D(HOLD_MS),
	};
	bool changed = false;

	if (!g->cfg.hello_ms && pkt->hello_ms &&
	    pkt->hello_ms >= HSRP_HELLO_MIN_MS &&
	    pkt->hold_ms >= HSRP_HOLD_MIN_MS &&
	    pkt->hold_ms <= VPNHA_TIMER_MAX_MS &&
	    (g->hello_ms != pkt->hello_ms || g->hold_ms != pkt->hold_ms)) {
		hsrp_group_use_timers(g, pkt->hello_ms, pkt->hold_ms);
		changed = true;
	}
	if (hsrp_addr_any(&g->cfg.vip) && !hsrp_addr_equal(&g->vip, &pkt->vip) &&
	    can_learn_vip(g, &pkt->vip)) {
		hsrp_group_use_vip(g, &pkt->vip);
		changed = true;
	}
	if (!changed)
		return;
	d.vip = g->vip;
	d.hello_ms = g->hello_ms;
	d.hold_ms = g->hold_ms;
	hsrp_debug_group(g, &d);
}

/* What IOS prints: all that changes the state, and what others asked for. */
static void tell_event(struct hsrp_group *g, enum vpnha_event event,
		       const struct hsrp_pkt *pkt, const struct in6_addr *from)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_FSM_EVENT,
		.mask = HSRP_D(STATE) | HSRP_D(EVENT),
		.state = g->state,
		.event = event,
	};

	if (from) {
		d.mask |= HSRP_D(ADDRESS);
		d.addr = *from;
	}
	if (pkt) {
		d.mask |= HSRP_D(PRIORITY);
		d.priority = pkt->priority;
	}
	hsrp_debug_group(g, &d);
}

/**
 * hsrp_group_event() - feed an event to the state machine
 * @g: group, locked
 * @event: the event
 * @pkt: the packet that it came with, NULL for timers and configuration
 * @from: source of @pkt; for timers the router that was lost, or NULL
 * @ctx: takes the packets to be sent
 *
 * RFC 2281 sections 5.5 to 5.7. Context: any.
 */
void hsrp_group_event(struct hsrp_group *g, enum vpnha_event event,
		      const struct hsrp_pkt *pkt, const struct in6_addr *from,
		      struct hsrp_ctx *ctx)
{
	bool from_active = pkt && pkt->opcode == VPNHA_OPCODE_HELLO &&
			   pkt->state == VPNHA_STATE_ACTIVE;
	bool from_standby = pkt && pkt->opcode == VPNHA_OPCODE_HELLO &&
			    pkt->state == VPNHA_STATE_STANDBY;
	u32 hold_ms = pkt && pkt->hold_ms ? pkt->hold_ms : 0;
	struct hsrp_step step;

	lockdep_assert_held(&g->lock);
	if (event == VPNHA_EVENT_HELLO_HIGHER_ACTIVE)
		cannot_preempt(g);
	step = hsrp_fsm_step(g->state, event, !hsrp_addr_any(&g->vip),
			     event == VPNHA_EVENT_HELLO_LOWER_ACTIVE &&
			     may_preempt(g));
	if (step.next || event == VPNHA_EVENT_RESIGN ||
	    event == VPNHA_EVENT_COUP)
		tell_event(g, event, pkt, from);

	if (step.actions & HSRP_DO_E)
		learn(g, pkt);
	if (step.actions & HSRP_DO_C)
		timer_stop(g, HSRP_TIMER_ACTIVE);
	if (step.actions & HSRP_DO_D)
		timer_stop(g, HSRP_TIMER_STANDBY);
	if (step.actions & HSRP_DO_A)
		timer_start(g, HSRP_TIMER_ACTIVE,
			    from_active && hold_ms ? hold_ms : g->hold_ms);
	if (step.actions & HSRP_DO_B)
		timer_start(g, HSRP_TIMER_STANDBY,
			    from_standby && hold_ms ? hold_ms : g->hold_ms);
	/* Still in the state, and with the address, that it gives up. */
	if (step.actions & HSRP_DO_H)
		hsrp_tx_packet(g, VPNHA_OPCODE_RESIGN, ctx);

	if (step.next && step.next != g->state)
		hsrp_group_set_state(g, step.next, event, ctx);

	if (step.actions & HSRP_DO_G)
		hsrp_tx_packet(g, VPNHA_OPCODE_COUP, ctx);
	if (step.actions & HSRP_DO_F)
		send_hello(g, ctx);
	if (!(step.actions & HSRP_DO_I))
		return;
	if (step.next)
		hsrp_group_announce(g, ctx);
	else
		hsrp_group_announce_again(g, ctx);
}

static const struct in6_addr *remote_addr(const struct hsrp_router *router)
{
	return router->known && !router->local ? &router->addr : NULL;
}

static void timer_expired(struct hsrp_group *g, enum hsrp_timer_id id,
			  struct hsrp_ctx *ctx)
{
	switch (id) {
	case HSRP_TIMER_ACTIVE:
		hsrp_group_event(g, VPNHA_EVENT_ACTIVE_TIMER, NULL,
				 remote_addr(&g->active), ctx);
		if (!g->active.local)
			set_unknown(g, &g->active);
		break;
	case HSRP_TIMER_STANDBY:
		hsrp_group_event(g, VPNHA_EVENT_STANDBY_TIMER, NULL,
				 remote_addr(&g->standby), ctx);
		if (!g->standby.local)
			set_unknown(g, &g->standby);
		break;
	case HSRP_TIMER_HELLO:
		hsrp_group_event(g, VPNHA_EVENT_HELLO_TIMER, NULL, NULL, ctx);
		break;
	case HSRP_TIMER_GARP:
		send_garp(g, ctx);
		break;
	default:
		WARN_ON_ONCE(1);
	}
}

static enum hrtimer_restart timer_callback(struct hrtimer *hrtimer)
{
	struct hsrp_timer *timer = container_of(hrtimer, struct hsrp_timer,
						timer);
	struct hsrp_group *g = timer->group;
	struct hsrp_ctx ctx;

	hsrp_ctx_init(&ctx);
	rcu_read_lock();
	spin_lock(&g->lock);
	if (timer->deadline &&
	    ktime_compare(ktime_get(), timer->deadline) >= 0) {
		timer->deadline = 0;
		timer_expired(g, timer - g->timers, &ctx);
	}
	spin_unlock(&g->lock);
	hsrp_tx_flush(&ctx);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

/**
 * hsrp_group_use_timers() - take timers into use
 * @g: group, locked
 * @hello_ms: hello time in milliseconds
 * @hold_ms: hold time in milliseconds
 *
 * A hello that would now come too late is brought forward.
 * Context: any.
 */
void hsrp_group_use_timers(struct hsrp_group *g, u32 hello_ms, u32 hold_ms)
{
	lockdep_assert_held(&g->lock);
	g->hello_ms = hello_ms;
	g->hold_ms = hold_ms;
	if (hsrp_fsm_speaks(g->state) &&
	    hsrp_timer_left_ms(g, HSRP_TIMER_HELLO) > hello_ms)
		hello_timer_start(g);
}

/**
 * hsrp_group_use_priority() - take a priority into use
 * @g: group, locked
 * @priority: 0 to 255
 * @ctx: takes the packets to be sent
 *
 * The others hear of it at once. Context: any.
 */
void hsrp_group_use_priority(struct hsrp_group *g, u32 priority,
			     struct hsrp_ctx *ctx)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_PRIORITY,
		.mask = HSRP_D(PRIORITY) | HSRP_D(PRIORITY_OLD),
		.priority_old = g->priority,
		.priority = priority,
	};

	lockdep_assert_held(&g->lock);
	if (g->priority == priority)
		return;
	g->priority = priority;
	if (g->active.local)
		g->active.priority = priority;
	if (g->standby.local)
		g->standby.priority = priority;
	hsrp_debug_group(g, &d);
	if (hsrp_fsm_speaks(g->state))
		send_hello(g, ctx);
	hsrp_group_tell(g);
}

static void use_configured(struct hsrp_group *g)
{
	hsrp_group_use_vip(g, &g->cfg.vip);
	if (g->cfg.hello_ms)
		hsrp_group_use_timers(g, g->cfg.hello_ms, g->cfg.hold_ms);
	else
		hsrp_group_use_timers(g, HSRP_DEFAULT_HELLO_MS,
				      HSRP_DEFAULT_HOLD_MS);
}

/**
 * hsrp_group_start() - start the protocol
 * @g: group, locked, in the initial state
 * @addr: our address on the interface
 * @ctx: takes the packets to be sent
 *
 * Event a. Context: RTNL.
 */
void hsrp_group_start(struct hsrp_group *g, const struct in6_addr *addr,
		      struct hsrp_ctx *ctx)
{
	g->addr = *addr;
	g->first_up = g->iface->first_up;
	g->reason = VPNHA_INIT_REASON_NONE;
	use_configured(g);
	hsrp_group_event(g, VPNHA_EVENT_ENABLED, NULL, NULL, ctx);
}

/**
 * hsrp_group_stop() - stop the protocol
 * @g: group, locked, in any state
 * @reason: why
 * @ctx: takes the packets to be sent
 *
 * Event b, unless it is stopped already; what was learned is forgotten. Its
 * leader does not start one that follows before it has been evaluated.
 * Context: RTNL.
 */
void hsrp_group_stop(struct hsrp_group *g, enum vpnha_init_reason reason,
		     struct hsrp_ctx *ctx)
{
	bool changed = g->reason != reason;

	g->reason = reason;
	g->halted = true;
	if (hsrp_fsm_runs(g->state) && hsrp_group_follows(g))
		hsrp_group_set_state(g, VPNHA_STATE_INITIAL,
				     VPNHA_EVENT_DISABLED, ctx);
	else if (hsrp_fsm_runs(g->state))
		hsrp_group_event(g, VPNHA_EVENT_DISABLED, NULL, NULL, ctx);
	else if (changed)
		hsrp_group_tell(g);
	hsrp_auth_forget(&g->old_auth);
	use_configured(g);
}

/**
 * hsrp_group_alloc() - make a group in the initial state
 * @iface: its interface
 * @number: its number
 *
 * Context: process. Return: the group with one reference, or NULL.
 */
struct hsrp_group *hsrp_group_alloc(struct hsrp_iface *iface, u16 number)
{
	struct hsrp_group *g;
	int i;

	g = kzalloc(sizeof(*g), GFP_KERNEL);
	if (!g)
		return NULL;

	kref_init(&g->ref);
	kref_get(&iface->ref);
	g->iface = iface;
	g->number = number;
	spin_lock_init(&g->lock);
	g->cfg.priority = HSRP_DEFAULT_PRIORITY;
	g->cfg.auth = hsrp_auth_cisco;
	g->state = VPNHA_STATE_INITIAL;
	g->reason = VPNHA_INIT_REASON_DISABLED;
	g->changed = ktime_get_boottime();
	g->priority = HSRP_DEFAULT_PRIORITY;
	g->hello_ms = HSRP_DEFAULT_HELLO_MS;
	g->hold_ms = HSRP_DEFAULT_HOLD_MS;
	g->unable = VPNHA_INIT_REASON_DISABLED;
	g->halted = true;
	INIT_LIST_HEAD(&g->follower_list);
	INIT_LIST_HEAD(&g->followers);
	INIT_LIST_HEAD(&g->tracks);
	INIT_LIST_HEAD(&g->va_node);
	INIT_LIST_HEAD(&g->txn_list);
	for (i = 0; i < HSRP_VIPS_MAX; i++)
		g->vips[i].index = i;
	INIT_HLIST_NODE(&g->mac_node);
	INIT_HLIST_NODE(&g->cfg_name_node);
	INIT_HLIST_NODE(&g->cfg_follow_node);
	for (i = 0; i < HSRP_NTIMERS; i++) {
		g->timers[i].group = g;
		hrtimer_init(&g->timers[i].timer, CLOCK_MONOTONIC,
			     HRTIMER_MODE_ABS_SOFT);
		g->timers[i].timer.function = timer_callback;
	}
	return g;
}

static void release(struct kref *ref)
{
	struct hsrp_group *g = container_of(ref, struct hsrp_group, ref);

	/* Whoever still holds it finds a group that does not run: no key is read. */
	memzero_explicit(&g->cfg.auth, sizeof(g->cfg.auth));
	memzero_explicit(&g->next.auth, sizeof(g->next.auth));
	hsrp_auth_forget(&g->old_auth);
	hsrp_iface_put(g->iface);
	kfree_rcu(g, rcu);
}

/**
 * hsrp_group_put() - drop a reference
 * @g: group
 *
 * Context: any.
 */
void hsrp_group_put(struct hsrp_group *g)
{
	kref_put(&g->ref, release);
}

/**
 * hsrp_group_kill() - end a group that nobody finds any more
 * @g: group, stopped
 *
 * Packets that found it before may still hold it under RCU; they see it in the
 * initial state and dead. Context: process, RTNL, without the lock.
 */
void hsrp_group_kill(struct hsrp_group *g)
{
	int i;

	spin_lock_bh(&g->lock);
	g->dead = true;
	for (i = 0; i < HSRP_NTIMERS; i++)
		timer_stop(g, i);
	hsrp_group_use_nothing(g);
	hsrp_up->group_removed(g);
	spin_unlock_bh(&g->lock);

	for (i = 0; i < HSRP_NTIMERS; i++)
		hrtimer_cancel(&g->timers[i].timer);
	hsrp_group_put(g);
}
