// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <event2/event.h>

#include "ike/wire.h"
#include "lib/alloc.h"
#include "vpnhad/adopt.h"
#include "vpnhad/attempts.h"
#include "vpnhad/clock.h"
#include "vpnhad/control.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/log.h"
#include "vpnhad/pool.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

#define BUCKETS		4096

/* A secret for cookies is new for so long, and is taken for as long again. */
#define COOKIE_MS	60000

/* That too many peers are not known yet is told no more often. */
#define TELL_MS		60000

/* A timer that is due at once must not keep the loop from anything else. */
#define TIMER_MIN_MS	2

LIST_HEAD(conns, conn);

/**
 * struct table - IKE SAs.
 * @d: daemon
 * @all: each of them
 * @by_spi: by our SPI
 * @by_peer: by the peer's address
 * @by_first: by the SPI of a first message that was not the last
 * @key: of the hashes, so that nobody can choose SPIs of one bucket
 * @n: how many
 * @n_half_open: how many of them somebody else has begun, who is not known yet
 * @told_cookies: when it was last told that cookies are asked for
 * @told_full: when it was last told that first messages are dropped
 * @told_version: when it was last told that somebody speaks IKEv1
 * @last_id: number of the newest
 * @secrets: of cookies
 * @secrets_ms: when these were made
 */
struct table {
	struct vpnhad *d;
	struct conns all;
	struct conns by_spi[BUCKETS], by_peer[BUCKETS], by_first[BUCKETS];
	uint64_t key;
	size_t n;
	unsigned int n_half_open;
	uint64_t told_cookies, told_full, told_version;
	uint32_t last_id;
	struct ike_cookie_secrets secrets;
	uint64_t secrets_ms;
};

static struct conns *bucket(const struct table *t, const struct conns *buckets, const void *data,
			    size_t len)
{
	const uint8_t *octets = data;
	uint64_t hash = t->key;

	for (size_t n = 0; n < len; n++) {
		hash = (hash ^ octets[n]) * 0x9e3779b97f4a7c15ULL;
		hash ^= hash >> 29;
	}
	return (struct conns *)&buckets[(hash >> 32) % BUCKETS];
}

static void random_octets(void *buf, size_t len)
{
	if (getrandom(buf, len, 0) != (ssize_t)len)
		abort();
}

/**
 * table_new() - Make an empty table.
 * @d: daemon
 */
struct table *table_new(struct vpnhad *d)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->d = d;
	random_octets(&t->key, sizeof(t->key));
	random_octets(t->secrets.now, sizeof(t->secrets.now));
	random_octets(t->secrets.last, sizeof(t->secrets.last));
	t->secrets_ms = clock_ms();
	return t;
}

static void free_conn(struct conn *c)
{
	ike_sa_free(c->sa);
	conn_state_free(&c->state);
	endpoint_put(c->endpoint);
	free(c);
}

static void unlink_conn(struct table *t, struct conn *c)
{
	c->removed = true;
	LIST_REMOVE(c, all);
	LIST_REMOVE(c, by_peer);
	if (c->in_spi)
		LIST_REMOVE(c, by_spi);
	if (c->in_first)
		LIST_REMOVE(c, by_first);
	t->n_half_open -= c->half_open;
	t->n--;
	event_free(c->timer);
}

/**
 * table_free() - Release a table whose pool is gone.
 * @t: table, or NULL
 */
void table_free(struct table *t)
{
	struct conn *c, *next;

	if (!t)
		return;
	for (c = LIST_FIRST(&t->all); c; c = next) {
		next = LIST_NEXT(c, all);
		unlink_conn(t, c);
		free_conn(c);
	}
	explicit_bzero(&t->secrets, sizeof(t->secrets));
	free(t);
}

/* A dead one goes as soon as no worker has it. */
static void remove_conn(struct table *t, struct conn *c)
{
	unlink_conn(t, c);
	control_conn_gone(t->d->control, c);
	if (pool_kill(t->d->pool, c))
		free_conn(c);
}

/**
 * table_post() - Have something happen to an IKE SA.
 * @t: table
 * @c: it
 * @j: what; owned by the pool then
 */
bool table_post(struct table *t, struct conn *c, struct job *j)
{
	return pool_add(t->d->pool, c, j);
}

/**
 * table_close() - Close an IKE SA.
 * @t: table
 * @c: it
 * @why: for the log; a literal
 * @tell: the peer is told
 */
