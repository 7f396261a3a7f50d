/* SPDX-License-Identifier: GPL-2.0 */
/* What random requests are made of. */
#ifndef NETLINK_RANDOM_H
#define NETLINK_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct nlmsghdr;

#define N(array)	(sizeof(array) / sizeof((array)[0]))

/* One of an array; what stands behind the bar, which is an index, seldom. */
#define SELDOM		40
#define PICK(array, bar)	((array)[chance(1, SELDOM) ? number(N(array)) : number(bar)])

uint32_t number(uint32_t below);
bool chance(uint32_t of, uint32_t in);
const char *any_ifname(void);
const char *any_group_name(void);

/* So few that they meet. */
#define RANDOM_OBJECTS	6

/* Some of those of a group. */
void put_ipv6(struct nlmsghdr *nlh);

/* Attributes of an object, or of its key only. */
void put_group_links(struct nlmsghdr *nlh);
void put_object(struct nlmsghdr *nlh, bool key_only);
void put_object_change(struct nlmsghdr *nlh, bool key_only);
void put_tset(struct nlmsghdr *nlh, bool key_only);
void put_acl(struct nlmsghdr *nlh, bool key_only);
void put_map(struct nlmsghdr *nlh, bool key_only);
void put_dynamic_map(struct nlmsghdr *nlh, bool key_only);
void put_binding(struct nlmsghdr *nlh, bool key_only);
void put_sa_key(struct nlmsghdr *nlh, bool key_only);
void put_sa_set(struct nlmsghdr *nlh, bool key_only);
void put_sa_change(struct nlmsghdr *nlh, bool key_only);
void put_sa(struct nlmsghdr *nlh, bool key_only);
void put_clear(struct nlmsghdr *nlh, bool key_only);
void put_stats(struct nlmsghdr *nlh, bool key_only);

#endif /* NETLINK_RANDOM_H */
