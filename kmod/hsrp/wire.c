// SPDX-License-Identifier: GPL-2.0
#include "hsrp/wire.h"

#define TLV_GROUP	1
#define TLV_IFSTATE	2
#define TLV_TEXT	3
#define TLV_MD5		4
#define TLV_HDR		2

#define V1_ADV_TYPE	1
#define V1_ADV_BODY	10
#define V2_VERSION	2
#define V2_INET		4
#define V2_INET6	6

/* In the MD5 TLV. */
#define MD5_ALGORITHM	1
#define MD5_ADDR	4
#define MD5_DIGEST	12

/* Its value: version 1 has it behind all else, version 2 in the text's place. */
#define V1_MD5		(HSRP_V1_LEN + TLV_HDR)
#define V2_MD5		(TLV_HDR + HSRP_V2_GROUP_LEN + TLV_HDR)

/* What a packet of version 2 without a text says. */
static const u8 auth_default[HSRP_AUTH_LEN] = HSRP_AUTH_DEFAULT;

/* Version 1 gives each state a bit, version 2 a number. */
static const u8 v1_state[] = {
	[VPNHA_STATE_INITIAL] = 0,
	[VPNHA_STATE_LEARN] = 1,
	[VPNHA_STATE_LISTEN] = 2,
	[VPNHA_STATE_SPEAK] = 4,
	[VPNHA_STATE_STANDBY] = 8,
	[VPNHA_STATE_ACTIVE] = 16,
};

static struct in6_addr vip4_parse(const u8 *p)
{
	__be32 vip;

	memcpy(&vip, p, sizeof(vip));
	return hsrp_addr4(vip);
}

static void vip4_build(const struct hsrp_pkt *pkt, u8 *p)
{
	__be32 vip = hsrp_addr_ip4(&pkt->vip);

	memcpy(p, &vip, sizeof(vip));
}

static int v1_state_parse(u8 wire, enum vpnha_state *state)
{
	int s;

	for (s = VPNHA_STATE_INITIAL; s <= VPNHA_STATE_ACTIVE; s++) {
		if (v1_state[s] == wire) {
			*state = s;
			return 0;
		}
	}
	return VPNHA_DROP_REASON_BAD_STATE;
}

/*
 * Only a hello's times and state mean anything. Version 1 cannot tell times
 * below a second: both fields are 0 then, which asks the receiver to use its
 * own.
 */
static int hello_check(const struct hsrp_pkt *pkt)
{
	if (pkt->opcode != VPNHA_OPCODE_HELLO)
		return 0;
	if (pkt->version == 1 && !pkt->hello_ms && !pkt->hold_ms)
		return 0;
	if (!pkt->hello_ms || pkt->hold_ms <= pkt->hello_ms)
		return VPNHA_DROP_REASON_BAD_TIMERS;
	return 0;
}

static int v1_advertise_parse(const u8 *p, size_t len, struct hsrp_pkt *pkt)
{
	if (len < HSRP_V1_ADV_LEN)
		return VPNHA_DROP_REASON_TRUNCATED;
	if (len != HSRP_V1_ADV_LEN)
		return VPNHA_DROP_REASON_BAD_LENGTH;
	if (get_unaligned_be16(p + 2) != V1_ADV_TYPE ||
	    get_unaligned_be16(p + 4) != V1_ADV_BODY)
		return VPNHA_DROP_REASON_BAD_LENGTH;
	if (p[6] < HSRP_ADV_DORMANT || p[6] > HSRP_ADV_ACTIVE)
		return VPNHA_DROP_REASON_BAD_STATE;

	pkt->active_groups = get_unaligned_be16(p + 8);
	pkt->passive_groups = get_unaligned_be16(p + 10);
	return 0;
}