void table_close(struct table *t, struct conn *c, const char *why, bool tell)
{
	struct job *j;

	if (c->closing && tell)
		return;
	j = job_new(JOB_CLOSE);
	j->why = why;
	j->tell = tell;
	c->closing = true;
	table_post(t, c, j);
}

/**
 * table_close_all() - Close all.
 * @t: table
 * @why: for the log; a literal
 * @tell: the peers are told
 */
void table_close_all(struct table *t, const char *why, bool tell)
{
	struct conn *c;

	LIST_FOREACH(c, &t->all, all)
		table_close(t, c, why, tell);
}

static void timer_is_over(evutil_socket_t fd, short what, void *data)
{
	struct conn *c = data;

	(void)fd;
	(void)what;
	table_post(c->table, c, job_new(JOB_TIMER));
}

static void set_timer(struct conn *c)
{
	uint64_t now = clock_ms(), wait;
	struct timeval tv;

	if (c->state.deadline == IKE_NEVER) {
		event_del(c->timer);
		return;
	}
	wait = c->state.deadline > now + TIMER_MIN_MS ? c->state.deadline - now : TIMER_MIN_MS;
	tv.tv_sec = (time_t)(wait / 1000);
	tv.tv_usec = (suseconds_t)(wait % 1000) * 1000;
	event_add(c->timer, &tv);
}

static struct conn *add_conn(struct table *t, struct endpoint *e,
			     const struct ike_endpoint *remote)
{
	struct conn *c = xcalloc(1, sizeof(*c));

	c->id = ++t->last_id;
	c->begun_ms = clock_ms();
	c->table = t;
	c->endpoint = endpoint_get(e);
	c->remote = *remote;
	c->state.deadline = IKE_NEVER;
	c->state.path.local = e->address;
	c->state.path.remote = *remote;
	c->timer = event_new(t->d->base, -1, 0, timer_is_over, c);
	STAILQ_INIT(&c->jobs);
	LIST_INSERT_HEAD(&t->all, c, all);
	LIST_INSERT_HEAD(bucket(t, t->by_peer, remote->address, sizeof(remote->address)), c,
			 by_peer);
	t->n++;
	return c;
}

/**
 * table_count() - How many IKE SAs there are.
 * @t: table
 */
size_t table_count(const struct table *t)
{
	return t->n;
}

/**
 * table_half_open() - How many of them somebody else has begun who is not known yet.
 * @t: table
 */
unsigned int table_half_open(const struct table *t)
{
	return t->n_half_open;
}

struct conn *table_first(const struct table *t)
{
	return LIST_FIRST(&t->all);
}

struct conn *table_next(const struct conn *c)
{
	return LIST_NEXT(c, all);
}

static bool is_usable(const struct conn *c)
{
	return !c->closing && c->state.state <= IKE_STATE_ESTABLISHED;
}

/**
 * table_to_peer() - Find an IKE SA that a new child SA can be made by.
 * @t: table
 * @local: our address
 * @remote: the peer's address
 *
 * Return: one that is established, or else the newest that is about to be, or NULL.
 */
struct conn *table_to_peer(const struct table *t, const struct ike_endpoint *local,
			   const struct ike_endpoint *remote)
{
	struct conn *c, *best = NULL;

	LIST_FOREACH(c, bucket(t, t->by_peer, remote->address, sizeof(remote->address)), by_peer) {
		if (!is_usable(c) || !ike_endpoint_same_address(&c->remote, remote) ||
		    !ike_endpoint_same_address(&c->endpoint->address, local))
			continue;
		if (c->state.state == IKE_STATE_ESTABLISHED)
			return c;
		/* One that somebody else has begun may never become anything. */
		if (!best && c->attempt)
			best = c;
	}
	return best;
}

/**
 * table_of_sa() - Find the IKE SA of an SA of the kernel's.
 * @t: table
 * @key: that
 * @spi_in: result: SPI of the inbound one
 *
 * Return: it, or NULL.
 */
struct conn *table_of_sa(const struct table *t, const struct kernel_key *key, uint32_t *spi_in)
{
	struct ike_endpoint dst;
	struct conn *c;

	kernel_endpoint(&dst, &key->dst, 0);
	LIST_FOREACH(c, &t->all, all) {
		const struct ike_path *path = &c->state.path;

		if (!ike_endpoint_same_address(key->direction == IKE_IN ? &path->local :
								      &path->remote, &dst))
			continue;
		for (size_t n = 0; n < c->state.n_children; n++) {
			const struct conn_child *child = &c->state.children[n];

			if (key->spi != (key->direction == IKE_IN ? child->spi_in : child->spi_out))
				continue;
			*spi_in = child->spi_in;
			return c;
		}
	}
	return NULL;
}

