/* SPDX-License-Identifier: BSD-3-Clause */
/* setitimer(2): the process's three timers. */
#include <posix/calls.h>

#include <core/init.h>
#include <core/process.h>
#include <core/string.h>

#include "internal.h"
#include "itimer.h"

#define WHICH 3

static PROCESS_LOCAL struct itimer timers_of_process[WHICH];

#define timers process_local(timers_of_process)

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
	uint64_t value = 0, interval = 0, left, old_interval;

	if (which < 0 || which >= WHICH ||
	    (in && (timeval_read(&in->it_value, &value) || timeval_read(&in->it_interval, &interval))))
		return -EINVAL;
	spin_lock(&timers_lock);
	itimer_settings(&timers[which], &left, &old_interval);
	itimer_arm(&timers[which], value, interval);
	spin_unlock(&timers_lock);
	if (out)
		*out = itimerval_of(left, old_interval);
	return 0;
}

long sys_getitimer(int which, struct itimerval *out)
{
	uint64_t left, interval;

	if (which < 0 || which >= WHICH)
		return -EINVAL;
	spin_lock(&timers_lock);
	itimer_settings(&timers[which], &left, &interval);
	spin_unlock(&timers_lock);
	*out = itimerval_of(left, interval);
	return 0;
}

static void init_for(struct itimer *t)
{
	static const struct {
		long clock;
		int sig;
	} kinds[WHICH] = {
		[ITIMER_REAL] = { CLOCK_MONOTONIC, SIGALRM },
		[ITIMER_VIRTUAL] = { CLOCK_PROCESS_CPUTIME, SIGVTALRM },
		[ITIMER_PROF] = { CLOCK_PROCESS_CPUTIME, SIGPROF },
	};

	for (int i = 0; i < WHICH; i++) {
		itimer_init(&t[i], kinds[i].clock);
		t[i].slot.info = (struct signal_info){ .signo = kinds[i].sig, .code = SI_KERNEL };
	}
}

static int itimers_init(void)
{
	init_for(timers_of_process);
	return 0;
}
INITCALL(INIT_SERVICES, itimers_init);

#ifdef CONFIG_CORE_PROCESSES
/* A child has no timers running; another program goes on with those that are. */
static int copy(uintptr_t child)
{
	struct itimer *t = process_local_of(child, timers_of_process);

	memset(t, 0, sizeof(timers_of_process));
	init_for(t);
	for (int i = 0; i < WHICH; i++)
		t[i].slot.process = child;
	return 0;
}

static void end(uintptr_t process)
{
	spin_lock(&timers_lock);
	for (int i = 0; i < WHICH; i++)
		itimer_stop(&process_local_of(process, timers_of_process)[i]);
	spin_unlock(&timers_lock);
}

static const struct process_part itimer_part = { .copy = copy, .end = end };
PROCESS_PART(itimer_part);
#endif
