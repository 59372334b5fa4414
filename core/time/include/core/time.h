/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Clocks, in nanoseconds, and the one way from the program's times to them.
 *
 * Programs pass times that do not fit: G_MAXINT64 microseconds, INT64_MAX seconds. Here they end at TIME_MAX, which no clock reaches, and
 * a deadline there is DEADLINE_NEVER. A time that has come is never DEADLINE_NEVER.
 */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <abi/time.h>
#include <core/timer.h>

/* Longer times are this one: 292 years. */
#define TIME_MAX ((uint64_t)INT64_MAX)
/* The wall clock cannot be set to this or more: 30 years later it is still below TIME_MAX. */
#define WALL_END ((TIME_MAX / NSEC_PER_SEC - 30ull * 365 * 24 * 3600) * NSEC_PER_SEC)
/* As an absolute monotonic deadline (waiter_sleep(), wait_event_timeout()): wait without a limit. */
#define DEADLINE_NEVER 0ull

/*
 * CLOCK_REALTIME: ns since 1970-01-01 UTC. Setting it moves no timer; 0 or -EINVAL, as on Linux for a time before the machine's start or
 * from WALL_END on. Any context.
 */
uint64_t time_wall(void);
int time_set_wall(uint64_t ns);
/* CLOCK_BOOTTIME: as time_monotonic(), but it went on while the machine was suspended. Any context. */
uint64_t time_boot(void);
/* The platform's monotonic clock stood still for @ns: these two clocks go ahead by that. Moves no timer. Preemption is disabled. */
void time_paused(uint64_t ns);

/* Sleep, not interruptible, until the absolute monotonic @deadline in ns. */
void time_sleep_until(uint64_t deadline);

/* Seconds not negative, nanoseconds below a second: what calls that take a struct timespec check. */
bool time_is_valid(const struct timespec *ts);

/* In ns, at most TIME_MAX; negative times are 0. The parts below a second are in range. */
uint64_t time_of_timespec(const struct timespec *ts);
uint64_t time_of_timeval(const struct timeval *tv);
uint64_t time_of_ms(int64_t ms);

/* @ns in seconds and the rest; a timeval's is rounded down. */
struct timespec time_to_timespec(uint64_t ns);
struct timeval time_to_timeval(uint64_t ns);

/* The deadline @ns after the monotonic time @now, or DEADLINE_NEVER. */
uint64_t deadline_after(uint64_t now, uint64_t ns);
/* The deadline of the time @when of a clock that shows @clock at the monotonic time @now. */
uint64_t deadline_at(uint64_t now, uint64_t clock, uint64_t when);

#endif
