/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "ip address", which is the host's business, but tells who is who. */
#ifndef VPNHA_CONFIG_ADDRESS_H
#define VPNHA_CONFIG_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/crypto.h"
#include "lib/grammar.h"

/**
 * struct config_address - An address of an interface.
 * @ifname: name of the interface; may be empty
 * @address: address
 * @mask: bits of the prefix
 * @length: how many these are
 * @secondary: it is not the one that the interface goes by
 * @at: where it was configured
 */
struct config_address {
	char ifname[IFNAMSIZ];
	in_addr_t address, mask;
	uint32_t length;
	bool secondary;
	struct model_pos at;
};

bool config_netmask(const char *s, in_addr_t *mask, uint32_t *length);
bool config_address_parse(struct config_address *a, const struct grammar_line *line);

#endif
