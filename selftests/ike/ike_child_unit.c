// SPDX-License-Identifier: GPL-2.0
/*
 * Child SAs: which entry of a crypto map is meant, what is offered and agreed on, why it
 * is refused, and answers that cannot be.
 *
 * lab: native
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "kselftest_harness.h"
#include "pair_unit.h"
#include "traffic.h"
#include "ike/child.h"

static bool up(struct pair *p)
{
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 1000);
	return pair_up(p) && !pair_traffic(p, 1);
}

static void want(struct pair *p, unsigned int side, size_t pair,
		 const struct ike_selector_pair *packet)
{
	ike_sa_want_child(pair_sa(p, side), &p->now, pair_child_policy(p, side), pair, packet);
	pair_run(p, 1000);
}

static struct ike_selector_pair hosts(const char *local, const char *remote)
{
	struct ike_selector_pair pair;
	uint8_t address[4];

	inet_pton(AF_INET, local, address);
	ike_selector_of_prefix(&pair.local, AF_INET, address, 32);
	inet_pton(AF_INET, remote, address);
	ike_selector_of_prefix(&pair.remote, AF_INET, address, 32);
	return pair;
}

/* Another entry of B's, before or after what it has. */
static struct ike_child_policy *add_entry(struct pair *p, bool before)
{
	struct ike_config *c = p->side[PAIR_B].config;
	struct ike_child_policy *to;

	c->children = realloc(c->children, 2 * sizeof(*c->children));
	to = before ? &c->children[0] : &c->children[1];
	if (before)
		c->children[1] = c->children[0];
	memset(to, 0, sizeof(*to));
	snprintf(to->ifname, sizeof(to->ifname), "eth0");
	snprintf(to->map, sizeof(to->map), "other");
	to->number = 5;
	to->local[0] = p->side[PAIR_B].address;
	to->n_proposals = 1;
	to->proposals = calloc(1, sizeof(*to->proposals));
	pair_proposal(to->proposals, 1, IKE_PROTOCOL_ESP, IKE_ENCR_AES_GCM_16, 128, 0, 0, 0);
	to->life_ms = 3600000;
	c->n_children = 2;
	return to;
}

static const char *map_of_b(struct pair *p)
{
	struct ike_child *child = pair_child(p, PAIR_B, IKE_CHILD_INSTALLED, 0);

	return child ? child->policy->map : "none";
}

static void add_line(struct ike_child_policy *c, const char *local, const char *remote)
{
	c->pairs = calloc(1, sizeof(*c->pairs));
	c->lines = calloc(1, sizeof(*c->lines));
	c->n_pairs = 1;
	c->pairs[0] = hosts(local, remote);
}

TEST_F(pair, the_first_entry_that_fits_is_meant)
{
	/* a dynamic map: anybody, anything */
	add_entry(self->p, true);
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("other", map_of_b(self->p));
}

TEST_F(pair, an_entry_for_other_traffic_is_passed_over)
{
	add_line(add_entry(self->p, true), "10.9.0.1", "10.9.0.2");
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("vpn", map_of_b(self->p));
}

TEST_F(pair, an_entry_for_another_peer_is_passed_over)
{
	struct ike_child_policy *c = add_entry(self->p, true);

	c->peers = calloc(1, sizeof(*c->peers));
	c->n_peers = 1;
	c->peers[0] = self->p->side[PAIR_B].address;
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("vpn", map_of_b(self->p));
}

TEST_F(pair, an_entry_of_another_address_of_ours_is_passed_over)
{
	add_entry(self->p, true)->local[0] = self->p->side[PAIR_A].address;
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("vpn", map_of_b(self->p));
}

TEST_F(pair, an_entry_with_another_profile_is_passed_over)
{
	struct ike_child_policy *c = add_entry(self->p, true);

	snprintf(c->profile, sizeof(c->profile), "nobody");
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("vpn", map_of_b(self->p));
}

TEST_F(pair, an_entry_with_the_profile_of_the_peer_is_taken)
{
	struct ike_child_policy *c = add_entry(self->p, true);

	snprintf(c->profile, sizeof(c->profile), "%s", pair_profile(self->p, PAIR_B)->name);
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("other", map_of_b(self->p));
}

