// SPDX-License-Identifier: GPL-2.0
/* Random requests about ESP. Values behind a bar are seldom, and cannot be done. */
#include <arpa/inet.h>
#include <string.h>

#include "netlink_random.h"
#include "netlink_talk.h"

static const char * const crypto_names[] = {
	"a", "a", "a", "b", "c", /* | */ "", "a-name-of-31-characters-exactly", "two words", "#c",
};

static const char * const peers[] = { "10.0.0.2", "10.0.0.3", "10.0.1.2", /* | */ "0.0.0.0" };
static const uint32_t lines[] = { 0, 1, 2, 10, 65536, /* | */ ~0u };
static const uint32_t entries[] = { 1, 1, 2, /* | */ 0, 65535, 65536, ~0u };
static const uint32_t spis[] = { 256, 257, 258, 4096, ~0u, /* | */ 0, 255 };

#define CRYPTO_NAME()	PICK(crypto_names, 5)
/* Mostly one, so that what belongs together meets. */
#define BOUND_IFNAME()	(chance(3, 4) ? "e0" : any_ifname())

static void put_addr(struct nlmsghdr *nlh, uint16_t type, const char *text)
{
	static const uint8_t ip6[16] = { 0x20, 0x01, 0x0d, 0xb8 };
	uint32_t addr = inet_addr(text);

	if (chance(1, SELDOM))
		mnl_attr_put(nlh, type, number(17), ip6);
	else
		mnl_attr_put(nlh, type, sizeof(addr), &addr);
}

static void put_key_bytes(struct nlmsghdr *nlh, uint16_t type, unsigned int len)
{
	uint8_t key[80] = { 0x55 };

	mnl_attr_put(nlh, type, chance(1, SELDOM) ? number(sizeof(key)) : len, key);
}

void put_tset(struct nlmsghdr *nlh, bool key_only)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_TRANSFORM_SET_NAME, CRYPTO_NAME());
	if (key_only)
		return;
	if (!chance(1, 8))
		mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_CIPHER,
				 chance(1, 8) ? number(10) : VPNHA_ESP_CIPHER_AES_GCM);
	if (chance(1, 16))
		mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_AUTH, number(7));
	if (chance(1, 8))
		mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_KEY_BITS, 64 * number(6));
	if (chance(1, 16))
		mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_ICV_BITS, 32 * number(6));
	if (chance(1, 8))
		mnl_attr_put_u32(nlh, VPNHA_A_TRANSFORM_SET_MODE, number(2));
	if (chance(1, 8))
		mnl_attr_put_u8(nlh, VPNHA_A_TRANSFORM_SET_ALLOW_WEAK, number(2));
}

/* Attributes of lines and selectors agree, from the protocol's on. */
static void put_rule(struct nlmsghdr *nlh, uint16_t protocol)
{
	put_addr(nlh, protocol + 1, "10.1.0.0");
	if (chance(1, 2))
		put_addr(nlh, protocol + 2, "255.255.0.0");
	put_addr(nlh, protocol + 3, "10.0.0.0");
	if (chance(1, 2))
		put_addr(nlh, protocol + 4, chance(1, 2) ? "255.0.255.0" : "0.0.0.0");
	if (chance(1, 2)) {
		mnl_attr_put_u32(nlh, protocol, chance(1, 16) ? number(257) : IPPROTO_UDP);
		if (chance(1, 4)) {
			mnl_attr_put_u16(nlh, protocol + 7, number(100));
			mnl_attr_put_u16(nlh, protocol + 8, 90 + number(100));
		}
	}
}

void put_acl(struct nlmsghdr *nlh, bool key_only)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_ACL_NAME, CRYPTO_NAME());
	if (!chance(1, SELDOM))
		mnl_attr_put_u32(nlh, VPNHA_A_ACL_NUMBER, PICK(lines, 5));
	if (key_only)
		return;
	if (!chance(1, 8))
		mnl_attr_put_u32(nlh, VPNHA_A_ACL_ACTION, number(chance(1, SELDOM) ? 3 : 2));
	if (!chance(1, 8))
		put_rule(nlh, VPNHA_A_ACL_PROTOCOL);
}

