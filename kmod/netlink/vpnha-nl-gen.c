// SPDX-License-Identifier: GPL-2.0
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vpnha.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "vpnha-nl-gen.h"

#include <uapi/linux/vpnha.h>

/* Common nested types */
const struct nla_policy vpnha_acl_config_nl_policy[VPNHA_A_ACL_DST_PORT_MAX + 1] = {
	[VPNHA_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ACL_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_ACL_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_ACL_PROTOCOL] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_ACL_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_SRC_PORT_MAX] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MAX] = { .type = NLA_U16, },
};

const struct nla_policy vpnha_binding_config_nl_policy[VPNHA_A_BINDING_DF + 1] = {
	[VPNHA_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_BINDING_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_BINDING_REDUNDANCY] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_BINDING_DF] = NLA_POLICY_MAX(NLA_U32, 2),
};

const struct nla_policy vpnha_dynamic_map_config_nl_policy[VPNHA_A_MAP_IKEV2_PROFILE + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

const struct nla_policy vpnha_group_config_nl_policy[VPNHA_A_GROUP_MAC_ADDRESS + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_GROUP_AUTHENTICATION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_GROUP_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_GROUP_KEY_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, VPNHA_KEY_TIMEOUT_MAX),
	[VPNHA_A_GROUP_PREEMPT_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_SYNC] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_SYNC_PENDING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_SECONDARY] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_MAC_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
};

const struct nla_policy vpnha_interface_config_nl_policy[VPNHA_A_INTERFACE_REDIRECT + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_INTERFACE_DELAY_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_DELAY_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_USE_BIA] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_INTERFACE_GARP_COUNT] = NLA_POLICY_MAX(NLA_U32, VPNHA_GARP_COUNT_MAX),
	[VPNHA_A_INTERFACE_GARP_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 2, VPNHA_GARP_INTERVAL_MAX),
	[VPNHA_A_INTERFACE_MAC_REFRESH] = NLA_POLICY_MAX(NLA_U32, VPNHA_MAC_REFRESH_MAX),
	[VPNHA_A_INTERFACE_REDIRECT] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vpnha_map_config_nl_policy[VPNHA_A_MAP_DYNAMIC + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_KIND] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_SESSION_KEY_IN] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_SESSION_KEY_OUT] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_DYNAMIC] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

const struct nla_policy vpnha_object_config_nl_policy[VPNHA_A_OBJECT_UP + 1] = {
	[VPNHA_A_OBJECT_ID] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_OBJECT_KIND] = NLA_POLICY_MAX(NLA_U32, 7),
	[VPNHA_A_OBJECT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_OBJECT_PREFIX] = { .type = NLA_U32, },
	[VPNHA_A_OBJECT_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 32),
	[VPNHA_A_OBJECT_MEMBER] = NLA_POLICY_NESTED(vpnha_object_member_nl_policy),
	[VPNHA_A_OBJECT_THRESHOLD_UP] = NLA_POLICY_RANGE(NLA_U32, 1, 8160),
	[VPNHA_A_OBJECT_THRESHOLD_DOWN] = NLA_POLICY_MAX(NLA_U32, 8159),
	[VPNHA_A_OBJECT_DELAY_UP] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DELAY_DOWN] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DEFAULT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_OBJECT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vpnha_object_member_nl_policy[VPNHA_A_OBJECT_MEMBER_WEIGHT + 1] = {
	[VPNHA_A_OBJECT_MEMBER_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_OBJECT_MEMBER_NEGATED] = { .type = NLA_FLAG, },
	[VPNHA_A_OBJECT_MEMBER_WEIGHT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
};

const struct nla_policy vpnha_sa_config_nl_policy[VPNHA_A_SA_PEER + 1] = {
	[VPNHA_A_SA_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_SA_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_SA_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_SA_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_SA_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_SA_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CIPHER_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_AUTH_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_ESN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, VPNHA_REPLAY_WINDOW_MAX),
	[VPNHA_A_SA_ENCAP_SPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_ENCAP_DPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_SOFT_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SEQ] = { .type = NLA_U64, },
	[VPNHA_A_SA_IV_BASE] = { .type = NLA_U64, },
	[VPNHA_A_SA_NODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CEILING] = { .type = NLA_U64, },
	[VPNHA_A_SA_CEILING_MARGIN] = { .type = NLA_U64, },
	[VPNHA_A_SA_REPLAY_NOTIFY] = { .type = NLA_U32, },
	[VPNHA_A_SA_SELECTOR] = NLA_POLICY_NESTED(vpnha_selector_nl_policy),
	[VPNHA_A_SA_DYNAMIC_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_PEER] = { .type = NLA_BINARY, },
};

const struct nla_policy vpnha_selector_nl_policy[VPNHA_A_SELECTOR_DST_PORT_MAX + 1] = {
	[VPNHA_A_SELECTOR_PROTOCOL] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_SELECTOR_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_SELECTOR_SRC_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_SELECTOR_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_SELECTOR_DST_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_SELECTOR_SRC_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_SELECTOR_SRC_PORT_MAX] = { .type = NLA_U16, },
	[VPNHA_A_SELECTOR_DST_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_SELECTOR_DST_PORT_MAX] = { .type = NLA_U16, },
};

