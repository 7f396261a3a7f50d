/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of either IP version, and masks. */
#ifndef VPNHA_ADDRESS_H
#define VPNHA_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADDRESS_LEN	INET6_ADDRSTRLEN
/* An address, a blank or slash, and a mask or wildcard of the same form. */
#define ADDRESS_PAIR_LEN	(2UL * INET6_ADDRSTRLEN)

/**
 * struct address - An address or a mask.
 * @family: AF_INET or AF_INET6; 0: none
 * @bytes: in network byte order; those that the family does not use are 0
 */
struct address {
	uint8_t family;
	uint8_t bytes[16];
};

size_t address_size(const struct address *a);
bool address_set(struct address *a, const void *data, size_t size);
bool address_parse(struct address *a, const char *s);
bool address_parse_prefix(struct address *a, struct address *mask, const char *s);
const char *address_text(char buf[ADDRESS_LEN], const struct address *a);
struct address address_of_ipv4(in_addr_t address);
int address_compare(const struct address *a, const struct address *b);
bool address_equal(const struct address *a, const struct address *b);
bool address_is_zero(const struct address *a);
const char *address_peer_error(const struct address *a);
const char *address_vip6_error(const struct address *a);
bool address_is_link_local(const struct address *a);
bool address_is_router_anycast(const struct address *a, uint32_t length);

void address_mask_all(struct address *mask, int family, bool ones);
void address_mask_prefix(struct address *mask, int family, uint32_t length);
void address_invert(struct address *mask);
void address_apply(struct address *a, const struct address *mask);
int address_mask_length(const struct address *mask);
bool address_within(const struct address *a, const struct address *mask,
		    const struct address *net, const struct address *net_mask);

#endif
