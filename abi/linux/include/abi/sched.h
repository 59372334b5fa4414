/* SPDX-License-Identifier: BSD-3-Clause */
/* sched(7): policies, priorities, nice values. */
#ifndef ABI_SCHED_H
#define ABI_SCHED_H

#define SCHED_OTHER 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6

#define SCHED_RESET_ON_FORK 0x40000000 /* or-ed to the policy */
#define SCHED_FLAG_RESET_ON_FORK 1 /* in sched_setattr(2)'s flags */

/* Of SCHED_FIFO and SCHED_RR; the others have 0 only. */
#define REALTIME_MIN 1
#define REALTIME_MAX 99

#define NICE_MIN (-20)
#define NICE_MAX 19

#endif
