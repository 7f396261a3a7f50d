// SPDX-License-Identifier: GPL-2.0-or-later
/* INFORMATIONAL: deleting, asking whether the peer lives, errors (RFC 7296 section 1.4). */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

/* SPIs of one payload; the rest goes with the next request. */
#define SPIS_MAX	128

static bool delete_child_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			       const struct ike_moment *at)
{
	uint32_t spis[SPIS_MAX];
	struct ike_child *child;
	size_t n = 0;

	(void)task;
	(void)at;
	TAILQ_FOREACH(child, &sa->children, list) {
		if (child->state != IKE_CHILD_DELETING || n == SPIS_MAX)
			continue;
		child->told = true;
		spis[n++] = htonl(child->spi_in);
	}
	if (n)
		ike_write_delete(w, IKE_PROTOCOL_ESP, ike_chunk(spis, n * sizeof(*spis)));
	return n;
}

static struct ike_child *next_told(struct ike_sa *sa)
{
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list)
		if (child->told)
			return child;
	return NULL;
}

static void delete_child_answer(struct ike_sa *sa, struct ike_task *task,
				const struct ike_message *m)
{
	struct ike_child *child;

	(void)task;
	/* The peer has them no more, whatever its answer names. */
	while ((child = next_told(sa)))
		ike_child_end(sa, child, m->at);
	ike_children_ask_delete(sa);
}

static void delete_child_gone(struct ike_sa *sa, struct ike_task *task,
			      const struct ike_moment *at)
{
	struct ike_child *child;

	(void)task;
	(void)at;
	while ((child = next_told(sa)))
		child->told = false;
}

const struct ike_task_ops ike_task_delete_child = {
	.name = "INFORMATIONAL for deleting tunnels",
	.exchange = IKE_EXCHANGE_INFORMATIONAL,
	.build = delete_child_build,
	.answer = delete_child_answer,
	.gone = delete_child_gone,
};

static bool delete_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			 const struct ike_moment *at)
{
	(void)sa;
	(void)task;
	(void)at;
	ike_write_delete(w, IKE_PROTOCOL_IKE, (struct ike_chunk){});
	return true;
}

static void delete_answer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	(void)task;
	ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
}

const struct ike_task_ops ike_task_delete = {
	.name = "INFORMATIONAL for deleting the IKE SA",
	.exchange = IKE_EXCHANGE_INFORMATIONAL,
	.build = delete_build,
	.answer = delete_answer,
};

static bool probe_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			const struct ike_moment *at)
{
	(void)sa;
	(void)task;
	(void)w;
	(void)at;
	return true;
}

static void probe_answer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	(void)sa;
	(void)task;
	(void)m;
}

const struct ike_task_ops ike_task_probe = {
	.name = "INFORMATIONAL for dead peer detection",
	.exchange = IKE_EXCHANGE_INFORMATIONAL,
	.build = probe_build,
	.answer = probe_answer,
};

/**
 * ike_sa_probe() - Ask the peer whether it lives.
 * @sa: IKE SA; nothing happens if something is outstanding, which asks as well
 * @at: now
 */
void ike_sa_probe(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_task *task;

	if (sa->state != IKE_STATE_ESTABLISHED || sa->asking ||
	    ike_task_of_child(sa, &ike_task_probe, NULL))
		return;
	task = ike_task_new(sa, &ike_task_probe);
	if (!task)
		return;
	ike_task_queue(sa, task);
	ike_tasks_run(sa, at);
}

static void cancel_queued(struct ike_sa *sa, const struct ike_moment *at)
{
	while (!TAILQ_EMPTY(&sa->tasks))
		ike_task_cancel(sa, TAILQ_FIRST(&sa->tasks), at);
}

/**
 * ike_sa_close() - Delete an IKE SA with its child SAs.
 * @sa: IKE SA
 * @at: now
 * @why: for the log
 * @tell: tell the peer, where it knows of the SA. The SA is dead when the peer has
 *	answered, or does not answer; without this, at once.
 *
 * The kernel forgets its child SAs at once. What is outstanding has to be answered before
 * the peer can be told, as there is but one request at a time.
 */
void ike_sa_close(struct ike_sa *sa, const struct ike_moment *at, const char *why, bool tell)
{
	struct ike_task *task;

	if (sa->state == IKE_STATE_DEAD || sa->lingering)
		return;
	if (sa->state == IKE_STATE_DELETING && tell)
		return;
	ike_sa_log(sa, sa->state == IKE_STATE_REPLACED ? IKE_LOG_DEBUG : IKE_LOG_NOTICE,
		   "the IKE SA is closed: %s", why);
	cancel_queued(sa, at);
	ike_children_free(sa);
	task = tell && sa->state >= IKE_STATE_ESTABLISHED ? ike_task_new(sa, &ike_task_delete) :
							    NULL;
	if (!task) {
		ike_sa_set_state(sa, IKE_STATE_DEAD, at);
		return;
	}
	ike_sa_set_state(sa, IKE_STATE_DELETING, at);
	sa->dies_at = at->ms + IKE_REPLACED_MS;
	ike_task_queue(sa, task);
	ike_tasks_run(sa, at);
}

/* What a request deletes, and what the response tells about it. */
struct deletion {
	bool ike;
	size_t n;
	uint32_t spis[SPIS_MAX];
};

/* Whatever was to take its place is used from now on. */
static void use_successor(struct ike_sa *sa, struct ike_child *old, const struct ike_moment *at)
{
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list)
		if (child->replaces == old && child->state == IKE_CHILD_INBOUND &&
		    !ike_child_install_out(sa, child, at))
			ike_child_retire(sa, child);
}

