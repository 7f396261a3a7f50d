// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of transform sets, access lists and crypto maps. */
#include <string.h>

#include "lib/alloc.h"
#include "lib/change.h"
#include "lib/config.h"

#define MAP(f)		(1U << CRYPTO_MAP_ ## f)
#define BINDING(f)	(1U << CRYPTO_BINDING_ ## f)
/* What one line says. */
#define MAP_REVERSE	(MAP(REVERSE) | MAP(GATEWAY) | MAP(TAG) | MAP(DISTANCE))

/**
 * change_is_crypto() - Tell whether an operation is one of crypto maps and their kind.
 * @c: operation
 */
bool change_is_crypto(const struct change *c)
{
	return c->op >= VPNHA_A_BATCH_TRANSFORM_SET_NEW && !c->tracked;
}

static void add_line(struct changes *c, int op, const struct crypto_acl *a,
		     const struct crypto_line *line)
{
	struct change *change = change_add(c, op);

	change->acl = a;
	change->line = line;
}

static struct change *add_map(struct changes *c, int op, const struct crypto_map *m)
{
	struct change *change = change_add(c, op);

	change->map = m;
	return change;
}

static struct change *add_binding(struct changes *c, int op, const struct crypto_binding *b)
{
	struct change *change = change_add(c, op);

	change->binding = b;
	return change;
}

/* A line cannot lose ports in place: the kernel keeps what is not in the message. */
static bool loses_ports(const struct crypto_line *from, const struct crypto_line *to)
{
	return crypto_has_ports(from->match.protocol) && !crypto_has_ports(to->match.protocol);
}

/* No line makes an entry that is for a dynamic map into one of its own, nor the other way. */
static bool same_nature(const struct crypto_map *a, const struct crypto_map *b)
{
	return a && b && !a->dynamic[0] == !b->dynamic[0];
}

/**
 * changes_remove_crypto() - Find what is to be removed, what refers to others first.
 * @c: operations
 * @from: what is
 * @to: what is wanted
 */
void changes_remove_crypto(struct changes *c, const struct crypto *from, const struct crypto *to)
{
	for (size_t n = 0; n < from->n_bindings; n++)
		if (!crypto_binding_find(to, from->bindings[n]->ifname))
			add_binding(c, VPNHA_A_BATCH_BINDING_DEL, from->bindings[n]);
	for (size_t n = 0; n < from->n_maps; n++)
		if (!same_nature(from->maps[n], crypto_map_find(to, from->maps[n]->name,
								from->maps[n]->number)))
			add_map(c, VPNHA_A_BATCH_MAP_DEL, from->maps[n]);
	for (size_t n = 0; n < from->n_dynamics; n++)
		if (!crypto_dynamic_find(to, from->dynamics[n]->name, from->dynamics[n]->number))
			add_map(c, VPNHA_A_BATCH_DYNAMIC_MAP_DEL, from->dynamics[n]);
	for (size_t n = 0; n < from->n_acls; n++) {
		const struct crypto_acl *a = from->acls[n], *now = crypto_acl_find(to, a->name);

		for (size_t k = 0; k < a->n_lines; k++) {
			const struct crypto_line *line = now ?
				crypto_line_find(now, a->lines[k].number) : NULL;

			if (!line || loses_ports(&a->lines[k], line))
				add_line(c, VPNHA_A_BATCH_ACL_DEL, a, &a->lines[k]);
		}
	}
	for (size_t n = 0; n < from->n_sets; n++)
		if (!crypto_set_find(to, from->sets[n]->name))
			change_add(c, VPNHA_A_BATCH_TRANSFORM_SET_DEL)->set = from->sets[n];
}

static void change_set(struct changes *c, const struct crypto_set *from,
		       const struct crypto_set *to)
{
	if (!from)
		change_add(c, VPNHA_A_BATCH_TRANSFORM_SET_NEW)->set = to;
	else if (!transform_equal(&from->transform, &to->transform) || from->mode != to->mode ||
		 from->allow_weak != to->allow_weak)
		change_add(c, VPNHA_A_BATCH_TRANSFORM_SET_SET)->set = to;
}

static void change_acl(struct changes *c, const struct crypto_acl *from,
		       const struct crypto_acl *to)
{
	for (size_t n = 0; n < to->n_lines; n++) {
		const struct crypto_line *line = &to->lines[n];
		const struct crypto_line *old = from ? crypto_line_find(from, line->number) : NULL;

		if (!old || loses_ports(old, line))
			add_line(c, VPNHA_A_BATCH_ACL_NEW, to, line);
		else if (!crypto_line_equal(old, line))
			add_line(c, VPNHA_A_BATCH_ACL_SET, to, line);
	}
}

static bool same_peers(const struct crypto_map *a, const struct crypto_map *b)
{
	if (a->n_peers != b->n_peers)
		return false;
	for (size_t n = 0; n < a->n_peers; n++)
		if (!address_equal(&a->peers[n].address, &b->peers[n].address))
			return false;
	return true;
}

