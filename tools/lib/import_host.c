// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a router's configuration is the host's: addresses, links, static routes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/import.h"
#include "lib/text.h"

#define HOST		"the host's"
#define NOT_TRANSLATED	"the host's, and not translated"

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-_./:@", c));
}

/**
 * import_quote() - A word as a shell takes it.
 * @word: word
 *
 * Return: the word, quoted where it has to be, owned by the caller.
 */
char *import_quote(const char *word)
{
	size_t plain = 0;
	char *quoted, *to;

	while (is_plain(word[plain]))
		plain++;
	if (plain && !word[plain])
		return xstrdup(word);
	quoted = xcalloc(4 * strlen(word) + 3, 1);
	to = stpcpy(quoted, "'");
	for (; *word; word++) {
		if (*word == '\'')
			to = stpcpy(to, "'\\''");
		else
			*to++ = *word;
	}
	stpcpy(to, "'");
	return quoted;
}

/* Note a command for the interface that the line is about. Takes @command. */
static void command(struct import *im, const struct grammar_line *line,
		    struct import_interface *i, char *text)
{
	import_note(im, line, HOST, text);
	if (!im->surveying)
		import_add(&i->host, "%s", text);
	free(text);
}

static void take_address(struct import *im, const struct grammar_line *line,
			 struct import_interface *i)
{
	char buf[TEXT_ADDRESS_LEN], *ifname;
	struct config_address a;

	if (!config_address_parse(&a, line)) {
		import_warn(im, line, NOT_TRANSLATED);
		return;
	}
	a.at = config_pos(&im->config, line->words[0].column);
	if (im->surveying) {
		i->addresses = array_grow(i->addresses, i->n_addresses, sizeof(a));
		i->addresses[i->n_addresses++] = a;
		return;
	}
	ifname = import_quote(i->ifname);
	command(im, line, i, xasprintf("ip address replace %s/%u dev %s",
				       text_address(buf, a.address), a.length, ifname));
	free(ifname);
}

/* "ipv6 address A/LENGTH" and "ipv6 address A link-local". Returns whether it is one. */
static bool parse_address6(const struct grammar_line *line, char **address)
{
	const bool local = grammar_line_begins(line, 3, "link-local");
	struct address a, mask;

	*address = NULL;
	if (line->n_words == 3U + local)
		*address = xasprintf("%s%s", line->words[2].text, local ? "/64" : "");
	return *address && address_parse_prefix(&a, &mask, *address) && a.family == AF_INET6;
}

static void take_address6(struct import *im, const struct grammar_line *line,
			  struct import_interface *i, const char *ifname)
{
	char *address;

	if (parse_address6(line, &address))
		command(im, line, i, xasprintf("ip address replace %s dev %s", address, ifname));
	else
		import_warn(im, line, NOT_TRANSLATED);
	free(address);
}

static void take_description(struct import *im, const struct grammar_line *line,
			     struct import_interface *i, const char *ifname)
{
	struct grammar_line rest = { .words = line->words + 1, .n_words = line->n_words - 1 };
	char *text = grammar_line_text(&rest), *quoted = import_quote(text);

	command(im, line, i, xasprintf("ip link set dev %s alias %s", ifname, quoted));
	free(quoted);
	free(text);
}

/* What a survey wants to know. */
static void survey_interface(const struct grammar_line *line, struct import_interface *i)
{
	uint32_t number;

	if (grammar_line_begins(line, 0, "shutdown"))
		i->down = true;
	else if (grammar_line_begins(line, 0, "bandwidth *") &&
		 text_parse_number(line->words[1].text, &number))
		i->bandwidth = number;
}

static void interface_line(struct import *im, const struct grammar_line *line,
			   struct import_interface *i)
{
	char *ifname = import_quote(i->ifname), buf[TEXT_MAC_LEN];
	uint8_t mac[6];
	uint32_t number;

	if (im->surveying)
		survey_interface(line, i);
	if (grammar_line_begins(line, 0, "ip address"))
		take_address(im, line, i);
	else if (grammar_line_begins(line, 0, "ipv6 address *"))
		take_address6(im, line, i, ifname);
	else if (grammar_line_begins(line, 0, "mtu *") &&
		 text_parse_number(line->words[1].text, &number))
		command(im, line, i, xasprintf("ip link set dev %s mtu %u", ifname, number));
	else if (grammar_line_begins(line, 0, "mac-address *") &&
		 text_parse_mac(line->words[1].text, mac))
		command(im, line, i, xasprintf("ip link set dev %s address %s", ifname,
					       text_mac(buf, mac)));
	else if (grammar_line_begins(line, 0, "description *"))
		take_description(im, line, i, ifname);
	else
		import_note(im, line, HOST, NULL);
	free(ifname);
}

/**
 * struct route - A static route.
 * @dst: destination
 * @length: of its prefix
 * @i: interface; NULL: that of the next hop
 * @null: packets are thrown away
 * @has_via: there is a next hop
 * @via: next hop
 * @distance: administrative distance
 * @tag: tag
 */
struct route {
	in_addr_t dst;
	uint32_t length;
	const struct import_interface *i;
	bool null, has_via;
	in_addr_t via;
	uint32_t distance, tag;
};

