/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HSRP packets of version 1 (RFC 2281 section 5.1) and version 2 (TLVs), the
 * UDP payload only. Pure: bytes in, values out, and the reverse.
 */
#ifndef _VPNHA_HSRP_WIRE_H
#define _VPNHA_HSRP_WIRE_H

#include "hsrp/addr.h"

#define HSRP_UDP_PORT		1985
#define HSRP_UDP_PORT6		2029
#define HSRP_ID_LEN		6
#define HSRP_AUTH_LEN		8
#define HSRP_V1_LEN		20
#define HSRP_V1_ADV_LEN		16
#define HSRP_V2_GROUP_LEN	40
#define HSRP_V2_IFSTATE_LEN	4
#define HSRP_MD5_LEN		28
#define HSRP_DIGEST_LEN		16
#define HSRP_KEY_BLOCK_LEN	64

/* The longest packet that is sent or read: group, interface, text and MD5. */
#define HSRP_WIRE_MAX		128

/* RFC 2281 section 5.1: the text of a router without a password. */
#define HSRP_AUTH_DEFAULT	"cisco"

/* Highest group number of each version. */
#define HSRP_V1_GROUP_MAX	255
#define HSRP_V2_GROUP_MAX	VPNHA_GROUP_MAX

/**
 * enum hsrp_adv_state - state of an interface in an advertisement
 * @HSRP_ADV_DORMANT: no group runs on it
 * @HSRP_ADV_PASSIVE: groups run, none is active
 * @HSRP_ADV_ACTIVE: at least one group is active
 */
enum hsrp_adv_state {
	HSRP_ADV_DORMANT = 1,
	HSRP_ADV_PASSIVE = 2,
	HSRP_ADV_ACTIVE = 3,
};

/**
 * struct hsrp_pkt - a packet as values
 * @version: 1 or 2
 * @opcode: operation code; advertise stands alone, the others tell of a group
 * @state: state of the sender; not for advertise
 * @group: group number
 * @priority: priority of the sender; a 32 bit field in version 2
 * @hello_ms: hello time in milliseconds, 0 where the packet cannot tell
 * @hold_ms: hold time in milliseconds, 0 where the packet cannot tell
 * @ipv6: the group is one of IPv6, version 2 only
 * @vip: virtual IP, of that IP version
 * @id: identifier of the sender, version 2 only
 * @auth: authentication data, zero padded
 * @digest: where in the payload the digest of MD5 authentication is, in bytes;
 *	0 without one
 * @digest_addr: address that the sender gives with the digest, network byte
 *	order; of one of IPv6 the last four bytes
 * @active_groups: of the sender's interface, advertise only
 * @passive_groups: of the sender's interface, advertise only
 */
struct hsrp_pkt {
	u8 version;
	enum vpnha_opcode opcode;
	enum vpnha_state state;
	u16 group;
	u32 priority;
	u32 hello_ms;
	u32 hold_ms;
	bool ipv6;
	struct in6_addr vip;
	u8 id[HSRP_ID_LEN];
	u8 auth[HSRP_AUTH_LEN];
	u16 digest;
	__be32 digest_addr;
	u16 active_groups;
	u16 passive_groups;
};

int hsrp_wire_parse(const u8 *data, size_t len, unsigned int version,
		    struct hsrp_pkt *pkt);
size_t hsrp_wire_build(const struct hsrp_pkt *pkt, u8 *buf, size_t size);
u16 hsrp_wire_digest(unsigned int version);
void hsrp_wire_key_block(const u8 *key, size_t len,
			 u8 block[HSRP_KEY_BLOCK_LEN]);

#endif /* _VPNHA_HSRP_WIRE_H */
