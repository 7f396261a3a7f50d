/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two engines of IKE, a network between them, a clock that jumps to where something
 * happens, and two kernels that only remember. Nothing waits, so that a test of an
 * hour of retransmissions takes milliseconds, and a seed makes the same happen again.
 */
#ifndef IKE_TEST_PAIR_H
#define IKE_TEST_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "ike/sa_int.h"

#define PAIR_SAS_MAX	64
#define PAIR_KERNEL_MAX	1024
#define PAIR_CHAIN_MAX	65536

struct pair;

/**
 * struct pair_kernel_sa - what a kernel remembers of an SA
 * @k: as it was installed; what it refers to is below
 * @keys: copy
 * @suite: copy
 * @local: copy
 * @remote: copy
 * @installed: number of it, in the order of all
 */
struct pair_kernel_sa {
	struct ike_kernel_sa k;
	struct ike_sa_keys keys;
	struct ike_suite suite;
	struct ike_selectors local, remote;
	unsigned int installed;
};

/**
 * struct pair_side - one end: a host of IKE SAs
 * @pair: both
 * @name: for logs
 * @env: what its SAs run in
 * @config: to be changed before the first SA is made
 * @address: its address and port 500
 * @sas: its SAs; the dead are freed when the engine has returned
 * @n_sas: number of these
 * @kernel: what its kernel has
 * @n_kernel: number of these
 * @secrets: for cookies
 * @ask_cookie: cookies are wanted
 * @deaf: nothing that comes is heard
 * @refuse_install: its kernel refuses the next so many SAs
 * @idle_ms: what its kernel says how long an SA was idle
 * @log: all lines, each with '\n'
 * @log_len: octets of it
 * @established: IKE SAs that were
 * @initial_contacts: of these with INITIAL_CONTACT
 * @succeeded: rekeys of IKE SAs
 * @died: IKE SAs that ended
 * @sent: datagrams
 * @keepalives: NAT keepalives that came
 * @error: of the SA that died last
 * @error_theirs: likewise
 * @error_ours: likewise
 */
struct pair_side {
	struct pair *pair;
	const char *name;
	struct ike_env env;
	struct ike_config *config;
	struct ike_endpoint address;
	struct ike_sa *sas[PAIR_SAS_MAX];
	unsigned int n_sas;
	struct pair_kernel_sa kernel[PAIR_KERNEL_MAX];
	unsigned int n_kernel;
	struct ike_cookie_secrets secrets;
	bool ask_cookie, deaf;
	unsigned int refuse_install;
	uint64_t idle_ms;
	char *log;
	size_t log_len;
	unsigned int established, initial_contacts, succeeded, died, sent, keepalives;
	char error[256], error_theirs[512], error_ours[512];
};

/**
 * struct pair_datagram - on its way
 * @list: in the order of arrival
 * @from: number of the side that sent it
 * @number: how many were sent before it, by both
 * @src: as it arrives
 * @dst: likewise
 * @at: when it arrives
 * @len: octets of @data
 * @data: message
 */
struct pair_datagram {
	TAILQ_ENTRY(pair_datagram) list;
	unsigned int from, number;
	struct ike_endpoint src, dst;
	uint64_t at;
	size_t len;
	uint8_t data[];
};

enum pair_verdict {
	PAIR_PASS,
	PAIR_DROP,
	PAIR_TWICE,
};

/**
 * struct pair - both
 * @crypt: cryptography
 * @side: A, which begins as a rule, and B
 * @now: the clock
 * @random: state of what is random
 * @queue: datagrams on their way
 * @n_queue: number of these
 * @n_sent: datagrams that were sent
 * @loss: of 1000 datagrams so many are lost
 * @twice: of 1000 datagrams so many come twice
 * @delay_min: milliseconds that a datagram takes at least
 * @delay_max: and at most, which reorders them
 * @nat: one is before A
 * @nat_from: port that A's 500 has become; its 4500 is the next one
 * @filter: decides about each datagram, before the random network does; NULL: none
 * @mutate: gets what is in each encrypted message before the engine that it is for
 *	does, and may change it: first payload, octets, their number, for which there is
 *	%PAIR_CHAIN_MAX. NULL: none
 * @context: of @filter and @mutate
 * @installed: SAs that were installed
 * @fault: the first thing that must never happen and did; empty: nothing
 */
