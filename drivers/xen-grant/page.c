/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that other domains may access, and those that they do not let go of. */
#include <drivers/xen-grant.h>

#include <core/alloc.h>
#include <core/errno.h>
#include <core/spinlock.h>
#include <core/string.h>
#include <core/timer.h>

/* Often enough for memory to come back soon; a few at a time, as another domain decides how many there are. */
#define RETRY_PERIOD NSEC_PER_SEC
#define RETRY_BATCH 64u

static struct spinlock stuck_lock = SPINLOCK_INIT("xen-grant: pages that other domains still have mapped");
static struct xen_grant_page *stuck_first, **stuck_last = &stuck_first;
static unsigned stuck_count;

static void retry(struct timer *t);
static struct timer retry_timer = TIMER_INIT(retry_timer, retry);

int xen_grant_page_new(domid_t remote, bool readonly, struct xen_grant_page **out)
{
	struct xen_grant_page *p = kzalloc(sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->data = page_alloc_zero();
	int ref = p->data ? xen_grant_access_frame(remote, virt_to_phys(p->data), readonly) : -ENOMEM;

	if (ref < 0) {
		if (p->data)
			page_free(p->data, 0);
		kfree(p);
		return ref;
	}
	p->ref = ref;
	*out = p;
	return 0;
}

/* What a program's or a guest's data went through is cleared before it can become anything else. */
static bool try_free(struct xen_grant_page *p)
{
	if (xen_grant_end(p->ref))
		return false;
	memset(p->data, 0, PAGE_SIZE);
	page_free(p->data, 0);
	if (p->stuck)
		--*p->stuck;
	kfree(p);
	return true;
}

static void push_stuck(struct xen_grant_page *p)
{
	p->next = NULL;
	*stuck_last = p;
	stuck_last = &p->next;
	stuck_count++;
}

static struct xen_grant_page *pop_stuck(void)
{
	struct xen_grant_page *p = stuck_first;

	stuck_first = p->next;
	if (!stuck_first)
		stuck_last = &stuck_first;
	stuck_count--;
	return p;
}

static void retry(struct timer *t)
{
	spin_lock(&stuck_lock);
	for (unsigned n = MIN(stuck_count, RETRY_BATCH); n; n--) {
		struct xen_grant_page *p = pop_stuck();

		if (!try_free(p))
			push_stuck(p);
	}
	bool more = stuck_count;

	spin_unlock(&stuck_lock);
	if (more)
		timer_set(t, time_monotonic() + RETRY_PERIOD);
}

bool xen_grant_page_end(struct xen_grant_page *p, unsigned *stuck)
{
	p->stuck = NULL;
	if (try_free(p))
		return true;
	spin_lock(&stuck_lock);
	p->stuck = stuck;
	if (stuck)
		++*stuck;
	bool first = !stuck_count;

	push_stuck(p);
	spin_unlock(&stuck_lock);
	if (first)
		timer_set(&retry_timer, time_monotonic() + RETRY_PERIOD);
	return false;
}
