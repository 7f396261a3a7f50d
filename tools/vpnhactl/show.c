// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that show what the kernel has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "lib/show.h"
#include "vpnhactl/ctl.h"

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
	int ret = ctl_get(ctl, &filter, SESSION_STANDBY, &model);

	if (ret != CTL_OK)
		return ret;
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
	return n_list;
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
 * exec_show_running_config() - "show running-config".
 * @ctl: run
 * @m: command
 */
int exec_show_running_config(struct ctl *ctl, const struct grammar_match *m)
{
	struct model model;
	int ret = ctl_get_config(ctl, &model);

	(void)m;
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(show_config_json(&model));
	else
		config_write(stdout, &model);
	model_free(&model);
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

static void write_model(FILE *out, const void *model)
{
	config_write(out, model);
}

static int save(const struct ctl *ctl, const char *path)
{
	struct ctl_file file = { .path = path, .write = write_model };
	struct model model;
	int ret;

	ret = ctl_get_config(ctl, &model);
	if (ret != CTL_OK)
		return ret;
	file.what = &model;
	file.mode = crypto_has_keys(&model.crypto) ? CTL_SECRET_MODE : CTL_FILE_MODE;
	ret = ctl_write_files(ctl, &file, 1);
	model_free(&model);
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
