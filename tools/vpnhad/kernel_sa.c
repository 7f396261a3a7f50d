// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "lib/alloc.h"
#include "lib/decode.h"
#include "lib/nl.h"
#include "lib/transform.h"
#include "vpnhad/kernel_sa.h"

/* The kernel takes no more selectors for an SA. */
#define SELECTORS_MAX	16

/* Of one side: as many could not be combined with one of the other side. */
#define PIECES_MAX	SELECTORS_MAX

#define REASON_LEN	256

/**
 * struct kernel_sas - A worker's way to the kernel.
 * @session: its socket
 * @open: there is one
 * @reason: why the last request failed
 */
struct kernel_sas {
	struct session session;
	bool open;
	char reason[REASON_LEN];
};

/**
 * struct piece - A selector with a prefix for its range of addresses.
 * @prefix: that
 * @selector: protocol and ports
 */
struct piece {
	struct ike_prefix prefix;
	const struct ike_selector *selector;
};

struct pieces {
	struct piece item[PIECES_MAX];
	size_t n;
};

/**
 * kernel_sas_new() - Make a worker's way to the kernel.
 *
 * The socket is opened with the first request, and anew when it broke.
 */
struct kernel_sas *kernel_sas_new(void)
{
	return xcalloc(1, sizeof(struct kernel_sas));
}

/**
 * kernel_sas_free() - Release it.
 * @s: it
 */
void kernel_sas_free(struct kernel_sas *s)
{
	if (s->open)
		session_close(&s->session);
	free(s);
}

/**
 * kernel_address() - An address of the engine's as one of the library's.
 * @to: result
 * @from: address
 */
void kernel_address(struct address *to, const struct ike_endpoint *from)
{
	memset(to, 0, sizeof(*to));
	if (!from->family)
		return;
	to->family = (uint8_t)from->family;
	memcpy(to->bytes, from->address, address_size(to));
}

/**
 * kernel_endpoint() - An address of the library's as one of the engine's.
 * @to: result
 * @from: address; without a family: none
 * @port: host order
 */
void kernel_endpoint(struct ike_endpoint *to, const struct address *from, uint16_t port)
{
	memset(to, 0, sizeof(*to));
	if (!from->family)
		return;
	to->family = from->family;
	to->port = port;
	memcpy(to->address, from->bytes, address_size(from));
}

/**
 * kernel_key_of() - What names an SA.
 * @k: SA
 */
struct kernel_key kernel_key_of(const struct ike_kernel_sa *k)
{
	struct kernel_key key = { .direction = k->direction, .spi = k->spi };

	kernel_address(&key.dst, &k->dst);
	return key;
}

static const char *fail(struct kernel_sas *s, struct session_error *e)
{
	snprintf(s->reason, sizeof(s->reason), "%s", e->message ? e->message : strerror(e->code));
	session_error_clear(e);
	return s->reason;
}

/* Begin a request; NULL with a reason. */
static struct nl_msg *begin(struct kernel_sas *s, uint8_t command)
{
	struct session_error e = {};
	struct nl_msg *msg;

	if (!s->open && session_open(&s->session, &e)) {
		fail(s, &e);
		return NULL;
	}
	s->open = true;
	msg = session_message(&s->session, command);
	if (!msg)
		snprintf(s->reason, sizeof(s->reason), "%s", strerror(ENOMEM));
	return msg;
}

/* It may have held keys, and libnl does not wipe. */
static void discard(struct nl_msg *msg)
{
	explicit_bzero(nlmsg_data(nlmsg_hdr(msg)), (size_t)nlmsg_datalen(nlmsg_hdr(msg)));
	nlmsg_free(msg);
}

