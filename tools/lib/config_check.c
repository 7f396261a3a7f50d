// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold between the lines of a configuration. */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"
#include "lib/text.h"

#define VERSION_1_GROUP_MAX	255

struct group_ref {
	const struct model_interface *interface;
	const struct model_group *group;
};

static bool is_somewhere(struct model_pos at)
{
	return at.line != 0;
}

static int compare_pos(struct model_pos a, struct model_pos b)
{
	if (a.line != b.line)
		return a.line < b.line ? -1 : 1;
	return a.column < b.column ? -1 : a.column > b.column;
}

static int compare_names(const void *a, const void *b)
{
	const struct group_ref *x = a, *y = b;
	int order = strcmp(x->group->name, y->group->name);

	return order ? order : compare_pos(x->group->at[MODEL_GROUP_NAME],
					   y->group->at[MODEL_GROUP_NAME]);
}

struct vip_ref {
	const struct model_interface *interface;
	const struct model_group *group;
	struct address address;
	struct model_pos at;
};

/* Link-local ones are others on each interface. */
static int compare_addresses(const struct vip_ref *a, const struct vip_ref *b)
{
	int order = address_compare(&a->address, &b->address);

	return order || !address_is_link_local(&a->address) ?
	       order : strcmp(a->interface->ifname, b->interface->ifname);
}

static int compare_vips(const void *a, const void *b)
{
	const struct vip_ref *x = a, *y = b;
	int order = compare_addresses(x, y);

	return order ? order : compare_pos(x->at, y->at);
}

/* All virtual IPs of a group. Returns how many; one may be none. */
static size_t list_vips(struct vip_ref *list, const struct group_ref *ref)
{
	const struct model_interface *i = ref->interface;
	const struct model_group *g = ref->group;
	size_t n_list = 0;

	list[n_list++] = (struct vip_ref){ i, g, model_vip(g),
					   g->at[g->ipv6 ? MODEL_GROUP_IPV6 : MODEL_GROUP_IP] };
	for (size_t k = 0; k < g->n_secondary; k++)
		list[n_list++] = (struct vip_ref){ i, g,
						   address_of_ipv4(g->secondary[k].address),
						   g->secondary[k].at };
	for (size_t k = 0; k < g->n_global; k++)
		list[n_list++] = (struct vip_ref){ i, g, g->global[k].address, g->global[k].at };
	return n_list;
}

static void check_vips(struct config *c, const struct group_ref *refs, size_t n_refs)
{
	struct vip_ref *vips;
	char buf[ADDRESS_LEN];
	size_t n_vips = n_refs;

	for (size_t n = 0; n < n_refs; n++)
		n_vips += refs[n].group->n_secondary + refs[n].group->n_global;
	vips = xcalloc(n_vips, sizeof(*vips));
	n_vips = 0;
	for (size_t n = 0; n < n_refs; n++)
		n_vips += list_vips(&vips[n_vips], &refs[n]);
	qsort(vips, n_vips, sizeof(*vips), compare_vips);
	for (size_t n = 1; n < n_vips; n++) {
		const struct vip_ref *v = &vips[n], *first = &vips[n - 1];

		if (v->address.family && !compare_addresses(v, first) && is_somewhere(v->at))
			diag_add(&c->diags, DIAG_ERROR, v->at,
				 "virtual IP %s belongs to group %u of %s already",
				 address_text(buf, &v->address), first->group->number,
				 first->interface->ifname);
	}
	free(vips);
}

/*
 * What the kernel has already comes first in the order, and is no fault of the
 * lines that are read.
 */
static void check_unique(struct config *c, struct group_ref *refs, size_t n_refs)
{
	if (!n_refs)
		return;
	qsort(refs, n_refs, sizeof(*refs), compare_names);
	for (size_t n = 1; n < n_refs; n++) {
		const struct model_group *g = refs[n].group;

		if (g->name[0] && !strcmp(g->name, refs[n - 1].group->name) &&
		    is_somewhere(g->at[MODEL_GROUP_NAME]))
			diag_add(&c->diags, DIAG_ERROR, g->at[MODEL_GROUP_NAME],
				 "name %s belongs to group %u of %s already", g->name,
				 refs[n - 1].group->number, refs[n - 1].interface->ifname);
	}
	check_vips(c, refs, n_refs);
}

