// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file is read twice: first to learn which interfaces it has, what of them is
 * needed, and which access lists protect something; then line by line, each to
 * whom it belongs. A line is read by the language's own grammar, its words
 * changed before: so positions stay those of the file.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alloc.h"
#include "lib/config_ikev2.h"
#include "lib/import.h"
#include "lib/text.h"

/* How much of a line is repeated. */
#define EXCERPT		60

/* Reference bandwidth of OSPF, unless configured, in Mbit/s. */
#define REFERENCE	100

#define NOT_YET		"not supported by this version"

/**
 * import_init() - Begin to read a router's configuration.
 * @im: result
 * @source: its lines; must outlive @im
 */
void import_init(struct import *im, const struct source *source)
{
	memset(im, 0, sizeof(*im));
	im->reference = REFERENCE;
	config_init(&im->config, source);
}

/**
 * import_add() - Add a line that will be written.
 * @l: lines
 * @format: as of printf
 */
void import_add(struct import_lines *l, const char *format, ...)
{
	va_list ap;

	l->items = array_grow(l->items, l->n_items, sizeof(*l->items));
	va_start(ap, format);
	l->items[l->n_items++] = xvasprintf(format, ap);
	va_end(ap);
}

/**
 * import_lines_free() - Release lines, of which one may hold a key.
 * @l: lines
 */
void import_lines_free(struct import_lines *l)
{
	for (size_t n = 0; n < l->n_items; n++)
		free_wiped(l->items[n]);
	free(l->items);
}

/**
 * import_free() - Release what a router's configuration holds.
 * @im: configuration
 */
void import_free(struct import *im)
{
	for (size_t n = 0; n < im->n_lines; n++)
		free_wiped(im->lines[n].text);
	free(im->lines);
	import_isakmp_free(im);
	import_lines_free(&im->ikev2);
	import_lines_free(&im->routes);
	import_lines_free(&im->router);
	import_interfaces_free(im);
	free(im->networks);
	free(im->acls);
	free(im->hostname);
	config_free(&im->config);
}

/**
 * import_current() - The interface that the line being read is about.
 * @im: configuration
 *
 * Return: it, or NULL.
 */
struct import_interface *import_current(const struct import *im)
{
	return im->config.in.mode == CONFIG_INTERFACE ? im->interface : NULL;
}

/* Nothing is said about the lines of an interface that is left out as a whole. */
static bool is_silent(const struct import *im)
{
	const struct import_interface *i = import_current(im);

	return i && !i->ifname[0] && !im->apart;
}

/**
 * import_note() - Say whose a line is.
 * @im: configuration
 * @line: its words
 * @whose: whose it is
 * @becomes: what is written for it; NULL: nothing
 */
void import_note(struct import *im, const struct grammar_line *line, const char *whose,
		 const char *becomes)
{
	char *text, *result;

	if (im->surveying || is_silent(im))
		return;
	text = grammar_line_text(line);
	result = xstrdup(becomes ? becomes : text);
	text_mask_secrets(text);
	text_mask_secrets(result);
	diag_add(&im->config.diags, DIAG_NOTE, config_pos(&im->config, 0), "%s: %.*s%s%s%s", whose,
		 EXCERPT, text, strlen(text) > EXCERPT ? "..." : "",
		 strcmp(text, result) ? " -> " : "", strcmp(text, result) ? result : "");
	free_wiped(text);
	free_wiped(result);
}

/**
 * import_warn() - Say that nothing becomes of a line that should mean something.
 * @im: configuration
 * @line: its words
 * @what: why
 */
void import_warn(struct import *im, const struct grammar_line *line, const char *what)
{
	if (!im->surveying && !is_silent(im))
		config_warn(&im->config, line->words[0].column, "%s", what);
}

static void add_line(struct import *im, bool below, char *text)
{
	im->lines = array_grow(im->lines, im->n_lines, sizeof(*im->lines));
	im->lines[im->n_lines++] = (struct import_line){ im->config.line, text, below };
}

/* Whether the line could stand anywhere, and needs no heading. */
static bool is_global(const struct grammar_line *line)
{
	struct grammar_error error;
	struct grammar_match match;
	bool global = grammar_parse(config_global_words, line, &match, &error) == GRAMMAR_OK;

	free(error.message);
	return global;
}

/* Put a line into vpnha.conf, unless what it stands below is not there. */
static void keep(struct import *im, const struct grammar_line *line, bool below)
{
	if (!im->surveying && (!below || im->config.in.name[0]))
		add_line(im, below, grammar_line_text(line));
}

