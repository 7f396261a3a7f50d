// SPDX-License-Identifier: GPL-2.0-or-later
/* A trustpoint is put together here: whom it trusts, and who we are by it. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "ike/cert_internal.h"

static const char no_memory[] = "out of memory";

/**
 * ike_trust_new() - Begin a trustpoint.
 * @revocation: what to ask about revocation
 *
 * Return: it with one reference, which trusts nobody; NULL without memory.
 */
struct ike_trust *ike_trust_new(const struct ike_revocation *revocation)
{
	struct ike_trust *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->refs = 1;
	t->revocation = *revocation;
	t->cas = sk_X509_new_null();
	t->anchors = sk_X509_new_null();
	t->intermediates = sk_X509_new_null();
	t->own = sk_X509_new_null();
	t->path = sk_X509_new_null();
	t->crls = sk_X509_CRL_new_null();
	t->store = X509_STORE_new();
	if (t->cas && t->anchors && t->intermediates && t->own && t->path && t->crls && t->store)
		return t;
	ike_trust_unref(t);
	return NULL;
}

struct ike_trust *ike_trust_ref(struct ike_trust *t)
{
	__atomic_fetch_add(&t->refs, 1, __ATOMIC_RELAXED);
	return t;
}

/**
 * ike_trust_unref() - Give up a reference.
 * @t: freed with its private key when it was the last one, or NULL
 */
void ike_trust_unref(struct ike_trust *t)
{
	if (!t || __atomic_sub_fetch(&t->refs, 1, __ATOMIC_ACQ_REL))
		return;
	for (size_t i = 0; i < t->n_sent; i++)
		OPENSSL_free((void *)t->sent[i].data);
	OPENSSL_free((void *)t->subject.data);
	for (size_t i = 0; i < t->n_ocsp; i++)
		OCSP_BASICRESP_free(t->ocsp[i]);
	free(t->ocsp);
	/* These refer to what the others own. */
	sk_X509_free(t->anchors);
	sk_X509_free(t->intermediates);
	sk_X509_free(t->path);
	sk_X509_pop_free(t->cas, X509_free);
	sk_X509_pop_free(t->own, X509_free);
	sk_X509_CRL_pop_free(t->crls, X509_CRL_free);
	X509_STORE_free(t->store);
	EVP_PKEY_free(t->key);
	free(t);
}

static bool holds(const struct stack_st_X509 *list, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (!X509_cmp(sk_X509_value(list, i), x))
			return true;
	return false;
}

static bool check_ca(X509 *x, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	if (X509_check_ca(x) != 1)
		return ike_refuse(reason, "not the certificate of a CA: %s",
				  ike_subject_text(subject, x));
	if (EVP_PKEY_get_security_bits(X509_get0_pubkey(x)) < IKE_SECURITY_BITS)
		return ike_refuse(reason, "its key of %d bits is too short: %s",
				  EVP_PKEY_get_bits(X509_get0_pubkey(x)),
				  ike_subject_text(subject, x));
	return true;
}

static bool take_ca(struct ike_trust *t, const struct ike_block *block,
		    char reason[IKE_REASON_LEN])
{
	X509 *x = ike_x509_parse(block->der, reason);
	bool ok = x && check_ca(x, reason);

	if (ok && !holds(t->cas, x)) {
		if (sk_X509_num(t->cas) >= IKE_TRUST_CAS_MAX)
			ok = ike_refuse(reason, "more than %u CAs", IKE_TRUST_CAS_MAX);
		else if (!sk_X509_push(t->cas, x))
			ok = ike_refuse(reason, no_memory);
		else
			return true;
	}
	X509_free(x);
	return ok;
}

static bool take_cert(struct ike_trust *t, const struct ike_block *block,
		      char reason[IKE_REASON_LEN])
{
	X509 *x = ike_x509_parse(block->der, reason);
	bool ok = x;

	if (ok && !holds(t->own, x)) {
		if (sk_X509_num(t->own) >= IKE_CERTS_MAX)
			ok = ike_refuse(reason, "more than %u certificates", IKE_CERTS_MAX);
		else if (!sk_X509_push(t->own, x))
			ok = ike_refuse(reason, no_memory);
		else
			return true;
	}
	X509_free(x);
	return ok;
}

