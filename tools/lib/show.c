// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/show.h"
#include "lib/text.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void show_state(FILE *out, const struct model_group *g)
{
	char buf[TEXT_TIME_LEN];

	if (g->state.state != VPNHA_STATE_INITIAL)
		fprintf(out, "  State is %s\n", text_state(g->state.state));
	else if (g->state.init_reason == VPNHA_INIT_REASON_DISABLED)
		fputs("  State is Disabled\n", out);
	else
		fprintf(out, "  State is Init (%s)\n", text_init_reason(g->state.init_reason));
	fprintf(out, "    %u state change%s", g->state.changes, plural(g->state.changes));
	if (g->state.changes)
		fprintf(out, ", last state change %s", text_age(buf, g->state.age_ms));
	fputc('\n', out);
}

static void show_virtual(FILE *out, const struct model_group *g)
{
	char address[TEXT_ADDRESS_LEN], mac[TEXT_MAC_LEN];

	if (g->vip)
		fprintf(out, "  Virtual IP address is %s\n", text_address(address, g->vip));
	else if (g->state.vip)
		fprintf(out, "  Virtual IP address is %s (learnt)\n",
			text_address(address, g->state.vip));
	else
		fputs("  Virtual IP address is unknown\n", out);
	fprintf(out, "  Active virtual MAC address is %s\n",
		g->state.active.known && g->state.has_mac ?
			text_mac_dotted(mac, g->state.mac) : "unknown");
	if (g->state.has_mac)
		fprintf(out, "    Local virtual MAC address is %s (v%u default)\n",
			text_mac_dotted(mac, g->state.mac), g->state.version);
	else
		fputs("    Local virtual MAC address is unknown\n", out);
}

static void show_router(FILE *out, const char *which, const struct model_router *r)
{
	char address[TEXT_ADDRESS_LEN], time[TEXT_TIME_LEN];

	if (!r->known)
		fprintf(out, "  %s router is unknown\n", which);
	else if (r->local)
		fprintf(out, "  %s router is local\n", which);
	else
		fprintf(out, "  %s router is %s, priority %u (expires in %s sec)\n", which,
			text_address(address, r->address), r->priority,
			text_seconds(time, r->expires_ms));
}

static void show_counters(FILE *out, const struct model_group *g)
{
	const struct model_counters *c = &g->state.counters;

	fputs("  Packets\n", out);
	fprintf(out, "    Hello in %" PRIu64 " out %" PRIu64 ", coup in %" PRIu64 " out %" PRIu64
		", resign in %" PRIu64 " out %" PRIu64 "\n", c->hello_rx, c->hello_tx, c->coup_rx,
		c->coup_tx, c->resign_rx, c->resign_tx);
	fprintf(out, "    Gratuitous ARP out %" PRIu64 ", ARP reply out %" PRIu64
		", errors %" PRIu64 "\n", c->garp_tx, c->arp_reply_tx, c->tx_error);
}

static void show_group(FILE *out, const struct model_interface *i, const struct model_group *g,
		       bool detail)
{
	char hello[TEXT_TIME_LEN], hold[TEXT_TIME_LEN];

	fprintf(out, "%s - Group %u%s\n", i->ifname, g->number,
		g->state.version == 2 ? " (version 2)" : "");
	show_state(out, g);
	show_virtual(out, g);
	fprintf(out, "  Hello time %s, hold time %s\n", text_interval(hello, g->state.hello_ms),
		text_interval(hold, g->state.hold_ms));
	if (g->state.has_hello_next)
		fprintf(out, "    Next hello sent in %s secs\n",
			text_seconds(hello, g->state.hello_next_ms));
	fprintf(out, "  Preemption %s\n", g->preempt ? "enabled" : "disabled");
	show_router(out, "Active", &g->state.active);
	show_router(out, "Standby", &g->state.standby);
	if (g->priority == MODEL_DEFAULT_PRIORITY)
		fprintf(out, "  Priority %u (default %u)\n", g->state.priority,
			MODEL_DEFAULT_PRIORITY);
	else
		fprintf(out, "  Priority %u (configured %u)\n", g->state.priority, g->priority);
	for (size_t n = 0; n < g->n_tracks; n++)
		fprintf(out, "    Track interface %s state %s decrement %u\n",
			g->tracks[n].target, g->tracks[n].up ? "Up" : "Down",
			g->tracks[n].decrement);
	if (g->name[0])
		fprintf(out, "  IP redundancy name is \"%s\" (cfgd)\n", g->name);
	else
		fprintf(out, "  IP redundancy name is \"hsrp-%s-%u\" (default)\n", i->ifname,
			g->number);
	if (detail)
		show_counters(out, g);
}

