/* SPDX-License-Identifier: BSD-3-Clause */
/* FIFOs, other nodes, files without a name, exchanged names. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test.h"

#define FIFO "/tmp/fifo"

/* In <linux/fs.h>, which is not there, and in newer <stdio.h>s. */
#ifndef RENAME_EXCHANGE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#endif

static void fifo_nonblocking(void)
{
	struct pollfd p;
	struct stat st;
	char c;
	int r, w;

	umask(022);
	CHECK_EQ(mkfifo(FIFO, 0666), 0);
	CHECK_ERR(mkfifo(FIFO, 0666), EEXIST);
	CHECK_EQ(stat(FIFO, &st), 0);
	CHECK(S_ISFIFO(st.st_mode));
	CHECK_EQ(st.st_mode & 0777, 0644);
	CHECK_ERR(open(FIFO, O_WRONLY | O_NONBLOCK), ENXIO);
	r = open(FIFO, O_RDONLY | O_NONBLOCK);
	CHECK(r >= 0);
	CHECK_EQ(read(r, &c, 1), 0);
	p = (struct pollfd){ r, POLLIN, 0 };
	CHECK_EQ(poll(&p, 1, 0), 0); /* no writer has hung up yet */
	w = open(FIFO, O_WRONLY | O_NONBLOCK);
	CHECK(w >= 0);
	CHECK_ERR(read(r, &c, 1), EAGAIN);
	CHECK_EQ(write(w, "ab", 2), 2);
	CHECK_EQ(read(r, &c, 1), 1);
	CHECK_EQ(c, 'a');
	CHECK_ERR(read(w, &c, 1), EBADF);
	CHECK_ERR(write(r, &c, 1), EBADF);
	CHECK_ERR(lseek(r, 0, SEEK_SET), ESPIPE);
	CHECK_ERR(fsync(r), EINVAL);
	CHECK_EQ(fstat(r, &st), 0);
	CHECK(S_ISFIFO(st.st_mode) && st.st_nlink == 1);
	close(w);
	CHECK_EQ(read(r, &c, 1), 1); /* what was written stays */
	CHECK_EQ(read(r, &c, 1), 0);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLHUP);
	close(r);
	CHECK_EQ(unlink(FIFO), 0);
}

static void fifo_both_ends(void)
{
	char buf[4];
	int f;

	CHECK_EQ(mkfifo(FIFO, 0600), 0);
	f = open(FIFO, O_RDWR);
	CHECK(f >= 0);
	CHECK_EQ(write(f, "xyz", 3), 3);
	close(f);
	f = open(FIFO, O_RDWR | O_NONBLOCK); /* the last close took the bytes along */
	CHECK_ERR(read(f, buf, 4), EAGAIN);
	CHECK_EQ(write(f, "q", 1), 1);
	CHECK_EQ(read(f, buf, 4), 1);
	close(f);
	CHECK_EQ(unlink(FIFO), 0);
}

static void *open_writer(void *arg)
{
	int fd;

	usleep(30000);
	fd = open(FIFO, O_WRONLY);
	if (fd >= 0 && arg)
		close(fd); /* the reader must see that there was a writer */
	return (void *)(long)fd;
}

