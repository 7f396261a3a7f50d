// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a peer is who it says, by its certificate: RFC 5280, RFC 4945 section 5.1. */
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

#include "ike/cert_internal.h"

/**
 * ike_signature_is_weak() - Look at the hash of a signature.
 * @alg: the signature's algorithm
 *
 * Return: whether somebody could make two things that hash to the same, or the
 * algorithm is not known.
 */
bool ike_signature_is_weak(const X509_ALGOR *alg)
{
	int nid = OBJ_obj2nid(alg->algorithm), hash = NID_undef;
	RSA_PSS_PARAMS *pss;
	const EVP_MD *md;

	if (nid == NID_ED25519 || nid == NID_ED448)
		return false;
	if (nid == NID_rsassaPss) {
		pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), alg->parameter);
		if (pss && pss->hashAlgorithm)
			hash = OBJ_obj2nid(pss->hashAlgorithm->algorithm);
		RSA_PSS_PARAMS_free(pss);
		ERR_clear_error();
	} else if (OBJ_find_sigid_algs(nid, &hash, NULL) != 1) {
		return true;
	}
	md = EVP_get_digestbynid(hash);
	/* a collision takes half of its bits */
	return !md || EVP_MD_get_size(md) * 4 < IKE_SECURITY_BITS;
}

static bool known_curve(EVP_PKEY *key)
{
	static const char *const names[] = { "prime256v1", "secp384r1", "secp521r1" };
	char name[32];
	size_t len;

	if (EVP_PKEY_get_group_name(key, name, sizeof(name), &len) == 1)
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (!strcmp(names[i], name))
				return true;
	return false;
}

/**
 * ike_key_usable() - Whether IKE can sign with a key.
 * @key: either half
 * @x: whose it is
 * @reason: why it cannot
 *
 * Return: whether it can.
 */
bool ike_key_usable(EVP_PKEY *key, const X509 *x, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	ike_subject_text(subject, x);
	if (EVP_PKEY_is_a(key, "ED25519"))
		return true;
	if (EVP_PKEY_is_a(key, "EC"))
		return known_curve(key) ||
		       ike_refuse(reason, "an EC key of an unsupported curve: %s", subject);
	if (!EVP_PKEY_is_a(key, "RSA") && !EVP_PKEY_is_a(key, "RSA-PSS"))
		return ike_refuse(reason, "a key of an unsupported type: %s", subject);
	return EVP_PKEY_get_security_bits(key) >= IKE_SECURITY_BITS ||
	       ike_refuse(reason, "an RSA key of %d bits, fewer than 2048: %s",
			  EVP_PKEY_get_bits(key), subject);
}

/* Where extended usages stand at all, one of them has to do with IKE, or with anything. */
static bool extended_usage_ok(const X509 *x)
{
	static const char *const accepted[] = {
		"2.5.29.37.0",		/* any */
		"1.3.6.1.5.5.7.3.17",	/* IKE, RFC 4945 */
		"1.3.6.1.5.5.8.2.2",	/* what came before it */
		"1.3.6.1.5.5.7.3.1",	/* server of TLS */
		"1.3.6.1.5.5.7.3.2",	/* client of TLS */
	};
	EXTENDED_KEY_USAGE *usages;
	bool ok = false;
	char oid[64];

	if (X509_get_ext_by_NID(x, NID_ext_key_usage, -1) < 0)
		return true;
	usages = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	for (int i = 0; i < sk_ASN1_OBJECT_num(usages) && !ok; i++) {
		OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(usages, i), 1);
		for (size_t j = 0; j < sizeof(accepted) / sizeof(*accepted); j++)
			ok |= !strcmp(oid, accepted[j]);
	}
	EXTENDED_KEY_USAGE_free(usages);
	ERR_clear_error();
	return ok;
}

/**
 * ike_usage_ok() - Whether the key of a certificate may sign for IKE, RFC 4945.
 * @x: certificate of a peer or our own
 * @reason: why not
 *
 * Return: whether it may.
 */
