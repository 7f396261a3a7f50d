// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Crypto maps from lines of configuration to the changes, to the message and
 * back to the line; and from the kernel's attributes to lines.
 */
#include <arpa/inet.h>
#include <malloc.h>

#include "lib/decode.h"
#include "lib/text.h"
#include "load.h"

/* Keys of 16 bytes and a salt of 4. */
#define GCM_1	"000102030405060708090a0b0c0d0e0f01020304"
#define GCM_2	"f00102030405060708090a0b0c0d0e0f01020304"

#define SETS								\
	"crypto ipsec transform-set cbc esp-aes 256 esp-sha256-hmac\n"	\
	" mode transport\n"						\
	"crypto ipsec transform-set strong esp-gcm 128\n"		\
	"!\n"
#define LISTS								\
	"access-list 101 permit ip 10.1.1.0 0.0.0.255 20.1.1.0 0.0.0.255\n"	\
	"access-list 101 deny tcp host 10.1.1.1 eq www any range 10 20\n"	\
	"!\n"								\
	"ipv6 access-list SIX\n"					\
	" permit ipv6 2001:db8:1::/64 any\n"				\
	" permit tcp any gt 1023 any lt 500\n"			\
	"!\n"
#define MAPS								\
	"crypto map vpn 10 ipsec-manual\n"				\
	" set peer 172.16.172.69\n"					\
	" set transform-set strong\n"					\
	" set session-key inbound esp 256 cipher " GCM_1 "\n"		\
	" set session-key outbound esp 257 cipher " GCM_2 "\n"		\
	" match address 101\n"						\
	"!\n"								\
	"crypto map vpn 20 ipsec-isakmp\n"				\
	" set peer 2001:db8::1\n"					\
	" set peer 2001:db8::2\n"					\
	" set transform-set cbc\n"					\
	" match address SIX\n"						\
	"!\n"
#define BINDING								\
	"interface lo\n"						\
	" standby 1 ip 10.0.0.1\n"					\
	" standby 1 name VPNHA\n"					\
	" crypto map vpn redundancy VPNHA\n"				\
	" crypto ipsec df-bit clear\n"					\
	"!\n"
#define ALL	"!\n" SETS LISTS MAPS BINDING "end\n"

TEST_F(load, nothing_changes)
{
	EXPECT_STREQ("", lines(self, ALL, ALL));
	EXPECT_EQ(0, self->changes.n_items);
}

TEST_F(load, running_config_round_trips)
{
	struct text_of text = {};

	EXPECT_STREQ("", lines(self, ALL, ALL));
	config_write(text_begin(&text), &self->config.model);
	EXPECT_STREQ(ALL, text_end(&text));
	free(text.text);
}

/* Every form of a line, and what is written for it. */
TEST_F(load, lines_as_they_are_written)
{
	static const char *const forms[][2] = {
		{ "permit ip any any", NULL },
		{ "permit ipv6 any any", NULL },
		{ "permit 0 any any", "permit ip any any" },
		{ "permit 6 any eq 80 any", "permit tcp any eq www any" },
		{ "permit 255 any any", NULL },
		{ "deny ospf host 1.2.3.4 any", NULL },
		{ "deny ah any any", "deny ahp any any" },
		{ "permit esp any 1.2.3.4/32", "permit esp any host 1.2.3.4" },
		{ "permit gre 10.1.2.3/8 any", "permit gre 10.0.0.0 0.255.255.255 any" },
		{ "permit icmp 10.1.2.3 0.255.0.255 any", "permit icmp 10.0.2.0 0.255.0.255 any" },
		{ "permit icmp6 host 2001:db8::1 2001:db8::/32", NULL },
		{ "permit ip 2001:db8::1 ::ffff any", "permit ipv6 2001:db8::/112 any" },
		{ "permit ip 2001:db8::1 ffff:: any", "permit ipv6 0:db8::1 ffff:: any" },
		{ "permit tcp any gt 65534 any lt 1", "permit tcp any eq 65535 any eq 0" },
		{ "permit udp any range 0 65535 any range domain 53",
		  "permit udp any any eq domain" },
		{ "permit sctp any range 5 9 any gt 9", NULL },
		{ "permit tcp ::/0 any", NULL },
		{ "permit 136 any eq 7 any", NULL },
	};

	for (size_t n = 0; n < sizeof(forms) / sizeof(*forms); n++) {
		const char *wanted = forms[n][1] ? forms[n][1] : forms[n][0];
		char from[128], to[128];
		struct model m = {};
		struct text_of text = {};

		snprintf(from, sizeof(from), "access-list 2699 %s\n", forms[n][0]);
		snprintf(to, sizeof(to), "!\naccess-list 2699 %s\n!\nend\n", wanted);
		read_model(&m, from);
		config_write(text_begin(&text), &m);
		EXPECT_STREQ(to, text_end(&text));
		free(text.text);
		model_free(&m);
	}
}

