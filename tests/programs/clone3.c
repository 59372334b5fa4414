/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * clone3(2) as C libraries use it, and what it refuses. All that it prints is the same wherever it runs. With an argument: a child of fork() that waits
 * for its parent, until an alarm ends it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define THREAD_FLAGS 0x10f00ull /* CLONE_VM, FS, FILES, SIGHAND, THREAD */
#define SECONDS 13

struct arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static long call(const struct arguments *a, size_t size)
{
	return syscall(SYS_clone3, a, size);
}

static void test_fork(void)
{
	const struct arguments a = { .exit_signal = SIGCHLD };
	int global = 1, status = 0;
	long pid = call(&a, sizeof(a));

	if (!pid) {
		global = 2;
		_exit(7);
	}
	CHECK(waitpid((pid_t)pid, &status, 0) == pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7 && global == 1);
}

static int refused(struct arguments a, size_t size)
{
	return call(&a, size) == -1 ? errno : 0;
}

static void test_refusals(void)
{
	const struct arguments good = { .exit_signal = SIGCHLD };

	CHECK(refused(good, sizeof(good) - 1) == EINVAL);
	CHECK(refused((struct arguments){ .flags = SIGCHLD }, sizeof(good)) == EINVAL);
	CHECK(refused((struct arguments){ .exit_signal = 0x100 }, sizeof(good)) == EINVAL);
	CHECK(refused((struct arguments){ .flags = THREAD_FLAGS, .stack = 4096 }, sizeof(good)) == EINVAL);
	CHECK(refused((struct arguments){ .flags = THREAD_FLAGS, .stack_size = 4096 }, sizeof(good)) == EINVAL);
	CHECK(call(NULL, sizeof(good)) == -1 && errno == EFAULT);
	CHECK(call((const struct arguments *)16, sizeof(good)) == -1 && errno == EFAULT);
}

static void *thread(void *arg)
{
	return (char *)arg + 1;
}

static void test_thread(void)
{
	pthread_t t;
	void *result = NULL;

	CHECK(!pthread_create(&t, NULL, thread, (void *)6));
	CHECK(!pthread_join(t, &result) && result == (void *)7);
}

static int wait_for_parent(void)
{
	int p[2], status = 0;
	char c;

	if (pipe(p))
		return 1;
	pid_t pid = fork();

	if (!pid) {
		alarm(SECONDS);
		_exit(read(p[0], &c, 1) == 1 ? 0 : 2);
	}
	if (write(p[1], "x", 1) != 1 || waitpid(pid, &status, 0) != pid)
		return 1;
	printf("ended by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return 0;
}

int main(int argc, char **argv)
{
	(void)argv;
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1)
		return wait_for_parent();
	test_fork();
	test_refusals();
	test_thread();
	printf("%d checks, %d failures\n", checks, failures);
	return failures ? 1 : 29;
}
