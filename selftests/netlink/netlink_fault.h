/* SPDX-License-Identifier: GPL-2.0 */
/* What requests are made of whose allocations fail. */
#ifndef NETLINK_FAULT_H
#define NETLINK_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct nlmsghdr;

/**
 * struct values - what a request has; 0 and NULL for what it has not
 * @ifname: interface
 * @version: HSRP version
 * @number: of a group, a line, an entry
 * @vip: virtual IP
 * @ipv6: a group of IPv6, enabled
 * @name: of a group or an object of ESP; of a binding's map
 * @target: interface that is tracked
 * @decrement: of that
 * @protocol: of a line
 * @spi: of an SA; of the session key inbound, the next one is outbound
 * @out: an SA outbound
 * @dynamic: dynamic map of an entry; an SA belongs to its entry 1
 */
struct values {
	const char *ifname;
	int version;
	int number;
	const char *vip;
	const char *name;
	bool ipv6;
	const char *target;
	int decrement;
	int protocol;
	uint32_t spi;
	bool out;
	const char *dynamic;
	const char *follow;
};

void fault_put_esp(struct nlmsghdr *nlh, uint8_t cmd, const struct values *v);

#endif /* NETLINK_FAULT_H */
