/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks whose owner ends. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define WAITERS 0x80000000u
#define OWNER_DIED 0x40000000u

static pthread_mutex_t mutex;

static int make(int protocol)
{
	pthread_mutexattr_t attr;
	int robust = -1;

	pthread_mutexattr_init(&attr);
	return pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) || pthread_mutexattr_getrobust(&attr, &robust) ||
	       robust != PTHREAD_MUTEX_ROBUST || pthread_mutexattr_setprotocol(&attr, protocol) ||
	       pthread_mutex_init(&mutex, &attr);
}

static void *lock_and_end(void *result)
{
	*(int *)result = pthread_mutex_lock(&mutex);
	return NULL;
}

static void owner_ends(int protocol)
{
	int result = -1;
	pthread_t t;

	CHECK_EQ(make(protocol), 0);
	CHECK_EQ(pthread_create(&t, NULL, lock_and_end, &result), 0);
	pthread_join(t, NULL);
	CHECK_EQ(result, 0);
	CHECK_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
	CHECK_EQ(pthread_mutex_consistent(&mutex), 0);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
	CHECK_EQ(pthread_mutex_lock(&mutex), 0);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
	CHECK_EQ(pthread_mutex_destroy(&mutex), 0);
}

static void next_locker(void)
{
	owner_ends(PTHREAD_PRIO_NONE);
}

static void next_locker_pi(void)
{
	owner_ends(PTHREAD_PRIO_INHERIT);
}

static volatile int ready;

static void *lock_and_end_later(void *result)
{
	*(int *)result = pthread_mutex_lock(&mutex);
	ready = 1;
	usleep(60000);
	return NULL;
}

static void *wait_for_it(void *result)
{
	*(int *)result = pthread_mutex_lock(&mutex);
	if (*(int *)result == EOWNERDEAD || !*(int *)result)
		pthread_mutex_unlock(&mutex);
	return NULL;
}

