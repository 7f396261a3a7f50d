// SPDX-License-Identifier: GPL-2.0-or-later
/* Child SAs: their life from the first idea to the last packet. */
#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "ike/child.h"

/**
 * ike_child_state_text() - Name a state of a child SA.
 * @state: state
 */
const char *ike_child_state_text(enum ike_child_state state)
{
	switch (state) {
	case IKE_CHILD_LARVAL:
		return "negotiating";
	case IKE_CHILD_INBOUND:
		return "inbound only";
	case IKE_CHILD_INSTALLED:
		return "installed";
	case IKE_CHILD_REPLACED:
		return "replaced";
	case IKE_CHILD_DELETING:
		return "deleting";
	case IKE_CHILD_LINGERING:
		return "lingering";
	}
	return "unknown";
}

/**
 * ike_child_set_state() - Give a child SA another state.
 * @sa: IKE SA
 * @child: child SA of it
 * @state: the new one
 */
void ike_child_set_state(struct ike_sa *sa, struct ike_child *child, enum ike_child_state state)
{
	if (child->state == state)
		return;
	ike_sa_log(sa, IKE_LOG_DEBUG, "child SA %08x: %s, was %s", child->spi_in,
		   ike_child_state_text(state), ike_child_state_text(child->state));
	child->state = state;
}

/**
 * ike_jitter() - A random time, so that two ends do not act at once.
 * @sa: IKE SA
 * @below: milliseconds that it stays below; 0 gives 0
 */
uint64_t ike_jitter(struct ike_sa *sa, uint64_t below)
{
	uint64_t n;

	if (!below)
		return 0;
	sa->env->ops->random(sa->env->ctx, &n, sizeof(n));
	return n % below;
}

/**
 * ike_soften() - When to replace what has a life.
 * @sa: IKE SA
 * @life: milliseconds or bytes
 * @most: the margin is not larger
 *
 * Return: @life less a margin, a tenth of it, and a part of as much by chance.
 */
uint64_t ike_soften(struct ike_sa *sa, uint64_t life, uint64_t most)
{
	const uint64_t margin = life / 10 < most ? life / 10 : most;

	return life - margin - ike_jitter(sa, margin);
}

/**
 * ike_nonce_compare() - Compare nonces as RFC 7296 section 2.8.1 does.
 * @a: one of them
 * @b: the other one
 *
 * Return: less than 0 if @a is the lower one, 0 if they are the same.
 */
int ike_nonce_compare(struct ike_chunk a, struct ike_chunk b)
{
	int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

/**
 * ike_child_set_nonce() - Keep the lower nonce of the exchange that makes a child SA.
 * @child: child SA
 * @ni: nonce of the initiator
 * @nr: nonce of the responder
 */
void ike_child_set_nonce(struct ike_child *child, struct ike_chunk ni, struct ike_chunk nr)
{
	struct ike_chunk low = ike_nonce_compare(ni, nr) < 0 ? ni : nr;

	child->nonce_len = low.len < sizeof(child->nonce) ? low.len : sizeof(child->nonce);
	memcpy(child->nonce, low.data, child->nonce_len);
}

/**
 * ike_child_by_spi() - Find a child SA.
 * @sa: IKE SA
 * @direction: which SPI is meant: ours (inbound) or the peer's
 * @spi: host order
 *
 * Return: the child SA, in whatever state, or NULL.
 */
struct ike_child *ike_child_by_spi(struct ike_sa *sa, enum ike_direction direction, uint32_t spi)
{
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list)
		if ((direction == IKE_IN ? child->spi_in : child->spi_out) == spi)
			return child;
	return NULL;
}

static uint32_t new_spi(struct ike_sa *sa)
{
	uint32_t spi;

	do
		sa->env->ops->random(sa->env->ctx, &spi, sizeof(spi));
	while (spi < IKE_CHILD_SPI_MIN || ike_child_by_spi(sa, IKE_IN, spi));
	return spi;
}

/**
 * ike_child_new() - Begin a child SA.
 * @sa: IKE SA
 * @policy: what it is for, of the SA's config
 * @pair: line of the access list; SIZE_MAX: all
 * @packet: packet that wants it, or NULL
 *
 * Return: a LARVAL one in the SA's list, or NULL without memory or when there are too many.
 */
struct ike_child *ike_child_new(struct ike_sa *sa, const struct ike_child_policy *policy,
				size_t pair, const struct ike_selector_pair *packet)
{
	struct ike_child *child;

	if (sa->n_children >= IKE_CHILDREN_MAX)
		return NULL;
	child = calloc(1, sizeof(*child));
	if (!child)
		return NULL;
	child->config = ike_config_get(sa->config);
	child->policy = policy;
	child->pair = pair < policy->n_pairs ? pair : SIZE_MAX;
	if (packet)
		child->packet = *packet;
	child->spi_in = new_spi(sa);
	child->rekey = IKE_NEVER;
	child->switch_at = IKE_NEVER;
	child->dies_at = IKE_NEVER;
	TAILQ_INSERT_TAIL(&sa->children, child, list);
	sa->n_children++;
	return child;
}

