// SPDX-License-Identifier: GPL-2.0
/*
 * What packets see of a crypto map: compiled from the configuration as a
 * whole, and replaced as a whole. Entries outlive it, for SAs belong to them.
 */
#include <linux/mm.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/net.h"
#include "esp/config.h"

static struct esp_map *to_map(struct esp_object *o)
{
	return container_of(o, struct esp_map, o);
}

static struct esp_binding *binding_of(struct esp_bind *bind)
{
	struct esp_object *o = esp_object_find(bind->en, ESP_BINDING,
					       bind->ifname, 0);

	return o ? container_of(o, struct esp_binding, o) : NULL;
}

/**
 * esp_map_offers() - does an entry name a transform set?
 * @map: entry
 * @name: name of the transform set
 *
 * Context: RTNL. Return: true if it does.
 */
bool esp_map_offers(const struct esp_map *map, const char *name)
{
	int i;

	for (i = 0; i < map->ntsets; i++)
		if (!strcmp(map->tsets[i], name))
			return true;
	return false;
}

/**
 * esp_map_tset() - the transform set that an entry likes best
 * @en: namespace
 * @map: entry
 *
 * Context: RTNL. Return: the first of them that exists, or NULL.
 */
struct esp_tset *esp_map_tset(struct esp_net *en, const struct esp_map *map)
{
	struct esp_object *o = NULL;
	int i;

	for (i = 0; i < map->ntsets && !o; i++)
		o = esp_object_find(en, ESP_TSET, map->tsets[i], 0);
	return o ? container_of(o, struct esp_tset, o) : NULL;
}

static bool has_any(struct esp_net *en, enum esp_kind kind, const char *name)
{
	struct esp_object *o = esp_object_from(en, kind, name, 0);

	return name[0] && o && !strcmp(o->name, name);
}

/**
 * esp_map_problem() - why does an entry protect nothing?
 * @en: namespace
 * @map: entry
 *
 * Context: RTNL. Return: the reason, or that there is none.
 */
enum vpnha_map_problem esp_map_problem(struct esp_net *en,
				       const struct esp_map *map)
{
	const bool dynamic = map->o.kind == ESP_DYNAMIC;

	if (map->dynamic[0])
		return has_any(en, ESP_DYNAMIC, map->dynamic) ?
		       VPNHA_MAP_PROBLEM_NONE :
		       VPNHA_MAP_PROBLEM_NO_DYNAMIC_MAP;
	if (!map->npeers && !dynamic)
		return VPNHA_MAP_PROBLEM_NO_PEER;
	if ((map->acl[0] || !dynamic) && !has_any(en, ESP_ACL, map->acl))
		return VPNHA_MAP_PROBLEM_NO_ACL;
	if (!esp_map_tset(en, map))
		return VPNHA_MAP_PROBLEM_NO_TRANSFORM_SET;
	if (map->kind == VPNHA_MAP_KIND_MANUAL &&
	    (!map->session[0].spi || !map->session[1].spi))
		return VPNHA_MAP_PROBLEM_NO_SESSION_KEY;
	return VPNHA_MAP_PROBLEM_NONE;
}

/**
 * esp_policy_of() - policy as the open transaction sees it
 * @bind: binding
 *
 * Context: RTNL. Return: the policy to be, the present one, or NULL.
 */
struct esp_policy *esp_policy_of(struct esp_bind *bind)
{
	return bind->next ?: rtnl_dereference(bind->policy);
}

/* In the order in which they are tried. */
static int compare_entry(const struct esp_entry *entry, u32 number,
			 u32 dynamic_number)
{
	if (entry->number != number)
		return entry->number < number ? -1 : 1;
	if (entry->dynamic_number != dynamic_number)
		return entry->dynamic_number < dynamic_number ? -1 : 1;
	return 0;
}

/**
 * esp_policy_entry() - find an entry by its number
 * @policy: policy
 * @number: sequence number
 * @dynamic_number: sequence number in the dynamic map, 0 if there is none
 *
 * There may be tens of thousands; they are in the order of their numbers.
 * Context: RTNL. Return: the entry or NULL.
 */
