// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/string.h>
#include <crypto/algapi.h>
#include <crypto/hash.h>

#include "core/clock.h"
#include "hsrp/auth.h"

/* What a router without a password sends. */
const struct hsrp_auth hsrp_auth_cisco = {
	.kind = VPNHA_AUTHENTICATION_TEXT,
	.len = sizeof(HSRP_AUTH_DEFAULT) - 1,
	.key = HSRP_AUTH_DEFAULT,
};

/* It has no key, so all share it; NULL where the kernel has none (FIPS 140). */
static struct crypto_shash *md5;

/**
 * hsrp_auth_init() - prepare for digests
 *
 * Context: process. Return: 0, without MD5 too, or a negative errno.
 */
int hsrp_auth_init(void)
{
	struct crypto_shash *tfm = crypto_alloc_shash("md5", 0, 0);

	if (IS_ERR(tfm))
		return PTR_ERR(tfm) == -ENOMEM ? -ENOMEM : 0;
	md5 = tfm;
	return 0;
}

/**
 * hsrp_auth_exit() - the reverse of hsrp_auth_init()
 *
 * Context: process.
 */
void hsrp_auth_exit(void)
{
	crypto_free_shash(md5);
	md5 = NULL;
}

/**
 * hsrp_auth_has_md5() - can packets be authenticated by digests?
 *
 * Context: any. Return: false where the kernel has no MD5.
 */
bool hsrp_auth_has_md5(void)
{
	return md5;
}

/**
 * hsrp_auth_equal() - do two authenticate alike?
 * @a: one
 * @b: the other
 *
 * Takes the same time wherever they differ. Context: any.
 * Return: true when packets of one are good for the other.
 */
bool hsrp_auth_equal(const struct hsrp_auth *a, const struct hsrp_auth *b)
{
	return a->kind == b->kind && a->len == b->len &&
	       !crypto_memneq(a->key, b->key, sizeof(a->key));
}

/**
 * hsrp_auth_forget() - wipe the previous key
 * @old: it
 *
 * Context: any, under the lock of its group.
 */
void hsrp_auth_forget(struct hsrp_auth_old *old)
{
	memzero_explicit(old, sizeof(*old));
}

static bool old_is_good(struct hsrp_auth_old *old)
{
	if (!old->until)
		return false;
	if (ktime_before(ktime_get(), old->until))
		return true;
	hsrp_auth_forget(old);
	return false;
}

/**
 * hsrp_auth_change() - keep a key beside the one that takes its place, if any
 * @old: where it is kept
 * @from: what authenticated until now
 * @to: what does from now on
 * @timeout_s: seconds for which @from is still good; 0: none
 *
 * Where nobody has been heard with @from yet, what was before it is what the
 * others have. Context: any, under the lock of the group.
 */
void hsrp_auth_change(struct hsrp_auth_old *old, const struct hsrp_auth *from,
		      const struct hsrp_auth *to, u32 timeout_s)
{
	if (!timeout_s) {
		hsrp_auth_forget(old);
		return;
	}
	if (hsrp_auth_equal(from, to))
		return;
	if (!old_is_good(old) || !old->sent)
		old->auth = *from;
	if (hsrp_auth_equal(&old->auth, to)) {
		hsrp_auth_forget(old);
		return;
	}
	old->sent = true;
	old->until = ktime_add_ms(ktime_get(), (u64)timeout_s * MSEC_PER_SEC);
}

/**
 * hsrp_auth_old_left_ms() - time that the previous key has left
 * @old: it
 *
 * Context: any, under the lock of its group. Return: milliseconds, 0 when
 * there is none.
 */
u32 hsrp_auth_old_left_ms(const struct hsrp_auth_old *old)
{
	return old->until ? vpnha_ms_until(old->until) : 0;
}

