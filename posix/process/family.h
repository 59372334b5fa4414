/* SPDX-License-Identifier: BSD-3-Clause */
/* Parents and children (CONFIG_CORE_PROCESSES). All under threads_lock. */
#ifndef PROCESS_FAMILY_H
#define PROCESS_FAMILY_H

#include <core/process.h>
#include <core/sched.h>

struct family {
	bool ending; /* its threads are to end; those that begin to do so */
	bool replaced; /* its threads but one are to end */
	int leaving; /* threads that are on their way out, of those that count */
	int status; /* of the process that ends or has ended, as wait(2) tells it */
	int exit_signal; /* to the parent; 0: none */
	bool orphan; /* its parent is gone: nobody will ask */
	uint64_t cpu_time, children_time; /* of threads that ended, and of children that were waited for; ns */
	struct completion *vforked; /* of the thread that waits for the child to begin a program or end; NULL: nobody */
	struct waitq waiters; /* for children's ends, or for those of the process's other threads */
};

extern PROCESS_LOCAL struct family family;

/* How @status is told by waitid(2) and SIGCHLD: a code, and a number that goes with it. */
int process_child_code(int status);
int process_child_value(int status);

/* The other threads of the running process stand still until process_let_others_go(). False: not all do, after a second. */
bool process_hold_others(void);
void process_let_others_go(void);

#define family_of(process) (&process_local_of(process, family))

#endif
