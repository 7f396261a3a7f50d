// SPDX-License-Identifier: GPL-2.0-or-later
/* "show crypto map", "show crypto ipsec transform-set", "show access-lists" and counters. */
#include <inttypes.h>
#include <string.h>

#include "lib/config.h"
#include "lib/show_crypto.h"
#include "lib/text.h"

static bool is_wanted(const char *wanted, const char *name)
{
	return !wanted || !strcmp(wanted, name);
}

static void show_lines(FILE *out, const struct crypto_acl *a, const char *indent)
{
	for (size_t n = 0; n < a->n_lines; n++) {
		fprintf(out, "%s%u ", indent, a->lines[n].number);
		config_write_line(out, a, &a->lines[n]);
	}
}

static const char *kind_of(const struct crypto_acl *a)
{
	for (size_t n = 0; n < a->n_lines; n++)
		if (a->lines[n].match.src.family != AF_INET6)
			return "Extended IP";
	return "IPv6";
}

/**
 * show_acls() - Print access lists.
 * @out: where to
 * @c: what there is
 * @name: only this one; NULL: all
 */
void show_acls(FILE *out, const struct crypto *c, const char *name)
{
	for (size_t n = 0; n < c->n_acls; n++) {
		if (!is_wanted(name, c->acls[n]->name))
			continue;
		fprintf(out, "%s access list %s\n", kind_of(c->acls[n]), c->acls[n]->name);
		show_lines(out, c->acls[n], "    ");
	}
}

/**
 * show_sets() - Print transform sets.
 * @out: where to
 * @c: what there is
 * @name: only this one; NULL: all
 */
void show_sets(FILE *out, const struct crypto *c, const char *name)
{
	char buf[TRANSFORM_TEXT_LEN];

	for (size_t n = 0; n < c->n_sets; n++) {
		const struct crypto_set *s = c->sets[n];

		if (!is_wanted(name, s->name))
			continue;
		fprintf(out, "Transform set %s: { %s  }\n", s->name,
			transform_text(buf, &s->transform));
		fprintf(out, "   will negotiate = { %s,  },\n",
			s->mode == VPNHA_ESP_MODE_TRANSPORT ? "Transport" : "Tunnel");
		if (s->allow_weak)
			fputs("   weak transforms are allowed\n", out);
	}
}

static void show_map_acl(FILE *out, const struct crypto *c, const struct crypto_map *m)
{
	const struct crypto_acl *a = crypto_acl_find(c, m->acl);

	if (!m->acl[0])
		fputs("        No matching address list set.\n", out);
	else if (!a)
		fprintf(out, "        Access list %s, which has no lines\n", m->acl);
	else
		fprintf(out, "        %s access list %s\n", kind_of(a), m->acl);
	if (a)
		show_lines(out, a, "            ");
}

static void show_reverse(FILE *out, const struct crypto_reverse *r)
{
	char buf[ADDRESS_LEN];

	if (r->kind == VPNHA_REVERSE_ROUTE_NONE)
		return;
	fprintf(out, "        Reverse Route Injection Enabled, %s",
		text_reverse_route_key(r->kind));
	if (r->gateway.family)
		fprintf(out, ", remote-peer %s", address_text(buf, &r->gateway));
	if (r->tag)
		fprintf(out, ", tag %u", r->tag);
	if (r->distance != CRYPTO_DISTANCE)
		fprintf(out, ", distance %u", r->distance);
	fputc('\n', out);
}

static void show_keying(FILE *out, const struct crypto_keying *k)
{
	uint32_t kilobytes = k->kilobytes ? k->kilobytes : VPNHA_LIFETIME_KILOBYTES;

	fputs("        Security association lifetime: ", out);
	if (kilobytes == VPNHA_LIFETIME_DISABLED)
		fputs("unlimited", out);
	else
		fprintf(out, "%u", kilobytes);
	fprintf(out, " kilobytes/%u seconds\n", k->seconds ? k->seconds : VPNHA_LIFETIME_SECONDS);
	if (k->idle_time)
		fprintf(out, "        Security association idletime: %u seconds\n", k->idle_time);
	if (k->profile[0])
		fprintf(out, "        IKEv2 Profile: %s\n", k->profile);
	fprintf(out, "        PFS (Y/N): %c\n", k->pfs ? 'Y' : 'N');
	if (k->pfs)
		fprintf(out, "        DH group:  group%u\n", k->pfs);
}

