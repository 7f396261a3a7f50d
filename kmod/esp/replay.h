/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Anti-replay (RFC 4303 section 3.4.3 and appendix A2), as a ring of words in
 * which nothing is shifted (RFC 6479). Pure: numbers in, a verdict out.
 */
#ifndef _VPNHA_ESP_REPLAY_H
#define _VPNHA_ESP_REPLAY_H

#include "esp/pure.h"

/**
 * struct esp_replay - which sequence numbers have been received
 * @top: the highest one; only ever grows
 * @window: packets up to and including the highest that are told apart; 0 for
 *	no anti-replay service
 * @esn: sequence numbers have 64 bits, of which a packet carries the lower 32
 * @nwords: length of @words, a power of two; 0 if @window is
 * @words: a bit for each sequence number, modulo their number; the caller's
 *
 * All but @top and @words are constant from esp_replay_init() on.
 */
struct esp_replay {
	u64 top;
	u32 window;
	bool esn;
	u32 nwords;
	u64 *words;
};

size_t esp_replay_nwords(u32 window);
void esp_replay_init(struct esp_replay *r, u64 *words, u32 window, bool esn, u64 seq);

u64 esp_replay_seq(const struct esp_replay *r, u32 low);
int esp_replay_check(const struct esp_replay *r, u64 seq);
int esp_replay_commit(struct esp_replay *r, u64 seq);

#endif /* _VPNHA_ESP_REPLAY_H */