static void show_interface(FILE *out, const struct model_interface *i)
{
	bool any = false;

	fprintf(out, "%s\n", i->ifname);
	fprintf(out, "  Groups active %u, passive %u\n", i->state.active_groups,
		i->state.passive_groups);
	fprintf(out, "  Advertisements in %" PRIu64 " out %" PRIu64 "\n", i->state.advertise_rx,
		i->state.advertise_tx);
	fputs("  Packets ignored", out);
	for (uint32_t reason = 0; reason < MODEL_DROP_REASONS; reason++) {
		if (!i->state.drops[reason])
			continue;
		fprintf(out, "%s %s %" PRIu64, any ? "," : ":", text_drop_reason(reason),
			i->state.drops[reason]);
		any = true;
	}
	fputs(any ? "\n" : ": none\n", out);
}

/**
 * show_standby() - Print all groups.
 * @out: where to
 * @m: model with the kernel's state
 * @detail: with counters of the groups and, after them, of the interfaces
 */
void show_standby(FILE *out, const struct model *m, bool detail)
{
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			show_group(out, m->interfaces[n], m->interfaces[n]->groups[k], detail);
	for (size_t n = 0; detail && n < m->n_interfaces; n++)
		show_interface(out, m->interfaces[n]);
}

static const char *brief_router(char buf[TEXT_ADDRESS_LEN], const struct model_router *r)
{
	if (!r->known)
		return "unknown";
	return r->local ? "local" : text_address(buf, r->address);
}

static void brief_group(FILE *out, const struct model_interface *i, const struct model_group *g,
			int width)
{
	bool disabled = g->state.state == VPNHA_STATE_INITIAL &&
			g->state.init_reason == VPNHA_INIT_REASON_DISABLED;
	char active[TEXT_ADDRESS_LEN], standby[TEXT_ADDRESS_LEN], vip[TEXT_ADDRESS_LEN];
	in_addr_t virtual = g->vip ? g->vip : g->state.vip;

	fprintf(out, "%-*s %-4u %-3u %c %-7s %-15s %-15s %s\n", width, i->ifname, g->number,
		g->state.priority, g->preempt ? 'P' : ' ',
		disabled ? "Disable" : text_state(g->state.state),
		brief_router(active, &g->state.active), brief_router(standby, &g->state.standby),
		virtual ? text_address(vip, virtual) : "unknown");
}

/**
 * show_standby_brief() - Print all groups, a line for each.
 * @out: where to
 * @m: model with the kernel's state
 */
void show_standby_brief(FILE *out, const struct model *m)
{
	int width = (int)strlen("Interface  ");

	for (size_t n = 0; n < m->n_interfaces; n++)
		if ((int)strlen(m->interfaces[n]->ifname) > width)
			width = (int)strlen(m->interfaces[n]->ifname);
	/* The column of the P follows those of interface, group and priority. */
	fprintf(out, "%*sP indicates configured to preempt.\n", width + 10, "");
	fprintf(out, "%*s|\n", width + 10, "");
	fprintf(out, "%-*s %-4s %-3s P %-7s %-15s %-15s %s\n", width, "Interface", "Grp", "Pri",
		"State", "Active", "Standby", "Virtual IP");
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			brief_group(out, m->interfaces[n], m->interfaces[n]->groups[k], width);
}

/* A group's place in the list of what tracks an object. */
struct tracked {
	const struct model_interface *interface;
	const struct model_group *group;
	const struct model_track *track;
};

static int compare_tracked(const void *a, const void *b)
{
	const struct tracked *x = a, *y = b;
	int order;

	if (x->track->id != y->track->id)
		return x->track->id < y->track->id ? -1 : 1;
	order = strverscmp(x->interface->ifname, y->interface->ifname);
	if (order)
		return order;
	return x->group->number < y->group->number ? -1 : x->group->number > y->group->number;
}

/* All that is tracked, by object; @id 0: every object. */
static size_t list_tracked(const struct model *m, uint32_t id, struct tracked **list)
{
	size_t n_list = 0;

	*list = NULL;
	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		for (size_t k = 0; k < i->n_groups; k++) {
			const struct model_group *g = i->groups[k];

			for (size_t t = 0; t < g->n_tracks; t++) {
				if (id && g->tracks[t].id != id)
					continue;
				*list = array_grow(*list, n_list, sizeof(**list));
				(*list)[n_list++] = (struct tracked){ i, g, &g->tracks[t] };
			}
		}
	}
	if (n_list)
		qsort(*list, n_list, sizeof(**list), compare_tracked);
	return n_list;
}

/**
 * show_track() - Print the tracked objects.
 * @out: where to
 * @m: model with the kernel's state
 * @id: only this object; 0: all
 */