/* RFC 1828 section 2, of a payload whose digest counts as zeros. */
static int digest(const struct hsrp_auth *auth, const u8 *data, size_t len,
		  size_t at, u8 out[HSRP_DIGEST_LEN])
{
	static const u8 zeros[HSRP_DIGEST_LEN];
	SHASH_DESC_ON_STACK(desc, md5);
	u8 block[HSRP_KEY_BLOCK_LEN];
	int err;

	if (!md5)
		return -ENOENT;
	desc->tfm = md5;
	hsrp_wire_key_block(auth->key, auth->len, block);
	err = crypto_shash_init(desc) ?:
	      crypto_shash_update(desc, block, sizeof(block)) ?:
	      crypto_shash_update(desc, data, at) ?:
	      crypto_shash_update(desc, zeros, sizeof(zeros)) ?:
	      crypto_shash_update(desc, data + at + HSRP_DIGEST_LEN,
				  len - at - HSRP_DIGEST_LEN) ?:
	      crypto_shash_finup(desc, auth->key, auth->len, out);
	shash_desc_zero(desc);
	memzero_explicit(block, sizeof(block));
	return err;
}

/**
 * hsrp_auth_build() - write an authenticated packet
 * @auth: what authenticates it
 * @old: what did before
 * @pkt: what to say; its authentication is filled in
 * @from: address that it is sent from
 * @buf: where to write the UDP payload
 * @size: size of @buf in bytes, at least HSRP_WIRE_MAX
 *
 * Context: any, under the lock of the group.
 * Return: length in bytes, 0 when it cannot be made.
 */
size_t hsrp_auth_build(const struct hsrp_auth *auth, struct hsrp_auth_old *old,
		       struct hsrp_pkt *pkt, const struct in6_addr *from,
		       u8 *buf, size_t size)
{
	size_t len;

	if (old_is_good(old) && old->sent)
		auth = &old->auth;
	if (auth->kind == VPNHA_AUTHENTICATION_TEXT) {
		memcpy(pkt->auth, auth->key, HSRP_AUTH_LEN);
		return hsrp_wire_build(pkt, buf, size);
	}
	pkt->digest = hsrp_wire_digest(pkt->version);
	pkt->digest_addr = hsrp_addr_ip4(from);
	len = hsrp_wire_build(pkt, buf, size);
	if (len && digest(auth, buf, len, pkt->digest, buf + pkt->digest))
		return 0;
	return len;
}

static bool check(const struct hsrp_auth *auth, const struct hsrp_pkt *pkt,
		  const struct in6_addr *from, const u8 *data, size_t len)
{
	u8 wanted[HSRP_DIGEST_LEN];

	if (auth->kind == VPNHA_AUTHENTICATION_TEXT)
		return !pkt->digest &&
		       !crypto_memneq(pkt->auth, auth->key, HSRP_AUTH_LEN);
	/*
	 * The digest covers no IP header: nobody may send it for another. The
	 * field has room for an address of IPv4; of one of IPv6 it holds the
	 * end, in which hosts of a link differ.
	 */
	return pkt->digest && pkt->digest_addr == hsrp_addr_ip4(from) &&
	       !digest(auth, data, len, pkt->digest, wanted) &&
	       !crypto_memneq(data + pkt->digest, wanted, HSRP_DIGEST_LEN);
}

/**
 * hsrp_auth_check() - is a packet from who has the key?
 * @auth: what authenticates it
 * @old: what did before; no more sent with when this packet shows that another
 *	router has the new one
 * @pkt: the packet as values
 * @from: its source address
 * @data: its UDP payload
 * @len: length of that in bytes
 *
 * Context: any, under the lock of the group. Return: false: do not obey it.
 */
bool hsrp_auth_check(const struct hsrp_auth *auth, struct hsrp_auth_old *old,
		     const struct hsrp_pkt *pkt, const struct in6_addr *from,
		     const u8 *data, size_t len)
{
	if (check(auth, pkt, from, data, len)) {
		old->sent = false;
		return true;
	}
	return old_is_good(old) && check(&old->auth, pkt, from, data, len);
}
