/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interfaces, their standby groups and what these track, and what crypto.h adds
 * to them: as a configuration wants them, or as the kernel has them.
 * Configuration, netlink and "show" share this one model.
 */
#ifndef VPNHA_MODEL_H
#define VPNHA_MODEL_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vpnha.h>

#include "lib/crypto.h"
#include "lib/ikev2.h"
#include "lib/object.h"

#define MODEL_DEFAULT_VERSION	1
#define MODEL_DEFAULT_DELAY	1
#define MODEL_DEFAULT_GARP_COUNT	3
#define MODEL_DEFAULT_GARP_INTERVAL	2
#define MODEL_DEFAULT_PRIORITY	100
#define MODEL_DEFAULT_DECREMENT	10
#define MODEL_DEFAULT_HELLO_MS	3000
#define MODEL_DEFAULT_HOLD_MS	10000
#define MODEL_DROP_REASONS	32

struct model_router {
	bool known;
	bool local;
	struct address address;
	uint32_t priority;
	uint32_t expires_ms;
	bool has_mac;
	uint8_t mac[6];
};

struct model_counters {
	uint64_t hello_rx, hello_tx;
	uint64_t coup_rx, coup_tx;
	uint64_t resign_rx, resign_tx;
	uint64_t garp_tx;
	uint64_t arp_reply_tx;
	uint64_t tx_error;
	uint64_t na_tx, na_reply_tx;
};

/**
 * struct model_track - What a group tracks.
 * @target: name of an interface; empty where @object is; the two are the key
 * @object: number of an object that is configured
 * @decrement: configured
 * @shutdown: the group does not run while it is down; there is no decrement then
 * @at: where
 * @id: number of the tracked object; this and what follows is the kernel's state
 * @up: its state
 * @changes: how often that changed
 * @change_age_ms: time since the last change
 */
struct model_track {
	char target[IFNAMSIZ];
	uint32_t object;
	uint32_t decrement;
	bool shutdown;
	struct model_pos at;
	uint32_t id;
	bool up;
	uint32_t changes;
	uint64_t change_age_ms;
};

/* What the kernel tells about a group beside its configuration. */
struct model_group_state {
	uint32_t version;
	uint32_t state;
	uint32_t init_reason;
	uint32_t changes;
	uint64_t age_ms;
	struct address address;
	struct address vip;
	bool has_mac;
	uint8_t mac[6];
	uint32_t priority;
	uint32_t hello_ms, hold_ms;
	bool has_hello_next;
	uint32_t hello_next_ms;
	bool has_garp_next;
	uint32_t garp_next_ms;
	uint32_t key_old_left_ms;
	bool sync_pending;
	uint32_t preempt_left_ms;
	struct model_router active, standby;
	struct model_counters counters;
	bool hidden;	/* not to be shown */
};

/**
 * struct model_auth - What authenticates the packets of a group.
 * @kind: how
 * @key: the text or the key
 * @length: its bytes
 * @hidden: the kernel did not tell it
 * @timeout: seconds for which the previous key is good beside a new one
 */
struct model_auth {
	uint32_t kind;
	uint8_t key[VPNHA_KEY_MAX];
	size_t length;
	bool hidden;
	uint32_t timeout;
};

/**
 * struct model_delay - How long something is put off.
 * @min_s: always
 * @reload_s: instead, or besides, after a reload
 * @sync_s: at most, for what the active router has to tell; of preemption only
 */
struct model_delay {
	uint32_t min_s, reload_s, sync_s;
};

/**
 * struct model_secondary - A secondary virtual IP.
 * @address: in network byte order
 * @at: where it was configured
 */
struct model_secondary {
	in_addr_t address;
	struct model_pos at;
};

/**
 * struct model_global - A global virtual IP of a group of IPv6.
 * @address: it
 * @length: of its prefix, in bits
 * @at: where it was configured
 */
struct model_global {
	struct address address;
	uint32_t length;
	struct model_pos at;
};

