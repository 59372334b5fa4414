/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls that are small where there is one process and one user: attributes, ids, priorities, clocks. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "test.h"

struct statx_part { /* the fields that are looked at */
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	struct {
		int64_t sec;
		uint32_t nsec, pad;
	} atime, btime, ctime, mtime;
	uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
	uint64_t rest[20];
};

#define BASIC 0x7ffu

static long do_statx(int fd, const char *path, int flags, unsigned mask, struct statx_part *out)
{
	return syscall(SYS_statx, fd, path, flags, mask, out);
}

static void extended_stat(void)
{
	struct statx_part x;
	struct stat st;
	int fd = open("/tmp/x", O_CREAT | O_RDWR | O_TRUNC, 0640), p[2];

	CHECK_EQ(write(fd, "abc", 3), 3);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(do_statx(AT_FDCWD, "/tmp/x", 0, BASIC, &x), 0);
	CHECK_EQ(x.mask & BASIC, BASIC);
	CHECK(x.size == 3 && x.mode == st.st_mode && x.ino == st.st_ino && x.nlink == 1);
	CHECK(x.mtime.sec == st.st_mtim.tv_sec && x.mtime.nsec == (unsigned)st.st_mtim.tv_nsec);
	CHECK_EQ(do_statx(fd, "", AT_EMPTY_PATH, BASIC, &x), 0);
	CHECK_EQ(x.ino, st.st_ino);
	CHECK_EQ(do_statx(AT_FDCWD, "/dev/null", 0x2000 /* AT_STATX_FORCE_SYNC */, BASIC, &x), 0);
	CHECK(x.rdev_major == 1 && x.rdev_minor == 3);
	CHECK_EQ(symlink("x", "/tmp/l"), 0);
	CHECK_EQ(do_statx(AT_FDCWD, "/tmp/l", AT_SYMLINK_NOFOLLOW, BASIC, &x), 0);
	CHECK(S_ISLNK(x.mode));
	CHECK_EQ(unlink("/tmp/l"), 0);
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(do_statx(p[0], "", AT_EMPTY_PATH, BASIC, &x), 0);
	CHECK(S_ISFIFO(x.mode));
	close(p[0]);
	close(p[1]);
	CHECK_ERR(do_statx(AT_FDCWD, "/tmp/x", 0, 0x80000000u, &x), EINVAL);
	CHECK_ERR(do_statx(AT_FDCWD, "/tmp/x", 0x6000, BASIC, &x), EINVAL);
	CHECK_ERR(do_statx(AT_FDCWD, "/tmp/none", 0, BASIC, &x), ENOENT);
	CHECK_ERR(do_statx(AT_FDCWD, "", 0, BASIC, &x), ENOENT);
	close(fd);
	unlink("/tmp/x");
}

static void old_times(void)
{
	struct timeval tv[2] = { { 100, 5 }, { 200, 999999 } };
	struct utimbuf ub = { 300, 400 };
	struct stat st;
	int fd = open("/tmp/t", O_CREAT | O_RDWR, 0600);

	CHECK_EQ(syscall(SYS_utimes, "/tmp/t", tv), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_atim.tv_sec == 100 && st.st_atim.tv_nsec == 5000 && st.st_mtim.tv_sec == 200 &&
	      st.st_mtim.tv_nsec == 999999000);
	CHECK_EQ(syscall(SYS_utime, "/tmp/t", &ub), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_atim.tv_sec == 300 && st.st_mtim.tv_sec == 400 && !st.st_mtim.tv_nsec);
	CHECK_EQ(syscall(SYS_futimesat, fd, NULL, tv), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_atim.tv_sec, 100);
	tv[1].tv_usec = 1000000;
	CHECK_ERR(syscall(SYS_utimes, "/tmp/t", tv), EINVAL);
	CHECK_EQ(syscall(SYS_utime, "/tmp/t", NULL), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_mtim.tv_sec > 1000000000 || st.st_mtim.tv_sec != 400);
	CHECK_ERR(utime("/tmp/none", NULL), ENOENT);
	close(fd);
	unlink("/tmp/t");
}

static void owners(void)
{
	struct stat st;

	CHECK_EQ(symlink("nowhere", "/tmp/l"), 0);
	CHECK_EQ(lchown("/tmp/l", -1, -1), 0);
	CHECK_ERR(fchownat(AT_FDCWD, "/tmp/l", -1, -1, 0), ENOENT);
	CHECK_EQ(fchownat(AT_FDCWD, "/tmp/l", getuid(), getgid(), AT_SYMLINK_NOFOLLOW), 0);
	CHECK_EQ(lstat("/tmp/l", &st), 0);
	CHECK_EQ(st.st_uid, getuid());
	CHECK_ERR(fchownat(AT_FDCWD, "/tmp/l", -1, -1, 0x40000), EINVAL);
	CHECK_EQ(unlink("/tmp/l"), 0);
}

