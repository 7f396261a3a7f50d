// SPDX-License-Identifier: GPL-2.0-or-later
/* The shell: for a person at a terminal, or for the lines of a script. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "vpnhactl/ctl.h"

/**
 * exec_exit() - Leave a mode, or the shell.
 * @ctl: run
 * @m: command
 */
int exec_exit(struct ctl *ctl, const struct grammar_match *m)
{
	(void)m;
	if (!ctl->configuring)
		ctl->quit = true;
	else if (ctl->in.mode == CONFIG_GLOBAL)
		ctl->configuring = false;
	ctl->in.mode = ctl->in.mode == CONFIG_PEER ? CONFIG_KEYRING : CONFIG_GLOBAL;
	return CTL_OK;
}

/**
 * exec_end() - Leave configuration mode.
 * @ctl: run
 * @m: command
 */
int exec_end(struct ctl *ctl, const struct grammar_match *m)
{
	(void)m;
	ctl->configuring = false;
	ctl->in.mode = CONFIG_GLOBAL;
	return CTL_OK;
}

/**
 * exec_help() - Say how to get help.
 * @ctl: run
 * @m: command
 */
int exec_help(struct ctl *ctl, const struct grammar_match *m)
{
	(void)m;
	if (ctl->shell)
		puts("Type '?' at any point of a line to see what may come next, TAB to complete\n"
		     "a word. Words may be abbreviated as long as they are unique.");
	else
		puts("Give '?' as the last word to see what may come next: vpnhactl show '?'\n"
		     "Words may be abbreviated as long as they are unique. See vpnhactl(8).");
	return CTL_OK;
}

/**
 * ctl_prompt() - What stands in front of a line.
 * @ctl: run
 * @buf: result
 * @size: its room
 */
void ctl_prompt(const struct ctl *ctl, char *buf, size_t size)
{
	static const char *const modes[] = {
		[CONFIG_GLOBAL]		= "(config)",
		[CONFIG_INTERFACE]	= "(config-if)",
		[CONFIG_SET]		= "(cfg-crypto-trans)",
		[CONFIG_MAP]		= "(config-crypto-map)",
		[CONFIG_ACL]		= "(config-ext-nacl)",
		[CONFIG_ACL6]		= "(config-ipv6-acl)",
		[CONFIG_PROPOSAL]	= "(config-ikev2-proposal)",
		[CONFIG_POLICY]		= "(config-ikev2-policy)",
		[CONFIG_KEYRING]	= "(config-ikev2-keyring)",
		[CONFIG_PEER]		= "(config-ikev2-keyring-peer)",
		[CONFIG_PROFILE]	= "(config-ikev2-profile)",
		[CONFIG_TRUSTPOINT]	= "(ca-trustpoint)",
		[CONFIG_TRACK]		= "(config-track)",
	};

	snprintf(buf, size, "vpnha%s#", ctl->configuring ? modes[ctl->in.mode] : "");
}

/* Whether config_line() knows the line although no table does: the host's business. */
static bool is_foreign(const struct ctl *ctl, const struct source *source, unsigned int number)
{
	struct grammar_line words;
	struct config c;
	size_t length;
	const char *text = source_get(source, number, &length);
	bool foreign;

	if (!ctl->configuring)
		return false;
	config_init(&c, source);
	c.in = ctl->in;
	grammar_split(&words, text, length);
	foreign = config_foreign_word(&c, &words, text, length);
	grammar_line_free(&words);
	config_free(&c);
	return foreign;
}

/* Carry out line @number of @source. */
static int run(struct ctl *ctl, const struct source *source, unsigned int number)
{
	struct diags diags = { .source = source };
	struct grammar_error e = {};
	enum grammar_result result;
	struct grammar_match match;
	struct grammar_line words;
	int ret = CTL_OK;
	size_t length;
	const char *text = source_get(source, number, &length);

	if (is_foreign(ctl, source, number))
		return ctl_configure(ctl, source, number, number);
	grammar_split(&words, text, length);
	result = words.stray ? GRAMMAR_INVALID :
			       grammar_parse(ctl_words(ctl), &words, &match, &e);
	if (words.stray) {
		diag_add(&diags, DIAG_ERROR, (struct model_pos){ number, words.stray },
			 "control character 0x%02x", (unsigned char)text[words.stray - 1]);
	} else if (result == GRAMMAR_OK && match.exec) {
		ret = match.exec(ctl, &match);
	} else if (result == GRAMMAR_OK) {
		ret = ctl_configure(ctl, source, number, number);
	} else if (result != GRAMMAR_EMPTY) {
		diag_add(&diags, DIAG_ERROR, (struct model_pos){ number, e.column }, "%s",
			 e.message);
	}
	if (diags.n_errors) {
		ctl_report(ctl, &diags);
		ret = CTL_FAILED;
	}
	free(e.message);
	diag_clear(&diags);
	grammar_line_free(&words);
	return ret;
}

static int run_typed(struct ctl *ctl, const char *line, size_t length)
{
	struct source source = {};
	int ret = CTL_OK;

	source_add(&source, line, length);
	if (source.n_lines)
		ret = run(ctl, &source, 1);
	source_free(&source);
	return ret;
}

/* A script ends at its first mistake, as a file would be refused for it. */
static int run_script(struct ctl *ctl)
{
	struct source source = {};
	int ret = source_read(&source, "-");

	if (ret) {
		source_free(&source);
		return ctl_fail(ctl, "stdin: %s", strerror(-ret));
	}
	ret = CTL_OK;
	for (unsigned int n = 1; n <= source.n_lines && ret == CTL_OK && !ctl->quit; n++)
		ret = run(ctl, &source, n);
	source_free(&source);
	return ret;
}

/**
 * ctl_shell() - Take commands from the standard input.
 * @ctl: run
 *
 * Return: exit status.
 */
int ctl_shell(struct ctl *ctl)
{
	ctl->shell = true;
	ctl->interactive = isatty(STDIN_FILENO) && !ctl->json;
	if (ctl->interactive)
		return ctl_edit(ctl, run_typed);
	return run_script(ctl);
}
