// SPDX-License-Identifier: GPL-2.0
/* What ESP tells, on the multicast group of events. */
#include <net/genetlink.h>

#include "netlink/fill.h"
#include "netlink/vpnha-nl-gen.h"

static void send(struct net *net, struct sk_buff *skb, int err)
{
	vpnha_nl_send_event(net, skb, VPNHA_NLGRP_EVENTS, err);
}

static void object(struct esp_net *en, struct esp_object *o, bool removed)
{
	static const u8 cmds[ESP_KINDS][2] = {
		[ESP_TSET] = { VPNHA_CMD_TRANSFORM_SET_NTF,
			       VPNHA_CMD_TRANSFORM_SET_DEL_NTF },
		[ESP_ACL] = { VPNHA_CMD_ACL_NTF, VPNHA_CMD_ACL_DEL_NTF },
		[ESP_MAP] = { VPNHA_CMD_MAP_NTF, VPNHA_CMD_MAP_DEL_NTF },
		[ESP_DYNAMIC] = { VPNHA_CMD_DYNAMIC_MAP_NTF,
				  VPNHA_CMD_DYNAMIC_MAP_DEL_NTF },
		[ESP_BINDING] = { VPNHA_CMD_BINDING_NTF,
				  VPNHA_CMD_BINDING_DEL_NTF },
	};
	const struct vpnha_nl_hdr hdr = { .cmd = cmds[o->kind][removed] };
	struct sk_buff *skb = vpnha_nl_event(en->net, VPNHA_NLGRP_EVENTS);

	if (skb)
		send(en->net, skb,
		     vpnha_nl_fill_object(skb, &hdr, en, o, false));
}

static void sa(struct esp_sa *sa, bool removed)
{
	const struct vpnha_nl_hdr hdr = {
		.cmd = removed ? VPNHA_CMD_SA_DEL_NTF : VPNHA_CMD_SA_NTF,
	};
	struct net *net = sa->en->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		send(net, skb, vpnha_nl_fill_sa(skb, &hdr, sa, false));
}

static void sa_event(struct esp_sa *sa, enum vpnha_sa_event_kind kind,
		     enum vpnha_expiry_cause cause, u64 seq)
{
	const struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_SA_EVENT };
	struct net *net = sa->en->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		send(net, skb,
		     vpnha_nl_fill_sa_event(skb, &hdr, sa, kind, cause, seq));
}

static void mapping(struct esp_sa *sa, const struct esp_addr *src, u16 sport)
{
	const struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_SA_EVENT };
	struct net *net = sa->en->net;
	struct sk_buff *skb = vpnha_nl_event(net, VPNHA_NLGRP_EVENTS);

	if (skb)
		send(net, skb,
		     vpnha_nl_fill_mapping(skb, &hdr, sa, src, sport));
}

static void acquire(struct esp_net *en, const struct esp_acquire *a)
{
	const struct vpnha_nl_hdr hdr = { .cmd = VPNHA_CMD_ACQUIRE_EVENT };
	struct sk_buff *skb = vpnha_nl_event(en->net, VPNHA_NLGRP_EVENTS);

	if (skb)
		send(en->net, skb, vpnha_nl_fill_acquire(skb, &hdr, a));
}

static bool heard(struct esp_net *en)
{
	return genl_has_listeners(&vpnha_nl_family, en->net,
				  VPNHA_NLGRP_EVENTS);
}

const struct esp_upcalls vpnha_nl_esp_upcalls = {
	.object = object,
	.sa = sa,
	.sa_event = sa_event,
	.mapping = mapping,
	.acquire = acquire,
	.heard = heard,
	.changed = rri_kick,
};
