/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/boot.h>
#include <posix/futex.h>

#include "internal.h"

long sys_exit_group(int status)
{
#ifdef CONFIG_CORE_PROCESSES
	if (process_self())
		process_exit((status & 0xff) << 8);
#endif
	boot_exit(status & 0xff);
}

long sys_exit(int status)
{
#ifdef CONFIG_CORE_PROCESSES
	process_thread_exit((status & 0xff) << 8);
#endif
	futex_thread_end(posix_thread_self()->robust);
	if (--posix_thread_count == 0)
		sys_exit_group(status);
	thread_exit();
}