TEST_F(pair, an_entry_whose_transform_set_fits_is_taken_after_one_that_does_not)
{
	struct ike_child_policy *c = add_entry(self->p, true);

	pair_proposal(c->proposals, 1, IKE_PROTOCOL_ESP, IKE_ENCR_AES_GCM_16, 256, 0, 0, 0);
	ASSERT_TRUE(up(self->p));
	EXPECT_STREQ("vpn", map_of_b(self->p));
}

TEST_F(pair, other_traffic_is_refused_and_said)
{
	struct ike_child_policy *c = pair_child_policy(self->p, PAIR_B);

	c->pairs[0] = hosts("10.9.0.1", "10.9.0.2");
	pair_initiate(self->p, PAIR_A, false);
	pair_run(self->p, 1000);
	ASSERT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "error: crypto map vpn 10 of eth0: the access list has nothing of the traffic that the peer asks for; theirs: 10.2.0.0/24 to 10.1.0.0/24; ours: 10.9.0.1/32 to 10.9.0.2/32"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "error: crypto map vpn 10 of eth0: the peer refuses a tunnel: TS_UNACCEPTABLE"));
	EXPECT_EQ(0U, pair_sa(self->p, PAIR_A)->n_children);
	EXPECT_EQ(0U, pair_sa(self->p, PAIR_B)->n_children);
}

TEST_F(pair, a_peer_without_an_entry_is_refused)
{
	pair_child_policy(self->p, PAIR_B)->n_peers = 1;
	pair_child_policy(self->p, PAIR_B)->peers[0] = self->p->side[PAIR_B].address;
	pair_initiate(self->p, PAIR_A, false);
	pair_run(self->p, 1000);
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "no crypto map entry is for this peer"));
}

TEST_F(pair, another_transform_set_is_refused_and_said)
{
	pair_proposal(pair_child_policy(self->p, PAIR_B)->proposals, 1, IKE_PROTOCOL_ESP,
		      IKE_ENCR_AES_CBC, 256, 0, IKE_INTEG_HMAC_SHA2_256_128, 0);
	pair_initiate(self->p, PAIR_A, false);
	pair_run(self->p, 1000);
	ASSERT_TRUE(pair_up(self->p));
	EXPECT_FINE(pair_traffic(self->p, 0));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "no transform set fits: no encryption algorithm in common; theirs: encryption esp-gcm 128 esn no; ours: encryption esp-aes 256 integrity esp-sha256-hmac esn no"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer refuses a tunnel: NO_PROPOSAL_CHOSEN"));
}

TEST_F(pair, a_cipher_with_integrity_and_esn)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct ike_proposal *o = pair_child_policy(self->p, i)->proposals;

		pair_proposal(o, 1, IKE_PROTOCOL_ESP, IKE_ENCR_AES_CBC, 256, 0,
			      IKE_INTEG_HMAC_SHA2_512_256, 0);
		o->transforms[o->n - 1].id = IKE_ESN_YES;
	}
	ASSERT_TRUE(up(self->p));
	EXPECT_TRUE(pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->suite.esn);
	EXPECT_TRUE(pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 0)->suite.esn);
}

TEST_F(pair, keys_are_wiped_when_both_directions_are_installed)
{
	static const struct ike_child_keys none;

	ASSERT_TRUE(up(self->p));
	for (unsigned int i = 0; i < 2; i++) {
		struct ike_child *child = pair_child(self->p, i, IKE_CHILD_INSTALLED, 0);

		EXPECT_EQ(0, memcmp(&child->keys, &none, sizeof(none)));
		EXPECT_EQ(NULL, child->in.keys);
		EXPECT_EQ(NULL, child->out.keys);
	}
}

TEST_F(pair, each_line_has_a_tunnel_of_its_own)
{
	pair_set_lines(self->p, 3);
	ASSERT_TRUE(up(self->p));
	want(self->p, PAIR_A, 1, NULL);
	want(self->p, PAIR_B, 2, NULL);
	EXPECT_FINE(pair_traffic(self->p, 3));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_EQ(1U, pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 1)->pair);
	EXPECT_EQ(2U, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 2)->pair);
}

TEST_F(pair, all_lines_at_once_where_the_peer_has_them)
{
	struct ike_child *child;

	pair_set_lines(self->p, 1);
	ASSERT_TRUE(up(self->p));
	pair_set_lines(self->p, 3);
	want(self->p, PAIR_A, SIZE_MAX, NULL);
	child = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1);
	ASSERT_NE(NULL, child);
	/* any local with any remote is more than the lines allow: one of them it is */
	EXPECT_EQ(1U, child->local.n);
	EXPECT_FINE(pair_agree(self->p));
}

