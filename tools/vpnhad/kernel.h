/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crypto maps of the kernel's, and what it tells. */
#ifndef VPNHAD_KERNEL_H
#define VPNHAD_KERNEL_H

#include "ike/config.h"
#include "lib/model.h"

struct vpnhad;

struct kernel *kernel_new(struct vpnhad *d);
void kernel_free(struct kernel *k);
void kernel_look(struct kernel *k);
bool kernel_get(struct kernel *k, struct model *m);
const char *kernel_problem(const struct kernel *k);

/* kernel_policy.c */
void kernel_policies(struct ike_config *config, const struct crypto *c);

#endif
