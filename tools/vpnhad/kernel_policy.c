// SPDX-License-Identifier: GPL-2.0-or-later
/* Crypto maps as the engine reads them. */
#include <stdlib.h>
#include <string.h>

#include "ike/alg.h"
#include "lib/alloc.h"
#include "vpnhad/endpoint.h"
#include "vpnhad/kernel.h"
#include "vpnhad/kernel_sa.h"
#include "vpnhad/log.h"

/* What counts where an entry says nothing, as the kernel's contract has it. */
#define LIFETIME_SECONDS	3600
#define LIFETIME_KILOBYTES	4608000

/* More than a peer's packets are ever late, and a few hundred octets of memory. */
#define REPLAY_WINDOW		1024

static void add_transform(struct ike_proposal *p, const struct ike_alg *alg)
{
	if (alg && p->n < IKE_TRANSFORMS_MAX)
		p->transforms[p->n++] = ike_alg_transform(alg);
}

static void add_esn(struct ike_proposal *p, uint16_t id)
{
	p->transforms[p->n++] = (struct ike_transform){ .type = IKE_TRANSFORM_ESN, .id = id };
}

/* A transform set as a proposal; false: IKE has no numbers for it. */
static bool add_proposal(struct ike_child_policy *to, const struct crypto_set *set)
{
	const struct transform *t = &set->transform;
	const struct transform_cipher *cipher = transform_cipher(t->cipher);
	const struct ike_alg *encr = ike_alg_of_esp_cipher(t->cipher, t->key_bits, t->icv_bits);
	const struct ike_alg *integ = ike_alg_of_esp_auth(t->auth);
	struct ike_proposal p = {
		.number = (uint8_t)(to->n_proposals + 1),
		.protocol = IKE_PROTOCOL_ESP,
	};

	if (!encr || !cipher || (!cipher->aead && !integ) || to->n_proposals == IKE_PROPOSALS_MAX)
		return false;
	add_transform(&p, encr);
	if (!cipher->aead)
		add_transform(&p, integ);
	add_transform(&p, to->pfs);
	add_esn(&p, IKE_ESN_YES);
	add_esn(&p, IKE_ESN_NO);
	to->proposals = array_grow(to->proposals, to->n_proposals, sizeof(*to->proposals));
	to->proposals[to->n_proposals++] = p;
	return true;
}

static void add_proposals(struct ike_child_policy *to, const struct crypto *c,
			  const struct crypto_map *m)
{
	for (size_t n = 0; n < m->n_sets; n++) {
		const struct crypto_set *set = crypto_set_find(c, m->sets[n]);

		if (!set)
			continue;
		if (!to->n_proposals)
			to->transport = set->mode == VPNHA_ESP_MODE_TRANSPORT;
		if (!add_proposal(to, set))
			log_line(IKE_LOG_ERROR, NULL, "transform set %s cannot be negotiated",
				 set->name);
	}
}

static bool set_side(struct ike_selector *to, const struct address *a, const struct address *mask,
		     uint32_t protocol, const uint16_t ports[2])
{
	int bits = address_mask_length(mask);

	if (bits < 0)
		return false;
	ike_selector_of_prefix(to, a->family, a->bytes, (unsigned int)bits);
	to->protocol = (uint8_t)protocol;
	if (crypto_has_ports(protocol)) {
		to->first_port = ports[0];
		to->last_port = ports[1];
	}
	return true;
}

static void add_pairs(struct ike_child_policy *to, const struct crypto_acl *acl)
{
	for (size_t n = 0; acl && n < acl->n_lines; n++) {
		const struct crypto_line *line = &acl->lines[n];
		const struct crypto_selector *s = &line->match;
		struct ike_selector_pair pair = {};

		if (line->action != VPNHA_ACL_ACTION_PERMIT)
			continue;
		if (!set_side(&pair.local, &s->src, &s->src_mask, s->protocol, s->src_port) ||
		    !set_side(&pair.remote, &s->dst, &s->dst_mask, s->protocol, s->dst_port)) {
			log_line(IKE_LOG_ERROR, NULL,
				 "access list %s line %u has a mask that is no prefix: it cannot be negotiated",
				 acl->name, line->number);
			continue;
		}
		to->pairs = array_grow(to->pairs, to->n_pairs, sizeof(*to->pairs));
		to->lines = array_grow(to->lines, to->n_pairs, sizeof(*to->lines));
		to->pairs[to->n_pairs] = pair;
		to->lines[to->n_pairs++] = line->number;
	}
}

