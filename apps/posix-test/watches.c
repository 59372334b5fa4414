/* SPDX-License-Identifier: BSD-3-Clause */
/* inotify: which events come, in which order, with which names. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#ifndef IN_MASK_CREATE
#define IN_MASK_CREATE 0x10000000
#endif
#define DIR "/tmp/watched"
#define A DIR "/a"
#define B DIR "/b"
#define SUB DIR "/sub"

static int fd;

static void start(void)
{
	mkdir(DIR, 0755);
	fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

static void end(void)
{
	static const char *const names[] = { A, B, SUB "/c", SUB "/b", SUB "/a" };

	close(fd);
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	rmdir(SUB);
	rmdir(DIR "/sub2");
	rmdir(DIR);
}

/* All events that wait, as "1:open:a 2:modify ...": the watch, what, the name. */
static const char *trace(void)
{
	static const char *const bits[] = { "access", "modify", "attrib",   "close_write", "close",       "open",
		                            "from",   "to",     "create",   "delete",      "delete_self", "move_self",
		                            "?",      "?",      "overflow", "ignored" };
	static char text[1024];
	static _Alignas(struct inotify_event) char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));
	size_t used = 0;

	text[0] = 0;
	for (char *p = buf; n > 0 && p < buf + n;) {
		struct inotify_event *e = (void *)p;

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%d:", used ? " " : "", e->wd);
		for (unsigned i = 0; i < 16; i++)
			if (e->mask >> i & 1)
				used += (size_t)snprintf(text + used, sizeof(text) - used, "%s", bits[i]);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%s", e->mask & IN_ISDIR ? "+dir" : "",
		                         e->len ? ":" : "", e->len ? e->name : "");
		p += sizeof(*e) + e->len;
	}
	return text;
}

#define CHECK_TRACE(want) \
	do { \
		const char *got__ = trace(); \
		if (strcmp(got__, want)) { \
			test_fail(__FILE__, __LINE__, "events: %s, not %s", got__, want); \
			end(); \
			return; \
		} \
	} while (0)

static int make(const char *path)
{
	int f = open(path, O_CREAT | O_RDWR, 0644);

	return close(f);
}

static void in_directory(void)
{
	char c;

	start();
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_ALL_EVENTS), 1);
	int f = open(A, O_CREAT | O_RDWR, 0644);

	CHECK_TRACE("1:create:a 1:open:a");
	CHECK_EQ(write(f, "xy", 2), 2);
	CHECK_EQ(write(f, "z", 1), 1);
	CHECK_TRACE("1:modify:a");
	CHECK_EQ(pread(f, &c, 1, 0), 1);
	CHECK_EQ(pread(f, &c, 1, 3), 0); /* the end: nothing was read */
	CHECK_TRACE("1:access:a");
	CHECK_EQ(ftruncate(f, 1), 0);
	CHECK_EQ(fchmod(f, 0600), 0);
	close(f);
	CHECK_TRACE("1:modify:a 1:attrib:a 1:close_write:a");
	close(open(A, O_RDONLY));
	CHECK_TRACE("1:open:a 1:close:a");
	close(open(A, O_RDONLY | O_PATH));
	CHECK_TRACE("");
	close(open(A, O_WRONLY | O_TRUNC));
	CHECK_TRACE("1:open:a 1:modify:a 1:close_write:a");
	CHECK_EQ(truncate(A, 10), 0);
	CHECK_EQ(chmod(A, 0644), 0);
	CHECK_TRACE("1:modify:a 1:attrib:a");
	CHECK_EQ(link(A, B), 0);
	CHECK_TRACE("1:create:b");
	CHECK_EQ(unlink(B), 0);
	CHECK_TRACE("1:delete:b");
	CHECK_EQ(symlink("a", B), 0);
	CHECK_EQ(unlink(A), 0);
	CHECK_TRACE("1:create:b 1:delete:a");
	CHECK_EQ(mkdir(SUB, 0755), 0);
	CHECK_EQ(rmdir(SUB), 0);
	CHECK_TRACE("1:create+dir:sub 1:delete+dir:sub");
	CHECK_ERR(open(DIR "/none/x", O_CREAT | O_RDWR, 0644), ENOENT);
	CHECK_ERR(open(DIR, O_RDWR), EISDIR);
	CHECK_TRACE("");
	end();
}

static void of_the_file(void)
{
	start();
	make(A);
	CHECK_EQ(inotify_add_watch(fd, A, IN_ALL_EVENTS), 1);
	int f = open(A, O_RDWR);

	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_TRACE("1:open 1:modify");
	CHECK_EQ(link(A, B), 0);
	CHECK_EQ(unlink(B), 0);
	CHECK_TRACE("1:attrib");
	CHECK_EQ(rename(A, B), 0);
	CHECK_TRACE("1:move_self");
	CHECK_EQ(unlink(B), 0);
	CHECK_TRACE("1:attrib");
	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_TRACE("1:modify"); /* it lives on until it is closed */
	close(f);
	CHECK_TRACE("1:close_write 1:delete_self 1:ignored");
	CHECK_ERR(inotify_rm_watch(fd, 1), EINVAL);
	end();
}

