/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration as transactions: every change, a single one too, is checked
 * as a whole before any of it takes effect.
 */
#ifndef _VPNHA_HSRP_CONFIG_H
#define _VPNHA_HSRP_CONFIG_H

#include <net/netlink.h>

#include "core/verb.h"
#include "hsrp/hsrp.h"

struct netlink_ext_ack;

/**
 * struct hsrp_txn - an open transaction
 * @hn: namespace
 * @extack: takes the reason of a refusal
 * @checked: hsrp_txn_check() found nothing wrong
 * @ifaces: interfaces that it touched
 * @groups: groups that it touched
 * @tracks: what groups track that it touched
 * @objects: tracked objects that it touched
 * @raw: attributes of the operation that is staged, for those that may come
 *	more than once
 * @raw_len: bytes of these
 */
struct hsrp_txn {
	struct hsrp_net *hn;
	struct netlink_ext_ack *extack;
	bool checked;
	struct list_head ifaces;
	struct list_head groups;
	struct list_head tracks;
	struct list_head objects;
	const struct nlattr *raw;
	int raw_len;
};

/**
 * hsrp_txn_exists() - will the object exist after the transaction?
 * @txn: its state in the transaction
 *
 * Context: RTNL. Return: false when the transaction removes it.
 */
static inline bool hsrp_txn_exists(enum hsrp_txn_state txn)
{
	return txn != HSRP_TXN_DEL && txn != HSRP_TXN_VOID;
}

/**
 * hsrp_take_u32() - take a number over from a request
 * @to: stays as it is when the request does not say it
 * @attr: the number, or NULL
 */
static inline void hsrp_take_u32(u32 *to, const struct nlattr *attr)
{
	if (attr)
		*to = nla_get_u32(attr);
}

/**
 * hsrp_take_bool() - take a switch over from a request
 * @to: stays as it is when the request does not say it
 * @attr: 0 or 1 in a byte, or NULL
 */
static inline void hsrp_take_bool(bool *to, const struct nlattr *attr)
{
	if (attr)
		*to = nla_get_u8(attr);
}

/**
 * hsrp_secondary_type() - what gives the virtual IPs beside the first
 * @ipv6: of an IPv6 group
 *
 * Context: any. Return: VPNHA_A_GROUP_*.
 */
static inline int hsrp_secondary_type(bool ipv6)
{
	return ipv6 ? VPNHA_A_GROUP_GLOBAL6 : VPNHA_A_GROUP_SECONDARY;
}

/* stage_vip.c */
int hsrp_stage_addresses(struct hsrp_txn *txn, struct hsrp_group *g,
			 struct nlattr **attrs);
const struct nlattr *hsrp_staged_attr(const struct hsrp_group *g, int type);
int hsrp_check_family(struct hsrp_txn *txn, const struct hsrp_group *g,
		      u8 version);

enum hsrp_txn_state hsrp_txn_after(enum hsrp_txn_state txn,
				   enum vpnha_verb verb);
void hsrp_txn_begin(struct hsrp_txn *txn, struct net *net,
		    struct netlink_ext_ack *extack);
int hsrp_txn_iface(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs);
int hsrp_txn_group(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs);
int hsrp_txn_track(struct hsrp_txn *txn, enum vpnha_verb verb,
		   struct nlattr **attrs);
const struct nlattr *hsrp_target_read(struct hsrp_target *target,
				      struct nlattr **attrs,
				      struct netlink_ext_ack *extack);
int hsrp_txn_object(struct hsrp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs);
int hsrp_txn_check(struct hsrp_txn *txn);
void hsrp_txn_end(struct hsrp_txn *txn, int err);

void hsrp_remove_iface(struct hsrp_iface *iface);

#endif /* _VPNHA_HSRP_CONFIG_H */
