/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PLAT_MONOTONIC_H
#define PLAT_MONOTONIC_H

#include <stdint.h>

/*
 * The later of @now, just read from a clock that may step back (a hypervisor corrects its rates, a time-stamp counter is reset), and of what
 * was returned last, which *@last keeps. Returned values never decrease. Any context.
 */
static inline uint64_t monotonic(uint64_t *last, uint64_t now)
{
	uint64_t before = __atomic_load_n(last, __ATOMIC_RELAXED);

	do {
		if (now <= before)
			return before;
	} while (!__atomic_compare_exchange_n(last, &before, now, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return now;
}

#endif
