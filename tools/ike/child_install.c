// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Child SAs and the kernel. A new SA is there before the old one goes: who answers a
 * rekey has it inbound before the answer goes out, and sends by it only once the peer has
 * shown that it has the answer.
 */
#include <string.h>

#include "ike/child.h"

/* A rekey that failed is tried again after a part of the life that is left. */
#define RETRY_PART	4
#define RETRY_MIN_MS	5000

static void describe(const struct ike_sa *sa, struct ike_child *child,
		     enum ike_direction direction)
{
	const bool in = direction == IKE_IN;
	struct ike_kernel_sa *k = in ? &child->in : &child->out;

	*k = (struct ike_kernel_sa){
		.policy = child->policy,
		.direction = direction,
		.spi = in ? child->spi_in : child->spi_out,
		.src = in ? sa->path.remote : sa->path.local,
		.dst = in ? sa->path.local : sa->path.remote,
		.encap = child->encap,
		.transport = child->transport,
		.suite = &child->suite,
		.local = &child->local,
		.remote = &child->remote,
		.soft_ms = child->in.soft_ms,
		.hard_ms = child->in.hard_ms,
		.soft_bytes = child->in.soft_bytes,
		.hard_bytes = child->in.hard_bytes,
	};
}

/* Both directions are to be replaced at the same time, at another one than the peer's. */
static void set_lives(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	const struct ike_child_policy *policy = child->policy;

	child->since = at->ms;
	child->in.hard_ms = policy->life_ms;
	child->in.soft_ms = ike_soften(sa, policy->life_ms, IKE_MARGIN_MS);
	if (policy->life_ms)
		child->rekey = at->ms + child->in.soft_ms;
	child->in.hard_bytes = policy->life_bytes;
	child->in.soft_bytes = ike_soften(sa, policy->life_bytes, UINT64_MAX);
}

static bool install(struct ike_sa *sa, struct ike_child *child, enum ike_direction direction,
		    const struct ike_moment *at)
{
	const bool in = direction == IKE_IN;
	struct ike_kernel_sa *k = in ? &child->in : &child->out;
	char text[IKE_CHILD_TEXT_LEN];
	const char *error;

	describe(sa, child, direction);
	k->keys = child->initiator == in ? &child->keys.r : &child->keys.i;
	error = sa->env->ops->install(sa->env->ctx, sa, k);
	k->keys = NULL;
	if (error)
		ike_sa_fail(sa, at, NULL, NULL, "the kernel did not take the %s SA of %s: %s",
			    in ? "inbound" : "outbound", ike_child_text(text, child), error);
	return !error;
}

/**
 * ike_child_install_in() - Have the kernel take what the peer is going to send.
 * @sa: IKE SA
 * @child: child SA of it with keys; INBOUND afterwards
 * @at: now
 *
 * Return: whether it did; else it was logged.
 */
bool ike_child_install_in(struct ike_sa *sa, struct ike_child *child,
			  const struct ike_moment *at)
{
	child->encap = sa->nat_local || sa->nat_remote;
	child->confirmed = child->initiator;
	set_lives(sa, child, at);
	if (!install(sa, child, IKE_IN, at))
		return false;
	child->has_in = true;
	child->switch_at = at->ms + IKE_CHILD_SWITCH_MS;
	ike_child_set_state(sa, child, IKE_CHILD_INBOUND);
	return true;
}

/**
 * ike_child_remove_out() - Have the kernel send nothing more by a child SA.
 * @sa: IKE SA
 * @child: child SA of it
 */
void ike_child_remove_out(struct ike_sa *sa, struct ike_child *child)
{
	if (child->has_out)
		sa->env->ops->remove(sa->env->ctx, sa, &child->out);
	child->has_out = false;
}

/**
 * ike_child_install_out() - Send by a child SA from now on.
 * @sa: IKE SA
 * @child: INBOUND child SA of it; INSTALLED afterwards, and its keys are wiped
 * @at: now
 *
 * What it replaces sends nothing any more.
 *
 * Return: whether the kernel took it; else it was logged.
 */
