// SPDX-License-Identifier: GPL-2.0
/* Which way packets go: to a peer, and past the tunnel. */
#include <net/flow.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "esp/esp.h"

/**
 * struct ends - what a route is looked up for
 * @net: namespace
 * @src: source, may be without a family
 * @dst: destination
 * @mark: of the packet
 * @protocol: of the packet
 */
struct ends {
	struct net *net;
	const struct esp_addr *src;
	const struct esp_addr *dst;
	u32 mark;
	u8 protocol;
};

/* @oif: VRF to stay in, or 0; or, @strict, the one device to leave by */
static struct dst_entry *look_up4(const struct ends *e, int oif, bool strict)
{
	struct flowi4 fl4 = {
		.daddr = e->dst->ip[0],
		.saddr = e->src->ip[0],
		.flowi4_oif = oif,
		.flowi4_iif = LOOPBACK_IFINDEX,
		.flowi4_mark = e->mark,
		.flowi4_proto = e->protocol,
		/* The virtual IP is put on the interface a moment later. */
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
	};
	struct fib_result res;
	struct rtable *rt;

	/* Who asks for a device gets one: what has no route is taken for a neighbour. */
	if (strict && fib_lookup(e->net, &fl4, &res, 0))
		return NULL;
	rt = __ip_route_output_key(e->net, &fl4);
	return IS_ERR(rt) ? NULL : &rt->dst;
}

static struct dst_entry *look_up6(const struct ends *e, int oif, bool strict)
{
	struct flowi6 fl6 = {
		.flowi6_oif = oif,
		.flowi6_mark = e->mark,
		.flowi6_proto = e->protocol,
	};
	struct dst_entry *dst;

	/* "ipv6.disable=1": there are no tables. */
	if (!ipv6_mod_enabled())
		return NULL;
	memcpy(&fl6.daddr, e->dst->ip, sizeof(fl6.daddr));
	/* With a source the device would be a wish only. */
	if (!strict)
		memcpy(&fl6.saddr, e->src->ip, sizeof(fl6.saddr));
	dst = ip6_route_output(e->net, NULL, &fl6);
	if (!dst->error)
		return dst;
	dst_release(dst);
	return NULL;
}

static struct dst_entry *look_up(const struct ends *e, int oif, bool strict)
{
	return e->dst->family == AF_INET ? look_up4(e, oif, strict) :
					   look_up6(e, oif, strict);
}

/**
 * esp_way() - find the way to a peer
 * @bind: binding of the crypto map
 * @src: local endpoint, may be without a family
 * @dst: peer
 * @protocol: IPPROTO_ESP or IPPROTO_UDP
 *
 * What a map protects may hold its peer: the tunnel itself is no way there.
 * Context: RCU. Return: a referenced route, or NULL; one into the tunnel device
 * only where there is no other, and nothing may be sent by that.
 */
struct dst_entry *esp_way(const struct esp_bind *bind,
			  const struct esp_addr *src,
			  const struct esp_addr *dst, u8 protocol)
{
	const struct net_device *dev = rcu_dereference(bind->dev);
	const struct ends e = {
		.net = bind->en->net,
		.src = src,
		.dst = dst,
		.protocol = protocol,
	};
	struct dst_entry *way, *other;

	if (!dev)
		return NULL;
	way = look_up(&e, l3mdev_master_ifindex_rcu(dev), false);
	if (!way || way->dev != bind->vdev)
		return way;
	other = look_up(&e, dev->ifindex, true);
	if (!other)
		return way;
	dst_release(way);
	return other;
}

/**
 * esp_way_past() - find the way of a packet past the tunnel
 * @bind: binding of the crypto map
 * @t: packet
 * @mark: of the packet
 *
 * By the bound interface and no other, where a route leads: a destination that
 * has none there is no neighbour either.
 * Context: RCU. Return: a referenced route, or NULL.
 */
struct dst_entry *esp_way_past(const struct esp_bind *bind,
			       const struct esp_tuple *t, u32 mark)
{
	const struct net_device *dev = rcu_dereference(bind->dev);
	const struct esp_addr src = {};
	struct esp_addr dst = { .family = t->family };
	const struct ends e = {
		.net = bind->en->net,
		.src = &src,
		.dst = &dst,
		.mark = mark,
		.protocol = t->protocol,
	};

	memcpy(dst.ip, t->dst, sizeof(dst.ip));
	return dev ? look_up(&e, dev->ifindex, true) : NULL;
}
