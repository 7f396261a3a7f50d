// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "ike/selector.h"

#define PORT_MAX	65535

static size_t size_of(const struct ike_selector *s)
{
	return s->family == AF_INET6 ? 16 : 4;
}

static int compare(const struct ike_selector *s, const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, size_of(s));
}

/* Ports of packets that show none, RFC 4301 section 4.4.1.1. */
static bool is_opaque(const struct ike_selector *s)
{
	return s->first_port == PORT_MAX && !s->last_port;
}

static bool any_port(const struct ike_selector *s)
{
	return !s->first_port && s->last_port == PORT_MAX;
}

/**
 * ike_selector_valid() - Tell whether a selector can select anything.
 * @s: selector
 */
bool ike_selector_valid(const struct ike_selector *s)
{
	return (s->family == AF_INET || s->family == AF_INET6) &&
	       compare(s, s->first, s->last) <= 0 &&
	       (s->first_port <= s->last_port || is_opaque(s));
}

static bool ports_within(const struct ike_selector *s, const struct ike_selector *in)
{
	if (any_port(in))
		return true;
	if (is_opaque(s) || is_opaque(in))
		return is_opaque(s) && is_opaque(in);
	return s->first_port >= in->first_port && s->last_port <= in->last_port;
}

/* All but the addresses. */
static bool rest_within(const struct ike_selector *s, const struct ike_selector *in)
{
	return s->family == in->family && (!in->protocol || s->protocol == in->protocol) &&
	       ports_within(s, in);
}

/**
 * ike_selector_within() - Tell whether a selector selects no more than another.
 * @s: selector
 * @in: the other one
 */
bool ike_selector_within(const struct ike_selector *s, const struct ike_selector *in)
{
	return rest_within(s, in) && compare(s, s->first, in->first) >= 0 &&
	       compare(s, s->last, in->last) <= 0;
}

static bool intersect_ports(const struct ike_selector *a, const struct ike_selector *b,
			    struct ike_selector *out)
{
	if (is_opaque(a) || is_opaque(b)) {
		out->first_port = PORT_MAX;
		out->last_port = 0;
		return (is_opaque(a) || any_port(a)) && (is_opaque(b) || any_port(b));
	}
	out->first_port = a->first_port > b->first_port ? a->first_port : b->first_port;
	out->last_port = a->last_port < b->last_port ? a->last_port : b->last_port;
	return out->first_port <= out->last_port;
}

/**
 * ike_selector_intersect() - Find what two selectors both select.
 * @a: one
 * @b: the other
 * @out: what they have in common
 *
 * Return: whether that is anything.
 */
bool ike_selector_intersect(const struct ike_selector *a, const struct ike_selector *b,
			    struct ike_selector *out)
{
	const size_t size = size_of(a);

	memset(out, 0, sizeof(*out));
	if (a->family != b->family || (a->protocol && b->protocol && a->protocol != b->protocol))
		return false;
	out->family = a->family;
	out->protocol = a->protocol ? a->protocol : b->protocol;
	memcpy(out->first, compare(a, a->first, b->first) > 0 ? a->first : b->first, size);
	memcpy(out->last, compare(a, a->last, b->last) < 0 ? a->last : b->last, size);
	return compare(out, out->first, out->last) <= 0 && intersect_ports(a, b, out);
}

/* The address that follows; false after the last one. */
static bool increment(uint8_t *address, size_t size)
{
	while (size--)
		if (++address[size])
			return true;
	return false;
}

/* Whether several selectors together select all that one does. */
static bool is_covered(const struct ike_selector *s, const struct ike_selectors *in)
{
	struct ike_selector rest = *s;
	bool found = true;

	while (found) {
		found = false;
		for (unsigned int i = 0; i < in->n && !found; i++) {
			const struct ike_selector *by = &in->list[i];

			if (!rest_within(&rest, by) || compare(s, by->first, rest.first) > 0 ||
			    compare(s, by->last, rest.first) < 0)
				continue;
			if (compare(s, by->last, rest.last) >= 0)
				return true;
			memcpy(rest.first, by->last, size_of(s));
			/* Below the end, so that there is a next one. */
			found = increment(rest.first, size_of(s));
		}
	}
	return false;
}

