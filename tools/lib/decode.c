// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/decode.h"
#include "lib/text.h"

/* Attributes that the kernel gives have the type of the specification, or are not taken. */
static uint64_t get(const struct nlattr *a, size_t size)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	if (!a || nla_len(a) < (int)size)
		return 0;
	switch (size) {
	case sizeof(uint8_t):
		return *(const uint8_t *)nla_data(a);
	case sizeof(uint16_t):
		memcpy(&u16, nla_data(a), sizeof(u16));
		return u16;
	case sizeof(uint32_t):
		memcpy(&u32, nla_data(a), sizeof(u32));
		return u32;
	default:
		memcpy(&u64, nla_data(a), sizeof(u64));
		return u64;
	}
}

/**
 * decode_u8() - Number of an attribute of one byte.
 * @a: attribute; NULL: 0
 */
uint8_t decode_u8(const struct nlattr *a)
{
	return (uint8_t)get(a, sizeof(uint8_t));
}

/**
 * decode_u16() - Number of an attribute of two bytes.
 * @a: attribute; NULL: 0
 */
uint16_t decode_u16(const struct nlattr *a)
{
	return (uint16_t)get(a, sizeof(uint16_t));
}

/**
 * decode_u32() - Number of an attribute of four bytes.
 * @a: attribute; NULL: 0
 */
uint32_t decode_u32(const struct nlattr *a)
{
	return (uint32_t)get(a, sizeof(uint32_t));
}

/**
 * decode_u64() - Number of an attribute of eight bytes.
 * @a: attribute; NULL: 0
 */
uint64_t decode_u64(const struct nlattr *a)
{
	return get(a, sizeof(uint64_t));
}

/**
 * decode_string() - String of an attribute.
 * @a: attribute; NULL: an empty one
 * @buf: where to
 * @size: room there
 */
void decode_string(const struct nlattr *a, char *buf, size_t size)
{
	memset(buf, 0, size);
	if (a)
		nla_strlcpy(buf, a, size);
}

static bool get_mac(const struct nlattr *a, uint8_t mac[6])
{
	if (!a || nla_len(a) != 6)
		return false;
	memcpy(mac, nla_data(a), 6);
	return true;
}

/* Of the two attributes there is one, or none. */
static struct address get_address(const struct nlattr *ipv4, const struct nlattr *ipv6)
{
	const struct nlattr *a = ipv6 ? ipv6 : ipv4;
	struct address address = {};

	if (a)
		address_set(&address, nla_data(a), (size_t)nla_len(a));
	return address;
}

/**
 * decode_ifname() - Name of an interface.
 * @a: attribute; NULL: an empty one
 * @buf: where to
 *
 * Return: whether it is one.
 */
bool decode_ifname(const struct nlattr *a, char buf[IFNAMSIZ])
{
	decode_string(a, buf, IFNAMSIZ);
	return !text_ifname_error(buf);
}

static void get_drops(struct model_interface *i, struct nlattr *attrs, int length)
{
	struct nlattr *a, *tb[VPNHA_A_DROP_MAX + 1];
	uint32_t reason;
	int rest;

	nla_for_each_attr(a, attrs, length, rest) {
		if (nla_type(a) != VPNHA_A_INTERFACE_DROP ||
		    nla_parse_nested(tb, VPNHA_A_DROP_MAX, a, NULL) < 0)
			continue;
		reason = decode_u32(tb[VPNHA_A_DROP_REASON]);
		if (tb[VPNHA_A_DROP_REASON] && reason < MODEL_DROP_REASONS)
			i->state.drops[reason] = decode_u64(tb[VPNHA_A_DROP_PACKETS]);
	}
}

static void get_offender(struct nlattr *a, struct model_offender *o)
{
	struct nlattr *tb[VPNHA_A_OFFENDER_MAX + 1];

	memset(o, 0, sizeof(*o));
	if (!a || nla_parse_nested(tb, VPNHA_A_OFFENDER_MAX, a, NULL) < 0 ||
	    !get_mac(tb[VPNHA_A_OFFENDER_MAC], o->mac))
		return;
	o->reason = decode_u32(tb[VPNHA_A_OFFENDER_REASON]);
	o->address = get_address(tb[VPNHA_A_OFFENDER_ADDRESS], tb[VPNHA_A_OFFENDER_ADDRESS6]);
	o->age_ms = decode_u64(tb[VPNHA_A_OFFENDER_AGE_MS]);
}

