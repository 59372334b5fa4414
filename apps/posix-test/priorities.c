/* SPDX-License-Identifier: BSD-3-Clause */
#include "priorities.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char trace[64];
static volatile unsigned traced;

void trace_begin(void)
{
	traced = 0;
	trace[0] = 0;
}

void note(char c)
{
	trace[traced++] = c;
	trace[traced] = 0;
}

bool is_trace(const char *expected)
{
	bool same = !strcmp(trace, expected);

	if (!same)
		printf("# %s, not %s\n", trace, expected);
	return same;
}

bool begin_above(int priority)
{
	unsigned long one = 1;

	trace_begin();
	syscall(SYS_sched_setaffinity, 0, sizeof(one), &one);
	return !set_schedule(pthread_self(), SCHED_FIFO, priority);
}

int set_schedule(pthread_t t, int policy, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	return pthread_setschedparam(t, policy, &param);
}

int start_scheduled(pthread_t *t, int policy, int priority, void *(*fn)(void *), void *arg)
{
	struct sched_param param = { .sched_priority = priority };
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attr, policy);
	pthread_attr_setschedparam(&attr, &param);
	return pthread_create(t, &attr, fn, arg);
}
