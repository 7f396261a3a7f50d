// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * What "show crypto", "show access-lists" and "debug crypto ipsec" print, from
 * models made by hand: the layout that users of routers know, and real numbers.
 */
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kselftest_harness.h"
#include "lib/config.h"
#include "lib/crypto_event.h"
#include "lib/show_crypto.h"
#include "lib/text.h"
#include "text_of.h"

#define LOCAL	"172.16.172.53"
#define PEER	"172.16.172.69"

FIXTURE(crypto) {
	struct model model;
	struct crypto *c;
	struct crypto_sa *in, *out;
	struct text_of text;
};

static void set_sa(struct crypto_sa *sa, uint32_t direction, uint32_t spi, uint32_t id)
{
	bool in = direction == VPNHA_ESP_DIRECTION_IN;

	strcpy(sa->ifname, "eth0");
	strcpy(sa->map, "vpn");
	sa->number = 10;
	sa->direction = direction;
	sa->spi = spi;
	address_parse(&sa->src, in ? PEER : LOCAL);
	address_parse(&sa->dst, in ? LOCAL : PEER);
	sa->transform = (struct transform){ .cipher = VPNHA_ESP_CIPHER_DES, .key_bits = 64,
					    .auth = VPNHA_ESP_AUTH_MD5 };
	sa->state = VPNHA_SA_STATE_MATURE;
	sa->id = id;
	sa->replay_window = in ? 64 : 0;
	sa->hard_bytes = 4608000ULL * 1024;
	sa->hard_seconds = 3600;
	sa->bytes = 500;
	sa->lifetime_bytes = 500;
	sa->age_ms = 651000;
}

/* The pair of the example that the layout comes from. */
FIXTURE_SETUP(crypto)
{
	static const char text[] =
		"crypto ipsec transform-set myset esp-des esp-md5-hmac allow-weak\n"
		"crypto map vpn 10 ipsec-isakmp\n"
		"set peer " PEER "\n"
		"set transform-set myset\n"
		"match address 101\n"
		"access-list 101 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255\n"
		"access-list 101 deny ip any any\n"
		"interface eth0\n"
		"crypto map vpn redundancy VPNHA\n";
	struct source source = {};
	struct crypto_binding *b;
	struct config config;

	memset(self, 0, sizeof(*self));
	source_add(&source, text, strlen(text));
	config_init(&config, &source);
	config_read(&config);
	model_copy(&self->model, &config.model);
	config_free(&config);
	source_free(&source);

	self->c = &self->model.crypto;
	b = crypto_binding_find(self->c, "eth0");
	address_parse(&b->state.local, LOCAL);
	b->state.role = VPNHA_ROLE_ACTIVE;
	b->state.media_mtu = 1500;
	strcpy(b->state.device, "vpnha0");
	self->in = crypto_sa_add(self->c);
	set_sa(self->in, VPNHA_ESP_DIRECTION_IN, 0x5b23f22e, 2000);
	self->in->packets = 5;
	self->out = crypto_sa_add(self->c);
	set_sa(self->out, VPNHA_ESP_DIRECTION_OUT, 0x44e0b22b, 2001);
	self->out->packets = 6;
	self->out->mtu = 1446;
	self->out->path_mtu = 1492;
}

FIXTURE_TEARDOWN(crypto)
{
	free(self->text.text);
	model_free(&self->model);
}

#define SHOW(...)								\
	({									\
		const struct show_sa what = { __VA_ARGS__ };			\
										\
		free(self->text.text);						\
		show_sas(text_begin(&self->text), self->c, &what);		\
		text_end(&self->text);						\
	})
#define SHOWN(part)	EXPECT_NE(NULL, strstr(self->text.text, part))		\
				TH_LOG("%s", self->text.text)
#define NOT_SHOWN(part)	EXPECT_EQ(NULL, strstr(self->text.text, part))

#define HEADING									\
	"interface: eth0\n"							\
	"    Crypto map tag: vpn, local addr. 172.16.172.53\n"
#define IDENTITY								\
	"\n"									\
	"   local  ident (addr/mask/prot/port): (99.99.99.99/255.255.255.255/0/0)\n"	\
	"   remote ident (addr/mask/prot/port): (20.1.1.0/255.255.255.0/0/0)\n"	\
	"   current_peer: 172.16.172.69\n"					\
	"     PERMIT, flags={origin_is_acl,}\n"					\
	"    #pkts encaps: 6, #pkts encrypt: 6, #pkts digest: 6\n"		\
	"    #pkts decaps: 5, #pkts decrypt: 5, #pkts verify: 5\n"		\
	"    #send errors 0, #recv errors 0\n"
