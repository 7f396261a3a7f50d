// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include <netlink/netlink.h>

#include "lib/config_acl.h"
#include "lib/crypto_event.h"
#include "lib/decode.h"
#include "lib/show_crypto.h"
#include "lib/text.h"

static int decode_acquire(struct crypto_event *e, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_ACQUIRE_MAX + 1];
	int ret = nla_parse(tb, VPNHA_A_ACQUIRE_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	decode_string(tb[VPNHA_A_ACQUIRE_IFNAME], e->ifname, sizeof(e->ifname));
	decode_string(tb[VPNHA_A_ACQUIRE_MAP], e->map, sizeof(e->map));
	e->number = decode_u32(tb[VPNHA_A_ACQUIRE_NUMBER]);
	e->line = decode_u32(tb[VPNHA_A_ACQUIRE_LINE]);
	decode_address(tb[VPNHA_A_ACQUIRE_PEER], &e->peer);
	decode_address(tb[VPNHA_A_ACQUIRE_SRC], &e->src);
	decode_address(tb[VPNHA_A_ACQUIRE_DST], &e->dst);
	e->protocol = decode_u32(tb[VPNHA_A_ACQUIRE_PROTOCOL]);
	e->src_port = decode_u16(tb[VPNHA_A_ACQUIRE_SRC_PORT]);
	e->dst_port = decode_u16(tb[VPNHA_A_ACQUIRE_DST_PORT]);
	return 0;
}

static int decode_sa_event(struct crypto_event *e, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_SA_EVENT_MAX + 1];
	int ret = nla_parse(tb, VPNHA_A_SA_EVENT_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	e->kind = decode_u32(tb[VPNHA_A_SA_EVENT_KIND]);
	e->has_cause = tb[VPNHA_A_SA_EVENT_CAUSE];
	e->cause = decode_u32(tb[VPNHA_A_SA_EVENT_CAUSE]);
	e->direction = decode_u32(tb[VPNHA_A_SA_EVENT_DIRECTION]);
	e->spi = decode_u32(tb[VPNHA_A_SA_EVENT_SPI]);
	decode_address(tb[VPNHA_A_SA_EVENT_DST], &e->dst);
	e->id = decode_u32(tb[VPNHA_A_SA_EVENT_ID]);
	e->seq = decode_u64(tb[VPNHA_A_SA_EVENT_SEQ]);
	e->ceiling = decode_u64(tb[VPNHA_A_SA_EVENT_CEILING]);
	decode_address(tb[VPNHA_A_SA_EVENT_SRC], &e->src);
	e->src_port = decode_u16(tb[VPNHA_A_SA_EVENT_SPORT]);
	return 0;
}

static int decode_object(struct crypto_event *e, struct nlattr *attrs, int length)
{
	switch (e->command) {
	case VPNHA_CMD_SA_NTF:
	case VPNHA_CMD_SA_DEL_NTF:
		return decode_sa(&e->model, attrs, length);
	case VPNHA_CMD_BINDING_NTF:
	case VPNHA_CMD_BINDING_DEL_NTF:
		return decode_binding(&e->model, attrs, length);
	case VPNHA_CMD_MAP_NTF:
	case VPNHA_CMD_MAP_DEL_NTF:
		return decode_map(&e->model, attrs, length);
	case VPNHA_CMD_DYNAMIC_MAP_NTF:
	case VPNHA_CMD_DYNAMIC_MAP_DEL_NTF:
		return decode_dynamic_map(&e->model, attrs, length);
	case VPNHA_CMD_ROUTE_NTF:
	case VPNHA_CMD_ROUTE_DEL_NTF:
		return decode_route(&e->model, attrs, length);
	default:
		return -NLE_OPNOTSUPP;
	}
}

/**
 * decode_crypto_event() - Read what arrived on the multicast group "events".
 * @e: result, to be freed when it was read
 * @command: of the message
 * @attrs: its attributes
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl, also when the message is about something else.
 */
int decode_crypto_event(struct crypto_event *e, uint8_t command, struct nlattr *attrs, int length)
{
	int ret;

	memset(e, 0, sizeof(*e));
	e->command = command;
	if (command == VPNHA_CMD_ACQUIRE_EVENT)
		return decode_acquire(e, attrs, length);
	if (command == VPNHA_CMD_SA_EVENT)
		return decode_sa_event(e, attrs, length);
	ret = decode_object(e, attrs, length);
	if (ret < 0)
		crypto_event_free(e);
	return ret;
}

/**
 * crypto_event_free() - Release what an event holds.
 * @e: event
 */
void crypto_event_free(struct crypto_event *e)
{
	model_free(&e->model);
}

static const char *way(uint32_t direction)
{
	return direction == VPNHA_ESP_DIRECTION_IN ? "inbound" : "outbound";
}

