/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traffic selectors: RFC 7296 sections 2.9 and 3.13. */
#ifndef VPNHA_IKE_SELECTOR_H
#define VPNHA_IKE_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/types.h"

/* The longest: a range of IPv6 addresses with a protocol and a range of ports. */
#define IKE_SELECTOR_TEXT_LEN	144

/* The most prefixes that a range of IPv6 addresses takes. */
#define IKE_PREFIXES_MAX	254

/**
 * struct ike_selector_pair - traffic that may be protected: a line of an access list
 * @local: our side
 * @remote: the peer's
 *
 * Both are of one family and one protocol.
 */
struct ike_selector_pair {
	struct ike_selector local, remote;
};

/**
 * struct ike_selectors - contents of a TS payload
 * @n: number of selectors
 * @list: the selectors
 */
struct ike_selectors {
	unsigned int n;
	struct ike_selector list[IKE_SELECTORS_MAX];
};

/**
 * struct ike_prefix - addresses that have their first bits in common
 * @first: the lowest
 * @bits: number of these bits
 */
struct ike_prefix {
	uint8_t first[16];
	uint8_t bits;
};

/* How selectors were narrowed. */
enum ike_narrow {
	/* to nothing: TS_UNACCEPTABLE */
	IKE_NARROW_NONE,
	/* not at all */
	IKE_NARROW_ALL,
	IKE_NARROW_SOME,
	/* and another SA could have had more: ADDITIONAL_TS_POSSIBLE */
	IKE_NARROW_MORE,
};

bool ike_selector_valid(const struct ike_selector *s);
bool ike_selector_within(const struct ike_selector *s, const struct ike_selector *in);
bool ike_selector_intersect(const struct ike_selector *a, const struct ike_selector *b,
			    struct ike_selector *out);
bool ike_selectors_within(const struct ike_selectors *s, const struct ike_selectors *in);

enum ike_narrow ike_selectors_narrow(const struct ike_selector_pair *policy, size_t n,
				     const struct ike_selectors *remote,
				     const struct ike_selectors *local,
				     struct ike_selectors *remote_out,
				     struct ike_selectors *local_out);

void ike_selector_of_prefix(struct ike_selector *s, int family, const uint8_t *address,
			    unsigned int bits);
bool ike_selector_prefix(const struct ike_selector *s, unsigned int *bits);
size_t ike_selector_prefixes(const struct ike_selector *s,
			     struct ike_prefix out[IKE_PREFIXES_MAX]);

const char *ike_selector_text(char buf[IKE_SELECTOR_TEXT_LEN], const struct ike_selector *s);

#endif /* VPNHA_IKE_SELECTOR_H */