static bool is_used(const struct import *im, const char *acl)
{
	for (size_t n = 0; n < im->n_acls; n++)
		if (!strcmp(im->acls[n], acl))
			return true;
	return false;
}

/* Where a remark on what is kept begins; 0: the line is none. */
static size_t remark_of(const struct import *im, const struct grammar_line *line)
{
	enum config_mode mode = im->config.in.mode;

	if (grammar_line_begins(line, 0, "access-list * remark"))
		return 3;
	if (mode == CONFIG_MAP)
		return grammar_line_begins(line, 0, "description");
	if (mode != CONFIG_ACL && mode != CONFIG_ACL6)
		return 0;
	if (grammar_line_begins(line, 0, "remark"))
		return 1;
	return grammar_line_begins(line, 1, "remark") ? 2 : 0;
}

/* It is kept, too, as a comment. */
static void keep_remark(struct import *im, const struct grammar_line *line, size_t from)
{
	const struct grammar_line rest = {
		.words = line->words + from, .n_words = line->n_words - from
	};
	bool below = im->config.in.mode != CONFIG_GLOBAL;
	char *text;

	if (im->surveying || (below && !im->config.in.name[0]) ||
	    (!below && !is_used(im, line->words[1].text)))
		return;
	text = grammar_line_text(&rest);
	add_line(im, below, xasprintf("! %s", text));
	free(text);
}

/* Put the name of here in the place of the router's. Returns false when there is none. */
static bool translate(struct import *im, struct grammar_line *line)
{
	size_t n = grammar_find(config_mode_words(im->config.in.mode), line, GRAMMAR_IFNAME);
	struct import_interface *i;
	size_t taken;
	char *ios;

	if (n == line->n_words)
		return true;
	taken = import_take_name(line, n, &ios);
	if (!taken) {
		import_warn(im, line, NOT_YET "; the line is left out");
		return false;
	}
	i = import_get(im, ios);
	free(ios);
	if (im->surveying)
		import_need(i, config_pos(&im->config, line->words[n].column));
	if (!i->ifname[0])
		return false;
	grammar_line_set(line, n, i->ifname);
	grammar_line_cut(line, n + 1, n + taken);
	return true;
}

/* What the language wants said that the router takes for granted. */
static void complete(struct import *im, struct grammar_line *line, const struct grammar_match *m)
{
	struct transform t = {
		.cipher = m->args[ARG_CIPHER].number,
		.auth = m->args[ARG_AUTH].number,
	};
	unsigned int column;

	/* What else is wrong with it is told first. */
	if (!m->args[ARG_CIPHER].given || !m->args[ARG_AUTH].given || m->args[ARG_WEAK].given ||
	    !transform_weak(&t))
		return;
	column = m->args[ARG_CIPHER].column;
	config_warn(&im->config, column, "%s is weak: 'allow-weak' was added", transform_weak(&t));
	grammar_line_add(line, "allow-weak", column);
}

/* Whether the rest of a line means something without what @word begins. */
static bool may_miss(const struct grammar_line *line, const char *word)
{
	return !strcmp(word, "stateful") ||
	       (!strcmp(word, "delay") && grammar_line_begins(line, line->n_words > 1 &&
			isdigit((unsigned char)line->words[1].text[0]) ? 2 : 1, "preempt"));
}

static void cut_behind(struct grammar_line *line, unsigned int column)
{
	for (size_t n = 0; n < line->n_words; n++)
		if (line->words[n].column == column)
			grammar_line_cut(line, n, line->n_words);
}

/*
 * Make of a line what this version understands. Returns false when that is
 * nothing, and has said so.
 */
static bool adapt(struct import *im, struct grammar_line *line)
{
	struct grammar_error error;
	struct grammar_match match;
	enum grammar_result result;
	unsigned int column;

	result = grammar_parse(config_mode_words(im->config.in.mode), line, &match, &error);
	free(error.message);
	if (result != GRAMMAR_OK)
		return true;
	if (config_is_unusable(&match)) {
		import_warn(im, line, "of no use here; the line is left out");
		return false;
	}
	if (!config_is_refused(&match)) {
		complete(im, line, &match);
		return true;
	}
	column = match.args[ARG_KIND].column;
	if (!may_miss(line, match.args[ARG_KIND].text)) {
		if (!is_silent(im))
			config_warn(&im->config, column,
				    "'%s' is " NOT_YET "; the line is left out",
				    match.args[ARG_KIND].text);
		config_recover(&im->config, line);
		return false;
	}
	if (!is_silent(im))
		config_warn(&im->config, column,
			    "'%s' is " NOT_YET "; the line is kept without it",
			    match.args[ARG_KIND].text);
	cut_behind(line, column);
	return true;
}

