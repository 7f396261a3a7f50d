// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Groups of IPv6: from lines to changes and to the message, from the kernel's
 * attributes to what "show" and "debug" print, and which addresses there can be.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "lib/decode.h"
#include "lib/event.h"
#include "lib/show.h"
#include "load.h"

#define GROUPS(more)	"interface lo\n standby version 2\n" more
#define GLOBAL		" standby 1 ipv6 2001:db8::1/64\n"
#define LOCAL		" standby 1 ipv6 fe80::1\n"
#define AUTO		" standby 1 ipv6 autoconfig\n"

static struct address ip(const char *text)
{
	struct address a;

	address_parse(&a, text);
	return a;
}

/* What is left of a configuration when it is written. */
static const char *written(struct _test_data_load *self, const char *text)
{
	source_add(&self->source, text, strlen(text));
	config_read(&self->config);
	config_finish(&self->config, 0);
	config_write(text_begin(&self->text), &self->config.model);
	return text_end(&self->text);
}

#define LEFT(lines)	"!\ninterface lo\n standby version 2\n" lines "!\nend\n"

TEST_F(load, lines_are_written_as_they_are_read)
{
	EXPECT_STREQ(LEFT(" standby 1 ipv6 fe80::1\n"
			  " standby 1 ipv6 2001:db8::1/64\n"
			  " standby 1 ipv6 2001:db8:0:1::1/128\n"
			  " standby 1 priority 200\n"
			  " standby 2 ipv6 autoconfig\n"
			  " standby 2 ipv6 2001:db8::2/64\n"
			  " standby 3 ipv6 2001:db8::3/64\n"
			  " standby 4 ipv6\n"),
		     written(self,
			     GROUPS(" standby 1 ipv6 2001:DB8:0:1:0::1/128\n"
				    " standby 1 ipv6 FE80:0::1\n"
				    " standby 1 ipv6 2001:db8::1/64\n"
				    " standby 1 priority 200\n"
				    " standby 2 ipv6 2001:db8::2/64\n"
				    " standby 2 ipv6 au\n"
				    " standby 3 ipv6 2001:db8::3/64\n"
				    " standby 4 ipv6\n")));
	EXPECT_EQ(0, self->config.diags.n_errors);
}

TEST_F(load, the_last_link_local_address_counts)
{
	EXPECT_STREQ(LEFT(" standby 1 ipv6 autoconfig\n"
			  " standby 2 ipv6 fe80::3\n"
			  " standby 3 ipv6\n"),
		     written(self, GROUPS(LOCAL AUTO
					  " standby 2 ipv6 autoconfig\n"
					  " standby 2 ipv6 fe80::2\n"
					  " standby 2 ipv6 fe80::3\n"
					  " standby 3 ipv6 fe80::3\n"
					  " standby 3 ipv6\n")));
}

TEST_F(load, another_length_takes_the_place_of_the_first)
{
	EXPECT_STREQ(LEFT(" standby 1 ipv6 2001:db8::1/48\n"),
		     written(self, GROUPS(GLOBAL " standby 1 ipv6 2001:db8::1/48\n")));
}

TEST_F(load, no_takes_away_what_it_names)
{
	EXPECT_STREQ(LEFT(" standby 1 ipv6 2001:db8::1/64\n"
			  " standby 2 ipv6 fe80::2\n"
			  " standby 3 ipv6 fe80::3\n"
			  " standby 4 ipv6\n"
			  " standby 5 ip 10.0.0.5\n"),
		     written(self, GROUPS(LOCAL GLOBAL
					  " no standby 1 ipv6 fe80::1\n"
					  " standby 2 ipv6 fe80::2\n"
					  " standby 2 ipv6 2001:db8::2/64\n"
					  " standby 2 ipv6 2001:db8::22/64\n"
					  " no standby 2 ipv6 2001:db8::2\n"
					  " no standby 2 ipv6 2001:db8::22/48\n"
					  " standby 3 ipv6 fe80::3\n"
					  " no standby 3 ipv6 fe80::4\n"
					  " no standby 3 ipv6 autoconfig\n"
					  " standby 4 ipv6\n"
					  " no standby 4 ipv6 fe80::4\n"
					  " standby 5 ip 10.0.0.5\n"
					  " no standby 5 ipv6\n")));
}

