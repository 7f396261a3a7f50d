/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "show" tells, in JSON. */
#ifndef VPNHAD_SHOW_H
#define VPNHAD_SHOW_H

#include <jansson.h>

#include "vpnhad/conn.h"

struct vpnhad;

/**
 * struct show_filter - Of what is wanted.
 * @peer: of this peer; family 0: of any
 * @interface: of this interface; NULL: of any
 * @id: IKE SA of this number; 0: of any
 */
struct show_filter {
	struct ike_endpoint peer;
	const char *interface;
	uint32_t id;
};

/* Seconds since a time; 0 before there was one. */
static inline json_int_t show_seconds_since(uint64_t ms, uint64_t now_ms)
{
	return ms && now_ms > ms ? (json_int_t)((now_ms - ms) / 1000) : 0;
}

/* Seconds until a time; null: there is none. */
static inline json_t *show_seconds_until(uint64_t ms, uint64_t now_ms)
{
	if (!ms || ms == IKE_NEVER)
		return json_null();
	return json_integer(ms > now_ms ? (json_int_t)((ms - now_ms) / 1000) : 0);
}

/* conn_show.c */
json_t *show_text(const char *text);
json_t *show_endpoint(const struct ike_endpoint *e);
json_t *show_identity(const struct ike_identity *id);
json_t *show_error(const struct conn_error *e, uint64_t now_ms);

/* show.c */
const char *show_interface(const struct conn *c);
bool show_matches(const struct conn *c, const struct show_filter *filter);
void show_complete(json_t *sa, const struct conn *c);
json_t *show_counters(const struct vpnhad *d);

/* show_session.c */
json_t *show_sessions(struct vpnhad *d, const struct show_filter *filter);

#endif