/**
 * decode_interface() - Enter an interface into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_interface(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_INTERFACE_MAX + 1];
	struct model_interface *i;
	char ifname[IFNAMSIZ];
	int ret = nla_parse(tb, VPNHA_A_INTERFACE_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!decode_ifname(tb[VPNHA_A_INTERFACE_IFNAME], ifname))
		return -NLE_MISSING_ATTR;
	i = model_interface_get(m, ifname);
	i->known = true;
	i->version = decode_u32(tb[VPNHA_A_INTERFACE_VERSION]);
	if (tb[VPNHA_A_INTERFACE_DELAY_MIN])
		i->delay.min_s = decode_u32(tb[VPNHA_A_INTERFACE_DELAY_MIN]);
	i->delay.reload_s = decode_u32(tb[VPNHA_A_INTERFACE_DELAY_RELOAD]);
	i->use_bia = decode_u8(tb[VPNHA_A_INTERFACE_USE_BIA]);
	i->redirect = decode_u8(tb[VPNHA_A_INTERFACE_REDIRECT]);
	if (tb[VPNHA_A_INTERFACE_GARP_COUNT])
		i->garp.count = decode_u32(tb[VPNHA_A_INTERFACE_GARP_COUNT]);
	if (tb[VPNHA_A_INTERFACE_GARP_INTERVAL])
		i->garp.interval_s = decode_u32(tb[VPNHA_A_INTERFACE_GARP_INTERVAL]);
	i->garp.refresh_s = decode_u32(tb[VPNHA_A_INTERFACE_MAC_REFRESH]);
	i->state.link = decode_u32(tb[VPNHA_A_INTERFACE_LINK]);
	i->state.delay_left_ms = decode_u32(tb[VPNHA_A_INTERFACE_DELAY_LEFT_MS]);
	i->state.active_groups = decode_u32(tb[VPNHA_A_INTERFACE_ACTIVE_GROUPS]);
	i->state.passive_groups = decode_u32(tb[VPNHA_A_INTERFACE_PASSIVE_GROUPS]);
	i->state.advertise_rx = decode_u64(tb[VPNHA_A_INTERFACE_ADVERTISE_RX]);
	i->state.advertise_tx = decode_u64(tb[VPNHA_A_INTERFACE_ADVERTISE_TX]);
	get_drops(i, attrs, length);
	get_offender(tb[VPNHA_A_INTERFACE_OFFENDER], &i->state.offender);
	return 0;
}

static void get_router(struct nlattr *a, struct model_router *r)
{
	struct nlattr *tb[VPNHA_A_ROUTER_MAX + 1];

	memset(r, 0, sizeof(*r));
	if (!a || nla_parse_nested(tb, VPNHA_A_ROUTER_MAX, a, NULL) < 0)
		return;
	r->known = true;
	r->local = tb[VPNHA_A_ROUTER_LOCAL];
	r->address = get_address(tb[VPNHA_A_ROUTER_ADDRESS], tb[VPNHA_A_ROUTER_ADDRESS6]);
	r->priority = decode_u32(tb[VPNHA_A_ROUTER_PRIORITY]);
	r->expires_ms = decode_u32(tb[VPNHA_A_ROUTER_EXPIRES_MS]);
	r->has_mac = get_mac(tb[VPNHA_A_ROUTER_MAC], r->mac);
}

static void get_counters(struct nlattr *a, struct model_counters *c)
{
	struct nlattr *tb[VPNHA_A_COUNTERS_MAX + 1];

	memset(c, 0, sizeof(*c));
	if (!a || nla_parse_nested(tb, VPNHA_A_COUNTERS_MAX, a, NULL) < 0)
		return;
	c->hello_rx = decode_u64(tb[VPNHA_A_COUNTERS_HELLO_RX]);
	c->hello_tx = decode_u64(tb[VPNHA_A_COUNTERS_HELLO_TX]);
	c->coup_rx = decode_u64(tb[VPNHA_A_COUNTERS_COUP_RX]);
	c->coup_tx = decode_u64(tb[VPNHA_A_COUNTERS_COUP_TX]);
	c->resign_rx = decode_u64(tb[VPNHA_A_COUNTERS_RESIGN_RX]);
	c->resign_tx = decode_u64(tb[VPNHA_A_COUNTERS_RESIGN_TX]);
	c->garp_tx = decode_u64(tb[VPNHA_A_COUNTERS_GARP_TX]);
	c->arp_reply_tx = decode_u64(tb[VPNHA_A_COUNTERS_ARP_REPLY_TX]);
	c->tx_error = decode_u64(tb[VPNHA_A_COUNTERS_TX_ERROR]);
	c->na_tx = decode_u64(tb[VPNHA_A_COUNTERS_NA_TX]);
	c->na_reply_tx = decode_u64(tb[VPNHA_A_COUNTERS_NA_REPLY_TX]);
}

/* Absent: the default. */
static void get_auth(struct nlattr **tb, struct model_auth *a)
{
	struct nlattr *key = tb[VPNHA_A_GROUP_KEY];

	model_auth_default(a);
	a->timeout = decode_u32(tb[VPNHA_A_GROUP_KEY_TIMEOUT]);
	if (!tb[VPNHA_A_GROUP_AUTHENTICATION])
		return;
	a->kind = decode_u32(tb[VPNHA_A_GROUP_AUTHENTICATION]);
	a->hidden = !key || nla_len(key) > VPNHA_KEY_MAX;
	a->length = a->hidden ? 0 : (size_t)nla_len(key);
	if (a->length)
		memcpy(a->key, nla_data(key), a->length);
}

