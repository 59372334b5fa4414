/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes in a pipe: a ring of pages, as pipe(7) describes it. What is written takes pages of its own, but for an end of a page that goes
 * whole behind what the last page holds; so a piece of up to a page is never torn, and room is counted in pages. The caller locks.
 */
#ifndef POSIX_PIPE_RING_H
#define POSIX_PIPE_RING_H

#include <core/iov.h>
#include <posix/pipe.h>

#define RING_PAGES 16u /* of a new pipe */
#define RING_PAGES_MAX 256u /* as /proc/sys/fs/pipe-max-size on Linux */

struct ring {
	struct pipe_page *pages;
	unsigned size; /* number of @pages: a power of two */
	unsigned head, tail; /* free running: pages filled and emptied */
	unsigned out; /* number of pages that somebody has taken, or will add: there is always room for them */
	unsigned used; /* bytes */
	bool taken; /* the first page is out: nobody reads before what is left of it is back */
	char *spare; /* a page for the next to come, or NULL */
};

/* An empty ring of RING_PAGES. 0 or -ENOMEM. */
int ring_init(struct ring *r);
void ring_free(struct ring *r);

/* How many bytes find room for certain. */
static inline unsigned ring_room(const struct ring *r)
{
	return (r->size - (r->head - r->tail) - r->out) * (unsigned)PAGE_SIZE;
}

static inline unsigned ring_used(const struct ring *r)
{
	return r->used;
}

/* Is there something to read, now? */
static inline bool ring_readable(const struct ring *r)
{
	return r->used && !r->taken;
}

/* What of @it goes whole into the last page goes there, ahead of the rest. Returns the byte count. */
size_t ring_append(struct ring *r, struct iov_iter *it);
/* Move what there are pages for from @it, as packets or not. Returns the byte count, or -ENOMEM if nothing moved. */
ssize_t ring_write(struct ring *r, struct iov_iter *it, bool packets);
/* Move what is there to @it. Returns the byte count. */
size_t ring_read(struct ring *r, struct iov_iter *it);
/*
 * The first page leaves the ring; ring_return() puts what is left of it back ahead of all. Until then nothing is read, so the order of the bytes stays.
 * False: there is none, or somebody has it.
 */
bool ring_take(struct ring *r, struct pipe_page *page);
void ring_return(struct ring *r, const struct pipe_page *page);
/* A page that ring_put() puts behind all, with what it has by then. False: out of memory. There must be room. */
bool ring_get(struct ring *r, struct pipe_page *page);
void ring_put(struct ring *r, const struct pipe_page *page);
/* Copy up to @len bytes that @from keeps to @to, as far as there is room, if no page of it is out. Returns the count, or -ENOMEM if it is 0 for that. */
ssize_t ring_copy(struct ring *to, const struct ring *from, size_t len);
/* Change to @pages, a power of two up to RING_PAGES_MAX. 0, -EBUSY if more are filled or taken, -ENOMEM. */
int ring_resize(struct ring *r, unsigned pages);

#endif
