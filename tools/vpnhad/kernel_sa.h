/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SAs of the kernel's, as a worker installs, moves and removes them. */
#ifndef VPNHAD_KERNEL_SA_H
#define VPNHAD_KERNEL_SA_H

#include "ike/sa.h"
#include "lib/address.h"

/**
 * struct kernel_key - What names an SA of the kernel's.
 * @direction: from the peer or to it
 * @spi: host order
 * @dst: where its packets go to
 */
struct kernel_key {
	enum ike_direction direction;
	uint32_t spi;
	struct address dst;
};

struct kernel_sas;

struct kernel_sas *kernel_sas_new(void);
void kernel_sas_free(struct kernel_sas *s);
const char *kernel_sa_install(struct kernel_sas *s, const struct ike_kernel_sa *k);
const char *kernel_sa_remove(struct kernel_sas *s, const struct kernel_key *key);
const char *kernel_sa_move(struct kernel_sas *s, const struct ike_kernel_sa *now,
			   const struct ike_endpoint *was);
uint64_t kernel_sa_idle(struct kernel_sas *s, const struct ike_kernel_sa *k);

struct kernel_key kernel_key_of(const struct ike_kernel_sa *k);
void kernel_address(struct address *to, const struct ike_endpoint *from);
void kernel_endpoint(struct ike_endpoint *to, const struct address *from, uint16_t port);

#endif