/* The TLV's value, of the right length, @at bytes into the payload. */
static int md5_parse(const u8 *p, size_t at, struct hsrp_pkt *pkt)
{
	if (p[0] != MD5_ALGORITHM)
		return VPNHA_DROP_REASON_BAD_AUTHENTICATION;
	memcpy(&pkt->digest_addr, p + MD5_ADDR, sizeof(pkt->digest_addr));
	pkt->digest = at + MD5_DIGEST;
	return 0;
}

static int v1_parse(const u8 *p, size_t len, struct hsrp_pkt *pkt)
{
	int reason;

	if (len < 2)
		return VPNHA_DROP_REASON_TRUNCATED;
	if (p[0] != 0)
		return VPNHA_DROP_REASON_BAD_VERSION;
	if (p[1] > VPNHA_OPCODE_ADVERTISE)
		return VPNHA_DROP_REASON_BAD_OPCODE;
	pkt->opcode = p[1];
	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE)
		return v1_advertise_parse(p, len, pkt);

	if (len < HSRP_V1_LEN)
		return VPNHA_DROP_REASON_TRUNCATED;
	if (len == V1_MD5 + HSRP_MD5_LEN && p[HSRP_V1_LEN] == TLV_MD5 &&
	    p[HSRP_V1_LEN + 1] == HSRP_MD5_LEN) {
		reason = md5_parse(p + V1_MD5, V1_MD5, pkt);
		if (reason)
			return reason;
	} else if (len != HSRP_V1_LEN) {
		return VPNHA_DROP_REASON_BAD_LENGTH;
	}

	reason = v1_state_parse(p[2], &pkt->state);
	if (reason)
		return reason;
	pkt->hello_ms = p[3] * 1000;
	pkt->hold_ms = p[4] * 1000;
	pkt->priority = p[5];
	pkt->group = p[6];
	memcpy(pkt->auth, p + 8, HSRP_AUTH_LEN);
	pkt->vip = vip4_parse(p + 16);
	return hello_check(pkt);
}

static int v2_group_parse(const u8 *p, struct hsrp_pkt *pkt)
{
	if (p[0] != V2_VERSION)
		return VPNHA_DROP_REASON_BAD_VERSION;
	if (p[1] > VPNHA_OPCODE_RESIGN)
		return VPNHA_DROP_REASON_BAD_OPCODE;
	if (p[2] < VPNHA_STATE_INITIAL || p[2] > VPNHA_STATE_ACTIVE)
		return VPNHA_DROP_REASON_BAD_STATE;
	if (p[3] != V2_INET && p[3] != V2_INET6)
		return VPNHA_DROP_REASON_BAD_FAMILY;

	pkt->opcode = p[1];
	pkt->state = p[2];
	pkt->group = get_unaligned_be16(p + 4);
	if (pkt->group > HSRP_V2_GROUP_MAX)
		return VPNHA_DROP_REASON_UNKNOWN_GROUP;
	memcpy(pkt->id, p + 6, HSRP_ID_LEN);
	pkt->priority = get_unaligned_be32(p + 12);
	pkt->hello_ms = get_unaligned_be32(p + 16);
	pkt->hold_ms = get_unaligned_be32(p + 20);
	pkt->ipv6 = p[3] == V2_INET6;
	if (pkt->ipv6)
		memcpy(&pkt->vip, p + 24, sizeof(pkt->vip));
	else
		pkt->vip = vip4_parse(p + 24);
	return hello_check(pkt);
}

