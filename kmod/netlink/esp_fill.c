// SPDX-License-Identifier: GPL-2.0
/* ESP's objects as messages. Keys only where they were asked for. */
#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

static void *start(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr)
{
	return genlmsg_put(skb, hdr->portid, hdr->seq, &vpnha_nl_family,
			   hdr->flags, hdr->cmd);
}

/**
 * vpnha_nl_put_addr() - write an address into a message, if it is one
 * @skb: message
 * @type: attribute
 * @a: address; nothing is written of one without a family
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_put_addr(struct sk_buff *skb, int type, const struct esp_addr *a)
{
	return a->family ? nla_put(skb, type, esp_addr_len(a->family), a->ip) :
			   0;
}

static int put_transform(struct sk_buff *skb, const struct esp_tset *t)
{
	if (nla_put_string(skb, VPNHA_A_TRANSFORM_SET_NAME, t->o.name) ||
	    nla_put_u32(skb, VPNHA_A_TRANSFORM_SET_CIPHER, t->t.cipher) ||
	    nla_put_u32(skb, VPNHA_A_TRANSFORM_SET_KEY_BITS, t->t.key_bits) ||
	    nla_put_u32(skb, VPNHA_A_TRANSFORM_SET_ICV_BITS, t->t.icv_bits) ||
	    nla_put_u32(skb, VPNHA_A_TRANSFORM_SET_AUTH, t->t.auth) ||
	    nla_put_u32(skb, VPNHA_A_TRANSFORM_SET_MODE, t->mode) ||
	    nla_put_u8(skb, VPNHA_A_TRANSFORM_SET_ALLOW_WEAK, t->t.allow_weak))
		return -EMSGSIZE;
	return 0;
}

/* @protocol: number of its attribute; access lists and selectors agree. */
static int put_rule(struct sk_buff *skb, int protocol, const struct esp_rule *r)
{
	const int len = esp_addr_len(r->family);
	const bool sport = r->sport_min || r->sport_max != U16_MAX;
	const bool dport = r->dport_min || r->dport_max != U16_MAX;

	if (nla_put_u32(skb, protocol, r->protocol) ||
	    nla_put(skb, protocol + 1, len, r->src) ||
	    nla_put(skb, protocol + 2, len, r->src_mask) ||
	    nla_put(skb, protocol + 3, len, r->dst) ||
	    nla_put(skb, protocol + 4, len, r->dst_mask) ||
	    (sport && (nla_put_u16(skb, protocol + 5, r->sport_min) ||
		       nla_put_u16(skb, protocol + 6, r->sport_max))) ||
	    (dport && (nla_put_u16(skb, protocol + 7, r->dport_min) ||
		       nla_put_u16(skb, protocol + 8, r->dport_max))))
		return -EMSGSIZE;
	return 0;
}

static int put_acl(struct sk_buff *skb, const struct esp_acl *acl)
{
	if (nla_put_string(skb, VPNHA_A_ACL_NAME, acl->o.name) ||
	    nla_put_u32(skb, VPNHA_A_ACL_NUMBER, acl->o.number) ||
	    nla_put_u32(skb, VPNHA_A_ACL_ACTION, acl->rule.permit ?
			VPNHA_ACL_ACTION_PERMIT : VPNHA_ACL_ACTION_DENY))
		return -EMSGSIZE;
	return put_rule(skb, VPNHA_A_ACL_PROTOCOL, &acl->rule);
}

