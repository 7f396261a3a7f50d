/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must be done to get from one model to another, and no more. */
#ifndef VPNHA_CHANGE_H
#define VPNHA_CHANGE_H

#include <stdio.h>

#include "lib/model.h"

/**
 * struct change - One operation of a batch.
 * @op: its attribute, VPNHA_A_BATCH_*
 * @interface: what it is about, in an operation of HSRP
 * @group: NULL for an operation on the interface
 * @was: if a group is changed, what it was
 * @track: NULL for an operation on interface or group
 * @tracked: what it is about, if a tracked object
 * @fields: those that are set, 1 << MODEL_GROUP_*, CRYPTO_MAP_* or CRYPTO_BINDING_*
 * @set: what the operation is about, if a transform set
 * @acl: if a line of an access list, the list
 * @line: the line
 * @map: if an entry of a crypto map
 * @binding: if a crypto map on an interface
 */
struct change {
	int op;
	const struct model_interface *interface;
	const struct model_group *group, *was;
	const struct model_track *track;
	const struct object *tracked;
	unsigned int fields;
	const struct crypto_set *set;
	const struct crypto_acl *acl;
	const struct crypto_line *line;
	const struct crypto_map *map;
	const struct crypto_binding *binding;
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

/* For the files that find changes. */
struct change *change_add(struct changes *c, int op);
bool change_is_crypto(const struct change *c);
void changes_remove_crypto(struct changes *c, const struct crypto *from, const struct crypto *to);
void changes_find_crypto(struct changes *c, const struct crypto *from, const struct crypto *to);
void changes_write_crypto(FILE *out, const struct changes *c, size_t n);
char *change_describe_crypto(const struct change *c);

#endif
