// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "lib/control.h"
#include "lib/text.h"

#define ROOM_MIN	4096

static void fail(struct control_error *e, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fail(struct control_error *e, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	e->message = xvasprintf(format, ap);
	va_end(ap);
}

/**
 * control_error_clear() - Release what an error holds.
 * @e: error
 */
void control_error_clear(struct control_error *e)
{
	free(e->message);
	memset(e, 0, sizeof(*e));
}

/**
 * control_open() - Connect to vpnhad.
 * @c: result
 * @path: its socket; NULL: the one of the environment, or else the usual one
 * @e: why there is no connection
 *
 * Return: 0 or -1.
 */
int control_open(struct control *c, const char *path, struct control_error *e)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	memset(c, 0, sizeof(*c));
	memset(e, 0, sizeof(*e));
	if (!path)
		path = getenv(CONTROL_ENV);
	if (!path || !*path)
		path = CONTROL_SOCKET;
	c->fd = -1;
	if (strlen(path) >= sizeof(sun.sun_path)) {
		fail(e, "%s: longer than the name of a socket can be", path);
		return -1;
	}
	memcpy(sun.sun_path, path, strlen(path));
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd >= 0 && !connect(c->fd, (const struct sockaddr *)&sun, sizeof(sun)))
		return 0;
	e->absent = errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR;
	if (e->absent)
		fail(e, "vpnhad is not running (no one listens on %s)", path);
	else if (errno == EACCES)
		fail(e, "vpnhad: operation not permitted: only root and the group of %s may ask",
		     path);
	else
		fail(e, "vpnhad: %s: %s", path, strerror(errno));
	control_close(c);
	return -1;
}

/**
 * control_close() - Close a connection, and wipe what it held.
 * @c: connection
 */
void control_close(struct control *c)
{
	if (c->fd >= 0)
		close(c->fd);
	if (c->buf)
		explicit_bzero(c->buf, c->room);
	free(c->buf);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

static int send_all(struct control *c, const char *data, size_t length, struct control_error *e)
{
	while (length) {
		ssize_t n = send(c->fd, data, length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			fail(e, "vpnhad: %s", strerror(errno));
			return -1;
		}
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

/**
 * control_send() - Send a request.
 * @c: connection
 * @request: request; released
 * @e: why it was not sent
 *
 * Return: 0 or -1.
 */
int control_send(struct control *c, json_t *request, struct control_error *e)
{
	size_t length = request ? json_dumpb(request, NULL, 0, JSON_COMPACT) : 0;
	char *line;
	int ret;

	memset(e, 0, sizeof(*e));
	if (!length) {
		/* Such as a text that is not UTF-8. */
		fail(e, "the request cannot be written as JSON");
		json_decref(request);
		return -1;
	}
	line = xcalloc(length + 1, 1);
	json_dumpb(request, line, length, JSON_COMPACT);
	line[length] = '\n';
	json_decref(request);
	ret = send_all(c, line, length + 1, e);
	explicit_bzero(line, length);
	free(line);
	return ret;
}

/* Make room for more; what moves leaves no secrets behind. */
static void regrow(struct control *c)
{
	size_t room = c->room ? 2 * c->room : ROOM_MIN;
	char *grown;

	if (c->n < c->room)
		return;
	grown = xcalloc(room, 1);
	if (c->buf) {
		memcpy(grown, c->buf, c->n);
		explicit_bzero(c->buf, c->room);
	}
	free(c->buf);
	c->buf = grown;
	c->room = room;
}

/* Take the first line out of what was received. Returns NULL when there is no whole one. */
static json_t *take_line(struct control *c, bool *whole, struct control_error *e)
{
	char *end = c->n > c->scanned ? memchr(c->buf + c->scanned, '\n', c->n - c->scanned) : NULL;
	json_error_t error;
	json_t *answer;
	size_t length;

	*whole = end;
	if (!end) {
		c->scanned = c->n;
		return NULL;
	}
	length = (size_t)(end - c->buf) + 1;
	answer = json_loadb(c->buf, length - 1, 0, &error);
	if (!json_is_object(answer)) {
		json_decref(answer);
		answer = NULL;
		fail(e, "vpnhad answers with something else than JSON");
	}
	memmove(c->buf, c->buf + length, c->n - length);
	explicit_bzero(c->buf + c->n - length, length);
	c->n -= length;
	c->scanned = 0;
	return answer;
}

/* Receive what there is. Returns 1, 0 when there is nothing yet, or -1. */
static int receive(struct control *c, int flags, struct control_error *e)
{
	ssize_t n;

	if (c->n >= CONTROL_MAX) {
		fail(e, "vpnhad's answer is too long");
		return -1;
	}
	regrow(c);
	do {
		n = recv(c->fd, c->buf + c->n, c->room - c->n, flags);
	} while (n < 0 && errno == EINTR);
	if (n > 0) {
		c->n += (size_t)n;
		return 1;
	}
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n)
		fail(e, "vpnhad: %s", strerror(errno));
	else
		fail(e, "vpnhad has closed the connection");
	return -1;
}

/* An answer that is an error becomes one. */
static json_t *check(json_t *answer, struct control_error *e)
{
	const json_t *error = json_object_get(answer, "error");
	const char *message = json_string_value(json_object_get(error, "message"));
	json_int_t line, column;

	if (!error)
		return answer;
	line = json_integer_value(json_object_get(error, "line"));
	column = json_integer_value(json_object_get(error, "column"));
	e->message = xstrdup(message ? message : "vpnhad refuses, and does not say why");
	text_sanitize(e->message);
	e->line = line > 0 && line < UINT32_MAX ? (unsigned int)line : 0;
	e->column = column > 0 && column < UINT32_MAX ? (unsigned int)column : 0;
	json_decref(answer);
	return NULL;
}

/**
 * control_receive() - Wait for an answer.
 * @c: connection
 * @e: why there is none, or what it refuses
 *
 * Return: it, the caller's, or NULL.
 */
json_t *control_receive(struct control *c, struct control_error *e)
{
	json_t *answer;
	bool whole;

	memset(e, 0, sizeof(*e));
	for (;;) {
		answer = take_line(c, &whole, e);
		if (whole)
			return answer ? check(answer, e) : NULL;
		if (receive(c, 0, e) < 0)
			return NULL;
	}
}

/**
 * control_take() - Take an answer if there is one.
 * @c: connection
 * @answer: result, the caller's; NULL: none yet
 * @e: why there will be none, or what it refuses
 *
 * Return: 0 or -1.
 */
int control_take(struct control *c, json_t **answer, struct control_error *e)
{
	bool whole;
	int ret;

	memset(e, 0, sizeof(*e));
	*answer = take_line(c, &whole, e);
	if (!whole) {
		ret = receive(c, MSG_DONTWAIT, e);
		if (ret < 0)
			return -1;
		*answer = take_line(c, &whole, e);
	}
	if (whole && *answer)
		*answer = check(*answer, e);
	return whole && !*answer ? -1 : 0;
}

/**
 * control_ask() - Send a request and wait for its answer.
 * @c: connection
 * @request: request; released
 * @e: why there is no answer, or what it refuses
 *
 * Return: the answer, the caller's, or NULL.
 */
json_t *control_ask(struct control *c, json_t *request, struct control_error *e)
{
	if (control_send(c, request, e))
		return NULL;
	return control_receive(c, e);
}
