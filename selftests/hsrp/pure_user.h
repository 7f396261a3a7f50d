/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's headers give to the pure files of kmod/hsrp, for a build in
 * userspace.
 */
#ifndef _VPNHA_PURE_USER_H
#define _VPNHA_PURE_USER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define BIT(nr)		(1UL << (nr))
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#endif

#define cpu_to_be16(x)	htons(x)
#define cpu_to_be32(x)	htonl(x)
#define be16_to_cpu(x)	ntohs(x)
#define be32_to_cpu(x)	ntohl(x)

static inline u16 get_unaligned_be16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] << 8 | b[1]);
}

static inline u32 get_unaligned_be32(const void *p)
{
	const u8 *b = p;

	return (u32)b[0] << 24 | (u32)b[1] << 16 | (u32)b[2] << 8 | b[3];
}

static inline void put_unaligned_be16(u16 val, void *p)
{
	u8 *b = p;

	b[0] = val >> 8;
	b[1] = (u8)val;
}

static inline void put_unaligned_be32(u32 val, void *p)
{
	put_unaligned_be16(val >> 16, p);
	put_unaligned_be16((u16)val, (u8 *)p + 2);
}

static inline void put_unaligned_le64(u64 val, void *p)
{
	u8 *b = p;
	int i;

	for (i = 0; i < 8; i++)
		b[i] = (u8)(val >> 8 * i);
}

#endif /* _VPNHA_PURE_USER_H */
