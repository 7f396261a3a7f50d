/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: HSRP objects and their locks
 *
 * RTNL protects the configuration: which interfaces, groups and tracked
 * objects exist, how they hang together, and which device an interface is
 * bound to. hsrp_group.lock, taken with bottom halves off, protects what the
 * protocol changes: state, routers, timers, and the copy of the configuration
 * that it reads. hsrp_net.vip_lock, hsrp_net.va_lock and
 * hsrp_iface.offender_lock are leaves. Order: RTNL, group lock, that of a group
 * that follows it, leaf.
 *
 * Packets find interfaces, groups and virtual IPs under RCU and take the group
 * lock only to change something. Timers run in softirq and take the group lock.
 * Packets made under a lock are queued in an hsrp_ctx and leave after it.
 *
 * A group that follows another one is linked to it under RTNL and both locks.
 * Its lock is taken inside that of the group that it follows, which follows none:
 * there is but one such step, and those that follow the same are taken one after
 * the other.
 *
 * A group is referenced by its interface, and by the list of groups whose
 * virtual address has to be put or removed; an interface by its groups.
 */
#ifndef _VPNHA_HSRP_HSRP_H
#define _VPNHA_HSRP_HSRP_H

#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/idr.h>
#include <linux/if_ether.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/ratelimit.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/stringhash.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "hsrp/auth.h"
#include "hsrp/fsm.h"
#include "hsrp/wire.h"

struct hsrp_object;
struct inet6_dev;
struct nlattr;

#define HSRP_HASH_BITS		8
#define HSRP_NET_HOOKS		3
#define HSRP_DEFAULT_PRIORITY	100
#define HSRP_DEFAULT_HELLO_MS	3000
#define HSRP_DEFAULT_HOLD_MS	10000
#define HSRP_DEFAULT_DECREMENT	10
#define HSRP_DEFAULT_VERSION	1
#define HSRP_DEFAULT_DELAY_S	1
#define HSRP_DEFAULT_GARP_COUNT	3
#define HSRP_DEFAULT_GARP_S	2
#define HSRP_FOLLOW_REFRESH_S	10
#define HSRP_HELLO_MIN_MS	15
#define HSRP_HOLD_MIN_MS	50
#define HSRP_VIPS_MAX		(1 + VPNHA_SECONDARY_MAX)
#define HSRP_HOST_PLEN		128	/* brings no route */

/**
 * struct hsrp_net - HSRP in a namespace
 * @net: the namespace
 * @ifaces: list of struct hsrp_iface; written under RTNL, read under RCU too
 * @objects: list of struct hsrp_object; RTNL
 * @object_ids: numbers of @objects
 * @numbered: those whose number is the administrator's; RTNL
 * @reaches: list of struct hsrp_reach; RTNL
 * @by_vip: struct hsrp_vip by configured address; RTNL
 * @by_name: groups by redundancy name; RTNL
 * @by_follow: groups by the name of the one that they are to follow; RTNL
 * @vips: struct hsrp_vip by address in use; written under @vip_lock, read under
 *	RCU
 * @macs: groups by virtual MAC address; written under @vip_lock, read under RCU
 * @vip_lock: see @vips and @macs
 * @vip_seq: tells readers of @vips that an address has changed under them
 * @va_list: groups whose virtual address has to be put or removed
 * @va_lock: protects @va_list and what groups have put
 * @va_work: works off @va_list
 * @housekeeping: interface delays, advertisements, retries
 * @hooks: on what the stack sends of its own; there with the first interface
 * @hooked: @hooks are registered
 * @recheck6: addresses of IPv6 have changed, or will without a word
 * @ngroups6: number of groups of IPv6; written under RTNL
 * @generation: changes with the configuration, for consistent dumps; RTNL
 */
