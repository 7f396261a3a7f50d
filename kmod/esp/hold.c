// SPDX-License-Identifier: GPL-2.0
/*
 * Packets that wait until the keying daemon has made an SA for them: a few of
 * each entry, so that what sets up a connection gets through at once. They keep
 * their routes, but no device, socket or namespace waits for them: they go when
 * the binding loses its device, when the entry goes, with the role, and after
 * a time.
 */
#include <linux/rtnetlink.h>
#include <net/dst.h>

#include "esp/upcall.h"

#define HOLD_TIME		(30 * HZ)
#define HOLD_ENTRY_MAX		16
#define HOLD_NET_MAX		1024
#define HOLD_NET_BYTES		(4U << 20)	/* memory, not payload */

/**
 * struct held - what is kept of a packet while it waits
 * @list: in esp_entry.held
 * @entry: entry that protects it
 * @until: when it is dropped, jiffies
 * @bytes: memory that it takes, as it is counted
 */
struct held {
	struct list_head list;
	struct esp_entry *entry;
	unsigned long until;
	u32 bytes;
};

static struct held *held_of(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct held) > sizeof(skb->cb));
	return (struct held *)skb->cb;
}

static struct sk_buff *packet_of(struct held *held)
{
	return container_of((void *)held, struct sk_buff, cb);
}

/* Under the lock. */
static void take_out(struct esp_net *en, struct sk_buff *skb,
		     struct sk_buff_head *to)
{
	struct held *held = held_of(skb);

	list_del(&held->list);
	held->entry->nheld--;
	en->held_bytes -= held->bytes;
	__skb_unlink(skb, &en->held);
	__skb_queue_tail(to, skb);
}

static void drop_all(struct esp_net *en, struct sk_buff_head *list)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)))
		esp_drop(en, NULL, skb, VPNHA_ESP_DROP_REASON_HELD);
}

static void timer_fn(struct timer_list *t)
{
	struct esp_net *en = container_of(t, struct esp_net, held_timer);
	struct sk_buff_head old;
	struct sk_buff *skb;

	__skb_queue_head_init(&old);
	spin_lock(&en->held.lock);
	while ((skb = skb_peek(&en->held))) {
		if (time_before(jiffies, held_of(skb)->until)) {
			mod_timer(&en->held_timer, held_of(skb)->until);
			break;
		}
		take_out(en, skb, &old);
	}
	spin_unlock(&en->held.lock);
	drop_all(en, &old);
}

/**
 * esp_hold_net_init() - let packets of a namespace be held
 * @en: namespace
 *
 * Context: process.
 */
void esp_hold_net_init(struct esp_net *en)
{
	skb_queue_head_init(&en->held);
	timer_setup(&en->held_timer, timer_fn, 0);
}

/**
 * esp_hold_net_exit() - undo esp_hold_net_init()
 * @en: namespace without entries
 *
 * Context: process.
 */
void esp_hold_net_exit(struct esp_net *en)
{
	del_timer_sync(&en->held_timer);
}

/* The oldest gives way: what sent it tries again rather than the last one. */
static void make_room(struct esp_net *en, struct esp_entry *entry, u32 bytes,
		      struct sk_buff_head *old)
{
	if (entry->nheld == HOLD_ENTRY_MAX)
		take_out(en, packet_of(list_first_entry(&entry->held,
							struct held, list)),
			 old);
	while (skb_queue_len(&en->held) == HOLD_NET_MAX ||
	       (en->held_bytes && en->held_bytes + bytes > HOLD_NET_BYTES))
		take_out(en, skb_peek(&en->held), old);
}

/* Under the lock. */
static void put_in(struct esp_net *en, struct esp_entry *entry,
		   struct sk_buff *skb)
{
	struct held *held = held_of(skb);

	/* A device that goes does not look for it here. */
	skb->dev = NULL;
	held->entry = entry;
	held->until = jiffies + HOLD_TIME;
	held->bytes = skb->truesize;
	en->held_bytes += held->bytes;
	if (skb_queue_empty(&en->held))
		mod_timer(&en->held_timer, held->until);
	list_add_tail(&held->list, &entry->held);
	entry->nheld++;
	__skb_queue_tail(&en->held, skb);
}

