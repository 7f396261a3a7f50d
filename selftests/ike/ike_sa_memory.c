// SPDX-License-Identifier: GPL-2.0
/*
 * There is no memory, once: for each allocation that the engine makes in the life of
 * two IKE SAs. An exchange fails then, and nothing crashes or is left behind.
 *
 * lab: native
 */
#include "kselftest_harness.h"
#include "pair_unit.h"

/* Inside of the engine, and not of what it calls of its host's. */
static int inside;
static unsigned long countdown, counted;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static bool refused(void)
{
	if (inside != 1)
		return false;
	counted++;
	return countdown && !--countdown;
}

void *__wrap_malloc(size_t size)
{
	return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	return refused() ? NULL : __real_realloc(p, size);
}

/* All ways into the engine that are taken here. */
#define WAY_IN(type, name, parameters, arguments)				\
	type __real_##name parameters;						\
	type __wrap_##name parameters;						\
	type __wrap_##name parameters						\
	{									\
		type result;							\
										\
		inside++;							\
		result = __real_##name arguments;				\
		inside--;							\
		return result;							\
	}

#define VOID_WAY_IN(name, parameters, arguments)				\
	void __real_##name parameters;						\
	void __wrap_##name parameters;						\
	void __wrap_##name parameters						\
	{									\
		inside++;							\
		__real_##name arguments;					\
		inside--;							\
	}

WAY_IN(struct ike_sa *, ike_sa_initiate,
       (const struct ike_env *env, const struct ike_config *config,
	const struct ike_profile *profile, const struct ike_path *path, bool initial_contact,
	const struct ike_moment *at),
       (env, config, profile, path, initial_contact, at))
WAY_IN(struct ike_sa *, ike_sa_respond,
       (const struct ike_env *env, const struct ike_config *config, const struct ike_path *path,
	const struct ike_moment *at), (env, config, path, at))
VOID_WAY_IN(ike_sa_receive, (struct ike_sa *sa, const struct ike_moment *at,
			     const struct ike_path *path, uint8_t *data, size_t len),
	    (sa, at, path, data, len))
VOID_WAY_IN(ike_sa_timer, (struct ike_sa *sa, const struct ike_moment *at), (sa, at))
VOID_WAY_IN(ike_sa_want_child, (struct ike_sa *sa, const struct ike_moment *at,
				const struct ike_child_policy *policy, size_t pair,
				const struct ike_selector_pair *packet),
	    (sa, at, policy, pair, packet))
VOID_WAY_IN(ike_sa_rekey, (struct ike_sa *sa, const struct ike_moment *at), (sa, at))
VOID_WAY_IN(ike_sa_expired, (struct ike_sa *sa, const struct ike_moment *at,
			     enum ike_direction direction, uint32_t spi,
			     enum ike_expiry expiry),
	    (sa, at, direction, spi, expiry))
VOID_WAY_IN(ike_sa_close, (struct ike_sa *sa, const struct ike_moment *at, const char *why,
			   bool tell), (sa, at, why, tell))

/* The host's own allocations are not counted. */
static const struct ike_ops *host;

#define IN_HOST(call)								\
	do {									\
		inside += 10;							\
		call;								\
		inside -= 10;							\
	} while (0)

static void op_send(void *ctx, struct ike_sa *sa, const struct ike_path *path,
		    const uint8_t *data, size_t len)
{
	IN_HOST(host->send(ctx, sa, path, data, len));
}

static void op_log(void *ctx, struct ike_sa *sa, enum ike_level level, const char *text)
{
	IN_HOST(host->log(ctx, sa, level, text));
}

static void close_all(struct pair *p)
{
	for (unsigned int side = 0; side < 2; side++)
		for (unsigned int i = 0; i < p->side[side].n_sas; i++)
			ike_sa_close(p->side[side].sas[i], &p->now, "the end", true);
	pair_reap(p);
	pair_run(p, 400000);
}

static void rekey(struct pair *p, unsigned int side)
{
	struct ike_sa *sa = pair_sa(p, side);

	if (sa && !TAILQ_EMPTY(&sa->children))
		ike_sa_expired(sa, &p->now, IKE_OUT, TAILQ_FIRST(&sa->children)->spi_out, IKE_EXPIRY_SOFT);
	pair_run(p, 10000);
	sa = pair_sa(p, side);
	if (sa)
		ike_sa_rekey(sa, &p->now);
	pair_run(p, 10000);
}

/* A life with all exchanges; which allocation fails: 0 is none. */
static struct pair *live(unsigned long nth)
{
	static struct ike_ops ops;
	struct pair *p = pair_new(1);

	host = p->side[PAIR_A].env.ops;
	ops = *host;
	ops.send = op_send;
	ops.log = op_log;
	p->side[PAIR_A].env.ops = &ops;
	p->side[PAIR_B].env.ops = &ops;
	/* fragments, too */
	pair_profile(p, PAIR_A)->fragment = 200;
	pair_profile(p, PAIR_B)->fragment = 200;
	pair_set_ppk(p, PAIR_A, "q", "a post-quantum key", false);
	pair_set_ppk(p, PAIR_B, "q", "a post-quantum key", false);

	countdown = nth;
	counted = 0;
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 70000);
	rekey(p, PAIR_A);
	rekey(p, PAIR_B);
	close_all(p);
	return p;
}

TEST_F(pair, each_allocation)
{
	unsigned long total;
	struct pair *p;

	p = live(0);
	total = counted;
	EXPECT_EQ(1, p->side[PAIR_A].established);
	EXPECT_EQ(2, p->side[PAIR_A].succeeded);
	EXPECT_FINE(pair_nothing(p));
	pair_free(p);
	EXPECT_LT(50, total);

	for (unsigned long n = 1; n <= total; n++) {
		p = live(n);
		EXPECT_EQ(0, countdown) TH_LOG("allocation %lu was never made", n);
		ASSERT_FINE(pair_nothing(p));
		pair_free(p);
		ASSERT_EQ(0, __lsan_do_recoverable_leak_check()) TH_LOG("allocation %lu", n);
	}
}

TEST_HARNESS_MAIN
