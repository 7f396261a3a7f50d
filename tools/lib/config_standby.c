// SPDX-License-Identifier: GPL-2.0-or-later
/* The "standby" lines below "interface IFNAME". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config.h"
#include "lib/config_ikev2.h"
#include "lib/text.h"

static uint32_t group_number(const struct grammar_match *m)
{
	return m->args[ARG_GROUP].given ? m->args[ARG_GROUP].number : 0;
}

/* The interface that lines are about; NULL when its heading was wrong. */
static struct model_interface *this_interface(struct config *c, bool make)
{
	struct model_interface *i;

	c->touched = true;
	if (!c->in.name[0])
		return NULL;
	if (!make)
		return model_interface_find(&c->model, c->in.name);
	i = model_interface_get(&c->model, c->in.name);
	i->at = c->at_heading;
	return i;
}

/**
 * config_this_group() - The group that a line is about.
 * @c: configuration
 * @m: line; it makes the group when it says something about it
 *
 * Return: it, or NULL when there is none: "no" was said about nothing, or the heading was wrong.
 */
struct model_group *config_this_group(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *number = &m->args[ARG_GROUP];
	struct model_interface *i = this_interface(c, !m->negated);
	struct model_group *g;

	if (!i)
		return NULL;
	if (m->negated) {
		g = model_group_find(i, group_number(m));
		if (g)
			g->keep = false;
		return g;
	}
	g = model_group_find(i, group_number(m));
	if (!g) {
		g = model_group_get(i, group_number(m));
		g->at[MODEL_GROUP_NUMBER] = config_pos(c, number->given ? number->column :
									  m->column);
	}
	g->keep = true;
	return g;
}

static void group_at(const struct config *c, struct model_group *g, enum model_group_field field,
		     unsigned int column)
{
	g->at[field] = config_pos(c, column);
}

/* Whether a line that gives the group an address of IPv4 is refused. */
static bool is_ipv6(struct config *c, const struct grammar_match *m,
		    const struct model_group *g)
{
	const struct grammar_value *address = &m->args[ARG_ADDRESS];

	if (m->negated || !g->ipv6)
		return false;
	config_error(c, address->given ? address->column : m->args[ARG_KIND].column,
		     "group %u of %s is one of IPv6 ('no standby %u ipv6' ends that)", g->number,
		     c->in.name, g->number);
	return true;
}

/* The interface of which a line says something; NULL when there is none. */
static struct model_interface *say(struct config *c, const struct grammar_match *m,
				   enum model_interface_field field, unsigned int column)
{
	struct model_interface *i = this_interface(c, !m->negated);

	if (!i)
		return NULL;
	i->keep = !m->negated;
	i->at_field[field] = config_pos(c, column);
	return i;
}

static void set_version(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = say(c, m, MODEL_INTERFACE_VERSION,
					m->negated ? m->column : m->args[ARG_VERSION].column);

	if (i)
		i->version = m->negated ? MODEL_DEFAULT_VERSION : m->args[ARG_VERSION].number;
}

/* What a line says of a delay; the rest is as usual. */
static struct model_delay delay_of(const struct grammar_match *m, uint32_t usual_s)
{
	const struct grammar_value *args = m->args;

	return (struct model_delay){
		.min_s = args[ARG_MINIMUM].given ? args[ARG_MINIMUM].number : usual_s,
		.reload_s = args[ARG_RELOAD].given ? args[ARG_RELOAD].number : 0,
		.sync_s = args[ARG_SYNC].given ? args[ARG_SYNC].number : 0,
	};
}

static void set_delay(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = say(c, m, MODEL_INTERFACE_DELAY,
					m->args[ARG_DELAY].column);

	if (i)
		i->delay = delay_of(m, MODEL_DEFAULT_DELAY);
}

static void set_group(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = this_interface(c, false);

	if (i)
		model_group_remove(i, group_number(m));
}

static void set_ip(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *address = &m->args[ARG_ADDRESS];
	const char *why = address->given ? text_vip_error(address->address) : NULL;
	struct model_group *g;

	if (why && !m->negated) {
		config_error(c, address->column, "virtual IP %s %s", address->text, why);
		return;
	}
	g = config_this_group(c, m);
	if (!g || is_ipv6(c, m, g))
		return;
	/* "no" does not stop what runs with addresses of IPv6 */
	g->enabled = !m->negated || g->ipv6;
	g->vip = m->negated || !address->given ? 0 : address->address;
	if (m->negated && !address->given)
		g->n_secondary = 0;
	group_at(c, g, MODEL_GROUP_IP, address->given ? address->column : m->column);
}

