// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold between the configurations of the two gateways of a pair. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"
#include "lib/text.h"

/**
 * struct side - A group of one of the two gateways.
 * @c: configuration of the gateway
 * @i: interface of the group
 * @g: group
 * @follower: crypto map that follows it; NULL: none
 * @address: address of the interface; NULL: not known
 */
struct side {
	struct config *c;
	const struct model_interface *i;
	const struct model_group *g;
	const struct crypto_binding *follower;
	const struct config_address *address;
};

/* A group as both have it. */
struct shared {
	struct side here, there;
};

static const char *other_name(const struct shared *s)
{
	return config_source_name(s->there.c);
}

static struct side side(struct config *c, const struct model_interface *i,
			const struct model_group *g)
{
	struct side s = { c, i, g, config_follower(c, i, g), NULL };

	for (size_t n = 0; n < c->n_addresses && !s.address; n++)
		if (!strcmp(c->addresses[n].ifname, i->ifname) && !c->addresses[n].secondary)
			s.address = &c->addresses[n];
	return s;
}

static bool have_name(const struct model_group *a, const struct model_group *b)
{
	return a->name[0] && !strcmp(a->name, b->name);
}

static bool share_global(const struct model_group *a, const struct model_group *b)
{
	for (size_t n = 0; n < a->n_global; n++)
		if (model_global_find(b, &a->global[n].address))
			return true;
	return false;
}

/* A link-local virtual IP does not tell one network from another, and global ones may differ. */
static bool is_same_ipv6(const struct model_interface *i, const struct model_group *a,
			 const struct model_interface *j, const struct model_group *b)
{
	if (share_global(a, b))
		return true;
	return a->number == b->number &&
	       (a->name[0] && b->name[0] ? have_name(a, b) : !strcmp(i->ifname, j->ifname));
}

/* Both have the group, as far as one that may yet have to learn its virtual IP can tell. */
static bool is_same_group(const struct model_interface *i, const struct model_group *a,
			  const struct model_interface *j, const struct model_group *b)
{
	if (!a->enabled || !b->enabled || a->ipv6 != b->ipv6)
		return false;
	if (a->ipv6)
		return is_same_ipv6(i, a, j, b);
	if (a->vip && b->vip)
		return a->vip == b->vip;
	return a->number == b->number && have_name(a, b);
}

static size_t find_shared(struct config *c, struct config *other, struct shared **list)
{
	const struct model *m = &c->model, *o = &other->model;
	size_t n_list = 0;

	*list = NULL;
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			for (size_t p = 0; p < o->n_interfaces; p++)
				for (size_t q = 0; q < o->interfaces[p]->n_groups; q++) {
					const struct model_interface *i = m->interfaces[n];
					const struct model_interface *j = o->interfaces[p];

					if (!is_same_group(i, i->groups[k], j, j->groups[q]))
						continue;
					*list = array_grow(*list, n_list, sizeof(**list));
					(*list)[n_list++] = (struct shared){
						side(c, i, i->groups[k]),
						side(other, j, j->groups[q])
					};
				}
	return n_list;
}

/* Where to point at, in the file that is named first. */
static struct model_pos here(const struct shared *s, enum model_group_field field)
{
	return config_group_pos(s->here.g, field);
}

static struct diags *diags_of(const struct shared *s)
{
	return &s->here.c->diags;
}

static struct address leader_vip(const struct side *s)
{
	const struct model_group *leader = model_group_by_name(&s->c->model, s->g->follow);

	return leader ? model_vip(leader) : (struct address){};
}

static bool follows(const struct shared *s)
{
	return s->here.g->follow[0] || s->there.g->follow[0];
}

/* Who follows is where another group is: both gateways have to mean the same one. */
static void check_follow(const struct shared *s)
{
	const struct address mine = leader_vip(&s->here), theirs = leader_vip(&s->there);
	const struct model_group *a = s->here.g, *b = s->there.g;
	struct model_pos at = here(s, MODEL_GROUP_FOLLOW);

	if (!b->follow[0])
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "the group follows %s here, and takes part in an election in %s: both become active",
			 a->follow, other_name(s));
	else if (!a->follow[0])
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "the group follows %s in %s, and takes part in an election here: both become active",
			 b->follow, other_name(s));
	else if (!address_equal(&mine, &theirs))
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "the group follows %s here, and %s in %s, which are not the same group",
			 a->follow, b->follow, other_name(s));
	else if (a->bundle != b->bundle)
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "the group is bundled with %s %s%s only", a->follow,
			 a->bundle ? "here" : "in ", a->bundle ? "" : other_name(s));
}

