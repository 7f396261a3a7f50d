// SPDX-License-Identifier: GPL-2.0-or-later
/* The modes: which lines may stand where, and how one gets there. */
#include <stdio.h>
#include <string.h>

#include "lib/config_ikev2.h"

static void set_interface(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *ifname = &m->args[ARG_IFNAME];

	if (!m->negated) {
		config_enter(c, CONFIG_INTERFACE, ifname->text, ifname->column);
		return;
	}
	c->touched = true;
	model_interface_remove(&c->model, ifname->text);
	crypto_binding_remove(&c->model.crypto, ifname->text);
	c->in.mode = CONFIG_GLOBAL;
}

static void set_mode_end(struct config *c, const struct grammar_match *m)
{
	(void)m;
	c->in.mode = CONFIG_GLOBAL;
}

static void set_mode_exit(struct config *c, const struct grammar_match *m)
{
	if (c->in.mode == CONFIG_PEER)
		c->in.mode = CONFIG_KEYRING;
	else
		set_mode_end(c, m);
}

/**
 * config_refuse() - Refuse a word that belongs to a later version.
 * @c: configuration
 * @m: line
 */
void config_refuse(struct config *c, const struct grammar_match *m)
{
	config_error(c, m->args[ARG_KIND].column, "'%s' is not supported by this version",
		     m->args[ARG_KIND].text);
}

/**
 * config_is_refused() - Tell whether a line has a word of a later version.
 * @m: line; the word is that of ARG_KIND
 */
bool config_is_refused(const struct grammar_match *m)
{
	return m->config == config_refuse || m->config == config_refuse_stateful;
}

/**
 * config_name() - Check the name of a transform set, access list or crypto map.
 * @c: configuration
 * @name: its name
 *
 * Return: whether the kernel takes it.
 */
bool config_name(struct config *c, const struct grammar_value *name)
{
	if (strlen(name->text) <= VPNHA_CRYPTO_NAME_MAX)
		return true;
	config_error(c, name->column, "name is longer than %d characters", VPNHA_CRYPTO_NAME_MAX);
	return false;
}

const struct grammar_node config_rest_words[] = {
	REST(ARG_REST, "The rest of the line"),
	END
};

static const struct grammar_node interface_name_words[] = {
	IFNAME(ARG_IFNAME, "Interface to configure", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node no_interface_name_words[] = {
	KEYWORD("interface", "Remove all that is configured of an interface",
		.next = interface_name_words, .config = set_interface),
	END
};

static const struct grammar_node no_global_words[] = {
	INCLUDE(config_no_crypto_words),
	INCLUDE(config_no_acl_heading_words),
	INCLUDE(config_no_track_words),
	INCLUDE(no_interface_name_words),
	END
};

static const struct grammar_node no_interface_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_no_crypto_interface_words),
	INCLUDE(no_global_words),
	END
};

static const struct grammar_node no_set_words[] = {
	INCLUDE(config_set_line_words),
	INCLUDE(no_global_words),
	END
};

static const struct grammar_node no_map_words[] = {
	INCLUDE(config_map_line_words),
	INCLUDE(no_global_words),
	END
};

static const struct grammar_node no_acl_words[] = {
	INCLUDE(config_no_acl_line_words),
	INCLUDE(no_global_words),
	END
};

/* Headings, and what else every mode has. */
static const struct grammar_node common_words[] = {
	INCLUDE(config_crypto_words),
	INCLUDE(config_acl_heading_words),
	KEYWORD("end", "Leave configuration mode", .flags = GRAMMAR_STOP,
		.config = set_mode_end),
	KEYWORD("exit", "Leave the current mode", .flags = GRAMMAR_STOP,
		.config = set_mode_exit),
	KEYWORD("interface", "Select an interface to configure",
		.next = interface_name_words, .config = set_interface),
	INCLUDE(config_track_words),
	END
};

const struct grammar_node config_global_words[] = {
	INCLUDE(common_words),
	CONFIG_NO(no_global_words),
	END
};

const struct grammar_node config_interface_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_crypto_interface_words),
	INCLUDE(common_words),
	CONFIG_NO(no_interface_words),
	END
};

