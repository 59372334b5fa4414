/* SPDX-License-Identifier: BSD-3-Clause */
/* Split virtqueues (virtio 1.2, section 2.7). */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

#include "barrier.h"
#include "internal.h"

#define DESC_NEXT 1
#define DESC_WRITE 2
#define USED_NO_NOTIFY 1

struct descriptor {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};

struct available {
	uint16_t flags, index;
	uint16_t ring[]; /* then used_event */
};

struct used {
	uint16_t flags, index;
	struct {
		uint32_t id, length;
	} ring[]; /* then avail_event */
};

/* Ours alone, where the rings are the device's too: what is in flight is never read back from those. */
struct state {
	void *cookie; /* of a chain's first descriptor; NULL: not in flight */
	uint32_t writable; /* bytes that the device may write, of the whole chain */
	uint16_t pieces; /* of the whole chain */
	uint16_t next; /* in the chain, or among the free ones */
};

struct virtq {
	unsigned size, index, room;
	uint16_t first_free, next_available, next_used, last_kick;
	bool event_idx, broken;
	volatile uint16_t *doorbell;
	struct descriptor *descriptors; /* only written */
	volatile struct available *available; /* only written */
	volatile struct used *used;
	struct state *state; /* by descriptor */
	struct virtq *next; /* of the same device */
};

struct virtq *virtq_create(unsigned size, unsigned index, volatile uint16_t *doorbell, bool event_idx,
                           struct virtq_addresses *at)
{
	size_t descriptors = size * sizeof(struct descriptor);
	size_t available = ALIGN_UP(sizeof(struct available) + (size + 1) * 2ul, 64);
	size_t used = sizeof(struct used) + size * 8ul + 2;
	struct virtq *q = kzalloc(sizeof(*q));
	char *rings = kzalloc(MAX(descriptors + available + used, PAGE_SIZE));

	if (q)
		q->state = kzalloc(size * sizeof(*q->state));
	if (!q || !rings || !q->state) {
		kfree(rings);
		kfree(q);
		return NULL;
	}
	q->size = q->room = size;
	q->index = index;
	q->event_idx = event_idx;
	q->doorbell = doorbell;
	q->descriptors = (void *)rings;
	q->available = (void *)(rings + descriptors);
	q->used = (void *)(rings + descriptors + available);
	for (unsigned i = 0; i < size; i++)
		q->state[i].next = i + 1;
	at->descriptors = virt_to_phys(rings);
	at->driver = at->descriptors + descriptors;
	at->device = at->driver + available;
	return q;
}

unsigned virtq_size(const struct virtq *q)
{
	return q->size;
}

unsigned virtq_room(const struct virtq *q)
{
	return q->room;
}

static uint32_t add_up(uint32_t sum, uint32_t more)
{
	return sum > UINT32_MAX - more ? UINT32_MAX : sum + more;
}

int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned out, unsigned in, void *cookie)
{
	unsigned count = out + in;
	uint16_t head = q->first_free, at = head;
	uint32_t writable = 0;

	if (q->broken)
		return -EIO;
	if (!count || count > q->room)
		return -ENOSPC;
	for (unsigned i = 0; i < count; i++) {
		uint16_t next = q->state[at].next;

		q->descriptors[at] = (struct descriptor){
			.address = pieces[i].address,
			.length = pieces[i].length,
			.flags = (i + 1 < count ? DESC_NEXT : 0) | (i >= out ? DESC_WRITE : 0),
			.next = next,
		};
		if (i >= out)
			writable = add_up(writable, pieces[i].length);
		at = next;
	}
	q->first_free = at;
	q->room -= count;
	q->state[head].cookie = cookie;
	q->state[head].writable = writable;
	q->state[head].pieces = count;
	q->available->ring[q->next_available % q->size] = head;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	q->available->index = ++q->next_available;
	return 0;
}

/* Behind the used ring: the device wants to hear when this entry is made available. */
static volatile uint16_t *avail_event(const struct virtq *q)
{
	return (volatile uint16_t *)((uintptr_t)q->used + sizeof(struct used) + q->size * 8ul);
}

void virtq_kick(struct virtq *q)
{
	virtio_barrier();
	if (q->event_idx) {
		uint16_t event = *avail_event(q);
		uint16_t added = q->next_available - q->last_kick;

		/* 2.7.10.1: tell if the event index is among what was added since the last time. */
		if ((uint16_t)(q->next_available - event - 1) >= added)
			return;
	} else if (q->used->flags & USED_NO_NOTIFY) {
		return;
	}
	q->last_kick = q->next_available;
	*q->doorbell = q->index;
}

static void free_chain(struct virtq *q, uint16_t head)
{
	uint16_t last = head;

	for (unsigned i = 1; i < q->state[head].pieces; i++)
		last = q->state[last].next;
	q->room += q->state[head].pieces;
	q->state[last].next = q->first_free;
	q->first_free = head;
	q->state[head].cookie = NULL;
}

bool virtq_broken(const struct virtq *q)
{
	return q->broken;
}

void virtq_link(struct virtq *q, struct virtq *next)
{
	q->next = next;
}

bool virtq_any_broken(const struct virtq *queues)
{
	for (const struct virtq *q = queues; q; q = q->next)
		if (q->broken)
			return true;
	return false;
}

static void *break_queue(struct virtq *q, const char *what, uint32_t number)
{
	q->broken = true;
	pr_err("virtqueue %u: the device returned %s %u, which it does not have: given up", q->index, what, number);
	return NULL;
}

/* How many entries the device has used and we have not taken. */
static uint16_t unseen(const struct virtq *q)
{
	return q->used->index - q->next_used;
}

static uint16_t unseen_or_rearm(struct virtq *q)
{
	uint16_t n = unseen(q);

	if (n || !q->event_idx)
		return n;
	q->available->ring[q->size] = q->next_used; /* used_event: interrupt at the next one */
	virtio_barrier();
	return unseen(q);
}

void *virtq_take(struct virtq *q, uint32_t *length)
{
	uint16_t n = q->broken ? 0 : unseen_or_rearm(q);

	if (!n)
		return NULL;
	if (n > q->size)
		return break_queue(q, "index", (uint16_t)(q->next_used + n));
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	uint32_t head = q->used->ring[q->next_used % q->size].id, written = q->used->ring[q->next_used % q->size].length;

	q->next_used++;
	if (head >= q->size || !q->state[head].cookie)
		return break_queue(q, "descriptor", head);
	void *cookie = q->state[head].cookie;

	*length = MIN(written, q->state[head].writable);
	free_chain(q, (uint16_t)head);
	return cookie;
}
