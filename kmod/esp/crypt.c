// SPDX-License-Identifier: GPL-2.0
/*
 * Packets through the crypto API. They are linear and nobody else's, so that
 * one scatterlist element does, or two with extended sequence numbers, whose
 * high half is authenticated and not sent.
 *
 * A request lives in a slot of the CPU, which is free again at once when the
 * API is done at once, as it nearly always is in softirq. A request that is
 * still under way keeps its memory, and the CPU gets other memory for its slot.
 */
#include <crypto/aead.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "compat/crypto.h"
#include "esp/esp.h"

#define REQ_BYTES	2048

/**
 * struct esp_req - a packet in the crypto API
 * @sa: SA, referenced while the request is asynchronous
 * @skb: packet
 * @done: takes the packet when it is through
 * @size: bytes of this memory
 * @aad: what is authenticated only, with extended sequence numbers
 * @iv: IV
 * @sg: what is authenticated, what is encrypted, the integrity check value
 * @req: request, and behind it what the algorithm needs
 */
struct esp_req {
	struct esp_sa *sa;
	struct sk_buff *skb;
	void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err);
	u32 size;
	u8 aad[ESP_HDR_LEN + 4 + ESP_IV_MAX];
	u8 iv[ESP_IV_MAX];
	struct scatterlist sg[2];
	struct aead_request req CRYPTO_MINALIGN_ATTR;
};

static DEFINE_PER_CPU(struct esp_req *, slot);

static struct esp_req *req_get(struct esp_sa *sa)
{
	u32 size = sizeof(struct esp_req) + crypto_aead_reqsize(sa->tfm);
	struct esp_req *er = this_cpu_xchg(slot, NULL);

	if (likely(er && er->size >= size))
		return er;
	kfree(er);
	size = max_t(u32, size, REQ_BYTES);
	er = kmalloc(size, GFP_ATOMIC);
	if (er)
		er->size = size;
	return er;
}

/* What algorithms leave in their contexts is derived from keys and data. */
static void req_put(struct esp_req *er)
{
	er = this_cpu_xchg(slot, er);
	if (unlikely(er))
		kfree_sensitive(er);
}

static void complete_async(struct esp_req *er, int err)
{
	struct esp_sa *sa = er->sa;
	struct sk_buff *skb = er->skb;

	/* Off the backlog and under way; the end is still to come. */
	if (err == -EINPROGRESS)
		return;
	local_bh_disable();
	rcu_read_lock();
	er->done(sa, skb, err);
	req_put(er);
	rcu_read_unlock();
	local_bh_enable();
	esp_sa_put(sa);
}

static void async_done(VPNHA_CRYPTO_DATA *data, int err)
{
	complete_async(vpnha_crypto_ctx(data), err);
}

/*
 * @offset: where the ESP header begins. The sequence number in the packet is
 * the low half of @seq; all behind the IV is encrypted, the last bytes are the
 * integrity check value.
 */
static struct esp_req *prepare(struct esp_sa *sa, struct sk_buff *skb,
			       int offset, u64 seq)
{
	const u32 iv_len = sa->shape.iv_len;
	u8 *esp = skb->data + offset;
	struct aead_request *req;
	struct esp_req *er;
	u32 assoclen;

	er = req_get(sa);
	if (unlikely(!er))
		return NULL;
	req = &er->req;
	aead_request_set_tfm(req, sa->tfm);
	memcpy(er->iv, esp + ESP_HDR_LEN, iv_len);
	if (sa->esn) {
		__be32 high = htonl(upper_32_bits(seq));

		/* RFC 4303 section 2.2.1, in the order the API wants. */
		memcpy(er->aad, esp, 4);
		memcpy(er->aad + 4, &high, 4);
		memcpy(er->aad + 8, esp + 4, 4 + iv_len);
		assoclen = ESP_HDR_LEN + 4 + iv_len;
		sg_init_table(er->sg, 2);
		sg_set_buf(&er->sg[0], er->aad, assoclen);
		sg_set_buf(&er->sg[1], esp + ESP_HDR_LEN + iv_len,
			   skb->len - offset - ESP_HDR_LEN - iv_len);
	} else {
		assoclen = ESP_HDR_LEN + iv_len;
		sg_init_one(er->sg, esp, skb->len - offset);
	}
	aead_request_set_ad(req, assoclen);
	return er;
}

static void run(struct esp_req *er, struct esp_sa *sa, struct sk_buff *skb,
		int (*crypt)(struct aead_request *req),
		void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err))
{
	int err;

	er->sa = sa;
	er->skb = skb;
	er->done = done;
	aead_request_set_callback(&er->req, CRYPTO_TFM_REQ_MAY_BACKLOG,
				  async_done, er);
	/* Before it can complete elsewhere; given back when it did here. */
	refcount_inc(&sa->ref);
	err = crypt(&er->req);
	if (err == -EINPROGRESS || err == -EBUSY)
		return;
	refcount_dec(&sa->ref);
	req_put(er);
	done(sa, skb, err);
}

/**
 * esp_encrypt() - encrypt a packet in place
 * @sa: outbound SA
 * @skb: linear packet that nobody shares: at @offset the ESP header, IV,
 *	payload, trailer, and room for the integrity check value
 * @offset: of the ESP header from the packet's data
 * @seq: sequence number, both halves
 * @done: takes the packet, with 0 or a negative errno; in this call or later
 *
 * Context: RCU, bottom halves off.
 */
void esp_encrypt(struct esp_sa *sa, struct sk_buff *skb, int offset, u64 seq,
		 void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err))
{
	struct esp_req *er = prepare(sa, skb, offset, seq);

	if (unlikely(!er)) {
		done(sa, skb, -ENOMEM);
		return;
	}
	aead_request_set_crypt(&er->req, er->sg, er->sg,
			       skb->len - offset - ESP_HDR_LEN -
			       sa->shape.iv_len - sa->shape.icv_len, er->iv);
	run(er, sa, skb, crypto_aead_encrypt, done);
}

/**
 * esp_decrypt() - check and decrypt a packet in place
 * @sa: inbound SA
 * @skb: linear packet that nobody shares, ESP from @offset to its end
 * @offset: of the ESP header from the packet's data
 * @seq: sequence number, both halves
 * @done: takes the packet, with 0, -EBADMSG when the integrity check failed,
 *	or another negative errno; in this call or later
 *
 * Context: RCU, bottom halves off.
 */
void esp_decrypt(struct esp_sa *sa, struct sk_buff *skb, int offset, u64 seq,
		 void (*done)(struct esp_sa *sa, struct sk_buff *skb, int err))
{
	struct esp_req *er = prepare(sa, skb, offset, seq);

	if (unlikely(!er)) {
		done(sa, skb, -ENOMEM);
		return;
	}
	aead_request_set_crypt(&er->req, er->sg, er->sg,
			       skb->len - offset - ESP_HDR_LEN -
			       sa->shape.iv_len, er->iv);
	run(er, sa, skb, crypto_aead_decrypt, done);
}

/**
 * esp_crypt_init() - memory for one request on each CPU
 *
 * Context: module initialisation. Return: 0; a CPU without gets it later.
 */
int esp_crypt_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct esp_req *er = kmalloc(REQ_BYTES, GFP_KERNEL);

		if (er)
			er->size = REQ_BYTES;
		per_cpu(slot, cpu) = er;
	}
	return 0;
}

/**
 * esp_crypt_exit() - undo esp_crypt_init()
 *
 * Context: module exit, when no packet is under way.
 */
void esp_crypt_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kfree_sensitive(per_cpu(slot, cpu));
}
