/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls with arguments at the edge of what they take: files, descriptors, waits. What is expected is what Linux does. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "test.h"

#define NAME "/tmp/corners"

#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2 441
#endif

static int new_file(void)
{
	return open(NAME, O_RDWR | O_CREAT | O_TRUNC, 0644);
}

static void opened_wrongly(void)
{
	CHECK_ERR(open("/tmp", O_TRUNC), EISDIR);
	CHECK_ERR(open("/tmp", O_CREAT, 0600), EISDIR);
	unlink(NAME "-link");
	CHECK_EQ(symlink("nowhere", NAME "-link"), 0);
	CHECK_ERR(open(NAME "-link", O_NOFOLLOW | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(open(NAME "-link", O_NOFOLLOW), ELOOP);
	CHECK_EQ(unlink(NAME "-link"), 0);
}

/* A descriptor that only names a file changes nothing about it. */
static void named_only(void)
{
	int fd = new_file(), path = open(NAME, O_PATH);

	CHECK(fd >= 0 && path >= 0);
	CHECK_ERR(syscall(SYS_fchown, path, 0, 0), EBADF); /* a C library may try the name in /proc then */
	CHECK_EQ(posix_fadvise(path, 0, 0, POSIX_FADV_NORMAL), EBADF);
	CHECK_ERR(futimens(path, NULL), EBADF);
	CHECK_ERR(syscall(SYS_fchmod, path, 0600), EBADF);
	CHECK_ERR(flock(path, LOCK_EX), EBADF);
	close(path);
	close(fd);
	unlink(NAME);
}

static void positions(void)
{
	char two[2] = "ab";
	struct iovec vec = { two, 2 };
	int fd = (int)syscall(SYS_memfd_create, "corners", 0u), p[2];

	CHECK_EQ(lseek(fd, LONG_MAX, SEEK_SET), LONG_MAX);
	CHECK_ERR(lseek(fd, 1, SEEK_CUR), EINVAL);
	CHECK_ERR(lseek(fd, LONG_MAX, SEEK_CUR), EINVAL);
	CHECK_ERR(read(fd, two, 1), EINVAL);
	CHECK_ERR(pread(fd, two, 1, LONG_MAX), EINVAL);
	CHECK_ERR(pwrite(fd, two, 1, LONG_MAX), EINVAL);
	CHECK_ERR(pwrite(fd, two, 2, LONG_MAX - 1), EINVAL);
	CHECK_ERR(pwritev(fd, &vec, 1, LONG_MAX - 1), EINVAL);
	CHECK_EQ(pread(fd, two, 0, LONG_MAX), 0);
	CHECK_ERR(ftruncate(-1, -1), EINVAL);
	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(lseek(p[0], 0, 99), EINVAL);
	CHECK_ERR(lseek(p[0], 0, SEEK_CUR), ESPIPE);
	close(p[0]);
	close(p[1]);
	close(fd);
}

/* A length up to the largest is as much as there is. */
static void copied_within(void)
{
	int fd = new_file();
	off_t from = 0, to = 200;
	char text[100];

	memset(text, 'x', sizeof(text));
	CHECK_EQ(write(fd, text, 100), 100);
	CHECK_EQ(copy_file_range(fd, &from, fd, &to, LONG_MAX, 0), 100);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 300);
	from = 0;
	to = 50;
	CHECK_ERR(copy_file_range(fd, &from, fd, &to, LONG_MAX, 0), EINVAL);
	CHECK_ERR(copy_file_range(fd, &from, fd, &to, -1ul, 0), EOVERFLOW);
	from = LONG_MAX;
	CHECK_ERR(sendfile(fd, fd, &from, 1), EINVAL);
	close(fd);
	unlink(NAME);
}

static void times_of_nothing(void)
{
	const struct timespec omit[2] = { { 1, UTIME_OMIT }, { 1, UTIME_OMIT } };
	int fd = new_file();

	CHECK_EQ(syscall(SYS_utimensat, AT_FDCWD, "/tmp/not/there", omit, 0), 0);
	CHECK_ERR(syscall(SYS_utimensat, fd, NULL, NULL, AT_SYMLINK_NOFOLLOW), EINVAL);
	CHECK_ERR(syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0), EFAULT);
	close(fd);
	unlink(NAME);
}

