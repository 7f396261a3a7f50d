/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers. What happens to one IKE SA is done in order and by one worker at a time;
 * a handshake delays no other for as long as there is a worker left.
 */
#ifndef VPNHAD_POOL_H
#define VPNHAD_POOL_H

#include "vpnhad/conn.h"

struct event_base;
struct pool;

/* Called by the loop with each outcome, which it owns then. */
typedef void (*pool_take_fn)(void *ctx, struct outcome *o);

struct pool *pool_new(struct event_base *base, const struct ike_env *env, unsigned int n,
		      pool_take_fn take, void *ctx);
void pool_free(struct pool *p);
bool pool_add(struct pool *p, struct conn *c, struct job *j);
bool pool_kill(struct pool *p, struct conn *c);
void pool_drain(struct pool *p);
uint64_t pool_dropped(struct pool *p);

/* run.c: carries jobs out */
struct worker;
struct worker *worker_new(const struct ike_env *env);
void worker_free(struct worker *w);
void worker_run(struct worker *w, struct conn *c, struct jobs *jobs, struct outcomes *out);
void worker_flush(struct worker *w, struct conn *c);

extern const struct ike_ops worker_ops;

#endif
