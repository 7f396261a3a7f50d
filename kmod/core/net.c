// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/net.h"
#include "core/rtnl.h"

static unsigned int net_id __read_mostly;

struct workqueue_struct *vpnha_wq;

/**
 * vpnha_net() - root of a namespace
 * @net: namespace
 *
 * Context: any. Return: the root, never NULL while the module is initialised.
 */
struct vpnha_net *vpnha_net(const struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init root_init(struct net *net)
{
	struct vpnha_net *vn = vpnha_net(net);

	vn->rtnl = vpnha_rtnl_create(net);
	return PTR_ERR_OR_ZERO(vn->rtnl);
}

static void __net_exit root_exit(struct net *net)
{
	vpnha_rtnl_destroy(vpnha_net(net)->rtnl);
}

/*
 * A device operation, not a subsystem's: namespaces leave these in reverse
 * order and before their devices go, so that the parts above can still send
 * and clean up behind themselves.
 */
static struct pernet_operations root_ops = {
	.init = root_init,
	.exit = root_exit,
	.id = &net_id,
	.size = sizeof(struct vpnha_net),
};

/**
 * vpnha_net_init() - set up the root of every namespace
 *
 * Context: module initialisation. Return: 0 or a negative errno.
 */
int vpnha_net_init(void)
{
	int err;

	/* The virtual address decides an outage: never behind other work. */
	vpnha_wq = alloc_workqueue("vpnha", WQ_HIGHPRI | WQ_MEM_RECLAIM, 0);
	if (!vpnha_wq)
		return -ENOMEM;

	err = register_pernet_device(&root_ops);
	if (err)
		destroy_workqueue(vpnha_wq);
	return err;
}

/**
 * vpnha_net_exit() - undo vpnha_net_init()
 *
 * Context: module exit, when nothing above is registered any more.
 */
void vpnha_net_exit(void)
{
	unregister_pernet_device(&root_ops);
	destroy_workqueue(vpnha_wq);
}
