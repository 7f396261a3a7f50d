// SPDX-License-Identifier: GPL-2.0
#include "hsrp/fsm.h"

#define NEVENTS		(VPNHA_EVENT_HELLO_LOWER_STANDBY + 1)
#define NSTATES		(VPNHA_STATE_ACTIVE + 1)

/* Not a state: 3 (Listen) with a virtual IP, 2 (Learn) without. */
#define LEARN_OR_LISTEN	(NSTATES)

/* The letters and numbers of the RFC, for this table only. */
#define A	HSRP_DO_A
#define B	HSRP_DO_B
#define C	HSRP_DO_C
#define D	HSRP_DO_D
#define E	HSRP_DO_E
#define F	HSRP_DO_F
#define G	HSRP_DO_G
#define H	HSRP_DO_H
#define I	HSRP_DO_I
#define S1	VPNHA_STATE_INITIAL
#define S3	VPNHA_STATE_LISTEN
#define S4	VPNHA_STATE_SPEAK
#define S5	VPNHA_STATE_STANDBY
#define S6	VPNHA_STATE_ACTIVE
#define NIL	{ 0, 0 }

/*
 * RFC 2281 section 5.7, one row an event, columns in the RFC's order. Row
 * h_pre holds the second alternative of the cells that the RFC marks with *.
 *
 * Some cells say more than the RFC's: an active router that yields to a hello
 * of higher priority (g) resigns, as IOS does, so that third routers do not
 * wait for a hold time. And one that hears of another active router, by its
 * hello (h) or by the resign of one that has yielded already (i), sends
 * gratuitous ARP again: switches have learnt the other one's port.
 */
static const struct hsrp_step table[NEVENTS][NSTATES - 1] = {
	/* 1 Initial, 2 Learn, 3 Listen, 4 Speak, 5 Standby, 6 Active */
	[VPNHA_EVENT_ENABLED] /* a */ = {
		{ A | B, LEARN_OR_LISTEN }, NIL, NIL, NIL, NIL, NIL },
	[VPNHA_EVENT_DISABLED] /* b */ = {
		NIL, { C | D, S1 }, { C | D, S1 }, { C | D, S1 }, { C | D, S1 },
		{ C | D | H, S1 } },
	[VPNHA_EVENT_ACTIVE_TIMER] /* c */ = {
		NIL, NIL, { A | B, S4 }, NIL, { C | D | F | I, S6 }, NIL },
	[VPNHA_EVENT_STANDBY_TIMER] /* d */ = {
		NIL, NIL, { B, S4 }, { D, S5 }, NIL, NIL },
	[VPNHA_EVENT_HELLO_TIMER] /* e */ = {
		NIL, NIL, NIL, { F, 0 }, { F, 0 }, { F, 0 } },
	[VPNHA_EVENT_HELLO_HIGHER_SPEAK] /* f */ = {
		NIL, NIL, NIL, { B, S3 }, { B, S3 }, NIL },
	[VPNHA_EVENT_HELLO_HIGHER_ACTIVE] /* g */ = {
		NIL, { E | A | B, S3 }, { E | A, 0 }, { E | A, 0 }, { E | A, 0 },
		{ A | B | H, S4 } },
	[VPNHA_EVENT_HELLO_LOWER_ACTIVE] /* h */ = {
		NIL, { E | A | B, S3 }, { A, 0 }, { A, 0 }, { A, 0 },
		{ G | I, 0 } },
	[VPNHA_EVENT_RESIGN] /* i */ = {
		NIL, NIL, { A | B, S4 }, { A, 0 }, { C | F | I, S6 },
		{ I, 0 } },
	[VPNHA_EVENT_COUP] /* j */ = {
		NIL, NIL, NIL, NIL, NIL, { A | B | H, S4 } },
	[VPNHA_EVENT_HELLO_HIGHER_STANDBY] /* k */ = {
		NIL, NIL, { B, 0 }, { B, S3 }, { B, S3 }, { B, 0 } },
	[VPNHA_EVENT_HELLO_LOWER_STANDBY] /* l */ = {
		NIL, NIL, { B, S4 }, { D, S5 }, NIL, { B, 0 } },
};

