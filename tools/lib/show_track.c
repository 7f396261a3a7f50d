// SPDX-License-Identifier: GPL-2.0-or-later
/* Tracked objects, for people and as JSON. */
#include <stdlib.h>
#include <string.h>

#include "lib/json_set.h"
#include "lib/show.h"
#include "lib/text.h"

/* How kinds are called: in what is shown, in JSON, and with their state. */
static const struct {
	const char *shown, *key, *state;
} kinds[] = {
	[VPNHA_OBJECT_KIND_LINE_PROTOCOL] = {
		"line-protocol", "line-protocol", "Line protocol" },
	[VPNHA_OBJECT_KIND_IP_ROUTING] = { "ip routing", "ip-routing", "IP routing" },
	[VPNHA_OBJECT_KIND_BOOLEAN_AND] = { "List boolean and", "boolean-and", "Boolean AND" },
	[VPNHA_OBJECT_KIND_BOOLEAN_OR] = { "List boolean or", "boolean-or", "Boolean OR" },
	[VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT] = {
		"List threshold weight", "threshold-weight", "Threshold weight" },
	[VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE] = {
		"List threshold percentage", "threshold-percentage", "Threshold percentage" },
	[VPNHA_OBJECT_KIND_IP_ROUTE] = { "reachability", "ip-route", "Reachability" },
	[VPNHA_OBJECT_KIND_STUB] = { "Stub-object", "stub", "State" },
};

/* An object, be it configured or made by the group that tracks an interface. */
struct item {
	uint32_t id;
	const struct object *object;		/* NULL: not configured */
	const struct model_tracked *by;		/* the groups that track it */
	size_t n_by;
};

static const char *up_down(bool up)
{
	return up ? "Up" : "Down";
}

/* The next object after @item by its number. Returns whether there is one. */
static bool next_item(const struct model *m, const struct model_tracked *list, size_t n_list,
		      struct item *item)
{
	const struct object *o = NULL;
	uint32_t after = item->id;
	size_t n = 0, k = 0;

	while (n < n_list && list[n].track->id <= after)
		n++;
	while (k < m->objects.n_items && m->objects.items[k].id <= after)
		k++;
	if (k < m->objects.n_items)
		o = &m->objects.items[k];
	if (n == n_list && !o)
		return false;
	item->id = n < n_list && (!o || list[n].track->id < o->id) ? list[n].track->id : o->id;
	item->object = o && o->id == item->id ? o : NULL;
	item->by = &list[n];
	item->n_by = 0;
	while (n + item->n_by < n_list && item->by[item->n_by].track->id == item->id)
		item->n_by++;
	return true;
}

/* -- for people ------------------------------------------------------------ */

static void show_what(FILE *out, const struct object *o)
{
	char buf[TEXT_ADDRESS_LEN];

	fputs("  ", out);
	if (o->ifname[0])
		fprintf(out, "Interface %s ", o->ifname);
	if (o->kind == VPNHA_OBJECT_KIND_IP_ROUTE)
		fprintf(out, "IP route %s/%u ", text_address(buf, o->prefix), o->prefix_len);
	fprintf(out, "%s\n", kinds[o->kind].shown);
}

static void show_state(FILE *out, const struct object *o)
{
	char buf[TEXT_TIME_LEN];

	fprintf(out, "  %s is %s", kinds[o->kind].state, up_down(o->state.up));
	if (object_has_threshold(o))
		fprintf(out, " (%u; up %u, down %u)", o->state.value, o->threshold_up,
			o->threshold_down);
	if (o->state.delay_left_ms)
		fprintf(out, ", delayed %s (%s secs remaining)", up_down(!o->state.up),
			text_seconds(buf, o->state.delay_left_ms));
	fputc('\n', out);
}

static void show_changes(FILE *out, uint32_t changes, uint64_t age_ms)
{
	char buf[TEXT_TIME_LEN];

	fprintf(out, "    %u change%s, last change %s\n", changes, changes == 1 ? "" : "s",
		text_age(buf, age_ms));
}

