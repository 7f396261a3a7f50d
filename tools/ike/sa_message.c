// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages in and out: their numbers (RFC 7296 section 2.2), repeated ones (2.1),
 * their integrity, and who is to do something about them.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ike/sa_int.h"

/* Half of the longest key of a PRF, as section 2.10 wants it. */
#define NONCE_LEN	32

/* The payloads of a response of ours: certificates are the most of it. */
#define CHAIN_MAX	65000

/* What every host takes unfragmented, RFC 7383 section 2.5.1. */
#define FRAGMENT_IPV4	576
#define FRAGMENT_IPV6	1280

/* Headers, IV and checksum leave room for something. */
#define FRAGMENT_MIN	128

#define UDP_LEN		8
#define MARKER_LEN	4
#define PORT_NAT	4500

static const uint8_t no_spi[IKE_SPI_LEN_MAX];

/**
 * ike_sa_random_nonce() - Make a nonce.
 * @sa: IKE SA
 * @nonce: where to
 * @len: octets of it
 *
 * Return: true.
 */
bool ike_sa_random_nonce(struct ike_sa *sa, uint8_t *nonce, size_t *len)
{
	sa->env->ops->random(sa->env->ctx, nonce, NONCE_LEN);
	*len = NONCE_LEN;
	return true;
}

/**
 * ike_datagrams_free() - Forget a message that went out.
 * @d: message
 */
void ike_datagrams_free(struct ike_datagrams *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->item[i].data);
	d->n = 0;
}

/* Octets of a message that go into one datagram. */
static size_t room_of(const struct ike_sa *sa)
{
	const bool ipv6 = sa->path.remote.family == AF_INET6;
	const size_t around = (ipv6 ? 40 : 20) + UDP_LEN +
			      (sa->path.local.port == PORT_NAT ? MARKER_LEN : 0);
	size_t packet = ipv6 ? FRAGMENT_IPV6 : FRAGMENT_IPV4;

	if (!sa->fragmentation || (sa->profile && !sa->profile->fragment))
		return SIZE_MAX;
	if (sa->profile && sa->profile->fragment >= FRAGMENT_MIN)
		packet = sa->profile->fragment;
	return packet - around;
}

static bool write_clear(const struct ike_header *h, uint8_t first, struct ike_chunk chain,
			struct ike_datagrams *out)
{
	const size_t size = IKE_HEADER_LEN + chain.len;
	uint8_t *data = malloc(size);
	struct ike_writer w;

	if (!data)
		return false;
	ike_message_start(&w, data, size, h);
	ike_write_chain(&w, first, chain);
	if (!ike_message_end(&w)) {
		free(data);
		return false;
	}
	out->item[0].data = data;
	out->item[0].len = size;
	out->n = 1;
	return true;
}

/* What AUTH is going to sign, section 2.15. */
static bool keep_first(struct ike_sa *sa, const struct ike_datagrams *d)
{
	uint8_t *copy = malloc(d->item[0].len);

	if (!copy)
		return false;
	memcpy(copy, d->item[0].data, d->item[0].len);
	free(sa->init->ours);
	sa->init->ours = copy;
	sa->init->ours_len = d->item[0].len;
	return true;
}

/**
 * ike_sa_write() - Write a message as it goes out.
 * @sa: IKE SA
 * @h: exchange, message ID and the flag of a response; the rest is filled in
 * @first: of ike_chain_end()
 * @chain: likewise
 * @out: where to; what was there is freed
 *
 * A first message goes out in clear, all else is encrypted.
 *
 * Return: whether it could be done; if not, @out is empty.
 */
bool ike_sa_write(struct ike_sa *sa, const struct ike_header *h, uint8_t first,
		  struct ike_chunk chain, struct ike_datagrams *out)
{
	const bool clear = h->exchange == IKE_EXCHANGE_IKE_SA_INIT;
	struct ike_header full = *h;

