// SPDX-License-Identifier: GPL-2.0
/* The routes that are asked for: found by key, and judged. */
#include <linux/slab.h>

#include "rri/rri.h"

/**
 * rri_key_compare() - order of keys: table, family, destination, distance
 * @a: key
 * @b: key
 *
 * Context: any. Return: less than, equal to or greater than 0.
 */
int rri_key_compare(const struct rri_key *a, const struct rri_key *b)
{
	int diff;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	diff = memcmp(a->dst, b->dst, sizeof(a->dst));
	if (diff)
		return diff;
	if (a->plen != b->plen)
		return a->plen < b->plen ? -1 : 1;
	if (a->metric != b->metric)
		return a->metric < b->metric ? -1 : 1;
	return 0;
}

static struct rri_route *of_node(struct rb_node *node)
{
	return rb_entry(node, struct rri_route, node);
}

/**
 * rri_route_from() - first route of a key, or of any after it
 * @rn: namespace
 * @key: key; NULL for the first of all
 *
 * Context: RTNL or rri_net.lock. Return: the route or NULL.
 */
struct rri_route *rri_route_from(struct rri_net *rn, const struct rri_key *key)
{
	struct rb_node *node = rn->routes.rb_node;
	struct rri_route *found = NULL;

	while (node) {
		struct rri_route *route = of_node(node);

		if (key && rri_key_compare(&route->key, key) < 0) {
			node = node->rb_right;
		} else {
			found = route;
			node = node->rb_left;
		}
	}
	return found;
}

/**
 * rri_route_find() - find a route
 * @rn: namespace
 * @key: its key
 *
 * Context: RTNL or rri_net.lock. Return: the route or NULL.
 */
struct rri_route *rri_route_find(struct rri_net *rn, const struct rri_key *key)
{
	struct rri_route *route = rri_route_from(rn, key);

	return route && !rri_key_compare(&route->key, key) ? route : NULL;
}

/**
 * rri_route_next() - the next route in the order of keys
 * @route: route
 *
 * Context: RTNL or rri_net.lock. Return: the route or NULL.
 */
struct rri_route *rri_route_next(const struct rri_route *route)
{
	struct rb_node *node = rb_next(&route->node);

	return node ? of_node(node) : NULL;
}

/**
 * rri_route_get() - find a route, or make one that nobody asks for yet
 * @rn: namespace
 * @key: its key
 *
 * Context: RTNL. Return: the route, or NULL for want of memory.
 */
struct rri_route *rri_route_get(struct rri_net *rn, const struct rri_key *key)
{
	struct rb_node **link = &rn->routes.rb_node, *parent = NULL;
	struct rri_route *route;
	int diff;

	while (*link) {
		parent = *link;
		diff = rri_key_compare(key, &of_node(parent)->key);
		if (!diff)
			return of_node(parent);
		link = diff < 0 ? &parent->rb_left : &parent->rb_right;
	}
	route = kzalloc(sizeof(*route), GFP_KERNEL);
	if (!route)
		return NULL;
	route->key = *key;
	INIT_LIST_HEAD(&route->claims);
	route->state = VPNHA_ROUTE_STATE_PENDING;
	route->told = VPNHA_ROUTE_STATE_PENDING;
	spin_lock_bh(&rn->lock);
	rb_link_node(&route->node, parent, link);
	rb_insert_color(&route->node, &rn->routes);
	spin_unlock_bh(&rn->lock);
	return route;
}

/**
 * rri_route_set() - the one place where the state of a route changes
 * @rn: namespace
 * @route: route
 * @state: what has become of it
 * @error: why it was refused, a negative errno, or 0
 *
 * Context: RTNL.
 */