static void both(void)
{
	start();
	make(A);
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_ALL_EVENTS), 1);
	CHECK_EQ(inotify_add_watch(fd, A, IN_ALL_EVENTS), 2);
	CHECK_EQ(unlink(A), 0);
	CHECK_TRACE("2:attrib 2:delete_self 2:ignored 1:delete:a");
	CHECK_EQ(rmdir(DIR), 0);
	CHECK_TRACE("1:delete_self 1:ignored");
	end();
}

/* Where a file was opened follows renames; what has no name any more is still its directory's, unless that is not wanted. */
static void renamed_while_open(void)
{
	start();
	CHECK_EQ(mkdir(SUB, 0755), 0);
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_MODIFY | IN_CLOSE | IN_MOVE), 1);
	CHECK_EQ(inotify_add_watch(fd, SUB, IN_MODIFY | IN_MOVE | IN_CLOSE | IN_EXCL_UNLINK), 2);
	int f = open(A, O_CREAT | O_RDWR, 0644);

	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_EQ(rename(A, B), 0);
	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_TRACE("1:modify:a 1:from:a 1:to:b 1:modify:b");
	CHECK_EQ(rename(B, SUB "/c"), 0);
	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_TRACE("1:from:b 2:to:c 2:modify:c");
	CHECK_EQ(rename(SUB, DIR "/sub2"), 0);
	CHECK_EQ(write(f, "x", 1), 1);
	CHECK_TRACE("1:from+dir:sub 1:to+dir:sub2 2:modify:c");
	CHECK_EQ(unlink(DIR "/sub2/c"), 0);
	CHECK_EQ(write(f, "x", 1), 1);
	close(f);
	CHECK_TRACE("");
	f = open(A, O_CREAT | O_RDWR, 0644);
	CHECK_EQ(unlink(A), 0);
	CHECK_EQ(write(f, "x", 1), 1);
	close(f);
	CHECK_TRACE("1:modify:a 1:close_write:a");
	end();
}

static void moves(void)
{
	static _Alignas(struct inotify_event) char buf[1024];
	struct inotify_event *from = (void *)buf, *to = (void *)(buf + 32);

	start();
	make(A);
	make(B);
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_MOVE), 1);
	CHECK_EQ(inotify_add_watch(fd, B, IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF), 2);
	CHECK_EQ(rename(A, B), 0);
	CHECK_TRACE("1:from:a 1:to:b 2:attrib 2:delete_self 2:ignored");
	CHECK_EQ(rename(B, A), 0);
	CHECK_EQ(read(fd, buf, sizeof(buf)), 64);
	CHECK(from->mask == IN_MOVED_FROM && to->mask == IN_MOVED_TO && from->cookie && from->cookie == to->cookie);
	CHECK(from->len == 16 && !strcmp(from->name, "b") && !strcmp(to->name, "a"));
	CHECK_EQ(rename(A, A), 0);
	CHECK_TRACE("");
	end();
}

static void masks(void)
{
	start();
	make(A);
	CHECK_ERR(inotify_add_watch(fd, A, 0), EINVAL);
	CHECK_ERR(inotify_add_watch(fd, A, IN_ONLYDIR | IN_OPEN), ENOTDIR);
	CHECK_ERR(inotify_add_watch(fd, B, IN_OPEN), ENOENT);
	CHECK_ERR(inotify_add_watch(fd, A, IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE), EINVAL);
	CHECK_ERR(inotify_add_watch(1000, A, IN_OPEN), EBADF);
	CHECK_ERR(inotify_add_watch(1, A, IN_OPEN), EINVAL);
	CHECK_ERR(inotify_init1(1), EINVAL);
	CHECK_EQ(inotify_add_watch(fd, A, IN_OPEN | IN_MASK_CREATE), 1);
	CHECK_ERR(inotify_add_watch(fd, A, IN_CLOSE | IN_MASK_CREATE), EEXIST);
	CHECK_EQ(inotify_add_watch(fd, A, IN_CLOSE | IN_MASK_ADD), 1);
	close(open(A, O_RDONLY));
	CHECK_TRACE("1:open 1:close");
	CHECK_EQ(inotify_add_watch(fd, A, IN_CLOSE), 1);
	close(open(A, O_RDONLY));
	CHECK_TRACE("1:close");
	CHECK_EQ(inotify_rm_watch(fd, 1), 0);
	CHECK_TRACE("1:ignored");
	CHECK_EQ(inotify_add_watch(fd, A, IN_OPEN | IN_ONESHOT), 2);
	close(open(A, O_RDONLY));
	close(open(A, O_RDONLY));
	CHECK_TRACE("2:open 2:ignored");
	CHECK_EQ(symlink("a", B), 0);
	CHECK_EQ(inotify_add_watch(fd, B, IN_DELETE_SELF | IN_DONT_FOLLOW), 3);
	CHECK_EQ(inotify_add_watch(fd, B, IN_DELETE_SELF), 4);
	CHECK_EQ(unlink(B), 0);
	CHECK_TRACE("3:delete_self 3:ignored");
	end();
}

