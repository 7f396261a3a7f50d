// SPDX-License-Identifier: GPL-2.0-or-later
/* Child SAs that the peer asks for: which entry is meant, and what is agreed on. */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

/*
 * What the peer asks for, and what becomes of it.
 * @sa: proposals
 * @local: our side's traffic
 * @remote: the peer's
 * @transport: it asks for transport mode
 * @ke: its KE payload, or NULL
 * @policy: entry that is meant
 * @choice: algorithms
 * @local_out: narrowed
 * @remote_out: narrowed
 * @narrowed: how
 * @looked_at: an entry that is for this peer, if none fits
 * @error: notification, if none fits
 * @why: its proposals do not fit: why
 */
struct request {
	struct ike_sa_list sa;
	struct ike_selectors local, remote;
	bool transport, in_auth;
	const struct ike_payload *ke;
	const struct ike_child_policy *policy;
	struct ike_choice choice;
	struct ike_selectors local_out, remote_out;
	enum ike_narrow narrowed;
	const struct ike_child_policy *looked_at;
	uint16_t error;
	const char *why;
};

static bool read_request(const struct ike_message *m, bool in_auth, struct request *r)
{
	const struct ike_payload *sa = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);

	memset(r, 0, sizeof(*r));
	r->in_auth = in_auth;
	r->ke = in_auth ? NULL : ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	r->transport = ike_payload_find_notify(&m->payloads, IKE_NOTIFY_USE_TRANSPORT_MODE);
	return sa && ike_sa_read(sa, &r->sa) &&
	       ike_selectors_read(m, IKE_PAYLOAD_TSI, &r->remote) &&
	       ike_selectors_read(m, IKE_PAYLOAD_TSR, &r->local);
}

static bool is_for(const struct ike_sa *sa, const struct ike_child_policy *policy)
{
	bool peer = !policy->n_peers;

	if (!ike_endpoint_same_address(&policy->local[0], &sa->path.local) &&
	    !ike_endpoint_same_address(&policy->local[1], &sa->path.local))
		return false;
	for (size_t i = 0; i < policy->n_peers; i++)
		peer |= ike_endpoint_same_address(&policy->peers[i], &sa->path.remote);
	return peer && (!*policy->profile || !sa->profile ||
			!strcmp(policy->profile, sa->profile->name));
}

static enum ike_narrow narrow(const struct ike_child_policy *policy, struct request *r)
{
	static const uint8_t zero[16];
	struct ike_selector_pair all[2];

	if (policy->n_pairs)
		return ike_selectors_narrow(policy->pairs, policy->n_pairs, &r->remote, &r->local,
					    &r->remote_out, &r->local_out);
	for (int i = 0; i < 2; i++) {
		ike_selector_of_prefix(&all[i].local, i ? AF_INET6 : AF_INET, zero, 0);
		all[i].remote = all[i].local;
	}
	return ike_selectors_narrow(all, 2, &r->remote, &r->local, &r->remote_out, &r->local_out);
}

static bool choose(const struct ike_child_policy *policy, struct request *r)
{
	const uint16_t group = r->ke ? r->ke->ke.group : 0;
	const unsigned int how = IKE_CHOOSE_KEEP_KE | (r->in_auth ? IKE_CHOOSE_NO_DH : 0);

	return ike_proposal_choose(r->sa.proposals, r->sa.n, policy->proposals,
				   policy->n_proposals, how, group, &r->choice);
}

/* Try an entry; what is wrong with the one that went farthest is what is told. */
static bool try_policy(const struct ike_child_policy *policy, struct request *r)
{
	if (!r->looked_at)
		r->looked_at = policy;
	r->narrowed = narrow(policy, r);
	if (r->narrowed == IKE_NARROW_NONE)
		return false;
	if (choose(policy, r)) {
		r->policy = policy;
		return true;
	}
	if (r->error != IKE_NOTIFY_NO_PROPOSAL_CHOSEN) {
		r->error = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
		r->looked_at = policy;
		r->why = r->choice.error;
	}
	return false;
}

/*
 * What replaces an SA is for the same entry, and has all of its traffic if the peer
 * asks for it (RFC 7296 section 2.9.2).
 */
static bool try_replaced(const struct ike_child *old, struct request *r)
{
	if (!try_policy(old->policy, r))
		return false;
	if (ike_selectors_within(&old->local, &r->local) &&
	    ike_selectors_within(&old->remote, &r->remote)) {
		r->local_out = old->local;
		r->remote_out = old->remote;
		r->narrowed = IKE_NARROW_ALL;
	}
	return true;
}

