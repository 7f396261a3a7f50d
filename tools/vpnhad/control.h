/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The UNIX socket, where vpnhactl asks: one JSON object a line each way. */
#ifndef VPNHAD_CONTROL_H
#define VPNHAD_CONTROL_H

#include "vpnhad/conn.h"

struct vpnhad;

struct control *control_new(struct vpnhad *d, const char *path, const char **why);
void control_free(struct control *c);
void control_shown(struct control *c, uint64_t asker, struct conn *conn, json_t *json);
void control_conn_gone(struct control *c, const struct conn *conn);

#endif
