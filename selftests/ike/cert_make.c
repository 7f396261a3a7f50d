// SPDX-License-Identifier: GPL-2.0
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cert_make.h"

static void must(bool good)
{
	if (good)
		return;
	ERR_print_errors_fp(stderr);
	abort();
}

EVP_PKEY *make_key(const char *type, size_t bits)
{
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *ctx;

	if (!strncmp(type, "RSA", 3)) {
		ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
		must(EVP_PKEY_keygen_init(ctx) == 1 &&
		     EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) == 1 &&
		     EVP_PKEY_generate(ctx, &key) == 1);
		EVP_PKEY_CTX_free(ctx);
	} else if (!strncmp(type, "ED", 2)) {
		key = EVP_PKEY_Q_keygen(NULL, NULL, type);
	} else {
		key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", type);
	}
	must(key);
	return key;
}

/* Always the same, and so is what it signs. */
EVP_PKEY *seeded_key(uint8_t seed)
{
	uint8_t raw[32];
	EVP_PKEY *key;

	memset(raw, seed, sizeof(raw));
	key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, raw, sizeof(raw));
	must(key);
	return key;
}

static X509_NAME *make_name(const char *text)
{
	X509_NAME *name = X509_NAME_new();
	char *copy = strdup(text), *rest = copy, *word;

	while ((word = strsep(&rest, "/"))) {
		char *value = strchr(word, '=');

		if (!*word)
			continue;
		*value++ = '\0';
		must(X509_NAME_add_entry_by_txt(name, word, MBSTRING_UTF8,
						(const unsigned char *)value, -1, -1, 0) == 1);
	}
	free(copy);
	return name;
}

static void add_extension(X509 *x, X509V3_CTX *ctx, const char *name, const char *value)
{
	X509_EXTENSION *ext;

	if (!value)
		return;
	ext = X509V3_EXT_conf(NULL, ctx, name, value);
	must(ext && X509_add_ext(x, ext, -1) == 1);
	X509_EXTENSION_free(ext);
}

static const EVP_MD *digest_for(const EVP_PKEY *key, const EVP_MD *md)
{
	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448"))
		return NULL;
	return md ? md : EVP_sha256();
}

struct made make_cert(const struct spec *spec)
{
	static long serial = 1000;
	EVP_PKEY *wrong = spec->forged ? make_key("P-256", 0) : NULL;
	struct made m = { .x = X509_new(), .key = spec->key };
	X509_NAME *subject = make_name(spec->subject);
	unsigned char *der = NULL;
	EVP_PKEY *signer;
	X509V3_CTX ctx;
	int len;

	if (!m.key)
		m.key = make_key("P-256", 0);
	signer = wrong ? wrong : spec->issuer ? spec->issuer->key : m.key;
	must(X509_set_version(m.x, spec->v1 ? X509_VERSION_1 : X509_VERSION_3));
	ASN1_INTEGER_set(X509_get_serialNumber(m.x), spec->serial ? spec->serial : serial++);
	ASN1_TIME_set(X509_getm_notBefore(m.x), spec->from ? spec->from : NOW - 180L * DAY);
	ASN1_TIME_set(X509_getm_notAfter(m.x), spec->until ? spec->until : NOW + 180L * DAY);
	X509_set_subject_name(m.x, subject);
	X509_set_issuer_name(m.x, spec->issuer ? X509_get_subject_name(spec->issuer->x) : subject);
	must(X509_set_pubkey(m.x, m.key) == 1);

	X509V3_set_ctx(&ctx, spec->issuer ? spec->issuer->x : m.x, m.x, NULL, NULL, 0);
	if (!spec->v1 && !spec->nameless_key) {
		add_extension(m.x, &ctx, "subjectKeyIdentifier", "hash");
		add_extension(m.x, &ctx, "authorityKeyIdentifier", "keyid");
	}
	if (!spec->v1) {
		add_extension(m.x, &ctx, "basicConstraints", spec->constraints);
		add_extension(m.x, &ctx, "keyUsage", spec->usage);
		add_extension(m.x, &ctx, "extendedKeyUsage", spec->extended);
		add_extension(m.x, &ctx, "subjectAltName", spec->names);
		add_extension(m.x, &ctx, "nameConstraints", spec->permitted);
		/* a number of an object that nobody knows */
		add_extension(m.x, &ctx, "1.3.6.1.4.1.99999.1", spec->other);
	}
	must(X509_sign(m.x, signer, digest_for(signer, spec->md)) > 0);
	len = i2d_X509(m.x, &der);
	must(len > 0);
	/* In memory of exactly its size, so that ASan sees its end. */
	m.len = (size_t)len;
	m.der = malloc(m.len);
	memcpy(m.der, der, m.len);
	OPENSSL_free(der);
	X509_NAME_free(subject);
	EVP_PKEY_free(wrong);
	return m;
}

void made_free(struct made *made)
{
	X509_free(made->x);
	EVP_PKEY_free(made->key);
	free(made->der);
	memset(made, 0, sizeof(*made));
}

struct ike_chunk made_chunk(const struct made *made)
{
	return (struct ike_chunk){ .data = made->der, .len = made->len };
}

static struct octets of_bio(BIO *bio)
{
	struct octets o;
	char *data;
	long len = BIO_get_mem_data(bio, &data);

