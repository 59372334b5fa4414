/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfork(2), and clone(2) as posix_spawn() of C libraries makes it: a child with the parent's memory, and maybe its stack, while the thread that
 * made it sleeps until the child begins a program of its own or ends.
 */
#include "family.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/user.h>
#include <posix/program.h>

#include "internal.h"

long (*program_execve)(struct user *u, const long args[3]);

#define SIGNAL_OF 0xfful /* of the flags: what the parent is sent at the end */

bool program_can_vfork(unsigned long flags)
{
	const unsigned long needed = CLONE_VM | CLONE_VFORK;
	const unsigned long known =
		needed | SIGNAL_OF | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;

	return (flags & needed) == needed && !(flags & ~known) && (flags & SIGNAL_OF) <= SIG_COUNT;
}

static long start(struct thread_plan *plan, unsigned long flags)
{
	struct completion begun;
	struct family *f = family_of(plan->process);

	completion_init(&begun);
	f->vforked = &begun;
	f->exit_signal = (int)(flags & SIGNAL_OF);
	long id = posix_thread_start(plan, flags);

	if (id > 0)
		completion_wait(&begun);
	return id;
}

long program_vfork(const struct user *u, const long args[5])
{
	struct thread_plan plan;
	uintptr_t child;
	long id = process_new(&child);

	if (id)
		return id;
	id = process_parts_copy(child);
	if (id) {
		process_cancel(child);
		return id;
	}
	if (program_plan(u, args, &plan)) {
		plan.process = child;
		id = start(&plan, args[0]);
		if (id < 0)
			kfree(plan.user);
	} else {
		id = -ENOMEM;
	}
	if (id < 0) {
		process_parts_end(child);
		process_cancel(child);
	}
	return id;
}
