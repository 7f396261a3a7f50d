// SPDX-License-Identifier: GPL-2.0
/*
 * What time and others bring to an established IKE SA: dead peer detection, keepalives,
 * a peer that moves, tunnels that nobody uses, another configuration, notifications.
 *
 * lab: native
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"
#include "ike/child.h"

FIXTURE(life) {
	struct pair *p;
	struct traffic *t;
};

FIXTURE_SETUP(life)
{
	self->p = pair_new(5);
	self->t = traffic_new(self->p);
}

FIXTURE_TEARDOWN(life)
{
	EXPECT_STREQ("", self->p->fault);
	pair_free(self->p);
	free(self->t);
	self->p = NULL;
	self->t = NULL;
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

static bool up(struct pair *p)
{
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 1000);
	return pair_up(p) && !pair_traffic(p, 1);
}

static void set_dpd(struct pair *p, uint64_t ms, bool periodic)
{
	struct ike_profile *profile = pair_profile(p, PAIR_A);

	profile->dpd_ms = ms;
	profile->dpd_retry_ms = 2000;
	profile->dpd_periodic = periodic;
}

static void silence(struct traffic *t, bool a, bool b)
{
	t->silent[PAIR_A] = a;
	t->silent[PAIR_B] = b;
}

/* Requests of A's that were answered. */
static unsigned int asked(struct pair *p)
{
	return pair_sa(p, PAIR_A)->send_id;
}

TEST_F(life, without_dpd_nothing_is_asked)
{
	unsigned int before;

	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	silence(self->t, false, true);
	traffic_run(self->t, 1000000);
	EXPECT_EQ(before, asked(self->p));
}

TEST_F(life, periodic_dpd_asks_though_nothing_is_sent)
{
	unsigned int before;

	set_dpd(self->p, 10000, true);
	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	silence(self->t, true, true);
	traffic_run(self->t, 100000);
	EXPECT_LE(before + 9, asked(self->p));
	EXPECT_GE(before + 10, asked(self->p));
}

TEST_F(life, on_demand_nothing_is_asked_while_nothing_is_sent)
{
	unsigned int before;

	set_dpd(self->p, 10000, false);
	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	silence(self->t, true, true);
	traffic_run(self->t, 100000);
	EXPECT_EQ(before, asked(self->p));
}

TEST_F(life, on_demand_nothing_is_asked_while_packets_come)
{
	unsigned int before;

	set_dpd(self->p, 10000, false);
	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	for (int i = 0; i < 100; i++)
		traffic_run(self->t, 1000);
	EXPECT_EQ(before, asked(self->p));
}

TEST_F(life, on_demand_it_is_asked_when_packets_go_and_none_come)
{
	unsigned int before;

	set_dpd(self->p, 10000, false);
	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	silence(self->t, false, true);
	for (int i = 0; i < 9; i++)
		traffic_run(self->t, 1000);
	EXPECT_EQ(before, asked(self->p));
	for (int i = 0; i < 5; i++)
		traffic_run(self->t, 1000);
	EXPECT_EQ(before + 1, asked(self->p));
}

/* How long it takes until A knows that B is gone, whose packets come for so long still. */
static uint64_t outage(struct pair *p, struct traffic *t, uint64_t ms)
{
	const uint64_t from = p->now.ms;

	p->side[PAIR_B].deaf = true;
	while (p->side[PAIR_A].n_sas && p->now.ms < from + ms)
		traffic_run(t, 100);
	silence(t, false, true);
	while (p->side[PAIR_A].n_sas && p->now.ms < from + 1000000)
		traffic_run(t, 100);
	return p->now.ms - from;
}

TEST_F(life, a_dead_peer_is_found_out_in_the_promised_time)
{
	uint64_t ms;

	for (int periodic = 0; periodic < 2; periodic++) {
		struct pair *p = pair_new(6);
		struct traffic *t = traffic_new(p);

		set_dpd(p, 10000, periodic);
		ASSERT_TRUE(up(p));
		traffic_run(t, 30000);
		ms = outage(p, t, 0);
		/* at most the interval, a look, and six times the time between retransmissions */
		EXPECT_LE(12000U, ms);
		EXPECT_GE(10000U + 2500U + 12000U + 200U, ms);
		EXPECT_EQ(0U, p->side[PAIR_A].n_kernel);
		EXPECT_EQ(1U, p->side[PAIR_A].died);
		pair_free(p);
		free(t);
	}
}