/* Who runs a file that has another owner now must not become the one it was made for. */
static void another_owner(void)
{
	struct stat st;
	int fd = new_file();

	CHECK_EQ(fchmod(fd, 06755), 0);
	CHECK_EQ(fchown(fd, getuid(), getgid()), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0755);
	CHECK_EQ(fchmod(fd, 06745), 0);
	CHECK_EQ(chown(NAME, -1, -1), 0);
	CHECK_EQ(stat(NAME, &st), 0);
	CHECK_EQ(st.st_mode & S_ISUID, 0);
	close(fd);
	unlink(NAME);
}

static void nowhere(void)
{
	struct statfs fs;
	int p[2], s[2], e = eventfd(0, 0);

	CHECK(pipe(p) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	CHECK_EQ(fstatfs(p[0], &fs), 0);
	CHECK_EQ(fs.f_type, 0x50495045);
	CHECK_EQ(fs.f_namelen, 255);
	CHECK_EQ(fstatfs(s[0], &fs), 0);
	CHECK_EQ(fs.f_type, 0x534f434b);
	CHECK_EQ(fstatfs(e, &fs), 0);
	CHECK_EQ(fs.f_type, 0x09041934);
	CHECK_EQ(flock(p[0], LOCK_EX), 0);
	CHECK_EQ(flock(s[0], LOCK_EX | LOCK_NB), 0);
	close(p[0]);
	close(p[1]);
	close(s[0]);
	close(s[1]);
	close(e);
}

static void locks_of_streams(void)
{
	struct flock k = { .l_type = F_UNLCK };
	int p[2], fd = new_file();

	CHECK_EQ(pipe(p), 0);
	CHECK_ERR(fcntl(fd, F_GETLK, &k), EINVAL);
	CHECK_EQ(fcntl(p[0], F_SETLK, &k), 0);
	k.l_type = F_WRLCK;
	CHECK_ERR(fcntl(p[0], F_SETLK, &k), EBADF);
	CHECK_EQ(fcntl(p[1], F_SETLK, &k), 0);
	k = (struct flock){ .l_type = F_WRLCK };
	CHECK_EQ(fcntl(fd, F_GETLK, &k), 0);
	CHECK_EQ(k.l_type, F_UNLCK);
	CHECK_EQ(flock(fd, 32), 0); /* LOCK_MAND is history */
	close(fd);
	close(p[0]);
	close(p[1]);
	unlink(NAME);
}

static void owners(void)
{
	struct f_owner_ex ex = { F_OWNER_PID, getpid() };
	int p[2], on = 1;

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(fcntl(p[0], F_GETOWN), 0);
	CHECK_EQ(fcntl(p[0], F_SETOWN, getpid()), 0);
	CHECK_EQ(fcntl(p[0], F_GETOWN), getpid());
	CHECK_ERR(fcntl(p[0], F_SETOWN, 99999999), ESRCH);
	CHECK_ERR(fcntl(p[0], F_SETSIG, 65), EINVAL);
	CHECK_ERR(fcntl(p[0], F_SETSIG, -1), EINVAL);
	CHECK_EQ(fcntl(p[0], F_SETSIG, SIGUSR1), 0);
	CHECK_EQ(fcntl(p[0], F_GETSIG), SIGUSR1);
	CHECK_EQ(fcntl(p[0], F_SETOWN_EX, &ex), 0);
	ex = (struct f_owner_ex){ 9, 9 };
	CHECK_ERR(fcntl(p[0], F_SETOWN_EX, &ex), EINVAL);
	CHECK_EQ(fcntl(p[0], F_GETOWN_EX, &ex), 0);
	CHECK(ex.type == F_OWNER_PID && ex.pid == getpid());
	CHECK_EQ(fcntl(p[0], F_SETSIG, 0), 0);
	CHECK_EQ(fcntl(p[0], F_SETOWN, 0), 0);
	CHECK_EQ(ioctl(p[0], FIOASYNC, &on), 0);
	CHECK(fcntl(p[0], F_GETFL) & O_ASYNC);
	on = 0;
	CHECK_EQ(ioctl(p[0], FIOASYNC, &on), 0);
	CHECK(!(fcntl(p[0], F_GETFL) & O_ASYNC));
	close(p[0]);
	close(p[1]);
}

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x10
#endif

static void sealed(void)
{
	int fd = (int)syscall(SYS_memfd_create, "corners", 2u);
	char *map;

	CHECK_EQ(ftruncate(fd, 4096), 0);
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED);
	CHECK_ERR(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
	CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	map[0] = 'a'; /* what is mapped may still */
	CHECK_ERR(pwrite(fd, "b", 1, 0), EPERM);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM);
	CHECK_EQ(munmap(map, 4096), 0);
	CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	CHECK_EQ(fcntl(fd, F_GET_SEALS), F_SEAL_WRITE | F_SEAL_FUTURE_WRITE);
	close(fd);
}

