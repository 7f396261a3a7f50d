// SPDX-License-Identifier: GPL-2.0
/*
 * Security associations: how they are made, found, counted and ended.
 */
#include <crypto/aead.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "core/net.h"
#include "core/refuse.h"
#include "core/trace.h"
#include "esp/upcall.h"

enum { SOFT, HARD };

static const struct rhashtable_params sa_params = {
	.key_len = sizeof_field(struct esp_sa, spi),
	.key_offset = offsetof(struct esp_sa, spi),
	.head_offset = offsetof(struct esp_sa, hash),
	.automatic_shrinking = true,
};

/**
 * esp_sa_net_init() - make the tables of SAs
 * @en: namespace
 *
 * Context: process. Return: 0 or a negative errno.
 */
int esp_sa_net_init(struct esp_net *en)
{
	int err;

	xa_init(&en->sa_ids);
	err = rhltable_init(&en->sas, &sa_params);
	if (err)
		return err;
	err = esp_selectors_net_init(en);
	if (err)
		rhltable_destroy(&en->sas);
	return err;
}

/**
 * esp_sa_net_exit() - undo esp_sa_net_init()
 * @en: namespace, with no SA linked any more
 *
 * Context: process.
 */
void esp_sa_net_exit(struct esp_net *en)
{
	/* Packets that wait for the crypto API still have theirs. */
	wait_var_event(&en->alive, !atomic_read(&en->alive));
	esp_selectors_net_exit(en);
	rhltable_destroy(&en->sas);
	xa_destroy(&en->sa_ids);
}

/*
 * The one place where the state of an SA changes: it only ever gets older.
 * Under the lock of the SA.
 */
static bool set_state(struct esp_sa *sa, enum vpnha_sa_state state)
{
	lockdep_assert_held(&sa->lock);
	if (sa->state >= state)
		return false;
	trace_vpnha_esp_sa(ntohl(sa->spi), sa->out, sa->state, state);
	WRITE_ONCE(sa->state, state);
	if (state != VPNHA_SA_STATE_DEAD || !sa->removed)
		esp_up->sa(sa, false);
	/* Otherwise the transaction that starts or removes it says so. */
	if (state == VPNHA_SA_STATE_DEAD && !sa->removed)
		esp_up->changed(sa->en);
	return true;
}

static void expire(struct esp_sa *sa, bool hard, enum vpnha_expiry_cause cause)
{
	if (hard) {
		if (set_state(sa, VPNHA_SA_STATE_DEAD))
			esp_up->sa_event(sa, VPNHA_SA_EVENT_KIND_HARD_EXPIRY,
					 cause, atomic64_read(&sa->seq));
	} else if (!sa->soft_told) {
		sa->soft_told = true;
		set_state(sa, VPNHA_SA_STATE_DYING);
		esp_up->sa_event(sa, VPNHA_SA_EVENT_KIND_SOFT_EXPIRY, cause,
				 atomic64_read(&sa->seq));
	}
}

/* Next number at which packets or bytes have to be looked at. */
static u64 next_event(const struct esp_sa *sa, const u64 limit[2])
{
	u64 soft = !sa->soft_told && limit[SOFT] ? limit[SOFT] : U64_MAX;

	return min(soft, limit[HARD] ?: U64_MAX);
}

static void update_events(struct esp_sa *sa)
{
	u64 event = U64_MAX;

	WRITE_ONCE(sa->packet_event, next_event(sa, sa->set.limits.packets));
	WRITE_ONCE(sa->byte_event, next_event(sa, sa->set.limits.bytes));
	if (!sa->out)
		return;
	if (sa->set.ceiling && !sa->ceiling_told)
		event = sa->set.ceiling > sa->set.ceiling_margin ?
			sa->set.ceiling - sa->set.ceiling_margin : 0;
	if (sa->set.replay_notify)
		event = min(event, sa->told + sa->set.replay_notify);
	WRITE_ONCE(sa->seq_event, event);
}

static void check_limits(struct esp_sa *sa, const u64 limit[2], u64 now,
			 enum vpnha_expiry_cause cause)
{
	if (limit[HARD] && now >= limit[HARD])
		expire(sa, true, cause);
	else if (limit[SOFT] && now >= limit[SOFT])
		expire(sa, false, cause);
}

