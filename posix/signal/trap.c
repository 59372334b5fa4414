/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions as signals, for programs that handle them. */
#include "internal.h"

#include <core/init.h>
#include <core/trap.h>

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

static bool handle_trap(struct trap_info *trap)
{
	struct signal_info info = info_of(trap);

	/* A handler that faults again, or a blocked signal, must not loop: the report is better. */
	if (actions[info.signo].handler <= SIG_IGN || signal_self()->blocked & SIG_BIT(info.signo))
		return false;

	struct signal_outcome ignored = { 0 };

	signal_run(&info, &ignored);
	return true;
}

static int signal_trap_init(void)
{
	trap_signal_hook = handle_trap;
	return 0;
}
INITCALL(INIT_PROCESS, signal_trap_init);
