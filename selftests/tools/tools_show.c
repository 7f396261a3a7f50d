// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * What "show" and "debug" print, from models and events made by hand: the
 * layout and the phrases that users of routers know.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/config.h"
#include "lib/event.h"
#include "lib/show.h"
#include "lib/text.h"
#include "text_of.h"

#define SECONDS(s)	((s) * 1000ULL)
#define HOURS(h, m, s)	SECONDS(((h) * 60 + (m)) * 60 + (s))

static struct address ip(const char *text)
{
	struct address a;

	address_parse(&a, text);
	return a;
}

FIXTURE(output) {
	struct model model;
	struct model_interface *interface;
	struct model_group *group;
	struct text_of text;
};

/* The active router of the example that the layout comes from. */
FIXTURE_SETUP(output)
{
	static const uint8_t mac[] = { 0x00, 0x00, 0x0c, 0x07, 0xac, 0x01 };
	struct model_track *t;
	struct model_group *g;

	memset(&self->model, 0, sizeof(self->model));
	self->interface = model_interface_get(&self->model, "eth0");
	g = model_group_get(self->interface, 1);
	self->group = g;
	g->enabled = true;
	g->vip = inet_addr("172.16.172.53");
	g->priority = 200;
	g->preempt = true;
	strcpy(g->name, "VPNHA");
	t = model_track_get(g, "eth1", 0);
	t->decrement = 150;
	t->id = 1;
	t->up = true;
	t->changes = 1;
	t->change_age_ms = HOURS(3, 18, 22);
	g->state.version = 1;
	g->state.state = VPNHA_STATE_ACTIVE;
	g->state.changes = 2;
	g->state.age_ms = HOURS(3, 21, 20);
	g->state.vip = address_of_ipv4(g->vip);
	g->state.has_mac = true;
	memcpy(g->state.mac, mac, sizeof(mac));
	g->state.priority = 200;
	g->state.hello_ms = 3000;
	g->state.hold_ms = 10000;
	g->state.has_hello_next = true;
	g->state.hello_next_ms = 172;
	g->state.active.known = true;
	g->state.active.local = true;
	g->state.standby.known = true;
	g->state.standby.address = ip("172.16.172.54");
	g->state.standby.priority = 100;
	g->state.standby.expires_ms = 7220;
}

FIXTURE_TEARDOWN(output)
{
	free(self->text.text);
	model_free(&self->model);
}

#define EXPECT_STANDBY(detail, expected)						\
	do {										\
		show_standby(text_begin(&self->text), &self->model, detail);		\
		EXPECT_STREQ(expected, text_end(&self->text));				\
		free(self->text.text);							\
		self->text.text = NULL;							\
	} while (0)

TEST_F(output, active)
{
	EXPECT_STANDBY(false,
		"eth0 - Group 1\n"
		"  State is Active\n"
		"    2 state changes, last state change 03:21:20\n"
		"  Virtual IP address is 172.16.172.53\n"
		"  Active virtual MAC address is 0000.0c07.ac01\n"
		"    Local virtual MAC address is 0000.0c07.ac01 (v1 default)\n"
		"  Hello time 3 sec, hold time 10 sec\n"
		"    Next hello sent in 0.172 secs\n"
		"  Preemption enabled\n"
		"  Active router is local\n"
		"  Standby router is 172.16.172.54, priority 100 (expires in 7.220 sec)\n"
		"  Priority 200 (configured 200)\n"
		"    Track interface eth1 state Up decrement 150\n"
		"  IP redundancy name is \"VPNHA\" (cfgd)\n");
}

TEST_F(output, secondary_virtual_ips)
{
	static const char *const addresses[] = { "192.0.2.1", "10.0.0.7", "172.16.173.1" };

	for (size_t n = 0; n < 3; n++)
		model_secondary_add(self->group, inet_addr(addresses[n]), (struct model_pos){});
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
			       "  Virtual IP address is 172.16.172.53\n"
			       "    Secondary virtual IP address 10.0.0.7\n"
			       "    Secondary virtual IP address 172.16.173.1\n"
			       "    Secondary virtual IP address 192.0.2.1\n"
			       "  Active virtual MAC address is"));
}

#define EXPECT_SHOWN(expected)								\
	do {										\
		show_standby(text_begin(&self->text), &self->model, false);		\
		EXPECT_NE(NULL, strstr(text_end(&self->text), expected));		\
		free(self->text.text);							\
		self->text.text = NULL;							\
	} while (0)