TEST_F(load, transforms_as_they_are_written)
{
	static const char *const forms[][2] = {
		{ "esp-gcm", "esp-gcm 128" },
		{ "esp-gcm icv 64", "esp-gcm 128 icv 64" },
		{ "esp-gcm 192 icv 128", "esp-gcm 192" },
		{ "esp-ccm 256 icv 96", NULL },
		{ "esp-gmac 256", NULL },
		{ "esp-chacha20-poly1305", NULL },
		{ "esp-aes esp-sha-hmac", "esp-aes 128 esp-sha-hmac" },
		{ "esp-sha384-hmac esp-aes 192", "esp-aes 192 esp-sha384-hmac" },
		{ "esp-aes-ctr 256 esp-sha512-hmac", NULL },
		{ "esp-null esp-sha256-hmac", NULL },
		{ "esp-3des esp-sha-hmac allow-weak", NULL },
		{ "esp-md5-hmac esp-des allow-weak", "esp-des esp-md5-hmac allow-weak" },
		{ "esp-aes 128 esp-md5-hmac allow-weak", NULL },
	};

	for (size_t n = 0; n < sizeof(forms) / sizeof(*forms); n++) {
		const char *wanted = forms[n][1] ? forms[n][1] : forms[n][0];
		char from[128], to[128];
		struct text_of text = {};
		struct model m = {};

		snprintf(from, sizeof(from), "crypto ipsec transform-set x %s\n", forms[n][0]);
		snprintf(to, sizeof(to), "!\ncrypto ipsec transform-set x %s\n!\nend\n", wanted);
		read_model(&m, from);
		config_write(text_begin(&text), &m);
		EXPECT_STREQ(to, text_end(&text));
		free(text.text);
		model_free(&m);
	}
}

/* What refers to others goes first and comes last. */
TEST_F(load, to_nothing)
{
	EXPECT_STREQ("interface lo\n"
		     " no crypto map\n"
		     "no crypto map vpn 10\n"
		     "no crypto map vpn 20\n"
		     "ip access-list extended 101\n"
		     " no 10\n"
		     " no 20\n"
		     "ipv6 access-list SIX\n"
		     " no 10\n"
		     " no 20\n"
		     "no crypto ipsec transform-set cbc\n"
		     "no crypto ipsec transform-set strong\n"
		     "no interface lo\n",
		     lines(self, ALL, "!\n"));
}

TEST_F(load, from_nothing)
{
	static const int ops[] = {
		VPNHA_A_BATCH_GROUP_NEW, VPNHA_A_BATCH_TRANSFORM_SET_NEW,
		VPNHA_A_BATCH_TRANSFORM_SET_NEW, VPNHA_A_BATCH_ACL_NEW, VPNHA_A_BATCH_ACL_NEW,
		VPNHA_A_BATCH_ACL_NEW, VPNHA_A_BATCH_ACL_NEW, VPNHA_A_BATCH_MAP_NEW,
		VPNHA_A_BATCH_MAP_NEW, VPNHA_A_BATCH_BINDING_NEW,
	};

	lines(self, "", ALL);
	ASSERT_EQ(sizeof(ops) / sizeof(*ops), self->changes.n_items);
	for (size_t n = 0; n < sizeof(ops) / sizeof(*ops); n++)
		EXPECT_EQ(ops[n], self->changes.items[n].op);
	/* Nobody asked to see the keys. */
	EXPECT_EQ(NULL, strstr(self->text.text, GCM_1));
	EXPECT_NE(NULL, strstr(self->text.text, " esp 256 cipher <removed>\n"));
}

