// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

#define SECONDS_1970	1800000000

static void fault(struct pair *p, const char *text)
{
	if (!*p->fault)
		snprintf(p->fault, sizeof(p->fault), "%s", text);
}

void *pair_need(void *allocated)
{
	if (!allocated)
		abort();
	return allocated;
}

uint64_t pair_random(struct pair *p)
{
	uint64_t x = p->random += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* What the engine asks of its host */

static void op_random(void *ctx, void *buf, size_t len)
{
	struct pair_side *s = ctx;
	uint8_t *to = buf;

	while (len--)
		*to++ = (uint8_t)pair_random(s->pair);
}

static void enqueue(struct pair *p, struct pair_datagram *d)
{
	struct pair_datagram *other;

	p->n_queue++;
	TAILQ_FOREACH(other, &p->queue, list)
		if (other->at > d->at) {
			TAILQ_INSERT_BEFORE(other, d, list);
			return;
		}
	TAILQ_INSERT_TAIL(&p->queue, d, list);
}

/* A NAT gives A another address, and takes what comes for that. */
static void translate(struct pair *p, unsigned int from, struct ike_endpoint *src,
		      struct ike_endpoint *dst)
{
	const struct ike_endpoint outside = pair_outside();

	if (!p->nat)
		return;
	if (from == PAIR_A) {
		const bool nat_port = src->port == 4500;

		*src = outside;
		src->port = (uint16_t)(p->nat_from + nat_port);
	} else if (ike_endpoint_same_address(dst, &outside) &&
		   (dst->port == p->nat_from || dst->port == p->nat_from + 1)) {
		const bool nat_port = dst->port != p->nat_from;

		*dst = p->side[PAIR_A].address;
		dst->port = nat_port ? 4500 : 500;
	} else {
		/* there is no mapping */
		dst->family = 0;
	}
}

static void put(struct pair *p, unsigned int from, struct ike_endpoint src,
		struct ike_endpoint dst, const uint8_t *data, size_t len)
{
	const uint64_t spread = p->delay_max - p->delay_min + 1;
	enum pair_verdict verdict = PAIR_PASS;
	struct pair_datagram *d;

	translate(p, from, &src, &dst);
	d = pair_need(malloc(sizeof(*d) + len));
	memset(d, 0, sizeof(*d));
	d->from = from;
	d->number = p->n_sent++;
	d->src = src;
	d->dst = dst;
	d->len = len;
	if (len)
		memcpy(d->data, data, len);
	if (p->filter)
		verdict = p->filter(p, d);
	if (verdict == PAIR_PASS && pair_random(p) % 1000 < p->loss)
		verdict = PAIR_DROP;
	if (verdict == PAIR_PASS && pair_random(p) % 1000 < p->twice)
		verdict = PAIR_TWICE;
	if (verdict == PAIR_TWICE) {
		struct pair_datagram *copy = pair_need(malloc(sizeof(*d) + len));

		memcpy(copy, d, sizeof(*d) + len);
		copy->at = p->now.ms + p->delay_min + pair_random(p) % spread;
		enqueue(p, copy);
	}
	if (verdict == PAIR_DROP || !dst.family) {
		free(d);
		return;
	}
	d->at = p->now.ms + p->delay_min + pair_random(p) % spread;
	enqueue(p, d);
}

static unsigned int number_of(const struct pair_side *s)
{
	return s == &s->pair->side[PAIR_A] ? PAIR_A : PAIR_B;
}

static void op_send(void *ctx, struct ike_sa *sa, const struct ike_path *path,
		    const uint8_t *data, size_t len)
{
	struct pair_side *s = ctx;

	(void)sa;
	if (!ike_endpoint_same_address(&path->local, &s->address))
		fault(s->pair, "something is sent from an address that the side does not have");
	s->sent++;
	put(s->pair, number_of(s), path->local, path->remote, data, len);
}

static bool is_same(const struct pair_kernel_sa *a, const struct ike_kernel_sa *k)
{
	return a->k.direction == k->direction && a->k.spi == k->spi &&
	       ike_endpoint_same_address(&a->k.dst, &k->dst);
}

static struct pair_kernel_sa *kernel_find(struct pair_side *s, const struct ike_kernel_sa *k)
{
	for (unsigned int i = 0; i < s->n_kernel; i++)
		if (is_same(&s->kernel[i], k))
			return &s->kernel[i];
	return NULL;
}

static const char *op_install(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	struct pair_side *s = ctx;
	struct pair_kernel_sa *new;

	(void)sa;
	if (s->refuse_install) {
		s->refuse_install--;
		return "the test says no";
	}
	if (kernel_find(s, k))
		fault(s->pair, "an SA is installed twice");
	if (!k->spi || !k->keys || !k->suite || !k->suite->encr || !k->policy)
		fault(s->pair, "an SA is installed that is not whole");
	if (s->n_kernel == PAIR_KERNEL_MAX)
		return "the kernel is full";
	new = &s->kernel[s->n_kernel++];
	memset(new, 0, sizeof(*new));
	new->k = *k;
	new->keys = *k->keys;
	new->suite = *k->suite;
	new->local = *k->local;
	new->remote = *k->remote;
	new->installed = ++s->pair->installed;
	return NULL;
}

static void op_remove(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	struct pair_side *s = ctx;
	struct pair_kernel_sa *gone = kernel_find(s, k);

	(void)sa;
	if (gone)
		*gone = s->kernel[--s->n_kernel];
}

static const char *op_move(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *now,
			   const struct ike_endpoint *was)
{
	struct pair_side *s = ctx;
	struct ike_kernel_sa before = *now;
	struct pair_kernel_sa *moved;

	(void)sa;
	if (now->direction == IKE_OUT)
		before.dst = *was;
	moved = kernel_find(s, &before);
	if (!moved)
		return "there is no such SA";
	moved->k.src = now->src;
	moved->k.dst = now->dst;
	return NULL;
}

static uint64_t op_idle(void *ctx, struct ike_sa *sa, const struct ike_kernel_sa *k)
{
	struct pair_side *s = ctx;

	(void)sa;
	(void)k;
	return s->idle_ms;
}

static void op_established(void *ctx, struct ike_sa *sa, bool initial_contact)
{
	struct pair_side *s = ctx;

	if (ike_sa_state(sa) != IKE_STATE_ESTABLISHED)
		fault(s->pair, "an SA is said to be established and is not");
	s->established++;
	s->initial_contacts += initial_contact;
}

static void add_sa(struct pair_side *s, struct ike_sa *sa)
{
	if (s->n_sas == PAIR_SAS_MAX)
		abort();
	s->sas[s->n_sas++] = sa;
}

static void op_succeeded(void *ctx, struct ike_sa *sa, struct ike_sa *next)
{
	struct pair_side *s = ctx;

	(void)sa;
	s->succeeded++;
	add_sa(s, next);
}

static void op_redundant(void *ctx, struct ike_sa *sa, struct ike_sa *next)
{
	(void)sa;
	add_sa(ctx, next);
}

static void op_log(void *ctx, struct ike_sa *sa, enum ike_level level, const char *text)
{
	static const char *const levels[] = { "error", "notice", "debug" };
	struct pair_side *s = ctx;
	const size_t len = strlen(text);
	int n;

	(void)sa;
	if (getenv("PAIR_LOG"))
		fprintf(stderr, "%8llu %s %s: %s\n", (unsigned long long)s->pair->now.ms,
			s->name, levels[level], text);
	s->log = pair_need(realloc(s->log, s->log_len + len + 16));
	n = snprintf(s->log + s->log_len, len + 16, "%s: %s\n", levels[level], text);
	s->log_len += (size_t)n;
}

static const struct ike_ops ops = {
	.random = op_random,
	.send = op_send,
	.install = op_install,
	.remove = op_remove,
	.move = op_move,
	.idle = op_idle,
	.established = op_established,
	.succeeded = op_succeeded,
	.redundant = op_redundant,
	.log = op_log,
};

struct pair *pair_new(uint64_t seed)
{
	struct pair *p = pair_need(calloc(1, sizeof(*p)));

	TAILQ_INIT(&p->queue);
	p->crypt = pair_need(ike_crypt_new());
	p->random = seed;
	p->now = (struct ike_moment){ .ms = 1000000, .wall = SECONDS_1970 };
	p->delay_min = 10;
	p->delay_max = 10;
	p->nat_from = 10000;
	p->side[PAIR_A].address = pair_endpoint("192.0.2.1", 500);
	p->side[PAIR_B].address = pair_endpoint("203.0.113.2", 500);
	for (unsigned int i = 0; i < 2; i++) {
		struct pair_side *s = &p->side[i];

		s->pair = p;
		s->name = i == PAIR_A ? "A" : "B";
		s->env = (struct ike_env){ .crypt = p->crypt, .ops = &ops, .ctx = s };
		s->idle_ms = 0;
		op_random(s, &s->secrets, sizeof(s->secrets));
		pair_config(p, i);
	}
	return p;
}

void pair_free(struct pair *p)
{
	struct pair_datagram *d;

	if (!p)
		return;
	while ((d = TAILQ_FIRST(&p->queue))) {
		TAILQ_REMOVE(&p->queue, d, list);
		free(d);
	}
	for (unsigned int i = 0; i < 2; i++) {
		struct pair_side *s = &p->side[i];

		for (unsigned int k = 0; k < s->n_sas; k++)
			ike_sa_free(s->sas[k]);
		ike_config_put(s->config);
		free(s->log);
	}
	ike_crypt_free(p->crypt);
	free(p);
}

/* What a host does */

static void remember_end(struct pair_side *s, const struct ike_sa *sa)
{
	struct ike_sa_info info;

	s->died++;
	if (!ike_sa_info(sa, &info))
		abort();
	snprintf(s->error, sizeof(s->error), "%s", info.error);
	snprintf(s->error_theirs, sizeof(s->error_theirs), "%s", info.error_theirs);
	snprintf(s->error_ours, sizeof(s->error_ours), "%s", info.error_ours);
	if (info.n_children)
		fault(s->pair, "a dead SA has child SAs");
	ike_sa_info_free(&info);
}

void pair_reap(struct pair *p)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct pair_side *s = &p->side[i];

		for (unsigned int k = 0; k < s->n_sas;) {
			if (ike_sa_state(s->sas[k]) != IKE_STATE_DEAD) {
				k++;
				continue;
			}
			remember_end(s, s->sas[k]);
			ike_sa_free(s->sas[k]);
			s->sas[k] = s->sas[--s->n_sas];
		}
	}
}

