// SPDX-License-Identifier: GPL-2.0
/* The routes of reverse route injection: as messages, asked for, and told. */
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "compat/genl.h"
#include "core/refuse.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

static int put_ifname(struct sk_buff *skb, struct net *net, int type,
		      int ifindex)
{
	const struct net_device *dev = __dev_get_by_index(net, ifindex);

	return dev ? nla_put_string(skb, type, dev->name) : 0;
}

static int put_claim(struct sk_buff *skb, struct rri_net *rn,
		     const struct rri_claim *claim)
{
	const struct rri_peer *peer = claim->peer;
	const struct rri_site *site = peer->site;

	if ((claim->tag && nla_put_u32(skb, VPNHA_A_ROUTE_TAG, claim->tag)) ||
	    nla_put_string(skb, VPNHA_A_ROUTE_IFNAME, site->ifname) ||
	    nla_put_string(skb, VPNHA_A_ROUTE_MAP, site->map) ||
	    nla_put_u32(skb, VPNHA_A_ROUTE_NUMBER, claim->number) ||
	    nla_put_u32(skb, VPNHA_A_ROUTE_KIND, claim->kind) ||
	    nla_put_u8(skb, VPNHA_A_ROUTE_TO_PEER, claim->to_peer) ||
	    vpnha_nl_put_addr(skb, VPNHA_A_ROUTE_PEER, &peer->addr) ||
	    nla_put_string(skb, VPNHA_A_ROUTE_DEVICE, claim->to_peer ?
			   site->ifname : site->device))
		return -EMSGSIZE;
	if (claim->to_peer)
		return vpnha_nl_put_addr(skb, VPNHA_A_ROUTE_NEXT_HOP, &peer->gateway) ||
		       nla_put_string(skb, VPNHA_A_ROUTE_NEXT_HOP_DEVICE,
				      site->ifname) ? -EMSGSIZE : 0;
	if (!peer->reached)
		return 0;
	return vpnha_nl_put_addr(skb, VPNHA_A_ROUTE_NEXT_HOP, &peer->next_hop) ||
	       put_ifname(skb, rn->net, VPNHA_A_ROUTE_NEXT_HOP_DEVICE,
			  peer->oif) ? -EMSGSIZE : 0;
}

/* Nobody asks for it any more: what is known of it is what it was. */
static int put_rest(struct sk_buff *skb, struct rri_net *rn,
		    const struct rri_route *route)
{
	const struct vpnha_route *r = &route->have;

	if ((r->via &&
	     nla_put(skb, VPNHA_A_ROUTE_PEER, esp_addr_len(r->family),
		     r->gateway)) ||
	    put_ifname(skb, rn->net, VPNHA_A_ROUTE_DEVICE, r->ifindex))
		return -EMSGSIZE;
	return 0;
}

/**
 * vpnha_nl_fill_route() - write a route into a message
 * @skb: message
 * @hdr: its header
 * @rn: namespace
 * @route: route
 *
 * Context: RTNL. Return: 0 or -EMSGSIZE.
 */
int vpnha_nl_fill_route(struct sk_buff *skb, const struct vpnha_nl_hdr *hdr,
			struct rri_net *rn, const struct rri_route *route)
{
	const struct rri_claim *claim = rri_claim_of(route);
	const struct rri_key *key = &route->key;
	void *msg;

	msg = genlmsg_put(skb, hdr->portid, hdr->seq, &vpnha_nl_family,
			  hdr->flags, hdr->cmd);
	if (!msg)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VPNHA_A_ROUTE_TABLE, key->table) ||
	    nla_put(skb, VPNHA_A_ROUTE_DST, esp_addr_len(key->family),
		    key->dst) ||
	    nla_put_u8(skb, VPNHA_A_ROUTE_PREFIX_LEN, key->plen) ||
	    nla_put_u32(skb, VPNHA_A_ROUTE_DISTANCE, key->metric) ||
	    (claim ? put_claim(skb, rn, claim) : put_rest(skb, rn, route)) ||
	    nla_put_u32(skb, VPNHA_A_ROUTE_USES, route->uses) ||
	    nla_put_u32(skb, VPNHA_A_ROUTE_STATE, route->state) ||
	    (route->error &&
	     nla_put_s32(skb, VPNHA_A_ROUTE_ERROR, route->error))) {
		genlmsg_cancel(skb, msg);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return 0;
}

static int read_key(struct nlattr **attrs, struct rri_key *key,
		    struct netlink_ext_ack *extack)
{
	struct esp_addr dst = {};
	int err = 0;

