/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot console: Xen's own for the hardware domain, else the one that the domain builder made. Polled. */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>
#include <plat/plat.h>
#include <plat/xen_console.h>

#include "xen.h"

#define CHUNK 128
/*
 * A full stream is waited for, with the processor, as what is written may be the domain's last words. A reader that is slow or away costs at
 * most this for one write, and in the long run one part in WAIT_SHARE of the processor; what finds no room then is left out.
 */
#define WAIT_WRITE NSEC_PER_SEC
#define WAIT_BURST (2 * NSEC_PER_SEC)
#define WAIT_SHARE 8
#define WAIT_STEP (10 * NSEC_PER_MSEC)

static struct xen_console first;
static uint64_t budget = WAIT_BURST, budget_at; /* of waiting, as it was then */

void xen_console_open(struct xen_console *c, void *page, uint32_t port)
{
	struct xencons_interface *ring = page;

	*c = (struct xen_console){ .port = port };
	spinlock_init(&c->lock, "xen console: the streams in its page");
	peer_queue_init(&c->in, ring->in, sizeof(ring->in), 1, &ring->in_cons, &ring->in_prod);
	peer_queue_init(&c->out, ring->out, sizeof(ring->out), 1, &ring->out_prod, &ring->out_cons);
}

void xen_console_init(void *page, uint32_t port)
{
	if (page)
		xen_console_open(&first, page, port);
}

void xen_console_move(uint32_t port)
{
	first.port = port;
}

struct xen_console *xen_console_first(void)
{
	return first.out.base ? &first : NULL;
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

/* Put what fits, with a carriage return before each newline. Returns the bytes of @buf taken, or -EPROTO. */
static int put(const char *buf, size_t len)
{
	char chunk[CHUNK];
	size_t n = 0;
	int taken = 0;

	spin_lock(&first.lock);
	int room = MIN(peer_queue_room(&first.out), CHUNK);

	for (; (size_t)taken < len && (int)n + (buf[taken] == '\n') < room; taken++) {
		if (buf[taken] == '\n')
			chunk[n++] = '\r';
		chunk[n++] = buf[taken];
	}
	if (n)
		peer_queue_put(&first.out, chunk, n);
	spin_unlock(&first.lock);
	return room < 0 ? room : taken;
}

static void refill_budget(uint64_t now)
{
	budget = MIN(budget + (now - budget_at) / WAIT_SHARE, WAIT_BURST);
	budget_at = now;
}

/* Returns false when the reader has had its time: @left for this write, and the budget. */
static bool wait_for_reader(uint64_t *left)
{
	uint64_t begin = xen_clock_monotonic();

	refill_budget(begin);
	if (*left < WAIT_STEP || budget < WAIT_STEP)
		return false;
	struct sched_poll poll = { &first.port, 1, begin + WAIT_STEP };

	xen_event_notify(first.port);
	xen_hypercall3(HYPERCALL_SCHED_OP, SCHEDOP_POLL, (uintptr_t)&poll, 0);
	/* A pending event ends the call at once: count at least something, for this must end. */
	uint64_t waited = MAX(xen_clock_monotonic() - begin, NSEC_PER_USEC);

	*left -= MIN(waited, *left);
	budget -= MIN(waited, budget);
	return true;
}

void xen_console_write(const char *buf, size_t len)
{
	uint64_t left = WAIT_WRITE;

	if (!xen_console_first()) {
		write_to_xen(buf, len);
		return;
	}
	while (len) {
		int n = put(buf, len);

		if (n < 0 || (!n && !wait_for_reader(&left)))
			break;
		buf += n;
		len -= n;
	}
	xen_event_notify(first.port);
}

size_t xen_console_read(char *buf, size_t len)
{
	if (!xen_console_first())
		return 0;
	spin_lock(&first.lock);
	int n = peer_queue_peek(&first.in, buf, len);

	if (n > 0)
		peer_queue_skip(&first.in, n);
	spin_unlock(&first.lock);
	if (n > 0)
		xen_event_notify(first.port);
	return MAX(n, 0);
}
