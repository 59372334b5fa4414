/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static volatile sig_atomic_t count, last;

static void on_signal(int sig)
{
	count++;
	last = sig;
}

static void handle(int sig, int flags)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = flags };

	sigaction(sig, &sa, NULL);
	count = last = 0;
}

static void raising(void)
{
	handle(SIGUSR1, 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK(count == 1 && last == SIGUSR1);
	CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	CHECK_EQ(count, 2);
	signal(SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	CHECK_EQ(count, 2);
	CHECK_ERR(kill(getpid(), 99), EINVAL);
	CHECK_EQ(kill(getpid(), 0), 0);
}

static void blocking(void)
{
	sigset_t set, old, pending;

	handle(SIGUSR1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
	raise(SIGUSR1);
	raise(SIGUSR1); /* standard signals do not queue */
	CHECK_EQ(count, 0);
	CHECK_EQ(sigpending(&pending), 0);
	CHECK(sigismember(&pending, SIGUSR1));
	CHECK_EQ(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	CHECK_EQ(count, 1);
}

static void wait_for(void)
{
	struct timespec ts = { 0, 20000000 };
	siginfo_t info;
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, &old);
	CHECK_ERR(sigtimedwait(&set, &info, &ts), EAGAIN);
	raise(SIGUSR2);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR2);
	CHECK_EQ(info.si_signo, SIGUSR2);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static pthread_t target;

static void poke(void *unused)
{
	(void)unused;
	pthread_kill(target, SIGUSR1);
}

static int pipe_fds[2];

static void poke_then_write(void *unused)
{
	poke(unused);
	usleep(30000);
	if (write(pipe_fds[1], "x", 1) != 1)
		printf("# write failed\n");
}

static void interrupted_calls(void)
{
	char c;

	target = pthread_self();
	CHECK_EQ(pipe(pipe_fds), 0);
	handle(SIGUSR1, 0);
	test_later(30, poke, NULL);
	CHECK_ERR(read(pipe_fds[0], &c, 1), EINTR);
	test_join();
	CHECK_EQ(count, 1);
	handle(SIGUSR1, SA_RESTART);
	test_later(30, poke_then_write, NULL);
	CHECK_EQ(read(pipe_fds[0], &c, 1), 1);
	test_join();
	CHECK_EQ(count, 1);
	handle(SIGUSR1, 0);
	test_later(30, poke, NULL);
	CHECK_ERR(usleep(5000000), EINTR);
	test_join();
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

/* A signal reaches a thread that computes and makes no call. */
static void while_computing(void)
{
	long start = test_now();

	target = pthread_self();
	handle(SIGUSR1, 0);
	test_later(30, poke, NULL);
	while (!count && test_now() - start < 3000)
		;
	test_join();
	CHECK_EQ(count, 1);
}

/* The handler makes the very calls that it interrupts: the kernel must not be in the middle of one. */
static void on_signal_write(int sig)
{
	char buf[64];

	(void)sig;
	count++;
	if (write(pipe_fds[1], "0123456789", 10) != 10 || read(pipe_fds[0], buf, 10) != 10)
		last = -1;
}

static volatile bool enough;

static void poke_often(void *unused)
{
	while (!enough) {
		poke(unused);
		usleep(50);
	}
}

static void handler_calls(void)
{
	struct sigaction sa = { .sa_handler = on_signal_write, .sa_flags = SA_RESTART };
	long start = test_now();
	char buf[64];

	target = pthread_self();
	CHECK_EQ(pipe(pipe_fds), 0);
	sigaction(SIGUSR1, &sa, NULL);
	count = last = 0;
	enough = false;
	test_later(0, poke_often, NULL);
	while (test_now() - start < 1000) {
		CHECK_EQ(write(pipe_fds[1], "abcdefghij", 10), 10);
		CHECK_EQ(read(pipe_fds[0], buf, 10), 10);
	}
	enough = true;
	test_join();
	CHECK(count > 10 && last == 0);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
}

/* Clocks are read without holding signals: handlers run in the middle of that. No reader's time goes back. */
static uint64_t read_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void on_signal_read_clock(int sig)
{
	uint64_t first = read_clock();

	(void)sig;
	count++;
	if (read_clock() < first)
		last = -1;
}

static void while_reading_clocks(void)
{
	struct sigaction sa = { .sa_handler = on_signal_read_clock };
	uint64_t start = read_clock(), now = start, then;

	target = pthread_self();
	sigaction(SIGUSR1, &sa, NULL);
	count = last = 0;
	enough = false;
	test_later(0, poke_often, NULL);
	do {
		then = now;
		now = read_clock();
	} while (now >= then && now - start < 500000000);
	enough = true;
	test_join();
	CHECK(now >= then && count > 10 && last == 0);
}

static sigjmp_buf back;

static void on_jump(int sig)
{
	(void)sig;
	count++;
	siglongjmp(back, 1);
}

/* A handler that does not come back to the call it interrupted: nothing of the call stays behind. */
static void jump_out(void)
{
	struct sigaction sa = { .sa_handler = on_jump };
	char c;

	target = pthread_self();
	CHECK_EQ(pipe(pipe_fds), 0);
	sigaction(SIGUSR1, &sa, NULL);
	count = 0;
	for (volatile int i = 0; i < 20; i++) {
		if (sigsetjmp(back, 1)) {
			test_join();
			continue;
		}
		test_later(2, poke, NULL);
		CHECK_EQ(read(pipe_fds[0], &c, 1), 1);
	}
	CHECK_EQ(count, 20);
	CHECK_EQ(close(pipe_fds[0]), 0);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(pipe_fds[1], "x", 1), EPIPE); /* the reading end is gone indeed */
	handle(SIGPIPE, 0);
	CHECK_ERR(write(pipe_fds[1], "x", 1), EPIPE);
	CHECK_EQ(count, 1);
	signal(SIGPIPE, SIG_DFL);
	close(pipe_fds[1]);
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	last = sig;
	count = info->si_addr == (void *)0x10;
	siglongjmp(back, 1);
}

static void faults(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old;
	volatile int *volatile bad = (volatile int *)0x10;

	sigaction(SIGSEGV, &sa, &old);
	count = last = 0;
	if (!sigsetjmp(back, 1))
		*bad = 1;
	sigaction(SIGSEGV, &old, NULL);
	CHECK_EQ(last, SIGSEGV);
	CHECK_EQ(count, 1);
}

static void disabled_stack(void)
{
	stack_t off = { .ss_sp = &off, .ss_size = 65536, .ss_flags = SS_DISABLE }, now;

	CHECK_EQ(sigaltstack(&off, NULL), 0);
	CHECK_EQ(sigaltstack(NULL, &now), 0);
	CHECK(now.ss_flags == SS_DISABLE && !now.ss_sp && !now.ss_size);
	CHECK_EQ(sigqueue(getpid(), 0, (union sigval){ 0 }), 0);
}

const struct test signals_tests[] = {
	{ "disabled_stack", disabled_stack },
	{ "raising", raising },
	{ "blocking", blocking },
	{ "wait_for", wait_for },
	{ "interrupted_calls", interrupted_calls },
	{ "while_computing", while_computing },
	{ "handler_calls", handler_calls },
	{ "while_reading_clocks", while_reading_clocks },
	{ "jump_out", jump_out },
	{ "faults", faults },
	{ 0 },
};
