// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/diag.h"
#include "lib/text.h"

/* How much of a long line is shown, in bytes before and after the column. */
#define EXCERPT_BEFORE	72
#define EXCERPT_AFTER	48

static const char *const levels[] = {
	[DIAG_NOTE]	= "note",
	[DIAG_WARNING]	= "warning",
	[DIAG_ERROR]	= "error",
};

/**
 * diag_add() - Add a message.
 * @d: messages
 * @level: how bad it is
 * @at: where in the source, or nowhere
 * @format: as of printf
 */
void diag_add(struct diags *d, enum diag_level level, struct model_pos at, const char *format, ...)
{
	struct diag *item;
	va_list ap;

	if (level == DIAG_ERROR && d->n_errors++ >= DIAG_MAX_ERRORS)
		return;
	d->items = array_grow(d->items, d->n_items, sizeof(*d->items));
	item = &d->items[d->n_items++];
	item->level = level;
	item->at = at;
	item->order = d->n_items;
	va_start(ap, format);
	item->message = xvasprintf(format, ap);
	va_end(ap);
	text_sanitize(item->message);
}

/**
 * diag_clear() - Forget all messages.
 * @d: messages
 */
void diag_clear(struct diags *d)
{
	for (size_t n = 0; n < d->n_items; n++)
		free(d->items[n].message);
	free(d->items);
	d->items = NULL;
	d->n_items = 0;
	d->n_errors = 0;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* People count characters where the parser counts bytes. */
static unsigned int characters(const char *text, size_t bytes)
{
	unsigned int n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += !is_continuation(text[i]);
	return n;
}

static unsigned int display_column(const struct diags *d, const struct diag *item)
{
	const char *line = NULL;
	size_t length = 0;

	if (d->source)
		line = source_get(d->source, item->at.line, &length);
	if (!line || !item->at.column || item->at.column - 1 > length)
		return item->at.column;
	return characters(line, item->at.column - 1) + 1;
}

/* A copy of the line without its keys, the caller's. */
static char *printable(const char *line, size_t length)
{
	char *copy = xcalloc(length + 1, 1);

	for (size_t n = 0; n < length; n++) {
		unsigned char c = (unsigned char)line[n];

		copy[n] = (char)(c == '\t' ? ' ' : c < ' ' || c == 0x7f ? '?' : c);
	}
	text_mask_secrets(copy);
	return copy;
}

static void print_excerpt(const struct diags *d, const struct diag *item, FILE *out)
{
	size_t length, column, from, to;
	const char *line;
	char *shown;

	if (!d->source || !item->at.column)
		return;
	line = source_get(d->source, item->at.line, &length);
	if (!line || item->at.column - 1 > length)
		return;
	shown = printable(line, length);
	column = item->at.column - 1;
	from = column > EXCERPT_BEFORE ? column - EXCERPT_BEFORE : 0;
	to = length - column > EXCERPT_AFTER ? column + EXCERPT_AFTER : length;
	while (from < column && is_continuation(shown[from]))
		from++;
	while (to > column && to < length && is_continuation(shown[to]))
		to--;

	fprintf(out, "  %s%.*s%s\n", from ? "..." : "", (int)(to - from), shown + from,
		to < length ? "..." : "");
	fprintf(out, "  %s", from ? "   " : "");
	for (size_t i = from; i < column; i++)
		if (!is_continuation(shown[i]))
			fputc(' ', out);
	fputs("^\n", out);
	free(shown);
}

static int compare(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;

	if (x->at.line != y->at.line)
		return x->at.line < y->at.line ? -1 : 1;
	if (x->at.column != y->at.column)
		return x->at.column < y->at.column ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void print_one(const struct diags *d, const struct diag *item, FILE *out)
{
	const char *name = d->source ? d->source->name : NULL;

	if (name && item->at.line && item->at.column)
		fprintf(out, "%s:%u:%u: ", name, item->at.line, display_column(d, item));
	else if (name && item->at.line)
		fprintf(out, "%s:%u: ", name, item->at.line);
	else
		fprintf(out, "%s: ", name ? name : "vpnhactl");
	if (item->level != DIAG_NOTE)
		fprintf(out, "%s: ", levels[item->level]);
	fprintf(out, "%s\n", item->message);
	print_excerpt(d, item, out);
}

/**
 * diag_print() - Print all messages in the order of the source.
 * @d: messages
 * @out: where to
 */
void diag_print(struct diags *d, FILE *out)
{
	if (d->n_items)
		qsort(d->items, d->n_items, sizeof(*d->items), compare);
	for (size_t n = 0; n < d->n_items; n++)
		print_one(d, &d->items[n], out);
	if (d->n_errors > DIAG_MAX_ERRORS)
		fprintf(out, "%s: %zu more errors\n",
			d->source && d->source->name ? d->source->name : "vpnhactl",
			d->n_errors - DIAG_MAX_ERRORS);
}

/**
 * diag_json() - All messages in the order of the source.
 * @d: messages
 *
 * Return: an array, owned by the caller.
 */
json_t *diag_json(struct diags *d)
{
	json_t *list = json_array();

	if (d->n_items)
		qsort(d->items, d->n_items, sizeof(*d->items), compare);
	for (size_t n = 0; n < d->n_items; n++) {
		const struct diag *item = &d->items[n];
		json_t *o = json_pack("{s:s}", "level", levels[item->level]);

		if (d->source && d->source->name)
			json_object_set_new(o, "file", json_string(d->source->name));
		if (item->at.line) {
			json_object_set_new(o, "line", json_integer(item->at.line));
			if (item->at.column)
				json_object_set_new(o, "column",
						    json_integer(display_column(d, item)));
		}
		json_object_set_new(o, "message", json_string(item->message));
		json_array_append_new(list, o);
	}
	return list;
}
