/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates, RFC 7296 section 3.6 and RFC 4945: whom we trust, who we are, and
 * whether a peer is who it says. All is given as octets, and the time with them:
 * no file is read here and no clock.
 *
 * A struct ike_trust is made by one thread, step by step up to ike_trust_finish();
 * from then on it is only read, by any number of threads. What has changed on disk
 * becomes another one; an IKE SA that began with the old one keeps its reference.
 *
 * A function that takes a @reason says there why it refused, in one line without
 * control characters that names the certificate.
 */
#ifndef VPNHA_IKE_CERT_H
#define VPNHA_IKE_CERT_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/types.h"

/* With the zero at the end. What is longer ends in "...". */
#define IKE_REASON_LEN		512
#define IKE_SUBJECT_LEN		256
#define IKE_ID_TEXT_LEN		256

/* Of what a peer sends. */
#define IKE_CERTS_MAX		16
#define IKE_CERT_LEN_MAX	16384

/* Certificates from that of a peer to the anchor, both counted. */
#define IKE_CHAIN_MAX		8

/* Of a file of the operator's. */
#define IKE_TRUST_FILE_MAX	(64U << 20)
#define IKE_TRUST_CAS_MAX	64

/* RFC 7296 section 3.7: SHA-1 of a CA's SubjectPublicKeyInfo. */
#define IKE_CERTREQ_HASH_LEN	20

struct ike_trust;

/**
 * struct ike_revocation - IOS's "revocation-check"
 * @crl: ask the CRLs
 * @ocsp: ask the OCSP responses
 * @soft: where none of these knows, accept: "revocation-check crl none"
 *
 * All that are asked are asked: what one of them knows to be revoked is refused, be
 * @soft as it may, and one that knows it good is enough. Nothing at all is IOS's
 * "revocation-check none".
 */
struct ike_revocation {
	bool crl, ocsp, soft;
};

struct ike_trust *ike_trust_new(const struct ike_revocation *revocation);
struct ike_trust *ike_trust_ref(struct ike_trust *t);
void ike_trust_unref(struct ike_trust *t);

/*
 * Octets are PEM, with any number of each, or one of DER. Blocks of PEM of other
 * kinds are passed over, so that one file may hold a key and its certificates.
 */
bool ike_trust_add_cas(struct ike_trust *t, struct ike_chunk octets,
		       char reason[IKE_REASON_LEN]);
bool ike_trust_add_crls(struct ike_trust *t, struct ike_chunk octets,
			char reason[IKE_REASON_LEN]);
bool ike_trust_add_ocsp(struct ike_trust *t, struct ike_chunk octets,
			char reason[IKE_REASON_LEN]);
bool ike_trust_set_certs(struct ike_trust *t, struct ike_chunk octets,
			 char reason[IKE_REASON_LEN]);
bool ike_trust_set_key(struct ike_trust *t, struct ike_chunk octets,
		       char reason[IKE_REASON_LEN]);
bool ike_trust_finish(struct ike_trust *t, char reason[IKE_REASON_LEN]);

bool ike_trust_check_time(const struct ike_trust *t, int64_t now, char reason[IKE_REASON_LEN]);

/* Who we are. The results live as long as @t; a trust without certificate has none. */
EVP_PKEY *ike_trust_key(const struct ike_trust *t);
size_t ike_trust_n_certs(const struct ike_trust *t);
struct ike_chunk ike_trust_cert(const struct ike_trust *t, size_t i);
struct ike_chunk ike_trust_subject(const struct ike_trust *t);
bool ike_trust_has_id(const struct ike_trust *t, uint8_t id_type, struct ike_chunk id,
		      char reason[IKE_REASON_LEN]);

/* CERTREQ payloads with encoding %IKE_CERT_X509_SIGNATURE, without that octet. */
struct ike_chunk ike_trust_certreq(const struct ike_trust *t);
bool ike_trust_wanted(const struct ike_trust *t, struct ike_chunk certreq);
const struct ike_trust *ike_trust_choose(const struct ike_trust *const *trusts, size_t n,
					 const struct ike_chunk *certreqs, size_t n_certreqs);

/**
 * struct ike_peer_cert - what was found out about a peer
 * @key: its public key, to be freed by ike_peer_cert_clear()
 * @not_after: Unix seconds until which the whole chain is valid
 * @subject: of its certificate, as RFC 2253 writes it
 * @note: what the operator ought to know although it was accepted, or "": that
 *	nothing is known about revocation
 */
struct ike_peer_cert {
	EVP_PKEY *key;
	int64_t not_after;
	char subject[IKE_SUBJECT_LEN];
	char note[IKE_REASON_LEN];
};

bool ike_trust_verify(const struct ike_trust *t, const struct ike_chunk *certs, size_t n,
		      int64_t now, uint8_t id_type, struct ike_chunk id,
		      struct ike_peer_cert *peer, char reason[IKE_REASON_LEN]);
void ike_peer_cert_clear(struct ike_peer_cert *peer);

/* Identities, RFC 7296 section 3.5: the type, and what follows its three reserved octets. */
const char *ike_id_type_text(uint8_t type);
const char *ike_id_text(char buf[IKE_ID_TEXT_LEN], uint8_t type, struct ike_chunk id);
bool ike_id_equal(uint8_t type, struct ike_chunk a, struct ike_chunk b);

#endif /* VPNHA_IKE_CERT_H */
