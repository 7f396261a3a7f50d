// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <event2/event.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "lib/alloc.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/log.h"

/* Datagrams that are taken from a socket at once, so that no socket starves another. */
#define BATCH		32
#define BUFFER_LEN	65536

/* Room for a burst of first messages. */
#define SOCKET_BUFFER	(4 << 20)

#define MARKER_LEN	4

/**
 * struct endpoints - All of them.
 * @base: event loop
 * @ops: what to do
 * @ctx: for @ops
 * @list: endpoints
 * @route: rtnetlink socket, which tells of addresses
 * @event: of that
 * @buffers: what is received goes here
 */
struct endpoints {
	struct event_base *base;
	const struct endpoint_ops *ops;
	void *ctx;
	LIST_HEAD(endpoint_list, endpoint) list;
	int route;
	struct event *event;
	uint8_t *buffers;
};

union any_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t to_socket(union any_address *to, const struct ike_endpoint *from,
			   const char *ifname)
{
	memset(to, 0, sizeof(*to));
	if (from->family == AF_INET) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons(from->port);
		memcpy(&to->in.sin_addr, from->address, 4);
		return sizeof(to->in);
	}
	to->in6.sin6_family = AF_INET6;
	to->in6.sin6_port = htons(from->port);
	memcpy(&to->in6.sin6_addr, from->address, 16);
	if (IN6_IS_ADDR_LINKLOCAL(&to->in6.sin6_addr))
		to->in6.sin6_scope_id = if_nametoindex(ifname);
	return sizeof(to->in6);
}

static bool from_socket(struct ike_endpoint *to, const union any_address *from)
{
	memset(to, 0, sizeof(*to));
	to->family = from->any.sa_family;
	if (to->family == AF_INET) {
		to->port = ntohs(from->in.sin_port);
		memcpy(to->address, &from->in.sin_addr, 4);
		return to->port;
	}
	to->port = ntohs(from->in6.sin6_port);
	memcpy(to->address, &from->in6.sin6_addr, 16);
	return to->family == AF_INET6 && to->port;
}

static void options(int fd, int family)
{
	/*
	 * A message without RFC 7383 may be larger than the path takes, and its
	 * sender cannot make it smaller: it goes out without DF.
	 */
	const int dont = IP_PMTUDISC_DONT, dont6 = IPV6_PMTUDISC_DONT;
	int size = SOCKET_BUFFER, on = 1;

	if (family == AF_INET) {
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont, sizeof(dont));
	} else {
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &dont6, sizeof(dont6));
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* What came to a port: a message, or NULL when it is none. */
static const uint8_t *strip(const uint8_t *data, size_t *len, bool nat_port)
{
	static const uint8_t marker[MARKER_LEN];

	if (!nat_port)
		return data;
	/*
	 * A NAT keepalive, or ESP that no SA of the module's took: neither is for
	 * us (RFC 3948 section 2).
	 */
	if (*len <= MARKER_LEN || memcmp(data, marker, MARKER_LEN))
		return NULL;
	*len -= MARKER_LEN;
	return data + MARKER_LEN;
}

static void take(struct endpoint *e, bool nat_port, const struct mmsghdr *m)
{
	const uint8_t *data = m->msg_hdr.msg_iov->iov_base;
	struct ike_path path = { .local = e->address };
	size_t len = m->msg_len;

	path.local.port = nat_port ? ENDPOINT_NAT_PORT : ENDPOINT_PORT;
	if (m->msg_hdr.msg_flags & MSG_TRUNC || !from_socket(&path.remote, m->msg_hdr.msg_name))
		return;
	data = strip(data, &len, nat_port);
	if (data)
		e->all->ops->receive(e->all->ctx, e, &path, data, len);
}

static void receive(evutil_socket_t fd, short what, void *data)
{
	union any_address from[BATCH];
	struct mmsghdr messages[BATCH];
	struct iovec pieces[BATCH];
	struct endpoint *e = data;
	bool nat_port = fd == e->fds[1];
	int n;

	(void)what;
	memset(messages, 0, sizeof(messages));
	for (n = 0; n < BATCH; n++) {
		pieces[n].iov_base = e->all->buffers + (size_t)n * BUFFER_LEN;
		pieces[n].iov_len = BUFFER_LEN;
		messages[n].msg_hdr.msg_iov = &pieces[n];
		messages[n].msg_hdr.msg_iovlen = 1;
		messages[n].msg_hdr.msg_name = &from[n];
		messages[n].msg_hdr.msg_namelen = sizeof(from[n]);
	}
	n = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
	/* What is received may close the endpoint, which is then still there. */
	endpoint_get(e);
	for (int k = 0; k < n; k++)
		take(e, nat_port, &messages[k]);
	endpoint_put(e);
}

