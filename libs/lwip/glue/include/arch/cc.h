/* SPDX-License-Identifier: BSD-3-Clause */
/* What lwIP wants of the compiler and of the system. */
#ifndef LWIP_GLUE_ARCH_CC_H
#define LWIP_GLUE_ARCH_CC_H

#include <stdint.h>

/* The kernel's, of <core/netstack.h>, which upstream's sources do not see. */
uint32_t netstack_random(void);
_Noreturn void netstack_fatal(const char *what, const char *file, int line);

#define LWIP_RAND() netstack_random()
#define LWIP_PLATFORM_ASSERT(what) netstack_fatal(what, __FILE__, __LINE__)
/* Only with LWIP_DEBUG, which is off: lwIP's messages end here. */
#define LWIP_PLATFORM_DIAG(message)
/* A wrong argument is ours, and checked by who calls; what is returned for it reaches the program as an error. */
#define LWIP_ERROR(message, expression, handler) \
	do { \
		if (!(expression)) { \
			handler; \
		} \
	} while (0)

/* The numbers of the processor. */
#define BYTE_ORDER LITTLE_ENDIAN
#define LWIP_DONT_PROVIDE_BYTEORDER_FUNCTIONS
#define lwip_htons(x) __builtin_bswap16(x)
#define lwip_htonl(x) __builtin_bswap32(x)
#define LWIP_CHKSUM_ALGORITHM 3

#endif