static struct ike_sa *find_sa(struct pair_side *s, const uint8_t *data, size_t len)
{
	static const uint8_t none[8];
	const bool from_initiator = len > 19 && data[19] & IKE_FLAG_INITIATOR;
	const uint8_t *spi = from_initiator ? data + 8 : data;

	if (len < IKE_HEADER_LEN)
		return NULL;
	for (unsigned int i = 0; i < s->n_sas; i++) {
		struct ike_sa *sa = s->sas[i];

		if (ike_sa_is_initiator(sa) == from_initiator)
			continue;
		/* a first message, sent again */
		if (!memcmp(spi, none, sizeof(none)) ?
		    !memcmp(sa->spi_i, data, sizeof(none)) && from_initiator :
		    !memcmp(ike_sa_local_spi(sa), spi, sizeof(none)))
			return sa;
	}
	return NULL;
}

/* What is in an authentic message is changed, as if its sender had meant it so. */
static bool mutate(struct pair *p, struct ike_sa *sa, const struct ike_path *path,
		   uint8_t *data, size_t len)
{
	struct ike_message m = { .raw = { data, len }, .path = path, .at = &p->now };
	const struct ike_payload *sk;
	struct ike_chunk plain;
	struct ike_fault f;
	uint8_t *chain, first;
	size_t n;

	if (!p->mutate || !sa->has_keys ||
	    !ike_message_parse(&m.h, &m.payloads, data, len, &f) ||
	    m.payloads.items[m.payloads.n - 1].type != IKE_PAYLOAD_SK)
		return false;
	if (m.h.flags & IKE_FLAG_RESPONSE ?
	    !sa->asking || m.h.message_id != sa->send_id ||
	    m.h.exchange != sa->asking->ops->exchange : m.h.message_id != sa->recv_id ||
	    sa->state == IKE_STATE_AUTH || sa->lingering)
		return false;
	sk = &m.payloads.items[m.payloads.n - 1];
	first = sk->encrypted.first;
	if (ike_open(p->crypt, &sa->suite, sa->initiator ? &sa->keys.r : &sa->keys.i, data, len,
		     (size_t)(sk->encrypted.content.data - data), &plain) != IKE_OPEN_OK)
		return false;
	chain = pair_need(malloc(PAIR_CHAIN_MAX));
	n = plain.len;
	if (n)
		memcpy(chain, plain.data, n);
	p->mutate(p, sa, &m.h, &first, chain, &n);
	/* in memory of its size, so that an octet too far is seen */
	chain = pair_need(realloc(chain, n ? n : 1));
	ike_sa_opened(sa, &m, first, ike_chunk(chain, n));
	free(chain);
	return true;
}