struct pair {
	struct ike_crypt *crypt;
	struct pair_side side[2];
	struct ike_moment now;
	uint64_t random;
	TAILQ_HEAD(, pair_datagram) queue;
	unsigned int n_queue, n_sent;
	unsigned int loss, twice;
	uint64_t delay_min, delay_max;
	bool nat;
	uint16_t nat_from;
	enum pair_verdict (*filter)(struct pair *p, const struct pair_datagram *d);
	void (*mutate)(struct pair *p, struct ike_sa *to, const struct ike_header *h,
		       uint8_t *first, uint8_t *chain, size_t *len);
	void *context;
	unsigned int installed;
	char fault[256];
};

#define PAIR_A	0
#define PAIR_B	1

struct pair *pair_new(uint64_t seed);
/* Both ends forget their SAs without a word; NULL, or what was wrong all the time. */
void pair_free(struct pair *p);

/* Of pair.c and pair_config.c. */
void pair_config(struct pair *p, unsigned int side);
struct ike_endpoint pair_endpoint(const char *address, uint16_t port);
struct ike_endpoint pair_outside(void);
void *pair_need(void *allocated);
void *pair_copy(const void *data, size_t len);

/* The one profile, policy and crypto map entry of a side. */
struct ike_profile *pair_profile(struct pair *p, unsigned int side);
struct ike_policy *pair_policy(struct pair *p, unsigned int side);
struct ike_child_policy *pair_child_policy(struct pair *p, unsigned int side);
/* A proposal of one transform of each type; 0: none. ESP has @prf 0 and an ESN. */
void pair_proposal(struct ike_proposal *p, uint8_t number, uint8_t protocol, uint16_t encr,
		   uint16_t bits, uint16_t prf, uint16_t integ, uint16_t group);
void pair_add_group(struct ike_proposal *p, uint16_t group);
void pair_set_key(struct pair *p, unsigned int side, const char *key);
void pair_set_ppk(struct pair *p, unsigned int side, const char *id, const char *key,
		  bool required);
void pair_set_id(struct ike_identity *id, const char *fqdn);

/* Begin an IKE SA, with a child SA of the side's entry. */
struct ike_sa *pair_initiate(struct pair *p, unsigned int side, bool initial_contact);
/* The next thing that happens; false: nothing will. */
bool pair_step(struct pair *p, uint64_t until);
/* All that happens in the next milliseconds. */
void pair_run(struct pair *p, uint64_t ms);
/* All until no datagram is under way; what timers would send later is not waited for. */
void pair_settle(struct pair *p);
/* The time goes on to the next deadline of any SA. */
void pair_jump(struct pair *p);

/* The youngest SA of a side that is established, or NULL. */
struct ike_sa *pair_sa(struct pair *p, unsigned int side);
unsigned int pair_count(struct pair *p, unsigned int side, enum ike_state state);
bool pair_up(struct pair *p);
bool pair_logged(struct pair *p, unsigned int side, const char *text);
/*
 * What is wrong with both kernels now, when nothing is under way; NULL: nothing. With
 * every SA of one end that is outbound the other end has one inbound that fits.
 */
const char *pair_kernels(struct pair *p);
/* Likewise, and both ends can send: of @n child SAs. */
const char *pair_traffic(struct pair *p, unsigned int n);
/* Likewise, and there is no SA at all. */
const char *pair_nothing(struct pair *p);
/* Have a datagram arrive at a side. */
void pair_inject(struct pair *p, unsigned int to, const struct ike_endpoint *src,
		 const struct ike_endpoint *dst, const uint8_t *data, size_t len);
uint64_t pair_random(struct pair *p);
/* Frees what has died and sends nothing; after a call of the engine that the test made. */
void pair_reap(struct pair *p);

#endif
