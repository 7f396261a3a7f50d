// SPDX-License-Identifier: GPL-2.0-or-later
/* Extended access lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config.h"
#include "lib/config_acl.h"
#include "lib/text.h"

#define PORT_MAX	65535

/* Beyond all protocol numbers: any protocol, of IPv6. */
#define PROTOCOL_IPV6	256

enum {
	PORT_EQ,
	PORT_GT,
	PORT_LT,
	PORT_RANGE,
};

/* The values of a source or a destination, from that of "any" on. */
enum {
	END_ANY,
	END_HOST,
	END_PREFIX,
	END_ADDRESS,
	END_WILDCARD,
	END_OPERATOR,
	END_PORT,
	END_LAST_PORT,
};

/**
 * config_is_extended() - Tell whether the number is one of an extended access list.
 * @number: of the list
 */
bool config_is_extended(uint32_t number)
{
	return (number >= 100 && number <= 199) || (number >= 2000 && number <= 2699);
}

/**
 * config_is_standard() - Tell whether the name is the number of a standard access list.
 * @name: name of the list
 */
bool config_is_standard(const char *name)
{
	uint32_t number;

	return text_parse_number(name, &number) &&
	       ((number >= 1 && number <= 99) || (number >= 1300 && number <= 1999));
}

/* One end of a line. Without a family: "any". Returns whether it makes sense. */
static bool get_end(struct config *c, const struct grammar_value *v, struct address *a,
		    struct address *mask, struct model_pos *at)
{
	static const int kinds[] = { END_ANY, END_HOST, END_PREFIX, END_ADDRESS };

	memset(a, 0, sizeof(*a));
	memset(mask, 0, sizeof(*mask));
	for (size_t n = 0; n < sizeof(kinds) / sizeof(*kinds); n++)
		if (v[kinds[n]].given)
			*at = config_pos(c, v[kinds[n]].column);
	if (v[END_HOST].given) {
		*a = v[END_HOST].ip;
		address_mask_all(mask, a->family, true);
	} else if (v[END_PREFIX].given) {
		*a = v[END_PREFIX].ip;
		*mask = v[END_PREFIX].mask;
	} else if (v[END_ADDRESS].given) {
		*a = v[END_ADDRESS].ip;
		*mask = v[END_WILDCARD].ip;
		if (mask->family != a->family) {
			config_error(c, v[END_WILDCARD].column,
				     "address and wildcard are of different IP versions");
			return false;
		}
		address_invert(mask);
		address_apply(a, mask);
	}
	return true;
}

static bool get_ports(struct config *c, const struct grammar_value *v, uint32_t protocol,
		      uint16_t ports[2])
{
	uint32_t port = v[END_PORT].number;

	ports[0] = 0;
	ports[1] = PORT_MAX;
	if (!v[END_OPERATOR].given)
		return true;
	if (!crypto_has_ports(protocol)) {
		config_error(c, v[END_OPERATOR].column, "protocol %u has no ports", protocol);
		return false;
	}
	switch (v[END_OPERATOR].number) {
	case PORT_EQ:
		ports[0] = (uint16_t)port;
		ports[1] = (uint16_t)port;
		return true;
	case PORT_GT:
		ports[0] = (uint16_t)(port + 1);
		if (port < PORT_MAX)
			return true;
		config_error(c, v[END_PORT].column, "no port is greater than %u", port);
		return false;
	case PORT_LT:
		ports[1] = (uint16_t)(port - 1);
		if (port > 0)
			return true;
		config_error(c, v[END_PORT].column, "no port is less than 0");
		return false;
	default:
		ports[0] = (uint16_t)port;
		ports[1] = (uint16_t)v[END_LAST_PORT].number;
		if (ports[0] <= ports[1])
			return true;
		config_error(c, v[END_LAST_PORT].column,
			     "the last port of a range is less than the first");
		return false;
	}
}

static void fill_any(struct address *a, struct address *mask, int family)
{
	if (a->family)
		return;
	a->family = (uint8_t)family;
	address_mask_all(mask, family, false);
}