/* Whether there is an IKE SA with a peer that is known: INITIAL_CONTACT would be a lie. */
static bool has_contact(const struct table *t, const struct ike_endpoint *local,
			const struct ike_endpoint *remote)
{
	struct conn *c;

	LIST_FOREACH(c, bucket(t, t->by_peer, remote->address, sizeof(remote->address)), by_peer)
		if ((c->state.state == IKE_STATE_ESTABLISHED ||
		     c->state.state == IKE_STATE_REPLACED) && !c->closing &&
		    ike_endpoint_same_address(&c->remote, remote) &&
		    ike_endpoint_same_address(&c->endpoint->address, local))
			return true;
	return false;
}

/**
 * table_initiate() - Begin an IKE SA.
 * @t: table
 * @e: our address
 * @config: configuration
 * @profile: profile, of @config
 * @remote: the peer
 * @attempt: number of the attempt that it is
 *
 * Return: it.
 */
struct conn *table_initiate(struct table *t, struct endpoint *e, const struct ike_config *config,
			    const struct ike_profile *profile, const struct ike_endpoint *remote,
			    uint64_t attempt)
{
	struct job *j = job_new(JOB_INITIATE);
	struct conn *c;

	j->first_contact = !has_contact(t, &e->address, remote);
	c = add_conn(t, e, remote);
	c->attempt = attempt;
	j->config = ike_config_get(config);
	j->profile = profile;
	j->path.local = e->address;
	j->path.local.port = ENDPOINT_PORT;
	j->path.remote = *remote;
	t->d->counters.initiated++;
	table_post(t, c, j);
	return c;
}

static void enter_spi(struct table *t, struct conn *c)
{
	static const uint8_t none[IKE_SPI_LEN_MAX];

	if (c->in_spi || !memcmp(c->state.spi, none, sizeof(none)))
		return;
	c->in_spi = true;
	LIST_INSERT_HEAD(bucket(t, t->by_spi, c->state.spi, sizeof(c->state.spi)), c, by_spi);
}

/* The peer may have moved. */
static void enter_peer(struct table *t, struct conn *c)
{
	const struct ike_endpoint *remote = &c->state.path.remote;

	if (ike_endpoint_equal(&c->remote, remote))
		return;
	LIST_REMOVE(c, by_peer);
	c->remote = *remote;
	LIST_INSERT_HEAD(bucket(t, t->by_peer, remote->address, sizeof(remote->address)), c,
			 by_peer);
}

static void set_state(struct table *t, struct conn *c, struct conn_state *state)
{
	conn_state_free(&c->state);
	c->state = *state;
	state->children = NULL;
	state->n_children = 0;
	enter_spi(t, c);
	enter_peer(t, c);
	if (c->half_open && c->state.state >= IKE_STATE_ESTABLISHED) {
		c->half_open = false;
		t->n_half_open--;
	}
	if (c->state.state >= IKE_STATE_DELETING)
		c->closing = true;
}

/*
 * RFC 7296 section 2.4: of the peer's other IKE SAs with the same identities it may know
 * nothing any more. Where it says so they are closed; what was established since this one
 * began it did not know of when it said so: both ends began. Where it does not they are
 * asked, for nothing else might ever be sent by them.
 */
static void doubt_others(struct table *t, const struct conn *c, bool unknown)
{
	struct conn *other;

	LIST_FOREACH(other, &t->all, all)
		if (other != c && other->state.state >= IKE_STATE_ESTABLISHED &&
		    other->state.since_ms < c->begun_ms &&
		    ike_identity_equal(&other->state.remote_id, &c->state.remote_id) &&
		    ike_identity_equal(&other->state.local_id, &c->state.local_id)) {
			if (unknown)
				table_close(t, other, "the peer has begun anew", false);
			else
				table_post(t, other, job_new(JOB_PROBE));
		}
}

static void take_next(struct table *t, const struct conn *before, struct outcome *o)
{
	struct conn *c;

	if (o->next_state.state == IKE_STATE_DEAD)
		return;
	c = add_conn(t, before->endpoint, &o->next_state.path.remote);
	c->sa = o->next;
	o->next = NULL;
	c->was_up = true;
	set_state(t, c, &o->next_state);
	set_timer(c);
	/* What happened to all while it was on its way. */
	if (t->d->config) {
		struct job *j = job_new(JOB_CONFIGURE);

		j->config = ike_config_get(t->d->config);
		table_post(t, c, j);
	}
	if (before->closing && !endpoint_is_open(before->endpoint))
		table_close(t, c, "the crypto map is not active here any more", false);
	else if (t->d->stopping)
		table_close(t, c, "vpnhad is being stopped", true);
	adopted_succeeded(t->d->adopted, c);
}

