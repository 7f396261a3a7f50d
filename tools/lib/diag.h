/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages about a source, with file, line, column and a caret, as gcc prints them. */
#ifndef VPNHA_DIAG_H
#define VPNHA_DIAG_H

#include <jansson.h>
#include <stdio.h>

#include "lib/model.h"
#include "lib/source.h"

#define DIAG_MAX_ERRORS	20

enum diag_level {
	DIAG_NOTE,
	DIAG_WARNING,
	DIAG_ERROR,
};

struct diag {
	enum diag_level level;
	struct model_pos at;
	size_t order;
	char *message;
};

/**
 * struct diags - The messages about a source.
 * @source: what they are about; may be NULL
 * @items: messages, in the order they came
 * @n_items: how many
 * @n_errors: how many errors came, including those beyond DIAG_MAX_ERRORS
 */
struct diags {
	const struct source *source;
	struct diag *items;
	size_t n_items;
	size_t n_errors;
};

void diag_add(struct diags *d, enum diag_level level, struct model_pos at,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_print(struct diags *d, FILE *out);
json_t *diag_json(struct diags *d);
void diag_clear(struct diags *d);

#endif
