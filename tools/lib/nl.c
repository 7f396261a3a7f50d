// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>

#include <linux/vpnha.h>

#include "lib/alloc.h"
#include "lib/decode.h"
#include "lib/nl.h"

/* Room for events between two looks at the socket. */
#define EVENT_BUFFER	(8 << 20)

/* How often a dump that changes under way is begun again before what came is taken. */
#define DUMP_TRIES	8

/* Takes the attributes of one message. */
typedef int (*take_fn)(void *data, struct nlattr *attrs, int length);

/* What one answer of the kernel holds. */
struct answer {
	uint8_t command;
	take_fn take;
	void *data;
	bool interrupted;
};

/**
 * session_error_clear() - Release what an error holds and make it empty.
 * @e: error
 */
void session_error_clear(struct session_error *e)
{
	free(e->message);
	memset(e, 0, sizeof(*e));
}

static int fail(struct session_error *e, int code, const char *message)
{
	session_error_clear(e);
	e->code = code;
	if (message)
		e->message = xstrdup(message);
	else if (code == EPERM)
		e->message = xstrdup("operation not permitted: needs CAP_NET_ADMIN");
	else
		e->message = xstrdup(strerror(code));
	return -code;
}

static int fail_nl(struct session_error *e, const char *what, int nl_error)
{
	session_error_clear(e);
	e->code = EIO;
	e->message = xasprintf("%s: %s", what, nl_geterror(nl_error));
	return -e->code;
}

