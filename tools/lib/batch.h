/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The message that carries out changes, and what each of its bytes came from. */
#ifndef VPNHA_BATCH_H
#define VPNHA_BATCH_H

#include <netlink/msg.h>
#include <stdint.h>

#include "lib/change.h"

/**
 * struct batch_span - Bytes of the message that one value became.
 * @start: first, from the start of the netlink header
 * @end: after the last
 * @at: where the value was configured
 * @change: the operation
 */
struct batch_span {
	uint32_t start, end;
	struct model_pos at;
	const struct change *change;
};

/**
 * struct batch - A batch message.
 * @msg: message
 * @spans: operations and, after each, its attributes
 * @n_spans: how many
 */
struct batch {
	struct nl_msg *msg;
	struct batch_span *spans;
	size_t n_spans;
};

int batch_build(struct batch *b, int family, const struct changes *c);
void batch_free(struct batch *b);
const struct batch_span *batch_locate(const struct batch *b, uint32_t offset);

#endif
