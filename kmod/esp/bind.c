// SPDX-License-Identifier: GPL-2.0
/*
 * A crypto map on an interface: its tunnel device, its hook on the interface,
 * its endpoint.
 */
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>

#include "core/rtnl.h"
#include "esp/config.h"
#include "esp/upcall.h"
#include "hsrp/hsrp.h"

/* Behind HSRP, which makes frames to the virtual MAC address ours. */
#define INGRESS_PRIORITY	100

/**
 * esp_bind_find() - find the binding of an interface
 * @en: namespace
 * @ifname: name of the interface
 *
 * Context: RTNL. Return: the binding or NULL.
 */
struct esp_bind *esp_bind_find(struct esp_net *en, const char *ifname)
{
	struct esp_bind *bind;

	list_for_each_entry(bind, &en->binds, list)
		if (!strcmp(bind->ifname, ifname))
			return bind;
	return NULL;
}

/**
 * esp_bind_by_dev() - find the binding of a device
 * @en: namespace
 * @dev: device
 *
 * Context: RCU or RTNL. Return: the binding or NULL.
 */
struct esp_bind *esp_bind_by_dev(struct esp_net *en,
				 const struct net_device *dev)
{
	struct esp_bind *bind;

	list_for_each_entry_rcu(bind, &en->binds, list,
				lockdep_rtnl_is_held())
		if (rcu_access_pointer(bind->dev) == dev)
			return bind;
	return NULL;
}

/**
 * esp_bind_attach() - take up the interface, if it is there
 * @bind: binding
 *
 * Context: RTNL.
 */
void esp_bind_attach(struct esp_bind *bind)
{
	struct net_device *dev;

	if (rtnl_dereference(bind->dev))
		return;
	dev = __dev_get_by_name(bind->en->net, bind->ifname);
	if (!dev || dev == bind->vdev ||
	    dev->reg_state != NETREG_REGISTERED)
		return;
	bind->hook = (struct nf_hook_ops){
		.hook = esp_hook_ingress,
		.dev = dev,
		.priv = bind,
		.pf = NFPROTO_NETDEV,
		.hooknum = NF_NETDEV_INGRESS,
		.priority = INGRESS_PRIORITY,
	};
	if (nf_register_net_hook(bind->en->net, &bind->hook))
		return;
	bind->hooked = true;
	netdev_hold(dev, &bind->tracker, GFP_KERNEL);
	rcu_assign_pointer(bind->dev, dev);
	bind->mtu = 0;
	esp_bind_set_mtu(bind);
}

/**
 * esp_bind_detach() - let go of the interface
 * @bind: binding
 *
 * Context: RTNL.
 */
void esp_bind_detach(struct esp_bind *bind)
{
	struct net_device *dev = rtnl_dereference(bind->dev);

	if (!dev)
		return;
	nf_unregister_net_hook(bind->en->net, &bind->hook);
	bind->hooked = false;
	RCU_INIT_POINTER(bind->dev, NULL);
	/* Routes that they have lead out of it. */
	esp_hold_purge(bind);
	netdev_put(dev, &bind->tracker);
}

/**
 * esp_bind_create() - make a binding, without a policy yet
 * @en: namespace
 * @ifname: name of the interface, which need not exist
 *
 * Context: RTNL. Return: the binding or an ERR_PTR.
 */
struct esp_bind *esp_bind_create(struct esp_net *en, const char *ifname)
{
	struct esp_bind *bind = kzalloc(sizeof(*bind), GFP_KERNEL_ACCOUNT);
	struct net_device *vdev;

	if (!bind)
		return ERR_PTR(-ENOMEM);
	bind->en = en;
	strscpy(bind->ifname, ifname, sizeof(bind->ifname));
	INIT_LIST_HEAD(&bind->entries);
	bind->fresh = true;
	vdev = esp_vdev_create(bind);
	if (IS_ERR(vdev)) {
		kfree(bind);
		return ERR_CAST(vdev);
	}
	bind->vdev = vdev;
	list_add_tail_rcu(&bind->list, &en->binds);
	esp_bind_attach(bind);
	return bind;
}

/**
 * esp_bind_destroy() - remove a binding, its SAs and its tunnel device
 * @bind: binding
 *
 * Context: RTNL, process.
 */
