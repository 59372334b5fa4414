/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page table, read through the direct map and written by Xen (public/xen.h, HYPERVISOR_mmu_update). Entries hold machine frames.
 * A page that becomes a table is mapped read-only first; updates are queued where many follow each other.
 */
#include <arch/pgtable.h>
#include <core/alloc.h>
#include <core/errno.h>
#include <core/log.h>
#include <core/sched.h>
#include <plat/pgtable.h>
#include <plat/pt_walk.h>
#include <plat/pte.h>

#include "pv.h"

#define TABLE_BITS (PTE_P | PTE_W | PTE_U | PTE_A)
#define LEAF_BITS (PTE_U | PTE_A | PTE_D)
#define QUEUE_MAX 64

static uint64_t *root;

/* Of the call under way: from the first update to the flush preemption stays off. Not on its stack, on which a page fault might be needed. */
static struct mmu_update queue[QUEUE_MAX];
static unsigned queued;

static uint64_t frame_of(uint64_t pa)
{
	return pfn_to_mfn(pa >> PAGE_SHIFT) << PAGE_SHIFT;
}

/*
 * The entry of a page without access holds no machine frame: a toolstack that saves the domain would not exchange it. The address is this domain's,
 * inverted, so that no processor can follow it to memory either, which Xen insists on where processors try (L1TF).
 */
static uint64_t pa_of(uint64_t entry)
{
	if (!(entry & PTE_P))
		return ~entry & PTE_ADDR;
	return MACHINE_TO_PHYS[(entry & PTE_ADDR) >> PAGE_SHIFT] << PAGE_SHIFT;
}

static uint64_t machine_address(const uint64_t *e)
{
	uint64_t pa = virt_to_phys(e);

	return frame_of(pa) | (pa & ~PAGE_MASK);
}

uint64_t pv_frame_of(const void *page)
{
	return pfn_to_mfn(virt_to_phys(page) >> PAGE_SHIFT);
}

void *pv_page_of(uint64_t frame)
{
	return phys_to_virt(MACHINE_TO_PHYS[frame] << PAGE_SHIFT);
}

static void flush_all(void)
{
	struct mmuext_op op = { .cmd = MMUEXT_TLB_FLUSH_LOCAL };

	xen_hypercall(HYPERCALL_MMUEXT_OP, (uintptr_t)&op, 1, 0, DOMID_SELF, 0);
}

void pgtable_flush_queue(void)
{
	if (!queued)
		return;
	long ret = xen_hypercall(HYPERCALL_MMU_UPDATE, (uintptr_t)queue, queued, 0, DOMID_SELF, 0);

	if (ret)
		panic("page table: Xen refuses one of %u updates: errno %ld", queued, -ret);
	queued = 0;
	flush_all();
}

static void update(const uint64_t *e, uint64_t value)
{
	ASSERT(!preempt_allowed());
	queue[queued++] = (struct mmu_update){ machine_address(e) | MMU_NORMAL_PT_UPDATE, value };
	if (queued == QUEUE_MAX)
		pgtable_flush_queue();
}

void pgtable_set(uintptr_t va, uint64_t entry)
{
	long ret = xen_hypercall3(HYPERCALL_UPDATE_VA_MAPPING, va, entry, UVMF_INVLPG);

	if (ret)
		panic("page table: Xen refuses entry 0x%lx for 0x%lx: errno %ld", entry, va, -ret);
}

/* Xen checks a table when it is hooked in, and wants no writable mapping of it then. */
static void seal(const void *table)
{
	pgtable_set((uintptr_t)table, frame_of(virt_to_phys(table)) | PTE_P | LEAF_BITS | PTE_NX);
}

static void unseal(const void *table)
{
	pgtable_set((uintptr_t)table, frame_of(virt_to_phys(table)) | PTE_P | PTE_W | LEAF_BITS | PTE_NX);
}

static uint64_t *table_of(uint64_t entry)
{
	return phys_to_virt(pa_of(entry));
}

/* The entry for @va at @level, making tables on the way if @create. NULL if there is none or no memory. */
static uint64_t *entry_at(uintptr_t va, int level, bool create)
{
	uint64_t *table = root;

	for (int l = PT_LEVELS - 1; l > level; l--) {
		uint64_t *e = &table[PT_INDEX(va, l)];

		if (!*e) {
			void *next = create ? page_alloc_zero() : NULL;

			if (!next)
				return NULL;
			seal(next);
			update(e, frame_of(virt_to_phys(next)) | TABLE_BITS);
			pgtable_flush_queue();
		}
		table = table_of(*e);
	}
	return &table[PT_INDEX(va, level)];
}

static uint64_t leaf_entry(uint64_t pa, unsigned flags)
{
	uint64_t access = pte_access_bits(flags), address = access & PTE_P ? frame_of(pa) : ~pa & PTE_ADDR;

	return address | LEAF_BITS | access | (flags & PT_SHARED ? PTE_SHARED : 0);
}

int pv_pt_map(uintptr_t va, uint64_t pa, unsigned flags)
{
	if (!entry_at(va, 0, true))
		return -ENOMEM;
	pgtable_set(va, leaf_entry(pa, flags));
	return 0;
}

/* Entries that were empty are in no TLB. */
int pv_pt_map_run(uintptr_t va, const uint64_t *pa, unsigned count, unsigned flags)
{
	struct mmu_update updates[PT_RUN_MAX];
	uint64_t *e = entry_at(va, 0, true);

	if (!e)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++)
		updates[i] = (struct mmu_update){ machine_address(e + i) | MMU_NORMAL_PT_UPDATE, leaf_entry(pa[i], flags) };
	long ret = xen_hypercall(HYPERCALL_MMU_UPDATE, (uintptr_t)updates, count, 0, DOMID_SELF, 0);

	if (ret)
		panic("page table: Xen refuses one of %u pages from 0x%lx: errno %ld", count, va, -ret);
	return 0;
}

