/* SPDX-License-Identifier: GPL-2.0 */
/* From what is and what is wanted, as lines, to changes and to their message. */
#ifndef LOAD_H
#define LOAD_H

#include <string.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>

#include "kselftest_harness.h"
#include "lib/batch.h"
#include "lib/config.h"
#include "text_of.h"

#define FAMILY	0x1d

FIXTURE(load) {
	struct source source;
	struct config config;
	struct model now;
	struct changes changes;
	struct batch batch;
	struct text_of text;
};

FIXTURE_SETUP(load)
{
	memset(self, 0, sizeof(*self));
	config_init(&self->config, &self->source);
}

FIXTURE_TEARDOWN(load)
{
	free(self->text.text);
	batch_free(&self->batch);
	changes_free(&self->changes);
	model_free(&self->now);
	config_free(&self->config);
	source_free(&self->source);
}

static inline void forget_crypto(struct crypto *c)
{
	for (size_t n = 0; n < c->n_sets; n++)
		memset(c->sets[n]->at, 0, sizeof(c->sets[n]->at));
	for (size_t n = 0; n < c->n_acls; n++)
		for (size_t k = 0; k < c->acls[n]->n_lines; k++) {
			struct crypto_line *line = &c->acls[n]->lines[k];

			line->at = line->at_src = line->at_dst = (struct model_pos){};
		}
	for (size_t n = 0; n < c->n_maps; n++) {
		struct crypto_map *m = c->maps[n];

		memset(m->at, 0, sizeof(m->at));
		for (size_t k = 0; k < m->n_peers; k++)
			memset(&m->peers[k].at, 0, sizeof(m->peers[k].at));
		for (size_t k = 0; k < 2; k++)
			m->keys[k].at = m->keys[k].at_cipher = m->keys[k].at_auth =
				(struct model_pos){};
	}
	for (size_t n = 0; n < c->n_bindings; n++)
		memset(c->bindings[n]->at, 0, sizeof(c->bindings[n]->at));
}

/* The model that @text describes. */
static inline void read_model(struct model *m, const char *text)
{
	struct source source = {};
	struct config c;

	source_add(&source, text, strlen(text));
	config_init(&c, &source);
	config_read(&c);
	config_finish(&c, 0);
	model_copy(m, &c.model);
	config_free(&c);
	source_free(&source);
	/* The kernel knows no lines. */
	for (size_t n = 0; n < m->n_interfaces; n++) {
		struct model_interface *i = m->interfaces[n];

		memset(&i->at, 0, sizeof(i->at));
		memset(&i->at_field, 0, sizeof(i->at_field));
		i->known = true;
		for (size_t k = 0; k < i->n_groups; k++) {
			struct model_group *g = i->groups[k];

			memset(g->at, 0, sizeof(g->at));
			for (size_t s = 0; s < g->n_secondary; s++)
				memset(&g->secondary[s].at, 0, sizeof(g->secondary[s].at));
			for (size_t s = 0; s < g->n_global; s++)
				memset(&g->global[s].at, 0, sizeof(g->global[s].at));
			for (size_t t = 0; t < g->n_tracks; t++)
				memset(&g->tracks[t].at, 0, sizeof(g->tracks[t].at));
		}
	}
	forget_crypto(&m->crypto);
	model_adopt(m);
}

/* What it takes to get from the lines @now to the lines @wanted, as lines. */
static inline const char *lines(struct _test_data_load *self, const char *now, const char *wanted)
{
	read_model(&self->now, now);
	source_add(&self->source, wanted, strlen(wanted));
	config_read(&self->config);
	config_finish(&self->config, 0);
	changes_find(&self->changes, &self->now, &self->config.model);
	changes_write(text_begin(&self->text), &self->changes);
	return text_end(&self->text);
}

/* Where the attribute @type of operation number @index lies in the message. */
static inline uint32_t offset_of(struct batch *b, int index, int type)
{
	struct nlattr *op, *a;
	int rest;

	nlmsg_for_each_attr(op, nlmsg_hdr(b->msg), GENL_HDRLEN, rest) {
		if (index--)
			continue;
		a = type ? nla_find(nla_data(op), nla_len(op), type) : op;
		return (uint32_t)((char *)a - (char *)nlmsg_hdr(b->msg));
	}
	return 0;
}

#define EXPECT_AT(l, c, index, type)							\
	do {										\
		const struct batch_span *span = batch_locate(&self->batch,		\
			offset_of(&self->batch, index, type));				\
											\
		ASSERT_NE(NULL, span);							\
		EXPECT_EQ(l, span->at.line);						\
		EXPECT_EQ(c, span->at.column);						\
	} while (0)

#endif
