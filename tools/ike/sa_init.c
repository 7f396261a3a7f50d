// SPDX-License-Identifier: GPL-2.0-or-later
/* The IKE_SA_INIT exchange, RFC 7296 section 1.2. */
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike/sa_int.h"

#define PORT_IKE	500
#define PORT_NAT	4500

/* Trust that CERTREQ is made of: more profiles for one address are not looked at. */
#define TRUSTS_MAX	16

/**
 * ike_init_free() - Forget what only the first exchanges need.
 * @sa: IKE SA
 */
void ike_init_free(struct ike_sa *sa)
{
	struct ike_init *init = sa->init;

	if (!init)
		return;
	sa->init = NULL;
	ike_dh_free(init->dh);
	free(init->ours);
	free(init->theirs);
	free(init->certreq);
	OPENSSL_cleanse(init, sizeof(*init));
	free(init);
}

static const struct ike_alg *group_of(uint16_t number)
{
	const struct ike_alg *alg = ike_alg_find(IKE_TRANSFORM_DH, number, 0);

	return alg && alg->uses & IKE_FOR_IKE && alg->kind != IKE_DH_KIND_NONE ? alg : NULL;
}

/* The group that is offered first is guessed to be the peer's choice. */
static const struct ike_alg *first_group(const struct ike_policy *policy)
{
	for (size_t i = 0; i < policy->n_proposals; i++) {
		const struct ike_proposal *p = &policy->proposals[i];

		for (unsigned int k = 0; k < p->n; k++)
			if (p->transforms[k].type == IKE_TRANSFORM_DH &&
			    group_of(p->transforms[k].id))
				return group_of(p->transforms[k].id);
	}
	return NULL;
}

static bool has_ppk(const struct ike_profile *p)
{
	for (size_t i = 0; i < p->n_keys; i++)
		if (p->keys[i].ppk_len)
			return true;
	return false;
}

/* What a responder says before it knows the peer: what any of its profiles would. */
struct abilities {
	bool fragmentation, ppk;
	const struct ike_trust *trusts[TRUSTS_MAX];
	size_t n_trusts;
};

static void add_trust(struct abilities *a, const struct ike_profile *p)
{
	if (!p->trust || !(p->prove_remote & ~(unsigned int)IKE_PROVE_PSK) ||
	    a->n_trusts == TRUSTS_MAX)
		return;
	for (size_t i = 0; i < a->n_trusts; i++)
		if (a->trusts[i] == p->trust)
			return;
	a->trusts[a->n_trusts++] = p->trust;
}

static void responder_abilities(const struct ike_sa *sa, struct abilities *a)
{
	memset(a, 0, sizeof(*a));
	for (size_t i = 0; i < sa->config->n_profiles; i++) {
		const struct ike_profile *p = &sa->config->profiles[i];

		if (!ike_profile_is_for(p, &sa->path.local))
			continue;
		a->fragmentation |= p->fragment != 0;
		a->ppk |= has_ppk(p);
		add_trust(a, p);
	}
}

static bool nat_hash(const uint8_t *spi_i, const uint8_t *spi_r, const struct ike_endpoint *e,
		     uint8_t out[20])
{
	struct ike_identity address;
	uint8_t data[8 + 8 + 16 + 2];
	size_t len = 16;

	ike_identity_of_address(&address, e);
	memcpy(data, spi_i, 8);
	memcpy(data + 8, spi_r, 8);
	memcpy(data + len, address.data, address.len);
	len += address.len;
	data[len++] = (uint8_t)(e->port >> 8);
	data[len++] = (uint8_t)e->port;
	return EVP_Digest(data, len, out, NULL, EVP_sha1(), NULL) == 1;
}

/**
 * ike_nat_detection_write() - Write both notifications of section 2.23.
 * @sa: IKE SA
 * @w: writer
 */
