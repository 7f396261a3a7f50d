// SPDX-License-Identifier: GPL-2.0-or-later
/* The line editor of the shell. */
#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "lib/alloc.h"
#include "lib/text.h"
#include "vpnhactl/ctl.h"

#define HISTORY_SIZE	200

struct editor {
	struct ctl *ctl;
	EditLine *el;
	History *history;
	char prompt[40];
};

static struct editor *editor_of(EditLine *el)
{
	void *data = NULL;

	el_get(el, EL_CLIENTDATA, &data);
	return data;
}

static char *prompt(EditLine *el)
{
	struct editor *e = editor_of(el);

	ctl_prompt(e->ctl, e->prompt, sizeof(e->prompt));
	e->ctl->prompt_width = (unsigned int)strlen(e->prompt);
	return e->prompt;
}

/* Cut the line at the cursor: complete words, and the beginning of one. */
static char *split_at_cursor(EditLine *el, struct grammar_line *before)
{
	const LineInfo *info = el_line(el);
	size_t length = (size_t)(info->cursor - info->buffer);
	char *last;

	grammar_split(before, info->buffer, length);
	if (!before->n_words || info->buffer[length - 1] == ' ' || info->buffer[length - 1] == '\t')
		return xstrdup("");
	last = before->words[--before->n_words].text;
	return last;
}

static unsigned char explain(EditLine *el, int c)
{
	struct editor *e = editor_of(el);
	struct completions completions;
	struct grammar_line before;
	char *last, *error;

	(void)c;
	last = split_at_cursor(el, &before);
	ctl_complete(e->ctl, &before, last, &completions, &error);
	puts("?");
	if (error)
		printf("%% %s\n", error);
	else if (!completions.n_items)
		puts("% nothing can come here");
	else
		completions_help(stdout, &completions);
	fflush(stdout);
	free(error);
	free(last);
	completions_free(&completions);
	grammar_line_free(&before);
	return CC_REDISPLAY;
}

/* How many characters all words begin with in common. */
static size_t common(const struct completions *c, size_t *n_words, const char **word)
{
	size_t length = 0;

	*n_words = 0;
	for (size_t n = 0; n < c->n_items; n++) {
		const char *w = c->items[n].word;
		size_t same = 0;

		if (!c->items[n].is_word)
			continue;
		if (!(*n_words)++) {
			*word = w;
			length = strlen(w);
			continue;
		}
		while (same < length && w[same] == (*word)[same])
			same++;
		length = same;
	}
	return length;
}

static unsigned char complete(EditLine *el, int c)
{
	unsigned char ret = CC_REFRESH;
	struct editor *e = editor_of(el);
	struct completions completions;
	struct grammar_line before;
	size_t n_words, length;
	const char *word = "";
	char *last, *error;

	(void)c;
	last = split_at_cursor(el, &before);
	ctl_complete(e->ctl, &before, last, &completions, &error);
	length = common(&completions, &n_words, &word);
	if (!n_words) {
		ret = CC_REFRESH_BEEP;
	} else if (length > strlen(last) || n_words == 1) {
		char *rest = xasprintf("%.*s%s", (int)(length - strlen(last)), word + strlen(last),
				       n_words == 1 ? " " : "");

		if (el_insertstr(el, rest))
			ret = CC_REFRESH_BEEP;
		free(rest);
	} else {
		putchar('\n');
		completions_help(stdout, &completions);
		fflush(stdout);
		ret = CC_REDISPLAY;
	}
	free(error);
	free(last);
	completions_free(&completions);
	grammar_line_free(&before);
	return ret;
}

static int editor_open(struct editor *e, struct ctl *ctl)
{
	HistEvent event;

	e->ctl = ctl;
	e->el = el_init("vpnhactl", stdin, stdout, stderr);
	e->history = history_init();
	if (!e->el || !e->history)
		return -1;
	history(e->history, &event, H_SETSIZE, HISTORY_SIZE);
	history(e->history, &event, H_SETUNIQUE, 1);
	el_set(e->el, EL_CLIENTDATA, e);
	el_set(e->el, EL_PROMPT, prompt);
	el_set(e->el, EL_EDITOR, "emacs");
	el_set(e->el, EL_SIGNAL, 1);
	el_set(e->el, EL_HIST, history, e->history);
	/* The narrow form would copy the strings and lose the copies. */
	el_wset(e->el, EL_ADDFN, L"vpnha-complete", L"Complete the word", complete);
	el_wset(e->el, EL_ADDFN, L"vpnha-explain", L"List what may come next", explain);
	el_set(e->el, EL_BIND, "^I", "vpnha-complete", NULL);
	el_set(e->el, EL_BIND, "?", "vpnha-explain", NULL);
	return 0;
}

static void editor_close(struct editor *e)
{
	if (e->history)
		history_end(e->history);
	if (e->el)
		el_end(e->el);
}

/* Keys are not to be had again by pressing a key. */
static bool has_secret(const char *line)
{
	char *copy = xstrdup(line);
	bool has;

	text_mask_secrets(copy);
	has = strcmp(copy, line);
	free_wiped(copy);
	return has;
}

/**
 * ctl_edit() - Take commands from a person.
 * @ctl: run
 * @execute: carries out a line
 *
 * Return: exit status.
 */
int ctl_edit(struct ctl *ctl, int (*execute)(struct ctl *ctl, const char *line, size_t length))
{
	struct editor e = {};
	HistEvent event;
	int count;

	setlocale(LC_CTYPE, "");
	if (editor_open(&e, ctl)) {
		editor_close(&e);
		return ctl_fail(ctl, "cannot edit lines on this terminal");
	}
	while (!ctl->quit) {
		const char *line;

		errno = 0;
		line = el_gets(e.el, &count);
		if (!line) {
			if (errno == EINTR)
				continue;
			putchar('\n');
			break;
		}
		if (count > 1 && !has_secret(line))
			history(e.history, &event, H_ENTER, line);
		/* A mistake was told already and is no reason to end. */
		execute(ctl, line, (size_t)count);
		fflush(stdout);
	}
	editor_close(&e);
	return CTL_OK;
}
