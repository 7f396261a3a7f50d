/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VPNHA_CORE_CLOCK_H
#define _VPNHA_CORE_CLOCK_H

#include <linux/ktime.h>
#include <linux/minmax.h>

/**
 * vpnha_ms_until() - time that is left
 * @when: a time of ktime_get()
 *
 * Context: any. Return: whole milliseconds, 0 when it is over.
 */
static inline u32 vpnha_ms_until(ktime_t when)
{
	return clamp_t(s64, ktime_ms_delta(when, ktime_get()), 0, U32_MAX);
}

#endif /* _VPNHA_CORE_CLOCK_H */