#define SA(id)									\
	"        transform: esp-des esp-md5-hmac ,\n"				\
	"        in use settings ={Tunnel, }\n"					\
	"        conn id: " id ", crypto map: vpn\n"				\
	"        sa timing: remaining key lifetime (k/sec): (4607999/2949)\n"	\
	"        IV size: 8 bytes\n"						\
	"        replay detection support: Y\n"					\
	"        Status: ACTIVE\n"

TEST_F(crypto, sa)
{
	EXPECT_STREQ(HEADING IDENTITY
		     "\n"
		     "     local crypto endpt.: 172.16.172.53, remote crypto endpt.: 172.16.172.69\n"
		     "     path mtu 1492, media mtu 1500, plaintext mtu 1446\n"
		     "     current outbound spi: 0x44E0B22B(1155576363)\n"
		     "\n"
		     "     inbound esp sas:\n"
		     "      spi: 0x5B23F22E(1529082414)\n"
		     SA("2000")
		     "\n"
		     "     inbound ah sas:\n"
		     "\n"
		     "     inbound pcp sas:\n"
		     "\n"
		     "     outbound esp sas:\n"
		     "      spi: 0x44E0B22B(1155576363)\n"
		     SA("2001")
		     "\n"
		     "     outbound ah sas:\n"
		     "\n"
		     "     outbound pcp sas:\n", SHOW());
}

TEST_F(crypto, identity)
{
	EXPECT_STREQ(HEADING IDENTITY, SHOW(.kind = SHOW_SA_IDENTITY));
}

TEST_F(crypto, address)
{
	EXPECT_STREQ("dest address: 172.16.172.53\n"
		     "   protocol: ESP\n"
		     "      spi: 0x5B23F22E(1529082414)\n"
		     SA("2000")
		     "\n"
		     "dest address: 172.16.172.69\n"
		     "   protocol: ESP\n"
		     "      spi: 0x44E0B22B(1155576363)\n"
		     SA("2001"), SHOW(.kind = SHOW_SA_ADDRESS));
}

TEST_F(crypto, without_an_sa)
{
	self->in->number = self->out->number = 99;
	SHOW();
	SHOWN("     media mtu 1500\n     current outbound spi: 0x0(0)\n");
	SHOWN("#pkts encaps: 0, #pkts encrypt: 0");
	SHOWN("remote crypto endpt.: 172.16.172.69\n");
	NOT_SHOWN("      spi:");
}

TEST_F(crypto, detail)
{
	struct crypto_sa *sa = self->in;

	sa->seq = 1ULL << 33;
	sa->esn = true;
	sa->hard_bytes = sa->hard_seconds = 0;
	sa->hard_packets = 1000;
	sa->soft_packets = 900;
	sa->soft_seconds = 3000;
	sa->replay_window = 1024;
	sa->used = true;
	sa->last_used_ms = 61000;
	sa->drops[VPNHA_ESP_DROP_REASON_REPLAYED] = 2;
	sa->drops[VPNHA_ESP_DROP_REASON_BAD_ICV] = 3;
	self->out->ceiling = 10000;
	self->out->ceiling_margin = 100;
	self->out->drops[VPNHA_ESP_DROP_REASON_TOO_BIG] = 4;
	SHOW(.detail = true);
	SHOWN("    #send errors 4, #recv errors 5\n");
	SHOWN("        no sa timing\n");
	SHOWN("        Status: ACTIVE\n"
	      "        packets: 5, bytes: 500\n"
	      "        sequence number: 8589934592, extended: Y\n"
	      "        replay window size: 1024\n"
	      "        hard lifetime: 1000 packets\n"
	      "        soft lifetime: 900 packets, 3000 sec\n"
	      "        age: 00:10:51, last used: 00:01:01\n"
	      "        packets dropped: replayed 2, integrity check failed 3\n");
	SHOWN("        sequence number: 0, extended: N\n"
	      "        sequence number ceiling: 10000, margin: 100\n"
	      "        hard lifetime: 4718592000 bytes, 3600 sec\n"
	      "        soft lifetime: none\n"
	      "        age: 00:10:51, last used: never\n"
	      "        packets dropped: too big 4\n");
}