/* What a line says. Returns whether it makes sense. */
static bool get_line(struct config *c, const struct grammar_match *m, struct crypto_line *line)
{
	const struct grammar_value *protocol = &m->args[ARG_PROTOCOL];
	struct crypto_selector *s = &line->match;
	bool ipv6 = protocol->number == PROTOCOL_IPV6;
	int family;

	memset(line, 0, sizeof(*line));
	line->action = m->args[ARG_ACTION].number;
	line->at = config_pos(c, m->args[ARG_ACTION].column);
	s->protocol = ipv6 ? 0 : protocol->number;
	if (!get_end(c, &m->args[ARG_SRC_ANY], &s->src, &s->src_mask, &line->at_src) ||
	    !get_end(c, &m->args[ARG_DST_ANY], &s->dst, &s->dst_mask, &line->at_dst) ||
	    !get_ports(c, &m->args[ARG_SRC_ANY], s->protocol, s->src_port) ||
	    !get_ports(c, &m->args[ARG_DST_ANY], s->protocol, s->dst_port))
		return false;
	family = s->src.family ? s->src.family : s->dst.family;
	if (s->dst.family && s->dst.family != family) {
		config_error(c, line->at_dst.column,
			     "source and destination are of different IP versions");
		return false;
	}
	if (ipv6 && family == AF_INET) {
		config_error(c, s->src.family ? line->at_src.column : line->at_dst.column,
			     "an IPv4 address, and the protocol is ipv6");
		return false;
	}
	if (!family)
		family = ipv6 || c->in.mode == CONFIG_ACL6 ? AF_INET6 : AF_INET;
	fill_any(&s->src, &s->src_mask, family);
	fill_any(&s->dst, &s->dst_mask, family);
	return true;
}

static struct crypto_line *find_same(const struct crypto_acl *a, const struct crypto_line *line)
{
	for (size_t n = 0; n < a->n_lines; n++)
		if (crypto_line_equal(&a->lines[n], line))
			return &a->lines[n];
	return NULL;
}

static uint32_t next_number(const struct crypto_acl *a)
{
	uint32_t last = a->lines && a->n_lines ? a->lines[a->n_lines - 1].number : 0;

	return last - last % CRYPTO_ACL_STEP + CRYPTO_ACL_STEP;
}

static void remove_line(struct crypto_acl *a, const struct grammar_value *number,
			const struct crypto_line *line)
{
	const struct crypto_line *found;

	if (number->given) {
		crypto_line_remove(a, number->number);
		return;
	}
	found = find_same(a, line);
	if (found)
		crypto_line_remove(a, found->number);
}

static void put_line(struct config *c, const char *name, const struct grammar_match *m)
{
	const struct grammar_value *number = &m->args[ARG_LINE];
	struct crypto *crypto = &c->model.crypto;
	struct crypto_line line, *old;
	struct crypto_acl *a;

	memset(&line, 0, sizeof(line));
	if (m->args[ARG_ACTION].given && !get_line(c, m, &line))
		return;
	c->touched = true;
	if (m->negated) {
		a = crypto_acl_find(crypto, name);
		if (a)
			remove_line(a, number, &line);
		return;
	}
	a = crypto_acl_get(crypto, name);
	/* As routers do: what is said twice counts once. */
	old = number->given ? NULL : find_same(a, &line);
	if (old) {
		line.number = old->number;
		*old = line;
		return;
	}
	line.number = number->given ? number->number : next_number(a);
	if (line.number > CONFIG_ACL_LINE_MAX) {
		config_error(c, m->column, "the list has no number left for this line");
		return;
	}
	*crypto_line_get(a, line.number) = line;
}

static void set_line(struct config *c, const struct grammar_match *m)
{
	if (c->in.name[0]) {
		put_line(c, c->in.name, m);
	} else {
		struct crypto_line line;

		if (m->args[ARG_ACTION].given)
			get_line(c, m, &line);
	}
}

