/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session with the kernel's generic-netlink family "vpnha". */
#ifndef VPNHA_NL_H
#define VPNHA_NL_H

#include <stdbool.h>
#include <stdint.h>

#include <netlink/netlink.h>

#include "lib/batch.h"
#include "lib/event.h"
#include "lib/model.h"

/**
 * struct session - A socket of the family.
 * @sock: socket
 * @family: number of the family
 */
struct session {
	struct nl_sock *sock;
	int family;
};

/**
 * struct session_error - Why a request failed.
 * @code: errno
 * @message: for the user; owned by the caller
 * @has_offset: the kernel named the offending attribute
 * @offset: its offset from the start of the request
 */
struct session_error {
	int code;
	char *message;
	bool has_offset;
	uint32_t offset;
};

/**
 * struct session_filter - Which objects are wanted.
 * @ifname: those of this interface; NULL: of all
 * @has_number: only the group @number
 * @number: of the group
 */
struct session_filter {
	const char *ifname;
	bool has_number;
	uint32_t number;
};

int session_open(struct session *s, struct session_error *e);
void session_close(struct session *s);
void session_error_clear(struct session_error *e);

int session_get(struct session *s, const struct session_filter *filter, struct model *m,
		struct session_error *e);
int session_commit(struct session *s, struct batch *b, struct session_error *e);

int session_follow(struct session *s, struct session_error *e);
int session_fd(const struct session *s);
int session_events(struct session *s, void (*take)(const struct event *e, void *data), void *data,
		   struct session_error *e);

#endif
