// SPDX-License-Identifier: GPL-2.0
#include <linux/if_addr.h>
#include <linux/in6.h>
#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netlink.h>
#include <net/sock.h>

#include "core/rtnl.h"

/*
 * Header, ifaddrmsg, two addresses, two attributes of four bytes and one of
 * sixteen, or rtmsg, four attributes of four bytes and two addresses; acks carry
 * more.
 */
#define REQUEST_SIZE	128
#define REPLY_SIZE	512

/**
 * struct vpnha_rtnl - an rtnetlink client in one namespace
 * @sock: the socket; a kernel socket holds no reference on the namespace
 * @port: its port, which notifications of what it has done carry
 * @lock: one request at a time, from request to acknowledgment
 * @seq: sequence number of the last request
 */
struct vpnha_rtnl {
	struct socket *sock;
	u32 port;
	struct mutex lock;	/* from request to acknowledgment */
	u32 seq;
};

/**
 * vpnha_rtnl_open() - open a socket of rtnetlink
 * @net: namespace, of which it holds no reference
 * @groups: bits of those that it hears
 * @sock: takes the socket, to be released by sock_release()
 * @prepare: called with the socket before it hears anything; may be NULL
 * @ctx: for @prepare
 *
 * Context: process. Return: its port, or a negative errno.
 */
s64 vpnha_rtnl_open(struct net *net, u32 groups, struct socket **sock,
		    void (*prepare)(struct sock *sk, void *ctx), void *ctx)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = groups,
	};
	int err;

	err = sock_create_kern(net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, sock);
	if (err)
		return err;
	if (prepare)
		prepare((*sock)->sk, ctx);
	err = kernel_bind(*sock, (struct sockaddr *)&addr, sizeof(addr));
	if (!err)
		err = kernel_getsockname(*sock, (struct sockaddr *)&addr);
	if (err < 0) {
		sock_release(*sock);
		return err;
	}
	return addr.nl_pid;
}

/**
 * vpnha_rtnl_create() - open an rtnetlink client
 * @net: namespace
 *
 * Context: process. Return: the client or an ERR_PTR.
 */
struct vpnha_rtnl *vpnha_rtnl_create(struct net *net)
{
	struct vpnha_rtnl *rtnl;
	s64 port;

	rtnl = kzalloc(sizeof(*rtnl), GFP_KERNEL);
	if (!rtnl)
		return ERR_PTR(-ENOMEM);
	mutex_init(&rtnl->lock);
	port = vpnha_rtnl_open(net, 0, &rtnl->sock, NULL, NULL);
	if (port < 0) {
		kfree(rtnl);
		return ERR_PTR(port);
	}
	rtnl->port = port;
	return rtnl;
}

/**
 * vpnha_rtnl_port() - what notifications of a client's own doings carry
 * @rtnl: client
 *
 * Context: any. Return: its port.
 */
u32 vpnha_rtnl_port(const struct vpnha_rtnl *rtnl)
{
	return rtnl->port;
}

/**
 * vpnha_rtnl_destroy() - close an rtnetlink client
 * @rtnl: the client; nobody uses it any more
 *
 * Context: process.
 */
void vpnha_rtnl_destroy(struct vpnha_rtnl *rtnl)
{
	sock_release(rtnl->sock);
	mutex_destroy(&rtnl->lock);
	kfree(rtnl);
}

/* An acknowledgment is queued when sendmsg returns; others are left-overs. */
static int read_ack(struct vpnha_rtnl *rtnl, void *buf, u32 seq)
{
	struct nlmsghdr *nlh = buf;
	struct kvec iov = { .iov_base = buf, .iov_len = REPLY_SIZE };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };
	int len;

	do {
		len = kernel_recvmsg(rtnl->sock, &msg, &iov, 1, REPLY_SIZE,
				     MSG_DONTWAIT);
		if (len < 0)
			return len;
		if (!nlmsg_ok(nlh, len) || nlh->nlmsg_type != NLMSG_ERROR ||
		    nlmsg_len(nlh) < (int)sizeof(struct nlmsgerr))
			return -EBADMSG;
	} while (nlh->nlmsg_seq != seq);

	return ((struct nlmsgerr *)nlmsg_data(nlh))->error;
}

