/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, for the files that print states. */
#ifndef VPNHA_JSON_SET_H
#define VPNHA_JSON_SET_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/alloc.h"
#include "lib/text.h"

static inline void set(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static inline void set_number(json_t *o, const char *key, uint64_t value)
{
	set(o, key, json_integer((json_int_t)value));
}

/* 0 stands for a value that is not configured. */
static inline void set_number_or_null(json_t *o, const char *key, uint64_t value)
{
	set(o, key, value ? json_integer((json_int_t)value) : json_null());
}

static inline void set_bool(json_t *o, const char *key, bool value)
{
	set(o, key, json_boolean(value));
}

/* Names may hold any byte but NUL, JSON may not. */
static inline void set_string(json_t *o, const char *key, const char *value)
{
	char *copy = xstrdup(value);

	text_sanitize(copy);
	set(o, key, json_string(copy));
	free(copy);
}

/* An empty string stands for none. */
static inline void set_string_or_null(json_t *o, const char *key, const char *value)
{
	if (value[0])
		set_string(o, key, value);
	else
		set(o, key, json_null());
}

#endif
