/* SPDX-License-Identifier: GPL-2.0 */
/* Where skb_gso_segment() and its like are declared. */
#ifndef _VPNHA_COMPAT_GSO_H
#define _VPNHA_COMPAT_GSO_H

#include <linux/netdevice.h>
#ifdef HAVE_NET_GSO_H
#include <net/gso.h>
#endif

#endif /* _VPNHA_COMPAT_GSO_H */
