// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_fault [WORDS]
 *
 * Every allocation of every operation fails once; of those whose names begin
 * with WORDS. An operation that is refused for want of memory has changed
 * nothing, one that is done is done wholly: what could not be had at once is
 * had later, and followers are told, if only that they missed something.
 *
 * lab: kernels=debug timeout=3600
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kselftest.h"
#include "netlink_fault.h"
#include "netlink_talk.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"
/* What has not happened by then never will. */
#define HANGS_SECONDS	300
#define WORKER_ROUNDS	30
#define N(array)	(sizeof(array) / sizeof((array)[0]))

static struct talk me, watcher;
static int fail_nth;
static bool all_well;

#define FAULT(format, ...)						\
	do {								\
		ksft_print_msg(format "\n", ##__VA_ARGS__);		\
		all_well = false;					\
	} while (0)

static bool put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* -- requests ---------------------------------------------------------------------- */

static void put_ipv6(struct nlmsghdr *nlh)
{
	const struct in6_addr addr = { .s6_addr = { 0x20, 1, 0xd, 0xb8, [15] = 100 } };
	struct nlattr *nest;

	mnl_attr_put_u8(nlh, VPNHA_A_GROUP_ENABLED, 1);
	mnl_attr_put_u8(nlh, VPNHA_A_GROUP_IPV6, 1);
	nest = mnl_attr_nest_start(nlh, VPNHA_A_GROUP_GLOBAL6);
	mnl_attr_put(nlh, VPNHA_A_GLOBAL_ADDRESS, sizeof(addr), &addr);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HELLO_MS, 15);
	mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HOLD_MS, 50);
}

static void put_values(struct nlmsghdr *nlh, uint8_t cmd, const struct values *v)
{
	switch (cmd) {
	case VPNHA_CMD_INTERFACE_GET ... VPNHA_CMD_INTERFACE_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_INTERFACE_IFNAME, v->ifname);
		if (v->version)
			mnl_attr_put_u32(nlh, VPNHA_A_INTERFACE_VERSION, v->version);
		break;
	case VPNHA_CMD_GROUP_GET ... VPNHA_CMD_GROUP_DEL:
	case VPNHA_CMD_GROUP_KEY_GET:
		mnl_attr_put_strz(nlh, VPNHA_A_GROUP_IFNAME, v->ifname);
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_NUMBER, v->number);
		if (v->vip) {
			mnl_attr_put_u8(nlh, VPNHA_A_GROUP_ENABLED, 1);
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_VIP, inet_addr(v->vip));
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_SECONDARY,
					 htonl(ntohl(inet_addr(v->vip)) + 50));
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HELLO_MS, 15);
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HOLD_MS, 50);
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_AUTHENTICATION,
					 VPNHA_AUTHENTICATION_MD5);
			mnl_attr_put(nlh, VPNHA_A_GROUP_KEY, 3, "key");
		}
		if (v->ipv6)
			put_ipv6(nlh);
		if (v->name) {
			const uint8_t mac[6] = { 2, 0, 0, 0, v->number, v->name[0] };

			mnl_attr_put_strz(nlh, VPNHA_A_GROUP_NAME, v->name);
			mnl_attr_put(nlh, VPNHA_A_GROUP_MAC_ADDRESS, sizeof(mac), mac);
		}
		if (v->follow) {
			mnl_attr_put_strz(nlh, VPNHA_A_GROUP_FOLLOW, v->follow);
			mnl_attr_put_u8(nlh, VPNHA_A_GROUP_BUNDLE, 1);
		}
		break;
	case VPNHA_CMD_OBJECT_GET ... VPNHA_CMD_OBJECT_DEL:
		mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_ID, v->number);
		if (cmd == VPNHA_CMD_OBJECT_NEW)
			mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_KIND, v->protocol);
		if (v->protocol == VPNHA_OBJECT_KIND_IP_ROUTE) {
			mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_PREFIX, 0);
			mnl_attr_put_u32(nlh, VPNHA_A_OBJECT_PREFIX_LEN, v->number);
		}
		if (cmd == VPNHA_CMD_OBJECT_SET)
			mnl_attr_put_u8(nlh, VPNHA_A_OBJECT_UP, 1);
		break;
	case VPNHA_CMD_TRACK_GET ... VPNHA_CMD_TRACK_DEL:
		mnl_attr_put_strz(nlh, VPNHA_A_TRACK_IFNAME, v->ifname);
		mnl_attr_put_u32(nlh, VPNHA_A_TRACK_NUMBER, v->number);
		if (v->target)
			mnl_attr_put_strz(nlh, VPNHA_A_TRACK_TARGET, v->target);
		else
			mnl_attr_put_u32(nlh, VPNHA_A_TRACK_OBJECT, 1);
		if (v->decrement)
			mnl_attr_put_u32(nlh, VPNHA_A_TRACK_DECREMENT, v->decrement);
		break;
	default:
		fault_put_esp(nlh, cmd, v);
		break;
	}
}

