// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"

/**
 * config_init() - Begin to read a configuration.
 * @c: configuration
 * @source: its lines; must outlive @c
 */
void config_init(struct config *c, const struct source *source)
{
	memset(c, 0, sizeof(*c));
	c->diags.source = source;
}

/**
 * config_free() - Release what a configuration holds.
 * @c: configuration
 */
void config_free(struct config *c)
{
	model_free(&c->model);
	diag_clear(&c->diags);
}

/**
 * config_pos() - Position of a column of the line being read.
 * @c: configuration
 * @column: byte from 1, or 0
 */
struct model_pos config_pos(const struct config *c, unsigned int column)
{
	return (struct model_pos){ c->line, column };
}

/**
 * config_error() - Complain about the line being read.
 * @c: configuration
 * @column: byte from 1
 * @format: as of printf
 */
void config_error(struct config *c, unsigned int column, const char *format, ...)
{
	char *message;
	va_list ap;

	va_start(ap, format);
	message = xvasprintf(format, ap);
	va_end(ap);
	diag_add(&c->diags, DIAG_ERROR, config_pos(c, column), "%s", message);
	free(message);
}

/* An interface whose heading was wrong still has lines, and these their own mistakes. */
static void recover(struct config *c, const struct grammar_line *line)
{
	size_t length = strlen(line->words[0].text);

	if (length >= 3 && !strncmp("interface", line->words[0].text, length)) {
		c->mode = CONFIG_INTERFACE;
		c->ifname[0] = '\0';
	}
}

/**
 * config_line() - Read one line.
 * @c: configuration
 * @line: its number in the source
 *
 * Return: GRAMMAR_OK, also when what the line says was refused, or why it means nothing. Either
 * way the messages tell.
 */
enum grammar_result config_line(struct config *c, unsigned int line)
{
	enum grammar_result result = GRAMMAR_OK;
	struct grammar_error error = {};
	struct grammar_match match;
	struct grammar_line words;
	size_t length;
	const char *text = source_get(c->diags.source, line, &length);

	if (!text)
		return GRAMMAR_EMPTY;
	c->line = line;
	grammar_split(&words, text, length);
	if (words.stray) {
		config_error(c, words.stray, "control character 0x%02x",
			     (unsigned char)text[words.stray - 1]);
		result = GRAMMAR_INVALID;
	} else if (!config_foreign_word(c, &words, text, length)) {
		result = grammar_parse(c->mode == CONFIG_INTERFACE ? config_interface_words :
								     config_global_words,
				       &words, &match, &error);
		if (result == GRAMMAR_OK) {
			match.config(c, &match);
		} else if (result != GRAMMAR_EMPTY) {
			config_error(c, error.column, "%s", error.message);
			recover(c, &words);
		}
	}
	free(error.message);
	grammar_line_free(&words);
	return result;
}

/**
 * config_oneshot() - Read a heading and a line below it that stand in one line.
 * @c: configuration
 * @line: number of the line in the source
 *
 * Return: as config_line().
 */
enum grammar_result config_oneshot(struct config *c, unsigned int line)
{
	struct grammar_error error = {};
	enum grammar_result result;
	struct grammar_match match;
	struct grammar_line words;
	size_t length;
	const char *text = source_get(c->diags.source, line, &length);

	if (!text)
		return GRAMMAR_EMPTY;
	c->line = line;
	grammar_split(&words, text, length);
	result = grammar_parse(config_oneshot_words, &words, &match, &error);
	if (result == GRAMMAR_OK) {
		if (match.args[ARG_CONTEXT].given) {
			c->mode = CONFIG_INTERFACE;
			snprintf(c->ifname, sizeof(c->ifname), "%s", match.args[ARG_CONTEXT].text);
			c->at_interface = config_pos(c, match.args[ARG_CONTEXT].column);
		}
		match.config(c, &match);
	} else if (result != GRAMMAR_EMPTY) {
		config_error(c, error.column, "%s", error.message);
	}
	free(error.message);
	grammar_line_free(&words);
	return result;
}

/**
 * config_read() - Read all lines of the source.
 * @c: configuration
 */
void config_read(struct config *c)
{
	for (unsigned int line = 1; line <= c->diags.source->n_lines; line++)
		config_line(c, line);
}
