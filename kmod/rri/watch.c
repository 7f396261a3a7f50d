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

/* A route went, or another came in its place; @ours: the one it is about. */
static bool matters(struct rri_net *rn, const struct rri_key *key,
		    unsigned long event, bool ours)
{
	switch (event) {
	case FIB_EVENT_ENTRY_DEL:
		/* Those that we remove ourselves we do not have any more. */
		return ours ? lose(rn, key) : true;
	case FIB_EVENT_ENTRY_REPLACE:
		if (!ours)
			lose(rn, key);
		return !ours;
	default:
		return !ours;
	}
}

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

	return matters(rn, &key, event, info->fi->fib_protocol == VPNHA_RTPROT);
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

	memcpy(key.dst, &rt->fib6_dst.addr, sizeof(key.dst));
	return matters(rn, &key, event, rt->fib6_protocol == VPNHA_RTPROT);
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
		queue_delayed_work(vpnha_wq, &rn->work, SETTLE);
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
	int err;

	if (rn->watching)
		return 0;
	rn->fib.notifier_call = fib_event;
	/* All that is there comes in by this call. */
	err = register_fib_notifier(rn->net, &rn->fib, NULL, NULL);
	rn->watching = !err;
	return err;
}

/**
 * rri_unwatch() - hear no more of changes to the routing tables
 * @rn: namespace
 *
 * Context: process, without RTNL.
 */
void rri_unwatch(struct rri_net *rn)
{
	if (rn->watching)
		unregister_fib_notifier(rn->net, &rn->fib);
	rn->watching = false;
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
