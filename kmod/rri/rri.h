/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reverse route injection: which routes the crypto maps ask for, and whether
 * they are in the kernel's tables.
 *
 * A claim is what asks for a route: a line of an access list, or a subnet that
 * an SA protects. Claims of one key share a route. All of it belongs to one work
 * item for each namespace, which compares what is asked for with what there is;
 * whatever may have changed something only kicks it.
 */
#ifndef _VPNHA_RRI_RRI_H
#define _VPNHA_RRI_RRI_H

#include <linux/rbtree.h>
#include <linux/workqueue.h>

#include "core/rtnl.h"
#include "esp/esp.h"

/**
 * struct rri_site - an interface with a crypto map that injects routes
 * @list: in rri_net.sites
 * @ifname: name of the interface
 * @map: name of the crypto map
 * @device: name of the tunnel device
 * @ifindex: index of the interface, 0 while there is none
 * @vdev_ifindex: index of the tunnel device
 * @bind: binding, NULL while there is none; of use to those who have just
 *	looked, under the same RTNL
 * @table: routing table of the tunnel device
 * @path_table: routing table of the interface
 * @active: this gateway carries the traffic
 * @up: the interface is there and up
 * @vdev_up: the tunnel device is up
 */
struct rri_site {
	struct list_head list;
	char ifname[IFNAMSIZ];
	char map[VPNHA_CRYPTO_NAME_MAX + 1];
	char device[IFNAMSIZ];
	int ifindex;
	int vdev_ifindex;
	struct esp_bind *bind;
	u32 table;
	u32 path_table;
	bool active;
	bool up;
	bool vdev_up;
};

/**
 * struct rri_peer - the far end of the tunnel that routes lead into
 * @list: in rri_net.peers
 * @site: interface
 * @addr: address, without a family when the entry has none
 * @gateway: next hop as configured, without a family for none
 * @reached: there is a way that does not lead through the tunnel itself
 * @next_hop: next router on it, without a family when the peer is on link
 * @oif: index of the device that it leads out of
 */
struct rri_peer {
	struct list_head list;
	struct rri_site *site;
	struct esp_addr addr;
	struct esp_addr gateway;
	bool reached;
	struct esp_addr next_hop;
	int oif;
};

/**
 * struct rri_key - what tells routes apart, as it does in the kernel's tables
 * @table: routing table
 * @metric: metric
 * @family: AF_INET or AF_INET6
 * @plen: length of the prefix in bits
 * @dst: destination; of these four only the first is used for IPv4
 */
struct rri_key {
	u32 table;
	u32 metric;
	u8 family;
	u8 plen;
	__be32 dst[4];
};

/**
 * struct rri_claim - what asks for a route
 * @all: in rri_net.claims
 * @list: in rri_route.claims
 * @key: of the route
 * @peer: far end
 * @kind: static or dynamic
 * @to_peer: the host route to the peer itself
 * @number: number of the entry
 * @tag: tag
 */
struct rri_claim {
	struct list_head all;
	struct list_head list;
	struct rri_key key;
	struct rri_peer *peer;
	enum vpnha_reverse_route kind;
	bool to_peer;
	u32 number;
	u32 tag;
};

/**
 * struct rri_route - a route that is asked for, or was
 * @node: in rri_net.routes; rri_net.lock
 * @key: key
 * @claims: list of struct rri_claim, the one in effect first
 * @uses: number of @claims
 * @want: what there should be
 * @wanted: there should be something
 * @have: what there is
 * @had: there is something; written under rri_net.lock
 * @lost: somebody else has removed it; written under rri_net.lock
 * @doubted: somebody else may have removed it; written under rri_net.lock
 * @unsure: it may or may not be there: it is removed before it is added again
 * @why: why there should not be anything
 * @state: what has become of it
 * @error: why it was refused, a negative errno
 * @told: @state as told last
 * @in: it was there when it was told last
 */