struct hsrp_net {
	struct net *net;
	struct list_head ifaces;
	struct list_head objects;
	struct ida object_ids;
	struct xarray numbered;
	struct list_head reaches;
	DECLARE_HASHTABLE(by_vip, HSRP_HASH_BITS);
	DECLARE_HASHTABLE(by_name, HSRP_HASH_BITS);
	DECLARE_HASHTABLE(by_follow, HSRP_HASH_BITS);
	DECLARE_HASHTABLE(vips, HSRP_HASH_BITS);
	DECLARE_HASHTABLE(macs, HSRP_HASH_BITS);
	spinlock_t vip_lock;	/* writers of vips and macs */
	seqcount_spinlock_t vip_seq;
	struct list_head va_list;
	spinlock_t va_lock;	/* va_list, and va_have of groups */
	struct delayed_work va_work;
	struct delayed_work housekeeping;
	struct nf_hook_ops hooks[HSRP_NET_HOOKS];
	bool hooked;
	bool recheck6;
	u32 ngroups6;
	unsigned int generation;
};

/**
 * enum hsrp_txn_state - part of an object in the open transaction
 * @HSRP_TXN_NONE: none
 * @HSRP_TXN_NEW: made by it
 * @HSRP_TXN_SET: changed by it
 * @HSRP_TXN_DEL: removed by it
 * @HSRP_TXN_VOID: made and removed by it
 */
enum hsrp_txn_state {
	HSRP_TXN_NONE,
	HSRP_TXN_NEW,
	HSRP_TXN_SET,
	HSRP_TXN_DEL,
	HSRP_TXN_VOID,
};

/**
 * struct hsrp_offender - who sent the last packet that should not have been
 * @reason: what was wrong with it; 0 while there was none
 * @addr: its source address
 * @mac: its source MAC address
 * @at: when it came, by the time since boot
 */
struct hsrp_offender {
	enum vpnha_drop_reason reason;
	struct in6_addr addr;
	u8 mac[ETH_ALEN];
	ktime_t at;
};

/**
 * struct hsrp_delays - how long an interface has to be up before its groups run
 * @min_s: whenever it comes up, in seconds
 * @reload_s: instead of @min_s the first time that it is up, in seconds; 0: no
 *	other than any time
 */
struct hsrp_delays {
	u32 min_s;
	u32 reload_s;
};

/**
 * struct hsrp_garp - how an active router announces its virtual IPs
 * @count: so often, from becoming active on; 0: without end
 * @interval_s: time between two, in seconds
 * @refresh_s: and after that once in so many seconds; 0: no more
 */
struct hsrp_garp {
	u32 count;
	u32 interval_s;
	u32 refresh_s;
};

/**
 * struct hsrp_iface - an interface that has standby groups
 * @hn: namespace
 * @list: in hsrp_net.ifaces
 * @groups: struct hsrp_group by number; written under RTNL, read under RCU
 * @name: name of the device, or of the one that is waited for
 * @dev: the device; NULL while there is none. Written under RTNL
 * @tracker: of the reference on @dev
 * @hook: ingress hook on @dev
 * @below: the same on the device below @dev, if that is a macvlan
 * @version: HSRP version; written under RTNL
 * @port: @dev is a port of another device, which gets what comes in; written
 *	under RTNL
 * @link: state of the interface; RTNL
 * @use_bia: its own MAC address is its groups' virtual one; RTNL
 * @redirect: ICMP redirects may leave by it; written under RTNL
 * @delays: how long it waits; RTNL
 * @garp: how its groups announce themselves; written under RTNL
 * @up_since: when it came up last, 0 if it never was; RTNL
 * @first_up: the same, as long as that is the first time, else 0; RTNL
 * @adv_next: when the next advertisement of a passive interface is due
 * @mcast_added: the multicast address is in the filter of the device; RTNL
 * @member: IPv6 of @dev as long as it is a member of the group of routers,
 *	referenced; RTNL
 * @retry: something was refused for want of resources, try again
 * @ngroups: number of groups; written under RTNL
 * @ngroups6: number of those of IPv6; written under RTNL
 * @active: number of groups that are active
 * @passive: number of groups that run and are not active
 * @adv_state: enum hsrp_adv_state that was advertised last
 * @adv_rx: advertisements received
 * @adv_tx: advertisements sent
 * @drops: packets not obeyed, by reason
 * @offender: who sent the last one of them that has no place in this network
 * @offender_lock: protects @offender; a leaf
 * @complaints: lets few of them be logged
 * @unlogged: how many were not since the last one that was
 * @txn: state in the open transaction; RTNL
 * @txn_list: in hsrp_txn.ifaces
 * @next_version: version to be; RTNL
 * @next_use_bia: use of its own MAC address to be; RTNL
 * @next_redirect: what is to be of ICMP redirects; RTNL
 * @next_delays: delays to be; RTNL
 * @next_garp: announcements to be; RTNL
 * @txn_version: attribute that gave the version, for messages
 * @txn_use_bia: likewise the use of its own MAC address
 * @ref: references
 * @rcu: for freeing
 */
