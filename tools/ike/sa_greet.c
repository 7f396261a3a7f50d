// SPDX-License-Identifier: GPL-2.0-or-later
/* First messages, before anything is kept for them: cookies, RFC 7296 section 2.6. */
#include <openssl/crypto.h>
#include <string.h>
#include <sys/socket.h>

#include "ike/sa_int.h"

/* Version of the secret, HMAC-SHA-256. */
#define COOKIE_LEN	(1 + 32)

static bool make_cookie(const struct ike_env *env, uint8_t version,
			const uint8_t secret[IKE_COOKIE_SECRET_LEN], const struct ike_path *path,
			const struct ike_header *h, struct ike_chunk nonce,
			uint8_t cookie[COOKIE_LEN])
{
	const struct ike_alg *prf = ike_alg_find(IKE_TRANSFORM_PRF, IKE_PRF_HMAC_SHA2_256, 0);
	const uint8_t port[2] = { (uint8_t)(path->remote.port >> 8), (uint8_t)path->remote.port };
	const struct ike_chunk in[] = {
		ike_chunk(h->spi_i, sizeof(h->spi_i)),
		ike_chunk(path->remote.address, path->remote.family == AF_INET ? 4 : 16),
		ike_chunk(port, sizeof(port)),
		nonce,
	};

	cookie[0] = version;
	return ike_prf(env->crypt, prf, ike_chunk(secret, IKE_COOKIE_SECRET_LEN), in,
		       sizeof(in) / sizeof(*in), cookie + 1);
}

static bool is_cookie(const struct ike_env *env, const struct ike_cookie_secrets *s,
		      const struct ike_path *path, const struct ike_header *h,
		      struct ike_chunk nonce, struct ike_chunk cookie)
{
	const uint8_t last = (uint8_t)(s->version - 1);
	uint8_t right[COOKIE_LEN];
	bool present;

	if (cookie.len != COOKIE_LEN)
		return false;
	present = cookie.data[0] == s->version;
	return (present || cookie.data[0] == last) &&
	       make_cookie(env, cookie.data[0], present ? s->now : s->last, path, h, nonce,
			   right) &&
	       !CRYPTO_memcmp(right, cookie.data, COOKIE_LEN);
}

/* An answer of one notification. The responder has no SPI yet. */
static enum ike_greeting say(const struct ike_header *h, uint16_t type, struct ike_chunk data,
			     uint8_t *answer, size_t *answer_len)
{
	struct ike_header out = *h;
	struct ike_writer w;

	out.flags = IKE_FLAG_RESPONSE;
	/* whoever sent it may not be the initiator of an SA that has gone */
	if (!(h->flags & IKE_FLAG_INITIATOR))
		out.flags |= IKE_FLAG_INITIATOR;
	ike_message_start(&w, answer, IKE_GREETING_MAX, &out);
	ike_write_notify(&w, type, data);
	*answer_len = ike_message_end(&w);
	return *answer_len ? IKE_GREET_ANSWER : IKE_GREET_DROP;
}

/* A major version that is not ours: a higher one is told which one is. */
static enum ike_greeting other_version(const struct ike_header *h, uint8_t *answer,
				       size_t *answer_len, const char **why)
{
	if (h->major < IKE_MAJOR_VERSION || h->flags & IKE_FLAG_RESPONSE) {
		*why = h->major == 1 ? "it is of IKE version 1" : "its version is not known";
		return IKE_GREET_DROP;
	}
	*why = "its major version is higher than 2";
	/* its header has the version that we know */
	return say(h, IKE_NOTIFY_INVALID_MAJOR_VERSION, ike_chunk(NULL, 0), answer, answer_len);
}

static const char *not_first(const struct ike_header *h)
{
	static const uint8_t none[IKE_SPI_LEN_MAX];

	if (h->flags & IKE_FLAG_RESPONSE)
		return "it answers nothing of ours";
	if (h->exchange != IKE_EXCHANGE_IKE_SA_INIT || memcmp(h->spi_r, none, sizeof(none)))
		return "it is of an IKE SA that we do not have";
	if (!(h->flags & IKE_FLAG_INITIATOR) || h->message_id)
		return "it is no first message";
	return NULL;
}

static bool is_complete(const struct ike_payloads *payloads)
{
	return ike_payload_find(payloads, IKE_PAYLOAD_SA) &&
	       ike_payload_find(payloads, IKE_PAYLOAD_KE) &&
	       ike_payload_find(payloads, IKE_PAYLOAD_NONCE);
}

/**
 * ike_greet() - Look at a datagram that is of no SA that we have.
 * @env: its cryptography is used, nothing else
 * @secrets: what cookies are made with
 * @ask_cookie: there are so many half-open SAs that a cookie is wanted
 * @path: between which addresses it came
 * @data: message, without the four octets of port 4500
 * @len: octets of it
 * @answer: what to send, to where it came from
 * @answer_len: octets of it
 * @why: for a log: why it was not accepted
 *
 * Nothing is kept of it, and an answer is never longer than it was.
 *
 * Return: what to do.
 */
enum ike_greeting ike_greet(const struct ike_env *env, const struct ike_cookie_secrets *secrets,
			    bool ask_cookie, const struct ike_path *path, const uint8_t *data,
			    size_t len, uint8_t answer[IKE_GREETING_MAX], size_t *answer_len,
			    const char **why)
{
	const struct ike_payload *nonce, *given;
	struct ike_payloads payloads;
	uint8_t cookie[COOKIE_LEN];
	struct ike_fault fault;
	struct ike_header h;

	*answer_len = 0;
	*why = NULL;
	if (!ike_message_parse(&h, &payloads, data, len, &fault)) {
		*why = ike_wire_error_text(fault.error);
		if (fault.error == IKE_WIRE_VERSION)
			return other_version(&h, answer, answer_len, why);
		/* with a wrong header there is nothing to answer to */
		if (fault.error == IKE_WIRE_SHORT || fault.error == IKE_WIRE_LENGTH ||
		    fault.error == IKE_WIRE_SPI || not_first(&h))
			return IKE_GREET_DROP;
		if (fault.error == IKE_WIRE_CRITICAL)
			return say(&h, IKE_NOTIFY_UNSUPPORTED_CRITICAL_PAYLOAD,
				   ike_chunk(&fault.payload, 1), answer, answer_len);
		return say(&h, IKE_NOTIFY_INVALID_SYNTAX, ike_chunk(NULL, 0), answer, answer_len);
	}
	*why = not_first(&h);
	if (*why)
		return IKE_GREET_DROP;
	if (!is_complete(&payloads)) {
		*why = "it lacks SA, KE or nonce";
		return say(&h, IKE_NOTIFY_INVALID_SYNTAX, ike_chunk(NULL, 0), answer, answer_len);
	}
	if (!ask_cookie)
		return IKE_GREET_ACCEPT;

	nonce = ike_payload_find(&payloads, IKE_PAYLOAD_NONCE);
	given = ike_payload_find_notify(&payloads, IKE_NOTIFY_COOKIE);
	if (given && is_cookie(env, secrets, path, &h, nonce->body, given->notify.data))
		return IKE_GREET_ACCEPT;
	*why = given ? "its cookie is wrong or too old" : "it has no cookie";
	if (!make_cookie(env, secrets->version, secrets->now, path, &h, nonce->body, cookie))
		return IKE_GREET_DROP;
	return say(&h, IKE_NOTIFY_COOKIE, ike_chunk(cookie, sizeof(cookie)), answer, answer_len);
}