TEST_F(pair, the_packet_decides_which_line_it_is)
{
	const struct ike_selector_pair packet = hosts("10.1.2.9", "10.2.2.7");
	struct ike_child *child;
	char text[IKE_SELECTOR_TEXT_LEN];

	pair_set_lines(self->p, 3);
	ASSERT_TRUE(up(self->p));
	want(self->p, PAIR_A, SIZE_MAX, &packet);
	child = pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1);
	ASSERT_NE(NULL, child);
	EXPECT_STREQ("10.1.2.0/24", ike_selector_text(text, &child->local.list[0]));
	EXPECT_STREQ("10.2.2.0/24", ike_selector_text(text, &child->remote.list[0]));
	EXPECT_EQ(2U, pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 1)->pair);
}

TEST_F(pair, what_is_there_or_asked_for_is_not_asked_for_again)
{
	const struct ike_selector_pair packet = hosts("10.1.1.9", "10.2.1.7");
	struct ike_sa *sa;

	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	sa = pair_sa(self->p, PAIR_A);
	for (int i = 0; i < 5; i++) {
		ike_sa_want_child(sa, &self->p->now, pair_child_policy(self->p, PAIR_A), 0, NULL);
		ike_sa_want_child(sa, &self->p->now, pair_child_policy(self->p, PAIR_A), 1, &packet);
	}
	EXPECT_EQ(2U, sa->n_children);
	EXPECT_EQ(0U, sa->n_tasks);
	pair_run(self->p, 1000);
	ike_sa_want_child(sa, &self->p->now, pair_child_policy(self->p, PAIR_A), 1, &packet);
	EXPECT_EQ(2U, sa->n_children);
	EXPECT_FINE(pair_traffic(self->p, 2));
}

static void set_pfs(struct pair *p, unsigned int side, uint16_t group, uint16_t other)
{
	struct ike_child_policy *c = pair_child_policy(p, side);

	pair_add_group(c->proposals, group);
	if (other)
		pair_add_group(c->proposals, other);
	c->pfs = ike_alg_find(IKE_TRANSFORM_DH, group, 0);
}

TEST_F(pair, pfs_has_a_group_but_in_ike_auth)
{
	pair_set_lines(self->p, 2);
	set_pfs(self->p, PAIR_A, IKE_DH_ECP_256, 0);
	set_pfs(self->p, PAIR_B, IKE_DH_ECP_256, 0);
	ASSERT_TRUE(up(self->p));
	EXPECT_EQ(NULL, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->suite.dh);
	want(self->p, PAIR_A, 1, NULL);
	EXPECT_FINE(pair_traffic(self->p, 2));
	EXPECT_EQ(pair_child_policy(self->p, PAIR_A)->pfs,
		  pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1)->suite.dh);
	EXPECT_EQ(pair_child_policy(self->p, PAIR_A)->pfs,
		  pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 1)->suite.dh);
}

TEST_F(pair, the_group_that_the_peer_asks_for_is_tried)
{
	pair_set_lines(self->p, 2);
	set_pfs(self->p, PAIR_A, IKE_DH_ECP_256, IKE_DH_X25519);
	set_pfs(self->p, PAIR_B, IKE_DH_X25519, 0);
	ASSERT_TRUE(up(self->p));
	want(self->p, PAIR_A, 1, NULL);
	EXPECT_FINE(pair_traffic(self->p, 2));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the peer is asked for group 31"));
	EXPECT_EQ(pair_child_policy(self->p, PAIR_B)->pfs,
		  pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 1)->suite.dh);
}

TEST_F(pair, without_pfs_where_the_peer_wants_it_there_is_none)
{
	pair_set_lines(self->p, 2);
	set_pfs(self->p, PAIR_B, IKE_DH_X25519, 0);
	ASSERT_TRUE(up(self->p));
	want(self->p, PAIR_A, 1, NULL);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "no transform set fits: no Diffie-Hellman group in common"));
}

static void set_transport(struct pair *p, unsigned int side)
{
	struct ike_child_policy *c = pair_child_policy(p, side);

	c->transport = true;
	c->pairs[0] = side == PAIR_A ? hosts("192.0.2.1", "203.0.113.2") :
				       hosts("203.0.113.2", "192.0.2.1");
}

