// SPDX-License-Identifier: GPL-2.0-or-later
/* How IKE SAs are to be made, as routers show it; without secrets. */
#include <string.h>

#include "lib/show_ikev2.h"

#define NONE	"none"

static const char *const kinds[IKEV2_ALGS] = {
	[IKEV2_ENCRYPTION]	= "encryption",
	[IKEV2_INTEGRITY]	= "integrity",
	[IKEV2_PRF]		= "prf",
	[IKEV2_GROUP]		= "group",
};

static const char *const auths[IKEV2_AUTHS] = {
	[IKEV2_AUTH_NONE]	= NONE,
	[IKEV2_AUTH_PSK]	= "pre-share",
	[IKEV2_AUTH_RSA]	= "rsa-sig",
	[IKEV2_AUTH_ECDSA]	= "ecdsa-sig",
	[IKEV2_AUTH_EDDSA]	= "eddsa-sig",
};

/* Texts of a configuration may be anything but UTF-8. */
static json_t *text(const char *s)
{
	json_t *o = json_string(s);

	return o ? o : json_string("?");
}

static void set_text(json_t *o, const char *key, const char *s)
{
	json_object_set_new(o, key, s && *s ? text(s) : json_null());
}

static json_t *address(const struct address *a)
{
	char buf[ADDRESS_LEN];

	return json_string(address_text(buf, a));
}

static json_t *proposal_json(const struct ikev2_proposal *p)
{
	const char *problem = ikev2_proposal_problem(p);
	json_t *o = json_object();

	set_text(o, "proposal", p->name);
	for (enum ikev2_alg kind = IKEV2_ENCRYPTION; kind < IKEV2_ALGS; kind++) {
		json_t *list = json_array();

		for (size_t n = 0; n < p->n_words[kind]; n++)
			json_array_append_new(list, json_string(p->words[kind][n]));
		json_object_set_new(o, kinds[kind], list);
	}
	set_text(o, "problem", problem);
	return o;
}

static json_t *policy_json(const struct ikev2_policy *p)
{
	json_t *o = json_object(), *locals = json_array(), *proposals = json_array();

	set_text(o, "policy", p->name);
	for (size_t n = 0; n < p->n_locals; n++)
		json_array_append_new(locals, address(&p->locals[n].address));
	for (size_t n = 0; n < p->n_proposals; n++)
		json_array_append_new(proposals, text(p->proposals[n].name));
	json_object_set_new(o, "local", locals);
	json_object_set_new(o, "proposals", proposals);
	return o;
}

static json_t *match_json(const struct ikev2_match *m)
{
	static const char *const words[] = {
		[IKEV2_MATCH_ADDRESS]		= "address",
		[IKEV2_MATCH_FQDN]		= "fqdn",
		[IKEV2_MATCH_FQDN_DOMAIN]	= "fqdn domain",
		[IKEV2_MATCH_EMAIL]		= "email",
		[IKEV2_MATCH_EMAIL_DOMAIN]	= "email domain",
		[IKEV2_MATCH_KEY_ID]		= "key-id",
	};
	char buf[ADDRESS_LEN], mask[ADDRESS_LEN];
	json_t *o;

	if (m->kind == IKEV2_MATCH_ANY)
		return json_string("any");
	if (m->kind == IKEV2_MATCH_ADDRESS)
		o = m->address.family == AF_INET6 ?
			    json_sprintf("address %s/%d", address_text(buf, &m->address),
					 address_mask_length(&m->mask)) :
			    json_sprintf("address %s %s", address_text(buf, &m->address),
					 address_text(mask, &m->mask));
	else
		o = json_sprintf("%s %s", words[m->kind], m->text);
	return o ? o : json_string("?");
}

static json_t *local_id_json(const struct ikev2_profile *p)
{
	static const char *const words[] = {
		[IKEV2_ID_FQDN]		= "fqdn",
		[IKEV2_ID_EMAIL]	= "email",
		[IKEV2_ID_KEY_ID]	= "key-id",
	};
	const struct ikev2_id *id = &p->local_id;
	char buf[ADDRESS_LEN];
	json_t *o;

	switch (id->kind) {
	case IKEV2_ID_NONE:
		return json_string(IKEV2_AUTH_BIT(p->auth_local) & IKEV2_AUTH_SIGNATURES ? "dn" :
											 "address");
	case IKEV2_ID_DN:
		return json_string("dn");
	case IKEV2_ID_ADDRESS:
		return json_sprintf("address %s", address_text(buf, &id->address));
	default:
		o = json_sprintf("%s %s", words[id->kind], id->text);
		return o ? o : json_string("?");
	}
}

