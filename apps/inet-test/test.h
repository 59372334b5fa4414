/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Internet sockets over the loopback interface. A test is a function that returns whether it passed. The program also runs on Linux, with the
 * same results (cc -pthread *.c), which is how the tests themselves are tested.
 */
#ifndef INET_TEST_H
#define INET_TEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
	const char *name;
	bool (*run)(void);
};

/* Each ends with an entry without a name. */
extern const struct test stream_tests[], poll_tests[], datagram_tests[], names_tests[];

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			printf("# %s:%d: not so: %s (errno %d, %s)\n", __func__, __LINE__, #cond, errno, strerror(errno)); \
			return false; \
		} \
	} while (0)

#define CHECK_EQ(a, b) \
	do { \
		long a__ = (long)(a), b__ = (long)(b); \
		if (a__ != b__) { \
			printf("# %s:%d: %s is %ld (%#lx), not %ld (%#lx), errno %d\n", __func__, __LINE__, #a, a__, a__, b__, \
			       b__, errno); \
			return false; \
		} \
	} while (0)

/* The call returns -1 and sets errno to @err. */
#define CHECK_ERR(call, err) \
	do { \
		errno = 0; \
		long r__ = (long)(call); \
		if (r__ != -1 || errno != (err)) { \
			printf("# %s:%d: %s returned %ld, errno %d, not %d\n", __func__, __LINE__, #call, r__, errno, (err)); \
			return false; \
		} \
	} while (0)

/* 127.0.0.1 with a port in the host's order. */
struct sockaddr_in local(unsigned port);
/* A listening socket on 127.0.0.1, its port in *@port, and a connection to it: both ends. False: something failed. */
int listener(unsigned *port);
bool connected(int ends[2]);
/* poll() of one descriptor for everything, for at most @ms: its events. */
int events_of(int fd, int ms);
/* The same until all of @wanted are there, or half a minute has passed. */
int events_until(int fd, int wanted);

/* host.c: the parts that somebody on the host plays with; exit statuses. */
int serve(unsigned port);
int fetch(const char *host, const char *port);

#endif
