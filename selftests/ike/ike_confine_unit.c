// SPDX-License-Identifier: GPL-2.0
/*
 * The filter of system calls as a release has it: without what sanitizers need.
 *
 * lab: native
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vpnhad/vpnhad.h"

#define SIZE	4096

/* The status of a child that is confined and does that. */
static int confined(void (*what)(void))
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		fclose(stderr);
		if (confine())
			_exit(9);
		what();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static bool is_stopped(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static void use_memory(void)
{
	char *p = mmap(NULL, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p, SIZE, PROT_READ | PROT_WRITE))
		_exit(1);
	*p = 1;
}

static void map_code(void)
{
	mmap(NULL, SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void make_code(void)
{
	char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(p, SIZE, PROT_READ | PROT_EXEC);
}

static void *nothing(void *data)
{
	return data;
}

static void make_thread(void)
{
	pthread_t thread;
	int mark = 0;
	void *got = NULL;

	if (pthread_create(&thread, NULL, nothing, &mark) || pthread_join(thread, &got) ||
	    got != &mark)
		_exit(1);
}

static void make_process(void)
{
	fork();
}

static void end_other(void)
{
	syscall(SYS_tgkill, getppid(), getppid(), SIGCONT);
}

static void end_itself(void)
{
	raise(SIGUSR1);
}

static void change_mode(void)
{
	syscall(SYS_fchmod, 0, 0777);
}

TEST(memory_is_data)
{
	EXPECT_EQ(confined(use_memory), 0);
	EXPECT_TRUE(is_stopped(confined(map_code)));
	EXPECT_TRUE(is_stopped(confined(make_code)));
}

TEST(threads_but_no_processes)
{
	EXPECT_EQ(confined(make_thread), 0);
	EXPECT_TRUE(is_stopped(confined(make_process)));
}

TEST(signals_for_itself_only)
{
	int status = confined(end_itself);

	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(WTERMSIG(status), SIGUSR1);
	EXPECT_TRUE(is_stopped(confined(end_other)));
}

TEST(modes_stay)
{
	EXPECT_TRUE(is_stopped(confined(change_mode)));
}

TEST_HARNESS_MAIN
