/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The boot console with a reader that is slow, one that takes a byte every 990 ms, one that stops, and one that comes back: what the waiting
 * costs is bounded for one write and in the long run, and a quick reader loses nothing.
 * sources: core/base/peer_queue.c tests/host/stubs/sched.c
 */
#include "../../../../plat/xen/console.c"
#include "../../host.h"

static struct {
	char in[1024], out[2048];
	uint32_t in_cons, in_prod, out_cons, out_prod;
} ring;
static uint64_t now = 1, takes_at; /* the next byte is taken then */
static uint64_t takes; /* how long the reader needs for one; 0: it does not read */
static uint64_t taken;
static bool noisy; /* an event is pending: polls end at once */

static void reader(void)
{
	while (takes && takes_at <= now && ring.out_cons != ring.out_prod) {
		ring.out_cons++;
		taken++;
		takes_at += takes;
	}
	if (takes_at < now)
		takes_at = now;
}

uint64_t xen_clock_monotonic(void)
{
	return now;
}

int xen_event_notify(uint32_t port __unused)
{
	reader();
	return 0;
}

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3 __unused)
{
	struct sched_poll *poll = (void *)a2;

	CHECK(nr == HYPERCALL_SCHED_OP && a1 == SCHEDOP_POLL && poll->timeout > now);
	now = noisy ? now + NSEC_PER_USEC / 2 : poll->timeout;
	reader();
	return 0;
}

/* Returns how long a line of @n bytes took. */
static uint64_t write_line(size_t n)
{
	static char line[4096];
	uint64_t begin = now;

	memset(line, 'x', n);
	xen_console_write(line, n);
	return now - begin;
}

/* Lines of 80 bytes, each a tenth of a second after the one before: the part of the time that they take. */
static uint64_t costs_in_a_minute(void)
{
	uint64_t begin = now, spent = 0;

	while (now - begin < 60 * NSEC_PER_SEC) {
		uint64_t took = write_line(80);

		CHECK(took <= NSEC_PER_SEC + 20 * NSEC_PER_MSEC);
		spent += took;
		now += 100 * NSEC_PER_MSEC;
	}
	return spent;
}

int main(void)
{
	xen_console_init(&ring, 7);

	/* A quick one loses nothing. */
	takes = NSEC_PER_USEC;
	for (int i = 0; i < 100; i++)
		CHECK(write_line(3000) <= NSEC_PER_SEC);
	now += NSEC_PER_SEC;
	reader();
	CHECK_EQ(taken, 300000);

	/* One byte every 990 ms. */
	takes = 990 * NSEC_PER_MSEC;
	now += 60 * NSEC_PER_SEC;
	CHECK(costs_in_a_minute() <= 12 * NSEC_PER_SEC);

	/* None. */
	takes = 0;
	CHECK(costs_in_a_minute() <= 10 * NSEC_PER_SEC);
	noisy = true;
	CHECK(costs_in_a_minute() <= 10 * NSEC_PER_SEC);
	noisy = false;

	/* It reads again. */
	takes = 10 * NSEC_PER_USEC;
	now += 60 * NSEC_PER_SEC;
	reader();
	taken = 0;
	ring.out_cons = ring.out_prod;
	CHECK(write_line(3000) <= NSEC_PER_SEC);
	now += NSEC_PER_SEC;
	reader();
	CHECK_EQ(taken, 3000);

	/* Indices that make no sense. */
	ring.out_cons = ring.out_prod + 1;
	CHECK_EQ(write_line(3000), 0);
	return 0;
}
