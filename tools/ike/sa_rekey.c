// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rekeying an IKE SA, RFC 7296 sections 1.3.2, 2.8.2, 2.18 and 2.25.2. The new SA inherits
 * the child SAs, and who began deletes the old one. When both begin at once, two new ones
 * are made; the one of the exchange with the lowest nonce inherits nothing, and is deleted
 * by whoever began it.
 */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

/* A rekey that failed is tried again after a part of the life that is left. */
#define RETRY_PART	4
#define RETRY_MIN_MS	10000

/**
 * ike_sa_hard_end() - When an IKE SA is closed if it has not been replaced.
 * @sa: established IKE SA
 */
uint64_t ike_sa_hard_end(const struct ike_sa *sa)
{
	return sa->profile->lifetime_ms ? sa->since + sa->profile->lifetime_ms : IKE_NEVER;
}

static void retry(struct ike_sa *sa, const struct ike_moment *at)
{
	const uint64_t end = ike_sa_hard_end(sa);
	uint64_t wait = RETRY_MIN_MS;

	if (end == IKE_NEVER) {
		sa->rekey_at = IKE_NEVER;
		return;
	}
	if (end > at->ms && (end - at->ms) / RETRY_PART > wait)
		wait = (end - at->ms) / RETRY_PART;
	sa->rekey_at = at->ms + wait + ike_jitter(sa, wait / 2);
}

/* The proposals of the configuration with the SPI of a new SA. */
static void write_proposals(const struct ike_policy *policy, const uint8_t *spi,
			    struct ike_child_offers *offers)
{
	offers->n = policy->n_proposals < IKE_PROPOSALS_MAX ? policy->n_proposals :
							      IKE_PROPOSALS_MAX;
	for (size_t i = 0; i < offers->n; i++) {
		offers->list[i] = policy->proposals[i];
		offers->list[i].spi_len = IKE_SPI_LEN_MAX;
		memcpy(offers->list[i].spi, spi, IKE_SPI_LEN_MAX);
	}
}

/* The group that did for the old one, or the first. */
static const struct ike_alg *first_group(const struct ike_sa *sa, const struct ike_policy *policy)
{
	const struct ike_alg *alg;

	if (sa->suite.dh && ike_proposal_offers(policy->proposals, policy->n_proposals,
						IKE_TRANSFORM_DH, sa->suite.dh->id))
		return sa->suite.dh;
	for (size_t i = 0; i < policy->n_proposals; i++) {
		for (unsigned int k = 0; k < policy->proposals[i].n; k++) {
			alg = ike_alg_of_transform(&policy->proposals[i].transforms[k]);
			if (alg && alg->type == IKE_TRANSFORM_DH && alg->kind != IKE_DH_KIND_NONE)
				return alg;
		}
	}
	return NULL;
}

static struct ike_sa *new_sa(struct ike_sa *sa, bool initiator, const struct ike_moment *at)
{
	struct ike_sa *next = ike_sa_new(sa->env, sa->config, &sa->path, initiator, at);

	if (!next)
		return NULL;
	next->profile = sa->profile;
	next->policy = ike_config_policy(sa->config, &sa->path.local);
	if (next->policy)
		return next;
	ike_sa_free(next);
	return NULL;
}

static bool rekey_build(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			const struct ike_moment *at)
{
	struct ike_child_offers offers;

	if (sa->state != IKE_STATE_ESTABLISHED)
		return false;
	memset(&task->collided, 0, sizeof(task->collided));
	ike_sa_free(task->sa);
	task->sa = new_sa(sa, true, at);
	if (!task->sa || !ike_task_start(sa, task, first_group(sa, task->sa->policy)) ||
	    !task->dh) {
		ike_sa_log(sa, IKE_LOG_ERROR, "the IKE SA cannot be rekeyed now");
		retry(sa, at);
		return false;
	}
	write_proposals(task->sa->policy, task->sa->spi_i, &offers);
	ike_write_sa(w, offers.list, (unsigned int)offers.n);
	ike_write_nonce(w, ike_chunk(task->ni, task->ni_len));
	ike_write_ke(w, task->dh->group->id,
		     ike_chunk(task->dh->value, task->dh->group->value_len));
	return true;
}

/* Everything that outlives the keys. */
static void inherit(struct ike_sa *next, const struct ike_sa *sa)
{
	if (next->config != sa->config) {
		ike_config_put(next->config);
		next->config = ike_config_get(sa->config);
	}
	next->profile = sa->profile;
	next->policy = sa->policy;
	next->path = sa->path;
	next->local_id = sa->local_id;
	next->remote_id = sa->remote_id;
	next->proved_local = sa->proved_local;
	next->proved_remote = sa->proved_remote;
	next->peer_hashes = sa->peer_hashes;
	next->nat_local = sa->nat_local;
	next->nat_remote = sa->nat_remote;
	next->fragmentation = sa->fragmentation;
	next->ppk = sa->ppk;
	next->childless = sa->childless;
}

