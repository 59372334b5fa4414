/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an owner's memory is at a moment, and how it becomes that again: for fork(2) in one address space (posix/process/fork.c). Pages are copied, but
 * for those of files that were never writable.
 */
#include <core/vmem.h>

#include <core/errno.h>
#include <core/list.h>
#include <core/string.h>
#include <plat/pgtable.h>

#include "vmem.h"

struct saved_region {
	struct saved_region *next; /* by address, as pages below */
	struct region *region; /* not in the set before the end */
	bool same; /* its pages are still what they were */
};

struct saved_page {
	uintptr_t va;
	void *page;
};

#define PAGES_IN_CHUNK ((PAGE_SIZE - 2 * sizeof(void *)) / sizeof(struct saved_page))

struct chunk {
	struct chunk *next;
	size_t count;
	struct saved_page pages[PAGES_IN_CHUNK];
};

struct vmem_snapshot {
	struct list link; /* all of them; under the change mutex */
	unsigned owner;
	struct saved_region *regions, **last_region;
	struct chunk *chunks, *last_chunk;
	size_t taken; /* while it is put back: of the first chunk's pages */
};

static struct list all = LIST_INIT(all);

/* Within a change: the end of a region of a snapshot's that has a part of [start, end), or 0. */
static uintptr_t saved_within(uintptr_t start, uintptr_t end)
{
	struct vmem_snapshot *s;

	list_for_each(s, &all, link)
		for (const struct saved_region *r = s->regions; r && r->region->start < end; r = r->next)
			if (r->region->end > start)
				return r->region->end;
	return 0;
}

uintptr_t vmem_gap(size_t size, uintptr_t low, uintptr_t high)
{
	for (;;) {
		uintptr_t place = region_gap(&vmem_regions, size, low, high);
		uintptr_t next = place ? saved_within(place, place + size) : 0;

		if (!next)
			return place;
		low = next;
	}
}

/* Code and constants: what the file has. */
static bool is_file_only(const struct region *r)
{
	return r->pager && !(r->prot & VMEM_WRITE) && !r->was_writable;
}

static struct saved_page *page_slot(struct vmem_snapshot *s)
{
	if (!s->last_chunk || s->last_chunk->count == PAGES_IN_CHUNK) {
		struct chunk *c = page_alloc(0);

		if (!c)
			return NULL;
		c->next = NULL;
		c->count = 0;
		if (s->last_chunk)
			s->last_chunk->next = c;
		else
			s->chunks = c;
		s->last_chunk = c;
	}
	return &s->last_chunk->pages[s->last_chunk->count];
}

/* With vmem_lock held. */
static int save_page(struct vmem_snapshot *s, uintptr_t va)
{
	unsigned flags;
	uint64_t pa;

	if (!plat_pt_lookup(va, &pa, &flags) || flags & (PT_SHARED | PT_FOREIGN))
		return 0;
	struct saved_page *slot = page_slot(s);
	void *page = slot ? page_alloc(0) : NULL;

	if (!page)
		return -ENOMEM;
	memcpy(page, phys_to_virt(pa), PAGE_SIZE);
	*slot = (struct saved_page){ .va = va, .page = page };
	s->last_chunk->count++;
	return 0;
}

static int save_pages(struct vmem_snapshot *s, const struct region *r)
{
	int ret = 0;

	for (uintptr_t at = r->start; at < r->end && !ret;) {
		spin_lock(&vmem_lock);
		at = plat_pt_next(at, r->end);
		if (at < r->end)
			ret = save_page(s, at);
		spin_unlock(&vmem_lock);
		at += PAGE_SIZE;
	}
	return ret;
}

static int save_region(struct vmem_snapshot *s, const struct region *r)
{
	struct saved_region *saved = kmalloc(sizeof(*saved));
	struct region *copy = kmalloc(sizeof(*copy));

	if (!saved || !copy) {
		kfree(saved);
		kfree(copy);
		return -ENOMEM;
	}
	*copy = *r;
	if (copy->pager)
		copy->pager->ref(copy->object);
	*saved = (struct saved_region){ .region = copy };
	*s->last_region = saved;
	s->last_region = &saved->next;
	return is_file_only(r) ? 0 : save_pages(s, r);
}

static struct region *owned_from(unsigned owner, struct region *r)
{
	while (r && r->owner != owner)
		r = region_next(r);
	return r;
}

static struct region *first_owned(unsigned owner)
{
	return owned_from(owner, region_at_or_after(&vmem_regions, 0));
}

static void free_pages(struct vmem_snapshot *s)
{
	for (struct chunk *c = s->chunks, *next; c; c = next) {
		next = c->next;
		for (size_t i = 0; i < c->count; i++)
			if (c->pages[i].page)
				page_free(c->pages[i].page, 0);
		page_free(c, 0);
	}
}

/* With the regions that are not in the set. */
static void forget(struct vmem_snapshot *s)
{
	free_pages(s);
	for (struct saved_region *r = s->regions, *next; r; r = next) {
		next = r->next;
		if (r->region && r->region->pager)
			r->region->pager->unref(r->region->object);
		kfree(r->region);
		kfree(r);
	}
	kfree(s);
}

