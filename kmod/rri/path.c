// SPDX-License-Identifier: GPL-2.0
/* Interfaces and the ways to peers, as they are at this moment. */
#include <linux/rtnetlink.h>
#include <net/ip6_fib.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "esp/config.h"
#include "rri/rri.h"

static u32 table_of(const struct net_device *dev)
{
	return l3mdev_fib_table(dev) ?: RT_TABLE_MAIN;
}

/**
 * rri_site_look() - look at an interface and its tunnel device
 * @rn: namespace
 * @site: interface
 *
 * Context: RTNL.
 */
void rri_site_look(struct rri_net *rn, struct rri_site *site)
{
	struct esp_bind *bind = esp_bind_find(esp_net(rn->net), site->ifname);
	struct net_device *dev;

	site->active = false;
	site->up = false;
	site->vdev_up = false;
	site->ifindex = 0;
	site->vdev_ifindex = 0;
	site->bind = bind;
	if (!bind)
		return;
	dev = rtnl_dereference(bind->dev);
	if (dev) {
		site->ifindex = dev->ifindex;
		site->up = netif_running(dev) && netif_oper_up(dev);
		site->path_table = table_of(dev);
	}
	site->active = READ_ONCE(bind->active);
	site->vdev_up = netif_running(bind->vdev);
	site->vdev_ifindex = bind->vdev->ifindex;
	site->table = table_of(bind->vdev);
	strscpy(site->device, bind->vdev->name, sizeof(site->device));
}

/* Return: packets can go that way, and not to this machine. */
static bool follow4(struct rri_peer *peer, const struct dst_entry *dst)
{
	const struct rtable *rt = (const struct rtable *)dst;

	if (rt->rt_type != RTN_UNICAST)
		return false;
	peer->next_hop.family = rt->rt_gw_family;
	if (rt->rt_gw_family == AF_INET)
		peer->next_hop.ip[0] = rt->rt_gw4;
	else if (rt->rt_gw_family == AF_INET6)
		memcpy(peer->next_hop.ip, &rt->rt_gw6,
		       sizeof(peer->next_hop.ip));
	return true;
}

static bool follow6(struct rri_peer *peer, const struct dst_entry *dst)
{
	const struct rt6_info *rt = (const struct rt6_info *)dst;

	if (dst->dev->flags & IFF_LOOPBACK)
		return false;
	if (rt->rt6i_flags & RTF_GATEWAY) {
		peer->next_hop.family = AF_INET6;
		memcpy(peer->next_hop.ip, &rt->rt6i_gateway,
		       sizeof(peer->next_hop.ip));
	}
	return true;
}

/**
 * rri_peer_look() - find the way to a peer
 * @peer: peer, whose site was looked at
 *
 * As ESP finds it. Context: RTNL.
 */
void rri_peer_look(struct rri_peer *peer)
{
	const struct rri_site *site = peer->site;
	const bool v6 = peer->addr.family == AF_INET6;
	const struct esp_bind *bind = site->bind;
	struct dst_entry *dst;

	peer->reached = false;
	peer->oif = 0;
	memset(&peer->next_hop, 0, sizeof(peer->next_hop));
	if (!peer->addr.family || !site->active || !site->up)
		return;
	rcu_read_lock();
	dst = esp_way(bind, &bind->local[v6], &peer->addr, IPPROTO_ESP);
	if (dst && dst->dev != bind->vdev)
		peer->reached = v6 ? follow6(peer, dst) : follow4(peer, dst);
	if (peer->reached)
		peer->oif = dst->dev->ifindex;
	dst_release(dst);
	rcu_read_unlock();
}