static void arm_timer(struct esp_sa *sa)
{
	const u64 *limit = sa->set.limits.seconds;
	u64 age = ktime_divns(ktime_sub(ktime_get_boottime(), sa->born),
			      NSEC_PER_SEC);
	u64 at = limit[HARD] ?: U64_MAX;

	if (limit[SOFT] && !sa->soft_told)
		at = min(at, limit[SOFT]);
	if (at == U64_MAX || sa->state == VPNHA_SA_STATE_DEAD)
		return;
	/* Longer than a timer runs: it looks again in a day. */
	mod_timer(&sa->timer, jiffies + HZ * min_t(u64, at > age ? at - age : 0,
						   24 * 3600) + 1);
}

static void timer_fn(struct timer_list *t)
{
	struct esp_sa *sa = container_of(t, struct esp_sa, timer);
	s64 age;

	spin_lock(&sa->lock);
	age = ktime_divns(ktime_sub(ktime_get_boottime(), sa->born),
			  NSEC_PER_SEC);
	if (sa->state != VPNHA_SA_STATE_DEAD) {
		check_limits(sa, sa->set.limits.seconds, age,
			     VPNHA_EXPIRY_CAUSE_SECONDS);
		update_events(sa);
		arm_timer(sa);
	}
	spin_unlock(&sa->lock);
}

/**
 * esp_ends_alloc() - make the ends of an SA
 * @out: it is outbound
 * @src: sending end
 * @dst: receiving end
 * @sport: UDP encapsulation: source port, 0 for none
 * @dport: UDP encapsulation: destination port
 *
 * Context: process. Return: the ends, or NULL without memory.
 */
struct esp_ends *esp_ends_alloc(bool out, const struct esp_addr *src,
				const struct esp_addr *dst, __be16 sport,
				__be16 dport)
{
	struct esp_ends *ends = kzalloc(sizeof(*ends), GFP_KERNEL_ACCOUNT);

	if (!ends)
		return NULL;
	ends->src = *src;
	ends->dst = *dst;
	ends->sport = sport;
	ends->dport = dport;
	ends->out = out;
	if (out && dst_cache_init(&ends->route, GFP_KERNEL_ACCOUNT)) {
		kfree(ends);
		return NULL;
	}
	return ends;
}

/**
 * esp_ends_free() - free what esp_ends_alloc() made
 * @ends: ends that nobody looks at; NULL does nothing
 *
 * Context: process.
 */
void esp_ends_free(struct esp_ends *ends)
{
	if (ends && ends->out)
		dst_cache_destroy(&ends->route);
	kfree(ends);
}

/* The namespace, whose routes SAs keep, waits for all of them. */
static void keep_net(struct esp_net *en)
{
	atomic_inc(&en->alive);
}

static void leave_net(struct esp_net *en)
{
	if (atomic_dec_and_test(&en->alive))
		wake_up_var(&en->alive);
}

static void release_ends(struct work_struct *work)
{
	struct esp_ends *ends = container_of(to_rcu_work(work),
					     struct esp_ends, release);
	struct esp_net *en = ends->en;

	esp_ends_free(ends);
	leave_net(en);
}

static void free_sa(struct esp_sa *sa)
{
	struct esp_net *en = sa->en;

	esp_ends_free(rcu_dereference_raw(sa->ends));
	if (sa->tfm)
		crypto_free_aead(sa->tfm);
	kvfree(sa->replay.words);
	kfree(sa->selectors);
	kfree(sa->rule);
	kfree_sensitive(sa);
	leave_net(en);
}

static void free_fn(struct work_struct *work)
{
	free_sa(container_of(work, struct esp_sa, free));
}

/**
 * esp_sa_put() - release a reference on an SA
 * @sa: SA
 *
 * Context: any.
 */
void esp_sa_put(struct esp_sa *sa)
{
	if (refcount_dec_and_test(&sa->ref))
		queue_work(vpnha_wq, &sa->free);
}

/* The tables' reference lasts until nobody finds the SA there any more. */
static void release_fn(struct work_struct *work)
{
	esp_sa_put(container_of(to_rcu_work(work), struct esp_sa, release));
}

/**
 * esp_sa_discard() - free an SA that nobody has seen
 * @sa: SA that was never linked
 *
 * Context: process.
 */
void esp_sa_discard(struct esp_sa *sa)
{
	free_sa(sa);
}

static u64 last_seq(const struct esp_sa_desc *d, const struct esp_shape *shape)
{
	u64 last = d->esn ? U64_MAX - 1 : U32_MAX;

	/* {node bit, 63-bit counter} must not come round either. */
	if (shape->counter)
		last = min_t(u64, last, S64_MAX - d->iv_base);
	return last;
}

