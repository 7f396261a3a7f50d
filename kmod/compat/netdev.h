/* SPDX-License-Identifier: GPL-2.0 */
/* How net devices say what they are. */
#ifndef _VPNHA_COMPAT_NETDEV_H
#define _VPNHA_COMPAT_NETDEV_H

#include <linux/netdevice.h>

static inline void vpnha_dev_is_lockless(struct net_device *dev)
{
#ifdef HAVE_NETDEV_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

static inline void vpnha_dev_stays(struct net_device *dev)
{
#ifdef HAVE_NETDEV_NETNS_IMMUTABLE
	dev->netns_immutable = true;
#elif defined(HAVE_NETDEV_LLTX)
	dev->netns_local = true;
#else
	dev->features |= NETIF_F_NETNS_LOCAL;
#endif
}

#endif /* _VPNHA_COMPAT_NETDEV_H */
