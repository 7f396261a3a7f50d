// SPDX-License-Identifier: GPL-2.0-or-later
/* The modes: which lines may stand where, and how one gets there. */
#include <stdio.h>
#include <string.h>

#include "lib/config.h"

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

#define NO(words)									\
	KEYWORD("no", "Negate a command or set its defaults", .flags = GRAMMAR_NEGATE,	\
		.next = (words))

/* Headings, and what else every mode has. */
static const struct grammar_node common_words[] = {
	INCLUDE(config_crypto_words),
	INCLUDE(config_acl_heading_words),
	KEYWORD("end", "Leave configuration mode", .flags = GRAMMAR_STOP,
		.config = set_mode_end),
	KEYWORD("exit", "Leave the current mode", .flags = GRAMMAR_STOP,
		.config = set_mode_end),
	KEYWORD("interface", "Select an interface to configure",
		.next = interface_name_words, .config = set_interface),
	END
};

const struct grammar_node config_global_words[] = {
	INCLUDE(common_words),
	NO(no_global_words),
	END
};

const struct grammar_node config_interface_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_crypto_interface_words),
	INCLUDE(common_words),
	NO(no_interface_words),
	END
};

const struct grammar_node config_set_words[] = {
	INCLUDE(config_set_line_words),
	INCLUDE(common_words),
	NO(no_set_words),
	END
};

const struct grammar_node config_map_words[] = {
	INCLUDE(config_map_line_words),
	INCLUDE(common_words),
	NO(no_map_words),
	END
};

const struct grammar_node config_acl_words[] = {
	INCLUDE(config_acl_line_words),
	INCLUDE(common_words),
	NO(no_acl_words),
	END
};

static const struct grammar_node oneshot_no_line_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_no_crypto_interface_words),
	END
};

static const struct grammar_node oneshot_line_words[] = {
	INCLUDE(config_standby_words),
	INCLUDE(config_crypto_interface_words),
	NO(oneshot_no_line_words),
	END
};

static const struct grammar_node oneshot_interface_words[] = {
	IFNAME(ARG_CONTEXT, "Interface to configure", .next = oneshot_line_words),
	END
};

/* A heading and a line below it in one. */
const struct grammar_node config_oneshot_words[] = {
	INCLUDE(config_crypto_words),
	INCLUDE(config_acl_heading_words),
	KEYWORD("interface", "Configure an interface", .next = oneshot_interface_words),
	NO(no_global_words),
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
	default:
		return config_global_words;
	}
}