bool ike_usage_ok(X509 *x, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	if (!(X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
		return ike_refuse(reason, "its key usage lacks digitalSignature: %s",
				  ike_subject_text(subject, x));
	return extended_usage_ok(x) ||
	       ike_refuse(reason, "its extended key usage is not for IKE: %s",
			  ike_subject_text(subject, x));
}

/**
 * ike_x509_in_time() - Whether a certificate is valid at a time.
 * @x: the certificate
 * @now: Unix seconds
 * @reason: why not
 *
 * Return: whether it is.
 */
bool ike_x509_in_time(const X509 *x, int64_t now, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN], time[IKE_TIME_LEN];

	if (ike_time_seconds(X509_get0_notBefore(x)) > now)
		return ike_refuse(reason, "not valid before %s: %s",
				  ike_time_text(time, X509_get0_notBefore(x)),
				  ike_subject_text(subject, x));
	if (ike_time_seconds(X509_get0_notAfter(x)) <= now)
		return ike_refuse(reason, "expired %s: %s",
				  ike_time_text(time, X509_get0_notAfter(x)),
				  ike_subject_text(subject, x));
	return true;
}

/* What libcrypto says more shortly than an operator needs it, or in other words. */
static const char *error_text(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "its issuer is not known";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return "it is self-signed and not trusted";
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return "its signature is wrong";
	case X509_V_ERR_CERT_CHAIN_TOO_LONG:
		return "too many certificates between it and the anchor";
	case X509_V_ERR_INVALID_CA:
		return "it issued a certificate, but is not a CA";
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return "its key is too short";
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return "signed with SHA-1 or weaker";
	}
	return X509_verify_cert_error_string(error);
}

static bool refuse_chain(X509_STORE_CTX *ctx, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN], issuer[IKE_SUBJECT_LEN], time[IKE_TIME_LEN];
	const int error = X509_STORE_CTX_get_error(ctx);
	const X509 *x = X509_STORE_CTX_get_current_cert(ctx);

	if (!x)
		return ike_refuse(reason, "%s", error_text(error));
	ike_subject_text(subject, x);
	switch (error) {
	case X509_V_ERR_CERT_REVOKED:
		ike_name_text(issuer, X509_get_issuer_name(x));
		return ike_refuse(reason, "revoked by the CRL of %s: %s", issuer, subject);
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return ike_refuse(reason, "expired %s: %s",
				  ike_time_text(time, X509_get0_notAfter(x)), subject);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return ike_refuse(reason, "not valid before %s: %s",
				  ike_time_text(time, X509_get0_notBefore(x)), subject);
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		ike_name_text(issuer, X509_get_issuer_name(x));
		return ike_refuse(reason, "%s (%s): %s", error_text(error), issuer, subject);
	}
	return ike_refuse(reason, "%s: %s", error_text(error), subject);
}

static struct stack_st_X509 *parse_certs(const struct ike_chunk *certs, size_t n,
					 char reason[IKE_REASON_LEN])
{
	char text[IKE_REASON_LEN] = "out of memory";
	struct stack_st_X509 *list;
	X509 *x;

	if (!n || n > IKE_CERTS_MAX) {
		ike_refuse(reason, n ? "the peer sent %zu certificates, more than %u" :
				       "the peer sent no certificate", n, IKE_CERTS_MAX);
		return NULL;
	}
	list = sk_X509_new_reserve(NULL, (int)n);
	for (size_t i = 0; list && i < n; i++) {
		x = NULL;
		if (certs[i].len > IKE_CERT_LEN_MAX)
			ike_refuse(text, "%zu octets, more than %u", certs[i].len,
				   IKE_CERT_LEN_MAX);
		else
			x = ike_x509_parse(certs[i], text);
		if (x && sk_X509_push(list, x))
			continue;
		X509_free(x);
		ike_refuse(reason, "certificate %zu of the peer: %s", i + 1, text);
		sk_X509_pop_free(list, X509_free);
		return NULL;
	}
	if (!list)
		ike_refuse(reason, "out of memory");
	return list;
}

/*
 * Both what the peer sent and what we know may be needed to reach an anchor. What signed
 * itself leads nowhere else, and would hide another way up from the same key.
 */
static struct stack_st_X509 *untrusted_of(const struct ike_trust *t,
					  const struct stack_st_X509 *certs)
{
	struct stack_st_X509 *list = sk_X509_new_null();
	bool ok = list;

	for (int i = 1; ok && i < sk_X509_num(certs); i++)
		if (!(X509_get_extension_flags(sk_X509_value(certs, i)) & EXFLAG_SS))
			ok = sk_X509_push(list, sk_X509_value(certs, i));
	for (int i = 0; ok && i < sk_X509_num(t->intermediates); i++)
		ok = sk_X509_push(list, sk_X509_value(t->intermediates, i));
	if (ok)
		return list;
	sk_X509_free(list);
	return NULL;
}

/* What X509_verify_cert() asks of no CA unless it is told a purpose, which IKE is none of. */
static bool check_ca_usages(struct stack_st_X509 *chain, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	for (int i = 1; i + 1 < sk_X509_num(chain); i++) {
		const X509 *x = sk_X509_value(chain, i);

		if (!extended_usage_ok(x))
			return ike_refuse(reason, "a CA with an extended key usage not for IKE: %s",
					  ike_subject_text(subject, x));
	}
	return true;
}

