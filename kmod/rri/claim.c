// SPDX-License-Identifier: GPL-2.0
/* What asks for routes: made anew from the configuration and the SAs. */
#include <linux/slab.h>

#include "esp/config.h"
#include "rri/rri.h"

/* What is being made, beside what there is. */
struct making {
	struct rri_net *rn;
	struct list_head sites;
	struct list_head peers;
	struct list_head claims;
	bool dynamic;
};

static void free_all(struct list_head *sites, struct list_head *peers,
		     struct list_head *claims)
{
	struct rri_claim *claim, *next_claim;
	struct rri_site *site, *next_site;
	struct rri_peer *peer, *next_peer;

	list_for_each_entry_safe(claim, next_claim, claims, all)
		kfree(claim);
	list_for_each_entry_safe(peer, next_peer, peers, list)
		kfree(peer);
	list_for_each_entry_safe(site, next_site, sites, list)
		kfree(site);
	INIT_LIST_HEAD(claims);
	INIT_LIST_HEAD(peers);
	INIT_LIST_HEAD(sites);
}

static int add_claim(struct making *m, struct rri_peer *peer,
		     const struct esp_object *entry,
		     const struct rri_key *key, bool to_peer)
{
	const struct esp_map *map = container_of(entry, struct esp_map, o);
	struct rri_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL);

	if (!claim)
		return -ENOMEM;
	claim->key = *key;
	claim->key.metric = map->reverse.distance;
	claim->peer = peer;
	claim->kind = map->reverse.kind;
	claim->to_peer = to_peer;
	claim->number = entry->number;
	claim->tag = map->reverse.tag;
	list_add_tail(&claim->all, &m->claims);
	return 0;
}

static int add_rule(struct making *m, struct rri_peer *peer,
		    const struct esp_object *entry, const struct esp_rule *rule)
{
	struct rri_key key = {
		.table = peer->site->table,
		.family = rule->family,
	};
	int plen = esp_mask_len(rule->dst_mask, rule->family);

	/* SAs may protect what no route can be told of; lists are checked. */
	if (plen < 0)
		return 0;
	key.plen = plen;
	memcpy(key.dst, rule->dst, sizeof(key.dst));
	return add_claim(m, peer, entry, &key, false);
}

static int add_list(struct making *m, struct rri_peer *peer,
		    const struct esp_object *entry, const char *acl)
{
	struct esp_object *line;
	int err = 0;

	if (!acl[0])
		return 0;
	esp_for_each_named(line, esp_net(m->rn->net), ESP_ACL, acl) {
		const struct esp_rule *rule =
			&container_of(line, struct esp_acl, o)->rule;

		if (rule->permit)
			err = add_rule(m, peer, entry, rule);
		if (err)
			return err;
	}
	return 0;
}

static bool is_alive(const struct esp_sa *sa)
{
	const u32 state = READ_ONCE(sa->state);

	return state == VPNHA_SA_STATE_MATURE || state == VPNHA_SA_STATE_DYING;
}

static int add_sas(struct making *m, struct rri_peer *peer,
		   const struct esp_object *entry, const char *acl,
		   const struct esp_entry *e)
{
	const struct esp_sa *sa;
	int err = 0;
	u32 i;

	list_for_each_entry(sa, &e->sas, sibling) {
		if (!sa->out || !is_alive(sa))
			continue;
		if (!sa->nrules)
			err = add_list(m, peer, entry, acl);
		for (i = 0; i < sa->nrules && !err; i++)
			err = add_rule(m, peer, entry, &sa->rule[i]);
		if (err)
			return err;
	}
	return 0;
}

static int add_entry(struct making *m, struct esp_bind *bind,
		     struct rri_site *site, const struct esp_object *o)
{
	const struct esp_map *map = container_of(o, struct esp_map, o);
	const struct esp_policy *policy;
	const struct esp_entry *e;
	struct rri_peer *peer;
	struct rri_key key;
	int err = 0;

	peer = kzalloc(sizeof(*peer), GFP_KERNEL);
	if (!peer)
		return -ENOMEM;
	peer->site = site;
	peer->addr = map->peers[0];
	peer->gateway = map->reverse.gateway;
	list_add_tail(&peer->list, &m->peers);

