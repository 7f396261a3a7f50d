// SPDX-License-Identifier: GPL-2.0
/*
 * netlink_random [MESSAGES [SEED]]
 *
 * Random requests of every command, half of them malformed, to a gateway whose
 * groups run. Whatever comes of them, what there is must make sense, can be
 * removed, and the family works afterwards. The kernel's reports are the lab's
 * to see. The seed is printed: the same one makes the same messages.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "kselftest.h"
#include "netlink_random.h"
#include "netlink_talk.h"

#define MESSAGES	3000
#define SEED		2281
#define CHECK_EVERY	100
#define SHAKE_EVERY	150
/* What is not answered by then never is. */
#define HANGS_SECONDS	600
#define MAX_GROUPS	4096
#define MAX_SAS		1024

static uint64_t state;

/* splitmix64: the same everywhere */
uint32_t number(uint32_t below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

bool chance(uint32_t of, uint32_t in)
{
	return number(in) < of;
}

/* Values that can be done come first; those behind the bar seldom. */
static const char * const ifnames[] = {
	"e0", "e0", "e1", "e2", "e3", "a-long-name-15c", /* | */ "lo", "", "a/b",
};

static const char * const names[] = {
	"a", "b", "c", "d", "e", "", "a-name-of-25-characters-x", /* | */ "two words", "t\tb",
};

static const char * const addresses[] = {
	"10.0.0.100", "10.0.0.101", "10.0.0.102", "10.0.1.100", "10.0.1.101", "10.0.1.102",
	"0.0.0.0", "192.0.2.1", /* | */ "10.0.0.1", "127.0.0.1", "224.0.0.5",
};

static const uint32_t numbers[] = { 0, 1, 2, 3, 255, /* | */ 256, 300, 4095, 4096, ~0u };
static const uint32_t times[] = { 0, 15, 50, 200, 3000, /* | */ 14, 254000, 255000, 255001 };
static const uint32_t bytes[] = { 1, 2, 50, 100, 255, /* | */ 0, 256, ~0u };
#define IFNAME()	PICK(ifnames, 6)
const char *any_ifname(void)
{
	return IFNAME();
}

const char *any_group_name(void)
{
	return PICK(names, 7);
}

/* -- well-formed requests ------------------------------------------------------ */

static void put_key(struct nlmsghdr *nlh, uint16_t ifname, uint16_t num)
{
	if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, ifname, IFNAME());
	if (num && !chance(1, SELDOM))
		mnl_attr_put_u32(nlh, num, PICK(numbers, 5));
}

/* Mostly none, so that something happens. */
static void put_delay(struct nlmsghdr *nlh, uint16_t type, uint32_t most)
{
	mnl_attr_put_u32(nlh, type, chance(1, SELDOM) ? most + number(2) :
			 chance(1, 4) ? number(3) : 0);
}