static void put_session(struct nlmsghdr *nlh, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, type);

	if (!chance(1, 8)) {
		mnl_attr_put_u32(nlh, VPNHA_A_SESSION_KEY_SPI, PICK(spis, 5));
		put_key_bytes(nlh, VPNHA_A_SESSION_KEY_CIPHER_KEY, 20);
		if (chance(1, 8))
			put_key_bytes(nlh, VPNHA_A_SESSION_KEY_AUTH_KEY, 32);
	}
	mnl_attr_nest_end(nlh, nest);
}

static void put_keying(struct nlmsghdr *nlh)
{
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_PFS, 13 + number(10));
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_LIFETIME_SECONDS, 100 + number(1000));
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_LIFETIME_KILOBYTES, 2500 + number(1000));
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_IDLE_TIME, 50 + number(100));
	if (chance(1, 2))
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_IKEV2_PROFILE, CRYPTO_NAME());
}

static void put_map_key(struct nlmsghdr *nlh)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_NAME, CRYPTO_NAME());
	if (!chance(1, SELDOM))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_NUMBER, PICK(entries, 3));
}

static void put_what(struct nlmsghdr *nlh, bool keying)
{
	unsigned int i;

	for (i = number(chance(1, SELDOM) ? 20 : 3); i; i--)
		put_addr(nlh, VPNHA_A_MAP_PEER, PICK(peers, 3));
	for (i = number(chance(1, SELDOM) ? 9 : 3); i; i--)
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_TRANSFORM_SET, CRYPTO_NAME());
	if (keying || chance(1, SELDOM))
		put_keying(nlh);
	if (chance(2, 3))
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_ACL, CRYPTO_NAME());
}

void put_map(struct nlmsghdr *nlh, bool key_only)
{
	unsigned int kind;

	put_map_key(nlh);
	if (key_only)
		return;
	kind = number(chance(1, SELDOM) ? 3 : 2);
	if (!chance(1, 16))
		mnl_attr_put_u32(nlh, VPNHA_A_MAP_KIND, kind);
	if (kind == VPNHA_MAP_KIND_ISAKMP && chance(1, 3)) {
		mnl_attr_put_strz(nlh, VPNHA_A_MAP_DYNAMIC, CRYPTO_NAME());
		return;
	}
	put_what(nlh, chance(kind == VPNHA_MAP_KIND_ISAKMP, 4));
	if (chance(kind == VPNHA_MAP_KIND_MANUAL, 2) || chance(1, SELDOM))
		put_session(nlh, VPNHA_A_MAP_SESSION_KEY_IN);
	if (chance(kind == VPNHA_MAP_KIND_MANUAL, 2) || chance(1, SELDOM))
		put_session(nlh, VPNHA_A_MAP_SESSION_KEY_OUT);
}

void put_dynamic_map(struct nlmsghdr *nlh, bool key_only)
{
	put_map_key(nlh);
	if (!key_only)
		put_what(nlh, chance(1, 4));
}

void put_binding(struct nlmsghdr *nlh, bool key_only)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_BINDING_IFNAME,
				  key_only ? any_ifname() : BOUND_IFNAME());
	if (key_only)
		return;
	if (!chance(1, 8))
		mnl_attr_put_strz(nlh, VPNHA_A_BINDING_MAP, CRYPTO_NAME());
	if (chance(1, 3))
		mnl_attr_put_strz(nlh, VPNHA_A_BINDING_REDUNDANCY, any_group_name());
	if (chance(1, 3))
		mnl_attr_put_u32(nlh, VPNHA_A_BINDING_DF, number(chance(1, SELDOM) ? 4 : 3));
}

