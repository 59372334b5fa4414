/* SPDX-License-Identifier: BSD-3-Clause */
/* How long real-time threads run: slices of SCHED_RR, and the share of all of them. Preemption disabled. */
#ifndef SCHED_REALTIME_H
#define SCHED_REALTIME_H

#include <core/thread.h>

/* Real-time thread @t has used @ns more, until @now. */
void realtime_charge(struct thread *t, uint64_t now, uint64_t ns);

/* Have they had their share of this second? */
bool realtime_exhausted(void);

/* How long @t, which is about to run or runs, may do so until others have to be looked at: in ns, UINT64_MAX for no end. */
uint64_t realtime_turn(const struct thread *t);

/* @t, which was running, is looked at: if its slice is over it goes behind the others of its priority. */
void realtime_slice(struct thread *t);

#endif
