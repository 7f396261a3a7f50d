/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: ESP objects and their locks
 *
 * RTNL protects the configuration, the bindings of crypto maps to interfaces,
 * and which SAs exist. Packets find the SA of an SPI, and through a binding
 * the policy and the SAs of an entry, under RCU, and take a lock only to move
 * an anti-replay window or to change the state of an SA (esp_sa.lock).
 *
 * A configuration object is never changed: a new one takes its place, and the
 * old one is kept until the transaction is over. What packets see is compiled
 * from it into an esp_policy, which takes the place of the old one as a whole.
 *
 * An SA is referenced by the tables, for a grace period after it has left them,
 * and by each packet that waits for the crypto API; it is freed in process
 * context.
 */
#ifndef _VPNHA_ESP_ESP_H
#define _VPNHA_ESP_ESP_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/dst_cache.h>
#include <net/gro_cells.h>

#include "esp/alg.h"
#include "esp/class.h"
#include "esp/replay.h"

#define ESP_HDR_LEN		8	/* SPI and sequence number */
#define ESP_DROPS		(VPNHA_ESP_DROP_REASON_NOT_IP + 1)
#define ESP_DEFAULT_WINDOW	64
#define ESP_WINDOW_MIN		32
#define ESP_SELECTORS_MAX	16

struct nlattr;

/**
 * struct esp_addr - an IPv4 or IPv6 address
 * @family: AF_INET, AF_INET6, or 0 for none
 * @ip: the address; IPv4 in the first word
 */
struct esp_addr {
	u8 family;
	__be32 ip[4];
};

/**
 * struct esp_drops - packets of a namespace that were dropped, on one CPU
 * @count: by enum vpnha_esp_drop_reason
 */
struct esp_drops {
	u64 count[ESP_DROPS];
};

enum esp_kind {
	ESP_TSET,
	ESP_ACL,
	ESP_MAP,
	ESP_BINDING,
	ESP_KINDS
};

/**
 * struct esp_net - ESP in a namespace
 * @net: the namespace
 * @objects: configuration objects by enum esp_kind; RTNL
 * @binds: list of struct esp_bind; written under RTNL, read under RCU too
 * @sas: SAs by SPI, both directions; written under RTNL, read under RCU
 * @sa_ids: SAs by number; RTNL
 * @drops: per CPU
 * @next_id: number of the next SA; RTNL
 * @applied: number of the last application of a crypto map; RTNL
 * @alive: number of SAs that are not freed yet
 * @role_lock: esp_bind.active and esp_bind.redundancy
 * @refresh: looks at endpoints again
 * @generation: changes with the configuration, for consistent dumps; RTNL
 * @sa_generation: likewise with the SAs
 * @hooks: on packets that leave, and on reassembled ones that come in
 * @hooked: @hooks are registered
 * @encap: some SA is encapsulated in UDP
 * @ended: nothing is looked up any more
 */
struct esp_net {
	struct net *net;
	struct rb_root objects[ESP_KINDS];
	struct list_head binds;
	struct rhltable sas;
	struct xarray sa_ids;
	struct esp_drops __percpu *drops;
	u32 next_id;
	u32 applied;
	atomic_t alive;
	spinlock_t role_lock;	/* roles of bindings */
	struct work_struct refresh;
	unsigned int generation;
	unsigned int sa_generation;
	struct nf_hook_ops hooks[4];
	bool hooked;
	bool encap;
	bool ended;
};

/* --- configuration objects: store.c -------------------------------------- */

/**
 * struct esp_object - what all configuration objects begin with
 * @node: in esp_net.objects
 * @kind: which of the following it is
 * @number: second part of the key
 * @name: first part of the key
 */
struct esp_object {
	struct rb_node node;
	enum esp_kind kind;
	u32 number;
	char name[VPNHA_CRYPTO_NAME_MAX + 1];
};

/**
 * struct esp_tset - a transform set
 * @o: object, by name
 * @t: transform
 * @mode: tunnel or transport
 */
struct esp_tset {
	struct esp_object o;
	struct esp_transform t;
	enum vpnha_esp_mode mode;
};

/**
 * struct esp_acl - a line of an access list
 * @o: object, by list and number of the line
 * @rule: what it matches
 */
struct esp_acl {
	struct esp_object o;
	struct esp_rule rule;
};

/**
 * struct esp_session - a manual key
 * @spi: SPI, 0 for none
 * @secret: keys
 */
struct esp_session {
	__be32 spi;
	struct esp_secret secret;
};

#define ESP_PEERS_MAX	16

