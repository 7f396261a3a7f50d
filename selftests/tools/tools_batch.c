// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * From lines of configuration to the changes, to the message, and from a
 * refusal of the kernel back to the line; and what the kernel's attributes
 * become.
 */
#include <arpa/inet.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "lib/decode.h"
#include "load.h"

#define PAIR								\
	"interface lo\n"						\
	" standby 1 ip 10.0.0.1\n"					\
	" standby 1 name A\n"						\
	" standby 1 track lo 20\n"					\
	" standby 2 ip 10.0.0.2\n"					\
	" standby 2 timers 1 4\n"					\
	" standby 2 name B\n"

TEST_F(load, nothing_changes)
{
	EXPECT_STREQ("", lines(self, PAIR, PAIR));
	EXPECT_EQ(0, self->changes.n_items);
}

TEST_F(load, from_nothing)
{
	EXPECT_STREQ(PAIR, lines(self, "", PAIR));
	/* Two groups and a tracked interface. */
	EXPECT_EQ(3, self->changes.n_items);
}

TEST_F(load, to_nothing)
{
	EXPECT_STREQ("no interface lo\n", lines(self, PAIR, "!\n"));
	EXPECT_EQ(1, self->changes.n_items);
}

TEST_F(load, one_value)
{
	EXPECT_STREQ("interface lo\n"
		     " standby 2 priority 7\n",
		     lines(self, PAIR, PAIR " standby 2 priority 7\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_GROUP_SET, self->changes.items[0].op);
	EXPECT_EQ(1 << MODEL_GROUP_PRIORITY, self->changes.items[0].fields);
}

TEST_F(load, values_to_their_defaults)
{
	EXPECT_STREQ("interface lo\n"
		     " no standby 1 track lo\n"
		     " no standby 1 name\n"
		     " no standby 2 ip\n"
		     " no standby 2 timers\n",
		     lines(self, PAIR,
			   "interface lo\n"
			   " standby 1 ip 10.0.0.1\n"
			   " standby 2 name B\n"));
}

#define VIPS(more)	"interface lo\n standby 1 ip 10.0.0.1\n" more

TEST_F(load, secondary_virtual_ips)
{
	EXPECT_STREQ("interface lo\n"
		     " no standby 1 ip 10.0.0.3 secondary\n"
		     " standby 1 ip 10.0.0.2 secondary\n"
		     " standby 1 ip 10.0.0.5 secondary\n",
		     lines(self, VIPS(" standby 1 ip 10.0.0.4 secondary\n"
				      " standby 1 ip 10.0.0.3 secondary\n"),
			   VIPS(" standby 1 ip 10.0.0.2 secondary\n"
				" standby 1 ip 10.0.0.5 secondary\n"
				" standby 1 ip 10.0.0.4 secondary\n")));
}

TEST_F(load, the_order_of_secondary_virtual_ips_is_no_difference)
{
	EXPECT_STREQ("", lines(self, VIPS(" standby 1 ip 10.0.0.4 secondary\n"
					  " standby 1 ip 10.0.0.3 secondary\n"),
			       VIPS(" standby 1 ip 10.0.0.3 secondary\n"
				    " standby 1 ip 10.0.0.4 secondary\n"
				    " standby 1 ip 10.0.0.4 secondary\n")));
}

TEST_F(load, virtual_mac_addresses)
{
	EXPECT_STREQ("interface lo\n standby use-bia\n no standby 1 mac-address\n",
		     lines(self, VIPS(" standby 1 mac-address 02fe.0000.0001\n"),
			   VIPS(" standby use-bia scope interface\n"
				" no standby 1 mac-address 02fe.0000.0001\n")));
}

TEST_F(load, groups_that_follow)
{
	EXPECT_STREQ("interface lo\n standby 1 follow A bundle\n no standby 2 follow\n"
		     " standby 3 follow A\n",
		     lines(self, "interface lo\n standby 1 follow A\n standby 2 follow A bundle\n",
			   "interface lo\n standby 1 follow A bundle\n standby 2 follow A\n"
			   " no standby 2 follow\n standby 2 priority 100\n"
			   " standby 3 follow A\n"));
}

TEST_F(load, gratuitous_arp)
{
	EXPECT_STREQ("interface lo\n standby arp gratuitous count 3 interval 1800\n"
		     " standby mac-refresh 0\n",
		     lines(self, VIPS(" standby mac-refresh 9\n standby arp gratuitous count 5\n"),
			   VIPS(" standby arp gratuitous interval 1800 count 3\n"
				" no standby mac-refresh\n")));
}

TEST_F(load, redirects)
{
	EXPECT_STREQ("interface lo\n standby redirect\n",
		     lines(self, VIPS(""), VIPS(" standby redirect unknown\n")));
}

TEST_F(load, no_redirects)
{
	EXPECT_STREQ("interface lo\n no standby redirect\n",
		     lines(self, VIPS(" standby redirects\n"),
			   VIPS(" standby redirects\n no standby redirect\n")));
}

TEST_F(load, gratuitous_arp_as_usual)
{
	EXPECT_STREQ("interface lo\n standby arp gratuitous count 3 interval 2\n",
		     lines(self, VIPS(" standby arp gratuitous count 5 interval 9\n"),
			   VIPS(" standby arp gratuitous count 7\n"
				" no standby arp gratuitous\n")));
}

TEST_F(load, another_virtual_mac_address)
{
	EXPECT_STREQ("interface lo\n no standby use-bia\n"
		     " standby 1 mac-address 02fe.0000.0001\n",
		     lines(self, VIPS(" standby use-bia\n"),
			   VIPS(" standby 1 mac-address 02:fe:00:00:00:01\n")));
}

TEST_F(load, without_an_address_all_virtual_ips_go)
{
	EXPECT_STREQ("interface lo\n no standby 1 ip\n"
		     " no standby 1 ip 10.0.0.3 secondary\n",
		     lines(self, VIPS(" standby 1 ip 10.0.0.3 secondary\n"
				      " standby 1 priority 7\n"),
			   VIPS(" standby 1 ip 10.0.0.3 secondary\n"
				" standby 1 priority 7\n no standby 1 ip\n")));
}

TEST_F(load, removed_lines_in_a_file)
{
	EXPECT_STREQ("interface lo\n"
		     " no standby 2\n",
		     lines(self, PAIR, PAIR " no standby 2\n no standby 9 priority\n"));
}

TEST_F(load, names_change_hands)
{
	EXPECT_STREQ("interface lo\n"
		     " standby 1 name B\n"
		     " standby 2 name A\n",
		     lines(self, PAIR, PAIR " standby 1 name B\n standby 2 name A\n"));
	EXPECT_EQ(0, self->config.diags.n_errors);
}

TEST_F(load, version_before_groups)
{
	EXPECT_STREQ("interface lo\n"
		     " standby version 2\n"
		     " standby 300 ip\n",
		     lines(self, "interface lo\n standby 1 ip 10.0.0.1\n",
			   "interface lo\n"
			   " standby 300 ip\n"
			   " standby 1 ip 10.0.0.1\n"
			   " standby version 2\n"));
	EXPECT_EQ(VPNHA_A_BATCH_INTERFACE_SET, self->changes.items[0].op);
}

TEST_F(load, tracking_changes)
{
	EXPECT_STREQ("interface lo\n"
		     " no standby 1 track lo\n"
		     " standby 1 track x1\n"
		     " standby 1 track x2 3\n",
		     lines(self,
			   "interface lo\n standby 1 track lo\n standby 1 track x2\n",
			   "interface lo\n standby 1 track x1\n standby 1 track x2 3\n"));
	EXPECT_EQ(VPNHA_A_BATCH_TRACK_DEL, self->changes.items[0].op);
	EXPECT_EQ(VPNHA_A_BATCH_TRACK_NEW, self->changes.items[1].op);
	EXPECT_EQ(VPNHA_A_BATCH_TRACK_SET, self->changes.items[2].op);
}

/* What exists with nothing but defaults survives until a line about it is taken back. */
TEST_F(load, bare_objects_round_trip)
{
	struct text_of running = {};
	struct model bare = {};

	model_interface_get(&bare, "lo");
	model_group_get(model_interface_get(&bare, "lo2"), 5);
	model_adopt(&bare);
	config_write(text_begin(&running), &bare);
	text_end(&running);
	EXPECT_STREQ("", lines(self, running.text, running.text));
	EXPECT_EQ(2, self->config.model.n_interfaces);
	model_free(&bare);
	free(running.text);
}

TEST_F(load, message)
{
	struct nlattr *op, *tb[VPNHA_A_GROUP_MAX + 1];
	int n = 0, rest;

	lines(self, "interface lo\n standby 9 ip\n",
	      "interface lo\n"
	      " standby 1 ip 10.0.0.1\n"
	      " standby 1 timers msec 100 msec 400\n"
	      " standby 1 preempt\n"
	      " standby 1 priority 0\n"
	      " standby 1 name A\n"
	      " standby 1 track x1 255\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_EQ(FAMILY, nlmsg_hdr(self->batch.msg)->nlmsg_type);
	EXPECT_EQ(VPNHA_CMD_BATCH, genlmsg_hdr(nlmsg_hdr(self->batch.msg))->cmd);
	nlmsg_for_each_attr(op, nlmsg_hdr(self->batch.msg), GENL_HDRLEN, rest) {
		EXPECT_NE(0, op->nla_type & NLA_F_NESTED);
		switch (n++) {
		case 0:
			EXPECT_EQ(VPNHA_A_BATCH_GROUP_DEL, nla_type(op));
			ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_GROUP_MAX, op, NULL));
			EXPECT_STREQ("lo", nla_get_string(tb[VPNHA_A_GROUP_IFNAME]));
			EXPECT_EQ(9, nla_get_u32(tb[VPNHA_A_GROUP_NUMBER]));
			EXPECT_EQ(NULL, tb[VPNHA_A_GROUP_ENABLED]);
			break;
		case 1:
			EXPECT_EQ(VPNHA_A_BATCH_GROUP_NEW, nla_type(op));
			ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_GROUP_MAX, op, NULL));
			EXPECT_STREQ("lo", nla_get_string(tb[VPNHA_A_GROUP_IFNAME]));
			EXPECT_EQ(1, nla_get_u32(tb[VPNHA_A_GROUP_NUMBER]));
			EXPECT_EQ(1, nla_get_u8(tb[VPNHA_A_GROUP_ENABLED]));
			EXPECT_EQ(inet_addr("10.0.0.1"), nla_get_u32(tb[VPNHA_A_GROUP_VIP]));
			EXPECT_EQ(100, nla_get_u32(tb[VPNHA_A_GROUP_HELLO_MS]));
			EXPECT_EQ(400, nla_get_u32(tb[VPNHA_A_GROUP_HOLD_MS]));
			EXPECT_EQ(1, nla_get_u8(tb[VPNHA_A_GROUP_PREEMPT]));
			EXPECT_EQ(0, nla_get_u32(tb[VPNHA_A_GROUP_PRIORITY]));
			EXPECT_STREQ("A", nla_get_string(tb[VPNHA_A_GROUP_NAME]));
			break;
		case 2:
			EXPECT_EQ(VPNHA_A_BATCH_TRACK_NEW, nla_type(op));
			ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_TRACK_MAX, op, NULL));
			EXPECT_STREQ("lo", nla_get_string(tb[VPNHA_A_TRACK_IFNAME]));
			EXPECT_EQ(1, nla_get_u32(tb[VPNHA_A_TRACK_NUMBER]));
			EXPECT_STREQ("x1", nla_get_string(tb[VPNHA_A_TRACK_TARGET]));
			EXPECT_EQ(255, nla_get_u32(tb[VPNHA_A_TRACK_DECREMENT]));
			break;
		}
	}
	EXPECT_EQ(3, n);
}