static int send_requests(struct vpnha_rtnl *rtnl, void *requests, size_t len)
{
	/* Without a destination the capability check would look for a file. */
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
	};
	struct kvec iov = { .iov_base = requests, .iov_len = len };

	return kernel_sendmsg(rtnl->sock, &msg, &iov, 1, len);
}

static int talk(struct vpnha_rtnl *rtnl, struct nlmsghdr *nlh, void *reply)
{
	int err;

	mutex_lock(&rtnl->lock);
	nlh->nlmsg_seq = ++rtnl->seq;
	err = send_requests(rtnl, nlh, nlh->nlmsg_len);
	if (err >= 0)
		err = read_ack(rtnl, reply, nlh->nlmsg_seq);
	mutex_unlock(&rtnl->lock);
	return err;
}

static void put_attr(struct nlmsghdr *nlh, u16 type, const void *data, u16 len)
{
	struct nlattr *nla = (void *)nlh + NLMSG_ALIGN(nlh->nlmsg_len);

	nla->nla_type = type;
	nla->nla_len = nla_attr_size(len);
	memcpy(nla_data(nla), data, len);
	nlh->nlmsg_len = NLMSG_ALIGN(nlh->nlmsg_len) + nla_total_size(len);
}

static void put_u32(struct nlmsghdr *nlh, u16 type, u32 value)
{
	put_attr(nlh, type, &value, sizeof(value));
}

static void put_addr4(struct nlmsghdr *nlh, struct ifaddrmsg *ifm, __be32 addr)
{
	ifm->ifa_family = AF_INET;
	ifm->ifa_prefixlen = 32;
	put_attr(nlh, IFA_LOCAL, &addr, sizeof(addr));
	put_attr(nlh, IFA_ADDRESS, &addr, sizeof(addr));
}

/*
 * Another gateway may have it this moment, and is not to be asked. Deprecated:
 * what this machine sends of its own has a source of its own.
 */
static void put_addr6(struct nlmsghdr *nlh, struct ifaddrmsg *ifm,
		      const struct in6_addr *addr, u8 plen)
{
	const struct ifa_cacheinfo times = {
		.ifa_prefered = 0,
		.ifa_valid = U32_MAX,	/* for ever */
	};
	u32 flags = IFA_F_NODAD;

	if (plen == 128)
		flags |= IFA_F_NOPREFIXROUTE;
	ifm->ifa_family = AF_INET6;
	ifm->ifa_prefixlen = plen;
	put_attr(nlh, IFA_LOCAL, addr, sizeof(*addr));
	put_attr(nlh, IFA_ADDRESS, addr, sizeof(*addr));
	put_u32(nlh, IFA_FLAGS, flags);
	put_attr(nlh, IFA_CACHEINFO, &times, sizeof(times));
}

static int addr_request(struct vpnha_rtnl *rtnl, u16 type, u16 flags,
			int ifindex, const struct in6_addr *addr, u8 plen)
{
	const u8 proto = VPNHA_IFAPROT;
	struct nlmsghdr *nlh;
	struct ifaddrmsg *ifm;
	void *buf;
	int err;

	buf = kzalloc(REQUEST_SIZE + REPLY_SIZE, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;

	nlh = buf;
	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*ifm));
	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	ifm = nlmsg_data(nlh);
	ifm->ifa_scope = RT_SCOPE_UNIVERSE;
	ifm->ifa_index = ifindex;
	if (ipv6_addr_v4mapped(addr))
		put_addr4(nlh, ifm, addr->s6_addr32[3]);
	else
		put_addr6(nlh, ifm, addr, plen);
	put_attr(nlh, IFA_PROTO, &proto, sizeof(proto));

	err = talk(rtnl, nlh, buf + REQUEST_SIZE);
	kfree(buf);
	return err;
}

/**
 * vpnha_rtnl_addr_add() - put an address on an interface
 * @rtnl: client
 * @ifindex: index of the interface
 * @addr: address, one of IPv4 mapped
 * @plen: length of its prefix in bits; one of IPv4 is always a host's
 *
 * The address is marked with VPNHA_IFAPROT. That of a host brings no connected
 * route.
 * Context: process with initial credentials (a work item); takes RTNL.
 * Return: 0 or a negative errno, -EEXIST when the address is there already.
 */