void rri_route_set(struct rri_net *rn, struct rri_route *route,
		   enum vpnha_route_state state, int error)
{
	route->state = state;
	route->error = error;
	/* What is under way is told when it has come to its end. */
	if (state == VPNHA_ROUTE_STATE_PENDING)
		return;
	if (state == route->told && route->in == route->had)
		return;
	rn->changes++;
	rri_up->route(rn, route, route->in && !route->had);
	route->told = state;
	route->in = route->had;
}

/* Why a claim cannot have its route, or that it can. */
static enum vpnha_route_state problem_of(const struct rri_claim *claim)
{
	const struct rri_site *site = claim->peer->site;

	if (!site->active)
		return VPNHA_ROUTE_STATE_STANDBY;
	if (!site->up || (!claim->to_peer && !site->vdev_up))
		return VPNHA_ROUTE_STATE_DEVICE_DOWN;
	if (!claim->to_peer && !claim->peer->reached)
		return VPNHA_ROUTE_STATE_NO_PATH;
	return VPNHA_ROUTE_STATE_INSTALLED;
}

static void describe(const struct rri_claim *claim, struct vpnha_route *r)
{
	const struct rri_peer *peer = claim->peer;
	const struct rri_key *key = &claim->key;

	memset(r, 0, sizeof(*r));
	r->table = key->table;
	r->metric = key->metric;
	r->tag = claim->tag;
	r->family = key->family;
	r->plen = key->plen;
	memcpy(r->dst, key->dst, sizeof(r->dst));
	if (claim->to_peer) {
		r->ifindex = peer->site->ifindex;
		r->via = true;
		memcpy(r->gateway, peer->gateway.ip, sizeof(r->gateway));
		return;
	}
	r->ifindex = peer->site->vdev_ifindex;
	/*
	 * The peer as next hop is for the eyes of people and routing daemons;
	 * IPv6 refuses one that the tables know by another device.
	 */
	if (key->family == AF_INET && peer->addr.family == AF_INET) {
		r->via = true;
		r->onlink = true;
		r->gateway[0] = peer->addr.ip[0];
	}
}

static void judge(struct rri_net *rn, struct rri_route *route)
{
	struct rri_claim *claim;
	u32 why;

	route->wanted = false;
	route->why = VPNHA_ROUTE_STATE_STANDBY;
	list_for_each_entry(claim, &route->claims, list) {
		why = problem_of(claim);
		if (why == VPNHA_ROUTE_STATE_INSTALLED) {
			list_move(&claim->list, &route->claims);
			describe(claim, &route->want);
			route->wanted = true;
			return;
		}
		/* Of several reasons the one that is nearest to a route. */
		route->why = max_t(u32, route->why, why);
	}
	if (!route->had && !route->unsure && !list_empty(&route->claims))
		rri_route_set(rn, route, route->why, 0);
}

/**
 * rri_routes_judge() - decide which routes there should be
 * @rn: namespace, with sites and peers looked at
 *
 * Context: RTNL.
 */
void rri_routes_judge(struct rri_net *rn)
{
	struct rri_route *route;

	for (route = rri_route_from(rn, NULL); route;
	     route = rri_route_next(route)) {
		spin_lock_bh(&rn->lock);
		if (route->lost)
			route->had = false;
		else if (route->doubted)
			route->unsure = true;
		route->lost = false;
		route->doubted = false;
		spin_unlock_bh(&rn->lock);
		judge(rn, route);
	}
}

/**
 * rri_routes_sweep() - forget routes that nobody asks for and that are gone
 * @rn: namespace
 *
 * Context: RTNL.
 */
void rri_routes_sweep(struct rri_net *rn)
{
	struct rri_route *route, *next;

	for (route = rri_route_from(rn, NULL); route; route = next) {
		next = rri_route_next(route);
		if (!list_empty(&route->claims) || route->had || route->unsure)
			continue;
		spin_lock_bh(&rn->lock);
		rb_erase(&route->node, &rn->routes);
		spin_unlock_bh(&rn->lock);
		rn->changes++;
		kfree(route);
	}
}
