// SPDX-License-Identifier: GPL-2.0-or-later
/* Values that several lines of IKEv2 have: identities, secrets, names of files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"
#include "lib/text.h"

#define REMOVED		"<removed>"

/**
 * config_ikev2() - What a line about IKEv2 changes.
 * @c: configuration
 */
struct ikev2_config *config_ikev2(struct config *c)
{
	c->ikev2_touched = true;
	return &c->model.ikev2;
}

/**
 * config_heading() - Enter the mode of a heading.
 * @c: configuration
 * @mode: mode
 * @name: what its lines are about
 *
 * Return: whether its name is one.
 */
bool config_heading(struct config *c, enum config_mode mode, const struct grammar_value *name)
{
	config_enter(c, mode, "", name->column);
	if (!config_name(c, name))
		return false;
	config_enter(c, mode, name->text, name->column);
	return true;
}

/**
 * config_value_pos() - Position of a value, or of its line where there is none.
 * @c: configuration
 * @m: line
 * @arg: value
 */
struct model_pos config_value_pos(const struct config *c, const struct grammar_match *m,
				  enum grammar_arg arg)
{
	return config_pos(c, m->args[arg].given ? m->args[arg].column : m->column);
}

/**
 * config_address_list() - Add the address of a line to a list, or remove it.
 * @c: configuration
 * @m: line; of "no" without an address all are removed
 * @list: list
 * @n_list: how many
 */
void config_address_list(struct config *c, const struct grammar_match *m,
			 struct ikev2_address **list, size_t *n_list)
{
	const struct grammar_value *v = &m->args[ARG_PEER];
	size_t n = 0;

	if (m->negated && !v->given) {
		*n_list = 0;
		return;
	}
	while (n < *n_list && !address_equal(&(*list)[n].address, &v->ip))
		n++;
	if (m->negated && n < *n_list) {
		memmove(&(*list)[n], &(*list)[n + 1], (--*n_list - n) * sizeof(**list));
	} else if (!m->negated && n == IKEV2_LIST_MAX) {
		config_error(c, v->column, "more than %d addresses", IKEV2_LIST_MAX);
	} else if (!m->negated && n == *n_list) {
		*list = array_grow(*list, *n_list, sizeof(**list));
		(*list)[(*n_list)++] = (struct ikev2_address){ v->ip, config_pos(c, v->column) };
	}
}

/**
 * config_network() - Take an address and the mask behind it.
 * @c: configuration
 * @m: line
 * @address: result, less what the mask leaves open
 * @mask: result; without one all bits count
 *
 * Return: whether these are some; or else the message has been said.
 */
bool config_network(struct config *c, const struct grammar_match *m, struct address *address,
		    struct address *mask)
{
	const struct grammar_value *v = &m->args[ARG_PEER], *given = &m->args[ARG_MASK];

	*address = v->ip;
	address_mask_all(mask, v->ip.family, true);
	if (v->mask.family)
		*mask = v->mask;
	if (given->given) {
		if (given->ip.family != v->ip.family || v->ip.family != AF_INET) {
			config_error(c, given->column,
				     "an address of IPv6 takes the length of its prefix, as in 2001:db8::/32");
			return false;
		}
		*mask = given->ip;
	}
	if (address_mask_length(mask) < 0) {
		config_error(c, given->column, "%s is no mask, such as 255.255.255.0",
			     given->text);
		return false;
	}
	address_apply(address, mask);
	return true;
}

/**
 * config_text() - Check the length of a text.
 * @c: configuration
 * @v: text
 *
 * Return: whether it is short enough.
 */
bool config_text(struct config *c, const struct grammar_value *v)
{
	if (strlen(v->text) <= IKEV2_TEXT_MAX)
		return true;
	config_error(c, v->column, "longer than %d characters", IKEV2_TEXT_MAX);
	return false;
}

static bool is_domain(const char *s)
{
	if (!*s || *s == '.')
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("-._*", *s))
			return false;
	return true;
}

static bool is_email(const char *s)
{
	const char *at = strrchr(s, '@');

	return at && at != s && is_domain(at + 1);
}

