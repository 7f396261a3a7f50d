/* SPDX-License-Identifier: GPL-2.0 */
/* Certificates, CRLs and responses of OCSP for the tests, right ones and wrong ones. */
#ifndef CERT_MAKE_H
#define CERT_MAKE_H

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "ike/types.h"

/* When all of it happens, in Unix seconds. */
#define NOW	1800000000
#define DAY	86400

/* A certificate with its key. Both are freed by made_free(). */
struct made {
	X509 *x;
	EVP_PKEY *key;
	uint8_t *der;
	size_t len;
};

/* What is left out has the usual value, and an extension that is left out is not there. */
struct spec {
	const char *subject;		/* attributes with '/' before each, in ASCII */
	const struct made *issuer;	/* itself */
	EVP_PKEY *key;			/* a new one of P-256, else taken over */
	int64_t from, until;		/* a year around NOW */
	const char *constraints, *usage, *extended, *names, *permitted, *other;
	const EVP_MD *md;		/* SHA-256 */
	long serial;			/* the next one */
	bool forged;			/* the signature is of another key */
	bool v1;
	bool nameless_key;		/* without identifiers of keys */
};

#define CA(...)		make_cert(&(const struct spec){	\
	.constraints = "critical,CA:TRUE", .usage = "critical,keyCertSign,cRLSign", __VA_ARGS__ })
#define CERT(...)	make_cert(&(const struct spec){	\
	.constraints = "CA:FALSE", .usage = "critical,digitalSignature", __VA_ARGS__ })

struct made make_cert(const struct spec *spec);
void made_free(struct made *made);
struct ike_chunk made_chunk(const struct made *made);

EVP_PKEY *make_key(const char *type, size_t bits);
EVP_PKEY *seeded_key(uint8_t seed);

/* Octets, to be freed by OPENSSL_free(). */
struct octets {
	unsigned char *data;
	size_t len;
};

struct octets pem_of(const struct made *const *certs, size_t n);
struct octets key_pem(EVP_PKEY *key, const char *passphrase);
struct octets key_der(EVP_PKEY *key, const char *passphrase);
struct octets joined(struct octets a, struct octets b);
struct ike_chunk octets_chunk(const struct octets *o);

struct crl_spec {
	const struct made *issuer;
	const X509 *revoked[4];
	int64_t from, until;		/* a day around NOW; until -1: none */
	const EVP_MD *md;
	bool forged, delta;
	const char *point;		/* value of issuingDistributionPoint */
};

#define CRL(...)	make_crl(&(const struct crl_spec){ __VA_ARGS__ })
struct octets make_crl(const struct crl_spec *spec);

struct ocsp_spec {
	const struct made *issuer, *about;
	const struct made *signer;	/* the issuer */
	int status;			/* V_OCSP_CERTSTATUS_GOOD is 0 */
	int64_t from, until;		/* a day around NOW; until -1: none */
	const EVP_MD *md, *id_md;	/* SHA-256, SHA-1 */
	bool forged, without_signer;
	int response_status;		/* of the whole, 0: successful */
};

#define OCSP(...)	make_ocsp(&(const struct ocsp_spec){ __VA_ARGS__ })
struct octets make_ocsp(const struct ocsp_spec *spec);

#endif
