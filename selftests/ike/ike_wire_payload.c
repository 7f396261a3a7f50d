// SPDX-License-Identifier: GPL-2.0
// lab: native
/* What is inside of payloads, octet by octet: every fault on its own. */
#include <sys/socket.h>

#include "wire_unit.h"

TEST_F(wire, short_bodies)
{
	EXPECT_FALSE(single(self, IKE_PAYLOAD_CERTREQ, (struct ike_chunk){}));
	EXPECT_FAULT(IKE_WIRE_BODY, 4, IKE_PAYLOAD_CERTREQ);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_KE, 0, 31, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_IDI, 2, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_CERT, 4);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_AUTH, 2, 0, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_NOTIFY, 0, 0, 0x40);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_DELETE, 1, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_TSI, 1, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_BODY, 0, IKE_PAYLOAD_CP, 1, 0, 0);
	EXPECT_TAKEN(IKE_PAYLOAD_CERTREQ, 4);
	EXPECT_EQ(0, self->p.items[0].cert.data.len);
	EXPECT_TAKEN(IKE_PAYLOAD_IDI, 11, 0, 0, 0);
}

TEST_F(wire, nonce)
{
	uint8_t nonce[257] = { 0 };

	EXPECT_FALSE(single(self, IKE_PAYLOAD_NONCE, (struct ike_chunk){ nonce, 15 }));
	EXPECT_FAULT(IKE_WIRE_NONCE, 4, IKE_PAYLOAD_NONCE);
	EXPECT_TRUE(single(self, IKE_PAYLOAD_NONCE, (struct ike_chunk){ nonce, 16 }));
	EXPECT_TRUE(single(self, IKE_PAYLOAD_NONCE, (struct ike_chunk){ nonce, 256 }));
	EXPECT_FALSE(single(self, IKE_PAYLOAD_NONCE, (struct ike_chunk){ nonce, 257 }));
	EXPECT_FAULT(IKE_WIRE_NONCE, 4, IKE_PAYLOAD_NONCE);
}

TEST_F(wire, identity)
{
	EXPECT_REFUSED(IKE_WIRE_ID_LENGTH, 4, IKE_PAYLOAD_IDI, 1, 0, 0, 0, 10, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_ID_LENGTH, 4, IKE_PAYLOAD_IDR, 1, 0, 0, 0, 10, 0, 0, 1, 2);
	EXPECT_REFUSED(IKE_WIRE_ID_LENGTH, 4, IKE_PAYLOAD_IDR, 5, 0, 0, 0, 10, 0, 0, 1);
	EXPECT_TAKEN(IKE_PAYLOAD_IDR, 5, 0, 0, 0, NONCE16);
	/* reserved octets are ignored, but signed */
	EXPECT_TAKEN(IKE_PAYLOAD_IDI, 1, 7, 8, 9, 10, 0, 0, 1);
	EXPECT_EQ(IKE_ID_IPV4_ADDR, self->p.items[0].id.type);
	EXPECT_OCTETS(self->p.items[0].id.data, 10, 0, 0, 1);
	EXPECT_OCTETS(self->p.items[0].body, 1, 7, 8, 9, 10, 0, 0, 1);
}

#define TRANSFORM(mark, len)	(mark), 0, 0, (len), 1, 0, 0, 12
#define PROPOSAL(mark, len, number, protocol, spi, n)				\
	(mark), 0, 0, (len), (number), (protocol), (spi), (n)
#define EXPECT_SA(wrong, at, ...) EXPECT_REFUSED(wrong, at, IKE_PAYLOAD_SA, __VA_ARGS__)

