// SPDX-License-Identifier: GPL-2.0-or-later
/* The IKE_AUTH exchange, RFC 7296 section 1.2; RFC 8784 with a post-quantum key. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ike/sa_int.h"

/* PPK_ID's type of a key that both have by heart, RFC 8784 section 5.1. */
#define PPK_ID_FIXED	2

static const char *text_of(char buf[IKE_ID_TEXT_LEN], const struct ike_identity *id)
{
	return ike_id_text(buf, id->type, ike_chunk(id->data, id->len));
}

static bool notified(const struct ike_message *m, uint16_t type)
{
	return ike_payload_find_notify(&m->payloads, type);
}

/**
 * ike_auth_wish() - Tell whom an initiator means.
 * @p: its profile
 *
 * Return: the one identity that @p is for, or NULL if there are others.
 */
const struct ike_identity *ike_auth_wish(const struct ike_profile *p)
{
	return p->n_match == 1 && p->match->kind == IKE_MATCH_EQUAL ? &p->match->id : NULL;
}

static bool set_remote_id(struct ike_sa *sa, const struct ike_payload *id)
{
	if (id->id.data.len > IKE_IDENTITY_MAX)
		return false;
	sa->remote_id.type = id->id.type;
	sa->remote_id.len = (uint16_t)id->id.data.len;
	memcpy(sa->remote_id.data, id->id.data.data, id->id.data.len);
	return true;
}

static struct ike_chunk write_our_id(struct ike_sa *sa, struct ike_writer *w)
{
	ike_write_id(w, sa->initiator ? IKE_PAYLOAD_IDI : IKE_PAYLOAD_IDR, sa->local_id.type,
		     ike_chunk(sa->local_id.data, sa->local_id.len));
	return ike_payload_last(w);
}

static void write_auth(struct ike_writer *w, const struct ike_auth *auth)
{
	ike_write_auth(w, auth->method, ike_chunk(auth->data, auth->len));
}

static bool mix(const struct ike_sa *sa, const struct ike_preshared *k, struct ike_keys *keys)
{
	return ike_keys_mix_ppk(sa->env->crypt, sa->suite.prf, ike_chunk(k->ppk, k->ppk_len),
				keys);
}

/* What both roles do when each has proved who it is. */
static void establish(struct ike_sa *sa, const struct ike_message *m)
{
	char ours[IKE_ID_TEXT_LEN], theirs[IKE_ID_TEXT_LEN];

	ike_sa_established(sa, m->at);
	ike_sa_log(sa, IKE_LOG_NOTICE, "established: we are %s, the peer is %s, profile %s%s%s",
		   text_of(ours, &sa->local_id), text_of(theirs, &sa->remote_id),
		   sa->profile->name, sa->nat_local || sa->nat_remote ? ", through NAT" : "",
		   sa->ppk ? ", with PPK" : "");
	sa->env->ops->established(sa->env->ctx, sa,
				  sa->profile->initial_contact ||
				  notified(m, IKE_NOTIFY_INITIAL_CONTACT));
}

/* The initiator's request */

/* The first child SA that is waited for is made by this exchange. */
static void take_child(struct ike_sa *sa)
{
	struct ike_task *task;

	for (task = TAILQ_FIRST(&sa->tasks); task; task = TAILQ_NEXT(task, list))
		if (task->ops == &ike_task_child)
			break;
	if (!task)
		return;
	ike_task_unqueue(sa, task);
	sa->init->child = task->child;
	ike_task_free(task);
}

static bool write_ppk(struct ike_sa *sa, const struct ike_preshared *k, struct ike_chunk id,
		      struct ike_writer *w)
{
	uint8_t ppk_id[1 + 255] = { PPK_ID_FIXED };
	struct ike_auth plain;
	const char *error;

