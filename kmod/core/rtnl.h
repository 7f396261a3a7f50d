/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of the kernel's own rtnetlink: the only way for a module to put an
 * address on an interface or a route into a table such that everybody else sees
 * it as any other.
 */
#ifndef _VPNHA_CORE_RTNL_H
#define _VPNHA_CORE_RTNL_H

#include <linux/types.h>

struct in6_addr;
struct net;
struct sock;
struct socket;
struct vpnha_rtnl;
struct vpnha_rtnl_watch;

/* Marks our addresses, so that they are told from the administrator's. */
#define VPNHA_IFAPROT		72
/* And our routes. */
#define VPNHA_RTPROT		72

/**
 * struct vpnha_route - a unicast route
 * @table: number of the routing table
 * @metric: metric
 * @tag: realm over IPv4, 0 for none
 * @ifindex: index of the device that it leads into
 * @family: AF_INET or AF_INET6
 * @plen: length of the prefix in bits
 * @via: there is a next hop, of the same family
 * @onlink: the next hop need not be on link by what the tables say
 * @dst: destination; of these four only the first is used for IPv4
 * @gateway: next hop
 */
struct vpnha_route {
	u32 table;
	u32 metric;
	u32 tag;
	int ifindex;
	u8 family;
	u8 plen;
	bool via;
	bool onlink;
	__be32 dst[4];
	__be32 gateway[4];
};

/**
 * struct vpnha_route_op - a request for a route
 * @route: the route
 * @add: add it, unless there is one of its destination and metric; else remove
 * @err: takes what came of it: 0 or a negative errno
 */
struct vpnha_route_op {
	struct vpnha_route route;
	bool add;
	int err;
};

/**
 * struct vpnha_route_event - a route has come or gone
 * @table: number of the routing table
 * @metric: metric
 * @family: AF_INET or AF_INET6
 * @plen: length of the prefix in bits
 * @dst: destination; of these four only the first is used for IPv4
 * @gone: it went; else it came
 * @replaced: it came in the place of another one of all of these
 * @port: of whoever did it, 0 for the kernel
 */
struct vpnha_route_event {
	u32 table;
	u32 metric;
	u8 family;
	u8 plen;
	__be32 dst[4];
	bool gone;
	bool replaced;
	u32 port;
};

/**
 * struct vpnha_rtnl_watcher - who hears of routes
 * @route: a route has come or gone, as everybody is told
 * @missed: something could not be told; vpnha_rtnl_watch_recover() has to follow
 *
 * Context: both in that of the one who changes the table, any, under no lock of ours.
 */
struct vpnha_rtnl_watcher {
	void (*route)(void *ctx, const struct vpnha_route_event *event);
	void (*missed)(void *ctx);
};

/* So many that their acknowledgments fit into a socket's buffer. */
#define VPNHA_ROUTE_OPS_MAX	32

struct vpnha_rtnl *vpnha_rtnl_create(struct net *net);
void vpnha_rtnl_destroy(struct vpnha_rtnl *rtnl);
int vpnha_rtnl_addr_add(struct vpnha_rtnl *rtnl, int ifindex,
			const struct in6_addr *addr, u8 plen);
int vpnha_rtnl_addr_del(struct vpnha_rtnl *rtnl, int ifindex,
			const struct in6_addr *addr, u8 plen);
void vpnha_rtnl_routes(struct vpnha_rtnl *rtnl, struct vpnha_route_op *ops,
		       unsigned int n);
u32 vpnha_rtnl_port(const struct vpnha_rtnl *rtnl);
s64 vpnha_rtnl_open(struct net *net, u32 groups, struct socket **sock,
		    void (*prepare)(struct sock *sk, void *ctx), void *ctx);

struct vpnha_rtnl_watch *
vpnha_rtnl_watch(struct net *net, const struct vpnha_rtnl_watcher *watcher,
		 void *ctx);
void vpnha_rtnl_watch_recover(struct vpnha_rtnl_watch *watch);
void vpnha_rtnl_unwatch(struct vpnha_rtnl_watch *watch);

#endif /* _VPNHA_CORE_RTNL_H */
