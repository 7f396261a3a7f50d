// SPDX-License-Identifier: GPL-2.0
/*
 * Rekeying of child SAs, and every collision of RFC 7296 sections 2.8.1 and 2.25.1.
 *
 * lab: native
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"
#include "ike/child.h"

FIXTURE(rekey) {
	struct pair *p;
	struct traffic *t;
	struct ike_sa *a, *b;
	struct ike_child *old_a, *old_b;
};

FIXTURE_SETUP(rekey)
{
	self->p = pair_new(7);
	self->t = traffic_new(self->p);
	pair_initiate(self->p, PAIR_A, false);
	pair_run(self->p, 1000);
	ASSERT_TRUE(pair_up(self->p));
	self->a = pair_sa(self->p, PAIR_A);
	self->b = pair_sa(self->p, PAIR_B);
	self->old_a = TAILQ_FIRST(&self->a->children);
	self->old_b = TAILQ_FIRST(&self->b->children);
	self->t->tunnels = 1;
	self->t->counts = true;
}

FIXTURE_TEARDOWN(rekey)
{
	EXPECT_STREQ("", self->t->fault);
	EXPECT_STREQ("", self->p->fault);
	pair_free(self->p);
	free(self->t);
	self->p = NULL;
	self->t = NULL;
	self->a = NULL;
	self->b = NULL;
	self->old_a = NULL;
	self->old_b = NULL;
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

static void lose_request(struct pair *p, unsigned int from, unsigned int exchange)
{
	pair_lose(p, from, exchange, false, 1);
}

static void lose_answer(struct pair *p, unsigned int from, unsigned int exchange)
{
	pair_lose(p, from, exchange, true, 1);
}

/* All is over, and there is one tunnel. */
static const char *one_tunnel(struct pair *p, struct traffic *t)
{
	const char *error;

	traffic_run(t, 10000);
	error = pair_agree(p);
	return error ? error : pair_traffic(p, 1);
}

TEST_F(rekey, the_new_one_takes_the_place_of_the_old_one)
{
	const uint32_t was = self->old_a->spi_in;
	struct ike_child *now;

	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 500);
	now = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0);
	ASSERT_NE(NULL, now);
	EXPECT_NE(was, now->spi_in);
	EXPECT_EQ(1U, now->rekeys);
	EXPECT_EQ(IKE_CHILD_LINGERING, self->old_a->state);
	EXPECT_FINE(one_tunnel(self->p, self->t));
	EXPECT_EQ(1U, self->a->n_children);
	EXPECT_EQ(0U, self->t->lost);
	EXPECT_LT(10U, self->t->arrived);
}

TEST_F(rekey, the_end_that_did_not_begin_can_be_next)
{
	for (unsigned int i = 1; i <= 6; i++) {
		pair_expire(self->p, i & 1, 0, IKE_EXPIRY_SOFT);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		EXPECT_EQ(i, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
		EXPECT_EQ(i, pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 0)->rekeys);
	}
}

