/* SPDX-License-Identifier: BSD-3-Clause */
/* Changes of a thread's schedule, for the calls of posix/process that make them. */
#ifndef PROCESS_SCHEDULE_H
#define PROCESS_SCHEDULE_H

#include <core/thread.h>

#define CAP_SYS_NICE 23

/* What a call wants of a thread. */
struct schedule_change {
	int policy; /* of abi/sched.h; SAME: as it is */
	int priority;
	int nice; /* for SCHED_OTHER and SCHED_BATCH; SAME: as it is */
	bool reset; /* as in struct thread_schedule; with a policy of SAME it stays */
	bool keep_place; /* as for thread_set_schedule() */
	bool keep_params; /* priority and nice value are as they are */
};

#define SAME (-1000)

/* The thread that a call means by @tid: 0 is the caller. NULL if there is none. Under threads_lock. */
struct thread *schedule_thread(int tid);

/* What holds for thread @tid. 0, -EINVAL or -ESRCH. */
long schedule_get(int tid, struct thread_schedule *out);

/* Make @c true for thread @tid, as sched_setscheduler(2): 0, -EINVAL, -ESRCH or -EPERM. */
long schedule_set(int tid, const struct schedule_change *c);

/* May a nice value become @nice, which is lower than before? */
bool schedule_may_nice(int nice);

#endif
