/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What time it is, for the engine, which has no clock. */
#ifndef VPNHAD_CLOCK_H
#define VPNHAD_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "ike/sa.h"

/* Milliseconds of the monotonic clock. */
static inline uint64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static inline struct ike_moment clock_moment(void)
{
	return (struct ike_moment){ .ms = clock_ms(), .wall = (int64_t)time(NULL) };
}

#endif
