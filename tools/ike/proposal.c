// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ike/proposal.h"

/* In the order in which an answer has them. */
static const uint8_t types[] = {
	IKE_TRANSFORM_ENCR, IKE_TRANSFORM_PRF, IKE_TRANSFORM_INTEG, IKE_TRANSFORM_DH,
	IKE_TRANSFORM_ESN,
};

#define TYPES	(sizeof(types) / sizeof(*types))

/* How far two proposals went together before they parted. */
enum step {
	STEP_NONE,
	STEP_PROTOCOL,
	STEP_TYPE,
	STEP_ENCR,
	STEP_PRF,
	STEP_INTEG,
	STEP_DH,
	STEP_ESN,
};

static const char *const step_errors[] = {
	[STEP_NONE]	= "no proposals",
	[STEP_PROTOCOL]	= "no proposal for this protocol",
	[STEP_TYPE]	= "transforms of an unknown type in all proposals",
	[STEP_ENCR]	= "no encryption algorithm in common",
	[STEP_PRF]	= "no PRF in common",
	[STEP_INTEG]	= "no integrity algorithm in common",
	[STEP_DH]	= "no Diffie-Hellman group in common",
	[STEP_ESN]	= "no agreement on extended sequence numbers",
};

static bool has_type(const struct ike_proposal *p, uint8_t type)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (p->transforms[i].type == type)
			return true;
	return false;
}

static bool is_known_type(uint8_t type)
{
	return type >= IKE_TRANSFORM_ENCR && type <= IKE_TRANSFORM_ESN;
}

/* Only these two can be NONE; with ESN 0 is a choice like another. */
static bool is_none(const struct ike_transform *t)
{
	return (t->type == IKE_TRANSFORM_INTEG || t->type == IKE_TRANSFORM_DH) && !t->id &&
	       !t->key_bits && !t->unknown;
}

static bool same(const struct ike_transform *a, const struct ike_transform *b)
{
	return a->type == b->type && a->id == b->id && a->key_bits == b->key_bits &&
	       !a->unknown && !b->unknown;
}

static const struct ike_transform *find(const struct ike_proposal *p,
					const struct ike_transform *t)
{
	for (unsigned int i = 0; i < p->n; i++)
		if (same(&p->transforms[i], t))
			return &p->transforms[i];
	return NULL;
}

static bool has_none(const struct ike_proposal *p, uint8_t type)
{
	const struct ike_transform none = { .type = type };

	return is_none(&none) && find(p, &none);
}

static bool is_usable(const struct ike_transform *t, uint8_t protocol)
{
	const struct ike_alg *alg = ike_alg_of_transform(t);

	return alg && alg->uses & (protocol == IKE_PROTOCOL_IKE ? IKE_FOR_IKE : IKE_FOR_ESP);
}

/*
 * The best transform of a type that both have. @skip is how many of them are
 * left out: the ciphers are tried one after the other.
 */
static const struct ike_transform *common(const struct ike_proposal *theirs,
					  const struct ike_proposal *ours, uint8_t type,
					  unsigned int how, unsigned int skip)
{
	const struct ike_proposal *a = how & IKE_CHOOSE_OURS_FIRST ? ours : theirs;
	const struct ike_proposal *b = a == ours ? theirs : ours;

	for (unsigned int i = 0; i < a->n; i++) {
		const struct ike_transform *t = &a->transforms[i];

		if (t->type == type && find(b, t) && is_usable(t, ours->protocol) && !skip--)
			return t;
	}
	return NULL;
}

static void append(struct ike_proposal *p, const struct ike_transform *t)
{
	p->transforms[p->n++] = *t;
}

/*
 * A type that both can do without, or that the peer names and can do without.
 * The answer has one transform of each type that the peer's proposal has.
 */
static bool without(const struct ike_proposal *theirs, uint8_t type, struct ike_choice *c)
{
	if (!has_type(theirs, type))
		return true;
	if (!has_none(theirs, type))
		return false;
	append(&c->answer, &(struct ike_transform){ .type = type });
	return true;
}

static bool choose_integ(const struct ike_proposal *theirs, const struct ike_proposal *ours,
			 unsigned int how, struct ike_choice *c)
{
	const struct ike_transform *t;

	if (c->suite.encr->aead)
		return without(theirs, IKE_TRANSFORM_INTEG, c);
	t = common(theirs, ours, IKE_TRANSFORM_INTEG, how, 0);
	if (!t)
		return false;
	append(&c->answer, t);
	c->suite.integ = ike_alg_of_transform(t);
	return true;
}

