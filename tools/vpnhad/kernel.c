// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>

#include "lib/alloc.h"
#include "lib/crypto_event.h"
#include "lib/nl.h"
#include "vpnhad/adopt.h"
#include "vpnhad/attempts.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel.h"
#include "vpnhad/log.h"
#include "vpnhad/resolve.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

/* Changes come in bundles, line by line of an access list: they are taken together. */
#define SETTLE_MS	50

/**
 * struct kernel - What we know of the kernel's module.
 * @d: daemon
 * @events: socket that follows its events
 * @asking: socket for requests, so that no answer is behind events
 * @open: both are there
 * @event: of @events
 * @settle: when what has changed is looked at
 * @ctrl: socket that tells when modules with netlink families come and go
 * @ctrl_event: of that
 * @looked: it was looked at once
 * @problem: why it cannot be spoken to; NULL: it can
 */
struct kernel {
	struct vpnhad *d;
	struct session events, asking;
	bool open;
	struct event *event, *settle;
	struct nl_sock *ctrl;
	struct event *ctrl_event;
	bool looked;
	char *problem;
};

static void set_problem(struct kernel *k, struct session_error *e)
{
	if (!k->problem || strcmp(k->problem, e->message))
		log_line(IKE_LOG_ERROR, NULL, "%s", e->message);
	free(k->problem);
	k->problem = e->message;
	e->message = NULL;
	session_error_clear(e);
}

static void close_sessions(struct kernel *k)
{
	if (!k->open)
		return;
	event_free(k->event);
	session_close(&k->events);
	session_close(&k->asking);
	k->open = false;
}

static void schedule(struct kernel *k, bool at_once)
{
	const struct timeval tv = { .tv_usec = at_once ? 0 : SETTLE_MS * 1000 };

	if (at_once || !event_pending(k->settle, EV_TIMEOUT, NULL))
		event_add(k->settle, &tv);
}

static void fill_packet(struct ike_selector_pair *pair, const struct crypto_event *e)
{
	ike_selector_of_prefix(&pair->local, e->src.family, e->src.bytes,
			       8 * (unsigned int)address_size(&e->src));
	ike_selector_of_prefix(&pair->remote, e->dst.family, e->dst.bytes,
			       8 * (unsigned int)address_size(&e->dst));
	pair->local.protocol = (uint8_t)e->protocol;
	pair->remote.protocol = (uint8_t)e->protocol;
	if (!crypto_has_ports(e->protocol))
		return;
	pair->local.first_port = e->src_port;
	pair->local.last_port = e->src_port;
	pair->remote.first_port = e->dst_port;
	pair->remote.last_port = e->dst_port;
}

static void take_acquire(struct kernel *k, const struct crypto_event *e)
{
	struct want want = { .number = e->number, .line = e->line };

	memcpy(want.ifname, e->ifname, sizeof(want.ifname));
	_Static_assert(sizeof(want.map) >= sizeof(e->map), "a name of the kernel's must fit");
	memcpy(want.map, e->map, sizeof(e->map));
	if (e->src.family && e->src.family == e->dst.family)
		fill_packet(&want.packet, e);
	attempts_want(k->d->attempts, &want);
}

static void expired(struct kernel *k, const struct kernel_key *key,
		    enum ike_expiry expiry)
{
	uint32_t spi_in;
	struct conn *c = table_of_sa(k->d->table, key, &spi_in);
	struct job *j;

	if (!c)
		return;
	j = job_new(JOB_EXPIRED);
	j->direction = key->direction;
	j->spi = key->spi;
	j->expiry = expiry;
	table_post(k->d->table, c, j);
}

/* ESP of a peer comes from elsewhere. */
static void moved(struct kernel *k, const struct kernel_key *key, const struct crypto_event *e)
{
	uint32_t spi_in;
	struct conn *c = table_of_sa(k->d->table, key, &spi_in);
	struct job *j;

	if (!c || !e->src.family)
		return;
	j = job_new(JOB_MOVED);
	kernel_endpoint(&j->path.remote, &e->src, e->src_port);
	table_post(k->d->table, c, j);
}

static void take_sa_event(struct kernel *k, const struct crypto_event *e)
{
	const struct kernel_key key = {
		.direction = e->direction == VPNHA_ESP_DIRECTION_IN ? IKE_IN : IKE_OUT,
		.spi = e->spi,
		.dst = e->dst,
	};

	switch (e->kind) {
	case VPNHA_SA_EVENT_KIND_SOFT_EXPIRY:
		expired(k, &key, IKE_EXPIRY_SOFT);
		break;
	case VPNHA_SA_EVENT_KIND_HARD_EXPIRY:
		adopted_gone(k->d->adopted, &key);
		expired(k, &key, IKE_EXPIRY_HARD);
		break;
	case VPNHA_SA_EVENT_KIND_MAPPING:
		moved(k, &key, e);
		break;
	default:
		break;
	}
}

