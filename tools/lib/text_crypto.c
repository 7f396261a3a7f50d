// SPDX-License-Identifier: GPL-2.0-or-later
/* Phrases and names of crypto maps and SAs. */
#include <string.h>

#include <linux/vpnha.h>

#include "lib/text.h"

#define NAME(table, i) name(table, sizeof(table) / sizeof((table)[0]), i)

/* A newer kernel may know a value that this table does not. */
static const char *name(const char *const *table, size_t n, uint32_t i)
{
	return i < n && table[i] ? table[i] : "unknown";
}

static const char *const drop_reasons[] = {
	[VPNHA_ESP_DROP_REASON_UNKNOWN_SPI]		= "unknown SPI",
	[VPNHA_ESP_DROP_REASON_STANDBY]			= "standby",
	[VPNHA_ESP_DROP_REASON_TRUNCATED]		= "truncated",
	[VPNHA_ESP_DROP_REASON_TOO_OLD]			= "too old for the replay window",
	[VPNHA_ESP_DROP_REASON_REPLAYED]		= "replayed",
	[VPNHA_ESP_DROP_REASON_BAD_ICV]			= "integrity check failed",
	[VPNHA_ESP_DROP_REASON_BAD_PADDING]		= "bad padding",
	[VPNHA_ESP_DROP_REASON_BAD_NEXT_HEADER]		= "bad next header",
	[VPNHA_ESP_DROP_REASON_BAD_INNER]		= "malformed packet inside",
	[VPNHA_ESP_DROP_REASON_WRONG_SELECTOR]		= "wrong selector",
	[VPNHA_ESP_DROP_REASON_WRONG_ENCAPSULATION]	= "wrong encapsulation",
	[VPNHA_ESP_DROP_REASON_BAD_ECN]			= "contradicting congestion marks",
	[VPNHA_ESP_DROP_REASON_CLEAR_IN]		= "received in clear",
	[VPNHA_ESP_DROP_REASON_NO_SA]			= "no SA",
	[VPNHA_ESP_DROP_REASON_EXPIRED]			= "SA expired",
	[VPNHA_ESP_DROP_REASON_SEQUENCE_EXHAUSTED]	= "sequence number used up",
	[VPNHA_ESP_DROP_REASON_NO_ENDPOINT]		= "no local address",
	[VPNHA_ESP_DROP_REASON_NO_ROUTE]		= "no route",
	[VPNHA_ESP_DROP_REASON_LOOP]			= "route into the tunnel",
	[VPNHA_ESP_DROP_REASON_TOO_BIG]			= "too big",
	[VPNHA_ESP_DROP_REASON_NO_MEMORY]		= "no memory",
	[VPNHA_ESP_DROP_REASON_CRYPTO_ERROR]		= "crypto error",
	[VPNHA_ESP_DROP_REASON_DUMMY]			= "dummy",
	[VPNHA_ESP_DROP_REASON_NOT_IP]			= "not IP",
	[VPNHA_ESP_DROP_REASON_HELD]			= "held, and no SA came in time",
};

static const char *const drop_reason_keys[] = {
	[VPNHA_ESP_DROP_REASON_UNKNOWN_SPI]		= "unknown-spi",
	[VPNHA_ESP_DROP_REASON_STANDBY]			= "standby",
	[VPNHA_ESP_DROP_REASON_TRUNCATED]		= "truncated",
	[VPNHA_ESP_DROP_REASON_TOO_OLD]			= "too-old",
	[VPNHA_ESP_DROP_REASON_REPLAYED]		= "replayed",
	[VPNHA_ESP_DROP_REASON_BAD_ICV]			= "bad-icv",
	[VPNHA_ESP_DROP_REASON_BAD_PADDING]		= "bad-padding",
	[VPNHA_ESP_DROP_REASON_BAD_NEXT_HEADER]		= "bad-next-header",
	[VPNHA_ESP_DROP_REASON_BAD_INNER]		= "bad-inner",
	[VPNHA_ESP_DROP_REASON_WRONG_SELECTOR]		= "wrong-selector",
	[VPNHA_ESP_DROP_REASON_WRONG_ENCAPSULATION]	= "wrong-encapsulation",
	[VPNHA_ESP_DROP_REASON_BAD_ECN]			= "bad-ecn",
	[VPNHA_ESP_DROP_REASON_CLEAR_IN]		= "clear-in",
	[VPNHA_ESP_DROP_REASON_NO_SA]			= "no-sa",
	[VPNHA_ESP_DROP_REASON_EXPIRED]			= "expired",
	[VPNHA_ESP_DROP_REASON_SEQUENCE_EXHAUSTED]	= "sequence-exhausted",
	[VPNHA_ESP_DROP_REASON_NO_ENDPOINT]		= "no-endpoint",
	[VPNHA_ESP_DROP_REASON_NO_ROUTE]		= "no-route",
	[VPNHA_ESP_DROP_REASON_LOOP]			= "loop",
	[VPNHA_ESP_DROP_REASON_TOO_BIG]			= "too-big",
	[VPNHA_ESP_DROP_REASON_NO_MEMORY]		= "no-memory",
	[VPNHA_ESP_DROP_REASON_CRYPTO_ERROR]		= "crypto-error",
	[VPNHA_ESP_DROP_REASON_DUMMY]			= "dummy",
	[VPNHA_ESP_DROP_REASON_NOT_IP]			= "not-ip",
	[VPNHA_ESP_DROP_REASON_HELD]			= "held",
};

