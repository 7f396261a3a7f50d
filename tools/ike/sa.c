// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of an IKE SA: how it begins, what time does to it, how it ends. */
#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ike/sa_int.h"

/* The longest line of a log: a reason with the proposals of both. */
#define LINE_SIZE	1536

/**
 * ike_state_text() - Name a state.
 * @state: state of an IKE SA
 */
const char *ike_state_text(enum ike_state state)
{
	switch (state) {
	case IKE_STATE_INIT:
		return "IKE_SA_INIT";
	case IKE_STATE_HALF_OPEN:
		return "half open";
	case IKE_STATE_AUTH:
		return "IKE_AUTH";
	case IKE_STATE_ESTABLISHED:
		return "established";
	case IKE_STATE_REPLACED:
		return "replaced";
	case IKE_STATE_DELETING:
		return "deleting";
	case IKE_STATE_DEAD:
		return "dead";
	}
	return "unknown";
}

/**
 * ike_sa_log() - Write a line to the host's log.
 * @sa: IKE SA
 * @level: how loud
 * @format: of printf()
 */
void ike_sa_log(struct ike_sa *sa, enum ike_level level, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	sa->env->ops->log(sa->env->ctx, sa, level, line);
}

/**
 * ike_sa_fail() - Remember and log why something has failed.
 * @sa: IKE SA; goes on as it is
 * @at: when
 * @theirs: what the peer had, for whom that is of interest; NULL: nothing
 * @ours: what we had; NULL: nothing
 * @format: of printf(): why
 */
void ike_sa_fail(struct ike_sa *sa, const struct ike_moment *at, const char *theirs,
		 const char *ours, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(sa->error, sizeof(sa->error), format, ap);
	va_end(ap);
	snprintf(sa->error_theirs, sizeof(sa->error_theirs), "%s", theirs ? theirs : "");
	snprintf(sa->error_ours, sizeof(sa->error_ours), "%s", ours ? ours : "");
	sa->error_at = at->ms;
	if (*sa->error_theirs && *sa->error_ours)
		ike_sa_log(sa, IKE_LOG_ERROR, "%s; theirs: %s; ours: %s", sa->error,
			   sa->error_theirs, sa->error_ours);
	else if (*sa->error_theirs || *sa->error_ours)
		ike_sa_log(sa, IKE_LOG_ERROR, "%s; %s: %s", sa->error,
			   *sa->error_theirs ? "theirs" : "ours",
			   *sa->error_theirs ? sa->error_theirs : sa->error_ours);
	else
		ike_sa_log(sa, IKE_LOG_ERROR, "%s", sa->error);
}

static bool is_taken(const uint8_t spi[IKE_SPI_LEN_MAX])
{
	static const uint8_t none[IKE_SPI_LEN_MAX];

	return !memcmp(spi, none, sizeof(none));
}

/**
 * ike_sa_new() - Make an IKE SA that does not yet do anything.
 * @env: what it runs in
 * @config: configuration, of which it takes a reference
 * @path: addresses
 * @initiator: we are the original initiator
 * @at: now
 *
 * It has an SPI of its own, which is unique but for a chance of one in 2^64.
 *
 * Return: it, to be released by ike_sa_free(), or NULL without memory.
 */
struct ike_sa *ike_sa_new(const struct ike_env *env, const struct ike_config *config,
			  const struct ike_path *path, bool initiator,
			  const struct ike_moment *at)
{
	struct ike_sa *sa = calloc(1, sizeof(*sa));
	uint8_t *spi;

	if (!sa)
		return NULL;
	sa->env = env;
	sa->config = ike_config_get(config);
	sa->initiator = initiator;
	sa->path = *path;
	sa->state = initiator ? IKE_STATE_INIT : IKE_STATE_HALF_OPEN;
	TAILQ_INIT(&sa->tasks);
	TAILQ_INIT(&sa->children);
	spi = initiator ? sa->spi_i : sa->spi_r;
	do {
		env->ops->random(env->ctx, spi, IKE_SPI_LEN_MAX);
	} while (is_taken(spi));
	sa->born = at->ms;
	sa->heard_at = at->ms;
	sa->said_at = at->ms;
	sa->rekey_at = IKE_NEVER;
	sa->dies_at = IKE_NEVER;
	sa->probe_at = IKE_NEVER;
	sa->idle_at = IKE_NEVER;
	return sa;
}

/* All that it still wanted or had. */
static void drop_all(struct ike_sa *sa, const struct ike_moment *at)
{
	ike_tasks_drop(sa, at);
	ike_children_free(sa);
	ike_init_free(sa);
	sa->rekey_at = IKE_NEVER;
	sa->probe_at = IKE_NEVER;
	sa->idle_at = IKE_NEVER;
}

