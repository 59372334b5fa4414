/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of System V IPC: threads that wait, and a signal for one of them. */
#ifndef SYSV_H
#define SYSV_H

#include <pthread.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define KEY 0x756e6400

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

/* A thread that makes a call, and what became of it. */
struct caller {
	pthread_t thread;
	long (*call)(struct caller *c);
	int id, number;
	long type;
	volatile int done; /* 1; before that 0 */
	long result;
	int error;
};

static inline void *caller_run(void *arg)
{
	struct caller *c = arg;

	errno = 0;
	c->result = c->call(c);
	c->error = errno;
	c->done = 1;
	return NULL;
}

static inline void caller_start(struct caller *c)
{
	c->done = 0;
	pthread_create(&c->thread, NULL, caller_run, c);
}

static inline void caller_join(struct caller *c)
{
	pthread_join(c->thread, NULL);
}

static inline void pass(int ms)
{
	usleep(ms * 1000);
}

static inline void nothing(int sig)
{
	(void)sig;
}

/* SIGUSR1 is caught, by a handler that would have calls begun anew. */
static inline void catch_usr1(void)
{
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };

	sigaction(SIGUSR1, &sa, NULL);
}

#endif
