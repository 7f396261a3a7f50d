/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One filler for each object, which get, dump and notification share.
 */
#ifndef _VPNHA_NETLINK_FILL_H
#define _VPNHA_NETLINK_FILL_H

#include "hsrp/upcall.h"

struct genl_info;
struct sk_buff;

/**
 * struct vpnha_nl_hdr - header of a message to be filled
 * @portid: port of the requester, 0 for a notification
 * @seq: sequence number of the request
 * @flags: NLM_F_MULTI in a dump
 * @cmd: command
 */
struct vpnha_nl_hdr {
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
};

int vpnha_nl_fill_iface(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_iface *iface);
int vpnha_nl_fill_group(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_group *g);
int vpnha_nl_fill_track(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_track *t);
int vpnha_nl_fill_debug(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			const struct hsrp_debug *d);

extern const struct hsrp_upcalls vpnha_nl_upcalls;

#endif /* _VPNHA_NETLINK_FILL_H */
