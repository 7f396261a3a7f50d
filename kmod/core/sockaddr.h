/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses as %pISc prints them. */
#ifndef _VPNHA_CORE_SOCKADDR_H
#define _VPNHA_CORE_SOCKADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <net/ipv6.h>

union vpnha_sockaddr {
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/**
 * vpnha_sockaddr() - what %pISc prints as an address
 * @addr: address, one of IPv4 mapped
 *
 * Context: any. Return: it, of the family that it is of.
 */
static inline union vpnha_sockaddr vpnha_sockaddr(const struct in6_addr *addr)
{
	union vpnha_sockaddr to = { .v6.sin6_family = AF_INET6 };

	if (ipv6_addr_v4mapped(addr)) {
		to.v4.sin_family = AF_INET;
		to.v4.sin_addr.s_addr = addr->s6_addr32[3];
	} else {
		to.v6.sin6_addr = *addr;
	}
	return to;
}

#endif /* _VPNHA_CORE_SOCKADDR_H */
