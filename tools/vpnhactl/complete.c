// SPDX-License-Identifier: GPL-2.0-or-later
/* What may come next, for the shell's TAB and "?" and for bash. */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "vpnhactl/ctl.h"

static void add(struct completions *c, char *word, const char *help, bool is_word)
{
	c->items = array_grow(c->items, c->n_items, sizeof(*c->items));
	c->items[c->n_items++] = (struct completion){ word, help, is_word };
}

static void add_interfaces(struct completions *c, const char *last)
{
	struct if_nameindex *list = if_nameindex();

	for (struct if_nameindex *i = list; i && i->if_index; i++)
		if (!strncmp(i->if_name, last, strlen(last)))
			add(c, xstrdup(i->if_name), "Interface", true);
	if (list)
		if_freenameindex(list);
}

/**
 * ctl_complete() - Find the words that may come next.
 * @ctl: run
 * @before: complete words so far
 * @last: beginning of the next
 * @c: result
 * @error: when the words so far mean nothing, why; the caller's
 */
void ctl_complete(const struct ctl *ctl, const struct grammar_line *before, const char *last,
		  struct completions *c, char **error)
{
	struct grammar_choices choices;
	struct grammar_error e;

	memset(c, 0, sizeof(*c));
	*error = NULL;
	if (grammar_choices(ctl_words(ctl), before, last, &choices, &e) != GRAMMAR_OK)
		*error = e.message;
	for (size_t n = 0; n < choices.n_items; n++) {
		const struct grammar_node *node = choices.items[n].node;

		add(c, grammar_node_word(node), node ? node->help : "",
		    node && node->type == GRAMMAR_KEYWORD);
		if (node && node->type == GRAMMAR_IFNAME)
			add_interfaces(c, last);
	}
	grammar_choices_free(&choices);
}

/**
 * completions_free() - Release what a list of completions holds.
 * @c: completions
 */
void completions_free(struct completions *c)
{
	for (size_t n = 0; n < c->n_items; n++)
		free(c->items[n].word);
	free(c->items);
	memset(c, 0, sizeof(*c));
}

/**
 * completions_help() - Print completions with their help.
 * @out: where to
 * @c: completions
 */
void completions_help(FILE *out, const struct completions *c)
{
	int width = 0;

	for (size_t n = 0; n < c->n_items; n++)
		if ((int)strlen(c->items[n].word) > width)
			width = (int)strlen(c->items[n].word);
	for (size_t n = 0; n < c->n_items; n++) {
		if (c->items[n].help[0])
			fprintf(out, "  %-*s  %s\n", width, c->items[n].word, c->items[n].help);
		else
			fprintf(out, "  %s\n", c->items[n].word);
	}
}
