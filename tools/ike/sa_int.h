/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Insides of the engine: between the files sa*.c and child*.c. */
#ifndef VPNHA_IKE_SA_INT_H
#define VPNHA_IKE_SA_INT_H

#include <sys/queue.h>

#include "ike/auth.h"
#include "ike/build.h"
#include "ike/cert.h"
#include "ike/proposal.h"
#include "ike/sa.h"
#include "ike/wire.h"

/* A responder waits so long for IKE_AUTH. */
#define IKE_HALF_OPEN_MS	30000

/* Retransmission (RFC 7296 section 2.4): after 1, 2, 4, 8, 16 and 32 seconds it is given up. */
#define IKE_RETRANSMIT_MS	1000
#define IKE_RETRANSMITS		5
#define IKE_GIVE_UP_MS		(IKE_RETRANSMIT_MS * ((2ULL << IKE_RETRANSMITS) - 1))

/*
 * What says in clear that IKE_SA_INIT is refused may be forged (RFC 7296 section 2.21.1):
 * a better answer is waited for so long.
 */
#define IKE_REFUSED_MS		3000

/* IKE_SA_INIT is begun anew for a cookie or another group so often at most. */
#define IKE_INIT_TRIES		8

/* What is over repeats its last answer so long. */
#define IKE_LINGER_MS		10000

/* Message IDs from here on have the SA replaced: they must not wrap (section 2.2). */
#define IKE_MESSAGE_ID_HIGH	0x40000000U

/* Dead peer detection gives up after so many retransmissions, each after the profile's time. */
#define IKE_DPD_RETRANSMITS	5

/*
 * A replaced SA that the peer does not delete goes after this: by then the peer has the
 * answer that replaced it, or has given up asking.
 */
#define IKE_REPLACED_MS		64000

/* After TEMPORARY_FAILURE (RFC 7296 section 2.25) it is tried again so much later. */
#define IKE_TEMPORARY_MS	2000

/* What a reassembly may hold, RFC 7383 section 2.6. */
#define IKE_FRAGMENTS_MAX	64
#define IKE_REASSEMBLY_MAX	65536

/* Tasks and child SAs that one IKE SA may have. */
#define IKE_TASKS_MAX		256
#define IKE_CHILDREN_MAX	1024

/* Of INET6_ADDRSTRLEN. */
#define IKE_ENDPOINT_TEXT_LEN	46

/* Of an identity and what stands around it. */
#define IKE_ERROR_TEXT_LEN	320

struct ike_task;
struct ike_child;

static inline struct ike_chunk ike_chunk(const void *data, size_t len)
{
	return (struct ike_chunk){ .data = data, .len = len };
}

/**
 * struct ike_message - a message that has been parsed and, where it had to be, opened
 * @h: its header
 * @payloads: payloads, those of an encrypted one in its place
 * @raw: the whole of it as it came; of fragments the first one
 * @path: how it came
 * @at: when
 */
struct ike_message {
	struct ike_header h;
	struct ike_payloads payloads;
	struct ike_chunk raw;
	const struct ike_path *path;
	const struct ike_moment *at;
};

/**
 * struct ike_datagrams - a message as it went out, for sending it again
 * @n: number of datagrams: fragments, or one
 * @item: each of them, malloc()ed
 */
struct ike_datagrams {
	size_t n;
	struct {
		uint8_t *data;
		size_t len;
	} item[IKE_FRAGMENTS_MAX];
};

/**
 * struct ike_task_ops - a kind of request of ours
 * @name: for logs
 * @exchange: enum ike_exchange
 * @build: write the payloads. False: there is nothing to ask any more, or it cannot be
 *	asked; the task goes without a request
 * @answer: the response came. The task goes after it, unless it set @again.
 * @gone: the task goes without a response: the SA dies, the task was dropped or
 *	could not be built. NULL: nothing to do.
 */
