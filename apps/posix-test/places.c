/* SPDX-License-Identifier: BSD-3-Clause */
/* Where mappings are put, and calls whose answers depend on their arguments' ranges. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define PAGE 4096ul
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define BOTH (PROT_READ | PROT_WRITE)
#define LOW ((char *)0x50000000ul) /* far below where mappings go by themselves */
#define MOVE (MREMAP_MAYMOVE | MREMAP_FIXED)

static void below_2_gib(void)
{
	char *p[40];

	for (int i = 0; i < 40; i++) {
		p[i] = mmap(NULL, (i + 1) * PAGE, BOTH, ANON | MAP_32BIT, -1, 0);
		CHECK(p[i] != MAP_FAILED);
		CHECK((uintptr_t)p[i] + (i + 1) * PAGE <= 1ul << 31);
		memset(p[i], i, (i + 1) * PAGE);
	}
	for (int i = 0; i < 40; i++) {
		CHECK_EQ(p[i][i * PAGE], i);
		CHECK_EQ(munmap(p[i], (i + 1) * PAGE), 0);
	}
	CHECK_ERR(mmap(NULL, 1ul << 31, PROT_NONE, ANON | MAP_32BIT, -1, 0), ENOMEM);
}

static void fixed_low(void)
{
	CHECK(mmap(LOW, 2 * PAGE, BOTH, ANON | MAP_FIXED, -1, 0) == LOW);
	LOW[PAGE] = 5;
	CHECK_ERR(mmap(LOW + PAGE, PAGE, BOTH, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	CHECK(mmap(LOW + PAGE, PAGE, BOTH, ANON | MAP_FIXED, -1, 0) == LOW + PAGE);
	CHECK_EQ(LOW[PAGE], 0);
	CHECK_EQ(munmap(LOW, 2 * PAGE), 0);
	CHECK(mmap(LOW, PAGE, BOTH, ANON, -1, 0) == LOW); /* a free place is taken as asked for */
	CHECK_EQ(munmap(LOW, PAGE), 0);
}

static bool is_mapped(char *p)
{
	return msync(p, PAGE, MS_ASYNC) == 0;
}

static void moved_to_a_place(void)
{
	char *from = mmap(NULL, 4 * PAGE, BOTH, ANON, -1, 0), *to = mmap(NULL, 8 * PAGE, BOTH, ANON, -1, 0);

	memset(from, 3, 4 * PAGE);
	memset(to, 9, 8 * PAGE);
	CHECK(mremap(from, 4 * PAGE, 4 * PAGE, MOVE, to + PAGE) == to + PAGE);
	CHECK(to[0] == 9 && to[PAGE] == 3 && to[5 * PAGE - 1] == 3 && to[5 * PAGE] == 9);
	CHECK(!is_mapped(from) && !is_mapped(from + 3 * PAGE));
	/* Back, larger: the rest is new. */
	CHECK(mremap(to + PAGE, 4 * PAGE, 6 * PAGE, MOVE, LOW) == LOW);
	CHECK(LOW[0] == 3 && LOW[4 * PAGE - 1] == 3 && LOW[4 * PAGE] == 0 && LOW[6 * PAGE - 1] == 0);
	CHECK(!is_mapped(to + PAGE) && is_mapped(to) && is_mapped(to + 5 * PAGE));
	/* And smaller: what is behind goes. */
	CHECK(mremap(LOW, 6 * PAGE, PAGE, MOVE, to + PAGE) == to + PAGE);
	CHECK(to[PAGE] == 3 && !is_mapped(LOW) && !is_mapped(LOW + 5 * PAGE) && !is_mapped(to + 2 * PAGE));
	CHECK_EQ(munmap(to, 8 * PAGE), 0);
}

static void moves_refused(void)
{
	char *p = mmap(NULL, 8 * PAGE, BOTH, ANON, -1, 0), *to = p + 4 * PAGE;

	p[0] = 1;
	CHECK_ERR(mremap(p, PAGE, PAGE, MREMAP_FIXED, to), EINVAL);
	CHECK_ERR(mremap(p, 2 * PAGE, 2 * PAGE, MOVE, p + PAGE), EINVAL);
	CHECK_ERR(mremap(p, PAGE, 2 * PAGE, MOVE, p), EINVAL);
	CHECK_ERR(mremap(p, PAGE, PAGE, MOVE, to + 1), EINVAL);
	CHECK_ERR(mremap(p + 1, PAGE, PAGE, MOVE, to), EINVAL);
	CHECK_ERR(mremap(p, PAGE, 0, MOVE, to), EINVAL);
	CHECK_ERR(mremap(p, PAGE, PAGE, 64, to), EINVAL);
	CHECK_EQ(p[0], 1);
	CHECK_EQ(munmap(p, PAGE), 0);
	CHECK_ERR(mremap(p, PAGE, PAGE, MOVE, to), EFAULT);
	CHECK_EQ(munmap(p, 8 * PAGE), 0);
}

static long nap(int clock, int flags, long sec, long nsec)
{
	struct timespec t = { sec, nsec };

	return syscall(SYS_clock_nanosleep, clock, flags, &t, NULL);
}

static void clocks_that_wake(void)
{
	CHECK_ERR(nap(CLOCK_MONOTONIC_RAW, 0, 0, 1), EOPNOTSUPP);
	CHECK_ERR(nap(CLOCK_REALTIME_COARSE, 0, 0, 1), EOPNOTSUPP);
	CHECK_ERR(nap(CLOCK_MONOTONIC_COARSE, 0, 0, -1), EOPNOTSUPP);
	CHECK_ERR(nap(CLOCK_THREAD_CPUTIME_ID, 0, 0, 1), EOPNOTSUPP);
	CHECK_ERR(nap(99, 0, 0, -1), EINVAL);
	CHECK_ERR(nap(CLOCK_MONOTONIC, 0, 0, 1000000000), EINVAL);
	CHECK_ERR(nap(CLOCK_MONOTONIC, 0, -1, 0), EINVAL);
	CHECK_EQ(nap(CLOCK_MONOTONIC, 0, 0, 1), 0);
	CHECK_EQ(nap(CLOCK_REALTIME, TIMER_ABSTIME, 1, 0), 0);
	CHECK_EQ(nap(CLOCK_BOOTTIME, TIMER_ABSTIME, 0, 0), 0);
}

static long ms_of(int who)
{
	struct rusage u;

	return getrusage(who, &u)
	               ? -1
	               : (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static void *compute(void *own)
{
	while (ms_of(RUSAGE_THREAD) < 60)
		;
	*(long *)own = ms_of(RUSAGE_THREAD);
	return NULL;
}

static void time_used(void)
{
	long own = ms_of(RUSAGE_THREAD), all = ms_of(RUSAGE_SELF), of_thread = 0;
	pthread_t t;

	CHECK(own >= 0 && all >= own);
	CHECK_EQ(pthread_create(&t, NULL, compute, &of_thread), 0);
	CHECK_EQ(pthread_join(t, NULL), 0);
	CHECK(of_thread >= 60);
	CHECK(ms_of(RUSAGE_SELF) >= all + 55); /* with those that ended */
	CHECK(ms_of(RUSAGE_THREAD) < own + 50); /* this one waited */
	CHECK_EQ(ms_of(RUSAGE_CHILDREN), 0);
	CHECK_ERR(getrusage(2, &(struct rusage){ 0 }), EINVAL);
}

static long look(int n, uint64_t *set)
{
	struct timespec now = { 0 };

	return syscall(SYS_pselect6, n, set, NULL, NULL, &now, NULL);
}

/* Numbers that are closed are refused; beyond the table, whose size doubles as descriptors come, they are ignored. */
static void closed_numbers(void)
{
	static uint64_t set[1024];
	const int high = 900;

	CHECK_EQ(dup2(0, high), high);
	close(high);
	set[high / 64] = 1ul << (high % 64);
	CHECK_ERR(look(high + 1, set), EBADF);
	CHECK_EQ(look(high, set), 0); /* not looked at */
	set[high / 64] = 0;
	set[1023 / 64] = 1ul << 63;
	CHECK_ERR(look(1024, set), EBADF);
	set[1023 / 64] = 0;
	set[1000] = 2;
	CHECK_EQ(look(65536, set), 0);
	CHECK_ERR(look(-1, set), EINVAL);
}

const struct test places_tests[] = {
	{ "below_2_gib", below_2_gib },           { "fixed_low", fixed_low },
	{ "moved_to_a_place", moved_to_a_place }, { "moves_refused", moves_refused },
	{ "clocks_that_wake", clocks_that_wake }, { "time_used", time_used },
	{ "closed_numbers", closed_numbers },     { 0 },
};
