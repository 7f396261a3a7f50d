// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that show what the kernel has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "lib/show.h"
#include "vpnhactl/ike.h"

/**
 * ctl_get() - Get the kernel's objects.
 * @ctl: run
 * @filter: which interfaces and groups; NULL: all
 * @what: SESSION_*
 * @m: result, to be freed when it was got
 *
 * Return: exit status.
 */
int ctl_get(const struct ctl *ctl, const struct session_filter *filter, unsigned int what,
	    struct model *m)
{
	struct session_error e = {};
	struct session s;

	memset(m, 0, sizeof(*m));
	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	if (session_get(&s, filter, what, m, &e)) {
		session_close(&s);
		return ctl_fail_session(ctl, &e);
	}
	session_close(&s);
	return CTL_OK;
}

/**
 * ctl_get_config() - Get what is configured, with session keys for those who may have them.
 * @ctl: run
 * @m: result, to be freed when it was got
 *
 * Return: exit status.
 */
int ctl_get_config(const struct ctl *ctl, struct model *m)
{
	struct session_error e = {};
	struct session s;
	int ret;

	memset(m, 0, sizeof(*m));
	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	ret = session_get(&s, NULL, SESSION_STANDBY | SESSION_CRYPTO | SESSION_KEYS, m, &e);
	if (ret == -EPERM) {
		session_error_clear(&e);
		ret = session_get(&s, NULL, SESSION_STANDBY | SESSION_CRYPTO, m, &e);
	}
	session_close(&s);
	return ret ? ctl_fail_session(ctl, &e) : CTL_OK;
}

static void hide(struct model *m, const struct session_filter *filter)
{
	for (size_t n = 0; n < m->n_interfaces; n++) {
		struct model_interface *i = m->interfaces[n];

		i->state.hidden = filter->ifname && strcmp(i->ifname, filter->ifname);
		for (size_t k = 0; k < i->n_groups; k++)
			i->groups[k]->state.hidden = i->state.hidden ||
				(filter->has_number && i->groups[k]->number != filter->number);
	}
}

/**
 * exec_show_standby() - "show standby".
 * @ctl: run
 * @m: command
 */
int exec_show_standby(struct ctl *ctl, const struct grammar_match *m)
{
	struct session_filter filter = {
		.ifname = m->args[ARG_IFNAME].text,
		.has_number = m->args[ARG_GROUP].given,
		.number = m->args[ARG_GROUP].number,
	};
	bool detail = m->args[ARG_DETAIL].given;
	const struct model_interface *i = NULL;
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_STANDBY, &model);

	if (ret != CTL_OK)
		return ret;
	/* what is shown may be said of others, too */
	hide(&model, &filter);
	if (filter.ifname)
		i = model_interface_find(&model, filter.ifname);
	if (filter.ifname && !i)
		ret = ctl_fail(ctl, "interface %s has no standby groups", filter.ifname);
	else if (i && filter.has_number && !model_group_find(i, filter.number))
		ret = ctl_fail(ctl, "interface %s has no standby group %u", filter.ifname,
			       filter.number);
	else if (ctl->json && detail)
		ctl_print_json(json_pack("{s:o,s:o}", "groups", show_standby_json(&model),
					 "interfaces", show_interfaces_json(&model)));
	else if (ctl->json && m->args[ARG_DELAY].given)
		ctl_print_json(show_interfaces_json(&model));
	else if (m->args[ARG_DELAY].given)
		show_standby_delay(stdout, &model);
	else if (ctl->json)
		ctl_print_json(show_standby_json(&model));
	else if (m->args[ARG_BRIEF].given)
		show_standby_brief(stdout, &model);
	else
		show_standby(stdout, &model, detail);
	model_free(&model);
	return ret;
}

static bool has_track(const struct model *m, uint32_t id)
{
	struct model_tracked *list;
	size_t n_list = model_list_tracked(m, id, &list);

	free(list);
	return n_list || object_find(&m->objects, id);
}

/**
 * exec_show_track() - "show track".
 * @ctl: run
 * @m: command
 */
int exec_show_track(struct ctl *ctl, const struct grammar_match *m)
{
	uint32_t id = m->args[ARG_ID].number;
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_STANDBY, &model);

	if (ret != CTL_OK)
		return ret;
	if (id && !has_track(&model, id))
		ret = ctl_fail(ctl, "no tracked object %u", id);
	else if (ctl->json)
		ctl_print_json(show_track_json(&model, id));
	else
		show_track(stdout, &model, id);
	model_free(&model);
	return ret;
}

/**
 * exec_track() - "track NUMBER up|down".
 * @ctl: run
 * @m: command
 */
int exec_track(struct ctl *ctl, const struct grammar_match *m)
{
	struct session_error e = {};
	struct session s;
	int ret = CTL_OK;

	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	if (session_set_object(&s, m->args[ARG_OBJECT].number, m->args[ARG_STATE].number, &e))
		ret = ctl_fail_session(ctl, &e);
	else if (ctl->json)
		ctl_print_json(json_object());
	session_close(&s);
	return ret;
}

