// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a certificate was revoked. CRLs are looked at by libcrypto as it verifies
 * the chain; what would make it refuse is collected here instead, so that another way
 * to know may be asked. Responses of OCSP (RFC 6960) are looked at here, because
 * libcrypto would compare their times with the clock.
 */
#include <openssl/err.h>
#include <stdio.h>

#include "ike/cert_internal.h"

static bool is_about_crl(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_CRL:
	case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
	case X509_V_ERR_CRL_SIGNATURE_FAILURE:
	case X509_V_ERR_CRL_NOT_YET_VALID:
	case X509_V_ERR_CRL_HAS_EXPIRED:
	case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
	case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
	case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
	case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
	case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
	case X509_V_ERR_DIFFERENT_CRL_SCOPE:
	case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
		return true;
	}
	return false;
}

/* Its CA may not have written it at all. */
static bool is_forged(int error)
{
	return error == X509_V_ERR_CRL_SIGNATURE_FAILURE ||
	       error == X509_V_ERR_KEYUSAGE_NO_CRL_SIGN ||
	       error == X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE ||
	       error == X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER ||
	       error == X509_V_ERR_CRL_PATH_VALIDATION_ERROR;
}

static void describe(char text[IKE_REASON_LEN], int error, const X509 *x, const X509_CRL *crl)
{
	char issuer[IKE_SUBJECT_LEN], time[IKE_TIME_LEN];

	ike_name_text(issuer, X509_get_issuer_name(x));
	if (error == X509_V_ERR_UNABLE_TO_GET_CRL || !crl)
		ike_refuse(text, "no CRL of %s covers it", issuer);
	else if (error == X509_V_ERR_CRL_HAS_EXPIRED)
		ike_refuse(text, "the CRL of %s is stale since %s", issuer,
			   ike_time_text(time, X509_CRL_get0_nextUpdate(crl)));
	else if (error == X509_V_ERR_CRL_NOT_YET_VALID)
		ike_refuse(text, "the CRL of %s is not valid before %s", issuer,
			   ike_time_text(time, X509_CRL_get0_lastUpdate(crl)));
	else
		ike_refuse(text, "the CRL of %s cannot be used: %s", issuer,
			   X509_verify_cert_error_string(error));
}

/* A stale CRL still counts against what it lists, one that is forged for nothing. */
static int on_error(int ok, X509_STORE_CTX *ctx)
{
	struct ike_crl_check *check = X509_STORE_CTX_get_app_data(ctx);
	const X509_CRL *crl = X509_STORE_CTX_get0_current_crl(ctx);
	const int error = X509_STORE_CTX_get_error(ctx);
	const int depth = X509_STORE_CTX_get_error_depth(ctx);
	const int last = sk_X509_num(X509_STORE_CTX_get0_chain(ctx)) - 1;
	struct ike_crl_result *result;

	if (ok)
		return ok;
	if (error == X509_V_ERR_CERT_REVOKED)
		return depth == last || (crl && crl == check->forged);
	if (!is_about_crl(error) || depth < 0 || depth >= IKE_CHAIN_MAX)
		return 0;
	if (is_forged(error))
		check->forged = crl;
	result = &check->results[depth];
	if (result->revoked == IKE_REVOKED_NO) {
		result->revoked = IKE_REVOKED_UNKNOWN;
		describe(result->reason, error, X509_STORE_CTX_get_current_cert(ctx), crl);
	}
	return 1;
}

/**
 * ike_crl_check_init() - Collect what CRLs say while a chain is verified.
 * @check: what they say, meaningful if X509_verify_cert() was told to check CRLs
 * @ctx: of the chain, of at most %IKE_CHAIN_MAX certificates
 */
void ike_crl_check_init(struct ike_crl_check *check, X509_STORE_CTX *ctx)
{
	check->forged = NULL;
	for (int i = 0; i < IKE_CHAIN_MAX; i++)
		check->results[i] = (struct ike_crl_result){ .revoked = IKE_REVOKED_NO };
	X509_STORE_CTX_set_app_data(ctx, check);
	X509_STORE_CTX_set_verify_cb(ctx, on_error);
}

/**
 * ike_crl_known_issuer() - Check a CRL as it is read.
 * @t: with all its CAs
 * @crl: the CRL
 * @reason: why it can never be used
 *
 * Return: whether a CA of ours has signed it, or none of ours has that name: peers
 * may send the one that has.
 */
