// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_address.h"
#include "lib/text.h"

#define BITS	32

/* Returns whether @s is such a length. */
static bool parse_length(const char *s, in_addr_t *mask, uint32_t *length)
{
	if (!text_parse_number(s, length) || *length > BITS)
		return false;
	*mask = *length ? htonl(UINT32_MAX << (BITS - *length)) : 0;
	return true;
}

/**
 * config_netmask() - Read a mask whose bits that count come first.
 * @s: text
 * @mask: result, in network byte order
 * @length: result: how many bits count
 *
 * Return: whether it is one.
 */
bool config_netmask(const char *s, in_addr_t *mask, uint32_t *length)
{
	uint32_t rest;

	if (!text_parse_address(s, mask))
		return false;
	rest = ~ntohl(*mask);
	*length = BITS - (uint32_t)__builtin_popcount(rest);
	return !(rest & (rest + 1));
}

/* Address and length of its prefix in one word. */
static bool parse_slash(struct config_address *a, const char *word)
{
	char *address = xstrdup(word), *slash = strchr(address, '/');
	bool good = slash;

	if (good) {
		*slash = '\0';
		good = text_parse_address(address, &a->address) &&
		       parse_length(slash + 1, &a->mask, &a->length);
	}
	free(address);
	return good;
}

/**
 * config_address_parse() - Read "ip address ADDRESS MASK [secondary]".
 * @a: result, but for the interface and the position
 * @line: its words; the length of the prefix may follow the address instead of a mask
 *
 * Return: whether it is such a line, complete and right.
 */
bool config_address_parse(struct config_address *a, const struct grammar_line *line)
{
	size_t n = 3;

	memset(a, 0, sizeof(*a));
	if (!grammar_line_begins(line, 0, "ip address *"))
		return false;
	if (!parse_slash(a, line->words[2].text)) {
		n = 4;
		if (line->n_words < n || !text_parse_address(line->words[2].text, &a->address) ||
		    !config_netmask(line->words[3].text, &a->mask, &a->length))
			return false;
	}
	a->secondary = grammar_line_begins(line, n, "secondary");
	return n + a->secondary == line->n_words;
}