struct esp_entry *esp_policy_entry(const struct esp_policy *policy, u32 number,
				   u32 dynamic_number)
{
	u32 first = 0, last = policy->nentries, middle;
	struct esp_entry *entry;

	while (first < last) {
		middle = first + (last - first) / 2;
		entry = policy->entries[middle].entry;
		if (compare_entry(entry, number, dynamic_number) < 0)
			first = middle + 1;
		else
			last = middle;
	}
	if (first == policy->nentries)
		return NULL;
	entry = policy->entries[first].entry;
	return compare_entry(entry, number, dynamic_number) ? NULL : entry;
}

/**
 * esp_entry_map() - how an entry is configured
 * @entry: entry of a map on an interface
 *
 * Context: RTNL. Return: the entry of the crypto map, or of the dynamic one;
 * NULL if it is not configured any more.
 */
struct esp_map *esp_entry_map(const struct esp_entry *entry)
{
	struct esp_object *o;

	if (entry->dynamic_number)
		o = esp_object_find(entry->bind->en, ESP_DYNAMIC,
				    entry->dynamic, entry->dynamic_number);
	else
		o = esp_object_find(entry->bind->en, ESP_MAP, entry->map,
				    entry->number);
	return o ? to_map(o) : NULL;
}

static void free_policy(struct esp_policy *policy)
{
	if (!policy)
		return;
	if (!IS_ERR_OR_NULL(policy->class))
		esp_class_free(policy->class);
	kvfree(policy->dynamic);
	kvfree(policy->acquired);
	kvfree(policy->lines);
	kvfree(policy);
}

static void free_policy_work(struct work_struct *work)
{
	free_policy(container_of(to_rcu_work(work), struct esp_policy, rcu));
}

/*
 * Entries come in the order of the map, mostly, as they did the last time: the
 * search begins behind the one found last, and goes round once. One that the
 * transaction has made may have SAs of it already, and is found again when it
 * compiles again.
 */
static struct esp_entry *old_entry(struct esp_bind *bind, const char *map,
				   u32 number, const struct esp_object *dynamic,
				   struct list_head **last)
{
	const u32 dynamic_number = dynamic ? dynamic->number : 0;
	const char *name = dynamic ? dynamic->name : "";
	struct list_head *pos = (*last)->next;
	struct esp_entry *entry;

	for (; pos != *last; pos = pos->next) {
		if (pos == &bind->entries)
			continue;
		entry = list_entry(pos, struct esp_entry, list);
		if (compare_entry(entry, number, dynamic_number) ||
		    strcmp(entry->dynamic, name) || strcmp(entry->map, map))
			continue;
		*last = pos;
		return entry;
	}
	return NULL;
}

static struct esp_entry *get_entry(struct esp_bind *bind, const char *map,
				   u32 number, const struct esp_object *dynamic,
				   struct list_head **last)
{
	struct esp_entry *entry = NULL;
	size_t size = strlen(map) + 1;

	if (*last)
		entry = old_entry(bind, map, number, dynamic, last);
	if (entry)
		return entry;
	entry = kzalloc(struct_size(entry, map, size), GFP_KERNEL_ACCOUNT);
	if (!entry)
		return NULL;
	memcpy(entry->map, map, size);
	entry->bind = bind;
	entry->number = number;
	if (dynamic) {
		entry->dynamic_number = dynamic->number;
		strscpy(entry->dynamic, dynamic->name, sizeof(entry->dynamic));
	}
	entry->fresh = true;
	entry->supplied = jiffies - 1;
	INIT_LIST_HEAD(&entry->out);
	INIT_LIST_HEAD(&entry->patterns);
	INIT_LIST_HEAD(&entry->held);
	INIT_LIST_HEAD(&entry->wake);
	INIT_LIST_HEAD(&entry->sas);
	list_add_tail(&entry->list, &bind->entries);
	return entry;
}

/* Return: there are not too many. */
static bool count_entry(struct esp_net *en, const struct esp_map *map,
			struct esp_policy *sum)
{
	struct esp_object *line;

