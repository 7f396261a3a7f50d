/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine of the command language. A language is a tree of static tables;
 * one and the same tree parses lines, completes them and explains what may
 * come next.
 */
#ifndef VPNHA_GRAMMAR_H
#define VPNHA_GRAMMAR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/address.h"

struct config;
struct ctl;
struct grammar_match;

enum grammar_type {
	GRAMMAR_END,		/* of a table */
	GRAMMAR_KEYWORD,
	GRAMMAR_INCLUDE,	/* the words of the table "next" stand here too */
	GRAMMAR_NUMBER,
	GRAMMAR_ADDRESS,
	GRAMMAR_IP,		/* an address of either IP version */
	GRAMMAR_PREFIX,		/* such an address and the length of its prefix */
	GRAMMAR_IPV6,
	GRAMMAR_IPV6_PREFIX,	/* an address of IPv6, all of it, and the length of its prefix */
	GRAMMAR_PORT,		/* a number or a name */
	GRAMMAR_SPI,
	GRAMMAR_KEY,		/* hexadecimal, never repeated by a message */
	GRAMMAR_IFNAME,
	GRAMMAR_WORD,
	GRAMMAR_FILE,
	GRAMMAR_REST,		/* all words to the end of the line, none included */
};

/* The values of a command line. */
enum grammar_arg {
	ARG_NONE,
	ARG_ACL,
	ARG_ACTION,
	ARG_ADDRESS,
	ARG_ALLOW_MISSING,
	ARG_AUTH,
	ARG_AUTH_KEY,
	ARG_BRIEF,
	ARG_CIPHER,
	ARG_CIPHER_KEY,
	ARG_CONTEXT,
	ARG_COUNT,
	ARG_COUNTERS,
	ARG_DECREMENT,
	ARG_DELAY,
	ARG_DETAIL,
	ARG_DF,
	ARG_DIRECTION,
	ARG_DISTANCE,
	ARG_DOWN,
	ARG_DRY_RUN,
	ARG_DYNAMIC,
	ARG_FILE,
	ARG_FRR,
	ARG_GATEWAY,
	ARG_GLOBAL,
	ARG_GROUP,
	ARG_HEADING,
	ARG_HELLO,
	ARG_HELLO_MSEC,
	ARG_HOLD,
	ARG_HOLD_MSEC,
	ARG_HOST,
	ARG_ICV,
	ARG_ID,
	ARG_IDENTITY,
	ARG_IDLE_TIME,
	ARG_IFNAME,
	ARG_INTERVAL,
	ARG_KEY_BITS,
	ARG_KEYRING,
	ARG_KILOBYTES,
	ARG_KIND,
	ARG_LINE,
	ARG_MAC,
	ARG_MAP,
	ARG_MASK,
	ARG_METHOD,
	ARG_MINIMUM,
	ARG_MODE,
	ARG_NAME,
	ARG_NOT,
	ARG_OBJECT,
	ARG_OUTPUT,
	ARG_PEER,
	ARG_PFS,
	ARG_PRIORITY,
	ARG_PROFILE,
	ARG_PROTOCOL,
	ARG_REDUNDANCY,
	ARG_RELOAD,
	ARG_REMOTE_PEER,
	ARG_REQUIRED,
	ARG_REST,
	ARG_RETRY,
	ARG_REVERSE,
	ARG_REVERSE_KIND,
	ARG_SECONDS,
	ARG_SECRET,
	ARG_SEQ,
	ARG_SET,
	ARG_SPI,
	ARG_STATE,
	ARG_SYNC,
	ARG_TAG,
	ARG_TARGET,
	ARG_THRESHOLD,
	ARG_UP,
	ARG_VERSION,
	ARG_WEAK,
	ARG_WEIGHT,
	/* A source, and a destination likewise. */
	ARG_SRC_ANY,
	ARG_SRC_HOST,
	ARG_SRC_PREFIX,
	ARG_SRC_ADDRESS,
	ARG_SRC_WILDCARD,
	ARG_SRC_OPERATOR,
	ARG_SRC_PORT,
	ARG_SRC_LAST_PORT,
	ARG_DST_ANY,
	ARG_DST_HOST,
	ARG_DST_PREFIX,
	ARG_DST_ADDRESS,
	ARG_DST_WILDCARD,
	ARG_DST_OPERATOR,
	ARG_DST_PORT,
	ARG_DST_LAST_PORT,
	ARG_MAX
};

