// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/json_set.h"
#include "lib/show.h"
#include "lib/show_crypto.h"
#include "lib/text.h"

static void set_address(json_t *o, const char *key, const struct address *address)
{
	char buf[ADDRESS_LEN];

	set(o, key, address_is_zero(address) ? json_null() :
					       json_string(address_text(buf, address)));
}

static void set_mac(json_t *o, const char *key, bool given, const uint8_t mac[6])
{
	char buf[TEXT_MAC_LEN];

	set(o, key, given ? json_string(text_mac(buf, mac)) : json_null());
}

static void set_router(json_t *o, const char *key, const struct model_router *r)
{
	json_t *router;

	if (!r->known) {
		set(o, key, json_null());
		return;
	}
	router = json_object();
	set_bool(router, "local", r->local);
	set_address(router, "address", &r->address);
	set_number(router, "priority", r->priority);
	if (!r->local) {
		set_mac(router, "mac", r->has_mac, r->mac);
		set_number(router, "expires_ms", r->expires_ms);
	}
	set(o, key, router);
}

static json_t *counters_json(const struct model_counters *c)
{
	json_t *o = json_object();

	set_number(o, "hello_rx", c->hello_rx);
	set_number(o, "hello_tx", c->hello_tx);
	set_number(o, "coup_rx", c->coup_rx);
	set_number(o, "coup_tx", c->coup_tx);
	set_number(o, "resign_rx", c->resign_rx);
	set_number(o, "resign_tx", c->resign_tx);
	set_number(o, "garp_tx", c->garp_tx);
	set_number(o, "arp_reply_tx", c->arp_reply_tx);
	set_number(o, "tx_error", c->tx_error);
	set_number(o, "na_tx", c->na_tx);
	set_number(o, "na_reply_tx", c->na_reply_tx);
	return o;
}

static json_t *tracks_json(const struct model_group *g)
{
	json_t *list = json_array();

	for (size_t n = 0; n < g->n_tracks; n++) {
		json_t *o = json_object();

		show_track_set(o, &g->tracks[n]);
		json_array_append_new(list, o);
	}
	return list;
}

/* How packets are authenticated, but never by what. */
static void set_auth(json_t *o, const struct model_auth *a)
{
	set_string(o, "authentication", a->kind == VPNHA_AUTHENTICATION_MD5 ? "md5" : "text");
	set_bool(o, "authentication_default", model_auth_is_default(a));
	set_number_or_null(o, "key_timeout_s", a->timeout);
}

static void set_secondary(json_t *o, const struct model_group *g)
{
	json_t *list = json_array();
	char buf[TEXT_ADDRESS_LEN];

	for (size_t n = 0; n < g->n_secondary; n++)
		json_array_append_new(list, json_string(text_address(buf,
								     g->secondary[n].address)));
	set(o, "virtual_ips_secondary", list);
}

/* The virtual IPs that are configured. */
static void set_vips(json_t *o, const char *key, const struct model_group *g)
{
	const struct address vip = g->ipv6 ? g->vip6 : address_of_ipv4(g->vip);
	json_t *list = json_array();
	char buf[ADDRESS_LEN];

	set_address(o, key, &vip);
	set_secondary(o, g);
	set_bool(o, "virtual_ip_autoconfig", g->autoconfig);
	for (size_t n = 0; n < g->n_global; n++)
		json_array_append_new(list, json_sprintf("%s/%u",
							 address_text(buf, &g->global[n].address),
							 g->global[n].length));
	set(o, "virtual_ips_global", list);
}

static void set_preempt(json_t *o, const struct model_group *g)
{
	set_bool(o, "preempt", g->preempt);
	set_number(o, "preempt_delay_minimum_s", g->preempt_delay.min_s);
	set_number(o, "preempt_delay_reload_s", g->preempt_delay.reload_s);
	set_number(o, "preempt_delay_sync_s", g->preempt_delay.sync_s);
}

static void set_itself(json_t *o, const struct model_interface *i)
{
	set_number(o, "delay_minimum_s", i->delay.min_s);
	set_number(o, "delay_reload_s", i->delay.reload_s);
	set_bool(o, "use_bia", i->use_bia);
	set_bool(o, "redirect", i->redirect);
	set_number(o, "garp_count", i->garp.count);
	set_number(o, "garp_interval_s", i->garp.interval_s);
	set_number_or_null(o, "mac_refresh_s", i->garp.refresh_s);
}

/* Without what each says of itself. */
static json_t *reference_json(const struct model_interface *i, const struct model_group *g)
{
	json_t *o = json_object();

	set_string(o, "interface", i->ifname);
	set_number(o, "group", g->number);
	return o;
}

static void set_follow(json_t *o, const struct model_group *g)
{
	set_string_or_null(o, "follow", g->follow);
	set_bool(o, "bundle", g->bundle);
}

static void set_links(json_t *o, const struct model *m, const struct model_interface *i,
		      const struct model_group *g)
{
	json_t *followers = json_array(), *split = json_array();

	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++) {
			const struct model_interface *j = m->interfaces[n];
			const struct model_group *h = j->groups[k];
			json_t *other;

			if (g->name[0] && !strcmp(h->follow, g->name))
				json_array_append_new(followers, reference_json(j, h));
			if (!show_is_split(m, i, g, j, h))
				continue;
			other = reference_json(j, h);
			set_address(other, "active", &h->state.active.address);
			json_array_append_new(split, other);
		}
	set_follow(o, g);
	set(o, "followed_by", followers);
	set(o, "split", split);
}

