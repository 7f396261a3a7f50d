/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one door through which the pure files (replay, class) see the outside, so
 * that they compile in the kernel and in userspace tests alike.
 */
#ifndef _VPNHA_ESP_PURE_H
#define _VPNHA_ESP_PURE_H

#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/socket.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>

/* The unit tests count what a search looks at. */
#define pure_looked_at()	do { } while (0)
#else
#include "pure_user.h"
#endif

#include <linux/vpnha.h>

#endif /* _VPNHA_ESP_PURE_H */