int vpnha_rtnl_addr_add(struct vpnha_rtnl *rtnl, int ifindex,
			const struct in6_addr *addr, u8 plen)
{
	return addr_request(rtnl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
			    ifindex, addr, plen);
}

/**
 * vpnha_rtnl_addr_del() - take an address off an interface
 * @rtnl: client
 * @ifindex: index of the interface
 * @addr: address, one of IPv4 mapped
 * @plen: length of its prefix in bits; one of IPv4 is always a host's
 *
 * Context: process with initial credentials (a work item); takes RTNL.
 * Return: 0 or a negative errno.
 */
int vpnha_rtnl_addr_del(struct vpnha_rtnl *rtnl, int ifindex,
			const struct in6_addr *addr, u8 plen)
{
	return addr_request(rtnl, RTM_DELADDR, 0, ifindex, addr, plen);
}

static void put_route(struct nlmsghdr *nlh, const struct vpnha_route *r,
		      bool add)
{
	const u16 len = r->family == AF_INET ? 4 : 16;
	struct rtmsg *rtm = nlmsg_data(nlh);

	nlh->nlmsg_len = NLMSG_LENGTH(sizeof(*rtm));
	nlh->nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (add)
		nlh->nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
	rtm->rtm_family = r->family;
	rtm->rtm_dst_len = r->plen;
	rtm->rtm_protocol = VPNHA_RTPROT;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = !add ? RT_SCOPE_NOWHERE :
			 r->via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	if (add && r->via && r->onlink)
		rtm->rtm_flags = RTNH_F_ONLINK;
	put_attr(nlh, RTA_DST, r->dst, len);
	put_u32(nlh, RTA_TABLE, r->table);
	put_u32(nlh, RTA_OIF, r->ifindex);
	put_u32(nlh, RTA_PRIORITY, r->metric);
	if (!add)
		return;
	if (r->via)
		put_attr(nlh, RTA_GATEWAY, r->gateway, len);
	if (r->tag && r->family == AF_INET)
		put_u32(nlh, RTA_FLOW, r->tag);
}

/* Looking for one that was lost reads, and so loses, those behind it. */
static void read_acks(struct vpnha_rtnl *rtnl, struct vpnha_route_op *ops,
		      unsigned int n, void *reply, u32 first)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		ops[i].err = read_ack(rtnl, reply, first + i);
}

/**
 * vpnha_rtnl_routes() - add and remove routes
 * @rtnl: client
 * @ops: requests, carried out in their order; each takes what came of it.
 *	-EEXIST: somebody has such a route. -ESRCH: there is none.
 *	-ENOBUFS, -EAGAIN, -ENOMEM: it may or may not have been done
 * @n: number of @ops, at most VPNHA_ROUTE_OPS_MAX
 *
 * Routes are marked with VPNHA_RTPROT; only such a one is ever removed.
 * Context: process with initial credentials (a work item); takes RTNL.
 */
void vpnha_rtnl_routes(struct vpnha_rtnl *rtnl, struct vpnha_route_op *ops,
		       unsigned int n)
{
	struct nlmsghdr *nlh;
	size_t len = 0;
	unsigned int i;
	int err;
	u32 seq;
	u8 *buf;

	buf = kzalloc(n * REQUEST_SIZE + REPLY_SIZE, GFP_KERNEL);
	if (!buf) {
		for (i = 0; i < n; i++)
			ops[i].err = -ENOMEM;
		return;
	}
	mutex_lock(&rtnl->lock);
	seq = rtnl->seq + 1;
	for (i = 0; i < n; i++) {
		nlh = (struct nlmsghdr *)(buf + len);
		put_route(nlh, &ops[i].route, ops[i].add);
		nlh->nlmsg_seq = ++rtnl->seq;
		len += NLMSG_ALIGN(nlh->nlmsg_len);
	}
	err = send_requests(rtnl, buf, len);
	if (err >= 0)
		read_acks(rtnl, ops, n, buf + n * REQUEST_SIZE, seq);
	else
		for (i = 0; i < n; i++)
			ops[i].err = err;
	mutex_unlock(&rtnl->lock);
	kfree(buf);
}