static void put_interface(struct nlmsghdr *nlh, bool key_only)
{
	put_key(nlh, VPNHA_A_INTERFACE_IFNAME, 0);
	if (!key_only && chance(3, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_INTERFACE_VERSION, chance(1, SELDOM) ? number(5) :
				 1 + number(2));
	if (!key_only && chance(1, 3))
		put_delay(nlh, VPNHA_A_INTERFACE_DELAY_MIN, VPNHA_DELAY_MAX);
	if (!key_only && chance(1, 3))
		put_delay(nlh, VPNHA_A_INTERFACE_DELAY_RELOAD, VPNHA_DELAY_MAX);
	if (!key_only && chance(1, 4))
		put_delay(nlh, VPNHA_A_INTERFACE_GARP_COUNT, VPNHA_GARP_COUNT_MAX);
	if (!key_only && chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_INTERFACE_GARP_INTERVAL, chance(1, SELDOM) ?
				 VPNHA_GARP_INTERVAL_MAX + number(2) : 1 + number(4));
	if (!key_only && chance(1, 4))
		put_delay(nlh, VPNHA_A_INTERFACE_MAC_REFRESH, VPNHA_MAC_REFRESH_MAX);
	if (!key_only && chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_INTERFACE_REDIRECT,
				number(chance(1, SELDOM) ? 3 : 2));
	if (!key_only && chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_INTERFACE_USE_BIA,
				number(chance(1, SELDOM) ? 3 : 2));
}

static void put_group(struct nlmsghdr *nlh, bool key_only)
{
	uint32_t hello = PICK(times, 5);

	put_key(nlh, VPNHA_A_GROUP_IFNAME, VPNHA_A_GROUP_NUMBER);
	if (key_only)
		return;
	if (chance(3, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_GROUP_ENABLED, !chance(1, 5));
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_VIP, inet_addr(PICK(addresses, 8)));
	for (unsigned int n = chance(1, 4) ? number(chance(1, SELDOM) ? 20 : 3) : 0; n; n--)
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_SECONDARY, chance(1, SELDOM) ?
				 inet_addr(PICK(addresses, 8)) : htonl(0x0a000500 + number(200)));
	put_ipv6(nlh);
	if (chance(1, 4)) {
		uint8_t mac[6] = { chance(1, SELDOM) ? 1 : 2, 0, 0, 0, 0, number(4) };

		if (chance(1, 3))
			memset(mac, 0, sizeof(mac));
		mnl_attr_put(nlh, VPNHA_A_GROUP_MAC_ADDRESS, chance(1, SELDOM) ? 5 : 6, mac);
	}
	if (chance(1, 3))
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_PRIORITY, PICK(bytes, 5));
	if (chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_GROUP_PREEMPT, number(chance(1, SELDOM) ? 256 : 2));
	if (chance(1, 4))
		put_delay(nlh, VPNHA_A_GROUP_PREEMPT_MIN, VPNHA_PREEMPT_DELAY_MAX);
	if (chance(1, 4))
		put_delay(nlh, VPNHA_A_GROUP_PREEMPT_RELOAD, VPNHA_PREEMPT_DELAY_MAX);
	if (chance(1, 4))
		put_delay(nlh, VPNHA_A_GROUP_PREEMPT_SYNC, VPNHA_PREEMPT_DELAY_MAX);
	put_group_links(nlh);
	if (chance(1, 2)) {
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HELLO_MS, hello);
		if (!chance(1, SELDOM))
			mnl_attr_put_u32(nlh, VPNHA_A_GROUP_HOLD_MS, hello * 4);
	}
	if (chance(1, 4))
		mnl_attr_put_strz(nlh, VPNHA_A_GROUP_NAME, PICK(names, 7));
	if (chance(1, 3)) {
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_AUTHENTICATION, 1 + number(2));
		if (!chance(1, 4))
			mnl_attr_put(nlh, VPNHA_A_GROUP_KEY,
				     number(chance(1, SELDOM) ? 60 : 9), "keykeykeykeykeykeykeykeykeyk"
				     "eykeykeykeykeykeykeykeykeykeykey");
	}
	if (chance(1, 4))
		mnl_attr_put_u32(nlh, VPNHA_A_GROUP_KEY_TIMEOUT, number(3));
}

static void put_track(struct nlmsghdr *nlh, bool key_only)
{
	put_key(nlh, VPNHA_A_TRACK_IFNAME, VPNHA_A_TRACK_NUMBER);
	if (chance(1, 2))
		mnl_attr_put_u32(nlh, VPNHA_A_TRACK_OBJECT, 1 + number(RANDOM_OBJECTS));
	else if (!chance(1, SELDOM))
		mnl_attr_put_strz(nlh, VPNHA_A_TRACK_TARGET, IFNAME());
	if (!key_only && chance(2, 3))
		mnl_attr_put_u32(nlh, VPNHA_A_TRACK_DECREMENT, PICK(bytes, 5));
	if (!key_only && chance(1, 4))
		mnl_attr_put_u8(nlh, VPNHA_A_TRACK_SHUTDOWN, number(chance(1, SELDOM) ? 3 : 2));
}

