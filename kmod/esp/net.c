// SPDX-License-Identifier: GPL-2.0
/* ESP in each namespace: its root, and what it hears of devices. */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/rtnetlink.h>

#include "core/net.h"
#include "esp/config.h"
#include "esp/upcall.h"

static unsigned int net_id __read_mostly;

const struct esp_upcalls *esp_up;

/* HSRP is there before and after. */
bool esp_running __read_mostly;

/**
 * esp_net() - ESP in a namespace
 * @net: namespace
 *
 * Context: any, between esp_init() and esp_exit().
 * Return: NULL only while the namespace is being made.
 */
struct esp_net *esp_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init net_init(struct net *net)
{
	struct esp_net *en = esp_net(net);
	int err;

	en->net = net;
	INIT_LIST_HEAD(&en->binds);
	spin_lock_init(&en->role_lock);
	INIT_WORK(&en->refresh, esp_refresh_work);
	esp_hold_net_init(en);
	en->drops = alloc_percpu(struct esp_drops);
	if (!en->drops)
		return -ENOMEM;
	err = esp_sa_net_init(en);
	if (err)
		free_percpu(en->drops);
	return err;
}

static void __net_exit net_exit(struct net *net)
{
	struct esp_net *en = esp_net(net);
	struct esp_bind *bind, *next;

	rtnl_lock();
	list_for_each_entry_safe(bind, next, &en->binds, list)
		esp_bind_destroy(bind);
	esp_hooks_del(en);
	esp_objects_clear(en);
	rtnl_unlock();
	/*
	 * The namespace's devices outlast us and bring ESP in until they go;
	 * and a packet may be in a hook that is gone.
	 */
	WRITE_ONCE(en->ended, true);
	synchronize_net();
	cancel_work_sync(&en->refresh);
	esp_hold_net_exit(en);
	esp_sa_net_exit(en);
	free_percpu(en->drops);
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct esp_net),
};

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct esp_net *en = esp_net(dev_net(dev));
	struct esp_bind *bind;

	if (!en || list_empty(&en->binds))
		return NOTIFY_DONE;
	bind = esp_bind_by_dev(en, dev);
	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_UP:
	case NETDEV_CHANGENAME:
		if (bind && strcmp(bind->ifname, dev->name))
			esp_bind_detach(bind);
		queue_work(vpnha_wq, &en->refresh);
		break;
	case NETDEV_UNREGISTER:
		if (bind)
			esp_bind_detach(bind);
		queue_work(vpnha_wq, &en->refresh);
		break;
	case NETDEV_CHANGEMTU:
		if (bind)
			esp_bind_set_mtu(bind);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_nb = {
	.notifier_call = netdev_event,
};

static int addr_event(struct net *net)
{
	struct esp_net *en = esp_net(net);

	if (en && !list_empty(&en->binds))
		queue_work(vpnha_wq, &en->refresh);
	return NOTIFY_DONE;
}

static int inetaddr_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct in_ifaddr *ifa = ptr;

	return addr_event(dev_net(ifa->ifa_dev->dev));
}

static struct notifier_block inetaddr_nb = {
	.notifier_call = inetaddr_event,
};

static int inet6addr_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	struct inet6_ifaddr *ifa = ptr;

	return addr_event(dev_net(ifa->idev->dev));
}

static struct notifier_block inet6addr_nb = {
	.notifier_call = inet6addr_event,
};

/**
 * esp_init() - start ESP in all namespaces
 *
 * Context: module initialisation, with esp_up set, after hsrp_init().
 * Return: 0 or a negative errno.
 */
int esp_init(void)
{
	int err;

	err = esp_crypt_init();
	if (err)
		return err;
	err = rtnl_link_register(&esp_link_ops);
	if (err)
		goto err_crypt;
	err = register_pernet_device(&net_ops);
	if (err)
		goto err_link;
	err = register_netdevice_notifier(&netdev_nb);
	if (err)
		goto err_pernet;
	err = register_inetaddr_notifier(&inetaddr_nb);
	if (err)
		goto err_netdev;
	err = register_inet6addr_notifier(&inet6addr_nb);
	if (err)
		goto err_inetaddr;
	err = esp_proto_init();
	if (err)
		goto err_inet6addr;
	WRITE_ONCE(esp_running, true);
	return 0;

err_inet6addr:
	unregister_inet6addr_notifier(&inet6addr_nb);
err_inetaddr:
	unregister_inetaddr_notifier(&inetaddr_nb);
err_netdev:
	unregister_netdevice_notifier(&netdev_nb);
err_pernet:
	unregister_pernet_device(&net_ops);
err_link:
	rtnl_link_unregister(&esp_link_ops);
err_crypt:
	esp_crypt_exit();
	return err;
}

/**
 * esp_exit() - end ESP in all namespaces
 *
 * Context: module exit, before hsrp_exit().
 */
void esp_exit(void)
{
	WRITE_ONCE(esp_running, false);
	/* Who was told of a group's role has done so by then. */
	synchronize_net();
	esp_proto_exit();
	unregister_inet6addr_notifier(&inet6addr_nb);
	unregister_inetaddr_notifier(&inetaddr_nb);
	unregister_netdevice_notifier(&netdev_nb);
	unregister_pernet_device(&net_ops);
	rtnl_link_unregister(&esp_link_ops);
	rcu_barrier();
	flush_workqueue(vpnha_wq);
	esp_crypt_exit();
}
