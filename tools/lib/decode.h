/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's attributes as models. */
#ifndef VPNHA_DECODE_H
#define VPNHA_DECODE_H

#include <netlink/attr.h>

#include "lib/event.h"
#include "lib/model.h"

int decode_interface(struct model *m, struct nlattr *attrs, int length);
int decode_group(struct model *m, struct nlattr *attrs, int length);
int decode_track(struct model *m, struct nlattr *attrs, int length);
int decode_event(struct event *e, struct nlattr *attrs, int length);

#endif