static bool choose_dh(const struct ike_proposal *theirs, const struct ike_proposal *ours,
		      unsigned int how, uint16_t ke, struct ike_choice *c)
{
	const struct ike_transform kept = { .type = IKE_TRANSFORM_DH, .id = ke };
	const struct ike_transform *t = NULL;
	bool optional = how & IKE_CHOOSE_NO_DH || !has_type(ours, IKE_TRANSFORM_DH) ||
			has_none(ours, IKE_TRANSFORM_DH);

	if (!(how & IKE_CHOOSE_NO_DH)) {
		if (ke && how & IKE_CHOOSE_KEEP_KE && find(theirs, &kept) && find(ours, &kept) &&
		    is_usable(&kept, ours->protocol))
			t = &kept;
		else
			t = common(theirs, ours, IKE_TRANSFORM_DH, how, 0);
	}
	if (!t)
		return ours->protocol != IKE_PROTOCOL_IKE && optional &&
		       without(theirs, IKE_TRANSFORM_DH, c);
	append(&c->answer, t);
	c->suite.dh = ike_alg_of_transform(t);
	c->wrong_ke = t->id != ke;
	return true;
}

/* With the @nth cipher that both have. */
static enum step match_with(const struct ike_proposal *theirs, const struct ike_proposal *ours,
			    unsigned int how, uint16_t ke, unsigned int nth, struct ike_choice *c)
{
	const bool ike = ours->protocol == IKE_PROTOCOL_IKE;
	const struct ike_transform *t;

	memset(c, 0, sizeof(*c));
	t = common(theirs, ours, IKE_TRANSFORM_ENCR, how, nth);
	if (!t)
		return STEP_ENCR;
	append(&c->answer, t);
	c->suite.encr = ike_alg_of_transform(t);
	t = common(theirs, ours, IKE_TRANSFORM_PRF, how, 0);
	if (ike ? !t : has_type(theirs, IKE_TRANSFORM_PRF))
		return STEP_PRF;
	if (ike) {
		append(&c->answer, t);
		c->suite.prf = ike_alg_of_transform(t);
	}
	if (!choose_integ(theirs, ours, how, c))
		return STEP_INTEG;
	if (!choose_dh(theirs, ours, how, ke, c))
		return STEP_DH;
	t = common(theirs, ours, IKE_TRANSFORM_ESN, how, 0);
	if (ike ? has_type(theirs, IKE_TRANSFORM_ESN) : !t)
		return STEP_ESN;
	if (!ike) {
		append(&c->answer, t);
		c->suite.esn = t->id == IKE_ESN_YES;
	}
	return STEP_NONE;
}

static enum step match(const struct ike_proposal *theirs, const struct ike_proposal *ours,
		       unsigned int how, uint16_t ke, struct ike_choice *c)
{
	enum step furthest = STEP_ENCR;

	if (theirs->protocol != ours->protocol)
		return STEP_PROTOCOL;
	for (unsigned int i = 0; i < theirs->n; i++)
		if (!is_known_type(theirs->transforms[i].type))
			return STEP_TYPE;
	for (unsigned int nth = 0; nth < IKE_TRANSFORMS_MAX; nth++) {
		enum step step = match_with(theirs, ours, how, ke, nth, c);

		if (step == STEP_NONE)
			return step;
		if (step == STEP_ENCR)
			break;
		if (step > furthest)
			furthest = step;
	}
	return furthest;
}

/**
 * ike_proposal_choose() - Choose from the peer's proposals, RFC 7296 section 3.3.6.
 * @theirs: proposals of the peer
 * @n_theirs: their number
 * @ours: what is configured, each without an ike_proposal_error()
 * @n_ours: their number
 * @how: bits of enum ike_choose
 * @ke: group of the peer's KE payload, 0 without one
 * @choice: what was chosen; its @error is why nothing was
 *
 * Return: whether something was. The caller still has to see to @choice's wrong_ke.
 */
bool ike_proposal_choose(const struct ike_proposal *theirs, size_t n_theirs,
			 const struct ike_proposal *ours, size_t n_ours, unsigned int how,
			 uint16_t ke, struct ike_choice *choice)
{
	const bool ours_first = how & IKE_CHOOSE_OURS_FIRST;
	const size_t outer = ours_first ? n_ours : n_theirs;
	const size_t inner = ours_first ? n_theirs : n_ours;
	enum step furthest = STEP_NONE;

	for (size_t i = 0; i < outer; i++) {
		for (size_t k = 0; k < inner; k++) {
			const struct ike_proposal *t = &theirs[ours_first ? k : i];
			const struct ike_proposal *o = &ours[ours_first ? i : k];
			enum step step = match(t, o, how, ke, choice);

			if (step == STEP_NONE) {
				choice->answer.number = t->number;
				choice->answer.protocol = t->protocol;
				choice->theirs = t;
				return true;
			}
			if (step > furthest)
				furthest = step;
		}
	}
	memset(choice, 0, sizeof(*choice));
	choice->error = step_errors[furthest];
	return false;
}

