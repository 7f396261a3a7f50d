// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include <linux/vpnha.h>

#include "lib/alloc.h"
#include "lib/batch.h"

/* More than the longest operation takes: its header and every attribute of a group. */
#define OPERATION_MAX	512
/* Than a member of a list, and a global virtual IP, take. */
#define MEMBER_MAX	32
#define GLOBAL_MAX	32
#define HEADERS_MAX	64

static uint32_t length(const struct batch *b)
{
	return nlmsg_hdr(b->msg)->nlmsg_len;
}

/**
 * batch_span_begin() - Begin to remember what bytes of the message come from.
 * @b: builder
 * @at: where their value was configured
 *
 * Return: number of the span, for batch_span_end().
 */
size_t batch_span_begin(struct batch_builder *b, struct model_pos at)
{
	struct batch *batch = b->batch;

	batch->spans = array_grow(batch->spans, batch->n_spans, sizeof(*batch->spans));
	batch->spans[batch->n_spans] = (struct batch_span){
		.start = length(batch), .at = at.line ? at : b->at, .change = b->change
	};
	return batch->n_spans++;
}

/**
 * batch_span_end() - End a span.
 * @b: builder
 * @span: its number
 */
void batch_span_end(struct batch_builder *b, size_t span)
{
	b->batch->spans[span].end = length(b->batch);
}

/**
 * batch_put() - Append an attribute.
 * @b: builder
 * @at: where its value was configured
 * @type: its type
 * @data: its value
 * @size: bytes of @data
 */
void batch_put(struct batch_builder *b, struct model_pos at, int type, const void *data, int size)
{
	size_t span = batch_span_begin(b, at);

	b->failed |= nla_put(b->batch->msg, type, size, data) < 0;
	batch_span_end(b, span);
}

/**
 * batch_put_u8() - Append a number of one byte.
 * @b: builder
 * @at: where it was configured
 * @type: type of the attribute
 * @value: number
 */
void batch_put_u8(struct batch_builder *b, struct model_pos at, int type, uint8_t value)
{
	batch_put(b, at, type, &value, sizeof(value));
}

/**
 * batch_put_u16() - Append a number of two bytes.
 * @b: builder
 * @at: where it was configured
 * @type: type of the attribute
 * @value: number
 */
void batch_put_u16(struct batch_builder *b, struct model_pos at, int type, uint16_t value)
{
	batch_put(b, at, type, &value, sizeof(value));
}

/**
 * batch_put_u32() - Append a number of four bytes.
 * @b: builder
 * @at: where it was configured
 * @type: type of the attribute
 * @value: number
 */
void batch_put_u32(struct batch_builder *b, struct model_pos at, int type, uint32_t value)
{
	batch_put(b, at, type, &value, sizeof(value));
}

/**
 * batch_put_string() - Append a string.
 * @b: builder
 * @at: where it was configured
 * @type: type of the attribute
 * @value: string
 */
void batch_put_string(struct batch_builder *b, struct model_pos at, int type, const char *value)
{
	batch_put(b, at, type, value, (int)strlen(value) + 1);
}

static void put_interface(struct batch_builder *b, const struct change *c)
{
	const struct model_interface *i = c->interface;
	const struct model_pos *at = i->at_field;

	batch_put_string(b, i->at, VPNHA_A_INTERFACE_IFNAME, i->ifname);
	if (c->op == VPNHA_A_BATCH_INTERFACE_DEL)
		return;
	batch_put_u32(b, at[MODEL_INTERFACE_VERSION], VPNHA_A_INTERFACE_VERSION, i->version);
	batch_put_u32(b, at[MODEL_INTERFACE_DELAY], VPNHA_A_INTERFACE_DELAY_MIN, i->delay.min_s);
	batch_put_u32(b, at[MODEL_INTERFACE_DELAY], VPNHA_A_INTERFACE_DELAY_RELOAD,
		      i->delay.reload_s);
	batch_put_u8(b, at[MODEL_INTERFACE_USE_BIA], VPNHA_A_INTERFACE_USE_BIA, i->use_bia);
	batch_put_u32(b, at[MODEL_INTERFACE_GARP], VPNHA_A_INTERFACE_GARP_COUNT, i->garp.count);
	batch_put_u32(b, at[MODEL_INTERFACE_GARP], VPNHA_A_INTERFACE_GARP_INTERVAL,
		      i->garp.interval_s);
	batch_put_u32(b, at[MODEL_INTERFACE_MAC_REFRESH], VPNHA_A_INTERFACE_MAC_REFRESH,
		      i->garp.refresh_s);
	batch_put_u8(b, at[MODEL_INTERFACE_REDIRECT], VPNHA_A_INTERFACE_REDIRECT, i->redirect);
}