TEST_F(crypto, other_settings)
{
	self->in->replay_window = 0;
	self->in->mode = VPNHA_ESP_MODE_TRANSPORT;
	self->in->transform = (struct transform){ .cipher = VPNHA_ESP_CIPHER_AES_GCM,
						  .key_bits = 256, .icv_bits = 64 };
	self->in->hard_seconds = 0;
	self->out->hard_bytes = 0;
	self->out->encap_dport = 4500;
	self->out->state = VPNHA_SA_STATE_DYING;
	SHOW();
	SHOWN("        transform: esp-gcm 256 icv 64 ,\n"
	      "        in use settings ={Transport, }\n");
	SHOWN("remaining key lifetime (k): (4607999)\n");
	SHOWN("        replay detection support: N\n");
	SHOWN("remaining key lifetime (sec): (2949)\n");
	SHOWN("in use settings ={Tunnel UDP-Encaps, }\n");
	SHOWN("   current_peer: 172.16.172.69:4500\n");
	SHOWN("        Status: ACTIVE (dying)\n");
}

TEST_F(crypto, filters)
{
	struct address other, peer;

	address_parse(&other, "1.2.3.4");
	address_parse(&peer, PEER);
	EXPECT_STREQ("", SHOW(.kind = SHOW_SA_STANDBY));
	EXPECT_STREQ("", SHOW(.map = "other"));
	EXPECT_STREQ("", SHOW(.ifname = "eth1"));
	EXPECT_STREQ("", SHOW(.peer = other));
	EXPECT_STREQ("", SHOW(.peer = other, .kind = SHOW_SA_ADDRESS));
	EXPECT_STRNE("", SHOW(.kind = SHOW_SA_ACTIVE));
	EXPECT_STRNE("", SHOW(.map = "vpn", .ifname = "eth0", .peer = peer));
	crypto_binding_find(self->c, "eth0")->state.role = VPNHA_ROLE_STANDBY;
	EXPECT_STREQ("", SHOW(.kind = SHOW_SA_ACTIVE));
	SHOW(.kind = SHOW_SA_STANDBY);
	SHOWN("Status: STANDBY\n");
}

/* A block for each line that permits; an SA is shown where its selector says. */
TEST_F(crypto, lines_and_selectors)
{
	struct crypto_acl *a = crypto_acl_find(self->c, "101");
	struct crypto_line line = a->lines[0];

	line.number = 5;
	line.match.protocol = IPPROTO_TCP;
	address_parse(&line.match.src, "99.99.99.98");
	line.match.src_port[0] = line.match.src_port[1] = 80;
	line.match.dst_port[0] = 1024;
	*crypto_line_get(a, 5) = line;
	self->in->selectors = malloc(sizeof(*self->in->selectors));
	self->in->selectors[0] = line.match;
	self->in->n_selectors = 1;
	SHOW();
	SHOWN("(99.99.99.98/255.255.255.255/6/80)\n"
	      "   remote ident (addr/mask/prot/port): (20.1.1.0/255.255.255.0/6/1024-65535)\n");
	SHOWN("    #pkts decaps: 5,");
	SHOWN("    #pkts decaps: 0,");
	EXPECT_EQ(strstr(self->text.text, "#pkts decaps: 5") <
		  strstr(self->text.text, "#pkts decaps: 0"), true);
	/* No line has it any more. */
	crypto_line_remove(a, 5);
	SHOW();
	SHOWN("     PERMIT, flags={}\n");
	SHOWN("     PERMIT, flags={origin_is_acl,}\n");
}

TEST_F(crypto, ipv6)
{
	struct crypto_line *line = &crypto_acl_find(self->c, "101")->lines[0];

	address_parse_prefix(&line->match.src, &line->match.src_mask, "2001:db8::/32");
	address_parse_prefix(&line->match.dst, &line->match.dst_mask, "::/0");
	SHOW();
	SHOWN("(2001:db8::/32/0/0)\n   remote ident (addr/mask/prot/port): (::/0/0/0)\n");
}