TEST_F(load, a_line_of_a_list_touches_nothing_else)
{
	EXPECT_STREQ("ip access-list extended 101\n"
		     " 20 deny tcp host 10.1.1.1 eq www any range 10 21\n",
		     lines(self, ALL,
			   ALL "ip access-list extended 101\n"
			   " 20 deny tcp host 10.1.1.1 eq 80 any range 10 21\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_ACL_SET, self->changes.items[0].op);
}

/* An attribute that is absent stays as it is: ports cannot be taken away in place. */
TEST_F(load, a_line_that_loses_its_ports)
{
	lines(self, "access-list 100 permit tcp any any eq 5\n", "access-list 100 permit ip any any\n");
	ASSERT_EQ(2, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_ACL_DEL, self->changes.items[0].op);
	EXPECT_EQ(VPNHA_A_BATCH_ACL_NEW, self->changes.items[1].op);
}

TEST_F(load, a_key_that_changes)
{
	EXPECT_STREQ("crypto map vpn 10 ipsec-manual\n"
		     " set session-key inbound esp 256 cipher <removed>\n",
		     lines(self, ALL,
			   ALL "crypto map vpn 10\n"
			   " set session-key inbound esp 0x100 cipher " GCM_2 "\n"));
	ASSERT_EQ(1, self->changes.n_items);
	EXPECT_EQ(VPNHA_A_BATCH_MAP_SET, self->changes.items[0].op);
	EXPECT_EQ(1 << CRYPTO_MAP_KEY_IN, self->changes.items[0].fields);
}

TEST_F(load, what_is_taken_back)
{
	EXPECT_STREQ("ip access-list extended 101\n"
		     " no 20\n"
		     "crypto ipsec transform-set cbc esp-aes 256 esp-sha256-hmac\n"
		     " mode tunnel\n"
		     "crypto map vpn 10 ipsec-manual\n"
		     " no set peer\n"
		     " no set transform-set\n"
		     " no match address\n"
		     " no set session-key inbound\n"
		     "crypto map vpn 20 ipsec-isakmp\n"
		     " no set peer\n"
		     " set peer 2001:db8::2\n"
		     "interface lo\n"
		     " crypto map vpn\n"
		     " crypto ipsec df-bit copy\n",
		     lines(self, ALL,
			   ALL "crypto ipsec transform-set cbc esp-aes 256 esp-sha256-hmac\n"
			   " no mode\n"
			   "crypto map vpn 10 ipsec-manual\n"
			   " no set session-key inbound\n"
			   " no match address\n"
			   " no set transform-set strong\n"
			   " no set peer\n"
			   "no access-list 101 deny tcp host 10.1.1.1 eq www any range 10 20\n"
			   "crypto map vpn 20\n"
			   " no set peer 2001:db8::1\n"
			   "interface lo\n"
			   " crypto map vpn\n"
			   " no crypto ipsec df-bit\n"));
}

TEST_F(load, whole_objects_are_taken_back)
{
	EXPECT_STREQ("interface lo\n"
		     " no crypto map\n"
		     "no crypto map vpn 10\n"
		     "no crypto map vpn 20\n"
		     "ip access-list extended 101\n"
		     " no 10\n"
		     " no 20\n"
		     "ipv6 access-list SIX\n"
		     " no 10\n"
		     " no 20\n"
		     "no crypto ipsec transform-set cbc\n",
		     lines(self, ALL,
			   ALL "no crypto ipsec transform-set cbc\n"
			   "interface lo\n"
			   " no crypto map vpn redundancy VPNHA\n"
			   "exit\n"
			   "no crypto map vpn\n"
			   "no ip access-list extended 101\n"
			   "no ipv6 access-list SIX\n"
			   "no crypto map other 5 ipsec-manual\n"));
}

TEST_F(load, lines_are_numbered_as_routers_do)
{
	EXPECT_STREQ("ip access-list extended L\n"
		     " 5 permit ip any host 1.1.1.1\n"
		     " 10 permit ip any host 2.2.2.2\n"
		     " 27 permit ip any host 3.3.3.3\n"
		     " 30 deny ip any host 4.4.4.4\n",
		     lines(self, "",
			   "ip access-list extended L\n"
			   " 5 permit ip any host 1.1.1.1\n"
			   " permit ip any host 2.2.2.2\n"
			   " 27 permit ip any host 3.3.3.3\n"
			   " permit ip any host 2.2.2.2\n"
			   " deny ip any host 4.4.4.4\n"
			   " 99 deny ip any any\n"
			   " no 99\n"));
}

/* A heading and a line in one, as on the command line. */
TEST_F(load, heading_and_line_in_one)
{
	EXPECT_STREQ("ip access-list extended L\n"
		     " 10 permit ip any host 1.1.1.1\n"
		     "crypto map m 1 ipsec-manual\n"
		     " set peer 1.2.3.4\n",
		     lines(self, "",
			   "crypto map m 1 ipsec-manual set peer 1.2.3.4\n"
			   "ip access-list extended L permit ip any host 1.1.1.1\n"
			   "crypto map m 1 ipsec-manual no match address\n"));
	EXPECT_EQ(0, self->config.diags.n_errors);
}

static void get_key(struct nlattr *a, struct nlattr **tb)
{
	nla_parse_nested(tb, VPNHA_A_SESSION_KEY_MAX, a, NULL);
}

TEST_F(load, message)
{
	struct nlattr *op, *tb[VPNHA_A_MAP_MAX + 1], *key[VPNHA_A_SESSION_KEY_MAX + 1];
	uint8_t bytes[CRYPTO_KEY_MAX];
	int n = 0, rest;

	lines(self, "", ALL);
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	nlmsg_for_each_attr(op, nlmsg_hdr(self->batch.msg), GENL_HDRLEN, rest) {
		EXPECT_NE(0, op->nla_type & NLA_F_NESTED);
		ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, op, NULL));
		switch (n++) {
		case 1:		/* cbc */
			EXPECT_STREQ("cbc", nla_get_string(tb[VPNHA_A_TRANSFORM_SET_NAME]));
			EXPECT_EQ(VPNHA_ESP_CIPHER_AES_CBC,
				  nla_get_u32(tb[VPNHA_A_TRANSFORM_SET_CIPHER]));
			EXPECT_EQ(256, nla_get_u32(tb[VPNHA_A_TRANSFORM_SET_KEY_BITS]));
			EXPECT_EQ(NULL, tb[VPNHA_A_TRANSFORM_SET_ICV_BITS]);
			EXPECT_EQ(VPNHA_ESP_AUTH_SHA256,
				  nla_get_u32(tb[VPNHA_A_TRANSFORM_SET_AUTH]));
			EXPECT_EQ(VPNHA_ESP_MODE_TRANSPORT,
				  nla_get_u32(tb[VPNHA_A_TRANSFORM_SET_MODE]));
			EXPECT_EQ(0, nla_get_u8(tb[VPNHA_A_TRANSFORM_SET_ALLOW_WEAK]));
			break;
		case 4:		/* the second line of 101; its type is that of the spec */
			ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, op, NULL));
			EXPECT_STREQ("101", nla_get_string(nla_find(nla_data(op), nla_len(op),
								    VPNHA_A_ACL_NAME)));
			EXPECT_EQ(4, nla_len(nla_find(nla_data(op), nla_len(op), VPNHA_A_ACL_DST)));
			EXPECT_EQ(80, nla_get_u16(nla_find(nla_data(op), nla_len(op),
							   VPNHA_A_ACL_SRC_PORT_MIN)));
			EXPECT_EQ(20, nla_get_u16(nla_find(nla_data(op), nla_len(op),
							   VPNHA_A_ACL_DST_PORT_MAX)));
			break;
		case 3:		/* without ports */
			EXPECT_EQ(NULL, nla_find(nla_data(op), nla_len(op),
						 VPNHA_A_ACL_SRC_PORT_MIN));
			EXPECT_EQ(htonl(0xffffff00), nla_get_u32(nla_find(nla_data(op), nla_len(op),
									  VPNHA_A_ACL_SRC_MASK)));
			break;
		case 7:		/* vpn 10 */
			EXPECT_EQ(10, nla_get_u32(tb[VPNHA_A_MAP_NUMBER]));
			EXPECT_EQ(VPNHA_MAP_KIND_MANUAL, nla_get_u32(tb[VPNHA_A_MAP_KIND]));
			EXPECT_EQ(inet_addr("172.16.172.69"), nla_get_u32(tb[VPNHA_A_MAP_PEER]));
			EXPECT_STREQ("strong", nla_get_string(tb[VPNHA_A_MAP_TRANSFORM_SET]));
			EXPECT_STREQ("101", nla_get_string(tb[VPNHA_A_MAP_ACL]));
			get_key(tb[VPNHA_A_MAP_SESSION_KEY_IN], key);
			EXPECT_EQ(256, nla_get_u32(key[VPNHA_A_SESSION_KEY_SPI]));
			EXPECT_EQ(20, text_parse_key(bytes, GCM_1));
			ASSERT_EQ(20, nla_len(key[VPNHA_A_SESSION_KEY_CIPHER_KEY]));
			EXPECT_EQ(0, memcmp(bytes, nla_data(key[VPNHA_A_SESSION_KEY_CIPHER_KEY]), 20));
			EXPECT_EQ(NULL, key[VPNHA_A_SESSION_KEY_AUTH_KEY]);
			break;
		case 8:		/* vpn 20: no key is no attribute */
			EXPECT_EQ(16, nla_len(tb[VPNHA_A_MAP_PEER]));
			EXPECT_EQ(NULL, tb[VPNHA_A_MAP_SESSION_KEY_IN]);
			break;
		case 9:
			EXPECT_STREQ("lo", nla_get_string(tb[VPNHA_A_BINDING_IFNAME]));
			EXPECT_STREQ("vpn", nla_get_string(tb[VPNHA_A_BINDING_MAP]));
			EXPECT_STREQ("VPNHA", nla_get_string(tb[VPNHA_A_BINDING_REDUNDANCY]));
			EXPECT_EQ(VPNHA_DF_BIT_CLEAR, nla_get_u32(tb[VPNHA_A_BINDING_DF]));
			break;
		}
	}
	EXPECT_EQ(10, n);
}

