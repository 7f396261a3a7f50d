// SPDX-License-Identifier: GPL-2.0-or-later
/* A configuration as its lines, and where each of these comes from. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/ikev2.h"
#include "lib/text.h"

static const char *const alg_words[] = {
	[IKEV2_ENCRYPTION]	= "encryption",
	[IKEV2_INTEGRITY]	= "integrity",
	[IKEV2_PRF]		= "prf",
	[IKEV2_GROUP]		= "group",
};

static const char *const auth_words[] = {
	[IKEV2_AUTH_PSK]	= "pre-share",
	[IKEV2_AUTH_RSA]	= "rsa-sig",
	[IKEV2_AUTH_ECDSA]	= "ecdsa-sig",
	[IKEV2_AUTH_EDDSA]	= "eddsa-sig",
};

static const char *const revocation_words[] = {
	[IKEV2_REVOCATION_NONE]	= "none",
	[IKEV2_REVOCATION_CRL]	= "crl",
	[IKEV2_REVOCATION_OCSP]	= "ocsp",
};

struct writer {
	FILE *out;
	bool keys;
	struct ikev2_origins *origins;
};

static void end_line(const struct writer *w, struct model_pos at)
{
	struct ikev2_origins *o = w->origins;

	fputc('\n', w->out);
	if (!o)
		return;
	o->items = array_grow(o->items, o->n_items, sizeof(*o->items));
	o->items[o->n_items++] = at;
}

static void line(const struct writer *w, struct model_pos at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void line(const struct writer *w, struct model_pos at, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(w->out, format, ap);
	va_end(ap);
	end_line(w, at);
}

static void write_separator(const struct writer *w)
{
	line(w, (struct model_pos){}, "!");
}

static bool is_removed(const struct ikev2_secret *s)
{
	static const char removed[] = "<removed>";

	return s->len == strlen(removed) && !memcmp(s->data, removed, s->len);
}

static void write_secret(const struct writer *w, const struct ikev2_secret *s)
{
	static const char *const words[] = { "0", "6", "file", "hex", "local", "remote", NULL };

	if (s->file) {
		fprintf(w->out, " file %s", s->file);
	} else if (!w->keys) {
		fputs(" <removed>", w->out);
	} else if (!is_removed(s) && text_is_word(s->data, s->len)) {
		fputs(text_is_keyword(s->data, s->len, words) ? " 0 " : " ", w->out);
		fwrite(s->data, 1, s->len, w->out);
	} else {
		fputs(" hex ", w->out);
		text_write_hex(w->out, s->data, s->len);
	}
}

static bool is_given(const struct ikev2_secret *s)
{
	return s->data || s->file;
}

static void secret_line(const struct writer *w, const char *before, const struct ikev2_secret *s)
{
	if (!is_given(s))
		return;
	fputs(before, w->out);
	write_secret(w, s);
	end_line(w, s->at);
}

static void text_line(const struct writer *w, struct model_pos at, const char *before,
		      const char *text)
{
	if (text)
		line(w, at, "%s %s", before, text);
}

/* An address and what counts of it, as their lines have it. */
static void write_network(const struct writer *w, const struct address *a,
			  const struct address *mask)
{
	char buf[ADDRESS_LEN], mask_buf[ADDRESS_LEN];
	int length = address_mask_length(mask);

	fputs(address_text(buf, a), w->out);
	if (length == (int)address_size(a) * 8)
		return;
	if (a->family == AF_INET)
		fprintf(w->out, " %s", address_text(mask_buf, mask));
	else
		fprintf(w->out, "/%d", length);
}

static void write_identity(const struct writer *w, const char *before, const struct ikev2_id *id)
{
	static const char *const words[] = {
		[IKEV2_ID_FQDN]		= "fqdn",
		[IKEV2_ID_EMAIL]	= "email",
		[IKEV2_ID_KEY_ID]	= "key-id",
	};
	char buf[ADDRESS_LEN];

	switch (id->kind) {
	case IKEV2_ID_NONE:
		break;
	case IKEV2_ID_ADDRESS:
		line(w, id->at, "%s address %s", before, address_text(buf, &id->address));
		break;
	case IKEV2_ID_DN:
		line(w, id->at, "%s dn", before);
		break;
	default:
		line(w, id->at, "%s %s %s", before, words[id->kind], id->text);
		break;
	}
}

