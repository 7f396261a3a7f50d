// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine of kmod/hsrp/fsm.c, cell by cell, against the table of
 * RFC 2281 section 5.7 in the RFC's own notation.
 *
 * lab: native
 */
#include <ctype.h>
#include <stdio.h>

#include "hsrp/fsm.h"
#include "kselftest_harness.h"

#define NEVENTS		12
#define NSTATES		6
#define COLUMN		11

/* Copied from the RFC with its column widths: '|' in a cell is text. */
static const char * const rfc2281[NEVENTS] = {
	"|  a  |  AB/2|3+ |          |          |          |          |          |",
	"|  b  |          |   CD/1   |   CD/1   |   CD/1   |   CD/1   |   CDH/1  |",
	"|  c  |          |          |   AB/4   |          |  CDFI/6  |          |",
	"|  d  |          |          |   B/4    |   D/5    |          |          |",
	"|  e  |          |          |          |    F     |    F     |    F     |",
	"|  f  |          |          |          |   B/3    |   B/3    |          |",
	"|  g  |          |   EAB/3  |    EA    |   EA     |   EA     |   AB/4   |",
	"|  h  |          |   EAB/3  | A|BGFI/6*| A|BGFI/6*| A|BGFI/6*|    G     |",
	"|  i  |          |          |   AB/4   |   A      |  CFI/6   |          |",
	"|  j  |          |          |          |          |          |   ABH/4  |",
	"|  k  |          |          |    B     |   B/3    |  B/3     |    B     |",
	"|  l  |          |          |    B/4   |   D/5    |          |    B     |",
};

/*
 * Where the implementation says more than the RFC: an active router that
 * yields to a hello of higher priority resigns; one that hears of another one
 * sends gratuitous ARP again.
 */
static const struct deviation {
	char event;
	int state;
	const char *added;
} deviations[] = {
	{ 'g', VPNHA_STATE_ACTIVE, "H" },
	{ 'h', VPNHA_STATE_ACTIVE, "I" },
	{ 'i', VPNHA_STATE_ACTIVE, "I" },
};

static const u16 letters['I' + 1] = {
	['A'] = HSRP_DO_A, ['B'] = HSRP_DO_B, ['C'] = HSRP_DO_C,
	['D'] = HSRP_DO_D, ['E'] = HSRP_DO_E, ['F'] = HSRP_DO_F,
	['G'] = HSRP_DO_G, ['H'] = HSRP_DO_H, ['I'] = HSRP_DO_I,
};

/* A cell without its blanks. */
static void cell_text(char event, int state, char *text)
{
	const char *p = rfc2281[event - 'a'] + strlen("|  a  |") +
			(state - 1) * COLUMN;
	int i;

	for (i = 0; i < COLUMN - 1; i++)
		if (p[i] != ' ')
			*text++ = p[i];
	*text = '\0';
}

/* "AB/4", "EA" or "": what there is to do, and where to go. */
static struct hsrp_step alternative(const char *p)
{
	struct hsrp_step step = { 0, 0 };

	for (; isupper((unsigned char)*p); p++)
		step.actions |= letters[(unsigned char)*p];
	if (*p == '/')
		step.next = p[1] - '0';
	return step;
}

static struct hsrp_step expected(char event, int state, bool has_vip,
				 bool preempt)
{
	char text[COLUMN], *bar, *plus, *star;
	struct hsrp_step step;
	const char *more;
	size_t i;

	cell_text(event, state, text);
	bar = strchr(text, '|');
	plus = strchr(text, '+');
	star = strchr(text, '*');

	step = alternative(text);
	if (bar && plus && has_vip)
		step.next = bar[1] - '0';
	if (bar && star && preempt)
		step = alternative(bar + 1);

	for (i = 0; i < ARRAY_SIZE(deviations); i++) {
		if (deviations[i].event != event || deviations[i].state != state)
			continue;
		for (more = deviations[i].added; *more; more++)
			step.actions |= letters[(unsigned char)*more];
	}
	return step;
}

