/* SPDX-License-Identifier: BSD-3-Clause */
/* Advisory locks. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "test.h"

#define F "/tmp/posix-test-lock"

static int set(int fd, int cmd, int type, long start, long len)
{
	struct flock l = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(fd, cmd, &l);
}

static void ranges(void)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 150, .l_len = 10 };
	int a = open(F, O_RDWR | O_CREAT, 0644), b = open(F, O_RDWR);

	CHECK_EQ(set(a, F_OFD_SETLK, F_WRLCK, 100, 100), 0);
	CHECK_EQ(set(b, F_OFD_SETLK, F_WRLCK, 0, 100), 0);
	CHECK_ERR(set(b, F_OFD_SETLK, F_RDLCK, 199, 1), EAGAIN);
	CHECK_EQ(set(b, F_OFD_SETLK, F_RDLCK, 200, 0), 0);
	CHECK_EQ(fcntl(b, F_OFD_GETLK, &l), 0);
	CHECK(l.l_type == F_WRLCK && l.l_start == 100 && l.l_len == 100 && l.l_pid == -1);
	CHECK_EQ(set(a, F_OFD_SETLK, F_UNLCK, 140, 20), 0); /* a hole */
	CHECK_EQ(set(b, F_OFD_SETLK, F_WRLCK, 140, 20), 0);
	CHECK_ERR(set(b, F_OFD_SETLK, F_WRLCK, 139, 2), EAGAIN);
	CHECK_ERR(set(b, F_OFD_SETLK, F_WRLCK, 160, 1), EAGAIN);
	close(a);
	CHECK_EQ(set(b, F_OFD_SETLK, F_WRLCK, 0, 0), 0);
	close(b);
}

static void shared(void)
{
	int a = open(F, O_RDWR), b = open(F, O_RDWR), c = open(F, O_RDONLY);

	CHECK_EQ(set(a, F_OFD_SETLK, F_RDLCK, 0, 10), 0);
	CHECK_EQ(set(b, F_OFD_SETLK, F_RDLCK, 0, 10), 0);
	CHECK_ERR(set(a, F_OFD_SETLK, F_WRLCK, 0, 10), EAGAIN);
	CHECK_ERR(set(c, F_OFD_SETLK, F_WRLCK, 20, 10), EBADF);
	close(b);
	CHECK_EQ(set(a, F_OFD_SETLK, F_WRLCK, 0, 10), 0);
	close(a);
	close(c);
}

static void release(void *fd)
{
	set(*(int *)fd, F_OFD_SETLK, F_UNLCK, 0, 0);
}

static void waiting(void)
{
	int a = open(F, O_RDWR), b = open(F, O_RDWR);
	long start = test_now();

	CHECK_EQ(set(a, F_OFD_SETLK, F_WRLCK, 0, 0), 0);
	test_later(50, release, &a);
	CHECK_EQ(set(b, F_OFD_SETLKW, F_WRLCK, 0, 0), 0);
	CHECK(test_now() - start >= 45);
	test_join();
	close(a);
	close(b);
}

static void own_process(void)
{
	int a = open(F, O_RDWR), b = open(F, O_RDWR);
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	CHECK_EQ(set(a, F_SETLK, F_WRLCK, 0, 0), 0);
	CHECK_EQ(set(b, F_SETLK, F_WRLCK, 0, 0), 0);
	CHECK_EQ(fcntl(b, F_GETLK, &l), 0);
	CHECK_EQ(l.l_type, F_UNLCK);
	close(a);
	close(b);
}

static void whole_files(void)
{
	int a = open(F, O_RDWR), b = open(F, O_RDWR), c = dup(a);

	CHECK_EQ(flock(a, LOCK_EX), 0);
	CHECK_EQ(flock(c, LOCK_EX), 0);
	CHECK_ERR(flock(b, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	CHECK_EQ(flock(a, LOCK_SH), 0);
	CHECK_EQ(flock(b, LOCK_SH | LOCK_NB), 0);
	CHECK_ERR(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	close(a);
	CHECK_ERR(flock(b, LOCK_EX | LOCK_NB), EWOULDBLOCK); /* the duplicate still holds it */
	close(c);
	CHECK_EQ(flock(b, LOCK_EX | LOCK_NB), 0);
	CHECK_ERR(flock(b, 0), EINVAL);
	close(b);
	unlink(F);
}

const struct test locks_tests[] = {
	{ "ranges", ranges },           { "shared", shared },           { "waiting", waiting },
	{ "own_process", own_process }, { "whole_files", whole_files }, { 0 },
};
