/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that somebody wrote for us, by lines. */
#ifndef VPNHA_SOURCE_H
#define VPNHA_SOURCE_H

#include <stddef.h>
#include <stdio.h>

struct source_line {
	size_t start, length;
};

/**
 * struct source - The lines of a file or of the command line.
 * @name: what messages call it; NULL for the words of the command line
 * @text: all bytes
 * @lines: where each line is, without its end
 * @n_lines: how many
 */
struct source {
	char *name;
	char *text;
	struct source_line *lines;
	size_t n_lines;
};

int source_read(struct source *s, const char *path);
void source_add(struct source *s, const char *text, size_t length);
void source_name(struct source *s, const char *name);
void source_free(struct source *s);
const char *source_get(const struct source *s, unsigned int line, size_t *length);

#endif
