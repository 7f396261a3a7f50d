/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the configuration says, resolved as far as an IKE SA needs it: names have
 * become pointers, words numbers, files octets. A struct ike_config is made as a
 * whole, is only read from then on by any number of threads, and goes with its
 * last reference; its secrets are wiped then.
 */
#ifndef VPNHA_IKE_CONFIG_H
#define VPNHA_IKE_CONFIG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ike/selector.h"
#include "ike/types.h"

struct ike_trust;

/* The longest identity that is taken; a distinguished name may be long. */
#define IKE_IDENTITY_MAX	512

/* Names of the configuration, with their NUL. */
#define IKE_NAME_SIZE		64

/**
 * struct ike_endpoint - address and UDP port
 * @family: AF_INET, AF_INET6, or 0: none
 * @port: host order
 * @address: 4 or 16 octets
 */
struct ike_endpoint {
	int family;
	uint16_t port;
	uint8_t address[16];
};

/**
 * struct ike_identity - contents of an ID payload, RFC 7296 section 3.5
 * @type: enum ike_id_type; 0: none
 * @len: octets of @data
 * @data: the identity
 */
struct ike_identity {
	uint8_t type;
	uint16_t len;
	uint8_t data[IKE_IDENTITY_MAX];
};

/* How an identity is compared. */
enum ike_match_kind {
	/* with nothing */
	IKE_MATCH_ANY,
	/* type and value; names without regard to case */
	IKE_MATCH_EQUAL,
	/* the first @bits of an address */
	IKE_MATCH_PREFIX,
	/* the name of a domain or one below it, or a mail address at it */
	IKE_MATCH_DOMAIN,
};

/**
 * struct ike_match - identities that are meant
 * @kind: how it is compared
 * @id: with what
 * @bits: of IKE_MATCH_PREFIX
 */
struct ike_match {
	enum ike_match_kind kind;
	struct ike_identity id;
	uint8_t bits;
};

/* A set of ways to prove an identity. */
enum ike_prove {
	IKE_PROVE_PSK = 1,
	IKE_PROVE_RSA = 2,
	IKE_PROVE_ECDSA = 4,
	IKE_PROVE_EDDSA = 8,
};

/**
 * struct ike_preshared - keys that are shared with a peer: "peer" of a keyring
 * @name: its name
 * @by_address: it is meant by the peer's address
 * @address: that, IKE_MATCH_PREFIX or IKE_MATCH_ANY
 * @by_identity: it is meant by the peer's identity
 * @identity: that
 * @local: what we prove ourselves with, malloc()ed; none where len is 0
 * @local_len: octets of it
 * @remote: what the peer proves itself with
 * @remote_len: octets of it
 * @ppk_id: PPK_ID's value without its type (RFC 8784 section 5.1), malloc()ed
 * @ppk_id_len: octets of it; 0: no PPK
 * @ppk: the key itself, malloc()ed
 * @ppk_len: octets of it
 * @ppk_required: nothing is set up without it
 */
struct ike_preshared {
	char name[IKE_NAME_SIZE];
	bool by_address, by_identity;
	struct ike_match address, identity;
	uint8_t *local, *remote;
	size_t local_len, remote_len;
	uint8_t *ppk_id, *ppk;
	size_t ppk_id_len, ppk_len;
	bool ppk_required;
};

/**
 * struct ike_profile - "crypto ikev2 profile"
 * @name: its name
 * @match: identities of peers that it is for
 * @n_match: number of these
 * @match_local: our addresses that it is for; none: all
 * @n_match_local: number of these
 * @local: our identity; type 0: our address
 * @local_dn: our identity is the subject of our certificate
 * @prove_local: one of enum ike_prove; with a certificate any of its three bits
 *	that fits the key will do
 * @prove_remote: set of enum ike_prove
 * @keys: its keyring's, in the order of the configuration
 * @n_keys: number of these
 * @trust: certificates; NULL: none. Owned by the config.
 * @dpd_ms: interval of dead peer detection; 0: none
 * @dpd_retry_ms: time between its retransmissions
 * @dpd_periodic: it asks though nothing is sent
 * @nat_keepalive_ms: interval of NAT keepalives; 0: none
 * @lifetime_ms: of an IKE SA
 * @fragment: largest IP packet of a fragmented message, RFC 7383; 0: no
 *	fragmentation
 * @connect: the host has tunnels made without waiting for traffic
 * @initial_contact: any new IKE SA takes the place of those with the same identities,
 *	whatever the peer says, and the peer is told that ours does
 */
struct ike_profile {
	char name[IKE_NAME_SIZE];
	struct ike_match *match;
	size_t n_match;
	struct ike_endpoint *match_local;
	size_t n_match_local;
	struct ike_identity local;
	bool local_dn;
	unsigned int prove_local, prove_remote;
	struct ike_preshared *keys;
	size_t n_keys;
	struct ike_trust *trust;
	uint64_t dpd_ms, dpd_retry_ms;
	bool dpd_periodic;
	uint64_t nat_keepalive_ms;
	uint64_t lifetime_ms;
	unsigned int fragment;
	bool connect;
	bool initial_contact;
};

/* What a key of a keyring is wanted for. */
enum ike_key_use {
	IKE_KEY_LOCAL,		/* to prove ourselves with */
	IKE_KEY_REMOTE,		/* what the peer proves itself with */
	IKE_KEY_PPK,
};

