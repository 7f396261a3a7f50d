/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What vpnhad tells of IKE SAs and sessions, as routers print it. */
#ifndef VPNHA_SHOW_IKE_H
#define VPNHA_SHOW_IKE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * An IKE SA has the members "id", "version", "role" ("initiator" or "responder"),
 * "state", "local" and "remote" ("address", "port"), "local_id", "remote_id",
 * "spi_i", "spi_r", "encryption", "integrity", "prf", "group", "auth_local",
 * "auth_remote", "profile", "interface", "map", "redundancy_role", "age_s",
 * "lifetime_s", "rekey_in_s", "dpd" ("interval_s", "retry_s", "mode",
 * "outstanding"), "nat" ("local", "remote", "keepalive_s"), "fragmentation",
 * "ppk", "message_ids" ("sent", "received"), "retransmits", "children" and
 * "last_error" ("text", "theirs", "ours", "age_s").
 *
 * A session has "interface", "profile", "uptime_s", "status", "peer" ("address",
 * "port"), "phase1_id", "ike_sas", "flows" ("permit", "active_sas", "origin",
 * "counters") and "last_error". What is missing is not printed.
 */
void show_isakmp_sas(FILE *out, const json_t *items, bool detail);
void show_ikev2_sas(FILE *out, const json_t *items, bool detail);
void show_sessions(FILE *out, const json_t *items, bool detail);
void show_ike_counters(FILE *out, const json_t *items);
void show_ike_event(FILE *out, const char *what, const json_t *event);

#endif