static void get_secondary(struct model_group *g, struct nlattr *attrs, int length)
{
	struct nlattr *a;
	int rest;

	g->n_secondary = 0;
	nla_for_each_attr(a, attrs, length, rest)
		if (nla_type(a) == VPNHA_A_GROUP_SECONDARY)
			model_secondary_add(g, decode_u32(a), (struct model_pos){});
}

static void get_global(struct model_group *g, struct nlattr *attrs, int length)
{
	struct nlattr *a, *tb[VPNHA_A_GLOBAL_MAX + 1];
	int rest;

	g->n_global = 0;
	nla_for_each_attr(a, attrs, length, rest) {
		struct model_global global;

		if (nla_type(a) != VPNHA_A_GROUP_GLOBAL6 ||
		    nla_parse_nested(tb, VPNHA_A_GLOBAL_MAX, a, NULL) < 0)
			continue;
		global = (struct model_global){
			.address = get_address(NULL, tb[VPNHA_A_GLOBAL_ADDRESS]),
			.length = decode_u32(tb[VPNHA_A_GLOBAL_PREFIX_LEN]),
		};
		model_global_add(g, &global);
	}
}

static void get_group_config(struct nlattr **tb, struct model_group *g)
{
	g->enabled = decode_u8(tb[VPNHA_A_GROUP_ENABLED]);
	g->vip = decode_u32(tb[VPNHA_A_GROUP_VIP]);
	g->ipv6 = decode_u8(tb[VPNHA_A_GROUP_IPV6]);
	g->vip6 = get_address(NULL, tb[VPNHA_A_GROUP_VIP6]);
	g->autoconfig = decode_u8(tb[VPNHA_A_GROUP_AUTOCONFIG]);
	g->has_mac = get_mac(tb[VPNHA_A_GROUP_MAC_ADDRESS], g->mac);
	if (tb[VPNHA_A_GROUP_PRIORITY])
		g->priority = decode_u32(tb[VPNHA_A_GROUP_PRIORITY]);
	g->preempt = decode_u8(tb[VPNHA_A_GROUP_PREEMPT]);
	g->preempt_delay.min_s = decode_u32(tb[VPNHA_A_GROUP_PREEMPT_MIN]);
	g->preempt_delay.reload_s = decode_u32(tb[VPNHA_A_GROUP_PREEMPT_RELOAD]);
	g->preempt_delay.sync_s = decode_u32(tb[VPNHA_A_GROUP_PREEMPT_SYNC]);
	g->hello_ms = decode_u32(tb[VPNHA_A_GROUP_HELLO_MS]);
	g->hold_ms = decode_u32(tb[VPNHA_A_GROUP_HOLD_MS]);
	decode_string(tb[VPNHA_A_GROUP_NAME], g->name, sizeof(g->name));
	decode_string(tb[VPNHA_A_GROUP_FOLLOW], g->follow, sizeof(g->follow));
	g->bundle = decode_u8(tb[VPNHA_A_GROUP_BUNDLE]);
	get_auth(tb, &g->auth);
}

