// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lib/event.h"
#include "lib/text.h"

#define HAS(e, attribute)	event_has(e, VPNHA_A_DEBUG_ ## attribute)

/**
 * event_class() - Tell which "debug standby" shows an event.
 * @e: event
 *
 * Return: one EVENT_CLASS_*.
 */
unsigned int event_class(const struct event *e)
{
	switch (e->kind) {
	case VPNHA_DEBUG_KIND_PACKET_IN:
	case VPNHA_DEBUG_KIND_PACKET_OUT:
		return EVENT_CLASS_PACKETS;
	case VPNHA_DEBUG_KIND_PACKET_DROP:
	case VPNHA_DEBUG_KIND_ADDRESS_ERROR:
		return EVENT_CLASS_ERRORS;
	default:
		return EVENT_CLASS_EVENTS;
	}
}

static void print_head(FILE *out, const struct event *e)
{
	fputs("HSRP:", out);
	if (e->ifname[0])
		fprintf(out, " %s", e->ifname);
	if (HAS(e, NUMBER))
		fprintf(out, " Grp %u", e->number);
	fputc(' ', out);
}

/* "local", an address, or "unknown" */
static const char *router(char buf[ADDRESS_LEN], bool local, const struct address *address)
{
	if (local)
		return "local";
	return address_is_zero(address) ? "unknown" : address_text(buf, address);
}

static void print_fsm_event(FILE *out, const struct event *e)
{
	const char *who;
	char buf[ADDRESS_LEN];

	print_head(out, e);
	fprintf(out, "%s: %s", text_state(e->state), text_event(e->event));
	who = router(buf, HAS(e, LOCAL), &e->address);
	switch (e->event) {
	case VPNHA_EVENT_ENABLED:
	case VPNHA_EVENT_DISABLED:
	case VPNHA_EVENT_HELLO_TIMER:
		break;
	case VPNHA_EVENT_ACTIVE_TIMER:
	case VPNHA_EVENT_STANDBY_TIMER:
		fprintf(out, " (%s)", who);
		break;
	default:
		fprintf(out, " (%u/%s)", e->priority, who);
		break;
	}
	fputc('\n', out);
}

static void print_count(FILE *out, const char *what, bool has_old, uint32_t old, uint32_t now)
{
	if (has_old && old != now)
		fprintf(out, "%s %u->%u", what, old, now);
	else
		fprintf(out, "%s %u", what, now);
}

static void print_state_change(FILE *out, const struct event *e)
{
	const char *from = text_state(e->state_old), *to = text_state(e->state);

	print_head(out, e);
	fprintf(out, "%s -> %s", from, to);
	if (HAS(e, ACTIVE_GROUPS) && HAS(e, PASSIVE_GROUPS)) {
		print_count(out, " (active", HAS(e, ACTIVE_GROUPS_OLD), e->active_groups_old,
			    e->active_groups);
		print_count(out, ", passive", HAS(e, PASSIVE_GROUPS_OLD), e->passive_groups_old,
			    e->passive_groups);
		fputc(')', out);
	}
	fputc('\n', out);
	/* Only who forwards is worth a message of the system. */
	if (e->state == VPNHA_STATE_ACTIVE || e->state_old == VPNHA_STATE_ACTIVE)
		fprintf(out, "%%HSRP-6-STATECHANGE: %s Grp %u state %s -> %s\n", e->ifname,
			e->number, from, to);
}

static void print_router(FILE *out, const struct event *e, const char *which)
{
	char buf[ADDRESS_LEN];

	print_head(out, e);
	fprintf(out, "%s router is %s", which,
		router(buf, HAS(e, LOCAL), &e->address));
	if (HAS(e, LOCAL_OLD) || !address_is_zero(&e->address_old))
		fprintf(out, ", was %s", router(buf, HAS(e, LOCAL_OLD), &e->address_old));
	fputc('\n', out);
}

static void print_redundancy(FILE *out, const struct event *e)
{
	print_head(out, e);
	if (e->state == e->state_old)
		fprintf(out, "Redundancy group %s state", e->name);
	else
		fprintf(out, "Redundancy \"%s\" state", e->name);
	fprintf(out, " %s -> %s\n", text_redundancy_state(e->state_old),
		text_redundancy_state(e->state));
}

static void print_learned(FILE *out, const struct event *e)
{
	char buf[ADDRESS_LEN];

	print_head(out, e);
	fputs("Learnt", out);
	if (e->vip.family)
		fprintf(out, " vIP %s", address_text(buf, &e->vip));
	if (HAS(e, HELLO_MS))
		fprintf(out, " hel %u", e->hello_ms);
	if (HAS(e, HOLD_MS))
		fprintf(out, " hol %u", e->hold_ms);
	fputc('\n', out);
}

