// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations on transform sets, access lists and crypto maps. */
#include <string.h>

#include <netlink/attr.h>

#include <linux/vpnha.h>

#include "lib/batch.h"

/* More than any operation takes, keys included, but for the peers. */
#define OPERATION_MAX	1024
#define PEER_MAX	24

/**
 * batch_crypto_size() - Bytes that are enough for an operation.
 * @c: operation
 */
size_t batch_crypto_size(const struct change *c)
{
	return OPERATION_MAX + (c->map ? c->map->n_peers * PEER_MAX : 0);
}

/**
 * batch_crypto_pos() - Where an operation was asked for.
 * @c: operation
 */
struct model_pos batch_crypto_pos(const struct change *c)
{
	const struct model_pos *at = c->set ? c->set->at : c->map ? c->map->at :
				     c->binding ? c->binding->at : NULL;
	int n_at = c->set ? CRYPTO_SET_FIELDS : c->map ? CRYPTO_MAP_FIELDS : CRYPTO_BINDING_FIELDS;

	if (c->line)
		return c->line->at;
	for (int n = 0; at && n < n_at; n++)
		if (at[n].line)
			return at[n];
	return (struct model_pos){};
}

static void put_set(struct batch_builder *b, const struct change *c)
{
	const struct crypto_set *s = c->set;
	const struct transform_cipher *cipher = transform_cipher(s->transform.cipher);
	struct model_pos at = s->at[CRYPTO_SET_TRANSFORM];

	batch_put_string(b, s->at[CRYPTO_SET_NAME], VPNHA_A_TRANSFORM_SET_NAME, s->name);
	if (c->op == VPNHA_A_BATCH_TRANSFORM_SET_DEL)
		return;
	batch_put_u32(b, at, VPNHA_A_TRANSFORM_SET_CIPHER, s->transform.cipher);
	if (cipher->min_bits != cipher->max_bits)
		batch_put_u32(b, at, VPNHA_A_TRANSFORM_SET_KEY_BITS, s->transform.key_bits);
	if (cipher->has_icv)
		batch_put_u32(b, at, VPNHA_A_TRANSFORM_SET_ICV_BITS, s->transform.icv_bits);
	batch_put_u32(b, at, VPNHA_A_TRANSFORM_SET_AUTH, s->transform.auth);
	batch_put_u32(b, s->at[CRYPTO_SET_MODE], VPNHA_A_TRANSFORM_SET_MODE, s->mode);
	batch_put_u8(b, at, VPNHA_A_TRANSFORM_SET_ALLOW_WEAK, s->allow_weak);
}

static void put_address(struct batch_builder *b, struct model_pos at, int type,
			const struct address *a)
{
	batch_put(b, at, type, a->bytes, (int)address_size(a));
}

static void put_line(struct batch_builder *b, const struct change *c)
{
	const struct crypto_line *line = c->line;
	const struct crypto_selector *s = &line->match;

	batch_put_string(b, line->at, VPNHA_A_ACL_NAME, c->acl->name);
	batch_put_u32(b, line->at, VPNHA_A_ACL_NUMBER, line->number);
	if (c->op == VPNHA_A_BATCH_ACL_DEL)
		return;
	batch_put_u32(b, line->at, VPNHA_A_ACL_ACTION, line->action);
	batch_put_u32(b, line->at, VPNHA_A_ACL_PROTOCOL, s->protocol);
	put_address(b, line->at_src, VPNHA_A_ACL_SRC, &s->src);
	put_address(b, line->at_src, VPNHA_A_ACL_SRC_MASK, &s->src_mask);
	put_address(b, line->at_dst, VPNHA_A_ACL_DST, &s->dst);
	put_address(b, line->at_dst, VPNHA_A_ACL_DST_MASK, &s->dst_mask);
	if (!crypto_has_ports(s->protocol))
		return;
	batch_put_u16(b, line->at, VPNHA_A_ACL_SRC_PORT_MIN, s->src_port[0]);
	batch_put_u16(b, line->at, VPNHA_A_ACL_SRC_PORT_MAX, s->src_port[1]);
	batch_put_u16(b, line->at, VPNHA_A_ACL_DST_PORT_MIN, s->dst_port[0]);
	batch_put_u16(b, line->at, VPNHA_A_ACL_DST_PORT_MAX, s->dst_port[1]);
}

