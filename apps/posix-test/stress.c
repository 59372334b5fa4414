/* SPDX-License-Identifier: BSD-3-Clause */
/* Many threads under preemption, each with floating point, thread-local storage, a mutex and a condition variable. */
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "test.h"

#define THREADS 64

/* Two threads that take turns. */
struct pair {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int turn;
};

struct worker {
	pthread_t thread;
	int number;
	long rounds, turns, added;
	bool wrong;
};

static struct pair pairs[THREADS / 2];
static struct worker workers[THREADS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread long local;
static long shared;
static volatile bool stop;

static void take_turn(struct worker *w)
{
	struct pair *p = &pairs[w->number / 2];
	int me = w->number % 2;

	pthread_mutex_lock(&p->lock);
	while (p->turn != me && !stop)
		pthread_cond_wait(&p->changed, &p->lock);
	if (p->turn == me) {
		p->turn = !me;
		w->turns++;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
}

static void add_one(struct worker *w)
{
	pthread_mutex_lock(&lock);
	shared++;
	w->added++;
	pthread_mutex_unlock(&lock);
}

static double sum_for(int number)
{
	double sum = 0;

	for (int i = 1; i < 2000; i++)
		sum += sqrt((number + 1.0) * i) / i;
	return sum;
}

/* Its numbers come out right only if all registers survive preemption. */
static void *work(void *arg)
{
	struct worker *w = arg;
	double first = sum_for(w->number);

	local = w->number;
	while (!stop && !w->wrong) {
		w->wrong = sum_for(w->number) != first || local != w->number;
		if (++w->rounds % 16 == 0)
			add_one(w);
		if (w->rounds % THREADS == w->number)
			usleep(100);
		if (w->rounds % 8 == 0)
			take_turn(w);
	}
	return NULL;
}

static int start(int number)
{
	struct worker *w = &workers[number];

	*w = (struct worker){ .number = number };
	return pthread_create(&w->thread, NULL, work, w);
}

static void end_turns(void)
{
	for (int i = 0; i < THREADS / 2; i++) {
		pthread_mutex_lock(&pairs[i].lock);
		pthread_cond_broadcast(&pairs[i].changed);
		pthread_mutex_unlock(&pairs[i].lock);
	}
}

static int judge(void)
{
	int wrong = 0, idle = 0, unfair = 0;
	long added = 0;

	for (int i = 0; i < THREADS; i++) {
		wrong += workers[i].wrong;
		idle += !workers[i].rounds;
		added += workers[i].added;
	}
	for (int i = 0; i < THREADS; i += 2) {
		long ahead = workers[i].turns - workers[i + 1].turns;

		unfair += ahead < 0 || ahead > 1;
	}
	if (wrong || idle || unfair || added != shared)
		printf("# %d threads wrong, %d did not run, %d pairs out of turn; %ld added, %ld counted\n", wrong, idle,
		       unfair, added, shared);
	return wrong || idle || unfair || added != shared;
}

int stress_for(int ms)
{
	stop = false;
	shared = 0;
	for (int i = 0; i < THREADS / 2; i++)
		pairs[i] = (struct pair){ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 };
	for (int i = 0; i < THREADS; i++)
		if (start(i))
			return -1;
	usleep(ms % 1000 * 1000);
	sleep(ms / 1000);
	stop = true;
	end_turns();
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	return judge();
}

int stress(int seconds)
{
	printf("KTAP version 1\n1..1\n");
	int bad = stress_for(seconds * 1000);

	printf("%s 1 - stress %d\n", bad ? "not ok" : "ok", seconds);
	return bad;
}
