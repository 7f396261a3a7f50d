// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Any octets may be in a datagram, and any in what was encrypted. Whatever is
 * accepted can be written, and then means the same.
 */
#include <stdlib.h>

#include "meaning.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_fault(const struct ike_fault *fault, size_t size)
{
	check(fault->error != IKE_WIRE_OK && fault->offset <= size);
}

static void try_chain(uint8_t first, const uint8_t *data, size_t size)
{
	static struct ike_payloads payloads;
	struct ike_fault fault;

	if (ike_payloads_parse(&payloads, first, data, size, &fault))
		check(chain_survives(&payloads));
	else
		check_fault(&fault, size);
}

/* What is encrypted is tried as if the cipher left everything as it is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ike_payloads payloads;
	const struct ike_payload *last;
	struct ike_fault fault;
	struct ike_header h;

	if (ike_message_parse(&h, &payloads, data, size, &fault)) {
		check(message_survives(&h, &payloads));
		last = payloads.n ? &payloads.items[payloads.n - 1] : NULL;
		if (last && (last->type == IKE_PAYLOAD_SK || last->type == IKE_PAYLOAD_SKF))
			try_chain(last->encrypted.first, last->encrypted.content.data,
				  last->encrypted.content.len);
	} else {
		check_fault(&fault, size);
	}
	if (size)
		try_chain(data[0], data + 1, size - 1);
	return 0;
}
