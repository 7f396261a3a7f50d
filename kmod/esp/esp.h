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
#include "esp/object.h"
#include "esp/replay.h"

#define ESP_HDR_LEN		8	/* SPI and sequence number */
#define ESP_DROPS		(VPNHA_ESP_DROP_REASON_HELD + 1)
#define ESP_DEFAULT_WINDOW	64
#define ESP_WINDOW_MIN		32
#define ESP_SELECTORS_MAX	16

struct nlattr;

/**
 * struct esp_drops - packets of a namespace that were dropped, on one CPU
 * @count: by enum vpnha_esp_drop_reason
 */
struct esp_drops {
	u64 count[ESP_DROPS];
};

/**
 * struct esp_net - ESP in a namespace
 * @net: the namespace
 * @objects: configuration objects by enum esp_kind; RTNL
 * @binds: list of struct esp_bind; written under RTNL, read under RCU too
 * @sas: SAs by SPI, both directions; written under RTNL, read under RCU
 * @selectors: selectors of outbound SAs; written under RTNL, read under RCU
 * @sa_ids: SAs by number; RTNL
 * @held: packets that wait for an SA, the oldest first; its lock is that of what
 *	entries hold, too
 * @held_bytes: memory that they take; @held.lock
 * @held_timer: drops those that have waited too long
 * @drops: per CPU
 * @next_id: number of the next SA; RTNL
 * @serial: number of the last transaction; RTNL
 * @applied: number of the last application of a crypto map; RTNL
 * @alive: number of SAs, and of ends that SAs had, that are not freed yet
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
	struct rhltable selectors;
	struct xarray sa_ids;
	struct sk_buff_head held;
	u32 held_bytes;
	struct timer_list held_timer;
	struct esp_drops __percpu *drops;
	u32 next_id;
	u32 serial;
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

/* --- what packets see ---------------------------------------------------- */

/**
 * struct esp_pattern - which bits of a packet selectors of SAs look at
 * @list: in esp_entry.patterns
 * @family: AF_INET or AF_INET6
 * @protocol: the protocol counts
 * @src_mask: bits of the source that count
 * @dst_mask: bits of the destination that count
 * @bits: how many bits count
 * @uses: number of selectors; RTNL
 * @rcu: for freeing
 */
struct esp_pattern {
	struct list_head list;
	u8 family;
	bool protocol;
	__be32 src_mask[4], dst_mask[4];
	u32 bits;
	u32 uses;
	struct rcu_head rcu;
};

/**
 * struct esp_selector_key - what selectors of SAs are found by
 * @pattern: the pattern, which says of what entry, too
 * @src: source
 * @dst: destination
 * @protocol: protocol, 0 when it does not count
 * @zero: fills up
 */
struct esp_selector_key {
	const struct esp_pattern *pattern;
	__be32 src[4], dst[4];
	u32 protocol;
	u32 zero;
};

/**
 * struct esp_selector - a selector of an outbound SA
 * @hash: in esp_net.selectors
 * @key: key
 * @sa: SA
 * @rule: the selector, of the SA
 * @nports: number of pairs of ports that it matches
 */
struct esp_selector {
	struct rhlist_head hash;
	struct esp_selector_key key;
	struct esp_sa *sa;
	const struct esp_rule *rule;
	u64 nports;
};

/**
 * struct esp_entry - an entry of a map on an interface
 * @bind: its binding
 * @number: number of the entry
 * @dynamic_number: number of the dynamic map's entry, 0 if there is none
 * @dynamic: name of the dynamic map
 * @list: in esp_bind.entries; RTNL
 * @out: outbound SAs for all of it, the newest first; written under RTNL, read
 *	under RCU
 * @patterns: list of struct esp_pattern of its outbound SAs that have selectors,
 *	the narrowest first; written under RTNL, read under RCU
 * @sas: all of its SAs; RTNL
 * @policy: what tells the lines of the entry; that of @bind, or the one before
 *	while that has taken over from it; written under RTNL, read under RCU
 * @held: list of packets that wait for an SA; esp_net.held.lock
 * @nheld: number of @held
 * @closed: no packet is held any more; esp_net.held.lock
 * @supplied: when it last got an outbound SA, jiffies
 * @wake: in the list of those that got an SA; RTNL
 * @used: the policy that was compiled last has it; RTNL
 * @fresh: made for the policy that is being compiled; RTNL
 * @rcu: for freeing
 * @map: name of the crypto map
 */
