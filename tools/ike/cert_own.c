// SPDX-License-Identifier: GPL-2.0-or-later
/* Who we are, and which of our certificates a peer wants to see: RFC 7296 section 3.7. */
#include <string.h>

#include "ike/cert_internal.h"

/**
 * ike_trust_key() - What we sign with.
 * @t: finished
 *
 * Return: the private key, NULL if we are nobody here.
 */
EVP_PKEY *ike_trust_key(const struct ike_trust *t)
{
	return t->key;
}

/**
 * ike_trust_n_certs() - How many CERT payloads we send.
 * @t: finished
 *
 * Return: number of certificates, 0 if we are nobody here.
 */
size_t ike_trust_n_certs(const struct ike_trust *t)
{
	return t->n_sent;
}

/**
 * ike_trust_cert() - What stands in a CERT payload after its encoding, which is 4.
 * @t: finished
 * @i: 0 is our certificate; those of CAs follow, each above the one before it, but
 *	not the anchor
 *
 * Return: the certificate.
 */
struct ike_chunk ike_trust_cert(const struct ike_trust *t, size_t i)
{
	return i < t->n_sent ? t->sent[i] : (struct ike_chunk){};
}

/**
 * ike_trust_subject() - What "identity local dn" sends.
 * @t: finished
 *
 * Return: subject of our certificate, the value of an ID payload of type
 * %IKE_ID_DER_ASN1_DN; empty if we are nobody here.
 */
struct ike_chunk ike_trust_subject(const struct ike_trust *t)
{
	return t->subject;
}

/**
 * ike_trust_has_id() - Whether a peer will believe who we say we are.
 * @t: finished
 * @id_type: type of our ID payload
 * @id: its value
 * @reason: why it will not
 *
 * Return: whether our certificate was issued to that identity.
 */
bool ike_trust_has_id(const struct ike_trust *t, uint8_t id_type, struct ike_chunk id,
		      char reason[IKE_REASON_LEN])
{
	if (!sk_X509_num(t->own))
		return ike_refuse(reason, "there is no certificate of our own");
	return ike_x509_has_id(sk_X509_value(t->own, 0), id_type, id, reason);
}

/**
 * ike_trust_certreq() - Ask a peer for a certificate.
 * @t: finished
 *
 * Return: hashes of all CAs, of which the peer's may be any; empty without CAs.
 */
struct ike_chunk ike_trust_certreq(const struct ike_trust *t)
{
	return (struct ike_chunk){
		.data = t->certreq[0],
		.len = (size_t)sk_X509_num(t->cas) * IKE_CERTREQ_HASH_LEN,
	};
}

/**
 * ike_trust_wanted() - Whether a peer asked for our certificate.
 * @t: finished
 * @certreq: hashes of CAs; none means any CA
 *
 * Return: whether we have one, and one of these CAs is above it.
 */
bool ike_trust_wanted(const struct ike_trust *t, struct ike_chunk certreq)
{
	if (!t->key || !certreq.len)
		return t->key;
	for (size_t at = 0; at + IKE_CERTREQ_HASH_LEN <= certreq.len; at += IKE_CERTREQ_HASH_LEN)
		for (size_t i = 0; i < t->n_wanted; i++)
			if (!memcmp(certreq.data + at, t->wanted[i], IKE_CERTREQ_HASH_LEN))
				return true;
	return false;
}

/**
 * ike_trust_choose() - Choose who to be.
 * @trusts: finished ones, in the order of preference
 * @n: number of these
 * @certreqs: what the peer asked for
 * @n_certreqs: number of these, 0 if it did not ask
 *
 * A request only is a hint (RFC 7296 section 3.7): where nothing fits, the peer may
 * still have what it needs.
 *
 * Return: the first one that was asked for, else the first one with a certificate;
 * NULL if none has one.
 */
const struct ike_trust *ike_trust_choose(const struct ike_trust *const *trusts, size_t n,
					 const struct ike_chunk *certreqs, size_t n_certreqs)
{
	const struct ike_trust *first = NULL;

	for (size_t i = 0; i < n; i++) {
		if (!first && trusts[i]->key)
			first = trusts[i];
		for (size_t j = 0; j < n_certreqs; j++)
			if (ike_trust_wanted(trusts[i], certreqs[j]))
				return trusts[i];
	}
	return first;
}
