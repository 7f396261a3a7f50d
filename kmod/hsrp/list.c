// SPDX-License-Identifier: GPL-2.0
#include "hsrp/list.h"

/**
 * hsrp_kind_is_list() - are objects of a kind made of others?
 * @kind: the kind
 *
 * Context: any. Return: whether they are.
 */
bool hsrp_kind_is_list(enum vpnha_object_kind kind)
{
	return kind == VPNHA_OBJECT_KIND_BOOLEAN_AND ||
	       kind == VPNHA_OBJECT_KIND_BOOLEAN_OR ||
	       hsrp_kind_has_threshold(kind);
}

/**
 * hsrp_kind_has_threshold() - do lists of a kind compare a value?
 * @kind: the kind
 *
 * Context: any. Return: whether they do.
 */
bool hsrp_kind_has_threshold(enum vpnha_object_kind kind)
{
	return kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT ||
	       kind == VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE;
}

/**
 * hsrp_list_value() - what a list with a threshold compares
 * @list: the list
 * @kind: its kind
 * @up: a bit for each member that is up
 *
 * Context: any. Return: sum of weights, or members in a hundred, rounded down.
 */
u32 hsrp_list_value(const struct hsrp_list *list, enum vpnha_object_kind kind,
		    u32 up)
{
	bool weighs = kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT;
	u32 sum = 0;
	u8 n;

	for (n = 0; n < list->count; n++)
		if (up & BIT(n))
			sum += weighs ? list->members[n].weight : 100;
	return weighs || !list->count ? sum : sum / list->count;
}

/**
 * hsrp_list_is_up() - is a list up?
 * @list: the list
 * @kind: its kind
 * @up: a bit for each member that is up
 * @was: it was up so far: between its thresholds it stays what it is
 *
 * Context: any. Return: whether it is; a list without members is down.
 */
bool hsrp_list_is_up(const struct hsrp_list *list, enum vpnha_object_kind kind,
		     u32 up, bool was)
{
	u32 value;
	bool all = list->count, any = false;
	u8 n;

	if (hsrp_kind_has_threshold(kind)) {
		value = hsrp_list_value(list, kind, up);
		return value >= list->up_at || (was && value > list->down_at);
	}
	for (n = 0; n < list->count; n++) {
		bool one = !!(up & BIT(n)) != list->members[n].negated;

		all &= one;
		any |= one;
	}
	return kind == VPNHA_OBJECT_KIND_BOOLEAN_AND ? all : any;
}
