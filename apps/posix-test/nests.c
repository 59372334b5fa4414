/* SPDX-License-Identifier: BSD-3-Clause */
/* Epoll instances in epoll instances, and who of many that wait is woken. */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "test.h"

#define THREADS 4

static int add(int ep, int fd, unsigned events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	return epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static void put(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		printf("# write to the eventfd failed\n");
}

static void put_later(void *fd)
{
	put(*(int *)fd);
}

static void get(int fd)
{
	uint64_t n;

	if (read(fd, &n, sizeof(n)) != sizeof(n))
		printf("# read from the eventfd failed\n");
}

static void inside(void)
{
	int outer = epoll_create1(0), middle = epoll_create1(0), inner = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);
	struct epoll_event ev;

	CHECK_EQ(add(outer, middle, EPOLLIN), 0);
	CHECK_EQ(add(middle, inner, EPOLLIN), 0);
	CHECK_EQ(add(inner, fd, EPOLLIN), 0);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 0), 0);
	test_later(30, put_later, &fd);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 5000), 1);
	test_join();
	CHECK(ev.data.fd == middle && ev.events == EPOLLIN);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 0), 1);
	CHECK_EQ(epoll_wait(inner, &ev, 1, 0), 1);
	CHECK_EQ(ev.data.fd, fd);
	get(fd);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 0), 0);
	put(fd);
	CHECK_EQ(epoll_ctl(middle, EPOLL_CTL_DEL, inner, NULL), 0);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 0), 0);
	CHECK_EQ(add(middle, inner, EPOLLIN | EPOLLET), 0);
	CHECK_EQ(epoll_wait(middle, &ev, 1, 0), 1);
	CHECK_EQ(epoll_wait(middle, &ev, 1, 0), 0); /* an edge */
	close(inner);
	put(fd);
	CHECK_EQ(epoll_wait(outer, &ev, 1, 0), 0);
	close(middle);
	close(outer);
	close(fd);
}

static void circles(void)
{
	int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0);
	struct epoll_event ev;

	CHECK_ERR(add(a, a, EPOLLIN), EINVAL);
	CHECK_EQ(add(a, b, EPOLLIN), 0);
	CHECK_EQ(add(b, c, EPOLLIN), 0);
	CHECK_ERR(add(b, a, EPOLLIN), ELOOP);
	CHECK_ERR(add(c, a, EPOLLIN), ELOOP);
	CHECK_EQ(add(a, c, EPOLLIN), 0); /* two ways, no circle */
	CHECK_EQ(epoll_ctl(b, EPOLL_CTL_DEL, c, NULL), 0);
	CHECK_EQ(add(c, b, EPOLLIN), 0);
	CHECK_EQ(epoll_wait(a, &ev, 1, 0), 0);
	close(a);
	CHECK_ERR(add(b, c, EPOLLIN), ELOOP);
	close(b);
	close(c);
}

static void depth(void)
{
	int ep[10], n = 0, last = 0;

	for (int i = 0; i < 10; i++)
		ep[i] = epoll_create1(0);
	while (n < 9 && !(last = add(ep[n + 1], ep[n], EPOLLIN)))
		n++;
	CHECK(last == -1 && errno == ELOOP && n >= 4 && n < 9);
	for (int i = 0; i < 10; i++)
		close(ep[i]);
}

/* One event for threads that wait for the same instance, or each for its own. */
static volatile int woken;

static void *wait_once(void *ep)
{
	struct epoll_event ev;

	if (epoll_wait(*(int *)ep, &ev, 1, 400) == 1)
		__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return ep;
}

static void count_woken(int *eps, int fd)
{
	pthread_t t[THREADS];

	woken = 0;
	for (int i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, wait_once, &eps[i]), 0);
	usleep(100000);
	put(fd);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
}

static void one_of_many(void)
{
	int ep = epoll_create1(0), fd = eventfd(0, 0), eps[THREADS] = { ep, ep, ep, ep };

	CHECK_EQ(add(ep, fd, EPOLLIN | EPOLLET), 0);
	count_woken(eps, fd);
	CHECK_EQ(woken, 1);
	close(ep);
	close(fd);
}

static void exclusive(void)
{
	int fd = eventfd(0, 0), eps[THREADS];

	for (int i = 0; i < THREADS; i++) {
		eps[i] = epoll_create1(0);
		CHECK_EQ(add(eps[i], fd, EPOLLIN | EPOLLEXCLUSIVE), 0);
	}
	count_woken(eps, fd);
	CHECK_EQ(woken, 1);
	for (int i = 0; i < THREADS; i++)
		close(eps[i]);
	close(fd);
}

static void exclusive_rules(void)
{
	int ep = epoll_create1(0), other = epoll_create1(0), fd = eventfd(0, 0), two = eventfd(0, 0);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLEXCLUSIVE }, plain = { .events = EPOLLIN };

	CHECK_ERR(add(ep, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT), EINVAL);
	CHECK_ERR(add(ep, other, EPOLLIN | EPOLLEXCLUSIVE), EINVAL);
	CHECK_EQ(add(ep, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET), 0);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_MOD, fd, &plain), EINVAL);
	CHECK_EQ(add(ep, two, EPOLLIN), 0);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_MOD, two, &ev), EINVAL);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL), 0);
	close(two);
	close(fd);
	close(other);
	close(ep);
}

/* No connection waits while somebody waits for it, whoever was woken and went away. */
static int listener;
static volatile int accepted, stop;

static void on_signal(int sig)
{
	(void)sig;
}

static void *accept_some(void *arg)
{
	while (!stop) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		__atomic_add_fetch(&accepted, 1, __ATOMIC_SEQ_CST);
		close(fd);
	}
	return arg;
}

static void acceptors(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "\0nests" };
	pthread_t t[THREADS];

	sigaction(SIGUSR1, &sa, NULL);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_EQ(bind(listener, (struct sockaddr *)&sun, sizeof(sun)), 0);
	CHECK_EQ(listen(listener, 2), 0);
	accepted = stop = 0;
	for (int i = 0; i < THREADS; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, accept_some, NULL), 0);
	for (int i = 0; i < 400; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);

		pthread_kill(t[i % THREADS], SIGUSR1);
		CHECK_EQ(connect(fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
		close(fd);
	}
	for (int i = 0; i < 5000 && accepted < 400; i++)
		usleep(1000);
	CHECK_EQ(accepted, 400);
	stop = 1;
	shutdown(listener, SHUT_RDWR);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	close(listener);
	signal(SIGUSR1, SIG_DFL);
}

const struct test nests_tests[] = {
	{ "inside", inside },       { "circles", circles },
	{ "depth", depth },         { "one_of_many", one_of_many },
	{ "exclusive", exclusive }, { "exclusive_rules", exclusive_rules },
	{ "acceptors", acceptors }, { NULL, NULL },
};