static void caches(void)
{
	int fd = open("/tmp/c", O_CREAT | O_RDWR, 0600), p[2];

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(syncfs(fd), 0);
	CHECK_ERR(syncfs(0x7fff), EBADF);
	CHECK_EQ(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE), 0);
	CHECK_ERR(sync_file_range(fd, -1, 0, 0), EINVAL);
	CHECK_ERR(sync_file_range(fd, 0, 0, 64), EINVAL);
	CHECK_ERR(sync_file_range(p[0], 0, 0, 0), ESPIPE);
	CHECK_EQ(readahead(fd, 0, 100), 0);
	CHECK_ERR(readahead(p[0], 0, 100), EINVAL);
	CHECK_ERR(readahead(p[1], 0, 100), EBADF);
	close(p[0]);
	close(p[1]);
	close(fd);
	unlink("/tmp/c");
}

static void ids(void)
{
	uid_t r, e, s;
	gid_t list[70];
	int n;

	CHECK_EQ(getresuid(&r, &e, &s), 0);
	CHECK(r == getuid() && e == geteuid() && s == e);
	CHECK_EQ(setresuid(-1, -1, -1), 0);
	CHECK_EQ(syscall(SYS_setreuid, -1, e), 0);
	CHECK_EQ(syscall(SYS_setresgid, -1, -1, -1), 0);
	CHECK_ERR(syscall(SYS_setuid, -1), EINVAL);
	n = getgroups(0, NULL);
	CHECK(n >= 0 && n <= 70);
	CHECK_EQ(getgroups(70, list), n);
	CHECK_ERR(getgroups(-1, list), EINVAL);
	CHECK_EQ(syscall(SYS_setfsuid, -1), e);
}

static void capabilities(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = { 0, 0 };
	uint32_t data[6] = { 0 };

	CHECK_ERR(syscall(SYS_capget, &header, data), EINVAL);
	CHECK_EQ(header.version, 0x20080522);
	CHECK_EQ(syscall(SYS_capget, &header, data), 0);
	CHECK_EQ(syscall(SYS_capset, &header, data), 0);
	header.pid = -1;
	CHECK_ERR(syscall(SYS_capget, &header, data), EINVAL);
}

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t rest[8];
};

static void priorities(void)
{
	struct attr a;
	int was;

	errno = 0;
	was = getpriority(PRIO_PROCESS, 0);
	CHECK(!errno);
	CHECK_EQ(setpriority(PRIO_PROCESS, 0, was + 1), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), was + 1);
	CHECK_EQ(setpriority(PRIO_PROCESS, 0, 100), 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
	CHECK_ERR(getpriority(7, 0), EINVAL);
	CHECK_ERR(getpriority(PRIO_PROCESS, 999999), ESRCH);
	CHECK_EQ(syscall(SYS_sched_getattr, 0, &a, 48, 0), 0);
	CHECK(a.size == 48 && a.policy == SCHED_OTHER && a.nice == 19 && a.priority == 0);
	CHECK_EQ(syscall(SYS_sched_setattr, 0, &a, 0), 0);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, &a, 47, 0), EINVAL);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, &a, 48, 1), EINVAL);
	CHECK_ERR(syscall(SYS_sched_getattr, 999999, &a, 48, 0), ESRCH);
	a.policy = 77;
	CHECK_ERR(syscall(SYS_sched_setattr, 0, &a, 0), EINVAL);
	setpriority(PRIO_PROCESS, 0, was); /* where that is permitted */
}

static void no_children(void)
{
	siginfo_t si;
	int status;

	CHECK_ERR(wait(&status), ECHILD);
	CHECK_ERR(waitpid(12345, &status, WNOHANG), ECHILD);
	CHECK_ERR(waitpid(-1, &status, 0x100), EINVAL);
	CHECK_ERR(waitid(P_ALL, 0, &si, WEXITED), ECHILD);
	CHECK_ERR(waitid(P_ALL, 0, &si, 0), EINVAL);
	CHECK_ERR(waitid(99, 0, &si, WEXITED), EINVAL);
}

static void clocks(void)
{
	struct timeval bad = { 5, 1000000 };
	struct timex t = { 0 };
	struct tms tms;
	clock_t a, b;

	a = times(&tms);
	CHECK(a != (clock_t)-1 && tms.tms_utime >= 0 && tms.tms_cutime == 0);
	usleep(30000);
	b = times(&tms);
	CHECK(b >= a + 2);
	CHECK(adjtimex(&t) >= 0);
	CHECK(labs(t.time.tv_sec - time(NULL)) <= 1);
	CHECK_EQ(t.tick, 10000);
	t.modes = 0;
	CHECK(clock_adjtime(CLOCK_REALTIME, &t) >= 0);
	CHECK_ERR(clock_adjtime(CLOCK_MONOTONIC, &t), EOPNOTSUPP);
	CHECK_ERR(clock_adjtime(99, &t), EINVAL);
	CHECK(settimeofday(&bad, NULL) == -1 && (errno == EINVAL || errno == EPERM));
}