static struct nlmsghdr *request(void *buf, uint8_t cmd, uint16_t flags, const struct values *v)
{
	struct nlmsghdr *nlh = talk_begin(&me, buf, cmd, flags);

	if (v)
		put_values(nlh, cmd, v);
	return nlh;
}

struct step {
	uint16_t op;
	uint8_t cmd;
	struct values v;
};

#define STUB	VPNHA_OBJECT_KIND_STUB
#define ROUTE	VPNHA_OBJECT_KIND_IP_ROUTE

/* What operations begin with: those on HSRP with its steps, those on ESP with the rest. */
#define HSRP_STEPS	5

static const struct step base[] = {
	{ VPNHA_A_BATCH_INTERFACE_NEW, VPNHA_CMD_INTERFACE_NEW, { "e0", .version = 2 } },
	{ VPNHA_A_BATCH_INTERFACE_NEW, VPNHA_CMD_INTERFACE_NEW, { "x0" } },
	{ VPNHA_A_BATCH_GROUP_NEW, VPNHA_CMD_GROUP_NEW,
	  { "e0", .number = 1, .vip = "10.0.0.100", .name = "one" } },
	{ VPNHA_A_BATCH_TRACK_NEW, VPNHA_CMD_TRACK_NEW,
	  { "e0", .number = 1, .target = "up0", .decrement = 5 } },
	{ VPNHA_A_BATCH_OBJECT_NEW, VPNHA_CMD_OBJECT_NEW, { .number = 1, .protocol = STUB } },
	{ VPNHA_A_BATCH_TRANSFORM_SET_NEW, VPNHA_CMD_TRANSFORM_SET_NEW, { .name = "t" } },
	{ VPNHA_A_BATCH_ACL_NEW, VPNHA_CMD_ACL_NEW, { .name = "a", .number = 1 } },
	{ VPNHA_A_BATCH_MAP_NEW, VPNHA_CMD_MAP_NEW, { .name = "m", .number = 10, .spi = 0x1001 } },
	{ VPNHA_A_BATCH_MAP_NEW, VPNHA_CMD_MAP_NEW, { .name = "m", .number = 20 } },
	{ VPNHA_A_BATCH_DYNAMIC_MAP_NEW, VPNHA_CMD_DYNAMIC_MAP_NEW, { .name = "d", .number = 1 } },
	{ VPNHA_A_BATCH_MAP_NEW, VPNHA_CMD_MAP_NEW, { .name = "m", .number = 40, .dynamic = "d" } },
	{ VPNHA_A_BATCH_BINDING_NEW, VPNHA_CMD_BINDING_NEW, { "e1", .name = "m" } },
	{ VPNHA_A_BATCH_SA_NEW, VPNHA_CMD_SA_NEW, { .number = 20, .spi = 0x2001 } },
	{ VPNHA_A_BATCH_SA_NEW, VPNHA_CMD_SA_NEW, { .number = 20, .spi = 0x2002, .out = true } },
};