static void put_auth(struct batch_builder *b, struct model_pos at, const struct model_auth *a)
{
	batch_put_u32(b, at, VPNHA_A_GROUP_AUTHENTICATION, a->kind);
	batch_put(b, at, VPNHA_A_GROUP_KEY, a->key, (int)a->length);
	batch_put_u32(b, at, VPNHA_A_GROUP_KEY_TIMEOUT, a->timeout);
}

static void put_preempt(struct batch_builder *b, struct model_pos at, const struct model_group *g)
{
	batch_put_u8(b, at, VPNHA_A_GROUP_PREEMPT, g->preempt);
	batch_put_u32(b, at, VPNHA_A_GROUP_PREEMPT_MIN, g->preempt_delay.min_s);
	batch_put_u32(b, at, VPNHA_A_GROUP_PREEMPT_RELOAD, g->preempt_delay.reload_s);
	batch_put_u32(b, at, VPNHA_A_GROUP_PREEMPT_SYNC, g->preempt_delay.sync_s);
}

static void put_secondary(struct batch_builder *b, struct model_pos at, const struct model_group *g)
{
	for (size_t n = 0; n < g->n_secondary; n++)
		batch_put_u32(b, g->secondary[n].at, VPNHA_A_GROUP_SECONDARY,
			      g->secondary[n].address);
	if (!g->n_secondary)
		batch_put_u32(b, at, VPNHA_A_GROUP_SECONDARY, 0);
}

static void put_address6(struct batch_builder *b, struct model_pos at, int type,
			 const struct address *a)
{
	batch_put(b, at, type, a->bytes, sizeof(a->bytes));
}

static void put_one_global(struct batch_builder *b, const struct model_global *global)
{
	size_t span = batch_span_begin(b, global->at);
	struct nlattr *nest = nla_nest_start(b->batch->msg, VPNHA_A_GROUP_GLOBAL6 | NLA_F_NESTED);

	if (!nest) {
		b->failed = true;
		return;
	}
	put_address6(b, global->at, VPNHA_A_GLOBAL_ADDRESS, &global->address);
	batch_put_u32(b, global->at, VPNHA_A_GLOBAL_PREFIX_LEN, global->length);
	nla_nest_end(b->batch->msg, nest);
	batch_span_end(b, span);
}

static void put_global(struct batch_builder *b, struct model_pos at, const struct model_group *g)
{
	const struct model_global none = { .length = 128, .at = at };

	for (size_t n = 0; n < g->n_global; n++)
		put_one_global(b, &g->global[n]);
	if (!g->n_global)
		put_one_global(b, &none);
}

static void put_ipv6(struct batch_builder *b, struct model_pos at, const struct model_group *g)
{
	batch_put_u8(b, at, VPNHA_A_GROUP_IPV6, g->ipv6);
	put_address6(b, at, VPNHA_A_GROUP_VIP6, &g->vip6);
	batch_put_u8(b, at, VPNHA_A_GROUP_AUTOCONFIG, g->autoconfig);
}

