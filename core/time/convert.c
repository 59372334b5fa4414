/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/time.h>

static uint64_t saturating(uint64_t n, uint64_t unit, uint64_t rest)
{
	uint64_t ns;

	if (__builtin_mul_overflow(n, unit, &ns) || __builtin_add_overflow(ns, rest, &ns))
		return TIME_MAX;
	return MIN(ns, TIME_MAX);
}

bool time_is_valid(const struct timespec *ts)
{
	return ts->tv_sec >= 0 && ts->tv_nsec >= 0 && ts->tv_nsec < (int64_t)NSEC_PER_SEC;
}

uint64_t time_of_timespec(const struct timespec *ts)
{
	return ts->tv_sec < 0 ? 0 : saturating(ts->tv_sec, NSEC_PER_SEC, ts->tv_nsec);
}

uint64_t time_of_timeval(const struct timeval *tv)
{
	return tv->tv_sec < 0 ? 0 : saturating(tv->tv_sec, NSEC_PER_SEC, tv->tv_usec * NSEC_PER_USEC);
}

uint64_t time_of_ms(int64_t ms)
{
	return ms < 0 ? 0 : saturating(ms, NSEC_PER_MSEC, 0);
}

struct timespec time_to_timespec(uint64_t ns)
{
	return (struct timespec){ ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };
}

struct timeval time_to_timeval(uint64_t ns)
{
	return (struct timeval){ ns / NSEC_PER_SEC, ns % NSEC_PER_SEC / NSEC_PER_USEC };
}

uint64_t deadline_after(uint64_t now, uint64_t ns)
{
	uint64_t deadline;

	if (__builtin_add_overflow(now, ns, &deadline) || deadline >= TIME_MAX)
		return DEADLINE_NEVER;
	return MAX(deadline, 1ull);
}

uint64_t deadline_at(uint64_t now, uint64_t clock, uint64_t when)
{
	if (when >= TIME_MAX)
		return DEADLINE_NEVER;
	return deadline_after(now, when > clock ? when - clock : 0);
}