static const struct step batch[] = {
	{ VPNHA_A_BATCH_INTERFACE_SET, VPNHA_CMD_INTERFACE_SET, { "x0", .version = 2 } },
	{ VPNHA_A_BATCH_GROUP_NEW, VPNHA_CMD_GROUP_NEW,
	  { "e2", .number = 7, .vip = "10.0.2.100", .name = "seven" } },
	{ VPNHA_A_BATCH_TRACK_NEW, VPNHA_CMD_TRACK_NEW, { "e2", .number = 7, .target = "up7" } },
	{ VPNHA_A_BATCH_GROUP_NEW, VPNHA_CMD_GROUP_NEW,
	  { "e0", .number = 2, .vip = "10.0.0.101" } },
	{ VPNHA_A_BATCH_GROUP_SET, VPNHA_CMD_GROUP_SET, { "e0", .number = 1, .name = "uno" } },
	{ VPNHA_A_BATCH_TRACK_DEL, VPNHA_CMD_TRACK_DEL, { "e0", .number = 1, .target = "up0" } },
	{ VPNHA_A_BATCH_MAP_NEW, VPNHA_CMD_MAP_NEW, { .name = "m", .number = 30 } },
	{ VPNHA_A_BATCH_SA_NEW, VPNHA_CMD_SA_NEW, { .number = 30, .spi = 0x3001 } },
	{ VPNHA_A_BATCH_ACL_SET, VPNHA_CMD_ACL_SET, { .name = "a", .number = 1, .protocol = 6 } },
	{ VPNHA_A_BATCH_SA_DEL, VPNHA_CMD_SA_DEL, { .spi = 0x2001 } },
	{ VPNHA_A_BATCH_BINDING_NEW, VPNHA_CMD_BINDING_NEW, { "e2", .name = "n" } },
};

static struct nlmsghdr *batch_request(void *buf, const struct step *steps, unsigned int count)
{
	struct nlmsghdr *nlh = talk_begin(&me, buf, VPNHA_CMD_BATCH, NLM_F_ACK);
	struct nlattr *nest;
	unsigned int i;

	for (i = 0; i < count; i++) {
		nest = mnl_attr_nest_start(nlh, steps[i].op);
		put_values(nlh, steps[i].cmd, &steps[i].v);
		mnl_attr_nest_end(nlh, nest);
	}
	return nlh;
}

