// SPDX-License-Identifier: GPL-2.0
/* Requests for ESP's objects. */
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat/genl.h"
#include "core/refuse.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

/**
 * struct get - how a kind of object is asked for
 * @kind: kind of object
 * @name: attribute of the first part of its key
 * @number: attribute of the second part, 0 if there is none
 * @keys: with its keys
 * @absent: message when there is no such object
 */
struct get {
	enum esp_kind kind;
	int name;
	int number;
	bool keys;
	const char *absent;
};

static const struct get get_tset = {
	ESP_TSET, VPNHA_A_TRANSFORM_SET_NAME, 0, false, "no such transform set"
};

static const struct get get_acl = {
	ESP_ACL, VPNHA_A_ACL_NAME, VPNHA_A_ACL_NUMBER, false,
	"the access list has no such line"
};

static const struct get get_map = {
	ESP_MAP, VPNHA_A_MAP_NAME, VPNHA_A_MAP_NUMBER, false,
	"the crypto map has no such entry"
};

static const struct get get_map_key = {
	ESP_MAP, VPNHA_A_MAP_NAME, VPNHA_A_MAP_NUMBER, true,
	"the crypto map has no such entry"
};

static const struct get get_dynamic_map = {
	ESP_DYNAMIC, VPNHA_A_MAP_NAME, VPNHA_A_MAP_NUMBER, false,
	"the dynamic crypto map has no such entry"
};

static const struct get get_binding = {
	ESP_BINDING, VPNHA_A_BINDING_IFNAME, 0, false,
	"the interface has no crypto map"
};

static int reply_object(struct genl_info *info, struct sk_buff *skb,
			const struct vpnha_nl_hdr *hdr, const struct get *g)
{
	struct esp_net *en = esp_net(genl_info_net(info));
	const struct nlattr *name = info->attrs[g->name];
	struct esp_object *o;
	u32 number = 0;

	if (!name)
		return esp_missing(info->extack, g->name, "name is missing");
	if (g->number) {
		if (!info->attrs[g->number])
			return esp_missing(info->extack, g->number,
					   "sequence number is missing");
		number = nla_get_u32(info->attrs[g->number]);
	}
	o = esp_object_find(en, g->kind, nla_data(name), number);
	if (!o)
		return vpnha_refuse(info->extack, name, -ENOENT, g->absent);
	return vpnha_nl_fill_object(skb, hdr, en, o, g->keys);
}

/**
 * struct place - where a dump goes on, in netlink_callback.args
 * @begun: something has been dumped
 * @number: of the next object
 * @name: of the next object
 */
struct place {
	u32 begun;
	u32 number;
	char name[VPNHA_CRYPTO_NAME_MAX + 1];
};

static int dump(struct sk_buff *skb, struct netlink_callback *cb,
		const struct get *g, u8 cmd)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	const struct nlattr *number = g->number ? attrs[g->number] : NULL;
	const struct nlattr *name = attrs[g->name];
	struct place *place = (struct place *)cb->args;
	struct vpnha_nl_hdr hdr = { .cmd = cmd };
	struct esp_object *o;
	struct esp_net *en;
	int err = 0;

	BUILD_BUG_ON(sizeof(*place) > sizeof(cb->args));
	if (!vpnha_nl_lock(cb->extack))
		return -ESHUTDOWN;
	en = esp_net(sock_net(cb->skb->sk));
	vpnha_nl_dump_begin(cb, &hdr, en->generation);
	if (!place->begun && name)
		nla_strscpy(place->name, name, sizeof(place->name));
	place->begun = 1;
	for (o = esp_object_from(en, g->kind, place->name, place->number); o;
	     o = esp_object_next(o)) {
		strscpy(place->name, o->name, sizeof(place->name));
		place->number = o->number;
		if (name && strcmp(o->name, nla_data(name)))
			break;
		if (number && o->number != nla_get_u32(number))
			continue;
		err = vpnha_nl_fill_object(skb, &hdr, en, o, g->keys);
		if (err)
			break;
	}
	/* All done: the next call finds nothing behind the last name. */
	if (!err) {
		memset(place->name, 0x7f, sizeof(place->name) - 1);
		place->name[sizeof(place->name) - 1] = 0;
	}
	rtnl_unlock();
	return vpnha_nl_dump_end(skb, cb, err);
}

#define GETS(what, WHAT, get)						\
static int reply_##what(struct genl_info *info, struct sk_buff *skb,	\
			const struct vpnha_nl_hdr *hdr)			\
{									\
	return reply_object(info, skb, hdr, get);			\
}									\
									\
