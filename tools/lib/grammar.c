// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vpnha.h>

#include "lib/alloc.h"
#include "lib/grammar.h"
#include "lib/text.h"

/* How much of a word messages repeat. */
#define QUOTE_MAX	40
#define SECRET_MIN	10

static char *word_copy(const char *text, size_t length)
{
	char *word = xcalloc(length + 1, 1);
	const size_t minus = strlen(TEXT_MINUS_SIGN);
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		if (length - i >= minus && !memcmp(text + i, TEXT_MINUS_SIGN, minus)) {
			word[n++] = '-';
			i += minus - 1;
		} else {
			word[n++] = text[i];
		}
	}
	return word;
}

static void word_add(struct grammar_line *line, const char *text, size_t length,
		     unsigned int column)
{
	line->words = array_grow(line->words, line->n_words, sizeof(*line->words));
	line->words[line->n_words].text = word_copy(text, length);
	line->words[line->n_words++].column = column;
}

/**
 * grammar_split() - Cut a line into words.
 * @line: result
 * @text: line
 * @length: its bytes
 *
 * '!' begins a comment where a word could, '#' only at the start of the line.
 */
void grammar_split(struct grammar_line *line, const char *text, size_t length)
{
	size_t i = 0;

	memset(line, 0, sizeof(*line));
	line->length = length;
	line->indented = length && (text[0] == ' ' || text[0] == '\t');
	while (i < length) {
		size_t start;

		if (text[i] == ' ' || text[i] == '\t') {
			i++;
			continue;
		}
		if (text[i] == '!' || (text[i] == '#' && !line->n_words))
			break;
		for (start = i; i < length && text[i] != ' ' && text[i] != '\t'; i++)
			if (((unsigned char)text[i] < ' ' || text[i] == 0x7f) && !line->stray)
				line->stray = (unsigned int)i + 1;
		word_add(line, text + start, i - start, (unsigned int)start + 1);
	}
}

/**
 * grammar_split_words() - Take words that are separate already.
 * @line: result; columns are those of the words joined by single blanks
 * @words: words
 * @n_words: how many
 */
void grammar_split_words(struct grammar_line *line, char *const *words, size_t n_words)
{
	size_t column = 1;

	memset(line, 0, sizeof(*line));
	for (size_t n = 0; n < n_words; n++) {
		word_add(line, words[n], strlen(words[n]), (unsigned int)column);
		column += strlen(words[n]) + 1;
	}
	line->length = column > 1 ? column - 2 : 0;
}

/**
 * grammar_line_add() - Put a word behind the others.
 * @line: line
 * @word: word
 * @column: what messages about it point at
 */
void grammar_line_add(struct grammar_line *line, const char *word, unsigned int column)
{
	word_add(line, word, strlen(word), column);
}

/**
 * grammar_line_set() - Put another word in the place of one.
 * @line: line
 * @n: number of the word from 0
 * @word: what it becomes; messages still point at where it was
 */
void grammar_line_set(struct grammar_line *line, size_t n, const char *word)
{
	char *copy = xstrdup(word);

	free_wiped(line->words[n].text);
	line->words[n].text = copy;
}

/**
 * grammar_line_cut() - Take words out.
 * @line: line
 * @from: number of the first from 0
 * @to: number of the first behind them
 */
void grammar_line_cut(struct grammar_line *line, size_t from, size_t to)
{
	for (size_t n = from; n < to; n++)
		free_wiped(line->words[n].text);
	memmove(&line->words[from], &line->words[to],
		(line->n_words - to) * sizeof(*line->words));
	line->n_words -= to - from;
}

/**
 * grammar_line_text() - The words of a line with single blanks between them.
 * @line: line
 *
 * Return: text owned by the caller, which may hold a key.
 */
char *grammar_line_text(const struct grammar_line *line)
{
	size_t length = 1;
	char *text, *to;

	for (size_t n = 0; n < line->n_words; n++)
		length += strlen(line->words[n].text) + 1;
	text = xcalloc(length, 1);
	to = text;
	for (size_t n = 0; n < line->n_words; n++) {
		if (n)
			*to++ = ' ';
		to = stpcpy(to, line->words[n].text);
	}
	return text;
}

/**
 * grammar_rest() - The words that GRAMMAR_REST stands for, with single blanks between them.
 * @m: what the line means; REST was its last word
 *
 * Return: text owned by the caller.
 */
char *grammar_rest(const struct grammar_match *m)
{
	const struct grammar_line rest = {
		.words = m->line->words + m->rest, .n_words = m->line->n_words - m->rest
	};

	return grammar_line_text(&rest);
}

