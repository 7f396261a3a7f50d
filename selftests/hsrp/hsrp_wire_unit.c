// SPDX-License-Identifier: GPL-2.0
/*
 * The packets of kmod/hsrp/wire.c: the images of both versions byte by byte,
 * every length, every value of every enumerated field.
 *
 * lab: native
 */
#include "wire_unit.h"
#include "kselftest_harness.h"

#define LENGTHS		128
#define V1_MD5_LEN	50
#define V2_GROUP_TLV	(2 + HSRP_V2_GROUP_LEN)
#define V2_LEN		(V2_GROUP_TLV + 2 + HSRP_AUTH_LEN)

/* RFC 2281 section 5.1: hello, Standby, 3 s, 10 s, priority 100, group 1. */
static const u8 v1_hello[HSRP_V1_LEN] = {
	[0] = 0,			/* version */
	[1] = 0,			/* hello */
	[2] = 8,			/* Standby */
	[3] = 3,			/* hello time */
	[4] = 10,			/* hold time */
	[5] = 100,			/* priority */
	[6] = 1,			/* group */
	[7] = 0,			/* reserved */
	[8] = 0x63, 0x69, 0x73, 0x63, 0x6f, 0, 0, 0,	/* "cisco" */
	[16] = 172, 16, 172, 53,	/* virtual IP */
};

static const u8 v1_advertise[HSRP_V1_ADV_LEN] = {
	[0] = 0,			/* version */
	[1] = 3,			/* advertise */
	[2] = 0, 1,			/* type: interface state */
	[4] = 0, 10,			/* length */
	[6] = 3,			/* active */
	[7] = 0,			/* reserved */
	[8] = 0x01, 0x02,		/* active groups */
	[10] = 0x03, 0x04,		/* passive groups */
};

static const u8 v2_hello[V2_LEN] = {
	[0] = 1, 40,			/* group state */
	[2] = 2,			/* version */
	[3] = 0,			/* hello */
	[4] = 6,			/* Active */
	[5] = 4,			/* IPv4 */
	[6] = 0x0a, 0xbc,		/* group 2748 */
	[8] = 0x02, 0x11, 0x22, 0x33, 0x44, 0x55,	/* identifier */
	[14] = 0x00, 0x00, 0x00, 0xc8,	/* priority 200 */
	[18] = 0x00, 0x00, 0x00, 0xfa,	/* hello 250 ms */
	[22] = 0x00, 0x00, 0x02, 0xee,	/* hold 750 ms */
	[26] = 172, 16, 172, 53,	/* virtual IP, padded to 16 bytes */
	[42] = 3, 8,			/* text authentication */
	[44] = 0x63, 0x69, 0x73, 0x63, 0x6f, 0, 0, 0,
};

static const u8 v2_advertise[2 + HSRP_V2_IFSTATE_LEN] = {
	2, 4, 0x01, 0x02, 0x03, 0x04,
};

static struct hsrp_pkt v1_values(void)
{
	struct hsrp_pkt pkt = {
		.version = 1,
		.opcode = VPNHA_OPCODE_HELLO,
		.state = VPNHA_STATE_STANDBY,
		.group = 1,
		.priority = 100,
		.hello_ms = 3000,
		.hold_ms = 10000,
		.vip = { { { [10] = 0xff, 0xff, 172, 16, 172, 53 } } },
		.auth = "cisco",
	};

	return pkt;
}

static struct hsrp_pkt v2_values(void)
{
	struct hsrp_pkt pkt = v2_pkt();

	pkt.vip = hsrp_addr4(inet_addr("172.16.172.53"));
	return pkt;
}

static int parse_byte(const u8 *base, size_t len, unsigned int version,
		      size_t offset, u8 value, struct hsrp_pkt *pkt)
{
	u8 data[HSRP_WIRE_MAX];

	memcpy(data, base, len);
	data[offset] = value;
	return parse(data, len, version, pkt);
}

TEST(v1_image)
{
	struct hsrp_pkt want = v1_values(), got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	ASSERT_EQ(20, hsrp_wire_build(&want, buf, sizeof(buf)));
	for (i = 0; i < sizeof(v1_hello); i++) {
		EXPECT_EQ(v1_hello[i], buf[i]) TH_LOG("offset %zu", i);
	}
	EXPECT_EQ(0, parse(v1_hello, sizeof(v1_hello), 1, &got));
	EXPECT_TRUE(same(&want, &got));
}

