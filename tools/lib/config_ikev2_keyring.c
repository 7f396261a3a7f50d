// SPDX-License-Identifier: GPL-2.0-or-later
/* Keyrings: preshared keys, and whose they are. */
#include <stdio.h>
#include <string.h>

#include "lib/config_ikev2.h"

static void set_keyring(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_KEYRING];

	if (m->negated) {
		ikev2_keyring_remove(config_ikev2(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
	} else if (config_heading(c, CONFIG_KEYRING, name)) {
		ikev2_keyring_get(config_ikev2(c), name->text)->at = c->at_heading;
	}
}

/* The keyring that a line is about; NULL: its heading was wrong, or "no" was said about nothing. */
static struct ikev2_keyring *this_keyring(struct config *c, bool make)
{
	struct ikev2_config *ike = config_ikev2(c);

	if (!c->in.name[0])
		return NULL;
	return make ? ikev2_keyring_get(ike, c->in.name) : ikev2_keyring_find(ike, c->in.name);
}

static void set_peer(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];
	char keyring[IKEV2_NAME_SIZE];
	struct ikev2_keyring *k;

	/* Both headings may stand in one line. */
	if (m->args[ARG_KEYRING].given && !m->negated) {
		size_t errors = c->diags.n_errors;

		set_keyring(c, m);
		if (c->diags.n_errors != errors)
			return;
	}
	memcpy(keyring, c->in.name, sizeof(keyring));
	k = this_keyring(c, !m->negated);
	if (m->negated) {
		if (k)
			ikev2_peer_remove(k, name->text);
		c->in.mode = CONFIG_KEYRING;
		c->in.peer[0] = '\0';
		return;
	}
	config_enter(c, CONFIG_PEER, "", name->column);
	if (!k || !config_name(c, name))
		return;
	if (!ikev2_peer_find(k, name->text) && k->n_peers == IKEV2_LIST_MAX) {
		config_error(c, name->column, "more than %d peers", IKEV2_LIST_MAX);
		return;
	}
	config_enter(c, CONFIG_PEER, keyring, name->column);
	snprintf(c->in.peer, sizeof(c->in.peer), "%s", name->text);
	ikev2_peer_get(k, name->text)->at = c->at_heading;
}

static struct ikev2_peer *this_peer(struct config *c)
{
	struct ikev2_keyring *k = this_keyring(c, true);
	struct ikev2_peer *p;

	if (!k || !c->in.peer[0])
		return NULL;
	p = ikev2_peer_get(k, c->in.peer);
	p->at = c->at_heading;
	return p;
}

static void set_description(struct config *c, const struct grammar_match *m)
{
	struct ikev2_peer *p = this_peer(c);

	if (p)
		config_description(c, m, &p->description, &p->at_description);
}

static void set_address(struct config *c, const struct grammar_match *m)
{
	struct address address = {}, mask = {};
	struct ikev2_peer *p;

	if (!m->negated && !config_network(c, m, &address, &mask))
		return;
	p = this_peer(c);
	if (!p)
		return;
	p->address = address;
	p->mask = mask;
	p->at_address = config_value_pos(c, m, ARG_PEER);
}

static void set_identity(struct config *c, const struct grammar_match *m)
{
	struct ikev2_id id = {};
	struct ikev2_peer *p;

	if (!m->negated && !config_identity(c, m, &id))
		return;
	p = this_peer(c);
	if (p)
		ikev2_id_set(&p->identity, id.kind, &id.address, id.text, id.at);
	ikev2_id_set(&id, IKEV2_ID_NONE, NULL, NULL, id.at);
}

/* Which ends a key is of, as the number of ARG_DIRECTION. */
enum end {
	BOTH,
	LOCAL,
	REMOTE,
};

static void set_key(struct config *c, const struct grammar_match *m)
{
	struct model_pos at = config_value_pos(c, m, ARG_SECRET);
	enum end end = m->args[ARG_DIRECTION].number;
	struct ikev2_secret s = {};
	struct ikev2_peer *p;

	if (!m->negated && !config_secret(c, m, &s))
		return;
	p = this_peer(c);
	if (p && end != REMOTE)
		ikev2_secret_set(&p->local, s.data, s.len, s.file, at);
	if (p && end != LOCAL)
		ikev2_secret_set(&p->remote, s.data, s.len, s.file, at);
	ikev2_secret_set(&s, NULL, 0, NULL, at);
}

static void set_ppk(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *id = &m->args[ARG_IDENTITY];
	struct model_pos at = config_value_pos(c, m, ARG_SECRET);
	struct ikev2_secret s = {};
	struct ikev2_peer *p;

	if (!m->negated && (!config_text(c, id) || !config_secret(c, m, &s)))
		return;
	p = this_peer(c);
	if (p) {
		ikev2_text_set(&p->ppk_id, m->negated ? NULL : id->text);
		ikev2_secret_set(&p->ppk, s.data, s.len, s.file, at);
		p->ppk_required = m->args[ARG_REQUIRED].given && !m->negated;
	}
	ikev2_secret_set(&s, NULL, 0, NULL, at);
}

static const struct grammar_node mask_words[] = {
	{ .type = GRAMMAR_IP, .word = "MASK", .arg = ARG_MASK, .help = "Bits that count",
	  .flags = GRAMMAR_STOP },
	END
};

