// SPDX-License-Identifier: GPL-2.0-or-later
/* A model as lines of configuration. */
#include <stdio.h>
#include <string.h>

#include "lib/config.h"
#include "lib/text.h"

static void write_time(FILE *out, uint32_t ms)
{
	if (ms % 1000)
		fprintf(out, " msec %u", ms);
	else
		fprintf(out, " %u", ms / 1000);
}

/* What is not as usual. */
static void write_delay(FILE *out, const struct model_delay *d, uint32_t usual_s)
{
	if (model_delay_is(d, usual_s))
		return;
	fputs(" delay", out);
	if (d->min_s != usual_s)
		fprintf(out, " minimum %u", d->min_s);
	if (d->reload_s)
		fprintf(out, " reload %u", d->reload_s);
	if (d->sync_s)
		fprintf(out, " sync %u", d->sync_s);
}

static void write_auth(FILE *out, const struct model_auth *a, bool keys)
{
	static const char *const words[] = { "0", "7", "hex", NULL };
	const bool md5 = a->kind == VPNHA_AUTHENTICATION_MD5;

	fputs(md5 ? " md5 key-string " : " text ", out);
	if (a->hidden || !keys) {
		fputs("<removed>", out);
	} else if (a->key[0] != '<' && text_is_word(a->key, a->length)) {
		fputs(md5 && text_is_keyword(a->key, a->length, words) ? "0 " : "", out);
		fwrite(a->key, 1, a->length, out);
	} else {
		fputs("hex ", out);
		text_write_hex(out, a->key, a->length);
	}
	if (a->timeout)
		fprintf(out, " timeout %u", a->timeout);
}

/**
 * config_write_group_field() - Write the line that sets one thing about a group.
 * @out: where to
 * @g: group
 * @field: thing; MODEL_GROUP_NUMBER is the group itself
 * @negated: the line that removes or resets it
 * @keys: what authenticates packets is written, else "<removed>" stands for it
 */
void config_write_group_field(FILE *out, const struct model_group *g, enum model_group_field field,
			      bool negated, bool keys)
{
	char buf[TEXT_ADDRESS_LEN], vip6[ADDRESS_LEN], mac[TEXT_MAC_LEN];

	fprintf(out, " %sstandby %u", negated ? "no " : "", g->number);
	switch (field) {
	case MODEL_GROUP_IP:
		fputs(" ip", out);
		if (g->vip && !negated)
			fprintf(out, " %s", text_address(buf, g->vip));
		break;
	case MODEL_GROUP_IPV6:
		fputs(" ipv6", out);
		if (g->autoconfig)
			fputs(" autoconfig", out);
		else if (g->vip6.family)
			fprintf(out, " %s", address_text(vip6, &g->vip6));
		break;
	case MODEL_GROUP_TIMERS:
		fputs(" timers", out);
		if (!negated) {
			write_time(out, g->hello_ms);
			write_time(out, g->hold_ms);
		}
		break;
	case MODEL_GROUP_PRIORITY:
		fputs(" priority", out);
		if (!negated)
			fprintf(out, " %u", g->priority);
		break;
	case MODEL_GROUP_PREEMPT:
		fputs(" preempt", out);
		if (!negated)
			write_delay(out, &g->preempt_delay, 0);
		break;
	case MODEL_GROUP_NAME:
		fputs(" name", out);
		if (!negated)
			fprintf(out, " %s", g->name);
		break;
	case MODEL_GROUP_AUTHENTICATION:
		fputs(" authentication", out);
		if (!negated)
			write_auth(out, &g->auth, keys);
		break;
	case MODEL_GROUP_MAC:
		fputs(" mac-address", out);
		if (!negated)
			fprintf(out, " %s", text_mac_dotted(mac, g->mac));
		break;
	case MODEL_GROUP_FOLLOW:
		fputs(" follow", out);
		if (!negated)
			fprintf(out, " %s%s", g->follow, g->bundle ? " bundle" : "");
		break;
	default:
		break;
	}
	fputc('\n', out);
}

/**
 * config_write_secondary() - Write the line that gives a group a secondary virtual IP.
 * @out: where to
 * @g: group
 * @address: the address
 * @negated: the line that takes it away
 */
void config_write_secondary(FILE *out, const struct model_group *g, in_addr_t address, bool negated)
{
	char buf[TEXT_ADDRESS_LEN];

	fprintf(out, " %sstandby %u ip %s secondary\n", negated ? "no " : "", g->number,
		text_address(buf, address));
}

/**
 * config_write_global() - Write the line that gives a group a global virtual IP.
 * @out: where to
 * @g: group
 * @global: the address
 * @negated: the line that takes it away
 */
void config_write_global(FILE *out, const struct model_group *g, const struct model_global *global,
			 bool negated)
{
	char buf[ADDRESS_LEN];

	fprintf(out, " %sstandby %u ipv6 %s/%u\n", negated ? "no " : "", g->number,
		address_text(buf, &global->address), global->length);
}

/**
 * config_write_track() - Write the line that makes a group track something.
 * @out: where to
 * @g: group
 * @t: what is tracked
 * @negated: the line that ends it
 */
