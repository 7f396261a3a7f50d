/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of the algorithms of "crypto ikev2 proposal", those of one kind in the
 * order in which help lists them. The table of algorithms in ike/alg.c has the
 * same words; a test compares both.
 */
#ifndef VPNHA_IKEV2_WORDS_H
#define VPNHA_IKEV2_WORDS_H

#include "lib/ikev2.h"

#define IKEV2_CIPHER(w, h, name)	extern const char IKEV2_WORD_ ## name[];
#define IKEV2_HASH(w, h, name)		extern const char IKEV2_WORD_ ## name[];
#define IKEV2_DH(w, h, name)		extern const char IKEV2_WORD_ ## name[];
#include "lib/ikev2_words_table.h"

/* ikev2_words.c */
const char *ikev2_word(enum ikev2_alg kind, const char *word);
const char *ikev2_word_next(enum ikev2_alg kind, const char *previous);
bool ikev2_word_is_aead(const char *word);
bool ikev2_word_is_weak(const char *word);

#endif
