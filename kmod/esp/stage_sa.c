// SPDX-License-Identifier: GPL-2.0
/* Operations on SAs: from attributes to an SA. */
#include <linux/slab.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

static int need(struct esp_txn *txn, struct nlattr **attrs, int type,
		const char *why)
{
	return attrs[type] ? 0 : esp_missing(txn->extack, type, why);
}

static struct esp_sa *find_sa(struct esp_txn *txn, struct nlattr **attrs)
{
	struct esp_addr dst;
	struct esp_sa *sa;
	int err;

	err = need(txn, attrs, VPNHA_A_SA_DIRECTION, "direction is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_SPI, "SPI is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_DST,
			   "destination address is missing");
	if (!err)
		err = esp_read_addr(attrs[VPNHA_A_SA_DST], &dst, txn->extack);
	if (err)
		return ERR_PTR(err);
	sa = esp_sa_find(txn->en, nla_get_u32(attrs[VPNHA_A_SA_DIRECTION]) ==
			 VPNHA_ESP_DIRECTION_OUT,
			 htonl(nla_get_u32(attrs[VPNHA_A_SA_SPI])), &dst);
	return sa ?: ERR_PTR(vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_SPI],
					  -ENOENT, "no such SA"));
}

/* Number of the dynamic map's entry, 0 if there is none to be. */
static int read_dynamic(struct esp_txn *txn, struct nlattr **attrs, u32 *number)
{
	const struct nlattr *attr = attrs[VPNHA_A_SA_DYNAMIC_NUMBER];
	const struct esp_map *map = NULL;
	struct esp_object *o;

	o = esp_object_find(txn->en, ESP_MAP, nla_data(attrs[VPNHA_A_SA_MAP]),
			    nla_get_u32(attrs[VPNHA_A_SA_NUMBER]));
	if (o)
		map = container_of(o, struct esp_map, o);
	*number = attr ? nla_get_u32(attr) : 0;
	if (!map || !map->dynamic[0] == !*number)
		return 0;
	if (*number)
		return vpnha_refuse(txn->extack, attr, -EINVAL,
				    "the entry has no dynamic crypto map");
	return esp_missing(txn->extack, VPNHA_A_SA_DYNAMIC_NUMBER,
			   "sequence number in the dynamic crypto map is missing");
}

/* An SA of a dynamic map is for what was negotiated, within what is allowed. */
static int check_dynamic(struct esp_txn *txn, struct nlattr **attrs,
			 const struct esp_sa_desc *d,
			 const struct esp_entry *entry)
{
	const struct esp_addr *peer = d->out ? &d->dst : &d->src;
	const struct esp_map *map = esp_entry_map(entry);
	u32 i;

	if (!d->nrules)
		return esp_missing(txn->extack, VPNHA_A_SA_SELECTOR,
				   "an SA of a dynamic crypto map has selectors");
	for (i = 0; i < map->npeers; i++)
		if (esp_addr_equal(&map->peers[i], peer))
			break;
	if (map->npeers && i == map->npeers)
		return vpnha_refuse(txn->extack, attrs[d->out ? VPNHA_A_SA_DST :
							VPNHA_A_SA_SRC],
				    -EINVAL,
				    "the dynamic crypto map is for other peers");
	if (!map->acl[0])
		return 0;
	for (i = 0; i < d->nrules; i++)
		if (!esp_acl_permits(txn->en, map->acl, &d->rules[i]))
			return vpnha_refuse(txn->extack,
					    attrs[VPNHA_A_SA_SELECTOR], -EINVAL,
					    "the dynamic crypto map's access list does not permit that");
	return 0;
}

static struct esp_entry *find_entry(struct esp_txn *txn, struct nlattr **attrs)
{
	struct esp_entry *entry;
	struct esp_object *b;
	u32 dynamic;
	int err;

