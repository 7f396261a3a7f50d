/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses of both IP versions as one type: those of IPv4 are mapped (RFC 4291
 * section 2.5.5.2), none at all is :: in either. Compared byte by byte they have
 * the order of the numbers. Pure.
 */
#ifndef _VPNHA_HSRP_ADDR_H
#define _VPNHA_HSRP_ADDR_H

#include "hsrp/pure.h"

#define HSRP_ADDR4	12	/* where an address of IPv4 is */

/* Link-local scope (RFC 4291 section 2.5.6): the first ten bits. */
#define HSRP_LINK_LOCAL_0	0xfe
#define HSRP_LINK_LOCAL_1	0x80
#define HSRP_LINK_LOCAL_MASK	0xc0

/**
 * hsrp_addr_any() - is it no address?
 * @addr: address
 *
 * Context: any. Return: whether it is ::.
 */
static inline bool hsrp_addr_any(const struct in6_addr *addr)
{
	static const struct in6_addr any;

	return !memcmp(addr, &any, sizeof(any));
}

/**
 * hsrp_addr_equal() - are two addresses the same?
 * @a: one
 * @b: the other
 *
 * Context: any. Return: whether they are.
 */
static inline bool hsrp_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/**
 * hsrp_addr4() - make an address of one of IPv4
 * @ip: network byte order
 *
 * Context: any. Return: the address, :: for 0.0.0.0.
 */
static inline struct in6_addr hsrp_addr4(__be32 ip)
{
	struct in6_addr addr = {};

	if (!ip)
		return addr;
	addr.s6_addr[HSRP_ADDR4 - 2] = 0xff;
	addr.s6_addr[HSRP_ADDR4 - 1] = 0xff;
	memcpy(&addr.s6_addr[HSRP_ADDR4], &ip, sizeof(ip));
	return addr;
}

/**
 * hsrp_addr_ip4() - the address of IPv4 in an address
 * @addr: address, of IPv4 or ::
 *
 * Context: any. Return: network byte order, 0.0.0.0 for ::; of an address of
 * IPv6 its last four bytes.
 */
static inline __be32 hsrp_addr_ip4(const struct in6_addr *addr)
{
	__be32 ip;

	memcpy(&ip, &addr->s6_addr[HSRP_ADDR4], sizeof(ip));
	return ip;
}

/**
 * hsrp_addr_is4() - is it an address of IPv4?
 * @addr: address
 *
 * Context: any. Return: false for ::, too.
 */
static inline bool hsrp_addr_is4(const struct in6_addr *addr)
{
	static const u8 mapped[HSRP_ADDR4] = { [10] = 0xff, [11] = 0xff };

	return !memcmp(addr, mapped, sizeof(mapped));
}

/**
 * hsrp_addr_is_link_local() - is it a link-local address of IPv6?
 * @addr: address
 *
 * RFC 4291 section 2.5.6. Context: any. Return: whether it is.
 */
static inline bool hsrp_addr_is_link_local(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == HSRP_LINK_LOCAL_0 &&
	       (addr->s6_addr[1] & HSRP_LINK_LOCAL_MASK) == HSRP_LINK_LOCAL_1;
}

/**
 * hsrp_addr_made() - the link-local virtual IP that is made for a group
 * @group: its number
 *
 * Of its default virtual MAC address, as RFC 4291 appendix A says, but for the
 * universal bit, which IOS does not turn. Context: any.
 * Return: FE80::5:73FF:FEA0:0 to FE80::5:73FF:FEA0:FFF.
 */
static inline struct in6_addr hsrp_addr_made(u16 group)
{
	struct in6_addr addr = { { {
		HSRP_LINK_LOCAL_0, HSRP_LINK_LOCAL_1, 0, 0, 0, 0, 0, 0,
		0, 0x05, 0x73, 0xff, 0xfe, 0xa0, group >> 8, group & 0xff,
	} } };

	return addr;
}

#endif /* _VPNHA_HSRP_ADDR_H */
