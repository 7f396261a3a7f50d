/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of messages have in common: a place for one, and faults by name. */
#ifndef IKE_TEST_WIRE_UNIT_H
#define IKE_TEST_WIRE_UNIT_H

#include <stdlib.h>
#include <string.h>

#include "ike/build.h"
#include "ike/wire.h"
#include "kselftest_harness.h"

#define NONCE16		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16

#define CHUNK(...)	((struct ike_chunk){					\
	.data = (const uint8_t []){ __VA_ARGS__ },				\
	.len = sizeof((const uint8_t []){ __VA_ARGS__ }) })

FIXTURE(wire) {
	struct ike_header h;
	struct ike_payloads p;
	struct ike_fault fault;
	struct ike_writer w;
	struct ike_sa_list sa;
	struct ike_ts_list ts;
	uint8_t *data;
	uint8_t out[4096];
};

FIXTURE_SETUP(wire)
{
	memset(self, 0, sizeof(*self));
}

FIXTURE_TEARDOWN(wire)
{
	free(self->data);
}

/* To where the sanitizers see it when one octet more is read. */
static inline const uint8_t *alone(FIXTURE_DATA(wire) *self, const uint8_t *data, size_t len)
{
	free(self->data);
	self->data = malloc(len);
	memcpy(self->data, data, len);
	return self->data;
}

static inline bool message(FIXTURE_DATA(wire) *self, const uint8_t *data, size_t len)
{
	return ike_message_parse(&self->h, &self->p, alone(self, data, len), len, &self->fault);
}

static inline bool chain(FIXTURE_DATA(wire) *self, uint8_t first, struct ike_chunk c)
{
	return ike_payloads_parse(&self->p, first, alone(self, c.data, c.len), c.len,
				  &self->fault);
}

#define EXPECT_FAULT(wrong, at, of)						\
	do {									\
		EXPECT_STREQ(ike_wire_error_text(wrong),			\
			     ike_wire_error_text(self->fault.error));		\
		EXPECT_EQ((at), self->fault.offset);				\
		EXPECT_EQ((of), self->fault.payload);				\
	} while (0)

/* A single payload of @type with this body is refused at octet @at of the body. */
#define EXPECT_REFUSED(wrong, at, type, ...)					\
	do {									\
		EXPECT_FALSE(single(self, (type), CHUNK(__VA_ARGS__)));		\
		EXPECT_FAULT((wrong), 4 + (at), (type));			\
	} while (0)

#define EXPECT_TAKEN(type, ...)							\
	do {									\
		EXPECT_TRUE(single(self, (type), CHUNK(__VA_ARGS__)))		\
			TH_LOG("%s", ike_wire_error_text(self->fault.error));	\
		EXPECT_EQ(1, self->p.n);					\
	} while (0)

static inline bool single(FIXTURE_DATA(wire) *self, uint8_t type, struct ike_chunk body)
{
	uint8_t data[2048] = { 0, 0, (body.len + 4) >> 8, body.len + 4 };

	if (body.len)
		memcpy(data + 4, body.data, body.len);
	return chain(self, type, (struct ike_chunk){ data, body.len + 4 });
}

#define EXPECT_OCTETS(c, ...)							\
	do {									\
		struct ike_chunk _want = CHUNK(__VA_ARGS__), _got = (c);	\
		ASSERT_EQ(_want.len, _got.len);					\
		EXPECT_EQ(0, memcmp(_want.data, _got.data, _want.len));		\
	} while (0)

#endif
