// SPDX-License-Identifier: GPL-2.0
#include <linux/etherdevice.h>

#include "core/sockaddr.h"
#include "core/trace.h"
#include "hsrp/upcall.h"

static const char *const reasons[] = {
	[VPNHA_DROP_REASON_TRUNCATED]		= "truncated",
	[VPNHA_DROP_REASON_BAD_CHECKSUM]	= "bad checksum",
	[VPNHA_DROP_REASON_BAD_TTL]		= "it was forwarded",
	[VPNHA_DROP_REASON_BAD_LENGTH]		= "bad length",
	[VPNHA_DROP_REASON_BAD_VERSION]		= "another version",
	[VPNHA_DROP_REASON_BAD_OPCODE]		= "bad operation code",
	[VPNHA_DROP_REASON_BAD_STATE]		= "bad state",
	[VPNHA_DROP_REASON_BAD_TIMERS]		= "bad timers",
	[VPNHA_DROP_REASON_BAD_AUTHENTICATION]	= "bad authentication",
	[VPNHA_DROP_REASON_OWN_ADDRESS]		= "from our own address",
	[VPNHA_DROP_REASON_DIFFERENT_VIP]	= "another virtual IP",
	[VPNHA_DROP_REASON_FOLLOWING]		= "the group follows another one",
	[VPNHA_DROP_REASON_BAD_SOURCE]		= "not from a link-local address",
};

/* Others may have groups of their own, and the peer some before we run. */
static bool is_offence(enum vpnha_drop_reason reason)
{
	return reason != VPNHA_DROP_REASON_UNKNOWN_GROUP &&
	       reason != VPNHA_DROP_REASON_NOT_RUNNING &&
	       reason != VPNHA_DROP_REASON_BAD_FAMILY;
}

/*
 * Whoever floods the network does not flood the log; and nothing of a namespace
 * whose owner need not be an administrator of this machine gets there.
 */
static void complain(struct hsrp_iface *iface, const struct in6_addr *from,
		     const u8 *from_mac, enum vpnha_drop_reason reason)
{
	const union vpnha_sockaddr sender = vpnha_sockaddr(from);

	if (iface->hn->net->user_ns != &init_user_ns)
		return;
	if (!__ratelimit(&iface->complaints)) {
		atomic_inc(&iface->unlogged);
		return;
	}
	pr_warn("vpnha: %s: bad HSRP packet of %pISc (%pM): %s (%d more since the last line)\n",
		iface->name, &sender, from_mac, reasons[reason],
		atomic_xchg(&iface->unlogged, 0));
}

static void note_offender(struct hsrp_iface *iface,
			  const struct in6_addr *from, const u8 *from_mac,
			  enum vpnha_drop_reason reason)
{
	struct hsrp_offender *o = &iface->offender;

	spin_lock_bh(&iface->offender_lock);
	o->reason = reason;
	o->addr = *from;
	ether_addr_copy(o->mac, from_mac);
	o->at = ktime_get_boottime();
	spin_unlock_bh(&iface->offender_lock);
	complain(iface, from, from_mac, reason);
}

/**
 * hsrp_rx_drop() - count a packet that is not obeyed
 * @iface: interface
 * @from: source address
 * @from_mac: source MAC address of the frame
 * @reason: why
 *
 * Context: softirq or process.
 */
void hsrp_rx_drop(struct hsrp_iface *iface, const struct in6_addr *from,
		  const u8 *from_mac, enum vpnha_drop_reason reason)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_PACKET_DROP,
		.mask = HSRP_D(DROP_REASON) | HSRP_D(ADDRESS),
		.drop_reason = reason,
		.addr = *from,
	};

	atomic64_inc(&iface->drops[reason]);
	if (is_offence(reason))
		note_offender(iface, from, from_mac, reason);
	trace_vpnha_hsrp_drop(iface->name, from, reason);
	hsrp_debug_iface(iface, &d);
}

static bool is_router(const struct hsrp_router *router,
		      const struct in6_addr *addr)
{
	return router->known && !router->local &&
	       hsrp_addr_equal(&router->addr, addr);
}

static void forget(struct hsrp_group *g, struct hsrp_router *router)
{
	static const struct hsrp_router unknown;

	hsrp_group_set_router(g, router, &unknown);
}

/*
 * Note which part the sender plays. A part that we play ourselves is given up
 * only to a sender that wins it from us.
 */
static void note_sender(struct hsrp_group *g, const struct hsrp_pkt *pkt,
			const struct in6_addr *from, const u8 *from_mac,
			bool higher)
{
	const struct hsrp_router sender = {
		.known = true,
		.addr = *from,
		.priority = pkt->priority,
		.mac = ether_addr_to_u64(from_mac),
	};
	bool was_active = is_router(&g->active, from);
	bool was_standby = is_router(&g->standby, from);
	bool active = pkt->state == VPNHA_STATE_ACTIVE;
	bool standby = pkt->state == VPNHA_STATE_STANDBY;

	if (pkt->opcode == VPNHA_OPCODE_RESIGN)
		return;
	if (pkt->opcode == VPNHA_OPCODE_COUP) {
		active = higher;
		standby = false;
		if (!active)
			return;
	}

	if (active && (!g->active.local || higher))
		hsrp_group_set_router(g, &g->active, &sender);
	else if (was_active && !active)
		forget(g, &g->active);

	if (standby && (!g->standby.local || higher))
		hsrp_group_set_router(g, &g->standby, &sender);
	else if (was_standby && !standby)
		forget(g, &g->standby);
}

