/* SPDX-License-Identifier: BSD-3-Clause */
/* For calls that map memory. */
#ifndef POSIX_MMAN_H
#define POSIX_MMAN_H

#include <core/process.h>
#include <core/vmem.h>

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
#endif
