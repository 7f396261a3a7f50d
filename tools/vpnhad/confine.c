// SPDX-License-Identifier: GPL-2.0-or-later
/* The system calls that the daemon makes; any other one ends it. */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vpnhad/vpnhad.h"

#define CALL(name)	SCMP_SYS(name)

static const int allowed[] = {
	/* memory and threads */
	CALL(brk), CALL(munmap), CALL(mremap), CALL(madvise), CALL(futex), CALL(set_robust_list),
	CALL(rseq), CALL(exit), CALL(exit_group), CALL(gettid), CALL(getpid),
	CALL(sched_getaffinity), CALL(sched_yield),
	/* qsort() of more than a kilobyte asks how much memory there is */
	CALL(sysinfo),
	/* time, chance and signals */
	CALL(clock_gettime), CALL(clock_nanosleep), CALL(gettimeofday), CALL(time),
	CALL(getrandom), CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn),
	CALL(sigaltstack), CALL(restart_syscall),
	/* the loop */
	CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait), CALL(poll),
	CALL(ppoll), CALL(eventfd2), CALL(timerfd_create), CALL(timerfd_settime), CALL(pipe2),
	CALL(read), CALL(write), CALL(readv), CALL(writev), CALL(close), CALL(fcntl),
	/* sockets */
	CALL(bind), CALL(connect), CALL(listen), CALL(accept4), CALL(getsockname),
	CALL(getsockopt), CALL(setsockopt), CALL(sendto), CALL(sendmsg), CALL(sendmmsg),
	CALL(recvfrom), CALL(recvmsg), CALL(recvmmsg), CALL(shutdown), CALL(socketpair),
	/* files: configuration, keys, and what is kept of it */
	CALL(openat), CALL(open), CALL(fstat), CALL(newfstatat), CALL(stat), CALL(lstat),
	CALL(statx), CALL(lseek), CALL(pread64), CALL(access), CALL(faccessat),
	CALL(faccessat2), CALL(rename), CALL(renameat), CALL(renameat2), CALL(unlink),
	CALL(unlinkat), CALL(geteuid), CALL(getegid), CALL(getuid), CALL(getgid), CALL(uname),
	CALL(umask),
	/* what sanitizers do when they find something */
#ifdef __SANITIZE_ADDRESS__
	CALL(readlink), CALL(readlinkat), CALL(getrlimit), CALL(prlimit64), CALL(dup),
	CALL(wait4), CALL(kill), CALL(mmap), CALL(mprotect), CALL(clone),
	CALL(tgkill),
#endif
};

static const int families[] = { AF_INET, AF_INET6, AF_NETLINK, AF_UNIX };

static size_t append(char *to, size_t at, const char *text)
{
	while (*text)
		to[at++] = *text++;
	return at;
}

/* Only what may be done in the handler of a signal. */
static void violation(int signo, siginfo_t *info, void *context)
{
	char line[128], digits[12];
	unsigned int number = (unsigned int)info->si_syscall;
	size_t at = append(line, 0, "<2>vpnhad: stopped at a system call that it never makes: ");
	size_t n = sizeof(digits) - 1;

	(void)context;
	at = append(line, at, "number ");
	digits[n] = '\0';
	do {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	} while (number && n);
	at = append(line, at, digits + n);
	at = append(line, at, "\n");
	(void)!write(STDERR_FILENO, line, at);
	raise(signo);
	_exit(128 + SIGSYS);
}

/* Memory is data, never code; processes stay one; signals are for ourselves. */
static int allow_harmless(scmp_filter_ctx filter)
{
	const struct {
		int call;
		struct scmp_arg_cmp argument;
	} list[] = {
		{ SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) },
		{ SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD) },
		{ SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()) },
	};
	int ret = 0;

#ifdef __SANITIZE_ADDRESS__
	return 0;
#endif
	for (size_t n = 0; !ret && n < sizeof(list) / sizeof(*list); n++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, list[n].call, 1, list[n].argument);
	return ret;
}

static int allow_all(scmp_filter_ctx filter)
{
	int ret = allow_harmless(filter);

	/* A name that the machine's architecture does not have is none of it. */
	for (size_t n = 0; !ret && n < sizeof(allowed) / sizeof(*allowed); n++)
		if (allowed[n] >= 0)
			ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[n], 0);
	for (size_t n = 0; !ret && n < sizeof(families) / sizeof(*families); n++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[n]));
	/* Its flags are in memory, out of sight: the C library makes do with clone(). */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	/* if_nametoindex() */
	if (!ret)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_EQ, SIOCGIFINDEX));
	return ret;
}

/**
 * confine() - Let nothing but the system calls of a keying daemon be made from now on.
 *
 * Context: before there are threads; those to come are confined, too.
 *
 * Return: NULL, or what went wrong.
 */
const char *confine(void)
{
	/* Raised again by the handler it is neither blocked nor handled. */
	const struct sigaction action = {
		.sa_sigaction = violation, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESETHAND,
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
	int ret;

	if (!filter)
		return "no memory for a system call filter";
	sigaction(SIGSYS, &action, NULL);
	ret = allow_all(filter);
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
	/* The calls of a 32-bit program have other numbers. */
	if (!ret)
		ret = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!ret)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret ? strerror(-ret) : NULL;
}
