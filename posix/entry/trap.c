/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The syscall instruction of programs in user mode: the call's number and arguments are in registers, the result goes to one. Signals are
 * held as long as the program is in the kernel; they are delivered on the way out (posix/signal/frame.c).
 */
#include <abi/clone.h>
#include <abi/time.h>
#include <core/call_arg.h>
#include <core/init.h>
#include <core/log.h>
#include <core/user.h>
#include <core/vmem.h>
#include <posix/calls.h>
#include <posix/program.h>
#include <posix/signal.h>

#include "entry.h"

#define NUMBER_SIGRETURN 15
#define NUMBER_ALARM 37
#define NUMBER_CLONE 56
#define NUMBER_FORK 57
#define NUMBER_VFORK 58
#define NUMBER_EXECVE 59
#define NUMBER_CLONE3 435

#ifdef CONFIG_CORE_PROCESSES
#define VFORK_FLAGS (0x4100 | SIGCHLD) /* CLONE_VFORK | CLONE_VM */

/* Calls about processes: @number with @args. Returns whether it is one. */
static bool process_call(struct user *u, long number, const long args[5], long *result)
{
	if (number == NUMBER_EXECVE && program_execve)
		*result = program_execve(u, args);
	else if (number == NUMBER_VFORK)
		*result = program_vfork(u, (const long[5]){ VFORK_FLAGS });
	else if (number == NUMBER_CLONE && program_can_vfork(args[0]))
		*result = program_vfork(u, args);
	else if (number == NUMBER_FORK && program_can_fork(SIGCHLD))
		*result = program_fork(u, (const long[5]){ SIGCHLD });
	else if (number == NUMBER_CLONE && program_can_fork(args[0]))
		*result = program_fork(u, args);
	else
		return false;
	return true;
}
#else
#define process_call(u, number, args, result) false
#endif

/* alarm(2): the C library of our own programs makes it of setitimer(2), others do not. Returns what was left, in whole seconds and not 0. */
static long set_alarm(unsigned seconds)
{
	const struct itimerval new = { .it_value.tv_sec = seconds };
	struct itimerval old = { 0 };
	long ret = sys_setitimer(ITIMER_REAL, &new, &old);

	if (ret)
		return ret;
	if (!old.it_value.tv_sec)
		return old.it_value.tv_usec > 0;
	return old.it_value.tv_sec + (old.it_value.tv_usec >= 500000);
}

/* clone(2) with these arguments, as the running thread's program asks for it. Returns whether it is one that can be done. */
static bool clone_call(struct user *u, const long args[5], long *result)
{
	if (!program_can_clone(args[0]))
		return process_call(u, NUMBER_CLONE, args, result);
	*result = program_clone(u, args);
	return true;
}

/* clone3(2), of what clone(2) can do; for the rest it is a call that does not exist, after which C libraries try the latter. */
static bool clone3_call(struct user *u, const long args[6], long *result)
{
	const union call_arg place = { .value = args[0] };
	const struct clone_args *a = place.object;

	*result = -EFAULT;
	if (!vmem_accessible(args[0] & PAGE_MASK, CLONE_ARGS_SIZE_VER0 + (args[0] & ~PAGE_MASK), VMEM_READ))
		return true;
	*result = -EINVAL;
	if ((size_t)args[1] < CLONE_ARGS_SIZE_VER0 || a->flags & CSIGNAL || a->exit_signal & ~CSIGNAL ||
	    !a->stack != !a->stack_size)
		return true;
	const long same[5] = { a->flags | a->exit_signal, a->stack + a->stack_size, a->parent_tid, a->child_tid, a->tls };

	return clone_call(u, same, result);
}

/* Calls that make threads and processes, or another program of one. Returns whether it is one. */
static bool program_call(struct user *u, const long args[6], long *result)
{
	switch (u->number) {
	case NUMBER_CLONE:
		return clone_call(u, args, result);
	case NUMBER_CLONE3:
		return clone3_call(u, args, result);
	default:
		return process_call(u, u->number, args, result);
	}
}

/* The call's result and, in *@kind, what a signal means to it. */
static long dispatch(struct user *u, enum signal_call *kind)
{
	long args[6], result;

	user_arguments(u, args);
	const long a = args[0], b = args[1], c = args[2], d = args[3], e = args[4], f = args[5];

	*kind = SIGNAL_CALL_plain;
	if (unlikely(!call_pointers_good(u->number, args)))
		return -EFAULT;
	switch (u->number) {
#define CASE(n, name, signal_kind, count, ...) \
	case n: \
		*kind = SIGNAL_CALL_##signal_kind; \
		return sys_##name(SYS_ARGS_##count(__VA_ARGS__));
		UK_SYSCALLS(CASE)
#undef CASE
	}
	if (u->number == NUMBER_ALARM)
		return set_alarm((unsigned)a);
	if (program_call(u, args, &result))
		return result;
	return call_missing(u->number, NULL);
}

static enum user_restart restart_of(enum signal_call kind, long result)
{
	if (result == -EINTR_HANDLED)
		return USER_RESTART_HANDLED;
	return result == -EINTR && kind == SIGNAL_CALL_restarts ? USER_RESTART_FLAGGED : USER_RESTART_NONE;
}

#ifdef CONFIG_POSIX_ENTRY_TRACE
static void trace(const struct user *u, long result)
{
	static const char *const names[] = {
#define NAME(n, name, ...) [n] = #name,
		UK_SYSCALLS(NAME)
#undef NAME
			[NUMBER_ALARM] = "alarm",
	};
	const bool known = u->number >= 0 && (size_t)u->number < ARRAY_SIZE(names) && names[u->number];
	const char *name = known ? names[u->number] : call_name(u->number);
	long a[6];

	user_arguments(u, a);
	pr_debug("%d: %s %ld (0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx) = %ld", thread_id(thread_self()), *name ? name : "call",
	         u->number, a[0], a[1], a[2], a[3], a[4], a[5], result);
}
#else
#define trace(u, result) ((void)0)
#endif

static void call(struct user *u)
{
	enum signal_call kind;
	long result;

	u->number = (int)u->regs->rax; /* the upper half does not count */
	if (u->number == NUMBER_SIGRETURN) {
		signal_return();
		return;
	}
	result = dispatch(u, &kind);
	trace(u, result);
	bool ended = ended_by_signal(result);

	u->regs->rax = ended ? -EINTR : result;
	if (likely(!ended && kind != SIGNAL_CALL_masked))
		return;
	u->restart = ended ? restart_of(kind, result) : USER_RESTART_NONE;
	signal_call_end(kind, ended);
	if (u->restart != USER_RESTART_NONE) /* no handler ran */
		user_call_again(u);
}

static int trap_init(void)
{
	user_call_hook = call;
	return 0;
}
INITCALL(INIT_PROCESS, trap_init);
