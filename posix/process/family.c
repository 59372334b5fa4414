/* SPDX-License-Identifier: BSD-3-Clause */
/* The ends of processes and of their threads. */
#include "family.h"

#include <core/boot.h>
#include <core/init.h>
#include <core/vmem.h>
#include <posix/futex.h>
#include <posix/program.h>

#include "internal.h"

/* Of waitid(2) and SIGCHLD. */
#define CLD_EXITED 1
#define CLD_KILLED 2

PROCESS_LOCAL struct family family = { .waiters = WAITQ_INIT(family.waiters) };

int process_child_code(int status)
{
	return status & 0x7f ? CLD_KILLED : CLD_EXITED;
}

int process_child_value(int status)
{
	return status & 0x7f ? status & 0x7f : status >> 8 & 0xff;
}

/* Whoever waits for the running process to leave its parent's memory goes on. */
static void leave_parent(void)
{
	struct family *f = family_of(process_self());
	struct completion *c = f->vforked;

	f->vforked = NULL;
	if (c)
		completion_signal(c);
}

static bool is_alone(void)
{
	return READ_ONCE(posix_thread_count) == 1;
}

/* By the last thread: what can be given back only while there is one. Others may be on their way out, and their memory is in use until they are. */
static void end_parts(void)
{
	const uintptr_t self = process_self();
	const unsigned space = process_local(process_here).space;

	wait_event(&family_of(self)->waiters, is_alone());
	process_parts_end(self);
	if (space && !process_shares_space(self))
		vmem_unmap_owned(space);
	leave_parent();
}

/* The running thread is on its way out. Returns whether it is the last one. */
static bool leave_process(int status)
{
	struct family *f = family_of(process_self());

	spin_lock(&threads_lock);
	bool last = ++f->leaving == posix_thread_count;

	f->cpu_time += thread_cpu_time(thread_self());
	if (last && !f->ending) {
		f->ending = true;
		f->status = status;
	}
	spin_unlock(&threads_lock);
	return last;
}

void process_thread_exit(int status)
{
	struct posix_thread *self = posix_thread_self();

	futex_thread_end(self->robust);
	if (leave_process(status)) {
		if (!process_self())
			boot_exit(status >> 8);
		self->clear_tid = NULL;
		self->last = true;
		end_parts();
	}
	thread_exit();
}

void process_exit(int status)
{
	struct family *f = family_of(process_self());

	spin_lock(&threads_lock);
	if (!f->ending) {
		f->ending = true;
		f->status = status;
		signal_kill_others(process_self());
	}
	spin_unlock(&threads_lock);
	process_thread_exit(status);
}

/* A signal is the end of the running thread's process, or of this thread if it is one that others ended. */
static void end_by_signal(int sig)
{
	const struct family *f = family_of(process_self());

	if (f->ending || (f->replaced && sig == SIGKILL))
		process_thread_exit(sig);
	if (process_self())
		process_exit(sig);
}

/* Its children are nobody's now. */
static void orphan_children(uintptr_t process)
{
	struct process *child, *next;

	list_for_each_safe(child, next, &process_local_of(process, process_here).children, sibling) {
		const uintptr_t offset = process_offset(child);

		family_of(offset)->orphan = true;
		child->parent = 0;
		child->parent_pid = process_here.pid;
		list_del(&child->sibling);
		list_push_back(&process_here.children, &child->sibling);
		if (child->ended)
			process_remove(offset);
	}
}

/* The last thread is gone: tell the parent. */
static void process_ended(uintptr_t process)
{
	struct process *p = &process_local_of(process, process_here);
	const struct family *f = family_of(process);
	const uintptr_t parent = p->parent;
	const struct signal_info info = {
		.signo = f->exit_signal,
		.code = process_child_code(f->status),
		.pid = p->pid,
		.value = process_child_value(f->status),
	};

	spin_lock(&threads_lock);
	p->ended = true;
	orphan_children(process);
	if (!f->orphan && info.signo)
		signal_send_locked(parent, &info);
	if (f->orphan || signal_wants_no_children(parent))
		process_remove(process);
	spin_unlock(&threads_lock);
	waitq_wake(&family_of(parent)->waiters, ~0u);
	waitq_wake(&signal_waitq, ~0u);
}

void process_thread_gone(uintptr_t process, bool last)
{
	struct family *f = family_of(process);

	spin_lock(&threads_lock);
	process_local_of(process, thread_count_of_process)--;
	f->leaving--;
	spin_unlock(&threads_lock);
	if (last && process)
		process_ended(process);
	else
		waitq_wake(&f->waiters, ~0u);
}

bool program_end_others(void)
{
	struct family *f = family_of(process_self());

	spin_lock(&threads_lock);
	bool first = !f->ending && !f->replaced;

	if (first && !is_alone()) {
		f->replaced = true;
		signal_kill_others(process_self());
	}
	spin_unlock(&threads_lock);
	if (!first)
		return false;
	wait_event(&f->waiters, is_alone());
	f->replaced = false;
	return true;
}

void program_replaced(void)
{
	struct posix_thread *self = posix_thread_self();

	self->robust = NULL;
	self->clear_tid = NULL;
	leave_parent();
}

/* A child begins with one thread, which counts itself. */
static int copy(uintptr_t child)
{
	struct family *f = family_of(child);

	*f = (struct family){ 0 };
	waitq_init(&f->waiters);
	process_local_of(child, thread_count_of_process) = 0;
	return 0;
}

static const struct process_part family_part = { .copy = copy };
PROCESS_PART(family_part);

static int family_init(void)
{
	signal_end_hook = end_by_signal;
	return 0;
}
INITCALL(INIT_SERVICES, family_init);