TEST_F(load, the_last_address_takes_the_group_along)
{
	EXPECT_STREQ(LEFT(" standby 4 priority 7\n"),
		     written(self, GROUPS(AUTO GLOBAL
					  " no standby 1 ipv6 autoconfig\n"
					  " no standby 1 ipv6 2001:db8::1/64\n"
					  " standby 2 ipv6 fe80::2\n"
					  " no standby 2 ipv6 fe80::2\n"
					  " standby 3 ipv6 autoconfig\n"
					  " standby 3 ipv6 2001:db8::3/64\n"
					  " no standby 3 ipv6\n"
					  " standby 4 ipv6\n"
					  " standby 4 priority 7\n"
					  " no standby 4 ipv6\n")));
}

TEST_F(load, ipv4_does_not_stop_a_group_of_ipv6)
{
	EXPECT_STREQ(LEFT(AUTO), written(self, GROUPS(AUTO " no standby 1 ip\n"
						      " no standby 1 ip 10.0.0.1\n")));
	EXPECT_TRUE(model_group_find(model_interface_find(&self->config.model, "lo"), 1)->enabled);
}

TEST_F(load, addresses_come_and_go)
{
	EXPECT_STREQ("interface lo\n"
		     " standby 1 ipv6 fe80::1\n"
		     " no standby 1 ipv6 2001:db8::1/64\n"
		     " standby 1 ipv6 2001:db8::2/64\n"
		     " standby 1 ipv6 2001:db8::3/80\n",
		     lines(self, GROUPS(AUTO GLOBAL " standby 1 ipv6 2001:db8::3/64\n"),
			   GROUPS(LOCAL " standby 1 ipv6 2001:db8::3/80\n"
				  " standby 1 ipv6 2001:db8::2/64\n")));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(1 << MODEL_GROUP_IPV6 | 1 << MODEL_GROUP_GLOBAL, self->changes.items[0].fields);
}

TEST_F(load, the_order_of_addresses_is_no_difference)
{
	EXPECT_STREQ("", lines(self, GROUPS(GLOBAL " standby 1 ipv6 2001:db8::2/64\n"),
			       GROUPS(" standby 1 ipv6 2001:db8::2/64\n" GLOBAL)));
}

TEST_F(load, a_link_local_address_is_made_again)
{
	EXPECT_STREQ("interface lo\n no standby 1 ipv6 fe80::1\n",
		     lines(self, GROUPS(LOCAL GLOBAL), GROUPS(GLOBAL)));
}

TEST_F(load, a_link_local_address_is_learned_again)
{
	EXPECT_STREQ("interface lo\n standby 1 ipv6\n",
		     lines(self, GROUPS(LOCAL), GROUPS(" standby 1 ipv6\n")));
}

TEST_F(load, a_group_ends)
{
	EXPECT_STREQ("interface lo\n no standby 1 ipv6\n standby 1 priority 7\n",
		     lines(self, GROUPS(AUTO GLOBAL), GROUPS(" standby 1 priority 7\n")));
}

/* Whoever carries these out, one after the other, comes to the same end. */
TEST_F(load, from_ipv4_to_ipv6)
{
	EXPECT_STREQ("interface lo\n no standby 1 ip\n no standby 1 ip 10.0.0.2 secondary\n"
		     " standby 1 ipv6 autoconfig\n standby 1 ipv6 2001:db8::1/64\n",
		     lines(self, GROUPS(" standby 1 ip 10.0.0.1\n"
					" standby 1 ip 10.0.0.2 secondary\n"),
			   GROUPS(AUTO GLOBAL)));
	EXPECT_EQ(1, self->changes.n_items);
}

TEST_F(load, from_ipv6_to_ipv4)
{
	EXPECT_STREQ("interface lo\n no standby 1 ipv6\n standby 1 ip\n",
		     lines(self, GROUPS(AUTO GLOBAL), GROUPS(" standby 1 ip\n")));
	EXPECT_EQ(1, self->changes.n_items);
}

