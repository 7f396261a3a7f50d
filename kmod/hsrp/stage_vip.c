// SPDX-License-Identifier: GPL-2.0
/*
 * Staging of virtual IPs. A group is of one IP version, but may change over to
 * the other: what a request says of one version leaves alone what there is of
 * the other, and hsrp_check_family() finds what does not go together.
 */
#include <net/ipv6.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "hsrp/config.h"
#include "hsrp/ipv6.h"

/* Those of one IP version make room. */
static void drop_secondary(struct hsrp_group_cfg *next, bool ipv6)
{
	unsigned int from, to = 0;

	for (from = 0; from < next->n_secondary; from++) {
		if (hsrp_addr_is4(&next->secondary[from]) != ipv6)
			continue;
		next->secondary[to] = next->secondary[from];
		next->plens[to++] = next->plens[from];
	}
	next->n_secondary = to;
}

static int add_secondary(struct hsrp_txn *txn, struct hsrp_group *g,
			 const struct nlattr *attr,
			 const struct in6_addr *addr, u8 plen)
{
	struct hsrp_group_cfg *next = &g->next;

	if (hsrp_addr_any(addr))
		return 0;
	if (hsrp_addr_is4(addr) ? !hsrp_addr_is_unicast(addr) :
				  !hsrp_addr6_is_global(addr))
		return vpnha_refuse(txn->extack, attr, -EADDRNOTAVAIL,
				    "virtual IP must be a unicast address");
	if (next->n_secondary == VPNHA_SECONDARY_MAX)
		return vpnha_refuse(txn->extack, attr, -E2BIG, plen ?
				    "too many global virtual IPs" :
				    "too many secondary virtual IPs");
	next->secondary[next->n_secondary] = *addr;
	next->plens[next->n_secondary++] = plen;
	return 0;
}

static int add_global(struct hsrp_txn *txn, struct hsrp_group *g,
		      const struct nlattr *nest)
{
	struct nlattr *attrs[VPNHA_A_GLOBAL_MAX + 1];
	const struct nlattr *plen;
	struct in6_addr addr;
	int err;

	err = nla_parse_nested(attrs, VPNHA_A_GLOBAL_MAX, nest, NULL,
			       txn->extack);
	if (err)
		return err;
	if (!attrs[VPNHA_A_GLOBAL_ADDRESS])
		return vpnha_refuse(txn->extack, nest, -EINVAL,
				    "global virtual IP is missing");
	addr = nla_get_in6_addr(attrs[VPNHA_A_GLOBAL_ADDRESS]);
	/* To tell it from one of IPv4 it must not look like one. */
	if (hsrp_addr_is4(&addr))
		return vpnha_refuse(txn->extack, nest, -EADDRNOTAVAIL,
				    "virtual IP must be a unicast address");
	plen = attrs[VPNHA_A_GLOBAL_PREFIX_LEN];
	return add_secondary(txn, g, nest, &addr,
			     plen ? nla_get_u32(plen) : HSRP_HOST_PLEN);
}

/* Those given replace what there was of the version; none stands for none. */
static int stage_secondary(struct hsrp_txn *txn, struct hsrp_group *g,
			   struct nlattr **attrs)
{
	const struct nlattr *attr;
	struct in6_addr addr;
	int rem, err = 0;

	if (attrs[VPNHA_A_GROUP_SECONDARY])
		drop_secondary(&g->next, false);
	if (attrs[VPNHA_A_GROUP_GLOBAL6])
		drop_secondary(&g->next, true);
	nla_for_each_attr(attr, txn->raw, txn->raw_len, rem) {
		if (nla_type(attr) == VPNHA_A_GROUP_SECONDARY) {
			addr = hsrp_addr4(nla_get_in_addr(attr));
			err = add_secondary(txn, g, attr, &addr, 0);
		} else if (nla_type(attr) == VPNHA_A_GROUP_GLOBAL6) {
			err = add_global(txn, g, attr);
		}
		if (err)
			return err;
	}
	return 0;
}

static void set_vip(struct hsrp_group *g, const struct in6_addr *vip,
		    const struct nlattr *attr, bool ipv6)
{
	struct hsrp_group_cfg *next = &g->next;

	/* None of the other version is none, too. */
	if (hsrp_addr_any(vip) && !hsrp_addr_any(&next->vip) &&
	    hsrp_addr_is4(&next->vip) == ipv6)
		return;
	next->vip = *vip;
	next->made = false;
	g->txn_vip = attr;
}

static int stage_vip(struct hsrp_txn *txn, struct hsrp_group *g,
		     const struct nlattr *attr)
{
	const struct in6_addr vip = hsrp_addr4(nla_get_in_addr(attr));

	if (!hsrp_addr_any(&vip) && !hsrp_addr_is_unicast(&vip))
		return vpnha_refuse(txn->extack, attr, -EADDRNOTAVAIL,
				    "virtual IP must be a unicast address");
	set_vip(g, &vip, attr, false);
	return 0;
}

