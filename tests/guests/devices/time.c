/* SPDX-License-Identifier: BSD-3-Clause */
/* PIT and RTC; time by the cycle counter, calibrated by the PIT. */
#include "guest.h"

#define PIT_HZ 1193182u
#define PIT_DATA(n) (uint16_t)(0x40 + (n))
#define PIT_MODE 0x43
#define GATE_PORT 0x61 /* bit 0: gate of counter 2; bit 5: its output */
#define CALIBRATIONS 3

static uint32_t cycles_per_ms = 1000000;

static uint64_t divide(uint64_t v, uint32_t by)
{
	uint32_t high = (uint32_t)(v >> 32), low = (uint32_t)v, rest, quotient_high = high / by;

	high %= by;
	__asm__("divl %4" : "=a"(low), "=d"(rest) : "0"(low), "1"(high), "r"(by));
	return (uint64_t)quotient_high << 32 | low;
}

/* Counter 2, one shot of @ticks: the cycles it took, 0 if it does not end. */
static uint64_t one_shot(unsigned ticks)
{
	uint64_t begin;

	outb(GATE_PORT, (inb(GATE_PORT) & 0xfc));
	outb(PIT_MODE, 0xb0); /* counter 2, both bytes, mode 0 */
	outb(PIT_DATA(2), (uint8_t)ticks);
	outb(PIT_DATA(2), (uint8_t)(ticks >> 8));
	outb(GATE_PORT, (inb(GATE_PORT) & 0xfc) | 1);
	begin = rdtsc();
	for (unsigned i = 0; i < 100000000; i++)
		if (inb(GATE_PORT) & 0x20)
			return rdtsc() - begin;
	return 0;
}

/* A busy machine may stop us in the middle, and some emulators make up for that with the counter only: the longest of several is nearest. */
void clock_calibrate(void)
{
	uint64_t cycles = 0;

	for (unsigned i = 0; i < CALIBRATIONS; i++) {
		uint64_t one = one_shot(PIT_HZ / 20);

		cycles = one > cycles ? one : cycles;
	}
	if (cycles)
		cycles_per_ms = (uint32_t)divide(cycles, 50);
	note("%u cycles a millisecond", cycles_per_ms);
}

uint32_t cycles_to_us(uint64_t cycles)
{
	return (uint32_t)divide(cycles * 1000, cycles_per_ms);
}

uint64_t deadline_ms(unsigned ms)
{
	return rdtsc() + (uint64_t)ms * cycles_per_ms;
}

bool past(uint64_t deadline)
{
	return rdtsc() > deadline;
}

/* Of three, the one from which an emulator on a busy machine was kept the least. 0 if one does not end. */
static uint64_t shortest(unsigned ticks)
{
	uint64_t least = one_shot(ticks);

	for (unsigned i = 1; least && i < 3; i++) {
		uint64_t one = one_shot(ticks);

		least = one < least ? one : least;
	}
	return least;
}

void check_pit(void)
{
	uint64_t first = shortest(PIT_HZ / 100), second = shortest(PIT_HZ / 25);
	uint32_t a = cycles_to_us(first), b = cycles_to_us(second);

	if (!first || !second)
		fail("counter 2 does not reach its end");
	else if (a < 5000 || a > 40000 || b < 20000 || b > 120000)
		fail("10 ms took %u us, 40 ms %u us", a, b);
}

void tick_start(void)
{
	outb(PIT_MODE, 0x34); /* counter 0, rate generator */
	outb(PIT_DATA(0), (uint8_t)(PIT_HZ / 100));
	outb(PIT_DATA(0), (uint8_t)(PIT_HZ / 100 >> 8));
	irq_enable(IRQ_TIMER);
}

void tick_stop(void)
{
	irq_disable(IRQ_TIMER);
}

void check_timer_interrupts(void)
{
	unsigned before = irq_counts[IRQ_TIMER], count;
	uint64_t begin = rdtsc();
	uint32_t took;

	tick_start();
	for (count = 0; count < 20; count = irq_counts[IRQ_TIMER] - before)
		if (!irq_wait(IRQ_TIMER, irq_counts[IRQ_TIMER], 2000))
			break;
	tick_stop();
	took = cycles_to_us(rdtsc() - begin) / 1000;
	if (count < 20)
		fail("%u interrupts in %u ms", count, took);
	else if (took < 100 || took > 1000)
		fail("20 interrupts at 100 Hz took %u ms", took);
}

static uint8_t cmos(uint8_t reg)
{
	outb(0x70, reg);
	return inb(0x71);
}

static unsigned decimal(uint8_t bcd)
{
	return (bcd >> 4) * 10u + (bcd & 15);
}

/* The seconds, when they have just changed; 100 if they do not. */
static unsigned next_second(void)
{
	uint64_t end = deadline_ms(8000);
	uint8_t was = cmos(0), now;

	while ((now = cmos(0)) == was)
		if (past(end))
			return 100;
	return decimal(now);
}

void check_rtc(void)
{
	unsigned first = next_second(), second, took, year = decimal(cmos(9)), month = decimal(cmos(8));
	uint64_t begin = rdtsc();

	second = next_second();
	took = cycles_to_us(rdtsc() - begin) / 1000;
	if (first == 100 || second == 100)
		fail("the seconds stand still");
	else if (second != (first + 1) % 60)
		fail("after second %u comes %u", first, second);
	else if (took < 300 || took > 3000)
		fail("a second took %u ms", took);
	if (month < 1 || month > 12 || year < 20)
		fail("month %u of year %u", month, year);
}
