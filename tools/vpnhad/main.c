// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/thread.h>
#include <jansson.h>

#include "lib/alloc.h"
#include "lib/control_path.h"
#include "vpnhad/adopt.h"
#include "vpnhad/attempts.h"
#include "vpnhad/control.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel.h"
#include "vpnhad/keylog.h"
#include "vpnhad/log.h"
#include "vpnhad/pool.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

#define DEFAULT_FILE	"/etc/vpnha/vpnha.conf"
#define DEFAULT_USER	"vpnha"

/* With fewer workers one long exponentiation would delay everybody else. */
#define WORKERS_MIN	2
#define WORKERS_MAX	64

/* Peers have so long to hear that we go. */
#define STOP_S		2

/**
 * struct options - Of the command line.
 * @file: configuration
 * @socket: control socket
 * @user: who to be
 * @foreground: stay who we are, and log each exchange
 */
struct options {
	const char *file, *socket, *user;
	bool foreground;
};

/* What hangs on the event loop beside the parts of struct vpnhad. */
struct loop {
	struct vpnhad d;
	struct event *term, *interrupt, *hup, *watchdog, *stop;
};

static const char *default_socket(void)
{
	const char *path = getenv(CONTROL_ENV);

	return path && *path ? path : CONTROL_SOCKET;
}

static int print_usage(FILE *out, int status)
{
	fputs("usage: vpnhad [-n] [-f FILE] [-s SOCKET] [-u USER]\n"
	      "       vpnhad -h | -V\n", out);
	return status;
}

/* Returns a status, or -1 to go on. */
static int read_options(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "f:s:u:nhV")) != -1) {
		switch (c) {
		case 'f':
			o->file = optarg;
			break;
		case 's':
			o->socket = optarg;
			break;
		case 'u':
			o->user = optarg;
			break;
		case 'n':
			o->foreground = true;
			break;
		case 'h':
			return print_usage(stdout, 0);
		case 'V':
			printf("vpnhad %s\n", VPNHA_VERSION);
			return 0;
		default:
			return print_usage(stderr, 2);
		}
	}
	return optind < argc ? print_usage(stderr, 2) : -1;
}

static void stop_is_over(evutil_socket_t fd, short what, void *data)
{
	struct loop *l = data;

	(void)fd;
	(void)what;
	event_base_loopbreak(l->d.base);
}

/* Each time around while SAs are being closed: the last one ends it. */
static void look_for_end(struct loop *l)
{
	if (l->d.stopping && !table_count(l->d.table))
		event_base_loopbreak(l->d.base);
}

static void stop(evutil_socket_t signo, short what, void *data)
{
	static const struct timeval later = { .tv_sec = STOP_S };
	struct loop *l = data;

	(void)signo;
	(void)what;
	if (l->d.stopping) {
		event_base_loopbreak(l->d.base);
		return;
	}
	notify("STOPPING=1");
	log_line(IKE_LOG_NOTICE, NULL, "stopping: %zu IKE SAs are closed",
		 table_count(l->d.table));
	l->d.stopping = true;
	table_close_all(l->d.table, "vpnhad is being stopped", true);
	event_add(l->stop, &later);
	look_for_end(l);
}

/* What "systemctl status" shows until it changes. */
static void tell_status(const struct vpnhad *d)
{
	char state[512];

	if (d->problem)
		snprintf(state, sizeof(state), "READY=1\nSTATUS=%s", d->problem);
	else
		snprintf(state, sizeof(state), "READY=1\nSTATUS=%zu profiles, %s",
			 d->resolved->n_profiles, kernel_problem(d->kernel) ?
			 "waiting for the kernel module" : "following crypto maps");
	notify(state);
}

static void reload(evutil_socket_t signo, short what, void *data)
{
	struct loop *l = data;

	(void)signo;
	(void)what;
	notify_reloading();
	settings_reload(&l->d);
	tell_status(&l->d);
}

static void watchdog(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;
	(void)data;
	notify("WATCHDOG=1");
}

static void take(void *ctx, struct outcome *o)
{
	struct loop *l = ctx;

	if (o->kind == OUTCOME_SHOWN) {
		control_shown(l->d.control, o->asker, o->conn, o->json);
		o->json = NULL;
	}
	table_take(l->d.table, o);
	look_for_end(l);
}

static void receive(void *ctx, struct endpoint *e, const struct ike_path *path,
		    const uint8_t *data, size_t len)
{
	table_receive(((struct loop *)ctx)->d.table, e, path, data, len);
}

static void lost(void *ctx, struct endpoint *e)
{
	table_lost(((struct loop *)ctx)->d.table, e);
}

static void opened(void *ctx, struct endpoint *e)
{
	attempts_afresh(((struct loop *)ctx)->d.attempts, e->ifname);
}

static unsigned int workers(void)
{
	cpu_set_t set;
	unsigned int n = WORKERS_MIN;

	if (!sched_getaffinity(0, sizeof(set), &set))
		n = (unsigned int)CPU_COUNT(&set);
	return n < WORKERS_MIN ? WORKERS_MIN : n > WORKERS_MAX ? WORKERS_MAX : n;
}

