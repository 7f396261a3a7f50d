// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual IPs as addresses of the interface. A group that becomes active
 * or ceases to be only puts itself on a list; the work item compares what each
 * group on it has with what its state asks for. So it does not matter how
 * often, or in which order, a group was put there.
 */
#include "core/net.h"
#include "core/rtnl.h"
#include "core/sockaddr.h"
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
 * hsrp_vaddr_kick() - have the virtual addresses of a group put or removed
 * @g: group
 *
 * Context: any.
 */
void hsrp_vaddr_kick(struct hsrp_group *g)
{
	enlist(g);
	mod_delayed_work(vpnha_wq, &g->iface->hn->va_work, 0);
}

static int find(const struct hsrp_vaddr *list, const struct in6_addr *addr)
{
	int i;

	for (i = 0; i < HSRP_VIPS_MAX; i++)
		if (hsrp_addr_equal(&list[i].addr, addr))
			return i;
	return -1;
}

static const struct hsrp_vaddr none;

/* Return: whether there was one to replace. */
static bool replace(struct hsrp_group *g, const struct in6_addr *addr,
		    const struct hsrp_vaddr *by)
{
	int i;

	spin_lock_bh(&g->iface->hn->va_lock);
	i = find(g->va_have, addr);
	if (i >= 0)
		g->va_have[i] = *by;
	spin_unlock_bh(&g->iface->hn->va_lock);
	return i >= 0;
}

/**
 * hsrp_vaddr_has() - has a group put an address on an interface?
 * @g: group
 * @addr: address
 *
 * Context: any. Return: true also while it is being put there.
 */
bool hsrp_vaddr_has(struct hsrp_group *g, const struct in6_addr *addr)
{
	bool has;

	spin_lock_bh(&g->iface->hn->va_lock);
	has = find(g->va_have, addr) >= 0;
	spin_unlock_bh(&g->iface->hn->va_lock);
	return has;
}

/**
 * hsrp_vaddr_lost() - an address has gone that a group may have put there
 * @g: group
 * @addr: address
 *
 * Context: RTNL. Return: true when it was that group's.
 */
bool hsrp_vaddr_lost(struct hsrp_group *g, const struct in6_addr *addr)
{
	return replace(g, addr, &none);
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

static void tell_error(struct hsrp_group *g, const struct in6_addr *addr,
		       int err)
{
	const union vpnha_sockaddr vip = vpnha_sockaddr(addr);
	struct hsrp_debug d = {
		.kind = VPNHA_DEBUG_KIND_ADDRESS_ERROR,
		.mask = HSRP_D(VIP) | HSRP_D(ERROR),
		.vip = *addr,
		.error = err,
	};

	hsrp_debug_group(g, &d);
	net_warn_ratelimited("vpnha: %s group %u: virtual IP %pISc: error %d, trying again\n",
			     g->iface->name, g->number, &vip, err);
}

static void wanted(struct hsrp_group *g, struct hsrp_vaddr *want, int *ifindex)
{
	const struct net_device *dev;
	int i;

	memset(want, 0, HSRP_VIPS_MAX * sizeof(*want));
	*ifindex = 0;
	spin_lock_bh(&g->lock);
	rcu_read_lock();
	dev = rcu_dereference(g->iface->dev);
	if (dev && !g->dead && g->state == VPNHA_STATE_ACTIVE) {
		for (i = 0; i < HSRP_VIPS_MAX; i++) {
			want[i].addr = g->vips[i].addr;
			want[i].plen = i && g->cfg.ipv6 ?
				       g->cfg.plens[i - 1] : HSRP_HOST_PLEN;
		}
		*ifindex = dev->ifindex;
	}
	rcu_read_unlock();
	spin_unlock_bh(&g->lock);
}

/* Return: false when it has to be tried again. */
static bool put(struct vpnha_rtnl *rtnl, struct hsrp_group *g,
		const struct hsrp_vaddr *va)
{
	int err;

	/*
	 * Ours from before it is there: notifiers and the ARP hook run while
	 * it is being put.
	 */
	replace(g, &none.addr, va);
	err = vpnha_rtnl_addr_add(rtnl, g->va_ifindex, &va->addr, va->plen);
	if (!err)
		return true;
	replace(g, &va->addr, &none);
	if (err == -ENODEV)
		return true;
	tell_error(g, &va->addr, err);
	return false;
}

static bool remove(struct vpnha_rtnl *rtnl, struct hsrp_group *g,
		   const struct hsrp_vaddr *va)
{
	int err;

	if (hsrp_addr_any(&va->addr))
		return true;
	err = vpnha_rtnl_addr_del(rtnl, g->va_ifindex, &va->addr, va->plen);
	/* The administrator or the device's end may have been faster. */
	if (err && err != -EADDRNOTAVAIL && err != -ENODEV) {
		tell_error(g, &va->addr, err);
		return false;
	}
	replace(g, &va->addr, &none);
	return true;
}

static bool is_wanted(const struct hsrp_vaddr *want, const struct hsrp_vaddr *va)
{
	int i = find(want, &va->addr);

	return i >= 0 && want[i].plen == va->plen;
}

static bool reconcile(struct hsrp_net *hn, struct hsrp_group *g)
{
	struct vpnha_rtnl *rtnl = vpnha_net(hn->net)->rtnl;
	struct hsrp_vaddr want[HSRP_VIPS_MAX], have[HSRP_VIPS_MAX];
	bool done = true;
	int ifindex, i;

	wanted(g, want, &ifindex);
	spin_lock_bh(&hn->va_lock);
	memcpy(have, g->va_have, sizeof(have));
	spin_unlock_bh(&hn->va_lock);
	for (i = 0; i < HSRP_VIPS_MAX; i++)
		if (g->va_ifindex != ifindex || !is_wanted(want, &have[i]))
			done &= remove(rtnl, g, &have[i]);
	/* One that stays where it was keeps its place, and its interface. */
	if (!done)
		return false;
	g->va_ifindex = ifindex;
	for (i = 0; i < HSRP_VIPS_MAX; i++)
		if (!hsrp_addr_any(&want[i].addr) &&
		    !hsrp_vaddr_has(g, &want[i].addr))
			done &= put(rtnl, g, &want[i]);
	return done;
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
