// SPDX-License-Identifier: GPL-2.0
#include "hsrp/upcall.h"

const struct hsrp_upcalls *hsrp_up;

/**
 * hsrp_debug_iface() - tell a step that an interface made
 * @iface: the interface
 * @d: the step; its name is filled in
 *
 * Context: any.
 */
void hsrp_debug_iface(struct hsrp_iface *iface, struct hsrp_debug *d)
{
	if (!hsrp_debug_wanted(iface))
		return;
	d->ifname = iface->name;
	d->mask |= HSRP_D(IFNAME);
	hsrp_up->debug(iface->hn->net, d);
}

/**
 * hsrp_debug_group() - tell a step that a group made
 * @g: the group
 * @d: the step; the names of group and interface are filled in
 *
 * Context: any.
 */
void hsrp_debug_group(struct hsrp_group *g, struct hsrp_debug *d)
{
	d->number = g->number;
	d->mask |= HSRP_D(NUMBER);
	hsrp_debug_iface(g->iface, d);
}

/**
 * hsrp_debug_packet() - tell of a packet
 * @iface: interface
 * @kind: VPNHA_DEBUG_KIND_PACKET_IN, _OUT or _RIVAL
 * @pkt: the packet
 * @from: source address
 * @identifier: MAC address that identifies the sender
 *
 * Context: any.
 */
void hsrp_debug_packet(struct hsrp_iface *iface, enum vpnha_debug_kind kind,
		       const struct hsrp_pkt *pkt, const struct in6_addr *from,
		       const u8 *identifier)
{
	struct hsrp_debug d = {
		.kind = kind,
		.mask = HSRP_D(OPCODE) | HSRP_D(ADDRESS) | HSRP_D(IDENTIFIER),
		.opcode = pkt->opcode,
		.addr = *from,
		.identifier = identifier,
		.active = pkt->active_groups,
		.passive = pkt->passive_groups,
		.number = pkt->group,
		.state = pkt->state,
		.priority = pkt->priority,
		.vip = pkt->vip,
		.hello_ms = pkt->hello_ms,
		.hold_ms = pkt->hold_ms,
	};

	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE)
		d.mask |= HSRP_D(ACTIVE_GROUPS) | HSRP_D(PASSIVE_GROUPS);
	else
		d.mask |= HSRP_D(NUMBER) | HSRP_D(STATE) | HSRP_D(PRIORITY) |
			  HSRP_D(HELLO_MS) | HSRP_D(HOLD_MS);
	/* Where it has none, that it has none is told of IPv4 only. */
	if (d.mask & HSRP_D(STATE) &&
	    (!pkt->ipv6 || !hsrp_addr_any(&pkt->vip)))
		d.mask |= HSRP_D(VIP);
	hsrp_debug_iface(iface, &d);
}