TEST_F(load, refusals_lead_to_their_lines)
{
	const struct batch_span *span;
	char *what;

	lines(self, "interface lo\n standby 9 ip\n",
	      "interface lo\n"
	      " standby version 2\n"
	      " standby 1 ip 10.0.0.1\n"
	      " standby 1 timers msec 100 msec 400\n"
	      " standby 1 preempt\n"
	      " standby 1 name A\n"
	      " standby 1 track x1 255\n"
	      " standby 1 ip 10.0.0.2 secondary\n"
	      " standby 1 mac-address 02fe.0000.0001\n"
	      " standby 1 follow B bundle\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_AT(8, 15, 2, VPNHA_A_GROUP_SECONDARY);
	EXPECT_AT(9, 24, 2, VPNHA_A_GROUP_MAC_ADDRESS);
	EXPECT_AT(10, 19, 2, VPNHA_A_GROUP_FOLLOW);
	EXPECT_AT(10, 19, 2, VPNHA_A_GROUP_BUNDLE);
	EXPECT_AT(2, 18, 1, VPNHA_A_INTERFACE_VERSION);
	EXPECT_AT(1, 11, 1, VPNHA_A_INTERFACE_IFNAME);
	EXPECT_AT(3, 10, 2, 0);
	EXPECT_AT(3, 10, 2, VPNHA_A_GROUP_NUMBER);
	EXPECT_AT(3, 15, 2, VPNHA_A_GROUP_VIP);
	EXPECT_AT(4, 24, 2, VPNHA_A_GROUP_HOLD_MS);
	EXPECT_AT(5, 12, 2, VPNHA_A_GROUP_PREEMPT);
	EXPECT_AT(6, 17, 2, VPNHA_A_GROUP_NAME);
	EXPECT_AT(7, 18, 3, VPNHA_A_TRACK_TARGET);

	/* No line asks for a removal. */
	span = batch_locate(&self->batch, offset_of(&self->batch, 0, VPNHA_A_GROUP_NUMBER));
	ASSERT_NE(NULL, span);
	EXPECT_EQ(0, span->at.line);
	what = change_describe(span->change);
	EXPECT_STREQ("removing group 9 of lo", what);
	free(what);
	EXPECT_EQ(NULL, batch_locate(&self->batch, 0));
	EXPECT_EQ(NULL, batch_locate(&self->batch, 1 << 20));
}

TEST_F(load, largest_operations_fit)
{
	struct model_group *g;

	for (uint32_t n = 0; n < 4096; n++) {
		g = model_group_get(model_interface_get(&self->config.model, "fifteen-letters"), n);
		g->enabled = true;
		g->vip = htonl(0x0a000001 + n);
		g->hello_ms = 15;
		g->hold_ms = 50;
		g->preempt = true;
		g->priority = 255;
		memset(g->name, 'x', VPNHA_NAME_MAX);
		memset(g->follow, 'y', VPNHA_NAME_MAX);
		for (uint32_t s = 1; s <= VPNHA_SECONDARY_MAX; s++)
			model_secondary_add(g, htonl(0x0a000001 + n + (s << 16)),
					    (struct model_pos){});
		g->auth = (struct model_auth){ .kind = VPNHA_AUTHENTICATION_MD5,
					       .length = VPNHA_KEY_MAX };
		g->preempt_delay.min_s = VPNHA_PREEMPT_DELAY_MAX;
		g->has_mac = true;
		model_track_get(g, "letters-fifteen", 0);
	}
	changes_find(&self->changes, &self->now, &self->config.model);
	EXPECT_EQ(8192, self->changes.n_items);
	EXPECT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
}

TEST_F(load, decode)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest, *drop;
	struct model_interface *i;
	struct model_group *g;

	nla_put_string(msg, VPNHA_A_INTERFACE_IFNAME, "lo");
	nla_put_u32(msg, VPNHA_A_INTERFACE_VERSION, 2);
	nla_put_u64(msg, VPNHA_A_INTERFACE_ADVERTISE_RX, 1ULL << 40);
	for (uint32_t n = 0; n < 2; n++) {
		drop = nla_nest_start(msg, VPNHA_A_INTERFACE_DROP | NLA_F_NESTED);
		nla_put_u32(msg, VPNHA_A_DROP_REASON, VPNHA_DROP_REASON_BAD_TTL + n);
		nla_put_u64(msg, VPNHA_A_DROP_PACKETS, 5 + n);
		nla_nest_end(msg, drop);
	}
	/* A reason that this program does not know must not hurt it. */
	drop = nla_nest_start(msg, VPNHA_A_INTERFACE_DROP | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_DROP_REASON, UINT32_MAX);
	nla_put_u64(msg, VPNHA_A_DROP_PACKETS, 9);
	nla_nest_end(msg, drop);
	ASSERT_EQ(0, decode_interface(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),
				      nlmsg_attrlen(nlmsg_hdr(msg), 0)));
	nlmsg_free(msg);
	i = model_interface_find(&self->now, "lo");
	ASSERT_NE(NULL, i);
	EXPECT_EQ(2, i->version);
	EXPECT_EQ(1ULL << 40, i->state.advertise_rx);
	EXPECT_EQ(5, i->state.drops[VPNHA_DROP_REASON_BAD_TTL]);
	EXPECT_EQ(6, i->state.drops[VPNHA_DROP_REASON_BAD_LENGTH]);

	msg = nlmsg_alloc();
	nla_put_string(msg, VPNHA_A_GROUP_IFNAME, "lo");
	nla_put_u32(msg, VPNHA_A_GROUP_NUMBER, 4095);
	nla_put_u8(msg, VPNHA_A_GROUP_ENABLED, 1);
	nla_put_u32(msg, VPNHA_A_GROUP_HELLO_NEXT_MS, 0);
	/* More than this program knows of must not hurt it. */
	for (uint32_t n = VPNHA_SECONDARY_MAX + 1; n; n--)
		nla_put_u32(msg, VPNHA_A_GROUP_SECONDARY, htonl(n));
	nest = nla_nest_start(msg, VPNHA_A_GROUP_ACTIVE_ROUTER | NLA_F_NESTED);
	nla_put_flag(msg, VPNHA_A_ROUTER_LOCAL);
	nla_put_u32(msg, VPNHA_A_ROUTER_PRIORITY, 200);
	nla_nest_end(msg, nest);
	ASSERT_EQ(0, decode_group(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),
				  nlmsg_attrlen(nlmsg_hdr(msg), 0)));
	nlmsg_free(msg);
	g = model_group_find(i, 4095);
	ASSERT_NE(NULL, g);
	EXPECT_TRUE(g->enabled);
	EXPECT_TRUE(g->state.has_hello_next);
	EXPECT_TRUE(g->state.active.known);
	EXPECT_TRUE(g->state.active.local);
	EXPECT_EQ(200, g->state.active.priority);
	EXPECT_FALSE(g->state.standby.known);
	EXPECT_EQ(VPNHA_SECONDARY_MAX, g->n_secondary);
	EXPECT_EQ(htonl(2), g->secondary[0].address);
	EXPECT_EQ(MODEL_DEFAULT_PRIORITY, g->priority);

	/* Tracking of a group that went between two dumps. */
	msg = nlmsg_alloc();
	nla_put_string(msg, VPNHA_A_TRACK_IFNAME, "lo");
	nla_put_u32(msg, VPNHA_A_TRACK_NUMBER, 1);
	nla_put_string(msg, VPNHA_A_TRACK_TARGET, "x1");
	EXPECT_EQ(0, decode_track(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),
				  nlmsg_attrlen(nlmsg_hdr(msg), 0)));
	nlmsg_free(msg);
	EXPECT_EQ(1, i->n_groups);
}

TEST_HARNESS_MAIN