static void write_proposal(const struct writer *w, const struct ikev2_proposal *p)
{
	line(w, p->at, "crypto ikev2 proposal %s", p->name);
	for (size_t kind = 0; kind < IKEV2_ALGS; kind++) {
		if (!p->n_words[kind]) {
			/* The default one would have some. */
			if (!strcmp(p->name, IKEV2_DEFAULT))
				line(w, p->at_words[kind], " no %s", alg_words[kind]);
			continue;
		}
		fprintf(w->out, " %s", alg_words[kind]);
		for (size_t n = 0; n < p->n_words[kind]; n++)
			fprintf(w->out, " %s", p->words[kind][n]);
		end_line(w, p->at_words[kind]);
	}
	write_separator(w);
}

static void write_locals(const struct writer *w, const struct ikev2_address *list, size_t n_list)
{
	char buf[ADDRESS_LEN];

	for (size_t n = 0; n < n_list; n++)
		line(w, list[n].at, " match address local %s",
		     address_text(buf, &list[n].address));
}

static void write_policy(const struct writer *w, const struct ikev2_policy *p)
{
	line(w, p->at, "crypto ikev2 policy %s", p->name);
	write_locals(w, p->locals, p->n_locals);
	for (size_t n = 0; n < p->n_proposals; n++)
		line(w, p->proposals[n].at, " proposal %s", p->proposals[n].name);
	write_separator(w);
}

static void write_peer(const struct writer *w, const struct ikev2_peer *p)
{
	line(w, p->at, " peer %s", p->name);
	text_line(w, p->at_description, "  description", p->description);
	if (p->address.family) {
		fputs("  address ", w->out);
		write_network(w, &p->address, &p->mask);
		end_line(w, p->at_address);
	}
	write_identity(w, "  identity", &p->identity);
	if (ikev2_secret_equal(&p->local, &p->remote)) {
		secret_line(w, "  pre-shared-key", &p->local);
	} else {
		secret_line(w, "  pre-shared-key local", &p->local);
		secret_line(w, "  pre-shared-key remote", &p->remote);
	}
	if (!p->ppk_id)
		return;
	fprintf(w->out, "  ppk manual id %s key", p->ppk_id);
	write_secret(w, &p->ppk);
	fputs(p->ppk_required ? " required" : "", w->out);
	end_line(w, p->ppk.at);
}

static void write_keyring(const struct writer *w, const struct ikev2_keyring *k)
{
	line(w, k->at, "crypto ikev2 keyring %s", k->name);
	for (size_t n = 0; n < k->n_peers; n++)
		write_peer(w, k->peers[n]);
	write_separator(w);
}

static void write_match(const struct writer *w, const struct ikev2_match *m)
{
	static const char *const words[] = {
		[IKEV2_MATCH_FQDN]		= "fqdn",
		[IKEV2_MATCH_FQDN_DOMAIN]	= "fqdn domain",
		[IKEV2_MATCH_EMAIL]		= "email",
		[IKEV2_MATCH_EMAIL_DOMAIN]	= "email domain",
		[IKEV2_MATCH_KEY_ID]		= "key-id",
	};

	fputs(" match identity remote ", w->out);
	if (m->kind == IKEV2_MATCH_ANY) {
		fputs("any", w->out);
	} else if (m->kind == IKEV2_MATCH_ADDRESS) {
		fputs("address ", w->out);
		write_network(w, &m->address, &m->mask);
	} else {
		fprintf(w->out, "%s %s", words[m->kind], m->text);
	}
	end_line(w, m->at);
}

static void write_authentication(const struct writer *w, struct model_pos at, const char *end,
				 enum ikev2_auth auth, const struct ikev2_secret *key)
{
	fprintf(w->out, " authentication %s %s", end, auth_words[auth]);
	if (auth == IKEV2_AUTH_PSK && is_given(key)) {
		fputs(" key", w->out);
		write_secret(w, key);
	}
	end_line(w, at);
}

static void write_dpd(const struct writer *w, const char *before, const struct ikev2_dpd *d)
{
	if (d->given)
		line(w, d->at, "%s %u %u %s", before, d->interval, d->retry,
		     d->periodic ? "periodic" : "on-demand");
}

static void write_ref(const struct writer *w, const char *before, const struct ikev2_ref *r)
{
	if (r->name[0])
		line(w, r->at, "%s %s", before, r->name);
}

static void write_number(const struct writer *w, struct model_pos at, const char *before,
			 uint32_t value)
{
	if (value)
		line(w, at, "%s %u", before, value);
}

