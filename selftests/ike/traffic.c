// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "traffic.h"

/* From here on a message gets through, so that no exchange fails. */
#define TRIES_ENOUGH	3

static unsigned int side_of(const struct pair_side *s)
{
	return s == &s->pair->side[PAIR_A] ? PAIR_A : PAIR_B;
}

static void pass(struct traffic *t, unsigned int side, uint32_t spi, uint64_t at)
{
	for (unsigned int i = 0; i < t->n_passed; i++) {
		if (t->passed[i].side == side && t->passed[i].spi == spi) {
			t->passed[i].at = at;
			return;
		}
	}
	if (t->n_passed == TRAFFIC_PASSED_MAX)
		abort();
	t->passed[t->n_passed].side = side;
	t->passed[t->n_passed].spi = spi;
	t->passed[t->n_passed++].at = at;
}

static uint64_t op_idle(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	struct pair_side *s = ctx;
	const struct traffic *t = s->pair->context;

	(void)sa;
	for (unsigned int i = 0; i < t->n_passed; i++)
		if (t->passed[i].side == side_of(s) && t->passed[i].spi == k->spi)
			return s->pair->now.ms - t->passed[i].at;
	return IKE_NEVER;
}

static bool is_desperate(const struct pair *p)
{
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < p->side[i].n_sas; k++)
			if (p->side[i].sas[k]->asking && p->side[i].sas[k]->tries >= TRIES_ENOUGH)
				return true;
	return false;
}

static enum pair_verdict lose(struct pair *p, const struct pair_datagram *d)
{
	const struct traffic *t = p->context;

	(void)d;
	return pair_random(p) % 1000 < t->loss && !is_desperate(p) ? PAIR_DROP : PAIR_PASS;
}

struct traffic *traffic_new(struct pair *p)
{
	struct traffic *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	t->p = p;
	t->ops = *p->side[PAIR_A].env.ops;
	t->ops.idle = op_idle;
	p->context = t;
	p->filter = lose;
	p->side[PAIR_A].env.ops = &t->ops;
	p->side[PAIR_B].env.ops = &t->ops;
	return t;
}

static bool has_in(const struct pair_side *s, uint32_t spi)
{
	for (unsigned int i = 0; i < s->n_kernel; i++)
		if (s->kernel[i].k.direction == IKE_IN && s->kernel[i].k.spi == spi)
			return true;
	return false;
}

/* What arrives until then meets the kernels as they are. */
static void arrive(struct traffic *t, uint64_t until)
{
	struct pair *p = t->p;
	unsigned int kept = 0;

	for (unsigned int i = 0; i < t->n_flight; i++) {
		if (t->flight[i].at > until) {
			t->flight[kept++] = t->flight[i];
			continue;
		}
		if (has_in(&p->side[t->flight[i].to], t->flight[i].spi)) {
			t->arrived++;
			pass(t, t->flight[i].to, t->flight[i].spi, t->flight[i].at);
			continue;
		}
		t->lost++;
		if (t->counts && !*t->fault)
			snprintf(t->fault, sizeof(t->fault),
				 "at %llu: %s has no SA for a packet of SPI %08x",
				 (unsigned long long)p->now.ms, p->side[t->flight[i].to].name,
				 t->flight[i].spi);
	}
	t->n_flight = kept;
}

/* A kernel sends by the newest of those with the same traffic. */
static bool is_newest(const struct pair_side *s, const struct pair_kernel_sa *sa)
{
	for (unsigned int i = 0; i < s->n_kernel; i++) {
		const struct pair_kernel_sa *other = &s->kernel[i];

		if (other->k.direction == IKE_OUT && other->installed > sa->installed &&
		    ike_selectors_within(&sa->local, &other->local) &&
		    ike_selectors_within(&sa->remote, &other->remote))
			return false;
	}
	return true;
}

static void send_one(struct traffic *t, unsigned int side, uint32_t spi)
{
	const uint64_t spread = t->p->delay_max - t->p->delay_min + 1;

	if (t->n_flight == TRAFFIC_FLIGHT_MAX)
		abort();
	t->flight[t->n_flight].to = !side;
	t->flight[t->n_flight].spi = spi;
	t->flight[t->n_flight++].at = t->p->now.ms + t->p->delay_min +
				      pair_random(t->p) % spread;
	t->sent++;
	pass(t, side, spi, t->p->now.ms);
}

static void send_all(struct traffic *t, unsigned int side)
{
	struct pair_side *s = &t->p->side[side];
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->n_kernel; i++) {
		if (s->kernel[i].k.direction != IKE_OUT || !is_newest(s, &s->kernel[i]))
			continue;
		n++;
		if (!t->silent[side])
			send_one(t, side, s->kernel[i].k.spi);
	}
	if (t->counts && n < t->tunnels && !*t->fault)
		snprintf(t->fault, sizeof(t->fault), "at %llu: %s can send by %u tunnels, not %u",
			 (unsigned long long)t->p->now.ms, s->name, n, t->tunnels);
}

