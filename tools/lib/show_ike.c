// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/show_ike.h"
#include "lib/text.h"

#define HOUR	3600
#define MINUTE	60

/* Room for "hh:mm:ss", for an address and a port, and for codes of capabilities. */
#define TIME_LEN	32
#define ENDPOINT_LEN	80
#define CAPS_LEN	8

/* The string of a member, "" if there is none. */
static const char *text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static uint64_t number(const json_t *o, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(o, key));

	return n > 0 ? (uint64_t)n : 0;
}

static bool is_set(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

/* Strings come from peers, too: no control character reaches a terminal. */
static void put(FILE *out, const char *s)
{
	char *clean = xstrdup(s);

	text_sanitize(clean);
	fputs(clean, out);
	free(clean);
}

static void put_text(FILE *out, const char *before, const json_t *o, const char *key)
{
	if (!text(o, key)[0])
		return;
	fputs(before, out);
	put(out, text(o, key));
	fputc('\n', out);
}

static const char *clock_of(char buf[TIME_LEN], uint64_t seconds)
{
	snprintf(buf, TIME_LEN, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / HOUR,
		 seconds % HOUR / MINUTE, seconds % MINUTE);
	return buf;
}

static uint64_t remaining(const json_t *sa)
{
	uint64_t lifetime = number(sa, "lifetime_s"), age = number(sa, "age_s");

	return lifetime > age ? lifetime - age : 0;
}

static const char *address(const json_t *sa, const char *end)
{
	return text(json_object_get(sa, end), "address");
}

static const char *endpoint(char buf[ENDPOINT_LEN], const json_t *sa, const char *end)
{
	snprintf(buf, ENDPOINT_LEN, "%s/%" PRIu64, address(sa, end),
		 number(json_object_get(sa, end), "port"));
	return buf;
}

static bool is_initiator(const json_t *sa)
{
	return !strcmp(text(sa, "role"), "initiator");
}

static bool is_established(const json_t *sa)
{
	return !strcasecmp(text(sa, "state"), "established") ||
	       !strcasecmp(text(sa, "state"), "ready");
}

/* A state in capitals, as routers have theirs. */
static const char *state(char buf[ENDPOINT_LEN], const json_t *sa, const char *established,
			 char blank)
{
	const char *s = is_established(sa) ? established : text(sa, "state");
	size_t n;

	for (n = 0; n < ENDPOINT_LEN - 1 && s[n]; n++)
		buf[n] = s[n] == '-' || s[n] == '_' || s[n] == ' ' ? blank :
								     (char)toupper(s[n]);
	buf[n] = '\0';
	return buf;
}

static const char *capabilities(char buf[CAPS_LEN], const json_t *sa)
{
	const json_t *nat = json_object_get(sa, "nat");
	char *to = buf;

	if (number(json_object_get(sa, "dpd"), "interval_s"))
		*to++ = 'D';
	if (is_set(nat, "local") || is_set(nat, "remote"))
		*to++ = 'N';
	*to = '\0';
	return buf;
}

/* Lists come as strings or as arrays of strings. */
static void put_list(FILE *out, const char *indent, const char *before, const json_t *list)
{
	const json_t *item;
	size_t n;

	if (json_is_string(list)) {
		if (!json_string_length(list))
			return;
		fprintf(out, "%s%s", indent, before);
		put(out, json_string_value(list));
		fputc('\n', out);
		return;
	}
	if (!json_array_size(list))
		return;
	fprintf(out, "%s%s", indent, before);
	json_array_foreach(list, n, item) {
		fputs(n ? ", " : "", out);
		put(out, json_is_string(item) ? json_string_value(item) : "?");
	}
	fputc('\n', out);
}

/* Why there is no SA: theirs and ours side by side. */
static void put_error(FILE *out, const char *indent, const json_t *o)
{
	const json_t *error = json_object_get(o, "last_error");
	char buf[TIME_LEN];

	if (!text(error, "text")[0])
		return;
	fprintf(out, "%sLast error, %s ago: ", indent, clock_of(buf, number(error, "age_s")));
	put(out, text(error, "text"));
	fputc('\n', out);
	put_list(out, indent, "  theirs: ", json_object_get(error, "theirs"));
	put_list(out, indent, "  ours:   ", json_object_get(error, "ours"));
}

static bool is_v6(const json_t *sa)
{
	return strchr(address(sa, "remote"), ':');
}

static const char *auth_code(const char *auth)
{
	static const struct {
		const char *key, *code;
	} codes[] = {
		{ "psk", "psk" }, { "pre-share", "psk" }, { "rsa-sig", "rsig" },
		{ "rsa", "rsig" }, { "ecdsa-sig", "esig" }, { "ecdsa", "esig" },
		{ "eddsa-sig", "dsig" }, { "eddsa", "dsig" },
	};

	for (size_t n = 0; n < sizeof(codes) / sizeof(*codes); n++)
		if (!strcasecmp(auth, codes[n].key))
			return codes[n].code;
	return auth;
}

static void isakmp_detail(FILE *out, const json_t *sa)
{
	const char *hash = text(sa, "integrity")[0] ? text(sa, "integrity") : text(sa, "prf");
	char time[TIME_LEN], caps[CAPS_LEN];

	fprintf(out, "%-5" PRIu64 " %-15s %-15s %-7s %-17s %-6s %-4s %-3s %-8s %s\n",
		number(sa, "id"), address(sa, "local"), address(sa, "remote"), "",
		text(sa, "encryption"), hash, auth_code(text(sa, "auth_local")),
		text(sa, "group"), clock_of(time, remaining(sa)), capabilities(caps, sa));
	/* The engine is the one that the processor is. */
	fprintf(out, "       Connection-id:Engine-id =  %" PRIu64 ":1(software)\n",
		number(sa, "id"));
	put_error(out, "      ", sa);
}

/**
 * show_isakmp_sas() - "show crypto isakmp sa".
 * @out: where to
 * @items: IKE SAs
 * @detail: with what protects them
 */
void show_isakmp_sas(FILE *out, const json_t *items, bool detail)
{
	const json_t *sa;
	char buf[ENDPOINT_LEN];
	size_t n;

	if (detail)
		fputs("Codes: C - IKE configuration mode, D - Dead Peer Detection\n"
		      "       K - Keepalives, N - NAT-traversal\n"
		      "       X - IKE Extended Authentication\n"
		      "       psk - Preshared key, rsig - RSA signature\n"
		      "       esig - ECDSA signature, dsig - EdDSA signature\n\n"
		      "C-id  Local           Remote          I-VRF   Encr              Hash   Auth DH  Lifetime Cap.\n",
		      out);
	else
		fputs("dst             src             state          conn-id slot status\n", out);
	json_array_foreach(items, n, sa) {
		if (detail) {
			isakmp_detail(out, sa);
			continue;
		}
		/* Who asked is the source. */
		fprintf(out, "%-15s %-15s %-14s %7" PRIu64 " %4d %s\n",
			address(sa, is_initiator(sa) ? "remote" : "local"),
			address(sa, is_initiator(sa) ? "local" : "remote"),
			state(buf, sa, "QM_IDLE", '_'), number(sa, "id"), 0,
			strcmp(text(sa, "redundancy_role"), "standby") ? "ACTIVE" : "STDBY");
	}
}

static void ikev2_ids(FILE *out, const json_t *sa)
{
	const json_t *ids = json_object_get(sa, "message_ids");

	fprintf(out, "      Local spi: %-22s Remote spi: %s\n",
		text(sa, is_initiator(sa) ? "spi_i" : "spi_r"),
		text(sa, is_initiator(sa) ? "spi_r" : "spi_i"));
	put_text(out, "      Local id: ", sa, "local_id");
	put_text(out, "      Remote id: ", sa, "remote_id");
	fprintf(out, "      Local next msg id: %-14" PRIu64 " Remote next msg id: %" PRIu64 "\n",
		number(ids, "sent"), number(ids, "received"));
	fprintf(out, "      Retransmissions: %" PRIu64 "\n", number(sa, "retransmits"));
}

static void ikev2_child(FILE *out, const json_t *child)
{
	fprintf(out, "      Child sa: %s, ", text(child, "state"));
	fprintf(out, "crypto map: %s %" PRIu64 "\n", text(child, "map"), number(child, "number"));
	put_list(out, "          ", "local selector  ", json_object_get(child, "local_ts"));
	put_list(out, "          ", "remote selector ", json_object_get(child, "remote_ts"));
	fprintf(out, "          ESP spi in/out: %s/%s\n", text(child, "spi_in"),
		text(child, "spi_out"));
	/* While it is negotiated nothing is known yet. */
	if (!text(child, "encryption")[0])
		return;
	fprintf(out, "          Encr: %s", text(child, "encryption"));
	if (text(child, "integrity")[0])
		fprintf(out, ", Hash: %s", text(child, "integrity"));
	if (text(child, "pfs")[0])
		fprintf(out, ", PFS: %s", text(child, "pfs"));
	fprintf(out, ", ESN: %s, Mode: %s\n", is_set(child, "esn") ? "Y" : "N",
		text(child, "mode"));
	fprintf(out, "          Active Time: %" PRIu64 " sec, rekey in %" PRIu64
		" sec, rekeyed %" PRIu64 " times\n", number(child, "age_s"),
		number(child, "rekey_in_s"), number(child, "rekeys"));
}

static void ikev2_detail(FILE *out, const json_t *sa)
{
	const json_t *dpd = json_object_get(sa, "dpd"), *nat = json_object_get(sa, "nat");
	const json_t *child;
	size_t n;

	ikev2_ids(out, sa);
	put_text(out, "      Profile: ", sa, "profile");
	if (number(dpd, "interval_s"))
		fprintf(out, "      DPD configured for %" PRIu64 " seconds, retry %" PRIu64
			", %s\n", number(dpd, "interval_s"), number(dpd, "retry_s"),
			text(dpd, "mode"));
	else
		fputs("      DPD not configured.\n", out);
	fprintf(out, "      Fragmentation %s.\n",
		is_set(sa, "fragmentation") ? "negotiated" : "not negotiated");
	fprintf(out, "      Postquantum preshared key %s.\n",
		is_set(sa, "ppk") || text(sa, "ppk")[0] ? "used" : "not used");
	if (is_set(nat, "local") || is_set(nat, "remote"))
		fprintf(out, "      NAT-T is detected %s\n",
			!is_set(nat, "remote") ? "inside" :
			!is_set(nat, "local") ? "outside" : "inside and outside");
	else
		fputs("      NAT-T is not detected\n", out);
	fprintf(out, "      Initiator of SA : %s\n", is_initiator(sa) ? "Yes" : "No");
	json_array_foreach(json_object_get(sa, "children"), n, child)
		ikev2_child(out, child);
}

static void ikev2_sa(FILE *out, const json_t *sa, bool detail)
{
	char local[ENDPOINT_LEN], remote[ENDPOINT_LEN], status[ENDPOINT_LEN];

	fprintf(out, "%-9" PRIu64 " %-21s %-21s %-20s %s\n", number(sa, "id"),
		endpoint(local, sa, "local"), endpoint(remote, sa, "remote"), "none/none",
		state(status, sa, "READY", '-'));
	if (text(sa, "encryption")[0]) {
		fprintf(out, "      Encr: %s, PRF: %s, Hash: %s, ", text(sa, "encryption"),
			text(sa, "prf"), text(sa, "integrity")[0] ? text(sa, "integrity") : "None");
		fprintf(out, "DH Grp:%s, Auth sign: %s, Auth verify: %s\n", text(sa, "group"),
			text(sa, "auth_local"), text(sa, "auth_remote"));
	}
	fprintf(out, "      Life/Active Time: %" PRIu64 "/%" PRIu64 " sec\n",
		number(sa, "lifetime_s"), number(sa, "age_s"));
	put_error(out, "      ", sa);
	if (detail)
		ikev2_detail(out, sa);
}

/**
 * show_ikev2_sas() - "show crypto ikev2 sa".
 * @out: where to
 * @items: IKE SAs
 * @detail: with all that is known
 */
void show_ikev2_sas(FILE *out, const json_t *items, bool detail)
{
	static const char heading[] =
		"Tunnel-id Local                 Remote                fvrf/ivrf            Status";

	for (int v6 = 0; v6 < 2; v6++) {
		bool any = false;
		const json_t *sa;
		size_t n;

		json_array_foreach(items, n, sa) {
			if (is_v6(sa) != v6)
				continue;
			if (!any)
				fprintf(out, " IPv%d Crypto IKEv2 SA\n\n%s\n", v6 ? 6 : 4, heading);
			any = true;
			ikev2_sa(out, sa, detail);
			fputc('\n', out);
		}
	}
}

static void session_sa(FILE *out, const json_t *sa, bool detail)
{
	char local[ENDPOINT_LEN], remote[ENDPOINT_LEN], caps[CAPS_LEN], time[TIME_LEN];

	fprintf(out, "  IKE SA: local %s remote %s %s\n", endpoint(local, sa, "local"),
		endpoint(remote, sa, "remote"), is_established(sa) ? "Active" : "Inactive");
	if (detail)
		fprintf(out, "          Capabilities:%s connid:%" PRIu64 " lifetime:%s\n",
			capabilities(caps, sa)[0] ? caps : "(none)", number(sa, "id"),
			clock_of(time, remaining(sa)));
}

static void session_flow(FILE *out, const json_t *flow, bool detail)
{
	const json_t *counters = json_object_get(flow, "counters");
	const char *permit = text(flow, "permit");

	fputs("  IPSEC FLOW: ", out);
	if (strncmp(permit, "permit", strlen("permit")))
		fputs("permit ", out);
	put(out, permit);
	fprintf(out, "\n        Active SAs: %" PRIu64 ", origin: %s\n", number(flow, "active_sas"),
		text(flow, "origin"));
	if (!detail)
		return;
	fprintf(out, "        Inbound:  #pkts dec'ed %" PRIu64 " drop %" PRIu64
		" life (KB/Sec) %" PRIu64 "/%" PRIu64 "\n", number(counters, "in_packets"),
		number(counters, "in_drops"), number(counters, "in_kb"), number(counters, "in_s"));
	fprintf(out, "        Outbound: #pkts enc'ed %" PRIu64 " drop %" PRIu64
		" life (KB/Sec) %" PRIu64 "/%" PRIu64 "\n", number(counters, "out_packets"),
		number(counters, "out_drops"), number(counters, "out_kb"),
		number(counters, "out_s"));
}

static void session(FILE *out, const json_t *s, bool detail)
{
	const json_t *peer = json_object_get(s, "peer"), *item;
	char time[TIME_LEN];
	size_t n;

	fprintf(out, "\nInterface: %s\n", text(s, "interface"));
	if (detail)
		put_text(out, "Profile: ", s, "profile");
	if (detail && number(s, "uptime_s"))
		fprintf(out, "Uptime: %s\n", clock_of(time, number(s, "uptime_s")));
	fprintf(out, "Session status: %s\n", text(s, "status"));
	fprintf(out, "Peer: %s port %" PRIu64, text(peer, "address"), number(peer, "port"));
	fputs(detail ? " fvrf: (none) ivrf: (none)\n" : "\n", out);
	if (detail) {
		put_text(out, "      Desc: ", s, "description");
		put_text(out, "      Phase1_id: ", s, "phase1_id");
	}
	json_array_foreach(json_object_get(s, "ike_sas"), n, item)
		session_sa(out, item, detail);
	json_array_foreach(json_object_get(s, "flows"), n, item)
		session_flow(out, item, detail);
	put_error(out, "  ", s);
}

/**
 * show_sessions() - "show crypto session".
 * @out: where to
 * @items: sessions
 * @detail: with all that is known
 */
void show_sessions(FILE *out, const json_t *items, bool detail)
{
	const json_t *s;
	size_t n;

	fputs("Crypto session current status\n", out);
	if (detail)
		fputs("\nCode: C - IKE Configuration mode, D - Dead Peer Detection\n"
		      "K - Keepalives, N - NAT-traversal, X - IKE Extended Authentication\n", out);
	json_array_foreach(items, n, s)
		session(out, s, detail);
}

/**
 * show_ike_counters() - "show crypto ikev2 stats".
 * @out: where to
 * @items: objects whose members are numbers
 */
void show_ike_counters(FILE *out, const json_t *items)
{
	const json_t *o, *value;
	const char *key;
	size_t n;

	json_array_foreach(items, n, o) {
		/* jansson has no loop over what must not change */
		json_object_foreach((json_t *)(uintptr_t)o, key, value) {
			if (!json_is_integer(value))
				continue;
			put(out, key);
			fprintf(out, ": %" JSON_INTEGER_FORMAT "\n", json_integer_value(value));
		}
	}
}

/**
 * show_ike_event() - A line of "debug crypto isakmp" or "debug crypto ikev2".
 * @out: where to
 * @what: which of them
 * @event: "time", "text", perhaps "level" and "peer"
 */
void show_ike_event(FILE *out, const char *what, const json_t *event)
{
	put(out, text(event, "time"));
	fprintf(out, ": %s: ", what);
	if (text(event, "peer")[0]) {
		fputc('(', out);
		put(out, text(event, "peer"));
		fputs("): ", out);
	}
	put(out, text(event, "text"));
	fputc('\n', out);
}