void ike_nat_detection_write(struct ike_sa *sa, struct ike_writer *w)
{
	uint8_t hash[20];

	if (nat_hash(sa->spi_i, sa->spi_r, &sa->path.local, hash))
		ike_write_notify(w, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP,
				 ike_chunk(hash, sizeof(hash)));
	if (nat_hash(sa->spi_i, sa->spi_r, &sa->path.remote, hash))
		ike_write_notify(w, IKE_NOTIFY_NAT_DETECTION_DESTINATION_IP,
				 ike_chunk(hash, sizeof(hash)));
}

/* Whether notifications of a type are there, none of which is of an address. */
static bool is_translated(const struct ike_message *m, uint16_t type,
			  const struct ike_endpoint *e)
{
	uint8_t hash[20];
	bool any = false;

	if (!nat_hash(m->h.spi_i, m->h.spi_r, e, hash))
		return false;
	for (unsigned int i = 0; i < m->payloads.n; i++) {
		const struct ike_payload *p = &m->payloads.items[i];

		if (p->type != IKE_PAYLOAD_NOTIFY || p->notify.type != type)
			continue;
		if (p->notify.data.len == sizeof(hash) &&
		    !memcmp(p->notify.data.data, hash, sizeof(hash)))
			return false;
		any = true;
	}
	return any;
}

static void detect_nat(struct ike_sa *sa, const struct ike_message *m)
{
	sa->nat_remote = is_translated(m, IKE_NOTIFY_NAT_DETECTION_SOURCE_IP, &m->path->remote);
	sa->nat_local = is_translated(m, IKE_NOTIFY_NAT_DETECTION_DESTINATION_IP,
				      &m->path->local);
}

static void write_hashes(struct ike_writer *w)
{
	static const uint8_t hashes[] = {
		0, IKE_HASH_SHA2_256, 0, IKE_HASH_SHA2_384, 0, IKE_HASH_SHA2_512,
		0, IKE_HASH_IDENTITY,
	};

	ike_write_notify(w, IKE_NOTIFY_SIGNATURE_HASH_ALGORITHMS,
			 ike_chunk(hashes, sizeof(hashes)));
}

static unsigned int read_hashes(const struct ike_message *m)
{
	const struct ike_payload *p =
		ike_payload_find_notify(&m->payloads, IKE_NOTIFY_SIGNATURE_HASH_ALGORITHMS);
	unsigned int set = 0;

	for (size_t i = 0; p && i + 1 < p->notify.data.len; i += 2) {
		const uint8_t *at = p->notify.data.data + i;

		if (!at[0] && at[1] < IKE_HASHES)
			set |= IKE_HASH_BIT(at[1]);
	}
	return set & IKE_HASHES_ALL;
}

/* Gateway identities of RFC 5685 section 3: type, length, address or name. */
static const char *redirect_text(char buf[IKE_ID_TEXT_LEN], struct ike_chunk data)
{
	struct ike_chunk to = {};

	if (data.len >= 2 && data.len - 2 >= data.data[1])
		to = ike_chunk(data.data + 2, data.data[1]);
	if (to.len == 4 && data.data[0] == 1)
		return ike_id_text(buf, IKE_ID_IPV4_ADDR, to);
	if (to.len == 16 && data.data[0] == 2)
		return ike_id_text(buf, IKE_ID_IPV6_ADDR, to);
	return to.len && data.data[0] == 3 ? ike_id_text(buf, IKE_ID_FQDN, to) : "somewhere";
}

/**
 * ike_error_find() - Find what says why there is no SA.
 * @m: response
 *
 * Return: the first notification of an error or of a redirection, or NULL.
 */
const struct ike_payload *ike_error_find(const struct ike_message *m)
{
	for (unsigned int i = 0; i < m->payloads.n; i++) {
		const struct ike_payload *p = &m->payloads.items[i];

		if (p->type == IKE_PAYLOAD_NOTIFY && (ike_notify_is_error(p->notify.type) ||
						      p->notify.type == IKE_NOTIFY_REDIRECT))
			return p;
	}
	return NULL;
}

/**
 * ike_error_text() - Say what was found.
 * @buf: where to
 * @p: of ike_error_find()
 *
 * Return: @buf.
 */