TEST_F(wire, proposals)
{
	EXPECT_FALSE(single(self, IKE_PAYLOAD_SA, (struct ike_chunk){}));
	EXPECT_FAULT(IKE_WIRE_PROPOSAL_NONE, 4, IKE_PAYLOAD_SA);
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 0, 0, 0, 0, 7, 1, 1, 0);
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 2, PROPOSAL(0, 7, 1, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 2, PROPOSAL(0, 17, 1, 1, 0, 1), TRANSFORM(0, 8));
	/* more of it than the transforms need */
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 16, PROPOSAL(0, 17, 1, 1, 0, 1), TRANSFORM(0, 8), 0);
	/* the first of two is of a length that leaves no room for another one */
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 16, PROPOSAL(2, 16, 1, 1, 0, 1), TRANSFORM(0, 8), 0);

	EXPECT_SA(IKE_WIRE_PROPOSAL_MARK, 0, PROPOSAL(2, 16, 1, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_MARK, 0, PROPOSAL(3, 16, 1, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_MARK, 0, PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(0, 8),
		  PROPOSAL(0, 16, 2, 1, 0, 1), TRANSFORM(0, 8));

	EXPECT_SA(IKE_WIRE_PROPOSAL_NUMBER, 4, PROPOSAL(0, 16, 0, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_NUMBER, 4, PROPOSAL(2, 16, 2, 1, 0, 1), TRANSFORM(0, 8),
		  PROPOSAL(0, 16, 3, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_NUMBER, 20, PROPOSAL(2, 16, 1, 1, 0, 1), TRANSFORM(0, 8),
		  PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_NUMBER, 20, PROPOSAL(2, 16, 1, 1, 0, 1), TRANSFORM(0, 8),
		  PROPOSAL(0, 16, 3, 1, 0, 1), TRANSFORM(0, 8));
	/* a responder's choice keeps its number */
	EXPECT_TAKEN(IKE_PAYLOAD_SA, PROPOSAL(0, 16, 9, 1, 0, 1), TRANSFORM(0, 8));

	EXPECT_SA(IKE_WIRE_SPI_SIZE, 6, PROPOSAL(0, 20, 1, 1, 4, 1), 1, 2, 3, 4, TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_SPI_SIZE, 6, PROPOSAL(0, 16, 1, 3, 0, 1), TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_SPI_SIZE, 6, PROPOSAL(0, 18, 1, 2, 2, 1), 1, 2, TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 6, PROPOSAL(0, 11, 1, 3, 4, 1), 1, 2, 3);
	EXPECT_TAKEN(IKE_PAYLOAD_SA, PROPOSAL(0, 24, 1, 1, 8, 1), 1, 2, 3, 4, 5, 6, 7, 8,
		     TRANSFORM(0, 8));
	EXPECT_TAKEN(IKE_PAYLOAD_SA, PROPOSAL(0, 20, 1, 3, 4, 1), 1, 2, 3, 4, TRANSFORM(0, 8));
	ASSERT_TRUE(ike_sa_read(&self->p.items[0], &self->sa));
	EXPECT_EQ(IKE_PROTOCOL_ESP, self->sa.proposals[0].protocol);
	EXPECT_EQ(4, self->sa.proposals[0].spi_len);
	EXPECT_EQ(0, memcmp(self->sa.proposals[0].spi, (uint8_t []){ 1, 2, 3, 4 }, 4));
	EXPECT_FALSE(ike_ts_read(&self->p.items[0], &self->ts));
}

TEST_F(wire, transforms)
{
	EXPECT_SA(IKE_WIRE_TRANSFORM_COUNT, 7, PROPOSAL(0, 8, 1, 1, 0, 0));
	EXPECT_SA(IKE_WIRE_TRANSFORM_COUNT, 7, PROPOSAL(0, 8, 1, 1, 0, 1));
	EXPECT_SA(IKE_WIRE_TRANSFORM_COUNT, 7, PROPOSAL(0, 16, 1, 1, 0, 2), TRANSFORM(3, 8));
	EXPECT_SA(IKE_WIRE_PROPOSAL_LENGTH, 16, PROPOSAL(0, 24, 1, 1, 0, 1), TRANSFORM(0, 8),
		  TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_TRANSFORM_LENGTH, 8, PROPOSAL(0, 15, 1, 1, 0, 1), 0, 0, 0, 7, 1, 0, 0);
	EXPECT_SA(IKE_WIRE_TRANSFORM_LENGTH, 10, PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(0, 7));
	EXPECT_SA(IKE_WIRE_TRANSFORM_LENGTH, 10, PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(0, 9));
	EXPECT_SA(IKE_WIRE_TRANSFORM_LENGTH, 10, PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(0, 0));
	EXPECT_SA(IKE_WIRE_TRANSFORM_MARK, 8, PROPOSAL(0, 16, 1, 1, 0, 1), TRANSFORM(3, 8));
	EXPECT_SA(IKE_WIRE_TRANSFORM_MARK, 8, PROPOSAL(0, 24, 1, 1, 0, 2), TRANSFORM(0, 8),
		  TRANSFORM(0, 8));
	EXPECT_SA(IKE_WIRE_TRANSFORM_MARK, 16, PROPOSAL(0, 24, 1, 1, 0, 2), TRANSFORM(3, 8),
		  TRANSFORM(2, 8));
}

TEST_F(wire, attributes)
{
	struct ike_transform *t = self->sa.proposals[0].transforms;

	EXPECT_SA(IKE_WIRE_ATTRIBUTE_LENGTH, 16, PROPOSAL(0, 19, 1, 1, 0, 1), TRANSFORM(0, 11),
		  0x80, 14, 0);
	EXPECT_SA(IKE_WIRE_ATTRIBUTE_LENGTH, 18, PROPOSAL(0, 21, 1, 1, 0, 1), TRANSFORM(0, 13),
		  0, 99, 0, 2, 1);
	EXPECT_SA(IKE_WIRE_ATTRIBUTE_FORMAT, 16, PROPOSAL(0, 22, 1, 1, 0, 1), TRANSFORM(0, 14),
		  0, 14, 0, 2, 0, 128);
	EXPECT_SA(IKE_WIRE_ATTRIBUTE_TWICE, 20, PROPOSAL(0, 24, 1, 1, 0, 1), TRANSFORM(0, 16),
		  0x80, 14, 0, 128, 0x80, 14, 0, 128);
	/* a short one, then a long one of length 3, of types that are not known */
	EXPECT_TAKEN(IKE_PAYLOAD_SA, PROPOSAL(0, 35, 1, 1, 0, 2), TRANSFORM(3, 19),
		     0x80, 15, 1, 0, 0, 99, 0, 3, 1, 2, 3, TRANSFORM(0, 8));
	ASSERT_TRUE(ike_sa_read(&self->p.items[0], &self->sa));
	EXPECT_TRUE(t[0].unknown);
	EXPECT_EQ(0, t[0].key_bits);
	EXPECT_FALSE(t[1].unknown);
	/* a key of no length is not a transform without a length */
	EXPECT_TAKEN(IKE_PAYLOAD_SA, PROPOSAL(0, 20, 1, 1, 0, 1), TRANSFORM(0, 12), 0x80, 14, 0, 0);
	ASSERT_TRUE(ike_sa_read(&self->p.items[0], &self->sa));
	EXPECT_TRUE(t[0].unknown);
}

/* What does not fit is left out as a whole, after it was looked at. */
TEST_F(wire, proposals_left_out)
{
	uint8_t data[2048];
	size_t len = 0, i;

	/* 18 proposals, as a well known client sends them */
	for (i = 1; i <= 18; i++, len += 16)
		memcpy(data + len, (uint8_t []){ PROPOSAL(i < 18 ? 2 : 0, 16, i, 1, 0, 1),
						 TRANSFORM(0, 8) }, 16);
	ASSERT_TRUE(single(self, IKE_PAYLOAD_SA, (struct ike_chunk){ data, len }));
	ASSERT_TRUE(ike_sa_read(&self->p.items[0], &self->sa));
	EXPECT_EQ(IKE_PROPOSALS_MAX, self->sa.n);
	EXPECT_EQ(18 - IKE_PROPOSALS_MAX, self->sa.n_left_out);
	EXPECT_EQ(16, self->sa.proposals[15].number);
	data[len - 8] = 3;
	EXPECT_FALSE(single(self, IKE_PAYLOAD_SA, (struct ike_chunk){ data, len }));
	EXPECT_FAULT(IKE_WIRE_TRANSFORM_MARK, 4 + len - 8, IKE_PAYLOAD_SA);

	/* too many transforms in the first, too long an SPI in the second */
	memcpy(data, (uint8_t []){ PROPOSAL(2, 8, 1, 1, 0, IKE_TRANSFORMS_MAX + 1) }, 8);
	for (i = 0, len = 8; i <= IKE_TRANSFORMS_MAX; i++, len += 8)
		memcpy(data + len, (uint8_t []){ TRANSFORM(i < IKE_TRANSFORMS_MAX ? 3 : 0, 8) }, 8);
	data[2] = len >> 8;
	data[3] = (uint8_t)len;
	memcpy(data + len, (uint8_t []){ PROPOSAL(2, 25, 2, 9, 9, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9,
					 TRANSFORM(0, 8) }, 25);
	len += 25;
	memcpy(data + len, (uint8_t []){ PROPOSAL(0, 16, 3, 1, 0, 1), TRANSFORM(0, 8) }, 16);
	len += 16;
	ASSERT_TRUE(single(self, IKE_PAYLOAD_SA, (struct ike_chunk){ data, len }));
	ASSERT_TRUE(ike_sa_read(&self->p.items[0], &self->sa));
	EXPECT_EQ(2, self->sa.n_left_out);
	ASSERT_EQ(1, self->sa.n);
	EXPECT_EQ(3, self->sa.proposals[0].number);
	EXPECT_EQ(1, self->sa.proposals[0].n);
}

#define IPV4(...)	7, 6, 0, 16, 0, 80, 0, 90, __VA_ARGS__
#define EXPECT_TS(wrong, at, ...) EXPECT_REFUSED(wrong, at, IKE_PAYLOAD_TSR, __VA_ARGS__)

TEST_F(wire, selectors)
{
	struct ike_selector *s = self->ts.selectors;

	EXPECT_TS(IKE_WIRE_SELECTOR_COUNT, 0, 0, 0, 0, 0);
	EXPECT_TS(IKE_WIRE_SELECTOR_COUNT, 0, 1, 0, 0, 0);
	EXPECT_TS(IKE_WIRE_SELECTOR_COUNT, 0, 2, 0, 0, 0, IPV4(10, 0, 0, 1, 10, 0, 0, 2));
	EXPECT_TS(IKE_WIRE_SELECTOR_COUNT, 20, 1, 0, 0, 0, IPV4(10, 0, 0, 1, 10, 0, 0, 2),
		  IPV4(10, 0, 0, 1, 10, 0, 0, 2));
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 4, 1, 0, 0, 0, 7, 0, 0);
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 6, 1, 0, 0, 0, 99, 0, 0, 3);
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 6, 1, 0, 0, 0, 99, 0, 0, 5);
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 6, 1, 0, 0, 0, 7, 0, 0, 8, 0, 0, 0, 0);
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 6, 1, 0, 0, 0, 7, 0, 0, 17, 0, 0, 0, 0, 1, 1, 1, 1,
		  2, 2, 2, 2, 3);
	EXPECT_TS(IKE_WIRE_SELECTOR_LENGTH, 6, 1, 0, 0, 0, 8, 0, 0, 16, 0, 0, 0, 0, 1, 1, 1, 1,
		  2, 2, 2, 2);
	EXPECT_TS(IKE_WIRE_SELECTOR_RANGE, 12, 1, 0, 0, 0, IPV4(10, 0, 0, 2, 10, 0, 0, 1));
	EXPECT_TS(IKE_WIRE_SELECTOR_RANGE, 8, 1, 0, 0, 0, 7, 6, 0, 16, 0, 2, 0, 1, 1, 1, 1, 1,
		  2, 2, 2, 2);
	EXPECT_TS(IKE_WIRE_SELECTOR_RANGE, 8, 1, 0, 0, 0, 7, 6, 0, 16, 0xff, 0xff, 0, 1,
		  1, 1, 1, 1, 2, 2, 2, 2);

	/* one of a type that is not known between others, OPAQUE ports in the last */
	EXPECT_TAKEN(IKE_PAYLOAD_TSR, 3, 9, 9, 9, IPV4(10, 0, 0, 1, 10, 0, 0, 2),
		     10, 0, 0, 5, 1,
		     8, 1, 0, 40, 0xff, 0xff, 0, 0,
		     0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		     0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	ASSERT_TRUE(ike_ts_read(&self->p.items[0], &self->ts));
	ASSERT_EQ(2, self->ts.n);
	EXPECT_EQ(1, self->ts.n_left_out);
	EXPECT_EQ(AF_INET, s[0].family);
	EXPECT_EQ(6, s[0].protocol);
	EXPECT_EQ(80, s[0].first_port);
	EXPECT_EQ(90, s[0].last_port);
	EXPECT_EQ(0, memcmp(s[0].first, (uint8_t [16]){ 10, 0, 0, 1 }, 16));
	EXPECT_EQ(0, memcmp(s[0].last, (uint8_t [16]){ 10, 0, 0, 2 }, 16));
	EXPECT_EQ(AF_INET6, s[1].family);
	EXPECT_EQ(65535, s[1].first_port);
	EXPECT_EQ(0, s[1].last_port);
	EXPECT_EQ(1, s[1].first[15]);
	EXPECT_FALSE(ike_sa_read(&self->p.items[0], &self->sa));
}

