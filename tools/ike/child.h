/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Insides of child SAs: between child*.c and the exchanges that make and end them. */
#ifndef VPNHA_IKE_CHILD_H
#define VPNHA_IKE_CHILD_H

#include "ike/sa_int.h"

/* Packets of an SA that was deleted because it was replaced are taken so long. */
#define IKE_CHILD_LINGER_MS	3000

/* How often it is looked at whether the peer uses the new SA of a rekey already. */
#define IKE_CHILD_SWITCH_MS	2000

/* An SA is replaced so much before its end at most; as much again is left to chance. */
#define IKE_MARGIN_MS		540000

/* SPIs below this are reserved, RFC 4303 section 2.1. */
#define IKE_CHILD_SPI_MIN	256

/* Holds what is worth reading of an error's two sides. */
#define IKE_CHILD_TEXT_LEN	512

/* Proposals of a child SA, as they stand in a message. */
struct ike_child_offers {
	size_t n;
	struct ike_proposal list[IKE_PROPOSALS_MAX];
};

/* child.c */
uint64_t ike_jitter(struct ike_sa *sa, uint64_t below);
uint64_t ike_soften(struct ike_sa *sa, uint64_t life, uint64_t most);
int ike_nonce_compare(struct ike_chunk a, struct ike_chunk b);
void ike_child_set_nonce(struct ike_child *child, struct ike_chunk ni, struct ike_chunk nr);
void ike_child_remove(struct ike_sa *sa, struct ike_child *child);
bool ike_child_is_replaced(const struct ike_sa *sa, const struct ike_child *child);
void ike_child_delete(struct ike_sa *sa, struct ike_child *child, const char *why);
void ike_child_retire(struct ike_sa *sa, struct ike_child *child);
void ike_child_replaced(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at);
void ike_child_end(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at);
void ike_children_ask_delete(struct ike_sa *sa);

/* child_install.c */
bool ike_child_install_in(struct ike_sa *sa, struct ike_child *child,
			  const struct ike_moment *at);
void ike_child_remove_out(struct ike_sa *sa, struct ike_child *child);
bool ike_child_is_contested(const struct ike_sa *sa, const struct ike_child *child);
void ike_children_confirmed(struct ike_sa *sa, const struct ike_moment *at);
bool ike_child_make_keys(struct ike_sa *sa, struct ike_child *child, struct ike_chunk secret,
			 struct ike_chunk ni, struct ike_chunk nr);
uint64_t ike_child_retry_at(struct ike_sa *sa, const struct ike_child *child,
			    const struct ike_moment *at);

/* child_text.c */
const char *ike_child_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child *child);
const char *ike_selectors_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_selectors *local,
			       const struct ike_selectors *remote);
const char *ike_pairs_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child_policy *policy);
const char *ike_proposals_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_proposal *list,
			       size_t n);
const char *ike_policy_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child_policy *policy);

/* child_offer.c */
void ike_child_offers(const struct ike_child *child, bool in_auth,
		      struct ike_child_offers *offers);
bool ike_child_may_transport(const struct ike_sa *sa, const struct ike_child_policy *policy,
			     const struct ike_selectors *local,
			     const struct ike_selectors *remote);
bool ike_selectors_read(const struct ike_message *m, uint8_t type, struct ike_selectors *to);
uint16_t ike_child_take_answer(struct ike_sa *sa, struct ike_child *child,
			       const struct ike_message *m, struct ike_chunk ni,
			       struct ike_chunk nr, const struct ike_dh *dh, bool in_auth);

/* sa_create.c: what all exchanges of CREATE_CHILD_SA have in common */
uint16_t ike_answer_error(const struct ike_message *m);
bool ike_task_start(struct ike_sa *sa, struct ike_task *task, const struct ike_alg *group);
bool ike_task_is_deleted(const struct ike_task *task, const struct ike_message *m);
void ike_task_cancel(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at);
bool ike_task_later(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m,
		    const struct ike_proposal *offers, size_t n);
bool ike_answer_nonce(const struct ike_message *m, struct ike_chunk *nr);
struct ike_task *ike_task_of_child(const struct ike_sa *sa, const struct ike_task_ops *ops,
				   const struct ike_child *child);
bool ike_create_child(struct ike_sa *sa, const struct ike_child_policy *policy, size_t pair,
		      const struct ike_selector_pair *packet);
bool ike_write_error(struct ike_writer *w, uint16_t type);
bool ike_write_fatal(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w,
		     const char *why);

/* sa_rekey_child.c */
void ike_child_rekey(struct ike_sa *sa, struct ike_child *child, const struct ike_moment *at);
void ike_rekey_child_request(struct ike_sa *sa, const struct ike_message *m,
			     const struct ike_payload *n, struct ike_chunk ni,
			     struct ike_chunk nr, struct ike_writer *w);

/* sa_rekey.c */
void ike_rekey_request(struct ike_sa *sa, const struct ike_message *m,
		       const struct ike_sa_list *theirs, struct ike_chunk ni,
		       struct ike_chunk nr, struct ike_writer *w);
uint64_t ike_sa_hard_end(const struct ike_sa *sa);
bool ike_rekey_deleted(struct ike_sa *sa, const struct ike_moment *at);

/* sa_timer.c */
void ike_child_watch_idle(struct ike_sa *sa, const struct ike_child *child,
			  const struct ike_moment *at);

#endif /* VPNHA_IKE_CHILD_H */