/**
 * ike_sa_set_state() - The only place where the state of an IKE SA changes.
 * @sa: IKE SA
 * @state: new state; %IKE_STATE_DEAD removes its child SAs and tasks and cannot be left
 * @at: now
 */
void ike_sa_set_state(struct ike_sa *sa, enum ike_state state, const struct ike_moment *at)
{
	if (sa->state == state || sa->state == IKE_STATE_DEAD)
		return;
	ike_sa_log(sa, IKE_LOG_DEBUG, "%s, was %s", ike_state_text(state),
		   ike_state_text(sa->state));
	sa->state = state;
	switch (state) {
	case IKE_STATE_DEAD:
		sa->dies_at = IKE_NEVER;
		drop_all(sa, at);
		break;
	case IKE_STATE_REPLACED:
		sa->rekey_at = IKE_NEVER;
		sa->dies_at = at->ms + IKE_REPLACED_MS;
		break;
	case IKE_STATE_DELETING:
		sa->rekey_at = IKE_NEVER;
		break;
	default:
		break;
	}
}

/**
 * ike_sa_linger() - End an IKE SA, but go on repeating its last answer for a while.
 * @sa: IKE SA
 * @at: now
 *
 * The answer may be lost that tells the peer of the end.
 */
void ike_sa_linger(struct ike_sa *sa, const struct ike_moment *at)
{
	if (sa->state == IKE_STATE_DEAD)
		return;
	ike_sa_set_state(sa, IKE_STATE_DELETING, at);
	sa->lingering = true;
	sa->dies_at = at->ms + IKE_LINGER_MS;
	drop_all(sa, at);
}

/**
 * ike_sa_established() - Authentication has succeeded, or a rekey.
 * @sa: IKE SA, whose profile is known
 * @at: now
 */
void ike_sa_established(struct ike_sa *sa, const struct ike_moment *at)
{
	ike_sa_set_state(sa, IKE_STATE_ESTABLISHED, at);
	sa->since = at->ms;
	sa->heard_at = at->ms;
	sa->dies_at = IKE_NEVER;
	ike_sa_start_clocks(sa, at);
}

/**
 * ike_sa_initiate() - Begin an IKE SA.
 * @env: what it runs in
 * @config: configuration
 * @profile: of @config, for this peer
 * @path: addresses with their ports
 * @initial_contact: the host knows of no other SA with the peer; it is told so
 * @at: now
 *
 * Its first message has been sent when this returns, unless there was no memory or
 * something is missing in the configuration: then the SA is dead and has said why.
 * ike_sa_want_child() tells what it is for.
 *
 * Return: it, to be released by ike_sa_free(), or NULL without memory.
 */
struct ike_sa *ike_sa_initiate(const struct ike_env *env, const struct ike_config *config,
			       const struct ike_profile *profile, const struct ike_path *path,
			       bool initial_contact, const struct ike_moment *at)
{
	struct ike_sa *sa = ike_sa_new(env, config, path, true, at);
	struct ike_task *task;

	if (!sa)
		return NULL;
	sa->profile = profile;
	sa->init = calloc(1, sizeof(*sa->init));
	task = ike_task_new(sa, &ike_task_init);
	if (!sa->init || !task) {
		ike_task_free(task);
		ike_sa_free(sa);
		return NULL;
	}
	sa->init->initial_contact = initial_contact;
	sa->policy = ike_config_policy(config, &path->local);
	if (!sa->policy) {
		ike_task_free(task);
		ike_sa_fail(sa, at, NULL, NULL, "no policy for the address of ours");
		ike_sa_set_state(sa, IKE_STATE_DEAD, at);
		return sa;
	}
	ike_task_queue(sa, task);
	ike_tasks_run(sa, at);
	return sa;
}

/**
 * ike_sa_respond() - Make the SA that a first message asks for.
 * @env: what it runs in
 * @config: configuration
 * @path: how the message came
 * @at: now
 *
 * ike_greet() has looked at the message; ike_sa_receive() is to be given it next.
 *
 * Return: it, to be released by ike_sa_free(), or NULL without memory.
 */
struct ike_sa *ike_sa_respond(const struct ike_env *env, const struct ike_config *config,
			      const struct ike_path *path, const struct ike_moment *at)
{
	struct ike_sa *sa = ike_sa_new(env, config, path, false, at);

	if (!sa)
		return NULL;
	sa->init = calloc(1, sizeof(*sa->init));
	if (!sa->init) {
		ike_sa_free(sa);
		return NULL;
	}
	sa->dies_at = at->ms + IKE_HALF_OPEN_MS;
	return sa;
}

