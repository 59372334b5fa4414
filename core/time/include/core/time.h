/* SPDX-License-Identifier: BSD-3-Clause */
/* Clocks, in nanoseconds. */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <core/timer.h>

uint64_t time_wall(void); /* ns since 1970-01-01 UTC */
void time_set_wall(uint64_t ns);

/* Sleep, not interruptible. */
void time_sleep_until(uint64_t deadline);

#endif
