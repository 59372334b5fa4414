/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers on processor time, many timers, and what their signals carry. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define MS 1000000l
#define SIG (SIGRTMIN + 3)
#define MANY 1000

static volatile sig_atomic_t count, last_thread;
static volatile bool stop;
static sigset_t old;

static void counted(int sig)
{
	(void)sig;
	last_thread = (int)syscall(SYS_gettid);
	count++;
}

static void handle(int sig)
{
	struct sigaction act = { .sa_handler = counted };

	count = 0;
	sigaction(sig, &act, NULL);
}

static void block(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_BLOCK, &set, &old);
}

static int take(int sig, siginfo_t *info, long ms)
{
	struct timespec patience = { ms / 1000, ms % 1000 * MS };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigtimedwait(&set, info, &patience);
}

static int start(clockid_t clock, int sig, int value, long after, timer_t *t)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig, .sigev_value.sival_int = value };

	if (timer_create(clock, &ev, t))
		return -1;
	return timer_settime(*t, 0, &(struct itimerspec){ .it_value = { after / (1000 * MS), after % (1000 * MS) } }, NULL);
}

static long ns_of(clockid_t clock)
{
	struct timespec ts;

	return clock_gettime(clock, &ts) ? -1 : ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static void compute(long ms)
{
	long end = ns_of(CLOCK_THREAD_CPUTIME_ID) + ms * MS;

	while (ns_of(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

/* Each has a signal of its own, although all have the same number. */
static void many(void)
{
	static timer_t t[MANY];
	static bool seen[MANY];
	siginfo_t info;

	block(SIG);
	for (int i = 0; i < MANY; i++)
		CHECK_EQ(start(CLOCK_MONOTONIC, SIG, i, MS, &t[i]), 0);
	for (int i = 0; i < MANY; i++) {
		CHECK_EQ(take(SIG, &info, 20000), SIG);
		CHECK(info.si_code == SI_TIMER && info.si_value.sival_int >= 0 && info.si_value.sival_int < MANY);
		CHECK(!seen[info.si_value.sival_int]);
		seen[info.si_value.sival_int] = true;
	}
	for (int i = 0; i < MANY; i++)
		CHECK_EQ(timer_delete(t[i]), 0);
	CHECK_ERR(syscall(SYS_timer_delete, (int)(intptr_t)t[5]), EINVAL); /* musl's own keeps errno */
	CHECK_ERR(timer_settime(t[5], 0, &(struct itimerspec){ 0 }, NULL), EINVAL);
	CHECK_ERR(timer_getoverrun(t[5]), EINVAL);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void standard_signals(void)
{
	siginfo_t one, two;
	timer_t a, b;

	block(SIGUSR2);
	CHECK_EQ(start(CLOCK_MONOTONIC, SIGUSR2, 11, MS, &a), 0);
	CHECK_EQ(start(CLOCK_MONOTONIC, SIGUSR2, 12, 2 * MS, &b), 0);
	usleep(20000);
	CHECK_EQ(take(SIGUSR2, &one, 20000), SIGUSR2);
	CHECK_EQ(take(SIGUSR2, &two, 20000), SIGUSR2);
	CHECK(one.si_value.sival_int == 11 && two.si_value.sival_int == 12);
	CHECK_EQ(timer_delete(a), 0);
	CHECK_EQ(timer_delete(b), 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void overruns(void)
{
	struct itimerspec often = { .it_value.tv_nsec = 5 * MS, .it_interval.tv_nsec = 5 * MS };
	siginfo_t info;
	timer_t t;

	block(SIG);
	CHECK_EQ(start(CLOCK_MONOTONIC, SIG, 1, 0, &t), 0);
	CHECK_EQ(timer_settime(t, 0, &often, NULL), 0);
	usleep(60000);
	CHECK_EQ(take(SIG, &info, 20000), SIG);
	CHECK(info.si_overrun >= 8);
	CHECK_EQ(timer_settime(t, 0, &(struct itimerspec){ 0 }, NULL), 0);
	CHECK_EQ(timer_delete(t), 0);
	take(SIG, &info, 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void of_the_process(void)
{
	struct itimerspec left;
	long begin;
	timer_t t;

	handle(SIG);
	begin = ns_of(CLOCK_PROCESS_CPUTIME_ID);
	CHECK_EQ(start(CLOCK_PROCESS_CPUTIME_ID, SIG, 0, 50 * MS, &t), 0);
	usleep(100000); /* is not computing */
	CHECK_EQ(count, 0);
	CHECK_EQ(timer_gettime(t, &left), 0);
	CHECK(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 50 * MS && !left.it_value.tv_sec);
	while (!count)
		;
	CHECK(ns_of(CLOCK_PROCESS_CPUTIME_ID) - begin >= 50 * MS);
	CHECK_EQ(timer_gettime(t, &left), 0);
	CHECK(!left.it_value.tv_nsec && !left.it_value.tv_sec);
	CHECK_EQ(timer_delete(t), 0);
}

static void *computes(void *ms)
{
	compute((intptr_t)ms);
	while (!stop)
		usleep(1000);
	return NULL;
}

static void of_one_thread(void)
{
	pthread_t other;
	timer_t t;

	handle(SIG);
	stop = false;
	CHECK_EQ(start(CLOCK_THREAD_CPUTIME_ID, SIG, 0, 40 * MS, &t), 0);
	CHECK_EQ(pthread_create(&other, NULL, computes, (void *)60), 0);
	stop = true;
	CHECK_EQ(pthread_join(other, NULL), 0);
	CHECK_EQ(count, 0); /* it was the other's time */
	compute(60);
	CHECK_EQ(count, 1);
	CHECK_EQ(timer_delete(t), 0);
}

static void of_another_thread(void)
{
	struct itimerspec soon = { .it_value.tv_nsec = MS };
	pthread_t other;
	clockid_t clock;
	timer_t t;

	handle(SIG);
	stop = false;
	CHECK_EQ(pthread_create(&other, NULL, computes, (void *)60), 0);
	CHECK_EQ(pthread_getcpuclockid(other, &clock), 0);
	CHECK_EQ(start(clock, SIG, 0, 30 * MS, &t), 0);
	while (!count)
		usleep(1000);
	CHECK(ns_of(clock) >= 30 * MS);
	stop = true;
	CHECK_EQ(pthread_join(other, NULL), 0);
	/* Its clock went with it. */
	for (int i = 0; i < 1000 && ns_of(clock) >= 0; i++)
		usleep(1000);
	CHECK_ERR(timer_settime(t, 0, &soon, NULL), ESRCH);
	CHECK_EQ(timer_delete(t), 0);
	CHECK_ERR(start(clock, SIG, 0, MS, &t), EINVAL);
}

/* Again and again, at times of the clock. */
static void absolute_and_periodic(void)
{
	struct itimerspec when = { .it_interval.tv_nsec = 20 * MS };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIG };
	long first = ns_of(CLOCK_THREAD_CPUTIME_ID) + 20 * MS;
	timer_t t;

	handle(SIG);
	CHECK_EQ(timer_create(CLOCK_THREAD_CPUTIME_ID, &ev, &t), 0);
	when.it_value = (struct timespec){ first / (1000 * MS), first % (1000 * MS) };
	CHECK_EQ(timer_settime(t, TIMER_ABSTIME, &when, NULL), 0);
	while (count < 3)
		;
	CHECK(ns_of(CLOCK_THREAD_CPUTIME_ID) >= first + 40 * MS);
	CHECK_EQ(timer_delete(t), 0);
	int seen = count;

	compute(30);
	CHECK_EQ(count, seen);
}

static void interval_timers(void)
{
	static const struct {
		int which, sig;
	} kinds[] = { { ITIMER_VIRTUAL, SIGVTALRM }, { ITIMER_PROF, SIGPROF } };
	struct itimerval often = { { 0, 10000 }, { 0, 10000 } }, off = { 0 }, was;

	for (int i = 0; i < 2; i++) {
		handle(kinds[i].sig);
		CHECK_EQ(setitimer(kinds[i].which, &often, NULL), 0);
		usleep(50000);
		CHECK(count <= 1); /* some time is used all the same */
		while (count < 3)
			;
		CHECK_EQ(setitimer(kinds[i].which, &off, &was), 0);
		CHECK_EQ(was.it_interval.tv_usec, 10000);
		CHECK_EQ(getitimer(kinds[i].which, &was), 0);
		CHECK(!was.it_value.tv_usec && !was.it_value.tv_sec);
	}
	CHECK_ERR(getitimer(3, &was), EINVAL);
	CHECK_ERR(setitimer(-1, &off, NULL), EINVAL);
}

static long nap(clockid_t clock, int flags, long ns)
{
	struct timespec t = { ns / (1000 * MS), ns % (1000 * MS) };

	return syscall(SYS_clock_nanosleep, clock, flags, &t, &t) ? -1 : 0;
}

static void naps(void)
{
	long begin = ns_of(CLOCK_PROCESS_CPUTIME_ID);
	pthread_t other;
	clockid_t clock;

	CHECK_EQ(pthread_getcpuclockid(pthread_self(), &clock), 0);
	CHECK_ERR(nap(clock, 0, MS), EINVAL); /* would never end */
	stop = false;
	CHECK_EQ(pthread_create(&other, NULL, computes, (void *)120), 0);
	CHECK_EQ(nap(CLOCK_PROCESS_CPUTIME_ID, 0, 40 * MS), 0);
	CHECK(ns_of(CLOCK_PROCESS_CPUTIME_ID) >= begin + 40 * MS);
	CHECK_EQ(nap(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, begin + 10 * MS), 0); /* is over */
	CHECK_EQ(pthread_getcpuclockid(other, &clock), 0);
	CHECK_EQ(nap(clock, TIMER_ABSTIME, 100 * MS), 0);
	CHECK(ns_of(clock) >= 100 * MS);
	handle(SIGALRM);
	CHECK_EQ(setitimer(ITIMER_REAL, &(struct itimerval){ .it_value.tv_usec = 20000 }, NULL), 0);
	CHECK_ERR(nap(clock, 0, 100000 * MS), EINTR);
	stop = true;
	CHECK_EQ(pthread_join(other, NULL), 0);
}

static void refused(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65 };
	timer_t t;

	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &t), EINVAL);
	ev.sigev_signo = SIGALRM;
	ev.sigev_notify = 99;
	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &t), EINVAL);
	CHECK_ERR(start(CLOCK_MONOTONIC_RAW, SIG, 0, MS, &t), EOPNOTSUPP);
	CHECK_ERR(start(77, SIG, 0, MS, &t), EINVAL);
	CHECK_EQ(start(CLOCK_MONOTONIC, SIG, 0, 0, &t), 0);
	CHECK_ERR(timer_settime(t, 0, &(struct itimerspec){ .it_value.tv_nsec = 1000 * MS }, NULL), EINVAL);
	CHECK_EQ(timer_delete(t), 0);
}

const struct test cputimers_tests[] = {
	{ "many", many },
	{ "standard_signals", standard_signals },
	{ "overruns", overruns },
	{ "of_the_process", of_the_process },
	{ "of_one_thread", of_one_thread },
	{ "of_another_thread", of_another_thread },
	{ "absolute_and_periodic", absolute_and_periodic },
	{ "interval_timers", interval_timers },
	{ "naps", naps },
	{ "refused", refused },
	{ 0 },
};
