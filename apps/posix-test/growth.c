/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an operation costs beside 100 others of its kind, and beside thousands: at most three times as much for two hundred times as many: a tree
 * costs twice as much. Runs when asked for by name, where time is counted in instructions (tests/boot/test_timing.py).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "growth.h"

#define FEW 100
#define BATCHES 5
#define OPS 40
#define PAGE 4096ul

static bool broken;

void must(bool ok)
{
	broken |= !ok;
}

static long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void raise_limit(int which)
{
	must(!setrlimit(which, &(struct rlimit){ MANY + 50, MANY + 50 }));
}

/* ns an operation; of several batches the one that was disturbed least. @operate(@i): one for which @i is some number below @n. */
static long cost(void (*operate)(int i), int n)
{
	long best = INT64_MAX;

	for (int b = 0; b < BATCHES; b++) {
		long start = now(), took;

		for (int i = 0; i < OPS; i++)
			operate((b * OPS + i) * 7919 % n);
		took = (now() - start) / OPS;
		best = took < best ? took : best;
	}
	return best;
}

void grow(const char *what, void (*add)(int i), void (*operate)(int i), void (*drop)(int i), int many)
{
	long few_cost = 0, many_cost = 0;
	int made;

	broken = false;
	for (made = 0; made < many; made++) {
		if (made == FEW)
			few_cost = cost(operate, FEW);
		add(made);
		if (broken)
			break;
	}
	if (!broken)
		many_cost = cost(operate, many);
	for (int i = 0; i < made; i++)
		drop(i);
	printf("# %s: %ld ns beside %d, %ld beside %d\n", what, few_cost, FEW, many_cost, many);
	CHECK(!broken);
	CHECK(many_cost <= 3 * few_cost);
}

static char *mapped[MANY];

static void map_one(int i)
{
	/* Protections differ, so that neighbours stay apart. */
	mapped[i] = mmap(NULL, 2 * PAGE, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(mapped[i] != MAP_FAILED);
}

static void unmap_one(int i)
{
	must(!munmap(mapped[i], 2 * PAGE));
}

static void remap_one(int i)
{
	unmap_one(i);
	map_one(i);
}

static void mappings(void)
{
	grow("munmap, mmap", map_one, remap_one, unmap_one, MANY);
}

static void split_one(int i)
{
	must(!mprotect(mapped[i], PAGE, PROT_READ | PROT_WRITE));
	must(!mprotect(mapped[i], PAGE, i % 2 ? PROT_READ : PROT_NONE));
}

/* Four pages of which two are given back: a hole that is too small for what is asked for next. */
static void map_before_hole(int i)
{
	mapped[i] = mmap(NULL, 4 * PAGE, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must(mapped[i] != MAP_FAILED && !munmap(mapped[i] + 2 * PAGE, 2 * PAGE));
}

static void find_hole(int i)
{
	char *p = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)i;
	must(p != MAP_FAILED && !munmap(p, 3 * PAGE));
}

static void holes(void)
{
	grow("mmap, munmap beside smaller holes", map_before_hole, find_hole, unmap_one, MANY);
}

static void protections(void)
{
	grow("mprotect", map_one, split_one, unmap_one, MANY);
}

static const char *name_of(int i)
{
	static char name[40];

	snprintf(name, sizeof(name), "/tmp/growth/file-%d", i);
	return name;
}

static void make_file(int i)
{
	int fd = open(name_of(i), O_CREAT | O_EXCL | O_WRONLY, 0600);

	must(fd >= 0);
	close(fd);
}

static void remove_file(int i)
{
	must(!unlink(name_of(i)));
}

static void stat_file(int i)
{
	struct stat st;

	must(!stat(name_of(i), &st));
}

static void change_files(int i)
{
	remove_file(i);
	make_file(i);
}

static int inotify, file_watches[MANY];

static void watch_file(int i)
{
	make_file(i);
	file_watches[i] = inotify_add_watch(inotify, name_of(i), IN_MODIFY);
	must(file_watches[i] > 0);
}

static void watch_again(int i)
{
	struct inotify_event event;

	must(!inotify_rm_watch(inotify, file_watches[i]));
	must(read(inotify, &event, sizeof(event)) == sizeof(event) && event.mask == IN_IGNORED);
	file_watches[i] = inotify_add_watch(inotify, name_of(i), IN_MODIFY);
}

static void files(void)
{
	mkdir("/tmp/growth", 0700);
	grow("stat", make_file, stat_file, remove_file, MANY);
	grow("unlink, creat", make_file, change_files, remove_file, MANY);
	inotify = inotify_init1(0);
	grow("inotify_rm_watch, inotify_add_watch", watch_file, watch_again, remove_file, MANY);
	close(inotify);
	CHECK_EQ(rmdir("/tmp/growth"), 0);
}

static clockid_t timer_clock;
static timer_t armed[MANY];

/* In an hour and a bit. */
static void set_timer(int i)
{
	must(!timer_settime(armed[i], 0, &(struct itimerspec){ .it_value = { 3600 + i % 97, i } }, NULL));
}

static void make_timer(int i)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };

	must(!timer_create(timer_clock, &ev, &armed[i]));
	set_timer(i);
}

