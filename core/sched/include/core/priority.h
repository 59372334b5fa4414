/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which thread runs. Threads of SCHED_FIFO and SCHED_RR are real-time: the one with the highest priority runs, until it sleeps or, under
 * SCHED_RR, has used a slice and another of its priority waits. All others share what is left, by their nice values. As on Linux, real-time
 * threads get at most 950 ms of each second while others want to run.
 */
#ifndef CORE_PRIORITY_H
#define CORE_PRIORITY_H

#include <core/base.h>
#include <core/tree.h>

struct thread;

/* What SCHED_RR gives a thread before the next of its priority, ns. */
#define ROUND_ROBIN_SLICE (100 * NSEC_PER_MSEC)

/* What is asked for. Cleared memory is SCHED_OTHER with nice value 0. */
struct thread_schedule {
	uint8_t policy; /* of abi/sched.h */
	uint8_t priority; /* REALTIME_MIN to REALTIME_MAX for SCHED_FIFO and SCHED_RR, 0 for others */
	int8_t nice; /* NICE_MIN to NICE_MAX; kept, without effect, under SCHED_FIFO, SCHED_RR and SCHED_IDLE */
	bool reset; /* threads that it makes do not inherit a real-time policy or a nice value below 0 */
};

/* @t's real-time priority, 0 if it has none. As it is now: under threads_lock or by the thread itself. */
unsigned thread_priority(const struct thread *t);

/* Of a valid thread, under threads_lock or by the thread itself. */
const struct thread_schedule *thread_schedule(const struct thread *t);

/*
 * @s, in range, holds for @t from now on. A real-time thread that can run becomes the last of its priority; with @keep_place, as
 * pthread_setschedprio() wants it, the last of a higher one, the first of a lower one, and stays where it is in its own. Under threads_lock.
 */
void thread_set_schedule(struct thread *t, const struct thread_schedule *s, bool keep_place);

/* Who waits for a thread may give it his priority, so that others of less do not keep it from running. Cleared memory gives nothing. */
struct donation {
	struct tree_node node; /* of those that @to has, the highest first */
	struct thread *to; /* NULL: nobody */
	unsigned priority;
};

/*
 * From now on @to, or NULL for nobody, has at least the real-time priority @priority, 0 for none; what @d gave before ends. When a thread ends
 * its donations do. Under threads_lock.
 */
void thread_donate(struct donation *d, struct thread *to, unsigned priority);
/* The highest of @t's donations, or NULL. Under threads_lock. */
struct donation *thread_first_donation(const struct thread *t);

/* Before thread_start(@t): what the running thread has, as far as it is inherited. */
void thread_inherit_schedule(struct thread *t);

#endif