static void put_key(struct batch_builder *b, struct model_pos at, int type,
		    const struct crypto_key *key)
{
	size_t span = batch_span_begin(b, at);
	struct nlattr *nest = nla_nest_start(b->batch->msg, type | NLA_F_NESTED);

	if (!nest) {
		b->failed = true;
		return;
	}
	if (key->given) {
		batch_put_u32(b, key->at, VPNHA_A_SESSION_KEY_SPI, key->spi);
		if (key->n_cipher)
			batch_put(b, key->at_cipher, VPNHA_A_SESSION_KEY_CIPHER_KEY, key->cipher,
				  (int)key->n_cipher);
		if (key->n_auth)
			batch_put(b, key->at_auth, VPNHA_A_SESSION_KEY_AUTH_KEY, key->auth,
				  (int)key->n_auth);
	}
	/* An empty nest is one that removes the keys, and libnl's nla_nest_end() drops it. */
	nla_nest_end_keep_empty(b->batch->msg, nest);
	batch_span_end(b, span);
}

static void put_reverse(struct batch_builder *b, const struct change *c)
{
	const struct crypto_reverse *r = &c->map->reverse;
	const struct model_pos *at = c->map->at;

	if (c->fields & 1U << CRYPTO_MAP_REVERSE)
		batch_put_u32(b, at[CRYPTO_MAP_REVERSE], VPNHA_A_MAP_REVERSE_ROUTE, r->kind);
	if (c->fields & 1U << CRYPTO_MAP_GATEWAY)
		put_address(b, at[CRYPTO_MAP_GATEWAY], VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY,
			    &r->gateway);
	if (c->fields & 1U << CRYPTO_MAP_TAG)
		batch_put_u32(b, at[CRYPTO_MAP_TAG], VPNHA_A_MAP_REVERSE_ROUTE_TAG, r->tag);
	if (c->fields & 1U << CRYPTO_MAP_DISTANCE)
		batch_put_u32(b, at[CRYPTO_MAP_DISTANCE], VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE,
			      r->distance);
}

static void put_sets(struct batch_builder *b, const struct crypto_map *m)
{
	for (size_t n = 0; n < m->n_sets; n++)
		batch_put_string(b, m->at[CRYPTO_MAP_SET], VPNHA_A_MAP_TRANSFORM_SET, m->sets[n]);
	if (!m->n_sets)
		batch_put_string(b, m->at[CRYPTO_MAP_SET], VPNHA_A_MAP_TRANSFORM_SET, "");
}

static void put_keying(struct batch_builder *b, const struct change *c)
{
	const struct crypto_keying *k = &c->map->keying;
	const struct model_pos *at = c->map->at;

	if (c->fields & 1U << CRYPTO_MAP_PFS)
		batch_put_u32(b, at[CRYPTO_MAP_PFS], VPNHA_A_MAP_PFS, k->pfs);
	if (c->fields & 1U << CRYPTO_MAP_SECONDS)
		batch_put_u32(b, at[CRYPTO_MAP_SECONDS], VPNHA_A_MAP_LIFETIME_SECONDS,
			      k->seconds);
	if (c->fields & 1U << CRYPTO_MAP_KILOBYTES)
		batch_put_u32(b, at[CRYPTO_MAP_KILOBYTES], VPNHA_A_MAP_LIFETIME_KILOBYTES,
			      k->kilobytes);
	if (c->fields & 1U << CRYPTO_MAP_IDLE_TIME)
		batch_put_u32(b, at[CRYPTO_MAP_IDLE_TIME], VPNHA_A_MAP_IDLE_TIME, k->idle_time);
	if (c->fields & 1U << CRYPTO_MAP_PROFILE)
		batch_put_string(b, at[CRYPTO_MAP_PROFILE], VPNHA_A_MAP_IKEV2_PROFILE,
				 k->profile);
}