static void get_group_state(struct nlattr **tb, struct model_group_state *s)
{
	s->version = decode_u32(tb[VPNHA_A_GROUP_VERSION]);
	s->state = decode_u32(tb[VPNHA_A_GROUP_STATE]);
	s->init_reason = decode_u32(tb[VPNHA_A_GROUP_INIT_REASON]);
	s->changes = decode_u32(tb[VPNHA_A_GROUP_STATE_CHANGES]);
	s->age_ms = decode_u64(tb[VPNHA_A_GROUP_STATE_AGE_MS]);
	s->address = get_address(tb[VPNHA_A_GROUP_ADDRESS], tb[VPNHA_A_GROUP_ADDRESS6]);
	s->vip = get_address(tb[VPNHA_A_GROUP_VIP_USED], tb[VPNHA_A_GROUP_VIP6_USED]);
	s->has_mac = get_mac(tb[VPNHA_A_GROUP_MAC], s->mac);
	s->priority = decode_u32(tb[VPNHA_A_GROUP_PRIORITY_USED]);
	s->hello_ms = decode_u32(tb[VPNHA_A_GROUP_HELLO_USED_MS]);
	s->hold_ms = decode_u32(tb[VPNHA_A_GROUP_HOLD_USED_MS]);
	s->has_hello_next = tb[VPNHA_A_GROUP_HELLO_NEXT_MS];
	s->hello_next_ms = decode_u32(tb[VPNHA_A_GROUP_HELLO_NEXT_MS]);
	s->has_garp_next = tb[VPNHA_A_GROUP_GARP_NEXT_MS];
	s->garp_next_ms = decode_u32(tb[VPNHA_A_GROUP_GARP_NEXT_MS]);
	s->sync_pending = decode_u8(tb[VPNHA_A_GROUP_SYNC_PENDING]);
	s->preempt_left_ms = decode_u32(tb[VPNHA_A_GROUP_PREEMPT_LEFT_MS]);
	s->key_old_left_ms = decode_u32(tb[VPNHA_A_GROUP_KEY_OLD_LEFT_MS]);
	get_router(tb[VPNHA_A_GROUP_ACTIVE_ROUTER], &s->active);
	get_router(tb[VPNHA_A_GROUP_STANDBY_ROUTER], &s->standby);
	get_counters(tb[VPNHA_A_GROUP_COUNTERS], &s->counters);
}

