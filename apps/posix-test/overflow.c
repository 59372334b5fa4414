/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks that are used up, with a handler on another one, and stacks that are as small as they may be. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define ROUNDS 3
#define ALT_SIZE 65536
#define FILES 32

static sigjmp_buf back;
static char *alt;
static volatile int handled, on_alt, code;
static volatile int sink;
static uintptr_t place; /* where it happened, or near it */

static void on_overflow(int sig, siginfo_t *info, void *context)
{
	char here;

	(void)sig;
	(void)context;
	handled++;
	on_alt = &here >= alt && &here < alt + ALT_SIZE;
	code = info->si_code;
	place = (uintptr_t)info->si_addr;
	siglongjmp(back, 1);
}

static int recurse(int n, bool call)
{
	volatile char frame[200];

	frame[0] = (char)n;
	if (sink) /* never; the compiler must not know */
		return 0;
	if (call)
		sink = syscall(SYS_getppid) < 0;
	return recurse(n + 1, call) + frame[0];
}

/* The number of overflows that were caught on the other stack. */
static int overflow(bool call)
{
	stack_t stack = { .ss_sp = malloc(ALT_SIZE), .ss_size = ALT_SIZE }, old;
	struct sigaction sa = { .sa_sigaction = on_overflow, .sa_flags = SA_SIGINFO | SA_ONSTACK }, before;
	volatile int caught = 0;
	char here;

	alt = stack.ss_sp;
	sigaltstack(&stack, &old);
	sigaction(SIGSEGV, &sa, &before);
	handled = 0;
	for (volatile int i = 0; i < ROUNDS; i++) {
		on_alt = 0;
		if (!sigsetjmp(back, 1))
			recurse(0, call);
		caught += on_alt && (uintptr_t)&here > place && (code == SEGV_ACCERR || code == SEGV_MAPERR);
	}
	sigaction(SIGSEGV, &before, NULL);
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	free(alt);
	return caught == ROUNDS && handled == ROUNDS;
}

static void first_thread(void)
{
	CHECK(overflow(false));
}

static void first_thread_calls(void)
{
	CHECK(overflow(true));
}

static void *overflow_here(void *call)
{
	return (void *)(long)overflow(call);
}

static void in_thread(void *call)
{
	pthread_t t;
	void *ret;

	for (int i = 0; i < 2; i++) {
		CHECK_EQ(pthread_create(&t, NULL, overflow_here, call), 0);
		pthread_join(t, &ret);
		CHECK(ret);
	}
}

static void thread(void)
{
	in_thread(NULL);
}

static void thread_calls(void)
{
	in_thread((void *)1);
}

/* A handler that returns, while the signal is for something else: the place is good. */
static void on_usr(int sig)
{
	struct pollfd p[FILES];

	(void)sig;
	for (int i = 0; i < FILES; i++)
		p[i] = (struct pollfd){ .fd = 0, .events = POLLPRI };
	handled += poll(p, FILES, 1) >= 0;
}

/* The smallest stack that the system names is enough for a handler that polls. */
static void small_other_stack(void)
{
	size_t size = MINSIGSTKSZ + 8192;
	stack_t stack = { .ss_sp = malloc(size), .ss_size = size };
	struct sigaction sa = { .sa_handler = on_usr, .sa_flags = SA_ONSTACK };

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	sigaction(SIGUSR1, &sa, NULL);
	handled = 0;
	for (int i = 0; i < 20; i++)
		raise(SIGUSR1);
	CHECK_EQ(handled, 20);
	signal(SIGUSR1, SIG_DFL);
	stack.ss_flags = SS_DISABLE;
	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	free(stack.ss_sp);
}

static struct pollfd many[FILES];
static int pair[2];