/**
 * ike_selectors_within() - Tell whether selectors select no more than others.
 * @s: selectors
 * @in: the others, which may share the addresses of one of @s between them
 *
 * An answer has to be within the offer. A rekeyed SA may not have less than the one
 * that it replaces (RFC 7296 section 2.9.2): that is within it.
 */
bool ike_selectors_within(const struct ike_selectors *s, const struct ike_selectors *in)
{
	for (unsigned int i = 0; i < s->n; i++)
		if (!is_covered(&s->list[i], in))
			return false;
	return true;
}

/* Whether a packet can match both, one on each side. */
static bool can_pair(const struct ike_selector *a, const struct ike_selector *b)
{
	return a->family == b->family &&
	       (!a->protocol || !b->protocol || a->protocol == b->protocol);
}

static bool pairs_with_any(const struct ike_selector *s, const struct ike_selectors *others)
{
	for (unsigned int i = 0; i < others->n; i++)
		if (can_pair(s, &others->list[i]))
			return true;
	return false;
}

/* Add one, unless there is one with it; drop those which it makes needless. */
static void add(struct ike_selectors *to, const struct ike_selector *s)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < to->n; i++)
		if (ike_selector_within(s, &to->list[i]))
			return;
	for (unsigned int i = 0; i < to->n; i++)
		if (!ike_selector_within(&to->list[i], s))
			to->list[kept++] = to->list[i];
	to->n = kept;
	if (to->n < IKE_SELECTORS_MAX)
		to->list[to->n++] = *s;
}

static void add_all(struct ike_selectors *to, const struct ike_selectors *from)
{
	for (unsigned int i = 0; i < from->n; i++)
		add(to, &from->list[i]);
}

static void intersect_all(const struct ike_selectors *proposed, const struct ike_selector *allowed,
			  struct ike_selectors *out)
{
	struct ike_selector s;

	out->n = 0;
	for (unsigned int i = 0; i < proposed->n; i++)
		if (ike_selector_valid(&proposed->list[i]) &&
		    ike_selector_intersect(&proposed->list[i], allowed, &s))
			add(out, &s);
}

static void drop_lone(struct ike_selectors *s, const struct ike_selectors *others)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < s->n; i++)
		if (pairs_with_any(&s->list[i], others))
			s->list[kept++] = s->list[i];
	s->n = kept;
}

/* What one line of the policy leaves of a proposal. */
static bool narrow_to(const struct ike_selector_pair *line, const struct ike_selectors *remote,
		      const struct ike_selectors *local, struct ike_selectors *remote_out,
		      struct ike_selectors *local_out)
{
	intersect_all(remote, &line->remote, remote_out);
	intersect_all(local, &line->local, local_out);
	drop_lone(remote_out, local_out);
	drop_lone(local_out, remote_out);
	return remote_out->n && local_out->n;
}

static bool pair_allowed(const struct ike_selector_pair *policy, size_t n,
			 const struct ike_selector *remote, const struct ike_selector *local)
{
	for (size_t i = 0; i < n; i++)
		if (ike_selector_within(remote, &policy[i].remote) &&
		    ike_selector_within(local, &policy[i].local))
			return true;
	return false;
}

/*
 * Whether all that is proposed is allowed. The SA will carry any combination of
 * the two sides, so each has to be; which lines allow them does not matter.
 */
static bool all_allowed(const struct ike_selector_pair *policy, size_t n,
			const struct ike_selectors *remote, const struct ike_selectors *local)
{
	for (unsigned int i = 0; i < remote->n; i++) {
		if (!ike_selector_valid(&remote->list[i]) ||
		    !pairs_with_any(&remote->list[i], local))
			return false;
		for (unsigned int k = 0; k < local->n; k++)
			if (can_pair(&remote->list[i], &local->list[k]) &&
			    !pair_allowed(policy, n, &remote->list[i], &local->list[k]))
				return false;
	}
	for (unsigned int k = 0; k < local->n; k++)
		if (!ike_selector_valid(&local->list[k]) ||
		    !pairs_with_any(&local->list[k], remote))
			return false;
	return remote->n && local->n;
}

/* How much the peer's first choice likes a line: all of it, a part, nothing. */
static unsigned int liking(const struct ike_selector_pair *line, const struct ike_selector *remote,
			   const struct ike_selector *local)
{
	struct ike_selector s;

	if (ike_selector_within(remote, &line->remote) &&
	    ike_selector_within(local, &line->local))
		return 2;
	return ike_selector_intersect(remote, &line->remote, &s) &&
	       ike_selector_intersect(local, &line->local, &s);
}