static void arrive(struct pair_side *s, const struct ike_endpoint *src,
		   const struct ike_endpoint *dst, const uint8_t *data, size_t len)
{
	const struct ike_path path = { .local = *dst, .remote = *src };
	uint8_t answer[IKE_GREETING_MAX], *alone = pair_copy(data, len);
	struct ike_sa *sa = find_sa(s, data, len);
	size_t answer_len = 0;
	const char *why = NULL;

	if (!len) {
		s->keepalives++;
	} else if (sa) {
		if (!mutate(s->pair, sa, &path, alone, len)) {
			memcpy(alone, data, len);
			ike_sa_receive(sa, &s->pair->now, &path, alone, len);
		}
	} else {
		switch (ike_greet(&s->env, &s->secrets, s->ask_cookie, &path, alone, len, answer,
				  &answer_len, &why)) {
		case IKE_GREET_DROP:
			op_log(s, NULL, IKE_LOG_DEBUG, why);
			break;
		case IKE_GREET_ANSWER:
			op_log(s, NULL, IKE_LOG_DEBUG, why);
			op_send(s, NULL, &path, answer, answer_len);
			break;
		case IKE_GREET_ACCEPT:
			sa = ike_sa_respond(&s->env, s->config, &path, &s->pair->now);
			if (!sa)
				break;
			add_sa(s, sa);
			ike_sa_receive(sa, &s->pair->now, &path, alone, len);
			break;
		}
	}
	free(alone);
	pair_reap(s->pair);
}

