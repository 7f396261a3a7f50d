// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtual IPs of a group of IPv6. */
#include <string.h>

#include "lib/model.h"

/**
 * model_global_find() - Look up a global virtual IP.
 * @g: group
 * @address: it
 *
 * Return: it or NULL; valid until one is added or removed.
 */
const struct model_global *model_global_find(const struct model_group *g,
					     const struct address *address)
{
	for (size_t n = 0; n < g->n_global; n++)
		if (address_equal(&g->global[n].address, address))
			return &g->global[n];
	return NULL;
}

/**
 * model_global_add() - Add a global virtual IP.
 * @g: group
 * @global: it; one of this address may be there already
 *
 * Return: false when there are too many.
 */
bool model_global_add(struct model_group *g, const struct model_global *global)
{
	struct model_global *list = g->global;
	size_t n;

	model_global_remove(g, &global->address);
	if (g->n_global == VPNHA_SECONDARY_MAX)
		return false;
	for (n = g->n_global++; n && address_compare(&list[n - 1].address, &global->address) > 0;
	     n--)
		list[n] = list[n - 1];
	list[n] = *global;
	return true;
}

/**
 * model_global_remove() - Remove a global virtual IP.
 * @g: group
 * @address: it; it need not be there
 */
void model_global_remove(struct model_group *g, const struct address *address)
{
	const struct model_global *found = model_global_find(g, address);

	if (!found)
		return;
	g->n_global--;
	for (size_t n = (size_t)(found - g->global); n < g->n_global; n++)
		g->global[n] = g->global[n + 1];
}

/**
 * model_global_equal() - Tell whether two groups have the same global virtual IPs.
 * @a: one
 * @b: the other
 */
bool model_global_equal(const struct model_group *a, const struct model_group *b)
{
	for (size_t n = 0; n < a->n_global; n++) {
		const struct model_global *other = model_global_find(b, &a->global[n].address);

		if (!other || other->length != a->global[n].length)
			return false;
	}
	return a->n_global == b->n_global;
}

/**
 * model_ipv6_equal() - Tell whether two groups are of IPv6 alike, but for global virtual IPs.
 * @a: one
 * @b: the other
 */
bool model_ipv6_equal(const struct model_group *a, const struct model_group *b)
{
	return a->ipv6 == b->ipv6 && a->autoconfig == b->autoconfig &&
	       address_equal(&a->vip6, &b->vip6) &&
	       (!a->ipv6 || a->enabled == b->enabled);
}

/**
 * model_is_made() - Tell whether the link-local virtual IP of a group is made of its number.
 * @g: group of IPv6
 *
 * It is where there are global ones only, too: hosts need one to send to.
 */
bool model_is_made(const struct model_group *g)
{
	return g->autoconfig || (g->n_global && !g->vip6.family);
}

/**
 * model_link_local() - The link-local virtual IP that is configured, or made.
 * @g: group of IPv6
 *
 * The one that is made has the usual virtual MAC address 0005.73a0.0XXX in it, with no bit of
 * it inverted, other than RFC 4291 appendix A says: routers do so.
 *
 * Return: it; none when it is to be learned.
 */
struct address model_link_local(const struct model_group *g)
{
	struct address a = {
		.family = AF_INET6,
		.bytes = { 0xfe, 0x80, [9] = 0x05, 0x73, 0xff, 0xfe, 0xa0,
			   [14] = (uint8_t)(g->number >> 8), (uint8_t)g->number },
	};

	return model_is_made(g) ? a : g->vip6;
}

/**
 * model_vip() - The virtual IP that packets of a group tell of.
 * @g: group
 *
 * Return: what is configured, or made; none when it is to be learned.
 */
struct address model_vip(const struct model_group *g)
{
	return g->ipv6 ? model_link_local(g) : address_of_ipv4(g->vip);
}

/**
 * model_ipv6_clear() - Make a group be none of IPv6.
 * @g: group
 */
void model_ipv6_clear(struct model_group *g)
{
	g->ipv6 = false;
	g->autoconfig = false;
	g->n_global = 0;
	memset(&g->vip6, 0, sizeof(g->vip6));
}