static void set_secondary(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *address = &m->args[ARG_ADDRESS];
	const char *why = text_vip_error(address->address);
	struct model_group *g;

	if (why && !m->negated) {
		config_error(c, address->column, "virtual IP %s %s", address->text, why);
		return;
	}
	g = config_this_group(c, m);
	if (!g || is_ipv6(c, m, g))
		return;
	group_at(c, g, MODEL_GROUP_SECONDARY, address->column);
	if (m->negated)
		model_secondary_remove(g, address->address);
	else if (!model_secondary_add(g, address->address, config_pos(c, address->column)))
		config_error(c, address->column, "more than %d secondary virtual IPs",
			     VPNHA_SECONDARY_MAX);
}

static void set_mac(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *v = &m->args[ARG_MAC];
	struct model_group *g;
	uint8_t mac[6] = {};

	if (!m->negated && !text_parse_mac(v->text, mac)) {
		config_error(c, v->column, "%s is no MAC address, such as 0000.0c07.ac01", v->text);
		return;
	}
	if (!m->negated && (mac[0] & 1 || !memcmp(mac, "\0\0\0\0\0", sizeof(mac)))) {
		config_error(c, v->column, "%s is no unicast MAC address", v->text);
		return;
	}
	g = config_this_group(c, m);
	if (!g)
		return;
	g->has_mac = !m->negated;
	memcpy(g->mac, mac, sizeof(mac));
	group_at(c, g, MODEL_GROUP_MAC, v->given ? v->column : m->column);
}

static void set_use_bia(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = say(c, m, MODEL_INTERFACE_USE_BIA,
					m->args[ARG_KIND].column);

	if (i)
		i->use_bia = !m->negated;
}

static void set_redirect(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = say(c, m, MODEL_INTERFACE_REDIRECT,
					m->args[ARG_KIND].column);

	if (i)
		i->redirect = !m->negated;
}

static void set_garp(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *count = &m->args[ARG_COUNT], *interval = &m->args[ARG_SECONDS];
	struct model_interface *i = say(c, m, MODEL_INTERFACE_GARP,
					m->args[ARG_KIND].column);

	if (!i)
		return;
	i->garp.count = !m->negated && count->given ? count->number : MODEL_DEFAULT_GARP_COUNT;
	i->garp.interval_s = !m->negated && interval->given ? interval->number :
							      MODEL_DEFAULT_GARP_INTERVAL;
}

static void set_mac_refresh(struct config *c, const struct grammar_match *m)
{
	struct model_interface *i = say(c, m, MODEL_INTERFACE_MAC_REFRESH,
					m->args[ARG_KIND].column);

	if (i)
		i->garp.refresh_s = m->negated ? 0 : m->args[ARG_SECONDS].number;
}

static void set_timers(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *hello = &m->args[ARG_HELLO], *hold = &m->args[ARG_HOLD];
	uint32_t hello_ms = hello->number * (m->args[ARG_HELLO_MSEC].given ? 1 : 1000);
	uint32_t hold_ms = hold->number * (m->args[ARG_HOLD_MSEC].given ? 1 : 1000);
	char buf[2][TEXT_TIME_LEN];
	struct model_group *g;

	if (!m->negated && hold_ms <= hello_ms) {
		config_error(c, hold->column,
			     "hold time (%s) must be greater than hello time (%s)",
			     text_interval(buf[0], hold_ms), text_interval(buf[1], hello_ms));
		return;
	}
	if (!m->negated && hold_ms < 3 * hello_ms)
		diag_add(&c->diags, DIAG_WARNING, config_pos(c, hold->column),
			 "hold time (%s) should be at least three times the hello time (%s)",
			 text_interval(buf[0], hold_ms), text_interval(buf[1], hello_ms));
	g = config_this_group(c, m);
	if (!g)
		return;
	g->hello_ms = m->negated ? 0 : hello_ms;
	g->hold_ms = m->negated ? 0 : hold_ms;
	group_at(c, g, MODEL_GROUP_TIMERS, m->negated ? m->column : hello->column);
}