/**
 * struct esp_reverse - reverse route injection of an entry
 * @kind: which routes
 * @gateway: next hop to the peer; without a family for none
 * @tag: tag of the routes, 0 for none
 * @distance: their metric
 */
struct esp_reverse {
	enum vpnha_reverse_route kind;
	struct esp_addr gateway;
	u32 tag;
	u32 distance;
};

#define ESP_DISTANCE		1
#define ESP_DISTANCE_MAX	255

/**
 * struct esp_map - an entry of a crypto map
 * @o: object, by name of the map and number of the entry
 * @kind: manual or not
 * @npeers: number of @peers
 * @peers: addresses of the peer, the first is used
 * @tset: name of the transform set, may be empty
 * @acl: name of the access list, may be empty
 * @session: manual keys, by enum vpnha_esp_direction
 * @reverse: routes that it injects
 * @told: why it protects nothing, as told last
 */
struct esp_map {
	struct esp_object o;
	enum vpnha_map_kind kind;
	u8 npeers;
	struct esp_addr peers[ESP_PEERS_MAX];
	char tset[VPNHA_CRYPTO_NAME_MAX + 1];
	char acl[VPNHA_CRYPTO_NAME_MAX + 1];
	struct esp_session session[2];
	struct esp_reverse reverse;
	enum vpnha_map_problem told;
};

/**
 * struct esp_binding - a crypto map is applied to an interface
 * @o: object, by name of the interface
 * @map: name of the crypto map
 * @redundancy: name of the standby group, may be empty
 * @df: DF bit outside
 * @applied: which application of a map this is
 */
struct esp_binding {
	struct esp_object o;
	char map[VPNHA_CRYPTO_NAME_MAX + 1];
	char redundancy[VPNHA_NAME_MAX + 1];
	enum vpnha_df_bit df;
	u32 applied;
};

/* --- what packets see ---------------------------------------------------- */

/**
 * struct esp_entry - an entry of a map on an interface
 * @bind: its binding
 * @number: number of the entry
 * @list: in esp_bind.entries; RTNL
 * @out: outbound SAs, the newest first; written under RTNL, read under RCU
 * @sas: all of its SAs; RTNL
 * @policy: what tells the lines of the entry; that of @bind, or the one before
 *	while that has taken over from it; written under RTNL, read under RCU
 * @acquired: when an acquire was sent last, jiffies
 * @used: the policy that is being compiled has it; RTNL
 * @fresh: made for the policy that is being compiled; RTNL
 * @rcu: for freeing
 * @map: name of the crypto map
 */
struct esp_entry {
	struct esp_bind *bind;
	u32 number;
	struct list_head list;
	struct list_head out;
	struct list_head sas;
	struct esp_policy __rcu *policy;
	unsigned long acquired;
	bool used;
	bool fresh;
	struct rcu_head rcu;
	char map[];
};

/**
 * struct esp_policy_entry - an entry as a policy has it
 * @entry: entry
 * @peer: address of the peer in use
 */
struct esp_policy_entry {
	struct esp_entry *entry;
	struct esp_addr peer;
};

/**
 * struct esp_policy - a crypto map as packets see it
 * @class: classifier of its access lists
 * @nentries: number of @entries
 * @nrules: number of @lines
 * @lines: number of the access list's line for each rule of @class
 * @rcu: for freeing
 * @entries: by the index that rules have
 */
struct esp_policy {
	struct esp_class *class;
	u32 nentries;
	u32 nrules;
	u32 *lines;
	struct rcu_work rcu;
	struct esp_policy_entry entries[];
};

/**
 * struct esp_match - what protects a packet
 * @entry: entry of the map
 * @peer: address of its peer in use; valid under RCU
 * @line: line of its access list that permits the packet
 */
struct esp_match {
	struct esp_entry *entry;
	const struct esp_addr *peer;
	u32 line;
};

