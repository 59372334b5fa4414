/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of posix/mman only. */
#ifndef POSIX_MMAN_INTERNAL_H
#define POSIX_MMAN_INTERNAL_H

#include <core/vmem.h>
#include <posix/fd.h>

/* What @args asks for goes with the running program. */
static inline void own_by_program(struct vmem_map_args *args __unused)
{
#ifdef CONFIG_CORE_PROCESSES
	args->owner = process_local(process_here).space;
#endif
}

/* So many bytes more than are mapped, of RLIMIT_DATA's kind or not, instead of what is at [place, place + replaced). */
struct growth {
	size_t size;
	bool data;
	uintptr_t place;
	size_t replaced;
};

/* Does the program stay within RLIMIT_AS and RLIMIT_DATA? Thread context. */
bool growth_allowed(const struct growth *g);
/* The same for RLIMIT_DATA once [addr, addr + size), page-aligned, may be written. */
bool writing_allowed(uintptr_t addr, size_t size);

/* The reservation of brk(2), of which [heap_start, heap_end) is in use. 0: not made yet. */
extern uintptr_t heap_start_of_process, heap_end_of_process;
#define heap_start process_local(heap_start_of_process)
#define heap_end process_local(heap_end_of_process)

#endif
