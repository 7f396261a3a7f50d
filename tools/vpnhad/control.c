// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/alloc.h"
#include "vpnhad/adopt.h"
#include "vpnhad/attempts.h"
#include "vpnhad/client.h"
#include "vpnhad/control.h"
#include "vpnhad/log.h"
#include "vpnhad/show.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

/* Lines that wait for the loop; more are counted only. */
#define LINES_MAX	10000

/* Connections; and supplementary groups of whoever makes one. */
#define CLIENTS_MAX	64
#define GROUPS_MAX	256

/**
 * struct line - A line of the log on its way to those who follow.
 * @list: in struct control
 * @json: the line
 */
struct line {
	STAILQ_ENTRY(line) list;
	json_t *json;
};

/**
 * struct gather - A "show" that waits for workers.
 * @list: in struct control
 * @number: its number
 * @client: number of who asked
 * @items: what has come
 * @waiting: numbers of the IKE SAs that have not answered
 * @n_waiting: how many
 */
struct gather {
	LIST_ENTRY(gather) list;
	uint64_t number, client;
	json_t *items;
	uint32_t *waiting;
	size_t n_waiting;
};

/**
 * struct control - The socket and its connections.
 * @d: daemon
 * @fd: socket
 * @path: its name
 * @event: of that
 * @clients: connections
 * @n_clients: how many
 * @gathers: what they wait for
 * @last: number of the last gather
 * @lock: of what follows
 * @lines: lines of the log, from any thread
 * @n_lines: how many
 * @lines_fd: eventfd: there are some
 * @lines_event: of that
 */
struct control {
	struct vpnhad *d;
	int fd;
	char *path;
	struct event *event;
	struct clients clients;
	size_t n_clients;
	LIST_HEAD(gather_list, gather) gathers;
	uint64_t last;
	pthread_mutex_t lock;
	STAILQ_HEAD(line_list, line) lines;
	size_t n_lines;
	int lines_fd;
	struct event *lines_event;
};

static const char *text_of(const json_t *request, const char *key)
{
	const char *s = json_string_value(json_object_get(request, key));

	return s ? s : "";
}

static void answer_error(struct client *client, const char *message)
{
	client_answer(client, json_pack("{s:{s:s}}", "error", "message", message));
}

static void answer_refusal(struct client *client, struct ikev2_error *e)
{
	json_t *error = json_object();

	json_object_set_new(error, "message", show_text(e->message ? e->message : "refused"));
	if (e->line)
		json_object_set_new(error, "line", json_integer(e->line));
	if (e->column)
		json_object_set_new(error, "column", json_integer(e->column));
	client_answer(client, json_pack("{s:o}", "error", error));
	free(e->message);
}

static void op_text(struct control *c, struct client *client, const json_t *request, bool load)
{
	const json_t *text = json_object_get(request, "text");
	struct ikev2_error e = {};
	bool ok;

	if (!json_is_string(text)) {
		answer_error(client, "there is no text");
		return;
	}
	if (load)
		ok = settings_load(c->d, json_string_value(text), json_string_length(text), &e);
	else
		ok = settings_check(json_string_value(text), json_string_length(text), &e);
	if (ok)
		client_answer(client, json_pack("{s:b}", "ok", 1));
	else
		answer_refusal(client, &e);
}

/* With secrets for those only who may change them. */
static void op_running(struct control *c, struct client *client)
{
	char *text = settings_text(c->d, client->may_change);

	client_answer(client, json_pack("{s:o}", "text", show_text(text ? text : "")));
	free_wiped(text);
}

/* Which IKE SAs are meant; false: the request does not make sense. */
static bool get_filter(struct show_filter *f, const json_t *request)
{
	const char *peer = text_of(request, "peer");
	struct address address;

	memset(f, 0, sizeof(*f));
	f->interface = json_string_value(json_object_get(request, "interface"));
	f->id = (uint32_t)json_integer_value(json_object_get(request, "id"));
	if (!*peer)
		return true;
	if (!address_parse(&address, peer))
		return false;
	kernel_endpoint(&f->peer, &address, 0);
	return true;
}

static void answer_items(struct client *client, json_t *items)
{
	client_answer(client, json_pack("{s:b,s:o}", "ok", 1, "items", items));
}

static struct client *client_of(const struct control *c, uint64_t number)
{
	struct client *client;

	TAILQ_FOREACH(client, &c->clients, list)
		if (client->number == number)
			return client;
	return NULL;
}

