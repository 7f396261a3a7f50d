/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files share that read the lines of IKEv2 and of trustpoints. */
#ifndef VPNHA_CONFIG_IKEV2_H
#define VPNHA_CONFIG_IKEV2_H

#include "lib/config.h"

/* Times, in seconds, and other numbers, as far as they make sense. */
#define IKEV2_DPD_INTERVAL_MIN		1
#define IKEV2_DPD_INTERVAL_MAX		3600
#define IKEV2_DPD_RETRY_MIN		1
#define IKEV2_DPD_RETRY_MAX		60
#define IKEV2_LIFETIME_MIN		120
#define IKEV2_LIFETIME_MAX		86400
#define IKEV2_NAT_KEEPALIVE_MIN		5
#define IKEV2_NAT_KEEPALIVE_MAX		3600
#define IKEV2_MAX_SA			1000000
#define IKEV2_COOKIE_CHALLENGE_MAX	1000000
#define IKEV2_FRAGMENT_MTU_MIN		256
#define IKEV2_FRAGMENT_MTU_MAX		1500
#define IKEV2_WINDOW_MAX		20

/* Kinds of identities, as the numbers of ARG_KIND. */
enum config_identity {
	CONFIG_IDENTITY_ADDRESS,
	CONFIG_IDENTITY_ANY,
	CONFIG_IDENTITY_DN,
	CONFIG_IDENTITY_EMAIL,
	CONFIG_IDENTITY_EMAIL_DOMAIN,
	CONFIG_IDENTITY_FQDN,
	CONFIG_IDENTITY_FQDN_DOMAIN,
	CONFIG_IDENTITY_KEY_ID,
};

/* How a secret is written, as the number of ARG_SECRET's keyword, that of ARG_MODE. */
enum config_secret {
	CONFIG_SECRET_TEXT,
	CONFIG_SECRET_HEX,
	CONFIG_SECRET_FILE,
	CONFIG_SECRET_OBSCURED,
};

extern const struct grammar_node config_ikev2_words[];
extern const struct grammar_node config_no_ikev2_words[];
extern const struct grammar_node config_pki_words[];
extern const struct grammar_node config_no_pki_words[];
extern const struct grammar_node config_proposal_line_words[];
extern const struct grammar_node config_policy_line_words[];
extern const struct grammar_node config_keyring_line_words[];
extern const struct grammar_node config_no_keyring_line_words[];
extern const struct grammar_node config_peer_line_words[];
extern const struct grammar_node config_profile_line_words[];
extern const struct grammar_node config_trustpoint_line_words[];

/* Headings and tables of several files. */
extern const struct grammar_node config_keyring_name_words[];
extern const struct grammar_node config_no_keyring_name_words[];
extern const struct grammar_node config_profile_name_words[];
extern const struct grammar_node config_no_profile_name_words[];
extern const struct grammar_node config_dpd_words[];
extern const struct grammar_node config_nat_words[];
extern const struct grammar_node config_fvrf_words[];
extern const struct grammar_node config_identity_words[];
extern const struct grammar_node config_secret_words[];

struct ikev2_config *config_ikev2(struct config *c);
bool config_heading(struct config *c, enum config_mode mode, const struct grammar_value *name);
struct model_pos config_value_pos(const struct config *c, const struct grammar_match *m,
				  enum grammar_arg arg);
void config_address_list(struct config *c, const struct grammar_match *m,
			 struct ikev2_address **list, size_t *n_list);
bool config_network(struct config *c, const struct grammar_match *m, struct address *address,
		    struct address *mask);
bool config_text(struct config *c, const struct grammar_value *v);
bool config_identity(struct config *c, const struct grammar_match *m, struct ikev2_id *id);
bool config_path(struct config *c, const struct grammar_value *v);
bool config_secret(struct config *c, const struct grammar_match *m, struct ikev2_secret *s);
void config_description(struct config *c, const struct grammar_match *m, char **text,
			struct model_pos *at);
bool config_get_dpd(struct config *c, const struct grammar_match *m, struct ikev2_dpd *dpd);
void config_refuse_secret(struct config *c, const struct grammar_match *m);
void config_refuse_hostname(struct config *c, const struct grammar_match *m);
bool config_is_unusable(const struct grammar_match *m);
void config_accept(struct config *c, const struct grammar_match *m);

/* The word "no" between a heading and a line below it that stand in one line. */
#define CONFIG_NO(words)								\
	KEYWORD("no", "Negate a command or set its defaults", .flags = GRAMMAR_NEGATE,	\
		.next = (words))

#endif
