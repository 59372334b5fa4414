/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pages shared with another domain: cleared when they are shared and when they are freed; those that it keeps mapped are freed once it lets go, a
 * few at a time, and are counted until then.
 * sources: drivers/xen-grant/page.c tests/host/stubs/sched.c
 */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/string.h>
#include <core/timer.h>
#include <drivers/xen-grant.h>

#include "../../host.h"

#define PAGES 1000

static bool mapped[PAGES + 1], dirty_free;
static unsigned refs, ends;
static long live;
static uint64_t now = NSEC_PER_SEC;
static struct timer *armed;

uint64_t time_monotonic(void)
{
	return now;
}

void timer_set(struct timer *t, uint64_t deadline)
{
	t->deadline = deadline;
	armed = t;
}

void *kzalloc(size_t size)
{
	void *p = malloc(size);

	live++;
	return memset(p, 0, size);
}

void kfree(void *p)
{
	live -= p != NULL;
	free(p);
}

/* As the allocator gives it: with what somebody left in it. */
static void *used_page(void)
{
	return memset(aligned_alloc(PAGE_SIZE, PAGE_SIZE), 0xa5, PAGE_SIZE);
}

void *page_alloc(unsigned order __unused)
{
	live++;
	return used_page();
}

void *page_alloc_zero(void)
{
	return memset(page_alloc(0), 0, PAGE_SIZE);
}

void page_free(void *page, unsigned order __unused)
{
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		dirty_free |= ((char *)page)[i] != 0;
	live--;
	free(page);
}

paddr_t virt_to_phys(const void *p)
{
	return (paddr_t)(uintptr_t)p;
}

int xen_grant_access_frame(domid_t remote __unused, uint64_t pa, bool readonly __unused)
{
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		CHECK_EQ(((char *)(uintptr_t)pa)[i], 0);
	return refs == PAGES ? -ENOSPC : (int)++refs;
}

int xen_grant_end(grant_ref_t ref)
{
	ends++;
	return mapped[ref] ? -EBUSY : 0;
}

int main(void)
{
	static struct xen_grant_page *pages[PAGES];
	struct xen_grant_page *none;
	unsigned stuck = 0;

	for (unsigned i = 0; i < PAGES; i++) {
		CHECK_EQ(xen_grant_page_new(0, false, &pages[i]), 0);
		memset(pages[i]->data, 0x77, PAGE_SIZE);
		mapped[pages[i]->ref] = i % 2;
	}
	CHECK_EQ(xen_grant_page_new(0, false, &none), -ENOSPC); /* no grants are left, and nothing leaks */
	CHECK_EQ(live, 2 * PAGES);
	for (unsigned i = 0; i < PAGES; i++)
		CHECK_EQ(xen_grant_page_end(pages[i], &stuck), i % 2 == 0);
	CHECK_EQ(stuck, PAGES / 2);
	CHECK_EQ(live, PAGES);
	for (unsigned i = 0; i < 100; i++) { /* the peer keeps them: bounded work each second, nothing lost */
		struct timer *t = armed;

		CHECK(t && t->deadline - now >= NSEC_PER_SEC / 2);
		now = t->deadline;
		armed = NULL;
		ends = 0;
		t->fn(t);
		CHECK(ends > 0 && ends <= 64);
		CHECK_EQ(stuck, PAGES / 2);
	}
	memset(mapped, 0, sizeof(mapped));
	while (armed) {
		struct timer *t = armed;

		armed = NULL;
		t->fn(t);
	}
	CHECK_EQ(stuck, 0);
	CHECK_EQ(live, 0);
	CHECK(!dirty_free);
	return 0;
}
