// SPDX-License-Identifier: GPL-2.0-or-later
/* "debug": follow events until interrupted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/crypto_event.h"
#include "lib/decode.h"
#include "lib/event.h"
#include "lib/show_ike.h"
#include "vpnhactl/ike.h"

struct follower {
	const struct ctl *ctl;
	const char *group;
	session_take_fn take;
	unsigned int classes;
	const char *what;	/* of vpnhad; NULL: of the kernel */
};

static void print_json(json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void take_debug(uint8_t command, struct nlattr *attrs, int length, void *data)
{
	const struct follower *f = data;
	struct event e;

	if (command != VPNHA_CMD_DEBUG_EVENT || decode_event(&e, attrs, length) ||
	    !(event_class(&e) & f->classes))
		return;
	/* Its hello has been shown as a packet. */
	if (e.kind == VPNHA_DEBUG_KIND_RIVAL && (f->classes & EVENT_CLASS_PACKETS))
		return;
	if (f->ctl->json)
		print_json(event_json(&e));
	else
		event_print(stdout, &e);
}

static void take_crypto(uint8_t command, struct nlattr *attrs, int length, void *data)
{
	const struct follower *f = data;
	struct crypto_event e;

	if (decode_crypto_event(&e, command, attrs, length))
		return;
	if (f->ctl->json)
		print_json(crypto_event_json(&e));
	else
		crypto_event_print(stdout, &e);
	crypto_event_free(&e);
}

static int follow(const struct ctl *ctl, struct session *s, struct follower *f, int signals)
{
	struct session_error e = {};
	struct pollfd fds[] = {
		{ .fd = session_fd(s), .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		/* Nobody reads any more: poll tells even when there is nothing to write. */
		{ .fd = STDOUT_FILENO },
	};

	while (!fds[1].revents && !(fds[2].revents & POLLERR)) {
		if (poll(fds, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			return ctl_fail(ctl, "poll: %s", strerror(errno));
		}
		if (!session_events(s, f->take, f, &e))
			continue;
		if (e.code != ENOBUFS)
			return ctl_fail_session(ctl, &e);
		session_error_clear(&e);
		fflush(stdout);
		fputs("events were lost\n", stderr);
	}
	return CTL_OK;
}

static int subscribe(const struct ctl *ctl, struct follower *f, int signals)
{
	struct session_error e = {};
	struct session s;
	int ret;

	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	if (session_follow(&s, f->group, &e)) {
		ret = ctl_fail_session(ctl, &e);
	} else {
		fputs("debugging is on\n", stderr);
		ret = follow(ctl, &s, f, signals);
	}
	session_close(&s);
	return ret;
}

static void print_ike(const struct ctl *ctl, json_t *event, const char *what)
{
	/* That it was understood is no event. */
	if (json_object_get(event, "ok")) {
		json_decref(event);
	} else if (ctl->json) {
		print_json(event);
	} else {
		show_ike_event(stdout, what, event);
		json_decref(event);
	}
}

/* Print what vpnhad has told. */
static int take_ike(const struct ctl *ctl, struct control *control, const char *what)
{
	struct control_error e;
	json_t *event;

	do {
		if (control_take(control, &event, &e))
			return ctl_fail_control(ctl, &e);
		if (event)
			print_ike(ctl, event, what);
	} while (event);
	return CTL_OK;
}

static int follow_ike(const struct ctl *ctl, struct control *control, const char *what,
		      int signals)
{
	struct pollfd fds[] = {
		{ .fd = control->fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	int ret = CTL_OK;

	while (ret == CTL_OK && !fds[1].revents && !(fds[2].revents & POLLERR)) {
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return ctl_fail(ctl, "poll: %s", strerror(errno));
		if (fds[0].revents)
			ret = take_ike(ctl, control, what);
	}
	return ret;
}

static int subscribe_ike(const struct ctl *ctl, const struct follower *f, int signals)
{
	struct control_error e;
	struct control control;
	int ret;

	if (control_open(&control, ctl->socket, &e))
		return ctl_fail_control(ctl, &e);
	if (control_send(&control, json_pack("{s:s,s:s}", "op", "debug", "what", f->what), &e)) {
		ret = ctl_fail_control(ctl, &e);
	} else {
		fputs("debugging is on\n", stderr);
		ret = follow_ike(ctl, &control, strcmp(f->what, "isakmp") ? "IKEv2" : "ISAKMP",
				 signals);
	}
	control_close(&control);
	return ret;
}

static int follow_until_interrupted(const struct ctl *ctl, struct follower *f)
{
	struct signalfd_siginfo info;
	sigset_t ends, before;
	int signals, ret;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, &before);
	signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0) {
		ret = ctl_fail(ctl, "signalfd: %s", strerror(errno));
	} else {
		ret = f->what ? subscribe_ike(ctl, f, signals) : subscribe(ctl, f, signals);
		/* The signal that ended this must not end the shell, too. */
		while (read(signals, &info, sizeof(info)) > 0)
			;
		close(signals);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}

/**
 * exec_debug() - "debug standby".
 * @ctl: run
 * @m: command
 */
int exec_debug(struct ctl *ctl, const struct grammar_match *m)
{
	struct follower f = {
		.ctl = ctl,
		.group = VPNHA_MCGRP_DEBUG,
		.take = take_debug,
		.classes = m->args[ARG_KIND].given ? m->args[ARG_KIND].number : EVENT_CLASS_ALL,
	};

	return follow_until_interrupted(ctl, &f);
}

/**
 * exec_debug_crypto() - "debug crypto ipsec".
 * @ctl: run
 * @m: command
 */
int exec_debug_crypto(struct ctl *ctl, const struct grammar_match *m)
{
	struct follower f = {
		.ctl = ctl,
		.group = VPNHA_MCGRP_EVENTS,
		.take = take_crypto,
	};

	(void)m;
	return follow_until_interrupted(ctl, &f);
}

/**
 * exec_debug_ike() - "debug crypto isakmp" and "debug crypto ikev2".
 * @ctl: run
 * @m: command
 */
int exec_debug_ike(struct ctl *ctl, const struct grammar_match *m)
{
	struct follower f = {
		.ctl = ctl,
		.what = m->args[ARG_NAME].number ? "isakmp" : "ikev2",
	};

	return follow_until_interrupted(ctl, &f);
}