/**
 * decode_group() - Enter a group into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_group(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_GROUP_MAX + 1];
	struct model_interface *i;
	struct model_group *g;
	char ifname[IFNAMSIZ];
	int ret = nla_parse(tb, VPNHA_A_GROUP_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!decode_ifname(tb[VPNHA_A_GROUP_IFNAME], ifname) || !tb[VPNHA_A_GROUP_NUMBER])
		return -NLE_MISSING_ATTR;
	i = model_interface_get(m, ifname);
	g = model_group_get(i, decode_u32(tb[VPNHA_A_GROUP_NUMBER]));
	get_group_config(tb, g);
	get_secondary(g, attrs, length);
	get_global(g, attrs, length);
	get_group_state(tb, &g->state);
	return 0;
}

/**
 * decode_track() - Enter what a group tracks into a model.
 * @m: model, which has the group; else the group has gone meanwhile
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_track(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_TRACK_MAX + 1];
	char ifname[IFNAMSIZ], target[IFNAMSIZ] = "";
	struct model_interface *i;
	struct model_group *g;
	struct model_track *t;
	int ret = nla_parse(tb, VPNHA_A_TRACK_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!decode_ifname(tb[VPNHA_A_TRACK_IFNAME], ifname) || !tb[VPNHA_A_TRACK_NUMBER] ||
	    (!tb[VPNHA_A_TRACK_OBJECT] && !decode_ifname(tb[VPNHA_A_TRACK_TARGET], target)))
		return -NLE_MISSING_ATTR;
	i = model_interface_find(m, ifname);
	g = i ? model_group_find(i, decode_u32(tb[VPNHA_A_TRACK_NUMBER])) : NULL;
	if (!g)
		return 0;
	t = model_track_get(g, target, decode_u32(tb[VPNHA_A_TRACK_OBJECT]));
	t->decrement = decode_u32(tb[VPNHA_A_TRACK_DECREMENT]);
	t->shutdown = decode_u8(tb[VPNHA_A_TRACK_SHUTDOWN]);
	t->id = decode_u32(tb[VPNHA_A_TRACK_ID]);
	t->up = decode_u8(tb[VPNHA_A_TRACK_UP]);
	t->changes = decode_u32(tb[VPNHA_A_TRACK_CHANGES]);
	t->change_age_ms = decode_u64(tb[VPNHA_A_TRACK_CHANGE_AGE_MS]);
	return 0;
}

static void get_members(struct object *o, struct nlattr *attrs, int length)
{
	struct nlattr *a, *tb[VPNHA_A_OBJECT_MEMBER_MAX + 1];
	int rest;

	nla_for_each_attr(a, attrs, length, rest) {
		if (nla_type(a) != VPNHA_A_OBJECT_MEMBER ||
		    o->n_members == VPNHA_OBJECT_MEMBERS_MAX ||
		    nla_parse_nested(tb, VPNHA_A_OBJECT_MEMBER_MAX, a, NULL) < 0)
			continue;
		o->members[o->n_members++] = (struct object_member){
			.id = decode_u32(tb[VPNHA_A_OBJECT_MEMBER_OBJECT]),
			.negated = tb[VPNHA_A_OBJECT_MEMBER_NEGATED],
			.weight = tb[VPNHA_A_OBJECT_MEMBER_WEIGHT] ?
				  decode_u32(tb[VPNHA_A_OBJECT_MEMBER_WEIGHT]) :
				  OBJECT_DEFAULT_WEIGHT,
		};
	}
}

/**
 * decode_tracked() - Enter a tracked object into a model.
 * @m: model
 * @attrs: attributes of the object
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_tracked(struct model *m, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_OBJECT_MAX + 1];
	struct object *o;
	int ret = nla_parse(tb, VPNHA_A_OBJECT_MAX, attrs, length, NULL);

	if (ret < 0)
		return ret;
	if (!tb[VPNHA_A_OBJECT_ID] || !tb[VPNHA_A_OBJECT_KIND])
		return -NLE_MISSING_ATTR;
	o = object_get(&m->objects, decode_u32(tb[VPNHA_A_OBJECT_ID]),
		       decode_u32(tb[VPNHA_A_OBJECT_KIND]));
	decode_string(tb[VPNHA_A_OBJECT_IFNAME], o->ifname, sizeof(o->ifname));
	o->prefix = decode_u32(tb[VPNHA_A_OBJECT_PREFIX]);
	o->prefix_len = decode_u32(tb[VPNHA_A_OBJECT_PREFIX_LEN]);
	if (object_has_threshold(o)) {
		o->threshold_up = decode_u32(tb[VPNHA_A_OBJECT_THRESHOLD_UP]);
		o->threshold_down = decode_u32(tb[VPNHA_A_OBJECT_THRESHOLD_DOWN]);
	}
	o->n_members = 0;
	get_members(o, attrs, length);
	o->delay_up = decode_u32(tb[VPNHA_A_OBJECT_DELAY_UP]);
	o->delay_down = decode_u32(tb[VPNHA_A_OBJECT_DELAY_DOWN]);
	o->default_up = decode_u8(tb[VPNHA_A_OBJECT_DEFAULT_UP]);
	o->state.up = decode_u8(tb[VPNHA_A_OBJECT_UP]);
	o->state.changes = decode_u32(tb[VPNHA_A_OBJECT_CHANGES]);
	o->state.change_age_ms = decode_u64(tb[VPNHA_A_OBJECT_CHANGE_AGE_MS]);
	o->state.delay_left_ms = decode_u32(tb[VPNHA_A_OBJECT_DELAY_LEFT_MS]);
	o->state.value = decode_u32(tb[VPNHA_A_OBJECT_VALUE]);
	return 0;
}

/**
 * decode_event() - Read a debug event.
 * @e: result
 * @attrs: its attributes
 * @length: their bytes
 *
 * Return: 0 or a negative error of libnl.
 */