/* The virtual IP by which the group was found. */
static const char *shared_vip(char buf[ADDRESS_LEN], const struct shared *s)
{
	const struct model_group *a = s->here.g, *b = s->there.g;

	if (!a->ipv6)
		return text_address(buf, a->vip);
	for (size_t n = 0; n < a->n_global; n++)
		if (model_global_find(b, &a->global[n].address))
			return address_text(buf, &a->global[n].address);
	return "unknown";
}

static void check_vips(const struct shared *s)
{
	const struct model_group *a = s->here.g, *b = s->there.g;
	const struct address mine = model_link_local(a), theirs = model_link_local(b);

	if (!model_secondary_equal(a, b))
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_SECONDARY),
			 "the secondary virtual IPs are others in %s", other_name(s));
	/* Of groups of two numbers it has been said that they are two. */
	if (a->number == b->number && mine.family && theirs.family &&
	    !address_equal(&mine, &theirs))
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_IPV6),
			 "the link-local virtual IP is another one in %s", other_name(s));
	if (!model_global_equal(a, b))
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_GLOBAL),
			 "the global virtual IPs are others in %s", other_name(s));
}

/* What they have to agree upon to be one router at all. */
static void check_protocol(const struct shared *s)
{
	const struct side *a = &s->here, *b = &s->there;
	char vip[ADDRESS_LEN];

	if (follows(s))
		check_follow(s);
	else if (a->i->version != b->i->version)
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_NUMBER),
			 "version %u of HSRP here, and version %u in %s: they do not hear each other",
			 a->i->version, b->i->version, other_name(s));
	else if (a->g->number != b->g->number)
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_NUMBER),
			 "virtual IP %s is that of group %u here, and of group %u in %s: both become active",
			 shared_vip(vip, s), a->g->number, b->g->number, other_name(s));
	if (!follows(s) && a->g->hello_ms && b->g->hello_ms &&
	    (a->g->hello_ms != b->g->hello_ms || a->g->hold_ms != b->g->hold_ms))
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_TIMERS),
			 "the timers are others in %s", other_name(s));
	if (!model_mac_equal(a->g, b->g) ||
	    (follows(s) && !a->g->has_mac && (a->g->number != b->g->number ||
					      a->i->version != b->i->version)))
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_MAC),
			 "the virtual MAC address is another one in %s: it changes with the active gateway",
			 other_name(s));
	check_vips(s);
	if (a->address && b->address && a->address->address == b->address->address)
		diag_add(&a->c->diags, DIAG_WARNING, a->address->at,
			 "%s in %s has this address, too", b->i->ifname, other_name(s));
}

/* The crypto map that is where a group is, though it may name one that follows that. */
static const struct crypto_binding *moves_map(const struct side *s)
{
	const struct model *m = &s->c->model;

	for (size_t n = 0; !s->follower && s->g->name[0] && n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++) {
			const struct model_group *g = m->interfaces[n]->groups[k];
			const struct crypto_binding *b =
				config_follower(s->c, m->interfaces[n], g);

			if (b && !strcmp(g->follow, s->g->name))
				return b;
		}
	return s->follower;
}

static bool is_stateful(const struct side *a)
{
	const struct crypto_binding *b = moves_map(a);

	return b && b->stateful;
}

