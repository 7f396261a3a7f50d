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
 * esp_map_problem() - why does an entry protect nothing?
 * @en: namespace
 * @map: entry
 *
 * Context: RTNL. Return: the reason, or that there is none.
 */
enum vpnha_map_problem esp_map_problem(struct esp_net *en,
				       const struct esp_map *map)
{
	struct esp_object *line = esp_object_from(en, ESP_ACL, map->acl, 0);

	if (!map->npeers)
		return VPNHA_MAP_PROBLEM_NO_PEER;
	if (!map->acl[0] || !line || strcmp(line->name, map->acl))
		return VPNHA_MAP_PROBLEM_NO_ACL;
	if (!map->tset[0] || !esp_object_find(en, ESP_TSET, map->tset, 0))
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

/**
 * esp_policy_entry() - find an entry by its number
 * @policy: policy
 * @number: sequence number
 *
 * There may be tens of thousands; they are in the order of their numbers.
 * Context: RTNL. Return: the entry or NULL.
 */
struct esp_entry *esp_policy_entry(const struct esp_policy *policy, u32 number)
{
	u32 first = 0, last = policy->nentries, middle;

	while (first < last) {
		middle = first + (last - first) / 2;
		if (policy->entries[middle].entry->number < number)
			first = middle + 1;
		else
			last = middle;
	}
	if (first == policy->nentries ||
	    policy->entries[first].entry->number != number)
		return NULL;
	return policy->entries[first].entry;
}

static void free_policy(struct esp_policy *policy)
{
	if (!policy)
		return;
	if (!IS_ERR_OR_NULL(policy->class))
		esp_class_free(policy->class);
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
				   u32 number, struct list_head **last)
{
	struct list_head *pos = (*last)->next;
	struct esp_entry *entry;

	for (; pos != *last; pos = pos->next) {
		if (pos == &bind->entries)
			continue;
		entry = list_entry(pos, struct esp_entry, list);
		if (entry->number != number || strcmp(entry->map, map))
			continue;
		*last = pos;
		return entry;
	}
	return NULL;
}

static struct esp_entry *get_entry(struct esp_bind *bind, const char *map,
				   u32 number, struct list_head **last)
{
	struct esp_entry *entry = NULL;
	size_t size = strlen(map) + 1;

	if (*last)
		entry = old_entry(bind, map, number, last);
	if (entry)
		return entry;
	entry = kzalloc(struct_size(entry, map, size), GFP_KERNEL);
	if (!entry)
		return NULL;
	memcpy(entry->map, map, size);
	entry->bind = bind;
	entry->number = number;
	entry->fresh = true;
	INIT_LIST_HEAD(&entry->out);
	INIT_LIST_HEAD(&entry->sas);
	list_add_tail(&entry->list, &bind->entries);
	return entry;
}

static void count(struct esp_net *en, const char *map, u32 *nentries,
		  u32 *nrules)
{
	struct esp_object *o, *line;

	*nentries = 0;
	*nrules = 0;
	esp_for_each_named(o, en, ESP_MAP, map) {
		(*nentries)++;
		if (to_map(o)->acl[0])
			esp_for_each_named(line, en, ESP_ACL, to_map(o)->acl)
				(*nrules)++;
	}
}

/* Largest packet that every entry's transform passes on the way out. */
static u32 smallest_mtu(struct esp_net *en, const char *map, u32 path_mtu)
{
	struct esp_object *o, *t;
	struct esp_shape shape;
	u32 mtu = 0, outer;

	esp_for_each_named(o, en, ESP_MAP, map) {
		const struct esp_map *m = to_map(o);

		t = esp_object_find(en, ESP_TSET, m->tset, 0);
		if (!t || !m->npeers)
			continue;
		outer = m->peers[0].family == AF_INET ? 20 : 40;
		esp_transform_shape(&container_of(t, struct esp_tset, o)->t,
				    &shape);
		outer = esp_shape_mtu(&shape, outer, path_mtu);
		mtu = mtu ? min(mtu, outer) : outer;
	}
	return mtu;
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

static int fill(struct esp_bind *bind, const char *map,
		struct esp_policy *policy, struct esp_rule *rules)
{
	struct esp_net *en = bind->en;
	struct list_head *last = may_have(bind, map) ? &bind->entries : NULL;
	struct esp_object *o, *line;
	u32 e = 0, r = 0;

	esp_for_each_named(o, en, ESP_MAP, map) {
		struct esp_entry *entry = get_entry(bind, map, o->number, &last);

		if (!entry)
			return -ENOMEM;
		entry->used = true;
		policy->entries[e].entry = entry;
		policy->entries[e].peer = to_map(o)->peers[0];
		/*
		 * An entry that is not complete protects all the same: what
		 * its access list permits must not leave in clear.
		 */
		if (to_map(o)->acl[0]) {
			esp_for_each_named(line, en, ESP_ACL, to_map(o)->acl) {
				rules[r] = container_of(line, struct esp_acl,
							o)->rule;
				rules[r].entry = e;
				policy->lines[r++] = line->number;
			}
		}
		e++;
	}
	policy->class = esp_class_build(rules, r);
	return PTR_ERR_OR_ZERO(policy->class);
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
	struct esp_net *en = bind->en;
	u32 nentries, nrules;
	struct esp_policy *policy;
	struct esp_entry *entry;
	struct esp_rule *rules;
	int err = -ENOMEM;

	list_for_each_entry(entry, &bind->entries, list)
		entry->used = false;
	count(en, b->map, &nentries, &nrules);
	policy = kvzalloc(struct_size(policy, entries, nentries), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	bind->next = policy;
	INIT_RCU_WORK(&policy->rcu, free_policy_work);
	policy->nentries = nentries;
	policy->nrules = nrules;
	policy->lines = kvcalloc(nrules + 1, sizeof(*policy->lines), GFP_KERNEL);
	rules = kvcalloc(nrules + 1, sizeof(*rules), GFP_KERNEL);
	if (policy->lines && rules)
		err = fill(bind, b->map, policy, rules);
	kvfree(rules);
	esp_bind_locate(bind, esp_bind_group(bind, b));
	return err;
}

static void free_entry(struct esp_entry *entry)
{
	struct esp_sa *sa, *next;

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