/* The attributes of the operation number @index, which is one of a group. */
static void parse(struct nlattr **tb, const struct batch *b, int index)
{
	struct nlattr *op;
	int rest;

	nlmsg_for_each_attr(op, nlmsg_hdr(b->msg), GENL_HDRLEN, rest)
		if (!index--)
			nla_parse_nested(tb, VPNHA_A_GROUP_MAX, op, NULL);
}

static size_t count_globals(const struct batch *b)
{
	struct nlattr *op, *a;
	size_t n = 0;
	int rest, inner;

	nlmsg_for_each_attr(op, nlmsg_hdr(b->msg), GENL_HDRLEN, rest)
		nla_for_each_nested(a, op, inner)
			n += nla_type(a) == VPNHA_A_GROUP_GLOBAL6;
	return n;
}

static bool is_address(const struct nlattr *a, const char *text)
{
	const struct address wanted = ip(text);

	return a && nla_len(a) == 16 && !memcmp(nla_data(a), wanted.bytes, 16);
}

TEST_F(load, message_of_ipv6)
{
	struct nlattr *tb[VPNHA_A_GROUP_MAX + 1] = {}, *global[VPNHA_A_GLOBAL_MAX + 1] = {};

	lines(self, GROUPS(" standby 1 ip 10.0.0.1\n"),
	      GROUPS(LOCAL GLOBAL " standby 1 ipv6 2001:db8::2/128\n"));
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	parse(tb, &self->batch, 0);
	EXPECT_EQ(1, nla_get_u8(tb[VPNHA_A_GROUP_ENABLED]));
	EXPECT_EQ(1, nla_get_u8(tb[VPNHA_A_GROUP_IPV6]));
	EXPECT_EQ(0, nla_get_u32(tb[VPNHA_A_GROUP_VIP]));
	EXPECT_EQ(0, nla_get_u8(tb[VPNHA_A_GROUP_AUTOCONFIG]));
	EXPECT_TRUE(is_address(tb[VPNHA_A_GROUP_VIP6], "fe80::1"));
	EXPECT_EQ(2, count_globals(&self->batch));
	nla_parse_nested(global, VPNHA_A_GLOBAL_MAX, tb[VPNHA_A_GROUP_GLOBAL6], NULL);
	EXPECT_TRUE(is_address(global[VPNHA_A_GLOBAL_ADDRESS], "2001:db8::2"));
	EXPECT_EQ(128, nla_get_u32(global[VPNHA_A_GLOBAL_PREFIX_LEN]));
}

TEST_F(load, message_of_the_end_of_ipv6)
{
	struct nlattr *tb[VPNHA_A_GROUP_MAX + 1] = {}, *global[VPNHA_A_GLOBAL_MAX + 1] = {};

	lines(self, GROUPS(AUTO GLOBAL " standby 1 priority 7\n"),
	      GROUPS(" standby 1 priority 7\n"));
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	parse(tb, &self->batch, 0);
	EXPECT_EQ(0, nla_get_u8(tb[VPNHA_A_GROUP_ENABLED]));
	EXPECT_EQ(0, nla_get_u8(tb[VPNHA_A_GROUP_IPV6]));
	EXPECT_EQ(0, nla_get_u8(tb[VPNHA_A_GROUP_AUTOCONFIG]));
	EXPECT_TRUE(is_address(tb[VPNHA_A_GROUP_VIP6], "::"));
	EXPECT_EQ(1, count_globals(&self->batch));
	nla_parse_nested(global, VPNHA_A_GLOBAL_MAX, tb[VPNHA_A_GROUP_GLOBAL6], NULL);
	EXPECT_TRUE(is_address(global[VPNHA_A_GLOBAL_ADDRESS], "::"));
}

