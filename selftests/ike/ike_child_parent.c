// SPDX-License-Identifier: GPL-2.0
/*
 * Rekeying of IKE SAs: what the new one inherits, and every collision of RFC 7296 sections
 * 2.8.2 and 2.25.2.
 *
 * lab: native
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"
#include "ike/child.h"

FIXTURE(parent) {
	struct pair *p;
	struct traffic *t;
	struct ike_sa *a, *b;
};

static bool up(struct pair *p)
{
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 1000);
	return pair_up(p) && !pair_traffic(p, 1);
}

FIXTURE_SETUP(parent)
{
	self->p = pair_new(11);
	self->t = traffic_new(self->p);
	ASSERT_TRUE(up(self->p));
	self->a = pair_sa(self->p, PAIR_A);
	self->b = pair_sa(self->p, PAIR_B);
	self->t->tunnels = 1;
	self->t->counts = true;
}

FIXTURE_TEARDOWN(parent)
{
	EXPECT_STREQ("", self->t->fault);
	EXPECT_STREQ("", self->p->fault);
	pair_free(self->p);
	free(self->t);
	self->p = NULL;
	self->t = NULL;
	self->a = NULL;
	self->b = NULL;
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

static void rekey(struct pair *p, unsigned int side)
{
	ike_sa_rekey(pair_sa(p, side), &p->now);
	pair_reap(p);
}

/* All is over, there is one IKE SA, and one tunnel in it. */
static const char *one_sa(struct pair *p, struct traffic *t)
{
	const char *error;

	traffic_run(t, 100000);
	error = pair_agree(p);
	return error ? error : pair_traffic(p, 1);
}

TEST_F(parent, the_new_one_inherits_all)
{
	const struct ike_child *child = TAILQ_FIRST(&self->a->children);
	const struct ike_identity id = self->a->remote_id;
	struct ike_sa *now;

	rekey(self->p, PAIR_B);
	traffic_run(self->t, 500);
	now = pair_sa(self->p, PAIR_A);
	ASSERT_NE(self->a, now);
	EXPECT_FALSE(now->initiator);
	EXPECT_TRUE(pair_sa(self->p, PAIR_B)->initiator);
	EXPECT_EQ(child, TAILQ_FIRST(&now->children));
	EXPECT_EQ(1U, now->n_children);
	EXPECT_TRUE(ike_identity_equal(&id, &now->remote_id));
	EXPECT_EQ((unsigned int)IKE_PROVE_PSK, now->proved_remote);
	EXPECT_EQ(pair_profile(self->p, PAIR_A), now->profile);
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
	EXPECT_EQ(1U, self->p->side[PAIR_B].succeeded);
	EXPECT_FINE(one_sa(self->p, self->t));
	/* and its tunnels can be rekeyed, by either end */
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	EXPECT_FINE(one_sa(self->p, self->t));
	pair_expire(self->p, PAIR_B, 0, IKE_EXPIRY_SOFT);
	EXPECT_FINE(one_sa(self->p, self->t));
	EXPECT_EQ(2U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
}

TEST_F(parent, its_life_begins_it)
{
	const uint64_t at = self->a->rekey_at;

	EXPECT_GT(at, self->a->since + 86400000 - 1080001);
	EXPECT_LE(at, self->a->since + 86400000 - 540000);
	self->t->silent[PAIR_A] = true;
	self->t->silent[PAIR_B] = true;
	traffic_run(self->t, 86400000);
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
	EXPECT_FINE(pair_agree(self->p));
}

TEST_F(parent, keys_are_others_and_the_chain_goes_on)
{
	uint8_t last[IKE_PRF_LEN_MAX];

	for (int i = 0; i < 5; i++) {
		struct ike_sa *sa = pair_sa(self->p, PAIR_A);

		memcpy(last, sa->keys.d, sizeof(last));
		rekey(self->p, i & 1);
		EXPECT_FINE(one_sa(self->p, self->t));
		sa = pair_sa(self->p, PAIR_A);
		EXPECT_NE(0, memcmp(last, sa->keys.d, sizeof(last)));
		EXPECT_EQ(0, memcmp(sa->keys.d, pair_sa(self->p, PAIR_B)->keys.d, 32));
	}
}

TEST_F(parent, another_suite_after_another_configuration)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct ike_proposal *o = pair_policy(self->p, i)->proposals;

		pair_proposal(o, 1, IKE_PROTOCOL_IKE, IKE_ENCR_AES_CBC, 128,
			      IKE_PRF_HMAC_SHA2_512, IKE_INTEG_HMAC_SHA2_512_256, IKE_DH_ECP_256);
	}
	rekey(self->p, PAIR_A);
	EXPECT_FINE(one_sa(self->p, self->t));
	EXPECT_EQ(IKE_PRF_HMAC_SHA2_512, pair_sa(self->p, PAIR_A)->suite.prf->id);
	EXPECT_EQ(IKE_DH_ECP_256, pair_sa(self->p, PAIR_B)->suite.dh->id);
	/* whose PRF is the one that the next keys are made with */
	rekey(self->p, PAIR_B);
	EXPECT_FINE(one_sa(self->p, self->t));
}

