/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Binary buddies. One byte a page frame tells the state of the block that starts there; the links of free blocks live in the
 * free pages themselves.
 */
#include "checked.h"

#include <core/alloc.h>

#include <core/errno.h>
#include <core/list.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>

/* States of a frame: 0 is reserved or the inside of a block. */
#define STATE_FREE 0x40u /* | order */
#define STATE_USED 0x80u /* | order */
#define STATE_PINNED 0x20u /* with order 0; without STATE_USED it is free as soon as nobody pins it */
#define STATE_ORDER 0x1fu

#define COUNTS (PAGE_SIZE / sizeof(uint16_t)) /* of pins, in a page */

static uintptr_t base;
static uint64_t frames;
static uint8_t *state;
static struct list free_lists[PAGE_ORDER_MAX + 1];
static size_t total, available;
static uint16_t **pins; /* by frame, made at need: few frames are ever pinned */
static struct spinlock page_lock = SPINLOCK_INIT("page: free lists and frame states");

bool is_direct_mapped(const void *p)
{
	return (uintptr_t)p >= base && (uintptr_t)p - base < frames << PAGE_SHIFT;
}

paddr_t virt_to_phys(const void *p)
{
	return (uintptr_t)p - base;
}

void *phys_to_virt(paddr_t pa)
{
	return (void *)(base + pa);
}

static struct list *block_link(uint64_t pfn)
{
	return phys_to_virt(pfn << PAGE_SHIFT);
}

void page_init(uintptr_t direct_base, paddr_t end, uint8_t *map)
{
	base = direct_base;
	frames = end >> PAGE_SHIFT;
	state = map;
	for (unsigned i = 0; i <= PAGE_ORDER_MAX; i++)
		list_init(&free_lists[i]);
}

static void insert_free(uint64_t pfn, unsigned order)
{
	while (order < PAGE_ORDER_MAX) {
		uint64_t buddy = pfn ^ (1ull << order);

		if (buddy + (1ull << order) > frames || state[buddy] != (STATE_FREE | order))
			break;
		list_del(block_link(buddy));
		poison_links(block_link(buddy));
		state[buddy] = 0;
		pfn &= ~(1ull << order);
		order++;
	}
	state[pfn] = STATE_FREE | order;
	list_push_front(&free_lists[order], block_link(pfn));
}

void page_add_range(paddr_t start, paddr_t end)
{
	uint64_t pfn = (start + PAGE_SIZE - 1) >> PAGE_SHIFT, last = MIN(end >> PAGE_SHIFT, frames);

	spin_lock(&page_lock);
	while (pfn < last) {
		unsigned order = 0;

		while (order < PAGE_ORDER_MAX && !(pfn & (1ull << order)) && pfn + (2ull << order) <= last)
			order++;
		state[pfn] = 0;
		poison_pages(block_link(pfn), PAGE_SIZE << order);
		insert_free(pfn, order);
		total += 1ul << order;
		available += 1ul << order;
		pfn += 1ull << order;
	}
	spin_unlock(&page_lock);
}

static void *take(unsigned order)
{
	unsigned o = order;

	while (o <= PAGE_ORDER_MAX && list_empty(&free_lists[o]))
		o++;
	if (o > PAGE_ORDER_MAX)
		return NULL;
	struct list *block = free_lists[o].next;
	uint64_t pfn = virt_to_phys(block) >> PAGE_SHIFT;

	list_del(block);
	while (o > order) {
		uint64_t upper = pfn + (1ull << --o);

		state[upper] = STATE_FREE | o;
		list_push_front(&free_lists[o], block_link(upper));
	}
	state[pfn] = STATE_USED | order;
	available -= 1ul << order;
	poison_links(block);
	check_pages(block, PAGE_SIZE << order);
	return block;
}

#define RECLAIM_MIN 32ul /* pages: who asks once asks again */

#ifdef CONFIG_CORE_ALLOC_RECLAIM
bool (*page_reclaim)(size_t pages);

static bool reclaim(size_t pages)
{
	return page_reclaim && page_reclaim(MAX(pages, RECLAIM_MIN));
}
#else
static bool reclaim(size_t pages __unused)
{
	return false;
}
#endif

