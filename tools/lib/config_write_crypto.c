// SPDX-License-Identifier: GPL-2.0-or-later
/* Transform sets, access lists and crypto maps as lines of configuration. */
#include <stdio.h>
#include <string.h>

#include "lib/config.h"
#include "lib/config_acl.h"
#include "lib/text.h"

/**
 * config_write_set() - Write a transform set.
 * @out: where to
 * @s: transform set
 */
void config_write_set(FILE *out, const struct crypto_set *s)
{
	char buf[TRANSFORM_TEXT_LEN];

	fprintf(out, "crypto ipsec transform-set %s %s%s\n", s->name,
		transform_text(buf, &s->transform), s->allow_weak ? " allow-weak" : "");
	if (s->mode != VPNHA_ESP_MODE_TUNNEL)
		fprintf(out, " mode %s\n", text_esp_mode_key(s->mode));
}

static bool is_ipv6(const struct crypto_acl *a)
{
	for (size_t n = 0; n < a->n_lines; n++)
		if (a->lines[n].match.src.family != AF_INET6)
			return false;
	return true;
}

static bool is_numbered(const struct crypto_acl *a)
{
	uint32_t number;

	return a->name[0] != '0' && text_parse_number(a->name, &number) &&
	       config_is_extended(number);
}

/* Lines without a number of their own get these when they are read. */
static bool is_plain(const struct crypto_acl *a)
{
	for (size_t n = 0; n < a->n_lines; n++)
		if (a->lines[n].number != (n + 1) * CRYPTO_ACL_STEP)
			return false;
	return true;
}

/**
 * config_write_acl_heading() - Write the heading of the lines of an access list.
 * @out: where to
 * @a: access list
 */
void config_write_acl_heading(FILE *out, const struct crypto_acl *a)
{
	fprintf(out, "%s %s\n", is_ipv6(a) && !is_numbered(a) ? "ipv6 access-list" :
							       "ip access-list extended", a->name);
}

static void write_ports(FILE *out, const uint16_t ports[2])
{
	const char *name = text_port(ports[0]);

	if (ports[0] == ports[1] && name)
		fprintf(out, " eq %s", name);
	else if (ports[0] == ports[1])
		fprintf(out, " eq %u", ports[0]);
	else if (!ports[0] && ports[1] < UINT16_MAX)
		fprintf(out, " lt %u", ports[1] + 1);
	else if (ports[0] && ports[1] == UINT16_MAX)
		fprintf(out, " gt %u", ports[0] - 1);
	else if (ports[0])
		fprintf(out, " range %u %u", ports[0], ports[1]);
}

static void write_end(FILE *out, const struct address *a, const struct address *mask,
		      const uint16_t ports[2], bool spell)
{
	char buf[ADDRESS_LEN], wildcard[ADDRESS_LEN];
	int bits = (int)address_size(mask) * 8, length = address_mask_length(mask);
	struct address inverse = *mask;

	address_invert(&inverse);
	if (!length && !spell)
		fputs(" any", out);
	else if (length == bits)
		fprintf(out, " host %s", address_text(buf, a));
	else if (length >= 0 && a->family == AF_INET6)
		fprintf(out, " %s/%d", address_text(buf, a), length);
	else
		fprintf(out, " %s %s", address_text(buf, a), address_text(wildcard, &inverse));
	write_ports(out, ports);
}

/**
 * config_write_line() - Write a line of an access list without its number.
 * @out: where to
 * @a: access list
 * @line: line
 */
void config_write_line(FILE *out, const struct crypto_acl *a, const struct crypto_line *line)
{
	const struct crypto_selector *s = &line->match;
	const char *protocol = config_protocol_name(s->protocol, s->src.family);
	bool ipv6 = s->src.family == AF_INET6;
	/* Where "any" would mean the other IP version. */
	bool spell = ipv6 && s->protocol && address_is_zero(&s->src_mask) &&
		     address_is_zero(&s->dst_mask) && (is_numbered(a) || !is_ipv6(a));

	fputs(line->action == VPNHA_ACL_ACTION_PERMIT ? "permit" : "deny", out);
	if (protocol)
		fprintf(out, " %s", protocol);
	else
		fprintf(out, " %u", s->protocol);
	write_end(out, &s->src, &s->src_mask, s->src_port, spell);
	write_end(out, &s->dst, &s->dst_mask, s->dst_port, false);
	fputc('\n', out);
}

