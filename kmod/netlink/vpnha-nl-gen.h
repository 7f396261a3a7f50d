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
extern const struct nla_policy vpnha_group_config_nl_policy[VPNHA_A_GROUP_NAME + 1];
extern const struct nla_policy vpnha_interface_config_nl_policy[VPNHA_A_INTERFACE_VERSION + 1];
extern const struct nla_policy vpnha_track_config_nl_policy[VPNHA_A_TRACK_DECREMENT + 1];

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
int vpnha_nl_batch_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VPNHA_NLGRP_EVENTS,
	VPNHA_NLGRP_DEBUG,
};

extern struct genl_family vpnha_nl_family;

#endif /* _LINUX_VPNHA_GEN_H */
