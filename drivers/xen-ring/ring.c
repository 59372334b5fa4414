/* SPDX-License-Identifier: BSD-3-Clause */
#include <drivers/xen-ring.h>

#include <core/errno.h>
#include <core/string.h>

static void full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void xen_ring_init(struct xen_ring *r, struct xen_ring_page *page, uint32_t size)
{
	memset(page, 0, PAGE_SIZE);
	page->req_event = page->rsp_event = 1;
	*r = (struct xen_ring){ .page = page, .size = size, .count = XEN_RING_ENTRIES(size) };
}

static uint8_t *entry(const struct xen_ring *r, uint32_t index)
{
	return r->page->entries + (size_t)(index % r->count) * r->size;
}

void xen_ring_put(struct xen_ring *r, const void *request, size_t size)
{
	memcpy(entry(r, r->req_prod), request, size);
	r->req_prod++;
}

bool xen_ring_push(struct xen_ring *r)
{
	uint32_t old = r->shown, new = r->req_prod;

	if (old == new)
		return false;
	r->shown = new;
	__atomic_store_n(&r->page->req_prod, new, __ATOMIC_RELEASE); /* after the entries */
	full_barrier();
	return new - READ_ONCE(r->page->req_event) < new - old;
}

int xen_ring_responses(const struct xen_ring *r)
{
	uint32_t n = __atomic_load_n(&r->page->rsp_prod, __ATOMIC_ACQUIRE) - r->rsp_cons; /* before the entries */

	return n > xen_ring_outstanding(r) ? -EPROTO : (int)n;
}

void xen_ring_peek(const struct xen_ring *r, uint32_t i, void *response, size_t size)
{
	memcpy(response, entry(r, r->rsp_cons + i), size);
	barrier(); /* the copy is what is looked at, whatever the back end writes meanwhile */
}

void xen_ring_skip(struct xen_ring *r, uint32_t n)
{
	r->rsp_cons += n;
}

void xen_ring_arm(struct xen_ring *r, uint32_t ahead)
{
	WRITE_ONCE(r->page->rsp_event, r->rsp_cons + ahead);
	full_barrier();
}
