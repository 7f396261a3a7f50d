// SPDX-License-Identifier: GPL-2.0-or-later
/* What a daemon that speaks with strangers may do: as little as its work takes. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vpnhad/vpnhad.h"

#define KEPT	(1U << CAP_NET_ADMIN | 1U << CAP_NET_BIND_SERVICE)

static char reason[512];

static const char *fail(const char *what)
{
	snprintf(reason, sizeof(reason), "%s: %s", what, strerror(errno));
	return reason;
}

/*
 * Without a limit, because what is beyond a limit could not be allocated at all. A lab may
 * be unable to lift it, and has no secrets.
 */
static const char *lock_memory(bool may_fail)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit now;

	if (!getrlimit(RLIMIT_MEMLOCK, &now) && now.rlim_cur != RLIM_INFINITY &&
	    setrlimit(RLIMIT_MEMLOCK, &all))
		return may_fail ? NULL : fail("cannot lock memory (LimitMEMLOCK=infinity)");
	return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ? fail("cannot lock memory") : NULL;
}

/**
 * priv_prepare() - Keep secrets out of swap and core files.
 * @user: the user whose daemon it will be
 * @keep_user: it stays that of whoever began it
 *
 * Return: NULL, or what went wrong.
 */
const char *priv_prepare(const char *user, bool keep_user)
{
	const struct rlimit none = {};

	if (!keep_user && !geteuid() && !getpwnam(user)) {
		snprintf(reason, sizeof(reason), "there is no user %s", user);
		return reason;
	}
	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0))
		return fail("cannot do without core files");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail("cannot give up privileges to come");
	return lock_memory(keep_user);
}

/**
 * priv_runtime_directory() - Have the directory of the control socket.
 * @path: path of the socket
 * @user: whose it is
 * @keep_user: it is that of whoever began the daemon
 *
 * Return: NULL, or what went wrong.
 */
const char *priv_runtime_directory(const char *path, const char *user, bool keep_user)
{
	const struct passwd *pw = keep_user || geteuid() ? NULL : getpwnam(user);
	const char *slash = strrchr(path, '/');
	char dir[256];

	if (!slash || slash == path)
		return NULL;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	if (!mkdir(dir, 0755)) {
		if (pw && chown(dir, pw->pw_uid, pw->pw_gid))
			return fail(dir);
		return NULL;
	}
	return errno == EEXIST ? NULL : fail(dir);
}

static const char *become(const struct passwd *pw)
{
	if (prctl(PR_SET_KEEPCAPS, 1))
		return fail("cannot keep capabilities");
	if (setgroups(0, NULL) || setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid))
		return fail("cannot change to the user");
	/* A change of user makes a program dumpable again. */
	if (prctl(PR_SET_DUMPABLE, 0))
		return fail("cannot do without core files");
	return NULL;
}

/* While we are root still: who is none needs no such bounds, for nothing is gained anew. */
static void bound_capabilities(void)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (cap >= 32 || !(KEPT >> cap & 1))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

static const char *keep_capabilities(bool may_lack)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data))
		return fail("cannot read capabilities");
	data[0].permitted &= KEPT;
	if (!may_lack && data[0].permitted != KEPT)
		return "CAP_NET_ADMIN and CAP_NET_BIND_SERVICE are needed, or root to begin with";
	data[0].effective = data[0].permitted;
	data[0].inheritable = 0;
	memset(&data[1], 0, sizeof(data[1]));
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, data))
		return fail("cannot give up capabilities");
	return NULL;
}

/**
 * priv_drop() - Give up what is not needed.
 * @user: who to be from now on
 * @keep_user: stay who we are
 *
 * Context: before there are threads.
 *
 * Return: NULL, or what went wrong.
 */
const char *priv_drop(const char *user, bool keep_user)
{
	const struct passwd *pw = keep_user || geteuid() ? NULL : getpwnam(user);
	const char *why;

	bound_capabilities();
	why = pw ? become(pw) : NULL;
	return why ? why : keep_capabilities(keep_user);
}
