/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who runs when. These tests look at the clock and compute for seconds, so they run only when asked for by name, where the time is that of
 * the machine's instructions (tests/boot/test_timing.py) or, on Linux, on a machine that does nothing else.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define MS 1000000LL

static int64_t begin;

static int64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000 * MS + ts.tv_nsec;
}

static int64_t since_begin(void)
{
	return now(CLOCK_MONOTONIC) - begin;
}

/* Returns by how much it was late, in ns. */
static int64_t sleep_until(int64_t at)
{
	int64_t t = begin + at;
	struct timespec ts = { t / (1000 * MS), t % (1000 * MS) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	return since_begin() - at;
}

struct work {
	pthread_t thread;
	int from, to; /* ms: sleep, then compute */
	int64_t late, used; /* ns */
};

static void *sleep_and_compute(void *arg)
{
	struct work *w = arg;

	w->late = sleep_until(w->from * MS);
	int64_t before = now(CLOCK_THREAD_CPUTIME_ID);

	while (since_begin() < w->to * MS)
		;
	w->used = now(CLOCK_THREAD_CPUTIME_ID) - before;
	return NULL;
}

static void start(struct work *w, int n)
{
	begin = now(CLOCK_MONOTONIC);
	for (int i = 0; i < n; i++)
		if (pthread_create(&w[i].thread, NULL, sleep_and_compute, &w[i]))
			exit(1);
}

static void join(struct work *w, int n)
{
	for (int i = 0; i < n; i++)
		pthread_join(w[i].thread, NULL);
}

/* Nobody runs at first. Then a sleeper must not pay for that beside one, or two, that compute. */
static void idle_time_is_nobodys(void)
{
	for (int others = 1; others <= 2; others++) {
		struct work w[2] = { { .from = 3000, .to = 3600 }, { .from = 3010, .to = 3600 } };
		int64_t late, late_again;

		start(w, others);
		late = sleep_until(3200 * MS);
		late_again = sleep_until(3300 * MS);
		join(w, others);
		printf("# late by %ld and %ld us beside %d\n", (long)late / 1000, (long)late_again / 1000, others);
		CHECK(late < 2 * MS && late_again < 2 * MS);
	}
}

static void sleeping_costs_nothing(void)
{
	struct work w[2] = { { .from = 2500, .to = 2500 }, { .from = 2500, .to = 2500 } };
	int64_t before = now(CLOCK_PROCESS_CPUTIME_ID), cpu;

	start(w, 2);
	join(w, 2);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - before;
	printf("# %ld us of processor time\n", (long)cpu / 1000);
	CHECK(cpu < 5 * MS);
}

/* One computes alone for long; those that come after it, new or from a long sleep, share with it: nobody has to catch up. */
static void no_debts(void)
{
	struct work w[3] = { { .from = 0, .to = 2600 }, { .from = 2000, .to = 2600 }, { .from = 2000, .to = 2600 } };
	struct work late_comer = { .from = 0, .to = 2600 };

	start(w, 3);
	sleep_until(2000 * MS);
	if (pthread_create(&late_comer.thread, NULL, sleep_and_compute, &late_comer))
		exit(1);
	join(w, 3);
	join(&late_comer, 1);
	printf("# ms: %ld %ld %ld, %ld\n", (long)(w[0].used / MS), (long)(w[1].used / MS), (long)(w[2].used / MS),
	       (long)(late_comer.used / MS));
	/* 600 ms for four. */
	CHECK(w[0].used > 2000 * MS + 110 * MS && w[0].used < 2000 * MS + 200 * MS);
	CHECK(w[1].used > 110 * MS && w[1].used < 200 * MS);
	CHECK(w[2].used > 110 * MS && w[2].used < 200 * MS);
	CHECK(late_comer.used > 110 * MS && late_comer.used < 200 * MS);
}

/* What a thread used stays in the sum when it has ended. */
static void ended_threads_count(void)
{
	struct work w = { .from = 0, .to = 100 };
	int64_t before = now(CLOCK_PROCESS_CPUTIME_ID), cpu;

	start(&w, 1);
	join(&w, 1);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - before;
	CHECK(cpu >= 95 * MS && cpu < 110 * MS);
}

/* A thread that computes under a policy of its own. */
struct policy_work {
	struct work work;
	int policy, priority, nice;
};

static void *compute_under(void *arg)
{
	struct policy_work *w = arg;
	struct sched_param param = { .sched_priority = w->priority };

	setpriority(PRIO_PROCESS, 0, w->nice);
	pthread_setschedparam(pthread_self(), w->policy, &param);
	return sleep_and_compute(&w->work);
}

static void compute_beside(struct policy_work *w, int n)
{
	begin = now(CLOCK_MONOTONIC);
	for (int i = 0; i < n; i++)
		if (pthread_create(&w[i].work.thread, NULL, compute_under, &w[i]))
			exit(1);
	for (int i = 0; i < n; i++)
		pthread_join(w[i].work.thread, NULL);
	for (int i = 0; i < n; i++)
		printf("# policy %d, priority %d, nice %d: %ld ms\n", w[i].policy, w[i].priority, w[i].nice,
		       (long)(w[i].work.used / MS));
}

/* The highest has all but a twentieth of each second, which others than real-time threads have. */
static void realtime_share(void)
{
	struct policy_work w[] = {
		{ .work = { .from = 50, .to = 2050 }, .policy = SCHED_OTHER },
		{ .work = { .from = 50, .to = 2050 }, .policy = SCHED_FIFO, .priority = 20 },
		{ .work = { .from = 50, .to = 2050 }, .policy = SCHED_FIFO, .priority = 10 },
	};

	compute_beside(w, 3);
	/* Of two whole seconds, or of one and two halves. */
	CHECK(w[0].work.used > 45 * MS && w[0].work.used < 110 * MS);
	CHECK(w[1].work.used > 1885 * MS && w[1].work.used < 1960 * MS);
	CHECK(w[2].work.used < 10 * MS);
}

/* What they use alone is not held against them later. */
static void realtime_alone(void)
{
	struct policy_work w[] = {
		{ .work = { .from = 1300, .to = 1600 }, .policy = SCHED_OTHER },
		{ .work = { .from = 50, .to = 1600 }, .policy = SCHED_FIFO, .priority = 20 },
	};

	compute_beside(w, 2);
	CHECK(w[0].work.used < 70 * MS);
	CHECK(w[1].work.used > 1480 * MS);
}

/* Slices of SCHED_RR are for equals: three share, one that is lower has nothing. */
static void round_robin_shares(void)
{
	struct policy_work w[] = {
		{ .work = { .from = 100, .to = 700 }, .policy = SCHED_RR, .priority = 20 },
		{ .work = { .from = 100, .to = 700 }, .policy = SCHED_RR, .priority = 20 },
		{ .work = { .from = 100, .to = 700 }, .policy = SCHED_RR, .priority = 20 },
		{ .work = { .from = 90, .to = 700 }, .policy = SCHED_RR, .priority = 10 },
	};

	compute_beside(w, 4);
	for (int i = 0; i < 3; i++)
		CHECK(w[i].work.used > 180 * MS && w[i].work.used < 220 * MS);
	CHECK(w[3].work.used < 20 * MS);
}

/* Each step is worth a quarter: five are 3.05. */
static void nice_weighs(void)
{
	struct policy_work w[] = {
		{ .work = { .from = 50, .to = 450 }, .nice = 0 },
		{ .work = { .from = 50, .to = 450 }, .nice = 5 },
	};
	struct policy_work idle[] = {
		{ .work = { .from = 50, .to = 450 }, .nice = -5 },
		{ .work = { .from = 50, .to = 450 }, .policy = SCHED_IDLE },
	};

	compute_beside(w, 2);
	CHECK(w[0].work.used > 280 * MS && w[0].work.used < 320 * MS);
	CHECK(w[1].work.used > 80 * MS && w[1].work.used < 120 * MS);
	compute_beside(idle, 2);
	CHECK(idle[1].work.used < 10 * MS);
}

/* A thread that writes to a page of its own that forbids it, again and again. */
struct faulter {
	pthread_t thread;
	char *page;
	long right, wrong;
};

#define FAULTS 30000

static _Thread_local struct faulter *self;
static _Thread_local sigjmp_buf back;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	if (info->si_addr == self->page + 8 && info->si_code == SEGV_ACCERR)
		self->right++;
	else
		self->wrong++;
	siglongjmp(back, 1);
}

