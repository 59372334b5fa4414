/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls by number, and those that do not exist. */
#include <uk/syscall.h>

#include <core/errno.h>
#include <core/log.h>

#include "entry.h"

#define CALL_0(name) uk_syscall_##name()
#define CALL_1(name) uk_syscall_##name(a)
#define CALL_2(name) uk_syscall_##name(a, b)
#define CALL_3(name) uk_syscall_##name(a, b, c)
#define CALL_4(name) uk_syscall_##name(a, b, c, d)
#define CALL_5(name) uk_syscall_##name(a, b, c, d, e)
#define CALL_6(name) uk_syscall_##name(a, b, c, d, e, f)

#define NUMBERS 512
#define WORD 64

long call_missing(long number, const char *why)
{
	static uint64_t logged[NUMBERS / WORD];

	if (number < 0 || number >= NUMBERS)
		return -ENOSYS;
	if (!(logged[number / WORD] & 1ull << (number % WORD))) {
		logged[number / WORD] |= 1ull << (number % WORD);
		pr_warn("system call %ld %s: ENOSYS", number, why ? why : call_name(number));
	}
	return -ENOSYS;
}

long uk_syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	switch (number) {
#define CASE(n, name, kind, count, ...) \
	case n: \
		return CALL_##count(name);
		UK_SYSCALLS_MAIN(CASE)
#ifdef CONFIG_POSIX_MQUEUE
		UK_SYSCALLS_MQUEUE(CASE)
#endif
#ifdef CONFIG_POSIX_SYSVIPC
		UK_SYSCALLS_SYSVIPC(CASE)
#endif
#undef CASE
	}
	uk_call_forget(); /* a cancellation point may have prepared it */
	return call_missing(number, NULL);
}
