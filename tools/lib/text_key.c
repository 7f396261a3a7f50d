// SPDX-License-Identifier: GPL-2.0-or-later
/* SPIs and keys as text. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/crypto.h"
#include "lib/text.h"

static unsigned int hex_digit(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/**
 * text_hex_digits() - Pass over what announces hexadecimal digits.
 * @s: text
 *
 * Return: the text behind "0x", or all of it.
 */
const char *text_hex_digits(const char *s)
{
	return s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? s + 2 : s;
}

/**
 * text_parse_spi() - Read an SPI, decimal or hexadecimal.
 * @s: text
 * @spi: result
 *
 * Return: whether it is one that an SA may have.
 */
bool text_parse_spi(const char *s, uint32_t *spi)
{
	uint64_t n = 0;

	if (text_hex_digits(s) == s) {
		if (!text_parse_long(s, &n) || n > UINT32_MAX)
			return false;
		*spi = (uint32_t)n;
		return n >= VPNHA_SPI_MIN;
	}
	s = text_hex_digits(s);
	if (!*s || strlen(s) > 8)
		return false;
	for (; *s; s++) {
		if (!isxdigit((unsigned char)*s))
			return false;
		n = n << 4 | hex_digit(*s);
	}
	*spi = (uint32_t)n;
	return n >= VPNHA_SPI_MIN;
}

/**
 * text_key_error() - Say what is wrong with a key.
 * @s: text
 *
 * Return: NULL when it is hexadecimal and of no impossible length.
 */
const char *text_key_error(const char *s)
{
	size_t digits = 0;

	s = text_hex_digits(s);
	for (; s[digits]; digits++)
		if (!isxdigit((unsigned char)s[digits]))
			return "is not hexadecimal";
	if (!digits)
		return "is empty";
	if (digits % 2)
		return "has an odd number of hexadecimal digits";
	if (digits > 2 * (size_t)CRYPTO_KEY_MAX)
		return "is longer than any transform takes";
	return NULL;
}

/**
 * text_is_hex() - Tell whether a text is octets in hexadecimal digits.
 * @s: text
 */
bool text_is_hex(const char *s)
{
	const size_t length = strlen(s);

	return length && !(length % 2) && strspn(s, "0123456789abcdefABCDEF") == length;
}

/**
 * text_parse_hex() - Read octets.
 * @data: result
 * @s: text that is hexadecimal
 *
 * Return: how many they are.
 */
size_t text_parse_hex(uint8_t *data, const char *s)
{
	size_t n = 0;

	for (; s[2 * n]; n++)
		data[n] = (uint8_t)(hex_digit(s[2 * n]) << 4 | hex_digit(s[2 * n + 1]));
	return n;
}

/**
 * text_parse_key() - Read a key.
 * @key: result, of CRYPTO_KEY_MAX bytes
 * @s: text that has no error
 *
 * Return: its bytes.
 */
size_t text_parse_key(uint8_t *key, const char *s)
{
	return text_parse_hex(key, text_hex_digits(s));
}

/**
 * text_write_hex() - Write octets in hexadecimal digits.
 * @out: where to
 * @data: octets
 * @length: how many
 */
void text_write_hex(FILE *out, const uint8_t *data, size_t length)
{
	for (size_t n = 0; n < length; n++)
		fprintf(out, "%02x", data[n]);
}

/**
 * text_is_word() - Tell whether a key can be written as it is.
 * @key: its octets
 * @length: how many
 *
 * Return: false when it would be taken for several words, or for a comment.
 */
bool text_is_word(const uint8_t *key, size_t length)
{
	for (size_t n = 0; n < length; n++)
		if (key[n] <= ' ' || key[n] > '~')
			return false;
	return key[0] != '!';
}

/**
 * text_is_keyword() - Tell whether a key would be taken for a word of the language.
 * @key: its octets
 * @length: how many
 * @words: those that could stand in its place, up to a NULL
 *
 * Abbreviations of them are taken for them, too.
 */
bool text_is_keyword(const uint8_t *key, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (length <= strlen(*words) && !memcmp(*words, key, length))
			return true;
	return false;
}
