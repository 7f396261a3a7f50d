// SPDX-License-Identifier: GPL-2.0
// lab: native
/* What "show standby" prints of groups that belong to each other. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/show.h"
#include "text_of.h"

#define HOURS(h, m, s)	((((h) * 60 + (m)) * 60 + (s)) * 1000ULL)

FIXTURE(output) {
	struct model model;
	struct model_interface *interface;
	struct model_group *group;
	struct text_of text;
};

/* An active group that tracks an interface. */
FIXTURE_SETUP(output)
{
	static const uint8_t mac[] = { 0x00, 0x00, 0x0c, 0x07, 0xac, 0x01 };
	struct model_group *g;

	memset(&self->model, 0, sizeof(self->model));
	self->interface = model_interface_get(&self->model, "eth0");
	g = model_group_get(self->interface, 1);
	self->group = g;
	g->enabled = true;
	strcpy(g->name, "VPNHA");
	model_track_get(g, "eth1", 0);
	g->state.version = 1;
	g->state.state = VPNHA_STATE_ACTIVE;
	g->state.changes = 2;
	g->state.age_ms = HOURS(3, 21, 20);
	g->state.has_mac = true;
	memcpy(g->state.mac, mac, sizeof(mac));
	g->state.active = (struct model_router){ .known = true, .local = true };
}

FIXTURE_TEARDOWN(output)
{
	model_free(&self->model);
	free(self->text.text);
}

/* A group that follows the one of the fixture, on another interface. */
static struct model_group *follower(struct model *m, struct model_interface *i, bool bundle)
{
	struct model_group *g = model_group_get(i, 2);

	g->enabled = true;
	g->vip = inet_addr("10.1.1.1");
	strcpy(g->follow, "VPNHA");
	g->bundle = bundle;
	g->state = m->interfaces[0]->groups[0]->state;
	g->state.mac[5] = 2;
	g->state.has_hello_next = false;
	g->state.has_garp_next = true;
	g->state.garp_next_ms = 9123;
	return g;
}

TEST_F(output, a_group_that_follows)
{
	struct model_interface *i = model_interface_get(&self->model, "eth1");
	struct model_group *g = follower(&self->model, i, true);

	self->interface->state.hidden = true;
	self->group->state.hidden = true;
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_STREQ(
		"eth1 - Group 2\n"
		"  State is Active\n"
		"    2 state changes, last state change 03:21:20\n"
		"  Virtual IP address is 10.1.1.1\n"
		"  Active virtual MAC address is 0000.0c07.ac02\n"
		"    Local virtual MAC address is 0000.0c07.ac02 (v1 default)\n"
		"  Gratuitous ARP 0 sent, next sent in 9.123 secs\n"
		"  Following \"VPNHA\", bundle\n"
		"  IP redundancy name is \"hsrp-eth1-2\" (default)\n",
		text_end(&self->text));

	g->state.state = VPNHA_STATE_INITIAL;
	g->state.init_reason = VPNHA_INIT_REASON_FOLLOW;
	free(self->text.text);
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
			       "  State is Init (waits for group VPNHA)\n"));
	free(self->text.text);
	show_standby_brief(text_begin(&self->text), &self->model);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
			       "\neth1        2    -     Init    local "));
}

TEST_F(output, groups_that_follow_are_listed)
{
	follower(&self->model, model_interface_get(&self->model, "eth1"), false);
	follower(&self->model, model_interface_get(&self->model, "eth2"), true)->state =
		(struct model_group_state){ .state = VPNHA_STATE_INITIAL,
					    .init_reason = VPNHA_INIT_REASON_INTERFACE_DOWN };
	self->group->state.state = VPNHA_STATE_INITIAL;
	self->group->state.init_reason = VPNHA_INIT_REASON_BUNDLE;
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text), "  State is Init (held by its bundle)\n"));
	EXPECT_NE(NULL, strstr(self->text.text,
		"  IP redundancy name is \"VPNHA\" (cfgd)\n"
		"  Followed by groups:\n"
		"    eth1 Grp 2 Active 10.1.1.1 0000.0c07.ac02 next refresh 9.123 secs\n"
		"    eth2 Grp 2 Init (interface down) 10.1.1.1 bundle\n"));
}

/* A group on eth1 that the fixture's tracks, active at another gateway. */
TEST_F(output, a_split_is_told)
{
	struct model_group *g = model_group_get(model_interface_get(&self->model, "eth1"), 3);

	g->enabled = true;
	g->state.state = VPNHA_STATE_STANDBY;
	g->state.active = (struct model_router){
		.known = true, .address = address_of_ipv4(inet_addr("10.1.1.9")),
	};
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_NE(NULL, strstr(text_end(&self->text),
			       "  Split: group 3 of eth1 is active at 10.1.1.9\n"));
	g->state.active.local = true;
	free(self->text.text);
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_EQ(NULL, strstr(text_end(&self->text), "Split"));
	g->state.active.local = false;
	model_track_remove(self->group, "eth1", 0);
	free(self->text.text);
	show_standby(text_begin(&self->text), &self->model, false);
	EXPECT_EQ(NULL, strstr(text_end(&self->text), "Split"));
}

TEST_HARNESS_MAIN
