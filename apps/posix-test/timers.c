/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers that send signals, CPU-time clocks of others, and the scheduler's calls. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static volatile sig_atomic_t count;

static void counted(int sig)
{
	(void)sig;
	count++;
}

static void handle(int sig)
{
	struct sigaction act = { .sa_handler = counted };

	count = 0;
	sigaction(sig, &act, NULL);
}

static void alarm_interrupts(void)
{
	struct itimerval soon = { .it_value.tv_usec = 50000 }, left;
	long start = test_now();

	handle(SIGALRM);
	CHECK_EQ(alarm(100), 0);
	CHECK_EQ(alarm(0), 100);
	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
	CHECK_ERR(usleep(900000), EINTR);
	CHECK(test_now() - start < 800);
	CHECK_EQ(count, 1);
	CHECK_EQ(getitimer(ITIMER_REAL, &left), 0);
	CHECK(!left.it_value.tv_sec && !left.it_value.tv_usec);
}

static void interval_repeats(void)
{
	struct itimerval often = { .it_value.tv_usec = 1000, .it_interval.tv_usec = 20000 }, off = { 0 }, old;

	handle(SIGALRM);
	CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
	while (count < 3)
		pause();
	CHECK_EQ(setitimer(ITIMER_REAL, &off, &old), 0);
	CHECK_EQ(old.it_interval.tv_usec, 20000);
	int seen = count;

	usleep(60000);
	CHECK_EQ(count, seen);
}

static void timer_queues_its_value(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value.sival_int = 77 };
	struct itimerspec once = { .it_value.tv_nsec = 200000000 }, left;
	siginfo_t info;
	sigset_t set, old;
	timer_t t;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &set, &old);
	CHECK_EQ(timer_create(CLOCK_MONOTONIC, &ev, &t), 0);
	CHECK_EQ(timer_settime(t, 0, &once, NULL), 0);
	CHECK_EQ(timer_gettime(t, &left), 0);
	CHECK(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 200000000);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN + 2);
	CHECK_EQ(info.si_code, SI_TIMER);
	CHECK_EQ(info.si_value.sival_int, 77);
	CHECK_EQ(timer_delete(t), 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void overruns_are_counted(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2 };
	struct itimerspec often = { .it_value.tv_nsec = 50000000, .it_interval.tv_nsec = 50000000 }, off = { 0 };
	struct timespec none = { 0 };
	sigset_t set, old;
	timer_t t;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	sigprocmask(SIG_BLOCK, &set, &old);
	CHECK_EQ(timer_create(CLOCK_REALTIME, &ev, &t), 0);
	CHECK_EQ(timer_settime(t, 0, &often, NULL), 0);
	usleep(320000);
	CHECK_EQ(sigtimedwait(&set, NULL, &none), SIGRTMIN + 2);
	CHECK(timer_getoverrun(t) >= 3);
	CHECK_EQ(timer_settime(t, 0, &off, NULL), 0);
	while (sigtimedwait(&set, NULL, &none) > 0)
		;
	CHECK_EQ(timer_delete(t), 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void called_in_a_thread(union sigval value)
{
	*(volatile int *)value.sival_ptr = 1;
}

static void timer_starts_a_thread(void)
{
	static volatile int called;
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = called_in_a_thread };
	struct itimerspec soon = { .it_value.tv_nsec = 10000000 };
	timer_t t;

	ev.sigev_value.sival_ptr = (void *)&called;
	CHECK_EQ(timer_create(CLOCK_MONOTONIC, &ev, &t), 0);
	CHECK_EQ(timer_settime(t, 0, &soon, NULL), 0);
	for (int i = 0; i < 200 && !called; i++)
		usleep(10000);
	CHECK(called);
	CHECK_EQ(timer_delete(t), 0);
}

static void past_deadline_fires_at_once(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	struct itimerspec past = { .it_value.tv_nsec = 1 };
	timer_t t;

	handle(SIGUSR1);
	CHECK_EQ(timer_create(CLOCK_REALTIME, &ev, &t), 0);
	CHECK_EQ(timer_settime(t, TIMER_ABSTIME, &past, NULL), 0);
	for (int i = 0; i < 100 && !count; i++)
		usleep(10000);
	CHECK_EQ(count, 1);
	CHECK_EQ(timer_delete(t), 0);
}

static void *burn(void *arg)
{
	while (!*(volatile int *)arg)
		;
	return NULL;
}

static void cpu_clocks(void)
{
	volatile int stop = 0;
	struct timespec ts;
	pthread_t thread;
	clockid_t id;

	CHECK_EQ(clock_getcpuclockid(getpid(), &id), 0);
	CHECK_EQ(clock_gettime(id, &ts), 0);
	CHECK(ts.tv_sec || ts.tv_nsec);
	CHECK_EQ(pthread_create(&thread, NULL, burn, (void *)&stop), 0);
	usleep(100000);
	CHECK_EQ(pthread_getcpuclockid(thread, &id), 0);
	CHECK_EQ(clock_gettime(id, &ts), 0);
	stop = 1;
	pthread_join(thread, NULL);
	CHECK(ts.tv_sec || ts.tv_nsec > 10000000);
}

static void one_policy(void)
{
	struct sched_param param = { .sched_priority = 9 };
	struct timespec slice;
	int policy;

	CHECK_EQ(pthread_getschedparam(pthread_self(), &policy, &param), 0);
	CHECK_EQ(policy, SCHED_OTHER);
	CHECK_EQ(param.sched_priority, 0);
	CHECK_EQ(pthread_setschedparam(pthread_self(), SCHED_OTHER, &param), 0);
	CHECK(sched_get_priority_max(SCHED_FIFO) - sched_get_priority_min(SCHED_FIFO) >= 31);
	CHECK_ERR(sched_get_priority_max(-1), EINVAL);
	CHECK_EQ(sched_rr_get_interval(0, &slice), 0);
	CHECK_EQ(getpgid(0), getpgrp());
	CHECK_EQ(killpg(getpgrp(), 0), 0);
}

const struct test timers_tests[] = {
	{ "alarm_interrupts", alarm_interrupts },
	{ "interval_repeats", interval_repeats },
	{ "timer_queues_its_value", timer_queues_its_value },
	{ "overruns_are_counted", overruns_are_counted },
	{ "timer_starts_a_thread", timer_starts_a_thread },
	{ "past_deadline_fires_at_once", past_deadline_fires_at_once },
	{ "cpu_clocks", cpu_clocks },
	{ "one_policy", one_policy },
	{ 0 },
};
