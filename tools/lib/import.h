/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A router's configuration as its owner has it, with IOS names of interfaces,
 * taken apart: what is vpnha's, what is the host's and what is FRR's.
 */
#ifndef VPNHA_IMPORT_H
#define VPNHA_IMPORT_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>

#include "lib/config.h"
#include "lib/config_address.h"

/**
 * struct import_lines - Lines that will be written.
 * @items: lines
 * @n_items: how many
 */
struct import_lines {
	char **items;
	size_t n_items;
};

/**
 * struct import_interface - An interface of the router.
 * @ios: its name there, spelled out
 * @ifname: its name here; empty: not known
 * @asked: the user has given that name
 * @at: heading; nowhere: the file does not have it
 * @need: first thing that needs a name here
 * @ours: something of it is vpnha's
 * @down: it is shut down
 * @addresses: of IPv4
 * @n_addresses: how many
 * @bandwidth: kbit/s, configured or of its type; 0: not known
 * @in_ospf: OSPF runs on it
 * @has_cost: its cost is configured
 * @host: commands for it
 * @frr: lines below its heading in frr.conf
 */
struct import_interface {
	char *ios;
	char ifname[IFNAMSIZ];
	bool asked;
	struct model_pos at, need;
	bool ours;
	bool down;
	struct config_address *addresses;
	size_t n_addresses;
	uint32_t bandwidth;
	bool in_ospf, has_cost;
	struct import_lines host, frr;
};

/**
 * struct import_line - A line of vpnha.conf.
 * @line: number of the line it comes from
 * @text: line
 * @below: it stands below a heading
 */
struct import_line {
	unsigned int line;
	char *text;
	bool below;
};

/**
 * struct import_network - "network" of OSPF.
 * @address: address
 * @mask: bits that count, anywhere
 */
struct import_network {
	in_addr_t address, mask;
};

/**
 * struct import_policy - A policy of IKEv1.
 * @number: of it
 * @line: number of its line
 * @encryption: word of IKEv2
 * @integrity: likewise
 * @group: likewise
 * @preshared: it is about preshared keys
 * @lifetime: in seconds; 0: not said
 */
struct import_policy {
	uint32_t number;
	unsigned int line;
	const char *encryption, *integrity, *group;
	bool preshared;
	uint32_t lifetime;
};

/**
 * struct import_key - A preshared key of IKEv1.
 * @line: number of its line
 * @secret: key
 * @address: of the peers; family 0: none
 * @mask: bits of it that count
 * @hostname: of the peer; NULL: none
 */
struct import_key {
	unsigned int line;
	char *secret;
	struct address address, mask;
	char *hostname;
};

/**
 * struct import_isakmp - What is said about IKEv1, which becomes IKEv2.
 * @policies: in the order of the file
 * @n_policies: how many
 * @policy: lines are about the last of these
 * @keys: in the order of the file
 * @n_keys: how many
 * @dpd: "crypto isakmp keepalive"; its position tells the line
 * @nat_keepalive: likewise, in seconds; 0: not said
 * @nat_line: number of its line
 */
struct import_isakmp {
	struct import_policy *policies;
	size_t n_policies;
	bool policy;
	struct import_key *keys;
	size_t n_keys;
	struct ikev2_dpd dpd;
	uint32_t nat_keepalive;
	unsigned int nat_line;
};

/* What the lines stand below, where vpnha's language does not say. */
enum import_below {
	IMPORT_NOTHING,
	IMPORT_OSPF,
	IMPORT_ROUTER,		/* another routing protocol, or a second OSPF */
	IMPORT_PACKET_FILTER,	/* an access list that no crypto map uses */
};

/**
 * struct import - A router's configuration while it is read.
 * @config: what is vpnha's of it, and messages about all of it
 * @surveying: it is read for the first time, to learn of its interfaces
 * @interface: the last one that there was a heading of
 * @apart: nothing but "!" stood in a line since then
 * @below: what lines stand below
 * @interfaces: in the order of the file
 * @n_interfaces: how many
 * @acls: access lists that crypto maps use
 * @n_acls: how many
 * @hostname: its name; NULL: none
 * @routing: it has a routing protocol, so static routes are FRR's
 * @ospf: it has OSPF
 * @no_forwarding: it does not route
 * @router_id: configured; 0: none
 * @reference: reference bandwidth of OSPF in Mbit/s
 * @networks: of OSPF
 * @n_networks: how many
 * @lines: vpnha.conf
 * @n_lines: how many
 * @isakmp: what is said about IKEv1
 * @ikev2: lines that this becomes
 * @has_frr_keys: some of what is FRR's are keys
 * @routes: static routes, as commands or as lines of frr.conf
 * @router: lines below "router ospf"
 */
struct import {
	struct config config;
	bool surveying;
	struct import_interface *interface;
	bool apart;
	enum import_below below;
	struct import_interface **interfaces;
	size_t n_interfaces;
	char (*acls)[CRYPTO_NAME_SIZE];
	size_t n_acls;
	char *hostname;
	bool routing, ospf;
	bool no_forwarding;
	in_addr_t router_id;
	uint32_t reference;
	struct import_network *networks;
	size_t n_networks;
	struct import_line *lines;
	size_t n_lines;
	struct import_isakmp isakmp;
	struct import_lines ikev2;
	bool has_frr_keys;
	struct import_lines routes, router;
};

void import_init(struct import *im, const struct source *source);
char *import_name(struct import *im, const char *mapping);
void import_read(struct import *im);
void import_free(struct import *im);
void import_write_config(FILE *out, const struct import *im);
void import_write_host(FILE *out, const struct import *im);
void import_write_frr(FILE *out, const struct import *im);

/* For the files that implement it. */
void import_add(struct import_lines *l, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void import_lines_free(struct import_lines *l);
void import_note(struct import *im, const struct grammar_line *line, const char *whose,
		 const char *becomes);
void import_warn(struct import *im, const struct grammar_line *line, const char *what);
struct import_interface *import_current(const struct import *im);

struct import_interface *import_find(const struct import *im, const char *ios);
struct import_interface *import_get(struct import *im, const char *ios);
char *import_spell(const char *name);
size_t import_take_name(const struct grammar_line *line, size_t n, char **ios);
bool import_is_loopback(const struct import_interface *i);
void import_interfaces_free(struct import *im);
void import_need(struct import_interface *i, struct model_pos at);
void import_names(struct import *im);

bool import_isakmp(struct import *im, const struct grammar_line *line, bool below);
void import_isakmp_finish(struct import *im);
void import_isakmp_free(struct import *im);

char *import_quote(const char *word);
void import_host_line(struct import *im, const struct grammar_line *line);

void import_router(struct import *im, const struct grammar_line *line);
void import_router_line(struct import *im, const struct grammar_line *line);
void import_ospf_line(struct import *im, const struct grammar_line *line);
void import_ospf_interfaces(struct import *im);

#endif
