// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "lib/alloc.h"
#include "vpnhad/attempts.h"
#include "vpnhad/clock.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/log.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

/* When all peers of an entry have failed it waits so long, and twice as long each time. */
#define BACK_OFF_MIN_MS	1000
#define BACK_OFF_MAX_MS	60000

/* How often it is looked at what is to be there without traffic, while it is not. */
#define CONNECT_S	1

/**
 * struct attempt - What was tried for an entry of a crypto map.
 * @list: in struct attempts
 * @want: what the last packet wanted; its key is the entry
 * @number: of the try that is under way; 0: none
 * @peer: index of the peer that is tried, or next to be
 * @failed: how many peers have failed one after the other
 * @back_off_ms: how long it waited last
 * @not_before: when it may be tried again
 * @error: why it failed last; no text: it has not
 */
struct attempt {
	LIST_ENTRY(attempt) list;
	struct want want;
	uint64_t number;
	size_t peer, failed;
	uint64_t back_off_ms, not_before;
	struct conn_error error;
};

/**
 * struct attempts - All of them.
 * @d: daemon
 * @list: attempts
 * @last: number of the last try
 * @connect: when it is looked at what is to be there without traffic
 */
struct attempts {
	struct vpnhad *d;
	LIST_HEAD(attempt_list, attempt) list;
	uint64_t last;
	struct event *connect;
};

static void connect_is_due(evutil_socket_t fd, short what, void *data);

/**
 * attempts_new() - Make an empty set of attempts.
 * @d: daemon
 */
struct attempts *attempts_new(struct vpnhad *d)
{
	struct attempts *all = xcalloc(1, sizeof(*all));

	all->d = d;
	all->connect = event_new(d->base, -1, 0, connect_is_due, all);
	LIST_INIT(&all->list);
	return all;
}

/**
 * attempts_forget() - Forget what was tried, so that it is tried at once.
 * @all: attempts
 */
void attempts_forget(struct attempts *all)
{
	struct attempt *a, *next;

	for (a = LIST_FIRST(&all->list); a; a = next) {
		next = LIST_NEXT(a, list);
		free(a);
	}
	LIST_INIT(&all->list);
}

/**
 * attempts_free() - Release all.
 * @all: attempts, or NULL
 */
void attempts_free(struct attempts *all)
{
	if (!all)
		return;
	attempts_forget(all);
	event_free(all->connect);
	free(all);
}

static struct attempt *find(const struct attempts *all, const char *ifname, const char *map,
			    uint32_t number)
{
	struct attempt *a;

	LIST_FOREACH(a, &all->list, list)
		if (!strcmp(a->want.ifname, ifname) && !strcmp(a->want.map, map) &&
		    a->want.number == number)
			return a;
	return NULL;
}

static struct attempt *get(struct attempts *all, const struct want *want)
{
	struct attempt *a = find(all, want->ifname, want->map, want->number);

	if (!a) {
		a = xcalloc(1, sizeof(*a));
		LIST_INSERT_HEAD(&all->list, a, list);
	}
	a->want = *want;
	return a;
}

static const struct ike_child_policy *policy_of(const struct attempts *all,
						const struct want *want)
{
	if (!all->d->config)
		return NULL;
	return ike_config_child(all->d->config, want->ifname, want->map, want->number, 0);
}

static const struct ike_endpoint *local_of(const struct ike_child_policy *policy,
					   const struct ike_endpoint *peer)
{
	for (size_t n = 0; n < 2; n++)
		if (policy->local[n].family == peer->family)
			return &policy->local[n];
	return NULL;
}

static size_t pair_of(const struct ike_child_policy *policy, uint32_t line)
{
	for (size_t n = 0; n < policy->n_pairs; n++)
		if (policy->lines[n] == line)
			return n;
	return SIZE_MAX;
}

static void ask(struct attempts *all, struct conn *c, const struct ike_child_policy *policy,
		const struct want *want)
{
	struct job *j = job_new(JOB_WANT);

	j->config = ike_config_get(all->d->config);
	j->policy = policy;
	j->pair = pair_of(policy, want->line);
	j->packet = want->packet;
	table_post(all->d->table, c, j);
}

static const struct ike_profile *profile_of(const struct ike_config *config,
					    const struct ike_child_policy *policy,
					    const struct ike_endpoint *local,
					    const struct ike_endpoint *peer)
{
	struct ike_identity id = {};

	if (policy->profile[0])
		return ike_config_profile(config, policy->profile);
	ike_identity_of_address(&id, peer);
	return ike_config_profile_for(config, local, &id);
}

__attribute__((format(printf, 3, 4)))
static void fail(struct attempt *a, const struct ike_endpoint *peer, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(a->error.text, sizeof(a->error.text), format, ap);
	va_end(ap);
	a->error.theirs[0] = '\0';
	a->error.ours[0] = '\0';
	a->error.at_ms = clock_ms();
	log_line(IKE_LOG_ERROR, peer, "%s crypto map %s %u: %s", a->want.ifname, a->want.map,
		 a->want.number, a->error.text);
}

