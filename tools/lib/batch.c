// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include <linux/vpnha.h>

#include "lib/alloc.h"
#include "lib/batch.h"

/* More than the longest operation takes: its header and every attribute of a group. */
#define OPERATION_MAX	192
#define HEADERS_MAX	64

struct builder {
	struct batch *batch;
	const struct change *change;
	struct model_pos at;
	bool failed;
};

static uint32_t length(const struct batch *b)
{
	return nlmsg_hdr(b->msg)->nlmsg_len;
}

static size_t span_begin(struct builder *b, struct model_pos at)
{
	struct batch *batch = b->batch;

	batch->spans = array_grow(batch->spans, batch->n_spans, sizeof(*batch->spans));
	batch->spans[batch->n_spans] = (struct batch_span){
		.start = length(batch), .at = at.line ? at : b->at, .change = b->change
	};
	return batch->n_spans++;
}

static void span_end(struct builder *b, size_t span)
{
	b->batch->spans[span].end = length(b->batch);
}

static void put(struct builder *b, struct model_pos at, int type, const void *data, int size)
{
	size_t span = span_begin(b, at);

	b->failed |= nla_put(b->batch->msg, type, size, data) < 0;
	span_end(b, span);
}

static void put_u8(struct builder *b, struct model_pos at, int type, uint8_t value)
{
	put(b, at, type, &value, sizeof(value));
}

static void put_u32(struct builder *b, struct model_pos at, int type, uint32_t value)
{
	put(b, at, type, &value, sizeof(value));
}

static void put_string(struct builder *b, struct model_pos at, int type, const char *value)
{
	put(b, at, type, value, (int)strlen(value) + 1);
}

static void put_interface(struct builder *b, const struct change *c)
{
	const struct model_interface *i = c->interface;

	put_string(b, i->at, VPNHA_A_INTERFACE_IFNAME, i->ifname);
	if (c->op != VPNHA_A_BATCH_INTERFACE_DEL)
		put_u32(b, i->at_version, VPNHA_A_INTERFACE_VERSION, i->version);
}

static void put_group(struct builder *b, const struct change *c)
{
	const struct model_group *g = c->group;
	const struct model_pos *at = g->at;

	put_string(b, c->interface->at, VPNHA_A_GROUP_IFNAME, c->interface->ifname);
	put_u32(b, at[MODEL_GROUP_NUMBER], VPNHA_A_GROUP_NUMBER, g->number);
	if (c->op == VPNHA_A_BATCH_GROUP_DEL)
		return;
	if (c->fields & 1U << MODEL_GROUP_IP) {
		put_u8(b, at[MODEL_GROUP_IP], VPNHA_A_GROUP_ENABLED, g->enabled);
		put_u32(b, at[MODEL_GROUP_IP], VPNHA_A_GROUP_VIP, g->vip);
	}
	if (c->fields & 1U << MODEL_GROUP_PRIORITY)
		put_u32(b, at[MODEL_GROUP_PRIORITY], VPNHA_A_GROUP_PRIORITY, g->priority);
	if (c->fields & 1U << MODEL_GROUP_PREEMPT)
		put_u8(b, at[MODEL_GROUP_PREEMPT], VPNHA_A_GROUP_PREEMPT, g->preempt);
	if (c->fields & 1U << MODEL_GROUP_TIMERS) {
		put_u32(b, at[MODEL_GROUP_TIMERS], VPNHA_A_GROUP_HELLO_MS, g->hello_ms);
		put_u32(b, at[MODEL_GROUP_TIMERS], VPNHA_A_GROUP_HOLD_MS, g->hold_ms);
	}
	if (c->fields & 1U << MODEL_GROUP_NAME)
		put_string(b, at[MODEL_GROUP_NAME], VPNHA_A_GROUP_NAME, g->name);
}

static void put_track(struct builder *b, const struct change *c)
{
	const struct model_track *t = c->track;

	put_string(b, c->interface->at, VPNHA_A_TRACK_IFNAME, c->interface->ifname);
	put_u32(b, t->at, VPNHA_A_TRACK_NUMBER, c->group->number);
	put_string(b, t->at, VPNHA_A_TRACK_TARGET, t->target);
	if (c->op != VPNHA_A_BATCH_TRACK_DEL)
		put_u32(b, t->at, VPNHA_A_TRACK_DECREMENT, t->decrement);
}

static struct model_pos change_pos(const struct change *c)
{
	struct model_pos at = c->interface->at;

	if (c->track)
		return c->track->at;
	if (!c->group)
		return at.line ? at : c->interface->at_version;
	if (c->group->at[MODEL_GROUP_NUMBER].line)
		return c->group->at[MODEL_GROUP_NUMBER];
	for (int f = 0; f < MODEL_GROUP_FIELDS; f++)
		if (c->fields & 1U << f && c->group->at[f].line)
			return c->group->at[f];
	return at;
}

static void put_change(struct builder *b, const struct change *c)
{
	struct nlattr *nest;
	size_t span;

	b->change = c;
	b->at = (struct model_pos){};
	b->at = change_pos(c);
	span = span_begin(b, b->at);
	nest = nla_nest_start(b->batch->msg, c->op | NLA_F_NESTED);
	if (!nest) {
		b->failed = true;
		return;
	}
	if (c->track)
		put_track(b, c);
	else if (c->group)
		put_group(b, c);
	else
		put_interface(b, c);
	nla_nest_end(b->batch->msg, nest);
	span_end(b, span);
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
	struct builder builder = { .batch = b };

	memset(b, 0, sizeof(*b));
	b->msg = nlmsg_alloc_size(HEADERS_MAX + c->n_items * OPERATION_MAX);
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
 * batch_free() - Release what a batch holds.
 * @b: batch
 */
void batch_free(struct batch *b)
{
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