static void print_packet(FILE *out, const struct event *e, const char *way)
{
	char buf[ADDRESS_LEN], mac[TEXT_MAC_LEN];

	print_head(out, e);
	if (e->opcode == VPNHA_OPCODE_ADVERTISE)
		fputs("Interface adv", out);
	else
		fputs(text_opcode(e->opcode), out);
	fprintf(out, " %s", way);
	if (e->address.family)
		fprintf(out, " %s", address_text(buf, &e->address));
	if (HAS(e, STATE))
		fprintf(out, " %s", text_state(e->state));
	if (HAS(e, PRIORITY))
		fprintf(out, " pri %u", e->priority);
	if (e->vip.family)
		fprintf(out, " vIP %s", address_text(buf, &e->vip));
	if (HAS(e, HELLO_MS))
		fprintf(out, " hel %u", e->hello_ms);
	if (HAS(e, HOLD_MS))
		fprintf(out, " hol %u", e->hold_ms);
	if (HAS(e, IDENTIFIER))
		fprintf(out, " id %s", text_mac_dotted(mac, e->identifier));
	if (HAS(e, ACTIVE_GROUPS))
		fprintf(out, " active %u", e->active_groups);
	if (HAS(e, PASSIVE_GROUPS))
		fprintf(out, " passive %u", e->passive_groups);
	fputc('\n', out);
}

static void print_drop(FILE *out, const struct event *e)
{
	char buf[ADDRESS_LEN];

	print_head(out, e);
	fputs("Packet ignored", out);
	if (e->address.family)
		fprintf(out, " from %s", address_text(buf, &e->address));
	fprintf(out, ": %s\n", text_drop_reason(e->drop_reason));
}

static void print_address_error(FILE *out, const struct event *e)
{
	char buf[ADDRESS_LEN];

	print_head(out, e);
	fprintf(out, "Virtual IP %s: %s\n", address_text(buf, &e->vip),
		strerror(e->error < 0 ? -e->error : e->error));
}

static void print_phrase(FILE *out, const struct event *e, const char *phrase)
{
	print_head(out, e);
	fprintf(out, "%s\n", phrase);
}

static void print_delay(FILE *out, const struct event *e, const char *what, const char *end)
{
	print_head(out, e);
	if (e->delay_ms % 1000)
		fprintf(out, "%s%u msecs%s\n", what, e->delay_ms, end);
	else
		fprintf(out, "%s%u secs%s\n", what, e->delay_ms / 1000, end);
}

/**
 * event_print() - Print an event as IOS does.
 * @out: where to
 * @e: event
 */
void event_print(FILE *out, const struct event *e)
{
	switch (e->kind) {
	case VPNHA_DEBUG_KIND_FSM_EVENT:
		/* Once per hello time and group: IOS does not print it either. */
		if (e->event != VPNHA_EVENT_HELLO_TIMER)
			print_fsm_event(out, e);
		break;
	case VPNHA_DEBUG_KIND_STATE_CHANGE:
		print_state_change(out, e);
		break;
	case VPNHA_DEBUG_KIND_ACTIVE_ROUTER:
		print_router(out, e, "Active");
		break;
	case VPNHA_DEBUG_KIND_STANDBY_ROUTER:
		print_router(out, e, "Standby");
		break;
	case VPNHA_DEBUG_KIND_REDUNDANCY:
		print_redundancy(out, e);
		break;
	case VPNHA_DEBUG_KIND_PRIORITY:
		print_head(out, e);
		fprintf(out, "Priority %u -> %u\n", e->priority_old, e->priority);
		break;
	case VPNHA_DEBUG_KIND_TRACK:
		print_head(out, e);
		fprintf(out, "Track %u ", e->track_id);
		if (HAS(e, TARGET))
			fprintf(out, "(%s) ", e->target);
		fprintf(out, "object changed, state %s\n", e->up ? "Down -> Up" : "Up -> Down");
		break;
	case VPNHA_DEBUG_KIND_LEARNED:
		print_learned(out, e);
		break;
	case VPNHA_DEBUG_KIND_INTERFACE_GOING_DOWN:
		print_phrase(out, e, "API Software interface going down");
		break;
	case VPNHA_DEBUG_KIND_INTERFACE_COMING_UP:
		print_phrase(out, e, "API Software interface coming up");
		break;
	case VPNHA_DEBUG_KIND_INTERFACE_DOWN:
		print_phrase(out, e, "Interface down");
		break;
	case VPNHA_DEBUG_KIND_INTERFACE_UP:
		print_phrase(out, e, "Interface up");
		break;
	case VPNHA_DEBUG_KIND_DELAY_START:
		print_delay(out, e, "Starting minimum interface delay (", ")");
		break;
	case VPNHA_DEBUG_KIND_RELOAD_DELAY_START:
		print_delay(out, e, "Starting reload interface delay (", ")");
		break;
	case VPNHA_DEBUG_KIND_PREEMPT_DELAY:
		print_delay(out, e, "Preemption delayed for ", "");
		break;
	case VPNHA_DEBUG_KIND_DELAY_END:
		print_phrase(out, e, "Interface min delay expired");
		break;
	case VPNHA_DEBUG_KIND_PACKET_IN:
	case VPNHA_DEBUG_KIND_RIVAL:
		print_packet(out, e, "in");
		break;
	case VPNHA_DEBUG_KIND_PACKET_OUT:
		print_packet(out, e, "out");
		break;
	case VPNHA_DEBUG_KIND_PACKET_DROP:
		print_drop(out, e);
		break;
	case VPNHA_DEBUG_KIND_ADDRESS_ERROR:
		print_address_error(out, e);
		break;
	default:
		print_head(out, e);
		fprintf(out, "Unknown event %u\n", e->kind);
		break;
	}
}