/**
 * ike_sa_free() - Forget an IKE SA.
 * @sa: IKE SA, or NULL. Where it has not ended its child SAs stay in the kernel and
 *	the peer is told nothing: so a daemon that stops leaves traffic alone.
 */
void ike_sa_free(struct ike_sa *sa)
{
	struct ike_child *child;
	struct ike_task *task;

	if (!sa)
		return;
	/* tasks refer to them, and forget them */
	while ((child = TAILQ_FIRST(&sa->children)))
		ike_child_free(sa, child);
	ike_task_free(sa->asking);
	while ((task = ike_task_pop(sa)))
		ike_task_free(task);
	ike_init_free(sa);
	ike_reassembly_free(&sa->reassembly[0]);
	ike_reassembly_free(&sa->reassembly[1]);
	ike_datagrams_free(&sa->sent);
	ike_datagrams_free(&sa->answered);
	ike_keys_wipe(&sa->keys);
	ike_config_put(sa->config);
	free(sa);
}

/* It has come to the end of the time that it had. */
static void expire(struct ike_sa *sa, const struct ike_moment *at)
{
	switch (sa->state) {
	case IKE_STATE_INIT:
		/* what was said in clear has been logged when it came */
		ike_sa_log(sa, IKE_LOG_ERROR, "given up: %s", sa->error);
		break;
	case IKE_STATE_HALF_OPEN:
		ike_sa_fail(sa, at, NULL, NULL,
			    "no IKE_AUTH within %u s: the peer did not get our answer, or UDP port 4500 does not get through",
			    IKE_HALF_OPEN_MS / 1000);
		break;
	default:
		break;
	}
	ike_sa_set_state(sa, IKE_STATE_DEAD, at);
}

static bool is_running(const struct ike_sa *sa)
{
	return !sa->lingering &&
	       (sa->state == IKE_STATE_ESTABLISHED || sa->state == IKE_STATE_REPLACED ||
		sa->state == IKE_STATE_DELETING);
}

/**
 * ike_sa_timer() - Do what is due.
 * @sa: IKE SA
 * @at: now; calling it before the ike_sa_deadline() does no harm
 */
void ike_sa_timer(struct ike_sa *sa, const struct ike_moment *at)
{
	if (sa->state == IKE_STATE_DEAD)
		return;
	if (sa->dies_at <= at->ms) {
		expire(sa, at);
		return;
	}
	if (sa->asking && sa->resend_at <= at->ms)
		ike_task_resend(sa, at);
	if (is_running(sa))
		ike_sa_established_timer(sa, at);
	ike_tasks_run(sa, at);
}

/**
 * ike_sa_deadline() - When ike_sa_timer() is to be called next.
 * @sa: IKE SA
 *
 * Return: then, %IKE_NEVER: not before something happens to it.
 */
uint64_t ike_sa_deadline(const struct ike_sa *sa)
{
	uint64_t next = sa->dies_at, other;

	if (sa->state == IKE_STATE_DEAD)
		return IKE_NEVER;
	other = ike_tasks_deadline(sa);
	if (other < next)
		next = other;
	other = is_running(sa) ? ike_sa_established_deadline(sa) : IKE_NEVER;
	return other < next ? other : next;
}

/**
 * ike_sa_state() - State of an IKE SA.
 * @sa: IKE SA
 */
enum ike_state ike_sa_state(const struct ike_sa *sa)
{
	return sa->state;
}

/**
 * ike_sa_local_spi() - The SPI that we have chosen.
 * @sa: IKE SA
 *
 * Return: 8 octets.
 */
const uint8_t *ike_sa_local_spi(const struct ike_sa *sa)
{
	return sa->initiator ? sa->spi_i : sa->spi_r;
}

/**
 * ike_sa_is_initiator() - Tell whether we are the original initiator.
 * @sa: IKE SA
 */
bool ike_sa_is_initiator(const struct ike_sa *sa)
{
	return sa->initiator;
}

/**
 * ike_sa_path() - Between which addresses messages go now.
 * @sa: IKE SA
 */
const struct ike_path *ike_sa_path(const struct ike_sa *sa)
{
	return &sa->path;
}

/* Text of an address; IKE SAs are logged without a port but where NAT matters. */
const char *ike_endpoint_text(char buf[IKE_ENDPOINT_TEXT_LEN], const struct ike_endpoint *e)
{
	if (!inet_ntop(e->family, e->address, buf, IKE_ENDPOINT_TEXT_LEN))
		snprintf(buf, IKE_ENDPOINT_TEXT_LEN, "no address");
	return buf;
}