const struct nla_policy vpnha_session_key_nl_policy[VPNHA_A_SESSION_KEY_AUTH_KEY + 1] = {
	[VPNHA_A_SESSION_KEY_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SESSION_KEY_CIPHER_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SESSION_KEY_AUTH_KEY] = { .type = NLA_BINARY, },
};

const struct nla_policy vpnha_track_config_nl_policy[VPNHA_A_TRACK_SHUTDOWN + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[VPNHA_A_TRACK_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_TRACK_SHUTDOWN] = NLA_POLICY_MAX(NLA_U8, 1),
};

const struct nla_policy vpnha_transform_set_config_nl_policy[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK + 1] = {
	[VPNHA_A_TRANSFORM_SET_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_TRANSFORM_SET_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_TRANSFORM_SET_KEY_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_TRANSFORM_SET_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_INTERFACE_GET - do */
static const struct nla_policy vpnha_interface_get_nl_policy[VPNHA_A_INTERFACE_IFNAME + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_INTERFACE_NEW - do */
static const struct nla_policy vpnha_interface_new_nl_policy[VPNHA_A_INTERFACE_REDIRECT + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_INTERFACE_DELAY_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_DELAY_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_USE_BIA] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_INTERFACE_GARP_COUNT] = NLA_POLICY_MAX(NLA_U32, VPNHA_GARP_COUNT_MAX),
	[VPNHA_A_INTERFACE_GARP_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 2, VPNHA_GARP_INTERVAL_MAX),
	[VPNHA_A_INTERFACE_MAC_REFRESH] = NLA_POLICY_MAX(NLA_U32, VPNHA_MAC_REFRESH_MAX),
	[VPNHA_A_INTERFACE_REDIRECT] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_INTERFACE_SET - do */
static const struct nla_policy vpnha_interface_set_nl_policy[VPNHA_A_INTERFACE_REDIRECT + 1] = {
	[VPNHA_A_INTERFACE_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_INTERFACE_VERSION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_INTERFACE_DELAY_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_DELAY_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_DELAY_MAX),
	[VPNHA_A_INTERFACE_USE_BIA] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_INTERFACE_GARP_COUNT] = NLA_POLICY_MAX(NLA_U32, VPNHA_GARP_COUNT_MAX),
	[VPNHA_A_INTERFACE_GARP_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 2, VPNHA_GARP_INTERVAL_MAX),
	[VPNHA_A_INTERFACE_MAC_REFRESH] = NLA_POLICY_MAX(NLA_U32, VPNHA_MAC_REFRESH_MAX),
	[VPNHA_A_INTERFACE_REDIRECT] = NLA_POLICY_MAX(NLA_U8, 1),
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
static const struct nla_policy vpnha_group_new_nl_policy[VPNHA_A_GROUP_MAC_ADDRESS + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_GROUP_AUTHENTICATION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_GROUP_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_GROUP_KEY_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, VPNHA_KEY_TIMEOUT_MAX),
	[VPNHA_A_GROUP_PREEMPT_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_SYNC] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_SYNC_PENDING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_SECONDARY] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_MAC_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
};

/* VPNHA_CMD_GROUP_SET - do */
static const struct nla_policy vpnha_group_set_nl_policy[VPNHA_A_GROUP_MAC_ADDRESS + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_GROUP_ENABLED] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_VIP] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_PRIORITY] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_GROUP_PREEMPT] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_HELLO_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_HOLD_MS] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_GROUP_AUTHENTICATION] = NLA_POLICY_RANGE(NLA_U32, 1, 2),
	[VPNHA_A_GROUP_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_GROUP_KEY_TIMEOUT] = NLA_POLICY_MAX(NLA_U32, VPNHA_KEY_TIMEOUT_MAX),
	[VPNHA_A_GROUP_PREEMPT_MIN] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_RELOAD] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_PREEMPT_SYNC] = NLA_POLICY_MAX(NLA_U32, VPNHA_PREEMPT_DELAY_MAX),
	[VPNHA_A_GROUP_SYNC_PENDING] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_GROUP_SECONDARY] = { .type = NLA_U32, },
	[VPNHA_A_GROUP_MAC_ADDRESS] = NLA_POLICY_EXACT_LEN(6),
};

/* VPNHA_CMD_GROUP_DEL - do */
static const struct nla_policy vpnha_group_del_nl_policy[VPNHA_A_GROUP_NUMBER + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
};

/* VPNHA_CMD_TRACK_GET - do */
static const struct nla_policy vpnha_track_get_nl_policy[VPNHA_A_TRACK_OBJECT + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
};