/* Version 1 gives each state a bit, and every opcode the same layout. */
TEST(v1_states)
{
	static const u8 wire[] = { 0, 1, 2, 4, 8, 16 };
	struct hsrp_pkt want = v1_values(), got;
	u8 buf[HSRP_WIRE_MAX];
	int opcode, state;

	for (opcode = VPNHA_OPCODE_HELLO; opcode <= VPNHA_OPCODE_RESIGN; opcode++) {
		for (state = VPNHA_STATE_INITIAL; state <= VPNHA_STATE_ACTIVE; state++) {
			want.opcode = opcode;
			want.state = state;
			ASSERT_EQ(20, hsrp_wire_build(&want, buf, sizeof(buf)));
			EXPECT_EQ(opcode, buf[1]);
			EXPECT_EQ(wire[state - 1], buf[2]);
			EXPECT_EQ(0, parse(buf, 20, 1, &got));
			EXPECT_TRUE(same(&want, &got))
				TH_LOG("opcode %d, state %d", opcode, state);
		}
	}
}

/* Version 1 has seconds only: 0 says that it cannot tell. */
TEST(v1_milliseconds)
{
	struct hsrp_pkt want = v1_values(), got;
	u8 buf[HSRP_WIRE_MAX];

	want.hello_ms = 250;
	want.hold_ms = 750;
	ASSERT_EQ(20, hsrp_wire_build(&want, buf, sizeof(buf)));
	EXPECT_EQ(0, buf[3]);
	EXPECT_EQ(0, buf[4]);
	EXPECT_EQ(0, parse(buf, 20, 1, &got));
	EXPECT_EQ(0, got.hello_ms);
	EXPECT_EQ(0, got.hold_ms);

	/* one of the two alone is no better */
	want.hold_ms = 1000;
	ASSERT_EQ(20, hsrp_wire_build(&want, buf, sizeof(buf)));
	EXPECT_EQ(0, buf[3]);
	EXPECT_EQ(0, buf[4]);

	want.hello_ms = 254000;
	want.hold_ms = 255000;
	ASSERT_EQ(20, hsrp_wire_build(&want, buf, sizeof(buf)));
	EXPECT_EQ(254, buf[3]);
	EXPECT_EQ(255, buf[4]);
}

TEST(v1_advertise_image)
{
	static const struct {
		u16 active, passive;
		u8 state;
	} some[] = {
		{ 0, 0, 1 }, { 0, 1, 2 }, { 0, 4096, 2 }, { 1, 0, 3 },
		{ 2, 3, 3 }, { 0xffff, 0xffff, 3 },
	};
	struct hsrp_pkt want = {
		.version = 1, .opcode = VPNHA_OPCODE_ADVERTISE,
		.active_groups = 0x0102, .passive_groups = 0x0304,
	}, got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	ASSERT_EQ(16, hsrp_wire_build(&want, buf, sizeof(buf)));
	for (i = 0; i < sizeof(v1_advertise); i++) {
		EXPECT_EQ(v1_advertise[i], buf[i]) TH_LOG("offset %zu", i);
	}

	for (i = 0; i < ARRAY_SIZE(some); i++) {
		want.active_groups = some[i].active;
		want.passive_groups = some[i].passive;
		ASSERT_EQ(16, hsrp_wire_build(&want, buf, sizeof(buf)));
		EXPECT_EQ(some[i].state, buf[6]);
		EXPECT_EQ(0, parse(buf, 16, 1, &got));
		EXPECT_EQ(VPNHA_OPCODE_ADVERTISE, got.opcode);
		EXPECT_EQ(some[i].active, got.active_groups);
		EXPECT_EQ(some[i].passive, got.passive_groups);
	}
}

TEST(v2_image)
{
	struct hsrp_pkt want = v2_values(), got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	ASSERT_EQ(V2_LEN, hsrp_wire_build(&want, buf, sizeof(buf)));
	for (i = 0; i < sizeof(v2_hello); i++) {
		EXPECT_EQ(v2_hello[i], buf[i]) TH_LOG("offset %zu", i);
	}
	EXPECT_EQ(0, parse(v2_hello, sizeof(v2_hello), 2, &got));
	EXPECT_TRUE(same(&want, &got));
}

