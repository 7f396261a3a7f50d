// SPDX-License-Identifier: GPL-2.0
/* Values of requests that more than one kind of object has. */
#include <linux/ctype.h>
#include <linux/in.h>
#include <net/netlink.h>

#include "core/refuse.h"
#include "esp/config.h"

/**
 * esp_missing() - refuse a request that lacks an attribute
 * @extack: takes message and attribute
 * @type: the attribute
 * @why: message
 *
 * Context: any. Return: -EINVAL.
 */
int esp_missing(struct netlink_ext_ack *extack, int type, const char *why)
{
	return esp_missing_in(extack, NULL, type, why);
}

/**
 * esp_missing_in() - refuse a request that lacks an attribute within a nest
 * @extack: takes message and attribute
 * @nest: the nest, or NULL for the request itself
 * @type: the attribute
 * @why: message
 *
 * Context: any. Return: -EINVAL.
 */
int esp_missing_in(struct netlink_ext_ack *extack, const struct nlattr *nest,
		   int type, const char *why)
{
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	return vpnha_refuse(extack, NULL, -EINVAL, why);
}

/**
 * esp_read_addr() - read an address
 * @attr: 4 or 16 bytes
 * @a: to be filled
 * @extack: takes the reason of a refusal
 *
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_read_addr(const struct nlattr *attr, struct esp_addr *a,
		  struct netlink_ext_ack *extack)
{
	int len = nla_len(attr);

	memset(a, 0, sizeof(*a));
	if (len != 4 && len != 16)
		return vpnha_refuse(extack, attr, -EINVAL,
				    "an address has 4 or 16 bytes");
	a->family = len == 4 ? AF_INET : AF_INET6;
	memcpy(a->ip, nla_data(attr), len);
	return 0;
}

/**
 * esp_read_enum() - read one of a few values
 * @attr: the value, or NULL
 * @max: highest
 * @value: to be filled; keeps what it has without @attr
 * @extack: takes the reason of a refusal
 * @why: message when it is higher
 *
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_read_enum(const struct nlattr *attr, u32 max, u32 *value,
		  struct netlink_ext_ack *extack, const char *why)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) > max)
		return vpnha_refuse(extack, attr, -EINVAL, why);
	*value = nla_get_u32(attr);
	return 0;
}

static int read_key(const struct nlattr *attr, u8 *key, u8 *len,
		    struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_len(attr) > ESP_KEY_MAX)
		return vpnha_refuse(extack, attr, -EINVAL,
				    "no key is that long");
	*len = nla_len(attr);
	memcpy(key, nla_data(attr), *len);
	return 0;
}

/**
 * esp_read_secret() - read keys; they are wiped in the request
 * @cipher: key of the cipher, or NULL
 * @auth: key of the HMAC, or NULL
 * @secret: to be filled
 * @extack: takes the reason of a refusal
 *
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_read_secret(const struct nlattr *cipher, const struct nlattr *auth,
		    struct esp_secret *secret, struct netlink_ext_ack *extack)
{
	int err;

	memset(secret, 0, sizeof(*secret));
	err = read_key(cipher, secret->cipher, &secret->cipher_len, extack);
	if (!err)
		err = read_key(auth, secret->auth, &secret->auth_len, extack);
	if (cipher)
		memzero_explicit(nla_data(cipher), nla_len(cipher));
	if (auth)
		memzero_explicit(nla_data(auth), nla_len(auth));
	return err;
}

/**
 * esp_read_name() - read the name of an object
 * @attr: the name
 * @name: to be filled
 * @size: of @name
 * @extack: takes the reason of a refusal
 *
 * It is printed, and read back as a word.
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_read_name(const struct nlattr *attr, char *name, size_t size,
		  struct netlink_ext_ack *extack)
{
	const char *c = nla_data(attr);

	if (*c == '!' || *c == '#')
		return vpnha_refuse(extack, attr, -EINVAL,
				    "name must not begin like a comment");
	for (; *c; c++)
		if (!isascii(*c) || !isgraph(*c) || *c == '"')
			return vpnha_refuse(extack, attr, -EINVAL,
					    "name must be printable, without spaces and quotes");
	nla_strscpy(name, attr, size);
	return 0;
}

static bool has_ports(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_UDPLITE;
}

/* Offsets from the protocol's attribute: both sets have them in this order. */
enum {
	PROTOCOL, SRC, SRC_MASK, DST, DST_MASK,
	SPORT_MIN, SPORT_MAX, DPORT_MIN, DPORT_MAX,
};