	if (k->ppk_id_len > sizeof(ppk_id) - 1)
		return false;
	memcpy(ppk_id + 1, k->ppk_id, k->ppk_id_len);
	ike_write_notify(w, IKE_NOTIFY_PPK_IDENTITY, ike_chunk(ppk_id, 1 + k->ppk_id_len));
	if (k->ppk_required)
		return true;
	error = ike_auth_prove(sa, &sa->init->plain_keys, ike_auth_wish(sa->profile), id, &plain);
	if (!error)
		ike_write_notify(w, IKE_NOTIFY_NO_PPK_AUTH, ike_chunk(plain.data, plain.len));
	OPENSSL_cleanse(&plain, sizeof(plain));
	return !error;
}

/* The key that a PPK is mixed in by, or NULL: none is used. */
static const struct ike_preshared *ppk_of(const struct ike_sa *sa)
{
	const struct ike_preshared *k =
		ike_profile_key(sa->profile, &sa->path.remote, ike_auth_wish(sa->profile),
				IKE_KEY_PPK);

	return sa->init->ppk ? k : NULL;
}

static const char *write_request(struct ike_sa *sa, struct ike_writer *w)
{
	const struct ike_identity *wish = ike_auth_wish(sa->profile);
	const struct ike_preshared *k = ppk_of(sa);
	struct ike_init *init = sa->init;
	struct ike_auth *auth;
	struct ike_chunk id;
	const char *error;

	error = ike_auth_our_id(sa);
	if (error)
		return error;
	if (k) {
		init->plain_keys = sa->keys;
		if (!mix(sa, k, &sa->keys))
			return "libcrypto failed";
	}
	id = write_our_id(sa, w);
	ike_auth_write_certs(sa, w);
	if (init->initial_contact || sa->profile->initial_contact)
		ike_write_notify(w, IKE_NOTIFY_INITIAL_CONTACT, ike_chunk(NULL, 0));
	if (sa->profile->trust && sa->profile->prove_remote & ~(unsigned int)IKE_PROVE_PSK)
		ike_write_certreq(w, IKE_CERT_X509_SIGNATURE,
				  ike_trust_certreq(sa->profile->trust));
	if (wish)
		ike_write_id(w, IKE_PAYLOAD_IDR, wish->type, ike_chunk(wish->data, wish->len));
	auth = malloc(sizeof(*auth));
	if (!auth)
		return "no memory";
	error = ike_auth_prove(sa, &sa->keys, wish, id, auth);
	if (!error)
		write_auth(w, auth);
	free(auth);
	if (!error && k && !write_ppk(sa, k, id, w))
		error = "our PPK cannot be told";
	return error;
}

static bool build_auth(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
		       const struct ike_moment *at)
{
	const char *error;

	(void)task;
	take_child(sa);
	if (!sa->init->child && !sa->childless)
		error = "the peer needs a child SA to begin with, and none is wanted";
	else
		error = write_request(sa, w);
	if (error) {
		ike_sa_fail(sa, at, NULL, NULL, "we cannot prove who we are: %s", error);
		return false;
	}
	if (sa->init->child)
		ike_child_offer(sa, sa->init->child, ike_chunk(NULL, 0), NULL, true, w);
	return true;
}

/*
 * Of a peer that is not whom we want, but believes to have an SA with us: section 2.21.2.
 * It is told to delete that, too: libreswan makes nothing of the notification.
 */

static bool build_reject(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
			 const struct ike_moment *at)
{
	(void)sa;
	(void)task;
	(void)at;
	ike_write_notify(w, IKE_NOTIFY_AUTHENTICATION_FAILED, ike_chunk(NULL, 0));
	ike_write_delete(w, IKE_PROTOCOL_IKE, (struct ike_chunk){});
	return true;
}

static void reject_answered(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	(void)task;
	ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
}

static const struct ike_task_ops task_reject = {
	.name = "AUTHENTICATION_FAILED",
	.exchange = IKE_EXCHANGE_INFORMATIONAL,
	.build = build_reject,
	.answer = reject_answered,
};

