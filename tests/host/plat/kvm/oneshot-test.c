/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer with a rate of its own, known roughly: no wait ends late by more than its interrupt does, and after a few waits hardly one ends early
 * before its interrupt has taken its time.
 * sources: plat/kvm/oneshot.c
 */
#include "../../../../plat/kvm/oneshot.h"
#include "../../host.h"

#define ROUNDS 500
#define WAITS 200
#define LEARNING 20
#define TSC_HZ 2500000000ull
#define LATENCY 2000 /* TSC ticks that an interrupt takes at least */

static double ratio; /* of the simulated timer */

/* How long it takes to run out, in TSC ticks. */
static uint64_t runs(uint32_t ticks)
{
	return (uint64_t)(ticks / ratio) + 1;
}

static void one_machine(double known)
{
	struct oneshot o = { .ticks_per_tsc = (uint64_t)(ratio * known * 4294967296.0) };
	uint64_t now = (uint64_t)rand() << 20;
	unsigned early = 0;

	for (int i = 0; i < WAITS; i++) {
		uint64_t wait = TSC_HZ / 1000 + (uint64_t)rand() % (TSC_HZ / 20), deadline = now + wait;
		uint64_t end = now + runs(oneshot_ticks(&o, now, deadline));

		CHECK(end <= deadline + 1);
		now = end + LATENCY + rand() % 100000;
		if (now < deadline && i >= LEARNING)
			early++;
		oneshot_learn(&o, now);
		CHECK(o.ticks_per_tsc <= (uint64_t)(ratio * 4294967296.0) + 1);
	}
	CHECK(early <= WAITS / 10);
}

int main(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		ratio = (1 + rand() % 4000) / 1000.0;
		one_machine(1 - (rand() % 1000) / 2000.0);
	}
	struct oneshot o = { .ticks_per_tsc = 1ull << 31 };

	CHECK(oneshot_ticks(&o, 100, 50) == 1); /* over already */
	CHECK(!oneshot_is_faster(&o, 100)); /* no time has passed */
	CHECK(!oneshot_is_faster(&o, 101)); /* says nothing: one tick is the least */
	CHECK(oneshot_ticks(&o, 0, UINT64_MAX) == UINT32_MAX);
	CHECK(!oneshot_is_faster(&o, 0));
	oneshot_learn(&o, UINT64_MAX); /* a counter that jumped */
	CHECK(o.ticks_per_tsc == 1ull << 31);
	return 0;
}
