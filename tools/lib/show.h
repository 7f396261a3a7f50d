/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of the groups, for people and as JSON. */
#ifndef VPNHA_SHOW_H
#define VPNHA_SHOW_H

#include <jansson.h>
#include <stdio.h>

#include "lib/model.h"

struct address show_vip(const struct model_group *g);
void show_standby(FILE *out, const struct model *m, bool detail);
bool show_is_split(const struct model *m, const struct model_interface *i,
		   const struct model_group *g, const struct model_interface *j,
		   const struct model_group *h);
void show_standby_brief(FILE *out, const struct model *m);
void show_standby_delay(FILE *out, const struct model *m);
json_t *show_standby_json(const struct model *m);
json_t *show_interfaces_json(const struct model *m);
void show_track(FILE *out, const struct model *m, uint32_t id);
void show_group_track(FILE *out, const struct model_track *t);
json_t *show_track_json(const struct model *m, uint32_t id);
void show_track_set(json_t *o, const struct model_track *t);
void show_track_set_config(json_t *o, const struct model_track *t);
json_t *show_objects_config_json(const struct objects *all);
json_t *show_config_json(const struct model *m);

#endif