/* As large as allowed: a privileged process may pass the limit of the system. */
static void set_buffer(int fd, int force, int plain, int size)
{
	if (setsockopt(fd, SOL_SOCKET, force, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, plain, &size, sizeof(size));
}

/**
 * session_open() - Connect to the kernel module.
 * @s: session
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_open(struct session *s, struct session_error *e)
{
	int ret, on = 1;

	memset(s, 0, sizeof(*s));
	s->sock = nl_socket_alloc();
	if (!s->sock)
		return fail(e, ENOMEM, NULL);
	ret = genl_connect(s->sock);
	if (ret < 0) {
		session_close(s);
		return fail_nl(e, "cannot open a netlink socket", ret);
	}
	s->family = genl_ctrl_resolve(s->sock, VPNHA_FAMILY_NAME);
	if (s->family < 0) {
		ret = s->family;
		session_close(s);
		if (ret == -NLE_OBJ_NOTFOUND)
			return fail(e, ENOENT,
				    "the kernel module is not loaded (modprobe vpnha)");
		return fail_nl(e, "cannot find the netlink family", ret);
	}
	/*
	 * With CAP_ACK an answer does not repeat the request, which may
	 * be hundreds of kilobytes, and EXT_ACK adds why it was refused.
	 */
	setsockopt(session_fd(s), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(session_fd(s), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	return 0;
}

/**
 * session_close() - End a session.
 * @s: session; it may be closed already
 */
void session_close(struct session *s)
{
	nl_socket_free(s->sock);
	s->sock = NULL;
}

/**
 * session_fd() - File descriptor to wait on for events.
 * @s: session
 */
int session_fd(const struct session *s)
{
	return nl_socket_get_fd(s->sock);
}

/* What is received may hold keys. */
static void release(void *buf, ssize_t size)
{
	if (buf)
		explicit_bzero(buf, (size_t)size);
	free(buf);
}

/* One datagram, whatever its size, in *buf, the caller's; or -errno, and *buf is NULL. */
static ssize_t receive(const struct session *s, int flags, void **buf)
{
	struct sockaddr_nl from = {};
	socklen_t from_length;
	ssize_t size, got;

	*buf = NULL;
	for (;;) {
		size = recv(session_fd(s), NULL, 0, MSG_PEEK | MSG_TRUNC | flags);
		if (size < 0) {
			if (errno == EINTR && !flags)
				continue;
			return -errno;
		}
		*buf = xcalloc((size_t)size + 1, 1);
		from_length = sizeof(from);
		got = recvfrom(session_fd(s), *buf, (size_t)size, flags,
			       (struct sockaddr *)&from, &from_length);
		if (got >= 0 && from_length == sizeof(from) && !from.nl_pid)
			return got;
		free(*buf);
		*buf = NULL;
		if (got < 0 && errno != EINTR)
			return -errno;
	}
}

/* What the kernel says about a refusal stands behind the answer proper. */
static int refused(struct session_error *e, int code, struct nlattr *attrs, int length)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	char *text = NULL;

	if (length <= 0 || nla_parse(tb, NLMSGERR_ATTR_MAX, attrs, length, NULL) < 0)
		return fail(e, code, NULL);
	if (tb[NLMSGERR_ATTR_MSG])
		text = xstrndup(nla_data(tb[NLMSGERR_ATTR_MSG]),
				(size_t)nla_len(tb[NLMSGERR_ATTR_MSG]));
	fail(e, code, text);
	free(text);
	if (tb[NLMSGERR_ATTR_OFFS] && nla_len(tb[NLMSGERR_ATTR_OFFS]) >= (int)sizeof(uint32_t)) {
		e->has_offset = true;
		e->offset = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
	}
	return -code;
}

/* Returns 1 when the answer ends with success, 0 when more follows, or -errno. */
static int take_error(struct nlmsghdr *h, struct session_error *e)
{
	struct nlmsgerr *error = nlmsg_data(h);
	int skip;

	if (nlmsg_datalen(h) < (int)sizeof(*error))
		return fail(e, EBADMSG, NULL);
	if (!error->error)
		return 1;
	skip = (int)sizeof(*error);
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += (int)NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return fail(e, -error->error, NULL);
	return refused(e, -error->error, (struct nlattr *)((char *)error + skip),
		       nlmsg_datalen(h) - skip);
}

static int take_done(struct nlmsghdr *h, struct session_error *e)
{
	const int skip = NLMSG_ALIGN(sizeof(int));
	int code = 0;

	if (nlmsg_datalen(h) >= (int)sizeof(code))
		memcpy(&code, nlmsg_data(h), sizeof(code));
	if (code >= 0)
		return 1;
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return fail(e, -code, NULL);
	return refused(e, -code, (struct nlattr *)((char *)nlmsg_data(h) + skip),
		       nlmsg_datalen(h) - skip);
}

static int take_object(const struct session *s, struct nlmsghdr *h, struct answer *a,
		       struct session_error *e)
{
	struct genlmsghdr *g = nlmsg_data(h);

	if (h->nlmsg_type != s->family || !a->take || !genlmsg_valid_hdr(h, 0))
		return 0;
	if (a->take(a->data, genlmsg_attrdata(g, 0), genlmsg_attrlen(g, 0)) < 0)
		return fail(e, EBADMSG, "the kernel's answer does not follow the contract");
	return 0;
}

/* Take the answer to the request @seq. */
static int answer(const struct session *s, uint32_t seq, struct answer *a, struct session_error *e)
{
	ssize_t got;
	int ret = 0;
	void *buf;

	while (!ret) {
		struct nlmsghdr *h;
		int rest;

		got = receive(s, 0, &buf);
		if (!buf)
			return fail(e, (int)-got, NULL);
		rest = (int)got;
		for (h = buf; !ret && nlmsg_ok(h, rest); h = nlmsg_next(h, &rest)) {
			if (h->nlmsg_seq != seq)
				continue;
			a->interrupted |= !!(h->nlmsg_flags & NLM_F_DUMP_INTR);
			if (h->nlmsg_type == NLMSG_ERROR)
				ret = take_error(h, e);
			else if (h->nlmsg_type == NLMSG_DONE)
				ret = take_done(h, e);
			else
				ret = take_object(s, h, a, e);
		}
		release(buf, got);
	}
	return ret < 0 ? ret : 0;
}

/* Send a request and take its answer. */
static int transact(struct session *s, struct nl_msg *msg, int flags, struct answer *a,
		    struct session_error *e)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);

	nl_complete_msg(s->sock, msg);
	h->nlmsg_flags |= NLM_F_REQUEST | flags;
	if (send(session_fd(s), h, h->nlmsg_len, 0) < 0) {
		if (errno == EMSGSIZE || errno == ENOBUFS)
			return fail(e, errno,
				    "too many changes for one message to the kernel: raise net.core.wmem_max");
		return fail(e, errno, NULL);
	}
	return answer(s, h->nlmsg_seq, a, e);
}

