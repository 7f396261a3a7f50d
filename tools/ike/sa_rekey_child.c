// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rekeying child SAs, RFC 7296 sections 1.3.3, 2.8 and 2.25.1. The new SA is made, then the
 * old one is deleted by whoever began. When both begin at once, two are made, and the one
 * of the exchange with the lowest nonce is deleted by whoever began it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

static void write_rekey(const struct ike_child *child, struct ike_writer *w)
{
	const uint32_t spi = htonl(child->spi_in);

	ike_write_notify_sa(w, IKE_NOTIFY_REKEY_SA, IKE_PROTOCOL_ESP,
			    ike_chunk(&spi, sizeof(spi)), (struct ike_chunk){});
}

/* The one that is to take its place, which another try has made already. */
static struct ike_child *successor(struct ike_sa *sa, struct ike_task *task)
{
	struct ike_child *old = task->child, *made = task->made;

	if (made)
		return made;
	made = ike_child_new(sa, old->policy, old->pair, &old->packet);
	if (made) {
		made->replaces = old;
		made->rekeys = old->rekeys + 1;
	}
	return made;
}

static bool rekey_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			const struct ike_moment *at)
{
	struct ike_child *old = task->child;

	if (!old || old->state != IKE_CHILD_INSTALLED)
		return false;
	memset(&task->collided, 0, sizeof(task->collided));
	task->made = successor(sa, task);
	if (!task->made || !ike_task_start(sa, task, old->policy->pfs)) {
		ike_sa_log(sa, IKE_LOG_ERROR, "a tunnel cannot be rekeyed now: no memory");
		old->rekey = ike_child_retry_at(sa, old, at);
		return false;
	}
	write_rekey(old, w);
	ike_child_offer(sa, task->made, ike_chunk(task->ni, task->ni_len), task->dh, false, w);
	return true;
}

/* What the peer has made by its own rekey takes the place of the old one. */
static void theirs_stays(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	struct ike_child *old = task->child;

	if (old && old->state == IKE_CHILD_INSTALLED)
		ike_child_replaced(sa, old, at);
}

/*
 * What we have made takes the place of the old one, which we delete. What the peer has
 * made meanwhile waits for the peer to delete it.
 */
static void ours_stays(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	struct ike_child *theirs = task->collided.child;

	if (theirs) {
		ike_sa_log(sa, IKE_LOG_DEBUG, "child SA %08x stays, %08x goes: both ends rekeyed",
			   task->made->spi_in, theirs->spi_in);
		theirs->replaces = NULL;
		ike_child_remove_out(sa, theirs);
		ike_child_replaced(sa, theirs, at);
	}
	if (task->child)
		ike_child_retire(sa, task->child);
}

/* It has not succeeded; if the peer's has, that is enough. */
static void rekey_failed(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	struct ike_child *old = task->child;

	if (task->made && task->made->state == IKE_CHILD_LARVAL)
		ike_child_remove(sa, task->made);
	task->made = NULL;
	if (task->collided.child)
		theirs_stays(sa, task, m->at);
	else if (old && old->state == IKE_CHILD_INSTALLED)
		old->rekey = ike_child_retry_at(sa, old, m->at);
}

/* The peer does not have it: a new one is made from scratch (section 2.25). */
static void not_found(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	struct ike_child *old = task->child;
	char text[IKE_CHILD_TEXT_LEN];

	ike_child_remove(sa, task->made);
	task->made = NULL;
	if (!old || old->state != IKE_CHILD_INSTALLED)
		return;
	/* It may be on its way to the peer yet. */
	if (!old->confirmed && at->ms < old->since + IKE_REPLACED_MS) {
		old->rekey = ike_child_retry_at(sa, old, at);
		return;
	}
	ike_sa_log(sa, IKE_LOG_NOTICE, "tunnel %s is made anew: the peer does not have it",
		   ike_child_text(text, old));
	ike_create_child(sa, old->policy, old->pair, &old->packet);
	ike_child_remove(sa, old);
	task->child = NULL;
}

/* Both ends have answered: section 2.8.1. */
static void settle(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	const bool lost = task->collided.child &&
		ike_nonce_compare(ike_chunk(task->made->nonce, task->made->nonce_len),
				  ike_chunk(task->collided.nonce, task->collided.nonce_len)) < 0;
	struct ike_child *made = task->made;

	/* The peer may send by it, whichever stays. */
	if (!ike_child_install_in(sa, made, m->at)) {
		ike_child_retire(sa, made);
		rekey_failed(sa, task, m);
		return;
	}
	if (lost) {
		ike_sa_log(sa, IKE_LOG_DEBUG, "child SA %08x stays, %08x goes: both ends rekeyed",
			   task->collided.child->spi_in, made->spi_in);
		made->replaces = NULL;
		ike_child_retire(sa, made);
		theirs_stays(sa, task, m->at);
		return;
	}
	if (!ike_child_install_out(sa, made, m->at)) {
		made->replaces = NULL;
		ike_child_retire(sa, made);
		rekey_failed(sa, task, m);
		return;
	}
	ours_stays(sa, task, m->at);
	if (made->unwanted)
		ike_child_delete(sa, made, "it is not wanted any more");
}

