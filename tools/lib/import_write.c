// SPDX-License-Identifier: GPL-2.0-or-later
/* What has become of a router's configuration, as files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/import.h"
#include "lib/text.h"

/* OSPF takes this much for a cost of one, in kbit/s for each Mbit/s. */
#define KBIT	1000

static void write_lines(FILE *out, const struct import_lines *l, const char *before)
{
	for (size_t n = 0; n < l->n_items; n++)
		fprintf(out, "%s%s\n", before, l->items[n]);
}

static const char *whose(const struct import *im)
{
	return im->hostname ? im->hostname : "a router without a name";
}

/* Whether two lines begin with the same two words. */
static bool is_alike(const char *a, const char *b)
{
	size_t n = strcspn(a, " ");

	n += a[n] ? 1 + strcspn(a + n + 1, " ") : 0;
	return !strncmp(a, b, n) && (!b[n] || b[n] == ' ');
}

/**
 * import_write_config() - Write what is vpnha's.
 * @out: where to
 * @im: configuration
 */
void import_write_config(FILE *out, const struct import *im)
{
	const struct import_line *last = NULL;

	fprintf(out, "! %s, imported by vpnhactl\n!\n", whose(im));
	write_lines(out, &im->ikev2, "");
	for (size_t n = 0; n < im->n_lines; n++) {
		const struct import_line *line = &im->lines[n];

		if (last && !line->below && (last->below || !is_alike(last->text, line->text)))
			fputs("!\n", out);
		fprintf(out, "%s%s\n", line->below ? " " : "", line->text);
		last = line;
	}
	fputs(last ? "!\nend\n" : "end\n", out);
}

static void write_link(FILE *out, const struct import_interface *i)
{
	char *ifname = import_quote(i->ifname);

	fprintf(out, "\n# %s\n", i->ios);
	if (import_is_loopback(i) && strcmp(i->ifname, "lo"))
		fprintf(out, "ip link show dev %s > /dev/null 2>&1 || ip link add %s type dummy\n",
			ifname, ifname);
	write_lines(out, &i->host, "");
	fprintf(out, "ip link set dev %s %s\n", ifname, i->down ? "down" : "up");
	free(ifname);
}

/**
 * import_write_host() - Write what is the host's, as a shell script.
 * @out: where to
 * @im: configuration
 */
void import_write_host(FILE *out, const struct import *im)
{
	fprintf(out, "#!/bin/sh\n# %s: what vpnhactl imported for the host\nset -e\n", whose(im));
	if (!im->no_forwarding)
		fputs("\nsysctl -q -w net.ipv4.ip_forward=1\n", out);
	for (size_t n = 0; n < im->n_interfaces; n++)
		if (im->interfaces[n]->ifname[0] && im->interfaces[n]->at.line)
			write_link(out, im->interfaces[n]);
	if (im->routing || !im->routes.n_items)
		return;
	fputs("\n# static routes\n", out);
	write_lines(out, &im->routes, "");
}

/* The cost that OSPF has there: a router's is that of its type of interface, Linux has none. */
static uint32_t cost(const struct import *im, const struct import_interface *i)
{
	uint64_t own = i->bandwidth ? (uint64_t)im->reference * KBIT / i->bandwidth : 0;

	if (!i->bandwidth)
		return 0;
	return own < 1 ? 1 : own > UINT16_MAX ? UINT16_MAX : (uint32_t)own;
}

static void write_interface(FILE *out, const struct import *im, const struct import_interface *i)
{
	uint32_t own = i->has_cost || !i->in_ospf ? 0 : cost(im, i);

	if (!i->ifname[0] || (!own && !i->frr.n_items))
		return;
	fprintf(out, "interface %s\n", i->ifname);
	if (own)
		fprintf(out, " ip ospf cost %u\n", own);
	write_lines(out, &i->frr, " ");
	fputs("exit\n!\n", out);
}

/* Of a router that is not told: its highest loopback address, or else its highest address. */
static in_addr_t router_id(const struct import *im)
{
	in_addr_t best = im->router_id;
	bool loopback = false;

	for (size_t n = 0; !im->router_id && n < im->n_interfaces; n++) {
		const struct import_interface *i = im->interfaces[n];
		bool better = import_is_loopback(i);

		for (size_t k = 0; !i->down && k < i->n_addresses; k++) {
			if (better < loopback ||
			    (better == loopback &&
			     ntohl(i->addresses[k].address) <= ntohl(best)))
				continue;
			best = i->addresses[k].address;
			loopback = better;
		}
	}
	return best;
}

/**
 * import_write_frr() - Write what is FRR's, as an frr.conf.
 * @out: where to
 * @im: configuration
 */
void import_write_frr(FILE *out, const struct import *im)
{
	char buf[TEXT_ADDRESS_LEN];

	fprintf(out, "! %s, imported by vpnhactl\nfrr defaults traditional\n", whose(im));
	if (im->hostname && isalnum((unsigned char)im->hostname[0]))
		fprintf(out, "hostname %s\n", im->hostname);
	fputs("!\n", out);
	if (im->routing && im->routes.n_items) {
		write_lines(out, &im->routes, "");
		fputs("!\n", out);
	}
	for (size_t n = 0; n < im->n_interfaces; n++)
		write_interface(out, im, im->interfaces[n]);
	if (!im->ospf)
		return;
	fputs("router ospf\n", out);
	if (router_id(im))
		fprintf(out, " ospf router-id %s\n", text_address(buf, router_id(im)));
	write_lines(out, &im->router, " ");
	fputs("exit\n!\n", out);
}