enum model_group_field {
	MODEL_GROUP_NUMBER,
	MODEL_GROUP_IP,
	MODEL_GROUP_TIMERS,
	MODEL_GROUP_PRIORITY,
	MODEL_GROUP_PREEMPT,
	MODEL_GROUP_NAME,
	MODEL_GROUP_AUTHENTICATION,
	MODEL_GROUP_SECONDARY,
	MODEL_GROUP_MAC,
	MODEL_GROUP_FOLLOW,
	MODEL_GROUP_IPV6,
	MODEL_GROUP_GLOBAL,
	MODEL_GROUP_FIELDS
};

/**
 * struct model_group - A standby group.
 * @number: the key, within the interface
 * @enabled: "standby ip" or "standby ipv6" was given
 * @vip: configured virtual IP; 0: to be learned
 * @secondary: secondary virtual IPs, in ascending order
 * @n_secondary: how many
 * @ipv6: it was "standby ipv6": what follows takes the place of @vip and @secondary
 * @vip6: configured link-local virtual IP; none: made or to be learned
 * @autoconfig: it is made; it is, too, where there are only global ones
 * @global: global virtual IPs, in ascending order
 * @n_global: how many
 * @has_mac: a virtual MAC address is configured
 * @mac: that
 * @priority: configured
 * @preempt: configured
 * @preempt_delay: how long preemption is put off
 * @hello_ms: configured hello time; 0: the default, or learned
 * @hold_ms: likewise the hold time
 * @name: redundancy name; empty: none
 * @follow: that of the group whose state it has; empty: it has its own
 * @bundle: that one runs only while this one can
 * @auth: what authenticates its packets
 * @keep: exists although nothing but defaults is configured
 * @at: where each field was configured
 * @tracks: in the order of configuration
 * @n_tracks: how many
 * @state: of the kernel
 */
struct model_group {
	uint32_t number;
	bool enabled;
	in_addr_t vip;
	struct model_secondary secondary[VPNHA_SECONDARY_MAX];
	size_t n_secondary;
	bool ipv6;
	struct address vip6;
	bool autoconfig;
	struct model_global global[VPNHA_SECONDARY_MAX];
	size_t n_global;
	bool has_mac;
	uint8_t mac[6];
	uint32_t priority;
	bool preempt;
	struct model_delay preempt_delay;
	uint32_t hello_ms, hold_ms;
	char name[VPNHA_NAME_MAX + 1];
	char follow[VPNHA_NAME_MAX + 1];
	bool bundle;
	struct model_auth auth;
	bool keep;
	struct model_pos at[MODEL_GROUP_FIELDS];
	struct model_track *tracks;
	size_t n_tracks;
	struct model_group_state state;
};

struct model_offender {
	uint32_t reason;	/* 0: none */
	struct address address;
	uint8_t mac[6];
	uint64_t age_ms;
};

struct model_interface_state {
	uint32_t link;
	uint32_t delay_left_ms;
	uint32_t active_groups, passive_groups;
	uint64_t advertise_rx, advertise_tx;
	uint64_t drops[MODEL_DROP_REASONS];
	struct model_offender offender;
	bool hidden;	/* not to be shown */
};

enum model_interface_field {
	MODEL_INTERFACE_VERSION,
	MODEL_INTERFACE_DELAY,
	MODEL_INTERFACE_USE_BIA,
	MODEL_INTERFACE_GARP,
	MODEL_INTERFACE_MAC_REFRESH,
	MODEL_INTERFACE_REDIRECT,
	MODEL_INTERFACE_FIELDS
};

/**
 * struct model_garp - How virtual IPs are announced.
 * @count: how often; 0: without end
 * @interval_s: at what interval
 * @refresh_s: and after these once in so many seconds; 0: no more
 */
struct model_garp {
	uint32_t count, interval_s, refresh_s;
};

/**
 * struct model_interface - An interface with standby groups.
 * @ifname: the key
 * @version: configured
 * @delay: how long its groups wait when it comes up
 * @use_bia: its own MAC address is its groups' virtual one
 * @redirect: ICMP redirects may leave by it
 * @garp: how its groups announce themselves
 * @keep: exists although nothing but defaults is configured
 * @known: the kernel has it
 * @at: where it was named
 * @at_field: where each field was configured
 * @groups: by number
 * @n_groups: how many
 * @state: of the kernel
 */
