// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/ikev2_words.h"

#define IKEV2_CIPHER(w, h, name)	const char IKEV2_WORD_ ## name[] = w;
#define IKEV2_HASH(w, h, name)		const char IKEV2_WORD_ ## name[] = w;
#define IKEV2_DH(w, h, name)		const char IKEV2_WORD_ ## name[] = w;
#include "lib/ikev2_words_table.h"

static const char *const encryption_words[] = {
#define IKEV2_CIPHER(w, h, name)	IKEV2_WORD_ ## name,
#include "lib/ikev2_words_table.h"
	NULL
};

static const char *const hash_words[] = {
#define IKEV2_HASH(w, h, name)		IKEV2_WORD_ ## name,
#include "lib/ikev2_words_table.h"
	NULL
};

static const char *const group_words[] = {
#define IKEV2_DH(w, h, name)		IKEV2_WORD_ ## name,
#include "lib/ikev2_words_table.h"
	NULL
};

static const char *const *const kinds[IKEV2_ALGS] = {
	[IKEV2_ENCRYPTION]	= encryption_words,
	[IKEV2_INTEGRITY]	= hash_words,
	[IKEV2_PRF]		= hash_words,
	[IKEV2_GROUP]		= group_words,
};

/**
 * ikev2_word() - Find the word of an algorithm.
 * @kind: kind of algorithm
 * @word: its word
 *
 * Return: the one pointer that stands for that word, or NULL.
 */
const char *ikev2_word(enum ikev2_alg kind, const char *word)
{
	for (const char *const *w = kinds[kind]; *w; w++)
		if (!strcmp(*w, word))
			return *w;
	return NULL;
}

/**
 * ikev2_word_next() - Go through the words of a kind of algorithm.
 * @kind: kind
 * @previous: one of them, or NULL for the first
 *
 * Return: the next one, NULL after the last.
 */
const char *ikev2_word_next(enum ikev2_alg kind, const char *previous)
{
	const char *const *w = kinds[kind];

	while (previous && *w++ != previous)
		;
	return *w;
}

/**
 * ikev2_word_is_aead() - Tell whether a cipher authenticates.
 * @word: of a cipher, as ikev2_word() has it
 */
bool ikev2_word_is_aead(const char *word)
{
	return word != IKEV2_WORD_AES_CBC_128 && word != IKEV2_WORD_AES_CBC_192 &&
	       word != IKEV2_WORD_AES_CBC_256;
}

/**
 * ikev2_word_is_weak() - Tell whether an algorithm is only there for peers of old.
 * @word: as ikev2_word() has it
 */
bool ikev2_word_is_weak(const char *word)
{
	return word == IKEV2_WORD_SHA1;
}
