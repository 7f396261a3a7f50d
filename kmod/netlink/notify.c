// SPDX-License-Identifier: GPL-2.0
/* Changes, told on multicast groups as they happen. */
#include <net/genetlink.h>

#include "hsrp/object.h"
#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

/**
 * vpnha_nl_event() - begin a message for listeners
 * @net: namespace
 * @group: multicast group
 *
 * Nobody pays for messages that nobody gets; who misses one is told so.
 * Context: any. Return: the message, or NULL.
 */
struct sk_buff *vpnha_nl_event(struct net *net, unsigned int group)
{
	struct sk_buff *skb;

	if (!genl_has_listeners(&vpnha_nl_family, net, group))
		return NULL;
	skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_ATOMIC);
	if (!skb)
		genl_set_err(&vpnha_nl_family, net, 0, group, -ENOBUFS);
	return skb;
}

/**
 * vpnha_nl_send_event() - send a message to listeners
 * @net: namespace
 * @skb: message, consumed
 * @group: multicast group
 * @err: what the filler returned
 *
 * Context: any.
 */
void vpnha_nl_send_event(struct net *net, struct sk_buff *skb,
			 unsigned int group, int err)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_multicast_netns(&vpnha_nl_family, net, skb, 0, group,
				GFP_ATOMIC);
}

static bool debug_wanted(struct net *net)
{
	return genl_has_listeners(&vpnha_nl_family, net, VPNHA_NLGRP_DEBUG);
}

static void debug(struct net *net, const struct hsrp_debug *d)
{
	const struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_DEBUG_EVENT };
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_DEBUG);

	if (skb)
		vpnha_nl_send_event(net, skb, VPNHA_NLGRP_DEBUG,
				    vpnha_nl_fill_debug(skb, &hdr, d));
}

static void group_notify(struct hsrp_group *g, u8 cmd)
{
	const struct vpnha_nl_hdr hdr = { .cmd = cmd };
	struct net *net = g->iface->hn->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		vpnha_nl_send_event(net, skb, VPNHA_NLGRP_EVENTS,
				    vpnha_nl_fill_group(skb, &hdr, g, false));
}

static void group_changed(struct hsrp_group *g)
{
	group_notify(g, VPNHA_CMD_GROUP_NTF);
}

static void group_removed(struct hsrp_group *g)
{
	group_notify(g, VPNHA_CMD_GROUP_DEL_NTF);
}

static void iface_notify(struct hsrp_iface *iface, u8 cmd)
{
	const struct vpnha_nl_hdr hdr = { .cmd = cmd };
	struct net *net = iface->hn->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		vpnha_nl_send_event(net, skb, VPNHA_NLGRP_EVENTS,
				    vpnha_nl_fill_iface(skb, &hdr, iface));
}

static void iface_changed(struct hsrp_iface *iface)
{
	iface_notify(iface, VPNHA_CMD_INTERFACE_NTF);
}

static void iface_removed(struct hsrp_iface *iface)
{
	iface_notify(iface, VPNHA_CMD_INTERFACE_DEL_NTF);
}

static void track_notify(struct hsrp_track *t, u8 cmd)
{
	const struct vpnha_nl_hdr hdr = { .cmd = cmd };
	struct net *net = t->group->iface->hn->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		vpnha_nl_send_event(net, skb, VPNHA_NLGRP_EVENTS,
				    vpnha_nl_fill_track(skb, &hdr, t));
}

static void track_changed(struct hsrp_track *t)
{
	track_notify(t, VPNHA_CMD_TRACK_NTF);
}

static void track_removed(struct hsrp_track *t)
{
	track_notify(t, VPNHA_CMD_TRACK_DEL_NTF);
}

static void object_notify(struct hsrp_object *object, u8 cmd)
{
	const struct vpnha_nl_hdr hdr = { .cmd = cmd };
	struct net *net = object->hn->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		vpnha_nl_send_event(net, skb, VPNHA_NLGRP_EVENTS,
				    vpnha_nl_fill_tracked(skb, &hdr, object));
}

static void object_changed(struct hsrp_object *object)
{
	object_notify(object, VPNHA_CMD_OBJECT_NTF);
}

static void object_removed(struct hsrp_object *object)
{
	object_notify(object, VPNHA_CMD_OBJECT_DEL_NTF);
}

const struct hsrp_upcalls vpnha_nl_hsrp_upcalls = {
	.debug_wanted = debug_wanted,
	.debug = debug,
	.group_role = esp_group_role,
	.group_changed = group_changed,
	.group_removed = group_removed,
	.iface_changed = iface_changed,
	.iface_removed = iface_removed,
	.track_changed = track_changed,
	.track_removed = track_removed,
	.object_changed = object_changed,
	.object_removed = object_removed,
};