TEST(v2_states)
{
	struct hsrp_pkt want = v2_values(), got;
	u8 buf[HSRP_WIRE_MAX];
	int opcode, state;

	for (opcode = VPNHA_OPCODE_HELLO; opcode <= VPNHA_OPCODE_RESIGN; opcode++) {
		for (state = VPNHA_STATE_INITIAL; state <= VPNHA_STATE_ACTIVE; state++) {
			want.opcode = opcode;
			want.state = state;
			ASSERT_EQ(V2_LEN, hsrp_wire_build(&want, buf, sizeof(buf)));
			EXPECT_EQ(opcode, buf[3]);
			EXPECT_EQ(state, buf[4]);
			EXPECT_EQ(0, parse(buf, V2_LEN, 2, &got));
			EXPECT_TRUE(same(&want, &got))
				TH_LOG("opcode %d, state %d", opcode, state);
		}
	}
}

TEST(v2_advertise_image)
{
	struct hsrp_pkt want = {
		.version = 2, .opcode = VPNHA_OPCODE_ADVERTISE,
		.active_groups = 0x0102, .passive_groups = 0x0304,
	}, got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	ASSERT_EQ(6, hsrp_wire_build(&want, buf, sizeof(buf)));
	for (i = 0; i < sizeof(v2_advertise); i++) {
		EXPECT_EQ(v2_advertise[i], buf[i]) TH_LOG("offset %zu", i);
	}
	EXPECT_EQ(0, parse(buf, 6, 2, &got));
	EXPECT_EQ(VPNHA_OPCODE_ADVERTISE, got.opcode);
	EXPECT_EQ(0x0102, got.active_groups);
	EXPECT_EQ(0x0304, got.passive_groups);
}

TEST(build_into_too_little)
{
	struct hsrp_pkt pkt = v2_values();
	u8 buf[HSRP_WIRE_MAX], untouched[HSRP_WIRE_MAX];
	size_t size;

	memset(untouched, 0x5a, sizeof(untouched));
	for (size = 0; size < HSRP_WIRE_MAX; size++) {
		memset(buf, 0x5a, sizeof(buf));
		EXPECT_EQ(0, hsrp_wire_build(&pkt, buf, size));
		EXPECT_EQ(0, memcmp(buf, untouched, sizeof(buf)));
	}
	EXPECT_EQ(V2_LEN, hsrp_wire_build(&pkt, buf, HSRP_WIRE_MAX));
}

/* A packet cut short, and one followed by zeros, ones or noise. */
TEST(v1_lengths)
{
	static const u8 fills[] = { 0x00, 0xff, 0x04, 0x1c };
	struct hsrp_pkt pkt;
	u8 data[LENGTHS];
	size_t len, f;

	for (f = 0; f < ARRAY_SIZE(fills); f++) {
		memset(data, fills[f], sizeof(data));
		memcpy(data, v1_hello, sizeof(v1_hello));
		for (len = 0; len <= LENGTHS; len++) {
			EXPECT_EQ(len < 20 ? VPNHA_DROP_REASON_TRUNCATED :
				  len > 20 ? VPNHA_DROP_REASON_BAD_LENGTH : 0,
				  parse(data, len, 1, &pkt))
				TH_LOG("hello of %zu bytes", len);
		}

		memset(data, fills[f], sizeof(data));
		memcpy(data, v1_advertise, sizeof(v1_advertise));
		for (len = 0; len <= LENGTHS; len++) {
			EXPECT_EQ(len < 16 ? VPNHA_DROP_REASON_TRUNCATED :
				  len > 16 ? VPNHA_DROP_REASON_BAD_LENGTH : 0,
				  parse(data, len, 1, &pkt))
				TH_LOG("advertisement of %zu bytes", len);
		}
	}
}

/* A packet of MD5 authentication that others have seen, with their digest of the key. */
static const u8 md5_hello[V1_MD5_LEN] = {
	[2] = 4,			/* Speak */
	[3] = 3,			/* hello time */
	[4] = 10,			/* hold time */
	[5] = 100,			/* priority */
	[6] = 1,			/* group */
	[16] = 10, 0, 0, 100,		/* virtual IP */
	[20] = 4, 28,			/* MD5 authentication */
	[22] = 1,			/* algorithm */
	[26] = 10, 0, 0, 20,		/* sender */
};

