// SPDX-License-Identifier: GPL-2.0-or-later
/* Crypto maps, and crypto maps on interfaces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"
#include "lib/text.h"

static struct crypto *crypto_of(struct config *c)
{
	c->touched = true;
	return &c->model.crypto;
}

static void remove_map(struct config *c, const struct grammar_match *m)
{
	struct crypto *crypto = crypto_of(c);
	const char *name = m->args[ARG_MAP].text;
	size_t first;

	c->in.mode = CONFIG_GLOBAL;
	if (m->args[ARG_SEQ].given) {
		crypto_map_remove(crypto, name, m->args[ARG_SEQ].number);
		return;
	}
	while ((first = crypto_map_first(crypto, name)) < crypto->n_maps)
		crypto_map_remove(crypto, name, crypto->maps[first]->number);
}

static void remove_dynamic(struct config *c, const struct grammar_match *m)
{
	struct crypto *crypto = crypto_of(c);
	const char *name = m->args[ARG_MAP].text;
	size_t first;

	c->in.mode = CONFIG_GLOBAL;
	if (m->args[ARG_SEQ].given) {
		crypto_dynamic_remove(crypto, name, m->args[ARG_SEQ].number);
		return;
	}
	while ((first = crypto_dynamic_first(crypto, name)) < crypto->n_dynamics)
		crypto_dynamic_remove(crypto, name, crypto->dynamics[first]->number);
}

static void set_dynamic_map(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_MAP];

	if (m->negated) {
		remove_dynamic(c, m);
		return;
	}
	config_enter(c, CONFIG_MAP, "", name->column);
	if (!config_name(c, name))
		return;
	config_enter(c, CONFIG_MAP, name->text, m->args[ARG_SEQ].column);
	c->in.number = m->args[ARG_SEQ].number;
	c->in.kind = VPNHA_MAP_KIND_ISAKMP;
	c->in.dynamic = true;
	config_this_map(c, m);
}

/* Below the heading of an entry of a crypto map, in one line with it. */
static void set_dynamic(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *dynamic = &m->args[ARG_DYNAMIC];
	struct crypto_map *map;

	if (!config_name(c, dynamic))
		return;
	map = config_this_map(c, m);
	if (!map)
		return;
	snprintf(map->dynamic, sizeof(map->dynamic), "%s", dynamic->text);
	map->at[CRYPTO_MAP_DYNAMIC] = config_pos(c, dynamic->column);
}

/* Another kind has other keys, or none that are negotiated. */
static void map_kind(struct crypto_map *map, uint32_t kind)
{
	map->kind = kind;
	if (kind == VPNHA_MAP_KIND_ISAKMP) {
		explicit_bzero(map->keys, sizeof(map->keys));
	} else {
		memset(&map->keying, 0, sizeof(map->keying));
		memset(map->dynamic, 0, sizeof(map->dynamic));
	}
}

static void set_map(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_MAP], *kind = &m->args[ARG_KIND];
	uint32_t number = m->args[ARG_SEQ].number;
	struct crypto_map *map;

	if (m->negated) {
		remove_map(c, m);
		return;
	}
	config_enter(c, CONFIG_MAP, "", name->column);
	if (!config_name(c, name))
		return;
	map = crypto_map_find(&c->model.crypto, name->text, number);
	if (!map && !kind->given && !c->blind) {
		config_error(c, m->args[ARG_SEQ].column,
			     "crypto map %s has no entry %u yet: add ipsec-manual or ipsec-isakmp",
			     name->text, number);
		return;
	}
	config_enter(c, CONFIG_MAP, name->text, m->args[ARG_SEQ].column);
	c->in.number = number;
	c->in.kind = kind->given ? kind->number : map ? map->kind : VPNHA_MAP_KIND_MANUAL;
	if (!kind->given && map)
		return;
	map = crypto_map_get(crypto_of(c), name->text, number);
	map_kind(map, c->in.kind);
	map->at[CRYPTO_MAP_NUMBER] = c->at_heading;
	map->at[CRYPTO_MAP_KIND] = config_pos(c, kind->given ? kind->column :
							       m->args[ARG_SEQ].column);
}

