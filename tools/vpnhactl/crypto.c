// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that show and clear crypto maps and SAs. */
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/show_crypto.h"
#include "lib/vrf.h"
#include "vpnhactl/ctl.h"

/* No packet is sent there. */
#define DISCARD_PORT	9

static bool has_set(const struct crypto *c, const char *name)
{
	return crypto_set_find(c, name);
}

static bool has_acl(const struct crypto *c, const char *name)
{
	return crypto_acl_find(c, name);
}

static bool has_map(const struct crypto *c, const char *name)
{
	return crypto_map_first(c, name) < c->n_maps;
}

static bool has_dynamic_map(const struct crypto *c, const char *name)
{
	return crypto_dynamic_first(c, name) < c->n_dynamics;
}

/* Show the objects of a name, or all. */
static int show_named(struct ctl *ctl, const char *name, const char *what,
		      bool (*has)(const struct crypto *c, const char *name),
		      void (*show)(FILE *out, const struct crypto *c, const char *name),
		      json_t *(*show_json)(const struct crypto *c, const char *name))
{
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_CRYPTO, &model);

	if (ret != CTL_OK)
		return ret;
	if (name && !has(&model.crypto, name))
		ret = ctl_fail(ctl, "there is no %s %s", what, name);
	else if (ctl->json)
		ctl_print_json(show_json(&model.crypto, name));
	else
		show(stdout, &model.crypto, name);
	model_free(&model);
	return ret;
}

/**
 * exec_show_access_lists() - "show access-lists".
 * @ctl: run
 * @m: command
 */
int exec_show_access_lists(struct ctl *ctl, const struct grammar_match *m)
{
	return show_named(ctl, m->args[ARG_NAME].text, "access list", has_acl, show_acls,
			  show_acls_json);
}

/**
 * exec_show_crypto_set() - "show crypto ipsec transform-set".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_set(struct ctl *ctl, const struct grammar_match *m)
{
	return show_named(ctl, m->args[ARG_NAME].text, "transform set", has_set, show_sets,
			  show_sets_json);
}

/**
 * exec_show_crypto_map() - "show crypto map".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_map(struct ctl *ctl, const struct grammar_match *m)
{
	const char *ifname = m->args[ARG_IFNAME].text;
	const struct crypto_binding *b;
	struct model model;
	int ret;

	if (!ifname)
		return show_named(ctl, m->args[ARG_MAP].text, "crypto map", has_map, show_maps,
				  show_maps_json);
	ret = ctl_get(ctl, NULL, SESSION_CRYPTO, &model);
	if (ret != CTL_OK)
		return ret;
	b = crypto_binding_find(&model.crypto, ifname);
	if (!b)
		ret = ctl_fail(ctl, "interface %s has no crypto map", ifname);
	else if (ctl->json)
		ctl_print_json(show_maps_json(&model.crypto, b->map));
	else
		show_maps(stdout, &model.crypto, b->map);
	model_free(&model);
	return ret;
}

/**
 * exec_show_crypto_dynamic_map() - "show crypto dynamic-map".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_dynamic_map(struct ctl *ctl, const struct grammar_match *m)
{
	return show_named(ctl, m->args[ARG_MAP].text, "dynamic crypto map", has_dynamic_map,
			  show_dynamic_maps, show_dynamic_maps_json);
}

/**
 * exec_show_crypto_counters() - "show crypto ipsec counters".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_counters(struct ctl *ctl, const struct grammar_match *m)
{
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_DROPS, &model);

	(void)m;
	if (ret != CTL_OK)
		return ret;
	if (ctl->json)
		ctl_print_json(json_pack("{s:o}", "drops", show_drops_json(model.crypto.drops)));
	else
		show_drops(stdout, model.crypto.drops);
	model_free(&model);
	return CTL_OK;
}

/* Names of the tables, which are the host's, too. Without them there are numbers. */
static void name_tables(struct crypto *c)
{
	struct vrfs vrfs = {};
	bool needed = false;

	for (size_t n = 0; n < c->n_routes; n++)
		needed |= c->routes[n]->table != CRYPTO_TABLE_MAIN;
	if (!needed)
		return;
	vrfs_get(&vrfs);
	for (size_t n = 0; n < c->n_routes; n++)
		snprintf(c->routes[n]->vrf, sizeof(c->routes[n]->vrf), "%s",
			 vrfs_name(&vrfs, c->routes[n]->table));
	vrfs_free(&vrfs);
}

static bool has_routes(const struct crypto *c, const char *map)
{
	for (size_t n = 0; n < c->n_routes; n++)
		if (!strcmp(c->routes[n]->map, map))
			return true;
	return false;
}

/**
 * exec_show_crypto_route() - "show crypto route".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_route(struct ctl *ctl, const struct grammar_match *m)
{
	const char *map = m->args[ARG_MAP].text;
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_CRYPTO | SESSION_ROUTES, &model);

	if (ret != CTL_OK)
		return ret;
	name_tables(&model.crypto);
	/* Routes of a map that is gone may be about to go. */
	if (map && !has_map(&model.crypto, map) && !has_routes(&model.crypto, map))
		ret = ctl_fail(ctl, "there is no crypto map %s", map);
	else if (ctl->json)
		ctl_print_json(show_routes_json(&model.crypto, map));
	else
		show_routes(stdout, &model.crypto, map);
	model_free(&model);
	return ret;
}