static const struct operation {
	const char *name;
	uint8_t cmd;
	bool dump;
	bool from_nothing;
	struct values v;
} operations[] = {
#define OP(what, WHAT, ...)	{ what, VPNHA_CMD_##WHAT, false, false, { __VA_ARGS__ } }
#define FIRST(what, WHAT, ...)	{ what, VPNHA_CMD_##WHAT, false, true, { __VA_ARGS__ } }
#define DUMP(what, WHAT)	{ what, VPNHA_CMD_##WHAT, true, false, { NULL } }
	FIRST("interface-new, the first", INTERFACE_NEW, "e0", .version = 2),
	FIRST("group-new, the first", GROUP_NEW, "e0", .number = 1, .vip = "10.0.0.100"),
	OP("interface-new without a device", INTERFACE_NEW, "x1"),
	OP("interface-new", INTERFACE_NEW, "e2", .version = 2),
	OP("interface-set", INTERFACE_SET, "e0", .version = 1),
	OP("interface-del", INTERFACE_DEL, "e0"),
	OP("group-new", GROUP_NEW, "e0", .number = 2, .vip = "10.0.0.101", .name = "two"),
	OP("group-new that follows", GROUP_NEW, "e0", .number = 3, .vip = "10.0.0.103",
	   .follow = "one"),
	OP("group-new on a new interface", GROUP_NEW, "e2", .number = 1, .vip = "10.0.2.100"),
	OP("group-set", GROUP_SET, "e0", .number = 1, .vip = "10.0.0.102", .name = "uno"),
	OP("group-new of IPv6", GROUP_NEW, "e0", .number = 6, .ipv6 = true),
	OP("group-del", GROUP_DEL, "e0", .number = 1),
	OP("track-new", TRACK_NEW, "e0", .number = 1, .target = "up1"),
	OP("track-set", TRACK_SET, "e0", .number = 1, .target = "up0", .decrement = 33),
	OP("track-del", TRACK_DEL, "e0", .number = 1, .target = "up0"),
	OP("track-new of an object", TRACK_NEW, "e0", .number = 1),
	OP("object-new", OBJECT_NEW, .number = 2, .protocol = STUB),
	OP("object-new of a route", OBJECT_NEW, .number = 2, .protocol = ROUTE),
	OP("object-set", OBJECT_SET, .number = 1),
	OP("object-del", OBJECT_DEL, .number = 1),
	FIRST("binding-new, the first", BINDING_NEW, "e1", .name = "m"),
	OP("transform-set-new", TRANSFORM_SET_NEW, .name = "n"),
	OP("transform-set-set", TRANSFORM_SET_SET, .name = "t"),
	OP("transform-set-del", TRANSFORM_SET_DEL, .name = "t"),
	OP("acl-new", ACL_NEW, .name = "a", .number = 2),
	OP("acl-set", ACL_SET, .name = "a", .number = 1, .protocol = 6),
	OP("acl-del", ACL_DEL, .name = "a", .number = 1),
	OP("map-new", MAP_NEW, .name = "m", .number = 30),
	OP("map-new with session keys", MAP_NEW, .name = "m", .number = 30, .spi = 0x3001),
	OP("map-set with other session keys", MAP_SET, .name = "m", .number = 10, .spi = 0x1005),
	OP("map-del", MAP_DEL, .name = "m", .number = 10),
	OP("map-new of a dynamic map", MAP_NEW, .name = "m", .number = 30, .dynamic = "d"),
	OP("dynamic-map-new", DYNAMIC_MAP_NEW, .name = "d", .number = 2),
	OP("dynamic-map-set", DYNAMIC_MAP_SET, .name = "d", .number = 1),
	OP("dynamic-map-del", DYNAMIC_MAP_DEL, .name = "d", .number = 1),
	OP("binding-new", BINDING_NEW, "e2", .name = "n"),
	OP("binding-set", BINDING_SET, "e1", .name = "n"),
	OP("binding-del", BINDING_DEL, "e1"),
	OP("sa-new", SA_NEW, .number = 20, .spi = 0x3001),
	OP("sa-new outbound", SA_NEW, .number = 20, .spi = 0x3001, .out = true),
	OP("sa-new of a dynamic map", SA_NEW, .number = 40, .spi = 0x3001, .out = true,
	   .dynamic = "d"),
	OP("sa-set", SA_SET, .spi = 0x2001),
	OP("sa-set that moves the peer", SA_SET, .spi = 0x2001, .target = "moves"),
	OP("sa-del", SA_DEL, .spi = 0x2001),
	OP("esp-clear", ESP_CLEAR, NULL),
	OP("batch", BATCH, NULL),
	OP("interface-get", INTERFACE_GET, "e0"),
	OP("group-get", GROUP_GET, "e0", .number = 1),
	OP("group-key-get", GROUP_KEY_GET, "e0", .number = 1),
	OP("track-get", TRACK_GET, "e0", .number = 1, .target = "up0"),
	OP("object-get", OBJECT_GET, .number = 1),
	OP("transform-set-get", TRANSFORM_SET_GET, .name = "t"),
	OP("acl-get", ACL_GET, .name = "a", .number = 1),
	OP("map-get", MAP_GET, .name = "m", .number = 10),
	OP("map-key-get", MAP_KEY_GET, .name = "m", .number = 10),
	OP("dynamic-map-get", DYNAMIC_MAP_GET, .name = "d", .number = 1),
	OP("binding-get", BINDING_GET, "e1"),
	OP("sa-get", SA_GET, .spi = 0x2002, .out = true),
	OP("sa-key-get", SA_KEY_GET, .spi = 0x2001),
	OP("esp-stats-get", ESP_STATS_GET, NULL),
	DUMP("dump of interface-get", INTERFACE_GET),
	DUMP("dump of group-get", GROUP_GET),
	DUMP("dump of group-key-get", GROUP_KEY_GET),
	DUMP("dump of track-get", TRACK_GET),
	DUMP("dump of object-get", OBJECT_GET),
	DUMP("dump of transform-set-get", TRANSFORM_SET_GET),
	DUMP("dump of acl-get", ACL_GET),
	DUMP("dump of map-get", MAP_GET),
	DUMP("dump of map-key-get", MAP_KEY_GET),
	DUMP("dump of dynamic-map-get", DYNAMIC_MAP_GET),
	DUMP("dump of binding-get", BINDING_GET),
	DUMP("dump of sa-get", SA_GET),
	DUMP("dump of sa-key-get", SA_KEY_GET),
#undef OP
#undef FIRST
#undef DUMP
};