static json_t *dpd_json(const struct ikev2_dpd *dpd)
{
	if (!dpd)
		return json_null();
	return json_pack("{s:I,s:I,s:s}", "interval_s", (json_int_t)dpd->interval,
			 "retry_s", (json_int_t)dpd->retry,
			 "mode", dpd->periodic ? "periodic" : "on-demand");
}

static json_t *profile_json(const struct ikev2_config *c, const struct ikev2_profile *p)
{
	json_t *o = json_object(), *locals = json_array(), *matches = json_array();
	json_t *remote = json_array();

	set_text(o, "profile", p->name);
	set_text(o, "description", p->description);
	for (size_t n = 0; n < p->n_locals; n++)
		json_array_append_new(locals, address(&p->locals[n].address));
	for (size_t n = 0; n < p->n_matches; n++)
		json_array_append_new(matches, match_json(&p->matches[n]));
	for (enum ikev2_auth auth = IKEV2_AUTH_PSK; auth < IKEV2_AUTHS; auth++)
		if (p->auth_remote & IKEV2_AUTH_BIT(auth))
			json_array_append_new(remote, json_string(auths[auth]));
	json_object_set_new(o, "local", locals);
	json_object_set_new(o, "identities", matches);
	json_object_set_new(o, "local_identity", local_id_json(p));
	set_text(o, "auth_local", p->auth_local == IKEV2_AUTH_NONE ? NULL : auths[p->auth_local]);
	json_object_set_new(o, "auth_remote", remote);
	set_text(o, "keyring", p->keyring.name);
	set_text(o, "keyring_ppk", p->keyring_ppk.name);
	set_text(o, "trustpoint", p->trustpoint.name);
	json_object_set_new(o, "lifetime_s", json_integer(ikev2_lifetime_of(p)));
	json_object_set_new(o, "dpd", dpd_json(ikev2_dpd_of(c, p)));
	json_object_set_new(o, "nat_keepalive_s", json_integer(ikev2_nat_keepalive_of(c, p)));
	json_object_set_new(o, "initial_contact_force", json_boolean(p->initial_contact));
	return o;
}

static bool is_wanted(const char *name, const char *of)
{
	return !name || !strcmp(name, of);
}

/**
 * show_ikev2_proposals_json() - Proposals, the one that there is anyway included.
 * @c: configuration
 * @name: of one of them; NULL: all
 *
 * Return: array, the caller's.
 */
json_t *show_ikev2_proposals_json(const struct ikev2_config *c, const char *name)
{
	json_t *list = json_array();
	bool has_default = false;

	for (size_t n = 0; n < c->n_proposals; n++) {
		has_default |= !strcmp(c->proposals[n]->name, IKEV2_DEFAULT);
		if (is_wanted(name, c->proposals[n]->name))
			json_array_append_new(list, proposal_json(c->proposals[n]));
	}
	if (!has_default && is_wanted(name, IKEV2_DEFAULT))
		json_array_append_new(list, proposal_json(ikev2_proposal_find(c, IKEV2_DEFAULT)));
	return list;
}

/**
 * show_ikev2_policies_json() - Policies, the one that there is anyway included.
 * @c: configuration
 * @name: of one of them; NULL: all
 *
 * Return: array, the caller's.
 */
json_t *show_ikev2_policies_json(const struct ikev2_config *c, const char *name)
{
	json_t *list = json_array();
	bool has_default = false;

	for (size_t n = 0; n < c->n_policies; n++) {
		has_default |= !strcmp(c->policies[n]->name, IKEV2_DEFAULT);
		if (is_wanted(name, c->policies[n]->name))
			json_array_append_new(list, policy_json(c->policies[n]));
	}
	if (!has_default && is_wanted(name, IKEV2_DEFAULT))
		json_array_append_new(list, policy_json(ikev2_policy_find(c, IKEV2_DEFAULT)));
	return list;
}

/**
 * show_ikev2_profiles_json() - Profiles.
 * @c: configuration
 * @name: of one of them; NULL: all
 *
 * Return: array, the caller's.
 */
json_t *show_ikev2_profiles_json(const struct ikev2_config *c, const char *name)
{
	json_t *list = json_array();

	for (size_t n = 0; n < c->n_profiles; n++)
		if (is_wanted(name, c->profiles[n]->name))
			json_array_append_new(list, profile_json(c, c->profiles[n]));
	return list;
}

static void put_text(FILE *out, const char *label, const json_t *o, const char *key,
		     const char *none)
{
	const char *s = json_string_value(json_object_get(o, key));

	fprintf(out, "%s: %s\n", label, s ? s : none);
}

