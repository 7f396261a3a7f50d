// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netlink_talk.h"

#define RECEIVE_SIZE	(64 * 1024)

static int family_attr(const struct nlattr *attr, void *data)
{
	struct talk *t = data;
	const struct nlattr *group, *part;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		t->family = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
		return MNL_CB_OK;
	mnl_attr_for_each_nested(group, attr) {
		const char *name = "";
		uint32_t id = 0;

		mnl_attr_for_each_nested(part, group) {
			if (mnl_attr_get_type(part) == CTRL_ATTR_MCAST_GRP_NAME)
				name = mnl_attr_get_str(part);
			else if (mnl_attr_get_type(part) == CTRL_ATTR_MCAST_GRP_ID)
				id = mnl_attr_get_u32(part);
		}
		if (!strcmp(name, VPNHA_MCGRP_EVENTS))
			t->events = id;
	}
	return MNL_CB_OK;
}

static int family_cb(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, GENL_HDRLEN, family_attr, data);
}

/* Opens a socket in the namespace of the caller; false when something fails. */
bool talk_open(struct talk *t)
{
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh;
	int on = 1;

	memset(t, 0, sizeof(*t));
	t->nl = mnl_socket_open(NETLINK_GENERIC);
	if (!t->nl)
		return false;
	if (mnl_socket_bind(t->nl, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_setsockopt(t->nl, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    mnl_socket_setsockopt(t->nl, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    mnl_socket_setsockopt(t->nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on)))
		return false;

	t->family = GENL_ID_CTRL;
	nlh = talk_begin(t, buf, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VPNHA_FAMILY_NAME);
	if (talk_send(t, nlh, nlh->nlmsg_len) || talk_wait(t, family_cb, t))
		return false;
	return t->family != GENL_ID_CTRL && t->events;
}

void talk_close(struct talk *t)
{
	if (t->nl)
		mnl_socket_close(t->nl);
	t->nl = NULL;
}

/* Begins a request in a buffer of TALK_REQUEST_SIZE. */
struct nlmsghdr *talk_begin(struct talk *t, void *buf, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = t->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++t->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = VPNHA_FAMILY_VERSION;
	return nlh;
}

/* Returns 0 or an errno. */
int talk_send(struct talk *t, const void *data, size_t len)
{
	return mnl_socket_sendto(t->nl, data, len) < 0 ? errno : 0;
}

/* Waits for the end of the last request's answer; 0 or an errno. */
int talk_wait(struct talk *t, mnl_cb_t cb, void *data)
{
	unsigned int portid = mnl_socket_get_portid(t->nl);
	static char buf[RECEIVE_SIZE];
	ssize_t len;
	int more;

	do {
		len = mnl_socket_recvfrom(t->nl, buf, sizeof(buf));
		if (len < 0)
			return errno;
		/* what an earlier request has left is not ours */
		if (mnl_nlmsg_get_payload_len((void *)buf) &&
		    ((struct nlmsghdr *)buf)->nlmsg_seq != t->seq) {
			more = MNL_CB_OK;
			continue;
		}
		more = mnl_cb_run(buf, len, t->seq, portid, cb, data);
		if (more < 0)
			return errno;
	} while (more > 0);
	return 0;
}

/* A request and its acknowledgment; 0 or an errno. */
int talk(struct talk *t, const struct nlmsghdr *nlh)
{
	int err = talk_send(t, nlh, nlh->nlmsg_len);

	return err ?: talk_wait(t, NULL, NULL);
}

/* -- the configuration as text ---------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
text_add(struct talk_text *text, const char *format, ...)
{
	va_list args;
	char *piece;
	int len;

	va_start(args, format);
	len = vasprintf(&piece, format, args);
	va_end(args);
	if (len < 0)
		abort();
	text->data = realloc(text->data, text->len + len + 1);
	if (!text->data)
		abort();
	memcpy(text->data + text->len, piece, len + 1);
	text->len += len;
	free(piece);
}

void talk_text_free(struct talk_text *text)
{
	free(text->data);
	text->data = NULL;
	text->len = 0;
}

/* Attributes of each object that somebody configured, or that follow from it. */
static const struct {
	uint8_t cmd;
	const char *name;
	uint64_t mask;
} objects[] = {
#define A(object, name)	(1ULL << VPNHA_A_##object##_##name)
	{ VPNHA_CMD_INTERFACE_GET, "interface",
	  A(INTERFACE, IFNAME) | A(INTERFACE, VERSION) | A(INTERFACE, GROUPS) |
	  A(INTERFACE, DELAY_MIN) | A(INTERFACE, DELAY_RELOAD) |
	  A(INTERFACE, USE_BIA) | A(INTERFACE, GARP_COUNT) | A(INTERFACE, GARP_INTERVAL) |
	  A(INTERFACE, MAC_REFRESH) | A(INTERFACE, REDIRECT) },
	{ VPNHA_CMD_GROUP_KEY_GET, "group",
	  A(GROUP, IFNAME) | A(GROUP, NUMBER) | A(GROUP, ENABLED) | A(GROUP, VIP) |
	  A(GROUP, PRIORITY) | A(GROUP, PREEMPT) | A(GROUP, HELLO_MS) | A(GROUP, HOLD_MS) |
	  A(GROUP, NAME) | A(GROUP, VERSION) | A(GROUP, MAC) | A(GROUP, PRIORITY_USED) |
	  A(GROUP, AUTHENTICATION) | A(GROUP, KEY) | A(GROUP, KEY_TIMEOUT) |
	  A(GROUP, PREEMPT_MIN) | A(GROUP, PREEMPT_RELOAD) | A(GROUP, PREEMPT_SYNC) |
	  A(GROUP, SYNC_PENDING) | A(GROUP, SECONDARY) | A(GROUP, MAC_ADDRESS) |
	  A(GROUP, FOLLOW) | A(GROUP, BUNDLE) |
	  A(GROUP, IPV6) | A(GROUP, VIP6) | A(GROUP, AUTOCONFIG) | A(GROUP, GLOBAL6) },
	{ VPNHA_CMD_TRACK_GET, "track",
	  A(TRACK, IFNAME) | A(TRACK, NUMBER) | A(TRACK, TARGET) | A(TRACK, DECREMENT) |
	  A(TRACK, OBJECT) | A(TRACK, SHUTDOWN) },
	{ VPNHA_CMD_OBJECT_GET, "object",
	  ~(A(OBJECT, UP) | A(OBJECT, IFINDEX) | A(OBJECT, CHANGES) | A(OBJECT, CHANGE_AGE_MS) |
	    A(OBJECT, DELAY_LEFT_MS) | A(OBJECT, VALUE) | A(OBJECT, PAD)) },
	{ VPNHA_CMD_TRANSFORM_SET_GET, "transform-set", ~0ULL },
	{ VPNHA_CMD_ACL_GET, "acl", ~0ULL },
	{ VPNHA_CMD_MAP_KEY_GET, "map", ~0ULL },
	{ VPNHA_CMD_DYNAMIC_MAP_GET, "dynamic-map", ~0ULL },
	{ VPNHA_CMD_BINDING_GET, "binding",
	  A(BINDING, IFNAME) | A(BINDING, MAP) | A(BINDING, REDUNDANCY) | A(BINDING, DF) |
	  A(BINDING, LOCAL) | A(BINDING, PROBLEM) },
	/* The IVs of session keys begin with the time. */
	{ VPNHA_CMD_SA_KEY_GET, "sa",
	  ~(A(SA, ID) | A(SA, AGE_MS) | A(SA, LAST_USED_MS) | A(SA, IV_BASE) | A(SA, MTU) |
	    A(SA, PAD)) },
#undef A
};

struct dump {
	struct talk_text *text;
	unsigned int object;
};

static int dump_attr(const struct nlattr *attr, void *data)
{
	struct dump *d = data;
	const uint8_t *byte = mnl_attr_get_payload(attr);
	uint16_t type = mnl_attr_get_type(attr), i;

	if (type >= 64 || !(objects[d->object].mask & 1ULL << type))
		return MNL_CB_OK;
	text_add(d->text, " %u=", type);
	for (i = 0; i < mnl_attr_get_payload_len(attr); i++)
		text_add(d->text, byte[i] > ' ' && byte[i] < 127 ? "%c" : "\\%u", byte[i]);
	return MNL_CB_OK;
}

static int dump_cb(const struct nlmsghdr *nlh, void *data)
{
	struct dump *d = data;

	text_add(d->text, "%s", objects[d->object].name);
	if (mnl_attr_parse(nlh, GENL_HDRLEN, dump_attr, d) < 0)
		return MNL_CB_ERROR;
	text_add(d->text, "\n");
	return MNL_CB_OK;
}

/* Every object, one a line; 0 or an errno. */
int talk_snapshot(struct talk *t, struct talk_text *text)
{
	char buf[TALK_REQUEST_SIZE];
	struct dump d = { text, 0 };
	struct nlmsghdr *nlh;
	int err;

	talk_text_free(text);
	text_add(text, "%s", "");
	for (; d.object < sizeof(objects) / sizeof(objects[0]); d.object++) {
		nlh = talk_begin(t, buf, objects[d.object].cmd, NLM_F_DUMP);
		err = talk_send(t, nlh, nlh->nlmsg_len);
		if (err)
			return err;
		err = talk_wait(t, dump_cb, &d);
		if (err)
			return err;
	}
	return 0;
}

/* Objects that are removed, and the rest with them: the key of each. */
static const struct {
	uint8_t get, del;
	uint64_t key;
} removable[] = {
#define A(object, name)	(1ULL << VPNHA_A_##object##_##name)
	{ VPNHA_CMD_BINDING_GET, VPNHA_CMD_BINDING_DEL, A(BINDING, IFNAME) },
	{ VPNHA_CMD_MAP_GET, VPNHA_CMD_MAP_DEL, A(MAP, NAME) | A(MAP, NUMBER) },
	{ VPNHA_CMD_DYNAMIC_MAP_GET, VPNHA_CMD_DYNAMIC_MAP_DEL, A(MAP, NAME) | A(MAP, NUMBER) },
	{ VPNHA_CMD_ACL_GET, VPNHA_CMD_ACL_DEL, A(ACL, NAME) | A(ACL, NUMBER) },
	{ VPNHA_CMD_TRANSFORM_SET_GET, VPNHA_CMD_TRANSFORM_SET_DEL, A(TRANSFORM_SET, NAME) },
	{ VPNHA_CMD_INTERFACE_GET, VPNHA_CMD_INTERFACE_DEL, A(INTERFACE, IFNAME) },
	{ VPNHA_CMD_OBJECT_GET, VPNHA_CMD_OBJECT_DEL, A(OBJECT, ID) },
#undef A
};

#define MAX_KEYS	256

struct keys {
	uint64_t mask;
	unsigned int count;
	struct {
		uint16_t len;
		uint8_t attrs[64];
	} keys[MAX_KEYS];
};

static int key_attr(const struct nlattr *attr, void *data)
{
	struct keys *keys = data;
	uint16_t type = mnl_attr_get_type(attr), len = MNL_ALIGN(attr->nla_len);
	uint16_t *used = &keys->keys[keys->count].len;

	if (type >= 64 || !(keys->mask & 1ULL << type))
		return MNL_CB_OK;
	if (*used + len > (int)sizeof(keys->keys[0].attrs))
		return MNL_CB_ERROR;
	memcpy(keys->keys[keys->count].attrs + *used, attr, len);
	*used += len;
	return MNL_CB_OK;
}

static int key_cb(const struct nlmsghdr *nlh, void *data)
{
	struct keys *keys = data;

	if (keys->count == MAX_KEYS)
		return MNL_CB_OK;
	keys->keys[keys->count].len = 0;
	if (mnl_attr_parse(nlh, GENL_HDRLEN, key_attr, keys) < 0)
		return MNL_CB_ERROR;
	keys->count++;
	return MNL_CB_OK;
}

static int delete_kind(struct talk *t, unsigned int kind, struct keys *keys)
{
	char buf[TALK_REQUEST_SIZE];
	struct nlmsghdr *nlh;
	unsigned int i;
	int err;

	do {
		keys->mask = removable[kind].key;
		keys->count = 0;
		nlh = talk_begin(t, buf, removable[kind].get, NLM_F_DUMP);
		err = talk_send(t, nlh, nlh->nlmsg_len) ?: talk_wait(t, key_cb, keys);
		for (i = 0; !err && i < keys->count; i++) {
			nlh = talk_begin(t, buf, removable[kind].del, NLM_F_ACK);
			memcpy(mnl_nlmsg_get_payload_tail(nlh), keys->keys[i].attrs,
			       keys->keys[i].len);
			nlh->nlmsg_len += keys->keys[i].len;
			err = talk(t, nlh);
			/* the list that it is a member of goes first, then it */
			if (err == EBUSY)
				err = 0;
		}
	} while (!err && keys->count);
	return err;
}

/* Removes everything; 0 or an errno. */
int talk_delete_all(struct talk *t)
{
	static struct keys keys;
	unsigned int kind;
	int err = 0;

	for (kind = 0; !err && kind < sizeof(removable) / sizeof(removable[0]); kind++)
		err = delete_kind(t, kind, &keys);
	return err;
}