static int open_port(const struct endpoint *e, uint16_t port)
{
	struct ike_endpoint local = e->address;
	union any_address address;
	socklen_t len;
	int fd;

	local.port = port;
	len = to_socket(&address, &local, e->ifname);
	fd = socket(local.family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	options(fd, local.family);
	if (!bind(fd, &address.any, len))
		return fd;
	close(fd);
	return -1;
}

/* Try to have both sockets. An address that is not there yet is waited for. */
static void try_open(struct endpoint *e)
{
	static const uint16_t ports[2] = { ENDPOINT_PORT, ENDPOINT_NAT_PORT };
	int fds[2] = { -1, -1 }, error = 0;

	for (int n = 0; n < 2 && !error; n++) {
		fds[n] = open_port(e, ports[n]);
		error = fds[n] < 0 ? errno : 0;
	}
	if (error) {
		if (fds[0] >= 0)
			close(fds[0]);
		if (!e->told)
			log_line(error == EADDRNOTAVAIL ? IKE_LOG_DEBUG : IKE_LOG_ERROR,
				 &e->address, "cannot listen on %s: %s", e->ifname,
				 strerror(error));
		e->told = true;
		return;
	}
	pthread_rwlock_wrlock(&e->lock);
	memcpy(e->fds, fds, sizeof(fds));
	pthread_rwlock_unlock(&e->lock);
	e->told = false;
	for (int n = 0; n < 2; n++) {
		e->events[n] = event_new(e->all->base, fds[n], EV_READ | EV_PERSIST, receive, e);
		event_add(e->events[n], NULL);
	}
	log_line(IKE_LOG_NOTICE, &e->address, "listening on %s", e->ifname);
	e->all->ops->opened(e->all->ctx, e);
}

/**
 * endpoint_is_open() - Tell whether an endpoint has its sockets.
 * @e: endpoint
 *
 * Context: the loop.
 */
bool endpoint_is_open(const struct endpoint *e)
{
	return e->fds[0] >= 0;
}

/**
 * endpoint_close() - Send and receive nothing more.
 * @e: endpoint
 *
 * Context: the loop. Nothing is being sent any more when it returns.
 */
void endpoint_close(struct endpoint *e)
{
	int fds[2];

	if (!endpoint_is_open(e))
		return;
	for (int n = 0; n < 2; n++) {
		event_free(e->events[n]);
		e->events[n] = NULL;
	}
	pthread_rwlock_wrlock(&e->lock);
	memcpy(fds, e->fds, sizeof(fds));
	e->fds[0] = -1;
	e->fds[1] = -1;
	pthread_rwlock_unlock(&e->lock);
	close(fds[0]);
	close(fds[1]);
}

/**
 * endpoint_send() - Send a message.
 * @e: endpoint
 * @path: from which port, and where to
 * @data: message; none: a NAT keepalive
 * @len: octets of it
 *
 * Context: any thread.
 *
 * Return: whether it went out.
 */
bool endpoint_send(struct endpoint *e, const struct ike_path *path, const uint8_t *data,
		   size_t len)
{
	static const uint8_t marker[MARKER_LEN], keepalive = 0xff;
	bool nat_port = path->local.port == ENDPOINT_NAT_PORT;
	union any_address to;
	struct iovec pieces[2] = {
		{ .iov_base = (void *)marker, .iov_len = nat_port ? MARKER_LEN : 0 },
		{ .iov_base = (void *)data, .iov_len = len },
	};
	struct msghdr m = { .msg_name = &to, .msg_iov = pieces, .msg_iovlen = 2 };
	ssize_t sent = -1;

	m.msg_namelen = to_socket(&to, &path->remote, e->ifname);
	if (!len) {
		pieces[0] = (struct iovec){ .iov_base = (void *)&keepalive, .iov_len = 1 };
		m.msg_iovlen = 1;
	}
	pthread_rwlock_rdlock(&e->lock);
	if (e->fds[nat_port] >= 0)
		sent = sendmsg(e->fds[nat_port], &m, MSG_NOSIGNAL);
	pthread_rwlock_unlock(&e->lock);
	return sent >= 0;
}

/**
 * endpoint_get() - Get a reference.
 * @e: endpoint
 *
 * Return: @e.
 */
struct endpoint *endpoint_get(struct endpoint *e)
{
	atomic_fetch_add(&e->refs, 1);
	return e;
}

/**
 * endpoint_put() - Release a reference.
 * @e: endpoint, or NULL
 */
void endpoint_put(struct endpoint *e)
{
	if (!e || atomic_fetch_sub(&e->refs, 1) > 1)
		return;
	pthread_rwlock_destroy(&e->lock);
	free(e);
}

/**
 * endpoint_find() - Find the endpoint of an address.
 * @all: endpoints
 * @address: its port does not count
 *
 * Return: it, or NULL.
 */
struct endpoint *endpoint_find(const struct endpoints *all, const struct ike_endpoint *address)
{
	struct endpoint *e;

	LIST_FOREACH(e, &all->list, list)
		if (ike_endpoint_same_address(&e->address, address))
			return e;
	return NULL;
}

static struct endpoint *add(struct endpoints *all, const struct endpoint_want *want)
{
	struct endpoint *e = xcalloc(1, sizeof(*e));

	e->all = all;
	e->refs = 1;
	e->address = want->address;
	e->address.port = ENDPOINT_PORT;
	memcpy(e->ifname, want->ifname, sizeof(e->ifname));
	e->fds[0] = -1;
	e->fds[1] = -1;
	pthread_rwlock_init(&e->lock, NULL);
	LIST_INSERT_HEAD(&all->list, e, list);
	return e;
}

static void drop(struct endpoints *all, struct endpoint *e)
{
	bool was_open = endpoint_is_open(e);

	endpoint_close(e);
	LIST_REMOVE(e, list);
	if (was_open)
		log_line(IKE_LOG_NOTICE, &e->address,
			 "silent on %s: no crypto map of this address is active here", e->ifname);
	all->ops->lost(all->ctx, e);
	endpoint_put(e);
}

/**
 * endpoints_want() - Have an endpoint at each address that is wanted, and no other.
 * @all: endpoints
 * @wants: addresses of active crypto maps
 * @n: how many
 *
 * Those that are not wanted any more are closed first.
 */
void endpoints_want(struct endpoints *all, const struct endpoint_want *wants, size_t n)
{
	struct endpoint *e, *next;

	LIST_FOREACH(e, &all->list, list)
		e->wanted = false;
	for (size_t k = 0; k < n; k++) {
		e = endpoint_find(all, &wants[k].address);
		if (e)
			e->wanted = true;
	}
	for (e = LIST_FIRST(&all->list); e; e = next) {
		next = LIST_NEXT(e, list);
		if (!e->wanted)
			drop(all, e);
	}
	for (size_t k = 0; k < n; k++) {
		e = endpoint_find(all, &wants[k].address);
		if (!e)
			e = add(all, &wants[k]);
		e->wanted = true;
		if (!endpoint_is_open(e))
			try_open(e);
	}
}

/* Addresses have come or gone: those that could not be bound are tried again. */
static void addresses_changed(evutil_socket_t fd, short what, void *data)
{
	struct endpoints *all = data;
	struct endpoint *e;
	char buf[8192];
	ssize_t got;

	(void)what;
	do {
		got = recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC);
	} while (got > 0 || (got < 0 && (errno == EINTR || errno == ENOBUFS)));
	LIST_FOREACH(e, &all->list, list)
		if (!endpoint_is_open(e))
			try_open(e);
}