static void *take_locked(unsigned order)
{
	spin_lock(&page_lock);
	void *page = take(order);

	spin_unlock(&page_lock);
	return page;
}

void *page_alloc(unsigned order)
{
	if (order > PAGE_ORDER_MAX)
		return NULL;
	void *page = take_locked(order);

	while (unlikely(!page) && reclaim(1ul << order))
		page = take_locked(order);
	if (page)
		clear_allocated(page, PAGE_SIZE << order);
	return page;
}

/* With the lock held. */
static void give_back(uint64_t pfn, unsigned order)
{
	void *page = phys_to_virt(pfn << PAGE_SHIFT);

	clear_freed(page, PAGE_SIZE << order);
	poison_pages(page, PAGE_SIZE << order);
	available += 1ul << order;
	insert_free(pfn, order);
}

void page_free(void *page, unsigned order)
{
	uint64_t pfn = virt_to_phys(page) >> PAGE_SHIFT;

	spin_lock(&page_lock);
	if (unlikely(!order && state[pfn] == (STATE_USED | STATE_PINNED))) {
		state[pfn] = STATE_PINNED;
	} else {
		if (state[pfn] != (STATE_USED | order))
			panic("page_free: frame 0x%lx, order %u: state is 0x%x", pfn, order, state[pfn]);
		give_back(pfn, order);
	}
	spin_unlock(&page_lock);
}

static void *take_cleared(unsigned order)
{
	void *block = take(order);

	if (block)
		memset(block, 0, PAGE_SIZE << order);
	return block;
}

/* The number of a frame's pins, or NULL without memory for it. With the lock held. */
static uint16_t *pin_count(uint64_t pfn)
{
	uint64_t i = pfn / COUNTS;

	if (!pins)
		pins = take_cleared(page_order_of_size(DIV_ROUND_UP(frames, COUNTS) * sizeof(*pins)));
	if (pins && !pins[i])
		pins[i] = take_cleared(0);
	return pins && pins[i] ? &pins[i][pfn % COUNTS] : NULL;
}

int page_pin(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;
	uint16_t *count = NULL;

	spin_lock(&page_lock);
	bool single = pfn < frames && (state[pfn] & ~STATE_PINNED) == STATE_USED;

	if (single)
		count = pin_count(pfn);
	if (count && *count < UINT16_MAX) {
		state[pfn] |= STATE_PINNED;
		++*count;
	} else {
		count = NULL;
	}
	spin_unlock(&page_lock);
	return count ? 0 : single ? -ENOMEM : -EFAULT;
}

void page_unpin(paddr_t pa)
{
	uint64_t pfn = pa >> PAGE_SHIFT;

	spin_lock(&page_lock);
	if (!(state[pfn] & STATE_PINNED))
		panic("page_unpin: frame 0x%lx: state is 0x%x", pfn, state[pfn]);
	if (!--*pin_count(pfn)) {
		state[pfn] &= ~STATE_PINNED;
		if (!state[pfn])
			give_back(pfn, 0);
	}
	spin_unlock(&page_lock);
}

unsigned page_order(const void *page)
{
	uint64_t pfn = virt_to_phys(page) >> PAGE_SHIFT;

	if (!(state[pfn] & STATE_USED))
		panic("page_order: frame 0x%lx is not the start of an allocation", pfn);
	return state[pfn] & STATE_ORDER;
}

void *page_alloc_zero(void)
{
	void *page = page_alloc(0);

	if (page)
		memset(page, 0, PAGE_SIZE);
	return page;
}

/* A 64th, as a program may need megabytes to go on, within bounds that suit the smallest and the largest domains. */
size_t page_reserve(void)
{
	return MIN(MAX(total / 64, 64ul), 4096ul);
}

void *page_alloc_spare(void)
{
	while (available <= page_reserve())
		if (!reclaim(RECLAIM_MIN))
			return NULL;
	return page_alloc_zero();
}

size_t page_total(void)
{
	return total;
}

size_t page_available(void)
{
	return available;
}