TEST_F(crypto, sa_json)
{
	static const struct show_sa what = {};
	json_t *list, *block, *sa;

	self->out->drops[VPNHA_ESP_DROP_REASON_TOO_BIG] = 4;
	list = show_sas_json(self->c, &what);
	ASSERT_EQ(1, json_array_size(list));
	block = json_array_get(list, 0);
	EXPECT_STREQ("eth0", json_string_value(json_object_get(block, "interface")));
	EXPECT_EQ(10, json_integer_value(json_object_get(block, "line")));
	EXPECT_STREQ("active", json_string_value(json_object_get(block, "role")));
	EXPECT_EQ(6, json_integer_value(json_object_get(block, "encaps")));
	EXPECT_EQ(4, json_integer_value(json_object_get(block, "send_errors")));
	EXPECT_EQ(0x44e0b22b, json_integer_value(json_object_get(block, "outbound_spi")));
	sa = json_array_get(json_object_get(block, "outbound"), 0);
	self->text.text = json_dumps(sa, JSON_COMPACT);
	EXPECT_STREQ("{\"interface\":\"eth0\",\"map\":\"vpn\",\"entry\":10,"
		     "\"dynamic_map\":null,\"dynamic_entry\":null,\"direction\":\"out\","
		     "\"spi\":1155576363,\"source\":\"172.16.172.53\","
		     "\"destination\":\"172.16.172.69\",\"mode\":\"tunnel\","
		     "\"transform\":\"esp-des esp-md5-hmac\",\"key_bits\":64,\"icv_bits\":0,\"esn\":false,"
		     "\"replay_window\":0,\"encap_source_port\":null,"
		     "\"encap_destination_port\":null,\"soft_bytes\":null,"
		     "\"hard_bytes\":4718592000,\"soft_packets\":null,\"hard_packets\":null,"
		     "\"soft_seconds\":null,\"hard_seconds\":3600,\"sequence\":0,\"ceiling\":null,"
		     "\"ceiling_margin\":null,\"replay_notify\":null,\"selectors\":[],"
		     "\"state\":\"mature\",\"manual\":false,\"id\":2001,\"packets\":6,"
		     "\"bytes\":500,\"lifetime_packets\":0,\"lifetime_bytes\":500,"
		     "\"age_ms\":651000,\"last_used_ms\":null,\"mtu\":1446,"
		     "\"path_mtu\":1492,\"drops\":{\"too-big\":4}}", self->text.text);
	json_decref(list);
}

TEST_F(crypto, map)
{
	struct crypto_binding *b = crypto_binding_get(self->c, "eth1");
	struct crypto_map *m = crypto_map_get(self->c, "vpn", 20);

	strcpy(b->map, "vpn");
	b->state.problem = VPNHA_BINDING_PROBLEM_NO_ADDRESS;
	m->kind = VPNHA_MAP_KIND_MANUAL;
	m->problem = VPNHA_MAP_PROBLEM_NO_PEER;
	m->keys[VPNHA_ESP_DIRECTION_IN].given = true;
	m->keys[VPNHA_ESP_DIRECTION_IN].spi = 256;
	m->keys[VPNHA_ESP_DIRECTION_IN].n_cipher = 8;
	memset(m->keys[VPNHA_ESP_DIRECTION_IN].cipher, 0xab, 8);
	show_maps(text_begin(&self->text), self->c, NULL);
	EXPECT_STREQ("Crypto Map \"vpn\" 10 ipsec-isakmp\n"
		     "        Peer = 172.16.172.69\n"
		     "        Extended IP access list 101\n"
		     "            10 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255\n"
		     "            20 deny ip any any\n"
		     "        Current peer: 172.16.172.69\n"
		     "        Security association lifetime: 4608000 kilobytes/3600 seconds\n"
		     "        PFS (Y/N): N\n"
		     "        Transform sets={\n"
		     "                myset:  { esp-des esp-md5-hmac  } ,\n"
		     "        }\n"
		     "\n"
		     "Crypto Map \"vpn\" 20 ipsec-manual\n"
		     "        No matching address list set.\n"
		     "        Transform sets={\n"
		     "        }\n"
		     "        Inbound esp spi: 0x100(256)\n"
		     "        Incomplete: no peer\n"
		     "        Interfaces using crypto map vpn:\n"
		     "                eth0 redundancy VPNHA, active, tunnel device vpnha0\n"
		     "                eth1, standby, does not work: no local address\n"
		     "\n", text_end(&self->text));
	free(self->text.text);
	show_maps(text_begin(&self->text), self->c, "other");
	EXPECT_STREQ("", text_end(&self->text));
}

