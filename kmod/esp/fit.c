// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the SAs of a keying daemon are what the configuration asks for. One
 * that was and is no more, because its entry has changed, is removed; what it
 * never was does not matter, for the daemon may know better. SAs of session keys
 * are made anew when these change, see manual.c.
 */
#include <linux/rtnetlink.h>

#include "esp/config.h"

#define FIT_KIND	BIT(0)	/* the entry leaves keys to a daemon */
#define FIT_PEER	BIT(1)	/* its peer is one of the entry's */
#define FIT_TRANSFORM	BIT(2)	/* its transform is one of the entry's */
#define FIT_ACL		BIT(3)	/* its selectors are within the access list */

/**
 * esp_acl_permits() - does an access list permit all that a selector matches?
 * @en: namespace
 * @acl: name of the access list
 * @rule: selector
 *
 * One line has to permit all of it, and none before may deny any of it.
 * Context: RTNL. Return: true if so.
 */
bool esp_acl_permits(struct esp_net *en, const char *acl,
		     const struct esp_rule *rule)
{
	const struct esp_rule *line;
	struct esp_object *o;

	esp_for_each_named(o, en, ESP_ACL, acl) {
		line = &container_of(o, struct esp_acl, o)->rule;
		if (line->permit ? esp_rule_within(rule, line) :
				   esp_rule_overlaps(rule, line))
			return line->permit;
	}
	return false;
}

static bool fits_peer(const struct esp_sa *sa, const struct esp_map *map)
{
	int i;

	for (i = 0; i < map->npeers; i++)
		if (esp_addr_equal(&map->peers[i], &sa->home))
			return true;
	return !map->npeers && map->o.kind == ESP_DYNAMIC;
}

static bool fits_transform(const struct esp_sa *sa, const struct esp_map *map)
{
	const struct esp_tset *t;
	struct esp_object *o;
	int i;

	for (i = 0; i < map->ntsets; i++) {
		o = esp_object_find(sa->en, ESP_TSET, map->tsets[i], 0);
		if (!o)
			continue;
		t = container_of(o, struct esp_tset, o);
		if (t->mode == sa->mode && t->t.cipher == sa->transform.cipher &&
		    t->t.auth == sa->transform.auth &&
		    t->t.icv_bits == sa->transform.icv_bits &&
		    (!t->t.key_bits || t->t.key_bits ==
		     esp_key_bits(&sa->transform, &sa->secret)))
			return true;
	}
	return false;
}

static bool fits_acl(const struct esp_sa *sa, const struct esp_map *map)
{
	u32 i;

	if (!map->acl[0])
		return map->o.kind == ESP_DYNAMIC;
	for (i = 0; i < sa->nrules; i++)
		if (!esp_acl_permits(sa->en, map->acl, &sa->rule[i]))
			return false;
	return true;
}

static u8 fit_of(const struct esp_sa *sa, const struct esp_map *map)
{
	u8 fit = 0;

	if (!map || map->kind != VPNHA_MAP_KIND_ISAKMP)
		return 0;
	fit |= FIT_KIND;
	if (fits_peer(sa, map))
		fit |= FIT_PEER;
	if (fits_transform(sa, map))
		fit |= FIT_TRANSFORM;
	if (fits_acl(sa, map))
		fit |= FIT_ACL;
	return fit;
}

/**
 * esp_fit_note() - remember in what a new SA is as its entry asks for
 * @txn: open transaction
 * @sa: linked SA
 *
 * Context: RTNL.
 */
void esp_fit_note(struct esp_txn *txn, struct esp_sa *sa)
{
	if (!sa->manual)
		sa->fit = fit_of(sa, esp_entry_map(sa->entry));
}

/* Lists have no object of their own: the first line stands for all. */
static void touch_lists(struct esp_txn *txn)
{
	const struct esp_undo *undo;
	const char *last = "";
	struct esp_object *o;

	list_for_each_entry(undo, &txn->undo, list) {
		const struct esp_object *line = undo->new ?: undo->old;

		if (undo->kind != ESP_ACL || !strcmp(line->name, last))
			continue;
		last = line->name;
		o = esp_object_from(txn->en, ESP_ACL, last, 0);
		if (o && !strcmp(o->name, last))
			o->touched = txn->serial;
	}
}

static bool is_touched(const struct esp_txn *txn, enum esp_kind kind,
		       const char *name)
{
	const struct esp_object *o = esp_object_from(txn->en, kind, name, 0);

	return !o || strcmp(o->name, name) || o->touched == txn->serial;
}

static bool has_changed(const struct esp_txn *txn, const struct esp_map *map)
{
	int i;

	if (!map || map->o.touched == txn->serial ||
	    (map->acl[0] && is_touched(txn, ESP_ACL, map->acl)))
		return true;
	for (i = 0; i < map->ntsets; i++)
		if (is_touched(txn, ESP_TSET, map->tsets[i]))
			return true;
	return false;
}

/**
 * esp_fit_sync() - end the SAs that are not what the configuration asks for
 * @txn: open transaction, with all of its objects in place
 *
 * Context: RTNL.
 */
void esp_fit_sync(struct esp_txn *txn)
{
	const struct esp_map *map;
	struct esp_entry *entry;
	struct esp_bind *bind;
	struct esp_sa *sa;

	touch_lists(txn);
	list_for_each_entry(bind, &txn->en->binds, list) {
		list_for_each_entry(entry, &bind->entries, list) {
			map = esp_entry_map(entry);
			if (list_empty(&entry->sas) || !entry->used ||
			    !has_changed(txn, map))
				continue;
			list_for_each_entry(sa, &entry->sas, sibling)
				if (!sa->manual && !sa->doomed &&
				    sa->fit & ~fit_of(sa, map))
					esp_txn_sa_doom(txn, sa);
		}
	}
}