struct ike_task_ops {
	const char *name;
	uint8_t exchange;
	bool (*build)(struct ike_sa *sa, struct ike_task *task, struct ike_writer *w,
		      const struct ike_moment *at);
	void (*answer)(struct ike_sa *sa, struct ike_task *task, const struct ike_message *m);
	void (*gone)(struct ike_sa *sa, struct ike_task *task, const struct ike_moment *at);
};

/**
 * struct ike_task - something that we have to ask of the peer
 * @list: in the SA's queue
 * @ops: what kind
 * @not_before: it waits until then
 * @child: child SA that it is about: LARVAL, or to be rekeyed; or NULL
 * @made: child SA that a rekey is making, LARVAL, or NULL
 * @again: @answer wants the task asked again, as @build then says
 * @tries: how often it has been asked
 * @dh: key pair of this exchange, or NULL
 * @ni: nonce of this exchange, @ni_len octets
 * @group: group that the peer has asked for by INVALID_KE_PAYLOAD; NULL: ours
 * @sa: new IKE SA that is being made, or NULL
 * @deleted: SPIs of the peer's that it has deleted while this was outstanding, and that
 *	we do not have: what the response is going to make is among them
 * @n_deleted: number of these
 * @collided: the peer began the same at the same time: lowest nonce of its exchange
 */
struct ike_task {
	TAILQ_ENTRY(ike_task) list;
	const struct ike_task_ops *ops;
	uint64_t not_before;
	struct ike_child *child, *made;
	bool again;
	unsigned int tries;
	struct ike_dh *dh;
	uint8_t ni[IKE_NONCE_MAX];
	size_t ni_len;
	const struct ike_alg *group;
	struct ike_sa *sa;
	uint32_t deleted[4];
	unsigned int n_deleted;
	struct {
		bool seen;
		uint8_t nonce[IKE_NONCE_MAX];
		size_t nonce_len;
		struct ike_child *child;
		struct ike_sa *sa;
	} collided;
};

TAILQ_HEAD(ike_tasks, ike_task);

/* States of a child SA. */
enum ike_child_state {
	/* it is being agreed on */
	IKE_CHILD_LARVAL,
	/* the kernel has it inbound; outbound packets still take the one it replaces */
	IKE_CHILD_INBOUND,
	IKE_CHILD_INSTALLED,
	/* another one has taken its place, and it waits for its end */
	IKE_CHILD_REPLACED,
	/* the peer is to be told, or has been, that it goes */
	IKE_CHILD_DELETING,
	/* it was replaced and is deleted; packets that are under way are still taken */
	IKE_CHILD_LINGERING,
};

/**
 * struct ike_child - a child SA: both directions
 * @list: in the SA's list
 * @config: a reference, for @policy: a reload may leave the SA without it, and the child
 *	is still to be deleted
 * @policy: what it is for, of @config
 * @pair: line of the access list that it was asked for with; SIZE_MAX: all
 * @packet: the packet that asked for it; family 0: none
 * @state: set by ike_child_set_state() only
 * @initiator: we began the exchange that made it
 * @spi_in: ours
 * @spi_out: the peer's
 * @suite: algorithms
 * @transport: transport mode
 * @encap: ESP in UDP
 * @local: our side's traffic
 * @remote: the peer's
 * @keys: until both directions are installed; then wiped
 * @in: as the kernel has it, for removing and moving it
 * @out: likewise
 * @has_in: the kernel has it
 * @has_out: likewise
 * @replaces: the one it is to replace, or NULL
 * @nonce: the lowest of the nonces of its exchange (RFC 7296 section 2.8.1)
 * @nonce_len: octets of it
 * @since: when it was installed
 * @rekey: when it is going to be replaced
 * @switch_at: when it is next looked at whether an IKE_CHILD_INBOUND may go out
 * @dies_at: when an IKE_CHILD_REPLACED or IKE_CHILD_LINGERING ends
 * @told: the request to delete it is outstanding
 * @confirmed: the peer has it: it has answered, or has got our answer
 * @unwanted: while LARVAL it became one that is to be deleted
 * @rekeys: how many were there before it
 */
