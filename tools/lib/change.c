// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/change.h"
#include "lib/config.h"

#define FIELD(f)	(1U << MODEL_GROUP_ ## f)

/**
 * change_add() - Append an operation.
 * @c: operations
 * @op: its attribute
 *
 * Return: the operation, to be filled in; valid until the next one.
 */
struct change *change_add(struct changes *c, int op)
{
	struct change *change;

	c->items = array_grow(c->items, c->n_items, sizeof(*c->items));
	change = &c->items[c->n_items++];
	memset(change, 0, sizeof(*change));
	change->op = op;
	return change;
}

static struct change *add(struct changes *c, int op, const struct model_interface *i,
			  const struct model_group *g)
{
	struct change *change = change_add(c, op);

	change->interface = i;
	change->group = g;
	return change;
}

static void remove_from_group(struct changes *c, const struct model_interface *i,
			      const struct model_group *from, const struct model_group *to)
{
	for (size_t n = 0; n < from->n_tracks; n++)
		if (!model_track_find(to, from->tracks[n].target, from->tracks[n].object))
			add(c, VPNHA_A_BATCH_TRACK_DEL, i, from)->track = &from->tracks[n];
}

static void remove_gone(struct changes *c, const struct model *from, const struct model *to)
{
	for (size_t n = 0; n < from->n_interfaces; n++) {
		const struct model_interface *fi = from->interfaces[n];
		const struct model_interface *ti = model_interface_find(to, fi->ifname);

		if (!ti) {
			add(c, VPNHA_A_BATCH_INTERFACE_DEL, fi, NULL);
			continue;
		}
		for (size_t k = 0; k < fi->n_groups; k++) {
			const struct model_group *fg = fi->groups[k];
			const struct model_group *tg = model_group_find(ti, fg->number);

			if (tg)
				remove_from_group(c, fi, fg, tg);
			else
				add(c, VPNHA_A_BATCH_GROUP_DEL, fi, fg);
		}
	}
}

/* "standby ip" was given. */
static bool is_ipv4(const struct model_group *g)
{
	return g->enabled && !g->ipv6;
}

static unsigned int fields_set(const struct model_group *g)
{
	unsigned int fields = 0;

	if (is_ipv4(g) || g->vip)
		fields |= FIELD(IP);
	if (g->ipv6)
		fields |= FIELD(IPV6);
	if (g->n_global)
		fields |= FIELD(GLOBAL);
	if (g->hello_ms)
		fields |= FIELD(TIMERS);
	if (g->priority != MODEL_DEFAULT_PRIORITY)
		fields |= FIELD(PRIORITY);
	if (g->preempt || !model_delay_is(&g->preempt_delay, 0))
		fields |= FIELD(PREEMPT);
	if (g->name[0])
		fields |= FIELD(NAME);
	if (!model_auth_is_default(&g->auth))
		fields |= FIELD(AUTHENTICATION);
	if (g->n_secondary)
		fields |= FIELD(SECONDARY);
	if (g->has_mac)
		fields |= FIELD(MAC);
	if (g->follow[0])
		fields |= FIELD(FOLLOW);
	return fields;
}

static unsigned int fields_changed(const struct model_group *from, const struct model_group *to)
{
	unsigned int fields = 0;

	if (is_ipv4(from) != is_ipv4(to) || from->vip != to->vip)
		fields |= FIELD(IP);
	if (!model_ipv6_equal(from, to))
		fields |= FIELD(IPV6);
	if (!model_global_equal(from, to))
		fields |= FIELD(GLOBAL);
	if (from->hello_ms != to->hello_ms || from->hold_ms != to->hold_ms)
		fields |= FIELD(TIMERS);
	if (from->priority != to->priority)
		fields |= FIELD(PRIORITY);
	if (from->preempt != to->preempt ||
	    !model_delay_equal(&from->preempt_delay, &to->preempt_delay))
		fields |= FIELD(PREEMPT);
	if (strcmp(from->name, to->name))
		fields |= FIELD(NAME);
	if (!model_auth_equal(&from->auth, &to->auth))
		fields |= FIELD(AUTHENTICATION);
	if (!model_secondary_equal(from, to))
		fields |= FIELD(SECONDARY);
	if (!model_mac_equal(from, to))
		fields |= FIELD(MAC);
	if (!model_follow_equal(from, to))
		fields |= FIELD(FOLLOW);
	return fields;
}

