/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Local endpoints: the addresses of active crypto maps, with a socket on UDP port 500
 * and one on 4500 each.
 *
 * The loop opens and closes them; workers send. Once endpoint_close() has returned,
 * nothing is sent from that address any more, whoever was about to: that is what makes
 * a gateway which has lost its role silent.
 */
#ifndef VPNHAD_ENDPOINT_H
#define VPNHAD_ENDPOINT_H

#include <net/if.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "ike/sa.h"

struct event;
struct event_base;

#define ENDPOINT_PORT		500
#define ENDPOINT_NAT_PORT	4500

/**
 * struct endpoint - An address that IKE is spoken from.
 * @list: in struct endpoints
 * @all: that
 * @refs: of the list, and of each IKE SA
 * @address: the address; its port means nothing
 * @ifname: interface, which the address of a link needs
 * @wanted: by a crypto map, as endpoints_want() was last told
 * @lock: held for reading by those who send, for writing while @fds change
 * @fds: sockets of ports 500 and 4500; -1: closed
 * @events: of these
 */
struct endpoint {
	LIST_ENTRY(endpoint) list;
	struct endpoints *all;
	atomic_uint refs;
	struct ike_endpoint address;
	char ifname[IFNAMSIZ];
	bool wanted, told;
	pthread_rwlock_t lock;
	int fds[2];
	struct event *events[2];
};

/**
 * struct endpoint_want - A crypto map that is active.
 * @address: its local address
 * @ifname: its interface
 */
struct endpoint_want {
	struct ike_endpoint address;
	char ifname[IFNAMSIZ];
};

/**
 * struct endpoint_ops - What has to be done about endpoints.
 * @receive: a message; the octets are lent, the four of port 4500 taken off
 * @opened: an endpoint can send and receive
 * @lost: an endpoint is closed and stays so
 */
struct endpoint_ops {
	void (*receive)(void *ctx, struct endpoint *e, const struct ike_path *path,
			const uint8_t *data, size_t len);
	void (*opened)(void *ctx, struct endpoint *e);
	void (*lost)(void *ctx, struct endpoint *e);
};

struct endpoints;

struct endpoints *endpoints_new(struct event_base *base, const struct endpoint_ops *ops, void *ctx);
void endpoints_free(struct endpoints *all);
void endpoints_want(struct endpoints *all, const struct endpoint_want *wants, size_t n);
struct endpoint *endpoint_find(const struct endpoints *all, const struct ike_endpoint *address);
bool endpoint_is_open(const struct endpoint *e);
struct endpoint *endpoint_get(struct endpoint *e);
void endpoint_put(struct endpoint *e);
void endpoint_close(struct endpoint *e);
bool endpoint_send(struct endpoint *e, const struct ike_path *path, const uint8_t *data,
		   size_t len);

#endif