static json_t *group_json(const struct model *m, const struct model_interface *i,
			  const struct model_group *g)
{
	const struct address vip = show_vip(g);
	const struct model_group_state *s = &g->state;
	char name[sizeof("hsrp--") + IFNAMSIZ + 10];
	json_t *o = json_object();

	snprintf(name, sizeof(name), "hsrp-%s-%u", i->ifname, g->number);
	set_string(o, "interface", i->ifname);
	set_number(o, "group", g->number);
	set_number(o, "version", s->version);
	set_string(o, "family", g->ipv6 ? "ipv6" : "ipv4");
	set_bool(o, "enabled", g->enabled);
	set_string(o, "state", text_state_key(s->state));
	set_string(o, "init_reason", text_init_reason_key(s->init_reason));
	set_number(o, "state_changes", s->changes);
	set_number(o, "state_age_ms", s->age_ms);
	set_address(o, "address", &s->address);
	set_address(o, "virtual_ip", &vip);
	set_vips(o, "virtual_ip_configured", g);
	set_mac(o, "virtual_mac", s->has_mac, s->mac);
	set_mac(o, "virtual_mac_configured", g->has_mac, g->mac);
	set_number(o, "hello_ms", s->hello_ms);
	set_number(o, "hold_ms", s->hold_ms);
	set_number_or_null(o, "hello_configured_ms", g->hello_ms);
	set_number_or_null(o, "hold_configured_ms", g->hold_ms);
	set(o, "hello_next_ms", s->has_hello_next ? json_integer(s->hello_next_ms) : json_null());
	set(o, "garp_next_ms", s->has_garp_next ? json_integer(s->garp_next_ms) : json_null());
	set_auth(o, &g->auth);
	set_number_or_null(o, "key_old_left_ms", s->key_old_left_ms);
	set_preempt(o, g);
	set_bool(o, "sync_pending", s->sync_pending);
	set_number_or_null(o, "preempt_left_ms", s->preempt_left_ms);
	set_router(o, "active_router", &s->active);
	set_router(o, "standby_router", &s->standby);
	set_number(o, "priority", s->priority);
	set_number(o, "priority_configured", g->priority);
	set(o, "tracks", tracks_json(g));
	set_string(o, "name", g->name[0] ? g->name : name);
	set_bool(o, "name_configured", g->name[0]);
	set_links(o, m, i, g);
	set(o, "counters", counters_json(&s->counters));
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
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++) {
			const struct model_interface *i = m->interfaces[n];

			if (!i->groups[k]->state.hidden)
				json_array_append_new(list, group_json(m, i, i->groups[k]));
		}
	return list;
}

static json_t *offender_json(const struct model_offender *offender)
{
	char mac[TEXT_MAC_LEN];
	json_t *o;

	if (!offender->reason)
		return json_null();
	o = json_object();
	set_address(o, "address", &offender->address);
	set_string(o, "mac", text_mac(mac, offender->mac));
	set_string(o, "reason", text_drop_reason_key(offender->reason));
	set_number(o, "age_ms", offender->age_ms);
	return o;
}

static json_t *drops_json(const struct model_interface *i)
{
	json_t *o = json_object();

	for (uint32_t reason = 0; reason < MODEL_DROP_REASONS; reason++)
		if (i->state.drops[reason])
			set_number(o, text_drop_reason_key(reason), i->state.drops[reason]);
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
		json_t *o;

		if (i->state.hidden)
			continue;
		o = json_object();
		set_string(o, "interface", i->ifname);
		set_number(o, "version", i->version);
		set_itself(o, i);
		set_number_or_null(o, "delay_left_ms", i->state.delay_left_ms);
		set_string(o, "link", text_link_key(i->state.link));
		set_number(o, "active_groups", i->state.active_groups);
		set_number(o, "passive_groups", i->state.passive_groups);
		set_number(o, "advertise_rx", i->state.advertise_rx);
		set_number(o, "advertise_tx", i->state.advertise_tx);
		set(o, "drops", drops_json(i));
		set(o, "last_offender", offender_json(&i->state.offender));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *group_config_json(const struct model_group *g)
{
	json_t *o = json_object(), *tracks = json_array();

	set_number(o, "group", g->number);
	set_string(o, "family", g->ipv6 ? "ipv6" : "ipv4");
	set_bool(o, "enabled", g->enabled);
	set_vips(o, "virtual_ip", g);
	set_mac(o, "virtual_mac", g->has_mac, g->mac);
	set_number_or_null(o, "hello_ms", g->hello_ms);
	set_number_or_null(o, "hold_ms", g->hold_ms);
	set_number(o, "priority", g->priority);
	set_auth(o, &g->auth);
	set_preempt(o, g);
	set_string_or_null(o, "name", g->name);
	set_follow(o, g);
	for (size_t n = 0; n < g->n_tracks; n++) {
		json_t *t = json_object();

		show_track_set_config(t, &g->tracks[n]);
		json_array_append_new(tracks, t);
	}
	set(o, "tracks", tracks);
	return o;
}

/**
 * show_config_json() - The configuration that a model holds.
 * @m: model
 *
 * Return: an object, owned by the caller.
 */
json_t *show_config_json(const struct model *m)
{
	json_t *o = json_object(), *interfaces = json_array();

	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];
		json_t *interface = json_object(), *groups = json_array();

		for (size_t k = 0; k < i->n_groups; k++)
			json_array_append_new(groups, group_config_json(i->groups[k]));
		set_string(interface, "interface", i->ifname);
		set_number(interface, "version", i->version);
		set_itself(interface, i);
		set(interface, "groups", groups);
		json_array_append_new(interfaces, interface);
	}
	set(o, "interfaces", interfaces);
	set(o, "objects", show_objects_config_json(&m->objects));
	set(o, "crypto", show_crypto_config_json(&m->crypto));
	return o;
}
