/* SPDX-License-Identifier: BSD-3-Clause */
/* Times of programs to nanoseconds, at their ends. sources: core/time/convert.c */
#include "../../host.h"

#include <core/time.h>

static uint64_t of(int64_t sec, int64_t nsec)
{
	return time_of_timespec(&(struct timespec){ sec, nsec });
}

static uint64_t of_usec(int64_t sec, int64_t usec)
{
	return time_of_timeval(&(struct timeval){ sec, usec });
}

static bool valid(int64_t sec, int64_t nsec)
{
	return time_is_valid(&(struct timespec){ sec, nsec });
}

static void conversions(void)
{
	CHECK(of(0, 0) == 0 && of(1, 1) == 1000000001 && of(0, 999999999) == 999999999);
	CHECK(of(-1, 0) == 0 && of(INT64_MIN, 999999999) == 0);
	CHECK(of(INT64_MAX, 999999999) == TIME_MAX && of(INT64_MAX, 0) == TIME_MAX);
	CHECK(of(18446744073, 709551615) == TIME_MAX && of(18446744074, 0) == TIME_MAX);
	CHECK(of(9223372036, 854775807) == TIME_MAX && of(9223372036, 854775806) == TIME_MAX - 1);
	CHECK(of(INT64_MAX / 1000000, INT64_MAX % 1000000 * 1000) == TIME_MAX); /* G_MAXINT64 microseconds */
	CHECK(of_usec(0, 1) == 1000 && of_usec(-1, 999999) == 0 && of_usec(INT64_MAX, 999999) == TIME_MAX);
	CHECK(time_of_ms(-1) == 0 && time_of_ms(1) == 1000000 && time_of_ms(INT64_MAX) == TIME_MAX);
	CHECK(time_to_timespec(1000000001).tv_sec == 1 && time_to_timespec(1000000001).tv_nsec == 1);
	CHECK(time_to_timeval(1999999999).tv_sec == 1 && time_to_timeval(1999999999).tv_usec == 999999);
}

static void validity(void)
{
	CHECK(valid(0, 0) && valid(INT64_MAX, 999999999));
	CHECK(!valid(-1, 0) && !valid(0, -1) && !valid(0, 1000000000) && !valid(0, INT64_MAX) && !valid(0, INT64_MIN));
}

static void deadlines(void)
{
	CHECK(deadline_after(5, 0) == 5 && deadline_after(5, 7) == 12);
	CHECK(deadline_after(0, 0) == 1); /* now, not never */
	CHECK(deadline_after(1, TIME_MAX) == DEADLINE_NEVER && deadline_after(UINT64_MAX, 1) == DEADLINE_NEVER);
	CHECK(deadline_after(5, TIME_MAX - 6) == TIME_MAX - 1);
	CHECK(deadline_at(100, 1000, 1500) == 600 && deadline_at(100, 1000, 1000) == 100);
	CHECK(deadline_at(100, 1000, 0) == 100); /* long ago is now */
	CHECK(deadline_at(100, 1000, TIME_MAX) == DEADLINE_NEVER && deadline_at(100, 1000, UINT64_MAX) == DEADLINE_NEVER);
}

int main(void)
{
	conversions();
	validity();
	deadlines();
	return 0;
}
