/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How long others are held off while one call has much to do. Looks at the clock, and fills 400 MiB: runs only when asked for by name, where
 * time is counted in instructions (tests/boot/test_timing.py).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define MS 1000000LL
#define MIB (1l << 20)
#define MUCH (96 * MIB)
#define RW (PROT_READ | PROT_WRITE)
#define FRESH (MAP_PRIVATE | MAP_ANONYMOUS)

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static volatile bool stop;

/* What a thread that wants to wake every 200 us had to wait beside, at most. */
static int64_t worst;

static void *watch(void *arg)
{
	struct timespec ts;
	int64_t next = now();

	while (!stop) {
		next += 200000;
		ts = (struct timespec){ next / (1000 * MS), next % (1000 * MS) };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		int64_t at = now();

		if (at - next > worst)
			worst = at - next;
		if (at > next)
			next = at;
	}
	return arg;
}

static void compute_for(int64_t ns)
{
	int64_t end = now() + ns;

	while (now() < end)
		;
}

static char *map_fresh(size_t size)
{
	char *p = mmap(NULL, size, RW, FRESH, -1, 0);

	if (p == MAP_FAILED)
		exit(1);
	return p;
}

static char *map_full(size_t size)
{
	return mmap(NULL, size, RW, FRESH | MAP_POPULATE, -1, 0);
}

static bool touch(void)
{
	char *p = map_fresh(400 * MIB);

	memset(p, 1, 400 * MIB);
	return p[399 * MIB] == 1 && !munmap(p, 400 * MIB);
}

static bool touch_apart(void)
{
	char *p = map_fresh(MUCH);

	for (long at = MUCH - 1; at > 0; at -= 8192)
		p[at] = 1;
	return !munmap(p, MUCH);
}

static bool populate(void)
{
	char *p = map_full(MUCH);

	return p != MAP_FAILED && !munmap(p, MUCH);
}

static bool lock_fresh(void)
{
	char *p = map_fresh(MUCH);

	return !mlock(p, MUCH) && !munmap(p, MUCH);
}

static bool advise(void)
{
	char *p = map_fresh(MUCH);

	return !madvise(p, MUCH, MADV_POPULATE_WRITE) && !madvise(p, MUCH, MADV_DONTNEED) && !p[95 * MIB] && !munmap(p, MUCH);
}

static bool replace(void)
{
	char *p = map_full(MUCH);
	bool ok = mmap(p, MUCH, RW, MAP_FIXED | FRESH, -1, 0) == p && !p[5 * MIB];

	return !munmap(p, MUCH) && ok;
}

static bool protect(void)
{
	char *p = map_full(MUCH);

	return !mprotect(p, MUCH, PROT_READ) && !mprotect(p, MUCH, RW) && !munmap(p, MUCH);
}

static bool move(void)
{
	char *p = map_full(MUCH), *q;

	/* In the way of growing in place. */
	p[7] = 7;
	mmap(p + MUCH, 4096, PROT_NONE, MAP_FIXED | FRESH, -1, 0);
	q = mremap(p, MUCH, MUCH + MIB, MREMAP_MAYMOVE);
	munmap(p + MUCH, 4096);
	return q != MAP_FAILED && q != p && q[7] == 7 && !munmap(q, MUCH + MIB);
}

static bool cut_mapped_file(void)
{
	int fd = memfd_create("big", 0);
	char *p = mmap(NULL, 4096, RW, MAP_SHARED, fd, 0);
	bool ok = !ftruncate(fd, MUCH) && !posix_fallocate(fd, 0, MUCH);

	if (ok)
		p[0] = 1;
	ok = ok && !ftruncate(fd, 0) && !munmap(p, 4096);
	return !close(fd) && ok;
}

/* With all of it mapped and touched. */
static bool touch_mapped_file(void)
{
	int fd = memfd_create("big", 0);
	char *p = mmap(NULL, MUCH, RW, MAP_SHARED, fd, 0);
	bool ok = !ftruncate(fd, MUCH);

	memset(p, 1, MUCH);
	ok = !ftruncate(fd, MUCH / 2) && ok;
	ok = !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, MUCH / 4) && !p[4096] && p[MUCH / 4] == 1 && ok;
	return !munmap(p, MUCH) && !close(fd) && ok;
}

/* From memory that nobody touched to a file that has no page, and back to such memory. */
static bool write_and_read(void)
{
	char *p = map_fresh(MUCH / 2), *q = map_fresh(MUCH / 2);
	int fd = memfd_create("big", 0);
	bool ok = write(fd, p, MUCH / 2) == MUCH / 2 && !munmap(p, MUCH / 2) && pread(fd, q, MUCH / 2, 0) == MUCH / 2;

	return !munmap(q, MUCH / 2) && !close(fd) && ok;
}