/* Answers may be lost among other messages: who sends ESP is not dead. */
TEST_F(life, a_peer_lives_that_sends)
{
	uint64_t ms;

	set_dpd(self->p, 10000, true);
	ASSERT_TRUE(up(self->p));
	traffic_run(self->t, 30000);
	ms = outage(self->p, self->t, 40000);
	EXPECT_LE(40000U + 11000U, ms);
	EXPECT_GE(40000U + 14200U, ms);
}

/* One that has been started anew knows nothing of us, whatever its kernel does. */
TEST_F(life, a_peer_that_never_answers_is_given_up_though_it_sends)
{
	uint64_t ms;

	set_dpd(self->p, 10000, true);
	ASSERT_TRUE(up(self->p));
	traffic_run(self->t, 30000);
	ms = outage(self->p, self->t, 1000000);
	EXPECT_LE(63000U, ms);
	EXPECT_GE(10000U + 63000U + 2200U, ms);
}

TEST_F(life, what_is_outstanding_asks_as_well)
{
	struct ike_sa *sa;

	set_dpd(self->p, 10000, true);
	ASSERT_TRUE(up(self->p));
	sa = pair_sa(self->p, PAIR_A);
	self->p->side[PAIR_B].deaf = true;
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 11000);
	EXPECT_EQ(&ike_task_rekey_child, sa->asking->ops);
	EXPECT_EQ(0U, sa->n_tasks);
	ike_sa_probe(sa, &self->p->now);
	EXPECT_EQ(0U, sa->n_tasks);
}

TEST_F(life, a_host_may_ask_when_it_likes)
{
	unsigned int before;

	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	ike_sa_probe(pair_sa(self->p, PAIR_A), &self->p->now);
	traffic_run(self->t, 1000);
	EXPECT_EQ(before + 1, asked(self->p));
}

TEST_F(life, a_nat_is_kept_open)
{
	self->p->nat = true;
	pair_profile(self->p, PAIR_A)->nat_keepalive_ms = 20000;
	pair_profile(self->p, PAIR_B)->nat_keepalive_ms = 20000;
	ASSERT_TRUE(up(self->p));
	silence(self->t, true, true);
	traffic_run(self->t, 100000);
	EXPECT_LE(4U, self->p->side[PAIR_B].keepalives);
	EXPECT_GE(5U, self->p->side[PAIR_B].keepalives);
	/* not by who is not behind it */
	EXPECT_EQ(0U, self->p->side[PAIR_A].keepalives);
}

TEST_F(life, packets_keep_a_nat_open_too)
{
	self->p->nat = true;
	pair_profile(self->p, PAIR_A)->nat_keepalive_ms = 20000;
	ASSERT_TRUE(up(self->p));
	for (int i = 0; i < 20; i++)
		traffic_run(self->t, 5000);
	EXPECT_EQ(0U, self->p->side[PAIR_B].keepalives);
}

TEST_F(life, without_a_nat_there_is_no_keepalive)
{
	pair_profile(self->p, PAIR_A)->nat_keepalive_ms = 20000;
	ASSERT_TRUE(up(self->p));
	silence(self->t, true, true);
	traffic_run(self->t, 100000);
	EXPECT_EQ(0U, self->p->side[PAIR_B].keepalives);
}

