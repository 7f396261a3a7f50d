// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of groups of IPv6 (version 2), and their addresses, in userspace.
 *
 * lab: native
 */
#include "wire_unit.h"
#include "kselftest_harness.h"

#define TEXT_AT		42
#define LEN		52
#define MD5_LEN		72

/* As tshark reads it: hello, Active, group 2748, priority 200, 250 and 750 ms. */
static const u8 hello[LEN] = {
	1, 40, 2, 0, 6, 6, 0x0a, 0xbc,
	0x02, 0x11, 0x22, 0x33, 0x44, 0x55,
	0, 0, 0, 200, 0, 0, 0, 250, 0, 0, 2, 0xee,
	0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x05, 0x73, 0xff, 0xfe, 0xa0, 0x0a, 0xbc,
	3, 8, 'c', 'i', 's', 'c', 'o', 0, 0, 0,
};

static struct hsrp_pkt values(void)
{
	struct hsrp_pkt pkt = v2_pkt();

	pkt.ipv6 = true;
	pkt.vip = hsrp_addr_made(pkt.group);
	return pkt;
}

TEST(image)
{
	struct hsrp_pkt want = values(), got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	ASSERT_EQ(LEN, hsrp_wire_build(&want, buf, sizeof(buf)));
	for (i = 0; i < LEN; i++)
		EXPECT_EQ(hello[i], buf[i]) TH_LOG("offset %zu", i);
	ASSERT_EQ(0, parse(hello, LEN, 2, &got));
	EXPECT_TRUE(same(&want, &got));
}

/* Any address, none too, is the one that was sent, and of no other version. */
TEST(addresses)
{
	static const struct in6_addr vips[] = {
		{ },
		{ { { [15] = 1 } } },
		{ { { 0xfe, 0x80, [15] = 1 } } },
		{ { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } } },
		/* looks like one of IPv4 */
		{ { { [10] = 0xff, 0xff, 10, 1, 1, 1 } } },
	};
	struct hsrp_pkt want = values(), got;
	u8 buf[HSRP_WIRE_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(vips); i++) {
		want.vip = vips[i];
		ASSERT_EQ(LEN, hsrp_wire_build(&want, buf, sizeof(buf)));
		EXPECT_EQ(0, memcmp(buf + 26, &vips[i], 16));
		ASSERT_EQ(0, parse(buf, LEN, 2, &got));
		EXPECT_TRUE(got.ipv6 && same(&want, &got)) TH_LOG("address %zu", i);
	}
}

/* Of what is cut off nothing is obeyed but what still is a whole packet. */
TEST(lengths)
{
	struct hsrp_pkt pkt;
	size_t len;

	for (len = 0; len <= LEN; len++)
		EXPECT_EQ(len == TEXT_AT || len == LEN ? 0 : VPNHA_DROP_REASON_TRUNCATED,
			  parse(hello, len, 2, &pkt)) TH_LOG("%zu bytes", len);
}

/* The TLV has one length, whatever the IP version. */
TEST(tlv_lengths)
{
	struct hsrp_pkt pkt;
	u8 data[2 + 255];
	int len;

	for (len = 0; len < 256; len++) {
		memset(data, 0, sizeof(data));
		memcpy(data, hello, TEXT_AT);
		data[1] = len;
		EXPECT_EQ(len == HSRP_V2_GROUP_LEN ? 0 : VPNHA_DROP_REASON_BAD_LENGTH,
			  parse(data, 2 + len, 2, &pkt)) TH_LOG("length %d", len);
	}
}

/* Version 1 knows none; an advertisement has none. */
TEST(versions)
{
	static const u8 advertise[] = { 2, 4, 0, 1, 0, 2 };
	struct hsrp_pkt pkt;

	EXPECT_EQ(VPNHA_DROP_REASON_BAD_VERSION, parse(hello, LEN, 1, &pkt));
	ASSERT_EQ(0, parse(advertise, sizeof(advertise), 2, &pkt));
	EXPECT_EQ(VPNHA_OPCODE_ADVERTISE, pkt.opcode);
	EXPECT_FALSE(pkt.ipv6);
}

/* The digest stands where it does in IPv4, with the end of the sender's address. */
TEST(md5)
{
	static const struct in6_addr from = {
		{ { 0xfe, 0x80, [8] = 1, 2, 3, 4, 5, 6, 7, 8 } }
	};
	static const u8 head[] = { 4, 28, 1, 0, 0, 0, 5, 6, 7, 8 };
	struct hsrp_pkt want = values(), got;
	u8 buf[HSRP_WIRE_MAX];
	size_t len;

	want.digest = hsrp_wire_digest(2);
	want.digest_addr = hsrp_addr_ip4(&from);
	ASSERT_EQ(MD5_LEN, hsrp_wire_build(&want, buf, sizeof(buf)));
	EXPECT_EQ(0, memcmp(buf, hello, TEXT_AT));
	EXPECT_EQ(0, memcmp(buf + TEXT_AT, head, sizeof(head)));
	for (len = TEXT_AT + 1; len < MD5_LEN; len++)
		EXPECT_EQ(VPNHA_DROP_REASON_TRUNCATED, parse(buf, len, 2, &got))
			TH_LOG("%zu bytes", len);
	ASSERT_EQ(0, parse(buf, MD5_LEN, 2, &got));
	EXPECT_TRUE(same(&want, &got));
}

/* FE80::5:73FF:FEA0:0 and the group, as IOS makes them. */
TEST(made)
{
	struct in6_addr addr = hsrp_addr_made(4095);
	char text[INET6_ADDRSTRLEN];

	ASSERT_NE(NULL, inet_ntop(AF_INET6, &addr, text, sizeof(text)));
	EXPECT_STREQ("fe80::5:73ff:fea0:fff", text);
	EXPECT_TRUE(hsrp_addr_is_link_local(&addr));
	addr = hsrp_addr_made(0);
	ASSERT_NE(NULL, inet_ntop(AF_INET6, &addr, text, sizeof(text)));
	EXPECT_STREQ("fe80::5:73ff:fea0:0", text);
}

TEST(kinds)
{
	static const struct {
		const char *text;
		bool any, is4, local;
	} kinds[] = {
		{ "::", true, false, false },
		{ "::ffff:0.0.0.1", false, true, false },
		{ "::ffff:255.255.255.255", false, true, false },
		{ "::1.2.3.4", false, false, false },
		{ "fe7f:ffff::1", false, false, false },
		{ "fe80::", false, false, true },
		{ "febf:ffff::1", false, false, true },
		{ "fec0::1", false, false, false },
		{ "2001:db8::1", false, false, false },
	};
	struct in6_addr addr;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		ASSERT_EQ(1, inet_pton(AF_INET6, kinds[i].text, &addr));
		EXPECT_EQ(kinds[i].any, hsrp_addr_any(&addr)) TH_LOG("%s", kinds[i].text);
		EXPECT_EQ(kinds[i].is4, hsrp_addr_is4(&addr)) TH_LOG("%s", kinds[i].text);
		EXPECT_EQ(kinds[i].local, hsrp_addr_is_link_local(&addr))
			TH_LOG("%s", kinds[i].text);
	}
	addr = hsrp_addr4(htonl(0x0a010101));
	EXPECT_EQ(htonl(0x0a010101), hsrp_addr_ip4(&addr));
	addr = hsrp_addr4(0);
	EXPECT_TRUE(hsrp_addr_any(&addr));
}

TEST_HARNESS_MAIN