TEST_F(output, gratuitous_arp)
{
	self->group->state.has_garp_next = true;
	self->group->state.garp_next_ms = 7412;
	self->group->state.counters.garp_tx = 14;
	EXPECT_SHOWN("    Next hello sent in 0.172 secs\n"
		     "  Gratuitous ARP 14 sent, next sent in 7.412 secs\n"
		     "  Preemption enabled\n");
}

TEST_F(output, where_virtual_mac_addresses_come_from)
{
	static const uint8_t theirs[] = { 0x02, 0xfe, 0, 0, 0, 0x01 };
	struct model_group *g = self->group;

	g->has_mac = true;
	EXPECT_SHOWN("  Active virtual MAC address is 0000.0c07.ac01\n"
		     "    Local virtual MAC address is 0000.0c07.ac01 (configured)\n");
	self->interface->use_bia = true;
	g->state.active = (struct model_router){ .known = true, .has_mac = true };
	memcpy(g->state.active.mac, theirs, sizeof(theirs));
	EXPECT_SHOWN("  Active virtual MAC address is 02fe.0000.0001\n"
		     "    Local virtual MAC address is 0000.0c07.ac01 (bia)\n");
	g->state.has_mac = false;
	g->state.active.known = g->state.active.has_mac = false;
	EXPECT_SHOWN("  Active virtual MAC address is unknown\n"
		     "    Local virtual MAC address is unknown\n");
}

TEST(mac_addresses)
{
	static const uint8_t mac[] = { 0x00, 0x00, 0x0c, 0x07, 0xac, 0x0f };
	static const char *const wrong[] = {
		"", "0000.0c07.ac0", "0000.0c07.ac0g", "0000:0c07:ac0f", "00.00.0c.07.ac.0f",
		"00:00:0c:07:ac:0f:", "0000.0c07.ac0f0", "00000.c07.ac0f", "-000.0c07.ac0f",
	};
	uint8_t got[6];

	EXPECT_TRUE(text_parse_mac("0000.0c07.AC0f", got));
	EXPECT_EQ(0, memcmp(mac, got, sizeof(mac)));
	memset(got, 0, sizeof(got));
	EXPECT_TRUE(text_parse_mac("00:00:0C:07:ac:0f", got));
	EXPECT_EQ(0, memcmp(mac, got, sizeof(mac)));
	for (size_t n = 0; n < sizeof(wrong) / sizeof(*wrong); n++)
		EXPECT_FALSE(text_parse_mac(wrong[n], got));
}

TEST_F(output, standby_with_defaults)
{
	struct model_group *g = self->group;

	g->state.state = VPNHA_STATE_STANDBY;
	g->state.changes = 1;
	g->state.age_ms = HOURS(2, 22, 30);
	g->state.hello_next_ms = 96;
	g->state.standby = (struct model_router){ .known = true, .local = true };
	g->state.active = (struct model_router){ .known = true, .priority = 200,
						 .address = ip("172.16.172.52"),
						 .expires_ms = 7040 };
	g->priority = g->state.priority = 100;
	g->preempt = false;
	g->name[0] = '\0';
	g->tracks[0].up = false;
	g->state.priority = 90;
	EXPECT_STANDBY(false,
		"eth0 - Group 1\n"
		"  State is Standby\n"
		"    1 state change, last state change 02:22:30\n"
		"  Virtual IP address is 172.16.172.53\n"
		"  Active virtual MAC address is 0000.0c07.ac01\n"
		"    Local virtual MAC address is 0000.0c07.ac01 (v1 default)\n"
		"  Hello time 3 sec, hold time 10 sec\n"
		"    Next hello sent in 0.096 secs\n"
		"  Preemption disabled\n"
		"  Active router is 172.16.172.52, priority 200 (expires in 7.040 sec)\n"
		"  Standby router is local\n"
		"  Priority 90 (default 100)\n"
		"    Track interface eth1 state Down decrement 150\n"
		"  IP redundancy name is \"hsrp-eth0-1\" (default)\n");
}

TEST_F(output, interface_down)
{
	struct model_group *g = self->group;

	g->state.state = VPNHA_STATE_INITIAL;
	g->state.init_reason = VPNHA_INIT_REASON_INTERFACE_DOWN;
	g->state.changes = 3;
	g->state.age_ms = HOURS(0, 7, 29);
	g->state.has_hello_next = false;
	g->state.active.known = false;
	g->state.standby.known = false;
	EXPECT_STANDBY(false,
		"eth0 - Group 1\n"
		"  State is Init (interface down)\n"
		"    3 state changes, last state change 00:07:29\n"
		"  Virtual IP address is 172.16.172.53\n"
		"  Active virtual MAC address is unknown\n"
		"    Local virtual MAC address is 0000.0c07.ac01 (v1 default)\n"
		"  Hello time 3 sec, hold time 10 sec\n"
		"  Preemption enabled\n"
		"  Active router is unknown\n"
		"  Standby router is unknown\n"
		"  Priority 200 (configured 200)\n"
		"    Track interface eth1 state Up decrement 150\n"
		"  IP redundancy name is \"VPNHA\" (cfgd)\n");
}