static void begin(struct ike_sa *next, const struct ike_sa *sa, const struct ike_moment *at)
{
	inherit(next, sa);
	ike_sa_established(next, at);
	next->heard_at = sa->heard_at;
	next->said_at = sa->said_at;
	next->idle_at = sa->idle_at;
}

static bool is_inherited(const struct ike_task *task)
{
	return task->ops != &ike_task_rekey && task->ops != &ike_task_delete &&
	       task->ops != &ike_task_probe;
}

static void move_tasks(struct ike_sa *next, struct ike_sa *sa)
{
	struct ike_task *task, *following;

	for (task = TAILQ_FIRST(&sa->tasks); task; task = following) {
		following = TAILQ_NEXT(task, list);
		if (!is_inherited(task))
			continue;
		ike_task_unqueue(sa, task);
		ike_task_queue(next, task);
	}
}

/* A new SA takes the place of the old one, which @deletes says who deletes. */
static void take_over(struct ike_sa *sa, struct ike_sa *next, bool deletes,
		      const struct ike_moment *at)
{
	const bool closing = sa->state != IKE_STATE_ESTABLISHED;
	struct ike_task *task = NULL;

	if (deletes && !closing)
		task = ike_task_new(sa, &ike_task_delete);
	begin(next, sa, at);
	TAILQ_CONCAT(&next->children, &sa->children, list);
	next->n_children += sa->n_children;
	sa->n_children = 0;
	move_tasks(next, sa);
	if (task)
		ike_task_queue(sa, task);
	if (!closing)
		ike_sa_set_state(sa, IKE_STATE_REPLACED, at);
	ike_sa_log(next, IKE_LOG_NOTICE, "the IKE SA is rekeyed");
	sa->env->ops->succeeded(sa->env->ctx, sa, next);
	/* What was to be closed has got a successor meanwhile. */
	if (closing)
		ike_sa_close(next, at, "its predecessor was closed", true);
}

/* A new SA that inherits nothing; one that we began is deleted by us. */
static void discard(struct ike_sa *sa, struct ike_sa *next, const struct ike_moment *at)
{
	begin(next, sa, at);
	ike_sa_set_state(next, IKE_STATE_REPLACED, at);
	ike_sa_log(next, IKE_LOG_DEBUG, "this SA goes: both ends rekeyed");
	sa->env->ops->redundant(sa->env->ctx, sa, next);
	if (next->initiator)
		ike_sa_close(next, at, "both ends rekeyed", true);
}

static bool make_keys(struct ike_sa *sa, struct ike_sa *next, const struct ike_dh *dh,
		      struct ike_chunk value, struct ike_chunk ni, struct ike_chunk nr,
		      const struct ike_moment *at)
{
	struct ike_secret secret = {};
	struct ike_key_input input = {
		.ni = ni, .nr = nr, .spi_i = next->spi_i, .spi_r = next->spi_r,
	};
	const char *error = ike_dh_derive(dh, value, &secret);

	input.secret = ike_chunk(secret.data, secret.len);
	if (!error)
		next->has_keys = ike_keys_rekeyed(sa->env->crypt, &next->suite, sa->suite.prf,
						  sa->keys.d, &input, &next->keys);
	ike_secret_wipe(&secret);
	if (!next->has_keys) {
		ike_sa_fail(sa, at, NULL, NULL, "no keys can be made for a new IKE SA: %s",
			    error ? error : "libcrypto failed");
		return false;
	}
	if (sa->env->ops->keys)
		sa->env->ops->keys(sa->env->ctx, next, &next->suite, &next->keys);
	return true;
}

/* What is wrong with the answer; NULL: nothing. */
static const char *check_answer(struct ike_task *task, const struct ike_message *m,
				char theirs[IKE_CHILD_TEXT_LEN])
{
	static const uint8_t none[IKE_SPI_LEN_MAX];
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	struct ike_sa *next = task->sa;
	struct ike_child_offers offers;
	struct ike_sa_list answer;
	const char *error;

	*theirs = '\0';
	if (!p || !ike_sa_read(p, &answer) || !ke ||
	    !ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE))
		return "a payload is missing";
	ike_proposals_text(theirs, answer.proposals, answer.n);
	write_proposals(next->policy, next->spi_i, &offers);
	error = ike_proposal_check_answer(offers.list, offers.n, answer.proposals, answer.n,
					  ke->ke.group, &next->suite);
	if (error)
		return error;
	if (next->suite.dh != task->dh->group)
		return "its group is not that of our KE payload";
	if (answer.proposals[0].spi_len != IKE_SPI_LEN_MAX ||
	    !memcmp(answer.proposals[0].spi, none, sizeof(none)))
		return "its SPI is none";
	memcpy(next->spi_r, answer.proposals[0].spi, IKE_SPI_LEN_MAX);
	return NULL;
}