static const struct {
	uint8_t cmd;
	uint16_t batch;
	void (*put)(struct nlmsghdr *nlh, bool key_only);
	bool key_only;
} operations[] = {
#define OP(object, put, verb, key_only)							\
	{ VPNHA_CMD_##object##_##verb, VPNHA_A_BATCH_##object##_##verb, put, key_only }
	OP(INTERFACE, put_interface, NEW, false),
	OP(INTERFACE, put_interface, SET, false),
	OP(INTERFACE, put_interface, DEL, true),
	OP(GROUP, put_group, NEW, false),
	OP(GROUP, put_group, NEW, false),
	OP(GROUP, put_group, SET, false),
	OP(GROUP, put_group, SET, false),
	OP(GROUP, put_group, DEL, true),
	OP(TRACK, put_track, NEW, false),
	OP(TRACK, put_track, NEW, false),
	OP(TRACK, put_track, SET, false),
	OP(TRACK, put_track, DEL, true),
	OP(OBJECT, put_object, NEW, false),
	OP(OBJECT, put_object, NEW, false),
	OP(OBJECT, put_object_change, SET, false),
	OP(OBJECT, put_object, SET, false),
	OP(OBJECT, put_object, DEL, true),
	OP(TRANSFORM_SET, put_tset, NEW, false),
	OP(TRANSFORM_SET, put_tset, SET, false),
	OP(TRANSFORM_SET, put_tset, DEL, true),
	OP(ACL, put_acl, NEW, false),
	OP(ACL, put_acl, NEW, false),
	OP(ACL, put_acl, SET, false),
	OP(ACL, put_acl, DEL, true),
	OP(MAP, put_map, NEW, false),
	OP(MAP, put_map, NEW, false),
	OP(MAP, put_map, SET, false),
	OP(MAP, put_map, DEL, true),
	OP(DYNAMIC_MAP, put_dynamic_map, NEW, false),
	OP(DYNAMIC_MAP, put_dynamic_map, SET, false),
	OP(DYNAMIC_MAP, put_dynamic_map, DEL, true),
	OP(BINDING, put_binding, NEW, false),
	OP(BINDING, put_binding, NEW, false),
	OP(BINDING, put_binding, SET, false),
	OP(BINDING, put_binding, DEL, true),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa, NEW, false),
	OP(SA, put_sa_change, SET, false),
	OP(SA, put_sa_key, DEL, true),
#undef OP
	{ VPNHA_CMD_INTERFACE_GET, 0, put_interface, true },
	{ VPNHA_CMD_GROUP_GET, 0, put_group, true },
	{ VPNHA_CMD_GROUP_KEY_GET, 0, put_group, true },
	{ VPNHA_CMD_TRACK_GET, 0, put_track, true },
	{ VPNHA_CMD_OBJECT_GET, 0, put_object, true },
	{ VPNHA_CMD_TRANSFORM_SET_GET, 0, put_tset, true },
	{ VPNHA_CMD_ACL_GET, 0, put_acl, true },
	{ VPNHA_CMD_MAP_GET, 0, put_map, true },
	{ VPNHA_CMD_MAP_KEY_GET, 0, put_map, true },
	{ VPNHA_CMD_DYNAMIC_MAP_GET, 0, put_dynamic_map, true },
	{ VPNHA_CMD_BINDING_GET, 0, put_binding, true },
	{ VPNHA_CMD_SA_GET, 0, put_sa_key, true },
	{ VPNHA_CMD_SA_KEY_GET, 0, put_sa_key, true },
	{ VPNHA_CMD_ESP_STATS_GET, 0, put_stats, true },
	{ VPNHA_CMD_ESP_CLEAR, 0, put_clear, true },
};

/* All but those behind the last that a batch may have. */
#define CHANGES		(N(operations) - 15)

static struct nlmsghdr *well_formed(struct talk *t, void *buf)
{
	unsigned int op, count = 1 + number(chance(1, 4) ? 12 : 3);
	struct nlmsghdr *nlh;
	struct nlattr *nest;

