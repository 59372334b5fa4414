/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions as signals, for programs that handle them. */
#include "internal.h"

#include <core/init.h>
#include <core/trap.h>
#ifdef CONFIG_CORE_USER
#include <core/user.h>
#endif
#include <core/vmem.h>

static struct signal_info info_of(const struct trap_info *trap)
{
	static const struct {
		int signo, code;
	} map[] = {
		[TRAP_ADDRESS] = { SIGSEGV, 1 },   [TRAP_ACCESS] = { SIGSEGV, 2 }, [TRAP_BUS] = { SIGBUS, 2 },
		[TRAP_ARITHMETIC] = { SIGFPE, 1 }, [TRAP_ILLEGAL] = { SIGILL, 1 }, [TRAP_BREAKPOINT] = { SIGTRAP, 1 },
	};

	return (struct signal_info){ .signo = map[trap->kind].signo,
		                     .code = map[trap->kind].code,
		                     .value = trap->address ? trap->address : trap->pc };
}

/*
 * A program's call came by a bad pointer of its: -EFAULT, if nothing is held that would stay so. What the call had opened for itself, such as a
 * reference to a file, stays.
 */
static void end_call(const struct trap_info *trap __unused)
{
#ifdef CONFIG_CORE_USER
	if (trap->kind <= TRAP_BUS && thread_self()->signals_held == 1)
		user_fault();
#endif
}

static bool handle_trap(struct trap_info *trap)
{
	struct signal_info info = info_of(trap);

	if (thread_self()->user && !trap->user) {
		end_call(trap);
		return false;
	}

#ifdef CONFIG_CORE_PROCESSES
	if (trap->user && signal_force(&info))
		return true;
#endif
	/* A handler that faults again, or a blocked signal, must not loop: the report is better. */
	if (actions[info.signo].handler <= SIG_IGN || signal_self()->blocked & SIG_BIT(info.signo))
		return false;

	struct signal_outcome ignored = { 0 };

	signal_run(&info, &ignored);
	return true;
}

/* The end of the other stack that the running thread at @sp wants for @sig, if it has @need bytes; else 0. */
static uintptr_t other_stack(int sig, uintptr_t sp, size_t need)
{
	const struct signal_thread *st = signal_self();
	const struct sigstack *alt = &st->alt;

	if (actions[sig].handler <= SIG_IGN || !(actions[sig].flags & SA_ONSTACK) || st->blocked & SIG_BIT(sig))
		return 0;
	if (alt->flags & SS_DISABLE || sp - alt->base < alt->size || alt->size < need)
		return 0;
	return vmem_accessible(alt->base, alt->size, VMEM_WRITE) ? alt->base + alt->size : 0;
}

static uintptr_t stack_for(enum trap_kind kind, uintptr_t sp, size_t need)
{
	return other_stack(info_of(&(struct trap_info){ .kind = kind }).signo, sp, need);
}

void signal_stack_low(void)
{
	struct signal_info info = { .signo = SIGSEGV, .code = 2, .value = thread_self()->stack_low - 1 };
	struct signal_outcome ignored = { 0 };

	if (other_stack(SIGSEGV, (uintptr_t)__builtin_frame_address(0), MINSIGSTKSZ))
		signal_run(&info, &ignored);
}

static int signal_trap_init(void)
{
	trap_stack_hook = stack_for;
	trap_signal_hook = handle_trap;
	return 0;
}
INITCALL(INIT_PROCESS, signal_trap_init);