static void forget_in_task(struct ike_task *task, const struct ike_child *child)
{
	if (task->child == child)
		task->child = NULL;
	if (task->made == child)
		task->made = NULL;
	if (task->collided.child == child)
		task->collided.child = NULL;
}

/* Nothing may refer to what goes. */
static void forget(struct ike_sa *sa, const struct ike_child *child)
{
	struct ike_child *other;
	struct ike_task *task;

	TAILQ_FOREACH(other, &sa->children, list)
		if (other->replaces == child)
			other->replaces = NULL;
	TAILQ_FOREACH(task, &sa->tasks, list)
		forget_in_task(task, child);
	if (sa->asking)
		forget_in_task(sa->asking, child);
	if (sa->init && sa->init->child == child)
		sa->init->child = NULL;
}

/**
 * ike_child_free() - Free a child SA; what the kernel has of it stays there.
 * @sa: IKE SA
 * @child: child SA of it
 */
void ike_child_free(struct ike_sa *sa, struct ike_child *child)
{
	forget(sa, child);
	TAILQ_REMOVE(&sa->children, child, list);
	sa->n_children--;
	ike_child_keys_wipe(&child->keys);
	ike_config_put(child->config);
	free(child);
}

/**
 * ike_child_remove() - Have the kernel forget a child SA, and free it.
 * @sa: IKE SA
 * @child: child SA of it, or NULL
 */
void ike_child_remove(struct ike_sa *sa, struct ike_child *child)
{
	if (!child)
		return;
	ike_child_uninstall(sa, child);
	ike_child_free(sa, child);
}

/**
 * ike_children_free() - Have the kernel forget all child SAs, and free them.
 * @sa: IKE SA, which has ended
 */
void ike_children_free(struct ike_sa *sa)
{
	while (!TAILQ_EMPTY(&sa->children))
		ike_child_remove(sa, TAILQ_FIRST(&sa->children));
}

/**
 * ike_child_is_replaced() - Tell whether another child SA takes the place of one.
 * @sa: IKE SA
 * @child: child SA of it
 */
bool ike_child_is_replaced(const struct ike_sa *sa, const struct ike_child *child)
{
	const struct ike_child *other;

	TAILQ_FOREACH(other, &sa->children, list)
		if (other->replaces == child && other->state != IKE_CHILD_LARVAL)
			return true;
	return false;
}

/**
 * ike_children_ask_delete() - See to it that the peer is told what is to be deleted.
 * @sa: IKE SA
 *
 * One request tells of all child SAs that are to go, so that there is one task for them.
 * Where there is no memory for it now, the timer tries again.
 */
void ike_children_ask_delete(struct ike_sa *sa)
{
	const struct ike_child *child;
	struct ike_task *task;
	bool any = false;

	TAILQ_FOREACH(child, &sa->children, list)
		any |= child->state == IKE_CHILD_DELETING && !child->told;
	TAILQ_FOREACH(task, &sa->tasks, list)
		if (task->ops == &ike_task_delete_child)
			return;
	task = any ? ike_task_new(sa, &ike_task_delete_child) : NULL;
	if (task)
		ike_task_queue(sa, task);
}

/**
 * ike_child_retire() - Delete a child SA because another one has taken its place.
 * @sa: IKE SA
 * @child: child SA of it, one that the peer has
 *
 * Nothing is sent by it from now on; what the peer sends by it is taken until the peer
 * has answered, and a little longer.
 */
void ike_child_retire(struct ike_sa *sa, struct ike_child *child)
{
	if (child->state == IKE_CHILD_DELETING || child->state == IKE_CHILD_LINGERING)
		return;
	ike_child_remove_out(sa, child);
	ike_child_keys_wipe(&child->keys);
	child->told = false;
	child->dies_at = IKE_NEVER;
	ike_child_set_state(sa, child, IKE_CHILD_DELETING);
	ike_children_ask_delete(sa);
}

/**
 * ike_child_delete() - Delete a child SA, and whatever was going to take its place.
 * @sa: IKE SA
 * @child: child SA of it
 * @why: for the log
 *
 * One that is being negotiated goes when the peer has answered.
 */
void ike_child_delete(struct ike_sa *sa, struct ike_child *child, const char *why)
{
	char text[IKE_CHILD_TEXT_LEN];
	struct ike_child *next;

	TAILQ_FOREACH(next, &sa->children, list)
		if (next->replaces == child && next->state == IKE_CHILD_LARVAL)
			next->unwanted = true;
	if (child->state == IKE_CHILD_LARVAL) {
		child->unwanted = true;
		return;
	}
	if (child->state == IKE_CHILD_DELETING || child->state == IKE_CHILD_LINGERING)
		return;
	ike_sa_log(sa, IKE_LOG_NOTICE, "tunnel %s is deleted: %s", ike_child_text(text, child),
		   why);
	ike_child_retire(sa, child);
	TAILQ_FOREACH(next, &sa->children, list) {
		if (next->replaces == child && next->state == IKE_CHILD_INBOUND) {
			ike_child_retire(sa, next);
			break;
		}
	}
}

