// SPDX-License-Identifier: GPL-2.0
/* Reverse route injection in each namespace, and what it hears of devices. */
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/net.h"
#include "rri/rri.h"

static unsigned int net_id __read_mostly;

const struct rri_upcalls *rri_up;

/* ESP is there before and after. */
static bool running __read_mostly;

/**
 * rri_net() - reverse route injection in a namespace
 * @net: namespace
 *
 * Context: any, between rri_init() and rri_exit().
 * Return: NULL only while the namespace is being made.
 */
struct rri_net *rri_net(const struct net *net)
{
	return net_generic(net, net_id);
}

/**
 * rri_kick() - have the routes of a namespace looked at, soon
 * @en: namespace
 *
 * Context: any.
 */
void rri_kick(struct esp_net *en)
{
	struct rri_net *rn;

	rcu_read_lock();
	if (!READ_ONCE(running))
		goto out;
	rn = rri_net(en->net);
	/* The namespace ends the work a grace period after it says so. */
	if (!rn || READ_ONCE(rn->ended))
		goto out;
	WRITE_ONCE(rn->kicked, true);
	mod_delayed_work(vpnha_wq, &rn->work, 0);
out:
	rcu_read_unlock();
}

static int __net_init net_init(struct net *net)
{
	struct rri_net *rn = rri_net(net);

	rn->net = net;
	INIT_DELAYED_WORK(&rn->work, rri_work);
	INIT_LIST_HEAD(&rn->sites);
	INIT_LIST_HEAD(&rn->peers);
	INIT_LIST_HEAD(&rn->claims);
	rn->routes = RB_ROOT;
	spin_lock_init(&rn->lock);
	rn->ops = kcalloc(VPNHA_ROUTE_OPS_MAX, sizeof(*rn->ops), GFP_KERNEL);
	rn->targets = kcalloc(VPNHA_ROUTE_OPS_MAX, sizeof(*rn->targets),
			      GFP_KERNEL);
	if (rn->ops && rn->targets)
		return 0;
	kfree(rn->ops);
	kfree(rn->targets);
	return -ENOMEM;
}

static void __net_exit net_exit(struct net *net)
{
	struct rri_net *rn = rri_net(net);

	WRITE_ONCE(rn->ended, true);
	synchronize_net();
	cancel_delayed_work_sync(&rn->work);
	/* It may have begun to watch just now, and what it hears kicks it. */
	rri_unwatch(rn);
	cancel_delayed_work_sync(&rn->work);
	rri_finish(rn);
	kfree(rn->ops);
	kfree(rn->targets);
}

/* Before the namespace's devices go, and before ESP's part of it does. */
static struct pernet_operations net_ops = {
	.init = net_init,
	.exit = net_exit,
	.id = &net_id,
	.size = sizeof(struct rri_net),
};

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct rri_net *rn = rri_net(dev_net(dev));

	if (!rn || list_empty(&rn->sites))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_DOWN:
	case NETDEV_UNREGISTER:
		rri_lose_device(rn, dev->ifindex);
		fallthrough;
	case NETDEV_UP:
	case NETDEV_CHANGE:
	case NETDEV_CHANGEUPPER:
	case NETDEV_CHANGENAME:
		rri_kick(esp_net(dev_net(dev)));
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_nb = {
	.notifier_call = netdev_event,
	/* Behind those who flush the routes of a device that goes down. */
	.priority = -10,
};

/**
 * rri_init() - start reverse route injection in all namespaces
 *
 * Context: module initialisation, with rri_up set, after esp_init().
 * Return: 0 or a negative errno.
 */
int rri_init(void)
{
	int err;

	err = register_pernet_device(&net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&netdev_nb);
	if (err) {
		unregister_pernet_device(&net_ops);
		return err;
	}
	WRITE_ONCE(running, true);
	return 0;
}

/**
 * rri_exit() - end reverse route injection: no route is left
 *
 * Context: module exit, before esp_exit().
 */
void rri_exit(void)
{
	WRITE_ONCE(running, false);
	/* Whoever kicks has done so by then. */
	synchronize_net();
	unregister_netdevice_notifier(&netdev_nb);
	unregister_pernet_device(&net_ops);
}
