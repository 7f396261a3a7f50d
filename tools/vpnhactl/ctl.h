/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands of vpnhactl share. */
#ifndef VPNHA_CTL_H
#define VPNHA_CTL_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/config.h"
#include "lib/grammar.h"
#include "lib/nl.h"

/* Permissions of a file, and of one that holds keys. */
#define CTL_FILE_MODE	0644
#define CTL_SECRET_MODE	0600

#define CTL_STARTUP_CONFIG	"/etc/vpnha/vpnha.conf"

/* Exit statuses. */
enum {
	CTL_OK,
	CTL_FAILED,
	CTL_USAGE,
};

/**
 * struct ctl - A run of vpnhactl.
 * @json: output and errors are JSON
 * @shell: commands come from a shell, be it one person or a script
 * @interactive: a person
 * @configuring: the shell is in configuration mode
 * @in: what the lines there are about
 * @quit: the shell is to end
 * @prompt_width: characters in front of what the person types
 * @words: words of the command line, when there is no shell
 * @n_words: how many
 * @socket: of vpnhad; NULL: the one of the environment, or else the usual one
 */
struct ctl {
	bool json;
	bool shell;
	bool interactive;
	bool configuring;
	struct config_context in;
	bool quit;
	unsigned int prompt_width;
	char **words;
	size_t n_words;
	const char *socket;
};

/* report.c */
int ctl_fail(const struct ctl *ctl, const char *format, ...) __attribute__((format(printf, 2, 3)));
int ctl_fail_session(const struct ctl *ctl, struct session_error *e);
void ctl_report(const struct ctl *ctl, struct diags *d);
void ctl_print_json(json_t *o);

/* files.c */

/**
 * struct ctl_file - A file to write.
 * @path: its name, "-" for the standard output
 * @mode: its permissions
 * @write: writes it
 * @what: argument of @write
 */
struct ctl_file {
	const char *path;
	mode_t mode;
	void (*write)(FILE *out, const void *what);
	const void *what;
};

int ctl_write_files(const struct ctl *ctl, const struct ctl_file *files, size_t n_files);

/* words.c */
extern const struct grammar_node exec_words[];
extern const struct grammar_node oneshot_words[];
extern const struct grammar_node shell_words[];
extern const struct grammar_node import_words[];
const struct grammar_node *ctl_words(const struct ctl *ctl);

/* configure.c */
int ctl_configure(struct ctl *ctl, const struct source *source, unsigned int first,
		  unsigned int last);
int ctl_oneshot(struct ctl *ctl, const struct source *source);
int exec_configure(struct ctl *ctl, const struct grammar_match *m);
int exec_load(struct ctl *ctl, const struct grammar_match *m);
int exec_check(struct ctl *ctl, const struct grammar_match *m);

/* import.c */
int exec_import(struct ctl *ctl, const struct grammar_match *m);

/* show.c */
int exec_show_standby(struct ctl *ctl, const struct grammar_match *m);
int exec_show_track(struct ctl *ctl, const struct grammar_match *m);
int exec_track(struct ctl *ctl, const struct grammar_match *m);
int exec_show_running_config(struct ctl *ctl, const struct grammar_match *m);
int exec_show_version(struct ctl *ctl, const struct grammar_match *m);
int exec_copy(struct ctl *ctl, const struct grammar_match *m);
int exec_write(struct ctl *ctl, const struct grammar_match *m);
int ctl_get(const struct ctl *ctl, const struct session_filter *filter, unsigned int what,
	    struct model *m);
int ctl_get_config(const struct ctl *ctl, struct model *m);

/* crypto.c */
int exec_show_crypto_map(struct ctl *ctl, const struct grammar_match *m);
int exec_show_crypto_dynamic_map(struct ctl *ctl, const struct grammar_match *m);
int exec_show_crypto_set(struct ctl *ctl, const struct grammar_match *m);
int exec_show_crypto_route(struct ctl *ctl, const struct grammar_match *m);
int exec_show_crypto_sa(struct ctl *ctl, const struct grammar_match *m);
int exec_show_crypto_counters(struct ctl *ctl, const struct grammar_match *m);
int exec_show_access_lists(struct ctl *ctl, const struct grammar_match *m);
int exec_clear_crypto_sa(struct ctl *ctl, const struct grammar_match *m);
int exec_clear_crypto_counters(struct ctl *ctl, const struct grammar_match *m);

/* show_ike.c */
int exec_show_isakmp_sa(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_policy(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_profile(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_proposal(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_sa(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_session(struct ctl *ctl, const struct grammar_match *m);
int exec_show_ikev2_stats(struct ctl *ctl, const struct grammar_match *m);
int exec_show_session(struct ctl *ctl, const struct grammar_match *m);
int exec_clear_ike_sa(struct ctl *ctl, const struct grammar_match *m);
int exec_clear_ikev2_stats(struct ctl *ctl, const struct grammar_match *m);
int exec_clear_session(struct ctl *ctl, const struct grammar_match *m);

/* debug.c */
int exec_debug(struct ctl *ctl, const struct grammar_match *m);
int exec_debug_crypto(struct ctl *ctl, const struct grammar_match *m);
int exec_debug_ike(struct ctl *ctl, const struct grammar_match *m);

/* complete.c */
struct completion {
	char *word;
	const char *help;
	bool is_word;
};

struct completions {
	struct completion *items;
	size_t n_items;
};

void ctl_complete(const struct ctl *ctl, const struct grammar_line *before, const char *last,
		  struct completions *c, char **error);
void completions_free(struct completions *c);
void completions_help(FILE *out, const struct completions *c);

/* shell.c */
int ctl_shell(struct ctl *ctl);
int exec_exit(struct ctl *ctl, const struct grammar_match *m);
int exec_end(struct ctl *ctl, const struct grammar_match *m);
int exec_help(struct ctl *ctl, const struct grammar_match *m);

/* edit.c */
int ctl_edit(struct ctl *ctl, int (*run)(struct ctl *ctl, const char *line, size_t length));
void ctl_prompt(const struct ctl *ctl, char *buf, size_t size);

#endif
