/* SPDX-License-Identifier: GPL-2.0 */
/* Where generic netlink keeps the attributes of a dump request. */
#ifndef _VPNHA_COMPAT_GENL_H
#define _VPNHA_COMPAT_GENL_H

#include <linux/version.h>
#include <net/genetlink.h>

/**
 * vpnha_genl_dump_attrs() - attributes of the request that a dump answers
 * @cb: callback of the dump
 *
 * Context: dumpit. Return: array indexed by attribute type.
 */
static inline struct nlattr **
vpnha_genl_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _VPNHA_COMPAT_GENL_H */
