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

/* What puts one operation into a message. */
struct batch_builder {
	struct batch *batch;
	const struct change *change;
	struct model_pos at;
	bool failed;
};

int batch_build(struct batch *b, int family, const struct changes *c);
void batch_free(struct batch *b);
const struct batch_span *batch_locate(const struct batch *b, uint32_t offset);

/* For the files that build messages. */
void batch_put(struct batch_builder *b, struct model_pos at, int type, const void *data, int size);
void batch_put_u8(struct batch_builder *b, struct model_pos at, int type, uint8_t value);
void batch_put_u16(struct batch_builder *b, struct model_pos at, int type, uint16_t value);
void batch_put_u32(struct batch_builder *b, struct model_pos at, int type, uint32_t value);
void batch_put_string(struct batch_builder *b, struct model_pos at, int type, const char *value);
size_t batch_span_begin(struct batch_builder *b, struct model_pos at);
void batch_span_end(struct batch_builder *b, size_t span);
size_t batch_crypto_size(const struct change *c);
struct model_pos batch_crypto_pos(const struct change *c);
void batch_put_crypto(struct batch_builder *b, const struct change *c);

#endif