static int put_session(struct sk_buff *skb, int type,
		       const struct esp_session *session, bool keys)
{
	const struct esp_secret *s = &session->secret;
	struct nlattr *nest;

	if (!session->spi)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_SESSION_KEY_SPI, ntohl(session->spi)) ||
	    (keys && s->cipher_len &&
	     nla_put(skb, VPNHA_A_SESSION_KEY_CIPHER_KEY, s->cipher_len,
		     s->cipher)) ||
	    (keys && s->auth_len &&
	     nla_put(skb, VPNHA_A_SESSION_KEY_AUTH_KEY, s->auth_len, s->auth)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_reverse(struct sk_buff *skb, const struct esp_reverse *r)
{
	if (nla_put_u32(skb, VPNHA_A_MAP_REVERSE_ROUTE, r->kind))
		return -EMSGSIZE;
	if (r->kind == VPNHA_REVERSE_ROUTE_NONE)
		return 0;
	if (vpnha_nl_put_addr(skb, VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY, &r->gateway) ||
	    (r->tag &&
	     nla_put_u32(skb, VPNHA_A_MAP_REVERSE_ROUTE_TAG, r->tag)) ||
	    nla_put_u32(skb, VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE, r->distance))
		return -EMSGSIZE;
	return 0;
}

static int put_keying(struct sk_buff *skb, const struct esp_keying *k)
{
	if ((k->pfs && nla_put_u32(skb, VPNHA_A_MAP_PFS, k->pfs)) ||
	    (k->seconds &&
	     nla_put_u32(skb, VPNHA_A_MAP_LIFETIME_SECONDS, k->seconds)) ||
	    (k->kilobytes &&
	     nla_put_u32(skb, VPNHA_A_MAP_LIFETIME_KILOBYTES, k->kilobytes)) ||
	    (k->idle && nla_put_u32(skb, VPNHA_A_MAP_IDLE_TIME, k->idle)) ||
	    (k->profile[0] &&
	     nla_put_string(skb, VPNHA_A_MAP_IKEV2_PROFILE, k->profile)))
		return -EMSGSIZE;
	return 0;
}

static int put_map(struct sk_buff *skb, struct esp_net *en,
		   const struct esp_map *map, bool keys)
{
	int i;

	if (nla_put_string(skb, VPNHA_A_MAP_NAME, map->o.name) ||
	    nla_put_u32(skb, VPNHA_A_MAP_NUMBER, map->o.number) ||
	    (map->o.kind == ESP_MAP &&
	     nla_put_u32(skb, VPNHA_A_MAP_KIND, map->kind)) ||
	    (map->dynamic[0] &&
	     nla_put_string(skb, VPNHA_A_MAP_DYNAMIC, map->dynamic)))
		return -EMSGSIZE;
	for (i = 0; i < map->npeers; i++)
		if (vpnha_nl_put_addr(skb, VPNHA_A_MAP_PEER, &map->peers[i]))
			return -EMSGSIZE;
	for (i = 0; i < map->ntsets; i++)
		if (nla_put_string(skb, VPNHA_A_MAP_TRANSFORM_SET,
				   map->tsets[i]))
			return -EMSGSIZE;
	if ((map->acl[0] && nla_put_string(skb, VPNHA_A_MAP_ACL, map->acl)) ||
	    put_session(skb, VPNHA_A_MAP_SESSION_KEY_IN, &map->session[0],
			keys) ||
	    put_session(skb, VPNHA_A_MAP_SESSION_KEY_OUT, &map->session[1],
			keys))
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_MAP_PROBLEM, esp_map_problem(en, map)))
		return -EMSGSIZE;
	return put_reverse(skb, &map->reverse) ?:
	       put_keying(skb, &map->keying);
}

static int put_bind(struct sk_buff *skb, struct esp_bind *bind)
{
	const struct net_device *dev = rtnl_dereference(bind->dev);

	if ((dev && nla_put_u32(skb, VPNHA_A_BINDING_IFINDEX, dev->ifindex)) ||
	    nla_put_string(skb, VPNHA_A_BINDING_DEVICE, bind->vdev->name) ||
	    nla_put_u32(skb, VPNHA_A_BINDING_DEVICE_IFINDEX,
			bind->vdev->ifindex) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_BINDING_LOCAL, &bind->local[0]) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_BINDING_LOCAL6, &bind->local[1]) ||
	    nla_put_u32(skb, VPNHA_A_BINDING_ROLE, READ_ONCE(bind->active) ?
			VPNHA_ROLE_ACTIVE : VPNHA_ROLE_STANDBY) ||
	    nla_put_u32(skb, VPNHA_A_BINDING_PROBLEM, esp_bind_problem(bind)))
		return -EMSGSIZE;
	return 0;
}

static int put_binding(struct sk_buff *skb, struct esp_net *en,
		       const struct esp_binding *b)
{
	struct esp_bind *bind = esp_bind_find(en, b->o.name);

	if (nla_put_string(skb, VPNHA_A_BINDING_IFNAME, b->o.name) ||
	    nla_put_string(skb, VPNHA_A_BINDING_MAP, b->map) ||
	    (b->redundancy[0] && nla_put_string(skb, VPNHA_A_BINDING_REDUNDANCY,
						b->redundancy)) ||
	    nla_put_u32(skb, VPNHA_A_BINDING_DF, b->df))
		return -EMSGSIZE;
	return bind ? put_bind(skb, bind) : 0;
}