/**
 * struct esp_bind - a crypto map at work on an interface
 * @en: namespace
 * @list: in esp_net.binds
 * @ifname: name of the interface
 * @map: name of the crypto map; RTNL
 * @redundancy: name of the standby group that it follows, empty for none and
 *	once that has gone; written under RTNL and esp_net.role_lock
 * @df: DF bit outside
 * @dev: the interface; NULL while there is none. Written under RTNL
 * @tracker: of the reference on @dev
 * @hook: ingress hook on @dev
 * @hooked: @hook is registered; RTNL
 * @vdev: tunnel device
 * @policy: what to protect
 * @active: this gateway carries the traffic; written under esp_net.role_lock
 * @local: local endpoint over IPv4 and over IPv6
 * @next_local: local endpoint to be; RTNL
 * @grouped: the standby group exists; RTNL
 * @attached: the standby group has been there; RTNL
 * @adrift: it was removed since; RTNL
 * @applied: application of a map that this is from; RTNL
 * @entries: list of struct esp_entry; RTNL
 * @mtu: largest packet that all entries pass, 0 if there is none; RTNL
 * @next: policy to be, while a transaction is committed; RTNL
 * @last: policy that was, until what goes with it has gone; RTNL
 * @fresh: made by the transaction; RTNL
 * @gone: removed by the transaction; RTNL
 * @told: what was told last; RTNL
 * @told.active: role
 * @told.ifindex: index of the interface
 * @told.problem: why it does not work
 * @told.local: local endpoints
 */
struct esp_bind {
	struct esp_net *en;
	struct list_head list;
	char ifname[IFNAMSIZ];
	char map[VPNHA_CRYPTO_NAME_MAX + 1];
	char redundancy[VPNHA_NAME_MAX + 1];
	enum vpnha_df_bit df;
	struct net_device __rcu *dev;
	netdevice_tracker tracker;
	struct nf_hook_ops hook;
	bool hooked;
	struct net_device *vdev;
	struct esp_policy __rcu *policy;
	bool active;
	struct esp_addr local[2];
	struct esp_addr next_local[2];
	bool grouped;
	bool attached;
	bool adrift;
	u32 applied;
	struct list_head entries;
	u32 mtu;
	struct esp_policy *next;
	struct esp_policy *last;
	bool fresh;
	bool gone;
	struct esp_bind_told {
		bool active;
		int ifindex;
		enum vpnha_binding_problem problem;
		struct esp_addr local[2];
	} told;
};

/**
 * struct esp_vdev - private part of a tunnel device
 * @bind: binding; NULL once it is gone
 * @cells: GRO of decrypted packets
 */
struct esp_vdev {
	struct esp_bind __rcu *bind;
	struct gro_cells cells;
};

/**
 * struct esp_limits - lifetimes, 0 for none
 * @bytes: soft and hard
 * @packets: soft and hard
 * @seconds: soft and hard
 */
struct esp_limits {
	u64 bytes[2];
	u64 packets[2];
	u64 seconds[2];
};

/**
 * struct esp_sa_change - what can be changed of an SA
 * @limits: lifetimes
 * @ceiling: outbound: what the standby has reserved, 0 for none
 * @ceiling_margin: how far below it that is told
 * @replay_notify: tell of every so many sequence numbers, 0 for never
 */
struct esp_sa_change {
	struct esp_limits limits;
	u64 ceiling;
	u64 ceiling_margin;
	u32 replay_notify;
};

/**
 * struct esp_sa - a security association
 * @spi: SPI
 * @out: outbound
 * @mode: tunnel or transport
 * @state: state; written by set_state() only
 * @esn: extended sequence numbers
 * @manual: made from session keys
 * @shape: how its packets look
 * @sport: UDP encapsulation: source port as packets leave, 0 for none
 * @dport: UDP encapsulation: destination port
 * @src: sending end
 * @dst: receiving end
 * @tfm: transform
 * @entry: the entry that it belongs to
 * @rule: selectors; NULL for all of the entry's access list
 * @nrules: number of @rule
 * @seq: outbound: last sequence number given out
 * @seq_max: outbound: last that may be given out
 * @seq_event: outbound: where something has to be told
 * @iv_base: outbound, counter modes: what is added to the sequence number
 * @route: outbound: route to the peer
 * @replay: inbound: anti-replay window
 * @told: inbound: sequence number told last
 * @packets: packets that passed
 * @bytes: bytes of these
 * @packet_event: number of packets where something has to be told
 * @byte_event: likewise of bytes
 * @packets_cleared: @packets when the counters were cleared
 * @bytes_cleared: likewise of @bytes
 * @last_used: time of the last packet, jiffies, 0 for never
 * @lock: state, lifetimes and window
 * @set: what can be changed
 * @soft_told: soft expiry was told
 * @ceiling_told: it was told that the ceiling is near
 * @born: when it was made
 * @timer: soft, then hard lifetime
 * @drops: packets dropped, by reason
 * @en: namespace
 * @id: number
 * @transform: transform
 * @secret: keys, for the one command that shows them
 * @window: size of the anti-replay window
 * @node: topmost bit of the IV
 * @hash: in esp_net.sas
 * @sibling: in esp_entry.sas
 * @entry_list: in esp_entry.out
 * @removed: it is in no table any more, and its entry may go
 * @doomed: removed by the transaction that is under way; RTNL
 * @fresh: made by it; RTNL
 * @keep: a manual SA that is still wanted; RTNL
 * @pending: what the transaction changes; RTNL
 * @txn: in the transaction's list; RTNL
 * @ref: references
 * @release: puts the reference of the tables
 * @free: frees it
 */
