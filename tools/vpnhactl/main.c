// SPDX-License-Identifier: GPL-2.0-or-later
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "vpnhactl/ctl.h"

static int print_usage(FILE *out, int status)
{
	fputs("usage: vpnhactl [-j] [-s SOCKET] [COMMAND...]\n"
	      "       vpnhactl -h | -V\n"
	      "Without a command a shell takes commands from the standard input.\n"
	      "Give '?' as the last word to see what may come next.\n", out);
	return status;
}

/* Words, as bash wants to complete them: candidate, TAB, help. */
static int complete(const struct ctl *ctl, bool explain)
{
	struct completions c;
	struct grammar_line before;
	const char *last = ctl->n_words && !explain ? ctl->words[ctl->n_words - 1] : "";
	char *error;

	grammar_split_words(&before, ctl->words, ctl->n_words ? ctl->n_words - 1 : 0);
	ctl_complete(ctl, &before, last, &c, &error);
	if (explain && error)
		fprintf(stderr, "vpnhactl: %s\n", error);
	else if (explain)
		completions_help(stdout, &c);
	for (size_t n = 0; !explain && n < c.n_items; n++)
		if (c.items[n].is_word)
			printf("%s\t%s\n", c.items[n].word, c.items[n].help);
	free(error);
	completions_free(&c);
	grammar_line_free(&before);
	return CTL_OK;
}

static char *join(const struct ctl *ctl)
{
	char *line = xstrdup("");

	for (size_t n = 0; n < ctl->n_words; n++) {
		char *longer = xasprintf("%s%s%s", line, n ? " " : "", ctl->words[n]);

		free_wiped(line);
		line = longer;
	}
	return line;
}

static int run(struct ctl *ctl)
{
	struct source source = {};
	struct diags diags = { .source = &source };
	enum grammar_result result;
	struct grammar_match match;
	struct grammar_line words;
	struct grammar_error e;
	int ret = CTL_OK;
	char *line;

	line = join(ctl);
	source_add(&source, line, strlen(line));
	free_wiped(line);
	grammar_split_words(&words, ctl->words, ctl->n_words);
	result = grammar_parse(oneshot_words, &words, &match, &e);
	if (result == GRAMMAR_OK) {
		ret = match.exec ? match.exec(ctl, &match) : ctl_oneshot(ctl, &source);
	} else {
		diag_add(&diags, DIAG_ERROR, (struct model_pos){ 1, e.column }, "%s", e.message);
		ctl_report(ctl, &diags);
		ret = result == GRAMMAR_INVALID ? CTL_FAILED : CTL_USAGE;
	}
	free(e.message);
	diag_clear(&diags);
	grammar_line_free(&words);
	source_free(&source);
	return ret;
}

/* Take the options out of the words; -j may stand anywhere. Returns a status, or -1 to go on. */
static int options(struct ctl *ctl, int argc, char **argv, bool *completing)
{
	for (int n = 1; n < argc; n++) {
		const char *word = argv[n];

		if (!ctl->n_words && !*completing) {
			if (!strcmp(word, "--complete")) {
				*completing = true;
				continue;
			}
			if (!strcmp(word, "-h") || !strcmp(word, "--help"))
				return print_usage(stdout, CTL_OK);
			if (!strcmp(word, "-V") || !strcmp(word, "--version")) {
				printf("vpnhactl %s\n", VPNHA_VERSION);
				return CTL_OK;
			}
		}
		if (!ctl->n_words && !*completing && n + 1 < argc &&
		    (!strcmp(word, "-s") || !strcmp(word, "--socket"))) {
			ctl->socket = argv[++n];
			continue;
		}
		if (!*completing && (!strcmp(word, "-j") || !strcmp(word, "--json"))) {
			ctl->json = true;
			continue;
		}
		if (!ctl->n_words && !*completing && word[0] == '-' && word[1]) {
			fprintf(stderr, "vpnhactl: unknown option %s\n", word);
			return print_usage(stderr, CTL_USAGE);
		}
		ctl->words[ctl->n_words++] = argv[n];
	}
	return -1;
}

/* What is printed as JSON may be keys. */
static void wipe(void *p)
{
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/* Keys may have come as words, and these stay readable while the program runs. */
static void wipe_words(const struct ctl *ctl)
{
	for (size_t n = 0; n < ctl->n_words; n++)
		explicit_bzero(ctl->words[n], strlen(ctl->words[n]));
}

int main(int argc, char **argv)
{
	static char output[BUFSIZ];
	bool completing = false;
	struct ctl ctl = {};
	int ret;

	setvbuf(stdout, output, _IOLBF, sizeof(output));
	json_set_alloc_funcs(malloc, wipe);
	ctl.words = xcalloc((size_t)argc, sizeof(*ctl.words));
	ret = options(&ctl, argc, argv, &completing);
	if (ret < 0) {
		if (completing)
			ret = complete(&ctl, false);
		else if (!ctl.n_words)
			ret = ctl_shell(&ctl);
		else if (!strcmp(ctl.words[ctl.n_words - 1], "?"))
			ret = complete(&ctl, true);
		else
			ret = run(&ctl);
	}
	wipe_words(&ctl);
	free(ctl.words);
	if (fflush(stdout) || ferror(stdout))
		ret = ret == CTL_OK ? CTL_FAILED : ret;
	explicit_bzero(output, sizeof(output));
	return ret;
}
