// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/model.h"

static const struct model_interface usual_interface = {
	.version = MODEL_DEFAULT_VERSION,
	.delay = { .min_s = MODEL_DEFAULT_DELAY },
	.garp = { .count = MODEL_DEFAULT_GARP_COUNT, .interval_s = MODEL_DEFAULT_GARP_INTERVAL },
};

static void group_free(struct model_group *g)
{
	if (!g)
		return;
	free(g->tracks);
	explicit_bzero(g->auth.key, sizeof(g->auth.key));
	free(g);
}

static void interface_free(struct model_interface *i)
{
	if (!i)
		return;
	for (size_t n = 0; n < i->n_groups; n++)
		group_free(i->groups[n]);
	free(i->groups);
	free(i);
}

/**
 * model_free() - Release what a model holds and make it empty.
 * @m: model
 */
void model_free(struct model *m)
{
	for (size_t n = 0; n < m->n_interfaces; n++)
		interface_free(m->interfaces[n]);
	free(m->interfaces);
	free(m->objects.items);
	crypto_free(&m->crypto);
	ikev2_config_free(&m->ikev2);
	memset(m, 0, sizeof(*m));
}

static struct model_group *group_copy(const struct model_group *from)
{
	struct model_group *to = xcalloc(1, sizeof(*to));

	*to = *from;
	to->tracks = array_copy(from->tracks, from->n_tracks, sizeof(*from->tracks));
	return to;
}

static struct model_interface *interface_copy(const struct model_interface *from)
{
	struct model_interface *to = xcalloc(1, sizeof(*to));

	*to = *from;
	to->groups = array_copy(from->groups, from->n_groups, sizeof(*from->groups));
	for (size_t n = 0; n < to->n_groups; n++)
		to->groups[n] = group_copy(from->groups[n]);
	return to;
}

/**
 * model_copy() - Make an independent copy.
 * @to: result; anything it held before is forgotten
 * @from: model
 */
void model_copy(struct model *to, const struct model *from)
{
	*to = *from;
	to->interfaces = array_copy(from->interfaces, from->n_interfaces,
				    sizeof(*from->interfaces));
	for (size_t n = 0; n < to->n_interfaces; n++)
		to->interfaces[n] = interface_copy(from->interfaces[n]);
	to->objects.items = array_copy(from->objects.items, from->objects.n_items,
				       sizeof(*from->objects.items));
	crypto_copy(&to->crypto, &from->crypto);
	ikev2_config_copy(&to->ikev2, &from->ikev2);
}