	err = need(txn, attrs, VPNHA_A_SA_IFNAME, "interface name is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_MAP,
			   "name of the crypto map is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_NUMBER,
			   "sequence number of the entry is missing");
	/* The transaction may have made it. */
	if (!err)
		err = esp_txn_compile(txn);
	if (!err)
		err = read_dynamic(txn, attrs, &dynamic);
	if (err)
		return ERR_PTR(err);
	b = esp_object_find(txn->en, ESP_BINDING,
			    nla_data(attrs[VPNHA_A_SA_IFNAME]), 0);
	if (!b)
		return ERR_PTR(vpnha_refuse(txn->extack,
					    attrs[VPNHA_A_SA_IFNAME], -ENOENT,
					    "the interface has no crypto map"));
	if (strcmp(container_of(b, struct esp_binding, o)->map,
		   nla_data(attrs[VPNHA_A_SA_MAP])))
		return ERR_PTR(vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_MAP],
					    -ENOENT,
					    "the interface has another crypto map"));
	entry = esp_policy_entry(esp_policy_of(esp_bind_find(txn->en, b->name)),
				 nla_get_u32(attrs[VPNHA_A_SA_NUMBER]), dynamic);
	if (entry)
		return entry;
	if (dynamic)
		return ERR_PTR(vpnha_refuse(txn->extack,
					    attrs[VPNHA_A_SA_DYNAMIC_NUMBER],
					    -ENOENT,
					    "the dynamic crypto map has no such entry"));
	return ERR_PTR(vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_NUMBER],
				    -ENOENT,
				    "the crypto map has no such entry"));
}

static void read_u64(const struct nlattr *attr, u64 *value)
{
	if (attr)
		*value = nla_get_u64(attr);
}

static int read_change(struct esp_txn *txn, struct nlattr **attrs,
		       struct esp_sa_change *set)
{
	struct esp_limits *l = &set->limits;

	read_u64(attrs[VPNHA_A_SA_SOFT_BYTES], &l->bytes[0]);
	read_u64(attrs[VPNHA_A_SA_HARD_BYTES], &l->bytes[1]);
	read_u64(attrs[VPNHA_A_SA_SOFT_PACKETS], &l->packets[0]);
	read_u64(attrs[VPNHA_A_SA_HARD_PACKETS], &l->packets[1]);
	read_u64(attrs[VPNHA_A_SA_SOFT_SECONDS], &l->seconds[0]);
	read_u64(attrs[VPNHA_A_SA_HARD_SECONDS], &l->seconds[1]);
	read_u64(attrs[VPNHA_A_SA_CEILING], &set->ceiling);
	read_u64(attrs[VPNHA_A_SA_CEILING_MARGIN], &set->ceiling_margin);
	if (attrs[VPNHA_A_SA_REPLAY_NOTIFY])
		set->replay_notify =
			nla_get_u32(attrs[VPNHA_A_SA_REPLAY_NOTIFY]);
	if ((l->bytes[1] && l->bytes[0] > l->bytes[1]) ||
	    (l->packets[1] && l->packets[0] > l->packets[1]) ||
	    (l->seconds[1] && l->seconds[0] > l->seconds[1]))
		return vpnha_refuse(txn->extack, NULL, -EINVAL,
				    "a soft lifetime is above the hard one");
	return 0;
}

static int read_ends(struct esp_txn *txn, struct nlattr **attrs,
		     struct esp_sa_desc *d)
{
	u32 direction;
	int err;

	err = need(txn, attrs, VPNHA_A_SA_DIRECTION, "direction is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_SPI, "SPI is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_SRC,
			   "source address is missing");
	if (!err)
		err = need(txn, attrs, VPNHA_A_SA_DST,
			   "destination address is missing");
	if (!err)
		err = esp_read_addr(attrs[VPNHA_A_SA_SRC], &d->src, txn->extack);
	if (!err)
		err = esp_read_addr(attrs[VPNHA_A_SA_DST], &d->dst, txn->extack);
	if (err)
		return err;
	if (d->src.family != d->dst.family)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_DST], -EINVAL,
				    "source and destination are not of one family");
	direction = nla_get_u32(attrs[VPNHA_A_SA_DIRECTION]);
	if (direction > VPNHA_ESP_DIRECTION_OUT)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_DIRECTION],
				    -EINVAL, "direction is in or out");
	d->out = direction == VPNHA_ESP_DIRECTION_OUT;
	d->spi = htonl(nla_get_u32(attrs[VPNHA_A_SA_SPI]));
	if (ntohl(d->spi) < VPNHA_SPI_MIN)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_SPI], -ERANGE,
				    "SPIs below 256 are reserved");
	return 0;
}

static int read_transform(struct esp_txn *txn, struct nlattr **attrs,
			  struct esp_sa_desc *d)
{
	const struct nlattr *cipher = attrs[VPNHA_A_SA_CIPHER];
	int err;