TEST_F(crypto, dynamic_map)
{
	struct crypto_map *m = crypto_map_get(self->c, "vpn", 20);
	struct crypto_map *d = crypto_dynamic_get(self->c, "clients", 10);
	json_t *o;

	m->kind = VPNHA_MAP_KIND_ISAKMP;
	strcpy(m->dynamic, "clients");
	strcpy(d->sets[d->n_sets++], "myset");
	d->keying.pfs = 31;
	d->reverse.kind = VPNHA_REVERSE_ROUTE_DYNAMIC;
	show_dynamic_maps(text_begin(&self->text), self->c, NULL);
	EXPECT_STREQ("Crypto Map Template\"clients\" 10\n"
		     "        No matching address list set.\n"
		     "        Security association lifetime: 4608000 kilobytes/3600 seconds\n"
		     "        PFS (Y/N): Y\n"
		     "        DH group:  group31\n"
		     "        Transform sets={\n"
		     "                myset:  { esp-des esp-md5-hmac  } ,\n"
		     "        }\n"
		     "        Reverse Route Injection Enabled, dynamic\n"
		     "\n", text_end(&self->text));
	free(self->text.text);
	show_maps(text_begin(&self->text), self->c, NULL);
	text_end(&self->text);
	SHOWN("Crypto Map \"vpn\" 20 ipsec-isakmp\n"
	      "        Dynamic map template tag: clients\n");
	free(self->text.text);
	show_dynamic_maps(text_begin(&self->text), self->c, "vpn");
	EXPECT_STREQ("", text_end(&self->text));
	free(self->text.text);
	o = show_dynamic_maps_json(self->c, "clients");
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	SHOWN("[{\"dynamic_map\":\"clients\",\"entry\":10,\"peers\":[],\"transform_sets\":[\"myset\"],");
	NOT_SHOWN("session_key");
	free(self->text.text);
	o = show_map_json(m, false);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	SHOWN("\"kind\":\"ipsec-isakmp\",\"dynamic_map\":\"clients\"");
	free(self->text.text);
	config_write_crypto(text_begin(&self->text), self->c);
	text_end(&self->text);
	SHOWN("crypto dynamic-map clients 10\n set transform-set myset\n set pfs group31\n"
	      " reverse-route\n!\n");
	SHOWN("crypto map vpn 20 ipsec-isakmp dynamic clients\n!\n");
}

TEST_F(crypto, map_keying)
{
	struct crypto_map *m = crypto_map_find(self->c, "vpn", 10);
	json_t *o;

	strcpy(m->sets[m->n_sets++], "gone");
	m->keying = (struct crypto_keying){ 19, 300, 2560, 60, "branch" };
	show_maps(text_begin(&self->text), self->c, "vpn");
	text_end(&self->text);
	SHOWN("        Security association lifetime: 2560 kilobytes/300 seconds\n"
	      "        Security association idletime: 60 seconds\n"
	      "        IKEv2 Profile: branch\n"
	      "        PFS (Y/N): Y\n"
	      "        DH group:  group19\n"
	      "        Transform sets={\n"
	      "                myset:  { esp-des esp-md5-hmac  } ,\n"
	      "                gone:  { not defined  } ,\n");
	free(self->text.text);
	o = show_map_json(m, true);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	SHOWN("\"transform_sets\":[\"myset\",\"gone\"]");
	SHOWN("\"pfs_group\":19,\"lifetime_seconds\":300,\"lifetime_kilobytes\":2560,"
	      "\"lifetime_kilobytes_disabled\":false,\"idle_time\":60,\"ikev2_profile\":\"branch\"");
	free(self->text.text);
	m->keying.kilobytes = VPNHA_LIFETIME_DISABLED;
	show_maps(text_begin(&self->text), self->c, "vpn");
	text_end(&self->text);
	SHOWN("        Security association lifetime: unlimited kilobytes/300 seconds\n");
	free(self->text.text);
	o = show_map_json(m, true);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	SHOWN("\"lifetime_kilobytes\":null,\"lifetime_kilobytes_disabled\":true");
}

