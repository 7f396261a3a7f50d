/* SPDX-License-Identifier: GPL-2.0 */
/* What a message means: the same, however its octets say it. */
#ifndef IKE_TEST_MEANING_H
#define IKE_TEST_MEANING_H

#include "ike/build.h"
#include "ike/wire.h"

/**
 * struct meaning - payloads, and what is inside of them
 * @payloads: payloads; of SA, TSi and TSr nothing but the type counts
 * @sa: proposals of the SA payload
 * @tsi: selectors of the TSi payload
 * @tsr: selectors of the TSr payload
 */
struct meaning {
	struct ike_payloads payloads;
	struct ike_sa_list sa;
	struct ike_ts_list tsi;
	struct ike_ts_list tsr;
};

bool meaning_read(struct meaning *m);
bool meaning_write(const struct meaning *m, struct ike_writer *w);
bool meaning_same(const struct meaning *a, const struct meaning *b);

bool message_survives(const struct ike_header *h, const struct ike_payloads *payloads);
bool chain_survives(const struct ike_payloads *payloads);

#endif