TEST_F(parent, the_group_that_the_peer_asks_for_is_tried)
{
	pair_add_group(pair_policy(self->p, PAIR_A)->proposals, IKE_DH_ECP_256);
	pair_proposal(pair_policy(self->p, PAIR_B)->proposals, 1, IKE_PROTOCOL_IKE,
		      IKE_ENCR_AES_GCM_16, 256, IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_ECP_256);
	rekey(self->p, PAIR_A);
	EXPECT_FINE(one_sa(self->p, self->t));
	EXPECT_EQ(IKE_DH_ECP_256, pair_sa(self->p, PAIR_A)->suite.dh->id);
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
}

TEST_F(parent, what_the_peer_refuses_is_tried_until_the_end)
{
	pair_policy(self->p, PAIR_B)->proposals->transforms[0].key_bits = 128;
	self->t->silent[PAIR_A] = true;
	self->t->silent[PAIR_B] = true;
	rekey(self->p, PAIR_A);
	traffic_run(self->t, 1000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the IKE SA is not rekeyed: no encryption algorithm in common; theirs: encryption aes-gcm-256 prf sha256 group 31; ours: encryption aes-gcm-128"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer refuses to rekey the IKE SA: NO_PROPOSAL_CHOSEN"));
	EXPECT_EQ(IKE_STATE_ESTABLISHED, ike_sa_state(self->a));
	EXPECT_LT(self->p->now.ms, self->a->rekey_at);
	EXPECT_GT(self->a->since + 86400000, self->a->rekey_at);
	self->t->counts = false;
	traffic_run(self->t, 86500000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the IKE SA is closed: its lifetime is over") ||
		    pair_logged(self->p, PAIR_B, "the IKE SA is closed: its lifetime is over"));
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(parent, with_a_post_quantum_key)
{
	struct pair *p = pair_new(3);
	struct traffic *t = traffic_new(p);

	for (unsigned int i = 0; i < 2; i++)
		pair_set_ppk(p, i, "quantum", "a key that no computer finds", true);
	ASSERT_TRUE(up(p));
	ASSERT_TRUE(pair_sa(p, PAIR_A)->ppk);
	for (unsigned int i = 0; i < 4; i++) {
		rekey(p, i & 1);
		EXPECT_FINE(one_sa(p, t));
		EXPECT_TRUE(pair_sa(p, PAIR_B)->ppk);
		pair_expire(p, i & 1, 0, IKE_EXPIRY_SOFT);
		EXPECT_FINE(one_sa(p, t));
	}
	pair_free(p);
	free(t);
}