void pair_inject(struct pair *p, unsigned int to, const struct ike_endpoint *src,
		 const struct ike_endpoint *dst, const uint8_t *data, size_t len)
{
	arrive(&p->side[to], src, dst, data, len);
}

struct ike_sa *pair_initiate(struct pair *p, unsigned int side, bool initial_contact)
{
	struct pair_side *s = &p->side[side];
	const struct ike_path path = {
		.local = s->address,
		.remote = p->side[!side].address,
	};
	struct ike_sa *sa = ike_sa_initiate(&s->env, s->config, s->config->profiles, &path,
					    initial_contact, &p->now);

	if (!sa)
		return NULL;
	add_sa(s, sa);
	if (s->config->n_children)
		ike_sa_want_child(sa, &p->now, s->config->children, 0, NULL);
	if (ike_sa_state(sa) == IKE_STATE_DEAD)
		sa = NULL;
	pair_reap(p);
	return sa;
}

static void set_now(struct pair *p, uint64_t ms)
{
	if (ms <= p->now.ms)
		return;
	p->now.wall += (int64_t)(ms / 1000) - (int64_t)(p->now.ms / 1000);
	p->now.ms = ms;
}

static struct ike_sa *next_deadline(struct pair *p, uint64_t *at)
{
	struct ike_sa *first = NULL;

	*at = IKE_NEVER;
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < p->side[i].n_sas; k++) {
			uint64_t due = ike_sa_deadline(p->side[i].sas[k]);

			if (due < *at) {
				*at = due;
				first = p->side[i].sas[k];
			}
		}
	return first;
}

static void deliver(struct pair *p)
{
	struct pair_datagram *d = TAILQ_FIRST(&p->queue);
	struct pair_side *to = &p->side[!d->from];

	set_now(p, d->at);
	TAILQ_REMOVE(&p->queue, d, list);
	p->n_queue--;
	if (!to->deaf && ike_endpoint_same_address(&d->dst, &to->address))
		arrive(to, &d->src, &d->dst, d->data, d->len);
	free(d);
}

bool pair_step(struct pair *p, uint64_t until)
{
	const struct pair_datagram *d = TAILQ_FIRST(&p->queue);
	static uint64_t last;
	static unsigned int stuck;
	struct ike_sa *sa;
	uint64_t due;

	sa = next_deadline(p, &due);
	if (d && d->at <= due) {
		if (d->at > until)
			return false;
		deliver(p);
		return true;
	}
	if (!sa || due > until)
		return false;
	/* a deadline that calling the timer does not move would go on for ever */
	stuck = due <= p->now.ms && due == last ? stuck + 1 : 0;
	last = due;
	if (stuck > 1000) {
		fault(p, "a deadline stands still");
		return false;
	}
	set_now(p, due);
	ike_sa_timer(sa, &p->now);
	pair_reap(p);
	return true;
}

