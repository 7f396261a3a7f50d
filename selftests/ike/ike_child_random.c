// SPDX-License-Identifier: GPL-2.0
/*
 * Two ends that rekey and delete whenever they like, over a network that loses, repeats
 * and reorders. No packet is lost by a rekey, and in the end both have the same.
 *
 * IKE_SEED=N runs that schedule alone, IKE_SEED=N-M those; PAIR_LOG=1 prints what happens.
 *
 * lab: native
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"

#define SEEDS	1000
#define ACTIONS	24

/* Longer than any end waits for the other one. */
#define QUIET_MS	400000

static struct pair *begin(uint64_t seed, struct traffic **t)
{
	struct pair *p = pair_new(seed);

	*t = traffic_new(p);
	p->delay_min = 5;
	p->delay_max = 5 + pair_random(p) % 100;
	pair_set_lines(p, 1 + (unsigned int)(pair_random(p) % 3));
	if (pair_random(p) % 4 == 0) {
		for (unsigned int i = 0; i < 2; i++) {
			struct ike_child_policy *c = pair_child_policy(p, i);

			pair_add_group(c->proposals, IKE_DH_X25519);
			c->pfs = ike_alg_find(IKE_TRANSFORM_DH, IKE_DH_X25519, 0);
		}
	}
	p->nat = pair_random(p) % 4 == 0;
	return p;
}

/* A tunnel for each line. */
static bool bring_up(struct pair *p)
{
	const struct ike_child_policy *c = pair_child_policy(p, PAIR_A);

	pair_initiate(p, PAIR_A, false);
	pair_run(p, 5000);
	if (!pair_up(p))
		return false;
	for (size_t i = 1; i < c->n_pairs; i++)
		ike_sa_want_child(pair_sa(p, PAIR_A), &p->now, c, i, NULL);
	pair_run(p, 20000);
	return !pair_traffic(p, (unsigned int)c->n_pairs);
}

/* Mostly at once or soon, so that exchanges cross. */
static uint64_t gap(struct pair *p)
{
	switch (pair_random(p) % 8) {
	case 0:
		return pair_random(p) % 8000;
	case 1:
	case 2:
		return pair_random(p) % 300;
	case 3:
	case 4:
		return pair_random(p) % 40;
	default:
		return 0;
	}
}

static void rekey(struct pair *p, unsigned int side)
{
	if (pair_random(p) % 3)
		pair_expire(p, side, (unsigned int)(pair_random(p) % 3), IKE_EXPIRY_SOFT);
	else if (pair_sa(p, side))
		ike_sa_rekey(pair_sa(p, side), &p->now);
	pair_reap(p);
}

/* The first thing that is wrong with a schedule of rekeys, or NULL. */
static const char *rekeys(struct pair *p, struct traffic *t)
{
	const char *error;

	if (!bring_up(p))
		return "it does not come up";
	t->tunnels = (unsigned int)pair_child_policy(p, PAIR_A)->n_pairs;
	t->counts = true;
	t->loss = (unsigned int)(pair_random(p) % 300);
	p->twice = 50;
	for (unsigned int i = 0; i < ACTIONS; i++) {
		rekey(p, pair_random(p) & 1);
		traffic_run(t, gap(p));
	}
	traffic_run(t, QUIET_MS);
	if (*t->fault)
		return t->fault;
	error = pair_agree(p);
	if (error)
		return error;
	error = pair_traffic(p, t->tunnels);
	if (error)
		return error;
	t->counts = false;
	ike_sa_close(pair_sa(p, pair_random(p) & 1), &p->now, "the test is over", true);
	traffic_run(t, QUIET_MS);
	return pair_nothing(p);
}

static void act(struct pair *p, unsigned int side)
{
	struct ike_sa *sa = pair_sa(p, side);
	const struct ike_child_policy *c = pair_child_policy(p, side);
	struct ike_child *child;

	if (!sa)
		return;
	switch (pair_random(p) % 16) {
	case 0:
	case 1:
	case 2:
		child = pair_child(p, side, IKE_CHILD_INSTALLED, pair_random(p) % 3);
		if (child)
			ike_sa_close_child(sa, &p->now, child->spi_in, "the test says so");
		break;
	case 3:
	case 4:
	case 5:
		ike_sa_want_child(sa, &p->now, c, pair_random(p) % c->n_pairs, NULL);
		break;
	case 6:
		pair_expire(p, side, (unsigned int)(pair_random(p) % 3), IKE_EXPIRY_HARD);
		break;
	case 7:
		if (pair_random(p) % 8 == 0)
			ike_sa_close(sa, &p->now, "the test says so", true);
		break;
	default:
		rekey(p, side);
		break;
	}
	pair_reap(p);
}

static const char *anything(struct pair *p, struct traffic *t)
{
	const char *error;

	if (!bring_up(p))
		return "it does not come up";
	t->loss = (unsigned int)(pair_random(p) % 300);
	p->twice = 50;
	for (unsigned int i = 0; i < ACTIONS; i++) {
		if (pair_random(p) % 16 == 0)
			p->side[pair_random(p) & 1].refuse_install = 1;
		act(p, pair_random(p) & 1);
		traffic_run(t, gap(p));
	}
	traffic_run(t, QUIET_MS);
	error = pair_agree(p);
	if (error)
		return error;
	if (pair_sa(p, PAIR_A))
		ike_sa_close(pair_sa(p, pair_random(p) & 1), &p->now, "the test is over", true);
	traffic_run(t, QUIET_MS);
	return pair_nothing(p);
}

FIXTURE(random) {
	uint64_t first, last;
};

FIXTURE_SETUP(random)
{
	const char *range = getenv("IKE_SEED");
	char *rest;

	self->first = 1;
	self->last = SEEDS;
	if (!range)
		return;
	self->first = strtoull(range, &rest, 0);
	self->last = *rest == '-' ? strtoull(rest + 1, NULL, 0) : self->first;
}

FIXTURE_TEARDOWN(random)
{
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

static unsigned int run_all(uint64_t first, uint64_t last,
			    const char *(*schedule)(struct pair *p, struct traffic *t))
{
	unsigned int bad = 0;

	for (uint64_t seed = first; seed <= last; seed++) {
		struct traffic *t;
		struct pair *p = begin(seed, &t);
		const char *error = schedule(p, t);

		if (error) {
			bad++;
			printf("# seed %llu: %s\n", (unsigned long long)seed, error);
		}
		pair_free(p);
		free(t);
	}
	return bad;
}

TEST_F_TIMEOUT(random, rekeys_lose_nothing, 600)
{
	EXPECT_EQ(0U, run_all(self->first, self->last, rekeys));
}

TEST_F_TIMEOUT(random, both_ends_agree, 600)
{
	EXPECT_EQ(0U, run_all(self->first, self->last, anything));
}

TEST_HARNESS_MAIN
