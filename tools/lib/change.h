/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be done to get from one model to another, and no more. */
#ifndef VPNHA_CHANGE_H
#define VPNHA_CHANGE_H

#include <stdio.h>

#include "lib/model.h"

/**
 * struct change - One operation of a batch.
 * @op: its attribute, VPNHA_A_BATCH_*
 * @interface: what it is about
 * @group: NULL for an operation on the interface
 * @track: NULL for an operation on interface or group
 * @fields: 1 << MODEL_GROUP_* that are set, for an operation on a group
 */
struct change {
	int op;
	const struct model_interface *interface;
	const struct model_group *group;
	const struct model_track *track;
	unsigned int fields;
};

/**
 * struct changes - Operations in the order in which they must be done.
 * @items: operations; they refer to the models
 * @n_items: how many
 */
struct changes {
	struct change *items;
	size_t n_items;
};

void changes_find(struct changes *c, const struct model *from, const struct model *to);
void changes_free(struct changes *c);
void changes_write(FILE *out, const struct changes *c);
char *change_describe(const struct change *c);

#endif
