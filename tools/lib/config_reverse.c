// SPDX-License-Identifier: GPL-2.0-or-later
/* Reverse route injection: the line, and what it needs of an access list. */
#include <string.h>

#include "lib/config.h"
#include "lib/text.h"

#define DISTANCE_MAX	255

static struct model_pos pos_of(const struct config *c, const struct grammar_value *v,
			       struct model_pos otherwise)
{
	return v->given ? config_pos(c, v->column) : otherwise;
}

static uint32_t usual_kind(const struct crypto_map *m)
{
	return m->is_dynamic ? VPNHA_REVERSE_ROUTE_DYNAMIC : VPNHA_REVERSE_ROUTE_STATIC;
}

/* The line says all: what it leaves out is as if it had never been said. */
static void set_reverse(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *kind = &m->args[ARG_REVERSE_KIND];
	const struct grammar_value *gateway = &m->args[ARG_GATEWAY];
	const struct grammar_value *distance = &m->args[ARG_DISTANCE];
	const struct grammar_value *tag = &m->args[ARG_TAG];
	struct model_pos at = config_pos(c, m->args[ARG_REVERSE].column);
	const char *why = gateway->given ? address_peer_error(&gateway->ip) : NULL;
	struct crypto_map *map;

	if (why && !m->negated) {
		config_error(c, gateway->column, "gateway %s %s", gateway->text, why);
		return;
	}
	if (c->in.dynamic && kind->given && kind->number == VPNHA_REVERSE_ROUTE_STATIC &&
	    !m->negated) {
		config_error(c, kind->column,
			     "routes of a dynamic crypto map come and go with its SAs: nothing is known before");
		return;
	}
	map = config_this_map(c, m);
	if (!map)
		return;
	map->at[CRYPTO_MAP_REVERSE] = pos_of(c, kind, at);
	map->at[CRYPTO_MAP_GATEWAY] = pos_of(c, gateway, at);
	map->at[CRYPTO_MAP_TAG] = pos_of(c, tag, at);
	map->at[CRYPTO_MAP_DISTANCE] = pos_of(c, distance, at);
	map->reverse = (struct crypto_reverse){ .distance = CRYPTO_DISTANCE };
	if (m->negated)
		return;
	map->reverse.kind = kind->given ? kind->number : usual_kind(map);
	map->reverse.gateway = gateway->ip;
	map->reverse.tag = tag->number;
	if (distance->given)
		map->reverse.distance = distance->number;
}

static const struct grammar_node gateway_words[] = {
	INCLUDE(config_reverse_option_words),
	IP(ARG_GATEWAY, "Next hop to the peer, to which there is a route then, too",
	   .flags = GRAMMAR_STOP, .next = config_reverse_option_words),
	END
};

static const struct grammar_node tag_words[] = {
	NUMBER(ARG_TAG, 1, UINT32_MAX, "Tag", .flags = GRAMMAR_STOP,
	       .next = config_reverse_option_words),
	END
};

static const struct grammar_node distance_words[] = {
	NUMBER(ARG_DISTANCE, 1, DISTANCE_MAX, "Distance", .flags = GRAMMAR_STOP,
	       .next = config_reverse_option_words),
	END
};

/* Any of them, in any order. */
const struct grammar_node config_reverse_option_words[] = {
	KEYWORD("distance", "Administrative distance of the routes", .arg = ARG_DISTANCE,
		.flags = GRAMMAR_ONCE, .next = distance_words),
	/* Only another program asks for that of such an entry; what it asked for can be loaded. */
	KEYWORD("dynamic", "Routes come and go with the SAs", .arg = ARG_REVERSE_KIND,
		.id = VPNHA_REVERSE_ROUTE_DYNAMIC,
		.flags = GRAMMAR_ONCE | GRAMMAR_STOP | GRAMMAR_HIDDEN,
		.next = config_reverse_option_words),
	KEYWORD("remote-peer", "Routes lead by the peer", .arg = ARG_REMOTE_PEER,
		.flags = GRAMMAR_ONCE | GRAMMAR_STOP, .next = gateway_words),
	KEYWORD("static", "Routes are there without SAs, too", .arg = ARG_REVERSE_KIND,
		.id = VPNHA_REVERSE_ROUTE_STATIC, .flags = GRAMMAR_ONCE | GRAMMAR_STOP,
		.next = config_reverse_option_words),
	KEYWORD("tag", "Tag of the routes", .arg = ARG_TAG, .flags = GRAMMAR_ONCE,
		.next = tag_words),
	END
};

const struct grammar_node config_reverse_words[] = {
	KEYWORD("reverse-route", "Inject a route for each destination that is protected",
		.arg = ARG_REVERSE, .flags = GRAMMAR_STOP, .next = config_reverse_option_words,
		.config = set_reverse),
	END
};

/* Where to complain about a line of the list of an entry; nowhere: neither was read now. */
static struct model_pos place(const struct crypto_map *m, struct model_pos at)
{
	if (!at.line)
		at = m->at[CRYPTO_MAP_REVERSE];
	return at.line ? at : m->at[CRYPTO_MAP_ACL];
}

static void check_end(struct config *c, const struct crypto_map *m,
		      const struct crypto_line *line, struct model_pos at, const char *what)
{
	struct model_pos shown = place(m, at);

	if (!shown.line)
		return;
	if (at.line)
		diag_add(&c->diags, DIAG_ERROR, shown,
			 "%s, and entry %u of crypto map %s has reverse-route", what, m->number,
			 m->name);
	else
		diag_add(&c->diags, DIAG_ERROR, shown,
			 "reverse-route, and line %u of access list %s: %s", line->number, m->acl,
			 what);
}

static void check_line(struct config *c, const struct crypto_map *m,
		       const struct crypto_line *line)
{
	const struct crypto_selector *s = &line->match;

	if (line->action != VPNHA_ACL_ACTION_PERMIT)
		return;
	if (address_is_zero(&s->src_mask))
		check_end(c, m, line, line->at_src, "the source is any");
	if (address_is_zero(&s->dst_mask))
		check_end(c, m, line, line->at_dst, "the destination is any");
	else if (address_mask_length(&s->dst_mask) < 0)
		check_end(c, m, line, line->at_dst, "the destination is no prefix");
}

/* A next hop on the way to a peer is of the peer's IP version. */
static void check_gateway(struct config *c, const struct crypto_map *m)
{
	struct model_pos at = m->at[CRYPTO_MAP_GATEWAY];
	int family = m->reverse.gateway.family;

	for (size_t n = 0; n < m->n_peers; n++)
		if (m->peers[n].address.family == family)
			return;
	if (!at.line)
		at = m->at[CRYPTO_MAP_PEER];
	if (family && m->n_peers && at.line)
		diag_add(&c->diags, DIAG_WARNING, at, "gateway of IPv%d, and no peer is of IPv%d",
			 family == AF_INET ? 4 : 6, family == AF_INET ? 4 : 6);
}

/**
 * config_check_reverse() - Find what cannot be made into routes.
 * @c: configuration
 */
void config_check_reverse(struct config *c)
{
	const struct crypto *crypto = &c->model.crypto;

	for (size_t n = 0; n < crypto->n_maps; n++) {
		const struct crypto_map *m = crypto->maps[n];
		const struct crypto_acl *a;

		if (m->reverse.kind == VPNHA_REVERSE_ROUTE_NONE)
			continue;
		check_gateway(c, m);
		a = crypto_acl_find(crypto, m->acl);
		for (size_t k = 0; a && k < a->n_lines; k++)
			check_line(c, m, &a->lines[k]);
	}
}