/* It is as long as it is, and of an algorithm that is known. */
TEST(v1_md5)
{
	static const u8 from[] = { 10, 0, 0, 20 };
	struct hsrp_pkt pkt;
	u8 data[LENGTHS];
	size_t len;

	memset(data, 0, sizeof(data));
	memcpy(data, md5_hello, sizeof(md5_hello));
	for (len = 20; len <= LENGTHS; len++) {
		EXPECT_EQ(len == 20 || len == V1_MD5_LEN ? 0 :
			  VPNHA_DROP_REASON_BAD_LENGTH,
			  parse(data, len, 1, &pkt)) TH_LOG("%zu bytes", len);
		EXPECT_TRUE(len == 20 || pkt.digest == (len == V1_MD5_LEN ? 34 : 0));
	}
	EXPECT_EQ(0, parse(data, V1_MD5_LEN, 1, &pkt));
	EXPECT_EQ(34, pkt.digest);
	EXPECT_EQ(0, memcmp(&pkt.digest_addr, from, sizeof(from)));
	data[22] = 2;
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_AUTHENTICATION, parse(data, V1_MD5_LEN, 1, &pkt));
}

/* What is built has room for the digest, and nothing where the text would be. */
TEST(md5_built)
{
	struct hsrp_pkt pkt, got;
	u8 data[HSRP_WIRE_MAX];

	ASSERT_EQ(0, parse(md5_hello, sizeof(md5_hello), 1, &pkt));
	memcpy(pkt.auth, "secret\0", HSRP_AUTH_LEN);
	EXPECT_EQ(34, hsrp_wire_digest(1));
	ASSERT_EQ(V1_MD5_LEN, hsrp_wire_build(&pkt, data, sizeof(data)));
	EXPECT_EQ(0, memcmp(data, md5_hello, sizeof(md5_hello)));

	pkt.version = 2;
	pkt.digest = hsrp_wire_digest(2);
	EXPECT_EQ(V2_GROUP_TLV + 2 + 12, pkt.digest);
	ASSERT_EQ(V2_GROUP_TLV + 2 + 28, hsrp_wire_build(&pkt, data, sizeof(data)));
	ASSERT_EQ(0, parse(data, V2_GROUP_TLV + 2 + 28, 2, &got));
	EXPECT_EQ(pkt.digest, got.digest);
	EXPECT_EQ(pkt.digest_addr, got.digest_addr);
	EXPECT_EQ(0, memcmp(got.auth, "cisco\0\0", HSRP_AUTH_LEN));
}

/* RFC 1828: padded as MD5 pads, with the length in bits at the end. */
TEST(key_block)
{
	u8 block[HSRP_KEY_BLOCK_LEN], key[VPNHA_KEY_MAX];
	size_t len, n;

	memset(key, 'k', sizeof(key));
	for (len = 0; len <= sizeof(key); len++) {
		memset(block, 0xff, sizeof(block));
		hsrp_wire_key_block(key, len, block);
		for (n = 0; n < sizeof(block); n++) {
			u8 want = n < len ? 'k' : n == len ? 0x80 :
				  n == 56 ? (u8)(len * 8) : n == 57 ? len * 8 >> 8 : 0;

			EXPECT_EQ(want, block[n]) TH_LOG("key of %zu, byte %zu", len, n);
		}
	}
}

/*
 * Version 2 ends where a TLV does. What follows the last is another TLV, of
 * zeros here: type 0 is unknown, its length 0.
 */
TEST(v2_lengths)
{
	struct hsrp_pkt want = v2_values(), got;
	u8 data[LENGTHS] = { 0 };
	size_t len;

	memcpy(data, v2_hello, sizeof(v2_hello));
	for (len = 0; len <= LENGTHS; len++) {
		bool whole = len == V2_GROUP_TLV ||
			     (len >= V2_LEN && (len - V2_LEN) % 2 == 0);

		EXPECT_EQ(whole ? 0 : VPNHA_DROP_REASON_TRUNCATED,
			  parse(data, len, 2, &got)) TH_LOG("%zu bytes", len);
		if (whole) {
			EXPECT_TRUE(same(&want, &got)) TH_LOG("%zu bytes", len);
		}
	}
	for (len = 0; len < sizeof(v2_advertise); len++) {
		EXPECT_EQ(VPNHA_DROP_REASON_TRUNCATED,
			  parse(v2_advertise, len, 2, &got)) TH_LOG("%zu bytes", len);
	}
	EXPECT_EQ(0, parse(v2_advertise, sizeof(v2_advertise), 2, &got));
}