static void times(void)
{
	const struct timespec both[2] = { { 1, 0 }, { 1, 0 } }, first[2] = { { 1, 0 }, { 0, UTIME_OMIT } };
	const struct timespec second[2] = { { 0, UTIME_OMIT }, { 1, 0 } };

	start();
	make(A);
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_ALL_EVENTS), 1);
	CHECK_EQ(utimensat(AT_FDCWD, A, both, 0), 0);
	CHECK_EQ(utimensat(AT_FDCWD, A, first, 0), 0);
	CHECK_EQ(utimensat(AT_FDCWD, A, second, 0), 0);
	CHECK_TRACE("1:attrib:a 1:access:a 1:modify:a");
	CHECK_EQ(chown(A, getuid(), getgid()), 0);
	CHECK_TRACE("1:attrib:a");
	end();
}

static void reading(void)
{
	static _Alignas(struct inotify_event) char buf[4096];
	struct pollfd p;
	int bytes = -1;

	start();
	p = (struct pollfd){ fd, POLLIN | POLLOUT, 0 };
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_CREATE), 1);
	CHECK_ERR(read(fd, buf, sizeof(buf)), EAGAIN);
	CHECK_EQ(poll(&p, 1, 0), 0);
	make(A);
	make(DIR "/0123456789abcdef"); /* with its zero it needs a second unit */
	CHECK_EQ(unlink(DIR "/0123456789abcdef"), 0);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLIN);
	CHECK_EQ(ioctl(fd, FIONREAD, &bytes), 0);
	CHECK_EQ(bytes, 32 + 48);
	CHECK_ERR(read(fd, buf, 16), EINVAL);
	CHECK_ERR(read(fd, buf, 31), EINVAL);
	CHECK_EQ(read(fd, buf, 60), 32); /* whole events only */
	CHECK_EQ(read(fd, buf, 48), 48);
	CHECK_ERR(write(fd, buf, 16), EBADF);
	CHECK_EQ(lseek(fd, 1, SEEK_SET), 0);
	end();
}

static void make_a(void *unused)
{
	(void)unused;
	make(A);
}

static void waiting(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int ep = epoll_create1(EPOLL_CLOEXEC);

	start();
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_CREATE), 1);
	CHECK_EQ(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), 0);
	test_later(20, make_a, NULL);
	CHECK_EQ(epoll_wait(ep, &ev, 1, 5000), 1);
	test_join();
	CHECK_TRACE("1:create:a");
	CHECK_EQ(unlink(A), 0);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	test_later(20, make_a, NULL);
	CHECK_TRACE("1:create:a"); /* a read that waits */
	test_join();
	close(ep);
	end();
}

/* The queue is bounded, which is told once, at its end. */
static void overflow(void)
{
	static _Alignas(struct inotify_event) char buf[4096];
	unsigned lost = 0, events = 0, after = 0;
	ssize_t n;

	start();
	CHECK_EQ(inotify_add_watch(fd, DIR, IN_OPEN | IN_CLOSE), 1);
	make(A);
	for (int i = 0; i < 20000; i++)
		close(open(A, O_RDONLY));
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		for (char *p = buf; p < buf + n; p += sizeof(struct inotify_event) + ((struct inotify_event *)p)->len) {
			struct inotify_event *e = (void *)p;

			after += lost;
			lost += e->wd == -1 && e->mask == IN_Q_OVERFLOW;
			events++;
		}
	}
	CHECK_EQ(lost, 1);
	CHECK_EQ(after, 0);
	CHECK(events >= 1000 && events < 40000);
	close(open(A, O_RDONLY));
	CHECK_TRACE("1:open:a 1:close:a");
	end();
}

const struct test watches_tests[] = {
	{ "in_directory", in_directory },
	{ "of_the_file", of_the_file },
	{ "both", both },
	{ "renamed_while_open", renamed_while_open },
	{ "moves", moves },
	{ "masks", masks },
	{ "times", times },
	{ "reading", reading },
	{ "waiting", waiting },
	{ "overflow", overflow },
	{ 0 },
};