/**
 * config_this_map() - The entry of a crypto map that a line is about.
 * @c: configuration
 * @m: line
 *
 * Return: it, or NULL when there is none: "no" was said about nothing.
 */
struct crypto_map *config_this_map(struct config *c, const struct grammar_match *m)
{
	struct crypto *crypto = crypto_of(c);
	struct crypto_map *map;

	if (!c->in.name[0])
		return NULL;
	if (c->in.dynamic)
		map = m->negated ? crypto_dynamic_find(crypto, c->in.name, c->in.number) :
				   crypto_dynamic_get(crypto, c->in.name, c->in.number);
	else
		map = crypto_map_find(crypto, c->in.name, c->in.number);
	if (!map && !m->negated) {
		map = crypto_map_get(crypto, c->in.name, c->in.number);
		map->kind = c->in.kind;
	}
	if (map)
		map->at[CRYPTO_MAP_NUMBER] = c->at_heading;
	return map;
}

static void set_peer(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *peer = &m->args[ARG_PEER];
	const char *why = peer->given ? address_peer_error(&peer->ip) : NULL;
	struct crypto_map *map;

	if (why && !m->negated) {
		config_error(c, peer->column, "peer %s %s", peer->text, why);
		return;
	}
	map = config_this_map(c, m);
	if (!map)
		return;
	map->at[CRYPTO_MAP_PEER] = config_pos(c, peer->given ? peer->column : m->column);
	if (m->negated && !peer->given) {
		map->n_peers = 0;
	} else if (m->negated) {
		crypto_map_drop_peer(map, &peer->ip);
	} else if (map->n_peers == CRYPTO_PEERS_MAX) {
		config_error(c, peer->column, "more than %d peers", CRYPTO_PEERS_MAX);
	} else if (!crypto_map_has_peer(map, &peer->ip)) {
		map->peers = array_grow(map->peers, map->n_peers, sizeof(*map->peers));
		map->peers[map->n_peers++] = (struct crypto_peer){
			peer->ip, config_pos(c, peer->column)
		};
	}
}

static void set_map_acl(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *acl = &m->args[ARG_ACL];
	struct crypto_map *map;

	if (!m->negated && config_is_standard(acl->text)) {
		config_error(c, acl->column,
			     "access list %s is a standard one; a crypto map needs an extended one (100-199, 2000-2699 or a name)",
			     acl->text);
		return;
	}
	if (!m->negated && !config_name(c, acl))
		return;
	map = config_this_map(c, m);
	if (!map)
		return;
	snprintf(map->acl, sizeof(map->acl), "%s", m->negated ? "" : acl->text);
	map->at[CRYPTO_MAP_ACL] = config_pos(c, acl->given ? acl->column : m->column);
}

static void set_session_key(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *cipher = &m->args[ARG_CIPHER_KEY];
	const struct grammar_value *auth = &m->args[ARG_AUTH_KEY];
	const struct grammar_value *spi = &m->args[ARG_SPI];
	uint32_t direction = m->args[ARG_DIRECTION].number;
	struct crypto_map *map = config_this_map(c, m);
	struct crypto_key *key;

	if (!map)
		return;
	if (!m->negated && map->kind != VPNHA_MAP_KIND_MANUAL) {
		config_error(c, m->args[ARG_DIRECTION].column,
			     "session keys belong to an ipsec-manual entry, and this is an %s one",
			     text_map_kind(map->kind));
		return;
	}
	key = &map->keys[direction];
	explicit_bzero(key, sizeof(*key));
	map->at[CRYPTO_MAP_KEY_IN + direction] = config_pos(c, spi->given ? spi->column :
									   m->column);
	if (m->negated)
		return;
	key->given = true;
	key->spi = spi->number;
	key->at = config_pos(c, spi->column);
	if (cipher->given) {
		key->n_cipher = text_parse_key(key->cipher, cipher->text);
		key->at_cipher = config_pos(c, cipher->column);
	}
	if (auth->given) {
		key->n_auth = text_parse_key(key->auth, auth->text);
		key->at_auth = config_pos(c, auth->column);
	}
}