/* Nothing of something is said by what is empty, and not by what is absent. */
TEST_F(load, message_of_removals)
{
	struct nlattr *op, *tb[VPNHA_A_MAP_MAX + 1];
	int n = 0, rest;

	lines(self, ALL, ALL "crypto map vpn 10 ipsec-isakmp\n no set peer\n no match address\n"
			     " no set transform-set\ninterface lo\n crypto map vpn\n");
	ASSERT_EQ(2, self->changes.n_items);
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	nlmsg_for_each_attr(op, nlmsg_hdr(self->batch.msg), GENL_HDRLEN, rest) {
		ASSERT_EQ(0, nla_parse_nested(tb, VPNHA_A_MAP_MAX, op, NULL));
		if (n++) {
			EXPECT_STREQ("", nla_get_string(tb[VPNHA_A_BINDING_REDUNDANCY]));
			EXPECT_EQ(NULL, tb[VPNHA_A_BINDING_MAP]);
			EXPECT_EQ(NULL, tb[VPNHA_A_BINDING_DF]);
			continue;
		}
		EXPECT_EQ(VPNHA_MAP_KIND_ISAKMP, nla_get_u32(tb[VPNHA_A_MAP_KIND]));
		ASSERT_NE(NULL, tb[VPNHA_A_MAP_PEER]);
		EXPECT_EQ(0, nla_len(tb[VPNHA_A_MAP_PEER]));
		EXPECT_STREQ("", nla_get_string(tb[VPNHA_A_MAP_ACL]));
		EXPECT_STREQ("", nla_get_string(tb[VPNHA_A_MAP_TRANSFORM_SET]));
		ASSERT_NE(NULL, tb[VPNHA_A_MAP_SESSION_KEY_IN]);
		EXPECT_EQ(0, nla_len(tb[VPNHA_A_MAP_SESSION_KEY_IN]));
		ASSERT_NE(NULL, tb[VPNHA_A_MAP_SESSION_KEY_OUT]);
	}
	EXPECT_EQ(2, n);
}