static uint64_t next_event(struct pair *p, uint64_t until)
{
	const struct pair_datagram *d = TAILQ_FIRST(&p->queue);
	uint64_t at = d && d->at < until ? d->at : until;

	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < p->side[i].n_sas; k++)
			if (ike_sa_deadline(p->side[i].sas[k]) < at)
				at = ike_sa_deadline(p->side[i].sas[k]);
	return at;
}

bool traffic_step(struct traffic *t, uint64_t until)
{
	bool more;

	arrive(t, next_event(t->p, until));
	more = pair_step(t->p, until);
	send_all(t, PAIR_A);
	send_all(t, PAIR_B);
	return more;
}

void traffic_run(struct traffic *t, uint64_t ms)
{
	const uint64_t until = t->p->now.ms + ms;

	while (traffic_step(t, until))
		;
	pair_run(t->p, until - t->p->now.ms);
}

static void set_lines(struct ike_child_policy *c, unsigned int n, bool is_a)
{
	c->pairs = realloc(c->pairs, n * sizeof(*c->pairs));
	c->lines = realloc(c->lines, n * sizeof(*c->lines));
	if (!c->pairs || !c->lines)
		abort();
	c->n_pairs = n;
	for (unsigned int i = 0; i < n; i++) {
		const uint8_t a[4] = { 10, 1, (uint8_t)i, 0 }, b[4] = { 10, 2, (uint8_t)i, 0 };

		c->lines[i] = 10 * (i + 1);
		ike_selector_of_prefix(&c->pairs[i].local, AF_INET, is_a ? a : b, 24);
		ike_selector_of_prefix(&c->pairs[i].remote, AF_INET, is_a ? b : a, 24);
	}
}

void pair_set_lines(struct pair *p, unsigned int n)
{
	set_lines(pair_child_policy(p, PAIR_A), n, true);
	set_lines(pair_child_policy(p, PAIR_B), n, false);
}

struct ike_child *pair_child(struct pair *p, unsigned int side, enum ike_child_state state,
			     unsigned int nth)
{
	struct ike_sa *sa = pair_sa(p, side);
	struct ike_child *child;

	if (!sa)
		return NULL;
	TAILQ_FOREACH(child, &sa->children, list)
		if (child->state == state && !nth--)
			return child;
	return NULL;
}

unsigned int pair_children(struct pair *p, unsigned int side, enum ike_child_state state)
{
	unsigned int n = 0;

	while (pair_child(p, side, state, n))
		n++;
	return n;
}

void pair_expire(struct pair *p, unsigned int side, unsigned int nth,
		 enum ike_expiry expiry)
{
	struct ike_child *child = pair_child(p, side, IKE_CHILD_INSTALLED, nth);

	if (child)
		ike_sa_expired(pair_sa(p, side), &p->now, IKE_IN, child->spi_in, expiry);
	pair_reap(p);
}

static const char *agree(struct ike_sa *a, struct ike_sa *b)
{
	struct ike_child *child, *other;

	TAILQ_FOREACH(child, &a->children, list) {
		other = ike_child_by_spi(b, IKE_OUT, child->spi_in);
		if (child->state != IKE_CHILD_INSTALLED)
			return "there is a child SA that is not installed";
		if (!other || other->spi_in != child->spi_out)
			return "there is a child SA that the other end does not have";
	}
	return NULL;
}

const char *pair_agree(struct pair *p)
{
	struct ike_sa *a = pair_sa(p, PAIR_A), *b = pair_sa(p, PAIR_B);
	const char *error;

	if (*p->fault)
		return p->fault;
	if (!a || !b)
		return a || b ? "one end has an IKE SA, the other none" : NULL;
	if (pair_count(p, PAIR_A, IKE_STATE_ESTABLISHED) > 1 ||
	    pair_count(p, PAIR_B, IKE_STATE_ESTABLISHED) > 1)
		return "there are several IKE SAs";
	if (p->side[PAIR_A].n_sas > 1 || p->side[PAIR_B].n_sas > 1)
		return "there is an IKE SA that has not ended";
	if (memcmp(a->spi_i, b->spi_i, sizeof(a->spi_i)) ||
	    memcmp(a->spi_r, b->spi_r, sizeof(a->spi_r)))
		return "the ends have different IKE SAs";
	error = agree(a, b);
	if (!error)
		error = agree(b, a);
	return error ? error : pair_kernels(p);
}

static struct {
	unsigned int from, exchange, n;
	bool response;
} chosen;

static enum pair_verdict lose_chosen(struct pair *p, const struct pair_datagram *d)
{
	(void)p;
	if (!chosen.n || d->len < IKE_HEADER_LEN || d->from != chosen.from ||
	    d->data[18] != chosen.exchange ||
	    !(d->data[19] & IKE_FLAG_RESPONSE) == chosen.response)
		return PAIR_PASS;
	chosen.n--;
	return PAIR_DROP;
}

void pair_lose(struct pair *p, unsigned int from, unsigned int exchange, bool response,
	       unsigned int n)
{
	chosen.from = from;
	chosen.exchange = exchange;
	chosen.response = response;
	chosen.n = n;
	p->filter = lose_chosen;
}
