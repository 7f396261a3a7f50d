// SPDX-License-Identifier: GPL-2.0
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vpnha.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "vpnha-nl-gen.h"

#include <uapi/linux/vpnha.h>

/* Common nested types */
const struct nla_policy vpnha_group_config_nl_policy[VPNHA_A_GROUP_NAME + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
};

const struct nla_policy vpnha_interface_config_nl_policy[VPNHA_A_INTERFACE_VERSION + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
};

const struct nla_policy vpnha_track_config_nl_policy[VPNHA_A_TRACK_DECREMENT + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
};

/* VPNHA_CMD_INTERFACE_GET - do */
static const struct nla_policy vpnha_interface_get_nl_policy[VPNHA_A_INTERFACE_IFNAME + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_INTERFACE_NEW - do */
static const struct nla_policy vpnha_interface_new_nl_policy[VPNHA_A_INTERFACE_VERSION + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
};

/* VPNHA_CMD_INTERFACE_SET - do */
static const struct nla_policy vpnha_interface_set_nl_policy[VPNHA_A_INTERFACE_VERSION + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
};

/* VPNHA_CMD_INTERFACE_DEL - do */
static const struct nla_policy vpnha_interface_del_nl_policy[VPNHA_A_INTERFACE_IFNAME + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_GROUP_GET - do */
static const struct nla_policy vpnha_group_get_nl_policy[VPNHA_A_GROUP_NUMBER + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
};

/* VPNHA_CMD_GROUP_NEW - do */
static const struct nla_policy vpnha_group_new_nl_policy[VPNHA_A_GROUP_NAME + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
};

/* VPNHA_CMD_GROUP_SET - do */
static const struct nla_policy vpnha_group_set_nl_policy[VPNHA_A_GROUP_NAME + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
};

/* VPNHA_CMD_GROUP_DEL - do */
static const struct nla_policy vpnha_group_del_nl_policy[VPNHA_A_GROUP_NUMBER + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
};

/* VPNHA_CMD_TRACK_GET - do */
static const struct nla_policy vpnha_track_get_nl_policy[VPNHA_A_TRACK_TARGET + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_TRACK_NEW - do */
static const struct nla_policy vpnha_track_new_nl_policy[VPNHA_A_TRACK_DECREMENT + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
};

/* VPNHA_CMD_TRACK_SET - do */
static const struct nla_policy vpnha_track_set_nl_policy[VPNHA_A_TRACK_DECREMENT + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
};

/* VPNHA_CMD_TRACK_DEL - do */
static const struct nla_policy vpnha_track_del_nl_policy[VPNHA_A_TRACK_TARGET + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_BATCH - do */
static const struct nla_policy vpnha_batch_nl_policy[VPNHA_A_BATCH_TRACK_DEL + 1] = {
	[VPNHA_A_BATCH_INTERFACE_NEW] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_INTERFACE_SET] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_INTERFACE_DEL] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_NEW] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_SET] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_DEL] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_NEW] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_SET] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_DEL] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
};

/* Ops table for vpnha */
static const struct genl_ops vpnha_nl_ops[] = {
	{
		.cmd		= VPNHA_CMD_INTERFACE_GET,
		.doit		= vpnha_nl_interface_get_doit,
		.dumpit		= vpnha_nl_interface_get_dumpit,
		.policy		= vpnha_interface_get_nl_policy,
		.maxattr	= VPNHA_A_INTERFACE_IFNAME,
	},
	{
		.cmd		= VPNHA_CMD_INTERFACE_NEW,
		.doit		= vpnha_nl_interface_new_doit,
		.policy		= vpnha_interface_new_nl_policy,
		.maxattr	= VPNHA_A_INTERFACE_VERSION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_INTERFACE_SET,
		.doit		= vpnha_nl_interface_set_doit,
		.policy		= vpnha_interface_set_nl_policy,
		.maxattr	= VPNHA_A_INTERFACE_VERSION,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_INTERFACE_DEL,
		.doit		= vpnha_nl_interface_del_doit,
		.policy		= vpnha_interface_del_nl_policy,
		.maxattr	= VPNHA_A_INTERFACE_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_GET,
		.doit		= vpnha_nl_group_get_doit,
		.dumpit		= vpnha_nl_group_get_dumpit,
		.policy		= vpnha_group_get_nl_policy,
		.maxattr	= VPNHA_A_GROUP_NUMBER,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_NEW,
		.doit		= vpnha_nl_group_new_doit,
		.policy		= vpnha_group_new_nl_policy,
		.maxattr	= VPNHA_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_SET,
		.doit		= vpnha_nl_group_set_doit,
		.policy		= vpnha_group_set_nl_policy,
		.maxattr	= VPNHA_A_GROUP_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_DEL,
		.doit		= vpnha_nl_group_del_doit,
		.policy		= vpnha_group_del_nl_policy,
		.maxattr	= VPNHA_A_GROUP_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_GET,
		.doit		= vpnha_nl_track_get_doit,
		.dumpit		= vpnha_nl_track_get_dumpit,
		.policy		= vpnha_track_get_nl_policy,
		.maxattr	= VPNHA_A_TRACK_TARGET,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_NEW,
		.doit		= vpnha_nl_track_new_doit,
		.policy		= vpnha_track_new_nl_policy,
		.maxattr	= VPNHA_A_TRACK_DECREMENT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_SET,
		.doit		= vpnha_nl_track_set_doit,
		.policy		= vpnha_track_set_nl_policy,
		.maxattr	= VPNHA_A_TRACK_DECREMENT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_DEL,
		.doit		= vpnha_nl_track_del_doit,
		.policy		= vpnha_track_del_nl_policy,
		.maxattr	= VPNHA_A_TRACK_TARGET,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_BATCH,
		.doit		= vpnha_nl_batch_doit,
		.policy		= vpnha_batch_nl_policy,
		.maxattr	= VPNHA_A_BATCH_TRACK_DEL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group vpnha_nl_mcgrps[] = {
	[VPNHA_NLGRP_EVENTS] = { "events", },
	[VPNHA_NLGRP_DEBUG] = { "debug", },
};

struct genl_family vpnha_nl_family __ro_after_init = {
	.name		= VPNHA_FAMILY_NAME,
	.version	= VPNHA_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= vpnha_nl_ops,
	.n_ops		= ARRAY_SIZE(vpnha_nl_ops),
	.mcgrps		= vpnha_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(vpnha_nl_mcgrps),
};
