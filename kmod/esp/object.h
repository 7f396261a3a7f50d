/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration objects: what netlink makes and shows, as it was asked for. One
 * is never changed: a new one takes its place, see config.h. store.c keeps them.
 */
#ifndef _VPNHA_ESP_OBJECT_H
#define _VPNHA_ESP_OBJECT_H

#include <linux/rbtree.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>

#include "esp/alg.h"
#include "esp/class.h"

/**
 * struct esp_addr - an IPv4 or IPv6 address
 * @family: AF_INET, AF_INET6, or 0 for none
 * @ip: the address; IPv4 in the first word
 */
struct esp_addr {
	u8 family;
	__be32 ip[4];
};

static inline bool esp_addr_equal(const struct esp_addr *a,
				  const struct esp_addr *b)
{
	return a->family == b->family &&
	       !memcmp(a->ip, b->ip, a->family == AF_INET ? 4 : 16);
}

static inline size_t esp_addr_len(u8 family)
{
	return family == AF_INET ? 4 : 16;
}

enum esp_kind {
	ESP_TSET,
	ESP_ACL,
	ESP_MAP,
	ESP_DYNAMIC,
	ESP_BINDING,
	ESP_KINDS
};

/**
 * struct esp_object - what all configuration objects begin with
 * @node: in esp_net.objects
 * @kind: which of the following it is
 * @number: second part of the key
 * @touched: number of the transaction that touched it last, or others of its name
 * @name: first part of the key
 */
struct esp_object {
	struct rb_node node;
	enum esp_kind kind;
	u32 number;
	u32 touched;
	char name[VPNHA_CRYPTO_NAME_MAX + 1];
};

/**
 * struct esp_tset - a transform set
 * @o: object, by name
 * @t: transform
 * @mode: tunnel or transport
 */
struct esp_tset {
	struct esp_object o;
	struct esp_transform t;
	enum vpnha_esp_mode mode;
};

/**
 * struct esp_acl - a line of an access list
 * @o: object, by list and number of the line
 * @rule: what it matches
 */
struct esp_acl {
	struct esp_object o;
	struct esp_rule rule;
};

/**
 * struct esp_session - a manual key
 * @spi: SPI, 0 for none
 * @secret: keys
 */
struct esp_session {
	__be32 spi;
	struct esp_secret secret;
};

#define ESP_PEERS_MAX	16
/* As many entries, or lines of their access lists, as a map may come to. */
#define ESP_POLICY_MAX	1048576

/**
 * struct esp_reverse - reverse route injection of an entry
 * @kind: which routes
 * @gateway: next hop to the peer; without a family for none
 * @tag: tag of the routes, 0 for none
 * @distance: their metric
 */
struct esp_reverse {
	enum vpnha_reverse_route kind;
	struct esp_addr gateway;
	u32 tag;
	u32 distance;
};

/**
 * struct esp_keying - what the keying daemon is to negotiate for an entry
 * @pfs: Diffie-Hellman group of each SA's own exchange, 0 for none
 * @seconds: lifetime, 0 for the usual one
 * @kilobytes: lifetime, 0 for the usual one, VPNHA_LIFETIME_DISABLED for none
 * @idle: seconds without a packet after which SAs end, 0 for never
 * @profile: name of the daemon's profile for the peers, may be empty
 */
struct esp_keying {
	u32 pfs;
	u32 seconds;
	u32 kilobytes;
	u32 idle;
	char profile[VPNHA_CRYPTO_NAME_MAX + 1];
};

#define ESP_DISTANCE		1
#define ESP_DISTANCE_MAX	255

/**
 * struct esp_map - an entry of a crypto map, or of a dynamic one
 * @o: object, by name of the map and number of the entry
 * @kind: manual or not
 * @dynamic: name of the dynamic map whose entries stand in its place, may be
 *	empty
 * @npeers: number of @peers
 * @ntsets: number of @tsets
 * @peers: addresses of the peer, in order of preference
 * @tsets: names of transform sets, in order of preference; no others
 * @acl: name of the access list, may be empty
 * @session: manual keys, by enum vpnha_esp_direction
 * @reverse: routes that it injects
 * @keying: what is negotiated
 * @told: why it protects nothing, as told last
 */
struct esp_map {
	struct esp_object o;
	enum vpnha_map_kind kind;
	char dynamic[VPNHA_CRYPTO_NAME_MAX + 1];
	u8 npeers;
	u8 ntsets;
	struct esp_addr peers[ESP_PEERS_MAX];
	char tsets[VPNHA_TRANSFORM_SETS_MAX][VPNHA_CRYPTO_NAME_MAX + 1];
	char acl[VPNHA_CRYPTO_NAME_MAX + 1];
	struct esp_session session[2];
	struct esp_reverse reverse;
	struct esp_keying keying;
	enum vpnha_map_problem told;
};

/**
 * struct esp_binding - a crypto map is applied to an interface
 * @o: object, by name of the interface
 * @map: name of the crypto map
 * @redundancy: name of the standby group, may be empty
 * @df: DF bit outside
 * @applied: which application of a map this is
 */
struct esp_binding {
	struct esp_object o;
	char map[VPNHA_CRYPTO_NAME_MAX + 1];
	char redundancy[VPNHA_NAME_MAX + 1];
	enum vpnha_df_bit df;
	u32 applied;
};

#endif /* _VPNHA_ESP_OBJECT_H */