struct esp_sa {
	__be32 spi;
	bool out;
	u8 mode;
	u8 state;
	bool esn;
	bool manual;
	struct esp_shape shape;
	__be16 sport;
	__be16 dport;
	struct esp_addr src;
	struct esp_addr dst;
	struct crypto_aead *tfm;
	struct esp_entry *entry;
	struct esp_rule *rule;
	u32 nrules;

	atomic64_t seq;
	u64 seq_max;
	u64 seq_event;
	u64 iv_base;
	struct dst_cache route;

	struct esp_replay replay;
	u64 told;

	atomic64_t packets;
	atomic64_t bytes;
	u64 packet_event;
	u64 byte_event;
	u64 packets_cleared;
	u64 bytes_cleared;
	unsigned long last_used;

	spinlock_t lock;	/* state, lifetimes and window */
	struct esp_sa_change set;
	bool soft_told;
	bool ceiling_told;
	ktime_t born;
	struct timer_list timer;
	atomic64_t drops[ESP_DROPS];

	struct esp_net *en;
	u32 id;
	struct esp_transform transform;
	struct esp_secret secret;
	u32 window;
	u8 node;
	struct rhlist_head hash;
	struct list_head sibling;
	struct list_head entry_list;
	bool removed;
	bool doomed;
	bool fresh;
	bool keep;
	struct esp_sa_change *pending;
	struct list_head txn;
	refcount_t ref;
	struct rcu_work release;
	struct work_struct free;
};

/* net.c */
struct esp_net *esp_net(const struct net *net);
extern bool esp_running;
int esp_init(void);
void esp_exit(void);

/**
 * struct esp_sa_desc - what an SA is made from
 * @out: outbound
 * @spi: SPI
 * @mode: tunnel or transport
 * @transform: checked transform
 * @secret: checked keys
 * @esn: extended sequence numbers
 * @manual: made from session keys
 * @window: size of the anti-replay window
 * @sport: UDP encapsulation: source port as packets leave, 0 for none
 * @dport: UDP encapsulation: destination port
 * @src: sending end
 * @dst: receiving end
 * @set: lifetimes and the like
 * @seq: last sequence number that was sent, or highest received
 * @iv_base: counter modes: what is added to the sequence number
 * @node: counter modes: topmost bit of the IV
 * @nrules: number of @rules
 * @rules: selectors
 */
struct esp_sa_desc {
	bool out;
	__be32 spi;
	enum vpnha_esp_mode mode;
	struct esp_transform transform;
	struct esp_secret secret;
	bool esn;
	bool manual;
	u32 window;
	__be16 sport;
	__be16 dport;
	struct esp_addr src;
	struct esp_addr dst;
	struct esp_sa_change set;
	u64 seq;
	u64 iv_base;
	u8 node;
	u32 nrules;
	struct esp_rule rules[ESP_SELECTORS_MAX];
};

/* sa.c */
int esp_sa_net_init(struct esp_net *en);
void esp_sa_net_exit(struct esp_net *en);
struct esp_sa *esp_sa_alloc(struct esp_net *en, const struct esp_sa_desc *d,
			    struct netlink_ext_ack *extack);
int esp_sa_link(struct esp_sa *sa, struct esp_entry *entry);
void esp_sa_start(struct esp_sa *sa);
void esp_sa_remove(struct esp_sa *sa);
void esp_sa_discard(struct esp_sa *sa);
void esp_sa_put(struct esp_sa *sa);
struct esp_sa *esp_sa_lookup(struct esp_net *en, bool out, __be32 spi,
			     u8 family, const __be32 *dst);
struct esp_sa *esp_sa_find(struct esp_net *en, bool out, __be32 spi,
			   const struct esp_addr *dst);
void esp_sa_change(struct esp_sa *sa);
void esp_sa_clear_counters(struct esp_sa *sa);
bool esp_sa_charge(struct esp_sa *sa, u32 packets, u32 bytes);
u64 esp_sa_take_seq(struct esp_sa *sa, u32 n);
void esp_sa_received(struct esp_sa *sa, u64 seq);

/* drop.c */
void esp_count(struct esp_net *en, struct esp_sa *sa,
	       enum vpnha_esp_drop_reason reason);
