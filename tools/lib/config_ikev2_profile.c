// SPDX-License-Identifier: GPL-2.0-or-later
/* Profiles: who peers may be, and how both ends prove who they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"

static void set_profile(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_HEADING];

	if (m->negated) {
		ikev2_profile_remove(config_ikev2(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
	} else if (config_heading(c, CONFIG_PROFILE, name)) {
		ikev2_profile_get(config_ikev2(c), name->text)->at = c->at_heading;
	}
}

static struct ikev2_profile *this_profile(struct config *c)
{
	struct ikev2_profile *p;

	if (!c->in.name[0])
		return NULL;
	p = ikev2_profile_get(config_ikev2(c), c->in.name);
	p->at = c->at_heading;
	return p;
}

static void set_description(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (p)
		config_description(c, m, &p->description, &p->at_description);
}

static enum ikev2_match_kind match_kind(enum config_identity kind)
{
	static const enum ikev2_match_kind kinds[] = {
		[CONFIG_IDENTITY_ADDRESS]	= IKEV2_MATCH_ADDRESS,
		[CONFIG_IDENTITY_ANY]		= IKEV2_MATCH_ANY,
		[CONFIG_IDENTITY_EMAIL]		= IKEV2_MATCH_EMAIL,
		[CONFIG_IDENTITY_EMAIL_DOMAIN]	= IKEV2_MATCH_EMAIL_DOMAIN,
		[CONFIG_IDENTITY_FQDN]		= IKEV2_MATCH_FQDN,
		[CONFIG_IDENTITY_FQDN_DOMAIN]	= IKEV2_MATCH_FQDN_DOMAIN,
		[CONFIG_IDENTITY_KEY_ID]	= IKEV2_MATCH_KEY_ID,
	};

	return kinds[kind];
}

static bool match_equal(const struct ikev2_match *a, const struct ikev2_match *b)
{
	return a->kind == b->kind && address_equal(&a->address, &b->address) &&
	       address_equal(&a->mask, &b->mask) &&
	       (a->text && b->text ? !strcmp(a->text, b->text) : a->text == b->text);
}

static void drop_match(struct ikev2_profile *p, size_t n)
{
	free(p->matches[n].text);
	memmove(&p->matches[n], &p->matches[n + 1], (--p->n_matches - n) * sizeof(*p->matches));
}

static void change_match(struct config *c, const struct grammar_match *m,
			 struct ikev2_profile *p, const struct ikev2_match *match)
{
	size_t n = 0;

	while (n < p->n_matches && !match_equal(&p->matches[n], match))
		n++;
	if (m->negated && n < p->n_matches) {
		drop_match(p, n);
	} else if (!m->negated && n == IKEV2_LIST_MAX) {
		config_error(c, m->args[ARG_KIND].column, "more than %d identities",
			     IKEV2_LIST_MAX);
	} else if (!m->negated && n == p->n_matches) {
		p->matches = array_grow(p->matches, n, sizeof(*p->matches));
		p->matches[n] = *match;
		p->matches[n].text = match->text ? xstrdup(match->text) : NULL;
		p->n_matches++;
	}
}

static void set_match(struct config *c, const struct grammar_match *m)
{
	struct ikev2_match match = {};
	struct ikev2_id id = {};
	struct ikev2_profile *p;

	if (!m->args[ARG_KIND].given) {
		p = this_profile(c);
		while (p && p->n_matches)
			drop_match(p, p->n_matches - 1);
		return;
	}
	if (!config_identity(c, m, &id))
		return;
	match.kind = match_kind(m->args[ARG_KIND].number);
	match.text = id.text;
	match.at = id.at;
	if (match.kind != IKEV2_MATCH_ADDRESS ||
	    config_network(c, m, &match.address, &match.mask)) {
		p = this_profile(c);
		if (p)
			change_match(c, m, p, &match);
	}
	free(id.text);
}

static void set_match_local(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (p)
		config_address_list(c, m, &p->locals, &p->n_locals);
}

static void set_local_id(struct config *c, const struct grammar_match *m)
{
	struct ikev2_id id = {};
	struct ikev2_profile *p;

	if (!m->negated && !config_identity(c, m, &id))
		return;
	p = this_profile(c);
	if (p)
		ikev2_id_set(&p->local_id, id.kind, &id.address, id.text, id.at);
	free(id.text);
}

static void set_auth_local(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *method = &m->args[ARG_METHOD];
	struct ikev2_secret s = {};
	struct ikev2_profile *p;

	if (!m->negated && m->args[ARG_SECRET].given && !config_secret(c, m, &s))
		return;
	p = this_profile(c);
	if (p && (!m->negated || !method->given || p->auth_local == method->number)) {
		p->auth_local = m->negated ? IKEV2_AUTH_NONE : method->number;
		p->at_auth_local = config_value_pos(c, m, ARG_METHOD);
		ikev2_secret_set(&p->key_local, s.data, s.len, s.file, s.at);
	}
	ikev2_secret_set(&s, NULL, 0, NULL, s.at);
}

static void drop_auth_remote(struct ikev2_profile *p, const struct grammar_value *method)
{
	unsigned int bits = method->given ? IKEV2_AUTH_BIT(method->number) : p->auth_remote;

	p->auth_remote &= ~bits;
	if (bits & IKEV2_AUTH_BIT(IKEV2_AUTH_PSK))
		ikev2_secret_set(&p->key_remote, NULL, 0, NULL, (struct model_pos){});
}

static void set_auth_remote(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *method = &m->args[ARG_METHOD];
	struct ikev2_secret s = {};
	struct ikev2_profile *p;

	if (!m->negated && m->args[ARG_SECRET].given && !config_secret(c, m, &s))
		return;
	p = this_profile(c);
	if (p && m->negated) {
		drop_auth_remote(p, method);
	} else if (p) {
		p->auth_remote |= IKEV2_AUTH_BIT(method->number);
		p->at_auth_remote[method->number] = config_pos(c, method->column);
		if (method->number == IKEV2_AUTH_PSK)
			ikev2_secret_set(&p->key_remote, s.data, s.len, s.file, s.at);
	}
	ikev2_secret_set(&s, NULL, 0, NULL, s.at);
}

static void set_ref(struct config *c, const struct grammar_match *m, struct ikev2_ref *ref)
{
	const struct grammar_value *name = &m->args[ARG_NAME];

	memset(ref, 0, sizeof(*ref));
	if (!m->negated)
		snprintf(ref->name, sizeof(ref->name), "%s", name->text);
	ref->at = config_value_pos(c, m, ARG_NAME);
}

/* The profile of a line that says a name; NULL: it is none, which has been said. */
static struct ikev2_profile *named_profile(struct config *c, const struct grammar_match *m)
{
	return m->negated || config_name(c, &m->args[ARG_NAME]) ? this_profile(c) : NULL;
}