	if (chance(1, 3)) {
		nlh = talk_begin(t, buf, VPNHA_CMD_BATCH, NLM_F_ACK);
		while (count--) {
			op = number(CHANGES);
			nest = mnl_attr_nest_start(nlh, operations[op].batch);
			operations[op].put(nlh, operations[op].key_only);
			mnl_attr_nest_end(nlh, nest);
		}
		return nlh;
	}
	op = number(N(operations));
	nlh = talk_begin(t, buf, operations[op].cmd,
			 op >= CHANGES && chance(1, 2) ? NLM_F_DUMP : NLM_F_ACK);
	operations[op].put(nlh, operations[op].key_only);
	return nlh;
}

/* -- malformed ones ------------------------------------------------------------ */

/* An attribute anywhere in the message: sets one of its fields. */
static void mutate_attr(uint8_t *data, size_t len)
{
	struct nlattr *attr = (void *)(data + number(len / 4) * 4);

	if (chance(1, 2))
		attr->nla_len = number(chance(1, 2) ? 8 : 65536);
	else
		attr->nla_type = number(chance(2, 3) ? 40 : 65536) |
				 (chance(1, 2) ? NLA_F_NESTED : 0);
}

static void mutate(struct nlmsghdr *nlh)
{
	unsigned int i, times = 1 + number(4);
	uint8_t *data = (uint8_t *)(nlh + 1);
	size_t len, more;

	while (times--) {
		len = nlh->nlmsg_len - sizeof(*nlh);
		switch (number(9)) {
		case 0:
			if (len)
				data[number(len)] ^= 1 << number(8);
			break;
		case 1:
			if (len)
				data[number(len)] = number(256);
			break;
		case 2:
		case 3:
			if (len >= sizeof(struct nlattr))
				mutate_attr(data, len);
			break;
		case 4:
			nlh->nlmsg_len = sizeof(*nlh) + number(len + 1);
			break;
		case 5:
			more = number(64);
			if (nlh->nlmsg_len + more > TALK_REQUEST_SIZE / 2)
				break;
			for (i = 0; i < more; i++)
				data[len + i] = number(256);
			nlh->nlmsg_len += more;
			break;
		case 6:
			more = len ? number(len) : 0;
			if (nlh->nlmsg_len + more > TALK_REQUEST_SIZE / 2)
				break;
			memcpy(data + len, data + number(len - more + 1), more);
			nlh->nlmsg_len += more;
			break;
		case 7:
			nlh->nlmsg_flags = number(65536) | NLM_F_REQUEST;
			break;
		case 8:
			if (len)
				data[0] = number(VPNHA_CMD_MAX + 3);
			break;
		}
	}
}

/* -- sending -------------------------------------------------------------------- */

struct answers {
	unsigned int done;
	unsigned int refused;
};

/*
 * Not every malformed message is answered, and some more than once: a request
 * that is follows it, and all up to its answer are counted.
 */
static int send_and_drain(struct talk *t, const struct nlmsghdr *nlh, size_t len,
			  struct answers *answers)
{
	char buf[TALK_REQUEST_SIZE];
	static char reply[64 * 1024];
	unsigned int random_seq = t->seq;
	struct nlmsghdr *sentinel, *got;
	struct nlmsgerr *error;
	ssize_t received;
	int left;

	if (talk_send(t, nlh, len))
		return errno;
	sentinel = talk_begin(t, buf, VPNHA_CMD_INTERFACE_GET, NLM_F_ACK);
	mnl_attr_put_strz(sentinel, VPNHA_A_INTERFACE_IFNAME, "nobody");
	if (talk_send(t, sentinel, sentinel->nlmsg_len))
		return errno;
	for (;;) {
		received = mnl_socket_recvfrom(t->nl, reply, sizeof(reply));
		if (received < 0)
			return errno;
		left = received;
		for (got = (void *)reply; mnl_nlmsg_ok(got, left);
		     got = mnl_nlmsg_next(got, &left)) {
			if (got->nlmsg_type != NLMSG_ERROR)
				continue;
			error = mnl_nlmsg_get_payload(got);
			if (got->nlmsg_seq == t->seq)
				return error->error == -ENOENT ? 0 : EPROTO;
			if (got->nlmsg_seq != random_seq)
				continue;
			if (error->error)
				answers->refused++;
			else
				answers->done++;
		}
	}
}

