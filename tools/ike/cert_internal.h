/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of cert.h share. A struct stack_st_X509 is libcrypto's STACK_OF(X509).
 */
#ifndef VPNHA_IKE_CERT_INTERNAL_H
#define VPNHA_IKE_CERT_INTERNAL_H

#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "ike/cert.h"

/* "YYYY-MM-DD hh:mm:ss UTC", and more for a year that is out of its mind */
#define IKE_TIME_LEN	48

/* Of a key, and of the hash below a signature: RSA of 2048 bits has as many. */
#define IKE_SECURITY_BITS	112

/**
 * struct ike_trust - a trustpoint as an IKE SA sees it
 * @store: @anchors and @crls as X509_verify_cert() wants them
 * @refs: references to it
 * @revocation: what to ask about revocation
 * @cas: all CAs, each once
 * @anchors: those that are trusted by themselves
 * @intermediates: those that are trusted because of an anchor
 * @crls: revocation lists
 * @ocsp: responses of OCSP
 * @n_ocsp: number of these
 * @own: our certificate, then the others of its file
 * @key: private key of the first of @own
 * @path: our certificate and those above it, as far as they are known
 * @sent: those of @path that a peer gets, in DER
 * @n_sent: number of these
 * @subject: of our certificate, in DER
 * @certreq: hashes of @cas
 * @wanted: hashes of the CAs in @path
 * @n_wanted: number of these
 */
struct ike_trust {
	unsigned int refs;
	struct ike_revocation revocation;
	struct stack_st_X509 *cas, *anchors, *intermediates;
	X509_STORE *store;
	struct stack_st_X509_CRL *crls;
	struct ocsp_basic_response_st **ocsp;
	size_t n_ocsp;
	struct stack_st_X509 *own, *path;
	EVP_PKEY *key;
	struct ike_chunk sent[IKE_CHAIN_MAX];
	size_t n_sent;
	struct ike_chunk subject;
	uint8_t certreq[IKE_TRUST_CAS_MAX][IKE_CERTREQ_HASH_LEN];
	uint8_t wanted[IKE_CHAIN_MAX][IKE_CERTREQ_HASH_LEN];
	size_t n_wanted;
};

/* cert_text.c */
bool ike_refuse(char reason[IKE_REASON_LEN], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *ike_libcrypto_text(char buf[IKE_REASON_LEN]);
const char *ike_name_text(char buf[IKE_SUBJECT_LEN], const X509_NAME *name);
const char *ike_subject_text(char buf[IKE_SUBJECT_LEN], const X509 *x);
const char *ike_time_text(char buf[IKE_TIME_LEN], const ASN1_TIME *t);
int64_t ike_time_seconds(const ASN1_TIME *t);

/* cert_parse.c */

/**
 * struct ike_block - one thing of a file of the operator's
 * @name: what PEM calls it, NULL of DER
 * @encrypted: it can only be read with a passphrase
 * @der: its octets
 */
struct ike_block {
	const char *name;
	bool encrypted;
	struct ike_chunk der;
};

typedef bool (*ike_block_take)(struct ike_trust *t, const struct ike_block *block,
			       char reason[IKE_REASON_LEN]);
bool ike_blocks_read(struct ike_trust *t, struct ike_chunk octets, const char *const *names,
		     const char *what, ike_block_take take, char reason[IKE_REASON_LEN]);
X509 *ike_x509_parse(struct ike_chunk der, char reason[IKE_REASON_LEN]);
X509_CRL *ike_crl_parse(struct ike_chunk der, char reason[IKE_REASON_LEN]);
OCSP_BASICRESP *ike_ocsp_parse(struct ike_chunk der, char reason[IKE_REASON_LEN]);
EVP_PKEY *ike_key_parse(const struct ike_block *block, char reason[IKE_REASON_LEN]);

/* cert_verify.c */
bool ike_key_usable(EVP_PKEY *key, const X509 *x, char reason[IKE_REASON_LEN]);
bool ike_usage_ok(X509 *x, char reason[IKE_REASON_LEN]);
bool ike_x509_in_time(const X509 *x, int64_t now, char reason[IKE_REASON_LEN]);
bool ike_signature_is_weak(const X509_ALGOR *alg);

/* cert_revoke.c */

/* What is known of a certificate. */
enum ike_revoked {
	IKE_REVOKED_UNKNOWN,
	IKE_REVOKED_NO,
	IKE_REVOKED_YES,
};

/**
 * struct ike_crl_result - what CRLs say of one certificate of a chain
 * @revoked: whether it is
 * @reason: why that is not known
 */
struct ike_crl_result {
	enum ike_revoked revoked;
	char reason[IKE_REASON_LEN];
};

/**
 * struct ike_crl_check - what CRLs say of a chain
 * @forged: the last one that its CA has not signed
 * @results: by depth
 */
struct ike_crl_check {
	const X509_CRL *forged;
	struct ike_crl_result results[IKE_CHAIN_MAX];
};

void ike_crl_check_init(struct ike_crl_check *check, X509_STORE_CTX *ctx);
bool ike_crl_known_issuer(const struct ike_trust *t, X509_CRL *crl,
			  char reason[IKE_REASON_LEN]);
bool ike_ocsp_in_time(OCSP_BASICRESP *bs, int64_t now, char reason[IKE_REASON_LEN]);
bool ike_not_revoked(const struct ike_trust *t, const struct ike_crl_check *crls,
		     struct stack_st_X509 *chain, int64_t now, char note[IKE_REASON_LEN],
		     char reason[IKE_REASON_LEN]);

/* cert_id.c */
bool ike_x509_has_id(const X509 *x, uint8_t type, struct ike_chunk id,
		     char reason[IKE_REASON_LEN]);

#endif /* VPNHA_IKE_CERT_INTERNAL_H */
