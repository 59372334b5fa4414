/* SPDX-License-Identifier: BSD-3-Clause */
/* Mode 13h, which the boot sector has set: every pixel is written and read back. The picture stays. */
#include "guest.h"

#define WIDTH 320
#define HEIGHT 200
#define COLOURS 32 /* each takes six port accesses */
#define FRAME ((uint8_t *)0xa0000)

/* The same as in tests/xen/test_xen_guests.py. */
static uint8_t pixel(unsigned x, unsigned y)
{
	return (uint8_t)(x ^ y * 3);
}

void check_vga_pixels(void)
{
	uint8_t *line = (uint8_t *)WORK_BUFFER, *back = line + WIDTH;
	unsigned bad = 0;
	uint64_t begin = rdtsc();

	for (unsigned y = 0; y < HEIGHT; y++) {
		for (unsigned x = 0; x < WIDTH; x++)
			line[x] = pixel(x, y);
		memcpy(FRAME + y * WIDTH, line, WIDTH);
	}
	note("drawn in %u ms", cycles_to_us(rdtsc() - begin) / 1000);
	for (unsigned y = 0; y < HEIGHT; y += 7) {
		memcpy(back, FRAME + y * WIDTH, WIDTH);
		for (unsigned x = 0; x < WIDTH; x++)
			bad += back[x] != pixel(x, y);
	}
	if (bad)
		fail("%u pixels are wrong", bad);
}

void check_vga_palette(void)
{
	unsigned bad = 0;

	outb(0x3c8, 0);
	for (unsigned i = 0; i < COLOURS; i++) {
		outb(0x3c9, 0);
		outb(0x3c9, (uint8_t)(i >> 2));
		outb(0x3c9, (uint8_t)(63 - (i >> 2)));
	}
	outb(0x3c7, 0);
	for (unsigned i = 0; i < COLOURS; i++) {
		uint8_t red = inb(0x3c9), green = inb(0x3c9), blue = inb(0x3c9);

		bad += red != 0 || green != i >> 2 || blue != 63 - (i >> 2);
	}
	if (bad)
		fail("%u colours are wrong", bad);
}
