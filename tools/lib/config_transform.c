// SPDX-License-Identifier: GPL-2.0-or-later
/* Transform sets. */
#include "lib/config.h"
#include "lib/text.h"

static struct crypto *crypto_of(struct config *c)
{
	c->touched = true;
	return &c->model.crypto;
}

/* A transform as the words of a line say it. Returns whether it is one. */
static bool get_transform(struct config *c, const struct grammar_match *m, struct transform *t)
{
	const struct grammar_value *cipher = &m->args[ARG_CIPHER], *auth = &m->args[ARG_AUTH];
	const struct grammar_value *first = cipher->given ? cipher : auth;
	const char *weak;

	*t = (struct transform){
		.cipher = cipher->number,
		.key_bits = m->args[ARG_KEY_BITS].number,
		.icv_bits = m->args[ARG_ICV].number,
		.auth = auth->number,
	};
	transform_settle(t);
	weak = transform_weak(t);
	if (!cipher->given)
		config_error(c, auth->column,
			     "%s needs a transform that encrypts (esp-null encrypts nothing)",
			     transform_auth(t->auth)->word);
	else if (transform_cipher(t->cipher)->aead && auth->given)
		config_error(c, auth->column, "%s authenticates by itself and takes no %s",
			     transform_cipher(t->cipher)->word, transform_auth(t->auth)->word);
	else if (!transform_cipher(t->cipher)->aead && !auth->given)
		config_error(c, cipher->column,
			     "%s needs a transform that authenticates, such as esp-sha256-hmac",
			     transform_cipher(t->cipher)->word);
	else if (weak && !m->args[ARG_WEAK].given)
		config_error(c, first->column, "%s is weak: add 'allow-weak' if it has to be",
			     weak);
	else
		return true;
	return false;
}

static void set_transform_set(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];
	struct transform transform;
	struct crypto_set *s;

	if (m->negated) {
		crypto_set_remove(crypto_of(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
		return;
	}
	config_enter(c, CONFIG_SET, "", name->column);
	if (!config_name(c, name) || !get_transform(c, m, &transform))
		return;
	config_enter(c, CONFIG_SET, name->text, name->column);
	s = crypto_set_get(crypto_of(c), name->text);
	s->transform = transform;
	s->allow_weak = m->args[ARG_WEAK].given;
	s->at[CRYPTO_SET_NAME] = c->at_heading;
	s->at[CRYPTO_SET_TRANSFORM] = config_pos(c, m->args[ARG_CIPHER].column);
}

static void set_mode(struct config *c, const struct grammar_match *m)
{
	struct crypto *crypto = crypto_of(c);
	struct crypto_set *s = NULL;

	if (c->in.name[0])
		s = m->negated ? crypto_set_find(crypto, c->in.name) :
				 crypto_set_get(crypto, c->in.name);
	if (!s)
		return;
	s->mode = m->negated ? VPNHA_ESP_MODE_TUNNEL : m->args[ARG_MODE].number;
	s->at[CRYPTO_SET_NAME] = c->at_heading;
	s->at[CRYPTO_SET_MODE] = config_pos(c, m->args[ARG_MODE].given ?
						m->args[ARG_MODE].column : m->column);
}

/*
 * Transforms: a cipher that authenticates; or one that does not and what
 * authenticates, in any order. What does not go together is understood, so that
 * the refusal can say why.
 */
static const struct grammar_node weak_words[] = {
	KEYWORD("allow-weak", "A weak transform is meant", .arg = ARG_WEAK,
		.flags = GRAMMAR_STOP),
	END
};

#define BITS(w, bits, then)								\
	KEYWORD(w, "Bits of the key", .arg = ARG_KEY_BITS, .id = (bits), .next = (then),	\
		.flags = GRAMMAR_STOP)

static const struct grammar_node ah_words[] = {
	LATER("ah-md5-hmac"),
	LATER("ah-sha-hmac"),
	LATER("ah-sha256-hmac"),
	LATER("ah-sha384-hmac"),
	LATER("ah-sha512-hmac"),
	LATER("comp-lzs"),
	LATER("esp-seal"),
	END
};

static const struct grammar_node aead_none[] = {
#define TRANSFORM_AUTH(w, tag, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_AUTH, .id = VPNHA_ESP_AUTH_ ## tag,	\
		.next = weak_words, .flags = GRAMMAR_STOP | GRAMMAR_HIDDEN),
#include "lib/transform_table.h"
	INCLUDE(weak_words),
	INCLUDE(ah_words),
	END
};