static void check_secondary(struct config *c, const struct model_group *g)
{
	char buf[TEXT_ADDRESS_LEN];

	if (g->vip || !g->n_secondary)
		return;
	diag_add(&c->diags, DIAG_ERROR,
		 is_somewhere(g->secondary[0].at) ? g->secondary[0].at : g->at[MODEL_GROUP_IP],
		 "secondary virtual IP %s needs a primary one ('standby %u ip ADDRESS')",
		 text_address(buf, g->secondary[0].address), g->number);
}

/* Whoever has it is one router to a switch, which sees it in two places. */
static void check_mac(struct config *c, const struct model_interface *i,
		      const struct model_group *g)
{
	const struct model_pos at = g->at[MODEL_GROUP_MAC];
	const struct model_pos bia = i->at_field[MODEL_INTERFACE_USE_BIA];

	if (!g->has_mac)
		return;
	if (i->use_bia)
		diag_add(&c->diags, DIAG_ERROR, is_somewhere(at) ? at : bia,
			 "group %u of %s cannot have a virtual MAC address where 'standby use-bia' has the interface's own one used",
			 g->number, i->ifname);
	for (size_t n = 0; is_somewhere(at) && n < i->n_groups; n++)
		if (i->groups[n] != g && i->groups[n]->has_mac && model_mac_equal(g, i->groups[n]))
			diag_add(&c->diags, DIAG_WARNING, at,
				 "group %u of %s has this virtual MAC address, too",
				 i->groups[n]->number, i->ifname);
}

/* What only an election needs, as IOS tells it of such a group, too. */
static void check_idle(struct config *c, const struct model_group *g)
{
	const struct {
		enum model_group_field field;
		const char *word;
		bool given;
	} idle[] = {
		{ MODEL_GROUP_TIMERS, "timers", g->hello_ms },
		{ MODEL_GROUP_PRIORITY, "priority", g->priority != MODEL_DEFAULT_PRIORITY },
		{ MODEL_GROUP_PREEMPT, "preempt", g->preempt },
		{ MODEL_GROUP_AUTHENTICATION, "authentication", !model_auth_is_default(&g->auth) },
	};
	const struct model_pos follow = g->at[MODEL_GROUP_FOLLOW];
	char name[MODEL_TRACK_NAME_LEN];

	for (size_t n = 0; n < sizeof(idle) / sizeof(*idle); n++) {
		const struct model_pos at = g->at[idle[n].field];

		if (idle[n].given && (is_somewhere(at) || is_somewhere(follow)))
			diag_add(&c->diags, DIAG_WARNING, is_somewhere(at) ? at : follow,
				 "'standby %u %s' has no effect while the group follows another one",
				 g->number, idle[n].word);
	}
	for (size_t n = 0; n < g->n_tracks; n++) {
		const struct model_pos at = g->tracks[n].at;

		if (!g->tracks[n].shutdown && (is_somewhere(at) || is_somewhere(follow)))
			diag_add(&c->diags, DIAG_WARNING, is_somewhere(at) ? at : follow,
				 "tracking %s has no effect while the group follows another one, unless by 'shutdown'",
				 model_track_name(name, &g->tracks[n]));
	}
}

