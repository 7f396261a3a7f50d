// SPDX-License-Identifier: GPL-2.0-or-later
/* Our requests, one of which is outstanding at a time, and their retransmission. */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "ike/sa_int.h"

/* The payloads of a message of ours: certificates are the most of it. */
#define CHAIN_MAX	65000

static void gone(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	if (task->ops->gone)
		task->ops->gone(sa, task, at);
	ike_task_free(task);
}

/**
 * ike_tasks_drop() - Ask nothing any more.
 * @sa: IKE SA
 * @at: now
 */
void ike_tasks_drop(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_task *task = sa->asking;

	sa->asking = NULL;
	ike_datagrams_free(&sa->sent);
	if (task)
		gone(sa, task, at);
	while ((task = ike_task_pop(sa)))
		gone(sa, task, at);
}

/* What may be asked in this state. */
static bool is_due(const struct ike_sa *sa, const struct ike_task *task)
{
	const uint8_t exchange = task->ops->exchange;

	switch (sa->state) {
	case IKE_STATE_INIT:
		return exchange == IKE_EXCHANGE_IKE_SA_INIT;
	case IKE_STATE_AUTH:
		return exchange == IKE_EXCHANGE_IKE_AUTH;
	case IKE_STATE_ESTABLISHED:
		return true;
	case IKE_STATE_REPLACED:
	case IKE_STATE_DELETING:
		return exchange == IKE_EXCHANGE_INFORMATIONAL;
	default:
		return false;
	}
}

static struct ike_task *next_due(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_task *task;

	for (task = TAILQ_FIRST(&sa->tasks); task; task = TAILQ_NEXT(task, list))
		if (task->not_before <= at->ms && is_due(sa, task))
			return task;
	return NULL;
}

static bool probes(const struct ike_sa *sa)
{
	return sa->profile && sa->profile->dpd_ms && sa->state != IKE_STATE_INIT &&
	       sa->state != IKE_STATE_AUTH;
}

/*
 * When dead peer detection takes the peer for dead: as long after it has last shown a sign
 * of life, an answer or ESP, as is promised. Answers may be lost where much else arrives.
 */
static uint64_t dead_at(struct ike_sa *sa, const struct ike_moment *at)
{
	uint64_t lived = sa->asked_at;

	/* nothing is to be found out before that */
	if (sa->tries)
		lived = ike_sa_lived_at(sa, at);
	if (lived < sa->asked_at)
		lived = sa->asked_at;
	return lived + sa->profile->dpd_retry_ms * (IKE_DPD_RETRANSMITS + 1);
}

/*
 * How long the request that went out for the (@sa->tries + 1)th time is waited for. Dead
 * peer detection promises an outage, so nothing else that is outstanding may take
 * longer than it to find the same out.
 */
static uint64_t patience(struct ike_sa *sa, const struct ike_moment *at)
{
	const uint64_t doubled = (uint64_t)IKE_RETRANSMIT_MS << sa->tries;
	uint64_t limit;

	if (!probes(sa))
		return doubled;
	if (sa->asking->ops == &ike_task_probe)
		return sa->profile->dpd_retry_ms;
	limit = dead_at(sa, at);
	limit = limit > sa->resend_at ? limit - sa->resend_at : 0;
	return doubled < limit ? doubled : limit;
}

/* However lively its ESP is, a peer that does not answer for so long knows nothing of us. */
static bool is_given_up(struct ike_sa *sa, const struct ike_moment *at)
{
	if (!probes(sa))
		return sa->tries >= IKE_RETRANSMITS;
	if (sa->asking->ops == &ike_task_probe)
		return sa->tries >= IKE_DPD_RETRANSMITS &&
		       (at->ms >= dead_at(sa, at) || at->ms >= sa->asked_at + IKE_GIVE_UP_MS);
	return sa->tries >= IKE_RETRANSMITS || !patience(sa, at);
}

/**
 * ike_task_resend() - The answer to what is outstanding is overdue.
 * @sa: IKE SA
 * @at: now
 */
