// SPDX-License-Identifier: GPL-2.0
/*
 * The tunnel device of a crypto map on an interface: what is routed into it is
 * protected, and what was decrypted comes out of it, so that MTU, segmentation,
 * packet filters and statistics are the kernel's own.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/rtnetlink.h>
#include <net/xfrm.h>

#include "compat/netdev.h"
#include "esp/esp.h"

/*
 * What no selector takes leaves by the bound interface in clear, as from the
 * routers whose language the configuration is in.
 */
static void send_clear(struct esp_bind *bind, struct sk_buff *skb,
		       const struct esp_tuple *t)
{
	struct dst_entry *dst = esp_way_past(bind, t, skb->mark);

	if (!dst) {
		esp_drop(bind->en, NULL, skb, VPNHA_ESP_DROP_REASON_NO_ROUTE);
		return;
	}
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	skb->dev = dst->dev;
	dst_output(bind->en->net, NULL, skb);
}

static netdev_tx_t vdev_xmit(struct sk_buff *skb, struct net_device *vdev)
{
	struct esp_vdev *v = netdev_priv(vdev);
	struct esp_bind *bind;
	struct esp_match m;
	struct esp_tuple t;

	rcu_read_lock();
	bind = rcu_dereference(v->bind);
	if (!bind) {
		DEV_STATS_INC(vdev, tx_dropped);
		kfree_skb(skb);
	} else if (!pskb_network_may_pull(skb, sizeof(struct iphdr)) ||
		   !esp_packet_tuple(skb, skb_network_offset(skb), &t) ||
		   (t.family == AF_INET6 &&
		    !pskb_network_may_pull(skb, sizeof(struct ipv6hdr)))) {
		DEV_STATS_INC(vdev, tx_errors);
		esp_drop(bind->en, NULL, skb, VPNHA_ESP_DROP_REASON_NOT_IP);
	} else if (esp_guard_selects(bind, skb, &t, &m)) {
		esp_output(bind, &m, skb, &t);
	} else {
		send_clear(bind, skb, &t);
	}
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static u8 transport_of(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ? ip_hdr(skb)->protocol :
						  ipv6_hdr(skb)->nexthdr;
}

static DEFINE_PER_CPU(int, delivering);

/*
 * Streams gain from GRO what the detour through another poll costs. All else
 * goes on at once, unless it is out of a tunnel within a tunnel: the stack of
 * the CPU has an end.
 */
static void deliver(struct esp_vdev *v, struct sk_buff *skb)
{
	if (!(skb->dev->flags & IFF_UP) || this_cpu_read(delivering) ||
	    transport_of(skb) == IPPROTO_TCP) {
		gro_cells_receive(&v->cells, skb);
		return;
	}
	this_cpu_inc(delivering);
	netif_receive_skb(skb);
	this_cpu_dec(delivering);
}

/**
 * esp_vdev_receive() - hand a decrypted packet to the stack
 * @vdev: tunnel device
 * @skb: packet from its IP header on, consumed
 *
 * Context: softirq, RCU.
 */
void esp_vdev_receive(struct net_device *vdev, struct sk_buff *skb)
{
	struct esp_vdev *v = netdev_priv(vdev);
	struct in_device *in_dev;

	skb_reset_mac_header(skb);
	skb->mac_len = 0;
	skb->encapsulation = 0;
	skb_scrub_packet(skb, false);
	skb_clear_hash(skb);
	skb->dev = vdev;
	skb->pkt_type = PACKET_HOST;
	/*
	 * Strict rp_filter would ask for a route into this device, which a
	 * gateway that protects what leaves by the interface does not have.
	 */
	in_dev = __in_dev_get_rcu(vdev);
	if (in_dev && IN_DEV_RPFILTER(in_dev))
		secpath_set(skb);
	dev_sw_netstats_rx_add(vdev, skb->len);
	deliver(v, skb);
}

static int vdev_init(struct net_device *vdev)
{
	struct esp_vdev *v = netdev_priv(vdev);

	return gro_cells_init(&v->cells, vdev);
}

static void vdev_uninit(struct net_device *vdev)
{
	struct esp_vdev *v = netdev_priv(vdev);

	gro_cells_destroy(&v->cells);
}

/* No address of its own, and nothing that looks for routers. */
static int vdev_open(struct net_device *vdev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(vdev);
	struct inet6_dev *in6_dev = __in6_dev_get(vdev);

	if (in_dev)
		IN_DEV_CONF_SET(in_dev, SEND_REDIRECTS, false);
	if (in6_dev)
		in6_dev->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
	return 0;
}

static const struct net_device_ops vdev_ops = {
	.ndo_init = vdev_init,
	.ndo_uninit = vdev_uninit,
	.ndo_open = vdev_open,
	.ndo_start_xmit = vdev_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, "vpnha", sizeof(info->driver));
}

static const struct ethtool_ops vdev_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
};

static void vdev_setup(struct net_device *vdev)
{
	const netdev_features_t features = NETIF_F_SG | NETIF_F_FRAGLIST |
					   NETIF_F_HIGHDMA | NETIF_F_HW_CSUM |
					   NETIF_F_GSO_SOFTWARE;

	vdev->netdev_ops = &vdev_ops;
	vdev->ethtool_ops = &vdev_ethtool_ops;
	vdev->header_ops = &ip_tunnel_header_ops;
	vdev->rtnl_link_ops = &esp_link_ops;
	vdev->type = ARPHRD_NONE;
	vdev->flags = IFF_POINTOPOINT | IFF_NOARP;
	vdev->priv_flags |= IFF_NO_QUEUE;
	vdev->features |= features;
	vdev->hw_features |= features;
	vdev->hw_enc_features |= features;
	vdev->mtu = ETH_DATA_LEN;
	vdev->min_mtu = IPV4_MIN_MTU;
	vdev->max_mtu = IP_MAX_MTU;
	/* Path MTU: the sender is told along the route by which it came. */
	netif_keep_dst(vdev);
	vdev->needs_free_netdev = true;
	vdev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	vpnha_dev_is_lockless(vdev);
	/* It stays in the namespace of the interface that it is bound to. */
	vpnha_dev_stays(vdev);
}

/*
 * Such a device is made by applying a crypto map: without a setup function
 * here nobody else can make or remove one.
 */
struct rtnl_link_ops esp_link_ops __read_mostly = {
	.kind = "vpnha",
	.priv_size = sizeof(struct esp_vdev),
};

/**
 * esp_vdev_create() - make the tunnel device of a binding, and open it
 * @bind: binding
 *
 * unregister_netdevice() removes it; its esp_vdev.bind has to be NULL then.
 * Context: RTNL. Return: the device or an ERR_PTR.
 */
struct net_device *esp_vdev_create(struct esp_bind *bind)
{
	struct net_device *vdev;
	struct esp_vdev *v;
	int err;

	vdev = alloc_netdev(sizeof(*v), "vpnha%d", NET_NAME_ENUM, vdev_setup);
	if (!vdev)
		return ERR_PTR(-ENOMEM);
	dev_net_set(vdev, bind->en->net);
	v = netdev_priv(vdev);
	rcu_assign_pointer(v->bind, bind);
	err = register_netdevice(vdev);
	if (err) {
		free_netdev(vdev);
		return ERR_PTR(err);
	}
	err = dev_open(vdev, NULL);
	if (err) {
		unregister_netdevice(vdev);
		return ERR_PTR(err);
	}
	return vdev;
}