struct esp_entry {
	struct esp_bind *bind;
	u32 number;
	u32 dynamic_number;
	char dynamic[VPNHA_CRYPTO_NAME_MAX + 1];
	struct list_head list;
	struct list_head out;
	struct list_head patterns;
	struct list_head sas;
	struct esp_policy __rcu *policy;
	struct list_head held;
	u32 nheld;
	bool closed;
	unsigned long supplied;
	struct list_head wake;
	bool used;
	bool fresh;
	struct rcu_head rcu;
	char map[];
};

/**
 * struct esp_policy_entry - an entry as a policy has it
 * @entry: entry
 * @peer: address of the peer liked best, without a family for any
 * @keyed: a keying daemon makes its SAs
 */
struct esp_policy_entry {
	struct esp_entry *entry;
	struct esp_addr peer;
	bool keyed;
};

/**
 * struct esp_policy - a crypto map as packets see it
 * @class: classifier of its access lists
 * @nentries: number of @entries
 * @ndynamic: number of @dynamic
 * @dynamic: indices of the entries that are of dynamic maps
 * @nrules: number of @lines
 * @lines: number of the access list's line for each rule of @class
 * @acquired: when an acquire was sent last for each of them, jiffies
 * @rcu: for freeing
 * @entries: by the index that rules have
 */
struct esp_policy {
	struct esp_class *class;
	u32 nentries;
	u32 ndynamic;
	u32 *dynamic;
	u32 nrules;
	u32 *lines;
	unsigned long *acquired;
	struct rcu_work rcu;
	struct esp_policy_entry entries[];
};

/**
 * struct esp_match - what protects a packet
 * @entry: entry of the map
 * @peer: address of its peer liked best, without a family for any; valid under
 *	RCU
 * @line: line of its access list that permits the packet, 0 if it is a selector
 *	of an SA that does
 * @keyed: a keying daemon makes SAs of the entry
 * @acquired: when an acquire was sent last for the line, NULL if it is none
 */
struct esp_match {
	struct esp_entry *entry;
	const struct esp_addr *peer;
	u32 line;
	bool keyed;
	unsigned long *acquired;
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
 * struct esp_ends - where the ends of an SA are
 * @src: sending end
 * @dst: receiving end
 * @sport: UDP encapsulation: source port as packets leave, 0 for none
 * @dport: UDP encapsulation: destination port
 * @out: of an outbound SA
 * @route: outbound: route to the peer
 * @en: namespace that waits for them; once others have taken their place
 * @release: frees them
 */
struct esp_ends {
	struct esp_addr src;
	struct esp_addr dst;
	__be16 sport;
	__be16 dport;
	bool out;
	struct dst_cache route;
	struct esp_net *en;
	struct rcu_work release;
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
 * @encap: in UDP
 * @family: of the packets outside
 * @ends: where its ends are; written under RTNL, read under RCU
 * @tfm: transform
 * @entry: the entry that it belongs to
 * @rule: selectors; NULL for all of the entry's access list
 * @nrules: number of @rule
 * @selectors: outbound: as they are looked up
 * @seq: outbound: last sequence number given out
 * @seq_max: outbound: last that may be given out
 * @seq_event: outbound: where something has to be told
 * @iv_base: outbound, counter modes: what is added to the sequence number
 * @replay: inbound: anti-replay window
 * @mapped: inbound: when another source was told last, jiffies
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
 * @next: where its ends are to be, NULL for where they are; RTNL
 * @home: the peer's address when it was made
 * @fit: what of the configuration it is in keeping with, ESP_FIT_*
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
	bool encap;
	u8 family;
	struct esp_ends __rcu *ends;
	struct crypto_aead *tfm;
	struct esp_entry *entry;
	struct esp_rule *rule;
	u32 nrules;
	struct esp_selector *selectors;

