// SPDX-License-Identifier: GPL-2.0-or-later
/* Child SAs that we ask for: RFC 7296 sections 1.3.1, 1.3.3 and 2.9. */
#include <arpa/inet.h>
#include <string.h>

#include "ike/child.h"

static void add_selector(struct ike_selectors *to, const struct ike_selector *s)
{
	for (unsigned int i = 0; i < to->n; i++)
		if (ike_selector_within(s, &to->list[i]) && ike_selector_within(&to->list[i], s))
			return;
	if (to->n < IKE_SELECTORS_MAX)
		to->list[to->n++] = *s;
}

static void add_pair(struct ike_child *child, const struct ike_selector_pair *pair)
{
	add_selector(&child->local, &pair->local);
	add_selector(&child->remote, &pair->remote);
}

static void add_anything(struct ike_child *child)
{
	static const uint8_t zero[16];
	struct ike_selector_pair all;

	for (int i = 0; i < 2; i++) {
		ike_selector_of_prefix(&all.local, i ? AF_INET6 : AF_INET, zero, 0);
		all.remote = all.local;
		add_pair(child, &all);
	}
}

/*
 * What is asked for stands where what is agreed on is going to stand. What replaces an SA
 * gets its traffic, and no packet's (RFC 7296 section 2.9.2).
 */
static void set_wishes(struct ike_child *child)
{
	const struct ike_child_policy *policy = child->policy;

	if (child->replaces) {
		child->local = child->replaces->local;
		child->remote = child->replaces->remote;
		return;
	}
	child->local.n = 0;
	child->remote.n = 0;
	if (child->packet.local.family)
		add_pair(child, &child->packet);
	if (!policy->n_pairs)
		add_anything(child);
	for (size_t i = 0; i < policy->n_pairs; i++)
		if (child->pair == SIZE_MAX || child->pair == i)
			add_pair(child, &policy->pairs[i]);
}

static void drop_dh(struct ike_proposal *p)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < p->n; i++)
		if (p->transforms[i].type != IKE_TRANSFORM_DH)
			p->transforms[kept++] = p->transforms[i];
	p->n = kept;
}

/**
 * ike_child_offers() - Write proposals for a child SA.
 * @child: child SA
 * @in_auth: there is no Diffie-Hellman in this exchange
 * @offers: its policy's proposals with its SPI
 */
void ike_child_offers(const struct ike_child *child, bool in_auth,
		      struct ike_child_offers *offers)
{
	const uint32_t spi = htonl(child->spi_in);

	offers->n = 0;
	for (size_t i = 0; i < child->policy->n_proposals && i < IKE_PROPOSALS_MAX; i++) {
		struct ike_proposal *p = &offers->list[offers->n++];

		*p = child->policy->proposals[i];
		p->spi_len = sizeof(spi);
		memcpy(p->spi, &spi, sizeof(spi));
		if (in_auth)
			drop_dh(p);
	}
}

static bool is_host(const struct ike_selectors *s, const struct ike_endpoint *e)
{
	const size_t size = e->family == AF_INET6 ? 16 : 4;

	for (unsigned int i = 0; i < s->n; i++)
		if (s->list[i].family != e->family ||
		    memcmp(s->list[i].first, e->address, size) ||
		    memcmp(s->list[i].last, e->address, size))
			return false;
	return s->n;
}

/**
 * ike_child_may_transport() - Tell whether transport mode will do.
 * @sa: IKE SA
 * @policy: entry that the child SA is for
 * @local: our side's traffic
 * @remote: the peer's
 *
 * It is for the traffic of the two ends alone. Behind a NAT their addresses are not what
 * they seem, and tunnel mode is used (RFC 7296 section 2.23.1).
 */
bool ike_child_may_transport(const struct ike_sa *sa, const struct ike_child_policy *policy,
			     const struct ike_selectors *local,
			     const struct ike_selectors *remote)
{
	return policy->transport && !sa->nat_local && !sa->nat_remote &&
	       is_host(local, &sa->path.local) && is_host(remote, &sa->path.remote);
}