static void change_group(struct changes *c, const struct model_interface *i,
			 const struct model_group *from, const struct model_group *to)
{
	unsigned int fields = from ? fields_changed(from, to) : fields_set(to);

	if (!from || fields) {
		struct change *change = add(c, from ? VPNHA_A_BATCH_GROUP_SET :
						      VPNHA_A_BATCH_GROUP_NEW, i, to);

		change->fields = fields;
		change->was = from;
	}
	for (size_t n = 0; n < to->n_tracks; n++) {
		const struct model_track *t = &to->tracks[n];
		const struct model_track *old =
			from ? model_track_find(from, t->target, t->object) : NULL;

		if (!old)
			add(c, VPNHA_A_BATCH_TRACK_NEW, i, to)->track = t;
		else if (old->shutdown != t->shutdown ||
			 (!t->shutdown && old->decrement != t->decrement))
			add(c, VPNHA_A_BATCH_TRACK_SET, i, to)->track = t;
	}
}

static void change_objects(struct changes *c, const struct objects *from, const struct objects *to)
{
	for (size_t n = 0; n < from->n_items; n++)
		if (!object_find(to, from->items[n].id))
			change_add(c, VPNHA_A_BATCH_OBJECT_DEL)->tracked = &from->items[n];
	for (size_t n = 0; n < to->n_items; n++) {
		const struct object *old = object_find(from, to->items[n].id);

		if (!old)
			change_add(c, VPNHA_A_BATCH_OBJECT_NEW)->tracked = &to->items[n];
		else if (!object_equal(old, &to->items[n]))
			change_add(c, VPNHA_A_BATCH_OBJECT_SET)->tracked = &to->items[n];
	}
}

/**
 * changes_find() - Find the operations that lead from one model to another.
 * @c: result; refers to both models
 * @from: what is
 * @to: what is wanted
 *
 * Names and virtual IPs may change hands in any order: that each belongs to one
 * group only must hold at the end.
 */
void changes_find(struct changes *c, const struct model *from, const struct model *to)
{
	memset(c, 0, sizeof(*c));
	changes_remove_crypto(c, &from->crypto, &to->crypto);
	change_objects(c, &from->objects, &to->objects);
	remove_gone(c, from, to);
	for (size_t n = 0; n < to->n_interfaces; n++) {
		const struct model_interface *i = to->interfaces[n];
		const struct model_interface *old = model_interface_find(from, i->ifname);

		const unsigned int fields = old ? model_interface_differs(old, i) :
						  model_interface_fields(i);

		if (fields)
			add(c, old ? VPNHA_A_BATCH_INTERFACE_SET : VPNHA_A_BATCH_INTERFACE_NEW,
			    i, NULL)->fields = fields;
		for (size_t k = 0; k < i->n_groups; k++)
			change_group(c, i,
				     old ? model_group_find(old, i->groups[k]->number) : NULL,
				     i->groups[k]);
	}
	changes_find_crypto(c, &from->crypto, &to->crypto);
}

/**
 * changes_free() - Release what a list of operations holds.
 * @c: operations
 */
void changes_free(struct changes *c)
{
	free(c->items);
	memset(c, 0, sizeof(*c));
}

static bool is_field_set(const struct model_group *g, enum model_group_field field)
{
	if (field == MODEL_GROUP_IP)
		return is_ipv4(g);
	if (field == MODEL_GROUP_PREEMPT)
		return g->preempt;
	return fields_set(g) & 1U << field;
}

static void write_secondary(FILE *out, const struct model_group *was, const struct model_group *to)
{
	for (size_t n = 0; was && n < was->n_secondary; n++)
		if (!model_secondary_find(to, was->secondary[n].address))
			config_write_secondary(out, to, was->secondary[n].address, true);
	for (size_t n = 0; n < to->n_secondary; n++)
		if (!was || !model_secondary_find(was, to->secondary[n].address))
			config_write_secondary(out, to, to->secondary[n].address, false);
}

static void write_global(FILE *out, const struct model_group *was, const struct model_group *to)
{
	for (size_t n = 0; was && n < was->n_global; n++)
		if (!model_global_find(to, &was->global[n].address))
			config_write_global(out, to, &was->global[n], true);
	for (size_t n = 0; n < to->n_global; n++) {
		const struct model_global *old =
			was ? model_global_find(was, &to->global[n].address) : NULL;

		if (!old || old->length != to->global[n].length)
			config_write_global(out, to, &to->global[n], false);
	}
}

/* From a link-local virtual IP to none there is a line only where there are others. */
static void write_ipv6(FILE *out, const struct model_group *was, const struct model_group *to)
{
	const bool none = !to->vip6.family && !to->autoconfig && to->n_global;

	if (none && was && (was->vip6.family || was->autoconfig))
		config_write_group_field(out, was, MODEL_GROUP_IPV6, true, false);
	else if (!none)
		config_write_group_field(out, to, MODEL_GROUP_IPV6, false, false);
}