static void check_priority(const struct shared *s)
{
	const struct side *high = s->here.g->priority > s->there.g->priority ? &s->here : &s->there;
	uint32_t mine = s->here.g->priority, theirs = s->there.g->priority;
	struct model_pos at = here(s, MODEL_GROUP_PRIORITY);

	if (mine == theirs || (!moves_map(&s->here) && !moves_map(&s->there)))
		return;
	if (is_stateful(&s->here) || is_stateful(&s->there))
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "priority %u here, and %u in %s: with stateful failover they should be equal, or the gateway of the higher one takes over needlessly, perhaps before it has the state",
			 mine, theirs, other_name(s));
	else if (!high->g->preempt)
		diag_add(diags_of(s), DIAG_WARNING, at,
			 "priority %u here, and %u in %s: the higher one does not preempt, so which gateway is active depends on which was there first",
			 mine, theirs, other_name(s));
	else
		diag_add(diags_of(s), DIAG_NOTE, at,
			 "priority %u here, and %u in %s: the gateway of the higher one takes over again when it has recovered, and tunnels start anew a second time",
			 mine, theirs, other_name(s));
}

/* Whether what is taken off for a tracked interface lets the other gateway take over. */
static void check_decrement(const struct side *high, const struct side *low)
{
	uint32_t priority = high->g->priority;

	for (size_t n = 0; priority > low->g->priority && n < high->g->n_tracks; n++) {
		const struct model_track *t = &high->g->tracks[n];
		uint32_t left = t->decrement < priority ? priority - t->decrement : 0;
		char name[MODEL_TRACK_NAME_LEN];

		if (left > low->g->priority && !t->shutdown)
			diag_add(&high->c->diags, DIAG_WARNING, t->at,
				 "priority %u less %u is %u, still above %u in %s: the group does not move when %s is down",
				 priority, t->decrement, left, low->g->priority,
				 config_source_name(low->c), model_track_name(name, t));
	}
}

/* Which gateway becomes active when all is well: above 0, the one that is here; 0: not known. */
static int preference(const struct shared *s, bool *by_address)
{
	const struct side *a = &s->here, *b = &s->there;

	*by_address = a->g->priority == b->g->priority;
	if (!*by_address)
		return a->g->priority > b->g->priority ? 1 : -1;
	/* Of IPv6 it is the link-local one that counts, which is seldom in a file. */
	if (s->here.g->ipv6 || !a->address || !b->address ||
	    a->address->address == b->address->address)
		return 0;
	return ntohl(a->address->address) > ntohl(b->address->address) ? 1 : -1;
}

static bool is_alone(const struct shared *list, size_t n_list, size_t n)
{
	for (size_t k = 0; k < n_list; k++)
		if (k != n && list[k].here.i == list[n].here.i)
			return false;
	return true;
}

/*
 * One gateway has to be active on all sides. Several groups on an interface
 * share the load, and there it is meant that not one gateway is active in all.
 */
static void check_sides(const struct shared *list, size_t n_list)
{
	const struct shared *first = NULL;
	int wanted = 0;

	for (size_t n = 0; n < n_list; n++) {
		const struct shared *s = &list[n];
		bool by_address;
		int now = preference(s, &by_address);
		struct model_pos at;

		if (!now || follows(s) || !is_alone(list, n_list, n))
			continue;
		if (!first) {
			first = s;
			wanted = now;
			continue;
		}
		if (now == wanted)
			continue;
		at = by_address ? s->here.address->at :
				  config_group_pos(s->here.g, MODEL_GROUP_PRIORITY);
		diag_add(&s->here.c->diags, DIAG_WARNING, at,
			 "by its %s this gateway is %s that of %s on %s, and the reverse on %s: one of them becomes active on each side",
			 by_address ? "address" : "priority",
			 now > 0 ? "preferred to" : "not preferred to", other_name(s),
			 s->here.i->ifname, first->here.i->ifname);
	}
}

static bool is_same_list(const struct crypto_acl *a, const struct crypto_acl *b)
{
	if (!a || !b || a->n_lines != b->n_lines)
		return a == b;
	for (size_t n = 0; n < a->n_lines; n++)
		if (!crypto_line_equal(&a->lines[n], &b->lines[n]))
			return false;
	return true;
}

static bool is_same_set(const struct crypto_set *a, const struct crypto_set *b)
{
	if (!a || !b)
		return a == b;
	return a->mode == b->mode && transform_equal(&a->transform, &b->transform);
}