static void set_number(json_t *o, const char *key, bool given, int64_t value)
{
	if (given)
		json_object_set_new(o, key, json_integer(value));
}

static void set_string(json_t *o, const char *key, bool given, const char *value)
{
	if (given)
		json_object_set_new(o, key, json_string(value));
}

static void set_router(json_t *o, const char *key, bool local, bool known,
		       const struct address *address)
{
	char buf[ADDRESS_LEN];

	if (local || known)
		json_object_set_new(o, key, json_string(router(buf, local, address)));
}

/**
 * event_json() - An event as an object, with the attributes it has.
 * @e: event
 *
 * Return: owned by the caller.
 */
json_t *event_json(const struct event *e)
{
	json_t *o = json_object();
	char address[ADDRESS_LEN], mac[TEXT_MAC_LEN];

	set_string(o, "kind", true, text_debug_kind_key(e->kind));
	set_string(o, "interface", HAS(e, IFNAME), e->ifname);
	set_number(o, "group", HAS(e, NUMBER), e->number);
	set_string(o, "name", HAS(e, NAME), e->name);
	set_string(o, "event", HAS(e, EVENT), text_event_key(e->event));
	set_string(o, "state_old", HAS(e, STATE_OLD), text_state_key(e->state_old));
	set_string(o, "state", HAS(e, STATE), text_state_key(e->state));
	set_router(o, "address_old", HAS(e, LOCAL_OLD), e->address_old.family, &e->address_old);
	set_router(o, "address", HAS(e, LOCAL), e->address.family, &e->address);
	set_number(o, "priority_old", HAS(e, PRIORITY_OLD), e->priority_old);
	set_number(o, "priority", HAS(e, PRIORITY), e->priority);
	set_number(o, "active_groups_old", HAS(e, ACTIVE_GROUPS_OLD), e->active_groups_old);
	set_number(o, "active_groups", HAS(e, ACTIVE_GROUPS), e->active_groups);
	set_number(o, "passive_groups_old", HAS(e, PASSIVE_GROUPS_OLD), e->passive_groups_old);
	set_number(o, "passive_groups", HAS(e, PASSIVE_GROUPS), e->passive_groups);
	set_string(o, "opcode", HAS(e, OPCODE), text_opcode_key(e->opcode));
	set_string(o, "virtual_ip", e->vip.family, address_text(address, &e->vip));
	set_number(o, "hello_ms", HAS(e, HELLO_MS), e->hello_ms);
	set_number(o, "hold_ms", HAS(e, HOLD_MS), e->hold_ms);
	set_string(o, "identifier", HAS(e, IDENTIFIER), text_mac(mac, e->identifier));
	set_string(o, "drop_reason", HAS(e, DROP_REASON), text_drop_reason_key(e->drop_reason));
	set_number(o, "track", HAS(e, TRACK_ID), e->track_id);
	set_string(o, "target", HAS(e, TARGET), e->target);
	if (HAS(e, UP))
		json_object_set_new(o, "up", json_boolean(e->up));
	set_number(o, "delay_ms", HAS(e, DELAY_MS), e->delay_ms);
	set_number(o, "error", HAS(e, ERROR), e->error);
	return o;
}