static int v2_parse(const u8 *p, size_t len, struct hsrp_pkt *pkt)
{
	static const u8 want[] = {
		[TLV_GROUP] = HSRP_V2_GROUP_LEN,
		[TLV_IFSTATE] = HSRP_V2_IFSTATE_LEN,
		[TLV_TEXT] = HSRP_AUTH_LEN,
		[TLV_MD5] = HSRP_MD5_LEN,
	};
	const u8 *begin = p;
	unsigned int seen = 0;
	int reason;

	if (len && p[0] == 0)
		return VPNHA_DROP_REASON_BAD_VERSION;

	/* A packet without a text TLV counts as one with the default. */
	memcpy(pkt->auth, auth_default, HSRP_AUTH_LEN);

	while (len) {
		u8 type, tlen;

		if (len < TLV_HDR)
			return VPNHA_DROP_REASON_TRUNCATED;
		type = p[0];
		tlen = p[1];
		p += TLV_HDR;
		len -= TLV_HDR;
		if (tlen > len)
			return VPNHA_DROP_REASON_TRUNCATED;

		/* TLVs of types yet unknown are passed over. */
		if (type && type < ARRAY_SIZE(want)) {
			if (tlen != want[type] || seen & BIT(type))
				return VPNHA_DROP_REASON_BAD_LENGTH;
			seen |= BIT(type);
		}

		switch (type) {
		case TLV_GROUP:
			reason = v2_group_parse(p, pkt);
			if (reason)
				return reason;
			break;
		case TLV_IFSTATE:
			pkt->active_groups = get_unaligned_be16(p);
			pkt->passive_groups = get_unaligned_be16(p + 2);
			break;
		case TLV_TEXT:
			memcpy(pkt->auth, p, HSRP_AUTH_LEN);
			break;
		case TLV_MD5:
			reason = md5_parse(p, p - begin, pkt);
			if (reason)
				return reason;
			break;
		}
		p += tlen;
		len -= tlen;
	}

	if (seen & BIT(TLV_GROUP))
		return 0;
	if (!(seen & BIT(TLV_IFSTATE)))
		return VPNHA_DROP_REASON_TRUNCATED;
	pkt->opcode = VPNHA_OPCODE_ADVERTISE;
	return 0;
}

/**
 * hsrp_wire_parse() - read a packet
 * @data: UDP payload
 * @len: its length in bytes, any
 * @version: HSRP version that the interface speaks, 1 or 2
 * @pkt: filled; its values mean something only when 0 is returned
 *
 * RFC 2281 section 5.1 and the TLVs of version 2. Does not judge the
 * authentication data. Context: any.
 * Return: 0, or the enum vpnha_drop_reason why the packet is not to be obeyed.
 */
int hsrp_wire_parse(const u8 *data, size_t len, unsigned int version,
		    struct hsrp_pkt *pkt)
{
	memset(pkt, 0, sizeof(*pkt));
	pkt->version = version;
	if (version == 2)
		return v2_parse(data, len, pkt);
	return v1_parse(data, len, pkt);
}

static u8 *tlv_start(u8 *p, u8 type, u8 len)
{
	p[0] = type;
	p[1] = len;
	return p + TLV_HDR;
}

/* The digest itself stays zero: it is one of the whole payload. */
static size_t md5_build(const struct hsrp_pkt *pkt, u8 *p)
{
	p = tlv_start(p, TLV_MD5, HSRP_MD5_LEN);
	p[0] = MD5_ALGORITHM;
	memcpy(p + MD5_ADDR, &pkt->digest_addr, sizeof(pkt->digest_addr));
	return TLV_HDR + HSRP_MD5_LEN;
}

static size_t v1_build(const struct hsrp_pkt *pkt, u8 *p)
{
	bool whole = !(pkt->hello_ms % 1000) && !(pkt->hold_ms % 1000);

	p[1] = pkt->opcode;
	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE) {
		put_unaligned_be16(V1_ADV_TYPE, p + 2);
		put_unaligned_be16(V1_ADV_BODY, p + 4);
		p[6] = pkt->active_groups ? HSRP_ADV_ACTIVE :
		       pkt->passive_groups ? HSRP_ADV_PASSIVE :
		       HSRP_ADV_DORMANT;
		put_unaligned_be16(pkt->active_groups, p + 8);
		put_unaligned_be16(pkt->passive_groups, p + 10);
		return HSRP_V1_ADV_LEN;
	}

	p[2] = v1_state[pkt->state];
	p[3] = whole ? pkt->hello_ms / 1000 : 0;
	p[4] = whole ? pkt->hold_ms / 1000 : 0;
	p[5] = pkt->priority;
	p[6] = pkt->group;
	vip4_build(pkt, p + 16);
	if (pkt->digest)
		return HSRP_V1_LEN + md5_build(pkt, p + HSRP_V1_LEN);
	memcpy(p + 8, pkt->auth, HSRP_AUTH_LEN);
	return HSRP_V1_LEN;
}

