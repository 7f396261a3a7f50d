/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration language: lines in, a model out. */
#ifndef VPNHA_CONFIG_H
#define VPNHA_CONFIG_H

#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>

#include "lib/config_address.h"
#include "lib/diag.h"
#include "lib/grammar.h"
#include "lib/model.h"
#include "lib/source.h"

enum config_mode {
	CONFIG_GLOBAL,
	CONFIG_INTERFACE,
	CONFIG_SET,		/* a transform set */
	CONFIG_MAP,		/* an entry of a crypto map */
	CONFIG_ACL,		/* an access list */
	CONFIG_ACL6,		/* likewise, where "any" is one of IPv6 */
	CONFIG_PROPOSAL,	/* how an IKE SA is protected */
	CONFIG_POLICY,		/* which proposals are used where */
	CONFIG_KEYRING,		/* preshared keys */
	CONFIG_PEER,		/* a peer of a keyring */
	CONFIG_PROFILE,		/* who peers may be */
	CONFIG_TRUSTPOINT,	/* certificates */
	CONFIG_TRACK,		/* a tracked object */
	CONFIG_FOREIGN,		/* under a heading that is not carried out */
};

struct config_foreign;

/* Whose business a line is. */
enum config_business {
	CONFIG_OURS,
	CONFIG_HOST,
	CONFIG_NOT_YET,		/* of a later version; the rest makes sense without it */
	CONFIG_REFUSED,		/* likewise, but the rest makes none without it */
	CONFIG_STANDARD_ACL,
};

/**
 * struct config_context - What the lines below a heading are about.
 * @mode: what the heading began
 * @name: of interface, transform set, crypto map, access list and so on; empty after a heading that
 *	was wrong
 * @peer: of a keyring that has @name
 * @number: of a crypto map's entry, or of a tracked object
 * @kind: likewise, enum vpnha_map_kind
 * @dynamic: it is the entry of a dynamic map
 */
struct config_context {
	enum config_mode mode;
	char name[CRYPTO_NAME_SIZE];
	char peer[CRYPTO_NAME_SIZE];
	uint32_t number;
	uint32_t kind;
	bool dynamic;
};

/**
 * struct config - A configuration while it is read.
 * @model: what the lines so far say
 * @diags: messages about them
 * @in: what the lines are about
 * @at_heading: where the heading says so
 * @foreign: heading of CONFIG_FOREIGN
 * @standard: access lists that were skipped because they are standard ones
 * @n_standard: how many
 * @addresses: those that interfaces have
 * @n_addresses: how many
 * @line: number of the line being read
 * @touched: a line said something about the kernel's configuration itself
 * @ikev2_touched: likewise about the daemon's
 * @nowhere: what the lines say counts as not configured by them
 * @keys_removed: they are those of vpnhad for somebody who may not see keys
 * @blind: what the lines build upon is not known; only mistakes are wanted
 */
struct config {
	struct model model;
	struct diags diags;
	struct config_context in;
	struct model_pos at_heading;
	const struct config_foreign *foreign;
	uint32_t *standard;
	size_t n_standard;
	struct config_address *addresses;
	size_t n_addresses;
	unsigned int line;
	bool touched;
	bool ikev2_touched;
	bool nowhere;
	bool keys_removed;
	bool blind;
};

/* A missing interface is an error, not a warning. */
#define CONFIG_NEED_INTERFACES	(1U << 0)
/* The configuration is another machine's: what this one has says nothing about it. */
#define CONFIG_ELSEWHERE	(1U << 1)
/* What the daemon has was not asked: a profile that is missing here may be there. */
#define CONFIG_NO_IKEV2		(1U << 2)

extern const struct grammar_node config_global_words[];
extern const struct grammar_node config_interface_words[];
extern const struct grammar_node config_set_words[];
extern const struct grammar_node config_map_words[];
extern const struct grammar_node config_acl_words[];
extern const struct grammar_node config_proposal_words[];
extern const struct grammar_node config_policy_words[];
extern const struct grammar_node config_keyring_words[];
extern const struct grammar_node config_peer_words[];
extern const struct grammar_node config_profile_words[];
extern const struct grammar_node config_trustpoint_words[];
extern const struct grammar_node config_track_mode_words[];
extern const struct grammar_node config_oneshot_but_track_words[];
extern const struct grammar_node config_oneshot_words[];
const struct grammar_node *config_mode_words(enum config_mode mode);

void config_init(struct config *c, const struct source *source);
void config_free(struct config *c);
enum grammar_result config_words(struct config *c, const struct grammar_line *words);
enum grammar_result config_line(struct config *c, unsigned int line);
enum grammar_result config_oneshot(struct config *c, unsigned int line);
void config_read(struct config *c);
void config_finish(struct config *c, unsigned int flags);
void config_check_hints(struct config *c);
void config_check_pair(struct config *c, struct config *other);
void config_write(FILE *out, const struct model *m);
void config_write_group_field(FILE *out, const struct model_group *g, enum model_group_field field,
			      bool negated, bool keys);