TEST_F(output, version_2_disabled)
{
	static const uint8_t mac[] = { 0x00, 0x00, 0x0c, 0x9f, 0xff, 0xff };
	struct model_group *g;

	model_interface_remove(&self->model, "eth0");
	g = model_group_get(model_interface_get(&self->model, "eth0"), 4095);
	g->state.version = 2;
	g->state.state = VPNHA_STATE_INITIAL;
	g->state.init_reason = VPNHA_INIT_REASON_DISABLED;
	g->state.has_mac = true;
	memcpy(g->state.mac, mac, sizeof(mac));
	g->state.priority = 100;
	g->state.hello_ms = 250;
	g->state.hold_ms = 1500;
	EXPECT_STANDBY(false,
		"eth0 - Group 4095 (version 2)\n"
		"  State is Disabled\n"
		"    0 state changes\n"
		"  Virtual IP address is unknown\n"
		"  Active virtual MAC address is unknown\n"
		"    Local virtual MAC address is 0000.0c9f.ffff (v2 default)\n"
		"  Hello time msec 250, hold time msec 1500\n"
		"  Preemption disabled\n"
		"  Active router is unknown\n"
		"  Standby router is unknown\n"
		"  Priority 100 (default 100)\n"
		"  IP redundancy name is \"hsrp-eth0-4095\" (default)\n");
}

TEST_F(output, learned_address)
{
	self->group->vip = 0;
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
			       "  Virtual IP address is 172.16.172.53 (learnt)\n"));
}

TEST_F(output, detail)
{
	struct model_counters *c = &self->group->state.counters;

	*c = (struct model_counters){ 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	self->interface->state.active_groups = 1;
	self->interface->state.advertise_rx = 10;
	self->interface->state.advertise_tx = 11;
	self->interface->state.drops[VPNHA_DROP_REASON_BAD_TTL] = 12;
	self->interface->state.drops[VPNHA_DROP_REASON_OWN_ADDRESS] = 13;
	show_standby(text_begin(&self->text), &self->model, true);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
		"  Packets\n"
		"    Hello in 1 out 2, coup in 3 out 4, resign in 5 out 6\n"
		"    Gratuitous ARP out 7, ARP reply out 8, errors 9\n"
		"eth0\n"
		"  Groups active 1, passive 0\n"
		"  Advertisements in 10 out 11\n"
		"  Gratuitous ARP 3 times, interval 2 secs\n"
		"  ICMP redirects disabled\n"
		"  Packets ignored: bad TTL 12, own address 13\n"));
}

TEST_F(output, last_offender)
{
	self->interface->state.offender = (struct model_offender){
		.reason = VPNHA_DROP_REASON_BAD_AUTHENTICATION,
		.address = ip("172.16.172.66"),
		.mac = { 2, 0, 0, 0, 0, 0x42 },
		.age_ms = 5000,
	};
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
		"eth0\n"
		"  Last offender 172.16.172.66 (0200.0000.0042): bad authentication, "
		"00:00:05 ago\n"));
}

TEST_F(output, brief)
{
	struct model_group *g = model_group_get(model_interface_get(&self->model, "eth10"), 255);

	g->state.state = VPNHA_STATE_INITIAL;
	g->state.init_reason = VPNHA_INIT_REASON_DISABLED;
	g->state.priority = 100;
	g = model_group_get(model_interface_get(&self->model, "eth2"), 0);
	g->state.state = VPNHA_STATE_LISTEN;
	g->state.vip = ip("10.0.0.1");
	g->state.active = (struct model_router){ .known = true,
						 .address = ip("10.0.0.2") };
	show_standby_brief(text_begin(&self->text), &self->model);
	EXPECT_STREQ(
		"                     P indicates configured to preempt.\n"
		"                     |\n"
		"Interface   Grp  Pri P State   Active          Standby         Virtual IP\n"
		"eth0        1    200 P Active  local           172.16.172.54   172.16.172.53\n"
		"eth2        0    0     Listen  10.0.0.2        unknown         10.0.0.1\n"
		"eth10       255  100   Disable unknown         unknown         unknown\n",
		text_end(&self->text));
}

