/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing at a file's end, and beside it: O_APPEND and the flags of pwritev2() that overrule it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

#define F "/tmp/posix-test-append"

static int fresh(void)
{
	unlink(F);
	return open(F, O_RDWR | O_CREAT | O_EXCL, 0644);
}

static void append(void)
{
	char buf[16];
	int fd = fresh(), ap = open(F, O_WRONLY | O_APPEND);

	CHECK_EQ(write(fd, "abc", 3), 3);
	CHECK_EQ(write(ap, "def", 3), 3);
	CHECK_EQ(lseek(ap, 0, SEEK_SET), 0);
	CHECK_EQ(write(ap, "ghi", 3), 3);
	CHECK_EQ(pread(fd, buf, 16, 0), 9);
	CHECK(!memcmp(buf, "abcdefghi", 9));
	CHECK_ERR(read(ap, buf, 1), EBADF);
	close(fd);
	close(ap);
	fd = open(F, O_RDONLY);
	CHECK_ERR(write(fd, "x", 1), EBADF);
	close(fd);
	fd = open(F, O_RDWR | O_TRUNC);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

static long write_flagged(int fd, const char *text, off_t pos, int flags)
{
	struct iovec v = { (char *)text, strlen(text) };

	return syscall(SYS_pwritev2, fd, &v, 1, pos, 0, flags);
}

/* The flags of pwritev2() overrule O_APPEND both ways. */
static void append_overruled(void)
{
	enum { APPEND = 0x10, NOAPPEND = 0x20, UNKNOWN = 0x40000000 };
	char buf[16];
	int fd = fresh(), ap = open(F, O_RDWR | O_APPEND);

	CHECK_EQ(write(fd, "abcdef", 6), 6);
	CHECK_EQ(write_flagged(ap, "B", 1, NOAPPEND), 1);
	CHECK_EQ(write_flagged(ap, "XY", 3, NOAPPEND), 2);
	CHECK_EQ(write_flagged(ap, "A", 0, NOAPPEND), 1);
	CHECK_EQ(write_flagged(ap, "g", 0, 0), 1);
	CHECK_EQ(write_flagged(fd, "h", 0, APPEND), 1);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(pread(fd, buf, 16, 0), 8);
	CHECK(!memcmp(buf, "ABcXYfgh", 8));
	CHECK_EQ(lseek(ap, 2, SEEK_SET), 2);
	CHECK_EQ(write_flagged(ap, "C", -1, NOAPPEND), 1);
	CHECK_EQ(lseek(ap, 0, SEEK_CUR), 3);
	CHECK_ERR(write_flagged(ap, "x", 0, APPEND | NOAPPEND), EINVAL);
	CHECK_ERR(write_flagged(ap, "x", 0, UNKNOWN), EOPNOTSUPP);
	CHECK_EQ(pread(fd, buf, 16, 0), 8);
	CHECK(!memcmp(buf, "ABCXYfgh", 8));
	close(fd);
	close(ap);
}

/* POSIX; Linux' own calls append. */
static void pwrite_has_its_place(void)
{
	char buf[16];
	struct iovec v = { "XY", 2 };
	int fd = fresh(), ap = open(F, O_RDWR | O_APPEND);

	CHECK_EQ(write(fd, "abcdef", 6), 6);
	CHECK_EQ(pwrite(ap, "B", 1, 1), 1);
	CHECK_EQ(pwritev(ap, &v, 1, 3), 2);
	CHECK_EQ(pread(fd, buf, 16, 0), 6);
	CHECK(!memcmp(buf, "aBcXYf", 6));
	CHECK_ERR(pwrite(ap, "x", 1, -1), EINVAL);
	close(fd);
	close(ap);
}

const struct test appends_tests[] = {
	{ "append", append },
	{ "append_overruled", append_overruled },
	{ "pwrite_has_its_place", pwrite_has_its_place },
	{ 0 },
};
