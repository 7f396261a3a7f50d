// SPDX-License-Identifier: GPL-2.0-or-later
/* Proofs of identity with what the configuration says: keys, certificates. */
#include <stdio.h>
#include <string.h>

#include "ike/sa_int.h"

#define PROVE_CERTIFICATE	(IKE_PROVE_RSA | IKE_PROVE_ECDSA | IKE_PROVE_EDDSA)

/**
 * ike_auth_our_id() - Find out who we are.
 * @sa: IKE SA, whose profile is known
 *
 * Return: NULL, or why there is no identity.
 */
const char *ike_auth_our_id(struct ike_sa *sa)
{
	const struct ike_profile *p = sa->profile;
	struct ike_chunk subject;

	if (p->local_dn) {
		subject = p->trust ? ike_trust_subject(p->trust) : ike_chunk(NULL, 0);
		if (!subject.len || subject.len > IKE_IDENTITY_MAX)
			return "there is no certificate whose subject our identity could be";
		sa->local_id.type = IKE_ID_DER_ASN1_DN;
		sa->local_id.len = (uint16_t)subject.len;
		memcpy(sa->local_id.data, subject.data, subject.len);
	} else if (p->local.type) {
		sa->local_id = p->local;
	} else {
		ike_identity_of_address(&sa->local_id, &sa->path.local);
	}
	return NULL;
}

static unsigned int kind_of(const EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
		return IKE_PROVE_RSA;
	if (EVP_PKEY_is_a(key, "EC"))
		return IKE_PROVE_ECDSA;
	return EVP_PKEY_is_a(key, "ED25519") ? IKE_PROVE_EDDSA : 0;
}

static bool our_octets(const struct ike_sa *sa, const struct ike_keys *keys,
		       struct ike_chunk id, struct ike_auth_octets *octets)
{
	const struct ike_init *init = sa->init;

	return ike_auth_octets(sa->env->crypt, sa->suite.prf,
			       sa->initiator ? keys->pi : keys->pr,
			       ike_chunk(init->ours, init->ours_len),
			       sa->initiator ? ike_chunk(init->nr, init->nr_len) :
					       ike_chunk(init->ni, init->ni_len), id, octets);
}

static bool their_octets(const struct ike_sa *sa, const struct ike_keys *keys,
			 struct ike_chunk id, struct ike_auth_octets *octets)
{
	const struct ike_init *init = sa->init;

	return ike_auth_octets(sa->env->crypt, sa->suite.prf,
			       sa->initiator ? keys->pr : keys->pi,
			       ike_chunk(init->theirs, init->theirs_len),
			       sa->initiator ? ike_chunk(init->ni, init->ni_len) :
					       ike_chunk(init->nr, init->nr_len), id, octets);
}

static const char *prove_by_key(struct ike_sa *sa, const struct ike_identity *remote,
				const struct ike_auth_octets *octets, struct ike_auth *auth)
{
	const struct ike_preshared *k =
		ike_profile_key(sa->profile, &sa->path.remote, remote, IKE_KEY_LOCAL);

	if (!k)
		return "the keyring has no key of ours for the peer";
	if (!ike_auth_psk_make(sa->env->crypt, sa->suite.prf, ike_chunk(k->local, k->local_len),
			       octets, auth))
		return "libcrypto failed";
	sa->proved_local = IKE_PROVE_PSK;
	return NULL;
}

static const char *prove_by_certificate(struct ike_sa *sa, const struct ike_auth_octets *octets,
					struct ike_auth *auth)
{
	EVP_PKEY *key = sa->profile->trust ? ike_trust_key(sa->profile->trust) : NULL;
	const char *error;

	if (!key)
		return "there is no certificate of ours with its key";
	if (!(sa->profile->prove_local & kind_of(key)))
		return "our certificate has a key of a kind that the profile does not name";
	error = ike_auth_sign(sa->env->crypt, key, sa->peer_hashes, false, octets, auth);
	if (!error)
		sa->proved_local = kind_of(key);
	return error;
}

/**
 * ike_auth_prove() - Make what is in our AUTH payload.
 * @sa: IKE SA, whose profile is known
 * @keys: its keys, with or without a PPK
 * @remote: the peer's identity as far as it is known, or NULL
 * @id: contents of our ID payload
 * @auth: what is in it
 *
 * Return: NULL, or why it cannot be done.
 */
const char *ike_auth_prove(struct ike_sa *sa, const struct ike_keys *keys,
			   const struct ike_identity *remote, struct ike_chunk id,
			   struct ike_auth *auth)
{
	struct ike_auth_octets octets;

	if (!our_octets(sa, keys, id, &octets))
		return "libcrypto failed";
	if (sa->profile->prove_local & IKE_PROVE_PSK)
		return prove_by_key(sa, remote, &octets, auth);
	return prove_by_certificate(sa, &octets, auth);
}