static bool set_suite(struct ike_suite *s, const struct ike_transform *t)
{
	const struct ike_alg *alg = ike_alg_of_transform(t);

	if (is_none(t))
		return true;
	if (!alg)
		return false;
	switch (t->type) {
	case IKE_TRANSFORM_ENCR:
		s->encr = alg;
		break;
	case IKE_TRANSFORM_PRF:
		s->prf = alg;
		break;
	case IKE_TRANSFORM_INTEG:
		s->integ = alg;
		break;
	case IKE_TRANSFORM_DH:
		s->dh = alg;
		break;
	default:
		s->esn = t->id == IKE_ESN_YES;
		break;
	}
	return true;
}

/* Whether an answer may have a transform, for all that one proposal of ours says. */
static bool is_offered(const struct ike_proposal *offer, const struct ike_transform *t)
{
	/* RFC 7296 lets NONE be written where nothing was. */
	return find(offer, t) || (is_none(t) && !has_type(offer, t->type));
}

static const char *check_types(const struct ike_proposal *offer,
			       const struct ike_proposal *answer)
{
	for (size_t i = 0; i < TYPES; i++) {
		unsigned int n = 0;

		for (unsigned int k = 0; k < answer->n; k++)
			n += answer->transforms[k].type == types[i];
		if (n > 1)
			return "the answer has several transforms of a type";
		if (!n && has_type(offer, types[i]) && !has_none(offer, types[i]))
			return "the answer lacks a transform";
	}
	return NULL;
}

static const char *check_suite(const struct ike_suite *s, uint8_t protocol, uint16_t ke)
{
	const bool ike = protocol == IKE_PROTOCOL_IKE;

	if (!s->encr || !s->encr->aead != !!s->integ || (ike && (!s->prf || !s->dh)))
		return "the answer is not a complete set of algorithms";
	if ((s->dh ? s->dh->id : IKE_DH_NONE) != ke)
		return "the answer's group is not that of its KE payload";
	return NULL;
}

/**
 * ike_proposal_check_answer() - Check that an answer is one of what was offered.
 * @offers: our proposals, as they were sent
 * @n_offers: their number
 * @answers: the peer's
 * @n_answers: their number
 * @ke: group of the answer's KE payload, 0 without one
 * @suite: what was agreed on
 *
 * Return: NULL, or what is wrong, upon which the exchange fails (RFC 7296 section 3.3.6).
 */
const char *ike_proposal_check_answer(const struct ike_proposal *offers, size_t n_offers,
				      const struct ike_proposal *answers, size_t n_answers,
				      uint16_t ke, struct ike_suite *suite)
{
	const struct ike_proposal *offer = NULL;
	const char *error;

	memset(suite, 0, sizeof(*suite));
	if (n_answers != 1)
		return "the answer is not one proposal";
	for (size_t i = 0; i < n_offers; i++)
		if (offers[i].number == answers->number &&
		    offers[i].protocol == answers->protocol)
			offer = &offers[i];
	if (!offer)
		return "the answer has the number or protocol of no proposal of ours";
	for (unsigned int i = 0; i < answers->n; i++)
		if (!is_offered(offer, &answers->transforms[i]))
			return "the answer has a transform that was not offered";
	error = check_types(offer, answers);
	for (unsigned int i = 0; !error && i < answers->n; i++)
		if (!set_suite(suite, &answers->transforms[i]))
			error = "the answer has a transform that was not offered";
	if (!error)
		error = check_suite(suite, answers->protocol, ke);
	if (error)
		memset(suite, 0, sizeof(*suite));
	return error;
}

/**
 * ike_proposal_offers() - Tell whether one of several proposals has an algorithm.
 * @offers: our proposals
 * @n: their number
 * @type: enum ike_transform_type
 * @id: IANA's number
 *
 * With the group that an INVALID_KE_PAYLOAD asks for: only one of those that were
 * offered may be tried (RFC 7296 section 1.3).
 */
bool ike_proposal_offers(const struct ike_proposal *offers, size_t n, uint8_t type,
			 uint16_t id)
{
	for (size_t i = 0; i < n; i++)
		for (unsigned int k = 0; k < offers[i].n; k++)
			if (offers[i].transforms[k].type == type &&
			    offers[i].transforms[k].id == id)
				return true;
	return false;
}

/**
 * ike_proposal_error() - Find what is wrong with a proposal that is configured.
 * @ours: proposal
 * @weak: weak algorithms are meant
 *
 * Return: NULL, or what is wrong.
 */