/* The best line: the first of those that the peer's first choice likes best. */
static const struct ike_selector_pair *best_line(const struct ike_selector_pair *policy, size_t n,
						 const struct ike_selectors *remote,
						 const struct ike_selectors *local, size_t *usable)
{
	const struct ike_selector_pair *best = NULL;
	struct ike_selectors r, l;
	unsigned int most = 0;

	*usable = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned int likes;

		if (!narrow_to(&policy[i], remote, local, &r, &l))
			continue;
		++*usable;
		likes = liking(&policy[i], &remote->list[0], &local->list[0]);
		if (!best || likes > most) {
			best = &policy[i];
			most = likes;
		}
	}
	return best;
}

/**
 * ike_selectors_narrow() - Narrow a proposal to what is configured, RFC 7296 section 2.9.
 * @policy: what may be protected, one line of an access list after the other
 * @n: number of lines
 * @remote: what the peer proposes for its own side: TSi, if it is the initiator
 * @local: and for ours
 * @remote_out: what is answered for its side
 * @local_out: and for ours
 *
 * All of a proposal is taken if the policy allows it, less what another selector
 * of it has, too. Otherwise it is narrowed to one line, because two sides of several
 * lines would let through more than the lines do. That is the line which has the
 * first selectors of both sides, the packet that the peer wants to send, if there is
 * one.
 *
 * Return: what was done; with %IKE_NARROW_NONE nothing is answered.
 */
enum ike_narrow ike_selectors_narrow(const struct ike_selector_pair *policy, size_t n,
				     const struct ike_selectors *remote,
				     const struct ike_selectors *local,
				     struct ike_selectors *remote_out,
				     struct ike_selectors *local_out)
{
	const struct ike_selector_pair *line;
	size_t usable;

	remote_out->n = 0;
	local_out->n = 0;
	if (all_allowed(policy, n, remote, local)) {
		add_all(remote_out, remote);
		add_all(local_out, local);
		return IKE_NARROW_ALL;
	}
	line = best_line(policy, n, remote, local, &usable);
	if (!line)
		return IKE_NARROW_NONE;
	narrow_to(line, remote, local, remote_out, local_out);
	return usable > 1 ? IKE_NARROW_MORE : IKE_NARROW_SOME;
}

static void set_host_bits(uint8_t *address, size_t size, unsigned int bits, bool ones)
{
	for (size_t i = 0; i < size; i++) {
		unsigned int in_byte = bits > 8 * i ? bits - 8 * (unsigned int)i : 0;
		uint8_t host = in_byte >= 8 ? 0 : (uint8_t)(0xff >> in_byte);

		if (ones)
			address[i] |= host;
		else
			address[i] &= (uint8_t)~host;
	}
}

/**
 * ike_selector_of_prefix() - Select a subnet, with all protocols and ports.
 * @s: selector
 * @family: AF_INET or AF_INET6
 * @address: any of the subnet, 4 or 16 octets
 * @bits: length of the prefix, at most 32 or 128
 */
void ike_selector_of_prefix(struct ike_selector *s, int family, const uint8_t *address,
			    unsigned int bits)
{
	memset(s, 0, sizeof(*s));
	s->family = family;
	s->last_port = PORT_MAX;
	memcpy(s->first, address, size_of(s));
	memcpy(s->last, address, size_of(s));
	set_host_bits(s->first, size_of(s), bits, false);
	set_host_bits(s->last, size_of(s), bits, true);
}

/* The shortest prefix that begins with an address and does not go beyond another. */
static unsigned int largest(const uint8_t *first, const uint8_t *last, size_t size)
{
	unsigned int bits = 8 * (unsigned int)size;
	uint8_t a[16], b[16];

	while (bits) {
		memcpy(a, first, size);
		memcpy(b, first, size);
		set_host_bits(a, size, bits - 1, false);
		set_host_bits(b, size, bits - 1, true);
		if (memcmp(a, first, size) || memcmp(b, last, size) > 0)
			break;
		bits--;
	}
	return bits;
}

