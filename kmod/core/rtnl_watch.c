// SPDX-License-Identifier: GPL-2.0
/*
 * What rtnetlink tells everybody of routes. The notifier chains of the tables
 * are for those who offload them, and pass over a route that is not the best of
 * its prefix.
 */
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "core/rtnl.h"

#define GROUPS	(BIT(RTNLGRP_IPV4_ROUTE - 1) | BIT(RTNLGRP_IPV6_ROUTE - 1))

/**
 * struct vpnha_rtnl_watch - a socket that hears of routes
 * @sock: the socket
 * @watcher: who is told
 * @ctx: the watcher's own
 */
struct vpnha_rtnl_watch {
	struct socket *sock;
	const struct vpnha_rtnl_watcher *watcher;
	void *ctx;
};

static u32 get_u32(const struct nlattr *nla)
{
	return nla && nla_len(nla) == sizeof(u32) ? nla_get_u32(nla) : 0;
}

/* Return: false for what is no route of its own, or one that is told apart by more. */
static bool read_event(const struct nlmsghdr *nlh,
		       struct vpnha_route_event *event)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *rtm;

	if ((nlh->nlmsg_type != RTM_NEWROUTE &&
	     nlh->nlmsg_type != RTM_DELROUTE) ||
	    nlmsg_parse_deprecated(nlh, sizeof(*rtm), tb, RTA_MAX, NULL, NULL))
		return false;
	rtm = nlmsg_data(nlh);
	if (rtm->rtm_flags & RTM_F_CLONED || rtm->rtm_src_len || rtm->rtm_tos)
		return false;
	memset(event, 0, sizeof(*event));
	event->table = tb[RTA_TABLE] ? get_u32(tb[RTA_TABLE]) : rtm->rtm_table;
	event->metric = get_u32(tb[RTA_PRIORITY]);
	event->family = rtm->rtm_family;
	event->plen = rtm->rtm_dst_len;
	if (tb[RTA_DST])
		nla_memcpy(event->dst, tb[RTA_DST], sizeof(event->dst));
	event->gone = nlh->nlmsg_type == RTM_DELROUTE;
	event->replaced = !event->gone && nlh->nlmsg_flags & NLM_F_REPLACE;
	event->port = nlh->nlmsg_pid;
	return true;
}

/*
 * In the context of whoever changes the table, and before that goes on: what is
 * heard is never older than what was asked of the table since.
 */
static void data_ready(struct sock *sk)
{
	struct vpnha_rtnl_watch *watch = sk->sk_user_data;
	struct vpnha_route_event event;
	struct nlmsghdr *nlh;
	struct sk_buff *skb;

	while ((skb = skb_dequeue(&sk->sk_receive_queue))) {
		nlh = nlmsg_hdr(skb);
		/* Anybody with the right to can send to the port, too. */
		if (!NETLINK_CB(skb).portid && nlmsg_ok(nlh, skb->len) &&
		    read_event(nlh, &event))
			watch->watcher->route(watch->ctx, &event);
		consume_skb(skb);
	}
}

static void error_report(struct sock *sk)
{
	struct vpnha_rtnl_watch *watch = sk->sk_user_data;

	watch->watcher->missed(watch->ctx);
}

static void prepare(struct sock *sk, void *ctx)
{
	sk->sk_user_data = ctx;
	sk->sk_data_ready = data_ready;
	sk->sk_error_report = error_report;
}

/**
 * vpnha_rtnl_watch() - hear of routes
 * @net: namespace
 * @watcher: who is told
 * @ctx: what the watcher is told with
 *
 * Context: process. Return: what vpnha_rtnl_unwatch() ends, or an ERR_PTR.
 */
struct vpnha_rtnl_watch *
vpnha_rtnl_watch(struct net *net, const struct vpnha_rtnl_watcher *watcher,
		 void *ctx)
{
	struct vpnha_rtnl_watch *watch;
	s64 port;

	watch = kzalloc(sizeof(*watch), GFP_KERNEL);
	if (!watch)
		return ERR_PTR(-ENOMEM);
	watch->watcher = watcher;
	watch->ctx = ctx;
	port = vpnha_rtnl_open(net, GROUPS, &watch->sock, prepare, watch);
	if (port < 0) {
		kfree(watch);
		return ERR_PTR(port);
	}
	return watch;
}

/**
 * vpnha_rtnl_watch_recover() - hear again after something was missed
 * @watch: of vpnha_rtnl_watch()
 *
 * What there is has to be looked at after this, not before. Context: process.
 */
void vpnha_rtnl_watch_recover(struct vpnha_rtnl_watch *watch)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	struct kvec iov = { };

	/* Takes the error away, and with it the mark of one that is congested. */
	while (kernel_recvmsg(watch->sock, &msg, &iov, 1, 0, MSG_DONTWAIT) ==
	       -ENOBUFS)
		;
}

/**
 * vpnha_rtnl_unwatch() - hear of routes no more
 * @watch: of vpnha_rtnl_watch()
 *
 * Whoever was being told has been when it returns. Context: process.
 */
void vpnha_rtnl_unwatch(struct vpnha_rtnl_watch *watch)
{
	sock_release(watch->sock);
	kfree(watch);
}