static bool take_crl(struct ike_trust *t, const struct ike_block *block,
		     char reason[IKE_REASON_LEN])
{
	X509_CRL *crl = ike_crl_parse(block->der, reason);

	if (crl && sk_X509_CRL_push(t->crls, crl))
		return true;
	if (crl)
		ike_refuse(reason, no_memory);
	X509_CRL_free(crl);
	return false;
}

static bool take_ocsp(struct ike_trust *t, const struct ike_block *block,
		      char reason[IKE_REASON_LEN])
{
	OCSP_BASICRESP *bs = ike_ocsp_parse(block->der, reason), **more;

	if (!bs)
		return false;
	more = reallocarray(t->ocsp, t->n_ocsp + 1, sizeof(*more));
	if (!more) {
		OCSP_BASICRESP_free(bs);
		return ike_refuse(reason, no_memory);
	}
	t->ocsp = more;
	t->ocsp[t->n_ocsp++] = bs;
	return true;
}

static bool take_key(struct ike_trust *t, const struct ike_block *block,
		     char reason[IKE_REASON_LEN])
{
	if (t->key)
		return ike_refuse(reason, "a second private key");
	t->key = ike_key_parse(block, reason);
	return t->key;
}

static const char *const cert_names[] = { PEM_STRING_X509, PEM_STRING_X509_OLD, NULL };
static const char *const crl_names[] = { PEM_STRING_X509_CRL, NULL };
static const char *const ocsp_names[] = { "OCSP RESPONSE", NULL };
static const char *const key_names[] = {
	PEM_STRING_PKCS8INF, PEM_STRING_PKCS8, PEM_STRING_RSA, PEM_STRING_ECPRIVATEKEY,
	"DSA PRIVATE KEY", NULL
};

/**
 * ike_trust_add_cas() - Trust CAs.
 * @t: not finished yet
 * @octets: their certificates
 * @reason: why not
 *
 * One that signed itself, or that none of the others has signed, is an anchor; the
 * others are trusted as far as their issuer is.
 *
 * Return: whether all of them are.
 */
bool ike_trust_add_cas(struct ike_trust *t, struct ike_chunk octets,
		       char reason[IKE_REASON_LEN])
{
	return ike_blocks_read(t, octets, cert_names, "certificate", take_ca, reason);
}

/**
 * ike_trust_add_crls() - Know what was revoked.
 * @t: not finished yet
 * @octets: CRLs
 * @reason: why not
 *
 * Return: whether they were read; ike_trust_finish() looks at who signed them.
 */
bool ike_trust_add_crls(struct ike_trust *t, struct ike_chunk octets,
			char reason[IKE_REASON_LEN])
{
	return ike_blocks_read(t, octets, crl_names, "CRL", take_crl, reason);
}

/**
 * ike_trust_add_ocsp() - Know what OCSP says.
 * @t: not finished yet
 * @octets: a response as "openssl ocsp -respout" writes it
 * @reason: why not
 *
 * Return: whether it was read; who signed it, and when, is looked at with the
 * certificate that it is about.
 */
bool ike_trust_add_ocsp(struct ike_trust *t, struct ike_chunk octets,
			char reason[IKE_REASON_LEN])
{
	return ike_blocks_read(t, octets, ocsp_names, "OCSP response", take_ocsp, reason);
}

/**
 * ike_trust_set_certs() - Say who we are.
 * @t: not finished yet
 * @octets: our certificate, and those of CAs between it and the anchor, in any order
 * @reason: why not
 *
 * Return: whether they were read.
 */
bool ike_trust_set_certs(struct ike_trust *t, struct ike_chunk octets,
			 char reason[IKE_REASON_LEN])
{
	return ike_blocks_read(t, octets, cert_names, "certificate", take_cert, reason);
}

/**
 * ike_trust_set_key() - Be able to prove it.
 * @t: not finished yet
 * @octets: a private key without a passphrase; the caller wipes them
 * @reason: why not
 *
 * Return: whether it was read.
 */
bool ike_trust_set_key(struct ike_trust *t, struct ike_chunk octets,
		       char reason[IKE_REASON_LEN])
{
	return ike_blocks_read(t, octets, key_names, "private key", take_key, reason);
}

static bool signed_by(X509 *x, X509 *issuer)
{
	bool is = X509_check_issued(issuer, x) == X509_V_OK &&
		  X509_verify(x, X509_get0_pubkey(issuer)) == 1;

	ERR_clear_error();
	return is;
}

