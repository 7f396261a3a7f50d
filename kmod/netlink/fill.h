/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One filler for each object, which get, dump and notification share.
 */
#ifndef _VPNHA_NETLINK_FILL_H
#define _VPNHA_NETLINK_FILL_H

#include "esp/config.h"
#include "esp/upcall.h"
#include "hsrp/upcall.h"
#include "rri/rri.h"

struct genl_info;
struct netlink_callback;
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
			struct hsrp_group *g, bool keys);
int vpnha_nl_fill_track(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct hsrp_track *t);
int vpnha_nl_fill_tracked(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  const struct hsrp_object *object);
int vpnha_nl_fill_debug(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			const struct hsrp_debug *d);
int vpnha_nl_fill_object(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			 struct esp_net *en, struct esp_object *o, bool keys);
int vpnha_nl_fill_sa(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
		     struct esp_sa *sa, bool keys);
int vpnha_nl_fill_sa_event(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			   struct esp_sa *sa, enum vpnha_sa_event_kind kind,
			   enum vpnha_expiry_cause cause, u64 seq);
int vpnha_nl_fill_mapping(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  struct esp_sa *sa, const struct esp_addr *src,
			  u16 sport);
int vpnha_nl_fill_acquire(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  const struct esp_acquire *a);
int vpnha_nl_fill_esp_stats(struct sk_buff *skb,
			    const struct vpnha_nl_hdr *hdr, struct esp_net *en,
			    u32 only);
int vpnha_nl_fill_route(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct rri_net *rn, const struct rri_route *route);

int vpnha_nl_put_addr(struct sk_buff *skb, int type, const struct esp_addr *a);

/* Writes the answer to a request, whose header this is; RTNL. */
typedef int (*vpnha_nl_reply_fn)(struct genl_info *info, struct sk_buff *skb,
				 const struct vpnha_nl_hdr *hdr);

int vpnha_nl_get(struct genl_info *info, u8 cmd, vpnha_nl_reply_fn reply);
void vpnha_nl_dump_begin(struct netlink_callback *cb, struct vpnha_nl_hdr *hdr,
			 unsigned int generation);
int vpnha_nl_dump_end(struct sk_buff *skb, struct netlink_callback *cb,
		      int err);

/* A message for listeners of a group, NULL when there are none. */
struct sk_buff *vpnha_nl_event(struct net *net, unsigned int group);
void vpnha_nl_send_event(struct net *net, struct sk_buff *skb,
			 unsigned int group, int err);

/* With RTNL only when requests are served; not while the module goes. */
bool vpnha_nl_lock(struct netlink_ext_ack *extack);

extern const struct hsrp_upcalls vpnha_nl_hsrp_upcalls;
extern const struct esp_upcalls vpnha_nl_esp_upcalls;
extern const struct rri_upcalls vpnha_nl_rri_upcalls;

#endif /* _VPNHA_NETLINK_FILL_H */
