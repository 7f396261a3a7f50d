/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration language: lines in, a model out. */
#ifndef VPNHA_CONFIG_H
#define VPNHA_CONFIG_H

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#include "lib/diag.h"
#include "lib/grammar.h"
#include "lib/model.h"
#include "lib/source.h"

enum config_mode {
	CONFIG_GLOBAL,
	CONFIG_INTERFACE,
	CONFIG_FOREIGN,		/* under a heading that is not carried out */
};

struct config_foreign;

/**
 * struct config - A configuration while it is read.
 * @model: what the lines so far say
 * @diags: messages about them
 * @mode: what the last heading began
 * @ifname: interface of CONFIG_INTERFACE; empty after a heading that was wrong
 * @at_interface: where that heading is
 * @foreign: heading of CONFIG_FOREIGN
 * @line: number of the line being read
 * @touched: a line said something about the configuration itself
 */
struct config {
	struct model model;
	struct diags diags;
	enum config_mode mode;
	char ifname[IFNAMSIZ];
	struct model_pos at_interface;
	const struct config_foreign *foreign;
	unsigned int line;
	bool touched;
};

/* A missing interface is an error, not a warning. */
#define CONFIG_NEED_INTERFACES	(1U << 0)

extern const struct grammar_node config_global_words[];
extern const struct grammar_node config_interface_words[];
extern const struct grammar_node config_oneshot_words[];

void config_init(struct config *c, const struct source *source);
void config_free(struct config *c);
enum grammar_result config_line(struct config *c, unsigned int line);
enum grammar_result config_oneshot(struct config *c, unsigned int line);
void config_read(struct config *c);
void config_finish(struct config *c, unsigned int flags);
void config_write(FILE *out, const struct model *m);
void config_write_group_field(FILE *out, const struct model_group *g, enum model_group_field field,
			      bool negated);
void config_write_track(FILE *out, const struct model_group *g, const struct model_track *t,
			bool negated);
void config_write_version(FILE *out, const struct model_interface *i);

/* For the files that implement the language. */
struct model_pos config_pos(const struct config *c, unsigned int column);
void config_error(struct config *c, unsigned int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool config_foreign_word(struct config *c, const struct grammar_line *line, const char *text,
			 size_t length);

#endif