/* VPNHA_CMD_TRACK_NEW - do */
static const struct nla_policy vpnha_track_new_nl_policy[VPNHA_A_TRACK_SHUTDOWN + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[VPNHA_A_TRACK_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_TRACK_SHUTDOWN] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_TRACK_SET - do */
static const struct nla_policy vpnha_track_set_nl_policy[VPNHA_A_TRACK_SHUTDOWN + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_DECREMENT] = NLA_POLICY_RANGE(NLA_U32, 1, 255),
	[VPNHA_A_TRACK_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_TRACK_SHUTDOWN] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_TRACK_DEL - do */
static const struct nla_policy vpnha_track_del_nl_policy[VPNHA_A_TRACK_OBJECT + 1] = {
	[VPNHA_A_TRACK_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
	[VPNHA_A_TRACK_TARGET] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_TRACK_OBJECT] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
};

/* VPNHA_CMD_TRANSFORM_SET_GET - do */
static const struct nla_policy vpnha_transform_set_get_nl_policy[VPNHA_A_TRANSFORM_SET_NAME + 1] = {
	[VPNHA_A_TRANSFORM_SET_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_TRANSFORM_SET_NEW - do */
static const struct nla_policy vpnha_transform_set_new_nl_policy[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK + 1] = {
	[VPNHA_A_TRANSFORM_SET_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_TRANSFORM_SET_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_TRANSFORM_SET_KEY_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_TRANSFORM_SET_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_TRANSFORM_SET_SET - do */
static const struct nla_policy vpnha_transform_set_set_nl_policy[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK + 1] = {
	[VPNHA_A_TRANSFORM_SET_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_TRANSFORM_SET_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_TRANSFORM_SET_KEY_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_TRANSFORM_SET_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_TRANSFORM_SET_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_TRANSFORM_SET_DEL - do */
static const struct nla_policy vpnha_transform_set_del_nl_policy[VPNHA_A_TRANSFORM_SET_NAME + 1] = {
	[VPNHA_A_TRANSFORM_SET_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_ACL_GET - do */
static const struct nla_policy vpnha_acl_get_nl_policy[VPNHA_A_ACL_NUMBER + 1] = {
	[VPNHA_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ACL_NUMBER] = { .type = NLA_U32, },
};

/* VPNHA_CMD_ACL_NEW - do */
static const struct nla_policy vpnha_acl_new_nl_policy[VPNHA_A_ACL_DST_PORT_MAX + 1] = {
	[VPNHA_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ACL_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_ACL_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_ACL_PROTOCOL] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_ACL_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_SRC_PORT_MAX] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MAX] = { .type = NLA_U16, },
};

/* VPNHA_CMD_ACL_SET - do */
static const struct nla_policy vpnha_acl_set_nl_policy[VPNHA_A_ACL_DST_PORT_MAX + 1] = {
	[VPNHA_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ACL_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_ACL_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_ACL_PROTOCOL] = NLA_POLICY_MAX(NLA_U32, 255),
	[VPNHA_A_ACL_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_DST_MASK] = { .type = NLA_BINARY, },
	[VPNHA_A_ACL_SRC_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_SRC_PORT_MAX] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MIN] = { .type = NLA_U16, },
	[VPNHA_A_ACL_DST_PORT_MAX] = { .type = NLA_U16, },
};

/* VPNHA_CMD_ACL_DEL - do */
static const struct nla_policy vpnha_acl_del_nl_policy[VPNHA_A_ACL_NUMBER + 1] = {
	[VPNHA_A_ACL_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ACL_NUMBER] = { .type = NLA_U32, },
};

/* VPNHA_CMD_MAP_GET - do */
static const struct nla_policy vpnha_map_get_nl_policy[VPNHA_A_MAP_NUMBER + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VPNHA_CMD_MAP_NEW - do */
static const struct nla_policy vpnha_map_new_nl_policy[VPNHA_A_MAP_DYNAMIC + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_KIND] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_SESSION_KEY_IN] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_SESSION_KEY_OUT] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_DYNAMIC] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_MAP_SET - do */
static const struct nla_policy vpnha_map_set_nl_policy[VPNHA_A_MAP_DYNAMIC + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_KIND] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_SESSION_KEY_IN] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_SESSION_KEY_OUT] = NLA_POLICY_NESTED(vpnha_session_key_nl_policy),
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_DYNAMIC] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_MAP_DEL - do */
static const struct nla_policy vpnha_map_del_nl_policy[VPNHA_A_MAP_NUMBER + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VPNHA_CMD_BINDING_GET - do */
static const struct nla_policy vpnha_binding_get_nl_policy[VPNHA_A_BINDING_IFNAME + 1] = {
	[VPNHA_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_BINDING_NEW - do */
static const struct nla_policy vpnha_binding_new_nl_policy[VPNHA_A_BINDING_DF + 1] = {
	[VPNHA_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_BINDING_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_BINDING_REDUNDANCY] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_BINDING_DF] = NLA_POLICY_MAX(NLA_U32, 2),
};

/* VPNHA_CMD_BINDING_SET - do */
static const struct nla_policy vpnha_binding_set_nl_policy[VPNHA_A_BINDING_DF + 1] = {
	[VPNHA_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_BINDING_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_BINDING_REDUNDANCY] = { .type = NLA_NUL_STRING, .len = VPNHA_NAME_MAX, },
	[VPNHA_A_BINDING_DF] = NLA_POLICY_MAX(NLA_U32, 2),
};

/* VPNHA_CMD_BINDING_DEL - do */
static const struct nla_policy vpnha_binding_del_nl_policy[VPNHA_A_BINDING_IFNAME + 1] = {
	[VPNHA_A_BINDING_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
};

/* VPNHA_CMD_SA_GET - do */
static const struct nla_policy vpnha_sa_get_nl_policy[VPNHA_A_SA_DST + 1] = {
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
};

/* VPNHA_CMD_SA_NEW - do */
static const struct nla_policy vpnha_sa_new_nl_policy[VPNHA_A_SA_PEER + 1] = {
	[VPNHA_A_SA_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_SA_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_SA_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_SA_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_SA_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_SA_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CIPHER_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_AUTH_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_ESN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, VPNHA_REPLAY_WINDOW_MAX),
	[VPNHA_A_SA_ENCAP_SPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_ENCAP_DPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_SOFT_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SEQ] = { .type = NLA_U64, },
	[VPNHA_A_SA_IV_BASE] = { .type = NLA_U64, },
	[VPNHA_A_SA_NODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CEILING] = { .type = NLA_U64, },
	[VPNHA_A_SA_CEILING_MARGIN] = { .type = NLA_U64, },
	[VPNHA_A_SA_REPLAY_NOTIFY] = { .type = NLA_U32, },
	[VPNHA_A_SA_SELECTOR] = NLA_POLICY_NESTED(vpnha_selector_nl_policy),
	[VPNHA_A_SA_DYNAMIC_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_PEER] = { .type = NLA_BINARY, },
};

/* VPNHA_CMD_SA_SET - do */
static const struct nla_policy vpnha_sa_set_nl_policy[VPNHA_A_SA_PEER + 1] = {
	[VPNHA_A_SA_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_SA_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_SA_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_SRC] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_CIPHER] = NLA_POLICY_MAX(NLA_U32, 8),
	[VPNHA_A_SA_AUTH] = NLA_POLICY_MAX(NLA_U32, 5),
	[VPNHA_A_SA_ICV_BITS] = { .type = NLA_U32, },
	[VPNHA_A_SA_ALLOW_WEAK] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CIPHER_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_AUTH_KEY] = { .type = NLA_BINARY, },
	[VPNHA_A_SA_ESN] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_REPLAY_WINDOW] = NLA_POLICY_MAX(NLA_U32, VPNHA_REPLAY_WINDOW_MAX),
	[VPNHA_A_SA_ENCAP_SPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_ENCAP_DPORT] = { .type = NLA_U16, },
	[VPNHA_A_SA_SOFT_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_BYTES] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_PACKETS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SOFT_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_HARD_SECONDS] = { .type = NLA_U64, },
	[VPNHA_A_SA_SEQ] = { .type = NLA_U64, },
	[VPNHA_A_SA_IV_BASE] = { .type = NLA_U64, },
	[VPNHA_A_SA_NODE] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_SA_CEILING] = { .type = NLA_U64, },
	[VPNHA_A_SA_CEILING_MARGIN] = { .type = NLA_U64, },
	[VPNHA_A_SA_REPLAY_NOTIFY] = { .type = NLA_U32, },
	[VPNHA_A_SA_SELECTOR] = NLA_POLICY_NESTED(vpnha_selector_nl_policy),
	[VPNHA_A_SA_DYNAMIC_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_SA_PEER] = { .type = NLA_BINARY, },
};

