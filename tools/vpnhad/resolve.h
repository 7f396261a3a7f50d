/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the lines of a configuration to what the engine reads. */
#ifndef VPNHAD_RESOLVE_H
#define VPNHAD_RESOLVE_H

#include "ike/config.h"
#include "lib/ikev2.h"

struct ike_config *resolve(const struct ikev2_config *c, struct ikev2_error *e);
struct ike_config *resolve_copy(const struct ike_config *from);

/* resolve_trust.c */
struct ike_trust *resolve_trust(const struct ikev2_trustpoint *t, struct ikev2_error *e);

/* For the files that resolve. */
bool resolve_fail(struct ikev2_error *e, struct model_pos at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