static bool find_policy(const struct ike_sa *sa, const struct ike_child *replaces,
			struct request *r)
{
	r->error = IKE_NOTIFY_TS_UNACCEPTABLE;
	if (replaces && try_replaced(replaces, r))
		return true;
	for (size_t i = 0; i < sa->config->n_children; i++)
		if (is_for(sa, &sa->config->children[i]) &&
		    try_policy(&sa->config->children[i], r))
			return true;
	return false;
}

static void tell_mismatch(struct ike_sa *sa, const struct ike_message *m,
			  const struct request *r)
{
	char theirs[IKE_CHILD_TEXT_LEN], ours[IKE_CHILD_TEXT_LEN], name[IKE_CHILD_TEXT_LEN];

	ike_selectors_text(theirs, &r->local, &r->remote);
	if (!r->looked_at) {
		ike_sa_fail(sa, m->at, theirs, "none", "no crypto map entry is for this peer");
		return;
	}
	ike_policy_text(name, r->looked_at);
	if (r->error == IKE_NOTIFY_TS_UNACCEPTABLE) {
		ike_sa_fail(sa, m->at, theirs, ike_pairs_text(ours, r->looked_at),
			    "%s: the access list has nothing of the traffic that the peer asks for",
			    name);
		return;
	}
	ike_proposals_text(theirs, r->sa.proposals, r->sa.n);
	ike_sa_fail(sa, m->at, theirs,
		    ike_proposals_text(ours, r->looked_at->proposals, r->looked_at->n_proposals),
		    "%s: no transform set fits: %s", name, r->why);
}

static struct ike_child *refuse(struct ike_writer *w, uint16_t type)
{
	ike_write_error(w, type);
	return NULL;
}

/* A request that cannot be: the end of the IKE SA, which IKE_AUTH is only to begin. */
static struct ike_child *refuse_all(struct ike_sa *sa, const struct ike_message *m, bool in_auth,
				    const char *why, struct ike_writer *w)
{
	if (in_auth) {
		ike_sa_fail(sa, m->at, NULL, NULL, "the peer asks for no tunnel that can be: %s",
			    why);
		return refuse(w, IKE_NOTIFY_NO_PROPOSAL_CHOSEN);
	}
	ike_write_fatal(sa, m, w, why);
	return NULL;
}

static struct ike_child *ask_group(struct ike_sa *sa, const struct request *r,
				   struct ike_writer *w)
{
	const uint16_t group = htons(r->choice.suite.dh->id);

	ike_sa_log(sa, IKE_LOG_DEBUG, "the peer is asked for group %u", r->choice.suite.dh->id);
	ike_write_notify(w, IKE_NOTIFY_INVALID_KE_PAYLOAD, ike_chunk(&group, sizeof(group)));
	return NULL;
}

/* Which line of the access list has all of it. */
static size_t line_of(const struct ike_child_policy *policy, const struct ike_selectors *local,
		      const struct ike_selectors *remote)
{
	for (size_t i = 0; i < policy->n_pairs; i++) {
		const struct ike_selectors l = { .n = 1, .list = { policy->pairs[i].local } };
		const struct ike_selectors r = { .n = 1, .list = { policy->pairs[i].remote } };

		if (ike_selectors_within(local, &l) && ike_selectors_within(remote, &r))
			return i;
	}
	return SIZE_MAX;
}

static struct ike_child *new_child(struct ike_sa *sa, const struct request *r,
				   struct ike_child *replaces)
{
	struct ike_child *child;
	uint32_t spi;

	child = ike_child_new(sa, r->policy, line_of(r->policy, &r->local_out, &r->remote_out),
			      NULL);
	if (!child)
		return NULL;
	memcpy(&spi, r->choice.theirs->spi, sizeof(spi));
	child->spi_out = ntohl(spi);
	child->suite = r->choice.suite;
	child->local = r->local_out;
	child->remote = r->remote_out;
	child->transport = r->transport &&
			   ike_child_may_transport(sa, r->policy, &child->local, &child->remote);
	child->replaces = replaces;
	child->rekeys = replaces ? replaces->rekeys + 1 : 0;
	return child;
}