/* -- what there is must make sense ----------------------------------------------- */

struct group {
	char ifname[16];
	char name[VPNHA_NAME_MAX + 1];
	uint32_t number, version, priority, priority_used, hello, hold, vip;
	uint8_t enabled;
};

/* An SA, and from the same attributes a binding and an entry that it belongs to. */
struct sa {
	char ifname[16];
	char map[VPNHA_CRYPTO_NAME_MAX + 1];
	uint32_t number, direction, spi, state;
	uint8_t dst[16], dst_len;
};

struct config {
	unsigned int groups, listed;	/* as counted by interfaces, and as dumped */
	unsigned int sas, bindings, entries;
	struct sa sa[MAX_SAS], binding[MAX_SAS], entry[MAX_SAS];
	bool faulty;
	struct group group[MAX_GROUPS];
};

#define FAULT(c, format, ...)						\
	do {								\
		ksft_print_msg(format "\n", ##__VA_ARGS__);		\
		(c)->faulty = true;					\
	} while (0)

static int interface_attr(const struct nlattr *attr, void *data)
{
	struct config *c = data;

	if (mnl_attr_get_type(attr) == VPNHA_A_INTERFACE_GROUPS)
		c->groups += mnl_attr_get_u32(attr);
	if (mnl_attr_get_type(attr) == VPNHA_A_INTERFACE_VERSION &&
	    (mnl_attr_get_u32(attr) < 1 || mnl_attr_get_u32(attr) > 2))
		FAULT(c, "an interface has version %u", mnl_attr_get_u32(attr));
	return MNL_CB_OK;
}

static int interface_cb(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, interface_attr, data);
}

static int group_attr(const struct nlattr *attr, void *data)
{
	struct group *g = data;

	switch (mnl_attr_get_type(attr)) {
	case VPNHA_A_GROUP_IFNAME:
		snprintf(g->ifname, sizeof(g->ifname), "%s", mnl_attr_get_str(attr));
		break;
	case VPNHA_A_GROUP_NAME:
		snprintf(g->name, sizeof(g->name), "%s", mnl_attr_get_str(attr));
		break;
	case VPNHA_A_GROUP_NUMBER:
		g->number = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_VERSION:
		g->version = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_PRIORITY:
		g->priority = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_PRIORITY_USED:
		g->priority_used = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_HELLO_MS:
		g->hello = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_HOLD_MS:
		g->hold = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_VIP:
		g->vip = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_GROUP_ENABLED:
		g->enabled = mnl_attr_get_u8(attr);
		break;
	}
	return MNL_CB_OK;
}

static int group_cb(const struct nlmsghdr *nlh, void *data)
{
	struct config *c = data;
	struct group *g;

	if (c->listed == MAX_GROUPS) {
		FAULT(c, "more than %u groups", MAX_GROUPS);
		return MNL_CB_OK;
	}
	g = &c->group[c->listed++];
	memset(g, 0, sizeof(*g));
	return mnl_attr_parse(nlh, GENL_HDRLEN, group_attr, g);
}

static void check_group(struct config *c, const struct group *g)
{
	const struct group *other;

	if (g->number > (g->version == 1 ? 255 : VPNHA_GROUP_MAX))
		FAULT(c, "%s: group %u in version %u", g->ifname, g->number, g->version);
	if (g->priority > 255 || g->priority_used > g->priority)
		FAULT(c, "%s %u: priority %u, used %u", g->ifname, g->number, g->priority,
		      g->priority_used);
	if ((g->hello || g->hold) && (g->hello < 15 || g->hold < 50 || g->hold <= g->hello ||
				      g->hold > VPNHA_TIMER_MAX_MS))
		FAULT(c, "%s %u: hello %u, hold %u", g->ifname, g->number, g->hello, g->hold);
	if (g->vip && (ntohl(g->vip) >> 24 == 0 || ntohl(g->vip) >> 24 == 127 ||
		       ntohl(g->vip) >> 28 == 0xe || g->vip == INADDR_BROADCAST))
		FAULT(c, "%s %u: virtual IP %08x", g->ifname, g->number, ntohl(g->vip));
	for (other = c->group; other < g; other++) {
		if (!strcmp(g->ifname, other->ifname) && g->number == other->number)
			FAULT(c, "%s %u is there twice", g->ifname, g->number);
		if (g->enabled && other->enabled && g->vip && g->vip == other->vip)
			FAULT(c, "%s %u has the virtual IP of %s %u", g->ifname, g->number,
			      other->ifname, other->number);
		if (g->name[0] && !strcmp(g->name, other->name))
			FAULT(c, "%s %u has the name of %s %u", g->ifname, g->number,
			      other->ifname, other->number);
	}
}

