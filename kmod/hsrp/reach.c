// SPDX-License-Identifier: GPL-2.0
/* Whether there is a route of a prefix, as the routing table tells of it. */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/fib_notifier.h>
#include <net/ip_fib.h>

#include "core/net.h"
#include "hsrp/object.h"

/**
 * struct hsrp_reach - a route that is watched
 * @nb: told by the routing table
 * @hn: namespace
 * @list: in hsrp_net.reaches; RTNL
 * @prefix: destination, host byte order
 * @prefix_len: length of @prefix in bits
 * @present: there is one; written by @nb
 * @known: @nb has been told of all there is; RTNL
 * @busy: @nb is being registered; RTNL
 * @dead: whoever registers @nb is to free it; RTNL
 */
struct hsrp_reach {
	struct notifier_block nb;
	struct hsrp_net *hn;
	struct list_head list;
	u32 prefix;
	u8 prefix_len;
	bool present;
	bool known;
	bool busy;
	bool dead;
};

/* Those that say that there is no way are none. */
static bool leads_somewhere(u8 type)
{
	return type == RTN_UNICAST || type == RTN_LOCAL;
}

/* Of several routes of a prefix it is told of the best; context: any. */
static int reach_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	struct hsrp_reach *reach = container_of(nb, struct hsrp_reach, nb);
	const struct fib_notifier_info *info = ptr;
	const struct fib_entry_notifier_info *entry;
	bool present;

	if (info->family != AF_INET || (event != FIB_EVENT_ENTRY_REPLACE &&
					event != FIB_EVENT_ENTRY_DEL))
		return NOTIFY_DONE;
	entry = container_of(info, struct fib_entry_notifier_info, info);
	if (entry->dst != reach->prefix || entry->dst_len != reach->prefix_len ||
	    entry->tb_id != RT_TABLE_MAIN)
		return NOTIFY_DONE;
	present = event == FIB_EVENT_ENTRY_REPLACE &&
		  leads_somewhere(entry->type);
	if (READ_ONCE(reach->present) != present) {
		WRITE_ONCE(reach->present, present);
		mod_delayed_work(vpnha_wq, &reach->hn->housekeeping, 0);
	}
	return NOTIFY_DONE;
}

/* The table changed while it was read: it is read again. */
static void reach_again(struct notifier_block *nb)
{
	struct hsrp_reach *reach = container_of(nb, struct hsrp_reach, nb);

	WRITE_ONCE(reach->present, false);
}

/**
 * hsrp_reach_alloc() - watch a route
 * @hn: namespace
 * @prefix: destination, network byte order
 * @prefix_len: its length in bits
 *
 * The housekeeping begins with it: the table has its own use for RTNL.
 * Context: RTNL. Return: what hsrp_reach_free() ends, or NULL.
 */
struct hsrp_reach *hsrp_reach_alloc(struct hsrp_net *hn, __be32 prefix,
				    u8 prefix_len)
{
	struct hsrp_reach *reach = kzalloc(sizeof(*reach), GFP_KERNEL);

	if (!reach)
		return NULL;
	reach->nb.notifier_call = reach_event;
	reach->hn = hn;
	reach->prefix = ntohl(prefix);
	reach->prefix_len = prefix_len;
	list_add_tail(&reach->list, &hn->reaches);
	return reach;
}

/**
 * hsrp_reach_free() - watch a route no longer
 * @reach: of hsrp_reach_alloc(), or NULL
 *
 * Context: RTNL.
 */
void hsrp_reach_free(struct hsrp_reach *reach)
{
	if (!reach)
		return;
	list_del(&reach->list);
	if (reach->busy) {
		reach->dead = true;
		return;
	}
	if (reach->known)
		unregister_fib_notifier(reach->hn->net, &reach->nb);
	kfree(reach);
}

/**
 * hsrp_reach_is_known() - has the table been looked at?
 * @reach: the route
 *
 * Context: RTNL. Return: whether it has.
 */
bool hsrp_reach_is_known(const struct hsrp_reach *reach)
{
	return reach->known;
}

/**
 * hsrp_reach_is_up() - is there such a route?
 * @reach: the route
 *
 * Context: any. Return: whether there is.
 */
bool hsrp_reach_is_up(const struct hsrp_reach *reach)
{
	return READ_ONCE(reach->present);
}

static struct hsrp_reach *first_unknown(struct hsrp_net *hn)
{
	struct hsrp_reach *reach;

	list_for_each_entry(reach, &hn->reaches, list)
		if (!reach->known)
			return reach;
	return NULL;
}

/**
 * hsrp_reach_listen() - begin to watch what is to be watched
 * @hn: namespace
 *
 * Context: work item of the housekeeping, without RTNL, which the routing
 * table may take. Return: false when it has to be tried again.
 */
bool hsrp_reach_listen(struct hsrp_net *hn)
{
	struct hsrp_reach *reach;
	int err = 0;

	rtnl_lock();
	while (!err && (reach = first_unknown(hn))) {
		reach->busy = true;
		rtnl_unlock();
		err = register_fib_notifier(hn->net, &reach->nb, reach_again,
					    NULL);
		rtnl_lock();
		reach->busy = false;
		reach->known = !err;
		if (reach->dead) {
			if (reach->known)
				unregister_fib_notifier(hn->net, &reach->nb);
			kfree(reach);
		}
	}
	rtnl_unlock();
	return !err;
}