TEST_F(load, refusals_of_ipv6_lead_to_their_lines)
{
	struct nlattr *op, *global, *a;

	lines(self, "", GROUPS(" standby 1 ipv6 autoconfig\n"
			       " standby 2 ipv6 fe80::1\n"
			       " standby 3 ipv6 2001:db8::1/64\n"));
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_AT(3, 17, 1, VPNHA_A_GROUP_IPV6);
	EXPECT_AT(3, 17, 1, VPNHA_A_GROUP_AUTOCONFIG);
	EXPECT_AT(4, 17, 2, VPNHA_A_GROUP_VIP6);
	EXPECT_AT(4, 17, 2, VPNHA_A_GROUP_ENABLED);
	EXPECT_AT(5, 17, 3, VPNHA_A_GROUP_IPV6);
	EXPECT_AT(5, 17, 3, VPNHA_A_GROUP_GLOBAL6);
	/* within, too */
	op = (struct nlattr *)((char *)nlmsg_hdr(self->batch.msg) +
			       offset_of(&self->batch, 3, 0));
	global = nla_find(nla_data(op), nla_len(op), VPNHA_A_GROUP_GLOBAL6);
	a = nla_find(nla_data(global), nla_len(global), VPNHA_A_GLOBAL_PREFIX_LEN);
	EXPECT_EQ(5, batch_locate(&self->batch, (uint32_t)((char *)a - (char *)
							   nlmsg_hdr(self->batch.msg)))->at.line);
}

TEST_F(load, largest_groups_of_ipv6_fit)
{
	struct model_global global = { .address = ip("2001:db8::"), .length = 64 };
	struct model_group *g;

	for (uint32_t n = 0; n < 4096; n++) {
		g = model_group_get(model_interface_get(&self->config.model, "fifteen-letters"), n);
		g->enabled = g->ipv6 = true;
		g->vip6 = ip("fe80::1");
		for (uint8_t s = 0; s < VPNHA_SECONDARY_MAX; s++) {
			global.address.bytes[15] = s;
			EXPECT_TRUE(model_global_add(g, &global));
		}
		g->hello_ms = 15;
		g->hold_ms = 50;
		g->preempt = true;
		g->priority = 255;
		memset(g->name, 'x', VPNHA_NAME_MAX);
		g->auth = (struct model_auth){ .kind = VPNHA_AUTHENTICATION_MD5,
					       .length = VPNHA_KEY_MAX };
		g->has_mac = true;
	}
	changes_find(&self->changes, &self->now, &self->config.model);
	EXPECT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	global.address.bytes[15] = 99;
	EXPECT_FALSE(model_global_add(g, &global));
}

static void put_address(struct nl_msg *msg, int type, const char *text)
{
	const struct address a = ip(text);

	nla_put(msg, type, 16, a.bytes);
}

static void put_router(struct nl_msg *msg, int type, const char *address, uint32_t expires_ms)
{
	struct nlattr *nest = nla_nest_start(msg, type | NLA_F_NESTED);

	put_address(msg, VPNHA_A_ROUTER_ADDRESS6, address);
	nla_put_u32(msg, VPNHA_A_ROUTER_PRIORITY, 90);
	nla_put_u32(msg, VPNHA_A_ROUTER_EXPIRES_MS, expires_ms);
	nla_nest_end(msg, nest);
}

/* What the kernel tells of an active group. */
static void take_group(struct model *m)
{
	static const uint8_t mac[] = { 0x00, 0x05, 0x73, 0xa0, 0x00, 0x01 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	nla_put_string(msg, VPNHA_A_GROUP_IFNAME, "eth0");
	nla_put_u32(msg, VPNHA_A_GROUP_NUMBER, 1);
	nla_put_u8(msg, VPNHA_A_GROUP_ENABLED, 1);
	nla_put_u8(msg, VPNHA_A_GROUP_IPV6, 1);
	nla_put_u8(msg, VPNHA_A_GROUP_AUTOCONFIG, 1);
	put_address(msg, VPNHA_A_GROUP_ADDRESS6, "fe80::ff:fe00:1");
	put_address(msg, VPNHA_A_GROUP_VIP6_USED, "fe80::5:73ff:fea0:1");
	nla_put_u32(msg, VPNHA_A_GROUP_VERSION, 2);
	nla_put_u32(msg, VPNHA_A_GROUP_STATE, VPNHA_STATE_ACTIVE);
	nla_put_u32(msg, VPNHA_A_GROUP_STATE_CHANGES, 2);
	nla_put_u32(msg, VPNHA_A_GROUP_HELLO_USED_MS, 3000);
	nla_put_u32(msg, VPNHA_A_GROUP_HOLD_USED_MS, 10000);
	nla_put_u32(msg, VPNHA_A_GROUP_GARP_NEXT_MS, 7412);
	nla_put_u32(msg, VPNHA_A_GROUP_PRIORITY_USED, 100);
	nla_put(msg, VPNHA_A_GROUP_MAC, sizeof(mac), mac);
	nest = nla_nest_start(msg, VPNHA_A_GROUP_GLOBAL6 | NLA_F_NESTED);
	put_address(msg, VPNHA_A_GLOBAL_ADDRESS, "2001:db8::1");
	nla_put_u32(msg, VPNHA_A_GLOBAL_PREFIX_LEN, 64);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, VPNHA_A_GROUP_ACTIVE_ROUTER | NLA_F_NESTED);
	nla_put_flag(msg, VPNHA_A_ROUTER_LOCAL);
	nla_nest_end(msg, nest);
	put_router(msg, VPNHA_A_GROUP_STANDBY_ROUTER, "fe80::a8bb:ccff:fe00:6600", 9500);
	nest = nla_nest_start(msg, VPNHA_A_GROUP_COUNTERS | NLA_F_NESTED);
	nla_put_u64(msg, VPNHA_A_COUNTERS_NA_TX, 14);
	nla_put_u64(msg, VPNHA_A_COUNTERS_NA_REPLY_TX, 8);
	nla_nest_end(msg, nest);
	decode_group(m, nlmsg_attrdata(nlmsg_hdr(msg), 0), nlmsg_attrlen(nlmsg_hdr(msg), 0));
	nlmsg_free(msg);
}