/* Names may differ, what they stand for may not. */
static bool is_same_sets(const struct crypto *c, const struct crypto_map *m,
			 const struct crypto *other, const struct crypto_map *n)
{
	if (m->n_sets != n->n_sets)
		return false;
	for (size_t k = 0; k < m->n_sets; k++)
		if (!is_same_set(crypto_set_find(c, m->sets[k]),
				 crypto_set_find(other, n->sets[k])))
			return false;
	return true;
}

static bool is_same_reverse(const struct crypto_reverse *a, const struct crypto_reverse *b)
{
	return a->kind == b->kind && a->tag == b->tag && a->distance == b->distance &&
	       address_equal(&a->gateway, &b->gateway);
}

static bool is_same_peers(const struct crypto_map *a, const struct crypto_map *b)
{
	if (a->n_peers != b->n_peers)
		return false;
	for (size_t n = 0; n < a->n_peers; n++)
		if (!address_equal(&a->peers[n].address, &b->peers[n].address))
			return false;
	return true;
}

static struct model_pos map_pos(const struct crypto_map *m, enum crypto_map_field field)
{
	return m->at[field].line ? m->at[field] : m->at[CRYPTO_MAP_NUMBER];
}

static void differs(struct config *c, const struct crypto_map *m, enum crypto_map_field field,
		    const char *what, const struct config *other)
{
	diag_add(&c->diags, DIAG_WARNING, map_pos(m, field),
		 "%s of entry %u is not that of the entry in %s: both gateways need the same",
		 what, m->number, config_source_name(other));
}

static void check_keying(struct config *c, const struct crypto_map *m, const struct config *other,
			 const struct crypto_keying *theirs)
{
	const struct crypto_keying *mine = &m->keying;

	if (mine->pfs != theirs->pfs)
		differs(c, m, CRYPTO_MAP_PFS, "the group of PFS", other);
	if (mine->seconds != theirs->seconds)
		differs(c, m, CRYPTO_MAP_SECONDS, "the lifetime in seconds", other);
	if (mine->kilobytes != theirs->kilobytes)
		differs(c, m, CRYPTO_MAP_KILOBYTES, "the lifetime in kilobytes", other);
	if (mine->idle_time != theirs->idle_time)
		differs(c, m, CRYPTO_MAP_IDLE_TIME, "the idle time", other);
	if (strcmp(mine->profile, theirs->profile))
		differs(c, m, CRYPTO_MAP_PROFILE, "the IKEv2 profile", other);
}

static void check_entry(struct config *c, const struct crypto_map *m, const struct config *other,
			const struct crypto_map *n)
{
	const struct crypto *mine = &c->model.crypto, *theirs = &other->model.crypto;

	if (m->kind != n->kind)
		differs(c, m, CRYPTO_MAP_KIND, "the kind", other);
	if (!is_same_peers(m, n))
		differs(c, m, CRYPTO_MAP_PEER, "the peer", other);
	if (!is_same_sets(mine, m, theirs, n))
		differs(c, m, CRYPTO_MAP_SET, "the transform set", other);
	if (!is_same_list(crypto_acl_find(mine, m->acl), crypto_acl_find(theirs, n->acl)))
		differs(c, m, CRYPTO_MAP_ACL, "the access list", other);
	if (!is_same_reverse(&m->reverse, &n->reverse))
		differs(c, m, CRYPTO_MAP_REVERSE, "reverse-route", other);
	check_keying(c, m, other, &n->keying);
	if (m->kind == VPNHA_MAP_KIND_MANUAL && n->kind == VPNHA_MAP_KIND_MANUAL) {
		if (!crypto_key_equal(&m->keys[VPNHA_ESP_DIRECTION_IN],
				      &n->keys[VPNHA_ESP_DIRECTION_IN]))
			differs(c, m, CRYPTO_MAP_KEY_IN, "the inbound session key", other);
		if (!crypto_key_equal(&m->keys[VPNHA_ESP_DIRECTION_OUT],
				      &n->keys[VPNHA_ESP_DIRECTION_OUT]))
			differs(c, m, CRYPTO_MAP_KEY_OUT, "the outbound session key", other);
	}
}