static void *fault_often(void *arg)
{
	self = arg;
	for (volatile long i = 0; i < FAULTS; i++)
		if (!sigsetjmp(back, 1))
			*(volatile char *)(self->page + 8) = 1;
	return NULL;
}

static volatile bool stop;

static void *sleep_often(void *arg)
{
	while (!stop)
		nanosleep(&(struct timespec){ 0, 20000 }, NULL);
	return arg;
}

/* A third thread wakes every 20 us, so that the two are interrupted anywhere: each handler gets its own thread's address. */
static void faults_are_ones_own(void)
{
	struct sigaction act = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO }, old;
	struct faulter f[2] = { 0 };
	pthread_t sleeper;

	sigaction(SIGSEGV, &act, &old);
	stop = false;
	pthread_create(&sleeper, NULL, sleep_often, NULL);
	for (int i = 0; i < 2; i++) {
		f[i].page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		pthread_create(&f[i].thread, NULL, fault_often, &f[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(f[i].thread, NULL);
		munmap(f[i].page, 4096);
	}
	stop = true;
	pthread_join(sleeper, NULL);
	sigaction(SIGSEGV, &old, NULL);
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(f[i].wrong, 0);
		CHECK_EQ(f[i].right, FAULTS);
	}
}

/* What one more costs beside n others, in ns. */
#define DIR_NAME "/tmp/many"