TEST_F(life, a_nat_that_has_forgotten_us)
{
	const struct pair_kernel_sa *sa;
	unsigned int found = 0;

	self->p->nat = true;
	ASSERT_TRUE(up(self->p));
	self->p->nat_from = 20000;
	ike_sa_probe(pair_sa(self->p, PAIR_A), &self->p->now);
	traffic_run(self->t, 1000);
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the peer has moved from 198.51.100.7 port 10001 to 198.51.100.7 port 20001"));
	for (unsigned int i = 0; i < self->p->side[PAIR_B].n_kernel; i++) {
		sa = &self->p->side[PAIR_B].kernel[i];
		found += (sa->k.direction == IKE_IN ? sa->k.src.port : sa->k.dst.port) == 20001;
	}
	EXPECT_EQ(2U, found);
	pair_expire(self->p, PAIR_B, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 10000);
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(life, a_tunnel_that_nobody_uses_is_deleted)
{
	pair_child_policy(self->p, PAIR_A)->idle_ms = 60000;
	ASSERT_TRUE(up(self->p));
	for (int i = 0; i < 20; i++)
		traffic_run(self->t, 10000);
	EXPECT_FINE(pair_traffic(self->p, 1));
	silence(self->t, true, true);
	traffic_run(self->t, 45000);
	EXPECT_FINE(pair_traffic(self->p, 1));
	traffic_run(self->t, 31000);
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "nothing has passed it for its idle time"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "is deleted by the peer"));
	EXPECT_TRUE(pair_up(self->p));
}

TEST_F(life, a_tunnel_that_nobody_has_ever_used_is_deleted)
{
	pair_child_policy(self->p, PAIR_B)->idle_ms = 60000;
	ASSERT_TRUE(up(self->p));
	silence(self->t, true, true);
	traffic_run(self->t, 50000);
	EXPECT_FINE(pair_traffic(self->p, 1));
	traffic_run(self->t, 30000);
	EXPECT_FINE(pair_traffic(self->p, 0));
}

TEST_F(life, one_direction_is_use_enough)
{
	pair_child_policy(self->p, PAIR_A)->idle_ms = 60000;
	ASSERT_TRUE(up(self->p));
	silence(self->t, true, false);
	for (int i = 0; i < 20; i++)
		traffic_run(self->t, 10000);
	EXPECT_FINE(pair_traffic(self->p, 1));
}

static void ends(struct __test_metadata *_metadata, FIXTURE_DATA(life) *self,
		 enum ike_expiry expiry, const char *why)
{
	ASSERT_TRUE(up(self->p));
	pair_expire(self->p, PAIR_A, 0, expiry);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, why));
	EXPECT_EQ(0U, pair_children(self->p, PAIR_A, IKE_CHILD_INSTALLED));
	traffic_run(self->t, 1000);
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_EQ(0U, self->p->side[PAIR_B].n_kernel);
}

TEST_F(life, a_hard_end_is_told)
{
	ends(_metadata, self, IKE_EXPIRY_HARD, "its lifetime is over");
}

TEST_F(life, a_removal_is_told)
{
	ends(_metadata, self, IKE_EXPIRY_REMOVED, "the kernel has it no more");
}

TEST_F(life, an_end_of_what_there_is_not_is_nothing)
{
	ASSERT_TRUE(up(self->p));
	ike_sa_expired(pair_sa(self->p, PAIR_A), &self->p->now, IKE_IN, 4711, IKE_EXPIRY_HARD);
	ike_sa_expired(pair_sa(self->p, PAIR_A), &self->p->now, IKE_OUT, 4711, IKE_EXPIRY_SOFT);
	ike_sa_close_child(pair_sa(self->p, PAIR_A), &self->p->now, 4711, "the test says so");
	traffic_run(self->t, 1000);
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(life, many_tunnels_are_deleted_by_few_requests)
{
	unsigned int before;
	struct ike_child *child;
	struct ike_sa *sa;

	pair_set_lines(self->p, 200);
	ASSERT_TRUE(up(self->p));
	sa = pair_sa(self->p, PAIR_A);
	for (size_t i = 1; i < 200; i++)
		ike_sa_want_child(sa, &self->p->now, pair_child_policy(self->p, PAIR_A), i, NULL);
	pair_run(self->p, 100000);
	ASSERT_EQ(NULL, pair_traffic(self->p, 200));
	before = asked(self->p);
	while ((child = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)))
		ike_sa_close_child(sa, &self->p->now, child->spi_in, "the test says so");
	pair_run(self->p, 10000);
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_GE(before + 4, asked(self->p));
}

