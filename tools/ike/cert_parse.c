// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of the operator's: PEM or DER, and where in them something is wrong. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "ike/cert_internal.h"

static const char begin[] = "-----BEGIN ";

static const uint8_t *find_begin(struct ike_chunk octets, size_t from)
{
	return memmem(octets.data + from, octets.len - from, begin, sizeof(begin) - 1);
}

static unsigned int line_of(struct ike_chunk octets, const uint8_t *at)
{
	unsigned int line = 1;

	for (const uint8_t *p = octets.data; p < at; p++)
		line += *p == '\n';
	return line;
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(name, *names))
			return true;
	return false;
}

static bool read_block(struct ike_trust *t, const char *name, const char *header,
		       struct ike_chunk der, ike_block_take take, char reason[IKE_REASON_LEN])
{
	const struct ike_block block = {
		.name = name,
		.encrypted = strstr(header, "ENCRYPTED") || strstr(name, "ENCRYPTED"),
		.der = der,
	};

	return take(t, &block, reason);
}

static bool read_pem(struct ike_trust *t, struct ike_chunk octets, const char *const *names,
		     const char *what, ike_block_take take, char reason[IKE_REASON_LEN])
{
	BIO *bio = BIO_new_mem_buf(octets.data, (int)octets.len);
	char text[IKE_REASON_LEN];
	const uint8_t *at;
	size_t found = 0;
	bool ok = bio;

	if (!bio)
		return ike_refuse(reason, "%s", ike_libcrypto_text(text));
	while (ok && (at = find_begin(octets, octets.len - BIO_ctrl_pending(bio)))) {
		unsigned int line = line_of(octets, at);
		char *name = NULL, *header = NULL;
		unsigned char *data = NULL;
		long len = 0;

		ERR_clear_error();
		if (PEM_read_bio(bio, &name, &header, &data, &len) != 1) {
			ok = ike_refuse(reason, "line %u: %s", line, ike_libcrypto_text(text));
		} else if (is_one_of(name, names)) {
			found++;
			ok = read_block(t, name, header,
					(struct ike_chunk){ .data = data, .len = (size_t)len },
					take, text) ||
			     ike_refuse(reason, "line %u: %s", line, text);
		}
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_clear_free(data, (size_t)len);
	}
	BIO_free(bio);
	return ok && (found || ike_refuse(reason, "there is no %s in it", what));
}

/**
 * ike_blocks_read() - Read a file of the operator's.
 * @t: what takes it
 * @octets: contents of the file
 * @names: kinds of PEM that are looked for, up to NULL; others are passed over
 * @what: one of these in an operator's words
 * @take: is given each
 * @reason: what is wrong, with the line
 *
 * Return: whether there was at least one, and all were taken.
 */
bool ike_blocks_read(struct ike_trust *t, struct ike_chunk octets, const char *const *names,
		     const char *what, ike_block_take take, char reason[IKE_REASON_LEN])
{
	const struct ike_block block = { .der = octets };

	if (!octets.len)
		return ike_refuse(reason, "it is empty");
	if (octets.len > IKE_TRUST_FILE_MAX)
		return ike_refuse(reason, "it is longer than %u octets", IKE_TRUST_FILE_MAX);
	if (find_begin(octets, 0))
		return read_pem(t, octets, names, what, take, reason);
	/* DER begins with a SEQUENCE, whatever is in it. */
	if (octets.data[0] != 0x30)
		return ike_refuse(reason, "it is neither PEM nor DER");
	return take(t, &block, reason);
}

static bool refuse_der(char reason[IKE_REASON_LEN], const char *what, bool parsed)
{
	char text[IKE_REASON_LEN];

	if (parsed)
		ike_refuse(reason, "something follows the %s", what);
	else
		ike_refuse(reason, "it is no %s: %s", what, ike_libcrypto_text(text));
	ERR_clear_error();
	return false;
}

/**
 * ike_x509_parse() - Read a certificate.
 * @der: the octets, and no more
 * @reason: what is wrong
 *
 * Return: it with a public key and extensions that can be read, or NULL.
 */
X509 *ike_x509_parse(struct ike_chunk der, char reason[IKE_REASON_LEN])
{
	const unsigned char *p = der.data;
	char subject[IKE_SUBJECT_LEN];
	X509 *x;

	ERR_clear_error();
	x = d2i_X509(NULL, &p, (long)der.len);
	if (!x || p != der.data + der.len)
		refuse_der(reason, "certificate", x);
	else if (X509_get_extension_flags(x) & EXFLAG_INVALID)
		ike_refuse(reason, "extensions that cannot be read: %s",
			   ike_subject_text(subject, x));
	else if (!X509_get0_pubkey(x))
		ike_refuse(reason, "a public key that cannot be read: %s",
			   ike_subject_text(subject, x));
	else
		return x;
	X509_free(x);
	ERR_clear_error();
	return NULL;
}

