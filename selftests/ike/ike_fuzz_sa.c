// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Any octets may be in an authentic message, at any moment of an IKE SA's life: one
 * message between two engines is changed after it has been decrypted. Whatever it
 * says, nobody crashes, both ends come to an end, and no kernel keeps an SA.
 *
 * Input: what happens, which message, how it is changed, and what it becomes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How a message is changed. */
enum {
	/* it is these payloads */
	REPLACE,
	/* octets of it are other ones: offset (2), value */
	PATCH,
	/* it is cut off, and goes on with these */
	CUT,
	MODES
};

struct input {
	const uint8_t *data;
	size_t size;
	unsigned int skip;
	uint8_t mode;
	bool done;
};

static void apply(struct pair *p, struct ike_sa *to, const struct ike_header *h,
		  uint8_t *first, uint8_t *chain, size_t *len)
{
	struct input *in = p->context;
	const uint8_t *at = in->data;
	size_t left = in->size, keep;

	(void)to;
	(void)h;
	if (in->done || in->skip--)
		return;
	in->done = true;
	switch (in->mode) {
	case REPLACE:
		if (!left)
			return;
		*first = at[0];
		*len = left - 1;
		memcpy(chain, at + 1, *len);
		break;
	case PATCH:
		for (; left >= 3; left -= 3, at += 3) {
			if (*len)
				chain[(at[0] << 8 | at[1]) % *len] = at[2];
		}
		break;
	case CUT:
		if (left < 2)
			return;
		keep = (size_t)(at[0] << 8 | at[1]) % (*len + 1);
		memcpy(chain + keep, at + 2, left - 2);
		*len = keep + left - 2;
		break;
	}
}

/* What is going on when the message is under way. */
static void act(struct pair *p, unsigned int what)
{
	const unsigned int side = what & 1;
	struct ike_sa *sa = pair_sa(p, side), *other = pair_sa(p, !side);

	if (!sa || !other)
		return;
	switch (what >> 1 & 7) {
	case 0:
		ike_sa_probe(sa, &p->now);
		break;
	case 1:
		ike_sa_rekey(sa, &p->now);
		break;
	case 2:
		ike_sa_rekey(sa, &p->now);
		ike_sa_rekey(other, &p->now);
		break;
	case 3:
		if (!TAILQ_EMPTY(&sa->children))
			ike_sa_expired(sa, &p->now, IKE_OUT, TAILQ_FIRST(&sa->children)->spi_out,
				       false);
		break;
	case 4:
		if (!TAILQ_EMPTY(&sa->children) && !TAILQ_EMPTY(&other->children)) {
			ike_sa_expired(sa, &p->now, IKE_OUT, TAILQ_FIRST(&sa->children)->spi_out,
				       false);
			ike_sa_expired(other, &p->now, IKE_OUT,
				       TAILQ_FIRST(&other->children)->spi_out, IKE_EXPIRY_SOFT);
		}
		break;
	case 5:
		if (!TAILQ_EMPTY(&sa->children))
			ike_sa_close_child(sa, &p->now, TAILQ_FIRST(&sa->children)->spi_in,
					   "the test says so");
		break;
	case 6:
		ike_sa_close(sa, &p->now, "the test says so", true);
		break;
	default:
		ike_sa_want_child(sa, &p->now, p->side[side].config->children, 0, NULL);
		break;
	}
	pair_reap(p);
}

static void close_all(struct pair *p)
{
	for (unsigned int side = 0; side < 2; side++)
		for (unsigned int i = 0; i < p->side[side].n_sas; i++)
			ike_sa_close(p->side[side].sas[i], &p->now, "the end", true);
	pair_reap(p);
	pair_run(p, 400000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *error;
	struct input in;
	struct pair *p;

	if (size < 3 || size > 4096)
		return 0;
	in = (struct input){
		.data = data + 3,
		.size = size - 3,
		.skip = data[1] % 16,
		.mode = data[2] % MODES,
	};
	p = pair_new(1);
	p->context = &in;
	p->mutate = apply;
	pair_initiate(p, PAIR_A, false);
	pair_run(p, 5000);
	act(p, data[0]);
	pair_run(p, 5000);
	act(p, data[0] >> 4);
	pair_run(p, 90000);
	p->mutate = NULL;
	close_all(p);
	error = pair_nothing(p);
	if (error) {
		fprintf(stderr, "# %s\n", error);
		abort();
	}
	pair_free(p);
	return 0;
}
