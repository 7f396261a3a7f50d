// SPDX-License-Identifier: GPL-2.0-or-later
/* "track NUMBER ..." and the lines below it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config.h"
#include "lib/config_ikev2.h"
#include "lib/text.h"

/* What stands after the number of an object, by its kind. */
static const char *const kind_words[] = {
	[VPNHA_OBJECT_KIND_LINE_PROTOCOL]	= "line-protocol",
	[VPNHA_OBJECT_KIND_IP_ROUTING]		= "ip routing",
	[VPNHA_OBJECT_KIND_BOOLEAN_AND]		= "list boolean and",
	[VPNHA_OBJECT_KIND_BOOLEAN_OR]		= "list boolean or",
	[VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT]	= "list threshold weight",
	[VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE] = "list threshold percentage",
	[VPNHA_OBJECT_KIND_IP_ROUTE]		= "reachability",
	[VPNHA_OBJECT_KIND_STUB]		= "stub-object",
};

/**
 * config_write_object_heading() - Write what an object stands for, without a line's end.
 * @out: where to
 * @o: object
 */
void config_write_object_heading(FILE *out, const struct object *o)
{
	char buf[TEXT_ADDRESS_LEN];

	if (o->ifname[0])
		fprintf(out, "interface %s ", o->ifname);
	if (o->kind == VPNHA_OBJECT_KIND_IP_ROUTE)
		fprintf(out, "ip route %s/%u ", text_address(buf, o->prefix), o->prefix_len);
	fputs(kind_words[o->kind], out);
}

static void write_threshold(FILE *out, const struct object *o)
{
	fprintf(out, " threshold %s up %u down %u\n",
		o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT ? "weight" : "percentage",
		o->threshold_up, o->threshold_down);
}

/**
 * config_write_object() - Write an object.
 * @out: where to
 * @o: object
 */
void config_write_object(FILE *out, const struct object *o)
{
	fprintf(out, "track %u ", o->id);
	config_write_object_heading(out, o);
	fputc('\n', out);
	if (o->delay_up || o->delay_down) {
		fputs(" delay", out);
		if (o->delay_up)
			fprintf(out, " up %u", o->delay_up);
		if (o->delay_down)
			fprintf(out, " down %u", o->delay_down);
		fputc('\n', out);
	}
	if (o->default_up)
		fputs(" default-state up\n", out);
	for (size_t n = 0; n < o->n_members; n++) {
		const struct object_member *member = &o->members[n];

		fprintf(out, " object %u%s", member->id, member->negated ? " not" : "");
		if (member->weight != OBJECT_DEFAULT_WEIGHT)
			fprintf(out, " weight %u", member->weight);
		fputc('\n', out);
	}
	if (object_has_threshold(o) &&
	    (o->threshold_up != OBJECT_DEFAULT_THRESHOLD_UP || o->threshold_down))
		write_threshold(out, o);
}

/* -- headings -------------------------------------------------------------- */

static struct objects *objects_of(struct config *c)
{
	c->touched = true;
	return &c->model.objects;
}

/* The object that a heading makes; NULL when it is wrong. */
static struct object *make(struct config *c, const struct grammar_match *m, uint32_t kind)
{
	const struct grammar_value *id = &m->args[ARG_OBJECT];
	struct object *o = object_find(objects_of(c), id->number);

	if (o && o->kind != kind) {
		config_enter(c, CONFIG_TRACK, "", id->column);
		config_error(c, id->column,
			     "object %u is something else, '%s': 'no track %u' removes it",
			     o->id, kind_words[o->kind], o->id);
		return NULL;
	}
	o = object_get(objects_of(c), id->number, kind);
	config_enter(c, CONFIG_TRACK, id->text, id->column);
	c->in.number = o->id;
	o->at[OBJECT_KIND] = c->at_heading;
	return o;
}

static void set_kind(struct config *c, const struct grammar_match *m)
{
	make(c, m, m->args[ARG_KIND].number);
}

static void set_interface(struct config *c, const struct grammar_match *m)
{
	struct object *o = make(c, m, m->args[ARG_KIND].number);

	if (o)
		snprintf(o->ifname, sizeof(o->ifname), "%s", m->args[ARG_TARGET].text);
}