static bool read_zeroes(void)
{
	char *p = map_fresh(MUCH);
	int fd = open("/dev/zero", O_RDONLY);
	bool ok = read(fd, p, MUCH) == MUCH;

	return !munmap(p, MUCH) && !close(fd) && ok;
}

static bool copy_files(void)
{
	int from = memfd_create("from", 0), to = memfd_create("to", 0);
	off_t in = 0, out = 0;
	bool ok = !posix_fallocate(from, 0, MUCH / 2) && copy_file_range(from, &in, to, &out, MUCH / 4, 0) == MUCH / 4 &&
	          lseek(to, MUCH / 4, SEEK_SET) == MUCH / 4 && sendfile(to, from, &in, MUCH / 4) == MUCH / 4;

	return !close(from) && !close(to) && ok;
}

static bool remove_file(void)
{
	int fd = open("/tmp/big", O_CREAT | O_RDWR, 0600);
	bool ok = !posix_fallocate(fd, 0, MUCH) && !unlink("/tmp/big");

	return !close(fd) && ok;
}

static bool find_hole(void)
{
	int fd = memfd_create("big", 0);
	bool ok = !posix_fallocate(fd, 0, MUCH) && lseek(fd, 0, SEEK_HOLE) == MUCH && !ftruncate(fd, 1l << 50) &&
	          !ftruncate(fd, 0) && !ftruncate(fd, 1l << 50) && lseek(fd, 0, SEEK_DATA) < 0;

	return !close(fd) && ok;
}

static bool random_numbers(void)
{
	char *p = map_fresh(4 * MIB);
	int fd = open("/dev/urandom", O_RDWR);
	bool ok = getrandom(p, 4 * MIB, 0) == 4 * MIB && write(fd, p, 4 * MIB) == 4 * MIB;

	return !munmap(p, 4 * MIB) && !close(fd) && ok;
}

static bool fill_pipe(void)
{
	char *p = map_full(MIB);
	int fd[2];
	bool ok = !pipe2(fd, O_NONBLOCK) && fcntl(fd[1], F_SETPIPE_SZ, MIB) == MIB && write(fd[1], p, MIB) == MIB &&
	          read(fd[0], p, MIB) == MIB;

	return !close(fd[0]) && !close(fd[1]) && !munmap(p, MIB) && ok;
}

#define DESCRIPTORS 900

/* Descriptors on their way through sockets, which nobody takes. */
static bool descriptors(void)
{
	int fd[DESCRIPTORS], n = 0;

	while (n < DESCRIPTORS && (fd[n] = open("/dev/null", O_RDONLY)) >= 0)
		n++;
	bool ok = n > 200 && !syscall(SYS_close_range, fd[0], fd[n - 1], 0) && fcntl(fd[0], F_GETFD) < 0;

	return ok;
}

#define MAPPINGS 16384

static bool many_mappings(void)
{
	char *p = map_full(2 * MAPPINGS * 4096l);
	bool ok = true;

	for (long i = 0; i < MAPPINGS; i++)
		ok = !mprotect(p + i * 8192, 4096, PROT_READ) && ok;
	ok = !mprotect(p, 2 * MAPPINGS * 4096l, PROT_NONE) && ok;
	return !munmap(p, 2 * MAPPINGS * 4096l) && ok;
}

static const struct call {
	const char *name;
	bool (*run)(void);
} calls[] = {
	{ "touch in order", touch },
	{ "touch apart", touch_apart },
	{ "mmap populate", populate },
	{ "mlock", lock_fresh },
	{ "madvise", advise },
	{ "mmap fixed", replace },
	{ "mprotect", protect },
	{ "mremap", move },
	{ "ftruncate", cut_mapped_file },
	{ "touch a file", touch_mapped_file },
	{ "write and read", write_and_read },
	{ "read zeroes", read_zeroes },
	{ "copy files", copy_files },
	{ "unlink", remove_file },
	{ "holes", find_hole },
	{ "random numbers", random_numbers },
	{ "pipe", fill_pipe },
	{ "close_range", descriptors },
	{ "many mappings", many_mappings },
};

static void long_calls_let_others_run(void)
{
	pthread_t watcher;
	int64_t most = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		stop = false;
		worst = 0;
		pthread_create(&watcher, NULL, watch, NULL);
		compute_for(5 * MS); /* it slept: that credit is not what is looked at */
		int64_t before = now();
		bool ok = calls[i].run();
		int64_t took = now() - before;

		stop = true;
		pthread_join(watcher, NULL);
		printf("# %s: %ld us of %ld ms\n", calls[i].name, (long)worst / 1000, (long)(took / MS));
		if (!ok)
			test_fail(__FILE__, __LINE__, "%s (errno %d)", calls[i].name, errno);
		if (worst > most)
			most = worst;
	}
	CHECK(most < MS);
}

const struct test latency_tests[] = {
	{ "long_calls_let_others_run", long_calls_let_others_run },
	{ 0 },
};
