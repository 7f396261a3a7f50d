/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of IKE's cryptography have in common. */
#ifndef CRYPT_UNIT_H
#define CRYPT_UNIT_H

#include <openssl/evp.h>
#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike/alg.h"
#include "ike/crypt.h"
#include "kselftest_harness.h"

#define CHUNK(p, n)	((struct ike_chunk){ .data = (const uint8_t *)(p), .len = (n) })

/* Bytes of hexadecimal digits, in memory of exactly their size, so that ASan sees its end. */
static inline uint8_t *unhex(const char *hex, size_t *len)
{
	uint8_t *bytes;

	*len = strlen(hex) / 2;
	bytes = malloc(*len ? *len : 1);
	for (size_t i = 0; i < *len; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			abort();
	return bytes;
}

static inline const char *hex(char *to, const void *data, size_t len)
{
	*to = '\0';
	for (size_t i = 0; i < len; i++)
		sprintf(to + 2 * i, "%02x", ((const uint8_t *)data)[i]);
	return to;
}

/* What is too long to be written here is compared by its digest. */
static inline const char *sha256(char to[65], const void *data, size_t len)
{
	uint8_t sum[32];

	EVP_Digest(data, len, sum, NULL, EVP_sha256(), NULL);
	return hex(to, sum, sizeof(sum));
}

static inline void count_up(uint8_t *to, size_t len, uint8_t first)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(first + i);
}

static inline int is_zero(const void *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((const uint8_t *)data)[i])
			return 0;
	return 1;
}

FIXTURE(crypt) {
	struct ike_crypt *c;
};

FIXTURE_SETUP(crypt)
{
	self->c = ike_crypt_new();
	ASSERT_NE(NULL, self->c);
}

FIXTURE_TEARDOWN(crypt)
{
	ike_crypt_free(self->c);
	self->c = NULL;
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

#endif
