// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/crypto.h"

/* What an object is looked up by. */
struct key {
	const char *name;
	uint32_t number;
};

typedef int (*compare_fn)(const void *item, const struct key *key);

/* Each array is one of pointers to structures, which all have the same form. */
static void *item(const void *array, size_t n)
{
	void *p;

	memcpy(&p, (const char *)array + n * sizeof(p), sizeof(p));
	return p;
}

/* Position of @key, or where it belongs. */
static size_t position(const void *array, size_t n_items, compare_fn compare,
		       const struct key *key, bool *found)
{
	size_t low = 0, high = n_items;

	*found = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(item(array, middle), key);

		if (!order) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void *find(const void *array, size_t n_items, compare_fn compare, const char *name,
		  uint32_t number)
{
	struct key key = { name, number };
	bool found;
	size_t n = position(array, n_items, compare, &key, &found);

	return found ? item(array, n) : NULL;
}

/* Make room for an object of @size at the place of @key, or find the one that is there. */
static void *get(void *arrayp, size_t *n_items, size_t size, compare_fn compare,
		 const struct key *key, bool *made)
{
	char *array;
	bool found;
	size_t n;
	void *p;

	memcpy(&array, arrayp, sizeof(array));
	n = position(array, *n_items, compare, key, &found);
	*made = !found;
	if (found)
		return item(array, n);
	array = array_grow(array, *n_items, sizeof(p));
	memmove(array + (n + 1) * sizeof(p), array + n * sizeof(p), (*n_items - n) * sizeof(p));
	p = xcalloc(1, size);
	memcpy(array + n * sizeof(p), &p, sizeof(p));
	memcpy(arrayp, &array, sizeof(array));
	++*n_items;
	return p;
}

/* Take an object out. Returns it, or NULL when it is not there. */
static void *take(const void *arrayp, size_t *n_items, compare_fn compare, const char *name,
		  uint32_t number)
{
	struct key key = { name, number };
	char *array;
	bool found;
	size_t n;
	void *p;

	memcpy(&array, arrayp, sizeof(array));
	n = position(array, *n_items, compare, &key, &found);
	if (!found)
		return NULL;
	p = item(array, n);
	--*n_items;
	memmove(array + n * sizeof(p), array + (n + 1) * sizeof(p), (*n_items - n) * sizeof(p));
	return p;
}

static int compare_set(const void *p, const struct key *key)
{
	return strverscmp(((const struct crypto_set *)p)->name, key->name);
}

static int compare_acl(const void *p, const struct key *key)
{
	return strverscmp(((const struct crypto_acl *)p)->name, key->name);
}

static int compare_map(const void *p, const struct key *key)
{
	const struct crypto_map *m = p;
	int order = strverscmp(m->name, key->name);

	if (order)
		return order;
	return m->number < key->number ? -1 : m->number > key->number;
}

static int compare_binding(const void *p, const struct key *key)
{
	return strverscmp(((const struct crypto_binding *)p)->ifname, key->name);
}

static void set_free(struct crypto_set *s)
{
	free(s);
}

static void acl_free(struct crypto_acl *a)
{
	if (a)
		free(a->lines);
	free(a);
}

static void map_free(struct crypto_map *m)
{
	if (!m)
		return;
	free(m->peers);
	explicit_bzero(m, sizeof(*m));
	free(m);
}

static void sa_free(struct crypto_sa *sa)
{
	free(sa->selectors);
	free(sa);
}

/**
 * crypto_free() - Release all and wipe the keys.
 * @c: what to release; it is empty then
 */
void crypto_free(struct crypto *c)
{
	for (size_t n = 0; n < c->n_sets; n++)
		set_free(c->sets[n]);
	for (size_t n = 0; n < c->n_acls; n++)
		acl_free(c->acls[n]);
	for (size_t n = 0; n < c->n_maps; n++)
		map_free(c->maps[n]);
	for (size_t n = 0; n < c->n_dynamics; n++)
		map_free(c->dynamics[n]);
	for (size_t n = 0; n < c->n_bindings; n++)
		free(c->bindings[n]);
	for (size_t n = 0; n < c->n_sas; n++)
		sa_free(c->sas[n]);
	for (size_t n = 0; n < c->n_routes; n++)
		free(c->routes[n]);
	free(c->sets);
	free(c->acls);
	free(c->maps);
	free(c->dynamics);
	free(c->bindings);
	free(c->sas);
	free(c->routes);
	memset(c, 0, sizeof(*c));
}

static struct crypto_map **copy_maps(struct crypto_map *const *from, size_t n_from)
{
	struct crypto_map **to = array_copy(from, n_from, sizeof(*from));

	for (size_t n = 0; n < n_from; n++) {
		struct crypto_map *m = array_copy(from[n], 1, sizeof(*m));

		m->peers = array_copy(m->peers, m->n_peers, sizeof(*m->peers));
		to[n] = m;
	}
	return to;
}

/**
 * crypto_copy() - Copy what can be configured.
 * @to: result; anything it held before is forgotten
 * @from: what to copy
 */
void crypto_copy(struct crypto *to, const struct crypto *from)
{
	memset(to, 0, sizeof(*to));
	to->sets = array_copy(from->sets, from->n_sets, sizeof(*from->sets));
	for (; to->n_sets < from->n_sets; to->n_sets++)
		to->sets[to->n_sets] = array_copy(from->sets[to->n_sets], 1, sizeof(**from->sets));
	to->acls = array_copy(from->acls, from->n_acls, sizeof(*from->acls));
	for (; to->n_acls < from->n_acls; to->n_acls++) {
		struct crypto_acl *a = array_copy(from->acls[to->n_acls], 1, sizeof(*a));

		a->lines = array_copy(a->lines, a->n_lines, sizeof(*a->lines));
		to->acls[to->n_acls] = a;
	}
	to->maps = copy_maps(from->maps, from->n_maps);
	to->n_maps = from->n_maps;
	to->dynamics = copy_maps(from->dynamics, from->n_dynamics);
	to->n_dynamics = from->n_dynamics;
	to->bindings = array_copy(from->bindings, from->n_bindings, sizeof(*from->bindings));
	for (; to->n_bindings < from->n_bindings; to->n_bindings++)
		to->bindings[to->n_bindings] = array_copy(from->bindings[to->n_bindings], 1,
							  sizeof(**from->bindings));
}

/**
 * crypto_settle() - Drop what says nothing.
 * @c: of a configuration
 *
 * An access list is its lines, and a binding its crypto map.
 */
void crypto_settle(struct crypto *c)
{
	for (size_t n = c->n_acls; n-- > 0;)
		if (!c->acls[n]->n_lines)
			crypto_acl_remove(c, c->acls[n]->name);
	for (size_t n = c->n_bindings; n-- > 0;)
		if (!c->bindings[n]->map[0])
			crypto_binding_remove(c, c->bindings[n]->ifname);
}

/**
 * crypto_set_find() - Look up a transform set.
 * @c: where
 * @name: its name
 *
 * Return: it or NULL.
 */
struct crypto_set *crypto_set_find(const struct crypto *c, const char *name)
{
	return find(c->sets, c->n_sets, compare_set, name, 0);
}

/**
 * crypto_set_get() - Look up a transform set and make it when it is missing.
 * @c: where
 * @name: its name, a valid one
 */
struct crypto_set *crypto_set_get(struct crypto *c, const char *name)
{
	struct key key = { name, 0 };
	struct crypto_set *s;
	bool made;

	s = get(&c->sets, &c->n_sets, sizeof(*s), compare_set, &key, &made);
	if (made)
		snprintf(s->name, sizeof(s->name), "%s", name);
	return s;
}

/**
 * crypto_set_remove() - Remove a transform set.
 * @c: where
 * @name: its name; it need not be there
 */
void crypto_set_remove(struct crypto *c, const char *name)
{
	set_free(take(&c->sets, &c->n_sets, compare_set, name, 0));
}

/**
 * crypto_acl_find() - Look up an access list.
 * @c: where
 * @name: its name
 *
 * Return: it or NULL.
 */
struct crypto_acl *crypto_acl_find(const struct crypto *c, const char *name)
{
	return find(c->acls, c->n_acls, compare_acl, name, 0);
}

/**
 * crypto_acl_get() - Look up an access list and make it when it is missing.
 * @c: where
 * @name: its name, a valid one
 */
struct crypto_acl *crypto_acl_get(struct crypto *c, const char *name)
{
	struct key key = { name, 0 };
	struct crypto_acl *a;
	bool made;

	a = get(&c->acls, &c->n_acls, sizeof(*a), compare_acl, &key, &made);
	if (made)
		snprintf(a->name, sizeof(a->name), "%s", name);
	return a;
}

/**
 * crypto_acl_remove() - Remove an access list.
 * @c: where
 * @name: its name; it need not be there
 */
void crypto_acl_remove(struct crypto *c, const char *name)
{
	acl_free(take(&c->acls, &c->n_acls, compare_acl, name, 0));
}

static size_t line_position(const struct crypto_acl *a, uint32_t number)
{
	size_t low = 0, high = a->n_lines;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (a->lines[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * crypto_line_find() - Look up a line of an access list.
 * @a: access list
 * @number: sequence number of the line
 *
 * Return: it or NULL; valid until another is added or removed.
 */
struct crypto_line *crypto_line_find(const struct crypto_acl *a, uint32_t number)
{
	size_t n = line_position(a, number);

	return n < a->n_lines && a->lines[n].number == number ? &a->lines[n] : NULL;
}

/**
 * crypto_line_get() - Look up a line of an access list and make it when it is missing.
 * @a: access list
 * @number: sequence number of the line
 *
 * Return: it; valid until another is added or removed.
 */
struct crypto_line *crypto_line_get(struct crypto_acl *a, uint32_t number)
{
	size_t n = line_position(a, number);

	if (n < a->n_lines && a->lines[n].number == number)
		return &a->lines[n];
	a->lines = array_grow(a->lines, a->n_lines, sizeof(*a->lines));
	memmove(&a->lines[n + 1], &a->lines[n], (a->n_lines - n) * sizeof(*a->lines));
	memset(&a->lines[n], 0, sizeof(*a->lines));
	a->lines[n].number = number;
	a->n_lines++;
	return &a->lines[n];
}

/**
 * crypto_line_remove() - Remove a line of an access list.
 * @a: access list
 * @number: sequence number of the line; it need not be there
 */
void crypto_line_remove(struct crypto_acl *a, uint32_t number)
{
	struct crypto_line *line = crypto_line_find(a, number);

	if (!line)
		return;
	a->n_lines--;
	memmove(line, line + 1, (size_t)(&a->lines[a->n_lines] - line) * sizeof(*line));
}

/**
 * crypto_line_equal() - Tell whether two lines say the same.
 * @a: line
 * @b: line, perhaps of another number
 */
bool crypto_line_equal(const struct crypto_line *a, const struct crypto_line *b)
{
	const struct crypto_selector *x = &a->match, *y = &b->match;

	return a->action == b->action && x->protocol == y->protocol &&
	       address_equal(&x->src, &y->src) && address_equal(&x->src_mask, &y->src_mask) &&
	       address_equal(&x->dst, &y->dst) && address_equal(&x->dst_mask, &y->dst_mask) &&
	       !memcmp(x->src_port, y->src_port, sizeof(x->src_port)) &&
	       !memcmp(x->dst_port, y->dst_port, sizeof(x->dst_port));
}

/**
 * crypto_has_ports() - Tell whether a protocol has ports.
 * @protocol: IP protocol
 */
bool crypto_has_ports(uint32_t protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_UDPLITE;
}

/**
 * crypto_selector_within() - Tell whether all that one selector matches another does, too.
 * @s: selector
 * @in: the other
 */
bool crypto_selector_within(const struct crypto_selector *s, const struct crypto_selector *in)
{
	return (!in->protocol || in->protocol == s->protocol) &&
	       address_within(&s->src, &s->src_mask, &in->src, &in->src_mask) &&
	       address_within(&s->dst, &s->dst_mask, &in->dst, &in->dst_mask) &&
	       s->src_port[0] >= in->src_port[0] && s->src_port[1] <= in->src_port[1] &&
	       s->dst_port[0] >= in->dst_port[0] && s->dst_port[1] <= in->dst_port[1];
}

/**
 * crypto_map_find() - Look up an entry of a crypto map.
 * @c: where
 * @name: name of the map
 * @number: sequence number of the entry
 *
 * Return: it or NULL.
 */
struct crypto_map *crypto_map_find(const struct crypto *c, const char *name, uint32_t number)
{
	return find(c->maps, c->n_maps, compare_map, name, number);
}

static struct crypto_map *get_map(struct crypto_map ***array, size_t *n_items, const char *name,
				  uint32_t number)
{
	struct key key = { name, number };
	struct crypto_map *m;
	bool made;

	m = get(array, n_items, sizeof(*m), compare_map, &key, &made);
	if (made) {
		snprintf(m->name, sizeof(m->name), "%s", name);
		m->number = number;
		m->reverse.distance = CRYPTO_DISTANCE;
	}
	return m;
}

/**
 * crypto_map_get() - Look up an entry of a crypto map and make it when it is missing.
 * @c: where
 * @name: name of the map, a valid one
 * @number: sequence number of the entry
 */
struct crypto_map *crypto_map_get(struct crypto *c, const char *name, uint32_t number)
{
	return get_map(&c->maps, &c->n_maps, name, number);
}

/**
 * crypto_map_remove() - Remove an entry of a crypto map.
 * @c: where
 * @name: name of the map
 * @number: sequence number of the entry; it need not be there
 */
void crypto_map_remove(struct crypto *c, const char *name, uint32_t number)
{
	map_free(take(&c->maps, &c->n_maps, compare_map, name, number));
}

static size_t first_map(struct crypto_map *const *maps, size_t n_maps, const char *name)
{
	struct key key = { name, 0 };
	bool found;
	size_t n = position(maps, n_maps, compare_map, &key, &found);

	return n < n_maps && !strcmp(maps[n]->name, name) ? n : n_maps;
}

/**
 * crypto_map_first() - Find the first entry of a crypto map.
 * @c: where
 * @name: name of the map
 *
 * Return: its index, or the number of entries when there is none.
 */
size_t crypto_map_first(const struct crypto *c, const char *name)
{
	return first_map(c->maps, c->n_maps, name);
}

/**
 * crypto_dynamic_find() - Look up an entry of a dynamic map.
 * @c: where
 * @name: name of the map
 * @number: sequence number of the entry
 *
 * Return: it or NULL.
 */
struct crypto_map *crypto_dynamic_find(const struct crypto *c, const char *name, uint32_t number)
{
	return find(c->dynamics, c->n_dynamics, compare_map, name, number);
}

/**
 * crypto_dynamic_get() - Look up an entry of a dynamic map and make it when it is missing.
 * @c: where
 * @name: name of the map, a valid one
 * @number: sequence number of the entry
 */
struct crypto_map *crypto_dynamic_get(struct crypto *c, const char *name, uint32_t number)
{
	struct crypto_map *m = get_map(&c->dynamics, &c->n_dynamics, name, number);

	m->is_dynamic = true;
	m->kind = VPNHA_MAP_KIND_ISAKMP;
	return m;
}

/**
 * crypto_dynamic_remove() - Remove an entry of a dynamic map.
 * @c: where
 * @name: name of the map
 * @number: sequence number of the entry; it need not be there
 */
void crypto_dynamic_remove(struct crypto *c, const char *name, uint32_t number)
{
	map_free(take(&c->dynamics, &c->n_dynamics, compare_map, name, number));
}

/**
 * crypto_dynamic_first() - Find the first entry of a dynamic map.
 * @c: where
 * @name: name of the map
 *
 * Return: its index, or the number of entries when there is none.
 */
size_t crypto_dynamic_first(const struct crypto *c, const char *name)
{
	return first_map(c->dynamics, c->n_dynamics, name);
}

/**
 * crypto_map_drop_peer() - Remove a peer of an entry.
 * @m: entry
 * @peer: its address; it need not be there
 */
void crypto_map_drop_peer(struct crypto_map *m, const struct address *peer)
{
	for (size_t n = m->n_peers; n-- > 0;) {
		if (!address_equal(&m->peers[n].address, peer))
			continue;
		m->n_peers--;
		memmove(&m->peers[n], &m->peers[n + 1], (m->n_peers - n) * sizeof(*m->peers));
	}
}

/**
 * crypto_map_has_peer() - Tell whether an entry has a peer.
 * @m: entry
 * @peer: its address
 */
bool crypto_map_has_peer(const struct crypto_map *m, const struct address *peer)
{
	for (size_t n = 0; n < m->n_peers; n++)
		if (address_equal(&m->peers[n].address, peer))
			return true;
	return false;
}

/**
 * crypto_map_has_set() - Tell whether an entry names a transform set.
 * @m: entry
 * @name: name of the transform set
 */
bool crypto_map_has_set(const struct crypto_map *m, const char *name)
{
	for (size_t n = 0; n < m->n_sets; n++)
		if (!strcmp(m->sets[n], name))
			return true;
	return false;
}

/**
 * crypto_map_set() - Look up the transform set that an entry likes best.
 * @c: where
 * @m: entry
 *
 * Return: the first of those that there are, or NULL.
 */
struct crypto_set *crypto_map_set(const struct crypto *c, const struct crypto_map *m)
{
	struct crypto_set *s = NULL;

	for (size_t n = 0; n < m->n_sets && !s; n++)
		s = crypto_set_find(c, m->sets[n]);
	return s;
}

/**
 * crypto_key_equal() - Tell whether two session keys are the same.
 * @a: key
 * @b: key
 */
bool crypto_key_equal(const struct crypto_key *a, const struct crypto_key *b)
{
	if (!a->given || !b->given)
		return a->given == b->given;
	return !a->hidden && !b->hidden && a->spi == b->spi && a->n_cipher == b->n_cipher &&
	       !memcmp(a->cipher, b->cipher, a->n_cipher) && a->n_auth == b->n_auth &&
	       !memcmp(a->auth, b->auth, a->n_auth);
}

/**
 * crypto_has_keys() - Tell whether there are keys that somebody could misuse.
 * @c: where
 */
bool crypto_has_keys(const struct crypto *c)
{
	for (size_t n = 0; n < c->n_maps; n++)
		for (size_t d = 0; d < 2; d++)
			if (c->maps[n]->keys[d].given && !c->maps[n]->keys[d].hidden)
				return true;
	return false;
}

/**
 * crypto_binding_find() - Look up the crypto map of an interface.
 * @c: where
 * @ifname: name of the interface
 *
 * Return: it or NULL.
 */
struct crypto_binding *crypto_binding_find(const struct crypto *c, const char *ifname)
{
	return find(c->bindings, c->n_bindings, compare_binding, ifname, 0);
}

/**
 * crypto_binding_get() - Look up the crypto map of an interface and make it when it is missing.
 * @c: where
 * @ifname: name of the interface, a valid one
 */
struct crypto_binding *crypto_binding_get(struct crypto *c, const char *ifname)
{
	struct key key = { ifname, 0 };
	struct crypto_binding *b;
	bool made;

	b = get(&c->bindings, &c->n_bindings, sizeof(*b), compare_binding, &key, &made);
	if (made)
		snprintf(b->ifname, sizeof(b->ifname), "%s", ifname);
	return b;
}

/**
 * crypto_binding_remove() - Apply no crypto map to an interface.
 * @c: where
 * @ifname: name of the interface; it need not be there
 */
void crypto_binding_remove(struct crypto *c, const char *ifname)
{
	free(take(&c->bindings, &c->n_bindings, compare_binding, ifname, 0));
}

/**
 * crypto_sa_add() - Make room for an SA.
 * @c: where
 */
struct crypto_sa *crypto_sa_add(struct crypto *c)
{
	c->sas = array_grow(c->sas, c->n_sas, sizeof(*c->sas));
	c->sas[c->n_sas] = xcalloc(1, sizeof(**c->sas));
	return c->sas[c->n_sas++];
}

/**
 * crypto_route_add() - Make room for a route.
 * @c: where
 */
struct crypto_route *crypto_route_add(struct crypto *c)
{
	c->routes = array_grow(c->routes, c->n_routes, sizeof(*c->routes));
	c->routes[c->n_routes] = xcalloc(1, sizeof(**c->routes));
	return c->routes[c->n_routes++];
}
