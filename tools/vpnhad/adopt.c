// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "lib/alloc.h"
#include "vpnhad/adopt.h"
#include "vpnhad/attempts.h"
#include "vpnhad/clock.h"
#include "vpnhad/log.h"
#include "vpnhad/vpnhad.h"

/*
 * An adopted SA stays so much longer than its entry has new ones: packets may be on
 * their way, and other lines of the entry may not have been replaced yet.
 */
#define LINGER_MS	5000

/* It is tried again to replace what could not be. */
#define REPLACE_S	30

/**
 * struct adopted_sa - An SA whose IKE SA is gone.
 * @list: in struct adopted
 * @key: its name
 * @ifname: interface, and what follows the entry
 * @map: crypto map
 * @number: its entry
 * @dynamic_number: entry of the dynamic map, or 0
 * @local: our address
 * @peer: the peer's
 * @selector: the first of its selectors
 * @has_selector: there is one
 * @ends_at: when it is removed; 0: not yet known
 */
struct adopted_sa {
	LIST_ENTRY(adopted_sa) list;
	struct kernel_key key;
	char ifname[IFNAMSIZ];
	char map[CRYPTO_NAME_SIZE];
	uint32_t number, dynamic_number;
	struct ike_endpoint local, peer;
	struct crypto_selector selector;
	bool has_selector;
	uint64_t ends_at;
};

/**
 * struct adopted - All of them.
 * @d: daemon
 * @sas: way to the kernel
 * @list: SAs
 * @n: how many
 * @end: when the first one is to be removed
 * @replace: when it is tried to replace them
 */
struct adopted {
	struct vpnhad *d;
	struct kernel_sas *sas;
	LIST_HEAD(adopted_list, adopted_sa) list;
	size_t n;
	struct event *end, *replace;
};

static void forget(struct adopted *a, struct adopted_sa *sa)
{
	LIST_REMOVE(sa, list);
	a->n--;
	free(sa);
}

static void remove_sa(struct adopted *a, struct adopted_sa *sa)
{
	const char *why = kernel_sa_remove(a->sas, &sa->key);

	if (why)
		log_line(IKE_LOG_ERROR, &sa->peer, "the kernel did not remove the SA 0x%08X: %s",
			 sa->key.spi, why);
	forget(a, sa);
}

static void set_end(struct adopted *a)
{
	uint64_t now = clock_ms(), first = UINT64_MAX;
	struct adopted_sa *sa;
	struct timeval tv;

	LIST_FOREACH(sa, &a->list, list)
		if (sa->ends_at && sa->ends_at < first)
			first = sa->ends_at;
	if (first == UINT64_MAX)
		return;
	first = first > now ? first - now : 1;
	tv.tv_sec = (time_t)(first / 1000);
	tv.tv_usec = (suseconds_t)(first % 1000) * 1000;
	event_add(a->end, &tv);
}

static void end_is_there(evutil_socket_t fd, short what, void *data)
{
	struct adopted_sa *sa, *next;
	struct adopted *a = data;
	uint64_t now = clock_ms();

	(void)fd;
	(void)what;
	for (sa = LIST_FIRST(&a->list); sa; sa = next) {
		next = LIST_NEXT(sa, list);
		if (sa->ends_at && sa->ends_at <= now)
			remove_sa(a, sa);
	}
	set_end(a);
}

static void replace_is_due(evutil_socket_t fd, short what, void *data)
{
	(void)fd;
	(void)what;
	adopted_replace(data);
}

/**
 * adopted_new() - Make an empty set.
 * @d: daemon
 */
struct adopted *adopted_new(struct vpnhad *d)
{
	struct adopted *a = xcalloc(1, sizeof(*a));

	a->d = d;
	a->sas = kernel_sas_new();
	LIST_INIT(&a->list);
	a->end = event_new(d->base, -1, 0, end_is_there, a);
	a->replace = event_new(d->base, -1, 0, replace_is_due, a);
	return a;
}

/**
 * adopted_free() - Release it; the SAs stay.
 * @a: set, or NULL
 */