/* A prefix, by its length or by a mask. Returns whether it is one. */
static bool get_prefix(struct config *c, const struct grammar_match *m, in_addr_t *prefix,
		       uint32_t *length)
{
	const struct grammar_value *value = &m->args[ARG_HOST];
	const struct grammar_value *mask = &m->args[ARG_MASK];
	struct address a = {}, bits = {};
	unsigned int column = value->column;

	if (m->args[ARG_ADDRESS].given) {
		column = m->args[ARG_ADDRESS].column;
		address_set(&a, &m->args[ARG_ADDRESS].address, sizeof(in_addr_t));
		address_set(&bits, &mask->address, sizeof(in_addr_t));
	} else {
		a = value->ip;
		bits = value->mask;
	}
	if (a.family != AF_INET) {
		config_error(c, column, "only routes of IPv4 are tracked");
		return false;
	}
	if (address_mask_length(&bits) < 0) {
		config_error(c, mask->column, "%s is not a mask", mask->text);
		return false;
	}
	*length = (uint32_t)address_mask_length(&bits);
	memcpy(prefix, a.bytes, sizeof(*prefix));
	address_apply(&a, &bits);
	if (!memcmp(prefix, a.bytes, sizeof(*prefix)))
		return true;
	config_error(c, column, "the address has bits beyond the length of its prefix");
	return false;
}

static void set_route(struct config *c, const struct grammar_match *m)
{
	struct object *o;
	in_addr_t prefix;
	uint32_t length;

	config_enter(c, CONFIG_TRACK, "", m->args[ARG_OBJECT].column);
	if (!get_prefix(c, m, &prefix, &length))
		return;
	o = make(c, m, VPNHA_OBJECT_KIND_IP_ROUTE);
	if (!o)
		return;
	o->prefix = prefix;
	o->prefix_len = length;
}

static void set_no_track(struct config *c, const struct grammar_match *m)
{
	object_remove(objects_of(c), m->args[ARG_OBJECT].number);
	c->in.mode = CONFIG_GLOBAL;
}

/* -- lines below ----------------------------------------------------------- */

/* The object that lines are about; NULL when its heading was wrong. */
static struct object *this_object(struct config *c)
{
	struct objects *objects = objects_of(c);

	return c->in.name[0] ? object_find(objects, c->in.number) : NULL;
}

/* What @what is, if the object has such; else it complains. */
static struct object *with(struct config *c, const struct grammar_match *m,
			   bool (*has)(const struct object *o), const char *what)
{
	struct object *o = this_object(c);

	if (!o || has(o))
		return o;
	config_error(c, m->column, "object %u, '%s', has no %s", o->id, kind_words[o->kind], what);
	return NULL;
}

static void set_delay(struct config *c, const struct grammar_match *m)
{
	struct object *o = this_object(c);

	if (!o)
		return;
	o->delay_up = m->negated ? 0 : m->args[ARG_UP].number;
	o->delay_down = m->negated ? 0 : m->args[ARG_DOWN].number;
	o->at[OBJECT_DELAY] = config_pos(c, m->column);
}

static bool is_stub(const struct object *o)
{
	return o->kind == VPNHA_OBJECT_KIND_STUB;
}

static void set_default(struct config *c, const struct grammar_match *m)
{
	struct object *o = with(c, m, is_stub, "state of its own");

	if (!o)
		return;
	o->default_up = !m->negated && m->args[ARG_STATE].number;
	o->at[OBJECT_DEFAULT] = config_pos(c, m->column);
}

static bool is_boolean(const struct object *o)
{
	return object_is_list(o) && !object_has_threshold(o);
}

static bool is_weight(const struct object *o)
{
	return o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT;
}

static void set_member(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *weight = &m->args[ARG_WEIGHT];
	uint32_t id = m->args[ARG_ID].number;
	struct object *o = with(c, m, object_is_list, "members");
	struct object_member *member;

	if (o && m->negated) {
		object_member_remove(o, id);
		return;
	}
	if (o && m->args[ARG_NOT].given)
		o = with(c, m, is_boolean, "members that are negated");
	if (o && weight->given)
		o = with(c, m, is_weight, "weights");
	if (!o)
		return;
	member = object_member_find(o, id);
	if (!member && o->n_members == VPNHA_OBJECT_MEMBERS_MAX) {
		config_error(c, m->args[ARG_ID].column, "a list has %d members at most",
			     VPNHA_OBJECT_MEMBERS_MAX);
		return;
	}
	if (!member)
		member = &o->members[o->n_members++];
	*member = (struct object_member){
		.id = id,
		.negated = m->args[ARG_NOT].given,
		.weight = weight->given ? weight->number : OBJECT_DEFAULT_WEIGHT,
		.at = config_pos(c, m->args[ARG_ID].column),
	};
}

