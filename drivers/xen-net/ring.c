/* SPDX-License-Identifier: BSD-3-Clause */
#include "ring.h"

#include <core/errno.h>
#include <core/string.h>

static void full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void ring_init(struct ring *r, struct ring_page *page)
{
	memset(page, 0, PAGE_SIZE);
	page->req_event = page->rsp_event = 1;
	*r = (struct ring){ .page = page };
}

int ring_responses(const struct ring *r)
{
	uint32_t n = READ_ONCE(r->page->rsp_prod) - r->rsp_cons;

	barrier(); /* the entries are read after the index */
	return n > r->req_prod - r->rsp_cons ? -EPROTO : (int)n;
}

bool ring_push(struct ring *r)
{
	uint32_t old = r->page->req_prod, new = r->req_prod;

	barrier(); /* the entries are there before the index */
	WRITE_ONCE(r->page->req_prod, new);
	full_barrier();
	return new - READ_ONCE(r->page->req_event) < new - old;
}

void ring_arm(struct ring *r, uint32_t index)
{
	WRITE_ONCE(r->page->rsp_event, index);
	full_barrier();
}