/**
 * grammar_line_begins() - Tell whether words of a line are these.
 * @line: line
 * @from: number of its word to begin with from 0
 * @words: words with single blanks between them; "*" is any word
 */
bool grammar_line_begins(const struct grammar_line *line, size_t from, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");

		if (from >= line->n_words)
			return false;
		if (strncmp(words, "*", length) &&
		    (strlen(line->words[from].text) != length ||
		     strncmp(line->words[from].text, words, length)))
			return false;
		from++;
		words += length;
		words += *words == ' ';
	}
	return true;
}

/**
 * grammar_line_free() - Release what a line holds, which may be a key.
 * @line: line
 */
void grammar_line_free(struct grammar_line *line)
{
	for (size_t n = 0; n < line->n_words; n++)
		free_wiped(line->words[n].text);
	free(line->words);
	memset(line, 0, sizeof(*line));
}

static void choice_add(struct grammar_choices *c, const struct grammar_node *node)
{
	c->items = array_grow(c->items, c->n_items, sizeof(*c->items));
	c->items[c->n_items++].node = node;
}

static bool has_keyword(const struct grammar_choices *c, const char *word)
{
	for (size_t n = 0; n < c->n_items; n++)
		if (c->items[n].node->type == GRAMMAR_KEYWORD &&
		    !strcmp(c->items[n].node->word, word))
			return true;
	return false;
}

static bool is_spent(const struct grammar_node *node, const struct grammar_match *m)
{
	return m && node->flags & GRAMMAR_ONCE && m->args[node->arg].given;
}

/*
 * All nodes of a table and of the tables that it includes, less those that @m,
 * if it is given, has had already. A keyword hides those of the same name that
 * follow.
 */
static void flatten(const struct grammar_node *table, const struct grammar_match *m,
		    struct grammar_choices *c)
{
	if (!table)
		return;
	for (; table->type != GRAMMAR_END; table++) {
		if (table->type == GRAMMAR_INCLUDE)
			flatten(table->next, m, c);
		else if (is_spent(table, m))
			continue;
		else if (table->type != GRAMMAR_KEYWORD || !has_keyword(c, table->word))
			choice_add(c, table);
	}
}

static int choice_compare(const void *a, const void *b)
{
	const struct grammar_node *x = ((const struct grammar_choice *)a)->node;
	const struct grammar_node *y = ((const struct grammar_choice *)b)->node;

	if (!x || !y)
		return !x - !y;
	if (x->type != y->type)
		return x->type < y->type ? -1 : 1;
	if (x->type == GRAMMAR_KEYWORD)
		return strcmp(x->word, y->word);
	return 0;
}

static void choices_sort(struct grammar_choices *c)
{
	if (c->n_items)
		qsort(c->items, c->n_items, sizeof(*c->items), choice_compare);
}

/**
 * grammar_choices_free() - Release what a list of choices holds.
 * @c: choices
 */
void grammar_choices_free(struct grammar_choices *c)
{
	free(c->items);
	memset(c, 0, sizeof(*c));
}

/**
 * grammar_node_word() - What help shows for a node: a keyword, IFNAME, <0-255>.
 * @node: node; NULL: the end of the line
 *
 * Return: text owned by the caller.
 */
char *grammar_node_word(const struct grammar_node *node)
{
	if (!node)
		return xstrdup("<cr>");
	if (node->type == GRAMMAR_NUMBER)
		return xasprintf("<%u-%u>", node->min, node->max);
	return xstrdup(node->word);
}

/* "a, b or c" */
static char *list(const struct grammar_choices *c)
{
	char *text = xstrdup("");
	size_t shown = 0, n_shown = 0;

	for (size_t n = 0; n < c->n_items; n++)
		n_shown += !c->items[n].node || !(c->items[n].node->flags & GRAMMAR_HIDDEN);
	for (size_t n = 0; n < c->n_items; n++) {
		char *word, *longer;

		if (c->items[n].node && c->items[n].node->flags & GRAMMAR_HIDDEN)
			continue;
		word = c->items[n].node ? grammar_node_word(c->items[n].node) :
					  xstrdup("the end of the line");
		longer = xasprintf("%s%s%s", text,
				   !shown ? "" : shown + 1 == n_shown ? " or " : ", ", word);
		free(word);
		free(text);
		text = longer;
		shown++;
	}
	return text;
}

/* What a message may repeat, by what is known of the words in front. */
enum secrecy {
	PUBLIC,
	SECRET,			/* nothing that is longer than an SPI */
	PASSWORD,		/* nothing */
};