static void set_threshold(struct config *c, const struct grammar_match *m)
{
	bool weighs = m->args[ARG_THRESHOLD].number == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT;
	const struct grammar_value *up = &m->args[ARG_UP], *down = &m->args[ARG_DOWN];
	struct object *o = with(c, m, object_has_threshold, "threshold");

	if (!o)
		return;
	if (!m->negated && o->kind != m->args[ARG_THRESHOLD].number) {
		config_error(c, m->args[ARG_THRESHOLD].column, "object %u is '%s'", o->id,
			     kind_words[o->kind]);
		return;
	}
	if (!m->negated && !weighs && up->number > 100) {
		config_error(c, up->column, "%u is out of range, expected 1 to 100", up->number);
		return;
	}
	if (down->given && down->number >= up->number) {
		config_error(c, down->column,
			     "the list goes down at %u, which must be less than the %u where it comes up",
			     down->number, up->number);
		return;
	}
	o->threshold_up = m->negated ? OBJECT_DEFAULT_THRESHOLD_UP : up->number;
	/* as soon as it is not up any more */
	o->threshold_down = m->negated ? 0 : down->given ? down->number : up->number - 1;
	o->at[OBJECT_THRESHOLD] = config_pos(c, m->column);
}

/* -- words ----------------------------------------------------------------- */

static const struct grammar_node routing_words[] = {
	KEYWORD("routing", "It is up, has an address, and forwards", .arg = ARG_KIND,
		.id = VPNHA_OBJECT_KIND_IP_ROUTING, .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
		.next = config_track_line_words, .config = set_interface),
	END
};

static const struct grammar_node interface_kind_words[] = {
	KEYWORD("ip", "IP on the interface", .next = routing_words),
	KEYWORD("line-protocol", "It is up", .arg = ARG_KIND,
		.id = VPNHA_OBJECT_KIND_LINE_PROTOCOL, .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
		.next = config_track_line_words, .config = set_interface),
	END
};

static const struct grammar_node interface_words[] = {
	IFNAME(ARG_TARGET, "Interface to track", .next = interface_kind_words),
	END
};

#define LIST_KIND(w, h, kind)								\
	KEYWORD(w, h, .arg = ARG_KIND, .id = VPNHA_OBJECT_KIND_ ## kind,		\
		.flags = GRAMMAR_STOP | GRAMMAR_HEADS, .next = config_track_line_words,	\
		.config = set_kind)

static const struct grammar_node boolean_words[] = {
	LIST_KIND("and", "All members are up", BOOLEAN_AND),
	LIST_KIND("or", "One member is up", BOOLEAN_OR),
	END
};

static const struct grammar_node threshold_kind_words[] = {
	LIST_KIND("percentage", "So many members in a hundred are up", THRESHOLD_PERCENTAGE),
	LIST_KIND("weight", "The weights of members that are up add up", THRESHOLD_WEIGHT),
	END
};

static const struct grammar_node list_words[] = {
	KEYWORD("boolean", "What the states of the members say", .next = boolean_words),
	KEYWORD("threshold", "How many members are up", .next = threshold_kind_words),
	END
};

static const struct grammar_node reachability_words[] = {
	KEYWORD("reachability", "There is such a route", .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
		.next = config_track_line_words, .config = set_route),
	LATER("metric"),
	END
};

static const struct grammar_node route_mask_words[] = {
	ADDRESS(ARG_MASK, "Mask of the prefix", .next = reachability_words),
	END
};

static const struct grammar_node route_words[] = {
	PREFIX(ARG_HOST, "Destination of the route", .next = reachability_words),
	ADDRESS(ARG_ADDRESS, "Destination of the route", .next = route_mask_words),
	END
};

static const struct grammar_node ip_words[] = {
	KEYWORD("route", "A route of the main table", .next = route_words),
	LATER("sla"),
	END
};

const struct grammar_node config_track_kind_words[] = {
	KEYWORD("interface", "An interface", .next = interface_words),
	KEYWORD("ip", "What is known of IP", .next = ip_words),
	KEYWORD("list", "A list of tracked objects", .next = list_words),
	LIST_KIND("stub-object", "What 'vpnhactl track NUMBER up|down' says", STUB),
	LATER("application"),
	LATER("ipv6"),
	LATER("rtr"),
	END
};

static const struct grammar_node track_words[] = {
	NUMBER(ARG_OBJECT, 1, VPNHA_OBJECT_MAX, "Number of the object",
	       .next = config_track_kind_words),
	END
};

const struct grammar_node config_track_words[] = {
	KEYWORD("track", "Define an object that can be tracked", .next = track_words),
	END
};

static const struct grammar_node no_track_words[] = {
	NUMBER(ARG_OBJECT, 1, VPNHA_OBJECT_MAX, "Number of the object", .flags = GRAMMAR_STOP,
	       .next = config_rest_words),
	END
};

const struct grammar_node config_no_track_words[] = {
	KEYWORD("track", "Remove a tracked object", .next = no_track_words,
		.config = set_no_track),
	END
};