static struct nl_msg *request(const struct session *s, uint8_t command)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (msg && !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, s->family, 0, 0, command,
				VPNHA_FAMILY_VERSION)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return msg;
}

static int dump(struct session *s, struct answer *a, const struct session_filter *filter,
		int attr_ifname, int attr_number, struct session_error *e)
{
	struct nl_msg *msg = request(s, a->command);
	int ret = 0;

	if (!msg)
		return fail(e, ENOMEM, NULL);
	if (filter && filter->ifname)
		ret = nla_put_string(msg, attr_ifname, filter->ifname);
	if (ret >= 0 && filter && filter->has_number && attr_number)
		ret = nla_put_u32(msg, attr_number, filter->number);
	ret = ret < 0 ? fail(e, ENOMEM, NULL) : transact(s, msg, NLM_F_DUMP, a, e);
	nlmsg_free(msg);
	return ret;
}

static int take_interface(void *data, struct nlattr *attrs, int length)
{
	return decode_interface(data, attrs, length);
}

static int take_group(void *data, struct nlattr *attrs, int length)
{
	return decode_group(data, attrs, length);
}

static int take_track(void *data, struct nlattr *attrs, int length)
{
	return decode_track(data, attrs, length);
}

static int take_tracked(void *data, struct nlattr *attrs, int length)
{
	return decode_tracked(data, attrs, length);
}

static int take_set(void *data, struct nlattr *attrs, int length)
{
	return decode_set(data, attrs, length);
}

static int take_line(void *data, struct nlattr *attrs, int length)
{
	return decode_line(data, attrs, length);
}

static int take_map(void *data, struct nlattr *attrs, int length)
{
	return decode_map(data, attrs, length);
}

static int take_dynamic_map(void *data, struct nlattr *attrs, int length)
{
	return decode_dynamic_map(data, attrs, length);
}

static int take_binding(void *data, struct nlattr *attrs, int length)
{
	return decode_binding(data, attrs, length);
}

static int take_sa(void *data, struct nlattr *attrs, int length)
{
	return decode_sa(data, attrs, length);
}

static int take_route(void *data, struct nlattr *attrs, int length)
{
	return decode_route(data, attrs, length);
}

static int take_esp_stats(void *data, struct nlattr *attrs, int length)
{
	return decode_esp_stats(data, attrs, length);
}

static int get_esp_stats(struct session *s, struct model *m, struct session_error *e)
{
	struct answer a = { .take = take_esp_stats, .data = m };
	struct nl_msg *msg = request(s, VPNHA_CMD_ESP_STATS_GET);
	int ret;

	if (!msg)
		return fail(e, ENOMEM, NULL);
	ret = transact(s, msg, NLM_F_ACK, &a, e);
	nlmsg_free(msg);
	return ret;
}

/* What crypto maps are made of, in the order in which they refer to each other. */
static int get_crypto(struct session *s, unsigned int what, struct model *m, bool *interrupted,
		      struct session_error *e)
{
	struct answer answers[] = {
		{ .command = VPNHA_CMD_TRANSFORM_SET_GET, .take = take_set },
		{ .command = VPNHA_CMD_ACL_GET, .take = take_line },
		{ .command = what & SESSION_KEYS ? VPNHA_CMD_MAP_KEY_GET : VPNHA_CMD_MAP_GET,
		  .take = take_map },
		{ .command = VPNHA_CMD_DYNAMIC_MAP_GET, .take = take_dynamic_map },
		{ .command = VPNHA_CMD_BINDING_GET, .take = take_binding },
		{ .command = VPNHA_CMD_SA_GET, .take = take_sa },
	};
	size_t n_answers = sizeof(answers) / sizeof(*answers) - !(what & SESSION_SAS);
	int ret = 0;

	for (size_t n = 0; !ret && n < n_answers; n++) {
		answers[n].data = m;
		ret = dump(s, &answers[n], NULL, 0, 0, e);
		*interrupted |= answers[n].interrupted;
	}
	return ret;
}