/* The line may end after this word. */
#define GRAMMAR_STOP	(1U << 0)
/* The line may end after this word if it began with "no". */
#define GRAMMAR_STOP_NO	(1U << 1)
/* This word is "no". */
#define GRAMMAR_NEGATE	(1U << 2)
/* Understood when spelled out, but neither offered nor abbreviated. */
#define GRAMMAR_HIDDEN	(1U << 3)
/* What follows may be a secret: messages do not repeat it. */
#define GRAMMAR_SECRET	(1U << 4)
/* A line may go on with what else would be a line of its own below this heading. */
#define GRAMMAR_HEADS	(1U << 5)
/* This keyword cannot stand where its value has been given already. */
#define GRAMMAR_ONCE	(1U << 6)
/* A command may have several of this word: the match keeps all of them. */
#define GRAMMAR_LIST	(1U << 7)

/* What follows may be a secret of any length: messages repeat nothing of it. */
#define GRAMMAR_PASSWORD	(1U << 8)

/* Most words of that kind. */
#define GRAMMAR_LIST_MAX	64

/**
 * struct grammar_node - A word of the language.
 * @type: what kind of word
 * @word: the keyword, or what help calls a value
 * @help: one line for the user
 * @min: least number
 * @max: greatest number
 * @flags: GRAMMAR_*
 * @arg: where the match keeps the value
 * @id: value that a keyword stands for, kept as the number of @arg
 * @next: table of the words that may follow
 * @exec: carries out the line; the last one on the way counts
 * @config: likewise, for a line of configuration
 */
struct grammar_node {
	enum grammar_type type;
	const char *word;
	const char *help;
	uint32_t min, max;
	unsigned int flags;
	enum grammar_arg arg;
	uint32_t id;
	const struct grammar_node *next;
	int (*exec)(struct ctl *ctl, const struct grammar_match *m);
	void (*config)(struct config *c, const struct grammar_match *m);
};

#define KEYWORD(w, h, ...)	{ .type = GRAMMAR_KEYWORD, .word = (w), .help = (h), __VA_ARGS__ }
#define INCLUDE(table)		{ .type = GRAMMAR_INCLUDE, .next = (table) }
#define NUMBER(a, lo, hi, h, ...) \
	{ .type = GRAMMAR_NUMBER, .arg = (a), .min = (lo), .max = (hi), .help = (h), __VA_ARGS__ }
#define ADDRESS(a, h, ...) \
	{ .type = GRAMMAR_ADDRESS, .word = "A.B.C.D", .arg = (a), .help = (h), __VA_ARGS__ }
#define IP(a, h, ...) \
	{ .type = GRAMMAR_IP, .word = "ADDRESS", .arg = (a), .help = (h), __VA_ARGS__ }
#define PREFIX(a, h, ...) \
	{ .type = GRAMMAR_PREFIX, .word = "ADDRESS/LENGTH", .arg = (a), .help = (h), __VA_ARGS__ }
#define IPV6(a, h, ...) \
	{ .type = GRAMMAR_IPV6, .word = "X:X::X", .arg = (a), .help = (h), __VA_ARGS__ }
#define IPV6_PREFIX(a, h, ...) \
	{ .type = GRAMMAR_IPV6_PREFIX, .word = "X:X::X/<1-128>", .arg = (a), .help = (h), \
	  __VA_ARGS__ }
#define PORT(a, h, ...) \
	{ .type = GRAMMAR_PORT, .word = "PORT", .arg = (a), .help = (h), __VA_ARGS__ }
#define SPI(a, h, ...) \
	{ .type = GRAMMAR_SPI, .word = "SPI", .arg = (a), .help = (h), __VA_ARGS__ }
#define KEY(a, h, ...) \
	{ .type = GRAMMAR_KEY, .word = "HEX", .arg = (a), .help = (h), __VA_ARGS__ }
#define IFNAME(a, h, ...) \
	{ .type = GRAMMAR_IFNAME, .word = "IFNAME", .arg = (a), .help = (h), __VA_ARGS__ }
#define WORD(a, h, ...) \
	{ .type = GRAMMAR_WORD, .word = "WORD", .arg = (a), .help = (h), __VA_ARGS__ }