	err = need(txn, attrs, VPNHA_A_SA_CIPHER, "cipher is missing");
	if (err)
		return err;
	d->transform.cipher = nla_get_u32(cipher);
	if (attrs[VPNHA_A_SA_AUTH])
		d->transform.auth = nla_get_u32(attrs[VPNHA_A_SA_AUTH]);
	if (attrs[VPNHA_A_SA_ICV_BITS])
		d->transform.icv_bits =
			min_t(u32, U16_MAX,
			      nla_get_u32(attrs[VPNHA_A_SA_ICV_BITS]));
	if (attrs[VPNHA_A_SA_ALLOW_WEAK])
		d->transform.allow_weak =
			nla_get_u8(attrs[VPNHA_A_SA_ALLOW_WEAK]);
	err = esp_transform_check(&d->transform, true, txn->extack, cipher);
	if (err)
		return err;
	/* The key says how long it is. */
	d->transform.key_bits = 0;
	err = esp_read_secret(attrs[VPNHA_A_SA_CIPHER_KEY],
			      attrs[VPNHA_A_SA_AUTH_KEY], &d->secret,
			      txn->extack);
	return err ?: esp_secret_check(&d->transform, &d->secret, txn->extack,
				       attrs[VPNHA_A_SA_CIPHER_KEY] ?: cipher);
}

static int read_sequence(struct esp_txn *txn, struct nlattr **attrs,
			 struct esp_sa_desc *d)
{
	const struct nlattr *window = attrs[VPNHA_A_SA_REPLAY_WINDOW];

	if (attrs[VPNHA_A_SA_ESN])
		d->esn = nla_get_u8(attrs[VPNHA_A_SA_ESN]);
	d->window = window ? nla_get_u32(window) : ESP_DEFAULT_WINDOW;
	if (d->window && d->window < ESP_WINDOW_MIN)
		return vpnha_refuse(txn->extack, window, -ERANGE,
				    "an anti-replay window has 32 packets at least");
	if (d->esn && !d->window && !d->out)
		return vpnha_refuse(txn->extack, window, -EINVAL,
				    "extended sequence numbers need an anti-replay window");
	read_u64(attrs[VPNHA_A_SA_SEQ], &d->seq);
	if (!d->esn && d->seq > U32_MAX)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_SEQ], -ERANGE,
				    "sequence number needs more than 32 bits");
	read_u64(attrs[VPNHA_A_SA_IV_BASE], &d->iv_base);
	if (d->iv_base > S64_MAX)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_IV_BASE],
				    -ERANGE, "the IV's counter has 63 bits");
	if (attrs[VPNHA_A_SA_NODE])
		d->node = nla_get_u8(attrs[VPNHA_A_SA_NODE]);
	return 0;
}

static int read_encap(struct esp_txn *txn, struct nlattr **attrs,
		      struct esp_sa_desc *d)
{
	const struct nlattr *sport = attrs[VPNHA_A_SA_ENCAP_SPORT];
	const struct nlattr *dport = attrs[VPNHA_A_SA_ENCAP_DPORT];

	if (attrs[VPNHA_A_SA_PEER])
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_PEER], -EINVAL,
				    "a new SA has a source and a destination");
	if (!sport && !dport)
		return 0;
	if (!sport || !dport || !nla_get_u16(sport) || !nla_get_u16(dport))
		return vpnha_refuse(txn->extack, sport ?: dport, -EINVAL,
				    "UDP encapsulation needs two ports");
	d->sport = htons(nla_get_u16(sport));
	d->dport = htons(nla_get_u16(dport));
	return 0;
}

static int read_selectors(struct esp_txn *txn, struct esp_sa_desc *d)
{
	struct nlattr *attrs[VPNHA_A_SELECTOR_MAX + 1];
	const struct nlattr *nest;
	int rem, err;

	nla_for_each_attr(nest, txn->raw, txn->raw_len, rem) {
		if (nla_type(nest) != VPNHA_A_SA_SELECTOR)
			continue;
		if (d->nrules == ESP_SELECTORS_MAX)
			return vpnha_refuse(txn->extack, nest, -E2BIG,
					    "too many selectors");
		err = nla_parse_nested(attrs, VPNHA_A_SELECTOR_MAX, nest, NULL,
				       txn->extack);
		if (!err)
			err = esp_read_rule(attrs, VPNHA_A_SELECTOR_PROTOCOL,
					    nest, &d->rules[d->nrules++],
					    txn->extack);
		if (err)
			return err;
	}
	return 0;
}

static int read_sa(struct esp_txn *txn, struct nlattr **attrs,
		   struct esp_sa_desc *d)
{
	u32 mode = VPNHA_ESP_MODE_TUNNEL;
	int err;

