// SPDX-License-Identifier: GPL-2.0-or-later
/* Which configuration is in force, and how it survives a crash. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "vpnhad/attempts.h"
#include "vpnhad/kernel.h"
#include "vpnhad/log.h"
#include "vpnhad/resolve.h"
#include "vpnhad/vpnhad.h"

/* A longer file is none. */
#define FILE_MAX	(64L << 20)

static void free_text(char *text, size_t length)
{
	if (text)
		explicit_bzero(text, length);
	free(text);
}

/* Lines and what they mean; NULL with an error. */
static struct ike_config *read_text(struct ikev2_config *lines, const char *text, size_t length,
				    struct ikev2_error *e)
{
	struct ike_config *resolved;

	memset(e, 0, sizeof(*e));
	if (!ikev2_config_parse(lines, text, length, e))
		return NULL;
	resolved = resolve(lines, e);
	if (!resolved)
		ikev2_config_free(lines);
	return resolved;
}

static void put_in_force(struct vpnhad *d, struct ikev2_config *lines,
			 struct ike_config *resolved)
{
	ikev2_config_free(&d->ikev2);
	d->ikev2 = *lines;
	ike_config_put(d->resolved);
	d->resolved = resolved;
}

/**
 * struct growing - Text that leaves nothing behind where it was before it grew.
 * @data: text, with a NUL behind it
 * @n: octets of it
 * @room: octets that there is room for
 */
struct growing {
	char *data;
	size_t n, room;
};

static ssize_t append(void *cookie, const char *data, size_t n)
{
	struct growing *t = cookie;
	char *grown;

	if (t->room - t->n <= n) {
		grown = xcalloc(2 * (t->room + n), 1);
		memcpy(grown, t->data, t->n);
		free_text(t->data, t->room);
		t->data = grown;
		t->room = 2 * (t->room + n);
	}
	memcpy(t->data + t->n, data, n);
	t->n += n;
	return (ssize_t)n;
}

/**
 * settings_text() - The lines that are in force.
 * @d: daemon
 * @secrets: with secrets, else with "<removed>" in their place
 *
 * Return: the caller's, who wipes it.
 */
char *settings_text(const struct vpnhad *d, bool secrets)
{
	static const cookie_io_functions_t functions = { .write = append };
	struct growing text = { .data = xcalloc(1, 1), .room = 1 };
	FILE *out = fopencookie(&text, "w", functions);
	char buffer[BUFSIZ];
	bool failed = !out;

	if (out) {
		setvbuf(out, buffer, _IOFBF, sizeof(buffer));
		ikev2_config_write(out, &d->ikev2, secrets, NULL);
		failed = fclose(out);
		explicit_bzero(buffer, sizeof(buffer));
	}
	if (!failed)
		return text.data;
	free_text(text.data, text.room);
	return NULL;
}

/* Returns 0 or an errno. */
static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Keep what is in force for a daemon that comes after a crash. */
static void keep(const struct vpnhad *d)
{
	char *text = settings_text(d, true), *path = xasprintf("%s.new", d->kept);
	size_t length = text ? strlen(text) : 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error = fd < 0 ? errno : text ? write_all(fd, text, length) : ENOMEM;

	if (fd >= 0)
		close(fd);
	if (!error && rename(path, d->kept))
		error = errno;
	if (error)
		log_line(IKE_LOG_ERROR, NULL,
			 "%s: %s; after a crash the configuration would be that of %s", d->kept,
			 strerror(error), d->file);
	free(path);
	free_text(text, length);
}

/**
 * settings_forget_kept() - Let the next daemon begin with its file.
 * @d: daemon
 */
void settings_forget_kept(const struct vpnhad *d)
{
	unlink(d->kept);
}

/**
 * settings_check() - Tell whether a text can be carried out here.
 * @text: text
 * @length: bytes of it
 * @e: why not
 */
bool settings_check(const char *text, size_t length, struct ikev2_error *e)
{
	struct ikev2_config lines;
	struct ike_config *resolved = read_text(&lines, text, length, e);

	if (!resolved)
		return false;
	ike_config_put(resolved);
	ikev2_config_free(&lines);
	return true;
}

/* @problem: ours from now on; NULL: none */
static void set_problem(struct vpnhad *d, char *problem)
{
	if (problem)
		log_line(IKE_LOG_ERROR, NULL, "%s", problem);
	free(d->problem);
	d->problem = problem;
}

/**
 * settings_load() - Put a text in force.
 * @d: daemon
 * @text: text
 * @length: bytes of it
 * @e: why not; all stays as it was then
 */
bool settings_load(struct vpnhad *d, const char *text, size_t length, struct ikev2_error *e)
{
	struct ikev2_config lines;
	struct ike_config *resolved = read_text(&lines, text, length, e);

	if (!resolved)
		return false;
	put_in_force(d, &lines, resolved);
	set_problem(d, NULL);
	keep(d);
	attempts_forget(d->attempts);
	kernel_look(d->kernel);
	return true;
}

