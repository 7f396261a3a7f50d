// SPDX-License-Identifier: GPL-2.0-or-later
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "ike/crypt.h"

/* A prf+ counts its rounds in one octet. */
#define ROUNDS_MAX	255

/* Keying material of an IKE SA, or of both directions of a child SA. */
#define KEYMAT_MAX	(3 * IKE_PRF_LEN_MAX + 2 * (IKE_ENCR_KEY_MAX + IKE_INTEG_KEY_MAX))

#define CHUNK(p, n)	((struct ike_chunk){ .data = (p), .len = (n) })

/* HMAC has to have had a key before it can be copied. */
static EVP_MAC_CTX *new_mac(EVP_MAC *hmac, const char *hash)
{
	char name[32];
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_END
	};
	EVP_MAC_CTX *mac;

	if (OPENSSL_strlcpy(name, hash, sizeof(name)) >= sizeof(name))
		return NULL;
	params[0].data_size = strlen(name);
	mac = EVP_MAC_CTX_new(hmac);
	if (mac && !EVP_MAC_init(mac, (const uint8_t *)"", 1, params)) {
		EVP_MAC_CTX_free(mac);
		return NULL;
	}
	return mac;
}

static bool fetch(struct ike_crypt *c)
{
	static const char *const hashes[IKE_HASHES] = {
		[IKE_HASH_SHA2_256] = "SHA2-256",
		[IKE_HASH_SHA2_384] = "SHA2-384",
		[IKE_HASH_SHA2_512] = "SHA2-512",
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	bool ok = hmac;

	for (const struct ike_alg *a = ike_alg_next(NULL); ok && a; a = ike_alg_next(a)) {
		struct ike_crypt_alg *has = &c->algs[ike_alg_index(a)];

		if (!(a->uses & IKE_FOR_IKE))
			continue;
		if (a->type == IKE_TRANSFORM_ENCR) {
			has->cipher = EVP_CIPHER_fetch(NULL, a->openssl, NULL);
			ok = has->cipher;
		} else if (a->type == IKE_TRANSFORM_PRF || a->type == IKE_TRANSFORM_INTEG) {
			has->mac = new_mac(hmac, a->openssl);
			ok = has->mac;
		}
	}
	for (size_t i = 0; ok && i < IKE_HASHES; i++) {
		if (!hashes[i])
			continue;
		c->hashes[i] = EVP_MD_fetch(NULL, hashes[i], NULL);
		ok = c->hashes[i];
	}
	EVP_MAC_free(hmac);
	return ok;
}

/**
 * ike_crypt_new() - Fetch all algorithms for IKE.
 *
 * Return: them, or NULL when there is no memory or libcrypto lacks one.
 */
struct ike_crypt *ike_crypt_new(void)
{
	struct ike_crypt *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->algs = calloc(ike_alg_count(), sizeof(*c->algs));
	if (!c->algs || !fetch(c)) {
		ike_crypt_free(c);
		return NULL;
	}
	return c;
}

/**
 * ike_crypt_free() - Release what was fetched.
 * @c: of ike_crypt_new(), or NULL
 */
void ike_crypt_free(struct ike_crypt *c)
{
	if (!c)
		return;
	for (size_t i = 0; c->algs && i < ike_alg_count(); i++) {
		EVP_CIPHER_free(c->algs[i].cipher);
		EVP_MAC_CTX_free(c->algs[i].mac);
	}
	for (size_t i = 0; i < IKE_HASHES; i++)
		EVP_MD_free(c->hashes[i]);
	free(c->algs);
	free(c);
}

static EVP_MAC_CTX *prf_start(const struct ike_crypt *c, const struct ike_alg *prf,
			      struct ike_chunk key)
{
	EVP_MAC_CTX *mac = EVP_MAC_CTX_dup(c->algs[ike_alg_index(prf)].mac);

	/* Without a key libcrypto would go on with that of the original. */
	if (mac && (!key.data || !EVP_MAC_init(mac, key.data, key.len, NULL))) {
		EVP_MAC_CTX_free(mac);
		return NULL;
	}
	return mac;
}

static bool add(EVP_MAC_CTX *mac, const struct ike_chunk *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (in[i].len && !EVP_MAC_update(mac, in[i].data, in[i].len))
			return false;
	return true;
}

/**
 * ike_prf() - Compute a PRF, or an integrity algorithm before it is truncated.
 * @c: of ike_crypt_new()
 * @prf: algorithm
 * @key: of any length
 * @in: parts of the input, one after the other
 * @n: their number
 * @out: prf->key_len octets
 *
 * Return: whether it could be done; if not, @out is zeroed.
 */
bool ike_prf(const struct ike_crypt *c, const struct ike_alg *prf, struct ike_chunk key,
	     const struct ike_chunk *in, size_t n, uint8_t *out)
{
	EVP_MAC_CTX *mac = prf_start(c, prf, key);
	size_t done = 0;
	bool ok;

	ok = mac && add(mac, in, n) && EVP_MAC_final(mac, out, &done, prf->key_len) &&
	     done == prf->key_len;
	EVP_MAC_CTX_free(mac);
	if (!ok)
		OPENSSL_cleanse(out, prf->key_len);
	return ok;
}

/**
 * ike_prf_plus() - Compute as much output of prf+ as is wanted, RFC 7296 section 2.13.
 * @c: of ike_crypt_new()
 * @prf: algorithm
 * @key: of any length
 * @seed: parts of the seed, one after the other
 * @n: their number
 * @out: @len octets
 * @len: at most 255 outputs of @prf
 *
 * Return: whether it could be done; if not, @out is zeroed.
 */
bool ike_prf_plus(const struct ike_crypt *c, const struct ike_alg *prf, struct ike_chunk key,
		  const struct ike_chunk *seed, size_t n, uint8_t *out, size_t len)
{
	EVP_MAC_CTX *keyed = prf_start(c, prf, key), *mac = NULL;
	uint8_t round = 1, block[IKE_PRF_LEN_MAX];
	const size_t size = prf->key_len;
	size_t filled = 0, done;
	bool ok;

	ok = keyed && len <= ROUNDS_MAX * size;
	while (ok && filled < len) {
		size_t part = len - filled < size ? len - filled : size;

		mac = EVP_MAC_CTX_dup(keyed);
		ok = mac && (round == 1 || EVP_MAC_update(mac, block, size)) &&
		     add(mac, seed, n) && EVP_MAC_update(mac, &round, 1) &&
		     EVP_MAC_final(mac, block, &done, sizeof(block)) && done == size;
		EVP_MAC_CTX_free(mac);
		if (ok)
			memcpy(out + filled, block, part);
		filled += part;
		round++;
	}
	EVP_MAC_CTX_free(keyed);
	OPENSSL_cleanse(block, sizeof(block));
	if (!ok)
		OPENSSL_cleanse(out, len);
	return ok;
}

static size_t integ_key(const struct ike_suite *s)
{
	return s->integ ? s->integ->key_len : 0;
}

static const uint8_t *take(uint8_t *to, const uint8_t *from, size_t len)
{
	memcpy(to, from, len);
	return from + len;
}

/* RFC 7296 section 2.14, all but SKEYSEED. */
static bool expand(const struct ike_crypt *c, const struct ike_suite *s, const uint8_t *skeyseed,
		   size_t skeyseed_len, const struct ike_key_input *x, struct ike_keys *keys)
{
	const struct ike_chunk seed[] = { x->ni, x->nr, CHUNK(x->spi_i, 8), CHUNK(x->spi_r, 8) };
	const size_t p = s->prf->key_len, a = integ_key(s), e = s->encr->key_len;
	uint8_t keymat[KEYMAT_MAX];
	const uint8_t *next = keymat;
	bool ok;

	ok = ike_prf_plus(c, s->prf, CHUNK(skeyseed, skeyseed_len), seed, 4, keymat,
			  3 * p + 2 * a + 2 * e);
	memset(keys, 0, sizeof(*keys));
	if (ok) {
		next = take(keys->d, next, p);
		next = take(keys->i.integ, next, a);
		next = take(keys->r.integ, next, a);
		next = take(keys->i.encr, next, e);
		next = take(keys->r.encr, next, e);
		next = take(keys->pi, next, p);
		take(keys->pr, next, p);
	}
	OPENSSL_cleanse(keymat, sizeof(keymat));
	return ok;
}

/**
 * ike_keys_initial() - Make the keys of a new IKE SA, RFC 7296 section 2.14.
 * @c: of ike_crypt_new()
 * @s: what was agreed on
 * @x: of the IKE_SA_INIT exchange
 * @keys: to be wiped by ike_keys_wipe()
 *
 * Return: whether it could be done; if not, @keys is zeroed.
 */
bool ike_keys_initial(const struct ike_crypt *c, const struct ike_suite *s,
		      const struct ike_key_input *x, struct ike_keys *keys)
{
	uint8_t nonces[2 * IKE_NONCE_MAX], skeyseed[IKE_PRF_LEN_MAX];
	bool ok;

	memset(keys, 0, sizeof(*keys));
	if (x->ni.len > IKE_NONCE_MAX || x->nr.len > IKE_NONCE_MAX)
		return false;
	memcpy(nonces, x->ni.data, x->ni.len);
	memcpy(nonces + x->ni.len, x->nr.data, x->nr.len);
	ok = ike_prf(c, s->prf, CHUNK(nonces, x->ni.len + x->nr.len), &x->secret, 1, skeyseed) &&
	     expand(c, s, skeyseed, s->prf->key_len, x, keys);
	OPENSSL_cleanse(skeyseed, sizeof(skeyseed));
	return ok;
}

/**
 * ike_keys_rekeyed() - Make the keys of an IKE SA that replaces one, RFC 7296 section 2.18.
 * @c: of ike_crypt_new()
 * @s: what was agreed on for the new one
 * @old_prf: PRF of the old one
 * @old_d: SK_d of the old one
 * @x: of the CREATE_CHILD_SA exchange, with the new SPIs
 * @keys: to be wiped by ike_keys_wipe(); not those of the old one
 *
 * Return: whether it could be done; if not, @keys is zeroed.
 */
bool ike_keys_rekeyed(const struct ike_crypt *c, const struct ike_suite *s,
		      const struct ike_alg *old_prf, const uint8_t *old_d,
		      const struct ike_key_input *x, struct ike_keys *keys)
{
	const struct ike_chunk in[] = { x->secret, x->ni, x->nr };
	uint8_t skeyseed[IKE_PRF_LEN_MAX];
	bool ok;

	memset(keys, 0, sizeof(*keys));
	ok = ike_prf(c, old_prf, CHUNK(old_d, old_prf->key_len), in, 3, skeyseed) &&
	     expand(c, s, skeyseed, old_prf->key_len, x, keys);
	OPENSSL_cleanse(skeyseed, sizeof(skeyseed));
	return ok;
}

/**
 * ike_keys_mix_ppk() - Mix a post-quantum preshared key into an IKE SA's, RFC 8784 section 3.
 * @c: of ike_crypt_new()
 * @prf: of the IKE SA
 * @ppk: the key
 * @keys: of ike_keys_initial(); SK_d, SK_pi and SK_pr change. For a peer that may
 *	do without, the caller keeps those of before
 *
 * Return: whether it could be done; if not, these three are zeroed.
 */
bool ike_keys_mix_ppk(const struct ike_crypt *c, const struct ike_alg *prf,
		      struct ike_chunk ppk, struct ike_keys *keys)
{
	uint8_t *const three[] = { keys->d, keys->pi, keys->pr };
	uint8_t mixed[IKE_PRF_LEN_MAX];
	bool ok = ppk.len;

	for (size_t i = 0; i < 3; i++) {
		ok = ok && ike_prf_plus(c, prf, ppk, &CHUNK(three[i], prf->key_len), 1, mixed,
					prf->key_len);
		if (ok)
			memcpy(three[i], mixed, prf->key_len);
	}
	OPENSSL_cleanse(mixed, sizeof(mixed));
	for (size_t i = 0; !ok && i < 3; i++)
		OPENSSL_cleanse(three[i], IKE_PRF_LEN_MAX);
	return ok;
}

/**
 * ike_keys_child() - Make the keys of a child SA, RFC 7296 section 2.17.
 * @c: of ike_crypt_new()
 * @prf: of the IKE SA
 * @d: SK_d of the IKE SA
 * @s: what was agreed on for the child SA
 * @x: nonces of the exchange that makes it, and the new secret if there was one;
 *	SPIs do not matter
 * @keys: to be wiped by ike_child_keys_wipe()
 *
 * Return: whether it could be done; if not, @keys is zeroed.
 */
bool ike_keys_child(const struct ike_crypt *c, const struct ike_alg *prf, const uint8_t *d,
		    const struct ike_suite *s, const struct ike_key_input *x,
		    struct ike_child_keys *keys)
{
	const struct ike_chunk seed[] = { x->secret, x->ni, x->nr };
	const size_t e = s->encr->key_len, a = integ_key(s);
	uint8_t keymat[KEYMAT_MAX];
	const uint8_t *next = keymat;
	bool ok;

	ok = ike_prf_plus(c, prf, CHUNK(d, prf->key_len), seed, 3, keymat, 2 * (e + a));
	memset(keys, 0, sizeof(*keys));
	if (ok) {
		next = take(keys->i.encr, next, e);
		next = take(keys->i.integ, next, a);
		next = take(keys->r.encr, next, e);
		take(keys->r.integ, next, a);
	}
	OPENSSL_cleanse(keymat, sizeof(keymat));
	return ok;
}

/**
 * ike_keys_wipe() - Forget the keys of an IKE SA.
 * @keys: keys
 */
void ike_keys_wipe(struct ike_keys *keys)
{
	OPENSSL_cleanse(keys, sizeof(*keys));
}

/**
 * ike_child_keys_wipe() - Forget the keys of a child SA.
 * @keys: keys
 */
void ike_child_keys_wipe(struct ike_child_keys *keys)
{
	OPENSSL_cleanse(keys, sizeof(*keys));
}
