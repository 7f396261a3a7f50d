// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/alloc.h"
#include "vpnhad/pool.h"

/* Datagrams that may wait: for one IKE SA, and for all. */
#define DATAGRAMS_ONE	64
#define DATAGRAMS_ALL	16384

/* And what they may take of memory, which is locked. */
#define OCTETS_ALL	(32U << 20)

/* All of a thread's stack is locked in memory once it was touched. */
#define STACK_SIZE	(1 << 20)

/**
 * struct pool - Workers and what they have to do.
 * @lock: of all that follows, and of struct conn's part of it
 * @wake: there is something to do
 * @ready: IKE SAs with jobs that no worker has
 * @outcomes: for the loop
 * @n_datagrams: how many wait
 * @n_octets: what they take
 * @dropped: how many found too many waiting
 * @stopping: workers end
 * @threads: workers
 * @n_threads: how many
 * @env: what IKE SAs run in
 * @fd: eventfd, which wakes the loop
 * @event: of that
 * @take: the loop's
 * @ctx: for @take
 */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	TAILQ_HEAD(ready_list, conn) ready;
	struct outcomes outcomes;
	size_t n_datagrams, n_octets;
	uint64_t dropped;
	bool stopping;
	pthread_t *threads;
	unsigned int n_threads;
	const struct ike_env *env;
	int fd;
	struct event *event;
	pool_take_fn take;
	void *ctx;
};

/**
 * job_new() - Make a job.
 * @kind: what it is
 */
struct job *job_new(enum job_kind kind)
{
	struct job *j = xcalloc(1, sizeof(*j));

	j->kind = kind;
	return j;
}

/**
 * job_free() - Release a job and what it owns.
 * @j: job
 */
void job_free(struct job *j)
{
	if (j->config)
		ike_config_put(j->config);
	free(j->data);
	free(j);
}

/**
 * conn_state_free() - Release what a state holds and make it empty.
 * @s: state
 */
void conn_state_free(struct conn_state *s)
{
	free(s->children);
	s->children = NULL;
	s->n_children = 0;
}

/**
 * outcome_free() - Release an outcome and what it owns.
 * @o: outcome
 */
void outcome_free(struct outcome *o)
{
	conn_state_free(&o->state);
	conn_state_free(&o->next_state);
	json_decref(o->json);
	free(o);
}

static bool is_datagram(const struct job *j)
{
	return j->kind == JOB_RECEIVE;
}

static void enqueue(struct pool *p, struct conn *c)
{
	c->queued = true;
	TAILQ_INSERT_TAIL(&p->ready, c, ready);
	pthread_cond_signal(&p->wake);
}

/* With the lock. */
static bool has_room(const struct pool *p, const struct conn *c, const struct job *j)
{
	return c->n_datagrams < DATAGRAMS_ONE && p->n_datagrams < DATAGRAMS_ALL &&
	       j->len <= OCTETS_ALL - p->n_octets;
}

/**
 * pool_add() - Have a job done.
 * @p: pool
 * @c: whose
 * @j: job; the pool owns it
 *
 * Messages of a peer that sends faster than they are worked off are dropped; it sends
 * them again. Nothing else ever is.
 *
 * Return: whether it will be done.
 */
bool pool_add(struct pool *p, struct conn *c, struct job *j)
{
	bool room;

	pthread_mutex_lock(&p->lock);
	room = !c->dead && (!is_datagram(j) || has_room(p, c, j));
	if (room) {
		STAILQ_INSERT_TAIL(&c->jobs, j, list);
		c->n_datagrams += is_datagram(j);
		p->n_datagrams += is_datagram(j);
		p->n_octets += is_datagram(j) ? j->len : 0;
		if (!c->queued && !c->running)
			enqueue(p, c);
	} else {
		p->dropped += is_datagram(j);
	}
	pthread_mutex_unlock(&p->lock);
	if (!room)
		job_free(j);
	return room;
}

/* Take all jobs of an IKE SA. */
static void take_jobs(struct pool *p, struct conn *c, struct jobs *jobs)
{
	struct job *j;

	STAILQ_INIT(jobs);
	STAILQ_CONCAT(jobs, &c->jobs);
	STAILQ_FOREACH(j, jobs, list)
		p->n_octets -= is_datagram(j) ? j->len : 0;
	p->n_datagrams -= c->n_datagrams;
	c->n_datagrams = 0;
}

static void free_jobs(struct jobs *jobs)
{
	struct job *j;

	while ((j = STAILQ_FIRST(jobs))) {
		STAILQ_REMOVE_HEAD(jobs, list);
		job_free(j);
	}
}

/**
 * pool_kill() - Let an IKE SA have no more jobs.
 * @p: pool
 * @c: it
 *
 * Return: whether no worker has it; else %OUTCOME_GONE will tell when that is so.
 */
bool pool_kill(struct pool *p, struct conn *c)
{
	struct jobs jobs;
	bool idle;

	pthread_mutex_lock(&p->lock);
	c->dead = true;
	take_jobs(p, c, &jobs);
	if (c->queued)
		TAILQ_REMOVE(&p->ready, c, ready);
	c->queued = false;
	idle = !c->running;
	pthread_mutex_unlock(&p->lock);
	free_jobs(&jobs);
	return idle;
}

/**
 * pool_dropped() - How many messages found too many waiting.
 * @p: pool
 */
