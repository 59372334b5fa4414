/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls as function calls, in place of musl's arch/x86_64/syscall_arch.h.
 *
 * A number known at compile time becomes a direct call of uk_syscall_<name>; all others go through uk_syscall6(). There is
 * no `syscall` instruction and no vdso.
 */
#include <uk/syscall.h>

#define __SYSCALL_LL_E(x) (x)
#define __SYSCALL_LL_O(x) (x)

#define IPC_64 0

#define UK_INLINE static inline __attribute__((__always_inline__, __unused__))

#define UK_PASS_0
#define UK_PASS_1 a
#define UK_PASS_2 a, b
#define UK_PASS_3 a, b, c
#define UK_PASS_4 a, b, c, d
#define UK_PASS_5 a, b, c, d, e
#define UK_PASS_6 a, b, c, d, e, f
#define UK_CASE(number, name, kind, count, ...) \
	case number: \
		return uk_syscall_##name(UK_PASS_##count);

UK_INLINE long __uk_syscall(long n, long a, long b, long c, long d, long e, long f)
{
	if (__builtin_constant_p(n))
		switch (n) {
			UK_SYSCALLS(UK_CASE)
		}
	return uk_syscall6(n, a, b, c, d, e, f);
}

#undef UK_CASE

UK_INLINE long __syscall0(long n)
{
	return __uk_syscall(n, 0, 0, 0, 0, 0, 0);
}

UK_INLINE long __syscall1(long n, long a)
{
	return __uk_syscall(n, a, 0, 0, 0, 0, 0);
}

UK_INLINE long __syscall2(long n, long a, long b)
{
	return __uk_syscall(n, a, b, 0, 0, 0, 0);
}

UK_INLINE long __syscall3(long n, long a, long b, long c)
{
	return __uk_syscall(n, a, b, c, 0, 0, 0);
}

UK_INLINE long __syscall4(long n, long a, long b, long c, long d)
{
	return __uk_syscall(n, a, b, c, d, 0, 0);
}

UK_INLINE long __syscall5(long n, long a, long b, long c, long d, long e)
{
	return __uk_syscall(n, a, b, c, d, e, 0);
}

UK_INLINE long __syscall6(long n, long a, long b, long c, long d, long e, long f)
{
	return __uk_syscall(n, a, b, c, d, e, f);
}

/*
 * Cancellation points. __uk_cp_enter() decides whether the call may be made: if not, *result is what it returns. From its look at the
 * request until the call sleeps no handler runs (uk_call_prepare()), so a request that comes later makes the call return -EINTR, on which
 * __uk_cp_leave() acts: a call that had an effect returns it.
 */
__attribute__((__visibility__("hidden"))) int __uk_cp_enter(long n, long *result);
__attribute__((__visibility__("hidden"))) long __uk_cp_leave(long n, long result);

UK_INLINE long __uk_syscall_cp(long n, long a, long b, long c, long d, long e, long f)
{
	long result;

	if (!__uk_cp_enter(n, &result))
		return result;
	result = __uk_syscall(n, a, b, c, d, e, f);
	return __builtin_expect(result == -4, 0) ? __uk_cp_leave(n, result) : result; /* -EINTR */
}