struct ike_child {
	TAILQ_ENTRY(ike_child) list;
	const struct ike_config *config;
	const struct ike_child_policy *policy;
	size_t pair;
	struct ike_selector_pair packet;
	enum ike_child_state state;
	bool initiator;
	uint32_t spi_in, spi_out;
	struct ike_suite suite;
	bool transport, encap;
	struct ike_selectors local, remote;
	struct ike_child_keys keys;
	struct ike_kernel_sa in, out;
	bool has_in, has_out;
	struct ike_child *replaces;
	uint8_t nonce[IKE_NONCE_MAX];
	size_t nonce_len;
	uint64_t since, rekey, switch_at, dies_at;
	bool told, unwanted, confirmed;
	unsigned int rekeys;
};

TAILQ_HEAD(ike_children, ike_child);

/**
 * struct ike_reassembly - fragments of a message, RFC 7383 section 2.6
 * @active: there is one
 * @id: message ID
 * @response: of a response
 * @exchange: enum ike_exchange
 * @n: number of fragments
 * @have: number of those that are there
 * @first: type of the first payload
 * @len: octets of all
 * @item: decrypted contents, malloc()ed; NULL: not there
 */
struct ike_reassembly {
	bool active, response;
	uint32_t id;
	uint8_t exchange;
	uint16_t n, have;
	uint8_t first;
	size_t len;
	struct {
		uint8_t *data;
		size_t len;
	} item[IKE_FRAGMENTS_MAX];
};

/**
 * struct ike_sa - an IKE SA
 * @env: what it runs in
 * @config: a reference
 * @profile: of @config; a responder's is NULL until the peer has told who it is
 * @policy: of @config
 * @state: set by ike_sa_set_state() only
 * @initiator: we are the original initiator
 * @spi_i: SPI of the initiator's
 * @spi_r: SPI of the responder's
 * @path: addresses; the remote one may move (RFC 7296 section 2.23)
 * @suite: algorithms
 * @has_keys: @suite and @keys are there
 * @keys: keys
 * @seal_counter: number of payloads that were sealed, which is the IV of counter modes
 * @send_id: message ID of the request of ours that is outstanding, or of the next one
 * @recv_id: message ID of the next request of the peer's
 * @sent: what is outstanding; none where there is no @asking
 * @asking: the task whose request is outstanding, not in @tasks
 * @tries: how often it was sent again
 * @asked_at: when it was sent first
 * @resend_at: when it is sent again
 * @answered: the last response
 * @answered_any: there is one
 * @answered_hash: SHA-256 of the request that it answers (a first message is compared by it)
 * @tasks: what is to be asked, in this order
 * @n_tasks: number of them
 * @children: child SAs
 * @n_children: number of them
 * @reassembly: fragments: of requests, of responses
 * @init: what is only needed until IKE_AUTH is over; freed then
 * @local_id: our identity
 * @remote_id: the peer's
 * @proved_local: enum ike_prove
 * @proved_remote: likewise
 * @peer_hashes: set of IKE_HASH_BIT() that the peer takes, RFC 7427
 * @nat_local: a NAT is before us
 * @nat_remote: a NAT is before the peer
 * @fragmentation: both ends do
 * @ppk: a post-quantum preshared key is in the keys
 * @childless: the peer takes an SA without child SA, RFC 6023
 * @lingering: it is over, and only its last answer is still repeated
 * @born: when it was made
 * @since: when it was established
 * @rekey_at: when it is replaced; IKE_NEVER: never
 * @dies_at: when it ends unasked: half open, replaced, deleting; IKE_NEVER: never
 * @heard_at: when the peer was last heard by a message that was authentic
 * @said_at: when something was last sent, for NAT keepalives
 * @probe_at: when the peer is asked whether it lives; IKE_NEVER: never
 * @idle_at: when child SAs are looked at for having been idle; IKE_NEVER: never
 * @retransmits: messages that were sent again
 * @error: why the last thing failed that did
 * @error_theirs: what the peer had
 * @error_ours: what we had
 * @error_at: when
 */