	if (map->o.kind == ESP_DYNAMIC)
		sum->ndynamic++;
	if (++sum->nentries > ESP_POLICY_MAX)
		return false;
	if (!map->acl[0])
		return true;
	esp_for_each_named(line, en, ESP_ACL, map->acl)
		if (++sum->nrules > ESP_POLICY_MAX)
			return false;
	return true;
}

/*
 * A list counts for each entry that names it, and a dynamic map for each that it
 * stands in the place of: a few objects make many.
 */
static int count(struct esp_net *en, const char *map, struct esp_policy *sum)
{
	struct esp_object *o, *d;

	esp_for_each_named(o, en, ESP_MAP, map) {
		if (!to_map(o)->dynamic[0]) {
			if (!count_entry(en, to_map(o), sum))
				return -E2BIG;
			continue;
		}
		esp_for_each_named(d, en, ESP_DYNAMIC, to_map(o)->dynamic)
			if (!count_entry(en, to_map(d), sum))
				return -E2BIG;
	}
	return 0;
}

/*
 * Largest packet that an entry passes on the way out, whichever of its transform
 * sets is agreed on. A peer that is not known may be one of IPv6.
 */
static u32 entry_mtu(struct esp_net *en, const struct esp_map *m, u32 path_mtu)
{
	const u32 outer = m->peers[0].family == AF_INET ? 20 : 40;
	struct esp_shape shape;
	struct esp_object *t;
	u32 mtu = U32_MAX;
	int i;

	if (!m->npeers && m->o.kind != ESP_DYNAMIC)
		return mtu;
	for (i = 0; i < m->ntsets; i++) {
		t = esp_object_find(en, ESP_TSET, m->tsets[i], 0);
		if (!t)
			continue;
		esp_transform_shape(&container_of(t, struct esp_tset, o)->t,
				    &shape);
		mtu = min(mtu, esp_shape_mtu(&shape, outer, path_mtu));
	}
	return mtu;
}

/* Likewise of all entries; 0 when they have no transform. */
static u32 smallest_mtu(struct esp_net *en, const char *map, u32 path_mtu)
{
	struct esp_object *o, *d;
	u32 mtu = U32_MAX;

	esp_for_each_named(o, en, ESP_MAP, map) {
		mtu = min(mtu, entry_mtu(en, to_map(o), path_mtu));
		if (!to_map(o)->dynamic[0])
			continue;
		esp_for_each_named(d, en, ESP_DYNAMIC, to_map(o)->dynamic)
			mtu = min(mtu, entry_mtu(en, to_map(d), path_mtu));
	}
	return mtu == U32_MAX ? 0 : mtu;
}

/* Are there entries of the map already? New ones all need no search. */
static bool may_have(const struct esp_bind *bind, const char *map)
{
	const struct esp_entry *first, *last;

	if (list_empty(&bind->entries))
		return false;
	/* Those that the transaction has made are behind the others. */
	first = list_first_entry(&bind->entries, struct esp_entry, list);
	last = list_last_entry(&bind->entries, struct esp_entry, list);
	return last->fresh || !strcmp(first->map, map);
}

/**
 * struct filling - a policy that is being made
 * @bind: binding
 * @policy: policy; what it has so far is counted in it
 * @rules: of its classifier
 * @last: entry that was found last, NULL when none is to be looked for
 */
struct filling {
	struct esp_bind *bind;
	struct esp_policy *policy;
	struct esp_rule *rules;
	struct list_head *last;
};

/* @o: entry of the crypto map; @dynamic: that of the dynamic one, or NULL */
static int fill_entry(struct filling *f, const struct esp_object *o,
		      struct esp_object *dynamic)
{
	const struct esp_map *map = dynamic ? to_map(dynamic) :
				    container_of(o, struct esp_map, o);
	struct esp_policy *policy = f->policy;
	const u32 e = policy->nentries++;
	struct esp_object *line;
	struct esp_entry *entry;
	u32 r;