uint64_t pool_dropped(struct pool *p)
{
	uint64_t n;

	pthread_mutex_lock(&p->lock);
	n = p->dropped;
	pthread_mutex_unlock(&p->lock);
	return n;
}

/* With the lock. */
static void tell(struct pool *p, struct outcomes *outcomes)
{
	const uint64_t one = 1;
	ssize_t ret;

	if (STAILQ_EMPTY(outcomes))
		return;
	STAILQ_CONCAT(&p->outcomes, outcomes);
	do {
		ret = write(p->fd, &one, sizeof(one));
	} while (ret < 0 && errno == EINTR);
}

static void release(struct pool *p, struct conn *c)
{
	struct outcomes gone = STAILQ_HEAD_INITIALIZER(gone);
	struct outcome *o;

	c->running = false;
	if (c->dead) {
		o = xcalloc(1, sizeof(*o));
		o->kind = OUTCOME_GONE;
		o->conn = c;
		STAILQ_INSERT_TAIL(&gone, o, list);
		tell(p, &gone);
	} else if (!STAILQ_EMPTY(&c->jobs)) {
		enqueue(p, c);
	}
}

static void *work(void *data)
{
	struct pool *p = data;
	struct worker *w = worker_new(p->env);

	pthread_mutex_lock(&p->lock);
	while (!p->stopping) {
		struct outcomes outcomes = STAILQ_HEAD_INITIALIZER(outcomes);
		struct conn *c = TAILQ_FIRST(&p->ready);
		struct jobs jobs;

		if (!c) {
			pthread_cond_wait(&p->wake, &p->lock);
			continue;
		}
		TAILQ_REMOVE(&p->ready, c, ready);
		c->queued = false;
		c->running = true;
		take_jobs(p, c, &jobs);
		pthread_mutex_unlock(&p->lock);
		worker_run(w, c, &jobs, &outcomes);
		free_jobs(&jobs);
		pthread_mutex_lock(&p->lock);
		tell(p, &outcomes);
		pthread_mutex_unlock(&p->lock);
		/*
		 * What was to be sent goes out now: by the time the peer answers,
		 * the loop can know of a new SPI.
		 */
		worker_flush(w, c);
		pthread_mutex_lock(&p->lock);
		release(p, c);
	}
	pthread_mutex_unlock(&p->lock);
	worker_free(w);
	return NULL;
}

/**
 * pool_drain() - Have the loop take the outcomes that there are.
 * @p: pool
 */
void pool_drain(struct pool *p)
{
	struct outcomes outcomes = STAILQ_HEAD_INITIALIZER(outcomes);
	struct outcome *o;

	pthread_mutex_lock(&p->lock);
	STAILQ_CONCAT(&outcomes, &p->outcomes);
	pthread_mutex_unlock(&p->lock);
	while ((o = STAILQ_FIRST(&outcomes))) {
		STAILQ_REMOVE_HEAD(&outcomes, list);
		p->take(p->ctx, o);
	}
}

static void woken(evutil_socket_t fd, short what, void *data)
{
	uint64_t count;

	(void)what;
	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	pool_drain(data);
}

static unsigned int start(struct pool *p, unsigned int n)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, 0 };
	sigset_t all, before;
	pthread_attr_t attr;
	unsigned int k;

	/* Signals are the loop's, but for those of a fault, whoever sends them. */
	sigfillset(&all);
	for (const int *fault = faults; *fault; fault++)
		sigdelset(&all, *fault);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (k = 0; k < n; k++)
		if (pthread_create(&p->threads[k], &attr, work, p))
			break;
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return k;
}

/**
 * pool_new() - Start workers.
 * @base: event loop
 * @env: what IKE SAs run in
 * @n: how many workers
 * @take: called with each outcome
 * @ctx: for @take
 *
 * Return: the pool, or NULL.
 */
struct pool *pool_new(struct event_base *base, const struct ike_env *env, unsigned int n,
		      pool_take_fn take, void *ctx)
{
	struct pool *p = xcalloc(1, sizeof(*p));

	p->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->fd < 0) {
		free(p);
		return NULL;
	}
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	TAILQ_INIT(&p->ready);
	STAILQ_INIT(&p->outcomes);
	p->env = env;
	p->take = take;
	p->ctx = ctx;
	p->event = event_new(base, p->fd, EV_READ | EV_PERSIST, woken, p);
	event_add(p->event, NULL);
	p->threads = xcalloc(n, sizeof(*p->threads));
	p->n_threads = start(p, n);
	if (p->n_threads)
		return p;
	pool_free(p);
	return NULL;
}

/**
 * pool_free() - End the workers, each after what it has begun.
 * @p: pool, or NULL; its IKE SAs are still there, and have no more jobs
 */
void pool_free(struct pool *p)
{
	struct outcome *o;
	struct conn *c;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (unsigned int k = 0; k < p->n_threads; k++)
		pthread_join(p->threads[k], NULL);
	while ((c = TAILQ_FIRST(&p->ready))) {
		TAILQ_REMOVE(&p->ready, c, ready);
		c->queued = false;
		free_jobs(&c->jobs);
	}
	while ((o = STAILQ_FIRST(&p->outcomes))) {
		STAILQ_REMOVE_HEAD(&p->outcomes, list);
		if (o->next)
			ike_sa_free(o->next);
		outcome_free(o);
	}
	event_free(p->event);
	close(p->fd);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p);
}