static char *quote(const char *word, enum secrecy secrecy)
{
	size_t length = strlen(word);

	if (secrecy == PASSWORD || (secrecy == SECRET && length > SECRET_MIN))
		return xstrdup("'...'");
	if (length <= QUOTE_MAX)
		return xasprintf("'%s'", word);
	return xasprintf("'%.*s...'", QUOTE_MAX, word);
}

static bool may_end(const struct grammar_node *node, bool negated)
{
	return node && (node->flags & GRAMMAR_STOP ||
			(negated && node->flags & GRAMMAR_STOP_NO));
}

/* The state of a walk along the tree. */
struct walk {
	const struct grammar_match *match;
	const struct grammar_node *table;
	const struct grammar_node *last;
	bool negated;
	bool rest;
	enum secrecy secrecy;
};

static void expected(const struct walk *w, struct grammar_choices *c)
{
	flatten(w->table, w->match, c);
	if (may_end(w->last, w->negated))
		choice_add(c, NULL);
	choices_sort(c);
}

static enum grammar_result fail(const struct walk *w, enum grammar_result result,
				struct grammar_error *e, const char *what)
{
	struct grammar_choices c = {};
	char *alternatives;

	expected(w, &c);
	alternatives = list(&c);
	e->message = xasprintf("%s; expected %s", what, alternatives);
	free(alternatives);
	grammar_choices_free(&c);
	return result;
}

/* Find the keyword that @word is or abbreviates. */
static enum grammar_result find_keyword(const struct grammar_choices *c, const char *word,
					const struct grammar_node **found,
					struct grammar_choices *candidates)
{
	size_t length = strlen(word);

	*found = NULL;
	for (size_t n = 0; n < c->n_items; n++) {
		const struct grammar_node *node = c->items[n].node;

		if (node->type != GRAMMAR_KEYWORD)
			continue;
		if (!strcmp(node->word, word)) {
			*found = node;
			return GRAMMAR_OK;
		}
		if (length && !(node->flags & GRAMMAR_HIDDEN) && !strncmp(node->word, word, length))
			choice_add(candidates, node);
	}
	if (candidates->n_items == 1)
		*found = candidates->items[0].node;
	return candidates->n_items > 1 ? GRAMMAR_AMBIGUOUS : GRAMMAR_OK;
}

/* An address of IPv6, what it begins with, or one of IPv4 in its place. */
static bool is_like_ipv6(const char *word)
{
	return strchr(word, ':') || word[strspn(word, "0123456789abcdefABCDEF.")] == '\0' ||
	       word[strspn(word, "0123456789abcdefABCDEF.")] == '/';
}

/* Whether @word has the form of a value of @node, be it allowed or not. */
static bool looks_like(const struct grammar_node *node, const char *word)
{
	uint32_t number;

	switch (node->type) {
	case GRAMMAR_NUMBER:
		return text_parse_number(word, &number);
	case GRAMMAR_ADDRESS:
	case GRAMMAR_SPI:
		return *word >= '0' && *word <= '9';
	case GRAMMAR_IP:
		return (*word >= '0' && *word <= '9') || strchr(word, ':');
	case GRAMMAR_PREFIX:
		return strchr(word, '/');
	case GRAMMAR_IPV6:
		return !strchr(word, '/') && is_like_ipv6(word);
	case GRAMMAR_IPV6_PREFIX:
		return strchr(word, '/') && is_like_ipv6(word);
	case GRAMMAR_KEY:
	case GRAMMAR_PORT:
	case GRAMMAR_IFNAME:
	case GRAMMAR_WORD:
	case GRAMMAR_FILE:
	case GRAMMAR_REST:
		return true;
	default:
		return false;
	}
}

/* Returns a message owned by the caller when the value is not allowed. */
static char *take_ipv6_prefix(const char *word, struct grammar_value *v, enum secrecy secrecy)
{
	const char *length = strchr(word, '/') + 1;
	char *address = xstrdup(word), *quoted, *message = NULL;

	address[length - word - 1] = '\0';
	if (!address_parse(&v->ip, address) || v->ip.family != AF_INET6) {
		quoted = quote(address, secrecy);
		message = xasprintf("%s is not an IPv6 address", quoted);
		free(quoted);
	} else if (!text_parse_number(length, &v->number) || !v->number || v->number > 128) {
		quoted = quote(length, secrecy);
		message = xasprintf("prefix length %s is out of range, expected 1 to 128", quoted);
		free(quoted);
	}
	free(address);
	return message;
}