/* All of a file; NULL with errno. */
static char *read_all(int fd, size_t size, size_t *length)
{
	char *text = xcalloc(size + 1, 1);
	ssize_t got;

	*length = 0;
	do {
		got = read(fd, text + *length, size - *length);
		if (got > 0)
			*length += (size_t)got;
	} while ((got > 0 && *length < size) || (got < 0 && errno == EINTR));
	if (got >= 0)
		return text;
	free_text(text, size);
	return NULL;
}

/* All of a regular file, and who may do what with it; NULL with errno. */
static char *read_file(const char *path, size_t *length, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), error;
	char *text = NULL;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, st)) {
		errno = S_ISREG(st->st_mode) ? EFBIG : EINVAL;
		if (S_ISREG(st->st_mode) && st->st_size < FILE_MAX)
			text = read_all(fd, (size_t)st->st_size, length);
	}
	error = errno;
	close(fd);
	errno = error;
	return text;
}

/* Only we write what we go on with: whoever else could write it would decide what we do. */
static bool is_ours(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & 0077);
}

/* The file is the administrator's, who is only told. */
static void judge_mode(const char *path, const struct stat *st, const struct ikev2_config *lines)
{
	if (st->st_mode & 0002)
		log_line(IKE_LOG_ERROR, NULL, "%s can be written by everybody (mode %04o)", path,
			 st->st_mode & 07777U);
	else if (st->st_mode & 0004 && ikev2_config_has_secrets(lines))
		log_line(IKE_LOG_ERROR, NULL,
			 "%s holds preshared keys and can be read by everybody (mode %04o): chmod o-r",
			 path, st->st_mode & 07777U);
}

/* What to do about a file that cannot be read. */
static char *unreadable(const char *path, int error)
{
	if (error == EACCES)
		return xasprintf("%s: %s: vpnhad, user %u and group %u, has to be able to read it",
				 path, strerror(error), (unsigned int)geteuid(),
				 (unsigned int)getegid());
	return xasprintf("%s: %s", path, strerror(error));
}

/* Lines of a file; false: it was said why there are none. */
static bool read_configuration(struct vpnhad *d, const char *path, bool kept)
{
	struct ikev2_config lines;
	struct ike_config *resolved;
	struct ikev2_error e = {};
	size_t length = 0;
	struct stat st;
	char *text = read_file(path, &length, &st);

	if (!text) {
		set_problem(d, unreadable(path, errno));
		return false;
	}
	if (kept && !is_ours(&st)) {
		free_text(text, length);
		set_problem(d, xasprintf("%s is not ours alone, and is not read", path));
		return false;
	}
	resolved = read_text(&lines, text, length, &e);
	free_text(text, length);
	if (!resolved) {
		if (e.line)
			set_problem(d, xasprintf("%s:%u:%u: %s", path, e.line, e.column,
						 e.message));
		else
			set_problem(d, xasprintf("%s: %s", path, e.message));
		free(e.message);
		return false;
	}
	if (!kept)
		judge_mode(path, &st, &lines);
	put_in_force(d, &lines, resolved);
	set_problem(d, NULL);
	return true;
}

/**
 * settings_begin() - Find the configuration to begin with.
 * @d: daemon
 *
 * After a crash it is what was in force before; else that of the file. Without any it
 * begins without lines of IKE: SAs that are there stay untouched.
 */
void settings_begin(struct vpnhad *d)
{
	struct ikev2_config none = {};
	struct ikev2_error e = {};

	if (!access(d->kept, F_OK) && read_configuration(d, d->kept, true)) {
		log_line(IKE_LOG_NOTICE, NULL, "going on with the configuration from before (%s)",
			 d->kept);
		return;
	}
	if (read_configuration(d, d->file, false)) {
		log_line(IKE_LOG_NOTICE, NULL,
			 "%s was read: %zu profiles, %zu keyrings, %zu trustpoints",
			 d->file, d->ikev2.n_profiles, d->ikev2.n_keyrings,
			 d->ikev2.n_trustpoints);
		return;
	}
	log_line(IKE_LOG_ERROR, NULL,
		 "without a configuration there is no IKE until one is loaded");
	ikev2_config_free(&d->ikev2);
	d->ikev2 = none;
	d->resolved = resolve(&d->ikev2, &e);
	if (!d->resolved)
		abort();
}

/**
 * settings_reload() - Put the file in force, unless it is wrong.
 * @d: daemon
 */
void settings_reload(struct vpnhad *d)
{
	if (!read_configuration(d, d->file, false)) {
		log_line(IKE_LOG_ERROR, NULL, "the configuration stays as it was");
		return;
	}
	log_line(IKE_LOG_NOTICE, NULL, "%s was read: %zu profiles, %zu keyrings, %zu trustpoints",
		 d->file, d->ikev2.n_profiles, d->ikev2.n_keyrings, d->ikev2.n_trustpoints);
	keep(d);
	attempts_forget(d->attempts);
	kernel_look(d->kernel);
}
