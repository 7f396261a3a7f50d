// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of a router's configuration that are not carried out: those that are
 * the host's business are named and skipped, those that a later version will
 * understand are refused.
 */
#include <string.h>

#include "lib/config.h"

#define EXCERPT	60

/**
 * struct config_foreign - A line that is not carried out.
 * @words: how it begins
 * @later: it is refused rather than skipped
 * @heads: it heads a block
 * @below: first words of the lines of the block, which need not be indented
 */
struct config_foreign {
	const char *words;
	bool later;
	bool heads;
	const char *const *below;
};

static const char *const below_router[] = {
	"address-family", "area", "auto-cost", "auto-summary", "bgp", "default",
	"default-information", "default-metric", "distance", "distribute-list", "eigrp",
	"exit-address-family", "log-adjacency-changes", "maximum-paths", "neighbor", "network",
	"passive-interface", "redistribute", "router-id", "summary-address", "synchronization",
	"timers", NULL
};

static const char *const below_line[] = {
	"access-class", "exec-timeout", "history", "length", "logging", "login", "modem",
	"password", "privilege", "session-timeout", "speed", "stopbits", "transport", "width", NULL
};

static const char *const below_crypto[] = {
	"accounting", "acl", "authentication", "banner", "client", "dns", "domain", "encr",
	"encryption", "group", "hash", "initiate", "integrity", "keepalive", "key", "keyring",
	"lifetime", "local-address", "match", "max-logins", "max-users", "mode", "netmask", "pool",
	"pre-shared-key", "prf", "proposal", "qos", "redundancy", "reverse-route",
	"save-password", "self-identity", "set", "split-dns", "virtual-template", "vrf", "wins",
	NULL
};

static const char *const below_access_list[] = {
	"deny", "evaluate", "permit", "remark", NULL
};

static const char *const below_redundancy[] = {
	"scheme", "security", NULL
};

static const char *const below_ipc[] = {
	"association", "assoc-retransmit", "init-timeout", "keepalive", "local-ip", "local-port",
	"max-inits", "path-retransmit", "protocol", "remote-ip", "remote-port",
	"retransmit-timeout", "shutdown", NULL
};

/* The first entry that matches counts, so what is special stands before what is general. */
static const struct config_foreign global_lines[] = {
	{ .words = "crypto", .later = true, .heads = true, .below = below_crypto },
	{ .words = "access-list", .later = true },
	{ .words = "ip access-list", .later = true, .heads = true, .below = below_access_list },
	{ .words = "ip local pool", .later = true },
	{ .words = "redundancy", .later = true, .heads = true, .below = below_redundancy },
	{ .words = "ipc", .later = true, .heads = true, .below = below_ipc },
	{ .words = "no aaa" },
	{ .words = "aaa", .later = true },
	{ .words = "radius-server", .later = true },
	{ .words = "username", .later = true },
	{ .words = "track", .later = true },
	{ .words = "router", .heads = true, .below = below_router },
	{ .words = "line", .heads = true, .below = below_line },
	{ .words = "Building configuration..." },
	{ .words = "Current configuration" },
	{}
};

static const char *const global_words[] = {
	"boot", "boot-end-marker", "boot-start-marker", "call", "cdp", "clock", "config-register",
	"control-plane", "enable", "hostname", "ip", "ipv6", "logging", "memory-size", "mmi", "ntp",
	"scheduler", "service", "snmp-server", "spanning-tree", "version", NULL
};

static const struct config_foreign interface_lines[] = {
	{ .words = "ip access-list", .later = true, .heads = true, .below = below_access_list },
	{ .words = "ip local pool", .later = true },
	{ .words = "tunnel", .later = true },
	{}
};

static const char *const interface_words[] = {
	"arp", "atm", "bandwidth", "cdp", "delay", "description", "duplex", "encapsulation",
	"full-duplex", "half-duplex", "hold-queue", "ip", "ipv6", "keepalive", "load-interval",
	"mac-address", "media-type", "mop", "mtu", "negotiation", "serial", "service-policy",
	"shutdown", "speed", "switchport", NULL
};

/* What becomes of the lines that only their first word tells. */
static const struct config_foreign plain = {};

static const struct config_foreign applied_map = { .words = "crypto map", .later = true };

/* Whether the line, from its word number @from on, begins with @words. */
static bool begins(const struct grammar_line *line, size_t from, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");

		if (from >= line->n_words || strlen(line->words[from].text) != length ||
		    strncmp(line->words[from].text, words, length))
			return false;
		from++;
		words += length;
		words += *words == ' ';
	}
	return true;
}

/* "no" in front of a line does not change whose business it is. */
static size_t first_word(const struct grammar_line *line)
{
	return line->n_words > 1 && !strcmp(line->words[0].text, "no");
}

static bool is_among(const char *const *words, const struct grammar_line *line)
{
	const char *word = line->words[first_word(line)].text;

	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

static const struct config_foreign *find(const struct config_foreign *table,
					 const char *const *words, const struct grammar_line *line)
{
	for (; table->words; table++)
		if (begins(line, 0, table->words) || begins(line, first_word(line), table->words))
			return table;
	return is_among(words, line) ? &plain : NULL;
}

static bool is_below(const struct config_foreign *heading, const struct grammar_line *line)
{
	return line->indented || is_among(heading->below, line);
}

/* Below an interface, "crypto map NAME" applies a map; with a sequence number it heads an entry. */
static bool applies_map(const struct grammar_line *line)
{
	size_t name = first_word(line) + 2;

	return begins(line, name - 2, "crypto map") &&
	       (line->n_words <= name + 1 || !strcmp(line->words[name + 1].text, "redundancy"));
}

static void skip(struct config *c, const struct grammar_line *line, const char *text,
		 size_t length)
{
	size_t start = line->words[0].column - 1;
	int shown = (int)(length - start);

	diag_add(&c->diags, DIAG_NOTE, config_pos(c, 0), "skipped, the host's business: %.*s%s",
		 shown > EXCERPT ? EXCERPT : shown, text + start, shown > EXCERPT ? "..." : "");
}

/**
 * config_foreign_word() - Deal with a line that is not carried out.
 * @c: configuration
 * @line: its words
 * @text: the line
 * @length: its bytes
 *
 * Return: whether it was one.
 */
bool config_foreign_word(struct config *c, const struct grammar_line *line, const char *text,
			 size_t length)
{
	const struct config_foreign *foreign = NULL;

	if (!line->n_words)
		return false;
	if (c->mode == CONFIG_FOREIGN) {
		if (is_below(c->foreign, line)) {
			if (!c->foreign->later)
				skip(c, line, text, length);
			return true;
		}
		c->mode = CONFIG_GLOBAL;
	}
	if (c->mode == CONFIG_INTERFACE)
		foreign = applies_map(line) ? &applied_map :
					      find(interface_lines, interface_words, line);
	if (!foreign) {
		foreign = find(global_lines, global_words, line);
		if (foreign)
			c->mode = CONFIG_GLOBAL;
	}
	if (!foreign)
		return false;
	if (foreign->heads) {
		c->mode = CONFIG_FOREIGN;
		c->foreign = foreign;
	}
	if (foreign->later)
		config_error(c, line->words[first_word(line)].column,
			     "'%s' is not supported by this version",
			     foreign->words);
	else
		skip(c, line, text, length);
	return true;
}