static void take_run(struct table *t, struct conn *c, struct outcome *o)
{
	set_state(t, c, &o->state);
	if (o->next)
		take_next(t, c, o);
	if (o->established && !c->was_up) {
		c->was_up = true;
		t->d->counters.established++;
		attempts_established(t->d->attempts, c);
	}
	if (o->established)
		doubt_others(t, c, o->initial_contact);
	if (c->state.n_children)
		adopted_succeeded(t->d->adopted, c);
	if (c->state.state != IKE_STATE_DEAD) {
		set_timer(c);
		return;
	}
	if (!c->was_up) {
		t->d->counters.failed++;
		attempts_over(t->d->attempts, c);
	}
	remove_conn(t, c);
}

/**
 * table_take() - Take what a worker tells.
 * @ctx: table
 * @o: that
 */
void table_take(void *ctx, struct outcome *o)
{
	struct table *t = ctx;
	struct conn *c = o->conn;

	if (o->kind == OUTCOME_GONE) {
		/* Told once for each that was killed while it was running. */
		free_conn(c);
	} else if (o->kind == OUTCOME_RAN && !c->removed) {
		take_run(t, c, o);
	}
	if (o->next)
		ike_sa_free(o->next);
	outcome_free(o);
}

static struct conn *find_spi(const struct table *t, const uint8_t *spi)
{
	struct conn *c;

	LIST_FOREACH(c, bucket(t, t->by_spi, spi, IKE_SPI_LEN_MAX), by_spi)
		if (!memcmp(c->state.spi, spi, IKE_SPI_LEN_MAX))
			return c;
	return NULL;
}

static struct conn *find_first(const struct table *t, const uint8_t *spi,
			       const struct ike_path *path)
{
	struct conn *c;

	LIST_FOREACH(c, bucket(t, t->by_first, spi, IKE_SPI_LEN_MAX), by_first)
		if (!memcmp(c->first_spi, spi, IKE_SPI_LEN_MAX) &&
		    ike_endpoint_same_address(&c->remote, &path->remote) &&
		    ike_endpoint_same_address(&c->endpoint->address, &path->local))
			return c;
	return NULL;
}

static struct job *message(enum job_kind kind, const struct ike_path *path, const uint8_t *data,
			   size_t len)
{
	struct job *j = job_new(kind);

	j->path = *path;
	j->data = memcpy(xcalloc(len, 1), data, len);
	j->len = len;
	return j;
}

static const struct ike_cookie_secrets *secrets(struct table *t)
{
	uint64_t now = clock_ms();

	if (now - t->secrets_ms < COOKIE_MS)
		return &t->secrets;
	memcpy(t->secrets.last, t->secrets.now, sizeof(t->secrets.last));
	random_octets(t->secrets.now, sizeof(t->secrets.now));
	t->secrets.version++;
	t->secrets_ms = now;
	return &t->secrets;
}

/* Whether it is to be told again. */
static bool is_news(uint64_t *told_ms)
{
	uint64_t now = clock_ms();

	if (*told_ms && now - *told_ms < TELL_MS)
		return false;
	*told_ms = now;
	return true;
}

static void accept_first(struct table *t, struct endpoint *e, const struct ike_path *path,
			 const uint8_t *data, size_t len)
{
	const struct ike_config *config = t->d->config;
	char who[LOG_ENDPOINT_LEN];
	struct conn *c;
	struct job *j;

	if (t->n_half_open >= config->max_half_open) {
		t->d->counters.refused_half_open++;
		if (is_news(&t->told_full))
			log_line(IKE_LOG_ERROR, NULL,
				 "first messages are dropped: %u IKE SAs are being negotiated (crypto ikev2 limit max-in-negotiation-sa), the last of %s",
				 t->n_half_open, log_endpoint(who, &path->remote));
		return;
	}
	if (config->max_sas && t->n >= config->max_sas) {
		t->d->counters.refused_limit++;
		log_stranger(IKE_LOG_ERROR, &path->remote,
			     "refused: there are as many IKE SAs as 'crypto ikev2 limit max-sa' says");
		return;
	}
	c = add_conn(t, e, &path->remote);
	c->half_open = true;
	t->n_half_open++;
	memcpy(c->first_spi, data, IKE_SPI_LEN_MAX);
	c->in_first = true;
	LIST_INSERT_HEAD(bucket(t, t->by_first, c->first_spi, sizeof(c->first_spi)), c, by_first);
	j = message(JOB_RESPOND, path, data, len);
	j->config = ike_config_get(config);
	t->d->counters.responded++;
	table_post(t, c, j);
}