/**
 * esp_hold() - keep a packet until there is an SA for it
 * @bind: binding of the crypto map
 * @m: what protects it
 * @skb: packet from its IP header on
 * @t: what selectors see of it
 *
 * Context: RCU, bottom halves off. Return: 0 when it was taken; -EEXIST when
 * there is an SA now; another negative errno when nobody would make one.
 */
int esp_hold(struct esp_bind *bind, const struct esp_match *m,
	     struct sk_buff *skb, const struct esp_tuple *t)
{
	enum vpnha_esp_drop_reason why;
	struct esp_entry *entry = m->entry;
	struct esp_net *en = bind->en;
	struct sk_buff_head old;
	int err = 0;

	if (!esp_up->heard(en))
		return -ESRCH;
	if (skb_dst(skb) && !skb_dst_force(skb))
		return -EHOSTUNREACH;
	/* Who waits for memory that it lent must not wait for a peer. */
	if (skb_orphan_frags(skb, GFP_ATOMIC))
		return -ENOMEM;
	skb_orphan(skb);
	__skb_queue_head_init(&old);
	spin_lock(&en->held.lock);
	/* Who takes any of these away looks at what is held after that. */
	if (entry->closed || !READ_ONCE(bind->active) ||
	    !rcu_access_pointer(bind->dev))
		err = -ENETDOWN;
	else if (esp_output_sa(entry, t, &why))
		err = -EEXIST;
	if (!err) {
		make_room(en, entry, skb->truesize, &old);
		put_in(en, entry, skb);
	}
	spin_unlock(&en->held.lock);
	drop_all(en, &old);
	return err;
}

/* The configuration may have changed: another entry may protect it, or none. */
static struct esp_sa *sa_of(struct esp_entry *entry, struct sk_buff *skb)
{
	enum vpnha_esp_drop_reason why;
	struct esp_match m;
	struct esp_tuple t;

	if (!esp_packet_tuple(skb, 0, &t) ||
	    !esp_guard_selects(entry->bind, skb, &t, &m) || m.entry != entry)
		return NULL;
	return esp_output_sa(entry, &t, &why);
}

/**
 * esp_hold_release() - send what waits for an SA and has one now
 * @entry: entry that got an outbound SA
 *
 * Context: RTNL, process.
 */
void esp_hold_release(struct esp_entry *entry)
{
	struct esp_net *en = entry->bind->en;
	struct sk_buff_head ready;
	struct held *held, *next;
	struct sk_buff *skb;
	struct esp_sa *sa;

	__skb_queue_head_init(&ready);
	rcu_read_lock();
	spin_lock_bh(&en->held.lock);
	list_for_each_entry_safe(held, next, &entry->held, list)
		if (sa_of(entry, packet_of(held)))
			take_out(en, packet_of(held), &ready);
	spin_unlock_bh(&en->held.lock);
	local_bh_disable();
	while ((skb = __skb_dequeue(&ready))) {
		skb->dev = entry->bind->vdev;
		sa = sa_of(entry, skb);
		if (sa && READ_ONCE(entry->bind->active))
			esp_output_by(sa, skb);
		else
			esp_drop(en, NULL, skb, VPNHA_ESP_DROP_REASON_HELD);
	}
	local_bh_enable();
	rcu_read_unlock();
}

/**
 * esp_hold_close() - drop what an entry holds, for good
 * @entry: entry that goes
 *
 * Context: RTNL.
 */
void esp_hold_close(struct esp_entry *entry)
{
	struct esp_net *en = entry->bind->en;
	struct held *held, *next;
	struct sk_buff_head old;

	__skb_queue_head_init(&old);
	spin_lock_bh(&en->held.lock);
	entry->closed = true;
	list_for_each_entry_safe(held, next, &entry->held, list)
		take_out(en, packet_of(held), &old);
	spin_unlock_bh(&en->held.lock);
	drop_all(en, &old);
}

/**
 * esp_hold_purge() - drop what the entries of a binding hold
 * @bind: binding that has lost its role or its device
 *
 * Context: RTNL.
 */
void esp_hold_purge(struct esp_bind *bind)
{
	struct esp_net *en = bind->en;
	struct sk_buff *skb, *next;
	struct sk_buff_head old;

	__skb_queue_head_init(&old);
	spin_lock_bh(&en->held.lock);
	skb_queue_walk_safe(&en->held, skb, next)
		if (held_of(skb)->entry->bind == bind)
			take_out(en, skb, &old);
	spin_unlock_bh(&en->held.lock);
	drop_all(en, &old);
}