static const struct grammar_node address_words[] = {
	PREFIX(ARG_PEER, "Addresses of the peers", .flags = GRAMMAR_STOP),
	IP(ARG_PEER, "Address of the peer", .flags = GRAMMAR_STOP, .next = mask_words),
	END
};

static const struct grammar_node key_end_words[] = {
	INCLUDE(config_secret_words),
	KEYWORD("local", "The key that this gateway proves to have", .arg = ARG_DIRECTION,
		.id = LOCAL, .next = config_secret_words, .flags = GRAMMAR_STOP_NO),
	KEYWORD("remote", "The key that the peer proves to have", .arg = ARG_DIRECTION,
		.id = REMOTE, .next = config_secret_words, .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node ppk_required_words[] = {
	KEYWORD("required", "No IKE SA without it", .arg = ARG_REQUIRED, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node ppk_text_words[] = {
	WORD(ARG_SECRET, "The key", .flags = GRAMMAR_STOP, .next = ppk_required_words),
	END
};

static const struct grammar_node ppk_hex_words[] = {
	{ .type = GRAMMAR_WORD, .word = "HEX", .arg = ARG_SECRET, .help = "The key, hexadecimal",
	  .flags = GRAMMAR_STOP, .next = ppk_required_words },
	END
};

static const struct grammar_node ppk_file_words[] = {
	FILENAME(ARG_SECRET, "A file that only its owner can read", .flags = GRAMMAR_STOP,
		 .next = ppk_required_words),
	END
};

static const struct grammar_node ppk_secret_words[] = {
	KEYWORD("0", "The key itself follows", .arg = ARG_MODE, .id = CONFIG_SECRET_TEXT,
		.next = ppk_text_words),
	KEYWORD("6", "An encrypted key follows", .arg = ARG_MODE, .next = config_rest_words,
		.flags = GRAMMAR_HIDDEN | GRAMMAR_STOP, .config = config_refuse_secret),
	KEYWORD("file", "A file has the key", .arg = ARG_MODE, .id = CONFIG_SECRET_FILE,
		.next = ppk_file_words),
	KEYWORD("hex", "The key is hexadecimal", .arg = ARG_MODE, .id = CONFIG_SECRET_HEX,
		.next = ppk_hex_words),
	INCLUDE(ppk_text_words),
	END
};

static const struct grammar_node ppk_key_words[] = {
	KEYWORD("key", "The key", .next = ppk_secret_words, .flags = GRAMMAR_PASSWORD),
	END
};

static const struct grammar_node ppk_name_words[] = {
	WORD(ARG_IDENTITY, "Name of the key", .next = ppk_key_words),
	END
};

static const struct grammar_node ppk_id_words[] = {
	KEYWORD("id", "What both ends call the key", .next = ppk_name_words),
	END
};

static const struct grammar_node ppk_words[] = {
	LATER("dynamic"),
	KEYWORD("manual", "One that both ends are given", .next = ppk_id_words,
		.flags = GRAMMAR_STOP_NO),
	END
};

const struct grammar_node config_peer_line_words[] = {
	KEYWORD("address", "Where the peer is", .next = address_words, .flags = GRAMMAR_STOP_NO,
		.config = set_address),
	KEYWORD("description", "What it is for", .next = config_rest_words,
		.flags = GRAMMAR_STOP_NO, .config = set_description),
	KEYWORD("hostname", "Not supported", .arg = ARG_KIND, .next = config_rest_words,
		.flags = GRAMMAR_HIDDEN | GRAMMAR_STOP, .config = config_refuse_hostname),
	KEYWORD("identity", "Who the peer says it is", .next = config_identity_words,
		.flags = GRAMMAR_STOP_NO, .config = set_identity),
	KEYWORD("ppk", "A postquantum preshared key", .next = ppk_words,
		.flags = GRAMMAR_STOP_NO, .config = set_ppk),
	KEYWORD("pre-shared-key", "A preshared key", .next = key_end_words,
		.flags = GRAMMAR_STOP_NO | GRAMMAR_PASSWORD, .config = set_key),
	END
};

static const struct grammar_node no_peer_line_words[] = {
	INCLUDE(config_peer_line_words),
	END
};

static const struct grammar_node peer_heading_words[] = {
	INCLUDE(config_peer_line_words),
	CONFIG_NO(no_peer_line_words),
	END
};

static const struct grammar_node peer_name_words[] = {
	WORD(ARG_NAME, "Name, at most 31 characters", .next = peer_heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_peer),
	END
};

static const struct grammar_node no_peer_name_words[] = {
	WORD(ARG_NAME, "Name of the peer", .flags = GRAMMAR_STOP, .config = set_peer),
	END
};

const struct grammar_node config_keyring_line_words[] = {
	KEYWORD("peer", "Peers that have a key in common", .next = peer_name_words),
	END
};

const struct grammar_node config_no_keyring_line_words[] = {
	KEYWORD("peer", "Remove a peer", .next = no_peer_name_words),
	END
};

static const struct grammar_node keyring_heading_words[] = {
	INCLUDE(config_keyring_line_words),
	CONFIG_NO(config_no_keyring_line_words),
	END
};

const struct grammar_node config_keyring_name_words[] = {
	WORD(ARG_KEYRING, "Name, at most 31 characters", .next = keyring_heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_keyring),
	END
};

const struct grammar_node config_no_keyring_name_words[] = {
	WORD(ARG_KEYRING, "Name of the keyring", .flags = GRAMMAR_STOP, .config = set_keyring),
	END
};
