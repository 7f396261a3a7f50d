// SPDX-License-Identifier: GPL-2.0-or-later
/* Interfaces of a router: what it calls them, and what they are called here. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/import.h"
#include "lib/text.h"

/* Linux has one of these in each namespace, and all loopback addresses fit on it. */
#define LOOPBACK	"lo"

/* Types of interfaces, and the bandwidth in kbit/s that the router takes them to have. */
static const struct import_type {
	const char *word;
	uint32_t bandwidth;
} types[] = {
	{ "ATM", 0 }, { "Async", 0 }, { "BRI", 64 }, { "BVI", 10000 }, { "Dialer", 56 },
	{ "Ethernet", 10000 }, { "FastEthernet", 100000 }, { "Fddi", 100000 },
	{ "GigabitEthernet", 1000000 }, { "Group-Async", 0 }, { "Loopback", 8000000 },
	{ "MFR", 0 }, { "Multilink", 0 }, { "Null", 0 }, { "POS", 155000 },
	{ "Port-channel", 0 }, { "Serial", 1544 }, { "TenGigabitEthernet", 10000000 },
	{ "TokenRing", 16000 }, { "Tunnel", 9 }, { "Virtual-Access", 0 },
	{ "Virtual-PPP", 0 }, { "Virtual-Template", 0 }, { "Vlan", 0 }, {}
};

/* Letters and hyphens in front of the number. */
static size_t type_length(const char *name)
{
	size_t n = 0;

	while (isalpha((unsigned char)name[n]) || name[n] == '-')
		n++;
	return n;
}

/* The type that a name begins with or abbreviates; NULL: none, or more than one. */
static const struct import_type *type_of(const char *name)
{
	size_t length = type_length(name);
	const struct import_type *found = NULL;

	if (!length)
		return NULL;
	for (const struct import_type *t = types; t->word; t++) {
		if (strncasecmp(t->word, name, length))
			continue;
		if (strlen(t->word) == length)
			return t;
		if (found)
			return NULL;
		found = t;
	}
	return found;
}

/**
 * import_spell() - Spell the name of a router's interface out.
 * @name: name, perhaps abbreviated
 *
 * Return: the name, owned by the caller.
 */
char *import_spell(const char *name)
{
	const struct import_type *type = type_of(name);

	return type ? xasprintf("%s%s", type->word, name + type_length(name)) : xstrdup(name);
}

/**
 * import_take_name() - Take the name of a router's interface from a line.
 * @line: line
 * @n: number of the word that it begins with
 * @ios: result, spelled out, the caller's
 *
 * Return: how many words it has: the number may stand apart. 0: it is none.
 */
size_t import_take_name(const struct grammar_line *line, size_t n, char **ios)
{
	const char *word = n < line->n_words ? line->words[n].text : "";
	const char *next = n + 1 < line->n_words ? line->words[n + 1].text : "";
	char *name;

	*ios = NULL;
	if (!isalpha((unsigned char)*word))
		return 0;
	if (word[type_length(word)] || !isdigit((unsigned char)*next)) {
		*ios = import_spell(word);
		return 1;
	}
	name = xasprintf("%s%s", word, next);
	*ios = import_spell(name);
	free(name);
	return 2;
}

/**
 * import_find() - Find an interface of the router.
 * @im: configuration
 * @ios: its name, spelled out
 */
struct import_interface *import_find(const struct import *im, const char *ios)
{
	for (size_t n = 0; n < im->n_interfaces; n++)
		if (!strcasecmp(im->interfaces[n]->ios, ios))
			return im->interfaces[n];
	return NULL;
}

/**
 * import_get() - Find an interface of the router or make one.
 * @im: configuration
 * @ios: its name, spelled out
 */
struct import_interface *import_get(struct import *im, const char *ios)
{
	struct import_interface *i = import_find(im, ios);
	const struct import_type *type = type_of(ios);

	if (i)
		return i;
	i = xcalloc(1, sizeof(*i));
	i->ios = xstrdup(ios);
	i->bandwidth = type ? type->bandwidth : 0;
	im->interfaces = array_grow(im->interfaces, im->n_interfaces, sizeof(i));
	im->interfaces[im->n_interfaces++] = i;
	return i;
}

