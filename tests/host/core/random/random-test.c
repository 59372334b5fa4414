/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When the generator counts as seeded, by which sources, on machines whose clocks differ.
 * sources: core/random/random.c core/random/jitter.c tests/host/stubs/sched.c
 */
#include <core/init.h>
#include <core/log.h>
#include <core/random.h>
#include <core/string.h>
#include <plat/plat.h>

#include "../../../../core/random/jitter.h"
#include "../../host.h"

static enum { COUNTING, COARSE, STEPS, FINE } clock_kind;
static uint64_t now;
static unsigned warnings;

static uint64_t clock_monotonic(void)
{
	static unsigned reads;

	switch (clock_kind) {
	case COUNTING: /* an emulator that counts instructions */
		return now += 120;
	case COARSE:
		return now += ++reads % 1000 ? 0 : 1000000;
	case STEPS: /* of which there are three, in an order that repeats itself */
		return now += (uint64_t[]){ 100, 130, 170 }[++reads % 3];
	case FINE:
		return now += 100 + rand() % 900;
	}
	return 0;
}

static uint64_t clock_wall_at_boot(void)
{
	return 1700000000ull * NSEC_PER_SEC;
}

static bool no_random(uint64_t *out)
{
	(void)out;
	return false;
}

const struct plat_ops plat_ops = {
	.clock_monotonic = clock_monotonic,
	.clock_wall_at_boot = clock_wall_at_boot,
	.random = no_random,
};

void log_printf(enum log_level level, const char *fmt, ...)
{
	(void)fmt;
	warnings += level == LOG_WARN;
}

static unsigned bits_of(int kind)
{
	struct jitter j;

	clock_kind = kind;
	jitter_collect(&j);
	return j.bits;
}

static void test_jitter(void)
{
	CHECK_EQ(bits_of(COUNTING), 0);
	CHECK_EQ(bits_of(COARSE), 0);
	CHECK_EQ(bits_of(STEPS), 0);
	CHECK(bits_of(FINE) >= RANDOM_SEED_BITS);
}

/* On a machine without any source. */
static void test_credit(void)
{
	uint8_t a[32], b[32];

	clock_kind = COUNTING;
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	CHECK(memcmp(a, b, sizeof(a)));
	CHECK(!random_is_seeded());
	for (int i = 0; i < 100; i++)
		random_add_entropy(a, sizeof(a)); /* what a program writes */
	random_seed(a, 0, 4096); /* a device that gives nothing */
	random_seed(a, 1, 4096); /* 8 bits fit into a byte */
	random_seed(a, 32, RANDOM_SEED_BITS - 9);
	CHECK(!random_is_seeded());
	random_seed(a, 32, 1);
	CHECK(random_is_seeded());
	random_seed(a, 32, ~0u);
	CHECK(random_is_seeded());
}

int main(void)
{
	test_jitter();
	test_credit();
	return 0;
}
