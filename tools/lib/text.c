// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/vpnha.h>

#include "lib/crypto.h"
#include "lib/text.h"

#define NAME(table, i) name(table, sizeof(table) / sizeof((table)[0]), i)

/* A newer kernel may know a value that this table does not. */
static const char *name(const char *const *table, size_t n, uint32_t i)
{
	return i < n && table[i] ? table[i] : "unknown";
}

static const char *const states[] = {
	[VPNHA_STATE_INITIAL]	= "Init",
	[VPNHA_STATE_LEARN]	= "Learn",
	[VPNHA_STATE_LISTEN]	= "Listen",
	[VPNHA_STATE_SPEAK]	= "Speak",
	[VPNHA_STATE_STANDBY]	= "Standby",
	[VPNHA_STATE_ACTIVE]	= "Active",
};

static const char *const state_keys[] = {
	[VPNHA_STATE_INITIAL]	= "initial",
	[VPNHA_STATE_LEARN]	= "learn",
	[VPNHA_STATE_LISTEN]	= "listen",
	[VPNHA_STATE_SPEAK]	= "speak",
	[VPNHA_STATE_STANDBY]	= "standby",
	[VPNHA_STATE_ACTIVE]	= "active",
};

static const char *const init_reasons[] = {
	[VPNHA_INIT_REASON_NONE]		= "starting",
	[VPNHA_INIT_REASON_DISABLED]		= "disabled",
	[VPNHA_INIT_REASON_INTERFACE_ABSENT]	= "interface removed",
	[VPNHA_INIT_REASON_INTERFACE_DOWN]	= "interface down",
	[VPNHA_INIT_REASON_INTERFACE_DELAY]	= "minimum interface delay",
	[VPNHA_INIT_REASON_NO_ADDRESS]		= "no IP address on interface",
	[VPNHA_INIT_REASON_WRONG_SUBNET]	= "virtual IP in wrong subnet",
	[VPNHA_INIT_REASON_ADDRESS_CONFLICT]	= "virtual IP is an address of this machine",
	[VPNHA_INIT_REASON_WRONG_DEVICE]	= "interface is not Ethernet-like",
	[VPNHA_INIT_REASON_NO_RESOURCES]	= "kernel resources missing",
	[VPNHA_INIT_REASON_TRACKED_OBJECT]	= "tracked object down",
	[VPNHA_INIT_REASON_INTERFACE_PORT]	= "interface is a port of another one",
	[VPNHA_INIT_REASON_SHARED_MAC]		= "interface has no MAC address of its own",
	[VPNHA_INIT_REASON_FOLLOW]		= "waits for the group that it follows",
	[VPNHA_INIT_REASON_BUNDLE]		= "held by its bundle",
	[VPNHA_INIT_REASON_NO_IPV6]		= "no IPv6 on interface",
	[VPNHA_INIT_REASON_TENTATIVE_ADDRESS]	= "link-local address is tentative",
};

static const char *const init_reason_keys[] = {
	[VPNHA_INIT_REASON_NONE]		= "none",
	[VPNHA_INIT_REASON_DISABLED]		= "disabled",
	[VPNHA_INIT_REASON_INTERFACE_ABSENT]	= "interface-absent",
	[VPNHA_INIT_REASON_INTERFACE_DOWN]	= "interface-down",
	[VPNHA_INIT_REASON_INTERFACE_DELAY]	= "interface-delay",
	[VPNHA_INIT_REASON_NO_ADDRESS]		= "no-address",
	[VPNHA_INIT_REASON_WRONG_SUBNET]	= "wrong-subnet",
	[VPNHA_INIT_REASON_ADDRESS_CONFLICT]	= "address-conflict",
	[VPNHA_INIT_REASON_WRONG_DEVICE]	= "wrong-device",
	[VPNHA_INIT_REASON_NO_RESOURCES]	= "no-resources",
	[VPNHA_INIT_REASON_TRACKED_OBJECT]	= "tracked-object",
	[VPNHA_INIT_REASON_INTERFACE_PORT]	= "interface-port",
	[VPNHA_INIT_REASON_SHARED_MAC]		= "shared-mac",
	[VPNHA_INIT_REASON_FOLLOW]		= "follow",
	[VPNHA_INIT_REASON_BUNDLE]		= "bundle",
	[VPNHA_INIT_REASON_NO_IPV6]		= "no-ipv6",
	[VPNHA_INIT_REASON_TENTATIVE_ADDRESS]	= "tentative-address",
};

