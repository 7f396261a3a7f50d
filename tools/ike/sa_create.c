// SPDX-License-Identifier: GPL-2.0-or-later
/* CREATE_CHILD_SA: new child SAs, and what its three uses have in common. */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

/* TEMPORARY_FAILURE is waited for 2, 4, 8, 16, 32, 32 ... s, and as much again by chance. */
#define LATER_DOUBLED	4

/* After several minutes of it the ends are out of step (RFC 7296 section 2.25). */
#define LATER_TRIES	10

/**
 * ike_answer_error() - Find out whether a response says no.
 * @m: response
 *
 * Return: notification of an error, or 0.
 */
uint16_t ike_answer_error(const struct ike_message *m)
{
	for (unsigned int i = 0; i < m->payloads.n; i++) {
		const struct ike_payload *p = &m->payloads.items[i];

		if (p->type == IKE_PAYLOAD_NOTIFY && ike_notify_is_error(p->notify.type))
			return p->notify.type;
	}
	return 0;
}

/**
 * ike_answer_nonce() - Find the nonce of a message.
 * @m: message
 * @nonce: where to
 *
 * Return: whether it has one.
 */
bool ike_answer_nonce(const struct ike_message *m, struct ike_chunk *nonce)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE);

	if (p)
		*nonce = p->body;
	return p;
}

/**
 * ike_write_error() - Answer that it cannot be.
 * @w: response
 * @type: notification
 *
 * Return: true, as what has an answer.
 */
bool ike_write_error(struct ike_writer *w, uint16_t type)
{
	ike_write_notify(w, type, (struct ike_chunk){});
	return true;
}

/**
 * ike_write_fatal() - Answer that a request is malformed, which ends the IKE SA.
 * @sa: IKE SA
 * @m: request
 * @w: response
 * @why: for the log
 *
 * RFC 7296 section 2.21.3.
 *
 * Return: true, as what has an answer.
 */
bool ike_write_fatal(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w,
		     const char *why)
{
	char name[IKE_NAME_LEN];

	ike_sa_fail(sa, m->at, NULL, NULL, "the peer's %s request cannot be: %s",
		    ike_exchange_text(name, m->h.exchange), why);
	ike_write_error(w, IKE_NOTIFY_INVALID_SYNTAX);
	ike_sa_linger(sa, m->at);
	return true;
}

/**
 * ike_task_start() - Make what an exchange of CREATE_CHILD_SA needs.
 * @sa: IKE SA
 * @task: gets a nonce and a key pair
 * @group: group, unless the peer has asked for another one; NULL: none
 *
 * Return: whether it could be; else it was logged.
 */
bool ike_task_start(struct ike_sa *sa, struct ike_task *task, const struct ike_alg *group)
{
	if (task->group)
		group = task->group;
	ike_dh_free(task->dh);
	task->dh = group ? ike_dh_new(group) : NULL;
	task->n_deleted = 0;
	if (group && !task->dh)
		ike_sa_log(sa, IKE_LOG_ERROR, "%s: no key pair can be made", task->ops->name);
	return ike_sa_random_nonce(sa, task->ni, &task->ni_len) && (!group || task->dh);
}

/**
 * ike_task_is_deleted() - Tell whether the peer has deleted what a response makes.
 * @task: what was asked
 * @m: response, which has taken longer than the request to delete
 */
bool ike_task_is_deleted(const struct ike_task *task, const struct ike_message *m)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	struct ike_sa_list answer;
	uint32_t spi;

	if (!task->n_deleted || !p || !ike_sa_read(p, &answer) || !answer.n ||
	    answer.proposals[0].spi_len != sizeof(spi))
		return false;
	memcpy(&spi, answer.proposals[0].spi, sizeof(spi));
	for (unsigned int i = 0; i < task->n_deleted; i++)
		if (task->deleted[i] == ntohl(spi))
			return true;
	return false;
}

/**
 * ike_task_cancel() - Do not ask what has not been asked yet.
 * @sa: IKE SA
 * @task: of its queue, or NULL
 * @at: now
 */
void ike_task_cancel(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	if (!task)
		return;
	ike_task_unqueue(sa, task);
	if (task->ops->gone)
		task->ops->gone(sa, task, at);
	ike_task_free(task);
}

/**
 * ike_task_of_child() - Find what is to be asked about a child SA.
 * @sa: IKE SA
 * @ops: kind of task
 * @child: child SA; NULL: any
 *
 * Return: the task, outstanding or not, or NULL.
 */