struct hsrp_iface {
	struct hsrp_net *hn;
	struct list_head list;
	struct xarray groups;
	char name[IFNAMSIZ];
	struct net_device __rcu *dev;
	netdevice_tracker tracker;
	struct nf_hook_ops hook;
	struct nf_hook_ops below;
	u8 version;
	bool port;
	bool use_bia;
	bool redirect;
	enum vpnha_link_state link;
	struct hsrp_delays delays;
	struct hsrp_garp garp;
	ktime_t up_since;
	ktime_t first_up;
	ktime_t adv_next;
	bool mcast_added;
	struct inet6_dev *member;
	bool retry;
	u32 ngroups;
	u32 ngroups6;
	atomic_t active;
	atomic_t passive;
	atomic_t adv_state;
	atomic64_t adv_rx;
	atomic64_t adv_tx;
	atomic64_t drops[VPNHA_DROP_REASON_BAD_SOURCE + 1];
	struct hsrp_offender offender;
	spinlock_t offender_lock;	/* offender */
	struct ratelimit_state complaints;
	atomic_t unlogged;
	enum hsrp_txn_state txn;
	struct list_head txn_list;
	u8 next_version;
	bool next_use_bia;
	bool next_redirect;
	struct hsrp_delays next_delays;
	struct hsrp_garp next_garp;
	const struct nlattr *txn_version;
	const struct nlattr *txn_use_bia;
	struct kref ref;
	struct rcu_head rcu;
};

/**
 * struct hsrp_group_cfg - what is configured of a group
 * @enabled: "standby ip" or "standby ipv6" was given
 * @ipv6: it is a group of IPv6
 * @autoconfig: its virtual IP is to be made of its number
 * @made: @vip was
 * @preempt: take over from an active router of lower priority
 * @sync_pending: what this router needs of the active one is not here yet; set
 *	by whoever fetches it
 * @preempt_min_s: seconds that it could take over before it does
 * @preempt_reload_s: seconds that its interface has been up for the first time
 *	before it does
 * @preempt_sync_s: seconds at most that it waits because of @sync_pending
 * @vip: virtual IP, :: to learn it
 * @secondary: further virtual IPs, global ones where it is a group of IPv6
 * @plens: how long their prefixes are there, in bits
 * @n_secondary: number of @secondary
 * @mac: virtual MAC address, 0 for the default
 * @priority: 0 to 255
 * @hello_ms: hello time in milliseconds, 0 for default or learned
 * @hold_ms: hold time in milliseconds, 0 together with @hello_ms
 * @name: redundancy name, may be empty
 * @follow: that of the group whose state it has; empty: it has its own
 * @bundle: the group that it follows runs only while this one can
 * @auth: what authenticates packets
 * @key_timeout: seconds for which the previous key outlives a new one
 */
struct hsrp_group_cfg {
	bool enabled;
	bool ipv6;
	bool autoconfig;
	bool made;
	bool preempt;
	bool sync_pending;
	u32 preempt_min_s;
	u32 preempt_reload_s;
	u32 preempt_sync_s;
	struct in6_addr vip;
	struct in6_addr secondary[VPNHA_SECONDARY_MAX];
	u8 plens[VPNHA_SECONDARY_MAX];
	u8 n_secondary;
	u64 mac;
	u32 priority;
	u32 hello_ms;
	u32 hold_ms;
	char name[VPNHA_NAME_MAX + 1];
	char follow[VPNHA_NAME_MAX + 1];
	bool bundle;
	struct hsrp_auth auth;
	u32 key_timeout;
};

/**
 * struct hsrp_vip - a virtual IP of a group
 * @node: in hsrp_net.vips
 * @cfg_node: in hsrp_net.by_vip
 * @addr: the address in use, :: for none
 * @index: in hsrp_group.vips
 */
