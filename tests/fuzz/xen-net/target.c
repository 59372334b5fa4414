/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A back end that writes what it likes into both rings and into the pages of frames: each call ends, in a frame, an error or nothing.
 * sources: drivers/xen-ring/ring.c drivers/xen-net/rx.c drivers/xen-net/tx.c core/net/checksum.c
 */
#include <core/errno.h>
#include <core/net.h>
#include <core/string.h>

#include "../../../drivers/xen-net/rx.h"
#include "../../../drivers/xen-net/tx.h"
#include "../fuzz.h"

static struct rx rx;
static struct tx tx;
static uint8_t frame[NET_FRAME_MAX + 1];

static void fill(struct granted *pages, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (!pages[i].page)
			pages[i].page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
		memset(pages[i].page, 0, PAGE_SIZE);
		pages[i].ref = i + 1;
	}
}

/* A response for page @id: what else it holds is the input's. */
static void respond(struct input *in)
{
	struct xen_ring_page *page = rx.shared.page;
	union rx_entry *e = (union rx_entry *)page->entries + page->rsp_prod++ % RING_ENTRIES;

	e->rsp = (struct rx_response){ take8(in), take16(in), take8(in), (int16_t)take16(in) };
}

static void answer(struct input *in)
{
	struct xen_ring_page *page = tx.shared.page;
	union tx_entry *e = (union tx_entry *)page->entries + page->rsp_prod++ % RING_ENTRIES;

	e->rsp = (struct tx_response){ take8(in), (int8_t)take8(in) };
}

static void scribble(struct input *in)
{
	uint8_t *pages[] = { rx.shared.page, tx.shared.page, rx.pages[take8(in)].page };
	uint8_t *p = pages[take8(in) % ARRAY_SIZE(pages)];

	p[take16(in) % PAGE_SIZE] = take8(in);
}

/* Returns false when the device would be closed. */
static bool step(struct input *in)
{
	ssize_t ret = 0;

	switch (take8(in) % 7) {
	case 0:
		respond(in);
		break;
	case 1:
		answer(in);
		break;
	case 2:
		scribble(in);
		break;
	case 3:
		ret = rx_take(&rx, take8(in) % 4 ? frame : NULL);
		CHECK(ret <= (ssize_t)NET_FRAME_MAX);
		break;
	case 4:
		ret = rx_limit(&rx, take8(in) % 2);
		break;
	case 5:
		ret = tx_send(&tx, frame, take16(in));
		break;
	default:
		ret = tx_ready(&tx);
	}
	return ret != -EPROTO;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	fill(&rx.shared, 1);
	fill(rx.pages, RX_SLOTS);
	fill(&tx.shared, 1);
	fill(tx.pages, TX_SLOTS);
	rx_start(&rx);
	tx_start(&tx, take8(&in) % 2);
	while (in.left && step(&in))
		;
	return 0;
}