#define FILENAME(a, h, ...) \
	{ .type = GRAMMAR_FILE, .word = "FILE", .arg = (a), .help = (h), __VA_ARGS__ }
#define REST(a, h, ...) \
	{ .type = GRAMMAR_REST, .word = "LINE", .arg = (a), .help = (h), __VA_ARGS__ }
#define END			{ .type = GRAMMAR_END }

/**
 * struct grammar_word - A word of a line.
 * @text: its characters
 * @column: its first byte within the line, from 1
 */
struct grammar_word {
	char *text;
	unsigned int column;
};

/**
 * struct grammar_line - A line cut into words.
 * @words: words, comments left out
 * @n_words: how many
 * @length: bytes of the line
 * @stray: column of a byte that no text holds; 0: none
 * @indented: it begins with a blank
 */
struct grammar_line {
	struct grammar_word *words;
	size_t n_words;
	size_t length;
	unsigned int stray;
	bool indented;
};

struct grammar_value {
	bool given;
	unsigned int column;
	uint32_t number;
	in_addr_t address;
	struct address ip, mask;
	const char *text;
};

/**
 * struct grammar_match - What a line means.
 * @exec: what carries it out, or
 * @config: likewise, for a line of configuration
 * @heading: carries out the heading in front of it, if there is one
 * @negated: it began with "no"
 * @column: its first word
 * @args: its values; texts are those of the line
 * @list: words of GRAMMAR_LIST, in their order; keywords are spelled out
 * @list_columns: first bytes of these
 * @n_list: how many
 * @line: the line
 * @rest: number of the first word that GRAMMAR_REST stands for
 */
struct grammar_match {
	int (*exec)(struct ctl *ctl, const struct grammar_match *m);
	void (*config)(struct config *c, const struct grammar_match *m);
	void (*heading)(struct config *c, const struct grammar_match *m);
	bool negated;
	unsigned int column;
	struct grammar_value args[ARG_MAX];
	const char *list[GRAMMAR_LIST_MAX];
	unsigned int list_columns[GRAMMAR_LIST_MAX];
	size_t n_list;
	const struct grammar_line *line;
	size_t rest;
};

enum grammar_result {
	GRAMMAR_OK,
	GRAMMAR_EMPTY,		/* no word at all */
	GRAMMAR_UNKNOWN,	/* a word that cannot stand there */
	GRAMMAR_AMBIGUOUS,
	GRAMMAR_INVALID,	/* a value that is not allowed */
	GRAMMAR_INCOMPLETE,
};

/**
 * struct grammar_error - Why a line means nothing.
 * @index: number of the offending word from 0; the number of words: one is missing
 * @column: where it is
 * @message: owned by the caller
 */
struct grammar_error {
	size_t index;
	unsigned int column;
	char *message;
};

/**
 * struct grammar_choice - A word that may come next.
 * @node: what it is; NULL: the line may end here
 */
struct grammar_choice {
	const struct grammar_node *node;
};

/**
 * struct grammar_choices - The words that may come next.
 * @items: sorted as they are shown
 * @n_items: how many
 */
struct grammar_choices {
	struct grammar_choice *items;
	size_t n_items;
};

void grammar_split(struct grammar_line *line, const char *text, size_t length);
void grammar_split_words(struct grammar_line *line, char *const *words, size_t n_words);
void grammar_line_add(struct grammar_line *line, const char *word, unsigned int column);
void grammar_line_set(struct grammar_line *line, size_t n, const char *word);
void grammar_line_cut(struct grammar_line *line, size_t from, size_t to);
bool grammar_line_begins(const struct grammar_line *line, size_t from, const char *words);
char *grammar_line_text(const struct grammar_line *line);
char *grammar_rest(const struct grammar_match *m);
void grammar_line_free(struct grammar_line *line);
enum grammar_result grammar_parse(const struct grammar_node *table, const struct grammar_line *line,
				  struct grammar_match *m, struct grammar_error *e);
size_t grammar_find(const struct grammar_node *table, const struct grammar_line *line,
		    enum grammar_type type);
enum grammar_result grammar_choices(const struct grammar_node *table,
				    const struct grammar_line *line, const char *last,
				    struct grammar_choices *c, struct grammar_error *e);
void grammar_choices_free(struct grammar_choices *c);
char *grammar_node_word(const struct grammar_node *node);

#endif
