/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: one IKE SA with its child SAs (RFC 7296 section 2) from what happens
 * to it - datagrams, time, packets that want a tunnel, orders - to what it does,
 * which it asks of its host by struct ike_ops. It knows no socket, clock, thread or
 * process; whoever runs it sees to it that one SA is in one thread at a time. Two
 * SAs share nothing but their configuration and struct ike_crypt, both of which are
 * only read.
 *
 * All times are milliseconds of a monotonic clock that the host has, but for @wall,
 * which certificates are judged by.
 */
#ifndef VPNHA_IKE_SA_H
#define VPNHA_IKE_SA_H

#include "ike/config.h"
#include "ike/crypt.h"
#include "ike/selector.h"

struct ike_sa;

#define IKE_NEVER	UINT64_MAX

/* A datagram is never larger. */
#define IKE_DATAGRAM_MAX	65507

/**
 * struct ike_moment - when something happens
 * @ms: monotonic clock, milliseconds
 * @wall: seconds since 1970
 */
struct ike_moment {
	uint64_t ms;
	int64_t wall;
};

/**
 * struct ike_path - between which addresses messages go
 * @local: our end; port 500 before NAT detection, 4500 after it where needed
 * @remote: the peer's end
 */
struct ike_path {
	struct ike_endpoint local, remote;
};

/* How loud a line of the log is. */
enum ike_level {
	/* for an operator: something does not work */
	IKE_LOG_ERROR,
	/* what an operator wants to have seen: tunnels that come and go */
	IKE_LOG_NOTICE,
	/* each exchange */
	IKE_LOG_DEBUG,
};

enum ike_direction {
	IKE_IN,
	IKE_OUT,
};

/* What the kernel tells of a child SA. */
enum ike_expiry {
	/* it is to be replaced */
	IKE_EXPIRY_SOFT,
	/* its lifetime is over */
	IKE_EXPIRY_HARD,
	/* it is gone, for another reason */
	IKE_EXPIRY_REMOVED,
};

/**
 * struct ike_kernel_sa - one direction of a child SA as the kernel is to have it
 * @policy: what it is for
 * @direction: from the peer or to it
 * @spi: host order
 * @src: where its packets come from; with @encap the port counts
 * @dst: where they go to
 * @encap: ESP in UDP
 * @transport: transport mode
 * @suite: algorithms
 * @keys: keys of the direction; only ike_ops.child_install() sees them
 * @local: our side's traffic
 * @remote: the peer's
 * @soft_ms: age at which it is to be replaced; told by ike_sa_expired()
 * @hard_ms: age at which it ends
 * @soft_bytes: likewise for what it has passed; 0: none
 * @hard_bytes: likewise
 */
struct ike_kernel_sa {
	const struct ike_child_policy *policy;
	enum ike_direction direction;
	uint32_t spi;
	struct ike_endpoint src, dst;
	bool encap, transport;
	const struct ike_suite *suite;
	const struct ike_sa_keys *keys;
	const struct ike_selectors *local, *remote;
	uint64_t soft_ms, hard_ms, soft_bytes, hard_bytes;
};

/**
 * struct ike_ops - what an SA asks of its host
 *
 * All get @ctx of struct ike_env. They are called from the thread that runs the SA,
 * and must not call into it.
 *
 * @random: fill with random octets
 * @send: send a message; the four octets of port 4500 are the host's. An empty one
 *	(len 0) is a NAT keepalive.
 * @install: have the kernel take a new SA; NULL or why it did not
 * @remove: have it forget one (direction, spi, dst say which); that it is gone
 *	already is no error
 * @move: the peer's address or port has changed: @now is as the kernel has it
 *	but for @src and @dst, which are as they are to be; @was is the other
 *	end's as it was. NULL or why not.
 * @idle: milliseconds since it last passed a packet; IKE_NEVER: it never has
 * @established: authentication has succeeded. @initial_contact: the peer says, or its
 *	profile does, that it knows of no other SA with us, so that those with the same
 *	identities that were there before this one began are to be closed without
 *	telling it (RFC 7296 section 2.4).
 * @succeeded: @next has taken the place of @sa by a rekey, with its child SAs; the
 *	host owns it from now on
 * @redundant: @next was made by a rekey, too, but another one takes the place of @sa
 *	(RFC 7296 section 2.8.2). The host owns it from now on and hands it what comes
 *	for it, until it is dead; it never gets a child SA.
 * @log: tell; the line names neither time nor peer
 * @keys: of an IKE SA and of a child SA, for tshark; NULL but in test builds
 */
