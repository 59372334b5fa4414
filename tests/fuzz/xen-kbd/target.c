/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page of a keyboard holds anything, and changes between two looks: at most a ring of events comes out of one look, each of a kind that
 * there is.
 * sources: drivers/xen-kbd/events.c core/base/peer_queue.c tests/fuzz/stubs/quiet.c tests/host/stubs/sched.c
 */
#include <core/string.h>

#include "../../../drivers/xen-kbd/kbd.h"
#include "../fuzz.h"

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
}

static void look(struct kbd *k)
{
	struct xen_kbd_event e;
	unsigned n = 0;

	while (kbd_take(k, &e)) {
		CHECK(e.type <= XEN_KBD_POSITION_SCALED);
		CHECK(++n <= KBD_IN_ENTRIES);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct xenbus_dev bus = { .path = "device/vkbd/0" };
	static struct kbd_page *page;
	struct input in = { data, size };

	if (!page)
		page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	memset(page, 0, PAGE_SIZE);
	struct kbd k = { .bus = &bus, .scaled = take8(&in) % 2 };

	kbd_start(&k, page);
	while (in.left) {
		uint8_t what = take8(&in);

		if (what % 4 == 0)
			page->in_prod += take8(&in);
		else if (what % 4 == 1)
			((uint8_t *)page)[take16(&in) % PAGE_SIZE] = take8(&in);
		else if (what % 4 == 2)
			kbd_event(1, &k);
		else
			look(&k);
	}
	return 0;
}
