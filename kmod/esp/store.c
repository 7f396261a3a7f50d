// SPDX-License-Identifier: GPL-2.0
/* Configuration objects: where they are kept, and how they are replaced. */
#include <linux/slab.h>
#include <linux/string.h>

#include "esp/config.h"
#include "esp/upcall.h"

static int compare(const char *name, u32 number, const struct esp_object *o)
{
	int diff = strcmp(name, o->name);

	if (diff)
		return diff;
	return number < o->number ? -1 : number > o->number;
}

/**
 * esp_object_find() - find an object by its key
 * @en: namespace
 * @kind: kind of object
 * @name: first part of the key
 * @number: second part, 0 if there is none
 *
 * Context: RTNL. Return: the object or NULL.
 */
struct esp_object *esp_object_find(struct esp_net *en, enum esp_kind kind,
				   const char *name, u32 number)
{
	struct esp_object *o = esp_object_from(en, kind, name, number);

	return o && !compare(name, number, o) ? o : NULL;
}

/**
 * esp_object_from() - first object that is not before a key
 * @en: namespace
 * @kind: kind of object
 * @name: first part of the key
 * @number: second part
 *
 * Context: RTNL. Return: the object or NULL.
 */
struct esp_object *esp_object_from(struct esp_net *en, enum esp_kind kind,
				   const char *name, u32 number)
{
	struct rb_node *node = en->objects[kind].rb_node;
	struct esp_object *found = NULL;

	while (node) {
		struct esp_object *o = rb_entry(node, struct esp_object, node);

		if (compare(name, number, o) <= 0) {
			found = o;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	return found;
}

/**
 * esp_object_next() - the next object of a kind, by key
 * @o: object
 *
 * Context: RTNL. Return: the object or NULL.
 */
struct esp_object *esp_object_next(const struct esp_object *o)
{
	struct rb_node *node = rb_next(&o->node);

	return node ? rb_entry(node, struct esp_object, node) : NULL;
}

static void insert(struct rb_root *root, struct esp_object *new)
{
	struct rb_node **link = &root->rb_node, *parent = NULL;

	while (*link) {
		struct esp_object *o = rb_entry(*link, struct esp_object, node);

		parent = *link;
		link = compare(new->name, new->number, o) < 0 ?
		       &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, root);
}

static void put_in_place(struct rb_root *root, struct esp_object *old,
			 struct esp_object *new)
{
	if (old && new)
		rb_replace_node(&old->node, &new->node, root);
	else if (old)
		rb_erase(&old->node, root);
	else
		insert(root, new);
}

/**
 * esp_object_replace() - put an object in the place of another
 * @txn: open transaction
 * @kind: kind of both
 * @old: object that goes, or NULL
 * @new: object that comes, or NULL; freed if it cannot
 * @where: attribute to name if the transaction as a whole is refused for it
 *
 * Context: RTNL. Return: 0 or -ENOMEM.
 */
int esp_object_replace(struct esp_txn *txn, enum esp_kind kind,
		       struct esp_object *old, struct esp_object *new,
		       const struct nlattr *where)
{
	struct esp_undo *undo = kmalloc(sizeof(*undo), GFP_KERNEL_ACCOUNT);

	if (!undo) {
		kfree_sensitive(new);
		return -ENOMEM;
	}
	undo->kind = kind;
	undo->old = old;
	undo->new = new;
	undo->where = where;
	if (new) {
		new->kind = kind;
		new->touched = txn->serial;
	}
	put_in_place(&txn->en->objects[kind], old, new);
	list_add(&undo->list, &txn->undo);
	txn->dirty = true;
	return 0;
}

/**
 * esp_objects_undo() - put back what a transaction has replaced
 * @txn: transaction
 *
 * Context: RTNL.
 */
void esp_objects_undo(struct esp_txn *txn)
{
	struct esp_undo *undo, *next;

	list_for_each_entry_safe(undo, next, &txn->undo, list) {
		put_in_place(&txn->en->objects[undo->kind], undo->new,
			     undo->old);
		kfree_sensitive(undo->new);
		kfree(undo);
	}
	INIT_LIST_HEAD(&txn->undo);
}

/* Entries that something else has completed, or broken. */
static void tell_maps(struct esp_net *en, enum esp_kind kind)
{
	enum vpnha_map_problem problem;
	struct esp_object *o;
	struct esp_map *map;

	esp_for_each_object(o, en, kind) {
		map = container_of(o, struct esp_map, o);
		problem = esp_map_problem(en, map);
		if (map->told == problem)
			continue;
		map->told = problem;
		esp_up->object(en, o, false);
	}
}

/**
 * esp_objects_commit() - tell what has changed, and free what was replaced
 * @txn: transaction
 *
 * Context: RTNL.
 */
void esp_objects_commit(struct esp_txn *txn)
{
	struct esp_undo *undo, *next;

	tell_maps(txn->en, ESP_MAP);
	tell_maps(txn->en, ESP_DYNAMIC);
	list_for_each_entry_reverse(undo, &txn->undo, list)
		esp_up->object(txn->en, undo->new ?: undo->old, !undo->new);
	list_for_each_entry_safe(undo, next, &txn->undo, list) {
		kfree_sensitive(undo->old);
		kfree(undo);
	}
	INIT_LIST_HEAD(&txn->undo);
}

/**
 * esp_objects_clear() - free all objects of a namespace
 * @en: namespace
 *
 * Context: RTNL.
 */
void esp_objects_clear(struct esp_net *en)
{
	struct esp_object *o, *next;
	int kind;

	for (kind = 0; kind < ESP_KINDS; kind++) {
		rbtree_postorder_for_each_entry_safe(o, next,
						     &en->objects[kind], node)
			kfree_sensitive(o);
		en->objects[kind] = RB_ROOT;
	}
}