static int by_id(const void *a, const void *b)
{
	json_int_t one = json_integer_value(json_object_get(*(json_t *const *)a, "id"));
	json_int_t other = json_integer_value(json_object_get(*(json_t *const *)b, "id"));

	return (one > other) - (one < other);
}

/* Workers answer in any order. */
static json_t *sorted(json_t *items)
{
	size_t n = json_array_size(items);
	json_t **list = xcalloc(n, sizeof(json_t *)), *to = json_array();

	for (size_t k = 0; k < n; k++)
		list[k] = json_array_get(items, k);
	qsort(list, n, sizeof(json_t *), by_id);
	for (size_t k = 0; k < n; k++)
		json_array_append(to, list[k]);
	free(list);
	json_decref(items);
	return to;
}

static void finish(struct control *c, struct gather *g)
{
	struct client *client = client_of(c, g->client);

	if (client) {
		client->waits = false;
		answer_items(client, sorted(g->items));
	} else {
		json_decref(g->items);
	}
	LIST_REMOVE(g, list);
	free(g->waiting);
	free(g);
}

static bool stop_waiting(struct gather *g, uint32_t id)
{
	for (size_t n = 0; n < g->n_waiting; n++) {
		if (g->waiting[n] != id)
			continue;
		g->waiting[n] = g->waiting[--g->n_waiting];
		return true;
	}
	return false;
}

static struct gather *gather_of(const struct control *c, uint64_t number)
{
	struct gather *g;

	LIST_FOREACH(g, &c->gathers, list)
		if (g->number == number)
			return g;
	return NULL;
}

/**
 * control_shown() - Take what a worker tells of an IKE SA.
 * @c: control
 * @asker: which gather asked for it
 * @conn: of which
 * @json: what; NULL: nothing. Owned by control.
 */
void control_shown(struct control *c, uint64_t asker, struct conn *conn, json_t *json)
{
	struct gather *g = gather_of(c, asker);

	if (!g || !stop_waiting(g, conn->id)) {
		json_decref(json);
		return;
	}
	if (json) {
		show_complete(json, conn);
		json_array_append_new(g->items, json);
	}
	if (!g->n_waiting)
		finish(c, g);
}

/**
 * control_conn_gone() - An IKE SA will tell nothing more.
 * @c: control
 * @conn: it
 */
void control_conn_gone(struct control *c, const struct conn *conn)
{
	struct gather *g, *next;

	for (g = LIST_FIRST(&c->gathers); g; g = next) {
		next = LIST_NEXT(g, list);
		if (stop_waiting(g, conn->id) && !g->n_waiting)
			finish(c, g);
	}
}

static void show_sas(struct control *c, struct client *client, const struct show_filter *f)
{
	struct gather *g = xcalloc(1, sizeof(*g));

	g->number = ++c->last;
	g->client = client->number;
	g->items = json_array();
	LIST_INSERT_HEAD(&c->gathers, g, list);
	for (struct conn *conn = table_first(c->d->table); conn; conn = table_next(conn)) {
		struct job *j;

		if (!show_matches(conn, f))
			continue;
		g->waiting = array_grow(g->waiting, g->n_waiting, sizeof(*g->waiting));
		g->waiting[g->n_waiting++] = conn->id;
		j = job_new(JOB_SHOW);
		j->asker = g->number;
		table_post(c->d->table, conn, j);
	}
	client->waits = true;
	if (!g->n_waiting)
		finish(c, g);
}

static void op_show(struct control *c, struct client *client, const json_t *request)
{
	const char *what = text_of(request, "what");
	struct show_filter f;

	if (!get_filter(&f, request)) {
		answer_error(client, "the peer is no address");
		return;
	}
	if (!strcmp(what, "counters")) {
		answer_items(client, json_pack("[o]", show_counters(c->d)));
	} else if (strcmp(what, "ike-sa") && strcmp(what, "session")) {
		answer_error(client, "what is to be shown is not known");
	} else if (!strcmp(text_of(request, "role"), "standby")) {
		/* An interface that is not active has none. */
		answer_items(client, json_array());
	} else if (!strcmp(what, "session")) {
		answer_items(client, show_sessions(c->d, &f));
	} else {
		show_sas(c, client, &f);
	}
}