	memcpy(full.spi_i, sa->spi_i, sizeof(full.spi_i));
	/* a responder that refuses has no SPI, section 2.6 */
	if (sa->has_keys)
		memcpy(full.spi_r, sa->spi_r, sizeof(full.spi_r));
	full.flags &= IKE_FLAG_RESPONSE;
	if (sa->initiator)
		full.flags |= IKE_FLAG_INITIATOR;
	ike_datagrams_free(out);
	if (!clear)
		return sa->has_keys && ike_sa_seal(sa, &full, first, chain, room_of(sa), out);
	if (!write_clear(&full, first, chain, out))
		return false;
	if (!sa->init || keep_first(sa, out))
		return true;
	ike_datagrams_free(out);
	return false;
}

/**
 * ike_sa_send() - Send a message.
 * @sa: IKE SA
 * @d: message
 * @path: where to and from
 * @at: now
 */
void ike_sa_send(struct ike_sa *sa, const struct ike_datagrams *d, const struct ike_path *path,
		 const struct ike_moment *at)
{
	sa->said_at = at->ms;
	for (size_t i = 0; i < d->n; i++)
		sa->env->ops->send(sa->env->ctx, sa, path, d->item[i].data, d->item[i].len);
}

static void drop(struct ike_sa *sa, const struct ike_header *h, const char *why)
{
	char name[IKE_NAME_LEN];

	ike_sa_log(sa, IKE_LOG_DEBUG, "%s %s %u dropped: %s",
		   ike_exchange_text(name, h->exchange),
		   h->flags & IKE_FLAG_RESPONSE ? "response" : "request", h->message_id, why);
}

static bool digest(struct ike_chunk data, uint8_t out[32])
{
	return EVP_Digest(data.data, data.len, out, NULL, EVP_sha256(), NULL) == 1;
}

/*
 * The peer's address has changed: a NAT has forgotten it, or it goes on with port 4500.
 * Who is behind a NAT keeps to the address that it knows (section 2.23).
 */
static void follow(struct ike_sa *sa, const struct ike_path *path, const struct ike_moment *at)
{
	char from[IKE_ENDPOINT_TEXT_LEN], to[IKE_ENDPOINT_TEXT_LEN];
	const struct ike_path was = sa->path;

	if (ike_endpoint_equal(&was.remote, &path->remote) &&
	    ike_endpoint_equal(&was.local, &path->local))
		return;
	if (sa->state != IKE_STATE_HALF_OPEN && (!sa->nat_remote || sa->nat_local))
		return;
	sa->path = *path;
	ike_sa_log(sa, sa->state == IKE_STATE_HALF_OPEN ? IKE_LOG_DEBUG : IKE_LOG_NOTICE,
		   "the peer has moved from %s port %u to %s port %u",
		   ike_endpoint_text(from, &was.remote), was.remote.port,
		   ike_endpoint_text(to, &sa->path.remote), sa->path.remote.port);
	ike_children_move(sa, &was, at);
}

/**
 * ike_sa_moved() - ESP of the peer comes from elsewhere.
 * @sa: IKE SA
 * @at: now
 * @remote: from where; the packet was authentic and the newest of its SA
 *
 * A peer behind a NAT is followed (RFC 7296 section 2.23), for nothing that is sent to
 * the translation it had reaches it. What the packet does not protect is its source: the
 * peer is asked there, and wherever its answer comes from counts in turn.
 */
void ike_sa_moved(struct ike_sa *sa, const struct ike_moment *at,
		  const struct ike_endpoint *remote)
{
	const struct ike_path path = { .local = sa->path.local, .remote = *remote };

	if (sa->state != IKE_STATE_ESTABLISHED)
		return;
	follow(sa, &path, at);
	ike_sa_probe(sa, at);
}