/* VPNHA_CMD_SA_DEL - do */
static const struct nla_policy vpnha_sa_del_nl_policy[VPNHA_A_SA_DST + 1] = {
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
};

/* VPNHA_CMD_MAP_KEY_GET - do */
static const struct nla_policy vpnha_map_key_get_nl_policy[VPNHA_A_MAP_NUMBER + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VPNHA_CMD_SA_KEY_GET - do */
static const struct nla_policy vpnha_sa_key_get_nl_policy[VPNHA_A_SA_DST + 1] = {
	[VPNHA_A_SA_DIRECTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[VPNHA_A_SA_SPI] = { .type = NLA_U32, },
	[VPNHA_A_SA_DST] = { .type = NLA_BINARY, },
};

/* VPNHA_CMD_ESP_STATS_GET - do */
static const struct nla_policy vpnha_esp_stats_get_nl_policy[VPNHA_A_ESP_STATS_REASON + 1] = {
	[VPNHA_A_ESP_STATS_REASON] = NLA_POLICY_RANGE(NLA_U32, 1, 25),
};

/* VPNHA_CMD_ESP_CLEAR - do */
static const struct nla_policy vpnha_esp_clear_nl_policy[VPNHA_A_ESP_CLEAR_COUNTERS + 1] = {
	[VPNHA_A_ESP_CLEAR_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_ESP_CLEAR_MAP] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_ESP_CLEAR_NUMBER] = { .type = NLA_U32, },
	[VPNHA_A_ESP_CLEAR_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_ESP_CLEAR_SPI] = { .type = NLA_U32, },
	[VPNHA_A_ESP_CLEAR_COUNTERS] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_ROUTE_GET - do */
static const struct nla_policy vpnha_route_get_nl_policy[VPNHA_A_ROUTE_DISTANCE + 1] = {
	[VPNHA_A_ROUTE_TABLE] = { .type = NLA_U32, },
	[VPNHA_A_ROUTE_DST] = { .type = NLA_BINARY, },
	[VPNHA_A_ROUTE_PREFIX_LEN] = { .type = NLA_U8, },
	[VPNHA_A_ROUTE_DISTANCE] = { .type = NLA_U32, },
};

/* VPNHA_CMD_BATCH - do */
static const struct nla_policy vpnha_batch_nl_policy[VPNHA_A_BATCH_OBJECT_DEL + 1] = {
	[VPNHA_A_BATCH_INTERFACE_NEW] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_INTERFACE_SET] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_INTERFACE_DEL] = NLA_POLICY_NESTED(vpnha_interface_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_NEW] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_SET] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_GROUP_DEL] = NLA_POLICY_NESTED(vpnha_group_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_NEW] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_SET] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
	[VPNHA_A_BATCH_TRACK_DEL] = NLA_POLICY_NESTED(vpnha_track_config_nl_policy),
	[VPNHA_A_BATCH_TRANSFORM_SET_NEW] = NLA_POLICY_NESTED(vpnha_transform_set_config_nl_policy),
	[VPNHA_A_BATCH_TRANSFORM_SET_SET] = NLA_POLICY_NESTED(vpnha_transform_set_config_nl_policy),
	[VPNHA_A_BATCH_TRANSFORM_SET_DEL] = NLA_POLICY_NESTED(vpnha_transform_set_config_nl_policy),
	[VPNHA_A_BATCH_ACL_NEW] = NLA_POLICY_NESTED(vpnha_acl_config_nl_policy),
	[VPNHA_A_BATCH_ACL_SET] = NLA_POLICY_NESTED(vpnha_acl_config_nl_policy),
	[VPNHA_A_BATCH_ACL_DEL] = NLA_POLICY_NESTED(vpnha_acl_config_nl_policy),
	[VPNHA_A_BATCH_MAP_NEW] = NLA_POLICY_NESTED(vpnha_map_config_nl_policy),
	[VPNHA_A_BATCH_MAP_SET] = NLA_POLICY_NESTED(vpnha_map_config_nl_policy),
	[VPNHA_A_BATCH_MAP_DEL] = NLA_POLICY_NESTED(vpnha_map_config_nl_policy),
	[VPNHA_A_BATCH_BINDING_NEW] = NLA_POLICY_NESTED(vpnha_binding_config_nl_policy),
	[VPNHA_A_BATCH_BINDING_SET] = NLA_POLICY_NESTED(vpnha_binding_config_nl_policy),
	[VPNHA_A_BATCH_BINDING_DEL] = NLA_POLICY_NESTED(vpnha_binding_config_nl_policy),
	[VPNHA_A_BATCH_SA_NEW] = NLA_POLICY_NESTED(vpnha_sa_config_nl_policy),
	[VPNHA_A_BATCH_SA_SET] = NLA_POLICY_NESTED(vpnha_sa_config_nl_policy),
	[VPNHA_A_BATCH_SA_DEL] = NLA_POLICY_NESTED(vpnha_sa_config_nl_policy),
	[VPNHA_A_BATCH_DYNAMIC_MAP_NEW] = NLA_POLICY_NESTED(vpnha_dynamic_map_config_nl_policy),
	[VPNHA_A_BATCH_DYNAMIC_MAP_SET] = NLA_POLICY_NESTED(vpnha_dynamic_map_config_nl_policy),
	[VPNHA_A_BATCH_DYNAMIC_MAP_DEL] = NLA_POLICY_NESTED(vpnha_dynamic_map_config_nl_policy),
	[VPNHA_A_BATCH_OBJECT_NEW] = NLA_POLICY_NESTED(vpnha_object_config_nl_policy),
	[VPNHA_A_BATCH_OBJECT_SET] = NLA_POLICY_NESTED(vpnha_object_config_nl_policy),
	[VPNHA_A_BATCH_OBJECT_DEL] = NLA_POLICY_NESTED(vpnha_object_config_nl_policy),
};