void ike_child_offer(struct ike_sa *sa, struct ike_child *child, struct ike_chunk ni,
		     const struct ike_dh *dh, bool in_auth, struct ike_writer *w)
{
	struct ike_child_offers offers;

	child->initiator = true;
	set_wishes(child);
	child->transport = ike_child_may_transport(sa, child->policy, &child->local,
						   &child->remote);
	ike_child_offers(child, in_auth, &offers);
	if (child->transport)
		ike_write_notify(w, IKE_NOTIFY_USE_TRANSPORT_MODE, (struct ike_chunk){});
	ike_write_sa(w, offers.list, (unsigned int)offers.n);
	if (!in_auth)
		ike_write_nonce(w, ni);
	if (dh)
		ike_write_ke(w, dh->group->id, ike_chunk(dh->value, dh->group->value_len));
	ike_write_ts(w, IKE_PAYLOAD_TSI, child->local.list, child->local.n);
	ike_write_ts(w, IKE_PAYLOAD_TSR, child->remote.list, child->remote.n);
}

/* An answer that cannot be: what the peer did, and what we had asked for. */
static uint16_t refuse_answer(struct ike_sa *sa, struct ike_child *child,
			      const struct ike_message *m, const char *theirs, uint16_t type,
			      const char *why)
{
	char ours[IKE_CHILD_TEXT_LEN], name[IKE_CHILD_TEXT_LEN];

	if (type == IKE_NOTIFY_TS_UNACCEPTABLE)
		ike_selectors_text(ours, &child->local, &child->remote);
	else
		ike_proposals_text(ours, child->policy->proposals, child->policy->n_proposals);
	ike_sa_fail(sa, m->at, theirs, ours, "%s: the peer's answer cannot be used: %s",
		    ike_policy_text(name, child->policy), why);
	return type;
}

/* The peer said no, and does not say what it would have taken. */
static uint16_t refused(struct ike_sa *sa, struct ike_child *child, const struct ike_message *m,
			uint16_t type)
{
	char ours[IKE_CHILD_TEXT_LEN], name[IKE_CHILD_TEXT_LEN], word[IKE_NAME_LEN];

	if (type == IKE_NOTIFY_TS_UNACCEPTABLE)
		ike_selectors_text(ours, &child->local, &child->remote);
	else
		ike_proposals_text(ours, child->policy->proposals, child->policy->n_proposals);
	ike_sa_fail(sa, m->at, "not told", ours, "%s: the peer refuses a tunnel: %s",
		    ike_policy_text(name, child->policy), ike_notify_text(word, type));
	return type;
}

static bool take_suite(struct ike_child *child, const struct ike_message *m,
		       const struct ike_dh *dh, bool in_auth, const char **why,
		       char theirs[IKE_CHILD_TEXT_LEN])
{
	const struct ike_payload *sa = ike_payload_find(&m->payloads, IKE_PAYLOAD_SA);
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	const uint16_t group = ke && !in_auth ? ke->ke.group : 0;
	struct ike_child_offers offers;
	struct ike_sa_list answer;
	uint32_t spi;

	*theirs = '\0';
	*why = "it has no proposal";
	if (!sa || !ike_sa_read(sa, &answer))
		return false;
	ike_proposals_text(theirs, answer.proposals, answer.n);
	ike_child_offers(child, in_auth, &offers);
	*why = ike_proposal_check_answer(offers.list, offers.n, answer.proposals, answer.n, group,
					 &child->suite);
	if (*why)
		return false;
	*why = "its group is not that of our KE payload";
	if (child->suite.dh && (!dh || dh->group != child->suite.dh))
		return false;
	*why = "its SPI is none";
	if (answer.proposals[0].spi_len != sizeof(spi))
		return false;
	memcpy(&spi, answer.proposals[0].spi, sizeof(spi));
	child->spi_out = ntohl(spi);
	return child->spi_out >= IKE_CHILD_SPI_MIN;
}

/**
 * ike_selectors_read() - Read the traffic selectors of a message.
 * @m: message
 * @type: IKE_PAYLOAD_TSI or IKE_PAYLOAD_TSR
 * @to: those that are of a known type
 *
 * Return: whether the message has any.
 */
bool ike_selectors_read(const struct ike_message *m, uint8_t type, struct ike_selectors *to)
{
	const struct ike_payload *p = ike_payload_find(&m->payloads, type);
	struct ike_ts_list list;

	to->n = 0;
	if (!p || !ike_ts_read(p, &list))
		return false;
	memcpy(to->list, list.selectors, list.n * sizeof(*list.selectors));
	to->n = list.n;
	return true;
}