TEST_F(wire, selectors_left_out)
{
	uint8_t data[4 + 40 * 16] = { 40 };
	size_t i;

	for (i = 0; i < 40; i++)
		memcpy(data + 4 + 16 * i, (uint8_t []){ IPV4(10, 0, 0, i, 10, 0, 0, i) }, 16);
	ASSERT_TRUE(single(self, IKE_PAYLOAD_TSI, (struct ike_chunk){ data, sizeof(data) }));
	ASSERT_TRUE(ike_ts_read(&self->p.items[0], &self->ts));
	EXPECT_EQ(IKE_SELECTORS_MAX, self->ts.n);
	EXPECT_EQ(40 - IKE_SELECTORS_MAX, self->ts.n_left_out);
	EXPECT_EQ(31, self->ts.selectors[31].first[3]);
}

TEST_F(wire, notifications)
{
	EXPECT_REFUSED(IKE_WIRE_BODY, 1, IKE_PAYLOAD_NOTIFY, 3, 4, 0, 11, 1, 2, 3);
	EXPECT_REFUSED(IKE_WIRE_BODY, 1, IKE_PAYLOAD_NOTIFY, 9, 255, 0, 11, 1, 2, 3);
	EXPECT_REFUSED(IKE_WIRE_SPI_SIZE, 1, IKE_PAYLOAD_NOTIFY, 3, 2, 0, 11, 1, 2, 3);
	EXPECT_REFUSED(IKE_WIRE_SPI_SIZE, 1, IKE_PAYLOAD_NOTIFY, 1, 4, 0, 11, 1, 2, 3, 4);
	EXPECT_TAKEN(IKE_PAYLOAD_NOTIFY, 9, 2, 0, 11, 1, 2, 3);
	EXPECT_OCTETS(self->p.items[0].notify.spi, 1, 2);
	EXPECT_OCTETS(self->p.items[0].notify.data, 3);
	/* of an SA without an SPI nothing is said */
	EXPECT_TAKEN(IKE_PAYLOAD_NOTIFY, 3, 0, 0, 14);
	EXPECT_EQ(IKE_PROTOCOL_NONE, self->p.items[0].notify.protocol);
	EXPECT_EQ(IKE_NOTIFY_NO_PROPOSAL_CHOSEN, self->p.items[0].notify.type);
}

