// SPDX-License-Identifier: GPL-2.0
/* The one table of ciphers and HMACs. */
#include <crypto/aead.h>
#include <crypto/authenc.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/refuse.h"
#include "esp/alg.h"

/**
 * struct cipher - a cipher of ESP
 * @algo: name in the crypto API; of an AEAD as it is, else within authenc()
 * @key_bits: lengths of its key, ascending; one of 0 takes no key
 * @icv_bits: lengths of the integrity check value of an AEAD, longest first
 * @salt: bytes of nonce or salt behind the key
 * @iv: bytes of the IV in a packet
 * @block: block size
 * @aead: it authenticates too
 * @counter: its IV must never be used twice
 * @weak: not to be used
 */
struct cipher {
	const char *algo;
	u16 key_bits[3];
	u16 icv_bits[3];
	u8 salt;
	u8 iv;
	u8 block;
	bool aead;
	bool counter;
	bool weak;
};

static const struct cipher ciphers[] = {
	[VPNHA_ESP_CIPHER_NULL] = {
		.algo = "ecb(cipher_null)", .block = 1,
	},
	[VPNHA_ESP_CIPHER_DES] = {
		.algo = "cbc(des)", .key_bits = { 64 },
		.iv = 8, .block = 8, .weak = true,
	},
	[VPNHA_ESP_CIPHER_3DES] = {
		.algo = "cbc(des3_ede)", .key_bits = { 192 },
		.iv = 8, .block = 8, .weak = true,
	},
	[VPNHA_ESP_CIPHER_AES_CBC] = {
		.algo = "cbc(aes)", .key_bits = { 128, 192, 256 },
		.iv = 16, .block = 16,
	},
	[VPNHA_ESP_CIPHER_AES_CTR] = {
		.algo = "rfc3686(ctr(aes))", .key_bits = { 128, 192, 256 },
		.salt = 4, .iv = 8, .block = 1, .counter = true,
	},
	[VPNHA_ESP_CIPHER_AES_GCM] = {
		.algo = "rfc4106(gcm(aes))", .key_bits = { 128, 192, 256 },
		.icv_bits = { 128, 96, 64 }, .salt = 4, .iv = 8, .block = 1,
		.aead = true, .counter = true,
	},
	[VPNHA_ESP_CIPHER_AES_CCM] = {
		.algo = "rfc4309(ccm(aes))", .key_bits = { 128, 192, 256 },
		.icv_bits = { 128, 96, 64 }, .salt = 3, .iv = 8, .block = 1,
		.aead = true, .counter = true,
	},
	[VPNHA_ESP_CIPHER_AES_GMAC] = {
		.algo = "rfc4543(gcm(aes))", .key_bits = { 128, 192, 256 },
		.icv_bits = { 128 }, .salt = 4, .iv = 8, .block = 1,
		.aead = true, .counter = true,
	},
	[VPNHA_ESP_CIPHER_CHACHA20_POLY1305] = {
		.algo = "rfc7539esp(chacha20,poly1305)", .key_bits = { 256 },
		.icv_bits = { 128 }, .salt = 4, .iv = 8, .block = 1,
		.aead = true, .counter = true,
	},
};

/**
 * struct hmac - an HMAC of ESP
 * @algo: name in the crypto API
 * @key_bits: length of its key, that of its output
 * @icv_bits: how much of the output a packet carries
 * @weak: not to be used
 */
struct hmac {
	const char *algo;
	u16 key_bits;
	u16 icv_bits;
	bool weak;
};

static const struct hmac hmacs[] = {
	[VPNHA_ESP_AUTH_NONE] = {},
	[VPNHA_ESP_AUTH_MD5] = { "hmac(md5)", 128, 96, true },
	[VPNHA_ESP_AUTH_SHA1] = { "hmac(sha1)", 160, 96 },
	[VPNHA_ESP_AUTH_SHA256] = { "hmac(sha256)", 256, 128 },
	[VPNHA_ESP_AUTH_SHA384] = { "hmac(sha384)", 384, 192 },
	[VPNHA_ESP_AUTH_SHA512] = { "hmac(sha512)", 512, 256 },
};

static bool is_one_of(u16 bits, const u16 choices[3])
{
	return bits && (bits == choices[0] || bits == choices[1] ||
			bits == choices[2]);
}

/**
 * esp_transform_check() - check a transform and fill in what was left open
 * @t: transform
 * @key_len_is_free: a key, not @t, will say how long it is
 * @extack: takes the reason of a refusal
 * @where: attribute for it
 *
 * Context: any. Return: 0 or a negative errno, with a message.
 */
int esp_transform_check(struct esp_transform *t, bool key_len_is_free,
			struct netlink_ext_ack *extack,
			const struct nlattr *where)
{
	const struct cipher *c;
	const struct hmac *h;
	const char *why;

	if (t->cipher >= ARRAY_SIZE(ciphers) || t->auth >= ARRAY_SIZE(hmacs))
		return vpnha_refuse(extack, where, -EINVAL,
				    "unknown algorithm");
	c = &ciphers[t->cipher];
	h = &hmacs[t->auth];

	if (!t->key_bits)
		t->key_bits = c->key_bits[0];
	if (!t->icv_bits)
		t->icv_bits = c->aead ? c->icv_bits[0] : h->icv_bits;

	if (c->aead && t->auth)
		why = "the cipher authenticates by itself: no HMAC beside it";
	else if (!c->aead && !t->auth)
		why = "without authentication anybody can change the packets: an HMAC is needed";
	else if ((c->weak || h->weak) && !t->allow_weak)
		why = "weak algorithm: allow-weak is needed";
	else if (!key_len_is_free && t->key_bits &&
		 !is_one_of(t->key_bits, c->key_bits))
		why = "the cipher has no key of this length";
	else if (c->aead ? !is_one_of(t->icv_bits, c->icv_bits) :
			   t->icv_bits != h->icv_bits)
		why = "no integrity check value of this length";
	else
		return 0;
	return vpnha_refuse(extack, where, -EINVAL, why);
}

