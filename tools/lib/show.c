// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show.h"
#include "lib/text.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void show_state(FILE *out, const struct model_group *g)
{
	char buf[TEXT_TIME_LEN];

	if (g->state.state != VPNHA_STATE_INITIAL)
		fprintf(out, "  State is %s\n", text_state(g->state.state));
	else if (g->state.init_reason == VPNHA_INIT_REASON_DISABLED)
		fputs("  State is Disabled\n", out);
	else if (g->state.init_reason == VPNHA_INIT_REASON_FOLLOW)
		fprintf(out, "  State is Init (waits for group %s)\n", g->follow);
	else
		fprintf(out, "  State is Init (%s)\n", text_init_reason(g->state.init_reason));
	fprintf(out, "    %u state change%s", g->state.changes, plural(g->state.changes));
	if (g->state.changes)
		fprintf(out, ", last state change %s", text_age(buf, g->state.age_ms));
	fputc('\n', out);
}

/**
 * show_vip() - The virtual IP of a group, of IPv6 the link-local one.
 * @g: group with the kernel's state
 *
 * Return: what is configured or made, else what was learned, else none.
 */
struct address show_vip(const struct model_group *g)
{
	const struct address given = model_vip(g);

	return given.family || address_is_zero(&g->state.vip) ? given : g->state.vip;
}

static void show_mac(FILE *out, const struct model_interface *i, const struct model_group *g)
{
	const struct model_router *active = &g->state.active;
	char mac[TEXT_MAC_LEN];

	fprintf(out, "  Active virtual MAC address is %s\n",
		active->has_mac ? text_mac_dotted(mac, active->mac) :
		active->known && g->state.has_mac ? text_mac_dotted(mac, g->state.mac) :
						    "unknown");
	if (!g->state.has_mac) {
		fputs("    Local virtual MAC address is unknown\n", out);
		return;
	}
	fprintf(out, "    Local virtual MAC address is %s ", text_mac_dotted(mac, g->state.mac));
	if (i->use_bia)
		fputs("(bia)\n", out);
	else if (g->has_mac)
		fputs("(configured)\n", out);
	else
		fprintf(out, "(v%u %sdefault)\n", g->state.version, g->ipv6 ? "IPv6 " : "");
}

/* Where the link-local virtual IP comes from. */
static const char *link_local_source(const struct model_group *g)
{
	if (g->vip6.family)
		return "conf";
	if (g->autoconfig)
		return "conf auto EUI64";
	return g->n_global ? "impl auto EUI64" : "learnt";
}

static void show_virtual6(FILE *out, const struct model_group *g)
{
	const struct address vip = show_vip(g);
	char address[ADDRESS_LEN];

	fprintf(out, "  Link-Local Virtual IPv6 address is %s", address_text(address, &vip));
	if (vip.family)
		fprintf(out, " (%s)", link_local_source(g));
	fputc('\n', out);
	for (size_t n = 0; n < g->n_global; n++)
		fprintf(out, "    Virtual IPv6 address %s/%u\n",
			address_text(address, &g->global[n].address), g->global[n].length);
}

static void show_virtual(FILE *out, const struct model_group *g)
{
	char address[ADDRESS_LEN];

	if (g->ipv6) {
		show_virtual6(out, g);
		return;
	}
	if (g->vip)
		fprintf(out, "  Virtual IP address is %s\n", text_address(address, g->vip));
	else if (!address_is_zero(&g->state.vip))
		fprintf(out, "  Virtual IP address is %s (learnt)\n",
			address_text(address, &g->state.vip));
	else
		fputs("  Virtual IP address is unknown\n", out);
	for (size_t n = 0; n < g->n_secondary; n++)
		fprintf(out, "    Secondary virtual IP address %s\n",
			text_address(address, g->secondary[n].address));
}

static void show_router(FILE *out, const char *which, const struct model_router *r)
{
	char address[ADDRESS_LEN], time[TEXT_TIME_LEN];

	if (!r->known)
		fprintf(out, "  %s router is unknown\n", which);
	else if (r->local)
		fprintf(out, "  %s router is local\n", which);
	else
		fprintf(out, "  %s router is %s, priority %u (expires in %s sec)\n", which,
			address_text(address, &r->address), r->priority,
			text_seconds(time, r->expires_ms));
}