/* Both ends have answered: section 2.8.2. */
static void settle(struct ike_sa *sa, struct ike_task *task, struct ike_chunk nr,
		   const struct ike_moment *at)
{
	struct ike_sa *ours = task->sa, *theirs = task->collided.sa;
	struct ike_chunk ni = ike_chunk(task->ni, task->ni_len);
	struct ike_chunk low = ike_nonce_compare(ni, nr) < 0 ? ni : nr;
	const bool lost = theirs && ike_nonce_compare(low, ike_chunk(task->collided.nonce,
						task->collided.nonce_len)) < 0;

	task->sa = NULL;
	task->collided.sa = NULL;
	take_over(sa, lost ? theirs : ours, !lost, at);
	if (theirs)
		discard(sa, lost ? ours : theirs, at);
	ike_tasks_run(lost ? theirs : ours, at);
}

/* Ours has failed. The one that the peer has made meanwhile takes the place. */
static bool take_theirs(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	struct ike_sa *theirs = task->collided.sa;

	if (!theirs)
		return false;
	task->collided.sa = NULL;
	take_over(sa, theirs, false, at);
	return true;
}

static void rekey_refused(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	char ours[IKE_CHILD_TEXT_LEN], name[IKE_NAME_LEN];
	const struct ike_policy *policy = task->sa->policy;

	if (take_theirs(sa, task, m->at) || sa->state != IKE_STATE_ESTABLISHED ||
	    ike_task_later(sa, task, m, policy->proposals, policy->n_proposals))
		return;
	ike_sa_fail(sa, m->at, "not told",
		    ike_proposals_text(ours, policy->proposals, policy->n_proposals),
		    "the peer refuses to rekey the IKE SA: %s",
		    ike_notify_text(name, ike_answer_error(m)));
	retry(sa, m->at);
}

static void rekey_answer(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	struct ike_chunk ni = ike_chunk(task->ni, task->ni_len), nr = {};
	char theirs[IKE_CHILD_TEXT_LEN];
	const struct ike_payload *ke;
	const char *error;

	if (ike_answer_error(m)) {
		rekey_refused(sa, task, m);
		return;
	}
	error = check_answer(task, m, theirs);
	if (error) {
		ike_sa_fail(sa, m->at, theirs, "what was offered",
			    "the peer's answer to a rekey of the IKE SA cannot be used: %s",
			    error);
	} else {
		ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
		ike_answer_nonce(m, &nr);
		if (make_keys(sa, task->sa, task->dh, ke->ke.data, ni, nr, m->at)) {
			settle(sa, task, nr, m->at);
			return;
		}
	}
	/* The peer goes on with an SA that we do not have. */
	if (!take_theirs(sa, task, m->at))
		ike_sa_close(sa, m->at, "its rekey has failed", true);
}

const struct ike_task_ops ike_task_rekey = {
	.name = "CREATE_CHILD_SA for rekeying the IKE SA",
	.exchange = IKE_EXCHANGE_CREATE_CHILD_SA,
	.build = rekey_build,
	.answer = rekey_answer,
};

/**
 * ike_sa_rekey() - Have an IKE SA replaced.
 * @sa: IKE SA
 * @at: now
 */
void ike_sa_rekey(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_task *task;

	if (sa->state != IKE_STATE_ESTABLISHED || ike_task_of_child(sa, &ike_task_rekey, NULL))
		return;
	sa->rekey_at = IKE_NEVER;
	task = ike_task_new(sa, &ike_task_rekey);
	if (!task) {
		retry(sa, at);
		return;
	}
	ike_task_queue(sa, task);
	ike_tasks_run(sa, at);
}

/**
 * ike_rekey_deleted() - The peer deletes an IKE SA that we are rekeying.
 * @sa: IKE SA
 * @at: now
 *
 * If the peer has rekeyed it, too, it has not seen ours, or ours has lost: what it has made
 * takes the place.
 *
 * Return: whether something has.
 */
bool ike_rekey_deleted(struct ike_sa *sa, const struct ike_moment *at)
{
	return sa->asking && sa->asking->ops == &ike_task_rekey &&
	       take_theirs(sa, sa->asking, at);
}

