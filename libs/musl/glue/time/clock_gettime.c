/* SPDX-License-Identifier: BSD-3-Clause */
/* A clock is read some times in each request of a guest's. Here there is always the call, which musl is not sure of. */
#include <time.h>

#include "syscall.h"

int __clock_gettime(clockid_t clock, struct timespec *time)
{
	long result = __syscall(SYS_clock_gettime, clock, time);

	return result ? (int)__syscall_ret((unsigned long)result) : 0;
}

weak_alias(__clock_gettime, clock_gettime);
