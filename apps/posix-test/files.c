/* SPDX-License-Identifier: BSD-3-Clause */
/* Open files: data, positions, descriptors, attributes, device files. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define F "/tmp/posix-test-file"

static int fresh(void)
{
	unlink(F);
	return open(F, O_RDWR | O_CREAT | O_EXCL, 0644);
}

static void read_write(void)
{
	char buf[64] = { 0 };
	int fd = fresh();

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "hello world", 11), 11);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 11);
	CHECK_EQ(read(fd, buf, sizeof(buf)), 0);
	CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
	CHECK_EQ(read(fd, buf, sizeof(buf)), 5);
	CHECK(!memcmp(buf, "world", 5));
	CHECK_EQ(pread(fd, buf, 5, 0), 5);
	CHECK(!memcmp(buf, "hello", 5));
	CHECK_EQ(pwrite(fd, "J", 1, 0), 1);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 11);
	CHECK_EQ(pread(fd, buf, 64, 0), 11);
	CHECK(!memcmp(buf, "Jello world", 11));
	CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERR(lseek(fd, 0, 99), EINVAL);
	CHECK_ERR(pread(fd, buf, 1, -1), EINVAL);
	CHECK_EQ(close(fd), 0);
	CHECK_ERR(close(fd), EBADF);
	CHECK_ERR(read(fd, buf, 1), EBADF);
}

static void vectors(void)
{
	char a[3], b[4], c[10];
	struct iovec out[3] = { { "one", 3 }, { "", 0 }, { "two!", 4 } }, in[3] = { { a, 3 }, { b, 4 }, { c, 10 } };
	volatile int none = -1, many = 1025;
	int fd = fresh();

	CHECK_EQ(writev(fd, out, 3), 7);
	CHECK_EQ(preadv(fd, in, 3, 0), 7);
	CHECK(!memcmp(a, "one", 3) && !memcmp(b, "two!", 4));
	CHECK_EQ(pwritev(fd, out, 1, 100), 3);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 103);
	CHECK_ERR(readv(fd, in, none), EINVAL);
	CHECK_ERR(readv(fd, in, many), EINVAL);
	close(fd);
}

static void sparse(void)
{
	char buf[8192];
	struct stat st;
	int fd = fresh();

	CHECK_EQ(pwrite(fd, "x", 1, 1 << 30), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, (1 << 30) + 1);
	CHECK(st.st_blocks < 1000);
	memset(buf, 1, sizeof(buf));
	CHECK_EQ(pread(fd, buf, sizeof(buf), 12345), sizeof(buf));
	CHECK(!buf[0] && !memcmp(buf, buf + 1, sizeof(buf) - 1));
	CHECK_EQ(lseek(fd, 0, SEEK_DATA), 1 << 30);
	CHECK_EQ(lseek(fd, 0, SEEK_HOLE), 0);
	CHECK_EQ(lseek(fd, 1 << 30, SEEK_HOLE), (1 << 30) + 1);
	CHECK_ERR(lseek(fd, 2L << 30, SEEK_DATA), ENXIO);
	CHECK_EQ(ftruncate(fd, 100), 0);
	CHECK_EQ(ftruncate(fd, 8192), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 8192);
	CHECK_ERR(ftruncate(fd, -1), EINVAL);
	close(fd);
}

static void truncate_clears(void)
{
	char buf[6000], zero[6000] = { 0 };
	int fd = fresh();

	memset(buf, 7, sizeof(buf));
	CHECK_EQ(write(fd, buf, sizeof(buf)), sizeof(buf));
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK_EQ(ftruncate(fd, sizeof(buf)), 0);
	CHECK_EQ(pread(fd, buf, sizeof(buf), 0), sizeof(buf));
	CHECK(buf[9] == 7 && !memcmp(buf + 10, zero, sizeof(buf) - 10));
	CHECK_EQ(truncate(F, 3), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 3);
	CHECK_ERR(truncate("/tmp", 3), EISDIR);
	close(fd);
}

static void allocate(void)
{
	char buf[3 * 4096];
	int fd = fresh();

	CHECK_EQ(fallocate(fd, 0, 0, 3 * 4096), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 3 * 4096);
	memset(buf, 5, sizeof(buf));
	CHECK_EQ(pwrite(fd, buf, sizeof(buf), 0), sizeof(buf));
	CHECK_EQ(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100, 8000), 0);
	CHECK_EQ(pread(fd, buf, sizeof(buf), 0), sizeof(buf));
	CHECK(buf[99] == 5 && !buf[100] && !buf[8099] && buf[8100] == 5);
	CHECK_ERR(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), EOPNOTSUPP);
	CHECK_ERR(fallocate(fd, 0, 0, 0), EINVAL);
	CHECK_EQ(posix_fallocate(fd, 0, 5 * 4096), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 5 * 4096);
	close(fd);
}

static void unlinked(void)
{
	struct stat st;
	char c;
	int fd = fresh();

	CHECK_EQ(write(fd, "x", 1), 1);
	CHECK_EQ(unlink(F), 0);
	CHECK_ERR(open(F, O_RDONLY), ENOENT);
	CHECK_EQ(pread(fd, &c, 1, 0), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	close(fd);
}

static void open_errors(void)
{
	int fd = fresh();

	CHECK_ERR(open(F, O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERR(open(F "/x", O_RDONLY), ENOTDIR);
	CHECK_ERR(open(F "/", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("/tmp/none/x", O_CREAT | O_RDWR, 0644), ENOENT);
	CHECK_ERR(open("", O_RDONLY), ENOENT);
	CHECK_ERR(open("/tmp", O_RDWR), EISDIR);
	CHECK_ERR(open(F, O_RDONLY | O_DIRECTORY), ENOTDIR);
	close(fd);
	unlink(F);
}

static void descriptors(void)
{
	int fd = fresh(), d, e;
	char c;

	d = dup(fd);
	CHECK_EQ(d, fd + 1);
	CHECK_EQ(write(fd, "ab", 2), 2);
	CHECK_EQ(lseek(d, 0, SEEK_CUR), 2); /* one position for both */
	CHECK_EQ(fcntl(fd, F_DUPFD, 50), 50);
	CHECK_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 50), 51);
	CHECK_EQ(fcntl(50, F_GETFD), 0);
	CHECK_EQ(fcntl(51, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(51, F_SETFD, 0), 0);
	CHECK_EQ(fcntl(51, F_GETFD), 0);
	CHECK_EQ(dup2(fd, 60), 60);
	CHECK_EQ(dup2(fd, fd), fd);
	CHECK_ERR(dup3(fd, fd, 0), EINVAL);
	CHECK_EQ(dup3(fd, 60, O_CLOEXEC), 60);
	CHECK_EQ(fcntl(60, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(dup2(fd, 1 << 20), EBADF);
	CHECK_ERR(dup(61), EBADF);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(pread(d, &c, 1, 0), 1);
	e = dup(d);
	CHECK_EQ(e, fd); /* the lowest */
	CHECK_EQ(close(50) | close(51) | close(60) | close(d) | close(e), 0);
}

static void flags(void)
{
	int fd = fresh();

	CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR);
	CHECK_EQ(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_RDONLY), 0);
	CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR | O_APPEND | O_NONBLOCK);
	CHECK_ERR(fcntl(fd, 9999), EINVAL);
	CHECK_ERR(fcntl(fd, F_DUPFD, -1), EINVAL);
	CHECK_ERR(fcntl(999, F_GETFL), EBADF);
	close(fd);
}

