/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What "show crypto ikev2 proposal", "policy" and "profile" print of a configuration. */
#ifndef VPNHA_SHOW_IKEV2_H
#define VPNHA_SHOW_IKEV2_H

#include <jansson.h>
#include <stdio.h>

#include "lib/ikev2.h"

json_t *show_ikev2_proposals_json(const struct ikev2_config *c, const char *name);
json_t *show_ikev2_policies_json(const struct ikev2_config *c, const char *name);
json_t *show_ikev2_profiles_json(const struct ikev2_config *c, const char *name);
void show_ikev2_proposals(FILE *out, const json_t *items);
void show_ikev2_policies(FILE *out, const json_t *items);
void show_ikev2_profiles(FILE *out, const json_t *items);

#endif
