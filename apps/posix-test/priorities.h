/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads with a policy and a priority, and the order in which they come to places of interest. Not for threads that run in parallel. */
#ifndef PRIORITIES_H
#define PRIORITIES_H

#include <pthread.h>
#include <stdbool.h>

/* Forget the trace. */
void trace_begin(void);
/* The running thread came to place @c. */
void note(char c);
/* Whether the places were @expected; says what they were if not. */
bool is_trace(const char *expected);

/* All threads on one processor, and the running one under SCHED_FIFO with @priority. */
bool begin_above(int priority);
/* As pthread_setschedparam(). */
int set_schedule(pthread_t t, int policy, int priority);
/* As pthread_create(), with @policy and @priority from its first instruction on. */
int start_scheduled(pthread_t *t, int policy, int priority, void *(*fn)(void *), void *arg);

#endif
