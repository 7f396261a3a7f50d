// SPDX-License-Identifier: GPL-2.0-or-later
/* "show crypto route". */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/show_crypto.h"
#include "lib/text.h"

/* The main table first. */
static int compare_tables(uint32_t a, uint32_t b)
{
	if (a == b)
		return 0;
	if (a == CRYPTO_TABLE_MAIN || b == CRYPTO_TABLE_MAIN)
		return a == CRYPTO_TABLE_MAIN ? -1 : 1;
	return a < b ? -1 : 1;
}

static int compare(const void *a, const void *b)
{
	const struct crypto_route *x = *(const struct crypto_route *const *)a;
	const struct crypto_route *y = *(const struct crypto_route *const *)b;
	int order = compare_tables(x->table, y->table);

	if (!order)
		order = address_compare(&x->dst, &y->dst);
	if (!order)
		order = (int)x->prefix_len - (int)y->prefix_len;
	if (!order && x->distance != y->distance)
		order = x->distance < y->distance ? -1 : 1;
	return order;
}

/**
 * routes_sorted() - The routes by table, destination and distance.
 * @c: what there is
 *
 * Return: as many as @c has; the array is the caller's.
 */
const struct crypto_route **routes_sorted(const struct crypto *c)
{
	const struct crypto_route **list = xcalloc(c->n_routes + 1, sizeof(*list));

	for (size_t n = 0; n < c->n_routes; n++)
		list[n] = c->routes[n];
	qsort(list, c->n_routes, sizeof(*list), compare);
	return list;
}

/**
 * route_via() - Where a route leads, as routers tell it.
 * @r: route
 *
 * Return: the peer; for the route to the peer itself the gateway, if there is one.
 */
const struct address *route_via(const struct crypto_route *r)
{
	return r->to_peer && r->next_hop.family ? &r->next_hop : &r->peer;
}

/**
 * route_destination() - Write the destination of a route as routers do.
 * @buf: where to
 * @r: route
 * @separator: what stands between address and mask; a prefix of IPv6 always has a slash
 *
 * Return: @buf.
 */
const char *route_destination(char buf[ADDRESS_PAIR_LEN], const struct crypto_route *r,
			      char separator)
{
	char dst[ADDRESS_LEN], text[ADDRESS_LEN];
	struct address mask;

	address_text(dst, &r->dst);
	if (r->dst.family == AF_INET6) {
		snprintf(buf, ADDRESS_PAIR_LEN, "%s/%u", dst, r->prefix_len);
	} else {
		address_mask_prefix(&mask, r->dst.family, r->prefix_len);
		snprintf(buf, ADDRESS_PAIR_LEN, "%s%c%s", dst, separator,
			 address_text(text, &mask));
	}
	return buf;
}

/**
 * route_error() - Say why the kernel refused a route.
 * @r: route
 *
 * Return: the reason, or NULL.
 */
const char *route_error(const struct crypto_route *r)
{
	uint32_t error = (uint32_t)r->error;

	return error ? strerror((int)(r->error < 0 ? 0 - error : error)) : NULL;
}

static void show_next_hop(FILE *out, const struct crypto_route *r)
{
	char buf[ADDRESS_LEN];

	if (!r->next_hop_device[0])
		return;
	if (r->next_hop.family)
		fprintf(out, "        next hop %s, %s\n", address_text(buf, &r->next_hop),
			r->next_hop_device);
	else
		fprintf(out, "        next hop %s, %s, attached\n", address_text(buf, &r->peer),
			r->next_hop_device);
}

static void show_state(FILE *out, const struct crypto_route *r)
{
	const char *error = route_error(r);

	if (r->state == VPNHA_ROUTE_STATE_INSTALLED)
		return;
	if (r->state == VPNHA_ROUTE_STATE_PENDING)
		fprintf(out, "        pending: %s", text_route_state(r->state));
	else
		fprintf(out, "        not installed: %s", text_route_state(r->state));
	if (error)
		fprintf(out, ": %s", error);
	fputc('\n', out);
}

static void show_route(FILE *out, const struct crypto_route *r, size_t id)
{
	char dst[ADDRESS_PAIR_LEN], via[ADDRESS_LEN];

	fprintf(out, "%s [%u/0] via %s tag %u count %u rtid %zu\n",
		route_destination(dst, r, '/'), r->distance, address_text(via, route_via(r)),
		r->tag, r->uses, id);
	fprintf(out, "        on %s RRI%s\n", r->ifname,
		r->kind == VPNHA_REVERSE_ROUTE_STATIC ? " S" : "");
	fprintf(out, "        crypto map %s %u", r->map, r->number);
	if (r->device[0])
		fprintf(out, ", device %s", r->device);
	fputc('\n', out);
	show_next_hop(out, r);
	show_state(out, r);
}

static void show_table(FILE *out, const struct crypto_route *r)
{
	if (r->table == CRYPTO_TABLE_MAIN)
		fputs("\nRoutes created in table GLOBAL DEFAULT\n", out);
	else if (r->vrf[0])
		fprintf(out, "\nRoutes created in table %s\n", r->vrf);
	else
		fprintf(out, "\nRoutes created in table %u\n", r->table);
}

/**
 * show_routes() - Print the routes of reverse route injection.
 * @out: where to
 * @c: what there is
 * @map: those of this crypto map; NULL: all
 *
 * Each has the number that it has among all.
 */
void show_routes(FILE *out, const struct crypto *c, const char *map)
{
	const struct crypto_route **routes = routes_sorted(c), *last = NULL;

	fputs("VPN Routing Table: Shows RRI and VTI created routes\n"
	      "Codes: RRI - Reverse-Route, VTI- Virtual Tunnel Interface\n"
	      "        S - Static Map ACLs\n", out);
	for (size_t n = 0; n < c->n_routes; n++) {
		if (map && strcmp(map, routes[n]->map))
			continue;
		if (!last || last->table != routes[n]->table)
			show_table(out, routes[n]);
		show_route(out, routes[n], n + 1);
		last = routes[n];
	}
	free(routes);
}
