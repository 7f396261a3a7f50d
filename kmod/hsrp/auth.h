/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Authentication of packets: by a text (RFC 2281 section 5.1) or by keyed MD5
 * (RFC 1828), and the previous key beside a new one.
 */
#ifndef _VPNHA_HSRP_AUTH_H
#define _VPNHA_HSRP_AUTH_H

#include <linux/ktime.h>

#include "hsrp/wire.h"

/**
 * struct hsrp_auth - what authenticates packets
 * @kind: how
 * @len: length of @key in bytes
 * @key: the text or the key, zero padded
 */
struct hsrp_auth {
	enum vpnha_authentication kind;
	u8 len;
	u8 key[VPNHA_KEY_MAX];
};

/**
 * struct hsrp_auth_old - what authenticated packets before
 * @auth: the previous one
 * @until: how long it is accepted; 0: there is none
 * @sent: packets are sent with it, since nobody has been heard with the new one
 */
struct hsrp_auth_old {
	struct hsrp_auth auth;
	ktime_t until;
	bool sent;
};

extern const struct hsrp_auth hsrp_auth_cisco;

int hsrp_auth_init(void);
void hsrp_auth_exit(void);
bool hsrp_auth_has_md5(void);
bool hsrp_auth_equal(const struct hsrp_auth *a, const struct hsrp_auth *b);
void hsrp_auth_forget(struct hsrp_auth_old *old);
void hsrp_auth_change(struct hsrp_auth_old *old, const struct hsrp_auth *from,
		      const struct hsrp_auth *to, u32 timeout_s);
u32 hsrp_auth_old_left_ms(const struct hsrp_auth_old *old);
size_t hsrp_auth_build(const struct hsrp_auth *auth, struct hsrp_auth_old *old,
		       struct hsrp_pkt *pkt, const struct in6_addr *from,
		       u8 *buf, size_t size);
bool hsrp_auth_check(const struct hsrp_auth *auth, struct hsrp_auth_old *old,
		     const struct hsrp_pkt *pkt, const struct in6_addr *from,
		     const u8 *data, size_t len);

#endif /* _VPNHA_HSRP_AUTH_H */