static void set_lifetimes(struct ike_child_policy *to, const struct crypto_keying *k)
{
	uint64_t kilobytes = k->kilobytes ? k->kilobytes : LIFETIME_KILOBYTES;

	to->life_ms = 1000ULL * (k->seconds ? k->seconds : LIFETIME_SECONDS);
	to->life_bytes = kilobytes == VPNHA_LIFETIME_DISABLED ? 0 : 1024 * kilobytes;
	to->idle_ms = 1000ULL * k->idle_time;
	to->replay_window = REPLAY_WINDOW;
}

static const struct ike_alg *group_of(uint32_t number)
{
	return number ? ike_alg_find(IKE_TRANSFORM_DH, (uint16_t)number, 0) : NULL;
}

/* An entry of a map, or @dynamic instead of it, which it refers to. */
static void add_policy(struct ike_config *config, const struct crypto *c,
		       const struct crypto_binding *b, const struct crypto_map *m,
		       const struct crypto_map *dynamic)
{
	const struct crypto_map *what = dynamic ? dynamic : m;
	struct ike_child_policy p = { .number = m->number };

	snprintf(p.ifname, sizeof(p.ifname), "%s", b->ifname);
	snprintf(p.map, sizeof(p.map), "%s", m->name);
	snprintf(p.profile, sizeof(p.profile), "%s", what->keying.profile);
	if (dynamic) {
		snprintf(p.dynamic_map, sizeof(p.dynamic_map), "%s", dynamic->name);
		p.dynamic_number = dynamic->number;
	}
	kernel_endpoint(&p.local[0], &b->state.local, ENDPOINT_PORT);
	kernel_endpoint(&p.local[1], &b->state.local6, ENDPOINT_PORT);
	p.pfs = group_of(what->keying.pfs);
	set_lifetimes(&p, &what->keying);
	add_proposals(&p, c, what);
	add_pairs(&p, crypto_acl_find(c, what->acl));
	p.peers = xcalloc(what->n_peers, sizeof(*p.peers));
	for (size_t n = 0; n < what->n_peers; n++)
		kernel_endpoint(&p.peers[p.n_peers++], &what->peers[n].address, ENDPOINT_PORT);
	config->children = array_grow(config->children, config->n_children,
				      sizeof(*config->children));
	config->children[config->n_children++] = p;
}

static void add_dynamic(struct ike_config *config, const struct crypto *c,
			const struct crypto_binding *b, const struct crypto_map *m)
{
	for (size_t n = crypto_dynamic_first(c, m->dynamic); n < c->n_dynamics; n++) {
		if (strcmp(c->dynamics[n]->name, m->dynamic))
			break;
		if (!c->dynamics[n]->problem)
			add_policy(config, c, b, m, c->dynamics[n]);
	}
}

/**
 * kernel_policies() - Enter crypto maps into a configuration.
 * @config: configuration
 * @c: what the kernel has
 *
 * Only those that are active here and complete: the others protect nothing.
 */
void kernel_policies(struct ike_config *config, const struct crypto *c)
{
	for (size_t k = 0; k < c->n_bindings; k++) {
		const struct crypto_binding *b = c->bindings[k];

		if (b->state.role != VPNHA_ROLE_ACTIVE ||
		    (!b->state.local.family && !b->state.local6.family))
			continue;
		for (size_t n = crypto_map_first(c, b->map); n < c->n_maps; n++) {
			const struct crypto_map *m = c->maps[n];

			if (strcmp(m->name, b->map))
				break;
			if (m->kind != VPNHA_MAP_KIND_ISAKMP || m->problem)
				continue;
			if (m->dynamic[0])
				add_dynamic(config, c, b, m);
			else
				add_policy(config, c, b, m, NULL);
		}
	}
}