void esp_bind_destroy(struct esp_bind *bind)
{
	struct esp_vdev *v = netdev_priv(bind->vdev);

	esp_bind_detach(bind);
	list_del_rcu(&bind->list);
	RCU_INIT_POINTER(v->bind, NULL);
	esp_policy_clear(bind);
	/* Waits for all who still have the binding in their hands. */
	synchronize_net();
	unregister_netdevice(bind->vdev);
	kfree(bind);
}

static void primary_addr4(struct net_device *dev, struct esp_addr *a)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return;
	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		if (ifa->ifa_flags & IFA_F_SECONDARY ||
		    ifa->ifa_proto == VPNHA_IFAPROT ||
		    ifa->ifa_scope > RT_SCOPE_UNIVERSE)
			continue;
		a->family = AF_INET;
		a->ip[0] = ifa->ifa_local;
		return;
	}
}

static void primary_addr6(struct net_device *dev, struct esp_addr *a)
{
	struct inet6_dev *in6_dev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifa;

	if (!in6_dev)
		return;
	read_lock_bh(&in6_dev->lock);
	list_for_each_entry(ifa, &in6_dev->addr_list, if_list) {
		if (ifa->flags & (IFA_F_TENTATIVE | IFA_F_DEPRECATED |
				  IFA_F_TEMPORARY) ||
		    ifa->scope & IFA_LINK)
			continue;
		a->family = AF_INET6;
		memcpy(a->ip, &ifa->addr, sizeof(a->ip));
		break;
	}
	read_unlock_bh(&in6_dev->lock);
}

/* The virtual IP, which packets may teach a group, or its first global one. */
static void group_addr(struct hsrp_group *g, struct esp_addr *a)
{
	spin_lock_bh(&g->lock);
	if (!g->cfg.ipv6) {
		a[0].ip[0] = hsrp_addr_ip4(&g->vip);
		a[0].family = a[0].ip[0] ? AF_INET : 0;
	} else if (g->cfg.n_secondary) {
		memcpy(a[1].ip, &g->cfg.secondary[0], sizeof(a[1].ip));
		a[1].family = AF_INET6;
	}
	spin_unlock_bh(&g->lock);
}

/**
 * esp_bind_locate() - find out where the local endpoint is
 * @bind: binding; its next_local is filled
 * @redundancy: name of the standby group, may be empty
 *
 * Context: RTNL.
 */
void esp_bind_locate(struct esp_bind *bind, const char *redundancy)
{
	struct net_device *dev = rtnl_dereference(bind->dev);
	struct hsrp_group *g;

	memset(bind->next_local, 0, sizeof(bind->next_local));
	if (redundancy[0]) {
		g = hsrp_group_by_name(hsrp_net(bind->en->net), redundancy);
		bind->grouped = g;
		if (g)
			group_addr(g, bind->next_local);
	} else if (dev) {
		primary_addr4(dev, &bind->next_local[0]);
		primary_addr6(dev, &bind->next_local[1]);
	}
}

static void set_local(struct esp_addr *local, const struct esp_addr *next)
{
	if (esp_addr_equal(local, next))
		return;
	/* Packets that look now find no endpoint rather than half of one. */
	WRITE_ONCE(local->family, 0);
	/* Pairs with the order in which is_endpoint() and the like read. */
	smp_wmb();
	memcpy(local->ip, next->ip, sizeof(local->ip));
	/* Likewise. */
	smp_wmb();
	WRITE_ONCE(local->family, next->family);
}

static void set_role(struct esp_bind *bind, bool active)
{
	spin_lock_bh(&bind->en->role_lock);
	WRITE_ONCE(bind->active, active);
	spin_unlock_bh(&bind->en->role_lock);
}

/**
 * esp_bind_settle() - let the endpoint found take effect, and the role
 * @bind: binding
 *
 * Context: RTNL.
 */
void esp_bind_settle(struct esp_bind *bind)
{
	struct hsrp_group *g = NULL;

	set_local(&bind->local[0], &bind->next_local[0]);
	set_local(&bind->local[1], &bind->next_local[1]);
	if (bind->redundancy[0])
		g = hsrp_group_by_name(hsrp_net(bind->en->net),
				       bind->redundancy);
	if (!g) {
		set_role(bind, !bind->redundancy[0]);
		return;
	}
	/* The group must not change its mind in between. */
	spin_lock_bh(&g->lock);
	set_role(bind, g->state == VPNHA_STATE_ACTIVE);
	spin_unlock_bh(&g->lock);
}

