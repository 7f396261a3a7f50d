// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether an identity is that of a certificate, RFC 4945 section 3.1. */
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "ike/cert_internal.h"
#include "ike/number.h"

static struct ike_chunk string_chunk(const ASN1_STRING *s)
{
	return (struct ike_chunk){
		.data = ASN1_STRING_get0_data(s), .len = (size_t)ASN1_STRING_length(s),
	};
}

static bool equal(struct ike_chunk a, struct ike_chunk b)
{
	return a.len == b.len && a.len && !memcmp(a.data, b.data, a.len);
}

/* Octets, not strings: a zero inside of one ends nothing. */
static bool equal_but_case(struct ike_chunk a, struct ike_chunk b)
{
	if (a.len != b.len || !a.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		uint8_t x = a.data[i], y = b.data[i];

		x = x >= 'A' && x <= 'Z' ? x | 0x20 : x;
		y = y >= 'A' && y <= 'Z' ? y | 0x20 : y;
		if (x != y)
			return false;
	}
	return true;
}

/* A wildcard is no name of anybody's, and is not compared with one. */
static bool is_domain(struct ike_chunk name)
{
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = name.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '-' && c != '.' && c != '_')
			return false;
	}
	return name.len;
}

static bool split_email(struct ike_chunk email, struct ike_chunk *local,
			struct ike_chunk *domain)
{
	const uint8_t *at = email.len ? memrchr(email.data, '@', email.len) : NULL;

	if (!at)
		return false;
	local->data = email.data;
	local->len = (size_t)(at - email.data);
	domain->data = at + 1;
	domain->len = email.len - local->len - 1;
	return local->len && is_domain(*domain);
}

static bool equal_emails(struct ike_chunk a, struct ike_chunk b)
{
	struct ike_chunk local[2], domain[2];

	return split_email(a, &local[0], &domain[0]) && split_email(b, &local[1], &domain[1]) &&
	       equal(local[0], local[1]) && equal_but_case(domain[0], domain[1]);
}

static X509_NAME *name_of(struct ike_chunk der)
{
	const unsigned char *p = der.data;
	X509_NAME *name = d2i_X509_NAME(NULL, &p, (long)der.len);

	if (name && (p != der.data + der.len || !X509_NAME_entry_count(name))) {
		X509_NAME_free(name);
		name = NULL;
	}
	ERR_clear_error();
	return name;
}

static bool equal_names(struct ike_chunk a, struct ike_chunk b)
{
	X509_NAME *x = name_of(a), *y = name_of(b);
	bool same = x && y && !X509_NAME_cmp(x, y);

	X509_NAME_free(x);
	X509_NAME_free(y);
	return same;
}

/**
 * ike_id_equal() - Whether two identities of a type are the same.
 * @type: enum ike_id_type
 * @a: one of them
 * @b: the other one
 *
 * Names of domains and distinguished names do not depend on case. Nothing is a
 * pattern, and what is not well formed equals nothing.
 *
 * Return: whether they are.
 */
bool ike_id_equal(uint8_t type, struct ike_chunk a, struct ike_chunk b)
{
	switch (type) {
	case IKE_ID_IPV4_ADDR:
		return a.len == 4 && equal(a, b);
	case IKE_ID_IPV6_ADDR:
		return a.len == 16 && equal(a, b);
	case IKE_ID_FQDN:
		return is_domain(a) && equal_but_case(a, b);
	case IKE_ID_RFC822_ADDR:
		return equal_emails(a, b);
	case IKE_ID_DER_ASN1_DN:
		return equal_names(a, b);
	case IKE_ID_DER_ASN1_GN:
	case IKE_ID_KEY_ID:
		return equal(a, b);
	}
	return false;
}

/* The type of identity that a name of a certificate can prove, 0 if there is none. */
static uint8_t type_of(const GENERAL_NAME *name, struct ike_chunk *value)
{
	switch (name->type) {
	case GEN_DNS:
		*value = string_chunk(name->d.dNSName);
		return IKE_ID_FQDN;
	case GEN_EMAIL:
		*value = string_chunk(name->d.rfc822Name);
		return IKE_ID_RFC822_ADDR;
	case GEN_IPADD:
		*value = string_chunk(name->d.iPAddress);
		return value->len == 4 ? IKE_ID_IPV4_ADDR : IKE_ID_IPV6_ADDR;
	}
	return 0;
}

/* The names that it has, for whoever wonders which one was meant. */
static void list_names(char *text, size_t size, const GENERAL_NAMES *names)
{
	size_t at = 0;

	snprintf(text, size, "no name");
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && at < size; i++) {
		char buf[IKE_ID_TEXT_LEN];
		struct ike_chunk value;
		uint8_t type = type_of(sk_GENERAL_NAME_value(names, i), &value);

		if (type)
			at += (size_t)snprintf(text + at, size - at, "%s%s", at ? ", " : "",
					       ike_id_text(buf, type, value));
	}
}

static bool has_alternative(const X509 *x, uint8_t type, struct ike_chunk id,
			    char reason[IKE_REASON_LEN])
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	char list[128], text[IKE_ID_TEXT_LEN], subject[IKE_SUBJECT_LEN];
	struct ike_chunk value;
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++)
		found = type_of(sk_GENERAL_NAME_value(names, i), &value) == type &&
			ike_id_equal(type, id, value);
	if (!found) {
		list_names(list, sizeof(list), names);
		ike_refuse(reason, "not issued to %s \"%s\" but to %s: %s",
			   ike_id_type_text(type), ike_id_text(text, type, id), list,
			   ike_subject_text(subject, x));
	}
	GENERAL_NAMES_free(names);
	ERR_clear_error();
	return found;
}

static bool has_subject(const X509 *x, struct ike_chunk id, char reason[IKE_REASON_LEN])
{
	char text[IKE_ID_TEXT_LEN], subject[IKE_SUBJECT_LEN];
	X509_NAME *name = name_of(id);
	bool same = name && !X509_NAME_cmp(name, X509_get_subject_name(x));

	X509_NAME_free(name);
	return same || ike_refuse(reason, "not issued to dn \"%s\": %s",
				  ike_id_text(text, IKE_ID_DER_ASN1_DN, id),
				  ike_subject_text(subject, x));
}

/**
 * ike_x509_has_id() - Whether a certificate was issued to an identity.
 * @x: the certificate
 * @type: enum ike_id_type
 * @id: the identity
 * @reason: why not
 *
 * Addresses and names of hosts and users stand in its subjectAltName; the common name
 * proves none of them.
 *
 * Return: whether it was.
 */
bool ike_x509_has_id(const X509 *x, uint8_t type, struct ike_chunk id,
		     char reason[IKE_REASON_LEN])
{
	char subject[IKE_SUBJECT_LEN];

	switch (type) {
	case IKE_ID_IPV4_ADDR:
	case IKE_ID_IPV6_ADDR:
	case IKE_ID_FQDN:
	case IKE_ID_RFC822_ADDR:
		return has_alternative(x, type, id, reason);
	case IKE_ID_DER_ASN1_DN:
		return has_subject(x, id, reason);
	}
	return ike_refuse(reason, "an identity of type %u (%s) cannot be that of a certificate: %s",
			  type, ike_id_type_text(type), ike_subject_text(subject, x));
}