struct ike_sa {
	const struct ike_env *env;
	const struct ike_config *config;
	const struct ike_profile *profile;
	const struct ike_policy *policy;
	enum ike_state state;
	bool initiator;
	uint8_t spi_i[IKE_SPI_LEN_MAX], spi_r[IKE_SPI_LEN_MAX];
	struct ike_path path;
	struct ike_suite suite;
	bool has_keys;
	struct ike_keys keys;
	uint64_t seal_counter;
	uint32_t send_id, recv_id;
	struct ike_datagrams sent;
	struct ike_task *asking;
	unsigned int tries;
	uint64_t asked_at, resend_at;
	struct ike_datagrams answered;
	bool answered_any;
	uint8_t answered_hash[32];
	struct ike_tasks tasks;
	size_t n_tasks;
	struct ike_children children;
	size_t n_children;
	struct ike_reassembly reassembly[2];
	struct ike_init *init;
	struct ike_identity local_id, remote_id;
	unsigned int proved_local, proved_remote;
	unsigned int peer_hashes;
	bool nat_local, nat_remote, fragmentation, ppk, childless, lingering;
	uint64_t born, since, rekey_at, dies_at, heard_at, said_at, probe_at, idle_at;
	uint32_t retransmits;
	char error[256], error_theirs[512], error_ours[512];
	uint64_t error_at;
};

/**
 * struct ike_init - what an SA has until IKE_AUTH is over; sa_init.c and sa_auth.c
 * @dh: our key pair
 * @group: its group, which the peer may have asked for
 * @ni: nonce of the initiator's
 * @ni_len: octets of it
 * @nr: nonce of the responder's
 * @nr_len: octets of it
 * @cookie: that the peer has asked for
 * @cookie_len: octets of it; 0: none
 * @ours: our first message as AUTH signs it, malloc()ed
 * @ours_len: octets of it
 * @theirs: the peer's, malloc()ed
 * @theirs_len: octets of it
 * @tries: how often IKE_SA_INIT has begun anew
 * @tried: set of groups that have been tried, a bit for each number
 * @refused: something in clear said no, and SA's @error says what
 * @initial_contact: the host knows of no other SA with the peer
 * @ppk: the peer does post-quantum preshared keys
 * @certreq: hashes of authorities that the peer named, malloc()ed
 * @certreq_len: octets of them
 * @any_certreq: there was one
 * @plain_keys: keys before a post-quantum preshared key went into them
 * @child: child SA that is made with it, LARVAL and in sa->children, or NULL
 */
struct ike_init {
	struct ike_dh *dh;
	const struct ike_alg *group;
	uint8_t ni[IKE_NONCE_MAX], nr[IKE_NONCE_MAX];
	size_t ni_len, nr_len;
	uint8_t cookie[64];
	size_t cookie_len;
	uint8_t *ours, *theirs;
	size_t ours_len, theirs_len;
	unsigned int tries;
	uint64_t tried;
	bool refused, initial_contact;
	bool ppk;
	uint8_t *certreq;
	size_t certreq_len;
	bool any_certreq;
	struct ike_keys plain_keys;
	struct ike_child *child;
};

/* sa.c: life */
void ike_sa_set_state(struct ike_sa *sa, enum ike_state state, const struct ike_moment *at);
struct ike_sa *ike_sa_new(const struct ike_env *env, const struct ike_config *config,
			  const struct ike_path *path, bool initiator,
			  const struct ike_moment *at);
void ike_sa_established(struct ike_sa *sa, const struct ike_moment *at);
/* It is over but for repeating the answer that says so: no child, no task, no new request. */
void ike_sa_linger(struct ike_sa *sa, const struct ike_moment *at);
const char *ike_endpoint_text(char buf[IKE_ENDPOINT_TEXT_LEN], const struct ike_endpoint *e);
__attribute__((format(printf, 3, 4)))
void ike_sa_log(struct ike_sa *sa, enum ike_level level, const char *format, ...);
__attribute__((format(printf, 5, 6)))
void ike_sa_fail(struct ike_sa *sa, const struct ike_moment *at, const char *theirs,
		 const char *ours, const char *format, ...);