static void back_off(struct attempt *a)
{
	a->back_off_ms = a->back_off_ms ? a->back_off_ms * 2 : BACK_OFF_MIN_MS;
	if (a->back_off_ms > BACK_OFF_MAX_MS)
		a->back_off_ms = BACK_OFF_MAX_MS;
	a->not_before = clock_ms() + a->back_off_ms;
	a->failed = 0;
	log_line(IKE_LOG_NOTICE, NULL,
		 "%s crypto map %s %u: none of its peers could be reached; traffic tries again in %u s",
		 a->want.ifname, a->want.map, a->want.number,
		 (unsigned int)(a->back_off_ms / 1000));
}

/* Begin with the peer whose turn it is; false: it cannot be. */
static bool begin(struct attempts *all, struct attempt *a, const struct ike_child_policy *policy)
{
	const struct ike_config *config = all->d->config;
	const struct ike_endpoint *peer = &policy->peers[a->peer % policy->n_peers];
	const struct ike_endpoint *local = local_of(policy, peer);
	const struct ike_profile *profile;
	struct endpoint *e;
	struct conn *c;

	e = local ? endpoint_find(all->d->endpoints, local) : NULL;
	if (!local) {
		fail(a, peer, "%s has no address of the peer's IP version", a->want.ifname);
		return false;
	}
	if (!e || !endpoint_is_open(e)) {
		fail(a, peer, "the crypto map's own address is not there, or not ours to bind");
		return false;
	}
	profile = profile_of(config, policy, local, peer);
	if (!profile && policy->profile[0]) {
		fail(a, peer, "there is no crypto ikev2 profile %s", policy->profile);
		return false;
	}
	if (!profile) {
		fail(a, peer, "no crypto ikev2 profile matches this address");
		return false;
	}
	log_line(IKE_LOG_NOTICE, peer,
		 "a tunnel is wanted for %s crypto map %s %u: IKE begins with profile %s",
		 a->want.ifname, a->want.map, a->want.number, profile->name);
	a->number = ++all->last;
	c = table_initiate(all->d->table, e, config, profile, peer, a->number);
	ask(all, c, policy, &a->want);
	return true;
}

/* Peer by peer until one can be tried; when none is left it is put off. */
static void try(struct attempts *all, struct attempt *a, const struct ike_child_policy *policy)
{
	a->number = 0;
	while (a->failed < policy->n_peers) {
		if (begin(all, a, policy))
			return;
		a->failed++;
		a->peer++;
	}
	back_off(a);
}

/**
 * attempts_want() - Carry out what a packet wants.
 * @all: attempts
 * @want: that
 *
 * An IKE SA with one of the entry's peers is asked for a child SA; without one, one is
 * begun. The kernel repeats what it wants for as long as packets come.
 */
void attempts_want(struct attempts *all, const struct want *want)
{
	const struct ike_child_policy *policy = policy_of(all, want);
	struct attempt *a;

	all->d->counters.acquires++;
	if (!policy || !policy->n_peers || all->d->stopping)
		return;
	for (size_t n = 0; n < policy->n_peers; n++) {
		const struct ike_endpoint *local = local_of(policy, &policy->peers[n]);
		struct conn *c = local ? table_to_peer(all->d->table, local, &policy->peers[n]) :
					 NULL;

		if (!c)
			continue;
		ask(all, c, policy, want);
		return;
	}
	a = get(all, want);
	if (a->number || clock_ms() < a->not_before) {
		all->d->counters.acquires_held_back++;
		return;
	}
	try(all, a, policy);
}

/* An established IKE SA with one of the entry's peers that has a child SA of it. */
static bool is_up(const struct attempts *all, const struct ike_child_policy *policy)
{
	for (size_t n = 0; n < policy->n_peers; n++) {
		const struct ike_endpoint *local = local_of(policy, &policy->peers[n]);
		const struct conn *c = local ? table_to_peer(all->d->table, local,
							     &policy->peers[n]) : NULL;

		for (size_t k = 0; c && k < c->state.n_children; k++)
			if (c->state.children[k].number == policy->number &&
			    !strcmp(c->state.children[k].map, policy->map) &&
			    !strcmp(c->state.children[k].ifname, policy->ifname))
				return true;
		/* Whatever was asked for is under way. */
		if (c && c->state.state < IKE_STATE_ESTABLISHED)
			return true;
	}
	return false;
}

/* The endpoint of an entry that is to be up without traffic, or NULL: it is not. */
static struct endpoint *endpoint_to_be_up(const struct attempts *all,
					  const struct ike_child_policy *policy)
{
	const struct ike_endpoint *local = policy->n_peers ? local_of(policy, &policy->peers[0]) :
							     NULL;
	const struct ike_profile *profile;

	if (!local)
		return NULL;
	profile = profile_of(all->d->config, policy, local, &policy->peers[0]);
	return profile && profile->connect ? endpoint_find(all->d->endpoints, local) : NULL;
}

