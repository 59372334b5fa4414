/* SPDX-License-Identifier: BSD-3-Clause */
/* Semaphores. Shared by the files of posix/sysvipc only. All under sem_ids.lock. */
#ifndef POSIX_SYSVIPC_SEM_H
#define POSIX_SYSVIPC_SEM_H

#include "ids.h"

struct sem {
	int value; /* 0 to SEMVMX */
	int pid; /* who changed it last */
	/* Who waits with one operation: to take something, for the value 0. The first come is the first served. */
	struct list takers, watchers;
};

struct sem_set {
	struct ipc_object base;
	int64_t otime;
	struct list others; /* who waits with several operations */
	struct list undos; /* struct sem_undo */
	unsigned count;
	struct sem sems[];
};

/* What a process does to a set at its end. */
struct sem_undo {
	struct tree_node node; /* of the process's, by set */
	struct tree *of_process;
	struct list of_set;
	struct sem_set *set;
	int16_t adjust[]; /* one a semaphore */
};

/* Operations that are done all or none. */
struct sem_ops {
	const struct sembuf *list;
	unsigned count;
	struct sem_undo *undo; /* NULL if none has SEM_UNDO */
	int pid;
	unsigned blocked; /* by which one */
};

struct sem_waiter {
	struct list link;
	struct sem_ops ops;
	int result; /* once it is done, and in no list */
	bool done;
	struct waiter waiter;
};

extern struct ipc_ids sem_ids;
extern unsigned sem_total; /* of all sets */

/* The set with this identifier, or NULL. */
struct sem_set *sem_find(int id);
size_t sem_set_size(unsigned count);

/* semop.c */

/* Values changed, of those that @ops name or, NULL, of any: let go on who can now. */
void sem_settle(struct sem_set *set, const struct sem_ops *ops);
/* End all waits in the set with @result. */
void sem_expel(struct sem_set *set, int result);
/* How many wait for @number to become more, or @zero. */
int sem_count_waiters(const struct sem_set *set, unsigned number, bool zero);

/* undo.c */

/* What the running process does to @set at its end, made at need. NULL without memory. */
struct sem_undo *sem_undo_of(struct sem_set *set);
/* Nobody does anything to @number at his end, or to any. */
void sem_forget_undo(struct sem_set *set, unsigned number);
void sem_forget_undos(struct sem_set *set);
/* The set goes. */
void sem_drop_undos(struct sem_set *set);

#endif
