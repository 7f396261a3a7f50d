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

static struct esp_entry *find_entry(struct esp_txn *txn, struct nlattr **attrs)
{
	struct esp_entry *entry;
	struct esp_object *b;
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
				 nla_get_u32(attrs[VPNHA_A_SA_NUMBER]));
	return entry ?: ERR_PTR(vpnha_refuse(txn->extack,
					     attrs[VPNHA_A_SA_NUMBER], -ENOENT,
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
		return true;
	default:
		return false;
	}
}

static int set_sa(struct esp_txn *txn, struct nlattr **attrs, struct esp_sa *sa)
{
	int type;

	for (type = 0; type <= VPNHA_A_SA_SELECTOR; type++)
		if (attrs[type] && !can_be_set(type))
			return vpnha_refuse(txn->extack, attrs[type], -EOPNOTSUPP,
					    "this cannot be changed of an SA");
	if (!sa->pending) {
		sa->pending = kmemdup(&sa->set, sizeof(sa->set), GFP_KERNEL);
		if (!sa->pending)
			return -ENOMEM;
		if (list_empty(&sa->txn))
			list_add_tail(&sa->txn, &txn->sas);
	}
	return read_change(txn, attrs, sa->pending);
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
	       esp_addr_equal(peer, sa->out ? &sa->dst : &sa->src);
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
