// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/address.h"
#include "lib/text.h"

/**
 * address_size() - Bytes of an address: 4, 16, or 0 when there is none.
 * @a: address
 */
size_t address_size(const struct address *a)
{
	return a->family == AF_INET ? 4 : a->family == AF_INET6 ? 16 : 0;
}

/**
 * address_set() - Take an address from its bytes.
 * @a: result; none when the size is wrong
 * @data: bytes in network byte order
 * @size: 4 or 16
 *
 * Return: whether it is one.
 */
bool address_set(struct address *a, const void *data, size_t size)
{
	memset(a, 0, sizeof(*a));
	if (size != 4 && size != 16)
		return false;
	a->family = size == 4 ? AF_INET : AF_INET6;
	memcpy(a->bytes, data, size);
	return true;
}

/**
 * address_parse() - Read an address.
 * @a: result
 * @s: text
 *
 * Return: whether it is one.
 */
bool address_parse(struct address *a, const char *s)
{
	memset(a, 0, sizeof(*a));
	a->family = strchr(s, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(a->family, s, a->bytes) == 1)
		return true;
	a->family = 0;
	return false;
}

/**
 * address_parse_prefix() - Read an address with the length of its prefix.
 * @a: result; bits beyond the prefix are cleared
 * @mask: result
 * @s: text
 *
 * Return: whether it is one.
 */
bool address_parse_prefix(struct address *a, struct address *mask, const char *s)
{
	const char *slash = strchr(s, '/');
	char buf[ADDRESS_LEN];
	uint32_t length;

	if (!slash || (size_t)(slash - s) >= sizeof(buf))
		return false;
	memcpy(buf, s, (size_t)(slash - s));
	buf[slash - s] = '\0';
	if (!address_parse(a, buf) || !text_parse_number(slash + 1, &length) ||
	    length > 8 * address_size(a))
		return false;
	address_mask_prefix(mask, a->family, length);
	address_apply(a, mask);
	return true;
}

/**
 * address_text() - Write an address.
 * @buf: where to
 * @a: address
 *
 * Return: @buf, or "unknown" when there is none.
 */
const char *address_text(char buf[ADDRESS_LEN], const struct address *a)
{
	if (!a->family || !inet_ntop(a->family, a->bytes, buf, ADDRESS_LEN))
		snprintf(buf, ADDRESS_LEN, "unknown");
	return buf;
}

/**
 * address_of_ipv4() - An address of IPv4 as one of either version.
 * @address: in network byte order; 0: none
 */
struct address address_of_ipv4(in_addr_t address)
{
	struct address a = {};

	if (address)
		address_set(&a, &address, sizeof(address));
	return a;
}

/**
 * address_compare() - Order addresses, IPv4 first.
 * @a: address
 * @b: address
 */
int address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/**
 * address_equal() - Tell whether two addresses are the same.
 * @a: address
 * @b: address
 */
bool address_equal(const struct address *a, const struct address *b)
{
	return !address_compare(a, b);
}

/**
 * address_is_zero() - Tell whether no bit of an address or mask is set.
 * @a: address
 */
bool address_is_zero(const struct address *a)
{
	static const uint8_t zero[16];

	return !memcmp(a->bytes, zero, sizeof(zero));
}

/**
 * address_peer_error() - Say why an address cannot be that of a peer.
 * @a: address
 *
 * Return: NULL when it can.
 */
const char *address_peer_error(const struct address *a)
{
	struct in6_addr v6;
	in_addr_t v4;

	if (a->family == AF_INET) {
		memcpy(&v4, a->bytes, sizeof(v4));
		return text_vip_error(v4);
	}
	if (address_is_zero(a))
		return "is no address";
	if (a->bytes[0] == 0xff)
		return "is a multicast address";
	memcpy(&v6, a->bytes, sizeof(v6));
	if (IN6_IS_ADDR_LOOPBACK(&v6))
		return "is a loopback address";
	return NULL;
}

/**
 * address_vip6_error() - Say why an address cannot be a virtual IP of IPv6.
 * @a: address of IPv6
 *
 * RFC 4291 section 2.5.
 *
 * Return: NULL when it can.
 */