static void table_grows(void)
{
	int fds[900], n;

	for (n = 0; n < 900; n++) {
		fds[n] = open("/dev/null", O_RDWR);
		CHECK(fds[n] >= 0);
		CHECK(!n || fds[n] > fds[n - 1]);
	}
	while (n--)
		CHECK_EQ(close(fds[n]), 0);
}

static void attributes(void)
{
	struct timespec ts[2] = { { 1000, 5 }, { 2000, 6 } };
	struct stat st;
	int fd = fresh();

	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(S_ISREG(st.st_mode) && st.st_nlink == 1 && st.st_size == 0);
	CHECK_EQ(fchmod(fd, 0600), 0);
	CHECK_EQ(stat(F, &st), 0);
	CHECK_EQ(st.st_mode & 07777, 0600);
	CHECK_EQ(access(F, R_OK | W_OK), 0);
	CHECK_ERR(access(F, X_OK), EACCES);
	CHECK_ERR(access(F "x", F_OK), ENOENT);
	CHECK_EQ(chmod(F, 0755), 0);
	CHECK_EQ(access(F, X_OK), 0);
	CHECK_EQ(utimensat(AT_FDCWD, F, ts, 0), 0);
	CHECK_EQ(stat(F, &st), 0);
	CHECK(st.st_atim.tv_sec == 1000 && st.st_atim.tv_nsec == 5 && st.st_mtim.tv_sec == 2000 && st.st_mtim.tv_nsec == 6);
	ts[0].tv_nsec = UTIME_OMIT;
	ts[1].tv_nsec = UTIME_NOW;
	CHECK_EQ(futimens(fd, ts), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_atim.tv_sec == 1000 && labs(st.st_mtim.tv_sec - time(NULL)) < 5);
	ts[0].tv_nsec = 1000000000;
	CHECK_ERR(futimens(fd, ts), EINVAL);
	close(fd);
}

static void mask(void)
{
	struct stat st;
	mode_t old = umask(027);
	int fd;

	unlink(F);
	fd = open(F, O_RDWR | O_CREAT, 0777);
	CHECK_EQ(umask(old), 027);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode & 07777, 0750);
	close(fd);
	unlink(F);
}

