/* SPDX-License-Identifier: BSD-3-Clause */
/* What lwIP wants of the compiler and of the system, for its own tests: a failed assertion is a failed test. */
#ifndef SUITES_LWIP_ARCH_CC_H
#define SUITES_LWIP_ARCH_CC_H

#include <stdio.h>
#include <sys/time.h>

unsigned int lwip_port_rand(void);
_Noreturn void check_stop(const char *what, const char *file, int line);

#define LWIP_RAND() ((u32_t)lwip_port_rand())
#define LWIP_PLATFORM_ASSERT(what) check_stop(what, __FILE__, __LINE__)
#define LWIP_PLATFORM_DIAG(message) \
	do { \
		printf message; \
	} while (0)
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_INCLUDE <errno.h>

#endif