/* sa_queue.c, sa_task.c: the queue of requests, and retransmission */
struct ike_task *ike_task_new(struct ike_sa *sa, const struct ike_task_ops *ops);
void ike_task_queue(struct ike_sa *sa, struct ike_task *task);
void ike_task_unqueue(struct ike_sa *sa, struct ike_task *task);
struct ike_task *ike_task_pop(struct ike_sa *sa);
void ike_task_free(struct ike_task *task);
void ike_task_resend(struct ike_sa *sa, const struct ike_moment *at);
void ike_task_answered(struct ike_sa *sa, const struct ike_message *m);
uint64_t ike_tasks_deadline(const struct ike_sa *sa);
void ike_tasks_drop(struct ike_sa *sa, const struct ike_moment *at);
void ike_tasks_run(struct ike_sa *sa, const struct ike_moment *at);

/* sa_message.c: messages in and out */
bool ike_sa_random_nonce(struct ike_sa *sa, uint8_t *nonce, size_t *len);
bool ike_sa_write(struct ike_sa *sa, const struct ike_header *h, uint8_t first,
		  struct ike_chunk chain, struct ike_datagrams *out);
bool ike_sa_seal(struct ike_sa *sa, const struct ike_header *h, uint8_t first,
		 struct ike_chunk chain, size_t room, struct ike_datagrams *out);
bool ike_sa_wants_fragment(struct ike_sa *sa, const struct ike_header *h,
			   const struct ike_payload *skf);
bool ike_sa_reassemble(struct ike_sa *sa, const struct ike_header *h,
		       const struct ike_payload *skf, struct ike_chunk plain,
		       uint8_t **whole, size_t *len, uint8_t *first);
void ike_reassembly_free(struct ike_reassembly *r);
void ike_datagrams_free(struct ike_datagrams *d);
void ike_sa_send(struct ike_sa *sa, const struct ike_datagrams *d, const struct ike_path *path,
		 const struct ike_moment *at);
/*
 * Go on with a message whose number and integrity are in order: @first and @plain are what
 * was encrypted. Fuzzers begin here.
 */
void ike_sa_opened(struct ike_sa *sa, struct ike_message *m, uint8_t first,
		   struct ike_chunk plain);

/*
 * Answers to requests, of all exchanges: write the payloads of the response. False: the
 * request is dropped as if it had never come, and nothing may have changed by it.
 * One that ends the SA calls ike_sa_linger(), so that the response can be repeated.
 */

/* sa_init.c, sa_auth.c: the first two exchanges */
extern const struct ike_task_ops ike_task_init, ike_task_auth;
bool ike_init_keep_certreq(struct ike_sa *sa, const struct ike_message *m);
bool ike_init_counts(struct ike_sa *sa, const struct ike_message *m);
bool ike_init_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w);
bool ike_auth_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w);
void ike_init_free(struct ike_sa *sa);
const struct ike_payload *ike_error_find(const struct ike_message *m);
const char *ike_error_text(char buf[IKE_ERROR_TEXT_LEN], const struct ike_payload *p);
/*
 * sa_auth_prove.c: who we are, and whether the peer is who it says, with the keys that
 * are given. NULL, or why not.
 */
const struct ike_identity *ike_auth_wish(const struct ike_profile *p);
const char *ike_auth_our_id(struct ike_sa *sa);
const char *ike_auth_prove(struct ike_sa *sa, const struct ike_keys *keys,
			   const struct ike_identity *remote, struct ike_chunk id,
			   struct ike_auth *auth);
const char *ike_auth_check(struct ike_sa *sa, const struct ike_keys *keys,
			   const struct ike_message *m, const struct ike_payload *id,
			   uint8_t method, struct ike_chunk data,
			   char reason[IKE_REASON_LEN]);
void ike_auth_write_certs(struct ike_sa *sa, struct ike_writer *w);
void ike_nat_detection_write(struct ike_sa *sa, struct ike_writer *w);