static void show_map_sets(FILE *out, const struct crypto *c, const struct crypto_map *m)
{
	char transform[TRANSFORM_TEXT_LEN];

	fputs("        Transform sets={\n", out);
	for (size_t n = 0; n < m->n_sets; n++) {
		const struct crypto_set *set = crypto_set_find(c, m->sets[n]);

		fprintf(out, "                %s:  { %s  } ,\n", m->sets[n],
			set ? transform_text(transform, &set->transform) : "not defined");
	}
	fputs("        }\n", out);
}

static void show_map_problem(FILE *out, const struct crypto_map *m)
{
	if (m->problem != VPNHA_MAP_PROBLEM_NONE)
		fprintf(out, "        Incomplete: %s\n", text_map_problem(m->problem));
}

static void show_map(FILE *out, const struct crypto *c, const struct crypto_map *m)
{
	char buf[ADDRESS_LEN];

	if (m->is_dynamic)
		fprintf(out, "Crypto Map Template\"%s\" %u\n", m->name, m->number);
	else
		fprintf(out, "Crypto Map \"%s\" %u %s\n", m->name, m->number,
			text_map_kind(m->kind));
	if (m->dynamic[0]) {
		fprintf(out, "        Dynamic map template tag: %s\n", m->dynamic);
		show_map_problem(out, m);
		return;
	}
	for (size_t n = 0; n < m->n_peers; n++)
		fprintf(out, "        Peer = %s\n", address_text(buf, &m->peers[n].address));
	show_map_acl(out, c, m);
	if (m->n_peers)
		fprintf(out, "        Current peer: %s\n",
			address_text(buf, &m->peers[0].address));
	if (m->kind == VPNHA_MAP_KIND_ISAKMP)
		show_keying(out, &m->keying);
	show_map_sets(out, c, m);
	for (size_t d = 0; d < 2; d++)
		if (m->keys[d].given)
			fprintf(out, "        %s esp spi: 0x%X(%u)\n",
				d == VPNHA_ESP_DIRECTION_IN ? "Inbound" : "Outbound",
				m->keys[d].spi, m->keys[d].spi);
	show_reverse(out, &m->reverse);
	show_map_problem(out, m);
}

static void show_users(FILE *out, const struct crypto *c, const char *name)
{
	fprintf(out, "        Interfaces using crypto map %s:\n", name);
	for (size_t n = 0; n < c->n_bindings; n++) {
		const struct crypto_binding *b = c->bindings[n];

		if (strcmp(b->map, name))
			continue;
		fprintf(out, "                %s", b->ifname);
		if (b->redundancy[0])
			fprintf(out, " redundancy %s", b->redundancy);
		fprintf(out, ", %s", text_role_key(b->state.role));
		if (b->state.device[0])
			fprintf(out, ", tunnel device %s", b->state.device);
		if (b->state.problem != VPNHA_BINDING_PROBLEM_NONE)
			fprintf(out, ", does not work: %s",
				text_binding_problem(b->state.problem));
		fputc('\n', out);
	}
}

/**
 * show_maps() - Print crypto maps.
 * @out: where to
 * @c: what there is
 * @name: only this one; NULL: all
 */
void show_maps(FILE *out, const struct crypto *c, const char *name)
{
	for (size_t n = 0; n < c->n_maps; n++) {
		const struct crypto_map *m = c->maps[n];

		if (!is_wanted(name, m->name))
			continue;
		show_map(out, c, m);
		if (n + 1 == c->n_maps || strcmp(c->maps[n + 1]->name, m->name))
			show_users(out, c, m->name);
		fputc('\n', out);
	}
}

/**
 * show_dynamic_maps() - Print dynamic crypto maps.
 * @out: where to
 * @c: what there is
 * @name: only this one; NULL: all
 */
void show_dynamic_maps(FILE *out, const struct crypto *c, const char *name)
{
	for (size_t n = 0; n < c->n_dynamics; n++) {
		if (!is_wanted(name, c->dynamics[n]->name))
			continue;
		show_map(out, c, c->dynamics[n]);
		fputc('\n', out);
	}
}

/**
 * show_drops() - Print packets that were dropped.
 * @out: where to
 * @drops: by enum vpnha_esp_drop_reason
 */
void show_drops(FILE *out, const uint64_t drops[CRYPTO_DROP_REASONS])
{
	bool any = false;

	fputs("Packets dropped\n", out);
	for (uint32_t reason = 0; reason < CRYPTO_DROP_REASONS; reason++) {
		if (!drops[reason])
			continue;
		fprintf(out, "  %s: %" PRIu64 "\n", text_esp_drop_reason(reason), drops[reason]);
		any = true;
	}
	if (!any)
		fputs("  none\n", out);
}
