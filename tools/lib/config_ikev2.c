// SPDX-License-Identifier: GPL-2.0-or-later
/* Proposals and policies of IKEv2, and what is said of all IKE SAs. */
#include <stdio.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"
#include "lib/ikev2_words.h"

static void set_proposal(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];

	if (m->negated) {
		ikev2_proposal_remove(config_ikev2(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
	} else if (config_heading(c, CONFIG_PROPOSAL, name)) {
		ikev2_proposal_get(config_ikev2(c), name->text)->at = c->at_heading;
	}
}

static void set_words(struct config *c, const struct grammar_match *m, enum ikev2_alg kind)
{
	const char *words[IKEV2_ALGS_MAX] = {};
	struct ikev2_proposal *p;
	size_t n_words = 0;

	for (size_t n = 0; n < m->n_list && !m->negated; n++) {
		const char *word = ikev2_word(kind, m->list[n]);

		for (size_t k = 0; k < n_words; k++)
			if (words[k] == word) {
				config_error(c, m->list_columns[n], "'%s' was said already", word);
				return;
			}
		if (ikev2_word_is_weak(word))
			config_warn(c, m->list_columns[n], "%s is weak", word);
		words[n_words++] = word;
	}
	if (!c->in.name[0])
		return;
	p = ikev2_proposal_get(config_ikev2(c), c->in.name);
	p->at = c->at_heading;
	memcpy(p->words[kind], words, sizeof(words));
	p->n_words[kind] = n_words;
	p->at_words[kind] = config_pos(c, m->n_list ? m->list_columns[0] : m->column);
}

static void set_encryption(struct config *c, const struct grammar_match *m)
{
	set_words(c, m, IKEV2_ENCRYPTION);
}

static void set_integrity(struct config *c, const struct grammar_match *m)
{
	set_words(c, m, IKEV2_INTEGRITY);
}

static void set_prf(struct config *c, const struct grammar_match *m)
{
	set_words(c, m, IKEV2_PRF);
}

static void set_group(struct config *c, const struct grammar_match *m)
{
	set_words(c, m, IKEV2_GROUP);
}

static void set_policy(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *name = &m->args[ARG_NAME];

	if (m->negated) {
		ikev2_policy_remove(config_ikev2(c), name->text);
		c->in.mode = CONFIG_GLOBAL;
	} else if (config_heading(c, CONFIG_POLICY, name)) {
		ikev2_policy_get(config_ikev2(c), name->text)->at = c->at_heading;
	}
}

static struct ikev2_policy *this_policy(struct config *c)
{
	struct ikev2_policy *p;

	if (!c->in.name[0])
		return NULL;
	p = ikev2_policy_get(config_ikev2(c), c->in.name);
	p->at = c->at_heading;
	return p;
}

static void set_policy_local(struct config *c, const struct grammar_match *m)
{
	struct ikev2_policy *p = this_policy(c);

	if (p)
		config_address_list(c, m, &p->locals, &p->n_locals);
}

static void set_policy_proposal(struct config *c, const struct grammar_match *m, size_t n)
{
	struct grammar_value name = {
		.given = true, .text = m->list[n], .column = m->list_columns[n]
	};
	struct ikev2_policy *p;
	size_t k = 0;

	if (!config_name(c, &name))
		return;
	p = this_policy(c);
	if (!p)
		return;
	while (k < p->n_proposals && strcmp(p->proposals[k].name, name.text))
		k++;
	if (m->negated && k < p->n_proposals) {
		memmove(&p->proposals[k], &p->proposals[k + 1],
			(--p->n_proposals - k) * sizeof(*p->proposals));
	} else if (!m->negated && k == IKEV2_LIST_MAX) {
		config_error(c, name.column, "more than %d proposals", IKEV2_LIST_MAX);
	} else if (!m->negated && k == p->n_proposals) {
		p->proposals = array_grow(p->proposals, k, sizeof(*p->proposals));
		memset(&p->proposals[k], 0, sizeof(*p->proposals));
		snprintf(p->proposals[k].name, IKEV2_NAME_SIZE, "%s", name.text);
		p->proposals[k].at = config_pos(c, name.column);
		p->n_proposals++;
	}
}

static void set_policy_proposals(struct config *c, const struct grammar_match *m)
{
	struct ikev2_policy *p;

	for (size_t n = 0; n < m->n_list; n++)
		set_policy_proposal(c, m, n);
	if (m->n_list)
		return;
	p = this_policy(c);
	if (p)
		p->n_proposals = 0;
}

static void set_dpd(struct config *c, const struct grammar_match *m)
{
	config_get_dpd(c, m, &config_ikev2(c)->limits.dpd);
	c->in.mode = CONFIG_GLOBAL;
}

static void set_number(struct config *c, const struct grammar_match *m, uint32_t *number,
		       struct model_pos *at)
{
	*number = m->negated ? 0 : m->args[ARG_INTERVAL].number;
	*at = config_value_pos(c, m, ARG_INTERVAL);
	c->in.mode = CONFIG_GLOBAL;
}

static void set_nat(struct config *c, const struct grammar_match *m)
{
	struct ikev2_limits *l = &config_ikev2(c)->limits;

	set_number(c, m, &l->nat_keepalive, &l->at_nat_keepalive);
}

static void set_max_in_negotiation(struct config *c, const struct grammar_match *m)
{
	struct ikev2_limits *l = &config_ikev2(c)->limits;

	set_number(c, m, &l->max_in_negotiation, &l->at_max_in_negotiation);
}

static void set_max_sa(struct config *c, const struct grammar_match *m)
{
	struct ikev2_limits *l = &config_ikev2(c)->limits;

	set_number(c, m, &l->max_sa, &l->at_max_sa);
}

static void set_cookie_challenge(struct config *c, const struct grammar_match *m)
{
	struct ikev2_limits *l = &config_ikev2(c)->limits;

	set_number(c, m, &l->cookie_challenge, &l->at_cookie_challenge);
	l->has_cookie_challenge = !m->negated;
}

static void set_fragmentation(struct config *c, const struct grammar_match *m)
{
	struct ikev2_limits *l = &config_ikev2(c)->limits;

	set_number(c, m, &l->fragment_mtu, &l->at_fragmentation);
	l->no_fragmentation = m->negated;
}

static void set_window(struct config *c, const struct grammar_match *m)
{
	config_ikev2(c);
	if (!m->negated && m->args[ARG_INTERVAL].number > 1)
		diag_add(&c->diags, DIAG_NOTE, config_pos(c, m->args[ARG_INTERVAL].column),
			 "a window of 1 is used: exchanges wait for each other, and none is lost by that");
	c->in.mode = CONFIG_GLOBAL;
}

/* Lists of words, of which each may follow each. */
static const struct grammar_node encryption_words[] = {
#define IKEV2_CIPHER(w, h, ...)								\
	KEYWORD(w, h, .flags = GRAMMAR_STOP | GRAMMAR_LIST, .next = encryption_words),
#include "lib/ikev2_words_table.h"
	LATER("3des"),
	LATER("des"),
	END
};

static const struct grammar_node hash_words[] = {
#define IKEV2_HASH(w, h, ...)								\
	KEYWORD(w, h, .flags = GRAMMAR_STOP | GRAMMAR_LIST, .next = hash_words),
#include "lib/ikev2_words_table.h"
	LATER("md5"),
	END
};

static const struct grammar_node group_words[] = {
#define IKEV2_DH(w, h, ...)								\
	KEYWORD(w, h, .flags = GRAMMAR_STOP | GRAMMAR_LIST, .next = group_words),
#include "lib/ikev2_words_table.h"
	LATER("1"),
	LATER("2"),
	LATER("5"),
	LATER("24"),
	END
};

const struct grammar_node config_proposal_line_words[] = {
	KEYWORD("encryption", "Ciphers, the preferred one first", .next = encryption_words,
		.flags = GRAMMAR_STOP_NO, .config = set_encryption),
	KEYWORD("group", "Diffie-Hellman groups, the preferred one first", .next = group_words,
		.flags = GRAMMAR_STOP_NO, .config = set_group),
	KEYWORD("integrity", "What authenticates, for ciphers that do not", .next = hash_words,
		.flags = GRAMMAR_STOP_NO, .config = set_integrity),
	KEYWORD("prf", "Pseudorandom functions, those of 'integrity' if there are none",
		.next = hash_words, .flags = GRAMMAR_STOP_NO, .config = set_prf),
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

static const struct grammar_node policy_match_words[] = {
	KEYWORD("address", "An address", .next = local_words, .config = set_policy_local),
	KEYWORD("fvrf", "Routing instance of the peers", .next = config_fvrf_words),
	END
};

static const struct grammar_node policy_proposal_words[] = {
	WORD(ARG_NONE, "Name of a proposal", .flags = GRAMMAR_STOP | GRAMMAR_LIST,
	     .next = policy_proposal_words),
	END
};

const struct grammar_node config_policy_line_words[] = {
	KEYWORD("match", "Where it counts", .next = policy_match_words),
	KEYWORD("proposal", "Proposals, the preferred one first", .next = policy_proposal_words,
		.flags = GRAMMAR_STOP_NO, .config = set_policy_proposals),
	END
};

static const struct grammar_node no_proposal_line_words[] = {
	INCLUDE(config_proposal_line_words),
	END
};

static const struct grammar_node proposal_heading_words[] = {
	INCLUDE(config_proposal_line_words),
	CONFIG_NO(no_proposal_line_words),
	END
};

static const struct grammar_node proposal_name_words[] = {
	WORD(ARG_NAME, "Name, at most 31 characters", .next = proposal_heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_proposal),
	END
};

static const struct grammar_node no_proposal_name_words[] = {
	WORD(ARG_NAME, "Name of the proposal", .flags = GRAMMAR_STOP, .config = set_proposal),
	END
};

static const struct grammar_node no_policy_line_words[] = {
	INCLUDE(config_policy_line_words),
	END
};

static const struct grammar_node policy_heading_words[] = {
	INCLUDE(config_policy_line_words),
	CONFIG_NO(no_policy_line_words),
	END
};

static const struct grammar_node policy_name_words[] = {
	WORD(ARG_NAME, "Name, at most 31 characters", .next = policy_heading_words,
	     .flags = GRAMMAR_STOP | GRAMMAR_HEADS, .config = set_policy),
	END
};

static const struct grammar_node no_policy_name_words[] = {
	WORD(ARG_NAME, "Name of the policy", .flags = GRAMMAR_STOP, .config = set_policy),
	END
};

static const struct grammar_node sa_count_words[] = {
	NUMBER(ARG_INTERVAL, 1, IKEV2_MAX_SA, "Number of IKE SAs", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node limit_words[] = {
	/* As routers spell it. */
	KEYWORD("max-in-negotation-sa", "IKE SAs that are not established yet",
		.next = sa_count_words, .flags = GRAMMAR_STOP_NO,
		.config = set_max_in_negotiation),
	KEYWORD("max-in-negotiation-sa", "IKE SAs that are not established yet",
		.next = sa_count_words, .flags = GRAMMAR_STOP_NO | GRAMMAR_HIDDEN,
		.config = set_max_in_negotiation),
	KEYWORD("max-sa", "All IKE SAs", .next = sa_count_words, .flags = GRAMMAR_STOP_NO,
		.config = set_max_sa),
	END
};

static const struct grammar_node cookie_words[] = {
	NUMBER(ARG_INTERVAL, 0, IKEV2_COOKIE_CHALLENGE_MAX,
	       "IKE SAs that are not established yet", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node fragment_mtu_words[] = {
	NUMBER(ARG_INTERVAL, IKEV2_FRAGMENT_MTU_MIN, IKEV2_FRAGMENT_MTU_MAX,
	       "Octets of a packet with a fragment", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node fragmentation_words[] = {
	KEYWORD("mtu", "Size of fragments", .next = fragment_mtu_words),
	END
};

static const struct grammar_node window_words[] = {
	NUMBER(ARG_INTERVAL, 1, IKEV2_WINDOW_MAX, "Requests at a time", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node general_words[] = {
	KEYWORD("cookie-challenge", "From when on peers must show that they receive",
		.next = cookie_words, .flags = GRAMMAR_STOP_NO, .config = set_cookie_challenge),
	KEYWORD("dpd", "How peers are watched", .next = config_dpd_words,
		.flags = GRAMMAR_STOP_NO, .config = set_dpd),
	KEYWORD("fragmentation", "Fragments of IKE messages", .next = fragmentation_words,
		.flags = GRAMMAR_STOP, .config = set_fragmentation),
	KEYWORD("limit", "How many IKE SAs there may be", .next = limit_words),
	KEYWORD("nat", "What is between the peers", .next = config_nat_words, .config = set_nat),
	KEYWORD("window", "Requests that need not wait for each other", .next = window_words,
		.flags = GRAMMAR_STOP_NO, .config = set_window),
	LATER("authorization"),
	LATER("client"),
	LATER("cluster"),
	LATER("name-mangler"),
	LATER("redirect"),
	END
};

static const struct grammar_node ikev2_words[] = {
	INCLUDE(general_words),
	KEYWORD("keyring", "Preshared keys", .next = config_keyring_name_words),
	KEYWORD("policy", "Which proposals are used where", .next = policy_name_words),
	KEYWORD("profile", "Who peers may be, and how they prove it",
		.next = config_profile_name_words),
	KEYWORD("proposal", "How an IKE SA is protected", .next = proposal_name_words),
	END
};

static const struct grammar_node no_ikev2_words[] = {
	INCLUDE(general_words),
	KEYWORD("keyring", "Preshared keys", .next = config_no_keyring_name_words),
	KEYWORD("policy", "Which proposals are used where", .next = no_policy_name_words),
	KEYWORD("profile", "Who peers may be, and how they prove it",
		.next = config_no_profile_name_words),
	KEYWORD("proposal", "How an IKE SA is protected", .next = no_proposal_name_words),
	END
};

const struct grammar_node config_ikev2_words[] = {
	KEYWORD("ikev2", "How keys are negotiated", .next = ikev2_words),
	INCLUDE(config_pki_words),
	END
};

const struct grammar_node config_no_ikev2_words[] = {
	KEYWORD("ikev2", "How keys are negotiated", .next = no_ikev2_words),
	INCLUDE(config_no_pki_words),
	END
};
