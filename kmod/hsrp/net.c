// SPDX-License-Identifier: GPL-2.0
/* HSRP in each namespace: its root, and what it hears of devices. */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/net.h"
#include "core/rtnl.h"
#include "hsrp/config.h"
#include "hsrp/ipv6.h"
#include "hsrp/object.h"
#include "hsrp/upcall.h"

static unsigned int net_id __read_mostly;

/* Under RTNL: requests may come before and after there is anything to find. */
static bool is_open;

/**
 * hsrp_net() - HSRP in a namespace
 * @net: namespace
 *
 * Context: any, between hsrp_init() and hsrp_exit().
 * Return: NULL only while the namespace is being made.
 */
struct hsrp_net *hsrp_net(const struct net *net)
{
	return net_generic(net, net_id);
}

/**
 * hsrp_open() - may requests be served?
 *
 * Context: RTNL. Return: false while the module is coming or going.
 */
bool hsrp_open(void)
{
	ASSERT_RTNL();
	return is_open;
}

static int __net_init net_init(struct net *net)
{
	struct hsrp_net *hn = hsrp_net(net);

	hn->net = net;
	INIT_LIST_HEAD(&hn->ifaces);
	INIT_LIST_HEAD(&hn->objects);
	INIT_LIST_HEAD(&hn->va_list);
	INIT_LIST_HEAD(&hn->reaches);
	ida_init(&hn->object_ids);
	xa_init(&hn->numbered);
	hash_init(hn->by_vip);
	hash_init(hn->by_name);
	hash_init(hn->by_follow);
	hash_init(hn->vips);
	hash_init(hn->macs);
	spin_lock_init(&hn->vip_lock);
	seqcount_spinlock_init(&hn->vip_seq, &hn->vip_lock);
	spin_lock_init(&hn->va_lock);
	INIT_DELAYED_WORK(&hn->va_work, hsrp_vaddr_work);
	INIT_DELAYED_WORK(&hn->housekeeping, hsrp_housekeeping);
	return 0;
}

/* Devices are still there: resigns leave, addresses are removed. */
static void __net_exit net_exit(struct net *net)
{
	struct hsrp_net *hn = hsrp_net(net);
	struct hsrp_iface *iface, *next;

	rtnl_lock();
	list_for_each_entry_safe(iface, next, &hn->ifaces, list)
		hsrp_remove_iface(iface);
	hsrp_objects_exit(hn);
	rtnl_unlock();
	/* A packet that is still in a hook looks for the namespace, too. */
	synchronize_net();
	cancel_delayed_work_sync(&hn->housekeeping);
	hsrp_vaddr_finish(hn);
	xa_destroy(&hn->numbered);
	ida_destroy(&hn->object_ids);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct hsrp_net),
};

/*
 * A device came, went or changed its name: interfaces without a device may
 * have found theirs, or wait for another reason now.
 */
static void review_waiting(struct hsrp_net *hn)
{
	struct hsrp_iface *iface;

	list_for_each_entry(iface, &hn->ifaces, list) {
		if (rtnl_dereference(iface->dev))
			continue;
		/*
		 * ESP makes devices in the middle of a transaction, whose end
		 * binds what it has made.
		 */
		if (iface->txn == HSRP_TXN_NEW || iface->txn == HSRP_TXN_VOID)
			continue;
		hsrp_iface_bind(iface);
		hsrp_iface_evaluate(iface);
	}
}

static void rename_iface(struct hsrp_net *hn, struct hsrp_iface *iface,
			 const struct net_device *dev)
{
	struct hsrp_iface *other = hsrp_iface_find(hn, dev->name);

	/* Names are keys: whoever has the device keeps it. */
	if (other && other != iface) {
		pr_warn("vpnha: %s was renamed to %s: the groups that waited for an interface of that name are removed\n",
			iface->name, dev->name);
		hsrp_remove_iface(other);
	}
	strscpy(iface->name, dev->name, sizeof(iface->name));
	hn->generation++;
	hsrp_up->iface_changed(iface);
}

static void tell(struct hsrp_iface *iface, enum vpnha_debug_kind kind)
{
	struct hsrp_debug d = { .kind = kind };

	hsrp_debug_iface(iface, &d);
}