/* The access list that a line is about or begins; NULL: none. */
static const char *acl_name(const struct grammar_line *line, bool *heading)
{
	*heading = true;
	if (grammar_line_begins(line, 0, "ip access-list extended *"))
		return line->words[3].text;
	if (grammar_line_begins(line, 0, "ipv6 access-list *"))
		return line->words[2].text;
	*heading = false;
	return grammar_line_begins(line, 0, "access-list *") ? line->words[1].text : NULL;
}

/* Access lists of packet filters say much that those of crypto maps cannot. */
static bool is_packet_filter(struct import *im, const struct grammar_line *line)
{
	bool heading;
	const char *name = acl_name(line, &heading);

	if (im->surveying || !name || is_used(im, name))
		return false;
	im->config.in.mode = CONFIG_GLOBAL;
	im->below = heading ? IMPORT_PACKET_FILTER : IMPORT_NOTHING;
	import_note(im, line, "the host's, no crypto map uses it", NULL);
	return true;
}

static bool is_below_packet_filter(const struct grammar_line *line)
{
	const char *word = line->words[0].text;

	return line->indented || isdigit((unsigned char)*word) || !strcmp(word, "permit") ||
	       !strcmp(word, "deny") || !strcmp(word, "remark") || !strcmp(word, "evaluate");
}

static void read_ours(struct import *im, struct grammar_line *line)
{
	/* the name in it, which is a router's, may be none here */
	bool below = !grammar_line_begins(line, 0, "track") && !is_global(line);
	size_t errors;

	if (is_packet_filter(im, line))
		return;
	if (below && import_current(im))
		import_current(im)->ours = true;
	if (!translate(im, line) || !adapt(im, line))
		return;
	errors = im->config.diags.n_errors;
	config_words(&im->config, line);
	if (im->config.diags.n_errors == errors && !grammar_line_begins(line, 0, "end") &&
	    !grammar_line_begins(line, 0, "exit"))
		keep(im, line, below);
}

static void read_heading(struct import *im, struct grammar_line *line)
{
	unsigned int column = line->n_words > 1 ? line->words[1].column : 1;
	struct import_interface *i;
	size_t taken, errors;
	char *ios;

	taken = import_take_name(line, 1, &ios);
	if (!taken) {
		/* What stands below it is nobody's, least of all the last interface's. */
		im->interface = NULL;
		errors = im->config.diags.n_errors;
		config_words(&im->config, line);
		if (im->config.diags.n_errors == errors)
			config_error(&im->config, column, "no router has an interface %s",
				     line->words[1].text);
		config_enter(&im->config, CONFIG_INTERFACE, "", column);
		return;
	}
	i = import_get(im, ios);
	free(ios);
	im->interface = i;
	im->apart = false;
	if (!i->at.line)
		i->at = config_pos(&im->config, column);
	grammar_line_cut(line, 2, 1 + taken);
	if (grammar_line_begins(line, 2, "point-to-point") ||
	    grammar_line_begins(line, 2, "multipoint"))
		grammar_line_cut(line, 2, 3);
	/* Without a name here the lines are read, and mean nothing. */
	grammar_line_set(line, 1, i->ifname[0] ? i->ifname : "none");
	config_words(&im->config, line);
	if (!i->ifname[0])
		config_enter(&im->config, CONFIG_INTERFACE, "", column);
	else if (i->ours)
		keep(im, line, false);
}

/* Who is who is good to know where vpnha's lines are, too. */
static void keep_address(struct import *im, const struct grammar_line *line)
{
	const struct import_interface *i = import_current(im);
	struct config_address a;

	if (i && i->ours && config_address_parse(&a, line))
		keep(im, line, true);
}

static void read_hosts(struct import *im, const struct grammar_line *line, bool below)
{
	size_t remark = remark_of(im, line);

	if (!below)
		im->below = IMPORT_NOTHING;
	if (im->below == IMPORT_OSPF || im->below == IMPORT_ROUTER) {
		import_router_line(im, line);
	} else if (grammar_line_begins(line, 0, "router *")) {
		import_router(im, line);
	} else if (remark) {
		keep_remark(im, line, remark);
	} else {
		keep_address(im, line);
		import_host_line(im, line);
	}
}

