/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An image without some POSIX library (sockets, epoll ...) still links: its calls fail like calls that do not exist. The strong definition of
 * an enabled library replaces the weak one here.
 */
#include <posix/calls.h>

#include "entry.h"

#define PARAMS_0() void
#define PARAMS_1(a) a _a __unused
#define PARAMS_2(a, b) PARAMS_1(a), b _b __unused
#define PARAMS_3(a, b, c) PARAMS_2(a, b), c _c __unused
#define PARAMS_4(a, b, c, d) PARAMS_3(a, b, c), d _d __unused
#define PARAMS_5(a, b, c, d, e) PARAMS_4(a, b, c, d), e _e __unused
#define PARAMS_6(a, b, c, d, e, f) PARAMS_5(a, b, c, d, e), f _f __unused

#define ABSENT(number, name, kind, count, ...) \
	__weak long sys_##name(PARAMS_##count(__VA_ARGS__)) \
	{ \
		return call_missing(number, #name ": its library is not in this image"); \
	}
UK_SYSCALLS(ABSENT)
