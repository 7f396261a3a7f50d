/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Transform sets, access lists, crypto maps, where these are applied, and SAs:
 * as a configuration wants them, or as the kernel has them.
 */
#ifndef VPNHA_CRYPTO_H
#define VPNHA_CRYPTO_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vpnha.h>

#include "lib/address.h"
#include "lib/transform.h"

#define CRYPTO_NAME_SIZE	(VPNHA_CRYPTO_NAME_MAX + 1)
#define CRYPTO_KEY_MAX		64
#define CRYPTO_PEERS_MAX	16
#define CRYPTO_DROP_REASONS	64

/* Access lists number their lines by this where nothing else is said. */
#define CRYPTO_ACL_STEP		10

/* Administrative distance of a route where nothing else is said. */
#define CRYPTO_DISTANCE		1

/* Number of the routing table that is meant where none is named. */
#define CRYPTO_TABLE_MAIN	254

/**
 * struct model_pos - Where in its source a value was configured.
 * @line: number of the line from 1; 0 is nowhere
 * @column: byte of the line from 1
 */
struct model_pos {
	unsigned int line, column;
};

enum crypto_set_field {
	CRYPTO_SET_NAME,
	CRYPTO_SET_TRANSFORM,
	CRYPTO_SET_MODE,
	CRYPTO_SET_FIELDS
};

/**
 * struct crypto_set - A transform set.
 * @name: the key
 * @transform: what it does, settled
 * @mode: enum vpnha_esp_mode
 * @allow_weak: a weak transform is meant
 * @at: where each field was configured
 */
struct crypto_set {
	char name[CRYPTO_NAME_SIZE];
	struct transform transform;
	uint32_t mode;
	bool allow_weak;
	struct model_pos at[CRYPTO_SET_FIELDS];
};

/**
 * struct crypto_selector - Packets, as they leave.
 * @protocol: IP protocol; 0: any
 * @src: source; bits that do not count are 0
 * @src_mask: bits that count
 * @dst: destination
 * @dst_mask: bits that count
 * @src_port: lowest and highest source port
 * @dst_port: likewise of the destination
 */
struct crypto_selector {
	uint32_t protocol;
	struct address src, src_mask;
	struct address dst, dst_mask;
	uint16_t src_port[2], dst_port[2];
};

/**
 * struct crypto_line - A line of an access list.
 * @number: its sequence number, the key
 * @action: enum vpnha_acl_action
 * @match: packets that it is about
 * @at: where it was configured
 * @at_src: likewise its source
 * @at_dst: likewise its destination
 */
struct crypto_line {
	uint32_t number;
	uint32_t action;
	struct crypto_selector match;
	struct model_pos at, at_src, at_dst;
};

/**
 * struct crypto_acl - An access list.
 * @name: the key
 * @lines: by number
 * @n_lines: how many; a list that has none does not exist
 */
struct crypto_acl {
	char name[CRYPTO_NAME_SIZE];
	struct crypto_line *lines;
	size_t n_lines;
};

/**
 * struct crypto_key - Session keys of one direction.
 * @given: there are some
 * @hidden: the kernel has them and did not tell
 * @spi: of the SA
 * @cipher: key of the cipher with its salt
 * @n_cipher: bytes of it
 * @auth: key that authenticates
 * @n_auth: bytes of it
 * @at: where the SPI was configured
 * @at_cipher: likewise the key of the cipher
 * @at_auth: likewise the other
 */
struct crypto_key {
	bool given, hidden;
	uint32_t spi;
	uint8_t cipher[CRYPTO_KEY_MAX];
	size_t n_cipher;
	uint8_t auth[CRYPTO_KEY_MAX];
	size_t n_auth;
	struct model_pos at, at_cipher, at_auth;
};

struct crypto_peer {
	struct address address;
	struct model_pos at;
};

/**
 * struct crypto_reverse - Which routes an entry of a crypto map injects.
 * @kind: enum vpnha_reverse_route
 * @gateway: next hop to the peer, to which there is a route then, too; without a family: none
 * @tag: of the routes; 0: none
 * @distance: of the routes
 */
struct crypto_reverse {
	uint32_t kind;
	struct address gateway;
	uint32_t tag;
	uint32_t distance;
};

/**
 * struct crypto_keying - What a keying daemon is to negotiate for an entry of a crypto map.
 * @pfs: Diffie-Hellman group of each SA's own exchange; 0: none
 * @seconds: lifetime; 0: the usual one
 * @kilobytes: lifetime; 0: the usual one, VPNHA_LIFETIME_DISABLED: none
 * @idle_time: seconds without a packet after which SAs end; 0: never
 * @profile: name of the profile of the peers; empty: none
 */
