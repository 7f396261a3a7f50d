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
#include "text_of.h"

#define ROUNDS		20000
#define MUTATIONS	8

static const char *const seeds[] = {
	"interface lo\n standby 1 ip 10.0.0.1\n standby 1 priority 200\n standby 1 preempt\n"
	" standby 1 name VPNHA\n standby 1 track eth1 150\n",
	"interface lo\n standby version 2\n standby 4095 ip\n standby 4095 timers msec 15 msec 50\n"
	" no standby 4095 timers\n standby timers 1 3\nend\n",
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
};

static const char *const pieces[] = {
	"standby", "interface", "no", "ip", "timers", "msec", "track", "4294967296", "-1", "255",
	"crypto map", "set session-key", "host", "any", "esp", "cipher", "0x100", "::/0", "range",
	"reverse-route", "remote-peer", "tag", "distance", "static",
	"\n", "\r", " ", "\t", "!", "#", "\xe2\x88\x92", "\xe2", "\xff", "10.0.0.1", "lo", "end",
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
	same = !changes.n_items && !c2.diags.n_items;
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
	for (size_t n = 1; n < length; n += 2)
		text[n] = ' ';
	EXPECT_TRUE(survives(text, length));
	memset(text, ' ', length);
	EXPECT_TRUE(survives(text, length));
	memset(text, 0, length);
	EXPECT_TRUE(survives(text, length));
	memset(text, '9', length);
	memcpy(text, "interface lo\nstandby ", 21);
	EXPECT_TRUE(survives(text, length));
	memset(text, '\n', length);
	EXPECT_TRUE(survives(text, length));
	free(text);
}

TEST_HARNESS_MAIN