static void set_numbered(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];
	char number[16];

	c->in.mode = CONFIG_GLOBAL;
	if (!config_is_extended(name->number)) {
		config_error(c, name->column,
			     "access list %u is not an extended one (100-199 or 2000-2699)",
			     name->number);
		return;
	}
	snprintf(number, sizeof(number), "%u", name->number);
	if (m->args[ARG_ACTION].given) {
		put_line(c, number, m);
		return;
	}
	c->touched = true;
	crypto_acl_remove(&c->model.crypto, number);
}

static void set_acl(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];
	enum config_mode mode = m->args[ARG_KIND].number ? CONFIG_ACL6 : CONFIG_ACL;
	uint32_t number;

	if (m->negated) {
		c->touched = true;
		c->in.mode = CONFIG_GLOBAL;
		crypto_acl_remove(&c->model.crypto, name->text);
		return;
	}
	config_enter(c, mode, "", name->column);
	if (!config_name(c, name))
		return;
	if (text_parse_number(name->text, &number) && !config_is_extended(number))
		config_error(c, name->column,
			     "access list %s is not an extended one (100-199, 2000-2699 or a name)",
			     name->text);
	else
		config_enter(c, mode, name->text, name->column);
}

/* A destination first, since each table names the one behind it. */
static const struct grammar_node dst_last_port_words[] = {
	PORT(ARG_DST_LAST_PORT, "Number or name", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_port_words[] = {
	PORT(ARG_DST_PORT, "Number or name", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_first_port_words[] = {
	PORT(ARG_DST_PORT, "Number or name", .next = dst_last_port_words),
	END
};

static const struct grammar_node dst_operator_words[] = {
	KEYWORD("eq", "This port", .arg = ARG_DST_OPERATOR, .id = PORT_EQ, .next = dst_port_words),
	KEYWORD("gt", "Ports above", .arg = ARG_DST_OPERATOR, .id = PORT_GT,
		.next = dst_port_words),
	KEYWORD("lt", "Ports below", .arg = ARG_DST_OPERATOR, .id = PORT_LT,
		.next = dst_port_words),
	KEYWORD("range", "First and last port", .arg = ARG_DST_OPERATOR, .id = PORT_RANGE,
		.next = dst_first_port_words),
	END
};

static const struct grammar_node dst_host_words[] = {
	IP(ARG_DST_HOST, "Its address", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_wildcard_words[] = {
	IP(ARG_DST_WILDCARD, "Bits that do not count", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_words[] = {
	KEYWORD("any", "Any destination", .arg = ARG_DST_ANY, .flags = GRAMMAR_STOP),
	KEYWORD("host", "A single destination", .next = dst_host_words),
	PREFIX(ARG_DST_PREFIX, "Addresses", .flags = GRAMMAR_STOP),
	IP(ARG_DST_ADDRESS, "Addresses", .next = dst_wildcard_words),
	END
};

static const struct grammar_node dst_of_port_host_words[] = {
	IP(ARG_DST_HOST, "Its address", .next = dst_operator_words, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_of_port_wildcard_words[] = {
	IP(ARG_DST_WILDCARD, "Bits that do not count",
	   .next = dst_operator_words, .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node dst_of_port_words[] = {
	KEYWORD("any", "Any destination", .arg = ARG_DST_ANY, .next = dst_operator_words,
		.flags = GRAMMAR_STOP),
	KEYWORD("host", "A single destination", .next = dst_of_port_host_words),
	PREFIX(ARG_DST_PREFIX, "Addresses", .next = dst_operator_words, .flags = GRAMMAR_STOP),
	IP(ARG_DST_ADDRESS, "Addresses", .next = dst_of_port_wildcard_words),
	END
};

static const struct grammar_node src_last_port_words[] = {
	PORT(ARG_SRC_LAST_PORT, "Number or name", .next = dst_of_port_words),
	END
};

static const struct grammar_node src_port_words[] = {
	PORT(ARG_SRC_PORT, "Number or name", .next = dst_of_port_words),
	END
};

static const struct grammar_node src_first_port_words[] = {
	PORT(ARG_SRC_PORT, "Number or name", .next = src_last_port_words),
	END
};

static const struct grammar_node after_src_of_port_words[] = {
	KEYWORD("eq", "This port", .arg = ARG_SRC_OPERATOR, .id = PORT_EQ, .next = src_port_words),
	KEYWORD("gt", "Ports above", .arg = ARG_SRC_OPERATOR, .id = PORT_GT,
		.next = src_port_words),
	KEYWORD("lt", "Ports below", .arg = ARG_SRC_OPERATOR, .id = PORT_LT,
		.next = src_port_words),
	KEYWORD("range", "First and last port", .arg = ARG_SRC_OPERATOR, .id = PORT_RANGE,
		.next = src_first_port_words),
	INCLUDE(dst_of_port_words),
	END
};

static const struct grammar_node src_host_words[] = {
	IP(ARG_SRC_HOST, "Its address", .next = dst_words),
	END
};

static const struct grammar_node src_wildcard_words[] = {
	IP(ARG_SRC_WILDCARD, "Bits that do not count", .next = dst_words),
	END
};

static const struct grammar_node src_words[] = {
	KEYWORD("any", "Any source", .arg = ARG_SRC_ANY, .next = dst_words),
	KEYWORD("host", "A single source", .next = src_host_words),
	PREFIX(ARG_SRC_PREFIX, "Addresses", .next = dst_words),
	IP(ARG_SRC_ADDRESS, "Addresses", .next = src_wildcard_words),
	END
};

static const struct grammar_node src_of_port_host_words[] = {
	IP(ARG_SRC_HOST, "Its address", .next = after_src_of_port_words),
	END
};

static const struct grammar_node src_of_port_wildcard_words[] = {
	IP(ARG_SRC_WILDCARD, "Bits that do not count", .next = after_src_of_port_words),
	END
};

static const struct grammar_node src_of_port_words[] = {
	KEYWORD("any", "Any source", .arg = ARG_SRC_ANY, .next = after_src_of_port_words),
	KEYWORD("host", "A single source", .next = src_of_port_host_words),
	PREFIX(ARG_SRC_PREFIX, "Addresses", .next = after_src_of_port_words),
	IP(ARG_SRC_ADDRESS, "Addresses", .next = src_of_port_wildcard_words),
	END
};

#define PROTOCOL(w, h, n, then) \
	KEYWORD(w, h, .arg = ARG_PROTOCOL, .id = (n), .next = (then))
#define ALIAS(w, n, then) \
	KEYWORD(w, "", .arg = ARG_PROTOCOL, .id = (n), .next = (then), .flags = GRAMMAR_HIDDEN)

static const struct grammar_node protocol_words[] = {
	PROTOCOL("ahp", "Authentication header", IPPROTO_AH, src_words),
	ALIAS("ah", IPPROTO_AH, src_words),
	PROTOCOL("esp", "Encapsulating security payload", IPPROTO_ESP, src_words),
	PROTOCOL("gre", "Generic routing encapsulation", IPPROTO_GRE, src_words),
	PROTOCOL("icmp", "Internet control messages", IPPROTO_ICMP, src_words),
	PROTOCOL("icmp6", "Those of IPv6", IPPROTO_ICMPV6, src_words),
	PROTOCOL("ip", "Any protocol", 0, src_words),
	PROTOCOL("ipv6", "Any protocol over IPv6", PROTOCOL_IPV6, src_words),
	PROTOCOL("ospf", "OSPF routing", CONFIG_ACL_OSPF, src_words),
	PROTOCOL("sctp", "Stream control transmission", IPPROTO_SCTP, src_of_port_words),
	PROTOCOL("tcp", "Transmission control", IPPROTO_TCP, src_of_port_words),
	PROTOCOL("udp", "User datagrams", IPPROTO_UDP, src_of_port_words),
	NUMBER(ARG_PROTOCOL, 0, 255, "Number of a protocol", .next = src_of_port_words),
	END
};

static const struct grammar_node action_words[] = {
	KEYWORD("deny", "Packets that are not protected", .arg = ARG_ACTION,
		.id = VPNHA_ACL_ACTION_DENY, .next = protocol_words),
	KEYWORD("permit", "Packets that are protected", .arg = ARG_ACTION,
		.id = VPNHA_ACL_ACTION_PERMIT, .next = protocol_words),
	END
};

static const struct grammar_node line_words[] = {
	KEYWORD("deny", "Packets that are not protected", .arg = ARG_ACTION,
		.id = VPNHA_ACL_ACTION_DENY, .next = protocol_words, .config = set_line),
	KEYWORD("permit", "Packets that are protected", .arg = ARG_ACTION,
		.id = VPNHA_ACL_ACTION_PERMIT, .next = protocol_words, .config = set_line),
	END
};

const struct grammar_node config_acl_line_words[] = {
	INCLUDE(line_words),
	NUMBER(ARG_LINE, 1, CONFIG_ACL_LINE_MAX, "Sequence number of the line",
	       .next = line_words),
	END
};

const struct grammar_node config_no_acl_line_words[] = {
	INCLUDE(line_words),
	NUMBER(ARG_LINE, 1, CONFIG_ACL_LINE_MAX, "Sequence number of the line",
	       .next = line_words, .flags = GRAMMAR_STOP, .config = set_line),
	END
};

static const struct grammar_node one_line_words[] = {
	INCLUDE(config_acl_line_words),
	KEYWORD("no", "Remove a line", .flags = GRAMMAR_NEGATE,
		.next = config_no_acl_line_words),
	END
};

static const struct grammar_node name_words[] = {
	WORD(ARG_NAME, "Name or number", .flags = GRAMMAR_STOP | GRAMMAR_HEADS,
	     .next = one_line_words),
	END
};

static const struct grammar_node no_name_words[] = {
	WORD(ARG_NAME, "Name or number", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node number_words[] = {
	NUMBER(ARG_NAME, 1, 2699, "100-199 and 2000-2699 are extended ones",
	       .next = action_words, .flags = GRAMMAR_STOP_NO, .config = set_numbered),
	END
};

static const struct grammar_node heading_extended_words[] = {
	KEYWORD("extended", "Extended access list", .next = name_words, .config = set_acl),
	END
};

static const struct grammar_node heading_ip_words[] = {
	KEYWORD("access-list", "Named access list", .next = heading_extended_words),
	END
};

static const struct grammar_node heading_ipv6_words[] = {
	KEYWORD("access-list", "Named access list", .arg = ARG_KIND, .id = 1,
		.next = name_words, .config = set_acl),
	END
};

static const struct grammar_node no_heading_extended_words[] = {
	KEYWORD("extended", "Extended access list", .next = no_name_words, .config = set_acl),
	END
};

static const struct grammar_node no_heading_ip_words[] = {
	KEYWORD("access-list", "Named access list", .next = no_heading_extended_words),
	END
};

static const struct grammar_node no_heading_ipv6_words[] = {
	KEYWORD("access-list", "Named access list", .arg = ARG_KIND, .id = 1,
		.next = no_name_words, .config = set_acl),
	END
};

const struct grammar_node config_acl_heading_words[] = {
	KEYWORD("access-list", "Line of an extended access list", .next = number_words),
	KEYWORD("ip", "Extended access lists", .next = heading_ip_words),
	KEYWORD("ipv6", "Access lists of IPv6", .next = heading_ipv6_words),
	END
};

const struct grammar_node config_no_acl_heading_words[] = {
	KEYWORD("access-list", "Remove an access list or a line", .next = number_words),
	KEYWORD("ip", "Extended access lists", .next = no_heading_ip_words),
	KEYWORD("ipv6", "Access lists of IPv6", .next = no_heading_ipv6_words),
	END
};

/**
 * config_protocol_name() - The name that lines may call a protocol.
 * @protocol: number of the protocol
 * @family: AF_INET or AF_INET6
 *
 * Return: the name or NULL.
 */
const char *config_protocol_name(uint32_t protocol, int family)
{
	uint32_t id = !protocol && family == AF_INET6 ? PROTOCOL_IPV6 : protocol;

	for (const struct grammar_node *n = protocol_words; n->type == GRAMMAR_KEYWORD; n++)
		if (n->id == id)
			return n->word;
	return NULL;
}