struct hsrp_vip {
	struct hlist_node node;
	struct hlist_node cfg_node;
	struct in6_addr addr;
	u8 index;
};

/**
 * struct hsrp_vaddr - a virtual IP as an address of an interface
 * @addr: the address, :: for none
 * @plen: length of its prefix in bits
 */
struct hsrp_vaddr {
	struct in6_addr addr;
	u8 plen;
};

enum hsrp_timer_id {
	HSRP_TIMER_ACTIVE,
	HSRP_TIMER_STANDBY,
	HSRP_TIMER_HELLO,
	HSRP_TIMER_GARP,
	HSRP_NTIMERS
};

/**
 * struct hsrp_timer - a timer of a group
 * @timer: runs in softirq
 * @deadline: when it is due, 0 while stopped; a callback that comes late or
 *	was overtaken by a restart finds out by it
 * @group: the group
 */
struct hsrp_timer {
	struct hrtimer timer;
	ktime_t deadline;
	struct hsrp_group *group;
};

/**
 * struct hsrp_router - the active or standby router as far as known
 * @known: whether there is one
 * @local: it is this router
 * @addr: its address
 * @priority: its priority
 * @mac: MAC address that its packets come from, 0 if it is this router
 */
struct hsrp_router {
	bool known;
	bool local;
	struct in6_addr addr;
	u32 priority;
	u64 mac;
};

/**
 * struct hsrp_counters - packets of a group, under its lock
 * @rx: received, by enum vpnha_opcode
 * @tx: sent, by enum vpnha_opcode
 * @garp: gratuitous ARP or unsolicited neighbour advertisements sent
 * @tx_error: could not be built
 */
struct hsrp_counters {
	u64 rx[VPNHA_OPCODE_RESIGN + 1];
	u64 tx[VPNHA_OPCODE_RESIGN + 1];
	u64 garp;
	u64 tx_error;
};

/**
 * struct hsrp_group - a standby group
 * @iface: its interface, referenced
 * @number: group number
 * @lock: protects what follows up to @counters
 * @cfg: configuration; written under RTNL and @lock, read under either
 * @old_auth: what authenticated packets before that of @cfg
 * @state: state; written by set_state() only
 * @reason: why it is in the initial state
 * @changes: number of state changes
 * @changed: time of the last one
 * @addr: our address, the source of our packets
 * @vip: virtual IP in use, :: while unknown; the first of @vips
 * @mac: virtual MAC address as a number, for readers without the lock; 0 while
 *	it is to be that of an interface that is not there
 * @priority: priority in use
 * @hello_ms: hello time in use, milliseconds
 * @hold_ms: hold time in use, milliseconds
 * @active: the active router
 * @standby: the standby router
 * @timers: by enum hsrp_timer_id
 * @could_preempt: since when it could take over but for delays, 0 if it cannot
 * @first_up: when its interface was up for the first time, 0 if it has been
 *	down since
 * @garp_left: announcements still to be sent at the interval between them; 0:
 *	without end
 * @garp_at: when the last one was sent
 * @dead: removed; timers stay stopped
 * @quiet: a commit is under way, which tells of the group at its end
 * @leader: the group that it follows, if there is that one
 * @follower_list: in the list @followers of that
 * @followers: list of those that follow it
 * @unable: why it could not run if it were for itself alone, if it follows
 * @halted: it is not to run before it has been evaluated anew, if it follows
 * @holders: how many of those that are bundled with it should run and cannot
 * @counters: packets
 * @arp_replies: answers to ARP requests or neighbour solicitations, without the
 *	lock
 * @tracks: list of struct hsrp_track; RTNL
 * @vips: the virtual IP and, behind it, the secondary ones
 * @cfg_name_node: in hsrp_net.by_name
 * @cfg_follow_node: in hsrp_net.by_follow
 * @mac_node: in hsrp_net.macs
 * @uc_mac: what is in the address filter of the device because of @mac; RTNL
 * @va_node: in hsrp_net.va_list
 * @va_have: virtual addresses that we put on an interface, among ::; written
 *	under hsrp_net.va_lock, and only the work item puts one here
 * @va_ifindex: that interface
 * @txn: state in the open transaction; RTNL
 * @txn_reset: start anew at the end of it
 * @txn_list: in hsrp_txn.groups
 * @next: configuration to be; RTNL
 * @txn_key: attribute that named the group, for messages
 * @txn_vip: attribute that gave the virtual IP
 * @txn_attrs: attributes among which are those of its addresses
 * @txn_attrs_len: their bytes
 * @txn_name: attribute that gave the name
 * @txn_mac: attribute that gave the virtual MAC address
 * @txn_follow: attribute that gave the name of the group to follow
 * @txn_bundle: attribute that has the two bundled
 * @ref: references
 * @rcu: for freeing
 */