	atomic64_t seq;
	u64 seq_max;
	u64 seq_event;
	u64 iv_base;

	struct esp_replay replay;
	unsigned long mapped;
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
	struct esp_ends *next;
	struct esp_addr home;
	u8 fit;
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
struct esp_ends *esp_ends_alloc(bool out, const struct esp_addr *src,
				const struct esp_addr *dst, __be16 sport,
				__be16 dport);
void esp_ends_free(struct esp_ends *ends);
void esp_sa_change(struct esp_sa *sa);
void esp_sa_keep(struct esp_sa *sa);
void esp_sa_clear_counters(struct esp_sa *sa);
bool esp_sa_charge(struct esp_sa *sa, u32 packets, u32 bytes);
u64 esp_sa_take_seq(struct esp_sa *sa, u32 n);
void esp_sa_received(struct esp_sa *sa, u64 seq);

/* selector.c */
int esp_selectors_net_init(struct esp_net *en);
void esp_selectors_net_exit(struct esp_net *en);
int esp_selectors_add(struct esp_sa *sa);
void esp_selectors_del(struct esp_sa *sa);
struct esp_sa *esp_selectors_find(const struct esp_entry *entry,
				  const struct esp_tuple *t, bool *dead);

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

/* hold.c */
void esp_hold_net_init(struct esp_net *en);
void esp_hold_net_exit(struct esp_net *en);
int esp_hold(struct esp_bind *bind, const struct esp_match *m,
	     struct sk_buff *skb, const struct esp_tuple *t);
void esp_hold_release(struct esp_entry *entry);
void esp_hold_close(struct esp_entry *entry);
void esp_hold_purge(struct esp_bind *bind);

/* output.c */
struct esp_sa *esp_output_sa(struct esp_entry *entry,
			     const struct esp_tuple *t,
			     enum vpnha_esp_drop_reason *why);
void esp_output_by(struct esp_sa *sa, struct sk_buff *skb);
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
struct esp_entry *esp_policy_entry(const struct esp_policy *policy, u32 number,
				   u32 dynamic_number);
struct esp_map *esp_entry_map(const struct esp_entry *entry);
int esp_policy_compile(struct esp_bind *bind);
void esp_policy_prepare(struct esp_bind *bind);
void esp_policy_publish(struct esp_bind *bind);
bool esp_policy_loses(const struct esp_bind *bind);
void esp_policy_sweep(struct esp_bind *bind);
void esp_policy_cancel(struct esp_bind *bind);
void esp_policy_clear(struct esp_bind *bind);
struct esp_tset *esp_map_tset(struct esp_net *en, const struct esp_map *map);
bool esp_map_offers(const struct esp_map *map, const char *name);
enum vpnha_map_problem esp_map_problem(struct esp_net *en,
				       const struct esp_map *map);

/* Under RCU or RTNL. */
static inline struct esp_ends *esp_sa_ends(const struct esp_sa *sa)
{
	return rcu_dereference_rtnl(sa->ends);
}

static inline const struct esp_addr *esp_sa_peer(const struct esp_sa *sa)
{
	const struct esp_ends *ends = esp_sa_ends(sa);

	return sa->out ? &ends->dst : &ends->src;
}

static inline const struct esp_addr *esp_sa_local(const struct esp_sa *sa)
{
	const struct esp_ends *ends = esp_sa_ends(sa);

	return sa->out ? &ends->src : &ends->dst;
}

#endif /* _VPNHA_ESP_ESP_H */
