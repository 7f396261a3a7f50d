// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Reverse route injection: from lines of configuration to changes, to their
 * message and back; from the kernel's attributes to what is shown and followed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "lib/crypto_event.h"
#include "lib/decode.h"
#include "lib/show_crypto.h"
#include "lib/vrf.h"
#include "load.h"

#define ENTRY		"crypto map m 1 ipsec-isakmp\n"
#define PEER		"172.16.172.69"
#define GATEWAY		"172.16.172.49"
#define ALL_FIELDS	(1 << CRYPTO_MAP_REVERSE | 1 << CRYPTO_MAP_GATEWAY |	\
			 1 << CRYPTO_MAP_TAG | 1 << CRYPTO_MAP_DISTANCE)

TEST_F(load, as_it_is_written)
{
	static const char *const forms[][2] = {
		{ "reverse-route", NULL },
		{ "reverse-route static", "reverse-route" },
		{ "reverse-route remote-peer", "reverse-route" },
		{ "reverse-route distance 1", "reverse-route" },
		{ "reverse-route distance 255", NULL },
		{ "reverse-route tag 4294967295", NULL },
		{ "reverse-route dynamic tag 1", NULL },
		{ "reverse-route distance 9 tag 8 remote-peer " GATEWAY " static",
		  "reverse-route remote-peer " GATEWAY " tag 8 distance 9" },
		{ "reverse-route remote-peer 2001:db8::1", NULL },
		/* The last line says all. */
		{ "reverse-route tag 5 distance 5\n reverse-route", "reverse-route" },
	};

	for (size_t n = 0; n < sizeof(forms) / sizeof(*forms); n++) {
		const char *wanted = forms[n][1] ? forms[n][1] : forms[n][0];
		char from[128], to[128];
		struct text_of text = {};
		struct model m = {};

		snprintf(from, sizeof(from), ENTRY " %s\n", forms[n][0]);
		snprintf(to, sizeof(to), "!\n" ENTRY " %s\n!\nend\n", wanted);
		read_model(&m, from);
		config_write(text_begin(&text), &m);
		EXPECT_STREQ(to, text_end(&text));
		free(text.text);
		model_free(&m);
	}
}

TEST_F(load, the_same_in_other_words)
{
	EXPECT_STREQ("", lines(self, ENTRY " reverse-route tag 5\n",
			       ENTRY " reverse-route distance 1 static remote-peer tag 5\n"));
	EXPECT_EQ(0, self->changes.n_items);
}

