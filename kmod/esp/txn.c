// SPDX-License-Identifier: GPL-2.0
/* The course of a transaction. */
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "core/refuse.h"
#include "esp/config.h"
#include "esp/upcall.h"

/**
 * esp_txn_begin() - open a transaction
 * @txn: to be filled
 * @en: namespace
 * @extack: takes the reason of a refusal; may be NULL
 *
 * Context: RTNL, which has to be held until esp_txn_end().
 */
void esp_txn_begin(struct esp_txn *txn, struct esp_net *en,
		   struct netlink_ext_ack *extack)
{
	ASSERT_RTNL();
	memset(txn, 0, sizeof(*txn));
	txn->en = en;
	txn->serial = ++en->serial;
	txn->extack = extack;
	INIT_LIST_HEAD(&txn->undo);
	INIT_LIST_HEAD(&txn->sas);
	INIT_LIST_HEAD(&txn->wake);
}

/**
 * esp_txn_scratch() - get room for the description of an SA
 * @txn: open transaction
 *
 * Context: RTNL. Return: 0, with esp_txn.scratch empty, or -ENOMEM.
 */
int esp_txn_scratch(struct esp_txn *txn)
{
	if (txn->scratch)
		memzero_explicit(txn->scratch, sizeof(*txn->scratch));
	else
		txn->scratch = kzalloc(sizeof(*txn->scratch), GFP_KERNEL);
	return txn->scratch ? 0 : -ENOMEM;
}

static void cancel_compiled(struct esp_txn *txn)
{
	struct esp_bind *bind;

	list_for_each_entry(bind, &txn->en->binds, list)
		esp_policy_cancel(bind);
	txn->compiled = false;
}

/* A binding that is configured has an esp_bind; one that is not goes. */
static int match_binds(struct esp_txn *txn)
{
	struct esp_net *en = txn->en;
	struct esp_object *o;
	struct esp_bind *bind;
	int err;

	list_for_each_entry(bind, &en->binds, list)
		bind->gone = !esp_object_find(en, ESP_BINDING, bind->ifname, 0);
	esp_for_each_object(o, en, ESP_BINDING) {
		if (esp_bind_find(en, o->name))
			continue;
		err = esp_hooks_add(en);
		if (!err)
			err = PTR_ERR_OR_ZERO(esp_bind_create(en, o->name));
		if (err)
			return vpnha_refuse(txn->extack, NULL, err,
					    "the tunnel device cannot be made");
	}
	return 0;
}

/**
 * esp_txn_compile() - compile what packets are to see, if it has changed
 * @txn: open transaction
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_compile(struct esp_txn *txn)
{
	struct esp_bind *bind;
	int err;

	if (!txn->dirty)
		return 0;
	if (txn->compiled)
		cancel_compiled(txn);
	err = match_binds(txn);
	if (err)
		return err;
	txn->compiled = true;
	list_for_each_entry(bind, &txn->en->binds, list) {
		if (bind->gone)
			continue;
		err = esp_policy_compile(bind);
		if (err)
			return vpnha_refuse(txn->extack, NULL, err, err == -E2BIG ?
					    "the crypto map has too many entries or lines" :
					    "short of memory for the crypto map");
	}
	txn->dirty = false;
	return 0;
}

/**
 * esp_txn_check() - make all that a transaction needs to take effect
 * @txn: open transaction
 *
 * Context: RTNL. Return: 0, or a negative errno with a message. Only
 * esp_txn_end() may follow.
 */
int esp_txn_check(struct esp_txn *txn)
{
	int err;

	err = esp_txn_compile(txn);
	if (!err)
		err = esp_reverse_check(txn);
	if (err)
		return err;
	if (txn->compiled)
		esp_fit_sync(txn);
	return txn->compiled || txn->resync ? esp_manual_sync(txn) : 0;
}

/**
 * esp_txn_sa_make() - make an SA, which passes nothing before the end
 * @txn: open transaction
 * @d: what it is made from
 * @entry: entry that it belongs to
 * @where: attribute for messages
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_sa_make(struct esp_txn *txn, const struct esp_sa_desc *d,
		    struct esp_entry *entry, const struct nlattr *where)
{
	struct esp_sa *sa;
	int err;

	if (esp_sa_find(txn->en, d->out, d->spi, &d->dst))
		return vpnha_refuse(txn->extack, where, -EEXIST,
				    "there is an SA of this SPI already");
	sa = esp_sa_alloc(txn->en, d, txn->extack);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	err = esp_sa_link(sa, entry);
	if (err) {
		esp_sa_discard(sa);
		return err;
	}
	sa->fresh = true;
	list_add_tail(&sa->txn, &txn->sas);
	esp_fit_note(txn, sa);
	return 0;
}

/**
 * esp_txn_sa_doom() - mark an SA to be removed at the end
 * @txn: open transaction
 * @sa: SA
 *
 * Context: RTNL.
 */