/**
 * vpnha_nl_fill_object() - write a configuration object into a message
 * @skb: message
 * @hdr: its header
 * @en: namespace
 * @o: object
 * @keys: with its keys
 *
 * Context: RTNL. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_object(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			 struct esp_net *en, struct esp_object *o, bool keys)
{
	void *msg = start(skb, hdr);
	int err = -EMSGSIZE;

	if (!msg)
		return -EMSGSIZE;
	switch (o->kind) {
	case ESP_TSET:
		err = put_transform(skb, container_of(o, struct esp_tset, o));
		break;
	case ESP_ACL:
		err = put_acl(skb, container_of(o, struct esp_acl, o));
		break;
	case ESP_MAP:
	case ESP_DYNAMIC:
		err = put_map(skb, en, container_of(o, struct esp_map, o),
			      keys);
		break;
	case ESP_BINDING:
		err = put_binding(skb, en,
				  container_of(o, struct esp_binding, o));
		break;
	case ESP_KINDS:
		break;
	}
	if (err) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, VPNHA_A_SA_PAD);
}

static int put_drop(struct sk_buff *skb, int type, u32 reason, u64 packets)
{
	struct nlattr *nest;

	if (!packets)
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_ESP_DROP_REASON, reason) ||
	    nla_put_u64_64bit(skb, VPNHA_A_ESP_DROP_PACKETS, packets,
			      VPNHA_A_ESP_DROP_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_selectors(struct sk_buff *skb, const struct esp_sa *sa)
{
	struct nlattr *nest;
	u32 i;

	for (i = 0; i < sa->nrules; i++) {
		nest = nla_nest_start(skb, VPNHA_A_SA_SELECTOR);
		if (!nest || put_rule(skb, VPNHA_A_SELECTOR_PROTOCOL,
				      &sa->rule[i]))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_sa_config(struct sk_buff *skb, const struct esp_sa *sa)
{
	const struct esp_bind *bind = sa->entry->bind;
	const struct esp_transform *t = &sa->transform;
	const struct esp_ends *ends = esp_sa_ends(sa);

	if (nla_put_string(skb, VPNHA_A_SA_IFNAME, bind->ifname) ||
	    nla_put_string(skb, VPNHA_A_SA_MAP, sa->entry->map) ||
	    nla_put_u32(skb, VPNHA_A_SA_NUMBER, sa->entry->number) ||
	    (sa->entry->dynamic_number &&
	     (nla_put_string(skb, VPNHA_A_SA_DYNAMIC_MAP,
			     sa->entry->dynamic) ||
	      nla_put_u32(skb, VPNHA_A_SA_DYNAMIC_NUMBER,
			  sa->entry->dynamic_number))) ||
	    nla_put_u32(skb, VPNHA_A_SA_DIRECTION, sa->out) ||
	    nla_put_u32(skb, VPNHA_A_SA_SPI, ntohl(sa->spi)) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_SA_SRC, &ends->src) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_SA_DST, &ends->dst) ||
	    nla_put_u32(skb, VPNHA_A_SA_MODE, sa->mode) ||
	    nla_put_u32(skb, VPNHA_A_SA_CIPHER, t->cipher) ||
	    nla_put_u32(skb, VPNHA_A_SA_KEY_BITS,
			esp_key_bits(t, &sa->secret)) ||
	    nla_put_u32(skb, VPNHA_A_SA_AUTH, t->auth) ||
	    nla_put_u32(skb, VPNHA_A_SA_ICV_BITS, t->icv_bits) ||
	    nla_put_u8(skb, VPNHA_A_SA_ALLOW_WEAK, t->allow_weak) ||
	    nla_put_u8(skb, VPNHA_A_SA_ESN, sa->esn))
		return -EMSGSIZE;
	if (!sa->out &&
	    nla_put_u32(skb, VPNHA_A_SA_REPLAY_WINDOW, sa->window))
		return -EMSGSIZE;
	if (sa->encap &&
	    (nla_put_u16(skb, VPNHA_A_SA_ENCAP_SPORT, ntohs(ends->sport)) ||
	     nla_put_u16(skb, VPNHA_A_SA_ENCAP_DPORT, ntohs(ends->dport))))
		return -EMSGSIZE;
	if (sa->out && sa->shape.counter &&
	    (put_u64(skb, VPNHA_A_SA_IV_BASE, sa->iv_base) ||
	     nla_put_u8(skb, VPNHA_A_SA_NODE, sa->node)))
		return -EMSGSIZE;
	return put_selectors(skb, sa);
}

static int put_limits(struct sk_buff *skb, const struct esp_sa_change *set)
{
	const struct esp_limits *l = &set->limits;
	const struct {
		int type;
		u64 value;
	} values[] = {
		{ VPNHA_A_SA_SOFT_BYTES, l->bytes[0] },
		{ VPNHA_A_SA_HARD_BYTES, l->bytes[1] },
		{ VPNHA_A_SA_SOFT_PACKETS, l->packets[0] },
		{ VPNHA_A_SA_HARD_PACKETS, l->packets[1] },
		{ VPNHA_A_SA_SOFT_SECONDS, l->seconds[0] },
		{ VPNHA_A_SA_HARD_SECONDS, l->seconds[1] },
		{ VPNHA_A_SA_CEILING, set->ceiling },
		{ VPNHA_A_SA_CEILING_MARGIN, set->ceiling_margin },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(values); i++)
		if (values[i].value &&
		    put_u64(skb, values[i].type, values[i].value))
			return -EMSGSIZE;
	return set->replay_notify ?
	       nla_put_u32(skb, VPNHA_A_SA_REPLAY_NOTIFY, set->replay_notify) :
	       0;
}

static int put_sa_state(struct sk_buff *skb, struct esp_sa *sa)
{
	u64 age = ktime_ms_delta(ktime_get_boottime(), sa->born);
	unsigned long used = READ_ONCE(sa->last_used);
	u64 packets = atomic64_read(&sa->packets);
	u64 bytes = atomic64_read(&sa->bytes);
	u64 seq = sa->out ? atomic64_read(&sa->seq) :
			    READ_ONCE(sa->replay.top);
	int i;

	if (put_u64(skb, VPNHA_A_SA_SEQ, seq) ||
	    nla_put_u32(skb, VPNHA_A_SA_STATE, READ_ONCE(sa->state)) ||
	    nla_put_u8(skb, VPNHA_A_SA_MANUAL, sa->manual) ||
	    nla_put_u32(skb, VPNHA_A_SA_ID, sa->id) ||
	    put_u64(skb, VPNHA_A_SA_PACKETS,
		    packets - READ_ONCE(sa->packets_cleared)) ||
	    put_u64(skb, VPNHA_A_SA_BYTES,
		    bytes - READ_ONCE(sa->bytes_cleared)) ||
	    put_u64(skb, VPNHA_A_SA_LIFETIME_PACKETS, packets) ||
	    put_u64(skb, VPNHA_A_SA_LIFETIME_BYTES, bytes) ||
	    put_u64(skb, VPNHA_A_SA_AGE_MS, age) ||
	    (used && put_u64(skb, VPNHA_A_SA_LAST_USED_MS,
			     jiffies_to_msecs(jiffies - used))))
		return -EMSGSIZE;
	for (i = 1; i < ESP_DROPS; i++)
		if (put_drop(skb, VPNHA_A_SA_DROP, i,
			     atomic64_read(&sa->drops[i])))
			return -EMSGSIZE;
	return 0;
}

static int put_sa_keys(struct sk_buff *skb, const struct esp_secret *s)
{
	if ((s->cipher_len && nla_put(skb, VPNHA_A_SA_CIPHER_KEY,
				      s->cipher_len, s->cipher)) ||
	    (s->auth_len && nla_put(skb, VPNHA_A_SA_AUTH_KEY, s->auth_len,
				    s->auth)))
		return -EMSGSIZE;
	return 0;
}

/**
 * vpnha_nl_fill_sa() - write an SA into a message
 * @skb: message
 * @hdr: its header
 * @sa: SA that is linked
 * @keys: with its keys
 *
 * Context: any; with RTNL the path's MTU is in it too.
 * Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_sa(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
		     struct esp_sa *sa, bool keys)
{
	void *msg = start(skb, hdr);
	int err;

	if (!msg)
		return -EMSGSIZE;
	rcu_read_lock();
	err = put_sa_config(skb, sa);
	rcu_read_unlock();
	if (err || put_limits(skb, &sa->set) || put_sa_state(skb, sa) ||
	    (hdr->portid && sa->out &&
	     nla_put_u32(skb, VPNHA_A_SA_MTU, esp_sa_mtu(sa))) ||
	    (keys && put_sa_keys(skb, &sa->secret))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

static int put_event(struct sk_buff *skb, const struct esp_sa *sa,
		     enum vpnha_sa_event_kind kind)
{
	int err;

	if (nla_put_u32(skb, VPNHA_A_SA_EVENT_KIND, kind) ||
	    nla_put_u32(skb, VPNHA_A_SA_EVENT_DIRECTION, sa->out) ||
	    nla_put_u32(skb, VPNHA_A_SA_EVENT_SPI, ntohl(sa->spi)) ||
	    nla_put_u32(skb, VPNHA_A_SA_EVENT_ID, sa->id))
		return -EMSGSIZE;
	rcu_read_lock();
	err = vpnha_nl_put_addr(skb, VPNHA_A_SA_EVENT_DST,
				&esp_sa_ends(sa)->dst);
	rcu_read_unlock();
	return err;
}

/**
 * vpnha_nl_fill_sa_event() - write what happened to an SA into a message
 * @skb: message
 * @hdr: its header
 * @sa: SA
 * @kind: what happened
 * @cause: of an expiry
 * @seq: sequence number
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_sa_event(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			   struct esp_sa *sa, enum vpnha_sa_event_kind kind,
			   enum vpnha_expiry_cause cause, u64 seq)
{
	const bool expiry = kind == VPNHA_SA_EVENT_KIND_SOFT_EXPIRY ||
			    kind == VPNHA_SA_EVENT_KIND_HARD_EXPIRY;
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (put_event(skb, sa, kind) ||
	    (expiry && nla_put_u32(skb, VPNHA_A_SA_EVENT_CAUSE, cause)) ||
	    (!expiry && nla_put_u64_64bit(skb, VPNHA_A_SA_EVENT_SEQ, seq,
					  VPNHA_A_SA_EVENT_PAD)) ||
	    (kind == VPNHA_SA_EVENT_KIND_CEILING &&
	     nla_put_u64_64bit(skb, VPNHA_A_SA_EVENT_CEILING, sa->set.ceiling,
			       VPNHA_A_SA_EVENT_PAD))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

/**
 * vpnha_nl_fill_mapping() - write into a message where packets come from
 * @skb: message
 * @hdr: its header
 * @sa: inbound SA
 * @src: address of the sender
 * @sport: its UDP port
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_mapping(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  struct esp_sa *sa, const struct esp_addr *src,
			  u16 sport)
{
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (put_event(skb, sa, VPNHA_SA_EVENT_KIND_MAPPING) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_SA_EVENT_SRC, src) ||
	    nla_put_u16(skb, VPNHA_A_SA_EVENT_SPORT, sport)) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

/**
 * vpnha_nl_fill_acquire() - write into a message that traffic has no SA
 * @skb: message
 * @hdr: its header
 * @a: the traffic
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_acquire(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			  const struct esp_acquire *a)
{
	const struct esp_match *m = a->match;
	const struct esp_tuple *t = a->tuple;
	const int len = esp_addr_len(t->family);
	void *msg = start(skb, hdr);

	if (!msg)
		return -EMSGSIZE;
	if (nla_put_string(skb, VPNHA_A_ACQUIRE_IFNAME, a->ifname) ||
	    nla_put_string(skb, VPNHA_A_ACQUIRE_MAP, m->entry->map) ||
	    nla_put_u32(skb, VPNHA_A_ACQUIRE_NUMBER, m->entry->number) ||
	    nla_put_u32(skb, VPNHA_A_ACQUIRE_LINE, m->line) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_ACQUIRE_PEER, m->peer) ||
	    nla_put(skb, VPNHA_A_ACQUIRE_SRC, len, t->src) ||
	    nla_put(skb, VPNHA_A_ACQUIRE_DST, len, t->dst) ||
	    nla_put_u32(skb, VPNHA_A_ACQUIRE_PROTOCOL, t->protocol) ||
	    (t->has_ports &&
	     (nla_put_u16(skb, VPNHA_A_ACQUIRE_SRC_PORT, t->sport) ||
	      nla_put_u16(skb, VPNHA_A_ACQUIRE_DST_PORT, t->dport)))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

/**
 * vpnha_nl_fill_esp_stats() - write a namespace's counters into a message
 * @skb: message
 * @hdr: its header
 * @en: namespace
 * @only: this reason alone, 0 for all
 *
 * Context: any. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_esp_stats(struct sk_buff *skb,
			    const struct vpnha_nl_hdr *hdr, struct esp_net *en,
			    u32 only)
{
	void *msg = start(skb, hdr);
	u32 i;

	if (!msg)
		return -EMSGSIZE;
	for (i = 1; i < ESP_DROPS; i++) {
		if (only && only != i)
			continue;
		if (put_drop(skb, VPNHA_A_ESP_STATS_DROP, i,
			     esp_drops_sum(en, i))) {
			genlmsg_cancel(skb, msg);
			return -EMSGSIZE;
		}
	}
	genlmsg_end(skb, msg);
	return 0;
}
