/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lines "crypto ikev2 ..." and "crypto pki trustpoint" say. The keying
 * daemon keeps it; vpnhactl reads and checks it, and hands it over as text.
 */
#ifndef VPNHA_IKEV2_H
#define VPNHA_IKEV2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/address.h"
#include "lib/crypto.h"

/* Names of proposals, policies, keyrings and so on are as long as those of crypto maps. */
#define IKEV2_NAME_SIZE		CRYPTO_NAME_SIZE

/* The proposal, and the policy, that there are without being configured. */
#define IKEV2_DEFAULT		"default"

/* Most algorithms of a kind in a proposal. */
#define IKEV2_ALGS_MAX		16
/* Longest identity, name of a PPK, description or name of a file. */
#define IKEV2_TEXT_MAX		255
/* Longest secret, in octets. */
#define IKEV2_SECRET_MAX	256
/* Most peers of a keyring, names in a policy and the like. */
#define IKEV2_LIST_MAX		4096

/* What counts where nothing is configured; times in seconds. */
#define IKEV2_DEFAULT_LIFETIME			86400
#define IKEV2_DEFAULT_NAT_KEEPALIVE		20
#define IKEV2_DEFAULT_MAX_IN_NEGOTIATION	1000
#define IKEV2_DEFAULT_COOKIE_CHALLENGE		100
/* Octets of an IP packet that carries a fragment. */
#define IKEV2_DEFAULT_FRAGMENT_MTU		576
#define IKEV2_DEFAULT_FRAGMENT_MTU6		1280

/* The kinds of algorithms that a proposal lists. */
enum ikev2_alg {
	IKEV2_ENCRYPTION,
	IKEV2_INTEGRITY,
	IKEV2_PRF,
	IKEV2_GROUP,
	IKEV2_ALGS
};

/**
 * struct ikev2_proposal - "crypto ikev2 proposal".
 * @name: the key
 * @words: of the algorithms of each kind in their order, as ike_alg_of_word() takes them; these
 *	are static, and equal words are the same pointer
 * @n_words: how many of each kind
 * @at: where it was configured
 * @at_words: likewise the algorithms of each kind
 *
 * Ciphers that authenticate and others may stand side by side: to a peer these
 * are proposals of their own.
 */
struct ikev2_proposal {
	char name[IKEV2_NAME_SIZE];
	const char *words[IKEV2_ALGS][IKEV2_ALGS_MAX];
	size_t n_words[IKEV2_ALGS];
	struct model_pos at, at_words[IKEV2_ALGS];
};

/* A name that a line mentions. */
struct ikev2_ref {
	char name[IKEV2_NAME_SIZE];
	struct model_pos at;
};

/* An address that a line mentions. */
struct ikev2_address {
	struct address address;
	struct model_pos at;
};

/**
 * struct ikev2_policy - "crypto ikev2 policy": which proposals a local address uses.
 * @name: the key
 * @locals: local addresses; without any it is for all
 * @n_locals: how many
 * @proposals: names, the preferred one first
 * @n_proposals: how many
 * @at: where it was configured
 */
struct ikev2_policy {
	char name[IKEV2_NAME_SIZE];
	struct ikev2_address *locals;
	size_t n_locals;
	struct ikev2_ref *proposals;
	size_t n_proposals;
	struct model_pos at;
};

enum ikev2_id_kind {
	IKEV2_ID_NONE,
	IKEV2_ID_ADDRESS,
	IKEV2_ID_FQDN,
	IKEV2_ID_EMAIL,
	IKEV2_ID_KEY_ID,
	IKEV2_ID_DN,		/* the subject of the certificate; no text in a configuration */
};

/**
 * struct ikev2_id - An identity.
 * @kind: what it is
 * @address: of IKEV2_ID_ADDRESS
 * @text: of the others, or NULL
 * @at: where it was configured
 */
struct ikev2_id {
	enum ikev2_id_kind kind;
	struct address address;
	char *text;
	struct model_pos at;
};

/**
 * struct ikev2_secret - A preshared key.
 * @data: its octets; NULL: none, or it is in a file
 * @len: how many
 * @file: the file that holds it, from / on; NULL: none
 * @at: where it was configured
 */
struct ikev2_secret {
	uint8_t *data;
	size_t len;
	char *file;
	struct model_pos at;
};

/**
 * struct ikev2_peer - "peer" of a keyring.
 * @name: the key
 * @description: text, or NULL
 * @address: of the peers that it is for, less what @mask leaves open; family 0: none
 * @mask: bits of it that count
 * @identity: of the peers that it is for; none: IKEV2_ID_NONE
 * @local: the secret that we prove to have
 * @remote: the secret that the peer proves to have; often the same
 * @ppk_id: name of the postquantum preshared key, RFC 8784; NULL: none
 * @ppk: that key
 * @ppk_required: no IKE SA without it
 * @at: where it was configured
 * @at_description: likewise these parts
 */
