/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections of the control socket: lines in, lines out. */
#ifndef VPNHAD_CLIENT_H
#define VPNHAD_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct event;
struct event_base;

/* A line of a request that is longer is none: of those who may load, and of others. */
#define CLIENT_LINE_MAX		(64U << 20)
#define CLIENT_LINE_MAX_LOOK	(64U << 10)

/* What somebody who does not read may be behind. */
#define CLIENT_BACKLOG_MAX	(4U << 20)

/**
 * struct bytes - Octets that are wiped when they go.
 * @data: octets
 * @n: how many
 * @room: how many there is room for
 */
struct bytes {
	char *data;
	size_t n, room;
};

struct client;

/* Called with each request; @client may be closed by it. */
typedef void (*client_request_fn)(void *ctx, struct client *client, json_t *request);

/**
 * struct client - A connection.
 * @list: all of them
 * @number: its number, which no other one ever gets
 * @fd: socket
 * @read: when there is something to read
 * @write: when there is room to write
 * @in: what was read and is no whole line yet
 * @out: what is to be written
 * @may_change: it may change things and see secrets, else it may only look
 * @debug: it follows what happens
 * @waits: an answer is still to come, and what it asks next waits for that
 * @lost: lines that it was too slow for
 * @closing: it is closed when all was written
 * @request: for each request
 * @ctx: for @request
 */
struct client {
	TAILQ_ENTRY(client) list;
	uint64_t number;
	int fd;
	struct event *read, *write;
	struct bytes in, out;
	bool may_change, debug, waits, closing;
	uint64_t lost;
	client_request_fn request;
	void *ctx;
};

TAILQ_HEAD(clients, client);

struct client *client_new(struct clients *all, struct event_base *base, int fd,
			  bool may_change, client_request_fn request, void *ctx);
void client_free(struct clients *all, struct client *c);
void client_answer(struct client *c, json_t *answer);
bool client_is_behind(const struct client *c);

#endif