static void read_not_yet(struct import *im, const struct grammar_line *line)
{
	/* Below an entry it is known and warned of, until a version carries it out. */
	if (im->config.in.mode == CONFIG_MAP) {
		import_warn(im, line, NOT_YET "; the line is kept for a later one");
		keep(im, line, true);
	} else {
		import_warn(im, line, NOT_YET "; the line is left out");
	}
}

static void read_words(struct import *im, struct grammar_line *line)
{
	bool below;

	if (im->below == IMPORT_PACKET_FILTER) {
		if (is_below_packet_filter(line)) {
			import_note(im, line, "the host's", NULL);
			return;
		}
		im->below = IMPORT_NOTHING;
	}
	if (strlen(line->words[0].text) > 2 && !strncmp("interface", line->words[0].text,
							strlen(line->words[0].text))) {
		read_heading(im, line);
		return;
	}
	switch (config_whose(&im->config, line, &below)) {
	case CONFIG_OURS:
		read_ours(im, line);
		break;
	case CONFIG_HOST:
		read_hosts(im, line, below);
		break;
	case CONFIG_STANDARD_ACL:
		import_note(im, line, "the host's", NULL);
		break;
	default:
		if (!import_isakmp(im, line, below))
			read_not_yet(im, line);
		break;
	}
}

/* "7204VXR-1#show run", which a printed session begins with, or a prompt that ends it. */
static bool is_prompt(const char *text, size_t length)
{
	static const char *const commands[] = { "", "more", "sh", "show", "term", "wr", "write" };
	size_t n = 0, end;

	while (n < length && text[n] != ' ' && text[n] != '\t' && text[n] != '#' && text[n] != '>')
		n++;
	if (!n || n == length || (text[n] != '#' && text[n] != '>'))
		return false;
	for (n++; n < length && text[n] == ' '; n++)
		;
	for (end = n; end < length && isalpha((unsigned char)text[end]); end++)
		;
	for (size_t k = 0; k < sizeof(commands) / sizeof(*commands); k++)
		if (end - n == strlen(commands[k]) && !memcmp(text + n, commands[k], end - n))
			return end > n || end == length;
	return false;
}

/* What a session says around the configuration. */
static bool is_chatter(const struct grammar_line *line, const char *text, size_t length)
{
	return is_prompt(text, length) ||
	       grammar_line_begins(line, 0, "Building configuration...") ||
	       grammar_line_begins(line, 0, "Current configuration");
}

/* A copy of the line, in which blanks stand for form feeds and for blanks of typesetters. */
static char *plain(const char *text, size_t length)
{
	char *copy = xcalloc(length + 1, 1);

	for (size_t n = 0; n < length; n++) {
		bool wide = length - n > 1 && !memcmp(text + n, "\xc2\xa0", 2);

		copy[n] = text[n] == '\f' || wide ? ' ' : text[n];
		if (wide)
			copy[++n] = ' ';
	}
	return copy;
}

static void read_line(struct import *im, unsigned int number)
{
	struct config *c = &im->config;
	struct grammar_line line;
	size_t length;
	const char *text = source_get(c->diags.source, number, &length);
	char *copy = plain(text, length);

	c->line = number;
	grammar_split(&line, copy, length);
	if (!line.n_words)
		im->apart |= length && copy[0] == '!';
	else if (!is_chatter(&line, copy, length) && !config_stray(c, &line, copy))
		read_words(im, &line);
	grammar_line_free(&line);
	explicit_bzero(copy, length);
	free(copy);
}

static void read_lines(struct import *im)
{
	im->interface = NULL;
	im->below = IMPORT_NOTHING;
	im->ospf = false;
	for (unsigned int n = 1; n <= im->config.diags.source->n_lines; n++)
		read_line(im, n);
}

/* Remember the access lists that entries of crypto maps, or of dynamic ones, protect by. */
static void note_acls(struct import *im, struct crypto_map *const *maps, size_t n_maps)
{
	for (size_t n = 0; n < n_maps; n++) {
		if (!maps[n]->acl[0] || is_used(im, maps[n]->acl))
			continue;
		im->acls = array_grow(im->acls, im->n_acls, sizeof(*im->acls));
		memcpy(im->acls[im->n_acls++], maps[n]->acl, sizeof(*im->acls));
	}
}

static void survey(struct import *im)
{
	const struct source *source = im->config.diags.source;
	const struct crypto *crypto = &im->config.model.crypto;

	im->surveying = true;
	read_lines(im);
	note_acls(im, crypto->maps, crypto->n_maps);
	note_acls(im, crypto->dynamics, crypto->n_dynamics);
	import_ospf_interfaces(im);
	config_free(&im->config);
	config_init(&im->config, source);
	im->surveying = false;
}