/**
 * config_identity() - Take the identity of a line.
 * @c: configuration
 * @m: line
 * @id: result; of a domain the text is the domain
 *
 * Return: whether it is one; or else the message has been said.
 */
bool config_identity(struct config *c, const struct grammar_match *m, struct ikev2_id *id)
{
	static const enum ikev2_id_kind kinds[] = {
		[CONFIG_IDENTITY_ADDRESS]	= IKEV2_ID_ADDRESS,
		[CONFIG_IDENTITY_ANY]		= IKEV2_ID_NONE,
		[CONFIG_IDENTITY_DN]		= IKEV2_ID_DN,
		[CONFIG_IDENTITY_EMAIL]		= IKEV2_ID_EMAIL,
		[CONFIG_IDENTITY_EMAIL_DOMAIN]	= IKEV2_ID_EMAIL,
		[CONFIG_IDENTITY_FQDN]		= IKEV2_ID_FQDN,
		[CONFIG_IDENTITY_FQDN_DOMAIN]	= IKEV2_ID_FQDN,
		[CONFIG_IDENTITY_KEY_ID]	= IKEV2_ID_KEY_ID,
	};
	const struct grammar_value *v = &m->args[ARG_IDENTITY];
	uint32_t kind = m->args[ARG_KIND].number;

	if (v->given && !config_text(c, v))
		return false;
	if ((kind == CONFIG_IDENTITY_FQDN || kind == CONFIG_IDENTITY_FQDN_DOMAIN ||
	     kind == CONFIG_IDENTITY_EMAIL_DOMAIN) && !is_domain(v->text)) {
		config_error(c, v->column, "no domain name, such as gw.example.com");
		return false;
	}
	if (kind == CONFIG_IDENTITY_EMAIL && !is_email(v->text)) {
		config_error(c, v->column, "no address of e-mail, such as gw@example.com");
		return false;
	}
	ikev2_id_set(id, kinds[kind], &m->args[ARG_PEER].ip, v->given ? v->text : NULL,
		     config_value_pos(c, m, v->given ? ARG_IDENTITY :
				      m->args[ARG_PEER].given ? ARG_PEER : ARG_KIND));
	return true;
}

/**
 * config_path() - Check the name of a file that the daemon reads.
 * @c: configuration
 * @v: name
 *
 * Return: whether it is one.
 */
bool config_path(struct config *c, const struct grammar_value *v)
{
	if (!config_text(c, v))
		return false;
	if (v->text[0] == '/')
		return true;
	config_error(c, v->column, "the name of a file begins with '/': a daemon reads it");
	return false;
}

static bool secret_hex(struct config *c, const struct grammar_value *v, struct ikev2_secret *s,
		       struct model_pos at)
{
	const char *text = text_hex_digits(v->text);
	const size_t length = strlen(text);
	uint8_t data[IKEV2_SECRET_MAX];

	if (!text_is_hex(text)) {
		config_error(c, v->column, "the key %s",
			     !length ? "is empty" : length % 2 ?
				"has an odd number of hexadecimal digits" : "is not hexadecimal");
		return false;
	}
	if (length > 2 * sizeof(data)) {
		config_error(c, v->column, "the key is longer than %d octets", IKEV2_SECRET_MAX);
		return false;
	}
	ikev2_secret_set(s, data, text_parse_hex(data, text), NULL, at);
	explicit_bzero(data, sizeof(data));
	return true;
}

/*
 * A key of type 7, as routers show it: two decimal digits say where in a text that is
 * known to everybody it begins, and each pair of hexadecimal ones is a character of the
 * key, exclusive or one of that text.
 */
static bool secret_obscured(struct config *c, const struct grammar_value *v,
			    struct ikev2_secret *s, struct model_pos at)
{
	static const char known[] = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
	const char *text = v->text;
	uint8_t data[IKEV2_SECRET_MAX];
	size_t from, n;

	if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1]) ||
	    !text_is_hex(text + 2) || strlen(text + 2) > 2 * sizeof(data)) {
		config_error(c, v->column, "this is no key of type 7");
		return false;
	}
	from = (size_t)(text[0] - '0') * 10 + (size_t)(text[1] - '0');
	n = text_parse_hex(data, text + 2);
	for (size_t i = 0; i < n; i++)
		data[i] ^= (uint8_t)known[(from + i) % (sizeof(known) - 1)];
	ikev2_secret_set(s, data, n, NULL, at);
	explicit_bzero(data, sizeof(data));
	return true;
}