/* A configuration that differs from a side's in nothing. */
static struct ike_config *same_config(struct pair *p, unsigned int side)
{
	struct pair *twin = pair_new(1);
	struct ike_config *c = twin->side[side].config;

	(void)p;
	twin->side[side].config = ike_config_new();
	pair_free(twin);
	return c;
}

TEST_F(life, the_same_configuration_changes_nothing)
{
	struct ike_config *c;
	unsigned int before;

	ASSERT_TRUE(up(self->p));
	before = asked(self->p);
	c = same_config(self->p, PAIR_A);
	ike_sa_configure(pair_sa(self->p, PAIR_A), &self->p->now, c);
	EXPECT_EQ(&c->children[0], pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->policy);
	EXPECT_EQ(&c->profiles[0], pair_sa(self->p, PAIR_A)->profile);
	ike_config_put(c);
	traffic_run(self->t, 1000);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_EQ(before, asked(self->p));
	pair_expire(self->p, PAIR_A, 0, IKE_EXPIRY_SOFT);
	traffic_run(self->t, 10000);
	EXPECT_FINE(pair_traffic(self->p, 1));
}

TEST_F(life, an_entry_that_has_changed_takes_its_tunnels_with_it)
{
	struct ike_config *c;

	ASSERT_TRUE(up(self->p));
	c = same_config(self->p, PAIR_A);
	c->children[0].life_ms++;
	ike_sa_configure(pair_sa(self->p, PAIR_A), &self->p->now, c);
	ike_config_put(c);
	traffic_run(self->t, 10000);
	EXPECT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "is deleted: its crypto map entry has changed"));
}

TEST_F(life, an_entry_that_changes_while_its_tunnel_is_made)
{
	struct ike_config *c;

	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	ike_sa_want_child(pair_sa(self->p, PAIR_A), &self->p->now,
			  pair_child_policy(self->p, PAIR_A), 1, NULL);
	c = same_config(self->p, PAIR_A);
	ike_sa_configure(pair_sa(self->p, PAIR_A), &self->p->now, c);
	ike_config_put(c);
	traffic_run(self->t, 10000);
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_FINE(pair_agree(self->p));
}

TEST_F(life, a_configuration_while_the_ike_sa_is_rekeyed)
{
	struct ike_config *c;

	ASSERT_TRUE(up(self->p));
	ike_sa_rekey(pair_sa(self->p, PAIR_A), &self->p->now);
	c = same_config(self->p, PAIR_A);
	ike_sa_configure(pair_sa(self->p, PAIR_A), &self->p->now, c);
	traffic_run(self->t, 100000);
	EXPECT_EQ(c, pair_sa(self->p, PAIR_A)->config);
	EXPECT_EQ(&c->profiles[0], pair_sa(self->p, PAIR_A)->profile);
	EXPECT_EQ(&c->policies[0], pair_sa(self->p, PAIR_A)->policy);
	ike_config_put(c);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_FINE(pair_agree(self->p));
}

TEST_F(life, a_profile_that_has_changed_closes_the_ike_sa)
{
	struct ike_config *c;

	ASSERT_TRUE(up(self->p));
	c = same_config(self->p, PAIR_A);
	c->profiles[0].lifetime_ms++;
	ike_sa_configure(pair_sa(self->p, PAIR_A), &self->p->now, c);
	ike_config_put(c);
	traffic_run(self->t, 100000);
	EXPECT_FINE(pair_nothing(self->p));
}

/* INFORMATIONAL requests as B would send them */

struct message {
	uint8_t buf[1024], answer[1024];
	struct ike_writer w;
	struct ike_message m;
};

static void begin(struct message *m)
{
	memset(m, 0, sizeof(*m));
	ike_chain_start(&m->w, m->buf, sizeof(m->buf));
}

static struct ike_payloads *tell(struct pair *p, struct message *m)
{
	struct ike_fault fault;
	struct ike_chunk chain;
	uint8_t first;