const char *ike_error_text(char buf[IKE_ERROR_TEXT_LEN], const struct ike_payload *p)
{
	char text[IKE_ID_TEXT_LEN];

	if (p->notify.type == IKE_NOTIFY_REDIRECT)
		snprintf(buf, IKE_ERROR_TEXT_LEN, "REDIRECT to %s, which we have not announced",
			 redirect_text(text, p->notify.data));
	else
		ike_notify_text(buf, p->notify.type);
	return buf;
}

static bool notified(const struct ike_message *m, uint16_t type)
{
	return ike_payload_find_notify(&m->payloads, type);
}

static void write_empty(struct ike_writer *w, uint16_t type)
{
	ike_write_notify(w, type, ike_chunk(NULL, 0));
}

static bool keep_theirs(struct ike_sa *sa, struct ike_chunk raw)
{
	struct ike_init *init = sa->init;

	free(init->theirs);
	init->theirs = malloc(raw.len);
	if (!init->theirs)
		return false;
	memcpy(init->theirs, raw.data, raw.len);
	init->theirs_len = raw.len;
	return true;
}

static bool keep_nonce(uint8_t *to, size_t *len, struct ike_chunk nonce)
{
	if (nonce.len > IKE_NONCE_MAX)
		return false;
	memcpy(to, nonce.data, nonce.len);
	*len = nonce.len;
	return true;
}

/**
 * ike_init_keep_certreq() - Remember which authorities the peer named.
 * @sa: IKE SA in its first exchanges
 * @m: message of the peer's
 *
 * Return: false without memory.
 */
bool ike_init_keep_certreq(struct ike_sa *sa, const struct ike_message *m)
{
	struct ike_init *init = sa->init;

	for (unsigned int i = 0; i < m->payloads.n; i++) {
		const struct ike_payload *p = &m->payloads.items[i];
		uint8_t *more;

		if (p->type != IKE_PAYLOAD_CERTREQ ||
		    p->cert.encoding != IKE_CERT_X509_SIGNATURE)
			continue;
		init->any_certreq = true;
		if (!p->cert.data.len)
			continue;
		more = realloc(init->certreq, init->certreq_len + p->cert.data.len);
		if (!more)
			return false;
		memcpy(more + init->certreq_len, p->cert.data.data, p->cert.data.len);
		init->certreq = more;
		init->certreq_len += p->cert.data.len;
	}
	return true;
}

static bool make_keys(struct ike_sa *sa, const struct ike_suite *suite,
		      const struct ike_secret *secret)
{
	const struct ike_init *init = sa->init;
	const struct ike_key_input x = {
		.secret = { secret->data, secret->len },
		.ni = { init->ni, init->ni_len },
		.nr = { init->nr, init->nr_len },
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
	};

	if (!ike_keys_initial(sa->env->crypt, suite, &x, &sa->keys))
		return false;
	sa->suite = *suite;
	sa->has_keys = true;
	if (sa->env->ops->keys)
		sa->env->ops->keys(sa->env->ctx, sa, &sa->suite, &sa->keys);
	return true;
}

/* Proposals one after the other, for show and the log. */
static void proposals_text(char *buf, size_t size, const struct ike_proposal *p, size_t n)
{
	size_t len = 0;

	*buf = '\0';
	for (size_t i = 0; i < n && len + 4 < size; i++) {
		if (i)
			len += (size_t)snprintf(buf + len, size - len, " | ");
		len += ike_proposal_text(buf + len, size - len, &p[i]);
	}
}

/* The initiator's request */