/* VPNHA_CMD_DYNAMIC_MAP_GET - do */
static const struct nla_policy vpnha_dynamic_map_get_nl_policy[VPNHA_A_MAP_NUMBER + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VPNHA_CMD_DYNAMIC_MAP_NEW - do */
static const struct nla_policy vpnha_dynamic_map_new_nl_policy[VPNHA_A_MAP_IKEV2_PROFILE + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_DYNAMIC_MAP_SET - do */
static const struct nla_policy vpnha_dynamic_map_set_nl_policy[VPNHA_A_MAP_IKEV2_PROFILE + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
	[VPNHA_A_MAP_PEER] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_TRANSFORM_SET] = { .type = NLA_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_ACL] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_REVERSE_ROUTE] = NLA_POLICY_MAX(NLA_U32, 2),
	[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY] = { .type = NLA_BINARY, },
	[VPNHA_A_MAP_REVERSE_ROUTE_TAG] = { .type = NLA_U32, },
	[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE] = { .type = NLA_U32, },
	[VPNHA_A_MAP_PFS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_SECONDS] = { .type = NLA_U32, },
	[VPNHA_A_MAP_LIFETIME_KILOBYTES] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IDLE_TIME] = { .type = NLA_U32, },
	[VPNHA_A_MAP_IKEV2_PROFILE] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
};