static void set_priority(struct config *c, const struct grammar_match *m)
{
	struct model_group *g = config_this_group(c, m);

	if (!g)
		return;
	g->priority = m->negated ? MODEL_DEFAULT_PRIORITY : m->args[ARG_PRIORITY].number;
	group_at(c, g, MODEL_GROUP_PRIORITY,
		 m->args[ARG_PRIORITY].given ? m->args[ARG_PRIORITY].column : m->column);
}

static void set_preempt(struct config *c, const struct grammar_match *m)
{
	struct model_group *g = config_this_group(c, m);

	if (!g)
		return;
	/* "no ... preempt delay" leaves preemption as it is */
	if (!m->negated || !m->args[ARG_DELAY].given)
		g->preempt = !m->negated;
	g->preempt_delay = delay_of(m, 0);
	group_at(c, g, MODEL_GROUP_PREEMPT, m->args[ARG_KIND].column);
}

/* Return: the group that a name of its own or another's is set of, or NULL. */
static struct model_group *take_name(struct config *c, const struct grammar_match *m,
				     enum model_group_field field)
{
	const struct grammar_value *name = &m->args[ARG_NAME];
	struct model_group *g;
	char *to;

	if (!m->negated && strlen(name->text) > VPNHA_NAME_MAX) {
		config_error(c, name->column, "name is longer than %d characters", VPNHA_NAME_MAX);
		return NULL;
	}
	g = config_this_group(c, m);
	if (!g)
		return NULL;
	to = field == MODEL_GROUP_NAME ? g->name : g->follow;
	snprintf(to, VPNHA_NAME_MAX + 1, "%s", m->negated ? "" : name->text);
	group_at(c, g, field, name->given ? name->column : m->column);
	return g;
}

static void set_name(struct config *c, const struct grammar_match *m)
{
	take_name(c, m, MODEL_GROUP_NAME);
}

static void set_follow(struct config *c, const struct grammar_match *m)
{
	struct model_group *g = take_name(c, m, MODEL_GROUP_FOLLOW);

	if (g)
		g->bundle = !m->negated && m->args[ARG_KIND].given;
}

/* The key of a line. */
static bool auth_key(struct config *c, const struct grammar_match *m, struct model_auth *a)
{
	const struct grammar_value *v = &m->args[ARG_SECRET];
	const bool md5 = m->args[ARG_KIND].number == VPNHA_AUTHENTICATION_MD5;
	const size_t most = md5 ? VPNHA_KEY_MAX : VPNHA_TEXT_MAX;
	struct ikev2_secret secret = {};
	bool right;

	if (!config_secret(c, m, &secret))
		return false;
	right = secret.len <= most;
	if (!right)
		config_error(c, v->column, "the %s is longer than %zu %s", md5 ? "key" : "text",
			     most, md5 ? "octets" : "characters");
	a->kind = md5 ? VPNHA_AUTHENTICATION_MD5 : VPNHA_AUTHENTICATION_TEXT;
	a->length = right ? secret.len : 0;
	memcpy(a->key, secret.data, a->length);
	a->timeout = m->args[ARG_SECONDS].given ? m->args[ARG_SECONDS].number : 0;
	ikev2_secret_set(&secret, NULL, 0, NULL, secret.at);
	return right;
}

static void set_authentication(struct config *c, const struct grammar_match *m)
{
	struct model_auth a;
	struct model_group *g;

	model_auth_default(&a);
	if (m->negated || auth_key(c, m, &a)) {
		g = config_this_group(c, m);
		if (g) {
			g->auth = a;
			group_at(c, g, MODEL_GROUP_AUTHENTICATION,
				 m->negated ? m->column : m->args[ARG_SECRET].column);
		}
	}
	explicit_bzero(&a, sizeof(a));
}

static void set_track(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *object = &m->args[ARG_OBJECT], *target = &m->args[ARG_TARGET];
	const char *ifname = target->given ? target->text : "";
	struct model_group *g = config_this_group(c, m);
	struct model_track *t;

	if (!g)
		return;
	if (m->negated) {
		model_track_remove(g, ifname, object->number);
		return;
	}
	t = model_track_get(g, ifname, object->number);
	t->decrement = m->args[ARG_DECREMENT].given ? m->args[ARG_DECREMENT].number :
						      MODEL_DEFAULT_DECREMENT;
	t->shutdown = m->args[ARG_KIND].given;
	t->at = config_pos(c, target->given ? target->column : object->column);
}

