/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A keyboard's back end that connects and closes for ever: the front end follows, and the log does not fill.
 * sources: core/base/loglimit.c tests/host/stubs/alloc.c tests/host/stubs/sched.c
 */
#include "../../../../drivers/xen-kbd/connect.c"

#include <plat/plat.h>

#include "../../host.h"

enum log_level log_level = LOG_WARN;
static unsigned lines, states[16];

static uint64_t read_clock(void)
{
	return NSEC_PER_SEC;
}

const struct plat_ops plat_ops = { .clock_monotonic = read_clock };

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
	lines++;
}

void xenbus_probe(struct xenbus_class *class __unused)
{
}

int xenbus_set_state(struct xenbus_dev *dev __unused, enum xenbus_state state)
{
	states[state]++;
	return 0;
}

int xenbus_printf(const struct xenbus_dev *dev __unused, const char *node __unused, const char *format __unused, ...)
{
	return 0;
}

uint64_t xenbus_backend_u64(const struct xenbus_dev *dev __unused, const char *node __unused, uint64_t missing)
{
	return missing;
}

int xen_event_alloc_unbound(domid_t remote __unused)
{
	return 7;
}

int xen_event_set_handler(uint32_t port __unused, void (*fn)(uint32_t port, void *arg) __unused, void *arg __unused)
{
	return 0;
}

int xen_grant_page_new(domid_t domain __unused, bool readonly __unused, struct xen_grant_page **out)
{
	static uint8_t data[PAGE_SIZE];
	static struct xen_grant_page page = { .data = data };

	*out = &page;
	return 0;
}

bool xen_grant_page_end(struct xen_grant_page *p __unused, unsigned *stuck __unused)
{
	return true;
}

uint64_t xen_frame_of(const void *p __unused)
{
	return 1;
}

void kbd_event(uint32_t port __unused, void *arg __unused)
{
}

void kbd_start(struct kbd *k __unused, void *page __unused)
{
}

int kbd_add_file(struct kbd *k __unused)
{
	return 0;
}

int main(void)
{
	static struct xenbus_dev bus = { .path = "device/vkbd/0" };

	CHECK_EQ(probe(&bus), 0);
	backend_changed(&bus, XENBUS_INIT_WAIT);
	for (int i = 0; i < 1000; i++) {
		backend_changed(&bus, XENBUS_CONNECTED);
		backend_changed(&bus, XENBUS_CLOSED);
	}
	CHECK_EQ(states[XENBUS_CONNECTED], 1000);
	CHECK_EQ(states[XENBUS_CLOSED], 1000);
	CHECK_EQ(lines, LOG_LIMIT_LINES);
	kfree(bus.priv);
	return 0;
}