/* A message that cannot be read, though it is the peer's: sections 2.5 and 2.21. */
static void write_fault(struct ike_sa *sa, const struct ike_message *m,
			const struct ike_fault *fault, struct ike_writer *w)
{
	char name[IKE_NAME_LEN], payload[IKE_NAME_LEN];

	ike_sa_fail(sa, m->at, NULL, NULL, "the peer's %s request cannot be read: %s (%s)",
		    ike_exchange_text(name, m->h.exchange), ike_wire_error_text(fault->error),
		    ike_payload_text(payload, fault->payload));
	if (fault->error == IKE_WIRE_CRITICAL) {
		ike_write_notify(w, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD,
				 ike_chunk(&fault->payload, 1));
		if (sa->state != IKE_STATE_HALF_OPEN)
			return;
	} else {
		ike_write_notify(w, IKE_NOTIFY_INVALID_SYNTAX, ike_chunk(NULL, 0));
	}
	ike_sa_linger(sa, m->at);
}

static bool write_response(struct ike_sa *sa, const struct ike_message *m,
			   const struct ike_fault *fault, struct ike_writer *w)
{
	static const struct ike_fault unknown = { .error = IKE_WIRE_EMPTY };

	if (fault) {
		write_fault(sa, m, fault, w);
		return true;
	}
	switch (m->h.exchange) {
	case IKE_EXCHANGE_IKE_SA_INIT:
		return ike_init_request(sa, m, w);
	case IKE_EXCHANGE_IKE_AUTH:
		if (sa->state == IKE_STATE_HALF_OPEN)
			return ike_auth_request(sa, m, w);
		break;
	case IKE_EXCHANGE_CREATE_CHILD_SA:
		return ike_create_request(sa, m, w);
	case IKE_EXCHANGE_INFORMATIONAL:
		return ike_informational_request(sa, m, w);
	default:
		break;
	}
	write_fault(sa, m, &unknown, w);
	return true;
}

static bool send_response(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w)
{
	const struct ike_header h = {
		.exchange = m->h.exchange,
		.flags = IKE_FLAG_RESPONSE,
		.message_id = m->h.message_id,
	};
	struct ike_chunk chain;
	uint8_t first;

	if (m->h.exchange == IKE_EXCHANGE_IKE_SA_INIT && !digest(m->raw, sa->answered_hash))
		return false;
	if (!ike_chain_end(w, &first, &chain) ||
	    !ike_sa_write(sa, &h, first, chain, &sa->answered))
		return false;
	sa->answered_any = true;
	ike_sa_send(sa, &sa->answered, m->path, m->at);
	return true;
}

static void take_request(struct ike_sa *sa, const struct ike_message *m,
			 const struct ike_fault *fault)
{
	uint8_t *buf = malloc(CHAIN_MAX);
	struct ike_writer w;

	if (!buf)
		return;
	ike_chain_start(&w, buf, CHAIN_MAX);
	if (write_response(sa, m, fault, &w)) {
		sa->recv_id++;
		if (!send_response(sa, m, &w)) {
			/* what was done cannot be told, nor undone */
			ike_sa_fail(sa, m->at, NULL, NULL,
				    "a response cannot be sent: no memory, or too long");
			ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
		}
	}
	OPENSSL_cleanse(buf, CHAIN_MAX);
	free(buf);
}

static void take_response(struct ike_sa *sa, const struct ike_message *m,
			  const struct ike_fault *fault)
{
	char name[IKE_NAME_LEN], payload[IKE_NAME_LEN];

	if (!fault) {
		if (m->h.exchange != IKE_EXCHANGE_IKE_SA_INIT || ike_init_counts(sa, m))
			ike_task_answered(sa, m);
		return;
	}
	ike_sa_fail(sa, m->at, NULL, NULL, "the peer's %s response cannot be read: %s (%s)",
		    ike_exchange_text(name, m->h.exchange), ike_wire_error_text(fault->error),
		    ike_payload_text(payload, fault->payload));
	ike_sa_set_state(sa, IKE_STATE_DEAD, m->at);
}

/**
 * ike_sa_opened() - Go on with an authentic message that has not been seen before.
 * @sa: IKE SA
 * @m: message; its payloads are filled in
 * @first: type of the first payload of what was encrypted
 * @plain: what was encrypted
 */
