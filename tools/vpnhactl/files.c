// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that commands write. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "vpnhactl/ctl.h"

/**
 * struct staged - A file that is written, but not yet in its place.
 * @path: its place; NULL: it is written where it belongs
 * @temporary: where it is
 */
struct staged {
	char *path;
	char *temporary;
};

/* Write a file, and close it. Returns 0 or an errno. */
static int write_out(const struct ctl_file *file, int fd)
{
	FILE *f = fdopen(fd, "w");
	char buffer[BUFSIZ];
	int error = 0;

	if (!f) {
		error = errno;
		close(fd);
		return error;
	}
	setvbuf(f, buffer, _IOFBF, sizeof(buffer));
	file->write(f, file->what);
	if (fflush(f) || (fsync(fd) && errno != EINVAL && errno != EROFS))
		error = errno;
	if (fclose(f) && !error)
		error = errno;
	/* It may hold keys. */
	explicit_bzero(buffer, sizeof(buffer));
	return error;
}

/* What is no file, such as a terminal or a pipe, is written to and not replaced. */
static int write_special(const struct ctl_file *file)
{
	int fd = open(file->path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? errno : write_out(file, fd);
}

/*
 * A directory of root's that is closed to all but a group, such as /etc/vpnha to vpnhad's,
 * tells whom secrets in it are for. Returns 0, or -1 with errno.
 */
static int share(int fd, const char *path)
{
	char *dir = xstrdup(path);
	struct stat st;
	int ret;

	ret = stat(dirname(dir), &st);
	free(dir);
	if (ret)
		return ret;
	if (geteuid() || st.st_uid || !st.st_gid || st.st_mode & 0027)
		return 0;
	return fchown(fd, 0, st.st_gid) || fchmod(fd, 0640) ? -1 : 0;
}

/* Write a file beside its place. Returns 0 or an errno. */
static int stage(const struct ctl_file *file, struct staged *s)
{
	struct stat st;
	int fd, error;

	if (!stat(file->path, &st) && !S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? EISDIR : 0;
	s->path = realpath(file->path, NULL);
	if (!s->path)
		s->path = xstrdup(file->path);
	s->temporary = xasprintf("%s.XXXXXX", s->path);
	fd = mkstemp(s->temporary);
	if (fd < 0) {
		error = errno;
		free(s->temporary);
		s->temporary = NULL;
		return error;
	}
	if (fchmod(fd, file->mode) || (!(file->mode & 0077) && share(fd, s->path))) {
		error = errno;
		close(fd);
		return error;
	}
	return write_out(file, fd);
}

static int finish(const struct ctl_file *file, const struct staged *s)
{
	if (!strcmp(file->path, "-")) {
		file->write(stdout, file->what);
		return 0;
	}
	if (!s->path)
		return write_special(file);
	return rename(s->temporary, s->path) ? errno : 0;
}

/**
 * ctl_write_files() - Write files, all or none.
 * @ctl: run
 * @files: files
 * @n_files: how many
 *
 * Whoever reads one meanwhile sees the old one or the new one, never half of it.
 *
 * Return: exit status.
 */
int ctl_write_files(const struct ctl *ctl, const struct ctl_file *files, size_t n_files)
{
	struct staged *staged = xcalloc(n_files, sizeof(*staged));
	size_t n, done = 0;
	int error = 0;

	for (n = 0; n < n_files && !error; n++)
		if (strcmp(files[n].path, "-"))
			error = stage(&files[n], &staged[n]);
	while (!error && done < n_files) {
		n = ++done;
		error = finish(&files[n - 1], &staged[n - 1]);
	}
	if (error)
		ctl_fail(ctl, "%s: %s", files[n - 1].path, strerror(error));
	for (size_t k = 0; k < n_files; k++) {
		if (error && staged[k].temporary)
			unlink(staged[k].temporary);
		free(staged[k].temporary);
		free(staged[k].path);
	}
	free(staged);
	return error ? CTL_FAILED : CTL_OK;
}
