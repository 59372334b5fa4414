/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <core/boot.h>

#include "internal.h"

long uk_syscall_exit_group(long status)
{
	boot_exit(status & 0xff);
}

long uk_syscall_exit(long status)
{
	if (--posix_thread_count == 0)
		uk_syscall_exit_group(status);
	thread_exit();
}
