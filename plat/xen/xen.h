/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/xen only. */
#ifndef XEN_XEN_H
#define XEN_XEN_H

#include <arch/regs.h>
#include <core/base.h>
#include <plat/xen.h>

#include "abi.h"

/* The page that Xen shares with this domain; zeroes until shared_info_init(). */
extern struct shared_info shared_info;
void shared_info_init(uint64_t maddr);

static inline struct vcpu_info *this_vcpu(void)
{
	return &shared_info.vcpu_info[0];
}

void console_init(const struct start_info *info);

/* Copy what is needed of the start information, set up the allocator and the final page table. */
void memory_init(const struct start_info *info);
/* Machine frame of pseudo-physical frame @pfn. */
uint64_t pfn_to_mfn(uint64_t pfn);

/* The page table whose root is at direct-map address @root. */
void pgtable_init(uint64_t *root);
/* Set the leaf entry of @va, which has tables already. Panics when Xen refuses. */
void pgtable_set(uintptr_t va, uint64_t entry);
/* Make @table, a filled page of leaf entries, the one for @va. Panics when Xen refuses. */
void pgtable_hook_leaves(uintptr_t va, uint64_t *table);
/* Unhook the leaf table of @va, one of the domain builder's, and give it to the allocator. Harmless when there is none. */
void pgtable_drop_leaves(uintptr_t va);
/* Give the page at @va the access of @flags (PT_*), none: unmap it; done by the next pgtable_flush_queue() at the latest. */
void pgtable_queue(uintptr_t va, unsigned flags);
void pgtable_flush_queue(void);

void cpu_init(void);
void trap_init(void);
void event_init(void);
void clock_init(void);
void xen_store_init(const struct start_info *info);

/* From trap_entry.S, on the interrupted thread's stack, events masked. */
void xen_exception(struct regs *r);
/* Returns true when events are to be unmasked with the return. */
bool xen_event(struct regs *r);

long xen_hypercall3(unsigned nr, unsigned long a1, unsigned long a2, unsigned long a3);

#endif