TEST_F(crypto, map_json)
{
	struct crypto_map *m = crypto_map_find(self->c, "vpn", 10);
	json_t *o;

	m->keys[0].given = true;
	m->keys[0].spi = 256;
	m->keys[0].n_auth = 2;
	m->keys[0].auth[0] = 0xab;
	o = show_map_json(m, false);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("{\"map\":\"vpn\",\"entry\":10,\"kind\":\"ipsec-isakmp\","
		     "\"dynamic_map\":null,\"peers\":[\"172.16.172.69\"],\"transform_sets\":[\"myset\"],"
		     "\"access_list\":\"101\",\"session_key_in\":{\"spi\":256},"
		     "\"session_key_out\":null,\"pfs_group\":null,\"lifetime_seconds\":null,"
		     "\"lifetime_kilobytes\":null,\"lifetime_kilobytes_disabled\":false,"
		     "\"idle_time\":null,\"ikev2_profile\":null,\"reverse_route\":null,"
		     "\"problem\":\"none\"}", self->text.text);
	free(self->text.text);
	o = show_map_json(m, true);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	SHOWN("\"session_key_in\":{\"spi\":256,\"cipher\":null,\"authenticator\":\"ab00\"}");
	NOT_SHOWN("problem");
	free(self->text.text);
	o = show_maps_json(self->c, "vpn");
	self->text.text = json_dumps(json_object_get(o, "interfaces"), JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("[{\"interface\":\"eth0\",\"map\":\"vpn\",\"redundancy\":\"VPNHA\","
		     "\"df_bit\":\"copy\",\"device\":\"vpnha0\",\"local\":\"172.16.172.53\","
		     "\"local6\":null,\"role\":\"active\",\"problem\":\"none\"}]",
		     self->text.text);
}

TEST_F(crypto, transform_set)
{
	struct crypto_set *s = crypto_set_get(self->c, "strong");
	json_t *o;

	s->transform = (struct transform){ .cipher = VPNHA_ESP_CIPHER_AES_GCM, .key_bits = 256 };
	transform_settle(&s->transform);
	s->mode = VPNHA_ESP_MODE_TRANSPORT;
	show_sets(text_begin(&self->text), self->c, NULL);
	EXPECT_STREQ("Transform set myset: { esp-des esp-md5-hmac  }\n"
		     "   will negotiate = { Tunnel,  },\n"
		     "   weak transforms are allowed\n"
		     "Transform set strong: { esp-gcm 256  }\n"
		     "   will negotiate = { Transport,  },\n", text_end(&self->text));
	free(self->text.text);
	o = show_sets_json(self->c, "strong");
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("[{\"name\":\"strong\",\"transform\":\"esp-gcm 256\",\"key_bits\":256,"
		     "\"icv_bits\":128,\"mode\":\"transport\",\"allow_weak\":false}]",
		     self->text.text);
}

TEST_F(crypto, access_lists)
{
	struct crypto_acl *a = crypto_acl_get(self->c, "SIX");
	struct crypto_line *line = crypto_line_get(a, 15);
	json_t *o;

	line->match.protocol = IPPROTO_TCP;
	line->match.dst_port[0] = line->match.dst_port[1] = 443;
	line->match.src_port[1] = UINT16_MAX;
	address_parse_prefix(&line->match.src, &line->match.src_mask, "::/0");
	address_parse_prefix(&line->match.dst, &line->match.dst_mask, "2001:db8::/32");
	show_acls(text_begin(&self->text), self->c, NULL);
	EXPECT_STREQ("Extended IP access list 101\n"
		     "    10 permit ip host 99.99.99.99 20.1.1.0 0.0.0.255\n"
		     "    20 deny ip any any\n"
		     "IPv6 access list SIX\n"
		     "    15 deny tcp any 2001:db8::/32 eq 443\n", text_end(&self->text));
	free(self->text.text);
	o = show_acls_json(self->c, "SIX");
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("[{\"name\":\"SIX\",\"lines\":[{\"line\":15,\"action\":\"deny\","
		     "\"ip_version\":6,\"protocol\":6,\"source\":{\"address\":\"::\","
		     "\"mask\":\"::\",\"prefix_length\":0,\"port_min\":0,\"port_max\":65535},"
		     "\"destination\":{\"address\":\"2001:db8::\",\"mask\":\"ffff:ffff::\","
		     "\"prefix_length\":32,\"port_min\":443,\"port_max\":443}}]}]",
		     self->text.text);
}

TEST_F(crypto, counters)
{
	json_t *o;

	show_drops(text_begin(&self->text), self->c->drops);
	EXPECT_STREQ("Packets dropped\n  none\n", text_end(&self->text));
	free(self->text.text);
	self->c->drops[VPNHA_ESP_DROP_REASON_UNKNOWN_SPI] = 1;
	self->c->drops[VPNHA_ESP_DROP_REASON_NOT_IP] = 1ULL << 40;
	show_drops(text_begin(&self->text), self->c->drops);
	EXPECT_STREQ("Packets dropped\n"
		     "  unknown SPI: 1\n"
		     "  not IP: 1099511627776\n", text_end(&self->text));
	free(self->text.text);
	o = show_drops_json(self->c->drops);
	self->text.text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	EXPECT_STREQ("{\"unknown-spi\":1,\"not-ip\":1099511627776}", self->text.text);
}

static void put_address(struct nl_msg *msg, int type, const char *text)
{
	struct address a;

	address_parse(&a, text);
	nla_put(msg, type, (int)address_size(&a), a.bytes);
}

#define EVENT(command, expected, expected_json)						\
	do {										\
		struct crypto_event event;						\
		json_t *json;								\
		char *dump;								\
											\
		ASSERT_EQ(0, decode_crypto_event(&event, command,			\
						 nlmsg_attrdata(nlmsg_hdr(msg), 0),	\
						 nlmsg_attrlen(nlmsg_hdr(msg), 0)));	\
		free(self->text.text);							\
		crypto_event_print(text_begin(&self->text), &event);			\
		EXPECT_STREQ(expected, text_end(&self->text));				\
		json = crypto_event_json(&event);					\
		dump = json_dumps(json, JSON_COMPACT);					\
		EXPECT_NE(NULL, strstr(dump, expected_json)) TH_LOG("%s", dump);	\
		free(dump);								\
		json_decref(json);							\
		crypto_event_free(&event);						\
		nlmsg_free(msg);							\
		msg = nlmsg_alloc();							\
	} while (0)

TEST_F(crypto, events)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct crypto_event none;

	nla_put_string(msg, VPNHA_A_ACQUIRE_IFNAME, "eth0");
	nla_put_string(msg, VPNHA_A_ACQUIRE_MAP, "vpn");
	nla_put_u32(msg, VPNHA_A_ACQUIRE_NUMBER, 10);
	nla_put_u32(msg, VPNHA_A_ACQUIRE_LINE, 20);
	put_address(msg, VPNHA_A_ACQUIRE_PEER, PEER);
	put_address(msg, VPNHA_A_ACQUIRE_SRC, "10.1.1.1");
	put_address(msg, VPNHA_A_ACQUIRE_DST, "20.1.1.1");
	nla_put_u32(msg, VPNHA_A_ACQUIRE_PROTOCOL, 6);
	nla_put_u16(msg, VPNHA_A_ACQUIRE_SRC_PORT, 1025);
	nla_put_u16(msg, VPNHA_A_ACQUIRE_DST_PORT, 80);
	EVENT(VPNHA_CMD_ACQUIRE_EVENT,
	      "IPSEC(acquire): eth0 crypto map vpn 10, line 20: tcp 10.1.1.1 port 1025 -> 20.1.1.1 "
	      "port 80, peer 172.16.172.69\n",
	      "\"event\":\"acquire\",\"interface\":\"eth0\",\"map\":\"vpn\",\"entry\":10,"
	      "\"line\":20");
	nla_put_u32(msg, VPNHA_A_SA_EVENT_KIND, VPNHA_SA_EVENT_KIND_HARD_EXPIRY);
	nla_put_u32(msg, VPNHA_A_SA_EVENT_CAUSE, VPNHA_EXPIRY_CAUSE_PACKETS);
	nla_put_u32(msg, VPNHA_A_SA_EVENT_SPI, 256);
	put_address(msg, VPNHA_A_SA_EVENT_DST, LOCAL);
	nla_put_u32(msg, VPNHA_A_SA_EVENT_ID, 7);
	EVENT(VPNHA_CMD_SA_EVENT,
	      "IPSEC(sa_event): inbound spi 0x100(256) to 172.16.172.53, conn id 7: expired "
	      "(packets)\n", "\"kind\":\"hard-expiry\"");
	nla_put_u32(msg, VPNHA_A_SA_EVENT_KIND, VPNHA_SA_EVENT_KIND_CEILING);
	nla_put_u32(msg, VPNHA_A_SA_EVENT_DIRECTION, VPNHA_ESP_DIRECTION_OUT);
	nla_put_u64(msg, VPNHA_A_SA_EVENT_SEQ, 990);
	nla_put_u64(msg, VPNHA_A_SA_EVENT_CEILING, 1000);
	EVENT(VPNHA_CMD_SA_EVENT,
	      "IPSEC(sa_event): outbound spi 0x0(0) to unknown, conn id 0: close to the ceiling: "
	      "990 of 1000\n", "\"cause\":null");
	for (int n = 0; n < 2; n++) {
		nla_put_u32(msg, VPNHA_A_SA_DIRECTION, VPNHA_ESP_DIRECTION_IN);
		nla_put_u32(msg, VPNHA_A_SA_SPI, 256);
		nla_put_string(msg, VPNHA_A_SA_IFNAME, "eth0");
		nla_put_string(msg, VPNHA_A_SA_MAP, "vpn");
		nla_put_u32(msg, VPNHA_A_SA_NUMBER, 10);
		nla_put_u32(msg, VPNHA_A_SA_CIPHER, VPNHA_ESP_CIPHER_AES_GCM);
		nla_put_u32(msg, VPNHA_A_SA_KEY_BITS, 192);
		nla_put_u32(msg, VPNHA_A_SA_STATE, VPNHA_SA_STATE_DEAD);
		put_address(msg, VPNHA_A_SA_SRC, PEER);
		put_address(msg, VPNHA_A_SA_DST, LOCAL);
		if (n)
			EVENT(VPNHA_CMD_SA_DEL_NTF,
			      "IPSEC(sa_delete): inbound spi 0x100(256), 172.16.172.69 -> "
			      "172.16.172.53, conn id 0, esp-gcm 192, dead, eth0 crypto map vpn 10\n",
			      "\"event\":\"sa-del\"");
		else
			EVENT(VPNHA_CMD_SA_NTF,
			      "IPSEC(sa): inbound spi 0x100(256), 172.16.172.69 -> "
			      "172.16.172.53, conn id 0, esp-gcm 192, dead, eth0 crypto map vpn 10\n",
			      "\"event\":\"sa\"");
	}
	nla_put_string(msg, VPNHA_A_BINDING_IFNAME, "eth0");
	nla_put_string(msg, VPNHA_A_BINDING_MAP, "vpn");
	nla_put_string(msg, VPNHA_A_BINDING_REDUNDANCY, "VPNHA");
	nla_put_u32(msg, VPNHA_A_BINDING_ROLE, VPNHA_ROLE_ACTIVE);
	EVENT(VPNHA_CMD_BINDING_NTF,
	      "IPSEC(binding): eth0 crypto map vpn redundancy VPNHA, active, local addr. unknown: "
	      "working\n", "\"event\":\"binding\"");
	nla_put_string(msg, VPNHA_A_MAP_NAME, "vpn");
	nla_put_u32(msg, VPNHA_A_MAP_NUMBER, 10);
	nla_put_u32(msg, VPNHA_A_MAP_PROBLEM, VPNHA_MAP_PROBLEM_NO_ACL);
	EVENT(VPNHA_CMD_MAP_NTF, "IPSEC(map): crypto map vpn 10 ipsec-manual: no access list\n",
	      "\"event\":\"map\"");
	EXPECT_NE(0, decode_crypto_event(&none, VPNHA_CMD_GROUP_NTF, NULL, 0));
	EXPECT_NE(0, decode_crypto_event(&none, VPNHA_CMD_MAP_NTF, NULL, 0));
	nlmsg_free(msg);
}