static const char *const drop_reasons[] = {
	[VPNHA_DROP_REASON_TRUNCATED]		= "truncated",
	[VPNHA_DROP_REASON_BAD_CHECKSUM]	= "bad checksum",
	[VPNHA_DROP_REASON_BAD_TTL]		= "bad TTL",
	[VPNHA_DROP_REASON_BAD_LENGTH]		= "bad length",
	[VPNHA_DROP_REASON_BAD_VERSION]		= "bad version",
	[VPNHA_DROP_REASON_BAD_OPCODE]		= "bad opcode",
	[VPNHA_DROP_REASON_BAD_STATE]		= "bad state",
	[VPNHA_DROP_REASON_BAD_TIMERS]		= "bad timers",
	[VPNHA_DROP_REASON_BAD_FAMILY]		= "bad IP version",
	[VPNHA_DROP_REASON_BAD_AUTHENTICATION]	= "bad authentication",
	[VPNHA_DROP_REASON_OWN_ADDRESS]		= "own address",
	[VPNHA_DROP_REASON_UNKNOWN_GROUP]	= "unknown group",
	[VPNHA_DROP_REASON_NOT_RUNNING]		= "group not running",
	[VPNHA_DROP_REASON_DIFFERENT_VIP]	= "different virtual IP",
	[VPNHA_DROP_REASON_FOLLOWING]		= "the group follows another one here",
	[VPNHA_DROP_REASON_BAD_SOURCE]		= "source not link-local",
};

static const char *const drop_reason_keys[] = {
	[VPNHA_DROP_REASON_TRUNCATED]		= "truncated",
	[VPNHA_DROP_REASON_BAD_CHECKSUM]	= "bad-checksum",
	[VPNHA_DROP_REASON_BAD_TTL]		= "bad-ttl",
	[VPNHA_DROP_REASON_BAD_LENGTH]		= "bad-length",
	[VPNHA_DROP_REASON_BAD_VERSION]		= "bad-version",
	[VPNHA_DROP_REASON_BAD_OPCODE]		= "bad-opcode",
	[VPNHA_DROP_REASON_BAD_STATE]		= "bad-state",
	[VPNHA_DROP_REASON_BAD_TIMERS]		= "bad-timers",
	[VPNHA_DROP_REASON_BAD_FAMILY]		= "bad-family",
	[VPNHA_DROP_REASON_BAD_AUTHENTICATION]	= "bad-authentication",
	[VPNHA_DROP_REASON_OWN_ADDRESS]		= "own-address",
	[VPNHA_DROP_REASON_UNKNOWN_GROUP]	= "unknown-group",
	[VPNHA_DROP_REASON_NOT_RUNNING]		= "not-running",
	[VPNHA_DROP_REASON_DIFFERENT_VIP]	= "different-vip",
	[VPNHA_DROP_REASON_FOLLOWING]		= "following",
	[VPNHA_DROP_REASON_BAD_SOURCE]		= "bad-source",
};

static const char *const link_keys[] = {
	[VPNHA_LINK_STATE_ABSENT]	= "absent",
	[VPNHA_LINK_STATE_DOWN]		= "down",
	[VPNHA_LINK_STATE_DELAY]	= "delay",
	[VPNHA_LINK_STATE_UP]		= "up",
};

static const char *const opcodes[] = {
	[VPNHA_OPCODE_HELLO]		= "Hello",
	[VPNHA_OPCODE_COUP]		= "Coup",
	[VPNHA_OPCODE_RESIGN]		= "Resign",
	[VPNHA_OPCODE_ADVERTISE]	= "Advertise",
};