static int init_replay(struct esp_sa *sa, const struct esp_sa_desc *d)
{
	size_t n = esp_replay_nwords(d->window);
	u64 *words = NULL;

	if (n) {
		words = kvcalloc(n, sizeof(*words), GFP_KERNEL_ACCOUNT);
		if (!words)
			return -ENOMEM;
	}
	esp_replay_init(&sa->replay, words, d->window, d->esn, d->seq);
	return 0;
}

/**
 * esp_sa_alloc() - make an SA
 * @en: namespace
 * @d: what it is made from, checked
 * @extack: takes the reason of a refusal
 *
 * Context: process, RTNL. Return: an SA in state larval, or an ERR_PTR.
 */
struct esp_sa *esp_sa_alloc(struct esp_net *en, const struct esp_sa_desc *d,
			    struct netlink_ext_ack *extack)
{
	struct esp_sa *sa = kzalloc(sizeof(*sa), GFP_KERNEL_ACCOUNT);
	struct esp_ends *ends;
	int err = -ENOMEM;

	if (!sa)
		return ERR_PTR(-ENOMEM);
	sa->en = en;
	keep_net(en);
	sa->spi = d->spi;
	sa->out = d->out;
	sa->mode = d->mode;
	sa->esn = d->esn;
	sa->manual = d->manual;
	sa->transform = d->transform;
	sa->secret = d->secret;
	sa->encap = d->sport;
	sa->family = d->dst.family;
	sa->home = d->out ? d->dst : d->src;
	sa->set = d->set;
	sa->window = d->window;
	sa->node = d->node;
	sa->iv_base = d->iv_base;
	sa->told = d->seq;
	sa->born = ktime_get_boottime();
	atomic64_set(&sa->seq, d->seq);
	esp_transform_shape(&d->transform, &sa->shape);
	sa->seq_max = last_seq(d, &sa->shape);
	spin_lock_init(&sa->lock);
	timer_setup(&sa->timer, timer_fn, 0);
	INIT_LIST_HEAD(&sa->entry_list);
	INIT_LIST_HEAD(&sa->txn);
	INIT_WORK(&sa->free, free_fn);
	INIT_RCU_WORK(&sa->release, release_fn);
	refcount_set(&sa->ref, 1);
	update_events(sa);

	if (d->nrules) {
		sa->rule = kmemdup(d->rules, d->nrules * sizeof(*d->rules),
				   GFP_KERNEL_ACCOUNT);
		if (!sa->rule)
			goto err_free;
		sa->nrules = d->nrules;
	}
	ends = esp_ends_alloc(d->out, &d->src, &d->dst, d->sport, d->dport);
	if (!ends)
		goto err_free;
	RCU_INIT_POINTER(sa->ends, ends);
	err = d->out ? 0 : init_replay(sa, d);
	if (err)
		goto err_free;
	sa->tfm = esp_transform_tfm(&d->transform, &d->secret, d->esn);
	if (IS_ERR(sa->tfm)) {
		err = PTR_ERR(sa->tfm);
		sa->tfm = NULL;
		vpnha_refuse(extack, NULL, err, err == -ENOENT ?
			     "the kernel does not have the algorithm" :
			     "the kernel's crypto API refuses the key");
		goto err_free;
	}
	return sa;

err_free:
	esp_sa_discard(sa);
	return ERR_PTR(err);
}

/**
 * esp_sa_link() - put an SA into the tables, without effect yet
 * @sa: SA
 * @entry: entry that it belongs to
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int esp_sa_link(struct esp_sa *sa, struct esp_entry *entry)
{
	struct esp_net *en = sa->en;
	int err;

	sa->entry = entry;
	sa->id = ++en->next_id;
	err = xa_insert(&en->sa_ids, sa->id, sa, GFP_KERNEL_ACCOUNT);
	if (err)
		return err;
	err = rhltable_insert(&en->sas, &sa->hash, sa_params);
	if (err)
		goto err_id;
	if (sa->out && sa->nrules)
		err = esp_selectors_add(sa);
	if (err)
		goto err_hash;
	list_add_tail(&sa->sibling, &entry->sas);
	if (sa->out && !sa->nrules)
		list_add_rcu(&sa->entry_list, &entry->out);
	return 0;

err_hash:
	rhltable_remove(&en->sas, &sa->hash, sa_params);
	/* Who looks for another SA of this SPI may have come by. */
	synchronize_net();
err_id:
	xa_erase(&en->sa_ids, sa->id);
	return err;
}

/**
 * esp_sa_start() - let an SA pass packets
 * @sa: linked SA
 *
 * Context: RTNL.
 */
void esp_sa_start(struct esp_sa *sa)
{
	spin_lock_bh(&sa->lock);
	if (set_state(sa, VPNHA_SA_STATE_MATURE))
		arm_timer(sa);
	spin_unlock_bh(&sa->lock);
	sa->en->sa_generation++;
}

