// SPDX-License-Identifier: GPL-2.0
/*
 * Anti-replay of kmod/esp/replay.c: edges of the window by hand, then random
 * sequences beside a list of everything received, in windows of every shape and
 * across the wraps of the lower half of extended sequence numbers.
 *
 * lab: native
 */
#include <inttypes.h>

#include "esp/replay.h"
#include "kselftest_harness.h"

#define REPLAYED	VPNHA_ESP_DROP_REASON_REPLAYED
#define TOO_OLD		VPNHA_ESP_DROP_REASON_TOO_OLD

#define WRAP		(1ULL << 32)
#define WINDOW_MAX	4096
#define STEPS		20000
#define RUNS		3

static const u32 windows[] = { 32, 33, 63, 64, 65, 66, 100, 128, 129, 1000, 4095, 4096 };

/* xorshift64*: the same numbers on every machine. */
static u64 seed;

static u32 number(u32 below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (u32)((seed * 0x2545f4914f6cdd1dULL) >> 32) % below;
}

FIXTURE(replay) {
	struct esp_replay r;
	u64 *words;
};

FIXTURE_SETUP(replay)
{
	self->words = NULL;
}

FIXTURE_TEARDOWN(replay)
{
	free(self->words);
}

/* A block of exactly its own size, so that the sanitizer sees a bit outside. */
static void begin(FIXTURE_DATA(replay) *self, u32 window, bool esn, u64 seq)
{
	size_t n = esp_replay_nwords(window);

	free(self->words);
	self->words = malloc(n * sizeof(u64));
	if (!self->words)
		abort();
	memset(self->words, 0xa5, n * sizeof(u64));
	memset(&self->r, 0xa5, sizeof(self->r));
	esp_replay_init(&self->r, self->words, window, esn, seq);
}

/* Both verdicts, which agree where nobody comes between them. */
static int receive(struct esp_replay *r, u64 seq)
{
	int advice = esp_replay_check(r, seq);
	int verdict = esp_replay_commit(r, seq);

	return advice == verdict ? verdict : -1;
}

TEST_F(replay, memory)
{
	static const struct {
		u32 window;
		size_t words;
	} want[] = {
		{ 0, 0 }, { 32, 2 }, { 33, 2 }, { 64, 2 }, { 65, 2 }, { 66, 4 },
		{ 128, 4 }, { 193, 4 }, { 194, 8 }, { 1024, 32 }, { 4096, 128 },
	};
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(want); i++)
		EXPECT_EQ(want[i].words, esp_replay_nwords(want[i].window))
			TH_LOG("window %u", want[i].window);
}

TEST_F(replay, in_order)
{
	u64 seq;

	begin(self, 64, false, 0);
	for (seq = 1; seq <= 1000; seq++) {
		ASSERT_EQ(0, receive(&self->r, seq));
		ASSERT_EQ(seq, self->r.top);
		ASSERT_EQ(REPLAYED, receive(&self->r, seq));
	}
}

TEST_F(replay, zero_is_never_valid)
{
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(windows); i++) {
		begin(self, windows[i], i % 2, 0);
		EXPECT_EQ(REPLAYED, receive(&self->r, 0));
		ASSERT_EQ(0, receive(&self->r, windows[i] - 1));
		EXPECT_EQ(REPLAYED, receive(&self->r, 0));
		EXPECT_EQ(0, receive(&self->r, 1));
		EXPECT_EQ(0, receive(&self->r, windows[i]));
		EXPECT_EQ(TOO_OLD, receive(&self->r, 0));
	}
}

/* At every position of the window's edges within their words. */
TEST_F(replay, edges)
{
	u32 w;
	u64 top;
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(windows); i++) {
		w = windows[i];
		for (top = 10000; top < 10000 + 130; top++) {
			begin(self, w, false, 0);
			ASSERT_EQ(0, receive(&self->r, top));
			ASSERT_EQ(TOO_OLD, receive(&self->r, top - w))
				TH_LOG("window %u, top %" PRIu64, w, top);
			ASSERT_EQ(0, receive(&self->r, top - w + 1))
				TH_LOG("window %u, top %" PRIu64, w, top);
			ASSERT_EQ(REPLAYED, receive(&self->r, top - w + 1));
			ASSERT_EQ(REPLAYED, receive(&self->r, top));
			ASSERT_EQ(top, self->r.top);
			ASSERT_EQ(0, receive(&self->r, top + 1));
			ASSERT_EQ(TOO_OLD, receive(&self->r, top - w + 1));
			ASSERT_EQ(0, receive(&self->r, top - w + 2));
		}
	}
}