TEST_F(load, refusals_lead_to_their_lines)
{
	char *what;

	lines(self, "crypto map old 1 ipsec-isakmp\n",
	      "crypto ipsec transform-set s esp-gcm\n"
	      " mode transport\n"
	      "access-list 101 permit ip any any\n"
	      "crypto map m 1 ipsec-manual\n"
	      " set peer 1.2.3.4\n"
	      " match address 101\n"
	      " set transform-set s\n"
	      " set session-key inbound esp 256 cipher " GCM_1 "\n"
	      "interface lo\n"
	      " crypto map m redundancy R\n"
	      " crypto ipsec df-bit set\n");
	ASSERT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
	EXPECT_AT(1, 28, 1, VPNHA_A_TRANSFORM_SET_NAME);
	EXPECT_AT(1, 30, 1, VPNHA_A_TRANSFORM_SET_CIPHER);
	EXPECT_AT(2, 7, 1, VPNHA_A_TRANSFORM_SET_MODE);
	EXPECT_AT(3, 17, 2, VPNHA_A_ACL_ACTION);
	EXPECT_AT(3, 27, 2, VPNHA_A_ACL_SRC);
	EXPECT_AT(3, 31, 2, VPNHA_A_ACL_DST_MASK);
	EXPECT_AT(4, 14, 3, 0);
	EXPECT_AT(4, 16, 3, VPNHA_A_MAP_KIND);
	EXPECT_AT(5, 11, 3, VPNHA_A_MAP_PEER);
	EXPECT_AT(6, 16, 3, VPNHA_A_MAP_ACL);
	EXPECT_AT(7, 20, 3, VPNHA_A_MAP_TRANSFORM_SET);
	EXPECT_AT(8, 30, 3, VPNHA_A_MAP_SESSION_KEY_IN);
	EXPECT_AT(9, 11, 4, VPNHA_A_BINDING_IFNAME);
	EXPECT_AT(10, 13, 4, VPNHA_A_BINDING_MAP);
	EXPECT_AT(10, 26, 4, VPNHA_A_BINDING_REDUNDANCY);
	EXPECT_AT(11, 22, 4, VPNHA_A_BINDING_DF);
	/* No line asks for a removal. */
	what = change_describe(batch_locate(&self->batch, offset_of(&self->batch, 0, 0))->change);
	EXPECT_STREQ("removing entry 1 of crypto map old", what);
	free(what);
	/* Within the nest, the key itself. */
	for (size_t n = 0; n < self->batch.n_spans; n++)
		if (self->batch.spans[n].at.line == 8 && self->batch.spans[n].at.column == 41)
			return;
	ASSERT_TRUE(false) TH_LOG("no span for the key");
}