static const struct grammar_node aead_bits[] = {
	BITS("128", 128, aead_none),
	BITS("192", 192, aead_none),
	BITS("256", 256, aead_none),
	INCLUDE(aead_none),
	END
};

static const struct grammar_node icv_size_words[] = {
	KEYWORD("64", "Bits", .arg = ARG_ICV, .id = 64, .next = aead_none, .flags = GRAMMAR_STOP),
	KEYWORD("96", "Bits", .arg = ARG_ICV, .id = 96, .next = aead_none, .flags = GRAMMAR_STOP),
	KEYWORD("128", "Bits", .arg = ARG_ICV, .id = 128, .next = aead_none,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node icv_words[] = {
	KEYWORD("icv", "Length of the integrity check value", .next = icv_size_words),
	INCLUDE(aead_none),
	END
};

static const struct grammar_node aead_bits_icv[] = {
	BITS("128", 128, icv_words),
	BITS("192", 192, icv_words),
	BITS("256", 256, icv_words),
	INCLUDE(icv_words),
	END
};

static const struct grammar_node cipher_none[] = {
#define TRANSFORM_AUTH(w, tag, ...)								\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_AUTH, .id = VPNHA_ESP_AUTH_ ## tag,	\
		.next = weak_words, .flags = GRAMMAR_STOP),
#include "lib/transform_table.h"
	INCLUDE(weak_words),
	INCLUDE(ah_words),
	END
};

static const struct grammar_node cipher_bits[] = {
	BITS("128", 128, cipher_none),
	BITS("192", 192, cipher_none),
	BITS("256", 256, cipher_none),
	INCLUDE(cipher_none),
	END
};

#define last_none	weak_words
static const struct grammar_node last_bits[] = {
	BITS("128", 128, weak_words),
	BITS("192", 192, weak_words),
	BITS("256", 256, weak_words),
	INCLUDE(weak_words),
	END
};

static const struct grammar_node after_auth_words[] = {
#define TRANSFORM_CIPHER(w, tag, sizes, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_CIPHER, .id = VPNHA_ESP_CIPHER_ ## tag,	\
		.next = last_ ## sizes, .flags = GRAMMAR_STOP),
#define TRANSFORM_AEAD(w, tag, sizes, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_CIPHER, .id = VPNHA_ESP_CIPHER_ ## tag,	\
		.next = aead_ ## sizes, .flags = GRAMMAR_STOP | GRAMMAR_HIDDEN),
#include "lib/transform_table.h"
	INCLUDE(weak_words),
	INCLUDE(ah_words),
	END
};

static const struct grammar_node transform_words[] = {
#define TRANSFORM_AEAD(w, tag, sizes, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_CIPHER, .id = VPNHA_ESP_CIPHER_ ## tag,	\
		.next = aead_ ## sizes, .flags = GRAMMAR_STOP),
#define TRANSFORM_CIPHER(w, tag, sizes, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_CIPHER, .id = VPNHA_ESP_CIPHER_ ## tag,	\
		.next = cipher_ ## sizes, .flags = GRAMMAR_STOP),
#define TRANSFORM_AUTH(w, tag, ...)							\
	KEYWORD(w, TRANSFORM_HELP_ ## tag, .arg = ARG_AUTH, .id = VPNHA_ESP_AUTH_ ## tag,	\
		.next = after_auth_words, .flags = GRAMMAR_STOP),
#include "lib/transform_table.h"
	INCLUDE(ah_words),
	END
};

static const struct grammar_node mode_words[] = {
	KEYWORD("transport", "Protect what packets between the two ends carry", .arg = ARG_MODE,
		.id = VPNHA_ESP_MODE_TRANSPORT, .flags = GRAMMAR_STOP),
	KEYWORD("tunnel", "Protect whole packets", .arg = ARG_MODE, .id = VPNHA_ESP_MODE_TUNNEL,
		.flags = GRAMMAR_STOP),
	END
};

const struct grammar_node config_set_line_words[] = {
	KEYWORD("mode", "What the transform protects", .next = mode_words,
		.flags = GRAMMAR_STOP_NO, .config = set_mode),
	END
};

static const struct grammar_node set_name_words[] = {
	WORD(ARG_NAME, "Name, at most 31 characters", .next = transform_words,
	     .flags = GRAMMAR_STOP_NO),
	END
};

const struct grammar_node config_transform_set_words[] = {
	KEYWORD("transform-set", "Define how packets are protected", .next = set_name_words,
		.config = set_transform_set),
	END
};
