/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unit tests of the packets share. Every packet is parsed out of a
 * block of exactly its own size, so that the address sanitizer sees a read past
 * its end.
 */
#ifndef _VPNHA_WIRE_UNIT_H
#define _VPNHA_WIRE_UNIT_H

#include <stdlib.h>

#include "hsrp/wire.h"

/* Parses a copy that ends where its block of memory does. */
static inline int parse(const void *data, size_t len, unsigned int version,
			struct hsrp_pkt *pkt)
{
	u8 *copy = malloc(len ?: 1);
	int reason;

	if (!copy)
		abort();
	memcpy(copy, data, len);
	/* a field that the parser leaves alone shows */
	memset(pkt, 0xa5, sizeof(*pkt));
	reason = hsrp_wire_parse(len ? copy : copy + 1, len, version, pkt);
	free(copy);
	return reason;
}

/* A hello of version 2 with a value of its own in every field but the virtual IP. */
static inline struct hsrp_pkt v2_pkt(void)
{
	struct hsrp_pkt pkt = {
		.version = 2,
		.opcode = VPNHA_OPCODE_HELLO,
		.state = VPNHA_STATE_ACTIVE,
		.group = 2748,
		.priority = 200,
		.hello_ms = 250,
		.hold_ms = 750,
		.id = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
		.auth = "cisco",
	};

	return pkt;
}

static inline bool same(const struct hsrp_pkt *a, const struct hsrp_pkt *b)
{
	return a->version == b->version && a->opcode == b->opcode &&
	       a->state == b->state && a->group == b->group &&
	       a->priority == b->priority && a->hello_ms == b->hello_ms &&
	       a->hold_ms == b->hold_ms && a->ipv6 == b->ipv6 &&
	       hsrp_addr_equal(&a->vip, &b->vip) &&
	       !memcmp(a->id, b->id, sizeof(a->id)) &&
	       !memcmp(a->auth, b->auth, sizeof(a->auth)) &&
	       a->digest == b->digest && a->digest_addr == b->digest_addr &&
	       a->active_groups == b->active_groups &&
	       a->passive_groups == b->passive_groups;
}

#endif /* _VPNHA_WIRE_UNIT_H */
