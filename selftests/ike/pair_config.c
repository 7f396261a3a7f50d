// SPDX-License-Identifier: GPL-2.0
/* What both ends are configured to, until a test says something else. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

struct ike_endpoint pair_endpoint(const char *address, uint16_t port)
{
	struct ike_endpoint e = { .family = AF_INET, .port = port };

	if (inet_pton(AF_INET, address, e.address) != 1)
		abort();
	return e;
}

struct ike_endpoint pair_outside(void)
{
	return pair_endpoint("198.51.100.7", 0);
}

void *pair_copy(const void *data, size_t len)
{
	void *to = pair_need(malloc(len + 1));

	if (len)
		memcpy(to, data, len);
	return to;
}

static void transform(struct ike_proposal *p, uint8_t type, uint16_t id, uint16_t bits)
{
	p->transforms[p->n++] =
		(struct ike_transform){ .type = type, .id = id, .key_bits = bits };
}

void pair_proposal(struct ike_proposal *p, uint8_t number, uint8_t protocol, uint16_t encr,
		   uint16_t bits, uint16_t prf, uint16_t integ, uint16_t group)
{
	memset(p, 0, sizeof(*p));
	p->number = number;
	p->protocol = protocol;
	transform(p, IKE_TRANSFORM_ENCR, encr, bits);
	if (prf)
		transform(p, IKE_TRANSFORM_PRF, prf, 0);
	if (integ)
		transform(p, IKE_TRANSFORM_INTEG, integ, 0);
	if (group)
		transform(p, IKE_TRANSFORM_DH, group, 0);
	if (protocol == IKE_PROTOCOL_ESP)
		transform(p, IKE_TRANSFORM_ESN, IKE_ESN_NO, 0);
}

void pair_add_group(struct ike_proposal *p, uint16_t group)
{
	transform(p, IKE_TRANSFORM_DH, group, 0);
}

void pair_set_id(struct ike_identity *id, const char *fqdn)
{
	memset(id, 0, sizeof(*id));
	id->type = IKE_ID_FQDN;
	id->len = (uint16_t)strlen(fqdn);
	memcpy(id->data, fqdn, id->len);
}

static void set_secret(uint8_t **data, size_t *len, const char *text)
{
	free(*data);
	*len = strlen(text);
	*data = pair_copy(text, *len);
}

void pair_set_key(struct pair *p, unsigned int side, const char *key)
{
	struct ike_preshared *k = pair_profile(p, side)->keys;

	set_secret(&k->local, &k->local_len, key);
	set_secret(&k->remote, &k->remote_len, key);
}

void pair_set_ppk(struct pair *p, unsigned int side, const char *id, const char *key,
		  bool required)
{
	struct ike_preshared *k = pair_profile(p, side)->keys;

	set_secret(&k->ppk_id, &k->ppk_id_len, id);
	set_secret(&k->ppk, &k->ppk_len, key);
	k->ppk_required = required;
}

static void make_profile(struct ike_profile *p, bool is_a)
{
	snprintf(p->name, sizeof(p->name), "to-%s", is_a ? "b" : "a");
	p->n_match = 1;
	p->match = pair_need(calloc(1, sizeof(*p->match)));
	p->match->kind = IKE_MATCH_EQUAL;
	pair_set_id(&p->match->id, is_a ? "b.example" : "a.example");
	pair_set_id(&p->local, is_a ? "a.example" : "b.example");
	p->prove_local = IKE_PROVE_PSK;
	p->prove_remote = IKE_PROVE_PSK;
	p->n_keys = 1;
	p->keys = pair_need(calloc(1, sizeof(*p->keys)));
	snprintf(p->keys->name, sizeof(p->keys->name), "peer");
	p->keys->by_address = true;
	p->keys->address.kind = IKE_MATCH_ANY;
	p->lifetime_ms = 86400000;
	p->fragment = 1280;
}

static void make_child_policy(struct pair *p, struct ike_child_policy *c, bool is_a)
{
	const uint8_t a[4] = { 10, 1, 0, 0 }, b[4] = { 10, 2, 0, 0 };

	snprintf(c->ifname, sizeof(c->ifname), "eth0");
	snprintf(c->map, sizeof(c->map), "vpn");
	c->number = 10;
	c->local[0] = p->side[is_a ? PAIR_A : PAIR_B].address;
	c->n_peers = is_a ? 1 : 2;
	c->peers = pair_need(calloc(2, sizeof(*c->peers)));
	c->peers[0] = p->side[is_a ? PAIR_B : PAIR_A].address;
	c->peers[1] = pair_outside();
	c->peers[1].port = 500;
	c->n_proposals = 1;
	c->proposals = pair_need(calloc(1, sizeof(*c->proposals)));
	pair_proposal(c->proposals, 1, IKE_PROTOCOL_ESP, IKE_ENCR_AES_GCM_16, 128, 0, 0, 0);
	c->n_pairs = 1;
	c->pairs = pair_need(calloc(1, sizeof(*c->pairs)));
	c->lines = pair_need(calloc(1, sizeof(*c->lines)));
	c->lines[0] = 10;
	ike_selector_of_prefix(&c->pairs->local, AF_INET, is_a ? a : b, 24);
	ike_selector_of_prefix(&c->pairs->remote, AF_INET, is_a ? b : a, 24);
	c->life_ms = 3600000;
	c->replay_window = 64;
}

void pair_config(struct pair *p, unsigned int side)
{
	struct ike_config *c = pair_need(ike_config_new());

	p->side[side].config = c;
	c->n_policies = 1;
	c->policies = pair_need(calloc(1, sizeof(*c->policies)));
	snprintf(c->policies->name, sizeof(c->policies->name), "policy");
	c->policies->n_proposals = 1;
	c->policies->proposals = pair_need(calloc(4, sizeof(*c->policies->proposals)));
	pair_proposal(c->policies->proposals, 1, IKE_PROTOCOL_IKE, IKE_ENCR_AES_GCM_16, 256,
		      IKE_PRF_HMAC_SHA2_256, 0, IKE_DH_X25519);
	c->n_profiles = 1;
	c->profiles = pair_need(calloc(1, sizeof(*c->profiles)));
	make_profile(c->profiles, side == PAIR_A);
	c->n_children = 1;
	c->children = pair_need(calloc(1, sizeof(*c->children)));
	make_child_policy(p, c->children, side == PAIR_A);
	pair_set_key(p, side, "a secret of both");
}

struct ike_profile *pair_profile(struct pair *p, unsigned int side)
{
	return p->side[side].config->profiles;
}

struct ike_policy *pair_policy(struct pair *p, unsigned int side)
{
	return p->side[side].config->policies;
}

struct ike_child_policy *pair_child_policy(struct pair *p, unsigned int side)
{
	return p->side[side].config->children;
}