static void show_counters(FILE *out, const struct model_group *g)
{
	const struct model_counters *c = &g->state.counters;

	fputs("  Packets\n", out);
	fprintf(out, "    Hello in %" PRIu64 " out %" PRIu64 ", coup in %" PRIu64 " out %" PRIu64
		", resign in %" PRIu64 " out %" PRIu64 "\n", c->hello_rx, c->hello_tx, c->coup_rx,
		c->coup_tx, c->resign_rx, c->resign_tx);
	if (g->ipv6)
		fprintf(out, "    Unsolicited NA out %" PRIu64 ", NA reply out %" PRIu64, c->na_tx,
			c->na_reply_tx);
	else
		fprintf(out, "    Gratuitous ARP out %" PRIu64 ", ARP reply out %" PRIu64,
			c->garp_tx, c->arp_reply_tx);
	fprintf(out, ", errors %" PRIu64 "\n", c->tx_error);
}

/* How, but never by what. */
static void show_auth(FILE *out, const struct model_group *g)
{
	char left[TEXT_TIME_LEN];

	if (model_auth_is_default(&g->auth))
		return;
	fputs(g->auth.kind == VPNHA_AUTHENTICATION_MD5 ? "  Authentication MD5, key-string" :
							 "  Authentication text", out);
	if (g->auth.timeout)
		fprintf(out, ", timeout %u secs", g->auth.timeout);
	fputc('\n', out);
	if (g->state.key_old_left_ms)
		fprintf(out, "    Previous key is accepted for %s secs\n",
			text_seconds(left, g->state.key_old_left_ms));
}

static void show_preempt(FILE *out, const struct model_group *g)
{
	const struct model_delay *d = &g->preempt_delay;
	char left[TEXT_TIME_LEN];

	fprintf(out, "  Preemption %s", g->preempt ? "enabled" : "disabled");
	if (d->min_s)
		fprintf(out, ", delay min %u secs", d->min_s);
	if (d->reload_s)
		fprintf(out, ", delay reload %u secs", d->reload_s);
	if (d->sync_s)
		fprintf(out, ", delay sync %u secs", d->sync_s);
	fputc('\n', out);
	if (g->state.preempt_left_ms)
		fprintf(out, "    Preemption is delayed for %s secs\n",
			text_seconds(left, g->state.preempt_left_ms));
	if (g->state.sync_pending)
		fputs("    Synchronisation with the active router is pending\n", out);
}

/* Of the election, in which one that follows another group takes no part. */
static void show_election(FILE *out, const struct model_group *g)
{
	show_auth(out, g);
	show_preempt(out, g);
	show_router(out, "Active", &g->state.active);
	show_router(out, "Standby", &g->state.standby);
	if (g->priority == MODEL_DEFAULT_PRIORITY)
		fprintf(out, "  Priority %u (default %u)\n", g->state.priority, g->priority);
	else
		fprintf(out, "  Priority %u (configured %u)\n", g->state.priority, g->priority);
}

static void show_follower(FILE *out, const struct model_interface *i, const struct model_group *g)
{
	const struct model_group_state *s = &g->state;
	const struct address vip = show_vip(g);
	char address[ADDRESS_LEN], mac[TEXT_MAC_LEN], time[TEXT_TIME_LEN];

	fprintf(out, "    %s Grp %u %s", i->ifname, g->number, text_state(s->state));
	if (s->state == VPNHA_STATE_INITIAL)
		fprintf(out, " (%s)", text_init_reason(s->init_reason));
	if (vip.family)
		fprintf(out, " %s", address_text(address, &vip));
	if (s->has_mac)
		fprintf(out, " %s", text_mac_dotted(mac, s->mac));
	if (s->has_garp_next)
		fprintf(out, " next refresh %s secs", text_seconds(time, s->garp_next_ms));
	fputs(g->bundle ? " bundle\n" : "\n", out);
}

static void show_followers(FILE *out, const struct model *m, const struct model_group *leader)
{
	bool any = false;

	for (size_t n = 0; leader->name[0] && n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++) {
			const struct model_group *g = m->interfaces[n]->groups[k];

			if (strcmp(g->follow, leader->name))
				continue;
			if (!any)
				fputs("  Followed by groups:\n", out);
			any = true;
			show_follower(out, m->interfaces[n], g);
		}
}

/**
 * show_is_split() - Is this gateway active in one group, and another one in a second?
 * @m: model with the kernel's state
 * @i: interface of the one
 * @g: the one
 * @j: interface of the other
 * @h: the other
 *
 * Return: whether that is so of two groups that are meant to be in one place, for one of
 * them tracks the interface of the other.
 */
bool show_is_split(const struct model *m, const struct model_interface *i,
		   const struct model_group *g, const struct model_interface *j,
		   const struct model_group *h)
{
	return i != j && g->state.state == VPNHA_STATE_ACTIVE && h->state.active.known &&
	       !h->state.active.local &&
	       (model_tracks_interface(m, g, j->ifname) ||
		model_tracks_interface(m, h, i->ifname));
}

