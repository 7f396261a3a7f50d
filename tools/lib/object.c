// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/object.h"

/* Index of the first object whose number is not below @id. */
static size_t place(const struct objects *o, uint32_t id)
{
	size_t n = 0;

	while (n < o->n_items && o->items[n].id < id)
		n++;
	return n;
}

/**
 * object_find() - Look up an object.
 * @o: objects
 * @id: its number
 *
 * Return: it or NULL; valid until another is added or removed.
 */
struct object *object_find(const struct objects *o, uint32_t id)
{
	size_t n = place(o, id);

	return n < o->n_items && o->items[n].id == id ? &o->items[n] : NULL;
}

/**
 * object_get() - Look up an object and make it when it is missing.
 * @o: objects
 * @id: its number
 * @kind: what a new one stands for
 *
 * Return: it; valid until another is added or removed.
 */
struct object *object_get(struct objects *o, uint32_t id, uint32_t kind)
{
	struct object *object = object_find(o, id);
	size_t n = place(o, id);

	if (object)
		return object;
	o->items = array_grow(o->items, o->n_items, sizeof(*o->items));
	object = &o->items[n];
	memmove(object + 1, object, (o->n_items++ - n) * sizeof(*object));
	memset(object, 0, sizeof(*object));
	object->id = id;
	object->kind = kind;
	object->threshold_up = OBJECT_DEFAULT_THRESHOLD_UP;
	return object;
}

/**
 * object_remove() - Remove an object.
 * @o: objects
 * @id: its number; it need not be there
 */
void object_remove(struct objects *o, uint32_t id)
{
	struct object *object = object_find(o, id);

	if (!object)
		return;
	o->n_items--;
	memmove(object, object + 1, (size_t)(&o->items[o->n_items] - object) * sizeof(*object));
}

/**
 * object_equal() - Are two objects configured alike?
 * @a: one
 * @b: another
 */
bool object_equal(const struct object *a, const struct object *b)
{
	if (a->kind != b->kind || strcmp(a->ifname, b->ifname) || a->prefix != b->prefix ||
	    a->prefix_len != b->prefix_len || a->threshold_up != b->threshold_up ||
	    a->threshold_down != b->threshold_down || a->delay_up != b->delay_up ||
	    a->delay_down != b->delay_down || a->default_up != b->default_up ||
	    a->n_members != b->n_members)
		return false;
	for (size_t n = 0; n < a->n_members; n++)
		if (a->members[n].id != b->members[n].id ||
		    a->members[n].negated != b->members[n].negated ||
		    a->members[n].weight != b->members[n].weight)
			return false;
	return true;
}

/**
 * object_has_threshold() - Is it a list that compares a value?
 * @o: object
 */
bool object_has_threshold(const struct object *o)
{
	return o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT ||
	       o->kind == VPNHA_OBJECT_KIND_THRESHOLD_PERCENTAGE;
}

/**
 * object_is_list() - Is it made of others?
 * @o: object
 */
bool object_is_list(const struct object *o)
{
	return o->kind == VPNHA_OBJECT_KIND_BOOLEAN_AND ||
	       o->kind == VPNHA_OBJECT_KIND_BOOLEAN_OR || object_has_threshold(o);
}

/**
 * object_member_find() - Look up a member of a list.
 * @o: list
 * @id: number of the member
 *
 * Return: it or NULL.
 */
struct object_member *object_member_find(struct object *o, uint32_t id)
{
	for (size_t n = 0; n < o->n_members; n++)
		if (o->members[n].id == id)
			return &o->members[n];
	return NULL;
}

/**
 * object_member_remove() - Take a member out of a list.
 * @o: list
 * @id: number of the member; it need not be there
 */
void object_member_remove(struct object *o, uint32_t id)
{
	struct object_member *member = object_member_find(o, id);

	if (!member)
		return;
	o->n_members--;
	memmove(member, member + 1,
		(size_t)(&o->members[o->n_members] - member) * sizeof(*member));
}

/* Take the depths below the members of @o into account. Returns whether its own has changed. */
static bool deepen(const struct objects *all, const struct object *o, const uint8_t *depths,
		   uint8_t *depth)
{
	uint8_t deepest = 0;

	if (!object_is_list(o))
		return false;
	for (size_t n = 0; n < o->n_members; n++) {
		const struct object *member = object_find(all, o->members[n].id);

		if (member && depths[member - all->items] > deepest)
			deepest = depths[member - all->items];
	}
	if (deepest <= VPNHA_OBJECT_DEPTH_MAX)
		deepest++;
	if (deepest == *depth)
		return false;
	*depth = deepest;
	return true;
}

/**
 * object_depths() - How deep lists go.
 * @all: objects
 *
 * Return: for each object 0 when it is no list, else how many lists there are from it down, more
 * than VPNHA_OBJECT_DEPTH_MAX where they have no end; owned by the caller.
 */
uint8_t *object_depths(const struct objects *all)
{
	uint8_t *depths = xcalloc(all->n_items + 1, sizeof(*depths));
	bool changed;

	do {
		changed = false;
		for (size_t n = 0; n < all->n_items; n++)
			changed |= deepen(all, &all->items[n], depths, &depths[n]);
	} while (changed);
	return depths;
}

/* Returns whether it is only now known that @o is about what its members are about. */
static bool follow(const struct objects *all, const struct object *o, bool *about, bool *own)
{
	for (size_t n = 0; !*own && n < o->n_members; n++) {
		const struct object *member = object_find(all, o->members[n].id);

		if (member && about[member - all->items]) {
			*own = true;
			return true;
		}
	}
	return false;
}

/**
 * object_is_about() - Does the state of an interface take part in that of an object?
 * @all: the objects
 * @id: number of the object, which need not be there
 * @ifname: name of the interface
 */
bool object_is_about(const struct objects *all, uint32_t id, const char *ifname)
{
	bool *about = xcalloc(all->n_items + 1, sizeof(*about));
	const struct object *o = object_find(all, id);
	bool changed, result;

	for (size_t n = 0; n < all->n_items; n++)
		about[n] = !strcmp(all->items[n].ifname, ifname);
	do {
		changed = false;
		for (size_t n = 0; n < all->n_items; n++)
			changed |= follow(all, &all->items[n], about, &about[n]);
	} while (changed);
	result = o && about[o - all->items];
	free(about);
	return result;
}