bool pv_pt_lookup(uintptr_t va, uint64_t *pa, unsigned *flags)
{
	const uint64_t *e = entry_at(va, 0, false);

	if (!e || !pte_is_mapped(*e))
		return false;
	*flags = pte_flags(*e);
	*pa = *flags & PT_FOREIGN ? 0 : pa_of(*e);
	return true;
}

static uintptr_t skip_holes(uintptr_t va, uintptr_t end)
{
	return pt_skip_holes(root, table_of, va, end, UINT32_MAX);
}

uintptr_t pv_pt_next(uintptr_t va, uintptr_t end)
{
	return pt_skip_holes(root, table_of, va, end, PT_NEXT_STEPS);
}

/* Entry @e with the access of @flags. */
static uint64_t changed_access(uint64_t e, unsigned flags)
{
	uint64_t access = pte_access_bits(flags), kept = e & ~(PTE_ADDR | PTE_P | PTE_W | PTE_NX | PTE_NONE);
	uint64_t address = e & PTE_ADDR;

	if ((e ^ access) & PTE_P) {
		if (e & PTE_FOREIGN)
			address = ~e & PTE_ADDR;
		else
			address = access & PTE_P ? frame_of(pa_of(e)) : ~pa_of(e) & PTE_ADDR;
	}
	return kept | address | LEAF_BITS | access;
}

void pv_pt_protect(uintptr_t start, uintptr_t end, unsigned flags)
{
	for (uintptr_t va = start; (va = skip_holes(va, end)) < end; va += PAGE_SIZE) {
		const uint64_t *e = entry_at(va, 0, false);

		if (pte_is_mapped(*e))
			update(e, changed_access(*e, flags));
	}
	pgtable_flush_queue();
}

static void free_table(const uint64_t *e)
{
	void *table = table_of(*e);

	update(e, 0);
	pgtable_flush_queue();
	unseal(table);
	page_free(table, 0);
}

/* The leaf table of @va is empty. If that was the last one of its directory, which covers 1 GiB, that goes too, as on native hardware. */
static void free_leaf_table(uintptr_t va)
{
	const uint64_t *directory = entry_at(va, 2, false), *e = table_of(*directory);

	free_table(entry_at(va, 1, false));
	for (size_t i = 0; i < PAGE_SIZE / sizeof(*e); i++)
		if (e[i])
			return;
	free_table(directory);
}

/* A page may be used again only after its mapping is gone from the CPU too: so by batches. */
struct batch {
	uint64_t entries[QUEUE_MAX];
	unsigned count;
	void (*gone)(uint64_t pa, unsigned flags);
};

static void finish(struct batch *b)
{
	pgtable_flush_queue();
	for (unsigned i = 0; i < b->count; i++) {
		unsigned flags = pte_flags(b->entries[i]);

		b->gone(flags & PT_FOREIGN ? 0 : pa_of(b->entries[i]), flags);
	}
	b->count = 0;
}

void pv_pt_unmap(uintptr_t start, uintptr_t end, void (*gone)(uint64_t pa, unsigned flags))
{
	const uintptr_t leaf = 1ul << PT_SHIFT(1);
	struct batch b = { .gone = gone };

	for (uintptr_t va = start; (va = skip_holes(va, end)) < end; va += PAGE_SIZE) {
		const uint64_t *e = entry_at(va, 0, false);

		if (pte_is_mapped(*e)) {
			b.entries[b.count++] = *e;
			update(e, 0);
			if (b.count == QUEUE_MAX)
				finish(&b);
		}
		uintptr_t first = va & ~(leaf - 1);

		if ((va & (leaf - 1)) == leaf - PAGE_SIZE && first >= start) {
			finish(&b);
			free_leaf_table(va);
		}
	}
	finish(&b);
}

const uint64_t *pgtable_leaf(uintptr_t va)
{
	return entry_at(va, 0, true);
}

struct mmu_update pgtable_foreign(const uint64_t *e, uint64_t frame, unsigned kind, bool write)
{
	uint64_t bits = PTE_SHARED | PTE_FOREIGN | LEAF_BITS | pte_access_bits(PT_READ | (write ? PT_WRITE : 0));

	return (struct mmu_update){ machine_address(e) | kind, frame << PAGE_SHIFT | bits };
}

void pgtable_hook_leaves(uintptr_t va, uint64_t *table)
{
	uint64_t *e = entry_at(va, 1, true);

	if (!e)
		panic("no memory for the direct map");
	seal(table);
	update(e, frame_of(virt_to_phys(table)) | TABLE_BITS);
	pgtable_flush_queue();
}

void pgtable_drop_leaves(uintptr_t va)
{
	uint64_t *e = entry_at(va, 1, false);

	if (!e || !*e)
		return;
	void *table = table_of(*e);

	update(e, 0);
	pgtable_flush_queue();
	unseal(table);
	page_add_range(virt_to_phys(table), virt_to_phys(table) + PAGE_SIZE);
}

void pgtable_queue(uintptr_t va, unsigned flags)
{
	const uint64_t *e = entry_at(va, 0, false);

	if (e && *e)
		update(e, flags ? (*e & PTE_ADDR) | LEAF_BITS | pte_access_bits(flags) | PTE_SHARED : 0);
}

void pgtable_init(uint64_t *table)
{
	root = table;
}

#ifdef CONFIG_CORE_USER
uint64_t pgtable_root_frame(void)
{
	return pv_frame_of(root);
}
#endif