static struct nlmsghdr *operation_request(void *buf, const struct operation *op)
{
	if (op->cmd == VPNHA_CMD_BATCH)
		return batch_request(buf, batch, N(batch));
	if (op->dump)
		return request(buf, op->cmd, NLM_F_DUMP, NULL);
	return request(buf, op->cmd, NLM_F_ACK, &op->v);
}

/* -- what must come of it ------------------------------------------------------------- */

#define MAX_VIPS	16

struct running {
	unsigned int vips, vips6, interfaces;
	uint32_t vip[MAX_VIPS];
	bool waits;
};

struct group_state {
	uint32_t state, vip, secondary;
	bool enabled, ipv6;
};

static int state_attr(const struct nlattr *attr, void *data)
{
	struct group_state *g = data;

	if (mnl_attr_get_type(attr) == VPNHA_A_GROUP_STATE)
		g->state = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == VPNHA_A_GROUP_VIP)
		g->vip = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == VPNHA_A_GROUP_SECONDARY)
		g->secondary = mnl_attr_get_u32(attr);
	else if (mnl_attr_get_type(attr) == VPNHA_A_GROUP_ENABLED)
		g->enabled = mnl_attr_get_u8(attr);
	else if (mnl_attr_get_type(attr) == VPNHA_A_GROUP_IPV6)
		g->ipv6 = mnl_attr_get_u8(attr);
	return MNL_CB_OK;
}

static int state_cb(const struct nlmsghdr *nlh, void *data)
{
	struct group_state g = {};
	struct running *r = data;

	mnl_attr_parse(nlh, GENL_HDRLEN, state_attr, &g);
	if (!g.enabled)
		return MNL_CB_OK;
	r->waits |= g.state != VPNHA_STATE_ACTIVE;
	if (g.ipv6) {
		/* its global one and the link-local one that is made */
		r->vips6 += 2;
	} else if (r->vips + 2 <= MAX_VIPS) {
		r->vip[r->vips++] = g.vip;
		r->vip[r->vips++] = g.secondary;
	}
	return MNL_CB_OK;
}

static int bound_attr(const struct nlattr *attr, void *data)
{
	struct running *r = data;

	/* only those of a device matter for its filter */
	if (mnl_attr_get_type(attr) == VPNHA_A_INTERFACE_IFNAME &&
	    mnl_attr_get_str(attr)[0] == 'e')
		r->interfaces++;
	return MNL_CB_OK;
}

static int bound_cb(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, bound_attr, data);
}

/* Those of IPv6 are not of this host's own, which are link-local. */
static bool is_virtual6(const struct in6_addr *addr)
{
	static const uint8_t made[] = { 0, 5, 0x73, 0xff, 0xfe, 0xa0 };

	return addr->s6_addr[0] == 0x20 || !memcmp(&addr->s6_addr[8], made, sizeof(made));
}

/* Virtual addresses are those that end with 100 or more. */
static unsigned int addresses_wrong(const struct running *r)
{
	unsigned int there = 0, there6 = 0, known = 0, i;
	struct ifaddrs *list, *ifa;

	if (getifaddrs(&list))
		ksft_exit_fail_msg("getifaddrs: %s\n", strerror(errno));
	for (ifa = list; ifa; ifa = ifa->ifa_next) {
		uint32_t addr;

		if (ifa->ifa_addr && ifa->ifa_addr->sa_family == AF_INET6)
			there6 += is_virtual6(&((struct sockaddr_in6 *)ifa->ifa_addr)->sin6_addr);
		if (!ifa->ifa_addr || ifa->ifa_addr->sa_family != AF_INET)
			continue;
		addr = ((struct sockaddr_in *)ifa->ifa_addr)->sin_addr.s_addr;
		if ((ntohl(addr) & 0xff) < 100)
			continue;
		there++;
		for (i = 0; i < r->vips; i++)
			known += r->vip[i] == addr;
	}
	freeifaddrs(list);
	return there != known || known != r->vips || there6 != r->vips6;
}