static void write_profile(const struct writer *w, const struct ikev2_profile *p)
{
	line(w, p->at, "crypto ikev2 profile %s", p->name);
	text_line(w, p->at_description, " description", p->description);
	write_locals(w, p->locals, p->n_locals);
	for (size_t n = 0; n < p->n_matches; n++)
		write_match(w, &p->matches[n]);
	write_identity(w, " identity local", &p->local_id);
	for (enum ikev2_auth auth = IKEV2_AUTH_PSK; auth < IKEV2_AUTHS; auth++)
		if (p->auth_remote & IKEV2_AUTH_BIT(auth))
			write_authentication(w, p->at_auth_remote[auth], "remote", auth,
					     &p->key_remote);
	if (p->auth_local != IKEV2_AUTH_NONE)
		write_authentication(w, p->at_auth_local, "local", p->auth_local, &p->key_local);
	write_ref(w, " keyring local", &p->keyring);
	write_ref(w, " keyring ppk", &p->keyring_ppk);
	write_ref(w, " pki trustpoint", &p->trustpoint);
	write_number(w, p->at_lifetime, " lifetime", p->lifetime);
	write_dpd(w, " dpd", &p->dpd);
	write_number(w, p->at_nat_keepalive, " nat keepalive", p->nat_keepalive);
	if (p->initial_contact)
		line(w, p->at_initial_contact, " initial-contact force");
	if (p->connect)
		line(w, p->at_connect, " connect auto");
	write_separator(w);
}

static void write_file(const struct writer *w, const char *before, const struct ikev2_file *f)
{
	text_line(w, f->at, before, f->path);
}

static void write_trustpoint(const struct writer *w, const struct ikev2_trustpoint *t)
{
	line(w, t->at, "crypto pki trustpoint %s", t->name);
	for (size_t n = 0; n < t->n_cas; n++)
		write_file(w, " ca", &t->cas[n]);
	write_file(w, " certificate", &t->certificate);
	write_file(w, " private-key", &t->private_key);
	write_file(w, " crl", &t->crl);
	write_file(w, " ocsp", &t->ocsp);
	if (t->n_revocation) {
		fputs(" revocation-check", w->out);
		for (size_t n = 0; n < t->n_revocation; n++)
			fprintf(w->out, " %s", revocation_words[t->revocation[n]]);
		end_line(w, t->at_revocation);
	}
	write_separator(w);
}

static bool write_limits(const struct writer *w, const struct ikev2_limits *l)
{
	static const struct ikev2_limits none;

	write_dpd(w, "crypto ikev2 dpd", &l->dpd);
	write_number(w, l->at_nat_keepalive, "crypto ikev2 nat keepalive", l->nat_keepalive);
	write_number(w, l->at_max_in_negotiation, "crypto ikev2 limit max-in-negotation-sa",
		     l->max_in_negotiation);
	write_number(w, l->at_max_sa, "crypto ikev2 limit max-sa", l->max_sa);
	if (l->has_cookie_challenge)
		line(w, l->at_cookie_challenge, "crypto ikev2 cookie-challenge %u",
		     l->cookie_challenge);
	if (l->no_fragmentation)
		line(w, l->at_fragmentation, "no crypto ikev2 fragmentation");
	write_number(w, l->at_fragmentation, "crypto ikev2 fragmentation mtu", l->fragment_mtu);
	return !ikev2_limits_equal(l, &none);
}

/**
 * ikev2_config_write() - Write the lines of a configuration.
 * @out: where to
 * @c: configuration
 * @keys: secrets, too; otherwise "<removed>" stands for them
 * @origins: result, added to: where each line comes from; may be NULL
 *
 * With secrets, reading the result gives the same configuration again.
 */
void ikev2_config_write(FILE *out, const struct ikev2_config *c, bool keys,
			struct ikev2_origins *origins)
{
	const struct writer w = { out, keys, origins };

	for (size_t n = 0; n < c->n_trustpoints; n++)
		write_trustpoint(&w, c->trustpoints[n]);
	for (size_t n = 0; n < c->n_proposals; n++)
		write_proposal(&w, c->proposals[n]);
	for (size_t n = 0; n < c->n_policies; n++)
		write_policy(&w, c->policies[n]);
	for (size_t n = 0; n < c->n_keyrings; n++)
		write_keyring(&w, c->keyrings[n]);
	for (size_t n = 0; n < c->n_profiles; n++)
		write_profile(&w, c->profiles[n]);
	if (write_limits(&w, &c->limits))
		write_separator(&w);
}

/**
 * ikev2_origins_free() - Release what a list of origins holds.
 * @o: origins
 */
void ikev2_origins_free(struct ikev2_origins *o)
{
	free(o->items);
	memset(o, 0, sizeof(*o));
}
