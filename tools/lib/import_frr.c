// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a router's configuration is FRR's: OSPF. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/import.h"
#include "lib/text.h"

#define FRR		"FRR's"
#define NOT_TRANSLATED	"FRR's, and not translated"

/* Lines below "router ospf" that mean the same to FRR. "*" is any word. */
static const char *const same[] = {
	"area * authentication", "area * authentication message-digest", "area * default-cost *",
	"area * nssa", "area * nssa no-summary", "area * stub", "area * stub no-summary",
	"area * virtual-link *", "auto-cost reference-bandwidth *", "default-metric *",
	"distance *", "distance ospf external *", "distance ospf inter-area *",
	"distance ospf intra-area *", "log-adjacency-changes", "log-adjacency-changes detail",
	"max-metric router-lsa on-startup *", "maximum-paths *", "neighbor *",
	"neighbor * priority *", "passive-interface default", "timers throttle spf * * *", NULL
};

/* Likewise below an interface, behind "ip ospf". */
static const char *const same_below_interface[] = {
	"authentication", "authentication message-digest", "authentication null",
	"authentication-key *", "cost *", "dead-interval *",
	"dead-interval minimal hello-multiplier *", "hello-interval *",
	"message-digest-key * md5 *", "mtu-ignore", "network broadcast",
	"network non-broadcast", "network point-to-multipoint", "network point-to-point",
	"priority *", "retransmit-interval *", "transmit-delay *", NULL
};

static size_t count_words(const char *words)
{
	size_t n = 1;

	for (; *words; words++)
		n += *words == ' ';
	return n;
}

/* Whether the words of a line from @from on are one of these. */
static bool is_among(const char *const *list, const struct grammar_line *line, size_t from)
{
	for (; *list; list++)
		if (from + count_words(*list) == line->n_words &&
		    grammar_line_begins(line, from, *list))
			return true;
	return false;
}

/* Note a line of FRR's. Takes @text. */
static void add(struct import *im, const struct grammar_line *line, struct import_lines *to,
		char *text)
{
	import_note(im, line, FRR, text);
	if (!im->surveying)
		import_add(to, "%s", text);
	free_wiped(text);
}

/**
 * import_router() - Take the heading of a routing protocol.
 * @im: configuration
 * @line: its words
 */
void import_router(struct import *im, const struct grammar_line *line)
{
	im->routing = true;
	if (!im->ospf && grammar_line_begins(line, 0, "router ospf *") && line->n_words == 3) {
		im->ospf = true;
		im->below = IMPORT_OSPF;
		import_note(im, line, FRR, "router ospf");
	} else {
		im->below = IMPORT_ROUTER;
		import_warn(im, line, NOT_TRANSLATED);
	}
}

/* Whether the network takes the address: only bits that its wildcard does not have count. */
static bool is_in(const struct config_address *a, const struct import_network *network)
{
	return !((a->address ^ network->address) & network->mask);
}

/* Whether FRR takes the network for what the router does. */
static bool is_prefix(const struct import *im, const struct import_network *network,
		      uint32_t *length)
{
	uint32_t rest = ~ntohl(network->mask);

	*length = 32 - (uint32_t)__builtin_popcount(rest);
	if (rest & (rest + 1))
		return false;
	/* FRR wants an interface's whole subnet to be in the network. */
	for (size_t n = 0; n < im->n_interfaces; n++) {
		const struct import_interface *i = im->interfaces[n];

		for (size_t k = 0; k < i->n_addresses; k++)
			if (is_in(&i->addresses[k], network) && i->addresses[k].length < *length)
				return false;
	}
	return true;
}

/* The subnets of a network's interfaces, where it is no prefix itself. */
static void take_subnets(struct import *im, const struct grammar_line *line,
			 const struct import_network *network, const char *area)
{
	char buf[TEXT_ADDRESS_LEN];
	bool any = false;

	for (size_t n = 0; n < im->n_interfaces; n++) {
		const struct import_interface *i = im->interfaces[n];

		for (size_t k = 0; i->ifname[0] && !i->down && k < i->n_addresses; k++) {
			const struct config_address *a = &i->addresses[k];

			if (!is_in(a, network))
				continue;
			any = true;
			add(im, line, &im->router,
			    xasprintf("network %s/%u area %s",
				      text_address(buf, a->address & a->mask), a->length, area));
		}
	}
	if (!any)
		import_note(im, line, FRR, NULL);
}