/**
 * ike_child_replaced() - Let a child SA wait for the peer to delete it.
 * @sa: IKE SA
 * @child: child SA of it, which the peer has replaced, or is to delete for another reason
 * @at: now
 *
 * It goes on as it is in the kernel. If the peer does not delete it, we do.
 */
void ike_child_replaced(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	ike_child_set_state(sa, child, IKE_CHILD_REPLACED);
	ike_child_keys_wipe(&child->keys);
	child->rekey = IKE_NEVER;
	child->switch_at = IKE_NEVER;
	child->dies_at = at->ms + IKE_REPLACED_MS;
}

/**
 * ike_child_end() - A child SA has been deleted at both ends.
 * @sa: IKE SA
 * @child: child SA of it; gone afterwards, unless it lingers
 * @at: now
 */
void ike_child_end(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at)
{
	if (!child->has_in || !ike_child_is_replaced(sa, child)) {
		ike_child_remove(sa, child);
		return;
	}
	ike_child_remove_out(sa, child);
	child->told = false;
	child->dies_at = at->ms + IKE_CHILD_LINGER_MS;
	ike_child_set_state(sa, child, IKE_CHILD_LINGERING);
}

/* Which entry of a new configuration is the same as one of the old one. */
static const struct ike_child_policy *same_policy(const struct ike_config *config,
						  const struct ike_child_policy *policy)
{
	const struct ike_child_policy *now;

	now = ike_config_child(config, policy->ifname, policy->map, policy->number,
			       policy->dynamic_number);
	return now && ike_child_policy_same(now, policy) ? now : NULL;
}

/**
 * ike_children_configure() - Let child SAs follow the configuration.
 * @sa: IKE SA, which has its new config already
 *
 * Those whose entry is as it was go on with it. The others are deleted, and keep their
 * config until they are gone.
 */
void ike_children_configure(struct ike_sa *sa)
{
	const struct ike_child_policy *now;
	struct ike_child *child;

	TAILQ_FOREACH(child, &sa->children, list) {
		if (child->config == sa->config)
			continue;
		now = same_policy(sa->config, child->policy);
		if (!now) {
			ike_child_delete(sa, child, "its crypto map entry has changed");
			continue;
		}
		child->policy = now;
		child->in.policy = now;
		child->out.policy = now;
		ike_config_put(child->config);
		child->config = ike_config_get(sa->config);
	}
}

/**
 * ike_sa_close_child() - Delete a child SA: somebody wants it gone.
 * @sa: IKE SA
 * @at: now
 * @spi_in: ours, host order; of none that there is: nothing happens
 * @why: for the log
 */
void ike_sa_close_child(struct ike_sa *sa, const struct ike_moment *at, uint32_t spi_in,
			const char *why)
{
	struct ike_child *child = ike_child_by_spi(sa, IKE_IN, spi_in);

	if (!child)
		return;
	ike_child_delete(sa, child, why);
	ike_tasks_run(sa, at);
}

/**
 * ike_sa_expired() - The kernel says that the life of a child SA is over, or nearly.
 * @sa: IKE SA
 * @at: now
 * @direction: of the SA that has expired
 * @spi: its SPI, host order
 * @expiry: whether it is to be replaced, or why it is not used any more
 */
void ike_sa_expired(struct ike_sa *sa, const struct ike_moment *at, enum ike_direction direction,
		    uint32_t spi, enum ike_expiry expiry)
{
	struct ike_child *child = ike_child_by_spi(sa, direction, spi), *next;

	if (!child)
		return;
	if (expiry == IKE_EXPIRY_SOFT) {
		if (child->state == IKE_CHILD_INSTALLED && child->rekey > at->ms)
			child->rekey = at->ms;
		ike_sa_timer(sa, at);
		return;
	}
	TAILQ_FOREACH(next, &sa->children, list)
		if (next->replaces == child && next->state == IKE_CHILD_INBOUND &&
		    !ike_child_install_out(sa, next, at))
			ike_child_retire(sa, next);
	if (child->state == IKE_CHILD_LINGERING)
		ike_child_remove(sa, child);
	else if (ike_child_is_replaced(sa, child) ||
		 ike_task_of_child(sa, &ike_task_rekey_child, child))
		ike_child_retire(sa, child);
	else
		ike_child_delete(sa, child, expiry == IKE_EXPIRY_HARD ?
				 "its lifetime is over" : "the kernel has it no more");
	ike_tasks_run(sa, at);
}