bool ike_crl_known_issuer(const struct ike_trust *t, X509_CRL *crl,
			  char reason[IKE_REASON_LEN])
{
	char issuer[IKE_SUBJECT_LEN];
	bool known = false, good = false;

	for (int i = 0; i < sk_X509_num(t->cas) && !good; i++) {
		X509 *ca = sk_X509_value(t->cas, i);

		if (X509_NAME_cmp(X509_get_subject_name(ca), X509_CRL_get_issuer(crl)))
			continue;
		known = true;
		good = X509_CRL_verify(crl, X509_get0_pubkey(ca)) == 1;
	}
	ERR_clear_error();
	return good || !known ||
	       ike_refuse(reason, "the signature of the CRL is not that of its CA: %s",
			  ike_name_text(issuer, X509_CRL_get_issuer(crl)));
}

static bool in_time(const ASN1_TIME *from, const ASN1_TIME *until, int64_t now,
		    char reason[IKE_REASON_LEN])
{
	char time[IKE_TIME_LEN];

	if (!until)
		return ike_refuse(reason, "the OCSP response does not say until when it is valid");
	if (ike_time_seconds(from) > now)
		return ike_refuse(reason, "the OCSP response is not valid before %s",
				  ike_time_text(time, from));
	return ike_time_seconds(until) > now ||
	       ike_refuse(reason, "the OCSP response is stale since %s",
			  ike_time_text(time, until));
}

/**
 * ike_ocsp_in_time() - Whether all that a response says is still valid.
 * @bs: the response
 * @now: Unix seconds
 * @reason: why not
 *
 * Return: whether it is.
 */
bool ike_ocsp_in_time(OCSP_BASICRESP *bs, int64_t now, char reason[IKE_REASON_LEN])
{
	ASN1_GENERALIZEDTIME *from, *until;

	for (int i = 0; i < OCSP_resp_count(bs); i++) {
		OCSP_single_get0_status(OCSP_resp_get0(bs, i), NULL, NULL, &from, &until);
		if (!in_time(from, until, now, reason))
			return false;
	}
	return true;
}

/* Its issuer is named by hashes, of its own choice. */
static bool is_about(const OCSP_SINGLERESP *single, const X509 *x, const X509 *issuer)
{
	OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single), *right;
	ASN1_INTEGER *serial;
	ASN1_OBJECT *hash;
	const EVP_MD *md;
	bool is;

	OCSP_id_get0_info(NULL, &hash, NULL, &serial, id);
	if (ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(x)))
		return false;
	md = EVP_get_digestbyobj(hash);
	right = md ? OCSP_cert_to_id(md, x, issuer) : NULL;
	is = right && !OCSP_id_cmp(id, right);
	OCSP_CERTID_free(right);
	ERR_clear_error();
	return is;
}