static bool build_init(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
		       const struct ike_moment *at)
{
	struct ike_init *init = sa->init;
	const struct ike_preshared *key =
		ike_profile_key(sa->profile, &sa->path.remote, ike_auth_wish(sa->profile),
				IKE_KEY_PPK);

	(void)task;
	if (!init->group)
		init->group = first_group(sa->policy);
	if (!init->group) {
		ike_sa_fail(sa, at, NULL, NULL, "policy %s has no Diffie-Hellman group",
			    sa->policy->name);
		return false;
	}
	if (!init->dh)
		init->dh = ike_dh_new(init->group);
	if (!init->dh || (!init->ni_len && !ike_sa_random_nonce(sa, init->ni, &init->ni_len))) {
		ike_sa_fail(sa, at, NULL, NULL, "no key pair for group %u", init->group->id);
		return false;
	}
	init->tried |= 1ULL << init->group->id % 64;
	if (init->cookie_len)
		ike_write_notify(w, IKE_NOTIFY_COOKIE,
				 ike_chunk(init->cookie, init->cookie_len));
	ike_write_sa(w, sa->policy->proposals, (unsigned int)sa->policy->n_proposals);
	ike_write_ke(w, init->group->id, ike_chunk(init->dh->value, init->group->value_len));
	ike_write_nonce(w, ike_chunk(init->ni, init->ni_len));
	ike_nat_detection_write(sa, w);
	if (sa->profile->fragment)
		write_empty(w, IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED);
	write_hashes(w);
	if (key)
		write_empty(w, IKE_NOTIFY_USE_PPK);
	return true;
}

/*
 * The answer is in clear, so that anybody may have sent one that says no: it is
 * remembered, a better one is waited for, and the genuine one is as a rule the first.
 * Section 2.21.1 asks for this; a few seconds instead of a minute tell an operator
 * early enough.
 */
__attribute__((format(printf, 4, 5)))
static void refuse(struct ike_sa *sa, const struct ike_message *m, const char *theirs,
		   const char *format, ...)
{
	char why[256], ours[512];
	va_list ap;

	if (sa->init->refused)
		return;
	va_start(ap, format);
	vsnprintf(why, sizeof(why), format, ap);
	va_end(ap);
	proposals_text(ours, sizeof(ours), sa->policy->proposals, sa->policy->n_proposals);
	ike_sa_fail(sa, m->at, theirs, theirs ? ours : NULL, "%s", why);
	sa->init->refused = true;
	if (sa->dies_at > m->at->ms + IKE_REFUSED_MS)
		sa->dies_at = m->at->ms + IKE_REFUSED_MS;
}

/* Begin again; false: it has been done too often. */
static bool again(struct ike_sa *sa)
{
	if (sa->init->tries >= IKE_INIT_TRIES)
		return false;
	sa->init->tries++;
	sa->asking->again = true;
	return true;
}

static bool take_cookie(struct ike_sa *sa, const struct ike_message *m, struct ike_chunk cookie)
{
	struct ike_init *init = sa->init;

	if (!cookie.len || cookie.len > sizeof(init->cookie)) {
		refuse(sa, m, NULL, "the peer asks for a cookie of %zu octets", cookie.len);
		return false;
	}
	if (!again(sa)) {
		refuse(sa, m, NULL, "the peer asks for one cookie after the other");
		return false;
	}
	memcpy(init->cookie, cookie.data, cookie.len);
	init->cookie_len = cookie.len;
	ike_sa_log(sa, IKE_LOG_DEBUG, "the peer asks for a cookie");
	return true;
}

/* Section 1.3: only a group that we have offered, and each of them once. */
static bool take_group(struct ike_sa *sa, const struct ike_message *m, struct ike_chunk data)
{
	const uint16_t number = data.len == 2 ? (uint16_t)(data.data[0] << 8 | data.data[1]) : 0;
	const struct ike_alg *group = group_of(number);
	struct ike_init *init = sa->init;

	if (!group || !ike_proposal_offers(sa->policy->proposals, sa->policy->n_proposals,
					   IKE_TRANSFORM_DH, number)) {
		char theirs[32];

		snprintf(theirs, sizeof(theirs), "group %u", number);
		refuse(sa, m, theirs, "the peer asks for a group that was not offered");
		return false;
	}
	if (init->tried & 1ULL << number % 64 || !again(sa)) {
		refuse(sa, m, NULL, "the peer asks for group %u again", number);
		return false;
	}
	ike_dh_free(init->dh);
	init->dh = NULL;
	init->group = group;
	ike_sa_log(sa, IKE_LOG_DEBUG, "the peer asks for group %u", number);
	return true;
}

