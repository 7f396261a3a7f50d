/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Insides of payloads: between wire.c and the other files that parse. */
#ifndef VPNHA_IKE_PAYLOAD_H
#define VPNHA_IKE_PAYLOAD_H

#include "ike/wire.h"

/**
 * struct ike_parse - what is being parsed
 * @base: its first octet
 * @fault: where to say what is wrong
 * @payload: type of the payload that is being parsed, 0 in the header
 */
struct ike_parse {
	const uint8_t *base;
	struct ike_fault *fault;
	uint8_t payload;
};

static inline uint16_t ike_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t ike_get32(const uint8_t *p)
{
	return (uint32_t)ike_get16(p) << 16 | ike_get16(p + 2);
}

/**
 * ike_parse_fail() - Note what is wrong.
 * @parse: what is being parsed
 * @error: what is wrong
 * @at: the octet that is
 *
 * Return: false.
 */
static inline bool ike_parse_fail(const struct ike_parse *parse, enum ike_wire_error error,
				  const uint8_t *at)
{
	parse->fault->error = error;
	parse->fault->payload = parse->payload;
	parse->fault->offset = (size_t)(at - parse->base);
	return false;
}

bool ike_parse_body(const struct ike_parse *parse, struct ike_payload *p, uint8_t next);
bool ike_parse_sa(const struct ike_parse *parse, struct ike_chunk body, struct ike_sa_list *list);
bool ike_parse_ts(const struct ike_parse *parse, struct ike_chunk body, struct ike_ts_list *list);

#endif /* VPNHA_IKE_PAYLOAD_H */