	entry = get_entry(f->bind, o->name, o->number, dynamic, &f->last);
	if (!entry)
		return -ENOMEM;
	entry->used = true;
	policy->entries[e].entry = entry;
	policy->entries[e].peer = map->peers[0];
	policy->entries[e].keyed = map->kind == VPNHA_MAP_KIND_ISAKMP &&
				   !dynamic;
	if (dynamic) {
		memset(&policy->entries[e].peer, 0,
		       sizeof(policy->entries[e].peer));
		policy->dynamic[policy->ndynamic++] = e;
	}
	if (!map->acl[0])
		return 0;
	/*
	 * An entry that is not complete protects all the same: what its access
	 * list permits must not leave in clear.
	 */
	esp_for_each_named(line, f->bind->en, ESP_ACL, map->acl) {
		r = policy->nrules++;
		f->rules[r] = container_of(line, struct esp_acl, o)->rule;
		f->rules[r].entry = e;
		policy->lines[r] = line->number;
	}
	return 0;
}

static int fill(struct filling *f, const char *map)
{
	struct esp_net *en = f->bind->en;
	struct esp_object *o, *d;
	int err = 0;

	esp_for_each_named(o, en, ESP_MAP, map) {
		if (!to_map(o)->dynamic[0])
			err = fill_entry(f, o, NULL);
		else
			esp_for_each_named(d, en, ESP_DYNAMIC,
					   to_map(o)->dynamic)
				err = err ?: fill_entry(f, o, d);
		if (err)
			return err;
	}
	f->policy->class = esp_class_build(f->rules, f->policy->nrules);
	return PTR_ERR_OR_ZERO(f->policy->class);
}

/**
 * esp_policy_compile() - make the policy that the configuration asks for
 * @bind: binding that is configured
 *
 * Without effect until esp_policy_publish(). Context: RTNL.
 * Return: 0 or a negative errno; esp_policy_cancel() has to follow then.
 */
int esp_policy_compile(struct esp_bind *bind)
{
	const struct esp_binding *b = binding_of(bind);
	struct filling f = { .bind = bind };
	struct esp_policy sum = {};
	struct esp_policy *policy;
	struct esp_entry *entry;
	int err;

	list_for_each_entry(entry, &bind->entries, list)
		entry->used = false;
	err = count(bind->en, b->map, &sum);
	if (err)
		return err;
	policy = kvzalloc(struct_size(policy, entries, sum.nentries),
			  GFP_KERNEL_ACCOUNT);
	if (!policy)
		return -ENOMEM;
	bind->next = policy;
	INIT_RCU_WORK(&policy->rcu, free_policy_work);
	policy->dynamic = kvcalloc(sum.ndynamic + 1, sizeof(*policy->dynamic),
				   GFP_KERNEL_ACCOUNT);
	policy->lines = kvcalloc(sum.nrules + 1, sizeof(*policy->lines),
				 GFP_KERNEL_ACCOUNT);
	policy->acquired = kvcalloc(sum.nrules + 1, sizeof(*policy->acquired),
				    GFP_KERNEL_ACCOUNT);
	f.policy = policy;
	f.rules = kvcalloc(sum.nrules + 1, sizeof(*f.rules), GFP_KERNEL_ACCOUNT);
	f.last = may_have(bind, b->map) ? &bind->entries : NULL;
	err = -ENOMEM;
	if (policy->dynamic && policy->lines && policy->acquired && f.rules)
		err = fill(&f, b->map);
	kvfree(f.rules);
	esp_bind_locate(bind, esp_bind_group(bind, b));
	return err;
}

static void free_entry(struct esp_entry *entry)
{
	struct esp_sa *sa, *next;

	esp_hold_close(entry);
	list_for_each_entry_safe(sa, next, &entry->sas, sibling)
		esp_sa_remove(sa);
	list_del(&entry->list);
	kfree_rcu(entry, rcu);
}

/**
 * esp_policy_cancel() - drop the policy that was compiled
 * @bind: binding
 *
 * Entries that were made for it go, unless an SA of the transaction, which goes
 * on then, belongs to them. Context: RTNL.
 */