void put_sa_key(struct nlmsghdr *nlh, bool key_only)
{
	(void)key_only;
	if (!chance(1, SELDOM))
		mnl_attr_put_u32(nlh, VPNHA_A_SA_DIRECTION, number(chance(1, SELDOM) ? 3 : 2));
	if (!chance(1, SELDOM))
		mnl_attr_put_u32(nlh, VPNHA_A_SA_SPI, PICK(spis, 5));
	if (!chance(1, SELDOM))
		put_addr(nlh, VPNHA_A_SA_DST, PICK(peers, 3));
}

void put_sa_set(struct nlmsghdr *nlh, bool key_only)
{
	unsigned int i;

	put_sa_key(nlh, key_only);
	for (i = number(4); i; i--)
		mnl_attr_put_u64(nlh, VPNHA_A_SA_SOFT_BYTES + 2 * number(3) + !chance(1, SELDOM),
				 1ULL << number(64));
	if (chance(1, 4))
		mnl_attr_put_u64(nlh, VPNHA_A_SA_CEILING, number(100));
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_SA_REPLAY_NOTIFY, number(100));
}

void put_sa_change(struct nlmsghdr *nlh, bool key_only)
{
	put_sa_set(nlh, key_only);
	if (chance(1, 3))
		put_addr(nlh, VPNHA_A_SA_PEER, PICK(peers, 3));
	if (chance(1, 8))
		mnl_attr_put_u16(nlh, VPNHA_A_SA_ENCAP_SPORT, number(40));
}

void put_sa(struct nlmsghdr *nlh, bool key_only)
{
	struct nlattr *nest;
	unsigned int i;

	put_sa_set(nlh, key_only);
	mnl_attr_put_strz(nlh, VPNHA_A_SA_IFNAME, BOUND_IFNAME());
	mnl_attr_put_strz(nlh, VPNHA_A_SA_MAP, CRYPTO_NAME());
	mnl_attr_put_u32(nlh, VPNHA_A_SA_NUMBER, PICK(entries, 3));
	if (chance(1, 3))
		mnl_attr_put_u32(nlh, VPNHA_A_SA_DYNAMIC_NUMBER, PICK(entries, 3));
	put_addr(nlh, VPNHA_A_SA_SRC, PICK(peers, 3));
	mnl_attr_put_u32(nlh, VPNHA_A_SA_CIPHER, chance(1, 8) ? number(10) :
			 VPNHA_ESP_CIPHER_AES_GCM);
	put_key_bytes(nlh, VPNHA_A_SA_CIPHER_KEY, 20);
	if (chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_SA_ESN, 1);
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_SA_REPLAY_WINDOW, 32 + number(4070));
	if (chance(1, 8)) {
		mnl_attr_put_u16(nlh, VPNHA_A_SA_ENCAP_SPORT, number(40));
		mnl_attr_put_u16(nlh, VPNHA_A_SA_ENCAP_DPORT, 4500);
	}
	if (chance(1, 8))
		mnl_attr_put_u64(nlh, VPNHA_A_SA_SEQ, 1ULL << number(40));
	for (i = number(chance(1, SELDOM) ? 20 : 3); i; i--) {
		nest = mnl_attr_nest_start(nlh, VPNHA_A_SA_SELECTOR);
		put_rule(nlh, VPNHA_A_SELECTOR_PROTOCOL);
		mnl_attr_nest_end(nlh, nest);
	}
}

void put_clear(struct nlmsghdr *nlh, bool key_only)
{
	(void)key_only;
	if (chance(1, 2))
		mnl_attr_put_strz(nlh, VPNHA_A_ESP_CLEAR_IFNAME, any_ifname());
	if (chance(1, 4))
		mnl_attr_put_strz(nlh, VPNHA_A_ESP_CLEAR_MAP, CRYPTO_NAME());
	if (chance(1, 4))
		put_addr(nlh, VPNHA_A_ESP_CLEAR_PEER, PICK(peers, 3));
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_ESP_CLEAR_SPI, PICK(spis, 5));
	if (chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_ESP_CLEAR_COUNTERS, 1);
}

void put_stats(struct nlmsghdr *nlh, bool key_only)
{
	(void)key_only;
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_ESP_STATS_REASON, number(30));
}