static void write_acl(FILE *out, const struct crypto_acl *a)
{
	bool numbered = is_numbered(a), plain = is_plain(a);

	if (!numbered || !plain)
		config_write_acl_heading(out, a);
	for (size_t n = 0; n < a->n_lines; n++) {
		if (numbered && plain)
			fprintf(out, "access-list %s ", a->name);
		else if (plain)
			fputc(' ', out);
		else
			fprintf(out, " %u ", a->lines[n].number);
		config_write_line(out, a, &a->lines[n]);
	}
}

/**
 * config_write_map_heading() - Write the heading of an entry of a crypto map.
 * @out: where to
 * @m: entry
 */
void config_write_map_heading(FILE *out, const struct crypto_map *m)
{
	if (m->is_dynamic)
		fprintf(out, "crypto dynamic-map %s %u\n", m->name, m->number);
	else if (m->dynamic[0])
		fprintf(out, "crypto map %s %u ipsec-isakmp dynamic %s\n", m->name, m->number,
			m->dynamic);
	else
		fprintf(out, "crypto map %s %u %s\n", m->name, m->number, text_map_kind(m->kind));
}

static void write_hex(FILE *out, const char *word, const uint8_t *key, size_t length)
{
	if (!length)
		return;
	fprintf(out, " %s ", word);
	text_write_hex(out, key, length);
}

static void write_key(FILE *out, const struct crypto_map *m, uint32_t direction, bool keys)
{
	const struct crypto_key *key = &m->keys[direction];
	const char *way = direction == VPNHA_ESP_DIRECTION_IN ? "inbound" : "outbound";

	if (!key->given) {
		fprintf(out, " no set session-key %s\n", way);
		return;
	}
	fprintf(out, " set session-key %s esp %u", way, key->spi);
	if (key->hidden || !keys) {
		fputs(" cipher <removed>\n", out);
		return;
	}
	write_hex(out, "cipher", key->cipher, key->n_cipher);
	write_hex(out, "authenticator", key->auth, key->n_auth);
	fputc('\n', out);
}

static void write_sets(FILE *out, const struct crypto_map *m)
{
	if (!m->n_sets) {
		fputs(" no set transform-set\n", out);
		return;
	}
	fputs(" set transform-set", out);
	for (size_t n = 0; n < m->n_sets; n++)
		fprintf(out, " %s", m->sets[n]);
	fputc('\n', out);
}

static void write_pfs(FILE *out, uint32_t group)
{
	if (group)
		fprintf(out, " set pfs group%u\n", group);
	else
		fputs(" no set pfs\n", out);
}

static void write_lifetime(FILE *out, const char *words, uint32_t value)
{
	if (value == VPNHA_LIFETIME_DISABLED)
		fprintf(out, " set security-association %s disable\n", words);
	else if (value)
		fprintf(out, " set security-association %s %u\n", words, value);
	else
		fprintf(out, " no set security-association %s\n", words);
}

static void write_profile(FILE *out, const char *name)
{
	if (name[0])
		fprintf(out, " set ikev2-profile %s\n", name);
	else
		fputs(" no set ikev2-profile\n", out);
}

static void write_reverse(FILE *out, const struct crypto_map *m)
{
	uint32_t usual = m->is_dynamic ? VPNHA_REVERSE_ROUTE_DYNAMIC : VPNHA_REVERSE_ROUTE_STATIC;
	const struct crypto_reverse *r = &m->reverse;
	char buf[ADDRESS_LEN];

	if (r->kind == VPNHA_REVERSE_ROUTE_NONE) {
		fputs(" no reverse-route\n", out);
		return;
	}
	fputs(" reverse-route", out);
	if (r->kind != usual)
		fprintf(out, " %s", text_reverse_route_key(r->kind));
	if (r->gateway.family)
		fprintf(out, " remote-peer %s", address_text(buf, &r->gateway));
	if (r->tag)
		fprintf(out, " tag %u", r->tag);
	if (r->distance != CRYPTO_DISTANCE)
		fprintf(out, " distance %u", r->distance);
	fputc('\n', out);
}

/**
 * config_write_map_field() - Write the lines that set one thing about an entry of a crypto map.
 * @out: where to
 * @m: entry
 * @field: thing; nothing of it means the line that removes it. What one line says is written for
 *	the first of its fields
 * @keys: session keys are written, too
 */