TEST_F(pair, transport_mode)
{
	set_transport(self->p, PAIR_A);
	set_transport(self->p, PAIR_B);
	ASSERT_TRUE(up(self->p));
	EXPECT_TRUE(pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->in.transport);
	EXPECT_TRUE(pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 0)->out.transport);
}

TEST_F(pair, transport_mode_that_one_end_does_not_want_is_tunnel_mode)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct pair *p = pair_new(2);

		set_transport(p, PAIR_A);
		set_transport(p, PAIR_B);
		pair_child_policy(p, i)->transport = false;
		EXPECT_TRUE(up(p));
		EXPECT_FALSE(pair_child(p, PAIR_A, IKE_CHILD_INSTALLED, 0)->transport);
		EXPECT_FALSE(pair_child(p, PAIR_B, IKE_CHILD_INSTALLED, 0)->transport);
		pair_free(p);
	}
}

TEST_F(pair, networks_are_not_for_transport_mode)
{
	pair_child_policy(self->p, PAIR_A)->transport = true;
	pair_child_policy(self->p, PAIR_B)->transport = true;
	ASSERT_TRUE(up(self->p));
	EXPECT_FALSE(pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->transport);
}

TEST_F(pair, lives_have_a_margin_that_differs)
{
	struct ike_kernel_sa *a, *b;

	for (unsigned int i = 0; i < 2; i++) {
		pair_child_policy(self->p, i)->life_ms = 3600000;
		pair_child_policy(self->p, i)->life_bytes = 1000000;
	}
	ASSERT_TRUE(up(self->p));
	a = &pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->in;
	b = &pair_child(self->p, PAIR_B, IKE_CHILD_INSTALLED, 0)->out;
	EXPECT_EQ(3600000U, a->hard_ms);
	EXPECT_EQ(1000000U, b->hard_bytes);
	EXPECT_LE(a->soft_ms, 3600000U * 9 / 10);
	EXPECT_GT(a->soft_ms, 3600000U * 8 / 10);
	EXPECT_LE(b->soft_bytes, 900000U);
	EXPECT_GT(b->soft_bytes, 800000U);
	EXPECT_NE(a->soft_ms, b->soft_ms);
}

/* Answers that no peer may give */

struct answer {
	uint8_t buf[4096], out[4096];
	struct ike_writer w;
	struct ike_message m;
	uint8_t ni[32], nr[32];
	struct ike_child *child;
	struct ike_sa *sa;
};

static void ask(struct pair *p, struct answer *a, size_t pair)
{
	memset(a, 0, sizeof(*a));
	a->sa = pair_sa(p, PAIR_A);
	a->child = ike_child_new(a->sa, pair_child_policy(p, PAIR_A), pair, NULL);
	ike_chain_start(&a->w, a->buf, sizeof(a->buf));
	ike_child_offer(a->sa, a->child, ike_chunk(a->ni, sizeof(a->ni)), NULL, false, &a->w);
	ike_chain_start(&a->w, a->buf, sizeof(a->buf));
	a->m.at = &p->now;
	a->m.path = &a->sa->path;
}

static void put_sa(struct answer *a, uint16_t bits, uint32_t spi)
{
	const uint32_t be = htonl(spi);
	struct ike_proposal o;

	pair_proposal(&o, 1, IKE_PROTOCOL_ESP, IKE_ENCR_AES_GCM_16, bits, 0, 0, 0);
	o.spi_len = sizeof(be);
	memcpy(o.spi, &be, sizeof(be));
	ike_write_sa(&a->w, &o, 1);
}

static void put_ts(struct answer *a, const char *local, const char *remote)
{
	const struct ike_selector_pair pair = hosts(local, remote);

	ike_write_ts(&a->w, IKE_PAYLOAD_TSI, &pair.local, 1);
	ike_write_ts(&a->w, IKE_PAYLOAD_TSR, &pair.remote, 1);
}

static uint16_t answered(struct answer *a)
{
	struct ike_fault fault;
	struct ike_chunk chain;
	uint8_t first;

	if (!ike_chain_end(&a->w, &first, &chain) ||
	    !ike_payloads_parse(&a->m.payloads, first, chain.data, chain.len, &fault))
		abort();
	return ike_child_answered(a->sa, a->child, &a->m, ike_chunk(a->ni, sizeof(a->ni)),
				  ike_chunk(a->nr, sizeof(a->nr)), NULL, false);
}