	must(len > 0);
	o.len = (size_t)len;
	o.data = OPENSSL_memdup(data, o.len);
	BIO_free(bio);
	return o;
}

struct octets pem_of(const struct made *const *certs, size_t n)
{
	BIO *bio = BIO_new(BIO_s_mem());

	for (size_t i = 0; i < n; i++)
		must(PEM_write_bio_X509(bio, certs[i]->x) == 1);
	return of_bio(bio);
}

struct octets key_pem(EVP_PKEY *key, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(PEM_write_bio_PKCS8PrivateKey(bio, key, passphrase ? EVP_aes_128_cbc() : NULL,
					   NULL, 0, NULL, (void *)passphrase) == 1);
	return of_bio(bio);
}

struct octets key_der(EVP_PKEY *key, const char *passphrase)
{
	BIO *bio = BIO_new(BIO_s_mem());

	must(i2d_PKCS8PrivateKey_bio(bio, key, passphrase ? EVP_aes_128_cbc() : NULL,
				     NULL, 0, NULL, (void *)passphrase) == 1);
	return of_bio(bio);
}

/* Both are used up. */
struct octets joined(struct octets a, struct octets b)
{
	a.data = OPENSSL_realloc(a.data, a.len + b.len);
	memcpy(a.data + a.len, b.data, b.len);
	a.len += b.len;
	OPENSSL_free(b.data);
	return a;
}

struct ike_chunk octets_chunk(const struct octets *o)
{
	return (struct ike_chunk){ .data = o->data, .len = o->len };
}

struct octets make_crl(const struct crl_spec *spec)
{
	EVP_PKEY *wrong = spec->forged ? make_key("P-256", 0) : NULL;
	EVP_PKEY *signer = wrong ? wrong : spec->issuer->key;
	X509_CRL *crl = X509_CRL_new();
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	ASN1_TIME *t = ASN1_TIME_new();
	struct octets o = {};
	X509V3_CTX ctx;
	int len;

	must(X509_CRL_set_version(crl, X509_CRL_VERSION_2));
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(spec->issuer->x));
	ASN1_TIME_set(t, spec->from ? spec->from : NOW - DAY);
	X509_CRL_set1_lastUpdate(crl, t);
	if (spec->until != -1) {
		ASN1_TIME_set(t, spec->until ? spec->until : NOW + DAY);
		X509_CRL_set1_nextUpdate(crl, t);
	}
	ASN1_TIME_set(t, NOW - DAY);
	for (int i = 0; i < 4 && spec->revoked[i]; i++) {
		X509_REVOKED *r = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(r, (ASN1_INTEGER *)
					      X509_get0_serialNumber(spec->revoked[i]));
		X509_REVOKED_set_revocationDate(r, t);
		must(X509_CRL_add0_revoked(crl, r));
	}
	ASN1_INTEGER_set(number, 7);
	X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0);
	if (spec->delta)
		X509_CRL_add1_ext_i2d(crl, NID_delta_crl, number, 1, 0);
	X509V3_set_ctx(&ctx, spec->issuer->x, NULL, NULL, crl, 0);
	if (spec->point) {
		X509_EXTENSION *ext = X509V3_EXT_conf(NULL, &ctx, "issuingDistributionPoint",
						      spec->point);

		must(ext && X509_CRL_add_ext(crl, ext, -1));
		X509_EXTENSION_free(ext);
	}
	must(X509_CRL_sign(crl, signer, digest_for(signer, spec->md)) > 0);
	len = i2d_X509_CRL(crl, &o.data);
	must(len > 0);
	o.len = (size_t)len;
	ASN1_INTEGER_free(number);
	ASN1_TIME_free(t);
	X509_CRL_free(crl);
	EVP_PKEY_free(wrong);
	return o;
}

struct octets make_ocsp(const struct ocsp_spec *spec)
{
	const struct made *signer = spec->signer ? spec->signer : spec->issuer;
	OCSP_CERTID *id = OCSP_cert_to_id(spec->id_md, spec->about->x, spec->issuer->x);
	ASN1_TIME *from = ASN1_GENERALIZEDTIME_set(NULL, spec->from ? spec->from : NOW - DAY);
	ASN1_TIME *until = spec->until == -1 ? NULL :
			   ASN1_GENERALIZEDTIME_set(NULL, spec->until ? spec->until : NOW + DAY);
	OCSP_BASICRESP *bs = OCSP_BASICRESP_new();
	OCSP_RESPONSE *resp;
	struct octets o = {};
	EVP_PKEY *key = signer->key;
	int len;

	must(OCSP_basic_add1_status(bs, id, spec->status, 0, from, from, until));
	must(OCSP_basic_sign(bs, signer->x, key, digest_for(key, spec->md), NULL,
			     OCSP_NOTIME | (spec->without_signer || spec->forged ? OCSP_NOCERTS : 0)) == 1);
	resp = OCSP_response_create(spec->response_status, spec->response_status ? NULL : bs);
	must(resp);
	len = i2d_OCSP_RESPONSE(resp, &o.data);
	must(len > 0);
	o.len = (size_t)len;
	/* at the end is the certificate, or without one the signature */
	if (spec->forged)
		o.data[o.len - 1] ^= 1;
	OCSP_RESPONSE_free(resp);
	OCSP_BASICRESP_free(bs);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(from);
	ASN1_TIME_free(until);
	return o;
}