/* A group with a name. */
struct named {
	struct model_interface *interface;
	struct model_group *group;
	bool followed;
};

/* Those of one name stand together, and first the one that keeps it. */
static int compare_named(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->group->name, y->group->name);

	if (order)
		return order;
	if (x->followed != y->followed)
		return x->followed ? -1 : 1;
	return x->group->at[MODEL_GROUP_NAME].line < y->group->at[MODEL_GROUP_NAME].line ? -1 : 1;
}

static void drop_line(struct import *im, unsigned int line)
{
	for (size_t n = 0; n < im->n_lines; n++) {
		if (im->lines[n].line != line)
			continue;
		free_wiped(im->lines[n].text);
		memmove(&im->lines[n], &im->lines[n + 1],
			(--im->n_lines - n) * sizeof(*im->lines));
		return;
	}
}

static bool is_followed(const struct model *m, const struct model_interface *i,
			const struct model_group *g)
{
	const struct crypto_binding *b = crypto_binding_find(&m->crypto, i->ifname);

	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			if (!strcmp(m->interfaces[n]->groups[k]->follow, g->name))
				return true;
	return b && !strcmp(b->redundancy, g->name);
}

/* On a router groups of several interfaces may have one name. Who is followed by it keeps it. */
static void drop_names(struct import *im)
{
	const struct model *m = &im->config.model;
	struct named *all = NULL;
	size_t n_all = 0, first = 0;

	for (size_t n = 0; n < m->n_interfaces; n++) {
		struct model_interface *i = m->interfaces[n];

		for (size_t k = 0; k < i->n_groups; k++) {
			struct model_group *g = i->groups[k];

			if (!g->name[0])
				continue;
			all = array_grow(all, n_all, sizeof(*all));
			all[n_all++] = (struct named){ i, g, is_followed(m, i, g) };
		}
	}
	if (n_all)
		qsort(all, n_all, sizeof(*all), compare_named);
	for (size_t n = 1; n < n_all; n++) {
		struct model_group *g = all[n].group;

		if (strcmp(g->name, all[first].group->name)) {
			first = n;
			continue;
		}
		diag_add(&im->config.diags, DIAG_WARNING, g->at[MODEL_GROUP_NAME],
			 "only one group can have the name %s: the line is left out, and group %u of %s keeps it",
			 g->name, all[first].group->number, all[first].interface->ifname);
		drop_line(im, g->at[MODEL_GROUP_NAME].line);
		g->name[0] = '\0';
	}
	free(all);
}

static void not_there(struct import *im, struct model_pos at, uint32_t id)
{
	diag_add(&im->config.diags, DIAG_WARNING, at,
		 "there is no object %u here: the line is left out", id);
	drop_line(im, at.line);
}

static void drop_members(struct import *im, struct object *o)
{
	for (size_t n = o->n_members; n-- > 0;) {
		const struct object_member member = o->members[n];

		if (object_find(&im->config.model.objects, member.id))
			continue;
		not_there(im, member.at, member.id);
		object_member_remove(o, member.id);
	}
}

static void drop_tracks(struct import *im, struct model_group *g)
{
	for (size_t n = g->n_tracks; n-- > 0;) {
		const struct model_track t = g->tracks[n];

		if (!t.object || object_find(&im->config.model.objects, t.object))
			continue;
		not_there(im, t.at, t.object);
		model_track_remove(g, t.target, t.object);
	}
}

/* Objects of kinds that are not supported were left out: who refers to them is, too. */
static void drop_objects(struct import *im)
{
	const struct model *m = &im->config.model;

	for (size_t n = 0; n < m->objects.n_items; n++)
		drop_members(im, &m->objects.items[n]);
	for (size_t n = 0; n < m->n_interfaces; n++)
		for (size_t k = 0; k < m->interfaces[n]->n_groups; k++)
			drop_tracks(im, m->interfaces[n]->groups[k]);
}

/**
 * import_read() - Read a router's configuration.
 * @im: configuration, which knows the names of its interfaces
 *
 * What is wrong, and whose each line is, is told by the messages of its member @config.
 */
void import_read(struct import *im)
{
	survey(im);
	import_names(im);
	read_lines(im);
	drop_names(im);
	drop_objects(im);
	import_isakmp_finish(im);
	config_finish(&im->config, CONFIG_ELSEWHERE);
}