void esp_policy_cancel(struct esp_bind *bind)
{
	struct esp_entry *entry, *next;

	free_policy(bind->next);
	bind->next = NULL;
	list_for_each_entry_safe(entry, next, &bind->entries, list)
		if (entry->fresh && list_empty(&entry->sas))
			free_entry(entry);
	/* The group that it was compiled with may not have come to be. */
	esp_bind_locate(bind, bind->redundancy);
	memcpy(bind->next_local, bind->local, sizeof(bind->local));
}

/**
 * esp_policy_prepare() - let SAs of the compiled policy's entries work
 * @bind: binding that is configured
 *
 * What comes in by them is checked by that policy; nothing leaves by them yet.
 * Context: RTNL, before esp_policy_publish().
 */
void esp_policy_prepare(struct esp_bind *bind)
{
	const struct esp_binding *b = binding_of(bind);
	struct esp_policy *next = bind->next;
	struct esp_entry *entry;
	u32 i;

	for (i = 0; i < next->nentries; i++) {
		entry = next->entries[i].entry;
		entry->fresh = false;
		rcu_assign_pointer(entry->policy, next);
	}
	strscpy(bind->map, b->map, sizeof(bind->map));
}

/**
 * esp_policy_publish() - let the compiled policy take effect
 * @bind: binding that is configured
 *
 * The one before it goes with esp_policy_sweep(). Context: RTNL.
 */
void esp_policy_publish(struct esp_bind *bind)
{
	const struct esp_binding *b = binding_of(bind);
	struct esp_net *en = bind->en;

	spin_lock_bh(&en->role_lock);
	esp_bind_follow(bind, b);
	WRITE_ONCE(bind->df, b->df);
	spin_unlock_bh(&en->role_lock);
	bind->fresh = false;
	esp_bind_settle(bind);
	bind->last = rtnl_dereference(bind->policy);
	rcu_assign_pointer(bind->policy, bind->next);
	bind->next = NULL;
	esp_bind_set_mtu(bind);
}

/**
 * esp_policy_loses() - are there entries with SAs that the policy does not have?
 * @bind: binding
 *
 * Context: RTNL, after esp_policy_publish(). Return: esp_policy_sweep() will end SAs.
 */
bool esp_policy_loses(const struct esp_bind *bind)
{
	const struct esp_entry *entry;

	list_for_each_entry(entry, &bind->entries, list)
		if (!entry->used && !list_empty(&entry->sas))
			return true;
	return false;
}

/**
 * esp_policy_sweep() - remove entries that the policy does not have any more
 * @bind: binding
 *
 * Their SAs go with them. Context: RTNL, after esp_policy_publish().
 */
void esp_policy_sweep(struct esp_bind *bind)
{
	struct esp_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &bind->entries, list)
		if (!entry->used)
			free_entry(entry);
	if (bind->last)
		queue_rcu_work(vpnha_wq, &bind->last->rcu);
	bind->last = NULL;
}

/**
 * esp_policy_clear() - remove policy and entries
 * @bind: binding that no packet finds any more
 *
 * Context: RTNL, process.
 */
void esp_policy_clear(struct esp_bind *bind)
{
	struct esp_policy *old = rtnl_dereference(bind->policy);
	struct esp_entry *entry, *next;

	RCU_INIT_POINTER(bind->policy, NULL);
	list_for_each_entry_safe(entry, next, &bind->entries, list)
		free_entry(entry);
	/* Last: what comes in by SAs of the entries is checked by it. */
	if (old)
		queue_rcu_work(vpnha_wq, &old->rcu);
}

/**
 * esp_bind_set_mtu() - let the tunnel device pass what its entries pass
 * @bind: binding
 *
 * The administrator's own MTU stays until one of these changes.
 * Context: RTNL.
 */
void esp_bind_set_mtu(struct esp_bind *bind)
{
	const struct net_device *dev = rtnl_dereference(bind->dev);
	u32 mtu;

	if (!dev)
		return;
	mtu = smallest_mtu(bind->en, bind->map, dev->mtu);
	if (!mtu || mtu == bind->mtu)
		return;
	bind->mtu = mtu;
	dev_set_mtu(bind->vdev, max_t(u32, mtu, bind->vdev->min_mtu));
}
