/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"

#include <signal.h>

static uint64_t state = 1;

void random_seed(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du;
	if (!state)
		state = 1;
}

/* xorshift64*: G. Marsaglia, "Xorshift RNGs", and S. Vigna's multiplier. */
uint64_t random_next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1du;
}

uint64_t random_below(uint64_t n)
{
	return (random_next() >> 16) % n;
}

int random_signal(void)
{
	int sig = (int)random_below(65);

	return signal_is_left_alone(sig) ? SIGUSR1 : sig;
}