static void devices(void)
{
	char buf[100] = { 1 }, other[100] = { 0 };
	struct stat st;
	int fd = open("/dev/null", O_RDWR);

	CHECK_EQ(read(fd, buf, 100), 0);
	CHECK_EQ(write(fd, buf, 100), 100);
	close(fd);
	fd = open("/dev/zero", O_RDWR);
	CHECK_EQ(read(fd, buf, 100), 100);
	CHECK(!memcmp(buf, other, 100));
	close(fd);
	fd = open("/dev/full", O_RDWR);
	CHECK_ERR(write(fd, buf, 1), ENOSPC);
	close(fd);
	fd = open("/dev/urandom", O_RDONLY);
	CHECK_EQ(read(fd, buf, 100), 100);
	CHECK_EQ(read(fd, other, 100), 100);
	CHECK(memcmp(buf, other, 100));
	close(fd);
	CHECK_EQ(stat("/dev/null", &st), 0);
	CHECK(S_ISCHR(st.st_mode) && st.st_rdev == 0x103);
}

static void memory_file(void)
{
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	CHECK(fd >= 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(ftruncate(fd, 8192), 0);
	CHECK_EQ(fcntl(fd, F_GET_SEALS), 0);
	CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK), 0);
	CHECK_ERR(ftruncate(fd, 4096), EPERM);
	CHECK_ERR(ftruncate(fd, 16384), EPERM);
	CHECK_EQ(pwrite(fd, "x", 1, 8191), 1);
	CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
	CHECK_ERR(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EPERM);
	close(fd);
	fd = memfd_create("y", 0);
	CHECK_EQ(fcntl(fd, F_GET_SEALS), F_SEAL_SEAL);
	close(fd);
}

static void file_system(void)
{
	struct statvfs st;
	int fd = fresh();

	CHECK_EQ(statvfs("/tmp", &st), 0);
	CHECK(st.f_bsize >= 512 && st.f_namemax == 255);
	CHECK_EQ(fsync(fd), 0);
	CHECK_EQ(fdatasync(fd), 0);
	CHECK_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL), 0);
	close(fd);
	unlink(F);
}

/* What cannot be had whole leaves nothing behind. */
static void allocate_too_much(void)
{
	struct statvfs before, after;
	struct stat st;
	char b = 7;
	int fd = fresh();

	CHECK_EQ(pwrite(fd, &b, 1, 5 * 4096), 1);
	CHECK_EQ(statvfs("/tmp", &before), 0);
	CHECK_ERR(fallocate(fd, 0, 0, 1l << 50), ENOSPC);
	CHECK_ERR(fallocate(fd, FALLOC_FL_KEEP_SIZE, 4096, before.f_bavail * before.f_bsize + (64l << 20)), ENOSPC);
	CHECK_EQ(statvfs("/tmp", &after), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_size, 5 * 4096 + 1);
	CHECK(st.st_blocks <= 16);
	CHECK(after.f_bavail + 16 >= before.f_bavail);
	b = 0;
	CHECK_EQ(pread(fd, &b, 1, 5 * 4096), 1);
	CHECK_EQ(b, 7);
	close(fd);
	unlink(F);
}

/* Returns how much could be written, or -1 if it did not end with ENOSPC. */
static long fill(int fd)
{
	static char block[65536];
	long sum = 0, n;

	while ((n = write(fd, block, sizeof(block))) > 0)
		sum += n;
	return n < 0 && errno == ENOSPC ? sum : -1;
}

static bool can_touch(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	memset(p, 1, size);
	return !munmap(p, size);
}

/* A full file system is an error for who writes, and for no one else. */
static void full(void)
{
	struct statvfs st, again;
	int fd = fresh();

	CHECK_EQ(statvfs("/tmp", &st), 0);
	if (st.f_blocks * st.f_bsize > 1ul << 30) /* a disk, not memory: on Linux */
		goto out;
	CHECK(fill(fd) >= (long)(st.f_bavail * st.f_bsize) - (1l << 20));
	CHECK(can_touch(1 << 18));
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(statvfs("/tmp", &again), 0);
	CHECK(again.f_bavail + 64 >= st.f_bavail);

	/* Without a limit of its own: memory's reserve. */
	int all = memfd_create("all", 0);

	CHECK(fill(all) > 0);
	CHECK(can_touch(1 << 18));
	CHECK(fill(fd) >= 0);
	CHECK(can_touch(1 << 18));
	close(all);
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(statvfs("/tmp", &again), 0);
	CHECK(again.f_bavail + 64 >= st.f_bavail);
out:
	close(fd);
	unlink(F);
}

const struct test files_tests[] = {
	{ "read_write", read_write },
	{ "vectors", vectors },
	{ "sparse", sparse },
	{ "truncate_clears", truncate_clears },
	{ "allocate", allocate },
	{ "unlinked", unlinked },
	{ "open_errors", open_errors },
	{ "descriptors", descriptors },
	{ "flags", flags },
	{ "table_grows", table_grows },
	{ "attributes", attributes },
	{ "mask", mask },
	{ "devices", devices },
	{ "memory_file", memory_file },
	{ "file_system", file_system },
	{ "allocate_too_much", allocate_too_much },
	{ "full", full },
	{ 0 },
};