struct rri_route {
	struct rb_node node;
	struct rri_key key;
	struct list_head claims;
	u32 uses;
	struct vpnha_route want;
	bool wanted;
	struct vpnha_route have;
	bool had;
	bool lost;
	bool doubted;
	bool unsure;
	enum vpnha_route_state why;
	enum vpnha_route_state state;
	int error;
	enum vpnha_route_state told;
	bool in;
};

/**
 * struct rri_net - reverse route injection in a namespace
 * @net: namespace
 * @work: the work item
 * @kicked: something has changed since the work item looked last
 * @stale: the claims have to be made anew
 * @ended: the namespace ends
 * @missed: something was not heard of routes
 * @watch: hears of each route; the work item's, NULL: nothing is heard
 * @fib: hears of the best routes of their prefixes, which are ways to peers
 * @sites: list of struct rri_site; RTNL
 * @peers: list of struct rri_peer; RTNL
 * @claims: list of struct rri_claim; RTNL
 * @routes: tree of struct rri_route; changed under RTNL and @lock
 * @lock: for those who hear of routes without RTNL
 * @generation: of the configuration that the claims were made from
 * @dynamic: SAs make claims
 * @changes: counts changes, for dumps; RTNL
 * @ops: requests under way; the work item's
 * @targets: their routes; the work item's
 */
struct rri_net {
	struct net *net;
	struct delayed_work work;
	bool kicked;
	bool stale;
	bool ended;
	bool missed;
	struct vpnha_rtnl_watch *watch;
	struct notifier_block fib;
	struct list_head sites;
	struct list_head peers;
	struct list_head claims;
	struct rb_root routes;
	spinlock_t lock;	/* tree and flags of routes */
	unsigned int generation;
	bool dynamic;
	unsigned int changes;
	struct vpnha_route_op *ops;
	struct rri_route **targets;
};

/**
 * struct rri_upcalls - who is told
 * @route: a route has come, gone or changed its state; RTNL
 */
struct rri_upcalls {
	void (*route)(struct rri_net *rn, const struct rri_route *route,
		      bool removed);
};

/* Set once, before rri_init(). */
extern const struct rri_upcalls *rri_up;

/**
 * rri_claim_of() - the claim that a route is, or would be, there for
 * @route: route
 *
 * Context: RTNL. Return: the claim, or NULL when nothing asks for it.
 */
static inline struct rri_claim *rri_claim_of(const struct rri_route *route)
{
	return list_empty(&route->claims) ? NULL :
	       list_entry(route->claims.next, struct rri_claim, list);
}

/* net.c */
struct rri_net *rri_net(const struct net *net);
void rri_kick(struct esp_net *en);
int rri_init(void);
void rri_exit(void);

/* claim.c */
int rri_claims_make(struct rri_net *rn);
void rri_claims_drop(struct rri_net *rn);

/* route.c */
int rri_key_compare(const struct rri_key *a, const struct rri_key *b);
struct rri_route *rri_route_find(struct rri_net *rn, const struct rri_key *key);
struct rri_route *rri_route_from(struct rri_net *rn, const struct rri_key *key);
struct rri_route *rri_route_next(const struct rri_route *route);
struct rri_route *rri_route_get(struct rri_net *rn, const struct rri_key *key);
void rri_routes_judge(struct rri_net *rn);
void rri_routes_sweep(struct rri_net *rn);
void rri_route_set(struct rri_net *rn, struct rri_route *route,
		   enum vpnha_route_state state, int error);

/* path.c */
void rri_site_look(struct rri_net *rn, struct rri_site *site);
void rri_peer_look(struct rri_peer *peer);

/* work.c */
void rri_work(struct work_struct *work);
void rri_finish(struct rri_net *rn);

/* watch.c */
int rri_watch(struct rri_net *rn);
void rri_watch_recover(struct rri_net *rn);
void rri_unwatch(struct rri_net *rn);
void rri_lose_device(struct rri_net *rn, int ifindex);

#endif /* _VPNHA_RRI_RRI_H */
