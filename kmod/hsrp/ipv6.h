/* SPDX-License-Identifier: GPL-2.0 */
/* IPv6 under HSRP: addresses and membership (ipv6.c), neighbour discovery (nd.c). */
#ifndef _VPNHA_HSRP_IPV6_H
#define _VPNHA_HSRP_IPV6_H

#include "hsrp/hsrp.h"

/* How often an address is looked at that is still being looked for on others. */
#define HSRP_RECHECK6_MS	100

struct ipv6hdr;

extern const struct in6_addr hsrp_mcast6;

/* ipv6.c */
enum vpnha_init_reason hsrp_own_link_local(const struct net_device *dev,
					   struct in6_addr *addr, bool *dad);
int hsrp_ipv6_join(struct hsrp_iface *iface);
void hsrp_ipv6_leave(struct hsrp_iface *iface);
void hsrp_ipv6_count(struct hsrp_iface *iface, int change);
bool hsrp_addr6_is_foreign(const struct hsrp_iface *iface,
			   const struct in6_addr *addr);
bool hsrp_addr6_is_global(const struct in6_addr *addr);
ktime_t hsrp_ipv6_housekeep(struct hsrp_net *hn);
int hsrp_ipv6_init(void);
void hsrp_ipv6_exit(void);

/* nd.c */
unsigned int hsrp_nd_rx(struct hsrp_iface *iface, struct sk_buff *skb,
			const struct ipv6hdr *ip6);
unsigned int hsrp_nd_out(struct hsrp_iface *iface, struct sk_buff *skb);
struct sk_buff *hsrp_nd_advertise(struct net_device *dev, const u8 *mac,
				  const struct in6_addr *addr);

#endif /* _VPNHA_HSRP_IPV6_H */