/* Every value of every enumerated byte of version 1, for every opcode. */
TEST(v1_every_value)
{
	static const int states[] = { 0, 1, 2, 4, 8, 16 };
	int opcode, value, want;
	u8 base[HSRP_V1_LEN];
	struct hsrp_pkt pkt;
	size_t i;

	memcpy(base, v1_hello, sizeof(base));
	for (value = 0; value < 256; value++) {
		EXPECT_EQ(value ? VPNHA_DROP_REASON_BAD_VERSION : 0,
			  parse_byte(base, 20, 1, 0, value, &pkt))
			TH_LOG("version %d", value);

		/* an advertisement has 16 bytes, not 20 */
		want = value <= VPNHA_OPCODE_RESIGN ? 0 :
		       value == VPNHA_OPCODE_ADVERTISE ?
		       VPNHA_DROP_REASON_BAD_LENGTH : VPNHA_DROP_REASON_BAD_OPCODE;
		EXPECT_EQ(want, parse_byte(base, 20, 1, 1, value, &pkt))
			TH_LOG("opcode %d", value);
		if (!want) {
			EXPECT_EQ(value, (int)pkt.opcode);
		}
	}

	for (opcode = 0; opcode <= VPNHA_OPCODE_RESIGN; opcode++) {
		base[1] = opcode;
		for (value = 0; value < 256; value++) {
			want = VPNHA_DROP_REASON_BAD_STATE;
			for (i = 0; i < ARRAY_SIZE(states); i++)
				if (states[i] == value)
					want = 0;
			EXPECT_EQ(want, parse_byte(base, 20, 1, 2, value, &pkt))
				TH_LOG("opcode %d, state %d", opcode, value);

			EXPECT_EQ(0, parse_byte(base, 20, 1, 5, value, &pkt));
			EXPECT_EQ(value, (int)pkt.priority);
			EXPECT_EQ(0, parse_byte(base, 20, 1, 6, value, &pkt));
			EXPECT_EQ(value, pkt.group);
			/* reserved: whatever it says */
			EXPECT_EQ(0, parse_byte(base, 20, 1, 7, value, &pkt));
		}
	}
}

FIXTURE(thorough) {
};

FIXTURE_SETUP(thorough)
{
}

FIXTURE_TEARDOWN(thorough)
{
}

/* Hold must exceed hello; both 0 leave it to the receiver. Hellos only. */
TEST_F_TIMEOUT(thorough, v1_every_time, 3600)
{
	int opcode, hello, hold, want;
	u8 base[HSRP_V1_LEN];
	struct hsrp_pkt pkt;

	memcpy(base, v1_hello, sizeof(base));
	for (opcode = 0; opcode <= VPNHA_OPCODE_RESIGN; opcode++) {
		base[1] = opcode;
		for (hello = 0; hello < 256; hello++) {
			for (hold = 0; hold < 256; hold++) {
				base[3] = hello;
				base[4] = hold;
				want = opcode || (!hello && !hold) ||
				       (hello && hold > hello) ?
				       0 : VPNHA_DROP_REASON_BAD_TIMERS;
				EXPECT_EQ(want, parse(base, 20, 1, &pkt))
					TH_LOG("opcode %d, hello %d, hold %d",
					       opcode, hello, hold);
				if (want)
					continue;
				EXPECT_EQ(hello * 1000, (int)pkt.hello_ms);
				EXPECT_EQ(hold * 1000, (int)pkt.hold_ms);
			}
		}
	}
}

TEST(v1_advertise_every_value)
{
	static const size_t fixed[] = { 2, 3, 4, 5 };
	struct hsrp_pkt pkt;
	int value;
	size_t i;

	for (value = 0; value < 256; value++) {
		for (i = 0; i < ARRAY_SIZE(fixed); i++) {
			EXPECT_EQ(value == v1_advertise[fixed[i]] ? 0 :
				  VPNHA_DROP_REASON_BAD_LENGTH,
				  parse_byte(v1_advertise, 16, 1, fixed[i],
					     value, &pkt))
				TH_LOG("offset %zu, value %d", fixed[i], value);
		}
		EXPECT_EQ(value >= 1 && value <= 3 ? 0 : VPNHA_DROP_REASON_BAD_STATE,
			  parse_byte(v1_advertise, 16, 1, 6, value, &pkt))
			TH_LOG("state %d", value);
		EXPECT_EQ(0, parse_byte(v1_advertise, 16, 1, 7, value, &pkt));
	}
}