/* RFC 6960 section 4.2.2.2: the CA itself, or whom it allowed to by a certificate. */
static bool may_respond(X509 *signer, X509 *issuer, int64_t now, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN], text[IKE_REASON_LEN];
	const X509_ALGOR *alg;

	if (!X509_cmp(signer, issuer))
		return true;
	ike_subject_text(subject, signer);
	X509_get0_signature(NULL, &alg, signer);
	if (X509_check_issued(issuer, signer) != X509_V_OK || ike_signature_is_weak(alg) ||
	    X509_verify(signer, X509_get0_pubkey(issuer)) != 1)
		return ike_refuse(reason, "the CA has not certified the OCSP responder %s",
				  subject);
	if (!(X509_get_extension_flags(signer) & EXFLAG_XKUSAGE) ||
	    !(X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) ||
	    !(X509_get_key_usage(signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
		return ike_refuse(reason, "the CA does not let %s respond to OCSP", subject);
	return ike_x509_in_time(signer, now, text) ||
	       ike_refuse(reason, "the OCSP responder's certificate: %s", text);
}

static bool check_signature(OCSP_BASICRESP *bs, X509 *issuer, int64_t now,
			    char reason[IKE_REASON_LEN])
{
	struct stack_st_X509 *extra = sk_X509_new_null();
	X509 *signer;
	bool ok;

	if (!extra || !sk_X509_push(extra, issuer))
		ok = ike_refuse(reason, "out of memory");
	else if (OCSP_resp_get0_signer(bs, &signer, extra) != 1)
		ok = ike_refuse(reason, "the certificate of the OCSP responder is not known");
	else
		ok = may_respond(signer, issuer, now, reason) &&
		     (OCSP_basic_verify(bs, extra, NULL, OCSP_NOVERIFY) == 1 ||
		      ike_refuse(reason, "the signature of the OCSP response is wrong"));
	sk_X509_free(extra);
	ERR_clear_error();
	return ok;
}

/* Without @current it may be out of date. */
static enum ike_revoked read_answer(OCSP_SINGLERESP *single, int64_t now, bool *current,
				    char reason[IKE_REASON_LEN])
{
	ASN1_GENERALIZEDTIME *from, *until;
	int status = OCSP_single_get0_status(single, NULL, NULL, &from, &until);

	*current = in_time(from, until, now, reason);
	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return IKE_REVOKED_YES;
	if (status == V_OCSP_CERTSTATUS_GOOD)
		return IKE_REVOKED_NO;
	ike_refuse(reason, "the OCSP responder does not know it");
	return IKE_REVOKED_UNKNOWN;
}

/*
 * Of current answers "revoked" counts more, and each of them more than a stale one,
 * which still counts if it says "revoked".
 */
static enum ike_revoked ask_ocsp(const struct ike_trust *t, X509 *x, X509 *issuer, int64_t now,
				 char reason[IKE_REASON_LEN])
{
	enum ike_revoked known = IKE_REVOKED_UNKNOWN, stale = IKE_REVOKED_UNKNOWN;

	ike_refuse(reason, "no OCSP response is about it");
	for (size_t i = 0; i < t->n_ocsp; i++) {
		OCSP_BASICRESP *bs = t->ocsp[i];

		for (int k = 0; k < OCSP_resp_count(bs) && known != IKE_REVOKED_YES; k++) {
			OCSP_SINGLERESP *single = OCSP_resp_get0(bs, k);
			enum ike_revoked revoked;
			bool current;

			if (!is_about(single, x, issuer) ||
			    !check_signature(bs, issuer, now, reason))
				continue;
			revoked = read_answer(single, now, &current, reason);
			if (current && revoked != IKE_REVOKED_UNKNOWN)
				known = revoked;
			else if (revoked == IKE_REVOKED_YES)
				stale = revoked;
		}
	}
	return known == IKE_REVOKED_UNKNOWN ? stale : known;
}

static enum ike_revoked ask(const struct ike_trust *t, const struct ike_crl_result *crl, X509 *x,
			    X509 *issuer, int64_t now, char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN], text[IKE_REASON_LEN] = "";
	enum ike_revoked revoked = IKE_REVOKED_UNKNOWN;

	if (t->revocation.ocsp)
		revoked = ask_ocsp(t, x, issuer, now, text);
	ike_subject_text(subject, x);
	if (revoked == IKE_REVOKED_YES)
		ike_refuse(reason, "revoked, says OCSP: %s", subject);
	else if (t->revocation.crl && crl->revoked == IKE_REVOKED_NO)
		revoked = IKE_REVOKED_NO;
	else if (revoked == IKE_REVOKED_UNKNOWN)
		ike_refuse(reason, "not known whether it is revoked: %s%s%s: %s",
			   t->revocation.crl ? crl->reason : "",
			   t->revocation.crl && t->revocation.ocsp ? ", and " : "", text, subject);
	return revoked;
}

/**
 * ike_not_revoked() - Whether nothing of a chain is revoked.
 * @t: whose revocation policy counts
 * @crls: what CRLs say, which have refused already what they list
 * @chain: verified, that of the peer first; the anchor is nobody's to revoke
 * @now: Unix seconds
 * @note: what was not known, where the policy is soft
 * @reason: what was revoked, or not known
 *
 * Return: whether it is accepted.
 */
bool ike_not_revoked(const struct ike_trust *t, const struct ike_crl_check *crls,
		     struct stack_st_X509 *chain, int64_t now, char note[IKE_REASON_LEN],
		     char reason[IKE_REASON_LEN])
{
	enum ike_revoked revoked;

	if (!t->revocation.crl && !t->revocation.ocsp)
		return true;
	for (int i = 0; i + 1 < sk_X509_num(chain) && i < IKE_CHAIN_MAX; i++) {
		revoked = ask(t, &crls->results[i], sk_X509_value(chain, i),
			      sk_X509_value(chain, i + 1), now, reason);
		if (revoked == IKE_REVOKED_YES ||
		    (revoked == IKE_REVOKED_UNKNOWN && !t->revocation.soft))
			return false;
		if (revoked == IKE_REVOKED_UNKNOWN && !*note)
			ike_refuse(note, "%s", reason);
	}
	return true;
}