	if (peer->gateway.family && peer->addr.family) {
		memset(&key, 0, sizeof(key));
		key.table = site->path_table;
		key.family = peer->addr.family;
		key.plen = key.family == AF_INET ? 32 : 128;
		memcpy(key.dst, peer->addr.ip, sizeof(key.dst));
		err = add_claim(m, peer, o, &key, true);
	}
	if (err)
		return err;
	if (map->reverse.kind == VPNHA_REVERSE_ROUTE_STATIC)
		return add_list(m, peer, o, map->acl);
	m->dynamic = true;
	policy = esp_policy_of(bind);
	e = policy ? esp_policy_entry(policy, o->number) : NULL;
	return e ? add_sas(m, peer, o, map->acl, e) : 0;
}

static struct rri_site *add_site(struct making *m, struct esp_bind *bind)
{
	struct rri_site *site = kzalloc(sizeof(*site), GFP_KERNEL);

	if (!site)
		return NULL;
	strscpy(site->ifname, bind->ifname, sizeof(site->ifname));
	strscpy(site->map, bind->map, sizeof(site->map));
	list_add_tail(&site->list, &m->sites);
	rri_site_look(m->rn, site);
	return site;
}

static int add_bind(struct making *m, struct esp_bind *bind)
{
	struct rri_site *site = NULL;
	struct esp_object *o;
	int err;

	esp_for_each_named(o, bind->en, ESP_MAP, bind->map) {
		if (container_of(o, struct esp_map, o)->reverse.kind ==
		    VPNHA_REVERSE_ROUTE_NONE)
			continue;
		if (!site)
			site = add_site(m, bind);
		if (!site)
			return -ENOMEM;
		err = add_entry(m, bind, site, o);
		if (err)
			return err;
	}
	return 0;
}

/* Routes first, all of them: what follows cannot fail. */
static int make_routes(struct making *m)
{
	struct rri_claim *claim;

	list_for_each_entry(claim, &m->claims, all)
		if (!rri_route_get(m->rn, &claim->key))
			return -ENOMEM;
	return 0;
}

static void attach(struct rri_net *rn)
{
	struct rri_claim *claim;
	struct rri_route *route;

	list_for_each_entry(claim, &rn->claims, all) {
		route = rri_route_find(rn, &claim->key);
		list_add_tail(&claim->list, &route->claims);
		route->uses++;
	}
}

/**
 * rri_claims_drop() - drop all claims; nothing asks for a route any more
 * @rn: namespace
 *
 * Context: RTNL.
 */
void rri_claims_drop(struct rri_net *rn)
{
	struct rri_route *route;

	for (route = rri_route_from(rn, NULL); route;
	     route = rri_route_next(route)) {
		INIT_LIST_HEAD(&route->claims);
		route->uses = 0;
	}
	free_all(&rn->sites, &rn->peers, &rn->claims);
}

/**
 * rri_claims_make() - make all claims anew
 * @rn: namespace
 *
 * Context: RTNL. Return: 0, or -ENOMEM: the claims are as they were before.
 */
int rri_claims_make(struct rri_net *rn)
{
	struct esp_net *en = esp_net(rn->net);
	struct making m = { .rn = rn };
	struct esp_bind *bind;
	int err = 0;

	INIT_LIST_HEAD(&m.sites);
	INIT_LIST_HEAD(&m.peers);
	INIT_LIST_HEAD(&m.claims);
	list_for_each_entry(bind, &en->binds, list) {
		err = add_bind(&m, bind);
		if (err)
			break;
	}
	if (!err)
		err = make_routes(&m);
	if (err) {
		free_all(&m.sites, &m.peers, &m.claims);
		return err;
	}
	rri_claims_drop(rn);
	list_splice_init(&m.sites, &rn->sites);
	list_splice_init(&m.peers, &rn->peers);
	list_splice_init(&m.claims, &rn->claims);
	rn->dynamic = m.dynamic;
	attach(rn);
	return 0;
}