static void rekey_answer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	struct ike_child *made = task->made;
	struct ike_chunk nr = {};

	/* The SA is being closed, and both children go with it. */
	if (!made || sa->state != IKE_STATE_ESTABLISHED)
		return;
	if (ike_answer_error(m) && task->collided.child) {
		rekey_failed(sa, task, m);
		return;
	}
	if (ike_answer_error(m) == IKE_NOTIFY_CHILD_SA_NOT_FOUND) {
		not_found(sa, task, m->at);
		return;
	}
	if (ike_task_later(sa, task, m, made->policy->proposals, made->policy->n_proposals)) {
		if (task->again && task->child && task->child->state == IKE_CHILD_INSTALLED)
			return;
		task->again = false;
		if (sa->state == IKE_STATE_ESTABLISHED)
			rekey_failed(sa, task, m);
		return;
	}
	if (!ike_answer_nonce(m, &nr) && !ike_answer_error(m)) {
		ike_sa_close(sa, m->at, "the peer's answer has no nonce", true);
		return;
	}
	if (ike_task_is_deleted(task, m)) {
		rekey_failed(sa, task, m);
		return;
	}
	if (!ike_child_take_answer(sa, made, m, ike_chunk(task->ni, task->ni_len), nr, task->dh,
				   false)) {
		settle(sa, task, m);
		return;
	}
	if (!ike_answer_error(m)) {
		made->replaces = NULL;
		ike_child_retire(sa, made);
	}
	rekey_failed(sa, task, m);
}

static void rekey_gone(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	(void)at;
	if (task->made && task->made->state == IKE_CHILD_LARVAL)
		ike_child_remove(sa, task->made);
}

const struct ike_task_ops ike_task_rekey_child = {
	.name = "CREATE_CHILD_SA for rekeying a tunnel",
	.exchange = IKE_EXCHANGE_CREATE_CHILD_SA,
	.build = rekey_build,
	.answer = rekey_answer,
	.gone = rekey_gone,
};

/**
 * ike_child_rekey() - Have a child SA replaced.
 * @sa: IKE SA
 * @child: INSTALLED child SA of it; nothing happens if that has been begun already
 * @at: now
 */
void ike_child_rekey(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	struct ike_task *task;

	child->rekey = IKE_NEVER;
	if (ike_task_of_child(sa, &ike_task_rekey_child, child))
		return;
	task = ike_task_new(sa, &ike_task_rekey_child);
	if (!task) {
		child->rekey = ike_child_retry_at(sa, child, at);
		return;
	}
	task->child = child;
	ike_task_queue(sa, task);
}

static void write_not_found(const struct ike_payload *n, struct ike_writer *w)
{
	ike_write_notify_sa(w, IKE_NOTIFY_CHILD_SA_NOT_FOUND, n->notify.protocol, n->notify.spi,
			    (struct ike_chunk){});
}

static struct ike_child *named(struct ike_sa *sa, const struct ike_payload *n)
{
	struct ike_child *child;
	uint32_t spi;

	if (n->notify.protocol != IKE_PROTOCOL_ESP || n->notify.spi.len != sizeof(spi))
		return NULL;
	memcpy(&spi, n->notify.spi.data, sizeof(spi));
	child = ike_child_by_spi(sa, IKE_OUT, ntohl(spi));
	return child && child->state != IKE_CHILD_LARVAL && child->state != IKE_CHILD_LINGERING ?
	       child : NULL;
}

/* What the peer rekeys may be what its answer to us has made, which we are to get yet. */
static bool makes_child(const struct ike_sa *sa)
{
	return sa->asking && (sa->asking->ops == &ike_task_child ||
			      sa->asking->ops == &ike_task_rekey_child);
}

static void keep_collision(struct ike_task *task, struct ike_child *child)
{
	task->collided.seen = true;
	task->collided.child = child;
	task->collided.nonce_len = child->nonce_len;
	memcpy(task->collided.nonce, child->nonce, child->nonce_len);
}

/**
 * ike_rekey_child_request() - The peer rekeys a child SA.
 * @sa: established IKE SA
 * @m: request
 * @n: its notification REKEY_SA
 * @ni: its nonce
 * @nr: ours
 * @w: response
 */
void ike_rekey_child_request(struct ike_sa *sa, const struct ike_message *m,
			     const struct ike_payload *n, struct ike_chunk ni,
			     struct ike_chunk nr, struct ike_writer *w)
{
	struct ike_child *old = named(sa, n), *child;
	struct ike_task *task;

	if (!old && makes_child(sa)) {
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	if (!old) {
		write_not_found(n, w);
		return;
	}
	task = ike_task_of_child(sa, &ike_task_rekey_child, old);
	if (old->state != IKE_CHILD_INSTALLED || (task && task->collided.seen)) {
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	child = ike_child_accept(sa, m, ni, nr, false, old, w);
	if (!child)
		return;
	if (task && task == sa->asking) {
		keep_collision(task, child);
		return;
	}
	ike_task_cancel(sa, task, m->at);
	ike_child_replaced(sa, old, m->at);
}