/* The dynamic maps of an entry, entry by entry. */
static void check_dynamics(struct config *c, const struct crypto_map *m, struct config *other,
			   const struct crypto_map *n)
{
	const struct crypto *mine = &c->model.crypto, *theirs = &other->model.crypto;
	const struct crypto_map *d;

	if (!m->dynamic[0] != !n->dynamic[0]) {
		differs(c, m, CRYPTO_MAP_DYNAMIC, "the dynamic crypto map", other);
		return;
	}
	for (size_t k = crypto_dynamic_first(mine, m->dynamic);
	     k < mine->n_dynamics && !strcmp(mine->dynamics[k]->name, m->dynamic); k++) {
		d = crypto_dynamic_find(theirs, n->dynamic, mine->dynamics[k]->number);
		if (d)
			check_entry(c, mine->dynamics[k], other, d);
		else
			diag_add(&c->diags, DIAG_WARNING,
				 map_pos(mine->dynamics[k], CRYPTO_MAP_NUMBER),
				 "dynamic crypto map %s has no entry %u in %s", n->dynamic,
				 mine->dynamics[k]->number, config_source_name(other));
	}
}

/* The maps that follow a group, entry by entry. */
static void check_maps(const struct side *a, const struct side *b)
{
	const struct crypto *mine = &a->c->model.crypto, *theirs = &b->c->model.crypto;

	for (size_t n = crypto_map_first(mine, a->follower->map);
	     n < mine->n_maps && !strcmp(mine->maps[n]->name, a->follower->map); n++) {
		const struct crypto_map *m = mine->maps[n], *found;

		found = crypto_map_find(theirs, b->follower->map, m->number);
		if (found) {
			check_entry(a->c, m, b->c, found);
			check_dynamics(a->c, m, b->c, found);
			continue;
		}
		diag_add(&a->c->diags, DIAG_WARNING, map_pos(m, CRYPTO_MAP_NUMBER),
			 "crypto map %s has no entry %u in %s", b->follower->map, m->number,
			 config_source_name(b->c));
	}
}

/* What the other gateway has and this one has not, it is told on its own side. */
static void check_missing(const struct side *a, const struct side *b)
{
	const struct crypto *mine = &a->c->model.crypto, *theirs = &b->c->model.crypto;

	for (size_t n = crypto_map_first(theirs, b->follower->map);
	     n < theirs->n_maps && !strcmp(theirs->maps[n]->name, b->follower->map); n++)
		if (!crypto_map_find(mine, a->follower->map, theirs->maps[n]->number))
			diag_add(&b->c->diags, DIAG_WARNING,
				 map_pos(theirs->maps[n], CRYPTO_MAP_NUMBER),
				 "crypto map %s has no entry %u in %s", a->follower->map,
				 theirs->maps[n]->number, config_source_name(a->c));
}

static void check_follower(const struct shared *s)
{
	const struct side *a = &s->here, *b = &s->there;

	if (a->follower && b->follower) {
		check_maps(a, b);
		check_missing(a, b);
	} else if (a->follower) {
		diag_add(&a->c->diags, DIAG_WARNING, a->follower->at[CRYPTO_BINDING_REDUNDANCY],
			 "no crypto map follows this group in %s", other_name(s));
	} else if (b->follower) {
		diag_add(diags_of(s), DIAG_WARNING, here(s, MODEL_GROUP_NUMBER),
			 "crypto map %s follows this group in %s, and none does here",
			 b->follower->map, other_name(s));
	}
}

/**
 * config_check_partner() - Check what must hold between the two gateways of a pair.
 * @c: configuration of one, to which most messages are added
 * @other: that of the other
 *
 * Return: whether they are a pair: both have a group of the same virtual IP.
 */
bool config_check_partner(struct config *c, struct config *other)
{
	bool gateways = config_is_gateway(c) || config_is_gateway(other);
	struct shared *list;
	size_t n_list = find_shared(c, other, &list);

	for (size_t n = 0; n < n_list; n++) {
		check_protocol(&list[n]);
		if (!gateways)
			continue;
		if (!follows(&list[n])) {
			check_priority(&list[n]);
			check_decrement(&list[n].here, &list[n].there);
			check_decrement(&list[n].there, &list[n].here);
		}
		check_follower(&list[n]);
	}
	if (gateways)
		check_sides(list, n_list);
	free(list);
	return n_list;
}
