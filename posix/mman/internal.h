/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/mman only. */
#ifndef POSIX_MMAN_INTERNAL_H
#define POSIX_MMAN_INTERNAL_H

#include <core/vmem.h>
#include <posix/fd.h>
#include <posix/mman.h>

/* Is a length one that no range has, since it is more than all memory in whole pages? */
static inline bool is_endless(size_t size)
{
	return size > ALIGN_DOWN(~(size_t)0, PAGE_SIZE);
}

/* Does the program stay within RLIMIT_DATA once [addr, addr + size), page-aligned, may be written? Thread context. */
bool writing_allowed(uintptr_t addr, size_t size);

/* What @args reserves is the running process's and its children's to come, with what is in it. 0, or -ENOMEM; the reference is @args'. */
#ifdef CONFIG_CORE_PROCESSES
int share_memory(struct vmem_map_args *args);
#else
#define share_memory(args) 0
#endif

/* The reservation of brk(2), of which [heap_start, heap_end) is in use. 0: not made yet. */
extern uintptr_t heap_start_of_process, heap_end_of_process;
#define heap_start process_local(heap_start_of_process)
#define heap_end process_local(heap_end_of_process)

#endif