static size_t v2_build(const struct hsrp_pkt *pkt, u8 *buf)
{
	u8 *p = buf;

	if (pkt->opcode == VPNHA_OPCODE_ADVERTISE) {
		p = tlv_start(p, TLV_IFSTATE, HSRP_V2_IFSTATE_LEN);
		put_unaligned_be16(pkt->active_groups, p);
		put_unaligned_be16(pkt->passive_groups, p + 2);
		return p + HSRP_V2_IFSTATE_LEN - buf;
	}

	p = tlv_start(p, TLV_GROUP, HSRP_V2_GROUP_LEN);
	p[0] = V2_VERSION;
	p[1] = pkt->opcode;
	p[2] = pkt->state;
	p[3] = pkt->ipv6 ? V2_INET6 : V2_INET;
	put_unaligned_be16(pkt->group, p + 4);
	memcpy(p + 6, pkt->id, HSRP_ID_LEN);
	put_unaligned_be32(pkt->priority, p + 12);
	put_unaligned_be32(pkt->hello_ms, p + 16);
	put_unaligned_be32(pkt->hold_ms, p + 20);
	if (pkt->ipv6)
		memcpy(p + 24, &pkt->vip, sizeof(pkt->vip));
	else
		vip4_build(pkt, p + 24);
	p += HSRP_V2_GROUP_LEN;
	if (pkt->digest)
		return p + md5_build(pkt, p) - buf;

	p = tlv_start(p, TLV_TEXT, HSRP_AUTH_LEN);
	memcpy(p, pkt->auth, HSRP_AUTH_LEN);
	return p + HSRP_AUTH_LEN - buf;
}

/**
 * hsrp_wire_build() - write a packet
 * @pkt: what to say
 * @buf: where to write the UDP payload
 * @size: size of @buf in bytes, at least HSRP_WIRE_MAX
 *
 * RFC 2281 section 5.1 and the TLVs of version 2. In version 1, times that
 * are no whole seconds are sent as 0. With @pkt->digest set, as
 * hsrp_wire_digest() tells it, there is room for a digest in place of the
 * authentication data. Context: any.
 * Return: length in bytes, 0 when @buf is too small.
 */
size_t hsrp_wire_build(const struct hsrp_pkt *pkt, u8 *buf, size_t size)
{
	if (size < HSRP_WIRE_MAX)
		return 0;
	memset(buf, 0, HSRP_WIRE_MAX);
	if (pkt->version == 2)
		return v2_build(pkt, buf);
	return v1_build(pkt, buf);
}

/**
 * hsrp_wire_digest() - where the digest of a packet to be built goes
 * @version: 1 or 2
 *
 * Context: any. Return: bytes from the beginning of the payload.
 */
u16 hsrp_wire_digest(unsigned int version)
{
	return (version == 2 ? V2_MD5 : V1_MD5) + MD5_DIGEST;
}

/**
 * hsrp_wire_key_block() - what a digest begins with
 * @key: the key
 * @len: its length in bytes, at most VPNHA_KEY_MAX
 * @block: filled
 *
 * Keyed MD5 (RFC 1828 section 2): the key, padded to a block as MD5 pads, then
 * the payload with zeros in the digest's place, then the key. Context: any.
 */
void hsrp_wire_key_block(const u8 *key, size_t len,
			 u8 block[HSRP_KEY_BLOCK_LEN])
{
	memset(block, 0, HSRP_KEY_BLOCK_LEN);
	memcpy(block, key, len);
	block[len] = 0x80;
	put_unaligned_le64(len * 8, block + HSRP_KEY_BLOCK_LEN - sizeof(u64));
}