static void set_keyring(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = named_profile(c, m);

	if (p)
		set_ref(c, m, &p->keyring);
}

static void set_keyring_ppk(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = named_profile(c, m);

	if (p)
		set_ref(c, m, &p->keyring_ppk);
}

static void set_trustpoint(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = named_profile(c, m);

	if (p)
		set_ref(c, m, &p->trustpoint);
}

static void set_dpd(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (p)
		config_get_dpd(c, m, &p->dpd);
}

static void set_nat(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (!p)
		return;
	p->nat_keepalive = m->negated ? 0 : m->args[ARG_INTERVAL].number;
	p->at_nat_keepalive = config_value_pos(c, m, ARG_INTERVAL);
}

static void set_lifetime(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (!p)
		return;
	p->lifetime = m->negated ? 0 : m->args[ARG_INTERVAL].number;
	p->at_lifetime = config_value_pos(c, m, ARG_INTERVAL);
}

static void set_initial_contact(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (!p)
		return;
	p->initial_contact = !m->negated;
	p->at_initial_contact = config_pos(c, m->column);
}

static void set_connect(struct config *c, const struct grammar_match *m)
{
	struct ikev2_profile *p = this_profile(c);

	if (!p)
		return;
	p->connect = !m->negated;
	p->at_connect = config_pos(c, m->column);
}

