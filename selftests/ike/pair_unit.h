/* SPDX-License-Identifier: GPL-2.0 */
/* What tests of two engines have in common: both, and that nothing is left of them. */
#ifndef IKE_TEST_PAIR_UNIT_H
#define IKE_TEST_PAIR_UNIT_H

#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <string.h>

#include "pair.h"

#define CHUNK(p, n)	((struct ike_chunk){ .data = (const uint8_t *)(p), .len = (n) })

/* What is NULL when all is well says by its text what is not. */
#define EXPECT_FINE(what)							\
	do {									\
		const char *_text = (what);					\
		EXPECT_EQ(NULL, _text) TH_LOG("%s", _text);			\
	} while (0)

#define ASSERT_FINE(what)							\
	do {									\
		const char *_text = (what);					\
		ASSERT_EQ(NULL, _text) TH_LOG("%s", _text);			\
	} while (0)

FIXTURE(pair) {
	struct pair *p;
};

FIXTURE_SETUP(pair)
{
	self->p = pair_new(1);
}

FIXTURE_TEARDOWN(pair)
{
	EXPECT_STREQ("", self->p->fault);
	pair_free(self->p);
	self->p = NULL;
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

#endif
