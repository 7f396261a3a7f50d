// SPDX-License-Identifier: GPL-2.0-or-later
/* Sessions: what there is between us and a peer, whoever made it. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_acl.h"
#include "vpnhad/attempts.h"
#include "vpnhad/clock.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel.h"
#include "vpnhad/kernel_sa.h"
#include "vpnhad/show.h"
#include "vpnhad/table.h"
#include "vpnhad/vpnhad.h"

#define PERMIT		"permit "
#define PERMIT_LEN	256

/**
 * struct session_item - A session while it is put together.
 * @ifname: interface; with @peer its key
 * @peer: the peer's address
 * @profile: name of its profile, as the crypto map says
 * @error: why the last attempt failed; NULL: it did not
 * @flows: array
 * @active: SAs of the kernel's
 */
struct session_item {
	char ifname[IFNAMSIZ];
	struct ike_endpoint peer;
	char profile[IKE_NAME_SIZE];
	const struct conn_error *error;
	json_t *flows;
	size_t active;
};

/**
 * struct sessions - All of them while they are put together.
 * @d: daemon
 * @crypto: what the kernel has
 * @items: sessions
 * @n: how many
 * @now: what time it is
 */
struct sessions {
	struct vpnhad *d;
	const struct crypto *crypto;
	struct session_item *items;
	size_t n;
	uint64_t now;
};

static struct session_item *get(struct sessions *s, const char *ifname,
				const struct ike_endpoint *peer)
{
	struct session_item *i;

	for (size_t n = 0; n < s->n; n++)
		if (!strcmp(s->items[n].ifname, ifname) &&
		    ike_endpoint_same_address(&s->items[n].peer, peer))
			return &s->items[n];
	s->items = array_grow(s->items, s->n, sizeof(*s->items));
	i = &s->items[s->n++];
	memset(i, 0, sizeof(*i));
	snprintf(i->ifname, sizeof(i->ifname), "%s", ifname);
	i->peer = *peer;
	i->flows = json_array();
	return i;
}

static const struct address *peer_of(const struct crypto_sa *sa)
{
	return sa->direction == VPNHA_ESP_DIRECTION_IN ? &sa->src : &sa->dst;
}

static bool is_to(const struct crypto_sa *sa, const struct ike_endpoint *peer)
{
	struct address address;

	kernel_address(&address, peer);
	return address_equal(peer_of(sa), &address);
}

static bool is_of(const struct crypto_sa *sa, const struct ike_child_policy *p)
{
	return sa->number == p->number && sa->dynamic_number == p->dynamic_number &&
	       !strcmp(sa->ifname, p->ifname) && !strcmp(sa->map, p->map);
}

/* "host 192.0.2.1", "10.0.0.0/255.0.0.0", "2001:db8::/32", and a port. */
static size_t put_side(char *buf, size_t size, const struct address *a, const struct address *mask,
		       const uint16_t ports[2], uint32_t protocol)
{
	char first[ADDRESS_LEN], second[ADDRESS_LEN];
	int bits = address_mask_length(mask);
	int n;

	address_text(first, a);
	if (bits == (int)(8 * address_size(a)))
		n = snprintf(buf, size, " host %s", first);
	else if (a->family == AF_INET6)
		n = snprintf(buf, size, " %s/%d", first, bits);
	else
		n = snprintf(buf, size, " %s/%s", first, address_text(second, mask));
	if (n < 0 || (size_t)n >= size || !crypto_has_ports(protocol))
		return n < 0 ? 0 : (size_t)n;
	if (ports[0] == ports[1])
		n += snprintf(buf + n, size - (size_t)n, " eq %u", ports[0]);
	else if (ports[0] || ports[1] != UINT16_MAX)
		n += snprintf(buf + n, size - (size_t)n, " range %u %u", ports[0], ports[1]);
	return (size_t)n;
}

static json_t *permit(const struct crypto_selector *s)
{
	const char *protocol = config_protocol_name(s->protocol, s->src.family);
	char text[PERMIT_LEN];
	size_t n;

	if (protocol)
		n = (size_t)snprintf(text, sizeof(text), PERMIT "%s", protocol);
	else
		n = (size_t)snprintf(text, sizeof(text), PERMIT "%u", s->protocol);
	n += put_side(text + n, sizeof(text) - n, &s->src, &s->src_mask, s->src_port, s->protocol);
	if (n < sizeof(text))
		put_side(text + n, sizeof(text) - n, &s->dst, &s->dst_mask, s->dst_port,
			 s->protocol);
	return json_string(text);
}

/* What is counted of the SAs of a flow, by direction. */
struct flow {
	size_t active;
	uint64_t packets[2], drops[2], kilobytes[2], seconds[2];
};

static uint64_t left(uint64_t hard, uint64_t used)
{
	return hard > used ? hard - used : 0;
}

