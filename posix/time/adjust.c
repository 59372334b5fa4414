/* SPDX-License-Identifier: BSD-3-Clause */
/* settimeofday(2), and adjtimex(2) with what of it needs no clock that can be slewed: reading, and a step. */
#include <posix/calls.h>

#include <core/base.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/time.h>

#include "internal.h"

#define ADJ_OFFSET 0x0001u
#define ADJ_FREQUENCY 0x0002u
#define ADJ_SETOFFSET 0x0100u
#define ADJ_NANO 0x2000u
#define ADJ_OFFSET_SS_READ 0xa001u

#define STA_UNSYNC 0x0040
#define STA_NANO 0x2000
#define TIME_ERROR 5

struct timex {
	uint32_t modes, pad;
	int64_t offset, freq, maxerror, esterror;
	int32_t status, pad2;
	int64_t constant, precision, tolerance, sec, usec, tick, ppsfreq, jitter;
	int32_t shift, pad3;
	int64_t stabil, jitcnt, calcnt, errcnt, stbcnt;
	int32_t tai, rest[11];
};

long sys_settimeofday(const struct timeval *tv, const void *zone __unused)
{
	struct timespec ts;
	uint64_t ns;

	if (!tv)
		return 0;
	if (tv->tv_usec < 0 || tv->tv_usec >= 1000000)
		return -EINVAL;
	ts = (struct timespec){ tv->tv_sec, tv->tv_usec * (int64_t)NSEC_PER_USEC };
	if (timespec_read(&ts, &ns))
		return -EINVAL;
	return time_set_wall(ns);
}

/* The wall clock by a difference at once. */
static long step(const struct timex *t)
{
	int64_t unit = t->modes & ADJ_NANO ? 1 : (int64_t)NSEC_PER_USEC, now = (int64_t)time_wall(), delta, sum;

	if (t->usec < 0 || t->usec * unit >= (int64_t)NSEC_PER_SEC || t->usec >= (int64_t)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow(t->sec, (int64_t)NSEC_PER_SEC, &delta) ||
	    __builtin_add_overflow(delta, t->usec * unit, &delta) || __builtin_add_overflow(now, delta, &sum) || sum < 0)
		return -EINVAL;
	return time_set_wall((uint64_t)sum);
}

/* As Linux answers when nobody has set the clock right: unsynchronised. */
static void report(struct timex *t)
{
	uint64_t now = time_wall();

	*t = (struct timex){
		.modes = t->modes,
		.maxerror = 16000000,
		.esterror = 16000000,
		.status = STA_UNSYNC | (t->modes & ADJ_NANO ? STA_NANO : 0),
		.constant = 2,
		.precision = 1,
		.tolerance = 32768000,
		.sec = (int64_t)(now / NSEC_PER_SEC),
		.usec = (int64_t)(now % NSEC_PER_SEC / (t->modes & ADJ_NANO ? 1 : NSEC_PER_USEC)),
		.tick = 10000,
	};
}

long sys_clock_adjtime(int clock, struct timex *t)
{
	uint64_t now;
	long ret;

	if (!t)
		return -EFAULT;
	if (clock != CLOCK_REALTIME)
		return clock_read(clock, &now) ? -EINVAL : -EOPNOTSUPP;
	if (t->modes != ADJ_OFFSET_SS_READ && (t->modes & (ADJ_OFFSET | ADJ_FREQUENCY)))
		return -EPERM; /* the rate of the clock is the hypervisor's */
	if (t->modes != ADJ_OFFSET_SS_READ && (t->modes & ADJ_SETOFFSET)) {
		ret = step(t);
		if (ret)
			return ret;
	}
	report(t);
	return TIME_ERROR;
}

long sys_adjtimex(struct timex *t)
{
	return sys_clock_adjtime(CLOCK_REALTIME, t);
}
