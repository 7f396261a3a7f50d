/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets between the two ends of a pair: whenever something has happened, each end
 * sends one by each tunnel that it has, and the other end has to know its SA when it
 * arrives. And what tests of child SAs do to both ends.
 */
#ifndef IKE_TEST_TRAFFIC_H
#define IKE_TEST_TRAFFIC_H

#include "pair.h"

#define TRAFFIC_FLIGHT_MAX	65536
#define TRAFFIC_PASSED_MAX	4096

/**
 * struct traffic - packets on their way
 * @p: both ends; @context is this
 * @ops: of the host, with a kernel that knows when an SA was used
 * @counts: what is lost, or is not sent although there was a tunnel, is a fault
 * @silent: no packets are sent from this end
 * @tunnels: number of tunnels that each end has to send by, while @counts
 * @loss: of 1000 datagrams of IKE so many are lost, but no exchange fails by it
 * @sent: packets
 * @arrived: packets
 * @lost: packets
 * @n_flight: number of those in @flight
 * @flight: on their way
 * @n_passed: number of those in @passed
 * @passed: SAs that have passed a packet, and when they last did
 * @fault: the first that was lost
 */
struct traffic {
	struct pair *p;
	struct ike_ops ops;
	bool counts, silent[2];
	unsigned int tunnels, loss;
	unsigned int sent, arrived, lost;
	unsigned int n_flight;
	struct {
		unsigned int to;
		uint32_t spi;
		uint64_t at;
	} flight[TRAFFIC_FLIGHT_MAX];
	unsigned int n_passed;
	struct {
		unsigned int side;
		uint32_t spi;
		uint64_t at;
	} passed[TRAFFIC_PASSED_MAX];
	char fault[256];
};

struct traffic *traffic_new(struct pair *p);
/* The next thing that happens before @until, with packets before and after it. */
bool traffic_step(struct traffic *t, uint64_t until);
void traffic_run(struct traffic *t, uint64_t ms);

/* Give both ends so many lines, 10.1.N.0/24 to 10.2.N.0/24 in A's words. */
void pair_set_lines(struct pair *p, unsigned int n);
/* The nth child SA of the established SA of a side in a state, or NULL. */
struct ike_child *pair_child(struct pair *p, unsigned int side, enum ike_child_state state,
			     unsigned int nth);
unsigned int pair_children(struct pair *p, unsigned int side, enum ike_child_state state);
/* What the kernel says of the nth installed child SA of a side. */
void pair_expire(struct pair *p, unsigned int side, unsigned int nth, enum ike_expiry expiry);
/* Whether both ends have the same child SAs, all of them installed; NULL, or why not. */
const char *pair_agree(struct pair *p);

#define CREATE	IKE_EXCHANGE_CREATE_CHILD_SA
#define INFO	IKE_EXCHANGE_INFORMATIONAL

/* The next n datagrams of an exchange that a side sends are lost: requests, or responses. */
void pair_lose(struct pair *p, unsigned int from, unsigned int exchange, bool response,
	       unsigned int n);

#endif
