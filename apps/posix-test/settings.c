/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls about the process and its threads with arguments at the edge: signals, timers, schedules, prctl(2). Expected is what Linux does. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define NOBODY 99999999

static void addressed_wrongly(void)
{
	const int me = getpid();
	siginfo_t info = { .si_code = SI_QUEUE };

	CHECK_ERR(syscall(SYS_tkill, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tkill, -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, me, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, 0, me, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, -1, me, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, NOBODY, me, 0), ESRCH);
	CHECK_EQ(syscall(SYS_rt_tgsigqueueinfo, me, syscall(SYS_gettid), 0, &info), 0);
	CHECK_ERR(syscall(SYS_rt_tgsigqueueinfo, me, NOBODY, 0, &info), ESRCH);
	CHECK_ERR(syscall(SYS_rt_tgsigqueueinfo, me, 0, 0, &info), EINVAL);
	CHECK_ERR(syscall(SYS_rt_tgsigqueueinfo, me, me, 65, &info), EINVAL);
}

static void queued_for_a_thread(void)
{
	sigset_t set;
	siginfo_t in = { .si_code = SI_QUEUE }, out;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	CHECK_EQ(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	in.si_value.sival_int = 4711;
	CHECK_EQ(syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGRTMIN, &in), 0);
	CHECK_EQ(sigtimedwait(&set, &out, &(struct timespec){ 5, 0 }), SIGRTMIN);
	CHECK(out.si_code == SI_QUEUE && out.si_value.sival_int == 4711);
	CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

/* POSIX: what is ignored from now on is not pending any more, for the process and each of its threads. */
static void not_pending_any_more(void)
{
	sigset_t set, pending;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	CHECK_EQ(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(i ? kill(getpid(), SIGUSR1) : pthread_kill(pthread_self(), SIGUSR1), 0);
		CHECK(!sigpending(&pending) && sigismember(&pending, SIGUSR1));
		CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR);
		CHECK(!sigpending(&pending) && !sigismember(&pending, SIGUSR1));
		CHECK(signal(SIGUSR1, SIG_DFL) != SIG_ERR);
	}
	/* The same for what is ignored by default. */
	CHECK_EQ(kill(getpid(), SIGCHLD), 0);
	CHECK(!sigpending(&pending) && sigismember(&pending, SIGCHLD));
	CHECK(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
	CHECK(!sigpending(&pending) && !sigismember(&pending, SIGCHLD));
	CHECK_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
}

static void other_stacks(void)
{
	static char room[65536];
	stack_t st = { .ss_sp = room, .ss_size = sizeof(room), .ss_flags = SS_ONSTACK }, old;

	CHECK_EQ(syscall(SYS_sigaltstack, &st, &old), 0); /* history: not refused */
	CHECK_EQ(sigaltstack(NULL, &st), 0);
	CHECK_EQ(st.ss_flags, 0);
	st.ss_flags = 4;
	CHECK_ERR(sigaltstack(&st, NULL), EINVAL);
	CHECK_EQ(sigaltstack(&old, NULL), 0);
}

static void timers_that_are_off(void)
{
	struct itimerval it = { { 5, 0 }, { 0, 0 } };
	struct itimerspec ts = { { 5, 0 }, { 0, 0 } };
	timer_t id;

	CHECK_EQ(setitimer(ITIMER_REAL, &it, NULL), 0);
	CHECK_EQ(getitimer(ITIMER_REAL, &it), 0);
	CHECK_EQ(it.it_interval.tv_sec, 0);
	CHECK_EQ(timer_create(CLOCK_MONOTONIC, NULL, &id), 0);
	CHECK_EQ(timer_settime(id, 0, &ts, NULL), 0);
	CHECK_EQ(timer_gettime(id, &ts), 0);
	CHECK_EQ(ts.it_interval.tv_sec, 0);
	CHECK_EQ(timer_delete(id), 0);
}

/* The clock of atomic time is there for what waits for a time. */
static void atomic_time(void)
{
	struct timespec now, then = { 1, 0 };
	timer_t id;

	CHECK_EQ(clock_gettime(CLOCK_TAI, &now), 0);
	CHECK_EQ(clock_nanosleep(CLOCK_TAI, TIMER_ABSTIME, &then, NULL), 0);
	CHECK_EQ(clock_nanosleep(CLOCK_TAI, 0, &(struct timespec){ 0, 1000 }, NULL), 0);
	CHECK_EQ(timer_create(CLOCK_TAI, NULL, &id), 0);
	CHECK_EQ(timer_delete(id), 0);
}

static void threads_that_are_not(void)
{
	unsigned long mask[2] = { 1, 0 };
	union {
		uint32_t size;
		char bytes[100];
	} attr = { .size = 100 };

	CHECK_ERR(syscall(SYS_sched_getaffinity, NOBODY, sizeof(mask), mask), ESRCH);
	CHECK_ERR(syscall(SYS_sched_setaffinity, NOBODY, sizeof(mask), mask), ESRCH);
	CHECK_ERR(syscall(SYS_sched_setaffinity, -1, sizeof(mask), mask), ESRCH);
	CHECK_EQ(syscall(SYS_sched_setaffinity, 0, sizeof(mask), mask), 0);
	CHECK_ERR(setpgid(-1, 0), EINVAL);
	attr.bytes[60] = 1;
	CHECK_ERR(syscall(SYS_sched_setattr, 0, &attr, 0), E2BIG);
	CHECK_EQ(attr.size, 56);
	attr.bytes[60] = 0;
	attr.size = 100;
	CHECK_EQ(syscall(SYS_sched_setattr, 0, &attr, 0), 0);
}

static void kept_settings(void)
{
	int value = 9;

	CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);
	CHECK_ERR(prctl(PR_SET_DUMPABLE, 9), EINVAL);
	CHECK_EQ(prctl(PR_SET_DUMPABLE, 0), 0);
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
	CHECK_EQ(prctl(PR_SET_DUMPABLE, 1), 0);
	CHECK_ERR(prctl(PR_SET_PDEATHSIG, 99), EINVAL);
	CHECK_EQ(prctl(PR_SET_PDEATHSIG, SIGTERM), 0);
	CHECK_EQ(prctl(PR_GET_PDEATHSIG, &value), 0);
	CHECK_EQ(value, SIGTERM);
	CHECK_EQ(prctl(PR_SET_PDEATHSIG, 0), 0);
	CHECK_EQ(prctl(PR_SET_TIMERSLACK, 1), 0);
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 1);
	CHECK_EQ(prctl(PR_SET_TIMERSLACK, 0), 0);
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 50000);
	CHECK_EQ(prctl(PR_GET_KEEPCAPS), 0);
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 5), EINVAL);
	CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	CHECK_ERR(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), EINVAL);
	CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
	CHECK_EQ(prctl(PR_GET_SECCOMP), 0);
	CHECK_EQ(prctl(PR_CAPBSET_READ, 0), 1);
	CHECK_ERR(prctl(PR_CAPBSET_READ, 99), EINVAL);
	CHECK_ERR(prctl(9999, 0, 0, 0, 0), EINVAL);
}

