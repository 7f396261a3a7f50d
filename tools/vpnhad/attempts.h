/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What traffic wants: child SAs, and IKE SAs for them. */
#ifndef VPNHAD_ATTEMPTS_H
#define VPNHAD_ATTEMPTS_H

#include "vpnhad/conn.h"

struct vpnhad;

/**
 * struct want - A packet that an entry of a crypto map protects and has no SA for.
 * @ifname: interface
 * @map: crypto map
 * @number: its entry
 * @line: line of the access list
 * @packet: the packet, or all of the line's; family 0: the line's
 */
struct want {
	char ifname[IFNAMSIZ];
	char map[IKE_NAME_SIZE];
	uint32_t number;
	uint32_t line;
	struct ike_selector_pair packet;
};

struct attempts *attempts_new(struct vpnhad *d);
void attempts_free(struct attempts *all);
void attempts_want(struct attempts *all, const struct want *want);
void attempts_over(struct attempts *all, const struct conn *c);
void attempts_afresh(struct attempts *all, const char *ifname);
void attempts_connect_soon(struct attempts *all);
void attempts_established(struct attempts *all, const struct conn *c);

/* Why there is no tunnel: of the last attempt for an entry, or NULL. */
const struct conn_error *attempts_error(const struct attempts *all, const char *ifname,
					const char *map, uint32_t number);
void attempts_forget(struct attempts *all);

#endif