struct crypto_keying {
	uint32_t pfs;
	uint32_t seconds;
	uint32_t kilobytes;
	uint32_t idle_time;
	char profile[CRYPTO_NAME_SIZE];
};

enum crypto_map_field {
	CRYPTO_MAP_NUMBER,
	CRYPTO_MAP_KIND,
	CRYPTO_MAP_PEER,
	CRYPTO_MAP_SET,
	CRYPTO_MAP_ACL,
	CRYPTO_MAP_KEY_IN,
	CRYPTO_MAP_KEY_OUT,
	CRYPTO_MAP_PFS,
	CRYPTO_MAP_SECONDS,
	CRYPTO_MAP_KILOBYTES,
	CRYPTO_MAP_IDLE_TIME,
	CRYPTO_MAP_PROFILE,
	CRYPTO_MAP_DYNAMIC,
	CRYPTO_MAP_REVERSE,
	CRYPTO_MAP_GATEWAY,
	CRYPTO_MAP_TAG,
	CRYPTO_MAP_DISTANCE,
	CRYPTO_MAP_FIELDS
};

/**
 * struct crypto_map - An entry of a crypto map, or of a dynamic one.
 * @name: of the map; with @number the key
 * @number: sequence number
 * @is_dynamic: it is one of a dynamic map
 * @kind: enum vpnha_map_kind
 * @dynamic: name of the dynamic map whose entries stand in its place; empty: none
 * @peers: in order of preference
 * @n_peers: how many
 * @sets: names of transform sets, in order of preference
 * @n_sets: how many
 * @acl: name of the access list; empty: none
 * @keys: by enum vpnha_esp_direction
 * @keying: what is negotiated
 * @reverse: routes that it injects
 * @at: where each field was configured
 * @problem: enum vpnha_map_problem, of the kernel
 */
struct crypto_map {
	char name[CRYPTO_NAME_SIZE];
	uint32_t number;
	bool is_dynamic;
	uint32_t kind;
	char dynamic[CRYPTO_NAME_SIZE];
	struct crypto_peer *peers;
	size_t n_peers;
	char sets[VPNHA_TRANSFORM_SETS_MAX][CRYPTO_NAME_SIZE];
	size_t n_sets;
	char acl[CRYPTO_NAME_SIZE];
	struct crypto_key keys[2];
	struct crypto_keying keying;
	struct crypto_reverse reverse;
	struct model_pos at[CRYPTO_MAP_FIELDS];
	uint32_t problem;
};

enum crypto_binding_field {
	CRYPTO_BINDING_IFNAME,
	CRYPTO_BINDING_MAP,
	CRYPTO_BINDING_REDUNDANCY,
	CRYPTO_BINDING_DF,
	CRYPTO_BINDING_FIELDS
};

/* What the kernel tells about a binding beside its configuration. */
struct crypto_binding_state {
	char device[IFNAMSIZ];
	struct address local, local6;
	uint32_t role;
	uint32_t problem;
	uint32_t media_mtu;
};

/**
 * struct crypto_binding - A crypto map that is applied to an interface.
 * @ifname: the key
 * @map: name of the map; empty: there is only something said about it
 * @redundancy: name of a standby group; empty: none
 * @stateful: SAs shall be kept by the standby, too
 * @df: enum vpnha_df_bit
 * @known: the kernel has it
 * @at: where each field was configured
 * @state: of the kernel
 */
struct crypto_binding {
	char ifname[IFNAMSIZ];
	char map[CRYPTO_NAME_SIZE];
	char redundancy[VPNHA_NAME_MAX + 1];
	bool stateful;
	uint32_t df;
	bool known;
	struct model_pos at[CRYPTO_BINDING_FIELDS];
	struct crypto_binding_state state;
};

/**
 * struct crypto_sa - A security association.
 * @path_mtu: outbound: what the way to the peer passes; 0: unknown
 *
 * The other members are the attributes of that name.
 */
struct crypto_sa {
	char ifname[IFNAMSIZ];
	char map[CRYPTO_NAME_SIZE];
	uint32_t number;
	uint32_t direction;
	uint32_t spi;
	struct address src, dst;
	uint32_t mode;
	struct transform transform;
	bool allow_weak;
	bool esn;
	uint32_t replay_window;
	uint16_t encap_sport, encap_dport;
	uint64_t soft_bytes, hard_bytes;
	uint64_t soft_packets, hard_packets;
	uint64_t soft_seconds, hard_seconds;
	uint64_t seq;
	uint64_t ceiling, ceiling_margin;
	uint32_t replay_notify;
	struct crypto_selector *selectors;
	size_t n_selectors;
	uint32_t state;
	bool manual;
	uint32_t id;
	uint64_t packets, bytes;
	uint64_t lifetime_packets, lifetime_bytes;
	uint64_t age_ms;
	bool used;
	uint64_t last_used_ms;
	uint32_t mtu;
	uint32_t path_mtu;
	uint64_t drops[CRYPTO_DROP_REASONS];
	char dynamic_map[CRYPTO_NAME_SIZE];
	uint32_t dynamic_number;
};