static void barriers(void)
{
	CHECK(syscall(SYS_membarrier, 0, 0) > 0);
	CHECK_ERR(syscall(SYS_membarrier, 99, 0), EINVAL);
	CHECK_ERR(syscall(SYS_membarrier, -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_membarrier, 1, 1), EINVAL);
	CHECK_EQ(syscall(SYS_membarrier, 1, 0), 0);
	CHECK_ERR(syscall(SYS_membarrier, 32, 0), EPERM); /* nobody registered for it */
	CHECK_EQ(syscall(SYS_membarrier, 64, 0), 0);
	CHECK_EQ(syscall(SYS_membarrier, 32, 0), 0);
	CHECK_ERR(syscall(SYS_getrandom, (char[8]){ 0 }, 8, 6), EINVAL);
}

/* Is the time refused? A program without the permission hears of that first on Linux if the time alone is none that the clock could have. */
static bool is_refused(int64_t seconds, int err)
{
	const struct timespec ts = { .tv_sec = seconds };
	const struct timeval tv = { .tv_sec = seconds };

	errno = 0;
	if (clock_settime(CLOCK_REALTIME, &ts) != -1 || (errno != EINVAL && errno != err))
		return false;
	errno = 0;
	return settimeofday(&tv, NULL) == -1 && (errno == EINVAL || errno == err);
}

static void times_the_clock_cannot_have(void)
{
	struct timex step = { .modes = ADJ_SETOFFSET, .time.tv_sec = 8277292036 };
	struct timespec now;

	CHECK(is_refused(8277292036, EINVAL));
	CHECK(is_refused(9223372035, EINVAL));
	CHECK(is_refused(9223372036, EINVAL));
	CHECK(is_refused(9223372037, EINVAL));
	CHECK(is_refused(INT64_MAX, EINVAL));
	CHECK(is_refused(-1, EINVAL));
	CHECK(is_refused(0, EPERM)); /* before the machine was there */
	CHECK(adjtimex(&step) == -1 && (errno == EINVAL || errno == EPERM));
	CHECK_EQ(clock_gettime(CLOCK_REALTIME, &now), 0);
	CHECK(now.tv_sec > 0 && now.tv_sec < 8277292036);
}

const struct test settings_tests[] = {
	{ "times that the clock cannot have", times_the_clock_cannot_have },
	{ "signals that are addressed wrongly", addressed_wrongly },
	{ "signals that are queued for a thread", queued_for_a_thread },
	{ "signals that are ignored from now on", not_pending_any_more },
	{ "alternate stacks", other_stacks },
	{ "timers that are off", timers_that_are_off },
	{ "atomic time", atomic_time },
	{ "threads that are not there", threads_that_are_not },
	{ "what prctl() keeps", kept_settings },
	{ "barriers", barriers },
	{ NULL, NULL },
};