static void reject(struct ike_sa *sa, const struct ike_message *m)
{
	struct ike_task *task;

	ike_sa_set_state(sa, IKE_STATE_DELETING, m->at);
	ike_tasks_drop(sa, m->at);
	ike_children_free(sa);
	ike_init_free(sa);
	sa->dies_at = m->at->ms + IKE_LINGER_MS;
	task = ike_task_new(sa, &task_reject);
	if (task)
		ike_task_queue(sa, task);
}

static const char *identity_error(const struct ike_sa *sa)
{
	const struct ike_profile *p = sa->profile;

	for (size_t i = 0; i < p->n_match; i++)
		if (ike_match_identity(&p->match[i], &sa->remote_id))
			return NULL;
	return "the profile is not for this identity";
}

/* With or without the PPK that we have offered; RFC 8784 section 3. */
static const char *settle_ppk(struct ike_sa *sa, const struct ike_message *m)
{
	const struct ike_preshared *k = ppk_of(sa);

	if (!k)
		return NULL;
	sa->ppk = notified(m, IKE_NOTIFY_PPK_IDENTITY);
	if (sa->ppk)
		return NULL;
	if (k->ppk_required)
		return "a PPK is required, and the peer does not have it";
	ike_sa_log(sa, IKE_LOG_NOTICE, "the peer does not have our PPK; goes on without it");
	sa->keys = sa->init->plain_keys;
	return NULL;
}

static const char *check_responder(struct ike_sa *sa, const struct ike_message *m,
				   char reason[IKE_REASON_LEN])
{
	const struct ike_payload *id = ike_payload_find(&m->payloads, IKE_PAYLOAD_IDR);
	const struct ike_payload *auth = ike_payload_find(&m->payloads, IKE_PAYLOAD_AUTH);
	const char *error;

	if (!id)
		return "the answer has no identity";
	if (ike_payload_find(&m->payloads, IKE_PAYLOAD_EAP))
		return "the peer wants EAP, which is not supported";
	if (!auth)
		return "the answer has no proof of identity";
	if (!set_remote_id(sa, id))
		return "the peer's identity is too long";
	error = identity_error(sa);
	if (!error)
		error = settle_ppk(sa, m);
	if (!error)
		error = ike_auth_check(sa, &sa->keys, m, id, auth->auth.method, auth->auth.data,
				       reason);
	return error;
}

static size_t add_profile(char *buf, size_t size, size_t len, const struct ike_profile *p)
{
	char text[IKE_ID_TEXT_LEN];

	for (size_t i = 0; i < p->n_match && len < size; i++) {
		ike_match_text(text, sizeof(text), &p->match[i]);
		len += (size_t)snprintf(buf + len, size - len, "%s%s", len ? ", " : "", text);
	}
	return len;
}

/* Whom we know: the profile, or any of those that are for this address of ours. */
static const char *known_text(char *buf, size_t size, const struct ike_sa *sa)
{
	size_t len = 0;

	*buf = '\0';
	if (sa->profile)
		add_profile(buf, size, 0, sa->profile);
	for (size_t i = 0; !sa->profile && i < sa->config->n_profiles && len < size; i++) {
		const struct ike_profile *p = &sa->config->profiles[i];

		if (ike_profile_is_for(p, &sa->path.local))
			len = add_profile(buf, size, len, p);
	}
	return *buf ? buf : "no profile for this address of ours";
}

static void fail_check(struct ike_sa *sa, const struct ike_message *m, const char *error)
{
	char theirs[IKE_ID_TEXT_LEN], ours[sizeof(sa->error_ours)];
	bool is_stranger = !sa->profile || identity_error(sa);
	bool is_named = sa->remote_id.type;

	ike_sa_fail(sa, m->at, is_named ? text_of(theirs, &sa->remote_id) : NULL,
		    is_named && is_stranger ? known_text(ours, sizeof(ours), sa) : NULL,
		    "the peer has not proved who it is%s%s%s: %s", sa->profile ? " (profile " : "",
		    sa->profile ? sa->profile->name : "", sa->profile ? ")" : "", error);
}