/* The crypto map of the interface that lines are about; NULL when there is none. */
static struct crypto_binding *this_binding(struct config *c, bool make)
{
	struct crypto *crypto = crypto_of(c);
	struct crypto_binding *b;

	if (!c->in.name[0])
		return NULL;
	if (!make)
		return crypto_binding_find(crypto, c->in.name);
	b = crypto_binding_get(crypto, c->in.name);
	b->at[CRYPTO_BINDING_IFNAME] = c->at_heading;
	return b;
}

static void set_binding(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *map = &m->args[ARG_MAP];
	const struct grammar_value *redundancy = &m->args[ARG_REDUNDANCY];
	struct crypto_binding *b;

	if (m->negated) {
		b = this_binding(c, false);
		if (b && (!map->given || !strcmp(b->map, map->text)))
			crypto_binding_remove(crypto_of(c), c->in.name);
		return;
	}
	if (!config_name(c, map))
		return;
	if (redundancy->given && strlen(redundancy->text) > VPNHA_NAME_MAX) {
		config_error(c, redundancy->column, "name is longer than %d characters",
			     VPNHA_NAME_MAX);
		return;
	}
	b = this_binding(c, true);
	if (!b)
		return;
	snprintf(b->map, sizeof(b->map), "%s", map->text);
	snprintf(b->redundancy, sizeof(b->redundancy), "%s",
		 redundancy->given ? redundancy->text : "");
	b->stateful = false;
	b->at[CRYPTO_BINDING_MAP] = config_pos(c, map->column);
	b->at[CRYPTO_BINDING_REDUNDANCY] = config_pos(c, redundancy->given ? redundancy->column :
									     map->column);
}

/**
 * config_refuse_stateful() - Refuse stateful failover, but remember that it is wanted.
 * @c: configuration
 * @m: line
 */
void config_refuse_stateful(struct config *c, const struct grammar_match *m)
{
	struct crypto_binding *b;

	set_binding(c, m);
	b = this_binding(c, false);
	if (b)
		b->stateful = true;
	config_refuse(c, m);
}

static void set_df_bit(struct config *c, const struct grammar_match *m)
{
	struct crypto_binding *b = this_binding(c, !m->negated);

	if (!b)
		return;
	b->df = m->negated ? VPNHA_DF_BIT_COPY : m->args[ARG_DF].number;
	b->at[CRYPTO_BINDING_DF] = config_pos(c, m->args[ARG_DF].given ? m->args[ARG_DF].column :
									 m->column);
}