/* Returns a message owned by the caller when the value is not allowed. */
static char *take_value(const struct grammar_node *node, const struct grammar_word *word,
			struct grammar_value *v, enum secrecy secrecy)
{
	char *quoted = NULL, *message = NULL;
	const char *why;
	uint64_t number;

	v->given = true;
	v->column = word->column;
	v->text = word->text;
	switch (node->type) {
	case GRAMMAR_KEYWORD:
		v->number = node->id;
		return NULL;
	case GRAMMAR_NUMBER:
		if (text_parse_long(word->text, &number) && number >= node->min &&
		    number <= node->max) {
			v->number = (uint32_t)number;
			return NULL;
		}
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is out of range, expected %u to %u", quoted,
				    node->min, node->max);
		break;
	case GRAMMAR_ADDRESS:
		if (text_parse_address(word->text, &v->address))
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is not an IPv4 address", quoted);
		break;
	case GRAMMAR_IP:
		if (address_parse(&v->ip, word->text))
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is not an address", quoted);
		break;
	case GRAMMAR_PREFIX:
		if (address_parse_prefix(&v->ip, &v->mask, word->text))
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is not an address and the length of its prefix", quoted);
		break;
	case GRAMMAR_IPV6:
		if (address_parse(&v->ip, word->text) && v->ip.family == AF_INET6)
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is not an IPv6 address", quoted);
		break;
	case GRAMMAR_IPV6_PREFIX:
		message = take_ipv6_prefix(word->text, v, secrecy);
		break;
	case GRAMMAR_PORT:
		if (text_parse_port(word->text, &v->number))
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is no port, expected 0 to 65535 or a name, such as www",
				    quoted);
		break;
	case GRAMMAR_SPI:
		if (text_parse_spi(word->text, &v->number))
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s is no SPI, expected %u to %u or 0x%x to 0x%x", quoted,
				    VPNHA_SPI_MIN, UINT32_MAX, VPNHA_SPI_MIN, UINT32_MAX);
		break;
	case GRAMMAR_KEY:
		why = text_key_error(word->text);
		return why ? xasprintf("the key %s", why) : NULL;
	case GRAMMAR_IFNAME:
		why = text_ifname_error(word->text);
		if (!why)
			return NULL;
		quoted = quote(word->text, secrecy);
		message = xasprintf("%s %s", quoted, why);
		break;
	default:
		break;
	}
	free(quoted);
	return message;
}

/* The keyword that a word means where it had not been said before; NULL: none. */
static const struct grammar_node *find_spent(const struct walk *w, const char *word)
{
	struct grammar_choices c = {}, candidates = {};
	const struct grammar_node *node;

	flatten(w->table, NULL, &c);
	find_keyword(&c, word, &node, &candidates);
	grammar_choices_free(&c);
	grammar_choices_free(&candidates);
	return node && is_spent(node, w->match) ? node : NULL;
}

static enum grammar_result fail_word(const struct walk *w, const char *word,
				     enum grammar_result result,
				     struct grammar_choices *candidates, struct grammar_error *e)
{
	const struct grammar_node *spent = find_spent(w, word);
	char *quoted = quote(word, w->secrecy), *what;

	if (result == GRAMMAR_AMBIGUOUS) {
		choices_sort(candidates);
		what = list(candidates);
		e->message = xasprintf("ambiguous: %s can be %s", quoted, what);
	} else {
		what = spent ? xasprintf("%s was said already", quoted) :
			       xasprintf("unknown word %s", quoted);
		result = fail(w, GRAMMAR_UNKNOWN, e, what);
	}
	free(what);
	free(quoted);
	return result;
}

/* Keep a word of which there may be several. Returns a message when there are too many. */
static char *take_list(struct grammar_match *m, const struct grammar_node *node,
		       const struct grammar_word *word)
{
	if (m->n_list == GRAMMAR_LIST_MAX)
		return xasprintf("more than %d of this kind", GRAMMAR_LIST_MAX);
	m->list_columns[m->n_list] = word->column;
	m->list[m->n_list++] = node->type == GRAMMAR_KEYWORD ? node->word : word->text;
	return NULL;
}

/* Take one word along the tree. */
static enum grammar_result step(struct walk *w, const struct grammar_word *word,
				struct grammar_match *m, struct grammar_error *e)
{
	struct grammar_choices c = {}, candidates = {};
	const struct grammar_node *node;
	enum grammar_result result;