TEST_F(parent, behind_a_nat)
{
	struct pair *p = pair_new(4);
	struct traffic *t = traffic_new(p);

	p->nat = true;
	ASSERT_TRUE(up(p));
	for (unsigned int i = 0; i < 4; i++) {
		rekey(p, i & 1);
		EXPECT_FINE(one_sa(p, t));
		EXPECT_TRUE(pair_sa(p, PAIR_A)->nat_local);
		EXPECT_TRUE(pair_sa(p, PAIR_B)->nat_remote);
		pair_expire(p, i & 1, 0, IKE_EXPIRY_SOFT);
		EXPECT_FINE(one_sa(p, t));
		EXPECT_TRUE(pair_child(p, PAIR_A, IKE_CHILD_INSTALLED, 0)->encap);
	}
	pair_free(p);
	free(t);
}

TEST_F(parent, what_waits_to_be_asked_is_inherited)
{
	/* who answers sends by a tunnel that replaces none at once */
	self->t->counts = false;
	pair_set_lines(self->p, 3);
	rekey(self->p, PAIR_A);
	/* both wait for the rekey's answer, and go out by the new SA */
	ike_sa_want_child(self->a, &self->p->now, pair_child_policy(self->p, PAIR_A), 1, NULL);
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	EXPECT_EQ(2U, self->a->n_tasks);
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 2));
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
	EXPECT_EQ(1U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys +
		  pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1)->rekeys);
}

TEST_F(parent, a_replaced_one_that_nobody_deletes_goes)
{
	pair_lose(self->p, PAIR_A, INFO, false, 1000);
	rekey(self->p, PAIR_A);
	traffic_run(self->t, 60000);
	EXPECT_EQ(1U, pair_count(self->p, PAIR_B, IKE_STATE_REPLACED));
	traffic_run(self->t, 10000);
	EXPECT_EQ(0U, pair_count(self->p, PAIR_B, IKE_STATE_REPLACED));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(parent, a_replaced_one_takes_no_request_but_its_end)
{
	struct ike_sa *old = self->b;

	pair_lose(self->p, PAIR_A, INFO, false, 3);
	rekey(self->p, PAIR_A);
	traffic_run(self->t, 500);
	ASSERT_EQ(IKE_STATE_REPLACED, ike_sa_state(old));
	ike_sa_rekey(old, &self->p->now);
	ike_sa_want_child(old, &self->p->now, pair_child_policy(self->p, PAIR_B), 0, NULL);
	ike_sa_probe(old, &self->p->now);
	EXPECT_EQ(0U, old->n_tasks);
	EXPECT_EQ(NULL, old->asking);
	EXPECT_FINE(one_sa(self->p, self->t));
}

/* Both begin at once, and both see it. */
TEST_F(parent, both_ends_at_once)
{
	for (unsigned int i = 1; i <= 30; i++) {
		rekey(self->p, PAIR_A);
		rekey(self->p, PAIR_B);
		EXPECT_FINE(one_sa(self->p, self->t));
		EXPECT_EQ(i, self->p->side[PAIR_A].succeeded);
		EXPECT_EQ(i, self->p->side[PAIR_B].succeeded);
	}
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "this SA goes: both ends rekeyed"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "this SA goes: both ends rekeyed"));
	EXPECT_EQ(0U, self->t->lost);
	/* two of three have ended, each time */
	EXPECT_EQ(60U, self->p->side[PAIR_A].died);
	EXPECT_EQ(60U, self->p->side[PAIR_B].died);
}

TEST_F(parent, both_ends_and_one_does_not_see_it)
{
	for (unsigned int side = 0; side < 2; side++) {
		pair_lose(self->p, side, CREATE, false, 1);
		rekey(self->p, PAIR_A);
		rekey(self->p, PAIR_B);
		traffic_run(self->t, 500);
		/* the other end's stays */
		EXPECT_TRUE(pair_sa(self->p, !side)->initiator);
		EXPECT_FINE(one_sa(self->p, self->t));
		EXPECT_EQ(side + 1, self->p->side[side].succeeded);
		self->p->filter = NULL;
	}
}

