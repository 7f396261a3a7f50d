// SPDX-License-Identifier: GPL-2.0-or-later
/* What lies between two configurations, as lines. */
#include <string.h>

#include "lib/ikev2.h"

/* The lines of one object. */
#define WRITE_ONE(list, item)								\
	do {										\
		struct ikev2_config one = { .list = &(item), .n_ ## list = 1 };		\
											\
		ikev2_config_write(out, &one, false, NULL);				\
	} while (0)

#define DIFF(what, list, words)								\
	do {										\
		for (size_t n = 0; n < from->n_ ## list; n++) {				\
			const char *name = from->list[n]->name;				\
			size_t k = 0;							\
											\
			while (k < to->n_ ## list && strcmp(to->list[k]->name, name))	\
				k++;							\
			if (k < to->n_ ## list)						\
				continue;						\
			if (out)							\
				fprintf(out, "no crypto " words " %s\n", name);		\
			n_changes++;							\
		}									\
		for (size_t n = 0; n < to->n_ ## list; n++) {				\
			const char *name = to->list[n]->name;				\
			size_t k = 0;							\
											\
			while (k < from->n_ ## list && strcmp(from->list[k]->name, name))\
				k++;							\
			if (k < from->n_ ## list &&					\
			    ikev2_ ## what ## _equal(from->list[k], to->list[n]))	\
				continue;						\
			if (out)							\
				WRITE_ONE(list, to->list[n]);				\
			n_changes++;							\
		}									\
	} while (0)

/**
 * ikev2_config_diff() - Find what it takes to get from one configuration to another.
 * @out: where to write it as lines, without secrets; NULL: nowhere
 * @from: configuration
 * @to: another
 *
 * Return: the number of objects that are new, changed or gone.
 */
size_t ikev2_config_diff(FILE *out, const struct ikev2_config *from,
			 const struct ikev2_config *to)
{
	size_t n_changes = 0;

	DIFF(trustpoint, trustpoints, "pki trustpoint");
	DIFF(proposal, proposals, "ikev2 proposal");
	DIFF(policy, policies, "ikev2 policy");
	DIFF(keyring, keyrings, "ikev2 keyring");
	DIFF(profile, profiles, "ikev2 profile");
	if (!ikev2_limits_equal(&from->limits, &to->limits)) {
		struct ikev2_config one = { .limits = to->limits };

		if (out)
			ikev2_config_write(out, &one, false, NULL);
		n_changes++;
	}
	return n_changes;
}