static void put_map(struct batch_builder *b, const struct change *c)
{
	const struct crypto_map *m = c->map;
	const struct model_pos *at = m->at;

	batch_put_string(b, at[CRYPTO_MAP_NUMBER], VPNHA_A_MAP_NAME, m->name);
	batch_put_u32(b, at[CRYPTO_MAP_NUMBER], VPNHA_A_MAP_NUMBER, m->number);
	if (c->op == VPNHA_A_BATCH_MAP_DEL || c->op == VPNHA_A_BATCH_DYNAMIC_MAP_DEL)
		return;
	if (c->fields & 1U << CRYPTO_MAP_KIND)
		batch_put_u32(b, at[CRYPTO_MAP_KIND], VPNHA_A_MAP_KIND, m->kind);
	if (c->fields & 1U << CRYPTO_MAP_PEER) {
		for (size_t n = 0; n < m->n_peers; n++)
			put_address(b, m->peers[n].at, VPNHA_A_MAP_PEER, &m->peers[n].address);
		if (!m->n_peers)
			batch_put(b, at[CRYPTO_MAP_PEER], VPNHA_A_MAP_PEER, NULL, 0);
	}
	if (c->fields & 1U << CRYPTO_MAP_SET)
		put_sets(b, m);
	if (c->fields & 1U << CRYPTO_MAP_ACL)
		batch_put_string(b, at[CRYPTO_MAP_ACL], VPNHA_A_MAP_ACL, m->acl);
	if (c->fields & 1U << CRYPTO_MAP_KEY_IN)
		put_key(b, at[CRYPTO_MAP_KEY_IN], VPNHA_A_MAP_SESSION_KEY_IN,
			&m->keys[VPNHA_ESP_DIRECTION_IN]);
	if (c->fields & 1U << CRYPTO_MAP_KEY_OUT)
		put_key(b, at[CRYPTO_MAP_KEY_OUT], VPNHA_A_MAP_SESSION_KEY_OUT,
			&m->keys[VPNHA_ESP_DIRECTION_OUT]);
	if (c->fields & 1U << CRYPTO_MAP_DYNAMIC)
		batch_put_string(b, at[CRYPTO_MAP_DYNAMIC], VPNHA_A_MAP_DYNAMIC, m->dynamic);
	put_keying(b, c);
	put_reverse(b, c);
}

static void put_binding(struct batch_builder *b, const struct change *c)
{
	const struct crypto_binding *binding = c->binding;
	const struct model_pos *at = binding->at;

	batch_put_string(b, at[CRYPTO_BINDING_IFNAME], VPNHA_A_BINDING_IFNAME, binding->ifname);
	if (c->op == VPNHA_A_BATCH_BINDING_DEL)
		return;
	if (c->fields & 1U << CRYPTO_BINDING_MAP)
		batch_put_string(b, at[CRYPTO_BINDING_MAP], VPNHA_A_BINDING_MAP, binding->map);
	if (c->fields & 1U << CRYPTO_BINDING_REDUNDANCY)
		batch_put_string(b, at[CRYPTO_BINDING_REDUNDANCY], VPNHA_A_BINDING_REDUNDANCY,
				 binding->redundancy);
	if (c->fields & 1U << CRYPTO_BINDING_DF)
		batch_put_u32(b, at[CRYPTO_BINDING_DF], VPNHA_A_BINDING_DF, binding->df);
}

/**
 * batch_put_crypto() - Append the attributes of an operation.
 * @b: builder
 * @c: operation
 */
void batch_put_crypto(struct batch_builder *b, const struct change *c)
{
	if (c->set)
		put_set(b, c);
	else if (c->acl)
		put_line(b, c);
	else if (c->map)
		put_map(b, c);
	else
		put_binding(b, c);
}
