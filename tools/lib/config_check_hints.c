// SPDX-License-Identifier: GPL-2.0-or-later
/* What a gateway's configuration can mean, but hardly ever should. */
#include <string.h>

#include "lib/config.h"

static bool is_somewhere(struct model_pos at)
{
	return at.line != 0;
}

/**
 * config_group_pos() - Where to point at when it is about a thing of a group.
 * @g: group
 * @field: thing, which may not be configured
 */
struct model_pos config_group_pos(const struct model_group *g, enum model_group_field field)
{
	if (is_somewhere(g->at[field]))
		return g->at[field];
	if (g->ipv6)
		field = MODEL_GROUP_IPV6;
	else
		field = MODEL_GROUP_IP;
	return g->at[is_somewhere(g->at[field]) ? field : MODEL_GROUP_NUMBER];
}

/**
 * config_follower() - The crypto map that follows a group.
 * @c: configuration
 * @i: interface of the group
 * @g: group
 *
 * Return: it, or NULL.
 */
const struct crypto_binding *config_follower(const struct config *c,
					     const struct model_interface *i,
					     const struct model_group *g)
{
	const struct crypto_binding *b = crypto_binding_find(&c->model.crypto, i->ifname);

	return b && g->name[0] && !strcmp(b->redundancy, g->name) ? b : NULL;
}

/**
 * config_is_gateway() - Tell whether crypto maps follow groups.
 * @c: configuration
 */
bool config_is_gateway(const struct config *c)
{
	for (size_t n = 0; n < c->model.crypto.n_bindings; n++)
		if (c->model.crypto.bindings[n]->redundancy[0])
			return true;
	return false;
}

static bool has_running_group(const struct model_interface *i)
{
	for (size_t n = 0; n < i->n_groups; n++)
		if (i->groups[n]->enabled)
			return true;
	return false;
}

/* Do the groups of an interface run only with this one? */
static bool is_bundled(const struct model_interface *i, const struct model_group *leader)
{
	for (size_t n = 0; n < i->n_groups; n++)
		if (i->groups[n]->bundle && leader->name[0] &&
		    !strcmp(i->groups[n]->follow, leader->name))
			return true;
	return false;
}

/* The other interface with groups that a group does not track; NULL: none. */
static const struct model_interface *untracked(const struct config *c,
					       const struct model_interface *i,
					       const struct model_group *g)
{
	for (size_t n = 0; n < c->model.n_interfaces; n++) {
		const struct model_interface *other = c->model.interfaces[n];

		if (other != i && has_running_group(other) && !is_bundled(other, g) &&
		    !model_tracks_interface(&c->model, g, other->ifname))
			return other;
	}
	return NULL;
}

static bool leads_bundle(const struct config *c, const struct model_group *g)
{
	for (size_t n = 0; n < c->model.n_interfaces; n++)
		if (is_bundled(c->model.interfaces[n], g))
			return true;
	return false;
}

static void check_tracks(struct config *c, const struct model_interface *i,
			 const struct model_group *g)
{
	const struct model_interface *other = untracked(c, i, g);

	if (other)
		diag_add(&c->diags, DIAG_WARNING, config_group_pos(g, MODEL_GROUP_IP),
			 "group %u of %s does not track %s, which has a group, too: a gateway could be active on one side only, unless these are bundled ('follow NAME bundle')",
			 g->number, i->ifname, other->ifname);
	else if (!g->n_tracks && !leads_bundle(c, g))
		diag_add(&c->diags, DIAG_NOTE, config_group_pos(g, MODEL_GROUP_IP),
			 "group %u of %s tracks no interface: it stays active when another one of this gateway fails",
			 g->number, i->ifname);
}

static void check_group(struct config *c, const struct model_interface *i,
			const struct model_group *g)
{
	const struct crypto_binding *b = config_follower(c, i, g);

	if (g->n_tracks && !g->preempt && !g->follow[0])
		diag_add(&c->diags, DIAG_WARNING, g->tracks[0].at,
			 "without 'standby %u preempt' a tracked interface that is down at the other gateway is no reason to take over from it",
			 g->number);
	if (b && !g->enabled)
		diag_add(&c->diags, DIAG_WARNING, b->at[CRYPTO_BINDING_REDUNDANCY],
			 "group %u, which is called %s, does not run: it has no 'standby %u ip'",
			 g->number, g->name, g->number);
	else if (b && g->ipv6 && !g->n_global)
		diag_add(&c->diags, DIAG_WARNING, config_group_pos(g, MODEL_GROUP_IPV6),
			 "group %u has no global virtual IP: tunnels have no end here", g->number);
	else if (b && !g->ipv6 && !g->vip)
		diag_add(&c->diags, DIAG_NOTE, config_group_pos(g, MODEL_GROUP_IP),
			 "the virtual IP is not configured: tunnels have no end here until it is learned");
	if (g->enabled && g->follow[0] && !g->bundle && config_is_gateway(c))
		diag_add(&c->diags, DIAG_WARNING, config_group_pos(g, MODEL_GROUP_FOLLOW),
			 "group %s stays active when %s fails, and this one is active nowhere then ('standby %u follow %s bundle' has both move)",
			 g->follow, i->ifname, g->number, g->follow);
	else if (g->enabled && !g->follow[0] && config_is_gateway(c))
		check_tracks(c, i, g);
}

/* A map that follows no group, where there is one. */
static void check_binding(struct config *c, const struct crypto_binding *b)
{
	const struct model_interface *i = model_interface_find(&c->model, b->ifname);

	if (i && b->map[0] && !b->redundancy[0] && has_running_group(i))
		diag_add(&c->diags, DIAG_WARNING, b->at[CRYPTO_BINDING_MAP],
			 "crypto map %s follows no group of %s: the tunnels end at the interface's own address and do not move (redundancy NAME)",
			 b->map, b->ifname);
}

/**
 * config_check_hints() - Find what a gateway's configuration hardly ever should say.
 * @c: configuration, checked by config_finish()
 */
void config_check_hints(struct config *c)
{
	for (size_t n = 0; n < c->model.n_interfaces; n++) {
		const struct model_interface *i = c->model.interfaces[n];

		for (size_t k = 0; k < i->n_groups; k++)
			check_group(c, i, i->groups[k]);
	}
	for (size_t n = 0; n < c->model.crypto.n_bindings; n++)
		check_binding(c, c->model.crypto.bindings[n]);
	config_check_ikev2_hints(c);
}
