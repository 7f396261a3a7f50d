/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which packets a crypto map protects: its access lists as a tuple space, one
 * hash table for each pair of masks, so that the number of rules does not
 * matter. Pure: rules and a packet's addresses in, a rule out.
 */
#ifndef _VPNHA_ESP_CLASS_H
#define _VPNHA_ESP_CLASS_H

#include "esp/pure.h"

/**
 * struct esp_rule - a line of an access list, in the crypto map that uses it
 * @family: AF_INET or AF_INET6
 * @protocol: IP protocol, 0 for any
 * @permit: protect what matches, else leave it to the map's further entries
 * @entry: index of the map's entry that the rule belongs to
 * @src: source address; of these four only the first is used for IPv4
 * @src_mask: bits of it that count, in any pattern
 * @dst: destination address
 * @dst_mask: bits of it that count, in any pattern
 * @sport_min: lowest source port
 * @sport_max: highest source port; 0 to 65535 is any
 * @dport_min: lowest destination port
 * @dport_max: highest destination port; 0 to 65535 is any
 */
struct esp_rule {
	u8 family;
	u8 protocol;
	bool permit;
	u32 entry;
	__be32 src[4], src_mask[4], dst[4], dst_mask[4];
	u16 sport_min, sport_max, dport_min, dport_max;
};

/**
 * struct esp_tuple - what rules see of a packet, as it leaves
 * @family: AF_INET or AF_INET6
 * @protocol: IP protocol
 * @has_ports: the ports are known; not so in a fragment but the first
 * @src: source address; of these four only the first is used for IPv4
 * @dst: destination address
 * @sport: source port
 * @dport: destination port
 */
struct esp_tuple {
	u8 family;
	u8 protocol;
	bool has_ports;
	__be32 src[4], dst[4];
	u16 sport, dport;
};

struct esp_class;

struct esp_class *esp_class_build(const struct esp_rule *rules, u32 n);
void esp_class_free(struct esp_class *c);

int esp_class_lookup(const struct esp_class *c, const struct esp_tuple *t);
bool esp_class_wants_ports(const struct esp_class *c);
const struct esp_rule *esp_class_rule(const struct esp_class *c, u32 index);

bool esp_rule_within(const struct esp_rule *a, const struct esp_rule *b);
bool esp_rule_overlaps(const struct esp_rule *a, const struct esp_rule *b);
bool esp_rule_matches(const struct esp_rule *r, const struct esp_tuple *t);
void esp_tuple_reverse(struct esp_tuple *t);

#endif /* _VPNHA_ESP_CLASS_H */
