/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tracked objects: what has a state that groups and lists of objects act on. */
#ifndef VPNHA_OBJECT_H
#define VPNHA_OBJECT_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vpnha.h>

#include "lib/crypto.h"

#define OBJECT_DEFAULT_WEIGHT		10
#define OBJECT_DEFAULT_THRESHOLD_UP	1

/**
 * struct object_member - An object in a list.
 * @id: its number
 * @negated: it counts as up while it is down
 * @weight: its weight
 * @at: where it was configured
 */
struct object_member {
	uint32_t id;
	bool negated;
	uint32_t weight;
	struct model_pos at;
};

/* What the kernel tells about an object beside its configuration. */
struct object_state {
	bool up;
	uint32_t changes;
	uint64_t change_age_ms;
	uint32_t delay_left_ms;
	uint32_t value;
};

enum object_field {
	OBJECT_KIND,
	OBJECT_DELAY,
	OBJECT_THRESHOLD,
	OBJECT_DEFAULT,
	OBJECT_FIELDS
};

/**
 * struct object - A tracked object that is configured.
 * @id: its number, the key
 * @kind: what it stands for, enum vpnha_object_kind
 * @ifname: name of an interface
 * @prefix: destination of a route
 * @prefix_len: its length in bits
 * @threshold_up: where a list comes up
 * @threshold_down: where it goes down
 * @delay_up: seconds for which it must be up
 * @delay_down: likewise down
 * @default_up: what a stub is before it is set
 * @members: of a list, in the order of configuration
 * @n_members: how many
 * @at: where each field was configured
 * @state: of the kernel
 */
struct object {
	uint32_t id;
	uint32_t kind;
	char ifname[IFNAMSIZ];
	in_addr_t prefix;
	uint32_t prefix_len;
	uint32_t threshold_up, threshold_down;
	uint32_t delay_up, delay_down;
	bool default_up;
	struct object_member members[VPNHA_OBJECT_MEMBERS_MAX];
	size_t n_members;
	struct model_pos at[OBJECT_FIELDS];
	struct object_state state;
};

/**
 * struct objects - Tracked objects.
 * @items: by number
 * @n_items: how many
 */
struct objects {
	struct object *items;
	size_t n_items;
};

struct object *object_find(const struct objects *o, uint32_t id);
struct object *object_get(struct objects *o, uint32_t id, uint32_t kind);
void object_remove(struct objects *o, uint32_t id);
bool object_equal(const struct object *a, const struct object *b);
bool object_is_list(const struct object *o);
bool object_has_threshold(const struct object *o);
struct object_member *object_member_find(struct object *o, uint32_t id);
void object_member_remove(struct object *o, uint32_t id);
uint8_t *object_depths(const struct objects *all);
bool object_is_about(const struct objects *all, uint32_t id, const char *ifname);

#endif