const char *address_vip6_error(const struct address *a)
{
	struct in6_addr v6;

	memcpy(&v6, a->bytes, sizeof(v6));
	if (IN6_IS_ADDR_UNSPECIFIED(&v6))
		return "is no address";
	if (IN6_IS_ADDR_LOOPBACK(&v6))
		return "is a loopback address";
	if (IN6_IS_ADDR_MULTICAST(&v6))
		return "is a multicast address";
	if (IN6_IS_ADDR_V4MAPPED(&v6))
		return "is an IPv4 address mapped to IPv6";
	if (IN6_IS_ADDR_V4COMPAT(&v6))
		return "is an IPv4 address in ::/96";
	return NULL;
}

/**
 * address_is_link_local() - Tell whether an address of IPv6 means something on its link only.
 * @a: address
 *
 * RFC 4291 section 2.5.6.
 */
bool address_is_link_local(const struct address *a)
{
	return a->family == AF_INET6 && a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

/**
 * address_is_router_anycast() - Tell whether an address of IPv6 is that of any router of a prefix.
 * @a: address
 * @length: of the prefix; those of 127 and 128 bits have none
 *
 * RFC 4291 section 2.6.1, RFC 6164 section 6.
 */
bool address_is_router_anycast(const struct address *a, uint32_t length)
{
	struct address mask, net = *a;

	if (length > 126)
		return false;
	address_mask_prefix(&mask, AF_INET6, length);
	address_apply(&net, &mask);
	return address_equal(&net, a);
}

/**
 * address_mask_all() - Make a mask of equal bits.
 * @mask: result
 * @family: AF_INET or AF_INET6
 * @ones: all bits count; otherwise none
 */
void address_mask_all(struct address *mask, int family, bool ones)
{
	memset(mask, 0, sizeof(*mask));
	mask->family = (uint8_t)family;
	if (ones)
		memset(mask->bytes, 0xff, address_size(mask));
}

/**
 * address_mask_prefix() - Make the mask of a prefix.
 * @mask: result
 * @family: AF_INET or AF_INET6
 * @length: bits that count, no more than an address has
 */
void address_mask_prefix(struct address *mask, int family, uint32_t length)
{
	address_mask_all(mask, family, false);
	for (uint32_t bit = 0; bit < length; bit++)
		mask->bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

/**
 * address_invert() - Make a mask of a wildcard, or the reverse.
 * @mask: mask or wildcard
 */
void address_invert(struct address *mask)
{
	for (size_t n = 0; n < address_size(mask); n++)
		mask->bytes[n] = (uint8_t)~mask->bytes[n];
}

/**
 * address_apply() - Clear the bits of an address that do not count.
 * @a: address
 * @mask: bits that do
 */
void address_apply(struct address *a, const struct address *mask)
{
	for (size_t n = 0; n < sizeof(a->bytes); n++)
		a->bytes[n] &= mask->bytes[n];
}

/**
 * address_mask_length() - Length of the prefix that a mask stands for.
 * @mask: mask
 *
 * Return: the length or -1 when its bits are not contiguous.
 */
int address_mask_length(const struct address *mask)
{
	int bits = (int)address_size(mask) * 8, length = 0;

	while (length < bits && mask->bytes[length / 8] & 0x80 >> length % 8)
		length++;
	for (int bit = length; bit < bits; bit++)
		if (mask->bytes[bit / 8] & 0x80 >> bit % 8)
			return -1;
	return length;
}

/**
 * address_within() - Tell whether all that one pair matches another does, too.
 * @a: address
 * @mask: its bits that count
 * @net: address of the other
 * @net_mask: its bits that count
 */
bool address_within(const struct address *a, const struct address *mask,
		    const struct address *net, const struct address *net_mask)
{
	if (a->family != net->family)
		return false;
	for (size_t n = 0; n < address_size(a); n++)
		if ((net_mask->bytes[n] & ~mask->bytes[n]) ||
		    ((a->bytes[n] ^ net->bytes[n]) & net_mask->bytes[n]))
			return false;
	return true;
}
