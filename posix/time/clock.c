/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <core/errno.h>
#include <core/thread.h>
#include <core/time.h>

#include "internal.h"

static int cpu_time_of(struct thread *t, void *sum)
{
	*(uint64_t *)sum += t->cpu_time;
	return 0;
}

static uint64_t process_cpu_time(void)
{
	uint64_t sum = 0;

	preempt_disable();
	thread_for_each(cpu_time_of, &sum)
		;
	sum += time_monotonic() - thread_self()->started;
	preempt_enable();
	return sum;
}

static uint64_t thread_cpu_time(void)
{
	struct thread *t = thread_self();

	preempt_disable();
	uint64_t ns = t->cpu_time + time_monotonic() - t->started;

	preempt_enable();
	return ns;
}

int clock_read(long id, uint64_t *ns)
{
	switch (id) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = time_wall();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = time_monotonic();
		return 0;
	case CLOCK_PROCESS_CPUTIME:
		*ns = process_cpu_time();
		return 0;
	case CLOCK_THREAD_CPUTIME:
		*ns = thread_cpu_time();
		return 0;
	default:
		return -EINVAL;
	}
}

long uk_syscall_clock_gettime(long id, long out)
{
	uint64_t ns;
	int ret = clock_read(id, &ns);

	if (!ret)
		*(struct timespec *)out = timespec_of(ns);
	return ret;
}

long uk_syscall_clock_getres(long id, long out)
{
	uint64_t ns;
	int ret = clock_read(id, &ns);

	if (!ret && out)
		*(struct timespec *)out = (struct timespec){ 0, 1 };
	return ret;
}

long uk_syscall_clock_settime(long id, long in)
{
	uint64_t ns;

	if (id != CLOCK_REALTIME || timespec_read((const struct timespec *)in, &ns))
		return -EINVAL;
	time_set_wall(ns);
	return 0;
}

long uk_syscall_gettimeofday(long out, long zone __unused)
{
	uint64_t ns = time_wall();

	if (out) {
		((int64_t *)out)[0] = ns / NSEC_PER_SEC;
		((int64_t *)out)[1] = ns % NSEC_PER_SEC / NSEC_PER_USEC;
	}
	return 0;
}

long uk_syscall_time(long out)
{
	long seconds = time_wall() / NSEC_PER_SEC;

	if (out)
		*(long *)out = seconds;
	return seconds;
}
