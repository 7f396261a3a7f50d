// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that configure: files, lines of a shell, one-shot lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/batch.h"
#include "lib/change.h"
#include "vpnhactl/ike.h"

/* To know what is to be changed takes session keys, too. */
#define CONFIGURED	(SESSION_STANDBY | SESSION_CRYPTO | SESSION_KEYS)

/* Reads the lines of a source. */
typedef void (*read_fn)(struct config *c, unsigned int first, unsigned int last);

static void read_lines(struct config *c, unsigned int first, unsigned int last)
{
	for (unsigned int line = first; line <= last; line++)
		config_line(c, line);
}

static void read_oneshot(struct config *c, unsigned int first, unsigned int last)
{
	(void)last;
	config_oneshot(c, first);
}

/* Tell what the kernel refused, and which line of the configuration asked for it. */
static void trace_refusal(struct config *c, const struct batch *b, const struct session_error *e)
{
	const struct batch_span *span = e->has_offset ? batch_locate(b, e->offset) : NULL;
	struct model_pos nowhere = {};
	char *what;

	if (!span) {
		diag_add(&c->diags, DIAG_ERROR, nowhere, "the kernel refused: %s", e->message);
		return;
	}
	if (span->at.line) {
		diag_add(&c->diags, DIAG_ERROR, span->at, "%s", e->message);
		return;
	}
	what = change_describe(span->change);
	diag_add(&c->diags, DIAG_ERROR, span->at, "%s: %s", what, e->message);
	free(what);
}

/* Make the kernel's objects as @c wants them. */
static int commit(struct ctl *ctl, struct session *s, struct config *c,
		  const struct changes *changes)
{
	struct session_error e = {};
	struct batch batch;
	int ret = CTL_OK;

	if (!changes->n_items)
		return CTL_OK;
	if (batch_build(&batch, s->family, changes)) {
		ret = ctl_fail(ctl, "the changes do not fit into a message");
	} else if (session_commit(s, &batch, &e)) {
		if (e.has_offset) {
			diag_clear(&c->diags);
			trace_refusal(c, &batch, &e);
			ctl_report(ctl, &c->diags);
			ret = CTL_FAILED;
		} else {
			ret = ctl_fail_session(ctl, &e);
		}
	}
	session_error_clear(&e);
	batch_free(&batch);
	return ret;
}

/* Start with the mode in which the shell is, if there is one. */
static void enter(const struct ctl *ctl, struct config *c, unsigned int first)
{
	c->in = ctl->in;
	/* The line itself stands for the heading that came before. */
	c->at_heading = (struct model_pos){ first, 1 };
}

static void leave(struct ctl *ctl, const struct config *c)
{
	/* What stands below a foreign heading means nothing to a shell. */
	if (ctl->shell && c->in.mode != CONFIG_FOREIGN)
		ctl->in = c->in;
}

/* Take back what the kernel has done already, because the rest was refused. */
static void take_back(const struct ctl *ctl, struct session *s, const struct config *c,
		      const struct model *before)
{
	struct session_error e = {};
	struct changes back = {};
	struct batch batch;

	changes_find(&back, &c->model, before);
	if (back.n_items && batch_build(&batch, s->family, &back)) {
		ctl_fail(ctl, "what the kernel has done already cannot be taken back");
	} else if (back.n_items) {
		if (session_commit(s, &batch, &e))
			ctl_fail(ctl, "what the kernel has done already cannot be taken back: %s",
				 e.message);
		session_error_clear(&e);
		batch_free(&batch);
	}
	changes_free(&back);
}

/*
 * Make what the kernel and vpnhad have as @c wants it, all or nothing: vpnhad says first whether
 * it will. @ike is NULL when it has nothing to do.
 */
static int commit_all(struct ctl *ctl, struct session *s, struct ctl_ike *ike, struct config *c,
		      const struct model *now, const struct changes *changes)
{
	int ret = ike ? ctl_ike_hand(ctl, ike, "check", c) : CTL_OK;

	if (ret == CTL_OK)
		ret = commit(ctl, s, c, changes);
	if (ret != CTL_OK || !ike)
		return ret;
	ret = ctl_ike_hand(ctl, ike, "load", c);
	if (ret != CTL_OK && changes->n_items)
		take_back(ctl, s, c, now);
	return ret;
}