	m->m.at = &p->now;
	m->m.path = &pair_sa(p, PAIR_A)->path;
	m->m.h.exchange = IKE_EXCHANGE_INFORMATIONAL;
	if (!ike_chain_end(&m->w, &first, &chain) ||
	    !ike_payloads_parse(&m->m.payloads, first, chain.data, chain.len, &fault))
		abort();
	ike_chain_start(&m->w, m->answer, sizeof(m->answer));
	if (!ike_informational_request(pair_sa(p, PAIR_A), &m->m, &m->w) ||
	    !ike_chain_end(&m->w, &first, &chain) ||
	    !ike_payloads_parse(&m->m.payloads, first, chain.data, chain.len, &fault))
		abort();
	return &m->m.payloads;
}

TEST_F(life, an_empty_request_has_an_empty_answer)
{
	struct message m;

	ASSERT_TRUE(up(self->p));
	begin(&m);
	EXPECT_EQ(0U, tell(self->p, &m)->n);
}

TEST_F(life, what_is_unknown_is_not_deleted)
{
	const uint32_t spis[2] = { htonl(4711), htonl(0) };
	struct message m;

	ASSERT_TRUE(up(self->p));
	begin(&m);
	ike_write_delete(&m.w, IKE_PROTOCOL_ESP, ike_chunk(spis, sizeof(spis)));
	ike_write_delete(&m.w, IKE_PROTOCOL_AH, ike_chunk(spis, sizeof(spis)));
	EXPECT_EQ(0U, tell(self->p, &m)->n);
	EXPECT_EQ(1U, pair_children(self->p, PAIR_A, IKE_CHILD_INSTALLED));
}

TEST_F(life, a_delete_is_answered_with_our_spi)
{
	struct ike_child *child;
	uint32_t ours, theirs;
	struct ike_payloads *answer;
	struct message m;

	ASSERT_TRUE(up(self->p));
	child = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0);
	ours = htonl(child->spi_in);
	theirs = htonl(child->spi_out);
	begin(&m);
	ike_write_delete(&m.w, IKE_PROTOCOL_ESP, ike_chunk(&theirs, sizeof(theirs)));
	ike_write_delete(&m.w, IKE_PROTOCOL_ESP, ike_chunk(&theirs, sizeof(theirs)));
	answer = tell(self->p, &m);
	ASSERT_EQ(1U, answer->n);
	EXPECT_EQ(1U, answer->items[0].del.n);
	EXPECT_EQ(0, memcmp(&ours, answer->items[0].del.spis.data, sizeof(ours)));
	EXPECT_EQ(0U, self->p->side[PAIR_A].n_kernel);
}

TEST_F(life, errors_that_the_peer_tells_are_logged)
{
	const uint32_t spi = htonl(0xdeadbeef);
	struct message m;

	ASSERT_TRUE(up(self->p));
	begin(&m);
	ike_write_notify(&m.w, IKE_NOTIFY_INVALID_SPI, ike_chunk(&spi, sizeof(spi)));
	ike_write_notify_sa(&m.w, IKE_NOTIFY_INVALID_SELECTORS, IKE_PROTOCOL_ESP,
			    ike_chunk(&spi, sizeof(spi)), ike_chunk("packet", 6));
	ike_write_notify(&m.w, 12345, ike_chunk(NULL, 0));
	EXPECT_EQ(0U, tell(self->p, &m)->n);
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer has no SA for a packet of ours: SPI deadbeef"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer has got a packet that is not for its SA: deadbeef"));
	EXPECT_TRUE(pair_up(self->p));
}

TEST_F(life, a_peer_that_does_not_believe_us_is_gone)
{
	struct message m;

	ASSERT_TRUE(up(self->p));
	begin(&m);
	ike_write_notify(&m.w, IKE_NOTIFY_AUTHENTICATION_FAILED, ike_chunk(NULL, 0));
	tell(self->p, &m);
	EXPECT_EQ(NULL, pair_sa(self->p, PAIR_A));
	EXPECT_EQ(0U, self->p->side[PAIR_A].n_kernel);
}

TEST_HARNESS_MAIN