TEST_F(load, what_is_new)
{
	EXPECT_STREQ(ENTRY " reverse-route remote-peer " GATEWAY " tag 5 distance 9\n",
		     lines(self, "",
			   ENTRY " reverse-route tag 5 distance 9 remote-peer " GATEWAY "\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_MAP_NEW, self->changes.items[0].op);
	EXPECT_EQ(1 << CRYPTO_MAP_KIND | ALL_FIELDS, self->changes.items[0].fields);
}

TEST_F(load, only_what_differs)
{
	EXPECT_STREQ(ENTRY " reverse-route tag 6 distance 9\n",
		     lines(self, ENTRY " reverse-route tag 5 distance 9\n",
			   ENTRY " reverse-route tag 6 distance 9\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_MAP_SET, self->changes.items[0].op);
	EXPECT_EQ(1 << CRYPTO_MAP_TAG, self->changes.items[0].fields);
}

TEST_F(load, what_is_added_to_an_entry)
{
	EXPECT_STREQ(ENTRY " reverse-route\n", lines(self, ENTRY, ENTRY " reverse-route\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(1 << CRYPTO_MAP_REVERSE, self->changes.items[0].fields);
}

static struct nlattr *first_operation(struct batch *b)
{
	return nlmsg_attrdata(nlmsg_hdr(b->msg), GENL_HDRLEN);
}

TEST_F(load, message)
{
	struct nlattr *tb[VPNHA_A_MAP_MAX + 1];

	lines(self, "",
	      ENTRY " reverse-route tag 4294967295 distance 255 remote-peer 2001:db8::1\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, first_operation(&self->batch), NULL));
	EXPECT_EQ(VPNHA_REVERSE_ROUTE_STATIC, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE]));
	EXPECT_EQ(16, nla_len(tb[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY]));
	EXPECT_EQ(UINT32_MAX, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_TAG]));
	EXPECT_EQ(255, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE]));
}

TEST_F(load, message_without)
{
	struct nlattr *tb[VPNHA_A_MAP_MAX + 1];

	lines(self, "", ENTRY " reverse-route tag 5\n no reverse-route\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, first_operation(&self->batch), NULL));
	for (int n = VPNHA_A_MAP_REVERSE_ROUTE; n <= VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE; n++)
		EXPECT_EQ(NULL, tb[n]);
}

/* What is taken back is said, and an address is taken back by an empty one. */
TEST_F(load, message_of_removal)
{
	struct nlattr *tb[VPNHA_A_MAP_MAX + 1];

	EXPECT_STREQ(ENTRY " no reverse-route\n",
		     lines(self,
			   ENTRY " reverse-route tag 5 distance 9 remote-peer " GATEWAY "\n",
			   ENTRY " no reverse-route static tag 5\n"));
	ASSERT_EQ(1, self->changes.n_items);
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, first_operation(&self->batch), NULL));
	ASSERT_NE(NULL, tb[VPNHA_A_MAP_REVERSE_ROUTE]);
	EXPECT_EQ(VPNHA_REVERSE_ROUTE_NONE, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE]));
	ASSERT_NE(NULL, tb[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY]);
	EXPECT_EQ(0, nla_len(tb[VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY]));
	EXPECT_EQ(0, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_TAG]));
	EXPECT_EQ(1, nla_get_u32(tb[VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE]));
	EXPECT_EQ(NULL, tb[VPNHA_A_MAP_KIND]);
}

