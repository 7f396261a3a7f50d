/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SAs of the kernel's whose IKE SA is not there any more: the daemon was killed. They
 * protect traffic until they are replaced, or until their time is over.
 */
#ifndef VPNHAD_ADOPT_H
#define VPNHAD_ADOPT_H

#include "lib/model.h"
#include "vpnhad/conn.h"
#include "vpnhad/kernel_sa.h"

struct vpnhad;

struct adopted *adopted_new(struct vpnhad *d);
void adopted_free(struct adopted *a);
void adopted_take(struct adopted *a, const struct crypto *c);
void adopted_replace(struct adopted *a);
void adopted_succeeded(struct adopted *a, const struct conn *c);
void adopted_gone(struct adopted *a, const struct kernel_key *key);
void adopted_lost(struct adopted *a, const struct ike_endpoint *local);
size_t adopted_clear(struct adopted *a, const struct ike_endpoint *peer, const char *ifname);
size_t adopted_count(const struct adopted *a);

#endif