/**
 * esp_sa_remove() - end an SA; packets under way are dropped
 * @sa: linked SA
 *
 * Context: RTNL.
 */
void esp_sa_remove(struct esp_sa *sa)
{
	struct esp_net *en = sa->en;
	bool seen = sa->state != VPNHA_SA_STATE_LARVAL;

	spin_lock_bh(&sa->lock);
	sa->removed = true;
	set_state(sa, VPNHA_SA_STATE_DEAD);
	spin_unlock_bh(&sa->lock);
	del_timer_sync(&sa->timer);
	rhltable_remove(&en->sas, &sa->hash, sa_params);
	xa_erase(&en->sa_ids, sa->id);
	list_del(&sa->sibling);
	if (sa->out && sa->nrules)
		esp_selectors_del(sa);
	else if (sa->out)
		list_del_rcu(&sa->entry_list);
	if (seen)
		esp_up->sa(sa, true);
	en->sa_generation++;
	queue_rcu_work(vpnha_wq, &sa->release);
}

static bool is_at(const struct esp_sa *sa, const struct esp_ends *ends,
		  bool out, u8 family, const __be32 *dst)
{
	const __be32 *ip = ends->dst.ip;

	return sa->out == out && sa->family == family && ip[0] == dst[0] &&
	       (family == AF_INET || !memcmp(ip + 1, dst + 1, 12));
}

/**
 * esp_sa_lookup() - find the SA of a packet
 * @en: namespace
 * @out: outbound
 * @spi: SPI
 * @family: AF_INET or AF_INET6
 * @dst: receiving end
 *
 * Context: RCU. Return: an SA that passes packets or did so, or NULL.
 */
struct esp_sa *esp_sa_lookup(struct esp_net *en, bool out, __be32 spi,
			     u8 family, const __be32 *dst)
{
	struct rhlist_head *list, *pos;
	struct esp_sa *sa;

	list = rhltable_lookup(&en->sas, &spi, sa_params);
	rhl_for_each_entry_rcu(sa, pos, list, hash)
		if (is_at(sa, esp_sa_ends(sa), out, family, dst) &&
		    READ_ONCE(sa->state) != VPNHA_SA_STATE_LARVAL)
			return sa;
	return NULL;
}

/**
 * esp_sa_find() - find an SA as a transaction sees it
 * @en: namespace
 * @out: outbound
 * @spi: SPI
 * @dst: receiving end
 *
 * Context: RTNL. Return: an SA that the transaction has not removed, and is or
 * will be there; or NULL.
 */
struct esp_sa *esp_sa_find(struct esp_net *en, bool out, __be32 spi,
			   const struct esp_addr *dst)
{
	struct esp_sa *sa, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&en->sas, &spi, sa_params);
	rhl_for_each_entry_rcu(sa, pos, list, hash)
		if (is_at(sa, sa->next ?: esp_sa_ends(sa), out, dst->family,
			  dst->ip) && !sa->doomed)
			found = sa;
	rcu_read_unlock();
	return found;
}

/* Packets under way leave by the ends that they were given. */
static void move(struct esp_sa *sa)
{
	struct esp_ends *old = esp_sa_ends(sa);

	if (!sa->next)
		return;
	rcu_assign_pointer(sa->ends, sa->next);
	sa->next = NULL;
	old->en = sa->en;
	keep_net(old->en);
	INIT_RCU_WORK(&old->release, release_ends);
	queue_rcu_work(vpnha_wq, &old->release);
}

/**
 * esp_sa_change() - let a change of an SA take effect
 * @sa: SA, with what is to be changed in pending
 *
 * Context: RTNL.
 */
void esp_sa_change(struct esp_sa *sa)
{
	const struct esp_limits *old = &sa->set.limits;

	move(sa);
	spin_lock_bh(&sa->lock);
	/* What was told is told again only where it may be something else. */
	if (memcmp(old, &sa->pending->limits, sizeof(*old)))
		sa->soft_told = false;
	if (sa->set.ceiling != sa->pending->ceiling ||
	    sa->set.ceiling_margin != sa->pending->ceiling_margin)
		sa->ceiling_told = false;
	sa->set = *sa->pending;
	update_events(sa);
	arm_timer(sa);
	esp_up->sa(sa, false);
	spin_unlock_bh(&sa->lock);
	esp_sa_keep(sa);
	sa->en->sa_generation++;
}

/**
 * esp_sa_keep() - forget what was to be changed of an SA
 * @sa: SA
 *
 * Context: RTNL.
 */