	flatten(w->table, m, &c);
	result = find_keyword(&c, word->text, &node, &candidates);
	for (size_t n = 0; !node && n < c.n_items; n++)
		if (looks_like(c.items[n].node, word->text))
			node = c.items[n].node;
	if (!node) {
		result = fail_word(w, word->text, result, &candidates, e);
	} else {
		result = GRAMMAR_OK;
		e->message = take_value(node, word, &m->args[node->arg], w->secrecy);
		if (!e->message && node->flags & GRAMMAR_LIST)
			e->message = take_list(m, node, word);
		if (e->message)
			result = GRAMMAR_INVALID;
		if (w->last && w->last->flags & GRAMMAR_HEADS)
			m->heading = m->config;
		if (node->exec || node->config) {
			m->exec = node->exec;
			m->config = node->config;
		}
		w->negated |= !!(node->flags & GRAMMAR_NEGATE);
		if (node->flags & GRAMMAR_PASSWORD)
			w->secrecy = PASSWORD;
		else if (node->flags & GRAMMAR_SECRET && w->secrecy == PUBLIC)
			w->secrecy = SECRET;
		w->rest = node->type == GRAMMAR_REST;
		w->table = node->next;
		w->last = node;
	}
	grammar_choices_free(&c);
	grammar_choices_free(&candidates);
	return result;
}

/**
 * grammar_parse() - Find out what a line means.
 * @table: the words that may begin it
 * @line: line
 * @m: result; its texts live as long as the line
 * @e: when it means nothing, why
 */
enum grammar_result grammar_parse(const struct grammar_node *table, const struct grammar_line *line,
				  struct grammar_match *m, struct grammar_error *e)
{
	struct walk w = { .match = m, .table = table };
	enum grammar_result result;

	memset(m, 0, sizeof(*m));
	memset(e, 0, sizeof(*e));
	if (!line->n_words)
		return GRAMMAR_EMPTY;
	m->line = line;
	m->column = line->words[0].column;
	for (size_t n = 0; n < line->n_words && !w.rest; n++) {
		result = step(&w, &line->words[n], m, e);
		if (result != GRAMMAR_OK) {
			e->index = n;
			e->column = line->words[n].column;
			return result;
		}
		m->rest = n;
	}
	m->negated = w.negated;
	if (w.rest || may_end(w.last, w.negated))
		return GRAMMAR_OK;
	e->index = line->n_words;
	e->column = (unsigned int)line->length + 1;
	return fail(&w, GRAMMAR_INCOMPLETE, e, "incomplete line");
}

/**
 * grammar_find() - Find a value of some type, be it allowed or not.
 * @table: the words that may begin the line
 * @line: line
 * @type: type
 *
 * Return: number of the word, or that of all words: there is none, or a word in front of it means
 * nothing.
 */
size_t grammar_find(const struct grammar_node *table, const struct grammar_line *line,
		    enum grammar_type type)
{
	struct walk w = { .table = table };
	enum grammar_result result = GRAMMAR_OK;
	struct grammar_error e = {};
	struct grammar_match m = {};

	for (size_t n = 0; n < line->n_words && result == GRAMMAR_OK && !w.rest; n++) {
		w.last = NULL;
		result = step(&w, &line->words[n], &m, &e);
		free(e.message);
		if (w.last && w.last->type == type)
			return n;
	}
	return line->n_words;
}

/**
 * grammar_choices() - Find out which words may come next.
 * @table: the words that may begin the line
 * @line: the complete words so far
 * @last: beginning of the next word; values always match
 * @c: result
 * @e: when the words so far mean nothing, why
 */
enum grammar_result grammar_choices(const struct grammar_node *table,
				    const struct grammar_line *line, const char *last,
				    struct grammar_choices *c, struct grammar_error *e)
{
	struct grammar_choices all = {};
	struct grammar_match m = {};
	struct walk w = { .match = &m, .table = table };
	enum grammar_result result;

	memset(c, 0, sizeof(*c));
	memset(e, 0, sizeof(*e));
	for (size_t n = 0; n < line->n_words && !w.rest; n++) {
		result = step(&w, &line->words[n], &m, e);
		if (result != GRAMMAR_OK) {
			e->index = n;
			e->column = line->words[n].column;
			return result;
		}
	}
	flatten(w.table, &m, &all);
	for (size_t n = 0; n < all.n_items; n++) {
		const struct grammar_node *node = all.items[n].node;

		if (node->flags & GRAMMAR_HIDDEN)
			continue;
		if (node->type != GRAMMAR_KEYWORD ? !*last || looks_like(node, last) :
						    !strncmp(node->word, last, strlen(last)))
			choice_add(c, node);
	}
	if (!*last && (w.rest || may_end(w.last, w.negated)))
		choice_add(c, NULL);
	choices_sort(c);
	grammar_choices_free(&all);
	return GRAMMAR_OK;
}
