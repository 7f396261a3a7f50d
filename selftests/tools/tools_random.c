// SPDX-License-Identifier: GPL-2.0
// lab: native
/*
 * Any bytes may be in a file. Whatever they are, reading them ends, touches no
 * foreign memory (the sanitizers see to that), and what was understood can be
 * written and understood again.
 */
#include <sanitizer/lsan_interface.h>
#include <stdint.h>
#include <string.h>

#include "kselftest_harness.h"
#include "lib/change.h"
#include "lib/config.h"
#include "lib/import.h"
#include "text_of.h"

/* Seconds: a machine that is busy with guests takes its time. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	600

#define ROUNDS		20000
#define ROUTER_ROUNDS	2000
#define MUTATIONS	8

static const char *const seeds[] = {
	"interface lo\n standby 1 ip 10.0.0.1\n standby 1 priority 200\n standby 1 preempt\n"
	" standby 1 name VPNHA\n standby 1 track eth1 150\n",
	"interface lo\n standby version 2\n standby 4095 ip\n standby 4095 timers msec 15 msec 50\n"
	" no standby 4095 timers\n standby timers 1 3\nend\n",
	"interface lo\n standby version 2\n standby 1 ipv6 autoconfig\n standby 1 ipv6 2001:db8::1/64\n"
	" standby 2 ipv6 fe80::2\n no standby 2 ipv6 fe80::2\n standby 3 ipv6\n no standby 1 ipv6\n"
	" standby 1 ip 10.0.0.1\n",
	"int lo\r\nst 1 pri 5\r\nno st 1 pri\r\nst ip 1.2.3.4\r\n",
	"router ospf 1\nlog\xe2\x88\x92" "adjacency\xe2\x88\x92" "changes\n network 1.2.3.0\n!\nline vty 0 4\n",
	"crypto map m 10 ipsec-isakmp\n set peer 1.2.3.4\naccess-list 101 permit ip any any\n",
	"crypto ipsec transform-set s esp-gcm 256 icv 64\n mode transport\n no mode\n"
	"crypto ipsec transform-set t esp-md5-hmac esp-aes 192 allow-weak\n"
	"no crypto ipsec transform-set s\n",
	"crypto map m 10 ipsec-manual\n set peer 1.2.3.4\n no set peer\n set transform-set s\n"
	" match address L\n set session-key inbound esp 0x100 cipher 00ff authenticator aabb\n"
	" set session-key outbound esp 4294967295 authenticator 01\n",
	"crypto map m 10 ipsec-isakmp\n reverse-route tag 5 static remote-peer 2001:db8::1 distance 9\n"
	" no reverse-route\n reverse-route distance 255 remote-peer tag 4294967295 dynamic\n",
	"access-list 101 permit tcp 10.0.0.0 0.255.0.255 eq www any range 1 65535\n"
	"no access-list 101 permit tcp any any\nip access-list extended 2000\n"
	" 15 deny 47 host 1.2.3.4 2001:db8::/32\n permit 0 ::/0 any\n no 15\n permit udp any any\n"
	"ipv6 access-list L\n permit sctp any gt 5 2001:db8:: ::ffff lt 9\n",
	"interface lo\n crypto map m redundancy A\n crypto ipsec df-bit set\n"
	" no crypto map\naccess-list 10 permit 1.2.3.4\ncrypto isakmp key 0 x address 1.2.3.4\n",
	"interface lo\n ip address 1.2.3.4 255.0.0.0\n shutdown\n crypto map m redundancy A\nno interface lo\n",
	"crypto dynamic-map d 10\n set transform-set s t\n reverse-route\n match address 101\n"
	" set pfs group19\n set security-association lifetime seconds 120\n"
	"crypto map m 65000 ipsec-isakmp dynamic d\nno crypto dynamic-map d 10\n",
	"crypto map m 10 ipsec-isakmp\n set peer 1.2.3.4 default\n set peer 2001:db8::1\n"
	" set ikev2-profile p\n set pfs group14\n set security-association idle-time 60\n"
	" set security-association lifetime kilobytes 2560\n no set ikev2-profile\n",
	"crypto ikev2 proposal p\n encryption aes-cbc-256 aes-gcm-128 chacha20-poly1305\n"
	" integrity sha256 sha512\n prf sha384\n group 14 19 31\n no integrity\n"
	"crypto ikev2 policy q\n match address local 1.2.3.4\n match fvrf any\n proposal p default\n",
	"crypto ikev2 keyring k\n peer one\n  description it's\n  address 1.2.3.0 255.255.255.0\n"
	"  identity fqdn a.example\n  pre-shared-key local 0 a b\n  pre-shared-key remote hex 00ff\n"
	" peer two\n  address 2001:db8::/32\n  pre-shared-key file /x\n"
	"  ppk manual id i key hex 0011 required\n no peer one\n",
	"crypto ikev2 profile f\n match identity remote address 1.2.3.4\n"
	" match identity remote fqdn domain example\n match identity remote key-id a\n"
	" match address local 1.2.3.4\n match address local 2001:db8::1\n identity local email a@b\n"
	" authentication local pre-share key x\n authentication remote rsa-sig\n"
	" keyring local k\n keyring ppk k\n pki trustpoint t\n dpd 10 2 periodic\n"
	" lifetime 3600\n nat keepalive 20\n initial-contact force\n no dpd\n",
	"crypto ikev2 dpd 10 2 on-demand\ncrypto ikev2 nat keepalive 20\n"
	"crypto ikev2 limit max-sa 5\ncrypto ikev2 limit max-in-negotation-sa 7\n"
	"crypto ikev2 cookie-challenge 0\ncrypto ikev2 fragmentation mtu 600\n"
	"crypto ikev2 window 5\nno crypto ikev2 fragmentation\n",
	"track 1 list threshold weight\n object 2 weight 20\n object 3\n threshold weight up 30 down 10\n"
	" delay up 3 down 5\ntrack 2 interface eth1 ip routing\ntrack 3 ip route 1.0.0.0/8 reachability\n"
	"track 4 stub-object\n default-state up\n no default-state\n no delay\ntrack 5 list boolean or\n"
	" object 4 not\n no object 4\nno track 2\ntrack 6 list threshold percentage\n"
	" threshold percentage up 50\ninterface lo\n standby 1 track 5 shutdown\n no standby 1 track 1\n",
	"crypto pki trustpoint t\n ca /a\n ca /b\n certificate /c\n private-key /d\n crl /e\n"
	" ocsp file /f\n revocation-check ocsp crl none\n enrollment terminal\n no ca /a\n",
};

static const char *const routers[] = {
	"track 1 interface Fa0/1 line-protocol\n delay up 5\ntrack 2 list boolean and\n object 1\n"
	" object 3 not\ntrack 3 ip route 10.0.0.0 255.0.0.0 reachability\ntrack 4 rtr 1\n"
	"interface Fa0/0\nip address 10.0.0.2 255.255.255.0\nstandby 1 ip 10.0.0.1\n"
	"standby 1 track 2 decrement 20\nstandby 1 track 3 shutdown\nstandby 1 track Fa0/1 decrement 5\n",
	"crypto isakmp policy 1\nhash md5\nauthentication pre-share\ngroup 2\nlifetime 300\n"
	"crypto isakmp policy 2\nencr aes 256\ncrypto isakmp key x address 0.0.0.0 0.0.0.0\n"
	"crypto isakmp key y address 1.2.3.4\ncrypto isakmp keepalive 10 3 periodic\n"
	"crypto isakmp identity hostname\ncrypto isakmp nat keepalive 20\n"
	"crypto dynamic-map d 10\nset transform-set s\nreverse-route\n"
	"crypto map vpn 10 ipsec-isakmp dynamic d\ncrypto ipsec transform-set s esp-3des esp-sha-hmac\n",
	"R1#show run\nBuilding configuration...\n\f\nCurrent configuration : 7 bytes\n!\nhostname R1\n"
	"crypto isakmp key 0 x address 1.2.3.4\ncrypto ipsec transform\xe2\x88\x92set s esp\xe2\x88\x92" "des esp-md5-hmac\n"
	"crypto map vpn 10 ipsec-isakmp\nset peer 1.2.3.4\nset transform-set s\nmatch address 101\n"
	"reverse-route\ndescription d\ninterface FastEthernet0/0\ncrypto map vpn redundancy A stateful\n"
	"standby 1 ip 10.0.0.1\nstandby 1 name A\nstandby 1 track Fa0/1 50\n"
	"access-list 101 remark r\naccess-list 101 permit ip any host 1.2.3.4\n",
	"interface Fa0/0\nipv6 address FE80::2 link-local\nipv6 address 2001:DB8::2/64\nstandby version 2\n"
	"standby 1 ipv6 autoconfig\nstandby 1 ipv6 2001:DB8::1/64\nstandby 2 ipv6 FE80::3\n",
	"interface FastEthernet 0/1\nip address 10.1.1.1 255.255.255.0\nip address 10.2.2.2 255.0.0.0 secondary\n"
	"standby 2 ip 10.1.1.3\nstandby 2 name A\nstandby 2 preempt delay minimum 5\nno shutdown\n"
	"interface Loopback0\ndescription it's\nmtu 1400\nip address 9.9.9.9 255.255.255.255\n"
	"interface ATM1/0.5 point-to-point\nshutdown\nmac-address 0000.0c07.ac01\n",
	"interface Fa0/0\nip address 10.0.0.2 255.255.255.0\nip ospf cost 5\nip ospf 1 area 0\n"
	"ip ospf message-digest-key 1 md5 x\nrouter ospf 1\nnetwork 10.0.0.0 0.0.0.255 area 0\n"
	"network 10.0.0.2 0.0.0.0 area 1\nnetwork 0.0.0.0 0.255.0.255 area 2\npassive-interface Loopback0\n"
	"no passive-interface fa0/1\nredistribute static subnets metric 5\nredistribute connected\n"
	"default-information originate always metric 3\narea 1 range 10.0.0.0 255.0.0.0 advertise\n"
	"router-id 1.1.1.1\nauto-cost reference-bandwidth 0\n"
	"ip route 0.0.0.0 0.0.0.0 10.0.0.9 250 tag 5 name n permanent\n",
	"ip route 10.0.0.0 255.0.0.0 Null0\nip route 11.0.0.0 255.0.0.0 Fa0/0 10.0.0.7\n"
	"ip access-list extended F\npermit tcp any any established log\naccess-list 102 deny ip any any log\n"
	"no ip routing\nipc zone default\nassociation 1\nrouter eigrp 5\nnetwork 10.0.0.0\nend\nR1#",
};

static const char *const pieces[] = {
	"standby", "interface", "no", "ip", "timers", "msec", "track", "object", "list", "4294967296", "-1", "255",
	"ipv6", "fe80::1", "2001:db8::1/64", "autoconfig",
	"crypto map", "set session-key", "host", "any", "esp", "cipher", "0x100", "::/0", "range",
	"router ospf 2", "ip route ", "FastEthernet0/0", "shutdown", "access-list 101", "description",
	"reverse-route", "remote-peer", "tag", "distance", "static",
	"crypto ikev2 ", "crypto pki trustpoint t", "proposal", "peer", "address", "pre-shared-key",
	"match identity remote", "authentication", "hex", "file", "dynamic", "default",
	"crypto isakmp key ",
	"\n", "\r", "\f", " ", "\t", "!", "#", "\xe2\x88\x92", "\xe2", "\xff", "10.0.0.1", "lo", "end",
};

/* xorshift: the same numbers on every machine, so that a failure can be had again. */
static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static size_t mutate(uint32_t *state, char *text, size_t length, size_t room)
{
	const char *piece = pieces[next(state) % (sizeof(pieces) / sizeof(*pieces))];
	size_t at = length ? next(state) % length : 0, n;

	switch (next(state) % 4) {
	case 0:			/* another byte, NUL included */
		if (length)
			text[at] = (char)next(state);
		return length;
	case 1:			/* cut out */
		n = length ? next(state) % (length - at) : 0;
		memmove(text + at, text + at + n, length - at - n);
		return length - n;
	case 2:			/* cut off */
		return at;
	default:		/* put in */
		n = strlen(piece);
		if (length + n > room)
			return length;
		memmove(text + at + n, text + at, length - at);
		memcpy(text + at, piece, n);
		return length + n;
	}
}