/* With "standby use-bia" it is the groups', too. */
static void new_mac(struct hsrp_iface *iface)
{
	struct hsrp_group *g;
	unsigned long number;
	struct hsrp_ctx ctx;

	if (!iface->use_bia)
		return;
	hsrp_ctx_init(&ctx);
	hsrp_iface_use_macs(iface, &ctx);
	hsrp_tx_flush(&ctx);
	xa_for_each(&iface->groups, number, g) {
		spin_lock_bh(&g->lock);
		hsrp_group_tell(g);
		spin_unlock_bh(&g->lock);
	}
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct hsrp_net *hn = hsrp_net(dev_net(dev));
	struct hsrp_iface *iface;

	/* The loopback device is there before a new namespace has its root. */
	if (!hn)
		return NOTIFY_DONE;
	iface = hsrp_iface_by_dev(hn, dev);
	switch (event) {
	case NETDEV_REGISTER:
		review_waiting(hn);
		hsrp_objects_dev_event(hn, dev, false);
		break;
	case NETDEV_UNREGISTER:
		if (iface)
			hsrp_iface_unbind(iface);
		review_waiting(hn);
		hsrp_objects_dev_event(hn, dev, true);
		break;
	case NETDEV_CHANGENAME:
		if (iface)
			rename_iface(hn, iface, dev);
		review_waiting(hn);
		hsrp_objects_dev_event(hn, dev, false);
		break;
	case NETDEV_CHANGEADDR:
		if (iface)
			new_mac(iface);
		break;
	case NETDEV_GOING_DOWN:
		if (iface) {
			tell(iface, VPNHA_DEBUG_KIND_INTERFACE_GOING_DOWN);
			hsrp_iface_link(iface, true);
		}
		break;
	case NETDEV_UP:
		if (iface) {
			tell(iface, VPNHA_DEBUG_KIND_INTERFACE_COMING_UP);
			hsrp_iface_link(iface, false);
		} else if (hsrp_iface_find(hn, dev->name)) {
			review_waiting(hn);
		}
		hsrp_objects_dev_event(hn, dev, false);
		break;
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		/* When this module goes it is told of a down that is none. */
		if (iface)
			hsrp_iface_link(iface, event == NETDEV_DOWN);
		else if (hsrp_iface_find(hn, dev->name))
			review_waiting(hn);	/* it may do ARP now */
		hsrp_objects_dev_event(hn, dev, false);
		break;
	case NETDEV_CHANGEUPPER:
		if (iface)
			hsrp_iface_master(iface);
		break;
	case NETDEV_BONDING_FAILOVER:
	case NETDEV_NOTIFY_PEERS:
		if (iface)
			hsrp_iface_announce(iface);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_nb = {
	.notifier_call = netdev_event,
};

/* A virtual IP that somebody removed by hand while it is in use comes back. */
static void addr_lost(struct hsrp_iface *iface, const struct in6_addr *addr)
{
	struct hsrp_group *g;

	rcu_read_lock();
	g = hsrp_group_by_vip(iface->hn, addr, iface);
	if (g && READ_ONCE(g->state) == VPNHA_STATE_ACTIVE &&
	    hsrp_vaddr_lost(g, addr))
		hsrp_vaddr_kick(g);
	rcu_read_unlock();
}

static int inetaddr_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct in_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->ifa_dev->dev;
	struct hsrp_net *hn = hsrp_net(dev_net(dev));
	struct hsrp_iface *iface;
	struct in6_addr addr;

	if (!hn)
		return NOTIFY_DONE;
	addr = hsrp_addr4(ifa->ifa_local);
	if (ifa->ifa_proto == VPNHA_IFAPROT) {
		iface = hsrp_iface_by_dev(hn, dev);
		if (iface && event == NETDEV_DOWN)
			addr_lost(iface, &addr);
		return NOTIFY_DONE;
	}
	hsrp_iface_address(hn, dev, &addr);
	hsrp_objects_update(hn);
	return NOTIFY_DONE;
}

static struct notifier_block inetaddr_nb = {
	.notifier_call = inetaddr_event,
};

/**
 * hsrp_set_open() - let requests be served, or refuse them
 * @open: which
 *
 * Context: module initialisation and exit.
 */
void hsrp_set_open(bool open)
{
	rtnl_lock();
	is_open = open;
	rtnl_unlock();
}

/**
 * hsrp_init() - start HSRP in all namespaces
 *
 * Context: module initialisation, with hsrp_up set.
 * Return: 0 or a negative errno.
 */
int hsrp_init(void)
{
	int err;

	err = hsrp_auth_init();
	if (err)
		return err;
	err = register_pernet_device(&net_ops);
	if (err)
		goto err_auth;
	err = register_netdevice_notifier(&netdev_nb);
	if (err)
		goto err_pernet;
	err = register_inetaddr_notifier(&inetaddr_nb);
	if (err)
		goto err_netdev;
	err = hsrp_ipv6_init();
	if (err)
		goto err_inetaddr;
	return 0;

err_inetaddr:
	unregister_inetaddr_notifier(&inetaddr_nb);
err_netdev:
	unregister_netdevice_notifier(&netdev_nb);
err_pernet:
	unregister_pernet_device(&net_ops);
err_auth:
	hsrp_auth_exit();
	return err;
}

/**
 * hsrp_exit() - end HSRP in all namespaces
 *
 * Active groups resign. Context: module exit, when requests are refused.
 */
void hsrp_exit(void)
{
	hsrp_ipv6_exit();
	unregister_inetaddr_notifier(&inetaddr_nb);
	unregister_netdevice_notifier(&netdev_nb);
	unregister_pernet_device(&net_ops);
	hsrp_auth_exit();
}
