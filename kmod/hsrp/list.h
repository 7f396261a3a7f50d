/* SPDX-License-Identifier: GPL-2.0 */
/* When a list of tracked objects is up; pure. */
#ifndef _VPNHA_HSRP_LIST_H
#define _VPNHA_HSRP_LIST_H

#include "hsrp/pure.h"

/**
 * struct hsrp_member - an object in a list
 * @id: its number
 * @weight: its weight, in a list with a threshold of weight
 * @negated: it counts as up while it is down, in a boolean list
 */
struct hsrp_member {
	u16 id;
	u8 weight;
	bool negated;
};

/**
 * struct hsrp_list - a list of tracked objects
 * @up_at: value at which a list with a threshold comes up
 * @down_at: value at which it goes down, less than @up_at
 * @count: number of members
 * @members: the members
 */
struct hsrp_list {
	u32 up_at;
	u32 down_at;
	u8 count;
	struct hsrp_member members[VPNHA_OBJECT_MEMBERS_MAX];
};

bool hsrp_kind_is_list(enum vpnha_object_kind kind);
bool hsrp_kind_has_threshold(enum vpnha_object_kind kind);
u32 hsrp_list_value(const struct hsrp_list *list, enum vpnha_object_kind kind,
		    u32 up);
bool hsrp_list_is_up(const struct hsrp_list *list, enum vpnha_object_kind kind,
		     u32 up, bool was);

#endif /* _VPNHA_HSRP_LIST_H */
