// SPDX-License-Identifier: GPL-2.0-or-later
/* The command that takes a router's configuration apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/import.h"
#include "vpnhactl/ctl.h"

/* vpnha's, the host's and FRR's. */
#define FILES		3

#define SCRIPT_MODE	0755

static void write_config(FILE *out, const void *im)
{
	import_write_config(out, im);
}

static void write_host(FILE *out, const void *im)
{
	import_write_host(out, im);
}

static void write_frr(FILE *out, const void *im)
{
	import_write_frr(out, im);
}

/* A file as a string of JSON. */
static json_t *text_of(const struct ctl_file *file)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *o;

	if (!out)
		return json_null();
	file->write(out, file->what);
	fclose(out);
	o = json_stringn(text, length);
	explicit_bzero(text, length);
	free(text);
	return o ? o : json_null();
}

/* What was asked for; with JSON nothing but that goes to the standard output. */
static int write_files(const struct ctl *ctl, struct import *im, const struct grammar_match *m)
{
	static const char *const keys[FILES] = { "configuration", "host", "frr" };
	const struct ctl_file files[FILES] = {
		{ m->args[ARG_OUTPUT].text,
		  model_has_keys(&im->config.model) ? CTL_SECRET_MODE : CTL_FILE_MODE,
		  write_config, im },
		{ m->args[ARG_HOST].text, SCRIPT_MODE, write_host, im },
		{ m->args[ARG_FRR].text, im->has_frr_keys ? CTL_SECRET_MODE : CTL_FILE_MODE,
		  write_frr, im },
	};
	struct ctl_file asked[FILES];
	size_t n_asked = 0;
	json_t *o;
	int ret;

	for (size_t n = 0; n < FILES; n++)
		if (files[n].path)
			asked[n_asked++] = files[n];
	if (!files[0].path && !ctl->json) {
		asked[n_asked] = files[0];
		asked[n_asked++].path = "-";
	}
	ret = ctl_write_files(ctl, asked, n_asked);
	if (ret != CTL_OK || !ctl->json)
		return ret;
	o = json_pack("{s:o}", "messages", diag_json(&im->config.diags));
	for (size_t n = 0; n < FILES; n++)
		json_object_set_new(o, keys[n], text_of(&files[n]));
	ctl_print_json(o);
	return CTL_OK;
}

/* Say what would be lost. */
static void note_lost(struct import *im, const struct grammar_match *m)
{
	struct model_pos nowhere = {};

	if (!m->args[ARG_HOST].given)
		diag_add(&im->config.diags, DIAG_NOTE, nowhere,
			 "what is the host's is not written: no --host FILE");
	if (!m->args[ARG_FRR].given && im->routing)
		diag_add(&im->config.diags, DIAG_NOTE, nowhere,
			 "what is FRR's is not written: no --frr FILE");
}

/* Two of the files would be one, or one would be lost in JSON. Returns what is wrong. */
static const char *same_file(const struct ctl *ctl, const struct grammar_match *m)
{
	static const enum grammar_arg args[FILES] = { ARG_OUTPUT, ARG_HOST, ARG_FRR };
	const char *paths[FILES];

	for (size_t n = 0; n < FILES; n++) {
		paths[n] = m->args[args[n]].text;
		if (!paths[n] && !n && !ctl->json)
			paths[n] = "-";
		if (paths[n] && ctl->json && !strcmp(paths[n], "-"))
			return paths[n];
		for (size_t k = 0; k < n; k++)
			if (paths[n] && paths[k] && !strcmp(paths[n], paths[k]))
				return paths[n];
	}
	return NULL;
}

/**
 * exec_import() - "import".
 * @ctl: run
 * @m: command
 */
int exec_import(struct ctl *ctl, const struct grammar_match *m)
{
	const char *path = m->args[ARG_FILE].text, *same = same_file(ctl, m);
	struct source source = {};
	struct import im;
	char *why = NULL;
	int ret;

	import_init(&im, &source);
	for (size_t n = 0; n < m->n_list && !why; n++)
		why = import_name(&im, m->list[n]);
	ret = source_read(&source, path);
	if (same) {
		ret = ctl_fail(ctl, "two outputs to %s",
			       strcmp(same, "-") ? same : "the standard output");
	} else if (why) {
		ret = ctl_fail(ctl, "--interface: %s", why);
	} else if (ret) {
		ret = ctl_fail(ctl, "%s: %s", path, strerror(-ret));
	} else {
		import_read(&im);
		if (!ctl->json)
			note_lost(&im, m);
		ctl_report(ctl, &im.config.diags);
		ret = im.config.diags.n_errors ? CTL_FAILED : write_files(ctl, &im, m);
	}
	free(why);
	import_free(&im);
	source_free(&source);
	return ret;
}