/* Octet 17 of a header has the version. */
static bool is_version_1(const uint8_t *data, size_t len)
{
	return len >= IKE_HEADER_LEN && data[17] >> 4 == 1;
}

static void greet(struct table *t, struct endpoint *e, const struct ike_path *path,
		  const uint8_t *data, size_t len)
{
	uint8_t answer[IKE_GREETING_MAX];
	size_t answer_len = 0;
	const char *why = NULL;
	bool ask;

	if (t->d->stopping || !t->d->config)
		return;
	if (is_version_1(data, len) && is_news(&t->told_version))
		log_line(IKE_LOG_ERROR, &path->remote,
			 "the peer speaks IKEv1, and here is IKEv2 only");
	/* Somebody sends us our own first message. */
	if (find_spi(t, data)) {
		t->d->counters.unknown++;
		log_line(IKE_LOG_DEBUG, &path->remote, "a message was dropped: it is our own");
		return;
	}
	ask = t->n_half_open >= t->d->config->cookie_above;
	switch (ike_greet(&t->d->env, secrets(t), ask, path, data, len, answer, &answer_len,
			  &why)) {
	case IKE_GREET_ANSWER:
		t->d->counters.cookies += ask;
		if (ask && t->d->config->cookie_above && is_news(&t->told_cookies))
			log_line(IKE_LOG_NOTICE, NULL,
				 "peers are asked for cookies: %u IKE SAs are being negotiated (crypto ikev2 cookie-challenge)",
				 t->n_half_open);
		endpoint_send(e, path, answer, answer_len);
		break;
	case IKE_GREET_ACCEPT:
		accept_first(t, e, path, data, len);
		break;
	default:
		t->d->counters.unknown++;
		if (why)
			log_line(IKE_LOG_DEBUG, &path->remote, "a message was dropped: %s", why);
		break;
	}
}

/* Whose message it is by its SPIs, RFC 7296 section 2.6. */
static struct conn *find(const struct table *t, const struct ike_path *path, const uint8_t *data)
{
	static const uint8_t none[IKE_SPI_LEN_MAX];
	const uint8_t *spi_i = data, *spi_r = data + IKE_SPI_LEN_MAX;
	bool of_initiator = data[19] & IKE_FLAG_INITIATOR;

	if (of_initiator && !memcmp(spi_r, none, sizeof(none)))
		return find_first(t, spi_i, path);
	return find_spi(t, of_initiator ? spi_r : spi_i);
}

/**
 * table_receive() - Take a message.
 * @ctx: table
 * @e: endpoint that it came to
 * @path: how it came
 * @data: its octets, lent
 * @len: how many
 */
void table_receive(void *ctx, struct endpoint *e, const struct ike_path *path,
		   const uint8_t *data, size_t len)
{
	struct table *t = ctx;
	struct conn *c;

	t->d->counters.received++;
	if (len < IKE_HEADER_LEN) {
		t->d->counters.malformed++;
		return;
	}
	c = find(t, path, data);
	if (!c) {
		/* A worker may have made it and not been heard yet. */
		pool_drain(t->d->pool);
		c = find(t, path, data);
	}
	if (!c)
		greet(t, e, path, data, len);
	else if (c->endpoint == e)
		table_post(t, c, message(JOB_RECEIVE, path, data, len));
}

/**
 * table_lost() - An endpoint is closed: its IKE SAs go without a word.
 * @ctx: table
 * @e: endpoint
 */
void table_lost(void *ctx, struct endpoint *e)
{
	struct table *t = ctx;
	struct conn *c;

	LIST_FOREACH(c, &t->all, all)
		if (c->endpoint == e)
			table_close(t, c, "the crypto map is not active here any more", false);
	adopted_lost(t->d->adopted, &e->address);
}

/**
 * table_configure() - Have all IKE SAs go by another configuration.
 * @t: table
 * @config: that
 */
void table_configure(struct table *t, const struct ike_config *config)
{
	struct conn *c;

	LIST_FOREACH(c, &t->all, all) {
		struct job *j = job_new(JOB_CONFIGURE);

		j->config = ike_config_get(config);
		table_post(t, c, j);
	}
}