static void auth_answered(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m)
{
	const struct ike_payload *refusal = ike_error_find(m);
	char reason[IKE_REASON_LEN], text[IKE_ERROR_TEXT_LEN], ours[IKE_ID_TEXT_LEN];
	struct ike_init *init = sa->init;
	const char *error;

	(void)task;
	/* beside a proof of identity it is only the child SA that is refused */
	if (refusal && !ike_payload_find(&m->payloads, IKE_PAYLOAD_AUTH)) {
		ike_sa_fail(sa, m->at, NULL, NULL,
			    "the peer refuses IKE_AUTH: %s; we are %s by %s (profile %s)%s",
			    ike_error_text(text, refusal), text_of(ours, &sa->local_id),
			    sa->proved_local == IKE_PROVE_PSK ? "preshared key" : "certificate",
			    sa->profile->name,
			    refusal->notify.type == IKE_NOTIFY_AUTHENTICATION_FAILED ?
			    ", and that or whom we want is not what it has" : "");
		ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
		return;
	}
	error = check_responder(sa, m, reason);
	if (error) {
		fail_check(sa, m, error);
		reject(sa, m);
		return;
	}
	establish(sa, m);
	if (init->child)
		ike_child_answered(sa, init->child, m, ike_chunk(init->ni, init->ni_len),
				   ike_chunk(init->nr, init->nr_len), NULL, true);
	ike_init_free(sa);
}

static void auth_gone(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at)
{
	(void)task;
	if (sa->state == IKE_STATE_AUTH)
		ike_sa_set_state(sa, IKE_STATE_DEAD, at);
}

const struct ike_task_ops ike_task_auth = {
	.name = "IKE_AUTH",
	.exchange = IKE_EXCHANGE_IKE_AUTH,
	.build = build_auth,
	.answer = auth_answered,
	.gone = auth_gone,
};

/* The responder's answer */

/* Which keys and which proof count: table 1 of RFC 8784 section 3. */
static const char *choose_ppk(struct ike_sa *sa, const struct ike_message *m,
			      struct ike_chunk *proof, struct ike_keys *keys)
{
	const struct ike_payload *named =
		ike_payload_find_notify(&m->payloads, IKE_NOTIFY_PPK_IDENTITY);
	const struct ike_payload *without =
		ike_payload_find_notify(&m->payloads, IKE_NOTIFY_NO_PPK_AUTH);
	const struct ike_preshared *k =
		ike_profile_key(sa->profile, &sa->path.remote, &sa->remote_id, IKE_KEY_PPK);
	const bool required = k && k->ppk_required;

	*keys = sa->keys;
	if (!sa->init->ppk)
		return required ? "a PPK is required, and the peer uses none" : NULL;
	if (!named)
		return "the peer announced a PPK and named none";
	if (k && named->notify.data.len == 1 + k->ppk_id_len &&
	    named->notify.data.data[0] == PPK_ID_FIXED &&
	    !memcmp(named->notify.data.data + 1, k->ppk_id, k->ppk_id_len)) {
		sa->ppk = true;
		return mix(sa, k, keys) ? NULL : "libcrypto failed";
	}
	if (required)
		return "a PPK is required, and the peer names another one";
	if (!without)
		return "the peer requires a PPK that we do not have";
	*proof = without->notify.data;
	return NULL;
}