/* Interfaces whose filter lets the multicast address of a version through. */
static unsigned int filters(void)
{
	FILE *file = fopen("/proc/thread-self/net/dev_mcast", "r");
	unsigned int found = 0;
	char line[256];

	if (!file)
		ksft_exit_fail_msg("no dev_mcast\n");
	while (fgets(line, sizeof(line), file))
		found += !!strstr(line, "01005e000002") + !!strstr(line, "01005e000066");
	fclose(file);
	return found;
}

static bool dump_into(uint8_t cmd, mnl_cb_t cb, void *data)
{
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh = talk_begin(&me, buf, cmd, NLM_F_DUMP);

	return !talk_send(&me, nlh, nlh->nlmsg_len) && !talk_wait(&me, cb, data);
}

/* Waits until every group that is enabled is active with all that belongs to it. */
static bool settles(void)
{
	time_t end = time(NULL) + HANGS_SECONDS;
	struct running r;

	do {
		memset(&r, 0, sizeof(r));
		if (!dump_into(VPNHA_CMD_GROUP_GET, state_cb, &r) ||
		    !dump_into(VPNHA_CMD_INTERFACE_GET, bound_cb, &r))
			return false;
		if (!r.waits && !addresses_wrong(&r) && filters() == r.interfaces)
			return true;
		usleep(10000);
	} while (time(NULL) < end);
	ksft_print_msg("%s, addresses %s, %u filters for %u interfaces\n",
		       r.waits ? "not all active" : "active",
		       addresses_wrong(&r) ? "wrong" : "right", filters(), r.interfaces);
	return false;
}

static bool is_hsrp(const struct operation *op)
{
	return op->cmd < VPNHA_CMD_TRANSFORM_SET_GET || op->cmd == VPNHA_CMD_GROUP_KEY_GET ||
	       (op->cmd >= VPNHA_CMD_OBJECT_GET && op->cmd <= VPNHA_CMD_OBJECT_DEL);
}

/* Of groups that are not there nothing settles, and to look for it takes long. */
static bool comes_to_rest(const struct operation *op)
{
	return (!is_hsrp(op) && op->cmd != VPNHA_CMD_BATCH) || settles();
}

/* Everything anew, and in one request: this is done very often. */
static bool configure(const struct operation *op)
{
	bool all = op->cmd == VPNHA_CMD_BATCH, hsrp = is_hsrp(op);
	const struct step *from = all || hsrp ? base : base + HSRP_STEPS;
	unsigned int count = all ? N(base) : hsrp ? HSRP_STEPS : N(base) - HSRP_STEPS;
	char buf[TALK_REQUEST_SIZE];

	return !talk_delete_all(&me) &&
	       (op->from_nothing || !talk(&me, batch_request(buf, from, count))) &&
	       comes_to_rest(op);
}

/* Whether the watcher was told anything, or at least that it missed something. */
static bool was_told(void)
{
	static char buf[64 * 1024];
	bool told = false;
	ssize_t len;

	for (;;) {
		len = recv(mnl_socket_get_fd(watcher.nl), buf, sizeof(buf), MSG_DONTWAIT);
		if (len < 0 && errno == EAGAIN)
			return told;
		if (len < 0 && errno != ENOBUFS)
			ksft_exit_fail_msg("watcher: %s\n", strerror(errno));
		told = true;
	}
}

/* -- the faults ------------------------------------------------------------------------ */

static void set_fail_nth(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		ksft_exit_fail_msg("fail-nth: %s\n", strerror(errno));
}

static unsigned int get_fail_nth(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) < 0)
		ksft_exit_fail_msg("fail-nth: %s\n", strerror(errno));
	return strtoul(text, NULL, 10);
}

struct outcome {
	int sent;		/* errno of sending */
	int answer;		/* errno of the answer */
	bool injected;
};

static struct outcome inject(const struct operation *op, unsigned int nth)
{
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh = operation_request(buf, op);
	struct outcome o = { 0, 0, false };

