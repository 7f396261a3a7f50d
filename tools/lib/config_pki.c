// SPDX-License-Identifier: GPL-2.0-or-later
/* Trustpoints: certificates, which are files here. */
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"

static void set_trustpoint(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];

	if (m->negated) {
		ikev2_trustpoint_remove(config_ikev2(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
	} else if (config_heading(c, CONFIG_TRUSTPOINT, name)) {
		ikev2_trustpoint_get(config_ikev2(c), name->text)->at = c->at_heading;
	}
}

static struct ikev2_trustpoint *this_trustpoint(struct config *c)
{
	struct ikev2_trustpoint *t;

	if (!c->in.name[0])
		return NULL;
	t = ikev2_trustpoint_get(config_ikev2(c), c->in.name);
	t->at = c->at_heading;
	return t;
}

static void drop_ca(struct ikev2_trustpoint *t, size_t n)
{
	free(t->cas[n].path);
	memmove(&t->cas[n], &t->cas[n + 1], (--t->n_cas - n) * sizeof(*t->cas));
}

static void set_ca(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *file = &m->args[ARG_FILE];
	struct ikev2_trustpoint *t;
	size_t n = 0;

	if (!m->negated && !config_path(c, file))
		return;
	t = this_trustpoint(c);
	if (!t)
		return;
	while (n < t->n_cas && file->given && strcmp(t->cas[n].path, file->text))
		n++;
	if (m->negated && !file->given) {
		while (t->n_cas)
			drop_ca(t, t->n_cas - 1);
	} else if (m->negated && n < t->n_cas) {
		drop_ca(t, n);
	} else if (!m->negated && n == IKEV2_LIST_MAX) {
		config_error(c, file->column, "more than %d files", IKEV2_LIST_MAX);
	} else if (!m->negated && n == t->n_cas) {
		t->cas = array_grow(t->cas, n, sizeof(*t->cas));
		t->cas[n] = (struct ikev2_file){
			xstrdup(file->text), config_pos(c, file->column)
		};
		t->n_cas++;
	}
}

static void set_file(struct config *c, const struct grammar_match *m,
		     struct ikev2_file *(*of)(struct ikev2_trustpoint *t))
{
	const struct grammar_value *file = &m->args[ARG_FILE];
	struct ikev2_trustpoint *t;

	if (!m->negated && !config_path(c, file))
		return;
	t = this_trustpoint(c);
	if (!t)
		return;
	ikev2_text_set(&of(t)->path, m->negated ? NULL : file->text);
	of(t)->at = config_value_pos(c, m, ARG_FILE);
}

static struct ikev2_file *certificate_of(struct ikev2_trustpoint *t)
{
	return &t->certificate;
}

static struct ikev2_file *private_key_of(struct ikev2_trustpoint *t)
{
	return &t->private_key;
}

static struct ikev2_file *crl_of(struct ikev2_trustpoint *t)
{
	return &t->crl;
}

static struct ikev2_file *ocsp_of(struct ikev2_trustpoint *t)
{
	return &t->ocsp;
}

static void set_certificate(struct config *c, const struct grammar_match *m)
{
	set_file(c, m, certificate_of);
}

static void set_private_key(struct config *c, const struct grammar_match *m)
{
	set_file(c, m, private_key_of);
}

static void set_crl(struct config *c, const struct grammar_match *m)
{
	set_file(c, m, crl_of);
}

static void set_ocsp(struct config *c, const struct grammar_match *m)
{
	set_file(c, m, ocsp_of);
}

static enum ikev2_revocation revocation_of(const char *word)
{
	if (!strcmp(word, "none"))
		return IKEV2_REVOCATION_NONE;
	return strcmp(word, "crl") ? IKEV2_REVOCATION_OCSP : IKEV2_REVOCATION_CRL;
}

static void set_revocation(struct config *c, const struct grammar_match *m)
{
	enum ikev2_revocation list[IKEV2_REVOCATIONS];
	size_t n_list = m->negated ? 0 : m->n_list;
	struct ikev2_trustpoint *t;

	for (size_t n = 0; n < n_list; n++) {
		enum ikev2_revocation r = revocation_of(m->list[n]);

		for (size_t k = 0; k < n; k++) {
			if (list[k] != r && list[k] != IKEV2_REVOCATION_NONE)
				continue;
			config_error(c, m->list_columns[n], list[k] == r ?
				     "'%s' was said already" :
				     "'none' accepts everybody, so '%s' is never reached",
				     m->list[n]);
			return;
		}
		list[n] = r;
	}
	t = this_trustpoint(c);
	if (!t)
		return;
	memcpy(t->revocation, list, n_list * sizeof(*list));
	t->n_revocation = n_list;
	t->at_revocation = config_pos(c, m->n_list ? m->list_columns[0] : m->column);
}

static const struct grammar_node file_words[] = {
	FILENAME(ARG_FILE, "PEM or DER", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node revocation_words[] = {
	KEYWORD("crl", "The revocation list", .flags = GRAMMAR_STOP | GRAMMAR_LIST,
		.next = revocation_words),
	KEYWORD("none", "Nothing", .flags = GRAMMAR_STOP | GRAMMAR_LIST,
		.next = revocation_words),
	KEYWORD("ocsp", "The answer of OCSP", .flags = GRAMMAR_STOP | GRAMMAR_LIST,
		.next = revocation_words),
	END
};

const struct grammar_node config_trustpoint_line_words[] = {
	KEYWORD("ca", "Certificate of an authority", .next = file_words,
		.flags = GRAMMAR_STOP_NO, .config = set_ca),
	KEYWORD("certificate", "Certificate of this gateway, and those above it",
		.next = file_words, .flags = GRAMMAR_STOP_NO, .config = set_certificate),
	KEYWORD("crl", "Revocation lists", .next = file_words, .flags = GRAMMAR_STOP_NO,
		.config = set_crl),
	KEYWORD("ocsp", "Answers of OCSP", .next = file_words, .flags = GRAMMAR_STOP_NO,
		.config = set_ocsp),
	KEYWORD("private-key", "Key of the certificate", .next = file_words,
		.flags = GRAMMAR_STOP_NO, .config = set_private_key),
	KEYWORD("revocation-check", "What tells whether a certificate was revoked",
		.next = revocation_words, .flags = GRAMMAR_STOP_NO, .config = set_revocation),
	END
};

static const struct grammar_node no_line_words[] = {
	INCLUDE(config_trustpoint_line_words),
	END
};

static const struct grammar_node heading_words[] = {
	INCLUDE(config_trustpoint_line_words),
	CONFIG_NO(no_line_words),
	END
};

static const struct grammar_node name_words[] = {
	WORD(ARG_NAME, "Name, at most 31 characters", .next = heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_trustpoint),
	END
};

static const struct grammar_node no_name_words[] = {
	WORD(ARG_NAME, "Name of the trustpoint", .flags = GRAMMAR_STOP, .config = set_trustpoint),
	END
};

static const struct grammar_node trustpoint_words[] = {
	KEYWORD("trustpoint", "Certificates of this gateway and of authorities",
		.next = name_words),
	END
};

static const struct grammar_node no_trustpoint_words[] = {
	KEYWORD("trustpoint", "Remove certificates", .next = no_name_words),
	END
};

const struct grammar_node config_pki_words[] = {
	KEYWORD("pki", "Certificates", .next = trustpoint_words),
	END
};

const struct grammar_node config_no_pki_words[] = {
	KEYWORD("pki", "Certificates", .next = no_trustpoint_words),
	END
};
