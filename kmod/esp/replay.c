// SPDX-License-Identifier: GPL-2.0
#include "esp/replay.h"

#define WORD_SHIFT	6
#define WORD_BITS	64

/* How far behind a packet may be where no window says so, to tell its upper half. */
#define UNBOUNDED	0x80000000U

static u64 *word_of(const struct esp_replay *r, u64 seq)
{
	return &r->words[(seq >> WORD_SHIFT) & (r->nwords - 1)];
}

static u64 bit_of(u64 seq)
{
	return 1ULL << (seq & (WORD_BITS - 1));
}

/**
 * esp_replay_nwords() - memory that a window takes
 * @window: packets, 0 to 4096
 *
 * A window that does not begin with a word reaches into one more, and the word
 * that is being filled must not hold anything of the one before.
 * Context: any. Return: a number of u64, a power of two; 0 for no window.
 */
size_t esp_replay_nwords(u32 window)
{
	if (!window)
		return 0;
	return roundup_pow_of_two((window + WORD_BITS - 2) / WORD_BITS + 1);
}

/**
 * esp_replay_init() - begin with everything up to a sequence number received
 * @r: written
 * @words: esp_replay_nwords() of @window; of the caller, who keeps it as long
 *	as @r
 * @window: packets, 32 to 4096, or 0 for no anti-replay service
 * @esn: sequence numbers have 64 bits
 * @seq: the highest that counts as received, 0 for a new SA
 *
 * Since 0 counts as received, it never is valid (RFC 4303 section 3.3.3).
 * Context: any; nobody else has @r yet.
 */
void esp_replay_init(struct esp_replay *r, u64 *words, u32 window, bool esn, u64 seq)
{
	r->top = seq;
	r->window = window;
	r->esn = esn;
	r->nwords = esp_replay_nwords(window);
	r->words = words;
	if (!window)
		return;

	memset(words, 0xff, r->nwords * sizeof(*words));
	/* what comes after top has not been received */
	*word_of(r, seq) = bit_of(seq) | (bit_of(seq) - 1);
}

/**
 * esp_replay_seq() - the sequence number that a packet means
 * @r: state of the SA
 * @low: what the packet carries
 *
 * With extended sequence numbers, RFC 4303 appendix A2.2: the lowest that ends
 * so and is not left of the window. The window does not begin before 0, so the
 * upper half of an SA's first packets is 0, whatever they carry. Without an
 * anti-replay service it is the one closest to the highest received.
 * Context: any, commits may be under way. Return: the sequence number, to be
 * proved by the packet's ICV.
 */
u64 esp_replay_seq(const struct esp_replay *r, u32 low)
{
	u32 reach = r->window ?: UNBOUNDED;
	u64 top, bottom;

	if (!r->esn)
		return low;
	top = READ_ONCE(r->top);
	bottom = top >= reach ? top - reach + 1 : 0;
	return bottom + (u32)(low - (u32)bottom);
}

/* For sequence numbers up to top. */
static int behind(const struct esp_replay *r, u64 top, u64 seq)
{
	if (top - seq >= r->window)
		return VPNHA_ESP_DROP_REASON_TOO_OLD;
	if (READ_ONCE(*word_of(r, seq)) & bit_of(seq))
		return VPNHA_ESP_DROP_REASON_REPLAYED;
	return 0;
}

/**
 * esp_replay_check() - whether a packet is worth being decrypted
 * @r: state of the SA
 * @seq: of esp_replay_seq()
 *
 * RFC 4303 section 3.4.3, before the ICV is known to be right. Advice only: of
 * two equal packets at a time both may pass here, and one esp_replay_commit().
 * Without an anti-replay service everything passes.
 * Context: any, commits may be under way. Return: 0 or enum
 * vpnha_esp_drop_reason, VPNHA_ESP_DROP_REASON_REPLAYED or _TOO_OLD.
 */
int esp_replay_check(const struct esp_replay *r, u64 seq)
{
	u64 top = READ_ONCE(r->top);

	if (!r->window || seq > top)
		return 0;
	/*
	 * Pairs with esp_replay_commit(): no word is seen as it was before it
	 * became part of this window, which would drop a good packet.
	 */
	smp_rmb();
	return behind(r, top, seq);
}

/**
 * esp_replay_commit() - take a packet as received
 * @r: state of the SA
 * @seq: of esp_replay_seq(), proved by the ICV
 *
 * RFC 4303 section 3.4.3. Context: any; commits one after the other, by a lock
 * of the caller. Return: 0 or enum vpnha_esp_drop_reason,
 * VPNHA_ESP_DROP_REASON_REPLAYED or _TOO_OLD, and nothing has changed.
 */
int esp_replay_commit(struct esp_replay *r, u64 seq)
{
	u64 top = r->top, word, last, bits = 0;
	int reason;

	if (!r->window) {
		if (seq > top)
			WRITE_ONCE(r->top, seq);
		return 0;
	}

	if (seq <= top) {
		reason = behind(r, top, seq);
		if (!reason)
			WRITE_ONCE(*word_of(r, seq), *word_of(r, seq) | bit_of(seq));
		return reason;
	}

	word = top >> WORD_SHIFT;
	last = seq >> WORD_SHIFT;
	if (word == last) {
		bits = *word_of(r, seq);
	} else {
		/* Words between the old top and the new one are used again. */
		if (last - word > r->nwords)
			word = last - r->nwords;
		while (++word != last)
			WRITE_ONCE(r->words[word & (r->nwords - 1)], 0);
	}
	WRITE_ONCE(*word_of(r, seq), bits | bit_of(seq));
	/* Pairs with esp_replay_check(). */
	smp_wmb();
	WRITE_ONCE(r->top, seq);
	return 0;
}