static int get_standby(struct session *s, const struct session_filter *filter, unsigned int what,
		       struct model *m, bool *interrupted, struct session_error *e)
{
	struct answer interfaces = { .command = VPNHA_CMD_INTERFACE_GET, .take = take_interface,
				     .data = m };
	struct answer groups = { .command = what & SESSION_KEYS ? VPNHA_CMD_GROUP_KEY_GET :
								  VPNHA_CMD_GROUP_GET,
				 .take = take_group, .data = m };
	struct answer tracks = { .command = VPNHA_CMD_TRACK_GET, .take = take_track, .data = m };
	struct answer objects = { .command = VPNHA_CMD_OBJECT_GET, .take = take_tracked,
				  .data = m };
	int ret;

	ret = dump(s, &interfaces, filter, VPNHA_A_INTERFACE_IFNAME, 0, e);
	if (!ret)
		ret = dump(s, &groups, filter, VPNHA_A_GROUP_IFNAME, VPNHA_A_GROUP_NUMBER, e);
	if (!ret)
		ret = dump(s, &tracks, filter, VPNHA_A_TRACK_IFNAME, VPNHA_A_TRACK_NUMBER, e);
	if (!ret)
		ret = dump(s, &objects, NULL, 0, 0, e);
	*interrupted |= interfaces.interrupted || groups.interrupted || tracks.interrupted ||
			objects.interrupted;
	return ret;
}

static int get_routes(struct session *s, struct model *m, bool *interrupted,
		      struct session_error *e)
{
	struct answer a = { .command = VPNHA_CMD_ROUTE_GET, .take = take_route, .data = m };
	int ret = dump(s, &a, NULL, 0, 0, e);

	*interrupted |= a.interrupted;
	return ret;
}

static int get_once(struct session *s, const struct session_filter *filter, unsigned int what,
		    struct model *m, bool *interrupted, struct session_error *e)
{
	int ret = 0;

	*interrupted = false;
	if (what & SESSION_STANDBY)
		ret = get_standby(s, filter, what, m, interrupted, e);
	if (!ret && what & (SESSION_CRYPTO | SESSION_SAS))
		ret = get_crypto(s, what, m, interrupted, e);
	if (!ret && what & SESSION_ROUTES)
		ret = get_routes(s, m, interrupted, e);
	if (!ret && what & SESSION_DROPS)
		ret = get_esp_stats(s, m, e);
	return ret;
}

/**
 * session_get() - Get the kernel's objects.
 * @s: session
 * @filter: which interfaces and groups; NULL: all
 * @what: SESSION_*
 * @m: an empty model
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_get(struct session *s, const struct session_filter *filter, unsigned int what,
		struct model *m, struct session_error *e)
{
	bool interrupted = true;
	int ret = 0;

	for (int n = 0; !ret && interrupted && n < DUMP_TRIES; n++) {
		model_free(m);
		ret = get_once(s, filter, what, m, &interrupted, e);
	}
	if (ret)
		model_free(m);
	else
		model_adopt(m);
	return ret;
}

/**
 * session_clear() - Remove SAs or set counters to zero.
 * @s: session
 * @c: which
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_clear(struct session *s, const struct session_clear *c, struct session_error *e)
{
	struct nl_msg *msg = request(s, VPNHA_CMD_ESP_CLEAR);
	struct answer a = {};
	bool failed = !msg;
	int ret;

	if (!failed && c->ifname)
		failed |= nla_put_string(msg, VPNHA_A_ESP_CLEAR_IFNAME, c->ifname) < 0;
	if (!failed && c->map)
		failed |= nla_put_string(msg, VPNHA_A_ESP_CLEAR_MAP, c->map) < 0;
	if (!failed && c->number)
		failed |= nla_put_u32(msg, VPNHA_A_ESP_CLEAR_NUMBER, c->number) < 0;
	if (!failed && c->peer.family)
		failed |= nla_put(msg, VPNHA_A_ESP_CLEAR_PEER, (int)address_size(&c->peer),
				  c->peer.bytes) < 0;
	if (!failed && c->spi)
		failed |= nla_put_u32(msg, VPNHA_A_ESP_CLEAR_SPI, c->spi) < 0;
	if (!failed && c->counters)
		failed |= nla_put_u8(msg, VPNHA_A_ESP_CLEAR_COUNTERS, 1) < 0;
	ret = failed ? fail(e, ENOMEM, NULL) : transact(s, msg, NLM_F_ACK, &a, e);
	nlmsg_free(msg);
	return ret;
}

/**
 * session_set_object() - Say what state a tracked object has.
 * @s: session
 * @id: its number; it is a stub
 * @up: the state
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_set_object(struct session *s, uint32_t id, bool up, struct session_error *e)
{
	struct nl_msg *msg = request(s, VPNHA_CMD_OBJECT_SET);
	struct answer a = {};
	bool failed = !msg;
	int ret;

	if (!failed)
		failed = nla_put_u32(msg, VPNHA_A_OBJECT_ID, id) < 0 ||
			 nla_put_u8(msg, VPNHA_A_OBJECT_UP, up) < 0;
	ret = failed ? fail(e, ENOMEM, NULL) : transact(s, msg, NLM_F_ACK, &a, e);
	nlmsg_free(msg);
	return ret;
}

/**
 * session_commit() - Send a batch, which takes effect as a whole or not at all.
 * @s: session
 * @b: batch
 * @e: why it was refused
 *
 * Return: 0 or a negative errno.
 */