static void show_split(FILE *out, const struct model *m, const struct model_interface *i,
		       const struct model_group *g)
{
	char address[ADDRESS_LEN];

	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++) {
			const struct model_group *h = m->interfaces[n]->groups[k];

			if (show_is_split(m, i, g, m->interfaces[n], h))
				fprintf(out, "  Split: group %u of %s is active at %s\n", h->number,
					m->interfaces[n]->ifname,
					address_text(address, &h->state.active.address));
		}
}

static void show_group(FILE *out, const struct model *m, const struct model_interface *i,
		       const struct model_group *g, bool detail)
{
	char hello[TEXT_TIME_LEN], hold[TEXT_TIME_LEN];

	fprintf(out, "%s - Group %u%s\n", i->ifname, g->number,
		g->state.version == 2 ? " (version 2)" : "");
	show_state(out, g);
	if (i->state.delay_left_ms)
		fprintf(out, "    Interface delay expires in %s secs\n",
			text_seconds(hello, i->state.delay_left_ms));
	show_virtual(out, g);
	show_mac(out, i, g);
	if (!g->follow[0])
		fprintf(out, "  Hello time %s, hold time %s\n",
			text_interval(hello, g->state.hello_ms),
			text_interval(hold, g->state.hold_ms));
	if (g->state.has_hello_next)
		fprintf(out, "    Next hello sent in %s secs\n",
			text_seconds(hello, g->state.hello_next_ms));
	if (g->state.has_garp_next)
		fprintf(out, "  %s %" PRIu64 " sent, next sent in %s secs\n",
			g->ipv6 ? "Unsolicited NA" : "Gratuitous ARP",
			g->ipv6 ? g->state.counters.na_tx : g->state.counters.garp_tx,
			text_seconds(hello, g->state.garp_next_ms));
	if (g->follow[0])
		fprintf(out, "  Following \"%s\"%s\n", g->follow, g->bundle ? ", bundle" : "");
	else
		show_election(out, g);
	for (size_t n = 0; n < g->n_tracks; n++)
		show_group_track(out, &g->tracks[n]);
	if (g->name[0])
		fprintf(out, "  IP redundancy name is \"%s\" (cfgd)\n", g->name);
	else
		fprintf(out, "  IP redundancy name is \"hsrp-%s-%u\" (default)\n", i->ifname,
			g->number);
	show_followers(out, m, g);
	show_split(out, m, i, g);
	if (detail)
		show_counters(out, g);
}

static void show_offender(FILE *out, const struct model_interface *i)
{
	const struct model_offender *o = &i->state.offender;
	char address[ADDRESS_LEN], mac[TEXT_MAC_LEN], age[TEXT_TIME_LEN];

	if (o->reason)
		fprintf(out, "  Last offender %s (%s): %s, %s ago\n",
			address_text(address, &o->address), text_mac_dotted(mac, o->mac),
			text_drop_reason(o->reason), text_age(age, o->age_ms));
}

static void show_interface(FILE *out, const struct model_interface *i)
{
	bool any = false;

	fprintf(out, "%s\n", i->ifname);
	fprintf(out, "  Groups active %u, passive %u\n", i->state.active_groups,
		i->state.passive_groups);
	fprintf(out, "  Advertisements in %" PRIu64 " out %" PRIu64 "\n", i->state.advertise_rx,
		i->state.advertise_tx);
	if (i->garp.count)
		fprintf(out, "  Gratuitous ARP %u time%s", i->garp.count, plural(i->garp.count));
	else
		fputs("  Gratuitous ARP continuously", out);
	fprintf(out, ", interval %u secs", i->garp.interval_s);
	if (i->garp.refresh_s)
		fprintf(out, "; MAC refresh %u secs", i->garp.refresh_s);
	fprintf(out, "\n  ICMP redirects %s\n", i->redirect ? "enabled" : "disabled");
	fputs("  Packets ignored", out);
	for (uint32_t reason = 0; reason < MODEL_DROP_REASONS; reason++) {
		if (!i->state.drops[reason])
			continue;
		fprintf(out, "%s %s %" PRIu64, any ? "," : ":", text_drop_reason(reason),
			i->state.drops[reason]);
		any = true;
	}
	fputs(any ? "\n" : ": none\n", out);
	show_offender(out, i);
}

/**
 * show_standby() - Print all groups.
 * @out: where to
 * @m: model with the kernel's state
 * @detail: with counters of the groups and, after them, of the interfaces
 *
 * An interface that has heard what does not belong there says so below its groups.
 */