int vmem_snapshot_take(unsigned owner, struct vmem_snapshot **out)
{
	struct vmem_snapshot *s = kzalloc(sizeof(*s));
	int ret = 0;

	if (!s)
		return -ENOMEM;
	s->owner = owner;
	s->last_region = &s->regions;
	vmem_change_begin();
	for (struct region *r = first_owned(owner); r && !ret; r = owned_from(owner, region_next(r)))
		ret = save_region(s, r);
	if (!ret)
		list_push_back(&all, &s->link);
	vmem_change_end();
	if (ret) {
		forget(s);
		return ret;
	}
	*out = s;
	return 0;
}

/* Is what was @old shown by the same file now, page for page? */
static bool is_same(const struct region *old)
{
	const struct region *now = region_find(&vmem_regions, old->start);

	return now && is_file_only(old) && is_file_only(now) && now->end >= old->end && now->pager == old->pager &&
	       now->object == old->object && now->prot == old->prot && now->offset + (old->start - now->start) == old->offset;
}

/* The regions that are there now land on *@doomed. */
static void exchange_regions(struct vmem_snapshot *s, struct region **doomed)
{
	struct region *r, *next;

	for (struct saved_region *saved = s->regions; saved; saved = saved->next)
		saved->same = is_same(saved->region);
	for (r = first_owned(s->owner); r; r = next) {
		next = owned_from(s->owner, region_next(r));
		spin_lock(&vmem_lock);
		region_remove(&vmem_regions, r);
		spin_unlock(&vmem_lock);
		r->next_doomed = *doomed;
		*doomed = r;
	}
	for (struct saved_region *saved = s->regions; saved; saved = saved->next) {
		spin_lock(&vmem_lock);
		region_insert(&vmem_regions, saved->region);
		spin_unlock(&vmem_lock);
	}
}

/* The pages of @gone, which is in the set no more, where now is nothing. */
static void drop_outside(const struct region *gone)
{
	for (uintptr_t at = gone->start; at < gone->end;) {
		const struct region *r = region_at_or_after(&vmem_regions, at);
		uintptr_t free_until = r ? MIN(r->start, gone->end) : gone->end;

		if (at < free_until)
			vmem_drop_pages(at, free_until);
		at = r ? MAX(r->end, free_until) : gone->end;
	}
}

static void page_gone(uint64_t pa, unsigned flags)
{
	if (!(flags & PT_SHARED))
		page_free(phys_to_virt(pa), 0);
}

/* The page at @p->va is again what it was. -ENOMEM: there is no table for it any more. */
static int put_page(struct saved_page *p, unsigned prot)
{
	unsigned flags;
	uint64_t pa;
	int ret = 0;

	spin_lock(&vmem_lock);
	if (plat_pt_lookup(p->va, &pa, &flags) && !(flags & (PT_SHARED | PT_FOREIGN))) {
		memcpy(phys_to_virt(pa), p->page, PAGE_SIZE);
		plat_pt_protect(p->va, p->va + PAGE_SIZE, prot);
	} else {
		plat_pt_unmap(p->va, p->va + PAGE_SIZE, page_gone);
		ret = plat_pt_map(p->va, virt_to_phys(p->page), prot);
		if (!ret)
			p->page = NULL;
	}
	spin_unlock(&vmem_lock);
	return ret;
}

/* The next page that was saved, below @end; NULL: there is none. */
static struct saved_page *next_page(struct vmem_snapshot *s, uintptr_t end)
{
	struct chunk *c = s->chunks;

	if (c && s->taken == c->count && c->next) {
		s->chunks = c->next;
		s->taken = 0;
		for (size_t i = 0; i < c->count; i++)
			if (c->pages[i].page)
				page_free(c->pages[i].page, 0);
		page_free(c, 0);
		c = s->chunks;
	}
	if (!c || s->taken == c->count || c->pages[s->taken].va >= end)
		return NULL;
	return &c->pages[s->taken++];
}

static int put_pages(struct vmem_snapshot *s, const struct region *r)
{
	uintptr_t at = r->start;
	struct saved_page *p;
	int ret = 0;

	while (!ret && (p = next_page(s, r->end))) {
		if (p->va > at)
			vmem_drop_pages(at, p->va);
		ret = put_page(p, r->prot);
		at = p->va + PAGE_SIZE;
	}
	if (at < r->end)
		vmem_drop_pages(at, r->end);
	return ret;
}

int vmem_snapshot_restore(struct vmem_snapshot *s)
{
	struct region *doomed = NULL;
	int ret = 0;

	vmem_change_begin();
	list_del(&s->link);
	exchange_regions(s, &doomed);
	for (const struct region *r = doomed; r; r = r->next_doomed)
		drop_outside(r);
	for (struct saved_region *saved = s->regions; saved; saved = saved->next) {
		if (!saved->same && !ret)
			ret = put_pages(s, saved->region);
		saved->region = NULL; /* it is the set's */
	}
	vmem_change_end();
	vmem_bury(doomed);
	forget(s);
	return ret;
}
