/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An image without some POSIX library (sockets, epoll ...) still links: its calls fail like calls that do not exist. The strong definition of
 * an enabled library replaces the weak one here.
 */
#include <uk/syscall.h>

#include <core/base.h>
#include <core/errno.h>
#include <core/log.h>

static long absent(const char *name)
{
	pr_warn("system call %s: ENOSYS: its library is not in this image", name);
	return -ENOSYS;
}

#define PARAMS_0 void
#define PARAMS_1 long a __unused
#define PARAMS_2 PARAMS_1, long b __unused
#define PARAMS_3 PARAMS_2, long c __unused
#define PARAMS_4 PARAMS_3, long d __unused
#define PARAMS_5 PARAMS_4, long e __unused
#define PARAMS_6 PARAMS_5, long f __unused

#define WEAK(number, name, count) \
	__weak long uk_syscall_##name(PARAMS_##count) \
	{ \
		return absent(#name); \
	}
UK_SYSCALLS(WEAK)