static const char *const map_kinds[] = {
	[VPNHA_MAP_KIND_MANUAL]	= "ipsec-manual",
	[VPNHA_MAP_KIND_ISAKMP]	= "ipsec-isakmp",
};

static const char *const map_problems[] = {
	[VPNHA_MAP_PROBLEM_NONE]		= "complete",
	[VPNHA_MAP_PROBLEM_NO_PEER]		= "no peer",
	[VPNHA_MAP_PROBLEM_NO_ACL]		= "no access list",
	[VPNHA_MAP_PROBLEM_NO_TRANSFORM_SET]	= "no transform set",
	[VPNHA_MAP_PROBLEM_NO_SESSION_KEY]	= "no session key",
	[VPNHA_MAP_PROBLEM_NO_DYNAMIC_MAP]	= "no dynamic crypto map of this name",
};

static const char *const map_problem_keys[] = {
	[VPNHA_MAP_PROBLEM_NONE]		= "none",
	[VPNHA_MAP_PROBLEM_NO_PEER]		= "no-peer",
	[VPNHA_MAP_PROBLEM_NO_ACL]		= "no-acl",
	[VPNHA_MAP_PROBLEM_NO_TRANSFORM_SET]	= "no-transform-set",
	[VPNHA_MAP_PROBLEM_NO_SESSION_KEY]	= "no-session-key",
	[VPNHA_MAP_PROBLEM_NO_DYNAMIC_MAP]	= "no-dynamic-map",
};

static const char *const binding_problems[] = {
	[VPNHA_BINDING_PROBLEM_NONE]			= "working",
	[VPNHA_BINDING_PROBLEM_INTERFACE_ABSENT]	= "no interface of this name",
	[VPNHA_BINDING_PROBLEM_NO_MAP]			= "no crypto map of this name",
	[VPNHA_BINDING_PROBLEM_NO_GROUP]		= "no standby group of this name",
	[VPNHA_BINDING_PROBLEM_NO_ADDRESS]		= "no local address",
	[VPNHA_BINDING_PROBLEM_NO_RESOURCES]		= "kernel resources missing",
	[VPNHA_BINDING_PROBLEM_GROUP_GONE]		= "standby group is gone: apply it again",
};

static const char *const binding_problem_keys[] = {
	[VPNHA_BINDING_PROBLEM_NONE]			= "none",
	[VPNHA_BINDING_PROBLEM_INTERFACE_ABSENT]	= "interface-absent",
	[VPNHA_BINDING_PROBLEM_NO_MAP]			= "no-map",
	[VPNHA_BINDING_PROBLEM_NO_GROUP]		= "no-group",
	[VPNHA_BINDING_PROBLEM_NO_ADDRESS]		= "no-address",
	[VPNHA_BINDING_PROBLEM_NO_RESOURCES]		= "no-resources",
	[VPNHA_BINDING_PROBLEM_GROUP_GONE]		= "group-gone",
};

static const char *const df_bits[] = {
	[VPNHA_DF_BIT_COPY]	= "copy",
	[VPNHA_DF_BIT_CLEAR]	= "clear",
	[VPNHA_DF_BIT_SET]	= "set",
};

static const char *const reverse_route_keys[] = {
	[VPNHA_REVERSE_ROUTE_NONE]	= "none",
	[VPNHA_REVERSE_ROUTE_STATIC]	= "static",
	[VPNHA_REVERSE_ROUTE_DYNAMIC]	= "dynamic",
};