FIXTURE(event) {
};

FIXTURE_VARIANT(event) {
	char letter;
	enum vpnha_event event;
};

#define ROW(l, e)						\
	FIXTURE_VARIANT_ADD(event, l) {				\
		.letter = #l[0],				\
		.event = VPNHA_EVENT_ ## e,			\
	}

ROW(a, ENABLED);
ROW(b, DISABLED);
ROW(c, ACTIVE_TIMER);
ROW(d, STANDBY_TIMER);
ROW(e, HELLO_TIMER);
ROW(f, HELLO_HIGHER_SPEAK);
ROW(g, HELLO_HIGHER_ACTIVE);
ROW(h, HELLO_LOWER_ACTIVE);
ROW(i, RESIGN);
ROW(j, COUP);
ROW(k, HELLO_HIGHER_STANDBY);
ROW(l, HELLO_LOWER_STANDBY);

FIXTURE_SETUP(event)
{
}

FIXTURE_TEARDOWN(event)
{
}

TEST_F(event, cells)
{
	int state, flags;

	for (state = VPNHA_STATE_INITIAL; state <= VPNHA_STATE_ACTIVE; state++) {
		for (flags = 0; flags < 4; flags++) {
			bool has_vip = flags & 1, preempt = flags & 2;
			struct hsrp_step want = expected(variant->letter, state,
							 has_vip, preempt);
			struct hsrp_step got = hsrp_fsm_step(state, variant->event,
							     has_vip, preempt);

			EXPECT_EQ(want.actions, got.actions)
				TH_LOG("actions of %c in state %d, vip %d, preempt %d",
				       variant->letter, state, has_vip, preempt);
			EXPECT_EQ(want.next, got.next)
				TH_LOG("next state of %c in state %d, vip %d, preempt %d",
				       variant->letter, state, has_vip, preempt);
		}
	}
}

/* The reader of the table must not have read nothing. */
TEST(notation)
{
	static const struct {
		char event;
		int state;
		const char *text;
	} some[] = {
		{ 'a', 1, "AB/2|3+" }, { 'b', 6, "CDH/1" }, { 'c', 5, "CDFI/6" },
		{ 'd', 3, "B/4" }, { 'e', 6, "F" }, { 'h', 3, "A|BGFI/6*" },
		{ 'h', 6, "G" }, { 'i', 5, "CFI/6" }, { 'j', 6, "ABH/4" },
		{ 'l', 5, "" }, { 'l', 6, "B" },
	};
	char text[COLUMN];
	size_t i;

	for (i = 0; i < NEVENTS; i++) {
		ASSERT_EQ(strlen("|  a  |") + NSTATES * COLUMN,
			  strlen(rfc2281[i]));
		ASSERT_EQ('a' + (int)i, rfc2281[i][3]);
	}
	for (i = 0; i < ARRAY_SIZE(some); i++) {
		cell_text(some[i].event, some[i].state, text);
		EXPECT_STREQ(some[i].text, text);
	}

	ASSERT_EQ(VPNHA_STATE_LEARN, expected('a', 1, false, false).next);
	ASSERT_EQ(VPNHA_STATE_LISTEN, expected('a', 1, true, false).next);
	ASSERT_EQ(HSRP_DO_A, expected('h', 4, true, false).actions);
	ASSERT_EQ(0, expected('h', 4, true, false).next);
	ASSERT_EQ(HSRP_DO_B | HSRP_DO_F | HSRP_DO_G | HSRP_DO_I,
		  expected('h', 4, true, true).actions);
	ASSERT_EQ(VPNHA_STATE_ACTIVE, expected('h', 4, true, true).next);
	ASSERT_EQ(HSRP_DO_A | HSRP_DO_B | HSRP_DO_H,
		  expected('g', 6, true, true).actions);
}