static void take_error(struct ike_sa *sa, const struct ike_message *m,
		       const struct ike_payload *p)
{
	char text[IKE_ERROR_TEXT_LEN];

	refuse(sa, m, p->notify.type == IKE_NOTIFY_NO_PROPOSAL_CHOSEN ?
	       "none of our proposals chosen" : NULL,
	       "the peer refuses IKE_SA_INIT: %s", ike_error_text(text, p));
}

/* What was agreed on; NULL, or why it was not. */
static const char *read_choice(struct ike_sa *sa, const struct ike_message *m,
			       struct ike_suite *suite, char *theirs, size_t size)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	struct ike_sa_list *list;
	const char *error;

	if (!p || !ke || !ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE))
		return "the answer lacks SA, KE or nonce";
	list = malloc(sizeof(*list));
	if (!list)
		return "no memory";
	if (!ike_sa_read(p, list) || list->n_left_out)
		error = "the answer has more than one proposal";
	else
		error = ike_proposal_check_answer(sa->policy->proposals,
						  sa->policy->n_proposals, list->proposals,
						  list->n, ke->ke.group, suite);
	if (error)
		proposals_text(theirs, size, list->proposals, list->n);
	else if (ke->ke.group != sa->init->group->id)
		error = "the answer's KE payload is of another group than ours";
	free(list);
	return error;
}

static bool ppk_is_required(const struct ike_sa *sa)
{
	const struct ike_preshared *key =
		ike_profile_key(sa->profile, &sa->path.remote, ike_auth_wish(sa->profile),
				IKE_KEY_PPK);

	return key && key->ppk_required;
}

/* Take an answer that says yes. False: it is as if it had never come. */
static bool take_answer(struct ike_sa *sa, const struct ike_message *m)
{
	static const uint8_t none[IKE_SPI_LEN_MAX];
	struct ike_init *init = sa->init;
	const struct ike_payload *ke, *nonce;
	struct ike_secret secret;
	struct ike_suite suite;
	char theirs[512] = "";
	const char *error;
	bool ok;

	error = read_choice(sa, m, &suite, theirs, sizeof(theirs));
	if (!error && !memcmp(m->h.spi_r, none, sizeof(none)))
		error = "the answer has no SPI of the responder's";
	if (error) {
		refuse(sa, m, *theirs ? theirs : NULL, "%s", error);
		return false;
	}
	ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	nonce = ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE);
	init->ppk = notified(m, IKE_NOTIFY_USE_PPK);
	if (!init->ppk && ppk_is_required(sa)) {
		refuse(sa, m, NULL, "a PPK is required, and the peer does not use any");
		return false;
	}
	error = ike_dh_derive(init->dh, ke->ke.data, &secret);
	if (error) {
		refuse(sa, m, NULL, "the peer's KE payload: %s", error);
		return false;
	}
	memcpy(sa->spi_r, m->h.spi_r, sizeof(sa->spi_r));
	ok = keep_nonce(init->nr, &init->nr_len, nonce->body) && keep_theirs(sa, m->raw) &&
	     ike_init_keep_certreq(sa, m) && make_keys(sa, &suite, &secret);
	ike_secret_wipe(&secret);
	if (!ok) {
		memset(sa->spi_r, 0, sizeof(sa->spi_r));
		return false;
	}
	sa->fragmentation = sa->profile->fragment &&
			    notified(m, IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED);
	sa->peer_hashes = read_hashes(m);
	sa->childless = notified(m, IKE_NOTIFY_CHILDLESS_IKEV2_SUPPORTED);
	detect_nat(sa, m);
	return true;
}

/**
 * ike_init_counts() - Take a response in clear, if it is one that the SA goes on with.
 * @sa: IKE SA whose IKE_SA_INIT is outstanding
 * @m: response
 *
 * Return: whether it is; otherwise the request stays outstanding.
 */
