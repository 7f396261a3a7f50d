// SPDX-License-Identifier: GPL-2.0-or-later
/* Trustpoints: certificates and keys from their files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ike/cert.h"
#include "lib/alloc.h"
#include "vpnhad/resolve.h"

typedef bool (*add_fn)(struct ike_trust *t, struct ike_chunk octets, char reason[IKE_REASON_LEN]);

/* Who else may read a private key has it. */
static const char *refuse_mode(const struct stat *st)
{
	if (st->st_uid && st->st_uid != geteuid())
		return "it belongs neither to root nor to the user of vpnhad";
	if (st->st_mode & 0037 ||
	    (st->st_mode & 0040 && (st->st_uid || st->st_gid != getegid())))
		return "others can read it: its mode must be 0600";
	return NULL;
}

static const char *read_all(int fd, uint8_t *data, size_t size, size_t *len)
{
	ssize_t got;

	*len = 0;
	do {
		got = read(fd, data + *len, size - *len);
		if (got > 0)
			*len += (size_t)got;
	} while ((got > 0 && *len < size) || (got < 0 && errno == EINTR));
	return got < 0 ? strerror(errno) : NULL;
}

static const char *read_open(int fd, bool is_secret, uint8_t **data, size_t *len)
{
	const char *why;
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "it is no regular file";
	if (st.st_size > IKE_TRUST_FILE_MAX)
		return "it is too large";
	why = is_secret ? refuse_mode(&st) : NULL;
	if (why)
		return why;
	*data = xcalloc((size_t)st.st_size + 1, 1);
	return read_all(fd, *data, (size_t)st.st_size + 1, len);
}

static const char *why_not_open(int error, bool is_secret)
{
	if (error == EACCES && is_secret)
		return "permission denied: it must be vpnhad's with mode 0600, or 0640 and root's";
	if (error == EACCES)
		return "permission denied: vpnhad has to be able to read it";
	return strerror(error);
}

static bool add_file(struct ike_trust *t, const struct ikev2_trustpoint *of,
		     const struct ikev2_file *file, bool is_secret, add_fn add,
		     struct ikev2_error *e)
{
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why = fd < 0 ? why_not_open(errno, is_secret) : NULL;
	char reason[IKE_REASON_LEN] = "";
	uint8_t *data = NULL;
	size_t len = 0;
	bool ok;

	if (!why)
		why = read_open(fd, is_secret, &data, &len);
	if (fd >= 0)
		close(fd);
	ok = !why && add(t, (struct ike_chunk){ data, len }, reason);
	if (data)
		explicit_bzero(data, len);
	free(data);
	return ok || resolve_fail(e, file->at, "crypto pki trustpoint %s: %s: %s", of->name,
				  file->path, why ? why : reason);
}

/* IOS's word that is not said: what there is a file for is asked. */
static void set_revocation(struct ike_revocation *to, const struct ikev2_trustpoint *from)
{
	memset(to, 0, sizeof(*to));
	if (!from->n_revocation) {
		to->crl = from->crl.path;
		to->ocsp = from->ocsp.path;
	}
	for (size_t n = 0; n < from->n_revocation; n++) {
		to->crl |= from->revocation[n] == IKEV2_REVOCATION_CRL;
		to->ocsp |= from->revocation[n] == IKEV2_REVOCATION_OCSP;
		to->soft |= from->revocation[n] == IKEV2_REVOCATION_NONE;
	}
}

static bool add_files(struct ike_trust *t, const struct ikev2_trustpoint *from,
		      struct ikev2_error *e)
{
	char reason[IKE_REASON_LEN] = "";

	for (size_t n = 0; n < from->n_cas; n++)
		if (!add_file(t, from, &from->cas[n], false, ike_trust_add_cas, e))
			return false;
	if (from->crl.path && !add_file(t, from, &from->crl, false, ike_trust_add_crls, e))
		return false;
	if (from->ocsp.path && !add_file(t, from, &from->ocsp, false, ike_trust_add_ocsp, e))
		return false;
	if (from->certificate.path &&
	    !add_file(t, from, &from->certificate, false, ike_trust_set_certs, e))
		return false;
	if (from->private_key.path &&
	    !add_file(t, from, &from->private_key, true, ike_trust_set_key, e))
		return false;
	return ike_trust_finish(t, reason) ||
	       resolve_fail(e, from->at, "crypto pki trustpoint %s: %s", from->name, reason);
}

/**
 * resolve_trust() - Read the files of a trustpoint.
 * @t: trustpoint
 * @e: what is wrong with them
 *
 * Return: certificates, the caller's; or NULL.
 */
struct ike_trust *resolve_trust(const struct ikev2_trustpoint *t, struct ikev2_error *e)
{
	struct ike_revocation revocation;
	struct ike_trust *to;

	set_revocation(&revocation, t);
	to = ike_trust_new(&revocation);
	if (!to) {
		resolve_fail(e, t->at, "out of memory");
		return NULL;
	}
	if (add_files(to, t, e))
		return to;
	ike_trust_unref(to);
	return NULL;
}