/**
 * config_secret() - Take the secret of a line.
 * @c: configuration
 * @m: line
 * @s: result
 *
 * Return: whether it is one; or else the message has been said.
 */
bool config_secret(struct config *c, const struct grammar_match *m, struct ikev2_secret *s)
{
	const struct grammar_value *v = &m->args[ARG_SECRET];
	struct model_pos at = config_pos(c, v->column);

	switch (m->args[ARG_MODE].number) {
	case CONFIG_SECRET_HEX:
		return secret_hex(c, v, s, at);
	case CONFIG_SECRET_OBSCURED:
		return secret_obscured(c, v, s, at);
	case CONFIG_SECRET_FILE:
		if (!config_path(c, v))
			return false;
		ikev2_secret_set(s, NULL, 0, v->text, at);
		return true;
	default:
		break;
	}
	if (!strcmp(v->text, REMOVED)) {
		if (!c->nowhere) {
			config_error(c, v->column,
				     "the key was removed from this configuration when it was shown");
			return false;
		}
		/* What vpnhad shows to its group is as good as what it has, but for the keys. */
		c->keys_removed = true;
	}
	if (strlen(v->text) > IKEV2_SECRET_MAX) {
		config_error(c, v->column, "the key is longer than %d octets", IKEV2_SECRET_MAX);
		return false;
	}
	ikev2_secret_set(s, (const uint8_t *)v->text, strlen(v->text), NULL, at);
	return true;
}

/**
 * config_refuse_secret() - Refuse a secret that only the router that wrote it can read.
 * @c: configuration
 * @m: line
 */
void config_refuse_secret(struct config *c, const struct grammar_match *m)
{
	config_error(c, m->args[ARG_MODE].column,
		     "a key of type 6 is encrypted with a key that only its router has: give the key itself, or 'file'");
}

/**
 * config_refuse_hostname() - Refuse a name that stands for an address.
 * @c: configuration
 * @m: line
 */
void config_refuse_hostname(struct config *c, const struct grammar_match *m)
{
	config_error(c, m->args[ARG_KIND].column,
		     "a name would have to be looked up, and whoever answers is not the peer yet: give 'address', or 'identity fqdn'");
}

/**
 * config_is_unusable() - Tell whether a line has a value that means something on its router only.
 * @m: line
 */
bool config_is_unusable(const struct grammar_match *m)
{
	return m->config == config_refuse_secret || m->config == config_refuse_hostname;
}

/**
 * config_accept() - Carry out a line that says what is the case anyway.
 * @c: configuration
 * @m: line
 */
void config_accept(struct config *c, const struct grammar_match *m)
{
	(void)c;
	(void)m;
}

/**
 * config_description() - Take a description.
 * @c: configuration
 * @m: line
 * @text: result
 * @at: result, where it is
 */
void config_description(struct config *c, const struct grammar_match *m, char **text,
			struct model_pos *at)
{
	char *rest = m->negated ? NULL : grammar_rest(m);

	*at = config_value_pos(c, m, ARG_REST);
	if (rest && strlen(rest) > IKEV2_TEXT_MAX)
		config_error(c, at->column, "longer than %d characters", IKEV2_TEXT_MAX);
	else
		ikev2_text_set(text, rest);
	free(rest);
}

/**
 * config_get_dpd() - Take how peers are watched.
 * @c: configuration
 * @m: line
 * @dpd: result
 *
 * Return: whether that makes sense.
 */
bool config_get_dpd(struct config *c, const struct grammar_match *m, struct ikev2_dpd *dpd)
{
	memset(dpd, 0, sizeof(*dpd));
	dpd->at = config_value_pos(c, m, ARG_INTERVAL);
	if (m->negated)
		return true;
	dpd->given = true;
	dpd->interval = m->args[ARG_INTERVAL].number;
	dpd->retry = m->args[ARG_RETRY].number;
	dpd->periodic = m->args[ARG_MODE].number;
	return true;
}