/* Every jump forward leaves what it passes over to be received, and only that. */
TEST_F(replay, jumps)
{
	u64 from, top, seq;
	u32 w, jump;
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(windows); i++) {
		w = windows[i];
		for (jump = 1; jump <= 3 * w && jump < 700; jump++) {
			from = 20000 + jump;
			top = from + jump;
			begin(self, w, false, from);
			ASSERT_EQ(0, receive(&self->r, top));
			for (seq = top - w + 1; seq <= top; seq++)
				ASSERT_EQ(seq <= from || seq == top ? REPLAYED : 0,
					  receive(&self->r, seq))
					TH_LOG("window %u, from %" PRIu64 " by %u: %" PRIu64,
					       w, from, jump, seq);
		}
	}
}

TEST_F(replay, everything_before_the_start_is_received)
{
	u64 start, seq;

	for (start = 5; start < 300; start++) {
		begin(self, 100, false, start);
		for (seq = 0; seq <= start; seq++)
			ASSERT_EQ(start - seq < 100 ? REPLAYED : TOO_OLD,
				  receive(&self->r, seq));
		for (seq = start + 99; seq > start; seq--)
			ASSERT_EQ(0, receive(&self->r, seq));
	}
}

TEST_F(replay, no_window)
{
	begin(self, 0, false, 10);
	EXPECT_EQ(0, receive(&self->r, 0));
	EXPECT_EQ(0, receive(&self->r, 11));
	EXPECT_EQ(0, receive(&self->r, 11));
	EXPECT_EQ(11ULL, self->r.top);
	EXPECT_EQ(0, receive(&self->r, 3));
	EXPECT_EQ(11ULL, self->r.top);
}

/* What does not pass leaves no trace. */
TEST_F(replay, drops_change_nothing)
{
	struct esp_replay before;
	u64 words[2];

	begin(self, 64, false, 1000);
	before = self->r;
	memcpy(words, self->words, sizeof(words));
	EXPECT_EQ(REPLAYED, esp_replay_commit(&self->r, 1000));
	EXPECT_EQ(TOO_OLD, esp_replay_commit(&self->r, 936));
	EXPECT_EQ(0, esp_replay_check(&self->r, 1001));
	EXPECT_EQ(0, esp_replay_check(&self->r, 5000));
	EXPECT_EQ(0, memcmp(&before, &self->r, sizeof(before)));
	EXPECT_EQ(0, memcmp(words, self->words, sizeof(words)));
}

TEST_F(replay, inference)
{
	static const struct {
		u32 window;
		u64 top;
		u32 low;
		u64 seq;
	} want[] = {
		/* the window within one subspace (case A) */
		{ 64, 1000, 1001, 1001 },
		{ 64, 1000, 937, 937 },
		{ 64, 1000, 936, WRAP + 936 },
		{ 64, 63, 0, 0 },
		{ 64, 5 * WRAP + 1000, 937, 5 * WRAP + 937 },
		{ 64, 5 * WRAP + 1000, 936, 6 * WRAP + 936 },
		{ 64, 5 * WRAP + 1000, 0xffffffff, 5 * WRAP + 0xffffffff },
		{ 64, 5 * WRAP + 63, 0, 5 * WRAP },
		{ 64, 5 * WRAP + 63, 0xffffffff, 5 * WRAP + 0xffffffff },
		{ 64, 6 * WRAP - 1, 0, 6 * WRAP },
		{ 64, 6 * WRAP - 1, 0xffffffff, 6 * WRAP - 1 },
		/* the window across two subspaces (case B) */
		{ 64, 5 * WRAP + 62, 0xffffffff, 5 * WRAP - 1 },
		{ 64, 5 * WRAP + 62, 0xfffffffe, 5 * WRAP + 0xfffffffe },
		{ 64, 5 * WRAP, 0, 5 * WRAP },
		{ 64, 5 * WRAP, 0xffffffc1, 5 * WRAP - 63 },
		{ 64, 5 * WRAP, 0xffffffc0, 5 * WRAP + 0xffffffc0 },
		{ 4096, WRAP + 10, 0xfffff010, WRAP + 0xfffff010 - WRAP },
		/* nothing is before the first subspace */
		{ 64, 0, 0xffffffff, 0xffffffff },
		{ 64, 10, 0xffffffff, 0xffffffff },
		{ 64, 10, 0, 0 },
		{ 4096, 4094, 0xffffffff, 0xffffffff },
		/* without a window, the closest */
		{ 0, 10, 0xffffffff, 0xffffffff },
		{ 0, WRAP + 10, 0xffffffff, WRAP - 1 },
		{ 0, WRAP + 10, 11, WRAP + 11 },
		{ 0, WRAP + 10, 9, WRAP + 9 },
		{ 0, 2 * WRAP - 1, 3, 2 * WRAP + 3 },
	};
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(want); i++) {
		begin(self, want[i].window, true, want[i].top);
		EXPECT_EQ(want[i].seq, esp_replay_seq(&self->r, want[i].low))
			TH_LOG("window %u, top %#" PRIx64 ", low %#x", want[i].window,
			       want[i].top, want[i].low);
	}
}