void show_standby(FILE *out, const struct model *m, bool detail)
{
	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		for (size_t k = 0; k < i->n_groups; k++)
			if (!i->groups[k]->state.hidden)
				show_group(out, m, i, i->groups[k], detail);
		/* with the packet counters it is told of the interface */
		if (!detail && i->n_groups && !i->state.hidden && i->state.offender.reason) {
			fprintf(out, "%s\n", i->ifname);
			show_offender(out, i);
		}
	}
	for (size_t n = 0; detail && n < m->n_interfaces; n++)
		if (!m->interfaces[n]->state.hidden)
			show_interface(out, m->interfaces[n]);
}

/**
 * show_standby_delay() - Print for how long interfaces wait.
 * @out: where to
 * @m: model with the kernel's state
 */
void show_standby_delay(FILE *out, const struct model *m)
{
	char left[TEXT_TIME_LEN];

	fprintf(out, "%-18s %-7s %-6s %s\n", "Interface", "Minimum", "Reload", "Left");
	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		if (i->state.hidden)
			continue;
		fprintf(out, "%-18s %-7u %-6u %s\n", i->ifname, i->delay.min_s,
			i->delay.reload_s, i->state.delay_left_ms ?
				text_seconds(left, i->state.delay_left_ms) : "-");
	}
}

static void brief_router(char buf[ADDRESS_LEN], const struct model_router *r)
{
	if (r->known && !r->local)
		address_text(buf, &r->address);
	else
		snprintf(buf, ADDRESS_LEN, "%s", r->known ? "local" : "unknown");
}

static void brief_vip(char buf[ADDRESS_LEN], const struct model_group *g)
{
	const struct address vip = show_vip(g);

	address_text(buf, &vip);
}

/* What a line of "show standby brief" says of addresses. */
struct brief {
	char active[ADDRESS_LEN], standby[ADDRESS_LEN], vip[ADDRESS_LEN];
};

/* Columns whose width depends on what is in them. */
struct brief_widths {
	int interface, active, standby;
};

static struct brief brief_of(const struct model_group *g)
{
	struct brief b = {};

	brief_router(b.active, &g->state.active);
	brief_router(b.standby, &g->state.standby);
	brief_vip(b.vip, g);
	return b;
}

static void widen(int *width, const char *text)
{
	if ((int)strlen(text) > *width)
		*width = (int)strlen(text);
}

static void brief_group(FILE *out, const struct model_interface *i, const struct model_group *g,
			const struct brief_widths *w)
{
	bool disabled = g->state.state == VPNHA_STATE_INITIAL &&
			g->state.init_reason == VPNHA_INIT_REASON_DISABLED;
	char priority[sizeof("4294967295")];
	struct brief b;

	if (g->state.hidden)
		return;
	b = brief_of(g);
	snprintf(priority, sizeof(priority), "%u", g->state.priority);
	fprintf(out, "%-*s %-4u %-3s %c %-7s %-*s %-*s %s\n", w->interface, i->ifname, g->number,
		g->follow[0] ? "-" : priority, g->preempt && !g->follow[0] ? 'P' : ' ',
		disabled ? "Disable" : text_state(g->state.state), w->active, b.active,
		w->standby, b.standby, b.vip);
}

/**
 * show_standby_brief() - Print all groups, a line for each.
 * @out: where to
 * @m: model with the kernel's state
 */
void show_standby_brief(FILE *out, const struct model *m)
{
	struct brief_widths w = {
		.interface = (int)strlen("Interface  "),
		.active = TEXT_ADDRESS_LEN - 1, .standby = TEXT_ADDRESS_LEN - 1,
	};

	for (size_t n = 0; n < m->n_interfaces; n++) {
		const struct model_interface *i = m->interfaces[n];

		if (i->state.hidden)
			continue;
		widen(&w.interface, i->ifname);
		for (size_t k = 0; k < i->n_groups; k++) {
			struct brief b = brief_of(i->groups[k]);

			widen(&w.active, b.active);
			widen(&w.standby, b.standby);
		}
	}
	/* The column of the P follows those of interface, group and priority. */
	fprintf(out, "%*sP indicates configured to preempt.\n", w.interface + 10, "");
	fprintf(out, "%*s|\n", w.interface + 10, "");
	fprintf(out, "%-*s %-4s %-3s P %-7s %-*s %-*s %s\n", w.interface, "Interface", "Grp",
		"Pri", "State", w.active, "Active", w.standby, "Standby", "Virtual IP");
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			brief_group(out, m->interfaces[n], m->interfaces[n]->groups[k], &w);
}
