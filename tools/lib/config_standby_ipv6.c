// SPDX-License-Identifier: GPL-2.0-or-later
/* "standby ipv6" below "interface IFNAME". */
#include "lib/config.h"

static struct model_pos ipv6_pos(const struct config *c, const struct grammar_match *m)
{
	unsigned int column = m->args[ARG_KIND].column;

	if (m->args[ARG_ADDRESS].given)
		column = m->args[ARG_ADDRESS].column;
	else if (m->args[ARG_GLOBAL].given)
		column = m->args[ARG_GLOBAL].column;
	else if (m->args[ARG_MODE].given)
		column = m->args[ARG_MODE].column;
	return config_pos(c, column);
}

/* Why there cannot be such a link-local virtual IP, or with a length a global one; NULL: it can. */
static const char *vip6_error(const struct address *a, uint32_t length)
{
	const char *why = address_vip6_error(a);
	const bool link_local = address_is_link_local(a);

	if (why)
		return why;
	if (!length && !link_local)
		return "is no link-local address; a global one has a length, as 2001:db8::1/64";
	if (length && link_local)
		return "is a link-local address, which has no length of a prefix";
	if (address_is_router_anycast(a, length ? length : 64))
		return length ? "is a prefix and no address in it" :
				"is an address of all routers (subnet-router anycast)";
	return NULL;
}

static bool is_refused(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *v = m->args[ARG_GLOBAL].given ? &m->args[ARG_GLOBAL] :
								    &m->args[ARG_ADDRESS];
	const char *why;

	if (m->negated || !v->given)
		return false;
	why = vip6_error(&v->ip, m->args[ARG_GLOBAL].given ? v->number : 0);
	if (why)
		config_error(c, v->column, "virtual IP %s %s", v->text, why);
	return why;
}

static bool has_address(const struct model_group *g)
{
	return g->vip6.family || g->autoconfig || g->n_global;
}

static void take_away(struct model_group *g, const struct grammar_match *m)
{
	const struct grammar_value *address = &m->args[ARG_ADDRESS];
	const bool had = has_address(g);
	bool all = false;

	if (!g->ipv6)
		return;
	if (m->args[ARG_GLOBAL].given)
		model_global_remove(g, &m->args[ARG_GLOBAL].ip);
	else if (m->args[ARG_MODE].given)
		g->autoconfig = false;
	else if (!address->given)
		all = true;
	else if (address_equal(&g->vip6, &address->ip))
		g->vip6 = (struct address){};
	else
		model_global_remove(g, &address->ip);
	/* When the last address goes, so does what it has begun. */
	if (all || (had && !has_address(g))) {
		model_ipv6_clear(g);
		g->enabled = false;
	}
}

static void add_global(struct config *c, struct model_group *g, const struct grammar_value *v)
{
	const struct model_global global = {
		.address = v->ip, .length = v->number, .at = config_pos(c, v->column),
	};

	if (!model_global_add(g, &global))
		config_error(c, v->column, "more than %d global virtual IPs", VPNHA_SECONDARY_MAX);
}

/**
 * config_set_ipv6() - Carry out a line with "standby ipv6".
 * @c: configuration
 * @m: line
 */
void config_set_ipv6(struct config *c, const struct grammar_match *m)
{
	struct model_group *g;

	if (is_refused(c, m))
		return;
	g = config_this_group(c, m);
	if (!g)
		return;
	if (!m->negated && !g->ipv6 && (g->enabled || g->n_secondary)) {
		config_error(c, ipv6_pos(c, m).column,
			     "group %u of %s is one of IPv4 ('no standby %u ip' ends that)",
			     g->number, c->in.name, g->number);
		return;
	}
	if (m->args[ARG_GLOBAL].given)
		g->at[MODEL_GROUP_GLOBAL] = ipv6_pos(c, m);
	if (!m->args[ARG_GLOBAL].given || !g->at[MODEL_GROUP_IPV6].line)
		g->at[MODEL_GROUP_IPV6] = ipv6_pos(c, m);
	if (m->negated) {
		take_away(g, m);
		return;
	}
	g->enabled = true;
	g->ipv6 = true;
	if (m->args[ARG_GLOBAL].given) {
		add_global(c, g, &m->args[ARG_GLOBAL]);
		return;
	}
	g->autoconfig = m->args[ARG_MODE].given;
	g->vip6 = m->args[ARG_ADDRESS].ip;
}

const struct grammar_node config_ipv6_words[] = {
	KEYWORD("autoconfig", "Make the link-local address of the group's number",
		.arg = ARG_MODE, .flags = GRAMMAR_STOP),
	IPV6(ARG_ADDRESS, "Link-local virtual address", .flags = GRAMMAR_STOP),
	IPV6_PREFIX(ARG_GLOBAL, "Global virtual address", .flags = GRAMMAR_STOP),
	END
};