int session_commit(struct session *s, struct batch *b, struct session_error *e)
{
	int size = (int)nlmsg_hdr(b->msg)->nlmsg_len;
	struct answer a = {};

	/* The kernel counts its own overhead against the buffer, too. */
	set_buffer(session_fd(s), SO_SNDBUFFORCE, SO_SNDBUF, size + size / 2 + 32768);
	return transact(s, b->msg, NLM_F_ACK, &a, e);
}

/**
 * session_message() - Begin a request.
 * @s: session
 * @command: VPNHA_CMD_*
 *
 * Return: a message without attributes, or NULL.
 */
struct nl_msg *session_message(const struct session *s, uint8_t command)
{
	return request(s, command);
}

/**
 * session_call() - Send a request that is no dump, and take its answer.
 * @s: session
 * @msg: request
 * @take: called with each object of the answer; NULL: there is none
 * @data: for @take
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_call(struct session *s, struct nl_msg *msg, session_answer_fn take, void *data,
		 struct session_error *e)
{
	struct answer a = { .take = take, .data = data };

	return transact(s, msg, NLM_F_ACK, &a, e);
}

/**
 * session_follow() - Subscribe to a multicast group.
 * @s: session
 * @name: name of the group, VPNHA_MCGRP_*
 * @e: why it failed
 *
 * Return: 0 or a negative errno.
 */
int session_follow(struct session *s, const char *name, struct session_error *e)
{
	int group = genl_ctrl_resolve_grp(s->sock, VPNHA_FAMILY_NAME, name);

	if (group < 0)
		return fail_nl(e, "cannot find the multicast group", group);
	set_buffer(session_fd(s), SO_RCVBUFFORCE, SO_RCVBUF, EVENT_BUFFER);
	if (setsockopt(session_fd(s), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return fail(e, errno, NULL);
	return 0;
}

/**
 * session_events() - Take what has arrived by multicast.
 * @s: session that follows them
 * @take: called with each
 * @data: for @take
 * @e: why it failed; ENOBUFS: events were lost
 *
 * Return: 0 or a negative errno.
 */
int session_events(struct session *s, session_take_fn take, void *data, struct session_error *e)
{
	for (;;) {
		struct nlmsghdr *h;
		ssize_t got;
		void *buf;
		int rest;

		got = receive(s, MSG_DONTWAIT, &buf);
		if (!buf)
			return got == -EAGAIN ? 0 : fail(e, (int)-got, NULL);
		rest = (int)got;
		for (h = buf; nlmsg_ok(h, rest); h = nlmsg_next(h, &rest)) {
			struct genlmsghdr *g = nlmsg_data(h);

			if (h->nlmsg_type == s->family && genlmsg_valid_hdr(h, 0))
				take(g->cmd, genlmsg_attrdata(g, 0), genlmsg_attrlen(g, 0), data);
		}
		release(buf, got);
	}
}