/**
 * struct crypto_route - A route of reverse route injection.
 * @vrf: name of the VRF that has the table; empty: not known
 *
 * The other members are the attributes of that name.
 */
struct crypto_route {
	uint32_t table;
	struct address dst;
	uint8_t prefix_len;
	uint32_t distance;
	uint32_t tag;
	char ifname[IFNAMSIZ];
	char map[CRYPTO_NAME_SIZE];
	uint32_t number;
	uint32_t kind;
	bool to_peer;
	struct address peer;
	char device[IFNAMSIZ];
	struct address next_hop;
	char next_hop_device[IFNAMSIZ];
	uint32_t uses;
	uint32_t state;
	int32_t error;
	char vrf[IFNAMSIZ];
};

/**
 * struct crypto - All of it.
 * @sets: by name
 * @acls: by name
 * @maps: by name and number
 * @dynamics: entries of dynamic maps, by name and number
 * @bindings: by interface
 * @sas: in the order of the kernel
 * @routes: likewise
 * @drops: packets of the namespace that were dropped
 */
struct crypto {
	struct crypto_set **sets;
	size_t n_sets;
	struct crypto_acl **acls;
	size_t n_acls;
	struct crypto_map **maps;
	size_t n_maps;
	struct crypto_map **dynamics;
	size_t n_dynamics;
	struct crypto_binding **bindings;
	size_t n_bindings;
	struct crypto_sa **sas;
	size_t n_sas;
	struct crypto_route **routes;
	size_t n_routes;
	uint64_t drops[CRYPTO_DROP_REASONS];
};

void crypto_free(struct crypto *c);
void crypto_copy(struct crypto *to, const struct crypto *from);
void crypto_settle(struct crypto *c);

struct crypto_set *crypto_set_find(const struct crypto *c, const char *name);
struct crypto_set *crypto_set_get(struct crypto *c, const char *name);
void crypto_set_remove(struct crypto *c, const char *name);

struct crypto_acl *crypto_acl_find(const struct crypto *c, const char *name);
struct crypto_acl *crypto_acl_get(struct crypto *c, const char *name);
void crypto_acl_remove(struct crypto *c, const char *name);
struct crypto_line *crypto_line_find(const struct crypto_acl *a, uint32_t number);
struct crypto_line *crypto_line_get(struct crypto_acl *a, uint32_t number);
void crypto_line_remove(struct crypto_acl *a, uint32_t number);
bool crypto_line_equal(const struct crypto_line *a, const struct crypto_line *b);
bool crypto_has_ports(uint32_t protocol);
bool crypto_selector_within(const struct crypto_selector *s, const struct crypto_selector *in);

struct crypto_map *crypto_map_find(const struct crypto *c, const char *name, uint32_t number);
struct crypto_map *crypto_map_get(struct crypto *c, const char *name, uint32_t number);
void crypto_map_remove(struct crypto *c, const char *name, uint32_t number);
size_t crypto_map_first(const struct crypto *c, const char *name);
struct crypto_map *crypto_dynamic_find(const struct crypto *c, const char *name, uint32_t number);
struct crypto_map *crypto_dynamic_get(struct crypto *c, const char *name, uint32_t number);
void crypto_dynamic_remove(struct crypto *c, const char *name, uint32_t number);
size_t crypto_dynamic_first(const struct crypto *c, const char *name);
void crypto_map_drop_peer(struct crypto_map *m, const struct address *peer);
bool crypto_map_has_peer(const struct crypto_map *m, const struct address *peer);
bool crypto_map_has_set(const struct crypto_map *m, const char *name);
struct crypto_set *crypto_map_set(const struct crypto *c, const struct crypto_map *m);
bool crypto_key_equal(const struct crypto_key *a, const struct crypto_key *b);
bool crypto_has_keys(const struct crypto *c);

struct crypto_binding *crypto_binding_find(const struct crypto *c, const char *ifname);
struct crypto_binding *crypto_binding_get(struct crypto *c, const char *ifname);
void crypto_binding_remove(struct crypto *c, const char *ifname);

struct crypto_sa *crypto_sa_add(struct crypto *c);
struct crypto_route *crypto_route_add(struct crypto *c);

#endif
