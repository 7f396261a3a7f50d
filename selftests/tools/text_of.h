/* SPDX-License-Identifier: GPL-2.0 */
/* What a function that prints to a stream has printed. */
#ifndef TEXT_OF_H
#define TEXT_OF_H

#include <stdio.h>
#include <stdlib.h>

struct text_of {
	FILE *stream;
	char *text;
	size_t length;
};

static inline FILE *text_begin(struct text_of *t)
{
	t->stream = open_memstream(&t->text, &t->length);
	return t->stream;
}

static inline const char *text_end(struct text_of *t)
{
	fclose(t->stream);
	return t->text;
}

#endif