/**
 * ike_selector_prefix() - Tell whether the addresses of a selector are a subnet.
 * @s: a valid selector
 * @bits: length of its prefix
 */
bool ike_selector_prefix(const struct ike_selector *s, unsigned int *bits)
{
	uint8_t end[16];

	*bits = largest(s->first, s->last, size_of(s));
	memcpy(end, s->first, size_of(s));
	set_host_bits(end, size_of(s), *bits, true);
	return !compare(s, end, s->last);
}

/**
 * ike_selector_prefixes() - Split the addresses of a selector into as few subnets as can be.
 * @s: a valid selector
 * @out: subnets, in order
 *
 * Return: their number.
 */
size_t ike_selector_prefixes(const struct ike_selector *s,
			     struct ike_prefix out[IKE_PREFIXES_MAX])
{
	const size_t size = size_of(s);
	uint8_t next[16] = {}, end[16];
	size_t n = 0;

	memcpy(next, s->first, size);
	do {
		struct ike_prefix *p = &out[n++];

		memset(p, 0, sizeof(*p));
		memcpy(p->first, next, size);
		p->bits = (uint8_t)largest(next, s->last, size);
		memcpy(end, next, size);
		set_host_bits(end, size, p->bits, true);
		memcpy(next, end, size);
	} while (memcmp(end, s->last, size) < 0 && increment(next, size) && n < IKE_PREFIXES_MAX);
	return n;
}

static void print_protocol(char *buf, size_t size, const struct ike_selector *s)
{
	static const struct {
		uint8_t number;
		const char *word;
	} known[] = {
		{ IPPROTO_ICMP, "icmp" }, { IPPROTO_TCP, "tcp" }, { IPPROTO_UDP, "udp" },
		{ IPPROTO_GRE, "gre" }, { IPPROTO_ICMPV6, "icmp6" }, { IPPROTO_SCTP, "sctp" },
	};

	*buf = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].number == s->protocol)
			snprintf(buf, size, " %s", known[i].word);
	if (s->protocol && !*buf)
		snprintf(buf, size, " protocol %u", s->protocol);
}

static void print_icmp(char *buf, size_t size, const struct ike_selector *s)
{
	unsigned int type = s->first_port >> 8, code = s->first_port & 0xff;
	unsigned int last_type = s->last_port >> 8, last_code = s->last_port & 0xff;

	if (s->first_port == s->last_port)
		snprintf(buf, size, " type %u code %u", type, code);
	else if (!code && last_code == 0xff && type == last_type)
		snprintf(buf, size, " type %u", type);
	else
		snprintf(buf, size, " type %u code %u to type %u code %u", type, code, last_type,
			 last_code);
}

static void print_ports(char *buf, size_t size, const struct ike_selector *s)
{
	bool icmp = s->protocol == IPPROTO_ICMP || s->protocol == IPPROTO_ICMPV6;

	*buf = '\0';
	if (any_port(s))
		return;
	if (is_opaque(s))
		snprintf(buf, size, " port opaque");
	else if (icmp)
		print_icmp(buf, size, s);
	else if (s->first_port == s->last_port)
		snprintf(buf, size, " port %u", s->first_port);
	else
		snprintf(buf, size, " ports %u-%u", s->first_port, s->last_port);
}

/**
 * ike_selector_text() - Write a selector: "10.1.1.0/24", "10.1.1.5-10.1.1.9 tcp port 80".
 * @buf: where to
 * @s: a valid selector
 *
 * Return: @buf.
 */
const char *ike_selector_text(char buf[IKE_SELECTOR_TEXT_LEN], const struct ike_selector *s)
{
	char first[INET6_ADDRSTRLEN], last[INET6_ADDRSTRLEN], protocol[16], ports[48];
	unsigned int bits;

	inet_ntop(s->family, s->first, first, sizeof(first));
	inet_ntop(s->family, s->last, last, sizeof(last));
	print_protocol(protocol, sizeof(protocol), s);
	print_ports(ports, sizeof(ports), s);
	if (ike_selector_prefix(s, &bits))
		snprintf(buf, IKE_SELECTOR_TEXT_LEN, "%s/%u%s%s", first, bits, protocol, ports);
	else
		snprintf(buf, IKE_SELECTOR_TEXT_LEN, "%s-%s%s%s", first, last, protocol, ports);
	return buf;
}
