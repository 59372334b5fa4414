/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page of a console holds anything: what is read and written stays within its rings, and no more is taken than a ring holds.
 * sources: drivers/xen-console/console.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/xen.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../drivers/xen-console/hvc.h"
#include "../fuzz.h"

static struct hvc_ring *ring;
static struct hvc hvc;
static struct input in;
static void (*handler)(uint32_t port, void *arg);
static size_t received;

int xen_event_set_handler(uint32_t port __unused, void (*fn)(uint32_t port, void *arg), void *arg __unused)
{
	handler = fn;
	return 0;
}

int console_register(struct console *c __unused)
{
	return 0;
}

void console_wake(struct console *c __unused)
{
}

/* A reader that takes what the input says. */
size_t console_receive(struct console *c __unused, const char *buf, size_t len)
{
	size_t want = take16(&in), n = MIN(len, want);

	CHECK(buf >= ring->in && buf + len <= ring->in + sizeof(ring->in));
	received += n;
	return n;
}

static void step(void)
{
	static char text[4096];
	size_t n = take16(&in) % sizeof(text);

	received = 0;
	switch (take8(&in) % 6) {
	case 0:
		CHECK(hvc.console.write(&hvc.console, text, n) <= (ssize_t)n);
		break;
	case 1:
		handler(1, &hvc);
		break;
	case 2:
		hvc.console.rx_drained(&hvc.console);
		break;
	case 3:
		hvc.console.can_write(&hvc.console);
		hvc.console.drained(&hvc.console);
		break;
	case 4:
		ring->in_prod += n;
		break;
	default:
		((uint8_t *)ring)[n] = take8(&in);
	}
	CHECK(received <= sizeof(ring->in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!ring)
		ring = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	memset(ring, 0, PAGE_SIZE);
	in = (struct input){ data, size };
	hvc = (struct hvc){ .ring = ring };
	CHECK_EQ(hvc_register(&hvc, 0), 0);
	while (in.left)
		step();
	return 0;
}
