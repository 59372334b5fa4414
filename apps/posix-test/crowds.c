/* SPDX-License-Identifier: BSD-3-Clause */
/* As growth.c: what an operation costs beside many that a program has queued, named or left ready. */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "growth.h"

#define CONTEXTS 4000

static int all, fds[MANY];

static void watch_ready(int i)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = i };

	fds[i] = eventfd(1, 0);
	must(!epoll_ctl(all, EPOLL_CTL_ADD, fds[i], &ev));
}

static void wait_for_one(int i)
{
	struct epoll_event ev;

	(void)i;
	must(epoll_wait(all, &ev, 1, 0) == 1);
}

static void close_one(int i)
{
	must(!close(fds[i]));
}

static void ready(void)
{
	raise_limit(RLIMIT_NOFILE);
	all = epoll_create1(0);
	grow("epoll_wait for one", watch_ready, wait_for_one, close_one, MANY);
	close(all);
}

static void queue(int sig, int value)
{
	must(!sigqueue(getpid(), sig, (union sigval){ .sival_int = value }));
}

static void take(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	must(sigtimedwait(&set, NULL, &(struct timespec){ 0 }) == sig);
}

static void queue_one(int i)
{
	queue(SIGRTMIN + 1, i);
}

static void queue_and_take(int i)
{
	queue(SIGRTMIN + 2, i);
	take(SIGRTMIN + 2);
}

static void take_one(int i)
{
	(void)i;
	take(SIGRTMIN + 1);
}

static void signals(void)
{
	sigset_t set, before;

	raise_limit(RLIMIT_SIGPENDING);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigaddset(&set, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &set, &before);
	grow("sigqueue, sigtimedwait", queue_one, queue_and_take, take_one, MANY);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static unsigned long contexts[CONTEXTS];

static void set_up(int i)
{
	must(!syscall(SYS_io_setup, 1, &contexts[i]));
}

static void look_up(int i)
{
	must(!syscall(SYS_io_submit, contexts[i], 0L, NULL));
}

static void destroy(int i)
{
	must(!syscall(SYS_io_destroy, contexts[i]));
}

static void requests(void)
{
	grow("io_submit", set_up, look_up, destroy, CONTEXTS);
}

static int spare;

static int name(int fd, int i)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int len = snprintf(sun.sun_path + 1, sizeof(sun.sun_path) - 1, "crowd %d", i);

	return bind(fd, (struct sockaddr *)&sun, offsetof(struct sockaddr_un, sun_path) + 1 + len);
}

static void name_one(int i)
{
	fds[i] = socket(AF_UNIX, SOCK_DGRAM, 0);
	must(!name(fds[i], i));
}

static void name_again(int i)
{
	must(name(spare, i) == -1 && errno == EADDRINUSE);
}

static void names(void)
{
	raise_limit(RLIMIT_NOFILE);
	spare = socket(AF_UNIX, SOCK_DGRAM, 0);
	grow("bind to a name that is taken", name_one, name_again, close_one, MANY);
	close(spare);
}

const struct test crowds_tests[] = {
	{ "ready", ready }, { "signals", signals }, { "requests", requests }, { "names", names }, { 0 },
};