static const char *const route_states[] = {
	[VPNHA_ROUTE_STATE_INSTALLED]	= "installed",
	[VPNHA_ROUTE_STATE_PENDING]	= "about to be installed or removed",
	[VPNHA_ROUTE_STATE_STANDBY]	= "standby",
	[VPNHA_ROUTE_STATE_DEVICE_DOWN]	= "tunnel device or interface down",
	[VPNHA_ROUTE_STATE_NO_PATH]	= "no path to the peer",
	[VPNHA_ROUTE_STATE_CLASH]	=
		"clash with another route of the same destination and distance",
	[VPNHA_ROUTE_STATE_REFUSED]	= "refused by the kernel",
};

static const char *const route_state_keys[] = {
	[VPNHA_ROUTE_STATE_INSTALLED]	= "installed",
	[VPNHA_ROUTE_STATE_PENDING]	= "pending",
	[VPNHA_ROUTE_STATE_STANDBY]	= "standby",
	[VPNHA_ROUTE_STATE_DEVICE_DOWN]	= "device-down",
	[VPNHA_ROUTE_STATE_NO_PATH]	= "no-path",
	[VPNHA_ROUTE_STATE_CLASH]	= "clash",
	[VPNHA_ROUTE_STATE_REFUSED]	= "refused",
};

static const char *const role_keys[] = {
	[VPNHA_ROLE_STANDBY]	= "standby",
	[VPNHA_ROLE_ACTIVE]	= "active",
};

static const char *const mode_keys[] = {
	[VPNHA_ESP_MODE_TUNNEL]		= "tunnel",
	[VPNHA_ESP_MODE_TRANSPORT]	= "transport",
};

static const char *const direction_keys[] = {
	[VPNHA_ESP_DIRECTION_IN]	= "in",
	[VPNHA_ESP_DIRECTION_OUT]	= "out",
};

static const char *const sa_state_keys[] = {
	[VPNHA_SA_STATE_LARVAL]	= "larval",
	[VPNHA_SA_STATE_MATURE]	= "mature",
	[VPNHA_SA_STATE_DYING]	= "dying",
	[VPNHA_SA_STATE_DEAD]	= "dead",
};

static const char *const sa_event_kinds[] = {
	[VPNHA_SA_EVENT_KIND_SOFT_EXPIRY]	= "soft lifetime over",
	[VPNHA_SA_EVENT_KIND_HARD_EXPIRY]	= "expired",
	[VPNHA_SA_EVENT_KIND_REPLAY]		= "sequence number",
	[VPNHA_SA_EVENT_KIND_CEILING]		= "close to the ceiling",
	[VPNHA_SA_EVENT_KIND_MAPPING]		= "the peer sends from elsewhere",
};

static const char *const sa_event_kind_keys[] = {
	[VPNHA_SA_EVENT_KIND_SOFT_EXPIRY]	= "soft-expiry",
	[VPNHA_SA_EVENT_KIND_HARD_EXPIRY]	= "hard-expiry",
	[VPNHA_SA_EVENT_KIND_REPLAY]		= "replay",
	[VPNHA_SA_EVENT_KIND_CEILING]		= "ceiling",
	[VPNHA_SA_EVENT_KIND_MAPPING]		= "mapping",
};

static const char *const expiry_cause_keys[] = {
	[VPNHA_EXPIRY_CAUSE_BYTES]	= "bytes",
	[VPNHA_EXPIRY_CAUSE_PACKETS]	= "packets",
	[VPNHA_EXPIRY_CAUSE_SECONDS]	= "seconds",
	[VPNHA_EXPIRY_CAUSE_SEQUENCE]	= "sequence",
};

static const struct port {
	const char *name;
	uint16_t number;
} ports[] = {
	{ "bgp", 179 },
	{ "bootpc", 68 },
	{ "bootps", 67 },
	{ "domain", 53 },
	{ "ftp", 21 },
	{ "ftp-data", 20 },
	{ "isakmp", 500 },
	{ "non500-isakmp", 4500 },
	{ "ntp", 123 },
	{ "pop3", 110 },
	{ "rip", 520 },
	{ "smtp", 25 },
	{ "snmp", 161 },
	{ "snmptrap", 162 },
	{ "ssh", 22 },
	{ "sunrpc", 111 },
	{ "syslog", 514 },
	{ "tacacs", 49 },
	{ "telnet", 23 },
	{ "tftp", 69 },
	{ "www", 80 },
};

/**
 * text_port() - The name of a port, as routers call it.
 * @port: its number
 *
 * Return: the name or NULL.
 */
const char *text_port(uint16_t port)
{
	for (size_t n = 0; n < sizeof(ports) / sizeof(*ports); n++)
		if (ports[n].number == port)
			return ports[n].name;
	return NULL;
}

/**
 * text_parse_port() - Read the number or the name of a port.
 * @s: text
 * @port: result
 *
 * Return: whether it is one.
 */