static void op_clear(struct control *c, struct client *client, const json_t *request)
{
	bool session = !strcmp(text_of(request, "what"), "session");
	struct show_filter f;
	size_t n = 0;

	if (!strcmp(text_of(request, "what"), "counters")) {
		memset(&c->d->counters, 0, sizeof(c->d->counters));
		client_answer(client, json_pack("{s:b,s:I}", "ok", 1, "n", (json_int_t)0));
		return;
	}
	if (!session && strcmp(text_of(request, "what"), "ike-sa")) {
		answer_error(client, "what is to be cleared is not known");
		return;
	}
	if (!get_filter(&f, request)) {
		answer_error(client, "the peer is no address");
		return;
	}
	for (struct conn *conn = table_first(c->d->table); conn; conn = table_next(conn)) {
		if (conn->closing || !show_matches(conn, &f))
			continue;
		table_close(c->d->table, conn, "cleared by hand", true);
		n++;
	}
	if (session && !f.id)
		n += adopted_clear(c->d->adopted, f.peer.family ? &f.peer : NULL, f.interface);
	attempts_forget(c->d->attempts);
	client_answer(client, json_pack("{s:b,s:I}", "ok", 1, "n", (json_int_t)n));
}

/* Called by any thread, one at a time. */
static void follow(void *data, int64_t wall, enum ike_level level, const char *peer,
		   const char *text)
{
	const uint64_t one = 1;
	struct control *c = data;
	struct line *line;
	time_t seconds = (time_t)wall;
	char when[32] = "";
	struct tm tm;

	pthread_mutex_lock(&c->lock);
	if (c->n_lines < LINES_MAX && gmtime_r(&seconds, &tm)) {
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
		line = xcalloc(1, sizeof(*line));
		line->json = json_pack("{s:s,s:s,s:o,s:s}", "time", when,
				       "level", log_level_text(level),
				       "text", show_text(text), "peer", peer);
		STAILQ_INSERT_TAIL(&c->lines, line, list);
		c->n_lines++;
		(void)!write(c->lines_fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&c->lock);
}

static void follow_or_not(struct control *c)
{
	struct client *client;
	bool any = false;

	TAILQ_FOREACH(client, &c->clients, list)
		any |= client->debug;
	log_follow(any ? follow : NULL, c);
}

static void give_line(struct control *c, json_t *json)
{
	struct client *client;

	TAILQ_FOREACH(client, &c->clients, list) {
		if (!client->debug)
			continue;
		if (client_is_behind(client)) {
			client->lost++;
			continue;
		}
		if (client->lost)
			client_answer(client, json_pack("{s:I}", "lost",
							(json_int_t)client->lost));
		client->lost = 0;
		client_answer(client, json_incref(json));
	}
	json_decref(json);
}

static void lines_are_there(evutil_socket_t fd, short what, void *data)
{
	struct line_list lines = STAILQ_HEAD_INITIALIZER(lines);
	struct control *c = data;
	struct line *line;
	uint64_t count;

	(void)what;
	(void)!read(fd, &count, sizeof(count));
	pthread_mutex_lock(&c->lock);
	STAILQ_CONCAT(&lines, &c->lines);
	c->n_lines = 0;
	pthread_mutex_unlock(&c->lock);
	while ((line = STAILQ_FIRST(&lines))) {
		STAILQ_REMOVE_HEAD(&lines, list);
		give_line(c, line->json);
		free(line);
	}
}

/* A check, too, tells of files that only we can read. */
static bool is_change(const char *op)
{
	return !strcmp(op, "check") || !strcmp(op, "load") || !strcmp(op, "clear");
}

static void take_request(void *ctx, struct client *client, json_t *request)
{
	struct control *c = ctx;
	const char *op = text_of(request, "op");

	if (!request) {
		client_free(&c->clients, client);
		c->n_clients--;
		follow_or_not(c);
		return;
	}
	if (!client->may_change && is_change(op)) {
		answer_error(client, "operation not permitted: only root may do this");
	} else if (!strcmp(op, "check")) {
		op_text(c, client, request, false);
	} else if (!strcmp(op, "load")) {
		op_text(c, client, request, true);
	} else if (!strcmp(op, "running")) {
		op_running(c, client);
	} else if (!strcmp(op, "show")) {
		op_show(c, client, request);
	} else if (!strcmp(op, "clear")) {
		op_clear(c, client, request);
	} else if (!strcmp(op, "debug")) {
		client->debug = true;
		follow_or_not(c);
		client_answer(client, json_pack("{s:b}", "ok", 1));
	} else {
		answer_error(client, "this version of vpnhad has no such operation");
	}
}

static bool is_of_our_group(int fd, gid_t first)
{
	gid_t groups[GROUPS_MAX];
	socklen_t len = sizeof(groups);

	if (first == getegid())
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len))
		return false;
	for (size_t n = 0; n < len / sizeof(*groups); n++)
		if (groups[n] == getegid())
			return true;
	return false;
}

