/* SPDX-License-Identifier: BSD-3-Clause */
/* mq_notify(): a message that comes to an empty queue raises a signal, or starts a thread. */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>

#include "mqueues.h"

static void do_take(void *arg)
{
	*(long *)arg = next(NULL);
}

static void by_signal(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 77 };
	struct timespec two = { 2, 0 }, none = { 0, 0 };
	siginfo_t si;
	sigset_t set;
	long got = 0;

	CHECK(begin(2, 0));
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	CHECK_EQ(mq_notify(fd, &ev), 0);
	CHECK_ERR(mq_notify(fd, &ev), EBUSY);
	CHECK_EQ(put(1, 0), 0);
	CHECK_EQ(sigtimedwait(&set, &si, &two), SIGRTMIN);
	CHECK(si.si_code == SI_MESGQ && si.si_value.sival_int == 77 && si.si_pid == getpid());
	/* It was used up, and the next one is for a message to the empty queue. */
	CHECK_EQ(mq_notify(fd, &ev), 0);
	CHECK_EQ(put(2, 0), 0);
	CHECK_ERR(sigtimedwait(&set, &si, &none), EAGAIN);
	CHECK_EQ(next(NULL), 1);
	CHECK_EQ(next(NULL), 2);
	/* Who waits for a message comes first. */
	test_later(0, do_take, &got);
	usleep(60000);
	CHECK_EQ(put(3, 0), 0);
	test_join();
	CHECK_EQ(got, 3);
	CHECK_ERR(sigtimedwait(&set, &si, &none), EAGAIN);
	CHECK_EQ(mq_notify(fd, NULL), 0);
	CHECK_EQ(put(4, 0), 0);
	CHECK_ERR(sigtimedwait(&set, &si, &none), EAGAIN);
	ev.sigev_signo = 65;
	CHECK_ERR(mq_notify(fd, &ev), EINVAL);
	ev.sigev_notify = 9;
	CHECK_ERR(mq_notify(fd, &ev), EINVAL);
	ev.sigev_notify = SIGEV_NONE;
	CHECK_EQ(mq_notify(fd, &ev), 0);
	CHECK_ERR(mq_notify(fd, &ev), EBUSY);
	close(fd);
	CHECK((fd = open_named(NAME, O_RDWR, NULL)) >= 0);
	CHECK_EQ(mq_notify(fd, &ev), 0); /* closing withdrew it */
	CHECK_ERR(mq_notify(0, &ev), EBADF);
	end();
}

static sem_t told;
static int told_value;

static void on_message(union sigval v)
{
	told_value = v.sival_int;
	sem_post(&told);
}

static void by_thread(void)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = on_message, .sigev_value.sival_int = 5 };
	struct timespec soon;

	CHECK(begin(2, 0));
	sem_init(&told, 0, 0);
	for (int i = 0; i < 3; i++) {
		ev.sigev_value.sival_int = i + 5;
		CHECK_EQ(mq_notify(fd, &ev), 0);
		CHECK_ERR(mq_notify(fd, &ev), EBUSY);
		CHECK_EQ(put(i, 0), 0);
		soon = after(2000);
		CHECK_EQ(sem_timedwait(&told, &soon), 0);
		CHECK_EQ(told_value, i + 5);
		CHECK_EQ(next(NULL), i);
	}
	/* What is withdrawn is not told. */
	CHECK_EQ(mq_notify(fd, &ev), 0);
	CHECK_EQ(mq_notify(fd, NULL), 0);
	CHECK_EQ(put(1, 0), 0);
	soon = after(60);
	CHECK_ERR(sem_timedwait(&told, &soon), ETIMEDOUT);
	end();
}

const struct test mqnotices_tests[] = {
	{ "by signal", by_signal },
	{ "by thread", by_thread },
	{ NULL, NULL },
};