static int sa_attr(const struct nlattr *attr, void *data)
{
	struct sa *sa = data;

	switch (mnl_attr_get_type(attr)) {
	case VPNHA_A_SA_IFNAME:
		snprintf(sa->ifname, sizeof(sa->ifname), "%s", mnl_attr_get_str(attr));
		break;
	case VPNHA_A_SA_MAP:
		snprintf(sa->map, sizeof(sa->map), "%s", mnl_attr_get_str(attr));
		break;
	case VPNHA_A_SA_NUMBER:
		sa->number = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_SA_DIRECTION:
		sa->direction = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_SA_SPI:
		sa->spi = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_SA_STATE:
		sa->state = mnl_attr_get_u32(attr);
		break;
	case VPNHA_A_SA_DST:
		sa->dst_len = mnl_attr_get_payload_len(attr);
		memcpy(sa->dst, mnl_attr_get_payload(attr), sa->dst_len);
		break;
	}
	return MNL_CB_OK;
}

static int binding_attr(const struct nlattr *attr, void *data)
{
	struct sa *sa = data;

	if (mnl_attr_get_type(attr) == VPNHA_A_BINDING_IFNAME)
		snprintf(sa->ifname, sizeof(sa->ifname), "%s", mnl_attr_get_str(attr));
	if (mnl_attr_get_type(attr) == VPNHA_A_BINDING_MAP)
		snprintf(sa->map, sizeof(sa->map), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int entry_attr(const struct nlattr *attr, void *data)
{
	struct sa *sa = data;

	if (mnl_attr_get_type(attr) == VPNHA_A_MAP_NAME)
		snprintf(sa->map, sizeof(sa->map), "%s", mnl_attr_get_str(attr));
	if (mnl_attr_get_type(attr) == VPNHA_A_MAP_NUMBER)
		sa->number = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int esp_cb(const struct nlmsghdr *nlh, struct config *c, mnl_attr_cb_t cb,
		  struct sa *array, unsigned int *count)
{
	if (*count == MAX_SAS) {
		FAULT(c, "more than %u of one kind", MAX_SAS);
		return MNL_CB_OK;
	}
	memset(&array[*count], 0, sizeof(*array));
	return mnl_attr_parse(nlh, GENL_HDRLEN, cb, &array[(*count)++]);
}

static int sa_cb(const struct nlmsghdr *nlh, void *data)
{
	struct config *c = data;

	return esp_cb(nlh, c, sa_attr, c->sa, &c->sas);
}

static int binding_cb(const struct nlmsghdr *nlh, void *data)
{
	struct config *c = data;

	return esp_cb(nlh, c, binding_attr, c->binding, &c->bindings);
}

static int entry_cb(const struct nlmsghdr *nlh, void *data)
{
	struct config *c = data;

	return esp_cb(nlh, c, entry_attr, c->entry, &c->entries);
}

/* An SA is the only one of its key, and belongs to an entry of a map in use. */
static void check_sa(struct config *c, const struct sa *sa)
{
	bool bound = false, entered = false;
	const struct sa *other;
	unsigned int i;

	for (i = 0; i < c->bindings; i++)
		bound |= !strcmp(c->binding[i].ifname, sa->ifname) &&
			 !strcmp(c->binding[i].map, sa->map);
	for (i = 0; i < c->entries; i++)
		entered |= !strcmp(c->entry[i].map, sa->map) &&
			   c->entry[i].number == sa->number;
	if (!bound || !entered || sa->state == VPNHA_SA_STATE_LARVAL)
		FAULT(c, "SA %u %x of %s %s %u: bound %d, entered %d, state %u", sa->direction,
		      sa->spi, sa->ifname, sa->map, sa->number, bound, entered, sa->state);
	for (other = c->sa; other < sa; other++)
		if (sa->spi == other->spi && sa->direction == other->direction &&
		    sa->dst_len == other->dst_len && !memcmp(sa->dst, other->dst, sa->dst_len))
			FAULT(c, "SA %u %x is there twice", sa->direction, sa->spi);
}

static int dump(struct talk *t, uint8_t cmd, mnl_cb_t cb, void *data)
{
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh = talk_begin(t, buf, cmd, NLM_F_DUMP);

	return talk_send(t, nlh, nlh->nlmsg_len) ?: talk_wait(t, cb, data);
}

static bool makes_sense(struct talk *t, struct config *c)
{
	unsigned int i;
	int err;

	c->groups = 0;
	c->listed = 0;
	c->sas = 0;
	c->bindings = 0;
	c->entries = 0;
	c->faulty = false;
	err = dump(t, VPNHA_CMD_INTERFACE_GET, interface_cb, c) ?:
	      dump(t, VPNHA_CMD_GROUP_GET, group_cb, c) ?:
	      dump(t, VPNHA_CMD_TRACK_GET, NULL, NULL) ?:
	      dump(t, VPNHA_CMD_TRANSFORM_SET_GET, NULL, NULL) ?:
	      dump(t, VPNHA_CMD_ACL_GET, NULL, NULL) ?:
	      dump(t, VPNHA_CMD_MAP_GET, entry_cb, c) ?:
	      dump(t, VPNHA_CMD_DYNAMIC_MAP_GET, NULL, NULL) ?:
	      dump(t, VPNHA_CMD_BINDING_GET, binding_cb, c) ?:
	      dump(t, VPNHA_CMD_SA_GET, sa_cb, c);
	if (err)
		FAULT(c, "a dump failed: %s", strerror(err));
	if (c->groups != c->listed)
		FAULT(c, "interfaces count %u groups, there are %u", c->groups, c->listed);
	for (i = 0; i < c->listed; i++)
		check_group(c, &c->group[i]);
	for (i = 0; i < c->sas; i++)
		check_sa(c, &c->sa[i]);
	return !c->faulty;
}

/* -- the test --------------------------------------------------------------------- */

static bool run(const char *command)
{
	int status = system(command);

	if (status)
		ksft_print_msg("%s: status %d\n", command, status);
	return !status;
}

/* What the devices do meanwhile; whether it can be done depends on the last time. */
static void shake(void)
{
	static const char * const commands[] = {
		"ip link set e0 down", "ip link set e0 up", "ip link set e1 down; ip link set e1 up",
		"ip addr del 10.0.0.1/24 dev e0", "ip addr add 10.0.0.1/24 dev e0",
		"ip addr add 10.0.0.100/24 dev e1", "ip addr del 10.0.0.100/24 dev e1",
		"ip link add e2 type veth peer name e2p", "ip link del e2",
		"ip link set e3 down; ip link set e3 name e4", "ip link set e4 name e3",
	};
	char line[256];

	snprintf(line, sizeof(line), "{ %s; } >/dev/null 2>&1", commands[number(N(commands))]);
	if (system(line) < 0)
		ksft_exit_fail_msg("no shell\n");
}

static bool round_trip(struct talk *t)
{
	struct talk_text text = { NULL, 0 };
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh;
	bool there;
	int err;

	nlh = talk_begin(t, buf, VPNHA_CMD_GROUP_NEW, NLM_F_ACK);
	mnl_attr_put_strz(nlh, VPNHA_A_GROUP_IFNAME, "e0");
	mnl_attr_put_u32(nlh, VPNHA_A_GROUP_NUMBER, 7);
	mnl_attr_put_strz(nlh, VPNHA_A_GROUP_NAME, "round");
	err = talk(t, nlh) ?: talk_snapshot(t, &text);
	there = !err && strstr(text.data, "=round") && strstr(text.data, "interface ") == text.data;
	err = err ?: talk_delete_all(t) ?: talk_snapshot(t, &text);
	if (err || !there || text.len)
		ksft_print_msg("error %d, %s, left: %s\n", err, there ? "there" : "not there",
			       text.data);
	there = there && !err && !text.len;
	talk_text_free(&text);
	return there;
}

static bool open_socket(struct talk *t)
{
	struct timeval hangs = { .tv_sec = HANGS_SECONDS };
	int size = 16 << 20, fd;

	if (!talk_open(t))
		return false;
	fd = mnl_socket_get_fd(t->nl);
	return !setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &hangs, sizeof(hangs));
}

int main(int argc, char **argv)
{
	unsigned long i, messages = argc > 1 ? strtoul(argv[1], NULL, 0) : MESSAGES;
	char buf[TALK_REQUEST_SIZE], copy[2 * TALK_REQUEST_SIZE];
	struct talk random, clean;
	struct answers answers = { 0, 0 };
	static struct config config;
	unsigned long sas = 0;
	struct nlmsghdr *nlh;
	bool sense = true;
	size_t len;
	int err = 0;

	state = argc > 2 ? strtoull(argv[2], NULL, 0) : SEED;
	ksft_print_header();
	ksft_set_plan(5);
	ksft_print_msg("%lu messages, seed %llu\n", messages, (unsigned long long)state);
	if (unshare(CLONE_NEWNET) ||
	    !run("ip link set lo up && ip link add e0 type veth peer name e0p && "
		 "ip link add e1 type veth peer name e1p && "
		 "ip link add e3 type veth peer name e3p && "
		 "for i in e0 e0p e1 e1p; do ip link set $i up || exit; done; "
		 "ip addr add 10.0.0.1/24 dev e0 && ip addr add 10.0.1.1/24 dev e1"))
		ksft_exit_fail_msg("no namespace\n");
	if (!open_socket(&random) || !open_socket(&clean))
		ksft_exit_fail_msg("no socket: %s\n", strerror(errno));

	for (i = 0; i < messages && !err && sense; i++) {
		memset(buf, 0, sizeof(buf));
		nlh = well_formed(&random, buf);
		if (i % 2)
			mutate(nlh);
		len = nlh->nlmsg_len;
		memcpy(copy, buf, len);
		/* its own idea of its length; and two in one datagram */
		if (i % 2 && chance(1, 20))
			((struct nlmsghdr *)copy)->nlmsg_len = number(2 * len);
		if (chance(1, 20)) {
			memcpy(copy + NLMSG_ALIGN(len), buf, len);
			len += NLMSG_ALIGN(len);
		}
		err = send_and_drain(&random, (void *)copy, len, &answers);
		if (i % CHECK_EVERY == 0) {
			sense = makes_sense(&clean, &config);
			sas += config.sas;
		}
		if (i % SHAKE_EVERY == 0)
			shake();
	}
	ksft_print_msg("%u done, %u refused, %lu SAs seen\n", answers.done, answers.refused, sas);
	if (err)
		ksft_print_msg("message %lu: %s\n", i, strerror(err));
	ksft_test_result(!err, "after each message requests are answered\n");
	sense = sense && makes_sense(&clean, &config);
	ksft_test_result(sense, "what there is makes sense\n");
	/* fewer would mean that nothing was tried */
	ksft_test_result(answers.done > messages / 20 && answers.refused > messages / 20 && sas,
			 "many are done and many are refused\n");
	err = talk_delete_all(&clean);
	if (err)
		ksft_print_msg("%s\n", strerror(err));
	ksft_test_result(!err && makes_sense(&clean, &config) && !config.listed && !config.bindings &&
			 !config.sas && !config.entries,
			 "everything can be removed\n");
	ksft_test_result(round_trip(&clean), "a group can be made, read and removed\n");
	talk_close(&random);
	talk_close(&clean);
	ksft_finished();
}
