// SPDX-License-Identifier: GPL-2.0
/*
 * Manual SAs: those that the configuration's session keys ask for.
 *
 * Their keys are used again after a reload or a reboot, their sequence numbers
 * begin anew: so there is no anti-replay service (RFC 4303 section 3.4.3), and
 * so that no IV is used twice with a key, counter modes count on from the time
 * at which the SA is made, in nanoseconds: no SA sends as many packets as that.
 * For two gateways with the same keys that does not hold, and is refused.
 */
#include <linux/ktime.h>

#include "core/refuse.h"
#include "esp/config.h"

/* Fills the description; false when the entry has no such SA. */
static bool describe(struct esp_bind *bind, struct esp_entry *entry, bool out,
		     struct esp_sa_desc *d)
{
	const struct esp_object *b, *o;
	const struct esp_addr *local;
	const struct esp_tset *tset;
	const struct esp_map *map;

	b = esp_object_find(bind->en, ESP_BINDING, bind->ifname, 0);
	if (!b)
		return false;
	o = esp_object_find(bind->en, ESP_MAP,
			    container_of(b, struct esp_binding, o)->map,
			    entry->number);
	if (!o)
		return false;
	map = container_of(o, struct esp_map, o);
	if (map->kind != VPNHA_MAP_KIND_MANUAL ||
	    esp_map_problem(bind->en, map) != VPNHA_MAP_PROBLEM_NONE)
		return false;
	local = &bind->next_local[map->peers[0].family == AF_INET6];
	if (local->family != map->peers[0].family)
		return false;
	tset = esp_map_tset(bind->en, map);

	memzero_explicit(d, sizeof(*d));
	d->out = out;
	d->manual = true;
	d->mode = tset->mode;
	d->transform = tset->t;
	d->spi = map->session[out].spi;
	d->secret = map->session[out].secret;
	d->src = out ? *local : map->peers[0];
	d->dst = out ? map->peers[0] : *local;
	d->iv_base = ktime_get_real_ns() & S64_MAX;
	return true;
}

/* Two gateways with one key must not count IVs each for itself. */
static bool may_share(const struct esp_bind *bind, const struct esp_sa_desc *d)
{
	const struct esp_object *b = esp_object_find(bind->en, ESP_BINDING,
						     bind->ifname, 0);
	struct esp_shape shape;

	esp_transform_shape(&d->transform, &shape);
	return !shape.counter ||
	       !container_of(b, struct esp_binding, o)->redundancy[0];
}

static bool is_same(const struct esp_sa *sa, const struct esp_sa_desc *d)
{
	const struct esp_ends *ends = esp_sa_ends(sa);

	return sa->spi == d->spi && sa->mode == d->mode &&
	       sa->transform.cipher == d->transform.cipher &&
	       sa->transform.auth == d->transform.auth &&
	       sa->transform.key_bits == d->transform.key_bits &&
	       sa->transform.icv_bits == d->transform.icv_bits &&
	       esp_addr_equal(&ends->src, &d->src) &&
	       esp_addr_equal(&ends->dst, &d->dst) &&
	       !memcmp(&sa->secret, &d->secret, sizeof(d->secret));
}

/* What is not wanted any more is marked; what is, is kept. */
static void mark(struct esp_txn *txn, struct esp_bind *bind,
		 struct esp_entry *entry)
{
	struct esp_sa *sa;

	list_for_each_entry(sa, &entry->sas, sibling) {
		if (!sa->manual || sa->doomed)
			continue;
		sa->keep = !bind->gone &&
			   (entry->used || !txn->compiled) &&
			   describe(bind, entry, sa->out, txn->scratch) &&
			   is_same(sa, txn->scratch) &&
			   may_share(bind, txn->scratch);
		if (!sa->keep)
			esp_txn_sa_doom(txn, sa);
	}
}

static bool has_kept(const struct esp_entry *entry, bool out)
{
	const struct esp_sa *sa;

	list_for_each_entry(sa, &entry->sas, sibling)
		if (sa->manual && !sa->doomed && sa->out == out)
			return true;
	return false;
}

static int check_secret(struct esp_txn *txn, const struct esp_sa_desc *d)
{
	return esp_secret_check(&d->transform, &d->secret, txn->extack, NULL);
}

static int make(struct esp_txn *txn, struct esp_bind *bind,
		struct esp_entry *entry)
{
	int out, err;

	for (out = 0; out < 2; out++) {
		if (has_kept(entry, out) ||
		    !describe(bind, entry, out, txn->scratch))
			continue;
		if (!may_share(bind, txn->scratch))
			return vpnha_refuse(txn->extack, NULL, -EINVAL,
					    "session keys that two gateways share need a cipher with random IVs, such as esp-aes");
		err = check_secret(txn, txn->scratch);
		if (!err)
			err = esp_txn_sa_make(txn, txn->scratch, entry, NULL);
		if (err)
			return err;
	}
	return 0;
}

/**
 * esp_manual_sync() - make the manual SAs what the configuration asks for
 * @txn: open transaction
 *
 * SAs that are as they should be stay. Context: RTNL, with the policy compiled
 * if it has changed. Return: 0 or a negative errno, with a message.
 */
int esp_manual_sync(struct esp_txn *txn)
{
	struct esp_policy *policy;
	struct esp_entry *entry;
	struct esp_bind *bind;
	int err;
	u32 i;

	err = esp_txn_scratch(txn);
	if (err)
		return err;
	/* All that goes first: SPIs change hands. */
	list_for_each_entry(bind, &txn->en->binds, list)
		list_for_each_entry(entry, &bind->entries, list)
			mark(txn, bind, entry);
	list_for_each_entry(bind, &txn->en->binds, list) {
		policy = esp_policy_of(bind);
		if (!policy || bind->gone)
			continue;
		for (i = 0; i < policy->nentries; i++) {
			err = make(txn, bind, policy->entries[i].entry);
			if (err)
				return err;
		}
	}
	return 0;
}
