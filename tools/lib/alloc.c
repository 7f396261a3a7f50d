// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/alloc.h"

static void *check(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		/* Other threads may still use what would be released at exit. */
		_exit(1);
	}
	return p;
}

/**
 * xcalloc() - Allocate zeroed memory or end the program.
 * @n: number of elements
 * @size: size of one
 */
void *xcalloc(size_t n, size_t size)
{
	return check(calloc(n ? n : 1, size ? size : 1));
}

/**
 * xreallocarray() - Resize an array or end the program.
 * @p: array, or NULL
 * @n: new number of elements
 * @size: size of one
 */
void *xreallocarray(void *p, size_t n, size_t size)
{
	return check(reallocarray(p, n ? n : 1, size ? size : 1));
}

/**
 * xstrdup() - Copy a string or end the program.
 * @s: string
 */
char *xstrdup(const char *s)
{
	return check(strdup(s));
}

/**
 * xstrndup() - Copy at most @n bytes of a string or end the program.
 * @s: string
 * @n: most bytes
 */
char *xstrndup(const char *s, size_t n)
{
	return check(strndup(s, n));
}

/**
 * free_wiped() - Release a string that may hold a key.
 * @s: string, or NULL
 */
void free_wiped(char *s)
{
	if (s)
		explicit_bzero(s, strlen(s));
	free(s);
}

/**
 * xvasprintf() - Print into new memory or end the program.
 * @format: as of printf
 * @ap: its arguments
 */
char *xvasprintf(const char *format, va_list ap)
{
	char *s = NULL;

	return check(vasprintf(&s, format, ap) < 0 ? NULL : s);
}

/**
 * xasprintf() - Print into new memory or end the program.
 * @format: as of printf
 */
char *xasprintf(const char *format, ...)
{
	va_list ap;
	char *s;

	va_start(ap, format);
	s = xvasprintf(format, ap);
	va_end(ap);
	return s;
}

/**
 * array_grow() - Make room for one more element.
 * @items: array that holds @n elements and was only ever grown by this function
 * @n: elements in use
 * @size: size of one
 *
 * Capacities are powers of two, so none needs to be remembered.
 *
 * Return: the array, perhaps moved.
 */
void *array_grow(void *items, size_t n, size_t size)
{
	if (n & (n - 1))
		return items;
	return xreallocarray(items, n ? 2 * n : 1, size);
}

/**
 * array_copy() - Copy an array so that array_grow() can go on with it.
 * @items: array
 * @n: elements in use
 * @size: size of one
 *
 * Return: the copy; NULL when there are no elements.
 */
void *array_copy(const void *items, size_t n, size_t size)
{
	size_t room = 1;

	if (!n)
		return NULL;
	while (room < n)
		room *= 2;
	return memcpy(xcalloc(room, size), items, n * size);
}