/* Send it. @gone_is_fine: that there is no such SA is no error. */
static const char *finish(struct kernel_sas *s, struct nl_msg *msg, bool failed, bool gone_is_fine,
			  session_answer_fn take, void *data)
{
	struct session_error e = {};
	int ret;

	if (failed) {
		snprintf(s->reason, sizeof(s->reason), "the request does not fit");
		discard(msg);
		return s->reason;
	}
	ret = session_call(&s->session, msg, take, data, &e);
	discard(msg);
	if (!ret)
		return NULL;
	if (ret == -ENOENT && gone_is_fine) {
		session_error_clear(&e);
		return NULL;
	}
	/* After an answer that was lost or strange the next one could be taken for it. */
	if (ret == -EBADMSG || ret == -ENOBUFS) {
		session_close(&s->session);
		s->open = false;
	}
	return fail(s, &e);
}

static int put_address(struct nl_msg *msg, int type, const struct address *a)
{
	return nla_put(msg, type, (int)address_size(a), a->bytes);
}

static bool put_key(struct nl_msg *msg, const struct kernel_key *key)
{
	return nla_put_u32(msg, VPNHA_A_SA_DIRECTION, key->direction == IKE_IN ?
			   VPNHA_ESP_DIRECTION_IN : VPNHA_ESP_DIRECTION_OUT) ||
	       nla_put_u32(msg, VPNHA_A_SA_SPI, key->spi) ||
	       put_address(msg, VPNHA_A_SA_DST, &key->dst);
}

static bool put_transform(struct nl_msg *msg, const struct ike_kernel_sa *k)
{
	const struct ike_alg *encr = k->suite->encr, *integ = k->suite->integ;
	const struct transform_cipher *cipher = transform_cipher(encr->esp);
	bool weak = (encr->weak | (integ ? integ->weak : 0)) & IKE_FOR_ESP;
	bool failed;

	failed = nla_put_u32(msg, VPNHA_A_SA_CIPHER, encr->esp) ||
		 nla_put_u32(msg, VPNHA_A_SA_AUTH, integ ? integ->esp : VPNHA_ESP_AUTH_NONE) ||
		 nla_put_u8(msg, VPNHA_A_SA_ALLOW_WEAK, weak) ||
		 nla_put_u8(msg, VPNHA_A_SA_ESN, k->suite->esn);
	if (cipher->has_icv)
		failed |= !!nla_put_u32(msg, VPNHA_A_SA_ICV_BITS, 8U * encr->icv_len);
	if (encr->key_len)
		failed |= !!nla_put(msg, VPNHA_A_SA_CIPHER_KEY, encr->key_len, k->keys->encr);
	if (integ)
		failed |= !!nla_put(msg, VPNHA_A_SA_AUTH_KEY, integ->key_len, k->keys->integ);
	return failed;
}

static uint64_t seconds_of(uint64_t ms)
{
	return ms == IKE_NEVER ? 0 : ms / 1000 + !!(ms % 1000);
}

static bool put_lifetimes(struct nl_msg *msg, const struct ike_kernel_sa *k)
{
	const uint64_t soft = seconds_of(k->soft_ms), hard = seconds_of(k->hard_ms);
	bool failed = false;

	if (soft)
		failed |= !!nla_put_u64(msg, VPNHA_A_SA_SOFT_SECONDS, soft);
	if (hard)
		failed |= !!nla_put_u64(msg, VPNHA_A_SA_HARD_SECONDS, hard);
	if (k->soft_bytes)
		failed |= !!nla_put_u64(msg, VPNHA_A_SA_SOFT_BYTES, k->soft_bytes);
	if (k->hard_bytes)
		failed |= !!nla_put_u64(msg, VPNHA_A_SA_HARD_BYTES, k->hard_bytes);
	return failed;
}

/* Cut selectors into prefixes; false: there are too many. */
static bool cut(const struct ike_selectors *from, struct pieces *to)
{
	struct ike_prefix prefixes[IKE_PREFIXES_MAX];

	to->n = 0;
	for (unsigned int n = 0; n < from->n; n++) {
		size_t got = ike_selector_prefixes(&from->list[n], prefixes);

		if (got > PIECES_MAX - to->n)
			return false;
		for (size_t k = 0; k < got; k++)
			to->item[to->n++] = (struct piece){ prefixes[k], &from->list[n] };
	}
	return true;
}