TEST_F(parent, both_ends_and_one_does_not_see_it_and_its_delete_is_late)
{
	for (unsigned int side = 0; side < 2; side++) {
		/* the retried request comes to what is replaced: TEMPORARY_FAILURE */
		pair_lose(self->p, side, CREATE, false, 1);
		self->p->delay_max = 10;
		rekey(self->p, PAIR_A);
		rekey(self->p, PAIR_B);
		traffic_run(self->t, 25);
		pair_lose(self->p, !side, INFO, false, 2);
		EXPECT_FINE(one_sa(self->p, self->t));
		EXPECT_EQ(side + 1, self->p->side[side].succeeded);
		self->p->filter = NULL;
	}
}

TEST_F(parent, both_ends_and_an_answer_is_lost)
{
	for (unsigned int i = 0; i < 20; i++) {
		pair_lose(self->p, i & 1, CREATE, true, 1 + i % 3);
		rekey(self->p, PAIR_A);
		rekey(self->p, PAIR_B);
		EXPECT_FINE(one_sa(self->p, self->t));
	}
	EXPECT_EQ(0U, self->t->lost);
}

TEST_F(parent, a_tunnel_that_is_made_meanwhile_is_made_later)
{
	self->t->counts = false;
	pair_set_lines(self->p, 2);
	rekey(self->p, PAIR_A);
	ike_sa_want_child(self->b, &self->p->now, pair_child_policy(self->p, PAIR_B), 1, NULL);
	traffic_run(self->t, 100);
	/* neither end does what the other one asks */
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer is busy"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the peer is busy"));
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 2));
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
}

TEST_F(parent, a_tunnel_that_is_deleted_meanwhile_is_deleted)
{
	self->t->counts = false;
	rekey(self->p, PAIR_A);
	ike_sa_close_child(self->b, &self->p->now, TAILQ_FIRST(&self->b->children)->spi_in,
			   "the test says so");
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
}

TEST_F(parent, a_tunnel_that_is_rekeyed_meanwhile_is_rekeyed_later)
{
	rekey(self->p, PAIR_A);
	pair_expire(self->p, PAIR_B, 0, IKE_EXPIRY_SOFT);
	EXPECT_FINE(one_sa(self->p, self->t));
	EXPECT_EQ(1U, self->p->side[PAIR_A].succeeded);
	EXPECT_EQ(1U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->rekeys);
}

TEST_F(parent, what_is_rekeyed_is_closed_by_the_peer)
{
	self->t->counts = false;
	rekey(self->p, PAIR_A);
	ike_sa_close(self->b, &self->p->now, "the test says so", true);
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_nothing(self->p));
	EXPECT_EQ(0U, self->p->side[PAIR_A].succeeded);
}

TEST_F(parent, what_is_rekeyed_is_closed_by_us)
{
	self->t->counts = false;
	rekey(self->p, PAIR_A);
	ike_sa_close(self->a, &self->p->now, "the test says so", true);
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(parent, both_ends_close_at_once)
{
	self->t->counts = false;
	ike_sa_close(self->a, &self->p->now, "the test says so", true);
	ike_sa_close(self->b, &self->p->now, "the test says so", true);
	EXPECT_EQ(IKE_STATE_DELETING, ike_sa_state(self->a));
	EXPECT_EQ(0U, self->p->side[PAIR_A].n_kernel);
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_nothing(self->p));
}

TEST_F(parent, a_peer_that_is_gone_is_closed_without_it)
{
	self->t->counts = false;
	self->p->side[PAIR_B].deaf = true;
	ike_sa_close(self->a, &self->p->now, "the test says so", true);
	traffic_run(self->t, 70000);
	EXPECT_EQ(0U, self->p->side[PAIR_A].n_sas);
}

TEST_F(parent, a_standby_says_nothing)
{
	unsigned int sent = self->p->side[PAIR_A].sent;

	self->t->counts = false;
	ike_sa_close(self->a, &self->p->now, "the role is lost", false);
	EXPECT_EQ(IKE_STATE_DEAD, ike_sa_state(self->a));
	pair_reap(self->p);
	traffic_run(self->t, 10000);
	EXPECT_EQ(sent, self->p->side[PAIR_A].sent);
	EXPECT_EQ(0U, self->p->side[PAIR_A].n_kernel);
}

TEST_HARNESS_MAIN