static const struct grammar_node delay_down_value_words[] = {
	NUMBER(ARG_DOWN, 0, VPNHA_OBJECT_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node delay_down_words[] = {
	KEYWORD("down", "For which it must be down", .next = delay_down_value_words),
	END
};

static const struct grammar_node delay_up_value_words[] = {
	NUMBER(ARG_UP, 0, VPNHA_OBJECT_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP,
	       .next = delay_down_words),
	END
};

static const struct grammar_node delay_words[] = {
	KEYWORD("up", "For which it must be up", .next = delay_up_value_words),
	INCLUDE(delay_down_words),
	END
};

static const struct grammar_node default_words[] = {
	KEYWORD("down", "It is down until it is set", .arg = ARG_STATE, .id = 0,
		.flags = GRAMMAR_STOP),
	KEYWORD("up", "It is up until it is set", .arg = ARG_STATE, .id = 1,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node weight_words[] = {
	NUMBER(ARG_WEIGHT, 1, 255, "Weight", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node member_words[] = {
	KEYWORD("not", "It counts as up while it is down", .arg = ARG_NOT,
		.flags = GRAMMAR_STOP),
	KEYWORD("weight", "What it weighs", .next = weight_words),
	END
};

static const struct grammar_node member_id_words[] = {
	NUMBER(ARG_ID, 1, VPNHA_OBJECT_MAX, "Number of the object", .flags = GRAMMAR_STOP,
	       .next = member_words),
	END
};

static const struct grammar_node threshold_down_value_words[] = {
	NUMBER(ARG_DOWN, 0, 8159, "Value", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node threshold_down_words[] = {
	KEYWORD("down", "Where the list goes down", .next = threshold_down_value_words),
	END
};

static const struct grammar_node threshold_up_value_words[] = {
	NUMBER(ARG_UP, 1, 8160, "Value", .flags = GRAMMAR_STOP, .next = threshold_down_words),
	END
};

static const struct grammar_node threshold_up_words[] = {
	KEYWORD("up", "Where the list comes up", .next = threshold_up_value_words),
	END
};

static const struct grammar_node threshold_words[] = {
	KEYWORD("percentage", "Members in a hundred", .arg = ARG_THRESHOLD,
		.id = VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE, .flags = GRAMMAR_STOP_NO,
		.next = threshold_up_words),
	KEYWORD("weight", "Sum of weights", .arg = ARG_THRESHOLD,
		.id = VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT, .flags = GRAMMAR_STOP_NO,
		.next = threshold_up_words),
	END
};

const struct grammar_node config_track_line_words[] = {
	KEYWORD("default-state", "State of a stub that has not been set", .next = default_words,
		.flags = GRAMMAR_STOP_NO, .config = set_default),
	KEYWORD("delay", "For how long it must be what it is", .next = delay_words,
		.flags = GRAMMAR_STOP_NO, .config = set_delay),
	KEYWORD("object", "Member of a list", .next = member_id_words, .config = set_member),
	KEYWORD("threshold", "Where a list comes up and goes down", .next = threshold_words,
		.flags = GRAMMAR_STOP_NO, .config = set_threshold),
	END
};

/* -- what must hold between the lines --------------------------------------- */

static void check_object(struct config *c, const struct object *o, unsigned int depth)
{
	for (size_t n = 0; n < o->n_members; n++)
		if (!object_find(&c->model.objects, o->members[n].id))
			diag_add(&c->diags, DIAG_ERROR, o->members[n].at,
				 "object %u, a member of list %u, does not exist",
				 o->members[n].id, o->id);
	if (depth > VPNHA_OBJECT_DEPTH_MAX)
		diag_add(&c->diags, DIAG_ERROR, o->at[OBJECT_KIND],
			 "list %u contains itself, or there are more than %d lists one in another",
			 o->id, VPNHA_OBJECT_DEPTH_MAX);
	else if (object_is_list(o) && !o->n_members && o->at[OBJECT_KIND].line)
		diag_add(&c->diags, DIAG_WARNING, o->at[OBJECT_KIND],
			 "list %u has no members: it is down", o->id);
}

static void check_group(struct config *c, const struct model_interface *i,
			const struct model_group *g)
{
	for (size_t n = 0; n < g->n_tracks; n++)
		if (g->tracks[n].object && !object_find(&c->model.objects, g->tracks[n].object))
			diag_add(&c->diags, DIAG_ERROR, g->tracks[n].at,
				 "object %u, which group %u of %s tracks, does not exist",
				 g->tracks[n].object, g->number, i->ifname);
}

/**
 * config_check_objects() - Check tracked objects, and that what is tracked is there.
 * @c: configuration, all of it read
 */
void config_check_objects(struct config *c)
{
	const struct model *m = &c->model;
	uint8_t *depths = object_depths(&m->objects);

	for (size_t n = 0; n < m->objects.n_items; n++)
		check_object(c, &m->objects.items[n], depths[n]);
	free(depths);
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			check_group(c, m->interfaces[n], m->interfaces[n]->groups[k]);
}
