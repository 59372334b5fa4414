/* SPDX-License-Identifier: BSD-3-Clause */
/* A tone of 440 Hz by the AC97 card: Intel's 82801AA. */
#include "guest.h"

#define CARD 0x8086, 0x2415
/* The mixer, in the first I/O region. */
#define MASTER_VOLUME 0x02
#define PCM_VOLUME 0x18
/* The bus master of what is played, in the second. */
#define DESCRIPTORS 0x10
#define CURRENT 0x14
#define LAST 0x15
#define CONTROL 0x1b
#define RUN 1
#define RESET 2
#define COUNT 32u
/* 11 waves: 25 ms of 48000 Hz. */
#define FRAMES 1200
#define WAVES 11
#define LOUD 8000

static uint16_t region(uint32_t card, unsigned bar)
{
	return (uint16_t)(pci_read(card, PCI_BAR(bar)) & 0xfffc);
}

static void fill(int16_t *samples)
{
	for (unsigned i = 0; i < FRAMES; i++) {
		/* A triangle, which has little but its first harmonic. */
		int phase = (int)(i * WAVES * 4 % (4 * FRAMES));
		int height = phase < 2 * FRAMES ? phase - FRAMES : 3 * FRAMES - phase;

		samples[2 * i] = samples[2 * i + 1] = (int16_t)(height * LOUD / FRAMES);
	}
}

/* For as many seconds as the parameter says. */
void check_tone(void)
{
	volatile uint32_t *descriptors = (volatile uint32_t *)DMA_TABLE;
	uint32_t card = pci_find_id(CARD);

	if (!card) {
		fail("no AC97 card");
		return;
	}
	pci_write(card, PCI_COMMAND, PCI_IO_MEMORY_MASTER);
	uint16_t mixer = region(card, 0), master = region(card, 1);

	fill((int16_t *)DMA_BUFFER);
	for (unsigned i = 0; i < COUNT; i++) {
		descriptors[2 * i] = DMA_BUFFER;
		descriptors[2 * i + 1] = 2 * FRAMES;
	}
	barrier();
	outb(master + CONTROL, RESET);
	outw(mixer + MASTER_VOLUME, 0);
	outw(mixer + PCM_VOLUME, 0x0808);
	outl(master + DESCRIPTORS, DMA_TABLE);
	outb(master + LAST, COUNT - 1);
	outb(master + CONTROL, RUN);
	print("guest: tone\n");
	for (uint64_t end = deadline_ms(1000 * parameter_number("seconds", 60)); !past(end);) {
		outb(master + LAST, (inb(master + CURRENT) + COUNT - 1) % COUNT);
		/* Each access leaves the guest. */
		for (uint64_t next = deadline_ms(50); !past(next);)
			;
	}
	outb(master + CONTROL, 0);
}
