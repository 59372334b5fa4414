/* SPDX-License-Identifier: BSD-3-Clause */
#include "rate.h"

#define MILLION 1000000u

/* A first sample that took long keeps the bounds apart for long: of the first ones the quickest is taken. */
#define FIRST_TRIES 16

typedef unsigned __int128 wide;

static uint64_t width(const struct rate_sample *s)
{
	return s->after - s->before;
}

static void begin(struct rate *r, const struct rate_sample *s)
{
	r->first = r->last = *s;
	r->passed = 0;
	r->lo = 0;
	r->hi = 0;
}

/* A sample that may come before the other as the first one: it bounds more closely. */
static bool is_closer(const struct rate_sample *s, const struct rate_sample *than)
{
	return s->edge != than->edge ? s->edge : width(s) < width(than);
}

/*
 * The reference's ticks are read cut off: those that passed are more than one less, and less than one more, than the difference; but not at an edge,
 * where nothing was cut off.
 */
static void narrow(struct rate *r)
{
	if (r->passed < 2 || r->last.before <= r->first.after)
		return;
	uint64_t lo = (uint64_t)((wide)(r->last.before - r->first.after) * r->reference_hz / (r->passed + !r->last.edge));
	uint64_t hi = (uint64_t)((wide)(r->last.after - r->first.before) * r->reference_hz / (r->passed - !r->first.edge)) + 1;

	r->lo = MAX(r->lo, lo);
	r->hi = r->hi ? MIN(r->hi, hi) : hi;
}

/*
 * How far the reference went since the last sample. A short time is one in which it cannot wrap; over a longer one the bounds so far tell how
 * often it did. False when they do not.
 */
static bool ticks_since(const struct rate *r, const struct rate_sample *s, uint64_t *ticks)
{
	uint64_t gap = s->after - r->last.before, hz = rate_hz(r);
	uint32_t read = (s->reference - r->last.reference) & r->mask;

	if (s->after < r->last.before)
		return false;
	if (gap <= r->gap_max) {
		*ticks = read;
		return true;
	}
	if (!r->lo)
		return false;
	uint64_t expected = (uint64_t)((wide)gap * r->reference_hz / hz);

	if ((wide)expected * (r->hi - r->lo) / r->lo + (uint64_t)((wide)width(s) * r->reference_hz / r->lo) > r->mask / 4)
		return false;
	uint32_t off = (read - (uint32_t)expected) & r->mask;

	*ticks = off > r->mask / 2 ? expected - (r->mask - off + 1) : expected + off;
	return true;
}

void rate_add(struct rate *r, const struct rate_sample *s)
{
	uint64_t ticks;

	if (r->samples < FIRST_TRIES && (!r->samples || is_closer(s, &r->first))) {
		r->samples++;
		begin(r, s);
		return;
	}
	r->samples++;
	if (ticks_since(r, s, &ticks)) {
		r->passed += ticks;
		r->last = *s;
		narrow(r);
		if (r->lo <= r->hi || !r->hi)
			return;
	}
	r->restarts++;
	r->samples = 1;
	begin(r, s);
}

bool rate_is_within(const struct rate *r, unsigned ppm)
{
	return r->samples >= FIRST_TRIES && r->hi && r->lo && (wide)(r->hi - r->lo) * MILLION <= (wide)r->lo * ppm;
}

uint64_t rate_hz(const struct rate *r)
{
	return r->hi ? r->lo + (r->hi - r->lo) / 2 : 0;
}
