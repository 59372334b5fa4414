/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vfork(2), and clone(2) as posix_spawn() of C libraries makes it: a child with the parent's memory, and maybe its stack, while the thread that
 * made it sleeps until the child begins a program of its own or ends. And fork(2), as the same: there, what the parent's memory was is put back before
 * the parent goes on.
 */
#include "family.h"

#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/time.h>
#include <core/user.h>
#include <core/vmem.h>
#include <posix/program.h>

#include "internal.h"

long (*program_execve)(struct user *u, const long args[3]);

#define PATIENCE (10 * NSEC_PER_SEC)

#define SIGNAL_OF 0xfful /* of the flags: what the parent is sent at the end */

bool program_can_vfork(unsigned long flags)
{
	const unsigned long needed = CLONE_VM | CLONE_VFORK;
	const unsigned long known =
		needed | SIGNAL_OF | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;

	return (flags & needed) == needed && !(flags & ~known) && (flags & SIGNAL_OF) <= SIG_COUNT;
}

bool program_can_fork(unsigned long flags)
{
	const unsigned long known =
		CLONE_VFORK | SIGNAL_OF | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;

	return !(flags & ~known) && (flags & SIGNAL_OF) <= SIG_COUNT;
}

/* A child that waits for its parent has it wait for ever: say so, once. */
static void wait_for_child(struct completion *begun, long child)
{
	static bool said;

	if (!said && !completion_wait_until(begun, time_monotonic() + PATIENCE)) {
		said = true;
		pr_warn("pid %d sleeps until its child %ld begins another program or ends, for 10 s by now: docs/limits.md, fork",
		        process_id(), child);
	}
	completion_wait(begun);
}

/* The parent's half. Its memory is the child's until that leaves it. */
static long start(struct thread_plan *plan, unsigned long flags)
{
	struct completion begun;
	struct family *f = family_of(plan->process);

	completion_init(&begun);
	f->vforked = &begun;
	f->exit_signal = (int)(flags & SIGNAL_OF);
	long id = posix_thread_start(plan, flags);

	if (id > 0)
		wait_for_child(&begun, id);
	return id;
}

static void add_forking(unsigned n)
{
	spin_lock(&threads_lock);
	process_forking += n;
	spin_unlock(&threads_lock);
}

/* As start(), with the memory as it was afterwards. What other threads did to it meanwhile would be lost. */
static long start_alone(struct thread_plan *plan, unsigned long flags)
{
	struct vmem_snapshot *before;
	long id = vmem_snapshot_take(process_local(process_here).space, &before);

	if (id)
		return id;
	process_local_of(plan->process, process_here).in_place = true;
	add_forking(1);
	id = start(plan, flags & ~CLONE_PARENT_SETTID);
	add_forking(-1u);
	if (vmem_snapshot_restore(before)) {
		pr_err("no memory to go on after fork(): pid %d is ended", process_id());
		process_exit(process_self() ? SIGKILL : (128 + SIGKILL) << 8);
	}
	if (id > 0 && flags & CLONE_PARENT_SETTID)
		*plan->ptid = (int)id;
	return id;
}

static long start_in_place(struct thread_plan *plan, unsigned long flags)
{
	long id = process_hold_others() ? start_alone(plan, flags) : -EAGAIN;

	process_let_others_go();
	return id;
}

static long make_child(const struct user *u, const long args[5], long (*begin)(struct thread_plan *plan, unsigned long flags))
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
		process_local_of(child, process_here).in_place = false;
		id = begin(&plan, args[0]);
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

long program_vfork(const struct user *u, const long args[5])
{
	return make_child(u, args, start);
}

long program_fork(const struct user *u, const long args[5])
{
	return make_child(u, args, start_in_place);
}