static const char *const opcode_keys[] = {
	[VPNHA_OPCODE_HELLO]		= "hello",
	[VPNHA_OPCODE_COUP]		= "coup",
	[VPNHA_OPCODE_RESIGN]		= "resign",
	[VPNHA_OPCODE_ADVERTISE]	= "advertise",
};

static const char *const events[] = {
	[VPNHA_EVENT_ENABLED]			= "a/HSRP enabled",
	[VPNHA_EVENT_DISABLED]			= "b/HSRP disabled",
	[VPNHA_EVENT_ACTIVE_TIMER]		= "c/Active timer expired",
	[VPNHA_EVENT_STANDBY_TIMER]		= "d/Standby timer expired",
	[VPNHA_EVENT_HELLO_TIMER]		= "e/Hello timer expired",
	[VPNHA_EVENT_HELLO_HIGHER_SPEAK]	= "f/Hello rcvd from higher pri Speak router",
	[VPNHA_EVENT_HELLO_HIGHER_ACTIVE]	= "g/Hello rcvd from higher pri Active router",
	[VPNHA_EVENT_HELLO_LOWER_ACTIVE]	= "h/Hello rcvd from lower pri Active router",
	[VPNHA_EVENT_RESIGN]			= "i/Resign rcvd",
	[VPNHA_EVENT_COUP]			= "j/Coup rcvd from higher pri router",
	[VPNHA_EVENT_HELLO_HIGHER_STANDBY]	= "k/Hello rcvd from higher pri Standby router",
	[VPNHA_EVENT_HELLO_LOWER_STANDBY]	= "l/Hello rcvd from lower pri Standby router",
};

static const char *const event_keys[] = {
	[VPNHA_EVENT_ENABLED]			= "enabled",
	[VPNHA_EVENT_DISABLED]			= "disabled",
	[VPNHA_EVENT_ACTIVE_TIMER]		= "active-timer",
	[VPNHA_EVENT_STANDBY_TIMER]		= "standby-timer",
	[VPNHA_EVENT_HELLO_TIMER]		= "hello-timer",
	[VPNHA_EVENT_HELLO_HIGHER_SPEAK]	= "hello-higher-speak",
	[VPNHA_EVENT_HELLO_HIGHER_ACTIVE]	= "hello-higher-active",
	[VPNHA_EVENT_HELLO_LOWER_ACTIVE]	= "hello-lower-active",
	[VPNHA_EVENT_RESIGN]			= "resign",
	[VPNHA_EVENT_COUP]			= "coup",
	[VPNHA_EVENT_HELLO_HIGHER_STANDBY]	= "hello-higher-standby",
	[VPNHA_EVENT_HELLO_LOWER_STANDBY]	= "hello-lower-standby",
};

static const char *const debug_kind_keys[] = {
	[VPNHA_DEBUG_KIND_FSM_EVENT]		= "fsm-event",
	[VPNHA_DEBUG_KIND_STATE_CHANGE]		= "state-change",
	[VPNHA_DEBUG_KIND_ACTIVE_ROUTER]	= "active-router",
	[VPNHA_DEBUG_KIND_STANDBY_ROUTER]	= "standby-router",
	[VPNHA_DEBUG_KIND_REDUNDANCY]		= "redundancy",
	[VPNHA_DEBUG_KIND_PRIORITY]		= "priority",
	[VPNHA_DEBUG_KIND_TRACK]		= "track",
	[VPNHA_DEBUG_KIND_LEARNED]		= "learned",
	[VPNHA_DEBUG_KIND_INTERFACE_GOING_DOWN]	= "interface-going-down",
	[VPNHA_DEBUG_KIND_INTERFACE_COMING_UP]	= "interface-coming-up",
	[VPNHA_DEBUG_KIND_INTERFACE_DOWN]	= "interface-down",
	[VPNHA_DEBUG_KIND_INTERFACE_UP]		= "interface-up",
	[VPNHA_DEBUG_KIND_DELAY_START]		= "delay-start",
	[VPNHA_DEBUG_KIND_DELAY_END]		= "delay-end",
	[VPNHA_DEBUG_KIND_PACKET_IN]		= "packet-in",
	[VPNHA_DEBUG_KIND_PACKET_OUT]		= "packet-out",
	[VPNHA_DEBUG_KIND_PACKET_DROP]		= "packet-drop",
	[VPNHA_DEBUG_KIND_ADDRESS_ERROR]	= "address-error",
	[VPNHA_DEBUG_KIND_RIVAL]		= "rival",
	[VPNHA_DEBUG_KIND_RELOAD_DELAY_START]	= "reload-delay-start",
	[VPNHA_DEBUG_KIND_PREEMPT_DELAY]	= "preempt-delay",
};