const char *ike_proposal_error(const struct ike_proposal *ours, bool weak)
{
	const bool ike = ours->protocol == IKE_PROTOCOL_IKE;
	const uint8_t use = ike ? IKE_FOR_IKE : IKE_FOR_ESP;
	bool aead = false, plain = false;

	for (unsigned int i = 0; i < ours->n; i++) {
		const struct ike_alg *alg = ike_alg_of_transform(&ours->transforms[i]);

		if (is_none(&ours->transforms[i]))
			continue;
		if (!alg || !(alg->uses & use))
			return "an algorithm is not supported";
		if (alg->weak & use && !weak)
			return "a weak algorithm has to be allowed";
		if (alg->type == IKE_TRANSFORM_ENCR)
			*(alg->aead ? &aead : &plain) = true;
	}
	if (aead && plain)
		return "a cipher that authenticates needs a proposal of its own";
	if (!aead && !plain)
		return "no encryption algorithm";
	if (plain && (!has_type(ours, IKE_TRANSFORM_INTEG) ||
		      has_none(ours, IKE_TRANSFORM_INTEG)))
		return "no integrity algorithm";
	if (aead && has_type(ours, IKE_TRANSFORM_INTEG))
		return "a cipher that authenticates takes no integrity algorithm";
	if (ike && !has_type(ours, IKE_TRANSFORM_PRF))
		return "no PRF";
	if (ike && (!has_type(ours, IKE_TRANSFORM_DH) || has_none(ours, IKE_TRANSFORM_DH)))
		return "no Diffie-Hellman group";
	if (!ike && !has_type(ours, IKE_TRANSFORM_ESN))
		return "nothing said about extended sequence numbers";
	return NULL;
}

/* Text that has room, or none. */
struct text {
	char *buf;
	size_t size, len;
};

static void __attribute__((format(printf, 2, 3))) print(struct text *t, const char *format, ...)
{
	size_t room = t->len < t->size ? t->size - t->len : 0;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(room ? t->buf + t->len : NULL, room, format, ap);
	va_end(ap);
	if (n > 0)
		t->len += (size_t)n;
}

static void print_transform(struct text *text, const struct ike_transform *t, uint8_t protocol)
{
	const struct ike_alg *alg = ike_alg_find(t->type, t->id, t->key_bits);
	char word[IKE_ALG_TEXT_LEN];

	if (alg && t->type == IKE_TRANSFORM_ESN)
		print(text, " %s", t->id == IKE_ESN_YES ? "yes" : "no");
	else if (alg)
		print(text, " %s", ike_alg_text(word, alg, protocol));
	else if (is_none(t))
		print(text, " none");
	else
		print(text, " %u", t->id);
	if (!alg && t->key_bits)
		print(text, "(%u bits)", t->key_bits);
	if (t->unknown)
		print(text, "(unknown attribute)");
}

static void print_type(struct text *text, const struct ike_proposal *p, uint8_t type,
		       const char *heading)
{
	const char *gap = text->len ? " " : "";
	bool any = false;

	for (unsigned int i = 0; i < p->n; i++) {
		if (p->transforms[i].type != type)
			continue;
		if (!any)
			print(text, "%s%s", gap, heading);
		any = true;
		print_transform(text, &p->transforms[i], p->protocol);
	}
}

/**
 * ike_proposal_text() - Write a proposal in the words of the language.
 * @buf: where to; NULL with a @size of 0
 * @size: octets of @buf; %IKE_PROPOSAL_TEXT_LEN always is enough
 * @p: anybody's
 *
 * "encryption aes-cbc-256 integrity sha256 prf sha256 group 14 19" is one for IKE.
 * What has no word stands there as a number, so that an operator sees all that a
 * peer has offered.
 *
 * Return: length of the text, which may be more than there was room for.
 */
size_t ike_proposal_text(char *buf, size_t size, const struct ike_proposal *p)
{
	static const char *const headings[] = {
		[IKE_TRANSFORM_ENCR]	= "encryption",
		[IKE_TRANSFORM_PRF]	= "prf",
		[IKE_TRANSFORM_INTEG]	= "integrity",
		[IKE_TRANSFORM_DH]	= "group",
		[IKE_TRANSFORM_ESN]	= "esn",
	};
	static const uint8_t order[TYPES] = {
		IKE_TRANSFORM_ENCR, IKE_TRANSFORM_INTEG, IKE_TRANSFORM_PRF, IKE_TRANSFORM_DH,
		IKE_TRANSFORM_ESN,
	};
	struct text text = { .buf = buf, .size = size };

	if (size)
		*buf = '\0';
	for (size_t i = 0; i < TYPES; i++)
		print_type(&text, p, order[i],
			   p->protocol != IKE_PROTOCOL_IKE && order[i] == IKE_TRANSFORM_DH ?
			   "pfs" : headings[order[i]]);
	for (unsigned int i = 0; i < p->n; i++) {
		const struct ike_transform *t = &p->transforms[i];

		if (is_known_type(t->type))
			continue;
		print(&text, "%stype %u", text.len ? " " : "", t->type);
		print_transform(&text, t, p->protocol);
	}
	return text.len;
}