static const struct grammar_node mask_words[] = {
	{ .type = GRAMMAR_IP, .word = "MASK", .arg = ARG_MASK, .help = "Bits that count",
	  .flags = GRAMMAR_STOP },
	END
};

static const struct grammar_node remote_address_words[] = {
	PREFIX(ARG_PEER, "Addresses", .flags = GRAMMAR_STOP),
	IP(ARG_PEER, "Address", .flags = GRAMMAR_STOP, .next = mask_words),
	END
};

static const struct grammar_node identity_words[] = {
	WORD(ARG_IDENTITY, "Identity", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node email_words[] = {
	KEYWORD("domain", "All of a domain", .arg = ARG_KIND, .id = CONFIG_IDENTITY_EMAIL_DOMAIN,
		.next = identity_words),
	INCLUDE(identity_words),
	END
};

static const struct grammar_node fqdn_words[] = {
	KEYWORD("domain", "All of a domain", .arg = ARG_KIND, .id = CONFIG_IDENTITY_FQDN_DOMAIN,
		.next = identity_words),
	INCLUDE(identity_words),
	END
};

static const struct grammar_node remote_identity_words[] = {
	KEYWORD("address", "Addresses", .arg = ARG_KIND, .id = CONFIG_IDENTITY_ADDRESS,
		.next = remote_address_words),
	KEYWORD("any", "Whoever it is", .arg = ARG_KIND, .id = CONFIG_IDENTITY_ANY,
		.flags = GRAMMAR_STOP),
	KEYWORD("email", "Addresses of e-mail", .arg = ARG_KIND, .id = CONFIG_IDENTITY_EMAIL,
		.next = email_words),
	KEYWORD("fqdn", "Domain names", .arg = ARG_KIND, .id = CONFIG_IDENTITY_FQDN,
		.next = fqdn_words),
	KEYWORD("key-id", "Any text", .arg = ARG_KIND, .id = CONFIG_IDENTITY_KEY_ID,
		.next = identity_words),
	END
};

static const struct grammar_node remote_words[] = {
	KEYWORD("remote", "Of the peer", .next = remote_identity_words, .flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node local_address_words[] = {
	IP(ARG_PEER, "Address of this gateway", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node local_words[] = {
	KEYWORD("local", "Of this gateway", .next = local_address_words,
		.flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node match_words[] = {
	KEYWORD("address", "An address", .next = local_words, .config = set_match_local),
	LATER("certificate"),
	KEYWORD("fvrf", "Routing instance of the peers", .next = config_fvrf_words),
	KEYWORD("identity", "Who peers say they are", .next = remote_words,
		.config = set_match),
	END
};

static const struct grammar_node local_identity_words[] = {
	KEYWORD("dn", "The subject of the certificate", .arg = ARG_KIND,
		.id = CONFIG_IDENTITY_DN, .flags = GRAMMAR_STOP),
	INCLUDE(config_identity_words),
	END
};

static const struct grammar_node identity_local_words[] = {
	KEYWORD("local", "Of this gateway", .next = local_identity_words,
		.flags = GRAMMAR_STOP_NO),
	END
};

static const struct grammar_node preshared_key_words[] = {
	KEYWORD("key", "The key", .next = config_secret_words, .flags = GRAMMAR_PASSWORD),
	END
};

static const struct grammar_node method_words[] = {
	LATER("eap"),
	KEYWORD("ecdsa-sig", "A signature of ECDSA", .arg = ARG_METHOD, .id = IKEV2_AUTH_ECDSA,
		.flags = GRAMMAR_STOP),
	KEYWORD("eddsa-sig", "A signature of EdDSA", .arg = ARG_METHOD, .id = IKEV2_AUTH_EDDSA,
		.flags = GRAMMAR_STOP),
	KEYWORD("pre-share", "A preshared key", .arg = ARG_METHOD, .id = IKEV2_AUTH_PSK,
		.flags = GRAMMAR_STOP, .next = preshared_key_words),
	KEYWORD("rsa-sig", "A signature of RSA", .arg = ARG_METHOD, .id = IKEV2_AUTH_RSA,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node authentication_words[] = {
	KEYWORD("local", "Of this gateway", .next = method_words, .flags = GRAMMAR_STOP_NO,
		.config = set_auth_local),
	KEYWORD("remote", "Of the peer; several lines allow several", .next = method_words,
		.flags = GRAMMAR_STOP_NO, .config = set_auth_remote),
	END
};

static const struct grammar_node ref_words[] = {
	WORD(ARG_NAME, "Name", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node keyring_words[] = {
	LATER("aaa"),
	KEYWORD("local", "Preshared keys", .next = ref_words, .flags = GRAMMAR_STOP_NO,
		.config = set_keyring),
	KEYWORD("ppk", "Postquantum preshared keys", .next = ref_words,
		.flags = GRAMMAR_STOP_NO, .config = set_keyring_ppk),
	END
};

static const struct grammar_node pki_words[] = {
	KEYWORD("trustpoint", "Certificates", .next = ref_words, .flags = GRAMMAR_STOP_NO,
		.config = set_trustpoint),
	END
};

static const struct grammar_node lifetime_words[] = {
	NUMBER(ARG_INTERVAL, IKEV2_LIFETIME_MIN, IKEV2_LIFETIME_MAX, "Seconds",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node initial_contact_words[] = {
	KEYWORD("force", "Always send it and obey it", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node connect_words[] = {
	KEYWORD("auto", "Without waiting for traffic", .flags = GRAMMAR_STOP),
	END
};

const struct grammar_node config_profile_line_words[] = {
	KEYWORD("authentication", "How both ends prove who they are",
		.next = authentication_words),
	KEYWORD("connect", "When tunnels are made", .next = connect_words,
		.flags = GRAMMAR_STOP_NO, .config = set_connect),
	KEYWORD("description", "What it is for", .next = config_rest_words,
		.flags = GRAMMAR_STOP_NO, .config = set_description),
	KEYWORD("dpd", "How peers are watched", .next = config_dpd_words,
		.flags = GRAMMAR_STOP_NO, .config = set_dpd),
	KEYWORD("identity", "Who this gateway says it is", .next = identity_local_words,
		.config = set_local_id),
	KEYWORD("initial-contact", "The notice that a peer begins anew",
		.next = initial_contact_words, .flags = GRAMMAR_STOP_NO,
		.config = set_initial_contact),
	KEYWORD("keyring", "Preshared keys", .next = keyring_words),
	KEYWORD("lifetime", "Of IKE SAs", .next = lifetime_words, .flags = GRAMMAR_STOP_NO,
		.config = set_lifetime),
	KEYWORD("match", "Who the profile is for", .next = match_words),
	KEYWORD("nat", "What is between the peers", .next = config_nat_words, .config = set_nat),
	KEYWORD("pki", "Certificates", .next = pki_words),
	LATER("aaa"),
	LATER("config-exchange"),
	LATER("ivrf"),
	LATER("reconnect"),
	LATER("redirect"),
	LATER("virtual-template"),
	END
};

static const struct grammar_node no_line_words[] = {
	INCLUDE(config_profile_line_words),
	END
};

static const struct grammar_node heading_words[] = {
	INCLUDE(config_profile_line_words),
	CONFIG_NO(no_line_words),
	END
};

const struct grammar_node config_profile_name_words[] = {
	WORD(ARG_HEADING, "Name, at most 31 characters", .next = heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_profile),
	END
};

const struct grammar_node config_no_profile_name_words[] = {
	WORD(ARG_HEADING, "Name of the profile", .flags = GRAMMAR_STOP, .config = set_profile),
	END
};
