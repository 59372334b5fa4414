/* SPDX-License-Identifier: BSD-3-Clause */
/* Clocks are read some times in each request of a guest's: most are told without a call, as by Linux' vDSO. */
#include <time.h>
#include <uk/syscall.h>

#include "syscall.h"

int __clock_gettime(clockid_t clock, struct timespec *time)
{
	if (uk_clock_tell(clock, time))
		return 0;
	return (int)__syscall_ret((unsigned long)__syscall(SYS_clock_gettime, clock, time));
}

weak_alias(__clock_gettime, clock_gettime);