struct ike_task *ike_task_of_child(const struct ike_sa *sa, const struct ike_task_ops *ops,
				   const struct ike_child *child)
{
	struct ike_task *task;

	if (sa->asking && sa->asking->ops == ops && (!child || sa->asking->child == child))
		return sa->asking;
	TAILQ_FOREACH(task, &sa->tasks, list)
		if (task->ops == ops && (!child || task->child == child))
			return task;
	return NULL;
}

/* The group that INVALID_KE_PAYLOAD asks for: one of ours, and once (section 1.3). */
static bool take_group(struct ike_task *task, const struct ike_message *m,
		       const struct ike_proposal *offers, size_t n)
{
	const struct ike_payload *p;
	uint16_t id;

	p = ike_payload_find_notify(&m->payloads, IKE_NOTIFY_INVALID_KE_PAYLOAD);
	if (!p || p->notify.data.len != sizeof(id) || task->group)
		return false;
	memcpy(&id, p->notify.data.data, sizeof(id));
	id = ntohs(id);
	if (!ike_proposal_offers(offers, n, IKE_TRANSFORM_DH, id))
		return false;
	task->group = ike_alg_find(IKE_TRANSFORM_DH, id, 0);
	return task->group;
}

static void wait_for_peer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	const unsigned int doubled = task->tries < LATER_DOUBLED ? task->tries : LATER_DOUBLED;
	const uint64_t wait = (uint64_t)IKE_TEMPORARY_MS << (doubled ? doubled - 1 : 0);

	if (task->tries >= LATER_TRIES) {
		ike_sa_close(sa, m->at, "the peer has said TEMPORARY_FAILURE for minutes", true);
		return;
	}
	task->again = true;
	task->not_before = m->at->ms + wait + ike_jitter(sa, wait);
	ike_sa_log(sa, IKE_LOG_DEBUG, "%s: the peer is busy, again in %llu ms", task->ops->name,
		   (unsigned long long)(task->not_before - m->at->ms));
}

/**
 * ike_task_later() - See whether a response asks for another try.
 * @sa: IKE SA
 * @task: what was asked; @again says whether it is going to be
 * @m: response
 * @offers: proposals of the request
 * @n: their number
 *
 * Return: whether nothing else is to be done about the response. It may have ended the SA.
 */
bool ike_task_later(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m,
		    const struct ike_proposal *offers, size_t n)
{
	switch (ike_answer_error(m)) {
	case IKE_NOTIFY_INVALID_KE_PAYLOAD:
		task->again = take_group(task, m, offers, n);
		return task->again;
	case IKE_NOTIFY_TEMPORARY_FAILURE:
		wait_for_peer(sa, task, m);
		return true;
	case IKE_NOTIFY_INVALID_SYNTAX:
		ike_sa_fail(sa, m->at, NULL, NULL, "%s: the peer cannot read it", task->ops->name);
		ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
		return true;
	}
	return false;
}

static bool child_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			const struct ike_moment *at)
{
	struct ike_child *child = task->child;

	(void)at;
	if (!child || child->unwanted || !ike_task_start(sa, task, child->policy->pfs))
		return false;
	ike_child_offer(sa, child, ike_chunk(task->ni, task->ni_len), task->dh, false, w);
	return true;
}

static bool has_tunnel(const struct ike_sa *sa)
{
	const struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list)
		if (child->state == IKE_CHILD_INSTALLED)
			return true;
	return false;
}

static void child_answer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	struct ike_child *child = task->child;
	struct ike_chunk nr = {};
	uint16_t error;

	/* The SA is being closed, and the child goes with it. */
	if (!child || sa->state != IKE_STATE_ESTABLISHED)
		return;
	if (ike_task_later(sa, task, m, child->policy->proposals, child->policy->n_proposals)) {
		if (!task->again && sa->state == IKE_STATE_ESTABLISHED)
			ike_child_remove(sa, child);
		return;
	}
	if (!ike_answer_nonce(m, &nr) && !ike_answer_error(m)) {
		ike_sa_close(sa, m->at, "the peer's answer has no nonce", true);
		return;
	}
	if (ike_task_is_deleted(task, m)) {
		ike_child_remove(sa, child);
		return;
	}
	error = ike_child_answered(sa, child, m, ike_chunk(task->ni, task->ni_len), nr, task->dh,
				   false);
	if (error == IKE_NOTIFY_NO_ADDITIONAL_SAS && !has_tunnel(sa))
		ike_sa_close(sa, m->at, "the peer takes no more tunnels with this SA", true);
}