TEST(every_value_has_names)
{
	for (uint32_t n = VPNHA_ESP_DROP_REASON_UNKNOWN_SPI; n <= VPNHA_ESP_DROP_REASON_NOT_IP; n++) {
		EXPECT_STRNE("unknown", text_esp_drop_reason(n));
		EXPECT_STRNE("unknown", text_esp_drop_reason_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_MAP_PROBLEM_NO_SESSION_KEY; n++) {
		EXPECT_STRNE("unknown", text_map_problem(n));
		EXPECT_STRNE("unknown", text_map_problem_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_BINDING_PROBLEM_NO_RESOURCES; n++) {
		EXPECT_STRNE("unknown", text_binding_problem(n));
		EXPECT_STRNE("unknown", text_binding_problem_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_SA_STATE_DEAD; n++)
		EXPECT_STRNE("unknown", text_sa_state_key(n));
	for (uint32_t n = 0; n <= VPNHA_SA_EVENT_KIND_CEILING; n++) {
		EXPECT_STRNE("unknown", text_sa_event_kind(n));
		EXPECT_STRNE("unknown", text_sa_event_kind_key(n));
		EXPECT_STRNE("unknown", text_expiry_cause_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_ESP_CIPHER_CHACHA20_POLY1305; n++)
		EXPECT_STRNE("unknown", transform_cipher(n)->word);
	for (uint32_t n = VPNHA_ESP_AUTH_MD5; n <= VPNHA_ESP_AUTH_SHA512; n++)
		EXPECT_STRNE("unknown", transform_auth(n)->word);
	EXPECT_STREQ("unknown", transform_cipher(99)->word);
	for (uint32_t n = 0; n <= VPNHA_ROUTE_STATE_REFUSED; n++) {
		EXPECT_STRNE("unknown", text_route_state(n));
		EXPECT_STRNE("unknown", text_route_state_key(n));
	}
	for (uint32_t n = 0; n <= VPNHA_REVERSE_ROUTE_DYNAMIC; n++)
		EXPECT_STRNE("unknown", text_reverse_route_key(n));
	EXPECT_STREQ("unknown", text_map_kind(99));
}

TEST_HARNESS_MAIN
