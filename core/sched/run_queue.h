/* SPDX-License-Identifier: BSD-3-Clause */
/* The threads that can run and do not. Pure data structure; preemption disabled. */
#ifndef SCHED_RUN_QUEUE_H
#define SCHED_RUN_QUEUE_H

#include <core/thread.h>

struct run_queue {
	struct tree threads; /* in the order in which they run */
	int64_t first_turn, last_turn; /* given out */
};

extern struct run_queue run_queue;

/* Would @a run before @b? False for equals. */
bool runs_before(const struct thread *a, const struct thread *b);

void run_queue_add(struct thread *t);
void run_queue_remove(struct thread *t);

/* The first of those that wait, of all or of those without a real-time priority; NULL if there are none. */
struct thread *run_queue_first(void);
struct thread *run_queue_first_fair(void);
/* The last one, or NULL. */
struct thread *run_queue_last(void);

/* @t, which is not in the queue, shall be behind, or before, all others of its real-time priority. */
static inline void run_queue_to_tail(struct thread *t)
{
	t->turn = ++run_queue.last_turn;
}

static inline void run_queue_to_head(struct thread *t)
{
	t->turn = --run_queue.first_turn;
}

#endif
