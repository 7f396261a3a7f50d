// SPDX-License-Identifier: GPL-2.0-or-later
/* What a worker does with the jobs of an IKE SA, and what the engine asks of it meanwhile. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/alloc.h"
#include "vpnhad/clock.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel_sa.h"
#include "vpnhad/keylog.h"
#include "vpnhad/log.h"
#include "vpnhad/pool.h"

/**
 * struct sending - A message that is to go out when the jobs are done.
 * @list: in the worker
 * @path: where to
 * @len: octets of @data; 0: a NAT keepalive
 * @data: message
 */
struct sending {
	STAILQ_ENTRY(sending) list;
	struct ike_path path;
	size_t len;
	uint8_t data[];
};

/**
 * struct worker - What a thread of the pool has to itself.
 * @env: what IKE SAs run in
 * @sas: its socket to the kernel
 * @conn: what it is running
 * @sending: what it is to send
 * @out: outcomes of what it is running
 * @established: that has been authenticated just now
 * @initial_contact: the peer knows of no other one
 * @next: IKE SA that has taken its place, or NULL
 */
struct worker {
	const struct ike_env *env;
	struct kernel_sas *sas;
	struct conn *conn;
	STAILQ_HEAD(sending_list, sending) sending;
	struct outcomes *out;
	bool established, initial_contact;
	struct ike_sa *next;
};

/* The engine's callbacks know the host, but not which of its threads they are in. */
static __thread struct worker *self;

static void op_random(void *ctx, void *buf, size_t len)
{
	uint8_t *at = buf;

	(void)ctx;
	while (len) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			at += got;
			len -= (size_t)got;
		}
	}
}

static void op_send(void *ctx, struct ike_sa *sa, const struct ike_path *path,
		    const uint8_t *data, size_t len)
{
	struct sending *s = xcalloc(1, sizeof(*s) + len);

	(void)ctx;
	(void)sa;
	s->path = *path;
	s->len = len;
	if (len)
		memcpy(s->data, data, len);
	STAILQ_INSERT_TAIL(&self->sending, s, list);
}

static const char *op_install(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	(void)ctx;
	(void)sa;
#ifdef VPNHAD_KEYLOG
	keylog_esp(k);
#endif
	return kernel_sa_install(self->sas, k);
}

static void op_remove(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	const struct kernel_key key = kernel_key_of(k);
	const char *why = kernel_sa_remove(self->sas, &key);

	(void)ctx;
	if (why)
		log_line(IKE_LOG_ERROR, &ike_sa_path(sa)->remote,
			 "the kernel did not remove the SA 0x%08X: %s", k->spi, why);
}

static const char *op_move(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *now,
			   const struct ike_endpoint *was)
{
	(void)ctx;
	(void)sa;
	return kernel_sa_move(self->sas, now, was);
}

static uint64_t op_idle(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	(void)ctx;
	(void)sa;
	return kernel_sa_idle(self->sas, k);
}

static void op_established(void *ctx, struct ike_sa *sa, bool initial_contact)
{
	(void)ctx;
	(void)sa;
	self->established = true;
	self->initial_contact = initial_contact;
}

static void op_log(void *ctx, struct ike_sa *sa, enum ike_level level, const char *text)
{
	(void)ctx;
	if (!ike_sa_is_initiator(sa) && ike_sa_state(sa) < IKE_STATE_ESTABLISHED)
		log_stranger(level, &ike_sa_path(sa)->remote, text);
	else
		log_line(level, &ike_sa_path(sa)->remote, "%s", text);
}

static struct outcome *add_outcome(enum outcome_kind kind)
{
	struct outcome *o = xcalloc(1, sizeof(*o));

	o->kind = kind;
	o->conn = self->conn;
	STAILQ_INSERT_TAIL(self->out, o, list);
	return o;
}

static void copy_child(struct conn_child *to, const struct ike_child_info *from)
{
	const struct ike_child_policy *policy = from->policy;

	memcpy(to->ifname, policy->ifname, sizeof(to->ifname));
	memcpy(to->map, policy->map, sizeof(to->map));
	to->number = policy->number;
	to->dynamic_number = policy->dynamic_number;
	to->spi_in = from->spi_in;
	to->spi_out = from->spi_out;
}

static void copy_error(struct conn_error *to, const struct ike_sa_info *info)
{
	snprintf(to->text, sizeof(to->text), "%s", info->error ? info->error : "");
	snprintf(to->theirs, sizeof(to->theirs), "%s", info->error_theirs ?
							       info->error_theirs : "");
	snprintf(to->ours, sizeof(to->ours), "%s", info->error_ours ? info->error_ours : "");
	to->at_ms = info->error_ms;
}

static void copy_info(struct conn_state *state, const struct ike_sa_info *info)
{
	if (info->local_id)
		state->local_id = *info->local_id;
	if (info->remote_id)
		state->remote_id = *info->remote_id;
	state->since_ms = info->since_ms;
	state->rekey_ms = info->rekey_ms;
	state->nat_local = info->nat_local;
	state->nat_remote = info->nat_remote;
	if (info->profile) {
		memcpy(state->profile, info->profile->name, sizeof(state->profile));
		state->life_ms = info->profile->lifetime_ms;
		state->dpd_ms = info->profile->dpd_ms;
	}
	copy_error(&state->error, info);
	if (info->n_children)
		state->children = xcalloc(info->n_children, sizeof(*state->children));
	for (size_t n = 0; n < info->n_children; n++)
		if (info->children[n].policy)
			copy_child(&state->children[state->n_children++], &info->children[n]);
}