TEST_F(load, show)
{
	take_group(&self->now);
	show_standby(text_begin(&self->text), &self->now, false);
	EXPECT_STREQ("eth0 - Group 1 (version 2)\n"
		     "  State is Active\n"
		     "    2 state changes, last state change 00:00:00\n"
		     "  Link-Local Virtual IPv6 address is fe80::5:73ff:fea0:1 (conf auto EUI64)\n"
		     "    Virtual IPv6 address 2001:db8::1/64\n"
		     "  Active virtual MAC address is 0005.73a0.0001\n"
		     "    Local virtual MAC address is 0005.73a0.0001 (v2 IPv6 default)\n"
		     "  Hello time 3 sec, hold time 10 sec\n"
		     "  Unsolicited NA 14 sent, next sent in 7.412 secs\n"
		     "  Preemption disabled\n"
		     "  Active router is local\n"
		     "  Standby router is fe80::a8bb:ccff:fe00:6600, priority 90 (expires in 9.500 sec)\n"
		     "  Priority 100 (default 100)\n"
		     "  IP redundancy name is \"hsrp-eth0-1\" (default)\n",
		     text_end(&self->text));
}

#define EXPECT_SHOWN(detail, expected)						\
	do {									\
		show_standby(text_begin(&self->text), &self->now, detail);	\
		EXPECT_NE(NULL, strstr(text_end(&self->text), expected));	\
		free(self->text.text);						\
		self->text.text = NULL;						\
	} while (0)

TEST_F(load, where_link_local_addresses_come_from)
{
	struct model_group *g;

	take_group(&self->now);
	g = model_group_find(model_interface_find(&self->now, "eth0"), 1);
	g->autoconfig = false;
	EXPECT_SHOWN(false, "IPv6 address is fe80::5:73ff:fea0:1 (impl auto EUI64)\n");
	g->vip6 = ip("fe80::1");
	EXPECT_SHOWN(false, "IPv6 address is fe80::1 (conf)\n");
	g->vip6 = (struct address){};
	g->n_global = 0;
	EXPECT_SHOWN(false, "IPv6 address is fe80::5:73ff:fea0:1 (learnt)\n");
	g->state.vip = (struct address){};
	EXPECT_SHOWN(false, "IPv6 address is unknown\n");
	EXPECT_SHOWN(true, "    Unsolicited NA out 14, NA reply out 8, errors 0\n");
}

