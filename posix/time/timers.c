/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers that send signals: timer_create() and its kin, and setitimer()'s. A timer whose last signal is still pending counts an
 * overrun instead of sending another one. timers_lock covers them all, since expirations come in handlers.
 */
#include <posix/calls.h>

#include <core/alloc.h>
#include <core/time.h>
#include <posix/signal.h>

#include "internal.h"

#define TIMERS 64
#define OVERRUN_MAX 0x7fffffff

/* Shorter periods are served so often, and count the rest as overruns. */
#define PERIOD_MIN (100 * NSEC_PER_USEC)

struct itimer {
	struct timer timer;
	struct signal_info info;
	long clock;
	long tid; /* 0: the process */
	bool silent;
	uint64_t deadline; /* monotonic; 0: disarmed */
	uint64_t interval;
	uint64_t overrun;
};

static struct spinlock timers_lock = SPINLOCK_INIT("time: timers that send signals");
static struct itimer *timers[TIMERS];

/* Moves a periodic timer on, and returns how many periods passed. */
static uint64_t next_period(struct itimer *t)
{
	uint64_t now = time_monotonic(), passed;

	if (!t->interval) {
		t->deadline = 0;
		return 1;
	}
	passed = now > t->deadline ? 1 + (now - t->deadline) / t->interval : 1;
	t->deadline += passed * t->interval;
	timer_set(&t->timer, MAX(t->deadline, now + PERIOD_MIN));
	return passed;
}

/* Count what has passed. Returns whether a signal is due. */
static bool note_expiration(struct itimer *t)
{
	uint64_t passed = next_period(t);

	if (t->silent)
		return false;
	if (signal_is_pending(t->tid, t->info.signo)) {
		t->overrun += passed;
		return false;
	}
	t->overrun = passed - 1;
	return true;
}

static void expire(struct timer *timer)
{
	struct itimer *t = container_of(timer, struct itimer, timer);

	spin_lock(&timers_lock);
	bool due = note_expiration(t);
	long tid = t->tid;
	struct signal_info info = t->info;

	spin_unlock(&timers_lock);
	if (due)
		signal_send_id(tid, &info);
}

static void settings(const struct itimer *t, uint64_t *left, uint64_t *interval)
{
	uint64_t now = time_monotonic();

	/* An armed timer has something left, even when its handler is just about to run. */
	*left = !t->deadline ? 0 : t->deadline > now ? t->deadline - now : 1;
	*interval = t->interval;
}

static void arm(struct itimer *t, uint64_t delay, uint64_t interval)
{
	timer_cancel(&t->timer);
	t->deadline = delay ? MIN(time_monotonic() + delay, TIME_MAX) : 0;
	t->interval = interval;
	t->overrun = 0;
	if (delay && t->deadline < TIME_MAX)
		timer_set(&t->timer, t->deadline);
}

static struct itimer *find(long id)
{
	return id >= 0 && id < TIMERS ? timers[id] : NULL;
}

static int event_of(struct itimer *t, const struct sigevent *ev, int id)
{
	t->info = (struct signal_info){ .signo = SIGALRM, .code = SI_TIMER, .pid = id, .value = id };
	if (!ev)
		return 0;
	t->info.signo = ev->signo;
	t->info.value = ev->value;
	t->silent = ev->notify == SIGEV_NONE;
	t->tid = ev->notify == SIGEV_THREAD_ID ? ev->tid : 0;
	if (ev->notify != SIGEV_SIGNAL && ev->notify != SIGEV_NONE && ev->notify != SIGEV_THREAD_ID)
		return -EINVAL;
	return t->silent || (ev->signo >= 1 && ev->signo <= SIG_COUNT) ? 0 : -EINVAL;
}

/* CPU-time clocks do not wake anybody here. */
static bool is_timed(long clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME;
}