	if (attrs[VPNHA_A_SA_MODE])
		mode = nla_get_u32(attrs[VPNHA_A_SA_MODE]);
	if (mode > VPNHA_ESP_MODE_TRANSPORT)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_MODE],
				    -EINVAL, "mode is tunnel or transport");
	d->mode = mode;
	err = read_ends(txn, attrs, d);
	if (!err)
		err = read_transform(txn, attrs, d);
	if (!err)
		err = read_sequence(txn, attrs, d);
	if (!err)
		err = read_encap(txn, attrs, d);
	if (!err)
		err = read_change(txn, attrs, &d->set);
	return err ?: read_selectors(txn, d);
}

static int new_sa(struct esp_txn *txn, struct nlattr **attrs)
{
	struct esp_entry *entry;
	int err;

	/* First of all: whatever is refused, the keys are wiped. */
	err = esp_txn_scratch(txn);
	if (!err)
		err = read_sa(txn, attrs, txn->scratch);
	if (err)
		return err;
	entry = find_entry(txn, attrs);
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	if (entry->dynamic_number)
		err = check_dynamic(txn, attrs, txn->scratch, entry);
	if (err)
		return err;
	return esp_txn_sa_make(txn, txn->scratch, entry, attrs[VPNHA_A_SA_SPI]);
}

/* What esp_sa_change has, and the SA's key. */
static bool can_be_set(int type)
{
	switch (type) {
	case VPNHA_A_SA_DIRECTION:
	case VPNHA_A_SA_SPI:
	case VPNHA_A_SA_DST:
	case VPNHA_A_SA_SOFT_BYTES:
	case VPNHA_A_SA_HARD_BYTES:
	case VPNHA_A_SA_SOFT_PACKETS:
	case VPNHA_A_SA_HARD_PACKETS:
	case VPNHA_A_SA_SOFT_SECONDS:
	case VPNHA_A_SA_HARD_SECONDS:
	case VPNHA_A_SA_CEILING:
	case VPNHA_A_SA_CEILING_MARGIN:
	case VPNHA_A_SA_REPLAY_NOTIFY:
	case VPNHA_A_SA_ENCAP_SPORT:
	case VPNHA_A_SA_ENCAP_DPORT:
	case VPNHA_A_SA_PEER:
		return true;
	default:
		return false;
	}
}

static int read_port(struct esp_txn *txn, const struct nlattr *attr,
		     const struct esp_sa *sa, __be16 *port)
{
	if (!attr)
		return 0;
	if (!sa->encap)
		return vpnha_refuse(txn->extack, attr, -EINVAL,
				    "the SA has no UDP encapsulation");
	if (!nla_get_u16(attr))
		return vpnha_refuse(txn->extack, attr, -EINVAL,
				    "UDP encapsulation needs two ports");
	*port = htons(nla_get_u16(attr));
	return 0;
}

/* The peer is somewhere else (RFC 7296 section 2.23). */
static int move_sa(struct esp_txn *txn, struct nlattr **attrs,
		   struct esp_sa *sa)
{
	const struct nlattr *sport = attrs[VPNHA_A_SA_ENCAP_SPORT];
	const struct nlattr *dport = attrs[VPNHA_A_SA_ENCAP_DPORT];
	const struct nlattr *peer = attrs[VPNHA_A_SA_PEER];
	struct esp_ends *now = sa->next ?: esp_sa_ends(sa), *ends;
	__be16 from = now->sport, to = now->dport;
	struct esp_addr addr;
	struct esp_sa *other;
	int err;

	if (!peer && !sport && !dport)
		return 0;
	if (sa->manual)
		return vpnha_refuse(txn->extack, peer ?: sport ?: dport, -EPERM,
				    "the SA belongs to session keys: change these");
	addr = sa->out ? now->dst : now->src;
	err = peer ? esp_read_addr(peer, &addr, txn->extack) : 0;
	if (!err)
		err = read_port(txn, sport, sa, &from);
	if (!err)
		err = read_port(txn, dport, sa, &to);
	if (err)
		return err;
	if (addr.family != sa->family)
		return vpnha_refuse(txn->extack, peer, -EINVAL,
				    "the SA is of the other family");
	other = sa->out ? esp_sa_find(txn->en, true, sa->spi, &addr) : NULL;
	if (other && other != sa)
		return vpnha_refuse(txn->extack, peer, -EEXIST,
				    "there is an SA of this SPI already");
	ends = esp_ends_alloc(sa->out, sa->out ? &now->src : &addr,
			      sa->out ? &addr : &now->dst, from, to);
	if (!ends)
		return -ENOMEM;
	esp_ends_free(sa->next);
	sa->next = ends;
	return 0;
}

