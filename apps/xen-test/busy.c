/* SPDX-License-Identifier: BSD-3-Clause */
/* Work that goes on while the domain is suspended: a disk that is written and read back, and clocks that are looked at. */
#define _GNU_SOURCE
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>

#define THREADS 3
#define REGION (256L << 10) /* of the disk, for each thread */
#define BLOCK (64L << 10)
#define LONGEST 600 /* seconds */
#define TOLERANCE 1000 /* ms, for what happens between two looks */

static volatile bool over;
static volatile unsigned rounds[THREADS], errors;

static void fill(uint64_t *block, uint64_t seed)
{
	for (unsigned i = 0; i < BLOCK / sizeof(*block); i++)
		block[i] = seed * 0x9e3779b97f4a7c15ull + i;
}

/* Write each block of the region with something new, then read them all. */
static bool one_round(int fd, unsigned me, unsigned round, uint64_t *block, uint64_t *expected)
{
	for (long at = 0; at < REGION; at += BLOCK) {
		fill(block, (uint64_t)round << 32 | (uint64_t)(me * REGION + at));
		if (pwrite(fd, block, BLOCK, me * REGION + at) != BLOCK)
			return false;
	}
	for (long at = 0; at < REGION; at += BLOCK) {
		fill(expected, (uint64_t)round << 32 | (uint64_t)(me * REGION + at));
		if (pread(fd, block, BLOCK, me * REGION + at) != BLOCK || memcmp(block, expected, BLOCK))
			return false;
	}
	return !(round % 4 == 0 && fsync(fd));
}

static void *disk_thread(void *arg)
{
	unsigned me = (unsigned)(uintptr_t)arg;
	uint64_t *block = malloc(BLOCK), *expected = malloc(BLOCK);
	int fd = open("/dev/xvda", O_RDWR);

	for (unsigned n = 1; !over; n++) {
		if (fd < 0 || !block || !expected || !one_round(fd, me, n, block, expected)) {
			printf("# disk, thread %u, round %u: %s\n", me, n, strerror(errno));
			errors++;
			break;
		}
		rounds[me] = n;
	}
	return NULL;
}

static long long ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000ll + t.tv_nsec / 1000000;
}

static bool is_near(long long a, long long b)
{
	return llabs(a - b) <= TOLERANCE;
}

/* Pages without access are pages as others, wherever the memory is afterwards. */
static char *make_hidden(void)
{
	char *p = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	strcpy(p, "hidden");
	strcpy(p + 4096, "hidden too");
	return mprotect(p, 2 * 4096, PROT_NONE) ? NULL : p;
}

static bool is_still_hidden(char *p)
{
	return p && !mprotect(p, 2 * 4096, PROT_READ) && !strcmp(p, "hidden") && !strcmp(p + 4096, "hidden too");
}

/* The test writes the node when it has seen enough. */
static bool is_released(struct xs_handle *xs)
{
	char *text = xs_read(xs, XBT_NULL, "data/release", NULL);

	free(text);
	return text;
}

/* Until the test has seen enough: a line a second. */
static bool wait_released(void)
{
	struct xs_handle *xs = xs_open(0);
	bool released = false;

	for (int i = 0; xs && i < LONGEST * 2 && !released && !errors; i++) {
		usleep(500000);
		printf("# rounds %u %u %u, paused %lld ms\n", rounds[0], rounds[1], rounds[2],
		       ms(CLOCK_BOOTTIME) - ms(CLOCK_MONOTONIC));
		released = is_released(xs);
	}
	if (xs)
		xs_close(xs);
	return released;
}

void busy(void)
{
	pthread_t threads[THREADS];
	long long real = ms(CLOCK_REALTIME) - ms(CLOCK_BOOTTIME);
	char *hidden = make_hidden();

	for (unsigned i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, disk_thread, (void *)(uintptr_t)i);
	result(wait_released(), "released");
	over = true;
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	result(!errors && rounds[0] && rounds[1] && rounds[2], "the disk holds what was written");
	result(is_near(ms(CLOCK_REALTIME) - ms(CLOCK_BOOTTIME), real), "the wall clock went on with the boot clock");
	result(is_still_hidden(hidden), "pages without access have what they had");
}