/* Read @text, and what that means once more. Returns whether both mean the same. */
static bool survives(const char *text, size_t length)
{
	struct source source = {}, again = {};
	struct text_of written = {}, messages = {};
	struct config c, c2;
	struct changes changes;
	bool same;

	source_name(&source, "random");
	source_add(&source, text, length);
	config_init(&c, &source);
	config_read(&c);
	model_settle(&c.model);
	diag_print(&c.diags, text_begin(&messages));
	text_end(&messages);
	json_decref(diag_json(&c.diags));
	free(messages.text);

	config_write(text_begin(&written), &c.model);
	text_end(&written);
	source_add(&again, written.text, written.length);
	config_init(&c2, &again);
	config_read(&c2);
	model_settle(&c2.model);
	changes_find(&changes, &c.model, &c2.model);
	same = !changes.n_items && !c2.diags.n_items &&
	       ikev2_config_equal(&c.model.ikev2, &c2.model.ikev2);
	if (!same)
		fprintf(stderr, "# %s", written.text);
	changes_free(&changes);
	config_free(&c2);
	config_free(&c);
	source_free(&again);
	source_free(&source);
	free(written.text);
	return same;
}

/*
 * Take @text apart as a router's configuration. Returns whether that, unless it
 * is refused, leaves a configuration that is understood.
 */