void ike_sa_opened(struct ike_sa *sa, struct ike_message *m, uint8_t first,
		   struct ike_chunk plain)
{
	struct ike_fault fault;
	const bool bad = !ike_payloads_parse(&m->payloads, first, plain.data, plain.len, &fault);

	sa->heard_at = m->at->ms;
	follow(sa, m->path, m->at);
	if (m->h.flags & IKE_FLAG_RESPONSE)
		take_response(sa, m, bad ? &fault : NULL);
	else
		take_request(sa, m, bad ? &fault : NULL);
	if (sa->state == IKE_STATE_ESTABLISHED && sa->rekey_at > m->at->ms &&
	    (sa->send_id >= IKE_MESSAGE_ID_HIGH || sa->recv_id >= IKE_MESSAGE_ID_HIGH))
		sa->rekey_at = m->at->ms;
	ike_tasks_run(sa, m->at);
}

static bool is_repeated(const struct ike_sa *sa, const struct ike_header *h)
{
	return !(h->flags & IKE_FLAG_RESPONSE) && sa->answered_any &&
	       h->message_id == sa->recv_id - 1;
}

/* Of the encrypted messages, which are worth decrypting; NULL: this one. */
static const char *unwanted(const struct ike_sa *sa, const struct ike_header *h)
{
	if (!sa->has_keys)
		return "there are no keys yet";
	if (h->flags & IKE_FLAG_RESPONSE) {
		if (!sa->asking || h->message_id != sa->send_id ||
		    h->exchange != sa->asking->ops->exchange)
			return "nothing that is outstanding is answered by it";
		return NULL;
	}
	if (is_repeated(sa, h))
		return NULL;
	if (h->message_id != sa->recv_id || h->message_id == UINT32_MAX)
		return "its message ID is not the next one";
	if (sa->lingering)
		return "the SA has ended";
	if (sa->state == IKE_STATE_INIT || sa->state == IKE_STATE_AUTH)
		return "the responder may not ask anything yet";
	if (sa->state == IKE_STATE_HALF_OPEN && h->exchange != IKE_EXCHANGE_IKE_AUTH)
		return "the peer has not proved who it is";
	return NULL;
}

static void receive_encrypted(struct ike_sa *sa, struct ike_message *m, uint8_t *data, size_t len)
{
	const struct ike_payload *last =
		m->payloads.n ? &m->payloads.items[m->payloads.n - 1] : NULL;
	const bool fragment = last && last->type == IKE_PAYLOAD_SKF;
	const char *why = unwanted(sa, &m->h);
	struct ike_payload sk;
	enum ike_open_error error;
	struct ike_chunk plain;
	uint8_t *whole = NULL, first;
	size_t whole_len = 0;

	if (!why && (!last || (last->type != IKE_PAYLOAD_SK && !fragment)))
		why = "it is not encrypted";
	if (!why && fragment && !is_repeated(sa, &m->h) &&
	    !ike_sa_wants_fragment(sa, &m->h, last))
		why = "it is no fragment that is missing";
	if (why) {
		drop(sa, &m->h, why);
		return;
	}
	sk = *last;
	first = sk.encrypted.first;
	error = ike_open(sa->env->crypt, &sa->suite, sa->initiator ? &sa->keys.r : &sa->keys.i,
			 data, len, (size_t)(sk.encrypted.content.data - data), &plain);
	if (error != IKE_OPEN_OK && error != IKE_OPEN_PADDING) {
		drop(sa, &m->h, ike_open_text(error));
		return;
	}
	if (is_repeated(sa, &m->h)) {
		/* upon the first of its fragments only, RFC 7383 section 2.6.1 */
		if (!fragment || sk.encrypted.fragment == 1) {
			drop(sa, &m->h, "it is answered again as before");
			sa->retransmits++;
			ike_sa_send(sa, &sa->answered, m->path, m->at);
		}
	} else if (error == IKE_OPEN_PADDING) {
		/* no payload is of a type that says so: it is read as one that is cut off */
		ike_sa_opened(sa, m, IKE_PAYLOAD_SK, ike_chunk(data, 0));
	} else if (!fragment) {
		ike_sa_opened(sa, m, first, plain);
	} else if (ike_sa_reassemble(sa, &m->h, &sk, plain, &whole, &whole_len, &first)) {
		ike_sa_opened(sa, m, first, ike_chunk(whole, whole_len));
		OPENSSL_cleanse(whole, whole_len);
		free(whole);
	}
	/* what was decrypted has no business in the host's buffer */
	if (plain.len)
		OPENSSL_cleanse((uint8_t *)plain.data, plain.len);
}