static const char *check_initiator(struct ike_sa *sa, const struct ike_message *m,
				   char reason[IKE_REASON_LEN])
{
	const struct ike_payload *id = ike_payload_find(&m->payloads, IKE_PAYLOAD_IDI);
	const struct ike_payload *auth = ike_payload_find(&m->payloads, IKE_PAYLOAD_AUTH);
	struct ike_chunk proof;
	struct ike_keys keys;
	const char *error;

	if (!id)
		return "the request has no identity";
	if (!set_remote_id(sa, id))
		return "the peer's identity is too long";
	if (!auth)
		return "the peer wants EAP, which is not supported";
	sa->profile = ike_config_profile_for(sa->config, &sa->path.local, &sa->remote_id);
	if (!sa->profile)
		return "no profile is for this identity at this address";
	proof = auth->auth.data;
	error = choose_ppk(sa, m, &proof, &keys);
	if (!error)
		error = ike_auth_check(sa, &keys, m, id, auth->auth.method, proof, reason);
	if (!error)
		sa->keys = keys;
	ike_keys_wipe(&keys);
	return error;
}

static const char *write_proof(struct ike_sa *sa, struct ike_writer *w)
{
	struct ike_auth *auth = malloc(sizeof(*auth));
	const char *error = auth ? ike_auth_our_id(sa) : "no memory";
	struct ike_chunk id;

	if (!error) {
		id = write_our_id(sa, w);
		ike_auth_write_certs(sa, w);
		error = ike_auth_prove(sa, &sa->keys, &sa->remote_id, id, auth);
	}
	if (!error) {
		write_auth(w, auth);
		if (sa->ppk)
			ike_write_notify(w, IKE_NOTIFY_PPK_IDENTITY, ike_chunk(NULL, 0));
	}
	free(auth);
	return error;
}

/* The peer learns that it failed, not why. */
static void refuse(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w)
{
	ike_write_notify(w, IKE_NOTIFY_AUTHENTICATION_FAILED, ike_chunk(NULL, 0));
	ike_sa_linger(sa, m->at);
}

/* That somebody else was meant may be why what follows surprises an operator. */
static void note_request(struct ike_sa *sa, const struct ike_message *m)
{
	const struct ike_payload *wish = ike_payload_find(&m->payloads, IKE_PAYLOAD_IDR);
	char theirs[IKE_ID_TEXT_LEN], ours[IKE_ID_TEXT_LEN];

	if (wish && !(wish->id.type == sa->local_id.type &&
		      ike_id_equal(wish->id.type, wish->id.data,
				   ike_chunk(sa->local_id.data, sa->local_id.len))))
		ike_sa_log(sa, IKE_LOG_NOTICE, "the peer wanted %s, and we are %s",
			   ike_id_text(theirs, wish->id.type, wish->id.data),
			   text_of(ours, &sa->local_id));
	if (ike_payload_find(&m->payloads, IKE_PAYLOAD_CP))
		ike_sa_log(sa, IKE_LOG_DEBUG,
			   "the peer asks for an address by CP, and gets none");
}

/**
 * ike_auth_request() - Answer who proves who it is.
 * @sa: IKE SA, half open
 * @m: request
 * @w: where to write the payloads of the response
 *
 * Return: true; whatever is wrong is answered.
 */
bool ike_auth_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w)
{
	char reason[IKE_REASON_LEN], theirs[IKE_ID_TEXT_LEN];
	struct ike_init *init = sa->init;
	struct ike_writer empty = *w;
	const char *error;

	if (!ike_init_keep_certreq(sa, m))
		return false;
	error = check_initiator(sa, m, reason);
	if (error) {
		fail_check(sa, m, error);
		refuse(sa, m, w);
		return true;
	}
	error = write_proof(sa, w);
	if (error) {
		*w = empty;
		ike_sa_fail(sa, m->at, NULL, NULL,
			    "we cannot prove who we are to %s (profile %s): %s",
			    text_of(theirs, &sa->remote_id), sa->profile->name, error);
		refuse(sa, m, w);
		return true;
	}
	note_request(sa, m);
	establish(sa, m);
	if (ike_payload_find(&m->payloads, IKE_PAYLOAD_SA))
		ike_child_accept(sa, m, ike_chunk(init->ni, init->ni_len),
				 ike_chunk(init->nr, init->nr_len), true, NULL, w);
	ike_init_free(sa);
	return true;
}
