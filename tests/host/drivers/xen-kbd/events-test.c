/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ring of xen-kbd against a back end written from Xen's kbdif.h: events arrive once and in order, unknown ones are skipped, and indices
 * that make no sense end it without a bad access.
 * sources: drivers/xen-kbd/events.c core/base/peer_queue.c tests/host/stubs/sched.c
 */
#include <core/string.h>

#include "../../../../drivers/xen-kbd/kbd.h"
#include "../../host.h"

#define ROUNDS 20000
#define LIES 2000

static struct xenbus_dev bus = { .path = "device/vkbd/0" };
static struct kbd kbd;
static struct kbd_page *page;
static unsigned wakes;

void log_printf(enum log_level level __unused, const char *fmt __unused, ...)
{
}

void waitq_wake(struct waitq *q __unused, unsigned events __unused)
{
	wakes++;
}

static void start(void)
{
	if (!page)
		page = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	memset(page, 0, PAGE_SIZE);
	kbd_start(&kbd, page);
	kbd.bus = &bus;
	kbd.broken = false;
}

/* The byte @at of the next event, as kbdif.h lays it out. */
static void put(unsigned at, int32_t value, unsigned size)
{
	memcpy((char *)page + 1024 + page->in_prod % 51 * 40 + at, &value, size);
}

static void push(unsigned type, int32_t a, int32_t b, int32_t wheel)
{
	put(0, type, 1);
	put(1, b, 1);
	put(4, a, 4);
	if (type != KBD_KEY) {
		put(8, b, 4);
		put(12, wheel, 4);
	}
	page->in_prod++;
}

static void expect(unsigned type, int a, int b, int wheel)
{
	struct xen_kbd_event e;

	CHECK(kbd_take(&kbd, &e));
	CHECK_EQ(e.type, type);
	CHECK_EQ(e.a, a);
	CHECK_EQ(e.b, b);
	CHECK_EQ(e.wheel, wheel);
}

static void test_kinds(void)
{
	struct xen_kbd_event e;

	start();
	CHECK(!kbd_take(&kbd, &e));
	push(KBD_KEY, 30, 1, 0);
	kbd_event(1, &kbd);
	CHECK_EQ(wakes, 1);
	push(KBD_MOTION, -3, 4, -1);
	push(5, 1, 2, 3);
	push(KBD_POSITION, 100, 200, 1);
	expect(XEN_KBD_KEY, 30, 1, 0);
	expect(XEN_KBD_MOTION, -3, 4, -1);
	expect(XEN_KBD_POSITION, 100, 200, 1);
	CHECK(!kbd_take(&kbd, &e));
	kbd.scaled = true;
	push(KBD_POSITION, 0x7fff, 0, 0);
	expect(XEN_KBD_POSITION_SCALED, 0x7fff, 0, 0);
	kbd.scaled = false;
	push(5, 0, 0, 0);
	CHECK(!kbd_take(&kbd, &e));
	CHECK_EQ(page->in_cons, page->in_prod);
}

static void test_order(void)
{
	unsigned sent = 0, seen = 0;

	start();
	while (seen < ROUNDS) {
		for (int n = rand() % 60; n && sent - seen < 51; n--)
			push(KBD_MOTION, sent++, 7, 0);
		for (int n = rand() % 60; n && seen < sent; n--)
			expect(XEN_KBD_MOTION, seen++, 7, 0);
	}
}

static void test_lies(void)
{
	struct xen_kbd_event e;

	for (unsigned i = 0; i < LIES; i++) {
		start();
		page->in_prod += 52 + rand() % 100000;
		CHECK(!kbd_take(&kbd, &e));
		CHECK(kbd.broken);
		page->in_prod = page->in_cons + 1;
		CHECK(!kbd_pending(&kbd));
	}
}

/* Answers each event that is taken with another unknown one. */
static void test_endless(void)
{
	struct xen_kbd_event e;

	start();
	for (unsigned i = 0; i < 51; i++)
		push(77, 0, 0, 0);
	uint32_t before = page->in_cons;

	page->in_prod = page->in_cons + 51;
	CHECK(!kbd_take(&kbd, &e));
	CHECK_EQ(page->in_cons - before, 51);
	page->in_cons += 1000; /* ours: the peer changes nothing */
	push(KBD_KEY, 30, 1, 0);
	expect(XEN_KBD_KEY, 30, 1, 0);
}

int main(void)
{
	test_kinds();
	test_order();
	test_lies();
	test_endless();
	return 0;
}