static void put_list(FILE *out, const char *label, const json_t *o, const char *key,
		     const char *none)
{
	const json_t *list = json_object_get(o, key), *item;
	size_t n;

	fprintf(out, "%s:", label);
	json_array_foreach(list, n, item)
		fprintf(out, " %s", json_string_value(item));
	fprintf(out, "%s%s\n", json_array_size(list) ? "" : " ",
		json_array_size(list) ? "" : none);
}

/**
 * show_ikev2_proposals() - "show crypto ikev2 proposal".
 * @out: where to
 * @items: by show_ikev2_proposals_json()
 */
void show_ikev2_proposals(FILE *out, const json_t *items)
{
	const json_t *o;
	size_t n;

	json_array_foreach(items, n, o) {
		put_text(out, " IKEv2 proposal", o, "proposal", NONE);
		put_list(out, "     Encryption ", o, "encryption", NONE);
		put_list(out, "     Integrity  ", o, "integrity", NONE);
		/* That of the integrity, where it is not said. */
		put_list(out, "     PRF        ", o,
			 json_array_size(json_object_get(o, "prf")) ? "prf" : "integrity", NONE);
		put_list(out, "     DH Group   ", o, "group", NONE);
		if (!json_is_null(json_object_get(o, "problem")))
			put_text(out, "     Not used   ", o, "problem", NONE);
	}
}

/**
 * show_ikev2_policies() - "show crypto ikev2 policy".
 * @out: where to
 * @items: by show_ikev2_policies_json()
 */
void show_ikev2_policies(FILE *out, const json_t *items)
{
	const json_t *o;
	size_t n;

	json_array_foreach(items, n, o) {
		put_text(out, " IKEv2 policy", o, "policy", NONE);
		fputs("      Match fvrf : any\n", out);
		put_list(out, "      Match address local ", o, "local", "any");
		put_list(out, "      Proposal   ", o, "proposals", NONE);
	}
}

static void put_dpd(FILE *out, const json_t *dpd)
{
	if (json_is_null(dpd))
		fputs(" DPD: disabled\n", out);
	else
		fprintf(out, " DPD: interval %" JSON_INTEGER_FORMAT " sec, retry-interval %"
			JSON_INTEGER_FORMAT " sec, %s\n",
			json_integer_value(json_object_get(dpd, "interval_s")),
			json_integer_value(json_object_get(dpd, "retry_s")),
			json_string_value(json_object_get(dpd, "mode")));
}

static void put_identities(FILE *out, const json_t *list)
{
	const json_t *item;
	size_t n;

	fputs("  Identities:\n", out);
	json_array_foreach(list, n, item)
		fprintf(out, "   %s\n", json_string_value(item));
	if (!json_array_size(list))
		fputs("   none\n", out);
}

/**
 * show_ikev2_profiles() - "show crypto ikev2 profile".
 * @out: where to
 * @items: by show_ikev2_profiles_json()
 */
void show_ikev2_profiles(FILE *out, const json_t *items)
{
	const json_t *o;
	size_t n;

	json_array_foreach(items, n, o) {
		put_text(out, "IKEv2 profile", o, "profile", NONE);
		if (!json_is_null(json_object_get(o, "description")))
			put_text(out, " Description", o, "description", NONE);
		fputs(" Match criteria:\n  Fvrf: any\n", out);
		put_list(out, "  Local address/interface", o, "local", NONE);
		put_identities(out, json_object_get(o, "identities"));
		put_text(out, " Local identity", o, "local_identity", NONE);
		put_text(out, " Local authentication method", o, "auth_local", NONE);
		put_list(out, " Remote authentication method(s)", o, "auth_remote", NONE);
		put_text(out, " Keyring", o, "keyring", NONE);
		put_text(out, " PPK keyring", o, "keyring_ppk", NONE);
		put_text(out, " Trustpoint(s)", o, "trustpoint", NONE);
		fprintf(out, " Lifetime: %" JSON_INTEGER_FORMAT " seconds\n",
			json_integer_value(json_object_get(o, "lifetime_s")));
		put_dpd(out, json_object_get(o, "dpd"));
		fprintf(out, " NAT-keepalive: %" JSON_INTEGER_FORMAT " seconds\n",
			json_integer_value(json_object_get(o, "nat_keepalive_s")));
		fprintf(out, " Initial contact: %s\n\n",
			json_is_true(json_object_get(o, "initial_contact_force")) ? "forced" :
										    "as needed");
	}
}