/* Linux' own calls leave in the time what is left of it; the C library's hide that, but for select(2)'s in some. */
static void time_left(void)
{
	struct timespec ts = { 0, 20000000 };
	struct pollfd none = { -1, 0, 0 }, ready = { -1, POLLIN, 0 };
	int p[2];

	CHECK_EQ(syscall(SYS_ppoll, &none, 1, &ts, NULL, 8), 0);
	CHECK(ts.tv_sec == 0 && ts.tv_nsec == 0);
	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(write(p[1], "x", 1), 1);
	ready.fd = p[0];
	ts = (struct timespec){ 500, 0 };
	CHECK_EQ(syscall(SYS_ppoll, &ready, 1, &ts, NULL, 8), 1);
	CHECK(ts.tv_sec == 499);

	fd_set set;
	struct timeval tv = { 500, 0 };

	FD_ZERO(&set);
	FD_SET(p[0], &set);
	CHECK_EQ(syscall(SYS_select, p[0] + 1, &set, NULL, NULL, &tv), 1);
	CHECK(tv.tv_sec == 499);
	ts = (struct timespec){ 500, 0 };
	CHECK_EQ(syscall(SYS_pselect6, p[0] + 1, &set, NULL, NULL, &ts, NULL), 1);
	CHECK(ts.tv_sec == 499);
	close(p[0]);
	close(p[1]);
}

static void many_events(void)
{
	struct epoll_event ev = { .events = EPOLLIN }, *many = &ev;
	const struct timespec soon = { 0, 1000000 }, wrong = { 0, -1 };
	int p[2], ep = epoll_create1(0);

	CHECK_EQ(pipe(p), 0);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev), 0);
	CHECK_ERR(syscall(SYS_epoll_wait, ep, many, INT_MAX, 0), EINVAL);
	CHECK_EQ(syscall(SYS_epoll_pwait2, ep, many, 1, &soon, NULL, 8), 0);
	CHECK_ERR(syscall(SYS_epoll_pwait2, ep, many, 1, &wrong, NULL, 8), EINVAL);
	CHECK_EQ(write(p[1], "x", 1), 1);
	CHECK_EQ(syscall(SYS_epoll_pwait2, ep, many, 1, NULL, NULL, 8), 1);
	/* Who asks for nothing is told of errors all the same. */
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL), 0);
	ev.events = 0;
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], &ev), 0);
	CHECK_EQ(epoll_wait(ep, many, 1, 0), 0);
	CHECK_EQ(close(p[0]), 0);
	CHECK_EQ(epoll_wait(ep, many, 1, 1000), 1);
	CHECK_EQ(ev.events, EPOLLERR);
	p[0] = dup(0);
	close(ep);
	close(p[0]);
	close(p[1]);
}

