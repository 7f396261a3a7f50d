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
int decode_tracked(struct model *m, struct nlattr *attrs, int length);
int decode_event(struct event *e, struct nlattr *attrs, int length);
int decode_set(struct model *m, struct nlattr *attrs, int length);
int decode_line(struct model *m, struct nlattr *attrs, int length);
int decode_map(struct model *m, struct nlattr *attrs, int length);
int decode_dynamic_map(struct model *m, struct nlattr *attrs, int length);
int decode_binding(struct model *m, struct nlattr *attrs, int length);
int decode_sa(struct model *m, struct nlattr *attrs, int length);
int decode_route(struct model *m, struct nlattr *attrs, int length);
int decode_esp_stats(struct model *m, struct nlattr *attrs, int length);

/* For the files that decode. */
uint8_t decode_u8(const struct nlattr *a);
uint16_t decode_u16(const struct nlattr *a);
uint32_t decode_u32(const struct nlattr *a);
uint64_t decode_u64(const struct nlattr *a);
void decode_string(const struct nlattr *a, char *buf, size_t size);
bool decode_ifname(const struct nlattr *a, char buf[IFNAMSIZ]);
bool decode_address(const struct nlattr *a, struct address *address);

#endif
