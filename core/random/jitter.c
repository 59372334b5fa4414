/* SPDX-License-Identifier: BSD-3-Clause */
#include "jitter.h"

#include <plat/plat.h>

#define SAMPLES 2048
#define SAMPLES_A_BIT 8
/* Time that passes by steps, like that of an emulator that counts instructions, repeats itself: of few different times none count. */
#define KINDS_MIN 16
#define KINDS 64

#define MEMORY 2048

/* Work whose time depends on caches, translation and whoever else uses the processor. */
static uint64_t work(uint64_t seed)
{
	static volatile uint8_t memory[MEMORY];
	uint64_t at = seed;

	for (int i = 0; i < 8; i++) {
		at = at * 6364136223846793005u + 1442695040888963407u;
		memory[(at >> 33) % MEMORY]++;
	}
	return at;
}

static uint64_t rotl(uint64_t v, int n)
{
	return v << n | v >> (64 - n);
}

void jitter_collect(struct jitter *j)
{
	uint64_t kinds = 0, last = plat_clock_monotonic(), state = last;
	int64_t delta = 0, change = 0;
	unsigned good = 0;

	*j = (struct jitter){ .bits = 0 };
	for (unsigned i = 0; i < SAMPLES; i++) {
		state = work(state);
		uint64_t now = plat_clock_monotonic();
		int64_t d = (int64_t)(now - last), c = d - delta, cc = c - change;

		good += d && c && cc;
		kinds |= 1ull << (uint64_t)d % KINDS;
		last = now;
		delta = d;
		change = c;
		j->hash[i % 4] = rotl(j->hash[i % 4] ^ now, 11) * 0x9e3779b97f4a7c15u;
	}
	if (__builtin_popcountll(kinds) >= KINDS_MIN)
		j->bits = good / SAMPLES_A_BIT;
}