static const struct grammar_node identity_address_words[] = {
	IP(ARG_PEER, "Address", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node identity_text_words[] = {
	WORD(ARG_IDENTITY, "Identity", .flags = GRAMMAR_STOP),
	END
};

/* Identities of one end. */
const struct grammar_node config_identity_words[] = {
	KEYWORD("address", "An address", .arg = ARG_KIND, .id = CONFIG_IDENTITY_ADDRESS,
		.next = identity_address_words, .flags = GRAMMAR_STOP_NO),
	KEYWORD("email", "An address of e-mail", .arg = ARG_KIND, .id = CONFIG_IDENTITY_EMAIL,
		.next = identity_text_words, .flags = GRAMMAR_STOP_NO),
	KEYWORD("fqdn", "A domain name", .arg = ARG_KIND, .id = CONFIG_IDENTITY_FQDN,
		.next = identity_text_words, .flags = GRAMMAR_STOP_NO),
	KEYWORD("key-id", "Any text", .arg = ARG_KIND, .id = CONFIG_IDENTITY_KEY_ID,
		.next = identity_text_words, .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node secret_text_words[] = {
	WORD(ARG_SECRET, "The key", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node secret_hex_words[] = {
	{ .type = GRAMMAR_WORD, .word = "HEX", .arg = ARG_SECRET, .help = "The key, hexadecimal",
	  .flags = GRAMMAR_STOP },
	END
};

static const struct grammar_node secret_file_words[] = {
	FILENAME(ARG_SECRET, "A file that only its owner can read", .flags = GRAMMAR_STOP),
	END
};

/* How secrets are written. */
const struct grammar_node config_secret_words[] = {
	KEYWORD("0", "The key itself follows", .arg = ARG_MODE, .id = CONFIG_SECRET_TEXT,
		.next = secret_text_words),
	KEYWORD("6", "An encrypted key follows", .arg = ARG_MODE, .next = config_rest_words,
		.flags = GRAMMAR_HIDDEN | GRAMMAR_STOP, .config = config_refuse_secret),
	KEYWORD("file", "A file has the key", .arg = ARG_MODE, .id = CONFIG_SECRET_FILE,
		.next = secret_file_words),
	KEYWORD("hex", "The key is hexadecimal", .arg = ARG_MODE, .id = CONFIG_SECRET_HEX,
		.next = secret_hex_words),
	INCLUDE(secret_text_words),
	END
};

static const struct grammar_node dpd_mode_words[] = {
	KEYWORD("on-demand", "When there is something to send", .arg = ARG_MODE, .id = false,
		.flags = GRAMMAR_STOP),
	KEYWORD("periodic", "Always", .arg = ARG_MODE, .id = true, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dpd_retry_words[] = {
	NUMBER(ARG_RETRY, IKEV2_DPD_RETRY_MIN, IKEV2_DPD_RETRY_MAX,
	       "Seconds between questions that get no answer", .next = dpd_mode_words,
	       .flags = GRAMMAR_STOP_NO),
	END
};

/* How peers are watched. */
const struct grammar_node config_dpd_words[] = {
	NUMBER(ARG_INTERVAL, IKEV2_DPD_INTERVAL_MIN, IKEV2_DPD_INTERVAL_MAX,
	       "Seconds of silence before the peer is asked", .next = dpd_retry_words,
	       .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node keepalive_words[] = {
	NUMBER(ARG_INTERVAL, IKEV2_NAT_KEEPALIVE_MIN, IKEV2_NAT_KEEPALIVE_MAX, "Seconds",
	       .flags = GRAMMAR_STOP),
	END
};

const struct grammar_node config_nat_words[] = {
	KEYWORD("keepalive", "Time between packets that keep a translation",
		.next = keepalive_words, .flags = GRAMMAR_STOP_NO),
	END
};

/* All that a peer is reached by is in one routing instance. */
const struct grammar_node config_fvrf_words[] = {
	KEYWORD("any", "Whichever it is", .flags = GRAMMAR_STOP, .config = config_accept),
	WORD(ARG_KIND, "Not supported by this version", .flags = GRAMMAR_STOP | GRAMMAR_HIDDEN,
	     .config = config_refuse),
	END
};