/* VPNHA_CMD_DYNAMIC_MAP_DEL - do */
static const struct nla_policy vpnha_dynamic_map_del_nl_policy[VPNHA_A_MAP_NUMBER + 1] = {
	[VPNHA_A_MAP_NAME] = { .type = NLA_NUL_STRING, .len = VPNHA_CRYPTO_NAME_MAX, },
	[VPNHA_A_MAP_NUMBER] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VPNHA_CMD_GROUP_KEY_GET - do */
static const struct nla_policy vpnha_group_key_get_nl_policy[VPNHA_A_GROUP_NUMBER + 1] = {
	[VPNHA_A_GROUP_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_GROUP_NUMBER] = NLA_POLICY_MAX(NLA_U32, VPNHA_GROUP_MAX),
};

/* VPNHA_CMD_OBJECT_GET - do */
static const struct nla_policy vpnha_object_get_nl_policy[VPNHA_A_OBJECT_ID + 1] = {
	[VPNHA_A_OBJECT_ID] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
};

/* VPNHA_CMD_OBJECT_NEW - do */
static const struct nla_policy vpnha_object_new_nl_policy[VPNHA_A_OBJECT_UP + 1] = {
	[VPNHA_A_OBJECT_ID] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_OBJECT_KIND] = NLA_POLICY_MAX(NLA_U32, 7),
	[VPNHA_A_OBJECT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_OBJECT_PREFIX] = { .type = NLA_U32, },
	[VPNHA_A_OBJECT_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 32),
	[VPNHA_A_OBJECT_MEMBER] = NLA_POLICY_NESTED(vpnha_object_member_nl_policy),
	[VPNHA_A_OBJECT_THRESHOLD_UP] = NLA_POLICY_RANGE(NLA_U32, 1, 8160),
	[VPNHA_A_OBJECT_THRESHOLD_DOWN] = NLA_POLICY_MAX(NLA_U32, 8159),
	[VPNHA_A_OBJECT_DELAY_UP] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DELAY_DOWN] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DEFAULT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_OBJECT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_OBJECT_SET - do */
static const struct nla_policy vpnha_object_set_nl_policy[VPNHA_A_OBJECT_UP + 1] = {
	[VPNHA_A_OBJECT_ID] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
	[VPNHA_A_OBJECT_KIND] = NLA_POLICY_MAX(NLA_U32, 7),
	[VPNHA_A_OBJECT_IFNAME] = { .type = NLA_NUL_STRING, .len = 15, },
	[VPNHA_A_OBJECT_PREFIX] = { .type = NLA_U32, },
	[VPNHA_A_OBJECT_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U32, 32),
	[VPNHA_A_OBJECT_MEMBER] = NLA_POLICY_NESTED(vpnha_object_member_nl_policy),
	[VPNHA_A_OBJECT_THRESHOLD_UP] = NLA_POLICY_RANGE(NLA_U32, 1, 8160),
	[VPNHA_A_OBJECT_THRESHOLD_DOWN] = NLA_POLICY_MAX(NLA_U32, 8159),
	[VPNHA_A_OBJECT_DELAY_UP] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DELAY_DOWN] = NLA_POLICY_MAX(NLA_U32, VPNHA_OBJECT_DELAY_MAX),
	[VPNHA_A_OBJECT_DEFAULT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[VPNHA_A_OBJECT_UP] = NLA_POLICY_MAX(NLA_U8, 1),
};

