/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Shared inside core/vmem only.
 *
 * Who changes the map holds a mutex, between vmem_change_begin() and vmem_change_end(). Page faults and look-ups hold vmem_lock, a spin
 * lock, only; so each step of a change is made under that too: a step takes a bounded time and leaves a map that is right, and others run
 * between steps.
 */
#ifndef VMEM_VMEM_H
#define VMEM_VMEM_H

#include <core/fault.h>
#include <core/sched.h>

#include "region.h"

/* Reservations start at or above this when the caller names the place: below are the image, and what a boot loader put behind it. */
#ifdef CONFIG_CORE_USER
extern char __image_end[]; /* of the link script: programs that are linked for one place want it low */
#define VMEM_LOWEST ALIGN_UP((uintptr_t)__image_end, PAGE_SIZE)
#else
#define VMEM_LOWEST 0x40000000UL
#endif

extern struct tree vmem_regions;
extern struct spinlock vmem_lock;

/* Around a change, in thread context; also before there are threads. */
void vmem_change_begin(void);
void vmem_change_end(void);

/* vmem_fault() with vmem_lock held. */
enum fault_result vmem_fault_locked(uintptr_t addr, unsigned access);

bool vmem_bad_range(uintptr_t addr, size_t size);
bool vmem_outside(uintptr_t addr, size_t size);
/* Within a change: region_gap() of the set; where a snapshot will have regions again is no gap. */
#ifdef CONFIG_CORE_PROCESSES
uintptr_t vmem_gap(size_t size, uintptr_t low, uintptr_t high);
#else
#define vmem_gap(size, low, high) region_gap(&vmem_regions, size, low, high)
#endif
/* With either lock held: is all of [start, end) reserved? */
bool vmem_covered(uintptr_t start, uintptr_t end);

/* Within a change: cut the regions at @addr, so that one may start there. -ENOMEM. */
int vmem_split_at(uintptr_t addr);
/* The same at both edges. */
int vmem_split_edges(uintptr_t start, uintptr_t end);
/*
 * Within a change: remove all of [start, end), whose edges are cut, step by step. The regions land on *@doomed. @cover, which may be NULL,
 * takes the place: at each moment, an address belongs to the old region or to @cover.
 */
void vmem_clear(uintptr_t start, uintptr_t end, struct region *cover, struct region **doomed);
/* Within a change: drop the pages of [start, end), step by step. */
void vmem_drop_pages(uintptr_t start, uintptr_t end);
/* vmem_unmap() without waiting; false if it would have to, or without memory to cut a region. Good addresses only. */
bool vmem_unmap_now(uintptr_t addr, size_t size);
/* After the change: free the regions that vmem_clear() collected. */
void vmem_bury(struct region *doomed);

#endif
