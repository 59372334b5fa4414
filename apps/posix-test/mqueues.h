/* SPDX-License-Identifier: BSD-3-Clause */
/* A message queue for a test, which each file has its own of. It is opened by the call itself: C libraries differ in what they do with names. */
#ifndef MQUEUES_H
#define MQUEUES_H

#include <fcntl.h>
#include <mqueue.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define NAME "posix-test-queue"
#define SIZE 16

static int fd = -1;

static inline int open_named(const char *name, int flags, const struct mq_attr *attr)
{
	return syscall(SYS_mq_open, name, flags, 0600, attr);
}

static inline long unlink_named(const char *name)
{
	return syscall(SYS_mq_unlink, name);
}

/* An empty queue of @n messages of SIZE bytes as @fd. */
static inline bool begin(int n, int flags)
{
	struct mq_attr attr = { .mq_maxmsg = n, .mq_msgsize = SIZE };

	unlink_named(NAME);
	fd = open_named(NAME, O_CREAT | O_EXCL | O_RDWR | flags, &attr);
	return fd >= 0;
}

static inline void end(void)
{
	close(fd);
	unlink_named(NAME);
}

static inline struct timespec after(int ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000L;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	}
	return ts;
}

/* The next message's text as a number, or -1. */
static inline long next(unsigned *prio)
{
	char buf[SIZE + 1] = "";

	return mq_receive(fd, buf, SIZE, prio) < 0 ? -1 : atol(buf);
}

static inline int put(int number, unsigned prio)
{
	char buf[SIZE];

	return mq_send(fd, buf, snprintf(buf, sizeof(buf), "%d", number), prio);
}

#endif