/* VPNHA_CMD_OBJECT_DEL - do */
static const struct nla_policy vpnha_object_del_nl_policy[VPNHA_A_OBJECT_ID + 1] = {
	[VPNHA_A_OBJECT_ID] = NLA_POLICY_RANGE(NLA_U32, 1, VPNHA_OBJECT_MAX),
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
		.maxattr	= VPNHA_A_INTERFACE_REDIRECT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_INTERFACE_SET,
		.doit		= vpnha_nl_interface_set_doit,
		.policy		= vpnha_interface_set_nl_policy,
		.maxattr	= VPNHA_A_INTERFACE_REDIRECT,
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
		.maxattr	= VPNHA_A_GROUP_MAC_ADDRESS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_SET,
		.doit		= vpnha_nl_group_set_doit,
		.policy		= vpnha_group_set_nl_policy,
		.maxattr	= VPNHA_A_GROUP_MAC_ADDRESS,
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
		.maxattr	= VPNHA_A_TRACK_OBJECT,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_NEW,
		.doit		= vpnha_nl_track_new_doit,
		.policy		= vpnha_track_new_nl_policy,
		.maxattr	= VPNHA_A_TRACK_SHUTDOWN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_SET,
		.doit		= vpnha_nl_track_set_doit,
		.policy		= vpnha_track_set_nl_policy,
		.maxattr	= VPNHA_A_TRACK_SHUTDOWN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRACK_DEL,
		.doit		= vpnha_nl_track_del_doit,
		.policy		= vpnha_track_del_nl_policy,
		.maxattr	= VPNHA_A_TRACK_OBJECT,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRANSFORM_SET_GET,
		.doit		= vpnha_nl_transform_set_get_doit,
		.dumpit		= vpnha_nl_transform_set_get_dumpit,
		.policy		= vpnha_transform_set_get_nl_policy,
		.maxattr	= VPNHA_A_TRANSFORM_SET_NAME,
	},
	{
		.cmd		= VPNHA_CMD_TRANSFORM_SET_NEW,
		.doit		= vpnha_nl_transform_set_new_doit,
		.policy		= vpnha_transform_set_new_nl_policy,
		.maxattr	= VPNHA_A_TRANSFORM_SET_ALLOW_WEAK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRANSFORM_SET_SET,
		.doit		= vpnha_nl_transform_set_set_doit,
		.policy		= vpnha_transform_set_set_nl_policy,
		.maxattr	= VPNHA_A_TRANSFORM_SET_ALLOW_WEAK,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_TRANSFORM_SET_DEL,
		.doit		= vpnha_nl_transform_set_del_doit,
		.policy		= vpnha_transform_set_del_nl_policy,
		.maxattr	= VPNHA_A_TRANSFORM_SET_NAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_ACL_GET,
		.doit		= vpnha_nl_acl_get_doit,
		.dumpit		= vpnha_nl_acl_get_dumpit,
		.policy		= vpnha_acl_get_nl_policy,
		.maxattr	= VPNHA_A_ACL_NUMBER,
	},
	{
		.cmd		= VPNHA_CMD_ACL_NEW,
		.doit		= vpnha_nl_acl_new_doit,
		.policy		= vpnha_acl_new_nl_policy,
		.maxattr	= VPNHA_A_ACL_DST_PORT_MAX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_ACL_SET,
		.doit		= vpnha_nl_acl_set_doit,
		.policy		= vpnha_acl_set_nl_policy,
		.maxattr	= VPNHA_A_ACL_DST_PORT_MAX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_ACL_DEL,
		.doit		= vpnha_nl_acl_del_doit,
		.policy		= vpnha_acl_del_nl_policy,
		.maxattr	= VPNHA_A_ACL_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_MAP_GET,
		.doit		= vpnha_nl_map_get_doit,
		.dumpit		= vpnha_nl_map_get_dumpit,
		.policy		= vpnha_map_get_nl_policy,
		.maxattr	= VPNHA_A_MAP_NUMBER,
	},
	{
		.cmd		= VPNHA_CMD_MAP_NEW,
		.doit		= vpnha_nl_map_new_doit,
		.policy		= vpnha_map_new_nl_policy,
		.maxattr	= VPNHA_A_MAP_DYNAMIC,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_MAP_SET,
		.doit		= vpnha_nl_map_set_doit,
		.policy		= vpnha_map_set_nl_policy,
		.maxattr	= VPNHA_A_MAP_DYNAMIC,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_MAP_DEL,
		.doit		= vpnha_nl_map_del_doit,
		.policy		= vpnha_map_del_nl_policy,
		.maxattr	= VPNHA_A_MAP_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_BINDING_GET,
		.doit		= vpnha_nl_binding_get_doit,
		.dumpit		= vpnha_nl_binding_get_dumpit,
		.policy		= vpnha_binding_get_nl_policy,
		.maxattr	= VPNHA_A_BINDING_IFNAME,
	},
	{
		.cmd		= VPNHA_CMD_BINDING_NEW,
		.doit		= vpnha_nl_binding_new_doit,
		.policy		= vpnha_binding_new_nl_policy,
		.maxattr	= VPNHA_A_BINDING_DF,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_BINDING_SET,
		.doit		= vpnha_nl_binding_set_doit,
		.policy		= vpnha_binding_set_nl_policy,
		.maxattr	= VPNHA_A_BINDING_DF,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_BINDING_DEL,
		.doit		= vpnha_nl_binding_del_doit,
		.policy		= vpnha_binding_del_nl_policy,
		.maxattr	= VPNHA_A_BINDING_IFNAME,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_SA_GET,
		.doit		= vpnha_nl_sa_get_doit,
		.dumpit		= vpnha_nl_sa_get_dumpit,
		.policy		= vpnha_sa_get_nl_policy,
		.maxattr	= VPNHA_A_SA_DST,
	},
	{
		.cmd		= VPNHA_CMD_SA_NEW,
		.doit		= vpnha_nl_sa_new_doit,
		.policy		= vpnha_sa_new_nl_policy,
		.maxattr	= VPNHA_A_SA_PEER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_SA_SET,
		.doit		= vpnha_nl_sa_set_doit,
		.policy		= vpnha_sa_set_nl_policy,
		.maxattr	= VPNHA_A_SA_PEER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_SA_DEL,
		.doit		= vpnha_nl_sa_del_doit,
		.policy		= vpnha_sa_del_nl_policy,
		.maxattr	= VPNHA_A_SA_DST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_MAP_KEY_GET,
		.doit		= vpnha_nl_map_key_get_doit,
		.dumpit		= vpnha_nl_map_key_get_dumpit,
		.policy		= vpnha_map_key_get_nl_policy,
		.maxattr	= VPNHA_A_MAP_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_SA_KEY_GET,
		.doit		= vpnha_nl_sa_key_get_doit,
		.dumpit		= vpnha_nl_sa_key_get_dumpit,
		.policy		= vpnha_sa_key_get_nl_policy,
		.maxattr	= VPNHA_A_SA_DST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_ESP_STATS_GET,
		.doit		= vpnha_nl_esp_stats_get_doit,
		.policy		= vpnha_esp_stats_get_nl_policy,
		.maxattr	= VPNHA_A_ESP_STATS_REASON,
	},
	{
		.cmd		= VPNHA_CMD_ESP_CLEAR,
		.doit		= vpnha_nl_esp_clear_doit,
		.policy		= vpnha_esp_clear_nl_policy,
		.maxattr	= VPNHA_A_ESP_CLEAR_COUNTERS,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_ROUTE_GET,
		.doit		= vpnha_nl_route_get_doit,
		.dumpit		= vpnha_nl_route_get_dumpit,
		.policy		= vpnha_route_get_nl_policy,
		.maxattr	= VPNHA_A_ROUTE_DISTANCE,
	},
	{
		.cmd		= VPNHA_CMD_BATCH,
		.doit		= vpnha_nl_batch_doit,
		.policy		= vpnha_batch_nl_policy,
		.maxattr	= VPNHA_A_BATCH_OBJECT_DEL,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_DYNAMIC_MAP_GET,
		.doit		= vpnha_nl_dynamic_map_get_doit,
		.dumpit		= vpnha_nl_dynamic_map_get_dumpit,
		.policy		= vpnha_dynamic_map_get_nl_policy,
		.maxattr	= VPNHA_A_MAP_NUMBER,
	},
	{
		.cmd		= VPNHA_CMD_DYNAMIC_MAP_NEW,
		.doit		= vpnha_nl_dynamic_map_new_doit,
		.policy		= vpnha_dynamic_map_new_nl_policy,
		.maxattr	= VPNHA_A_MAP_IKEV2_PROFILE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_DYNAMIC_MAP_SET,
		.doit		= vpnha_nl_dynamic_map_set_doit,
		.policy		= vpnha_dynamic_map_set_nl_policy,
		.maxattr	= VPNHA_A_MAP_IKEV2_PROFILE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_DYNAMIC_MAP_DEL,
		.doit		= vpnha_nl_dynamic_map_del_doit,
		.policy		= vpnha_dynamic_map_del_nl_policy,
		.maxattr	= VPNHA_A_MAP_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_GROUP_KEY_GET,
		.doit		= vpnha_nl_group_key_get_doit,
		.dumpit		= vpnha_nl_group_key_get_dumpit,
		.policy		= vpnha_group_key_get_nl_policy,
		.maxattr	= VPNHA_A_GROUP_NUMBER,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_OBJECT_GET,
		.doit		= vpnha_nl_object_get_doit,
		.dumpit		= vpnha_nl_object_get_dumpit,
		.policy		= vpnha_object_get_nl_policy,
		.maxattr	= VPNHA_A_OBJECT_ID,
	},
	{
		.cmd		= VPNHA_CMD_OBJECT_NEW,
		.doit		= vpnha_nl_object_new_doit,
		.policy		= vpnha_object_new_nl_policy,
		.maxattr	= VPNHA_A_OBJECT_UP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_OBJECT_SET,
		.doit		= vpnha_nl_object_set_doit,
		.policy		= vpnha_object_set_nl_policy,
		.maxattr	= VPNHA_A_OBJECT_UP,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= VPNHA_CMD_OBJECT_DEL,
		.doit		= vpnha_nl_object_del_doit,
		.policy		= vpnha_object_del_nl_policy,
		.maxattr	= VPNHA_A_OBJECT_ID,
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
