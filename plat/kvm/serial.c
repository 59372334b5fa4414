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

/* A host that takes nothing any more may cost WAIT_TIME in each WAIT_PERIOD; what comes beyond is lost. */
#define WAIT_TIME (500 * NSEC_PER_MSEC)
#define WAIT_PERIOD (5 * NSEC_PER_SEC)
#define WAIT_POLLS 1000000u /* before there is a clock */

static bool present;
static uint64_t period_end, waited;
static unsigned polls_left = WAIT_POLLS;

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

static bool can_send(void)
{
	return inb(LINE_STATUS) & STATUS_CAN_SEND;
}

/* One look more. False when the time for that is used up. */
static bool wait_on(uint64_t *since)
{
	uint64_t now = kvm_clock_monotonic();

	if (!now) {
		polls_left -= polls_left != 0;
		return polls_left;
	}
	if (now >= period_end) {
		period_end = now + WAIT_PERIOD;
		waited = 0;
	}
	waited += *since ? now - *since : 0;
	*since = now;
	return waited < WAIT_TIME;
}

static void put(char c)
{
	uint64_t since = 0, before = waited;

	while (!can_send())
		if (!wait_on(&since))
			return;
	/* Slow, or busy with other things, but not gone: nothing of what a program writes may be lost for that. */
	waited = MIN(waited, before);
	outb(DATA, c);
}

void kvm_console_write(const char *buf, size_t len)
{
	if (!present)
		return;
	for (; len; len--, buf++) {
		if (*buf == '\n')
			put('\r');
		put(*buf);
	}
}

size_t kvm_console_read(char *buf, size_t len)
{
	size_t n = 0;

	while (present && n < len && inb(LINE_STATUS) & STATUS_RECEIVED)
		buf[n++] = inb(DATA);
	return n;
}