static int stage_vip6(struct hsrp_txn *txn, struct hsrp_group *g,
		      const struct nlattr *attr)
{
	const struct in6_addr vip = nla_get_in6_addr(attr);

	if (!hsrp_addr_any(&vip) && !hsrp_addr_is_link_local(&vip))
		return vpnha_refuse(txn->extack, attr, -EADDRNOTAVAIL,
				    "virtual IPv6 address must be a link-local one");
	set_vip(g, &vip, attr, true);
	return 0;
}

/* The link-local address is made where it is asked for, or needed. */
static void make_vip(struct hsrp_group *g)
{
	struct hsrp_group_cfg *next = &g->next;

	if (next->made)
		next->vip = in6addr_any;
	next->made = next->ipv6 && hsrp_addr_any(&next->vip) &&
		     (next->autoconfig || next->n_secondary);
	if (next->made)
		next->vip = hsrp_addr_made(g->number);
}

/**
 * hsrp_stage_addresses() - stage the virtual IPs of a group
 * @txn: open transaction
 * @g: group
 * @attrs: indexed by VPNHA_A_GROUP_*
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_stage_addresses(struct hsrp_txn *txn, struct hsrp_group *g,
			 struct nlattr **attrs)
{
	int err = 0;

	hsrp_take_bool(&g->next.ipv6, attrs[VPNHA_A_GROUP_IPV6]);
	hsrp_take_bool(&g->next.autoconfig, attrs[VPNHA_A_GROUP_AUTOCONFIG]);
	if (attrs[VPNHA_A_GROUP_IPV6] || attrs[VPNHA_A_GROUP_AUTOCONFIG] ||
	    attrs[VPNHA_A_GROUP_VIP] || attrs[VPNHA_A_GROUP_SECONDARY] ||
	    attrs[VPNHA_A_GROUP_VIP6] || attrs[VPNHA_A_GROUP_GLOBAL6]) {
		g->txn_attrs = txn->raw;
		g->txn_attrs_len = txn->raw_len;
	}
	if (attrs[VPNHA_A_GROUP_VIP])
		err = stage_vip(txn, g, attrs[VPNHA_A_GROUP_VIP]);
	if (!err && attrs[VPNHA_A_GROUP_VIP6])
		err = stage_vip6(txn, g, attrs[VPNHA_A_GROUP_VIP6]);
	if (!err)
		err = stage_secondary(txn, g, attrs);
	if (!err)
		make_vip(g);
	return err;
}

/**
 * hsrp_staged_attr() - find the attribute that gave something of a group
 * @g: group
 * @type: VPNHA_A_GROUP_* of it
 *
 * Context: RTNL, in a transaction. Return: the attribute, or that which named
 * the group.
 */
const struct nlattr *hsrp_staged_attr(const struct hsrp_group *g, int type)
{
	const struct nlattr *attr;

	attr = nla_find(g->txn_attrs, g->txn_attrs_len, type);
	return attr ?: g->txn_key;
}

/* What gave an address of a version, where the group is of the other. */
static const struct nlattr *intruder(const struct hsrp_group *g, bool ipv6)
{
	const struct hsrp_group_cfg *next = &g->next;
	unsigned int i;

	if (!hsrp_addr_any(&next->vip) && !next->made &&
	    hsrp_addr_is4(&next->vip) != ipv6)
		return g->txn_vip ?: hsrp_staged_attr(g, VPNHA_A_GROUP_IPV6);
	for (i = 0; i < next->n_secondary; i++)
		if (hsrp_addr_is4(&next->secondary[i]) != ipv6)
			return hsrp_staged_attr(g, hsrp_secondary_type(ipv6));
	return NULL;
}

/**
 * hsrp_check_family() - does what a group has go with its IP version?
 * @txn: open transaction
 * @g: group that it touched, and leaves there
 * @version: HSRP version that its interface is to speak
 *
 * Context: RTNL. Return: 0 or a negative errno, with a message.
 */
int hsrp_check_family(struct hsrp_txn *txn, const struct hsrp_group *g,
		      u8 version)
{
	const struct hsrp_group_cfg *next = &g->next;
	const struct nlattr *attr = intruder(g, !next->ipv6);

	if (attr)
		return vpnha_refuse(txn->extack, attr, -EINVAL, next->ipv6 ?
				    "an IPv6 group has no IPv4 address" :
				    "an IPv4 group has no IPv6 address");
	if (next->autoconfig && !next->ipv6)
		return vpnha_refuse(txn->extack,
				    hsrp_staged_attr(g, VPNHA_A_GROUP_AUTOCONFIG),
				    -EINVAL,
				    "an IPv4 group has no IPv6 address");
	if (next->autoconfig && !next->made)
		return vpnha_refuse(txn->extack, g->txn_vip ?:
				    hsrp_staged_attr(g, VPNHA_A_GROUP_AUTOCONFIG),
				    -EINVAL,
				    "the link-local address is given or made, not both");
	if (next->ipv6 && version != 2)
		return vpnha_refuse(txn->extack,
				    hsrp_staged_attr(g, VPNHA_A_GROUP_IPV6),
				    -EINVAL, "IPv6 needs HSRP version 2");
	return 0;
}