bool ike_init_counts(struct ike_sa *sa, const struct ike_message *m)
{
	const struct ike_payload *p = ike_payload_find_notify(&m->payloads, IKE_NOTIFY_COOKIE);

	if (p)
		return take_cookie(sa, m, p->notify.data);
	p = ike_payload_find_notify(&m->payloads, IKE_NOTIFY_INVALID_KE_PAYLOAD);
	if (p)
		return take_group(sa, m, p->notify.data);
	p = ike_error_find(m);
	if (!p)
		return take_answer(sa, m);
	take_error(sa, m, p);
	return false;
}

/* What ike_init_counts() has taken is gone on with. */
static void init_answered(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	char text[IKE_PROPOSAL_TEXT_LEN];
	struct ike_task *next;

	if (task->again) {
		sa->send_id = 0;
		return;
	}
	sa->dies_at = IKE_NEVER;
	sa->heard_at = m->at->ms;
	if ((sa->nat_local || sa->nat_remote) && sa->path.local.port == PORT_IKE) {
		ike_sa_log(sa, IKE_LOG_DEBUG, "a NAT is before %s: on to port 4500",
			   !sa->nat_remote ? "us" : sa->nat_local ? "both" : "the peer");
		sa->path.local.port = PORT_NAT;
		if (sa->path.remote.port == PORT_IKE)
			sa->path.remote.port = PORT_NAT;
	}
	snprintf(text, sizeof(text), "%s, group %u", sa->suite.encr->name, sa->suite.dh->id);
	ike_sa_log(sa, IKE_LOG_DEBUG, "agreed on %s", text);
	ike_sa_set_state(sa, IKE_STATE_AUTH, m->at);
	next = ike_task_new(sa, &ike_task_auth);
	if (next) {
		TAILQ_INSERT_HEAD(&sa->tasks, next, list);
		sa->n_tasks++;
	} else {
		ike_sa_fail(sa, m->at, NULL, NULL, "no memory");
		ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
	}
}

static void init_gone(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	(void)task;
	ike_sa_set_state(sa, IKE_STATE_DEAD, at);
}

const struct ike_task_ops ike_task_init = {
	.name = "IKE_SA_INIT",
	.exchange = IKE_EXCHANGE_IKE_SA_INIT,
	.build = build_init,
	.answer = init_answered,
	.gone = init_gone,
};

/* The responder's answer */

static void write_answer(struct ike_sa *sa, const struct ike_message *m,
			 const struct abilities *can, const struct ike_choice *choice,
			 struct ike_writer *w)
{
	const struct ike_init *init = sa->init;

	ike_write_sa(w, &choice->answer, 1);
	ike_write_ke(w, init->group->id, ike_chunk(init->dh->value, init->group->value_len));
	ike_write_nonce(w, ike_chunk(init->nr, init->nr_len));
	ike_nat_detection_write(sa, w);
	for (size_t i = 0; i < can->n_trusts; i++)
		ike_write_certreq(w, IKE_CERT_X509_SIGNATURE, ike_trust_certreq(can->trusts[i]));
	if (sa->fragmentation)
		write_empty(w, IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED);
	if (notified(m, IKE_NOTIFY_SIGNATURE_HASH_ALGORITHMS))
		write_hashes(w);
	write_empty(w, IKE_NOTIFY_CHILDLESS_IKEV2_SUPPORTED);
	if (init->ppk)
		write_empty(w, IKE_NOTIFY_USE_PPK);
}

/* Choose, with what the peer gets to hear when nothing fits. */
static bool choose(struct ike_sa *sa, const struct ike_message *m,
		   const struct ike_sa_list *list, struct ike_choice *choice,
		   struct ike_writer *w)
{
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	char theirs[512], ours[512];
	uint8_t group[2];

