/* SPDX-License-Identifier: GPL-2.0 */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/vpnha.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VPNHA_GEN_H
#define _LINUX_VPNHA_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/vpnha.h>

/* Common nested types */
extern const struct nla_policy vpnha_acl_config_nl_policy[VPNHA_A_ACL_DST_PORT_MAX + 1];
extern const struct nla_policy vpnha_binding_config_nl_policy[VPNHA_A_BINDING_DF + 1];
extern const struct nla_policy vpnha_dynamic_map_config_nl_policy[VPNHA_A_MAP_IKEV2_PROFILE + 1];
extern const struct nla_policy vpnha_global_nl_policy[VPNHA_A_GLOBAL_PREFIX_LEN + 1];
extern const struct nla_policy vpnha_group_config_nl_policy[VPNHA_A_GROUP_GLOBAL6 + 1];
extern const struct nla_policy vpnha_interface_config_nl_policy[VPNHA_A_INTERFACE_REDIRECT + 1];
extern const struct nla_policy vpnha_map_config_nl_policy[VPNHA_A_MAP_DYNAMIC + 1];
extern const struct nla_policy vpnha_object_config_nl_policy[VPNHA_A_OBJECT_UP + 1];
extern const struct nla_policy vpnha_object_member_nl_policy[VPNHA_A_OBJECT_MEMBER_WEIGHT + 1];
extern const struct nla_policy vpnha_sa_config_nl_policy[VPNHA_A_SA_PEER + 1];
extern const struct nla_policy vpnha_selector_nl_policy[VPNHA_A_SELECTOR_DST_PORT_MAX + 1];
extern const struct nla_policy vpnha_session_key_nl_policy[VPNHA_A_SESSION_KEY_AUTH_KEY + 1];
extern const struct nla_policy vpnha_track_config_nl_policy[VPNHA_A_TRACK_SHUTDOWN + 1];
extern const struct nla_policy vpnha_transform_set_config_nl_policy[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK + 1];

int vpnha_nl_interface_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_interface_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vpnha_nl_interface_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_interface_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_interface_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_group_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_track_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_track_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_track_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_track_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_track_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_transform_set_get_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vpnha_nl_transform_set_get_dumpit(struct sk_buff *skb,
				      struct netlink_callback *cb);
int vpnha_nl_transform_set_new_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vpnha_nl_transform_set_set_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vpnha_nl_transform_set_del_doit(struct sk_buff *skb,
				    struct genl_info *info);
int vpnha_nl_acl_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_acl_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_acl_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_acl_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_acl_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_map_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_binding_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_binding_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vpnha_nl_binding_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_binding_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_binding_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_sa_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_sa_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_sa_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_key_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_map_key_get_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int vpnha_nl_sa_key_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_sa_key_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vpnha_nl_esp_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_esp_clear_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_route_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vpnha_nl_batch_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_dynamic_map_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_dynamic_map_get_dumpit(struct sk_buff *skb,
				    struct netlink_callback *cb);
int vpnha_nl_dynamic_map_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_dynamic_map_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_dynamic_map_del_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_key_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_group_key_get_dumpit(struct sk_buff *skb,
				  struct netlink_callback *cb);
int vpnha_nl_object_get_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_object_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int vpnha_nl_object_new_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_object_set_doit(struct sk_buff *skb, struct genl_info *info);
int vpnha_nl_object_del_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VPNHA_NLGRP_EVENTS,
	VPNHA_NLGRP_DEBUG,
};

extern struct genl_family vpnha_nl_family;

#endif /* _LINUX_VPNHA_GEN_H */
