/* SPDX-License-Identifier: BSD-3-Clause */
/* A timer that sends a signal, of timer_create() or setitimer(). All calls are made under timers_lock. */
#ifndef TIME_ITIMER_H
#define TIME_ITIMER_H

#include <core/cpu_timer.h>
#include <core/sched.h>
#include <core/timer.h>
#include <core/tree.h>
#include <posix/signal.h>

struct itimer {
	struct tree_node node; /* among timer_create()'s, by @id */
	int id;
	struct timer timer; /* one of these two runs */
	struct cpu_timer cpu_timer;
	struct signal_slot slot;
	long clock; /* by which absolute times are meant */
	bool on_cpu; /* it runs on processor time: */
	long whose; /* of the thread with this id; 0: of the process */
	long tid; /* to which the signal goes; 0: the process */
	bool silent;
	uint64_t deadline; /* ns, monotonic or of processor time; 0: disarmed */
	uint64_t interval;
};

/* Covers all of them, since they expire in handlers. */
extern struct spinlock timers_lock;

/* Cleared memory becomes an unarmed timer on @clock, which is one that itimer_clock_error() does not refuse. */
void itimer_init(struct itimer *t, long clock);
/* 0 if timers can run on @clock, -EOPNOTSUPP if it is a clock without any, -EINVAL if it is none. Needs no lock. */
int itimer_clock_error(long clock);

/* Once in @delay ns (0: never), then each @interval (0: not again). -ESRCH if it is on the time of a thread that has ended. */
int itimer_arm(struct itimer *t, uint64_t delay, uint64_t interval);
/* What is left of the delay, not 0 while it is armed, and the interval. */
void itimer_settings(const struct itimer *t, uint64_t *left, uint64_t *interval);
/* Disarmed, and no signal of it pending. */
void itimer_stop(struct itimer *t);

#endif