TEST_F(rekey, time_begins_it_where_the_kernel_does_not)
{
	traffic_run(self->t, 3600000);
	EXPECT_LE(1U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
	EXPECT_FINE(one_tunnel(self->p, self->t));
}

TEST_F(rekey, bytes_begin_it_and_both_directions_may_say_so)
{
	ike_sa_expired(self->a, &self->p->now, IKE_OUT, self->old_a->spi_out, IKE_EXPIRY_SOFT);
	ike_sa_expired(self->a, &self->p->now, IKE_IN, self->old_a->spi_in, IKE_EXPIRY_SOFT);
	EXPECT_FINE(one_tunnel(self->p, self->t));
	EXPECT_EQ(1U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
}

TEST_F(rekey, who_answers_sends_by_the_new_one_when_the_old_one_is_deleted)
{
	struct ike_child *new;

	lose_request(self->p, PAIR_A, INFO);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	self->t->silent[PAIR_A] = true;
	traffic_run(self->t, 900);
	new = pair_child(self->p, PAIR_B, IKE_CHILD_INBOUND, 0);
	ASSERT_NE(NULL, new);
	EXPECT_FALSE(new->has_out);
	EXPECT_TRUE(self->old_b->has_out);
	EXPECT_EQ(IKE_CHILD_REPLACED, self->old_b->state);
	traffic_run(self->t, 200);
	EXPECT_EQ(IKE_CHILD_INSTALLED, new->state);
	EXPECT_FINE(one_tunnel(self->p, self->t));
}

TEST_F(rekey, who_answers_sends_by_the_new_one_when_packets_come_by_it)
{
	struct ike_child *new;

	pair_lose(self->p, PAIR_A, INFO, false, 3);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 1900);
	new = pair_child(self->p, PAIR_B, IKE_CHILD_INBOUND, 0);
	ASSERT_NE(NULL, new);
	traffic_run(self->t, 200);
	EXPECT_EQ(IKE_CHILD_INSTALLED, new->state);
	EXPECT_FINE(one_tunnel(self->p, self->t));
}

TEST_F(rekey, who_answers_does_not_send_by_what_the_peer_does_not_have)
{
	/* the answer is lost four times: 1 + 2 + 4 + 8 s */
	pair_lose(self->p, PAIR_B, CREATE, true, 4);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 14900);
	EXPECT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_INBOUND));
	EXPECT_EQ(0U, self->t->lost);
	EXPECT_FINE(one_tunnel(self->p, self->t));
}

TEST_F(rekey, a_peer_that_never_deletes_the_old_one)
{
	pair_lose(self->p, PAIR_A, INFO, false, 1000);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	self->t->silent[PAIR_A] = true;
	self->t->silent[PAIR_B] = true;
	traffic_run(self->t, 50000);
	EXPECT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_INBOUND));
	/* A gives up; B goes on, and deletes the old one in its turn */
	self->t->counts = false;
	traffic_run(self->t, 15000);
	EXPECT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_INSTALLED));
	EXPECT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_DELETING));
}

TEST_F(rekey, the_end_of_the_old_one_does_not_wait_for_the_peer)
{
	const uint32_t spi = self->old_b->spi_in;

	pair_lose(self->p, PAIR_A, INFO, false, 3);
	self->t->silent[PAIR_A] = true;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 500);
	ASSERT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_INBOUND));
	ike_sa_expired(self->b, &self->p->now, IKE_IN, spi, IKE_EXPIRY_HARD);
	EXPECT_EQ(1U, pair_children(self->p, PAIR_B, IKE_CHILD_INSTALLED));
	EXPECT_FINE(one_tunnel(self->p, self->t));
}

/* Both begin at once, and both see it. */
static void both(struct pair *p)
{
	pair_expire(p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	pair_expire(p, PAIR_B, 0, IKE_EXPIRY_SOFT);
}

TEST_F(rekey, both_ends_at_once)
{
	for (unsigned int i = 1; i <= 40; i++) {
		both(self->p);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		EXPECT_EQ(i, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
	}
	EXPECT_EQ(0U, self->t->lost);
	/* either end has lost now and then */
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "goes: both ends rekeyed"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "goes: both ends rekeyed"));
}

TEST_F(rekey, the_one_with_the_lowest_nonce_goes)
{
	struct ike_child *child, *stays = NULL, *goes = NULL;

	both(self->p);
	/* requests, answers, and nothing more yet */
	traffic_run(self->t, 20);
	TAILQ_FOREACH(child, &self->a->children, list) {
		if (child == self->old_a)
			continue;
		if (!stays || ike_nonce_compare(ike_chunk(child->nonce, child->nonce_len),
						ike_chunk(stays->nonce, stays->nonce_len)) > 0) {
			goes = stays;
			stays = child;
		} else {
			goes = child;
		}
	}
	ASSERT_NE(NULL, goes);
	EXPECT_EQ(goes->initiator ? IKE_CHILD_DELETING : IKE_CHILD_REPLACED, goes->state);
	EXPECT_EQ(stays->initiator ? IKE_CHILD_INSTALLED : IKE_CHILD_INBOUND, stays->state);
	/* who began what stays deletes the old one */
	EXPECT_EQ(stays->initiator ? IKE_CHILD_DELETING : IKE_CHILD_REPLACED, self->old_a->state);
	EXPECT_FINE(one_tunnel(self->p, self->t));
	EXPECT_EQ(stays, TAILQ_FIRST(&self->a->children));
}

