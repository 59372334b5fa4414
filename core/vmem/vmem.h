/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside core/vmem only. */
#ifndef VMEM_VMEM_H
#define VMEM_VMEM_H

#include <core/fault.h>
#include <core/sched.h>

#include "region.h"

extern struct region_set vmem_regions;
extern struct spinlock vmem_lock;

/* vmem_fault() with vmem_lock held. */
enum fault_result vmem_fault_locked(uintptr_t addr, unsigned access);
/* With vmem_lock held: cut the regions at @addr, so that one may start there. -ENOMEM. */
int vmem_split_at(uintptr_t addr);
/* With vmem_lock held: remove all of [start, end), whose edges are cut; the regions land on @doomed. */
void vmem_detach(uintptr_t start, uintptr_t end, struct list *doomed);
/* Without the lock: free the regions that vmem_detach() collected. */
void vmem_bury(struct list *doomed);

#endif