/* Whether the lines are right by themselves, and whose configuration they change. */
static int try_lines(struct ctl *ctl, const struct source *source, unsigned int first,
		     unsigned int last, read_fn read, bool *kernel, bool *ikev2)
{
	int ret = CTL_OK;
	struct config c;

	config_init(&c, source);
	c.blind = true;
	enter(ctl, &c, first);
	read(&c, first, last);
	*kernel = c.touched;
	*ikev2 = c.ikev2_touched;
	if (c.diags.n_errors || (!c.touched && !c.ikev2_touched)) {
		ctl_report(ctl, &c.diags);
		ret = c.diags.n_errors ? CTL_FAILED : CTL_OK;
		if (ret == CTL_OK)
			leave(ctl, &c);
		*kernel = false;
		*ikev2 = false;
	}
	config_free(&c);
	return ret;
}

/* Get what is to be changed. */
static int get_now(struct ctl *ctl, struct session *s, struct ctl_ike *ike, bool kernel,
		   bool ikev2, struct model *now)
{
	struct session_error e = {};
	int ret = CTL_OK;

	if (kernel && (session_open(s, &e) || session_get(s, NULL, CONFIGURED, now, &e)))
		return ctl_fail_session(ctl, &e);
	if (!ikev2)
		return CTL_OK;
	ret = ctl_ike_open(ctl, ike);
	if (ret == CTL_OK && ike->absent)
		ret = ctl_fail(ctl,
			       "vpnhad is not running, and the line is one of its configuration");
	if (ret == CTL_OK)
		ret = ctl_ike_get(ctl, ike);
	/* It would be handed back without them. */
	if (ret == CTL_OK && ike->keys_removed)
		ret = ctl_fail(ctl,
			       "the key was removed from what vpnhad tells: only root may change it");
	if (ret == CTL_OK)
		ikev2_config_copy(&now->ikev2, &ike->now);
	return ret;
}

/* Carry out lines on top of what the kernel and vpnhad have. */
static int configure(struct ctl *ctl, const struct source *source, unsigned int first,
		     unsigned int last, read_fn read)
{
	struct ctl_ike ike = { .control.fd = -1 };
	size_t n_changes = 0, n_ikev2;
	struct changes changes = {};
	struct session s = {};
	struct model now = {};
	bool kernel, ikev2;
	struct config c;
	int ret;

	/* Mistakes and changes of the mode need neither. */
	ret = try_lines(ctl, source, first, last, read, &kernel, &ikev2);
	if (!kernel && !ikev2)
		return ret;
	config_init(&c, source);
	ret = get_now(ctl, &s, &ike, kernel, ikev2, &now);
	if (ret != CTL_OK)
		goto out;
	model_copy(&c.model, &now);
	enter(ctl, &c, first);
	read(&c, first, last);
	config_finish(&c, CONFIG_NEED_INTERFACES | (ikev2 ? 0 : CONFIG_NO_IKEV2));
	ctl_report(ctl, &c.diags);
	if (c.diags.n_errors) {
		ret = CTL_FAILED;
		goto out;
	}
	if (kernel)
		changes_find(&changes, &now, &c.model);
	n_ikev2 = ikev2_config_diff(NULL, &now.ikev2, &c.model.ikev2);
	n_changes = changes.n_items + n_ikev2;
	ret = commit_all(ctl, &s, n_ikev2 ? &ike : NULL, &c, &now, &changes);
	if (ret == CTL_OK)
		leave(ctl, &c);
	if (ret == CTL_OK && ctl->json)
		ctl_print_json(json_pack("{s:I,s:o}", "changes", (json_int_t)n_changes,
					 "messages", diag_json(&c.diags)));
out:
	changes_free(&changes);
	config_free(&c);
	model_free(&now);
	ctl_ike_close(&ike);
	session_close(&s);
	return ret;
}