static void delete_timer(int i)
{
	must(!timer_delete(armed[i]));
}

static void timers(void)
{
	raise_limit(RLIMIT_SIGPENDING);
	timer_clock = CLOCK_MONOTONIC;
	grow("timer_settime", make_timer, set_timer, delete_timer, MANY);
	timer_clock = CLOCK_THREAD_CPUTIME_ID;
	grow("timer_settime on CPU time", make_timer, set_timer, delete_timer, MANY);
}

static int watching, watched[MANY];

static void change_watch(int i)
{
	struct epoll_event ev = { .events = EPOLLIN };

	must(!epoll_ctl(watching, EPOLL_CTL_DEL, watched[i], &ev));
	must(!epoll_ctl(watching, EPOLL_CTL_ADD, watched[i], &ev));
}

static void watch_one(int i)
{
	struct epoll_event ev = { .events = EPOLLIN };

	watched[i] = eventfd(0, 0);
	must(!epoll_ctl(watching, EPOLL_CTL_ADD, watched[i], &ev));
}

static void close_one(int i)
{
	must(!close(watched[i]));
}

static void reopen_one(int i)
{
	close_one(i);
	watch_one(i);
}

static void descriptors(void)
{
	raise_limit(RLIMIT_NOFILE);
	watching = epoll_create1(0);
	grow("EPOLL_CTL_DEL, ADD", watch_one, change_watch, close_one, MANY);
	grow("close, eventfd, EPOLL_CTL_ADD", watch_one, reopen_one, close_one, MANY);
	close(watching);
}

#define THREADS 4000

static pthread_t threads[THREADS];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *unused)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	return unused;
}

static void *end(void *unused)
{
	return unused;
}

static void start_waiting(int i)
{
	must(!pthread_create(&threads[i], NULL, wait_at_gate, NULL));
}

static void signal_one(int i)
{
	must(!pthread_kill(threads[i], SIGWINCH)); /* is ignored */
}

static void start_and_join(int i)
{
	pthread_t t;

	(void)i;
	must(!pthread_create(&t, NULL, end, NULL));
	must(!pthread_join(t, NULL));
}

static void join_one(int i)
{
	if (i == 0)
		pthread_mutex_unlock(&gate);
	must(!pthread_join(threads[i], NULL));
}

static sem_t sems[THREADS];

static void *wait_for_own(void *sem)
{
	sem_wait(sem);
	return NULL;
}

static void start_own(int i)
{
	sem_init(&sems[i], 0, 0);
	must(!pthread_create(&threads[i], NULL, wait_for_own, &sems[i]));
}

static void wake_own(int i)
{
	must(!sem_post(&sems[i]) && !pthread_join(threads[i], NULL));
}

static void replace_own(int i)
{
	wake_own(i);
	start_own(i);
}

static void many_threads(void)
{
	pthread_mutex_lock(&gate);
	grow("pthread_kill", start_waiting, signal_one, join_one, THREADS);
	pthread_mutex_lock(&gate);
	grow("pthread_create, join", start_waiting, start_and_join, join_one, THREADS);
	grow("sem_post, join, create", start_own, replace_own, wake_own, THREADS);
}

#define WIDE (64ul << 30)

/* ns to drop what is behind [p, p + WIDE). */
static long drop_cost(char *p)
{
	long best = INT64_MAX;

	for (int i = 0; i < BATCHES; i++) {
		long start = now();

		must(!madvise(p, WIDE, MADV_DONTNEED));
		long took = now() - start;

		best = took < best ? took : best;
	}
	return best;
}

/* Page tables of memory that was given back cost nothing later: they are gone. */
static void tables_are_freed(void)
{
	char *p = mmap(NULL, WIDE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	long fresh, used;

	broken = false;
	CHECK(p != MAP_FAILED);
	fresh = drop_cost(p);
	for (size_t at = 0; at < WIDE; at += WIDE / 4000)
		p[at] = 1;
	drop_cost(p);
	used = drop_cost(p);
	CHECK(!broken);
	CHECK_EQ(munmap(p, WIDE), 0);
	printf("# 64 GiB: %ld ns untouched, %ld after use\n", fresh, used);
	CHECK(used <= fresh + 500000); /* at the edges are tables that neighbours may use */
}

const struct test growth_tests[] = {
	{ "mappings", mappings },
	{ "holes", holes },
	{ "protections", protections },
	{ "files", files },
	{ "timers", timers },
	{ "descriptors", descriptors },
	{ "threads", many_threads },
	{ "tables_are_freed", tables_are_freed },
	{ 0 },
};
