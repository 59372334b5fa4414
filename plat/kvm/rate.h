/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rate of one counter by another, from samples taken while the host may take the processor away at any moment. A sample brackets one
 * reading of the reference by two of the counter: however long that took, the reference was read in between. Two samples therefore bound the
 * rate, and the bounds of all samples hold at once. The closest are from moments at which the reference was seen to go on by one tick.
 */
#ifndef KVM_RATE_H
#define KVM_RATE_H

#include <core/base.h>

struct rate_sample {
	uint64_t before, after; /* the counter */
	uint32_t reference; /* as read, of which @mask bits count */
	bool edge; /* not read in between, but came to be in between */
};

struct rate {
	/* Given. */
	uint32_t mask; /* of the reference, which counts up and wraps */
	uint32_t reference_hz;
	uint64_t
		gap_max; /* counter ticks between two samples within which the reference cannot have wrapped, whatever the rate is */
	/* Found. */
	uint64_t lo, hi; /* the counter's rate in Hz is within; hi 0: nothing is known yet */
	unsigned samples, restarts;
	struct rate_sample first, last;
	uint64_t passed; /* reference ticks between these two */
};

/*
 * The next sample for rate_add(), from a loop that reads until the reference goes on, or has been read *@left times, which it counts down.
 * @read gives the reference, @counter the counter.
 */
static __always_inline struct rate_sample rate_wait(const struct rate *r, uint32_t (*read)(void), uint64_t (*counter)(void),
                                                    unsigned *left)
{
	uint64_t older = counter();
	uint32_t value = read();
	uint64_t newer = counter();

	while (*left) {
		uint32_t next = read();
		uint64_t now = counter();

		--*left;
		if ((next - value) & r->mask) {
			/* With more ticks than one a reading takes longer than a tick: that it was read in between says more. */
			bool edge = ((next - value) & r->mask) == 1;

			return (struct rate_sample){
				.before = edge ? older : newer, .after = now, .reference = next, .edge = edge
			};
		}
		older = newer;
		newer = now;
	}
	return (struct rate_sample){ .before = older, .after = newer, .reference = value };
}

/*
 * Take another sample. One that contradicts those before, or that came too late to know how often the reference wrapped, becomes the first of a
 * new measurement.
 */
void rate_add(struct rate *r, const struct rate_sample *s);

/* Are the bounds closer together than @ppm millionths? */
bool rate_is_within(const struct rate *r, unsigned ppm);

/* The middle of the bounds, in Hz; 0 while nothing is known. */
uint64_t rate_hz(const struct rate *r);

#endif