static void print_acquire(FILE *out, const struct crypto_event *e)
{
	const char *protocol = config_protocol_name(e->protocol, e->src.family);
	char src[ADDRESS_LEN], dst[ADDRESS_LEN], peer[ADDRESS_LEN], number[16];

	snprintf(number, sizeof(number), "%u", e->protocol);
	fprintf(out, "IPSEC(acquire): %s crypto map %s %u, line %u: %s", e->ifname, e->map,
		e->number, e->line, protocol ? protocol : number);
	if (crypto_has_ports(e->protocol))
		fprintf(out, " %s port %u -> %s port %u", address_text(src, &e->src), e->src_port,
			address_text(dst, &e->dst), e->dst_port);
	else
		fprintf(out, " %s -> %s", address_text(src, &e->src),
			address_text(dst, &e->dst));
	fprintf(out, ", peer %s\n", address_text(peer, &e->peer));
}

static void print_sa_event(FILE *out, const struct crypto_event *e)
{
	char src[ADDRESS_LEN], dst[ADDRESS_LEN];

	fprintf(out, "IPSEC(sa_event): %s spi 0x%X(%u) to %s, conn id %u: %s", way(e->direction),
		e->spi, e->spi, address_text(dst, &e->dst), e->id, text_sa_event_kind(e->kind));
	if (e->has_cause)
		fprintf(out, " (%s)", text_expiry_cause_key(e->cause));
	if (e->kind == VPNHA_SA_EVENT_KIND_REPLAY)
		fprintf(out, " %" PRIu64, e->seq);
	if (e->kind == VPNHA_SA_EVENT_KIND_CEILING)
		fprintf(out, ": %" PRIu64 " of %" PRIu64, e->seq, e->ceiling);
	if (e->kind == VPNHA_SA_EVENT_KIND_MAPPING)
		fprintf(out, ": %s port %u", address_text(src, &e->src), e->src_port);
	fputc('\n', out);
}

static void print_sa(FILE *out, const struct crypto_sa *sa, const char *what)
{
	char src[ADDRESS_LEN], dst[ADDRESS_LEN], transform[TRANSFORM_TEXT_LEN];

	fprintf(out, "IPSEC(%s): %s spi 0x%X(%u), %s -> %s, conn id %u, %s, %s", what,
		way(sa->direction), sa->spi, sa->spi, address_text(src, &sa->src),
		address_text(dst, &sa->dst), sa->id, transform_text(transform, &sa->transform),
		text_sa_state_key(sa->state));
	fprintf(out, ", %s crypto map %s %u\n", sa->ifname, sa->map, sa->number);
}

static void print_binding(FILE *out, const struct crypto_binding *b, const char *what)
{
	char local[ADDRESS_LEN];

	fprintf(out, "IPSEC(%s): %s crypto map %s", what, b->ifname, b->map);
	if (b->redundancy[0])
		fprintf(out, " redundancy %s", b->redundancy);
	fprintf(out, ", %s, local addr. %s: %s\n", text_role_key(b->state.role),
		address_text(local, b->state.local.family ? &b->state.local : &b->state.local6),
		text_binding_problem(b->state.problem));
}

static void print_map(FILE *out, const struct crypto_map *m, const char *what)
{
	char peer[ADDRESS_LEN];

	if (m->is_dynamic)
		fprintf(out, "IPSEC(%s): dynamic crypto map %s %u", what, m->name, m->number);
	else
		fprintf(out, "IPSEC(%s): crypto map %s %u %s", what, m->name, m->number,
			text_map_kind(m->kind));
	if (m->dynamic[0])
		fprintf(out, " dynamic %s", m->dynamic);
	if (m->n_peers)
		fprintf(out, ", peer %s", address_text(peer, &m->peers[0].address));
	fprintf(out, ": %s\n", text_map_problem(m->problem));
}

/* What became of a route in the words of routers, which know none that is not installed. */
static const char *route_verb(const struct crypto_event *e, const struct crypto_route *r)
{
	if (e->command == VPNHA_CMD_ROUTE_DEL_NTF)
		return "Removed";
	if (r->state == VPNHA_ROUTE_STATE_INSTALLED)
		return "Added";
	return r->state == VPNHA_ROUTE_STATE_PENDING ? "Pending" : "Not Installed";
}

static void print_route(FILE *out, const struct crypto_event *e, const struct crypto_route *r)
{
	char dst[ADDRESS_PAIR_LEN], via[ADDRESS_LEN];
	const char *verb = route_verb(e, r), *error = route_error(r);

	fprintf(out, "IPSEC(rte_mgr): VPN Route %s %s via %s in %s ", verb,
		route_destination(dst, r, ' '), address_text(via, route_via(r)),
		r->dst.family == AF_INET6 ? "IPv6" : "IP");
	if (r->table == CRYPTO_TABLE_MAIN)
		fputs("DEFAULT TABLE", out);
	else
		fprintf(out, "TABLE %u", r->table);
	if (!strcmp(verb, "Not Installed"))
		fprintf(out, ": %s", text_route_state(r->state));
	if (error)
		fprintf(out, ": %s", error);
	fputc('\n', out);
}

/**
 * crypto_event_print() - Print an event.
 * @out: where to
 * @e: event
 */