static unsigned int reverse_changed(const struct crypto_reverse *from,
				    const struct crypto_reverse *to)
{
	unsigned int fields = 0;

	if (from->kind != to->kind)
		fields |= MAP(REVERSE);
	if (!address_equal(&from->gateway, &to->gateway))
		fields |= MAP(GATEWAY);
	if (from->tag != to->tag)
		fields |= MAP(TAG);
	if (from->distance != to->distance)
		fields |= MAP(DISTANCE);
	return fields;
}

static bool same_sets(const struct crypto_map *a, const struct crypto_map *b)
{
	if (a->n_sets != b->n_sets)
		return false;
	for (size_t n = 0; n < a->n_sets; n++)
		if (strcmp(a->sets[n], b->sets[n]))
			return false;
	return true;
}

static unsigned int keying_changed(const struct crypto_keying *from, const struct crypto_keying *to)
{
	unsigned int fields = 0;

	if (from->pfs != to->pfs)
		fields |= MAP(PFS);
	if (from->seconds != to->seconds)
		fields |= MAP(SECONDS);
	if (from->kilobytes != to->kilobytes)
		fields |= MAP(KILOBYTES);
	if (from->idle_time != to->idle_time)
		fields |= MAP(IDLE_TIME);
	if (strcmp(from->profile, to->profile))
		fields |= MAP(PROFILE);
	return fields;
}

static unsigned int map_set(const struct crypto_map *m)
{
	static const struct crypto_reverse none = { .distance = CRYPTO_DISTANCE };
	static const struct crypto_keying nothing;
	unsigned int fields = reverse_changed(&none, &m->reverse) |
			      keying_changed(&nothing, &m->keying);

	if (!m->is_dynamic)
		fields |= MAP(KIND);
	if (m->dynamic[0])
		fields |= MAP(DYNAMIC);
	if (m->n_peers)
		fields |= MAP(PEER);
	if (m->n_sets)
		fields |= MAP(SET);
	if (m->acl[0])
		fields |= MAP(ACL);
	if (m->keys[VPNHA_ESP_DIRECTION_IN].given)
		fields |= MAP(KEY_IN);
	if (m->keys[VPNHA_ESP_DIRECTION_OUT].given)
		fields |= MAP(KEY_OUT);
	return fields;
}

static unsigned int map_changed(const struct crypto_map *from, const struct crypto_map *to)
{
	unsigned int fields = 0;

	if (from->kind != to->kind)
		fields |= MAP(KIND);
	if (!same_peers(from, to))
		fields |= MAP(PEER);
	if (!same_sets(from, to))
		fields |= MAP(SET);
	if (strcmp(from->acl, to->acl))
		fields |= MAP(ACL);
	if (strcmp(from->dynamic, to->dynamic))
		fields |= MAP(DYNAMIC);
	if (!crypto_key_equal(&from->keys[VPNHA_ESP_DIRECTION_IN],
			      &to->keys[VPNHA_ESP_DIRECTION_IN]))
		fields |= MAP(KEY_IN);
	if (!crypto_key_equal(&from->keys[VPNHA_ESP_DIRECTION_OUT],
			      &to->keys[VPNHA_ESP_DIRECTION_OUT]))
		fields |= MAP(KEY_OUT);
	return fields | reverse_changed(&from->reverse, &to->reverse) |
	       keying_changed(&from->keying, &to->keying);
}

static void change_map(struct changes *c, const struct crypto_map *from,
		       const struct crypto_map *to)
{
	bool known = same_nature(from, to);
	unsigned int fields = known ? map_changed(from, to) : map_set(to);
	int new = to->is_dynamic ? VPNHA_A_BATCH_DYNAMIC_MAP_NEW : VPNHA_A_BATCH_MAP_NEW;
	int set = to->is_dynamic ? VPNHA_A_BATCH_DYNAMIC_MAP_SET : VPNHA_A_BATCH_MAP_SET;

	if (!known)
		add_map(c, new, to)->fields = fields;
	else if (fields)
		add_map(c, set, to)->fields = fields;
}

static void change_binding(struct changes *c, const struct crypto_binding *from,
			   const struct crypto_binding *to)
{
	unsigned int fields = 0;

	if (!from || strcmp(from->map, to->map))
		fields |= BINDING(MAP);
	if (strcmp(from ? from->redundancy : "", to->redundancy))
		fields |= BINDING(REDUNDANCY);
	/* One whose group went has to be applied again; who says so now does that. */
	if (from && from->state.problem == VPNHA_BINDING_PROBLEM_GROUP_GONE &&
	    to->redundancy[0] && to->at[CRYPTO_BINDING_REDUNDANCY].line)
		fields |= BINDING(REDUNDANCY);
	if ((from ? from->df : VPNHA_DF_BIT_COPY) != to->df)
		fields |= BINDING(DF);
	if (!from)
		add_binding(c, VPNHA_A_BATCH_BINDING_NEW, to)->fields = fields;
	else if (fields)
		add_binding(c, VPNHA_A_BATCH_BINDING_SET, to)->fields = fields;
}

/**
 * changes_find_crypto() - Find what is new or different, what others refer to first.
 * @c: operations
 * @from: what is
 * @to: what is wanted
 */
