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

/**
 * struct origin - an entry that asks for routes
 * @peer: far end
 * @map: how the entry is configured
 * @number: its number in the crypto map
 */
struct origin {
	struct rri_peer *peer;
	const struct esp_map *map;
	u32 number;
};

static int add_claim(struct making *m, const struct origin *from,
		     const struct rri_key *key, bool to_peer)
{
	const struct esp_reverse *reverse = &from->map->reverse;
	struct rri_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL);

	if (!claim)
		return -ENOMEM;
	claim->key = *key;
	claim->key.metric = reverse->distance;
	claim->peer = from->peer;
	claim->kind = reverse->kind;
	claim->to_peer = to_peer;
	claim->number = from->number;
	claim->tag = reverse->tag;
	list_add_tail(&claim->all, &m->claims);
	return 0;
}

static int add_rule(struct making *m, const struct origin *from,
		    const struct esp_rule *rule)
{
	struct rri_key key = {
		.table = from->peer->site->table,
		.family = rule->family,
	};
	int plen = esp_mask_len(rule->dst_mask, rule->family);

	/*
	 * SAs may protect what no route can be told of, or all there is, which
	 * no peer shall get by asking for it; lists are checked.
	 */
	if (plen <= 0)
		return 0;
	key.plen = plen;
	memcpy(key.dst, rule->dst, sizeof(key.dst));
	return add_claim(m, from, &key, false);
}

static int add_list(struct making *m, const struct origin *from)
{
	const char *acl = from->map->acl;
	struct esp_object *line;
	int err = 0;

	if (!acl[0])
		return 0;
	esp_for_each_named(line, esp_net(m->rn->net), ESP_ACL, acl) {
		const struct esp_rule *rule =
			&container_of(line, struct esp_acl, o)->rule;

		if (rule->permit)
			err = add_rule(m, from, rule);
		if (err)
			return err;
	}
	return 0;
}

/* The far end, and the route to it if that leads by a gateway. */
static int add_peer(struct making *m, struct origin *from,
		    struct rri_site *site, const struct esp_addr *addr)
{
	struct rri_peer *peer = kzalloc(sizeof(*peer), GFP_KERNEL);
	struct rri_key key = {};

	if (!peer)
		return -ENOMEM;
	peer->site = site;
	peer->addr = *addr;
	peer->gateway = from->map->reverse.gateway;
	list_add_tail(&peer->list, &m->peers);
	from->peer = peer;
	if (!peer->gateway.family || peer->gateway.family != addr->family)
		return 0;
	key.table = site->path_table;
	key.family = addr->family;
	key.plen = key.family == AF_INET ? 32 : 128;
	memcpy(key.dst, addr->ip, sizeof(key.dst));
	return add_claim(m, from, &key, true);
}

static bool is_alive(const struct esp_sa *sa)
{
	const u32 state = READ_ONCE(sa->state);

	return state == VPNHA_SA_STATE_MATURE || state == VPNHA_SA_STATE_DYING;
}

/* Each to the peer that it is with, who may be another one than the first. */
static int add_sas(struct making *m, struct origin *from,
		   struct rri_site *site, const struct esp_entry *e)
{
	struct rri_peer *usual = from->peer;
	const struct esp_sa *sa;
	int err = 0;
	u32 i;

	list_for_each_entry(sa, &e->sas, sibling) {
		if (!sa->out || !is_alive(sa))
			continue;
		from->peer = usual;
		if (!usual || !esp_addr_equal(&usual->addr, esp_sa_peer(sa)))
			err = add_peer(m, from, site, esp_sa_peer(sa));
		if (!err && !sa->nrules)
			err = add_list(m, from);
		for (i = 0; i < sa->nrules && !err; i++)
			err = add_rule(m, from, &sa->rule[i]);
		if (err)
			return err;
	}
	return 0;
}

/* @dynamic: number of the dynamic map's entry, 0 if there is none */
static int add_entry(struct making *m, struct esp_bind *bind,
		     struct rri_site *site, struct origin *from, u32 dynamic)
{
	const struct esp_policy *policy;
	struct esp_entry *e = NULL;
	int err;

	/* Whoever comes is the peer of an entry of a dynamic map. */
	if (!dynamic) {
		err = add_peer(m, from, site, &from->map->peers[0]);
		if (err)
			return err;
	}
	if (from->map->reverse.kind == VPNHA_REVERSE_ROUTE_STATIC)
		return add_list(m, from);
	m->dynamic = true;
	policy = esp_policy_of(bind);
	if (policy)
		e = esp_policy_entry(policy, from->number, dynamic);
	return e ? add_sas(m, from, site, e) : 0;
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

/* @o: entry of the crypto map, or of the dynamic one that is in its place */
static int add_object(struct making *m, struct esp_bind *bind,
		      struct rri_site **site, u32 number,
		      const struct esp_object *o)
{
	struct origin from = {
		.map = container_of(o, struct esp_map, o),
		.number = number,
	};

	if (from.map->reverse.kind == VPNHA_REVERSE_ROUTE_NONE)
		return 0;
	if (!*site)
		*site = add_site(m, bind);
	if (!*site)
		return -ENOMEM;
	return add_entry(m, bind, *site, &from,
			 o->kind == ESP_DYNAMIC ? o->number : 0);
}

static int add_bind(struct making *m, struct esp_bind *bind)
{
	struct rri_site *site = NULL;
	struct esp_object *o, *d;
	int err = 0;

	esp_for_each_named(o, bind->en, ESP_MAP, bind->map) {
		const char *dynamic = container_of(o, struct esp_map,
						   o)->dynamic;

		if (!dynamic[0])
			err = add_object(m, bind, &site, o->number, o);
		else
			esp_for_each_named(d, bind->en, ESP_DYNAMIC, dynamic)
				err = err ?: add_object(m, bind, &site,
							o->number, d);
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