TEST_F(output, brief_long_interface)
{
	model_interface_remove(&self->model, "eth0");
	model_group_get(model_interface_get(&self->model, "enp101s0f1np123"), 1);
	show_standby_brief(text_begin(&self->text), &self->model);
	EXPECT_STREQ(
		"                         P indicates configured to preempt.\n"
		"                         |\n"
		"Interface       Grp  Pri P State   Active          Standby         Virtual IP\n"
		"enp101s0f1np123 1    0     unknown unknown         unknown         unknown\n",
		text_end(&self->text));
}

TEST_F(output, track)
{
	struct model_group *g = model_group_get(self->interface, 2);
	struct model_track *t;

	t = model_track_get(g, "eth2", 0);
	t->id = 2;
	t = model_track_get(g, "eth1", 0);
	*t = self->group->tracks[0];
	t->decrement = 10;
	show_track(text_begin(&self->text), &self->model, 0);
	EXPECT_STREQ(
		"Track 1 (via HSRP)\n"
		"  Interface eth1 line-protocol\n"
		"  Line protocol is Up\n"
		"    1 change, last change 03:18:22\n"
		"  Tracked by:\n"
		"    HSRP eth0 1\n"
		"    HSRP eth0 2\n"
		"Track 2 (via HSRP)\n"
		"  Interface eth2 line-protocol\n"
		"  Line protocol is Down\n"
		"    0 changes, last change 00:00:00\n"
		"  Tracked by:\n"
		"    HSRP eth0 2\n",
		text_end(&self->text));
}

TEST_F(output, json_keys_are_stable)
{
	static const char expected[] =
		"[{\"interface\":\"eth0\",\"group\":1,\"version\":1,\"family\":\"ipv4\",\"enabled\":true,"
		"\"state\":\"active\",\"init_reason\":\"none\",\"state_changes\":2,"
		"\"state_age_ms\":12080000,\"address\":null,\"virtual_ip\":\"172.16.172.53\","
		"\"virtual_ip_configured\":\"172.16.172.53\","
		"\"virtual_ips_secondary\":[\"172.16.174.1\"],"
		"\"virtual_ip_autoconfig\":false,\"virtual_ips_global\":[],"
		"\"virtual_mac\":\"00:00:0c:07:ac:01\",\"virtual_mac_configured\":null,"
		"\"hello_ms\":3000,\"hold_ms\":10000,"
		"\"hello_configured_ms\":null,\"hold_configured_ms\":null,\"hello_next_ms\":172,"
		"\"garp_next_ms\":null,"
		"\"authentication\":\"text\",\"authentication_default\":true,"
		"\"key_timeout_s\":null,\"key_old_left_ms\":null,"
		"\"preempt\":true,\"preempt_delay_minimum_s\":0,"
		"\"preempt_delay_reload_s\":0,\"preempt_delay_sync_s\":0,"
		"\"sync_pending\":false,\"preempt_left_ms\":null,"
		"\"active_router\":{\"local\":true,\"address\":null,"
		"\"priority\":0},\"standby_router\":{\"local\":false,"
		"\"address\":\"172.16.172.54\",\"priority\":100,\"mac\":null,"
		"\"expires_ms\":7220},"
		"\"priority\":200,\"priority_configured\":200,\"tracks\":[{\"track\":1,"
		"\"interface\":\"eth1\",\"up\":true,\"decrement\":150}],\"name\":\"VPNHA\\u2713?\","
		"\"name_configured\":true,\"follow\":null,\"bundle\":false,"
		"\"followed_by\":[],\"split\":[],\"counters\":{\"hello_rx\":0,\"hello_tx\":0,"
		"\"coup_rx\":0,\"coup_tx\":0,\"resign_rx\":0,\"resign_tx\":0,\"garp_tx\":0,"
		"\"arp_reply_tx\":0,\"tx_error\":0,\"na_tx\":0,\"na_reply_tx\":0}}]";
	json_t *o;

	/* A name is bytes to the kernel, and JSON is UTF-8. */
	model_secondary_add(self->group, inet_addr("172.16.174.1"), (struct model_pos){});
	strcpy(self->group->name, "VPNHA\xe2\x9c\x93\xff");
	o = show_standby_json(&self->model);
	self->text.text = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(o);
	EXPECT_STREQ(expected, self->text.text);
}