TEST_F(pair, an_answer_is_taken)
{
	struct answer a;

	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 1);
	put_sa(&a, 128, 0x12345678);
	put_ts(&a, "10.1.1.5", "10.2.1.5");
	EXPECT_EQ(0, answered(&a));
	EXPECT_EQ(IKE_CHILD_INSTALLED, a.child->state);
	EXPECT_EQ(0x12345678U, a.child->spi_out);
}

/* The peer has what it has answered, and is told to delete it. */
static bool is_taken_back(struct answer *a)
{
	return a->child->state == IKE_CHILD_DELETING && !a->child->has_in && !a->child->has_out &&
	       a->sa->n_tasks == 1;
}

TEST_F(pair, an_answer_that_was_not_offered_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	put_sa(&a, 256, 0x12345678);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(IKE_NOTIFY_NO_PROPOSAL_CHOSEN, answered(&a));
	EXPECT_TRUE(is_taken_back(&a));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the answer has a transform that was not offered; theirs: encryption esp-gcm 256"));
}

TEST_F(pair, an_answer_with_more_traffic_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	put_sa(&a, 128, 0x12345678);
	put_ts(&a, "10.1.0.5", "10.9.0.5");
	EXPECT_EQ(IKE_NOTIFY_TS_UNACCEPTABLE, answered(&a));
	EXPECT_TRUE(is_taken_back(&a));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "its traffic selectors are not within ours"));
}

TEST_F(pair, an_answer_without_selectors_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	put_sa(&a, 128, 0x12345678);
	EXPECT_EQ(IKE_NOTIFY_TS_UNACCEPTABLE, answered(&a));
	EXPECT_TRUE(is_taken_back(&a));
}

TEST_F(pair, an_answer_with_a_reserved_spi_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	put_sa(&a, 128, 255);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(IKE_NOTIFY_NO_PROPOSAL_CHOSEN, answered(&a));
	EXPECT_TRUE(is_taken_back(&a));
}

TEST_F(pair, an_answer_in_transport_mode_that_was_not_asked_for_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	ike_write_notify(&a.w, IKE_NOTIFY_USE_TRANSPORT_MODE, ike_chunk(NULL, 0));
	put_sa(&a, 128, 0x12345678);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(IKE_NOTIFY_INVALID_SYNTAX, answered(&a));
	EXPECT_TRUE(is_taken_back(&a));
}

TEST_F(pair, an_empty_answer_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	ask(self->p, &a, 0);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(IKE_NOTIFY_NO_PROPOSAL_CHOSEN, answered(&a));
	EXPECT_EQ(1U, a.sa->n_children);
}

/* Requests that cannot be */

static struct ike_child *request(struct pair *p, struct answer *a, bool in_auth)
{
	struct ike_fault fault;
	struct ike_chunk chain;
	uint8_t first;

	if (!ike_chain_end(&a->w, &first, &chain) ||
	    !ike_payloads_parse(&a->m.payloads, first, chain.data, chain.len, &fault))
		abort();
	a->sa = pair_sa(p, PAIR_B);
	ike_chain_start(&a->w, a->out, sizeof(a->out));
	a->child = ike_child_accept(a->sa, &a->m, ike_chunk(a->ni, sizeof(a->ni)),
				    ike_chunk(a->nr, sizeof(a->nr)), in_auth, NULL, &a->w);
	if (!ike_chain_end(&a->w, &first, &chain) ||
	    !ike_payloads_parse(&a->m.payloads, first, chain.data, chain.len, &fault))
		abort();
	return a->child;
}

static void begin_request(struct pair *p, struct answer *a)
{
	memset(a, 0, sizeof(*a));
	ike_chain_start(&a->w, a->buf, sizeof(a->buf));
	a->m.at = &p->now;
	a->m.path = &pair_sa(p, PAIR_B)->path;
}

TEST_F(pair, a_request_without_traffic_ends_the_ike_sa)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	begin_request(self->p, &a);
	put_sa(&a, 128, 0x12345678);
	EXPECT_EQ(NULL, request(self->p, &a, false));
	EXPECT_EQ(IKE_NOTIFY_INVALID_SYNTAX, ike_answer_error(&a.m));
	EXPECT_TRUE(a.sa->lingering);
}

TEST_F(pair, a_request_of_ike_auth_without_traffic_is_refused_alone)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	begin_request(self->p, &a);
	put_sa(&a, 128, 0x12345678);
	EXPECT_EQ(NULL, request(self->p, &a, true));
	EXPECT_EQ(IKE_NOTIFY_NO_PROPOSAL_CHOSEN, ike_answer_error(&a.m));
	EXPECT_FALSE(a.sa->lingering);
}