/**
 * esp_bind_group() - which standby group is a binding to follow?
 * @bind: binding
 * @b: its configuration
 *
 * One that has lost its group does without until the map is applied again.
 * Context: RTNL. Return: name of the group, empty for none.
 */
const char *esp_bind_group(const struct esp_bind *bind,
			   const struct esp_binding *b)
{
	return bind->adrift && bind->applied == b->applied ? "" : b->redundancy;
}

/**
 * esp_bind_follow() - follow the standby group that is configured
 * @bind: binding
 * @b: its configuration
 *
 * Context: RTNL and esp_net.role_lock.
 */
void esp_bind_follow(struct esp_bind *bind, const struct esp_binding *b)
{
	strscpy(bind->redundancy, esp_bind_group(bind, b),
		sizeof(bind->redundancy));
	if (bind->applied == b->applied)
		return;
	bind->applied = b->applied;
	bind->attached = false;
	bind->adrift = false;
}

/**
 * esp_bind_drift() - has the standby group of a binding gone?
 * @bind: binding; follows none any more if so
 *
 * Context: RTNL. Return: it has, just now.
 */
bool esp_bind_drift(struct esp_bind *bind)
{
	const struct hsrp_group *g;

	if (!bind->redundancy[0])
		return false;
	g = hsrp_group_by_name(hsrp_net(bind->en->net), bind->redundancy);
	if (g && g->cfg.enabled) {
		bind->attached = true;
		return false;
	}
	/* One that is yet to come is waited for. */
	if (!bind->attached)
		return false;
	pr_warn("vpnha: %s: standby group %s is gone: crypto map %s uses the interface's own address until it is applied again\n",
		bind->ifname, bind->redundancy, bind->map);
	bind->adrift = true;
	spin_lock_bh(&bind->en->role_lock);
	bind->redundancy[0] = 0;
	spin_unlock_bh(&bind->en->role_lock);
	return true;
}

/**
 * esp_bind_problem() - why does a binding not work?
 * @bind: binding
 *
 * Context: RTNL. Return: the reason, or that there is none.
 */
enum vpnha_binding_problem esp_bind_problem(struct esp_bind *bind)
{
	struct esp_object *o = esp_object_from(bind->en, ESP_MAP, bind->map, 0);

	if (!rtnl_dereference(bind->dev))
		return __dev_get_by_name(bind->en->net, bind->ifname) ?
		       VPNHA_BINDING_PROBLEM_NO_RESOURCES :
		       VPNHA_BINDING_PROBLEM_INTERFACE_ABSENT;
	if (!o || strcmp(o->name, bind->map))
		return VPNHA_BINDING_PROBLEM_NO_MAP;
	if (bind->redundancy[0] && !bind->grouped)
		return VPNHA_BINDING_PROBLEM_NO_GROUP;
	if (!bind->local[0].family && !bind->local[1].family)
		return VPNHA_BINDING_PROBLEM_NO_ADDRESS;
	if (bind->adrift)
		return VPNHA_BINDING_PROBLEM_GROUP_GONE;
	return VPNHA_BINDING_PROBLEM_NONE;
}

/**
 * esp_bind_tell() - tell what has become of a binding without a request
 * @bind: binding
 *
 * Context: RTNL.
 */
void esp_bind_tell(struct esp_bind *bind)
{
	const struct net_device *dev = rtnl_dereference(bind->dev);
	struct esp_bind_told now;
	struct esp_object *o;

	memset(&now, 0, sizeof(now));
	now.active = READ_ONCE(bind->active);
	now.ifindex = dev ? dev->ifindex : 0;
	now.problem = esp_bind_problem(bind);
	memcpy(now.local, bind->local, sizeof(now.local));
	if (!memcmp(&now, &bind->told, sizeof(now)))
		return;
	memcpy(&bind->told, &now, sizeof(now));
	o = esp_object_find(bind->en, ESP_BINDING, bind->ifname, 0);
	if (o)
		esp_up->object(bind->en, o, false);
}