TEST_F(load, largest_operations_fit)
{
	static const char name[] = "thirty-one-characters-is-longest";
	struct crypto_map *m;

	for (uint32_t n = 1; n <= 10000; n++) {
		struct crypto_line *line;

		m = crypto_map_get(&self->config.model.crypto, name + 1, n);
		m->peers = calloc(CRYPTO_PEERS_MAX, sizeof(*m->peers));
		m->n_peers = CRYPTO_PEERS_MAX;
		for (size_t k = 0; k < CRYPTO_PEERS_MAX; k++)
			m->peers[k].address.family = AF_INET6;
		for (m->n_sets = 0; m->n_sets < VPNHA_TRANSFORM_SETS_MAX; m->n_sets++)
			strcpy(m->sets[m->n_sets], name + 1);
		m->keying = (struct crypto_keying){ 14, 300, 2560, 60, "" };
		strcpy(m->keying.profile, name + 1);
		strcpy(m->acl, name + 1);
		for (size_t d = 0; d < 2; d++) {
			m->keys[d].given = true;
			m->keys[d].n_cipher = m->keys[d].n_auth = CRYPTO_KEY_MAX;
		}
		m->reverse = (struct crypto_reverse){
			VPNHA_REVERSE_ROUTE_STATIC, { .family = AF_INET6 }, UINT32_MAX, 255
		};
		line = crypto_line_get(crypto_acl_get(&self->config.model.crypto, name + 1), n);
		line->match.protocol = IPPROTO_TCP;
		line->match.src.family = line->match.src_mask.family = AF_INET6;
		line->match.dst.family = line->match.dst_mask.family = AF_INET6;
	}
	changes_find(&self->changes, &self->now, &self->config.model);
	EXPECT_EQ(20000, self->changes.n_items);
	EXPECT_EQ(0, batch_build(&self->batch, FAMILY, &self->changes));
}

/* Whether @length bytes hold a part of the key. */
static bool holds_key(const void *data, size_t length)
{
	uint8_t key[CRYPTO_KEY_MAX];
	size_t n_key = text_parse_key(key, GCM_1);

	for (size_t n = 0; n + 8 <= n_key; n++)
		if (memmem(data, length, key + n, 8))
			return true;
	return memmem(data, length, GCM_1, 16);
}

/*
 * What is to be released is wiped first. free() stands for what anybody may
 * read later.
 */
static bool watching, key_was_freed;

void __real_free(void *p);
void __wrap_free(void *p);

void __wrap_free(void *p)
{
	if (watching && p && holds_key(p, malloc_usable_size(p)))
		key_was_freed = true;
	__real_free(p);
}

TEST(keys_are_wiped)
{
	static const char text[] = ALL;
	struct changes changes = {};
	struct source source = {};
	struct batch batch = {};
	struct model now = {}, copy = {};
	struct nlmsghdr *header;
	struct nl_msg *msg;
	struct config c;
	size_t length;

	watching = true;
	/* What has been read is moved when more comes. */
	source_add(&source, text, strlen(text));
	source_add(&source, "!\n", 2);
	config_init(&c, &source);
	config_read(&c);
	config_finish(&c, 0);
	ASSERT_EQ(0, c.diags.n_errors);
	model_copy(&copy, &c.model);
	changes_find(&changes, &now, &copy);
	ASSERT_EQ(0, batch_build(&batch, FAMILY, &changes));
	ASSERT_TRUE(holds_key(nlmsg_hdr(batch.msg), nlmsg_hdr(batch.msg)->nlmsg_len));
	ASSERT_TRUE(holds_key(source.text, strlen(source.text)));
	/* libnl releases the message out of sight: keep it. */
	msg = batch.msg;
	nlmsg_get(msg);
	header = nlmsg_hdr(msg);
	length = header->nlmsg_len;
	batch_free(&batch);
	EXPECT_FALSE(holds_key(header, length));
	nlmsg_free(msg);
	changes_free(&changes);
	model_free(&copy);
	crypto_map_remove(&c.model.crypto, "vpn", 10);
	config_free(&c);
	source_free(&source);
	watching = false;
	EXPECT_FALSE(key_was_freed);
}

#define PUT_ADDRESS(msg, type, family, text)					\
	do {									\
		uint8_t bytes[16];						\
										\
		inet_pton(family, text, bytes);					\
		nla_put(msg, type, family == AF_INET ? 4 : 16, bytes);		\
	} while (0)

#define DECODE(fn)								\
	do {									\
		ASSERT_EQ(0, fn(&self->now, nlmsg_attrdata(nlmsg_hdr(msg), 0),	\
				nlmsg_attrlen(nlmsg_hdr(msg), 0)));		\
		nlmsg_free(msg);						\
		msg = nlmsg_alloc();						\
	} while (0)

