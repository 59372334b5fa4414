/* SPDX-License-Identifier: BSD-3-Clause */
#include <core/peer_queue.h>

#include <core/errno.h>
#include <core/string.h>

void peer_queue_init(struct peer_queue *q, void *base, uint32_t count, uint32_t size, uint32_t *ours, const uint32_t *theirs)
{
	*q = (struct peer_queue){
		.base = base, .count = count, .size = size, .shown = ours, .theirs = theirs, .own = READ_ONCE(*ours)
	};
}

static uint32_t their_index(const struct peer_queue *q)
{
	return __atomic_load_n(q->theirs, __ATOMIC_ACQUIRE);
}

/* The entries are written, or copied, before the peer sees the index; and it sees that before we look at its index again. */
static void move(struct peer_queue *q, uint32_t n)
{
	q->own += n;
	__atomic_store_n(q->shown, q->own, __ATOMIC_SEQ_CST);
}

int peer_queue_unread(const struct peer_queue *q)
{
	uint32_t n = q->own - their_index(q);

	return n > q->count ? -EPROTO : (int)n;
}

int peer_queue_room(const struct peer_queue *q)
{
	int n = peer_queue_unread(q);

	return n < 0 ? n : (int)q->count - n;
}

int peer_queue_waiting(const struct peer_queue *q)
{
	uint32_t n = their_index(q) - q->own;

	return n > q->count ? -EPROTO : (int)n;
}

/* Entries from the place of our index to the end of the memory. */
static uint32_t until_end(const struct peer_queue *q, uint32_t n)
{
	return MIN(n, q->count - q->own % q->count);
}

static char *place(const struct peer_queue *q)
{
	return q->base + (size_t)(q->own % q->count) * q->size;
}

int peer_queue_put(struct peer_queue *q, const void *entries, uint32_t n)
{
	int room = peer_queue_room(q);

	if (room < 0)
		return room;
	n = MIN(n, (uint32_t)room);
	size_t first = (size_t)until_end(q, n) * q->size;

	memcpy(place(q), entries, first);
	memcpy(q->base, (const char *)entries + first, (size_t)n * q->size - first);
	if (n)
		move(q, n);
	return (int)n;
}

int peer_queue_peek(const struct peer_queue *q, void *entries, uint32_t n)
{
	int waiting = peer_queue_waiting(q);

	if (waiting < 0)
		return waiting;
	n = MIN(n, (uint32_t)waiting);
	size_t first = (size_t)until_end(q, n) * q->size;

	memcpy(entries, place(q), first);
	memcpy((char *)entries + first, q->base, (size_t)n * q->size - first);
	barrier(); /* the copy is what is looked at, whatever the peer writes meanwhile */
	return (int)n;
}

void peer_queue_skip(struct peer_queue *q, uint32_t n)
{
	if (n)
		move(q, n);
}
