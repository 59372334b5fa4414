/* SPDX-License-Identifier: BSD-3-Clause */
#include <posix/calls.h>

#include <core/boot.h>
#include <posix/futex.h>

#include "internal.h"

long sys_exit_group(int status)
{
	boot_exit(status & 0xff);
}

long sys_exit(int status)
{
	futex_thread_end(posix_thread_self()->robust);
	if (--posix_thread_count == 0)
		sys_exit_group(status);
	thread_exit();
}
