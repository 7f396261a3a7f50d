// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "lib/source.h"

#define SOURCE_MAX	(256UL << 20)
#define BYTE_ORDER_MARK	"\xef\xbb\xbf"

static size_t used(const struct source *s)
{
	const struct source_line *last;

	if (!s->n_lines)
		return 0;
	last = &s->lines[s->n_lines - 1];
	return last->start + last->length;
}

/* As realloc(), but what moves leaves no keys behind. */
static char *regrow(char *text, size_t from, size_t to)
{
	char *grown = xcalloc(to, 1);

	if (text) {
		memcpy(grown, text, from);
		explicit_bzero(text, from);
	}
	free(text);
	return grown;
}

/**
 * source_add() - Append text, one or more lines.
 * @s: source
 * @text: lines, ended by LF or CR LF; the last may lack its end
 * @length: bytes of @text
 */
void source_add(struct source *s, const char *text, size_t length)
{
	size_t from = used(s), start = 0;

	s->text = regrow(s->text, from, from + length + 1);
	if (length)
		memcpy(s->text + from, text, length);
	s->text[from + length] = '\0';
	while (start < length) {
		const char *end = memchr(text + start, '\n', length - start);
		size_t next = end ? (size_t)(end - text) + 1 : length;
		size_t n = (end ? next - 1 : next) - start;

		if (n && text[start + n - 1] == '\r')
			n--;
		s->lines = array_grow(s->lines, s->n_lines, sizeof(*s->lines));
		s->lines[s->n_lines++] = (struct source_line){ from + start, n };
		start = next;
	}
}

/**
 * source_name() - Say what messages call a source.
 * @s: source
 * @name: name, or NULL
 */
void source_name(struct source *s, const char *name)
{
	free(s->name);
	s->name = name ? xstrdup(name) : NULL;
}

/* No stdio: its buffers would keep what they held. */
static int read_all(struct source *s, int fd)
{
	size_t length = 0, room = 65536;
	char *text = xcalloc(room, 1);
	ssize_t n;
	int ret;

	for (;;) {
		n = read(fd, text + length, room - length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		length += (size_t)n;
		if (length > SOURCE_MAX)
			break;
		if (length == room) {
			text = regrow(text, length, 2 * room);
			room *= 2;
		}
	}
	ret = n < 0 ? -errno : n ? -EFBIG : 0;
	if (!ret) {
		size_t mark = length >= 3 && !memcmp(text, BYTE_ORDER_MARK, 3) ? 3 : 0;

		source_add(s, text + mark, length - mark);
	}
	explicit_bzero(text, length);
	free(text);
	return ret;
}

/**
 * source_read() - Read a whole file.
 * @s: an empty source
 * @path: file, "-" for the standard input
 *
 * Return: 0 or a negative errno.
 */
int source_read(struct source *s, const char *path)
{
	struct stat st;
	int fd, ret;

	if (!strcmp(path, "-")) {
		source_name(s, "stdin");
		return read_all(s, STDIN_FILENO);
	}
	source_name(s, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode))
		ret = -EISDIR;
	else
		ret = read_all(s, fd);
	close(fd);
	return ret;
}

/**
 * source_get() - Get a line.
 * @s: source
 * @line: its number, from 1
 * @length: its length, without its end
 *
 * Return: the line, which no NUL ends, or NULL when there is none.
 */
const char *source_get(const struct source *s, unsigned int line, size_t *length)
{
	if (!line || line > s->n_lines)
		return NULL;
	*length = s->lines[line - 1].length;
	return s->text + s->lines[line - 1].start;
}

/**
 * source_free() - Release what a source holds, which may be keys, and make it empty.
 * @s: source
 */
void source_free(struct source *s)
{
	free(s->name);
	if (s->text)
		explicit_bzero(s->text, used(s));
	free(s->text);
	free(s->lines);
	memset(s, 0, sizeof(*s));
}