static void get_state(struct conn_state *state, const struct ike_sa *sa)
{
	struct ike_sa_info info;

	state->state = ike_sa_state(sa);
	state->initiator = ike_sa_is_initiator(sa);
	memcpy(state->spi, ike_sa_local_spi(sa), sizeof(state->spi));
	state->path = *ike_sa_path(sa);
	state->deadline = ike_sa_deadline(sa);
	if (!ike_sa_info(sa, &info))
		return;
	copy_info(state, &info);
	ike_sa_info_free(&info);
}

static void tell_ran(struct worker *w)
{
	struct outcome *o = add_outcome(OUTCOME_RAN);

	if (w->conn->sa)
		get_state(&o->state, w->conn->sa);
	else
		o->state.state = IKE_STATE_DEAD;
	o->established = w->established;
	o->initial_contact = w->initial_contact;
	o->next = w->next;
	if (w->next)
		get_state(&o->next_state, w->next);
	w->established = false;
	w->initial_contact = false;
	w->next = NULL;
}

/* The IKE SA that has succeeded goes its own way from the next job on. */
static void op_succeeded(void *ctx, struct ike_sa *sa, struct ike_sa *next)
{
	(void)ctx;
	(void)sa;
	if (self->next)
		tell_ran(self);
	self->next = next;
}

/* One that lost against another in a rekey from both sides: it is still to be deleted. */
static void op_redundant(void *ctx, struct ike_sa *sa, struct ike_sa *next)
{
	op_succeeded(ctx, sa, next);
}

#ifdef VPNHAD_KEYLOG
static void op_keys(void *ctx, struct ike_sa *sa, const struct ike_suite *suite,
		    const struct ike_keys *keys)
{
	(void)ctx;
	keylog_ike(sa, suite, keys);
}
#endif

const struct ike_ops worker_ops = {
	.random		= op_random,
	.send		= op_send,
	.install	= op_install,
	.remove		= op_remove,
	.move		= op_move,
	.idle		= op_idle,
	.established	= op_established,
	.succeeded	= op_succeeded,
	.redundant	= op_redundant,
	.log		= op_log,
#ifdef VPNHAD_KEYLOG
	.keys		= op_keys,
#endif
};

static void show(struct ike_sa *sa, const struct job *j, const struct ike_moment *at)
{
	struct outcome *o = add_outcome(OUTCOME_SHOWN);

	o->asker = j->asker;
	o->json = sa ? conn_show(sa, at->ms) : NULL;
}

static void begin(struct worker *w, struct job *j, const struct ike_moment *at)
{
	struct conn *c = w->conn;

	if (j->kind == JOB_INITIATE) {
		c->sa = ike_sa_initiate(w->env, j->config, j->profile, &j->path,
					j->first_contact, at);
		return;
	}
	c->sa = ike_sa_respond(w->env, j->config, &j->path, at);
	if (c->sa)
		ike_sa_receive(c->sa, at, &j->path, j->data, j->len);
}

static void carry_out(struct ike_sa *sa, struct job *j, const struct ike_moment *at)
{
	switch (j->kind) {
	case JOB_RECEIVE:
		ike_sa_receive(sa, at, &j->path, j->data, j->len);
		break;
	case JOB_TIMER:
		ike_sa_timer(sa, at);
		break;
	case JOB_WANT:
		ike_sa_want_child(sa, at, j->policy, j->pair,
				  j->packet.local.family ? &j->packet : NULL);
		break;
	case JOB_EXPIRED:
		ike_sa_expired(sa, at, j->direction, j->spi, j->expiry);
		break;
	case JOB_CLOSE:
		ike_sa_close(sa, at, j->why, j->tell);
		break;
	case JOB_CLOSE_CHILD:
		ike_sa_close_child(sa, at, j->spi, j->why);
		break;
	case JOB_MOVED:
		ike_sa_moved(sa, at, &j->path.remote);
		break;
	case JOB_PROBE:
		ike_sa_probe(sa, at);
		break;
	case JOB_CONFIGURE:
		ike_sa_configure(sa, at, j->config);
		break;
	default:
		break;
	}
}

/**
 * worker_run() - Carry out jobs.
 * @w: worker
 * @c: whose jobs; nobody else has it
 * @jobs: in their order
 * @out: what came of them
 */
void worker_run(struct worker *w, struct conn *c, struct jobs *jobs, struct outcomes *out)
{
	struct job *j;

	self = w;
	w->conn = c;
	w->out = out;
	STAILQ_FOREACH(j, jobs, list) {
		const struct ike_moment at = clock_moment();

		if (j->kind == JOB_SHOW)
			show(c->sa, j, &at);
		else if (j->kind == JOB_INITIATE || j->kind == JOB_RESPOND)
			begin(w, j, &at);
		else if (c->sa && ike_sa_state(c->sa) != IKE_STATE_DEAD)
			carry_out(c->sa, j, &at);
	}
	tell_ran(w);
}

/**
 * worker_flush() - Send what is to be sent.
 * @w: worker
 * @c: what it has run
 */
void worker_flush(struct worker *w, struct conn *c)
{
	struct sending *s;

	while ((s = STAILQ_FIRST(&w->sending))) {
		STAILQ_REMOVE_HEAD(&w->sending, list);
		endpoint_send(c->endpoint, &s->path, s->data, s->len);
		free(s);
	}
}

/**
 * worker_new() - Make what a thread of the pool has to itself.
 * @env: what IKE SAs run in
 *
 * Context: that thread.
 */
struct worker *worker_new(const struct ike_env *env)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	w->env = env;
	w->sas = kernel_sas_new();
	STAILQ_INIT(&w->sending);
	return w;
}

/**
 * worker_free() - Release it.
 * @w: worker
 */
void worker_free(struct worker *w)
{
	kernel_sas_free(w->sas);
	free(w);
}