static int read_side(const struct nlattr *addr, const struct nlattr *mask,
		     __be32 ip[4], __be32 ip_mask[4], u8 *family,
		     struct netlink_ext_ack *extack)
{
	struct esp_addr a;
	int i, err;

	if (addr) {
		err = esp_read_addr(addr, &a, extack);
		if (err)
			return err;
		memcpy(ip, a.ip, sizeof(a.ip));
		memset(ip_mask, 0xff, esp_addr_len(a.family));
		*family = a.family;
	}
	if (mask) {
		err = esp_read_addr(mask, &a, extack);
		if (err)
			return err;
		if (a.family != *family)
			return vpnha_refuse(extack, mask, -EINVAL,
					    "mask and address are not of one family");
		memcpy(ip_mask, a.ip, sizeof(a.ip));
	}
	for (i = 0; i < 4; i++)
		ip[i] &= ip_mask[i];
	return 0;
}

static int read_ports(const struct nlattr *lo, const struct nlattr *hi,
		      u16 *min, u16 *max, struct netlink_ext_ack *extack)
{
	if (lo)
		*min = nla_get_u16(lo);
	if (hi)
		*max = nla_get_u16(hi);
	if (*min > *max)
		return vpnha_refuse(extack, lo ?: hi, -EINVAL,
				    "lowest port is above the highest");
	return 0;
}

/**
 * esp_read_rule() - read what a rule matches
 * @attrs: attributes
 * @protocol: index of that of the protocol; the others follow
 * @nest: attribute that they are in, or NULL
 * @rule: to be filled; keeps what is not given. A family of 0: a new rule
 * @extack: takes the reason of a refusal
 *
 * Context: any. Return: 0 or -EINVAL, with a message.
 */
int esp_read_rule(struct nlattr **attrs, int protocol,
		  const struct nlattr *nest, struct esp_rule *rule,
		  struct netlink_ext_ack *extack)
{
	struct nlattr **a = attrs + protocol;
	u8 src = rule->family, dst = rule->family;
	int err;

	if (!rule->family) {
		rule->sport_max = U16_MAX;
		rule->dport_max = U16_MAX;
		if (!a[SRC])
			return esp_missing_in(extack, nest, protocol + SRC,
					      "source address is missing");
		if (!a[DST])
			return esp_missing_in(extack, nest, protocol + DST,
					      "destination address is missing");
	}
	if (a[PROTOCOL])
		rule->protocol = nla_get_u32(a[PROTOCOL]);
	err = read_side(a[SRC], a[SRC_MASK], rule->src, rule->src_mask, &src,
			extack);
	if (!err)
		err = read_side(a[DST], a[DST_MASK], rule->dst, rule->dst_mask,
				&dst, extack);
	if (err)
		return err;
	if (src != dst)
		return vpnha_refuse(extack, a[DST] ?: a[SRC], -EINVAL,
				    "source and destination are not of one family");
	rule->family = src;
	err = read_ports(a[SPORT_MIN], a[SPORT_MAX], &rule->sport_min,
			 &rule->sport_max, extack);
	if (!err)
		err = read_ports(a[DPORT_MIN], a[DPORT_MAX], &rule->dport_min,
				 &rule->dport_max, extack);
	if (err)
		return err;
	if ((rule->sport_min || rule->sport_max != U16_MAX ||
	     rule->dport_min || rule->dport_max != U16_MAX) &&
	    !has_ports(rule->protocol))
		return vpnha_refuse(extack, a[PROTOCOL] ?: a[SPORT_MIN] ?:
				    a[DPORT_MIN], -EINVAL,
				    "only TCP, UDP, UDP-Lite and SCTP have ports");
	return 0;
}
