/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page of a framebuffer holds anything: events go to their places only, and the refresh period stays a number of milliseconds.
 * sources: drivers/xen-fb/events.c core/base/peer_queue.c tests/fuzz/stubs/quiet.c tests/fuzz/stubs/xen.c tests/host/stubs/sched.c
 */
#include <core/string.h>

#include "../../../drivers/xen-fb/fb.h"
#include "../fuzz.h"

struct fb fb_device;

bool fb_fits(size_t size, unsigned width, unsigned height)
{
	return (size_t)width * height * FB_PIXEL <= size;
}

static void start(struct fb_page *page, bool resizes)
{
	static struct xenbus_dev bus = { .path = "device/vfb/0" };

	memset(page, 0, PAGE_SIZE);
	fb_device = (struct fb){ .bus = &bus,
		                 .page = page,
		                 .size = 640 * 480 * FB_PIXEL,
		                 .connected = true,
		                 .wants_updates = true,
		                 .can_resize = resizes,
		                 .period = -1 };
	fb_start(&fb_device, page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fb_page *page;
	struct input in = { data, size };

	if (!page)
		page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	start(page, take8(&in) % 2);
	while (in.left) {
		switch (take8(&in) % 5) {
		case 0:
			xen_fb_update(take16(&in), take16(&in), take16(&in), take16(&in));
			break;
		case 1:
			xen_fb_resize(take16(&in), take16(&in));
			break;
		case 2:
			fb_event(1, &fb_device);
			CHECK(xen_fb_period() >= -1);
			break;
		case 3:
			page->in_prod += take8(&in);
			break;
		default:
			((uint8_t *)page)[take16(&in) % PAGE_SIZE] = take8(&in);
		}
	}
	return 0;
}
