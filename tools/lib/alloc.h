/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is there, or the program ends. */
#ifndef VPNHA_ALLOC_H
#define VPNHA_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
char *xvasprintf(const char *format, va_list ap) __attribute__((format(printf, 1, 0)));
void free_wiped(char *s);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *array_grow(void *items, size_t n, size_t size);
void *array_copy(const void *items, size_t n, size_t size);

#endif