static int set_sa(struct esp_txn *txn, struct nlattr **attrs, struct esp_sa *sa)
{
	int type;

	for (type = 0; type <= VPNHA_A_SA_MAX; type++)
		if (attrs[type] && !can_be_set(type))
			return vpnha_refuse(txn->extack, attrs[type], -EOPNOTSUPP,
					    "this cannot be changed of an SA");
	if (!sa->pending) {
		sa->pending = kmemdup(&sa->set, sizeof(sa->set),
				      GFP_KERNEL_ACCOUNT);
		if (!sa->pending)
			return -ENOMEM;
		if (list_empty(&sa->txn))
			list_add_tail(&sa->txn, &txn->sas);
	}
	return read_change(txn, attrs, sa->pending) ?: move_sa(txn, attrs, sa);
}

/**
 * esp_txn_sa() - stage an operation on an SA
 * @txn: open transaction
 * @verb: what to do
 * @attrs: indexed by VPNHA_A_SA_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_txn_sa(struct esp_txn *txn, enum vpnha_verb verb,
	       struct nlattr **attrs)
{
	struct esp_sa *sa;

	if (verb == VERB_NEW)
		return new_sa(txn, attrs);
	sa = find_sa(txn, attrs);
	if (IS_ERR(sa))
		return PTR_ERR(sa);
	if (verb == VERB_SET)
		return set_sa(txn, attrs, sa);
	if (sa->manual)
		return vpnha_refuse(txn->extack, attrs[VPNHA_A_SA_SPI], -EPERM,
				    "the SA belongs to session keys: remove these");
	esp_txn_sa_doom(txn, sa);
	return 0;
}

static bool is_meant(const struct esp_sa *sa, struct nlattr **attrs,
		     const struct esp_addr *peer)
{
	const struct esp_bind *bind = sa->entry->bind;

	if (attrs[VPNHA_A_ESP_CLEAR_IFNAME] &&
	    strcmp(nla_data(attrs[VPNHA_A_ESP_CLEAR_IFNAME]), bind->ifname))
		return false;
	if (attrs[VPNHA_A_ESP_CLEAR_MAP] &&
	    strcmp(nla_data(attrs[VPNHA_A_ESP_CLEAR_MAP]), sa->entry->map))
		return false;
	if (attrs[VPNHA_A_ESP_CLEAR_NUMBER] &&
	    nla_get_u32(attrs[VPNHA_A_ESP_CLEAR_NUMBER]) != sa->entry->number)
		return false;
	if (attrs[VPNHA_A_ESP_CLEAR_SPI] &&
	    nla_get_u32(attrs[VPNHA_A_ESP_CLEAR_SPI]) != ntohl(sa->spi))
		return false;
	return !peer->family ||
	       esp_addr_equal(peer, esp_sa_peer(sa));
}

/**
 * esp_clear() - stage the removal of SAs, or clear their counters at once
 * @txn: open transaction
 * @attrs: indexed by VPNHA_A_ESP_CLEAR_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int esp_clear(struct esp_txn *txn, struct nlattr **attrs)
{
	const bool counters = attrs[VPNHA_A_ESP_CLEAR_COUNTERS] &&
			      nla_get_u8(attrs[VPNHA_A_ESP_CLEAR_COUNTERS]);
	struct esp_addr peer = {};
	unsigned long id;
	struct esp_sa *sa;
	bool all = true;
	int i, err;

	for (i = 0; i <= VPNHA_A_ESP_CLEAR_MAX; i++)
		if (attrs[i] && i != VPNHA_A_ESP_CLEAR_COUNTERS)
			all = false;
	if (attrs[VPNHA_A_ESP_CLEAR_PEER]) {
		err = esp_read_addr(attrs[VPNHA_A_ESP_CLEAR_PEER], &peer,
				    txn->extack);
		if (err)
			return err;
	}
	xa_for_each(&txn->en->sa_ids, id, sa) {
		if (!is_meant(sa, attrs, &peer))
			continue;
		if (counters)
			esp_sa_clear_counters(sa);
		else
			esp_txn_sa_doom(txn, sa);
	}
	if (counters && all)
		esp_drops_clear(txn->en);
	txn->resync = true;
	return 0;
}