/* Whether we are about to create, rekey or delete a child SA: section 2.25.1. */
static bool asks_about_child(const struct ike_sa *sa)
{
	return sa->asking && (sa->asking->ops == &ike_task_child ||
			      sa->asking->ops == &ike_task_rekey_child ||
			      sa->asking->ops == &ike_task_delete_child);
}

/* What the peer proposes; false: an error was written. */
static bool choose(struct ike_sa *sa, const struct ike_policy *policy, const struct ike_message *m,
		   const struct ike_sa_list *theirs, struct ike_choice *choice,
		   struct ike_writer *w)
{
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	char their_text[IKE_CHILD_TEXT_LEN], our_text[IKE_CHILD_TEXT_LEN];
	uint16_t group;

	if (!ike_proposal_choose(theirs->proposals, theirs->n, policy->proposals,
				 policy->n_proposals, IKE_CHOOSE_KEEP_KE, ke ? ke->ke.group : 0,
				 choice)) {
		ike_sa_fail(sa, m->at, ike_proposals_text(their_text, theirs->proposals, theirs->n),
			    ike_proposals_text(our_text, policy->proposals, policy->n_proposals),
			    "the IKE SA is not rekeyed: %s", choice->error);
		return !ike_write_error(w, IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
	}
	if (!choice->wrong_ke)
		return true;
	group = htons(choice->suite.dh->id);
	ike_write_notify(w, IKE_NOTIFY_INVALID_KE_PAYLOAD, ike_chunk(&group, sizeof(group)));
	return false;
}

static bool answer(struct ike_sa *sa, struct ike_sa *next, const struct ike_message *m,
		   const struct ike_choice *choice, struct ike_chunk ni, struct ike_chunk nr,
		   struct ike_writer *w)
{
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	struct ike_dh *dh = ike_dh_new(choice->suite.dh);
	struct ike_proposal p = choice->answer;
	bool ok;

	memcpy(next->spi_i, choice->theirs->spi, IKE_SPI_LEN_MAX);
	next->suite = choice->suite;
	ok = dh && make_keys(sa, next, dh, ke->ke.data, ni, nr, m->at);
	if (ok) {
		p.spi_len = IKE_SPI_LEN_MAX;
		memcpy(p.spi, next->spi_r, IKE_SPI_LEN_MAX);
		ike_write_sa(w, &p, 1);
		ike_write_nonce(w, nr);
		ike_write_ke(w, dh->group->id, ike_chunk(dh->value, dh->group->value_len));
	}
	ike_dh_free(dh);
	return ok;
}

static void keep_collision(struct ike_task *task, struct ike_sa *next, struct ike_chunk ni,
			   struct ike_chunk nr)
{
	struct ike_chunk low = ike_nonce_compare(ni, nr) < 0 ? ni : nr;

	task->collided.seen = true;
	task->collided.sa = next;
	task->collided.nonce_len = low.len;
	memcpy(task->collided.nonce, low.data, low.len);
}

static bool has_spi(const struct ike_choice *choice)
{
	static const uint8_t none[IKE_SPI_LEN_MAX];

	return choice->theirs->spi_len == IKE_SPI_LEN_MAX &&
	       memcmp(choice->theirs->spi, none, sizeof(none));
}

/**
 * ike_rekey_request() - The peer rekeys the IKE SA.
 * @sa: established IKE SA
 * @m: request
 * @theirs: its proposals
 * @ni: its nonce
 * @nr: ours
 * @w: response
 */
void ike_rekey_request(struct ike_sa *sa, const struct ike_message *m,
		       const struct ike_sa_list *theirs, struct ike_chunk ni,
		       struct ike_chunk nr, struct ike_writer *w)
{
	struct ike_task *task = ike_task_of_child(sa, &ike_task_rekey, NULL);
	struct ike_choice choice;
	struct ike_sa *next;

	if (asks_about_child(sa) || (task && task->collided.seen)) {
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	next = new_sa(sa, false, m->at);
	if (!next) {
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
		return;
	}
	if (!choose(sa, next->policy, m, theirs, &choice, w)) {
		ike_sa_free(next);
		return;
	}
	if (!has_spi(&choice)) {
		ike_sa_free(next);
		ike_write_fatal(sa, m, w, "the new SPI is none");
		return;
	}
	if (!answer(sa, next, m, &choice, ni, nr, w)) {
		ike_sa_free(next);
		ike_write_error(w, IKE_NOTIFY_TEMPORARY_FAILURE);
	} else if (task && task == sa->asking) {
		keep_collision(task, next, ni, nr);
	} else {
		ike_task_cancel(sa, task, m->at);
		take_over(sa, next, false, m->at);
	}
}
