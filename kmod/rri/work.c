// SPDX-License-Identifier: GPL-2.0
/*
 * The work item: what is asked for is compared with what there is. RTNL is let
 * go between the comparison and the requests that follow from it, which take it
 * themselves, a few at a time: addresses and transactions get their turn.
 */
#include <linux/rtnetlink.h>

#include "core/net.h"
#include "esp/config.h"
#include "rri/rri.h"

#define RETRY		HZ

/* Is what there is another route than what there should be? */
static bool differs(const struct rri_route *route)
{
	return memcmp(&route->have, &route->want, sizeof(route->want));
}

static bool has_to_go(const struct rri_route *route)
{
	return route->unsure ||
	       (route->had && (!route->wanted || differs(route)));
}

static bool has_to_come(const struct rri_route *route)
{
	return route->wanted && !route->had && !route->unsure;
}

static void set_had(struct rri_net *rn, struct rri_route *route, bool had)
{
	spin_lock_bh(&rn->lock);
	route->had = had;
	route->lost = false;
	route->doubted = false;
	spin_unlock_bh(&rn->lock);
}

/*
 * The next requests, from @key on. What is added counts as being there from
 * before it is: somebody may remove it before we hear that we have succeeded.
 */
static unsigned int gather(struct rri_net *rn, struct rri_key *key, bool *begun,
			   bool add)
{
	struct rri_route *route;
	unsigned int n = 0;

	for (route = rri_route_from(rn, *begun ? key : NULL); route;
	     route = rri_route_next(route)) {
		*key = route->key;
		if (n == VPNHA_ROUTE_OPS_MAX)
			break;
		if (add ? !has_to_come(route) : !has_to_go(route))
			continue;
		rn->targets[n] = route;
		rn->ops[n].add = add;
		rn->ops[n].route = add ? route->want : route->have;
		if (add)
			route->have = route->want;
		set_had(rn, route, add);
		n++;
	}
	*begun = true;
	return n;
}

static bool is_unsure(int err)
{
	return err == -ENOBUFS || err == -ENOMEM || err == -EAGAIN ||
	       err == -EINTR;
}

static void came(struct rri_net *rn, struct rri_route *route, int err)
{
	if (!err) {
		rri_route_set(rn, route, VPNHA_ROUTE_STATE_INSTALLED, 0);
		return;
	}
	set_had(rn, route, false);
	if (is_unsure(err)) {
		route->unsure = true;
		rri_route_set(rn, route, VPNHA_ROUTE_STATE_PENDING, err);
	} else if (err == -EEXIST) {
		rri_route_set(rn, route, VPNHA_ROUTE_STATE_CLASH, 0);
	} else if (err == -ENETDOWN || err == -ENODEV) {
		rri_route_set(rn, route, VPNHA_ROUTE_STATE_DEVICE_DOWN, 0);
	} else {
		rri_route_set(rn, route, VPNHA_ROUTE_STATE_REFUSED, err);
	}
}

/* Whatever the reason of a refusal, it is not there: else it would have gone. */
static void went(struct rri_net *rn, struct rri_route *route, int err)
{
	route->unsure = is_unsure(err);
	if (route->unsure)
		return;
	if (route->wanted)
		/* Another one takes its place: that is told then. */
		route->in = false;
	else
		rri_route_set(rn, route, route->why, 0);
}

static bool leads_to_peer(const struct rri_route *route)
{
	const struct rri_claim *claim = rri_claim_of(route);

	return claim && claim->to_peer;
}

/* Return: a host route to a peer has come or gone. */
static bool carry_out(struct rri_net *rn, bool add)
{
	struct vpnha_rtnl *rtnl = vpnha_net(rn->net)->rtnl;
	bool begun = false, changed = false;
	struct rri_key key;
	unsigned int n, i;

	do {
		rtnl_lock();
		n = gather(rn, &key, &begun, add);
		rtnl_unlock();
		if (!n)
			break;
		vpnha_rtnl_routes(rtnl, rn->ops, n);
		rtnl_lock();
		for (i = 0; i < n; i++) {
			if (!rn->ops[i].err && leads_to_peer(rn->targets[i]))
				changed = true;
			if (add)
				came(rn, rn->targets[i], rn->ops[i].err);
			else
				went(rn, rn->targets[i], rn->ops[i].err);
		}
		rtnl_unlock();
		/* What follows may not be wanted any more: look again first. */
	} while (n == VPNHA_ROUTE_OPS_MAX && !READ_ONCE(rn->kicked));
	return changed;
}

static bool is_stale(const struct rri_net *rn)
{
	return rn->stale || rn->dynamic ||
	       rn->generation != esp_net(rn->net)->generation;
}

/* Return: false when it has to be tried again later. */
static bool look(struct rri_net *rn)
{
	struct esp_net *en = esp_net(rn->net);
	struct rri_site *site;
	struct rri_peer *peer;
	u32 table, path_table;
	bool moved = false;

	if (is_stale(rn)) {
		rn->stale = rri_claims_make(rn);
		if (rn->stale)
			return false;
		rn->generation = en->generation;
	}
	list_for_each_entry(site, &rn->sites, list) {
		table = site->table;
		path_table = site->path_table;
		rri_site_look(rn, site);
		if (site->table != table || site->path_table != path_table)
			moved = true;
	}
	if (moved) {
		rn->stale = rri_claims_make(rn);
		if (rn->stale)
			return false;
	}
	list_for_each_entry(peer, &rn->peers, list)
		rri_peer_look(peer);
	rri_routes_judge(rn);
	return true;
}

static bool is_unfinished(struct rri_net *rn)
{
	struct rri_route *route;

	for (route = rri_route_from(rn, NULL); route;
	     route = rri_route_next(route))
		if (route->unsure || has_to_go(route))
			return true;
	return false;
}

/**
 * rri_work() - make the routing tables what the crypto maps ask for
 * @work: rri_net.work
 *
 * Context: work queue.
 */
void rri_work(struct work_struct *work)
{
	struct rri_net *rn = container_of(to_delayed_work(work),
					  struct rri_net, work);
	bool looked, moved, again;

	WRITE_ONCE(rn->kicked, false);
	rri_watch_recover(rn);
	rtnl_lock();
	looked = look(rn);
	again = !looked;
	rtnl_unlock();
	if (looked && !list_empty(&rn->sites) && rri_watch(rn))
		again = true;
	if (looked) {
		moved = carry_out(rn, false);
		moved = carry_out(rn, true) || moved;
		/* What leads by those has to be looked at again. */
		if (moved)
			rri_kick(esp_net(rn->net));
	}
	rtnl_lock();
	rri_routes_sweep(rn);
	again = again || is_unfinished(rn);
	rtnl_unlock();
	if (again && !READ_ONCE(rn->ended))
		queue_delayed_work(vpnha_wq, &rn->work, RETRY);
}

/**
 * rri_finish() - remove all routes of a namespace that ends
 * @rn: namespace; nobody kicks it any more
 *
 * What the kernel refuses to remove even now goes with the devices.
 * Context: process with initial credentials, without RTNL.
 */
void rri_finish(struct rri_net *rn)
{
	struct rri_route *route, *next;

	rtnl_lock();
	rri_claims_drop(rn);
	rri_routes_judge(rn);
	rtnl_unlock();
	WRITE_ONCE(rn->kicked, false);
	carry_out(rn, false);
	rtnl_lock();
	for (route = rri_route_from(rn, NULL); route; route = next) {
		next = rri_route_next(route);
		route->had = false;
		route->unsure = false;
	}
	rri_routes_sweep(rn);
	rtnl_unlock();
}
