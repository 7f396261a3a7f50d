/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of crypto maps and SAs as "debug crypto ipsec" prints them. */
#ifndef VPNHA_CRYPTO_EVENT_H
#define VPNHA_CRYPTO_EVENT_H

#include <jansson.h>
#include <stdio.h>

#include "lib/model.h"

/**
 * struct crypto_event - An event.
 * @command: VPNHA_CMD_* of the message
 * @model: the object of a notification
 *
 * The other members are the attributes of that name of an acquire-event or an
 * sa-event.
 */
struct crypto_event {
	uint8_t command;
	struct model model;
	char ifname[IFNAMSIZ];
	char map[CRYPTO_NAME_SIZE];
	uint32_t number;
	uint32_t line;
	struct address peer, src, dst;
	uint32_t protocol;
	uint16_t src_port, dst_port;
	uint32_t kind;
	bool has_cause;
	uint32_t cause;
	uint32_t direction;
	uint32_t spi;
	uint32_t id;
	uint64_t seq;
	uint64_t ceiling;
};

struct nlattr;

int decode_crypto_event(struct crypto_event *e, uint8_t command, struct nlattr *attrs, int length);
void crypto_event_free(struct crypto_event *e);
void crypto_event_print(FILE *out, const struct crypto_event *e);
json_t *crypto_event_json(const struct crypto_event *e);

#endif
