// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is said of certificates and identities. Their authors are not trusted: nothing
 * they wrote can end a line of a log, or begin one.
 */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ike/cert_internal.h"
#include "ike/number.h"

static const char dots[] = "...";

static bool is_printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

static void shorten(char *buf, size_t size)
{
	memcpy(buf + size - sizeof(dots), dots, sizeof(dots));
}

/**
 * ike_refuse() - Write why something was refused.
 * @reason: the text
 * @format: as that of printf()
 *
 * Return: false, what the caller returns.
 */
bool ike_refuse(char reason[IKE_REASON_LEN], const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(reason, IKE_REASON_LEN, format, args);
	va_end(args);
	if (len >= IKE_REASON_LEN)
		shorten(reason, IKE_REASON_LEN);
	for (char *c = reason; *c; c++)
		if (!is_printable((uint8_t)*c))
			*c = '?';
	return false;
}

/**
 * ike_libcrypto_text() - What libcrypto says went wrong.
 * @buf: room for it
 *
 * Its queue is empty afterwards.
 *
 * Return: @buf
 */
const char *ike_libcrypto_text(char buf[IKE_REASON_LEN])
{
	const char *data = NULL, *text;
	unsigned long error;
	int flags = 0;

	/* The first one is the closest to the octets. */
	error = ERR_peek_error_all(NULL, NULL, NULL, &data, &flags);
	text = ERR_reason_error_string(error);
	snprintf(buf, IKE_REASON_LEN, "%s", text ? text : "libcrypto failed");
	if (data && *data && flags & ERR_TXT_STRING)
		snprintf(buf, IKE_REASON_LEN, "%s (%s)", text ? text : "libcrypto failed", data);
	ERR_clear_error();
	return buf;
}

/**
 * ike_name_text() - A distinguished name as RFC 2253 writes it, in ASCII.
 * @buf: room for it
 * @name: of a certificate or CRL
 *
 * Return: @buf
 */
const char *ike_name_text(char buf[IKE_SUBJECT_LEN], const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	snprintf(buf, IKE_SUBJECT_LEN, "(no name)");
	if (bio && name && X509_NAME_entry_count(name)) {
		if (X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) < 0) {
			snprintf(buf, IKE_SUBJECT_LEN, "(a name that cannot be read)");
		} else {
			len = BIO_get_mem_data(bio, &text);
			snprintf(buf, IKE_SUBJECT_LEN, "%.*s", (int)len, text);
			if (len >= IKE_SUBJECT_LEN)
				shorten(buf, IKE_SUBJECT_LEN);
		}
	}
	BIO_free(bio);
	ERR_clear_error();
	return buf;
}

const char *ike_subject_text(char buf[IKE_SUBJECT_LEN], const X509 *x)
{
	return ike_name_text(buf, X509_get_subject_name(x));
}

const char *ike_time_text(char buf[IKE_TIME_LEN], const ASN1_TIME *t)
{
	struct tm tm;

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		snprintf(buf, IKE_TIME_LEN, "at no time");
	else if (!strftime(buf, IKE_TIME_LEN, "%Y-%m-%d %H:%M:%S UTC", &tm))
		*buf = '\0';
	ERR_clear_error();
	return buf;
}

/**
 * ike_time_seconds() - Unix seconds.
 * @t: of a certificate
 *
 * Return: these, or INT64_MIN, which is in the past, if it is not a time.
 */
int64_t ike_time_seconds(const ASN1_TIME *t)
{
	struct tm tm;

	if (t && ASN1_TIME_to_tm(t, &tm) == 1)
		return timegm(&tm);
	ERR_clear_error();
	return INT64_MIN;
}

/**
 * ike_id_type_text() - The word for a type of identity.
 * @type: enum ike_id_type
 *
 * Return: a word as a configuration has it, or "unknown".
 */
const char *ike_id_type_text(uint8_t type)
{
	switch (type) {
	case IKE_ID_IPV4_ADDR:
	case IKE_ID_IPV6_ADDR:
		return "address";
	case IKE_ID_FQDN:
		return "fqdn";
	case IKE_ID_RFC822_ADDR:
		return "email";
	case IKE_ID_DER_ASN1_DN:
		return "dn";
	case IKE_ID_DER_ASN1_GN:
		return "general-name";
	case IKE_ID_KEY_ID:
		return "key-id";
	case IKE_ID_NULL:
		return "null";
	}
	return "unknown";
}

static const char *hex_text(char buf[IKE_ID_TEXT_LEN], struct ike_chunk id)
{
	size_t at = 2;

	memcpy(buf, "0x", 3);
	for (size_t i = 0; i < id.len; i++, at += 2) {
		if (at + 2 >= IKE_ID_TEXT_LEN) {
			shorten(buf, IKE_ID_TEXT_LEN);
			return buf;
		}
		snprintf(buf + at, 3, "%02x", id.data[i]);
	}
	return buf;
}

/* Blanks and quotes delimit what stands beside it. */
static const char *printable_text(char buf[IKE_ID_TEXT_LEN], struct ike_chunk id)
{
	size_t at = 0, len;

	*buf = '\0';
	for (size_t i = 0; i < id.len; i++, at += len) {
		uint8_t c = id.data[i];
		bool plain = is_printable(c) && c != ' ' && c != '\\' && c != '"';

		len = plain ? 1 : 3;
		if (at + len >= IKE_ID_TEXT_LEN) {
			memset(buf + at, '.', IKE_ID_TEXT_LEN - 1 - at);
			shorten(buf, IKE_ID_TEXT_LEN);
			return buf;
		}
		snprintf(buf + at, len + 1, plain ? "%c" : "\\%02X", c);
	}
	return buf;
}

static const char *key_id_text(char buf[IKE_ID_TEXT_LEN], struct ike_chunk id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!is_printable(id.data[i]))
			return hex_text(buf, id);
	return printable_text(buf, id);
}

static const char *dn_text(char buf[IKE_ID_TEXT_LEN], struct ike_chunk id)
{
	const unsigned char *p = id.data;
	X509_NAME *name = d2i_X509_NAME(NULL, &p, (long)id.len);
	char text[IKE_SUBJECT_LEN];

	if (name && p == id.data + id.len)
		snprintf(buf, IKE_ID_TEXT_LEN, "%s", ike_name_text(text, name));
	else
		hex_text(buf, id);
	X509_NAME_free(name);
	ERR_clear_error();
	return buf;
}

/**
 * ike_id_text() - An identity for logs and "show".
 * @buf: room for it
 * @type: enum ike_id_type, or any other number
 * @id: the identity, of any octets
 *
 * What cannot be printed, blanks, quotes and backslashes become a backslash and two
 * hexadecimal digits, or all becomes hexadecimal.
 *
 * Return: @buf
 */
const char *ike_id_text(char buf[IKE_ID_TEXT_LEN], uint8_t type, struct ike_chunk id)
{
	int family = type == IKE_ID_IPV4_ADDR ? AF_INET : AF_INET6;

	switch (type) {
	case IKE_ID_IPV4_ADDR:
	case IKE_ID_IPV6_ADDR:
		if (id.len != (family == AF_INET ? 4 : 16) ||
		    !inet_ntop(family, id.data, buf, IKE_ID_TEXT_LEN))
			hex_text(buf, id);
		return buf;
	case IKE_ID_FQDN:
	case IKE_ID_RFC822_ADDR:
		return printable_text(buf, id);
	case IKE_ID_DER_ASN1_DN:
		return dn_text(buf, id);
	case IKE_ID_KEY_ID:
		return key_id_text(buf, id);
	}
	return hex_text(buf, id);
}