static void count(struct flow *f, const struct crypto_sa *sa)
{
	uint32_t way = sa->direction == VPNHA_ESP_DIRECTION_IN ? 0 : 1;
	uint64_t kilobytes = left(sa->hard_bytes, sa->lifetime_bytes) / 1024;
	uint64_t seconds = left(sa->hard_seconds, sa->age_ms / 1000);

	f->active += sa->state == VPNHA_SA_STATE_MATURE || sa->state == VPNHA_SA_STATE_DYING;
	f->packets[way] += sa->packets;
	for (size_t n = 0; n < CRYPTO_DROP_REASONS; n++)
		f->drops[way] += sa->drops[n];
	if (seconds >= f->seconds[way]) {
		f->seconds[way] = seconds;
		f->kilobytes[way] = kilobytes;
	}
}

static void add_flow(struct session_item *i, json_t *text, const struct flow *f, bool dynamic)
{
	json_t *o = json_object();
	json_t *counters = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
				     "in_packets", (json_int_t)f->packets[0],
				     "in_drops", (json_int_t)f->drops[0],
				     "in_kb", (json_int_t)f->kilobytes[0],
				     "in_s", (json_int_t)f->seconds[0],
				     "out_packets", (json_int_t)f->packets[1],
				     "out_drops", (json_int_t)f->drops[1],
				     "out_kb", (json_int_t)f->kilobytes[1],
				     "out_s", (json_int_t)f->seconds[1]);

	json_object_set_new(o, "permit", text);
	json_object_set_new(o, "active_sas", json_integer((json_int_t)f->active));
	json_object_set_new(o, "origin", json_string(dynamic ? "dynamic crypto map" :
							       "crypto map"));
	json_object_set_new(o, "counters", counters);
	json_array_append_new(i->flows, o);
	i->active += f->active;
}

/* One flow for each line of the access list that permits. */
static void add_lines(struct sessions *s, struct session_item *i, const struct ike_child_policy *p)
{
	const struct crypto_map *m = crypto_map_find(s->crypto, p->map, p->number);
	const struct crypto_acl *acl = m ? crypto_acl_find(s->crypto, m->acl) : NULL;

	for (size_t n = 0; acl && n < acl->n_lines; n++) {
		const struct crypto_line *line = &acl->lines[n];
		struct flow f = {};

		if (line->action != VPNHA_ACL_ACTION_PERMIT)
			continue;
		for (size_t k = 0; k < s->crypto->n_sas; k++) {
			const struct crypto_sa *sa = s->crypto->sas[k];

			if (is_of(sa, p) && is_to(sa, &i->peer) &&
			    (!sa->n_selectors ||
			     crypto_selector_within(&sa->selectors[0], &line->match)))
				count(&f, sa);
		}
		add_flow(i, permit(&line->match), &f, false);
	}
}

static bool is_used(const struct sessions *s, const struct ike_child_policy *p,
		    const struct ike_endpoint *peer)
{
	for (size_t n = 0; n < s->crypto->n_sas; n++)
		if (is_of(s->crypto->sas[n], p) && is_to(s->crypto->sas[n], peer))
			return true;
	for (size_t n = 0; n < 2; n++)
		if (p->local[n].family == peer->family &&
		    table_to_peer(s->d->table, &p->local[n], peer))
			return true;
	return false;
}

static void add_entry(struct sessions *s, const struct ike_child_policy *p,
		      const struct ike_endpoint *peer)
{
	struct session_item *i = get(s, p->ifname, peer);

	snprintf(i->profile, sizeof(i->profile), "%s", p->profile);
	i->error = attempts_error(s->d->attempts, p->ifname, p->map, p->number);
	add_lines(s, i, p);
}

static void add_static(struct sessions *s, const struct ike_child_policy *p)
{
	bool any = false;

	for (size_t n = 0; n < p->n_peers; n++) {
		if (!is_used(s, p, &p->peers[n]))
			continue;
		add_entry(s, p, &p->peers[n]);
		any = true;
	}
	if (!any && p->n_peers)
		add_entry(s, p, &p->peers[0]);
}

/* Of a dynamic map there is what peers have asked for. */
static void add_dynamic(struct sessions *s, const struct ike_child_policy *p)
{
	for (size_t n = 0; n < s->crypto->n_sas; n++) {
		const struct crypto_sa *out = s->crypto->sas[n];
		struct session_item *i;
		struct ike_endpoint peer;
		struct flow f = {};

		if (!is_of(out, p) || out->direction != VPNHA_ESP_DIRECTION_OUT ||
		    !out->n_selectors)
			continue;
		kernel_endpoint(&peer, &out->dst, ENDPOINT_PORT);
		i = get(s, p->ifname, &peer);
		snprintf(i->profile, sizeof(i->profile), "%s", p->profile);
		for (size_t k = 0; k < s->crypto->n_sas; k++) {
			const struct crypto_sa *sa = s->crypto->sas[k];

			if (is_of(sa, p) && is_to(sa, &peer) && sa->n_selectors &&
			    crypto_selector_within(&sa->selectors[0], &out->selectors[0]))
				count(&f, sa);
		}
		add_flow(i, permit(&out->selectors[0]), &f, true);
	}
}