/* Those that wait already; and without pthread_mutex_consistent() it is nobody's any more. */
static void owner_ends_waited_for(int protocol)
{
	int result = -1, results[2] = { -1, -1 };
	pthread_t owner, t[2];

	ready = 0;
	CHECK_EQ(make(protocol), 0);
	CHECK_EQ(pthread_create(&owner, NULL, lock_and_end_later, &result), 0);
	while (!ready)
		usleep(1000);
	for (int i = 0; i < 2; i++)
		CHECK_EQ(pthread_create(&t[i], NULL, wait_for_it, &results[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	pthread_join(owner, NULL);
	CHECK_EQ(result, 0);
	CHECK_EQ(results[0] + results[1], EOWNERDEAD + ENOTRECOVERABLE);
	CHECK_EQ(pthread_mutex_lock(&mutex), ENOTRECOVERABLE);
	CHECK_EQ(pthread_mutex_destroy(&mutex), 0);
}

static void waiters(void)
{
	owner_ends_waited_for(PTHREAD_PRIO_NONE);
}

static void waiters_pi(void)
{
	owner_ends_waited_for(PTHREAD_PRIO_INHERIT);
}

/* What the kernel does with a list, whatever the C library does before. */
struct entry {
	struct entry *next;
	volatile unsigned word;
};

static struct {
	struct entry *first;
	long offset;
	struct entry *pending;
} head;

static struct entry entries[3];
static volatile int tid;
static unsigned state; /* in the words, besides the owner */

static void *end_with_list(void *list)
{
	int self = (int)syscall(SYS_gettid);

	for (int i = 0; i < 3; i++)
		if (entries[i].word)
			entries[i].word = (unsigned)self | state;
	if (syscall(SYS_set_robust_list, list, sizeof(head)))
		return NULL;
	tid = self;
	usleep(20000);
	syscall(SYS_exit, 0);
	return NULL;
}

/* Start a thread that ends with @list, and wait until it has. */
static void end_thread(void *list)
{
	pthread_attr_t attr;
	pthread_t t;

	tid = 0;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	CHECK_EQ(pthread_create(&t, &attr, end_with_list, list), 0);
	while (!tid)
		usleep(1000);
	for (int i = 0; i < 2000 && !syscall(SYS_tgkill, getpid(), tid, 0); i++)
		usleep(1000);
	CHECK_ERR(syscall(SYS_tgkill, getpid(), tid, 0), ESRCH);
}

static void make_list(void)
{
	head.offset = offsetof(struct entry, word);
	head.pending = NULL;
	head.first = &entries[0];
	entries[0] = (struct entry){ &entries[1], 1 };
	entries[1] = (struct entry){ &entries[2], 1 };
	entries[2] = (struct entry){ (struct entry *)&head, 1 };
	state = 0;
}

static void *wait_on_word(void *result)
{
	unsigned value = entries[1].word;
	struct timespec ts = { 5, 0 };

	while (!(value & WAITERS))
		value = entries[1].word;
	*(long *)result = syscall(SYS_futex, &entries[1].word, 0, value, &ts, NULL, 0) ? errno : 0;
	return NULL;
}

static void kernel_walks(void)
{
	long result = -1;
	pthread_t t;

	make_list();
	entries[2].word = 0; /* nobody's */
	state = WAITERS;
	entries[1].word = 1;
	CHECK_EQ(pthread_create(&t, NULL, wait_on_word, &result), 0);
	end_thread(&head);
	pthread_join(t, NULL);
	CHECK(result == 0 || result == EAGAIN);
	CHECK_EQ(entries[0].word, WAITERS | OWNER_DIED);
	CHECK_EQ(entries[1].word, WAITERS | OWNER_DIED);
	CHECK_EQ(entries[2].word, 0);
}

static void kernel_pending(void)
{
	make_list();
	head.first = (struct entry *)&head;
	head.pending = &entries[1];
	end_thread(&head);
	CHECK(entries[0].word != OWNER_DIED);
	CHECK_EQ(entries[1].word, OWNER_DIED);
}

/* Whatever is in the list: the thread ends, nothing else does. */
static void bad_lists(void)
{
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(page + 4096, 4096);
	make_list();
	entries[1].next = (struct entry *)16;
	end_thread(&head);
	CHECK(entries[0].word == OWNER_DIED && entries[2].word != OWNER_DIED);
	make_list();
	entries[2].next = &entries[0]; /* round and round */
	end_thread(&head);
	CHECK(entries[0].word == OWNER_DIED && entries[2].word == OWNER_DIED);
	make_list();
	head.offset = 0x123456789abcdef0;
	end_thread(&head);
	head.offset = 3;
	end_thread(&head);
	make_list();
	head.first = (struct entry *)(page + 4096 - 4); /* half of it */
	head.pending = (struct entry *)(page + 4096);
	end_thread(&head);
	end_thread((void *)8);
	end_thread(page + 4096 - 8);
	end_thread((void *)-16l);
	end_thread(NULL);
	munmap(page, 4096);
}

static void get_list(void)
{
	void *mine = &mine, *other = NULL;
	size_t size = 0;

	CHECK_EQ(syscall(SYS_get_robust_list, 0, &mine, &size), 0);
	CHECK_EQ(size, sizeof(head));
	CHECK_EQ(syscall(SYS_get_robust_list, (int)syscall(SYS_gettid), &other, &size), 0);
	CHECK(mine == other);
	CHECK_ERR(syscall(SYS_get_robust_list, 0x3ffffff0, &other, &size), ESRCH);
	CHECK_ERR(syscall(SYS_set_robust_list, mine, 8), EINVAL);
}

const struct test robust_tests[] = {
	{ "next_locker", next_locker },
	{ "next_locker_pi", next_locker_pi },
	{ "waiters", waiters },
	{ "waiters_pi", waiters_pi },
	{ "get_list", get_list },
	{ "kernel_walks", kernel_walks },
	{ "kernel_pending", kernel_pending },
	{ "bad_lists", bad_lists },
	{ NULL, NULL },
};