const struct grammar_node config_set_words[] = {
	INCLUDE(config_set_line_words),
	INCLUDE(common_words),
	CONFIG_NO(no_set_words),
	END
};

const struct grammar_node config_map_words[] = {
	INCLUDE(config_map_line_words),
	INCLUDE(common_words),
	CONFIG_NO(no_map_words),
	END
};

const struct grammar_node config_acl_words[] = {
	INCLUDE(config_acl_line_words),
	INCLUDE(common_words),
	CONFIG_NO(no_acl_words),
	END
};

static const struct grammar_node no_track_mode_words[] = {
	INCLUDE(config_track_line_words),
	INCLUDE(no_global_words),
	END
};

const struct grammar_node config_track_mode_words[] = {
	INCLUDE(config_track_line_words),
	INCLUDE(common_words),
	CONFIG_NO(no_track_mode_words),
	END
};

/* The modes of IKEv2 have words that go with "no" likewise. */
#define IKEV2_MODE(name, line_words, no_line_words)		\
static const struct grammar_node no_ ## name[] = {		\
	INCLUDE(no_line_words),					\
	INCLUDE(no_global_words),				\
	END							\
};								\
								\
const struct grammar_node config_ ## name[] = {			\
	INCLUDE(line_words),					\
	INCLUDE(common_words),					\
	CONFIG_NO(no_ ## name),					\
	END							\
}

static const struct grammar_node peer_line_words[] = {
	INCLUDE(config_peer_line_words),
	INCLUDE(config_keyring_line_words),
	END
};

static const struct grammar_node no_peer_line_words[] = {
	INCLUDE(config_peer_line_words),
	INCLUDE(config_no_keyring_line_words),
	END
};

IKEV2_MODE(proposal_words, config_proposal_line_words, config_proposal_line_words);
IKEV2_MODE(policy_words, config_policy_line_words, config_policy_line_words);
IKEV2_MODE(keyring_words, config_keyring_line_words, config_no_keyring_line_words);
IKEV2_MODE(peer_words, peer_line_words, no_peer_line_words);
IKEV2_MODE(profile_words, config_profile_line_words, config_profile_line_words);
IKEV2_MODE(trustpoint_words, config_trustpoint_line_words, config_trustpoint_line_words);

static const struct grammar_node oneshot_no_line_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_no_crypto_interface_words),
	END
};

static const struct grammar_node oneshot_line_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_crypto_interface_words),
	CONFIG_NO(oneshot_no_line_words),
	END
};

static const struct grammar_node oneshot_interface_words[] = {
	IFNAME(ARG_CONTEXT, "Interface to configure", .next = oneshot_line_words),
	END
};

/* A heading and a line below it in one; all but "track", which also has a state to be set. */
const struct grammar_node config_oneshot_but_track_words[] = {
	INCLUDE(config_crypto_words),
	INCLUDE(config_acl_heading_words),
	KEYWORD("interface", "Configure an interface", .next = oneshot_interface_words),
	CONFIG_NO(no_global_words),
	END
};

const struct grammar_node config_oneshot_words[] = {
	INCLUDE(config_oneshot_but_track_words),
	INCLUDE(config_track_words),
	END
};

/**
 * config_mode_words() - The words that may begin a line.
 * @mode: mode
 */
const struct grammar_node *config_mode_words(enum config_mode mode)
{
	switch (mode) {
	case CONFIG_INTERFACE:
		return config_interface_words;
	case CONFIG_SET:
		return config_set_words;
	case CONFIG_MAP:
		return config_map_words;
	case CONFIG_ACL:
	case CONFIG_ACL6:
		return config_acl_words;
	case CONFIG_PROPOSAL:
		return config_proposal_words;
	case CONFIG_POLICY:
		return config_policy_words;
	case CONFIG_KEYRING:
		return config_keyring_words;
	case CONFIG_PEER:
		return config_peer_words;
	case CONFIG_PROFILE:
		return config_profile_words;
	case CONFIG_TRUSTPOINT:
		return config_trustpoint_words;
	case CONFIG_TRACK:
		return config_track_mode_words;
	default:
		return config_global_words;
	}
}