/**
 * text_state() - Name of a state as "show standby" prints it.
 * @state: enum vpnha_state
 */
const char *text_state(uint32_t state)
{
	return NAME(states, state);
}

/**
 * text_redundancy_state() - Name of a state towards the clients of a redundancy name.
 * @state: enum vpnha_state
 *
 * They need not know whether a router that is not a candidate listens or learns.
 */
const char *text_redundancy_state(uint32_t state)
{
	if (state == VPNHA_STATE_LISTEN)
		return "Backup";
	return text_state(state);
}

/**
 * text_init_reason() - Why a group is in Init.
 * @reason: enum vpnha_init_reason
 */
const char *text_init_reason(uint32_t reason)
{
	return NAME(init_reasons, reason);
}

/**
 * text_drop_reason() - Why a packet was not obeyed.
 * @reason: enum vpnha_drop_reason
 */
const char *text_drop_reason(uint32_t reason)
{
	return NAME(drop_reasons, reason);
}

/**
 * text_opcode() - Name of a kind of packet.
 * @opcode: enum vpnha_opcode
 */
const char *text_opcode(uint32_t opcode)
{
	return NAME(opcodes, opcode);
}

/**
 * text_event() - Letter and phrase of an event of the state machine.
 * @event: enum vpnha_event
 */
const char *text_event(uint32_t event)
{
	return NAME(events, event);
}

/**
 * text_state_key() - Name of a state in the specification.
 * @state: enum vpnha_state
 */
const char *text_state_key(uint32_t state)
{
	return NAME(state_keys, state);
}

/**
 * text_init_reason_key() - Name of an init reason in the specification.
 * @reason: enum vpnha_init_reason
 */
const char *text_init_reason_key(uint32_t reason)
{
	return NAME(init_reason_keys, reason);
}

/**
 * text_drop_reason_key() - Name of a drop reason in the specification.
 * @reason: enum vpnha_drop_reason
 */
const char *text_drop_reason_key(uint32_t reason)
{
	return NAME(drop_reason_keys, reason);
}

/**
 * text_link_key() - Name of a link state in the specification.
 * @link: enum vpnha_link_state
 */
const char *text_link_key(uint32_t link)
{
	return NAME(link_keys, link);
}

/**
 * text_opcode_key() - Name of an operation code in the specification.
 * @opcode: enum vpnha_opcode
 */
const char *text_opcode_key(uint32_t opcode)
{
	return NAME(opcode_keys, opcode);
}

/**
 * text_event_key() - Name of an event in the specification.
 * @event: enum vpnha_event
 */
const char *text_event_key(uint32_t event)
{
	return NAME(event_keys, event);
}

/**
 * text_debug_kind_key() - Name of a kind of debug event in the specification.
 * @kind: enum vpnha_debug_kind
 */
const char *text_debug_kind_key(uint32_t kind)
{
	return NAME(debug_kind_keys, kind);
}

/**
 * text_address() - Write an IPv4 address.
 * @buf: where to
 * @address: in network byte order
 *
 * Return: @buf.
 */
const char *text_address(char buf[TEXT_ADDRESS_LEN], in_addr_t address)
{
	struct in_addr in = { .s_addr = address };

	return inet_ntop(AF_INET, &in, buf, TEXT_ADDRESS_LEN);
}

/**
 * text_mac_dotted() - Write a MAC address as IOS does: 0000.0c07.ac01.
 * @buf: where to
 * @mac: address
 *
 * Return: @buf.
 */
