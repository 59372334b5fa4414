/* SPDX-License-Identifier: BSD-3-Clause */
/* How fast the emulation is, for `make bench`: work done in a fixed time. Numbers are for comparing two runs, no check depends on them. */
#include "guest.h"

#define LARGE 128 /* sectors: 64 KiB, what one table of the bus master is made for */
#define SMALL 8 /* a page */

static unsigned duration_ms(void)
{
	return parameter_number("ms", 2000);
}

/* Bus-master DMA of @count sectors a command, one after the other or anywhere. */
static void disk_speed(const char *what, bool write, bool anywhere, unsigned count)
{
	uint32_t places = ide_sectors() / count, at = 0, done = 0;
	uint64_t begin = rdtsc(), end = deadline_ms(duration_ms());
	uint32_t ms;

	do {
		uint32_t sector = (anywhere ? random32() : at++) % places * count;

		if (!ide_dma(write, sector, count, (uint8_t *)DMA_BUFFER))
			return fail("%s: sector %u", what, sector);
		done++;
	} while (!past(end));
	ms = cycles_to_us(rdtsc() - begin) / 1000;
	note("speed %s: %u KiB/s", what, done * (count / 2) * 10 / (ms / 100 ? ms / 100 : 1));
}

void measure_disk(void)
{
	if (!ide_sectors())
		return fail("no disk with a bus master");
	if (parameter("sleep")) {
		tick_start();
		ide_interrupts(true);
	}
	memset((uint8_t *)DMA_BUFFER, 0x5a, LARGE * 512);
	disk_speed("sequential_write", true, false, LARGE);
	disk_speed("sequential_read", false, false, LARGE);
	disk_speed("random_write", true, true, SMALL);
	disk_speed("random_read", false, true, SMALL);
	if (parameter("sleep")) {
		ide_interrupts(false);
		tick_stop();
	}
}

/* For who counts: so many requests of a page, each waited for asleep. The tick is there, since a processor that waits must not sleep for ever. */
void request_disk(void)
{
	uint32_t places = ide_sectors() / SMALL;
	unsigned requests = parameter_number("requests", 16), writes_from = parameter_number("before", 0) + requests;

	if (!places)
		return fail("no disk with a bus master");
	tick_start();
	ide_interrupts(true);
	for (unsigned i = 0; i < writes_from + requests; i++)
		if (!ide_dma(i >= writes_from, random32() % places * SMALL, SMALL, (uint8_t *)DMA_BUFFER))
			fail("request %u", i);
	ide_interrupts(false);
	tick_stop();
}

/* A sieve and sums over what it found: loads, stores, branches and arithmetic, in code that is translated once. */
static uint32_t sieve(uint8_t *flags, uint32_t size)
{
	uint32_t sum = 0;

	memset(flags, 1, size);
	for (uint32_t i = 2; i < size; i++) {
		if (!flags[i])
			continue;
		for (uint32_t j = i * 2; j < size; j += i)
			flags[j] = 0;
		sum = (sum << 5 | sum >> 27) ^ (i * 2654435761u);
	}
	return sum;
}

void measure_cpu(void)
{
	uint32_t rounds = 0, expected = sieve((uint8_t *)WORK_BUFFER, 20000), ms;
	uint64_t begin = rdtsc(), end = deadline_ms(duration_ms());

	do {
		if (sieve((uint8_t *)WORK_BUFFER, 20000) != expected)
			return fail("the sieve's sum changed");
		rounds++;
	} while (!past(end));
	ms = cycles_to_us(rdtsc() - begin) / 1000;
	note("speed cpu: %u rounds/s", rounds * 1000 / (ms ? ms : 1));
}