TEST_F(output, running_config)
{
	static const uint8_t mac[] = { 0x02, 0xfe, 0, 0, 0, 0x01 };
	struct model_group *g = self->group;

	self->interface->version = 2;
	self->interface->use_bia = true;
	self->interface->redirect = true;
	self->interface->garp.count = 0;
	self->interface->garp.refresh_s = 255;
	g->has_mac = true;
	memcpy(g->mac, mac, sizeof(mac));
	g->hello_ms = 250;
	g->hold_ms = 2000;
	strcpy(g->follow, "OTHER");
	g->bundle = true;
	model_secondary_add(g, inet_addr("172.16.173.1"), (struct model_pos){});
	model_track_get(g, "eth2", 0);
	model_group_get(self->interface, 300)->enabled = true;
	model_group_get(self->interface, 7);
	model_interface_get(&self->model, "eth3");
	config_write(text_begin(&self->text), &self->model);
	EXPECT_STREQ(
		"!\n"
		"interface eth0\n"
		" standby version 2\n"
		" standby use-bia\n"
		" standby arp gratuitous count 0 interval 2\n"
		" standby mac-refresh 255\n"
		" standby redirect\n"
		" standby 1 ip 172.16.172.53\n"
		" standby 1 ip 172.16.173.1 secondary\n"
		" standby 1 timers msec 250 2\n"
		" standby 1 priority 200\n"
		" standby 1 preempt\n"
		" standby 1 name VPNHA\n"
		" standby 1 follow OTHER bundle\n"
		" standby 1 mac-address 02fe.0000.0001\n"
		" standby 1 track eth1 150\n"
		" standby 1 track eth2\n"
		" standby 7 priority 100\n"
		" standby 300 ip\n"
		"!\n"
		"interface eth3\n"
		" standby version 1\n"
		"!\n"
		"end\n",
		text_end(&self->text));
}

TEST(times)
{
	char buf[TEXT_TIME_LEN];

	EXPECT_STREQ("00:00:00", text_age(buf, 999));
	EXPECT_STREQ("23:59:59", text_age(buf, HOURS(24, 0, 0) - 1));
	EXPECT_STREQ("1d00h", text_age(buf, HOURS(24, 0, 0)));
	EXPECT_STREQ("1d02h", text_age(buf, HOURS(26, 59, 59)));
	EXPECT_STREQ("6d23h", text_age(buf, HOURS(7 * 24, 0, 0) - 1));
	EXPECT_STREQ("1w0d", text_age(buf, HOURS(7 * 24, 0, 0)));
	EXPECT_STREQ("2w3d", text_age(buf, HOURS(17 * 24, 0, 0)));
	EXPECT_STREQ("1y4w", text_age(buf, HOURS((365 + 28) * 24, 0, 0)));
	EXPECT_STREQ("0.007", text_seconds(buf, 7));
	EXPECT_STREQ("12.345", text_seconds(buf, 12345));
	EXPECT_STREQ("3 sec", text_interval(buf, 3000));
	EXPECT_STREQ("msec 3001", text_interval(buf, 3001));
}

/* Events. A has one bit for each attribute that the kernel gives. */
#define A(name)		(1ULL << VPNHA_A_DEBUG_ ## name)
#define GROUP_1		.ifname = "eth0", .number = 1
#define IN_GROUP	(A(IFNAME) | A(NUMBER))

static void print_all(FILE *out, const struct event *events, size_t n_events)
{
	for (size_t n = 0; n < n_events; n++)
		event_print(out, &events[n]);
}

#define EXPECT_EVENTS(expected, ...)							\
	do {										\
		const struct event events[] = { __VA_ARGS__ };				\
		struct text_of text = {};						\
											\
		print_all(text_begin(&text), events, sizeof(events) / sizeof(*events));	\
		EXPECT_STREQ(expected, text_end(&text));				\
		free(text.text);							\
	} while (0)

#define FSM(s, ev, ...)	{ .kind = VPNHA_DEBUG_KIND_FSM_EVENT, GROUP_1,			\
			  .state = VPNHA_STATE_ ## s, .event = VPNHA_EVENT_ ## ev,	\
			  __VA_ARGS__ }
#define FROM(addr, pri)	.present = IN_GROUP | A(ADDRESS) | A(PRIORITY),			\
			.address = ip(addr), .priority = pri
#define CHANGE(from, to, ...)								\
			{ .kind = VPNHA_DEBUG_KIND_STATE_CHANGE, GROUP_1,		\
			  .state_old = VPNHA_STATE_ ## from, .state = VPNHA_STATE_ ## to,	\
			  __VA_ARGS__ }
#define REDUNDANCY(from, to)								\
			{ .kind = VPNHA_DEBUG_KIND_REDUNDANCY, GROUP_1, .present = IN_GROUP,	\
			  .name = "VPNHA", .state_old = VPNHA_STATE_ ## from,		\
			  .state = VPNHA_STATE_ ## to }
#define INTERFACE(k, ...) { .kind = VPNHA_DEBUG_KIND_ ## k, .ifname = "eth0",		\
			    .present = A(IFNAME), __VA_ARGS__ }