void show_track(FILE *out, const struct model *m, uint32_t id)
{
	struct tracked *list;
	size_t n_list = list_tracked(m, id, &list);
	char buf[TEXT_TIME_LEN];

	for (size_t n = 0; n < n_list; n++) {
		const struct model_track *t = list[n].track;

		if (!n || t->id != list[n - 1].track->id) {
			fprintf(out, "Track %u (via HSRP)\n", t->id);
			fprintf(out, "  Interface %s line-protocol\n", t->target);
			fprintf(out, "  Line protocol is %s\n", t->up ? "Up" : "Down");
			fprintf(out, "    %u change%s, last change %s\n", t->changes,
				plural(t->changes), text_age(buf, t->change_age_ms));
			fputs("  Tracked by:\n", out);
		}
		fprintf(out, "    HSRP %s %u\n", list[n].interface->ifname,
			list[n].group->number);
	}
	free(list);
}

/* Names may hold any byte but NUL, JSON may not. */
static json_t *string_json(const char *s)
{
	char *copy = xstrdup(s);
	json_t *o;

	text_sanitize(copy);
	o = json_string(copy);
	free(copy);
	return o;
}

/**
 * show_track_json() - The tracked objects.
 * @m: model with the kernel's state
 * @id: only this object; 0: all
 *
 * Return: an array, owned by the caller.
 */
json_t *show_track_json(const struct model *m, uint32_t id)
{
	json_t *objects = json_array(), *by = NULL;
	struct tracked *list;
	size_t n_list = list_tracked(m, id, &list);

	for (size_t n = 0; n < n_list; n++) {
		const struct model_track *t = list[n].track;

		if (!n || t->id != list[n - 1].track->id) {
			by = json_array();
			json_array_append_new(objects, json_pack(
				"{s:I,s:o,s:b,s:I,s:I,s:o}", "track", (json_int_t)t->id,
				"interface", string_json(t->target), "up", t->up,
				"changes", (json_int_t)t->changes,
				"change_age_ms", (json_int_t)t->change_age_ms,
				"tracked_by", by));
		}
		json_array_append_new(by, json_pack("{s:o,s:I,s:I}",
				      "interface", string_json(list[n].interface->ifname),
				      "group", (json_int_t)list[n].group->number,
				      "decrement", (json_int_t)t->decrement));
	}
	free(list);
	return objects;
}

static json_t *address_json(in_addr_t address)
{
	char buf[TEXT_ADDRESS_LEN];

	return address ? json_string(text_address(buf, address)) : json_null();
}

static json_t *router_json(const struct model_router *r)
{
	json_t *o;

	if (!r->known)
		return json_null();
	o = json_pack("{s:b,s:o,s:I}", "local", r->local, "address", address_json(r->address),
		      "priority", (json_int_t)r->priority);
	if (!r->local)
		json_object_set_new(o, "expires_ms", json_integer(r->expires_ms));
	return o;
}

static json_t *counters_json(const struct model_counters *c)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
			 "hello_rx", (json_int_t)c->hello_rx, "hello_tx", (json_int_t)c->hello_tx,
			 "coup_rx", (json_int_t)c->coup_rx, "coup_tx", (json_int_t)c->coup_tx,
			 "resign_rx", (json_int_t)c->resign_rx,
			 "resign_tx", (json_int_t)c->resign_tx,
			 "garp_tx", (json_int_t)c->garp_tx,
			 "arp_reply_tx", (json_int_t)c->arp_reply_tx,
			 "tx_error", (json_int_t)c->tx_error);
}

static json_t *tracks_json(const struct model_group *g)
{
	json_t *list = json_array();

	for (size_t n = 0; n < g->n_tracks; n++)
		json_array_append_new(list, json_pack("{s:I,s:o,s:b,s:I}",
				      "track", (json_int_t)g->tracks[n].id,
				      "interface", string_json(g->tracks[n].target), "up", g->tracks[n].up,
				      "decrement", (json_int_t)g->tracks[n].decrement));
	return list;
}