/**
 * ike_auth_write_certs() - Write the certificates that our proof needs.
 * @sa: IKE SA, whose profile is known
 * @w: writer
 *
 * They are sent whatever the peer has asked for: a peer that has none of us could do
 * nothing else than fail.
 */
void ike_auth_write_certs(struct ike_sa *sa, struct ike_writer *w)
{
	const struct ike_trust *trust = sa->profile->trust;

	if (sa->profile->prove_local & IKE_PROVE_PSK || !trust)
		return;
	if (sa->init->any_certreq &&
	    !ike_trust_wanted(trust, ike_chunk(sa->init->certreq, sa->init->certreq_len)))
		ike_sa_log(sa, IKE_LOG_NOTICE,
			   "the peer asks for certificates of other authorities than that of ours");
	for (size_t i = 0; i < ike_trust_n_certs(trust); i++)
		ike_write_cert(w, IKE_CERT_X509_SIGNATURE, ike_trust_cert(trust, i));
}

static const char *check_key(struct ike_sa *sa, const struct ike_auth_octets *octets,
			     struct ike_chunk data)
{
	const struct ike_preshared *k =
		ike_profile_key(sa->profile, &sa->path.remote, &sa->remote_id, IKE_KEY_REMOTE);
	const char *error;

	if (!(sa->profile->prove_remote & IKE_PROVE_PSK))
		return "the peer proves itself by a key, which the profile does not allow";
	if (!k)
		return "the keyring has no key of the peer's";
	error = ike_auth_psk_check(sa->env->crypt, sa->suite.prf,
				   ike_chunk(k->remote, k->remote_len), octets, data);
	if (!error)
		sa->proved_remote = IKE_PROVE_PSK;
	return error;
}

static size_t collect_certs(const struct ike_message *m, struct ike_chunk certs[IKE_CERTS_MAX])
{
	size_t n = 0;

	for (unsigned int i = 0; i < m->payloads.n && n < IKE_CERTS_MAX; i++) {
		const struct ike_payload *p = &m->payloads.items[i];

		if (p->type == IKE_PAYLOAD_CERT && p->cert.encoding == IKE_CERT_X509_SIGNATURE)
			certs[n++] = p->cert.data;
	}
	return n;
}

static const char *check_certificate(struct ike_sa *sa, const struct ike_message *m,
				     const struct ike_payload *id, uint8_t method,
				     struct ike_chunk data,
				     const struct ike_auth_octets *octets,
				     char reason[IKE_REASON_LEN])
{
	struct ike_chunk certs[IKE_CERTS_MAX];
	struct ike_peer_cert peer = {};
	const char *error = NULL;
	size_t n;

	if (!(sa->profile->prove_remote & PROVE_CERTIFICATE))
		return "the peer proves itself by a signature, which the profile does not allow";
	if (!sa->profile->trust)
		return "there is no trustpoint to judge the peer's certificate by";
	n = collect_certs(m, certs);
	if (!n)
		return "the peer has sent no certificate";
	if (!ike_trust_verify(sa->profile->trust, certs, n, m->at->wall, id->id.type,
			      id->id.data, &peer, reason))
		return reason;
	if (!(sa->profile->prove_remote & kind_of(peer.key)))
		error = "the peer's certificate has a key of a kind that the profile does not name";
	if (!error)
		error = ike_auth_verify(sa->env->crypt, peer.key, IKE_HASHES_ALL, method, data,
					octets);
	if (!error) {
		sa->proved_remote = kind_of(peer.key);
		if (*peer.note)
			ike_sa_log(sa, IKE_LOG_NOTICE, "%s", peer.note);
	}
	ike_peer_cert_clear(&peer);
	return error;
}

/**
 * ike_auth_check() - Check that the peer is who it says.
 * @sa: IKE SA, whose profile and @remote_id are known
 * @keys: its keys, with or without a PPK
 * @m: message that has its certificates
 * @id: its ID payload
 * @method: enum ike_auth_method, or any other number
 * @data: authentication data
 * @reason: may be used for what is returned
 *
 * Return: NULL, or why it is not.
 */
const char *ike_auth_check(struct ike_sa *sa, const struct ike_keys *keys,
			   const struct ike_message *m, const struct ike_payload *id,
			   uint8_t method, struct ike_chunk data,
			   char reason[IKE_REASON_LEN])
{
	struct ike_auth_octets octets;

	if (!their_octets(sa, keys, id->body, &octets))
		return "libcrypto failed";
	switch (method) {
	case IKE_AUTH_PSK:
		return check_key(sa, &octets, data);
	case IKE_AUTH_RSA:
	case IKE_AUTH_ECDSA_256:
	case IKE_AUTH_ECDSA_384:
	case IKE_AUTH_ECDSA_521:
	case IKE_AUTH_SIGNATURE:
		return check_certificate(sa, m, id, method, data, &octets, reason);
	default:
		snprintf(reason, IKE_REASON_LEN, "authentication method %u is not supported",
			 method);
		return reason;
	}
}
