/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared inside plat/xen/pv only. */
#ifndef XEN_PV_H
#define XEN_PV_H

#include <arch/regs.h>

#include "../mode.h"
#include "../xen.h"

/* Copy what is needed of the start information, set up the allocator and the final page table. */
void memory_init(const struct start_info *info);
const char *pv_cmdline(void);
bool pv_initrd(const void **start, size_t *size);
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
/* The entry for @va in a leaf table, which is made if need be; NULL: no memory. Preemption is disabled. */
const uint64_t *pgtable_leaf(uintptr_t va);
/* What puts @frame of another domain where @e is; @kind: MMU_*. */
struct mmu_update pgtable_foreign(const uint64_t *e, uint64_t frame, unsigned kind, bool write);

int pv_pt_map(uintptr_t va, uint64_t pa, unsigned flags);
int pv_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags);
bool pv_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags);
uintptr_t pv_pt_next(uintptr_t va, uintptr_t end);
void pv_pt_protect(uintptr_t start, uintptr_t end, unsigned flags);
void pv_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags));
uint64_t pv_frame_of(const void *page);
void *pv_page_of(uint64_t frame);

int pv_map_foreign(uintptr_t va, domid_t domid, const uint64_t *frames, size_t count, bool machine, bool write, int *err);
int pv_map_grant_table(uintptr_t va, unsigned index);
int pv_grant_place(uintptr_t va, domid_t granter, bool write, xen_grant_op_t op, void *arg);
int pv_grant_unplace(uintptr_t va, xen_grant_op_t op, void *arg);

void cpu_init(void);
void pv_thread_switch(uintptr_t tls_base);
bool pv_random(uint64_t *out);

/* Put the page that Xen shares, at machine address @maddr, where the image has it. */
void shared_info_init(uint64_t maddr);
/* Show the toolstack where this domain's memory is. @info is in the direct map. */
void show_memory(const struct start_info *info);
/* @info, in the direct map, is what Xen and the toolstack fill in. */
void suspend_init(struct start_info *info);
bool pv_suspend(void);

void trap_init(void);
void mask_events(void);
void unmask_events(void);
void pv_idle(void);
bool pv_stacks_backed(void);

/* From trap_entry.S, on the interrupted thread's stack, events masked. */
void xen_exception(struct regs *r);
/* Returns true when events are to be unmasked with the return. */
bool xen_event(struct regs *r);

#ifdef CONFIG_CORE_USER
/* The frame of the page table's root, for user mode. */
uint64_t pgtable_root_frame(void);
/* user.c: the same page table for user mode; the two operations of a platform; the syscall instruction and the way back. */
void pv_user_init(void);
void pv_user_stack(uintptr_t top);
void pv_user_enter(const struct regs *regs, uintptr_t top);
void pv_syscall(struct regs *r);
void pv_user_return(struct regs *r);
#endif

#endif