static void add_file(int i)
{
	char name[40];

	snprintf(name, sizeof(name), DIR_NAME "/file-%d", i);
	close(open(name, O_CREAT | O_WRONLY, 0600));
}

static void remove_file(int i)
{
	char name[40];

	snprintf(name, sizeof(name), DIR_NAME "/file-%d", i);
	unlink(name);
}

static void use_file(void)
{
	struct stat st;

	stat(DIR_NAME "/file-7", &st);
	stat(DIR_NAME "/none", &st);
}

#define MANY 8192

static char *mappings[MANY];

static void add_mapping(int i)
{
	mappings[i] = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mprotect(mappings[i], 4096, PROT_NONE);
}

static void remove_mapping(int i)
{
	munmap(mappings[i], 8192);
}

static void use_mapping(void)
{
	char *p = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p, 16384);
}

static int timers[MANY];

static void set_timer(int fd, long ns)
{
	timerfd_settime(fd, 0, &(struct itimerspec){ .it_value = { 1000, ns } }, NULL);
}

static void add_timer(int i)
{
	timers[i] = timerfd_create(CLOCK_MONOTONIC, 0);
	set_timer(timers[i], i * 1000);
}

static void remove_timer(int i)
{
	close(timers[i]);
}

static void use_timer(void)
{
	set_timer(timers[0], 999999999);
}

static pthread_t threads[MANY];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *arg)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return arg;
}

static void add_thread(int i)
{
	if (!i)
		pthread_mutex_lock(&gate);
	pthread_create(&threads[i], NULL, wait_at_gate, NULL);
}

static void remove_thread(int i)
{
	if (!i)
		pthread_mutex_unlock(&gate);
	pthread_join(threads[i], NULL);
}

static void use_thread(void)
{
	pthread_kill(threads[0], 0);
}

static const struct growing {
	const char *name;
	void (*add)(int i);
	void (*remove)(int i);
	void (*use)(void);
	int few, many;
} growing[] = {
	{ "files of a directory", add_file, remove_file, use_file, 256, 8192 },
	{ "mappings", add_mapping, remove_mapping, use_mapping, 256, 8192 },
	{ "timers", add_timer, remove_timer, use_timer, 30, 900 },
	{ "threads", add_thread, remove_thread, use_thread, 10, 300 },
};

static int64_t cost_beside(const struct growing *g, int n)
{
	int64_t before, cost;

	for (int i = 0; i < n; i++)
		g->add(i);
	before = now(CLOCK_MONOTONIC);
	for (int i = 0; i < 200; i++)
		g->use();
	cost = (now(CLOCK_MONOTONIC) - before) / 200;
	for (int i = 0; i < n; i++)
		g->remove(i);
	return cost;
}

/* Thirty times as many: less than twice the cost. */
static void cost_grows_slowly(void)
{
	mkdir(DIR_NAME, 0700);
	for (size_t i = 0; i < sizeof(growing) / sizeof(growing[0]); i++) {
		const struct growing *g = &growing[i];
		int64_t few = cost_beside(g, g->few), many = cost_beside(g, g->many);

		printf("# %s: %ld ns beside %d, %ld ns beside %d\n", g->name, (long)few, g->few, (long)many, g->many);
		CHECK(many < 2 * few);
	}
	rmdir(DIR_NAME);
}

const struct test timing_tests[] = {
	{ "idle_time_is_nobodys", idle_time_is_nobodys },
	{ "sleeping_costs_nothing", sleeping_costs_nothing },
	{ "no_debts", no_debts },
	{ "ended_threads_count", ended_threads_count },
	{ "realtime_share", realtime_share },
	{ "realtime_alone", realtime_alone },
	{ "round_robin_shares", round_robin_shares },
	{ "nice_weighs", nice_weighs },
	{ "faults_are_ones_own", faults_are_ones_own },
	{ "cost_grows_slowly", cost_grows_slowly },
	{ 0 },
};