struct hsrp_group {
	struct hsrp_iface *iface;
	u16 number;

	spinlock_t lock;	/* all down to counters */
	struct hsrp_group_cfg cfg;
	struct hsrp_auth_old old_auth;
	enum vpnha_state state;
	enum vpnha_init_reason reason;
	u32 changes;
	ktime_t changed;
	struct in6_addr addr;
	struct in6_addr vip;
	u64 mac;
	u32 priority;
	u32 hello_ms;
	u32 hold_ms;
	struct hsrp_router active;
	struct hsrp_router standby;
	struct hsrp_timer timers[HSRP_NTIMERS];
	ktime_t could_preempt;
	ktime_t first_up;
	u8 garp_left;
	ktime_t garp_at;
	bool dead;
	bool quiet;
	struct hsrp_group *leader;
	struct list_head follower_list;
	struct list_head followers;
	enum vpnha_init_reason unable;
	bool halted;
	u32 holders;
	struct hsrp_counters counters;

	atomic64_t arp_replies;
	struct list_head tracks;
	struct hsrp_vip vips[HSRP_VIPS_MAX];
	struct hlist_node cfg_name_node;
	struct hlist_node cfg_follow_node;
	struct hlist_node mac_node;
	u64 uc_mac;

	struct list_head va_node;
	struct hsrp_vaddr va_have[HSRP_VIPS_MAX];
	int va_ifindex;

	enum hsrp_txn_state txn;
	bool txn_reset;
	struct list_head txn_list;
	struct hsrp_group_cfg next;
	const struct nlattr *txn_key;
	const struct nlattr *txn_vip;
	const struct nlattr *txn_attrs;
	int txn_attrs_len;
	const struct nlattr *txn_name;
	const struct nlattr *txn_mac;
	const struct nlattr *txn_follow;
	const struct nlattr *txn_bundle;

	struct kref ref;
	struct rcu_head rcu;
};

/**
 * struct hsrp_target - what a group tracks
 * @ifname: an interface, unless @object is there
 * @object: number of an object that is configured, or 0
 */
struct hsrp_target {
	const char *ifname;
	u32 object;
};

/**
 * struct hsrp_track - a group tracks an object; RTNL
 * @group: the group
 * @object: the object
 * @group_list: in hsrp_group.tracks
 * @object_list: in hsrp_object.users
 * @decrement: taken off the priority while the object is down
 * @shutdown: instead the group is in the initial state while it is
 * @txn: state in the open transaction
 * @txn_list: in hsrp_txn.tracks
 * @txn_key: attribute that named @object, for messages
 * @next_decrement: decrement to be
 * @next_shutdown: @shutdown to be
 */
struct hsrp_track {
	struct hsrp_group *group;
	struct hsrp_object *object;
	struct list_head group_list;
	struct list_head object_list;
	u32 decrement;
	bool shutdown;
	enum hsrp_txn_state txn;
	struct list_head txn_list;
	const struct nlattr *txn_key;
	u32 next_decrement;
	bool next_shutdown;
};

/**
 * struct hsrp_ctx - what an operation leaves to be done without locks
 * @txq: packets to be sent
 */
struct hsrp_ctx {
	struct sk_buff_head txq;
};

static inline void hsrp_ctx_init(struct hsrp_ctx *ctx)
{
	__skb_queue_head_init(&ctx->txq);
}

static inline struct hsrp_group *hsrp_vip_group(const struct hsrp_vip *v)
{
	return container_of(v - v->index, struct hsrp_group, vips[0]);
}