bool text_parse_port(const char *s, uint32_t *port)
{
	for (size_t n = 0; n < sizeof(ports) / sizeof(*ports); n++) {
		if (strcmp(ports[n].name, s))
			continue;
		*port = ports[n].number;
		return true;
	}
	return text_parse_number(s, port) && *port <= UINT16_MAX;
}

/**
 * text_esp_drop_reason() - Why a packet was not protected or not let in.
 * @reason: enum vpnha_esp_drop_reason
 */
const char *text_esp_drop_reason(uint32_t reason)
{
	return NAME(drop_reasons, reason);
}

/**
 * text_esp_drop_reason_key() - Name of such a reason in the specification.
 * @reason: enum vpnha_esp_drop_reason
 */
const char *text_esp_drop_reason_key(uint32_t reason)
{
	return NAME(drop_reason_keys, reason);
}

/**
 * text_map_kind() - Kind of a crypto map's entry, in the word of the language.
 * @kind: enum vpnha_map_kind
 */
const char *text_map_kind(uint32_t kind)
{
	return NAME(map_kinds, kind);
}

/**
 * text_map_problem() - Why an entry of a crypto map protects nothing.
 * @problem: enum vpnha_map_problem
 */
const char *text_map_problem(uint32_t problem)
{
	return NAME(map_problems, problem);
}

/**
 * text_map_problem_key() - Name of such a problem in the specification.
 * @problem: enum vpnha_map_problem
 */
const char *text_map_problem_key(uint32_t problem)
{
	return NAME(map_problem_keys, problem);
}

/**
 * text_binding_problem() - Why a crypto map on an interface does not work.
 * @problem: enum vpnha_binding_problem
 */
const char *text_binding_problem(uint32_t problem)
{
	return NAME(binding_problems, problem);
}

/**
 * text_binding_problem_key() - Name of such a problem in the specification.
 * @problem: enum vpnha_binding_problem
 */
const char *text_binding_problem_key(uint32_t problem)
{
	return NAME(binding_problem_keys, problem);
}

/**
 * text_df_bit() - What becomes of the DF bit, in the word of the language.
 * @df: enum vpnha_df_bit
 */
const char *text_df_bit(uint32_t df)
{
	return NAME(df_bits, df);
}

/**
 * text_reverse_route_key() - Name in the specification of which routes an entry injects.
 * @kind: enum vpnha_reverse_route
 */
const char *text_reverse_route_key(uint32_t kind)
{
	return NAME(reverse_route_keys, kind);
}

/**
 * text_route_state() - What has become of a route.
 * @state: enum vpnha_route_state
 */
const char *text_route_state(uint32_t state)
{
	return NAME(route_states, state);
}

/**
 * text_route_state_key() - Name of the state of a route in the specification.
 * @state: enum vpnha_route_state
 */
const char *text_route_state_key(uint32_t state)
{
	return NAME(route_state_keys, state);
}

/**
 * text_role_key() - Name of a role in the specification.
 * @role: enum vpnha_role
 */
const char *text_role_key(uint32_t role)
{
	return NAME(role_keys, role);
}

/**
 * text_esp_mode_key() - Name of a mode in the specification and in the language.
 * @mode: enum vpnha_esp_mode
 */
const char *text_esp_mode_key(uint32_t mode)
{
	return NAME(mode_keys, mode);
}

/**
 * text_direction_key() - Name of a direction in the specification.
 * @direction: enum vpnha_esp_direction
 */
const char *text_direction_key(uint32_t direction)
{
	return NAME(direction_keys, direction);
}

/**
 * text_sa_state_key() - Name of the state of an SA in the specification.
 * @state: enum vpnha_sa_state
 */
const char *text_sa_state_key(uint32_t state)
{
	return NAME(sa_state_keys, state);
}

/**
 * text_sa_event_kind() - What an SA tells.
 * @kind: enum vpnha_sa_event_kind
 */
const char *text_sa_event_kind(uint32_t kind)
{
	return NAME(sa_event_kinds, kind);
}

/**
 * text_sa_event_kind_key() - Name of what an SA tells in the specification.
 * @kind: enum vpnha_sa_event_kind
 */
const char *text_sa_event_kind_key(uint32_t kind)
{
	return NAME(sa_event_kind_keys, kind);
}

/**
 * text_expiry_cause_key() - Name of what ended an SA in the specification.
 * @cause: enum vpnha_expiry_cause
 */
const char *text_expiry_cause_key(uint32_t cause)
{
	return NAME(expiry_cause_keys, cause);
}