void esp_drop(struct esp_net *en, struct esp_sa *sa, struct sk_buff *skb,
	      enum vpnha_esp_drop_reason reason);
u64 esp_drops_sum(struct esp_net *en, enum vpnha_esp_drop_reason reason);
void esp_drops_clear(struct esp_net *en);

/* packet.c */
bool esp_packet_tuple(struct sk_buff *skb, int offset, struct esp_tuple *t);

/* crypt.c */
int esp_crypt_init(void);
void esp_crypt_exit(void);
void esp_encrypt(struct esp_sa *sa, struct sk_buff *skb, int offset, u64 seq,
		 void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err));
void esp_decrypt(struct esp_sa *sa, struct sk_buff *skb, int offset, u64 seq,
		 void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err));

/* way.c */
struct dst_entry *esp_way(const struct esp_bind *bind,
			  const struct esp_addr *src,
			  const struct esp_addr *dst, u8 protocol);
struct dst_entry *esp_way_past(const struct esp_bind *bind,
			       const struct esp_tuple *t, u32 mark);

/* output.c */
void esp_output(struct esp_bind *bind, const struct esp_match *m,
		struct sk_buff *skb, const struct esp_tuple *t);
u32 esp_shape_mtu(const struct esp_shape *shape, u32 outer, u32 path_mtu);
u32 esp_sa_mtu(struct esp_sa *sa);
u32 esp_path_mtu(const struct esp_sa *sa, u32 path_mtu);

/* input.c */
int esp_input(struct esp_net *en, struct sk_buff *skb, int offset,
	      bool encap);

/* hook.c */
unsigned int esp_hook_ingress(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);
int esp_hooks_add(struct esp_net *en);
void esp_hooks_del(struct esp_net *en);
bool esp_guard_selects(const struct esp_bind *bind, struct sk_buff *skb,
		       const struct esp_tuple *t, struct esp_match *m);
int esp_proto_init(void);
void esp_proto_exit(void);

/* netdev.c */
extern struct rtnl_link_ops esp_link_ops;
struct net_device *esp_vdev_create(struct esp_bind *bind);
void esp_vdev_receive(struct net_device *vdev, struct sk_buff *skb);

/* bind.c */
struct esp_bind *esp_bind_find(struct esp_net *en, const char *ifname);
struct esp_bind *esp_bind_by_dev(struct esp_net *en,
				 const struct net_device *dev);
struct esp_bind *esp_bind_create(struct esp_net *en, const char *ifname);
void esp_bind_destroy(struct esp_bind *bind);
void esp_bind_attach(struct esp_bind *bind);
void esp_bind_detach(struct esp_bind *bind);
void esp_bind_locate(struct esp_bind *bind, const char *redundancy);
void esp_bind_settle(struct esp_bind *bind);
bool esp_bind_drift(struct esp_bind *bind);
void esp_bind_follow(struct esp_bind *bind, const struct esp_binding *b);
const char *esp_bind_group(const struct esp_bind *bind,
			   const struct esp_binding *b);
void esp_bind_set_mtu(struct esp_bind *bind);
void esp_bind_tell(struct esp_bind *bind);
enum vpnha_binding_problem esp_bind_problem(struct esp_bind *bind);

/* reverse.c */
int esp_mask_len(const __be32 *mask, u8 family);

/* refresh.c */
struct hsrp_group;
void esp_group_role(struct hsrp_group *g);
void esp_refresh(struct esp_net *en);
void esp_refresh_work(struct work_struct *work);

/* policy.c */
struct esp_policy *esp_policy_of(struct esp_bind *bind);
struct esp_entry *esp_policy_entry(const struct esp_policy *policy, u32 number);
int esp_policy_compile(struct esp_bind *bind);
void esp_policy_prepare(struct esp_bind *bind);
void esp_policy_publish(struct esp_bind *bind);
bool esp_policy_loses(const struct esp_bind *bind);
void esp_policy_sweep(struct esp_bind *bind);
void esp_policy_cancel(struct esp_bind *bind);
void esp_policy_clear(struct esp_bind *bind);
enum vpnha_map_problem esp_map_problem(struct esp_net *en,
				       const struct esp_map *map);

static inline bool esp_addr_equal(const struct esp_addr *a,
				  const struct esp_addr *b)
{
	return a->family == b->family &&
	       !memcmp(a->ip, b->ip, a->family == AF_INET ? 4 : 16);
}

static inline size_t esp_addr_len(u8 family)
{
	return family == AF_INET ? 4 : 16;
}

#endif /* _VPNHA_ESP_ESP_H */
