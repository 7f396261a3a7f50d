// SPDX-License-Identifier: GPL-2.0-or-later
/* What a keying daemon is to negotiate for an entry of a crypto map. */
#include <stdio.h>
#include <string.h>

#include "lib/config.h"
#include "lib/text.h"

static void set_sets(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *last = &m->args[ARG_SET];
	struct crypto_map *map;

	for (size_t n = 0; !m->negated && n < m->n_list; n++) {
		struct grammar_value name = *last;

		name.text = m->list[n];
		if (!config_name(c, &name))
			return;
		for (size_t k = 0; k < n; k++) {
			if (strcmp(m->list[k], m->list[n]))
				continue;
			config_error(c, last->column, "transform set %s is named twice",
				     m->list[n]);
			return;
		}
	}
	if (m->n_list > VPNHA_TRANSFORM_SETS_MAX) {
		config_error(c, last->column, "more than %d transform sets",
			     VPNHA_TRANSFORM_SETS_MAX);
		return;
	}
	map = config_this_map(c, m);
	if (!map)
		return;
	memset(map->sets, 0, sizeof(map->sets));
	map->n_sets = m->negated ? 0 : m->n_list;
	for (size_t n = 0; n < map->n_sets; n++)
		snprintf(map->sets[n], sizeof(map->sets[n]), "%s", m->list[n]);
	map->at[CRYPTO_MAP_SET] = config_pos(c, last->given ? last->column : m->column);
}

/* The entry that a line says something of that is negotiated, or NULL. */
static struct crypto_map *keyed_map(struct config *c, const struct grammar_match *m,
				    const struct grammar_value *value,
				    enum crypto_map_field field)
{
	struct crypto_map *map = config_this_map(c, m);

	if (!map)
		return NULL;
	if (!m->negated && map->kind == VPNHA_MAP_KIND_MANUAL) {
		config_error(c, value->column,
			     "nothing is negotiated for an %s entry: its session keys are all",
			     text_map_kind(map->kind));
		return NULL;
	}
	map->at[field] = config_pos(c, value->given ? value->column : m->column);
	return map;
}

static void set_pfs(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *group = &m->args[ARG_PFS];
	struct crypto_map *map = keyed_map(c, m, group, CRYPTO_MAP_PFS);

	if (map)
		map->keying.pfs = m->negated ? 0 : group->number;
}

static void set_seconds(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *seconds = &m->args[ARG_SECONDS];
	struct crypto_map *map = keyed_map(c, m, seconds, CRYPTO_MAP_SECONDS);

	if (map)
		map->keying.seconds = m->negated ? 0 : seconds->number;
}

static void set_kilobytes(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *kilobytes = &m->args[ARG_KILOBYTES];
	struct crypto_map *map = keyed_map(c, m, kilobytes, CRYPTO_MAP_KILOBYTES);

	if (map)
		map->keying.kilobytes = m->negated ? 0 : kilobytes->number;
}

static void set_idle_time(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *idle = &m->args[ARG_IDLE_TIME];
	struct crypto_map *map = keyed_map(c, m, idle, CRYPTO_MAP_IDLE_TIME);

	if (map)
		map->keying.idle_time = m->negated ? 0 : idle->number;
}

static void set_profile(struct config *c, const struct grammar_match *m)
{
	const struct grammar_value *profile = &m->args[ARG_PROFILE];
	struct crypto_map *map;

	if (!m->negated && !config_name(c, profile))
		return;
	map = keyed_map(c, m, profile, CRYPTO_MAP_PROFILE);
	if (map)
		snprintf(map->keying.profile, sizeof(map->keying.profile), "%s",
			 m->negated ? "" : profile->text);
}

/* One after the other, in order of preference. */
const struct grammar_node config_map_set_words[] = {
	WORD(ARG_SET, "Name of a transform set", .flags = GRAMMAR_STOP | GRAMMAR_LIST,
	     .next = config_map_set_words),
	END
};

#define GROUP(n, h)	KEYWORD("group" #n, h, .arg = ARG_PFS, .id = (n), .flags = GRAMMAR_STOP)

static const struct grammar_node group_words[] = {
	GROUP(14, "2048 bits"),
	GROUP(15, "3072 bits"),
	GROUP(16, "4096 bits"),
	GROUP(17, "6144 bits"),
	GROUP(18, "8192 bits"),
	GROUP(19, "Elliptic curve P-256"),
	GROUP(20, "Elliptic curve P-384"),
	GROUP(21, "Elliptic curve P-521"),
	GROUP(31, "Curve25519"),
	END
};

static const struct grammar_node seconds_words[] = {
	NUMBER(ARG_SECONDS, 120, 2592000, "Seconds", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node kilobytes_words[] = {
	KEYWORD("disable", "No lifetime in kilobytes", .arg = ARG_KILOBYTES,
		.id = VPNHA_LIFETIME_DISABLED, .flags = GRAMMAR_STOP),
	NUMBER(ARG_KILOBYTES, 2560, VPNHA_LIFETIME_DISABLED - 1, "Kilobytes",
	       .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node idle_words[] = {
	NUMBER(ARG_IDLE_TIME, 60, 86400, "Seconds", .flags = GRAMMAR_STOP),
	END
};

static const struct grammar_node lifetime_words[] = {
	KEYWORD("kilobytes", "Traffic after which an SA is replaced", .next = kilobytes_words,
		.flags = GRAMMAR_STOP_NO, .config = set_kilobytes),
	KEYWORD("seconds", "Age at which an SA is replaced", .next = seconds_words,
		.flags = GRAMMAR_STOP_NO, .config = set_seconds),
	END
};

static const struct grammar_node association_words[] = {
	KEYWORD("idle-time", "Time without traffic after which SAs are removed",
		.next = idle_words, .flags = GRAMMAR_STOP_NO, .config = set_idle_time),
	KEYWORD("lifetime", "When an SA is replaced", .next = lifetime_words),
	END
};

static const struct grammar_node profile_words[] = {
	WORD(ARG_PROFILE, "Name of the profile", .flags = GRAMMAR_STOP),
	END
};

const struct grammar_node config_keying_words[] = {
	KEYWORD("ikev2-profile", "Profile of the peers", .next = profile_words,
		.flags = GRAMMAR_STOP_NO, .config = set_profile),
	KEYWORD("pfs", "Each SA has a key exchange of its own", .next = group_words,
		.flags = GRAMMAR_STOP_NO, .config = set_pfs),
	KEYWORD("security-association", "What SAs are like", .next = association_words),
	KEYWORD("transform-set", "How packets are protected", .next = config_map_set_words,
		.flags = GRAMMAR_STOP_NO, .config = set_sets),
	END
};