TEST(v2_every_value)
{
	struct hsrp_pkt pkt;
	int value, want;

	for (value = 0; value < 256; value++) {
		/* version 1 at the place of the first TLV's type */
		want = value == 0 ? VPNHA_DROP_REASON_BAD_VERSION :
		       value == 1 ? 0 :
		       value <= 4 ? VPNHA_DROP_REASON_BAD_LENGTH :
		       VPNHA_DROP_REASON_TRUNCATED;
		EXPECT_EQ(want, parse_byte(v2_hello, V2_LEN, 2, 0, value, &pkt))
			TH_LOG("type %d", value);

		/* 50: what the packet has after the header of the TLV */
		want = value == HSRP_V2_GROUP_LEN ? 0 :
		       value <= V2_LEN - 2 ? VPNHA_DROP_REASON_BAD_LENGTH :
		       VPNHA_DROP_REASON_TRUNCATED;
		EXPECT_EQ(want, parse_byte(v2_hello, V2_LEN, 2, 1, value, &pkt))
			TH_LOG("length %d", value);

		EXPECT_EQ(value == 2 ? 0 : VPNHA_DROP_REASON_BAD_VERSION,
			  parse_byte(v2_hello, V2_LEN, 2, 2, value, &pkt))
			TH_LOG("version %d", value);
		EXPECT_EQ(value <= VPNHA_OPCODE_RESIGN ? 0 :
			  VPNHA_DROP_REASON_BAD_OPCODE,
			  parse_byte(v2_hello, V2_LEN, 2, 3, value, &pkt))
			TH_LOG("opcode %d", value);
		want = value >= VPNHA_STATE_INITIAL && value <= VPNHA_STATE_ACTIVE ?
		       0 : VPNHA_DROP_REASON_BAD_STATE;
		EXPECT_EQ(want, parse_byte(v2_hello, V2_LEN, 2, 4, value, &pkt))
			TH_LOG("state %d", value);
		if (!want) {
			EXPECT_EQ(value, (int)pkt.state);
		}
		EXPECT_EQ(value == 4 || value == 6 ? 0 : VPNHA_DROP_REASON_BAD_FAMILY,
			  parse_byte(v2_hello, V2_LEN, 2, 5, value, &pkt))
			TH_LOG("IP version %d", value);
		EXPECT_EQ(value <= 0x0f ? 0 : VPNHA_DROP_REASON_UNKNOWN_GROUP,
			  parse_byte(v2_hello, V2_LEN, 2, 6, value, &pkt))
			TH_LOG("group 0x%02xbc", value);
		EXPECT_EQ(0, parse_byte(v2_hello, V2_LEN, 2, 7, value, &pkt));
		EXPECT_EQ(0x0a00 | value, pkt.group);
		EXPECT_EQ(0, parse_byte(v2_hello, V2_LEN, 2, 14, value, &pkt));
		EXPECT_EQ((u32)value << 24 | 200, pkt.priority);
	}
}

/* Milliseconds of 32 bits; version 2 always tells, so 0 is no time. */
TEST(v2_times)
{
	static const u32 times[] = {
		0, 1, 14, 15, 50, 749, 750, 3000, 255000, 255001, 0x7fffffff,
		0x80000000, 0xffffffff,
	};
	u8 data[V2_LEN];
	struct hsrp_pkt pkt;
	int opcode, want;
	size_t i, j;

	memcpy(data, v2_hello, sizeof(data));
	for (opcode = 0; opcode <= VPNHA_OPCODE_RESIGN; opcode++) {
		data[3] = opcode;
		for (i = 0; i < ARRAY_SIZE(times); i++) {
			for (j = 0; j < ARRAY_SIZE(times); j++) {
				put_unaligned_be32(times[i], data + 18);
				put_unaligned_be32(times[j], data + 22);
				want = opcode || (times[i] && times[j] > times[i]) ?
				       0 : VPNHA_DROP_REASON_BAD_TIMERS;
				EXPECT_EQ(want, parse(data, sizeof(data), 2, &pkt))
					TH_LOG("opcode %d, hello %u, hold %u",
					       opcode, times[i], times[j]);
				if (want)
					continue;
				EXPECT_EQ(times[i], pkt.hello_ms);
				EXPECT_EQ(times[j], pkt.hold_ms);
			}
		}
	}
}

static size_t tlv(u8 *p, u8 type, u8 len, const void *value)
{
	p[0] = type;
	p[1] = len;
	memcpy(p + 2, value, len);
	return 2 + len;
}

