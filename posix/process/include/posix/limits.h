/* SPDX-License-Identifier: BSD-3-Clause */
/* Resource limits of the process, for the calls that heed them. */
#ifndef POSIX_LIMITS_H
#define POSIX_LIMITS_H

#include <stdint.h>

#include <abi/resource.h>

/* The soft limit of @which (RLIMIT_*, valid), RLIM_INFINITY if there is none. Any context. */
uint64_t limit_of(int which);
/* Both limits of @which, as of one moment. Any context. */
struct rlimit64 limits_get(int which);

#endif