void changes_find_crypto(struct changes *c, const struct crypto *from, const struct crypto *to)
{
	for (size_t n = 0; n < to->n_sets; n++)
		change_set(c, crypto_set_find(from, to->sets[n]->name), to->sets[n]);
	for (size_t n = 0; n < to->n_acls; n++)
		change_acl(c, crypto_acl_find(from, to->acls[n]->name), to->acls[n]);
	for (size_t n = 0; n < to->n_dynamics; n++)
		change_map(c, crypto_dynamic_find(from, to->dynamics[n]->name,
						  to->dynamics[n]->number), to->dynamics[n]);
	for (size_t n = 0; n < to->n_maps; n++)
		change_map(c, crypto_map_find(from, to->maps[n]->name, to->maps[n]->number),
			   to->maps[n]);
	for (size_t n = 0; n < to->n_bindings; n++)
		change_binding(c, crypto_binding_find(from, to->bindings[n]->ifname),
			       to->bindings[n]);
}

/* Whether the operation before this one has the same heading. */
static bool goes_on(const struct changes *c, size_t n)
{
	const struct change *item = &c->items[n], *before = item - 1;

	return n && item->acl && before->acl && !strcmp(item->acl->name, before->acl->name);
}

static void write_set(FILE *out, const struct change *c)
{
	config_write_set(out, c->set);
	if (c->op == VPNHA_A_BATCH_TRANSFORM_SET_SET && c->set->mode == VPNHA_ESP_MODE_TUNNEL)
		fputs(" mode tunnel\n", out);
}

static void write_line(FILE *out, const struct change *c, bool heading)
{
	if (heading)
		config_write_acl_heading(out, c->acl);
	if (c->op == VPNHA_A_BATCH_ACL_DEL) {
		fprintf(out, " no %u\n", c->line->number);
		return;
	}
	fprintf(out, " %u ", c->line->number);
	config_write_line(out, c->acl, c->line);
}

static void write_map(FILE *out, const struct change *c)
{
	if (c->op == VPNHA_A_BATCH_MAP_DEL || c->op == VPNHA_A_BATCH_DYNAMIC_MAP_DEL) {
		fprintf(out, "no crypto %smap %s %u\n", c->map->is_dynamic ? "dynamic-" : "",
			c->map->name, c->map->number);
		return;
	}
	config_write_map_heading(out, c->map);
	if ((c->op == VPNHA_A_BATCH_MAP_SET || c->op == VPNHA_A_BATCH_DYNAMIC_MAP_SET) &&
	    c->fields & MAP(PEER) && c->map->n_peers)
		fputs(" no set peer\n", out);
	for (int f = CRYPTO_MAP_PEER; f < CRYPTO_MAP_REVERSE; f++)
		if (c->fields & 1U << f)
			config_write_map_field(out, c->map, (enum crypto_map_field)f, false);
	if (c->fields & MAP_REVERSE)
		config_write_map_field(out, c->map, CRYPTO_MAP_REVERSE, false);
}

static void write_binding(FILE *out, const struct change *c)
{
	fprintf(out, "interface %s\n", c->binding->ifname);
	if (c->op == VPNHA_A_BATCH_BINDING_DEL) {
		fputs(" no crypto map\n", out);
		return;
	}
	if (c->fields & (BINDING(MAP) | BINDING(REDUNDANCY)))
		config_write_binding(out, c->binding);
	if (c->fields & BINDING(DF))
		config_write_df(out, c->binding);
}

/**
 * changes_write_crypto() - Write an operation as the lines of configuration that ask for it.
 * @out: where to
 * @c: operations
 * @n: index of the operation
 *
 * Keys are left out: nobody asked to see them.
 */
void changes_write_crypto(FILE *out, const struct changes *c, size_t n)
{
	const struct change *item = &c->items[n];

	if (item->op == VPNHA_A_BATCH_TRANSFORM_SET_DEL)
		fprintf(out, "no crypto ipsec transform-set %s\n", item->set->name);
	else if (item->set)
		write_set(out, item);
	else if (item->acl)
		write_line(out, item, !goes_on(c, n));
	else if (item->map)
		write_map(out, item);
	else
		write_binding(out, item);
}

/**
 * change_describe_crypto() - Say what an operation is about.
 * @c: operation
 *
 * Return: text owned by the caller.
 */
char *change_describe_crypto(const struct change *c)
{
	static const char *const verbs[] = { "making", "changing", "removing" };
	const char *verb = verbs[(c->op - VPNHA_A_BATCH_TRANSFORM_SET_NEW) % 3];

	if (c->set)
		return xasprintf("%s transform set %s", verb, c->set->name);
	if (c->acl)
		return xasprintf("%s line %u of access list %s", verb, c->line->number,
				 c->acl->name);
	if (c->map)
		return xasprintf("%s entry %u of %scrypto map %s", verb, c->map->number,
				 c->map->is_dynamic ? "dynamic " : "", c->map->name);
	return xasprintf("%s the crypto map of %s", verb, c->binding->ifname);
}