struct ike_ops {
	void (*random)(void *ctx, void *buf, size_t len);
	void (*send)(void *ctx, struct ike_sa *sa, const struct ike_path *path,
		     const uint8_t *data, size_t len);
	const char *(*install)(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k);
	void (*remove)(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k);
	const char *(*move)(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *now,
			    const struct ike_endpoint *was);
	uint64_t (*idle)(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k);
	void (*established)(void *ctx, struct ike_sa *sa, bool initial_contact);
	void (*succeeded)(void *ctx, struct ike_sa *sa, struct ike_sa *next);
	void (*redundant)(void *ctx, struct ike_sa *sa, struct ike_sa *next);
	void (*log)(void *ctx, struct ike_sa *sa, enum ike_level level, const char *text);
	void (*keys)(void *ctx, struct ike_sa *sa, const struct ike_suite *suite,
		     const struct ike_keys *keys);
};

/**
 * struct ike_env - what SAs run in; outlives them
 * @crypt: cryptography
 * @ops: the host
 * @ctx: the host's own
 */
struct ike_env {
	const struct ike_crypt *crypt;
	const struct ike_ops *ops;
	void *ctx;
};

/* States of an IKE SA. */
enum ike_state {
	/* initiator: IKE_SA_INIT is under way */
	IKE_STATE_INIT,
	/* responder: IKE_SA_INIT has been answered */
	IKE_STATE_HALF_OPEN,
	/* IKE_AUTH is under way */
	IKE_STATE_AUTH,
	IKE_STATE_ESTABLISHED,
	/* another one has taken its place, and it waits for its end */
	IKE_STATE_REPLACED,
	/* its deletion is under way */
	IKE_STATE_DELETING,
	/* there is nothing left but to free it */
	IKE_STATE_DEAD,
};

struct ike_sa *ike_sa_initiate(const struct ike_env *env, const struct ike_config *config,
			       const struct ike_profile *profile, const struct ike_path *path,
			       bool initial_contact, const struct ike_moment *at);
struct ike_sa *ike_sa_respond(const struct ike_env *env, const struct ike_config *config,
			      const struct ike_path *path, const struct ike_moment *at);
void ike_sa_free(struct ike_sa *sa);

void ike_sa_receive(struct ike_sa *sa, const struct ike_moment *at, const struct ike_path *path,
		    uint8_t *data, size_t len);
void ike_sa_timer(struct ike_sa *sa, const struct ike_moment *at);
void ike_sa_want_child(struct ike_sa *sa, const struct ike_moment *at,
		       const struct ike_child_policy *policy, size_t pair,
		       const struct ike_selector_pair *packet);
void ike_sa_expired(struct ike_sa *sa, const struct ike_moment *at, enum ike_direction direction,
		    uint32_t spi, enum ike_expiry expiry);
void ike_sa_rekey(struct ike_sa *sa, const struct ike_moment *at);
void ike_sa_close(struct ike_sa *sa, const struct ike_moment *at, const char *why, bool tell);
void ike_sa_close_child(struct ike_sa *sa, const struct ike_moment *at, uint32_t spi_in,
			const char *why);
void ike_sa_probe(struct ike_sa *sa, const struct ike_moment *at);
void ike_sa_moved(struct ike_sa *sa, const struct ike_moment *at,
		  const struct ike_endpoint *remote);
void ike_sa_configure(struct ike_sa *sa, const struct ike_moment *at,
		      const struct ike_config *config);