#define COUNTS		.present = IN_GROUP | A(ACTIVE_GROUPS) | A(ACTIVE_GROUPS_OLD) |	\
				   A(PASSIVE_GROUPS) | A(PASSIVE_GROUPS_OLD)

TEST(events_shut_down)
{
	EXPECT_EVENTS(
		"HSRP: eth0 API Software interface going down\n"
		"HSRP: eth0 Interface down\n"
		"HSRP: eth0 Grp 1 Active: b/HSRP disabled\n"
		"HSRP: eth0 Grp 1 Active router is unknown, was local\n"
		"HSRP: eth0 Grp 1 Standby router is unknown, was 172.16.172.54\n"
		"HSRP: eth0 Grp 1 Active -> Init\n"
		"%HSRP-6-STATECHANGE: eth0 Grp 1 state Active -> Init\n"
		"HSRP: eth0 Grp 1 Redundancy \"VPNHA\" state Active -> Init\n",
		INTERFACE(INTERFACE_GOING_DOWN),
		INTERFACE(INTERFACE_DOWN),
		FSM(ACTIVE, DISABLED, .present = IN_GROUP),
		{ .kind = VPNHA_DEBUG_KIND_ACTIVE_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(LOCAL_OLD) },
		{ .kind = VPNHA_DEBUG_KIND_STANDBY_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(ADDRESS_OLD),
		  .address_old = ip("172.16.172.54") },
		CHANGE(ACTIVE, INITIAL, .present = IN_GROUP),
		REDUNDANCY(ACTIVE, INITIAL));
}

TEST(events_take_over)
{
	EXPECT_EVENTS(
		"HSRP: eth0 Grp 1 Standby: c/Active timer expired (172.16.172.52)\n"
		"HSRP: eth0 Grp 1 Active router is local, was 172.16.172.52\n"
		"HSRP: eth0 Grp 1 Standby router is unknown, was local\n"
		"HSRP: eth0 Grp 1 Standby -> Active (active 0->1, passive 2->1)\n"
		"%HSRP-6-STATECHANGE: eth0 Grp 1 state Standby -> Active\n"
		"HSRP: eth0 Grp 1 Redundancy \"VPNHA\" state Standby -> Active\n",
		FSM(STANDBY, ACTIVE_TIMER, .present = IN_GROUP | A(ADDRESS),
		    .address = ip("172.16.172.52")),
		{ .kind = VPNHA_DEBUG_KIND_ACTIVE_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(LOCAL) | A(ADDRESS_OLD),
		  .address_old = ip("172.16.172.52") },
		{ .kind = VPNHA_DEBUG_KIND_STANDBY_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(LOCAL_OLD) },
		CHANGE(STANDBY, ACTIVE, COUNTS, .active_groups_old = 0, .active_groups = 1,
		       .passive_groups_old = 2, .passive_groups = 1),
		REDUNDANCY(STANDBY, ACTIVE));
}

TEST(events_recovery)
{
	EXPECT_EVENTS(
		"HSRP: eth0 API Software interface coming up\n"
		"HSRP: eth0 Interface up\n"
		"HSRP: eth0 Starting minimum interface delay (1 secs)\n"
		"HSRP: eth0 Interface min delay expired\n"
		"HSRP: eth0 Grp 1 Init: a/HSRP enabled\n"
		"HSRP: eth0 Grp 1 Init -> Listen\n"
		"HSRP: eth0 Grp 1 Redundancy \"VPNHA\" state Init -> Backup\n"
		"HSRP: eth0 Grp 1 Listen: c/Active timer expired (unknown)\n"
		"HSRP: eth0 Grp 1 Listen -> Speak\n"
		"HSRP: eth0 Grp 1 Redundancy \"VPNHA\" state Backup -> Speak\n"
		"HSRP: eth0 Grp 1 Speak: d/Standby timer expired (unknown)\n"
		"HSRP: eth0 Grp 1 Standby router is local\n"
		"HSRP: eth0 Grp 1 Speak -> Standby (active 0, passive 1)\n"
		"HSRP: eth0 Grp 1 Active: i/Resign rcvd (100/172.16.172.54)\n"
		"HSRP: eth0 Grp 1 Redundancy group VPNHA state Active -> Active\n"
		"HSRP: eth0 Grp 1 Standby router is 172.16.172.54\n",
		INTERFACE(INTERFACE_COMING_UP),
		INTERFACE(INTERFACE_UP),
		INTERFACE(DELAY_START, .delay_ms = 1000),
		INTERFACE(DELAY_END),
		FSM(INITIAL, ENABLED, .present = IN_GROUP),
		CHANGE(INITIAL, LISTEN, .present = IN_GROUP),
		REDUNDANCY(INITIAL, LISTEN),
		FSM(LISTEN, ACTIVE_TIMER, .present = IN_GROUP),
		CHANGE(LISTEN, SPEAK, .present = IN_GROUP),
		REDUNDANCY(LISTEN, SPEAK),
		FSM(SPEAK, STANDBY_TIMER, .present = IN_GROUP),
		{ .kind = VPNHA_DEBUG_KIND_STANDBY_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(LOCAL) },
		CHANGE(SPEAK, STANDBY, COUNTS, .active_groups_old = 0, .active_groups = 0,
		       .passive_groups_old = 1, .passive_groups = 1),
		FSM(ACTIVE, RESIGN, FROM("172.16.172.54", 100)),
		REDUNDANCY(ACTIVE, ACTIVE),
		{ .kind = VPNHA_DEBUG_KIND_STANDBY_ROUTER, GROUP_1,
		  .present = IN_GROUP | A(ADDRESS), .address = ip("172.16.172.54") });
}