/**
 * ike_crl_parse() - Read a list of revoked certificates.
 * @der: the octets, and no more
 * @reason: what is wrong
 *
 * Return: it, a whole one that says when the next one comes, or NULL.
 */
X509_CRL *ike_crl_parse(struct ike_chunk der, char reason[IKE_REASON_LEN])
{
	const unsigned char *p = der.data;
	char issuer[IKE_SUBJECT_LEN];
	const X509_ALGOR *alg;
	X509_CRL *crl;

	ERR_clear_error();
	crl = d2i_X509_CRL(NULL, &p, (long)der.len);
	if (!crl || p != der.data + der.len) {
		refuse_der(reason, "CRL", crl);
		X509_CRL_free(crl);
		return NULL;
	}
	X509_CRL_get0_signature(crl, NULL, &alg);
	ike_name_text(issuer, X509_CRL_get_issuer(crl));
	if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0)
		ike_refuse(reason, "a CRL that is only the difference to another one: %s", issuer);
	else if (!X509_CRL_get0_nextUpdate(crl))
		ike_refuse(reason, "a CRL that does not say until when it is valid: %s", issuer);
	else if (ike_signature_is_weak(alg))
		ike_refuse(reason, "a CRL signed with SHA-1 or weaker: %s", issuer);
	else
		return crl;
	X509_CRL_free(crl);
	return NULL;
}

/**
 * ike_ocsp_parse() - Read a response of OCSP, RFC 6960.
 * @der: the octets, and no more
 * @reason: what is wrong
 *
 * Return: what its responder signed, or NULL.
 */
OCSP_BASICRESP *ike_ocsp_parse(struct ike_chunk der, char reason[IKE_REASON_LEN])
{
	const unsigned char *p = der.data;
	OCSP_BASICRESP *bs = NULL;
	char text[IKE_REASON_LEN];
	OCSP_RESPONSE *resp;

	ERR_clear_error();
	resp = d2i_OCSP_RESPONSE(NULL, &p, (long)der.len);
	if (!resp || p != der.data + der.len) {
		refuse_der(reason, "OCSP response", resp);
	} else if (OCSP_response_status(resp) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
		ike_refuse(reason, "the OCSP responder answered \"%s\"",
			   OCSP_response_status_str(OCSP_response_status(resp)));
	} else {
		bs = OCSP_response_get1_basic(resp);
		if (!bs) {
			ike_refuse(reason, "it is no basic OCSP response: %s",
				   ike_libcrypto_text(text));
		} else if (ike_signature_is_weak(OCSP_resp_get0_tbs_sigalg(bs))) {
			ike_refuse(reason, "an OCSP response signed with SHA-1 or weaker");
			OCSP_BASICRESP_free(bs);
			bs = NULL;
		}
	}
	OCSP_RESPONSE_free(resp);
	ERR_clear_error();
	return bs;
}

/* PKCS#8 with a passphrase, in DER. */
static bool is_encrypted(struct ike_chunk der)
{
	const unsigned char *p = der.data;
	X509_SIG *sig = d2i_X509_SIG(NULL, &p, (long)der.len);
	bool is = sig && p == der.data + der.len;

	X509_SIG_free(sig);
	return is;
}

/**
 * ike_key_parse() - Read a private key.
 * @block: the octets, and no more
 * @reason: what is wrong
 *
 * Nobody is there to type a passphrase when a gateway starts.
 *
 * Return: it, or NULL.
 */
EVP_PKEY *ike_key_parse(const struct ike_block *block, char reason[IKE_REASON_LEN])
{
	const unsigned char *p = block->der.data;
	EVP_PKEY *key = NULL;

	ERR_clear_error();
	if (block->encrypted || (!block->name && is_encrypted(block->der))) {
		ike_refuse(reason, "the private key is encrypted: decrypt it, and let %s",
			   "the mode of its file protect it");
		return NULL;
	}
	ERR_clear_error();
	key = d2i_AutoPrivateKey(NULL, &p, (long)block->der.len);
	if (key && p == block->der.data + block->der.len) {
		ERR_clear_error();
		return key;
	}
	refuse_der(reason, "private key", key);
	EVP_PKEY_free(key);
	return NULL;
}
