// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A peer's AlgorithmIdentifier is never parsed. All that are allowed are few:
 * they are written one after the other, and compared with.
 */
#include <string.h>

#include "ike/auth_scheme.h"

static const struct ike_scheme schemes[] = {
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_256, 32 },
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_384, 48 },
	{ IKE_SCHEME_PSS, IKE_HASH_SHA2_512, 64 },
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_256, 0 },
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_384, 0 },
	{ IKE_SCHEME_PKCS1, IKE_HASH_SHA2_512, 0 },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_256, 0 },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_384, 0 },
	{ IKE_SCHEME_ECDSA, IKE_HASH_SHA2_512, 0 },
	{ IKE_SCHEME_ED25519, IKE_HASH_IDENTITY, 0 },
};

#define SCHEMES	(sizeof(schemes) / sizeof(*schemes))

/*
 * What may differ between two encodings of the same: RFC 4055 wants the NULL of
 * sha256WithRSAEncryption and its like present and accepts it absent; that of a
 * hash may be either; the trailer field of RSASSA-PSS has its default value,
 * which DER leaves out and RFC 7427 appendix A.4.3 does not. We write what DER
 * wants: libreswan knows no other.
 */
#define NO_HASH_NULL	1
#define NO_MGF_NULL	2
#define NO_TRAILER	4
#define VARIANTS	8
#define NO_RSA_NULL	NO_HASH_NULL

/* Of DER. */
#define DER_INTEGER	0x02
#define DER_NULL	0x05
#define DER_OID		0x06
#define DER_SEQUENCE	0x30
#define DER_CONTEXT	0xa0

/* Octets so far, in a buffer that holds the longest. */
struct der {
	uint8_t *data;
	size_t len;
};

static void put(struct der *d, const void *data, size_t len)
{
	memcpy(d->data + d->len, data, len);
	d->len += len;
}

static size_t open_tag(struct der *d, uint8_t tag)
{
	put(d, (uint8_t[]){ tag, 0 }, 2);
	return d->len;
}

/* Everything here is shorter than 128 octets: its length takes one. */
static void close_tag(struct der *d, size_t start)
{
	d->data[start - 1] = (uint8_t)(d->len - start);
}

static void put_oid(struct der *d, const void *oid, size_t len)
{
	size_t start = open_tag(d, DER_OID);

	put(d, oid, len);
	close_tag(d, start);
}

static void put_null(struct der *d)
{
	open_tag(d, DER_NULL);
}

static void put_integer(struct der *d, uint8_t value)
{
	put(d, (uint8_t[]){ DER_INTEGER, 1, value }, 3);
}

/* 2.16.840.1.101.3.4.2.1 to 3: SHA-256, SHA-384, SHA-512 */
static void put_hash(struct der *d, enum ike_hash hash, bool no_null)
{
	const uint8_t oid[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
				(uint8_t)(hash - IKE_HASH_SHA2_256 + 1) };
	size_t start = open_tag(d, DER_SEQUENCE);

	put_oid(d, oid, sizeof(oid));
	if (!no_null)
		put_null(d);
	close_tag(d, start);
}

/* RFC 4055 section 3.1 */
static void put_pss(struct der *d, const struct ike_scheme *s, unsigned int variant)
{
	static const uint8_t pss[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a };
	static const uint8_t mgf1[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08 };
	size_t params, tag, mgf;

	put_oid(d, pss, sizeof(pss));
	params = open_tag(d, DER_SEQUENCE);
	tag = open_tag(d, DER_CONTEXT | 0);
	put_hash(d, s->hash, variant & NO_HASH_NULL);
	close_tag(d, tag);
	tag = open_tag(d, DER_CONTEXT | 1);
	mgf = open_tag(d, DER_SEQUENCE);
	put_oid(d, mgf1, sizeof(mgf1));
	put_hash(d, s->hash, variant & NO_MGF_NULL);
	close_tag(d, mgf);
	close_tag(d, tag);
	tag = open_tag(d, DER_CONTEXT | 2);
	put_integer(d, s->salt);
	close_tag(d, tag);
	if (!(variant & NO_TRAILER)) {
		tag = open_tag(d, DER_CONTEXT | 3);
		put_integer(d, 1);
		close_tag(d, tag);
	}
	close_tag(d, params);
}

/* 1.2.840.113549.1.1.11 to 13 */
static void put_pkcs1(struct der *d, enum ike_hash hash, bool no_null)
{
	const uint8_t oid[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
				(uint8_t)(hash - IKE_HASH_SHA2_256 + 0x0b) };

	put_oid(d, oid, sizeof(oid));
	if (!no_null)
		put_null(d);
}

/* 1.2.840.10045.4.3.2 to 4 */
static void put_ecdsa(struct der *d, enum ike_hash hash)
{
	const uint8_t oid[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03,
				(uint8_t)(hash - IKE_HASH_SHA2_256 + 2) };

	put_oid(d, oid, sizeof(oid));
}

static size_t write_id(const struct ike_scheme *s, unsigned int variant,
		       uint8_t out[IKE_SCHEME_ID_MAX])
{
	struct der d = { .data = out };
	size_t start = open_tag(&d, DER_SEQUENCE);

	switch (s->kind) {
	case IKE_SCHEME_PSS:
		put_pss(&d, s, variant);
		break;
	case IKE_SCHEME_PKCS1:
		put_pkcs1(&d, s->hash, variant & NO_RSA_NULL);
		break;
	case IKE_SCHEME_ECDSA:
		put_ecdsa(&d, s->hash);
		break;
	case IKE_SCHEME_ED25519:
		put_oid(&d, (const uint8_t[]){ 0x2b, 0x65, 0x70 }, 3);
		break;
	}
	close_tag(&d, start);
	return d.len;
}

/**
 * ike_scheme_find() - Look up a way to sign.
 * @kind: with what
 * @hash: and with which hash
 *
 * Return: it, or NULL: SHA-1 makes none.
 */
const struct ike_scheme *ike_scheme_find(enum ike_scheme_kind kind, enum ike_hash hash)
{
	for (size_t i = 0; i < SCHEMES; i++)
		if (schemes[i].kind == kind && schemes[i].hash == hash)
			return &schemes[i];
	return NULL;
}

/**
 * ike_scheme_id() - Write the AlgorithmIdentifier of a way to sign.
 * @scheme: of ike_scheme_find()
 * @out: in DER
 *
 * Return: octets of it.
 */
size_t ike_scheme_id(const struct ike_scheme *scheme, uint8_t out[IKE_SCHEME_ID_MAX])
{
	return write_id(scheme, NO_TRAILER, out);
}

/**
 * ike_scheme_of_id() - Look up a way to sign by its AlgorithmIdentifier.
 * @id: in DER, anybody's
 *
 * Return: it, or NULL when it is none that is allowed.
 */
const struct ike_scheme *ike_scheme_of_id(struct ike_chunk id)
{
	uint8_t known[IKE_SCHEME_ID_MAX];

	for (size_t i = 0; i < SCHEMES; i++)
		for (unsigned int variant = 0; variant < VARIANTS; variant++)
			if (write_id(&schemes[i], variant, known) == id.len &&
			    !memcmp(known, id.data, id.len))
				return &schemes[i];
	return NULL;
}