	memset(key, 0, sizeof(*key));
	if (attrs[VPNHA_A_ROUTE_TABLE])
		key->table = nla_get_u32(attrs[VPNHA_A_ROUTE_TABLE]);
	if (attrs[VPNHA_A_ROUTE_DST])
		err = esp_read_addr(attrs[VPNHA_A_ROUTE_DST], &dst, extack);
	key->family = dst.family;
	memcpy(key->dst, dst.ip, sizeof(key->dst));
	if (attrs[VPNHA_A_ROUTE_PREFIX_LEN])
		key->plen = nla_get_u8(attrs[VPNHA_A_ROUTE_PREFIX_LEN]);
	if (attrs[VPNHA_A_ROUTE_DISTANCE])
		key->metric = nla_get_u32(attrs[VPNHA_A_ROUTE_DISTANCE]);
	return err;
}

static int need(struct genl_info *info, int type, const char *why)
{
	return info->attrs[type] ? 0 : esp_missing(info->extack, type, why);
}

static int reply_route(struct genl_info *info, struct sk_buff *skb,
		       const struct vpnha_nl_hdr *hdr)
{
	struct rri_net *rn = rri_net(genl_info_net(info));
	const struct rri_route *route;
	struct rri_key key;
	int err;

	err = need(info, VPNHA_A_ROUTE_TABLE, "routing table is missing");
	if (!err)
		err = need(info, VPNHA_A_ROUTE_DST, "destination is missing");
	if (!err)
		err = need(info, VPNHA_A_ROUTE_PREFIX_LEN,
			   "length of the prefix is missing");
	if (!err)
		err = need(info, VPNHA_A_ROUTE_DISTANCE, "distance is missing");
	if (!err)
		err = read_key(info->attrs, &key, info->extack);
	if (err)
		return err;
	route = rri_route_find(rn, &key);
	if (!route)
		return vpnha_refuse(info->extack,
				    info->attrs[VPNHA_A_ROUTE_DST], -ENOENT,
				    "no crypto map asks for such a route");
	return vpnha_nl_fill_route(skb, hdr, rn, route);
}

int vpnha_nl_route_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return vpnha_nl_get(info, VPNHA_CMD_ROUTE_GET, reply_route);
}

static bool is_wanted(const struct rri_key *key, struct nlattr **attrs,
		      const struct rri_key *filter)
{
	if (attrs[VPNHA_A_ROUTE_TABLE] && key->table != filter->table)
		return false;
	if (attrs[VPNHA_A_ROUTE_DST] &&
	    (key->family != filter->family ||
	     memcmp(key->dst, filter->dst, sizeof(key->dst))))
		return false;
	if (attrs[VPNHA_A_ROUTE_PREFIX_LEN] && key->plen != filter->plen)
		return false;
	return !attrs[VPNHA_A_ROUTE_DISTANCE] || key->metric == filter->metric;
}

/**
 * struct place - where a dump goes on, in netlink_callback.args
 * @begun: something has been dumped
 * @done: nothing is left
 * @key: of the next route
 */
struct place {
	bool begun;
	bool done;
	struct rri_key key;
};

int vpnha_nl_route_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct nlattr **attrs = vpnha_genl_dump_attrs(cb);
	struct place *place = (struct place *)cb->args;
	struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_ROUTE_GET };
	const struct rri_route *route;
	struct rri_key filter;
	struct rri_net *rn;
	int err;

	BUILD_BUG_ON(sizeof(*place) > sizeof(cb->args));
	err = read_key(attrs, &filter, cb->extack);
	if (err || place->done)
		return err;
	if (!vpnha_nl_lock(cb->extack))
		return -ESHUTDOWN;
	rn = rri_net(sock_net(cb->skb->sk));
	vpnha_nl_dump_begin(cb, &hdr, rn->changes);
	for (route = rri_route_from(rn, place->begun ? &place->key : NULL);
	     route; route = rri_route_next(route)) {
		place->key = route->key;
		place->begun = true;
		if (!is_wanted(&route->key, attrs, &filter))
			continue;
		err = vpnha_nl_fill_route(skb, &hdr, rn, route);
		if (err)
			break;
	}
	place->done = !err;
	rtnl_unlock();
	return vpnha_nl_dump_end(skb, cb, err);
}

static void route(struct rri_net *rn, const struct rri_route *route,
		  bool removed)
{
	const struct vpnha_nl_hdr hdr = {
		.cmd = removed ? VPNHA_CMD_ROUTE_DEL_NTF : VPNHA_CMD_ROUTE_NTF,
	};
	struct sk_buff *skb = vpnha_nl_event(rn->net, VPNHA_NLGRP_EVENTS);

	if (skb)
		vpnha_nl_send_event(rn->net, skb, VPNHA_NLGRP_EVENTS,
				    vpnha_nl_fill_route(skb, &hdr, rn, route));
}

const struct rri_upcalls vpnha_nl_rri_upcalls = {
	.route = route,
};
