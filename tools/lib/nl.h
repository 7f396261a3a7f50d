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

/* What is wanted of the kernel. */
#define SESSION_STANDBY	(1U << 0)	/* interfaces with standby groups */
#define SESSION_CRYPTO	(1U << 1)	/* crypto maps and what they refer to */
#define SESSION_KEYS	(1U << 2)	/* with their keys */
#define SESSION_SAS	(1U << 3)	/* SAs */
#define SESSION_DROPS	(1U << 4)	/* packets of the namespace that were dropped */
#define SESSION_ROUTES	(1U << 5)	/* routes of reverse route injection */

/**
 * struct session_clear - Which SAs are meant; nothing given: all.
 * @ifname: those of this interface, or NULL
 * @map: those of this crypto map, or NULL
 * @number: those of this entry; 0: of any
 * @peer: those of this peer; without a family: of any
 * @spi: those of this SPI; 0: of any
 * @counters: only their counters
 */
struct session_clear {
	const char *ifname;
	const char *map;
	uint32_t number;
	struct address peer;
	uint32_t spi;
	bool counters;
};

int session_open(struct session *s, struct session_error *e);
void session_close(struct session *s);
void session_error_clear(struct session_error *e);

int session_get(struct session *s, const struct session_filter *filter, unsigned int what,
		struct model *m, struct session_error *e);
int session_set_object(struct session *s, uint32_t id, bool up, struct session_error *e);
int session_clear(struct session *s, const struct session_clear *c, struct session_error *e);
int session_commit(struct session *s, struct batch *b, struct session_error *e);

/* Takes the attributes of an object that was asked for. */
typedef int (*session_answer_fn)(void *data, struct nlattr *attrs, int length);

struct nl_msg *session_message(const struct session *s, uint8_t command);
int session_call(struct session *s, struct nl_msg *msg, session_answer_fn take, void *data,
		 struct session_error *e);

/* Takes what arrived by multicast: the command and the attributes. */
typedef void (*session_take_fn)(uint8_t command, struct nlattr *attrs, int length, void *data);

int session_follow(struct session *s, const char *name, struct session_error *e);
int session_fd(const struct session *s);
int session_events(struct session *s, session_take_fn take, void *data, struct session_error *e);

#endif
