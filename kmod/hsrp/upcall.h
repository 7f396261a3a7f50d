/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What HSRP tells to those above it, who are not to be included from here.
 */
#ifndef _VPNHA_HSRP_UPCALL_H
#define _VPNHA_HSRP_UPCALL_H

#include "hsrp/hsrp.h"

/**
 * struct hsrp_debug - a step of the protocol for "debug standby"
 * @kind: what it is
 * @mask: which of the values are there, bits of VPNHA_A_DEBUG_*
 * @ifname: interface
 * @number: group
 * @name: redundancy name
 * @event: event of the state machine
 * @state: state, the new one of two
 * @state_old: state before
 * @addr: a router's address
 * @addr_old: address of the router before
 * @priority: priority, the new one of two
 * @priority_old: priority before
 * @active: number of active groups
 * @active_old: number of active groups before
 * @passive: number of passive groups
 * @passive_old: number of passive groups before
 * @opcode: operation code
 * @vip: virtual IP
 * @hello_ms: hello time in milliseconds
 * @hold_ms: hold time in milliseconds
 * @identifier: identifier of a packet's sender
 * @drop_reason: why a packet was not obeyed
 * @track_id: number of a tracked object
 * @target: tracked interface
 * @up: whether it is up
 * @delay_ms: minimum interface delay in milliseconds
 * @error: negative errno
 *
 * The flags "local" and "local-old" stand in @mask alone.
 */
struct hsrp_debug {
	enum vpnha_debug_kind kind;
	u64 mask;
	const char *ifname;
	u16 number;
	const char *name;
	u8 event;
	u8 state;
	u8 state_old;
	struct in6_addr addr;
	struct in6_addr addr_old;
	u32 priority;
	u32 priority_old;
	u32 active;
	u32 active_old;
	u32 passive;
	u32 passive_old;
	u8 opcode;
	struct in6_addr vip;
	u32 hello_ms;
	u32 hold_ms;
	const u8 *identifier;
	u8 drop_reason;
	u32 track_id;
	const char *target;
	bool up;
	u32 delay_ms;
	int error;
};

#define HSRP_D(attr)	BIT_ULL(VPNHA_A_DEBUG_##attr)

/**
 * struct hsrp_upcalls - who is told
 * @debug_wanted: does somebody listen to debug events in the namespace?
 * @debug: a step of the protocol
 * @group_role: a group is about to act on another state; its lock is held.
 *	What runs only with an active group begins and ends here
 * @group_changed: a group was made, configured or changed state; its lock is
 *	held
 * @group_removed: a group was removed; its lock is held
 * @iface_changed: an interface was made, configured or changed state; RTNL
 * @iface_removed: an interface was removed; RTNL
 * @track_changed: what a group tracks was made or changed; RTNL
 * @track_removed: a group tracks it no longer; RTNL
 * @object_changed: a configured object was made or changed; RTNL
 * @object_removed: a configured object was removed; RTNL
 *
 * None may sleep or take a lock of HSRP's.
 */
struct hsrp_upcalls {
	bool (*debug_wanted)(struct net *net);
	void (*debug)(struct net *net, const struct hsrp_debug *d);
	void (*group_role)(struct hsrp_group *g);
	void (*group_changed)(struct hsrp_group *g);
	void (*group_removed)(struct hsrp_group *g);
	void (*iface_changed)(struct hsrp_iface *iface);
	void (*iface_removed)(struct hsrp_iface *iface);
	void (*track_changed)(struct hsrp_track *t);
	void (*track_removed)(struct hsrp_track *t);
	void (*object_changed)(struct hsrp_object *object);
	void (*object_removed)(struct hsrp_object *object);
};

/* Set once, before hsrp_init(). */
extern const struct hsrp_upcalls *hsrp_up;

/**
 * hsrp_debug_wanted() - is it worth to build a debug event?
 * @iface: interface that it is about
 *
 * Context: any. Return: true when somebody listens.
 */
static inline bool hsrp_debug_wanted(const struct hsrp_iface *iface)
{
	return hsrp_up->debug_wanted(iface->hn->net);
}

void hsrp_debug_iface(struct hsrp_iface *iface, struct hsrp_debug *d);
void hsrp_debug_group(struct hsrp_group *g, struct hsrp_debug *d);
void hsrp_debug_packet(struct hsrp_iface *iface, enum vpnha_debug_kind kind,
		       const struct hsrp_pkt *pkt, const struct in6_addr *from,
		       const u8 *identifier);

#endif /* _VPNHA_HSRP_UPCALL_H */
