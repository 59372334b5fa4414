/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/alloc.h>
#include <core/errno.h>

#include "ring.h"

static char **page_slot(struct ring *r, unsigned at)
{
	return &r->pages[at % RING_SIZE / PAGE_SIZE];
}

int ring_reserve(struct ring *r, size_t n)
{
	for (unsigned at = ALIGN_DOWN(r->head, PAGE_SIZE); n && (int)(at - (r->head + n)) < 0; at += PAGE_SIZE) {
		char **page = page_slot(r, at);

		if (!*page)
			*page = page_alloc(0);
		if (!*page)
			return -ENOMEM;
	}
	return 0;
}

ssize_t ring_write(struct ring *r, struct iov_iter *it)
{
	size_t done = 0;

	while (it->left && ring_room(r)) {
		unsigned in = r->head % PAGE_SIZE;
		size_t n = MIN((size_t)ring_room(r), PAGE_SIZE - in);

		if (ring_reserve(r, MIN(n, it->left)))
			return done ? (ssize_t)done : -ENOMEM;
		n = iov_get(it, *page_slot(r, r->head) + in, n);
		r->head += n;
		done += n;
	}
	return done;
}

size_t ring_read(struct ring *r, struct iov_iter *it)
{
	size_t done = 0;

	while (it->left && ring_used(r)) {
		unsigned in = r->tail % PAGE_SIZE;
		size_t n = MIN((size_t)ring_used(r), PAGE_SIZE - in);

		n = iov_put(it, *page_slot(r, r->tail) + in, n);
		r->tail += n;
		done += n;
	}
	/* Start over at the first page: a pipe that is kept empty needs no other. */
	if (!ring_used(r))
		r->head = r->tail = 0;
	return done;
}

void ring_free(struct ring *r)
{
	for (unsigned i = 0; i < ARRAY_SIZE(r->pages); i++)
		if (r->pages[i])
			page_free(r->pages[i], 0);
}
