/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keying daemon. All of struct vpnhad is the loop's, which is the main thread; what
 * workers do is in pool.h.
 */
#ifndef VPNHAD_H
#define VPNHAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/sa.h"
#include "lib/ikev2.h"

struct adopted;
struct attempts;
struct control;
struct endpoints;
struct event_base;
struct kernel;
struct pool;
struct table;

/* What is counted since the start; show.c has the names. */
struct counters {
	uint64_t received;
	uint64_t malformed;
	uint64_t unknown;
	uint64_t cookies;
	uint64_t refused_half_open;
	uint64_t refused_limit;
	uint64_t initiated;
	uint64_t responded;
	uint64_t established;
	uint64_t failed;
	uint64_t acquires;
	uint64_t acquires_held_back;
	uint64_t adopted;
	uint64_t overruns;
};

/**
 * struct vpnhad - The daemon.
 * @base: event loop
 * @file: configuration that a boot begins with
 * @kept: file that keeps what "load" brought, in case of a crash
 * @problem: why the file could not be put in force; NULL: it was, or a text after it
 * @ikev2: the lines that are in force
 * @resolved: what they mean, without crypto maps
 * @config: that, with the crypto maps of the kernel
 * @env: what IKE SAs run in
 * @stopping: SAs are being closed, and nothing new begins
 * @kernel: crypto maps and events
 * @endpoints: sockets
 * @pool: workers
 * @table: IKE SAs
 * @attempts: what traffic wants
 * @adopted: SAs of the kernel's from before we began
 * @control: UNIX socket
 * @counters: since the start
 */
struct vpnhad {
	struct event_base *base;
	const char *file;
	char *kept;
	char *problem;
	struct ikev2_config ikev2;
	const struct ike_config *resolved, *config;
	struct ike_env env;
	bool stopping;
	struct kernel *kernel;
	struct endpoints *endpoints;
	struct pool *pool;
	struct table *table;
	struct attempts *attempts;
	struct adopted *adopted;
	struct control *control;
	struct counters counters;
};

/* settings.c */
bool settings_load(struct vpnhad *d, const char *text, size_t length, struct ikev2_error *e);
bool settings_check(const char *text, size_t length, struct ikev2_error *e);
void settings_begin(struct vpnhad *d);
void settings_reload(struct vpnhad *d);
void settings_forget_kept(const struct vpnhad *d);
char *settings_text(const struct vpnhad *d, bool secrets);

/* priv.c */
const char *priv_prepare(const char *user, bool keep_user);
const char *priv_runtime_directory(const char *path, const char *user, bool keep_user);
const char *priv_drop(const char *user, bool keep_user);

/* confine.c */
const char *confine(void);

/* notify.c */
void notify(const char *state);
void notify_reloading(void);
uint64_t notify_watchdog_ms(void);

#endif
