/* SPDX-License-Identifier: BSD-3-Clause */
/* What a platform does at a thread switch. */
#ifndef PLAT_THREAD_H
#define PLAT_THREAD_H

#include <stdbool.h>
#include <stdint.h>

/* Load the TLS base (FS) of the thread that runs next. Preemption is disabled. */
void plat_thread_switch(uintptr_t tls_base);

/*
 * Must all memory that a thread uses as a stack be backed before? So where interrupts and faults push their frames on the running stack,
 * and a page that is not there ends the domain.
 */
bool plat_stacks_backed(void);

#endif