static void write_group(FILE *out, const struct change *c)
{
	const bool left = c->fields & FIELD(IPV6) && !c->group->ipv6;
	bool any = left;

	/* before there can be an address of IPv4 */
	if (left)
		fprintf(out, " no standby %u ipv6\n", c->group->number);
	for (int f = MODEL_GROUP_IP; f < MODEL_GROUP_FIELDS; f++) {
		enum model_group_field field = (enum model_group_field)f;

		if (!(c->fields & 1U << f))
			continue;
		if (field == MODEL_GROUP_SECONDARY)
			write_secondary(out, c->was, c->group);
		else if (field == MODEL_GROUP_GLOBAL && !left)
			write_global(out, c->was, c->group);
		else if (field == MODEL_GROUP_IPV6 && !left)
			write_ipv6(out, c->was, c->group);
		else if (field == MODEL_GROUP_GLOBAL || field == MODEL_GROUP_IPV6)
			continue;
		else
			config_write_group_field(out, c->group, field,
						 !is_field_set(c->group, field), false);
		any = true;
	}
	if (!any)
		config_write_group_field(out, c->group, MODEL_GROUP_PRIORITY, false, false);
}

/**
 * changes_write() - Write operations as the lines of configuration that ask for them.
 * @out: where to
 * @c: operations
 */
void changes_write(FILE *out, const struct changes *c)
{
	const char *heading = "";

	for (size_t n = 0; n < c->n_items; n++) {
		const struct change *item = &c->items[n];
		const char *ifname;

		if (change_is_crypto(item)) {
			changes_write_crypto(out, c, n);
			heading = "";
			continue;
		}
		if (item->op == VPNHA_A_BATCH_OBJECT_DEL) {
			fprintf(out, "no track %u\n", item->tracked->id);
			heading = "";
			continue;
		}
		if (item->tracked) {
			config_write_object(out, item->tracked);
			heading = "";
			continue;
		}
		ifname = item->interface->ifname;
		if (item->op == VPNHA_A_BATCH_INTERFACE_DEL) {
			fprintf(out, "no interface %s\n", ifname);
			heading = "";
			continue;
		}
		if (strcmp(heading, ifname))
			fprintf(out, "interface %s\n", ifname);
		heading = ifname;
		switch (item->op) {
		case VPNHA_A_BATCH_INTERFACE_NEW:
		case VPNHA_A_BATCH_INTERFACE_SET:
			config_write_interface(out, item->interface, item->fields);
			break;
		case VPNHA_A_BATCH_GROUP_DEL:
			config_write_group_field(out, item->group, MODEL_GROUP_NUMBER, true,
						 false);
			break;
		case VPNHA_A_BATCH_GROUP_NEW:
		case VPNHA_A_BATCH_GROUP_SET:
			write_group(out, item);
			break;
		default:
			config_write_track(out, item->group, item->track,
					   item->op == VPNHA_A_BATCH_TRACK_DEL);
			break;
		}
	}
}

/**
 * change_describe() - Say what an operation is about.
 * @c: operation
 *
 * Return: text owned by the caller.
 */
char *change_describe(const struct change *c)
{
	static const char *const verbs[] = {
		[VPNHA_A_BATCH_INTERFACE_NEW]	= "making",
		[VPNHA_A_BATCH_INTERFACE_SET]	= "changing",
		[VPNHA_A_BATCH_INTERFACE_DEL]	= "removing",
		[VPNHA_A_BATCH_GROUP_NEW]	= "making",
		[VPNHA_A_BATCH_GROUP_SET]	= "changing",
		[VPNHA_A_BATCH_GROUP_DEL]	= "removing",
		[VPNHA_A_BATCH_TRACK_NEW]	= "making",
		[VPNHA_A_BATCH_TRACK_SET]	= "changing",
		[VPNHA_A_BATCH_TRACK_DEL]	= "removing",
		[VPNHA_A_BATCH_OBJECT_NEW]	= "making",
		[VPNHA_A_BATCH_OBJECT_SET]	= "changing",
		[VPNHA_A_BATCH_OBJECT_DEL]	= "removing",
	};
	char name[MODEL_TRACK_NAME_LEN];

	if (change_is_crypto(c))
		return change_describe_crypto(c);
	if (c->tracked)
		return xasprintf("%s object %u", verbs[c->op], c->tracked->id);
	if (!c->group)
		return xasprintf("%s interface %s", verbs[c->op], c->interface->ifname);
	if (!c->track)
		return xasprintf("%s group %u of %s", verbs[c->op], c->group->number,
				 c->interface->ifname);
	return xasprintf("%s the tracking of %s by group %u of %s", verbs[c->op],
			 model_track_name(name, c->track), c->group->number, c->interface->ifname);
}