enum ike_state ike_sa_state(const struct ike_sa *sa);
const char *ike_state_text(enum ike_state state);
uint64_t ike_sa_deadline(const struct ike_sa *sa);
const uint8_t *ike_sa_local_spi(const struct ike_sa *sa);
bool ike_sa_is_initiator(const struct ike_sa *sa);
const struct ike_path *ike_sa_path(const struct ike_sa *sa);

/* What show prints of a child SA. */
struct ike_child_info {
	const struct ike_child_policy *policy;
	const char *state;
	uint32_t spi_in, spi_out;
	const struct ike_suite *suite;
	const struct ike_selectors *local, *remote;
	bool transport;
	uint64_t since_ms, rekey_ms;
	unsigned int rekeys;
};

/**
 * struct ike_sa_info - what show prints of an IKE SA; references into it
 * @state: its state
 * @initiator: we began
 * @spi_i: SPI of the initiator's
 * @spi_r: SPI of the responder's
 * @path: addresses
 * @local_id: identity, type 0 before it is known
 * @remote_id: likewise
 * @suite: algorithms; NULL before they are known
 * @proved_local: enum ike_prove, 0 before that
 * @proved_remote: likewise
 * @profile: NULL before it is known
 * @since_ms: when it was established, or begun before that
 * @rekey_ms: when it is going to be replaced
 * @nat_local: a NAT is before us
 * @nat_remote: a NAT is before the peer
 * @fragmentation: messages are fragmented
 * @ppk: a post-quantum preshared key is in its keys
 * @sent: requests of ours that were answered
 * @received: requests of the peer's that were answered
 * @retransmits: messages that were sent again
 * @dpd_outstanding: the peer is being asked whether it lives
 * @error: why the last thing failed that did; empty: nothing has
 * @error_theirs: what the peer offered or was, where that is why
 * @error_ours: what we would have had
 * @error_ms: when
 * @children: child SAs
 * @n_children: number of these
 */
struct ike_sa_info {
	enum ike_state state;
	bool initiator;
	const uint8_t *spi_i, *spi_r;
	const struct ike_path *path;
	const struct ike_identity *local_id, *remote_id;
	const struct ike_suite *suite;
	unsigned int proved_local, proved_remote;
	const struct ike_profile *profile;
	uint64_t since_ms, rekey_ms;
	bool nat_local, nat_remote, fragmentation, ppk;
	uint32_t sent, received, retransmits;
	bool dpd_outstanding;
	const char *error, *error_theirs, *error_ours;
	uint64_t error_ms;
	struct ike_child_info *children;
	size_t n_children;
};

bool ike_sa_info(const struct ike_sa *sa, struct ike_sa_info *info);
void ike_sa_info_free(struct ike_sa_info *info);

/* What to do with a datagram that is of no SA that we have. */
enum ike_greeting {
	/* nothing */
	IKE_GREET_DROP,
	/* send what was written */
	IKE_GREET_ANSWER,
	/* ike_sa_respond(), then ike_sa_receive() */
	IKE_GREET_ACCEPT,
};

#define IKE_COOKIE_SECRET_LEN	32
#define IKE_GREETING_MAX	128

/**
 * struct ike_cookie_secrets - what cookies are made with, RFC 7296 section 2.6
 * @version: number of the present one, the first octet of a cookie
 * @now: present one
 * @last: the one before, which is still taken
 */
struct ike_cookie_secrets {
	uint8_t version;
	uint8_t now[IKE_COOKIE_SECRET_LEN], last[IKE_COOKIE_SECRET_LEN];
};

enum ike_greeting ike_greet(const struct ike_env *env, const struct ike_cookie_secrets *secrets,
			    bool ask_cookie, const struct ike_path *path, const uint8_t *data,
			    size_t len, uint8_t answer[IKE_GREETING_MAX], size_t *answer_len,
			    const char **why);

#endif /* VPNHA_IKE_SA_H */