void config_write_track(FILE *out, const struct model_group *g, const struct model_track *t,
			bool negated)
{
	fprintf(out, " %sstandby %u track ", negated ? "no " : "", g->number);
	if (t->object)
		fprintf(out, "%u", t->object);
	else
		fputs(t->target, out);
	if (!negated && t->shutdown)
		fputs(" shutdown", out);
	else if (!negated && t->decrement != MODEL_DEFAULT_DECREMENT)
		fprintf(out, "%s %u", t->object ? " decrement" : "", t->decrement);
	fputc('\n', out);
}

/**
 * config_write_interface() - Write the lines that describe an interface itself.
 * @out: where to
 * @i: interface
 * @fields: which, a bit for each enum model_interface_field
 */
void config_write_interface(FILE *out, const struct model_interface *i, unsigned int fields)
{
	if (fields & 1U << MODEL_INTERFACE_VERSION)
		fprintf(out, " standby version %u\n", i->version);
	if (fields & 1U << MODEL_INTERFACE_USE_BIA)
		fprintf(out, " %sstandby use-bia\n", i->use_bia ? "" : "no ");
	if (fields & 1U << MODEL_INTERFACE_GARP)
		fprintf(out, " standby arp gratuitous count %u interval %u\n", i->garp.count,
			i->garp.interval_s);
	if (fields & 1U << MODEL_INTERFACE_MAC_REFRESH)
		fprintf(out, " standby mac-refresh %u\n", i->garp.refresh_s);
	if (fields & 1U << MODEL_INTERFACE_REDIRECT)
		fprintf(out, " %sstandby redirect\n", i->redirect ? "" : "no ");
	if (!(fields & 1U << MODEL_INTERFACE_DELAY))
		return;
	if (model_delay_is(&i->delay, MODEL_DEFAULT_DELAY)) {
		fputs(" no standby delay\n", out);
		return;
	}
	fputs(" standby", out);
	write_delay(out, &i->delay, MODEL_DEFAULT_DELAY);
	fputc('\n', out);
}

static void write_group(FILE *out, const struct model_group *g)
{
	if (g->enabled && !g->ipv6)
		config_write_group_field(out, g, MODEL_GROUP_IP, false, false);
	/* a global one says that there is a link-local one, too */
	if (g->ipv6 && (!g->n_global || g->vip6.family || g->autoconfig))
		config_write_group_field(out, g, MODEL_GROUP_IPV6, false, false);
	for (size_t n = 0; n < g->n_global; n++)
		config_write_global(out, g, &g->global[n], false);
	for (size_t n = 0; n < g->n_secondary; n++)
		config_write_secondary(out, g, g->secondary[n].address, false);
	if (g->hello_ms)
		config_write_group_field(out, g, MODEL_GROUP_TIMERS, false, false);
	if (g->priority != MODEL_DEFAULT_PRIORITY || model_group_is_default(g))
		config_write_group_field(out, g, MODEL_GROUP_PRIORITY, false, false);
	if (g->preempt)
		config_write_group_field(out, g, MODEL_GROUP_PREEMPT, false, false);
	if (g->name[0])
		config_write_group_field(out, g, MODEL_GROUP_NAME, false, false);
	if (g->follow[0])
		config_write_group_field(out, g, MODEL_GROUP_FOLLOW, false, false);
	if (!model_auth_is_default(&g->auth))
		config_write_group_field(out, g, MODEL_GROUP_AUTHENTICATION, false, true);
	if (g->has_mac)
		config_write_group_field(out, g, MODEL_GROUP_MAC, false, false);
	for (size_t n = 0; n < g->n_tracks; n++)
		config_write_track(out, g, &g->tracks[n], false);
}

static void write_interface(FILE *out, const struct model_interface *i)
{
	config_write_interface(out, i, model_interface_fields(i));
	for (size_t k = 0; k < i->n_groups; k++)
		write_group(out, i->groups[k]);
}

static void write_binding(FILE *out, const struct crypto_binding *b)
{
	config_write_binding(out, b);
	if (b->df != VPNHA_DF_BIT_COPY)
		config_write_df(out, b);
}

/* Name of the interface that comes next; both arrays are sorted by it. */
static const char *next_interface(const struct model *m, size_t n, size_t k)
{
	if (k >= m->crypto.n_bindings)
		return m->interfaces[n]->ifname;
	if (n >= m->n_interfaces ||
	    strverscmp(m->interfaces[n]->ifname, m->crypto.bindings[k]->ifname) > 0)
		return m->crypto.bindings[k]->ifname;
	return m->interfaces[n]->ifname;
}

/**
 * config_write() - Write the configuration that a model holds.
 * @out: where to
 * @m: model
 *
 * Reading the result gives the same model again.
 */
void config_write(FILE *out, const struct model *m)
{
	size_t n = 0, k = 0;

	fputs("!\n", out);
	ikev2_config_write(out, &m->ikev2, true, NULL);
	config_write_crypto(out, &m->crypto);
	for (size_t o = 0; o < m->objects.n_items; o++) {
		config_write_object(out, &m->objects.items[o]);
		fputs("!\n", out);
	}
	while (n < m->n_interfaces || k < m->crypto.n_bindings) {
		const char *ifname = next_interface(m, n, k);

		fprintf(out, "interface %s\n", ifname);
		if (n < m->n_interfaces && !strcmp(m->interfaces[n]->ifname, ifname))
			write_interface(out, m->interfaces[n++]);
		if (k < m->crypto.n_bindings && !strcmp(m->crypto.bindings[k]->ifname, ifname))
			write_binding(out, m->crypto.bindings[k++]);
		fputs("!\n", out);
	}
	fputs("end\n", out);
}
