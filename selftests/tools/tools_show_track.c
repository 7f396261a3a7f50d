// SPDX-License-Identifier: GPL-2.0
// lab: native
/* What "show track" prints of objects that are configured. */
#include <arpa/inet.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/show.h"
#include "text_of.h"

#define HOURS(h, m, s)	((((h) * 60 + (m)) * 60 + (s)) * 1000ULL)

FIXTURE(output) {
	struct model model;
	struct model_group *group;
	struct text_of text;
};

/* A group that tracks an interface. */
FIXTURE_SETUP(output)
{
	struct model_track *t;

	memset(&self->model, 0, sizeof(self->model));
	self->group = model_group_get(model_interface_get(&self->model, "eth0"), 1);
	t = model_track_get(self->group, "eth1", 0);
	t->id = 1;
	t->up = true;
	t->changes = 1;
	t->change_age_ms = HOURS(3, 18, 22);
}

FIXTURE_TEARDOWN(output)
{
	free(self->text.text);
	model_free(&self->model);
}

/* One of every kind: that which groups track directly comes between them. */
static void make_objects(struct model *m, struct model_group *g)
{
	static const struct object_member members[] = { { .id = 4 , .weight = 10 },
							{ .id = 3, .negated = true, .weight = 25 } };
	struct object *o;
	uint32_t kind;

	for (kind = 0; kind <= VPNHA_OBJECT_KIND_STUB; kind++) {
		o = object_get(&m->objects, kind + 2, kind);
		if (kind <= VPNHA_OBJECT_KIND_IP_ROUTING)
			strcpy(o->ifname, "eth2");
		if (object_is_list(o)) {
			memcpy(o->members, members, sizeof(members));
			o->n_members = 2;
		}
		o->state.up = kind % 2;
		o->state.changes = kind;
		o->state.change_age_ms = HOURS(0, 0, kind);
	}
	o = object_find(&m->objects, 8);
	o->prefix = inet_addr("10.0.0.0");
	o->prefix_len = 8;
	o->delay_down = 5;
	o->state.delay_left_ms = 1500;
	o = object_find(&m->objects, 6);
	o->threshold_up = 30;
	o->threshold_down = 10;
	o->state.value = 25;
	model_track_get(g, "", 4)->id = 4;
	model_track_get(g, "", 9)->id = 9;
	model_track_find(g, "", 9)->shutdown = true;
}

TEST_F(output, objects)
{
	make_objects(&self->model, self->group);
	show_track(text_begin(&self->text), &self->model, 0);
	EXPECT_STREQ(
		"Track 1 (via HSRP)\n"
		"  Interface eth1 line-protocol\n"
		"  Line protocol is Up\n"
		"    1 change, last change 03:18:22\n"
		"  Tracked by:\n"
		"    HSRP eth0 1\n"
		"Track 2\n"
		"  Interface eth2 line-protocol\n"
		"  Line protocol is Down\n"
		"    0 changes, last change 00:00:00\n"
		"Track 3\n"
		"  Interface eth2 ip routing\n"
		"  IP routing is Up\n"
		"    1 change, last change 00:00:01\n"
		"  Tracked by:\n"
		"    Track-list 4\n"
		"    Track-list 5\n"
		"    Track-list 6\n"
		"    Track-list 7\n"
		"Track 4\n"
		"  List boolean and\n"
		"  Boolean AND is Down\n"
		"    2 changes, last change 00:00:02\n"
		"    object 4 Down\n"
		"    object 3 not Up\n"
		"  Tracked by:\n"
		"    HSRP eth0 1\n"
		"    Track-list 4\n"
		"    Track-list 5\n"
		"    Track-list 6\n"
		"    Track-list 7\n"
		"Track 5\n"
		"  List boolean or\n"
		"  Boolean OR is Up\n"
		"    3 changes, last change 00:00:03\n"
		"    object 4 Down\n"
		"    object 3 not Up\n"
		"Track 6\n"
		"  List threshold weight\n"
		"  Threshold weight is Down (25; up 30, down 10)\n"
		"    4 changes, last change 00:00:04\n"
		"    object 4 Down, weight 10\n"
		"    object 3 not Up, weight 25\n"
		"Track 7\n"
		"  List threshold percentage\n"
		"  Threshold percentage is Up (0; up 1, down 0)\n"
		"    5 changes, last change 00:00:05\n"
		"    object 4 Down\n"
		"    object 3 not Up\n"
		"Track 8\n"
		"  IP route 10.0.0.0/8 reachability\n"
		"  Reachability is Down, delayed Up (1.500 secs remaining)\n"
		"    6 changes, last change 00:00:06\n"
		"  Delay up 0 secs, down 5 secs\n"
		"Track 9\n"
		"  Stub-object\n"
		"  State is Up\n"
		"    7 changes, last change 00:00:07\n"
		"  Default state is Down\n"
		"  Tracked by:\n"
		"    HSRP eth0 1\n",
		text_end(&self->text));
}

TEST_F(output, objects_as_json)
{
	json_t *o;

	make_objects(&self->model, self->group);
	o = show_track_json(&self->model, 6);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("[{\"track\":6,\"kind\":\"threshold-weight\",\"members\":["
		     "{\"track\":4,\"negated\":false,\"weight\":10},"
		     "{\"track\":3,\"negated\":true,\"weight\":25}],"
		     "\"threshold_up\":30,\"threshold_down\":10,\"delay_up\":0,\"delay_down\":0,"
		     "\"up\":false,\"changes\":4,\"change_age_ms\":4000,\"value\":25,"
		     "\"tracked_by\":[]}]", self->text.text);
	free(self->text.text);
	o = show_track_json(&self->model, 8);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("[{\"track\":8,\"kind\":\"ip-route\",\"prefix\":\"10.0.0.0\","
		     "\"prefix_len\":8,\"delay_up\":0,\"delay_down\":5,\"up\":false,"
		     "\"changes\":6,\"change_age_ms\":6000,\"delay_left_ms\":1500,"
		     "\"tracked_by\":[]}]", self->text.text);
}

TEST_HARNESS_MAIN