/* All but those below an anchor become one: the topmost of what is trusted, or one of a loop. */
static bool find_anchors(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	const int n = sk_X509_num(t->cas);
	bool has_issuer[IKE_TRUST_CAS_MAX][IKE_TRUST_CAS_MAX] = {};
	bool below[IKE_TRUST_CAS_MAX] = {}, any[IKE_TRUST_CAS_MAX] = {};
	char subject[IKE_SUBJECT_LEN];

	for (int i = 0; i < n; i++) {
		X509 *x = sk_X509_value(t->cas, i);

		if (X509_get_extension_flags(x) & EXFLAG_SI &&
		    X509_verify(x, X509_get0_pubkey(x)) == 1)
			continue;
		ERR_clear_error();
		if (X509_get_extension_flags(x) & EXFLAG_SS)
			return ike_refuse(reason, "its signature is wrong: %s",
					  ike_subject_text(subject, x));
		for (int j = 0; j < n; j++) {
			has_issuer[i][j] = j != i && signed_by(x, sk_X509_value(t->cas, j));
			any[i] |= has_issuer[i][j];
		}
	}

	for (int left = n; left;) {
		bool progress = false;

		for (int i = 0; i < n; i++) {
			X509 *x = sk_X509_value(t->cas, i);
			bool anchor = !any[i], under = false;

			if (below[i])
				continue;
			for (int j = 0; j < n && !anchor; j++)
				under |= has_issuer[i][j] && below[j];
			if (!anchor && !under)
				continue;
			if (!sk_X509_push(anchor ? t->anchors : t->intermediates, x))
				return ike_refuse(reason, no_memory);
			below[i] = true;
			progress = true;
			left--;
		}
		for (int i = 0; i < n && !progress; i++)
			if (!below[i]) {
				any[i] = false;
				progress = true;
			}
	}
	return true;
}

static bool fill_store(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	char text[IKE_REASON_LEN];
	bool ok = true;

	ERR_clear_error();
	for (int i = 0; ok && i < sk_X509_num(t->anchors); i++)
		ok = X509_STORE_add_cert(t->store, sk_X509_value(t->anchors, i)) == 1;
	for (int i = 0; ok && i < sk_X509_CRL_num(t->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(t->crls, i);

		if (!ike_crl_known_issuer(t, crl, reason))
			return false;
		ok = X509_STORE_add_crl(t->store, crl) == 1;
	}
	return ok || ike_refuse(reason, "%s", ike_libcrypto_text(text));
}

/* Which of the certificates in the file is the one of our key. */
static bool find_own(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	for (int i = 0; i < sk_X509_num(t->own); i++) {
		X509 *x = sk_X509_value(t->own, i);

		if (EVP_PKEY_eq(X509_get0_pubkey(x), t->key) != 1)
			continue;
		sk_X509_delete(t->own, i);
		if (!sk_X509_unshift(t->own, x)) {
			X509_free(x);
			return ike_refuse(reason, no_memory);
		}
		ERR_clear_error();
		return true;
	}
	ERR_clear_error();
	return ike_refuse(reason, "the private key is not that of the certificate: %s",
			  ike_subject_text(subject, sk_X509_value(t->own, 0)));
}

static bool check_own(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	X509 *x = sk_X509_value(t->own, 0);
	char subject[IKE_SUBJECT_LEN];
	EVP_PKEY_CTX *ctx;
	bool good;

	if (!ike_key_usable(t->key, x, reason) || !ike_usage_ok(x, reason))
		return false;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, t->key, NULL);
	good = ctx && EVP_PKEY_pairwise_check(ctx) == 1;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return good || ike_refuse(reason, "the private key is damaged: %s",
				  ike_subject_text(subject, x));
}

static X509 *issuer_in(const struct stack_st_X509 *list, X509 *x, const struct stack_st_X509 *path)
{
	for (int i = 0; i < sk_X509_num(list); i++) {
		X509 *issuer = sk_X509_value(list, i);

		if (!holds(path, issuer) && signed_by(x, issuer))
			return issuer;
	}
	return NULL;
}

static bool find_path(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	X509 *x = sk_X509_value(t->own, 0), *issuer;

	while (sk_X509_push(t->path, x)) {
		if (sk_X509_num(t->path) >= IKE_CHAIN_MAX || holds(t->anchors, x))
			return true;
		issuer = issuer_in(t->own, x, t->path);
		if (!issuer)
			issuer = issuer_in(t->cas, x, t->path);
		if (!issuer)
			return true;
		x = issuer;
	}
	return ike_refuse(reason, no_memory);
}