static const struct grammar_node ip_after_address_words[] = {
	KEYWORD("secondary", "One more virtual IP address", .flags = GRAMMAR_STOP,
		.config = set_secondary),
	END
};

static const struct grammar_node ip_words[] = {
	ADDRESS(ARG_ADDRESS, "Virtual IP address", .flags = GRAMMAR_STOP,
		.next = ip_after_address_words),
	END
};

static const struct grammar_node priority_words[] = {
	NUMBER(ARG_PRIORITY, 0, 255, "Priority value", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node preempt_sync_value_words[] = {
	NUMBER(ARG_SYNC, 0, VPNHA_PREEMPT_DELAY_MAX, "Seconds at most", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node preempt_sync_words[] = {
	KEYWORD("sync", "Wait until what the active router knows is here",
		.next = preempt_sync_value_words),
	END
};

static const struct grammar_node preempt_reload_value_words[] = {
	NUMBER(ARG_RELOAD, 0, VPNHA_PREEMPT_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP,
	       .next = preempt_sync_words),
	END
};

static const struct grammar_node preempt_reload_words[] = {
	KEYWORD("reload", "Wait after the interface was up for the first time",
		.next = preempt_reload_value_words),
	INCLUDE(preempt_sync_words),
	END
};

static const struct grammar_node preempt_minimum_value_words[] = {
	NUMBER(ARG_MINIMUM, 0, VPNHA_PREEMPT_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP,
	       .next = preempt_reload_words),
	END
};

static const struct grammar_node preempt_delay_words[] = {
	KEYWORD("minimum", "Wait whenever it could take over",
		.next = preempt_minimum_value_words),
	INCLUDE(preempt_reload_words),
	END
};

static const struct grammar_node preempt_words[] = {
	KEYWORD("delay", "Wait before taking over", .arg = ARG_DELAY, .flags = GRAMMAR_STOP_NO,
		.next = preempt_delay_words),
	END
};

static const struct grammar_node timers_hold_msec_words[] = {
	NUMBER(ARG_HOLD, 50, VPNHA_TIMER_MAX_MS, "Hold time in milliseconds",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node timers_hold_words[] = {
	KEYWORD("msec", "Specify hold time in milliseconds", .arg = ARG_HOLD_MSEC,
		.next = timers_hold_msec_words),
	NUMBER(ARG_HOLD, 1, VPNHA_TIMER_MAX_MS / 1000, "Hold time in seconds",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node timers_hello_msec_words[] = {
	NUMBER(ARG_HELLO, 15, 254000, "Hello interval in milliseconds",
	       .next = timers_hold_words),
	END
};

static const struct grammar_node timers_words[] = {
	KEYWORD("msec", "Specify hello interval in milliseconds", .arg = ARG_HELLO_MSEC,
		.next = timers_hello_msec_words),
	NUMBER(ARG_HELLO, 1, 254, "Hello interval in seconds", .next = timers_hold_words),
	END
};

static const struct grammar_node name_words[] = {
	WORD(ARG_NAME, "Name, at most 25 characters", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node bundle_words[] = {
	KEYWORD("bundle", "That group runs only while this one can", .arg = ARG_KIND,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node follow_words[] = {
	WORD(ARG_NAME, "Redundancy name of the group to follow", .flags = GRAMMAR_STOP,
	     .next = bundle_words),
	END
};

static const struct grammar_node key_seconds_words[] = {
	NUMBER(ARG_SECONDS, 1, VPNHA_KEY_TIMEOUT_MAX,
	       "Seconds for which the previous key is good beside a new one",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node key_timeout_words[] = {
	KEYWORD("timeout", "How long the previous key is good beside a new one",
		.next = key_seconds_words),
	END
};

static const struct grammar_node key_text_words[] = {
	WORD(ARG_SECRET, "The key, at most 55 characters", .flags = GRAMMAR_STOP,
	     .next = key_timeout_words),
	END
};

static const struct grammar_node key_hex_words[] = {
	{ .type = GRAMMAR_WORD, .word = "HEX", .arg = ARG_SECRET, .help = "The key, hexadecimal",
	  .flags = GRAMMAR_STOP, .next = key_timeout_words },
	END
};

static const struct grammar_node key_words[] = {
	KEYWORD("0", "The key itself follows", .arg = ARG_MODE, .id = CONFIG_SECRET_TEXT,
		.next = key_text_words),
	KEYWORD("7", "An obscured key follows", .arg = ARG_MODE, .id = CONFIG_SECRET_OBSCURED,
		.next = key_text_words),
	KEYWORD("hex", "The key is hexadecimal", .arg = ARG_MODE, .id = CONFIG_SECRET_HEX,
		.next = key_hex_words),
	INCLUDE(key_text_words),
	END
};

static const struct grammar_node md5_words[] = {
	LATER("key-chain"),
	KEYWORD("key-string", "The key", .next = key_words),
	END
};

static const struct grammar_node auth_text_words[] = {
	WORD(ARG_SECRET, "Text in each packet, at most 8 characters", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node authentication_words[] = {
	KEYWORD("md5", "A digest of each packet, made with a key", .arg = ARG_KIND,
		.id = VPNHA_AUTHENTICATION_MD5, .next = md5_words),
	KEYWORD("text", "A text in each packet", .arg = ARG_KIND,
		.id = VPNHA_AUTHENTICATION_TEXT, .next = auth_text_words),
	INCLUDE(auth_text_words),
	END
};

static const struct grammar_node track_decrement_words[] = {
	NUMBER(ARG_DECREMENT, 1, 255, "Taken off the priority while it is down",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node track_object_words[] = {
	KEYWORD("decrement", "Lower the priority while it is down",
		.next = track_decrement_words),
	KEYWORD("shutdown", "Do not run while it is down", .arg = ARG_KIND,
		.flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node track_interface_words[] = {
	INCLUDE(track_decrement_words),
	INCLUDE(track_object_words),
	END
};

static const struct grammar_node track_words[] = {
	NUMBER(ARG_OBJECT, 1, VPNHA_OBJECT_MAX, "Tracked object", .flags = GRAMMAR_STOP,
	       .next = track_object_words),
	IFNAME(ARG_TARGET, "Interface to track", .flags = GRAMMAR_STOP,
	       .next = track_interface_words),
	END
};

static const struct grammar_node mac_words[] = {
	{ .type = GRAMMAR_WORD, .word = "H.H.H", .arg = ARG_MAC, .help = "Virtual MAC address",
	  .flags = GRAMMAR_STOP },
	END
};

static const struct grammar_node group_words[] = {
	KEYWORD("authentication", "Authentication of packets", .next = authentication_words,
		.flags = GRAMMAR_STOP_NO, .config = set_authentication),
	KEYWORD("follow", "Have the state of another group", .next = follow_words,
		.flags = GRAMMAR_STOP_NO, .config = set_follow),
	KEYWORD("ip", "Enable HSRP and set the virtual IP address", .next = ip_words,
		.arg = ARG_KIND, .flags = GRAMMAR_STOP, .config = set_ip),
	KEYWORD("ipv6", "Enable HSRP for IPv6 and set a virtual IPv6 address",
		.next = config_ipv6_words, .arg = ARG_KIND, .flags = GRAMMAR_STOP,
		.config = config_set_ipv6),
	KEYWORD("mac-address", "Virtual MAC address", .next = mac_words,
		.flags = GRAMMAR_STOP_NO, .config = set_mac),
	KEYWORD("name", "Redundancy name string", .next = name_words,
		.flags = GRAMMAR_STOP_NO, .config = set_name),
	KEYWORD("preempt", "Overthrow lower priority active routers", .next = preempt_words,
		.arg = ARG_KIND, .flags = GRAMMAR_STOP, .config = set_preempt),
	KEYWORD("priority", "Priority level", .next = priority_words,
		.flags = GRAMMAR_STOP_NO, .config = set_priority),
	KEYWORD("timers", "Hello and hold timers", .next = timers_words,
		.flags = GRAMMAR_STOP_NO, .config = set_timers),
	KEYWORD("track", "Priority tracking", .next = track_words, .config = set_track),
	END
};

static const struct grammar_node version_words[] = {
	NUMBER(ARG_VERSION, 1, 2, "Version number", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node delay_reload_value_words[] = {
	NUMBER(ARG_RELOAD, 0, VPNHA_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node delay_reload_words[] = {
	KEYWORD("reload", "When the interface is up for the first time",
		.next = delay_reload_value_words),
	END
};

static const struct grammar_node delay_minimum_value_words[] = {
	NUMBER(ARG_MINIMUM, 0, VPNHA_DELAY_MAX, "Seconds", .flags = GRAMMAR_STOP,
	       .next = delay_reload_words),
	END
};

static const struct grammar_node delay_words[] = {
	KEYWORD("minimum", "Whenever the interface comes up",
		.next = delay_minimum_value_words),
	INCLUDE(delay_reload_words),
	END
};

static const struct grammar_node garp_last_count_words[] = {
	NUMBER(ARG_COUNT, 0, VPNHA_GARP_COUNT_MAX, "Gratuitous ARP packets",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node garp_last_interval_words[] = {
	NUMBER(ARG_SECONDS, 2, VPNHA_GARP_INTERVAL_MAX, "Seconds", .flags = GRAMMAR_STOP),
	END
};

#define GARP_COUNT(words) \
	KEYWORD("count", "How often, 0 for as long as it is active", .next = (words))
#define GARP_INTERVAL(words)	KEYWORD("interval", "Time between two", .next = (words))

static const struct grammar_node garp_then_count_words[] = {
	GARP_COUNT(garp_last_count_words),
	END
};

static const struct grammar_node garp_then_interval_words[] = {
	GARP_INTERVAL(garp_last_interval_words),
	END
};

static const struct grammar_node garp_count_words[] = {
	NUMBER(ARG_COUNT, 0, VPNHA_GARP_COUNT_MAX, "Gratuitous ARP packets",
	       .flags = GRAMMAR_STOP, .next = garp_then_interval_words),
	END
};

static const struct grammar_node garp_interval_words[] = {
	NUMBER(ARG_SECONDS, 2, VPNHA_GARP_INTERVAL_MAX, "Seconds", .flags = GRAMMAR_STOP,
	       .next = garp_then_count_words),
	END
};

static const struct grammar_node garp_words[] = {
	GARP_COUNT(garp_count_words),
	GARP_INTERVAL(garp_interval_words),
	END
};

static const struct grammar_node arp_words[] = {
	KEYWORD("gratuitous", "Gratuitous ARP of an active router", .next = garp_words,
		.arg = ARG_KIND, .flags = GRAMMAR_STOP, .config = set_garp),
	END
};

static const struct grammar_node mac_refresh_words[] = {
	NUMBER(ARG_SECONDS, 0, VPNHA_MAC_REFRESH_MAX, "Seconds, 0 for never",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node scope_words[] = {
	KEYWORD("interface", "Of this interface only, as always", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node use_bia_words[] = {
	KEYWORD("scope", "Of which interfaces", .next = scope_words),
	END
};

/* What others may be told about is for those who are no HSRP routers, as IOS has it. */
static const struct grammar_node redirect_words[] = {
	LATER("advertise"),
	LATER("timers"),
	KEYWORD("unknown", "To routers that speak no HSRP, as always", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node standby_words[] = {
	NUMBER(ARG_GROUP, 0, VPNHA_GROUP_MAX, "Group number", .next = group_words,
	       .flags = GRAMMAR_STOP_NO, .config = set_group),
	INCLUDE(group_words),
	KEYWORD("arp", "ARP of an active router", .next = arp_words),
	KEYWORD("mac-refresh", "Let switches know the virtual MAC address's port",
		.next = mac_refresh_words, .arg = ARG_KIND, .flags = GRAMMAR_STOP_NO,
		.config = set_mac_refresh),
	KEYWORD("delay", "Wait before HSRP begins on an interface", .next = delay_words,
		.arg = ARG_DELAY, .flags = GRAMMAR_STOP_NO, .config = set_delay),
	KEYWORD("redirect", "Let ICMP redirects go", .next = redirect_words, .arg = ARG_KIND,
		.flags = GRAMMAR_STOP, .config = set_redirect),
	KEYWORD("redirects", "Let ICMP redirects go", .next = redirect_words, .arg = ARG_KIND,
		.flags = GRAMMAR_STOP | GRAMMAR_HIDDEN, .config = set_redirect),
	KEYWORD("use-bia", "The interface's own MAC address is the virtual one",
		.next = use_bia_words, .arg = ARG_KIND, .flags = GRAMMAR_STOP,
		.config = set_use_bia),
	KEYWORD("version", "HSRP version", .next = version_words,
		.flags = GRAMMAR_STOP_NO, .config = set_version),
	LATER("bfd"),
	END
};

const struct grammar_node config_standby_words[] = {
	KEYWORD("standby", "HSRP interface configuration commands", .next = standby_words),
	END
};