/* At the end of all numbers nothing begins again. */
TEST_F(replay, inference_at_the_end)
{
	begin(self, 64, true, ~0ULL - 1);
	EXPECT_EQ(~0ULL, esp_replay_seq(&self->r, 0xffffffff));
	EXPECT_EQ(0, receive(&self->r, ~0ULL));
	EXPECT_EQ(REPLAYED, receive(&self->r, ~0ULL));
	EXPECT_EQ(TOO_OLD, receive(&self->r, esp_replay_seq(&self->r, 0)));
	EXPECT_EQ(TOO_OLD, receive(&self->r, esp_replay_seq(&self->r, 5)));
}

TEST_F(replay, no_inference_without_esn)
{
	begin(self, 64, false, 0xffffffff);
	EXPECT_EQ(3ULL, esp_replay_seq(&self->r, 3));
	EXPECT_EQ(TOO_OLD, receive(&self->r, esp_replay_seq(&self->r, 3)));
	EXPECT_EQ(0xffffffff, esp_replay_seq(&self->r, 0xffffffff));
	EXPECT_EQ(REPLAYED, receive(&self->r, 0xffffffff));
}

/*
 * The model: every number received, without a window; a ring far larger than
 * any window and any jump, of the numbers themselves.
 */
#define MODEL	(1U << 16)

struct model {
	u64 seen[MODEL];
	u64 start;
	u64 top;
};

static int model_receive(struct model *m, u32 window, u64 seq)
{
	if (seq <= m->top && m->top - seq >= window)
		return TOO_OLD;
	if (seq <= m->start || m->seen[seq % MODEL] == seq)
		return REPLAYED;
	m->seen[seq % MODEL] = seq;
	if (seq > m->top)
		m->top = seq;
	return 0;
}

/* What a peer sends next: mostly in order, some late, some again, some lost. */
static u64 next_seq(const struct model *m, u32 window)
{
	u64 back;

	switch (number(16)) {
	case 0:
	case 1:
	case 2:		/* around the left edge */
		back = window - 3 + number(6);
		break;
	case 3:
	case 4:
	case 5:
	case 6:		/* anywhere in the window */
		back = number(window);
		break;
	case 7:		/* old */
		back = number(3 * window);
		break;
	case 8:		/* lost a few */
		return m->top + 1 + number(70);
	case 9:		/* lost very many, now and then */
		return m->top + 1 + (number(8) ? number(window) : number(3 * WINDOW_MAX));
	default:
		return m->top + 1;
	}
	return back > m->top ? 0 : m->top - back;
}

static int random_run(FIXTURE_DATA(replay) *self, struct __test_metadata *_metadata,
		      u32 window, bool esn, u64 start)
{
	int counts[VPNHA_ESP_DROP_REASON_REPLAYED + 1] = {};
	struct model *m = calloc(1, sizeof(*m));
	int want, got, i;
	u64 seq;

	if (!m)
		abort();
	m->start = start;
	m->top = start;
	begin(self, window, esn, start);
	for (i = 0; i < STEPS; i++) {
		seq = next_seq(m, window);
		/* all that the peer tells us is the lower half */
		if (esn && (seq > m->top || m->top - seq < window))
			ASSERT_EQ(seq, esp_replay_seq(&self->r, (u32)seq))
				TH_LOG("window %u, start %#" PRIx64 ", step %d", window, start, i);
		want = model_receive(m, window, seq);
		got = receive(&self->r, seq);
		ASSERT_EQ(want, got)
			TH_LOG("window %u, start %#" PRIx64 ", step %d: top %" PRIu64 ", %" PRIu64,
			       window, start, i, m->top, seq);
		ASSERT_EQ(m->top, self->r.top);
		counts[want]++;
	}
	free(m);
	/* too few of a kind would mean that nothing was tried */
	for (i = 0; i < (int)ARRAY_SIZE(counts); i++)
		if (!i || i == REPLAYED || i == TOO_OLD)
			ASSERT_LT(STEPS / 100, counts[i]) TH_LOG("verdict %d", i);
	return 0;
}

TEST_F_TIMEOUT(replay, random, 3600)
{
	int i, run;

	seed = 4303;
	for (i = 0; i < (int)ARRAY_SIZE(windows); i++) {
		for (run = 0; run < RUNS; run++) {
			random_run(self, _metadata, windows[i], false, 0);
			random_run(self, _metadata, windows[i], false, number(100000));
			random_run(self, _metadata, windows[i], true, 0);
			/* across a wrap of the lower half */
			random_run(self, _metadata, windows[i], true,
				   WRAP - 1 - number(STEPS));
			random_run(self, _metadata, windows[i], true,
				   WRAP * (2 + number(1000000)) - 1 - number(STEPS));
			random_run(self, _metadata, windows[i], true,
				   WRAP + number(windows[i]));
		}
	}
}

TEST_HARNESS_MAIN