/* The same SPI twice would be two SAs that the kernel cannot tell apart. */
static bool spi_ok(struct ike_sa *sa, const struct ike_proposal *theirs)
{
	const struct ike_child *other;
	uint32_t spi;

	if (theirs->spi_len != sizeof(spi))
		return false;
	memcpy(&spi, theirs->spi, sizeof(spi));
	other = ike_child_by_spi(sa, IKE_OUT, ntohl(spi));
	return ntohl(spi) >= IKE_CHILD_SPI_MIN && (!other || !other->has_out);
}

static bool make_keys(struct ike_sa *sa, struct ike_child *child, const struct request *r,
		      struct ike_chunk ni, struct ike_chunk nr, struct ike_dh **dh,
		      const struct ike_message *m)
{
	struct ike_secret secret = {};
	const char *error = NULL;
	bool ok;

	if (child->suite.dh) {
		*dh = ike_dh_new(child->suite.dh);
		error = *dh ? ike_dh_derive(*dh, r->ke->ke.data, &secret) : "libcrypto failed";
	}
	ok = !error && ike_child_make_keys(sa, child, ike_chunk(secret.data, secret.len), ni, nr);
	ike_secret_wipe(&secret);
	if (!ok)
		ike_sa_fail(sa, m->at, NULL, NULL, "no keys can be made for a tunnel: %s",
			    error ? error : "libcrypto failed");
	return ok;
}

static void write_answer(const struct ike_child *child, const struct request *r,
			 struct ike_chunk nr, const struct ike_dh *dh, struct ike_writer *w)
{
	const uint32_t spi = htonl(child->spi_in);
	struct ike_proposal answer = r->choice.answer;

	answer.spi_len = sizeof(spi);
	memcpy(answer.spi, &spi, sizeof(spi));
	if (child->transport)
		ike_write_notify(w, IKE_NOTIFY_USE_TRANSPORT_MODE, (struct ike_chunk){});
	ike_write_sa(w, &answer, 1);
	if (!r->in_auth)
		ike_write_nonce(w, nr);
	if (dh)
		ike_write_ke(w, dh->group->id, ike_chunk(dh->value, dh->group->value_len));
	ike_write_ts(w, IKE_PAYLOAD_TSI, child->remote.list, child->remote.n);
	ike_write_ts(w, IKE_PAYLOAD_TSR, child->local.list, child->local.n);
	if (r->narrowed == IKE_NARROW_MORE)
		ike_write_notify(w, IKE_NOTIFY_ADDITIONAL_TS_POSSIBLE, (struct ike_chunk){});
}

/* Make what was agreed on, and answer: 0, or the notification of the error. */
static uint16_t make(struct ike_sa *sa, struct ike_child *child, const struct request *r,
		     const struct ike_message *m, struct ike_chunk ni, struct ike_chunk nr,
		     struct ike_writer *w)
{
	struct ike_dh *dh = NULL;
	uint16_t error = IKE_NOTIFY_NO_PROPOSAL_CHOSEN;

	if (make_keys(sa, child, r, ni, nr, &dh, m) && ike_child_install_in(sa, child, m->at) &&
	    (child->replaces || ike_child_install_out(sa, child, m->at))) {
		write_answer(child, r, nr, dh, w);
		error = 0;
	}
	ike_dh_free(dh);
	return error;
}

struct ike_child *ike_child_accept(struct ike_sa *sa, const struct ike_message *m,
				   struct ike_chunk ni, struct ike_chunk nr, bool in_auth,
				   struct ike_child *replaces, struct ike_writer *w)
{
	struct ike_child *child;
	struct request r;
	uint16_t error;

	if (!read_request(m, in_auth, &r))
		return refuse_all(sa, m, in_auth, "a payload is missing", w);
	if (!find_policy(sa, replaces, &r)) {
		tell_mismatch(sa, m, &r);
		return refuse(w, r.error);
	}
	if (r.choice.wrong_ke)
		return ask_group(sa, &r, w);
	if (!spi_ok(sa, r.choice.theirs))
		return refuse_all(sa, m, in_auth, "its SPI is none, or is in use", w);
	child = new_child(sa, &r, replaces);
	if (!child) {
		ike_sa_fail(sa, m->at, NULL, NULL, "no more tunnels with this peer: %zu",
			    sa->n_children);
		return refuse(w, IKE_NOTIFY_NO_ADDITIONAL_SAS);
	}
	error = make(sa, child, &r, m, ni, nr, w);
	if (!error)
		return child;
	ike_child_remove(sa, child);
	return refuse(w, error);
}