TEST(out_of_range)
{
	static const int states[] = { -1, 0, 7, 8, 255, 1 << 30 };
	static const int events[] = { -1, 0, 13, 14, 255, 1 << 30 };
	struct hsrp_step step;
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		for (n = 0; n <= NEVENTS + 1; n++) {
			step = hsrp_fsm_step(states[i], n, true, true);
			EXPECT_EQ(0, step.actions | step.next)
				TH_LOG("state %d, event %d", states[i], n);
		}
	}
	for (i = 0; i < ARRAY_SIZE(events); i++) {
		for (n = 0; n <= NSTATES + 1; n++) {
			step = hsrp_fsm_step(n, events[i], true, true);
			EXPECT_EQ(0, step.actions | step.next)
				TH_LOG("state %d, event %d", n, events[i]);
		}
	}
}

TEST(states)
{
	static const bool runs[] = { 0, 0, 1, 1, 1, 1, 1 };
	static const bool speaks[] = { 0, 0, 0, 0, 1, 1, 1 };
	int state;

	for (state = VPNHA_STATE_INITIAL; state <= VPNHA_STATE_ACTIVE; state++) {
		EXPECT_EQ(runs[state], hsrp_fsm_runs(state));
		EXPECT_EQ(speaks[state], hsrp_fsm_speaks(state));
	}
}

/*
 * RFC 2281 section 5.5 as letters, '-' for none: [opcode][state of the sender],
 * for a sender that ranks lower or equal, and for one that ranks higher.
 */
TEST(classification)
{
	static const char * const lower[] = {
		/* state 0123456789 */
		"-----lh---", "----------", "iiiiiiiiii", "----------", "----------",
	};
	static const char * const higher[] = {
		"----fkg---", "jjjjjjjjjj", "iiiiiiiiii", "----------", "----------",
	};
	int opcode, state, rank;

	for (opcode = 0; opcode < (int)ARRAY_SIZE(lower); opcode++) {
		for (state = 0; lower[opcode][state]; state++) {
			for (rank = -2; rank <= 2; rank++) {
				char want = (rank > 0 ? higher : lower)[opcode][state];
				int got = hsrp_fsm_classify(opcode, state, rank);

				EXPECT_EQ(want, got ? 'a' + got - 1 : '-')
					TH_LOG("opcode %d, sender's state %d, rank %d",
					       opcode, state, rank);
			}
		}
	}
	EXPECT_EQ(0, hsrp_fsm_classify(-1, VPNHA_STATE_ACTIVE, 1));
	EXPECT_EQ(0, hsrp_fsm_classify(255, VPNHA_STATE_ACTIVE, 1));
}

TEST(rank)
{
#define IP(n) { { { [10] = 0xff, 0xff, (n) >> 24, (n) >> 16 & 255, (n) >> 8 & 255, (n) & 255 } } }
	/* In ascending order. */
	static const struct hsrp_rank ranks[] = {
		{ 0, { } },
		{ 0, IP(0xffffffffu) },
		{ 1, IP(0xac10ac34u) },
		{ 100, IP(0x7fffffffu) },
		{ 100, IP(0x80000000u) },
		{ 100, IP(0xac10ac34u) },
		{ 100, IP(0xac10ac36u) },
		{ 200, IP(0xac10ac34u) },
		{ 255, IP(0x00000001u) },
		{ 0x7fffffff, IP(5u) },
		{ 0x80000000, IP(4u) },
		{ 0xffffffff, IP(3u) },
	};
#undef IP
	int i, j, cmp;

	for (i = 0; i < (int)ARRAY_SIZE(ranks); i++) {
		for (j = 0; j < (int)ARRAY_SIZE(ranks); j++) {
			cmp = hsrp_rank_cmp(&ranks[i], &ranks[j]);
			EXPECT_EQ((i > j) - (i < j), (cmp > 0) - (cmp < 0))
				TH_LOG("rank %d against %d", i, j);
		}
	}
}

TEST_HARNESS_MAIN