/* Distance, tag and name behind a route. Returns whether they are understood. */
static bool parse_route_end(struct route *r, const struct grammar_line *line, size_t n)
{
	r->distance = 1;
	for (; n < line->n_words; n++) {
		if (grammar_line_begins(line, n, "permanent"))
			continue;
		if (grammar_line_begins(line, n, "name *")) {
			n++;
		} else if (grammar_line_begins(line, n, "tag *")) {
			if (!text_parse_number(line->words[++n].text, &r->tag))
				return false;
		} else if (!text_parse_number(line->words[n].text, &r->distance) ||
			   !r->distance || r->distance > UINT8_MAX) {
			return false;
		}
	}
	return true;
}

/* "ip route" to the end. Returns whether it is understood. */
static bool parse_route(const struct import *im, struct route *r, const struct grammar_line *line)
{
	size_t n = 4, taken;
	in_addr_t mask;
	char *ios;

	memset(r, 0, sizeof(*r));
	if (line->n_words < 5 || !text_parse_address(line->words[2].text, &r->dst) ||
	    !config_netmask(line->words[3].text, &mask, &r->length))
		return false;
	r->dst &= mask;
	taken = import_take_name(line, n, &ios);
	if (taken) {
		r->null = !strcasecmp(ios, "Null0");
		r->i = import_find(im, ios);
		free(ios);
		if (!r->null && (!r->i || !r->i->ifname[0]))
			return false;
		n += taken;
	}
	if (n < line->n_words && text_parse_address(line->words[n].text, &r->via)) {
		r->has_via = true;
		n++;
	}
	return (taken || r->has_via) && parse_route_end(r, line, n);
}

/* A route of FRR, which finds out by itself where the next hop is. */
static char *frr_route(const struct route *r)
{
	char dst[TEXT_ADDRESS_LEN], via[TEXT_ADDRESS_LEN], tag[32] = "", distance[16] = "";
	const char *dev = r->null ? "Null0" : r->i ? r->i->ifname : "";

	if (r->tag)
		snprintf(tag, sizeof(tag), " tag %u", r->tag);
	if (r->distance != 1)
		snprintf(distance, sizeof(distance), " %u", r->distance);
	return xasprintf("ip route %s/%u%s%s%s%s%s%s", text_address(dst, r->dst), r->length,
			 r->has_via ? " " : "", r->has_via ? text_address(via, r->via) : "",
			 *dev ? " " : "", dev, tag, distance);
}

static char *host_route(const struct route *r)
{
	char dst[TEXT_ADDRESS_LEN], via[TEXT_ADDRESS_LEN], metric[32] = "";
	char *dev = r->i && !r->null ? import_quote(r->i->ifname) : xstrdup("");
	char *text;

	if (r->distance != 1)
		snprintf(metric, sizeof(metric), " metric %u", r->distance);
	text = xasprintf("ip route replace %s%s/%u%s%s%s%s%s", r->null ? "blackhole " : "",
			 text_address(dst, r->dst), r->length, r->has_via ? " via " : "",
			 r->has_via ? text_address(via, r->via) : "", *dev ? " dev " : "", dev,
			 metric);
	free(dev);
	return text;
}

/* Whether the kernel will take the next hop: it must be on link. */
static bool is_on_link(const struct import *im, const struct route *r)
{
	for (size_t n = 0; n < im->n_interfaces; n++) {
		const struct import_interface *i = im->interfaces[n];

		for (size_t k = 0; i->ifname[0] && !i->down && k < i->n_addresses; k++)
			if (!((i->addresses[k].address ^ r->via) & i->addresses[k].mask))
				return true;
	}
	return false;
}

static void take_route(struct import *im, const struct grammar_line *line)
{
	struct route r;
	char *text;

	if (im->surveying)
		return;
	if (!parse_route(im, &r, line)) {
		import_warn(im, line, NOT_TRANSLATED);
	} else if (!im->routing && r.has_via && !is_on_link(im, &r)) {
		import_warn(im, line,
			    "the host's, and not translated: no interface is on link with the next hop");
	} else {
		text = im->routing ? frr_route(&r) : host_route(&r);
		import_note(im, line, im->routing ? "FRR's" : HOST, text);
		import_add(&im->routes, "%s", text);
		free(text);
	}
}

static void take_hostname(struct import *im, const struct grammar_line *line)
{
	if (!im->surveying && !im->hostname)
		im->hostname = xstrdup(line->words[1].text);
	import_note(im, line, HOST, NULL);
}

/**
 * import_host_line() - Take a line that is the host's.
 * @im: configuration
 * @line: its words
 */
void import_host_line(struct import *im, const struct grammar_line *line)
{
	struct import_interface *i = import_current(im);

	if (grammar_line_begins(line, 0, "ip route *")) {
		take_route(im, line);
	} else if (grammar_line_begins(line, 0, "hostname *")) {
		take_hostname(im, line);
	} else if (grammar_line_begins(line, 0, "no ip routing")) {
		im->no_forwarding = true;
		import_note(im, line, HOST, NULL);
	} else if (i && (grammar_line_begins(line, 0, "ip ospf") ||
			 grammar_line_begins(line, 0, "no ip ospf"))) {
		import_ospf_line(im, line);
	} else if (i) {
		interface_line(im, line, i);
	} else {
		import_note(im, line, HOST, NULL);
	}
}
