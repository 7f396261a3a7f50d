// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that show and clear what vpnhad has. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/show_ike.h"
#include "lib/show_ikev2.h"
#include "vpnhactl/ike.h"

/* What is meant by ARG_KIND. */
static const char *const roles[] = { NULL, "active", "standby" };

/* A request about the SAs or sessions that a command is about. */
static json_t *request(const struct grammar_match *m, const char *op, const char *what)
{
	const char *role = roles[m->args[ARG_KIND].number];
	json_t *o = json_pack("{s:s,s:s}", "op", op, "what", what);
	char buf[ADDRESS_LEN];

	if (m->args[ARG_PEER].given)
		json_object_set_new(o, "peer",
				    json_string(address_text(buf, &m->args[ARG_PEER].ip)));
	if (m->args[ARG_IFNAME].given)
		json_object_set_new(o, "interface", json_string(m->args[ARG_IFNAME].text));
	if (m->args[ARG_ID].given)
		json_object_set_new(o, "id", json_integer(m->args[ARG_ID].number));
	if (role)
		json_object_set_new(o, "role", json_string(role));
	if (m->args[ARG_DETAIL].given)
		json_object_set_new(o, "detail", json_true());
	return o;
}

/* Ask for something. Returns the answer, or NULL, and has said why. */
static json_t *ask(const struct ctl *ctl, json_t *o)
{
	struct control_error e;
	struct control control;
	json_t *answer = NULL;

	if (control_open(&control, ctl->socket, &e)) {
		json_decref(o);
	} else {
		answer = control_ask(&control, o, &e);
		control_close(&control);
	}
	if (!answer)
		ctl_fail_control(ctl, &e);
	return answer;
}

static int show(const struct ctl *ctl, const struct grammar_match *m, const char *what,
		void (*print)(FILE *out, const json_t *items, bool detail))
{
	json_t *answer = ask(ctl, request(m, "show", what));
	json_t *items = json_object_get(answer, "items");
	int ret = CTL_OK;

	if (!answer)
		return CTL_FAILED;
	if (!json_is_array(items))
		ret = ctl_fail(ctl, "vpnhad's answer has no items");
	else if (ctl->json)
		ctl_print_json(json_incref(items));
	else
		print(stdout, items, m->args[ARG_DETAIL].given);
	json_decref(answer);
	return ret;
}

/**
 * exec_show_isakmp_sa() - "show crypto isakmp sa".
 * @ctl: run
 * @m: command
 */
int exec_show_isakmp_sa(struct ctl *ctl, const struct grammar_match *m)
{
	return show(ctl, m, "ike-sa", show_isakmp_sas);
}

/**
 * exec_show_ikev2_sa() - "show crypto ikev2 sa".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_sa(struct ctl *ctl, const struct grammar_match *m)
{
	return show(ctl, m, "ike-sa", show_ikev2_sas);
}

static void print_ikev2_session(FILE *out, const json_t *items, bool detail)
{
	(void)detail;
	show_ikev2_sas(out, items, true);
}

/**
 * exec_show_ikev2_session() - "show crypto ikev2 session".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_session(struct ctl *ctl, const struct grammar_match *m)
{
	return show(ctl, m, "ike-sa", print_ikev2_session);
}

/* What vpnhad's configuration says of a kind, made JSON by @make, and printed by @print. */
static int show_config(const struct ctl *ctl, const struct grammar_match *m, const char *kind,
		       json_t *(*make)(const struct ikev2_config *c, const char *name),
		       void (*print)(FILE *out, const json_t *items))
{
	const char *name = m->args[ARG_NAME].given ? m->args[ARG_NAME].text : NULL;
	struct ctl_ike ike;
	json_t *items;
	int ret = ctl_ike_open(ctl, &ike);

	if (ret != CTL_OK)
		return ret;
	ret = ike.absent ? ctl_fail(ctl, "vpnhad is not running") : ctl_ike_get(ctl, &ike);
	if (ret == CTL_OK) {
		items = make(&ike.now, name);
		if (name && !json_array_size(items))
			ret = ctl_fail(ctl, "there is no %s %s", kind, name);
		else if (ctl->json)
			ctl_print_json(json_incref(items));
		else
			print(stdout, items);
		json_decref(items);
	}
	ctl_ike_close(&ike);
	return ret;
}

/**
 * exec_show_ikev2_policy() - "show crypto ikev2 policy".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_policy(struct ctl *ctl, const struct grammar_match *m)
{
	return show_config(ctl, m, "policy", show_ikev2_policies_json, show_ikev2_policies);
}

/**
 * exec_show_ikev2_profile() - "show crypto ikev2 profile".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_profile(struct ctl *ctl, const struct grammar_match *m)
{
	return show_config(ctl, m, "profile", show_ikev2_profiles_json, show_ikev2_profiles);
}

/**
 * exec_show_ikev2_proposal() - "show crypto ikev2 proposal".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_proposal(struct ctl *ctl, const struct grammar_match *m)
{
	return show_config(ctl, m, "proposal", show_ikev2_proposals_json, show_ikev2_proposals);
}

/**
 * exec_show_session() - "show crypto session".
 * @ctl: run
 * @m: command
 */
int exec_show_session(struct ctl *ctl, const struct grammar_match *m)
{
	return show(ctl, m, "session", show_sessions);
}

static void print_counters(FILE *out, const json_t *items, bool detail)
{
	(void)detail;
	show_ike_counters(out, items);
}

/**
 * exec_show_ikev2_stats() - "show crypto ikev2 stats".
 * @ctl: run
 * @m: command
 */
int exec_show_ikev2_stats(struct ctl *ctl, const struct grammar_match *m)
{
	return show(ctl, m, "counters", print_counters);
}

static int clear(const struct ctl *ctl, json_t *o)
{
	const json_int_t id = json_integer_value(json_object_get(o, "id"));
	json_t *answer = ask(ctl, o);
	json_int_t n;

	if (!answer)
		return CTL_FAILED;
	n = json_integer_value(json_object_get(answer, "n"));
	json_decref(answer);
	if (id && !n)
		return ctl_fail(ctl, "there is no IKE SA %" JSON_INTEGER_FORMAT, id);
	if (ctl->json)
		ctl_print_json(json_pack("{s:I}", "cleared", n));
	return CTL_OK;
}

/**
 * exec_clear_ike_sa() - "clear crypto isakmp" and "clear crypto ikev2 sa".
 * @ctl: run
 * @m: command
 */
int exec_clear_ike_sa(struct ctl *ctl, const struct grammar_match *m)
{
	return clear(ctl, request(m, "clear", "ike-sa"));
}

/**
 * exec_clear_ikev2_stats() - "clear crypto ikev2 stats".
 * @ctl: run
 * @m: command
 */
int exec_clear_ikev2_stats(struct ctl *ctl, const struct grammar_match *m)
{
	return clear(ctl, request(m, "clear", "counters"));
}

/**
 * exec_clear_session() - "clear crypto session".
 * @ctl: run
 * @m: command
 */
int exec_clear_session(struct ctl *ctl, const struct grammar_match *m)
{
	return clear(ctl, request(m, "clear", "session"));
}
