/* SPDX-License-Identifier: BSD-3-Clause */
/* Page faults, for the platform's trap code. */
#ifndef CORE_FAULT_H
#define CORE_FAULT_H

#include <core/base.h>

enum fault_result {
	FAULT_MENDED, /* continue */
	FAULT_BAD_ADDRESS, /* nothing is mapped there (SEGV_MAPERR) */
	FAULT_BAD_ACCESS, /* the protection forbids it (SEGV_ACCERR) */
	FAULT_IO, /* the pager failed (SIGBUS) */
	FAULT_NO_MEMORY,
};

/* @access: VMEM_READ, VMEM_WRITE or VMEM_EXEC. Preemption disabled. */
enum fault_result vmem_fault(uintptr_t addr, unsigned access);

/* Describe the region around @addr for a message: its name and how it is used. Returns false when there is none. */
bool vmem_describe(uintptr_t addr, const char **name, uintptr_t *start, uintptr_t *end, unsigned *prot);

#endif