static const struct hsrp_step h_pre[NSTATES - 1] = {
	NIL, { E | A | B, S3 }, { B | G | F | I, S6 }, { B | G | F | I, S6 },
	{ B | G | F | I, S6 }, { G | I, 0 },
};

#undef A
#undef B
#undef C
#undef D
#undef E
#undef F
#undef G
#undef H
#undef I

/**
 * hsrp_fsm_step() - look up a cell of the state table
 * @state: current state
 * @event: what happened
 * @has_vip: the virtual IP is known, by configuration or learned
 * @preempt: the group is configured to preempt
 *
 * RFC 2281 section 5.7. Context: any. Return: the actions and the next state;
 * nothing at all for a blank cell or for values out of range.
 */
struct hsrp_step hsrp_fsm_step(enum vpnha_state state, enum vpnha_event event,
			       bool has_vip, bool preempt)
{
	struct hsrp_step step = { 0, 0 };

	if (state < VPNHA_STATE_INITIAL || state > VPNHA_STATE_ACTIVE ||
	    event < VPNHA_EVENT_ENABLED ||
	    event > VPNHA_EVENT_HELLO_LOWER_STANDBY)
		return step;

	if (event == VPNHA_EVENT_HELLO_LOWER_ACTIVE && preempt)
		step = h_pre[state - 1];
	else
		step = table[event][state - 1];

	if (step.next == LEARN_OR_LISTEN)
		step.next = has_vip ? VPNHA_STATE_LISTEN : VPNHA_STATE_LEARN;
	return step;
}

/**
 * hsrp_fsm_runs() - does the protocol run in this state?
 * @state: a state
 *
 * Context: any. Return: false in the initial state only.
 */
bool hsrp_fsm_runs(enum vpnha_state state)
{
	return state > VPNHA_STATE_INITIAL;
}

/**
 * hsrp_fsm_speaks() - are hellos sent in this state?
 * @state: a state
 *
 * RFC 2281 section 5.4. Context: any. Return: true from Speak upwards.
 */
bool hsrp_fsm_speaks(enum vpnha_state state)
{
	return state >= VPNHA_STATE_SPEAK;
}

/**
 * hsrp_rank_cmp() - compare two routers
 * @a: one router
 * @b: the other
 *
 * RFC 2281 section 5.1, "Priority". Context: any.
 * Return: positive when @a wins, negative when @b does, 0 for the same rank.
 */
int hsrp_rank_cmp(const struct hsrp_rank *a, const struct hsrp_rank *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority ? 1 : -1;
	return memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

/**
 * hsrp_fsm_classify() - which event is a packet?
 * @opcode: operation code of the packet
 * @sender: state of the sender according to the packet
 * @rank_cmp: sign of the comparison of the sender with us
 *
 * RFC 2281 section 5.5. Whether a resign comes from the active router is the
 * caller's to know. Context: any. Return: enum vpnha_event, 0 for none.
 */
int hsrp_fsm_classify(enum vpnha_opcode opcode, enum vpnha_state sender,
		      int rank_cmp)
{
	bool higher = rank_cmp > 0;

	switch (opcode) {
	case VPNHA_OPCODE_HELLO:
		switch (sender) {
		case VPNHA_STATE_ACTIVE:
			return higher ? VPNHA_EVENT_HELLO_HIGHER_ACTIVE :
					VPNHA_EVENT_HELLO_LOWER_ACTIVE;
		case VPNHA_STATE_STANDBY:
			return higher ? VPNHA_EVENT_HELLO_HIGHER_STANDBY :
					VPNHA_EVENT_HELLO_LOWER_STANDBY;
		case VPNHA_STATE_SPEAK:
			return higher ? VPNHA_EVENT_HELLO_HIGHER_SPEAK : 0;
		default:
			return 0;
		}
	case VPNHA_OPCODE_COUP:
		return higher ? VPNHA_EVENT_COUP : 0;
	case VPNHA_OPCODE_RESIGN:
		return VPNHA_EVENT_RESIGN;
	default:
		return 0;
	}
}