static void watch_signals(struct loop *l)
{
	l->term = evsignal_new(l->d.base, SIGTERM, stop, l);
	l->interrupt = evsignal_new(l->d.base, SIGINT, stop, l);
	l->hup = evsignal_new(l->d.base, SIGHUP, reload, l);
	l->stop = event_new(l->d.base, -1, 0, stop_is_over, l);
	event_add(l->term, NULL);
	event_add(l->interrupt, NULL);
	event_add(l->hup, NULL);
}

static void feed_watchdog(struct loop *l)
{
	uint64_t ms = notify_watchdog_ms();
	const struct timeval tv = {
		.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000) * 1000,
	};

	if (!ms)
		return;
	l->watchdog = event_new(l->d.base, -1, EV_PERSIST, watchdog, l);
	event_add(l->watchdog, &tv);
}

/* All parts, the ones that need others after these. */
static const char *begin(struct loop *l, const struct options *o)
{
	static const struct endpoint_ops ops = {
		.receive = receive, .opened = opened, .lost = lost,
	};
	struct vpnhad *d = &l->d;
	const char *why = NULL;

	d->table = table_new(d);
	d->attempts = attempts_new(d);
	d->adopted = adopted_new(d);
	d->env.ops = &worker_ops;
	d->endpoints = endpoints_new(d->base, &ops, l);
	if (!d->endpoints)
		return "cannot watch addresses";
	d->kernel = kernel_new(d);
	if (!d->kernel)
		return "cannot watch netlink families";
	d->control = control_new(d, o->socket, &why);
	if (!d->control)
		return why;
	d->pool = pool_new(d->base, &d->env, workers(), take, l);
	if (!d->pool)
		return "cannot start workers";
	settings_begin(d);
	kernel_look(d->kernel);
	return NULL;
}

static void end(struct loop *l)
{
	struct event *const events[] = { l->term, l->interrupt, l->hup, l->watchdog, l->stop };
	struct vpnhad *d = &l->d;

	pool_free(d->pool);
	endpoints_free(d->endpoints);
	kernel_free(d->kernel);
	table_free(d->table);
	attempts_free(d->attempts);
	adopted_free(d->adopted);
	control_free(d->control);
	ike_config_put(d->config);
	ike_config_put(d->resolved);
	ikev2_config_free(&d->ikev2);
	for (size_t n = 0; n < sizeof(events) / sizeof(*events); n++)
		if (events[n])
			event_free(events[n]);
	event_base_free(d->base);
	free(d->kept);
	free(d->problem);
}

static int run(const struct options *o, const struct ike_crypt *crypt)
{
	struct loop l = { .d = { .file = o->file, .env = { .crypt = crypt } } };
	const char *why = NULL;
	int status = 0;

	l.d.kept = xasprintf("%s.conf", o->socket);
	l.d.base = event_base_new();
	if (!l.d.base)
		why = "no event loop";
	else
		watch_signals(&l);
	if (!why)
		why = begin(&l, o);
	if (why) {
		log_line(IKE_LOG_ERROR, NULL, "%s", why);
		status = 1;
	} else {
		feed_watchdog(&l);
		log_line(IKE_LOG_NOTICE, NULL, "vpnhad %s is ready", VPNHA_VERSION);
		tell_status(&l.d);
		event_base_dispatch(l.d.base);
		settings_forget_kept(&l.d);
		log_line(IKE_LOG_NOTICE, NULL, "stopped");
	}
	if (l.d.base)
		end(&l);
	return status;
}

/* What JSON holds may be keys. */
static void wipe(void *p)
{
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

/* Libevent's callers need not ask whether there was memory. */
static void *get(size_t size)
{
	return xcalloc(1, size);
}

static void *resize(void *p, size_t size)
{
	return xreallocarray(p, 1, size);
}

/* Libcrypto reads its own configuration, and may load code that this names. */
static const char *settle(const struct options *o, struct ike_crypt **crypt)
{
	const char *why = priv_prepare(o->user, o->foreground);

	if (!why)
		why = priv_runtime_directory(o->socket, o->user, o->foreground);
	if (!why)
		why = priv_drop(o->user, o->foreground);
#ifdef VPNHAD_KEYLOG
	if (!why && getenv("VPNHAD_KEYLOG") && !keylog_open(getenv("VPNHAD_KEYLOG")))
		why = "cannot write keys";
#endif
	if (why)
		return why;
	*crypt = ike_crypt_new();
	return *crypt ? confine() : "libcrypto lacks an algorithm";
}

int main(int argc, char **argv)
{
	struct options o = {
		.file = DEFAULT_FILE, .socket = default_socket(), .user = DEFAULT_USER,
	};
	int status = read_options(&o, argc, argv);
	struct ike_crypt *crypt = NULL;
	const char *why;

	if (status >= 0)
		return status;
	signal(SIGPIPE, SIG_IGN);
	log_open(o.foreground);
	json_set_alloc_funcs(malloc, wipe);
	json_object_seed(0);
	event_set_mem_functions(get, resize, free);
	evthread_use_pthreads();
	why = settle(&o, &crypt);
	if (why) {
		log_line(IKE_LOG_ERROR, NULL, "%s", why);
		status = 1;
	} else {
		status = run(&o, crypt);
	}
	ike_crypt_free(crypt);
	return status;
}