/* Position of @ifname, or where it belongs. */
static size_t interface_index(const struct model *m, const char *ifname, bool *found)
{
	size_t low = 0, high = m->n_interfaces;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strverscmp(m->interfaces[middle]->ifname, ifname);

		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t group_index(const struct model_interface *i, uint32_t number, bool *found)
{
	size_t low = 0, high = i->n_groups;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (i->groups[middle]->number == number) {
			*found = true;
			return middle;
		}
		if (i->groups[middle]->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * model_interface_find() - Look up an interface.
 * @m: model
 * @ifname: its name
 *
 * Return: the interface or NULL.
 */
struct model_interface *model_interface_find(const struct model *m, const char *ifname)
{
	bool found;
	size_t n = interface_index(m, ifname, &found);

	return found ? m->interfaces[n] : NULL;
}

/**
 * model_interface_get() - Look up an interface and make it when it is missing.
 * @m: model
 * @ifname: its name, a valid one
 *
 * Return: the interface.
 */
struct model_interface *model_interface_get(struct model *m, const char *ifname)
{
	struct model_interface *i;
	bool found;
	size_t n = interface_index(m, ifname, &found);

	if (found)
		return m->interfaces[n];
	i = xcalloc(1, sizeof(*i));
	snprintf(i->ifname, sizeof(i->ifname), "%s", ifname);
	i->version = usual_interface.version;
	i->delay = usual_interface.delay;
	i->garp = usual_interface.garp;
	m->interfaces = array_grow(m->interfaces, m->n_interfaces, sizeof(*m->interfaces));
	memmove(&m->interfaces[n + 1], &m->interfaces[n],
		(m->n_interfaces - n) * sizeof(*m->interfaces));
	m->interfaces[n] = i;
	m->n_interfaces++;
	return i;
}

/**
 * model_interface_remove() - Remove an interface with its groups.
 * @m: model
 * @ifname: its name; it need not be there
 */
void model_interface_remove(struct model *m, const char *ifname)
{
	bool found;
	size_t n = interface_index(m, ifname, &found);

	if (!found)
		return;
	interface_free(m->interfaces[n]);
	m->n_interfaces--;
	memmove(&m->interfaces[n], &m->interfaces[n + 1],
		(m->n_interfaces - n) * sizeof(*m->interfaces));
}

/**
 * model_delay_is() - Tell whether nothing but a minimum is put off.
 * @d: delay
 * @min_s: that minimum, seconds
 */
bool model_delay_is(const struct model_delay *d, uint32_t min_s)
{
	return d->min_s == min_s && !d->reload_s && !d->sync_s;
}

/**
 * model_delay_equal() - Tell whether two put off alike.
 * @a: one
 * @b: the other
 */
bool model_delay_equal(const struct model_delay *a, const struct model_delay *b)
{
	return a->min_s == b->min_s && a->reload_s == b->reload_s && a->sync_s == b->sync_s;
}

/**
 * model_interface_differs() - Tell what of two interfaces is configured differently.
 * @a: one
 * @b: the other
 *
 * Return: a bit for each enum model_interface_field.
 */
unsigned int model_interface_differs(const struct model_interface *a,
				     const struct model_interface *b)
{
	unsigned int fields = 0;

	if (a->version != b->version)
		fields |= 1U << MODEL_INTERFACE_VERSION;
	if (!model_delay_equal(&a->delay, &b->delay))
		fields |= 1U << MODEL_INTERFACE_DELAY;
	if (a->use_bia != b->use_bia)
		fields |= 1U << MODEL_INTERFACE_USE_BIA;
	if (a->garp.count != b->garp.count || a->garp.interval_s != b->garp.interval_s)
		fields |= 1U << MODEL_INTERFACE_GARP;
	if (a->garp.refresh_s != b->garp.refresh_s)
		fields |= 1U << MODEL_INTERFACE_MAC_REFRESH;
	if (a->redirect != b->redirect)
		fields |= 1U << MODEL_INTERFACE_REDIRECT;
	return fields;
}

/**
 * model_interface_is_default() - Tell whether no line describes an interface itself.
 * @i: interface, with groups or without
 */
bool model_interface_is_default(const struct model_interface *i)
{
	return !model_interface_differs(i, &usual_interface);
}

/**
 * model_interface_fields() - Tell what lines describe an interface itself.
 * @i: interface, with groups or without
 *
 * Return: a bit for each enum model_interface_field; 0 when its groups' lines will do.
 */
unsigned int model_interface_fields(const struct model_interface *i)
{
	const unsigned int fields = model_interface_differs(i, &usual_interface);

	/* without a line it would not be there */
	return fields || i->n_groups ? fields : 1U << MODEL_INTERFACE_VERSION;
}

/**
 * model_group_find() - Look up a group.
 * @i: its interface
 * @number: its number
 *
 * Return: the group or NULL.
 */
struct model_group *model_group_find(const struct model_interface *i, uint32_t number)
{
	bool found;
	size_t n = group_index(i, number, &found);

	return found ? i->groups[n] : NULL;
}

/**
 * model_group_get() - Look up a group and make it when it is missing.
 * @i: its interface
 * @number: its number
 *
 * Return: the group.
 */
struct model_group *model_group_get(struct model_interface *i, uint32_t number)
{
	struct model_group *g;
	bool found;
	size_t n = group_index(i, number, &found);

	if (found)
		return i->groups[n];
	g = xcalloc(1, sizeof(*g));
	g->number = number;
	g->priority = MODEL_DEFAULT_PRIORITY;
	model_auth_default(&g->auth);
	i->groups = array_grow(i->groups, i->n_groups, sizeof(*i->groups));
	memmove(&i->groups[n + 1], &i->groups[n], (i->n_groups - n) * sizeof(*i->groups));
	i->groups[n] = g;
	i->n_groups++;
	return g;
}

/**
 * model_group_remove() - Remove a group.
 * @i: its interface
 * @number: its number; it need not be there
 */
void model_group_remove(struct model_interface *i, uint32_t number)
{
	bool found;
	size_t n = group_index(i, number, &found);

	if (!found)
		return;
	group_free(i->groups[n]);
	i->n_groups--;
	memmove(&i->groups[n], &i->groups[n + 1], (i->n_groups - n) * sizeof(*i->groups));
}

/**
 * model_group_is_default() - Tell whether no line of configuration describes a group.
 * @g: group
 */
bool model_group_is_default(const struct model_group *g)
{
	return !g->enabled && !g->vip && !g->n_secondary && !g->has_mac && !g->ipv6 &&
	       !g->vip6.family && !g->autoconfig && !g->n_global &&
	       g->priority == MODEL_DEFAULT_PRIORITY && !g->preempt &&
	       model_delay_is(&g->preempt_delay, 0) &&
	       !g->hello_ms && !g->hold_ms && !g->name[0] && !g->follow[0] && !g->n_tracks &&
	       model_auth_is_default(&g->auth);
}

/**
 * model_follow_equal() - Tell whether two groups follow the same, in the same way.
 * @a: one
 * @b: the other
 */
bool model_follow_equal(const struct model_group *a, const struct model_group *b)
{
	return a->bundle == b->bundle && !strcmp(a->follow, b->follow);
}

/**
 * model_group_by_name() - Look up a group by its redundancy name.
 * @m: model
 * @name: the name
 *
 * Return: it or NULL.
 */
const struct model_group *model_group_by_name(const struct model *m, const char *name)
{
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			if (!strcmp(m->interfaces[n]->groups[k]->name, name))
				return m->interfaces[n]->groups[k];
	return NULL;
}

/**
 * model_secondary_find() - Look up a secondary virtual IP.
 * @g: group
 * @address: it, in network byte order
 *
 * Return: it or NULL; valid until one is added or removed.
 */
const struct model_secondary *model_secondary_find(const struct model_group *g, in_addr_t address)
{
	for (size_t n = 0; n < g->n_secondary; n++)
		if (g->secondary[n].address == address)
			return &g->secondary[n];
	return NULL;
}

/**
 * model_secondary_add() - Add a secondary virtual IP.
 * @g: group
 * @address: it, in network byte order; it may be there already
 * @at: where it was configured
 *
 * Return: false when there are too many.
 */
bool model_secondary_add(struct model_group *g, in_addr_t address, struct model_pos at)
{
	struct model_secondary *list = g->secondary;
	size_t n;

	model_secondary_remove(g, address);
	if (g->n_secondary == VPNHA_SECONDARY_MAX)
		return false;
	for (n = g->n_secondary++; n && ntohl(list[n - 1].address) > ntohl(address); n--)
		list[n] = list[n - 1];
	list[n] = (struct model_secondary){ address, at };
	return true;
}

/**
 * model_secondary_remove() - Remove a secondary virtual IP.
 * @g: group
 * @address: it, in network byte order; it need not be there
 */
void model_secondary_remove(struct model_group *g, in_addr_t address)
{
	const struct model_secondary *s = model_secondary_find(g, address);

	if (!s)
		return;
	g->n_secondary--;
	for (size_t n = (size_t)(s - g->secondary); n < g->n_secondary; n++)
		g->secondary[n] = g->secondary[n + 1];
}

/**
 * model_secondary_equal() - Tell whether two groups have the same secondary virtual IPs.
 * @a: one
 * @b: the other
 */
bool model_secondary_equal(const struct model_group *a, const struct model_group *b)
{
	for (size_t n = 0; n < a->n_secondary; n++)
		if (!model_secondary_find(b, a->secondary[n].address))
			return false;
	return a->n_secondary == b->n_secondary;
}

/**
 * model_mac_equal() - Tell whether the same virtual MAC address is configured for two groups.
 * @a: one
 * @b: the other
 */
bool model_mac_equal(const struct model_group *a, const struct model_group *b)
{
	return a->has_mac == b->has_mac && (!a->has_mac || !memcmp(a->mac, b->mac, sizeof(a->mac)));
}

/**
 * model_auth_default() - What authenticates packets unless something else is configured.
 * @a: result
 *
 * RFC 2281 section 5.1.
 */
void model_auth_default(struct model_auth *a)
{
	static const char text[] = "cisco";

	explicit_bzero(a, sizeof(*a));
	a->kind = VPNHA_AUTHENTICATION_TEXT;
	a->length = strlen(text);
	memcpy(a->key, text, a->length);
}

/**
 * model_auth_equal() - Tell whether two authenticate alike, and change alike.
 * @a: one
 * @b: the other
 */
bool model_auth_equal(const struct model_auth *a, const struct model_auth *b)
{
	return a->kind == b->kind && a->timeout == b->timeout && a->hidden == b->hidden &&
	       a->length == b->length && !memcmp(a->key, b->key, a->length);
}

/**
 * model_auth_is_default() - Tell whether nothing needs to be configured for it.
 * @a: what authenticates packets
 */
bool model_auth_is_default(const struct model_auth *a)
{
	struct model_auth normal;

	model_auth_default(&normal);
	return model_auth_equal(a, &normal);
}

/**
 * model_has_keys() - Tell whether there are keys that somebody could misuse.
 * @m: model
 */
bool model_has_keys(const struct model *m)
{
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			if (!model_auth_is_default(&m->interfaces[n]->groups[k]->auth))
				return true;
	return crypto_has_keys(&m->crypto) || ikev2_config_has_secrets(&m->ikev2);
}

/**
 * model_track_find() - Look up what a group tracks.
 * @g: group
 * @target: name of an interface, or empty
 * @object: else the number of an object
 *
 * Return: it or NULL; valid until another is added or removed.
 */
struct model_track *model_track_find(const struct model_group *g, const char *target,
				     uint32_t object)
{
	for (size_t n = 0; n < g->n_tracks; n++)
		if (g->tracks[n].object == object && !strcmp(g->tracks[n].target, target))
			return &g->tracks[n];
	return NULL;
}

/**
 * model_track_get() - Look up what a group tracks and make it when it is missing.
 * @g: group
 * @target: name of an interface, a valid one, or empty
 * @object: else the number of an object
 *
 * Return: it; valid until another is added or removed.
 */
struct model_track *model_track_get(struct model_group *g, const char *target, uint32_t object)
{
	struct model_track *t = model_track_find(g, target, object);

	if (t)
		return t;
	g->tracks = array_grow(g->tracks, g->n_tracks, sizeof(*g->tracks));
	t = &g->tracks[g->n_tracks++];
	memset(t, 0, sizeof(*t));
	snprintf(t->target, sizeof(t->target), "%s", target);
	t->object = object;
	t->decrement = MODEL_DEFAULT_DECREMENT;
	return t;
}

/**
 * model_track_remove() - Track something no longer.
 * @g: group
 * @target: name of an interface, or empty
 * @object: else the number of an object; it need not be tracked
 */
void model_track_remove(struct model_group *g, const char *target, uint32_t object)
{
	struct model_track *t = model_track_find(g, target, object);

	if (!t)
		return;
	g->n_tracks--;
	memmove(t, t + 1, (size_t)(&g->tracks[g->n_tracks] - t) * sizeof(*t));
}

/**
 * model_tracks_interface() - Does a group act on the state of an interface?
 * @m: model
 * @g: group
 * @ifname: name of the interface
 *
 * Return: whether it tracks it, directly or by an object.
 */
bool model_tracks_interface(const struct model *m, const struct model_group *g,
			    const char *ifname)
{
	for (size_t n = 0; n < g->n_tracks; n++) {
		const struct model_track *t = &g->tracks[n];

		if (t->object ? object_is_about(&m->objects, t->object, ifname) :
				!strcmp(t->target, ifname))
			return true;
	}
	return false;
}

/**
 * model_track_name() - What messages call what a group tracks.
 * @buf: room for it
 * @t: what is tracked
 *
 * Return: the name of an interface, or "object NUMBER".
 */
const char *model_track_name(char buf[MODEL_TRACK_NAME_LEN], const struct model_track *t)
{
	if (!t->object)
		return t->target;
	snprintf(buf, MODEL_TRACK_NAME_LEN, "object %u", t->object);
	return buf;
}

/**
 * model_settle() - Drop the objects that nothing describes and nobody asked to keep.
 * @m: model of a configuration
 *
 * A group exists while a line of configuration describes it, and an interface
 * while it has groups, or a line describes it itself.
 */
void model_settle(struct model *m)
{
	for (size_t n = m->n_interfaces; n-- > 0;) {
		struct model_interface *i = m->interfaces[n];

		for (size_t k = i->n_groups; k-- > 0;)
			if (!i->groups[k]->keep && model_group_is_default(i->groups[k]))
				model_group_remove(i, i->groups[k]->number);
		if (!i->n_groups && !i->keep && model_interface_is_default(i))
			model_interface_remove(m, i->ifname);
	}
	crypto_settle(&m->crypto);
	ikev2_config_settle(&m->ikev2);
}

/**
 * model_adopt() - Keep the objects that exist with nothing but defaults.
 * @m: model of the kernel's objects
 *
 * Somebody made them so, and they stay until somebody configures something
 * about them and takes it back.
 */
void model_adopt(struct model *m)
{
	for (size_t n = 0; n < m->n_interfaces; n++) {
		struct model_interface *i = m->interfaces[n];

		i->keep = !i->n_groups && model_interface_is_default(i);
		for (size_t k = 0; k < i->n_groups; k++)
			i->groups[k]->keep = model_group_is_default(i->groups[k]);
	}
}

static int compare_tracked(const void *a, const void *b)
{
	const struct model_tracked *x = a, *y = b;
	int order;

	if (x->track->id != y->track->id)
		return x->track->id < y->track->id ? -1 : 1;
	order = strverscmp(x->interface->ifname, y->interface->ifname);
	if (order)
		return order;
	return x->group->number < y->group->number ? -1 : x->group->number > y->group->number;
}

static void list_group(const struct model_interface *i, const struct model_group *g, uint32_t id,
		       struct model_tracked **list, size_t *n_list)
{
	for (size_t n = 0; n < g->n_tracks; n++) {
		if (id && g->tracks[n].id != id)
			continue;
		*list = array_grow(*list, *n_list, sizeof(**list));
		(*list)[(*n_list)++] = (struct model_tracked){ i, g, &g->tracks[n] };
	}
}

/**
 * model_list_tracked() - List all that is tracked, object by object.
 * @m: model with the kernel's state
 * @id: only this object; 0: all
 * @list: result, the caller's
 *
 * Return: the number of elements.
 */
size_t model_list_tracked(const struct model *m, uint32_t id, struct model_tracked **list)
{
	size_t n_list = 0;

	*list = NULL;
	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		for (size_t k = 0; k < i->n_groups; k++)
			list_group(i, i->groups[k], id, list, &n_list);
	}
	if (n_list)
		qsort(*list, n_list, sizeof(**list), compare_tracked);
	return n_list;
}
