/* SPDX-License-Identifier: BSD-3-Clause */
/* What a platform does at a thread switch. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

#include <plat/ops.h>

/* Load the TLS base (FS) of the thread that runs next. Preemption is disabled. */
static inline void plat_thread_switch(uintptr_t tls_base)
{
	plat_ops.thread_switch(tls_base);
}

/*
 * True if stacks must be backed before use: here interrupts and faults push their frames on the running stack, and an
 * unbacked page ends the domain.
 */
static inline bool plat_stacks_backed(void)
{
	return plat_ops.stacks_backed();
}

#endif
