/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Small objects in size classes, each class cut from single pages with a header at the page's start. An object is therefore
 * never page aligned, and a page-aligned pointer is a block of the page allocator. A class keeps one page that has become empty, so that one
 * object that comes and goes does not make and free a page each time.
 */
#include "checked.h"

#include <core/alloc.h>

#include <core/list.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

#define SLAB_MAGIC 0x51ab51abu

struct slab {
	struct list link; /* in its class while it has a free object */
	void *free;
	uint32_t magic;
	uint16_t used, size_class;
};

#define HEADER ALIGN_UP(sizeof(struct slab), 16)

/* X(class, the size below its own, its own size) */
#define STEP 16
#define SIZES(X) \
	X(0, 0, 16) \
	X(1, 16, 32) \
	X(2, 32, 48) \
	X(3, 48, 64) \
	X(4, 64, 96) \
	X(5, 96, 128) \
	X(6, 128, 192) \
	X(7, 192, 256) \
	X(8, 256, 336) \
	X(9, 336, 448) \
	X(10, 448, 672) \
	X(11, 672, 1008) \
	X(12, 1008, 1344) \
	X(13, 1344, 2016)

#define SIZE_OF(c, below, size) [c] = (size),
static const uint16_t class_size[] = { SIZES(SIZE_OF) };

#define CLASSES ARRAY_SIZE(class_size)
#define SMALL_MAX 2016

static struct list partial[CLASSES];
static struct slab *spare[CLASSES]; /* on the list of its class, with no object in use */
static struct spinlock slab_lock = SPINLOCK_INIT("kmalloc: size classes");

/* The class of a size in steps. */
#define CLASS_OF(c, below, size) [(below) / STEP + 1 ...(size) / STEP] = (c),
static const uint8_t class_of_steps[SMALL_MAX / STEP + 1] = { SIZES(CLASS_OF) };

static unsigned class_of(size_t size)
{
	return class_of_steps[DIV_ROUND_UP(size, STEP)];
}

static struct slab *slab_create(unsigned c)
{
	struct slab *s = page_alloc(0);

	if (!s)
		return NULL;
	*s = (struct slab){ .magic = SLAB_MAGIC, .size_class = c };
	for (size_t at = HEADER; at + class_size[c] <= PAGE_SIZE; at += class_size[c]) {
		void **object = (void **)((char *)s + at);

		*object = s->free;
		s->free = object;
	}
	list_push_front(&partial[c], &s->link);
	return s;
}

static void *small_alloc(size_t size)
{
	unsigned c = class_of(size);
	struct slab *s;
	void *object = NULL;

	spin_lock(&slab_lock);
	if (!partial[c].next)
		list_init(&partial[c]);
	s = list_empty(&partial[c]) ? slab_create(c) : list_first(&partial[c], struct slab, link);
	if (s) {
		object = s->free;
		s->free = *(void **)object;
		s->used++;
		if (s == spare[c])
			spare[c] = NULL;
		if (!s->free)
			list_del(&s->link);
	}
	spin_unlock(&slab_lock);
	return object;
}

static struct slab *slab_of(const void *p)
{
	struct slab *s = (struct slab *)((uintptr_t)p & PAGE_MASK);

	if (s->magic != SLAB_MAGIC)
		panic("kfree: %p was not allocated", p);
	return s;
}

static void slab_free(struct slab *s)
{
	list_del(&s->link);
	s->magic = 0;
	page_free(s, 0);
}

static void small_free(void *p)
{
	struct slab *s = slab_of(p);

	clear_freed(p, class_size[s->size_class]);
	spin_lock(&slab_lock);
	if (!s->free)
		list_push_back(&partial[s->size_class], &s->link);
	*(void **)p = s->free;
	s->free = p;
	if (--s->used == 0) {
		if (spare[s->size_class])
			slab_free(s);
		else
			spare[s->size_class] = s;
	}
	spin_unlock(&slab_lock);
}

void *kmalloc(size_t size)
{
	if (size > PAGE_SIZE << PAGE_ORDER_MAX)
		return NULL;
	if (size > SMALL_MAX)
		return page_alloc(page_order_of_size(size));
	void *p = small_alloc(size);

	if (p)
		clear_allocated(p, size);
	return p;
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void kfree(void *p)
{
	if (!p)
		return;
	if ((uintptr_t)p & ~PAGE_MASK)
		small_free(p);
	else
		page_free(p, page_order(p));
}

static size_t usable_size(const void *p)
{
	if ((uintptr_t)p & ~PAGE_MASK)
		return class_size[slab_of(p)->size_class];
	return PAGE_SIZE << page_order(p);
}

void *krealloc(void *p, size_t size)
{
	if (!p)
		return kmalloc(size);
	size_t old = usable_size(p);

	if (size <= old && size > old / 2)
		return p;
	void *q = kmalloc(size);

	if (q) {
		memcpy(q, p, MIN(old, size));
		kfree(p);
	}
	return q;
}

char *kstrdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = kmalloc(n);

	return p ? memcpy(p, s, n) : NULL;
}
