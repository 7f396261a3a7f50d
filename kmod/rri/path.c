// SPDX-License-Identifier: GPL-2.0
/* Interfaces and the ways to peers, as they are at this moment. */
#include <linux/rtnetlink.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include <net/l3mdev.h>

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
	if (!bind)
		return;
	dev = rtnl_dereference(bind->dev);
	if (dev) {
		site->ifindex = dev->ifindex;
		site->up = netif_running(dev) && netif_oper_up(dev);
		site->vrf_ifindex = l3mdev_master_ifindex(dev);
		site->path_table = table_of(dev);
	}
	site->active = READ_ONCE(bind->active);
	site->vdev_up = netif_running(bind->vdev);
	site->vdev_ifindex = bind->vdev->ifindex;
	site->table = table_of(bind->vdev);
	strscpy(site->device, bind->vdev->name, sizeof(site->device));
}

/* @oif: leave by this device alone, or stay in the VRF of this one; or 0 */
static int way4(struct net *net, struct rri_peer *peer, int oif)
{
	struct flowi4 fl4 = {
		.daddr = peer->addr.ip[0],
		.flowi4_oif = oif,
		.flowi4_iif = LOOPBACK_IFINDEX,
		.flowi4_proto = IPPROTO_ESP,
	};
	struct fib_nh_common *nhc;
	struct fib_result res;
	int err;

	err = fib_lookup(net, &fl4, &res, 0);
	if (err)
		return err;
	if (res.type != RTN_UNICAST)
		return -ENETUNREACH;
	nhc = FIB_RES_NHC(res);
	if (!nhc || !nhc->nhc_dev)
		return -ENETUNREACH;
	peer->oif = nhc->nhc_dev->ifindex;
	memset(&peer->next_hop, 0, sizeof(peer->next_hop));
	peer->next_hop.family = nhc->nhc_gw_family;
	if (nhc->nhc_gw_family == AF_INET)
		peer->next_hop.ip[0] = nhc->nhc_gw.ipv4;
	else if (nhc->nhc_gw_family == AF_INET6)
		memcpy(peer->next_hop.ip, &nhc->nhc_gw.ipv6,
		       sizeof(peer->next_hop.ip));
	return 0;
}

static int way6(struct net *net, struct rri_peer *peer, int oif)
{
	struct flowi6 fl6 = {
		.flowi6_oif = oif,
		.flowi6_proto = IPPROTO_ESP,
	};
	const struct rt6_info *rt;
	struct dst_entry *dst;
	int err;

	memcpy(&fl6.daddr, peer->addr.ip, sizeof(fl6.daddr));
	dst = ip6_route_output(net, NULL, &fl6);
	err = dst->error;
	if (!err && dst->dev->flags & IFF_LOOPBACK)
		err = -ENETUNREACH;
	if (!err) {
		rt = (const struct rt6_info *)dst;
		peer->oif = dst->dev->ifindex;
		memset(&peer->next_hop, 0, sizeof(peer->next_hop));
		if (rt->rt6i_flags & RTF_GATEWAY) {
			peer->next_hop.family = AF_INET6;
			memcpy(peer->next_hop.ip, &rt->rt6i_gateway,
			       sizeof(peer->next_hop.ip));
		}
	}
	dst_release(dst);
	return err;
}

static int way(struct net *net, struct rri_peer *peer, int oif)
{
	if (peer->addr.family == AF_INET)
		return way4(net, peer, oif);
	return way6(net, peer, oif);
}

/**
 * rri_peer_look() - find the way to a peer
 * @rn: namespace
 * @peer: peer, whose site was looked at
 *
 * As ESP finds it: the routing tables decide, but the tunnel itself is no way.
 * Context: RTNL.
 */
void rri_peer_look(struct rri_net *rn, struct rri_peer *peer)
{
	const struct rri_site *site = peer->site;
	int err;

	peer->reached = false;
	peer->oif = 0;
	memset(&peer->next_hop, 0, sizeof(peer->next_hop));
	if (!peer->addr.family || !site->active || !site->up)
		return;
	rcu_read_lock();
	err = way(rn->net, peer, site->vrf_ifindex);
	if (!err && peer->oif == site->vdev_ifindex)
		err = way(rn->net, peer, site->ifindex);
	rcu_read_unlock();
	peer->reached = !err && peer->oif != site->vdev_ifindex;
	if (!peer->reached)
		peer->oif = 0;
}
