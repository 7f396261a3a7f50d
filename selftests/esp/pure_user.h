/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's headers give to the pure files of kmod/esp, for a build in
 * userspace.
 */
#ifndef _VPNHA_ESP_PURE_USER_H
#define _VPNHA_ESP_PURE_USER_H

#include <stdlib.h>
#include <sys/socket.h>

#include "../hsrp/pure_user.h"

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)

#define __force
#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif

#ifndef noinline
#define noinline		__attribute__((__noinline__))
#endif

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	unsigned long power = 1;

	while (power < n)
		power <<= 1;
	return power;
}

static inline void sort(void *base, size_t n, size_t size,
			int (*cmp)(const void *, const void *), void *swap)
{
	(void)swap;
	if (n)
		qsort(base, n, size, cmp);
}

/* As in the kernel, the last page of addresses are errors. */
#define MAX_ERRNO	4095

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-MAX_ERRNO;
}

static inline bool IS_ERR_OR_NULL(const void *ptr)
{
	return !ptr || IS_ERR(ptr);
}

#define GFP_KERNEL_ACCOUNT	0

/*
 * One for all files of a test: what a search has looked at, the bytes that are
 * allocated, and how many allocations succeed before one fails, below 0 for all.
 */
__attribute__((weak)) unsigned long pure_looked;
__attribute__((weak)) size_t pure_allocated;
__attribute__((weak)) int pure_allocations_left = -1;

#define pure_looked_at()	(pure_looked++)

/* The size stands before what is returned, which stays aligned. */
#define PURE_HEADER	16

static inline void *kvcalloc(size_t n, size_t size, int flags)
{
	size_t *block;

	(void)flags;
	if (pure_allocations_left == 0)
		return NULL;
	pure_allocations_left -= pure_allocations_left > 0;
	block = calloc(1, PURE_HEADER + n * size);
	if (!block)
		abort();
	*block = n * size;
	pure_allocated += *block;
	return (u8 *)block + PURE_HEADER;
}

static inline void kvfree(const void *ptr)
{
	size_t *block;

	if (!ptr)
		return;
	block = (size_t *)((u8 *)ptr - PURE_HEADER);
	pure_allocated -= *block;
	free(block);
}

#endif /* _VPNHA_ESP_PURE_USER_H */