/**
 * esp_key_bits() - how long is the key of a cipher?
 * @t: checked transform
 * @secret: keys
 *
 * Context: any. Return: length in bits, without salt or nonce; of a key that is
 * shorter than its salt, a number that no cipher has.
 */
u16 esp_key_bits(const struct esp_transform *t, const struct esp_secret *secret)
{
	const struct cipher *c = &ciphers[t->cipher];

	return c->key_bits[0] ?
	       (secret->cipher_len - c->salt) * BITS_PER_BYTE : 0;
}

/**
 * esp_secret_check() - do keys have the lengths that a transform asks for?
 * @t: checked transform; with a key length, or 0 for any that the cipher takes
 * @secret: keys
 * @extack: takes the reason of a refusal
 * @where: attribute for it
 *
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_secret_check(const struct esp_transform *t,
		     const struct esp_secret *secret,
		     struct netlink_ext_ack *extack,
		     const struct nlattr *where)
{
	const struct cipher *c = &ciphers[t->cipher];
	const struct hmac *h = &hmacs[t->auth];
	u16 bits = esp_key_bits(t, secret);
	bool ok;

	if (!c->key_bits[0])
		ok = !secret->cipher_len;
	else
		ok = t->key_bits ? bits == t->key_bits :
				   is_one_of(bits, c->key_bits);
	if (!ok)
		return vpnha_refuse(extack, where, -EINVAL,
				    "key of the cipher has the wrong length");
	if (secret->auth_len * BITS_PER_BYTE != h->key_bits)
		return vpnha_refuse(extack, where, -EINVAL,
				    "key of the HMAC has the wrong length");
	return 0;
}

/**
 * esp_transform_shape() - how a transform's packets look
 * @t: checked transform
 * @shape: to be filled
 *
 * Context: any.
 */
void esp_transform_shape(const struct esp_transform *t,
			 struct esp_shape *shape)
{
	const struct cipher *c = &ciphers[t->cipher];

	shape->iv_len = c->iv;
	shape->icv_len = t->icv_bits / BITS_PER_BYTE;
	/* RFC 4303 section 2.4: the trailer ends on a 4-byte boundary. */
	shape->block = max_t(u8, c->block, 4);
	shape->counter = c->counter;
}

static int set_authenc_key(struct crypto_aead *tfm,
			   const struct esp_secret *secret)
{
	struct crypto_authenc_key_param *param;
	struct rtattr *rta;
	u8 *blob, *p;
	int len, err;

	len = RTA_SPACE(sizeof(*param)) + secret->auth_len + secret->cipher_len;
	blob = kmalloc(len, GFP_KERNEL);
	if (!blob)
		return -ENOMEM;
	rta = (struct rtattr *)blob;
	rta->rta_type = CRYPTO_AUTHENC_KEYA_PARAM;
	rta->rta_len = RTA_LENGTH(sizeof(*param));
	param = RTA_DATA(rta);
	param->enckeylen = cpu_to_be32(secret->cipher_len);
	p = blob + RTA_SPACE(sizeof(*param));
	memcpy(p, secret->auth, secret->auth_len);
	memcpy(p + secret->auth_len, secret->cipher, secret->cipher_len);
	err = crypto_aead_setkey(tfm, blob, len);
	kfree_sensitive(blob);
	return err;
}

/**
 * esp_transform_tfm() - make a transform ready for packets
 * @t: checked transform
 * @secret: checked keys
 * @esn: extended sequence numbers
 *
 * Context: process; may load modules. Return: the tfm or an ERR_PTR.
 */
struct crypto_aead *esp_transform_tfm(const struct esp_transform *t,
				      const struct esp_secret *secret,
				      bool esn)
{
	const struct cipher *c = &ciphers[t->cipher];
	char name[CRYPTO_MAX_ALG_NAME];
	struct crypto_aead *tfm;
	int err;

	if (c->aead)
		strscpy(name, c->algo, sizeof(name));
	else
		snprintf(name, sizeof(name), "%s(%s,%s)",
			 esn ? "authencesn" : "authenc", hmacs[t->auth].algo,
			 c->algo);
	/* No mask: what is fast is flagged asynchronous and seldom is. */
	tfm = crypto_alloc_aead(name, 0, 0);
	if (IS_ERR(tfm))
		return tfm;
	if (c->aead)
		err = crypto_aead_setkey(tfm, secret->cipher,
					 secret->cipher_len);
	else
		err = set_authenc_key(tfm, secret);
	if (!err)
		err = crypto_aead_setauthsize(tfm, t->icv_bits / BITS_PER_BYTE);
	if (err) {
		crypto_free_aead(tfm);
		return ERR_PTR(err);
	}
	return tfm;
}
