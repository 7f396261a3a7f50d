/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A client of the kernel's own rtnetlink: the only way for a module to put an
 * address on an interface such that everybody else sees it as any other.
 */
#ifndef _VPNHA_CORE_RTNL_H
#define _VPNHA_CORE_RTNL_H

#include <linux/types.h>

struct net;
struct vpnha_rtnl;

/* Marks our addresses, so that they are told from the administrator's. */
#define VPNHA_IFAPROT		72

struct vpnha_rtnl *vpnha_rtnl_create(struct net *net);
void vpnha_rtnl_destroy(struct vpnha_rtnl *rtnl);
int vpnha_rtnl_addr_add(struct vpnha_rtnl *rtnl, int ifindex, __be32 addr);
int vpnha_rtnl_addr_del(struct vpnha_rtnl *rtnl, int ifindex, __be32 addr);

#endif /* _VPNHA_CORE_RTNL_H */