static bool take_selectors(struct ike_child *child, const struct ike_message *m,
			   const char **why, char theirs[IKE_CHILD_TEXT_LEN])
{
	struct ike_selectors local, remote;
	bool both;

	both = ike_selectors_read(m, IKE_PAYLOAD_TSI, &local);
	both &= ike_selectors_read(m, IKE_PAYLOAD_TSR, &remote);
	ike_selectors_text(theirs, &local, &remote);
	*why = "it has no traffic selectors";
	if (!both || !local.n || !remote.n)
		return false;
	*why = "its traffic selectors are not within ours";
	if (!ike_selectors_within(&local, &child->local) ||
	    !ike_selectors_within(&remote, &child->remote))
		return false;
	child->local = local;
	child->remote = remote;
	return true;
}

static uint16_t derive(struct ike_sa *sa, struct ike_child *child, const struct ike_message *m,
		       struct ike_chunk ni, struct ike_chunk nr, const struct ike_dh *dh)
{
	const struct ike_payload *ke = ike_payload_find(&m->payloads, IKE_PAYLOAD_KE);
	struct ike_secret secret = {};
	const char *error = NULL;
	bool ok;

	if (child->suite.dh)
		error = ike_dh_derive(dh, ke->ke.data, &secret);
	ok = !error && ike_child_make_keys(sa, child, ike_chunk(secret.data, secret.len), ni, nr);
	ike_secret_wipe(&secret);
	if (ok)
		return 0;
	ike_sa_fail(sa, m->at, NULL, NULL, "no keys can be made for a tunnel: %s",
		    error ? error : "libcrypto failed");
	return IKE_NOTIFY_INVALID_SYNTAX;
}

/**
 * ike_child_take_answer() - Take what the peer has answered for a child SA, with its keys.
 * @sa: IKE SA
 * @child: LARVAL child SA of it that was offered
 * @m: response
 * @ni: our nonce
 * @nr: the peer's
 * @dh: our key pair, NULL in IKE_AUTH and without PFS
 * @in_auth: the exchange is IKE_AUTH
 *
 * Return: 0, or the notification that says why not, which was logged.
 */
uint16_t ike_child_take_answer(struct ike_sa *sa, struct ike_child *child,
			       const struct ike_message *m, struct ike_chunk ni,
			       struct ike_chunk nr, const struct ike_dh *dh, bool in_auth)
{
	const bool transport = ike_payload_find_notify(&m->payloads,
						       IKE_NOTIFY_USE_TRANSPORT_MODE);
	char theirs[IKE_CHILD_TEXT_LEN];
	uint16_t error = ike_answer_error(m);
	const char *why;

	if (error)
		return refused(sa, child, m, error);
	if (!take_suite(child, m, dh, in_auth, &why, theirs))
		return refuse_answer(sa, child, m, theirs, IKE_NOTIFY_NO_PROPOSAL_CHOSEN, why);
	if (!take_selectors(child, m, &why, theirs))
		return refuse_answer(sa, child, m, theirs, IKE_NOTIFY_TS_UNACCEPTABLE, why);
	if (transport && !child->transport)
		return refuse_answer(sa, child, m, "transport", IKE_NOTIFY_INVALID_SYNTAX,
				     "it wants transport mode, which was not asked for");
	child->transport = transport;
	return derive(sa, child, m, ni, nr, dh);
}

uint16_t ike_child_answered(struct ike_sa *sa, struct ike_child *child,
			    const struct ike_message *m, struct ike_chunk ni, struct ike_chunk nr,
			    const struct ike_dh *dh, bool in_auth)
{
	uint16_t error = ike_child_take_answer(sa, child, m, ni, nr, dh, in_auth);

	if (error) {
		/* What the peer has answered with an SA of its own, it has. */
		if (ike_payload_find(&m->payloads, IKE_PAYLOAD_SA))
			ike_child_retire(sa, child);
		else
			ike_child_remove(sa, child);
		return error;
	}
	if (!ike_child_install_in(sa, child, m->at) || !ike_child_install_out(sa, child, m->at)) {
		ike_child_retire(sa, child);
		return IKE_NOTIFY_NO_PROPOSAL_CHOSEN;
	}
	if (child->unwanted)
		ike_child_delete(sa, child, "it is not wanted any more");
	return 0;
}