bool ike_child_install_out(struct ike_sa *sa, struct ike_child *child,
			   const struct ike_moment *at)
{
	char text[IKE_CHILD_TEXT_LEN], encr[IKE_ALG_TEXT_LEN], integ[IKE_ALG_TEXT_LEN];

	if (!install(sa, child, IKE_OUT, at))
		return false;
	child->has_out = true;
	child->switch_at = IKE_NEVER;
	ike_child_keys_wipe(&child->keys);
	ike_child_set_state(sa, child, IKE_CHILD_INSTALLED);
	ike_child_watch_idle(sa, child, at);
	if (child->replaces)
		ike_child_remove_out(sa, child->replaces);
	ike_sa_log(sa, IKE_LOG_NOTICE, "tunnel %s is %s: %s%s%s%s%s%s%s",
		   ike_child_text(text, child), child->rekeys ? "rekeyed" : "up",
		   ike_alg_text(encr, child->suite.encr, IKE_PROTOCOL_ESP),
		   child->suite.integ ? " " : "",
		   child->suite.integ ? ike_alg_text(integ, child->suite.integ,
						     IKE_PROTOCOL_ESP) : "",
		   child->suite.dh ? " with PFS" : "", child->suite.esn ? " ESN" : "",
		   child->transport ? ", transport mode" : "", child->encap ? ", in UDP" : "");
	return true;
}

/**
 * ike_child_uninstall() - Have the kernel forget both directions of a child SA.
 * @sa: IKE SA
 * @child: child SA of it
 */
void ike_child_uninstall(struct ike_sa *sa, struct ike_child *child)
{
	ike_child_remove_out(sa, child);
	if (child->has_in)
		sa->env->ops->remove(sa->env->ctx, sa, &child->in);
	child->has_in = false;
}

/**
 * ike_child_is_contested() - Tell whether a collision is still to decide about a child SA.
 * @sa: IKE SA
 * @child: child SA that the peer has made by a rekey
 */
bool ike_child_is_contested(const struct ike_sa *sa, const struct ike_child *child)
{
	return sa->asking && sa->asking->collided.child == child;
}

/**
 * ike_children_confirmed() - The peer has all of our answers: what they made is sent by.
 * @sa: IKE SA
 * @at: now
 *
 * With a window of one request, a new request says that the answer to the one before has
 * arrived (RFC 7296 section 2.3).
 */
void ike_children_confirmed(struct ike_sa *sa, const struct ike_moment *at)
{
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list) {
		child->confirmed = true;
		if (child->state == IKE_CHILD_INBOUND && !ike_child_is_contested(sa, child) &&
		    !ike_child_install_out(sa, child, at))
			ike_child_retire(sa, child);
	}
}

/**
 * ike_child_make_keys() - Make the keys of a child SA.
 * @sa: IKE SA
 * @child: child SA of it with its algorithms
 * @secret: of Diffie-Hellman; empty without
 * @ni: nonce of the initiator of the exchange
 * @nr: nonce of its responder
 *
 * Return: whether libcrypto could.
 */
bool ike_child_make_keys(struct ike_sa *sa, struct ike_child *child, struct ike_chunk secret,
			 struct ike_chunk ni, struct ike_chunk nr)
{
	const struct ike_key_input input = { .secret = secret, .ni = ni, .nr = nr };

	ike_child_set_nonce(child, ni, nr);
	return ike_keys_child(sa->env->crypt, sa->suite.prf, sa->keys.d, &child->suite, &input,
			      &child->keys);
}

/**
 * ike_child_retry_at() - When a rekey that failed is tried again.
 * @sa: IKE SA
 * @child: child SA of it that is to be replaced
 * @at: now
 */
uint64_t ike_child_retry_at(struct ike_sa *sa, const struct ike_child *child,
			    const struct ike_moment *at)
{
	const uint64_t end = child->since + child->in.hard_ms;
	uint64_t wait = end > at->ms ? (end - at->ms) / RETRY_PART : 0;

	if (wait < RETRY_MIN_MS)
		wait = RETRY_MIN_MS;
	return at->ms + wait + ike_jitter(sa, wait / 2);
}

static void move(struct ike_sa *sa, struct ike_child *child, enum ike_direction direction,
		 const struct ike_path *was, const struct ike_moment *at)
{
	const bool in = direction == IKE_IN;
	struct ike_kernel_sa *k = in ? &child->in : &child->out;
	char text[IKE_CHILD_TEXT_LEN];
	const char *error;

	*(in ? &k->src : &k->dst) = sa->path.remote;
	error = sa->env->ops->move(sa->env->ctx, sa, k, &was->remote);
	if (error)
		ike_sa_fail(sa, at, NULL, NULL,
			    "the kernel did not follow the peer's new address with %s: %s",
			    ike_child_text(text, child), error);
}

/**
 * ike_children_move() - The peer's address or port has changed, RFC 7296 section 2.23.
 * @sa: IKE SA with the new one
 * @was: how it was
 * @at: now
 */
void ike_children_move(struct ike_sa *sa, const struct ike_path *was, const struct ike_moment *at)
{
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list) {
		if (child->has_in)
			move(sa, child, IKE_IN, was, at);
		if (child->has_out)
			move(sa, child, IKE_OUT, was, at);
	}
}