static void show_members(FILE *out, const struct model *m, const struct object *o)
{
	for (size_t n = 0; n < o->n_members; n++) {
		const struct object_member *member = &o->members[n];
		const struct object *object = object_find(&m->objects, member->id);

		fprintf(out, "    object %u%s %s", member->id, member->negated ? " not" : "",
			object ? up_down(object->state.up) : "gone");
		if (o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT)
			fprintf(out, ", weight %u", member->weight);
		fputc('\n', out);
	}
}

static void show_object(FILE *out, const struct model *m, const struct object *o)
{
	fprintf(out, "Track %u\n", o->id);
	show_what(out, o);
	show_state(out, o);
	show_changes(out, o->state.changes, o->state.change_age_ms);
	show_members(out, m, o);
	if (o->delay_up || o->delay_down)
		fprintf(out, "  Delay up %u secs, down %u secs\n", o->delay_up, o->delay_down);
	if (o->kind == VPNHA_OBJECT_KIND_STUB)
		fprintf(out, "  Default state is %s\n", up_down(o->default_up));
}

static void show_direct(FILE *out, const struct model_track *t)
{
	fprintf(out, "Track %u (via HSRP)\n", t->id);
	fprintf(out, "  Interface %s line-protocol\n", t->target);
	fprintf(out, "  Line protocol is %s\n", up_down(t->up));
	show_changes(out, t->changes, t->change_age_ms);
}

static bool is_used(const struct model *m, const struct item *item)
{
	for (size_t n = 0; item->object && n < m->objects.n_items; n++)
		if (object_member_find(&m->objects.items[n], item->id))
			return true;
	return item->n_by;
}

/**
 * show_track() - Print the tracked objects.
 * @out: where to
 * @m: model with the kernel's state
 * @id: only this object; 0: all
 */
void show_track(FILE *out, const struct model *m, uint32_t id)
{
	struct item item = {};
	struct model_tracked *list;
	size_t n_list = model_list_tracked(m, 0, &list);

	while (next_item(m, list, n_list, &item)) {
		if (id && item.id != id)
			continue;
		if (item.object)
			show_object(out, m, item.object);
		else
			show_direct(out, item.by->track);
		if (is_used(m, &item))
			fputs("  Tracked by:\n", out);
		for (size_t n = 0; n < item.n_by; n++)
			fprintf(out, "    HSRP %s %u\n", item.by[n].interface->ifname,
				item.by[n].group->number);
		for (size_t n = 0; item.object && n < m->objects.n_items; n++)
			if (object_member_find(&m->objects.items[n], item.id))
				fprintf(out, "    Track-list %u\n", m->objects.items[n].id);
	}
	free(list);
}

/**
 * show_group_track() - Print what a group tracks.
 * @out: where to
 * @t: what it is
 */
void show_group_track(FILE *out, const struct model_track *t)
{
	char name[MODEL_TRACK_NAME_LEN];

	fprintf(out, "    Track %s%s state %s", t->object ? "" : "interface ",
		model_track_name(name, t), up_down(t->up));
	if (t->shutdown)
		fputs(" shutdown\n", out);
	else
		fprintf(out, " decrement %u\n", t->decrement);
}

/* -- as JSON --------------------------------------------------------------- */

static void set_target(json_t *o, const struct model_track *t)
{
	if (t->object)
		set_number(o, "object", t->object);
	else
		set_string(o, "interface", t->target);
}

static void set_effect(json_t *o, const struct model_track *t)
{
	if (t->shutdown)
		set_bool(o, "shutdown", true);
	else
		set_number(o, "decrement", t->decrement);
}

/**
 * show_track_set_config() - Enter what is configured of a group's tracking.
 * @o: JSON object
 * @t: what the group tracks
 */
void show_track_set_config(json_t *o, const struct model_track *t)
{
	set_target(o, t);
	set_effect(o, t);
}

/**
 * show_track_set() - Enter what a group tracks, and its state.
 * @o: JSON object
 * @t: what it is
 */
