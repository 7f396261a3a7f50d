// SPDX-License-Identifier: GPL-2.0
/*
 * What others do to the routing tables: ways to peers come and go, routes that
 * were in our way go, and ours may be removed or replaced.
 */
#include <linux/netdevice.h>
#include <net/fib_notifier.h>
#include <net/ip6_fib.h>
#include <net/ip_fib.h>

#include "core/net.h"
#include "rri/rri.h"

/* Tables change in storms: looked at once after so many have come. */
#define SETTLE		(HZ / 20)

/* Return: it was ours, and it is not there any more. */
static bool lose(struct rri_net *rn, const struct rri_key *key)
{
	struct rri_route *route;
	bool lost = false;

	spin_lock_bh(&rn->lock);
	route = rri_route_find(rn, key);
	if (route && route->had) {
		route->lost = true;
		lost = true;
	}
	spin_unlock_bh(&rn->lock);
	return lost;
}

/*
 * A route went, or another one came in its place. It need not have been ours:
 * that may be on its way. Return: there is or should be one of ours.
 */
static bool doubt(struct rri_net *rn, const struct rri_key *key)
{
	struct rri_route *route;

	spin_lock_bh(&rn->lock);
	route = rri_route_find(rn, key);
	if (route)
		route->doubted = route->had;
	spin_unlock_bh(&rn->lock);
	return route;
}

static void look_again(struct rri_net *rn)
{
	queue_delayed_work(vpnha_wq, &rn->work, SETTLE);
}

/*
 * Somebody has changed a table. Not we: what we remove does not count as being
 * there any more, and what we add tells nothing new.
 */
static void told(void *ctx, const struct vpnha_route_event *event)
{
	struct rri_net *rn = ctx;
	struct rri_key key = {
		.table = event->table,
		.metric = event->metric,
		.family = event->family,
		.plen = event->plen,
	};

	if (event->port == vpnha_rtnl_port(vpnha_net(rn->net)->rtnl) ||
	    (!event->gone && !event->replaced))
		return;
	memcpy(key.dst, event->dst, sizeof(key.dst));
	if (doubt(rn, &key))
		look_again(rn);
}

static void missed(void *ctx)
{
	struct rri_net *rn = ctx;

	WRITE_ONCE(rn->missed, true);
	look_again(rn);
}

static const struct vpnha_rtnl_watcher watcher = {
	.route = told,
	.missed = missed,
};

/* A device's routes are flushed without a word by rtnetlink. */
static bool route4(struct rri_net *rn, unsigned long event, void *ptr)
{
	const struct fib_entry_notifier_info *info = ptr;
	const struct rri_key key = {
		.table = info->tb_id,
		.metric = info->fi->fib_priority,
		.family = AF_INET,
		.plen = info->dst_len,
		.dst[0] = htonl(info->dst),
	};

	if (info->fi->fib_protocol != VPNHA_RTPROT)
		return true;
	return event == FIB_EVENT_ENTRY_DEL && lose(rn, &key);
}

static bool route6(struct rri_net *rn, unsigned long event, void *ptr)
{
	const struct fib6_entry_notifier_info *info = ptr;
	const struct fib6_info *rt = info->rt;
	struct rri_key key = {
		.table = rt->fib6_table->tb6_id,
		.metric = rt->fib6_metric,
		.family = AF_INET6,
		.plen = rt->fib6_dst.plen,
	};

	if (rt->fib6_protocol != VPNHA_RTPROT)
		return true;
	memcpy(key.dst, &rt->fib6_dst.addr, sizeof(key.dst));
	return event == FIB_EVENT_ENTRY_DEL && lose(rn, &key);
}

static int fib_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct rri_net *rn = container_of(nb, struct rri_net, fib);
	const struct fib_notifier_info *info = ptr;
	bool matter = false;

	switch (event) {
	case FIB_EVENT_ENTRY_REPLACE:
	case FIB_EVENT_ENTRY_APPEND:
	case FIB_EVENT_ENTRY_ADD:
	case FIB_EVENT_ENTRY_DEL:
		if (info->family == AF_INET)
			matter = route4(rn, event, ptr);
		else if (info->family == AF_INET6)
			matter = route6(rn, event, ptr);
		break;
	case FIB_EVENT_RULE_ADD:
	case FIB_EVENT_RULE_DEL:
	case FIB_EVENT_NH_ADD:
	case FIB_EVENT_NH_DEL:
		matter = true;
		break;
	}
	if (matter)
		look_again(rn);
	return NOTIFY_DONE;
}

/**
 * rri_watch() - hear of changes to the routing tables
 * @rn: namespace
 *
 * Context: the work item, without RTNL. Return: 0, also when they are heard of
 * already, or a negative errno.
 */
int rri_watch(struct rri_net *rn)
{
	struct vpnha_rtnl_watch *watch;
	int err;

	if (rn->watch)
		return 0;
	watch = vpnha_rtnl_watch(rn->net, &watcher, rn);
	if (IS_ERR(watch))
		return PTR_ERR(watch);
	rn->fib.notifier_call = fib_event;
	/* All that is there comes in by this call. */
	err = register_fib_notifier(rn->net, &rn->fib, NULL, NULL);
	if (err)
		vpnha_rtnl_unwatch(watch);
	else
		rn->watch = watch;
	return err;
}

/**
 * rri_watch_recover() - doubt all routes if something was missed
 * @rn: namespace
 *
 * Context: the work item.
 */
void rri_watch_recover(struct rri_net *rn)
{
	struct rri_route *route;

	if (!READ_ONCE(rn->missed) || !rn->watch)
		return;
	WRITE_ONCE(rn->missed, false);
	vpnha_rtnl_watch_recover(rn->watch);
	spin_lock_bh(&rn->lock);
	for (route = rri_route_from(rn, NULL); route;
	     route = rri_route_next(route))
		route->doubted = route->had;
	spin_unlock_bh(&rn->lock);
}

/**
 * rri_unwatch() - hear no more of changes to the routing tables
 * @rn: namespace
 *
 * Context: process, without RTNL.
 */
void rri_unwatch(struct rri_net *rn)
{
	if (!rn->watch)
		return;
	unregister_fib_notifier(rn->net, &rn->fib);
	vpnha_rtnl_unwatch(rn->watch);
	rn->watch = NULL;
}

/**
 * rri_lose_device() - the kernel has flushed the routes of a device
 * @rn: namespace
 * @ifindex: index of the device
 *
 * Context: any.
 */
void rri_lose_device(struct rri_net *rn, int ifindex)
{
	struct rri_route *route;

	spin_lock_bh(&rn->lock);
	for (route = rri_route_from(rn, NULL); route;
	     route = rri_route_next(route))
		if (route->had && route->have.ifindex == ifindex)
			route->lost = true;
	spin_unlock_bh(&rn->lock);
}