	/* a request is carried out within the system call that sends it */
	set_fail_nth(nth);
	o.sent = talk_send(&me, nlh, nlh->nlmsg_len);
	o.injected = !get_fail_nth();
	set_fail_nth(0);
	if (!o.sent)
		o.answer = talk_wait(&me, NULL, NULL);
	return o;
}

static void judge(const struct operation *op, unsigned int nth, const struct outcome *o,
		  const char *before, const char *now, const char *after)
{
	bool unchanged = !strcmp(before, now), done = !strcmp(after, now);
	bool changes = strcmp(before, after), told = was_told();

	if (!unchanged && !done)
		FAULT("%s, allocation %u: half done:\n%s", op->name, nth, now);
	if (o->sent && o->sent != ENOBUFS && o->sent != ENOMEM)
		FAULT("%s, allocation %u: sending: %s", op->name, nth, strerror(o->sent));
	/* Registration of a device makes other errors of it. */
	if (o->answer && o->answer != ENOMEM && o->answer != ENOBUFS &&
	    op->cmd != VPNHA_CMD_BINDING_NEW && op->cmd != VPNHA_CMD_BATCH)
		FAULT("%s, allocation %u: %s", op->name, nth, strerror(o->answer));
	if ((o->sent || (o->answer && o->answer != ENOBUFS)) && !unchanged)
		FAULT("%s, allocation %u: refused, but done", op->name, nth);
	/* ENOBUFS: the answer was lost, whatever it was */
	if (!o->sent && !o->answer && !done)
		FAULT("%s, allocation %u: said to be done, but is not", op->name, nth);
	if (changes && done && !told)
		FAULT("%s, allocation %u: nobody was told", op->name, nth);
	if (!comes_to_rest(op))
		FAULT("%s, allocation %u: it does not become what it should", op->name, nth);
}

/*
 * The allocation to fail after this one. Operations that make a network device
 * have hundreds, nearly all of them the kernel's own: some of these will do,
 * unless EACH is in the environment.
 */
static unsigned int following(unsigned int nth)
{
	if (nth < 6 || getenv("EACH"))
		return nth + 1;
	return nth + (nth < 60 ? 6 : 61);
}

static void try_operation(const struct operation *op)
{
	struct talk_text before = { NULL, 0 }, after = { NULL, 0 }, now = { NULL, 0 };
	unsigned int nth = 0, last = 0, refused = 0, survived = 0;
	char buf[TALK_REQUEST_SIZE];
	struct outcome o;

	all_well = true;
	if (!configure(op) || talk_snapshot(&me, &before) ||
	    talk_send(&me, buf, operation_request(buf, op)->nlmsg_len) ||
	    talk_wait(&me, NULL, NULL) || talk_snapshot(&me, &after))
		FAULT("%s cannot be done without any fault", op->name);

	do {
		last = nth;
		nth = following(nth);
		/* as it began, unless the last one was done */
		if (all_well && (!now.data || strcmp(before.data, now.data)) && !configure(op))
			FAULT("%s: no return to where it began", op->name);
		if (!all_well)
			break;
		was_told();
		o = inject(op, nth);
		if (talk_snapshot(&me, &now)) {
			FAULT("%s, allocation %u: no dump", op->name, nth);
			break;
		}
		judge(op, nth, &o, before.data, now.data, after.data);
		if (o.injected && (o.sent || o.answer))
			refused++;
		else if (o.injected)
			survived++;
	} while (o.injected);
	ksft_print_msg("%s: allocations up to %u, %u refused, %u survived\n", op->name,
		       last, refused, survived);
	if (talk_delete_all(&me) || !settles())
		FAULT("%s: not everything can be removed", op->name);
	ksft_test_result(all_well && refused, "%s: its allocations fail\n", op->name);
	talk_text_free(&before);
	talk_text_free(&after);
	talk_text_free(&now);
}

/* Work items fail, too: those of high priority, to which the family's belong. */
static void mark_workers(const char *mark)
{
	DIR *proc = opendir("/proc");
	char path[300], name[64];
	struct dirent *entry;
	FILE *file;

	while (proc && (entry = readdir(proc))) {
		if (entry->d_name[0] < '0' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file) && !strncmp(name, "kworker/", 8) &&
		    strchr(name, 'H')) {
			snprintf(path, sizeof(path), "/proc/%s/make-it-fail", entry->d_name);
			put_file(path, mark);
		}
		fclose(file);
	}
	if (proc)
		closedir(proc);
}