struct ikev2_peer {
	char name[IKEV2_NAME_SIZE];
	char *description;
	struct address address, mask;
	struct ikev2_id identity;
	struct ikev2_secret local, remote;
	char *ppk_id;
	struct ikev2_secret ppk;
	bool ppk_required;
	struct model_pos at, at_description, at_address;
};

/**
 * struct ikev2_keyring - "crypto ikev2 keyring".
 * @name: the key
 * @peers: in the order of configuration
 * @n_peers: how many
 * @at: where it was configured
 */
struct ikev2_keyring {
	char name[IKEV2_NAME_SIZE];
	struct ikev2_peer **peers;
	size_t n_peers;
	struct model_pos at;
};

enum ikev2_match_kind {
	IKEV2_MATCH_ADDRESS,
	IKEV2_MATCH_FQDN,
	IKEV2_MATCH_FQDN_DOMAIN,	/* the text, and those that end in "." and it */
	IKEV2_MATCH_EMAIL,
	IKEV2_MATCH_EMAIL_DOMAIN,	/* those that end in "@" and the text */
	IKEV2_MATCH_KEY_ID,
	IKEV2_MATCH_ANY,
};

/**
 * struct ikev2_match - "match identity remote".
 * @kind: what it is about
 * @address: of IKEV2_MATCH_ADDRESS
 * @mask: bits of it that count
 * @text: of the other kinds but IKEV2_MATCH_ANY
 * @at: where it was configured
 */
struct ikev2_match {
	enum ikev2_match_kind kind;
	struct address address, mask;
	char *text;
	struct model_pos at;
};

/* How an end proves who it is. */
enum ikev2_auth {
	IKEV2_AUTH_NONE,
	IKEV2_AUTH_PSK,
	IKEV2_AUTH_RSA,
	IKEV2_AUTH_ECDSA,
	IKEV2_AUTH_EDDSA,
	IKEV2_AUTHS
};

#define IKEV2_AUTH_BIT(auth)	(1U << (auth))
#define IKEV2_AUTH_SIGNATURES	(IKEV2_AUTH_BIT(IKEV2_AUTH_RSA) | \
				 IKEV2_AUTH_BIT(IKEV2_AUTH_ECDSA) | \
				 IKEV2_AUTH_BIT(IKEV2_AUTH_EDDSA))

/**
 * struct ikev2_dpd - Dead peer detection.
 * @given: it is configured
 * @interval: seconds of silence after which the peer is asked
 * @retry: seconds between questions that get no answer
 * @periodic: also when there is nothing to send
 * @at: where it was configured
 */
struct ikev2_dpd {
	bool given;
	uint32_t interval, retry;
	bool periodic;
	struct model_pos at;
};

/**
 * struct ikev2_profile - "crypto ikev2 profile": what peers may be, and how both ends prove it.
 * @name: the key
 * @description: text, or NULL
 * @matches: identities of its peers; without any it is for none
 * @n_matches: how many
 * @locals: local addresses; without any it is for all
 * @n_locals: how many
 * @local_id: our identity; IKEV2_ID_NONE: our address, or with a signature the subject
 * @auth_local: how we prove who we are; IKEV2_AUTH_NONE: not said
 * @auth_remote: set of IKEV2_AUTH_BIT() that the peer may use
 * @key_local: secret of "authentication local pre-share key"
 * @key_remote: secret of "authentication remote pre-share key"
 * @keyring: of preshared keys; empty: none
 * @keyring_ppk: of postquantum preshared keys; empty: @keyring has these, too
 * @trustpoint: certificates; empty: none
 * @dpd: of its peers
 * @nat_keepalive: seconds between keepalives behind a NAT; 0: not said
 * @lifetime: of an IKE SA in seconds; 0: not said
 * @initial_contact: INITIAL_CONTACT is sent always, and obeyed always
 * @connect: entries that use it have their tunnels made without waiting for traffic
 * @at: where it was configured
 * @at_description: likewise these parts
 */
struct ikev2_profile {
	char name[IKEV2_NAME_SIZE];
	char *description;
	struct ikev2_match *matches;
	size_t n_matches;
	struct ikev2_address *locals;
	size_t n_locals;
	struct ikev2_id local_id;
	enum ikev2_auth auth_local;
	unsigned int auth_remote;
	struct ikev2_secret key_local, key_remote;
	struct ikev2_ref keyring, keyring_ppk, trustpoint;
	struct ikev2_dpd dpd;
	uint32_t nat_keepalive;
	uint32_t lifetime;
	bool initial_contact, connect;
	struct model_pos at, at_description, at_auth_local, at_auth_remote[IKEV2_AUTHS];
	struct model_pos at_nat_keepalive, at_lifetime, at_initial_contact, at_connect;
};

