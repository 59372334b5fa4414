/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/syscall.h>

#include <core/boot.h>
#include <posix/futex.h>

#include "internal.h"

long uk_syscall_exit_group(long status)
{
	boot_exit(status & 0xff);
}

long uk_syscall_exit(long status)
{
	struct posix_thread *self = posix_thread_self();

	if (--posix_thread_count == 0)
		uk_syscall_exit_group(status);
	if (self->clear_tid) {
		*self->clear_tid = 0;
		futex_wake(self->clear_tid, 1);
	}
	thread_exit();
}