static const struct grammar_node peer_words[] = {
	IP(ARG_PEER, "Address of the peer", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node auth_key_words[] = {
	KEY(ARG_AUTH_KEY, "Key that authenticates", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node authenticator_words[] = {
	KEYWORD("authenticator", "Key that authenticates", .next = auth_key_words),
	END
};

static const struct grammar_node cipher_key_words[] = {
	KEY(ARG_CIPHER_KEY, "Key that encrypts, with its salt or nonce", .flags = GRAMMAR_STOP,
	    .next = authenticator_words),
	END
};

static const struct grammar_node key_words[] = {
	INCLUDE(authenticator_words),
	KEYWORD("cipher", "Key that encrypts", .next = cipher_key_words),
	END
};

static const struct grammar_node spi_words[] = {
	SPI(ARG_SPI, "Security parameters index", .next = key_words, .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node protocol_words[] = {
	LATER("ah"),
	KEYWORD("esp", "Encapsulating security payload", .next = spi_words,
		.flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node direction_words[] = {
	KEYWORD("inbound", "For packets from the peer", .arg = ARG_DIRECTION,
		.id = VPNHA_ESP_DIRECTION_IN, .next = protocol_words, .flags = GRAMMAR_STOP_NO),
	KEYWORD("outbound", "For packets to the peer", .arg = ARG_DIRECTION,
		.id = VPNHA_ESP_DIRECTION_OUT, .next = protocol_words, .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node set_words[] = {
	INCLUDE(config_keying_words),
	KEYWORD("peer", "The other end", .next = peer_words, .flags = GRAMMAR_STOP_NO,
		.config = set_peer),
	KEYWORD("session-key", "Keys of a manual entry", .next = direction_words,
		.flags = GRAMMAR_SECRET, .config = set_session_key),
	END
};

static const struct grammar_node match_acl_words[] = {
	WORD(ARG_ACL, "Name or number of an extended access list", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node match_words[] = {
	KEYWORD("address", "Packets that an access list permits", .next = match_acl_words,
		.flags = GRAMMAR_STOP_NO, .config = set_map_acl),
	END
};

const struct grammar_node config_map_line_words[] = {
	KEYWORD("match", "Packets that are protected", .next = match_words),
	INCLUDE(config_reverse_words),
	KEYWORD("set", "How they are protected", .next = set_words),
	END
};

static const struct grammar_node no_map_line_words[] = {
	INCLUDE(config_map_line_words),
	END
};

static const struct grammar_node map_heading_words[] = {
	INCLUDE(config_map_line_words),
	KEYWORD("no", "Negate a command or set its defaults", .flags = GRAMMAR_NEGATE,
		.next = no_map_line_words),
	END
};

static const struct grammar_node after_dynamic_words[] = {
	LATER("discover"),
	END
};

static const struct grammar_node dynamic_name_words[] = {
	WORD(ARG_DYNAMIC, "Name of the dynamic crypto map", .next = after_dynamic_words,
	     .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node isakmp_words[] = {
	KEYWORD("dynamic", "The entries of a dynamic crypto map stand in its place",
		.next = dynamic_name_words, .config = set_dynamic),
	INCLUDE(map_heading_words),
	END
};

static const struct grammar_node kind_words[] = {
	KEYWORD("ipsec-isakmp", "A keying daemon installs SAs", .arg = ARG_KIND,
		.id = VPNHA_MAP_KIND_ISAKMP, .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
		.next = isakmp_words, .config = set_map),
	KEYWORD("ipsec-manual", "SAs have session keys", .arg = ARG_KIND,
		.id = VPNHA_MAP_KIND_MANUAL, .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
		.next = map_heading_words, .config = set_map),
	END
};

static const struct grammar_node no_dynamic_name_words[] = {
	WORD(ARG_DYNAMIC, "Name of the dynamic crypto map", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node no_isakmp_words[] = {
	KEYWORD("dynamic", "The entries of a dynamic crypto map stand in its place",
		.next = no_dynamic_name_words),
	END
};

static const struct grammar_node no_kind_words[] = {
	KEYWORD("ipsec-isakmp", "A keying daemon installs SAs", .flags = GRAMMAR_STOP,
		.next = no_isakmp_words),
	KEYWORD("ipsec-manual", "SAs have session keys", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node seq_words[] = {
	NUMBER(ARG_SEQ, 1, VPNHA_CRYPTO_NUMBER_MAX, "Sequence number of an entry",
	       .flags = GRAMMAR_STOP, .next = kind_words, .config = set_map),
	END
};

static const struct grammar_node no_seq_words[] = {
	NUMBER(ARG_SEQ, 1, VPNHA_CRYPTO_NUMBER_MAX, "Sequence number of an entry",
	       .flags = GRAMMAR_STOP, .next = no_kind_words, .config = set_map),
	END
};

static const struct grammar_node map_name_words[] = {
	WORD(ARG_MAP, "Name, at most 31 characters", .next = seq_words),
	END
};

static const struct grammar_node no_map_name_words[] = {
	WORD(ARG_MAP, "Name of the crypto map", .next = no_seq_words, .flags = GRAMMAR_STOP,
	     .config = set_map),
	END
};

static const struct grammar_node dynamic_seq_words[] = {
	NUMBER(ARG_SEQ, 1, VPNHA_CRYPTO_NUMBER_MAX, "Sequence number of an entry",
	       .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .next = map_heading_words,
	       .config = set_dynamic_map),
	END
};

static const struct grammar_node no_dynamic_seq_words[] = {
	NUMBER(ARG_SEQ, 1, VPNHA_CRYPTO_NUMBER_MAX, "Sequence number of an entry",
	       .flags = GRAMMAR_STOP, .config = set_dynamic_map),
	END
};

static const struct grammar_node dynamic_words[] = {
	WORD(ARG_MAP, "Name, at most 31 characters", .next = dynamic_seq_words),
	END
};

static const struct grammar_node no_dynamic_words[] = {
	WORD(ARG_MAP, "Name of the dynamic crypto map", .next = no_dynamic_seq_words,
	     .flags = GRAMMAR_STOP, .config = set_dynamic_map),
	END
};

static const struct grammar_node dynamic_map_words[] = {
	KEYWORD("dynamic-map", "What is protected with peers that are not known yet",
		.next = dynamic_words),
	END
};

static const struct grammar_node no_dynamic_map_words[] = {
	KEYWORD("dynamic-map", "Remove a dynamic crypto map or an entry",
		.next = no_dynamic_words),
	END
};

static const struct grammar_node crypto_words[] = {
	INCLUDE(dynamic_map_words),
	INCLUDE(config_ikev2_words),
	KEYWORD("ipsec", "How packets are protected", .next = config_transform_set_words),
	KEYWORD("map", "Which packets are protected", .next = map_name_words),
	END
};

static const struct grammar_node no_crypto_words[] = {
	INCLUDE(no_dynamic_map_words),
	INCLUDE(config_no_ikev2_words),
	KEYWORD("ipsec", "How packets are protected", .next = config_transform_set_words),
	KEYWORD("map", "Remove a crypto map or an entry", .next = no_map_name_words),
	END
};

const struct grammar_node config_crypto_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = crypto_words),
	END
};

const struct grammar_node config_no_crypto_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = no_crypto_words),
	END
};

/* Below an interface a crypto map is applied. */
static const struct grammar_node after_group_words[] = {
	KEYWORD("stateful", "Not supported by this version", .next = config_rest_words,
		.arg = ARG_KIND, .flags = GRAMMAR_HIDDEN | GRAMMAR_STOP,
		.config = config_refuse_stateful),
	END
};

static const struct grammar_node group_words[] = {
	WORD(ARG_REDUNDANCY, "Name of a standby group", .flags = GRAMMAR_STOP,
	     .next = after_group_words),
	END
};

static const struct grammar_node applied_words[] = {
	KEYWORD("redundancy", "Follow a standby group", .next = group_words,
		.flags = GRAMMAR_STOP_NO, .config = set_binding),
	INCLUDE(seq_words),
	END
};

static const struct grammar_node applied_map_words[] = {
	WORD(ARG_MAP, "Name of a crypto map", .next = applied_words, .flags = GRAMMAR_STOP,
	     .config = set_binding),
	END
};

static const struct grammar_node df_words[] = {
	KEYWORD("clear", "Never set", .arg = ARG_DF, .id = VPNHA_DF_BIT_CLEAR,
		.flags = GRAMMAR_STOP),
	KEYWORD("copy", "As that of the packet inside", .arg = ARG_DF, .id = VPNHA_DF_BIT_COPY,
		.flags = GRAMMAR_STOP),
	KEYWORD("set", "Always set", .arg = ARG_DF, .id = VPNHA_DF_BIT_SET,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node interface_ipsec_words[] = {
	KEYWORD("df-bit", "DF bit of what is sent", .next = df_words, .flags = GRAMMAR_STOP_NO,
		.config = set_df_bit),
	INCLUDE(config_transform_set_words),
	END
};

static const struct grammar_node below_interface_words[] = {
	KEYWORD("ipsec", "How packets are protected", .next = interface_ipsec_words),
	KEYWORD("map", "Apply a crypto map to the interface", .next = applied_map_words,
		.flags = GRAMMAR_STOP_NO, .config = set_binding),
	END
};

static const struct grammar_node interface_words[] = {
	INCLUDE(dynamic_map_words),
	INCLUDE(config_ikev2_words),
	INCLUDE(below_interface_words),
	END
};

const struct grammar_node config_crypto_interface_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = interface_words),
	END
};

static const struct grammar_node no_interface_words[] = {
	INCLUDE(no_dynamic_map_words),
	INCLUDE(config_no_ikev2_words),
	INCLUDE(below_interface_words),
	END
};

const struct grammar_node config_no_crypto_interface_words[] = {
	KEYWORD("crypto", "Protection of packets", .next = no_interface_words),
	END
};