static void fifo_waits(void)
{
	pthread_t t;
	void *w;
	char c;
	int r;

	CHECK_EQ(mkfifo(FIFO, 0600), 0);
	CHECK_EQ(pthread_create(&t, NULL, open_writer, NULL), 0);
	r = open(FIFO, O_RDONLY);
	CHECK(r >= 0);
	pthread_join(t, &w);
	CHECK((long)w >= 0);
	CHECK_EQ(write((long)w, "1", 1), 1);
	close((long)w);
	CHECK_EQ(read(r, &c, 1), 1);
	CHECK_EQ(read(r, &c, 1), 0);
	close(r);
	CHECK_EQ(pthread_create(&t, NULL, open_writer, (void *)FIFO), 0);
	r = open(FIFO, O_RDONLY);
	CHECK(r >= 0);
	pthread_join(t, &w);
	CHECK_EQ(read(r, &c, 1), 0);
	close(r);
	CHECK_EQ(unlink(FIFO), 0);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void fifo_interrupted(void)
{
	struct sigaction sa = { .sa_handler = on_alarm };

	CHECK_EQ(mkfifo(FIFO, 0600), 0);
	sigaction(SIGALRM, &sa, NULL);
	ualarm(30000, 0);
	CHECK_ERR(open(FIFO, O_RDONLY), EINTR);
	CHECK_ERR(open(FIFO, O_WRONLY | O_NONBLOCK), ENXIO); /* that reader has gone */
	ualarm(30000, 0);
	CHECK_ERR(open(FIFO, O_WRONLY), EINTR);
	signal(SIGALRM, SIG_DFL);
	CHECK_EQ(unlink(FIFO), 0);
}

static void making_nodes(void)
{
	struct stat st;

	umask(022);
	CHECK_EQ(mknod("/tmp/n", 0666, 0), 0);
	CHECK_EQ(stat("/tmp/n", &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0644);
	CHECK_ERR(mknod("/tmp/n", S_IFIFO, 0), EEXIST);
	CHECK_EQ(unlink("/tmp/n"), 0);
	CHECK_ERR(mknod("/tmp/n", S_IFDIR | 0700, 0), EPERM);
	CHECK_ERR(mknod("/tmp/n", S_IFLNK | 0700, 0), EINVAL);
	CHECK_EQ(mknod("/tmp/n", S_IFSOCK | 0700, 0), 0);
	CHECK_ERR(open("/tmp/n", O_RDONLY), ENXIO);
	CHECK_EQ(unlink("/tmp/n"), 0);
	CHECK_ERR(mknod("/tmp/none/n", S_IFREG, 0), ENOENT);
	CHECK_ERR(mkfifoat(-1, "n", 0600), EBADF);
}

static void nameless(void)
{
	struct stat st;
	char buf[8];
	int f;

	CHECK_ERR(open("/tmp", O_TMPFILE | O_RDONLY, 0600), EINVAL);
	CHECK_ERR(open("/tmp/none", O_TMPFILE | O_RDWR, 0600), ENOENT);
	f = open("/tmp/f", O_CREAT | O_RDWR, 0600);
	close(f);
	CHECK_ERR(open("/tmp/f", O_TMPFILE | O_RDWR, 0600), ENOTDIR);
	CHECK_EQ(unlink("/tmp/f"), 0);
	f = open("/tmp", O_TMPFILE | O_RDWR, 0640);
	CHECK(f >= 0);
	CHECK_EQ(fstat(f, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(write(f, "text", 4), 4);
	CHECK_EQ(pread(f, buf, 8, 0), 4);
	CHECK_EQ(linkat(f, "", AT_FDCWD, "/tmp/named", AT_EMPTY_PATH), 0);
	CHECK_EQ(fstat(f, &st), 0);
	CHECK_EQ(st.st_nlink, 1);
	close(f);
	f = open("/tmp/named", O_RDONLY);
	CHECK_EQ(read(f, buf, 8), 4);
	CHECK(!memcmp(buf, "text", 4));
	close(f);
	CHECK_EQ(unlink("/tmp/named"), 0);
	f = open("/tmp", O_TMPFILE | O_RDWR | O_EXCL, 0600);
	CHECK(f >= 0);
	CHECK_ERR(linkat(f, "", AT_FDCWD, "/tmp/named", AT_EMPTY_PATH), ENOENT);
	close(f);
}

static int put_file(const char *path, const char *text)
{
	int f = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600), n = write(f, text, strlen(text));

	close(f);
	return n;
}

static int rename2(const char *from, const char *to, unsigned flags)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

static void exchanging(void)
{
	struct stat st, up;

	mkdir("/tmp/d", 0700);
	mkdir("/tmp/d/e", 0700);
	put_file("/tmp/a", "1");
	put_file("/tmp/d/b", "22");
	CHECK_EQ(rename2("/tmp/a", "/tmp/d/b", RENAME_EXCHANGE), 0);
	CHECK_EQ(stat("/tmp/a", &st), 0);
	CHECK_EQ(st.st_size, 2);
	CHECK_EQ(stat("/tmp/d/b", &st), 0);
	CHECK_EQ(st.st_size, 1);
	CHECK_ERR(rename2("/tmp/a", "/tmp/none", RENAME_EXCHANGE), ENOENT);
	CHECK_ERR(rename2("/tmp/a", "/tmp/d/b", RENAME_EXCHANGE | RENAME_NOREPLACE), EINVAL);
	CHECK_ERR(rename2("/tmp/d", "/tmp/d/e", RENAME_EXCHANGE), EINVAL);
	CHECK_ERR(rename2("/tmp/d/e", "/tmp/d", RENAME_EXCHANGE), EINVAL);
	/* a directory and a file: the directories above count again */
	CHECK_EQ(rename2("/tmp/d/e", "/tmp/a", RENAME_EXCHANGE), 0);
	CHECK_EQ(stat("/tmp/d", &st), 0);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_EQ(stat("/tmp/a/..", &st), 0);
	CHECK_EQ(stat("/tmp", &up), 0);
	CHECK_EQ(st.st_ino, up.st_ino);
	CHECK_EQ(rmdir("/tmp/a"), 0);
	CHECK_EQ(unlink("/tmp/d/e"), 0);
	CHECK_EQ(unlink("/tmp/d/b"), 0);
	CHECK_EQ(rmdir("/tmp/d"), 0);
}

const struct test nodes_tests[] = {
	{ "fifo_nonblocking", fifo_nonblocking },
	{ "fifo_both_ends", fifo_both_ends },
	{ "fifo_waits", fifo_waits },
	{ "fifo_interrupted", fifo_interrupted },
	{ "making_nodes", making_nodes },
	{ "nameless", nameless },
	{ "exchanging", exchanging },
	{ 0 },
};