static void child_gone(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	(void)at;
	ike_child_remove(sa, task->child);
}

const struct ike_task_ops ike_task_child = {
	.name = "CREATE_CHILD_SA for a tunnel",
	.exchange = IKE_EXCHANGE_CREATE_CHILD_SA,
	.build = child_build,
	.answer = child_answer,
	.gone = child_gone,
};

/**
 * ike_create_child() - Ask the peer for a child SA.
 * @sa: IKE SA
 * @policy: entry that it is for
 * @pair: line of its access list; SIZE_MAX: all
 * @packet: packet that wants it, or NULL
 *
 * Return: whether there was memory and room for it; else it was logged.
 */
bool ike_create_child(struct ike_sa *sa, const struct ike_child_policy *policy, size_t pair,
		      const struct ike_selector_pair *packet)
{
	struct ike_child *child = ike_child_new(sa, policy, pair, packet);
	struct ike_task *task = child ? ike_task_new(sa, &ike_task_child) : NULL;
	char name[IKE_CHILD_TEXT_LEN];

	if (task) {
		task->child = child;
		ike_task_queue(sa, task);
		return true;
	}
	if (child)
		ike_child_free(sa, child);
	ike_sa_log(sa, IKE_LOG_ERROR, "%s: no memory for a tunnel, or too many of them",
		   ike_policy_text(name, policy));
	return false;
}

static bool has_packet(const struct ike_child *child, const struct ike_selector_pair *packet)
{
	struct ike_selectors local = { .n = 1, .list = { packet->local } };
	struct ike_selectors remote = { .n = 1, .list = { packet->remote } };

	return ike_selectors_within(&local, &child->local) &&
	       ike_selectors_within(&remote, &child->remote);
}

/* Whether there is what is wanted, or it has been asked for. */
static bool is_there(const struct ike_sa *sa, const struct ike_child_policy *policy, size_t pair,
		     const struct ike_selector_pair *packet)
{
	const struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list) {
		if (child->policy != policy || child->unwanted)
			continue;
		if (child->state == IKE_CHILD_LARVAL && !child->replaces && child->pair == pair)
			return true;
		if ((child->state == IKE_CHILD_INSTALLED || child->state == IKE_CHILD_INBOUND) &&
		    (packet ? has_packet(child, packet) : child->pair == pair))
			return true;
	}
	return false;
}

/**
 * ike_sa_want_child() - Somebody wants a tunnel.
 * @sa: IKE SA
 * @at: now
 * @policy: entry of the SA's config
 * @pair: line of its access list; SIZE_MAX: all
 * @packet: packet that wants it, or NULL
 *
 * What there is, or has been asked for, is not asked for again. Before the SA is
 * established the first one waits for IKE_AUTH, the others for what comes after it.
 */
void ike_sa_want_child(struct ike_sa *sa, const struct ike_moment *at,
		       const struct ike_child_policy *policy, size_t pair,
		       const struct ike_selector_pair *packet)
{
	if (pair >= policy->n_pairs)
		pair = SIZE_MAX;
	if (sa->state > IKE_STATE_ESTABLISHED || is_there(sa, policy, pair, packet))
		return;
	if (ike_create_child(sa, policy, pair, packet))
		ike_tasks_run(sa, at);
}

static bool takes_children(const struct ike_sa *sa)
{
	return !sa->asking || sa->asking->ops != &ike_task_rekey;
}

bool ike_create_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	uint8_t nonce[IKE_NONCE_MAX];
	struct ike_sa_list theirs;
	struct ike_chunk ni, nr;
	size_t len;

	if (sa->state != IKE_STATE_ESTABLISHED)
		return ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
	ike_children_confirmed(sa, m->at);
	if (!p || !ike_sa_read(p, &theirs) || !ike_answer_nonce(m, &ni))
		return ike_write_fatal(sa, m, w, "it has no proposal, or no nonce");
	ike_sa_random_nonce(sa, nonce, &len);
	nr = ike_chunk(nonce, len);
	p = ike_payload_find_notify(&m->payloads, IKE_NOTIFY_REKEY_SA);
	if (theirs.n && theirs.proposals[0].protocol == IKE_PROTOCOL_IKE)
		ike_rekey_request(sa, m, &theirs, ni, nr, w);
	else if (!takes_children(sa))
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
	else if (p)
		ike_rekey_child_request(sa, m, p, ni, nr, w);
	else
		ike_child_accept(sa, m, ni, nr, false, NULL, w);
	return true;
}
