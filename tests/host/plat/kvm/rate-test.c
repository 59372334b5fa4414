/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The estimator of a counter's rate, with a host that takes the processor away where it likes: the bounds always hold the true rate, and get
 * tight in a time that the noise does not prolong much.
 * sources: plat/kvm/rate.c
 */
#include "../../../../plat/kvm/rate.h"
#include "../../host.h"

#define ROUNDS 300
#define PICO 1000000000000ull

/* The simulated machine: the time in picoseconds, two counters. */
static uint64_t now, counter_hz, reference_hz, reference_offset;
static uint32_t mask;
static unsigned steal_one_in; /* of the moments at which the host may take the processor away, it does in one of so many */

static uint64_t counter(void)
{
	return (uint64_t)((unsigned __int128)now * counter_hz / PICO);
}

static uint32_t reference(void)
{
	return (uint32_t)(reference_offset + (uint64_t)((unsigned __int128)now * reference_hz / PICO)) & mask;
}

/* Up to 2 us for an access; now and then up to 20 ms for nothing. */
static void pass(void)
{
	now += 200000 + rand() % 2000000;
	if (steal_one_in && !(rand() % steal_one_in))
		now += (uint64_t)rand() % 20000 * 1000000;
}

static struct rate_sample sample(void)
{
	struct rate_sample s = { .before = counter() };

	pass();
	s.reference = reference();
	pass();
	s.after = counter();
	pass();
	return s;
}

static struct rate start(uint64_t hz, bool pit)
{
	now = (uint64_t)rand() * 1000;
	counter_hz = hz;
	reference_hz = pit ? 1193182 : 3579545;
	mask = pit ? 0xffff : 0xffffff;
	reference_offset = (uint64_t)rand();
	return (struct rate){ .mask = mask,
		              .reference_hz = (uint32_t)reference_hz,
		              .gap_max = mask * 500000000ull / reference_hz };
}

static void check_bounds(const struct rate *r)
{
	if (r->hi)
		CHECK(r->lo <= counter_hz && counter_hz <= r->hi);
}

static uint64_t look_at_counter(void)
{
	now += 5000 + rand() % 10000;
	return counter();
}

/* Quick, as where no hypervisor has to be asked, and slow. */
static uint32_t look_at_reference(void)
{
	now += rand() % 16 ? 20000 : 2000000;
	if (steal_one_in && !(rand() % (20 * steal_one_in)))
		now += (uint64_t)rand() % 200000 * 1000000;
	return reference();
}

/* Who waits for the reference's edges: right as well, and in much less time. */
static void test_edges(bool pit, unsigned one_in)
{
	static const uint64_t rates[] = { 600000000, 1000000000, 2596123456, 4999999999 };

	steal_one_in = one_in;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct rate r = start(rates[i % ARRAY_SIZE(rates)], pit);
		unsigned left = 200000;
		uint64_t began = now;

		while (left && !rate_is_within(&r, 500)) {
			struct rate_sample s = rate_wait(&r, look_at_reference, look_at_counter, &left);

			rate_add(&r, &s);
			check_bounds(&r);
		}
		CHECK(rate_is_within(&r, 500));
		if (!one_in)
			CHECK(now - began < 600 * 1000000ull); /* 600 us */
	}
}

/* A reference that stands still: the wait for it ends. */
static uint32_t look_at_nothing(void)
{
	return 7;
}

static void test_no_edges(void)
{
	struct rate r = start(3000000000, false);
	unsigned left = 1000;
	struct rate_sample s = rate_wait(&r, look_at_nothing, look_at_counter, &left);

	CHECK_EQ(left, 0);
	CHECK(!s.edge);
	CHECK_EQ(s.reference, 7);
}

static void measure(struct rate *r, unsigned ppm, unsigned most)
{
	for (unsigned i = 0; i < most && !rate_is_within(r, ppm); i++) {
		struct rate_sample s = sample();

		rate_add(r, &s);
		check_bounds(r);
	}
	CHECK(rate_is_within(r, ppm));
	CHECK(rate_hz(r) - counter_hz + counter_hz * ppm / 1000000 + 1 <= 2 * (counter_hz * ppm / 1000000 + 1));
}

static void test_noise(bool pit, unsigned one_in)
{
	static const uint64_t rates[] = { 600000000, 1000000000, 2596123456, 4999999999 };

	steal_one_in = one_in;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct rate r = start(rates[i % ARRAY_SIZE(rates)], pit);

		measure(&r, 300, 200000);
	}
}

/* Afterwards, in long and odd intervals, over many wraps of the reference. */
static void test_later(void)
{
	steal_one_in = 50;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct rate r = start(2596123456, false);

		measure(&r, 300, 200000);
		for (unsigned j = 0; j < 40; j++) {
			now += (uint64_t)(rand() % 20000 + 1) * 1000000000; /* up to 20 s */
			struct rate_sample s = sample();

			rate_add(&r, &s);
			check_bounds(&r);
		}
		CHECK_EQ(r.restarts, 0);
		CHECK(rate_is_within(&r, 3));
	}
}

/* Too long a pause before anything is known; a counter that steps back; one that changes its rate: begun anew, and right again. */
static void test_surprises(void)
{
	steal_one_in = 0;
	struct rate r = start(3000000000, false);
	struct rate_sample s;

	for (unsigned i = 0; i < 20; i++) {
		s = sample();
		rate_add(&r, &s);
	}
	now += 60 * PICO;
	measure(&r, 300, 200000);
	now = 1000;
	s = sample();
	rate_add(&r, &s);
	CHECK(r.restarts && !r.hi && !rate_hz(&r) && !rate_is_within(&r, 1000000));
	measure(&r, 300, 200000);
	counter_hz = 3100000000;
	for (unsigned i = 0; i < 100000 && r.restarts < 2; i++) {
		s = sample();
		rate_add(&r, &s);
	}
	CHECK(r.restarts >= 2);
}

/* A reference or a counter that stands still: nothing is known, and nothing is divided by. */
static void test_dead(void)
{
	struct rate r = start(3000000000, false);

	for (unsigned i = 0; i < 1000; i++) {
		struct rate_sample s = { .before = counter(), .reference = 7 };

		pass();
		s.after = counter();
		rate_add(&r, &s);
	}
	CHECK(!r.hi && !rate_hz(&r));
	r = start(3000000000, false);
	for (unsigned i = 0; i < 1000; i++) {
		struct rate_sample s = { .before = 5, .after = 5, .reference = i };

		rate_add(&r, &s);
	}
	CHECK(!rate_is_within(&r, 1000));
}

int main(void)
{
	srand(1);
	test_noise(false, 0);
	test_noise(false, 20);
	test_noise(false, 4);
	test_noise(true, 0);
	test_noise(true, 50);
	test_edges(false, 0);
	test_edges(false, 20);
	test_edges(false, 1);
	test_edges(true, 0);
	test_edges(true, 20);
	test_no_edges();
	test_later();
	test_surprises();
	test_dead();
	return 0;
}
