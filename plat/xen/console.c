/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot console: Xen's own for the hardware domain, else the ring that the domain builder made. Polled. */
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>
#include <plat/plat.h>

#include "xen.h"

#define CHUNK 128
#define PATIENCE_MS 1000 /* how long to wait for a reader of a full ring */

static struct xencons_interface *ring;
static uint32_t ring_port;

void console_init(void *page, uint32_t port)
{
	ring = page;
	ring_port = port;
}

bool xen_console_ring(void **page, uint32_t *port)
{
	*page = ring;
	*port = ring_port;
	return ring;
}

static void write_to_xen(const char *buf, size_t len)
{
	char chunk[CHUNK]; /* the caller's may not be backed */

	while (len) {
		size_t n = MIN(len, sizeof(chunk));

		memcpy(chunk, buf, n);
		xen_hypercall3(HYPERCALL_CONSOLE_IO, CONSOLEIO_WRITE, n, (uintptr_t)chunk);
		buf += n;
		len -= n;
	}
}

static void wait_for_reader(void)
{
	struct sched_poll poll = { &ring_port, 1, plat_clock_monotonic() + 10 * NSEC_PER_MSEC };

	xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_POLL, (uintptr_t)&poll, 0);
}

/* Room for a character? None is waited for where nobody has read for long, or where the reader's index makes no sense. */
static bool has_room(void)
{
	static bool unread;
	uint32_t used = ring->out_prod - READ_ONCE(ring->out_cons);

	for (int i = 0; used == sizeof(ring->out) && !unread; i++) {
		xen_event_notify(ring_port);
		wait_for_reader();
		used = ring->out_prod - READ_ONCE(ring->out_cons);
		unread = i == PATIENCE_MS / 10;
	}
	if (used < sizeof(ring->out))
		unread = false;
	return used < sizeof(ring->out);
}

static void put(char c)
{
	if (!has_room())
		return;
	ring->out[ring->out_prod % sizeof(ring->out)] = c;
	barrier();
	WRITE_ONCE(ring->out_prod, ring->out_prod + 1);
}

void plat_console_write(const char *buf, size_t len)
{
	if (!ring) {
		write_to_xen(buf, len);
		return;
	}
	preempt_disable(); /* against drivers/xen-console */
	for (; len; len--, buf++) {
		if (*buf == '\n')
			put('\r');
		put(*buf);
	}
	preempt_enable();
	xen_event_notify(ring_port);
}

size_t plat_console_read(char *buf, size_t len)
{
	size_t n = 0;

	if (!ring || READ_ONCE(ring->in_prod) - ring->in_cons > sizeof(ring->in))
		return 0;
	for (; n < len && ring->in_cons != READ_ONCE(ring->in_prod); n++) {
		buf[n] = ring->in[ring->in_cons % sizeof(ring->in)];
		barrier();
		WRITE_ONCE(ring->in_cons, ring->in_cons + 1);
	}
	if (n)
		xen_event_notify(ring_port);
	return n;
}