/* Types of ICMP, opaque ports and the like: what the kernel has no words for. */
static bool expressible(const struct ike_selector *s)
{
	if (s->first_port > s->last_port)
		return false;
	return crypto_has_ports(s->protocol) || (!s->first_port && s->last_port == UINT16_MAX);
}

static bool put_side(struct nl_msg *msg, const struct piece *p, int type, int mask_type)
{
	struct address first = { .family = (uint8_t)p->selector->family }, mask;

	memcpy(first.bytes, p->prefix.first, address_size(&first));
	address_mask_prefix(&mask, first.family, p->prefix.bits);
	return put_address(msg, type, &first) || put_address(msg, mask_type, &mask);
}

static bool put_ports(struct nl_msg *msg, const struct ike_selector *s, int min, int max)
{
	return nla_put_u16(msg, min, s->first_port) || nla_put_u16(msg, max, s->last_port);
}

static bool put_selector(struct nl_msg *msg, const struct piece *local, const struct piece *remote,
			 uint8_t protocol)
{
	struct nlattr *nest = nla_nest_start(msg, VPNHA_A_SA_SELECTOR | NLA_F_NESTED);
	bool failed = !nest;

	failed = failed || nla_put_u32(msg, VPNHA_A_SELECTOR_PROTOCOL, protocol) ||
		 put_side(msg, local, VPNHA_A_SELECTOR_SRC, VPNHA_A_SELECTOR_SRC_MASK) ||
		 put_side(msg, remote, VPNHA_A_SELECTOR_DST, VPNHA_A_SELECTOR_DST_MASK);
	if (!failed && crypto_has_ports(protocol))
		failed = put_ports(msg, local->selector, VPNHA_A_SELECTOR_SRC_PORT_MIN,
				   VPNHA_A_SELECTOR_SRC_PORT_MAX) ||
			 put_ports(msg, remote->selector, VPNHA_A_SELECTOR_DST_PORT_MIN,
				   VPNHA_A_SELECTOR_DST_PORT_MAX);
	if (!failed)
		nla_nest_end(msg, nest);
	return failed;
}

/* Each of ours with each of theirs, as RFC 7296 section 2.9 means them. */
static const char *put_selectors(struct nl_msg *msg, const struct ike_kernel_sa *k)
{
	struct pieces local, remote;
	size_t count = 0;

	if (!cut(k->local, &local) || !cut(k->remote, &remote))
		return "the traffic selectors are more prefixes than the kernel takes";
	for (size_t n = 0; n < local.n; n++) {
		for (size_t m = 0; m < remote.n; m++) {
			const struct ike_selector *a = local.item[n].selector;
			const struct ike_selector *b = remote.item[m].selector;

			if (a->family != b->family ||
			    (a->protocol && b->protocol && a->protocol != b->protocol))
				continue;
			if (!expressible(a) || !expressible(b))
				return "the kernel has no such traffic selectors";
			if (++count > SELECTORS_MAX)
				return "there are more traffic selectors than the kernel takes";
			if (put_selector(msg, &local.item[n], &remote.item[m],
					 a->protocol ? a->protocol : b->protocol))
				return "the request does not fit";
		}
	}
	return count ? NULL : "there are no traffic selectors";
}

static bool put_sa(struct nl_msg *msg, const struct ike_kernel_sa *k)
{
	const struct kernel_key key = kernel_key_of(k);
	const struct ike_child_policy *policy = k->policy;
	struct address src;
	bool failed;

	kernel_address(&src, &k->src);
	failed = nla_put_string(msg, VPNHA_A_SA_IFNAME, policy->ifname) ||
		 nla_put_string(msg, VPNHA_A_SA_MAP, policy->map) ||
		 nla_put_u32(msg, VPNHA_A_SA_NUMBER, policy->number) || put_key(msg, &key) ||
		 put_address(msg, VPNHA_A_SA_SRC, &src) ||
		 nla_put_u32(msg, VPNHA_A_SA_MODE, k->transport ? VPNHA_ESP_MODE_TRANSPORT :
								  VPNHA_ESP_MODE_TUNNEL);
	if (policy->dynamic_number)
		failed |= !!nla_put_u32(msg, VPNHA_A_SA_DYNAMIC_NUMBER, policy->dynamic_number);
	if (k->direction == IKE_IN)
		failed |= !!nla_put_u32(msg, VPNHA_A_SA_REPLAY_WINDOW, policy->replay_window);
	if (k->encap)
		failed |= nla_put_u16(msg, VPNHA_A_SA_ENCAP_SPORT, k->src.port) ||
			  nla_put_u16(msg, VPNHA_A_SA_ENCAP_DPORT, k->dst.port);
	return failed || put_transform(msg, k) || put_lifetimes(msg, k);
}

