// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of tracked objects of kmod/hsrp/list.c.
 *
 * lab: native
 */
#include "hsrp/list.h"
#include "kselftest_harness.h"

#define MEMBERS	4

static struct hsrp_list list_of(u8 count)
{
	struct hsrp_list list = { .up_at = 1, .count = count };
	u8 n;

	for (n = 0; n < count; n++)
		list.members[n] = (struct hsrp_member){ .id = n + 1, .weight = 10 };
	return list;
}

/* Every list of up to four members, every set of them negated, every state. */
TEST(boolean)
{
	u32 negated, up;
	u8 count, n;

	for (count = 0; count <= MEMBERS; count++)
		for (negated = 0; negated < 1U << count; negated++)
			for (up = 0; up < 1U << count; up++) {
				struct hsrp_list list = list_of(count);
				u32 counts = up ^ negated;

				for (n = 0; n < count; n++)
					list.members[n].negated = negated & BIT(n);
				ASSERT_EQ(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_BOOLEAN_AND, up,
							  false),
					  count && counts == (1U << count) - 1);
				ASSERT_EQ(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_BOOLEAN_OR, up,
							  false), counts != 0);
			}
}

TEST(weight)
{
	struct hsrp_list list = list_of(3);
	u32 up, value;

	list.up_at = 30;
	list.down_at = 10;
	list.members[1].weight = 20;
	list.members[2].weight = 5;
	for (up = 0; up < 8; up++) {
		value = (up & 1 ? 10 : 0) + (up & 2 ? 20 : 0) + (up & 4 ? 5 : 0);
		ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT, up), value);
		/* in between it stays what it is */
		ASSERT_EQ(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT, up, false),
			  value >= 30);
		ASSERT_EQ(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT, up, true),
			  value > 10);
	}
}

TEST(percentage)
{
	struct hsrp_list list = list_of(3);

	list.up_at = 66;
	list.down_at = 33;
	ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, 5), 66);
	ASSERT_TRUE(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, 5, false));
	ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, 4), 33);
	ASSERT_FALSE(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, 4, true));
	ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, 7), 100);
}

/* As many as there can be, and none. */
TEST(limits)
{
	struct hsrp_list list = list_of(VPNHA_OBJECT_MEMBERS_MAX), none = list_of(0);
	u8 n;

	for (n = 0; n < list.count; n++)
		list.members[n].weight = 255;
	ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT, ~0U), 32 * 255);
	ASSERT_EQ(hsrp_list_value(&list, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, ~0U), 100);
	ASSERT_TRUE(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_BOOLEAN_AND, ~0U, false));
	ASSERT_FALSE(hsrp_list_is_up(&list, VPNHA_OBJECT_KIND_BOOLEAN_AND, 0x7fffffffU, false));
	ASSERT_FALSE(hsrp_list_is_up(&none, VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, ~0U, true));
	ASSERT_FALSE(hsrp_list_is_up(&none, VPNHA_OBJECT_KIND_BOOLEAN_AND, ~0U, true));
}

TEST(kinds)
{
	ASSERT_FALSE(hsrp_kind_is_list(VPNHA_OBJECT_KIND_LINE_PROTOCOL));
	ASSERT_FALSE(hsrp_kind_is_list(VPNHA_OBJECT_KIND_IP_ROUTE));
	ASSERT_FALSE(hsrp_kind_is_list(VPNHA_OBJECT_KIND_STUB));
	ASSERT_TRUE(hsrp_kind_is_list(VPNHA_OBJECT_KIND_BOOLEAN_OR));
	ASSERT_TRUE(hsrp_kind_is_list(VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT));
	ASSERT_FALSE(hsrp_kind_has_threshold(VPNHA_OBJECT_KIND_BOOLEAN_OR));
	ASSERT_TRUE(hsrp_kind_has_threshold(VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE));
}

TEST_HARNESS_MAIN
