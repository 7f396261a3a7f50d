/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An IKE SA between the loop and the workers. The loop says what happens to it (jobs),
 * one worker at a time carries that out, and tells the loop what came of it (outcomes).
 */
#ifndef VPNHAD_CONN_H
#define VPNHAD_CONN_H

#include <jansson.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "ike/sa.h"

struct conn;
struct endpoint;
struct event;

/* Why it failed, as struct ike_sa_info has it. */
struct conn_error {
	char text[256], theirs[512], ours[512];
	uint64_t at_ms;
};

/**
 * struct conn_child - A child SA as the loop has to know it.
 * @ifname: interface; with the next three the entry that it is of
 * @map: crypto map
 * @number: its entry
 * @dynamic_number: entry of the dynamic map; 0: none
 * @spi_in: ours
 * @spi_out: the peer's
 */
struct conn_child {
	char ifname[IFNAMSIZ];
	char map[IKE_NAME_SIZE];
	uint32_t number, dynamic_number;
	uint32_t spi_in, spi_out;
};

/**
 * struct conn_state - What the loop knows of an IKE SA: as the last job left it.
 * @state: its state
 * @initiator: we began
 * @spi: ours, which its messages are found by
 * @path: addresses
 * @deadline: when it wants ike_sa_timer()
 * @local_id: our identity
 * @remote_id: the peer's
 * @profile: name of its profile
 * @since_ms: when it was established, or begun before that
 * @rekey_ms: when it is going to be replaced
 * @life_ms: how long its profile lets it live
 * @dpd_ms: how often the peer is asked whether it lives
 * @nat_local: a NAT is before us
 * @nat_remote: a NAT is before the peer
 * @error: why the last thing failed that did
 * @children: child SAs, malloc()ed
 * @n_children: how many
 */
struct conn_state {
	enum ike_state state;
	bool initiator;
	uint8_t spi[IKE_SPI_LEN_MAX];
	struct ike_path path;
	uint64_t deadline;
	struct ike_identity local_id, remote_id;
	char profile[IKE_NAME_SIZE];
	uint64_t since_ms, rekey_ms, life_ms, dpd_ms;
	bool nat_local, nat_remote;
	struct conn_error error;
	struct conn_child *children;
	size_t n_children;
};

enum job_kind {
	JOB_INITIATE,		/* @config, @profile, @path, @first_contact */
	JOB_RESPOND,		/* @config, @path, @data: the first message */
	JOB_RECEIVE,		/* @path, @data */
	JOB_TIMER,
	JOB_WANT,		/* @config, @policy, @pair, @packet */
	JOB_EXPIRED,		/* @direction, @spi, @expiry */
	JOB_CLOSE,		/* @why, @tell */
	JOB_CLOSE_CHILD,	/* @spi, @why */
	JOB_MOVED,		/* @path: where the peer is now */
	JOB_PROBE,
	JOB_CONFIGURE,		/* @config */
	JOB_SHOW,		/* @asker: an outcome with json */
};

/**
 * struct job - Something that happens to an IKE SA.
 *
 * The members are those that enum job_kind names beside each; a job owns what it
 * points to: @config is a reference, @data malloc()ed.
 */
struct job {
	STAILQ_ENTRY(job) list;
	enum job_kind kind;
	const struct ike_config *config;
	const struct ike_profile *profile;
	struct ike_path path;
	uint8_t *data;
	size_t len;
	const struct ike_child_policy *policy;
	size_t pair;
	struct ike_selector_pair packet;
	enum ike_direction direction;
	uint32_t spi;
	enum ike_expiry expiry;
	bool tell, first_contact;
	const char *why;
	uint64_t asker;
};

STAILQ_HEAD(jobs, job);

enum outcome_kind {
	OUTCOME_RAN,		/* jobs were carried out: @state and so on */
	OUTCOME_SHOWN,		/* @asker, @json */
	OUTCOME_GONE,		/* a dead one that no worker has any more */
};

/**
 * struct outcome - What a worker tells the loop.
 * @list: in the pool
 * @kind: what
 * @conn: of which
 * @state: its state now
 * @established: it is authenticated now and was not before
 * @initial_contact: and the peer knows of no other one
 * @next: IKE SA that has taken its place, or NULL
 * @next_state: its state
 * @asker: who wanted to know
 * @json: what there was to know; the loop owns it
 */
struct outcome {
	STAILQ_ENTRY(outcome) list;
	enum outcome_kind kind;
	struct conn *conn;
	struct conn_state state;
	bool established, initial_contact;
	struct ike_sa *next;
	struct conn_state next_state;
	uint64_t asker;
	json_t *json;
};

STAILQ_HEAD(outcomes, outcome);

/**
 * struct conn - An IKE SA.
 * @id: number, for users
 * @all: in the table
 * @by_spi: in the table, by our SPI
 * @by_peer: in the table, by the peer's address
 * @by_first: in the table, by the SPI of the peer's first message, until it is established
 * @endpoint: our address, a reference
 * @remote: the peer's address, as the table has it
 * @first_spi: SPI of the peer's first message
 * @timer: of state.deadline
 * @state: as the last job left it
 * @begun_ms: when it was made
 * @was_up: it has been established
 * @half_open: it is counted as one that somebody has begun
 * @closing: it was told to close
 * @removed: it is not in the table any more
 * @attempt: number of the attempt of ours that it is; 0: none
 * @jobs: what is to be done; from here on the pool's lock
 * @n_datagrams: jobs among them that can be dropped
 * @ready: in the pool's list of those with jobs
 * @queued: it is in there
 * @running: a worker has it
 * @dead: it takes no more jobs
 * @sa: the worker's that has it
 */
struct conn {
	uint32_t id;
	LIST_ENTRY(conn) all, by_spi, by_peer, by_first;
	struct endpoint *endpoint;
	struct ike_endpoint remote;
	uint8_t first_spi[IKE_SPI_LEN_MAX];
	struct event *timer;
	struct conn_state state;
	uint64_t begun_ms;
	bool was_up, half_open, in_spi, in_first, closing, removed;
	struct table *table;
	uint64_t attempt;

	struct jobs jobs;
	size_t n_datagrams;
	TAILQ_ENTRY(conn) ready;
	bool queued, running, dead;

	struct ike_sa *sa;
};

struct job *job_new(enum job_kind kind);
void job_free(struct job *j);
void conn_state_free(struct conn_state *s);
void outcome_free(struct outcome *o);

/* conn_show.c: what "show" says of it; called by the worker that has it */
json_t *conn_show(const struct ike_sa *sa, uint64_t now_ms);

#endif