static bool is_imported(const char *text, size_t length)
{
	struct text_of config = {}, host = {}, frr = {}, messages = {};
	struct source source = {}, again = {};
	struct import im;
	struct config c;
	bool good;

	source_add(&source, text, length);
	import_init(&im, &source);
	free(import_name(&im, "FastEthernet0/0=eth0"));
	free(import_name(&im, "fa0/1=eth1"));
	import_read(&im);
	diag_print(&im.config.diags, text_begin(&messages));
	text_end(&messages);
	import_write_config(text_begin(&config), &im);
	text_end(&config);
	import_write_host(text_begin(&host), &im);
	text_end(&host);
	import_write_frr(text_begin(&frr), &im);
	text_end(&frr);

	source_add(&again, config.text, config.length);
	config_init(&c, &again);
	config_read(&c);
	config_finish(&c, CONFIG_ELSEWHERE);
	good = im.config.diags.n_errors || !c.diags.n_errors;
	if (!good) {
		fprintf(stderr, "# %s", config.text);
		diag_print(&c.diags, stderr);
	}
	config_free(&c);
	import_free(&im);
	source_free(&again);
	source_free(&source);
	free(config.text);
	free(host.text);
	free(frr.text);
	free(messages.text);
	return good;
}

TEST(mutated_routers)
{
	const char *const *all[] = { routers, seeds };
	const size_t n_all[] = {
		sizeof(routers) / sizeof(*routers), sizeof(seeds) / sizeof(*seeds)
	};
	uint32_t state = 0x7204;
	char text[2048];

	for (int round = 0; round < ROUTER_ROUNDS; round++) {
		size_t length = 0;

		/* Two of them in one file, so that one meets what the other has begun. */
		for (int n = 0; n < 2; n++) {
			uint32_t which = next(&state) % 4 ? 0 : 1;
			const char *seed = all[which][next(&state) % n_all[which]];

			memcpy(text + length, seed, strlen(seed));
			length += strlen(seed);
		}
		for (uint32_t n = next(&state) % MUTATIONS; n-- > 0;)
			length = mutate(&state, text, length, sizeof(text));
		ASSERT_TRUE(is_imported(text, length)) TH_LOG("round %d", round);
	}
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

TEST(mutated_lines)
{
	uint32_t state = 0x2281;
	char text[1024];

	for (int round = 0; round < ROUNDS; round++) {
		const char *seed = seeds[next(&state) % (sizeof(seeds) / sizeof(*seeds))];
		size_t length = strlen(seed);

		memcpy(text, seed, length);
		for (uint32_t n = next(&state) % MUTATIONS; n-- > 0;)
			length = mutate(&state, text, length, sizeof(text));
		ASSERT_TRUE(survives(text, length)) TH_LOG("round %d", round);
	}
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

TEST(random_bytes)
{
	uint32_t state = 0x1985;
	char text[256];

	for (int round = 0; round < ROUNDS; round++) {
		size_t length = next(&state) % sizeof(text);

		for (size_t n = 0; n < length; n++)
			text[n] = (char)next(&state);
		ASSERT_TRUE(survives(text, length)) TH_LOG("round %d", round);
		ASSERT_TRUE(is_imported(text, length)) TH_LOG("round %d", round);
	}
	EXPECT_EQ(0, __lsan_do_recoverable_leak_check());
}

/* Lines of a megabyte: of one word, of words, of blanks, of NULs. */
TEST(long_lines)
{
	const size_t length = 1 << 20;
	char *text = malloc(length + 32);

	memset(text, 'x', length);
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	for (size_t n = 1; n < length; n += 2)
		text[n] = ' ';
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	memset(text, ' ', length);
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	memset(text, 0, length);
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	memset(text, '9', length);
	memcpy(text, "interface lo\nstandby ", 21);
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	memset(text, '\n', length);
	EXPECT_TRUE(survives(text, length));
	EXPECT_TRUE(is_imported(text, length));
	free(text);
}

TEST_HARNESS_MAIN
