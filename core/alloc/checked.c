/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The kernel's heap, checked (CONFIG_DEBUG_MEMORY): each object lies between red zones and knows who asked for it. What is freed is filled
 * with a pattern and waits in a queue, so that a later write is seen when it leaves, and a later read finds nonsense. Free pages are filled
 * too, and looked at when they are taken.
 */
#include "checked.h"

#include <core/alloc.h>
#include <core/backtrace.h>
#include <core/list.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

#define MAGIC_LIVE 0x11fe0b1eu
#define MAGIC_FREED 0xdead0b1eu

#define FILL_NEW 0x5a
#define FILL_FREED ((uint8_t)ALLOC_FREED_WORD)
#define FILL_ZONE 0xf5
#define ZONE 16u

#define QUARANTINE_MAX (256ul << 10)

struct object {
	uint32_t magic;
	uint32_t offset; /* of the object from what the allocator below gave */
	size_t size;
	uintptr_t allocated_by, freed_by;
	struct object *next; /* freed after this one */
	uint8_t pad[8], zone[ZONE];
};

#define HEADER sizeof(struct object)

_Static_assert(HEADER % 16 == 0, "objects are aligned to 16");

static struct object *oldest, *newest;
static size_t waiting; /* bytes */
static struct spinlock quarantine_lock = SPINLOCK_INIT("quarantine");

static uint8_t *start_of(struct object *o)
{
	return (uint8_t *)(o + 1);
}

/* First byte of [p, p + n) that is not @fill, or n. */
static size_t mismatch(const uint8_t *p, size_t n, uint8_t fill)
{
	size_t i = 0;

	while (i < n && p[i] == fill)
		i++;
	return i;
}

static void __noreturn complain(const struct object *o, const char *what, long at, uintptr_t caller)
{
	pr_err("heap: object of %lu bytes at %p: %s, at byte %ld", o->size, o + 1, what, at);
	backtrace_print_place("allocated by", o->allocated_by);
	if (o->freed_by)
		backtrace_print_place("freed by", o->freed_by);
	if (caller)
		backtrace_print_place("now called by", caller);
	panic("heap: %s", what);
}

static void check_zones(struct object *o, uintptr_t caller)
{
	size_t front = mismatch(o->zone, ZONE, FILL_ZONE), back = mismatch(start_of(o) + o->size, ZONE, FILL_ZONE);

	if (front < ZONE)
		complain(o, "written before its start", (long)front - ZONE, caller);
	if (back < ZONE)
		complain(o, "written past its end", o->size + back, caller);
}

static void check_freed(struct object *o)
{
	size_t at = mismatch(start_of(o), o->size, FILL_FREED);

	if (at < o->size)
		complain(o, "written after it was freed", at, 0);
}

/* With the lock held: nothing has happened to the oldest one, so it may be used again. */
static struct object *take_oldest(void)
{
	struct object *o = oldest;

	check_freed(o);
	oldest = o->next;
	waiting -= o->size + HEADER;
	o->magic = 0;
	return o;
}

static void shrink_quarantine(size_t limit)
{
	spin_lock(&quarantine_lock);
	while (oldest && waiting > limit) {
		struct object *o = take_oldest();

		spin_unlock(&quarantine_lock);
		raw_kfree(start_of(o) - o->offset);
		spin_lock(&quarantine_lock);
	}
	spin_unlock(&quarantine_lock);
}

static void *raw_alloc(size_t size)
{
	void *p = raw_kmalloc(size);

	if (p)
		return p;
	shrink_quarantine(0);
	return raw_kmalloc(size);
}

static void *allocate(size_t size, uintptr_t caller)
{
	/* Large ones are page aligned. */
	size_t offset = size < PAGE_SIZE ? HEADER : PAGE_SIZE;

	if (size > PAGE_SIZE << PAGE_ORDER_MAX)
		return NULL;
	char *raw = raw_alloc(offset + size + ZONE);

	if (!raw)
		return NULL;
	struct object *o = (struct object *)(raw + offset) - 1;

	*o = (struct object){ .magic = MAGIC_LIVE, .offset = offset, .size = size, .allocated_by = caller };
	memset(o->zone, FILL_ZONE, ZONE);
	memset(start_of(o), FILL_NEW, size);
	memset(start_of(o) + size, FILL_ZONE, ZONE);
	return start_of(o);
}

static struct object *object_of(const void *p, uintptr_t caller)
{
	struct object *o = (struct object *)p - 1;

	if ((uintptr_t)p % 16 || (o->magic != MAGIC_LIVE && o->magic != MAGIC_FREED)) {
		backtrace_print_place("now called by", caller);
		panic("heap: %p is no object", p);
	}
	if (o->magic == MAGIC_FREED)
		complain(o, "freed twice", 0, caller);
	check_zones(o, caller);
	return o;
}

static void release(void *p, uintptr_t caller)
{
	struct object *o = object_of(p, caller);

	o->magic = MAGIC_FREED;
	o->freed_by = caller;
	memset(p, FILL_FREED, o->size);
	spin_lock(&quarantine_lock);
	if (oldest)
		newest->next = o;
	else
		oldest = o;
	newest = o;
	waiting += o->size + HEADER;
	spin_unlock(&quarantine_lock);
	shrink_quarantine(QUARANTINE_MAX);
}

#undef kmalloc
#undef kzalloc
#undef krealloc
#undef kfree
#undef kstrdup

void *kmalloc(size_t size)
{
	return allocate(size, (uintptr_t)__builtin_return_address(0));
}

void *kzalloc(size_t size)
{
	void *p = allocate(size, (uintptr_t)__builtin_return_address(0));

	return p ? memset(p, 0, size) : NULL;
}

void kfree(void *p)
{
	if (p)
		release(p, (uintptr_t)__builtin_return_address(0));
}

void *krealloc(void *p, size_t size)
{
	uintptr_t caller = (uintptr_t)__builtin_return_address(0);
	void *q = allocate(size, caller);

	if (p && q) {
		memcpy(q, p, MIN(object_of(p, caller)->size, size));
		release(p, caller);
	}
	return q;
}

char *kstrdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = allocate(n, (uintptr_t)__builtin_return_address(0));

	return p ? memcpy(p, s, n) : NULL;
}

void alloc_check(void)
{
	spin_lock(&quarantine_lock);
	for (struct object *o = oldest; o; o = o == newest ? NULL : o->next)
		check_freed(o);
	spin_unlock(&quarantine_lock);
}

void poison_pages(void *pages, size_t size)
{
	memset(pages, FILL_FREED, size);
}

void poison_links(void *page)
{
	memset(page, FILL_FREED, sizeof(struct list));
}

void check_pages(const void *pages, size_t size)
{
	const uint64_t *words = pages;

	for (size_t i = 0; i < size / sizeof(*words); i++)
		if (words[i] != ALLOC_FREED_WORD)
			panic("page %p: written after it was freed, at byte %lu", (const char *)pages + (i * 8 & PAGE_MASK),
			      i * 8 & ~PAGE_MASK);
}