static void group_rx(struct hsrp_group *g, const struct hsrp_pkt *pkt,
		     const struct in6_addr *from, const u8 *from_mac,
		     const u8 *identifier, struct hsrp_ctx *ctx)
{
	struct hsrp_rank theirs = { pkt->priority, *from };
	struct hsrp_rank ours = { g->priority, g->addr };
	int cmp = hsrp_rank_cmp(&theirs, &ours);
	int event;

	g->counters.rx[pkt->opcode]++;
	event = hsrp_fsm_classify(pkt->opcode, pkt->state, cmp);

	/* Only the active router can resign, as far as we know who that is. */
	if (event == VPNHA_EVENT_RESIGN && g->active.known &&
	    !g->active.local && !is_router(&g->active, from))
		event = 0;

	if (event == VPNHA_EVENT_HELLO_HIGHER_ACTIVE && g->active.local)
		hsrp_debug_packet(g->iface, VPNHA_DEBUG_KIND_RIVAL, pkt, from,
				  identifier);
	note_sender(g, pkt, from, from_mac, cmp > 0);
	if (event)
		hsrp_group_event(g, event, pkt, from, ctx);
	if (event == VPNHA_EVENT_RESIGN && is_router(&g->active, from))
		forget(g, &g->active);
}

/**
 * hsrp_rx() - receive a packet
 * @iface: interface
 * @data: UDP payload
 * @len: its length in bytes
 * @from: source address
 * @from_mac: source MAC address of the frame
 *
 * RFC 2281 section 5.5. Context: softirq, RCU.
 */
void hsrp_rx(struct hsrp_iface *iface, const u8 *data, size_t len,
	     const struct in6_addr *from, const u8 *from_mac)
{
	const u8 *identifier = from_mac;
	struct hsrp_group *g;
	struct hsrp_ctx ctx;
	struct hsrp_pkt pkt;
	int reason;

	reason = hsrp_wire_parse(data, len, READ_ONCE(iface->version), &pkt);
	if (reason)
		goto drop;
	reason = VPNHA_DROP_REASON_BAD_FAMILY;
	if (pkt.opcode != VPNHA_OPCODE_ADVERTISE &&
	    pkt.ipv6 == hsrp_addr_is4(from))
		goto drop;
	if (pkt.version == 2 && pkt.opcode != VPNHA_OPCODE_ADVERTISE)
		identifier = pkt.id;
	hsrp_debug_packet(iface, VPNHA_DEBUG_KIND_PACKET_IN, &pkt, from,
			  identifier);
	if (pkt.opcode == VPNHA_OPCODE_ADVERTISE) {
		atomic64_inc(&iface->adv_rx);
		return;
	}

	reason = VPNHA_DROP_REASON_UNKNOWN_GROUP;
	g = xa_load(&iface->groups, pkt.group);
	if (!g)
		goto drop;

	hsrp_ctx_init(&ctx);
	spin_lock_bh(&g->lock);
	if (g->cfg.ipv6 != pkt.ipv6)
		reason = VPNHA_DROP_REASON_BAD_FAMILY;
	else if (hsrp_group_follows(g))
		reason = VPNHA_DROP_REASON_FOLLOWING;
	else if (!hsrp_fsm_runs(g->state))
		reason = VPNHA_DROP_REASON_NOT_RUNNING;
	else if (hsrp_addr_equal(from, &g->addr))
		reason = VPNHA_DROP_REASON_OWN_ADDRESS;
	else if (!hsrp_auth_check(&g->cfg.auth, &g->old_auth, &pkt, from, data,
				  len))
		reason = VPNHA_DROP_REASON_BAD_AUTHENTICATION;
	else
		reason = 0;
	if (!reason) {
		trace_vpnha_hsrp_rx(iface->name, g->number, pkt.opcode,
				    pkt.state, pkt.priority, from);
		/* Told, but obeyed: the pair must not split over it. */
		if (!hsrp_addr_any(&g->cfg.vip) && !hsrp_addr_any(&pkt.vip) &&
		    !hsrp_addr_equal(&pkt.vip, &g->cfg.vip))
			hsrp_rx_drop(iface, from, from_mac,
				     VPNHA_DROP_REASON_DIFFERENT_VIP);
		group_rx(g, &pkt, from, from_mac, identifier, &ctx);
	}
	spin_unlock_bh(&g->lock);
	hsrp_tx_flush(&ctx);
	if (!reason)
		return;
drop:
	hsrp_rx_drop(iface, from, from_mac, reason);
}