/* The peer has given a rekey up: what was to be replaced goes on. */
static void keep_old(struct ike_sa *sa, const struct ike_child *child, const struct ike_moment *at)
{
	struct ike_child *old = child->replaces;

	if (!old || child->state != IKE_CHILD_INBOUND || old->state != IKE_CHILD_REPLACED)
		return;
	ike_child_set_state(sa, old, IKE_CHILD_INSTALLED);
	old->dies_at = IKE_NEVER;
	old->rekey = ike_child_retry_at(sa, old, at);
}

/*
 * Delete a child SA as the peer wants it. If we have asked the same at the same time,
 * each end answers without naming it (section 1.4.1).
 */
static void delete_child(struct ike_sa *sa, struct ike_child *child, struct deletion *d,
			 const struct ike_moment *at)
{
	char text[IKE_CHILD_TEXT_LEN];
	const bool asked = child->told;

	if (child->state == IKE_CHILD_INSTALLED &&
	    !ike_task_of_child(sa, &ike_task_rekey_child, child))
		ike_sa_log(sa, IKE_LOG_NOTICE, "tunnel %s is deleted by the peer",
			   ike_child_text(text, child));
	keep_old(sa, child, at);
	use_successor(sa, child, at);
	ike_child_remove_out(sa, child);
	if (asked)
		return;
	if (d->n < SPIS_MAX)
		d->spis[d->n++] = htonl(child->spi_in);
	ike_child_end(sa, child, at);
}

/* It may be what the peer's answer to us has made, which we are to get yet. */
static void remember_deleted(struct ike_sa *sa, uint32_t spi)
{
	struct ike_task *task = sa->asking;

	ike_sa_log(sa, IKE_LOG_DEBUG, "the peer deletes %08x, which is not there", spi);
	if (task && task->n_deleted < sizeof(task->deleted) / sizeof(*task->deleted))
		task->deleted[task->n_deleted++] = spi;
}

static void delete_children(struct ike_sa *sa, const struct ike_payload *p, struct deletion *d,
			    const struct ike_moment *at)
{
	struct ike_child *child;
	uint32_t spi;

	if (p->del.spi_len != sizeof(spi))
		return;
	for (size_t i = 0; i + sizeof(spi) <= p->del.spis.len; i += sizeof(spi)) {
		memcpy(&spi, p->del.spis.data + i, sizeof(spi));
		child = ike_child_by_spi(sa, IKE_OUT, ntohl(spi));
		if (child && child->state != IKE_CHILD_LARVAL &&
		    child->state != IKE_CHILD_LINGERING)
			delete_child(sa, child, d, at);
		else
			remember_deleted(sa, ntohl(spi));
	}
}

static void take_notify(struct ike_sa *sa, const struct ike_payload *p, struct deletion *d,
			const struct ike_moment *at)
{
	char name[IKE_NAME_LEN];
	uint32_t spi = 0;

	switch (p->notify.type) {
	case IKE_NOTIFY_INVALID_SPI:
		if (p->notify.data.len == sizeof(spi))
			memcpy(&spi, p->notify.data.data, sizeof(spi));
		ike_sa_log(sa, IKE_LOG_NOTICE, "the peer has no SA for a packet of ours: SPI %08x",
			   ntohl(spi));
		break;
	case IKE_NOTIFY_INVALID_SELECTORS:
		if (p->notify.spi.len == sizeof(spi))
			memcpy(&spi, p->notify.spi.data, sizeof(spi));
		ike_sa_log(sa, IKE_LOG_NOTICE,
			   "the peer has got a packet that is not for its SA: %08x", ntohl(spi));
		break;
	case IKE_NOTIFY_AUTHENTICATION_FAILED:
		ike_sa_fail(sa, at, NULL, NULL, "the peer does not believe who we are");
		d->ike = true;
		break;
	default:
		ike_sa_log(sa, IKE_LOG_DEBUG, "the peer tells %s",
			   ike_notify_text(name, p->notify.type));
		break;
	}
}

static void delete_ike(struct ike_sa *sa, const struct ike_moment *at)
{
	if (!ike_rekey_deleted(sa, at) && sa->state == IKE_STATE_ESTABLISHED)
		ike_sa_log(sa, IKE_LOG_NOTICE, "the IKE SA is deleted by the peer");
	ike_sa_linger(sa, at);
}

bool ike_informational_request(struct ike_sa *sa, const struct ike_message *m,
			       struct ike_writer *w)
{
	struct deletion d = {};

	for (unsigned int i = 0; i < m->payloads.n; i++) {
		const struct ike_payload *p = &m->payloads.items[i];

		if (p->type == IKE_PAYLOAD_NOTIFY)
			take_notify(sa, p, &d, m->at);
		else if (p->type == IKE_PAYLOAD_DELETE && p->del.protocol == IKE_PROTOCOL_IKE)
			d.ike = true;
		else if (p->type == IKE_PAYLOAD_DELETE && p->del.protocol == IKE_PROTOCOL_ESP)
			delete_children(sa, p, &d, m->at);
	}
	if (d.ike) {
		delete_ike(sa, m->at);
		return true;
	}
	/* but for what it has just deleted */
	ike_children_confirmed(sa, m->at);
	if (d.n)
		ike_write_delete(w, IKE_PROTOCOL_ESP, ike_chunk(d.spis, d.n * sizeof(*d.spis)));
	return true;
}