static void receive_first(struct ike_sa *sa, struct ike_message *m)
{
	uint8_t hash[32];

	if (m->h.flags & IKE_FLAG_RESPONSE) {
		if (sa->asking && m->h.message_id == sa->send_id &&
		    sa->asking->ops->exchange == IKE_EXCHANGE_IKE_SA_INIT)
			take_response(sa, m, NULL);
		else
			drop(sa, &m->h, "nothing that is outstanding is answered by it");
	} else if (sa->answered_any) {
		if (sa->recv_id == 1 && m->h.message_id == 0 && digest(m->raw, hash) &&
		    !CRYPTO_memcmp(hash, sa->answered_hash, sizeof(hash)))
			ike_sa_send(sa, &sa->answered, m->path, m->at);
		else
			drop(sa, &m->h, "it is not the one that was answered");
	} else if (sa->state == IKE_STATE_HALF_OPEN && m->h.message_id == 0) {
		take_request(sa, m, NULL);
	}
	ike_tasks_run(sa, m->at);
}

/* Whether it is of this SA, and not one of our own that came back. */
static bool is_ours(const struct ike_sa *sa, const struct ike_header *h)
{
	const bool first = h->exchange == IKE_EXCHANGE_IKE_SA_INIT;
	const bool response = h->flags & IKE_FLAG_RESPONSE;

	if (!(h->flags & IKE_FLAG_INITIATOR) != sa->initiator)
		return false;
	/* what we answer first tells us the initiator's SPI */
	if (!sa->initiator && first && !response)
		return !memcmp(h->spi_r, no_spi, sizeof(no_spi)) &&
		       (!sa->answered_any || !memcmp(h->spi_i, sa->spi_i, sizeof(no_spi)));
	if (memcmp(h->spi_i, sa->spi_i, sizeof(no_spi)))
		return false;
	if (sa->initiator && first && response)
		return true;
	return !memcmp(h->spi_r, sa->spi_r, sizeof(no_spi));
}

/**
 * ike_sa_receive() - A datagram has come.
 * @sa: IKE SA that its SPI is of, or that was made for it
 * @at: now
 * @path: between which addresses
 * @data: message, without the four octets of port 4500; is written to
 * @len: octets of it
 *
 * Nothing changes by what is not authentic but for the first two messages.
 */
void ike_sa_receive(struct ike_sa *sa, const struct ike_moment *at, const struct ike_path *path,
		    uint8_t *data, size_t len)
{
	struct ike_message m = { .raw = { data, len }, .path = path, .at = at };
	struct ike_fault fault;

	if (sa->state == IKE_STATE_DEAD)
		return;
	if (!ike_message_parse(&m.h, &m.payloads, data, len, &fault)) {
		if (fault.error != IKE_WIRE_SHORT)
			drop(sa, &m.h, ike_wire_error_text(fault.error));
		return;
	}
	if (!is_ours(sa, &m.h))
		drop(sa, &m.h, "it is not of this SA");
	else if (m.h.exchange == IKE_EXCHANGE_IKE_SA_INIT)
		receive_first(sa, &m);
	else
		receive_encrypted(sa, &m, data, len);
}