static json_t *group_json(const struct model_interface *i, const struct model_group *g)
{
	const struct model_group_state *s = &g->state;
	char mac[TEXT_MAC_LEN], name[sizeof("hsrp--") + IFNAMSIZ + 10];
	json_t *o = json_object();

	snprintf(name, sizeof(name), "hsrp-%s-%u", i->ifname, g->number);
	json_object_set_new(o, "interface", string_json(i->ifname));
	json_object_set_new(o, "group", json_integer(g->number));
	json_object_set_new(o, "version", json_integer(s->version));
	json_object_set_new(o, "enabled", json_boolean(g->enabled));
	json_object_set_new(o, "state", json_string(text_state_key(s->state)));
	json_object_set_new(o, "init_reason", json_string(text_init_reason_key(s->init_reason)));
	json_object_set_new(o, "state_changes", json_integer(s->changes));
	json_object_set_new(o, "state_age_ms", json_integer((json_int_t)s->age_ms));
	json_object_set_new(o, "address", address_json(s->address));
	json_object_set_new(o, "virtual_ip", address_json(g->vip ? g->vip : s->vip));
	json_object_set_new(o, "virtual_ip_configured", address_json(g->vip));
	json_object_set_new(o, "virtual_mac", s->has_mac ? json_string(text_mac(mac, s->mac)) :
							   json_null());
	json_object_set_new(o, "hello_ms", json_integer(s->hello_ms));
	json_object_set_new(o, "hold_ms", json_integer(s->hold_ms));
	json_object_set_new(o, "hello_configured_ms",
			    g->hello_ms ? json_integer(g->hello_ms) : json_null());
	json_object_set_new(o, "hold_configured_ms",
			    g->hold_ms ? json_integer(g->hold_ms) : json_null());
	json_object_set_new(o, "hello_next_ms",
			    s->has_hello_next ? json_integer(s->hello_next_ms) : json_null());
	json_object_set_new(o, "preempt", json_boolean(g->preempt));
	json_object_set_new(o, "active_router", router_json(&s->active));
	json_object_set_new(o, "standby_router", router_json(&s->standby));
	json_object_set_new(o, "priority", json_integer(s->priority));
	json_object_set_new(o, "priority_configured", json_integer(g->priority));
	json_object_set_new(o, "tracks", tracks_json(g));
	json_object_set_new(o, "name", string_json(g->name[0] ? g->name : name));
	json_object_set_new(o, "name_configured", json_boolean(g->name[0]));
	json_object_set_new(o, "counters", counters_json(&s->counters));
	return o;
}

/**
 * show_standby_json() - All groups.
 * @m: model with the kernel's state
 *
 * Return: an array, owned by the caller.
 */
json_t *show_standby_json(const struct model *m)
{
	json_t *list = json_array();

	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			json_array_append_new(list, group_json(m->interfaces[n],
							       m->interfaces[n]->groups[k]));
	return list;
}

static json_t *drops_json(const struct model_interface *i)
{
	json_t *o = json_object();

	for (uint32_t reason = 0; reason < MODEL_DROP_REASONS; reason++)
		if (i->state.drops[reason])
			json_object_set_new(o, text_drop_reason_key(reason),
					    json_integer((json_int_t)i->state.drops[reason]));
	return o;
}

/**
 * show_interfaces_json() - What "show standby detail" tells of the interfaces.
 * @m: model with the kernel's state
 *
 * Return: an array, owned by the caller.
 */
json_t *show_interfaces_json(const struct model *m)
{
	json_t *list = json_array();

	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		json_array_append_new(list, json_pack("{s:o,s:I,s:s,s:I,s:I,s:I,s:I,s:o}",
			"interface", string_json(i->ifname), "version", (json_int_t)i->version,
			"link", text_link_key(i->state.link),
			"active_groups", (json_int_t)i->state.active_groups,
			"passive_groups", (json_int_t)i->state.passive_groups,
			"advertise_rx", (json_int_t)i->state.advertise_rx,
			"advertise_tx", (json_int_t)i->state.advertise_tx,
			"drops", drops_json(i)));
	}
	return list;
}

static json_t *group_config_json(const struct model_group *g)
{
	json_t *tracks = json_array();

	for (size_t n = 0; n < g->n_tracks; n++)
		json_array_append_new(tracks, json_pack("{s:o,s:I}",
				      "interface", string_json(g->tracks[n].target),
				      "decrement", (json_int_t)g->tracks[n].decrement));
	return json_pack("{s:I,s:b,s:o,s:o,s:o,s:I,s:b,s:o,s:o}",
			 "group", (json_int_t)g->number, "enabled", g->enabled,
			 "virtual_ip", address_json(g->vip),
			 "hello_ms", g->hello_ms ? json_integer(g->hello_ms) : json_null(),
			 "hold_ms", g->hold_ms ? json_integer(g->hold_ms) : json_null(),
			 "priority", (json_int_t)g->priority, "preempt", g->preempt,
			 "name", g->name[0] ? string_json(g->name) : json_null(),
			 "tracks", tracks);
}

/**
 * show_config_json() - The configuration that a model holds.
 * @m: model
 *
 * Return: an object, owned by the caller.
 */
json_t *show_config_json(const struct model *m)
{
	json_t *interfaces = json_array();

	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];
		json_t *groups = json_array();

		for (size_t k = 0; k < i->n_groups; k++)
			json_array_append_new(groups, group_config_json(i->groups[k]));
		json_array_append_new(interfaces, json_pack("{s:o,s:I,s:o}",
				      "interface", string_json(i->ifname),
				      "version", (json_int_t)i->version, "groups", groups));
	}
	return json_pack("{s:o}", "interfaces", interfaces);
}
