/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Steps of the protocol as "debug standby" prints them. */
#ifndef VPNHA_EVENT_H
#define VPNHA_EVENT_H

#include <jansson.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/vpnha.h>

#include "lib/address.h"

enum event_class {
	EVENT_CLASS_EVENTS	= 1 << 0,
	EVENT_CLASS_PACKETS	= 1 << 1,
	EVENT_CLASS_ERRORS	= 1 << 2,
	EVENT_CLASS_ALL		= EVENT_CLASS_EVENTS | EVENT_CLASS_PACKETS | EVENT_CLASS_ERRORS,
};

/**
 * struct event - One step of the protocol.
 * @present: which attributes the kernel gave, 1 << VPNHA_A_DEBUG_*
 *
 * The other members are the attributes of that name.
 */
struct event {
	uint64_t present;
	uint32_t kind;
	char ifname[IFNAMSIZ];
	uint32_t number;
	char name[VPNHA_NAME_MAX + 1];
	uint32_t event;
	uint32_t state, state_old;
	struct address address, address_old;
	uint32_t priority, priority_old;
	uint32_t active_groups, active_groups_old;
	uint32_t passive_groups, passive_groups_old;
	uint32_t opcode;
	struct address vip;
	uint32_t hello_ms, hold_ms;
	uint8_t identifier[6];
	uint32_t drop_reason;
	uint32_t track_id;
	char target[IFNAMSIZ];
	bool up;
	uint32_t delay_ms;
	int32_t error;
};

static inline bool event_has(const struct event *e, int attribute)
{
	return e->present >> attribute & 1;
}

unsigned int event_class(const struct event *e);
void event_print(FILE *out, const struct event *e);
json_t *event_json(const struct event *e);

#endif
