/* SPDX-License-Identifier: BSD-3-Clause */
/* The bytes in a pipe: 64 KiB in pages that are allocated when the data first reaches them. The caller locks. */
#ifndef POSIX_PIPE_RING_H
#define POSIX_PIPE_RING_H

#include <core/iov.h>

#define RING_SIZE 65536u

struct ring {
	char *pages[RING_SIZE / PAGE_SIZE];
	unsigned head, tail; /* free running: bytes written and read */
};

static inline unsigned ring_used(const struct ring *r)
{
	return r->head - r->tail;
}

static inline unsigned ring_room(const struct ring *r)
{
	return RING_SIZE - ring_used(r);
}

/* Move what fits, or is there, between the ring and @it. Return the byte count; ring_write -ENOMEM if nothing moved. */
ssize_t ring_write(struct ring *r, struct iov_iter *it);
size_t ring_read(struct ring *r, struct iov_iter *it);
/* Have the pages for @n <= room more bytes. 0 or -ENOMEM. */
int ring_reserve(struct ring *r, size_t n);
void ring_free(struct ring *r);

#endif