/**
 * hsrp_group_mac() - virtual MAC address of a group
 * @g: group
 * @mac: six bytes to write to
 *
 * Context: any.
 */
static inline void hsrp_group_mac(const struct hsrp_group *g, u8 *mac)
{
	u64_to_ether_addr(READ_ONCE(g->mac), mac);
}

/**
 * hsrp_name_hash() - hash a redundancy name
 * @name: the name
 *
 * Context: any. Return: the hash.
 */
static inline u32 hsrp_name_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/**
 * hsrp_group_follows() - does a group follow another one?
 * @g: group, locked or under RTNL
 *
 * Context: any. Return: true also while that one is not there.
 */
static inline bool hsrp_group_follows(const struct hsrp_group *g)
{
	return g->cfg.follow[0];
}

/* net.c */
struct hsrp_net *hsrp_net(const struct net *net);
bool hsrp_open(void);
void hsrp_set_open(bool open);
int hsrp_init(void);
void hsrp_exit(void);

/* group.c */
struct hsrp_group *hsrp_group_alloc(struct hsrp_iface *iface, u16 number);
void hsrp_group_put(struct hsrp_group *g);
void hsrp_group_kill(struct hsrp_group *g);
void hsrp_group_event(struct hsrp_group *g, enum vpnha_event event,
		      const struct hsrp_pkt *pkt, const struct in6_addr *from,
		      struct hsrp_ctx *ctx);
struct hsrp_group *hsrp_group_by_name(struct hsrp_net *hn, const char *name);
void hsrp_group_tell(struct hsrp_group *g);
void hsrp_group_set_state(struct hsrp_group *g, enum vpnha_state state,
			  enum vpnha_event event, struct hsrp_ctx *ctx);
void hsrp_group_set_router(struct hsrp_group *g, struct hsrp_router *router,
			   const struct hsrp_router *now);
void hsrp_group_use_timers(struct hsrp_group *g, u32 hello_ms, u32 hold_ms);
void hsrp_group_use_priority(struct hsrp_group *g, u32 priority,
			     struct hsrp_ctx *ctx);
void hsrp_group_start(struct hsrp_group *g, const struct in6_addr *addr,
		      struct hsrp_ctx *ctx);
void hsrp_group_stop(struct hsrp_group *g, enum vpnha_init_reason reason,
		     struct hsrp_ctx *ctx);