void esp_sa_keep(struct esp_sa *sa)
{
	kfree(sa->pending);
	sa->pending = NULL;
	esp_ends_free(sa->next);
	sa->next = NULL;
}

/**
 * esp_sa_clear_counters() - set the counters of an SA to zero
 * @sa: SA; its lifetimes go on, since keys do not become younger
 *
 * Context: RTNL.
 */
void esp_sa_clear_counters(struct esp_sa *sa)
{
	int i;

	WRITE_ONCE(sa->packets_cleared, atomic64_read(&sa->packets));
	WRITE_ONCE(sa->bytes_cleared, atomic64_read(&sa->bytes));
	for (i = 0; i < ESP_DROPS; i++)
		atomic64_set(&sa->drops[i], 0);
}

static void charge_event(struct esp_sa *sa, u64 packets, u64 bytes)
{
	spin_lock_bh(&sa->lock);
	check_limits(sa, sa->set.limits.packets, packets,
		     VPNHA_EXPIRY_CAUSE_PACKETS);
	check_limits(sa, sa->set.limits.bytes, bytes, VPNHA_EXPIRY_CAUSE_BYTES);
	update_events(sa);
	spin_unlock_bh(&sa->lock);
}

/**
 * esp_sa_charge() - count packets against the lifetimes of an SA
 * @sa: SA
 * @packets: number of packets
 * @bytes: bytes of these, without what ESP adds
 *
 * The last packet that a hard lifetime allows ends the SA and passes.
 * Context: softirq, RCU. Return: false when the SA had ended before.
 */
bool esp_sa_charge(struct esp_sa *sa, u32 packets, u32 bytes)
{
	u64 p, b;

	if (unlikely(READ_ONCE(sa->state) == VPNHA_SA_STATE_DEAD))
		return false;
	p = atomic64_add_return(packets, &sa->packets);
	b = atomic64_add_return(bytes, &sa->bytes);
	WRITE_ONCE(sa->last_used, jiffies ?: 1);
	if (unlikely(p >= READ_ONCE(sa->packet_event) ||
		     b >= READ_ONCE(sa->byte_event)))
		charge_event(sa, p, b);
	return true;
}

static void seq_event(struct esp_sa *sa, u64 seq)
{
	spin_lock_bh(&sa->lock);
	if (sa->set.ceiling && !sa->ceiling_told &&
	    seq + sa->set.ceiling_margin >= sa->set.ceiling) {
		sa->ceiling_told = true;
		esp_up->sa_event(sa, VPNHA_SA_EVENT_KIND_CEILING, 0, seq);
	}
	if (sa->set.replay_notify && seq >= sa->told + sa->set.replay_notify) {
		sa->told = seq;
		esp_up->sa_event(sa, VPNHA_SA_EVENT_KIND_REPLAY, 0, seq);
	}
	update_events(sa);
	spin_unlock_bh(&sa->lock);
}

static void seq_exhausted(struct esp_sa *sa)
{
	spin_lock_bh(&sa->lock);
	expire(sa, true, VPNHA_EXPIRY_CAUSE_SEQUENCE);
	spin_unlock_bh(&sa->lock);
}

/**
 * esp_sa_take_seq() - take sequence numbers for packets
 * @sa: outbound SA
 * @n: how many
 *
 * A sequence number is never given twice: when they are used up, the SA ends
 * (RFC 4303 section 3.3.3).
 * Context: softirq, RCU. Return: the last one, or 0 when there are not enough.
 */
u64 esp_sa_take_seq(struct esp_sa *sa, u32 n)
{
	u64 seq = atomic64_add_return(n, &sa->seq);

	/* The counter itself must not come round while late callers add. */
	if (unlikely(seq > sa->seq_max || seq < n)) {
		atomic64_sub(n, &sa->seq);
		seq_exhausted(sa);
		return 0;
	}
	if (unlikely(seq >= READ_ONCE(sa->seq_event)))
		seq_event(sa, seq);
	return seq;
}

/**
 * esp_sa_received() - tell of the sequence number if that is wanted
 * @sa: inbound SA
 * @seq: highest received
 *
 * Context: softirq, with the lock of the SA.
 */
void esp_sa_received(struct esp_sa *sa, u64 seq)
{
	lockdep_assert_held(&sa->lock);
	if (likely(!sa->set.replay_notify || seq < sa->told + sa->set.replay_notify))
		return;
	sa->told = seq;
	esp_up->sa_event(sa, VPNHA_SA_EVENT_KIND_REPLAY, 0, seq);
}