TEST_F(load, refusals_lead_to_their_words)
{
	lines(self, ENTRY " reverse-route tag 3\n",
	      "access-list 101 permit ip 10.0.0.0/8 20.0.0.0/8\n"
	      ENTRY " match address 101\n"
	      " reverse-route static tag 5 distance 6 remote-peer " GATEWAY "\n"
	      "crypto map m 2 ipsec-isakmp reverse-route remote-peer tag 7\n"
	      "crypto map m 3 ipsec-isakmp\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_AT(1, 27, 0, VPNHA_A_ACL_SRC_MASK);
	EXPECT_AT(1, 38, 0, VPNHA_A_ACL_DST);
	/* The kernel has the entry: its kind is not said again. */
	EXPECT_AT(3, 16, 1, VPNHA_A_MAP_ACL);
	EXPECT_AT(4, 27, 1, VPNHA_A_MAP_REVERSE_ROUTE_TAG);
	EXPECT_AT(4, 38, 1, VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE);
	EXPECT_AT(4, 52, 1, VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY);
	EXPECT_AT(5, 29, 2, VPNHA_A_MAP_REVERSE_ROUTE);
	EXPECT_AT(5, 59, 2, VPNHA_A_MAP_REVERSE_ROUTE_TAG);
}

TEST_F(load, a_removal_that_is_refused)
{
	lines(self, ENTRY " reverse-route tag 3\n", ENTRY " no reverse-route\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_AT(2, 5, 0, VPNHA_A_MAP_REVERSE_ROUTE);
	EXPECT_AT(2, 5, 0, VPNHA_A_MAP_REVERSE_ROUTE_TAG);
}

#define LIST	"access-list 101 permit ip 10.0.0.0/8 any\n"

/* Lines that the kernel has already are no place for a complaint; what makes them wrong is. */
static void expect_complaint(struct __test_metadata *_metadata, struct _test_data_load *self,
			     const char *now, const char *added, struct model_pos at,
			     const char *message)
{
	read_model(&self->now, now);
	model_copy(&self->config.model, &self->now);
	source_add(&self->source, added, strlen(added));
	config_read(&self->config);
	config_finish(&self->config, 0);
	ASSERT_EQ(!!message, self->config.diags.n_errors);
	for (size_t n = 0; n < self->config.diags.n_items; n++) {
		const struct diag *item = &self->config.diags.items[n];

		if (item->level != DIAG_ERROR)
			continue;
		EXPECT_EQ(at.line, item->at.line);
		EXPECT_EQ(at.column, item->at.column);
		EXPECT_STREQ(message, item->message);
	}
}

TEST_F(load, a_list_that_the_kernel_has)
{
	expect_complaint(_metadata, self, LIST ENTRY " match address 101\n",
			 ENTRY " reverse-route\n", (struct model_pos){ 2, 2 },
			 "reverse-route, and line 10 of access list 101: the destination is any");
}

TEST_F(load, a_list_that_the_kernel_has_and_an_entry)
{
	expect_complaint(_metadata, self, LIST ENTRY " reverse-route\n",
			 ENTRY " match address 101\n", (struct model_pos){ 2, 16 },
			 "reverse-route, and line 10 of access list 101: the destination is any");
}

TEST_F(load, an_entry_that_the_kernel_has)
{
	expect_complaint(_metadata, self, ENTRY " reverse-route\n match address 101\n", LIST,
			 (struct model_pos){ 1, 38 },
			 "the destination is any, and entry 1 of crypto map m has reverse-route");
}

TEST_F(load, what_is_wrong_in_the_kernel)
{
	/* As if another program had put it there. */
	expect_complaint(_metadata, self, LIST ENTRY " reverse-route\n match address 101\n",
			 "crypto map m 2 ipsec-isakmp\n", (struct model_pos){}, NULL);
}

static void put_address(struct nl_msg *msg, int type, const char *text)
{
	struct address a;

	address_parse(&a, text);
	nla_put(msg, type, (int)address_size(&a), a.bytes);
}

#define DECODE(fn)	fn(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),	\
			   nlmsg_attrlen(nlmsg_hdr(msg), 0))

TEST_F(load, decode_entries)
{
	struct text_of text = {};

	for (uint32_t n = 1; n <= 4; n++) {
		struct nl_msg *msg = nlmsg_alloc();

		nla_put_string(msg, VPNHA_A_MAP_NAME, "m");
		nla_put_u32(msg, VPNHA_A_MAP_NUMBER, n);
		if (n > 1)
			nla_put_u32(msg, VPNHA_A_MAP_REVERSE_ROUTE, n - 2);
		if (n > 3) {
			nla_put_u32(msg, VPNHA_A_MAP_REVERSE_ROUTE_TAG, UINT32_MAX);
			nla_put_u32(msg, VPNHA_A_MAP_REVERSE_ROUTE_DISTANCE, 255);
			put_address(msg, VPNHA_A_MAP_REVERSE_ROUTE_GATEWAY, "fe80::1");
		}
		EXPECT_EQ(0, DECODE(decode_map));
		nlmsg_free(msg);
	}
	config_write(text_begin(&text), &self->now);
	EXPECT_STREQ("!\n"
		     "crypto map m 1 ipsec-manual\n"
		     "!\n"
		     "crypto map m 2 ipsec-manual\n"
		     "!\n"
		     "crypto map m 3 ipsec-manual\n"
		     " reverse-route\n"
		     "!\n"
		     "crypto map m 4 ipsec-manual\n"
		     " reverse-route dynamic remote-peer fe80::1 tag 4294967295 distance 255\n"
		     "!\n"
		     "end\n", text_end(&text));
	/* A module that says nothing of a distance has the usual one. */
	EXPECT_EQ(1, self->now.crypto.maps[0]->reverse.distance);
	free(text.text);
}

/* The route of the example that the layout comes from. */
static struct nl_msg *route_message(const char *dst, uint8_t prefix_len)
{
	struct nl_msg *msg = nlmsg_alloc();

	nla_put_u32(msg, VPNHA_A_ROUTE_TABLE, 254);
	put_address(msg, VPNHA_A_ROUTE_DST, dst);
	nla_put_u8(msg, VPNHA_A_ROUTE_PREFIX_LEN, prefix_len);
	nla_put_u32(msg, VPNHA_A_ROUTE_DISTANCE, 1);
	nla_put_u32(msg, VPNHA_A_ROUTE_TAG, 0);
	nla_put_string(msg, VPNHA_A_ROUTE_IFNAME, "eth0");
	nla_put_string(msg, VPNHA_A_ROUTE_MAP, "vpn");
	nla_put_u32(msg, VPNHA_A_ROUTE_NUMBER, 10);
	nla_put_u32(msg, VPNHA_A_ROUTE_KIND, VPNHA_REVERSE_ROUTE_STATIC);
	nla_put_u8(msg, VPNHA_A_ROUTE_TO_PEER, 0);
	put_address(msg, VPNHA_A_ROUTE_PEER, PEER);
	nla_put_string(msg, VPNHA_A_ROUTE_DEVICE, "vpnha0");
	put_address(msg, VPNHA_A_ROUTE_NEXT_HOP, GATEWAY);
	nla_put_string(msg, VPNHA_A_ROUTE_NEXT_HOP_DEVICE, "eth0");
	nla_put_u32(msg, VPNHA_A_ROUTE_USES, 2);
	nla_put_u32(msg, VPNHA_A_ROUTE_STATE, VPNHA_ROUTE_STATE_INSTALLED);
	return msg;
}

static struct crypto_route *add_route(struct model *m, const char *dst, uint8_t prefix_len)
{
	struct nl_msg *msg = route_message(dst, prefix_len);
	int ret = decode_route(m, nlmsg_attrdata(nlmsg_hdr(msg), 0),
			       nlmsg_attrlen(nlmsg_hdr(msg), 0));

	nlmsg_free(msg);
	return ret ? NULL : m->crypto.routes[m->crypto.n_routes - 1];
}

#define SHOW(map)								\
	({									\
		free(self->text.text);						\
		show_routes(text_begin(&self->text), &self->now.crypto, map);	\
		text_end(&self->text);						\
	})
#define HEADING									\
	"VPN Routing Table: Shows RRI and VTI created routes\n"			\
	"Codes: RRI - Reverse-Route, VTI- Virtual Tunnel Interface\n"		\
	"        S - Static Map ACLs\n"
#define DEFAULT_TABLE	"\nRoutes created in table GLOBAL DEFAULT\n"
#define ON									\
	"        on eth0 RRI S\n"						\
	"        crypto map vpn 10, device vpnha0\n"
#define NEXT_HOP	"        next hop " GATEWAY ", eth0\n"

TEST_F(load, show)
{
	ASSERT_NE(NULL, add_route(&self->now, "20.1.1.0", 24));
	EXPECT_STREQ(HEADING DEFAULT_TABLE
		     "20.1.1.0/255.255.255.0 [1/0] via 172.16.172.69 tag 0 count 2 rtid 1\n"
		     ON NEXT_HOP, SHOW(NULL));
}

TEST_F(load, show_nothing)
{
	EXPECT_STREQ(HEADING, SHOW(NULL));
	ASSERT_NE(NULL, add_route(&self->now, "20.1.1.0", 24));
	EXPECT_STREQ(HEADING, SHOW("other"));
}

TEST_F(load, show_the_route_to_a_peer)
{
	struct crypto_route *r = add_route(&self->now, PEER, 32);

	ASSERT_NE(NULL, r);
	r->to_peer = true;
	strcpy(r->device, "eth0");
	r->tag = 4294967295;
	r->distance = 255;
	r->kind = VPNHA_REVERSE_ROUTE_DYNAMIC;
	EXPECT_STREQ(HEADING DEFAULT_TABLE
		     "172.16.172.69/255.255.255.255 [255/0] via 172.16.172.49 tag 4294967295 "
		     "count 2 rtid 1\n"
		     "        on eth0 RRI\n"
		     "        crypto map vpn 10, device eth0\n"
		     NEXT_HOP, SHOW(NULL));
}

/* By table, the main one first, by IP version, destination, length and distance. */
TEST_F(load, show_order_tables_and_numbers)
{
	static const struct {
		const char *dst;
		uint8_t prefix_len;
		uint32_t distance, table;
		const char *map;
	} routes[] = {
		{ "2001:db8::", 32, 1, 254, "six" },
		{ "20.1.2.0", 24, 1, 1000, "vpn" },
		{ "20.1.1.0", 24, 1, 100, "vpn" },
		{ "20.1.1.0", 24, 2, 254, "vpn" },
		{ "20.1.1.0", 24, 1, 254, "vpn" },
		{ "20.1.0.0", 16, 9, 254, "vpn" },
		{ "20.1.1.0", 25, 1, 254, "vpn" },
	};
	char *line, *save = NULL;
	int n = 0;
	static const char *const expected[] = {
		"Routes created in table GLOBAL DEFAULT",
		"20.1.0.0/255.255.0.0 [9/0] via 172.16.172.69 tag 0 count 2 rtid 1",
		"20.1.1.0/255.255.255.0 [1/0] via 172.16.172.69 tag 0 count 2 rtid 2",
		"20.1.1.0/255.255.255.0 [2/0] via 172.16.172.69 tag 0 count 2 rtid 3",
		"20.1.1.0/255.255.255.128 [1/0] via 172.16.172.69 tag 0 count 2 rtid 4",
		"2001:db8::/32 [1/0] via 172.16.172.69 tag 0 count 2 rtid 5",
		"Routes created in table RED",
		"20.1.1.0/255.255.255.0 [1/0] via 172.16.172.69 tag 0 count 2 rtid 6",
		"Routes created in table 1000",
		"20.1.2.0/255.255.255.0 [1/0] via 172.16.172.69 tag 0 count 2 rtid 7",
		NULL
	};

	for (size_t k = 0; k < sizeof(routes) / sizeof(*routes); k++) {
		struct crypto_route *r = add_route(&self->now, routes[k].dst,
						   routes[k].prefix_len);

		ASSERT_NE(NULL, r);
		r->distance = routes[k].distance;
		r->table = routes[k].table;
		strcpy(r->map, routes[k].map);
		strcpy(r->vrf, r->table == 100 ? "RED" : "");
	}
	SHOW(NULL);
	for (line = strtok_r(self->text.text + strlen(HEADING), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (*line == ' ')
			continue;
		ASSERT_NE(NULL, expected[n]);
		EXPECT_STREQ(expected[n++], line);
	}
	EXPECT_EQ(NULL, expected[n]);
	/* What is left out leaves the numbers as they are. */
	SHOW("six");
	EXPECT_NE(NULL, strstr(self->text.text, "count 2 rtid 5\n"));
	EXPECT_EQ(NULL, strstr(self->text.text, "20.1."));
	EXPECT_EQ(NULL, strstr(self->text.text, "RED"));
}

TEST_F(load, show_why_it_is_not_installed)
{
	static const char *const said[] = {
		[VPNHA_ROUTE_STATE_PENDING] =
			"        pending: about to be installed or removed\n",
		[VPNHA_ROUTE_STATE_STANDBY] = "        not installed: standby\n",
		[VPNHA_ROUTE_STATE_DEVICE_DOWN] =
			"        not installed: tunnel device or interface down\n",
		[VPNHA_ROUTE_STATE_NO_PATH] = "        not installed: no path to the peer\n",
		[VPNHA_ROUTE_STATE_CLASH] =
			"        not installed: clash with another route of the same destination and distance\n",
		[VPNHA_ROUTE_STATE_REFUSED] =
			"        not installed: refused by the kernel: Network is unreachable\n",
		[VPNHA_ROUTE_STATE_REFUSED + 1] = "        not installed: unknown\n",
	};
	struct crypto_route *r = add_route(&self->now, "20.1.1.0", 24);

	ASSERT_NE(NULL, r);
	r->device[0] = '\0';
	r->next_hop_device[0] = '\0';
	for (uint32_t n = VPNHA_ROUTE_STATE_PENDING; n < sizeof(said) / sizeof(*said); n++) {
		char expected[512];

		r->state = n;
		r->error = n == VPNHA_ROUTE_STATE_REFUSED ? -ENETUNREACH : 0;
		snprintf(expected, sizeof(expected), HEADING DEFAULT_TABLE
			 "20.1.1.0/255.255.255.0 [1/0] via 172.16.172.69 tag 0 count 2 rtid 1\n"
			 "        on eth0 RRI S\n        crypto map vpn 10\n%s", said[n]);
		EXPECT_STREQ(expected, SHOW(NULL));
	}
	/* Whatever number it is. */
	r->error = INT32_MIN;
	EXPECT_NE(NULL, strstr(SHOW(NULL), "unknown: "));
}

TEST_F(load, show_an_attached_peer)
{
	struct crypto_route *r = add_route(&self->now, "20.1.1.0", 24);

	ASSERT_NE(NULL, r);
	memset(&r->next_hop, 0, sizeof(r->next_hop));
	EXPECT_NE(NULL, strstr(SHOW(NULL), "        next hop 172.16.172.69, eth0, attached\n"));
}

#define ROUTE_JSON								\
	"{\"table\":254,\"vrf\":null,\"destination\":\"20.1.1.0\",\"prefix_length\":24,"	\
	"\"distance\":1,\"tag\":null,\"interface\":\"eth0\",\"map\":\"vpn\",\"entry\":10,"	\
	"\"kind\":\"static\",\"to_peer\":false,\"peer\":\"172.16.172.69\","	\
	"\"device\":\"vpnha0\",\"next_hop\":\"172.16.172.49\","			\
	"\"next_hop_device\":\"eth0\",\"uses\":2,\"state\":\"installed\",\"error\":null"

TEST_F(load, show_json)
{
	struct crypto_route *r = add_route(&self->now, "20.1.1.0", 24);
	json_t *list = show_routes_json(&self->now.crypto, NULL), *o;

	ASSERT_NE(NULL, r);
	self->text.text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	EXPECT_STREQ("[" ROUTE_JSON "}]", self->text.text);
	r->state = VPNHA_ROUTE_STATE_REFUSED;
	r->error = -EEXIST;
	r->to_peer = true;
	r->tag = 7;
	strcpy(r->vrf, "RED");
	list = show_routes_json(&self->now.crypto, "vpn");
	ASSERT_EQ(1, json_array_size(list));
	o = json_array_get(list, 0);
	EXPECT_STREQ("refused", json_string_value(json_object_get(o, "state")));
	EXPECT_STREQ("RED", json_string_value(json_object_get(o, "vrf")));
	EXPECT_EQ(-EEXIST, json_integer_value(json_object_get(o, "error")));
	EXPECT_EQ(7, json_integer_value(json_object_get(o, "tag")));
	EXPECT_TRUE(json_is_true(json_object_get(o, "to_peer")));
	json_decref(list);
	list = show_routes_json(&self->now.crypto, "other");
	EXPECT_EQ(0, json_array_size(list));
	json_decref(list);
}

TEST_F(load, show_an_entry)
{
	const struct crypto_map *m;
	json_t *o;

	read_model(&self->now, ENTRY " reverse-route\ncrypto map m 2 ipsec-isakmp\n"
		   " reverse-route remote-peer " GATEWAY " tag 5 distance 9\n");
	show_maps(text_begin(&self->text), &self->now.crypto, NULL);
	text_end(&self->text);
	EXPECT_NE(NULL, strstr(self->text.text,
			       "        }\n"
			       "        Reverse Route Injection Enabled, static\n"
			       "\n"));
	EXPECT_NE(NULL, strstr(self->text.text,
			       "        }\n"
			       "        Reverse Route Injection Enabled, static, "
			       "remote-peer 172.16.172.49, tag 5, distance 9\n"));
	for (uint32_t n = 1; n <= 2; n++) {
		free(self->text.text);
		m = crypto_map_find(&self->now.crypto, "m", n);
		o = show_map_json(m, n == 1);
		self->text.text = json_dumps(json_object_get(o, "reverse_route"), JSON_COMPACT);
		json_decref(o);
		EXPECT_STREQ(n == 1 ? "{\"kind\":\"static\",\"gateway\":null,\"tag\":null,"
				      "\"distance\":1}" :
				      "{\"kind\":\"static\",\"gateway\":\"172.16.172.49\","
				      "\"tag\":5,\"distance\":9}", self->text.text);
	}
}

#define EVENT(command, expected)							\
	do {										\
		struct crypto_event event;						\
											\
		ASSERT_EQ(0, decode_crypto_event(&event, command,			\
						 nlmsg_attrdata(nlmsg_hdr(msg), 0),	\
						 nlmsg_attrlen(nlmsg_hdr(msg), 0)));	\
		free(self->text.text);							\
		crypto_event_print(text_begin(&self->text), &event);			\
		EXPECT_STREQ(expected "\n", text_end(&self->text));			\
		crypto_event_free(&event);						\
	} while (0)

#define SET_U32(type, value)								\
	do {										\
		uint32_t v = value;							\
											\
		memcpy(nla_data(nlmsg_find_attr(nlmsg_hdr(msg), 0, type)), &v, 4);	\
	} while (0)

TEST_F(load, events)
{
	struct nl_msg *msg = route_message("20.1.1.0", 24);

	EVENT(VPNHA_CMD_ROUTE_NTF,
	      "IPSEC(rte_mgr): VPN Route Added 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP DEFAULT TABLE");
	EVENT(VPNHA_CMD_ROUTE_DEL_NTF,
	      "IPSEC(rte_mgr): VPN Route Removed 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP DEFAULT TABLE");
	SET_U32(VPNHA_A_ROUTE_TABLE, 1000);
	SET_U32(VPNHA_A_ROUTE_STATE, VPNHA_ROUTE_STATE_STANDBY);
	EVENT(VPNHA_CMD_ROUTE_NTF,
	      "IPSEC(rte_mgr): VPN Route Not Installed 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP TABLE 1000: standby");
	EVENT(VPNHA_CMD_ROUTE_DEL_NTF,
	      "IPSEC(rte_mgr): VPN Route Removed 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP TABLE 1000");
	SET_U32(VPNHA_A_ROUTE_STATE, VPNHA_ROUTE_STATE_PENDING);
	EVENT(VPNHA_CMD_ROUTE_NTF,
	      "IPSEC(rte_mgr): VPN Route Pending 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP TABLE 1000");
	SET_U32(VPNHA_A_ROUTE_STATE, VPNHA_ROUTE_STATE_REFUSED);
	nla_put_u32(msg, VPNHA_A_ROUTE_ERROR, (uint32_t)-ENOMEM);
	EVENT(VPNHA_CMD_ROUTE_NTF,
	      "IPSEC(rte_mgr): VPN Route Not Installed 20.1.1.0 255.255.255.0 via 172.16.172.69 in IP TABLE 1000: "
	      "refused by the kernel: Cannot allocate memory");
	nlmsg_free(msg);
	msg = route_message("2001:db8::", 32);
	EVENT(VPNHA_CMD_ROUTE_NTF,
	      "IPSEC(rte_mgr): VPN Route Added 2001:db8::/32 via 172.16.172.69 in IPv6 DEFAULT TABLE");
	nlmsg_free(msg);
}

TEST_F(load, events_json)
{
	static const uint8_t commands[] = { VPNHA_CMD_ROUTE_NTF, VPNHA_CMD_ROUTE_DEL_NTF };
	static const char *const names[] = { "route", "route-del" };
	struct nl_msg *msg = route_message("20.1.1.0", 24);

	for (size_t n = 0; n < 2; n++) {
		char expected[512];
		struct crypto_event event;
		json_t *o;

		ASSERT_EQ(0, decode_crypto_event(&event, commands[n],
						 nlmsg_attrdata(nlmsg_hdr(msg), 0),
						 nlmsg_attrlen(nlmsg_hdr(msg), 0)));
		o = crypto_event_json(&event);
		free(self->text.text);
		self->text.text = json_dumps(o, JSON_COMPACT);
		snprintf(expected, sizeof(expected), ROUTE_JSON ",\"event\":\"%s\"}", names[n]);
		EXPECT_STREQ(expected, self->text.text);
		json_decref(o);
		crypto_event_free(&event);
	}
	nlmsg_free(msg);
}

/* What does not follow the contract is not taken. */
TEST_F(load, decode_refuses)
{
	struct nl_msg *msg = nlmsg_alloc();

	EXPECT_NE(0, DECODE(decode_route));
	nla_put_u32(msg, VPNHA_A_ROUTE_TABLE, 254);
	EXPECT_NE(0, DECODE(decode_route));
	nla_put(msg, VPNHA_A_ROUTE_DST, 5, "12345");
	EXPECT_NE(0, DECODE(decode_route));
	nlmsg_free(msg);
	EXPECT_EQ(NULL, add_route(&self->now, "20.1.1.0", 33));
	EXPECT_EQ(NULL, add_route(&self->now, "2001:db8::", 129));
	EXPECT_EQ(0, self->now.crypto.n_routes);
	EXPECT_NE(NULL, add_route(&self->now, "0.0.0.0", 0));
	EXPECT_NE(NULL, add_route(&self->now, "2001:db8::1", 128));
}

/* A link as rtnetlink tells of it. */
static void take_link(struct vrfs *v, int type, const char *name, const char *kind,
		      uint32_t table)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, 0);
	struct ifinfomsg header = {};
	struct nlattr *info, *data;

	nlmsg_append(msg, &header, sizeof(header), NLMSG_ALIGNTO);
	nla_put_string(msg, IFLA_IFNAME, name);
	if (kind) {
		info = nla_nest_start(msg, IFLA_LINKINFO);
		nla_put_string(msg, IFLA_INFO_KIND, kind);
		data = nla_nest_start(msg, IFLA_INFO_DATA);
		nla_put_u32(msg, IFLA_VRF_TABLE, table);
		nla_nest_end(msg, data);
		nla_nest_end(msg, info);
	}
	vrfs_take(v, nlmsg_hdr(msg));
	nlmsg_free(msg);
}

TEST(names_of_tables)
{
	struct vrfs v = {};

	EXPECT_STREQ("", vrfs_name(&v, 100));
	take_link(&v, RTM_NEWLINK, "lo", NULL, 0);
	take_link(&v, RTM_NEWLINK, "veth0", "veth", 100);
	take_link(&v, RTM_NEWLINK, "RED", "vrf", 100);
	take_link(&v, RTM_DELLINK, "GREEN", "vrf", 101);
	take_link(&v, RTM_NEWLINK, "BLUE", "vrf", 4294967295);
	EXPECT_EQ(2, v.n_items);
	EXPECT_STREQ("RED", vrfs_name(&v, 100));
	EXPECT_STREQ("BLUE", vrfs_name(&v, 4294967295));
	EXPECT_STREQ("", vrfs_name(&v, 101));
	vrfs_free(&v);
	/* The kernel answers everybody. */
	EXPECT_EQ(0, vrfs_get(&v));
	vrfs_free(&v);
}

TEST_HARNESS_MAIN
