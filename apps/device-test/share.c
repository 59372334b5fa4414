/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "test.h"

#define SHARE "/host/t/"
#define SIZE (64L << 20)
#define CHUNK (1L << 20)
#define FILES 400
#define ODD_NAME "a name: with, odd\n\xff \"parts\" %s"
#define REMOVED_TRIES 200
#define SLOW_SIZE (256L << 10)

/* Does a mapping of a piece show what @fd has there? @buf has room for it. */
static bool is_mapped(int fd, int flags, char *buf)
{
	char *map = mmap(NULL, CHUNK, PROT_READ, flags, fd, CHUNK);

	return map != MAP_FAILED && pread(fd, buf, CHUNK, CHUNK) == CHUNK && !memcmp(map, buf, CHUNK) && !munmap(map, CHUNK);
}

/* Copy the host's 64 MiB, in pieces of odd sizes; the host compares. */
bool share_data(void)
{
	int in = open(SHARE "in", O_RDONLY), out = open(SHARE "out", O_WRONLY | O_CREAT | O_EXCL, 0640);
	char *buf = malloc(CHUNK);
	long total = 0;
	struct stat st;

	CHECK(in >= 0 && out >= 0 && buf);
	for (ssize_t n = 1; n > 0; total += n) {
		n = read(in, buf, CHUNK - total % 4097);
		CHECK(n >= 0 && write(out, buf, n) == n);
	}
	CHECK(total == SIZE);
	CHECK(!fsync(out) && !fstat(out, &st) && st.st_size == SIZE && (st.st_mode & 07777) == 0640);
	CHECK(is_mapped(in, MAP_PRIVATE, buf) && is_mapped(in, MAP_SHARED, buf));
	/* What is written to the file would have to be seen there. */
	int both = open(SHARE "out", O_RDWR);

	CHECK(both >= 0 && mmap(NULL, 4096, PROT_READ, MAP_SHARED, both, 0) == MAP_FAILED && errno == ENODEV);
	CHECK(!close(in) && !close(out) && !close(both));
	CHECK(!chmod(SHARE "out", 0400) && !stat(SHARE "out", &st) && (st.st_mode & 07777) == 0400);
	free(buf);
	return true;
}

static int count_files(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	if (!d)
		return -1;
	for (struct dirent *e; (e = readdir(d)); n++)
		if (e->d_type != DT_REG)
			n--;
	closedir(d);
	return n;
}

/* A directory is emptied by who reads it, with a step back behind what the C library has read ahead. */
static bool empty_by_reading(void)
{
	char path[64];
	int n = 0;

	CHECK(!mkdir(SHARE "gone", 0755));
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), SHARE "gone/%d", i);
		CHECK(!mknod(path, S_IFREG | 0644, 0));
	}
	DIR *d = opendir(SHARE "gone");

	CHECK(d);
	for (struct dirent *e; (e = readdir(d)); seekdir(d, telldir(d))) {
		n += !unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	CHECK(n == FILES);
	CHECK(!rmdir(SHARE "gone"));
	return true;
}

/* Many files, odd names, and what the host has put there. */
bool share_many(void)
{
	char path[64], text[16] = "";
	int fd;

	CHECK(!mkdir(SHARE "many", 0755));
	for (int i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), SHARE "many/%d", i);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0444); /* which nobody may write to afterwards */
		CHECK(fd >= 0 && write(fd, "x", 1) == 1 && !close(fd));
	}
	CHECK(count_files(SHARE "many") == FILES);
	for (int i = 0; i < FILES; i += 2) {
		snprintf(path, sizeof(path), SHARE "many/%d", i);
		CHECK(!unlink(path));
	}
	CHECK(count_files(SHARE "many") == FILES / 2);
	CHECK(!rename(SHARE "many/1", SHARE ODD_NAME));
	CHECK(rmdir(SHARE "many") == -1 && errno == ENOTEMPTY);
	CHECK(!symlink(ODD_NAME, SHARE "link") && !link(SHARE ODD_NAME, SHARE "hard"));
	fd = open(SHARE "link/", O_RDONLY);
	CHECK(fd == -1 && errno == ENOTDIR);
	fd = open(SHARE "link", O_RDONLY);
	CHECK(fd >= 0 && read(fd, text, sizeof(text)) == 1 && text[0] == 'x' && !close(fd));
	fd = open(SHARE "missing", O_RDONLY);
	CHECK(fd == -1 && errno == ENOENT);
	return empty_by_reading();
}

bool share_read_only(void)
{
	char text[8] = "";
	int fd = open(SHARE "in", O_RDONLY);

	CHECK(fd >= 0 && read(fd, text, 5) == 5 && !memcmp(text, "host\n", 5));
	CHECK(open(SHARE "in", O_RDWR) == -1 && errno == EROFS);
	CHECK(open(SHARE "new", O_RDWR | O_CREAT, 0644) == -1 && errno == EROFS);
	CHECK(mkdir(SHARE "new", 0755) == -1 && errno == EROFS);
	CHECK(unlink(SHARE "in") == -1 && errno == EROFS);
	CHECK(chmod(SHARE "in", 0777) == -1 && errno == EROFS);
	CHECK(truncate(SHARE "in", 0) == -1 && errno == EROFS);
	CHECK(!close(fd));
	return true;
}

/* The host takes the device away: errors, and no wait for ever. */
bool share_removed(void)
{
	char c;
	int fd = open(SHARE "in", O_RDONLY);

	CHECK(fd >= 0 && pread(fd, &c, 1, 0) == 1);
	puts("# waiting for the share to go");
	fflush(stdout);
	for (int i = 0; pread(fd, &c, 1, 0) == 1 && i < REMOVED_TRIES; i++)
		usleep(100 * 1000);
	CHECK(errno == EIO);
	CHECK(open(SHARE "in", O_RDONLY) == -1 && errno == EIO);
	CHECK(!close(fd) && !access("/host", F_OK));
	return true;
}

static void note(int sig)
{
	(void)sig;
}

/* A server that takes for ever: a signal ends the wait, after what has been written or with EINTR. */
bool share_slow(void)
{
	struct itimerval every = { { 1, 0 }, { 1, 0 } };
	struct sigaction act = { .sa_handler = note };
	int fd = open(SHARE "out", O_WRONLY | O_CREAT, 0644);
	char *buf = calloc(1, SLOW_SIZE);
	ssize_t n = 1;

	CHECK(fd >= 0 && buf && !sigaction(SIGALRM, &act, NULL));
	CHECK(!setitimer(ITIMER_REAL, &every, NULL));
	while (n > 0)
		n = write(fd, buf, SLOW_SIZE);
	CHECK(n == -1 && errno == EINTR);
	CHECK(!close(fd));
	free(buf);
	return true;
}
