/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of VRFs, by which people know the routing tables that the kernel numbers. */
#ifndef VPNHA_VRF_H
#define VPNHA_VRF_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

struct vrf {
	uint32_t table;
	char name[IFNAMSIZ];
};

/**
 * struct vrfs - The VRFs of the namespace.
 * @items: in the order of the kernel
 * @n_items: how many
 */
struct vrfs {
	struct vrf *items;
	size_t n_items;
};

int vrfs_get(struct vrfs *v);
int vrfs_take(struct vrfs *v, struct nlmsghdr *h);
void vrfs_free(struct vrfs *v);
const char *vrfs_name(const struct vrfs *v, uint32_t table);

#endif