TEST(events_yield)
{
	static const struct event hello = {
		.kind = VPNHA_DEBUG_KIND_PACKET_IN, GROUP_1,
		.present = IN_GROUP | A(OPCODE) | A(STATE) | A(ADDRESS) | A(PRIORITY) | A(VIP) |
			   A(HELLO_MS) | A(HOLD_MS) | A(IDENTIFIER),
		.opcode = VPNHA_OPCODE_HELLO, .state = VPNHA_STATE_ACTIVE, .priority = 200,
		.hello_ms = 3000, .hold_ms = 10000,
		.identifier = { 0x00, 0x00, 0x0c, 0x07, 0xac, 0x01 },
	};
	struct event in = hello;

	in.address = ip("172.16.172.52");
	in.vip = ip("172.16.172.53");
	EXPECT_EVENTS(
		"HSRP: eth0 Grp 1 Hello in 172.16.172.52 Active pri 200 vIP 172.16.172.53 "
		"hel 3000 hol 10000 id 0000.0c07.ac01\n"
		"HSRP: eth0 Grp 1 Active: g/Hello rcvd from higher pri Active router "
		"(200/172.16.172.52)\n"
		"HSRP: eth0 Grp 1 Active -> Speak (active 1->0, passive 0->1)\n"
		"%HSRP-6-STATECHANGE: eth0 Grp 1 state Active -> Speak\n"
		"HSRP: eth0 Grp 1 Redundancy \"VPNHA\" state Active -> Speak\n",
		in,
		FSM(ACTIVE, HELLO_HIGHER_ACTIVE, FROM("172.16.172.52", 200)),
		CHANGE(ACTIVE, SPEAK, COUNTS, .active_groups_old = 1, .active_groups = 0,
		       .passive_groups_old = 0, .passive_groups = 1),
		REDUNDANCY(ACTIVE, SPEAK));
}

TEST(events_other_letters)
{
	EXPECT_EVENTS(
		"HSRP: eth0 Grp 1 Standby: f/Hello rcvd from higher pri Speak router (9/1.2.3.4)\n"
		"HSRP: eth0 Grp 1 Listen: h/Hello rcvd from lower pri Active router (9/1.2.3.4)\n"
		"HSRP: eth0 Grp 1 Active: j/Coup rcvd from higher pri router (9/1.2.3.4)\n"
		"HSRP: eth0 Grp 1 Speak: k/Hello rcvd from higher pri Standby router (9/1.2.3.4)\n"
		"HSRP: eth0 Grp 1 Learn: l/Hello rcvd from lower pri Standby router (9/1.2.3.4)\n",
		FSM(STANDBY, HELLO_HIGHER_SPEAK, FROM("1.2.3.4", 9)),
		FSM(STANDBY, HELLO_TIMER, .present = IN_GROUP),
		FSM(LISTEN, HELLO_LOWER_ACTIVE, FROM("1.2.3.4", 9)),
		FSM(ACTIVE, COUP, FROM("1.2.3.4", 9)),
		FSM(SPEAK, HELLO_HIGHER_STANDBY, FROM("1.2.3.4", 9)),
		FSM(LEARN, HELLO_LOWER_STANDBY, FROM("1.2.3.4", 9)));
}

