// SPDX-License-Identifier: GPL-2.0-or-later
/* "debug": follow events until interrupted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lib/event.h"
#include "vpnhactl/ctl.h"

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

struct follower {
	const struct ctl *ctl;
	unsigned int classes;
};

static void take(const struct event *e, void *data)
{
	const struct follower *f = data;
	json_t *o;

	if (!(event_class(e) & f->classes))
		return;
	if (!f->ctl->json) {
		event_print(stdout, e);
		return;
	}
	o = event_json(e);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/* Signals are let in only while waiting, so that none is missed between two waits. */
static int follow(const struct ctl *ctl, struct session *s, struct follower *f,
		  const sigset_t *waiting)
{
	struct session_error e = {};
	struct pollfd fds[] = {
		{ .fd = session_fd(s), .events = POLLIN },
		/* Nobody reads any more: poll tells even when there is nothing to write. */
		{ .fd = 1 },
	};

	while (!interrupted && !(fds[1].revents & POLLERR)) {
		if (ppoll(fds, 2, NULL, waiting) < 0) {
			if (errno == EINTR)
				continue;
			return ctl_fail(ctl, "poll: %s", strerror(errno));
		}
		if (!session_events(s, take, f, &e))
			continue;
		if (e.code != ENOBUFS)
			return ctl_fail_session(ctl, &e);
		session_error_clear(&e);
		fflush(stdout);
		fputs("events were lost\n", stderr);
	}
	return CTL_OK;
}

/**
 * exec_debug() - "debug standby".
 * @ctl: run
 * @m: command
 */
int exec_debug(struct ctl *ctl, const struct grammar_match *m)
{
	struct sigaction action = { .sa_handler = interrupt }, old_int, old_term;
	struct follower f = {
		.ctl = ctl,
		.classes = m->args[ARG_KIND].given ? m->args[ARG_KIND].number : EVENT_CLASS_ALL,
	};
	sigset_t blocked, before, waiting;
	struct session_error e = {};
	struct session s;
	int ret;

	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	interrupted = 0;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	waiting = before;
	sigdelset(&waiting, SIGINT);
	sigdelset(&waiting, SIGTERM);
	sigaction(SIGINT, &action, &old_int);
	sigaction(SIGTERM, &action, &old_term);

	if (session_follow(&s, &e)) {
		ret = ctl_fail_session(ctl, &e);
	} else {
		fputs("debugging is on\n", stderr);
		ret = follow(ctl, &s, &f, &waiting);
	}

	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	session_close(&s);
	return ret;
}