struct model_interface {
	char ifname[IFNAMSIZ];
	uint32_t version;
	struct model_delay delay;
	bool use_bia, redirect;
	struct model_garp garp;
	bool keep;
	bool known;
	struct model_pos at, at_field[MODEL_INTERFACE_FIELDS];
	struct model_group **groups;
	size_t n_groups;
	struct model_interface_state state;
};

/**
 * struct model - All of a network namespace or a file.
 * @interfaces: by name, where digits count as numbers
 * @n_interfaces: how many
 * @objects: what can be tracked
 * @crypto: crypto maps and what belongs to them
 * @ikev2: how keys are negotiated, which is the daemon's and not the kernel's
 */
struct model {
	struct model_interface **interfaces;
	size_t n_interfaces;
	struct objects objects;
	struct crypto crypto;
	struct ikev2_config ikev2;
};

void model_free(struct model *m);
void model_copy(struct model *to, const struct model *from);
void model_settle(struct model *m);
void model_adopt(struct model *m);

struct model_interface *model_interface_find(const struct model *m, const char *ifname);
struct model_interface *model_interface_get(struct model *m, const char *ifname);
void model_interface_remove(struct model *m, const char *ifname);
unsigned int model_interface_differs(const struct model_interface *a,
				     const struct model_interface *b);
bool model_interface_is_default(const struct model_interface *i);
unsigned int model_interface_fields(const struct model_interface *i);
bool model_delay_is(const struct model_delay *d, uint32_t min_s);
bool model_delay_equal(const struct model_delay *a, const struct model_delay *b);

struct model_group *model_group_find(const struct model_interface *i, uint32_t number);
struct model_group *model_group_get(struct model_interface *i, uint32_t number);
void model_group_remove(struct model_interface *i, uint32_t number);
bool model_group_is_default(const struct model_group *g);
bool model_follow_equal(const struct model_group *a, const struct model_group *b);
const struct model_group *model_group_by_name(const struct model *m, const char *name);

const struct model_secondary *model_secondary_find(const struct model_group *g, in_addr_t address);
bool model_secondary_add(struct model_group *g, in_addr_t address, struct model_pos at);
void model_secondary_remove(struct model_group *g, in_addr_t address);
bool model_mac_equal(const struct model_group *a, const struct model_group *b);
bool model_secondary_equal(const struct model_group *a, const struct model_group *b);

const struct model_global *model_global_find(const struct model_group *g,
					     const struct address *address);
bool model_global_add(struct model_group *g, const struct model_global *global);
void model_global_remove(struct model_group *g, const struct address *address);
bool model_global_equal(const struct model_group *a, const struct model_group *b);
bool model_ipv6_equal(const struct model_group *a, const struct model_group *b);
bool model_is_made(const struct model_group *g);
struct address model_link_local(const struct model_group *g);
struct address model_vip(const struct model_group *g);
void model_ipv6_clear(struct model_group *g);

void model_auth_default(struct model_auth *a);
bool model_auth_is_default(const struct model_auth *a);
bool model_auth_equal(const struct model_auth *a, const struct model_auth *b);
bool model_has_keys(const struct model *m);

#define MODEL_TRACK_NAME_LEN	24

struct model_track *model_track_find(const struct model_group *g, const char *target,
				     uint32_t object);
struct model_track *model_track_get(struct model_group *g, const char *target, uint32_t object);
void model_track_remove(struct model_group *g, const char *target, uint32_t object);
bool model_tracks_interface(const struct model *m, const struct model_group *g,
			    const char *ifname);
const char *model_track_name(char buf[MODEL_TRACK_NAME_LEN], const struct model_track *t);

/* A group that tracks an object. */
struct model_tracked {
	const struct model_interface *interface;
	const struct model_group *group;
	const struct model_track *track;
};

size_t model_list_tracked(const struct model *m, uint32_t id, struct model_tracked **list);

#endif