void adopted_free(struct adopted *a)
{
	struct adopted_sa *sa, *next;

	if (!a)
		return;
	for (sa = LIST_FIRST(&a->list); sa; sa = next) {
		next = LIST_NEXT(sa, list);
		forget(a, sa);
	}
	event_free(a->end);
	event_free(a->replace);
	kernel_sas_free(a->sas);
	free(a);
}

/**
 * adopted_count() - How many there are.
 * @a: set
 */
size_t adopted_count(const struct adopted *a)
{
	return a->n;
}

static void add(struct adopted *a, const struct crypto_sa *from)
{
	struct adopted_sa *sa = xcalloc(1, sizeof(*sa));
	bool in = from->direction == VPNHA_ESP_DIRECTION_IN;

	sa->key.direction = in ? IKE_IN : IKE_OUT;
	sa->key.spi = from->spi;
	sa->key.dst = from->dst;
	memcpy(sa->ifname, from->ifname, sizeof(sa->ifname));
	memcpy(sa->map, from->map, sizeof(sa->map));
	sa->number = from->number;
	sa->dynamic_number = from->dynamic_number;
	kernel_endpoint(&sa->local, in ? &from->dst : &from->src, 500);
	kernel_endpoint(&sa->peer, in ? &from->src : &from->dst, 500);
	sa->has_selector = from->n_selectors;
	if (from->n_selectors)
		sa->selector = from->selectors[0];
	LIST_INSERT_HEAD(&a->list, sa, list);
	a->n++;
}

static bool is_active(const struct crypto *c, const struct crypto_sa *sa)
{
	const struct crypto_binding *b = crypto_binding_find(c, sa->ifname);

	return b && b->state.role == VPNHA_ROLE_ACTIVE;
}

/**
 * adopted_take() - Adopt what is there when the daemon begins.
 * @a: set
 * @c: what the kernel has
 *
 * Those of a crypto map that is not active here would have been dropped when it lost
 * its role: they are removed.
 */
void adopted_take(struct adopted *a, const struct crypto *c)
{
	static const struct timeval soon = { .tv_sec = 1 };

	for (size_t n = 0; n < c->n_sas; n++) {
		const struct crypto_sa *sa = c->sas[n];

		if (sa->manual)
			continue;
		add(a, sa);
		if (!is_active(c, sa))
			remove_sa(a, LIST_FIRST(&a->list));
	}
	a->d->counters.adopted += a->n;
	if (!a->n)
		return;
	log_line(IKE_LOG_NOTICE, NULL,
		 "%zu SAs are there from before; they stay until they are replaced", a->n);
	event_add(a->replace, &soon);
}

/* The line of the access list that an SA is of; NULL: none that is still there. */
static bool line_of(const struct adopted *a, const struct adopted_sa *sa, uint32_t *line)
{
	const struct ike_child_policy *policy;

	policy = a->d->config ? ike_config_child(a->d->config, sa->ifname, sa->map, sa->number, 0) :
				NULL;
	for (size_t n = 0; policy && n < policy->n_pairs; n++) {
		const struct ike_selector *local = &policy->pairs[n].local;
		const struct ike_selector *remote = &policy->pairs[n].remote;
		struct ike_selector src, dst;

		*line = policy->lines[n];
		if (!sa->has_selector)
			return true;
		ike_selector_of_prefix(&src, sa->selector.src.family, sa->selector.src.bytes,
				       (unsigned int)address_mask_length(&sa->selector.src_mask));
		ike_selector_of_prefix(&dst, sa->selector.dst.family, sa->selector.dst.bytes,
				       (unsigned int)address_mask_length(&sa->selector.dst_mask));
		src.protocol = (uint8_t)sa->selector.protocol;
		dst.protocol = (uint8_t)sa->selector.protocol;
		src.first_port = sa->selector.src_port[0];
		src.last_port = sa->selector.src_port[1];
		dst.first_port = sa->selector.dst_port[0];
		dst.last_port = sa->selector.dst_port[1];
		if (ike_selector_within(&src, local) && ike_selector_within(&dst, remote))
			return true;
	}
	return false;
}