/* Section 2.8.1, second sequence. */
TEST_F(rekey, both_ends_and_one_of_them_does_not_see_it)
{
	for (unsigned int side = 0; side < 2; side++) {
		struct ike_child *theirs;

		lose_request(self->p, side, CREATE);
		both(self->p);
		traffic_run(self->t, 500);
		theirs = pair_child(self->p, !side, IKE_CHILD_INSTALLED, 0);
		ASSERT_NE(NULL, theirs);
		EXPECT_TRUE(theirs->initiator);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		/* it is not made anew either */
		EXPECT_EQ(theirs, pair_child(self->p, !side, IKE_CHILD_INSTALLED, 0));
		self->p->filter = NULL;
	}
}

TEST_F(rekey, both_ends_and_an_answer_is_lost)
{
	for (unsigned int side = 0; side < 2; side++) {
		lose_answer(self->p, side, CREATE);
		both(self->p);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		EXPECT_EQ(side + 1, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
	}
	EXPECT_EQ(0U, self->t->lost);
}

TEST_F(rekey, what_is_being_deleted_is_not_rekeyed)
{
	self->t->counts = false;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	ike_sa_close_child(self->b, &self->p->now, self->old_b->spi_in, "the test says so");
	traffic_run(self->t, 15);
	/* B has answered TEMPORARY_FAILURE, and A has deleted it */
	traffic_run(self->t, 10000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "is deleted by the peer") ||
		    !self->a->n_children);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_EQ(0U, self->a->n_tasks);
}

TEST_F(rekey, what_is_being_rekeyed_is_deleted)
{
	/* B deletes before it has seen that A rekeys, and answers A's rekey first */
	self->t->counts = false;
	lose_request(self->p, PAIR_B, INFO);
	ike_sa_close_child(self->b, &self->p->now, self->old_b->spi_in, "the test says so");
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 30);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer is busy, again in"));
	EXPECT_FINE((traffic_run(self->t, 20000), pair_agree(self->p)));
	EXPECT_FINE(pair_traffic(self->p, 0));
}

TEST_F(rekey, both_ends_delete_at_once)
{
	self->t->counts = false;
	ike_sa_close_child(self->a, &self->p->now, self->old_a->spi_in, "the test says so");
	ike_sa_close_child(self->b, &self->p->now, self->old_b->spi_in, "the test says so");
	traffic_run(self->t, 5);
	EXPECT_EQ(1U, self->a->n_children);
	traffic_run(self->t, 1000);
	EXPECT_EQ(0U, self->a->n_children);
	EXPECT_EQ(0U, self->b->n_children);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
}

TEST_F(rekey, what_the_peer_does_not_have_is_made_anew)
{
	self->t->counts = false;
	ike_child_remove(self->b, self->old_b);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 10000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "is made anew: the peer does not have it"));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(0U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
}