static void set_failslab(const char *name, int value)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), FAILSLAB "%s", name);
	snprintf(text, sizeof(text), "%d", value);
	if (!put_file(path, text))
		ksft_exit_fail_msg("%s: %s\n", path, strerror(errno));
}

static int get_failslab(const char *name)
{
	char path[64], text[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), FAILSLAB "%s", name);
	file = fopen(path, "r");
	if (!file || !fgets(text, sizeof(text), file))
		ksft_exit_fail_msg("%s: %s\n", path, strerror(errno));
	fclose(file);
	return atoi(text);
}

/* One allocation of work items fails while a virtual address is exchanged. */
static void try_workers(void)
{
	static const struct operation none = { .name = "work items" };
	static const struct values up = { "e0", .number = 1, .vip = "10.0.0.100" };
	static const struct values other = { "e0", .number = 1, .vip = "10.0.0.102" };
	char buf[TALK_REQUEST_SIZE];
	int i, failed = 0;

	all_well = configure(&none);
	put_file(FAILSLAB "task-filter", "Y");
	for (i = 1; all_well && i <= WORKER_ROUNDS; i++) {
		set_failslab("interval", i);
		set_failslab("times", 1);
		mark_workers("1");
		set_failslab("probability", 100);
		if (talk(&me, request(buf, VPNHA_CMD_GROUP_SET, NLM_F_ACK, i % 2 ? &other : &up)))
			FAULT("round %d: refused", i);
		if (!settles())
			FAULT("round %d: it does not become what it should", i);
		set_failslab("probability", 0);
		failed += !get_failslab("times");
	}
	mark_workers("0");
	put_file(FAILSLAB "task-filter", "N");
	set_failslab("interval", 1);
	ksft_print_msg("work items: %d rounds, %d of them with a fault\n", i - 1, failed);
	if (talk_delete_all(&me) || !settles())
		FAULT("not everything can be removed");
	ksft_test_result(all_well && failed > WORKER_ROUNDS / 2,
			 "work items whose allocations fail try again\n");
}

/* The batch does what all the others do, and takes as long as they: EACH has it. */
static bool is_meant(const struct operation *op, int argc, char **argv)
{
	if (argc < 2)
		return getenv("EACH") || strcmp(op->name, "batch");
	return !strncmp(op->name, argv[1], strlen(argv[1]));
}

int main(int argc, char **argv)
{
	unsigned int i, count = 0;

	ksft_print_header();
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fail_nth < 0 || access(FAILSLAB "ignore-gfp-wait", W_OK))
		ksft_exit_skip("the kernel has no failslab\n");
	for (i = 0; i < N(operations); i++)
		count += is_meant(&operations[i], argc, argv);
	ksft_set_plan(count + (argc < 2));
	if (unshare(CLONE_NEWNET) ||
	    system("ip link set lo up; for i in 0 1 2; do "
		   "ip link add e$i type veth peer name p$i && ip link set p$i up && "
		   "ip link set e$i up && ip addr add 10.0.$i.1/24 dev e$i || exit; done"))
		ksft_exit_fail_msg("no namespace\n");
	if (!talk_open(&me) || !talk_open(&watcher) ||
	    mnl_socket_setsockopt(watcher.nl, NETLINK_ADD_MEMBERSHIP, &watcher.events,
				  sizeof(watcher.events)))
		ksft_exit_fail_msg("no socket: %s\n", strerror(errno));
	if (!put_file(FAILSLAB "ignore-gfp-wait", "N") || !put_file(FAILSLAB "verbose", "0"))
		ksft_exit_fail_msg("failslab: %s\n", strerror(errno));

	for (i = 0; i < N(operations); i++)
		if (is_meant(&operations[i], argc, argv))
			try_operation(&operations[i]);
	if (argc < 2)
		try_workers();
	put_file(FAILSLAB "ignore-gfp-wait", "Y");
	talk_close(&me);
	talk_close(&watcher);
	ksft_finished();
}
