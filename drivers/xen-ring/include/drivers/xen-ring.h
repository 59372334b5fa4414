/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The front end's side of a ring of requests and responses (xen/include/public/io/ring.h), which disks and networks have; byte streams and
 * queues of events are core/peer_queue.h.
 *
 * The back end may write anything into the page at any time. So our indices are kept privately, its index is checked on every read, a response
 * is copied before anybody looks at it, and no loop here is longer than the ring. Callers have a lock around calls on one ring. Any context.
 */
#ifndef DRIVERS_XEN_RING_H
#define DRIVERS_XEN_RING_H

#include <core/base.h>

/* Indices run freely. An event index asks for a notification when the producer's index passes it. */
struct xen_ring_page {
	uint32_t req_prod, req_event;
	uint32_t rsp_prod, rsp_event;
	uint8_t pad[48];
	uint8_t entries[];
};

/* Entries of @size bytes that fit: a power of two. A constant for a constant @size. */
#define XEN_RING_ENTRIES(size) (1u << (31 - __builtin_clz((unsigned)((PAGE_SIZE - sizeof(struct xen_ring_page)) / (size)))))

struct xen_ring {
	struct xen_ring_page *page;
	uint32_t size, count; /* of an entry, in bytes; entries */
	uint32_t req_prod, shown; /* requests written; those of them that the back end has been shown */
	uint32_t rsp_cons; /* responses taken */
};

/* Start over on @page, which is cleared; a request or response takes @size bytes. */
void xen_ring_init(struct xen_ring *r, struct xen_ring_page *page, uint32_t size);

/* Requests without a response: the caller keeps them at or below r->count. */
static inline uint32_t xen_ring_outstanding(const struct xen_ring *r)
{
	return r->req_prod - r->rsp_cons;
}

/* Write the next request, of up to r->size bytes; the back end does not see it yet. */
void xen_ring_put(struct xen_ring *r, const void *request, size_t size);
/* Show the requests written so far to the back end. Returns whether it wants to be notified. */
bool xen_ring_push(struct xen_ring *r);

/* Responses that wait, or -EPROTO when there are more than requests without one: the ring is not to be touched any more then. */
int xen_ring_responses(const struct xen_ring *r);
/* Copy response number @i of those that wait, counted from 0, to @response; it stays in the ring. */
void xen_ring_peek(const struct xen_ring *r, uint32_t i, void *response, size_t size);
/* Take the @n oldest responses. */
void xen_ring_skip(struct xen_ring *r, uint32_t n);
/* Ask for a notification when response number @ahead from now, from 1, is there; look at the ring again afterwards. */
void xen_ring_arm(struct xen_ring *r, uint32_t ahead);

#endif
