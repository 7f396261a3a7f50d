/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state machine of RFC 2281 section 5, as data. Pure: no lock, no clock,
 * no packet buffer.
 */
#ifndef _VPNHA_HSRP_FSM_H
#define _VPNHA_HSRP_FSM_H

#include "hsrp/addr.h"

/**
 * enum hsrp_action - actions of RFC 2281 section 5.6, one bit a letter
 * @HSRP_DO_A: start the active timer
 * @HSRP_DO_B: start the standby timer
 * @HSRP_DO_C: stop the active timer
 * @HSRP_DO_D: stop the standby timer
 * @HSRP_DO_E: learn parameters
 * @HSRP_DO_F: send a hello
 * @HSRP_DO_G: send a coup
 * @HSRP_DO_H: send a resign
 * @HSRP_DO_I: send gratuitous ARP
 */
enum hsrp_action {
	HSRP_DO_A = BIT(0),
	HSRP_DO_B = BIT(1),
	HSRP_DO_C = BIT(2),
	HSRP_DO_D = BIT(3),
	HSRP_DO_E = BIT(4),
	HSRP_DO_F = BIT(5),
	HSRP_DO_G = BIT(6),
	HSRP_DO_H = BIT(7),
	HSRP_DO_I = BIT(8),
};

/**
 * struct hsrp_step - what an event makes of a state
 * @actions: set of enum hsrp_action
 * @next: enum vpnha_state to go to, 0 to stay
 */
struct hsrp_step {
	u16 actions;
	u8 next;
};

/**
 * struct hsrp_rank - what decides between two routers
 * @priority: 0 to 255; the higher one wins
 * @addr: address; the higher one wins a tie
 */
struct hsrp_rank {
	u32 priority;
	struct in6_addr addr;
};

struct hsrp_step hsrp_fsm_step(enum vpnha_state state, enum vpnha_event event,
			       bool has_vip, bool preempt);
bool hsrp_fsm_runs(enum vpnha_state state);
bool hsrp_fsm_speaks(enum vpnha_state state);
int hsrp_rank_cmp(const struct hsrp_rank *a, const struct hsrp_rank *b);
int hsrp_fsm_classify(enum vpnha_opcode opcode, enum vpnha_state sender,
		      int rank_cmp);

#endif /* _VPNHA_HSRP_FSM_H */