TEST_F(wire, deletes)
{
	EXPECT_REFUSED(IKE_WIRE_SPI_SIZE, 1, IKE_PAYLOAD_DELETE, 1, 8, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8);
	EXPECT_REFUSED(IKE_WIRE_SPI_SIZE, 1, IKE_PAYLOAD_DELETE, 3, 0, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_SPI_SIZE, 1, IKE_PAYLOAD_DELETE, 2, 8, 0, 0);
	EXPECT_REFUSED(IKE_WIRE_DELETE_COUNT, 2, IKE_PAYLOAD_DELETE, 1, 0, 0, 1);
	EXPECT_REFUSED(IKE_WIRE_DELETE_COUNT, 2, IKE_PAYLOAD_DELETE, 1, 0, 0, 0, 1);
	EXPECT_REFUSED(IKE_WIRE_DELETE_COUNT, 2, IKE_PAYLOAD_DELETE, 3, 4, 0, 2, 1, 2, 3, 4);
	EXPECT_REFUSED(IKE_WIRE_DELETE_COUNT, 2, IKE_PAYLOAD_DELETE, 3, 4, 0, 1, 1, 2, 3, 4, 5);
	EXPECT_REFUSED(IKE_WIRE_DELETE_COUNT, 2, IKE_PAYLOAD_DELETE, 3, 4, 0x40, 1, 1, 2, 3, 4);
	EXPECT_TAKEN(IKE_PAYLOAD_DELETE, 1, 0, 0, 0);
	EXPECT_TAKEN(IKE_PAYLOAD_DELETE, 3, 4, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8);
	EXPECT_EQ(2, self->p.items[0].del.n);
	EXPECT_EQ(8, self->p.items[0].del.spis.len);
}