void show_track_set(json_t *o, const struct model_track *t)
{
	set_number(o, "track", t->id);
	set_target(o, t);
	set_bool(o, "up", t->up);
	set_effect(o, t);
}

/* What is configured of an object. */
static void set_object(json_t *to, const struct object *o)
{
	char buf[TEXT_ADDRESS_LEN];

	set_number(to, "track", o->id);
	set_string(to, "kind", kinds[o->kind].key);
	if (o->ifname[0])
		set_string(to, "interface", o->ifname);
	if (o->kind == VPNHA_OBJECT_KIND_IP_ROUTE) {
		set_string(to, "prefix", text_address(buf, o->prefix));
		set_number(to, "prefix_len", o->prefix_len);
	}
	if (object_is_list(o)) {
		json_t *members = json_array();

		for (size_t n = 0; n < o->n_members; n++) {
			json_t *member = json_object();

			set_number(member, "track", o->members[n].id);
			set_bool(member, "negated", o->members[n].negated);
			if (o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT)
				set_number(member, "weight", o->members[n].weight);
			json_array_append_new(members, member);
		}
		set(to, "members", members);
	}
	if (object_has_threshold(o)) {
		set_number(to, "threshold_up", o->threshold_up);
		set_number(to, "threshold_down", o->threshold_down);
	}
	set_number(to, "delay_up", o->delay_up);
	set_number(to, "delay_down", o->delay_down);
	if (o->kind == VPNHA_OBJECT_KIND_STUB)
		set_bool(to, "default_up", o->default_up);
}

static json_t *trackers_json(const struct model *m, const struct item *item)
{
	json_t *by = json_array();

	for (size_t n = 0; n < item->n_by; n++) {
		const struct model_track *t = item->by[n].track;
		json_t *o = json_object();

		set_string(o, "interface", item->by[n].interface->ifname);
		set_number(o, "group", item->by[n].group->number);
		set_effect(o, t);
		json_array_append_new(by, o);
	}
	for (size_t n = 0; item->object && n < m->objects.n_items; n++) {
		json_t *o;

		if (!object_member_find(&m->objects.items[n], item->id))
			continue;
		o = json_object();
		set_number(o, "track", m->objects.items[n].id);
		json_array_append_new(by, o);
	}
	return by;
}

static json_t *item_json(const struct model *m, const struct item *item)
{
	json_t *o = json_object();

	if (item->object) {
		const struct object_state *s = &item->object->state;

		set_object(o, item->object);
		set_bool(o, "up", s->up);
		set_number(o, "changes", s->changes);
		set_number(o, "change_age_ms", s->change_age_ms);
		if (s->delay_left_ms)
			set_number(o, "delay_left_ms", s->delay_left_ms);
		if (object_has_threshold(item->object))
			set_number(o, "value", s->value);
	} else {
		const struct model_track *t = item->by->track;

		set_number(o, "track", t->id);
		set_string(o, "interface", t->target);
		set_bool(o, "up", t->up);
		set_number(o, "changes", t->changes);
		set_number(o, "change_age_ms", t->change_age_ms);
	}
	set(o, "tracked_by", trackers_json(m, item));
	return o;
}

/**
 * show_track_json() - The tracked objects.
 * @m: model with the kernel's state
 * @id: only this object; 0: all
 *
 * Return: an array, owned by the caller.
 */
json_t *show_track_json(const struct model *m, uint32_t id)
{
	json_t *items = json_array();
	struct item item = {};
	struct model_tracked *list;
	size_t n_list = model_list_tracked(m, 0, &list);

	while (next_item(m, list, n_list, &item))
		if (!id || item.id == id)
			json_array_append_new(items, item_json(m, &item));
	free(list);
	return items;
}

/**
 * show_objects_config_json() - What is configured of tracked objects.
 * @all: the objects
 *
 * Return: an array, owned by the caller.
 */
json_t *show_objects_config_json(const struct objects *all)
{
	json_t *items = json_array();

	for (size_t n = 0; n < all->n_items; n++) {
		json_t *o = json_object();

		set_object(o, &all->items[n]);
		json_array_append_new(items, o);
	}
	return items;
}