TEST(v2_tlvs)
{
	const u8 *group = v2_hello + 2, *ifstate = v2_advertise + 2;
	static const u8 secret[HSRP_AUTH_LEN] = "secret", noise[255];
	struct hsrp_pkt want = v2_values(), got;
	u8 data[1024];
	size_t len;

	/* any order */
	memcpy(want.auth, secret, sizeof(secret));
	want.active_groups = 0x0102;
	want.passive_groups = 0x0304;
	len = tlv(data, 3, 8, secret);
	len += tlv(data + len, 2, 4, ifstate);
	len += tlv(data + len, 1, 40, group);
	EXPECT_EQ(0, parse(data, len, 2, &got));
	EXPECT_TRUE(same(&want, &got));

	/* unknown ones before, between and after, of every length */
	len = tlv(data, 5, 0, noise);
	len += tlv(data + len, 1, 40, group);
	len += tlv(data + len, 255, 255, noise);
	len += tlv(data + len, 3, 8, secret);
	len += tlv(data + len, 0, 1, noise);
	len += tlv(data + len, 2, 4, ifstate);
	EXPECT_EQ(0, parse(data, len, 2, &got));
	EXPECT_TRUE(same(&want, &got));

	/* without a text TLV: the default */
	len = tlv(data, 1, 40, group);
	EXPECT_EQ(0, parse(data, len, 2, &got));
	EXPECT_EQ(0, memcmp(got.auth, "cisco\0\0", 8));

	/* each known one once */
	len = tlv(data, 1, 40, group);
	len += tlv(data + len, 1, 40, group);
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_LENGTH, parse(data, len, 2, &got));
	len = tlv(data, 1, 40, group);
	len += tlv(data + len, 3, 8, secret);
	len += tlv(data + len, 3, 8, secret);
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_LENGTH, parse(data, len, 2, &got));
	len = tlv(data, 2, 4, ifstate);
	len += tlv(data + len, 2, 4, ifstate);
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_LENGTH, parse(data, len, 2, &got));

	/* a digest by an algorithm that nobody knows; by MD5, wherever it stands */
	len = tlv(data, 1, 40, group);
	len += tlv(data + len, 4, 28, noise);
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_AUTHENTICATION, parse(data, len, 2, &got));
	len = tlv(data, 4, 28, md5_hello + 22);
	len += tlv(data + len, 1, 40, group);
	EXPECT_EQ(0, parse(data, len, 2, &got));
	EXPECT_EQ(14, got.digest);

	/* nothing that tells anything */
	len = tlv(data, 3, 8, secret);
	EXPECT_EQ(VPNHA_DROP_REASON_TRUNCATED, parse(data, len, 2, &got));
	len = tlv(data, 9, 200, noise);
	EXPECT_EQ(VPNHA_DROP_REASON_TRUNCATED, parse(data, len, 2, &got));
}

TEST(v2_tlv_lengths)
{
	static const u8 right[] = { [1] = 40, [2] = 4, [3] = 8, [4] = 28 };
	u8 value[255] = { 0 }, data[512];
	struct hsrp_pkt pkt;
	int type, len, want;
	size_t size;

	for (type = 1; type < (int)ARRAY_SIZE(right); type++) {
		for (len = 0; len < 256; len++) {
			memset(value, 0, sizeof(value));
			if (type == 1)
				memcpy(value, v2_hello + 2, 40);
			size = tlv(data, type, len, value);
			want = len != right[type] ? VPNHA_DROP_REASON_BAD_LENGTH :
			       type == 4 ? VPNHA_DROP_REASON_BAD_AUTHENTICATION :
			       type == 3 ? VPNHA_DROP_REASON_TRUNCATED : 0;
			EXPECT_EQ(want, parse(data, size, 2, &pkt))
				TH_LOG("type %d, length %d", type, len);
		}
	}
}

TEST(versions_do_not_mix)
{
	struct hsrp_pkt pkt;

	EXPECT_EQ(VPNHA_DROP_REASON_BAD_VERSION, parse(v1_hello, 20, 2, &pkt));
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_VERSION, parse(v1_advertise, 16, 2, &pkt));
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_VERSION, parse(v2_hello, V2_LEN, 1, &pkt));
	EXPECT_EQ(VPNHA_DROP_REASON_BAD_VERSION, parse(v2_advertise, 6, 1, &pkt));
}

TEST_HARNESS_MAIN