void crypto_event_print(FILE *out, const struct crypto_event *e)
{
	const struct crypto *c = &e->model.crypto;

	switch (e->command) {
	case VPNHA_CMD_ACQUIRE_EVENT:
		print_acquire(out, e);
		break;
	case VPNHA_CMD_SA_EVENT:
		print_sa_event(out, e);
		break;
	case VPNHA_CMD_SA_NTF:
		print_sa(out, c->sas[0], "sa");
		break;
	case VPNHA_CMD_SA_DEL_NTF:
		print_sa(out, c->sas[0], "sa_delete");
		break;
	case VPNHA_CMD_BINDING_NTF:
		print_binding(out, c->bindings[0], "binding");
		break;
	case VPNHA_CMD_BINDING_DEL_NTF:
		print_binding(out, c->bindings[0], "binding_delete");
		break;
	case VPNHA_CMD_MAP_NTF:
		print_map(out, c->maps[0], "map");
		break;
	case VPNHA_CMD_DYNAMIC_MAP_NTF:
		print_map(out, c->dynamics[0], "dynamic_map");
		break;
	case VPNHA_CMD_DYNAMIC_MAP_DEL_NTF:
		print_map(out, c->dynamics[0], "dynamic_map_delete");
		break;
	case VPNHA_CMD_ROUTE_NTF:
	case VPNHA_CMD_ROUTE_DEL_NTF:
		print_route(out, e, c->routes[0]);
		break;
	default:
		print_map(out, c->maps[0], "map_delete");
		break;
	}
}

static json_t *address_json(const struct address *a)
{
	char buf[ADDRESS_LEN];

	return a->family ? json_string(address_text(buf, a)) : json_null();
}

static json_t *acquire_json(const struct crypto_event *e)
{
	json_t *o = json_pack("{s:s,s:s,s:s,s:I,s:I}", "event", "acquire", "interface", e->ifname,
			      "map", e->map, "entry", (json_int_t)e->number, "line",
			      (json_int_t)e->line);

	/* A name that is not UTF-8 makes no object. */
	if (!o)
		o = json_pack("{s:s}", "event", "acquire");
	json_object_set_new(o, "peer", address_json(&e->peer));
	json_object_set_new(o, "source", address_json(&e->src));
	json_object_set_new(o, "destination", address_json(&e->dst));
	json_object_set_new(o, "protocol", json_integer(e->protocol));
	json_object_set_new(o, "source_port", json_integer(e->src_port));
	json_object_set_new(o, "destination_port", json_integer(e->dst_port));
	return o;
}

static json_t *sa_event_json(const struct crypto_event *e)
{
	json_t *o = json_pack("{s:s,s:s,s:s,s:I,s:I}", "event", "sa-event", "kind",
			      text_sa_event_kind_key(e->kind), "direction",
			      text_direction_key(e->direction), "spi", (json_int_t)e->spi, "id",
			      (json_int_t)e->id);

	json_object_set_new(o, "destination", address_json(&e->dst));
	json_object_set_new(o, "cause", e->has_cause ?
			    json_string(text_expiry_cause_key(e->cause)) : json_null());
	json_object_set_new(o, "sequence", json_integer((json_int_t)e->seq));
	json_object_set_new(o, "ceiling", json_integer((json_int_t)e->ceiling));
	json_object_set_new(o, "source", address_json(&e->src));
	json_object_set_new(o, "source_port", e->src_port ? json_integer(e->src_port) :
							    json_null());
	return o;
}

static json_t *object_json(json_t *o, const char *event)
{
	json_object_set_new(o, "event", json_string(event));
	return o;
}

/**
 * crypto_event_json() - An event as an object.
 * @e: event
 *
 * Return: owned by the caller.
 */
json_t *crypto_event_json(const struct crypto_event *e)
{
	const struct crypto *c = &e->model.crypto;

	switch (e->command) {
	case VPNHA_CMD_ACQUIRE_EVENT:
		return acquire_json(e);
	case VPNHA_CMD_SA_EVENT:
		return sa_event_json(e);
	case VPNHA_CMD_SA_NTF:
		return object_json(show_sa_json(c->sas[0]), "sa");
	case VPNHA_CMD_SA_DEL_NTF:
		return object_json(show_sa_json(c->sas[0]), "sa-del");
	case VPNHA_CMD_BINDING_NTF:
		return object_json(show_binding_json(c->bindings[0], true), "binding");
	case VPNHA_CMD_BINDING_DEL_NTF:
		return object_json(show_binding_json(c->bindings[0], true), "binding-del");
	case VPNHA_CMD_MAP_NTF:
		return object_json(show_map_json(c->maps[0], false), "map");
	case VPNHA_CMD_DYNAMIC_MAP_NTF:
		return object_json(show_map_json(c->dynamics[0], false), "dynamic-map");
	case VPNHA_CMD_DYNAMIC_MAP_DEL_NTF:
		return object_json(show_map_json(c->dynamics[0], false), "dynamic-map-del");
	case VPNHA_CMD_ROUTE_NTF:
		return object_json(show_route_json(c->routes[0]), "route");
	case VPNHA_CMD_ROUTE_DEL_NTF:
		return object_json(show_route_json(c->routes[0]), "route-del");
	default:
		return object_json(show_map_json(c->maps[0], false), "map-del");
	}
}