static void put_group(struct batch_builder *b, const struct change *c)
{
	const struct model_group *g = c->group;
	const struct model_pos *at = g->at;

	batch_put_string(b, c->interface->at, VPNHA_A_GROUP_IFNAME, c->interface->ifname);
	batch_put_u32(b, at[MODEL_GROUP_NUMBER], VPNHA_A_GROUP_NUMBER, g->number);
	if (c->op == VPNHA_A_BATCH_GROUP_DEL)
		return;
	if (c->fields & (1U << MODEL_GROUP_IP | 1U << MODEL_GROUP_IPV6))
		batch_put_u8(b, at[g->ipv6 ? MODEL_GROUP_IPV6 : MODEL_GROUP_IP],
			     VPNHA_A_GROUP_ENABLED, g->enabled);
	if (c->fields & 1U << MODEL_GROUP_IP)
		batch_put_u32(b, at[MODEL_GROUP_IP], VPNHA_A_GROUP_VIP, g->vip);
	if (c->fields & 1U << MODEL_GROUP_IPV6)
		put_ipv6(b, at[MODEL_GROUP_IPV6], g);
	if (c->fields & 1U << MODEL_GROUP_GLOBAL)
		put_global(b, at[MODEL_GROUP_GLOBAL], g);
	if (c->fields & 1U << MODEL_GROUP_PRIORITY)
		batch_put_u32(b, at[MODEL_GROUP_PRIORITY], VPNHA_A_GROUP_PRIORITY, g->priority);
	if (c->fields & 1U << MODEL_GROUP_PREEMPT)
		put_preempt(b, at[MODEL_GROUP_PREEMPT], g);
	if (c->fields & 1U << MODEL_GROUP_TIMERS) {
		batch_put_u32(b, at[MODEL_GROUP_TIMERS], VPNHA_A_GROUP_HELLO_MS, g->hello_ms);
		batch_put_u32(b, at[MODEL_GROUP_TIMERS], VPNHA_A_GROUP_HOLD_MS, g->hold_ms);
	}
	if (c->fields & 1U << MODEL_GROUP_NAME)
		batch_put_string(b, at[MODEL_GROUP_NAME], VPNHA_A_GROUP_NAME, g->name);
	if (c->fields & 1U << MODEL_GROUP_AUTHENTICATION)
		put_auth(b, at[MODEL_GROUP_AUTHENTICATION], &g->auth);
	if (c->fields & 1U << MODEL_GROUP_SECONDARY)
		put_secondary(b, at[MODEL_GROUP_SECONDARY], g);
	if (c->fields & 1U << MODEL_GROUP_MAC)
		batch_put(b, at[MODEL_GROUP_MAC], VPNHA_A_GROUP_MAC_ADDRESS, g->mac,
			  sizeof(g->mac));
	if (c->fields & 1U << MODEL_GROUP_FOLLOW) {
		batch_put_string(b, at[MODEL_GROUP_FOLLOW], VPNHA_A_GROUP_FOLLOW, g->follow);
		batch_put_u8(b, at[MODEL_GROUP_FOLLOW], VPNHA_A_GROUP_BUNDLE, g->bundle);
	}
}

static void put_track(struct batch_builder *b, const struct change *c)
{
	const struct model_track *t = c->track;

	batch_put_string(b, c->interface->at, VPNHA_A_TRACK_IFNAME, c->interface->ifname);
	batch_put_u32(b, t->at, VPNHA_A_TRACK_NUMBER, c->group->number);
	if (t->object)
		batch_put_u32(b, t->at, VPNHA_A_TRACK_OBJECT, t->object);
	else
		batch_put_string(b, t->at, VPNHA_A_TRACK_TARGET, t->target);
	if (c->op == VPNHA_A_BATCH_TRACK_DEL)
		return;
	batch_put_u32(b, t->at, VPNHA_A_TRACK_DECREMENT, t->decrement);
	batch_put_u8(b, t->at, VPNHA_A_TRACK_SHUTDOWN, t->shutdown);
}

static void put_member(struct batch_builder *b, const struct object *o,
		       const struct object_member *member)
{
	size_t span = batch_span_begin(b, member->at);
	struct nlattr *nest = nla_nest_start(b->batch->msg, VPNHA_A_OBJECT_MEMBER | NLA_F_NESTED);

	if (!nest) {
		b->failed = true;
		return;
	}
	batch_put_u32(b, member->at, VPNHA_A_OBJECT_MEMBER_OBJECT, member->id);
	if (member->negated)
		batch_put(b, member->at, VPNHA_A_OBJECT_MEMBER_NEGATED, NULL, 0);
	if (o->kind == VPNHA_OBJECT_KIND_THRESHOLD_WEIGHT)
		batch_put_u32(b, member->at, VPNHA_A_OBJECT_MEMBER_WEIGHT, member->weight);
	nla_nest_end(b->batch->msg, nest);
	batch_span_end(b, span);
}

static void put_object(struct batch_builder *b, const struct change *c)
{
	const struct object *o = c->tracked;
	const struct model_pos *at = o->at;

	batch_put_u32(b, at[OBJECT_KIND], VPNHA_A_OBJECT_ID, o->id);
	if (c->op == VPNHA_A_BATCH_OBJECT_DEL)
		return;
	batch_put_u32(b, at[OBJECT_KIND], VPNHA_A_OBJECT_KIND, o->kind);
	if (o->ifname[0])
		batch_put_string(b, at[OBJECT_KIND], VPNHA_A_OBJECT_IFNAME, o->ifname);
	if (o->kind == VPNHA_OBJECT_KIND_IP_ROUTE) {
		batch_put_u32(b, at[OBJECT_KIND], VPNHA_A_OBJECT_PREFIX, o->prefix);
		batch_put_u32(b, at[OBJECT_KIND], VPNHA_A_OBJECT_PREFIX_LEN, o->prefix_len);
	}
	for (size_t n = 0; n < o->n_members; n++)
		put_member(b, o, &o->members[n]);
	if (object_has_threshold(o)) {
		batch_put_u32(b, at[OBJECT_THRESHOLD], VPNHA_A_OBJECT_THRESHOLD_UP,
			      o->threshold_up);
		batch_put_u32(b, at[OBJECT_THRESHOLD], VPNHA_A_OBJECT_THRESHOLD_DOWN,
			      o->threshold_down);
	}
	batch_put_u32(b, at[OBJECT_DELAY], VPNHA_A_OBJECT_DELAY_UP, o->delay_up);
	batch_put_u32(b, at[OBJECT_DELAY], VPNHA_A_OBJECT_DELAY_DOWN, o->delay_down);
	if (o->kind == VPNHA_OBJECT_KIND_STUB)
		batch_put_u8(b, at[OBJECT_DEFAULT], VPNHA_A_OBJECT_DEFAULT_UP, o->default_up);
}

