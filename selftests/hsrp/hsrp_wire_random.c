// SPDX-License-Identifier: GPL-2.0
/*
 * The packets of kmod/hsrp/wire.c with random values and random damage, the
 * same on every run.
 *
 * lab: native
 */
#include "wire_unit.h"
#include "kselftest_harness.h"

#define ROUND_TRIPS	100000
#define MUTATIONS	1000000

/* xorshift64*: the same numbers on every machine. */
static u64 seed;

static u32 number(u32 below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (u32)((seed * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

static void bytes(void *buf, size_t len)
{
	u8 *p = buf;

	while (len--)
		*p++ = number(256);
}

static const u8 auth_default[HSRP_AUTH_LEN] = HSRP_AUTH_DEFAULT;

static void random_values(struct hsrp_pkt *pkt, unsigned int version)
{
	__be32 vip;

	memset(pkt, 0, sizeof(*pkt));
	pkt->version = version;
	pkt->opcode = number(VPNHA_OPCODE_ADVERTISE + 1);
	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE) {
		pkt->active_groups = number(0x10000);
		pkt->passive_groups = number(0x10000);
		if (version == 2)
			memcpy(pkt->auth, auth_default, HSRP_AUTH_LEN);
		return;
	}
	pkt->state = VPNHA_STATE_INITIAL + number(VPNHA_STATE_ACTIVE);
	bytes(&vip, sizeof(vip));
	pkt->vip = hsrp_addr4(vip);
	pkt->ipv6 = version == 2 && number(2);
	if (pkt->ipv6)
		bytes(&pkt->vip, sizeof(pkt->vip));
	bytes(pkt->auth, sizeof(pkt->auth));
	if (number(2)) {
		pkt->digest = hsrp_wire_digest(version);
		bytes(&pkt->digest_addr, sizeof(pkt->digest_addr));
		memcpy(pkt->auth, version == 2 ? (const char *)auth_default : "\0\0\0\0\0\0\0",
		       HSRP_AUTH_LEN);
	}
	if (version == 1) {
		pkt->group = number(HSRP_V1_GROUP_MAX + 1);
		pkt->priority = number(256);
		pkt->hello_ms = 1000 * (1 + number(254));
		pkt->hold_ms = pkt->hello_ms + 1000 *
			       (1 + number(255 - pkt->hello_ms / 1000));
	} else {
		pkt->group = number(HSRP_V2_GROUP_MAX + 1);
		bytes(&pkt->priority, sizeof(pkt->priority));
		bytes(pkt->id, sizeof(pkt->id));
		pkt->hello_ms = 1 + number(0xfffffffe);
		pkt->hold_ms = pkt->hello_ms + 1 + number(0xffffffff - pkt->hello_ms);
	}
}

FIXTURE(random) {
};

FIXTURE_SETUP(random)
{
}

FIXTURE_TEARDOWN(random)
{
}

TEST_F_TIMEOUT(random, round_trip, 3600)
{
	struct hsrp_pkt want, got;
	u8 buf[HSRP_WIRE_MAX];
	size_t len;
	int i;

	seed = 2281;
	for (i = 0; i < ROUND_TRIPS; i++) {
		random_values(&want, 1 + i % 2);
		len = hsrp_wire_build(&want, buf, sizeof(buf));
		ASSERT_EQ(0, parse(buf, len, want.version, &got))
			TH_LOG("round %d, version %u, opcode %d", i, want.version,
			       want.opcode);
		ASSERT_TRUE(same(&want, &got))
			TH_LOG("round %d, version %u, opcode %d", i, want.version,
			       want.opcode);
	}
}

/* What is accepted makes sense, whatever was received. */
static bool sensible(const struct hsrp_pkt *pkt)
{
	if (pkt->opcode > VPNHA_OPCODE_ADVERTISE)
		return false;
	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE)
		return true;
	if (pkt->state < VPNHA_STATE_INITIAL || pkt->state > VPNHA_STATE_ACTIVE)
		return false;
	if (pkt->group > (pkt->version == 1 ? HSRP_V1_GROUP_MAX : HSRP_V2_GROUP_MAX))
		return false;
	if (pkt->opcode != VPNHA_OPCODE_HELLO)
		return true;
	if (!pkt->hello_ms && !pkt->hold_ms)
		return pkt->version == 1;
	return pkt->hello_ms && pkt->hold_ms > pkt->hello_ms;
}

static size_t mutate(u8 *data, size_t len)
{
	int times = 1 + number(4);
	size_t at;

	while (times--) {
		switch (number(6)) {
		case 0:		/* a bit */
			if (len)
				data[number(len)] ^= 1 << number(8);
			break;
		case 1:		/* a byte */
			if (len)
				data[number(len)] = number(256);
			break;
		case 2:		/* a small number, as types and lengths are */
			if (len)
				data[number(len)] = number(64);
			break;
		case 3:		/* cut */
			len = number(len + 1);
			break;
		case 4:		/* grow */
			at = len + number(HSRP_WIRE_MAX - len + 1);
			bytes(data + len, at - len);
			len = at;
			break;
		case 5:		/* repeat a part at the end */
			if (len) {
				at = number(len);
				if (len + len - at <= HSRP_WIRE_MAX) {
					memcpy(data + len, data + at, len - at);
					len += len - at;
				}
			}
			break;
		}
	}
	return len;
}

TEST_F_TIMEOUT(random, mutations, 3600)
{
	u8 data[HSRP_WIRE_MAX], again[HSRP_WIRE_MAX];
	unsigned int accepted = 0, version;
	struct hsrp_pkt pkt, back;
	int i, reason;
	size_t len;

	seed = 1985;
	for (i = 0; i < MUTATIONS; i++) {
		version = 1 + i % 2;
		random_values(&pkt, version);
		len = mutate(data, hsrp_wire_build(&pkt, data, sizeof(data)));
		reason = parse(data, len, version, &pkt);
		ASSERT_TRUE((reason >= 0 && reason <= VPNHA_DROP_REASON_BAD_AUTHENTICATION) ||
			    reason == VPNHA_DROP_REASON_UNKNOWN_GROUP)
			TH_LOG("round %d: reason %d", i, reason);
		if (reason)
			continue;
		accepted++;
		ASSERT_TRUE(sensible(&pkt)) TH_LOG("round %d", i);

		/* what was understood can be said, and means the same */
		len = hsrp_wire_build(&pkt, again, sizeof(again));
		ASSERT_EQ(0, parse(again, len, version, &back)) TH_LOG("round %d", i);
		if (pkt.opcode != VPNHA_OPCODE_ADVERTISE) {
			pkt.active_groups = 0;
			pkt.passive_groups = 0;
			/* a digest stands where it always does, and beside no text */
			if (pkt.digest) {
				pkt.digest = hsrp_wire_digest(version);
				memcpy(pkt.auth, back.auth, HSRP_AUTH_LEN);
			}
			ASSERT_TRUE(same(&pkt, &back)) TH_LOG("round %d", i);
		}
	}
	TH_LOG("%u of %d mutations were accepted", accepted, MUTATIONS);
	/* too few or too many would mean that nothing was tried */
	EXPECT_TRUE(accepted > MUTATIONS / 100 && accepted < MUTATIONS * 9 / 10);
}

TEST_HARNESS_MAIN
