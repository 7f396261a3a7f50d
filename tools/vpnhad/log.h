/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for the journal, and for those who follow "debug crypto ikev2". */
#ifndef VPNHAD_LOG_H
#define VPNHAD_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "ike/sa.h"

/* Address and port as text: "192.0.2.1 port 500", "2001:db8::1 port 4500". */
#define LOG_ENDPOINT_LEN	64

/* Takes each line; called by any thread, one at a time. */
typedef void (*log_follow_fn)(void *data, int64_t wall, enum ike_level level, const char *peer,
			      const char *text);

void log_open(bool debug);
void log_follow(log_follow_fn follow, void *data);
bool log_wants(enum ike_level level);
void log_line(enum ike_level level, const struct ike_endpoint *peer, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void log_stranger(enum ike_level level, const struct ike_endpoint *peer, const char *text);
const char *log_endpoint(char buf[LOG_ENDPOINT_LEN], const struct ike_endpoint *e);
const char *log_level_text(enum ike_level level);

#endif