/**
 * kernel_sa_install() - Have the kernel take a new SA.
 * @s: the worker's way to it
 * @k: SA
 *
 * Return: NULL, or why it did not: valid until the next request.
 */
const char *kernel_sa_install(struct kernel_sas *s, const struct ike_kernel_sa *k)
{
	struct nl_msg *msg = begin(s, VPNHA_CMD_SA_NEW);
	const char *why;
	bool failed;

	if (!msg)
		return s->reason;
	failed = put_sa(msg, k);
	why = failed ? NULL : put_selectors(msg, k);
	if (!why)
		return finish(s, msg, failed, false, NULL, NULL);
	discard(msg);
	return why;
}

/**
 * kernel_sa_remove() - Have the kernel forget an SA.
 * @s: the worker's way to it
 * @key: which
 *
 * Return: NULL, also when there was none, or why it did not.
 */
const char *kernel_sa_remove(struct kernel_sas *s, const struct kernel_key *key)
{
	struct nl_msg *msg = begin(s, VPNHA_CMD_SA_DEL);

	if (!msg)
		return s->reason;
	return finish(s, msg, put_key(msg, key), true, NULL, NULL);
}

/**
 * kernel_sa_move() - Tell the kernel that a peer is to be found elsewhere.
 * @s: the worker's way to it
 * @now: SA as it is to be
 * @was: the peer's end as it was
 *
 * Return: NULL, or why it cannot be.
 */
const char *kernel_sa_move(struct kernel_sas *s, const struct ike_kernel_sa *now,
			   const struct ike_endpoint *was)
{
	struct nl_msg *msg = begin(s, VPNHA_CMD_SA_SET);
	struct kernel_key key = kernel_key_of(now);
	struct address peer;
	bool failed;

	if (!msg)
		return s->reason;
	kernel_address(&peer, now->direction == IKE_IN ? &now->src : &now->dst);
	if (now->direction == IKE_OUT)
		kernel_address(&key.dst, was);
	failed = put_key(msg, &key) || put_address(msg, VPNHA_A_SA_PEER, &peer);
	if (now->encap)
		failed = failed || nla_put_u16(msg, VPNHA_A_SA_ENCAP_SPORT, now->src.port) ||
			 nla_put_u16(msg, VPNHA_A_SA_ENCAP_DPORT, now->dst.port);
	return finish(s, msg, failed, false, NULL, NULL);
}

static int take_sa(void *data, struct nlattr *attrs, int length)
{
	return decode_sa(data, attrs, length);
}

/**
 * kernel_sa_idle() - Ask when an SA last passed a packet.
 * @s: the worker's way to the kernel
 * @k: SA
 *
 * Return: milliseconds since then; IKE_NEVER: it never has. Not at all, if it cannot be told.
 */
uint64_t kernel_sa_idle(struct kernel_sas *s, const struct ike_kernel_sa *k)
{
	const struct kernel_key key = kernel_key_of(k);
	struct nl_msg *msg = begin(s, VPNHA_CMD_SA_GET);
	uint64_t idle = 0;
	struct model m = {};

	if (!msg)
		return 0;
	if (!finish(s, msg, put_key(msg, &key), false, take_sa, &m) && m.crypto.n_sas)
		idle = m.crypto.sas[0]->used ? m.crypto.sas[0]->last_used_ms : IKE_NEVER;
	model_free(&m);
	return idle;
}
