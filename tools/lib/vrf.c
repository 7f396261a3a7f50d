// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "lib/alloc.h"
#include "lib/decode.h"
#include "lib/vrf.h"

#define VRF_KIND	"vrf"

/**
 * vrfs_take() - Take the description of a device, which may be a VRF.
 * @v: VRFs
 * @h: rtnetlink message
 *
 * Return: 0 or a negative error of libnl.
 */
int vrfs_take(struct vrfs *v, struct nlmsghdr *h)
{
	struct nlattr *tb[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1], *data[IFLA_VRF_MAX + 1];
	struct vrf vrf;
	int ret;

	if (h->nlmsg_type != RTM_NEWLINK)
		return 0;
	ret = nlmsg_parse(h, sizeof(struct ifinfomsg), tb, IFLA_MAX, NULL);
	if (ret < 0)
		return ret;
	if (!tb[IFLA_LINKINFO] || !decode_ifname(tb[IFLA_IFNAME], vrf.name))
		return 0;
	ret = nla_parse_nested(info, IFLA_INFO_MAX, tb[IFLA_LINKINFO], NULL);
	if (ret < 0)
		return ret;
	if (!info[IFLA_INFO_KIND] || nla_strcmp(info[IFLA_INFO_KIND], VRF_KIND) ||
	    !info[IFLA_INFO_DATA])
		return 0;
	ret = nla_parse_nested(data, IFLA_VRF_MAX, info[IFLA_INFO_DATA], NULL);
	if (ret < 0 || !data[IFLA_VRF_TABLE])
		return ret;
	vrf.table = decode_u32(data[IFLA_VRF_TABLE]);
	v->items = array_grow(v->items, v->n_items, sizeof(*v->items));
	v->items[v->n_items++] = vrf;
	return 0;
}

static int take(struct nl_msg *msg, void *data)
{
	int ret = vrfs_take(data, nlmsg_hdr(msg));

	return ret < 0 ? ret : NL_OK;
}

/**
 * vrfs_get() - Ask the kernel for the VRFs of the namespace.
 * @v: result, to be freed; those that were found until something failed
 *
 * Return: 0 or a negative error of libnl.
 */
int vrfs_get(struct vrfs *v)
{
	struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	struct nl_sock *sock = nl_socket_alloc();
	int ret;

	memset(v, 0, sizeof(*v));
	if (!sock)
		return -NLE_NOMEM;
	ret = nl_connect(sock, NETLINK_ROUTE);
	if (ret >= 0)
		ret = nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take, v);
	if (ret >= 0)
		ret = nl_send_simple(sock, RTM_GETLINK, NLM_F_DUMP, &header, sizeof(header));
	if (ret >= 0)
		ret = nl_recvmsgs_default(sock);
	nl_socket_free(sock);
	return ret < 0 ? ret : 0;
}

/**
 * vrfs_free() - Release what a list of VRFs holds.
 * @v: VRFs
 */
void vrfs_free(struct vrfs *v)
{
	free(v->items);
	memset(v, 0, sizeof(*v));
}

/**
 * vrfs_name() - Look up the VRF that has a routing table.
 * @v: VRFs
 * @table: number of the table
 *
 * Return: its name; empty: there is none.
 */
const char *vrfs_name(const struct vrfs *v, uint32_t table)
{
	for (size_t n = 0; n < v->n_items; n++)
		if (v->items[n].table == table)
			return v->items[n].name;
	return "";
}
