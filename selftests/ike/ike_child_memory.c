// SPDX-License-Identifier: GPL-2.0
/*
 * An allocation of an engine fails, each in its turn, while tunnels are made, rekeyed and
 * deleted. Something may fail by it, and what is left is whole.
 *
 * lab: native
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"

/* The engine is linked to these in place of libc's, the tests are not. */
void *engine_malloc(size_t size);
void *engine_calloc(size_t n, size_t size);

static unsigned int n_calls, fail_at, fail_n;

static bool fails(void)
{
	n_calls++;
	return fail_at && n_calls >= fail_at && n_calls < fail_at + fail_n;
}

void *engine_malloc(size_t size)
{
	return fails() ? NULL : malloc(size);
}

void *engine_calloc(size_t n, size_t size)
{
	return fails() ? NULL : calloc(n, size);
}

/* All that both ends do with tunnels. */
static void do_all(struct pair *p, struct traffic *t)
{
	const struct ike_child_policy *c = pair_child_policy(p, PAIR_A);
	struct ike_child *child;

	if (pair_sa(p, PAIR_A))
		ike_sa_want_child(pair_sa(p, PAIR_A), &p->now, c, 1, NULL);
	traffic_run(t, 3000);
	pair_expire(p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	pair_expire(p, PAIR_B, 0, IKE_EXPIRY_SOFT);
	traffic_run(t, 3000);
	pair_expire(p, PAIR_B, 1, IKE_EXPIRY_SOFT);
	if (pair_sa(p, PAIR_A))
		ike_sa_rekey(pair_sa(p, PAIR_A), &p->now);
	traffic_run(t, 3000);
	for (unsigned int i = 0; i < 2; i++)
		if (pair_sa(p, i))
			ike_sa_rekey(pair_sa(p, i), &p->now);
	traffic_run(t, 3000);
	child = pair_child(p, PAIR_B, IKE_CHILD_INSTALLED, 0);
	if (child)
		ike_sa_close_child(pair_sa(p, PAIR_B), &p->now, child->spi_in, "the test says so");
	traffic_run(t, 3000);
	if (pair_sa(p, PAIR_A))
		ike_sa_probe(pair_sa(p, PAIR_A), &p->now);
	traffic_run(t, 3000);
}

static const char *with_fault(unsigned int at, unsigned int n, unsigned int *calls)
{
	struct pair *p = pair_new(9);
	struct traffic *t = traffic_new(p);
	const char *error = NULL;

	pair_set_lines(p, 2);
	/* what has ended at one end is found out by the other */
	for (unsigned int i = 0; i < 2; i++) {
		pair_profile(p, i)->dpd_ms = 10000;
		pair_profile(p, i)->dpd_retry_ms = 1000;
		pair_profile(p, i)->dpd_periodic = true;
	}
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 1000);
	if (!pair_up(p))
		error = "it does not come up";
	n_calls = 0;
	fail_at = at;
	fail_n = n;
	do_all(p, t);
	*calls = n_calls;
	fail_at = 0;
	traffic_run(t, 1000000);
	if (!error)
		error = pair_agree(p);
	if (!error && pair_sa(p, PAIR_A)) {
		ike_sa_close(pair_sa(p, PAIR_A), &p->now, "the test is over", true);
		traffic_run(t, 100000);
		error = pair_nothing(p);
	}
	pair_free(p);
	free(t);
	return error;
}

static unsigned int each(unsigned int n)
{
	unsigned int calls, bad = 0, total;
	const char *error = with_fault(0, 0, &total);

	if (error || !total)
		return 1;
	for (unsigned int at = 1; at <= total; at++) {
		error = with_fault(at, n, &calls);
		if (!error)
			continue;
		bad++;
		printf("# allocation %u: %s\n", at, error);
	}
	return bad;
}

FIXTURE(memory) {
};

FIXTURE_SETUP(memory)
{
}

FIXTURE_TEARDOWN(memory)
{
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

TEST_F_TIMEOUT(memory, one_allocation_fails, 600)
{
	EXPECT_EQ(0U, each(1));
}

TEST_F_TIMEOUT(memory, several_in_a_row_fail, 600)
{
	EXPECT_EQ(0U, each(4));
}

TEST_HARNESS_MAIN