static void take_network(struct import *im, const struct grammar_line *line)
{
	struct import_network network;
	char buf[TEXT_ADDRESS_LEN];
	const char *area;
	in_addr_t wildcard;
	uint32_t length;

	if (line->n_words != 5 || !grammar_line_begins(line, 3, "area") ||
	    !text_parse_address(line->words[1].text, &network.address) ||
	    !text_parse_address(line->words[2].text, &wildcard)) {
		import_warn(im, line, NOT_TRANSLATED);
		return;
	}
	area = line->words[4].text;
	network.mask = ~wildcard;
	if (im->surveying) {
		im->networks = array_grow(im->networks, im->n_networks, sizeof(network));
		im->networks[im->n_networks++] = network;
	} else if (is_prefix(im, &network, &length)) {
		add(im, line, &im->router,
		    xasprintf("network %s/%u area %s",
			      text_address(buf, network.address & network.mask), length, area));
	} else {
		take_subnets(im, line, &network, area);
	}
}

/* "area A range" and "summary-address": address and mask become one word. */
static void take_prefix(struct import *im, const struct grammar_line *line, size_t at,
			const char *hidden)
{
	struct grammar_line before = { .words = line->words, .n_words = at };
	bool is_hidden = grammar_line_begins(line, at + 2, "not-advertise");
	in_addr_t address, mask;
	uint32_t length;
	char *text;

	if (line->n_words != at + 2 + is_hidden ||
	    !text_parse_address(line->words[at].text, &address) ||
	    !config_netmask(line->words[at + 1].text, &mask, &length)) {
		import_warn(im, line, NOT_TRANSLATED);
		return;
	}
	text = grammar_line_text(&before);
	add(im, line, &im->router, xasprintf("%s %s/%u%s", text, line->words[at].text, length,
					     is_hidden ? hidden : ""));
	free(text);
}

static void take_passive(struct import *im, const struct grammar_line *line, bool negated)
{
	struct import_interface *i;
	size_t taken;
	char *ios;

	taken = import_take_name(line, 1 + negated, &ios);
	if (!taken) {
		import_warn(im, line, NOT_TRANSLATED);
		return;
	}
	i = import_find(im, ios);
	free(ios);
	if (i && i->ifname[0])
		add(im, line, &i->frr, xstrdup(negated ? "no ip ospf passive" : "ip ospf passive"));
	else
		import_note(im, line, FRR, NULL);
}

/*
 * What stands behind the source of a redistribution, as FRR takes it. NULL: not
 * all of it is understood.
 */
static char *metrics(const struct grammar_line *line, size_t n, bool *subnets)
{
	char *text = xstrdup("");

	*subnets = false;
	for (; n < line->n_words; n++) {
		char *longer;

		if (grammar_line_begins(line, n, "subnets")) {
			*subnets = true;
			continue;
		}
		if (!grammar_line_begins(line, n, "metric *") &&
		    !grammar_line_begins(line, n, "metric-type *")) {
			free(text);
			return NULL;
		}
		longer = xasprintf("%s %s %s", text, line->words[n].text,
				   line->words[n + 1].text);
		free(text);
		text = longer;
		n++;
	}
	return text;
}

static void take_redistribute(struct import *im, const struct grammar_line *line)
{
	bool is_static = grammar_line_begins(line, 1, "static"), subnets;
	char *options = metrics(line, 2, &subnets);

	if (!options || (!is_static && !grammar_line_begins(line, 1, "connected"))) {
		import_warn(im, line, NOT_TRANSLATED);
		free(options);
		return;
	}
	/* To FRR the routes of reverse-route, a router's static ones, are the kernel's. */
	if (is_static)
		add(im, line, &im->router, xasprintf("redistribute kernel%s", options));
	add(im, line, &im->router, xasprintf("redistribute %s%s", line->words[1].text, options));
	if (!subnets)
		import_warn(im, line,
			    "without 'subnets' a router tells of classful networks only; FRR tells of all");
	free(options);
}