TEST_F(rekey, what_the_peer_does_not_have_yet_is_rekeyed_later)
{
	/* B has asked for a second tunnel and does not get A's answer for a while */
	pair_set_lines(self->p, 2);
	pair_lose(self->p, PAIR_A, CREATE, true, 2);
	ike_sa_want_child(self->b, &self->p->now, pair_child_policy(self->p, PAIR_B), 1, NULL);
	self->t->counts = false;
	traffic_run(self->t, 500);
	ASSERT_EQ(2U, pair_children(self->p, PAIR_A, IKE_CHILD_INSTALLED));
	pair_expire(self->p, PAIR_A, 1, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 30000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer is busy"));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 2));
}

TEST_F(rekey, what_the_peer_does_not_have_yet_can_be_deleted)
{
	pair_set_lines(self->p, 2);
	pair_lose(self->p, PAIR_A, CREATE, true, 2);
	ike_sa_want_child(self->b, &self->p->now, pair_child_policy(self->p, PAIR_B), 1, NULL);
	self->t->counts = false;
	traffic_run(self->t, 500);
	ike_sa_close_child(self->a, &self->p->now,
			   pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1)->spi_in,
			   "the test says so");
	traffic_run(self->t, 30000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(rekey, a_refused_rekey_is_tried_again_until_the_end)
{
	const uint64_t end = self->old_a->since + self->old_a->in.hard_ms;
	unsigned int tries = 0;

	/* B's entry has another transform set now, and has not told the engine */
	pair_child_policy(self->p, PAIR_B)->proposals->transforms[0].key_bits = 256;
	pair_child_policy(self->p, PAIR_B)->life_ms = 10 * end;
	self->old_b->rekey = IKE_NEVER;
	self->t->silent[PAIR_A] = true;
	self->t->silent[PAIR_B] = true;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	while (self->p->now.ms + 60000 < end) {
		uint64_t next = self->old_a->rekey;

		traffic_run(self->t, 30000);
		ASSERT_EQ(IKE_CHILD_INSTALLED, self->old_a->state);
		tries += self->old_a->rekey != next;
	}
	EXPECT_LE(3U, tries);
	EXPECT_GT(60U, tries);
	self->t->counts = false;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_HARD);
	traffic_run(self->t, 10000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "is deleted: its lifetime is over"));
}

TEST_F(rekey, temporary_failure_for_minutes_closes_the_ike_sa)
{
	/* B is about to delete what its peer rekeys, and never does */
	ike_child_set_state(self->b, self->old_b, IKE_CHILD_DELETING);
	self->old_b->told = true;
	self->t->silent[PAIR_A] = true;
	self->t->silent[PAIR_B] = true;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 60000);
	EXPECT_TRUE(pair_up(self->p));
	self->t->counts = false;
	traffic_run(self->t, 600000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer has said TEMPORARY_FAILURE for minutes"));
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(rekey, the_traffic_of_the_old_one_is_kept)
{
	struct ike_child *child;
	char text[IKE_CHILD_TEXT_LEN];

	/* the list that they came from has become wider, with other lines first */
	pair_set_lines(self->p, 3);
	for (unsigned int i = 0; i < 2; i++) {
		struct ike_child_policy *c = pair_child_policy(self->p, i);
		struct ike_selector_pair first = c->pairs[0];

		c->pairs[0] = c->pairs[2];
		c->pairs[2] = first;
	}
	pair_expire(self->p, PAIR_B, 0, IKE_EXPIRY_SOFT);
	EXPECT_FINE(one_tunnel(self->p, self->t));
	child = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0);
	EXPECT_STREQ("10.1.0.0/24 to 10.2.0.0/24",
		     ike_selectors_text(text, &child->local, &child->remote));
}

TEST_F(rekey, an_end_that_is_closed_meanwhile_leaves_nothing)
{
	self->t->counts = false;
	both(self->p);
	traffic_run(self->t, 5);
	ike_sa_close(self->a, &self->p->now, "the test says so", true);
	traffic_run(self->t, 200000);
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(rekey, what_is_not_wanted_any_more_is_deleted_when_it_is_there)
{
	self->t->counts = false;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	ike_sa_close_child(self->a, &self->p->now, self->old_a->spi_in, "the test says so");
	traffic_run(self->t, 10000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
}

TEST_F(rekey, the_kernel_refuses_the_new_one)
{
	uint64_t again;

	for (unsigned int i = 0; i < 2; i++) {
		self->p->side[i].refuse_install = 1;
		pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
		traffic_run(self->t, 1000);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		EXPECT_EQ(i, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
		/* tried again, and it does */
		again = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekey;
		ASSERT_LT(self->p->now.ms, again);
		traffic_run(self->t, again - self->p->now.ms);
		EXPECT_FINE(one_tunnel(self->p, self->t));
		EXPECT_EQ(i + 1, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
	}
}

TEST_HARNESS_MAIN