TEST_F(pair, the_spi_of_another_tunnel_is_refused)
{
	struct answer a;

	ASSERT_TRUE(up(self->p));
	begin_request(self->p, &a);
	put_sa(&a, 128, pair_child(self->p, PAIR_A, IKE_CHILD_INSTALLED, 0)->spi_in);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(NULL, request(self->p, &a, false));
	EXPECT_EQ(IKE_NOTIFY_INVALID_SYNTAX, ike_answer_error(&a.m));
}

TEST_F(pair, a_part_of_the_traffic_is_answered_with_what_else_there_would_be)
{
	struct ike_selector_pair pairs[2] = {
		hosts("10.1.0.5", "10.2.0.5"), hosts("10.1.1.5", "10.2.1.5"),
	};
	struct ike_selector both[2];
	struct answer a;

	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	begin_request(self->p, &a);
	put_sa(&a, 128, 0x12345678);
	both[0] = pairs[0].local;
	both[1] = pairs[1].local;
	ike_write_ts(&a.w, IKE_PAYLOAD_TSI, both, 2);
	both[0] = pairs[0].remote;
	both[1] = pairs[1].remote;
	ike_write_ts(&a.w, IKE_PAYLOAD_TSR, both, 2);
	ASSERT_NE(NULL, request(self->p, &a, false));
	EXPECT_NE(NULL, ike_payload_find_notify(&a.m.payloads,
						IKE_NOTIFY_ADDITIONAL_TS_POSSIBLE));
	EXPECT_EQ(1U, a.child->local.n);
	EXPECT_EQ(1U, a.child->remote.n);
}

TEST_F(pair, there_are_no_more_tunnels_than_so_many)
{
	struct ike_sa *sa;
	struct answer a;

	ASSERT_TRUE(up(self->p));
	sa = pair_sa(self->p, PAIR_B);
	while (ike_child_new(sa, pair_child_policy(self->p, PAIR_B), 0, NULL))
		;
	EXPECT_EQ((size_t)IKE_CHILDREN_MAX, sa->n_children);
	begin_request(self->p, &a);
	put_sa(&a, 128, 0x12345678);
	put_ts(&a, "10.1.0.5", "10.2.0.5");
	EXPECT_EQ(NULL, request(self->p, &a, false));
	EXPECT_EQ(IKE_NOTIFY_NO_ADDITIONAL_SAS, ike_answer_error(&a.m));
	EXPECT_FALSE(ike_create_child(sa, pair_child_policy(self->p, PAIR_B), 0, NULL));
}

TEST_F(pair, what_the_kernel_refuses_is_refused)
{
	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	self->p->side[PAIR_B].refuse_install = 1;
	want(self->p, PAIR_A, 1, NULL);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_FINE(pair_agree(self->p));
	EXPECT_TRUE(pair_logged(self->p, PAIR_B, "the kernel did not take the inbound SA of"));
	EXPECT_TRUE(pair_logged(self->p, PAIR_A, "the peer refuses a tunnel: NO_PROPOSAL_CHOSEN"));
	want(self->p, PAIR_A, 1, NULL);
	EXPECT_FINE(pair_traffic(self->p, 2));
}

TEST_F(pair, what_our_kernel_refuses_the_peer_deletes)
{
	pair_set_lines(self->p, 2);
	ASSERT_TRUE(up(self->p));
	self->p->side[PAIR_A].refuse_install = 1;
	want(self->p, PAIR_A, 1, NULL);
	pair_run(self->p, 1000);
	EXPECT_FINE(pair_traffic(self->p, 1));
	EXPECT_FINE(pair_agree(self->p));
}

TEST_F(pair, nonces_are_compared_octet_by_octet)
{
	EXPECT_LT(ike_nonce_compare(CHUNK("abc", 3), CHUNK("abd", 3)), 0);
	EXPECT_GT(ike_nonce_compare(CHUNK("b", 1), CHUNK("abd", 3)), 0);
	EXPECT_LT(ike_nonce_compare(CHUNK("ab", 2), CHUNK("abc", 3)), 0);
	EXPECT_EQ(ike_nonce_compare(CHUNK("abc", 3), CHUNK("abc", 3)), 0);
	EXPECT_GT(ike_nonce_compare(CHUNK("\xff", 1), CHUNK("\x01", 1)), 0);
}

TEST_HARNESS_MAIN
