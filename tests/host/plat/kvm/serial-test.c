/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot console with a host that is slow, one that stops reading, and one that comes back. */
#include <stdint.h>

/* In place of arch/io.h: a port that a host reads from. */
#define ARCH_IO_H
static void outb(uint16_t port, uint8_t v);
static uint8_t inb(uint16_t port);

#include "../../../../plat/kvm/serial.c"
#include "../../host.h"

#define POLL (10 * NSEC_PER_USEC) /* how long a look at the port takes */

static uint64_t now = 1;
static uint64_t ready; /* when the port takes the next character */
static uint64_t takes; /* how long the host needs for one; 0: it does not read */
static size_t sent;

uint64_t kvm_clock_monotonic(void)
{
	return now;
}

static void outb(uint16_t port, uint8_t v __unused)
{
	if (port != DATA)
		return;
	sent++;
	ready = takes ? now + takes : UINT64_MAX;
}

static uint8_t inb(uint16_t port)
{
	now += POLL;
	return port == LINE_STATUS && now >= ready ? STATUS_CAN_SEND : 0;
}

static size_t write_some(size_t n)
{
	sent = 0;
	for (size_t i = 0; i < n; i++)
		kvm_console_write("x", 1);
	return sent;
}

int main(void)
{
	uint64_t begin, before, spent = 0;

	serial_init();
	ready = 0;

	/* A host that is busy with other things: nothing is lost, however much it is. */
	takes = 100 * NSEC_PER_MSEC;
	CHECK_EQ(write_some(200), 200);
	takes = 450 * NSEC_PER_MSEC;
	CHECK_EQ(write_some(20), 20);

	/* One that has stopped reading costs a tenth of the time. */
	takes = 0;
	CHECK(write_some(1) <= 1);
	begin = before = now;
	while (now - begin < 60 * NSEC_PER_SEC) {
		CHECK_EQ(write_some(100), 0);
		spent += now - before;
		now += 100 * NSEC_PER_MSEC;
		before = now;
	}
	CHECK(spent < (now - begin) / 8);

	/* It reads again. */
	ready = 0;
	takes = POLL;
	CHECK_EQ(write_some(50), 50);
	return 0;
}