/**
 * ctl_configure() - Carry out lines of configuration.
 * @ctl: run
 * @source: where they are
 * @first: number of the first
 * @last: number of the last
 *
 * Return: exit status.
 */
int ctl_configure(struct ctl *ctl, const struct source *source, unsigned int first,
		  unsigned int last)
{
	return configure(ctl, source, first, last, read_lines);
}

/**
 * ctl_oneshot() - Carry out a heading and a line in one.
 * @ctl: run
 * @source: the line
 *
 * Return: exit status.
 */
int ctl_oneshot(struct ctl *ctl, const struct source *source)
{
	return configure(ctl, source, 1, 1, read_oneshot);
}

/**
 * exec_configure() - Carry out the command line's lines, or enter configuration mode.
 * @ctl: run
 * @m: command
 */
int exec_configure(struct ctl *ctl, const struct grammar_match *m)
{
	struct source source = {};
	int ret;

	if (!m->args[ARG_REST].given) {
		ctl->configuring = true;
		ctl->in.mode = CONFIG_GLOBAL;
		return ctl->shell ? CTL_OK : ctl_shell(ctl);
	}
	source_name(&source, "line");
	for (size_t n = 1; n < ctl->n_words; n++) {
		char *line = xasprintf("%s\n", ctl->words[n]);

		source_add(&source, line, strlen(line));
		free_wiped(line);
	}
	ret = ctl_configure(ctl, &source, 1, (unsigned int)source.n_lines);
	source_free(&source);
	return ret;
}

/* Read and check a file; tell what is wrong with it. */
static int read_file(const struct ctl *ctl, const char *path, struct source *source,
		     struct config *c, unsigned int flags)
{
	int ret = source_read(source, path);

	config_init(c, source);
	if (ret)
		return ctl_fail(ctl, "%s: %s", path, strerror(-ret));
	config_read(c);
	config_finish(c, flags);
	if (!c->diags.n_errors)
		return CTL_OK;
	ctl_report(ctl, &c->diags);
	return CTL_FAILED;
}

/* A file that is checked. */
struct checked {
	const char *path;
	struct source source;
	struct config config;
	int error;
};

static void check_file(struct checked *f, unsigned int flags)
{
	f->error = source_read(&f->source, f->path);
	config_init(&f->config, &f->source);
	if (f->error)
		return;
	config_read(&f->config);
	config_finish(&f->config, flags);
	/* What was not understood is missing, and would be missed. */
	if (!f->config.diags.n_errors)
		config_check_hints(&f->config);
}

/* All messages of all files in one array. */
static json_t *all_messages(struct checked *files, size_t n_files)
{
	json_t *all = json_array();

	for (size_t n = 0; n < n_files; n++) {
		json_t *own = diag_json(&files[n].config.diags);

		json_array_extend(all, own);
		json_decref(own);
	}
	return all;
}

static int report_check(const struct ctl *ctl, struct checked *files, size_t n_files)
{
	int ret = CTL_OK;

	for (size_t n = 0; n < n_files; n++) {
		struct checked *f = &files[n];

		if (f->error)
			return ctl_fail(ctl, "%s: %s", f->path, strerror(-f->error));
		if (f->config.diags.n_errors)
			ret = CTL_FAILED;
	}
	if (ctl->json) {
		ctl_print_json(json_pack("{s:o}", ret == CTL_OK ? "messages" : "errors",
					 all_messages(files, n_files)));
		return ret;
	}
	for (size_t n = 0; n < n_files; n++)
		ctl_report(ctl, &files[n].config.diags);
	for (size_t n = 0; n < n_files; n++)
		if (!files[n].config.diags.n_errors)
			printf("%s: ok\n", files[n].source.name);
	return ret;
}

/**
 * exec_check() - Check a configuration file, and what others have to do with it.
 * @ctl: run
 * @m: command
 */