enum ikev2_revocation {
	IKEV2_REVOCATION_NONE,
	IKEV2_REVOCATION_CRL,
	IKEV2_REVOCATION_OCSP,
	IKEV2_REVOCATIONS
};

/* A file that a line mentions, from / on. */
struct ikev2_file {
	char *path;
	struct model_pos at;
};

/**
 * struct ikev2_trustpoint - "crypto pki trustpoint".
 * @name: the key
 * @cas: certificates of authorities
 * @n_cas: how many
 * @certificate: ours, with its chain; path NULL: none
 * @private_key: that of @certificate
 * @crl: revocation lists
 * @ocsp: answers of OCSP
 * @revocation: what is asked, one after the other, until one of them knows; none last: whoever
 *	nobody knows is accepted
 * @n_revocation: how many; 0: crl if there is such a file, ocsp likewise, or else none
 * @at: where it was configured
 * @at_revocation: likewise this part
 */
struct ikev2_trustpoint {
	char name[IKEV2_NAME_SIZE];
	struct ikev2_file *cas;
	size_t n_cas;
	struct ikev2_file certificate, private_key, crl, ocsp;
	enum ikev2_revocation revocation[IKEV2_REVOCATIONS];
	size_t n_revocation;
	struct model_pos at, at_revocation;
};

/**
 * struct ikev2_limits - What is said of all IKE SAs.
 * @dpd: where the profile says nothing
 * @nat_keepalive: likewise, seconds; 0: not said
 * @max_in_negotiation: most half-open IKE SAs; 0: not said
 * @max_sa: most IKE SAs; 0: as many as there may be
 * @has_cookie_challenge: @cookie_challenge counts
 * @cookie_challenge: half-open IKE SAs from which on cookies are asked for; 0: always
 * @no_fragmentation: messages are not fragmented, and those of others are not taken
 * @fragment_mtu: octets of a packet with a fragment; 0: not said
 * @at_nat_keepalive: where it was configured, and so on
 */
struct ikev2_limits {
	struct ikev2_dpd dpd;
	uint32_t nat_keepalive;
	uint32_t max_in_negotiation, max_sa;
	bool has_cookie_challenge;
	uint32_t cookie_challenge;
	bool no_fragmentation;
	uint32_t fragment_mtu;
	struct model_pos at_nat_keepalive, at_max_in_negotiation, at_max_sa;
	struct model_pos at_cookie_challenge, at_fragmentation;
};

/**
 * struct ikev2_config - All of it; each kind by name.
 *
 * The default proposal and the default policy are in it only if they were
 * changed: ikev2_proposal_find() and ikev2_policy_find() know them all the same.
 */
struct ikev2_config {
	struct ikev2_proposal **proposals;
	size_t n_proposals;
	struct ikev2_policy **policies;
	size_t n_policies;
	struct ikev2_keyring **keyrings;
	size_t n_keyrings;
	struct ikev2_profile **profiles;
	size_t n_profiles;
	struct ikev2_trustpoint **trustpoints;
	size_t n_trustpoints;
	struct ikev2_limits limits;
};

/**
 * struct ikev2_error - Why a text is no configuration.
 * @message: why, without secrets; the caller's
 * @line: of the text from 1; 0: nowhere
 * @column: byte of the line from 1; 0: the whole line
 */
struct ikev2_error {
	char *message;
	unsigned int line, column;
};

/**
 * struct ikev2_origins - Where the lines of a written configuration come from.
 * @items: for each line where its value was configured
 * @n_items: how many lines
 */
struct ikev2_origins {
	struct model_pos *items;
	size_t n_items;
};

/* ikev2_parse.c: lines that are not about IKE are read, and mean nothing here */
bool ikev2_config_parse(struct ikev2_config *c, const char *text, size_t length,
			struct ikev2_error *e);

/* ikev2_write.c; @keys: secrets are written, else "<removed>" stands for them */
void ikev2_config_write(FILE *out, const struct ikev2_config *c, bool keys,
			struct ikev2_origins *origins);
void ikev2_origins_free(struct ikev2_origins *o);

/* ikev2.c */
void ikev2_config_settle(struct ikev2_config *c);
void ikev2_config_free(struct ikev2_config *c);
void ikev2_config_copy(struct ikev2_config *to, const struct ikev2_config *from);
bool ikev2_config_is_empty(const struct ikev2_config *c);
bool ikev2_config_has_secrets(const struct ikev2_config *c);

const struct ikev2_proposal *ikev2_proposal_find(const struct ikev2_config *c, const char *name);
const struct ikev2_policy *ikev2_policy_find(const struct ikev2_config *c, const char *name);
struct ikev2_keyring *ikev2_keyring_find(const struct ikev2_config *c, const char *name);
struct ikev2_peer *ikev2_peer_find(const struct ikev2_keyring *k, const char *name);
struct ikev2_profile *ikev2_profile_find(const struct ikev2_config *c, const char *name);
struct ikev2_trustpoint *ikev2_trustpoint_find(const struct ikev2_config *c, const char *name);