void esp_txn_sa_doom(struct esp_txn *txn, struct esp_sa *sa)
{
	sa->doomed = true;
	if (list_empty(&sa->txn))
		list_add_tail(&sa->txn, &txn->sas);
}

/**
 * esp_txn_sa_forget() - drop the SAs that a transaction made for a crypto map
 * @txn: open transaction
 * @ifname: interface that the map was applied to, and is not any more
 *
 * Those that were there before go with their entries, when it ends.
 * Context: RTNL.
 */
void esp_txn_sa_forget(struct esp_txn *txn, const char *ifname)
{
	struct esp_sa *sa, *next;

	list_for_each_entry_safe(sa, next, &txn->sas, txn) {
		if (!sa->fresh || strcmp(sa->entry->bind->ifname, ifname))
			continue;
		list_del_init(&sa->txn);
		esp_sa_keep(sa);
		esp_sa_remove(sa);
	}
}

static void start_sas(struct esp_txn *txn)
{
	struct esp_sa *sa, *next;

	list_for_each_entry_safe(sa, next, &txn->sas, txn) {
		if (sa->doomed)
			continue;
		list_del_init(&sa->txn);
		if (sa->pending)
			esp_sa_change(sa);
		if (!sa->fresh)
			continue;
		sa->fresh = false;
		if (sa->encap)
			WRITE_ONCE(txn->en->encap, true);
		esp_sa_start(sa);
		if (sa->out && list_empty(&sa->entry->wake))
			list_add_tail(&sa->entry->wake, &txn->wake);
	}
}

/* Packets that have waited for the SAs that were started. */
static void wake_entries(struct esp_txn *txn)
{
	struct esp_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &txn->wake, wake) {
		list_del_init(&entry->wake);
		WRITE_ONCE(entry->supplied, jiffies);
		esp_hold_release(entry);
	}
}

static void end_sas(struct esp_txn *txn)
{
	struct esp_sa *sa, *next, *heir;

	list_for_each_entry_safe(sa, next, &txn->sas, txn) {
		list_del_init(&sa->txn);
		esp_sa_keep(sa);
		heir = esp_sa_find(txn->en, sa->out, sa->spi,
				   &esp_sa_ends(sa)->dst);
		esp_sa_remove(sa);
		/* Who goes by the key would take that for the end of both. */
		if (heir)
			esp_up->sa(heir, false);
	}
}

static void abort_sas(struct esp_txn *txn)
{
	struct esp_sa *sa, *next;

	list_for_each_entry_safe(sa, next, &txn->sas, txn) {
		list_del_init(&sa->txn);
		sa->doomed = false;
		esp_sa_keep(sa);
		if (sa->fresh)
			esp_sa_remove(sa);
	}
}

static void commit(struct esp_txn *txn)
{
	struct esp_net *en = txn->en;
	struct esp_bind *bind, *next;
	bool breaks;

	/*
	 * Make before break: new SAs first, then the entries that lead to them.
	 * What these replace goes once no packet is under way with it.
	 */
	if (txn->compiled)
		list_for_each_entry(bind, &en->binds, list)
			if (!bind->gone)
				esp_policy_prepare(bind);
	start_sas(txn);
	breaks = !list_empty(&txn->sas);
	if (txn->compiled)
		list_for_each_entry(bind, &en->binds, list)
			if (!bind->gone) {
				esp_policy_publish(bind);
				breaks = breaks || esp_policy_loses(bind);
			}
	wake_entries(txn);
	if (breaks)
		synchronize_net();
	end_sas(txn);
	if (!txn->compiled)
		return;
	list_for_each_entry_safe(bind, next, &en->binds, list) {
		if (bind->gone)
			esp_bind_destroy(bind);
		else
			esp_policy_sweep(bind);
	}
	if (list_empty(&en->binds))
		esp_hooks_del(en);
	en->generation++;
	esp_objects_commit(txn);
}

static void abort_all(struct esp_txn *txn)
{
	struct esp_bind *bind, *next;

	abort_sas(txn);
	cancel_compiled(txn);
	list_for_each_entry_safe(bind, next, &txn->en->binds, list) {
		bind->gone = false;
		if (bind->fresh)
			esp_bind_destroy(bind);
	}
	if (list_empty(&txn->en->binds))
		esp_hooks_del(txn->en);
	esp_objects_undo(txn);
}

/**
 * esp_txn_end() - let a transaction take effect, or drop it
 * @txn: open transaction, checked if it is to take effect
 * @err: 0, or why it is to be dropped
 *
 * Context: RTNL. Nothing has changed when it was dropped.
 */
void esp_txn_end(struct esp_txn *txn, int err)
{
	if (err)
		abort_all(txn);
	else
		commit(txn);
	kfree_sensitive(txn->scratch);
	txn->scratch = NULL;
}
