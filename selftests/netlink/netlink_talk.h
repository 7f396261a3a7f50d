/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the netlink tests in C share: requests of the family, byte by byte, and
 * the configuration as text, to be compared.
 */
#ifndef NETLINK_TALK_H
#define NETLINK_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/vpnha.h>

/* Room for every request that is made here. */
#define TALK_REQUEST_SIZE	8192

/**
 * struct talk - a socket of the family
 * @nl: the socket
 * @family: number of the family
 * @events: number of its multicast group of that name
 * @seq: sequence number of the last request
 */
struct talk {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t events;
	unsigned int seq;
};

/**
 * struct talk_text - text that grows
 * @data: the text
 * @len: its length
 */
struct talk_text {
	char *data;
	size_t len;
};

bool talk_open(struct talk *t);
void talk_close(struct talk *t);
struct nlmsghdr *talk_begin(struct talk *t, void *buf, uint8_t cmd, uint16_t flags);
int talk_send(struct talk *t, const void *data, size_t len);
int talk_wait(struct talk *t, mnl_cb_t cb, void *data);
int talk(struct talk *t, const struct nlmsghdr *nlh);
int talk_snapshot(struct talk *t, struct talk_text *text);
int talk_delete_all(struct talk *t);
void talk_text_free(struct talk_text *text);

#endif /* NETLINK_TALK_H */
