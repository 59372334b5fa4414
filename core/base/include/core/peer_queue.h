/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One direction of a queue in memory that is shared with a peer which is not trusted: a ring of entries, an index of the producer and one of
 * the consumer, both running freely (Xen's consoles, xenstore, framebuffers and keyboards; entries of one byte make it a byte stream).
 *
 * What the peer can do here is to put entries in or take them out, and to break the connection: our own index is kept privately, so that
 * writing over it changes nothing; each entry is copied before anybody looks at it; the peer's index is checked on every read; and no
 * function loops longer than the queue has entries.
 *
 * The caller has a lock around calls on one queue. Any context.
 */
#ifndef CORE_PEER_QUEUE_H
#define CORE_PEER_QUEUE_H

#include <core/base.h>

struct peer_queue {
	char *base; /* the entries */
	uint32_t count, size; /* entries, bytes of each */
	uint32_t *shown; /* our index in the page, which is only written */
	const uint32_t *theirs; /* the peer's index in the page */
	uint32_t own; /* our index */
};

/* @ours and @theirs are the indices in the page; @ours is where we begin. */
void peer_queue_init(struct peer_queue *q, void *base, uint32_t count, uint32_t size, uint32_t *ours, const uint32_t *theirs);

/* We produce: entries for which there is room, 0 to q->count, or -EPROTO when the peer's index is inconsistent with ours. */
int peer_queue_room(const struct peer_queue *q);
/* We produce: entries that the peer has not taken, or -EPROTO. */
int peer_queue_unread(const struct peer_queue *q);
/* Append up to @n entries and show them to the peer. Returns how many fitted, or -EPROTO. */
int peer_queue_put(struct peer_queue *q, const void *entries, uint32_t n);

/* We consume: entries that wait, 0 to q->count, or -EPROTO when the peer's index is inconsistent with ours. */
int peer_queue_waiting(const struct peer_queue *q);
/* Copy up to @n of the oldest entries, which stay in the queue. Returns how many, or -EPROTO. */
int peer_queue_peek(const struct peer_queue *q, void *entries, uint32_t n);
/* Give the @n oldest entries, which peer_queue_peek() returned, back to the peer. */
void peer_queue_skip(struct peer_queue *q, uint32_t n);

#endif
