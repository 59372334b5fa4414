/* SPDX-License-Identifier: BSD-3-Clause */
/* mlock2(2). */
#include <posix/calls.h>

#include <core/errno.h>
#include <core/vmem.h>

#define MLOCK_ONFAULT 1

/* Pages never leave memory once they are there: what is locked on its first touch needs nothing now. */
long sys_mlock2(uintptr_t addr, size_t size, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return flags ? sys_munlock(addr, size) : sys_mlock(addr, size);
}