static void half_and_half(void)
{
	struct linger l = { 1, 5 };
	socklen_t len = sizeof(l);
	struct pollfd pf = { .events = POLLIN };
	int s[2], low = 0;

	CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	CHECK_ERR(socket(AF_UNIX, 0, 0), ESOCKTNOSUPPORT);
	CHECK_ERR(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &l, 4), EINVAL);
	CHECK_EQ(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &l, len), 0);
	l = (struct linger){ 0, 0 };
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_LINGER, &l, &len), 0);
	CHECK(l.l_onoff && l.l_linger == 5);
	len = sizeof(low);
	CHECK_EQ(getsockopt(s[0], SOL_SOCKET, SO_RCVLOWAT, &low, &len), 0);
	CHECK_EQ(low, 1);
	len = (socklen_t)-1;
	CHECK_ERR(getsockopt(s[0], SOL_SOCKET, SO_TYPE, &low, &len), EINVAL);
	/* One half after the other is all of it, for both ends. */
	CHECK_EQ(shutdown(s[0], SHUT_WR), 0);
	CHECK_EQ(shutdown(s[0], SHUT_RD), 0);
	pf.fd = s[1];
	CHECK_EQ(poll(&pf, 1, 0), 1);
	CHECK_EQ(pf.revents, POLLIN | POLLHUP);
	close(s[0]);
	close(s[1]);
	s[0] = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_EQ(shutdown(s[0], SHUT_RDWR), 0);
	close(s[0]);
}

/* What must not be written through a mapping is not made writable by mprotect(2). */
static void read_only_mappings(void)
{
	int fd = new_file(), only, sealed_fd = (int)syscall(SYS_memfd_create, "corners", 2u);
	char *p;

	CHECK_EQ(write(fd, "abc", 3), 3);
	only = open(NAME, O_RDONLY);
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, only, 0);
	CHECK(p != MAP_FAILED);
	CHECK_ERR(mprotect(p, 4096, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(mprotect(p, 4096, PROT_NONE), 0);
	CHECK_ERR(mprotect(p, 4096, PROT_WRITE), EACCES);
	CHECK_EQ(munmap(p, 4096), 0);
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, only, 0);
	CHECK_EQ(mprotect(p, 4096, PROT_READ | PROT_WRITE), 0);
	p[0] = 'x';
	CHECK_EQ(munmap(p, 4096), 0);
	CHECK_EQ(ftruncate(sealed_fd, 4096), 0);
	CHECK_EQ(fcntl(sealed_fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, sealed_fd, 0);
	CHECK(p != MAP_FAILED);
	CHECK_ERR(mprotect(p, 4096, PROT_READ | PROT_WRITE), EACCES);
	CHECK_EQ(munmap(p, 4096), 0);
	close(sealed_fd);
	close(only);
	close(fd);
	unlink(NAME);
}

/* A length that in whole pages is more than there are addresses is none at all. */
static void endless(void)
{
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned char in[4];

	CHECK(p != MAP_FAILED);
	p[0] = p[2 * 4096] = 1;
	CHECK_ERR(syscall(SYS_mprotect, p, -1l, PROT_NONE), ENOMEM);
	CHECK_ERR(syscall(SYS_madvise, p, -1l, MADV_DONTNEED), EINVAL);
	CHECK_ERR(syscall(SYS_mincore, p, -1l, in), ENOMEM);
	CHECK_ERR(syscall(SYS_munmap, p, -1l), EINVAL);
	CHECK_EQ(p[0], 1);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERR(mlockall(4), EINVAL);
	/* What is there on both sides of a hole is dropped. */
	CHECK_EQ(munmap(p + 4096, 4096), 0);
	CHECK_ERR(madvise(p, 3 * 4096, MADV_DONTNEED), ENOMEM);
	CHECK(p[0] == 0 && p[2 * 4096] == 0);
	CHECK_ERR(madvise(p, 3 * 4096, MADV_NORMAL), ENOMEM);
	munmap(p, 4096);
	munmap(p + 2 * 4096, 4096);
}

const struct test corners_tests[] = {
	{ "opened wrongly", opened_wrongly },
	{ "descriptors that only name a file", named_only },
	{ "positions", positions },
	{ "copies within a file", copied_within },
	{ "times of nothing", times_of_nothing },
	{ "another owner", another_owner },
	{ "files that are nowhere", nowhere },
	{ "locks of streams", locks_of_streams },
	{ "whom news would be told", owners },
	{ "seals", sealed },
	{ "the time that is left", time_left },
	{ "many events", many_events },
	{ "sockets by halves", half_and_half },
	{ "mappings that stay read-only", read_only_mappings },
	{ "lengths without an end", endless },
	{ NULL, NULL },
};
