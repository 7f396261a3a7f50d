// SPDX-License-Identifier: GPL-2.0-or-later
/* The same profiles with other crypto maps, without a look at any file. */
#include <stdlib.h>
#include <string.h>

#include "ike/cert.h"
#include "lib/alloc.h"
#include "vpnhad/resolve.h"

static void *copy(const void *from, size_t n, size_t size)
{
	return n ? memcpy(xcalloc(n, size), from, n * size) : NULL;
}

static void copy_policy(struct ike_policy *to, const struct ike_policy *from)
{
	*to = *from;
	to->match_local = copy(from->match_local, from->n_match_local, sizeof(*to->match_local));
	to->proposals = copy(from->proposals, from->n_proposals, sizeof(*to->proposals));
}

static void copy_key(struct ike_preshared *to, const struct ike_preshared *from)
{
	*to = *from;
	to->local = copy(from->local, from->local_len, 1);
	to->remote = copy(from->remote, from->remote_len, 1);
	to->ppk_id = copy(from->ppk_id, from->ppk_id_len, 1);
	to->ppk = copy(from->ppk, from->ppk_len, 1);
}

static void copy_profile(struct ike_profile *to, const struct ike_profile *from)
{
	*to = *from;
	to->match = copy(from->match, from->n_match, sizeof(*to->match));
	to->match_local = copy(from->match_local, from->n_match_local, sizeof(*to->match_local));
	to->keys = xcalloc(from->n_keys, sizeof(*to->keys));
	for (size_t n = 0; n < from->n_keys; n++)
		copy_key(&to->keys[n], &from->keys[n]);
}

/**
 * resolve_copy() - Copy a configuration that has no crypto maps yet.
 * @from: as resolve() made it
 *
 * Return: the copy, with one reference, to be completed.
 */
struct ike_config *resolve_copy(const struct ike_config *from)
{
	struct ike_config *to = ike_config_new();

	if (!to)
		abort();
	to->cookie_above = from->cookie_above;
	to->max_half_open = from->max_half_open;
	to->max_sas = from->max_sas;
	to->policies = xcalloc(from->n_policies, sizeof(*to->policies));
	for (; to->n_policies < from->n_policies; to->n_policies++)
		copy_policy(&to->policies[to->n_policies], &from->policies[to->n_policies]);
	to->profiles = xcalloc(from->n_profiles, sizeof(*to->profiles));
	for (; to->n_profiles < from->n_profiles; to->n_profiles++)
		copy_profile(&to->profiles[to->n_profiles], &from->profiles[to->n_profiles]);
	to->trusts = xcalloc(from->n_trusts, sizeof(struct ike_trust *));
	for (; to->n_trusts < from->n_trusts; to->n_trusts++)
		to->trusts[to->n_trusts] = ike_trust_ref(from->trusts[to->n_trusts]);
	return to;
}