/**
 * import_interfaces_free() - Release the interfaces of a router.
 * @im: configuration
 */
void import_interfaces_free(struct import *im)
{
	for (size_t n = 0; n < im->n_interfaces; n++) {
		struct import_interface *i = im->interfaces[n];

		import_lines_free(&i->host);
		import_lines_free(&i->frr);
		free(i->addresses);
		free(i->ios);
		free(i);
	}
	free(im->interfaces);
}

/**
 * import_need() - Remember that an interface has to have a name here.
 * @i: interface
 * @at: what needs it
 */
void import_need(struct import_interface *i, struct model_pos at)
{
	if (!i->need.line)
		i->need = at;
}

static bool is_type(const struct import_interface *i, const char *word)
{
	const struct import_type *type = type_of(i->ios);

	return type && !strcmp(type->word, word);
}

/**
 * import_is_loopback() - Tell whether an interface is a loopback interface.
 * @i: interface
 */
bool import_is_loopback(const struct import_interface *i)
{
	return is_type(i, "Loopback");
}

/**
 * import_name() - Say what an interface of the router is called here.
 * @im: configuration, not yet read
 * @mapping: both names, "FastEthernet0/0=eth0"
 *
 * Return: NULL or what is wrong with it, owned by the caller.
 */
char *import_name(struct import *im, const char *mapping)
{
	const char *equals = strchr(mapping, '='), *ifname, *why;
	struct import_interface *i;
	char *word, *ios;

	if (!equals || equals == mapping)
		return xasprintf("'%s' is not of the form FastEthernet0/0=eth0", mapping);
	ifname = equals + 1;
	why = text_ifname_error(ifname);
	if (why)
		return xasprintf("'%s' %s", ifname, why);
	word = xstrndup(mapping, (size_t)(equals - mapping));
	ios = import_spell(word);
	free(word);
	i = import_find(im, ios);
	if (i) {
		free(ios);
		return xasprintf("%s is %s already", i->ios, i->ifname);
	}
	for (size_t n = 0; n < im->n_interfaces; n++) {
		if (strcmp(im->interfaces[n]->ifname, ifname))
			continue;
		word = xasprintf("%s is %s already", ifname, im->interfaces[n]->ios);
		free(ios);
		return word;
	}
	i = import_get(im, ios);
	free(ios);
	i->asked = true;
	snprintf(i->ifname, sizeof(i->ifname), "%s", ifname);
	return NULL;
}

static void skip(struct import *im, const struct import_interface *i)
{
	struct model_pos line = { i->at.line, 0 };
	struct diags *d = &im->config.diags;
	char address[TEXT_ADDRESS_LEN];

	if (i->down)
		diag_add(d, DIAG_NOTE, line, "interface %s is shut down, and left out", i->ios);
	else if (i->n_addresses)
		diag_add(d, DIAG_WARNING, i->at,
			 "interface %s is left out with its address %s/%u: no --interface %s=IFNAME",
			 i->ios, text_address(address, i->addresses[0].address),
			 i->addresses[0].length, i->ios);
	else
		diag_add(d, DIAG_NOTE, line, "interface %s is left out: nothing needs it", i->ios);
}

/**
 * import_names() - Find out which interfaces have a name here, and which need one.
 * @im: configuration, after its interfaces were found
 */
void import_names(struct import *im)
{
	struct diags *d = &im->config.diags;

	for (size_t n = 0; n < im->n_interfaces; n++) {
		struct import_interface *i = im->interfaces[n];
		struct model_pos nowhere = {};

		if (i->asked) {
			if (!i->at.line && !i->need.line)
				diag_add(d, DIAG_WARNING, nowhere, "there is no interface %s",
					 i->ios);
		} else if (import_is_loopback(i)) {
			snprintf(i->ifname, sizeof(i->ifname), "%s", LOOPBACK);
		} else if (i->need.line || (i->ours && !i->down)) {
			diag_add(d, DIAG_ERROR, i->need.line ? i->need : i->at,
				 "%s has no name here: say --interface %s=IFNAME", i->ios, i->ios);
		} else {
			skip(im, i);
		}
	}
}