static void take_default(struct import *im, const struct grammar_line *line)
{
	bool always = grammar_line_begins(line, 2, "always"), subnets;
	char *options = metrics(line, 2 + always, &subnets);

	if (options)
		add(im, line, &im->router, xasprintf("default-information originate%s%s",
						     always ? " always" : "", options));
	else
		import_warn(im, line, NOT_TRANSLATED);
	free(options);
}

/* What the router assumes, or takes from elsewhere, has to be known before all is read. */
static void survey(struct import *im, const struct grammar_line *line)
{
	uint32_t number;

	if (grammar_line_begins(line, 0, "router-id *"))
		text_parse_address(line->words[1].text, &im->router_id);
	else if (grammar_line_begins(line, 0, "auto-cost reference-bandwidth *") &&
		 text_parse_number(line->words[2].text, &number))
		im->reference = number;
}

/**
 * import_router_line() - Take a line below the heading of a routing protocol.
 * @im: configuration
 * @line: its words
 */
void import_router_line(struct import *im, const struct grammar_line *line)
{
	if (im->below != IMPORT_OSPF) {
		import_warn(im, line, NOT_TRANSLATED);
		return;
	}
	if (im->surveying)
		survey(im, line);
	if (grammar_line_begins(line, 0, "router-id *")) {
		/* It is written in front of all others, be it configured or not. */
		import_note(im, line, FRR, NULL);
	} else if (is_among(same, line, 0)) {
		add(im, line, &im->router, grammar_line_text(line));
	} else if (grammar_line_begins(line, 0, "max-metric router-lsa") && line->n_words == 2) {
		add(im, line, &im->router, xstrdup("max-metric router-lsa administrative"));
	} else if (grammar_line_begins(line, 0, "network")) {
		take_network(im, line);
	} else if (grammar_line_begins(line, 0, "area * range")) {
		take_prefix(im, line, 3, " not-advertise");
	} else if (grammar_line_begins(line, 0, "summary-address")) {
		take_prefix(im, line, 1, " no-advertise");
	} else if (grammar_line_begins(line, 0, "passive-interface")) {
		take_passive(im, line, false);
	} else if (grammar_line_begins(line, 0, "no passive-interface")) {
		take_passive(im, line, true);
	} else if (grammar_line_begins(line, 0, "redistribute")) {
		take_redistribute(im, line);
	} else if (grammar_line_begins(line, 0, "default-information originate")) {
		take_default(im, line);
	} else {
		import_warn(im, line, NOT_TRANSLATED);
	}
}

/**
 * import_ospf_line() - Take a line about OSPF below an interface.
 * @im: configuration
 * @line: its words
 */
void import_ospf_line(struct import *im, const struct grammar_line *line)
{
	struct import_interface *i = import_current(im);

	if (im->surveying) {
		import_need(i, config_pos(&im->config, line->words[0].column));
		i->has_cost |= grammar_line_begins(line, 0, "ip ospf cost *");
		i->in_ospf |= grammar_line_begins(line, 0, "ip ospf * area *");
	}
	im->has_frr_keys |= grammar_line_begins(line, 0, "ip ospf authentication-key") ||
			    grammar_line_begins(line, 0, "ip ospf message-digest-key");
	if (is_among(same_below_interface, line, 2) && grammar_line_begins(line, 0, "ip"))
		add(im, line, &i->frr, grammar_line_text(line));
	else if (grammar_line_begins(line, 0, "ip ospf * area *") && line->n_words == 5)
		add(im, line, &i->frr, xasprintf("ip ospf area %s", line->words[4].text));
	else
		import_warn(im, line, NOT_TRANSLATED);
}

/**
 * import_ospf_interfaces() - Find out on which interfaces OSPF runs.
 * @im: configuration, of which all networks and addresses are known
 */
void import_ospf_interfaces(struct import *im)
{
	for (size_t n = 0; n < im->n_interfaces; n++) {
		struct import_interface *i = im->interfaces[n];

		for (size_t k = 0; !i->down && k < i->n_addresses; k++) {
			for (size_t j = 0; j < im->n_networks; j++) {
				if (!is_in(&i->addresses[k], &im->networks[j]))
					continue;
				i->in_ospf = true;
				import_need(i, i->at);
			}
		}
	}
}