/* Lines that vpnhad would have, if it ran, and some entry needs them. */
static bool needs_vpnhad(const struct crypto *c)
{
	for (size_t n = 0; n < c->n_maps; n++)
		if (c->maps[n]->kind != VPNHA_MAP_KIND_MANUAL)
			return true;
	return false;
}

/**
 * struct running - The current configuration.
 * @model: what the kernel has
 * @ikev2: what vpnhad has, as text; NULL: it is not running
 */
struct running {
	struct model model;
	char *ikev2;
};

static void running_free(struct running *r)
{
	model_free(&r->model);
	free_wiped(r->ikev2);
}

static int get_running(const struct ctl *ctl, struct running *r)
{
	struct ctl_ike ike;
	int ret;

	memset(r, 0, sizeof(*r));
	ret = ctl_get_config(ctl, &r->model);
	if (ret != CTL_OK)
		return ret;
	ret = ctl_ike_open(ctl, &ike);
	if (ret == CTL_OK && !ike.absent)
		ret = ctl_ike_text(ctl, &ike, &r->ikev2);
	ctl_ike_close(&ike);
	if (ret != CTL_OK)
		running_free(r);
	return ret;
}

static void write_running(FILE *out, const void *running)
{
	const struct running *r = running;

	size_t length = r->ikev2 ? strlen(r->ikev2) : 0;

	/* Both parts end in a line of their own, and begin with one. */
	if (length > 2 && !strcmp(r->ikev2 + length - 2, "!\n"))
		length -= 2;
	if (length)
		fprintf(out, "!\n%.*s", (int)length, r->ikev2);
	else if (!r->ikev2 && needs_vpnhad(&r->model.crypto))
		fprintf(out, "! vpnhad is not running: its lines, %s, are not here\n",
			"crypto ikev2 and crypto pki");
	config_write(out, &r->model);
}

/**
 * exec_show_running_config() - "show running-config".
 * @ctl: run
 * @m: command
 */
int exec_show_running_config(struct ctl *ctl, const struct grammar_match *m)
{
	struct running r;
	int ret = get_running(ctl, &r);
	json_t *o;

	(void)m;
	if (ret != CTL_OK)
		return ret;
	if (ctl->json) {
		o = show_config_json(&r.model);
		if (r.ikev2)
			json_object_set_new(o, "ikev2", json_string(r.ikev2));
		ctl_print_json(o);
	} else {
		write_running(stdout, &r);
	}
	running_free(&r);
	return CTL_OK;
}

/* The version that the module says it has; the caller's. NULL: it is not loaded. */
static char *module_version(void)
{
	char *line = NULL;
	size_t room = 0;
	FILE *f;

	if (access("/sys/module/vpnha", F_OK))
		return NULL;
	f = fopen("/sys/module/vpnha/version", "re");
	if (f) {
		if (getline(&line, &room, f) > 0)
			line[strcspn(line, "\n")] = '\0';
		fclose(f);
	}
	return line ? line : xstrdup("unknown");
}

/**
 * exec_show_version() - "show version".
 * @ctl: run
 * @m: command
 */
int exec_show_version(struct ctl *ctl, const struct grammar_match *m)
{
	char *module = module_version();

	(void)m;
	if (ctl->json) {
		ctl_print_json(json_pack("{s:s,s:s?}", "vpnhactl", VPNHA_VERSION,
					 "module", module));
	} else {
		printf("vpnhactl version %s\n", VPNHA_VERSION);
		if (module)
			printf("vpnha kernel module version %s\n", module);
		else
			printf("vpnha kernel module is not loaded\n");
	}
	free(module);
	return CTL_OK;
}

/* Whether a file has lines that vpnhad would have to tell. */
static bool has_ikev2(const char *path)
{
	struct source source = {};
	struct config c;
	struct stat st;
	bool has = false;

	config_init(&c, &source);
	if (!stat(path, &st) && S_ISREG(st.st_mode) && !source_read(&source, path)) {
		config_read(&c);
		has = !ikev2_config_is_empty(&c.model.ikev2);
	}
	config_free(&c);
	source_free(&source);
	return has;
}

static int save(const struct ctl *ctl, const char *path)
{
	struct ctl_file file = { .path = path, .write = write_running };
	struct running r;
	int ret = get_running(ctl, &r);

	if (ret != CTL_OK)
		return ret;
	file.what = &r;
	file.mode = model_has_keys(&r.model) || (r.ikev2 && *r.ikev2) ? CTL_SECRET_MODE :
								   CTL_FILE_MODE;
	if (!r.ikev2 && has_ikev2(path))
		ret = ctl_fail(ctl, "vpnhad is not running, and its lines in %s would be lost",
			       path);
	else
		ret = ctl_write_files(ctl, &file, 1);
	running_free(&r);
	return ret;
}

/**
 * exec_copy() - "copy running-config FILE".
 * @ctl: run
 * @m: command
 */
int exec_copy(struct ctl *ctl, const struct grammar_match *m)
{
	return save(ctl, m->args[ARG_FILE].given ? m->args[ARG_FILE].text : CTL_STARTUP_CONFIG);
}

/**
 * exec_write() - "write memory".
 * @ctl: run
 * @m: command
 */
int exec_write(struct ctl *ctl, const struct grammar_match *m)
{
	(void)m;
	return save(ctl, CTL_STARTUP_CONFIG);
}
