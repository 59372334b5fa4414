/* SPDX-License-Identifier: BSD-3-Clause */
/* Split virtqueues (virtio 1.2, section 2.7). */
#include <core/errno.h>
#include <core/log.h>
#include <core/string.h>

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

struct virtq {
	unsigned size, index, room;
	uint16_t first_free, next_available, next_used, last_kick;
	bool event_idx;
	volatile uint16_t *doorbell;
	struct descriptor *descriptors;
	volatile struct available *available;
	volatile struct used *used;
	void **cookies; /* by head descriptor; NULL: not in flight */
};

static void memory_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

struct virtq *virtq_create(unsigned size, unsigned index, volatile uint16_t *doorbell, bool event_idx,
                           struct virtq_addresses *at)
{
	size_t descriptors = size * sizeof(struct descriptor);
	size_t available = ALIGN_UP(sizeof(struct available) + (size + 1) * 2ul, 64);
	size_t used = sizeof(struct used) + size * 8ul + 2;
	struct virtq *q = kzalloc(sizeof(*q));
	char *rings = kzalloc(MAX(descriptors + available + used, PAGE_SIZE));

	if (q)
		q->cookies = kzalloc(size * sizeof(void *));
	if (!q || !rings || !q->cookies) {
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
		q->descriptors[i].next = i + 1;
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

int virtq_add(struct virtq *q, const struct virtq_piece *pieces, unsigned out, unsigned in, void *cookie)
{
	unsigned count = out + in;
	uint16_t head = q->first_free, last = head, at = head;

	if (count > q->room)
		return -ENOSPC;
	for (unsigned i = 0; i < count; i++) {
		struct descriptor *d = &q->descriptors[at];

		d->address = pieces[i].address;
		d->length = pieces[i].length;
		d->flags = DESC_NEXT | (i >= out ? DESC_WRITE : 0);
		last = at;
		at = d->next;
	}
	q->descriptors[last].flags &= ~DESC_NEXT;
	q->first_free = at;
	q->room -= count;
	q->cookies[head] = cookie;
	q->available->ring[q->next_available % q->size] = head;
	memory_barrier();
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
	memory_barrier();
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
	uint16_t at = head;

	q->room++;
	while (q->descriptors[at].flags & DESC_NEXT) {
		at = q->descriptors[at].next;
		q->room++;
	}
	q->descriptors[at].next = q->first_free;
	q->first_free = head;
}

void *virtq_take(struct virtq *q, uint32_t *length)
{
	if (q->next_used == q->used->index) {
		if (!q->event_idx)
			return NULL;
		q->available->ring[q->size] = q->next_used; /* used_event: interrupt at the next one */
		memory_barrier();
		if (q->next_used == q->used->index)
			return NULL;
	}
	memory_barrier();
	uint32_t head = q->used->ring[q->next_used % q->size].id;

	*length = q->used->ring[q->next_used % q->size].length;
	q->next_used++;
	if (head >= q->size || !q->cookies[head]) {
		pr_err("virtqueue %u: the device returned descriptor %u, which it does not have", q->index, head);
		return NULL;
	}
	void *cookie = q->cookies[head];

	q->cookies[head] = NULL;
	free_chain(q, head);
	return cookie;
}