/* It is closed when it was told. */
static void turn_away(int fd, const struct ucred *peer, const char *why)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "{\"error\":{\"message\":\"%s\"}}\n", why);

	(void)!send(fd, line, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
	log_line(IKE_LOG_ERROR, NULL, "control socket: user %u (process %d) was turned away: %s",
		 (unsigned int)peer->uid, (int)peer->pid, why);
}

/* Root and whoever we are may do anything, our group may look. */
static void connected(evutil_socket_t fd, short what, void *data)
{
	struct control *c = data;
	int got = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred peer = {};
	socklen_t len = sizeof(peer);
	bool may_change;

	(void)what;
	if (got < 0)
		return;
	if (getsockopt(got, SOL_SOCKET, SO_PEERCRED, &peer, &len)) {
		close(got);
		return;
	}
	may_change = !peer.uid || peer.uid == geteuid();
	if (!may_change && !is_of_our_group(got, peer.gid)) {
		turn_away(got, &peer,
			  "operation not permitted: only root and the group of vpnhad may ask");
	} else if (c->n_clients == CLIENTS_MAX) {
		turn_away(got, &peer, "too many connections");
	} else {
		c->n_clients++;
		client_new(&c->clients, c->d->base, got, may_change, take_request, c);
	}
}

/* A name that somebody listens at is not taken from him. */
static bool is_taken(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool taken;

	if (fd < 0)
		return false;
	taken = !connect(fd, (const struct sockaddr *)sun, sizeof(*sun));
	close(fd);
	return taken;
}

__attribute__((format(printf, 2, 3)))
static int refuse(const char **why, const char *format, ...)
{
	static char reason[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(reason, sizeof(reason), format, ap);
	va_end(ap);
	*why = reason;
	return -1;
}

static int listen_at(const char *path, const char **why)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, bound;
	mode_t before;

	if (strlen(path) >= sizeof(sun.sun_path))
		return refuse(why, "%s: longer than the name of a socket can be", path);
	memcpy(sun.sun_path, path, strlen(path));
	if (is_taken(&sun))
		return refuse(why, "another vpnhad is running (it listens on %s)", path);
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	before = umask(0117);
	bound = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&sun, sizeof(sun));
	umask(before);
	if (!bound && !listen(fd, SOMAXCONN))
		return fd;
	refuse(why, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/**
 * control_new() - Listen at the control socket.
 * @d: daemon
 * @path: its name
 * @why: why it cannot be
 *
 * Return: it, or NULL.
 */
struct control *control_new(struct vpnhad *d, const char *path, const char **why)
{
	struct control *c = xcalloc(1, sizeof(*c));

	c->d = d;
	c->fd = listen_at(path, why);
	if (c->fd < 0) {
		free(c);
		return NULL;
	}
	c->lines_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->lines_fd < 0) {
		*why = strerror(errno);
		close(c->fd);
		free(c);
		return NULL;
	}
	c->path = xstrdup(path);
	TAILQ_INIT(&c->clients);
	STAILQ_INIT(&c->lines);
	LIST_INIT(&c->gathers);
	pthread_mutex_init(&c->lock, NULL);
	c->event = event_new(d->base, c->fd, EV_READ | EV_PERSIST, connected, c);
	event_add(c->event, NULL);
	c->lines_event = event_new(d->base, c->lines_fd, EV_READ | EV_PERSIST, lines_are_there, c);
	event_add(c->lines_event, NULL);
	return c;
}

/**
 * control_free() - Close the socket and all connections.
 * @c: control, or NULL
 */
void control_free(struct control *c)
{
	struct gather *g, *next_gather;
	struct client *client;
	struct line *line;

	if (!c)
		return;
	log_follow(NULL, NULL);
	while ((client = TAILQ_FIRST(&c->clients)))
		client_free(&c->clients, client);
	for (g = LIST_FIRST(&c->gathers); g; g = next_gather) {
		next_gather = LIST_NEXT(g, list);
		finish(c, g);
	}
	while ((line = STAILQ_FIRST(&c->lines))) {
		STAILQ_REMOVE_HEAD(&c->lines, list);
		json_decref(line->json);
		free(line);
	}
	event_free(c->event);
	event_free(c->lines_event);
	close(c->fd);
	close(c->lines_fd);
	unlink(c->path);
	free(c->path);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
