// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/alloc.h"
#include "vpnhad/client.h"

#define ROOM_MIN	4096

static void release(struct bytes *b)
{
	if (b->data)
		explicit_bzero(b->data, b->room);
	free(b->data);
	b->data = NULL;
	b->n = 0;
	b->room = 0;
}

/* Room for more octets; what moves leaves nothing behind. */
static void reserve(struct bytes *b, size_t more)
{
	size_t room = b->room ? b->room : ROOM_MIN;
	char *data;

	if (b->room - b->n >= more)
		return;
	while (room - b->n < more)
		room *= 2;
	data = xcalloc(room, 1);
	if (b->n)
		memcpy(data, b->data, b->n);
	if (b->data)
		explicit_bzero(b->data, b->room);
	free(b->data);
	b->data = data;
	b->room = room;
}

static void take_off(struct bytes *b, size_t n)
{
	memmove(b->data, b->data + n, b->n - n);
	explicit_bzero(b->data + b->n - n, n);
	b->n -= n;
	if (!b->n)
		release(b);
}

/* It goes in the loop's next turn, because whoever calls may still look at it. */
static void close_soon(struct client *c)
{
	c->closing = true;
	release(&c->in);
	event_del(c->read);
	event_active(c->write, EV_WRITE, 0);
}

static void refuse(struct client *c, const char *message)
{
	client_answer(c, json_pack("{s:{s:s}}", "error", "message", message));
	close_soon(c);
}

static size_t line_max(const struct client *c)
{
	return c->may_change ? CLIENT_LINE_MAX : CLIENT_LINE_MAX_LOOK;
}

/* Whoever does not take answers cannot ask for more of them. */
static bool is_held(const struct client *c)
{
	return c->closing || c->waits || client_is_behind(c);
}

/* Whole lines of what was read. */
static void take_lines(struct client *c)
{
	char *end;

	while (!is_held(c) && c->in.n && (end = memchr(c->in.data, '\n', c->in.n))) {
		size_t length = (size_t)(end - c->in.data);
		json_t *request = json_loadb(c->in.data, length, JSON_REJECT_DUPLICATES, NULL);

		take_off(&c->in, length + 1);
		if (!json_is_object(request)) {
			json_decref(request);
			refuse(c, "a request is an object in JSON on a line of its own");
			return;
		}
		c->request(c->ctx, c, request);
		json_decref(request);
	}
}

static void go_on(struct client *c)
{
	take_lines(c);
	if (c->closing)
		return;
	if (is_held(c))
		event_del(c->read);
	else if (c->in.n > line_max(c))
		refuse(c, "the request is too long");
	else
		event_add(c->read, NULL);
}

static void readable(evutil_socket_t fd, short what, void *data)
{
	struct client *c = data;
	ssize_t got;

	(void)what;
	reserve(&c->in, ROOM_MIN);
	got = recv(fd, c->in.data + c->in.n, c->in.room - c->in.n, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		/* Nobody is there to read what was still to be written. */
		release(&c->out);
		close_soon(c);
		return;
	}
	c->in.n += (size_t)got;
	go_on(c);
}

static void writable(evutil_socket_t fd, short what, void *data)
{
	struct client *c = data;
	ssize_t sent = 0;

	(void)what;
	if (c->out.n)
		sent = send(fd, c->out.data, c->out.n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0 && errno != EAGAIN && errno != EINTR) {
		release(&c->out);
		close_soon(c);
	}
	if (sent > 0)
		take_off(&c->out, (size_t)sent);
	if (c->out.n)
		event_add(c->write, NULL);
	if (c->closing && !c->out.n)
		c->request(c->ctx, c, NULL);
	else
		go_on(c);
}

/**
 * client_new() - Take a connection.
 * @all: where it is entered
 * @base: event loop
 * @fd: socket, the client's from now on
 * @may_change: it may change things and see secrets
 * @request: called with each request, and with NULL when the connection is over and has to
 *	be freed
 * @ctx: for @request
 */
struct client *client_new(struct clients *all, struct event_base *base, int fd,
			  bool may_change, client_request_fn request, void *ctx)
{
	static uint64_t last;
	struct client *c = xcalloc(1, sizeof(*c));

	c->number = ++last;
	c->fd = fd;
	c->may_change = may_change;
	c->request = request;
	c->ctx = ctx;
	c->read = event_new(base, fd, EV_READ | EV_PERSIST, readable, c);
	c->write = event_new(base, fd, EV_WRITE, writable, c);
	event_add(c->read, NULL);
	TAILQ_INSERT_TAIL(all, c, list);
	return c;
}

/**
 * client_free() - Close a connection.
 * @all: where it was entered
 * @c: connection
 */
void client_free(struct clients *all, struct client *c)
{
	TAILQ_REMOVE(all, c, list);
	event_free(c->read);
	event_free(c->write);
	close(c->fd);
	release(&c->in);
	release(&c->out);
	free(c);
}

/**
 * client_is_behind() - Tell whether somebody has not read for too long.
 * @c: connection
 */
bool client_is_behind(const struct client *c)
{
	return c->out.n > CLIENT_BACKLOG_MAX;
}

/**
 * client_answer() - Write a line.
 * @c: connection
 * @answer: object; released
 */
void client_answer(struct client *c, json_t *answer)
{
	size_t length = answer ? json_dumpb(answer, NULL, 0, JSON_COMPACT) : 0;

	if (length && !c->closing) {
		reserve(&c->out, length + 1);
		json_dumpb(answer, c->out.data + c->out.n, length, JSON_COMPACT);
		c->out.n += length;
		c->out.data[c->out.n++] = '\n';
		event_add(c->write, NULL);
	}
	json_decref(answer);
}
