// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual IP as an address of the interface. A group that becomes active
 * or ceases to be only puts itself on a list; the work item compares what each
 * group on it has with what its state asks for. So it does not matter how
 * often, or in which order, a group was put there.
 */
#include "core/net.h"
#include "core/rtnl.h"
#include "hsrp/upcall.h"

#define RETRY		HZ

static void enlist(struct hsrp_group *g)
{
	struct hsrp_net *hn = g->iface->hn;

	spin_lock_bh(&hn->va_lock);
	if (list_empty(&g->va_node)) {
		kref_get(&g->ref);
		list_add_tail(&g->va_node, &hn->va_list);
	}
	spin_unlock_bh(&hn->va_lock);
}

/**
 * hsrp_vaddr_kick() - have the virtual address of a group put or removed
 * @g: group
 *
 * Context: any.
 */
void hsrp_vaddr_kick(struct hsrp_group *g)
{
	enlist(g);
	mod_delayed_work(vpnha_wq, &g->iface->hn->va_work, 0);
}

static struct hsrp_group *pop(struct hsrp_net *hn, struct list_head *list)
{
	struct hsrp_group *g;

	spin_lock_bh(&hn->va_lock);
	g = list_first_entry_or_null(list, struct hsrp_group, va_node);
	if (g)
		list_del_init(&g->va_node);
	spin_unlock_bh(&hn->va_lock);
	return g;
}

static void tell_error(struct hsrp_group *g, __be32 addr, int err)
{
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_ADDRESS_ERROR,
		.mask = HSRP_D(VIP) | HSRP_D(ERROR),
		.vip = addr,
		.error = err,
	};

	hsrp_debug_group(g, &d);
	net_warn_ratelimited("vpnha: %s group %u: virtual IP %pI4: error %d, trying again\n",
			     g->iface->name, g->number, &addr, err);
}

static void wanted(struct hsrp_group *g, __be32 *addr, int *ifindex)
{
	const struct net_device *dev;

	*addr = 0;
	*ifindex = 0;
	spin_lock_bh(&g->lock);
	rcu_read_lock();
	dev = rcu_dereference(g->iface->dev);
	if (dev && !g->dead && g->state == VPNHA_STATE_ACTIVE) {
		*addr = g->vip;
		*ifindex = dev->ifindex;
	}
	rcu_read_unlock();
	spin_unlock_bh(&g->lock);
}

/* Return: false when it has to be tried again. */
static bool reconcile(struct hsrp_net *hn, struct hsrp_group *g)
{
	struct vpnha_rtnl *rtnl = vpnha_net(hn->net)->rtnl;
	int ifindex, err;
	__be32 addr;

	wanted(g, &addr, &ifindex);
	if (g->va_have && (g->va_have != addr || g->va_ifindex != ifindex)) {
		err = vpnha_rtnl_addr_del(rtnl, g->va_ifindex, g->va_have);
		/* The administrator or the device's end may have been faster. */
		if (err && err != -EADDRNOTAVAIL && err != -ENODEV) {
			tell_error(g, g->va_have, err);
			return false;
		}
		WRITE_ONCE(g->va_have, 0);
	}
	if (!addr || g->va_have)
		return true;

	/*
	 * Ours from before it is there: notifiers and the ARP hook run while
	 * it is being put.
	 */
	g->va_ifindex = ifindex;
	WRITE_ONCE(g->va_have, addr);
	err = vpnha_rtnl_addr_add(rtnl, ifindex, addr);
	if (!err)
		return true;
	WRITE_ONCE(g->va_have, 0);
	if (err == -ENODEV)
		return true;
	tell_error(g, addr, err);
	return false;
}

/**
 * hsrp_vaddr_work() - work off the groups that were kicked
 * @work: hsrp_net.va_work
 *
 * Context: work item; takes RTNL by way of rtnetlink.
 */
void hsrp_vaddr_work(struct work_struct *work)
{
	struct hsrp_net *hn = container_of(to_delayed_work(work),
					   struct hsrp_net, va_work);
	struct hsrp_group *g;
	bool again = false;
	LIST_HEAD(todo);

	spin_lock_bh(&hn->va_lock);
	list_splice_init(&hn->va_list, &todo);
	spin_unlock_bh(&hn->va_lock);

	while ((g = pop(hn, &todo))) {
		if (!reconcile(hn, g)) {
			enlist(g);
			again = true;
		}
		hsrp_group_put(g);
	}
	if (again)
		queue_delayed_work(vpnha_wq, &hn->va_work, RETRY);
}

/**
 * hsrp_vaddr_finish() - remove the virtual addresses that are left
 * @hn: namespace that has no groups any more
 *
 * What the kernel refuses to remove even now goes with the namespace's
 * devices. Context: process, without RTNL.
 */
void hsrp_vaddr_finish(struct hsrp_net *hn)
{
	struct hsrp_group *g;

	flush_delayed_work(&hn->va_work);
	cancel_delayed_work_sync(&hn->va_work);
	while ((g = pop(hn, &hn->va_list)))
		hsrp_group_put(g);
}
