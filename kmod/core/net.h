/* SPDX-License-Identifier: GPL-2.0 */
/* What every part of the module shares, one for each network namespace. */
#ifndef _VPNHA_CORE_NET_H
#define _VPNHA_CORE_NET_H

struct net;
struct vpnha_rtnl;
struct workqueue_struct;

/**
 * struct vpnha_net - root of a namespace
 * @rtnl: rtnetlink client, for work items only
 */
struct vpnha_net {
	struct vpnha_rtnl *rtnl;
};

/* Addresses, routes and all else that cannot be done in softirq. */
extern struct workqueue_struct *vpnha_wq;

struct vpnha_net *vpnha_net(const struct net *net);
int vpnha_net_init(void);
void vpnha_net_exit(void);

#endif /* _VPNHA_CORE_NET_H */
