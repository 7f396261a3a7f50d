// SPDX-License-Identifier: GPL-2.0-or-later
/* What vpnhactl has to do with vpnhad: configuration. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "vpnhactl/ike.h"

/**
 * ctl_fail_control() - Say why vpnhad did not do as it was asked.
 * @ctl: run
 * @e: its answer, which is released
 *
 * Return: CTL_FAILED.
 */
int ctl_fail_control(const struct ctl *ctl, struct control_error *e)
{
	ctl_fail(ctl, "%s", e->message);
	control_error_clear(e);
	return CTL_FAILED;
}

/**
 * ctl_ike_open() - Connect to vpnhad if it is running.
 * @ctl: run
 * @ike: result
 *
 * Return: exit status.
 */
int ctl_ike_open(const struct ctl *ctl, struct ctl_ike *ike)
{
	struct control_error e;

	memset(ike, 0, sizeof(*ike));
	if (!control_open(&ike->control, ctl->socket, &e))
		return CTL_OK;
	ike->absent = e.absent;
	if (!e.absent)
		return ctl_fail_control(ctl, &e);
	control_error_clear(&e);
	return CTL_OK;
}

/**
 * ctl_ike_close() - Close the connection.
 * @ike: connection
 */
void ctl_ike_close(struct ctl_ike *ike)
{
	control_close(&ike->control);
	ikev2_config_free(&ike->now);
}

/**
 * ctl_ike_text() - Ask for the configuration that vpnhad has, as text.
 * @ctl: run
 * @ike: connection
 * @text: result; the caller's, who wipes it
 *
 * Return: exit status.
 */
int ctl_ike_text(const struct ctl *ctl, struct ctl_ike *ike, char **text)
{
	struct control_error e;
	json_t *answer = control_ask(&ike->control, json_pack("{s:s}", "op", "running"), &e);
	const char *s = json_string_value(json_object_get(answer, "text"));
	int ret = CTL_OK;

	*text = s ? xstrdup(s) : NULL;
	if (!answer)
		ret = ctl_fail_control(ctl, &e);
	else if (!s)
		ret = ctl_fail(ctl, "vpnhad does not tell its configuration");
	json_decref(answer);
	return ret;
}

/**
 * ctl_ike_get() - Get the configuration that vpnhad has.
 * @ctl: run
 * @ike: connection; its member @now is the result
 *
 * Return: exit status.
 */
int ctl_ike_get(const struct ctl *ctl, struct ctl_ike *ike)
{
	struct source source = {};
	struct config c;
	char *text;
	int ret = ctl_ike_text(ctl, ike, &text);

	if (ret != CTL_OK)
		return ret;
	source_name(&source, "vpnhad");
	source_add(&source, text, strlen(text));
	free_wiped(text);
	config_init(&c, &source);
	/* It is no line of this command that says so. */
	c.nowhere = true;
	config_read(&c);
	if (c.diags.n_errors) {
		ret = ctl_fail(ctl, "the configuration that vpnhad has is not understood: %s",
			       c.diags.items[0].message);
	} else {
		ikev2_config_settle(&c.model.ikev2);
		ike->now = c.model.ikev2;
		ike->keys_removed = c.keys_removed;
		memset(&c.model.ikev2, 0, sizeof(c.model.ikev2));
	}
	config_free(&c);
	source_free(&source);
	return ret;
}

/* The text of a configuration, wiped by its reader, and where its lines come from. */
static char *text_of(const struct ikev2_config *c, struct ikev2_origins *origins)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return xstrdup("");
	ikev2_config_write(out, c, true, origins);
	fclose(out);
	return text;
}

/* Tell what vpnhad refused, and which line asked for it. */
static void trace_refusal(struct config *c, const char *text, const struct ikev2_origins *origins,
			  const struct control_error *e)
{
	struct model_pos at = {};
	char *line;

	if (e->line && e->line <= origins->n_items)
		at = origins->items[e->line - 1];
	diag_clear(&c->diags);
	if (at.line || !e->line) {
		diag_add(&c->diags, DIAG_ERROR, at, "vpnhad: %s", e->message);
		return;
	}
	for (unsigned int n = 1; n < e->line && *text; n++)
		text += strcspn(text, "\n") + 1;
	line = xstrndup(text, strcspn(text, "\n"));
	text_mask_secrets(line);
	diag_add(&c->diags, DIAG_ERROR, at, "vpnhad: '%s': %s", line + strspn(line, " "),
		 e->message);
	free_wiped(line);
}

/**
 * ctl_ike_hand() - Hand vpnhad a configuration.
 * @ctl: run
 * @ike: connection
 * @op: "check" or "load"
 * @c: configuration; messages say what vpnhad refuses
 *
 * Return: exit status.
 */
int ctl_ike_hand(const struct ctl *ctl, struct ctl_ike *ike, const char *op, struct config *c)
{
	struct ikev2_origins origins = {};
	char *text = text_of(&c->model.ikev2, &origins);
	struct control_error e;
	json_t *answer;
	int ret = CTL_OK;

	answer = control_ask(&ike->control, json_pack("{s:s,s:s}", "op", op, "text", text), &e);
	if (!answer) {
		trace_refusal(c, text, &origins, &e);
		ctl_report(ctl, &c->diags);
		control_error_clear(&e);
		ret = CTL_FAILED;
	}
	json_decref(answer);
	free_wiped(text);
	ikev2_origins_free(&origins);
	return ret;
}