/**
 * adopted_replace() - Begin to replace those whose peer can be spoken to.
 * @a: set
 *
 * A peer of a dynamic map comes itself when its own dead peer detection finds that
 * its IKE SA is gone.
 */
void adopted_replace(struct adopted *a)
{
	static const struct timeval later = { .tv_sec = REPLACE_S };
	struct adopted_sa *sa;

	LIST_FOREACH(sa, &a->list, list) {
		struct want want = { .number = sa->number };

		if (sa->key.direction != IKE_OUT || sa->ends_at || sa->dynamic_number ||
		    !line_of(a, sa, &want.line))
			continue;
		memcpy(want.ifname, sa->ifname, sizeof(want.ifname));
		snprintf(want.map, sizeof(want.map), "%s", sa->map);
		attempts_want(a->d->attempts, &want);
	}
	if (a->n)
		event_add(a->replace, &later);
}

static bool is_of(const struct adopted_sa *sa, const struct conn *c, const struct conn_child *child)
{
	return sa->number == child->number && sa->dynamic_number == child->dynamic_number &&
	       !strcmp(sa->ifname, child->ifname) && !strcmp(sa->map, child->map) &&
	       ike_endpoint_same_address(&sa->peer, &c->state.path.remote);
}

/* One that an IKE SA has is none of ours: it was made while we looked. */
static bool is_itself(const struct adopted_sa *sa, const struct conn_child *child)
{
	return sa->key.spi == (sa->key.direction == IKE_IN ? child->spi_in : child->spi_out);
}

/**
 * adopted_succeeded() - An IKE SA has child SAs, which may replace adopted ones.
 * @a: set
 * @c: that IKE SA
 */
void adopted_succeeded(struct adopted *a, const struct conn *c)
{
	struct adopted_sa *sa;

	if (!a->n)
		return;
	LIST_FOREACH(sa, &a->list, list)
		for (size_t n = 0; !sa->ends_at && n < c->state.n_children; n++)
			if (c->state.children[n].spi_out && is_of(sa, c, &c->state.children[n]) &&
			    !is_itself(sa, &c->state.children[n]))
				sa->ends_at = clock_ms() + LINGER_MS;
	set_end(a);
}

/**
 * adopted_gone() - The kernel has no such SA any more.
 * @a: set
 * @key: which
 */
void adopted_gone(struct adopted *a, const struct kernel_key *key)
{
	struct adopted_sa *sa;

	LIST_FOREACH(sa, &a->list, list) {
		if (sa->key.direction != key->direction || sa->key.spi != key->spi ||
		    !address_equal(&sa->key.dst, &key->dst))
			continue;
		forget(a, sa);
		return;
	}
}

/**
 * adopted_lost() - A local address is not ours any more: remove what is of it.
 * @a: set
 * @local: that
 */
void adopted_lost(struct adopted *a, const struct ike_endpoint *local)
{
	struct adopted_sa *sa, *next;

	for (sa = LIST_FIRST(&a->list); sa; sa = next) {
		next = LIST_NEXT(sa, list);
		if (ike_endpoint_same_address(&sa->local, local))
			remove_sa(a, sa);
	}
}

/**
 * adopted_clear() - Remove SAs by hand.
 * @a: set
 * @peer: of this peer; NULL: of any
 * @ifname: of this interface; NULL: of any
 *
 * Return: how many.
 */
size_t adopted_clear(struct adopted *a, const struct ike_endpoint *peer, const char *ifname)
{
	struct adopted_sa *sa, *next;
	size_t n = 0;

	for (sa = LIST_FIRST(&a->list); sa; sa = next) {
		next = LIST_NEXT(sa, list);
		if ((peer && !ike_endpoint_same_address(&sa->peer, peer)) ||
		    (ifname && strcmp(sa->ifname, ifname)))
			continue;
		remove_sa(a, sa);
		n++;
	}
	return n;
}