static void take_sa_gone(struct kernel *k, const struct crypto_event *e)
{
	const struct crypto_sa *sa = e->model.crypto.sas[0];
	const struct kernel_key key = {
		.direction = sa->direction == VPNHA_ESP_DIRECTION_IN ? IKE_IN : IKE_OUT,
		.spi = sa->spi,
		.dst = sa->dst,
	};

	if (sa->manual)
		return;
	adopted_gone(k->d->adopted, &key);
	expired(k, &key, IKE_EXPIRY_REMOVED);
}

static void take_event(uint8_t command, struct nlattr *attrs, int length, void *data)
{
	struct kernel *k = data;
	struct crypto_event e;

	switch (command) {
	case VPNHA_CMD_ACQUIRE_EVENT:
	case VPNHA_CMD_SA_EVENT:
	case VPNHA_CMD_SA_DEL_NTF:
		break;
	case VPNHA_CMD_BINDING_NTF:
	case VPNHA_CMD_BINDING_DEL_NTF:
		/* The role may be lost: nothing must be sent any more. */
		schedule(k, true);
		return;
	case VPNHA_CMD_TRANSFORM_SET_NTF:
	case VPNHA_CMD_TRANSFORM_SET_DEL_NTF:
	case VPNHA_CMD_ACL_NTF:
	case VPNHA_CMD_ACL_DEL_NTF:
	case VPNHA_CMD_MAP_NTF:
	case VPNHA_CMD_MAP_DEL_NTF:
	case VPNHA_CMD_DYNAMIC_MAP_NTF:
	case VPNHA_CMD_DYNAMIC_MAP_DEL_NTF:
		schedule(k, false);
		return;
	default:
		return;
	}
	if (decode_crypto_event(&e, command, attrs, length))
		return;
	if (command == VPNHA_CMD_ACQUIRE_EVENT)
		take_acquire(k, &e);
	else if (command == VPNHA_CMD_SA_EVENT)
		take_sa_event(k, &e);
	else
		take_sa_gone(k, &e);
	crypto_event_free(&e);
}

/* SAs that are gone without our having heard of it. */
static void look_for_gone(struct kernel *k, const struct crypto *c)
{
	for (struct conn *conn = table_first(k->d->table); conn; conn = table_next(conn)) {
		for (size_t n = 0; n < conn->state.n_children; n++) {
			const struct conn_child *child = &conn->state.children[n];
			struct kernel_key key = { .direction = IKE_IN, .spi = child->spi_in };
			bool there = !child->spi_out;

			kernel_address(&key.dst, &conn->state.path.local);
			for (size_t s = 0; !there && s < c->n_sas; s++)
				there = c->sas[s]->direction == VPNHA_ESP_DIRECTION_IN &&
					c->sas[s]->spi == key.spi &&
					address_equal(&c->sas[s]->dst, &key.dst);
			if (!there)
				expired(k, &key, IKE_EXPIRY_REMOVED);
		}
	}
}

static void take_events(evutil_socket_t fd, short what, void *data)
{
	struct session_error e = {};
	struct kernel *k = data;
	struct model m = {};

	(void)fd;
	(void)what;
	if (!session_events(&k->events, take_event, k, &e))
		return;
	if (e.code != ENOBUFS) {
		set_problem(k, &e);
		close_sessions(k);
		schedule(k, false);
		return;
	}
	session_error_clear(&e);
	k->d->counters.overruns++;
	log_line(IKE_LOG_ERROR, NULL,
		 "events of the kernel were lost: looking anew at everything (%" PRIu64 " times)",
		 k->d->counters.overruns);
	schedule(k, true);
	if (!session_get(&k->asking, NULL, SESSION_CRYPTO | SESSION_SAS, &m, &e))
		look_for_gone(k, &m.crypto);
	session_error_clear(&e);
	model_free(&m);
}

static bool open_sessions(struct kernel *k)
{
	struct session_error e = {};

	if (session_open(&k->asking, &e)) {
		set_problem(k, &e);
		return false;
	}
	if (session_open(&k->events, &e) || session_follow(&k->events, VPNHA_MCGRP_EVENTS, &e)) {
		set_problem(k, &e);
		session_close(&k->events);
		session_close(&k->asking);
		return false;
	}
	k->event = event_new(k->d->base, session_fd(&k->events), EV_READ | EV_PERSIST,
			     take_events, k);
	event_add(k->event, NULL);
	k->open = true;
	return true;
}

/**
 * kernel_get() - Get crypto maps and SAs.
 * @k: kernel
 * @m: an empty model
 *
 * Return: whether they could be got.
 */