/* The kernel's attributes as lines. */
TEST_F(load, decode_configuration)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct text_of text = {};
	struct nlattr *nest;

	nla_put_string(msg, VPNHA_A_TRANSFORM_SET_NAME, "s");
	nla_put_u32(msg, VPNHA_A_TRANSFORM_SET_CIPHER, VPNHA_ESP_CIPHER_AES_GCM);
	nla_put_u32(msg, VPNHA_A_TRANSFORM_SET_KEY_BITS, 256);
	nla_put_u32(msg, VPNHA_A_TRANSFORM_SET_ICV_BITS, 96);
	DECODE(decode_set);
	nla_put_string(msg, VPNHA_A_ACL_NAME, "101");
	nla_put_u32(msg, VPNHA_A_ACL_NUMBER, 10);
	nla_put_u32(msg, VPNHA_A_ACL_ACTION, VPNHA_ACL_ACTION_PERMIT);
	nla_put_u32(msg, VPNHA_A_ACL_PROTOCOL, IPPROTO_UDP);
	PUT_ADDRESS(msg, VPNHA_A_ACL_SRC, AF_INET, "10.0.0.0");
	PUT_ADDRESS(msg, VPNHA_A_ACL_SRC_MASK, AF_INET, "255.0.0.0");
	PUT_ADDRESS(msg, VPNHA_A_ACL_DST, AF_INET, "0.0.0.0");
	PUT_ADDRESS(msg, VPNHA_A_ACL_DST_MASK, AF_INET, "0.0.0.0");
	nla_put_u16(msg, VPNHA_A_ACL_DST_PORT_MIN, 53);
	nla_put_u16(msg, VPNHA_A_ACL_DST_PORT_MAX, 53);
	DECODE(decode_line);
	nla_put_string(msg, VPNHA_A_MAP_NAME, "m");
	nla_put_u32(msg, VPNHA_A_MAP_NUMBER, 10);
	nla_put_u32(msg, VPNHA_A_MAP_KIND, VPNHA_MAP_KIND_MANUAL);
	PUT_ADDRESS(msg, VPNHA_A_MAP_PEER, AF_INET, "1.2.3.4");
	PUT_ADDRESS(msg, VPNHA_A_MAP_PEER, AF_INET6, "2001:db8::1");
	nest = nla_nest_start(msg, VPNHA_A_MAP_SESSION_KEY_IN | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_SESSION_KEY_SPI, 300);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, VPNHA_A_MAP_SESSION_KEY_OUT | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_SESSION_KEY_SPI, 301);
	nla_put(msg, VPNHA_A_SESSION_KEY_AUTH_KEY, 2, "\x01\xfe");
	nla_nest_end(msg, nest);
	DECODE(decode_map);
	nla_put_string(msg, VPNHA_A_BINDING_IFNAME, "eth0");
	nla_put_string(msg, VPNHA_A_BINDING_MAP, "m");
	nla_put_u32(msg, VPNHA_A_BINDING_DF, VPNHA_DF_BIT_SET);
	DECODE(decode_binding);
	nlmsg_free(msg);
	config_write(text_begin(&text), &self->now);
	EXPECT_STREQ("!\n"
		     "crypto ipsec transform-set s esp-gcm 256 icv 96\n"
		     "!\n"
		     "access-list 101 permit udp 10.0.0.0 0.255.255.255 any eq domain\n"
		     "!\n"
		     "crypto map m 10 ipsec-manual\n"
		     " set peer 1.2.3.4\n"
		     " set peer 2001:db8::1\n"
		     " set session-key inbound esp 300 cipher <removed>\n"
		     " set session-key outbound esp 301 authenticator 01fe\n"
		     "!\n"
		     "interface eth0\n"
		     " crypto map m\n"
		     " crypto ipsec df-bit set\n"
		     "!\n"
		     "end\n", text_end(&text));
	free(text.text);
}