/* What the way to an address passes, as the kernel has learned it; 0: unknown. */
static uint32_t path_mtu(const struct address *to)
{
	bool v6 = to->family == AF_INET6;
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(DISCARD_PORT) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(DISCARD_PORT) };
	int fd = socket(to->family, SOCK_DGRAM | SOCK_CLOEXEC, 0), mtu = 0;
	socklen_t length = sizeof(mtu);

	if (fd < 0)
		return 0;
	memcpy(&sin.sin_addr, to->bytes, sizeof(sin.sin_addr));
	memcpy(&sin6.sin6_addr, to->bytes, sizeof(sin6.sin6_addr));
	if ((v6 ? connect(fd, (const struct sockaddr *)&sin6, sizeof(sin6)) :
		  connect(fd, (const struct sockaddr *)&sin, sizeof(sin))) ||
	    getsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_MTU : IP_MTU, &mtu, &length))
		mtu = 0;
	close(fd);
	return mtu > 0 ? (uint32_t)mtu : 0;
}

static uint32_t media_mtu(const char *ifname)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {};
	uint32_t mtu = 0;

	if (fd < 0)
		return 0;
	memcpy(request.ifr_name, ifname, sizeof(request.ifr_name));
	if (!ioctl(fd, SIOCGIFMTU, &request) && request.ifr_mtu > 0)
		mtu = (uint32_t)request.ifr_mtu;
	close(fd);
	return mtu;
}

/* What the module does not tell, because it is the host's. */
static void get_mtus(struct crypto *c)
{
	const struct crypto_sa *last = NULL;

	for (size_t n = 0; n < c->n_bindings; n++)
		c->bindings[n]->state.media_mtu = media_mtu(c->bindings[n]->ifname);
	for (size_t n = 0; n < c->n_sas; n++) {
		struct crypto_sa *sa = c->sas[n];

		if (sa->direction != VPNHA_ESP_DIRECTION_OUT)
			continue;
		sa->path_mtu = last && address_equal(&last->dst, &sa->dst) ? last->path_mtu :
									     path_mtu(&sa->dst);
		last = sa;
	}
}

/**
 * exec_show_crypto_sa() - "show crypto ipsec sa".
 * @ctl: run
 * @m: command
 */
int exec_show_crypto_sa(struct ctl *ctl, const struct grammar_match *m)
{
	struct show_sa what = {
		.kind = (enum show_sa_kind)m->args[ARG_KIND].number,
		.map = m->args[ARG_MAP].text,
		.ifname = m->args[ARG_IFNAME].text,
		.peer = m->args[ARG_PEER].ip,
		.detail = m->args[ARG_DETAIL].given,
	};
	struct model model;
	int ret = ctl_get(ctl, NULL, SESSION_CRYPTO | SESSION_SAS, &model);

	if (ret != CTL_OK)
		return ret;
	get_mtus(&model.crypto);
	if (what.map && !has_map(&model.crypto, what.map))
		ret = ctl_fail(ctl, "there is no crypto map %s", what.map);
	else if (what.ifname && !crypto_binding_find(&model.crypto, what.ifname))
		ret = ctl_fail(ctl, "interface %s has no crypto map", what.ifname);
	else if (ctl->json)
		ctl_print_json(show_sas_json(&model.crypto, &what));
	else
		show_sas(stdout, &model.crypto, &what);
	model_free(&model);
	return ret;
}

static int clear(const struct ctl *ctl, const struct session_clear *which)
{
	struct session_error e = {};
	struct session s;
	int ret = CTL_OK;

	if (session_open(&s, &e))
		return ctl_fail_session(ctl, &e);
	if (session_clear(&s, which, &e))
		ret = ctl_fail_session(ctl, &e);
	else if (ctl->json)
		ctl_print_json(json_object());
	session_close(&s);
	return ret;
}

/**
 * exec_clear_crypto_sa() - "clear crypto sa".
 * @ctl: run
 * @m: command
 */
int exec_clear_crypto_sa(struct ctl *ctl, const struct grammar_match *m)
{
	struct session_clear which = {
		.ifname = m->args[ARG_IFNAME].text,
		.map = m->args[ARG_MAP].text,
		.number = m->args[ARG_SEQ].number,
		.peer = m->args[ARG_PEER].ip,
		.spi = m->args[ARG_SPI].number,
		.counters = m->args[ARG_COUNTERS].given,
	};

	return clear(ctl, &which);
}

/**
 * exec_clear_crypto_counters() - "clear crypto ipsec counters".
 * @ctl: run
 * @m: command
 */
int exec_clear_crypto_counters(struct ctl *ctl, const struct grammar_match *m)
{
	struct session_clear which = { .counters = true };

	(void)m;
	return clear(ctl, &which);
}