int exec_check(struct ctl *ctl, const struct grammar_match *m)
{
	size_t n_files = 1 + m->n_list;
	struct checked *files = xcalloc(n_files, sizeof(*files));
	int ret;

	files[0].path = m->args[ARG_FILE].text;
	for (size_t n = 1; n < n_files; n++)
		files[n].path = m->list[n - 1];
	for (size_t n = 0; n < n_files; n++)
		check_file(&files[n], n ? CONFIG_ELSEWHERE : 0);
	for (size_t n = 1; n < n_files; n++)
		if (!files[0].error && !files[n].error)
			config_check_pair(&files[0].config, &files[n].config);
	ret = report_check(ctl, files, n_files);
	for (size_t n = 0; n < n_files; n++) {
		config_free(&files[n].config);
		source_free(&files[n].source);
	}
	free(files);
	return ret;
}

static void report_load(const struct ctl *ctl, struct config *c, const struct changes *changes,
			const struct ikev2_config *ikev2, bool dry_run)
{
	size_t n_changes = changes->n_items;

	if (ikev2)
		n_changes += ikev2_config_diff(NULL, ikev2, &c->model.ikev2);
	if (ctl->json) {
		ctl_print_json(json_pack("{s:I,s:b,s:o}", "changes", (json_int_t)n_changes,
					 "dry_run", dry_run, "messages", diag_json(&c->diags)));
	} else if (!n_changes) {
		printf("%s: no changes\n", c->diags.source->name);
	} else if (dry_run) {
		changes_write(stdout, changes);
		if (ikev2)
			ikev2_config_diff(stdout, ikev2, &c->model.ikev2);
	} else {
		printf("%s: %zu change%s\n", c->diags.source->name, n_changes,
		       n_changes == 1 ? "" : "s");
	}
}

/* Find vpnhad, and what it has; say so if it is missed. */
static int find_vpnhad(const struct ctl *ctl, struct ctl_ike *ike, struct config *c)
{
	int ret = ctl_ike_open(ctl, ike);

	if (ret == CTL_OK && !ike->absent)
		return ctl_ike_get(ctl, ike);
	if (ret == CTL_OK && !ikev2_config_is_empty(&c->model.ikev2))
		diag_add(&c->diags, DIAG_WARNING, (struct model_pos){},
			 "vpnhad is not running: lines of crypto ikev2 and crypto pki take effect when it starts and reads "
			 CTL_STARTUP_CONFIG);
	return ret;
}

/* What is to be done by vpnhad, or NULL: nothing. */
static struct ctl_ike *needed(struct ctl_ike *ike, const struct config *c)
{
	return ike->absent || ikev2_config_equal(&ike->now, &c->model.ikev2) ? NULL : ike;
}

/**
 * exec_load() - Replace the configuration by that of a file.
 * @ctl: run
 * @m: command
 */
int exec_load(struct ctl *ctl, const struct grammar_match *m)
{
	bool dry_run = m->args[ARG_DRY_RUN].given;
	struct ctl_ike ike = { .control.fd = -1 };
	struct session_error e = {};
	struct changes changes = {};
	struct source source = {};
	struct session s = {};
	struct model now = {};
	struct config c;
	int ret;

	ret = read_file(ctl, m->args[ARG_FILE].text, &source, &c,
			m->args[ARG_ALLOW_MISSING].given ? 0 : CONFIG_NEED_INTERFACES);
	if (ret == CTL_OK)
		ret = find_vpnhad(ctl, &ike, &c);
	if (ret != CTL_OK)
		goto out;
	ctl_report(ctl, &c.diags);
	if (session_open(&s, &e) || session_get(&s, NULL, CONFIGURED, &now, &e)) {
		ret = ctl_fail_session(ctl, &e);
		goto out;
	}
	changes_find(&changes, &now, &c.model);
	if (!dry_run)
		ret = commit_all(ctl, &s, needed(&ike, &c), &c, &now, &changes);
	else if (needed(&ike, &c))
		ret = ctl_ike_hand(ctl, &ike, "check", &c);
	if (ret == CTL_OK)
		report_load(ctl, &c, &changes, ike.absent ? NULL : &ike.now, dry_run);
out:
	changes_free(&changes);
	config_free(&c);
	model_free(&now);
	ctl_ike_close(&ike);
	session_close(&s);
	source_free(&source);
	return ret;
}