static json_t *short_sa(const struct conn *c, uint64_t now)
{
	const struct conn_state *state = &c->state;
	json_t *o = json_object(), *nat = json_object(), *dpd = json_object();

	json_object_set_new(o, "id", json_integer(c->id));
	json_object_set_new(o, "version", json_integer(2));
	json_object_set_new(o, "role", json_string(state->initiator ? "initiator" : "responder"));
	json_object_set_new(o, "state", json_string(ike_state_text(state->state)));
	json_object_set_new(o, "local", show_endpoint(&state->path.local));
	json_object_set_new(o, "remote", show_endpoint(&state->path.remote));
	json_object_set_new(o, "age_s", json_integer(show_seconds_since(state->since_ms, now)));
	json_object_set_new(o, "lifetime_s", json_integer((json_int_t)(state->life_ms / 1000)));
	json_object_set_new(o, "rekey_in_s", show_seconds_until(state->rekey_ms, now));
	json_object_set_new(nat, "local", json_boolean(state->nat_local));
	json_object_set_new(nat, "remote", json_boolean(state->nat_remote));
	json_object_set_new(o, "nat", nat);
	json_object_set_new(dpd, "interval_s", json_integer((json_int_t)(state->dpd_ms / 1000)));
	json_object_set_new(o, "dpd", dpd);
	return o;
}

static const char *status(const struct session_item *i, bool established, bool negotiating)
{
	if (established)
		return i->active ? "UP-ACTIVE" : "UP-IDLE";
	if (i->active)
		return "UP-NO-IKE";
	return negotiating ? "DOWN-NEGOTIATING" : "DOWN";
}

static json_t *finish(struct sessions *s, struct session_item *i)
{
	bool established = false, negotiating = false;
	json_t *o = json_object(), *sas = json_array();
	const struct conn_error *error = i->error;
	const struct conn *newest = NULL;
	uint64_t since = 0;

	for (const struct conn *c = table_first(s->d->table); c; c = table_next(c)) {
		if (!ike_endpoint_same_address(&c->remote, &i->peer) ||
		    strcmp(show_interface(c), i->ifname))
			continue;
		json_array_append_new(sas, short_sa(c, s->now));
		if (c->state.state == IKE_STATE_ESTABLISHED) {
			established = true;
			since = !since || c->state.since_ms < since ? c->state.since_ms : since;
			newest = newest ? newest : c;
		}
		negotiating |= c->state.state < IKE_STATE_ESTABLISHED;
		/* An IKE SA that is up may have got no tunnel. */
		if (c->state.error.text[0] && (!error || c->state.error.at_ms > error->at_ms))
			error = &c->state.error;
		i->peer.port = c->state.path.remote.port;
	}
	json_object_set_new(o, "interface", show_text(i->ifname));
	json_object_set_new(o, "profile", show_text(newest ? newest->state.profile : i->profile));
	json_object_set_new(o, "uptime_s", json_integer(show_seconds_since(since, s->now)));
	json_object_set_new(o, "status", json_string(status(i, established, negotiating)));
	json_object_set_new(o, "peer", show_endpoint(&i->peer));
	json_object_set_new(o, "phase1_id", newest ? show_identity(&newest->state.remote_id) :
						     json_null());
	json_object_set_new(o, "ike_sas", sas);
	json_object_set_new(o, "flows", json_incref(i->flows));
	json_object_set_new(o, "last_error", error ? show_error(error, s->now) : json_null());
	return o;
}

/* Peers that no entry names, and that have nothing but an IKE SA yet. */
static void add_others(struct sessions *s)
{
	for (const struct conn *c = table_first(s->d->table); c; c = table_next(c))
		if (c->state.state <= IKE_STATE_ESTABLISHED)
			get(s, show_interface(c), &c->remote);
}

static bool is_wanted(const struct session_item *i, const struct show_filter *filter)
{
	if (filter->peer.family && !ike_endpoint_same_address(&filter->peer, &i->peer))
		return false;
	return !filter->interface || !strcmp(filter->interface, i->ifname);
}

/**
 * show_sessions() - Sessions in JSON.
 * @d: daemon
 * @filter: which
 *
 * Return: an array, the caller's.
 */
json_t *show_sessions(struct vpnhad *d, const struct show_filter *filter)
{
	struct model m = {};
	struct sessions s = { .d = d, .crypto = &m.crypto, .now = clock_ms() };
	json_t *list = json_array();

	kernel_get(d->kernel, &m);
	for (size_t n = 0; d->config && n < d->config->n_children; n++) {
		const struct ike_child_policy *p = &d->config->children[n];

		if (p->dynamic_number)
			add_dynamic(&s, p);
		else
			add_static(&s, p);
	}
	add_others(&s);
	for (size_t n = 0; n < s.n; n++) {
		if (is_wanted(&s.items[n], filter))
			json_array_append_new(list, finish(&s, &s.items[n]));
		json_decref(s.items[n].flows);
	}
	free(s.items);
	model_free(&m);
	return list;
}