	if (!ike_proposal_choose(list->proposals, list->n, sa->policy->proposals,
				 sa->policy->n_proposals,
				 IKE_CHOOSE_OURS_FIRST | IKE_CHOOSE_KEEP_KE, ke->ke.group,
				 choice)) {
		proposals_text(theirs, sizeof(theirs), list->proposals, list->n);
		proposals_text(ours, sizeof(ours), sa->policy->proposals,
			       sa->policy->n_proposals);
		ike_sa_fail(sa, m->at, theirs, ours, "no proposal chosen: %s", choice->error);
		write_empty(w, IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
		return false;
	}
	if (!choice->wrong_ke)
		return true;
	ike_sa_log(sa, IKE_LOG_DEBUG, "the peer guessed group %u, group %u is asked for",
		   ke->ke.group, choice->suite.dh->id);
	group[0] = (uint8_t)(choice->suite.dh->id >> 8);
	group[1] = (uint8_t)choice->suite.dh->id;
	ike_write_notify(w, IKE_NOTIFY_INVALID_KE_PAYLOAD, ike_chunk(group, sizeof(group)));
	return false;
}

/* Keys with the peer, whose proposal has been chosen. False: no memory, or it is refused. */
static bool agree(struct ike_sa *sa, const struct ike_message *m,
		  const struct ike_choice *choice, struct ike_writer *w)
{
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	const struct ike_payload *nonce = ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE);
	struct ike_init *init = sa->init;
	struct ike_secret secret;
	const char *error;
	bool ok;

	init->group = choice->suite.dh;
	init->dh = ike_dh_new(init->group);
	if (!init->dh)
		return false;
	error = ike_dh_derive(init->dh, ke->ke.data, &secret);
	if (error) {
		ike_sa_fail(sa, m->at, NULL, NULL, "the peer's KE payload: %s", error);
		/* RFC 6989 section 2.5 */
		write_empty(w, IKE_NOTIFY_INVALID_SYNTAX);
		return false;
	}
	ok = ike_sa_random_nonce(sa, init->nr, &init->nr_len) &&
	     keep_nonce(init->ni, &init->ni_len, nonce->body) && keep_theirs(sa, m->raw) &&
	     make_keys(sa, &choice->suite, &secret);
	ike_secret_wipe(&secret);
	return ok;
}

static bool respond(struct ike_sa *sa, const struct ike_message *m, struct ike_sa_list *list,
		    struct ike_writer *w)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	struct ike_choice choice;
	struct abilities can;

	if (!p || !ike_payload_find(&m->payloads, IKE_PAYLOAD_KE) ||
	    !ike_payload_find(&m->payloads, IKE_PAYLOAD_NONCE) || !ike_sa_read(p, list)) {
		ike_sa_fail(sa, m->at, NULL, NULL, "the peer's IKE_SA_INIT lacks SA, KE or nonce");
		write_empty(w, IKE_NOTIFY_INVALID_SYNTAX);
		return false;
	}
	sa->policy = ike_config_policy(sa->config, &sa->path.local);
	if (!sa->policy) {
		ike_sa_fail(sa, m->at, NULL, NULL, "no policy for the address of ours");
		write_empty(w, IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
		return false;
	}
	if (!choose(sa, m, list, &choice, w) || !agree(sa, m, &choice, w))
		return false;
	responder_abilities(sa, &can);
	sa->fragmentation = can.fragmentation &&
			    notified(m, IKE_NOTIFY_IKEV2_FRAGMENTATION_SUPPORTED);
	sa->init->ppk = can.ppk && notified(m, IKE_NOTIFY_USE_PPK);
	sa->peer_hashes = read_hashes(m);
	detect_nat(sa, m);
	write_answer(sa, m, &can, &choice, w);
	return true;
}

/**
 * ike_init_request() - Answer a first message.
 * @sa: IKE SA that was made for it
 * @m: request
 * @w: where to write the payloads of the response
 *
 * Where it is refused the SA is dead afterwards; the same message would make the same
 * happen again.
 *
 * Return: whether there is an answer.
 */
bool ike_init_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w)
{
	struct ike_sa_list *list = malloc(sizeof(*list));
	bool ok = false;

	memcpy(sa->spi_i, m->h.spi_i, sizeof(sa->spi_i));
	if (list)
		ok = respond(sa, m, list, w);
	free(list);
	if (!ok)
		ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
	return ok || w->any;
}