/* child.c: a child SA; what IKE_AUTH and CREATE_CHILD_SA have in common */
struct ike_child *ike_child_new(struct ike_sa *sa, const struct ike_child_policy *policy,
				size_t pair, const struct ike_selector_pair *packet);
void ike_child_set_state(struct ike_sa *sa, struct ike_child *child, enum ike_child_state state);
void ike_child_free(struct ike_sa *sa, struct ike_child *child);
struct ike_child *ike_child_by_spi(struct ike_sa *sa, enum ike_direction direction, uint32_t spi);
void ike_child_uninstall(struct ike_sa *sa, struct ike_child *child);
bool ike_child_install_out(struct ike_sa *sa, struct ike_child *child,
			   const struct ike_moment *at);
void ike_children_move(struct ike_sa *sa, const struct ike_path *was, const struct ike_moment *at);

const char *ike_child_state_text(enum ike_child_state state);
/* The kernel forgets all child SAs, and they are freed: the IKE SA has ended. */
void ike_children_free(struct ike_sa *sa);
/* The SA has another config: children go on with it, or are deleted. */
void ike_children_configure(struct ike_sa *sa);

/*
 * As the initiator: write the notification of transport mode, SA, (nonce, KE,) TSi and
 * TSr, in the order of RFC 7296 appendix C. In IKE_AUTH @ni is empty and @dh NULL.
 */
void ike_child_offer(struct ike_sa *sa, struct ike_child *child, struct ike_chunk ni,
		     const struct ike_dh *dh, bool in_auth, struct ike_writer *w);
/*
 * As the initiator: take SA, TSi and TSr of the response, make keys and install both
 * directions. @dh is NULL in IKE_AUTH and without PFS. Return: 0, or the
 * notification type that says why it failed (of the peer's or of ours), which was
 * logged; the child is gone then, or is DELETING where the peer may have it.
 */
uint16_t ike_child_answered(struct ike_sa *sa, struct ike_child *child,
			    const struct ike_message *m, struct ike_chunk ni, struct ike_chunk nr,
			    const struct ike_dh *dh, bool in_auth);
/*
 * As the responder: choose a policy for what the peer asks, make keys, install, and
 * write SA, (nonce, KE,) TSi, TSr, or the notification of the error. @replaces: the child
 * SA that is rekeyed, or NULL. Return: the child, or NULL when an error was written.
 */
struct ike_child *ike_child_accept(struct ike_sa *sa, const struct ike_message *m,
				   struct ike_chunk ni, struct ike_chunk nr, bool in_auth,
				   struct ike_child *replaces, struct ike_writer *w);

/*
 * sa_create.c, sa_rekey.c, sa_info.c, sa_timer.c: exchanges of an established SA, and of
 * sa.h ike_sa_want_child(), ike_sa_expired(), ike_sa_rekey(), ike_sa_close(),
 * ike_sa_close_child() and ike_sa_probe(). Before IKE_AUTH an ike_task_child waits in
 * the queue with its child LARVAL; IKE_AUTH takes the first one.
 */
extern const struct ike_task_ops ike_task_child, ike_task_rekey_child, ike_task_rekey,
	ike_task_delete_child, ike_task_delete, ike_task_probe;
bool ike_create_request(struct ike_sa *sa, const struct ike_message *m, struct ike_writer *w);
bool ike_informational_request(struct ike_sa *sa, const struct ike_message *m,
			       struct ike_writer *w);
/*
 * Everything of an established SA that time brings: rekeys, DPD, idle, keepalives. The
 * clocks are started when it becomes established, by IKE_AUTH or by a rekey.
 */
void ike_sa_start_clocks(struct ike_sa *sa, const struct ike_moment *at);
uint64_t ike_sa_lived_at(struct ike_sa *sa, const struct ike_moment *at);
void ike_sa_established_timer(struct ike_sa *sa, const struct ike_moment *at);
uint64_t ike_sa_established_deadline(const struct ike_sa *sa);

#endif /* VPNHA_IKE_SA_INT_H */
