// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of a router's configuration that are not carried out: those that are
 * the host's business are named and skipped, those without which the rest still
 * makes sense are skipped with a warning, and what else a later version will
 * understand is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"
#include "lib/text.h"

#define EXCERPT	60

enum fate {
	SKIP,
	WARN,
	REFUSE,
};

/**
 * struct config_foreign - A line that is not carried out.
 * @words: how it begins; "*" is any word
 * @fate: what becomes of it
 * @why: why it is skipped; NULL: what its fate says
 * @each: the lines of the block that it heads are named, too
 * @heads: it heads a block
 * @below: first words of the lines of the block, which need not be indented
 */
struct config_foreign {
	const char *words;
	enum fate fate;
	const char *why;
	bool each;
	bool heads;
	const char *const *below;
};

static const char *const below_router[] = {
	"address-family", "area", "auto-cost", "auto-summary", "bgp", "capability", "compatible",
	"default", "default-information", "default-metric", "distance", "distribute-list", "eigrp",
	"exit-address-family", "ispf", "log-adjacency-changes", "max-metric", "maximum-paths",
	"neighbor", "network", "nsf", "passive-interface", "redistribute", "router-id",
	"summary-address", "synchronization", "timers", NULL
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

static const char *const below_pki[] = {
	"auto-enroll", "certificate", "crl", "enrollment", "fingerprint", "fqdn", "ip-address",
	"password", "quit", "revocation-check", "rsakeypair", "serial-number", "subject-name",
	"usage", NULL
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

#define IKEV1	"IKEv1 is not active yet ('import' writes it as IKEv2)"

/* The first entry that matches counts, so what is special stands before what is general. */
static const struct config_foreign global_lines[] = {
	{ .words = "crypto isakmp key", .fate = WARN, .why = IKEV1 },
	{ .words = "crypto isakmp keepalive", .fate = WARN, .why = IKEV1 },
	{ .words = "crypto isakmp", .fate = WARN, .why = IKEV1, .heads = true, .each = true,
	  .below = below_crypto },
	{ .words = "crypto ca", .fate = WARN, .heads = true, .below = below_pki },
	{ .words = "crypto pki", .fate = WARN, .heads = true, .below = below_pki },
	{ .words = "crypto engine", .fate = WARN },
	{ .words = "crypto identity", .fate = WARN, .heads = true, .below = below_crypto },
	{ .words = "crypto ikev2 certificate-cache" },
	{ .words = "crypto ikev2 diagnose" },
	{ .words = "crypto ikev2 http-url" },
	{ .words = "crypto key", .fate = WARN },
	{ .words = "crypto keyring", .fate = WARN, .heads = true, .below = below_crypto },
	{ .words = "crypto logging", .fate = WARN },
	{ .words = "crypto ipsec df-bit", .fate = WARN },
	{ .words = "crypto ipsec fragmentation", .fate = WARN },
	{ .words = "crypto ipsec nat-transparency", .fate = WARN },
	{ .words = "crypto ipsec optional", .fate = WARN },
	{ .words = "crypto ipsec profile", .fate = WARN, .heads = true, .below = below_crypto },
	{ .words = "crypto ipsec security-association", .fate = WARN },
	{ .words = "crypto map * client", .fate = WARN },
	{ .words = "crypto map * isakmp", .fate = WARN },
	{ .words = "crypto map * isakmp-profile", .fate = WARN },
	{ .words = "crypto map * local-address", .fate = WARN },
	{ .words = "crypto map * redundancy", .fate = WARN },
	{ .words = "access-list * remark" },
	{ .words = "ip access-list standard", .fate = WARN, .heads = true,
	  .below = below_access_list },
	{ .words = "ip local pool", .fate = REFUSE },
	{ .words = "redundancy", .fate = REFUSE, .heads = true, .below = below_redundancy },
	{ .words = "ipc", .fate = REFUSE, .heads = true, .below = below_ipc },
	{ .words = "no aaa" },
	{ .words = "aaa", .fate = REFUSE },
	{ .words = "radius-server", .fate = REFUSE },
	{ .words = "username", .fate = REFUSE },
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
	{ .words = "ip access-list standard", .fate = WARN, .heads = true,
	  .below = below_access_list },
	{ .words = "ip local pool", .fate = REFUSE },
	{ .words = "tunnel", .fate = REFUSE },
	{}
};

static const struct config_foreign map_lines[] = {
	{ .words = "description" },
	{ .words = "qos", .fate = WARN },
	{ .words = "set ip", .fate = WARN },
	{ .words = "set identity", .fate = WARN },
	{ .words = "set isakmp-profile", .fate = WARN },
	{ .words = "set nat", .fate = WARN },
	{ .words = "set pfs group1", .fate = WARN },
	{ .words = "set pfs group2", .fate = WARN },
	{ .words = "set pfs group5", .fate = WARN },
	{ .words = "set pfs group24", .fate = WARN },
	{ .words = "set reverse-route", .fate = WARN },
	{ .words = "set security-association level", .fate = WARN },
	{ .words = "set security-association replay", .fate = WARN },
	{}
};

static const struct config_foreign acl_lines[] = {
	{ .words = "remark" },
	{ .words = "* remark" },
	{}
};

#define FILES	"certificates are files here"

static const struct config_foreign trustpoint_lines[] = {
	{ .words = "auto-enroll", .fate = WARN, .why = FILES },
	{ .words = "chain-validation", .fate = WARN, .why = FILES },
	{ .words = "eku", .fate = WARN, .why = FILES },
	{ .words = "enrollment", .fate = WARN, .why = FILES },
	{ .words = "fingerprint", .fate = WARN, .why = FILES },
	{ .words = "fqdn", .fate = WARN, .why = FILES },
	{ .words = "hash", .fate = WARN, .why = FILES },
	{ .words = "ip-address", .fate = WARN, .why = FILES },
	{ .words = "password", .fate = WARN, .why = FILES },
	{ .words = "regenerate", .fate = WARN, .why = FILES },
	{ .words = "rsakeypair", .fate = WARN, .why = FILES },
	{ .words = "serial-number", .fate = WARN, .why = FILES },
	{ .words = "source", .fate = WARN, .why = FILES },
	{ .words = "storage", .fate = WARN, .why = FILES },
	{ .words = "subject-alt-name", .fate = WARN, .why = FILES },
	{ .words = "subject-name", .fate = WARN, .why = FILES },
	{ .words = "usage", .fate = WARN, .why = FILES },
	{ .words = "vrf", .fate = WARN, .why = FILES },
	{}
};

static const struct config_foreign standard_list = { .fate = WARN };

static const char *const no_words[] = { NULL };

static const char *const interface_words[] = {
	"arp", "atm", "bandwidth", "cdp", "delay", "description", "duplex", "encapsulation",
	"full-duplex", "half-duplex", "hold-queue", "ip", "ipv6", "keepalive", "load-interval",
	"mac-address", "media-type", "mop", "mtu", "negotiation", "serial", "service-policy",
	"shutdown", "speed", "switchport", NULL
};

/* What becomes of the lines that only their first word tells. */
static const struct config_foreign plain = {};

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
		if (grammar_line_begins(line, 0, table->words) ||
		    grammar_line_begins(line, first_word(line), table->words))
			return table;
	return is_among(words, line) ? &plain : NULL;
}

static bool is_below(const struct config_foreign *heading, const struct grammar_line *line)
{
	return line->indented || is_among(heading->below, line);
}

static bool abbreviates(const struct grammar_line *line, size_t n, const char *of, size_t min)
{
	size_t length = n < line->n_words ? strlen(line->words[n].text) : 0;

	return length >= min && !strncmp(of, line->words[n].text, length);
}

/* Lines that begin as the host's business does, and are not. */
static bool is_ours(const struct config *c, const struct grammar_line *line)
{
	size_t first = first_word(line);

	if (abbreviates(line, first, "ip", 2) && abbreviates(line, first + 1, "access-list", 8))
		return abbreviates(line, first + 2, "extended", 1);
	if (abbreviates(line, first, "ipv6", 4))
		return abbreviates(line, first + 1, "access-list", 8);
	/* A peer may have a name, too, and the router's stands at the start of its line. */
	if (c->in.mode == CONFIG_PEER && line->indented)
		return grammar_line_begins(line, first, "hostname");
	if (grammar_line_begins(line, first, "crypto pki"))
		return abbreviates(line, first + 2, "trustpoint", 1);
	/* What applies a map to an interface, and its DF bit. */
	return c->in.mode == CONFIG_INTERFACE && grammar_line_begins(line, first, "crypto") &&
	       (grammar_line_begins(line, first + 1, "map * redundancy") ?
			!grammar_line_begins(line, first + 4, "replay-interval") :
			grammar_line_begins(line, first + 1, "ipsec df-bit"));
}

/* "access-list N" of another kind than the extended one. */
static bool is_standard(struct config *c, const struct grammar_line *line)
{
	size_t first = first_word(line);
	uint32_t number;

	if (!grammar_line_begins(line, first, "access-list") || first + 1 >= line->n_words ||
	    !text_parse_number(line->words[first + 1].text, &number) ||
	    config_is_extended(number))
		return false;
	for (size_t n = 0; n < c->n_standard; n++)
		if (c->standard[n] == number)
			return true;
	c->standard = array_grow(c->standard, c->n_standard, sizeof(*c->standard));
	c->standard[c->n_standard++] = number;
	return true;
}

static void skip(struct config *c, const struct grammar_line *line, const char *text,
		 size_t length, enum diag_level level, const char *why)
{
	size_t start = line->words[0].column - 1;
	char *shown = xcalloc(length - start + 1, 1);

	memcpy(shown, text + start, length - start);
	text_mask_secrets(shown);
	diag_add(&c->diags, level, config_pos(c, 0), "skipped, %s: %.*s%s", why, EXCERPT, shown,
		 length - start > EXCERPT ? "..." : "");
	free_wiped(shown);
}

/* What stands below a heading of its own. Returns NULL when the line is of no such kind. */
static const struct config_foreign *find_in_mode(struct config *c, const struct grammar_line *line)
{
	switch (c->in.mode) {
	case CONFIG_INTERFACE:
		return find(interface_lines, interface_words, line);
	case CONFIG_MAP:
		return find(map_lines, no_words, line);
	case CONFIG_ACL:
	case CONFIG_ACL6:
		return find(acl_lines, no_words, line);
	case CONFIG_TRUSTPOINT:
		return find(trustpoint_lines, no_words, line);
	default:
		return NULL;
	}
}

static const struct config_foreign *find_line(struct config *c, const struct grammar_line *line)
{
	const struct config_foreign *foreign;

	if (is_ours(c, line))
		return NULL;
	foreign = find_in_mode(c, line);
	if (foreign)
		return foreign;
	foreign = find(global_lines, global_words, line);
	if (!foreign && is_standard(c, line))
		foreign = &standard_list;
	if (foreign)
		c->in.mode = CONFIG_GLOBAL;
	return foreign;
}

/*
 * The entry of the line, or of the heading that it stands below. NULL: the line is carried out.
 * Enters the mode that the line begins.
 */
static const struct config_foreign *classify(struct config *c, const struct grammar_line *line,
					     bool *below)
{
	const struct config_foreign *foreign;

	*below = c->in.mode == CONFIG_FOREIGN && is_below(c->foreign, line);
	if (*below)
		return c->foreign;
	if (c->in.mode == CONFIG_FOREIGN)
		c->in.mode = CONFIG_GLOBAL;
	foreign = find_line(c, line);
	if (foreign && foreign->heads) {
		c->in.mode = CONFIG_FOREIGN;
		c->foreign = foreign;
	}
	return foreign;
}

/**
 * config_whose() - Tell whose business a line is, and enter the mode that it begins if not ours.
 * @c: configuration
 * @line: its words, one at least
 * @below: result: it stands below a heading that is not carried out, and counts as that does
 */
enum config_business config_whose(struct config *c, const struct grammar_line *line, bool *below)
{
	static const enum config_business business[] = {
		[SKIP]		= CONFIG_HOST,
		[WARN]		= CONFIG_NOT_YET,
		[REFUSE]	= CONFIG_REFUSED,
	};
	const struct config_foreign *foreign = classify(c, line, below);

	if (!foreign)
		return CONFIG_OURS;
	return foreign == &standard_list ? CONFIG_STANDARD_ACL : business[foreign->fate];
}

/* Whose an address is says which gateways are partners, and which peers. */
static void note_address(struct config *c, const struct grammar_line *line)
{
	struct config_address a;

	if (c->in.mode != CONFIG_INTERFACE || !c->in.name[0] || !config_address_parse(&a, line))
		return;
	memcpy(a.ifname, c->in.name, sizeof(a.ifname));
	a.at = config_pos(c, line->words[2].column);
	c->addresses = array_grow(c->addresses, c->n_addresses, sizeof(a));
	c->addresses[c->n_addresses++] = a;
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
	const struct config_foreign *foreign;
	bool below;

	if (!line->n_words)
		return false;
	foreign = classify(c, line, &below);
	if (!foreign)
		return false;
	note_address(c, line);
	/* What is said of the heading goes for these, too. */
	if (below && foreign->fate != SKIP && !foreign->each)
		return true;
	if (foreign->fate == REFUSE)
		config_error(c, line->words[first_word(line)].column,
			     "'%s' is not supported by this version", foreign->words);
	else if (foreign == &standard_list)
		skip(c, line, text, length, DIAG_WARNING,
		     "not an extended access list, which a crypto map needs");
	else if (foreign->fate == WARN)
		skip(c, line, text, length, DIAG_WARNING,
		     foreign->why ? foreign->why : "not carried out by this version");
	else
		skip(c, line, text, length, DIAG_NOTE, "the host's business");
	return true;
}