static void set_param(const struct ike_trust *t, X509_STORE_CTX *ctx, int64_t now)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;

	if (t->revocation.crl)
		flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
	X509_VERIFY_PARAM_set_flags(param, flags);
	X509_VERIFY_PARAM_set_time(param, now);
	/* of those between the two ends */
	X509_VERIFY_PARAM_set_depth(param, IKE_CHAIN_MAX - 2);
	/* 112 bits, for keys and for all signatures but that of the anchor */
	X509_VERIFY_PARAM_set_auth_level(param, 2);
}

static bool check_chain(const struct ike_trust *t, X509_STORE_CTX *ctx,
			struct ike_crl_check *crls, int64_t now, struct ike_peer_cert *peer,
			char reason[IKE_REASON_LEN])
{
	struct stack_st_X509 *chain;

	set_param(t, ctx, now);
	ike_crl_check_init(crls, ctx);
	if (X509_verify_cert(ctx) != 1)
		return refuse_chain(ctx, reason);
	chain = X509_STORE_CTX_get0_chain(ctx);
	if (!check_ca_usages(chain, reason) ||
	    !ike_not_revoked(t, crls, chain, now, peer->note, reason))
		return false;
	for (int i = 0; i < sk_X509_num(chain); i++) {
		int64_t until = ike_time_seconds(X509_get0_notAfter(sk_X509_value(chain, i)));

		if (until < peer->not_after)
			peer->not_after = until;
	}
	return true;
}

static bool verify_chain(const struct ike_trust *t, struct stack_st_X509 *certs, int64_t now,
			 struct ike_peer_cert *peer, char reason[IKE_REASON_LEN])
{
	struct stack_st_X509 *untrusted = untrusted_of(t, certs);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	struct ike_crl_check crls;
	char text[IKE_REASON_LEN];
	bool ok;

	ERR_clear_error();
	if (untrusted && ctx &&
	    X509_STORE_CTX_init(ctx, t->store, sk_X509_value(certs, 0), untrusted) == 1)
		ok = check_chain(t, ctx, &crls, now, peer, reason);
	else
		ok = ike_refuse(reason, "%s", ike_libcrypto_text(text));
	X509_STORE_CTX_free(ctx);
	sk_X509_free(untrusted);
	ERR_clear_error();
	return ok;
}

/**
 * ike_trust_verify() - Find out by its certificates who a peer is.
 * @t: finished
 * @certs: what its CERT payloads of encoding 4 hold, that of the peer itself first
 * @n: number of these
 * @now: Unix seconds
 * @id_type: type of its ID payload
 * @id: value of that
 * @peer: what was found out, for ike_peer_cert_clear(); empty where it was refused
 * @reason: why it was refused
 *
 * This proves nothing until ike_auth_verify() has seen that it has the private key.
 *
 * Return: whether the certificate is trusted, and was issued to that identity.
 */
bool ike_trust_verify(const struct ike_trust *t, const struct ike_chunk *certs, size_t n,
		      int64_t now, uint8_t id_type, struct ike_chunk id,
		      struct ike_peer_cert *peer, char reason[IKE_REASON_LEN])
{
	struct stack_st_X509 *list;
	EVP_PKEY *key;
	X509 *x;
	bool ok;

	*peer = (struct ike_peer_cert){ .not_after = INT64_MAX };
	if (!sk_X509_num(t->cas))
		return ike_refuse(reason, "no CA is trusted");
	list = parse_certs(certs, n, reason);
	if (!list)
		return false;
	x = sk_X509_value(list, 0);
	key = X509_get0_pubkey(x);
	ok = ike_key_usable(key, x, reason) && ike_usage_ok(x, reason) &&
	     verify_chain(t, list, now, peer, reason) && ike_x509_has_id(x, id_type, id, reason);
	if (ok && EVP_PKEY_up_ref(key) == 1) {
		peer->key = key;
		ike_subject_text(peer->subject, x);
	} else {
		*peer = (struct ike_peer_cert){};
	}
	sk_X509_pop_free(list, X509_free);
	return ok;
}

/**
 * ike_peer_cert_clear() - Give up what was found out about a peer.
 * @peer: of ike_trust_verify(); may be cleared already
 */
void ike_peer_cert_clear(struct ike_peer_cert *peer)
{
	EVP_PKEY_free(peer->key);
	*peer = (struct ike_peer_cert){};
}