static bool encode(struct ike_chunk *to, unsigned char *der, int len)
{
	to->data = der;
	to->len = len > 0 ? (size_t)len : 0;
	return len > 0;
}

/* An anchor proves nothing: who does not have it will not trust it because we sent it. */
static bool encode_path(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	unsigned char *der = NULL;
	int len;

	for (int i = 0; i < sk_X509_num(t->path); i++) {
		X509 *x = sk_X509_value(t->path, i);

		if (i && (holds(t->anchors, x) || X509_get_extension_flags(x) & EXFLAG_SS))
			continue;
		der = NULL;
		len = i2d_X509(x, &der);
		if (!encode(&t->sent[t->n_sent], der, len))
			return ike_refuse(reason, no_memory);
		t->n_sent++;
	}
	der = NULL;
	len = i2d_X509_NAME(X509_get_subject_name(sk_X509_value(t->path, 0)), &der);
	return encode(&t->subject, der, len) || ike_refuse(reason, no_memory);
}

static bool put_hash(uint8_t *to, const X509 *x)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	bool ok = len > 0 && EVP_Digest(der, (size_t)len, to, NULL, EVP_sha1(), NULL) == 1;

	OPENSSL_free(der);
	return ok;
}

static bool put_hashes(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	bool ok = true;

	for (int i = 0; ok && i < sk_X509_num(t->cas); i++)
		ok = put_hash(t->certreq[i], sk_X509_value(t->cas, i));
	for (int i = 1; ok && i < sk_X509_num(t->path); i++)
		ok = put_hash(t->wanted[t->n_wanted++], sk_X509_value(t->path, i));
	return ok || ike_refuse(reason, no_memory);
}

/**
 * ike_trust_finish() - Put together what was given.
 * @t: nothing can be added any more
 * @reason: what does not go together
 *
 * Return: whether it can be used. If not, all that can be done with it is
 * ike_trust_unref().
 */
bool ike_trust_finish(struct ike_trust *t, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	if (!find_anchors(t, reason) || !fill_store(t, reason))
		return false;
	if (t->key && !sk_X509_num(t->own))
		return ike_refuse(reason, "a private key without a certificate");
	if (!t->key && sk_X509_num(t->own))
		return ike_refuse(reason, "a certificate without a private key: %s",
				  ike_subject_text(subject, sk_X509_value(t->own, 0)));
	if (t->key && (!find_own(t, reason) || !check_own(t, reason) || !find_path(t, reason) ||
		       !encode_path(t, reason)))
		return false;
	if (!put_hashes(t, reason))
		return false;
	return true;
}

static bool all_in_time(const struct stack_st_X509 *list, int64_t now, char reason[IKE_REASON_LEN])
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (!ike_x509_in_time(sk_X509_value(list, i), now, reason))
			return false;
	return true;
}

/**
 * ike_trust_check_time() - Look for what is out of date.
 * @t: finished
 * @now: Unix seconds; those of next month tell what will be
 * @reason: the first that is
 *
 * What is out of date is left in its place: a peer is refused only if its own chain
 * has to do with it.
 *
 * Return: whether nothing is.
 */
bool ike_trust_check_time(const struct ike_trust *t, int64_t now, char reason[IKE_REASON_LEN])
{
	char issuer[IKE_SUBJECT_LEN], time[IKE_TIME_LEN];

	if (!all_in_time(t->path, now, reason) || !all_in_time(t->cas, now, reason))
		return false;
	for (int i = 0; t->revocation.crl && i < sk_X509_CRL_num(t->crls); i++) {
		const X509_CRL *crl = sk_X509_CRL_value(t->crls, i);

		if (ike_time_seconds(X509_CRL_get0_nextUpdate(crl)) <= now)
			return ike_refuse(reason, "the CRL is stale since %s: %s",
					  ike_time_text(time, X509_CRL_get0_nextUpdate(crl)),
					  ike_name_text(issuer, X509_CRL_get_issuer(crl)));
	}
	for (size_t i = 0; t->revocation.ocsp && i < t->n_ocsp; i++)
		if (!ike_ocsp_in_time(t->ocsp[i], now, reason))
			return false;
	return true;
}