void config_write_map_field(FILE *out, const struct crypto_map *m, enum crypto_map_field field,
			    bool keys)
{
	char buf[ADDRESS_LEN];

	switch (field) {
	case CRYPTO_MAP_PEER:
		for (size_t n = 0; n < m->n_peers; n++)
			fprintf(out, " set peer %s\n", address_text(buf, &m->peers[n].address));
		if (!m->n_peers)
			fputs(" no set peer\n", out);
		break;
	case CRYPTO_MAP_SET:
		write_sets(out, m);
		break;
	case CRYPTO_MAP_ACL:
		if (m->acl[0])
			fprintf(out, " match address %s\n", m->acl);
		else
			fputs(" no match address\n", out);
		break;
	case CRYPTO_MAP_KEY_IN:
		write_key(out, m, VPNHA_ESP_DIRECTION_IN, keys);
		break;
	case CRYPTO_MAP_KEY_OUT:
		write_key(out, m, VPNHA_ESP_DIRECTION_OUT, keys);
		break;
	case CRYPTO_MAP_PFS:
		write_pfs(out, m->keying.pfs);
		break;
	case CRYPTO_MAP_SECONDS:
		write_lifetime(out, "lifetime seconds", m->keying.seconds);
		break;
	case CRYPTO_MAP_KILOBYTES:
		write_lifetime(out, "lifetime kilobytes", m->keying.kilobytes);
		break;
	case CRYPTO_MAP_IDLE_TIME:
		write_lifetime(out, "idle-time", m->keying.idle_time);
		break;
	case CRYPTO_MAP_PROFILE:
		write_profile(out, m->keying.profile);
		break;
	case CRYPTO_MAP_REVERSE:
		write_reverse(out, m);
		break;
	default:
		break;
	}
}

static void write_map(FILE *out, const struct crypto_map *m)
{
	const struct crypto_keying *k = &m->keying;

	config_write_map_heading(out, m);
	if (m->n_peers)
		config_write_map_field(out, m, CRYPTO_MAP_PEER, true);
	if (k->seconds)
		config_write_map_field(out, m, CRYPTO_MAP_SECONDS, true);
	if (k->kilobytes)
		config_write_map_field(out, m, CRYPTO_MAP_KILOBYTES, true);
	if (k->idle_time)
		config_write_map_field(out, m, CRYPTO_MAP_IDLE_TIME, true);
	if (m->n_sets)
		config_write_map_field(out, m, CRYPTO_MAP_SET, true);
	if (k->pfs)
		config_write_map_field(out, m, CRYPTO_MAP_PFS, true);
	if (k->profile[0])
		config_write_map_field(out, m, CRYPTO_MAP_PROFILE, true);
	for (uint32_t d = 0; d < 2; d++)
		if (m->keys[d].given)
			write_key(out, m, d, true);
	if (m->acl[0])
		config_write_map_field(out, m, CRYPTO_MAP_ACL, true);
	if (m->reverse.kind != VPNHA_REVERSE_ROUTE_NONE)
		config_write_map_field(out, m, CRYPTO_MAP_REVERSE, true);
}

/**
 * config_write_binding() - Write the line that applies a crypto map to an interface.
 * @out: where to
 * @b: crypto map on an interface
 */
void config_write_binding(FILE *out, const struct crypto_binding *b)
{
	fprintf(out, " crypto map %s", b->map);
	if (b->redundancy[0])
		fprintf(out, " redundancy %s", b->redundancy);
	fputc('\n', out);
}

/**
 * config_write_df() - Write the line that sets the DF bit of an interface's tunnels.
 * @out: where to
 * @b: crypto map on the interface
 */
void config_write_df(FILE *out, const struct crypto_binding *b)
{
	fprintf(out, " crypto ipsec df-bit %s\n", text_df_bit(b->df));
}

/**
 * config_write_crypto() - Write what stands outside of interfaces.
 * @out: where to
 * @c: what to write
 */
void config_write_crypto(FILE *out, const struct crypto *c)
{
	for (size_t n = 0; n < c->n_sets; n++)
		config_write_set(out, c->sets[n]);
	if (c->n_sets)
		fputs("!\n", out);
	for (size_t n = 0; n < c->n_acls; n++) {
		write_acl(out, c->acls[n]);
		fputs("!\n", out);
	}
	for (size_t n = 0; n < c->n_dynamics; n++) {
		write_map(out, c->dynamics[n]);
		fputs("!\n", out);
	}
	for (size_t n = 0; n < c->n_maps; n++) {
		write_map(out, c->maps[n]);
		fputs("!\n", out);
	}
}