int vpnha_nl_##what##_get_doit(struct sk_buff *skb, struct genl_info *info) \
{									\
	return vpnha_nl_get(info, VPNHA_CMD_##WHAT##_GET, reply_##what);	\
}									\
									\
int vpnha_nl_##what##_get_dumpit(struct sk_buff *skb,			\
				 struct netlink_callback *cb)		\
{									\
	return dump(skb, cb, get, VPNHA_CMD_##WHAT##_GET);		\
}

GETS(transform_set, TRANSFORM_SET, &get_tset)
GETS(acl, ACL, &get_acl)
GETS(map, MAP, &get_map)
GETS(map_key, MAP_KEY, &get_map_key)
GETS(dynamic_map, DYNAMIC_MAP, &get_dynamic_map)
GETS(binding, BINDING, &get_binding)

static struct esp_sa *sa_of(struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct esp_addr dst;
	struct esp_sa *sa;
	int err;

	if (!attrs[VPNHA_A_SA_DIRECTION])
		return ERR_PTR(esp_missing(info->extack, VPNHA_A_SA_DIRECTION,
					   "direction is missing"));
	if (!attrs[VPNHA_A_SA_SPI])
		return ERR_PTR(esp_missing(info->extack, VPNHA_A_SA_SPI,
					   "SPI is missing"));
	if (!attrs[VPNHA_A_SA_DST])
		return ERR_PTR(esp_missing(info->extack, VPNHA_A_SA_DST,
					   "destination address is missing"));
	err = esp_read_addr(attrs[VPNHA_A_SA_DST], &dst, info->extack);
	if (err)
		return ERR_PTR(err);
	sa = esp_sa_find(esp_net(genl_info_net(info)),
			 nla_get_u32(attrs[VPNHA_A_SA_DIRECTION]) ==
			 VPNHA_ESP_DIRECTION_OUT,
			 htonl(nla_get_u32(attrs[VPNHA_A_SA_SPI])), &dst);
	return sa ?: ERR_PTR(vpnha_refuse(info->extack, attrs[VPNHA_A_SA_SPI],
					  -ENOENT, "no such SA"));
}

static int reply_sa(struct genl_info *info, struct sk_buff *skb,
		    const struct vpnha_nl_hdr *hdr)
{
	struct esp_sa *sa = sa_of(info);

	if (IS_ERR(sa))
		return PTR_ERR(sa);
	return vpnha_nl_fill_sa(skb, hdr, sa,
				hdr->cmd == VPNHA_CMD_SA_KEY_GET);
}

static bool sa_wanted(const struct esp_sa *sa, struct nlattr **attrs,
		      const struct esp_addr *dst)
{
	if (attrs[VPNHA_A_SA_DIRECTION] &&
	    nla_get_u32(attrs[VPNHA_A_SA_DIRECTION]) != sa->out)
		return false;
	if (attrs[VPNHA_A_SA_SPI] &&
	    nla_get_u32(attrs[VPNHA_A_SA_SPI]) != ntohl(sa->spi))
		return false;
	return !dst->family || esp_addr_equal(dst, &esp_sa_ends(sa)->dst);
}

static int dump_sas(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd,
		    bool keys)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	struct vpnha_nl_hdr hdr = { .cmd = cmd };
	unsigned long id = cb->args[0];
	struct esp_addr dst = {};
	struct esp_net *en;
	struct esp_sa *sa;
	int err = 0;

	if (attrs[VPNHA_A_SA_DST])
		err = esp_read_addr(attrs[VPNHA_A_SA_DST], &dst, cb->extack);
	if (err)
		return err;
	if (!vpnha_nl_lock(cb->extack))
		return -ESHUTDOWN;
	en = esp_net(sock_net(cb->skb->sk));
	vpnha_nl_dump_begin(cb, &hdr, en->sa_generation);
	xa_for_each_start(&en->sa_ids, id, sa, cb->args[0]) {
		cb->args[0] = id;
		if (!sa_wanted(sa, attrs, &dst))
			continue;
		err = vpnha_nl_fill_sa(skb, &hdr, sa, keys);
		if (err)
			break;
	}
	if (!err)
		cb->args[0] = LONG_MAX;
	rtnl_unlock();
	return vpnha_nl_dump_end(skb, cb, err);
}

int vpnha_nl_sa_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_SA_GET, reply_sa);
}

int vpnha_nl_sa_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_sas(skb, cb, VPNHA_CMD_SA_GET, false);
}

int vpnha_nl_sa_key_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_SA_KEY_GET, reply_sa);
}

int vpnha_nl_sa_key_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	return dump_sas(skb, cb, VPNHA_CMD_SA_KEY_GET, true);
}

static int reply_stats(struct genl_info *info, struct sk_buff *skb,
		       const struct vpnha_nl_hdr *hdr)
{
	const struct nlattr *only = info->attrs[VPNHA_A_ESP_STATS_REASON];

	return vpnha_nl_fill_esp_stats(skb, hdr, esp_net(genl_info_net(info)),
				       only ? nla_get_u32(only) : 0);
}

int vpnha_nl_esp_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_ESP_STATS_GET, reply_stats);
}
