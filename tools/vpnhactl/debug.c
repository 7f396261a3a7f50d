// SPDX-License-Identifier: GPL-2.0-or-later
/* "debug": follow events until interrupted. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lib/event.h"
#include "vpnhactl/ctl.h"

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
	/* Its hello has been shown as a packet. */
	if (e->kind == VPNHA_DEBUG_KIND_RIVAL && (f->classes & EVENT_CLASS_PACKETS))
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

static int subscribe(const struct ctl *ctl, struct follower *f, int signals)
{
	struct session_error e = {};
	struct session s;
	int ret;

	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	if (session_follow(&s, &e)) {
		ret = ctl_fail_session(ctl, &e);
	} else {
		fputs("debugging is on\n", stderr);
		ret = follow(ctl, &s, f, signals);
	}
	session_close(&s);
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
		.classes = m->args[ARG_KIND].given ? m->args[ARG_KIND].number : EVENT_CLASS_ALL,
	};
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
		ret = subscribe(ctl, &f, signals);
		/* The signal that ended this must not end the shell, too. */
		while (read(signals, &info, sizeof(info)) > 0)
			;
		close(signals);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}