TEST_F(load, decode_sa)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *drop, *selector;
	const struct crypto_sa *sa;

	nla_put_u32(msg, VPNHA_A_SA_DIRECTION, VPNHA_ESP_DIRECTION_OUT);
	nla_put_u32(msg, VPNHA_A_SA_SPI, 0xfffffffe);
	PUT_ADDRESS(msg, VPNHA_A_SA_DST, AF_INET6, "2001:db8::1");
	nla_put_u64(msg, VPNHA_A_SA_SEQ, 1ULL << 40);
	nla_put_u16(msg, VPNHA_A_SA_ENCAP_DPORT, 4500);
	selector = nla_nest_start(msg, VPNHA_A_SA_SELECTOR | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_SELECTOR_PROTOCOL, 6);
	PUT_ADDRESS(msg, VPNHA_A_SELECTOR_SRC, AF_INET, "1.1.1.1");
	PUT_ADDRESS(msg, VPNHA_A_SELECTOR_SRC_MASK, AF_INET, "255.255.255.255");
	PUT_ADDRESS(msg, VPNHA_A_SELECTOR_DST, AF_INET, "2.2.2.2");
	PUT_ADDRESS(msg, VPNHA_A_SELECTOR_DST_MASK, AF_INET, "255.255.255.255");
	nla_nest_end(msg, selector);
	drop = nla_nest_start(msg, VPNHA_A_SA_DROP | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_ESP_DROP_REASON, VPNHA_ESP_DROP_REASON_BAD_ICV);
	nla_put_u64(msg, VPNHA_A_ESP_DROP_PACKETS, 7);
	nla_nest_end(msg, drop);
	/* A reason that this program does not know must not hurt it. */
	drop = nla_nest_start(msg, VPNHA_A_SA_DROP | NLA_F_NESTED);
	nla_put_u32(msg, VPNHA_A_ESP_DROP_REASON, UINT32_MAX);
	nla_put_u64(msg, VPNHA_A_ESP_DROP_PACKETS, 9);
	nla_nest_end(msg, drop);
	DECODE(decode_sa);
	nlmsg_free(msg);
	ASSERT_EQ(1, self->now.crypto.n_sas);
	sa = self->now.crypto.sas[0];
	EXPECT_EQ(0xfffffffe, sa->spi);
	EXPECT_EQ(AF_INET6, sa->dst.family);
	EXPECT_EQ(1ULL << 40, sa->seq);
	EXPECT_EQ(4500, sa->encap_dport);
	EXPECT_FALSE(sa->used);
	EXPECT_EQ(7, sa->drops[VPNHA_ESP_DROP_REASON_BAD_ICV]);
	ASSERT_EQ(1, sa->n_selectors);
	EXPECT_EQ(6, sa->selectors[0].protocol);
	EXPECT_EQ(UINT16_MAX, sa->selectors[0].dst_port[1]);
}

TEST(masks_of_keys)
{
	static const char *const lines_of_keys[][2] = {
		{ " set session-key inbound esp 256 cipher 00ff authenticator aa",
		  " set session-key inbound esp 256 cipher **** authenticator **" },
		{ "set sess o e 0xffffffff c 00ff a aa", "set sess o e 0xffffffff c **** a **" },
		{ "set session-key inbound esp 00112233445566778899",
		  "set session-key inbound esp ********************" },
		{ "set session-key inbound cipher 00112233445566778899",
		  "set session-key inbound cipher ********************" },
		{ "crypto isakmp key 0 SECRET address 1.2.3.4",
		  "crypto isakmp key * ****** address 1.2.3.4" },
		{ " pre-shared-key SECRET", " pre-shared-key ******" },
		{ "interface eth0", "interface eth0" },
	};

	for (size_t n = 0; n < sizeof(lines_of_keys) / sizeof(*lines_of_keys); n++) {
		char *line = strdup(lines_of_keys[n][0]);

		text_mask_secrets(line);
		EXPECT_STREQ(lines_of_keys[n][1], line);
		free(line);
	}
}

TEST(numbers)
{
	uint64_t number;
	uint32_t small;

	EXPECT_FALSE(text_parse_long("", &number));
	EXPECT_FALSE(text_parse_long("-1", &number));
	EXPECT_TRUE(text_parse_long("18446744073709551615", &number));
	EXPECT_EQ(UINT64_MAX, number);
	/* One digit too much of a sum, and of a product. */
	EXPECT_TRUE(text_parse_long("18446744073709551617", &number));
	EXPECT_EQ(UINT64_MAX, number);
	EXPECT_TRUE(text_parse_long("18446744073709551625", &number));
	EXPECT_EQ(UINT64_MAX, number);
	EXPECT_TRUE(text_parse_long("184467440737095516250", &number));
	EXPECT_EQ(UINT64_MAX, number);
	EXPECT_TRUE(text_parse_number("4294967294", &small));
	EXPECT_EQ(UINT32_MAX - 1, small);
	EXPECT_TRUE(text_parse_number("4294967300", &small));
	EXPECT_EQ(UINT32_MAX, small);
}

TEST(spis)
{
	uint32_t spi;

	EXPECT_FALSE(text_parse_spi("255", &spi));
	EXPECT_TRUE(text_parse_spi("256", &spi));
	EXPECT_FALSE(text_parse_spi("0xff", &spi));
	EXPECT_TRUE(text_parse_spi("0x100", &spi));
	EXPECT_EQ(256, spi);
	EXPECT_TRUE(text_parse_spi("4294967295", &spi));
	EXPECT_EQ(UINT32_MAX, spi);
	EXPECT_FALSE(text_parse_spi("4294967296", &spi));
	EXPECT_TRUE(text_parse_spi("0XFFFFFFFF", &spi));
	EXPECT_FALSE(text_parse_spi("0x100000000", &spi));
	EXPECT_FALSE(text_parse_spi("0x", &spi));
	EXPECT_FALSE(text_parse_spi("0x10g", &spi));
}

TEST_HARNESS_MAIN