/**
 * struct ike_policy - "crypto ikev2 policy": what is offered before anybody is known
 * @name: its name
 * @match_local: our addresses that it is for; none: all
 * @n_match_local: number of these
 * @proposals: in the order of preference, without SPI, numbered from 1
 * @n_proposals: number of these
 */
struct ike_policy {
	char name[IKE_NAME_SIZE];
	struct ike_endpoint *match_local;
	size_t n_match_local;
	struct ike_proposal *proposals;
	size_t n_proposals;
};

/**
 * struct ike_child_policy - an entry of a crypto map on an interface
 * @ifname: the interface
 * @map: name of the crypto map
 * @number: sequence number of its entry
 * @dynamic_map: name of the dynamic map that the entry refers to; empty: none
 * @dynamic_number: sequence number of the dynamic map's entry
 * @local: our addresses there, over IPv4 and IPv6; family 0: none
 * @peers: addresses of peers in the order of preference; ports are 500
 * @n_peers: number of these; none: any peer (a dynamic map)
 * @profile: name of the profile; empty: the one that matches the peer
 * @proposals: of ESP, without SPI, numbered from 1
 * @n_proposals: number of these
 * @transport: transport mode where the selectors allow it
 * @pfs: group for keys of their own; NULL: none. It is in @proposals too.
 * @pairs: permitted by the access list, line by line; what a line before denies is
 *	not taken out here, the kernel minds
 * @lines: sequence numbers of these lines
 * @n_pairs: number of both; none: anything (a dynamic map without access list)
 * @life_ms: an SA is replaced before it is as old
 * @life_bytes: an SA is replaced before it has passed as much; 0: no limit
 * @idle_ms: an SA that passed nothing for so long is deleted; 0: none is
 * @replay_window: size of the anti-replay window in packets
 */
struct ike_child_policy {
	char ifname[16];
	char map[IKE_NAME_SIZE];
	uint32_t number;
	char dynamic_map[IKE_NAME_SIZE];
	uint32_t dynamic_number;
	struct ike_endpoint local[2];
	struct ike_endpoint *peers;
	size_t n_peers;
	char profile[IKE_NAME_SIZE];
	struct ike_proposal *proposals;
	size_t n_proposals;
	bool transport;
	const struct ike_alg *pfs;
	struct ike_selector_pair *pairs;
	uint32_t *lines;
	size_t n_pairs;
	uint64_t life_ms, life_bytes, idle_ms;
	uint32_t replay_window;
};

/**
 * struct ike_config - everything
 * @refs: references
 * @policies: in the order of preference; the one that is for an address comes before
 *	one for all
 * @n_policies: number of these
 * @profiles: in the order of their names
 * @n_profiles: number of these
 * @children: in the order of interface, map, entry, and entry of the dynamic map
 * @n_children: number of these
 * @trusts: certificates, which profiles refer to
 * @n_trusts: number of these
 * @cookie_above: half-open SAs above which cookies are asked for; 0: always
 * @max_half_open: half-open SAs that are had at most
 * @max_sas: IKE SAs that are had at most; 0: no limit
 *
 * All arrays are malloc()ed.
 */
struct ike_config {
	atomic_uint refs;
	struct ike_policy *policies;
	size_t n_policies;
	struct ike_profile *profiles;
	size_t n_profiles;
	struct ike_child_policy *children;
	size_t n_children;
	struct ike_trust **trusts;
	size_t n_trusts;
	unsigned int cookie_above, max_half_open, max_sas;
};

struct ike_config *ike_config_new(void);
const struct ike_config *ike_config_get(const struct ike_config *c);
void ike_config_put(const struct ike_config *c);

bool ike_endpoint_same_address(const struct ike_endpoint *a, const struct ike_endpoint *b);
bool ike_endpoint_equal(const struct ike_endpoint *a, const struct ike_endpoint *b);
void ike_identity_of_address(struct ike_identity *id, const struct ike_endpoint *e);
bool ike_identity_equal(const struct ike_identity *a, const struct ike_identity *b);
bool ike_match_identity(const struct ike_match *m, const struct ike_identity *id);
const char *ike_match_text(char *buf, size_t size, const struct ike_match *m);

const struct ike_policy *ike_config_policy(const struct ike_config *c,
					   const struct ike_endpoint *local);
const struct ike_profile *ike_config_profile(const struct ike_config *c, const char *name);
bool ike_profile_is_for(const struct ike_profile *p, const struct ike_endpoint *local);
const struct ike_profile *ike_config_profile_for(const struct ike_config *c,
						 const struct ike_endpoint *local,
						 const struct ike_identity *remote);
const struct ike_preshared *ike_profile_key(const struct ike_profile *p,
					    const struct ike_endpoint *remote,
					    const struct ike_identity *id,
					    enum ike_key_use use);
const struct ike_child_policy *ike_config_child(const struct ike_config *c, const char *ifname,
						const char *map, uint32_t number,
						uint32_t dynamic_number);
bool ike_policy_same(const struct ike_policy *a, const struct ike_policy *b);
bool ike_profile_same(const struct ike_profile *a, const struct ike_profile *b,
		      const struct ike_endpoint *remote, const struct ike_identity *id);
bool ike_child_policy_same(const struct ike_child_policy *a, const struct ike_child_policy *b);

#endif /* VPNHA_IKE_CONFIG_H */