const char *text_mac_dotted(char buf[TEXT_MAC_LEN], const uint8_t mac[6])
{
	snprintf(buf, TEXT_MAC_LEN, "%02x%02x.%02x%02x.%02x%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

/**
 * text_parse_mac() - Read a MAC address as IOS or Linux writes it.
 * @text: three groups of four digits with dots, or six of two with colons
 * @mac: result
 *
 * Return: whether it is one.
 */
bool text_parse_mac(const char *text, uint8_t mac[6])
{
	const bool dotted = strlen(text) == strlen("0000.0c07.ac01");
	const size_t group = dotted ? 4 : 2;
	char pair[3] = "";
	size_t digit = 0;

	if (!dotted && strlen(text) != strlen("00:00:0c:07:ac:01"))
		return false;
	for (size_t n = 0; text[n]; n++) {
		if (n % (group + 1) == group) {
			if (text[n] != (dotted ? '.' : ':'))
				return false;
			continue;
		}
		if (!isxdigit((unsigned char)text[n]))
			return false;
		pair[digit % 2] = text[n];
		if (digit++ % 2)
			mac[digit / 2 - 1] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

/**
 * text_mac() - Write a MAC address as Linux does: 00:00:0c:07:ac:01.
 * @buf: where to
 * @mac: address
 *
 * Return: @buf.
 */
const char *text_mac(char buf[TEXT_MAC_LEN], const uint8_t mac[6])
{
	snprintf(buf, TEXT_MAC_LEN, "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return buf;
}

/**
 * text_age() - Write how long ago something was: 03:21:20, 1d02h, 2w3d, 1y4w.
 * @buf: where to
 * @ms: milliseconds
 *
 * Return: @buf.
 */
const char *text_age(char buf[TEXT_TIME_LEN], uint64_t ms)
{
	uint64_t s = ms / 1000, days = s / 86400;

	if (!days)
		snprintf(buf, TEXT_TIME_LEN, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64,
			 s / 3600, s / 60 % 60, s % 60);
	else if (days < 7)
		snprintf(buf, TEXT_TIME_LEN, "%" PRIu64 "d%02" PRIu64 "h", days, s / 3600 % 24);
	else if (days < 365)
		snprintf(buf, TEXT_TIME_LEN, "%" PRIu64 "w%" PRIu64 "d", days / 7, days % 7);
	else
		snprintf(buf, TEXT_TIME_LEN, "%" PRIu64 "y%" PRIu64 "w",
			 days / 365, days % 365 / 7);
	return buf;
}

/**
 * text_seconds() - Write a time as seconds with three decimals.
 * @buf: where to
 * @ms: milliseconds
 *
 * Return: @buf.
 */
const char *text_seconds(char buf[TEXT_TIME_LEN], uint64_t ms)
{
	snprintf(buf, TEXT_TIME_LEN, "%" PRIu64 ".%03" PRIu64, ms / 1000, ms % 1000);
	return buf;
}

/**
 * text_interval() - Write a timer: "3 sec", or "msec 250" where seconds would not do.
 * @buf: where to
 * @ms: milliseconds
 *
 * Return: @buf.
 */
const char *text_interval(char buf[TEXT_TIME_LEN], uint32_t ms)
{
	if (ms % 1000)
		snprintf(buf, TEXT_TIME_LEN, "msec %" PRIu32, ms);
	else
		snprintf(buf, TEXT_TIME_LEN, "%" PRIu32 " sec", ms / 1000);
	return buf;
}

/* Length of the UTF-8 character at @s, or 0 when it is none. */
static size_t utf8_length(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s >> 5 == 6 ? 2 : *s >> 4 == 14 ? 3 : *s >> 3 == 30 ? 4 : 0;
	uint32_t c = n > 1 ? *s & (0x7fU >> n) : *s;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (!n || c < least[n] || c > 0x10ffff || c >> 11 == 0x1b)
		return 0;
	return n;
}

/**
 * text_sanitize() - Replace by '?' what a terminal or a JSON parser would stumble over.
 * @s: text that may hold control characters and broken UTF-8
 */
void text_sanitize(char *s)
{
	while (*s) {
		size_t n = utf8_length((unsigned char *)s);

		if (!n || (n == 1 && ((unsigned char)*s < ' ' || *s == 0x7f))) {
			*s = '?';
			n = 1;
		} else if (n == 2 && (unsigned char)s[0] == 0xc2 && (unsigned char)s[1] < 0xa0) {
			/* Control characters have a second place, U+0080 to U+009F. */
			s[0] = '?';
			s[1] = '?';
		}
		s += n;
	}
}

/**
 * text_parse_address() - Read an IPv4 address in dotted notation.
 * @s: text
 * @address: result, in network byte order
 *
 * Return: whether it is one.
 */
bool text_parse_address(const char *s, in_addr_t *address)
{
	struct in_addr in;

	if (inet_pton(AF_INET, s, &in) != 1)
		return false;
	*address = in.s_addr;
	return true;
}

/**
 * text_parse_long() - Read a decimal number.
 * @s: text
 * @number: result; UINT64_MAX stands for all that do not fit
 *
 * Return: whether the text consists of digits.
 */
bool text_parse_long(const char *s, uint64_t *number)
{
	if (!*s)
		return false;
	for (*number = 0; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*s - '0'), number))
			*number = UINT64_MAX;
	}
	return true;
}

/**
 * text_parse_number() - Read a decimal number of which only small ones matter.
 * @s: text
 * @number: result; UINT32_MAX stands for all that do not fit
 *
 * Return: whether the text consists of digits.
 */
bool text_parse_number(const char *s, uint32_t *number)
{
	uint64_t n;

	if (!text_parse_long(s, &n))
		return false;
	*number = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	return true;
}

/* A word long enough to announce a secret, as it would have been typed. */
#define ANNOUNCING_MAX	24

/* Copy a word, a hyphen for each minus sign of typesetters; of a longer one only the beginning. */
static size_t typed(char buf[ANNOUNCING_MAX], const char *word, size_t length)
{
	const size_t minus = strlen(TEXT_MINUS_SIGN);
	size_t n = 0;

	for (size_t i = 0; i < length && n < ANNOUNCING_MAX - 1; i++) {
		bool is_minus = length - i >= minus && !memcmp(word + i, TEXT_MINUS_SIGN, minus);

		buf[n++] = is_minus ? '-' : word[i];
		i += is_minus ? minus - 1 : 0;
	}
	buf[n] = '\0';
	return n;
}

/* Whether the word of @length is an abbreviation of @of that has at least @min characters. */
static bool abbreviates(const char *word, size_t length, const char *of, size_t min)
{
	return length >= min && length <= strlen(of) && !strncmp(word, of, length);
}

/* How many words behind this one a secret stands; 0: none does. */
static unsigned int announces_secret(const char *word)
{
	static const struct {
		const char *word;
		unsigned int distance;
	} words[] = {
		{ "authentication-key", 1 }, { "community", 1 }, { "key", 1 },
		{ "key-string", 1 }, { "message-digest-key", 3 }, { "password", 1 },
		{ "secret", 1 },
	};

	for (size_t n = 0; n < sizeof(words) / sizeof(*words); n++)
		if (!strcmp(word, words[n].word))
			return words[n].distance;
	return 0;
}

static bool is_one_of(const char *const *words, const char *word)
{
	for (; *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

/* Behind "pre-shared-key" and "ppk" any word is a secret that is not one of these. */
static void mask_preshared(char *line)
{
	static const char *const words[] = {
		"dynamic", "key", "local", "manual", "remote", "required", NULL
	};
	/* What stands behind these is a secret, and what behind those none. */
	static const char *const before[] = { "0", "6", "7", "hex", "key", NULL };
	static const char *const names[] = { "address", "file", "hostname", "id", NULL };
	bool secret = false, name = false;

	while (*line) {
		size_t length = strcspn(line, " \t");
		char word[ANNOUNCING_MAX];

		if (!length) {
			line++;
			continue;
		}
		typed(word, line, length);
		if (secret ? !is_one_of(before, word) || !strcmp(word, "key") :
			     !name && !is_one_of(words, word) && !is_one_of(before, word) &&
			     !is_one_of(names, word)) {
			memset(line, '*', length);
			secret = false;
			name = false;
		} else {
			secret = !name && is_one_of(before, word);
			name = !name && !secret && is_one_of(names, word);
		}
		line += length;
	}
}

/* How many words behind "standby ... authentication" a secret stands. */
static unsigned int authentication_text(const char *rest)
{
	char word[ANNOUNCING_MAX];
	size_t length;

	rest += strspn(rest, " \t");
	length = typed(word, rest, strcspn(rest, " \t"));
	if (abbreviates(word, length, "md5", 1))
		return 0;
	return abbreviates(word, length, "text", 1) ? 2 : 1;
}

/**
 * text_mask_secrets() - Put asterisks in the place of keys.
 * @line: a line of configuration, right or wrong
 *
 * Behind "session-key" any word is one that is neither of the language nor short enough for an
 * SPI, and any word at all where one is expected.
 */
void text_mask_secrets(char *line)
{
	bool after_keyring = false, standby = false;
	size_t after_session_key = 0;
	unsigned int ahead = 0;

	while (*line) {
		size_t length = strcspn(line, " \t"), limit = length, n;
		char word[ANNOUNCING_MAX];

		if (!length) {
			line++;
			continue;
		}
		n = typed(word, line, length);
		if (!ahead && !after_session_key &&
		    (abbreviates(word, n, "pre-shared-key", 3) ||
		     (!after_keyring && abbreviates(word, n, "ppk", 2)))) {
			mask_preshared(line + length);
			return;
		}
		after_keyring = abbreviates(word, n, "keyring", 3);
		if (after_session_key) {
			limit = after_session_key++ > 3 ? 0 : 10;
			if (abbreviates(word, n, "cipher", 1) ||
			    abbreviates(word, n, "authenticator", 1))
				limit = length;
		} else if (ahead == 1) {
			limit = 0;
			/* The word in front of a secret says how it is written. */
			ahead = length == 1 || !strcmp(word, "hex");
		} else if (ahead) {
			ahead--;
		}
		if (length > limit)
			memset(line, '*', length);
		else if (abbreviates(word, n, "session-key", 3))
			after_session_key = 1;
		else if (!ahead)
			ahead = announces_secret(word);
		standby |= abbreviates(word, n, "standby", 2);
		/* The text itself, unless what follows says how there is one. */
		if (standby && abbreviates(word, n, "authentication", 1))
			ahead = authentication_text(line + length);
		if (standby && abbreviates(word, n, "key-string", 5))
			ahead = 1;
		line += length;
	}
}

/**
 * text_ifname_error() - Say what is wrong with the name of an interface.
 * @s: name
 *
 * Return: NULL when the kernel would accept it.
 */
const char *text_ifname_error(const char *s)
{
	if (!*s)
		return "is empty";
	if (strlen(s) >= IFNAMSIZ)
		return "is longer than the 15 characters of a Linux interface name";
	if (!strcmp(s, ".") || !strcmp(s, ".."))
		return "is not a Linux interface name";
	if (strchr(s, '/'))
		return "is not a Linux interface name: it contains '/'";
	if (strchr(s, ':'))
		return "is not a Linux interface name: it contains ':'";
	return NULL;
}

/**
 * text_vip_error() - Say why an address cannot be a virtual IP.
 * @address: in network byte order
 *
 * Return: NULL when it can.
 */
const char *text_vip_error(in_addr_t address)
{
	uint32_t a = ntohl(address);

	if (!a)
		return "is no address";
	if (a >> 24 == 0)
		return "is in 0.0.0.0/8, which is no host's address";
	if (a >> 24 == 127)
		return "is a loopback address";
	if (IN_MULTICAST(a))
		return "is a multicast address";
	if (a == INADDR_BROADCAST)
		return "is the broadcast address";
	return NULL;
}