int decode_event(struct event *e, struct nlattr *attrs, int length)
{
	struct nlattr *tb[VPNHA_A_DEBUG_MAX + 1];
	int ret = nla_parse(tb, VPNHA_A_DEBUG_MAX, attrs, length, NULL);

	memset(e, 0, sizeof(*e));
	if (ret < 0)
		return ret;
	for (int a = 1; a <= VPNHA_A_DEBUG_MAX; a++)
		if (tb[a])
			e->present |= 1ULL << a;
	e->kind = tb[VPNHA_A_DEBUG_KIND] ? decode_u32(tb[VPNHA_A_DEBUG_KIND]) : UINT32_MAX;
	decode_string(tb[VPNHA_A_DEBUG_IFNAME], e->ifname, sizeof(e->ifname));
	e->number = decode_u32(tb[VPNHA_A_DEBUG_NUMBER]);
	decode_string(tb[VPNHA_A_DEBUG_NAME], e->name, sizeof(e->name));
	e->event = decode_u32(tb[VPNHA_A_DEBUG_EVENT]);
	e->state = decode_u32(tb[VPNHA_A_DEBUG_STATE]);
	e->state_old = decode_u32(tb[VPNHA_A_DEBUG_STATE_OLD]);
	e->address = get_address(tb[VPNHA_A_DEBUG_ADDRESS], tb[VPNHA_A_DEBUG_ADDRESS6]);
	e->address_old = get_address(tb[VPNHA_A_DEBUG_ADDRESS_OLD],
				     tb[VPNHA_A_DEBUG_ADDRESS6_OLD]);
	e->priority = decode_u32(tb[VPNHA_A_DEBUG_PRIORITY]);
	e->priority_old = decode_u32(tb[VPNHA_A_DEBUG_PRIORITY_OLD]);
	e->active_groups = decode_u32(tb[VPNHA_A_DEBUG_ACTIVE_GROUPS]);
	e->active_groups_old = decode_u32(tb[VPNHA_A_DEBUG_ACTIVE_GROUPS_OLD]);
	e->passive_groups = decode_u32(tb[VPNHA_A_DEBUG_PASSIVE_GROUPS]);
	e->passive_groups_old = decode_u32(tb[VPNHA_A_DEBUG_PASSIVE_GROUPS_OLD]);
	e->opcode = decode_u32(tb[VPNHA_A_DEBUG_OPCODE]);
	e->vip = get_address(tb[VPNHA_A_DEBUG_VIP], tb[VPNHA_A_DEBUG_VIP6]);
	e->hello_ms = decode_u32(tb[VPNHA_A_DEBUG_HELLO_MS]);
	e->hold_ms = decode_u32(tb[VPNHA_A_DEBUG_HOLD_MS]);
	if (!get_mac(tb[VPNHA_A_DEBUG_IDENTIFIER], e->identifier))
		e->present &= ~(1ULL << VPNHA_A_DEBUG_IDENTIFIER);
	e->drop_reason = decode_u32(tb[VPNHA_A_DEBUG_DROP_REASON]);
	e->track_id = decode_u32(tb[VPNHA_A_DEBUG_TRACK_ID]);
	decode_string(tb[VPNHA_A_DEBUG_TARGET], e->target, sizeof(e->target));
	e->up = decode_u8(tb[VPNHA_A_DEBUG_UP]);
	e->delay_ms = decode_u32(tb[VPNHA_A_DEBUG_DELAY_MS]);
	e->error = (int32_t)decode_u32(tb[VPNHA_A_DEBUG_ERROR]);
	return 0;
}
