// SPDX-License-Identifier: GPL-2.0
/* What requests on groups say of IPv6. */
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/vpnha.h>
#include <netinet/in.h>

#include "netlink_random.h"

/* A group of IPv6, or what does not go with one of IPv4. */
void put_ipv6(struct nlmsghdr *nlh)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 + number(3) } };
	struct nlattr *nest;
	unsigned int n;

	if (!chance(1, 4))
		return;
	mnl_attr_put_u8(nlh, VPNHA_A_GROUP_IPV6, number(chance(1, SELDOM) ? 3 : 2));
	if (chance(1, 2))
		mnl_attr_put_u8(nlh, VPNHA_A_GROUP_AUTOCONFIG,
				number(chance(1, SELDOM) ? 3 : 2));
	if (chance(1, 2)) {
		/* 16: a type of address that cannot be it, or none */
		if (chance(1, SELDOM))
			addr.s6_addr[0] = number(16) << 4;
		if (chance(1, 4))
			memset(&addr, 0, sizeof(addr));
		mnl_attr_put(nlh, VPNHA_A_GROUP_VIP6, chance(1, SELDOM) ? 15 : 16, &addr);
	}
	for (n = chance(1, 2) ? number(chance(1, SELDOM) ? 20 : 4) : 0; n; n--) {
		addr = (struct in6_addr){ .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = number(20) } };
		if (chance(1, SELDOM))
			addr.s6_addr[0] = number(16) << 4;
		if (chance(1, 4))
			memset(&addr, 0, sizeof(addr));
		nest = mnl_attr_nest_start(nlh, VPNHA_A_GROUP_GLOBAL6);
		if (!chance(1, SELDOM))
			mnl_attr_put(nlh, VPNHA_A_GLOBAL_ADDRESS, sizeof(addr), &addr);
		if (chance(1, 2))
			mnl_attr_put_u32(nlh, VPNHA_A_GLOBAL_PREFIX_LEN,
					 number(chance(1, SELDOM) ? 200 : 129));
		mnl_attr_nest_end(nlh, nest);
	}
}
