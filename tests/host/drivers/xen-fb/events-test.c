/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rings of xen-fb against a back end written from Xen's fbif.h: events go out in order while there is room, the period comes in, and indices
 * that make no sense end it without a bad access.
 * sources: drivers/xen-fb/events.c core/base/peer_queue.c core/base/loglimit.c tests/host/stubs/sched.c
 */
#include <core/errno.h>
#include <core/string.h>
#include <plat/plat.h>

#include "../../../../drivers/xen-fb/fb.h"
#include "../../host.h"

#define OUT 51 /* entries */

struct fb fb_device;
static struct xenbus_dev bus = { .path = "device/vfb/0" };
static unsigned notified, lines;

enum log_level log_level = LOG_WARN;

static uint64_t read_clock(void)
{
	return NSEC_PER_SEC;
}

const struct plat_ops plat_ops = { .clock_monotonic = read_clock };

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

int xen_event_notify(uint32_t port __unused)
{
	notified++;
	return 0;
}

bool fb_fits(size_t size, unsigned width, unsigned height)
{
	return (size_t)width * height * 4 <= size;
}

static void start(void)
{
	struct fb_page *page = fb_device.page ? fb_device.page : aligned_alloc(PAGE_SIZE, PAGE_SIZE);

	memset(page, 0, PAGE_SIZE);
	fb_device = (struct fb){ .bus = &bus,
		                 .page = page,
		                 .size = 640 * 480 * 4,
		                 .connected = true,
		                 .wants_updates = true,
		                 .can_resize = true,
		                 .period = -1 };
	fb_start(&fb_device, page);
}

static int32_t value(uint32_t index, unsigned at)
{
	int32_t v;

	memcpy(&v, (char *)fb_device.page + 2048 + index % OUT * 40 + at, sizeof(v));
	return v;
}

static void test_out(void)
{
	uint32_t first;

	start();
	first = fb_device.page->out_prod;
	for (unsigned i = 0; i < OUT; i++)
		CHECK_EQ(xen_fb_update(i, 2, 3, 4), 0);
	CHECK_EQ(notified, OUT);
	CHECK_EQ(xen_fb_update(0, 0, 1, 1), -EAGAIN);
	for (unsigned i = 0; i < OUT; i++) {
		CHECK_EQ(value(first + i, 0) & 0xff, 2);
		CHECK_EQ(value(first + i, 4), i);
		CHECK_EQ(value(first + i, 16), 4);
	}
	fb_device.page->out_cons += OUT;
	CHECK_EQ(xen_fb_resize(320, 200), 0);
	CHECK_EQ(value(first + OUT, 0) & 0xff, 3);
	CHECK_EQ(value(first + OUT, 4), 320);
	CHECK_EQ(value(first + OUT, 12), 320 * 4);
	CHECK_EQ(value(first + OUT, 16), 32);
	CHECK_EQ(value(first + OUT, 20), 0);
}

static void test_refusals(void)
{
	start();
	CHECK_EQ(xen_fb_resize(640, 481), -EINVAL);
	fb_device.can_resize = false;
	CHECK_EQ(xen_fb_resize(320, 200), -EOPNOTSUPP);
	fb_device.wants_updates = false;
	CHECK_EQ(xen_fb_update(0, 0, 1, 1), 0);
	fb_device.connected = false;
	CHECK_EQ(xen_fb_update(0, 0, 1, 1), -EAGAIN);
	CHECK_EQ(xen_fb_resize(320, 200), -EAGAIN);
	CHECK_EQ(fb_device.page->out_prod, fb_device.page->out_cons);
}

static void test_in(void)
{
	start();
	fb_device.page->in[0] = (struct fb_in){ .type = 1, .period = 40 };
	fb_device.page->in[1] = (struct fb_in){ .type = 9, .period = 50 };
	fb_device.page->in_prod = 2;
	fb_event(1, &fb_device);
	CHECK_EQ(xen_fb_period(), 40);
	CHECK_EQ(fb_device.page->in_cons, 2);
	fb_device.page->in_prod = 2 + 26;
	fb_event(1, &fb_device);
	CHECK(!fb_device.connected);
}

static void test_lies(void)
{
	start();
	fb_device.page->out_cons = fb_device.page->out_prod + 5;
	CHECK_EQ(xen_fb_update(0, 0, 1, 1), -EAGAIN);
	CHECK(!fb_device.connected);
}

/* A back end that comes and goes for ever does not fill the log. */
static void test_lines(void)
{
	start();
	lines = 0;
	for (int i = 0; i < 1000; i++) {
		fb_device.connected = true;
		fb_down(&fb_device, "the back end closes");
		CHECK(!fb_device.connected);
	}
	CHECK_EQ(lines, LOG_LIMIT_LINES);
}

int main(void)
{
	test_lines();
	test_out();
	test_refusals();
	test_in();
	test_lies();
	return 0;
}
