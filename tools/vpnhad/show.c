// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "vpnhad/adopt.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel.h"
#include "vpnhad/pool.h"
#include "vpnhad/show.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

/**
 * show_interface() - The interface of an IKE SA.
 * @c: it
 *
 * Return: that of its first child SA, or else one that has its address.
 */
const char *show_interface(const struct conn *c)
{
	return c->state.n_children ? c->state.children[0].ifname : c->endpoint->ifname;
}

/**
 * show_matches() - Tell whether an IKE SA is wanted.
 * @c: it
 * @filter: what is wanted
 */
bool show_matches(const struct conn *c, const struct show_filter *filter)
{
	if (filter->id && filter->id != c->id)
		return false;
	if (filter->peer.family && !ike_endpoint_same_address(&filter->peer, &c->remote))
		return false;
	return !filter->interface || !strcmp(filter->interface, show_interface(c));
}

/**
 * show_complete() - Add what the engine does not know of an IKE SA.
 * @sa: as conn_show() made it
 * @c: it
 */
void show_complete(json_t *sa, const struct conn *c)
{
	json_object_set_new(sa, "id", json_integer(c->id));
	json_object_set_new(sa, "interface", show_text(show_interface(c)));
	json_object_set_new(sa, "map", show_text(c->state.n_children ? c->state.children[0].map :
								       ""));
	/* One that is not active has no IKE SAs. */
	json_object_set_new(sa, "redundancy_role", json_string("active"));
}

/**
 * show_counters() - What was counted since the start.
 * @d: daemon
 *
 * Return: the caller's.
 */
json_t *show_counters(const struct vpnhad *d)
{
	const struct counters *c = &d->counters;
	const struct {
		const char *name;
		uint64_t value;
	} list[] = {
		{ "received", c->received },
		{ "malformed", c->malformed },
		{ "unknown", c->unknown },
		{ "cookies", c->cookies },
		{ "refused_half_open", c->refused_half_open },
		{ "refused_limit", c->refused_limit },
		{ "initiated", c->initiated },
		{ "responded", c->responded },
		{ "established", c->established },
		{ "failed", c->failed },
		{ "acquires", c->acquires },
		{ "acquires_held_back", c->acquires_held_back },
		{ "adopted", c->adopted },
		{ "overruns", c->overruns },
	};
	json_t *o = json_object();

	for (size_t n = 0; n < sizeof(list) / sizeof(*list); n++)
		json_object_set_new(o, list[n].name, json_integer((json_int_t)list[n].value));
	json_object_set_new(o, "dropped", json_integer((json_int_t)pool_dropped(d->pool)));
	json_object_set_new(o, "ike_sas", json_integer((json_int_t)table_count(d->table)));
	json_object_set_new(o, "half_open", json_integer(table_half_open(d->table)));
	json_object_set_new(o, "adopted_sas",
			    json_integer((json_int_t)adopted_count(d->adopted)));
	json_object_set_new(o, "kernel_problem", kernel_problem(d->kernel) ?
			    show_text(kernel_problem(d->kernel)) : json_null());
	return o;
}
