// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
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
	free(c->standard);
	free(c->addresses);
}

/**
 * config_pos() - Position of a column of the line being read.
 * @c: configuration
 * @column: byte from 1, or 0
 */
struct model_pos config_pos(const struct config *c, unsigned int column)
{
	struct model_pos pos = {};

	if (!c->nowhere)
		pos = (struct model_pos){ c->line, column };
	return pos;
}

/**
 * config_source_name() - What messages call a configuration.
 * @c: configuration
 */
const char *config_source_name(const struct config *c)
{
	return c->diags.source && c->diags.source->name ? c->diags.source->name : "the other file";
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

/**
 * config_warn() - Say something about the line being read.
 * @c: configuration
 * @column: byte from 1
 * @format: as of printf
 */
void config_warn(struct config *c, unsigned int column, const char *format, ...)
{
	char *message;
	va_list ap;

	va_start(ap, format);
	message = xvasprintf(format, ap);
	va_end(ap);
	diag_add(&c->diags, DIAG_WARNING, config_pos(c, column), "%s", message);
	free(message);
}

/**
 * config_enter() - Begin a mode.
 * @c: configuration
 * @mode: mode
 * @name: what its lines are about; empty: they are read, and mean nothing
 * @column: byte from 1
 */
void config_enter(struct config *c, enum config_mode mode, const char *name, unsigned int column)
{
	memset(&c->in, 0, sizeof(c->in));
	c->in.mode = mode;
	snprintf(c->in.name, sizeof(c->in.name), "%s", name);
	c->at_heading = config_pos(c, column);
}

static bool is_word(const struct grammar_line *line, size_t n, const char *of, size_t min)
{
	size_t length = n < line->n_words ? strlen(line->words[n].text) : 0;

	return length >= min && !strncmp(of, line->words[n].text, length);
}

static void recover_ikev2(struct config *c, const struct grammar_line *line)
{
	static const struct {
		const char *word;
		size_t min;
		enum config_mode mode;
	} headings[] = {
		{ "keyring", 1, CONFIG_KEYRING }, { "policy", 2, CONFIG_POLICY },
		{ "profile", 4, CONFIG_PROFILE }, { "proposal", 4, CONFIG_PROPOSAL },
	};

	for (size_t n = 0; n < sizeof(headings) / sizeof(*headings); n++)
		if (is_word(line, 2, headings[n].word, headings[n].min))
			config_enter(c, headings[n].mode, "", 1);
}

/**
 * config_recover() - Enter the mode that a wrong heading would have begun.
 * @c: configuration
 * @line: words of the line, be it a heading or not
 *
 * What stands below such a heading still has mistakes of its own.
 */
void config_recover(struct config *c, const struct grammar_line *line)
{
	if (is_word(line, 0, "interface", 3))
		config_enter(c, CONFIG_INTERFACE, "", 1);
	else if (is_word(line, 0, "track", 2))
		config_enter(c, CONFIG_TRACK, "", 1);
	else if (is_word(line, 0, "crypto", 1) && is_word(line, 1, "ipsec", 1) &&
		 is_word(line, 2, "transform-set", 1))
		config_enter(c, CONFIG_SET, "", 1);
	else if (is_word(line, 0, "crypto", 1) &&
		 (is_word(line, 1, "map", 1) || is_word(line, 1, "dynamic-map", 1)) &&
		 line->n_words > 3 && isdigit((unsigned char)line->words[3].text[0]))
		config_enter(c, CONFIG_MAP, "", 1);
	else if (is_word(line, 0, "crypto", 1) && is_word(line, 1, "ikev2", 2))
		recover_ikev2(c, line);
	else if (is_word(line, 0, "crypto", 1) && is_word(line, 1, "pki", 1) &&
		 is_word(line, 2, "trustpoint", 1))
		config_enter(c, CONFIG_TRUSTPOINT, "", 1);
	else if (is_word(line, 0, "peer", 2) &&
		 (c->in.mode == CONFIG_KEYRING || c->in.mode == CONFIG_PEER))
		config_enter(c, CONFIG_PEER, "", 1);
	else if (is_word(line, 0, "ip", 2) && is_word(line, 1, "access-list", 1))
		config_enter(c, CONFIG_ACL, "", 1);
	else if (is_word(line, 0, "ipv6", 4) && is_word(line, 1, "access-list", 1))
		config_enter(c, CONFIG_ACL6, "", 1);
}

/* Carry out a line, and first the heading, when both stand in one. */
static void carry_out(struct config *c, const struct grammar_match *m)
{
	size_t errors = c->diags.n_errors;

	if (m->heading) {
		struct grammar_match heading = *m;

		heading.negated = false;
		m->heading(c, &heading);
	}
	if (c->diags.n_errors == errors)
		m->config(c, m);
}

/**
 * config_stray() - Complain about a byte that no text holds.
 * @c: configuration
 * @words: words of the line being read
 * @text: that line
 *
 * Return: whether there is one.
 */
bool config_stray(struct config *c, const struct grammar_line *words, const char *text)
{
	if (!words->stray)
		return false;
	config_error(c, words->stray, "control character 0x%02x",
		     (unsigned char)text[words->stray - 1]);
	return true;
}

/**
 * config_words() - Read the words of a line that is carried out.
 * @c: configuration; its member @line is the number of the line
 * @words: words
 *
 * Return: as config_line().
 */
enum grammar_result config_words(struct config *c, const struct grammar_line *words)
{
	struct grammar_error error = {};
	enum grammar_result result;
	struct grammar_match match;

	result = grammar_parse(config_mode_words(c->in.mode), words, &match, &error);
	if (result == GRAMMAR_OK) {
		carry_out(c, &match);
	} else if (result != GRAMMAR_EMPTY) {
		config_error(c, error.column, "%s", error.message);
		config_recover(c, words);
	}
	free(error.message);
	return result;
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
	struct grammar_line words;
	size_t length;
	const char *text = source_get(c->diags.source, line, &length);

	if (!text)
		return GRAMMAR_EMPTY;
	c->line = line;
	grammar_split(&words, text, length);
	if (config_stray(c, &words, text))
		result = GRAMMAR_INVALID;
	else if (!config_foreign_word(c, &words, text, length))
		result = config_words(c, &words);
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
		if (match.args[ARG_CONTEXT].given)
			config_enter(c, CONFIG_INTERFACE, match.args[ARG_CONTEXT].text,
				     match.args[ARG_CONTEXT].column);
		carry_out(c, &match);
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
