// SPDX-License-Identifier: GPL-2.0
/* Random requests on tracked objects, and what groups have of each other. */
#include <libmnl/libmnl.h>
#include <linux/vpnha.h>

#include "netlink_random.h"

static void put_members(struct nlmsghdr *nlh)
{
	unsigned int count = number(4);
	struct nlattr *nest;

	while (count--) {
		nest = mnl_attr_nest_start(nlh, VPNHA_A_OBJECT_MEMBER);
		if (!chance(1, SELDOM))
			mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_MEMBER_OBJECT, 1 + number(RANDOM_OBJECTS));
		if (chance(1, 5))
			mnl_attr_put(nlh, VPNHA_A_OBJECT_MEMBER_NEGATED, 0, NULL);
		if (chance(1, 5))
			mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_MEMBER_WEIGHT, number(chance(1, SELDOM) ? 300 : 256));
		mnl_attr_nest_end(nlh, nest);
	}
}

static void put_object_key(struct nlmsghdr *nlh)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_ID, chance(1, SELDOM) ? number(1100) :
				 1 + number(RANDOM_OBJECTS));
}

/* Mostly what its kind has. */
void put_object(struct nlmsghdr *nlh, bool key_only)
{
	uint32_t kind = number(chance(1, SELDOM) ? 10 : 8), len = number(33);

	put_object_key(nlh);
	if (key_only)
		return;
	mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_KIND, kind);
	if (kind <= VPNHA_OBJECT_KIND_IP_ROUTING || chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_OBJECT_IFNAME, any_ifname());
	if (kind == VPNHA_OBJECT_KIND_IP_ROUTE || chance(1, SELDOM)) {
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_PREFIX,
				 chance(1, SELDOM) ? number(~0u) : 0);
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_PREFIX_LEN, len);
	}
	if ((kind >= VPNHA_OBJECT_KIND_BOOLEAN_AND &&
	     kind <= VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE) || chance(1, SELDOM))
		put_members(nlh);
	if (kind == VPNHA_OBJECT_KIND_STUB)
		mnl_attr_put_u8(nlh, VPNHA_A_OBJECT_UP, number(2));
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_DELAY_UP, number(3));
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_DELAY_DOWN, number(3));
}

/* Whatever it stands for, of which this knows nothing. */
void put_object_change(struct nlmsghdr *nlh, bool key_only)
{
	(void)key_only;
	put_object_key(nlh);
	if (chance(1, 2))
		mnl_attr_put_u8(nlh, VPNHA_A_OBJECT_UP, number(2));
	else
		put_members(nlh);
}

void put_group_links(struct nlmsghdr *nlh)
{
	if (chance(1, 4))
		mnl_attr_put_strz(nlh, VPNHA_A_GROUP_FOLLOW, any_group_name());
	if (chance(1, 6))
		mnl_attr_put_u8(nlh, VPNHA_A_GROUP_BUNDLE, number(chance(1, SELDOM) ? 3 : 2));
	if (chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_GROUP_SYNC_PENDING, number(chance(1, SELDOM) ? 3 : 2));
}