static struct model_pos change_pos(const struct change *c)
{
	struct model_pos at;

	if (change_is_crypto(c))
		return batch_crypto_pos(c);
	if (c->tracked)
		return c->tracked->at[OBJECT_KIND];
	at = c->interface->at;
	if (c->track)
		return c->track->at;
	if (!c->group)
		return at.line ? at : c->interface->at_field[MODEL_INTERFACE_VERSION];
	if (c->group->at[MODEL_GROUP_NUMBER].line)
		return c->group->at[MODEL_GROUP_NUMBER];
	for (int f = 0; f < MODEL_GROUP_FIELDS; f++)
		if (c->fields & 1U << f && c->group->at[f].line)
			return c->group->at[f];
	return at;
}

static void put_change(struct batch_builder *b, const struct change *c)
{
	struct nlattr *nest;
	size_t span;

	b->change = c;
	b->at = (struct model_pos){};
	b->at = change_pos(c);
	span = batch_span_begin(b, b->at);
	nest = nla_nest_start(b->batch->msg, c->op | NLA_F_NESTED);
	if (!nest) {
		b->failed = true;
		return;
	}
	if (change_is_crypto(c))
		batch_put_crypto(b, c);
	else if (c->tracked)
		put_object(b, c);
	else if (c->track)
		put_track(b, c);
	else if (c->group)
		put_group(b, c);
	else
		put_interface(b, c);
	nla_nest_end(b->batch->msg, nest);
	batch_span_end(b, span);
}

static size_t size_of(const struct change *c)
{
	if (change_is_crypto(c))
		return batch_crypto_size(c);
	return OPERATION_MAX + (c->tracked ? c->tracked->n_members * MEMBER_MAX : 0) +
	       (c->group ? c->group->n_global * GLOBAL_MAX : 0);
}

/**
 * batch_build() - Build the message that carries out changes.
 * @b: result; refers to the changes
 * @family: number of the netlink family
 * @c: changes
 *
 * Return: 0 or -1 when the message cannot be built.
 */
int batch_build(struct batch *b, int family, const struct changes *c)
{
	struct batch_builder builder = { .batch = b };

	size_t size = HEADERS_MAX;

	memset(b, 0, sizeof(*b));
	for (size_t n = 0; n < c->n_items; n++)
		size += size_of(&c->items[n]);
	b->msg = nlmsg_alloc_size(size);
	if (!b->msg)
		return -1;
	if (!genlmsg_put(b->msg, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, 0, VPNHA_CMD_BATCH,
			 VPNHA_FAMILY_VERSION))
		builder.failed = true;
	for (size_t n = 0; n < c->n_items && !builder.failed; n++)
		put_change(&builder, &c->items[n]);
	return builder.failed ? -1 : 0;
}

/**
 * batch_free() - Release what a batch holds, which may be keys.
 * @b: batch
 */
void batch_free(struct batch *b)
{
	if (b->msg)
		explicit_bzero(nlmsg_hdr(b->msg), nlmsg_hdr(b->msg)->nlmsg_len);
	nlmsg_free(b->msg);
	free(b->spans);
	memset(b, 0, sizeof(*b));
}

/**
 * batch_locate() - Find out which value became a byte of the message.
 * @b: batch
 * @offset: from the start of the netlink header, as the kernel reports it
 *
 * Return: the narrowest span around it, or NULL.
 */
const struct batch_span *batch_locate(const struct batch *b, uint32_t offset)
{
	const struct batch_span *found = NULL;

	for (size_t n = 0; n < b->n_spans && b->spans[n].start <= offset; n++)
		if (offset < b->spans[n].end)
			found = &b->spans[n];
	return found;
}