void pair_run(struct pair *p, uint64_t ms)
{
	const uint64_t until = p->now.ms + ms;

	while (pair_step(p, until))
		;
	set_now(p, until);
}

void pair_settle(struct pair *p)
{
	while (!TAILQ_EMPTY(&p->queue))
		deliver(p);
}

void pair_jump(struct pair *p)
{
	uint64_t due;

	next_deadline(p, &due);
	if (due != IKE_NEVER)
		pair_step(p, due);
}

/* What tests look at */

struct ike_sa *pair_sa(struct pair *p, unsigned int side)
{
	struct pair_side *s = &p->side[side];
	struct ike_sa *best = NULL;

	for (unsigned int i = 0; i < s->n_sas; i++)
		if (ike_sa_state(s->sas[i]) == IKE_STATE_ESTABLISHED &&
		    (!best || s->sas[i]->since >= best->since))
			best = s->sas[i];
	return best;
}

unsigned int pair_count(struct pair *p, unsigned int side, enum ike_state state)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < p->side[side].n_sas; i++)
		n += ike_sa_state(p->side[side].sas[i]) == state;
	return n;
}

bool pair_up(struct pair *p)
{
	return pair_sa(p, PAIR_A) && pair_sa(p, PAIR_B);
}

bool pair_logged(struct pair *p, unsigned int side, const char *text)
{
	return p->side[side].log && strstr(p->side[side].log, text);
}

static bool same_selectors(const struct ike_selectors *a, const struct ike_selectors *b)
{
	return ike_selectors_within(a, b) && ike_selectors_within(b, a);
}

/* The other end of a tunnel; all of it has to fit. */
static const struct pair_kernel_sa *counterpart(struct pair_side *s,
						const struct pair_kernel_sa *out)
{
	for (unsigned int i = 0; i < s->n_kernel; i++) {
		const struct pair_kernel_sa *in = &s->kernel[i];

		if (in->k.direction == IKE_IN && in->k.spi == out->k.spi &&
		    !memcmp(in->keys.encr, out->keys.encr, out->suite.encr->key_len) &&
		    (!out->suite.integ ||
		     !memcmp(in->keys.integ, out->keys.integ, out->suite.integ->key_len)) &&
		    in->suite.encr == out->suite.encr && in->suite.integ == out->suite.integ &&
		    in->suite.esn == out->suite.esn && in->k.encap == out->k.encap &&
		    in->k.transport == out->k.transport &&
		    same_selectors(&in->local, &out->remote) &&
		    same_selectors(&in->remote, &out->local))
			return in;
	}
	return NULL;
}

const char *pair_kernels(struct pair *p)
{
	if (*p->fault)
		return p->fault;
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int k = 0; k < p->side[i].n_kernel; k++) {
			const struct pair_kernel_sa *sa = &p->side[i].kernel[k];

			if (sa->k.direction == IKE_OUT && !counterpart(&p->side[!i], sa))
				return i ? "what B sends A does not take" :
					   "what A sends B does not take";
		}
	return NULL;
}

static unsigned int count_out(const struct pair_side *s)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < s->n_kernel; i++)
		n += s->kernel[i].k.direction == IKE_OUT;
	return n;
}

const char *pair_traffic(struct pair *p, unsigned int n)
{
	const char *error = pair_kernels(p);

	if (error)
		return error;
	if (count_out(&p->side[PAIR_A]) != n)
		return "A has another number of child SAs";
	return count_out(&p->side[PAIR_B]) == n ? NULL : "B has another number of child SAs";
}

const char *pair_nothing(struct pair *p)
{
	if (*p->fault)
		return p->fault;
	if (p->side[PAIR_A].n_sas || p->side[PAIR_B].n_sas)
		return "there is an IKE SA";
	if (p->side[PAIR_A].n_kernel)
		return "A's kernel has an SA";
	return p->side[PAIR_B].n_kernel ? "B's kernel has an SA" : NULL;
}
