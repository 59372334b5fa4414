/* SPDX-License-Identifier: BSD-3-Clause */
/* Page-table entry format, four levels (Intel SDM volume 3, section 4.5). */
#ifndef ARCH_PGTABLE_H
#define ARCH_PGTABLE_H

#define PTE_P 0x001ul
#define PTE_W 0x002ul
#define PTE_U 0x004ul
#define PTE_PWT 0x008ul
#define PTE_PCD 0x010ul
#define PTE_A 0x020ul
#define PTE_D 0x040ul
#define PTE_PS 0x080ul
#define PTE_SHARED 0x200ul /* software: not this address space's page */
#define PTE_NONE 0x400ul /* software: a page is here, no access allowed */
#define PTE_FOREIGN 0x800ul /* software: another domain's page */
#define PTE_NX 0x8000000000000000ul
#define PTE_ADDR 0x000ffffffffff000ul

#define PT_LEVELS 4
#define PT_ENTRIES 512
#define PT_SHIFT(level) (12 + 9 * (level)) /* level 0: entries map 4 KiB; 1: 2 MiB; 2: 1 GiB; 3: 512 GiB */
#define PT_INDEX(va, level) (((va) >> PT_SHIFT(level)) & (PT_ENTRIES - 1))

#endif