static void want_all_lines(struct attempts *all, const struct ike_child_policy *policy)
{
	struct want want = { .number = policy->number };

	memcpy(want.ifname, policy->ifname, sizeof(want.ifname));
	memcpy(want.map, policy->map, sizeof(want.map));
	for (size_t n = 0; n < policy->n_pairs; n++) {
		want.line = policy->lines[n];
		attempts_want(all, &want);
	}
}

static void connect_is_due(evutil_socket_t fd, short what, void *data)
{
	static const struct timeval later = { .tv_sec = CONNECT_S };
	struct attempts *all = data;
	const struct ike_config *config = all->d->config;
	bool again = false;

	(void)fd;
	(void)what;
	for (size_t n = 0; config && !all->d->stopping && n < config->n_children; n++) {
		const struct ike_child_policy *policy = &config->children[n];
		const struct endpoint *e = endpoint_to_be_up(all, policy);

		again |= !!e;
		if (e && endpoint_is_open(e) && !is_up(all, policy))
			want_all_lines(all, policy);
	}
	if (again)
		event_add(all->connect, &later);
}

/**
 * attempts_afresh() - What failed on an interface before may be tried at once.
 * @all: attempts
 * @ifname: interface, whose crypto map has become active
 */
void attempts_afresh(struct attempts *all, const char *ifname)
{
	struct attempt *a;

	LIST_FOREACH(a, &all->list, list) {
		if (strcmp(a->want.ifname, ifname))
			continue;
		a->back_off_ms = 0;
		a->not_before = 0;
	}
	attempts_connect_soon(all);
}

/**
 * attempts_connect_soon() - Look at what "connect auto" asks for.
 * @all: attempts
 *
 * To be called when it may be more than before; that something has been lost is
 * looked for from then on.
 */
void attempts_connect_soon(struct attempts *all)
{
	static const struct timeval now = {};

	event_add(all->connect, &now);
}

static bool has_peer(const struct ike_child_policy *policy, const struct conn *c)
{
	for (size_t n = 0; n < policy->n_peers; n++)
		if (ike_endpoint_same_address(&policy->peers[n], &c->remote))
			return true;
	return false;
}

/* A peer has tried in vain: that is told beside the entries that are for it. */
static void remember(struct attempts *all, const struct conn *c)
{
	const struct ike_config *config = all->d->config;

	for (size_t n = 0; config && n < config->n_children; n++) {
		const struct ike_child_policy *policy = &config->children[n];
		struct want want = { .number = policy->number };

		if (!has_peer(policy, c))
			continue;
		memcpy(want.ifname, policy->ifname, sizeof(want.ifname));
		memcpy(want.map, policy->map, sizeof(want.map));
		if (find(all, want.ifname, want.map, want.number))
			find(all, want.ifname, want.map, want.number)->error = c->state.error;
		else
			get(all, &want)->error = c->state.error;
	}
}

static struct attempt *find_number(const struct attempts *all, uint64_t number)
{
	struct attempt *a;

	LIST_FOREACH(a, &all->list, list)
		if (a->number == number)
			return a;
	return NULL;
}

/**
 * attempts_over() - An IKE SA has ended before it was established.
 * @all: attempts
 * @c: it
 */
void attempts_over(struct attempts *all, const struct conn *c)
{
	const struct ike_child_policy *policy;
	struct attempt *a;

	if (!c->attempt) {
		if (c->state.error.text[0])
			remember(all, c);
		return;
	}
	a = find_number(all, c->attempt);
	if (!a)
		return;
	a->number = 0;
	a->error = c->state.error;
	a->peer++;
	a->failed++;
	policy = policy_of(all, &a->want);
	/* Without its role it is not tried again. */
	if (policy && policy->n_peers && !all->d->stopping && endpoint_is_open(c->endpoint))
		try(all, a, policy);
}

/**
 * attempts_established() - An IKE SA was established.
 * @all: attempts
 * @c: it
 */
void attempts_established(struct attempts *all, const struct conn *c)
{
	const struct ike_child_policy *policy;
	struct attempt *a, *next;

	for (a = LIST_FIRST(&all->list); a; a = next) {
		next = LIST_NEXT(a, list);
		policy = policy_of(all, &a->want);
		if (a->number != c->attempt && policy && !has_peer(policy, c))
			continue;
		if (a->number && a->number != c->attempt)
			continue;
		LIST_REMOVE(a, list);
		free(a);
	}
}

/**
 * attempts_error() - Tell why there is no tunnel.
 * @all: attempts
 * @ifname: interface
 * @map: crypto map
 * @number: its entry
 *
 * Return: why the last attempt failed, or NULL.
 */
const struct conn_error *attempts_error(const struct attempts *all, const char *ifname,
					const char *map, uint32_t number)
{
	const struct attempt *a = find(all, ifname, map, number);

	return a && a->error.text[0] ? &a->error : NULL;
}
