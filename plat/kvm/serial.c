/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot console: a 16550 at COM1, polled. */
#include <arch/io.h>
#include <core/base.h>
#include <plat/plat.h>

#include "kvm.h"

#define COM1 0x3f8
#define DATA (COM1 + 0)
#define INTERRUPT_ENABLE (COM1 + 1)
#define FIFO_CONTROL (COM1 + 2)
#define LINE_CONTROL (COM1 + 3)
#define MODEM_CONTROL (COM1 + 4)
#define LINE_STATUS (COM1 + 5)

#define STATUS_RECEIVED 0x01
#define STATUS_CAN_SEND 0x20

static bool present;

void serial_init(void)
{
	outb(INTERRUPT_ENABLE, 0);
	outb(LINE_CONTROL, 0x80);
	outb(DATA, 1); /* divisor 1: 115200 baud */
	outb(INTERRUPT_ENABLE, 0);
	outb(LINE_CONTROL, 0x03); /* 8 bits, no parity */
	outb(FIFO_CONTROL, 0x07);
	outb(MODEM_CONTROL, 0x03);
	present = inb(LINE_STATUS) != 0xff;
}

static void put(char c)
{
	for (int i = 0; i < 1000000 && !(inb(LINE_STATUS) & STATUS_CAN_SEND); i++)
		;
	outb(DATA, c);
}

void plat_console_write(const char *buf, size_t len)
{
	if (!present)
		return;
	for (; len; len--, buf++) {
		if (*buf == '\n')
			put('\r');
		put(*buf);
	}
}

size_t plat_console_read(char *buf, size_t len)
{
	size_t n = 0;

	while (present && n < len && inb(LINE_STATUS) & STATUS_RECEIVED)
		buf[n++] = inb(DATA);
	return n;
}