TEST_F(wire, configuration)
{
	struct ike_chunk rest, value;
	uint16_t type;

	EXPECT_REFUSED(IKE_WIRE_CONFIGURATION, 4, IKE_PAYLOAD_CP, 1, 0, 0, 0, 0, 1, 0);
	EXPECT_REFUSED(IKE_WIRE_CONFIGURATION, 8, IKE_PAYLOAD_CP, 1, 0, 0, 0, 0, 1, 0, 0,
		       0, 3, 0, 4, 1, 2, 3);
	EXPECT_TAKEN(IKE_PAYLOAD_CP, 1, 0, 0, 0);
	EXPECT_TAKEN(IKE_PAYLOAD_CP, 1, 0, 0, 0, 0x80, 1, 0, 0, 0, 3, 0, 4, 8, 8, 8, 8);
	rest = self->p.items[0].cp.attributes;
	ASSERT_TRUE(ike_cp_next(&rest, &type, &value));
	EXPECT_EQ(1, type);
	EXPECT_EQ(0, value.len);
	ASSERT_TRUE(ike_cp_next(&rest, &type, &value));
	EXPECT_EQ(3, type);
	EXPECT_OCTETS(value, 8, 8, 8, 8);
	EXPECT_FALSE(ike_cp_next(&rest, &type, &value));
}

TEST_HARNESS_MAIN
