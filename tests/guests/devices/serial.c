/* SPDX-License-Identifier: BSD-3-Clause */
/* COM1 in loopback, and the keyboard controller with its two devices. */
#include "guest.h"

#define COM1 0x3f8
#define MODEM_CONTROL (COM1 + 4)
#define LOOPBACK 0x10
#define SCRATCH (COM1 + 7)
#define KBD_DATA 0x60
#define KBD_COMMAND 0x64
#define OUTPUT_FULL 1
#define INPUT_FULL 2

void check_serial_loopback(void)
{
	uint8_t control, bad = 0;

	serial_drain();
	control = inb(MODEM_CONTROL);
	outb(MODEM_CONTROL, control | LOOPBACK);
	while (inb(COM1 + 5) & 1)
		inb(COM1);
	for (unsigned i = 0; i < 16; i++) {
		uint8_t byte = (uint8_t)(i * 37 + 5);
		uint64_t end = deadline_ms(1000);

		outb(COM1, byte);
		while (!(inb(COM1 + 5) & 1) && !past(end))
			;
		bad += inb(COM1) != byte;
	}
	outb(MODEM_CONTROL, control);
	if (bad)
		fail("%u of 16 bytes came back wrong", bad);
	outb(SCRATCH, 0xa5);
	if (inb(SCRATCH) != 0xa5)
		fail("the scratch register forgets");
}

/* The next byte of the controller, -1 if none comes. */
static int kbd_get(void)
{
	uint64_t end = deadline_ms(1000);

	while (!(inb(KBD_COMMAND) & OUTPUT_FULL))
		if (past(end))
			return -1;
	return inb(KBD_DATA);
}

static void kbd_put(uint16_t port, uint8_t v)
{
	uint64_t end = deadline_ms(1000);

	while (inb(KBD_COMMAND) & INPUT_FULL && !past(end))
		;
	outb(port, v);
}

static void expect(const char *what, int got, int wanted)
{
	if (got != wanted)
		fail("%s: %d instead of %d", what, got, wanted);
}

static void kbd_flush(void)
{
	for (unsigned i = 0; i < 64 && inb(KBD_COMMAND) & OUTPUT_FULL; i++)
		inb(KBD_DATA);
}

void check_keyboard(void)
{
	int id;

	kbd_flush();
	kbd_put(KBD_COMMAND, 0xaa);
	expect("self-test", kbd_get(), 0x55);
	kbd_put(KBD_COMMAND, 0xab);
	expect("port test", kbd_get(), 0);
	kbd_put(KBD_COMMAND, 0xae); /* enable the port */
	kbd_put(KBD_DATA, 0xee);
	expect("echo", kbd_get(), 0xee);
	kbd_put(KBD_DATA, 0xf2);
	expect("identify", kbd_get(), 0xfa);
	expect("identity", kbd_get(), 0xab);
	id = kbd_get();
	if (id != 0x83 && id != 0x41) /* translated */
		fail("identity: %d", id);
}

void check_mouse(void)
{
	kbd_flush();
	kbd_put(KBD_COMMAND, 0xa8);
	kbd_put(KBD_COMMAND, 0xd4);
	kbd_put(KBD_DATA, 0xff);
	expect("reset", kbd_get(), 0xfa);
	expect("reset's result", kbd_get(), 0xaa);
	expect("identity", kbd_get(), 0);
}
