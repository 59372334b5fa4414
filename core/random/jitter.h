/* SPDX-License-Identifier: BSD-3-Clause */
/* Randomness from how long the same work takes. Inside core/random only. */
#ifndef CORE_RANDOM_JITTER_H
#define CORE_RANDOM_JITTER_H

#include <core/base.h>

struct jitter {
	uint64_t hash[4];
	unsigned bits; /* of randomness, by a careful estimate */
};

/*
 * Takes a few milliseconds at most. A moment counts an eighth of a bit if the time since the one before, its change and the change's change are all
 * not 0: a clock that counts instructions, or that is coarse, gives nothing. Any context.
 */
void jitter_collect(struct jitter *j);

#endif