void hsrp_group_announce(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_group_announce_again(struct hsrp_group *g, struct hsrp_ctx *ctx);
u32 hsrp_timer_left_ms(const struct hsrp_group *g, enum hsrp_timer_id id);
u32 hsrp_preempt_left_ms(const struct hsrp_group *g);

/* follow.c */
void hsrp_follow_all(struct hsrp_group *g, enum vpnha_event event,
		     struct hsrp_ctx *ctx);
void hsrp_follow_announce_again(struct hsrp_group *g, struct hsrp_ctx *ctx);
bool hsrp_follow_sync_pending(const struct hsrp_group *g);
void hsrp_follow_evaluate(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_follow_leave(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_follow_join(struct hsrp_group *g, struct hsrp_ctx *ctx);

/* virtual.c */
void hsrp_group_use_vip(struct hsrp_group *g, const struct in6_addr *vip);
struct hsrp_group *hsrp_group_by_vip(struct hsrp_net *hn,
				     const struct in6_addr *vip,
				     const struct hsrp_iface *iface);
void hsrp_group_use_secondary(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_group_use_mac(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_group_use_nothing(struct hsrp_group *g);

/* address.c */
enum vpnha_init_reason hsrp_own_address(struct net_device *dev,
					const struct in6_addr *vip,
					struct in6_addr *addr);
bool hsrp_addr_is_foreign(const struct hsrp_iface *iface,
			  const struct in6_addr *addr);
bool hsrp_addr_is_unicast(const struct in6_addr *addr);
bool hsrp_addr_is_local_net(struct hsrp_iface *iface,
			    const struct in6_addr *addr);
bool hsrp_group_has_foreign(const struct hsrp_group *g);
void hsrp_iface_address(struct hsrp_net *hn, const struct net_device *dev,
			const struct in6_addr *addr);

/* iface.c */
struct hsrp_iface *hsrp_iface_find(struct hsrp_net *hn, const char *name);
struct hsrp_iface *hsrp_iface_by_dev(struct hsrp_net *hn,
				     const struct net_device *dev);
struct hsrp_iface *hsrp_iface_alloc(struct hsrp_net *hn, const char *name);
void hsrp_iface_put(struct hsrp_iface *iface);
void hsrp_iface_bind(struct hsrp_iface *iface);
void hsrp_iface_release(struct hsrp_iface *iface);
void hsrp_iface_unbind(struct hsrp_iface *iface);
void hsrp_iface_set_version(struct hsrp_iface *iface, u8 version,
			    struct hsrp_ctx *ctx);
u32 hsrp_iface_delay_left_ms(const struct hsrp_iface *iface);
void hsrp_iface_set_garp(struct hsrp_iface *iface,
			 const struct hsrp_garp *garp, struct hsrp_ctx *ctx);
void hsrp_iface_use_macs(struct hsrp_iface *iface, struct hsrp_ctx *ctx);
void hsrp_iface_link(struct hsrp_iface *iface, bool going_down);
void hsrp_iface_evaluate(struct hsrp_iface *iface);
void hsrp_iface_announce(struct hsrp_iface *iface);
void hsrp_iface_master(struct hsrp_iface *iface);
enum vpnha_init_reason hsrp_group_why_not(struct hsrp_group *g,
					  struct in6_addr *addr);
void hsrp_group_halt(struct hsrp_group *g, enum vpnha_init_reason reason,
		     struct hsrp_ctx *ctx);
void hsrp_group_unfilter(struct hsrp_group *g);
void hsrp_group_evaluate(struct hsrp_group *g, struct hsrp_ctx *ctx);
enum vpnha_init_reason hsrp_dev_why_not(const struct net_device *dev);
bool hsrp_dev_is_up(const struct net_device *dev);
void hsrp_housekeeping(struct work_struct *work);

/* hook.c */
int hsrp_hook_add(struct hsrp_iface *iface, struct net_device *dev);
void hsrp_hook_del(struct hsrp_iface *iface);
int hsrp_net_hooks_add(struct hsrp_net *hn);
void hsrp_net_hooks_del(struct hsrp_net *hn);

/* rx.c */
void hsrp_rx(struct hsrp_iface *iface, const u8 *data, size_t len,
	     const struct in6_addr *from, const u8 *from_mac);
void hsrp_rx_drop(struct hsrp_iface *iface, const struct in6_addr *from,
		  const u8 *from_mac, enum vpnha_drop_reason reason);

/* tx.c */
void hsrp_tx_packet(struct hsrp_group *g, enum vpnha_opcode opcode,
		    struct hsrp_ctx *ctx);
void hsrp_tx_advertise(struct hsrp_iface *iface, struct hsrp_ctx *ctx);
void hsrp_tx_garp(struct hsrp_group *g, struct hsrp_ctx *ctx);
void hsrp_tx_flush(struct hsrp_ctx *ctx);
__be32 hsrp_mcast_addr(unsigned int version);
void hsrp_mcast_mac(unsigned int version, u8 *mac);

/* vaddr.c */
void hsrp_vaddr_kick(struct hsrp_group *g);
bool hsrp_vaddr_has(struct hsrp_group *g, const struct in6_addr *addr);
bool hsrp_vaddr_lost(struct hsrp_group *g, const struct in6_addr *addr);
void hsrp_vaddr_work(struct work_struct *work);
void hsrp_vaddr_finish(struct hsrp_net *hn);

/* track.c */
struct hsrp_track *hsrp_track_find(struct hsrp_group *g,
				   const struct hsrp_target *target);
struct hsrp_track *hsrp_track_alloc(struct hsrp_group *g,
				    const struct hsrp_target *target);
void hsrp_track_free(struct hsrp_track *t);
void hsrp_track_free_all(struct hsrp_group *g);
void hsrp_track_apply(struct hsrp_group *g, struct hsrp_ctx *ctx);
bool hsrp_track_shuts(const struct hsrp_group *g);

#endif /* _VPNHA_HSRP_HSRP_H */