void config_write_secondary(FILE *out, const struct model_group *g, in_addr_t address,
			    bool negated);
void config_write_global(FILE *out, const struct model_group *g, const struct model_global *global,
			 bool negated);
void config_write_track(FILE *out, const struct model_group *g, const struct model_track *t,
			bool negated);
void config_write_object(FILE *out, const struct object *o);
void config_write_object_heading(FILE *out, const struct object *o);
void config_write_interface(FILE *out, const struct model_interface *i, unsigned int fields);
void config_write_set(FILE *out, const struct crypto_set *s);
void config_write_acl_heading(FILE *out, const struct crypto_acl *a);
void config_write_line(FILE *out, const struct crypto_acl *a, const struct crypto_line *line);
void config_write_map_heading(FILE *out, const struct crypto_map *m);
void config_write_map_field(FILE *out, const struct crypto_map *m, enum crypto_map_field field,
			    bool keys);
void config_write_binding(FILE *out, const struct crypto_binding *b);
void config_write_df(FILE *out, const struct crypto_binding *b);
void config_write_crypto(FILE *out, const struct crypto *c);

/* For the files that implement the language. */
struct model_pos config_pos(const struct config *c, unsigned int column);
const char *config_source_name(const struct config *c);
void config_error(struct config *c, unsigned int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void config_warn(struct config *c, unsigned int column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool config_stray(struct config *c, const struct grammar_line *words, const char *text);
void config_recover(struct config *c, const struct grammar_line *line);
enum config_business config_whose(struct config *c, const struct grammar_line *line, bool *below);
bool config_foreign_word(struct config *c, const struct grammar_line *line, const char *text,
			 size_t length);
void config_enter(struct config *c, enum config_mode mode, const char *name, unsigned int column);
bool config_name(struct config *c, const struct grammar_value *name);
void config_refuse(struct config *c, const struct grammar_match *m);
void config_refuse_stateful(struct config *c, const struct grammar_match *m);
bool config_is_refused(const struct grammar_match *m);
struct model_pos config_group_pos(const struct model_group *g, enum model_group_field field);
const struct crypto_binding *config_follower(const struct config *c,
					     const struct model_interface *i,
					     const struct model_group *g);
bool config_is_gateway(const struct config *c);
bool config_check_partner(struct config *c, struct config *other);
bool config_check_peer(struct config *c, struct config *other);
struct model_group *config_this_group(struct config *c, const struct grammar_match *m);
void config_set_ipv6(struct config *c, const struct grammar_match *m);
struct crypto_map *config_this_map(struct config *c, const struct grammar_match *m);
void config_check_objects(struct config *c);
void config_check_df(struct config *c);
void config_check_crypto(struct config *c, unsigned int flags);
void config_check_reverse(struct config *c);
void config_check_ikev2(struct config *c, unsigned int flags);
void config_check_ikev2_hints(struct config *c);
bool config_is_extended(uint32_t number);
bool config_is_standard(const char *name);

/* Words of the language that belong to a later version are refused by name. */
extern const struct grammar_node config_rest_words[];
#define LATER(w) \
	KEYWORD(w, "Not supported by this version", .next = config_rest_words, .arg = ARG_KIND, \
		.flags = GRAMMAR_HIDDEN | GRAMMAR_STOP, .config = config_refuse)

/* Lines of the several modes, without what all modes have in common. */
extern const struct grammar_node config_standby_words[];
extern const struct grammar_node config_ipv6_words[];
extern const struct grammar_node config_track_words[];
extern const struct grammar_node config_no_track_words[];
extern const struct grammar_node config_track_kind_words[];
extern const struct grammar_node config_track_line_words[];
extern const struct grammar_node config_crypto_words[];
extern const struct grammar_node config_no_crypto_words[];
extern const struct grammar_node config_crypto_interface_words[];
extern const struct grammar_node config_no_crypto_interface_words[];
extern const struct grammar_node config_set_line_words[];
extern const struct grammar_node config_map_line_words[];
extern const struct grammar_node config_keying_words[];
extern const struct grammar_node config_transform_set_words[];
extern const struct grammar_node config_map_set_words[];
extern const struct grammar_node config_reverse_words[];
extern const struct grammar_node config_reverse_option_words[];
extern const struct grammar_node config_acl_heading_words[];
extern const struct grammar_node config_no_acl_heading_words[];
extern const struct grammar_node config_acl_line_words[];
extern const struct grammar_node config_no_acl_line_words[];

#endif
