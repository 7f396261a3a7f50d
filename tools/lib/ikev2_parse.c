// SPDX-License-Identifier: GPL-2.0-or-later
/* A text becomes a configuration. */
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"

/* The first error by its place. */
static const struct diag *first_error(const struct diags *d)
{
	const struct diag *first = NULL;

	for (size_t n = 0; n < d->n_items; n++) {
		const struct diag *item = &d->items[n];

		if (item->level != DIAG_ERROR)
			continue;
		if (!first || item->at.line < first->at.line ||
		    (item->at.line == first->at.line && item->at.column < first->at.column))
			first = item;
	}
	return first;
}

/**
 * ikev2_config_parse() - Read what a text says about IKE.
 * @c: result; anything it held before is forgotten; empty after an error
 * @text: lines of configuration
 * @length: bytes of it
 * @e: why it is no configuration
 *
 * Lines about anything else are read, and must be right, too, but mean nothing.
 *
 * Return: whether the text is a configuration.
 */
bool ikev2_config_parse(struct ikev2_config *c, const char *text, size_t length,
			struct ikev2_error *e)
{
	struct source source = {};
	const struct diag *error;
	struct config config;

	memset(c, 0, sizeof(*c));
	memset(e, 0, sizeof(*e));
	source_add(&source, text, length);
	config_init(&config, &source);
	config_read(&config);
	ikev2_config_settle(&config.model.ikev2);
	error = first_error(&config.diags);
	if (error) {
		e->message = xstrdup(error->message);
		e->line = error->at.line;
		e->column = error->at.column;
	} else {
		*c = config.model.ikev2;
		memset(&config.model.ikev2, 0, sizeof(config.model.ikev2));
	}
	config_free(&config);
	source_free(&source);
	return !error;
}
