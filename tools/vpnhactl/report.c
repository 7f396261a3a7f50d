// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/alloc.h"
#include "lib/text.h"
#include "vpnhactl/ctl.h"

/**
 * ctl_print_json() - Print a value and release it.
 * @o: value
 */
void ctl_print_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static void fail_json(const char *message)
{
	ctl_print_json(json_pack("{s:[{s:s,s:s}]}", "errors", "level", "error", "message",
				 message));
}

/**
 * ctl_fail() - Say why a command failed.
 * @ctl: run
 * @format: as of printf
 *
 * Return: CTL_FAILED.
 */
int ctl_fail(const struct ctl *ctl, const char *format, ...)
{
	char *message;
	va_list ap;

	va_start(ap, format);
	message = xvasprintf(format, ap);
	va_end(ap);
	text_sanitize(message);
	if (ctl->json)
		fail_json(message);
	else
		fprintf(stderr, "%s%s\n", ctl->interactive ? "% " : "vpnhactl: ", message);
	free(message);
	return CTL_FAILED;
}

/**
 * ctl_fail_session() - Say why the kernel did not do as it was asked.
 * @ctl: run
 * @e: its answer, which is released
 *
 * Return: CTL_FAILED.
 */
int ctl_fail_session(const struct ctl *ctl, struct session_error *e)
{
	text_sanitize(e->message);
	if (ctl->json)
		fail_json(e->message);
	else
		fprintf(stderr, "%s%s\n", ctl->interactive ? "% " : "vpnha: ", e->message);
	session_error_clear(e);
	return CTL_FAILED;
}

/* As IOS does it: the caret below the word that the person has just typed. */
static void report_interactive(const struct ctl *ctl, const struct diags *d)
{
	for (size_t n = 0; n < d->n_items; n++) {
		const struct diag *item = &d->items[n];

		int before = (int)(ctl->prompt_width + item->at.column) - 1;

		if (item->at.column && item->level != DIAG_NOTE)
			fprintf(stderr, "%*s^\n", before, "");
		fprintf(stderr, "%% %s%s\n", item->level == DIAG_WARNING ? "Warning: " : "",
			item->message);
	}
}

/**
 * ctl_report() - Print messages about a source.
 * @ctl: run
 * @d: messages; with JSON they are printed when there are errors among them
 */
void ctl_report(const struct ctl *ctl, struct diags *d)
{
	if (ctl->json) {
		if (d->n_errors)
			ctl_print_json(json_pack("{s:o}", "errors", diag_json(d)));
	} else if (ctl->interactive) {
		report_interactive(ctl, d);
	} else {
		diag_print(d, stderr);
	}
}
