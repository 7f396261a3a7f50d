/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Agreeing on algorithms: RFC 7296 sections 2.7, 3.3 and 3.3.6. */
#ifndef VPNHA_IKE_PROPOSAL_H
#define VPNHA_IKE_PROPOSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/alg.h"
#include "ike/types.h"

/* Holds any proposal of IKE_TRANSFORMS_MAX transforms, whatever is in it. */
#define IKE_PROPOSAL_TEXT_LEN	2560

/* How to choose. */
enum ike_choose {
	/* our order of preference counts, not the peer's */
	IKE_CHOOSE_OURS_FIRST = 1,
	/* a group that the peer has sent a value of is better than another round */
	IKE_CHOOSE_KEEP_KE = 2,
	/* there is no Diffie-Hellman in this exchange: that of IKE_AUTH */
	IKE_CHOOSE_NO_DH = 4,
};

/**
 * struct ike_choice - what was chosen, or why nothing was
 * @suite: the algorithms
 * @answer: with the number of the peer's proposal; the caller adds our SPI
 * @theirs: the peer's proposal, which has its SPI
 * @wrong_ke: the peer's KE payload is of another group than @suite.dh:
 *	INVALID_KE_PAYLOAD has to ask for that
 * @error: NULL, or why nothing was chosen
 */
struct ike_choice {
	struct ike_suite suite;
	struct ike_proposal answer;
	const struct ike_proposal *theirs;
	bool wrong_ke;
	const char *error;
};

const char *ike_proposal_error(const struct ike_proposal *ours, bool weak);
bool ike_proposal_choose(const struct ike_proposal *theirs, size_t n_theirs,
			 const struct ike_proposal *ours, size_t n_ours, unsigned int how,
			 uint16_t ke, struct ike_choice *choice);
const char *ike_proposal_check_answer(const struct ike_proposal *offers, size_t n_offers,
				      const struct ike_proposal *answers, size_t n_answers,
				      uint16_t ke, struct ike_suite *suite);
bool ike_proposal_offers(const struct ike_proposal *offers, size_t n, uint8_t type,
			 uint16_t id);
size_t ike_proposal_text(char *buf, size_t size, const struct ike_proposal *p);

#endif /* VPNHA_IKE_PROPOSAL_H */