/* Calls of all kinds. Each one's own stack is as small as it can be: what is large is static. */
static void *make_calls(void *arg)
{
	static struct stat st;
	static char buf[512];
	struct timespec ts = { 0, 1000000 };
	fd_set set;
	long ok = 0;

	ok += poll(many, FILES, 5) == 0;
	ok += poll(many, 3, 5) == 0;
	FD_ZERO(&set);
	FD_SET(pair[0], &set);
	ts.tv_nsec = 2000000;
	ok += pselect(pair[0] + 1, &set, NULL, NULL, &ts, NULL) == 0;
	ok += stat("/tmp/../tmp/./../tmp", &st) == 0;
	ok += rename("/tmp/overflow-no", "/tmp/overflow-neither") == -1;
	int fd = open("/tmp/overflow-file", O_CREAT | O_RDWR, 0600);

	ok += write(fd, buf, sizeof(buf)) == sizeof(buf);
	close(fd);
	ok += send(pair[0], buf, sizeof(buf), 0) == sizeof(buf);
	ok += recv(pair[1], buf, sizeof(buf), 0) == sizeof(buf);
	ok += nanosleep(&ts, NULL) == 0;
	*(long *)arg = ok;
	return arg;
}

static void make_files(void)
{
	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (int i = 0; i < FILES; i++)
		many[i] = (struct pollfd){ .fd = pair[0], .events = POLLIN };
}

#define CALLS 9

static void smallest_stack(void)
{
	pthread_attr_t attr;
	pthread_t t;
	long ok = 0;

	make_files();
	pthread_attr_init(&attr);
	CHECK_EQ(pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN), 0);
	for (int i = 0; i < 10; i++) {
		CHECK_EQ(pthread_create(&t, &attr, make_calls, &ok), 0);
		pthread_join(t, NULL);
		CHECK_EQ(ok, CALLS);
	}
	pthread_attr_destroy(&attr);
	unlink("/tmp/overflow-file");
	close(pair[0]);
	close(pair[1]);
}

/* The program's own memory, whose neighbours are to stay what they are. */
static void own_stack(void)
{
	size_t size = PTHREAD_STACK_MIN, around = 4096;
	char *memory = malloc(around + size + around);
	pthread_attr_t attr;
	pthread_t t;
	long ok = 0;

	make_files();
	memset(memory, 0x5a, around + size + around);
	pthread_attr_init(&attr);
	CHECK_EQ(pthread_attr_setstack(&attr, memory + around, size), 0);
	for (int i = 0; i < 10; i++) {
		CHECK_EQ(pthread_create(&t, &attr, make_calls, &ok), 0);
		pthread_join(t, NULL);
		CHECK_EQ(ok, CALLS);
	}
	for (size_t i = 0; i < around; i++)
		CHECK(memory[i] == 0x5a && memory[around + size + i] == 0x5a);
	pthread_attr_destroy(&attr);
	free(memory);
	unlink("/tmp/overflow-file");
	close(pair[0]);
	close(pair[1]);
}

static int descend(size_t frames)
{
	volatile char room[4000]; /* and what belongs to the call: less than 4096 */

	room[0] = 1;
	return (frames ? descend(frames - 1) : 0) + room[0];
}

static void *use_three_quarters(void *size)
{
	size_t frames = *(size_t *)size / 4 * 3 / 4096;

	return descend(frames) == (int)frames + 1 ? size : NULL;
}

/* A thread has the stack that it is told to have if it does not say how much it wants. */
static void default_stack(void)
{
	pthread_attr_t attr;
	pthread_t t;
	size_t size = 0;
	void *end = NULL;

	CHECK_EQ(pthread_attr_init(&attr), 0);
	CHECK_EQ(pthread_attr_getstacksize(&attr, &size), 0);
	CHECK(size >= 128 << 10);
	CHECK_EQ(pthread_create(&t, NULL, use_three_quarters, &size), 0);
	CHECK_EQ(pthread_join(t, &end), 0);
	CHECK(end == &size);
	pthread_attr_destroy(&attr);
}

const struct test overflow_tests[] = {
	{ "first_thread", first_thread }, { "first_thread_calls", first_thread_calls }, { "thread", thread },
	{ "thread_calls", thread_calls }, { "small_other_stack", small_other_stack },   { "smallest_stack", smallest_stack },
	{ "own_stack", own_stack },       { "default_stack", default_stack },           { NULL, NULL },
};