TEST_F(load, brief)
{
	struct model_group *g;

	take_group(&self->now);
	g = model_group_get(model_interface_get(&self->now, "eth0"), 2);
	g->enabled = true;
	g->vip = inet_addr("10.1.1.1");
	g->state.state = VPNHA_STATE_LISTEN;
	g->state.active = (struct model_router){ .known = true, .address = ip("10.1.1.2") };
	show_standby_brief(text_begin(&self->text), &self->now);
	EXPECT_STREQ(
		"                     P indicates configured to preempt.\n"
		"                     |\n"
		"Interface   Grp  Pri P State   Active          Standby                   Virtual IP\n"
		"eth0        1    100   Active  local           fe80::a8bb:ccff:fe00:6600 fe80::5:73ff:fea0:1\n"
		"eth0        2    0     Listen  10.1.1.2        unknown                   10.1.1.1\n",
		text_end(&self->text));
}

TEST_F(load, json)
{
	json_t *list, *g;

	take_group(&self->now);
	list = show_standby_json(&self->now);
	g = json_array_get(list, 0);
	EXPECT_STREQ("ipv6", json_string_value(json_object_get(g, "family")));
	EXPECT_STREQ("fe80::ff:fe00:1", json_string_value(json_object_get(g, "address")));
	EXPECT_STREQ("fe80::5:73ff:fea0:1",
		     json_string_value(json_object_get(g, "virtual_ip")));
	EXPECT_TRUE(json_is_null(json_object_get(g, "virtual_ip_configured")));
	EXPECT_TRUE(json_is_true(json_object_get(g, "virtual_ip_autoconfig")));
	EXPECT_STREQ("2001:db8::1/64",
		     json_string_value(json_array_get(json_object_get(g, "virtual_ips_global"),
						      0)));
	g = json_object_get(g, "standby_router");
	EXPECT_STREQ("fe80::a8bb:ccff:fe00:6600",
		     json_string_value(json_object_get(g, "address")));
	json_decref(list);
}

TEST_F(load, an_offender)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 0x42 };
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	nla_put_string(msg, VPNHA_A_INTERFACE_IFNAME, "eth0");
	nest = nla_nest_start(msg, VPNHA_A_INTERFACE_OFFENDER | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_OFFENDER_REASON, VPNHA_DROP_REASON_BAD_SOURCE);
	put_address(msg, VPNHA_A_OFFENDER_ADDRESS6, "2001:db8::66");
	nla_put(msg, VPNHA_A_OFFENDER_MAC, sizeof(mac), mac);
	nla_nest_end(msg, nest);
	decode_interface(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),
			 nlmsg_attrlen(nlmsg_hdr(msg), 0));
	nlmsg_free(msg);
	EXPECT_SHOWN(true, "  Last offender 2001:db8::66 (0200.0000.0042): "
			   "source not link-local, 00:00:00 ago\n");
}

/* An event with these attributes, as text and as JSON. */
static const char *event_text(struct _test_data_load *self, struct nl_msg *msg, uint32_t kind)
{
	struct event e;
	json_t *o;
	char *s;

	nla_put_u32(msg, VPNHA_A_DEBUG_KIND, kind);
	nla_put_string(msg, VPNHA_A_DEBUG_IFNAME, "eth0");
	nla_put_u32(msg, VPNHA_A_DEBUG_NUMBER, 1);
	decode_event(&e, nlmsg_attrdata(nlmsg_hdr(msg), 0), nlmsg_attrlen(nlmsg_hdr(msg), 0));
	nlmsg_free(msg);
	event_print(text_begin(&self->text), &e);
	o = event_json(&e);
	s = json_dumps(o, JSON_COMPACT);
	fputs(s, self->text.stream);
	free(s);
	json_decref(o);
	return text_end(&self->text);
}

TEST_F(load, event_of_a_router)
{
	struct nl_msg *msg = nlmsg_alloc();

	put_address(msg, VPNHA_A_DEBUG_ADDRESS6, "fe80::2");
	put_address(msg, VPNHA_A_DEBUG_ADDRESS6_OLD, "fe80::3");
	EXPECT_STREQ("HSRP: eth0 Grp 1 Active router is fe80::2, was fe80::3\n"
		     "{\"kind\":\"active-router\",\"interface\":\"eth0\",\"group\":1,"
		     "\"address_old\":\"fe80::3\",\"address\":\"fe80::2\"}",
		     event_text(self, msg, VPNHA_DEBUG_KIND_ACTIVE_ROUTER));
}

