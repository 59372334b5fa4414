/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page of a console holds anything: what is read and written stays within its rings, and no more is taken than a ring holds.
 * sources: drivers/xen-console/console.c core/base/peer_queue.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/xen.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/string.h>

#include "../../../drivers/xen-console/hvc.h"
#include "../fuzz.h"

/* The page, as Xen lays it out. */
static struct {
	char in[1024], out[2048];
	uint32_t in_cons, in_prod, out_cons, out_prod;
} * ring;
static struct xen_console streams;
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

	CHECK(buf && len);
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
	streams = (struct xen_console){ .port = 1 };
	peer_queue_init(&streams.in, ring->in, sizeof(ring->in), 1, &ring->in_cons, &ring->in_prod);
	peer_queue_init(&streams.out, ring->out, sizeof(ring->out), 1, &ring->out_prod, &ring->out_cons);
	hvc = (struct hvc){ .ring = &streams };
	CHECK_EQ(hvc_register(&hvc, 0), 0);
	while (in.left)
		step();
	return 0;
}
