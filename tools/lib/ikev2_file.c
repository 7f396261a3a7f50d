// SPDX-License-Identifier: GPL-2.0-or-later
/* Preshared keys that are in files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/alloc.h"
#include "lib/ikev2.h"

/* What is wrong with a file that is open; NULL: nothing. */
static char *refuse(const char *path, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return xasprintf("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return xasprintf("%s is no regular file", path);
	if (st.st_uid && st.st_uid != geteuid())
		return xasprintf("%s belongs neither to root nor to the user that reads it", path);
	/* The group may be one that only the daemon is in, and the file root's. */
	if (st.st_mode & 0037 ||
	    (st.st_mode & 0040 && (st.st_uid || st.st_gid != getegid())))
		return xasprintf("%s can be read by others: its mode must be 0600", path);
	return NULL;
}

/* The octets of a file; an end of line behind them is none of them. */
static char *read_octets(const char *path, int fd, uint8_t **data, size_t *len)
{
	/* One more tells that it is too long, two that this is no end of line. */
	uint8_t buf[IKEV2_SECRET_MAX + 3];
	char *why = NULL;
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, buf + n, sizeof(buf) - n);
		if (got > 0)
			n += (size_t)got;
	} while ((got > 0 && n < sizeof(buf)) || (got < 0 && errno == EINTR));
	if (got < 0)
		why = xasprintf("%s: %s", path, strerror(errno));
	if (n && buf[n - 1] == '\n')
		n--;
	if (n && buf[n - 1] == '\r')
		n--;
	if (!why && !n)
		why = xasprintf("%s is empty", path);
	else if (!why && n > IKEV2_SECRET_MAX)
		why = xasprintf("%s holds more than %d octets", path, IKEV2_SECRET_MAX);
	if (!why) {
		*data = memcpy(xcalloc(n, 1), buf, n);
		*len = n;
	}
	explicit_bzero(buf, sizeof(buf));
	return why;
}

/**
 * ikev2_secret_read() - Get the octets of a secret, from its file if it is in one.
 * @s: secret that is given
 * @data: result, the caller's, who wipes it
 * @len: how many
 * @why: what is wrong; the caller's
 *
 * The file must be readable by its owner only, who is root or the one who reads; an end of line
 * behind the secret does not count.
 *
 * Return: 0, or -1 when @why says why there are none.
 */
int ikev2_secret_read(const struct ikev2_secret *s, uint8_t **data, size_t *len, char **why)
{
	int fd;

	*why = NULL;
	if (!s->file) {
		*data = memcpy(xcalloc(s->len, 1), s->data, s->len);
		*len = s->len;
		return 0;
	}
	fd = open(s->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == EACCES) {
		*why = xasprintf("%s: %s: it must be vpnhad's with mode 0600, or 0640 and root's",
				 s->file, strerror(errno));
		return -1;
	} else if (fd < 0) {
		*why = xasprintf("%s: %s", s->file, strerror(errno));
		return -1;
	}
	*why = refuse(s->file, fd);
	if (!*why)
		*why = read_octets(s->file, fd, data, len);
	close(fd);
	return *why ? -1 : 0;
}