TEST(events_of_no_example)
{
	EXPECT_EVENTS(
		"HSRP: eth0 Grp 1 Priority 200 -> 50\n"
		"HSRP: eth0 Grp 1 Track 7 (eth1) object changed, state Up -> Down\n"
		"HSRP: eth0 Grp 1 Track 8 object changed, state Down -> Up\n"
		"HSRP: eth0 Interface adv in 1.2.3.4 active 1 passive 2\n"
		"HSRP: eth0 Packet ignored from 1.2.3.4: bad TTL\n"
		"HSRP: eth0 Grp 1 Virtual IP 1.2.3.4: File exists\n"
		"HSRP: eth0 Grp 1 Learnt vIP 1.2.3.4 hel 3000 hol 10000\n"
		"HSRP: eth0 Starting minimum interface delay (250 msecs)\n"
		"HSRP: eth0 Starting reload interface delay (120 secs)\n"
		"HSRP: eth0 Grp 1 Preemption delayed for 60 secs\n"
		"HSRP: eth0 Unknown event 99\n",
		{ .kind = VPNHA_DEBUG_KIND_PRIORITY, GROUP_1, .present = IN_GROUP,
		  .priority_old = 200, .priority = 50 },
		{ .kind = VPNHA_DEBUG_KIND_TRACK, GROUP_1, .present = IN_GROUP | A(TARGET),
		  .track_id = 7, .target = "eth1" },
		{ .kind = VPNHA_DEBUG_KIND_TRACK, GROUP_1, .present = IN_GROUP, .track_id = 8,
		  .up = true },
		INTERFACE(PACKET_IN, .opcode = VPNHA_OPCODE_ADVERTISE, .active_groups = 1,
			  .passive_groups = 2, .address = ip("1.2.3.4"),
			  .present = A(IFNAME) | A(ADDRESS) | A(ACTIVE_GROUPS) |
				     A(PASSIVE_GROUPS)),
		INTERFACE(PACKET_DROP, .present = A(IFNAME) | A(ADDRESS),
			  .address = ip("1.2.3.4"),
			  .drop_reason = VPNHA_DROP_REASON_BAD_TTL),
		{ .kind = VPNHA_DEBUG_KIND_ADDRESS_ERROR, GROUP_1, .present = IN_GROUP,
		  .vip = ip("1.2.3.4"), .error = -EEXIST },
		{ .kind = VPNHA_DEBUG_KIND_LEARNED, GROUP_1, .hello_ms = 3000, .hold_ms = 10000,
		  .vip = ip("1.2.3.4"),
		  .present = IN_GROUP | A(VIP) | A(HELLO_MS) | A(HOLD_MS) },
		INTERFACE(DELAY_START, .delay_ms = 250),
		INTERFACE(RELOAD_DELAY_START, .delay_ms = 120000),
		{ .kind = VPNHA_DEBUG_KIND_PREEMPT_DELAY, GROUP_1, .present = IN_GROUP,
		  .delay_ms = 60000 },
		{ .kind = 99, .ifname = "eth0", .present = A(IFNAME) });
}

TEST(classes)
{
	for (uint32_t kind = 0; kind <= VPNHA_DEBUG_KIND_ADDRESS_ERROR; kind++) {
		struct event e = { .kind = kind };
		unsigned int class = EVENT_CLASS_EVENTS;

		if (kind == VPNHA_DEBUG_KIND_PACKET_IN || kind == VPNHA_DEBUG_KIND_PACKET_OUT)
			class = EVENT_CLASS_PACKETS;
		if (kind == VPNHA_DEBUG_KIND_PACKET_DROP ||
		    kind == VPNHA_DEBUG_KIND_ADDRESS_ERROR)
			class = EVENT_CLASS_ERRORS;
		EXPECT_EQ(class, event_class(&e)) TH_LOG("kind %u", kind);
	}
}

TEST(every_value_has_names)
{
	for (uint32_t n = VPNHA_STATE_INITIAL; n <= VPNHA_STATE_ACTIVE; n++) {
		EXPECT_STRNE("unknown", text_state(n));
		EXPECT_STRNE("unknown", text_state_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_INIT_REASON_TENTATIVE_ADDRESS; n++) {
		EXPECT_STRNE("unknown", text_init_reason(n));
		EXPECT_STRNE("unknown", text_init_reason_key(n));
	}
	for (uint32_t n = VPNHA_DROP_REASON_TRUNCATED; n <= VPNHA_DROP_REASON_BAD_SOURCE; n++) {
		EXPECT_STRNE("unknown", text_drop_reason(n));
		EXPECT_STRNE("unknown", text_drop_reason_key(n));
	}
	for (uint32_t n = VPNHA_EVENT_ENABLED; n <= VPNHA_EVENT_HELLO_LOWER_STANDBY; n++) {
		EXPECT_STRNE("unknown", text_event(n));
		EXPECT_STRNE("unknown", text_event_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_DEBUG_KIND_ADDRESS_ERROR; n++)
		EXPECT_STRNE("unknown", text_debug_kind_key(n));
	EXPECT_STREQ("unknown", text_state(99));
}

TEST_HARNESS_MAIN
