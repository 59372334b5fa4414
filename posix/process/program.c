/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads of programs in user mode: the first one, which the C library's becomes, and those that it makes. */
#include <posix/calls.h>
#include <posix/program.h>

#include <core/alloc.h>
#include <core/call_arg.h>
#include <core/errno.h>
#include <core/user.h>
#include <core/vmem.h>

#include "internal.h"

bool program_can_clone(unsigned long flags)
{
	const unsigned long needed = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;

	return (flags & needed) == needed;
}

/* A state for a thread to come; the extended one is a new program's, or that of @like. NULL without memory. */
static struct user *user_new(const struct user *like)
{
	struct user *u = kzalloc(user_size());

	if (u)
		user_init(u, like);
	return u;
}

/* On the stack that is the thread's in the kernel from here on. All of it is backed: it is used where another fault would be too much. */
static int begin(void *arg)
{
	struct user *u = arg;
	uintptr_t stack = posix_thread_self()->own_stack;

	if (vmem_populate(stack, OWN_STACK))
		return 0;
	user_start(u, &u->start, stack + OWN_STACK);
}

bool program_plan(const struct user *u, const long args[5], struct thread_plan *plan)
{
	const union call_arg ptid = { .value = args[2] }, ctid = { .value = args[3] };
	struct user *child = user_new(u);

	if (!child)
		return false;
	child->start = *u->regs;
	child->start.rax = 0;
	if (args[1])
		child->start.rsp = args[1];
	*plan = (struct thread_plan){
		.fn = begin,
		.arg = child,
		.tls = (unsigned long)args[0] & CLONE_SETTLS ? (unsigned long)args[4] : thread_self()->tls_base,
		.ptid = ptid.number,
		.ctid = ctid.number,
		.user = child,
	};
	return true;
}

long program_clone(const struct user *u, const long args[5])
{
	struct thread_plan plan;

	if (!program_plan(u, args, &plan))
		return -EAGAIN;
	long id = posix_thread_start(&plan, args[0]);

	if (id < 0)
		kfree(plan.user);
	return id;
}

long uk_program_start(unsigned long entry, unsigned long stack)
{
	struct user *u = user_new(NULL);
	long kernel_stack = u ? vmem_stack_alloc(OWN_STACK, 0) : -ENOMEM;

	if (kernel_stack < 0 || vmem_populate(kernel_stack, OWN_STACK)) {
		if (kernel_stack >= 0)
			vmem_unmap(kernel_stack - PAGE_SIZE, PAGE_SIZE + OWN_STACK);
		kfree(u);
		return -ENOMEM;
	}
	u->start = (struct regs){ .rip = entry, .rsp = stack, .rflags = USER_FLAGS };
	thread_self()->stack_low = kernel_stack;
	thread_set_tls(0); /* as on Linux: the program makes its own */
	user_start(u, &u->start, kernel_stack + OWN_STACK);
}