bool kernel_get(struct kernel *k, struct model *m)
{
	struct session_error e = {};

	if (!k->open && !open_sessions(k))
		return false;
	if (!session_get(&k->asking, NULL, SESSION_CRYPTO | SESSION_SAS, m, &e)) {
		free(k->problem);
		k->problem = NULL;
		return true;
	}
	set_problem(k, &e);
	close_sessions(k);
	return false;
}

static size_t add_want(struct endpoint_want *wants, size_t n, const struct crypto_binding *b,
		       const struct address *local)
{
	if (!local->family)
		return n;
	kernel_endpoint(&wants[n].address, local, ENDPOINT_PORT);
	memcpy(wants[n].ifname, b->ifname, sizeof(wants[n].ifname));
	return n + 1;
}

/* Whether a crypto map has an entry whose keys are negotiated. */
static bool wants_keying(const struct crypto *c, const char *map)
{
	for (size_t n = crypto_map_first(c, map); n < c->n_maps; n++) {
		if (strcmp(c->maps[n]->name, map))
			break;
		if (c->maps[n]->kind == VPNHA_MAP_KIND_ISAKMP)
			return true;
	}
	return false;
}

static void want_endpoints(struct kernel *k, const struct crypto *c)
{
	struct endpoint_want *wants = xcalloc(2 * c->n_bindings, sizeof(*wants));
	size_t n_wants = 0;

	for (size_t n = 0; n < c->n_bindings; n++) {
		const struct crypto_binding *b = c->bindings[n];

		if (b->state.role != VPNHA_ROLE_ACTIVE || !wants_keying(c, b->map))
			continue;
		n_wants = add_want(wants, n_wants, b, &b->state.local);
		n_wants = add_want(wants, n_wants, b, &b->state.local6);
	}
	endpoints_want(k->d->endpoints, wants, n_wants);
	free(wants);
}

/**
 * kernel_look() - Look at crypto maps, and go by what they are now.
 * @k: kernel
 */
void kernel_look(struct kernel *k)
{
	struct vpnhad *d = k->d;
	struct ike_config *config;
	struct model m = {};

	if (d->stopping)
		return;
	config = resolve_copy(d->resolved);
	if (kernel_get(k, &m)) {
		kernel_policies(config, &m.crypto);
		/* Silence first: what is not active any more sends nothing about its end. */
		want_endpoints(k, &m.crypto);
		if (!k->looked)
			adopted_take(d->adopted, &m.crypto);
		k->looked = true;
	}
	ike_config_put(d->config);
	d->config = config;
	table_configure(d->table, config);
	attempts_connect_soon(d->attempts);
	model_free(&m);
}

static void settled(evutil_socket_t fd, short what, void *data)
{
	struct kernel *k = data;

	(void)fd;
	(void)what;
	/* What failed under other crypto maps may be had now. */
	attempts_forget(k->d->attempts);
	kernel_look(k);
}

/* Some family came or went. If it is ours, the module was loaded or unloaded. */
static void families_changed(evutil_socket_t fd, short what, void *data)
{
	struct kernel *k = data;
	char buf[8192];
	ssize_t got;

	(void)what;
	do {
		got = recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC);
	} while (got > 0 || (got < 0 && (errno == EINTR || errno == ENOBUFS)));
	close_sessions(k);
	schedule(k, true);
}

static bool watch_families(struct kernel *k)
{
	int group;

	k->ctrl = nl_socket_alloc();
	if (!k->ctrl || genl_connect(k->ctrl))
		return false;
	group = genl_ctrl_resolve_grp(k->ctrl, "nlctrl", "notify");
	if (group < 0 || nl_socket_add_membership(k->ctrl, group) ||
	    nl_socket_set_nonblocking(k->ctrl))
		return false;
	k->ctrl_event = event_new(k->d->base, nl_socket_get_fd(k->ctrl), EV_READ | EV_PERSIST,
				  families_changed, k);
	event_add(k->ctrl_event, NULL);
	return true;
}

/**
 * kernel_new() - Begin to watch the kernel's module, which may come later.
 * @d: daemon
 *
 * Return: it, or NULL.
 */
struct kernel *kernel_new(struct vpnhad *d)
{
	struct kernel *k = xcalloc(1, sizeof(*k));

	k->d = d;
	k->settle = event_new(d->base, -1, 0, settled, k);
	if (watch_families(k))
		return k;
	kernel_free(k);
	return NULL;
}

/**
 * kernel_free() - Release it.
 * @k: kernel, or NULL
 */
void kernel_free(struct kernel *k)
{
	if (!k)
		return;
	close_sessions(k);
	if (k->ctrl_event)
		event_free(k->ctrl_event);
	nl_socket_free(k->ctrl);
	event_free(k->settle);
	free(k->problem);
	free(k);
}

/**
 * kernel_problem() - Tell why the module cannot be spoken to.
 * @k: kernel
 *
 * Return: why, or NULL when it can.
 */
const char *kernel_problem(const struct kernel *k)
{
	return k->problem;
}