static void check_follow(struct config *c, const struct model_group *g)
{
	const struct model_pos ip = g->at[g->ipv6 ? MODEL_GROUP_IPV6 : MODEL_GROUP_IP];
	const struct model_group *leader;
	struct model_pos at = g->at[MODEL_GROUP_FOLLOW];

	if (!g->follow[0])
		return;
	leader = model_group_by_name(&c->model, g->follow);
	if (leader && !is_somewhere(at))
		at = is_somewhere(leader->at[MODEL_GROUP_FOLLOW]) ?
			leader->at[MODEL_GROUP_FOLLOW] : leader->at[MODEL_GROUP_NAME];
	if (!strcmp(g->follow, g->name))
		diag_add(&c->diags, DIAG_ERROR, at, "a group cannot follow itself");
	else if (leader && leader->follow[0] && strcmp(leader->follow, leader->name))
		diag_add(&c->diags, DIAG_ERROR, at,
			 "group %s follows group %s, and cannot be followed itself",
			 leader->name, leader->follow);
	else if (!leader && is_somewhere(at))
		diag_add(&c->diags, DIAG_WARNING, at,
			 "no group has the name %s: this one does not run until one has",
			 g->follow);
	if (g->enabled && !model_vip(g).family)
		diag_add(&c->diags, DIAG_ERROR, is_somewhere(ip) ? ip : at,
			 "a group that follows another one learns no virtual IP ('standby %u %s')",
			 g->number, g->ipv6 ? "ipv6 autoconfig" : "ip ADDRESS");
	check_idle(c, g);
}

static void check_ipv6(struct config *c, const struct model_interface *i,
		       const struct model_group *g)
{
	const struct model_pos at = g->at[MODEL_GROUP_IPV6];

	if (i->version != 1 || !g->ipv6)
		return;
	if (is_somewhere(at))
		diag_add(&c->diags, DIAG_ERROR, at,
			 "IPv6 needs version 2 of HSRP: say 'standby version 2'");
	else if (is_somewhere(i->at_field[MODEL_INTERFACE_VERSION]))
		diag_add(&c->diags, DIAG_ERROR, i->at_field[MODEL_INTERFACE_VERSION],
			 "version 1 cannot have group %u, which is one of IPv6", g->number);
}

static void check_group(struct config *c, const struct model_interface *i,
			const struct model_group *g, unsigned int flags)
{
	struct model_pos at = g->at[MODEL_GROUP_NUMBER];

	if (i->version == 1 && g->number > VERSION_1_GROUP_MAX) {
		if (is_somewhere(at))
			diag_add(&c->diags, DIAG_ERROR, at,
				 "group %u is out of range for version 1, expected 0 to %d (or say 'standby version 2')",
				 g->number, VERSION_1_GROUP_MAX);
		else if (is_somewhere(i->at_field[MODEL_INTERFACE_VERSION]))
			diag_add(&c->diags, DIAG_ERROR, i->at_field[MODEL_INTERFACE_VERSION],
				 "version 1 cannot have group %u", g->number);
	}
	check_ipv6(c, i, g);
	check_secondary(c, g);
	check_follow(c, g);
	check_mac(c, i, g);
	for (size_t n = 0; n < g->n_tracks; n++)
		if (!(flags & CONFIG_ELSEWHERE) && is_somewhere(g->tracks[n].at) &&
		    !g->tracks[n].object && !if_nametoindex(g->tracks[n].target))
			diag_add(&c->diags, DIAG_WARNING, g->tracks[n].at,
				 "interface %s does not exist; it counts as down",
				 g->tracks[n].target);
}

/**
 * config_finish() - Check what must hold between the lines, once all are read.
 * @c: configuration
 * @flags: CONFIG_*
 */
void config_finish(struct config *c, unsigned int flags)
{
	struct group_ref *refs = NULL;
	size_t n_refs = 0;

	config_check_df(c);
	model_settle(&c->model);
	for (size_t n = 0; n < c->model.n_interfaces; n++) {
		const struct model_interface *i = c->model.interfaces[n];

		if (!(flags & CONFIG_ELSEWHERE) && is_somewhere(i->at) && !i->known &&
		    !if_nametoindex(i->ifname))
			diag_add(&c->diags,
				 flags & CONFIG_NEED_INTERFACES ? DIAG_ERROR : DIAG_WARNING, i->at,
				 "interface %s does not exist", i->ifname);
		for (size_t k = 0; k < i->n_groups; k++) {
			check_group(c, i, i->groups[k], flags);
			refs = array_grow(refs, n_refs, sizeof(*refs));
			refs[n_refs++] = (struct group_ref){ i, i->groups[k] };
		}
	}
	check_unique(c, refs, n_refs);
	free(refs);
	config_check_objects(c);
	config_check_crypto(c, flags);
	config_check_ikev2(c, flags);
}
