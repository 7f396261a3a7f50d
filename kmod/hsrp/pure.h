/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one door through which the pure files (fsm, list, wire) see the outside, so
 * that they compile in the kernel and in userspace tests alike.
 */
#ifndef _VPNHA_HSRP_PURE_H
#define _VPNHA_HSRP_PURE_H

#ifdef __KERNEL__
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>
#ifdef HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif
#else
#include "pure_user.h"
#endif

#include <linux/vpnha.h>

#endif /* _VPNHA_HSRP_PURE_H */
