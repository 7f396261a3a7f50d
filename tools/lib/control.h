/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client's side of vpnhad's control socket: one JSON object per line each
 * way.
 *
 * A request is {"op": ...}: "check" and "load" have a "text", "running" asks for
 * it, "show" and "clear" have a "what" and say which, "debug" is answered until
 * the connection is closed. An answer has "error", an object with a "message"
 * and perhaps "line" and "column" of the text, or else what was asked for.
 */
#ifndef VPNHA_CONTROL_H
#define VPNHA_CONTROL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/control_path.h"

/* An answer that is longer is none. */
#define CONTROL_MAX	(256UL << 20)

/**
 * struct control - A connection to vpnhad.
 * @fd: its socket
 * @buf: what was received and not taken yet
 * @n: bytes of it
 * @room: bytes that @buf has room for
 * @scanned: bytes of @buf that are known to have no end of line
 */
struct control {
	int fd;
	char *buf;
	size_t n, room, scanned;
};

/**
 * struct control_error - Why there is no answer.
 * @absent: nobody listens there
 * @message: text; the caller's
 * @line: of the text that was sent; 0: nowhere
 * @column: byte of the line; 0: the whole line
 */
struct control_error {
	bool absent;
	char *message;
	unsigned int line, column;
};

int control_open(struct control *c, const char *path, struct control_error *e);
void control_close(struct control *c);
int control_send(struct control *c, json_t *request, struct control_error *e);
json_t *control_receive(struct control *c, struct control_error *e);
int control_take(struct control *c, json_t **answer, struct control_error *e);
json_t *control_ask(struct control *c, json_t *request, struct control_error *e);
void control_error_clear(struct control_error *e);

#endif
