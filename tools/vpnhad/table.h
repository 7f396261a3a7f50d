/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IKE SAs that there are, as the loop finds them. */
#ifndef VPNHAD_TABLE_H
#define VPNHAD_TABLE_H

#include "vpnhad/conn.h"
#include "vpnhad/kernel_sa.h"

struct endpoint;
struct vpnhad;

struct table *table_new(struct vpnhad *d);
void table_free(struct table *t);
void table_take(void *ctx, struct outcome *o);
void table_receive(void *ctx, struct endpoint *e, const struct ike_path *path,
		   const uint8_t *data, size_t len);
void table_lost(void *ctx, struct endpoint *e);
void table_configure(struct table *t, const struct ike_config *config);
void table_close_all(struct table *t, const char *why, bool tell);
size_t table_count(const struct table *t);
unsigned int table_half_open(const struct table *t);

struct conn *table_first(const struct table *t);
struct conn *table_next(const struct conn *c);
struct conn *table_to_peer(const struct table *t, const struct ike_endpoint *local,
			   const struct ike_endpoint *remote);
struct conn *table_of_sa(const struct table *t, const struct kernel_key *key, uint32_t *spi_in);
struct conn *table_initiate(struct table *t, struct endpoint *e, const struct ike_config *config,
			    const struct ike_profile *profile, const struct ike_endpoint *remote,
			    uint64_t attempt);
bool table_post(struct table *t, struct conn *c, struct job *j);
void table_close(struct table *t, struct conn *c, const char *why, bool tell);

#endif