static void locking(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char in[2];

	CHECK_EQ(syscall(SYS_mlock2, p, 4096, 1), 0);
	CHECK_EQ(syscall(SYS_mlock2, p, 8192, 0), 0);
	CHECK_EQ(mincore(p, 8192, in), 0);
	CHECK((in[0] & 1) && (in[1] & 1));
	CHECK_ERR(syscall(SYS_mlock2, p, 4096, 8), EINVAL);
	CHECK_EQ(munlock(p, 8192), 0);
	munmap(p, 8192);
	CHECK_ERR(syscall(SYS_mlock2, p, 4096, 0), ENOMEM);
}

static void many_messages(void)
{
	struct mmsghdr m[4];
	struct timespec zero = { 0, 0 }, bad = { 0, -1 };
	struct iovec v[4];
	char buf[4][8];
	int s[2];

	CHECK_EQ(socketpair(AF_UNIX, SOCK_DGRAM, 0, s), 0);
	memset(m, 0, sizeof(m));
	for (int i = 0; i < 4; i++) {
		v[i] = (struct iovec){ buf[i], 8 };
		m[i].msg_hdr.msg_iov = &v[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK_ERR(recvmmsg(s[1], m, 4, MSG_DONTWAIT, NULL), EAGAIN);
	CHECK_EQ(send(s[0], "a", 1, 0), 1);
	CHECK_EQ(send(s[0], "bcd", 3, 0), 3);
	CHECK_EQ(recvmmsg(s[1], m, 4, MSG_WAITFORONE, NULL), 2);
	CHECK(m[0].msg_len == 1 && m[1].msg_len == 3 && !memcmp(buf[1], "bcd", 3));
	CHECK_EQ(send(s[0], "e", 1, 0), 1);
	CHECK_EQ(send(s[0], "f", 1, 0), 1);
	CHECK_EQ(recvmmsg(s[1], m, 1, 0, NULL), 1);
	CHECK_EQ(recvmmsg(s[1], m, 4, 0, &zero), 1);
	CHECK_ERR(recvmmsg(s[1], m, 4, 0, &bad), EINVAL);
	CHECK_ERR(recvmmsg(0x7fff, m, 4, 0, NULL), EBADF);
	close(s[0]);
	close(s[1]);
}

static void old_listing(void)
{
	char buf[1024];
	bool dot = false, file = false;
	int fd, n;

	mkdir("/tmp/ld", 0700);
	close(open("/tmp/ld/file", O_CREAT | O_WRONLY, 0600));
	fd = open("/tmp/ld", O_RDONLY | O_DIRECTORY);
	n = (int)syscall(SYS_getdents, fd, buf, sizeof(buf));
	CHECK(n > 0);
	for (int at = 0; at < n;) {
		unsigned short len = *(unsigned short *)(buf + at + 16);
		char type = buf[at + len - 1];

		CHECK(len >= 24 && len % 8 == 0 && at + len <= n);
		dot = dot || (!strcmp(buf + at + 18, ".") && type == 4);
		file = file || (!strcmp(buf + at + 18, "file") && type == 8);
		at += len;
	}
	CHECK(dot && file);
	CHECK_EQ(syscall(SYS_getdents, fd, buf, sizeof(buf)), 0);
	close(fd);
	unlink("/tmp/ld/file");
	rmdir("/tmp/ld");
}

static void attributes(void)
{
	char value[16];
	int fd = open("/tmp/xa", O_CREAT | O_RDWR, 0600);

	CHECK_ERR(getxattr("/tmp/none", "user.a", value, sizeof(value)), ENOENT);
	CHECK(getxattr("/tmp/xa", "user.a", value, sizeof(value)) == -1 && (errno == EOPNOTSUPP || errno == ENODATA));
	CHECK(fgetxattr(fd, "user.a", value, sizeof(value)) == -1 && (errno == EOPNOTSUPP || errno == ENODATA));
	CHECK_ERR(setxattr("/tmp/xa", "", "1", 1, 0), ERANGE);
	CHECK_ERR(fsetxattr(0x7fff, "user.a", "1", 1, 0), EBADF);
	CHECK(listxattr("/tmp/xa", NULL, 0) >= 0);
	close(fd);
	unlink("/tmp/xa");
}

const struct test calls_tests[] = {
	{ "extended_stat", extended_stat },
	{ "old_times", old_times },
	{ "owners", owners },
	{ "caches", caches },
	{ "ids", ids },
	{ "capabilities", capabilities },
	{ "priorities", priorities },
	{ "no_children", no_children },
	{ "clocks", clocks },
	{ "locking", locking },
	{ "many_messages", many_messages },
	{ "old_listing", old_listing },
	{ "attributes", attributes },
	{ 0 },
};
