/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracked objects: what has a state that groups and lists of objects act on.
 * Those that are configured have a number of the administrator's; a group that
 * tracks an interface directly has one made for it. RTNL protects them all.
 */
#ifndef _VPNHA_HSRP_OBJECT_H
#define _VPNHA_HSRP_OBJECT_H

#include "hsrp/hsrp.h"
#include "hsrp/list.h"

struct hsrp_reach;
struct hsrp_txn;

/**
 * struct hsrp_object_cfg - what is configured of an object
 * @kind: what it stands for
 * @ifname: name of the interface that it stands for
 * @prefix: destination of the route that it stands for
 * @prefix_len: length of @prefix in bits
 * @list: its members
 * @delay_up_s: seconds for which it must be up before it counts as up
 * @delay_down_s: the same for down
 * @default_up: what a stub is before it is set
 */
struct hsrp_object_cfg {
	enum vpnha_object_kind kind;
	char ifname[IFNAMSIZ];
	__be32 prefix;
	u8 prefix_len;
	struct hsrp_list list;
	u32 delay_up_s;
	u32 delay_down_s;
	bool default_up;
};

/**
 * struct hsrp_object - something that is tracked
 * @hn: namespace
 * @list: in hsrp_net.objects
 * @users: list of struct hsrp_track
 * @id: number
 * @numbered: @id is the administrator's
 * @configured: it exists, not only by being referred to
 * @fresh: its state has never been looked at
 * @cfg: what it is
 * @ifindex: index of its interface, 0 while there is none
 * @reach: its route
 * @set_up: what a stub was set to
 * @up: it is up
 * @due: when it changes by its delay, 0 while it is not about to
 * @depth: how deep lists go below it, 0 for what is none
 * @changes: number of changes of @up
 * @changed: time of the last one
 * @txn: state in the open transaction
 * @txn_list: in hsrp_txn.objects
 * @txn_key: attribute that named it, for messages
 * @next: configuration to be
 * @next_set_up: @set_up to be
 * @next_reach: @reach to be, or NULL for the one that there is
 * @next_depth: @depth to be
 */
struct hsrp_object {
	struct hsrp_net *hn;
	struct list_head list;
	struct list_head users;
	u32 id;
	bool numbered;
	bool configured;
	bool fresh;
	struct hsrp_object_cfg cfg;
	int ifindex;
	struct hsrp_reach *reach;
	bool set_up;
	bool up;
	ktime_t due;
	u8 depth;
	u32 changes;
	ktime_t changed;
	enum hsrp_txn_state txn;
	struct list_head txn_list;
	const struct nlattr *txn_key;
	struct hsrp_object_cfg next;
	bool next_set_up;
	struct hsrp_reach *next_reach;
	u8 next_depth;
};

/* object.c */
struct hsrp_object *hsrp_object_find(struct hsrp_net *hn, u32 id);
struct hsrp_object *hsrp_object_get(struct hsrp_net *hn,
				    const struct hsrp_target *target);
void hsrp_object_release(struct hsrp_object *object);
u32 hsrp_object_value(const struct hsrp_object *object);
void hsrp_objects_update(struct hsrp_net *hn);
ktime_t hsrp_objects_housekeep(struct hsrp_net *hn, ktime_t now);
void hsrp_objects_dev_event(struct hsrp_net *hn, struct net_device *dev,
			    bool gone);
void hsrp_objects_exit(struct hsrp_net *hn);

/* stage_object.c */
int hsrp_objects_check(struct hsrp_txn *txn);
void hsrp_objects_commit(struct hsrp_txn *txn);
void hsrp_objects_settle(struct hsrp_txn *txn);
void hsrp_objects_abort(struct hsrp_txn *txn);

/* reach.c */
struct hsrp_reach *hsrp_reach_alloc(struct hsrp_net *hn, __be32 prefix,
				    u8 prefix_len);
void hsrp_reach_free(struct hsrp_reach *reach);
bool hsrp_reach_is_known(const struct hsrp_reach *reach);
bool hsrp_reach_is_up(const struct hsrp_reach *reach);
bool hsrp_reach_listen(struct hsrp_net *hn);

#endif /* _VPNHA_HSRP_OBJECT_H */