struct ikev2_proposal *ikev2_proposal_get(struct ikev2_config *c, const char *name);
struct ikev2_policy *ikev2_policy_get(struct ikev2_config *c, const char *name);
struct ikev2_keyring *ikev2_keyring_get(struct ikev2_config *c, const char *name);
struct ikev2_peer *ikev2_peer_get(struct ikev2_keyring *k, const char *name);
struct ikev2_profile *ikev2_profile_get(struct ikev2_config *c, const char *name);
struct ikev2_trustpoint *ikev2_trustpoint_get(struct ikev2_config *c, const char *name);

void ikev2_proposal_remove(struct ikev2_config *c, const char *name);
void ikev2_policy_remove(struct ikev2_config *c, const char *name);
void ikev2_keyring_remove(struct ikev2_config *c, const char *name);
void ikev2_peer_remove(struct ikev2_keyring *k, const char *name);
void ikev2_profile_remove(struct ikev2_config *c, const char *name);
void ikev2_trustpoint_remove(struct ikev2_config *c, const char *name);

void ikev2_secret_set(struct ikev2_secret *s, const uint8_t *data, size_t len, const char *file,
		      struct model_pos at);
void ikev2_id_set(struct ikev2_id *id, enum ikev2_id_kind kind, const struct address *address,
		  const char *text, struct model_pos at);
void ikev2_text_set(char **text, const char *to);

/* ikev2_compare.c: equality of what is meant, wherever it was configured */
bool ikev2_id_equal(const struct ikev2_id *a, const struct ikev2_id *b);
bool ikev2_secret_equal(const struct ikev2_secret *a, const struct ikev2_secret *b);
bool ikev2_proposal_equal(const struct ikev2_proposal *a, const struct ikev2_proposal *b);
bool ikev2_policy_equal(const struct ikev2_policy *a, const struct ikev2_policy *b);
bool ikev2_peer_equal(const struct ikev2_peer *a, const struct ikev2_peer *b);
bool ikev2_keyring_equal(const struct ikev2_keyring *a, const struct ikev2_keyring *b);
bool ikev2_profile_equal(const struct ikev2_profile *a, const struct ikev2_profile *b);
bool ikev2_trustpoint_equal(const struct ikev2_trustpoint *a, const struct ikev2_trustpoint *b);
bool ikev2_limits_equal(const struct ikev2_limits *a, const struct ikev2_limits *b);
bool ikev2_config_equal(const struct ikev2_config *a, const struct ikev2_config *b);

/* ikev2_diff.c */
size_t ikev2_config_diff(FILE *out, const struct ikev2_config *from,
			 const struct ikev2_config *to);

/* ikev2_lookup.c: what counts for a peer */
const char *ikev2_proposal_problem(const struct ikev2_proposal *p);
const struct ikev2_policy *ikev2_policy_for(const struct ikev2_config *c,
					    const struct address *local);
bool ikev2_match_covers(const struct ikev2_match *m, const struct ikev2_id *id);
const struct ikev2_profile *ikev2_profile_for_address(const struct ikev2_config *c,
						      const struct address *remote,
						      const struct address *local);
const struct ikev2_profile *ikev2_profile_for_identity(const struct ikev2_config *c,
						       const struct ikev2_id *remote,
						       const struct address *local);
const struct ikev2_peer *ikev2_peer_for(const struct ikev2_keyring *k,
					const struct address *remote,
					const struct ikev2_id *identity);
const struct ikev2_secret *ikev2_secret_local(const struct ikev2_config *c,
					      const struct ikev2_profile *p,
					      const struct address *remote,
					      const struct ikev2_id *identity);
const struct ikev2_secret *ikev2_secret_remote(const struct ikev2_config *c,
					       const struct ikev2_profile *p,
					       const struct address *remote,
					       const struct ikev2_id *identity);
const struct ikev2_peer *ikev2_ppk_for(const struct ikev2_config *c,
				       const struct ikev2_profile *p,
				       const struct address *remote,
				       const struct ikev2_id *identity);
const struct ikev2_dpd *ikev2_dpd_of(const struct ikev2_config *c, const struct ikev2_profile *p);
uint32_t ikev2_lifetime_of(const struct ikev2_profile *p);
uint32_t ikev2_nat_keepalive_of(const struct ikev2_config *c, const struct ikev2_profile *p);

/* ikev2_file.c: the one that opens a file; data and len as in struct ikev2_secret */
int ikev2_secret_read(const struct ikev2_secret *s, uint8_t **data, size_t *len, char **why);

#endif