long sys_timer_create(int clock, const struct sigevent *event, int *out)
{
	struct itimer *t;
	int id = 0, ret;
	uint64_t now;

	if (!is_timed(clock))
		return clock_read(clock, &now) ? -EINVAL : -EOPNOTSUPP;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -EAGAIN;
	timer_init(&t->timer, expire);
	t->clock = clock;
	spin_lock(&timers_lock);
	while (id < TIMERS && timers[id])
		id++;
	ret = id == TIMERS ? -EAGAIN : event_of(t, event, id);
	if (!ret)
		timers[id] = t;
	spin_unlock(&timers_lock);
	if (ret)
		kfree(t);
	else
		*out = id;
	return ret;
}

long sys_timer_delete(int id)
{
	spin_lock(&timers_lock);
	struct itimer *t = find(id);

	if (t) {
		timers[id] = NULL;
		timer_cancel(&t->timer);
	}
	spin_unlock(&timers_lock);
	kfree(t);
	return t ? 0 : -EINVAL;
}

long sys_timer_settime(int id, int flags, const struct itimerspec *in, struct itimerspec *out)
{
	const struct itimerspec *new = in;
	uint64_t value, interval, now, left, old_interval;

	if (!new || timespec_read(&new->it_value, &value) || timespec_read(&new->it_interval, &interval))
		return -EINVAL;
	spin_lock(&timers_lock);
	struct itimer *t = find(id);

	if (t) {
		settings(t, &left, &old_interval);
		if (value && flags & TIMER_ABSTIME && !clock_read(t->clock, &now))
			value = value > now ? value - now : 1;
		arm(t, value, interval);
	}
	spin_unlock(&timers_lock);
	if (!t)
		return -EINVAL;
	if (out)
		*out = (struct itimerspec){ time_to_timespec(old_interval), time_to_timespec(left) };
	return 0;
}

long sys_timer_gettime(int id, struct itimerspec *out)
{
	uint64_t left = 0, interval = 0;

	spin_lock(&timers_lock);
	const struct itimer *t = find(id);

	if (t)
		settings(t, &left, &interval);
	spin_unlock(&timers_lock);
	if (!t)
		return -EINVAL;
	*out = (struct itimerspec){ time_to_timespec(interval), time_to_timespec(left) };
	return 0;
}

long sys_timer_getoverrun(int id)
{
	spin_lock(&timers_lock);
	const struct itimer *t = find(id);
	long ret = t ? (long)MIN(t->overrun, (uint64_t)OVERRUN_MAX) : -EINVAL;

	spin_unlock(&timers_lock);
	return ret;
}

static struct itimer real = {
	.timer = TIMER_INIT(real.timer, expire),
	.info = { .signo = SIGALRM, .code = SI_KERNEL },
};

static struct itimerval itimerval_of(uint64_t left, uint64_t interval)
{
	/* Rounded up: never 0 while armed. */
	return (struct itimerval){ time_to_timeval(interval), time_to_timeval(left + NSEC_PER_USEC - 1) };
}

static int timeval_read(const struct timeval *tv, uint64_t *ns)
{
	*ns = time_of_timeval(tv);
	return tv->tv_sec >= 0 && tv->tv_usec >= 0 && tv->tv_usec < 1000000 ? 0 : -EINVAL;
}

long sys_setitimer(int which, const struct itimerval *in, struct itimerval *out)
{
	const struct itimerval *new = in;
	uint64_t value = 0, interval = 0, left, old_interval;

	/* Those that count CPU time are not there. */
	if (which != ITIMER_REAL ||
	    (new && (timeval_read(&new->it_value, &value) || timeval_read(&new->it_interval, &interval))))
		return -EINVAL;
	spin_lock(&timers_lock);
	settings(&real, &left, &old_interval);
	arm(&real, value, interval);
	spin_unlock(&timers_lock);
	if (out)
		*out = itimerval_of(left, old_interval);
	return 0;
}

long sys_getitimer(int which, struct itimerval *out)
{
	uint64_t left, interval;

	if (which != ITIMER_REAL)
		return -EINVAL;
	spin_lock(&timers_lock);
	settings(&real, &left, &interval);
	spin_unlock(&timers_lock);
	*out = itimerval_of(left, interval);
	return 0;
}
