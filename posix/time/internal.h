/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TIME_INTERNAL_H
#define TIME_INTERNAL_H

#include <core/base.h>
#include <core/errno.h>

#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME 2
#define CLOCK_THREAD_CPUTIME 3
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7

#define CPUCLOCK_PROCESS 2
#define CPUCLOCK_THREAD 6

struct timespec {
	int64_t tv_sec, tv_nsec;
};

static inline struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };
}

static inline int timespec_read(const struct timespec *ts, uint64_t *ns)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= (int64_t)NSEC_PER_SEC)
		return -EINVAL;
	/* Centuries away is for ever. */
	*ns = MIN((uint64_t)ts->tv_sec, 9000000000ull) * NSEC_PER_SEC + ts->tv_nsec;
	return 0;
}

/* The time of clock @id in ns, or -EINVAL. */
int clock_read(long id, uint64_t *ns);

#endif