void ike_task_resend(struct ike_sa *sa, const struct ike_moment *at)
{
	char peer[IKE_ENDPOINT_TEXT_LEN], name[IKE_NAME_LEN];
	const struct ike_task_ops *ops = sa->asking->ops;

	if (!is_given_up(sa, at)) {
		sa->tries++;
		sa->retransmits++;
		sa->resend_at += patience(sa, at);
		/* the clock may have stood still for long */
		if (sa->resend_at <= at->ms)
			sa->resend_at = at->ms + IKE_RETRANSMIT_MS;
		ike_sa_log(sa, IKE_LOG_DEBUG, "%s (%s) is sent again, message %u, try %u",
			   ops->name, ike_exchange_text(name, ops->exchange), sa->send_id,
			   sa->tries + 1);
		ike_sa_send(sa, &sa->sent, &sa->path, at);
		return;
	}
	ike_endpoint_text(peer, &sa->path.remote);
	if (sa->init && sa->init->refused)
		ike_sa_log(sa, IKE_LOG_ERROR, "given up: %s", sa->error);
	else
		ike_sa_fail(sa, at, NULL, NULL, "no answer from %s to %s after %u tries (%llu s)",
			    peer, ops->name, sa->tries + 1,
			    (unsigned long long)(at->ms - sa->asked_at + 500) / 1000);
	ike_sa_set_state(sa, IKE_STATE_DEAD, at);
}

/* Build a request and send it. False: it is not asked, and the task has gone. */
static bool ask(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	struct ike_header h = { .exchange = task->ops->exchange, .message_id = sa->send_id };
	uint8_t *buf = malloc(CHAIN_MAX), first;
	struct ike_chunk chain;
	struct ike_writer w;
	bool ok;

	ok = buf && sa->send_id < UINT32_MAX;
	if (ok) {
		ike_chain_start(&w, buf, CHAIN_MAX);
		ok = task->ops->build(sa, task, &w, at) && sa->state != IKE_STATE_DEAD;
	}
	if (ok && (!ike_chain_end(&w, &first, &chain) ||
		   !ike_sa_write(sa, &h, first, chain, &sa->sent))) {
		ike_sa_fail(sa, at, NULL, NULL, "%s cannot be sent: no memory, or too long",
			    task->ops->name);
		ok = false;
	}
	/* preshared keys are not in it, but who we are */
	if (buf)
		OPENSSL_cleanse(buf, CHAIN_MAX);
	free(buf);
	if (!ok) {
		gone(sa, task, at);
		return false;
	}
	sa->asking = task;
	task->tries++;
	sa->tries = 0;
	sa->asked_at = at->ms;
	sa->resend_at = at->ms;
	sa->resend_at = at->ms + patience(sa, at);
	ike_sa_log(sa, IKE_LOG_DEBUG, "%s is sent, message %u", task->ops->name, sa->send_id);
	ike_sa_send(sa, &sa->sent, &sa->path, at);
	return true;
}

/**
 * ike_tasks_run() - Ask the next one, if nothing is outstanding.
 * @sa: IKE SA
 * @at: now
 *
 * To be called at the end of all that may queue a task or change the state.
 */
void ike_tasks_run(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_task *task;

	if (sa->lingering)
		return;
	while (!sa->asking && sa->state != IKE_STATE_DEAD) {
		task = next_due(sa, at);
		if (!task)
			return;
		ike_task_unqueue(sa, task);
		ask(sa, task, at);
	}
}

/**
 * ike_tasks_deadline() - When the queue has something to do.
 * @sa: IKE SA
 */
uint64_t ike_tasks_deadline(const struct ike_sa *sa)
{
	const struct ike_task *task;
	uint64_t next = IKE_NEVER;

	if (sa->asking)
		return sa->resend_at;
	if (sa->lingering)
		return IKE_NEVER;
	for (task = TAILQ_FIRST(&sa->tasks); task; task = TAILQ_NEXT(task, list))
		if (is_due(sa, task) && task->not_before < next)
			next = task->not_before;
	return next;
}

/**
 * ike_task_answered() - The response to what is outstanding has come.
 * @sa: IKE SA
 * @m: response
 */
void ike_task_answered(struct ike_sa *sa, const struct ike_message *m)
{
	struct ike_task *task = sa->asking;

	sa->asking = NULL;
	ike_datagrams_free(&sa->sent);
	sa->send_id++;
	task->ops->answer(sa, task, m);
	if (task->again && sa->state != IKE_STATE_DEAD && !sa->lingering) {
		task->again = false;
		TAILQ_INSERT_HEAD(&sa->tasks, task, list);
		sa->n_tasks++;
		return;
	}
	ike_task_free(task);
}