static int watch_addresses(void)
{
	const struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&groups, sizeof(groups))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/**
 * endpoints_new() - Make an empty set of endpoints.
 * @base: event loop
 * @ops: what to do about them
 * @ctx: for @ops
 *
 * Return: it, or NULL with errno.
 */
struct endpoints *endpoints_new(struct event_base *base, const struct endpoint_ops *ops, void *ctx)
{
	struct endpoints *all = xcalloc(1, sizeof(*all));

	all->base = base;
	all->ops = ops;
	all->ctx = ctx;
	LIST_INIT(&all->list);
	all->route = watch_addresses();
	if (all->route < 0) {
		free(all);
		return NULL;
	}
	all->buffers = xcalloc(BATCH, BUFFER_LEN);
	all->event = event_new(base, all->route, EV_READ | EV_PERSIST, addresses_changed, all);
	event_add(all->event, NULL);
	return all;
}

/**
 * endpoints_free() - Close and release all.
 * @all: endpoints, or NULL
 */
void endpoints_free(struct endpoints *all)
{
	struct endpoint *e, *next;

	if (!all)
		return;
	for (e = LIST_FIRST(&all->list); e; e = next) {
		next = LIST_NEXT(e, list);
		endpoint_close(e);
		endpoint_put(e);
	}
	event_free(all->event);
	close(all->route);
	free(all->buffers);
	free(all);
}