TEST_F(load, event_of_a_packet)
{
	struct nl_msg *msg = nlmsg_alloc();

	nla_put_u32(msg, VPNHA_A_DEBUG_OPCODE, VPNHA_OPCODE_HELLO);
	nla_put_u32(msg, VPNHA_A_DEBUG_STATE, VPNHA_STATE_ACTIVE);
	put_address(msg, VPNHA_A_DEBUG_ADDRESS6, "fe80::2");
	put_address(msg, VPNHA_A_DEBUG_VIP6, "fe80::5:73ff:fea0:1");
	EXPECT_STREQ("HSRP: eth0 Grp 1 Hello in fe80::2 Active vIP fe80::5:73ff:fea0:1\n"
		     "{\"kind\":\"packet-in\",\"interface\":\"eth0\",\"group\":1,"
		     "\"state\":\"active\",\"address\":\"fe80::2\",\"opcode\":\"hello\","
		     "\"virtual_ip\":\"fe80::5:73ff:fea0:1\"}",
		     event_text(self, msg, VPNHA_DEBUG_KIND_PACKET_IN));
}

TEST_F(load, event_of_an_address)
{
	struct nl_msg *msg = nlmsg_alloc();

	put_address(msg, VPNHA_A_DEBUG_VIP6, "2001:db8::1");
	nla_put_s32(msg, VPNHA_A_DEBUG_ERROR, -EEXIST);
	EXPECT_STREQ("HSRP: eth0 Grp 1 Virtual IP 2001:db8::1: File exists\n"
		     "{\"kind\":\"address-error\",\"interface\":\"eth0\",\"group\":1,"
		     "\"virtual_ip\":\"2001:db8::1\",\"error\":-17}",
		     event_text(self, msg, VPNHA_DEBUG_KIND_ADDRESS_ERROR));
}

TEST(made_addresses)
{
	struct model_group g = { .number = 4095, .ipv6 = true, .autoconfig = true };
	struct address made = model_link_local(&g), wanted = ip("fe80::5:73ff:fea0:fff");

	EXPECT_TRUE(address_equal(&wanted, &made));
	g.autoconfig = false;
	EXPECT_EQ(0, model_link_local(&g).family);
	g.n_global = 1;
	made = model_link_local(&g);
	EXPECT_TRUE(address_equal(&wanted, &made));
}

TEST(kinds_of_addresses)
{
	static const char *const wrong[] = {
		"::", "::1", "ff02::66", "::ffff:1.2.3.4", "::1.2.3.4", "ffff::",
	};
	static const char *const right[] = {
		"2001:db8::1", "fe80::1", "febf::1", "fd00::1", "fec0::1", "64:ff9b::1",
	};
	static const struct {
		const char *address;
		uint32_t length;
		bool anycast;
	} routers[] = {
		{ "2001:db8::", 64, true }, { "2001:db8::", 126, true },
		{ "2001:db8::", 127, false }, { "2001:db8::", 128, false },
		{ "2001:db8::1", 64, false }, { "2001:db8::8000", 113, true },
		{ "2001:db8::8000", 112, false },
	};
	struct address a;

	for (size_t n = 0; n < sizeof(wrong) / sizeof(*wrong); n++) {
		a = ip(wrong[n]);
		EXPECT_NE(NULL, address_vip6_error(&a)) TH_LOG("%s", wrong[n]);
		EXPECT_FALSE(address_is_link_local(&a));
	}
	for (size_t n = 0; n < sizeof(right) / sizeof(*right); n++) {
		a = ip(right[n]);
		EXPECT_EQ(NULL, address_vip6_error(&a)) TH_LOG("%s", right[n]);
		EXPECT_EQ(n == 1 || n == 2, address_is_link_local(&a)) TH_LOG("%s", right[n]);
	}
	for (size_t n = 0; n < sizeof(routers) / sizeof(*routers); n++) {
		a = ip(routers[n].address);
		EXPECT_EQ(routers[n].anycast, address_is_router_anycast(&a, routers[n].length))
			TH_LOG("%s/%u", routers[n].address, routers[n].length);
	}
	a = ip("169.254.0.1");
	EXPECT_FALSE(address_is_link_local(&a));
}

TEST_HARNESS_MAIN
